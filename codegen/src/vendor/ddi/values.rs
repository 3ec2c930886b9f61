//! The constants that a parameter or a field takes: headings below it, terms of a list, or the first column of a table that says
//! what each means.
//!
//! The sources of the reference are in English, so the words that decide stand here and not with those of rendered pages.

use std::cell::OnceCell;

use super::cells;
use super::declared;
use super::introduces::{Introduces, Lists, introduces};
use super::page::{Entry, Mark, Page};
use super::title;
use crate::source::{Diagnostic, Report, Span, Spanned};
use crate::vendor::code_names::is_placeholder;
use crate::vendor::hash::HashSet;
use crate::vendor::markup::{self, is_constant, is_identifier};
use crate::vendor::returns;

/// Whether a text describes a parameter of a function: it begins with a direction.
pub(super) fn is_of_parameter(text: &str) -> bool {
    let text = text.trim_start().trim_start_matches(['*', '_', '\\']);
    ["[in", "[out", "[optional"].iter().any(|mark| text.starts_with(mark))
}

/// A parameter or field, and what is asked of its text: many headings may stand below one.
pub(super) struct Above<'e, 't> {
    pub(super) entry: &'e Entry<'t>,
    text: &'t str,
    place: Span,
    introduces: OnceCell<Introduces>,
    words: OnceCell<HashSet<&'t str>>,
}

impl<'e, 't> Above<'e, 't> {
    pub(super) fn new(page: &Page<'t>, entry: &'e Entry<'t>) -> Self {
        let (text, place) = page.body(entry);
        Self { entry, text, place, introduces: OnceCell::new(), words: OnceCell::new() }
    }

    pub(super) fn introduces(&self) -> Introduces {
        *self.introduces.get_or_init(|| introduces(self.text, self.place))
    }

    /// Whether the text holds C with that word in it.
    pub(super) fn declares(&self, word: &str) -> bool {
        let words = || {
            let has_code = self.text.contains("```") || self.text.contains("<pre");
            let words = self.text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            words.filter(|_| has_code).collect()
        };
        self.words.get_or_init(words).contains(word)
    }

    /// Whether a heading below is a value: it is spelled like a constant, or the text says that values follow. A name of several words,
    /// as enumerators have it, is one unless something speaks against it.
    pub(super) fn has_value(&self, heading: &Entry<'_>, own: &str) -> bool {
        let title = title::read(&heading.title).name;
        let is_part = || is_of_parameter(own) || self.declares(title);
        // What a prototype in the text declares is a parameter of that function.
        let is_declared = || self.declares(title) && !self.declares("enum");
        is_constant(title) && !is_placeholder(title) && self.introduces() != Introduces::Others
            || is_identifier(title)
                && !is_placeholder(title)
                && match self.introduces() {
                    Introduces::Values => !is_declared(),
                    Introduces::Nothing => heading.mark == Mark::Plain && has_words(title) && !is_part(),
                    Introduces::Others | Introduces::Members | Introduces::Parameters => false,
                }
    }
}

/// Whether a name has several words, told by their capitals: `PowerDeviceD0`.
fn has_words(name: &str) -> bool {
    is_identifier(name) && name.chars().zip(name.chars().skip(1)).any(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase())
}

/// Whether the columns of a table below a parameter or field are a constant of it and what that means. Other tables relate constants to
/// something else.
pub(super) fn says_meaning<'h>(of: &str, head: impl IntoIterator<Item = &'h str>) -> bool {
    let mut head = head.into_iter().map(|h| h.trim_matches(['*', '`', ' ']).to_lowercase());
    let Some(first) = head.next() else { return false };
    // A table of what a function returns is none of the values of what stands above it.
    if ["return", "error code", "status code", "ntstatus"].iter().any(|word| first.starts_with(word)) {
        return false;
    }
    let of = last_name(of).to_lowercase();
    if matches!(first.as_str(), "value" | "values")
        || !of.is_empty() && first.split_whitespace().any(|w| w.trim_matches('*') == of)
    {
        return true;
    }
    let names =
        first.split_whitespace().last().is_some_and(|w| matches!(w, "constant" | "flag" | "flags" | "name" | "attribute"));
    head.enumerate().any(|(i, h)| {
        let words = ["meaning", "description", "definition", "effect", "action", "allows", "explanation", "purpose"];
        words.iter().any(|w| h.starts_with(w)) || i == 0 && names && h == "value"
    })
}

