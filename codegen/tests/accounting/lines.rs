//! In: the text of a page of the vendor's DDI reference. Out: its structural entries, each with its lines.
//!
//! A reader of the tests' own, line by line, from the form of the pages. It shares nothing with `wsk_codegen::vendor`, so that it
//! does not make the same mistakes. It gives no facts, only places at which the page states something.
//!
//! What it takes for prose, and nothing else:
//! 1. What stands in a fence of code, in `<pre>`, or in a comment. A line that begins with ```` ```x``` ```` opens no fence.
//! 2. Below parameters and fields, a heading without a dash whose text is not one identifier (a sentence, nothing, `-or-`), or is
//!    one of `Table`, `Example`, `Examples`, `Remarks`, `Note`.
//! 3. The heading row of a table, and a row whose first cell is empty.
//! 4. Below parameters and fields, a row or `<dt>` whose text names no constant (see [`super::words::constants`]).
//! 5. A `<dt>` that is a number alone: it is the value of the name before it.
//! 6. In Returns, everything but rows, `<dt>`, and names of codes outside the cells that describe a code.
//! 7. A front-matter key other than UID, req.header, req.irql, req.target-min-winverclnt, or one without a value.
//! 8. Below enumerators, tables and lists of what is no constant: an enumerator takes no values.
//! 9. req.irql of a structure or enumeration: a type is not called.
//! 10. Below parameters, a row whose second cell is one name in capitals and nothing else: it says to which type the parameter points when
//!     another parameter has that value.

use std::collections::BTreeSet;

use crate::declared::{declared, has_direction};
use crate::html::{Item, items};
use crate::words::{codes, constants, is_number, plain};

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The whole page, of a kind that has no API, structure or enumeration.
    Page,
    /// The name of what the page describes.
    Name,
    /// A key of the front matter.
    FrontMatter,
    /// A heading of a parameter.
    Param,
    /// A heading of a field.
    Field,
    /// A heading of an enumerator.
    Enumerator,
    /// A heading below a parameter or field.
    ValueHeading,
    /// A row or `<dt>` below a parameter or field.
    ValueRow,
    /// What declares a parameter, field or enumerator without a heading of the dialect.
    Declared,
    /// A row or `<dt>` of the Returns section.
    ReturnRow,
    /// A code that the Returns section names.
    Code,
}

/// A place at which the page states something.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// Its lines; the first line of the file is 1.
    pub lines: BTreeSet<usize>,
    /// Its text, without markup.
    pub text: String,
}

/// A page, as this reader sees it.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Its entries.
    pub entries: Vec<Entry>,
    /// The prose of its Returns section.
    pub returns: String,
}

/// What a part of a page lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "named after the sections")]
pub enum Section {
    Parameters,
    Fields,
    Enumerators,
    Returns,
    Other,
}

/// Lines of the page with their numbers.
type Lines<'t> = Vec<(usize, &'t str)>;

/// Reads a page.
pub fn read(text: &str) -> Page {
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    let end = front_matter_end(&lines);
    let mut page = Page::default();
    let kind = front_matter(lines.get(..end).unwrap_or_default(), &mut page);
    if !matches!(kind.as_deref(), Some("NF" | "NC" | "NS" | "NE")) {
        page.entries.clear();
        page.push(Kind::Page, 1..=lines.len(), "page");
        return page;
    }
    let mut section = Section::Other;
    let mut block: Lines<'_> = Vec::new();
    let mut own = false;
    for (number, line) in outside_code(&lines, end) {
        let Some((level, title)) = heading(line) else {
            block.push((number, line));
            continue;
        };
        if section == Section::Returns && level > 2 && !is_section(title) {
            block.push((number, title));
            continue;
        }
        page.close(section, &mut block, own);
        section = page.heading(section, level, title, number);
        own = title.starts_with('-') && !is_section(title);
    }
    page.close(section, &mut block, own);
    page
}

impl Page {
    fn push(&mut self, kind: Kind, lines: impl IntoIterator<Item = usize>, text: &str) {
        self.entries.push(Entry { kind, lines: lines.into_iter().collect(), text: text.to_string() });
    }

    fn name_stands_at(&mut self, line: usize) {
        for name in self.entries.iter_mut().filter(|e| e.kind == Kind::Name) {
            name.lines.insert(line);
        }
    }

