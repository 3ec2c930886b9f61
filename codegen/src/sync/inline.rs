//! The inside of a paragraph, with its tags and marks → the words alone.
//!
//! In: the text of a paragraph in the vendor's mixture of Markdown and HTML. Out: paragraphs, rows and ends of tables as its tags make
//! them. Tags, emphasis, code marks, targets of links and escapes are gone; whatever is not known to be markup is kept as words.

use std::collections::HashMap;

use super::emphasis::{Atom, folded, without_emphasis};
use super::links::{Labels, unnamed_api};
use super::tags::{BREAKS, CODES, LONGEST, entity, mark_of, tag_of};
use super::words::{Block, Marks};

/// More stars than this, with what stands beside them, are looked at in no multiplication or power.
const MOST_STARS: usize = 4;

/// Cuts a paragraph at its tags. `labels` are those that the page defines for links.
pub(super) fn read(text: &str, labels: &Labels, out: &mut Vec<Block>) {
    let mut reader = Reader {
        text,
        labels,
        out,
        atoms: Vec::new(),
        brackets: Vec::new(),
        codes: 0,
        runs: None,
        no_target: false,
        anchor: None,
    };
    reader.read();
    reader.end_paragraph();
}

struct Reader<'t, 'o> {
    text: &'t str,
    labels: &'t Labels,
    out: &'o mut Vec<Block>,
    atoms: Vec<Atom>,
    /// The open brackets: where each stands in `atoms` and in the text.
    brackets: Vec<(usize, usize)>,
    /// How many elements of code are open.
    codes: usize,
    /// Where the runs of backticks of each length stand; found once one is met.
    runs: Option<HashMap<usize, Vec<usize>>>,
    /// Whether a target was not closed; then no later one is.
    no_target: bool,
    /// The link of HTML that is open: where its words begin in `atoms`, and where it leads.
    anchor: Option<(usize, String)>,
}

