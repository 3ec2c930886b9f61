//! Entries that are no headings: rows, terms, items and lines that declare a parameter, field or enumerator.
//!
//! In: a page, cut, and the names that its declaration has. Out: the same page with an entry for each of them, in its place, so that they
//! are read as headings are, and so that what they say is not taken for a description of the heading above. Which of them are facts is for
//! the readers of parameters, fields and enumerators to say.

use std::borrow::Cow;

use super::declared;
use super::entries::below;
use super::heading;
use super::page::{Entry, Mark, Page, Section};
use super::scan::{self, Found};
use super::title;
use crate::source::Span;
use crate::vendor::account::{Below, Form, Says};
use crate::vendor::hash::HashSet;
use crate::vendor::markup::is_constant;

impl<'t> Page<'t> {
    /// Finds the entries that are no headings. `names` are those that the declaration of the page has.
    pub(super) fn find_loose(&mut self, names: &HashSet<&str>) {
        self.judge_headings(names);
        let mut wanted = names.clone();
        if !wanted.is_empty() {
            for entry in self.entries.iter().filter(|e| e.section.is_list()) {
                wanted.remove(title::read(&entry.title).name);
            }
        }
        let has_marked = self.entries.iter().any(|e| e.mark.is_entry() && e.section == Section::Enumerators);
        let mut found: Vec<(usize, Vec<Entry<'t>>)> = Vec::new();
        for (at, entry) in self.entries.iter().enumerate() {
            let Some(below) = below(entry).filter(|b| *b != Below::Returns) else { continue };
            let text = self.text.get(entry.text.clone()).unwrap_or_default();
            if !may_have_any(text, entry.mark, below, &wanted) {
                continue;
            }
            let all = scan::all(text, below, entry.mark);
            // Constants before a list with marks may be of something else.
            let is_first = entry.mark == Mark::Section && !has_marked;
            let declares: Vec<bool> = all.iter().map(|f| declares(f, below, is_first, &wanted)).collect();
            if declares.contains(&true) {
                found.push((at, self.loose(entry, text, &all, &declares)));
            }
        }
        if found.is_empty() {
            return;
        }
        let mut found = found.into_iter().peekable();
        let mut all = Vec::with_capacity(self.entries.len());
        for (at, mut entry) in std::mem::take(&mut self.entries).into_iter().enumerate() {
            let loose = found.next_if(|(of, _)| *of == at).map(|(_, loose)| loose).unwrap_or_default();
            if let Some(first) = loose.first() {
                entry.body.end = first.line.start;
            }
            all.push(entry);
            all.extend(loose);
        }
        self.entries = all;
    }

    /// Says of the headings without a mark what their titles declare, and whether they stand beside those that have marks.
    fn judge_headings(&mut self, names: &HashSet<&str>) {
        // The section that is open, and the mark and level of its last entry that has a mark.
        let mut section = None;
        let mut marked: Option<(Mark, usize)> = None;
        for entry in &mut self.entries {
            if entry.mark == Mark::Section || section != Some(entry.section) {
                (section, marked) = (Some(entry.section), None);
            }
            if entry.mark.is_entry() {
                marked = Some((entry.mark, entry.level));
            }
            let Some(below) = below(entry).filter(|b| entry.mark == Mark::Plain && *b != Below::Returns) else { continue };
            // In lists of dashes, values have the level of what takes them.
            entry.is_sibling = marked.is_none_or(|(mark, level)| mark != Mark::Dash && level == entry.level);
            let Some(declared) = declared::read(&entry.title, below) else { continue };
            // `Member functions` names nothing: one word is a name if the declaration has it, or if it has several words in itself.
            let is_name = names.contains(declared.name.as_str()) || is_compound(&declared.name);
            entry.says = match declared.says {
                Says::Type if names.contains(declared.name.as_str()) => Says::Word,
                Says::Word if !is_name => Says::Type,
                says => says,
            };
            if entry.says == Says::Word || entry.says == Says::Direction && !entry.title.starts_with(&declared.name) {
                entry.title = Cow::Owned(declared.title);
            }
        }
    }

    /// Those of a text that declare something, each with what describes it.
    fn loose(&self, entry: &Entry<'t>, text: &'t str, all: &[Found<'t>], declares: &[bool]) -> Vec<Entry<'t>> {
        let start = entry.text.start;
        let mut loose = Vec::new();
        for (i, (found, _)) in all.iter().zip(declares).enumerate().filter(|(_, (_, declares))| **declares) {
            let next = all.get(i + 1).map_or(text.len(), |n| n.range.start.max(found.word.end));
            let body = description(text, found, next);
            let mut title = found.declared.as_ref().map_or_else(|| found.name.to_string(), |d| d.title.clone());
            if found.says == Says::Head
                && entry.section == Section::Enumerators
                && let Some(number) = number(text.get(body.clone()).unwrap_or_default())
            {
                title = format!("{title} = {number}");
            }
            loose.push(Entry {
                mark: Mark::Loose,
                level: 0,
                section: entry.section,
                title: Cow::Owned(title),
                title_span: Span::new(self.file, start + found.word.start..start + found.word.end),
                line: start + found.range.start..start + found.range.end,
                says: found.says,
                is_sibling: entry.mark == Mark::Section,
                body: start + body.start..start + body.end,
                text: start + text.len()..start + text.len(),
            });
        }
        loose
    }
}

/// The number that a cell is, and nothing else.
fn number(cells: &str) -> Option<&str> {
    let text = cells.trim_start();
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(text.len());
    let (number, rest) = text.split_at_checked(end)?;
    let ends = rest.trim_start().is_empty() || rest.trim_start().starts_with(['|', '<']);
    (ends && number.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit())).then_some(number)
}

/// Whether it is worth to look for them: most texts have none, and looking takes long.
fn may_have_any(text: &str, mark: Mark, below: Below, wanted: &HashSet<&str>) -> bool {
    let has_byte = |byte: u8| memchr::memchr(byte, text.as_bytes()).is_some();
    let has = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    // Whether one of the marks stands there, each of which begins with that byte.
    let has_mark = |byte: u8, marks: &[&str]| {
        let begins = |at: usize| text.get(at..).is_some_and(|rest| marks.iter().any(|mark| rest.starts_with(mark)));
        memchr::memchr_iter(byte, text.as_bytes()).any(begins)
    };
    // Texts have links in brackets, too.
    let has_direction = || {
        let after = ["[in", "[out", "[I", "[O", "[ ", "[_", "[*", "[`", "[opt", "[res"];
        has_mark(b'[', &after) || has_mark(b'\\', &["\\["])
    };
    let has_item = || has_mark(b'<', &["<dt", "<li"]) || has_mark(b'-', &["- "]) || has_mark(b'*', &["* "]);
    let has_word = || has_item() && has(&["arameter ", "rgument ", "ember ", "ield "]);
    mark == Mark::Section && !text.trim().is_empty()
        || !wanted.is_empty()
        || below == Below::Enumerator
        || has_byte(b'|')
        || has_mark(b'<', &["<th", "<h"])
        || has_mark(b'-', &["-param", "-field"])
        || has_direction()
        || has_word()
}

/// Whether what was found declares a parameter, field or enumerator, by what it says or by what the declaration has.
fn declares(found: &Found<'_>, below: Below, is_first: bool, wanted: &HashSet<&str>) -> bool {
    let is_whole = found.declared.as_ref().is_some_and(|d| !d.is_sentence);
    match found.says {
        Says::Direction | Says::Mark | Says::Head | Says::Value => true,
        Says::Word if is_compound(name(found)) => true,
        Says::Place if is_first && below == Below::Enumerator && is_constant(name(found)) => true,
        Says::Word | Says::Type | Says::Place | Says::Listed | Says::Emphasis | Says::Nothing => {
            is_whole && wanted.contains(name(found))
        }
    }
}

/// Whether a name has several words, told by capitals or underscores, as no title has.
fn is_compound(name: &str) -> bool {
    let has_capital = name.chars().zip(name.chars().skip(1)).any(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase());
    has_capital || name.trim_matches('_').contains('_')
}

/// What it names.
fn name<'f>(found: &'f Found<'_>) -> &'f str {
    found.declared.as_ref().map_or(&found.name, |d| &d.name)
}

/// How many bytes stand behind a name that still belong to the title: formatting, brackets, and the mark before the description.
fn behind_title(text: &str) -> usize {
    let mut rest = text;
    let mut had_brackets = false;
    loop {
        rest = rest.trim_start_matches([' ', '*', '`', '\\']);
        let skipped = if rest.starts_with("</") {
            rest.find('>')
        } else if rest.starts_with('[') && !std::mem::replace(&mut had_brackets, true) {
            rest.find(']')
        } else {
            None
        };
        match skipped.and_then(|at| rest.get(at + 1..)) {
            Some(behind) => rest = behind,
            None => break,
        }
    }
    text.len() - rest.trim_start_matches([' ', ':', '-', '–', '—']).len()
}

/// Where in the text the description of an entry stands, which ends where the next entry begins.
fn description(text: &str, found: &Found<'_>, next: usize) -> std::ops::Range<usize> {
    let from = found.word.end;
    let rest = text.get(from..next).unwrap_or_default();
    let end_at = |marks: &[&str]| marks.iter().filter_map(|m| rest.find(m)).min().map_or(next, |at| from + at);
    let behind = |mark: &str, end: usize| {
        let inside = text.get(from..end).unwrap_or_default();
        let tag = inside.find(mark)?;
        Some(from + tag + inside.get(tag..)?.find('>')? + 1)
    };
    let is_pipe = text.get(found.range.clone()).is_some_and(|line| line.contains('|') && !line.contains("<td"));
    let (start, end) = match found.form {
        Form::Row if is_pipe => {
            let end = end_at(&["\n"]);
            let cell = text.get(from..end).and_then(|row| row.find('|')).map_or(from, |bar| from + bar + 1);
            (cell, end)
        }
        Form::Row => {
            let end = end_at(&["</tr>", "</table>"]);
            (behind("<td", end).unwrap_or(from), end)
        }
        Form::Term => {
            let end = end_at(&["</dl>", "</td>"]);
            (behind("<dd", end).unwrap_or(from), end)
        }
        Form::Item => {
            let end = end_at(&["</ul>", "</ol>"]);
            (from + behind_title(text.get(from..end).unwrap_or_default()), end)
        }
        Form::Line | Form::Heading | Form::Marked => {
            let below = rest.find('\n').map_or(next, |at| from + at + 1);
            let lines = text.get(below..next).unwrap_or_default();
            let underline = heading::underline(lines).and_then(|_| lines.split_inclusive('\n').next());
            (below + underline.map_or(0, str::len), next)
        }
    };
    start.min(end)..end
}
