//! Changes for other programs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Change, counts};

#[derive(Serialize)]
struct Contract<'a> {
    schema: u32,
    breaking: bool,
    counts: BTreeMap<&'static str, usize>,
    changes: &'a [Change],
}

/// `{"schema": 1, "breaking": …, "counts": {…}, "changes": […]}`.
#[must_use]
pub fn json(changes: &[Change]) -> String {
    let contract = Contract {
        schema: 1,
        breaking: changes.iter().any(|c| c.class.is_breaking()),
        counts: counts(changes).into_iter().map(|(class, n)| (class.as_str(), n)).collect(),
        changes,
    };
    // The contract is strings and numbers, which always serialise.
    serde_json::to_string_pretty(&contract).unwrap_or_default() + "\n"
}
