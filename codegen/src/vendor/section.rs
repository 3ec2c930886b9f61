//! A return section of DDI Markdown, cut into what its readers need.
//!
//! In: the mixture of HTML, pipe tables, lists and sentences. Out: the texts that should be codes (first cells, terms, items of lists),
//! the sentences beside them, and the descriptions. What any of them means is for [`super::returns`] to say.

mod lines;

use std::cell::OnceCell;
use std::ops::Range;

use super::code_names::is_result;
use super::hash::HashMap;
use super::markup::Piece;
use crate::source::{Span, Spanned};
use lines::Lines;

/// A section, cut.
#[derive(Debug, Default)]
pub(super) struct Cut {
    /// What should be codes.
    pub(super) rows: Vec<Row>,
    /// The tables and lists that the rows stand in.
    pub(super) lists: Vec<List>,
    /// Sentences outside tables, without formatting.
    pub(super) sentences: Vec<String>,
    /// What stands beside the codes.
    pub(super) descriptions: Vec<Description>,
    /// Texts in which no codes are looked for: blocks of code, and tables in cells.
    pub(super) elsewhere: Vec<String>,
    /// The headings in it, each with how many sentences stand before it.
    pub(super) headings: Vec<(usize, String)>,
    /// Whether nothing closes a table.
    pub(super) is_cut_off: bool,
    /// Whether a row of a table has nothing in its first cell.
    pub(super) has_empty_row: bool,
}

/// The first cell of a row, a term, or the code with which an item begins.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) text: Spanned<String>,
    /// The list that it stands in, by its position.
    pub(super) list: usize,
}

/// A table or list, and what is said around it of what it lists.
#[derive(Debug, Default)]
pub(super) struct List {
    /// How many sentences stand before it.
    pub(super) before: usize,
    /// The heads of its columns; none of a list, nor of a table without a head.
    pub(super) head: Vec<String>,
    /// How many headings within the section stand before it.
    pub(super) headings: usize,
}

/// What stands beside codes.
#[derive(Debug)]
pub(super) struct Description {
    pub(super) text: String,
    /// The rows that it is about, by their positions.
    pub(super) rows: Range<usize>,
}

/// The places of the words of a section.
pub(super) struct Places<'t> {
    text: &'t str,
    place: Span,
    /// Where each word stands, in order; found once one of them is asked for.
    words: OnceCell<HashMap<String, Vec<Range<usize>>>>,
}

impl<'t> Places<'t> {
    pub(super) fn new(text: &'t str, place: Span) -> Self {
        Self { text, place, words: OnceCell::new() }
    }

    /// The whole section.
    pub(super) fn whole(&self) -> Span {
        self.place
    }

    /// The first place of a word, else the whole section.
    pub(super) fn of(&self, word: &str) -> Span {
        self.after(word, 0).map_or(self.place, |range| self.place.part(range))
    }

    /// The first place of a word from there on. A name whose underscores are escaped is the name.
    fn after(&self, word: &str, from: usize) -> Option<Range<usize>> {
        if self.text.len() <= SHORT && memchr::memchr(b'\\', self.text.as_bytes()).is_none() {
            return self.found(word, from);
        }
        let words = self.words.get_or_init(|| {
            let mut found: HashMap<String, Vec<Range<usize>>> = HashMap::default();
            let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '\\');
            for part in self.text.split(|c| !is_part(c)).filter(|p| !p.is_empty()) {
                let start = part.as_ptr() as usize - self.text.as_ptr() as usize;
                found.entry(part.replace('\\', "")).or_default().push(start..start + part.len());
            }
            found
        });
        let places = words.get(word)?;
        places.get(places.partition_point(|range| range.start < from)).cloned()
    }

    /// The same in a text where no name is escaped.
    fn found(&self, word: &str, from: usize) -> Option<Range<usize>> {
        let is_part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let bytes = self.text.as_bytes();
        let begins = |at: usize| at.checked_sub(1).and_then(|before| bytes.get(before)).is_none_or(|b| !is_part(b));
        let ends = |end: usize| bytes.get(end).is_none_or(|b| !is_part(b));
        let is_word = |at: &usize| begins(*at) && ends(at + word.len());
        if word.is_empty() || !word.bytes().all(|b| is_part(&b)) {
            return None;
        }
        let at = memchr::memmem::find_iter(bytes.get(from..)?, word).map(|at| from + at).find(is_word)?;
        Some(at..at + word.len())
    }
}

