//! What vendor pages say against what the model says: where they differ, and which erratum says why.
//!
//! In: the item of a page and that of ours. Out: every fact that differs or is not stated, under our names. `import` and spec-data are held
//! together by this, and `sync` stands on it; nothing is changed.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::{Carried, Compared, FactKind, FactPath, Item, ItemKind, Silence};
use crate::spec::{Erratum, Spec, facts_of};

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every fact that a page carries.
    Everything,
    /// Types, names and order of parameters and fields only: what a prototype or definition says.
    Signatures,
}

impl Scope {
    fn has(self, kind: FactKind) -> bool {
        let is_signature = matches!(
            kind,
            FactKind::Params
                | FactKind::Param
                | FactKind::ParamName
                | FactKind::ParamType
                | FactKind::ReturnType
                | FactKind::Fields
                | FactKind::Field
                | FactKind::FieldName
                | FactKind::FieldType
        );
        kind.carried() != Carried::Never && (self == Self::Everything || is_signature)
    }
}

/// A fact in which a page and the model differ, or which a page does not state.
#[derive(Debug, Clone)]
pub struct Disagreement {
    /// The fact, under our names.
    pub path: FactPath,
    /// What the page says; `None` where it says nothing, or has no such thing.
    pub upstream: Option<String>,
    /// What the model says; `None` where it has no such thing.
    pub ours: Option<String>,
}

/// Where a page and our page differ, with the facts of the page under our names.
#[must_use]
pub fn disagreements(ours: &Item, theirs: &Item, scope: Scope) -> (Item, Vec<Disagreement>) {
    let compared = Compared::new(theirs, ours, Silence::IsSilence);
    let found = compared.differences.into_iter().filter(|d| scope.has(d.path.kind()));
    // What pages of some revisions state is no fact where a page does not.
    let is_stated = |d: &crate::facts::Difference| d.before.is_some() || d.path.kind().carried() != Carried::Sometimes;
    // A page of a control code names codes of its function, too, which ours does not repeat.
    let is_of_function = |d: &crate::facts::Difference| {
        ours.kind == ItemKind::Control && d.after.is_none() && matches!(d.path.kind(), FactKind::Code | FactKind::Codes)
    };
    // Few such pages list the flags of the input; most refer to its type.
    let lists_none = ours.kind == ItemKind::Control && !theirs.has_kind(FactKind::Constant);
    let is_unlisted = |d: &crate::facts::Difference| lists_none && d.path.kind() == FactKind::Constant;
    let found = found.filter(is_stated).filter(|d| !is_of_function(d) && !is_unlisted(d)).map(|d| Disagreement {
        path: d.path,
        upstream: d.before.map(|f| f.value),
        ours: d.after.map(|f| f.value),
    });
    let found = found.collect();
    (compared.was.into_owned(), found)
}

impl Disagreement {
    /// Whether an erratum of its page answers for it: by that fact, or by a part of what only one of the two has.
    #[must_use]
    pub fn is_explained_by(&self, erratum: &Erratum, ours: &Item) -> bool {
        let Ok(fact) = erratum.fact.parse::<FactPath>() else { return false };
        let (upstream, value) = (erratum.upstream.as_ref().map(|u| &u.value), erratum.value.as_ref().map(|v| &v.value));
        if fact == self.path {
            return upstream == self.upstream.as_ref() && value == self.ours.as_ref();
        }
        let is_part = fact.ancestors().any(|above| above == self.path);
        is_part && self.upstream.is_none() && upstream.is_none() && value == ours.get(&fact).map(|f| &f.value)
    }
}

/// A disagreement of a page.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The vendor's page.
    pub page: String,
    /// The fact, as errata name it.
    pub fact: String,
    /// What the page says.
    pub upstream: Option<String>,
    /// What the model says.
    pub ours: Option<String>,
    /// Whether an erratum answers for it.
    pub explained: bool,
}

