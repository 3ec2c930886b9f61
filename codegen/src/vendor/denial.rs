//! Whether the description of a code says that the code is not returned after all.
//!
//! In: the description of a row. Out: whether it denies the code, may deny it, or says nothing of the kind. Separate from
//! [`super::openness`], which asks the same texts about other codes.

use super::clause::{Cursor, Own};
use super::section::sentences;
use super::tokens::{Token, tokens};

/// What a description says of its own code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Denial {
    /// Nothing that denies it.
    Nothing,
    /// It is returned in some cases, or not by this function, or it cannot be told.
    Perhaps,
    /// It is not returned.
    Sure,
}

/// Reads a description.
pub(super) fn read(text: &str, own: Own<'_>) -> Denial {
    // Most descriptions have none of these.
    const MARKS: [&str; 8] = ["eturn", "eserved", "bsolete", "eprecated", "nused", "ssued", " used", "eported"];
    if !MARKS.iter().any(|mark| text.contains(mark)) {
        return Denial::Nothing;
    }
    sentences(text).iter().map(|sentence| of_sentence(sentence, own)).max().unwrap_or(Denial::Nothing)
}

const DENIES: &[&str] = &["not", "never", "no", "isn't", "aren't", "doesn't", "don't", "won't", "cannot", "neither"];
const RETURNS: &[&str] = &["returned", "return", "returns", "issued", "used", "reported", "generated"];

/// The words before a denial that speak of the code itself, or of the function.
const OF_CODE: &[&str] = &[
    "this",
    "the",
    "code",
    "value",
    "status",
    "error",
    "return",
    "it",
    "is",
    "are",
    "was",
    "will",
    "be",
    "does",
    "do",
    "did",
    "must",
    "should",
    "can",
    "may",
    "function",
    "routine",
    "method",
    "and",
    "but",
    "however",
    "currently",
    "note",
    "driver",
    "ntstatus",
    "hresult",
    "also",
    "that",
    "has",
    "been",
    "ever",
    "actually",
];

fn of_sentence(sentence: &str, own: Own<'_>) -> Denial {
    let tokens = tokens(sentence);
    let is_own = |name: &str| own.name.is_some_and(|own| own.eq_ignore_ascii_case(name));
    let is_of_code = |before: &[Token<'_>]| {
        before.iter().all(|t| match t {
            Token::Word(word) | Token::Name(word) => t.is_word(OF_CODE) || is_own(word),
            Token::Code(_) | Token::Argument(_) | Token::Mark(_) => true,
        })
    };
    if let Some(at) = tokens.iter().position(|t| t.is_word(&["reserved", "obsolete", "deprecated", "unused"])) {
        let before = tokens.get(..at).unwrap_or_default();
        let is_said = before.last().map_or_else(
            || tokens.get(1).is_none_or(|next| matches!(next, Token::Mark(_)) || next.is_word(&["for", "by"])),
            |verb| verb.is_word(&["is", "are", "be", "been", "currently"]),
        );
        if is_said && is_of_code(before) {
            return Denial::Sure;
        }
    }
    let mut found = if names_another(&tokens, own) { Denial::Perhaps } else { Denial::Nothing };
    for (at, token) in tokens.iter().enumerate() {
        // "Not returned", "is no longer returned", "must not return this code".
        let is_denial = token.is_word(DENIES);
        let behind = tokens.iter().skip(at + 1).take(4).position(|t| t.is_word(RETURNS)).filter(|_| is_denial);
        let Some(verb) = behind.map(|behind| at + 1 + behind) else { continue };
        let between = tokens.get(at + 1..verb).unwrap_or_default();
        if !between.iter().all(|t| t.is_word(&["longer", "be", "ever", "currently", "actually", "been", "yet", "always"])) {
            continue;
        }
        let has_case = tokens.iter().any(|t| t.is_word(&["if", "when", "unless", "while", "until", "because"]));
        let always = between.iter().any(|t| t.is_word(&["always"]));
        let before = tokens.get(..at).unwrap_or_default();
        let is_sure = is_of_code(before) && !has_case && !always;
        found = found.max(if is_sure { Denial::Sure } else { Denial::Perhaps });
    }
    found
}

/// Whether a sentence says that another function returns something: "`OtherFunction` returns this", "returned by `OtherFunction`".
fn names_another(tokens: &[Token<'_>], own: Own<'_>) -> bool {
    let is_other = |at: usize| {
        let rest = tokens.get(at..).unwrap_or_default();
        own.name.is_some() && matches!(rest.first(), Some(Token::Name(_))) && Cursor { tokens: rest, own }.subject().is_none()
    };
    tokens.iter().enumerate().any(|(at, token)| {
        let returned_by = token.is_word(&["returned", "reserved"])
            && tokens.get(at + 1).is_some_and(|t| t.is_word(&["by", "for", "from"]))
            && (is_other(at + 2) || is_other(at + 3));
        let next = tokens.get(at + 1).filter(|t| !t.is_word(&["function", "routine", "method"])).or_else(|| tokens.get(at + 2));
        returned_by || is_other(at) && next.is_some_and(|t| t.is_word(&["returns", "return"]))
    })
}
