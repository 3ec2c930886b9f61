//! The command line. Everything is in the library; see [`wsk_codegen::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    wsk_codegen::cli::main()
}
