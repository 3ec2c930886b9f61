//! The codes of a return section, and whether others may come.
//!
//! In: the text of the section. Out: the codes of its tables and lists and those that its sentences name, and what [`openness`] makes of
//! its words. Names that stand there but are no codes of this function (placeholders, HRESULT wrappers, TRUE, what another function
//! returns, what must not be returned) are left out, and said.

use std::collections::HashSet;

use super::clause::Own;
use super::code_names::{Row, meaning};
use super::locale;
use super::markup;
use super::openness::{self, Openness, Reading};
use super::section::{self, Cut, Places};
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
    let listed = found.rows(&cut.rows, report);
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
    for sentence in &cut.sentences {
        found.sentence(sentence, &in_rows, places, report);
    }
    cut.descriptions.iter().for_each(|d| found.description(d, places, report));
    if cut.has_heading {
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
mod tests {
    use super::*;
    use crate::source::Sources;

    fn read_of(text: &str, own: Option<&str>) -> (Vec<String>, Option<bool>, usize) {
        let mut sources = Sources::new();
        let file = sources.add("t", text);
        let mut report = Report::new();
        let found = read(text, sources.whole(file), Own { name: own, is_callback: false }, &mut report);
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
        let table = "<table><tr><th>Return code</th><th>Description</th></tr><tr><td width=\"40%\"><b>STATUS_SUCCESS</b></td><td>It is done.</td></tr>\
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
    fn a_set_is_closed_by_sentences_that_are_understood_and_by_nothing_else() {
        let table = "\n\n|Return code|Description|\n|---|---|\n|STATUS_SUCCESS|Fine.|\n|STATUS_A_B|Not fine.|\n\n";
        let open = |before: &str, after: &str| codes(&format!("{before}{table}{after}")).1;
        let closed = "X returns one of the following NTSTATUS codes:";
        for before in [
            closed,
            "X returns one of these values.",
            "X gibt einen der folgenden NTSTATUS-Codes zurück:",
            "X retourne l’un des codes NTSTATUS suivants :",
            "X возвращает один из следующих кодов NTSTATUS:",
            "X 次のいずれかの NTSTATUS コードを返します。",
            "X는 다음 NTSTATUS 코드 중 하나를 반환합니다.",
        ] {
            assert_eq!(open(before, ""), Some(false), "{before}");
            assert_eq!(open(before, "Det kan også returnere andre koder."), None, "{before}");
        }
        // Words that nobody listed, in the sentence itself.
        for before in [
            "X returns:",
            "The following codes are returned.",
            "X ordinarily returns one of the following NTSTATUS codes:",
            "As a rule X returns one of the following codes:",
            "X returns one of the following codes, or what the transport hands it:",
            "X returns no fewer than one of the following codes:",
            "Barring surprises, X returns one of the following codes:",
            "X may return one of the following values:",
            "If the call fails, X returns one of the following codes:",
            "On a client socket, X returns one of the following codes:",
            "Otherwise, X returns one of the following codes:",
            "ThingFree returns one of the following codes, and X does not:",
            "X gibt meist einen der folgenden NTSTATUS-Codes zurück:",
            "X retourne généralement l’un des codes NTSTATUS suivants :",
            "X 通常返回以下 NTSTATUS 代码之一：",
        ] {
            assert_eq!(open(before, ""), None, "{before}");
        }
        // The same, in a sentence beside it.
        for after in [
            "The roll above leaves some out.",
            "Transports bring their own.",
            "> [!NOTE]\n> Vendors extend what X gives.",
            "### Transports\n\nThe transport adds to these.",
            "What the lower layer says is handed up as it is.",
        ] {
            assert_eq!(open(closed, after), None, "{after}");
        }
        for (before, after) in [
            ("X returns an appropriate code, such as one of the following:", ""),
            ("Possible return values include, but are not limited to:", ""),
            (closed, "It might also return other NTSTATUS values."),
        ] {
            assert_eq!(open(before, after), Some(true), "{before} {after}");
        }
    }

    #[test]
    fn codes_where_no_list_has_them_are_said_and_do_not_join() {
        let closes = "X returns one of the following codes:\n\n";
        let row = |cell: &str| format!("{closes}<table><tr><td>STATUS_SUCCESS</td><td>{cell}</td></tr></table>");
        for text in [
            row("<table><tr><td>STATUS_A_B</td></tr></table>"),
            row("STATUS_A_B"),
            format!("{closes}- STATUS_SUCCESS\n\n```\nSTATUS_A_B\n```\n"),
        ] {
            let (found, open, said) = read_of(&text, Some("X"));
            assert_eq!((found.as_slice(), open), (&["STATUS_SUCCESS".to_owned()][..], None), "{text}");
            assert_eq!(said, 1, "{text}");
        }
        let heads = "<table><tr><th>STATUS_SUCCESS</th><td>Fine</td></tr><tr><th>STATUS_A_B</th><td>Not fine</td></tr></table>";
        assert_eq!(codes(&format!("{closes}{heads}")), (names(&["STATUS_SUCCESS", "STATUS_A_B"]), Some(false)));
    }

    #[test]
    fn a_description_that_speaks_of_other_codes_leaves_the_set_unknown() {
        for about in [
            "It failed, by an error code of the device.",
            "The layer below passes up another NTSTATUS.",
            "Most failures are mapped to this one; the rest stay what they were.",
            "As STATUS_C_D, but later.",
        ] {
            let text = format!("X returns one of the following codes:\n\n|Code|Meaning|\n|---|---|\n|STATUS_A_B|{about}|\n");
            assert_eq!(codes(&text), (names(&["STATUS_A_B"]), None), "{about}");
        }
    }

    #[test]
    fn what_is_said_to_be_returned_by_others_does_not_join() {
        for sentence in [
            "The completion function must return STATUS_C_D.",
            "It neither returns STATUS_C_D nor waits.",
            "A driver completes the IRP with STATUS_C_D.",
            "To be spared a return of STATUS_C_D, pass a longer buffer.",
            "STATUS_C_D is kept for OtherFunction.",
            "Every code but STATUS_C_D is fatal.",
            "The port driver returns STATUS_C_D.",
            "If the callback returns STATUS_C_D, the IRP lives on.",
            "This function does not always return STATUS_C_D.",
            "Once this function returned STATUS_C_D.",
        ] {
            let (found, open, said) = read_of(&format!("X returns STATUS_A_B if it works.\n\n{sentence}"), Some("X"));
            assert_eq!((found.as_slice(), open), (&["STATUS_A_B".to_owned()][..], None), "{sentence}");
            assert_eq!(said, 1, "{sentence}");
        }
    }

    #[test]
    fn a_table_that_is_cut_off_closes_nothing() {
        let table = "X returns one of the following codes:\n<table><tr><td>STATUS_A_B</td><td>Fine</td></tr>";
        assert_eq!(read_of(&format!("{table}</table>"), Some("X")), (names(&["STATUS_A_B"]), Some(false), 0));
        assert_eq!(read_of(&format!("{table}<tr><td>STATUS_C"), Some("X")).1, None);
        assert_eq!(read_of(table, Some("X")), (names(&["STATUS_A_B"]), None, 1));
    }

    #[test]
    fn always_counts_only_without_a_condition() {
        assert_eq!(codes("This function always returns STATUS_A_B."), (names(&["STATUS_A_B"]), Some(false)));
        assert_eq!(codes("If it is closed, this function always returns STATUS_A_B.").1, None);
        assert_eq!(codes("At DISPATCH_LEVEL this function always returns STATUS_A_B.").1, None);
    }

    #[test]
    fn prose_closes_the_set_only_if_it_says_so() {
        assert_eq!(codes("It must always return STATUS_SUCCESS."), (names(&["STATUS_SUCCESS"]), Some(false)));
        assert_eq!(codes("It returns STATUS_SUCCESS if all went well."), (names(&["STATUS_SUCCESS"]), None));
        assert_eq!(codes("Nothing."), (vec![], None));
    }
}
