//! A rendered page as Markdown, as the site hands it out or a browser's extension makes it → blocks.

use std::ops::Range;

use pulldown_cmark::{BrokenLink, Event, Options, Parser, Tag, TagEnd};

use super::blocks::{Block, Kind, folded};
use super::hash::HashSet;
use super::html;
use crate::source::{Span, Spanned, level_number};

/// Whether a text is Markdown: it has a heading or a fence at the beginning of a line.
pub(super) fn is_markdown(text: &str) -> bool {
    text.lines().any(|line| {
        let hashes = line.bytes().take_while(|b| *b == b'#').count();
        (1..=6).contains(&hashes) && line.as_bytes().get(hashes) == Some(&b' ')
            || line.starts_with("```")
            || line.starts_with("~~~")
    })
}

/// Where front matter ends, if there is any.
fn front_matter(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("---\n") else { return 0 };
    rest.find("\n---\n").map_or(0, |end| "---\n".len() + end + "\n---\n".len())
}

/// Cuts a page into blocks.
pub(super) fn blocks(text: &str, place: Span) -> Vec<Block> {
    let mut all = Vec::new();
    let mut from = front_matter(text);
    // What defines a link may stand behind a table.
    let labels = labels(text);
    for table in tables(text, from) {
        all.extend(markdown(text.get(from..table.start).unwrap_or_default(), place.part(from..table.start), &labels));
        from = table.end;
        all.extend(html::blocks(text.get(table.clone()).unwrap_or_default(), place.part(table)));
    }
    all.extend(markdown(text.get(from..).unwrap_or_default(), place.part(from..text.len()), &labels));
    all
}

/// The labels of links that a text defines: `[label]: target`.
fn labels(text: &str) -> HashSet<String> {
    let label = |line: &str| line.trim_start().strip_prefix('[')?.split_once("]:").map(|(label, _)| label.to_lowercase());
    text.lines().filter_map(label).collect()
}

/// The tables that are written in HTML. Markdown would end one at its first empty line.
fn tables(text: &str, from: usize) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut fenced = false;
    let mut at = from;
    for line in text.get(from..).unwrap_or_default().split_inclusive('\n') {
        let start = at;
        at += line.len();
        if found.last().is_some_and(|last| start < last.end) {
            continue;
        }
        fenced ^= line.starts_with("```") || line.starts_with("~~~");
        let opens = line.trim_start().get(..6).is_some_and(|l| l.eq_ignore_ascii_case("<table"));
        if opens && !fenced {
            let rest = text.get(start..).unwrap_or_default();
            // One that is not closed ends where Markdown says; so it is looked for only once.
            let Some(end) = rest.find("</table>").or_else(|| rest.find("</TABLE>")) else { break };
            found.push(start..start + end + "</table>".len());
        }
    }
    found
}

fn markdown(body: &str, place: Span, labels: &HashSet<String>) -> Vec<Block> {
    let mut cutter = Cutter { place, blocks: Vec::new(), open: None, row: None };
    let mut markup = String::new();
    let mut markup_at = 0;
    let defined = |link: BrokenLink<'_>| labels.contains(&link.reference.to_lowercase()).then(|| ("".into(), "".into()));
    for (event, range) in Parser::new_with_broken_link_callback(body, Options::ENABLE_TABLES, Some(defined)).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => cutter.begin(Kind::Heading(level_number(level)), range.start),
            Event::Start(Tag::Paragraph | Tag::Item) => cutter.begin(Kind::Text, range.start),
            Event::Start(Tag::CodeBlock(_)) => cutter.begin(Kind::Code, range.start),
            Event::Start(Tag::TableHead) => cutter.begin_row(Kind::Head),
            Event::Start(Tag::TableRow) => cutter.begin_row(Kind::Row),
            Event::Start(Tag::TableCell) => {
                if let Some((_, cells)) = &mut cutter.row {
                    cells.push(Spanned::new(String::new(), place.part(range.start..range.start)));
                }
            }
            Event::Start(Tag::HtmlBlock) => {
                cutter.flush();
                (markup, markup_at) = (String::new(), range.start);
            }
            Event::End(TagEnd::HtmlBlock) => {
                let end = markup_at + markup.len();
                cutter.blocks.extend(html::blocks(&std::mem::take(&mut markup), place.part(markup_at..end)));
            }
            Event::Html(piece) => markup.push_str(&piece),
            Event::End(
                TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::Item | TagEnd::CodeBlock | TagEnd::TableHead | TagEnd::TableRow,
            ) => cutter.flush(),
            Event::Text(piece) | Event::Code(piece) => cutter.text(&piece, range),
            Event::SoftBreak => cutter.text(" ", range),
            Event::InlineHtml(tag) if is_break(&tag) => cutter.hard_break(range.end),
            Event::HardBreak => cutter.hard_break(range.end),
            _ => {}
        }
    }
    cutter.flush();
    cutter.blocks
}

