//! The facts of vendor pages against the model: where they differ, and which erratum says why.
//!
//! In: the pages that were imported, and the model. Out: every fact that was compared, and for each that differs or is not
//! stated the erratum that answers for it, if there is one. `import` and spec-data are held together by this; nothing is changed.

use std::collections::BTreeSet;

use crate::lint::{Fact, fact_of};
use crate::spec::{Erratum, Spec};
use crate::vendor::{ApiFacts, FieldFacts, ItemFacts, PageFacts, StructFacts};

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every fact that a page carries.
    Everything,
    /// Types, names and order of parameters and fields only: what a prototype or definition says.
    Signatures,
}

/// A fact in which a page and the model differ, or which a page does not state.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The vendor's page.
    pub page: String,
    /// The fact, as errata name it.
    pub fact: String,
    /// What the page says; `None` where it says nothing.
    pub upstream: Option<String>,
    /// What the model says; `None` where it has no such thing.
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
        spec.errata
            .iter()
            .filter(|e| !comparisons.iter().any(|a| a.used.contains(&(e.page.value.clone(), e.fact.value.clone()))))
            .collect()
    }
}

/// Compares pages with the model.
#[must_use]
pub fn compare(spec: &Spec, pages: &[PageFacts], scope: Scope) -> Agreement {
    let mut comparison = Comparison { spec, agreement: Agreement::default(), page: String::new() };
    for page in pages {
        let Some(name) = &page.page else { continue };
        comparison.page.clone_from(name);
        match &page.item {
            ItemFacts::Api(facts) => comparison.api(facts, scope),
            ItemFacts::Struct(facts) => comparison.structure(facts, scope),
            ItemFacts::Enum(_) => comparison.agreement.unknown_pages.push(name.clone()),
        }
    }
    comparison.agreement
}

/// Types that no revision of a page gives: each needs an erratum that says where ours come from.
#[must_use]
pub fn untyped(spec: &Spec, revisions: &[&[PageFacts]]) -> Agreement {
    let typed: BTreeSet<&str> = revisions
        .iter()
        .flat_map(|pages| pages.iter())
        .filter(|page| match &page.item {
            ItemFacts::Api(facts) => facts.return_type.is_some(),
            ItemFacts::Struct(facts) => facts.record.is_some(),
            ItemFacts::Enum(_) => false,
        })
        .filter_map(|page| page.page.as_deref())
        .collect();
    let mut comparison = Comparison { spec, agreement: Agreement::default(), page: String::new() };
    let apis = spec.apis.iter().map(|a| (&a.page, "signature"));
    for (page, fact) in apis.chain(spec.structs.iter().map(|s| (&s.page, "definition"))) {
        let Some(upstream) = page.upstream.as_ref().filter(|u| !typed.contains(u.as_str())) else { continue };
        comparison.page.clone_from(&upstream.value);
        comparison.fact(fact, None);
    }
    comparison.agreement
}

struct Comparison<'s> {
    spec: &'s Spec,
    agreement: Agreement,
    page: String,
}

