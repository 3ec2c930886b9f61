//! Changes that somebody has looked at and accepted, each with the reason: a file beside spec-data.
//!
//! An accepted change is no finding any more. It is still shown, with the reason, and still raises the version: drivers that use the
//! crate are not changed by somebody's having accepted it.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer};
use serde_saphyr::Spanned;

use super::Change;
use super::decisions::{DecisionsFile, Said};
use crate::source::{Complaint, Span};

const COMPLAINT: Complaint = Complaint {
    code: "diff::accepted",
    help: "each entry has a name, a fact, a reason, and where it matters a header, and what the fact was (before) and is (after)",
};

/// An entry as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: Spanned<String>,
    header: Option<String>,
    #[serde(default)]
    fact: String,
    #[serde(default, deserialize_with = "written")]
    before: Option<Option<String>>,
    #[serde(default, deserialize_with = "written")]
    after: Option<Option<String>>,
    reason: String,
}

/// A value that is written, `null` included: that there is none is something else than that it does not matter.
fn written<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// An accepted change. What is left out fits anything.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The item: `PFN_WSK_CONNECT`.
    pub name: String,
    /// The header that declares it.
    pub header: Option<String>,
    /// The fact: `irql.always`; left out for the whole item.
    pub fact: String,
    /// What it was; `Some(None)` where it was not there.
    pub before: Option<Option<String>>,
    /// What it is; `Some(None)` where it is gone.
    pub after: Option<Option<String>>,
    /// Why it is accepted.
    pub reason: String,
    at: Span,
}

impl Accepted {
    fn fits(&self, change: &Change) -> bool {
        let same = |wanted: &Option<Option<String>>, found: &Option<String>| wanted.as_ref().is_none_or(|w| w == found);
        self.name == change.name
            && self.fact == change.fact
            && self.header.as_ref().is_none_or(|header| *header == change.header)
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
        let Entry { name, header, fact, before, after, reason } = entry;
        found.push(Accepted { name: name.value, header, fact, before, after, reason: reason.trim().to_owned(), at });
    }
    found
}

/// Marks what is accepted with the reason. An entry that fits no change, or changes of more than one header, is a warning and accepts
/// nothing.
pub fn accept(changes: &mut [Change], accepted: &[Accepted], said: &mut Said) {
    for entry in accepted {
        let headers: BTreeSet<&str> = changes.iter().filter(|c| entry.fits(c)).map(|c| c.header.as_str()).collect();
        if headers.len() > 1 {
            let all: Vec<&str> = headers.into_iter().collect();
            let message = format!("{} is declared by {}: this entry accepts nothing", entry.name, all.join(" and by "));
            said.warning("diff::accepted-ambiguous", entry.at, message, "say which is meant: `header: NAME`");
            continue;
        }
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
