//! The codes of a return section, and whether others may come.
//!
//! In: the text of the section. Out: the codes of its tables and lists and those that its sentences name, and what [`openness`] makes of
//! its words. Names that stand there but are no codes of this function (placeholders, HRESULT wrappers, TRUE, what another function
//! returns, what must not be returned) are left out, and said.

use super::clause::Own;
use super::code_names::{Row as Names, is_result, meaning, words};
use super::denial::{self, Denial};
use super::hash::HashSet;
use super::listing::{self, Standing};
use super::locale;
use super::markup;
use super::openness::{self, Openness, Reading};
use super::section::{self, Cut, Places, Row};
use super::sentence;
use super::silent;
use super::tokens::{Token, tokens};
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

/// Reads a return section of DDI Markdown.
pub(super) fn read(text: &str, place: Span, own: Own<'_>, report: &mut Report) -> Codes {
    let pieces = markup::pieces(text, place);
    let places = Places::new(text, place);
    let cut = section::cut(&pieces, &places);
    of_cut(&cut, own, &places, report)
}

/// Reads a return section that was cut already. `places` knows where its words stand.
pub(super) fn of_cut<'c>(cut: &'c Cut, own: Own<'c>, places: &Places<'_>, report: &mut Report) -> Codes {
    let mut found = Found { own, ..Found::default() };
    let standings = listing::standings(cut, own);
    let denials = denials(cut, own);
    let listed = found.rows(&cut.rows, &standings, &denials, report);
    if cut.has_empty_row && !cut.rows.is_empty() {
        found.reading.doubt("a row of its table is empty");
    }
    if cut.is_cut_off {
        found.reading.doubt("nothing closes its table");
        let message = "nothing closes this table: the page is cut off, or its markup is broken";
        let help = "take the whole page, or another revision of it";
        report.push(Diagnostic::warning("vendor::returns", message).at(places.whole()).help(help));
    }
    let in_rows = found.seen.clone();
    let elsewhere = listing::elsewhere(cut, own);
    for (at, sentence) in cut.sentences.iter().enumerate() {
        if elsewhere.iter().any(|range| range.contains(&at)) {
            found.below_another_heading(sentence, places, report);
        } else {
            found.sentence(sentence, &in_rows, places, report);
        }
    }
    for description in &cut.descriptions {
        let is_of_list = |row: &Row| !matches!(standings.get(row.list), Some(Standing::Refused(_)));
        let of = cut.rows.get(description.rows.clone()).unwrap_or_default();
        if of.is_empty() || of.iter().any(is_of_list) {
            found.description(&description.text, places, report);
        }
    }
    if !cut.headings.is_empty() {
        found.reading.doubt("it has headings of its own");
    }
    for text in &cut.elsewhere {
        if text.contains(|c: char| c.is_alphabetic()) {
            found.reading.doubt("a part of it is in a table in a table, or a block of code");
        }
        for token in tokens(text) {
            if let Token::Code(code) | Token::Argument(code) = token {
                found.elsewhere(code, places, report);
            }
        }
    }
    let (open, doubt) = match found.reading.verdict(listed == Listed::Codes, found.codes.len()) {
        // Of no codes it cannot be said whether they are all; words may speak of errors where nothing is returned that is a code.
        _ if found.codes.is_empty() => (None, None),
        Openness::Open => (Some(true), None),
        Openness::Closed => (Some(false), None),
        Openness::Unknown(why) => (None, why),
    };
    Codes { codes: found.codes, open, listed, doubt }
}

/// What the descriptions of each row say of its code.
fn denials(cut: &Cut, own: Own<'_>) -> Vec<Denial> {
    let mut denials = vec![Denial::Nothing; cut.rows.len()];
    for description in &cut.descriptions {
        let denial = denial::read(&description.text, own);
        let of = denials.get_mut(description.rows.clone()).unwrap_or_default();
        of.iter_mut().for_each(|known| *known = denial.max(*known));
    }
    denials
}

/// Whether a row has the name of a result, or no name at all.
fn is_result_or_words(row: &str) -> bool {
    let row = row.replace("\\_", "_");
    words(&row).any(is_result) || !words(&row).any(|w| w.contains('_'))
}

