//! The model → English for people: what `explain` prints and what the emitted docs say.
//!
//! In: an item of the model. Out: sections of tables, lists and text, without a layout. Separate because two renderers need the same
//! words: [`crate::explain`] lays them out for a terminal, [`crate::emit`] as Markdown. A fact that is described here is in both.

mod api;
mod control;
mod data;
mod page;
mod rules;

pub(crate) use api::{IRQL, api, may_be_called, places};
pub(crate) use control::control;
pub(crate) use data::{declared, enumerated, enumeration, field, kind_of_table, structure, variant};
pub(crate) use page::{availability, notes, returns};
pub(crate) use rules::{IrpPresence, limit, memory};

/// A part of a description, under a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Section {
    /// The title.
    pub(crate) title: String,
    /// What stands before a table or a list; empty for none.
    pub(crate) lead: String,
    /// A table or a list.
    pub(crate) body: Body,
}

/// What a section consists of, besides its lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Body {
    /// Nothing more.
    None,
    /// Items.
    List(Vec<String>),
    /// Rows.
    Table(Table),
}

/// Rows of cells, the last of which is running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    /// The titles of the columns.
    pub(crate) columns: Vec<&'static str>,
    /// The rows.
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// A name of the interface.
    Name(String),
    /// Words.
    Text(String),
}

impl Cell {
    pub(crate) fn name(text: &str) -> Self {
        Self::Name(text.to_owned())
    }

    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// What it says, without any mark for names.
    pub(crate) fn plain(&self) -> &str {
        match self {
            Self::Name(text) | Self::Text(text) => text,
        }
    }
}

impl Section {
    fn text(title: impl Into<String>, lead: impl Into<String>) -> Self {
        Self { title: title.into(), lead: lead.into(), body: Body::None }
    }

    fn list(title: impl Into<String>, items: Vec<String>) -> Option<Self> {
        (!items.is_empty()).then(|| Self { title: title.into(), lead: String::new(), body: Body::List(items) })
    }

    fn table(title: impl Into<String>, lead: impl Into<String>, table: Table) -> Self {
        Self { title: title.into(), lead: lead.into(), body: Body::Table(table) }
    }
}

/// `A`, `B` and `C`, each marked as a name.
fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|n| format!("`{n}`")).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
