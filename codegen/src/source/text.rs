//! Markdown as a tree of sections and blocks, every piece with its place.
//!
//! In: a text and the range of it to read. Out: headings with the paragraphs, code blocks, tables and lists below them. Both
//! our own pages and the vendor's are read through this tree; what a heading means is for the later stages to say.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{FileId, Sources, Span, Spanned};

/// A Markdown text, cut at its headings.
#[derive(Debug, Default)]
pub struct Document {
    /// What stands before the first heading, then one entry a heading.
    pub sections: Vec<Section>,
}

/// A heading and the blocks below it, up to the next heading of any level.
#[derive(Debug)]
pub struct Section {
    /// 1 to 6; 0 for what stands before the first heading.
    pub level: usize,
    /// The heading without its formatting.
    pub title: Spanned<String>,
    /// What stands below it.
    pub blocks: Vec<Block>,
}

/// A paragraph, a table, and so on.
#[derive(Debug)]
pub enum Block {
    /// Running text, as its source is written.
    Paragraph(Spanned<String>),
    /// A code block.
    Code {
        /// The word after the fence; empty if there is none.
        language: String,
        /// The code; its span covers the code alone, so that offsets in it can be turned into places.
        text: Spanned<String>,
    },
    /// A table.
    Table(Table),
    /// The items of a list, as their source is written.
    List(Vec<Spanned<String>>),
    /// HTML.
    Html(Spanned<String>),
}

impl Block {
    /// Where the block stands.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Paragraph(text) | Self::Code { text, .. } | Self::Html(text) => Some(text.span),
            Self::Table(table) => Some(table.span),
            Self::List(items) => items.first().map(|i| i.span),
        }
    }
}

/// A pipe table.
#[derive(Debug)]
pub struct Table {
    /// The cells of the first row.
    pub header: Vec<Cell>,
    /// The other rows. A row has as many cells as its line has, which need not be as many as the header has.
    pub rows: Vec<Vec<Cell>>,
    /// The whole table.
    pub span: Span,
}

/// A cell of a table.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The text without its formatting.
    pub text: String,
    /// The text as it is written, without the spaces around it.
    pub raw: String,
    /// Where it stands.
    pub span: Span,
}

/// Reads a part of a text as Markdown with tables.
#[must_use]
pub fn parse_document(sources: &Sources, file: FileId, range: Range<usize>) -> Document {
    let text = sources.get(file).text.get(range.clone()).unwrap_or_default();
    parse_fragment(text, Span::new(file, range))
}

/// Reads a text that stands at `place` in its file.
#[must_use]
pub fn parse_fragment(text: &str, place: Span) -> Document {
    let mut builder = Builder {
        text,
        place,
        document: Document {
            sections: vec![Section { level: 0, title: Spanned::new(String::new(), place.part(0..0)), blocks: Vec::new() }],
        },
        plain: String::new(),
        depth: 0,
    };
    let mut events = Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter();
    while let Some((event, range)) = events.next() {
        builder.top_level(event, range, &mut events);
    }
    builder.document
}

type Events<'a, 'i> = &'a mut pulldown_cmark::OffsetIter<'i, pulldown_cmark::DefaultBrokenLinkCallback>;

struct Builder<'t> {
    text: &'t str,
    place: Span,
    document: Document,
    plain: String,
    depth: usize,
}

