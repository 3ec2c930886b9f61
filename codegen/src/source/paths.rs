//! Names → paths: the one place where a name that stands on a page becomes the path of a file.
//!
//! In: a folder, and a path in it whose parts are names. Out: a [`Target`], the only thing that this program writes to or removes.
//! Separate because whoever wrote the page chose the name: it may climb out of the folder, be a device, or stand behind a link.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

/// Longer names are refused. File systems allow 255 bytes and less; the longest name of the reference has some 120.
const LONGEST: usize = 200;

/// The endings of the files that are named after what pages describe.
const ENDINGS: [&str; 2] = ["md", "rs"];

/// Why a name gives no path.
#[derive(Debug, thiserror::Error)]
pub enum PathError {
    /// It is no C identifier.
    #[error("`{}` is no name for a file: it is made of letters, digits and `_`, and does not begin with a digit", shown(.0))]
    NoIdentifier(String),
    /// It is too long.
    #[error("`{}` is no name for a file: it has {} bytes, and at most {LONGEST} are taken", shown(.0), .0.len())]
    TooLong(String),
    /// Windows has a device of that name, in every folder.
    #[error("`{0}` is no name for a file: on Windows it is a device")]
    Device(String),
    /// The folder has a file whose name differs only in capitals.
    #[error("{path} cannot stand beside {other}: on Windows and macOS both are one file")]
    Twin {
        /// The file that was asked for.
        path: String,
        /// The name of the one that is there.
        other: String,
    },
    /// It is, or stands behind, a link.
    #[error("{0} is a link: nothing is written through links, or in their place")]
    Link(String),
    /// Something else stands there.
    #[error("{0} is not a regular file")]
    NoFile(String),
    /// A folder is expected there.
    #[error("{0} is not a folder")]
    NoFolder(String),
    /// The system does not say what stands there.
    #[error("{path}: {error}")]
    Unreadable {
        /// The file or folder.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
}

impl PathError {
    fn unreadable(path: &Path, error: std::io::Error) -> Self {
        Self::Unreadable { path: path.display().to_string(), error }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::NoIdentifier(_) | Self::TooLong(_) | Self::Device(_) => {
                "correct the name on the page, or leave the page out of those that are read"
            }
            Self::Twin { .. } => "rename the one that is there, or leave the page out of those that are read",
            Self::Link(_) => "put the file or folder itself there, or remove the link",
            Self::NoFile(_) | Self::NoFolder(_) => "move it elsewhere",
            Self::Unreadable { .. } => "check that you may read the folder",
        }
    }
}

/// The beginning of a name, with everything visible that a terminal would obey.
fn shown(name: &str) -> String {
    let start: String = name.chars().take(60).collect();
    let dots = if start.len() < name.len() { "…" } else { "" };
    format!("{}{dots}", start.escape_debug())
}

/// Whether Windows has a device of that name: it is one with every ending, and in any case.
pub(super) fn is_device(stem: &str) -> bool {
    let upper = stem.to_ascii_uppercase();
    let numbered = ["COM", "LPT"].iter().find_map(|port| upper.strip_prefix(port));
    matches!(upper.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || numbered.is_some_and(|n| n.chars().count() == 1 && n.chars().all(|c| c.is_ascii_digit() || "¹²³".contains(c)))
}

/// Checks a name that is to be the name of a file.
///
/// # Errors
/// If it is no C identifier, too long, or a device of Windows.
pub fn check_name(name: &str) -> Result<(), PathError> {
    let is_letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    if !name.starts_with(is_letter) || !name.chars().all(|c| is_letter(c) || c.is_ascii_digit()) {
        return Err(PathError::NoIdentifier(name.to_owned()));
    }
    if name.len() > LONGEST {
        return Err(PathError::TooLong(name.to_owned()));
    }
    if is_device(name) {
        return Err(PathError::Device(name.to_owned()));
    }
    Ok(())
}

/// A folder that files are written to, and nothing outside it.
///
/// The folder itself is where the user says; a link that leads to it is followed. Nothing below it is.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    /// What each folder in it has, and will have.
    names: BTreeMap<PathBuf, Names>,
}

