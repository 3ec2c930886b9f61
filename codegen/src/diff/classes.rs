//! Other classes for kinds of changes, each with the reason: a file beside spec-data, for projects that see some changes otherwise.

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::Change;
use super::class::Class;
use super::decisions::{DecisionsFile, Said};
use super::rules::Rule;
use crate::source::{Complaint, Span};

/// The name of the file, beside spec-data.
pub const CLASSES: &str = "change-classes.yaml";

const COMPLAINT: Complaint = Complaint {
    code: "diff::classes",
    help: "each entry has a change (`wsk-codegen explain --list` lists them), a class (documentation, compatible, runtime or source) \
           and a reason",
};

/// An entry as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    change: Spanned<String>,
    class: Class,
    reason: String,
}

/// A kind of change that has another class here.
#[derive(Debug, Clone)]
pub struct Reclassified {
    /// The kind.
    pub rule: Rule,
    /// Its class.
    pub class: Class,
    /// Why.
    pub reason: String,
    at: Span,
}

/// Reads the file. What is wrong with it is in `said`.
pub fn read_classes(file: DecisionsFile<'_>, said: &mut Said) -> Vec<Reclassified> {
    let (entries, Some(file)) = said.read_entries::<Entry>(file, COMPLAINT) else { return Vec::new() };
    let mut found: Vec<Reclassified> = Vec::new();
    for Entry { change, class, reason } in entries {
        let at = said.span(file, &change);
        let id = change.value;
        let Some(rule) = Rule::from_id(&id) else {
            let hint = Rule::near(&id).map_or_else(String::new, |near| format!("; did you mean `{}`?", near.id()));
            said.error(COMPLAINT, at, format!("there is no kind of change `{id}`{hint}"));
            continue;
        };
        if reason.trim().is_empty() {
            said.error(COMPLAINT, at, format!("`{id}` has another class without a reason"));
        }
        if found.iter().any(|r| r.rule == rule) {
            said.error(COMPLAINT, at, format!("`{id}` has two classes"));
        }
        found.push(Reclassified { rule, class, reason: reason.trim().to_owned(), at });
    }
    found
}

/// Gives changes the classes that the file decides. Where something changed, an entry that fits no change is a warning.
///
/// A change that has moved others ([`Change::moved`]) is never less than a layout that moved.
pub fn reclassify(changes: &mut [Change], classes: &[Reclassified], said: &mut Said) {
    let of = |id: &str| classes.iter().find(|r| r.rule.id() == id);
    let moved = of(Rule::LayoutMoved.id()).map_or(Rule::LayoutMoved.class(), |r| r.class);
    for entry in classes {
        let fits = |c: &Change| c.change == entry.rule.id() || entry.rule == Rule::LayoutMoved && !c.moved.is_empty();
        if !changes.is_empty() && !changes.iter().any(fits) {
            let message = format!("no change here is `{}`: this entry has no effect on this comparison", entry.rule.id());
            said.warning("diff::classes-unused", entry.at, message, "keep it if it is meant for other comparisons, too");
        }
    }
    for change in changes {
        let Some(Reclassified { class, reason, .. }) = of(change.change) else { continue };
        let class = if change.moved.is_empty() { *class } else { moved.max(*class) };
        change.class = class;
        change.bump = class.bump();
        change.reason = format!("{} (here {}: {reason})", change.reason, class.words());
    }
}