impl Builder<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        self.place.part(range)
    }

    /// The source of a range, without the white space around it.
    fn trimmed(&self, range: Range<usize>) -> Spanned<String> {
        let raw = self.text.get(range.clone()).unwrap_or_default();
        let start = range.start + (raw.len() - raw.trim_start().len());
        let raw = raw.trim();
        Spanned::new(raw.to_owned(), self.span(start..start + raw.len()))
    }

    fn push(&mut self, block: Block) {
        if let Some(section) = self.document.sections.last_mut() {
            section.blocks.push(block);
        }
    }

    fn top_level(&mut self, event: Event<'_>, range: Range<usize>, events: Events<'_, '_>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let (text, inner) = self.collect(events, |end| matches!(end, TagEnd::Heading(_)));
                let span = inner.map_or_else(|| self.span(range.clone()), |r| self.span(r));
                let title = Spanned::new(text.trim().to_owned(), span);
                self.document.sections.push(Section { level: level_number(level), title, blocks: Vec::new() });
            }
            Event::Start(Tag::Paragraph) => {
                self.collect(events, |end| matches!(end, TagEnd::Paragraph));
                let text = self.trimmed(range);
                self.push(Block::Paragraph(text));
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let (code, inner) = self.collect(events, |end| matches!(end, TagEnd::CodeBlock));
                let language = match kind {
                    CodeBlockKind::Fenced(info) => info.trim().to_owned(),
                    CodeBlockKind::Indented => String::new(),
                };
                let span = self.span(inner.unwrap_or(range.start..range.start));
                self.push(Block::Code { language, text: Spanned::new(code, span) });
            }
            Event::Start(Tag::Table(_)) => {
                let table = self.table(range, events);
                self.push(Block::Table(table));
            }
            Event::Start(Tag::List(_)) => {
                let items = self.list(events);
                self.push(Block::List(items));
            }
            Event::Start(Tag::HtmlBlock) => {
                self.collect(events, |end| matches!(end, TagEnd::HtmlBlock));
                let html = self.trimmed(range);
                self.push(Block::Html(html));
            }
            Event::Start(Tag::BlockQuote(_)) => {
                self.collect(events, |end| matches!(end, TagEnd::BlockQuote(_)));
                let text = self.trimmed(range);
                self.push(Block::Paragraph(text));
            }
            _ => {}
        }
    }

    /// Reads up to the end tag of what was just opened; gives the plain text and the range that its text covers.
    fn collect(&mut self, events: Events<'_, '_>, is_end: impl Fn(&TagEnd) -> bool) -> (String, Option<Range<usize>>) {
        self.plain.clear();
        let mut covered: Option<Range<usize>> = None;
        let mut depth = 0usize;
        for (event, range) in events.by_ref() {
            match event {
                Event::Start(_) => {
                    depth += 1;
                    continue;
                }
                Event::End(tag) => {
                    if depth == 0 && is_end(&tag) {
                        break;
                    }
                    depth = depth.saturating_sub(1);
                    continue;
                }
                Event::Text(text) | Event::Code(text) => self.plain.push_str(&text),
                Event::SoftBreak | Event::HardBreak => self.plain.push(' '),
                _ => {}
            }
            covered = Some(covered.map_or(range.clone(), |c| c.start.min(range.start)..c.end.max(range.end)));
        }
        (std::mem::take(&mut self.plain), covered)
    }

    fn list(&mut self, events: Events<'_, '_>) -> Vec<Spanned<String>> {
        let mut items = Vec::new();
        self.depth = 0;
        while let Some((event, range)) = events.next() {
            match event {
                Event::Start(Tag::Item) => {
                    self.collect(events, |end| matches!(end, TagEnd::Item));
                    let item = self.trimmed(range);
                    let body = item.value.trim_start_matches(['-', '*', '+']).trim_start();
                    let cut = item.value.len() - body.len();
                    items.push(Spanned::new(body.to_owned(), item.span.part(cut..item.value.len())));
                }
                Event::End(TagEnd::List(_)) => break,
                _ => {}
            }
        }
        items
    }

    fn table(&mut self, range: Range<usize>, events: Events<'_, '_>) -> Table {
        let mut header = Vec::new();
        let mut rows = Vec::new();
        while let Some((event, row_range)) = events.next() {
            match event {
                Event::Start(Tag::TableHead) => header = self.row(row_range, events),
                Event::Start(Tag::TableRow) => {
                    let row = self.row(row_range, events);
                    rows.push(row);
                }
                Event::End(TagEnd::Table) => break,
                _ => {}
            }
        }
        Table { header, rows, span: self.trimmed(range).span }
    }

    /// The cells of one row, cut at its own pipes: the parser pads short rows and drops the cells that a long row has too
    /// many, and both are mistakes that somebody should hear of.
    fn row(&mut self, range: Range<usize>, events: Events<'_, '_>) -> Vec<Cell> {
        let mut plain = Vec::new();
        while let Some((event, _)) = events.next() {
            match event {
                Event::Start(Tag::TableCell) => plain.push(self.collect(events, |end| matches!(end, TagEnd::TableCell)).0),
                Event::End(TagEnd::TableRow | TagEnd::TableHead) => break,
                _ => {}
            }
        }
        let line = self.text.get(range.clone()).unwrap_or_default().trim_end();
        let mut cells: Vec<Cell> = split_row(line)
            .into_iter()
            .map(|part| self.trimmed(range.start + part.start..range.start + part.end))
            .map(|raw| Cell { text: raw.value.clone(), raw: raw.value.clone(), span: raw.span })
            .collect();
        for (cell, text) in cells.iter_mut().zip(plain) {
            cell.text = text.trim().to_owned();
        }
        cells
    }
}

