//! Two trees of facts → what changed, and what that means for drivers.
//!
//! In: two models, or two sets of vendor pages, as trees. Out: a list of changes, each with its kind, its class and the reason for it;
//! `text`, `markdown`, `html` and `json` write it. `facts` finds what differs; `classify` says what kind of change that is, and is the only
//! place that does; `rules` has what is said of each kind.

mod accepted;
mod change;
mod class;
mod classes;
mod classify;
mod columns;
mod decisions;
mod html;
mod join;
mod json;
mod layout;
mod markdown;
mod order;
mod pages;
mod references;
mod revision;
mod rules;
mod text;

use crate::facts::{Compared, FactKind, Identity, Item, Pair, Silence, Tree, pairs};
use crate::source::Sources;
use crate::spec::{Loaded, Spec, facts_of};

pub use accepted::{Accepted, accept, read_accepted};
pub use change::{Change, Moved};
pub use class::{Bump, Class};
pub use classes::{CLASSES, Reclassified, read_classes, reclassify};
pub use decisions::{DecisionsFile, Said};
pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use pages::disagreements;
pub use revision::{RevisionError, first_readable_after, load_revision};
pub use rules::{Rule, list};
pub use text::text;

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

/// What changed from one model to another, in the order of the items and of their facts.
#[must_use]
pub fn diff(old: Side<'_>, new: Side<'_>) -> Vec<Change> {
    diff_facts((&facts_of(old.spec), old.sources), (&facts_of(new.spec), new.sources))
}

/// What changed from one model to another, whose facts are at hand, each with the texts that its places point into.
#[must_use]
pub fn diff_facts(old: (&Tree, &Sources), new: (&Tree, &Sources)) -> Vec<Change> {
    changes(old.0, new.0, [Some(old.1), Some(new.1)], Silence::IsAbsence)
}

/// What changed from one revision of the vendor's pages to another.
#[must_use]
pub fn diff_pages(old: &Tree, new: &Tree) -> Vec<Change> {
    changes(old, new, [None, None], Silence::IsSilence)
}

fn changes(old: &Tree, new: &Tree, [old_texts, new_texts]: [Option<&Sources>; 2], silence: Silence) -> Vec<Change> {
    let mut found = Vec::new();
    let mut gone = Vec::new();
    let resized = layout::Resized::between(old, new);
    for pair in pairs(old, new) {
        match pair {
            Pair { identity, was: Some(was), is: Some(is) } => {
                let mut of_item = of_item(identity, was, is, [old_texts, new_texts], silence);
                layout::fold(&mut of_item, was, is, &resized);
                if silence == Silence::IsSilence {
                    order::tell(&mut of_item, identity, was, is);
                }
                found.append(&mut of_item);
            }
            Pair { identity, was: None, is: Some(is) } => {
                let mut change = Change::new(classify::whole(is.kind, true), identity, is.kind, String::new());
                change.after = Some(is.summary.clone());
                change.after_at = is.at.place(new_texts);
                found.push(change);
            }
            Pair { identity, was: Some(was), is: None } => {
                let mut change = Change::new(classify::whole(was.kind, false), identity, was.kind, String::new());
                change.before = Some(was.summary.clone());
                change.before_at = was.at.place(old_texts);
                gone.push((found.len(), identity, was));
                found.push(change);
            }
            Pair { was: None, is: None, .. } => {}
        }
    }
    references::say_what_is_still_used(&mut found, &gone, new);
    found
}