/// Texts with no more bytes are looked through for each word: most are short, and few words of theirs are asked for.
const SHORT: usize = 4096;

/// Cuts a section, whose text `places` knows.
pub(super) fn cut(pieces: &[Piece], places: &Places<'_>) -> Cut {
    let mut walk = Walk::default();
    pieces.iter().for_each(|piece| walk.piece(piece));
    walk.end_cell();
    walk.out.is_cut_off = walk.tables > 0;
    let Walk { mut out, flow, begins, .. } = walk;
    let mut from = 0;
    let place = |row: &str| {
        // A text without its formatting stands behind the one before, as far as its first word.
        let word = row.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').find(|w| !w.is_empty()).unwrap_or(row);
        // `STATUS_*Xxx*`: the formatting stands within the word.
        let begins = || word.rfind('_').and_then(|at| word.get(..=at)).and_then(|begin| places.after(begin, from));
        match places.after(word, from).or_else(begins) {
            Some(range) => {
                from = range.end;
                places.place.part(range)
            }
            None => places.place,
        }
    };
    Lines { out: &mut out, begins: &begins, flow: &flow, place, items: None }.read();
    out
}

/// Where in the markup a text stands.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Where {
    #[default]
    Outside,
    Head,
    /// The first cell of a row, or a term.
    First,
    Description,
}

/// The state of a walk over the pieces.
#[derive(Debug, Default)]
struct Walk {
    out: Cut,
    /// The text outside tables and lists of definitions, a line each paragraph and item.
    flow: String,
    at: Where,
    column: usize,
    cell: Option<Spanned<String>>,
    /// Whether the first cell has terms, which then are its codes.
    has_terms: bool,
    is_term: bool,
    /// How many tables are open.
    tables: usize,
    /// Where in the flow each list begins.
    begins: Vec<usize>,
    /// Whether a list of definitions outside tables is open, or the descriptions behind it.
    in_terms: bool,
    /// The rows that a description is about begin there.
    about: usize,
    /// Whether they have a description.
    is_described: bool,
}

impl Walk {
    /// Begins a table or a list of definitions.
    fn list(&mut self) {
        self.flow.push_str("\n\n");
        self.begins.push(self.flow.len());
        self.out.lists.push(List::default());
    }

    /// The list that is open; what stands in none begins one.
    fn row(&mut self, text: Spanned<String>) {
        if self.out.lists.is_empty() {
            self.list();
        }
        self.out.rows.push(Row { text, list: self.out.lists.len() - 1 });
    }

    fn piece(&mut self, piece: &Piece) {
        // A table in a cell is none of the section's.
        match piece {
            Piece::Open(tag) if tag == "table" => self.tables += 1,
            Piece::Close(tag) if tag == "table" && self.tables > 1 => {
                self.tables -= 1;
                return;
            }
            Piece::Close(tag) if tag == "table" => self.tables = 0,
            _ => {}
        }
        if self.tables > 1 {
            if let Piece::Text(text) = piece {
                self.out.elsewhere.push(text.value.clone());
            }
            return;
        }
        match piece {
            Piece::Text(text) => match (&mut self.cell, self.at) {
                (_, Where::Outside) => self.flow.push_str(&text.value),
                (Some(cell), _) => {
                    cell.value.push_str(&text.value);
                    cell.span.end = text.span.end;
                }
                (None, _) if text.value.trim().is_empty() => {}
                (cell, _) => *cell = Some(text.clone()),
            },
            Piece::Open(tag) => self.open(tag),
            Piece::Close(tag) => self.close(tag),
        }
    }

