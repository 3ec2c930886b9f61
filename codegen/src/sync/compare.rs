//! A checkout compared with the model, page by page.
//!
//! In: the model, the lock, and a folder. Out: the findings. Pages are read side by side and forgotten at once; what they say is then put
//! into the model one after the other, and what changed is what [`crate::diff`] finds between the model before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::checkout::{self, Checkout};
use super::left::{self, untaken};
use super::{
    Applied, Duplicate, ErratumState, Findings, GonePage, Lock, NewPage, Ours, PageFindings, control, header_of, lock as locked,
    sections, told,
};
use crate::corpus::{self, Kept, Options};
use crate::diff::{self, Change};
use crate::facts::{FactKind, FactPath, Identity, Item};
use crate::import;
use crate::source::{Diagnostic, Place, Report, Severity, Sources};
use crate::spec::{Spec, facts_of};
use crate::vendor::{self, ItemFacts, PageFacts};

/// A page of the checkout, its text forgotten.
struct Upstream {
    stem: String,
    file: PathBuf,
    item: Option<(Identity, Item)>,
    digests: BTreeMap<String, String>,
    /// Whether it has a text at all: of what is no regular file, nothing is known.
    is_read: bool,
    ours: Option<(String, String)>,
    /// Why it cannot become a page of ours, where it cannot.
    why_not: Option<String>,
    /// Whether it describes a control code.
    is_control: bool,
    duplicates: Vec<Duplicate>,
    /// The first thing that is wrong with it.
    error: Option<String>,
}

impl Upstream {
    fn of(page: &corpus::Page<'_>) -> Self {
        let diagnostics = page.diagnostics();
        let duplicates = page.text.map(|text| told::duplicates(diagnostics, text)).unwrap_or_default();
        let mut digests = page.text.map(sections::digests).unwrap_or_default();
        told::add_duplicates(&mut digests, &duplicates);
        let error = diagnostics.iter().find(|d| d.severity == Severity::Error).map(|d| d.message.clone());
        let is_whole = |facts: &&PageFacts| !matches!(&facts.item, ItemFacts::Control(control) if control.operations.is_empty());
        let ours = page.facts.filter(is_whole).and_then(|facts| Some((import::path_of(facts)?, import::write_page(facts))));
        let is_control = page.facts.is_some_and(|facts| matches!(facts.item, ItemFacts::Control(_)));
        Self {
            stem: page.path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned(),
            file: page.path.to_path_buf(),
            item: page.facts.and_then(|facts| vendor::facts_of(facts, page.sources)),
            is_read: page.text.is_some(),
            why_not: ours.is_none().then(|| left::why_not(page.facts, error.as_deref())),
            ours,
            digests,
            is_control,
            duplicates,
            error,
        }
    }

    fn new_page(self) -> NewPage {
        let name = self.item.map(|(identity, _)| identity.name);
        NewPage { page: self.stem, file: self.file.display().to_string(), name, ours: self.ours, why_not: self.why_not }
    }
}

/// Reports what has no pages to compare.
fn nothing(folder: &Path, code: &'static str, what: &str) -> Diagnostic {
    Diagnostic::error(code, what)
        .in_file(folder.display().to_string())
        .help("name a checkout of the vendor's documentation, or the folder of one header in it")
}

