//! The generated crate compiled for Windows, by Debian's toolchain, which has the sources of `core`.

use std::path::Path;
use std::process::Command;

use crate::{Failure, output, root};

const TARGETS: [&str; 3] = ["x86_64-pc-windows-msvc", "i686-pc-windows-msvc", "aarch64-pc-windows-msvc"];
const HINT: &str = "apt-get install rustc-web cargo-web rust-web-src";

pub(crate) fn run() -> Result<(), Failure> {
    let (cargo, rustc) = (Path::new("/usr/bin/cargo"), Path::new("/usr/bin/rustc"));
    if !cargo.exists() || !rustc.exists() {
        return Err(Failure::CannotRun(format!("Debian's Rust is not installed; {HINT}")));
    }
    for target in TARGETS {
        // The variable lets a stable compiler build `core` for a target that it has no library of.
        let done = output(
            Command::new(cargo)
                .current_dir(root())
                .env("RUSTC_BOOTSTRAP", "1")
                .env("RUSTC", rustc)
                .env_remove("RUSTUP_TOOLCHAIN")
                .args([
                    "check",
                    "--locked",
                    "-p",
                    "wsk",
                    "-p",
                    "wsk-runtime",
                    "-Zbuild-std=core",
                    "--target",
                    target,
                    "--target-dir",
                    "target/cross",
                ]),
            HINT,
        )?;
        if !done.status.success() {
            return Err(Failure::DoesNotHold(format!("{target}:\n{}", String::from_utf8_lossy(&done.stderr))));
        }
        println!("{target}: compiles, layouts hold");
    }
    Ok(())
}