impl<'t> Reader<'t, '_> {
    fn rest(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or_default()
    }

    fn literal(&mut self, c: char) {
        self.atoms.push(Atom { c, is_mark: false });
    }

    fn literals(&mut self, text: &str) {
        self.atoms.extend(text.chars().map(|c| Atom { c, is_mark: false }));
    }

    fn read(&mut self) {
        let mut at = 0;
        while let Some(c) = self.rest(at).chars().next() {
            at += match c {
                '\\' => self.escape(at),
                '`' => self.code(at),
                '<' => self.tag(at),
                '&' => self.entity(at),
                '[' => self.open(at),
                ']' => self.close(at),
                '*' | '_' => {
                    self.atoms.push(Atom { c, is_mark: self.codes == 0 && !self.multiplies(at) });
                    1
                }
                _ => {
                    self.literal(c);
                    c.len_utf8()
                }
            };
        }
    }

    /// Whether stars stand between two numbers, as in `2*3`.
    fn multiplies(&self, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        let before = bytes.get(..at).unwrap_or_default().iter().rev().take(MOST_STARS).find(|byte| **byte != b'*');
        let behind = bytes.get(at..).unwrap_or_default().iter().take(MOST_STARS).find(|byte| **byte != b'*');
        [before, behind].iter().all(|byte| byte.is_some_and(u8::is_ascii_digit))
    }

    fn escape(&mut self, at: usize) -> usize {
        match self.rest(at + 1).chars().next() {
            Some(c) if c.is_ascii_punctuation() => {
                self.literal(c);
                2
            }
            Some('\n') | None => 1,
            Some(_) => {
                self.literal('\\');
                1
            }
        }
    }

    fn code(&mut self, at: usize) -> usize {
        let text = self.text;
        let length = run(self.rest(at), b'`');
        let runs = self.runs.get_or_insert_with(|| backticks(text));
        let of_length = runs.get(&length).map_or(&[][..], Vec::as_slice);
        match of_length.get(of_length.partition_point(|start| *start <= at)).copied() {
            Some(end) => {
                self.literals(text.get(at + length..end).unwrap_or_default());
                end + length - at
            }
            None => {
                self.literals(text.get(at..at + length).unwrap_or_default());
                length
            }
        }
    }

    fn tag(&mut self, at: usize) -> usize {
        let Some((tag, length)) = tag_of(self.rest(at)) else {
            // `<https://…>` and `<name@host>` are links.
            let inside = self.rest(at).get(1..).and_then(|r| r.split(['>', '<', ' ', '\n']).next()).unwrap_or_default();
            let is_link = inside.len() < LONGEST && (inside.contains("://") || inside.contains('@'));
            if is_link && self.rest(at + 1 + inside.len()).starts_with('>') {
                self.literals(inside);
                return inside.len() + 2;
            }
            self.literal('<');
            return 1;
        };
        let (name, is_end) = (tag.name.as_str(), tag.is_end);
        match name {
            "a" => {
                if let Some((words, target)) = self.anchor.take().filter(|_| is_end) {
                    self.say_target(words, &target);
                }
                self.anchor = tag.target.map(|target| (self.atoms.len(), target)).filter(|_| !is_end);
            }
            "ul" | "ol" => {
                self.end_paragraph();
                let marks = if name == "ol" { Marks::Numbers } else { Marks::Bullets };
                self.out.push(if is_end { Block::CloseList } else { Block::OpenList(marks) });
            }
            "li" => {
                self.end_paragraph();
                self.out.extend((!is_end).then_some(Block::Item));
            }
            "table" | "dl" => {
                self.end_paragraph();
                self.out.push(if is_end { Block::CloseRows } else { Block::OpenRows });
            }
            "tr" | "dt" => {
                self.end_paragraph();
                self.out.extend((!is_end).then_some(Block::Row));
            }
            "td" | "th" => {
                self.end_paragraph();
                self.out.extend((!is_end).then_some(Block::Cell));
            }
            "br" => self.literal(BREAK),
            "img" => {
                let alt = tag.alt;
                self.literal(' ');
                self.literals(&alt);
                self.literal(' ');
            }
            _ if mark_of(name).is_some() => self.literals(mark_of(name).unwrap_or_default()),
            _ if CODES.contains(&name) => self.codes = if is_end { self.codes.saturating_sub(1) } else { self.codes + 1 },
            _ if BREAKS.contains(&name) => self.end_paragraph(),
            _ => {}
        }
        length
    }

    fn entity(&mut self, at: usize) -> usize {
        match entity(self.rest(at)) {
            Some((text, length)) => {
                self.literals(&text);
                length
            }
            None => {
                self.literal('&');
                1
            }
        }
    }

    fn open(&mut self, at: usize) -> usize {
        // `[!NOTE]` stands for the word as a title.
        let word = self.rest(at).strip_prefix("[!").map(|rest| {
            rest.get(..rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_uppercase()).len()).unwrap_or_default()
        });
        if let Some(word) = word.filter(|word| self.rest(at + 2 + word.len()).starts_with(']'))
            && !word.is_empty()
        {
            let (length, title) = (
                word.len() + 3,
                word.get(..1).unwrap_or_default().to_owned() + &word.get(1..).unwrap_or_default().to_lowercase(),
            );
            self.literals(&title);
            self.literal(' ');
            return length;
        }
        self.brackets.push((self.atoms.len(), at));
        self.literal('[');
        1
    }

    fn close(&mut self, at: usize) -> usize {
        let Some((opened, from)) = self.brackets.pop() else {
            self.literal(']');
            return 1;
        };
        let label = self.text.get(from + 1..at).unwrap_or_default();
        let behind = self.rest(at + 1);
        let found = if behind.starts_with('(') && !self.no_target {
            let end = target_end(behind);
            self.no_target = end.is_none();
            end.map(|end| (end, behind.get(1..end - 1).unwrap_or_default()))
        } else {
            let other = behind.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(other, _)| other);
            match (other, self.target(label)) {
                (Some(""), Some(target)) => Some((2, target)),
                (Some(other), own) => match (self.target(other), own) {
                    (Some(target), _) => Some((other.len() + 2, target)),
                    (None, own) => own.map(|target| (0, target)),
                },
                (None, own) => own.map(|target| (0, target)),
            }
        };
        let Some((skipped, target)) = found else {
            self.literal(']');
            return 1;
        };
        // `[!INCLUDE [title](path)]` shows what stands at that path.
        let around = self.brackets.last().map_or(from, |(_, around)| *around);
        if self.rest(around).starts_with("[!") {
            self.literals(" (");
            self.literals(target.trim());
            self.literal(')');
        } else {
            self.say_target(opened + 1, target);
        }
        // What is read stays; the brackets, and the mark of an image before them, go.
        let is_image = from > 0 && self.text.as_bytes().get(from - 1) == Some(&b'!');
        for gone in [Some(opened), opened.checked_sub(1).filter(|_| is_image)].into_iter().flatten() {
            if let Some(atom) = self.atoms.get_mut(gone) {
                atom.c = GONE;
            }
        }
        1 + skipped
    }

    fn target(&self, label: &str) -> Option<&'t str> {
        let is_label = !label.is_empty() && label.len() < LONGEST;
        is_label.then(|| self.labels.get(&label.to_lowercase()).map(String::as_str)).flatten()
    }

    /// Says where a link leads, the words of which begin there, if they do not say it.
    fn say_target(&mut self, words: usize, target: &str) {
        let words: String = self.atoms.iter().skip(words).take(LONGEST).map(|atom| atom.c).collect();
        if let Some(page) = unnamed_api(&words, target) {
            self.out.push(Block::Link(page));
        }
    }

    fn end_paragraph(&mut self) {
        self.brackets.clear();
        if let Some((words, _)) = &mut self.anchor {
            *words = 0;
        }
        let mut atoms = std::mem::take(&mut self.atoms);
        atoms.retain(|atom| atom.c != GONE);
        let text = without_emphasis(&atoms);
        let lines = text.split(BREAK).map(|line| folded(line.chars())).filter(|line| !line.is_empty());
        self.out.extend(lines.map(Block::Paragraph));
    }
}

/// Stands for a character that is gone. No page has it: it is no character of a text.
const GONE: char = '\0';

/// Ends a line within a paragraph.
const BREAK: char = '\u{2028}';

/// Where the runs of backticks of each length begin.
fn backticks(text: &str) -> HashMap<usize, Vec<usize>> {
    let mut found: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|t| t.find('`')).map(|start| from + start) {
        let length = run(text.get(start..).unwrap_or_default(), b'`');
        found.entry(length).or_default().push(start);
        from = start + length;
    }
    found
}

/// How many of a byte a text begins with.
fn run(text: &str, byte: u8) -> usize {
    text.bytes().take_while(|b| *b == byte).count()
}

/// The end of `(target "title")`, with both parentheses.
fn target_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate().take(LONGEST) {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}
