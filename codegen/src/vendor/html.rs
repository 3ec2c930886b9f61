//! A rendered page as HTML, as a browser saves it → blocks.
//!
//! A page of the site is mostly not the article: where there is a `main` element only that is read, and never what is not shown
//! (scripts, styles, navigation).

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

use super::blocks::{Block, Kind, folded};
use super::tags::{Scripts, without_long_tags};
use crate::source::{Span, Spanned};

/// Whether a text is a page of HTML.
pub(super) fn is_html(text: &str) -> bool {
    let start = text.trim_start();
    let begins = |with: &str| start.get(..with.len()).is_some_and(|s| s.eq_ignore_ascii_case(with));
    begins("<!doctype") || begins("<html") || begins("<head") || begins("<body") || begins("<main") || begins("<article") || {
        // A piece of a page, as the inspector of a browser copies it.
        begins("<") && (start.contains("<pre") || start.contains("<h1")) && start.contains("</")
    }
}

/// Elements that are not part of the article.
const HIDDEN: &[&str] = &["script", "style", "nav", "header", "footer", "template", "noscript", "button", "svg", "aside"];

/// Elements that end what stands before them.
const BREAKS: &[&str] = &[
    "p",
    "div",
    "section",
    "article",
    "ul",
    "ol",
    "li",
    "dl",
    "dd",
    "dt",
    "table",
    "thead",
    "tbody",
    "br",
    "hr",
    "blockquote",
    "main",
    "pre",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "figure",
    "details",
    "summary",
];

/// Cuts a page, or a piece of one, into blocks.
pub(super) fn blocks(text: &str, place: Span) -> Vec<Block> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut cutter = Cutter { text, place, blocks: Vec::new(), open: None, row: None, hidden: Vec::new(), code: None };
    let name = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_lowercase();
    let mut main: Option<(usize, Option<usize>)> = None;
    let tamed = without_long_tags(text, Scripts::AreText);
    for token in Tokenizer::new_with_emitter(tamed.as_ref(), emitter) {
        let Ok(token) = token;
        match token {
            Token::String(string) => cutter.text(&String::from_utf8_lossy(&string.value), string.span.start..string.span.end),
            Token::StartTag(tag) => {
                let element = name(&tag.name);
                if element == "main" && main.is_none() {
                    cutter.flush();
                    main = Some((cutter.blocks.len(), None));
                }
                cutter.start(&element, tag.self_closing, tag.span.start..tag.span.end);
            }
            Token::EndTag(tag) => {
                let element = name(&tag.name);
                cutter.end(&element, tag.span.start..tag.span.end);
                if element == "main"
                    && let Some((_, end @ None)) = &mut main
                {
                    cutter.flush();
                    *end = Some(cutter.blocks.len());
                }
            }
            _ => {}
        }
    }
    cutter.flush();
    let mut blocks = cutter.blocks;
    if let Some((start, end)) = main {
        blocks.truncate(end.unwrap_or(usize::MAX));
        blocks.drain(..start.min(blocks.len()));
    }
    blocks
}

struct Cutter<'t> {
    text: &'t str,
    place: Span,
    blocks: Vec<Block>,
    /// The block that text goes to, and its kind.
    open: Option<(Kind, Spanned<String>)>,
    /// The row that is being read.
    row: Option<Row>,
    /// The elements that are not shown, as they are nested.
    hidden: Vec<String>,
    /// Where the code that is being read begins.
    code: Option<usize>,
}

/// A row that is being read.
#[derive(Default)]
struct Row {
    cells: Vec<Spanned<String>>,
    /// Whether the last cell is open.
    is_open: bool,
    /// Whether a cell is not one of a head.
    has_data: bool,
}

