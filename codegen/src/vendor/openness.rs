//! Whether a set of codes is closed: what the words around it say.
//!
//! In: the sentences of a return section, one by one, as [`super::sentence`] understands them. Out: open, closed, or unknown. A set is closed
//! only by a sentence all of whose words are understood, and where every other sentence is understood, too; one word that opens it outweighs
//! them all. Words that open, and those that close in other languages, are in [`phrases`].

use super::phrases::{self, LANGUAGES};
use super::sentence::{Said, Scope};
use super::tokens::Token;

/// What the words of a section say of its set of codes.
#[derive(Debug, PartialEq)]
pub(super) enum Openness {
    /// Other codes may come.
    Open,
    /// No other code comes.
    Closed,
    /// Neither is said; why not, where that can be told.
    Unknown(Option<String>),
}

/// What has been read so far.
#[derive(Debug, Default)]
pub(super) struct Reading {
    opens: bool,
    closes: bool,
    always: bool,
    doubt: Option<String>,
    /// A sentence said what is returned in some case.
    named: bool,
    /// A sentence named codes that the list has not, and no sentence said since that the list is of what is left.
    more: bool,
}

impl Reading {
    /// Takes note that other codes may come.
    pub(super) fn opens(&mut self) {
        self.opens = true;
    }

    /// Takes note of something because of which the set cannot be called closed. The first is kept.
    pub(super) fn doubt(&mut self, why: &str) {
        self.doubt.get_or_insert_with(|| why.to_owned());
    }

    fn not_understood(&mut self, sentence: &str) {
        if self.doubt.is_none() {
            self.doubt(&format!("it has a sentence that is not understood: “{}”", shown(sentence)));
        }
    }

    /// Takes note of what an English sentence says. `names_more` is whether it names codes that the list has not.
    pub(super) fn sentence(&mut self, sentence: &str, said: &Said<'_>, names_more: bool) {
        if !said.whole {
            self.not_understood(sentence);
        }
        match said.list {
            Some(Scope::All) => self.closes = true,
            // "Returns X if it succeeds. Otherwise, it returns one of the following" closes the set of both.
            Some(Scope::Rest | Scope::Errors) if self.named || !said.codes.is_empty() => (self.closes, self.more) = (true, false),
            Some(Scope::Rest | Scope::Errors) => self.doubt("its list is of failures, and what comes otherwise is not said"),
            Some(Scope::Case) => self.doubt("its list is of one case"),
            None => self.more |= names_more,
        }
        self.named |= !said.codes.is_empty();
        self.always |= said.always;
    }

    /// Takes note of a sentence of another language. `names` and `names_more` are whether it names codes, and such as the list has not.
    pub(super) fn foreign(&mut self, sentence: &str, reads: Foreign, names: bool, names_more: bool) {
        match reads {
            Foreign::Closes => self.closes = true,
            Foreign::Always if names => self.always = true,
            Foreign::Plain if names => {}
            Foreign::Always | Foreign::Plain | Foreign::Unclear => self.not_understood(sentence),
        }
        self.more |= names_more;
        self.named |= names;
    }

    /// The description of a code. It does not speak of other codes, unless it says so.
    pub(super) fn description(&mut self, folded: &str) {
        /// Words of codes in general, or of what becomes of those of others.
        const OF_OTHERS: &[&str] = &[
            "ntstatus",
            "hresult",
            "codes",
            "statuses",
            "mapped",
            "propagated",
            "propagates",
            "propagate",
            "unchanged",
            "rest",
            "forwards",
        ];
        /// "Passed through".
        const PASSES: [&[&str]; 2] =
            [&["pass", "passes", "passed", "hands", "handed"], &["through", "up", "on", "back", "along"]];
        let words = || folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        let passes = words().zip(words().skip(1)).any(|(verb, how)| PASSES[0].contains(&verb) && PASSES[1].contains(&how));
        if has(folded, |p| &p.opens_in_descriptions) || passes || words().any(|w| OF_OTHERS.contains(&w)) {
            self.doubt("the description of a code speaks of others");
        }
    }

    /// What it comes to, of a section with or without a list, that names so many codes.
    pub(super) fn verdict(self, has_list: bool, codes: usize) -> Openness {
        if self.opens {
            return Openness::Open;
        }
        if self.doubt.is_some() {
            return Openness::Unknown(self.doubt);
        }
        if self.more && has_list {
            return Openness::Unknown(Some("a sentence names codes that its list has not".to_owned()));
        }
        if self.closes && has_list || self.always && codes == 1 { Openness::Closed } else { Openness::Unknown(None) }
    }
}

/// What a sentence of another language than English says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Foreign {
    /// That a list is whole.
    Closes,
    /// That one code is returned and no other.
    Always,
    /// What is returned; all its words are known.
    Plain,
    /// Something else.
    Unclear,
}

/// Reads a sentence of another language than English. `own` is the name of the function, where it is known.
pub(super) fn foreign(folded: &str, tokens: &[Token<'_>], own: Option<&str>) -> Foreign {
    let is_other = |name: &str| own.is_some_and(|own| !own.eq_ignore_ascii_case(name));
    let mut words = Vec::new();
    for token in tokens {
        match token {
            Token::Word(word) if own != Some(*word) => words.push(word.to_lowercase()),
            Token::Name(name) if is_other(name) => return Foreign::Unclear,
            _ => {}
        }
    }
    let parts = words.iter().flat_map(|w| w.split(['-', '\'', '’', '.', ':'])).filter(|w| !w.is_empty());
    match phrases::understood(folded, parts) {
        None => Foreign::Unclear,
        Some(true) => Foreign::Closes,
        Some(false) if super::locale::mentions(folded, |w| w.always) && !tokens.contains(&Token::Mark(',')) => Foreign::Always,
        Some(false) => Foreign::Plain,
    }
}

/// As much of a sentence as tells which one it is.
pub(super) fn shown(sentence: &str) -> String {
    const SHOWN: usize = 60;
    let mut chars = sentence.chars();
    let shown: String = chars.by_ref().take(SHOWN).collect();
    if chars.next().is_some() { shown + "…" } else { shown }
}

/// Whether a sentence says that codes may come which are not named. "No other code is returned" has the same words and says the opposite.
pub(super) fn opens(folded: &str) -> bool {
    let denies = |w: &str| matches!(w, "no" | "never" | "nothing" | "none" | "neither" | "nor" | "without" | "cannot");
    has(folded, |p| &p.opens) && !(is_english(folded) && folded.split(|c: char| !c.is_alphanumeric()).any(denies))
}

/// Whether a sentence has one of the phrases: of an English one only those of English are looked for, for there are many.
pub(super) fn has(folded: &str, pick: phrases::Pick) -> bool {
    let all = LANGUAGES.as_slice();
    let languages = if is_english(folded) { all.get(..1).unwrap_or(all) } else { all };
    phrases::has(folded, languages, pick)
}

/// Whether a folded sentence is English, whose sentences are taken apart.
pub(super) fn is_english(folded: &str) -> bool {
    let is_english = |w: &str| {
        matches!(
            w,
            "the"
                | "this"
                | "returns"
                | "returned"
                | "return"
                | "if"
                | "that"
                | "are"
                | "about"
                | "with"
                | "when"
                | "which"
                | "is"
                | "for"
                | "do"
                | "never"
                | "not"
        )
    };
    folded.split(|c: char| !c.is_alphanumeric()).any(is_english)
}
