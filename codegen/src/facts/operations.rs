//! Which operation of a control code on one page is which on another.
//!
//! Names do not decide: a page says `apply` where we say `set`. The request type does, as far as it goes: enabling and disabling are both
//! `WskSetOption`. So each pair of operations has a distance: 8 if the request types differ, 2 for each other fact that does, 1 for the
//! name; and the nearest are matched first. One changed fact, be it the request type, then leaves an operation nearest to its own.

use std::collections::{HashMap, HashSet};

use super::path::{FactKind, FactPath};
use super::tree::Item;

/// The facts of an operation, by which it is told from others.
pub const OPERATION_KINDS: [FactKind; 11] = [
    FactKind::OperationCode,
    FactKind::OperationRequest,
    FactKind::OperationLevel,
    FactKind::OperationInput,
    FactKind::OperationOutput,
    FactKind::OperationSizeReturned,
    FactKind::OperationFlags,
    FactKind::OperationIrp,
    FactKind::OperationSockets,
    FactKind::OperationClientState,
    FactKind::OperationIrql,
];

/// The operations of `is` by those of `was` that they are, where their names differ. One that has no other half keeps its name, unless
/// that is the name of another: then it is numbered.
pub(super) fn matched<'a>(was: &'a Item, is: &'a Item) -> HashMap<&'a str, &'a str> {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (was.names(FactKind::Operation).collect(), is.names(FactKind::Operation).collect());
    let value = |item: &'a Item, kind, name: &str| item.get(&FactPath::new(kind, &[name])).map(|f| f.value.as_str());
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (o, from) in before.iter().enumerate() {
        for (n, to) in after.iter().enumerate() {
            let differing = OPERATION_KINDS.into_iter().filter(|kind| value(was, *kind, from) != value(is, *kind, to));
            let distance: usize = differing.map(|kind| if kind == FactKind::OperationRequest { 8 } else { 2 }).sum();
            pairs.push((distance + usize::from(from != to), n, o));
        }
    }
    pairs.sort_unstable();
    let (mut taken_before, mut taken_after) = (HashSet::new(), HashSet::new());
    let mut found = HashMap::new();
    for (_, n, o) in pairs {
        if let (Some(from), Some(to)) = (before.get(o), after.get(n))
            && !taken_before.contains(&o)
            && !taken_after.contains(&n)
        {
            taken_before.insert(o);
            taken_after.insert(n);
            found.insert(*from, *to);
        }
    }
    found.retain(|from, to| from != to);
    found
}
