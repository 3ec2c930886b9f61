//! Tags with many attributes, made short for the tokenizer of HTML.
//!
//! In: HTML. Out: the same text with the attributes of long tags blanked, every byte at its place. Separate because it is about that
//! tokenizer alone: it calls itself anew for each attribute in double quotes, so a tag with enough of them would overflow the stack.
//! What a page states stands in no attribute.

use std::borrow::Cow;
use std::ops::Range;

use html5gum::naive_next_state;

/// The attributes of a tag with more bytes than this are blanked.
const LONG: usize = 256;

/// Whether what stands in elements such as `script` is text, tags included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scripts {
    /// It is text.
    AreText,
    /// A tag in them is one as elsewhere.
    HaveTags,
}

/// Blanks the attributes of long tags.
pub(super) fn without_long_tags(text: &str, scripts: Scripts) -> Cow<'_, str> {
    if text.len() <= LONG {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut copied = 0;
    for attributes in attributes_of_long_tags(text, scripts) {
        out.push_str(text.get(copied..attributes.start).unwrap_or_default());
        out.extend(attributes.clone().map(|_| ' '));
        copied = attributes.end;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// The places of the attributes of long tags, in order.
fn attributes_of_long_tags(text: &str, scripts: Scripts) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = find(text, at, "<") {
        let rest = text.as_bytes().get(open + 1..).unwrap_or_default();
        at = match rest {
            [b'!', b'-', b'-', ..] => end_of_comment(text, open + "<!--".len()),
            [b'/', b'>', ..] => open + "</>".len(),
            [b'/', c, ..] | [c, ..] if c.is_ascii_alphabetic() => {
                let tag = Tag::read(text.as_bytes(), open);
                if tag.end - open > LONG {
                    found.push(tag.attributes.clone());
                }
                let name = text.get(tag.name.clone()).unwrap_or_default().to_ascii_lowercase();
                let is_start = rest.first() != Some(&b'/');
                if scripts == Scripts::AreText && is_start && naive_next_state(name.as_bytes()).is_some() {
                    end_of_script(text, tag.end, &name)
                } else {
                    tag.end
                }
            }
            [b'!' | b'?' | b'/', ..] => find(text, open, ">").map_or(text.len(), |end| end + 1),
            _ => open + 1,
        };
    }
    found
}

fn find(text: &str, from: usize, what: &str) -> Option<usize> {
    memchr::memmem::find(text.as_bytes().get(from..)?, what.as_bytes()).map(|at| from + at)
}

/// Where a comment ends whose text begins at `from`.
fn end_of_comment(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    if let Some(short) = [">", "->"].into_iter().find(|end| rest.starts_with(end)) {
        return from + short.len();
    }
    let mut at = from;
    while let Some(dashes) = find(text, at, "--") {
        let after = dashes + "--".len();
        let rest = text.get(after..).unwrap_or_default();
        if let Some(end) = [">", "!>"].into_iter().find(|end| rest.starts_with(end)) {
            return after + end.len();
        }
        at = dashes + 1;
    }
    text.len()
}

/// Where the end tag of an element begins whose text is not looked at.
fn end_of_script(text: &str, from: usize, name: &str) -> usize {
    let mut at = from;
    while let Some(open) = find(text, at, "</") {
        let start = open + "</".len();
        let is_name = text.get(start..start + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name));
        let ends = matches!(text.as_bytes().get(start + name.len()), Some(b'\t' | b'\n' | 0x0C | b' ' | b'/' | b'>'));
        if is_name && ends && name != "plaintext" {
            return open;
        }
        at = start;
    }
    text.len()
}

/// A tag.
struct Tag {
    name: Range<usize>,
    /// From behind the name to the slash and the bracket that end it.
    attributes: Range<usize>,
    /// One past its last byte.
    end: usize,
}

/// What the next byte of a tag belongs to.
#[derive(Clone, Copy, PartialEq)]
enum State {
    BeforeName,
    Name,
    AfterName,
    BeforeValue,
    /// A value that ends with this quote.
    Quoted(u8),
    Unquoted,
    Slash,
}

