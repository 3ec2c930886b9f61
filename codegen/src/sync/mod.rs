//! A checkout of the vendor's documentation against spec-data: what changed since it was last reviewed.
//!
//! In: the model, the lock, and a folder of the vendor's pages. Out: for each page the facts that are others now, the facts that it is
//! silent about, the sections whose prose is not what was reviewed, and the errata that no longer hold; and pages that are new or
//! gone. `apply` makes the model that would follow, and the changes are those that [`crate::diff`] finds between the two. The vendor's
//! text stays where it is: of it the lock has digests, and only a terminal ever shows words of it.

mod accept;
mod apply;
mod control;
mod emphasis;
mod errata;
mod findings;
mod inline;
mod lock;
mod prose;
mod report;
mod sections;
mod statuses;
mod told;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::agreement::{Scope, disagreements, errata_by_page};
use crate::corpus::{self, Options};
use crate::diff::{self, Change};
use crate::facts::{FactKind, FactPath, Identity, Item, Tree};
use crate::import;
use crate::source::{Diagnostic, Place, Report, Severity, Sources};
use crate::spec::{Erratum, Page, Spec, facts_of};
use crate::vendor::{self, ItemFacts, PageFacts};
use apply::{Held, PageAt};

pub use accept::{AcceptError, Revision, Written, accept, pages_of};
pub use apply::Silent;
pub use errata::{ErratumState, Judged};
pub use findings::{Duplicate, Findings, GonePage, History, NewPage, PageFindings, SectionChange, SectionState};
pub use lock::{Lock, LockError, Locked};
pub use prose::{Repository, history};
pub use report::{json, text};

impl Findings {
    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty() && self.new.is_empty() && self.gone.is_empty() && self.back.is_empty()
    }

    /// Takes the facts of one page: into the model, or, where it has no such page, as the page of ours that would be new.
    pub fn take(&mut self, ours: &Ours<'_>, stem: &str, (identity, item): &(Identity, Item), new: (String, String)) {
        if self.apply(ours, stem, item, &[]).is_none() {
            let name = Some(identity.name.clone());
            self.new.push(NewPage { page: stem.to_owned(), file: String::new(), name, ours: Some(new) });
        }
    }

    /// Puts the facts of a page into the model, but for those that an erratum answers for. `None` where the model has no such page.
    fn apply(&mut self, ours: &Ours<'_>, stem: &str, item: &Item, duplicates: &[Duplicate]) -> Option<Applied> {
        let (identity, at) = ours.pages.get(stem)?;
        let (theirs, mut found) = disagreements(ours.tree.get(identity)?, item, Scope::Everything);
        found.retain(|disagreement| !told::is_order_of_duplicates(disagreement, duplicates));
        let judged = errata::judge(ours.errata.get(stem).into_iter().flatten().copied(), &theirs);
        let held = judged.iter().filter(|j| j.state != ErratumState::Stale).filter_map(|j| j.fact.parse().ok());
        let held = Held(held.collect());
        let silent = apply::apply(&mut self.updated, *at, &theirs, &found, &held);
        let codes = control::codes(found, &held);
        Some(Applied { silent, judged, theirs, codes })
    }
}

/// What became of the facts of a page.
struct Applied {
    /// What the page is silent about.
    silent: Vec<Silent>,
    /// How each of its errata stands to it.
    judged: Vec<Judged>,
    /// Its facts, under our names.
    theirs: Item,
    /// Control codes that are others on the page, which the model cannot have: it has one, the name of our page.
    codes: Vec<(FactPath, String)>,
}

/// The model with all its facts, by the vendor's pages.
#[derive(Debug)]
pub struct Ours<'s> {
    spec: &'s Spec,
    tree: Tree,
    pages: BTreeMap<&'s str, (Identity, PageAt)>,
    errata: BTreeMap<&'s str, Vec<&'s Erratum>>,
}

impl<'s> Ours<'s> {
    /// Takes a model apart.
    #[must_use]
    pub fn of(spec: &'s Spec) -> Self {
        use crate::facts::ItemKind;
        let identity = |kind: ItemKind, page: &Page, name: &str| Identity::new(kind, &page.header, name);
        let apis = spec.apis.iter().enumerate();
        let apis = apis.map(|(at, a)| (&a.page, (identity(a.kind.value.into(), &a.page, a.key()), PageAt::Api(at))));
        let structs = spec.structs.iter().enumerate();
        let structs = structs.map(|(at, s)| (&s.page, (identity(ItemKind::Struct, &s.page, &s.page.name), PageAt::Struct(at))));
        let enums = spec.enums.iter().enumerate();
        let enums = enums.map(|(at, e)| (&e.page, (identity(ItemKind::Enum, &e.page, &e.page.name), PageAt::Enum(at))));
        let controls = spec.controls.iter().enumerate();
        let controls =
            controls.map(|(at, c)| (&c.page, (identity(ItemKind::Control, &c.page, &c.page.name), PageAt::Control(at))));
        let all = apis.chain(structs).chain(enums).chain(controls);
        let pages = all.filter_map(|(page, found)| Some((page.upstream.as_ref()?.value.as_str(), found))).collect();
        Self { spec, tree: facts_of(spec), pages, errata: errata_by_page(spec) }
    }

