//! The generated crate compiled for Windows, by Debian's toolchain, which has the sources of `core`.

use crate::{Failure, debian_cargo, output, root};

const TARGETS: [&str; 3] = ["x86_64-pc-windows-msvc", "i686-pc-windows-msvc", "aarch64-pc-windows-msvc"];
const HINT: &str = "apt-get install rustc-web cargo-web rust-web-src";

pub(crate) fn run() -> Result<(), Failure> {
    for target in TARGETS {
        let mut cargo = debian_cargo(HINT)?;
        cargo.current_dir(root()).args(["check", "--locked", "-p", "wsk", "-p", "wsk-runtime", "-Zbuild-std=core"]);
        cargo.args(["--target", target, "--target-dir", "target/cross"]);
        let done = output(&mut cargo, HINT)?;
        if !done.status.success() {
            return Err(Failure::DoesNotHold(format!("{target}:\n{}", String::from_utf8_lossy(&done.stderr))));
        }
        println!("{target}: compiles, layouts hold");
    }
    Ok(())
}