impl Tag {
    /// Reads the tag that begins at `open`; one that does not end goes to the end of the text.
    fn read(text: &[u8], open: usize) -> Self {
        let is_space = |c: u8| matches!(c, b'\t' | b'\n' | 0x0C | b' ');
        let first = open + 1 + usize::from(text.get(open + 1) == Some(&b'/'));
        let behind = text.iter().skip(first).position(|c| is_space(*c) || matches!(c, b'/' | b'>'));
        let behind = behind.map_or(text.len(), |len| first + len);
        let mut state = State::BeforeName;
        for (at, c) in text.iter().copied().enumerate().skip(behind) {
            let is_end = c == b'>' && !matches!(state, State::Quoted(_));
            if is_end {
                let last = if state == State::Slash { at - 1 } else { at };
                return Self { name: first..behind, attributes: behind..last, end: at + 1 };
            }
            state = match (state, c) {
                (State::Quoted(quote), c) if c == quote => State::BeforeName,
                (State::Quoted(quote), _) => State::Quoted(quote),
                (State::BeforeValue | State::Unquoted, c) if !is_space(c) => match (state, c) {
                    (State::BeforeValue, b'"' | b'\'') => State::Quoted(c),
                    _ => State::Unquoted,
                },
                (State::BeforeValue, _) => State::BeforeValue,
                (State::Unquoted, _) => State::BeforeName,
                (State::BeforeName | State::Name | State::AfterName | State::Slash, b'/') => State::Slash,
                (State::Name | State::AfterName, b'=') => State::BeforeValue,
                (State::Name | State::AfterName, c) if is_space(c) => State::AfterName,
                (State::BeforeName | State::Slash, c) if is_space(c) => State::BeforeName,
                // Of a name that begins with it the sign is a part.
                (State::BeforeName | State::Name | State::AfterName | State::Slash, _) => State::Name,
            };
        }
        Self { name: first..behind, attributes: behind..text.len(), end: text.len() }
    }
}

#[cfg(test)]
mod tests {
    use html5gum::emitters::default::DefaultEmitter;
    use html5gum::{Token, Tokenizer};
    use proptest::prelude::*;

    use super::*;

    /// The tokens with their places, attributes left out.
    fn tokens(text: &str, scripts: Scripts) -> Vec<(String, usize, usize)> {
        let mut emitter = DefaultEmitter::<usize>::new_with_span();
        emitter.naively_switch_states(scripts == Scripts::AreText);
        let name = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Tokenizer::new_with_emitter(text, emitter)
            .filter_map(|token| {
                let Ok(token) = token;
                Some(match token {
                    Token::String(s) => (format!("text {}", name(&s.value)), s.span.start, s.span.end),
                    Token::StartTag(t) => (format!("{} {}", name(&t.name), t.self_closing), t.span.start, t.span.end),
                    Token::EndTag(t) => (format!("end {}", name(&t.name)), t.span.start, t.span.end),
                    Token::Comment(c) => ("comment".to_owned(), c.span.start, c.span.end),
                    _ => return None,
                })
            })
            .collect()
    }

    #[test]
    fn a_long_tag_keeps_its_name_and_its_place() {
        let attributes = "a=\">\" b='x' c=/ d ".repeat(30);
        let text = format!("<p>é</p><A\n{attributes}/>t<b>u</b></a {attributes}>");
        let short = without_long_tags(&text, Scripts::AreText);
        assert_eq!(short.len(), text.len());
        assert!(short.len() > short.replace(' ', "").len() + 2 * attributes.len());
        assert_eq!(tokens(&short, Scripts::AreText), tokens(&text, Scripts::AreText));
        // What only looks like a tag is left alone.
        for text in [format!("<!-- <a {attributes} --><p>"), format!("<script>a <b {attributes}</script><p>")] {
            assert_eq!(without_long_tags(&text, Scripts::AreText), text);
        }
    }

    #[test]
    fn a_tag_with_any_number_of_attributes_is_read_on_a_small_stack() {
        let read = || {
            let text = format!("<a {}>t", "x=\"1\" ".repeat(100_000));
            tokens(&without_long_tags(&text, Scripts::AreText), Scripts::AreText).len()
        };
        let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(read).expect("a thread");
        assert_eq!(thread.join().expect("no overflow"), 2);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

        /// The tokenizer itself is the judge: blanking changes nothing but attributes.
        #[test]
        fn the_tokens_stay_the_same(pieces in proptest::collection::vec(prop::sample::select(vec![
            "<", ">", "/", "=", "\"", "'", " ", "\n", "a", "B", "é", "!", "--", "-", "?", "&", "&amp;", "</", "<!--", "-->", "<a ", "</p", "x=\"",
            "script", "<script>", "</script>", "<title ", "</title>", "<plaintext>", "<!doctype html>", "<![CDATA[", "]]>",
        ]), 0..60)) {
            // The letters make tags long. Few attributes, for the judge has no limit.
            let text = pieces.join("").replace('B', &format!(" b=\"{}\" ", "1".repeat(300)));
            // In a script, `<!--<script` changes what ends it, which is not followed here.
            for scripts in [Scripts::HaveTags, Scripts::AreText] {
                if scripts == Scripts::AreText && text.contains("script") && text.contains("<!--") {
                    continue;
                }
                let short = without_long_tags(&text, scripts);
                prop_assert_eq!(short.len(), text.len());
                prop_assert_eq!(tokens(&short, scripts), tokens(&text, scripts));
            }
        }
    }
}
