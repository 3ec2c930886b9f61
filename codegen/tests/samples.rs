//! What `import` reads out of pages of the samples is what a person read there: `golden/samples.yaml`.
//!
//! Keys of a page, each of which may be absent: `since`, `kind`, `kind_if_read` (the kind is this one or unknown), `codes` (in any order), `open`, `open_if_read` (this or unknown), `never_closed` (open may be anything
//! but false), `params` (all of them, in order: name, `in`, `out`, `inout` or `unknown`, then `optional`, `reserved`, or
//! `maybe-reserved` where either will do), `param_values`, `irql`, `fields` (all, in order), `fields_in_any_order`, `field_count`,
//! `values` (of enumerators; others may have some, too).

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]
#![allow(missing_docs, unreachable_pub, reason = "the modules of a test are not public")]

#[path = "samples/adapter.rs"]
mod adapter;
mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use adapter::{Read, facts_of};
use common::shared;
use serde::{Deserialize, Deserializer};
use wsk_codegen::source::{Report, Sources};
use wsk_codegen::vendor;

/// The samples that the pages come from.
const SAMPLES: [&str; 5] = ["ddi-2018-01", "ddi-2018-01-31-sample", "ddi-2020-07-sample", "ddi-2024-03", "ddi-2024-03-sample"];

/// The causes of misreadings, as findings/pages.md counts them.
const CAUSES: [&str; 9] = ["A", "B", "C", "D", "E", "F", "G", "H", "I"];

/// The facts that a person read on a page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    page: String,
    cause: String,
    /// The outer `None`: not pinned; the inner one: the page states none.
    #[serde(default, deserialize_with = "stated")]
    since: Option<Option<String>>,
    #[serde(default, deserialize_with = "stated")]
    kind: Option<Option<String>>,
    /// What a person understands from words that need not be understood: the reader may leave the kind open, and nothing else.
    kind_if_read: Option<String>,
    codes: Option<Vec<String>>,
    #[serde(default, deserialize_with = "stated")]
    open: Option<Option<bool>>,
    /// What a person concludes from words that need not be understood: the reader may leave it unknown, and nothing else.
    open_if_read: Option<bool>,
    #[serde(default)]
    never_closed: bool,
    params: Option<Vec<String>>,
    #[serde(default)]
    param_values: BTreeMap<String, Vec<String>>,
    #[serde(default, deserialize_with = "stated")]
    irql: Option<Option<String>>,
    fields: Option<Vec<String>>,
    fields_in_any_order: Option<Vec<String>>,
    field_count: Option<FieldCount>,
    #[serde(default)]
    values: BTreeMap<String, i64>,
}

/// What is pinned of a long list of fields.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct FieldCount {
    count: usize,
    first: String,
    last: String,
}

/// A key that is there, with null as a value of its own.
fn stated<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

fn pages() -> Vec<Page> {
    serde_saphyr::from_str(include_str!("golden/samples.yaml")).expect("readable pins")
}

/// A fact that was read otherwise.
struct Mismatch {
    sample: String,
    fact: &'static str,
    line: String,
}

struct Comparison<'p> {
    page: &'p Page,
    mismatches: Vec<Mismatch>,
    compared: usize,
}

