//! The codes of a return section, and whether others may come.
//!
//! In: the text of the section. Out: the codes of its tables and lists and those that its sentences name, and what [`openness`] makes of
//! its words. Names that stand there but are no codes of this function (placeholders, HRESULT wrappers, TRUE, what another function
//! returns, what must not be returned) are left out, and said.

use std::collections::HashSet;

use super::code_names::{Row, arguments_in, is_result, meaning, named_in, words};
use super::locale;
use super::markup;
use super::openness::{Openness, Reading};
use super::section::{self, Cut, Places};
use super::silent;
use crate::source::{Block, Diagnostic, Report, Span, Spanned, Table, parse_fragment};

/// What a return section says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Codes {
    pub(super) codes: Vec<Spanned<String>>,
    /// `None` where the section leaves it unsaid.
    pub(super) open: Option<bool>,
    /// Whether there was a table or list.
    pub(super) listed: Listed,
    /// Why `open` is `None`.
    pub(super) doubt: Option<String>,
}

impl Codes {
    /// Says what the section leaves unsaid.
    pub(super) fn report(&self, at: Span, report: &mut Report) {
        let add = "add the codes to our page by errata";
        match (self.codes.is_empty(), self.listed) {
            (true, Listed::Codes) => report.push(
                Diagnostic::error("vendor::returns", "the return table has no codes: its code column was lost")
                    .at(at)
                    .help("copy the page again, or use its source"),
            ),
            (true, Listed::Values) => silent(report, at, "any codes: what it returns are other values", add),
            (true, _) => silent(report, at, "all the codes that it returns", add),
            (false, _) if self.open.is_none() => {
                let why = self.doubt.as_ref().map(|w| format!(": {w}")).unwrap_or_default();
                let help = "write the row `?` on our page, or `…` if others come, or an erratum that says why none does";
                silent(report, at, &format!("whether other codes may come{why}"), help);
            }
            (false, _) => {}
        }
    }
}

/// What a section lists.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listed {
    /// Nothing.
    #[default]
    Nothing,
    /// Codes, or what should be codes.
    Codes,
    /// Values that are no codes: TRUE, zero.
    Values,
}

/// Reads a return section of DDI Markdown. `own` is the name of the function; `None` where the name in the text may be another, as for
/// callbacks.
pub(super) fn read(text: &str, place: Span, own: Option<&str>, report: &mut Report) -> Codes {
    let pieces = markup::pieces(text, place);
    let places = Places::new(text, place);
    let cut = section::cut(&pieces, &places);
    of_cut(&cut, &Source { places, own }, report)
}

/// Where the sentences of a section come from.
pub(super) struct Source<'t> {
    /// Where its words stand, to point at codes.
    pub(super) places: Places<'t>,
    /// The name of the function.
    pub(super) own: Option<&'t str>,
}

/// Reads a return section that was cut already.
pub(super) fn of_cut(cut: &Cut, source: &Source<'_>, report: &mut Report) -> Codes {
    let mut found = Found::default();
    let listed = found.rows(&cut.rows, report);
    if cut.has_empty_row && !cut.rows.is_empty() {
        found.reading.doubt("a row of its table is empty");
    }
    let in_rows = found.seen.clone();
    for sentence in &cut.sentences {
        found.sentence(sentence, &in_rows, source, report);
    }
    cut.descriptions.iter().for_each(|d| found.reading.description(d));
    let (open, doubt) = match found.reading.verdict(listed == Listed::Codes, found.codes.len()) {
        // Words may speak of errors where nothing is returned that is a code.
        _ if found.codes.is_empty() && listed != Listed::Codes => (None, None),
        Openness::Open => (Some(true), None),
        Openness::Closed => (Some(false), None),
        Openness::Unknown(why) => (None, why),
    };
    Codes { codes: found.codes, open, listed, doubt }
}

/// What is found while the rows and sentences of a section are read.
#[derive(Default)]
struct Found {
    codes: Vec<Spanned<String>>,
    seen: HashSet<String>,
    reading: Reading,
}

impl Found {
    fn code(&mut self, code: &str, at: Span) {
        if self.seen.insert(code.to_owned()) {
            self.codes.push(Spanned::new(code.to_owned(), at));
        }
    }

