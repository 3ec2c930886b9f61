//! The parts of an English sentence that says what a function returns: who returns, the verb, and what is returned.
//!
//! In: the tokens of the sentence. Out: each part, if it has one of the forms that are understood; else nothing is consumed. Who reads
//! them in which order is [`super::sentence`].

use super::tokens::Token;

/// Who a section is about.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Own<'n> {
    /// The name of the function, or the name by which a callback is called in the first sentence about it.
    pub(super) name: Option<&'n str>,
    /// The name in the title of its page, where that is another: the kernel gives one service two names.
    pub(super) title: Option<&'n str>,
    /// Whether the driver implements it: then "the callback" is the one that the section is about.
    pub(super) is_callback: bool,
}

impl Own<'_> {
    /// Whether a name is that of the function, or of its page, or the other name of the same service of the kernel; a method may stand without its interface.
    fn has(self, name: &str) -> bool {
        let last = |name: &str| name.rfind([':', '.']).map_or(0, |at| at + 1);
        let is = |own: &str| {
            // `FsRtlFastUnlockAll~r1`: one page of several by that name.
            let own = own.split_once('~').map_or(own, |(own, _)| own);
            let (own, name) = (own.get(last(own)..).unwrap_or(own), name.get(last(name)..).unwrap_or(name));
            own.eq_ignore_ascii_case(name) || is_same_service(own, name)
        };
        self.name.is_none_or(|own| is(own) || self.title.is_some_and(is))
    }
}

/// Whether two names are those that the kernel gives to one service: `NtClose` and `ZwClose`. `Close` is something else.
fn is_same_service(a: &str, b: &str) -> bool {
    let cut =
        |name: &str| name.split_at_checked(2).map(|(prefix, rest)| (prefix.to_ascii_lowercase(), rest.to_ascii_lowercase()));
    let (Some((a, of_a)), Some((b, of_b))) = (cut(a), cut(b)) else { return false };
    of_a == of_b && matches!((a.as_str(), b.as_str()), ("nt", "zw") | ("zw", "nt"))
}

/// The subject of a clause.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Subject<'s> {
    /// Its name.
    Name(&'s str),
    /// "This function".
    This,
    /// "The event callback function", with its name or without.
    Callback(Option<&'s str>),
    /// "It", or none: that of the clause before.
    Same,
}

/// The verb of a clause.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Verb {
    /// "Always returns".
    pub(super) always: bool,
    /// "Might return".
    pub(super) perhaps: bool,
    /// "Fails and returns".
    pub(super) fails: bool,
    /// "Also returns": there is more.
    pub(super) also: bool,
    /// "Can return": of a callback that it is allowed, of a function no more than that it may happen.
    pub(super) can: bool,
}

/// A place in the tokens of a sentence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'t, 's> {
    pub(super) tokens: &'t [Token<'s>],
    pub(super) own: Own<'t>,
}

/// What a kind of function is called.
const FUNCTION: &[&str] = &["function", "routine", "method", "macro", "api", "ddi", "call"];

/// What a list may be said to be a list of.
const KIND: &[&str] =
    &["ntstatus", "nt", "status", "error", "return", "hresult", "dword", "result", "completion", "ndis", "enumeration"];

/// What a list is a list of.
const VALUES: &[&str] = &["values", "codes", "statuses", "constants", "enumerators"];

