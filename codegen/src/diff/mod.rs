//! Stage 6: two models → what changed, and what that means for drivers.
//!
//! In: two models that could be read. Out: a list of changes, each with its class and the reason for it; `text`, `markdown`, `html` and `json`
//! write it. `facts` takes a model apart into single facts, so that nothing is compared twice and nothing is left out; `classify` says what a
//! change of a fact means, and is the only place that does.

mod accepted;
mod classify;
mod facts;
mod html;
mod json;
mod markdown;
mod pages;
mod rename;
mod revision;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::source::{Sources, Span};
use crate::spec::{Loaded, Spec};

pub use accepted::{Accepted, AcceptedError, read_accepted, without_accepted};
pub use classify::Class;
pub use facts::{ItemKind, items};
pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use revision::{RevisionError, load_revision};
pub use text::text;

pub use facts::{At, Item};
pub use pages::{Pages, diff_pages, disagreements, item as item_of_page, name as name_of_page};

use facts::Fact;

/// A place in a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The page, as its folder has it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What sort of thing it is about.
    pub kind: ItemKind,
    /// Its name.
    pub name: String,
    /// The fact: `params.Flags.direction`; empty for the whole thing.
    pub fact: String,
    /// What it was; absent if it was not there.
    pub before: Option<String>,
    /// What it is; absent if it is gone.
    pub after: Option<String>,
    /// What it means.
    pub class: Class,
    /// Why.
    pub reason: String,
    /// Where it stood.
    pub before_at: Option<Place>,
    /// Where it stands.
    pub after_at: Option<Place>,
}

/// A model with the texts that its places point into.
#[derive(Debug, Clone, Copy)]
pub struct Side<'s> {
    /// The model.
    pub spec: &'s Spec,
    /// The texts.
    pub sources: &'s Sources,
}

impl<'s> Side<'s> {
    /// What was loaded.
    #[must_use]
    pub fn of(loaded: &'s Loaded) -> Self {
        Self { spec: &loaded.spec, sources: &loaded.sources }
    }
}

impl Place {
    /// The place of a span.
    #[must_use]
    pub fn of(sources: &Sources, span: Span) -> Self {
        let file = sources.get(span.file);
        Self { file: file.path.clone(), line: file.location(span.start).line }
    }
}

/// Places in the texts of a model, or places that are known without them.
#[derive(Debug, Clone, Copy)]
struct Places<'s>(Option<&'s Sources>);

impl Places<'_> {
    fn of(self, at: &At) -> Option<Place> {
        match at {
            At::Text(span) => self.0.map(|sources| Place::of(sources, *span)),
            At::Place(place) => Some(place.clone()),
        }
    }
}

/// What changed from one model to another, in the order of the items and of their facts.
#[must_use]
pub fn diff(old: Side<'_>, new: Side<'_>) -> Vec<Change> {
    let places = [Places(Some(old.sources)), Places(Some(new.sources))];
    compare(&items(old.spec), &items(new.spec), places, Silence::IsAbsence)
}

/// What it means that a fact is there on one side only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Silence {
    /// That it is new or gone: a model says all that there is.
    IsAbsence,
    /// That one page does not say it, unless it is one of a list: pages of different years say more or less.
    IsSilence,
}

fn compare(before: &Items, after: &Items, places: [Places<'_>; 2], silence: Silence) -> Vec<Change> {
    let mut changes = Vec::new();
    for key in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        match (before.get(key), after.get(key)) {
            (Some(was), Some(is)) => changes.extend(within(key, was, is, places, silence)),
            (was, is) => changes.push(whole(key, was, is, places)),
        }
    }
    changes
}

type Key = (ItemKind, String);

/// Items by kind and name.
pub type Items = BTreeMap<Key, Item>;

