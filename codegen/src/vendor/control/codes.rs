//! The codes that a page of a control code says the function returns, in sentences and in tables.
//!
//! In: a sentence, or a table of codes with the paragraph before it. Out: the codes, and a diagnostic for each that is named where it is not
//! said that the function returns it. Sentences and lists are judged as those of a returns section are; added is here only how these pages
//! speak of a function that they are not the page of.

use super::super::clause::{Cursor, Own};
use super::super::denial::{self, Denial};
use super::super::listing::{self, Standing};
use super::super::section::{self, Cut, List};
use super::super::sentence;
use super::super::tokens::{Token, tokens};
use super::table::{Row, Table};
use crate::source::{Diagnostic, Report, Span, Spanned};

/// The words that deny or hedge that something is returned.
const DENIES: &[&str] = &[
    "not", "never", "no", "neither", "nor", "cannot", "doesn't", "don't", "won't", "without", "unless", "except", "may", "might",
    "could", "rarely", "seldom", "hardly", "instead",
];

/// The codes that a sentence says the function returns, and those that it names otherwise while it speaks of what is returned.
pub(super) fn of_sentence<'s>(sentence: &'s str, own: Own<'_>) -> (Vec<&'s str>, Vec<&'s str>) {
    // Few sentences name a code.
    if !sentence.contains("STATUS_") || !sentence.contains("eturn") {
        return (Vec::new(), Vec::new());
    }
    let tokens = tokens(sentence);
    let said = sentence::read(&tokens, own);
    let (mut codes, mut unclear) = (said.codes, said.arguments);
    for code in said.unclear {
        let at = tokens.iter().position(|t| *t == Token::Code(code)).unwrap_or(0);
        let is_returned = at.checked_sub(1).is_some_and(|verb| is_returned(&tokens, verb, own));
        if is_returned { codes.push(code) } else { unclear.push(code) }
    }
    (codes, unclear)
}

/// Whether the function returns what stands behind a verb: "…, and the function returns", "the call to the function returns", "The WSK
/// subsystem queues the IRP and returns". Nothing in the sentence outside what says when may deny it.
fn is_returned(tokens: &[Token<'_>], verb: usize, own: Own<'_>) -> bool {
    if !tokens.get(verb).is_some_and(|t| t.is_word(&["returns", "return"])) {
        return false;
    }
    let before = tokens.get(..verb).unwrap_or_default();
    let from = before.iter().rposition(|t| matches!(t, Token::Mark(',' | ';' | ':'))).map_or(0, |mark| mark + 1);
    let clause = before.get(from..).unwrap_or_default();
    let after = tokens.get(verb + 2..).unwrap_or_default();
    let denies = |tokens: &[Token<'_>]| tokens.iter().any(|t| t.is_word(DENIES));
    if denies(clause) || denies(after) {
        return false;
    }
    let whole = |at: usize| {
        let mut c = Cursor { tokens: clause.get(at..).unwrap_or_default(), own };
        c.subject().is_some() && c.tokens.is_empty()
    };
    let joins = |at: usize| at == 0 || clause.get(at - 1).is_some_and(|t| t.is_word(&["and", "to", "if", "when"]));
    let is_own = (0..clause.len()).any(|at| joins(at) && whole(at));
    let mut c = Cursor { tokens: clause, own };
    is_own || c.eat_all("the wsk subsystem") && c.tokens.last().is_none_or(|t| t.is_word(&["and"]))
}

/// Takes the codes of a table, whose paragraph is that text.
pub(super) fn of_table(table: &Table, lead: Option<&str>, own: Own<'_>, report: &mut Report) -> Vec<Spanned<String>> {
    let sentences = lead.map(section::sentences).unwrap_or_default();
    let list = List { before: sentences.len(), head: table.head.clone(), headings: 0 };
    let standing = listing::standings(&Cut { lists: vec![list], sentences, ..Cut::default() }, own).pop();
    let is_code = |row: &&Row| row.name.starts_with("STATUS_");
    let mut codes = Vec::new();
    for row in table.rows.iter().filter(is_code) {
        let denial = row.value.as_ref().map_or(Denial::Nothing, |value| denial::read(value, own));
        match (&standing, denial) {
            (Some(Standing::Refused(why)), _) => unclear(&row.name, row.name.span, why, report),
            (_, Denial::Nothing) => codes.push(row.name.clone()),
            _ => unclear(&row.name, row.name.span, "its description may say that it is not returned", report),
        }
    }
    codes
}

/// Says of a code that it is not taken.
pub(super) fn unclear(code: &str, at: Span, why: &str, report: &mut Report) {
    let message = format!("`{code}` is not taken for a code that the function returns: {why}");
    let help = "add it to our page by an erratum, if it is one";
    report.push(Diagnostic::warning("vendor::control", message).at(at).help(help));
}