impl Cutter<'_> {
    fn text(&mut self, value: &str, range: std::ops::Range<usize>) {
        if !self.hidden.is_empty() || self.code.is_some() || range.start > self.text.len() {
            return;
        }
        let span = self.place.part(range);
        let append = |to: &mut Spanned<String>| {
            if to.value.is_empty() && !value.trim().is_empty() {
                // A place begins where its first letter stands.
                let skipped = value.len() - value.trim_start().len();
                to.span.start = (span.start + skipped).min(span.end);
            }
            to.value.push_str(if to.value.is_empty() { value.trim_start() } else { value });
            if !value.trim().is_empty() {
                to.span.end = span.end - (value.len() - value.trim_end().len()).min(span.end - span.start);
            }
        };
        if let Some(row) = &mut self.row {
            if row.is_open
                && let Some(cell) = row.cells.last_mut()
            {
                append(cell);
            }
            return;
        }
        if self.open.is_none() && value.trim().is_empty() {
            return;
        }
        let (_, text) = self.open.get_or_insert_with(|| (Kind::Text, Spanned::new(String::new(), span.part(0..0))));
        append(text);
    }

    fn start(&mut self, element: &str, self_closing: bool, range: std::ops::Range<usize>) {
        if HIDDEN.contains(&element) {
            if !self_closing {
                self.hidden.push(element.to_owned());
            }
            return;
        }
        if !self.hidden.is_empty() || self.code.is_some() {
            return;
        }
        let here = self.place.part(range.end..range.end);
        let empty = || Spanned::new(String::new(), here);
        match element {
            "tr" => {
                self.flush();
                self.row = Some(Row::default());
            }
            "td" | "th" => {
                // A cell outside a row is one of a row of its own.
                let row = self.row.get_or_insert_default();
                row.cells.push(empty());
                row.is_open = true;
                row.has_data |= element == "td";
            }
            "table" => self.flush(),
            // What breaks lines in a cell is a space there.
            _ if self.row.is_some() => self.space(element),
            "pre" => {
                self.flush();
                self.code = Some(range.end);
            }
            "dt" => {
                self.flush();
                self.open = Some((Kind::Term, empty()));
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                let level = element.get(1..).and_then(|n| n.parse().ok()).unwrap_or(6);
                self.open = Some((Kind::Heading(level), empty()));
            }
            _ if BREAKS.contains(&element) => self.break_line(element),
            _ => {}
        }
    }

    fn end(&mut self, element: &str, range: std::ops::Range<usize>) {
        if let Some(at) = self.hidden.iter().rposition(|h| h == element) {
            self.hidden.truncate(at);
            return;
        }
        if !self.hidden.is_empty() {
            return;
        }
        if element == "pre" {
            if let Some(start) = self.code.take() {
                self.push_code(start..range.start);
            }
            return;
        }
        if self.code.is_some() {
            return;
        }
        match element {
            "tr" | "table" => self.flush(),
            "td" | "th" => {
                if let Some(row) = &mut self.row {
                    row.is_open = false;
                }
            }
            _ if self.row.is_some() => self.space(element),
            _ if BREAKS.contains(&element) => self.flush(),
            _ => {}
        }
    }

    fn space(&mut self, element: &str) {
        if BREAKS.contains(&element)
            && let Some(row) = self.row.as_mut().filter(|r| r.is_open)
            && let Some(cell) = row.cells.last_mut().filter(|c| !c.value.is_empty())
        {
            cell.value.push(' ');
        }
    }

    /// A line break keeps what follows joined to what stands before; in a term it is a space.
    fn break_line(&mut self, element: &str) {
        match &mut self.open {
            Some((Kind::Term, text)) if element == "br" => text.value.push(' '),
            _ => {
                let had_text =
                    self.open.as_ref().is_some_and(|(kind, text)| *kind == Kind::Text && !text.value.trim().is_empty());
                self.flush();
                if element == "br" && had_text {
                    let at = self.blocks.last().and_then(Block::span).unwrap_or(self.place);
                    self.open = Some((Kind::Text, Spanned::new(String::new(), Span { start: at.end, ..at })));
                }
            }
        }
    }

    fn flush(&mut self) {
        if let Some(start) = self.code.take() {
            self.push_code(start..self.text.len());
        }
        if let Some(mut row) = self.row.take() {
            for cell in &mut row.cells {
                cell.value = folded(&cell.value);
            }
            if row.cells.iter().any(|c| !c.value.is_empty()) {
                let kind = if row.has_data { Kind::Row } else { Kind::Head };
                self.blocks.push(Block { kind, cells: row.cells, joined: true });
            }
        }
        if let Some((kind, mut text)) = self.open.take() {
            text.value = folded(&text.value);
            if !text.value.is_empty() {
                self.blocks.push(Block::new(kind, text));
            }
        }
    }

    /// Code as it would be without its tags: each replaced by as many spaces, so that every place in it is the place in the page.
    fn push_code(&mut self, range: std::ops::Range<usize>) {
        let raw = self.text.get(range.clone()).unwrap_or_default();
        let span = self.place.part(range);
        self.blocks.push(Block::new(Kind::Code, Spanned::new(without_markup(raw), span)));
    }
}

