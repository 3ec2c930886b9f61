//! What an English sentence of a return section says.
//!
//! In: its tokens, and whom the section is about. Out: the codes that this function returns by it, the codes that it names otherwise,
//! and whether it says that a list is whole. The forms that are understood are listed here; of any other sentence it is said that it is
//! not understood, and nothing is concluded from it.

use super::clause::{Cursor, Own, Subject, Verb};
use super::tokens::Token;

/// What a sentence says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Said<'s> {
    /// The codes that the function returns.
    pub(super) codes: Vec<&'s str>,
    /// The codes of which the sentence does not say so in a form that is understood.
    pub(super) unclear: Vec<&'s str>,
    /// The results that are arguments of a macro or of another call.
    pub(super) arguments: Vec<&'s str>,
    /// Which results are in the list that it announces.
    pub(super) list: Option<Scope>,
    /// It returns this code and no other.
    pub(super) always: bool,
    /// Every word of the sentence is understood.
    pub(super) whole: bool,
    /// The name by which it calls the function.
    pub(super) name: Option<&'s str>,
}

/// Which results a list has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scope {
    /// All of them.
    All,
    /// Those that the sentences before it have not.
    Rest,
    /// The errors.
    Errors,
    /// Those of a case.
    Case,
}

/// The words that begin what says when, or why, a code is returned.
const CASE: &[&str] = &[
    "if",
    "when",
    "on",
    "upon",
    "to",
    "for",
    "because",
    "since",
    "in",
    "after",
    "before",
    "while",
    "until",
    "indicating",
    "whether",
    "as",
];

/// The words that begin a sentence which says first when something is returned.
const LEAD: &[&str] = &["if", "when", "on", "upon", "for", "in"];

/// The words by which a case may say more than when a code is returned.
const SAYS_MORE: &[&str] = &[
    "or",
    "and",
    "else",
    "but",
    "except",
    "unless",
    "also",
    "only",
    "not",
    "code",
    "codes",
    "status",
    "statuses",
    "ntstatus",
    "hresult",
    "error",
    "errors",
    "value",
    "values",
    "return",
    "returns",
    "returned",
    "result",
    "results",
    "other",
    "another",
    "might",
    "may",
    "can",
    "could",
    "usually",
    "generally",
    "typically",
    "commonly",
    "least",
];

/// Who may be meant by "it", if a case speaks of them first.
const OTHERS: &[&str] = &[
    "callback",
    "driver",
    "driver's",
    "provider",
    "completion",
    "miniport",
    "filter",
    "application",
    "client",
    "transport",
    "subsystem",
];

/// When a sentence says that something is returned.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Lead {
    Always,
    Otherwise,
    OnFailure,
    InCase,
}

/// Reads a sentence.
pub(super) fn read<'s>(tokens: &[Token<'s>], own: Own<'_>) -> Said<'s> {
    let start = Cursor { tokens, own };
    let mut said = Said::default();
    if is_harmless(start) {
        said.whole = true;
    } else if let Some(found) = led(start) {
        said = found;
    }
    for token in tokens {
        match *token {
            Token::Code(code) if !said.codes.contains(&code) && !said.unclear.contains(&code) && said.name != Some(code) => {
                said.unclear.push(code);
            }
            Token::Argument(code) if !said.arguments.contains(&code) => said.arguments.push(code),
            _ => {}
        }
    }
    said.whole &= said.unclear.is_empty() && said.arguments.is_empty();
    said
}

/// A sentence that says nothing of what is returned.
fn is_harmless(start: Cursor<'_, '_>) -> bool {
    let speaks_of_results =
        |c: Cursor<'_, '_>| c.tokens.iter().any(|t| t.is_word(SAYS_MORE) || matches!(t, Token::Code(_) | Token::Argument(_)));
    let mut c = start;
    if c.eat(&["for"]) {
        c.eat(&["more"]);
        let how = c.eat_all("information about how to test ntstatus") && c.eat(&["values", "codes"]);
        return how && c.eat_mark(&[',']) && c.eat(&["see"]) && c.tokens.len() <= 8;
    }
    c.eat(&["a", "the"]);
    let mut bug = c;
    bug.eat(&["system"]);
    if bug.eat_all("bug check occurs if") {
        return !speaks_of_results(bug);
    }
    c.skip();
    c.eat_all("operation is always completed") && c.eat(&["asynchronously", "synchronously"]) && c.is_at_end()
}

