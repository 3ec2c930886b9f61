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
        let is_first = !std::mem::replace(&mut self.has_heading, true);
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
mod tests {
    use super::*;
    use crate::sync::{SectionState, lock};

    const PAGE: &str = "---\nUID: NC:x.Y\nms.date: today\nreq.irql: <= DISPATCH_LEVEL\nreq.lib: A.lib\n---\n# Y\n\n## -parameters\n\n\
                        ### -param A [in]\nSome <b>text</b>.\n```\n# no heading <here>\n```\n## -returns\n\n| Code | Meaning |\n|---|---|\n\
                        | **STATUS_A** | It *was* so. |\n| STATUS_B | |\n\nThe end.\n\n## -see-also\n\n<dl><dt>Z_Z</dt></dl>\n";

    #[test]
    fn sections_by_headings_and_rows() {
        let found = sections(PAGE);
        let names: Vec<&str> = found.iter().map(|section| section.name.as_str()).collect();
        let rows = ["returns: Code", "returns: STATUS_A", "returns: STATUS_B", "returns"];
        assert_eq!(names, [&["requirements", "parameters: param A"], &rows[..], &["see-also"]].concat());
        let text = |at: usize| found.get(at).map(|section| section.texts.join("|")).unwrap_or_default();
        assert_eq!((text(0).as_str(), text(5).as_str()), ("UID: NC:x.Y|req.lib: A.lib", "The end."));
        assert_eq!((text(1).as_str(), text(3).as_str()), ("Some text.|# no heading <here>", "STATUS_A|It was so."));
    }

    #[test]
    fn what_is_markup_is_no_change() {
        for (old, new) in [
            ("Some <b>text</b>.", "Some\n __text__."),
            ("today", "tomorrow"),
            ("[in]", "[out]"),
            ("<= DISPATCH_LEVEL", "IRQL &lt;=DISPATCH_LEVEL"),
            ("\n### -param", "\n##### -param"),
            ("| **STATUS_A** | It *was* so. |\n", "| `STATUS_A` | It <i>was</i> [so](there \"t\"). |\n"),
            ("The end.", "> The&nbsp;`end`."),
            ("The end.", "- <!-- not\n\nthis --><font color=\"red\">The end</font>."),
        ] {
            assert!(PAGE.contains(old), "{old}");
            assert_eq!(digests(PAGE), digests(&PAGE.replace(old, new)), "{old:?} to {new:?}");
        }
        assert_eq!(digests(PAGE), digests(&PAGE.replace('\n', "\r\n")));
    }

    #[test]
    fn what_is_said_is_a_change() {
        for (old, new, section) in [
            ("text", "a text", "parameters: param A"),
            ("<here>", "<there>", "parameters: param A"),
            ("text", "*text", "parameters: param A"),
            ("Some", "<Some>", "parameters: param A"),
            ("Some", "Since\n8. Some", "parameters: param A"),
            ("A.lib", "B.lib", "requirements"),
            ("<= DISPATCH_LEVEL", "see Remarks", "requirements"),
            ("was", "is", "returns: STATUS_A"),
            ("The end", "The\\*end", "returns"),
            ("Z_Z", "Z_Y", "see-also"),
        ] {
            let changed = lock::changes(&digests(PAGE), &digests(&PAGE.replace(old, new)));
            let found: Vec<&str> = changed.iter().map(|c| c.section.as_str()).collect();
            assert_eq!(found, [section], "{old:?} to {new:?}");
        }
        let moved = PAGE.replace("STATUS_B", "STATUS_C");
        let states: Vec<SectionState> = lock::changes(&digests(PAGE), &digests(&moved)).iter().map(|c| c.state).collect();
        assert_eq!(states, [SectionState::New, SectionState::Gone]);
    }

    #[test]
    fn a_page_of_nothing_but_marks_is_cut_in_no_time() {
        let start = std::time::Instant::now();
        for mark in ["[](", "`", "``` ", "**_", "<b ", "<!--", "&", "|", "[!", "> ", "[a]: b\n", "<pre>\n", "<table>"] {
            digests(&format!("# T\n{}", mark.repeat((1 << 19) / mark.len())));
        }
        assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    }
}
