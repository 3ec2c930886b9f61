//! Where facts are said: a line for each.
//!
//! In: an item of the fact tree. Out: one flat map per item. Compact, because a whole reference has
//! millions of facts: a fact that has no entry of its own stands on the line of the longest path before it (`params.Flags.direction`
//! on that of `params.Flags`), and all lines are of the item's `source`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::{At, FactKind, FactPath, Item};
use crate::source::Sources;

/// The line of each fact of an item, by the path of the fact; a fact without an entry stands where the fact around it does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Places(pub BTreeMap<String, usize>);

impl Places {
    /// The places of the facts of an item whose spans point into the texts. A fact on the line of what it is a part of has no entry.
    pub(super) fn of(item: &Item, sources: &Sources) -> Self {
        let line = |at: &At| match at {
            At::Text(span) => sources.get(span.file).line(span.start),
            At::Place(place) => place.line,
        };
        // What a page says only as a whole has no line; neither has what is put together from other facts.
        let is_said = |kind: FactKind| !kind.is_derived() && !kind.is_list() && kind != FactKind::Types;
        let mut found = BTreeMap::new();
        // The latest facts, each a part of the one before: facts come with what they are part of in front.
        let mut around: Vec<(&FactPath, usize)> = Vec::new();
        for (path, fact) in item.facts() {
            while around.pop_if(|(above, _)| !path.is_within(above)).is_some() {}
            let at = line(&fact.at);
            let line_around = match around.last() {
                Some((above, at)) if Some(above.kind()) == path.kind().parent() => Some(*at),
                // Its whole has no entry, or stands elsewhere.
                _ => path.ancestors().find_map(|above| item.get(&above)).map(|fact| line(&fact.at)),
            };
            if is_said(path.kind()) && line_around != Some(at) {
                found.insert(path.to_string(), at);
            }
            around.push((path, at));
        }
        Self(found)
    }

    /// The line of a fact, or of the fact around it.
    #[must_use]
    pub fn line(&self, fact: &FactPath) -> Option<usize> {
        std::iter::once(fact.clone()).chain(fact.ancestors()).find_map(|path| self.0.get(&path.to_string()).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_without_an_entry_stands_where_the_fact_around_it_does() {
        let places = Places([("params.Flags".to_owned(), 7), ("params.Flags.type".to_owned(), 3)].into());
        let line = |fact: &str| places.line(&fact.parse().expect("a path"));
        assert_eq!(line("params.Flags.type"), Some(3));
        assert_eq!(line("params.Flags.direction"), Some(7));
        assert_eq!(line("params.Irp.direction"), None);
    }
}