/// What is found while the rows and sentences of a section are read.
#[derive(Default)]
struct Found<'c> {
    codes: Vec<Spanned<String>>,
    seen: HashSet<String>,
    reading: Reading,
    own: Own<'c>,
}

impl<'c> Found<'c> {
    fn code(&mut self, code: &str, at: Span) {
        if self.seen.insert(code.to_owned()) {
            self.codes.push(Spanned::new(code.to_owned(), at));
        }
    }

    fn rows(&mut self, rows: &[Row], standings: &[Standing], denials: &[Denial], report: &mut Report) -> Listed {
        let mut listed = Listed::Nothing;
        for (at, row) in rows.iter().enumerate() {
            let standing = standings.get(row.list).unwrap_or(&Standing::Codes);
            let why = match standing {
                Standing::Refused(why) => Some(why.as_str()),
                Standing::Results if !is_result_or_words(&row.text) => Some("nothing says that its list is of what is returned"),
                Standing::Results | Standing::Codes => None,
            };
            if let Some(why) = why {
                self.refuse(&row.text, why, report);
                continue;
            }
            match denials.get(at) {
                Some(Denial::Sure) => self.refuse(&row.text, "its description says that it is not returned", report),
                denial => {
                    if denial == Some(&Denial::Perhaps) {
                        self.doubt_row(&row.text, report);
                    }
                    self.row(&row.text, &mut listed, report);
                }
            }
        }
        listed
    }

    /// Says of a row that it is none of the codes.
    fn refuse(&mut self, row: &Spanned<String>, why: &str, report: &mut Report) {
        self.reading.doubt("it lists codes of which it is not clear whether it returns them");
        let message = format!("`{}` is not taken for a code that it returns: {why}", row.value);
        let help = "add it to our page by an erratum, if it is one";
        report.push(Diagnostic::warning("vendor::returns", message).at(row.span).help(help));
    }

    /// Says of a row that its code may not be returned after all.
    fn doubt_row(&mut self, row: &Spanned<String>, report: &mut Report) {
        self.reading.doubt("the description of a code may say that it is not returned");
        let message = format!("`{}` is taken, but its description may say that this function does not return it", row.value);
        let help = "take it from our page by an erratum, if it is never returned";
        report.push(Diagnostic::warning("vendor::returns", message).at(row.span).help(help));
    }

    fn row(&mut self, row: &Spanned<String>, listed: &mut Listed, report: &mut Report) {
        match meaning(row) {
            Names::Codes { codes, and_others } => {
                *listed = Listed::Codes;
                codes.iter().for_each(|c| self.code(c, row.span));
                if and_others {
                    self.reading.opens();
                }
            }
            Names::Others => {
                *listed = Listed::Codes;
                self.reading.opens();
            }
            Names::Placeholder => {
                self.reading.opens();
                let message = format!("`{}` stands for codes that are not named here", row.value);
                let help = "name them on our page by errata, if it is known which they are";
                report.push(Diagnostic::warning("vendor::returns", message).at(row.span).help(help));
            }
            Names::Wrapped => {
                if *listed == Listed::Nothing {
                    *listed = Listed::Values;
                }
                self.reading.doubt("it lists a value that is made of another code");
                let message = format!("`{}` is no code but a value that is made of one", row.value);
                let help = "say on our page what the row `?` stands for";
                report.push(Diagnostic::warning("vendor::returns", message).at(row.span).help(help));
            }
            // Beside a code may stand its number.
            Names::Number if *listed == Listed::Codes => {}
            Names::Value | Names::Number => {
                let message = format!("`{}` is a value that is no code", row.value);
                let help = "nothing is missing, if the function returns no codes";
                report.push(Diagnostic::warning("vendor::returns", message).at(row.span).help(help));
                self.reading.doubt("it lists values that are no codes");
                if *listed == Listed::Nothing {
                    *listed = Listed::Values;
                }
            }
            Names::Unclear => {
                *listed = Listed::Codes;
                self.reading.doubt("a row of its table names no code");
                let message = format!("no code is found in this row: {}", row.value);
                let help = "look whether it stands for other codes, and write the row `…` or `?` on our page";
                report.push(Diagnostic::warning("vendor::returns", message).at(row.span).help(help));
            }
        }
    }

