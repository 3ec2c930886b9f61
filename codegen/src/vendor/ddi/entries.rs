//! The structural entries of a page, found by their form alone: what the account holds against the facts.
//!
//! In: a page, cut. Out: each heading of a list, and in the texts of lists and of the return section each row, term and item. This looks
//! at tags and bars, and shares no code with the readers of values and codes, so that both cannot be blind to the same thing.

use std::ops::Range;

use super::page::{self, Mark, Page, Section};
use crate::source::{Diagnostic, Report, Span};
use crate::vendor::account::{Around, Below, Entry, Form, Ledger};
use crate::vendor::markup::is_identifier;

/// Settles every entry of a page.
pub(super) fn settle(page: &Page<'_>, ledger: &Ledger, report: &mut Report) {
    if let Some(at) = page.open_fence {
        let message = "nothing closes this code, so that the rest of the page is code";
        let help = "use another revision of the page, or close the code where it ends";
        report.push(Diagnostic::warning("vendor::unread", message).at(at).help(help));
    }
    for heading in &page.entries {
        let Some(below) = below(heading) else { continue };
        if heading.mark != Mark::Section {
            settle_heading(page, heading, below, ledger, report);
        }
        let (text, place) = page.body(heading);
        let mut scan = Scan { text, place, below, ledger, report };
        if text.contains('<') {
            scan.tags();
        }
        scan.lines();
    }
}

/// Below what the text of a heading stands, if entries there count.
fn below(heading: &page::Entry<'_>) -> Option<Below> {
    match (heading.section, heading.mark) {
        (Section::Parameters, _) | (_, Mark::Param) => Some(Below::Parameter),
        (Section::Enumerators, _) => Some(Below::Enumerator),
        (Section::Fields, _) | (_, Mark::Field) => Some(Below::Field),
        (Section::Returns, _) => Some(Below::Returns),
        _ => None,
    }
}

/// Settles a heading.
fn settle_heading(page: &Page<'_>, heading: &page::Entry<'_>, below: Below, ledger: &Ledger, report: &mut Report) {
    let entry = Entry {
        form: if heading.mark == Mark::Plain { Form::Heading } else { Form::Marked },
        below,
        around: Around::Meaning,
        name: &heading.title,
        range: heading.line.clone(),
        has_text: !page.body(heading).0.trim().is_empty(),
    };
    ledger.settle(page.file, &entry, report);
}

/// A text that is looked through.
struct Scan<'s, 't> {
    text: &'t str,
    place: Span,
    below: Below,
    ledger: &'s Ledger,
    report: &'s mut Report,
}

/// Where the scan of tags is.
#[derive(Default)]
struct Tags {
    /// What the next text belongs to, and where its tag begins.
    pending: Option<(Form, usize)>,
    column: usize,
    code: usize,
}

impl Scan<'_, '_> {
    /// Rows, terms and items in HTML.
    fn tags(&mut self) {
        let mut tags = Tags::default();
        let mut at = 0;
        while let Some(open) = self.text.get(at..).and_then(|t| t.find('<')).map(|o| at + o) {
            self.between(at..open, &mut tags);
            // `<` in a text opens no tag, and what follows it is text.
            let opens = |b: &u8| b.is_ascii_alphanumeric() || *b == b'/';
            if !self.text.as_bytes().get(open + 1).is_some_and(opens) {
                at = open + 1;
                continue;
            }
            let end = self.text.get(open..).and_then(|t| t.find('>')).map_or(self.text.len(), |e| open + e + 1);
            let tag = self.text.get(open + 1..end).unwrap_or_default();
            let len = tag.find(|c: char| !c.is_ascii_alphanumeric() && c != '/').unwrap_or(tag.len());
            let name = tag.get(..len).unwrap_or_default();
            tags.take(&name.to_ascii_lowercase(), open);
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
        let Some((form, start)) = tags.pending.take() else { return };
        let around = around(form, || second_of_html(self.text.get(range.end..).unwrap_or_default()));
        let end = range.start + (text.len() - text.trim_start().len()) + first_word(text).1.len();
        self.settle(form, around, text, start..end);
    }

    /// Rows and items in Markdown.
    fn lines(&mut self) {
        let mut at = 0;
        let mut in_table = false;
        let mut fence = None;
        for line in self.text.split_inclusive('\n') {
            let range = at..at + line.len();
            at = range.end;
            let was = fence;
            fence = page::fence_after(line, fence);
            if was.is_some() || fence.is_some() {
                continue;
            }
            let text = line.trim();
            if text.contains('|') && is_rule(text) {
                in_table = true;
            } else if in_table && text.contains('|') {
                let mut cells = text.trim_start_matches('|').split('|');
                let cell = cells.next().unwrap_or_default();
                let around = around(Form::Row, || cells.next().unwrap_or_default().to_owned());
                self.settle(Form::Row, around, cell, range);
            } else {
                in_table &= !text.is_empty();
                if let Some(item) = item(text) {
                    self.settle(Form::Item, Around::Meaning, item, range);
                }
            }
        }
    }

    fn settle(&mut self, form: Form, around: Around, text: &str, range: Range<usize>) {
        let (_, word) = first_word(text);
        let unescaped;
        let name = if word.contains('\\') {
            unescaped = word.replace('\\', "");
            &unescaped
        } else {
            word
        };
        if !is_identifier(name) {
            return;
        }
        let range = self.place.start + range.start..self.place.start + range.end;
        let entry = Entry { form, below: self.below, around, name, range, has_text: true };
        self.ledger.settle(self.place.file, &entry, self.report);
    }
}

impl Tags {
    fn take(&mut self, tag: &str, at: usize) {
        match tag {
            "table" => (self.column, self.pending) = (0, None),
            "/table" => self.pending = None,
            "tr" => (self.column, self.pending) = (0, None),
            "td" => {
                self.column += 1;
                self.pending = (self.column == 1).then_some((Form::Row, at));
            }
            "/td" | "/dt" | "/li" | "/tr" => self.pending = None,
            "dt" if self.column <= 1 => self.pending = Some((Form::Term, at)),
            "li" if self.column <= 1 => self.pending = Some((Form::Item, at)),
            "pre" => self.code += 1,
            "/pre" => self.code = self.code.saturating_sub(1),
            _ => {}
        }
    }
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

/// The text of the second cell of a row of HTML, of what follows the text of the first.
fn second_of_html(rest: &str) -> String {
    let row = rest.split_once("</tr>").map_or(rest, |(row, _)| row);
    let cell = row.split_once("<td").and_then(|(_, cell)| cell.split_once('>')).map_or("", |(_, cell)| cell);
    let cell = cell.split_once("</td>").map_or(cell, |(cell, _)| cell);
    cell.split('<').enumerate().map(|(i, part)| if i == 0 { part } else { part.split_once('>').map_or("", |(_, t)| t) }).collect()
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