    /// The page of ours that describes what a page of the vendor's does.
    fn page(&self, stem: &str) -> Option<&Page> {
        let page = |at: PageAt| match at {
            PageAt::Api(at) => self.spec.apis.get(at).map(|a| &a.page),
            PageAt::Struct(at) => self.spec.structs.get(at).map(|s| &s.page),
            PageAt::Enum(at) => self.spec.enums.get(at).map(|e| &e.page),
            PageAt::Control(at) => self.spec.controls.get(at).map(|c| &c.page),
        };
        self.pages.get(stem).and_then(|(_, at)| page(*at))
    }
}

/// The name of the vendor's page that facts come from: that of its file, or the one that the site gives to a page of that name.
#[must_use]
pub fn upstream_of(facts: &PageFacts) -> Option<String> {
    match &facts.item {
        ItemFacts::Api(api) => import::upstream(api, facts.page.as_deref()),
        ItemFacts::Control(control) => import::upstream_of_control(control, facts.page.as_deref()),
        _ => facts.page.clone().or_else(|| {
            let (kind, header, tag) = match &facts.item {
                ItemFacts::Struct(s) => ("ns", s.header.as_ref()?, s.tag.as_ref().or(s.name.as_ref())?),
                ItemFacts::Enum(e) => ("ne", e.header.as_ref()?, e.name.as_ref()?),
                ItemFacts::Api(_) | ItemFacts::Control(_) => return None,
            };
            Some(format!("{kind}-{}-{}", header.split('.').next()?, tag.to_lowercase()))
        }),
    }
}