/// The names in a folder, by what they are in small letters.
type Names = BTreeMap<String, BTreeSet<String>>;

/// What is expected where a path ends.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    File,
    Folder,
}

/// A file that may be written or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    root: PathBuf,
    /// The path below the root.
    relative: PathBuf,
}

impl Folder {
    /// A folder, which need not be there yet.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), names: BTreeMap::new() }
    }

    /// A folder below this one, where the program wants it.
    ///
    /// # Errors
    /// If there is a link on the way.
    pub fn below(&self, relative: &'static str) -> Result<Self, PathError> {
        refuse_links(&self.root, Path::new(relative), End::Folder)?;
        Ok(Self::new(self.root.join(relative)))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// The file of a name: `functions/WskConnect.md`, where every part is a C identifier, and the last has an ending.
    ///
    /// # Errors
    /// If the name is none, there is a link on the way, or something stands there that is no file of exactly that name.
    pub fn file(&mut self, relative: &str) -> Result<Target, PathError> {
        let (folders, file) = relative.rsplit_once('/').map_or((None, relative), |(folders, file)| (Some(folders), file));
        let stem = ENDINGS.iter().find_map(|ending| file.strip_suffix(ending)?.strip_suffix('.'));
        // Without one of the endings the whole name is held against the rule, and its dot is no letter.
        let stem = stem.ok_or_else(|| PathError::NoIdentifier(relative.to_owned()))?;
        for part in folders.into_iter().flat_map(|f| f.split('/')).chain([stem]) {
            check_name(part).map_err(|error| match error {
                PathError::NoIdentifier(_) => PathError::NoIdentifier(relative.to_owned()),
                error => error,
            })?;
        }
        self.target(PathBuf::from_iter(relative.split('/')))
    }

    /// A file whose name no page has a say in.
    ///
    /// # Errors
    /// If it is a link, or no file of exactly that name.
    pub fn own_file(&mut self, name: &'static str) -> Result<Target, PathError> {
        self.target(PathBuf::from(name))
    }

    /// A file that is there, whatever its name, as [`super::walk`] has found it.
    ///
    /// # Errors
    /// If there is a link on the way, or it is no regular file.
    pub fn present_file(&self, relative: &str) -> Result<Target, PathError> {
        let relative = PathBuf::from_iter(relative.split('/'));
        // What a folder holds has none of these names; whatever else does is no file of it.
        if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(PathError::NoIdentifier(relative.display().to_string()));
        }
        refuse_links(&self.root, &relative, End::File)?;
        Ok(Target { root: self.root.clone(), relative })
    }

    fn target(&mut self, relative: PathBuf) -> Result<Target, PathError> {
        refuse_links(&self.root, &relative, End::File)?;
        let (mut folder, mut above) = (self.root.clone(), PathBuf::new());
        for part in &relative {
            let name = part.to_string_lossy().into_owned();
            let known = match self.names.get_mut(&above) {
                Some(known) => known,
                None => self.names.entry(above.clone()).or_insert(names_in(&folder)?),
            };
            let there = known.entry(name.to_lowercase()).or_default();
            if let Some(other) = there.first().filter(|_| !there.contains(&name)) {
                return Err(PathError::Twin { path: relative.display().to_string(), other: other.clone() });
            }
            there.insert(name);
            folder.push(part);
            above.push(part);
        }
        Ok(Target { root: self.root.clone(), relative })
    }
}

impl Target {
    /// A file that the user named: no page has a say in its path.
    ///
    /// # Errors
    /// If it is a link, or no regular file.
    pub fn chosen(path: &Path) -> Result<Self, PathError> {
        let name = path.file_name().ok_or_else(|| PathError::NoFile(path.display().to_string()))?;
        let root = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let target = Self { root: root.to_path_buf(), relative: PathBuf::from(name) };
        target.check()?;
        Ok(target)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.root.join(&self.relative)
    }

