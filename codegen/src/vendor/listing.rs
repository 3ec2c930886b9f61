//! Which tables and lists of a return section list codes that the function returns.
//!
//! In: the sentences of the section, and what stands around each list: its heading, the heads of its columns. Out: why the rows of a list
//! are no such codes, where that is so. A list counts if the sentence before it announces codes in words that are understood, and if no
//! other sentence denies it. Separate from [`super::sentence`], which reads what one sentence says of the codes that it names itself.

use std::ops::Range;

use super::clause::{Cursor, Own};
use super::locale;
use super::openness::{self, Foreign};
use super::section::{Cut, List};
use super::sentence;
use super::tokens::{Token, tokens};

/// What becomes of the rows of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// They are codes.
    Codes,
    /// Those are codes that have the name of a result: nothing says what else they would be.
    Results,
    /// None is a code of this function, or it is not known; and why.
    Refused(String),
}

/// The standing of each list.
pub(super) fn standings(cut: &Cut, own: Own<'_>) -> Vec<Standing> {
    let Cut { lists, sentences, headings, .. } = cut;
    if lists.is_empty() {
        return Vec::new();
    }
    let is_announcement = |at: usize| lists.iter().any(|list| list.before == at + 1);
    // Sections have few sentences that speak of a list and are not the one before it.
    let denied = sentences.iter().enumerate().find(|(at, s)| denies(s) && !is_announcement(*at)).map(|(_, s)| s);
    let standing = |list: &List| {
        if let Some(sentence) = denied {
            return Standing::Refused(format!("a sentence may deny it: “{}”", openness::shown(sentence)));
        }
        let before = list.before.checked_sub(1).and_then(|at| sentences.get(at));
        let announced = before.map_or(Announces::Nothing, |sentence| announces(sentence, own));
        if announced == Announces::Unclear {
            let shown = openness::shown(before.map_or("", String::as_str));
            return Standing::Refused(format!("the sentence before it is not understood: “{shown}”"));
        }
        let heading = list.headings.checked_sub(1).and_then(|at| headings.get(at));
        if let Some((_, heading)) = heading.filter(|(_, h)| !is_of_returns(h, own)) {
            return Standing::Refused(format!("it stands below the heading “{}”", openness::shown(heading)));
        }
        let sentences = sentences.get(..list.before).unwrap_or_default();
        match head(&list.head) {
            Head::Unclear if announced == Announces::Codes && is_of_what_is_returned(&list.head, sentences) => Standing::Codes,
            Head::Unclear => Standing::Refused(format!("the head of its table is not understood: {}", list.head.join(" | "))),
            Head::Values if announced == Announces::Nothing => Standing::Results,
            Head::Values | Head::Codes => Standing::Codes,
        }
    };
    lists.iter().map(standing).collect()
}

/// Where in the sentences those begin that stand below a heading of something else, and where they end.
pub(super) fn elsewhere(cut: &Cut, own: Own<'_>) -> Vec<Range<usize>> {
    let ends = cut.headings.iter().skip(1).map(|(at, _)| *at).chain([cut.sentences.len()]);
    let ranges = cut.headings.iter().zip(ends).filter(|((_, heading), _)| !is_of_returns(heading, own));
    ranges.map(|((from, _), to)| *from..to).collect()
}

/// Whether a heading within the section is that of codes of this function.
fn is_of_returns(heading: &str, own: Own<'_>) -> bool {
    const OF_CODES: &[&str] = &[
        "return",
        "returned",
        "error",
        "status",
        "success",
        "failure",
        "warning",
        "informational",
        "ntstatus",
        "hresult",
        "code",
        "codes",
        "value",
        "values",
        "other",
        "additional",
        "possible",
        "and",
        "the",
    ];
    let folded = locale::fold(heading);
    let is_named = || {
        let tokens = tokens(heading);
        let mut c = Cursor { tokens: &tokens, own };
        own.name.is_some() && c.subject().is_some() && c.is_at_end()
    };
    locale::is_one_of(&folded, |w| w.return_value)
        || locale::is_one_of(&folded, |w| w.return_code)
        || folded.split(' ').all(|word| OF_CODES.contains(&word))
        || is_named()
}

/// What the heads of the columns of a table say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Head {
    /// That its rows are codes; a list without a head, too.
    Codes,
    /// That its rows are values of something.
    Values,
    Unclear,
}