/// What changed of an item that both sides have.
fn of_item(identity: &Identity, was: &Item, is: &Item, texts: [Option<&Sources>; 2], silence: Silence) -> Vec<Change> {
    let [old_texts, new_texts] = texts;
    let compared = Compared::new(was, is, silence);
    let uses = classify::Uses::of(is);
    let mut found = Vec::new();
    for difference in join::joined(&compared).iter().filter(|d| !d.is_told_by_parts) {
        let [before, after] = [&difference.before, &difference.after].map(|f| f.as_ref().map(|f| f.value.as_str()));
        let question =
            classify::Question { kind: is.kind, path: &difference.path, before, after, was: &compared.was, is, uses: &uses };
        // What a page does not say of a set is generated as open: that is a change like any other.
        let is_silent = difference.is_silence && difference.path.kind() != FactKind::Open;
        let rule = if is_silent { Some(classify::silence(&difference.path, after.is_some())) } else { question.answer() };
        let Some(rule) = rule else { continue };
        let mut change = Change::new(rule, identity, is.kind, difference.path.to_string());
        change.prose = difference.path.kind().is_prose() || difference.path.kind() == FactKind::Upstream;
        (change.before, change.after) = (before.map(str::to_owned), after.map(str::to_owned));
        change.before_at = difference.before.as_ref().and_then(|f| f.at.place(old_texts));
        change.after_at = difference.after.as_ref().and_then(|f| f.at.place(new_texts));
        found.push(change);
    }
    found
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::facts::{At, FactPath, ItemKind};
    use crate::source::Place;
    use crate::spec::load;

    fn one(identity: &Identity, item: &Item) -> Tree {
        [(identity.clone(), item.clone())].into_iter().collect()
    }

    fn without(item: &Item, path: &FactPath) -> Item {
        let mut item = item.clone();
        item.retain(|p| p != path && !p.ancestors().any(|above| above == *path));
        item
    }

    fn with_value(item: &Item, path: &FactPath, value: &str) -> Item {
        let mut other = Item::new(item.kind, &item.display_name, &item.summary, item.at.clone());
        for (p, fact) in item.facts() {
            let value = if p == path { value } else { &fact.value };
            other.add(p.clone(), value, fact.at.clone());
        }
        other
    }

    /// Every fact of every page and table, once gone, once new and once changed: each makes a change that names it and has a reason. Of
    /// what others are part of, the whole is named.
    #[test]
    fn no_fact_changes_unnoticed() {
        let spec_data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec-data");
        let loaded = load(&spec_data, "spec-data");
        assert!(!loaded.report.has_errors());
        let places = [Some(&loaded.sources); 2];
        let mut count = 0;
        for (identity, item) in facts_of(&loaded.spec).iter() {
            for (path, fact) in item.facts().filter(|(path, _)| !path.kind().is_derived()) {
                let name = path.to_string();
                // Gone, with all that is part of it; and the other way round, new.
                let less = without(item, path);
                for (was, is) in [(item, &less), (&less, item)] {
                    let found = changes(&one(identity, was), &one(identity, is), places, Silence::IsAbsence);
                    let named = found.iter().any(|c| c.fact == name && !c.reason.is_empty());
                    // That a table takes other values is told with the table; types are told one by one.
                    let told_by_another = matches!(path.kind(), FactKind::ValuesOpen | FactKind::Types);
                    assert!(named || told_by_another, "{identity:?} {name}: {found:?}");
                }
                let other = with_value(item, path, &format!("{}x", fact.value));
                let found = changes(&one(identity, item), &one(identity, &other), places, Silence::IsAbsence);
                let named = found.iter().any(|c| c.fact == name && c.before.as_ref() != c.after.as_ref());
                // The order of names that are the same is the same; what something consists of is told by its parts.
                let is_whole = matches!(
                    path.kind(),
                    FactKind::Types
                        | FactKind::Params
                        | FactKind::Param
                        | FactKind::Fields
                        | FactKind::Field
                        | FactKind::Codes
                        | FactKind::Variants
                        | FactKind::Irql
                        | FactKind::Operation
                        | FactKind::OperationSockets
                );
                assert!(named || is_whole, "{identity:?} {name}: {found:?}");
                count += 1;
            }
        }
        println!("{count} facts");
        assert!(count > 3000, "{count} facts");
    }

    /// Twice the facts take about twice as many steps: there is no list that is searched for each of its entries.
    #[test]
    fn an_item_with_very_many_parameters_is_compared() {
        let at = At::Place(Place { file: String::new(), line: 1 });
        let item = |prefix: &str| {
            let mut item = Item::new(ItemKind::Function, "X", "X", at.clone());
            let names: Vec<String> = (0..40_000).map(|i| format!("{prefix}{i}")).collect();
            item.add(FactPath::new(FactKind::Params, &[]), names.join(", "), at.clone());
            for name in &names {
                item.add(FactPath::new(FactKind::Param, &[name]), name.as_str(), at.clone());
                item.add(FactPath::new(FactKind::ParamName, &[name]), name.as_str(), at.clone());
                item.add(FactPath::new(FactKind::ParamReserved, &[name]), "false", at.clone());
            }
            (Identity::new(ItemKind::Function, "", "X"), item)
        };
        let trees: Vec<Tree> = ["A", "B"].into_iter().map(|prefix| [item(prefix)].into_iter().collect()).collect();
        assert_eq!(diff_pages(&trees[0], &trees[1]).len(), 40_000, "each is renamed");
        assert_eq!(diff_pages(&trees[0], &trees[0]).len(), 0);
    }
}