    fn rows(&mut self, rows: &[Spanned<String>], report: &mut Report) -> Listed {
        let mut listed = Listed::Nothing;
        for row in rows {
            match meaning(row) {
                Row::Codes { codes, and_others } => {
                    listed = Listed::Codes;
                    codes.iter().for_each(|c| self.code(c, row.span));
                    if and_others {
                        self.reading.opens();
                    }
                }
                Row::Others => {
                    listed = Listed::Codes;
                    self.reading.opens();
                }
                Row::Placeholder => {
                    self.reading.opens();
                    let message = format!("`{}` stands for codes that are not named here", row.value);
                    let help = "name them on our page by errata, if it is known which they are";
                    report.push(Diagnostic::warning("vendor::returns", message).at(row.span).help(help));
                }
                Row::Wrapped => {
                    if listed == Listed::Nothing {
                        listed = Listed::Values;
                    }
                    self.reading.doubt("it lists a value that is made of another code");
                    let message = format!("`{}` is no code but a value that is made of one", row.value);
                    let help = "say on our page what the row `?` stands for";
                    report.push(Diagnostic::warning("vendor::returns", message).at(row.span).help(help));
                }
                // Beside a code may stand its number.
                Row::Number if listed == Listed::Codes => {}
                Row::Value | Row::Number => {
                    let message = format!("`{}` is a value that is no code", row.value);
                    let help = "nothing is missing, if the function returns no codes";
                    report.push(Diagnostic::warning("vendor::returns", message).at(row.span).help(help));
                    self.reading.doubt("it lists values that are no codes");
                    if listed == Listed::Nothing {
                        listed = Listed::Values;
                    }
                }
                Row::Unclear => {
                    listed = Listed::Codes;
                    self.reading.doubt("a row of its table names no code");
                    let message = format!("no code is found in this row: {}", row.value);
                    let help = "look whether it stands for other codes, and write the row `…` or `?` on our page";
                    report.push(Diagnostic::warning("vendor::returns", message).at(row.span).help(help));
                }
            }
        }
        listed
    }

    fn sentence(&mut self, sentence: &str, in_rows: &HashSet<String>, source: &Source<'_>, report: &mut Report) {
        for code in arguments_in(sentence).into_iter().filter(|code| !in_rows.contains(*code)) {
            let message = format!("`{code}` is an argument there, and not taken for a code that it returns");
            let help = "say on our page what is made of it, if the function returns that";
            report.push(Diagnostic::warning("vendor::returns", message).at(source.places.of(code)).help(help));
        }
        let named = named_in(sentence);
        let new: Vec<&&str> = named.iter().filter(|code| !in_rows.contains(**code)).collect();
        self.reading.sentence(sentence, named.len());
        if new.is_empty() {
            return;
        }
        match whose(sentence, source.own) {
            Whose::Own => {
                for code in new {
                    self.code(code, source.places.of(code));
                }
                // A list that leaves out what a sentence names is not the whole.
                if !in_rows.is_empty() {
                    self.reading.names_more();
                }
            }
            Whose::Unclear(why) => {
                self.reading.doubt("a sentence names codes of which it is not clear whether it returns them");
                for code in new {
                    if self.seen.contains(*code) {
                        continue;
                    }
                    let message = format!("`{code}` is not taken for a code that it returns: {why}");
                    let help = "add it to our page by an erratum, if it is one";
                    report.push(Diagnostic::warning("vendor::returns", message).at(source.places.of(code)).help(help));
                }
            }
        }
    }
}

