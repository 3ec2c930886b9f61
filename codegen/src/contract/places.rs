//! Where facts are said: a line for each.
//!
//! In: the place of a fact, by its path as errata spell it. Out: one flat map per item. Compact, because a whole reference has
//! millions of facts: a fact that has no entry of its own stands on the line of the longest path before it (`params.Flags.direction`
//! on that of `params.Flags`), and all lines are of the item's `source`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::source::{FileId, Sources, Span, Spanned};

/// The line of each fact of an item, by the path of the fact; a fact without an entry stands where the fact around it does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Places(pub BTreeMap<String, usize>);

impl Places {
    /// The line of a fact, or of the fact around it.
    #[must_use]
    pub fn line(&self, fact: &str) -> Option<usize> {
        let mut path = fact;
        loop {
            if let Some(line) = self.0.get(path) {
                return Some(*line);
            }
            path = path.rsplit_once('.')?.0;
        }
    }
}

/// Collects the places of one file.
pub(super) struct Collector<'a> {
    sources: &'a Sources,
    file: FileId,
    places: Places,
}

impl<'a> Collector<'a> {
    pub(super) fn new(sources: &'a Sources, file: FileId) -> Self {
        Self { sources, file, places: Places::default() }
    }

    /// Notes the place of a fact; the first of a name stays, and one in another file is none of this item's.
    pub(super) fn add(&mut self, fact: impl Into<String>, at: Span) {
        if at.file == self.file {
            let line = self.sources.get(at.file).line(at.start);
            self.places.0.entry(fact.into()).or_insert(line);
        }
    }

    /// The same for a fact that may not be there.
    pub(super) fn maybe<T>(&mut self, fact: &str, value: Option<&Spanned<T>>) {
        if let Some(value) = value {
            self.add(fact, value.span);
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
        assert_eq!(places.line("params.Flags.type"), Some(3));
        assert_eq!(places.line("params.Flags.direction"), Some(7));
        assert_eq!(places.line("params.Irp.direction"), None);
    }
}
