//! The title of an entry → the name that it declares, and what stands beside the name.
//!
//! `Name [in, optional]`, `*Name [out]`, `Name[16]`, `Name : 4`, `u.Name`, `NAME:0x10`, `- fmt, ...`: every shape that the revisions
//! from 2017 to 2024 have, in one place, because parameters, fields and enumerators share them.

use crate::vendor::markup::is_identifier;
use crate::vendor::params::{Annotation, bracketed};

/// What a title says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Title<'t> {
    /// The name, without stars, brackets and whatever follows it.
    pub(super) name: &'t str,
    /// What brackets say; those of an array say nothing.
    pub(super) annotation: Option<Annotation>,
    /// Whether several brackets say different things. Pages write `[in, out]`, never `[in] [out]`.
    pub(super) is_contradictory: bool,
    /// What stands behind a colon or an equals sign: the value of an enumerator, or the width of a bit field.
    pub(super) value: Option<&'t str>,
    /// Whether `...` follows, or is all there is.
    pub(super) is_variadic: bool,
}

/// Reads a title.
pub(super) fn read(title: &str) -> Title<'_> {
    let mut found = Title::default();
    let (mut name, mut rest) = match title.bytes().position(|b| matches!(b, b'[' | b':' | b'=')) {
        Some(at) => (title.get(..at).unwrap_or_default(), title.get(at..).unwrap_or_default()),
        None => (title, ""),
    };
    while let Some((inside, after)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
        let said = bracketed(inside);
        if said != Annotation::default() {
            let before = found.annotation.filter(|before| *before != Annotation::default());
            found.is_contradictory |= before.is_some_and(|before| before != said);
            found.annotation = Some(said);
        } else if !is_length(inside) {
            found.annotation = found.annotation.or(Some(said));
        }
        rest = after.trim_start();
    }
    if found.is_contradictory {
        found.annotation = Some(Annotation::default());
    }
    if let Some(value) = rest.strip_prefix([':', '=']) {
        found.value = Some(value.trim()).filter(|v| !v.is_empty());
    }
    // `NAME (0x10)`: a value with its number.
    if let Some((before, number)) = name.split_once('(')
        && number.trim_end().strip_suffix(')').is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()))
    {
        name = before;
    }
    if let Some(before) = name.trim_end().strip_suffix("...") {
        found.is_variadic = true;
        name = before.trim_end().trim_end_matches(',');
    }
    found.name = name.trim().trim_start_matches('*').trim();
    found
}

/// Whether brackets hold the length of an array: nothing, a number, or a constant.
fn is_length(inside: &str) -> bool {
    let inside = inside.trim();
    inside.bytes().all(|b| b.is_ascii_digit()) || is_identifier(inside) && !inside.contains(|c: char| c.is_ascii_lowercase())
}

/// Whether a name is that of a field: identifiers between dots.
pub(super) fn is_path(name: &str) -> bool {
    name.split('.').all(is_identifier)
}

/// `( unnamed struct )` and `( unnamed union )`, which declare no name.
pub(in crate::vendor) fn is_unnamed(title: &str) -> bool {
    let mut words = title.trim_matches(['(', ')', ' ']).split_whitespace();
    title.starts_with('(') && words.next() == Some("unnamed") && matches!(words.next(), Some("struct" | "union"))
}

/// Whether a name is one that headers give to structures and unions that C leaves unnamed.
pub(super) fn is_dummy(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    last.starts_with("DUMMYSTRUCTNAME") || last.starts_with("DUMMYUNIONNAME")
}

/// Whether the vendor's tools took an annotation for a name.
pub(super) fn is_annotation(name: &str) -> bool {
    matches!(name.rsplit('.').next(), Some("IN" | "OUT" | "OPTIONAL" | "size_is" | "length_is"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Direction;

    #[test]
    fn every_shape_of_a_title() {
        let name = |title| read(title).name;
        for title in
            ["A", "A [in]", "*A [in, out]", "**A", "A[512]", "A[ANYSIZE_ARRAY]", "A[] [out]", "A :", "A : 4", "A = 0", "A (0x10)"]
        {
            assert_eq!(name(title), "A", "{title}");
        }
        assert_eq!(name("u.X.Y [in]"), "u.X.Y");
        assert_eq!(name("[in]"), "");
        let direction = |title| read(title).annotation.and_then(|a| a.direction);
        assert_eq!(direction("A[] [out]"), Some(Direction::Out));
        assert_eq!(direction("A [in/out]"), Some(Direction::InOut));
        assert_eq!(direction("A[16]"), None);
        assert_eq!((direction("A [in] [in]"), read("A [in] [in]").is_contradictory), (Some(Direction::In), false));
        for title in ["A [in] [out]", "A [in][out]", "A [in] [optional]", "A [] [out] [in, out]", "A [in] [out] [out]"] {
            assert_eq!((read(title).name, direction(title), read(title).is_contradictory), ("A", None, true), "{title}");
        }
        assert_eq!(read("A[16]").annotation, None);
        assert_eq!(read("A : 4").value, Some("4"));
        assert_eq!(read("A:0x10").value, Some("0x10"));
        assert_eq!(read("A:-1").value, Some("-1"));
        assert_eq!((read("fmt, ...").name, read("fmt, ...").is_variadic), ("fmt", true));
        assert_eq!((read("...").name, read("...").is_variadic), ("", true));
        assert!(is_unnamed("( unnamed struct )") && !is_unnamed("unnamed"));
        assert!(is_path("u.X") && !is_path("u.") && !is_path("Reserved 0"));
    }
}
