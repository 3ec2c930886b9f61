//! The rows, terms, items and lines of a text that may be entries, found by their form alone.
//!
//! In: the text below a heading. Out: each of them, in their order, with what says that it declares something. This looks at tags and
//! bars, and shares no code with the readers of values and codes, so that both cannot be blind to the same thing.

use std::borrow::Cow;
use std::ops::Range;

use super::declared::{self, Declared};
use super::heading;
use super::page::{Mark, first_line};
use crate::vendor::account::{Around, Below, Form, Says};
use crate::vendor::markup::{fence_after, is_constant, is_identifier};

/// What may be an entry.
#[derive(Debug)]
pub(super) struct Found<'t> {
    pub(super) form: Form,
    pub(super) around: Around,
    pub(super) says: Says,
    /// The first word, without backslashes.
    pub(super) name: Cow<'t, str>,
    /// What it declares.
    pub(super) declared: Option<Declared>,
    /// Where in the text it stands, up to the end of its first word, or of its line.
    pub(super) range: Range<usize>,
    /// Where its first word stands.
    pub(super) word: Range<usize>,
}

/// All of a text that stands below a heading with that mark.
pub(super) fn all(text: &str, below: Below, mark: Mark) -> Vec<Found<'_>> {
    let mut scan = Scan { text, below, mark, found: Vec::new() };
    if memchr::memchr(b'<', text.as_bytes()).is_some() {
        scan.tags();
    }
    scan.lines();
    let mut found = scan.found;
    found.sort_by_key(|f| f.range.start);
    let mut end = 0;
    // A line in a cell is no entry beside the row.
    found.retain(|f| {
        let is_new = f.form != Form::Line || f.range.start >= end;
        end = end.max(f.range.end);
        is_new
    });
    found
}

struct Scan<'t> {
    text: &'t str,
    below: Below,
    mark: Mark,
    found: Vec<Found<'t>>,
}

/// Where the scan of tags is.
#[derive(Default)]
struct Tags {
    /// What the next text belongs to, and where its tag begins.
    pending: Option<(Form, usize)>,
    column: usize,
    code: usize,
    /// How many tables are open.
    tables: usize,
    /// The head of the table, while it is read and after.
    head: Vec<String>,
    in_head: bool,
    /// Whether the head is complete: a row has begun below it.
    has_head: bool,
    /// What the head says of the rows, once it was asked.
    says: Option<Option<Says>>,
}

impl<'t> Scan<'t> {
    /// Rows, terms, items and headings in HTML.
    fn tags(&mut self) {
        let mut tags = Tags::default();
        let mut at = 0;
        let find =
            |byte: u8, from: usize| self.text.as_bytes().get(from..).and_then(|t| memchr::memchr(byte, t)).map(|o| from + o);
        while let Some(open) = find(b'<', at) {
            self.between(at..open, &mut tags);
            // `<` in a text opens no tag, and what follows it is text.
            let opens = |b: &u8| b.is_ascii_alphanumeric() || *b == b'/';
            if !self.text.as_bytes().get(open + 1).is_some_and(opens) {
                at = open + 1;
                continue;
            }
            let end = find(b'>', open).map_or(self.text.len(), |e| e + 1);
            let tag = self.text.get(open + 1..end).unwrap_or_default();
            let len = tag.find(|c: char| !c.is_ascii_alphanumeric() && c != '/').unwrap_or(tag.len());
            let name = tag.get(..len).unwrap_or_default();
            if name.bytes().any(|b| b.is_ascii_uppercase()) {
                tags.take(&name.to_ascii_lowercase(), open);
            } else {
                tags.take(name, open);
            }
            at = end;
        }
        self.between(at..self.text.len(), &mut tags);
    }

    /// Text between tags: the head of a column, or the beginning of an entry.
    fn between(&mut self, range: Range<usize>, tags: &mut Tags) {
        let Some(text) = self.text.get(range.clone()).filter(|t| !t.trim().is_empty()) else { return };
        if tags.code > 0 {
            return;
        }
        if tags.in_head {
            tags.head.iter_mut().last().into_iter().for_each(|h| h.push_str(text.trim()));
            return;
        }
        let Some((form, start)) = tags.pending.take() else { return };
        let around = around(form, || second_of_html(self.text.get(range.end..).unwrap_or_default()));
        let mut of_rows = || *tags.says.get_or_insert_with(|| declared::of_rows(self.below, &tags.head));
        let hint = if form == Form::Row { of_rows() } else { (form == Form::Term && tags.tables == 0).then_some(Says::Place) };
        let (skipped, word) = first_word(text);
        let word = range.start + skipped..range.start + skipped + word.len();
        // Formatting before the word is part of what is looked at.
        let raw = self.text.get(start..).and_then(|t| t.find('>')).map_or(range.start, |e| (start + e + 1).min(range.start));
        self.push(form, around, raw..self.text.len(), word.clone(), start..word.end, hint);
    }