/// The ranges between the pipes of a row; pipes after a backslash do not count.
fn split_row(line: &str) -> Vec<Range<usize>> {
    let bytes = line.as_bytes();
    let mut pipes: Vec<usize> = Vec::new();
    let mut escaped = false;
    for (i, byte) in bytes.iter().enumerate() {
        if *byte == b'|' && !escaped {
            pipes.push(i);
        }
        escaped = *byte == b'\\' && !escaped;
    }
    let mut cuts = Vec::new();
    let mut from = line.len() - line.trim_start().len();
    for pipe in pipes {
        if pipe > from || from > 0 && bytes.get(from - 1) == Some(&b'|') {
            cuts.push(from..pipe);
        }
        from = pipe + 1;
    }
    if !line.get(from..).unwrap_or_default().trim().is_empty() {
        cuts.push(from..line.len());
    }
    cuts
}

/// 1 to 6.
pub(crate) fn level_number(level: HeadingLevel) -> usize {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// At most so many candidates are looked at: of more names the first ones are no advice, and to compare all with all would take too long.
const CANDIDATES: usize = 20_000;
/// At most so many of them are compared letter by letter.
const COMPARED: usize = 200;

/// The candidates nearest to a misspelt word, best first; those too far to be meant are left out. Who misspells a name has its first
/// letter right.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let wanted = word.to_lowercase();
    let first = |word: &str| word.chars().next().map(|c| c.to_ascii_lowercase());
    let begins = first(word);
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .take(CANDIDATES)
        .filter(|c| first(c) == begins)
        .take(COMPARED)
        .map(|c| (strsim::jaro_winkler(&wanted, &c.to_lowercase()), c))
        .filter(|(score, _)| *score > 0.85)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.truncate(most);
    scored.into_iter().map(|(_, c)| c).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> (Sources, Document) {
        let mut sources = Sources::new();
        let file = sources.add("t.md", text);
        let document = parse_document(&sources, file, 0..text.len());
        (sources, document)
    }

    #[test]
    fn a_row_keeps_the_cells_it_has() {
        let (_, document) = document("| a | b |\n|---|---|\n| 1 |\n| 1 | 2 | 3 |\n| x \\| y |  |\n");
        let Some(Block::Table(table)) = document.sections.first().and_then(|s| s.blocks.first()) else {
            panic!("not a table: {document:?}")
        };
        let rows: Vec<Vec<&str>> = table.rows.iter().map(|r| r.iter().map(|c| c.text.as_str()).collect()).collect();
        assert_eq!(rows, [vec!["1"], vec!["1", "2", "3"], vec!["x | y", ""]]);
    }

    #[test]
    fn places_point_into_the_text() {
        let text = "# Title\n\nSome *words*.\n\n```c\nint x;\n```\n- one\n- two\n";
        let (sources, document) = document(text);
        let section = document.sections.get(1).expect("one heading");
        assert_eq!((section.level, section.title.as_str()), (1, "Title"));
        let slices: Vec<&str> = section.blocks.iter().filter_map(Block::span).map(|s| sources.slice(s)).collect();
        assert_eq!(slices, ["Some *words*.", "int x;\n", "one"]);
    }
}
