//! A control code of the model against a page of the vendor's, fact by fact.
//!
//! In: what spec-data says of a control code, and what was read from the page. Out: the facts that are to be compared, as errata name
//! them. Separate from `agreement`, for operations have to be matched first: their names are ours, not the page's.

use crate::facts::OPERATION_FACTS;
use crate::source::{Span, Spanned};
use crate::spec::Control;
use crate::vendor::{ControlFacts, OperationFacts};

/// A fact that was compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The fact, as errata name it: `operations.set.irp`.
    pub fact: String,
    /// What the model says; `None` where it has no such thing.
    pub ours: Option<String>,
    /// What the page says; `None` where it says nothing.
    pub theirs: Option<String>,
    /// Where the page says it.
    pub at: Option<Span>,
}

impl Compared {
    /// Whether the two say the same.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.ours == self.theirs
    }
}

/// Compares a control code with its page. What pages of control codes mostly leave to other pages (the level, flags) is compared where
/// the page states it; of codes, that the page has those of ours, for which others the function returns anyway is not known here.
#[must_use]
pub fn compare(ours: &Control, theirs: &ControlFacts) -> Vec<Compared> {
    let mut comparison = Vec::new();
    let mut fact = |fact: String, ours: Option<String>, theirs: Option<Spanned<String>>| {
        let (theirs, at) = theirs.map_or((None, None), |t| (Some(t.value), Some(t.span)));
        comparison.push(Compared { fact, ours, theirs, at });
    };
    fact("name".to_owned(), Some(ours.page.name.value.clone()), theirs.name.clone());
    fact("header".to_owned(), Some(ours.page.header.value.clone()), theirs.header.clone());
    fact("since".to_owned(), Some(ours.page.since.value.clone()), theirs.since.clone());
    fact("function".to_owned(), Some(ours.function.value.clone()), theirs.function.clone());

    let (our_facts, their_facts) = (our_facts(ours), their_facts(theirs));
    let partners = matched(ours, theirs, &our_facts, &their_facts);
    for (at, operation) in ours.operations.iter().enumerate() {
        let name = operation.name.value.as_str();
        let partner =
            partners.iter().find(|(o, _)| *o == at).and_then(|(_, t)| Some((theirs.operations.get(*t)?, their_facts.get(*t)?)));
        let Some((_, stated)) = partner else {
            fact(format!("operations.{name}"), Some(name.to_owned()), None);
            continue;
        };
        let said = our_facts.get(at).into_iter().flatten();
        for ((what, ours), stated) in OPERATION_FACTS.iter().zip(said).zip(stated) {
            let is_carried = match *what {
                "irql" => stated.is_some(),
                "flags" => stated.is_some() || !theirs.flags.is_empty(),
                _ => true,
            };
            if is_carried {
                fact(format!("operations.{name}.{what}"), ours.clone(), stated.clone());
            }
        }
    }
    for (at, operation) in theirs.operations.iter().enumerate().filter(|(at, _)| !partners.iter().any(|(_, t)| t == at)) {
        let name = operation.name.as_ref().map_or_else(|| (at + 1).to_string(), |n| n.value.clone());
        fact(format!("operations.{name}"), None, Some(Spanned::new(name, operation.at)));
    }

    let rows: Vec<_> = ours.values.iter().flat_map(|t| &t.rows).collect();
    for flag in &theirs.flags {
        let row = rows.iter().find(|r| r.constant == flag.constant);
        fact(format!("flags.{}", flag.constant), row.map(|r| r.constant.value.clone()), Some(flag.constant.clone()));
        if let Some(row) = row {
            let callback = row.callback.as_ref().map(|c| c.value.clone());
            fact(format!("flags.{}.callback", flag.constant), callback, flag.callback.clone());
        }
    }
    let is_listed = |name: &str| theirs.flags.iter().any(|f| f.constant.value == name);
    for row in rows.iter().filter(|r| !theirs.flags.is_empty() && !is_listed(&r.constant)) {
        fact(format!("flags.{}", row.constant), Some(row.constant.value.clone()), None);
    }
    for code in &ours.returns.codes {
        let stated = theirs.codes.iter().find(|c| **c == code.name);
        fact(format!("returns.{}", code.name), Some(code.name.value.clone()), stated.cloned());
    }
    comparison
}

/// The facts of each operation, in the order of [`OPERATION_FACTS`].
fn our_facts(ours: &Control) -> Vec<Vec<Option<String>>> {
    let of = |operation| OPERATION_FACTS.iter().map(|fact| ours.operation_fact(operation, fact).flatten()).collect();
    ours.operations.iter().map(of).collect()
}

fn their_facts(theirs: &ControlFacts) -> Vec<Vec<Option<Spanned<String>>>> {
    let of = |operation: &OperationFacts| OPERATION_FACTS.iter().map(|fact| operation.fact(fact)).collect();
    theirs.operations.iter().map(of).collect()
}

/// Which operation of the page is which of ours, by their positions.
///
/// Names do not decide: a page says `apply` where we say `set`. The request type does, as far as it goes: enabling and disabling are both
/// `WskSetOption`. So each pair of operations has a distance: 8 if the request types differ, 2 for each other fact that does, 1 for the
/// name; and the nearest are matched first. One changed fact, be it the request type, then leaves an operation nearest to its own.
fn matched(
    ours: &Control,
    theirs: &ControlFacts,
    our_facts: &[Vec<Option<String>>],
    their_facts: &[Vec<Option<Spanned<String>>>],
) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (o, said) in our_facts.iter().enumerate() {
        for (t, stated) in their_facts.iter().enumerate() {
            let facts = OPERATION_FACTS.iter().zip(said).zip(stated);
            let differing = facts.filter(|((_, ours), theirs)| ours.as_ref() != theirs.as_ref().map(|t| &t.value));
            let distance: usize = differing.map(|((what, _), _)| if *what == "request" { 8 } else { 2 }).sum();
            let name = theirs.operations.get(t).and_then(|operation| operation.name.as_ref());
            let same_name = ours.operations.get(o).is_some_and(|operation| Some(&operation.name) == name);
            pairs.push((distance + usize::from(!same_name), o, t));
        }
    }
    pairs.sort_unstable();
    let mut matched: Vec<(usize, usize)> = Vec::new();
    for (_, o, t) in pairs {
        if !matched.iter().any(|(other_o, other_t)| *other_o == o || *other_t == t) {
            matched.push((o, t));
        }
    }
    matched
}
