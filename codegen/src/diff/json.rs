//! Changes for other programs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Bump, Change, bump, counts, prose_count};

#[derive(Serialize)]
struct Contract<'a> {
    schema: u32,
    breaking: bool,
    bump: Option<Bump>,
    counts: BTreeMap<&'static str, usize>,
    prose: usize,
    changes: &'a [Change],
}

/// `{"schema": 1, "breaking": …, "bump": …, "counts": {…}, "prose": …, "changes": […]}`.
#[must_use]
pub fn json(changes: &[Change]) -> String {
    let contract = Contract {
        schema: 1,
        breaking: changes.iter().any(|c| c.class.is_breaking()),
        bump: bump(changes),
        counts: counts(changes).into_iter().map(|(class, n)| (class.as_str(), n)).collect(),
        prose: prose_count(changes),
        changes,
    };
    // The contract is strings and numbers, which always serialise.
    serde_json::to_string_pretty(&contract).unwrap_or_default() + "\n"
}
