//! The blocks of a page → its tables: those of the parameters of the function, in rows or as a list, and the others.
//!
//! A table is one of parameters because of the names in its first column, whatever stands around it. Each row that it has is given
//! to the parameter that it is about, or reported.

use super::super::blocks::{Block, Kind};
use crate::source::{Diagnostic, Report, Span, Spanned};

/// A parameter of the two functions that control codes are passed to. The order is that of `WskControlSocket`; `WskControlClient` has
/// neither request type nor level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    RequestType,
    ControlCode,
    Level,
    InputSize,
    InputBuffer,
    OutputSize,
    OutputBuffer,
    OutputSizeReturned,
    Irp,
}

impl Slot {
    pub(super) const ALL: [Self; 9] = [
        Self::RequestType,
        Self::ControlCode,
        Self::Level,
        Self::InputSize,
        Self::InputBuffer,
        Self::OutputSize,
        Self::OutputBuffer,
        Self::OutputSizeReturned,
        Self::Irp,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::RequestType => "RequestType",
            Self::ControlCode => "ControlCode",
            Self::Level => "Level",
            Self::InputSize => "InputSize",
            Self::InputBuffer => "InputBuffer",
            Self::OutputSize => "OutputSize",
            Self::OutputBuffer => "OutputBuffer",
            Self::OutputSizeReturned => "OutputSizeReturned",
            Self::Irp => "Irp",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|slot| slot.name() == name)
    }

    /// Whether only the function for sockets has it.
    pub(super) fn is_of_sockets(self) -> bool {
        matches!(self, Self::RequestType | Self::Level)
    }
}

/// A row: a name, and what is said of it.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: Spanned<String>,
    pub(super) value: Option<Spanned<String>>,
}

/// A table, or a list of parameters.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
    /// The heads of its columns; none of a list.
    pub(super) head: Vec<String>,
    pub(super) at: Span,
    pub(super) is_parameters: bool,
    /// The paragraph that it belongs to, the last one before it, by its position among the blocks.
    pub(super) lead: Option<usize>,
}

impl Table {
    /// Whether the head of the table says that it lists flags. A translated head says so in words that are not known here.
    pub(super) fn is_of_flags(&self) -> bool {
        let is_flag =
            |head: &String| head.split_whitespace().any(|word| matches!(word.to_ascii_lowercase().as_str(), "flag" | "flags"));
        self.head.first().is_some_and(|head| is_flag(head) || !head.is_ascii())
    }
}

/// All tables of a page, and its lists of parameters, in order.
pub(super) fn find(blocks: &[Block]) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut lead = None;
    let mut from = 0;
    while let Some(first) = blocks.get(from) {
        let is_row = |b: &&Block| b.kind == Kind::Row;
        let is_text = |b: &&Block| matches!(b.kind, Kind::Text | Kind::Term);
        let rest = blocks.get(from + 1..).unwrap_or_default();
        match first.kind {
            Kind::Head | Kind::Row => {
                let to = from + 1 + rest.iter().take_while(is_row).count();
                let rows = blocks.get(from..to).unwrap_or_default().iter().filter(is_row).filter_map(row).collect();
                let head = (first.kind == Kind::Head).then(|| first.cells.iter().map(|c| c.value.clone()).collect());
                tables.extend(table(rows, lead).map(|table| Table { head: head.unwrap_or_default(), ..table }));
                from = to;
            }
            Kind::Text | Kind::Term => {
                let to = from + 1 + rest.iter().take_while(is_text).count();
                let texts = blocks.get(from..to).unwrap_or_default();
                let before = texts.iter().take_while(|b| entry(b).is_none()).count();
                let own = if before > 0 { Some(from + before - 1) } else { lead };
                tables.extend(table(entries(texts), own).filter(|t| t.is_parameters));
                (lead, from) = (Some(to - 1), to);
            }
            Kind::Heading(_) | Kind::Code => from += 1,
        }
    }
    tables
}

fn table(rows: Vec<Row>, lead: Option<usize>) -> Option<Table> {
    let at = rows.first()?.name.span;
    let is_parameters = rows.iter().filter(|r| Slot::named(&r.name).is_some()).count() > 1;
    Some(Table { rows, head: Vec::new(), at, is_parameters, lead })
}

fn row(block: &Block) -> Option<Row> {
    let mut cells = block.cells.iter();
    let name = cells.next()?.clone();
    // With a third cell nobody knows which the value is.
    let value = cells.next().filter(|_| block.cells.len() == 2).cloned();
    Some(Row { name, value: value.filter(|v| !v.value.is_empty()) })
}

