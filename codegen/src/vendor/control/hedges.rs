//! The words by which a text says more than its set form: conditions, exceptions, hedges.
//!
//! In: a part of a sentence or cell of which the form leaves the words open, such as what an operation is for. Out: whether it can be read
//! past. The set forms themselves are in [`super::sentences`] and [`super::values`].

use super::super::tokens::{Token, tokens};

/// What makes a part of a sentence a condition or an exception.
const LIMITS: &[&str] = &[
    "if",
    "unless",
    "except",
    "excluding",
    "when",
    "whenever",
    "while",
    "until",
    "but",
    "only",
    "provided",
    "providing",
    "however",
    "although",
    "though",
    "because",
    "before",
    "after",
    "during",
    "where",
    "without",
    "that",
    "which",
    "unlike",
    "as",
    "so",
    "otherwise",
    "else",
    "instead",
    "not",
    "never",
    "nor",
    "no",
    "at",
    "case",
    "cases",
    "most",
];

/// What makes a statement uncertain.
const HEDGES: &[&str] = &[
    "may",
    "might",
    "can",
    "could",
    "should",
    "optional",
    "optionally",
    "usually",
    "typically",
    "generally",
    "normally",
    "often",
    "sometimes",
    "mostly",
    "rarely",
    "seldom",
    "possibly",
    "probably",
];

/// What limits or contradicts a statement in the sentence beside it.
const TURNS: &[&str] = &[
    "however",
    "but",
    "except",
    "exception",
    "exceptions",
    "unless",
    "otherwise",
    "although",
    "though",
    "instead",
    "nevertheless",
    "nonetheless",
    "conversely",
    "contrary",
    "unlike",
    "still",
    "yet",
    "only",
    "usually",
    "typically",
    "generally",
    "normally",
    "often",
    "sometimes",
    "mostly",
    "rarely",
    "optional",
    "optionally",
    "cases",
    "case",
    "need",
    "needs",
    "required",
];

fn has(tokens: &[Token<'_>], words: &[&str]) -> bool {
    tokens.iter().any(|t| t.is_word(words))
}

/// Whether a part of a sentence has nothing that limits what the sentence says. Commas stand between the members of a list only.
pub(super) fn is_plain(text: &str) -> bool {
    let tokens = tokens(text);
    let commas: Vec<usize> = tokens.iter().enumerate().filter(|(_, t)| **t == Token::Mark(',')).map(|(at, _)| at).collect();
    let joins = |at: &usize| tokens.get(at + 1).is_some_and(|t| t.is_word(&["and", "or"]));
    let is_list = commas.is_empty() || commas.len() > 1 && commas.last().is_some_and(joins);
    let has_marks = tokens.iter().any(|t| matches!(t, Token::Mark(mark) if !matches!(mark, ',' | '-')));
    is_list && !has_marks && !has(&tokens, LIMITS) && !has(&tokens, HEDGES)
}

/// Whether a cell has neither a condition nor a hedge. A cell of another language than English is judged by its structure alone.
pub(super) fn is_certain(cell: &str) -> bool {
    const CONDITIONS: &[&str] = &[
        "if",
        "unless",
        "except",
        "else",
        "otherwise",
        "when",
        "but",
        "only",
        "however",
        "not",
        "instead",
        "never",
        "or",
        "null",
    ];
    // What was done earlier is no condition of this call.
    if !cell.is_ascii() {
        return true;
    }
    let mut parts = cell.split(" specified when it created ");
    parts.all(|part| {
        let tokens = tokens(part);
        !has(&tokens, CONDITIONS) && !has(&tokens, HEDGES)
    })
}

/// Whether a sentence limits or contradicts what stands beside it.
pub(super) fn turns(sentence: &str) -> bool {
    has(&tokens(sentence), TURNS)
}