/// Something that is there on one side only.
fn whole((kind, name): &Key, was: Option<&Item>, is: Option<&Item>, [old, new]: [Places<'_>; 2]) -> Change {
    let (class, reason) = classify::whole(*kind, is.is_some());
    Change {
        kind: *kind,
        name: name.clone(),
        fact: String::new(),
        before: was.map(|i| i.summary.clone()),
        after: is.map(|i| i.summary.clone()),
        class,
        reason,
        before_at: was.and_then(|i| old.of(&i.at)),
        after_at: is.and_then(|i| new.of(&i.at)),
    }
}

/// The changes of something that is there on both sides.
fn within((kind, name): &Key, was: &Item, is: &Item, [old, new]: [Places<'_>; 2], silence: Silence) -> Vec<Change> {
    let mut changes = Vec::new();
    let renames = rename::renames(was, is);
    let old_names = was;
    let under_new_names = (!renames.is_empty()).then(|| rename::under_new_names(old_names, &renames));
    let was = under_new_names.as_ref().unwrap_or(old_names);
    // What is below a fact that is there on one side only is part of that.
    let is_below = |path: &[String], of: &Item, other: &Item| {
        (1..path.len()).any(|n| path.get(..n).is_some_and(|above| of.has(above) && !other.has(above)))
    };
    let mut paths: Vec<&Vec<String>> = was.facts.iter().map(|f| &f.path).collect();
    for (at, fact) in is.facts.iter().enumerate().filter(|(_, f)| !was.has(&f.path)) {
        // Where the new model has it.
        let before = is.facts.iter().take(at).rev().find_map(|f| paths.iter().position(|p| **p == f.path));
        paths.insert(before.map_or(0, |p| p + 1), &fact.path);
    }
    for path in paths {
        let rename = renames.iter().find(|r| r.is_at(path));
        let before: Option<&Fact> = rename.map_or_else(|| was.get(path), |r| old_names.get(&r.before()));
        let after: Option<&Fact> = is.get(path);
        if before.map(|f| &f.value) == after.map(|f| &f.value) || is_below(path, was, is) || is_below(path, is, was) {
            continue;
        }
        let value = |fact: Option<&Fact>| fact.map(|f| f.value.clone());
        let (before_value, after_value) = (value(before), value(after));
        let question =
            classify::Question { kind: *kind, path, before: before_value.as_deref(), after: after_value.as_deref(), was, is };
        let said_once = before.is_none() != after.is_none();
        let answer = if rename.is_some() {
            Some(classify::renamed(*kind, is, path))
        } else if silence == Silence::IsSilence && said_once && pages::is_single(path, was, is) {
            Some(classify::silence(after.is_some()))
        } else {
            question.answer()
        };
        let Some((class, reason)) = answer else { continue };
        changes.push(Change {
            kind: *kind,
            name: name.clone(),
            fact: path.join("."),
            before: before_value,
            after: after_value,
            class,
            reason,
            before_at: before.and_then(|f| old.of(&f.at)),
            after_at: after.and_then(|f| new.of(&f.at)),
        });
    }
    changes
}

/// How many changes there are of each class, worst first; classes without any are left out.
fn counts(changes: &[Change]) -> Vec<(Class, usize)> {
    let count = |class: Class| changes.iter().filter(|c| c.class == class).count();
    Class::ALL.into_iter().rev().map(|class| (class, count(class))).filter(|(_, n)| *n > 0).collect()
}

/// `2 breaking for driver source, 1 compatible`.
fn summary(changes: &[Change]) -> String {
    let counts = counts(changes);
    if counts.is_empty() {
        return "nothing changed".to_owned();
    }
    counts.iter().map(|(class, n)| format!("{n} {}", class.words())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::spec::load;

    /// Every fact of every page and table, once gone, once new and once changed: each makes a change that names it and has a reason. Of
    /// what others are part of, the whole is named.
    #[test]
    fn no_fact_changes_unnoticed() {
        let spec_data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec-data");
        let loaded = load(&spec_data, "spec-data");
        assert!(!loaded.report.has_errors());
        let side = Side::of(&loaded);
        let all = items(&loaded.spec);
        let places = [Places(Some(side.sources)); 2];
        let mut count = 0;
        for (key, item) in &all {
            for (at, fact) in item.facts.iter().enumerate() {
                let name = fact.path.join(".");
                // Gone, with all that is part of it; and the other way round, new.
                let mut without = item.clone();
                without.facts.retain(|f| !f.path.starts_with(&fact.path));
                let is_list = fact.path == ["params"] || fact.path == ["returns"];
                for (was, is) in [(item, &without), (&without, item)] {
                    let found = within(key, was, is, places, Silence::IsAbsence);
                    let named = found.iter().any(|c| c.fact == name && !c.reason.is_empty());
                    // A list of parameters is there as long as there is a page.
                    assert!(named || is_list, "{key:?} {name}: {found:?}");
                }
                let mut other = item.clone();
                other.facts[at].value.push('x');
                let found = within(key, item, &other, places, Silence::IsAbsence);
                let named = found.iter().any(|c| c.fact == name && c.before.as_ref() != c.after.as_ref());
                // The order of parameters that are the same is the same; what a parameter or field consists of is told by its parts.
                let is_whole = matches!(fact.path.first().map(String::as_str), Some("params" | "fields")) && fact.path.len() <= 2;
                assert!(named || is_whole, "{key:?} {name}: {found:?}");
                count += 1;
            }
        }
        println!("{count} facts");
        assert!(count > 3000, "{count} facts");
    }
}
