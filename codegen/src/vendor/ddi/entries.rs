//! The structural entries of a page, found by their form alone: what the account holds against the facts.
//!
//! In: a page, cut. Out: each heading of a list, and in the texts of lists and of the return section what `scan` finds.

use super::heading;
use super::page::{self, Mark, Page, Section};
use super::scan;
use crate::source::{Diagnostic, Report};
use crate::vendor::account::{Around, Below, Entry, Form, Ledger};

/// Settles every entry of a page.
pub(super) fn settle(page: &Page<'_>, ledger: &Ledger, report: &mut Report) {
    if let Some(at) = page.open_fence {
        let message = "nothing closes this code, so that the rest of the page is code";
        let help = "use another revision of the page, or close the code where it ends";
        report.push(Diagnostic::warning("vendor::unread", message).at(at).help(help));
    }
    for heading in &page.entries {
        let begins_other = heading.section == Section::Other && (heading.mark == Mark::Section || heading.level <= 2);
        if begins_other && matches!(heading.mark, Mark::Section | Mark::Plain) && heading::is_unknown_section(&heading.title) {
            let message = format!("this section is not known, and nothing in it was read: {}", heading.title);
            let help = "sections are `## -parameters`, `## -struct-fields`, `## -enum-fields` and `## -returns`";
            report.push(Diagnostic::warning("vendor::unread", message).at(heading.title_span).help(help));
        }
        let Some(below) = below(heading) else { continue };
        if heading.mark == Mark::Loose {
            continue;
        }
        if heading.mark != Mark::Section {
            settle_heading(page, heading, below, ledger, report);
        }
        let text = page.text.get(heading.text.clone()).unwrap_or_default();
        for found in scan::all(text, below, heading.mark) {
            let range = heading.text.start + found.range.start..heading.text.start + found.range.end;
            let scan::Found { form, around, says, name, .. } = &found;
            let entry = Entry { form: *form, below, around: *around, says: *says, name, range, has_text: true };
            ledger.settle(page.file, &entry, report);
        }
    }
}

/// Below what the text of a heading stands, if entries there count.
pub(super) fn below(heading: &page::Entry<'_>) -> Option<Below> {
    match (heading.section, heading.mark) {
        (Section::Parameters, _) | (_, Mark::Param) => Some(Below::Parameter),
        (Section::Enumerators, _) => Some(Below::Enumerator),
        (Section::Fields, _) | (_, Mark::Field) => Some(Below::Field),
        (Section::Returns, _) => Some(Below::Returns),
        _ => None,
    }
}

/// Settles a heading.
fn settle_heading(page: &Page<'_>, heading: &page::Entry<'_>, below: Below, ledger: &Ledger, report: &mut Report) {
    let entry = Entry {
        form: if heading.mark == Mark::Plain { Form::Heading } else { Form::Marked },
        below,
        around: Around::Meaning,
        says: heading.says,
        name: &heading.title,
        range: heading.line.clone(),
        has_text: !page.body(heading).0.trim().is_empty(),
    };
    ledger.settle(page.file, &entry, report);
}
