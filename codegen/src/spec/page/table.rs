//! Tables by column.

use super::Reader;
use crate::source::{Block, Cell, Diagnostic, Report, Section, Span, Spanned, Table};

/// A row of a table, by column.
pub(super) struct Row<'t> {
    cells: Vec<(&'static str, &'t Cell)>,
}

impl<'t> Row<'t> {
    pub(super) fn get(&self, column: &str) -> Option<&'t Cell> {
        self.cells.iter().find(|(name, _)| *name == column).map(|(_, cell)| *cell)
    }

    pub(super) fn name(&self, column: &str) -> Option<Spanned<String>> {
        self.get(column).map(|cell| Spanned::new(cell.text.clone(), cell.span))
    }

    pub(super) fn prose(&self, column: &str) -> Option<Spanned<String>> {
        self.get(column).map(|cell| Spanned::new(cell.raw.clone(), cell.span))
    }
}

/// A column of a table, and whether it must be there.
pub(super) type Column = (&'static str, bool);

impl Reader<'_> {
    /// The rows of a section's table; complains about a missing table, columns that are not expected and rows of another width.
    pub(super) fn table<'d>(&mut self, section: &'d Section, columns: &[Column]) -> Option<Vec<Row<'d>>> {
        let all: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let shape = format!("the table has the columns | {} |", all.join(" | "));
        let mut table: Option<&Table> = None;
        for block in &section.blocks {
            match block {
                Block::Table(found) if table.is_none() => table = Some(found),
                Block::Paragraph(text) if text.value.starts_with('|') => {
                    self.error(
                        "spec::table",
                        text.span,
                        "this is not a table",
                        format!("{shape}, and below them a row |---|---|"),
                    );
                    return None;
                }
                other => {
                    let span = other.span().unwrap_or(section.title.span);
                    self.error("spec::table", span, format!("only one table is expected in `{}`", section.title), shape);
                    return None;
                }
            }
        }
        let Some(table) = table else {
            self.error("spec::table", section.title.span, format!("`{}` has no table", section.title), shape);
            return None;
        };
        read_rows(table, columns, self.report)
    }
}

/// The rows of a table by column; complains about columns that are not expected and rows of another width.
pub(in crate::spec) fn read_table<'t>(
    table: &'t Table,
    columns: &[Column],
    report: &mut Report,
) -> Option<Vec<impl Fn(&str) -> Option<&'t Cell> + use<'t>>> {
    let rows = read_rows(table, columns, report)?;
    Some(rows.into_iter().map(|row| move |column: &str| row.get(column)).collect())
}

pub(super) fn read_rows<'t>(table: &'t Table, columns: &[Column], report: &mut Report) -> Option<Vec<Row<'t>>> {
    let shape =
        format!("the table has the columns | {} |", columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" | "));
    let mut expected = columns.iter();
    let mut header = Vec::new();
    for cell in &table.header {
        match expected.by_ref().find(|(name, required)| *name == cell.text || *required) {
            Some((name, _)) if *name == cell.text => header.push(*name),
            _ => {
                report.push(
                    Diagnostic::error("spec::table", format!("the column `{}` is not expected here", cell.text))
                        .at(cell.span)
                        .help(shape),
                );
                return None;
            }
        }
    }
    if let Some((missing, _)) = expected.find(|(_, required)| *required) {
        let message = format!("the column `{missing}` is missing");
        report.push(Diagnostic::error("spec::table", message).at(table.span.part(0..1)).help(shape));
        return None;
    }
    let mut rows = Vec::new();
    let mut failed = false;
    for cells in &table.rows {
        if cells.len() != header.len() {
            failed = true;
            let span = match (cells.first(), cells.last()) {
                (Some(first), Some(last)) => Span { end: last.span.end, ..first.span },
                _ => table.span,
            };
            let message = format!("this row has {} cells, the header has {}", cells.len(), header.len());
            let help = "give every column a cell, empty if need be; write a pipe inside a cell as \\|";
            report.push(Diagnostic::error("spec::table", message).at(span).help(help));
            continue;
        }
        rows.push(Row { cells: header.iter().copied().zip(cells).collect() });
    }
    (!failed).then_some(rows)
}

/// The parts of a cell between separators, with their places.
pub(super) fn parts(cell: &Cell, separator: char) -> Vec<(&str, Span)> {
    let base = cell.raw.find(cell.text.as_str()).unwrap_or(0);
    let mut out = Vec::new();
    let mut from = 0;
    for piece in cell.text.split(separator) {
        let start = from + (piece.len() - piece.trim_start().len());
        let text = piece.trim();
        out.push((text, cell.span.part(base + start..base + start + text.len())));
        from += piece.len() + separator.len_utf8();
    }
    out
}