    fn open(&mut self, tag: &str) {
        match tag {
            "tr" => {
                self.end_cell();
                self.column = 0;
                self.about = self.out.rows.len();
            }
            "table" => {
                self.end_cell();
                self.in_terms = false;
                self.list();
            }
            "dl" if self.tables == 0 && !self.in_terms => {
                self.breaks("dl");
                self.in_terms = true;
                self.list();
            }
            "th" => {
                self.end_cell();
                self.column += 1;
                self.at = Where::Head;
            }
            "td" => {
                self.end_cell();
                self.column += 1;
                self.has_terms = false;
                self.at = if self.column == 1 { Where::First } else { Where::Description };
            }
            // Terms in a description are none of the codes.
            "dt" if self.column < 2 => {
                self.end_cell();
                if self.tables == 0 && self.is_described {
                    (self.about, self.is_described) = (self.out.rows.len(), false);
                }
                (self.at, self.is_term, self.has_terms) = (Where::First, true, true);
            }
            "dd" if self.column < 2 => {
                self.end_cell();
                self.at = Where::Description;
            }
            "dt" | "dd" => self.breaks("p"),
            _ => self.breaks(tag),
        }
    }

    fn close(&mut self, tag: &str) {
        match tag {
            "dt" | "dd" if self.column >= 2 => self.breaks("p"),
            // Outside a table the description of a term may stand behind the list.
            "dl" if self.column == 0 && self.has_terms => {
                self.end_cell();
                (self.at, self.has_terms) = (Where::Description, false);
            }
            "td" | "th" | "dt" | "dd" | "tr" | "table" => {
                let is_empty = tag == "td" && self.at == Where::First && self.cell.is_none() && !self.has_terms;
                self.out.has_empty_row |= is_empty;
                self.end_cell();
                if tag == "table" {
                    self.column = 0;
                    self.flow.push_str("\n\n");
                }
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.breaks("p"),
            _ => self.breaks(tag),
        }
    }

    /// The beginning or end of an element that is a paragraph or item of its own: two of them are not one word.
    fn breaks(&mut self, tag: &str) {
        let text = match tag {
            "li" => "\n- ",
            "p" | "ul" | "ol" | "dl" | "div" => "\n\n",
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if self.at == Where::Outside => "\n\n#",
            "br" => " ",
            _ => return,
        };
        match (&mut self.cell, self.at) {
            (_, Where::Outside) => self.flow.push_str(text),
            (Some(cell), _) => cell.value.push(' '),
            _ => {}
        }
    }

    fn end_cell(&mut self) {
        if let Some(mut cell) = self.cell.take() {
            cell.value = cell.value.split_whitespace().collect::<Vec<_>>().join(" ");
            match self.at {
                // A cell that has terms has nothing else that is a code.
                Where::First if self.is_term || !self.has_terms => self.row(cell),
                Where::First | Where::Description => {
                    self.is_described = true;
                    self.out.descriptions.push(Description { text: cell.value, rows: self.about..self.out.rows.len() });
                }
                // The head of a row, not that of a column.
                Where::Head if self.column == 1 && is_result(&cell.value) => self.row(cell),
                Where::Head => self.out.lists.last_mut().into_iter().for_each(|list| list.head.push(cell.value.clone())),
                Where::Outside => {}
            }
        }
        self.is_term = false;
        self.at = Where::Outside;
    }
}

/// The sentences of a paragraph. A colon ends one, for what follows it is a list.
pub(super) fn sentences(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let is_end =
            matches!(c, '。' | '：') || matches!(c, '.' | ':' | '!' | '?') && chars.peek().is_none_or(|(_, n)| n.is_whitespace());
        if is_end {
            let end = at + c.len_utf8();
            out.push(text.get(start..end).unwrap_or_default().trim().to_owned());
            start = end;
        }
    }
    out.push(text.get(start..).unwrap_or_default().trim().to_owned());
    out.retain(|s| !s.is_empty());
    out
}
