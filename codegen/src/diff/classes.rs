//! Other classes for kinds of changes, each with the reason: a file beside spec-data, for projects that see some changes otherwise.

use std::path::Path;

use serde::Deserialize;

use super::Change;
use super::decisions::{DecisionsError, read_entries};
use super::rules::{Class, Rule};

/// A kind of change that has another class here.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    change: String,
    class: Class,
    reason: String,
}

/// Reads the file; none is as good as an empty one.
///
/// # Errors
/// If it is there and is not a list of kinds of changes, each with a class and a reason.
pub fn read_classes(path: &Path) -> Result<Vec<(Rule, Class, String)>, DecisionsError> {
    let fails = |why: String| DecisionsError::new(path, why);
    let entries: Vec<Entry> = read_entries(path)?;
    let mut found: Vec<(Rule, Class, String)> = Vec::new();
    for entry in entries {
        let Some(rule) = Rule::from_id(&entry.change) else {
            let near = crate::source::nearest(&entry.change, Rule::ALL.iter().map(|r| r.id()), 1);
            let hint = near.first().map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            return Err(fails(format!("there is no kind of change `{}`{hint}", entry.change)));
        };
        if entry.reason.trim().is_empty() {
            return Err(fails(format!("`{}` has another class without a reason", entry.change)));
        }
        if found.iter().any(|(r, ..)| *r == rule) {
            return Err(fails(format!("`{}` has two classes", entry.change)));
        }
        found.push((rule, entry.class, entry.reason));
    }
    Ok(found)
}

/// Gives changes the classes that the file decides.
pub fn reclassify(changes: &mut [Change], classes: &[(Rule, Class, String)]) {
    for change in changes {
        let Some((_, class, reason)) = classes.iter().find(|(rule, ..)| rule.id() == change.change) else { continue };
        change.class = *class;
        change.bump = class.bump();
        change.reason = format!("{} (here {}: {reason})", change.reason, class.words());
    }
}