fn is_break(tag: &str) -> bool {
    tag.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("<br"))
}

struct Cutter {
    place: Span,
    blocks: Vec<Block>,
    open: Option<(Kind, Spanned<String>)>,
    row: Option<(Kind, Vec<Spanned<String>>)>,
}

impl Cutter {
    fn begin(&mut self, kind: Kind, at: usize) {
        self.flush();
        self.open = Some((kind, Spanned::new(String::new(), self.place.part(at..at))));
    }

    fn begin_row(&mut self, kind: Kind) {
        self.flush();
        self.row = Some((kind, Vec::new()));
    }

    fn text(&mut self, piece: &str, range: std::ops::Range<usize>) {
        let span = self.place.part(range);
        let to = match (&mut self.row, &mut self.open) {
            (Some((_, cells)), _) => cells.last_mut(),
            (None, open) => {
                let (_, text) = open.get_or_insert_with(|| (Kind::Text, Spanned::new(String::new(), span)));
                Some(text)
            }
        };
        if let Some(to) = to {
            if to.value.is_empty() {
                to.span.start = span.start;
            }
            to.value.push_str(piece);
            to.span.end = span.end;
        }
    }

    fn hard_break(&mut self, at: usize) {
        match (&mut self.row, &self.open) {
            (Some((_, cells)), _) => {
                if let Some(cell) = cells.last_mut() {
                    cell.value.push(' ');
                }
            }
            (None, Some((Kind::Text, _))) => self.begin(Kind::Text, at),
            _ => {}
        }
    }

    fn flush(&mut self) {
        if let Some((kind, mut cells)) = self.row.take() {
            for cell in &mut cells {
                cell.value = folded(&cell.value);
            }
            if !cells.is_empty() {
                self.blocks.push(Block { kind, cells, joined: true });
            }
        }
        if let Some((kind, mut text)) = self.open.take() {
            if kind != Kind::Code {
                text.value = folded(&text.value);
            }
            if !text.value.trim().is_empty() {
                self.blocks.push(Block::new(kind, text));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn every_kind_of_block() {
        let text = "---\ntitle: T\n---\n# PFN_X callback\n\nThe **X** function\ndoes.\n\n```cpp\nint x;\n```\n\n`[in] A`\n\nText\\_1  \nmore\n\n\
                    | K | V |\n|---|---|\n| **H** | <b>x.h</b><br>y |\n\n<dl><dt>T</dt></dl>\n\n- item\n";
        let mut sources = Sources::new();
        let file = sources.add("t", text);
        let found = blocks(text, sources.whole(file));
        let all: Vec<(Kind, Vec<&str>)> =
            found.iter().map(|b| (b.kind, b.cells.iter().map(|c| c.value.as_str()).collect())).collect();
        assert_eq!(
            all,
            [
                (Kind::Heading(1), vec!["PFN_X callback"]),
                (Kind::Text, vec!["The X function does."]),
                (Kind::Code, vec!["int x;\n"]),
                (Kind::Text, vec!["[in] A"]),
                (Kind::Text, vec!["Text_1"]),
                (Kind::Text, vec!["more"]),
                (Kind::Head, vec!["K", "V"]),
                (Kind::Row, vec!["H", "x.h y"]),
                (Kind::Term, vec!["T"]),
                (Kind::Text, vec!["item"]),
            ]
        );
        let code = found.iter().find(|b| b.kind == Kind::Code).and_then(Block::first).expect("code");
        assert_eq!(sources.slice(code.span), "int x;\n");
    }
}