impl<'t, 's> Cursor<'t, 's> {
    pub(super) fn peek(&self) -> Option<Token<'s>> {
        self.tokens.first().copied()
    }

    pub(super) fn skip(&mut self) {
        self.tokens = self.tokens.get(1..).unwrap_or_default();
    }

    /// Consumes a word, if it is one of these.
    pub(super) fn eat(&mut self, words: &[&str]) -> bool {
        let is_it = self.peek().is_some_and(|t| t.is_word(words));
        if is_it {
            self.skip();
        }
        is_it
    }

    /// Consumes a mark, if it is one of these.
    pub(super) fn eat_mark(&mut self, marks: &[char]) -> bool {
        let is_it = matches!(self.peek(), Some(Token::Mark(mark)) if marks.contains(&mark));
        if is_it {
            self.skip();
        }
        is_it
    }

    /// Consumes these words, if all of them are there in that order.
    pub(super) fn eat_all(&mut self, words: &str) -> bool {
        let mut ahead = *self;
        let are_there = words.split(' ').all(|word| ahead.eat(&[word]));
        if are_there {
            *self = ahead;
        }
        are_there
    }

    /// Whether nothing is left but the mark at the end.
    pub(super) fn is_at_end(&self) -> bool {
        self.tokens.iter().all(|t| matches!(t, Token::Mark('.' | ':')))
    }

    /// "WskSend", "the WskSend routine", "this function", "a WSK application's WskAcceptEvent event callback function".
    pub(super) fn subject(&mut self) -> Option<Subject<'s>> {
        let mut ahead = *self;
        if ahead.eat(&["it"]) {
            *self = ahead;
            return Some(Subject::Same);
        }
        let is_this = ahead.peek().is_some_and(|t| t.is_word(&["the", "this"]));
        let has_article = ahead.eat(&["the", "this", "a", "an"]);
        let has_owner = has_article && ahead.eat_owner();
        let name = ahead.eat_own_name();
        let is_callback = ahead.own.is_callback && {
            let mut behind = ahead;
            behind.eat(&["event"]);
            let is_callback = behind.eat(&["callback"]);
            if is_callback {
                ahead = behind;
            }
            is_callback
        };
        let is_named = ahead.eat(FUNCTION);
        let found = match name {
            _ if is_callback && has_article => Subject::Callback(name),
            Some(name) => Subject::Name(name),
            // The function of somebody is another.
            None if is_named && is_this && !has_owner => Subject::This,
            None => return None,
        };
        *self = ahead;
        Some(found)
    }

    /// "WSK application's": the owner of a callback, up to three words.
    fn eat_owner(&mut self) -> bool {
        let is_owner = |t: &Token<'_>| matches!(t, Token::Word(word) if word.ends_with("'s") || word.ends_with("’s"));
        if let Some(at) = self.tokens.iter().take(3).position(is_owner)
            && self.tokens.iter().take(at).all(|t| matches!(t, Token::Word(_)))
        {
            self.tokens = self.tokens.get(at + 1..).unwrap_or_default();
            return true;
        }
        false
    }

    /// The name of the function; of one that has several forms, with what tells them apart: `GetData(ULONG)`.
    fn eat_own_name(&mut self) -> Option<&'s str> {
        let name = match self.peek()? {
            Token::Name(name) if self.own.has(name) => name,
            // A name in small letters or in capitals looks like a word, or like a code.
            Token::Word(name) | Token::Code(name) if self.own.name.is_some() && self.own.has(name) => name,
            _ => return None,
        };
        self.skip();
        let mut ahead = *self;
        if ahead.eat_mark(&['(']) {
            let close = ahead.tokens.iter().take(8).position(|t| *t == Token::Mark(')'));
            if let Some(at) = close {
                self.tokens = ahead.tokens.get(at + 1..).unwrap_or_default();
            }
        }
        Some(name)
    }

    /// "Returns", "must always return", "can return".
    pub(super) fn verb(&mut self) -> Option<Verb> {
        let mut ahead = *self;
        let mut found = Verb { also: ahead.eat(&["also"]), ..Verb::default() };
        ahead.eat(&["either", "then"]);
        if !ahead.eat(&["must", "should", "will", "shall"]) {
            found.can = ahead.eat(&["can"]);
            found.perhaps = !found.can && ahead.eat(&["could", "may", "might"]);
        }
        found.also |= ahead.eat(&["also"]);
        ahead.eat(&["either", "then"]);
        found.always = ahead.eat(&["always"]);
        found.fails = ahead.eat(&["fail", "fails"]);
        if (found.fails || ahead.eat(&["succeed", "succeeds"])) && !ahead.eat(&["and"]) {
            return None;
        }
        if !ahead.eat(&["returns", "return"]) {
            return None;
        }
        *self = ahead;
        Some(found)
    }

    /// Results one after the other, with the words that may stand before and behind them.
    pub(super) fn codes(&mut self) -> Option<Vec<&'s str>> {
        const BEFORE: &[&str] = &[
            "a",
            "an",
            "the",
            "either",
            "value",
            "of",
            "status",
            "code",
            "ntstatus",
            "hresult",
            "error",
            "informational",
            "success",
            "return",
            "which",
            "contains",
        ];
        const BEHIND: &[&str] = &["value", "values", "status", "error", "code", "codes"];
        let mut ahead = *self;
        let mut found = Vec::new();
        let mut behind = ahead;
        loop {
            // The words before a code are few.
            for _ in 0..5 {
                if !ahead.eat(BEFORE) && !ahead.eat_mark(&['-']) && !ahead.eat_all("such as") {
                    break;
                }
            }
            let Some(Token::Code(code)) = ahead.peek() else { break };
            found.push(code);
            ahead.skip();
            let mut number = ahead;
            if number.eat_mark(&['(']) {
                number.skip();
                if number.eat_mark(&[')']) {
                    ahead = number;
                }
            }
            ahead.eat(BEHIND);
            behind = ahead;
            let is_listed = ahead.eat_mark(&[',']) | ahead.eat(&["or", "and"]);
            if !is_listed {
                break;
            }
        }
        *self = behind;
        (!found.is_empty()).then_some(found)
    }

    /// "One of the following NTSTATUS codes", with all that may say which. What may stand behind it is not read.
    pub(super) fn listing(&mut self) -> Option<Listing> {
        let mut ahead = *self;
        ahead.eat_all("the status of its operation");
        if ahead.eat_mark(&['(']) && !(ahead.eat(&["s"]) && ahead.eat_mark(&[')'])) {
            return None;
        }
        ahead.eat(&["as"]);
        if !ahead.eat(&["one", "any", "either"]) || !ahead.eat(&["of"]) {
            return None;
        }
        let follows = ahead.eat_all("the following");
        if !follows && !ahead.eat(&["these", "the"]) {
            return None;
        }
        let needs_place = !follows && self.has_article_only(&ahead);
        let mut of_errors = false;
        let mut has_kind = false;
        // The words of a kind are few, and one of them may be the name of an enumeration.
        for _ in 0..4 {
            match ahead.peek() {
                Some(token) if token.is_word(VALUES) => {
                    ahead.skip();
                    has_kind = true;
                    break;
                }
                Some(token) if token.is_word(KIND) => of_errors |= token.is_word(&["error"]),
                Some(Token::Name(_)) => {}
                _ => break,
            }
            ahead.skip();
        }
        ahead.eat(&["that"]);
        ahead.eat(&["are"]);
        let is_placed = ahead.eat(&["listed", "described", "shown", "given"]) && ahead.eat_table() || ahead.eat_table();
        if needs_place && !(has_kind && is_placed) || !has_kind && !follows {
            return None;
        }
        *self = ahead;
        Some(Listing { of_errors })
    }

    fn has_article_only(&self, ahead: &Self) -> bool {
        let read = self.tokens.len() - ahead.tokens.len();
        self.tokens.get(read.saturating_sub(1)).is_some_and(|t| t.is_word(&["the"]))
    }

    /// "In the following table", "below".
    fn eat_table(&mut self) -> bool {
        self.eat_all("in the following table") || self.eat_all("in the table below") || self.eat(&["below"])
    }
}

/// A list that a clause says is the whole of what is returned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Listing {
    /// It is one of errors: what is returned on success is not in it.
    pub(super) of_errors: bool,
}