/// Reads what says when, and then the clause.
fn led<'s>(start: Cursor<'_, 's>) -> Option<Said<'s>> {
    let mut c = start;
    if c.eat_mark(&['(']) && !(c.eat(&["ntstatus", "hresult"]) && c.eat_mark(&[')'])) {
        return None;
    }
    if c.eat(&["note"]) {
        c.eat_mark(&[':']);
    }
    if c.eat(&["however", "furthermore", "also", "additionally"]) {
        c.eat_mark(&[',']);
    }
    if c.eat(&["otherwise"]) {
        c.eat_mark(&[',']);
        return clause(c, Lead::Otherwise, &[]);
    }
    if c.eat_all("depending on") {
        let at = c.tokens.iter().take(6).position(|t| *t == Token::Mark(','))?;
        let is_plain = c.tokens.iter().take(at).all(|t| matches!(t, Token::Word(_)));
        c.tokens = c.tokens.get(at + 1..).unwrap_or_default();
        let said = clause(c, Lead::Always, &[]).filter(|_| is_plain)?;
        // What is always returned depends on nothing.
        return Some(Said { whole: said.whole && !said.always, always: false, ..said });
    }
    if !c.eat(LEAD) {
        return clause(c, Lead::Always, &[]);
    }
    /// A case has so few tokens, and so few commas: each of them may be the end of it.
    const LONGEST: usize = 200;
    const COMMAS: usize = 8;
    let in_case = c.tokens;
    let mut commas = 0;
    for at in 1..in_case.len().min(LONGEST) {
        let (before, after) = in_case.split_at_checked(at)?;
        let (case, mut rest) = match after.first()? {
            Token::Mark(',') if commas < COMMAS => {
                commas += 1;
                (before, Cursor { tokens: after.get(1..)?, ..c })
            }
            // "If it succeeds it returns": a case so short needs no comma.
            token if at <= 5 && token.is_word(&["it", "the", "this"]) && before.last().is_some_and(|t| is_outcome(*t)) => {
                (before, Cursor { tokens: after, ..c })
            }
            _ => continue,
        };
        rest.eat(&["then"]);
        let lead = if is_failure(case, c.own) { Lead::OnFailure } else { Lead::InCase };
        if let Some(mut said) = clause(rest, lead, case) {
            said.whole &= !case.iter().any(|t| t.is_word(SAYS_MORE)) || lead == Lead::OnFailure;
            return Some(said);
        }
    }
    None
}

fn is_outcome(token: Token<'_>) -> bool {
    token.is_word(&[
        "succeeds",
        "fails",
        "success",
        "failure",
        "successful",
        "unsuccessful",
        "succeeded",
        "failed",
        "successfully",
    ])
}