    /// Takes a heading: an entry, or prose, or the beginning of a section.
    fn heading(&mut self, section: Section, level: usize, title: &str, number: usize) -> Section {
        if level == 1 {
            self.name_stands_at(number);
            return Section::Other;
        }
        let dashed = title.strip_prefix('-').map(str::trim);
        let word = dashed.and_then(|d| d.split_whitespace().next()).unwrap_or_default();
        match word {
            "param" => {
                // A heading that is split over two lines has its name in the second.
                let last = if title == "-param" { number + 1 } else { number };
                self.push(Kind::Param, number..=last, title);
                return Section::Parameters;
            }
            "field" => {
                let kind = if section == Section::Enumerators { Kind::Enumerator } else { Kind::Field };
                self.push(kind, [number], title);
                return if section == Section::Enumerators { section } else { Section::Fields };
            }
            "parameters" => return Section::Parameters,
            "struct-fields" | "union-fields" => return Section::Fields,
            "enum-fields" => return Section::Enumerators,
            "returns" => return Section::Returns,
            _ if is_section(title) || level == 2 => return Section::Other,
            _ => {}
        }
        let kind = match section {
            Section::Parameters => Kind::Param,
            Section::Fields => Kind::Field,
            Section::Enumerators => Kind::Enumerator,
            Section::Returns | Section::Other => return section,
        };
        if dashed.is_some() {
            self.push(kind, [number], title);
        } else if is_identifier(&plain(title)) || title.contains('[') && has_direction(&plain(title)) || is_declaration(title) {
            self.push(Kind::ValueHeading, [number], title);
        }
        section
    }

    /// Takes the lines of a block, which ends here.
    fn close(&mut self, section: Section, block: &mut Lines<'_>, own: bool) {
        let block = std::mem::take(block);
        let first = self.entries.len();
        match section {
            Section::Returns => self.returns(&block),
            Section::Parameters | Section::Fields => {
                for item in items(&block) {
                    let points = section == Section::Parameters && is_type(&item.second);
                    if !item.heading && !points && !constants(&item.text).is_empty() {
                        self.push(Kind::ValueRow, item.lines, &item.text);
                    }
                }
            }
            Section::Enumerators | Section::Other => {}
        }
        if matches!(section, Section::Parameters | Section::Fields | Section::Enumerators) {
            for (lines, text) in declared(&block, section, own) {
                // A constant in one of these forms is a value, which is demanded above.
                let known = self.entries.iter().skip(first).any(|e| e.lines == lines);
                if !known {
                    self.push(Kind::Declared, lines, &text);
                }
            }
        }
    }

    fn returns(&mut self, block: &Lines<'_>) {
        let items = items(block);
        let rows = || items.iter().filter(|i: &&Item| !i.heading && !i.text.is_empty());
        for row in rows().filter(|r| !is_number(&r.text)) {
            self.push(Kind::ReturnRow, row.lines.clone(), &row.text);
        }
        let prose = crate::html::prose(block);
        let mut named: Vec<(String, BTreeSet<usize>)> = Vec::new();
        let told = prose.iter().map(|(number, line)| (BTreeSet::from([*number]), line));
        for (lines, text) in told.chain(rows().map(|r| (r.lines.clone(), &r.text))) {
            for code in codes(text) {
                match named.iter_mut().find(|(name, _)| *name == code) {
                    Some((_, known)) => known.extend(lines.iter().copied()),
                    None => named.push((code, lines.clone())),
                }
            }
        }
        for (code, lines) in named {
            self.push(Kind::Code, lines, &code);
        }
        for (_, line) in prose {
            self.returns.push_str(&line);
            self.returns.push(' ');
        }
        // A row for other codes opens the set as well.
        if rows().any(|r| is_other(&r.text)) {
            self.returns.push_str("another status");
        }
    }
}

/// The name in the heading of a parameter, field or enumerator, dotted as the page has it.
pub fn heading_name(entry: &Entry) -> Option<String> {
    matches!(entry.kind, Kind::Param | Kind::Field | Kind::Enumerator).then_some(())?;
    let words = entry.text.strip_prefix('-')?.trim();
    let words = words.strip_prefix("param").or_else(|| words.strip_prefix("field")).unwrap_or(words).trim();
    Some(plain(words.split_whitespace().next()?))
}

/// Whether the first cell of a row stands for codes that are not named.
pub fn is_other(text: &str) -> bool {
    let text = text.to_lowercase();
    ["other", "any other", "all other", "an error code", "none of the above"].iter().any(|w| text.starts_with(w))
}

/// The line after the front matter, from 0.
fn front_matter_end(lines: &[&str]) -> usize {
    if lines.first().is_none_or(|l| l.trim_end() != "---") {
        return 0;
    }
    lines.iter().skip(1).position(|l| l.trim_end() == "---").map_or(0, |at| at + 2)
}

