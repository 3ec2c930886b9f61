//! What still refers to something that is gone: one change that says so, and what is not known because of it.
//!
//! In: the newer tree, and the names of what is gone. Out: for each such name the facts that use it. Pages that contradict each other are
//! the vendor's mistake or an edit that is not finished; nothing else that follows from it is a change of its own.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::{FactKind, Item, Tree};

/// The facts whose value, or whose name, is the name of another item.
const REFERRING: [FactKind; 11] = [
    FactKind::FieldType,
    FactKind::ParamType,
    FactKind::ReturnType,
    FactKind::Undoes,
    FactKind::ConstantCallback,
    FactKind::Constant,
    FactKind::Code,
    FactKind::Function,
    FactKind::OperationInput,
    FactKind::OperationOutput,
    FactKind::Category,
];

/// The names by which others refer to an item: of a type all that its definition declares.
pub(super) fn names_of<'a>(name: &'a str, item: &'a Item) -> BTreeSet<&'a str> {
    let aliases = item.names(FactKind::Alias);
    let shown = (!item.display_name.contains(' ')).then_some(item.display_name.as_str());
    aliases.chain(shown).chain([name]).collect()
}

/// For each name that is wanted the facts of the tree that use it, as `WSK_PROVIDER_BASIC_DISPATCH fields.WskControlSocket.type`.
pub(super) fn users<'a>(tree: &Tree, wanted: &BTreeSet<&'a str>) -> BTreeMap<&'a str, Vec<String>> {
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    if wanted.is_empty() {
        return found;
    }
    for (identity, item) in tree.iter() {
        for (path, fact) in item.facts().filter(|(path, _)| REFERRING.contains(&path.kind())) {
            let words = fact.value.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            for name in words.filter_map(|word| wanted.get(word)).collect::<BTreeSet<_>>() {
                found.entry(name).or_default().push(format!("{} {path}", identity.name));
            }
        }
    }
    found
}
