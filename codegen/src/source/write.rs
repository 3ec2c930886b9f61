//! Writing and removing files: each in one step, so that whoever looks at any moment sees an old file or a new one.
//!
//! In: a [`Target`] and bytes. Out: a file. Separate from `paths`, which says where a file may go, and from what is written.

use std::io::{self, Write as _};
use std::path::Path;

use super::{Folder, PathError, Target};

/// How the names of files begin that are not yet in their place.
const TEMPORARY: &str = ".wsk-codegen-";

/// Why a file was not written or removed.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// It cannot be there.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The system refuses.
    #[error("{path}: {error}")]
    System {
        /// The file or folder.
        path: String,
        /// What the system said.
        error: io::Error,
    },
}

impl WriteError {
    fn new(path: &Path, error: io::Error) -> Self {
        Self::System { path: path.display().to_string(), error }
    }
}

/// Writes a file beside its place and moves it there.
///
/// # Errors
/// Where the folder cannot be made or written, or a link has come to stand on the way.
pub fn replace(target: &Target, contents: &[u8]) -> Result<(), WriteError> {
    target.check()?;
    let path = target.path();
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|e| WriteError::new(folder, e))?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    // A temporary file is private; a source file has the mode of the one before it, or that of its neighbours.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let before = std::fs::symlink_metadata(&path).ok().map(|m| m.permissions());
        builder.permissions(before.unwrap_or_else(|| std::fs::Permissions::from_mode(0o644)));
    }
    let mut file = builder.tempfile_in(folder).map_err(|e| WriteError::new(folder, e))?;
    file.write_all(contents).map_err(|e| WriteError::new(&path, e))?;
    file.persist(&path).map_err(|e| WriteError::new(&path, e.error))?;
    Ok(())
}

/// Removes a file.
///
/// # Errors
/// Where it cannot be removed.
pub fn remove(target: &Target) -> Result<(), WriteError> {
    target.check()?;
    let path = target.path();
    std::fs::remove_file(&path).map_err(|e| WriteError::new(&path, e))
}

/// Whether a run that was killed has left a file of that name, which it had not moved to its place yet.
pub(crate) fn is_left_over(name: &str) -> bool {
    name.starts_with(TEMPORARY)
}

/// Removes what runs that were killed have left in a folder, if it is there. Folders in it are left alone.
///
/// # Errors
/// Where the folder cannot be read or a file not be removed.
pub fn sweep(folder: &Folder) -> Result<(), WriteError> {
    let entries = match std::fs::read_dir(folder.path()) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(WriteError::new(folder.path(), error)),
    };
    for entry in entries {
        let entry = entry.map_err(|e| WriteError::new(folder.path(), e))?;
        if is_left_over(&entry.file_name().to_string_lossy()) {
            std::fs::remove_file(entry.path()).map_err(|e| WriteError::new(&entry.path(), e))?;
        }
    }
    Ok(())
}
