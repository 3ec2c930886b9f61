//! Members that moved because another came, went or changed its size: told with that other, and not each by itself.
//!
//! In: the changes of one structure. Out: the same, in which what moved is folded under what moved it, and the size says why it is another.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::change::{Change, Moved};
use super::rules::Rule;
use crate::facts::{FactKind, FactPath, Item, Tree};

/// The names of types that take other room than before: structures, other names of theirs, and types of other headers.
pub(super) struct Resized<'a>(HashSet<&'a str>);

impl<'a> Resized<'a> {
    pub(super) fn between(old: &Tree, new: &'a Tree) -> Self {
        let kinds = [FactKind::Size, FactKind::Alignment, FactKind::Layout];
        let mut names = HashSet::new();
        for (identity, is) in new.iter() {
            let Some(was) = old.get(identity) else { continue };
            let is_other = |kind: &FactKind| {
                let (before, after) = (was.value(*kind, &[]), is.value(*kind, &[]));
                before.is_some() && after.is_some() && before != after
            };
            if kinds.iter().any(is_other) {
                names.insert(identity.name.as_str());
                names.extend(is.names(FactKind::Alias));
            }
        }
        Self(names)
    }

    /// The first field that is such a type, and not only a pointer to it, with the type.
    fn first_in<'i>(&self, item: &'i Item) -> Option<(&'i str, &'i str)> {
        item.facts().filter(|(path, _)| path.kind() == FactKind::FieldType).find_map(|(path, fact)| {
            let words = fact.value.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let ty = words.filter(|_| !fact.value.contains('*')).find(|word| self.0.contains(word))?;
            Some((path.of(), ty))
        })
    }
}

/// What is said of a change that moves others: `field Length is new`.
fn words(change: &Change) -> Option<String> {
    let rule = Rule::from_id(change.change)?;
    let name = change.fact.parse::<FactPath>().ok()?;
    let name = name.of();
    Some(match rule {
        Rule::FieldAdded | Rule::MemberAdded | Rule::MemberInserted => format!("field `{name}` is new"),
        Rule::FieldRemoved => format!("field `{name}` is gone"),
        Rule::FieldReplaced => format!("field `{name}` stands in the place of another"),
        Rule::FieldTypeChanged => format!("field `{name}` has another type"),
        Rule::FieldsSwapped => "fields have changed places".to_owned(),
        _ => return None,
    })
}

/// Folds what moved under what moved it.
pub(super) fn fold(changes: &mut Vec<Change>, was: &Item, is: &Item, resized: &Resized<'_>) {
    let is_moved = |change: &Change| change.change == Rule::LayoutMoved.id();
    let is_size = |change: &Change| change.change == Rule::SizeChanged.id() || change.change == Rule::TableShrunk.id();
    if !changes.iter().any(|c| is_moved(c) || is_size(c)) {
        return;
    }
    let places = places(was, is);
    let place = |change: &Change| {
        let path = change.fact.parse::<FactPath>().ok()?;
        places.get(path.of()).copied()
    };
    // The causes by their places. Of fields that changed places none is the first.
    let mut causes: BTreeMap<usize, usize> = BTreeMap::new();
    let mut why: Vec<String> = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        if let Some(words) = words(change) {
            causes.entry(place(change).unwrap_or(0)).or_insert(at);
            why.push(words);
        }
    }
    if why.is_empty() {
        why.extend(resized.first_in(is).map(|(field, ty)| format!("`{ty}`, the type of field `{field}`, takes other room")));
    }
    let because = |reason: &str| match why.as_slice() {
        [] => reason.to_owned(),
        [first] => format!("{reason}: {first}"),
        [first, rest @ ..] => format!("{reason}: {first}, and {} more of its fields changed", rest.len()),
    };
    let mut moved: HashMap<usize, Vec<Moved>> = HashMap::new();
    let mut first_alone = None;
    for (at, change) in changes.iter_mut().enumerate() {
        if is_size(change) {
            change.reason = because(&change.reason);
        } else if is_moved(change) {
            let cause = place(change).and_then(|place| causes.range(..=place).next_back()).map(|(_, at)| *at);
            // What has no cause here is told with the first of its kind.
            let under = cause.unwrap_or_else(|| *first_alone.get_or_insert(at));
            moved.entry(under).or_default().push(Moved {
                fact: change.fact.clone(),
                before: change.before.clone().unwrap_or_default(),
                after: change.after.clone().unwrap_or_default(),
            });
            if under == at {
                change.reason = because(&change.reason);
            }
        }
    }
    let mut at = 0..;
    changes.retain_mut(|change| {
        let at = at.next().unwrap_or_default();
        let under = moved.remove(&at);
        if is_moved(change) {
            // Of one that stands for others, the others are listed with it.
            change.moved = under.unwrap_or_default().into_iter().filter(|m| m.fact != change.fact).collect();
            return first_alone == Some(at);
        }
        let Some(under) = under else { return true };
        if change.change == Rule::MemberAdded.id() {
            change.set(Rule::MemberInserted);
            change.reason = Rule::MemberInserted.reason().to_owned();
        }
        let members = if under.len() == 1 { "one member" } else { "members" };
        let count = if under.len() == 1 { String::new() } else { format!("{} ", under.len()) };
        change.reason = format!(
            "{}; {count}{members} behind it moved: drivers that were built before read and write elsewhere",
            change.reason
        );
        change.raise(Rule::LayoutMoved.class());
        change.moved = under;
        true
    });
}

/// The places of all fields of both sides: of the older side, and what is new where the newer side has it.
fn places<'a>(was: &'a Item, is: &'a Item) -> HashMap<&'a str, usize> {
    let mut behind: HashMap<Option<&str>, Vec<&str>> = HashMap::new();
    let mut previous = None;
    for name in is.names(FactKind::Field) {
        if was.has(&FactPath::new(FactKind::Field, &[name])) {
            previous = Some(name);
        } else {
            behind.entry(previous).or_default().push(name);
        }
    }
    let mut order = behind.remove(&None).unwrap_or_default();
    for name in was.names(FactKind::Field) {
        order.push(name);
        order.extend(behind.remove(&Some(name)).into_iter().flatten());
    }
    order.into_iter().enumerate().map(|(at, name)| (name, at)).collect()
}