/// A page of the checkout, its text forgotten.
struct Upstream {
    stem: String,
    file: PathBuf,
    item: Option<(Identity, Item)>,
    digests: BTreeMap<String, String>,
    /// Whether it has a text at all: of what is no regular file, nothing is known.
    is_read: bool,
    ours: Option<(String, String)>,
    duplicates: Vec<Duplicate>,
    /// The first thing that is wrong with it.
    error: Option<String>,
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
        report.push(
            Diagnostic::error("sync::folder", what)
                .in_file(folder.display().to_string())
                .help("name a checkout of the vendor's documentation, or the folder of one header in it"),
        );
        return (Findings { updated: spec.clone(), ..Findings::default() }, String::new());
    }
    let ours = Ours::of(spec);
    let headers: BTreeSet<&str> = ours.pages.values().filter_map(|(identity, _)| identity.header.strip_suffix(".h")).collect();
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    for file in corpus::expand(&[folder.to_path_buf()], report) {
        let Some(stem) = file.file_stem().and_then(|s| s.to_str()).map(str::to_owned) else { continue };
        let is_ours = ours.pages.contains_key(stem.as_str()) || header_of(&stem).is_some_and(|h| headers.contains(h));
        if !is_ours || file.extension().is_none_or(|e| e != "md") {
            continue;
        }
        if let Some(other) = found.get(&stem) {
            let message = format!("there are two pages {stem} here, the other is {}", other.display());
            report.push(
                Diagnostic::error("sync::twice", message)
                    .in_file(file.display().to_string())
                    .help("name the folder of one revision of the pages"),
            );
            continue;
        }
        found.insert(stem, file);
    }
    if found.is_empty() {
        report.push(
            Diagnostic::error("sync::nothing", "none of the pages that spec-data is about is in this folder")
                .in_file(folder.display().to_string())
                .help("name a checkout of the vendor's documentation, or the folder of one header in it"),
        );
    }
    let files: Vec<PathBuf> = found.values().cloned().collect();
    let read = corpus::read(&files, options, |page| Upstream {
        stem: page.path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned(),
        file: page.path.to_path_buf(),
        item: page.facts.and_then(|facts| vendor::facts_of(facts, page.sources)),
        digests: page.text.map(sections::digests).unwrap_or_default(),
        is_read: page.text.is_some(),
        ours: page.facts.and_then(|facts| Some((import::path_of(facts)?, import::write_page(facts)))),
        duplicates: told::duplicates(&page.diagnostics()),
        error: page.diagnostics().into_iter().find(|d| d.severity == Severity::Error).map(|d| d.message),
    });

    let mut findings = Findings { updated: spec.clone(), files: found, ..Findings::default() };
    let mut said = String::new();
    let mut read_items: BTreeMap<String, Item> = BTreeMap::new();
    let mut codes: Vec<(Identity, Vec<(FactPath, String)>)> = Vec::new();
    for page in read {
        let upstream = page.made;
        // Conceptual pages are no reference pages and carry no facts that are read; all that is looked at is their prose.
        let is_reference = header_of(&upstream.stem).is_some();
        if page.has_errors && is_reference || !upstream.is_read {
            said += &page.text;
            let message = upstream.error.map_or_else(String::new, |error| format!(": {error}"));
            report.push(
                Diagnostic::error("sync::unread", format!("the page cannot be compared{message}"))
                    .in_file(upstream.file.display().to_string())
                    .help("mend the page, or wait for a revision of it that can be read"),
            );
            continue;
        }
        let Some(our_page) = ours.page(&upstream.stem) else {
            findings.digests.insert(upstream.stem.clone(), upstream.digests);
            let name = upstream.item.map(|(identity, _)| identity.name);
            let file = upstream.file.display().to_string();
            findings.new.push(NewPage { page: upstream.stem, file, name, ours: upstream.ours });
            continue;
        };
        findings.compared += 1;
        let mut of_page = PageFindings {
            page: upstream.stem.clone(),
            file: upstream.file.display().to_string(),
            name: our_page.name.value.clone(),
            ..PageFindings::default()
        };
        match lock.pages.get(&upstream.stem) {
            Some(locked) => of_page.prose = lock::changes(&locked.sections, &upstream.digests),
            None => of_page.unreviewed = true,
        }
        of_page.duplicates = upstream.duplicates;
        if let Some((_, item)) = &upstream.item
            && let Some(applied) = findings.apply(&ours, &upstream.stem, item, &of_page.duplicates)
        {
            if let Some((identity, _)) = ours.pages.get(upstream.stem.as_str()).filter(|_| !applied.codes.is_empty()) {
                codes.push((identity.clone(), applied.codes));
            }
            read_items.insert(upstream.stem.clone(), applied.theirs);
            of_page.silent = applied.silent;
            of_page.errata = applied.judged.into_iter().filter(|j| j.state != ErratumState::Holds).collect();
        }
        findings.digests.insert(upstream.stem.clone(), upstream.digests);
        findings.pages.push(of_page);
    }
    let updated = control::with_codes(facts_of(&findings.updated), &codes);
    let changes = diff::diff_facts((&ours.tree, sources), (&updated, sources));
    let mut by_item: BTreeMap<(String, String), Vec<Change>> = BTreeMap::new();
    for change in changes {
        by_item.entry((change.name.clone(), change.header.clone())).or_default().push(change);
    }
    for page in &mut findings.pages {
        let theirs = read_items.get(&page.page);
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
        let none = BTreeMap::new();
        let reviewed = lock.pages.get(&page.page).map_or(&none, |locked| &locked.sections);
        let now = findings.digests.get(&page.page).unwrap_or(&none);
        let changed = lock::changes(reviewed, now);
        // What was there twice when the page was reviewed is no news.
        page.duplicates.retain(|duplicate| changed.iter().any(|section| told::name_of(&section.section) == duplicate.name));
        let sections = told::Sections { facts: &page.facts, duplicates: &page.duplicates, reviewed, now };
        let (with_facts, prose) = std::mem::take(&mut page.prose).into_iter().partition(|section| sections.is_told(section));
        (page.with_facts, page.prose) = (with_facts, prose);
    }
    findings.pages.retain(|p| !p.is_empty());
    let was_gone = |stem: &String| lock.pages.get(stem).is_some_and(|p| p.gone);
    findings.gone = gone(&ours, &findings).into_iter().filter(|stem| !was_gone(stem)).collect();
    let used = |stem: &String| {
        let (identity, _) = ours.pages.get(stem.as_str())?;
        Some(GonePage { page: stem.clone(), name: identity.name.clone(), used_by: told::users(&ours.tree, identity) })
    };
    findings.gone_used = findings.gone.iter().filter_map(used).collect();
    findings.back = findings.digests.keys().filter(|stem| was_gone(stem)).cloned().collect();
    (findings, said)
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

/// `wsk` of `nc-wsk-pfn_wsk_connect`.
fn header_of(stem: &str) -> Option<&str> {
    let rest = ["nc-", "nf-", "ns-", "ne-"].iter().find_map(|kind| stem.strip_prefix(kind))?;
    rest.split_once('-').map(|(header, _)| header)
}
