//! The vendor's mixture of Markdown and HTML as a run of text and tags.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

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
    if memchr::memchr3(b'<', b'&', 0, text.as_bytes()).is_none() && memchr::memchr(b'\r', text.as_bytes()).is_none() {
        // Nothing that the tokenizer would take for more than text.
        let all = Spanned::new(text.to_owned(), place.part(0..text.len()));
        return if text.is_empty() { Vec::new() } else { vec![Piece::Text(all)] };
    }
    let mut out = Vec::new();
    let name = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let text = without_long_tags(text, Scripts::HaveTags);
    for token in Tokenizer::new_with_emitter(text.as_ref(), DefaultEmitter::<usize>::new_with_span()) {
        let Ok(token) = token;
        match token {
            Token::String(string) => {
                let span = place.part(string.span.start..string.span.end);
                out.push(Piece::Text(Spanned::new(String::from_utf8_lossy(&string.value).into_owned(), span)));
            }
            Token::StartTag(tag) => out.push(Piece::Open(name(&tag.name))),
            Token::EndTag(tag) => out.push(Piece::Close(name(&tag.name))),
            _ => {}
        }
    }
    out
}

/// The text alone, white space folded.
pub(super) fn plain(text: &str, place: Span) -> String {
    plain_of(&pieces(text, place))
}

/// The text of pieces alone, white space folded.
pub(super) fn plain_of(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Open(tag) | Piece::Close(tag)
                if matches!(tag.as_str(), "p" | "br" | "li" | "td" | "tr" | "dt" | "dd" | "div") =>
            {
                out.push(' ')
            }
            _ => {}
        }
    }
    let mut text = String::with_capacity(out.len());
    for word in out.split_whitespace() {
        if !text.is_empty() {
            text.push(' ');
        }
        word.split(['*', '`']).for_each(|part| text.push_str(part));
    }
    text
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
