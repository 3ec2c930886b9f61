//! Changes for other programs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::change::{Change, accepted_count, bump, counts, prose_count};
use super::class::Bump;

#[derive(Serialize)]
struct Contract<'a> {
    schema: u32,
    breaking: bool,
    bump: Option<Bump>,
    counts: BTreeMap<&'static str, usize>,
    prose: usize,
    accepted: usize,
    changes: &'a [Change],
}

/// `{"schema": 1, "breaking": …, "bump": …, "counts": {…}, "prose": …, "accepted": …, "changes": […]}`. An accepted change is listed with
/// its reason; it is not counted with its class and breaks nothing, and the bump is that of all changes.
#[must_use]
pub fn json(changes: &[Change]) -> String {
    let contract = Contract {
        schema: 1,
        breaking: changes.iter().any(|c| c.class.is_breaking() && c.accepted.is_none()),
        bump: bump(changes),
        counts: counts(changes).into_iter().map(|(class, n)| (class.as_str(), n)).collect(),
        prose: prose_count(changes),
        accepted: accepted_count(changes),
        changes,
    };
    // The contract is strings and numbers, which always serialise.
    serde_json::to_string_pretty(&contract).unwrap_or_default() + "\n"
}
