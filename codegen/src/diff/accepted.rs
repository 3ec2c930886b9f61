//! Changes that somebody has looked at and accepted, each with the reason: a file beside spec-data.
//!
//! An accepted change is no finding any more. It is still shown, with the reason, and still raises the version: drivers that use the
//! crate are not changed by somebody's having accepted it.

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::Change;
use super::decisions::{DecisionsFile, Said};
use crate::source::{Complaint, Span};

const COMPLAINT: Complaint = Complaint {
    code: "diff::accepted",
    help: "each entry has a name, a fact, a reason, and where it matters what the fact was (before) and is (after)",
};

/// An entry as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: Spanned<String>,
    #[serde(default)]
    fact: String,
    before: Option<String>,
    after: Option<String>,
    reason: String,
}

/// An accepted change. What is left out fits anything.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The item: `PFN_WSK_CONNECT`.
    pub name: String,
    /// The fact: `irql.always`; left out for the whole item.
    pub fact: String,
    /// What it was.
    pub before: Option<String>,
    /// What it is.
    pub after: Option<String>,
    /// Why it is accepted.
    pub reason: String,
    at: Span,
}

impl Accepted {
    fn fits(&self, change: &Change) -> bool {
        let same = |wanted: &Option<String>, found: &Option<String>| wanted.is_none() || wanted == found;
        self.name == change.name
            && self.fact == change.fact
            && same(&self.before, &change.before)
            && same(&self.after, &change.after)
    }
}

/// Reads the file. What is wrong with it is in `said`.
pub fn read_accepted(file: DecisionsFile<'_>, said: &mut Said) -> Vec<Accepted> {
    let (entries, Some(file)) = said.read_entries::<Entry>(file, COMPLAINT) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries {
        let at = said.span(file, &entry.name);
        if entry.reason.trim().is_empty() {
            let fact = if entry.fact.is_empty() { String::new() } else { format!(" {}", entry.fact) };
            said.error(COMPLAINT, at, format!("the change of {}{fact} is accepted without a reason", entry.name.value));
            continue;
        }
        let Entry { name, fact, before, after, reason } = entry;
        found.push(Accepted { name: name.value, fact, before, after, reason: reason.trim().to_owned(), at });
    }
    found
}

/// Marks what is accepted with the reason. An entry that fits no change is a warning.
pub fn accept(changes: &mut [Change], accepted: &[Accepted], said: &mut Said) {
    for entry in accepted {
        let mut fits = false;
        for change in changes.iter_mut().filter(|change| entry.fits(change)) {
            fits = true;
            change.accepted.get_or_insert_with(|| entry.reason.clone());
        }
        if !fits {
            let fact = if entry.fact.is_empty() { String::new() } else { format!(" {}", entry.fact) };
            let message = format!("no change of {}{fact} is like that: this entry accepts nothing", entry.name);
            let help =
                "remove it if the change is behind both sides; `diff --format json` has name, fact, before and after of each";
            said.warning("diff::accepted-unused", entry.at, message, help);
        }
    }
}
