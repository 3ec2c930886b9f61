//! The vendor's mixture of Markdown and HTML as a run of text and tags.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{HtmlString, Token, Tokenizer};

use super::tags::{Scripts, without_long_tags};
use crate::source::{Span, Spanned};

/// A piece of a page.
#[derive(Debug)]
pub(super) enum Piece {
    /// Text without tags, entities resolved, white space as it stands.
    Text(Spanned<String>),
    /// The beginning of an element.
    Open(String),
    /// The end of an element.
    Close(String),
}

/// Cuts a text at its tags.
pub(super) fn pieces(text: &str, place: Span) -> Vec<Piece> {
    let mut out = Vec::new();
    walk(text, place, |piece| {
        out.push(piece);
        true
    });
    out
}

/// Cuts a text at its tags, as long as more is wanted.
fn walk(text: &str, place: Span, mut wants_more: impl FnMut(Piece) -> bool) {
    if memchr::memchr3(b'<', b'&', 0, text.as_bytes()).is_none() && memchr::memchr(b'\r', text.as_bytes()).is_none() {
        // Nothing that the tokenizer would take for more than text.
        if !text.is_empty() {
            wants_more(Piece::Text(Spanned::new(text.to_owned(), place.part(0..text.len()))));
        }
        return;
    }
    let text = without_long_tags(text, Scripts::HaveTags);
    for token in Tokenizer::new_with_emitter(text.as_ref(), DefaultEmitter::<usize>::new_with_span()) {
        let Ok(token) = token;
        let piece = match token {
            Token::String(string) => {
                let span = place.part(string.span.start..string.span.end);
                Piece::Text(Spanned::new(utf8(string.value), span))
            }
            // The tokenizer gives names in small letters.
            Token::StartTag(tag) => Piece::Open(utf8(tag.name)),
            Token::EndTag(tag) => Piece::Close(utf8(tag.name)),
            _ => continue,
        };
        if !wants_more(piece) {
            return;
        }
    }
}

/// The text of a token: that of a page, which is UTF-8.
fn utf8(bytes: HtmlString) -> String {
    String::from_utf8(bytes.0).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// The text alone, white space folded.
pub(super) fn plain(text: &str, place: Span) -> String {
    plain_of(&pieces(text, place))
}

/// The text alone, white space folded, of the first sentences at least: so many that end in a point.
pub(super) fn first_sentences(text: &str, place: Span, count: usize) -> String {
    let mut plain = Plain::default();
    let (mut ends, mut seen) = (0, 0);
    walk(text, place, |piece| {
        plain.push(&piece);
        // A point that is the last there is yet may be one of several.
        let end = plain.out.len().saturating_sub(1);
        ends += plain.out.as_bytes().get(seen..).unwrap_or_default().windows(2).filter(|pair| pair == b". ").count();
        seen = end.max(seen);
        ends < count
    });
    plain.out
}

/// The text of pieces alone, white space folded.
pub(super) fn plain_of(pieces: &[Piece]) -> String {
    let mut plain = Plain::default();
    pieces.iter().for_each(|piece| plain.push(piece));
    plain.out
}

/// A text without its markup, as far as it has been put together.
#[derive(Default)]
struct Plain {
    out: String,
    /// Whether white space, or an element that is a word of its own, stands before what comes next.
    is_apart: bool,
}

impl Plain {
    fn push(&mut self, piece: &Piece) {
        match piece {
            Piece::Text(text) => {
                self.out.reserve(text.len());
                let mut begin = 0;
                for (at, c) in text.char_indices().filter(|(_, c)| c.is_whitespace()) {
                    push_word(&mut self.out, text.get(begin..at).unwrap_or_default(), self.is_apart);
                    self.is_apart = true;
                    begin = at + c.len_utf8();
                }
                let last = text.get(begin..).unwrap_or_default();
                push_word(&mut self.out, last, self.is_apart);
                self.is_apart &= last.is_empty();
            }
            Piece::Open(tag) | Piece::Close(tag) => {
                self.is_apart |= matches!(tag.as_str(), "p" | "br" | "li" | "td" | "tr" | "dt" | "dd" | "div");
            }
        }
    }
}

/// Adds a word, or the rest of one, without its formatting.
fn push_word(out: &mut String, word: &str, is_apart: bool) {
    if word.is_empty() {
        return;
    }
    if is_apart && !out.is_empty() {
        out.push(' ');
    }
    if word.contains(['*', '`']) {
        word.split(['*', '`']).for_each(|part| out.push_str(part));
    } else {
        out.push_str(word);
    }
}

/// A text of an element of HTML without the marks of Markdown that writers leave in it; `None` where it has none.
pub(super) fn unmarked(text: &str) -> Option<String> {
    if !text.contains(['*', '`', '\\', '_', '[']) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("](")
        && let Some(open) = before.rfind('[')
        && let Some((_, behind)) = behind.split_once(')')
    {
        out.push_str(before.get(..open).unwrap_or_default());
        out.push_str(before.get(open + 1..).unwrap_or_default());
        rest = behind;
    }
    out.push_str(rest);
    let mut out = out.replace("\\_", "_").replace('`', "");
    // A star alone is that of a pointer.
    if out.matches('*').count().is_multiple_of(2) {
        out = out.replace('*', "");
    }
    let words = out.split(' ').map(|word| {
        let bare = |w: &str| w.len() > 2 && w.starts_with('_') && w.ends_with('_');
        let core = word.trim_end_matches(['.', ',', ';', ':', ')']).trim_start_matches('(');
        if bare(core) { word.replacen(core, core.trim_matches('_'), 1) } else { word.to_owned() }
    });
    let found = words.collect::<Vec<_>>().join(" ");
    (found != text).then_some(found)
}

/// A fence that is open: its mark, and how often it stands there.
pub(super) type Fence = Option<(u8, usize)>;

/// The fence after a line: one that the line opens, or `open`, unless the line closes it.
///
/// As Markdown has it: three marks or more, no backtick behind backticks (that is code in the line), closed by as many alone. A
/// fence may be indented by any number of spaces, for it may stand in a list.
pub(super) fn fence_after(line: &str, open: Fence) -> Fence {
    let line = line.trim();
    let mark = match line.bytes().next() {
        Some(mark @ (b'`' | b'~')) => mark,
        _ => return open,
    };
    let count = line.bytes().take_while(|b| *b == mark).count();
    let rest = line.get(count..).unwrap_or_default();
    match open {
        Some((wanted, least)) if mark == wanted && count >= least && rest.is_empty() => None,
        Some(_) => open,
        None => (count >= 3 && !(mark == b'`' && rest.contains('`'))).then_some((mark, count)),
    }
}

/// Whether a text is a single identifier.
pub(super) fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether a text is the name of a constant by its spelling alone: capitals, and at least one underscore between them. `IPv4` counts as
/// capitals.
pub(super) fn is_constant(text: &str) -> bool {
    let is_lower =
        |(at, c): (usize, char)| c.is_ascii_lowercase() && !(c == 'v' && text.get(..at).is_some_and(|t| t.ends_with("IP")));
    is_identifier(text) && text.trim_matches('_').contains('_') && !text.char_indices().any(is_lower)
}
