//! The requirements table of a rendered page, in whichever of its shapes it was saved: rows, lines of a key and a value, or a line a
//! cell.
//!
//! In: the blocks behind the syntax block. Out: keys and values, and the blocks before the table. Header, IRQL and versions come from
//! here and from nowhere else: translated prose has moved and lost `<` before.

use crate::source::{Diagnostic, Report, Span, Spanned};
use crate::vendor::blocks::{Block, Form, Kind};
use crate::vendor::{ApiFacts, locale, silent, take_irql, take_library, take_since, without_since};

/// The rows, as folded key and value, and the blocks before them. A row without a key goes on with the one before it.
pub(super) type Table<'p> = (Vec<(String, Spanned<String>)>, &'p [Block]);

/// Finds the table among the blocks behind the syntax block.
pub(super) fn find(form: Form, after: &[Block]) -> Table<'_> {
    match form {
        // Text may have been copied with its tables as such.
        Form::Plain if !after.iter().any(is_requirement) => lines(after),
        Form::Plain | Form::Marked => rows(after),
    }
}

fn rows(after: &[Block]) -> Table<'_> {
    let is_table = |b: &Block| b.kind == Kind::Row;
    let Some(at) = after.iter().rposition(is_requirement) else { return (Vec::new(), after) };
    let (before, from) = after.split_at(at);
    let start = before.iter().rposition(|b| !is_table(b)).map_or(0, |s| s + 1);
    let rows = before.iter().skip(start).chain(from.iter().take_while(|b| is_table(b)));
    let table = rows.filter_map(|b| Some((key(b.text()), b.cells.get(1).or(b.first())?.clone()))).collect();
    (table, after.get(..start).unwrap_or_default())
}

fn lines(after: &[Block]) -> Table<'_> {
    // `Header wsk.h (include Wsk.h)`: the name of the row may be some words long.
    let is_row_of_header = |b: &Block| !is_header(first_word(b.text())) && words(b.text()).take(4).skip(1).any(is_header);
    let is_irql =
        |b: &Block| words(b.text()).next().is_some_and(|w| locale::fold(w) == "irql") && words(b.text()).nth(1).is_some();
    let Some(at) = after.iter().rposition(is_irql).or_else(|| after.iter().rposition(is_row_of_header)) else {
        return pairs(after);
    };
    let start = after.get(..=at).and_then(|a| a.iter().rposition(|b| !b.joined)).unwrap_or(0);
    let end = at + 1 + after.get(at + 1..).map_or(0, |a| a.iter().take_while(|b| b.joined).count());
    let rows = after.get(start..end).unwrap_or_default().iter().filter_map(|b| {
        let line = b.first()?;
        let text = line.value.as_str();
        let value_at = if is_irql(b) {
            let word = words(text).next()?;
            text.find(word)? + word.len()
        } else if is_row_of_header(b) {
            let word = words(text).find(|w| is_header(w))?;
            text.find(word)?
        } else {
            // Where the name of a row ends can only be told of those that are known.
            locale::end_of_lead(text, |w| w.minimum_client).unwrap_or(0)
        };
        let value = text.get(value_at..)?;
        let skipped = value.len() - value.trim_start().len();
        let span = line.span.part(value_at + skipped..text.len());
        let key = text.get(..value_at).filter(|k| !k.is_empty()).map_or_else(|| key(text), locale::fold);
        Some((key, Spanned::new(value.trim().to_owned(), span)))
    });
    (rows.collect(), after.get(..start).unwrap_or_default())
}

/// The rows of a requirements table each cell of which was copied as a line of its own: a label, and below it the value.
fn pairs(after: &[Block]) -> Table<'_> {
    let is_label = |b: &Block| words(b.text()).count() <= 8 && !b.text().ends_with(['.', '。', ':', '：']);
    let is_pair = |pair: &[Block]| match pair {
        [label, value] => is_label(label) && tells(label.text(), value.text()),
        _ => false,
    };
    let Some(at) = after.windows(2).rposition(is_pair) else { return (Vec::new(), after) };
    let label_at = |i: usize| after.get(i).is_some_and(is_label);
    let start = (0..=at).rev().step_by(2).take_while(|i| label_at(*i)).last().unwrap_or(at);
    let pairs = after.get(start..).unwrap_or_default().chunks_exact(2).filter_map(|pair| match pair {
        [label, value] => Some((key(label.text()), value.first()?.clone())),
        _ => None,
    });
    (pairs.collect(), after.get(..start).unwrap_or_default())
}