fn last_name(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// The constant that a cell, term or item names, and nothing but its number beside it.
fn constant_of(text: &str) -> Option<&str> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '`' | '"'));
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '`' | '=' | ':' | ','));
    let is_alone = rest.is_empty() || rest.starts_with('(') || rest.starts_with(|c: char| c.is_ascii_digit());
    (is_alone && is_identifier(name)).then_some(name)
}

/// The constants in the text of a parameter or field.
pub(super) fn values(of: &str, text: &str, place: Span, report: &mut Report) -> Vec<Spanned<String>> {
    let mut cells = Vec::new();
    // Tables and terms are of interest; cutting a text at its tags takes long.
    let begins = |at: usize| text.as_bytes().get(at + 1).is_some_and(|b| matches!(b, b't' | b'T' | b'd' | b'D'));
    if memchr::memchr_iter(b'<', text.as_bytes()).any(begins) {
        cells = cells::of_html(of, &markup::pieces(text, place));
    }
    // Reading Markdown takes long, and most sections have no table.
    if text.contains('|') {
        cells.extend(returns::pipe_rows(text, place, |table| says_meaning(of, table.header.iter().map(|h| h.text.as_str()))));
    }
    let items = items(text, place);
    if cells.is_empty() && items.is_empty() {
        return Vec::new();
    }
    let mut lists = Lists::new(text, place);
    let constant = |cell: Spanned<String>| {
        let text = cell.value.replace("\\_", "_");
        let name = constant_of(&text)?;
        // An enumerator of several words is one where a sentence says that the table has values.
        let may_be_enumerator = has_words(name) && declared::is_enumerator(name);
        if !is_constant(name) && !may_be_enumerator {
            return None;
        }
        let says = lists.introduces(cell.span);
        (is_constant(name) || says == Introduces::Values).then(|| (says, Spanned::new(name.to_owned(), cell.span)))
    };
    let cells = cells.into_iter().filter_map(constant);
    let mut all: Vec<(Introduces, Spanned<String>)> = cells.chain(items).collect();
    all.sort_by_key(|(_, c)| c.span.start);
    if let Some((_, first)) = all.iter().find(|(says, _)| *says == Introduces::Others) {
        let message =
            format!("it is not certain that `{of}` takes what is listed here: the sentence before leaves something out");
        let help = "write the values that it takes on our page, with an erratum";
        report.push(Diagnostic::warning("vendor::value", message).at(first.span).help(help));
    }
    let mut seen = HashSet::default();
    let taken = all.into_iter().filter(|(says, _)| *says != Introduces::Others).map(|(_, constant)| constant);
    taken.filter(|v| seen.insert(v.value.clone())).collect()
}

/// The name of an item is looked for in as many bytes.
const MAX_ITEM: usize = 256;

/// The first word of an item in HTML is looked for in as many bytes.
const MAX_FORMATTING: usize = 1024;

/// The items of lists that the sentence before the list says to be values, or to be left out.
fn items(text: &str, place: Span) -> Vec<(Introduces, Spanned<String>)> {
    let mut found = Vec::new();
    let mut at = 0;
    // What the sentence before the list that is open introduces.
    let mut list: Option<Introduces> = None;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim_start();
        let from = start + line.len() - trimmed.len();
        let (marked, is_html) = match trimmed.strip_prefix(['-', '*', '+']) {
            Some(rest) if rest.starts_with([' ', '\t']) => (Some(from + 1), false),
            _ if !trimmed.contains('<') => (None, true),
            _ => (trimmed.find("<li").map(|i| from + i), true),
        };
        let Some(marked) = marked else {
            if list.is_none() {
                continue;
            }
            // A paragraph that is not indented ends a list of Markdown.
            let ends = trimmed.contains("</ul>")
                || trimmed.contains("</ol>")
                || !line.starts_with(char::is_whitespace) && !trimmed.contains('<');
            if ends && !trimmed.trim().is_empty() && !is_word(trimmed) {
                list = None;
            }
            continue;
        };
        let items = if is_html { html_items(text, marked, at) } else { vec![marked] };
        for item in items {
            let end = item + MAX_ITEM.min(text.len().saturating_sub(item));
            let end = (item..=end).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(item);
            let Some(content) = text.get(item..if is_html { end } else { at }) else { continue };
            let skipped = content.len() - content.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '`')).len();
            let content = content.get(skipped..).unwrap_or_default();
            let end = content.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '\\')).unwrap_or(content.len());
            let (name, rest) = content.split_at(end);
            let unescaped = name.replace('\\', "");
            let is_emphasised = rest.starts_with(['*', '`']) || rest.starts_with("</b>") || rest.starts_with("</i>");
            let rest = rest.trim_start_matches(['*', '`', ' ', '\t']);
            let is_alone = rest.is_empty() || rest.starts_with(['\n', '<', '(', ':', '-', '–', '—', '.', ',']);
            // An enumerator of several words is one if it is set apart and alone: what a text follows may be anything.
            let is_enumerator = is_emphasised
                && (rest.is_empty() || rest.starts_with(['\n', '<', '(']))
                && unescaped.starts_with(|c: char| c.is_ascii_uppercase())
                && has_words(&unescaped);
            if !is_alone || !is_constant(&unescaped) && !is_enumerator {
                continue;
            }
            let says = *list.get_or_insert_with(|| introduces(text.get(..start).unwrap_or_default(), place.part(0..start)));
            if matches!(says, Introduces::Values | Introduces::Others) {
                let from = item + skipped;
                found.push((says, Spanned::new(unescaped, place.part(from..from + name.len()))));
            }
        }
    }
    found
}