    /// The folder that a file which the user named is in.
    #[must_use]
    pub fn folder(&self) -> Folder {
        Folder::new(self.path().parent().unwrap_or(&self.root))
    }

    /// Looks once more, directly before it is written.
    pub(super) fn check(&self) -> Result<(), PathError> {
        refuse_links(&self.root, &self.relative, End::File)
    }
}

/// Refuses a path with a link in it, and one on whose way stands something else than folders, or at whose end something unexpected.
fn refuse_links(root: &Path, relative: &Path, end: End) -> Result<(), PathError> {
    let mut path = root.to_path_buf();
    let mut parts = relative.iter().peekable();
    while let Some(part) = parts.next() {
        path.push(part);
        let kind = match std::fs::symlink_metadata(&path) {
            Ok(metadata) => metadata.file_type(),
            // What is not there has nothing below it either.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(PathError::unreadable(&path, error)),
        };
        let shown = path.display().to_string();
        match if parts.peek().is_some() { End::Folder } else { end } {
            _ if kind.is_symlink() => return Err(PathError::Link(shown)),
            End::File if !kind.is_file() => return Err(PathError::NoFile(shown)),
            End::Folder if !kind.is_dir() => return Err(PathError::NoFolder(shown)),
            End::File | End::Folder => {}
        }
    }
    Ok(())
}

/// The names in a folder.
fn names_in(folder: &Path) -> Result<Names, PathError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Names::new()),
        Err(error) => return Err(PathError::unreadable(folder, error)),
    };
    let mut names = Names::new();
    for entry in entries {
        let name = entry.map_err(|e| PathError::unreadable(folder, e))?.file_name().to_string_lossy().into_owned();
        names.entry(name.to_lowercase()).or_default().insert(name);
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_c_identifiers() {
        let mut folder = Folder::new("/nowhere/at/all");
        let long = "x".repeat(LONGEST + 1);
        let paths = [
            "",
            ".md",
            "a",
            "a.exe",
            "../a.md",
            "a/../b.md",
            "/a.md",
            "a//b.md",
            "./a.md",
            "C:/a.md",
            "a\\b.md",
            "a\0.md",
            "é.md",
            "1a.md",
            "a b.md",
            "-a.md",
            ".a.md",
            "a.b.md",
            "a.md/",
            "con.md",
            "Nul.rs",
            "lpt1.md",
            "aux/x.md",
            "com9.md",
            "a\n.md",
            "a:b.md",
            "a.md.",
        ];
        for path in paths.map(str::to_owned).into_iter().chain([format!("{long}.md")]) {
            let error = folder.file(&path).expect_err(&path);
            assert!(
                matches!(error, PathError::NoIdentifier(_) | PathError::TooLong(_) | PathError::Device(_)),
                "{path:?}: {error:?}"
            );
            assert!(error.to_string().len() < 300 && !error.to_string().contains(['\n', '\0']), "{error}");
        }
        for path in ["a.md", "functions/WskConnect.md", "_x/_1.rs", "console.md", "com10.md", "lpt.md"] {
            assert_eq!(folder.file(path).expect(path).path(), Path::new("/nowhere/at/all").join(path));
        }
    }

    #[test]
    fn names_that_differ_in_capitals_are_one() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("Ab.md"), "").expect("a file");
        let mut paths = Folder::new(folder.path());
        assert!(paths.file("Ab.md").is_ok());
        assert!(matches!(paths.file("AB.md"), Err(PathError::Twin { other, .. }) if other == "Ab.md"));
        // Also of those that are yet to be written.
        assert!(paths.file("x/New.md").is_ok() && paths.file("x/New.md").is_ok());
        assert!(matches!(paths.file("x/new.md"), Err(PathError::Twin { .. })));
        assert!(matches!(paths.file("X/Other.md"), Err(PathError::Twin { .. })));
    }
}
