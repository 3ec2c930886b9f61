//! Files and folders → bytes and names: the only place that opens a file to read it.
//!
//! In: paths. Out: the bytes of regular files up to a limit, and what folders hold. Separate because a folder of somebody else's may hold
//! anything: a pipe that nobody writes to, a device without end, a link to either.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::paths::is_device;

/// How much of a file is read at the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// A page: the largest of the vendor's reference has a third of a mebibyte. What is made of a page takes up to a hundred times its
    /// bytes, and stays below 300 MiB.
    Page,
    /// What gathers facts of many pages: a table, the errata, a lock.
    Table,
    /// What this program has written: of a whole reference it may be one file.
    Generated,
}

impl Limit {
    /// The limit in mebibytes.
    #[must_use]
    pub const fn mebibytes(self) -> u64 {
        match self {
            Self::Page => 1,
            Self::Table => 16,
            Self::Generated => 256,
        }
    }
}

/// Whether a link may stand for a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// It stands for what it leads to.
    Follow,
    /// It is refused, wherever it leads.
    Refuse,
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is something else.
    #[error("this is {0}, and not a regular file")]
    NoFile(&'static str),
    /// It is a link where none is followed.
    #[error("this is a link, which is not followed here")]
    Link,
    /// It has too many bytes.
    #[error("this file has more than {} MiB, and no more are read", .0.mebibytes())]
    TooLarge(Limit),
    /// The system refuses.
    #[error("cannot read this file: {0}")]
    System(#[from] io::Error),
}

impl ReadError {
    /// Whether there is nothing of that name.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::System(error) if error.kind() == io::ErrorKind::NotFound)
    }

    /// The name of the rule.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoFile(_) => "source::not-a-file",
            Self::Link => "source::link",
            Self::TooLarge(_) => "source::too-large",
            Self::System(_) => "source::unreadable",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::NoFile(_) => "only regular files are read; put one there, or remove what is there",
            Self::Link => "put the file itself there, or remove the link",
            Self::TooLarge(_) => "leave it out of those that are read: nothing that this program reads is that large",
            Self::System(_) => "check that the path exists and that you may read it",
        }
    }
}

/// Reads a regular file.
///
/// # Errors
/// If it is no regular file, is larger than the limit, or cannot be read. Nothing is waited for.
pub fn read(path: &Path, limit: Limit, links: Links) -> Result<Vec<u8>, ReadError> {
    // To open a pipe may wait for its other end, and to open a device may do something: first it is looked at.
    let metadata = match links {
        Links::Follow => std::fs::metadata(path)?,
        Links::Refuse => std::fs::symlink_metadata(path)?,
    };
    must_be_file(&metadata)?;
    // There, `CON.md` is the console in every folder.
    if cfg!(windows) && path.file_stem().is_some_and(|stem| is_device(&stem.to_string_lossy())) {
        return Err(ReadError::NoFile("a device"));
    }
    let file = open(path, links)?;
    // It may have been replaced since.
    let metadata = file.metadata()?;
    must_be_file(&metadata)?;
    let most = limit.mebibytes() << 20;
    if metadata.len() > most {
        return Err(ReadError::TooLarge(limit));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    // Some files of /proc have a length of zero, and a file may grow.
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(ReadError::TooLarge(limit)) } else { Ok(bytes) }
}

/// Reads a regular file that is UTF-8.
///
/// # Errors
/// As [`read`], and if it is not UTF-8.
pub fn read_text(path: &Path, limit: Limit, links: Links) -> Result<String, ReadError> {
    let bytes = read(path, limit, links)?;
    String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error).into())
}

#[cfg(unix)]
fn open(path: &Path, links: Links) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let follow = if links == Links::Refuse { libc::O_NOFOLLOW } else { 0 };
    OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY | follow).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path, _: Links) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

fn must_be_file(metadata: &Metadata) -> Result<(), ReadError> {
    let kind = metadata.file_type();
    if kind.is_file() {
        return Ok(());
    }
    if kind.is_symlink() {
        return Err(ReadError::Link);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return Err(ReadError::NoFile("a named pipe"));
        }
        if kind.is_socket() {
            return Err(ReadError::NoFile("a socket"));
        }
        if kind.is_char_device() || kind.is_block_device() {
            return Err(ReadError::NoFile("a device"));
        }
    }
    Err(ReadError::NoFile(if kind.is_dir() { "a folder" } else { "something else" }))
}

/// What an entry of a folder is, links not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A file, or whatever else is no folder and no link.
    File,
    /// A folder.
    Folder,
    /// A link that leads to a folder.
    LinkToFolder,
    /// Another link.
    Link,
}

/// An entry of a folder, or of a folder below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path in the folder, with `/` between its parts.
    pub relative: String,
    /// Where it is.
    pub path: PathBuf,
    /// What it is.
    pub kind: EntryKind,
}

impl Entry {
    /// The last part of its path.
    #[must_use]
    pub fn name(&self) -> &str {
        self.relative.rsplit('/').next().unwrap_or(&self.relative)
    }
}

/// What is in a folder and the folders below it.
#[derive(Debug, Default)]
pub struct Walk {
    /// The entries, in the order of their paths.
    pub entries: Vec<Entry>,
    /// The folders that cannot be read.
    pub unreadable: Vec<(PathBuf, io::Error)>,
}

/// Whether what is hidden, by a dot at the beginning of its name, is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hidden {
    /// It is passed over.
    Skip,
    /// It is an entry as others are.
    Include,
}

/// Lists a folder and the folders below it. Links to folders are entries, and are not followed: one could lead back to where it stands.
#[must_use]
pub fn walk(folder: &Path, hidden: Hidden) -> Walk {
    let mut walk = Walk::default();
    let mut folders = vec![(folder.to_path_buf(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        let listed = std::fs::read_dir(&folder).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
        let entries = match listed {
            Ok(entries) => entries,
            Err(error) => {
                walk.unreadable.push((folder, error));
                continue;
            }
        };
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            if hidden == Hidden::Skip && name.starts_with('.') {
                continue;
            }
            let (path, relative) = (entry.path(), format!("{prefix}{name}"));
            let kind = match entry.file_type() {
                Ok(kind) if kind.is_dir() => EntryKind::Folder,
                Ok(kind) if kind.is_symlink() && path.is_dir() => EntryKind::LinkToFolder,
                Ok(kind) if kind.is_symlink() => EntryKind::Link,
                Ok(_) => EntryKind::File,
                Err(error) => {
                    walk.unreadable.push((path, error));
                    continue;
                }
            };
            if kind == EntryKind::Folder {
                folders.push((path.clone(), format!("{relative}/")));
            }
            walk.entries.push(Entry { relative, path, kind });
        }
    }
    walk.entries.sort_by(|a, b| a.relative.cmp(&b.relative));
    walk
}
