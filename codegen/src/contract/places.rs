//! Where facts are said: a line for each.
//!
//! In: the facts of an item with their places. Out: one flat map per item, by the paths of facts as errata spell them. Compact, because
//! a whole reference has millions of facts: a fact that has no entry of its own stands on the line of the fact around it
//! (`params.Flags.direction` on that of `params.Flags`), and all lines are of the item's `source`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::{At, FactKind, FactPath, Item};
use crate::source::{FileId, Sources, Span, Spanned};

/// The line of each fact of an item, by the path of the fact; a fact without an entry stands where the fact around it does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Places(pub BTreeMap<String, usize>);

impl Places {
    /// The line of a fact, or of the nearest fact around it.
    #[must_use]
    pub fn line(&self, fact: &FactPath) -> Option<usize> {
        let around = fact.ancestors().map(|path| path.to_string());
        std::iter::once(fact.to_string()).chain(around).find_map(|path| self.0.get(&path).copied())
    }

    /// The places of an item of the model. What is put together of the whole page has none.
    pub(super) fn of_item(item: &Item, sources: &Sources) -> Self {
        let mut places = Self::default();
        let At::Text(whole) = item.at else { return places };
        for (path, fact) in item.facts() {
            let At::Text(span) = fact.at else { continue };
            if span == whole && path.kind() != FactKind::Name {
                continue;
            }
            let line = sources.get(span.file).line(span.start);
            if places.line(path) != Some(line) {
                places.0.insert(path.to_string(), line);
            }
        }
        places
    }
}

/// Collects the places of a vendor page, whose facts are too many to make a tree of each page first.
pub(super) struct Collector<'a> {
    sources: &'a Sources,
    file: FileId,
    places: Places,
}

impl<'a> Collector<'a> {
    pub(super) fn new(sources: &'a Sources, file: FileId) -> Self {
        Self { sources, file, places: Places::default() }
    }

    /// Notes the place of a fact; the first of a path stays, and one in another file is none of this item's.
    pub(super) fn add(&mut self, kind: FactKind, names: &[&str], at: Span) {
        if at.file == self.file {
            let line = self.sources.get(at.file).line(at.start);
            self.places.0.entry(FactPath::new(kind, names).to_string()).or_insert(line);
        }
    }

    /// The same for a fact that may not be there.
    pub(super) fn maybe<T>(&mut self, kind: FactKind, value: Option<&Spanned<T>>) {
        if let Some(value) = value {
            self.add(kind, &[], value.span);
        }
    }

    pub(super) fn finish(self) -> Places {
        self.places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_without_an_entry_stands_where_the_fact_around_it_does() {
        let places = Places([("params.Flags".to_owned(), 7), ("params.Flags.type".to_owned(), 3)].into());
        let line = |kind, names: &[&str]| places.line(&FactPath::new(kind, names));
        assert_eq!(line(FactKind::ParamType, &["Flags"]), Some(3));
        assert_eq!(line(FactKind::ParamDirection, &["Flags"]), Some(7));
        assert_eq!(line(FactKind::ParamMemory, &["Flags", "non-paged"]), Some(7));
        assert_eq!(line(FactKind::ParamDirection, &["Irp"]), None);
    }
}