/// Whether a case is that the function fails.
fn is_failure(case: &[Token<'_>], own: Own<'_>) -> bool {
    let mut c = Cursor { tokens: case, own };
    if c.subject().is_none() {
        c.eat_all("the operation");
    }
    (c.eat(&["fails", "failure", "error", "unsuccessful"]) || c.eat_all("is unsuccessful") || c.eat_all("is not successful"))
        && c.is_at_end()
}

/// Whether "it" may be another function, after such a case.
fn may_mean_others(case: &[Token<'_>], own: Own<'_>) -> bool {
    let mut of_this = Cursor { tokens: case, own };
    let is_of_this = match of_this.subject() {
        Some(Subject::This | Subject::Callback(_)) => true,
        // Of a callback whose name is not known, any name could be its.
        Some(Subject::Name(_)) => own.name.is_some(),
        Some(Subject::Same) | None => false,
    };
    let case = if is_of_this { of_this.tokens } else { case };
    let speaks_of_others = case.iter().take(5).any(|t| t.is_word(OTHERS));
    let returns = case.iter().any(|t| t.is_word(&["return", "returns", "returned", "returning"]));
    let acts = |t: &Token<'_>| t.is_word(&["fails", "failed", "succeeds", "completes", "function", "routine", "method"]);
    let names_another = case.iter().zip(case.iter().skip(1)).take(4).any(|(name, next)| {
        matches!(name, Token::Name(_)) && acts(next) && Cursor { tokens: std::slice::from_ref(name), own }.subject().is_none()
    });
    speaks_of_others || returns || names_another || case.iter().any(|t| matches!(t, Token::Code(_)))
}

/// Reads who returns what.
fn clause<'s>(start: Cursor<'_, 's>, lead: Lead, case: &[Token<'_>]) -> Option<Said<'s>> {
    let mut said = Said { whole: true, ..Said::default() };
    let mut c = start;
    let may_be_others = may_mean_others(case, start.own);
    if let Some(codes) = passive(&mut c, lead) {
        if may_be_others {
            return None;
        }
        said.codes = codes;
        tail(c, lead, &mut said);
        return Some(said);
    }
    if let Some(listing) = c.listing() {
        let is_whole = (c.eat_all("is returned") || c.eat_all("are returned")) && c.is_at_end();
        if !is_whole || may_be_others {
            return None;
        }
        said.list = Some(scope(lead, listing.of_errors));
        return Some(said);
    }
    let subject = c.subject();
    let verb = c.verb()?;
    match subject {
        // "Returns" without a subject begins a sentence.
        None if !matches!(lead, Lead::Always | Lead::Otherwise) => return None,
        None | Some(Subject::Same) if may_be_others => return None,
        Some(Subject::Name(name) | Subject::Callback(Some(name))) => said.name = Some(name),
        _ => {}
    }
    // A callback "can return" what it is allowed to.
    let is_allowed = verb.can && matches!(subject, Some(Subject::Callback(_)));
    said.whole = !verb.perhaps && (!verb.can || is_allowed);
    if let Some(listing) = c.listing() {
        take_list(c, lead, listing.of_errors || verb.fails, &mut said);
        said.whole &= !verb.always && !verb.also;
    } else if let Some(codes) = c.codes() {
        said.codes = codes;
        said.always = verb.always && lead == Lead::Always && said.codes.len() == 1 && c.is_at_end();
        said.whole &= said.always || !verb.always;
        tail(c, lead, &mut said);
    } else if !is_type(c) {
        // What is returned is said in words; codes may follow as examples.
        said.whole = false;
        tail(c, lead, &mut said);
    }
    Some(said)
}

/// "An NTSTATUS value": what is returned is one, and nothing more is said.
fn is_type(mut c: Cursor<'_, '_>) -> bool {
    c.eat(&["an", "a"]);
    let is_type = c.eat(&["ntstatus", "hresult"]);
    c.eat(&["value", "code"]);
    is_type && c.is_at_end()
}

/// "STATUS_PENDING is returned", "the return value is STATUS_PENDING", "STATUS_PENDING if it is not done yet".
fn passive<'s>(c: &mut Cursor<'_, 's>, lead: Lead) -> Option<Vec<&'s str>> {
    let mut ahead = *c;
    if ahead.eat_all("the return value is") || ahead.eat_all("the possible return values are") {
        let codes = ahead.codes()?;
        *c = ahead;
        return Some(codes);
    }
    if ahead.eat(&["possible"]) {
        for _ in 0..4 {
            if ahead.eat(&["include", "includes"]) {
                let codes = ahead.codes()?;
                *c = ahead;
                return Some(codes);
            }
            ahead.eat(&["error", "status", "return", "codes", "values", "code", "value"]);
        }
        return None;
    }
    let codes = ahead.codes()?;
    let is_passive = ahead.eat_all("is returned") || ahead.eat_all("are returned") || ahead.eat_all("will be returned");
    let is_said = if is_passive {
        !ahead.peek().is_some_and(|t| t.is_word(&["by", "from", "to", "in", "through", "as", "at"]))
            || ahead.eat_all("to indicate")
    } else {
        lead == Lead::Always && ahead.peek().is_some_and(|t| t.is_word(&["if", "when"]))
    };
    is_said.then(|| {
        *c = ahead;
        codes
    })
}

fn scope(lead: Lead, of_errors: bool) -> Scope {
    match lead {
        Lead::Always if !of_errors => Scope::All,
        Lead::Always | Lead::OnFailure => Scope::Errors,
        Lead::Otherwise => Scope::Rest,
        Lead::InCase => Scope::Case,
    }
}

/// Takes a list, if nothing but its end stands behind it, or that it is of the case of failure.
fn take_list(mut c: Cursor<'_, '_>, lead: Lead, of_errors: bool, said: &mut Said<'_>) {
    let on_failure = c.eat_all("on failure") || c.eat_all("on error") || c.eat_all("if it fails");
    said.list = Some(scope(lead, of_errors || on_failure));
    said.whole &= c.is_at_end() && (lead != Lead::InCase);
}

