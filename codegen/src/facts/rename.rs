//! Parameters and fields that have another name at the same place: one difference each, and not one that is gone and one that is new.
//!
//! In: two versions of an item. Out: what was renamed, and the old version under the new names, so that the rest can be compared.

use std::collections::{HashMap, HashSet};

use super::compare::Silence;
use super::operations;
use super::path::{FactKind, FactPath};
use super::tree::{Fact, Item, ItemKind};

/// The new names by the old ones.
#[derive(Debug, Default)]
pub(super) struct Renames<'a> {
    params: HashMap<&'a str, &'a str>,
    fields: HashMap<&'a str, &'a str>,
    /// Of control codes: pages name operations by verbs of their own, and do not name the member that holds flags.
    operations: HashMap<&'a str, &'a str>,
    tables: HashMap<&'a str, &'a str>,
}

/// A list of names that have types.
const LISTS: [(FactKind, FactKind); 2] = [(FactKind::Param, FactKind::ParamType), (FactKind::Field, FactKind::FieldType)];

impl<'a> Renames<'a> {
    /// What has another name: what stands at the place of something that is gone, has its type and was not there before.
    pub(super) fn between(was: &'a Item, is: &'a Item, silence: Silence) -> Self {
        let [params, fields] = LISTS.map(|(kind, ty)| {
            let (before, after): (Vec<&str>, Vec<&str>) = (was.names(kind).collect(), is.names(kind).collect());
            if before.len() != after.len() {
                return HashMap::new();
            }
            let (old, new): (HashSet<&str>, HashSet<&str>) = (before.iter().copied().collect(), after.iter().copied().collect());
            let is_rename = |(from, to): &(&'a str, &'a str)| {
                // A page without types leaves it to the place alone.
                let same_type = was.value(ty, &[from]).zip(is.value(ty, &[to])).is_none_or(|(a, b)| a == b);
                from != to && !new.contains(from) && !old.contains(to) && same_type
            };
            before.into_iter().zip(after).filter(is_rename).collect()
        });
        let is_page = silence == Silence::IsSilence && is.kind == ItemKind::Control;
        let operations = if is_page { operations::matched(was, is) } else { HashMap::new() };
        let tables = if is_page { one_table(was).zip(one_table(is)).into_iter().collect() } else { HashMap::new() };
        Self { params, fields, operations, tables }
    }

    pub(super) fn is_empty(&self) -> bool {
        [&self.params, &self.fields, &self.operations, &self.tables].iter().all(|renames| renames.is_empty())
    }
}

/// The parameter or member that the constants of an item are for, where they are all for one.
fn one_table(item: &Item) -> Option<&str> {
    let mut names = item.names(FactKind::Constant);
    let first = names.next()?;
    names.all(|name| name == first).then_some(first)
}

/// An item as it would be if all had been renamed, and nothing else.
pub(super) fn under_new_names(item: &Item, renames: &Renames<'_>) -> Item {
    let mut renamed = Item::new(item.kind, &item.display_name, &item.summary, item.at.clone());
    for (path, Fact { value, at }) in item.facts() {
        let of = |map: &HashMap<&str, &str>| {
            path.map_names(|place, name| match map.get(name) {
                Some(to) if place == 0 => (*to).to_owned(),
                _ => name.to_owned(),
            })
        };
        let (path, value): (FactPath, String) = match path.kind() {
            FactKind::Params => (path.clone(), with_words(value, &renames.params)),
            FactKind::Fields => (path.clone(), with_words(value, &renames.fields)),
            // Rules of the memory speak of other parameters.
            FactKind::ParamMemory => {
                let rule = of(&renames.params).map_names(|place, name| match place {
                    1 => with_words(name, &renames.params),
                    _ => name.to_owned(),
                });
                (rule, with_words(value, &renames.params))
            }
            FactKind::IrqlCase => (path.map_names(|_, when| with_words(when, &renames.params)), value.clone()),
            kind if kind.pattern().starts_with("operations.*") => (of(&renames.operations), value.clone()),
            kind if kind.pattern().starts_with("values.*") && item.kind == ItemKind::Control => {
                (of(&renames.tables), value.clone())
            }
            kind if kind.pattern().starts_with("params.*") || kind.pattern().starts_with("values.*") => {
                (of(&renames.params), value.clone())
            }
            kind if kind.pattern().starts_with("fields.*") => (of(&renames.fields), value.clone()),
            _ => (path.clone(), value.clone()),
        };
        renamed.add(path, value, at.clone());
    }
    renamed
}

/// A text with other words for some.
fn with_words(text: &str, words: &HashMap<&str, &str>) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let (before, word) = rest.split_at(start);
        let (word, behind) = word.split_at(word.find(|c| !is_part(c)).unwrap_or(word.len()));
        out.push_str(before);
        out.push_str(words.get(word).unwrap_or(&word));
        rest = behind;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_are_replaced() {
        let words = HashMap::from([("A", "B"), ("C", "A")]);
        for (text, wanted) in [
            ("A", "B"),
            ("A, AA, A_, C", "B, AA, A_, A"),
            ("AA", "AA"),
            ("length in A", "length in B"),
            ("x == A and A != y", "x == B and B != y"),
            ("", ""),
        ] {
            assert_eq!(with_words(text, &words), wanted);
        }
    }
}
