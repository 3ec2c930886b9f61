//! The cells and terms of HTML that may be constants of a parameter or field.
//!
//! In: a text as tags and words. Out: terms of lists, and the first cells of tables that say what each constant means. Separate from
//! `values`, which reads the other forms and judges what each cell holds.

use super::values::says_meaning;
use crate::source::{Span, Spanned};
use crate::vendor::markup::Piece;

/// Terms of lists, and the first cells of the rows of tables that say what each means.
pub(super) fn of_html(of: &str, pieces: &[Piece]) -> Vec<Spanned<String>> {
    let mut found = Vec::new();
    let mut table: Option<Table> = None;
    let mut term: Option<Spanned<String>> = None;
    let mut in_term = false;
    let mut code = 0usize;
    for piece in pieces {
        match piece {
            Piece::Open(tag) => match tag.as_str() {
                "table" => table = Some(Table::default()),
                "tr" => table.iter_mut().for_each(|t| t.column = 0),
                "th" => table.iter_mut().for_each(|t| t.head.push(String::new())),
                "td" => table.iter_mut().for_each(Table::cell),
                "pre" => code += 1,
                "dt" => {
                    (in_term, term) = (true, None);
                }
                _ => {}
            },
            Piece::Close(tag) => match tag.as_str() {
                "table" => found.extend(table.take().into_iter().flat_map(|t| t.finish(of))),
                "td" => table.iter_mut().for_each(Table::end),
                "pre" => code = code.saturating_sub(1),
                "dt" => {
                    in_term = false;
                    if let Some(term) = term.take() {
                        match &mut table {
                            Some(table) => table.terms(term),
                            None => found.push(term),
                        }
                    }
                }
                _ => {}
            },
            Piece::Text(_) if code > 0 => {}
            Piece::Text(text) if in_term => append(&mut term, text),
            Piece::Text(text) => table.iter_mut().for_each(|t| t.text(text)),
        }
    }
    found.extend(table.into_iter().flat_map(|t| t.finish(of)));
    found
}

/// Adds a text to what was read of a cell; a place begins where the first letter stands.
fn append(cell: &mut Option<Spanned<String>>, text: &Spanned<String>) {
    match cell {
        Some(so_far) => {
            so_far.value.push_str(text);
            so_far.span.end = text.span.end;
        }
        None if text.trim().is_empty() => {}
        None => {
            let skipped = text.value.len() - text.value.trim_start().len();
            let start = (text.span.start + skipped).min(text.span.end);
            *cell = Some(Spanned::new(text.value.trim_start().to_owned(), Span { start, ..text.span }));
        }
    }
}

/// A table of HTML that is being read.
#[derive(Default)]
struct Table {
    head: Vec<String>,
    /// The column of the cell that is being read, from 1.
    column: usize,
    cell: Option<Spanned<String>>,
    cells: Vec<Spanned<String>>,
}

impl Table {
    fn cell(&mut self) {
        self.end();
        self.column += 1;
    }

    /// Takes the term of a list that stands in a cell in the place of what else the cell holds.
    fn terms(&mut self, term: Spanned<String>) {
        if self.column <= 1 {
            self.cell = None;
            self.cells.push(term);
        }
    }

    fn text(&mut self, text: &Spanned<String>) {
        match self.head.last_mut() {
            Some(head) if self.column == 0 => head.push_str(text),
            _ if self.column == 1 => append(&mut self.cell, text),
            _ => {}
        }
    }

    fn end(&mut self) {
        if self.column == 1 {
            self.cells.extend(self.cell.take());
        }
    }

    fn finish(mut self, of: &str) -> Vec<Spanned<String>> {
        self.end();
        let head = self.head.iter().map(|h| h.trim());
        if says_meaning(of, head) { self.cells } else { Vec::new() }
    }
}