/// Reads what stands behind the codes: when they are returned, and what else is.
fn tail<'s>(mut c: Cursor<'_, 's>, lead: Lead, said: &mut Said<'s>) {
    let mut in_case = false;
    let mut is_lost = said.codes.is_empty();
    while let Some(token) = c.peek() {
        if c.is_at_end() {
            return;
        }
        if c.eat_all("on success") || c.eat_all("if successful") || c.eat_all("on failure") || c.eat_all("if unsuccessful") {
            continue;
        }
        if let Some((rest, more)) = continued(c, in_case, is_lost) {
            match more {
                More::Codes(codes) => said.codes.extend(codes),
                More::List { of_errors, is_rest } => {
                    let lead = if is_rest { Lead::Otherwise } else { lead };
                    take_list(rest, lead, of_errors, said);
                    return;
                }
            }
            (c, in_case) = (rest, false);
            continue;
        }
        match token {
            Token::Code(_) | Token::Argument(_) => is_lost = true,
            _ if token.is_word(CASE) => in_case = true,
            _ if !in_case || token.is_word(SAYS_MORE) => said.whole = false,
            _ => {}
        }
        c.skip();
    }
}

/// What goes on behind a code.
enum More<'s> {
    Codes(Vec<&'s str>),
    List { of_errors: bool, is_rest: bool },
}

/// "; otherwise, it returns STATUS_PENDING", "or one of the following codes", "or an error code such as STATUS_NO_MEMORY".
fn continued<'t, 's>(c: Cursor<'t, 's>, in_case: bool, is_lost: bool) -> Option<(Cursor<'t, 's>, More<'s>)> {
    let mut ahead = c;
    if ahead.eat_all("such as") {
        return ahead.codes().filter(|_| !in_case).map(|codes| (ahead, More::Codes(codes)));
    }
    let is_apart = ahead.eat_mark(&[',', ';']);
    let joins = ahead.eat(&["or", "and", "else"]);
    let is_rest = ahead.eat(&["otherwise"]);
    ahead.eat_mark(&[',']);
    if !is_apart && !joins && !is_rest {
        return None;
    }
    let subject = ahead.subject();
    let verb: Option<Verb> = ahead.verb();
    if subject.is_some() && verb.is_none() {
        return None;
    }
    if verb.is_some_and(|v| v.perhaps || v.can || v.always) {
        return None;
    }
    // Behind a code that is not understood nobody knows who "it" is.
    if is_lost && subject.is_none_or(|s| s == Subject::Same) {
        return None;
    }
    if let Some(listing) = ahead.listing() {
        return Some((ahead, More::List { of_errors: listing.of_errors, is_rest }));
    }
    let codes = ahead.codes()?;
    let goes_on = ahead.peek().is_some_and(|t| t.is_word(CASE));
    let is_said = verb.is_some() || is_rest || joins && (is_apart || goes_on || !in_case && ahead.is_at_end());
    is_said.then_some((ahead, More::Codes(codes)))
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::*;

    fn own() -> Own<'static> {
        Own { name: Some("ThingSend"), ..Own::default() }
    }

    /// Codes, unclear codes, the list, and whether every word is understood.
    fn of(sentence: &str) -> (Vec<String>, Vec<String>, Option<Scope>, bool) {
        let tokens = tokens(sentence);
        let said = read(&tokens, own());
        let text = |codes: Vec<&str>| codes.into_iter().map(str::to_owned).collect();
        (text(said.codes), text(said.unclear), said.list, said.whole)
    }

    #[test]
    fn sentences_that_say_that_a_list_is_whole() {
        for sentence in [
            "ThingSend returns one of the following NTSTATUS codes:",
            "The **ThingSend** function returns one of the following:",
            "This function returns one of these status values:",
            "The routine must return one of the following values.",
            "The function returns one of the NTSTATUS values that are listed in the following table.",
            "One of the following values is returned:",
        ] {
            let (codes, unclear, list, whole) = of(sentence);
            assert_eq!((codes.len(), unclear.len()), (0, 0), "{sentence}");
            assert!(list.is_some() && whole, "{sentence}: {list:?} {whole}");
        }
        assert_eq!(of("ThingSend returns STATUS_A_B or one of the following codes:").2, Some(Scope::All));
        assert_eq!(of("Otherwise, it returns one of the following codes:").2, Some(Scope::Rest));
        assert_eq!(of("If the call fails, ThingSend returns one of the following codes:").2, Some(Scope::Errors));
        assert!(of("For information about how to test NTSTATUS values, see Using NTSTATUS Values .").3);
    }
}
