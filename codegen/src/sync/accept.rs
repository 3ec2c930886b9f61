//! What was found, put into spec-data: pages, errata, and last of all the lock.
//!
//! Each file is replaced in one step, and the lock last: whoever is interrupted finds every file old or new, and what was not written
//! is found again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{ErratumState, Findings, Lock, Locked};
use crate::output::{OutputError, replace, sweep};
use crate::source::Sources;
use crate::spec::{LOCK, Spec, write_api, write_struct};

/// A file of spec-data that was written or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file, as its folder has it.
    pub path: String,
    /// Whether it is gone.
    pub removed: bool,
}

/// Why not everything could be written.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// A file cannot be written; those before it are new, those after it old.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A page stands where a new one would go.
    #[error("{0} is there already, and describes another page of the vendor's")]
    Occupied(String),
}

/// The pages of a model that have counterparts upstream, by their files, in order.
#[must_use]
pub fn pages_of(spec: &Spec) -> Vec<(String, String)> {
    let apis = spec.apis.iter().filter_map(|api| {
        let folder = api.kind.value.folder()?;
        Some((format!("{folder}/{}.md", api.page.stem), write_api(api)))
    });
    let structs = spec.structs.iter().map(|s| (format!("structs/{}.md", s.page.name), write_struct(s)));
    let mut all: Vec<_> = apis.chain(structs).collect();
    all.sort();
    all
}

/// Writes what was found into a spec-data folder. `revision` is that of the checkout, if it is known.
///
/// # Errors
/// Where a file cannot be written, or a new page would replace another.
pub fn accept(
    folder: &Path,
    spec: &Spec,
    sources: &Sources,
    findings: &Findings,
    lock: &Lock,
    revision: Option<&str>,
) -> Result<Vec<Written>, AcceptError> {
    let mut written = Vec::new();
    let (before, after) = (pages_of(spec), pages_of(&findings.updated));
    let new: Vec<&(String, String)> = findings.new.iter().filter_map(|n| n.ours.as_ref()).collect();
    if let Some((path, _)) = new.iter().find(|(path, _)| folder.join(path).exists()) {
        return Err(AcceptError::Occupied(path.clone()));
    }
    for (path, text) in after.iter().filter(|page| !before.contains(page)).chain(new) {
        replace(&folder.join(path), text.as_bytes())?;
        written.push(Written { path: path.clone(), removed: false });
    }
    for (path, _) in before.iter().filter(|(path, _)| !after.iter().any(|(p, _)| p == path)) {
        let gone: PathBuf = folder.join(path);
        std::fs::remove_file(&gone).map_err(|error| OutputError { path: gone.display().to_string(), error })?;
        written.push(Written { path: path.clone(), removed: true });
    }
    if let Some(text) = errata_left(spec, sources, findings) {
        replace(&folder.join("errata.yaml"), text.as_bytes())?;
        written.push(Written { path: "errata.yaml".to_owned(), removed: false });
    }
    let mut reviewed = lock.clone();
    for (page, sections) in &findings.digests {
        // A page whose words are what they were keeps the revision in which they were read.
        let is_reviewed = |p: &Locked| p.sections == *sections && p.revision.is_some() && !p.gone;
        if !reviewed.pages.get(page).is_some_and(is_reviewed) {
            let locked = Locked { revision: revision.map(str::to_owned), gone: false, sections: sections.clone() };
            reviewed.pages.insert(page.clone(), locked);
        }
    }
    for page in &findings.gone {
        let unread = || Locked { revision: None, gone: false, sections: BTreeMap::new() };
        reviewed.pages.entry(page.clone()).or_insert_with(unread).gone = true;
    }
    let text = reviewed.write();
    let path = folder.join(LOCK);
    // An import of single pages reviews none.
    if !findings.digests.is_empty() && std::fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
        replace(&path, text.as_bytes())?;
        written.push(Written { path: LOCK.to_owned(), removed: false });
    }
    let folders = after.iter().filter_map(|(page, _)| Path::new(page).parent());
    for part in folders.chain([Path::new("")]).collect::<BTreeSet<_>>() {
        sweep(&folder.join(part))?;
    }
    Ok(written)
}

/// The errata without the stale ones; `None` where none is stale.
fn errata_left(spec: &Spec, sources: &Sources, findings: &Findings) -> Option<String> {
    let is_stale = |page: &str, fact: &str| {
        let of_page = findings.pages.iter().filter(|p| p.page == page).flat_map(|p| &p.errata);
        of_page.into_iter().any(|e| e.fact == fact && e.state == ErratumState::Stale)
    };
    let stale: Vec<_> = spec.errata.iter().filter(|e| is_stale(&e.page, &e.fact)).map(|e| e.span).collect();
    let text = &sources.get(stale.first()?.file).text;
    // An entry begins at a dash at the beginning of its line, and ends where the next one begins.
    let first = text.starts_with("- ").then_some(0);
    let starts: Vec<usize> = first.into_iter().chain(text.match_indices("\n- ").map(|(at, _)| at + 1)).collect();
    let mut out = text.get(..starts.first().copied().unwrap_or(text.len())).unwrap_or_default().to_owned();
    for (i, start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).copied().unwrap_or(text.len());
        if !stale.iter().any(|span| (*start..end).contains(&span.start)) {
            out.push_str(text.get(*start..end).unwrap_or_default());
        }
    }
    // The last entry that is left may have been followed by another.
    let trimmed = out.trim_end().len();
    out.truncate(trimmed);
    out.push('\n');
    Some(out)
}
