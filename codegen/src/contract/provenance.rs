//! Where the facts of an item are from: the vendor's page, the revision of it that was reviewed, and the errata that govern single facts.
//!
//! In: the errata of the model, and what the lock says of pages. Out: an entry for each item of ours that has a page of the vendor's.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::source::{Place, Sources};
use crate::spec::{Page, Spec};

/// Where the facts of an item are from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Provenance {
    /// The vendor's page as it was last reviewed; null where it never was.
    pub reviewed: Option<Reviewed>,
    /// The errata that govern single facts, by the paths of the facts; each is the `place` of an entry of `errata`. A fact without an
    /// entry is what the vendor's page says, or one that no page of the vendor's states.
    pub errata: BTreeMap<String, Vec<String>>,
}

/// A page of the vendor's as it was last reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reviewed {
    /// The revision of the vendor's repository; null where the pages did not stand in one.
    pub revision: Option<String>,
    /// Whether the page was gone by then: what it said before is what holds.
    pub gone: bool,
}

/// What is known of the vendor's pages.
#[derive(Debug)]
pub(super) struct Origins<'a> {
    errata: BTreeMap<&'a str, BTreeMap<String, Vec<String>>>,
    reviewed: &'a BTreeMap<String, Reviewed>,
}

impl<'a> Origins<'a> {
    pub(super) fn new(spec: &'a Spec, sources: &Sources, reviewed: &'a BTreeMap<String, Reviewed>) -> Self {
        let mut errata: BTreeMap<&str, BTreeMap<String, Vec<String>>> = BTreeMap::new();
        for erratum in &spec.errata {
            let place = Place::of(sources, erratum.span);
            let of_fact = errata.entry(&erratum.page.value).or_default().entry(erratum.fact.value.clone()).or_default();
            of_fact.push(format!("{}:{}", place.file, place.line));
        }
        Self { errata, reviewed }
    }

    /// Where the facts of a page of ours are from; `None` where it has no page of the vendor's.
    pub(super) fn of(&self, page: &Page) -> Option<Provenance> {
        let upstream = page.upstream.as_ref()?.value.as_str();
        Some(Provenance {
            reviewed: self.reviewed.get(upstream).cloned(),
            errata: self.errata.get(upstream).cloned().unwrap_or_default(),
        })
    }
}