    /// Rows, items and lines in Markdown.
    fn lines(&mut self) {
        let mut at = 0;
        // What the head of the table that is open says of its rows.
        let mut table: Option<Option<Says>> = None;
        let mut fence = None;
        let mut code = false;
        // The first line of a description speaks of what the heading names.
        let mut is_first = self.mark.is_entry();
        let mut above = "";
        while let Some(line) = self.text.get(at..).filter(|rest| !rest.is_empty()).map(first_line) {
            let range = at..at + line.len();
            at = range.end;
            if fence.is_none() && line.trim_ascii().is_empty() {
                (table, above) = (None, "");
                continue;
            }
            if fence.is_none() && is_sentence(line) {
                (is_first, above) = (false, line);
                continue;
            }
            let was = fence;
            fence = fence_after(line, fence);
            if was.is_some() || fence.is_some() {
                continue;
            }
            let text = line.trim();
            let indent = line.len() - line.trim_start().len();
            if text.contains('|') && is_rule(text) {
                let head: Vec<String> = cells(above).map(str::to_owned).collect();
                table = Some(declared::of_rows(self.below, &head));
            } else if let Some(hint) = table.filter(|_| text.contains('|')) {
                let mut cells = cells(text);
                let cell = cells.next().unwrap_or_default();
                let around = around(Form::Row, || cells.next().unwrap_or_default().to_owned());
                let from = range.start + indent + usize::from(text.starts_with('|'));
                self.push_text(Form::Row, around, from, cell, range, hint);
            } else {
                table = table.filter(|_| !text.is_empty());
                if let Some(item) = item(text) {
                    let from = range.start + indent + (text.len() - item.len());
                    self.push_text(Form::Item, Around::Meaning, from, item, range.clone(), None);
                }
                if text.contains('<') {
                    code = (code || text.contains("<pre")) && !text.contains("</pre");
                }
                if !code && !is_first {
                    self.line(range, text, indent);
                }
                is_first &= text.is_empty();
            }
            above = text;
        }
    }

    /// A line that is written like a heading: `**Name** [in]`, `-param Name`, `##Name`, `Name` above a line of dashes.
    fn line(&mut self, range: Range<usize>, text: &'t str, indent: usize) {
        if self.below == Below::Returns || text.is_empty() {
            return;
        }
        let inner = text.trim_start_matches(['>', '#', ' ']);
        let begins = |mark: &str| inner.get(..mark.len()).is_some_and(|t| t.eq_ignore_ascii_case(mark));
        let is_text = !inner.starts_with('<') || ["<b>", "<i>", "<em>", "<strong>", "<code>", "<p>"].iter().any(|m| begins(m));
        let is_word = text.len() < 80 && is_identifier(inner);
        let hashes = text.bytes().take_while(|b| *b == b'#').count();
        let next = self.text.get(range.end..).unwrap_or_default();
        let is_heading = is_word && (hashes >= 2 || heading::underline(next).is_some());
        if !is_text || !is_heading && !inner.contains('[') && !inner.contains("-param") && !inner.contains("-field") {
            return;
        }
        let from = range.start + indent + (text.len() - inner.len());
        let form = if is_heading { Form::Heading } else { Form::Line };
        let says = declared::read(inner, self.below).map_or(Says::Nothing, |d| d.says);
        if is_heading || matches!(says, Says::Direction | Says::Mark) {
            self.push_text(form, Around::Meaning, from, inner, range, None);
        }
    }

    /// Takes a text that begins at a place.
    fn push_text(&mut self, form: Form, around: Around, from: usize, text: &'t str, range: Range<usize>, hint: Option<Says>) {
        let (skipped, word) = first_word(text);
        let word = from + skipped..from + skipped + word.len();
        self.push(form, around, from..from + text.len(), word, range, hint);
    }

    fn push(
        &mut self,
        form: Form,
        around: Around,
        raw: Range<usize>,
        word: Range<usize>,
        range: Range<usize>,
        hint: Option<Says>,
    ) {
        let first = self.text.get(word.clone()).unwrap_or_default();
        let mut name = if first.contains('\\') { Cow::Owned(first.replace('\\', "")) } else { Cow::Borrowed(first) };
        let counts = self.below != Below::Returns;
        let declared = self.text.get(raw).filter(|_| counts).and_then(|raw| declared::read(raw, self.below));
        let mut says = declared.as_ref().map_or(Says::Nothing, |d| d.says);
        let hint = hint.or((self.mark == Mark::Section && form != Form::Line).then_some(Says::Place));
        if let Some(hint) = hint.filter(|hint| *hint != Says::Listed || declared::is_enumerator(&name))
            && declared.as_ref().is_some_and(|d| d.is_alone)
            && matches!(says, Says::Nothing | Says::Emphasis)
        {
            says = hint;
        }
        if let Some(declared) = declared.as_ref().filter(|_| matches!(says, Says::Direction | Says::Mark | Says::Word)) {
            name = Cow::Owned(declared.name.clone());
        }
        // A title of several words names nothing, unless it says so.
        let is_title = form == Form::Heading && !declared.as_ref().is_some_and(|d| d.is_alone || d.says != Says::Nothing);
        // An enumerator has no constants of its own, and what a sentence begins with is no enumerator.
        let is_sentence =
            form == Form::Item && self.below == Below::Enumerator && declared.as_ref().is_none_or(|d| d.is_sentence);
        if is_sentence || is_title || form == Form::Heading && !counts && !is_constant(&name) {
            return;
        }
        if is_identifier(&name) {
            self.found.push(Found { form, around, says, name, declared, range, word });
        }
    }
}