fn head(head: &[String]) -> Head {
    const CODES: &[&str] = &[
        "return codes",
        "return value",
        "return values",
        "error code",
        "error codes",
        "error value",
        "error",
        "status",
        "status code",
        "status codes",
        "status value",
        "ntstatus",
        "ntstatus code",
        "ntstatus value",
        "hresult",
        "code",
        "codes",
        "",
    ];
    const VALUES: &[&str] = &["value", "values", "constant", "name", "result"];
    const BESIDE: &[&str] = &[
        "",
        "description",
        "meaning",
        "explanation",
        "definition",
        "comment",
        "comments",
        "reason",
        "cause",
        "condition",
        "value",
        "number",
        "numeric value",
    ];
    let mut all = head.iter().map(|h| locale::fold(h.trim_matches(['*', '`', ' '])));
    let Some(first) = all.next() else { return Head::Codes };
    // A translated head has translated words beside it.
    let found = if locale::is_one_of(&first, |w| w.return_code) || CODES.contains(&first.as_str()) {
        Head::Codes
    } else if VALUES.contains(&first.as_str()) {
        Head::Values
    } else {
        return Head::Unclear;
    };
    let is_english = first.as_str() == "return code" || found == Head::Values || CODES.contains(&first.as_str());
    if all.all(|h| !is_english || BESIDE.contains(&h.as_str())) { found } else { Head::Unclear }
}

/// Whether a table is of what a sentence before it says is returned, and of its values: "Returns the previous mode." above `Mode | Value`.
fn is_of_what_is_returned(head: &[String], sentences: &[String]) -> bool {
    let [first, second] = head else { return false };
    let first = locale::fold(first);
    let returns = |sentence: &str| locale::fold(sentence).strip_prefix("returns ").is_some_and(|what| what.contains(&first));
    !first.is_empty() && locale::fold(second) == "value" && sentences.iter().any(|s| returns(s))
}

/// What the sentence before a list says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Announces {
    /// That it is of what the function returns.
    Codes,
    /// Nothing: it is about something else.
    Nothing,
    Unclear,
}

/// The words by which a sentence speaks of a list.
const LISTS: &[&str] = &["following", "below", "above", "preceding", "these", "those", "table", "list", "listed"];

/// The words that deny.
const DENIES: &[&str] = &[
    "not",
    "never",
    "no",
    "none",
    "neither",
    "nor",
    "cannot",
    "can't",
    "isn't",
    "aren't",
    "doesn't",
    "don't",
    "won't",
    "without",
    "except",
    "excluding",
    "nothing",
];

/// The words that begin what says when, up to the next comma.
const CASE: &[&str] = &["if", "when", "unless", "because", "indicating"];

/// The words of a sentence that announces a list of what is returned.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "a", "an", "the", "this", "these", "those", "it", "its", "of", "as", "in", "on", "to", "by", "with", "for", "from", "and", "or", "be",
    "is", "are", "was", "either", "one", "any", "all", "some", "each", "following", "follows", "below", "above", "table", "tables", "list",
    "listed", "lists", "shown", "shows", "described", "defined", "given", "gives", "see", "return", "returns", "returned", "may", "might",
    "can", "could", "must", "should", "will", "shall", "also", "always", "either", "otherwise", "then", "possible", "additional", "other",
    "another", "appropriate", "different", "various", "specific", "common", "typical", "such", "like", "include", "includes",
    "including", "limited", "value", "values", "code", "codes", "status", "statuses", "error", "errors", "result", "results", "ntstatus",
    "nt", "hresult", "hresults", "dword", "ndis", "enumeration", "enumerator", "enumerators", "constant", "constants", "completion",
    "informational", "warning", "success", "successful", "successfully", "failure", "failures", "fails", "succeeds", "signed", "type",
    "qualifier", "qualifiers", "meaning", "meanings", "description", "function", "routine", "method", "methods", "macro", "callback",
    "call", "operation", "operations", "request", "particular", "more", "information", "about", "details", "com", "note", "particular",
    "however", "that", "which", "depending", "allowed", "s", "caused", "indicates", "comparison", "least", "possibly",
];

/// Whether a sentence speaks of a list and denies something.
fn denies(sentence: &str) -> bool {
    let tokens = without_limits(sentence);
    let speaks_of_list = tokens.iter().any(|t| t.is_word(LISTS));
    let mut c = Cursor { tokens: &tokens, own: Own::default() };
    let is_not_all = c.eat_all("this list does not contain all");
    speaks_of_list && !is_not_all && has_outside_cases(&tokens, DENIES)
}

/// The tokens of a sentence without "but are not limited to", which denies nothing.
fn without_limits(sentence: &str) -> Vec<Token<'_>> {
    let mut tokens = tokens(sentence);
    let limits = |t: &[Token<'_>]| matches!(t, [but, are, not, limited, ..] if but.is_word(&["but"]) && are.is_word(&["are", "is"]) && not.is_word(&["not"]) && limited.is_word(&["limited"]));
    if let Some(at) = tokens.windows(4).position(limits) {
        tokens.drain(at..at + 4);
    }
    tokens
}

