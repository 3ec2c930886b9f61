//! Changes for other programs.

use serde::Serialize;

use super::{Change, counts};

#[derive(Serialize)]
struct Contract<'a> {
    schema: u32,
    breaking: bool,
    counts: std::collections::BTreeMap<String, usize>,
    changes: &'a [Change],
}

/// `{"schema": 1, "breaking": …, "counts": {…}, "changes": […]}`.
#[must_use]
pub fn json(changes: &[Change]) -> String {
    let word = |class| serde_json::to_value(class).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    let contract = Contract {
        schema: 1,
        breaking: changes.iter().any(|c| c.class.is_breaking()),
        counts: counts(changes).into_iter().map(|(class, n)| (word(class), n)).collect(),
        changes,
    };
    // The contract is strings and numbers, which always serialise.
    serde_json::to_string_pretty(&contract).unwrap_or_default() + "\n"
}
