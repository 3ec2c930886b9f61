//! What still refers to something that is gone: one change that says so, and what is not known because of it.
//!
//! In: the newer tree, and the names of what is gone. Out: for each such name the facts that use it. Pages that contradict each other are
//! the vendor's mistake or an edit that is not finished; nothing else that follows from it is a change of its own.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::change::Change;
use super::rules::Rule;
use crate::facts::{FactKind, Identity, Item, ItemKind, Tree};

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
fn names_of<'a>(name: &'a str, item: &'a Item) -> BTreeSet<Cow<'a, str>> {
    let aliases = item.names(FactKind::Alias);
    let shown = (!item.display_name.contains(' ')).then_some(item.display_name.as_str());
    // Pages of the vendor's give no names of types but their own; pointers to structures are called after them.
    let is_alone = item.kind == ItemKind::Struct && !item.has_kind(FactKind::Alias);
    let pointer = is_alone.then(|| Cow::Owned(format!("P{name}")));
    aliases.chain(shown).chain([name]).map(Cow::Borrowed).chain(pointer).collect()
}

/// For each name that is wanted the facts of the tree that use it, as `WSK_PROVIDER_BASIC_DISPATCH fields.WskControlSocket.type`.
fn users<'a>(tree: &Tree, wanted: &'a BTreeSet<Cow<'_, str>>) -> BTreeMap<&'a str, Vec<String>> {
    let mut found: BTreeMap<&'a str, Vec<String>> = BTreeMap::new();
    if wanted.is_empty() {
        return found;
    }
    for (identity, item) in tree.iter() {
        for (path, fact) in item.facts().filter(|(path, _)| REFERRING.contains(&path.kind())) {
            let words = fact.value.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            for name in words.filter_map(|word| wanted.get(word)).collect::<BTreeSet<_>>() {
                found.entry(name.as_ref()).or_default().push(format!("{} {path}", identity.name));
            }
        }
    }
    found
}

/// A page that is gone while others refer to it is one change that says so; that a layout is not known because of it is part of that.
pub(super) fn say_what_is_still_used(found: &mut Vec<Change>, gone: &[(usize, &Identity, &Item)], new: &Tree) {
    let wanted: BTreeSet<Cow<'_, str>> = gone
        .iter()
        .filter(|(_, _, item)| item.kind != ItemKind::Erratum)
        .flat_map(|(_, id, item)| names_of(&id.name, item))
        .collect();
    // Another item may have such a name: two functions are called WskRelease.
    let kept: BTreeSet<Cow<'_, str>> = new.iter().flat_map(|(id, item)| names_of(&id.name, item)).collect();
    let wanted: BTreeSet<Cow<'_, str>> = wanted.difference(&kept).cloned().collect();
    let users = users(new, &wanted);
    let mut unknown: BTreeSet<String> = BTreeSet::new();
    for (at, identity, item) in gone {
        let names = names_of(&identity.name, item);
        let users: BTreeSet<&String> = names.iter().filter_map(|name| users.get(name.as_ref())).flatten().collect();
        let Some(change) = found.get_mut(*at).filter(|_| !users.is_empty()) else { continue };
        let rule = Rule::ItemRemovedWhileUsed;
        let items = users.iter().filter_map(|user| user.split(' ').next().map(str::to_owned));
        let of_types: BTreeSet<String> = users
            .iter()
            .filter(|user| user.ends_with(".type") && user.contains(" fields."))
            .filter_map(|user| user.split(' ').next().map(str::to_owned))
            .collect();
        let users = users.iter().map(|u| format!("`{u}`")).collect::<Vec<_>>().join(", ");
        let mut reason = format!("{}; it is used by {users}", rule.reason());
        if !of_types.is_empty() {
            let types: Vec<&str> = of_types.iter().map(String::as_str).collect();
            reason += &format!("; the layout of {} is not known", types.join(", "));
        }
        unknown.extend(of_types);
        unknown.extend(items);
        change.set(rule);
        change.reason = reason;
    }
    found.retain(|c| c.change != Rule::LayoutUnknown.id() || !unknown.contains(&c.name));
}