/// Compares a checkout with the model. What is wrong with the pages themselves is in the text and the report that are given back.
pub fn sync(
    spec: &Spec,
    sources: &Sources,
    lock: &Lock,
    folder: &Path,
    options: Options,
    report: &mut Report,
) -> (Findings, String) {
    if !folder.is_dir() {
        // Of a single page all others would be gone.
        let what = if folder.exists() { "this is no folder" } else { "there is no such folder" };
        report.push(nothing(folder, "sync::folder", what));
        return (Findings { updated: spec.clone(), ..Findings::default() }, String::new());
    }
    let ours = Ours::of(spec);
    let Checkout { pages, candidates } = checkout::find(&ours, folder, report);
    let files: Vec<PathBuf> = pages.values().cloned().collect();
    let read = corpus::read(&files, options, Upstream::of);
    let mut findings = Findings { updated: spec.clone(), files: pages, ..Findings::default() };
    new_controls(&candidates, options, &mut findings, report);
    if findings.files.is_empty() {
        report.push(nothing(folder, "sync::nothing", "none of the pages that spec-data is about is in this folder"));
    }

    let mut said = String::new();
    let mut read_items = BTreeMap::new();
    let mut codes = Vec::new();
    for page in read {
        if let Some((stem, (taken, of_codes))) = take(page, &ours, lock, &mut findings, &mut said, report) {
            let identity = ours.pages.get(stem.as_str()).filter(|_| !of_codes.is_empty());
            codes.extend(identity.map(|(identity, _)| (identity.clone(), of_codes)));
            read_items.insert(stem, taken);
        }
    }
    let updated = control::with_codes(facts_of(&findings.updated), &codes);
    let changes = diff::diff_facts((&ours.tree, sources), (&updated, sources));
    let mut by_item: BTreeMap<(String, String), Vec<Change>> = BTreeMap::new();
    for change in changes {
        by_item.entry((change.name.clone(), change.header.clone())).or_default().push(change);
    }
    let after = Ours::of(&findings.updated);
    for page in &mut findings.pages {
        let read = read_items.get(&page.page);
        let theirs = read.map(|read| &read.theirs);
        let identity = ours.pages.get(page.page.as_str()).map(|(identity, _)| identity);
        // Changes of what moved to another header are told by the new one.
        let new_header = theirs.and_then(|item| item.value(FactKind::Header, &[]));
        let headers: BTreeSet<&str> = identity.map(|i| i.header.as_str()).into_iter().chain(new_header).collect();
        let of_header = |header: &str| by_item.remove(&(identity?.name.clone(), header.to_owned()));
        page.facts = headers.into_iter().filter_map(of_header).flatten().collect();
        for change in &mut page.facts {
            let fact = change.fact.parse().ok().and_then(|path| theirs?.get(&path));
            // Of what is gone, and of what only ours spells, the page as a whole is the place.
            let at = fact.and_then(|fact| fact.at.place(None));
            change.after_at = at.or_else(|| Some(Place { file: page.file.clone(), line: 1 }));
        }
        page.untaken = read.map(|read| untaken(&after, &page.page, read, &page.duplicates)).unwrap_or_default();
        tell_sections(page, lock, findings.digests.get(&page.page));
    }
    findings.pages.retain(|p| !p.is_empty());
    tell_gone(&ours, lock, &mut findings);
    (findings, said)
}

/// The pages of control codes that are new. A conceptual page that only names a function says nothing of a code.
fn new_controls(candidates: &[(String, PathBuf)], options: Options, findings: &mut Findings, report: &mut Report) {
    let files: Vec<PathBuf> = candidates.iter().map(|(_, file)| file.clone()).collect();
    let read = corpus::read(&files, Options { progress: false, ..options }, Upstream::of);
    let mut pairs = Vec::new();
    for page in read.into_iter().map(|page| page.made).filter(|page| page.is_control) {
        if let Some(first) = findings.files.get(&page.stem) {
            pairs.push((first.clone(), page.file));
            continue;
        }
        findings.files.insert(page.stem.clone(), page.file.clone());
        findings.digests.insert(page.stem.clone(), page.digests.clone());
        findings.new.push(page.new_page());
    }
    checkout::tell_twice(pairs, report);
}

/// What was read of a page, and the control codes that the model cannot take.
type Taken = (left::Read, Vec<(FactPath, String)>);

