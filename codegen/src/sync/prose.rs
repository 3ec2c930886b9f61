//! The words that changed in a section, where the checkout is a git repository that still has the reviewed revision.
//!
//! They are for the terminal of the person who reviews. Nothing of them is kept.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use similar::{ChangeTag, TextDiff};

use super::{Findings, History, Lock, sections};

/// How many unchanged words are shown on either side of a change.
const CONTEXT: usize = 4;

/// A git repository that the pages stand in.
#[derive(Debug, Clone)]
pub struct Repository {
    /// The revision that is checked out.
    pub head: String,
}

impl Repository {
    /// The repository that has the files of a folder; `None` where there is none, or none that knows them.
    #[must_use]
    pub fn of(folder: &Path) -> Option<Self> {
        let head = git(folder, &["rev-parse", "--verify", "--quiet", "HEAD"])?;
        // A folder may stand in a repository that knows nothing of it.
        let known = git(folder, &["ls-files", "--", "."])?;
        (!known.is_empty()).then(|| Self { head: head.trim().to_owned() })
    }

    /// Whether the repository that has a folder knows a revision.
    #[must_use]
    pub fn has(folder: &Path, revision: &str) -> bool {
        is_name(revision) && git(folder, &["cat-file", "-e", &format!("{revision}^{{commit}}")]).is_some()
    }

    /// A file as a revision has it.
    #[must_use]
    pub fn show(&self, file: &Path, revision: &str) -> Option<String> {
        let name = file.file_name()?.to_str()?;
        if !is_name(revision) {
            return None;
        }
        git(
            file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")),
            &["show", &format!("{revision}:./{name}")],
        )
    }
}

/// Whether a text can be the name of a revision, and is no option of git's.
fn is_name(revision: &str) -> bool {
    revision.bytes().all(|b| b.is_ascii_alphanumeric() || b"._/-".contains(&b)) && !revision.starts_with('-')
}

/// Why a revision cannot be recorded.
#[derive(Debug, thiserror::Error)]
#[error("{}`{name}`", if *is_name { "the repository that the pages stand in has no revision " } else { "nothing can be a revision with the name " })]
pub struct UnknownRevision {
    name: String,
    is_name: bool,
    known: Vec<String>,
}

impl UnknownRevision {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self.known.as_slice() {
            [] => "name a commit of the vendor's repository".to_owned(),
            known => format!("name a commit of the vendor's repository; known are {}", known.join(", ")),
        }
    }
}

/// The revision that a person gives, as it is recorded: a commit by the name that was given, a branch or a tag by its commit, for the next
/// one may be another. Pages that stand in no repository may be of any.
///
/// # Errors
/// If the repository does not have it, or nothing can have that name.
pub fn known_revision(
    name: &str,
    folder: &Path,
    repository: Option<&Repository>,
    lock: &Lock,
) -> Result<String, UnknownRevision> {
    let unknown = |is_name| {
        let head = repository.map(|repository| format!("{} (checked out)", repository.head));
        let reviewed: BTreeSet<&str> = lock.pages.values().filter_map(|locked| locked.revision.as_deref()).collect();
        let has = |revision: &&str| repository.is_none() || Repository::has(folder, revision);
        let reviewed = reviewed.into_iter().filter(has).map(|revision| format!("{revision} (reviewed)"));
        UnknownRevision { name: name.to_owned(), is_name, known: head.into_iter().chain(reviewed).collect() }
    };
    if name.is_empty() || !is_name(name) {
        return Err(unknown(false));
    }
    if repository.is_none() {
        return Ok(name.to_owned());
    }
    let commit =
        git(folder, &["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")]).ok_or_else(|| unknown(true))?;
    let commit = commit.trim();
    Ok(if commit.starts_with(&name.to_ascii_lowercase()) { name } else { commit }.to_owned())
}

/// Whether the words that changed can be shown: whether there is a repository, and which of the reviewed revisions it does not have.
#[must_use]
pub fn history(folder: &Path, repository: Option<&Repository>, findings: &Findings, lock: &Lock) -> History {
    let compared = findings.files.keys().filter_map(|page| lock.pages.get(page)?.revision.as_deref());
    let revisions: BTreeSet<&str> = compared.collect();
    let missing = revisions.into_iter().filter(|revision| repository.is_none() || !Repository::has(folder, revision));
    History { repository: repository.is_some(), missing: missing.map(str::to_owned).collect() }
}

fn git(folder: &Path, args: &[&str]) -> Option<String> {
    let output = Command::new("git").current_dir(folder).args(args).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The words of a section that are others now, with some around them: `[-gone-]` and `{+new+}`.
pub(super) fn words(before: &str, now: &str, section: &str, colour: bool) -> String {
    let text = |page: &str| {
        let found = sections::sections(page).into_iter().find(|found| found.name == section);
        found.map(|found| found.texts.join(" ")).unwrap_or_default()
    };
    let (before, now) = (text(before), text(now));
    let (before, now): (Vec<&str>, Vec<&str>) = (before.split(' ').collect(), now.split(' ').collect());
    let diff = TextDiff::from_slices(&before, &now);
    let mut out = String::new();
    for group in diff.grouped_ops(CONTEXT) {
        let mut line = String::new();
        let mut open: Option<ChangeTag> = None;
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            if open != Some(change.tag()) {
                close(&mut line, open, colour);
                open = Some(change.tag());
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(match (change.tag(), colour) {
                    (ChangeTag::Delete, true) => "\u{1b}[31m[-",
                    (ChangeTag::Delete, false) => "[-",
                    (ChangeTag::Insert, true) => "\u{1b}[32m{+",
                    (ChangeTag::Insert, false) => "{+",
                    (ChangeTag::Equal, _) => "",
                });
            } else {
                line.push(' ');
            }
            line.push_str(change.value());
        }
        close(&mut line, open, colour);
        let _ = writeln!(out, "… {line} …");
    }
    out
}

fn close(line: &mut String, open: Option<ChangeTag>, colour: bool) {
    line.push_str(match (open, colour) {
        (Some(ChangeTag::Delete), true) => "-]\u{1b}[0m",
        (Some(ChangeTag::Delete), false) => "-]",
        (Some(ChangeTag::Insert), true) => "+}\u{1b}[0m",
        (Some(ChangeTag::Insert), false) => "+}",
        (Some(ChangeTag::Equal) | None, _) => "",
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_and_a_little_around_it() {
        let before = "# T\n## a\none two three four five six seven eight nine\n## b\nother\n";
        let now = "# T\n## a\none two three four five 6 seven\neight nine ten\n## b\nthing\n";
        assert_eq!(words(before, now, "a", false), "… two three four five [-six-] {+6+} seven eight nine {+ten+} …\n");
        assert_eq!(words(before, before, "a", false), "");
        assert!(words(before, now, "b", true).contains("\u{1b}[31m[-other-]"));
    }
}
