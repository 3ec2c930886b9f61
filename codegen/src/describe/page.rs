//! What pages of all kinds have: values, codes, notes, corrections, where it is from.

use super::{Cell, Section, Table, names};
use crate::spec::{Combine, Page, Returns, Spec, Value, ValueTable};

/// Notes, corrections of the vendor's page, and where the item is from.
pub(super) fn page(page: &Page, spec: &Spec) -> Vec<Section> {
    let mut sections = Vec::new();
    sections.extend(notes(page));
    sections.extend(Section::list("Corrections", corrections(page, spec)));
    sections.push(availability(page));
    sections
}

/// The notes.
pub(crate) fn notes(page: &Page) -> Option<Section> {
    Section::list("Notes", page.notes.iter().map(|n| n.value.clone()).collect())
}

/// Where the item differs from the vendor's page, and why.
fn corrections(page: &Page, spec: &Spec) -> Vec<String> {
    let about = |e: &&crate::spec::Erratum| page.upstream.as_ref().is_some_and(|u| u.value == e.page.value);
    let corrections = spec.errata.iter().filter(about).map(|erratum| {
        let text = |value: &Option<crate::source::Spanned<String>>| match value {
            Some(value) => format!("`{value}`"),
            None => "nothing".to_owned(),
        };
        let which = erratum.revision.as_ref().map_or_else(String::new, |r| format!(" in the revision {r}"));
        format!(
            "`{}` is {}; the vendor's page says {}{which}. {} {}",
            erratum.fact,
            text(&erratum.value),
            text(&erratum.upstream),
            erratum.reason,
            erratum.evidence
        )
    });
    corrections.collect()
}

pub(crate) fn availability(page: &Page) -> Section {
    let source = upstream_link(page).map_or_else(String::new, |link| format!(" Source page: {link}"));
    Section::text("Availability", format!("{}, header {}.{source}", page.since, page.header))
}

/// The address of the vendor's page.
pub(super) fn upstream_link(page: &Page) -> Option<String> {
    let name = page.upstream.as_ref()?;
    let is_reference = ["nc-", "nf-", "ns-", "ne-", "ni-"].iter().any(|prefix| name.starts_with(prefix));
    let folder = if is_reference {
        let module = page.header.split('.').next().unwrap_or_default().to_lowercase();
        format!("ddi/{module}")
    } else {
        "network".to_owned()
    };
    Some(format!("<https://learn.microsoft.com/windows-hardware/drivers/{folder}/{name}>"))
}

/// The constants that parameters or members take.
pub(super) fn values(tables: &[ValueTable]) -> impl Iterator<Item = Section> {
    tables.iter().map(|table| {
        let how = match table.combine {
            Combine::Any => "any of these, joined by OR, or zero",
            Combine::One => "one of these",
        };
        let rows = table.rows.iter().map(|row| vec![Cell::name(&row.constant), Cell::text(value(row))]);
        let other = table.other.iter().map(|other| vec![Cell::text("any other"), Cell::text(other.value.clone())]);
        let rows = rows.chain(other).collect();
        let title = format!("Values of `{}`", table.of);
        Section::table(title, format!("Takes {how}:"), Table { columns: vec!["Constant", "Meaning"], rows })
    })
}

fn value(row: &Value) -> String {
    let mut text = row.meaning.value.clone();
    if !row.excludes.is_empty() {
        text += &format!(" Not together with {}.", names(row.excludes.iter().map(|e| e.value.as_str())));
    }
    if let Some(level) = &row.level {
        text += &format!(" With it, the level is {}.", level.spelling());
    }
    if let Some(callback) = &row.callback {
        text += &format!(" Stands for the event callback `{callback}`.");
    }
    text
}

/// The codes, and what others mean; `None` for a function without codes.
pub(crate) fn returns(returns: &Returns) -> Option<Table> {
    if returns.codes.is_empty() {
        return None;
    }
    let rows = returns.codes.iter().map(|c| vec![Cell::name(&c.name), Cell::text(c.meaning.value.clone())]);
    let other = returns.other.iter().map(|other| vec![Cell::text(other.label()), Cell::text(other.meaning().value.clone())]);
    Some(Table { columns: vec!["Status", "Meaning"], rows: rows.chain(other).collect() })
}
