//! What the text of a row, term, item or line says that it declares: `Name [in]`, `Parameter Name`, `NAME = 2`.
//!
//! In: the beginning of the text, with its markup. Out: a title such as a heading has, and what says that it is one. Separate from what
//! finds such texts, and from the readers of facts.

use super::passed::is_plain_number;
use crate::vendor::account::{Below, Says};
use crate::vendor::markup::{is_constant, is_identifier};
use crate::vendor::params::{Annotation, bracketed};

/// As many bytes of a text are looked at, and ten times as many with tags.
const MAX: usize = 200;

/// What a text declares.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Declared {
    /// The name, with brackets, as a heading has it.
    pub(super) title: String,
    pub(super) name: String,
    pub(super) says: Says,
    /// Whether the name is all of the text.
    pub(super) is_alone: bool,
    /// Whether a sentence goes on behind the name, without a mark between.
    pub(super) is_sentence: bool,
}

/// The words by which a heading of a column, or a title, says what it names.
fn kinds(below: Below) -> &'static [&'static str] {
    match below {
        Below::Parameter => &["parameter", "parameters", "argument", "arguments", "param"],
        Below::Field => &["member", "members", "field", "fields"],
        Below::Enumerator => &["enumerator", "enumerators", "constant", "constants", "member", "members"],
        Below::Returns => &[],
    }
}

/// Whether the head of a table says that its first column names what the section lists, and that another describes it.
pub(super) fn is_list(below: Below, head: &[String]) -> bool {
    let mut cells = head.iter().map(|h| h.trim_matches(['*', '`', ' ']).to_lowercase());
    let Some(first) = cells.next() else { return false };
    let is_named = |cell: &str| {
        let kind = cell.strip_suffix(" name").unwrap_or(cell);
        kinds(below).contains(&kind) || below == Below::Enumerator && matches!(cell, "value" | "values" | "name" | "names")
    };
    let describes = |cell: &str| {
        ["meaning", "description", "definition", "explanation", "purpose", "type", "direction"]
            .iter()
            .any(|w| cell.starts_with(w))
    };
    is_named(&first) && cells.any(|cell| describes(&cell))
}

/// What the head of a table says of its rows.
pub(super) fn of_rows(below: Below, head: &[String]) -> Option<Says> {
    let mut cells = head.iter().map(|h| h.trim_matches(['*', '`', ' ']).to_lowercase());
    let is_of_values = |first: String| matches!(first.as_str(), "value" | "values");
    if is_list(below, head) {
        Some(Says::Head)
    } else if matches!(below, Below::Parameter | Below::Field) && cells.next().is_some_and(is_of_values) {
        Some(Says::Listed)
    } else {
        None
    }
}

/// Whether a cell below `Value` is an enumerator with small letters. Such words as "Zero" say in words what the value is.
pub(super) fn is_enumerator(name: &str) -> bool {
    const WORDS: &[&str] =
        &["Zero", "Nonzero", "None", "Null", "True", "False", "Other", "Others", "Any", "All", "Reserved", "Default"];
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.contains(|c: char| c.is_ascii_lowercase())
        && !WORDS.contains(&name)
}

/// Reads what a text declares; `None` where it does not begin with a name.
pub(super) fn read(raw: &str, below: Below) -> Option<Declared> {
    let is_bold = |raw: &str| raw.get(..3).is_some_and(|tag| tag.eq_ignore_ascii_case("<b>"));
    let raw = beginning(raw, 10 * MAX);
    let is_emphasised = raw.trim_start().starts_with(['*', '`']) || is_bold(raw.trim_start());
    let text = plain(raw);
    let mut rest = text.as_str();
    let mut says = Says::Nothing;
    let mut before = None;
    if let Some((inside, behind)) = rest.strip_prefix('[').and_then(|r| r.split_once(']'))
        && bracketed(inside) != Annotation::default()
    {
        before = Some(inside);
        rest = behind.trim_start();
    }
    for mark in ["-param ", "-field "] {
        if let Some(behind) = rest.strip_prefix(mark) {
            (says, rest) = (Says::Mark, behind.trim_start());
        }
    }
    let (mut name, mut behind) = word(rest)?;
    if let Some((second, after)) = word(behind.trim_start()).filter(|_| behind.starts_with(' ')) {
        let ends = after.is_empty() || after.trim_start().starts_with(['[', ':']);
        if ends && kinds(below).contains(&name.to_lowercase().as_str()) {
            (name, behind) = (second, after);
            says = Says::Word;
        } else if after.is_empty() && (is_plain_number(name) || is_constant(name)) {
            (name, behind) = (second, after);
            says = Says::Type;
        }
    }
    let mut behind = behind.trim_start();
    let mut brackets = before;
    let inner = behind.strip_prefix(':').map_or(behind, str::trim_start);
    if let Some((inside, after)) = inner.strip_prefix('[').and_then(|r| r.split_once(']'))
        && bracketed(inside) != Annotation::default()
    {
        (brackets, behind) = (Some(inside), after.trim_start());
    } else if before.is_some() && !(behind.is_empty() || behind.starts_with([':', '-', '–', '—'])) {
        // `[in] A pointer`: the direction of what stands above.
        return None;
    }
    let is_alone = behind.is_empty();
    let is_sentence = behind.trim_start_matches('.').starts_with(char::is_alphabetic);
    let number =
        behind.strip_prefix('=').map(str::trim_start).filter(|v| v.starts_with(|c: char| c.is_ascii_digit() || c == '-'));
    if brackets.is_some() {
        says = Says::Direction;
    } else if says == Says::Nothing && below == Below::Enumerator && number.is_some() {
        says = Says::Value;
    } else if says == Says::Nothing && is_emphasised && (is_alone || behind.starts_with(['-', '–', '—', ':', '('])) {
        says = Says::Emphasis;
    }
    let mut title = name.to_owned();
    if let Some(inside) = brackets {
        title = format!("{name} [{inside}]");
    } else if let Some(number) = number {
        let end = number.find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '.')).unwrap_or(number.len());
        title = format!("{name} = {}", number.get(..end).unwrap_or_default());
    }
    Some(Declared { title, name: name.to_owned(), says, is_alone, is_sentence })
}

