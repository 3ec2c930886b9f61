//! The emitted files and the folder they belong in: what differs, and writing it.
//!
//! Nothing is written before everything is known to be right, and each file is replaced in one step: whoever looks at any
//! moment sees an old file or a new one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::emit::{MARKER, OutputFile};
use crate::source::{
    Entry, EntryKind, Folder, Hidden, Limit, Links, PathError, ReadError, Target, WriteError, is_left_over, read, remove,
    replace, sweep, walk,
};

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
pub enum OutputError {
    /// A file cannot be there, or not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// What is there cannot be read.
    #[error("{path}: {error}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        error: ReadError,
    },
    /// A folder cannot be listed.
    #[error("{path}: {error}")]
    List {
        /// The folder.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
}

impl From<PathError> for OutputError {
    fn from(error: PathError) -> Self {
        Self::Write(error.into())
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
    /// Where it cannot be read, or a file cannot be where it belongs.
    pub fn compare(&self) -> Result<Vec<(String, Difference)>, OutputError> {
        match &self.place {
            Place::Folder(folder) => compare(folder, &self.files),
            Place::File(path) => {
                let target = Target::chosen(path)?;
                let all = self.files.iter().map(|f| Ok(differs(&target, f)?.map(|d| (f.path.clone(), d))));
                all.filter_map(Result::transpose).collect()
            }
        }
    }

    /// Writes what is missing or changed, and removes what is stale. Strays are left alone.
    ///
    /// # Errors
    /// Where a file cannot be written or removed; each of the others is then either new or old, and none is half-written.
    pub fn write(&self, differences: &[(String, Difference)]) -> Result<(), OutputError> {
        let mut folder = Folder::new(match &self.place {
            Place::Folder(folder) => folder,
            Place::File(file) => file,
        });
        let contents: BTreeMap<&str, &str> = self.files.iter().map(|f| (f.path.as_str(), f.contents.as_str())).collect();
        // Every path is known to be right before the first file is touched.
        let mut changes = Vec::new();
        for (relative, difference) in differences {
            let target = match (&self.place, difference) {
                (_, Difference::Stray) => continue,
                (Place::Folder(_), Difference::Stale) => folder.present_file(relative)?,
                (Place::Folder(_), Difference::Missing | Difference::Changed) => folder.file(relative)?,
                (Place::File(file), _) => Target::chosen(file)?,
            };
            changes.push((target, contents.get(relative.as_str())));
        }
        changes.par_iter().try_for_each(|(target, contents)| match contents {
            Some(contents) => replace(target, contents.as_bytes()),
            None => remove(target),
        })?;
        match &self.place {
            // What is left over there is stale.
            Place::Folder(_) => Ok(()),
            Place::File(file) => Ok(sweep(&Target::chosen(file)?.folder())?),
        }
    }
}

/// How a file differs from what is emitted; `None` if it does not.
fn differs(target: &Target, file: &OutputFile) -> Result<Option<Difference>, OutputError> {
    let path = target.path();
    match read(&path, Limit::Generated, Links::Refuse) {
        Ok(bytes) => Ok((!same(&bytes, file.contents.as_bytes())).then_some(Difference::Changed)),
        Err(error) if error.is_not_found() => Ok(Some(Difference::Missing)),
        Err(error) => Err(OutputError::Read { path: path.display().to_string(), error }),
    }
}

/// Compares a folder with what is emitted: each path that differs, in order. Line ends that a checkout has changed are no
/// difference.
fn compare(root: &Path, files: &[OutputFile]) -> Result<Vec<(String, Difference)>, OutputError> {
    let mut folder = Folder::new(root);
    let mut present: BTreeMap<String, Entry> = BTreeMap::new();
    if root.exists() {
        let walked = walk(root, Hidden::Include);
        if let Some((path, error)) = walked.unreadable.into_iter().next() {
            return Err(OutputError::List { path: path.display().to_string(), error });
        }
        let entries = walked.entries.into_iter().filter(|e| e.kind != EntryKind::Folder);
        present.extend(entries.map(|entry| (entry.relative.clone(), entry)));
    }
    let mut differences = Vec::new();
    for file in files {
        present.remove(&file.path);
        let difference = differs(&folder.file(&file.path)?, file)?;
        differences.extend(difference.map(|d| (file.path.clone(), d)));
    }
    for (relative, entry) in present {
        // Whatever cannot be read was not generated either.
        let is_generated = || {
            let bytes = read(&entry.path, Limit::Generated, Links::Refuse);
            bytes.is_ok_and(|bytes| bytes.starts_with(MARKER.as_bytes()))
        };
        let ours = entry.kind == EntryKind::File && (is_left_over(entry.name()) || is_generated());
        differences.push((relative, if ours { Difference::Stale } else { Difference::Stray }));
    }
    differences.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(differences)
}

fn same(present: &[u8], emitted: &[u8]) -> bool {
    present == emitted || present.contains(&b'\r') && String::from_utf8_lossy(present).replace("\r\n", "\n").as_bytes() == emitted
}
