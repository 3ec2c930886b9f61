//! A checkout of the vendor's documentation against spec-data: what changed since it was last reviewed.
//!
//! In: the model, the lock, and a folder of the vendor's pages. Out: for each page the facts that are others now, the facts that it is
//! silent about, the sections whose prose is not what was reviewed, and the errata that no longer hold; and pages that are new or
//! gone. `apply` makes the model that would follow, and the changes are those that [`crate::diff`] finds between the two. The vendor's
//! text stays where it is: of it the lock has digests, and only a terminal ever shows words of it.

mod accept;
mod apply;
mod checkout;
mod comments;
mod compare;
mod control;
mod emphasis;
mod errata;
mod findings;
mod inline;
mod left;
mod links;
mod lock;
mod prose;
mod report;
mod sections;
mod statuses;
mod tags;
mod told;
mod types;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use crate::agreement::{Scope, disagreements, errata_by_page};
use crate::facts::{FactPath, Identity, Item, Tree};
use crate::import;
use crate::spec::{Erratum, Page, Spec, facts_of};
use crate::vendor::{ItemFacts, PageFacts};
use apply::{Held, PageAt};

pub use accept::{AcceptError, Revision, Written, accept, pages_of};
pub use apply::Silent;
pub use compare::sync;
pub use errata::{ErratumState, Judged};
pub use findings::{Duplicate, Findings, GonePage, History, NewPage, PageFindings, SectionChange, SectionState, Untaken};
pub use left::{Left, left};
pub use lock::{Lock, LockError, Locked};
pub use prose::{Repository, UnknownRevision, history, known_revision};
pub use report::{json, text};

impl Findings {
    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty() && self.new.is_empty() && self.gone.is_empty() && self.back.is_empty()
    }

    /// Decides of all that pages list twice that the first is meant.
    pub fn settle_duplicates(&mut self) {
        self.pages.iter_mut().flat_map(|page| &mut page.duplicates).for_each(|duplicate| duplicate.is_settled = true);
    }

    /// Whether a page of the checkout has one of ours, or gets it.
    pub(super) fn is_taken(&self, page: &str) -> bool {
        self.new.iter().find(|new| new.page == page).is_none_or(|new| new.ours.is_some())
    }

    /// Takes the facts of one page: into the model, or, where it has no such page, as the page of ours that would be new.
    pub fn take(&mut self, ours: &Ours<'_>, stem: &str, (identity, item): &(Identity, Item), new: (String, String)) {
        if self.apply(ours, stem, item, &[]).is_none() {
            let name = Some(identity.name.clone());
            self.new.push(NewPage { page: stem.to_owned(), file: String::new(), name, ours: Some(new), why_not: None });
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

    /// The functions that take control codes.
    fn control_functions(&self) -> BTreeSet<&str> {
        self.spec.controls.iter().map(|control| control.function.as_str()).collect()
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

/// `wsk` of `nc-wsk-pfn_wsk_connect`.
fn header_of(stem: &str) -> Option<&str> {
    let rest = ["nc-", "nf-", "ns-", "ne-"].iter().find_map(|kind| stem.strip_prefix(kind))?;
    rest.split_once('-').map(|(header, _)| header)
}