/// The key of a row by its name; none where what should be a name goes on with a sentence, a level or a version.
fn key(name: &str) -> String {
    let goes_on = name.is_empty()
        || name.starts_with(|c: char| c.is_ascii_lowercase() || matches!(c, '(' | '<' | '>' | '=' | '≤' | '≥' | ',' | ';'))
        || name.starts_with("Windows ")
        || words(name).any(|w| w.trim_end_matches(['.', ',', ')']).ends_with("_LEVEL"));
    let folded = locale::fold(name);
    // Some sites show all names in small letters, of which those that are read are known.
    let is_known = || folded.starts_with("irql") || is_client(&folded) || folded == "dll" || folded.starts_with("header");
    if goes_on && !is_known() { String::new() } else { folded }
}

/// Whether a block is the row of a requirements table that tells such a table from others.
fn is_requirement(block: &Block) -> bool {
    block.kind == Kind::Row && block.cells.get(1).is_some_and(|value| tells(block.text(), value))
}

/// Whether a key and its value are of a requirements table and of no other: the level, or a header.
fn tells(key: &str, value: &str) -> bool {
    locale::fold(key) == "irql" || is_header(first_word(value))
}

/// The words of a text. Some languages have no space before a bracket.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '(' | '（')).filter(|w| !w.is_empty())
}

pub(super) fn first_word(text: &str) -> &str {
    words(text).next().unwrap_or_default()
}

/// Whether a word is the name of a header.
fn is_header(word: &str) -> bool {
    let word = word.trim_end_matches([',', ';']);
    word.strip_suffix(".h")
        .is_some_and(|stem| !stem.is_empty() && stem.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')))
}

/// Which rows a page must have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Level,
    NoLevel,
}

/// Whether the row of that name has the first client version: old pages have one version for all.
fn is_client(key: &str) -> bool {
    locale::begins_with(key, |w| w.minimum_client) || locale::is_one_of(key, |w| w.version)
}

/// The row behind one that goes on with it, or a later one of the same kind that says something else.
fn more<'r>(
    rest: &'r [(String, Spanned<String>)],
    is_same: impl Fn(&str) -> bool,
    value: &Spanned<String>,
) -> Option<&'r Spanned<String>> {
    let goes_on = rest.first().filter(|(key, _)| key.is_empty());
    let other = || rest.iter().find(|(key, other)| is_same(key) && !other.is_empty() && other.value != value.value);
    goes_on.or_else(other).map(|(_, more)| more)
}

/// Takes header, version, image and level from the rows, and says which of them the page must have and has not.
pub(super) fn require(table: &[(String, Spanned<String>)], need: Need, at: Span, facts: &mut ApiFacts, report: &mut Report) {
    let mut has_client = false;
    for (at, (key, value)) in table.iter().enumerate() {
        let is_level = key.trim() == "irql";
        if (is_level && need == Need::Level || is_client(key)) && !value.is_empty() {
            let rest = table.get(at + 1..).unwrap_or_default();
            let is_same = |other: &str| if is_level { other.trim() == "irql" } else { is_client(other) };
            let is_known = if is_level { facts.irql_text.is_some() } else { has_client };
            if let Some(more) = more(rest, is_same, value).filter(|_| !is_known) {
                let what = if is_level { "the level" } else { "the first version of Windows" };
                let message = format!("{what} goes on here, or is stated a second time, and is not read by halves");
                let help = "add the fact to our page by an erratum that says where it comes from";
                report.push(Diagnostic::warning("vendor::requirements", message).at(more.span).help(help));
                if is_level {
                    facts.irql_text = Some(value.clone());
                }
                has_client |= !is_level;
                continue;
            }
        }
        if is_header(first_word(value)) && facts.header.is_none() {
            let header = first_word(value).trim_end_matches([',', ';']);
            facts.header = Some(Spanned::new(header.to_lowercase(), value.span.part(0..header.len())));
        } else if is_level && facts.irql_text.is_none() && need == Need::Level && !value.is_empty() {
            take_irql(value.clone(), facts, report);
        } else if is_client(key) && !has_client && !value.is_empty() {
            has_client = true;
            facts.since = take_since(value, report);
        } else if key == "dll" && !value.is_empty() {
            facts.library = take_library(value.clone(), report);
        }
    }
    let at = table.first().map_or(at, |(_, v)| v.span);
    if facts.header.is_none() {
        silent(report, at, "in which header it is", "add the header to our page by an erratum");
    }
    if !has_client {
        without_since(at, report);
    }
    if need == Need::Level && facts.irql_text.is_none() {
        silent(report, at, "at which IRQL it may run", "add the level to our page by an erratum that says where it comes from");
    }
}
