//! Doc comments.
//!
//! In: what [`crate::describe`] says of an item. Out: Markdown in attributes.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::quote;

use crate::describe::{self, Body, Cell, Section, Table};
use crate::facts::ApiKind;
use crate::spec::{Api, Control, Enum, Page, Spec, Struct};

/// A doc comment. Its lines go through the formatter as one text, which costs far less than an attribute a line.
pub(super) fn doc(text: &str) -> TokenStream {
    let mut lines = String::new();
    for (i, line) in text.trim_end().lines().enumerate() {
        if i > 0 {
            lines.push('\n');
        }
        if !line.is_empty() {
            lines.push(' ');
            lines.push_str(line);
        }
    }
    quote! { #[doc = #lines] }
}

/// A section as Markdown.
fn section(out: &mut String, section: &Section) {
    let _ = write!(out, "\n# {}\n\n", section.title);
    if !section.lead.is_empty() {
        let _ = writeln!(out, "{}", section.lead);
    }
    match &section.body {
        Body::None => {}
        Body::List(items) => {
            for item in items {
                let _ = writeln!(out, "- {item}");
            }
        }
        Body::Table(table) => {
            if !section.lead.is_empty() {
                out.push('\n');
            }
            row(out, table.columns.iter().map(|c| (*c).to_owned()));
            let _ = writeln!(out, "|{}", "---|".repeat(table.columns.len()));
            for cells in &table.rows {
                row(out, cells.iter().map(cell));
            }
        }
    }
}

fn row(out: &mut String, cells: impl Iterator<Item = String>) {
    let _ = writeln!(out, "| {} |", cells.collect::<Vec<_>>().join(" | "));
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Name(name) => format!("`{name}`"),
        Cell::Text(text) => text.clone(),
    }
}

/// A table of two columns as a list: `` - `NAME`: meaning ``, of the rows whose name is wanted.
pub(super) fn list(out: &mut String, table: &Table, wanted: impl Fn(&str) -> bool) {
    for cells in &table.rows {
        if let [name, meaning] = cells.as_slice()
            && wanted(name.plain())
        {
            let _ = writeln!(out, "- {}: {}", cell(name), cell(meaning));
        }
    }
}

/// Notes, availability and the vendor's page. Corrections of that page are in `sys`.
pub(super) fn tail(out: &mut String, page: &Page) {
    describe::notes(page).iter().for_each(|notes| section(out, notes));
    section(out, &describe::availability(page));
}

/// The documentation of an API.
pub(super) fn api(api: &Api, spec: &Spec) -> String {
    let tables: Vec<String> = spec.tables_of(api).map(|s| format!("[`{}`](super::{})", s.page.name, s.page.name)).collect();
    let place = match api.kind.value {
        ApiKind::Function => format!("The type of `{}` in {}.", api.page.name, tables.join(", ")),
        ApiKind::Callback => {
            format!("The type of the event callback `{}` in {}; the driver supplies it.", api.page.name, tables.join(", "))
        }
        ApiKind::Export => format!("Imported from `{}`.", api.library.as_ref().map_or("", |l| l.value.as_str())),
        // `load` takes no page of these kinds.
        ApiKind::Method | ApiKind::Macro => String::new(),
    };
    let mut out = format!("{}\n\n{place}\n", api.page.summary);
    describe::api(api, spec).iter().for_each(|s| section(&mut out, s));
    out
}

/// The documentation of a control operation.
pub(super) fn control(control: &Control, spec: &Spec) -> String {
    let mut out = format!("{}\n\nA control code of `{}`.\n", control.page.summary, control.function);
    describe::control(control, spec).iter().for_each(|s| section(&mut out, s));
    out
}

/// The documentation of a structure.
pub(super) fn structure(structure: &Struct, spec: &Spec) -> String {
    let mut out = format!("{}\n", structure.page.summary);
    describe::kind_of_table(structure).iter().for_each(|kind| out += &format!("\n{kind}\n"));
    out += &format!("\n{}\n", describe::declared(structure));
    describe::structure(structure, spec).iter().for_each(|s| section(&mut out, s));
    out
}

/// The documentation of an enumeration.
pub(super) fn enumeration(enumeration: &Enum, spec: &Spec) -> String {
    let mut out = format!(
        "{}\n\nAn integer, not a Rust `enum`: a value without a name here is still a value. {}\n",
        enumeration.page.summary,
        describe::enumerated(enumeration)
    );
    describe::enumeration(enumeration, spec).iter().for_each(|s| section(&mut out, s));
    out
}