impl Comparison<'_> {
    fn differs(&mut self, fact: &'static str, by_hand: impl Debug, read: impl Debug) {
        let sample = self.page.page.split('/').next().unwrap_or_default().to_string();
        let line = format!("{} [{}] {fact}: by hand {by_hand:?}, read {read:?}", self.page.page, self.page.cause);
        self.mismatches.push(Mismatch { sample, fact, line });
    }

    fn equal<T: PartialEq + Debug>(&mut self, fact: &'static str, by_hand: &T, read: &T) {
        self.compared += 1;
        if by_hand != read {
            self.differs(fact, by_hand, read);
        }
    }

    fn set(&mut self, fact: &'static str, by_hand: &[String], read: &[String]) {
        let set = |list: &[String]| list.iter().cloned().collect::<BTreeSet<String>>();
        self.equal(fact, &set(by_hand), &set(read));
    }

    fn facts(&mut self, read: &Read) {
        let page = self.page;
        if let Some(since) = &page.since {
            self.equal("since", since, &read.since);
        }
        if let Some(kind) = &page.kind {
            self.equal("kind", kind, &read.kind);
        }
        if let Some(kind) = &page.kind_if_read {
            self.compared += 1;
            if read.kind.as_ref().is_some_and(|read| read != kind) {
                self.differs("kind", kind, &read.kind);
            }
        }
        if let Some(codes) = &page.codes {
            self.set("codes", codes, &read.codes);
        }
        if let Some(open) = &page.open {
            self.equal("open", open, &read.open);
        }
        if let Some(open) = page.open_if_read {
            self.compared += 1;
            if read.open.is_some_and(|read| read != open) {
                self.differs("open", open, read.open);
            }
        }
        if page.never_closed {
            self.compared += 1;
            if read.open == Some(false) {
                self.differs("open", "not closed", read.open);
            }
        }
        if let Some(irql) = &page.irql {
            self.equal("irql", irql, &read.irql);
        }
        if let Some(params) = &page.params {
            self.params(params, read);
        }
        for (name, values) in &page.param_values {
            let known = read.params.iter().find(|p| p.name == *name).map_or(&[][..], |p| &p.values);
            self.set("param values", values, known);
        }
        self.fields(read);
    }

    fn params(&mut self, by_hand: &[String], read: &Read) {
        let names: Vec<&str> = by_hand.iter().map(|p| p.split(' ').next().unwrap_or_default()).collect();
        self.equal("param names", &names, &read.params.iter().map(|p| p.name.as_str()).collect());
        for param in by_hand {
            let mut words: Vec<&str> = param.split(' ').collect();
            let name = words.remove(0);
            let Some(known) = read.params.iter().find(|p| p.name == name) else { continue };
            let mut known = known.words.clone();
            if words.contains(&"maybe-reserved") {
                words.retain(|w| *w != "maybe-reserved");
                known.retain(|w| *w != "reserved");
            }
            self.equal("params", &format!("{name} {}", words.join(" ")), &format!("{name} {}", known.join(" ")));
        }
    }

    fn fields(&mut self, read: &Read) {
        let page = self.page;
        if let Some(fields) = &page.fields {
            self.equal("fields", fields, &read.fields);
        }
        if let Some(fields) = &page.fields_in_any_order {
            let sorted = |list: &[String]| {
                let mut list = list.to_vec();
                list.sort();
                list
            };
            self.equal("fields", &sorted(fields), &sorted(&read.fields));
        }
        if let Some(by_hand) = &page.field_count {
            let name = |field: Option<&String>| field.cloned().unwrap_or_default();
            let known = FieldCount { count: read.fields.len(), first: name(read.fields.first()), last: name(read.fields.last()) };
            self.equal("fields", by_hand, &known);
        }
        for (name, value) in &page.values {
            self.equal("values", &Some(&value.to_string()), &read.values.get(name));
        }
    }
}

#[test]
fn what_is_read_of_the_samples_is_what_a_person_read() {
    let mut mismatches = Vec::new();
    let mut compared = 0;
    for page in &pages() {
        let (folder, name) = page.page.split_once('/').expect("a folder and a file");
        let Some(path) = shared(folder) else { return };
        let (mut sources, mut report) = (Sources::new(), Report::new());
        let file = sources.read(&path.join(name), name, &mut report).unwrap_or_else(|| panic!("{} is not there", page.page));
        let mut comparison = Comparison { page, mismatches: Vec::new(), compared: 0 };
        match vendor::read(&sources, file, &mut report) {
            Some(facts) => comparison.facts(&facts_of(&facts)),
            None => comparison.differs("page", "facts", "nothing"),
        }
        compared += comparison.compared;
        mismatches.extend(comparison.mismatches);
    }
    let count = |by: fn(&Mismatch) -> String| {
        mismatches.iter().fold(BTreeMap::<String, usize>::new(), |mut counts, m| {
            *counts.entry(by(m)).or_default() += 1;
            counts
        })
    };
    println!("{compared} facts compared, {} read otherwise", mismatches.len());
    println!("by fact: {:?}", count(|m| m.fact.to_string()));
    println!("by sample: {:?}", count(|m| m.sample.clone()));
    mismatches.iter().for_each(|m| println!("{}", m.line));
    assert!(compared > 1_000, "{compared}: too few facts are pinned");
    let found: Vec<&str> = mismatches.iter().map(|m| m.line.as_str()).collect();
    assert!(found.is_empty(), "{} facts are read otherwise than a person read them: {found:#?}", found.len());
}

/// The table covers what it was made for: every sample, and every cause with at least twelve pages.
#[test]
fn the_pages_were_chosen_across_samples_and_causes() {
    let pages = pages();
    let names: BTreeSet<&str> = pages.iter().map(|p| p.page.as_str()).collect();
    assert_eq!(names.len(), pages.len(), "a page is pinned twice");
    assert!(pages.len() >= 150, "{}", pages.len());
    for sample in SAMPLES {
        assert!(names.iter().any(|n| n.starts_with(&format!("{sample}/"))), "{sample}");
    }
    for cause in CAUSES {
        let count = pages.iter().filter(|p| p.cause == cause).count();
        assert!(count >= 12, "{cause}: {count}");
    }
}
