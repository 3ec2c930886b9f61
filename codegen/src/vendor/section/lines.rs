//! The text of a return section outside the tables and lists of HTML, line by line.
//!
//! In: that text, and where the lists begin that were cut out of it. Out: the rows of pipe tables and of lists, the sentences, and what
//! stands before each list. Separate from the walk over the markup, which knows tags and no lines.

use super::{Cut, Description, List, Row, sentences};
use crate::source::{Span, Spanned};
use crate::vendor::ddi::heading;
use crate::vendor::markup::fence_after;

/// The marks that begin an item of a list.
const MARKS: [&str; 3] = ["- ", "* ", "+ "];

/// A paragraph or item of a list, as far as it has been read.
struct Paragraph {
    text: String,
    is_item: bool,
}

/// The pipe tables, lists and sentences of a text in Markdown, while they are read.
pub(super) struct Lines<'c, P> {
    pub(super) out: &'c mut Cut,
    /// Where the lists begin that are cut already.
    pub(super) begins: &'c [usize],
    pub(super) flow: &'c str,
    pub(super) place: P,
    /// The list whose items are read.
    pub(super) items: Option<usize>,
}

impl<P: FnMut(&str) -> Span> Lines<'_, P> {
    pub(super) fn read(mut self) {
        let flow = self.flow;
        let mut lines = flow.lines().map(str::trim).peekable();
        let mut current: Option<Paragraph> = None;
        let (mut fence, mut cut) = (None, 0);
        while let Some(line) = lines.next() {
            let at = line.as_ptr() as usize - flow.as_ptr() as usize;
            while self.begins.get(cut).is_some_and(|begin| *begin <= at) {
                self.end(current.take());
                self.items = None;
                self.around(cut);
                cut += 1;
            }
            let was = fence;
            fence = fence_after(line, fence);
            // A note is text like any other.
            let line = line.trim_start_matches(['>', ' ']);
            let line =
                if line.starts_with("[!") { line.split_once(']').map_or(line, |(_, behind)| behind.trim_start()) } else { line };
            if was.is_some() || fence.is_some() {
                self.end(current.take());
                self.out.elsewhere.push(line.to_owned());
            } else if line.contains('|') && lines.next_if(|next| is_rule(next)).is_some() {
                self.end(current.take());
                let list = self.list(cells(line).collect());
                while let Some(row) = lines.next_if(|l| l.contains('|')) {
                    self.table_row(row, list);
                }
                self.items = None;
            } else if let Some(item) = MARKS.iter().find_map(|mark| line.strip_prefix(mark)) {
                self.end(current.replace(Paragraph { text: item.to_owned(), is_item: true }));
            } else if let Some(title) = current.take_if(|p| !p.is_item && heading::underline(line).is_some()) {
                self.heading(&title.text);
            } else if line.is_empty() {
                self.end(current.take());
            } else if line.starts_with('#') {
                self.end(current.take());
                self.heading(line.trim_matches('#'));
            } else {
                let paragraph = current.get_or_insert_with(|| Paragraph { text: String::new(), is_item: false });
                paragraph.text.push(' ');
                paragraph.text.push_str(line);
            }
        }
        self.end(current);
        for list in cut..self.begins.len() {
            self.around(list);
        }
    }

    fn heading(&mut self, title: &str) {
        let title = unformatted(title);
        if !title.is_empty() {
            self.out.headings.push((self.out.sentences.len(), title));
            self.items = None;
        }
    }

    /// Begins a list.
    fn list(&mut self, head: Vec<String>) -> usize {
        self.out.lists.push(List { head, ..List::default() });
        self.around(self.out.lists.len() - 1)
    }

    /// Takes note of what stands before a list.
    fn around(&mut self, list: usize) -> usize {
        let (before, headings) = (self.out.sentences.len(), self.out.headings.len());
        if let Some(list) = self.out.lists.get_mut(list) {
            (list.before, list.headings) = (before, headings);
        }
        list
    }

    fn row(&mut self, text: &str, list: usize) {
        let span = (self.place)(text);
        self.out.rows.push(Row { text: Spanned::new(text.to_owned(), span), list });
    }

    /// Describes the last row.
    fn describe(&mut self, text: String) {
        let rows = self.out.rows.len();
        self.out.descriptions.push(Description { text, rows: rows.saturating_sub(1)..rows });
    }

    fn table_row(&mut self, row: &str, list: usize) {
        let mut cells = cells(row);
        let first = cells.next().unwrap_or_default();
        if first.is_empty() {
            self.out.has_empty_row = true;
        } else {
            self.row(&first, list);
        }
        cells.filter(|c| !c.is_empty()).for_each(|cell| self.describe(cell));
    }

    /// Takes a paragraph: an item that begins with a code, or a code alone, is a row; else it has sentences.
    fn end(&mut self, paragraph: Option<Paragraph>) {
        let Some(Paragraph { text, is_item }) = paragraph else { return };
        let text = unformatted(&text);
        let word = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
        let is_name = word.contains('_') && !word.contains(|c: char| c.is_ascii_lowercase());
        let rest = text.get(word.len()..).unwrap_or_default();
        if is_name && (is_item && describes(rest) || rest.is_empty()) {
            let list = match self.items {
                Some(list) => list,
                None => self.list(Vec::new()),
            };
            self.items = Some(list);
            self.row(word, list);
            self.describe(rest.to_owned());
        } else {
            self.out.sentences.extend(sentences(&text));
            if !is_item {
                self.items = None;
            }
        }
    }
}

/// The cells of a row of a pipe table.
fn cells(row: &str) -> impl Iterator<Item = String> {
    let row = row.strip_prefix('|').unwrap_or(row);
    row.strip_suffix('|').unwrap_or(row).split('|').map(unformatted)
}

/// Whether what follows a code in an item describes the code: a mark stands between them, a sentence begins, or it is said when the code
/// is returned or what it means. In "STATUS_X was passed" the code is one word of a sentence.
fn describes(rest: &str) -> bool {
    const BEGINS: &[&str] = &["if", "when", "on", "upon", "for", "because", "indicates", "means", "indicating", "or", "and"];
    let spaced = rest.starts_with(' ');
    let rest = rest.trim_start();
    let word = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let is_said = ["is returned", "will be returned"].iter().any(|said| rest.starts_with(said));
    rest.is_empty()
        || rest.starts_with([':', '-', '–', '—', '(', '.', ',', ';', '='])
        || spaced && (word.starts_with(|c: char| !c.is_ascii_lowercase()) || BEGINS.contains(&word) || is_said)
}

/// Whether a line is the rule below the head of a pipe table.
fn is_rule(line: &str) -> bool {
    line.contains('-') && line.contains('|') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
}

/// A text without the marks of Markdown, and of links only what is read.
fn unformatted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        out.push_str(rest.get(..at).unwrap_or_default());
        let target = rest.get(at + 2..).unwrap_or_default();
        rest = target.find(')').and_then(|end| target.get(end + 1..)).unwrap_or_default();
    }
    out.push_str(rest);
    let plain = out.replace("\\_", "_").replace(['*', '`', '[', ']'], "");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