/// Blanks tags and resolves entities, keeping the number of bytes and the ends of lines. A `<br>` is an end of line.
fn without_markup(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let tamed = without_long_tags(raw, Scripts::HaveTags);
    for token in Tokenizer::new_with_emitter(tamed.as_ref(), DefaultEmitter::<usize>::new_with_span()) {
        let Ok(token) = token;
        let (span, is_break, value) = match token {
            Token::String(string) => (string.span, false, Some(string.value)),
            Token::StartTag(tag) => (tag.span, tag.name.as_slice() == b"br", None),
            Token::EndTag(tag) => (tag.span, false, None),
            Token::Comment(comment) => (comment.span, false, None),
            _ => continue,
        };
        // Whatever is passed over is passed over by spaces.
        pad(&mut out, raw, span.start);
        match value {
            Some(value) => {
                let source = raw.get(span.start..span.end).unwrap_or_default();
                if source.contains('&') {
                    out.push_str(&resolved(source));
                } else {
                    out.push_str(&String::from_utf8_lossy(&value));
                }
            }
            None if is_break => out.push('\n'),
            None => {}
        }
        pad(&mut out, raw, span.end);
    }
    pad(&mut out, raw, raw.len());
    out
}

/// Fills up with spaces to a place in the source, keeping the ends of lines that stand there.
fn pad(out: &mut String, raw: &str, to: usize) {
    while out.len() < to {
        let is_end = raw.as_bytes().get(out.len()) == Some(&b'\n');
        out.push(if is_end { '\n' } else { ' ' });
    }
}

/// Resolves each entity where it stands, and fills up with spaces to where it ends.
fn resolved(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let end = from.bytes().take(32).position(|b| b == b';').map_or(1, |e| e + 1);
        let entity = from.get(..end).unwrap_or(from);
        let mut text = String::new();
        for token in Tokenizer::new(entity) {
            let Ok(token) = token;
            if let Token::String(string) = token {
                text.push_str(&String::from_utf8_lossy(&string));
            }
        }
        let missing = entity.len().saturating_sub(text.len());
        out.push_str(&text);
        out.extend(std::iter::repeat_n(' ', missing));
        rest = from.get(end..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn cut(text: &str) -> Vec<(Kind, Vec<String>)> {
        let mut sources = Sources::new();
        let file = sources.add("t", text);
        let found = blocks(text, sources.whole(file));
        for block in &found {
            assert!(sources.get(file).text.get(block.start()..).is_some());
        }
        found.into_iter().map(|b| (b.kind, b.cells.into_iter().map(|c| c.value).collect())).collect()
    }

    #[test]
    fn the_article_alone_with_its_tables_and_code() {
        let page = "<!DOCTYPE html><html><head><title>T</title><script>if (a < b) { '<h1>' }</script></head><body><nav><p>Menu</p></nav>\
                    <main><h1 id=x>Name</h1><p>One<br>two</p><button>Copy</button><pre><code class=\"lang-cpp\">A&lt;B <span>c</span>;\n</code></pre>\
                    <table><tr><th>K</th><th>V</th></tr><tr><td><dl><dt><b>S</b></dt></dl><td></td></tr></table><dl><dt>T</dt><dd>d</dd></dl>\
                    </main><footer>F</footer><p>after</p></body></html>";
        let is = |kind, texts: &[&str]| (kind, texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>());
        let code = format!("{}A<   B{}c{};\n{}", " ".repeat(23), " ".repeat(7), " ".repeat(7), " ".repeat(7));
        assert_eq!(
            cut(page),
            [
                is(Kind::Heading(1), &["Name"]),
                is(Kind::Text, &["One"]),
                is(Kind::Text, &["two"]),
                is(Kind::Code, &[code.as_str()]),
                is(Kind::Head, &["K", "V"]),
                is(Kind::Row, &["S", ""]),
                is(Kind::Term, &["T"]),
                is(Kind::Text, &["d"]),
            ]
        );
    }

    #[test]
    fn places_in_code_are_places_in_the_page() {
        let text = "<pre>x &amp;&#38; <b>name</b><br>y</pre>";
        let mut sources = Sources::new();
        let file = sources.add("t", text);
        let found = blocks(text, sources.whole(file));
        let code = found.first().and_then(Block::first).expect("code");
        assert_eq!(code.value.len(), code.span.end - code.span.start);
        let at = code.value.find("name").expect("the name");
        assert_eq!(sources.slice(code.span.part(at..at + 4)), "name");
        assert!(code.value.contains("&") && code.value.contains('\n'));
    }
}