impl Comparison<'_> {
    /// One fact. `upstream` is what the page says.
    fn fact(&mut self, fact: &str, upstream: Option<String>) {
        self.agreement.compared += 1;
        let ours = match fact_of(self.spec, &self.page, fact) {
            Fact::Is(value) => value,
            Fact::NoFact | Fact::NoPage => None,
        };
        if ours == upstream {
            return;
        }
        let explained = self.spec.errata.iter().any(|e| {
            e.page.value == self.page
                && e.fact.value == fact
                && e.upstream.as_ref().map(|u| &u.value) == upstream.as_ref()
                && e.value.as_ref().map(|v| &v.value) == ours.as_ref()
        });
        if explained {
            self.agreement.used.insert((self.page.clone(), fact.to_owned()));
        }
        self.agreement.differences.push(Difference { page: self.page.clone(), fact: fact.to_owned(), upstream, ours, explained });
    }

    /// A fact that a page of this dialect does not carry at all: compared only if it is there.
    fn if_stated(&mut self, fact: &str, upstream: Option<String>) {
        if upstream.is_some() {
            self.fact(fact, upstream);
        }
    }

    fn api(&mut self, facts: &ApiFacts, scope: Scope) {
        let Some(api) = self.spec.apis.iter().find(|a| a.page.upstream.as_ref().is_some_and(|u| u.value == self.page)) else {
            self.agreement.unknown_pages.push(self.page.clone());
            return;
        };
        let text = |s: &Option<crate::source::Spanned<String>>| s.as_ref().map(|s| s.value.clone());
        self.if_stated("returns.type", facts.return_type.clone());
        // Parameters by their position: a page may call one by another name.
        for (at, param) in api.params.iter().enumerate() {
            let name = &param.name.value;
            let Some(theirs) = facts.params.get(at) else {
                self.fact(&format!("params.{name}.name"), None);
                continue;
            };
            self.fact(&format!("params.{name}.name"), Some(theirs.name.value.clone()));
            self.if_stated(&format!("params.{name}.type"), theirs.ty.clone());
            if scope == Scope::Everything {
                self.fact(&format!("params.{name}.direction"), theirs.direction.map(|d| d.as_str().to_owned()));
                self.if_stated(&format!("params.{name}.optional"), theirs.optional.map(|o| o.to_string()));
                self.fact(&format!("params.{name}.reserved"), Some(theirs.reserved.to_string()));
                let ours: Vec<&str> = api
                    .values
                    .iter()
                    .filter(|t| t.of.value == *name)
                    .flat_map(|t| &t.rows)
                    .map(|r| r.constant.value.as_str())
                    .collect();
                for value in &theirs.values {
                    self.fact(&format!("values.{name}.{value}"), Some(value.value.clone()));
                }
                for value in ours.iter().filter(|v| !theirs.values.iter().any(|t| t.value == **v)) {
                    self.fact(&format!("values.{name}.{value}"), None);
                }
            }
        }
        for extra in facts.params.iter().skip(api.params.len()) {
            self.fact(&format!("params.{}.name", extra.name), Some(extra.name.value.clone()));
        }
        if scope == Scope::Signatures {
            return;
        }
        self.fact("name", text(&facts.name));
        self.fact("kind", facts.kind.map(|k| k.as_str().to_owned()));
        self.fact("header", text(&facts.header));
        self.fact("since", text(&facts.since));
        self.fact("irql", facts.levels());
        // A page without a return section is that of a function that returns nothing.
        if let Some(open) = facts.open {
            self.fact("returns.open", Some(open.to_string()));
        }
        for code in &facts.codes {
            self.fact(&format!("returns.{code}"), Some(code.value.clone()));
        }
        for code in api.returns.codes.iter().filter(|c| !facts.codes.iter().any(|f| f.value == c.name.value)) {
            self.fact(&format!("returns.{}", code.name), None);
        }
    }

    fn structure(&mut self, facts: &StructFacts, scope: Scope) {
        let Some(structure) = self.spec.structs.iter().find(|s| s.page.upstream.as_ref().is_some_and(|u| u.value == self.page))
        else {
            self.agreement.unknown_pages.push(self.page.clone());
            return;
        };
        let text = |s: &Option<crate::source::Spanned<String>>| s.as_ref().map(|s| s.value.clone());
        let has_types = facts.record.is_some();
        let ours: Vec<String> = structure.record.fields.iter().filter_map(|f| f.name.as_ref().map(|n| n.value.clone())).collect();
        for FieldFacts { name, ty, .. } in &facts.fields {
            if has_types {
                self.fact(&format!("fields.{name}.type"), ty.clone());
            } else {
                self.fact(&format!("fields.{name}.name"), Some(name.value.clone()));
            }
        }
        for name in ours.iter().filter(|o| !facts.fields.iter().any(|f| f.name.value == **o)) {
            self.fact(&format!("fields.{name}.{}", if has_types { "type" } else { "name" }), None);
        }
        // The common fields stand in the same order.
        let order = |names: Vec<&str>, other: &dyn Fn(&str) -> bool| {
            names.into_iter().filter(|n| other(n)).collect::<Vec<_>>().join(", ")
        };
        let theirs = order(facts.fields.iter().map(|f| f.name.value.as_str()).collect(), &|n| ours.iter().any(|o| o == n));
        let mine = order(ours.iter().map(String::as_str).collect(), &|n| facts.fields.iter().any(|f| f.name.value == n));
        self.agreement.compared += 1;
        if theirs != mine {
            let (page, fact) = (self.page.clone(), "fields".to_owned());
            self.agreement.differences.push(Difference {
                page,
                fact,
                upstream: Some(theirs),
                ours: Some(mine),
                explained: false,
            });
        }
        if scope == Scope::Everything {
            self.fact("name", text(&facts.name));
            self.fact("header", text(&facts.header));
            self.fact("since", text(&facts.since));
        }
    }
}
