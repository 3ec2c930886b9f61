//! The guide of `examples/README.md`, followed: its files are made, built as it says, and the driver is loaded and unloaded.

use std::process::Command;

use crate::Failure;
use crate::driver::{self, Project};
use crate::tools::{cannot, link, output, read, root, write};
use crate::wine::prefix::Prefix;

const GUIDE: &str = "examples/README.md";
const FILES: [&str; 3] = ["Cargo.toml", ".cargo/config.toml", "src/lib.rs"];

pub(crate) fn run() -> Result<(), Failure> {
    let guide = read(&root().join(GUIDE))?;
    // The switches of cargo stand in the guide as `cargo xtask driver` has them.
    if !guide.contains(&format!("/usr/bin/cargo build --release --target {} {}", driver::TARGET, driver::BUILD_STD.join(" "))) {
        return Err(Failure::DoesNotHold(format!("{GUIDE} does not build as this does")));
    }
    let temporary = tempfile::Builder::new().prefix("wsk-guide-").tempdir().map_err(|e| cannot("no temporary folder", e))?;
    link(&root(), &temporary.path().join("wsk"))?;
    let folder = temporary.path().join("hello-wsk");
    for name in FILES {
        let text = file(&guide, name).ok_or_else(|| Failure::DoesNotHold(format!("{GUIDE} has no {name}")))?;
        write(&folder.join(name), text)?;
    }
    let locked = output(Command::new("cargo").current_dir(&folder).arg("generate-lockfile"), "install Rust")?;
    if !locked.status.success() {
        return Err(cannot("the dependencies of the guide's driver", String::from_utf8_lossy(&locked.stderr)));
    }
    let project = Project::here().with_target(folder.join("target"));
    project.cargo(&folder, "build", driver::TARGET, &[])?;
    let file = project.driver("hello-wsk")?;
    println!("hello-wsk.sys: {}", driver::describe(&file)?);
    let debug = Project::here().with_target(folder.join("target")).debug_build();
    debug.cargo(&folder, "build", driver::TARGET, &[])?;
    println!("hello-wsk.sys as a debug build: {}", driver::describe(&debug.driver("hello-wsk")?)?);
    let mut prefix = Prefix::new()?;
    prefix.install("hello", &file)?;
    prefix.start("hello")?;
    let said =
        prefix.wait_for("localhost has ").and_then(|said| prefix.stop("hello").map(|_| said)).map_err(Failure::DoesNotHold)?;
    prefix.close()?;
    println!("{said}");
    Ok(())
}

/// The first block of code behind a line that begins with the name of a file.
fn file<'a>(guide: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = guide.split_once(&format!("\n`{name}`: "))?;
    let (_, rest) = rest.split_once("\n```")?;
    let (_, rest) = rest.split_once('\n')?;
    rest.split_once("\n```").map(|(text, _)| text)
}
