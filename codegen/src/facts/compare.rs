//! Two trees → what differs between them, fact by fact.
//!
//! In: two trees, and what it means that only one of them states a fact. Out: pairs of items, and for each pair the facts that are others,
//! new or gone, each told once: what is part of something that is new or gone is not told again, and what is put together from parts is
//! told by its parts. What a difference means is for `diff` and `sync` to say. The time grows with the number of facts and no faster.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::path::{Carried, FactKind, FactPath};
use super::rename::{self, Renames};
use super::tree::{Fact, Identity, Item, Tree};

/// What it means that a fact is there on one side only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// That it is new or gone: a model says all that there is.
    IsAbsence,
    /// That one page does not say it, unless it is one of a list that both have: pages of different years say more or less.
    IsSilence,
}

/// An item on either side.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    /// What it is, on the newer side if it is there.
    pub identity: &'a Identity,
    /// The item before.
    pub was: Option<&'a Item>,
    /// The item after.
    pub is: Option<&'a Item>,
}

/// The items of two trees, paired by identity. Where only the header differs, or only one side knows it, the names pair them, if no other
/// item has that name.
#[must_use]
pub fn pairs<'a>(old: &'a Tree, new: &'a Tree) -> Vec<Pair<'a>> {
    fn alone<'a>(tree: &'a Tree, other: &Tree) -> HashMap<(super::ItemKind, &'a str), Option<&'a Identity>> {
        let mut found = HashMap::new();
        for (identity, _) in tree.iter().filter(|(identity, _)| other.get(identity).is_none()) {
            found.entry(identity.without_header()).and_modify(|one| *one = None).or_insert(Some(identity));
        }
        found
    }
    let (gone, added) = (alone(old, new), alone(new, old));
    let partner = |key: &(super::ItemKind, &str), on: &HashMap<(super::ItemKind, &str), Option<&'a Identity>>| {
        on.get(key).copied().flatten()
    };
    let mut all: BTreeMap<&Identity, Pair<'a>> = BTreeMap::new();
    for (identity, is) in new.iter() {
        let key = identity.without_header();
        let is_only = partner(&key, &added).is_some();
        let other = if is_only { partner(&key, &gone) } else { None };
        let was = old.get(identity).or_else(|| old.get(other?));
        all.insert(identity, Pair { identity, was, is: Some(is) });
    }
    for (identity, was) in old.iter() {
        let key = identity.without_header();
        let is_paired = new.get(identity).is_some() || partner(&key, &gone).is_some() && partner(&key, &added).is_some();
        if !is_paired {
            all.insert(identity, Pair { identity, was: Some(was), is: None });
        }
    }
    all.into_values().collect()
}

/// A fact that is another, new or gone.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The fact, under the names of the newer side.
    pub path: FactPath,
    /// What it was.
    pub before: Option<Fact>,
    /// What it is.
    pub after: Option<Fact>,
    /// Whether one side is only silent on it.
    pub is_silence: bool,
    /// Whether its parts are told by themselves, and say more.
    pub is_told_by_parts: bool,
}

/// An item before and after, with what differs.
#[derive(Debug)]
pub struct Compared<'a> {
    /// The item before, under the names of the newer side.
    pub was: Cow<'a, Item>,
    /// The item after.
    pub is: &'a Item,
    /// What differs, in the order of the newer side.
    pub differences: Vec<Difference>,
}

impl<'a> Compared<'a> {
    /// Compares two items.
    #[must_use]
    pub fn new(was: &'a Item, is: &'a Item, silence: Silence) -> Self {
        let renames = Renames::between(was, is, silence);
        let was = if renames.is_empty() { Cow::Borrowed(was) } else { Cow::Owned(rename::under_new_names(was, &renames)) };
        let types = FactPath::new(FactKind::Types, &[]);
        let types_on_one_side = was.has(&types) != is.has(&types);
        let mut differences = Vec::new();
        for path in in_order(&was, is) {
            let (before, after) = (was.get(path), is.get(path));
            // A whole that no page states says nothing of its parts.
            let is_stated = |above: &FactPath| silence == Silence::IsAbsence || above.kind().carried() != Carried::Never;
            let is_part = path.ancestors().filter(is_stated).any(|above| was.has(&above) != is.has(&above));
            // Types come with a definition, and so does whether it is one of a union.
            let is_of_definition = path.kind().is_type() || path.kind() == FactKind::Union;
            let is_told_otherwise = path.kind().is_derived() || types_on_one_side && is_of_definition;
            if is_part || is_told_otherwise || is_same(path.kind(), before, after) {
                continue;
            }
            let on_one_side = before.is_none() != after.is_none();
            if on_one_side && is_of_new_row(path, &was, is) {
                continue;
            }
            let is_silence = silence == Silence::IsSilence && on_one_side && !is_entry(path.kind());
            let has_parts = matches!(path.kind(), FactKind::Irql | FactKind::OperationSockets);
            let is_told_by_parts = has_parts && !on_one_side;
            let (before, after) = (before.cloned(), after.cloned());
            differences.push(Difference { path: path.clone(), before, after, is_silence, is_told_by_parts });
        }
        Self { was, is, differences }
    }
}

/// Whether a fact is the meaning of the row `…`, which came or went with it: that the set is open or not any more is told by itself.
fn is_of_new_row(path: &FactPath, was: &Item, is: &Item) -> bool {
    let value = |item: &Item| path.parent().and_then(|row| Some(item.get(&row)?.value.clone()));
    matches!(path.kind(), FactKind::OpenMeaning | FactKind::ValuesOpenMeaning) && value(was) != value(is)
}

/// Whether a fact is the same, or is told by its parts.
fn is_same(kind: FactKind, before: Option<&Fact>, after: Option<&Fact>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    match kind {
        FactKind::Param | FactKind::Field | FactKind::Operation | FactKind::Types | FactKind::Codes | FactKind::Variants => true,
        // What is new or gone is told by itself; the rest may stand in another order.
        FactKind::Params | FactKind::Fields => have_one_order(&before.value, &after.value),
        _ => before.value == after.value,
    }
}

/// Whether the names that two lists have in common stand in the same order. One that a list has twice stands where it stands first.
fn have_one_order(before: &str, after: &str) -> bool {
    fn first<'n>(names: &'n str, other: &HashSet<&str>) -> Vec<&'n str> {
        let mut seen = HashSet::new();
        names.split(", ").filter(|name| other.contains(name) && seen.insert(*name)).collect()
    }
    let (left, right): (HashSet<&str>, HashSet<&str>) = (before.split(", ").collect(), after.split(", ").collect());
    first(before, &right) == first(after, &left)
}

/// Whether an entry that only one side has is new or gone, and not only left unsaid.
fn is_entry(kind: FactKind) -> bool {
    kind.carried() == Carried::Listed || matches!(kind, FactKind::IrqlCase | FactKind::OperationSocket | FactKind::FieldConstant)
}

/// The paths of both sides: in the order of the older, and what is new where the newer side has it.
fn in_order<'a>(was: &'a Item, is: &'a Item) -> Vec<&'a FactPath> {
    let mut behind: HashMap<Option<&FactPath>, Vec<&FactPath>> = HashMap::new();
    let mut previous = None;
    for (path, _) in is.facts() {
        if was.has(path) {
            previous = Some(path);
        } else {
            behind.entry(previous).or_default().push(path);
        }
    }
    let mut paths = behind.remove(&None).unwrap_or_default();
    for (path, _) in was.facts() {
        paths.push(path);
        paths.extend(behind.remove(&Some(path)).into_iter().flatten());
    }
    paths
}