/// The entries of a list of parameters: `Name [in]`, and below it what is said of it.
fn entries(blocks: &[Block]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for block in blocks {
        if let Some(name) = entry(block) {
            rows.push(Row { name, value: None });
        } else if let (Some(row), Some(text)) = (rows.last_mut(), block.first()) {
            let value = row.value.get_or_insert_with(|| Spanned::new(String::new(), text.span));
            if !value.value.is_empty() {
                value.value.push(' ');
            }
            value.value.push_str(&text.value);
            value.span.end = text.span.end;
        }
    }
    rows
}

/// The name of a parameter that begins an entry.
fn entry(block: &Block) -> Option<Spanned<String>> {
    let text = block.first()?;
    let bare = text.value.split_once('[').map_or(text.value.as_str(), |(name, _)| name).trim();
    Slot::named(bare).map(|slot| Spanned::new(slot.name().to_owned(), text.span))
}

/// The rows of a table by the parameters that they are about.
pub(super) struct Assigned<'t> {
    values: Vec<(Slot, &'t Row)>,
}

impl<'t> Assigned<'t> {
    /// Gives each row to its parameter, and reports those that belong to none or stand twice.
    pub(super) fn of(table: &'t Table, report: &mut Report) -> Self {
        let named: Vec<Option<Slot>> = table.rows.iter().map(|r| Slot::named(&r.name)).collect();
        let missing: Vec<Slot> = Slot::ALL.into_iter().filter(|slot| !named.contains(&Some(*slot))).collect();
        let mut values: Vec<(Slot, &Row)> = Vec::new();
        for (at, row) in table.rows.iter().enumerate() {
            let Some(slot) = named.get(at).copied().flatten().or_else(|| between(&named, &missing, at, &row.name, report)) else {
                let message = format!("`{}` is not a parameter of the functions that control codes are passed to", row.name);
                let help = "add what the row says to our page by an erratum, if it is a fact";
                report.push(Diagnostic::warning("vendor::parameter", message).at(row.name.span).help(help));
                continue;
            };
            if values.iter().any(|(taken, _)| *taken == slot) {
                let message = format!("the table has `{}` twice", slot.name());
                report.push(
                    Diagnostic::warning("vendor::parameter", message).at(row.name.span).help("the first of the rows is taken"),
                );
                continue;
            }
            values.push((slot, row));
        }
        Self { values }
    }

    pub(super) fn has(&self, slot: Slot) -> bool {
        self.values.iter().any(|(s, _)| *s == slot)
    }

    /// What the row of a parameter says; a row that is missing, or says nothing, is reported.
    pub(super) fn take(&self, slot: Slot, at: Span, report: &mut Report) -> Option<&'t Spanned<String>> {
        let row = self.values.iter().find(|(s, _)| *s == slot).map(|(_, row)| *row);
        let value = row.and_then(|row| row.value.as_ref());
        if value.is_none() {
            let message = format!("the table does not say what `{}` is", slot.name());
            let at = row.map_or(at, |row| row.name.span);
            let help = "add the fact to our page by an erratum";
            report.push(Diagnostic::warning("vendor::silent", message).at(at).help(help));
        }
        value
    }

    /// What the row of a parameter says that a table need not have.
    pub(super) fn optional(&self, slot: Slot) -> Option<&'t Spanned<String>> {
        self.values.iter().find(|(s, _)| *s == slot).and_then(|(_, row)| row.value.as_ref())
    }
}

/// The parameter that a row is about whose name was translated: what stands between its neighbours in the prototype. A name in ASCII
/// is that of something else.
fn between(named: &[Option<Slot>], missing: &[Slot], at: usize, name: &Spanned<String>, report: &mut Report) -> Option<Slot> {
    let position = |slot: Slot| Slot::ALL.iter().position(|s| *s == slot);
    let before = position(named.get(at.checked_sub(1)?).copied().flatten()?)?;
    let after = position(named.get(at + 1).copied().flatten()?)?;
    let slot = *Slot::ALL.get(before + 1)?;
    if name.is_ascii() || after != before + 2 || !missing.contains(&slot) {
        return None;
    }
    let message = format!("`{name}` is taken for `{}`: it stands where the prototype has that", slot.name());
    report.push(
        Diagnostic::warning("vendor::translated", message).at(name.span).help("compare it with the page in its own language"),
    );
    Some(slot)
}
