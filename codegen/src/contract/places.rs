//! Where facts are said: a line for each.
//!
//! In: an item of the fact tree. Out: one flat map per item. Compact, because a whole reference has
//! millions of facts: a fact that has no entry of its own stands on the line of the longest path before it (`params.Flags.direction`
//! on that of `params.Flags`), and all lines are of the item's `source`.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::{At, FactKind, FactPath, Facts, Item, spelling};
use crate::source::{Sources, Span};

/// The line of each fact of an item, by the path of the fact; a fact without an entry stands where the fact around it does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Places(pub BTreeMap<String, usize>);

impl Places {
    /// The places of the facts of an item whose spans point into the texts.
    pub(super) fn of(item: &Item, sources: &Sources) -> Self {
        let mut places = PlacesBuilder::new(sources);
        for (path, fact) in item.facts() {
            let line = match &fact.at {
                At::Text(span) => sources.get(span.file).line(span.start),
                At::Place(place) => place.line,
            };
            let mut names = path.names().iter().map(String::as_str);
            places.take(path.kind(), [names.next().unwrap_or_default(), names.next().unwrap_or_default()], line);
        }
        places.finish()
    }

    /// The line of a fact, or of the fact around it.
    #[must_use]
    pub fn line(&self, fact: &FactPath) -> Option<usize> {
        std::iter::once(fact.clone()).chain(fact.ancestors()).find_map(|path| self.0.get(&path.to_string()).copied())
    }
}

/// A path: a kind, and the names on the way, of which no kind has more than two.
type Path<'f> = (FactKind, [&'f str; 2]);

/// Gathers the places of facts. A fact on the line of what it is a part of has no entry; facts come with what they are part of in front.
#[derive(Debug)]
pub(super) struct PlacesBuilder<'s, 'f> {
    sources: &'s Sources,
    found: BTreeMap<String, usize>,
    /// The latest fact that others may be a part of, and its line.
    latest: Option<(Path<'f>, usize)>,
    /// The line of each fact that others may be a part of.
    lines: HashMap<Path<'f>, usize, RandomState>,
}

impl<'s, 'f> PlacesBuilder<'s, 'f> {
    pub(super) fn new(sources: &'s Sources) -> Self {
        Self { sources, found: BTreeMap::new(), latest: None, lines: HashMap::default() }
    }

    pub(super) fn finish(self) -> Places {
        Places(self.found)
    }

    /// The line of the nearest fact that one of that path is a part of.
    fn line_around(&self, path: Path<'f>) -> Option<usize> {
        let line = |above: Path<'f>| match self.latest {
            Some((latest, line)) if latest == above => Some(line),
            _ => self.lines.get(&above).copied(),
        };
        ancestors(path).find_map(line)
    }

    /// Takes a fact. The first of a path stays.
    fn take(&mut self, kind: FactKind, names: [&'f str; 2], line: usize) {
        let path = (kind, names);
        let line_around = self.line_around(path);
        // What a page says only as a whole has no line; neither has what is put together from other facts.
        let is_said = !kind.is_derived() && !kind.is_list() && kind != FactKind::Types;
        if is_said && line_around != Some(line) {
            self.found.entry(spelling(kind, names.get(..kind.names()).unwrap_or_default())).or_insert(line);
        }
        if kind.has_parts() {
            let line = *self.lines.entry(path).or_insert(line);
            self.latest = Some((path, line));
        }
    }
}

impl<'f> Facts<'f> for PlacesBuilder<'_, 'f> {
    fn add(&mut self, kind: FactKind, names: &[&'f str], _: impl Into<String>, span: Option<Span>) {
        // What only a page as a whole says stands at its beginning.
        let line = span.map_or(1, |span| self.sources.get(span.file).line(span.start));
        let mut names = names.iter().copied();
        self.take(kind, [names.next().unwrap_or_default(), names.next().unwrap_or_default()], line);
    }
}

/// All that a fact is a part of, the nearest first.
fn ancestors((kind, names): Path<'_>) -> impl Iterator<Item = Path<'_>> {
    let above = std::iter::successors(kind.parent(), |kind| kind.parent());
    above.map(move |kind| {
        let count = kind.names();
        let name = |at: usize| names.get(at).copied().filter(|_| at < count).unwrap_or_default();
        (kind, [name(0), name(1)])
    })
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
