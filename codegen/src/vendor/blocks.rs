//! A rendered page as a row of blocks, whatever form it was saved in: the common ground of plain text, Markdown and HTML.
//!
//! What a block means is for `rendered` to say; here is only what it looks like.

use std::ops::Range;

use crate::source::{Span, Spanned};

/// What a block looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A heading of a level from 1 to 6. Plain text has none.
    Heading(usize),
    /// A paragraph; of plain text, a line.
    Text,
    /// Code.
    Code,
    /// The head of a table.
    Head,
    /// Another row of a table.
    Row,
    /// The term of a list of definitions.
    Term,
}

/// A piece of a page.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) kind: Kind,
    /// The cells of a row, none of which is left out; one text for everything else.
    pub(super) cells: Vec<Spanned<String>>,
    /// Whether it follows the block before without an empty line between.
    pub(super) joined: bool,
}

impl Block {
    pub(super) fn new(kind: Kind, text: Spanned<String>) -> Self {
        Self { kind, cells: vec![text], joined: false }
    }

    /// The text; of a row, that of its first cell.
    pub(super) fn text(&self) -> &str {
        self.cells.first().map_or("", |c| c.value.as_str())
    }

    /// The text with its place.
    pub(super) fn first(&self) -> Option<&Spanned<String>> {
        self.cells.first()
    }

    /// Where it stands.
    pub(super) fn span(&self) -> Option<Span> {
        let (first, last) = (self.cells.first()?, self.cells.last()?);
        Some(Span { end: last.span.end.max(first.span.start), ..first.span })
    }

    /// Where it begins.
    pub(super) fn start(&self) -> usize {
        self.cells.first().map_or(0, |c| c.span.start)
    }
}

/// The form in which a page was saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Copied as text: a line is all there is.
    Plain,
    /// Markdown or HTML: headings and tables can be told.
    Marked,
}

/// Folds white space, no-break spaces included.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A page copied as plain text: each line a block, the lines of `code` one, and a row of a table one, where tables were copied as such.
pub(super) fn of_plain(text: &str, place: Span, code: Range<usize>) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut at = 0;
    let mut joined = false;
    let mut code_pending = Some(code.clone());
    let mut table: Option<Table> = None;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        let start = at + (line.len() - line.trim_start().len()).min(line.len());
        at += line.len();
        if start >= code.start
            && let Some(range) = code_pending.take()
        {
            let text = text.get(range.clone()).unwrap_or_default().to_owned();
            blocks.push(Block::new(Kind::Code, Spanned::new(text, place.part(range))));
        }
        if start + trimmed.len() > code.start && start < code.end {
            continue;
        }
        let span = place.part(start..start + trimmed.len());
        if let Some(open) = &mut table {
            if open.take(trimmed, span, &mut blocks) {
                continue;
            }
            open.end(&mut blocks);
            table = None;
        }
        if let Some(columns) = rule(trimmed)
            && let Some(head) = blocks.pop_if(|b| joined && b.kind == Kind::Text && columns_of(b.text()) == columns)
        {
            let mut open = Table::under(head.text(), columns);
            let mut rows = Vec::new();
            if let Some(first) = head.first() {
                open.take(&first.value, first.span, &mut rows);
            }
            blocks.extend(rows.into_iter().map(|row| Block { kind: Kind::Head, joined: head.joined, ..row }));
            table = Some(open);
            continue;
        }
        if trimmed.is_empty() {
            joined = false;
            continue;
        }
        let text = Spanned::new(trimmed.to_owned(), span);
        blocks.push(Block { joined, ..Block::new(Kind::Text, text) });
        joined = true;
    }
    if let Some(mut open) = table {
        open.end(&mut blocks);
    }
    blocks
}

/// The columns of the line between head and rows: `---|---|` has two, and so has `|---|---|`.
fn rule(line: &str) -> Option<usize> {
    let is_rule = line.contains("---") && line.chars().all(|c| matches!(c, '-' | '|' | ':' | ' '));
    Some(columns_of(line)).filter(|columns| is_rule && *columns > 1)
}

/// How many columns a line of a table has.
fn columns_of(line: &str) -> usize {
    line.trim_matches('|').split('|').count()
}

