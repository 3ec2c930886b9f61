//! Parameters and fields that have another name at the same place: one change each, and not one that is gone and one that is new.
//!
//! In: two versions of an item. Out: what was renamed, and the old version under the new names, so that the rest can be compared.

use super::facts::{Fact, Item};

/// A parameter or field under two names.
pub(super) struct Rename<'a> {
    /// `params` or `fields`.
    list: &'static str,
    from: &'a str,
    to: &'a str,
}

impl Rename<'_> {
    /// Whether the new path is that of what was renamed.
    pub(super) fn is_at(&self, path: &[String]) -> bool {
        matches!(path, [list, name] if list == self.list && name == self.to)
    }

    /// Its path before.
    pub(super) fn before(&self) -> [String; 2] {
        [self.list.to_owned(), self.from.to_owned()]
    }
}

/// What has another name: what stands at the place of something that is gone, has its type and was not there before.
pub(super) fn renames<'a>(was: &'a Item, is: &'a Item) -> Vec<Rename<'a>> {
    let mut found = Vec::new();
    for list in ["params", "fields"] {
        let (before, after) = (names(was, list), names(is, list));
        if before.len() != after.len() {
            continue;
        }
        for (from, to) in before.iter().zip(&after) {
            let type_of = |item: &'a Item, name: &str| item.value(&[list, name, "type"]);
            // A page without types leaves it to the place alone.
            let same_type = type_of(was, from).zip(type_of(is, to)).is_none_or(|(a, b)| a == b);
            if from != to && !after.contains(from) && !before.contains(to) && same_type {
                found.push(Rename { list, from, to });
            }
        }
    }
    found
}

/// The names of a list, in their order.
fn names<'a>(item: &'a Item, list: &str) -> Vec<&'a str> {
    let name = |fact: &'a Fact| match fact.path.as_slice() {
        [first, name] if first == list => Some(name.as_str()),
        _ => None,
    };
    item.facts.iter().filter_map(name).collect()
}

/// An item as it would be if all had been renamed, and nothing else.
pub(super) fn under_new_names(item: &Item, renames: &[Rename<'_>]) -> Item {
    let mut item = item.clone();
    for Fact { path, value, .. } in &mut item.facts {
        for rename in renames {
            let renamed = |text: &mut String| *text = with_word(text, rename.from, rename.to);
            match path.as_mut_slice() {
                // The list of the names, in their order.
                [list] if list == rename.list => renamed(value),
                [list, name, rest @ ..] if list == rename.list || list == "values" && rename.list == "params" => {
                    if name == rename.from {
                        rename.to.clone_into(name);
                    }
                    // Links and effects name other parameters.
                    if let [kind, rule] = rest
                        && (kind == "links" || kind == "effects")
                    {
                        renamed(rule);
                        renamed(value);
                    }
                }
                [list, when] if list == "irql" && rename.list == "params" => renamed(when),
                _ => {}
            }
        }
    }
    item
}

/// A text with another word for one.
fn with_word(text: &str, from: &str, to: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let (before, found) = rest.split_at(at);
        let behind = found.get(from.len()..).unwrap_or_default();
        out.push_str(before);
        let is_word = !out.ends_with(is_part) && !behind.starts_with(is_part);
        out.push_str(if is_word { to } else { from });
        rest = behind;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_are_replaced() {
        for (text, wanted) in [
            ("A", "B"),
            ("A, AA, A_", "B, AA, A_"),
            ("AA", "AA"),
            ("AAA", "AAA"),
            ("length in A", "length in B"),
            ("x == A and A != y", "x == B and B != y"),
            ("", ""),
        ] {
            assert_eq!(with_word(text, "A", "B"), wanted);
        }
    }
}