    fn sentence(&mut self, sentence: &'c str, in_rows: &HashSet<String>, places: &Places<'_>, report: &mut Report) {
        let folded = locale::fold(sentence);
        if !folded.contains(|c: char| c.is_alphabetic()) {
            return;
        }
        let tokens = tokens(sentence);
        if openness::opens(&folded) {
            self.reading.opens();
        }
        let is_new = |code: &&&str| !in_rows.contains(**code);
        if openness::is_english(&folded) {
            let said = sentence::read(&tokens, self.own);
            // The first sentence says by which name a callback is called there.
            self.own.name = self.own.name.or(said.name);
            let names_more = !in_rows.is_empty() && said.codes.iter().any(|c| is_new(&c));
            self.reading.sentence(sentence, &said, names_more);
            said.codes.iter().filter(is_new).for_each(|code| self.code(code, places.of(code)));
            said.unclear.iter().filter(is_new).for_each(|code| self.unclear(code, places, report));
            for code in said.arguments.iter().filter(is_new) {
                let message = format!("`{code}` is an argument there, and not taken for a code that it returns");
                let help = "say on our page what is made of it, if the function returns that";
                report.push(Diagnostic::warning("vendor::returns", message).at(places.of(code)).help(help));
            }
            return;
        }
        let named: Vec<&str> = tokens.iter().filter_map(|t| if let Token::Code(code) = t { Some(*code) } else { None }).collect();
        let names_more = !in_rows.is_empty() && named.iter().any(|c| is_new(&c));
        let reads = openness::foreign(&folded, &tokens, self.own.name);
        self.reading.foreign(sentence, reads, !named.is_empty(), names_more);
        for code in named.iter().filter(is_new) {
            // Beside a list, what a sentence names may be what it does not return.
            if in_rows.is_empty() && reads != openness::Foreign::Unclear {
                self.code(code, places.of(code));
            } else {
                self.unclear(code, places, report);
            }
        }
    }

    /// Takes a sentence that is about something else, or it is not known what about.
    fn below_another_heading(&mut self, sentence: &str, places: &Places<'_>, report: &mut Report) {
        for token in tokens(sentence) {
            if let Token::Code(code) | Token::Argument(code) = token {
                self.unclear(code, places, report);
            }
        }
    }

    /// Says of a code that it is not clear whether the function returns it.
    fn unclear(&mut self, code: &str, places: &Places<'_>, report: &mut Report) {
        self.reading.doubt("a sentence names codes of which it is not clear whether it returns them");
        if self.seen.contains(code) {
            return;
        }
        let message = format!(
            "`{code}` is not taken for a code that it returns: the sentence does not say so in words that are understood"
        );
        let help = "add it to our page by an erratum, if it is one";
        report.push(Diagnostic::warning("vendor::returns", message).at(places.of(code)).help(help));
    }

    /// What stands beside the codes of the list.
    fn description(&mut self, text: &str, places: &Places<'_>, report: &mut Report) {
        self.reading.description(&locale::fold(text));
        let others = tokens(text).into_iter().filter_map(|t| match t {
            Token::Code(code) if !self.seen.contains(code) => Some(code),
            _ => None,
        });
        let others: Vec<&str> = others.collect();
        if others.is_empty() {
            return;
        }
        self.reading.doubt("the description of a code names another");
        if let [code] = others.as_slice()
            && text.trim_matches(|c: char| !c.is_ascii_alphanumeric()) == *code
        {
            self.elsewhere(code, places, report);
        }
    }

    /// Says of a code that it stands where no codes are looked for.
    fn elsewhere(&mut self, code: &str, places: &Places<'_>, report: &mut Report) {
        self.reading.doubt("codes stand where no list has them");
        if self.seen.contains(code) {
            return;
        }
        let message = format!(
            "`{code}` stands in another column, a table in a table or a block of code, and is not taken for one that it returns"
        );
        let help = "add it to our page by an erratum, if it is one";
        report.push(Diagnostic::warning("vendor::returns", message).at(places.of(code)).help(help));
    }
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
mod tests;
