//! A sentence of a return section as a run of tokens.
//!
//! In: the sentence, without formatting. Out: its words, the results and the other names that it has, and its marks. Nothing is copied:
//! words are compared without regard to case.

use super::code_names::is_result;

/// A word or mark of a sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'s> {
    /// A word of a language, whatever its case.
    Word(&'s str),
    /// The name of a result: `STATUS_PENDING`.
    Code(&'s str),
    /// The name of a result in the brackets of a macro or of another call: what is returned is what is made of it.
    Argument(&'s str),
    /// Any other name: `WskSend`, `IO_STATUS_BLOCK`, `IRemoteTarget::Stop`.
    Name(&'s str),
    /// A mark between words.
    Mark(char),
}

impl<'s> Token<'s> {
    /// The token, if it is one of the words, in any case.
    pub(super) fn is_word(self, words: &[&str]) -> bool {
        matches!(self, Token::Word(word) if words.iter().any(|w| w.eq_ignore_ascii_case(word)))
    }
}

/// The tokens of a sentence.
pub(super) fn tokens(sentence: &str) -> Vec<Token<'_>> {
    let mut out = Vec::with_capacity(sentence.len() / 5 + 2);
    let mut rest = sentence;
    let mut in_call = false;
    while let Some(c) = rest.chars().next() {
        let length = word_length(rest);
        let behind = if length > 0 {
            let word = rest.get(..length).unwrap_or_default();
            out.push(classified(word, in_call));
            let behind = rest.get(length..).unwrap_or_default();
            in_call |= behind.starts_with('(') && !is_result(word);
            behind
        } else {
            in_call &= c != ')';
            if !c.is_whitespace() && !matches!(c, '*' | '`' | '"' | '“' | '”') {
                out.push(Token::Mark(c));
            }
            rest.get(c.len_utf8()..).unwrap_or_default()
        };
        rest = behind;
    }
    out
}

/// How long the word is with which a text begins. Dots, colons, hyphens and apostrophes between its parts belong to it. A word of
/// another script ends where a name begins.
fn word_length(text: &str) -> usize {
    let part = |text: &str| {
        let is_latin = |c: char| c < '\u{250}';
        let begins_latin = text.starts_with(is_latin);
        let is_part = |c: &char| (c.is_alphanumeric() || *c == '_') && is_latin(*c) == begins_latin;
        text.chars().take_while(is_part).map(char::len_utf8).sum::<usize>()
    };
    let mut at = part(text);
    while at > 0 {
        let behind = text.get(at..).unwrap_or_default();
        let Some(joint) = ["::", "->", ".", "'", "’", "-"].into_iter().find(|j| behind.starts_with(j)) else { break };
        let next = part(behind.get(joint.len()..).unwrap_or_default());
        if next == 0 {
            break;
        }
        at += joint.len() + next;
    }
    at
}

fn classified(word: &str, in_call: bool) -> Token<'_> {
    // A name in italics.
    let word = word.strip_prefix('_').and_then(|w| w.strip_suffix('_')).filter(|w| !w.is_empty()).unwrap_or(word);
    if is_result(word) {
        return if in_call { Token::Argument(word) } else { Token::Code(word) };
    }
    let is_mixed = word.as_bytes().windows(2).any(|pair| matches!(pair, [b'a'..=b'z', b'A'..=b'Z']));
    let is_plain = !word.contains(['_', ':', '>']) && (!is_mixed || word.contains('-'));
    if is_plain { Token::Word(word) } else { Token::Name(word) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_names_codes_and_marks() {
        use Token::{Argument, Code, Mark, Name, Word};
        assert_eq!(
            tokens("IWork::Stop() **returns** `STATUS_A_B`, if the plug-in's IRP isn’t HRESULT_FROM_NT(STATUS_C_D)."),
            [
                Name("IWork::Stop"),
                Mark('('),
                Mark(')'),
                Word("returns"),
                Code("STATUS_A_B"),
                Mark(','),
                Word("if"),
                Word("the"),
                Word("plug-in's"),
                Word("IRP"),
                Word("isn’t"),
                Name("HRESULT_FROM_NT"),
                Mark('('),
                Argument("STATUS_C_D"),
                Mark(')'),
                Mark('.'),
            ]
        );
        assert_eq!(tokens("STATUS_A_B(0x0)"), [Code("STATUS_A_B"), Mark('('), Word("0x0"), Mark(')')]);
        assert_eq!(tokens("WskSend返回STATUS_A_B"), [Name("WskSend"), Word("返回"), Code("STATUS_A_B")]);
        assert!(tokens("").is_empty());
    }
}