/// A table whose rows are being read. A bar ends a cell; a cell may go over lines, and may be empty:
///
/// ```text
/// Return code | Description |
/// ---|---|
/// STATUS_SUCCESS |
/// Fine. |
/// ```
struct Table {
    columns: usize,
    /// Whether a bar begins a row, and whether one ends it.
    bars: (bool, bool),
    cells: Vec<Spanned<String>>,
    /// The cell that no bar has ended yet.
    open: Option<Spanned<String>>,
}

impl Table {
    fn under(head: &str, columns: usize) -> Self {
        Self { columns, bars: (head.starts_with('|'), head.ends_with('|')), cells: Vec::new(), open: None }
    }

    /// Takes a line, unless it is none of the table's; whether it did.
    fn take(&mut self, line: &str, span: Span, blocks: &mut Vec<Block>) -> bool {
        let between = self.cells.is_empty() && self.open.is_none();
        if line.is_empty() || between && !line.contains('|') {
            return false;
        }
        let mut at = 0;
        for piece in line.split_inclusive('|') {
            let (text, ends) = piece.strip_suffix('|').map_or((piece, false), |text| (text, true));
            let from = at + (text.len() - text.trim_start().len());
            let part = span.part(from..from + text.trim().len());
            at += piece.len();
            let begins = between && self.bars.0 && at == 1;
            if begins || text.trim().is_empty() && !ends {
                continue;
            }
            let cell = self.open.get_or_insert_with(|| Spanned::new(String::new(), part));
            if !text.trim().is_empty() {
                if cell.value.is_empty() {
                    cell.span.start = part.start;
                } else {
                    cell.value.push(' ');
                }
                cell.value.push_str(text.trim());
                cell.span.end = part.end;
            }
            if ends {
                self.cells.extend(self.open.take());
                if self.cells.len() == self.columns {
                    self.end(blocks);
                }
            }
        }
        if !self.bars.1 && self.open.is_some() && self.cells.len() + 1 == self.columns {
            self.end(blocks);
        }
        true
    }

    /// Ends the row, which may lack cells.
    fn end(&mut self, blocks: &mut Vec<Block>) {
        self.cells.extend(self.open.take());
        if !self.cells.is_empty() {
            blocks.push(Block { kind: Kind::Row, cells: std::mem::take(&mut self.cells), joined: true });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    /// Blocks as `kind: cells`, and the text that the places of their cells have.
    fn plain(text: &str) -> Vec<(String, Vec<String>)> {
        let mut sources = Sources::new();
        let file = sources.add("t", text);
        let blocks = of_plain(text, sources.whole(file), text.len()..text.len());
        let seen = |c: &Spanned<String>| {
            assert_eq!(folded(sources.slice(c.span)), c.value, "of {text:?}");
            c.value.clone()
        };
        blocks.iter().map(|b| (format!("{:?}", b.kind), b.cells.iter().map(seen).collect())).collect()
    }

    fn cells(rows: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
        rows.iter().map(|(kind, cells)| ((*kind).to_owned(), cells.iter().map(|c| (*c).to_owned()).collect())).collect()
    }

    #[test]
    fn tables_in_lines_of_every_kind() {
        let table =
            [("Head", &["K", "V w"] as &[&str]), ("Row", &["A", "one two"]), ("Row", &["", "three"]), ("Text", &["After"])];
        for text in [
            "K | V w |\n---|---|\nA |\none\ntwo |\n|\nthree |\nAfter\n",
            "K | V w |\n--- | --- |\nA | one two |\n| three |\nAfter",
            "| K | V w |\n|---|:---:|\n| A | one two |\n| | three |\nAfter",
            "| K | V w |\n|---|---|\n| A |\none two |\n| |\nthree |\nAfter",
            "K | V w\n---|---\nA | one two\n| three\nAfter",
        ] {
            assert_eq!(plain(text), cells(&table), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_table_stays_text() {
        for text in ["a | b", "---|---|", "a\n---|---|", "a | b\n\n---|---|", "a | b | c\n---|---|", "a | b\n---"] {
            assert!(plain(text).iter().all(|(kind, _)| kind == "Text"), "{text:?}");
        }
        // A row that the page breaks off, and one that it ends with.
        assert_eq!(plain("a | b |\n---|---|\nc |\n\nd"), cells(&[("Head", &["a", "b"]), ("Row", &["c"]), ("Text", &["d"])]));
        assert_eq!(plain("a | b |\n---|---|\nc | d"), cells(&[("Head", &["a", "b"]), ("Row", &["c", "d"])]));
    }
}
