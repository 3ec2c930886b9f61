//! The upstream lock: which revision of each of the vendor's pages was last reviewed, and a digest a section.
//!
//! A digest tells that the words of a section changed, and holds none of them. White space does not count.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{SectionChange, SectionState};
use crate::source::{Limit, Links, read_text};

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
        match read_text(path, Limit::Page, Links::Refuse) {
            Ok(text) => serde_saphyr::from_str(&text).map_err(|e| fails(e.to_string())),
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

/// The sections of a page, each with its text: the requirements of the front matter, what stands before the first heading, and one a
/// heading. Headings of parameters and fields are sections of their own.
pub(super) fn sections(text: &str) -> Vec<(String, String)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut found: Vec<(String, String)> = Vec::new();
    let mut lines = text.lines().peekable();
    if lines.next_if_eq(&"---").is_some() {
        let front = lines.by_ref().take_while(|l| *l != "---");
        let required: Vec<&str> = front.filter(|l| l.starts_with("req.") || l.starts_with("UID:")).collect();
        if !required.is_empty() {
            found.push(("requirements".to_owned(), required.join("\n")));
        }
    }
    let mut chapter = String::new();
    let mut fenced = false;
    found.push(("introduction".to_owned(), String::new()));
    for line in lines {
        fenced ^= line.trim_start().starts_with("```");
        let level = line.bytes().take_while(|b| *b == b'#').count();
        if !fenced && (1..=4).contains(&level) && line.as_bytes().get(level) == Some(&b' ') {
            let title = line.get(level..).unwrap_or_default().trim().trim_start_matches('-');
            // What brackets say is a fact, and not part of the name.
            let title = title.split('[').next().unwrap_or(title).trim().to_owned();
            let name = match level {
                1 => "introduction".to_owned(),
                2 => {
                    chapter.clone_from(&title);
                    title
                }
                _ if chapter.is_empty() => title,
                _ => format!("{chapter}: {title}"),
            };
            found.push((name, String::new()));
        } else if let Some((_, body)) = found.last_mut() {
            body.push_str(line);
            body.push('\n');
        }
    }
    // Several of one name are one.
    let mut merged: Vec<(String, String)> = Vec::new();
    for (name, body) in found {
        match merged.iter_mut().find(|(n, _)| *n == name) {
            Some((_, so_far)) => so_far.push_str(&body),
            None => merged.push((name, body)),
        }
    }
    merged.retain(|(_, body)| !body.trim().is_empty());
    merged
}

/// A digest a section.
pub(super) fn digests(text: &str) -> BTreeMap<String, String> {
    sections(text).into_iter().map(|(name, body)| (name, digest(&body))).collect()
}

/// The first half of SHA-256 of the words: enough to tell two texts of one section apart.
fn digest(text: &str) -> String {
    let mut hash = Sha256::new();
    for word in text.split_whitespace() {
        hash.update(word.as_bytes());
        hash.update(b" ");
    }
    hash.finalize().iter().take(16).fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The sections that are not what was reviewed.
pub(super) fn changes(reviewed: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Vec<SectionChange> {
    let mut found = Vec::new();
    for (section, digest) in now {
        let state = match reviewed.get(section) {
            Some(before) if before == digest => continue,
            Some(_) => SectionState::Changed,
            None => SectionState::New,
        };
        found.push(SectionChange { section: section.clone(), state });
    }
    let gone = reviewed.keys().filter(|section| !now.contains_key(*section));
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

    #[test]
    fn sections_by_their_headings_without_directions() {
        let page = "---\nUID: NC:x.Y\nms.date: today\nreq.irql: X\n---\n# Y\n\n## -parameters\n### -param A [in]\nText.\n```\n# no heading\n```\n## -returns\nR\n";
        let found = sections(page);
        let names: Vec<&str> = found.iter().map(|(n, _)| n.as_str()).collect();
        assert_eq!(names, ["requirements", "parameters: param A", "returns"]);
        let other = page.replace("Text.", "Text.\n ").replace("today", "tomorrow").replace("[in]", "[out]");
        assert_eq!(digests(page), digests(&other), "white space, dates and directions are no prose");
        let changed =
            changes(&digests(page), &digests(&page.replace("Text", "Another text").replace("## -returns", "## -remarks")));
        let states: Vec<(&str, SectionState)> = changed.iter().map(|c| (c.section.as_str(), c.state)).collect();
        assert_eq!(
            states,
            [("parameters: param A", SectionState::Changed), ("remarks", SectionState::New), ("returns", SectionState::Gone)]
        );
    }
}
