//! Tags and entities of HTML, as far as the vendor's pages use them.
//!
//! In: the text behind a `<` or a `&`. Out: the tag of an element that is known, or the characters that an entity stands for; whatever is
//! neither is text.

use html5gum::{Token, Tokenizer};

/// Elements that end what stands before them.
pub(super) const BREAKS: &[&str] = &[
    "p",
    "div",
    "ul",
    "ol",
    "li",
    "dl",
    "dd",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "hr",
    "blockquote",
    "center",
    "caption",
    "pre",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "details",
    "summary",
    "figure",
    "figcaption",
    "colgroup",
    "col",
];

/// Elements that show in the look of a text only.
pub(super) const LOOKS: &[&str] = &[
    "a", "abbr", "b", "big", "cite", "dfn", "em", "font", "i", "ins", "mark", "nobr", "q", "small", "span", "strong", "u", "var",
];

/// Elements that change what a text says, with the mark that stands for them: what is struck out does not hold, and 2 to the power of 16 is
/// not 216.
pub(super) const MEANINGS: &[(&str, &str)] = &[("del", "~~"), ("s", "~~"), ("strike", "~~"), ("sup", "^"), ("sub", "_")];

/// Elements whose text is code.
pub(super) const CODES: &[&str] = &["code", "kbd", "samp", "tt"];

/// Targets of links, and tags, are no longer than this.
pub(super) const LONGEST: usize = 2048;

/// The mark that stands for an element which changes what a text says.
pub(super) fn mark_of(name: &str) -> Option<&'static str> {
    MEANINGS.iter().find(|(tag, _)| *tag == name).map(|(_, mark)| *mark)
}

/// Whether a line begins an element that is a block of its own, in which Markdown means nothing until the next empty line.
pub(super) fn begins_block(line: &str) -> bool {
    let is_block = |name: &str| BREAKS.contains(&name) || ["tr", "td", "th", "dt"].contains(&name);
    line.starts_with('<') && tag_of(line).is_some_and(|(tag, _)| is_block(&tag.name))
}

/// A tag of an element that is known.
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) is_end: bool,
    pub(super) alt: String,
    pub(super) target: Option<String>,
}

/// The tag that a text begins with, and its length.
pub(super) fn tag_of(text: &str) -> Option<(Tag, usize)> {
    let inside = text.strip_prefix('<')?;
    let is_end = inside.starts_with('/');
    let from = inside.strip_prefix('/').unwrap_or(inside);
    let length = from.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = from.get(..length)?.to_ascii_lowercase();
    let known = [BREAKS, LOOKS, CODES, &["tr", "td", "th", "dt", "br", "img"]].iter().any(|set| set.contains(&name.as_str()));
    let known = known || mark_of(&name).is_some();
    let behind = from.get(length..)?;
    if !known || !behind.starts_with(['>', '/', ' ', '\t', '\n']) {
        return None;
    }
    let mut quote = None;
    let end = behind.bytes().take(LONGEST).position(|byte| match (quote, byte) {
        (None, b'"' | b'\'') => {
            quote = Some(byte);
            false
        }
        (None, b'>') => true,
        (Some(open), _) if open == byte => {
            quote = None;
            false
        }
        _ => false,
    })?;
    let attributes = behind.get(..end)?;
    let alt = if name == "img" { attribute(attributes, "alt").unwrap_or_default() } else { String::new() };
    let target = if name == "a" { attribute(attributes, "href") } else { None };
    let whole = text.len() - behind.len() + end + 1;
    Some((Tag { name, is_end, alt, target }, whole))
}

/// What an attribute says, in quotes of either kind.
pub(super) fn attribute(attributes: &str, name: &str) -> Option<String> {
    let (_, behind) = attributes.split_once(&format!("{name}="))?;
    let quote = behind.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    behind.get(1..)?.split(quote).next().map(str::to_owned)
}

/// The text of the entity that a text begins with, and its length.
pub(super) fn entity(text: &str) -> Option<(String, usize)> {
    let length = text.bytes().take(32).position(|b| b == b';')? + 1;
    let entity = text.get(..length)?;
    let is_entity = entity.bytes().skip(1).take(length - 2).all(|b| b.is_ascii_alphanumeric() || b == b'#');
    if !is_entity {
        return None;
    }
    let mut found = String::new();
    for token in Tokenizer::new(entity) {
        let Ok(token) = token;
        if let Token::String(string) = token {
            found.push_str(&String::from_utf8_lossy(&string));
        }
    }
    (found != entity).then_some((found, length))
}