/// Whose the codes are that a sentence names.
#[derive(Debug, PartialEq)]
enum Whose {
    /// The function returns them.
    Own,
    /// That is not clear, and why.
    Unclear(&'static str),
}

fn whose(sentence: &str, own: Option<&str>) -> Whose {
    let folded = locale::fold(sentence);
    let says = |phrases: &[&str]| phrases.iter().any(|p| folded.contains(p));
    let never = [
        "not return",
        "never return",
        "n't return",
        "n’t return",
        "cannot return",
        "other than",
        "instead of",
        "rather than",
        "except",
        "not be returned",
        "no longer return",
    ];
    if says(&never) {
        return Whose::Unclear("the sentence says what is not returned");
    }
    // A sentence of another language is taken at its code alone, as long as no list says more.
    let begins = words(sentence).next().is_some_and(is_result);
    if !begins
        && !says(&["return", "fail with", "fails with", "error code", "status code", "completes with"])
        && super::openness::is_english(&folded)
    {
        return Whose::Unclear("the sentence does not speak of what is returned");
    }
    if own.is_some_and(|own| speaks_of_another(sentence, own)) {
        return Whose::Unclear("the sentence says what another function returns");
    }
    Whose::Own
}

/// A name in small letters without the prefixes by which the kernel gives one service two names.
fn bare(name: &str) -> &str {
    name.strip_prefix("zw").or_else(|| name.strip_prefix("nt")).unwrap_or(name)
}

/// Whether a sentence has a function as the subject of "returns" that is not this one.
fn speaks_of_another(sentence: &str, own: &str) -> bool {
    let own = own.to_lowercase();
    let last = bare(own.rsplit(['.', ':']).next().unwrap_or(&own));
    let all: Vec<&str> = words(sentence).collect();
    let is_verb = |w: &str| matches!(w, "returns" | "returned" | "return");
    all.iter().enumerate().filter(|(_, w)| is_verb(w)).any(|(at, _)| {
        let before = all.get(at.saturating_sub(3)..at).unwrap_or_default();
        let subject = before.iter().rev().find(|w| {
            let is_mixed = w.chars().any(|c| c.is_ascii_lowercase()) && w.chars().skip(1).any(|c| c.is_ascii_uppercase());
            is_mixed && w.starts_with(|c: char| c.is_ascii_uppercase())
        });
        subject.is_some_and(|s| {
            let subject = s.to_lowercase();
            !own.contains(bare(&subject)) && !subject.contains(last)
        })
    })
}

/// The first column of the pipe tables with such a head, without it.
pub(super) fn pipe_rows(text: &str, place: Span, wanted: impl Fn(&Table) -> bool) -> Vec<Spanned<String>> {
    let mut rows = Vec::new();
    for block in parse_fragment(text, place).sections.iter().flat_map(|s| &s.blocks) {
        if let Block::Table(table) = block
            && wanted(table)
        {
            rows.extend(table.rows.iter().filter_map(|r| r.first()).map(|c| Spanned::new(c.text.clone(), c.span)));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn read_of(text: &str, own: Option<&str>) -> (Vec<String>, Option<bool>, usize) {
        let mut sources = Sources::new();
        let file = sources.add("t", text);
        let mut report = Report::new();
        let found = read(text, sources.whole(file), own, &mut report);
        (found.codes.into_iter().map(|c| c.value).collect(), found.open, report.diagnostics().len())
    }

    fn codes(text: &str) -> (Vec<String>, Option<bool>) {
        let (codes, open, _) = read_of(text, Some("X"));
        (codes, open)
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn every_form_of_list() {
        let two = names(&["STATUS_SUCCESS", "STATUS_PENDING"]);
        let closes = "X returns one of the following codes:\n\n";
        let list = "<dl>\n<dt><b>STATUS_SUCCESS</b></dt>\n</dl><dl><dt><b>STATUS_PENDING</b></dt></dl><dl>\n<dt><b>Other status codes</b></dt></dl>";
        assert_eq!(codes(&format!("{closes}{list}")), (two.clone(), Some(true)));
        let list =
            "<dl>\n<dt><b>STATUS_SUCCESS</b></dt>\n</dl>Fine.\n<dl><dt><b>STATUS_PENDING</b></dt></dl>It did not fail.\n\n";
        assert_eq!(codes(&format!("{closes}{list}")), (two.clone(), Some(false)));
        let table = "<table><tr><th>Return code</th><th>Description</th></tr><tr><td width=\"40%\"><b>STATUS_SUCCESS</b></td><td>STATUS_X</td></tr>\
                     <tr><td>STATUS_PENDING</td><td></td></tr></table>";
        assert_eq!(codes(&format!("{closes}{table}")), (two.clone(), Some(false)));
        let pipes = "|Return code|Description|\n|--- |--- |\n|**STATUS_SUCCESS**|Fine|\n|**STATUS_PENDING**|Later|\n";
        assert_eq!(codes(&format!("{closes}{pipes}")), (two.clone(), Some(false)));
        let bare = "Return code | Description\n--- | ---\nSTATUS\\_SUCCESS | Fine\nSTATUS\\_PENDING | Later\n";
        assert_eq!(codes(&format!("{closes}{bare}")), (two.clone(), Some(false)));
        let items = "- `STATUS_SUCCESS` Fine.\n- **STATUS_PENDING**: later,\n  much later.\n";
        assert_eq!(codes(&format!("{closes}{items}")), (two.clone(), Some(false)));
        let elements = "<ul><li>STATUS_SUCCESS</li><li>STATUS_PENDING</li></ul>";
        assert_eq!(codes(&format!("{closes}{elements}")), (two.clone(), Some(false)));
        let in_a_cell = "<table><tr><td><ul><li>STATUS_SUCCESS</li><li>STATUS_PENDING</li></ul></td><td>Fine</td></tr></table>";
        assert_eq!(codes(&format!("{closes}{in_a_cell}")), (two.clone(), Some(false)));
        let mixed = "<table><tr><td><dl><dt>STATUS_SUCCESS</dt><dt>0x0</dt></dl></td><td>Fine</td></tr>\
                     <tr><td>STATUS_PENDING</td><td>Later</td></tr></table>";
        assert_eq!(codes(&format!("{closes}{mixed}")), (two, Some(false)));
    }

    #[test]
    fn a_table_alone_says_nothing_of_other_codes() {
        let table = "|Return code|Description|\n|---|---|\n|STATUS_SUCCESS|Fine|\n";
        assert_eq!(codes(table), (names(&["STATUS_SUCCESS"]), None));
        assert_eq!(codes(&format!("{table}|Other status codes|Not fine|\n")), (names(&["STATUS_SUCCESS"]), Some(true)));
        let more = format!("X returns one of the following values:\n\n{table}\nIt might also return other NTSTATUS values.");
        assert_eq!(codes(&more), (names(&["STATUS_SUCCESS"]), Some(true)));
    }

    #[test]
    fn what_a_sentence_names_joins_the_table() {
        let table = "|Code|Meaning|\n|---|---|\n|STATUS_A_B|Not fine|\n";
        let both = names(&["STATUS_A_B", "STATUS_SUCCESS"]);
        let one = format!("X returns STATUS_SUCCESS or one of the following codes:\n\n{table}");
        assert_eq!(codes(&one), (both.clone(), Some(false)));
        let two =
            format!("X returns STATUS_SUCCESS if it is done. Otherwise, it returns one of the following values:\n\n{table}");
        assert_eq!(codes(&two), (both.clone(), Some(false)));
        let open = format!("X returns STATUS_SUCCESS or an appropriate value such as:\n\n{table}");
        assert_eq!(codes(&open), (both.clone(), Some(true)));
        let after = format!("X returns one of the following codes:\n\n{table}\nIf it is late, X returns STATUS_SUCCESS.");
        assert_eq!(codes(&after), (both, None));
    }

    #[test]
    fn what_another_function_returns_or_what_is_not_returned_does_not_join() {
        for sentence in [
            "Do not return STATUS_NOT_SUPPORTED.",
            "If OtherFunction returns STATUS_PENDING, wait.",
            "The field is set to STATUS_PENDING in this case.",
            "The driver should fail its own function with STATUS_INVALID_HANDLE.",
            "Returns FALSE after it called SetError(ERROR_CANCELLED).",
        ] {
            let text =
                format!("X returns one of the following values:\n\n|Code|\n|---|---|\n|STATUS_SUCCESS|Fine|\n\n{sentence}");
            let (found, open, _) = read_of(&text, Some("X"));
            assert_eq!(found, ["STATUS_SUCCESS"], "{sentence}");
            assert_eq!(open, None, "{sentence}");
        }
        assert_eq!(codes("ZwX returns STATUS_SUCCESS.").0, ["STATUS_SUCCESS"]);
    }

    #[test]
    fn prose_closes_the_set_only_if_it_says_so() {
        assert_eq!(codes("It must always return STATUS_SUCCESS."), (names(&["STATUS_SUCCESS"]), Some(false)));
        assert_eq!(codes("It returns STATUS_SUCCESS if all went well."), (names(&["STATUS_SUCCESS"]), None));
        assert_eq!(codes("Nothing."), (vec![], None));
    }
}
