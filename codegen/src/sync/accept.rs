//! What was found, put into spec-data: pages, errata, and last of all the lock.
//!
//! Each file is replaced in one step, and the lock last: whoever is interrupted finds every file old or new, and what was not written
//! is found again.

use std::collections::BTreeMap;
use std::path::Path;

use super::{ErratumState, Findings, Lock, Locked, told};
use crate::source::{Folder, Limit, Links, PathError, Sources, Target, WriteError, read_text, remove, replace, sweep};
use crate::spec::{ERRATA, LOCK, PageFolder, Spec, write_api, write_control, write_struct};

/// A file of spec-data that was written or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file, as its folder has it.
    pub path: String,
    /// Whether it is gone.
    pub removed: bool,
}

/// The revision of the pages that are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revision<'a> {
    /// Nobody knows it.
    Unknown,
    /// That of the repository: pages that say what was reviewed keep the revision in which they were read.
    Found(&'a str),
    /// That which a person gives: of all pages that were compared.
    Given(&'a str),
}

/// Why not everything could be written.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// A file cannot be written; those before it are new, those after it old.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A file of ours cannot be where it belongs. Nothing was written.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A page describes something whose name cannot be that of a file, or whose file cannot be written. Nothing was written.
    #[error("the page {page} has no place in spec-data: {error}")]
    New {
        /// The vendor's page: its file, or its name where that is not known.
        page: String,
        /// Why.
        error: PathError,
    },
    /// A page stands where a new one would go. Nothing was written.
    #[error("{0} is there already, and describes another page of the vendor's")]
    Occupied(String),
    /// Two pages would be one file. Nothing was written.
    #[error("{path} would be written for two pages of the vendor's, {first} and {second}")]
    Twice {
        /// The file.
        path: String,
        /// A page.
        first: String,
        /// Another.
        second: String,
    },
}

impl AcceptError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Write(_) => "every file is either old or new; mend the cause and run again",
            Self::Path(error) | Self::New { error, .. } => error.help(),
            Self::Occupied(_) => "name the vendor's page as `upstream` of ours, or leave it out of those that are read",
            Self::Twice { .. } => "leave one of them out of those that are read",
        }
    }
}

/// The pages of a model that have counterparts upstream, by their files, in order.
#[must_use]
pub fn pages_of(spec: &Spec) -> Vec<(String, String)> {
    let apis =
        spec.apis.iter().filter_map(|api| Some((PageFolder::of_api(api.kind.value)?.page(&api.page.stem), write_api(api))));
    let structs = spec.structs.iter().map(|s| (PageFolder::Structs.page(&s.page.name), write_struct(s)));
    let controls = spec.controls.iter().map(|c| (PageFolder::Controls.page(&c.page.name), write_control(c)));
    let mut all: Vec<_> = apis.chain(structs).chain(controls).collect();
    all.sort();
    all
}

/// What is to be done with files, every path of which is known to be right.
#[derive(Default)]
struct Plan {
    written: Vec<(Target, Written, String)>,
    removed: Vec<(Target, Written)>,
}

impl Plan {
    fn write(&mut self, target: Target, path: impl Into<String>, text: impl Into<String>) {
        self.written.push((target, Written { path: path.into(), removed: false }, text.into()));
    }
}

/// Writes what was found into a spec-data folder.
///
/// # Errors
/// Where a file cannot be written, a page has a name that no file can have, or a new page would replace another.
pub fn accept(
    folder: &Path,
    spec: &Spec,
    sources: &Sources,
    findings: &Findings,
    lock: &Lock,
    revision: Revision<'_>,
) -> Result<Vec<Written>, AcceptError> {
    let mut paths = Folder::new(folder);
    let mut plan = Plan::default();
    let before: BTreeMap<String, String> = pages_of(spec).into_iter().collect();
    let after: BTreeMap<String, String> = pages_of(&findings.updated).into_iter().collect();
    for (path, text) in &after {
        if before.get(path) != Some(text) {
            plan.write(place_of(&mut paths, path)?, path, text);
        }
    }
    let mut by_path: BTreeMap<&str, &str> = BTreeMap::new();
    for new in &findings.new {
        let Some((path, text)) = &new.ours else { continue };
        let page = if new.file.is_empty() { &new.page } else { &new.file };
        let target = place_of(&mut paths, path).map_err(|error| AcceptError::New { page: page.clone(), error })?;
        if after.contains_key(path) || target.path().exists() {
            return Err(AcceptError::Occupied(path.clone()));
        }
        if let Some(first) = by_path.insert(path, page) {
            return Err(AcceptError::Twice { path: path.clone(), first: first.to_owned(), second: page.clone() });
        }
        plan.write(target, path, text);
    }
    for path in before.keys().filter(|path| !after.contains_key(*path)) {
        plan.removed.push((place_of(&mut paths, path)?, Written { path: path.clone(), removed: true }));
    }
    if let Some(text) = errata_left(spec, sources, findings) {
        plan.write(paths.own_file(ERRATA)?, ERRATA, text);
    }
    if let Some(text) = statuses(spec, sources, findings) {
        let target = paths.file_in(STATUSES.0, STATUSES.1)?;
        plan.write(target, format!("{}/{}", STATUSES.0, STATUSES.1), text);
    }
    let locked = paths.own_file(LOCK)?;
    let text = reviewed(findings, lock, revision).write();
    // An import of single pages reviews none. The lock comes last, after what is removed.
    let is_new = !findings.digests.is_empty()
        && read_text(&locked.path(), Limit::Table, Links::Refuse).ok().as_deref() != Some(text.as_str());

    let mut written = Vec::new();
    for (target, what, text) in plan.written {
        replace(&target, text.as_bytes())?;
        written.push(what);
    }
    for (target, what) in plan.removed {
        remove(&target)?;
        written.push(what);
    }
    if is_new {
        replace(&locked, text.as_bytes())?;
        written.push(Written { path: LOCK.to_owned(), removed: false });
    }
    for part in PageFolder::ALL {
        sweep(&paths.below(part.name())?)?;
    }
    sweep(&paths)?;
    Ok(written)
}

