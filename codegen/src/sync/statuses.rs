//! The value of a status that a page names for the first time.
//!
//! The list is that of `windows-sys`, names and values alone; so a person need not look a value up that is known.

use crate::spec::{Spec, UNWRITTEN};

/// `STATUS_NAME 0xVALUE`, a line each, in the order of the names.
const VALUES: &str = include_str!("statuses.txt");

/// The rows of the table of statuses for the codes of the updated model that the table does not have, and whose value is known.
pub(super) fn rows(before: &Spec, updated: &Spec) -> Vec<String> {
    let mut named: Vec<&str> = updated.apis.iter().flat_map(|api| &api.returns.codes).map(|code| code.name.as_str()).collect();
    named.extend(updated.controls.iter().flat_map(|control| &control.returns.codes).map(|code| code.name.as_str()));
    named.sort_unstable();
    named.dedup();
    let is_new = |name: &&str| !before.statuses.iter().any(|status| status.name.value == **name);
    let row = |name: &str| Some(format!("| {name} | {} | {UNWRITTEN} |", value(name)?));
    named.into_iter().filter(is_new).filter_map(row).collect()
}

/// The value of a status; `None` where `windows-sys` does not have it.
pub(super) fn value(name: &str) -> Option<&'static str> {
    VALUES.lines().find_map(|line| line.split_once(' ').filter(|(known, _)| *known == name).map(|(_, value)| value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_the_whole_name() {
        assert_eq!(value("STATUS_PENDING"), Some("0x00000103"));
        assert_eq!(value("STATUS_IO_TIMEOUT"), Some("0xC00000B5"));
        assert_eq!((value("STATUS_PEND"), value("STATUS_MADE_UP")), (None, None));
    }

    #[test]
    fn the_list_has_the_values_of_our_table() {
        let table = include_str!("../../../spec-data/tables/statuses.md");
        let rows: Vec<Vec<&str>> =
            table.lines().filter(|l| l.starts_with("| STATUS_")).map(|l| l.split(" | ").collect()).collect();
        assert!(rows.len() > 10);
        for row in rows {
            assert_eq!(value(row[0].trim_start_matches("| ")), Some(row[1]), "{row:?}");
        }
    }
}
