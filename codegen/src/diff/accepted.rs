//! Changes that somebody has looked at and accepted, each with the reason: a file beside spec-data.

use std::path::Path;

use serde::Deserialize;

use super::Change;
use super::decisions::{DecisionsError, read_entries};

/// An accepted change. What is left out fits anything.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// The item: `PFN_WSK_CONNECT`.
    pub name: String,
    /// The fact: `irql.always`; left out for the whole item.
    #[serde(default)]
    pub fact: String,
    /// What it was.
    pub before: Option<String>,
    /// What it is.
    pub after: Option<String>,
    /// Why it is accepted.
    pub reason: String,
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

/// Reads the file; none is as good as an empty one.
///
/// # Errors
/// If it is there and is not a list of accepted changes, each with a reason.
pub fn read_accepted(path: &Path) -> Result<Vec<Accepted>, DecisionsError> {
    let accepted: Vec<Accepted> = read_entries(path)?;
    match accepted.iter().find(|a| a.reason.trim().is_empty()) {
        Some(bare) => {
            let why = format!("the change of {} {} is accepted without a reason", bare.name, bare.fact);
            Err(DecisionsError::new(path, why))
        }
        None => Ok(accepted),
    }
}

/// Takes out what is accepted, and gives how many there were.
pub fn without_accepted(changes: &mut Vec<Change>, accepted: &[Accepted]) -> usize {
    let before = changes.len();
    changes.retain(|change| !accepted.iter().any(|a| a.fits(change)));
    before - changes.len()
}