impl Tags {
    fn take(&mut self, tag: &str, at: usize) {
        self.in_head &= !matches!(tag, "/th" | "td" | "tr" | "/tr" | "table" | "/table" | "dt" | "li");
        match tag {
            "table" => *self = Self { code: self.code, tables: self.tables + 1, ..Self::default() },
            "/table" => (self.tables, self.pending) = (self.tables.saturating_sub(1), None),
            "tr" => {
                (self.column, self.pending) = (0, None);
                self.has_head = !self.head.is_empty();
            }
            // Below the head of a table, it is the first cell of a row.
            "th" if self.has_head && self.column == 0 => {
                self.column = 1;
                self.pending = Some((Form::Row, at));
            }
            "th" => {
                self.in_head = true;
                self.head.push(String::new());
            }
            "td" => {
                self.column += 1;
                self.pending = (self.column == 1).then_some((Form::Row, at));
            }
            "/td" | "/th" | "/dt" | "/li" | "/tr" | "/h1" | "/h2" | "/h3" | "/h4" | "/h5" | "/h6" => self.pending = None,
            "dt" if self.column <= 1 => self.pending = Some((Form::Term, at)),
            "li" if self.column <= 1 => self.pending = Some((Form::Item, at)),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.pending = Some((Form::Heading, at)),
            "pre" => self.code += 1,
            "/pre" => self.code = self.code.saturating_sub(1),
            _ => {}
        }
    }
}

/// Whether a line is a part of a sentence and nothing else: it begins with a letter, goes on behind a word, and has no mark of those that
/// make a row, a tag, or what declares something.
fn is_sentence(line: &str) -> bool {
    let text = line.trim_ascii();
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && memchr::memchr3(b'|', b'<', b'[', bytes).is_none()
        && !is_identifier(text)
        && memchr::memchr_iter(b'-', bytes)
            .all(|at| !bytes.get(at + 1..).is_some_and(|b| b.starts_with(b"param") || b.starts_with(b"field")))
}

/// The first word of a text, without formatting, and where it begins.
fn first_word(text: &str) -> (usize, &str) {
    let start = text.len() - text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '`' | '"' | '[')).len();
    let rest = text.get(start..).unwrap_or_default();
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '\\').unwrap_or(rest.len());
    (start, rest.get(..end).unwrap_or_default())
}

/// What a row says, by its second cell.
fn around(form: Form, second: impl FnOnce() -> String) -> Around {
    let is_type = |cell: &str| {
        let letters = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        cell.contains('_') && cell.chars().all(letters)
    };
    let plain =
        |cell: String| cell.replace('\\', "").trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '`')).to_owned();
    if form == Form::Row && is_type(&plain(second())) { Around::Relation } else { Around::Meaning }
}

/// The second cell of a row is looked for in as many bytes: rows need not end.
const MAX_ROW: usize = 1024;

/// The text of the second cell of a row of HTML, of what follows the text of the first.
fn second_of_html(rest: &str) -> String {
    let end = (0..=MAX_ROW.min(rest.len())).rev().find(|end| rest.is_char_boundary(*end)).unwrap_or(0);
    let rest = rest.get(..end).unwrap_or_default();
    let row = rest.split_once("</tr>").map_or(rest, |(row, _)| row);
    let cell = row.split_once("<td").and_then(|(_, cell)| cell.split_once('>')).map_or("", |(_, cell)| cell);
    let cell = cell.split_once("</td>").map_or(cell, |(cell, _)| cell);
    cell.split('<').enumerate().map(|(i, part)| if i == 0 { part } else { part.split_once('>').map_or("", |(_, t)| t) }).collect()
}

/// The cells of a row.
fn cells(line: &str) -> impl Iterator<Item = &str> {
    line.strip_prefix('|').unwrap_or(line).split('|')
}

/// Whether a line stands between the head of a pipe table and its rows.
fn is_rule(line: &str) -> bool {
    line.contains('-') && line.bytes().all(|b| matches!(b, b'-' | b'|' | b':' | b' '))
}

/// The text of a line that begins an item of a list.
fn item(line: &str) -> Option<&str> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = match digits {
        0 => line.strip_prefix(['-', '*', '+'])?,
        _ => line.get(digits..)?.strip_prefix(['.', ')'])?,
    };
    rest.starts_with([' ', '\t']).then(|| rest.trim_start())
}