/// The outcome of a comparison.
#[derive(Debug, Clone, Default)]
pub struct Agreement {
    /// How many facts were compared.
    pub compared: usize,
    /// Those that differ or are not stated.
    pub differences: Vec<Difference>,
    /// Pages that the model does not have.
    pub unknown_pages: Vec<String>,
    used: BTreeSet<(String, String)>,
}

impl Agreement {
    /// The differences that no erratum answers for.
    pub fn unexplained(&self) -> impl Iterator<Item = &Difference> {
        self.differences.iter().filter(|d| !d.explained)
    }

    /// Errata about the given pages that none of the comparisons needed: upstream has caught up with them.
    pub fn stale<'s>(spec: &'s Spec, comparisons: &[&Self]) -> Vec<&'s Erratum> {
        let is_used = |e: &Erratum| {
            let key = (e.page.value.clone(), e.fact.value.clone());
            comparisons.iter().any(|a| a.used.contains(&key))
        };
        spec.errata.iter().filter(|e| !is_used(e)).collect()
    }

    fn take(&mut self, errata: &[&Erratum], page: &str, found: Disagreement, ours: &Item) {
        let answers: Vec<&&Erratum> = errata.iter().filter(|e| found.is_explained_by(e, ours)).collect();
        self.used.extend(answers.iter().map(|e| (page.to_owned(), e.fact.value.clone())));
        self.differences.push(Difference {
            page: page.to_owned(),
            fact: found.path.to_string(),
            upstream: found.upstream,
            ours: found.ours,
            explained: !answers.is_empty(),
        });
    }
}

/// The errata of each of the vendor's pages.
pub(crate) fn errata_by_page(spec: &Spec) -> BTreeMap<&str, Vec<&Erratum>> {
    let mut found: BTreeMap<&str, Vec<&Erratum>> = BTreeMap::new();
    spec.errata.iter().for_each(|e| found.entry(e.page.as_str()).or_default().push(e));
    found
}

/// Compares pages with the model; each page with its name.
#[must_use]
pub fn compare(spec: &Spec, pages: &[(String, Item)], scope: Scope) -> Agreement {
    let tree = facts_of(spec);
    let (ours, errata) = (tree.by_upstream(), errata_by_page(spec));
    let mut agreement = Agreement::default();
    for (page, theirs) in pages {
        let Some(our_item) = ours.get(page.as_str()) else {
            agreement.unknown_pages.push(page.clone());
            continue;
        };
        let (renamed, found) = disagreements(our_item, theirs, scope);
        let carried = |(path, _): &(&FactPath, &crate::facts::Fact)| scope.has(path.kind());
        agreement.compared += renamed.facts().filter(carried).count();
        for difference in found {
            agreement.take(errata.get(page.as_str()).map_or(&[], Vec::as_slice), page, difference, our_item);
        }
    }
    agreement
}

/// Types that no revision of a page gives: each needs an erratum that says where ours come from.
#[must_use]
pub fn untyped(spec: &Spec, revisions: &[&[(String, Item)]]) -> Agreement {
    let pages = revisions.iter().flat_map(|pages| pages.iter());
    let typed: BTreeSet<&str> = pages.filter(|(_, item)| item.has_kind(FactKind::Types)).map(|(page, _)| page.as_str()).collect();
    let tree = facts_of(spec);
    let errata = errata_by_page(spec);
    let mut agreement = Agreement::default();
    for (page, ours) in tree.by_upstream() {
        let whole = match ours.kind {
            ItemKind::Struct => FactKind::Definition,
            ItemKind::Function | ItemKind::Callback | ItemKind::Export => FactKind::Signature,
            _ => continue,
        };
        if typed.contains(page) {
            continue;
        }
        agreement.compared += 1;
        let ours_says = ours.value(whole, &[]).map(str::to_owned);
        let found = Disagreement { path: FactPath::new(whole, &[]), upstream: None, ours: ours_says };
        agreement.take(errata.get(page).map_or(&[], Vec::as_slice), page, found, ours);
    }
    agreement
}