/// Whether a line is one word, as items of HTML are often written.
fn is_word(line: &str) -> bool {
    line.split_whitespace().count() == 1
}

/// Where the texts of items of HTML begin whose tags stand between two places. A text may begin in the next line.
fn html_items(text: &str, from: usize, end: usize) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = from;
    while let Some(tag) = text.get(at..end).and_then(|t| t.find("<li")).map(|i| at + i) {
        let Some(mut start) = text.get(tag..).and_then(|t| t.find('>')).map(|i| tag + i + 1) else { break };
        at = start;
        // Formatting between the item and its first word says nothing; there is little of it, and tags need not end.
        let last = tag + MAX_FORMATTING;
        while let Some(rest) = text.get(start..).filter(|r| start < last && r.trim_start().starts_with('<')) {
            let rest_trimmed = rest.trim_start();
            let is_formatting = !rest_trimmed.starts_with("</") && !rest_trimmed.starts_with("<li");
            let Some(close) = rest.find('>').filter(|_| is_formatting) else { break };
            start += close + 1;
        }
        found.push(start);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn of(text: &str) -> Vec<String> {
        let mut sources = Sources::new();
        let file = sources.add("t", text);
        let place = sources.whole(file);
        let found = values("Options", text, place, &mut Report::new());
        for value in &found {
            assert!(sources.slice(value.span).trim_start_matches('*').starts_with('A'), "{value:?}");
        }
        found.into_iter().map(|v| v.value).collect()
    }

    #[test]
    fn tables_and_terms_name_constants() {
        let row = |name: &str| format!("<tr><td>\n{name}</td><td>X_NO</td></tr>");
        let table = |head: &str| format!("<table><tr><th>{head}</th></tr>{}{}</table>", row("<b>A_1</b>"), row("A_2\n\n"));
        assert_eq!(of(&table("Value</th><th>Meaning")), ["A_1", "A_2"]);
        assert_eq!(of(&table("Options flag</th><th>Allows the caller to")), ["A_1", "A_2"]);
        assert_eq!(of(&table("<i>Options</i> flags</th><th>Rights")), ["A_1", "A_2"]);
        assert!(of(&table("Flag</th><th>Dispatch table")).is_empty());
        assert_eq!(of("<dl><dt>A_1</dt><dd>d</dd><dt>Text</dt></dl>"), ["A_1"]);
        assert_eq!(
            of(
                "<table><tr><th>F</th><th>Meaning</th></tr><tr><td><dl><dt><b>A_1</b></dt><dt>0x1</dt></dl></td><td>t</td></tr></table>"
            ),
            ["A_1"]
        );
        assert_eq!(of("| Flag | Value | Meaning |\n|---|---|---|\n| **A\\_1** | 1 | m |\n| 2 | 2 | m |\n"), ["A_1"]);
        assert!(of("<table><tr><th></th></tr><tr><td><pre>A_1</pre></td></tr></table>").is_empty());
    }

    #[test]
    fn items_are_values_where_the_sentence_before_says_so() {
        let one = "One of the following values:\n\n";
        assert_eq!(of(&format!("{one}- **A_1**: m\n  more A_X\n\n- A\\_2\n\n* `A_3` (0x3)\n")), ["A_1", "A_2", "A_3"]);
        assert_eq!(
            of(&format!("{one}<ul>\n<li>\nA_1\n\n</li>\n<li><b>A_2</b></li><li>A_3</li>\n</ul>\nA_4\n")),
            ["A_1", "A_2", "A_3"]
        );
        assert_eq!(of(&format!("{one}- A_1 is one of many\n- Text\n")), [""; 0]);
        assert!(of("It goes with these requests:\n\n- A_1\n- A_2\n").is_empty());
        assert_eq!(of(&format!("{one}- A_1\n\nIt is used by requests:\n\n- A_2\n")), ["A_1"]);
    }

    #[test]
    fn what_a_sentence_leaves_out_is_no_value_and_is_told() {
        let no = "It is none of the following values:\n\n";
        let yes = "It is one of the following values:\n\n";
        let lists = [
            "- A_1\n- A_2\n",
            "<ul>\n<li>A_1</li>\n</ul>\n",
            "| Value | Meaning |\n|---|---|\n| A_1 | It is not new. |\n| A_2 | m |\n",
            "<table><tr><th>Value</th><th>Meaning</th></tr><tr><td><dl><dt>A_1</dt></dl></td><td>It is not a flag.</td></tr><tr><td>A_2</td></tr></table>",
            "<dl><dt>A_1</dt><dd>This flag is not new.</dd></dl> <dl><dt>A_2</dt><dd>t</dd></dl>",
        ];
        for list in lists {
            let found = |text: &str| {
                let (mut sources, mut report) = (Sources::new(), Report::new());
                let place = sources.add("t", text);
                let place = sources.whole(place);
                let found = values("Options", text, place, &mut report).len();
                (found, report.diagnostics().iter().filter_map(|d| Some(sources.slice(d.span?).to_owned())).collect::<Vec<_>>())
            };
            assert_eq!(found(&format!("{no}{list}")), (0, vec!["A_1".to_owned()]), "{list}");
            assert_eq!(found(&format!("{yes}{list}")), (list.matches("A_").count(), Vec::new()), "{list}");
        }
    }

    #[test]
    fn enumerators_of_several_words_are_values_where_they_are_set_apart() {
        let list = |item: &str| of(&format!("It is one of the following values:\n\n- {item}\n"));
        assert_eq!(list("**AnyMode**"), ["AnyMode"]);
        assert_eq!(list("**AnyMode802\\_3**\n\n  Text."), ["AnyMode802_3"]);
        assert_eq!(of("One of the following values:\n<ul>\n<li>\n<b>AnyMode</b>\n</li>\n</ul>\n"), ["AnyMode"]);
        for item in ["AnyMode", "**Any**", "**anyMode**", "**AnyMode** - Text.", "**AnyMode**: Text.", "**AnyMode** is text."] {
            assert!(list(item).is_empty(), "{item}");
        }
        assert!(of("Text.\n\n- **AnyMode**\n").is_empty());
    }

    #[test]
    fn enumerators_of_several_words_are_values_where_a_table_has_values() {
        let one = "It is one of the following values:\n\n";
        let pipes = "| Value | Meaning |\n|---|---|\n| AnyMode | m |\n| **AllModes** (2) | m |\n| Any mode | m |\n| A_1 | m |\n";
        let html = "<table>\n<tr><th>Value</th><th>Meaning</th></tr>\n<tr><td><b>AnyMode</b></td><td>m\n\nm</td></tr>\n<tr><td>AllModes</td><td>m</td></tr><tr><td>A_1</td></tr></table>";
        assert_eq!(of(&format!("{one}{pipes}")), ["AnyMode", "AllModes", "A_1"]);
        assert_eq!(of(&format!("{one}{html}")), ["AnyMode", "AllModes", "A_1"]);
        let other = "These parameters are passed:\n\n";
        assert_eq!(of(&format!("{other}{pipes}")), ["A_1"]);
        assert_eq!(of(&format!("{one}{html}\n\n{other}{pipes}")), ["AnyMode", "AllModes", "A_1"]);
        assert_eq!(of(&format!("{one}{pipes}\n\n{other}{}", html.replace("AnyMode", "AddMode"))), ["AnyMode", "AllModes", "A_1"]);
    }
}
