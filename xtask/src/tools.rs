//! What several chores share: the project's folder, commands, files.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Failure;

/// Something that the machine lacks, or that went wrong on it.
pub(crate) fn cannot(what: &str, e: impl std::fmt::Display) -> Failure {
    Failure::CannotRun(format!("{what}: {e}"))
}

pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|e| cannot(&format!("cannot read {}", path.display()), e))
}

/// Writes a file, and the folders that it is in.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    made.and_then(|()| std::fs::write(path, text)).map_err(|e| cannot(&format!("cannot write {}", path.display()), e))
}

/// Replaces what stands once in a file.
pub(crate) fn replace(path: &Path, from: &str, to: &str) -> Result<(), Failure> {
    let text = read(path)?;
    if text.matches(from).count() != 1 {
        return Err(cannot(&path.display().to_string(), format!("{from:?} does not stand there once")));
    }
    write(path, &text.replace(from, to))
}

/// Copies a folder to a place where there is none. Times are kept, for by them cargo knows what is built already.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    let copied = output(Command::new("cp").arg("-a").arg(from).arg(to), "install coreutils")?;
    if copied.status.success() {
        Ok(())
    } else {
        Err(cannot(&format!("cannot copy {}", from.display()), String::from_utf8_lossy(&copied.stderr)))
    }
}

/// The project's folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_path_buf()
}

/// Builds the tool as it is measured.
pub(crate) fn build_codegen() -> Result<(), Failure> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root()).args(["build", "--release", "--locked", "-q", "-p", "wsk-codegen"]);
    let built = output(&mut cargo, "install Rust")?;
    if built.status.success() { Ok(()) } else { Err(Failure::CannotRun(String::from_utf8_lossy(&built.stderr).into_owned())) }
}

/// Runs a command to its end and gives its output; a command that cannot be started is something the machine lacks.
pub(crate) fn output(command: &mut Command, hint: &str) -> Result<std::process::Output, Failure> {
    command.output().map_err(|e| cannot(&format!("cannot run {}", command.get_program().display()), format!("{e}; {hint}")))
}

/// Debian's cargo, with its compiler: it has the sources of `core`, which is built for targets that there is no library of.
pub(crate) fn debian_cargo(hint: &str) -> Result<Command, Failure> {
    let (cargo, rustc) = (Path::new("/usr/bin/cargo"), Path::new("/usr/bin/rustc"));
    if !cargo.exists() || !rustc.exists() {
        return Err(Failure::CannotRun(format!("Debian's Rust is not installed; {hint}")));
    }
    let mut command = Command::new(cargo);
    // The first variable lets a stable compiler do that; the last would name a compiler of rustup's.
    command.env("RUSTC_BOOTSTRAP", "1").env("RUSTC", rustc).env_remove("RUSTUP_TOOLCHAIN");
    Ok(command)
}

/// Makes a symbolic link, where there are such links for everybody.
pub(crate) fn link(from: &Path, to: &Path) -> Result<(), Failure> {
    #[cfg(unix)]
    let made = std::os::unix::fs::symlink(from, to);
    #[cfg(not(unix))]
    let made: std::io::Result<()> = Err(std::io::ErrorKind::Unsupported.into());
    made.map_err(|e| cannot(&format!("cannot link {} to {}", to.display(), from.display()), e))
}

/// Where cargo has put the source of a crate that this project may depend on.
pub(crate) fn source_of(name: &str) -> Result<PathBuf, Failure> {
    let done = output(
        Command::new("cargo").current_dir(root()).args(["metadata", "--locked", "--format-version", "1", "--all-features"]),
        "install Rust",
    )?;
    let metadata: serde_json::Value = serde_json::from_slice(&done.stdout).map_err(|e| cannot("cargo metadata", e))?;
    let packages = metadata.get("packages").and_then(|p| p.as_array()).into_iter().flatten();
    let named = |p: &&serde_json::Value| p.get("name").is_some_and(|n| n == name);
    let manifest = packages.filter(named).find_map(|p| p.get("manifest_path")?.as_str());
    let folder = manifest.and_then(|manifest| Path::new(manifest).parent());
    folder.map(Path::to_path_buf).ok_or_else(|| cannot(name, "cargo does not know it"))
}