/// Whether a sentence has one of the words outside what says when.
fn has_outside_cases(tokens: &[Token<'_>], words: &[&str]) -> bool {
    let mut in_case = false;
    tokens.iter().any(|token| {
        in_case = (in_case || token.is_word(CASE)) && !matches!(token, Token::Mark(',' | ';' | ':'));
        !in_case && token.is_word(words)
    })
}

fn announces(sentence: &str, own: Own<'_>) -> Announces {
    let tokens = without_limits(sentence);
    let folded = locale::fold(sentence);
    if !folded.contains(|c: char| c.is_alphabetic()) {
        return Announces::Nothing;
    }
    if !openness::is_english(&folded) {
        match openness::foreign(&folded, &tokens, own.name) {
            // Few words of English need not be enough to tell it by.
            Foreign::Unclear if folded.is_ascii() => {}
            Foreign::Unclear if !openness::opens(&folded) => return Announces::Unclear,
            _ => return Announces::Codes,
        }
    }
    let said = sentence::read(&tokens, own);
    if said.list.is_some() {
        return Announces::Codes;
    }
    let speaks_of_list = tokens.iter().any(|t| t.is_word(LISTS)) || sentence.ends_with(':');
    if said.whole || !speaks_of_list && !has_outside_cases(&tokens, DENIES) {
        return if speaks_of_list { Announces::Codes } else { Announces::Nothing };
    }
    if speaks_of_list && are_words_known(&tokens, own) { Announces::Codes } else { Announces::Unclear }
}

/// Whether all words outside what says when are those of an announcement, and whoever returns or is returned from is this function.
fn are_words_known(tokens: &[Token<'_>], own: Own<'_>) -> bool {
    let mut in_case = false;
    for (at, token) in tokens.iter().enumerate() {
        let rest = tokens.get(at..).unwrap_or_default();
        match token {
            Token::Mark(',' | ';') => in_case = false,
            _ if token.is_word(CASE) => in_case = true,
            _ if in_case && begins_rest(rest) => in_case = false,
            _ if in_case => {}
            Token::Word(word) => {
                // "A client's", and the name of a header.
                let is_harmless = ["'s", "’s", ".h"].iter().any(|end| word.ends_with(end));
                if !is_harmless && !token.is_word(WORDS) && !is_own(rest, own) {
                    return false;
                }
            }
            Token::Name(_) => {
                let after = at.checked_sub(1).and_then(|before| tokens.get(before));
                let is_source = after.is_some_and(|t| t.is_word(&["by", "from"]));
                if (is_source || returns(rest)) && !is_own(rest, own) {
                    return false;
                }
            }
            _ => {}
        }
    }
    !in_case
}

fn is_own(rest: &[Token<'_>], own: Own<'_>) -> bool {
    let mut c = Cursor { tokens: rest, own };
    // Pages of functions with "Ex" were made of those without, and name those.
    let is_former = |name: &str| own.name.is_some_and(|own| own.strip_suffix("Ex") == Some(name));
    // The name of a callback is often known from its type only: `FnThingSend` is called `ThingSend`.
    let is_short = |name: &str| {
        let bare = name.strip_prefix("pfn").unwrap_or(name);
        let end = |own: &str| own.len().checked_sub(bare.len()).and_then(|at| own.get(at..)).map(str::to_owned);
        own.is_callback && bare.len() > 5 && own.name.and_then(end).is_some_and(|end| end.eq_ignore_ascii_case(bare))
    };
    match rest.first() {
        Some(Token::Name(name)) if own.name.is_none() || is_former(name) || is_short(name) => true,
        Some(Token::Word(_)) if own.name.is_none() && own.is_callback && returns(rest) => true,
        _ => c.subject().is_some(),
    }
}

/// Whether a name is followed by what it returns.
fn returns(rest: &[Token<'_>]) -> bool {
    let verb = |t: &Token<'_>| t.is_word(&["returns", "return", "can", "may", "might", "must", "should", "will", "also"]);
    let is_kind = |t: &&Token<'_>| t.is_word(&["function", "routine", "method", "macro", "callback", "event", "either"]);
    rest.iter().skip(1).find(|t| !is_kind(t)).is_some_and(verb)
}

/// "… or an appropriate value", "… or one of the following": what says when is over.
fn begins_rest(rest: &[Token<'_>]) -> bool {
    matches!(rest, [or, next, ..] if or.is_word(&["or"]) && next.is_word(&["a", "an", "one", "the"]))
}
