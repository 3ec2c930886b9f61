//! What a person has yet to write on a page that the tool wrote: types, levels and properties that stand as `?`.
//!
//! In: the text of a page. Out: a diagnostic for each, with its place. Such a page is not read any further, for a `?` is neither C nor a
//! word of ours; whatever reads it would complain of its own rules, and not of what is missing.

use crate::source::{Diagnostic, FileId, Report, Sources, Span};

/// What stands where a page of the vendor's does not say what ours must.
pub(crate) const UNKNOWN: &str = "?";

/// The code of these diagnostics.
pub(crate) const CODE: &str = "spec::unwritten";

/// Reports what is left to be written; whether there is any.
pub(super) fn report(sources: &Sources, file: FileId, report: &mut Report) -> bool {
    let mut any = false;
    let mut fenced = false;
    let mut at = 0;
    for line in sources.get(file).text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        let Some(place) = (if fenced { in_declaration(line) } else { in_row(line) }) else { continue };
        let of = name_of(line, fenced);
        let (what, help) = if fenced {
            (format!("the type of `{of}` is not written yet"), "write its C type, as the header declares it, instead of `?`")
        } else {
            (
                format!("what the page has for `{of}` is not written yet"),
                "write it instead of `?`, with an erratum that says where it comes from",
            )
        };
        let span = Span::new(file, start + place..start + place + UNKNOWN.len());
        report.push(Diagnostic::error(CODE, what).at(span).help(help));
        any = true;
    }
    any
}

/// The page of the vendor's that a page names.
pub(super) fn upstream(text: &str) -> Option<String> {
    text.lines().find_map(|line| line.strip_prefix("upstream:")).map(|name| name.trim().to_owned())
}

/// `? Name;`, or `(? Name`: where the mark stands.
fn in_declaration(line: &str) -> Option<usize> {
    let is_type = |at: &usize| {
        let before = line.get(..*at).unwrap_or_default();
        let begins = before.trim().is_empty()
            || before.trim_end().ends_with(['(', ',', ';', '{'])
            || before.trim_end().ends_with("typedef");
        begins && line.get(at + UNKNOWN.len()..).is_some_and(|rest| rest.starts_with([' ', '*', ')']))
    };
    line.match_indices(UNKNOWN).map(|(at, _)| at).find(is_type)
}

/// `| always | ? |`: where the mark stands. In the first cell it has a meaning of its own.
fn in_row(line: &str) -> Option<usize> {
    let row = line.trim_end().strip_prefix('|')?.strip_suffix('|')?;
    let mut at = 1;
    for (column, cell) in row.split('|').enumerate() {
        if column > 0 && cell.trim() == UNKNOWN {
            return Some(at + cell.find(UNKNOWN)?);
        }
        at += cell.len() + 1;
    }
    None
}

/// What the mark is about: the name that the line declares, or the first cell of the row.
fn name_of(line: &str, fenced: bool) -> &str {
    if !fenced {
        return line.trim_start_matches('|').split('|').next().unwrap_or(line).trim();
    }
    let behind = line.split(UNKNOWN).nth(1).unwrap_or_default();
    behind.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').find(|word| !word.is_empty()).unwrap_or("the function")
}
