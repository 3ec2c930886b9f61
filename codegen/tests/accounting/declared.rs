//! In: lines of a block below parameters, fields or enumerators. Out: what in it declares one of them without a heading of the dialect.
//!
//! By form alone: a name before a direction in brackets; a mark (`-param`) or a heading that Markdown does not take for one; a row of a
//! table whose head says what the section lists; a `<dt>` outside tables that is one word; an item that begins with a word in emphasis and
//! an end or a dash behind it. Of enumerators, constants in any of these forms.

use std::collections::BTreeSet;

use crate::html::items;
use crate::lines::{Section, is_word};
use crate::words::{constants, plain};

/// What declares something: its lines, and its text.
pub type Declared = (BTreeSet<usize>, String);

/// All of a block. `own` is whether it describes an entry, of which its first line then speaks.
pub fn declared(block: &[(usize, &str)], section: Section, own: bool) -> Vec<Declared> {
    let mut found: Vec<Declared> = Vec::new();
    let mut taken = BTreeSet::new();
    let mut head = (String::new(), String::new());
    for item in items(block) {
        if item.heading {
            head = (item.text, item.second);
            continue;
        }
        let listed = if item.in_table { lists(section, &head) } else { true };
        let constant = section == Section::Enumerators && !constants(&item.text).is_empty();
        taken.extend(item.lines.iter().copied());
        let brackets = block.iter().any(|(number, line)| item.lines.contains(number) && line.contains('['));
        if brackets && has_direction(&item.text) || listed && is_word(&item.text) || constant {
            found.push((item.lines, item.text));
        }
    }
    let mut first = own;
    for (at, (number, line)) in block.iter().enumerate() {
        let text = line.trim();
        let next = block.get(at + 1).map_or("", |(_, next)| next.trim());
        if !text.is_empty() && !std::mem::take(&mut first) && !taken.contains(number) && declares(text, next, section) {
            found.push((BTreeSet::from([*number]), plain(text)));
        }
    }
    found
}

/// Whether a line that is in no table declares something.
fn declares(line: &str, next: &str, section: Section) -> bool {
    let bullet = ["- ", "* ", "+ ", "1. ", "2. "].iter().find_map(|b| line.strip_prefix(*b)).or_else(|| {
        let (_, item) = line.split_once("<li>")?;
        (!item.trim().is_empty()).then_some(item)
    });
    if let Some(item) = bullet {
        let text = plain(item);
        let (word, rest) = split_word(&text);
        let ends = rest.is_empty() || ["(", ":", "- ", "– "].iter().any(|end| rest.starts_with(end));
        let emphasised = ["*", "`", "<b>"].iter().any(|mark| item.trim_start().starts_with(mark));
        let constant = section == Section::Enumerators && !constants(word).is_empty();
        let numbered = section == Section::Enumerators && rest.starts_with("= ");
        let named = !word.is_empty() && (ends && (emphasised || constant) || numbered);
        return has_bracket(item) || named;
    }
    let quoted = line.trim_start_matches(['>', ' ']);
    let inner = quoted.trim_start_matches(['#', ' ']);
    let text = plain(inner);
    let underlined = next.len() > 1 && (next.bytes().all(|b| b == b'-') || next.bytes().all(|b| b == b'='));
    let marked = ["-param ", "-field "].iter().any(|mark| text.starts_with(mark));
    let heading = quoted.starts_with("##") || line.starts_with("<h") || underlined;
    !inner.starts_with("<t") && !inner.starts_with("<d") && (has_bracket(inner) || marked || heading && is_word(&text))
}

/// The first word of a text, and what follows it.
fn split_word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    (word, rest.trim_start())
}

/// Whether a text is a name with a direction behind it. [`plain`] takes brackets away, so that words are all there is.
pub fn has_direction(text: &str) -> bool {
    let (name, rest) = split_word(text);
    let rest = rest.trim_start_matches(':').trim_start();
    let (first, behind) = split_word(rest);
    let known = ["in", "out", "inout", "_In_", "_Out_", "_Inout_"].contains(&first);
    // In a sentence, the words go on: `Data in the buffer`.
    let ends = behind.is_empty() || behind.starts_with([',', ':', '/']) || behind.starts_with("- ");
    !name.is_empty() && known && ends
}

/// Whether a name stands before a bracket with a direction, and whatever follows.
fn has_bracket(line: &str) -> bool {
    let text = plain(&line.replace('[', "\u{1}"));
    let (name, rest) = split_word(&text);
    let inside = rest.trim_start_matches(':').trim_start().strip_prefix('\u{1}');
    !name.is_empty() && inside.is_some_and(|inside| ["in", "out", "inout"].contains(&split_word(inside).0))
}

/// Whether the head of a table says that its rows are what the section lists.
fn lists(section: Section, (first, second): &(String, String)) -> bool {
    let words: &[&str] = match section {
        Section::Parameters => &["parameter", "argument"],
        Section::Fields => &["member", "field"],
        Section::Enumerators => &["constant", "enumerator"],
        Section::Returns | Section::Other => &[],
    };
    let (first, second) = (first.to_lowercase(), second.to_lowercase());
    words.contains(&first.as_str()) && ["description", "meaning", "type"].contains(&second.as_str())
}
