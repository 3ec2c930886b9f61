//! Changes that somebody has looked at and accepted, each with the reason: a file beside spec-data.

use std::path::Path;

use serde::Deserialize;

use super::Change;
use crate::source::{Limit, Links, parse_yaml, read_text};

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

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {why}")]
pub struct AcceptedError {
    /// The file.
    pub path: String,
    /// What is wrong with it, with its place.
    pub why: String,
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
pub fn read_accepted(path: &Path) -> Result<Vec<Accepted>, AcceptedError> {
    let fails = |why: String| AcceptedError { path: path.display().to_string(), why };
    let text = match read_text(path, Limit::Table, Links::Follow) {
        Ok(text) => text,
        Err(error) if error.is_not_found() => return Ok(Vec::new()),
        Err(error) => return Err(fails(error.to_string())),
    };
    let accepted: Vec<Accepted> = parse_yaml(&text).map_err(|e| fails(e.to_string()))?;
    match accepted.iter().find(|a| a.reason.trim().is_empty()) {
        Some(bare) => Err(fails(format!("the change of {} {} is accepted without a reason", bare.name, bare.fact))),
        None => Ok(accepted),
    }
}

/// Takes out what is accepted, and gives how many there were.
pub fn without_accepted(changes: &mut Vec<Change>, accepted: &[Accepted]) -> usize {
    let before = changes.len();
    changes.retain(|change| !accepted.iter().any(|a| a.fits(change)));
    before - changes.len()
}
