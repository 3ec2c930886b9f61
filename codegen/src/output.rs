//! The emitted files and the folder they belong in: what differs, and writing it.
//!
//! Nothing is written before everything is known to be right, and each file is replaced in one step: whoever looks at any
//! moment sees an old file or a new one.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::emit::{MARKER, OutputFile};

/// How the names of files begin that are not yet in their place.
const TEMPORARY: &str = ".wsk-codegen-";

/// How a file of the folder differs from what is emitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// It is emitted, but not there.
    Missing,
    /// Its contents differ.
    Changed,
    /// It was generated once, and nothing emits it now.
    Stale,
    /// It was not generated, and does not belong here.
    Stray,
}

/// What keeps the folder from being compared or written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {error}")]
pub struct OutputError {
    /// The file or folder.
    pub path: String,
    /// What the system said.
    pub error: std::io::Error,
}

impl OutputError {
    fn new(path: &Path, error: std::io::Error) -> Self {
        Self { path: path.display().to_string(), error }
    }
}

/// Where files go.
#[derive(Debug, Clone)]
pub enum Place {
    /// A folder that has nothing else in it.
    Folder(PathBuf),
    /// One file, among others that are written by hand.
    File(PathBuf),
}

/// Files and where they go.
#[derive(Debug, Clone)]
pub struct Output {
    /// Where.
    pub place: Place,
    /// The files; for a [`Place::File`] the one.
    pub files: Vec<OutputFile>,
}

impl Output {
    /// The path of a file.
    #[must_use]
    pub fn path(&self, relative: &str) -> PathBuf {
        match &self.place {
            Place::Folder(folder) => folder.join(relative),
            Place::File(file) => file.clone(),
        }
    }

    /// Compares what is there with what is emitted.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn compare(&self) -> Result<Vec<(String, Difference)>, OutputError> {
        match &self.place {
            Place::Folder(folder) => compare(folder, &self.files),
            Place::File(path) => {
                let differs = |file: &OutputFile| match std::fs::read(path) {
                    Ok(bytes) => Ok((!same(&bytes, file.contents.as_bytes())).then_some(Difference::Changed)),
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Some(Difference::Missing)),
                    Err(error) => Err(OutputError::new(path, error)),
                };
                let all = self.files.iter().map(|f| Ok(differs(f)?.map(|d| (f.path.clone(), d))));
                all.filter_map(Result::transpose).collect()
            }
        }
    }

    /// Writes what is missing or changed, and removes what is stale. Strays are left alone.
    ///
    /// # Errors
    /// Where a file cannot be written or removed; each of the others is then either new or old, and none is half-written.
    pub fn write(&self, differences: &[(String, Difference)]) -> Result<(), OutputError> {
        differences.par_iter().try_for_each(|(relative, difference)| {
            let path = self.path(relative);
            match difference {
                Difference::Missing | Difference::Changed => {
                    if let Some(file) = self.files.iter().find(|f| f.path == *relative) {
                        replace(&path, file.contents.as_bytes())?;
                    }
                }
                Difference::Stale => std::fs::remove_file(&path).map_err(|e| OutputError::new(&path, e))?,
                Difference::Stray => {}
            }
            Ok(())
        })?;
        match &self.place {
            // What is left over there is stale.
            Place::Folder(_) => Ok(()),
            Place::File(file) => file.parent().map_or(Ok(()), sweep),
        }
    }
}

/// Compares a folder with what is emitted: each path that differs, in order. Line ends that a checkout has changed are no
/// difference.
///
/// # Errors
/// Where the folder cannot be read.
fn compare(folder: &Path, files: &[OutputFile]) -> Result<Vec<(String, Difference)>, OutputError> {
    let mut present = BTreeMap::new();
    if folder.exists() {
        list(folder, "", &mut present)?;
    }
    let mut differences = Vec::new();
    for file in files {
        match present.remove(&file.path) {
            None => differences.push((file.path.clone(), Difference::Missing)),
            Some(path) => {
                let bytes = std::fs::read(&path).map_err(|e| OutputError::new(&path, e))?;
                if !same(&bytes, file.contents.as_bytes()) {
                    differences.push((file.path.clone(), Difference::Changed));
                }
            }
        }
    }
    for (relative, path) in present {
        let bytes = std::fs::read(&path).map_err(|e| OutputError::new(&path, e))?;
        let ours = relative.rsplit('/').next().is_some_and(is_left_over) || bytes.starts_with(MARKER.as_bytes());
        differences.push((relative, if ours { Difference::Stale } else { Difference::Stray }));
    }
    differences.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(differences)
}

/// Writes a file beside its place and moves it there.
///
/// # Errors
/// Where the folder cannot be made or written.
pub fn replace(path: &Path, contents: &[u8]) -> Result<(), OutputError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|e| OutputError::new(folder, e))?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    // A temporary file is private; a source file has the mode of the one before it, or that of its neighbours.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let before = std::fs::metadata(path).ok().map(|m| m.permissions());
        builder.permissions(before.unwrap_or_else(|| std::fs::Permissions::from_mode(0o644)));
    }
    let mut file = builder.tempfile_in(folder).map_err(|e| OutputError::new(folder, e))?;
    file.write_all(contents).map_err(|e| OutputError::new(path, e))?;
    file.persist(path).map_err(|e| OutputError::new(path, e.error))?;
    Ok(())
}

/// Whether a run that was killed has left a file of that name, which it had not moved to its place yet.
fn is_left_over(name: &str) -> bool {
    name.starts_with(TEMPORARY)
}

/// Removes what runs that were killed have left in a folder. Folders in it are left alone.
///
/// # Errors
/// Where the folder cannot be read or a file not be removed.
pub fn sweep(folder: &Path) -> Result<(), OutputError> {
    for entry in std::fs::read_dir(folder).map_err(|e| OutputError::new(folder, e))? {
        let entry = entry.map_err(|e| OutputError::new(folder, e))?;
        if is_left_over(&entry.file_name().to_string_lossy()) {
            std::fs::remove_file(entry.path()).map_err(|e| OutputError::new(&entry.path(), e))?;
        }
    }
    Ok(())
}

fn same(present: &[u8], emitted: &[u8]) -> bool {
    present == emitted || present.contains(&b'\r') && String::from_utf8_lossy(present).replace("\r\n", "\n").as_bytes() == emitted
}

fn list(folder: &Path, prefix: &str, into: &mut BTreeMap<String, PathBuf>) -> Result<(), OutputError> {
    for entry in std::fs::read_dir(folder).map_err(|e| OutputError::new(folder, e))? {
        let entry = entry.map_err(|e| OutputError::new(folder, e))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let relative = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.file_type().map_err(|e| OutputError::new(&entry.path(), e))?.is_dir() {
            list(&entry.path(), &relative, into)?;
        } else {
            into.insert(relative, entry.path());
        }
    }
    Ok(())
}