/// What a page says, put into the model; what was read of it, under its name, if the model has it.
fn take(
    page: Kept<Upstream>,
    ours: &Ours<'_>,
    lock: &Lock,
    findings: &mut Findings,
    said: &mut String,
    report: &mut Report,
) -> Option<(String, Taken)> {
    let upstream = page.made;
    // Conceptual pages are no reference pages and carry no facts that are read; all that is looked at is their prose.
    let is_reference = header_of(&upstream.stem).is_some();
    if page.has_errors && is_reference || !upstream.is_read {
        *said += &page.text;
        let message = upstream.error.map_or_else(String::new, |error| format!(": {error}"));
        report.push(
            Diagnostic::error("sync::unread", format!("the page cannot be compared{message}"))
                .in_file(upstream.file.display().to_string())
                .help("mend the page, or wait for a revision of it that can be read"),
        );
        return None;
    }
    findings.digests.insert(upstream.stem.clone(), upstream.digests.clone());
    let Some(our_page) = ours.page(&upstream.stem) else {
        findings.new.push(upstream.new_page());
        return None;
    };
    findings.compared += 1;
    let mut of_page = PageFindings {
        page: upstream.stem.clone(),
        file: upstream.file.display().to_string(),
        name: our_page.name.value.clone(),
        ..PageFindings::default()
    };
    match lock.pages.get(&upstream.stem) {
        Some(reviewed) => of_page.prose = locked::changes(&reviewed.sections, &upstream.digests),
        None => of_page.unreviewed = true,
    }
    of_page.duplicates = upstream.duplicates;
    let mut taken = None;
    if let Some((_, item)) = upstream.item
        && let Some(Applied { silent, judged, theirs, codes }) = findings.apply(ours, &upstream.stem, &item, &of_page.duplicates)
    {
        let held = judged.iter().filter(|j| j.state != ErratumState::Stale).filter_map(|j| j.fact.parse().ok()).collect();
        of_page.silent = silent;
        of_page.errata = judged.into_iter().filter(|j| j.state != ErratumState::Holds).collect();
        taken = Some((upstream.stem, (left::Read { item, theirs, held }, codes)));
    }
    findings.pages.push(of_page);
    taken
}

/// Sorts the sections that changed by what tells them.
fn tell_sections(page: &mut PageFindings, lock: &Lock, now: Option<&BTreeMap<String, String>>) {
    let none = BTreeMap::new();
    let reviewed = lock.pages.get(&page.page).map_or(&none, |locked| &locked.sections);
    let now = now.unwrap_or(&none);
    let changed = locked::changes(reviewed, now);
    // What was there twice when the page was reviewed is no news.
    page.duplicates.retain(|duplicate| changed.iter().any(|section| told::name_of(&section.section) == duplicate.name));
    let sections = told::Sections { facts: &page.facts, duplicates: &page.duplicates, reviewed, now };
    let (with_facts, prose) = std::mem::take(&mut page.prose).into_iter().partition(|section| sections.is_told(section));
    (page.with_facts, page.prose) = (with_facts, prose);
}

/// Which pages are gone, are still gone, and are back.
fn tell_gone(ours: &Ours<'_>, lock: &Lock, findings: &mut Findings) {
    let was_gone = |stem: &String| lock.pages.get(stem).is_some_and(|p| p.gone);
    let used = |stem: &String| {
        let (identity, _) = ours.pages.get(stem.as_str())?;
        Some(GonePage { page: stem.clone(), name: identity.name.clone(), used_by: told::users(&ours.tree, identity) })
    };
    let (before, now): (Vec<_>, Vec<_>) = gone(ours, findings).into_iter().partition(was_gone);
    findings.gone_used = now.iter().filter_map(used).collect();
    findings.gone = now;
    findings.still_gone = before.iter().filter_map(used).filter(|page| !page.used_by.is_empty()).collect();
    findings.back = findings.digests.keys().filter(|stem| was_gone(stem)).cloned().collect();
}

/// Pages that a checkout does not have, of the kinds of pages that it has at all.
fn gone(ours: &Ours<'_>, findings: &Findings) -> Vec<String> {
    let has = |reference: bool| findings.files.keys().any(|stem| header_of(stem).is_some() == reference);
    ours.pages
        .keys()
        .filter(|stem| !findings.files.contains_key(**stem) && has(header_of(stem).is_some()))
        .map(|stem| (*stem).to_owned())
        .collect()
}
