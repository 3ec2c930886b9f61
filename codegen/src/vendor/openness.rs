//! Whether a set of codes is closed: what the words around it say.
//!
//! In: the sentences of a return section, one by one. Out: open, closed, or unknown. A set is closed only by words that close it and
//! where no other sentence speaks of results; one word that opens it outweighs them all. The words are in [`phrases`]; of a
//! language whose words are not known nothing is concluded.

use super::phrases::LANGUAGES;
use super::{locale, phrases};

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
    /// A sentence before the one that closes the set named codes that the list has not.
    more: bool,
    /// The last sentence closes the set.
    just_closed: bool,
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

    /// A sentence beside the list, and how many codes it names.
    pub(super) fn sentence(&mut self, sentence: &str, named: usize) {
        let folded = locale::fold(sentence);
        self.just_closed = false;
        if !folded.contains(|c: char| c.is_alphabetic()) {
            return;
        }
        if has(&folded, |p| &p.opens) {
            self.opens = true;
        } else if has(&folded, |p| &p.closes) {
            self.closes = true;
            self.just_closed = true;
            // "Returns X if it succeeds. Otherwise, it returns one of the following" closes the set of both.
            if folded.starts_with("otherwise") {
                self.more = false;
            }
            if has(&folded, |p| &p.perhaps) {
                self.doubt("it says of the codes only that they might be returned");
            }
        } else if named == 1 && locale::mentions(&folded, |w| w.always) {
            self.always = true;
        } else if named == 0 {
            if !is_english(&folded) {
                self.doubt("it has a sentence that is not understood");
            } else if speaks_of_results(&folded) {
                self.doubt("a sentence of it speaks of results that no list names");
            }
        }
    }

    /// The last sentence names codes that the list has not.
    pub(super) fn names_more(&mut self) {
        if !self.just_closed {
            self.more = true;
        }
    }

    /// The description of a code. It does not speak of other codes, unless it says so.
    pub(super) fn description(&mut self, text: &str) {
        if has(&locale::fold(text), |p| &p.opens) {
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

/// Whether a sentence has one of the phrases: of an English one only those of English are looked for, for there are many.
pub(super) fn has(folded: &str, pick: phrases::Pick) -> bool {
    let all = LANGUAGES.as_slice();
    let languages = if is_english(folded) { all.get(..1).unwrap_or(all) } else { all };
    phrases::has(folded, languages, pick)
}

/// Whether a folded sentence is English: only of English it can be said what a sentence does not speak of.
pub(super) fn is_english(folded: &str) -> bool {
    let is_english = |w: &str| matches!(w, "the" | "this" | "returns" | "returned" | "return" | "if");
    folded.split(|c: char| !c.is_alphanumeric()).any(is_english)
}

fn speaks_of_results(folded: &str) -> bool {
    ["error", "fail", "status", "return", "otherwise", "succe", "hresult"].iter().any(|word| folded.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sentences: &[&str]) -> Option<bool> {
        let mut reading = Reading::default();
        sentences.iter().for_each(|s| reading.sentence(s, 0));
        match reading.verdict(true, 2) {
            Openness::Open => Some(true),
            Openness::Closed => Some(false),
            Openness::Unknown(_) => None,
        }
    }

    #[test]
    fn a_set_is_closed_by_words_that_close_it_and_by_nothing_else() {
        for closed in [
            "X returns one of the following NTSTATUS codes:",
            "X returns one of these values.",
            "X gibt einen der folgenden NTSTATUS-Codes zurück:",
            "X retourne l’un des codes NTSTATUS suivants :",
            "X 次のいずれかの NTSTATUS コードを返します。",
        ] {
            assert_eq!(of(&[closed]), Some(false), "{closed}");
            assert_eq!(of(&[closed, "It might also return other NTSTATUS values."]), Some(true), "{closed}");
            assert_eq!(of(&[closed, "Det kan også returnere andre koder."]), None, "{closed}");
        }
        for unknown in
            ["X returns:", "The following codes are returned.", "It might return one of the following values:", "X kaldes."]
        {
            assert_eq!(of(&[unknown]), None, "{unknown}");
        }
        for open in [
            "X returns an appropriate code, such as one of the following:",
            "Possible return values include, but are not limited to:",
        ] {
            assert_eq!(of(&[open]), Some(true), "{open}");
        }
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn a_description_that_speaks_of_other_codes_leaves_the_set_unknown() {
        let mut reading = Reading::default();
        reading.sentence("X returns one of the following values:", 0);
        reading.description("It failed, for example by an error code of the device.");
        assert!(matches!(reading.verdict(true, 1), Openness::Unknown(Some(_))));
    }
}
