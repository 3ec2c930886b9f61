//! A page → its sections, each with its words, and a digest of them.
//!
//! A section is what stands below a heading, and the row of a table that begins with a name: a parameter, a code or a constant. Facts that
//! the front matter states are compared as facts and have no part in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::words::{Block, blocks, tokens};
use crate::vendor;

/// The first section of a page, where it is not that of a heading.
const INTRODUCTION: &str = "introduction";

/// A section: its name, and its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) name: String,
    pub(super) texts: Vec<String>,
}

/// The sections of a page: the requirements of the front matter, what stands before the first heading, one for each heading and one for
/// each row that has a name.
pub(super) fn sections(text: &str) -> Vec<Section> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (front, body) = front_matter(text);
    let is_reference = front.lines().any(|line| line.starts_with("UID:"));
    let mut cutter = Cutter { is_reference, ..Cutter::default() };
    for required in required(front) {
        cutter.take("requirements", required);
    }
    cutter.begin(INTRODUCTION.to_owned());
    blocks(body).into_iter().for_each(|block| cutter.block(block));
    cutter.found
}

/// One digest per section.
pub(super) fn digests(text: &str) -> BTreeMap<String, String> {
    sections(text).into_iter().map(|section| (section.name, digest(&section.texts))).collect()
}

/// The front matter of a page, and what follows it.
fn front_matter(text: &str) -> (&str, &str) {
    let mut end = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let is_mark = line.trim_end() == "---";
        if at == 0 && !is_mark {
            break;
        }
        if at > 0 && is_mark {
            end = Some((at, at + line.len()));
            break;
        }
        at += line.len();
    }
    end.and_then(|(front, body)| Some((text.get(..front)?, text.get(body..)?))).unwrap_or(("", text))
}

/// What the front matter of a reference page requires and no fact states.
fn required(front: &str) -> Vec<String> {
    let is_function = front.lines().any(|line| line.starts_with("UID: NF"));
    let entries = front.lines().filter(|line| line.starts_with("req.") || line.starts_with("UID:"));
    let is_wanted = |(key, value): &(&str, &str)| {
        let is_fact = vendor::states_fact(key, value) || is_function && *key == "req.dll";
        !value.is_empty() && !is_fact
    };
    let entries =
        entries.filter_map(|line| line.split_once(':')).map(|(key, value)| (key, value.trim().trim_matches(['"', '\''])));
    entries.filter(is_wanted).map(|(key, value)| format!("{key}: {value}")).collect()
}

#[derive(Default)]
struct Cutter {
    is_reference: bool,
    /// The sections, in order, and where each is.
    found: Vec<Section>,
    places: BTreeMap<String, usize>,
    /// `parameters` of a reference page.
    chapter: String,
    /// The section of the heading.
    base: String,
    /// The section that texts go to.
    current: String,
    /// How many tables are open.
    depth: usize,
    /// Whether the next text is the first of a row, and how many of its cells have begun.
    begins_row: bool,
    cells: usize,
}

impl Cutter {
    /// Several sections of one name are one.
    fn take(&mut self, name: &str, text: String) {
        let at = *self.places.entry(name.to_owned()).or_insert(self.found.len());
        match self.found.get_mut(at) {
            Some(section) => section.texts.push(text),
            None => self.found.push(Section { name: name.to_owned(), texts: vec![text] }),
        }
    }

    fn begin(&mut self, name: String) {
        self.current.clone_from(&name);
        self.base = name;
        (self.depth, self.begins_row) = (0, false);
    }

    fn block(&mut self, block: Block) {
        match block {
            Block::Heading(title) => self.heading(&title),
            Block::OpenRows => self.depth += 1,
            Block::CloseRows => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    self.current.clone_from(&self.base);
                }
            }
            Block::Row if self.depth == 1 => (self.begins_row, self.cells) = (true, 0),
            Block::Cell if self.depth == 1 => {
                self.cells += 1;
                if self.cells > 1 && std::mem::take(&mut self.begins_row) {
                    self.current.clone_from(&self.base);
                }
            }
            Block::Row | Block::Cell => {}
            Block::Paragraph(text) => {
                if std::mem::take(&mut self.begins_row) {
                    // Links have names and no facts.
                    let has_section = is_name(&text) && self.base != "see-also";
                    self.current = if has_section { self.section_of_row(&text) } else { self.base.clone() };
                }
                let current = std::mem::take(&mut self.current);
                self.take(&current, text);
                self.current = current;
            }
        }
    }

    /// A constant has one section, whether a heading or a row is about it.
    fn section_of_row(&self, name: &str) -> String {
        let of = if self.is_reference { &self.chapter } else { &self.base };
        if of.is_empty() { name.to_owned() } else { format!("{of}: {name}") }
    }

    fn heading(&mut self, title: &str) {
        let name = title.trim_start_matches('-');
        // What brackets say is a fact, and no part of the name.
        let name = name.split('[').next().unwrap_or(name).trim();
        // Some revisions list the constants of a parameter like parameters.
        let listed = name
            .strip_prefix("param ")
            .filter(|name| is_name(name) && name.contains('_') && !name.contains(|c: char| c.is_ascii_lowercase()));
        let name = listed.unwrap_or(name);
        let is_entry = ["-param ", "-field ", "- "].iter().any(|mark| title.starts_with(mark));
        let is_first = self.found.iter().all(|section| section.name == "requirements");
        let section = if self.is_reference && title.starts_with('-') && !is_entry {
            name.clone_into(&mut self.chapter);
            name.to_owned()
        } else if self.is_reference && self.chapter.is_empty() || !self.is_reference && is_first {
            INTRODUCTION.to_owned()
        } else if self.is_reference {
            format!("{}: {name}", self.chapter)
        } else {
            name.to_owned()
        };
        self.begin(section);
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The first half of SHA-256 of the words: enough to tell two texts of one section apart.
fn digest(texts: &[String]) -> String {
    let mut hash = Sha256::new();
    for token in texts.iter().flat_map(|text| tokens(text)) {
        hash.update(token.as_bytes());
        hash.update(b" ");
    }
    hash.finalize().iter().take(16).fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
