//! A rendered page as a row of blocks, whatever form it was saved in: the common ground of plain text, Markdown and HTML.
//!
//! What a block means is for `rendered` to say; here is only what it looks like.

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

/// A page copied as plain text: each line a block, and the lines of `code` one.
pub(super) fn of_plain(text: &str, place: Span, code: std::ops::Range<usize>) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut at = 0;
    let mut joined = false;
    let mut code_pending = Some(code.clone());
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
        if trimmed.is_empty() {
            joined = false;
            continue;
        }
        let text = Spanned::new(trimmed.to_owned(), place.part(start..start + trimmed.len()));
        blocks.push(Block { joined, ..Block::new(Kind::Text, text) });
        joined = true;
    }
    blocks
}