/// The file of a page: one name in one of the folders of pages.
fn place_of(paths: &mut Folder, path: &str) -> Result<Target, PathError> {
    let place = path.split_once('/').and_then(|(folder, file)| Some((PageFolder::named(folder)?, file)));
    let (folder, file) = place.ok_or_else(|| PathError::NoIdentifier(path.to_owned()))?;
    paths.file_in(folder.name(), file)
}

/// The table of statuses: its folder and its file.
const STATUSES: (&str, &str) = ("tables", "statuses.md");

/// The table of statuses with the codes that are new and whose values are known; `None` where there is none.
fn statuses(spec: &Spec, sources: &Sources, findings: &Findings) -> Option<String> {
    let rows = super::statuses::rows(spec, &findings.updated);
    let before = &sources.get(spec.statuses.first()?.name.span.file).text;
    (!rows.is_empty()).then(|| format!("{}\n{}\n", before.trim_end(), rows.join("\n")))
}

/// The lock as it is after what was found was reviewed.
fn reviewed(findings: &Findings, lock: &Lock, revision: Revision<'_>) -> Lock {
    let mut reviewed = lock.clone();
    let (name, keeps) = match revision {
        Revision::Unknown => (None, true),
        Revision::Found(name) => (Some(name.to_owned()), true),
        Revision::Given(name) => (Some(name.to_owned()), false),
    };
    for (page, sections) in findings.digests.iter().filter(|(page, _)| findings.is_taken(page)) {
        let sections = &settled(findings, lock, page, sections);
        // A page whose words are what they were keeps the revision in which they were read.
        let is_reviewed = |p: &Locked| keeps && p.sections == *sections && p.revision.is_some() && !p.gone;
        if !reviewed.pages.get(page).is_some_and(is_reviewed) {
            let locked = Locked { revision: name.clone(), gone: false, sections: sections.clone() };
            reviewed.pages.insert(page.clone(), locked);
        }
    }
    for page in &findings.gone {
        let unread = || Locked { revision: None, gone: false, sections: BTreeMap::new() };
        reviewed.pages.entry(page.clone()).or_insert_with(unread).gone = true;
    }
    reviewed
}

/// The digests of a page to be recorded: of what it lists twice in other words, those of before, for nobody decided which is meant.
fn settled(findings: &Findings, lock: &Lock, page: &str, sections: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut sections = sections.clone();
    let before = lock.pages.get(page).map(|locked| &locked.sections);
    let duplicates = findings.pages.iter().filter(|p| p.page == page).flat_map(|p| &p.duplicates);
    for duplicate in duplicates.filter(|duplicate| !duplicate.is_settled) {
        let is_its = |section: &str| told::name_of(section) == duplicate.name;
        sections.retain(|section, _| !is_its(section));
        let kept = before.into_iter().flatten().filter(|(section, _)| is_its(section));
        sections.extend(kept.map(|(section, digest)| (section.clone(), digest.clone())));
    }
    sections
}

/// The errata without the stale ones, those of renamed parameters and fields under the new names; `None` where all stay as they are.
fn errata_left(spec: &Spec, sources: &Sources, findings: &Findings) -> Option<String> {
    let of_page = |page: &str| findings.pages.iter().find(|p| p.page == page).into_iter();
    let is_stale =
        |page: &str, fact: &str| of_page(page).flat_map(|p| &p.errata).any(|e| e.fact == fact && e.state == ErratumState::Stale);
    let renamed = |page: &str, fact: &str| {
        of_page(page).flat_map(|p| &p.facts).find_map(|change| {
            let (list, _) = change.fact.strip_suffix(".name")?.split_once('.')?;
            let (before, after) = (change.before.as_ref()?, change.after.as_ref()?);
            let rest = fact.strip_prefix(&format!("{list}.{before}."))?;
            Some((fact.to_owned(), format!("{list}.{after}.{rest}")))
        })
    };
    let all = || spec.errata.iter().map(|e| (e.page.value.as_str(), e.fact.value.as_str(), e.span));
    let stale: Vec<_> = all().filter(|(page, fact, _)| is_stale(page, fact)).map(|(.., span)| span).collect();
    let others: Vec<_> = all().filter_map(|(page, fact, span)| Some((span, renamed(page, fact)?))).collect();
    let first = stale.first().or(others.first().map(|(span, _)| span))?;
    let text = &sources.get(first.file).text;
    // An entry begins at a dash at the beginning of its line, and ends where the next one begins.
    let first = text.starts_with("- ").then_some(0);
    let starts: Vec<usize> = first.into_iter().chain(text.match_indices("\n- ").map(|(at, _)| at + 1)).collect();
    let mut out = text.get(..starts.first().copied().unwrap_or(text.len())).unwrap_or_default().to_owned();
    for (i, start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).copied().unwrap_or(text.len());
        if stale.iter().any(|span| (*start..end).contains(&span.start)) {
            continue;
        }
        let entry = text.get(*start..end).unwrap_or_default();
        match others.iter().find(|(span, _)| (*start..end).contains(&span.start)) {
            Some((_, (before, after))) => out.push_str(&entry.replacen(before, after, 1)),
            None => out.push_str(entry),
        }
    }
    // The last entry that is left may have been followed by another.
    let trimmed = out.trim_end().len();
    out.truncate(trimmed);
    out.push('\n');
    Some(out)
}
