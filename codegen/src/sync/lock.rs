//! The upstream lock: which revision of each of the vendor's pages was last reviewed, and a digest a section.
//!
//! A digest tells that the words of a section changed, and holds none of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

use super::sections::LINKS;
use super::{SectionChange, SectionState};
use crate::source::{Limit, Links, parse_yaml, read_text};

/// The lock.
#[derive(Debug, Default, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The pages, by their file names without extension.
    #[serde(default)]
    pub pages: BTreeMap<String, Locked>,
}

/// A page as it was reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locked {
    /// The revision of the vendor's repository; absent where the pages did not stand in one.
    pub revision: Option<String>,
    /// Whether it was gone when the pages were last accepted. What it said before stays here, for it may come back.
    #[serde(default)]
    pub gone: bool,
    /// The digest of each section.
    pub sections: BTreeMap<String, String>,
}

/// Why the lock cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {why}")]
pub struct LockError {
    /// The file.
    pub path: String,
    /// What is wrong with it, with its place.
    pub why: String,
}

impl Lock {
    /// Reads the file; none is as good as an empty one.
    ///
    /// # Errors
    /// If it is there and is not a lock.
    pub fn read(path: &Path) -> Result<Self, LockError> {
        let fails = |why: String| LockError { path: path.display().to_string(), why };
        match read_text(path, Limit::Table, Links::Refuse) {
            Ok(text) => parse_yaml(&text).map_err(|e| fails(e.to_string())),
            Err(error) if error.is_not_found() => Ok(Self::default()),
            Err(error) => Err(fails(error.to_string())),
        }
    }

    /// The file: the same lock gives the same bytes.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = "# What of the vendor's pages was last reviewed, with a digest a section. Written by `wsk-codegen sync DIR --accept`.\n\
                       pages:\n"
            .to_owned();
        // JSON strings are YAML strings, with whatever is in them.
        let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
        for (page, locked) in &self.pages {
            let _ = writeln!(out, "  {}:", quoted(page));
            let revision = locked.revision.as_deref().map_or_else(|| "null".to_owned(), quoted);
            let _ = writeln!(out, "    revision: {revision}");
            if locked.gone {
                out.push_str("    gone: true\n");
            }
            out.push_str(if locked.sections.is_empty() { "    sections: {}\n" } else { "    sections:\n" });
            for (section, digest) in &locked.sections {
                let _ = writeln!(out, "      {}: {}", quoted(section), quoted(digest));
            }
        }
        if self.pages.is_empty() {
            out.push_str("  {}\n");
        }
        out
    }
}

/// The sections that are not what was reviewed.
pub(super) fn changes(reviewed: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Vec<SectionChange> {
    // A text whose links are left out says what it said.
    let is_news = |section: &&String| !section.starts_with(LINKS);
    let mut found = Vec::new();
    for (section, digest) in now {
        let state = match reviewed.get(section) {
            Some(before) if before == digest => continue,
            Some(_) => SectionState::Changed,
            None => SectionState::New,
        };
        found.push(SectionChange { section: section.clone(), state });
    }
    let gone = reviewed.keys().filter(|section| !now.contains_key(*section) && is_news(section));
    found.extend(gone.map(|section| SectionChange { section: section.clone(), state: SectionState::Gone }));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_read_as_it_was_written() {
        let sections = BTreeMap::from([("param: \"A\" # b".to_owned(), "00ff".to_owned()), ("ü".to_owned(), "1e9".to_owned())]);
        let locked = |revision: Option<&str>| Locked {
            revision: revision.map(str::to_owned),
            gone: revision.is_none(),
            sections: sections.clone(),
        };
        let lock = Lock { pages: BTreeMap::from([("a".to_owned(), locked(None)), ("b".to_owned(), locked(Some("1e9")))]) };
        for lock in [lock, Lock::default()] {
            let read: Lock = serde_saphyr::from_str(&lock.write()).expect("a lock");
            assert_eq!(read, lock);
        }
    }
}