/// The identifier at the beginning of a text, and what follows it.
fn word(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    text.split_at_checked(end).filter(|(word, _)| is_identifier(word))
}

/// The first bytes of a text.
fn beginning(text: &str, bytes: usize) -> &str {
    (0..=bytes.min(text.len())).rev().find_map(|end| text.get(..end)).unwrap_or_default()
}

/// The beginning of a text up to the end of its paragraph or cell, without formatting, white space folded.
fn plain(raw: &str) -> String {
    let mut out = String::new();
    let mut rest = raw.trim_start_matches(['>', '#', ' ', '\t', '\n', '\r']);
    while let Some(c) = rest.chars().next().filter(|_| out.len() < MAX) {
        let next = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '<' => {
                let tag = next.trim_start_matches('/');
                let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase();
                if !matches!(name.as_str(), "a" | "b" | "i" | "em" | "strong" | "code" | "span" | "p") {
                    break;
                }
                let Some(end) = next.find('>') else { break };
                rest = next.get(end + 1..).unwrap_or_default();
                continue;
            }
            '\n' if next.trim_start_matches([' ', '\t', '\r']).starts_with('\n') => break,
            '*' | '`' | '\\' | '"' => {}
            _ if c.is_whitespace() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            _ => out.push(c),
        }
        rest = next;
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(raw: &str, below: Below) -> (String, Says) {
        read(raw, below).map_or((String::new(), Says::Nothing), |d| (d.title, d.says))
    }

    #[test]
    fn what_declares_a_parameter() {
        let is = |raw: &str, title: &str, says| assert_eq!(of(raw, Below::Parameter), (title.to_owned(), says), "{raw}");
        is("`A` [in]", "A [in]", Says::Direction);
        is("<b>A</b> [in, optional]</td>", "A [in, optional]", Says::Direction);
        is("**A** \\[out\\]: Text.", "A [out]", Says::Direction);
        is("[in] *A*", "A [in]", Says::Direction);
        is("Parameter A [in]", "A [in]", Says::Direction);
        is("-param A", "A", Says::Mark);
        is("Parameter A", "A", Says::Word);
        is("ULONG Length", "Length", Says::Type);
        is("**A** - Text.", "A", Says::Emphasis);
        is("A", "A", Says::Nothing);
        is("Member A", "Member", Says::Nothing);
        is("[in] A pointer to it.", "", Says::Nothing);
        is("A [link](x)", "A", Says::Nothing);
    }

    #[test]
    fn what_declares_an_enumerator() {
        assert_eq!(of("A_B = 2", Below::Enumerator), ("A_B = 2".to_owned(), Says::Value));
        assert_eq!(of("A_B = 0x10, text", Below::Enumerator), ("A_B = 0x10".to_owned(), Says::Value));
        assert_eq!(of("A_B = 2", Below::Field), ("A_B = 2".to_owned(), Says::Nothing));
        assert_eq!(of("Member A", Below::Field), ("A".to_owned(), Says::Word));
    }

    #[test]
    fn which_tables_list() {
        let is = |below, head: &[&str]| is_list(below, &head.iter().map(|h| (*h).to_owned()).collect::<Vec<_>>());
        assert!(is(Below::Parameter, &["Parameter", "Description"]));
        assert!(is(Below::Parameter, &["*Argument name*", "Type", "x"]));
        assert!(is(Below::Field, &["Member", "Meaning"]));
        assert!(is(Below::Enumerator, &["Constant", "Meaning"]));
        assert!(!is(Below::Parameter, &["Member", "Description"]));
        assert!(!is(Below::Field, &["Member", "Setting"]));
        assert!(!is(Below::Field, &["Value", "Meaning"]));
        assert!(!is(Below::Returns, &["Parameter", "Description"]));
    }
}
