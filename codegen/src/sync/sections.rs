//! A page → its sections, each with its words, and a digest of them.
//!
//! A section is what stands below a heading, and the row of a table that begins with a name: a parameter, a code or a constant. Facts that
//! the front matter states are compared as facts and have no part in it.
//!
//! Of a table it counts in which column a text stands, of a list what is inside what and whether it is numbered. Where links lead has a section
//! of its own (see `links`): that a link leads to another API is told, and that one is added or left out is markup.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::words::{Block, Marks, blocks, tokens};
use crate::vendor;

/// The first section of a page, where it is not that of a heading.
const INTRODUCTION: &str = "introduction";

/// Lists that are nested deeper than this are not told apart.
const DEEPEST: usize = 32;

/// What the name of a section of targets begins with, before that of the section that has the links.
pub(super) const LINKS: &str = "→ ";

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
    let uid = front.lines().find_map(|line| line.strip_prefix("UID:")).map(str::trim);
    let mut cutter = Cutter { is_reference: uid.is_some(), uid: uid.unwrap_or_default(), ..Cutter::default() };
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
struct Cutter<'t> {
    is_reference: bool,
    /// The identifier of a reference page, `NC:wsk.PFN_WSK_BIND`.
    uid: &'t str,
    /// The sections, in order, and where each is.
    found: Vec<Section>,
    places: BTreeMap<String, usize>,
    has_heading: bool,
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
    /// The last cell of the row that has a text.
    last_cell: usize,
    /// The lists of HTML that are open.
    lists: Vec<Marks>,
    /// Where the targets of links of the section of the heading are.
    links: Option<usize>,
    /// What is said of the place of the next text: the column, and the list that it is an item of.
    place: String,
}

impl Cutter<'_> {
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
        (self.links, self.lists) = (None, Vec::new());
        self.place.clear();
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
            Block::Row if self.depth == 1 => (self.begins_row, self.cells, self.last_cell) = (true, 0, 1),
            Block::Cell if self.depth == 1 => {
                self.cells += 1;
                if self.cells > 1 && std::mem::take(&mut self.begins_row) {
                    self.current.clone_from(&self.base);
                }
            }
            Block::Row | Block::Cell => {}
            Block::OpenList(marks) => self.lists.push(marks),
            Block::CloseList => _ = self.lists.pop(),
            Block::Item => self.item(self.lists.len(), self.lists.last().copied().unwrap_or(Marks::Bullets)),
            Block::ItemAt(depth, marks) => self.item(depth, marks),
            Block::Link(page) => self.link(page),
            Block::Paragraph(text) => {
                if std::mem::take(&mut self.begins_row) {
                    // Links have names and no facts.
                    let has_section = is_name(&text) && self.base != "see-also";
                    self.current = if has_section { self.section_of_row(&text) } else { self.base.clone() };
                }
                let place = self.column() + &std::mem::take(&mut self.place);
                let current = std::mem::take(&mut self.current);
                self.take(&current, place + &text);
                self.current = current;
            }
        }
    }

    fn link(&mut self, page: String) {
        let at = match self.links {
            Some(at) => at,
            None => *self.places.entry(format!("{LINKS}{}", self.base)).or_insert(self.found.len()),
        };
        self.links = Some(at);
        match self.found.get_mut(at) {
            Some(section) => section.texts.push(page),
            None => self.found.push(Section { name: format!("{LINKS}{}", self.base), texts: vec![page] }),
        }
    }

    /// The place of an item says that it is a step, or that it is inside another one. A point beside others is a text like any other.
    fn item(&mut self, depth: usize, marks: Marks) {
        self.place = "• ".repeat(depth.saturating_sub(1).min(DEEPEST)) + if marks == Marks::Numbers { "№ " } else { "" };
    }

    /// Bars for the columns between this text and the one before it in its row: empty cells say where the next one stands.
    fn column(&mut self) -> String {
        let passed = if self.depth == 1 { self.cells.saturating_sub(self.last_cell) } else { 0 };
        self.last_cell += passed;
        "| ".repeat(passed)
    }

    /// A constant has one section, whether a heading or a row is about it.
    fn section_of_row(&self, name: &str) -> String {
        let of = if self.is_reference { &self.chapter } else { &self.base };
        if of.is_empty() { name.to_owned() } else { format!("{of}: {name}") }
    }

    fn heading(&mut self, title: &str) {
        let name = title.trim_start_matches('-');
        // Brackets are no part of the name.
        let (name, brackets) = name.find('[').map_or((name, ""), |at| name.split_at(at));
        let name = name.trim();
        // Some revisions list the constants of a parameter like parameters.
        let listed = name
            .strip_prefix("param ")
            .filter(|name| is_name(name) && name.contains('_') && !name.contains(|c: char| c.is_ascii_lowercase()));
        let name = listed.unwrap_or(name);
        let is_entry = ["-param ", "-field ", "- "].iter().any(|mark| title.starts_with(mark));
        let is_first = !std::mem::replace(&mut self.has_heading, true);
        let mut texts = Vec::new();
        let section = if self.is_reference && title.starts_with('-') && !is_entry {
            name.clone_into(&mut self.chapter);
            name.to_owned()
        } else if self.is_reference && self.chapter.is_empty() || !self.is_reference && is_first {
            texts.extend((!says_nothing_but_uid(title, self.uid)).then(|| title.to_owned()));
            INTRODUCTION.to_owned()
        } else {
            // What brackets say of a parameter is a fact.
            let is_fact = is_entry && self.chapter.starts_with("param") && vendor::states_direction(brackets);
            texts.extend((!brackets.is_empty() && !is_fact).then(|| brackets.to_owned()));
            if self.is_reference { format!("{}: {name}", self.chapter) } else { name.to_owned() }
        };
        self.begin(section.clone());
        texts.into_iter().for_each(|text| self.take(&section, text));
    }
}

/// Whether a title is the name in the identifier of a reference page, and what kind of page that is: facts, both of them.
fn says_nothing_but_uid(title: &str, uid: &str) -> bool {
    let Some((kind, path)) = uid.split_once(':') else { return false };
    let kinds: &[&str] = match kind {
        "NC" => &["callback", "callback function", "callback routine"],
        "NF" => &["function", "routine"],
        "NS" => &["structure", "struct"],
        "NE" => &["enumeration", "enum"],
        _ => &[],
    };
    let name = path.split_once('.').map_or(path, |(_, name)| name);
    let title = title.to_lowercase();
    let rest = [uid, name].iter().find_map(|known| title.trim().strip_prefix(&known.to_lowercase()));
    rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix(' ').is_some_and(|rest| kinds.contains(&rest.trim())))
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The first half of SHA-256 of the words: enough to tell two texts of one section apart.
pub(super) fn digest(texts: &[String]) -> String {
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

#[cfg(test)]
mod tests;
