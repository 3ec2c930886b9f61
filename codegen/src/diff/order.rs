//! Members of tables whose layout is not computed: what their order says of those that are new or gone.
//!
//! In: the changes of a structure of the vendor's pages, which state no offsets. Out: the same, in which a member more or less is told by
//! its place. Drivers find the functions of a table by their places, so one whose place is not known is never harmless.

use std::collections::HashSet;

use super::change::Change;
use super::rules::Rule;
use crate::facts::{FactKind, FactPath, Identity, Item, ItemKind};

/// Where a member that is new or gone stands, by the side that has it.
enum Place {
    /// Before so many members that both sides have.
    Before(usize),
    Last,
}

/// The members of one side.
struct Members<'a>(Vec<&'a str>);

impl<'a> Members<'a> {
    fn of(item: &'a Item) -> Self {
        Self(item.names(FactKind::Field).filter(|name| !name.contains('.')).collect())
    }

    fn place(&self, name: &str, common: &HashSet<&str>) -> Place {
        match self.0.iter().skip_while(|n| **n != name).filter(|n| common.contains(**n)).count() {
            0 => Place::Last,
            behind => Place::Before(behind),
        }
    }
}

/// Whether the order of the members is that of a definition, and not only that of a list.
fn is_defined(item: &Item, members: &Members<'_>) -> bool {
    item.has(&FactPath::new(FactKind::Definition, &[]))
        && members.0.iter().all(|name| item.has(&FactPath::new(FactKind::FieldType, &[name])))
}

/// Whether a structure is a table of functions: by its name, or because each of its members is a pointer to a function.
fn is_table(item: &Item, members: &Members<'_>) -> bool {
    let is_pointer = |name: &&str| {
        let ty = item.value(FactKind::FieldType, &[name]);
        ty.is_some_and(|ty| ty.starts_with("PFN_") || ty.contains("(*") || ty.contains("( *"))
    };
    let is_struct = item.value(FactKind::Definition, &[]).is_some_and(|c| !c.starts_with("union"));
    item.has(&FactPath::new(FactKind::Dispatch, &[])) || is_struct && !members.0.is_empty() && members.0.iter().all(is_pointer)
}

/// Says of the members of a table that are new or gone where they stand, and that a table is smaller.
pub(super) fn tell(changes: &mut Vec<Change>, identity: &Identity, was: &Item, is: &Item) {
    let has_layout = |item: &Item| item.has(&FactPath::new(FactKind::Size, &[]));
    if is.kind != ItemKind::Struct || changes.is_empty() || has_layout(was) || has_layout(is) {
        return;
    }
    let (before, after) = (Members::of(was), Members::of(is));
    if before.0.is_empty() || after.0.is_empty() || !(is_table(was, &before) || is_table(is, &after)) {
        return;
    }
    let there: HashSet<&str> = before.0.iter().copied().collect();
    let common: HashSet<&str> = after.0.iter().copied().filter(|name| there.contains(name)).collect();
    let mut last_gone = None;
    for (at, change) in changes.iter_mut().enumerate() {
        let Ok(path) = change.fact.parse::<FactPath>() else { continue };
        let Some(rule) = Rule::from_id(change.change).filter(|_| path.kind() == FactKind::Field) else { continue };
        let is_gone = rule == Rule::FieldRemoved;
        let (item, members) = if is_gone { (was, &before) } else { (is, &after) };
        let (place, is_defined) = (members.place(path.of(), &common), is_defined(item, members));
        let by_list = if is_defined { "" } else { "; the page has no definition: this is the order of its list" };
        match (rule, place) {
            (Rule::MemberAdded, Place::Before(_)) => {
                change.set(Rule::MemberInserted);
                change.reason = format!("{}{by_list}", Rule::MemberInserted.reason());
            }
            (Rule::MemberAdded, Place::Last) if !is_defined => {
                change.set(Rule::MemberPlaceUnknown);
                Rule::MemberPlaceUnknown.reason().clone_into(&mut change.reason);
            }
            (Rule::FieldAdded | Rule::FieldRemoved, Place::Before(behind)) => {
                let members = if behind == 1 { "one member" } else { "members" };
                let count = if behind == 1 { String::new() } else { format!("{behind} ") };
                change.reason = format!(
                    "{}; {count}{members} behind it moved: drivers that were built before call the wrong functions{by_list}",
                    change.reason
                );
            }
            _ => {}
        }
        if is_gone {
            last_gone = Some(at);
        }
    }
    let is_provider = [was, is].iter().any(|item| item.value(FactKind::Dispatch, &[]) == Some("provider"));
    if let Some(at) = last_gone.filter(|_| is_provider && after.0.len() < before.0.len()) {
        let mut change = Change::new(Rule::TableShrunk, identity, is.kind, FactPath::new(FactKind::Fields, &[]).to_string());
        let count = |members: &Members<'_>| format!("{} members", members.0.len());
        (change.before, change.after) = (Some(count(&before)), Some(count(&after)));
        if let Some(gone) = changes.get(at) {
            change.before_at.clone_from(&gone.before_at);
        }
        changes.insert(at + 1, change);
    }
}