/// Takes the keys of the front matter; gives the kind of the page, which is the beginning of its UID.
fn front_matter(lines: &[&str], page: &mut Page) -> Option<String> {
    let mut kind = None;
    let mut list = "";
    for (at, line) in lines.iter().enumerate() {
        if line.trim_start().starts_with('-') && matches!(list, "api_name" | "apiname") {
            page.name_stands_at(at + 1);
        }
        let Some((key, value)) = line.split_once(':') else { continue };
        list = key;
        let value = value.trim().trim_matches(['"', '\'']).trim();
        match key {
            _ if value.is_empty() => {}
            "UID" => {
                kind = value.split_once(':').map(|(kind, _)| kind.to_string());
                page.push(Kind::Name, [at + 1], value);
            }
            // The name of a page stands at several places; a fact at one of them is enough.
            "title" | "req.typenames" => page.name_stands_at(at + 1),
            "req.irql" if matches!(kind.as_deref(), Some("NS" | "NE")) => {}
            "req.header" | "req.irql" | "req.target-min-winverclnt" => page.push(Kind::FrontMatter, [at + 1], line),
            _ => {}
        }
    }
    kind
}

/// The lines from `start` on that are no code, with their numbers.
fn outside_code<'t>(lines: &[&'t str], start: usize) -> Lines<'t> {
    let mut kept = Vec::new();
    let mut at = start;
    while let Some(line) = lines.get(at) {
        let end = fence(line)
            .and_then(|mark| closing(lines, at, |l| fence_end(l, mark)))
            .or_else(|| opens(line, "<pre", "</pre>").then(|| closing(lines, at, |l| l.contains("</pre>"))).flatten())
            .or_else(|| opens(line, "<!--", "-->").then(|| closing(lines, at, |l| l.contains("-->"))).flatten());
        match end {
            Some(end) => at = end + 1,
            None if is_pre(line) => at += 1,
            None => {
                kept.push((at + 1, *line));
                at += 1;
            }
        }
    }
    kept
}

/// Whether a line is code and nothing else: `<pre>x</pre>`.
fn is_pre(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("<pre>") && line.ends_with("</pre>") && line.matches("<pre").count() == 1
}

fn opens(line: &str, open: &str, close: &str) -> bool {
    line.trim_start().starts_with(open) && !line.contains(close)
}

/// The line that ends what begins in line `at`; a fence that is never closed is none.
fn closing(lines: &[&str], at: usize, ends: impl Fn(&str) -> bool) -> Option<usize> {
    lines.iter().enumerate().skip(at + 1).find(|(_, l)| ends(l)).map(|(end, _)| end)
}

/// The mark of a fence that this line opens: its character and how often it stands.
fn fence(line: &str) -> Option<(char, usize)> {
    let line = line.trim_start();
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.chars().take_while(|c| *c == mark).count();
    let info = line.get(length..)?;
    (length >= 3 && !(mark == '`' && info.contains('`'))).then_some((mark, length))
}

fn fence_end(line: &str, (mark, length): (char, usize)) -> bool {
    let line = line.trim();
    line.len() >= length && line.chars().all(|c| c == mark)
}

/// A heading: its level, and its text without the marks. Any white space may stand before the text, and up to three before `#`.
fn heading(line: &str) -> Option<(usize, &str)> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let line = line.trim_start_matches(' ');
    let level = line.chars().take_while(|c| *c == '#').count();
    let title = line.get(level..)?;
    let spaced = title.is_empty() || title.starts_with(char::is_whitespace);
    (level > 0 && indent < 4 && spaced).then(|| (level, title.trim()))
}

/// Whether a heading begins a section of the dialect, at whatever level.
fn is_section(title: &str) -> bool {
    let names = ["-description", "-parameters", "-returns", "-remarks", "-see-also", "-syntax", "-prototype", "-struct-fields"];
    names.contains(&title) || ["-union-fields", "-enum-fields", "-members", "-inheritance", "-requirements"].contains(&title)
}

/// Whether a cell is the name of a type and nothing else.
fn is_type(cell: &str) -> bool {
    let letters = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    cell.contains('_') && cell.chars().all(letters)
}

/// Whether a heading is one identifier, perhaps dotted or with an index: a value, or a field within the field.
fn is_identifier(title: &str) -> bool {
    let prose = ["Table", "Example", "Examples", "Remarks", "Note"];
    let letters = |c: char| c.is_ascii_alphanumeric() || "_.[]*".contains(c);
    title.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && title.chars().all(letters) && !prose.contains(&title)
}

/// Whether a text is one identifier.
pub fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether a title is a name behind a word that says what it names, or behind a type: `Parameter Name`, `ULONG Name`;
/// or one before a number.
fn is_declaration(title: &str) -> bool {
    if title.split_once(" = ").is_some_and(|(name, _)| is_word(name)) {
        return true;
    }
    let mut words = title.split(' ');
    let before = ["Parameter", "Member", "Field", "ULONG", "BOOLEAN", "USHORT"].contains(&words.next().unwrap_or_default());
    before && words.next().is_some_and(is_word) && words.all(|w| w.starts_with('[') || w.ends_with(']'))
}
