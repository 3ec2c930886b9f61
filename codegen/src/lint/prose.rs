//! Everything is explained, in words of our own.

use super::Lint;
use crate::source::Spanned;
use crate::spec::{OtherCodes, Page, UNWRITTEN};

pub(super) fn check(lint: &mut Lint<'_>) {
    let spec = lint.spec;
    for api in &spec.apis {
        page(lint, &api.page);
        api.params.iter().for_each(|p| prose(lint, &p.meaning));
        api.values.iter().flat_map(|t| &t.rows).for_each(|r| prose(lint, &r.meaning));
        api.returns
            .codes
            .iter()
            .map(|c| &c.meaning)
            .chain(api.returns.other.iter().map(OtherCodes::meaning))
            .for_each(|m| prose(lint, m));
    }
    for structure in &spec.structs {
        page(lint, &structure.page);
        structure.fields.iter().for_each(|f| prose(lint, &f.meaning));
    }
    for enumeration in &spec.enums {
        page(lint, &enumeration.page);
        enumeration.variants.iter().for_each(|v| prose(lint, &v.meaning));
    }
    for control in &spec.controls {
        page(lint, &control.page);
        control.values.iter().flat_map(|t| &t.rows).for_each(|r| prose(lint, &r.meaning));
        control.returns.codes.iter().for_each(|c| prose(lint, &c.meaning));
    }
    spec.constants.iter().for_each(|c| prose(lint, &c.meaning));
    spec.guids.iter().for_each(|g| prose(lint, &g.meaning));
    spec.macros.iter().for_each(|m| prose(lint, &m.meaning));
    spec.statuses.iter().for_each(|s| prose(lint, &s.meaning));
    spec.types.iter().for_each(|t| prose(lint, &t.meaning));
    for erratum in &spec.errata {
        prose(lint, &erratum.reason);
        prose(lint, &erratum.evidence);
    }
}

fn page(lint: &mut Lint<'_>, page: &Page) {
    prose(lint, &page.summary);
    page.notes.iter().for_each(|n| prose(lint, n));
}

fn prose(lint: &mut Lint<'_>, text: &Spanned<String>) {
    if text.value.trim().is_empty() || text.value.contains(UNWRITTEN) {
        lint.error(
            "lint::prose",
            text.span,
            "this has not been explained yet",
            "say it in your own words; no sentence of the vendor's belongs here",
        );
    }
}
