//! Annotations of a parameter: `[in, optional]` in a heading or at the beginning of its description, `_In_opt_` in a prototype, `IN OUT`
//! in an old one; and the name that stands in a description because the heading has none.

use super::markup::is_identifier;
use crate::facts::Direction;

/// What an annotation says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Annotation {
    pub(super) direction: Option<Direction>,
    pub(super) optional: bool,
    pub(super) reserved: bool,
}

/// What stands between the brackets of a heading: words between commas, or the name of a SAL annotation.
pub(super) fn bracketed(text: &str) -> Annotation {
    let mut found = Annotation::default();
    let (mut reads, mut writes) = (false, false);
    for word in text.split([',', '/']).map(|w| w.trim_matches([' ', '*', '`', '\\']).to_lowercase()) {
        match word.as_str() {
            "in" => reads = true,
            "out" => writes = true,
            "inout" => (reads, writes) = (true, true),
            "optional" | "opt" => found.optional = true,
            "reserved" => found.reserved = true,
            other => {
                let sal = annotation(other);
                reads |= matches!(sal.direction, Some(Direction::In | Direction::InOut));
                writes |= matches!(sal.direction, Some(Direction::Out | Direction::InOut));
                found.optional |= sal.optional;
                found.reserved |= sal.reserved;
            }
        }
    }
    found.direction = match (reads, writes) {
        (true, true) => Some(Direction::InOut),
        (true, false) => Some(Direction::In),
        (false, true) => Some(Direction::Out),
        (false, false) => None,
    };
    found
}

/// Whether each of the words between brackets says something of the direction.
pub(super) fn is_understood(text: &str) -> bool {
    text.split([',', '/']).all(|word| bracketed(word) != Annotation::default())
}

/// A SAL annotation by its name, in any case, with or without the underscores around it.
pub(super) fn annotation(name: &str) -> Annotation {
    let lower = name.trim_matches('_').to_lowercase();
    let mut segments = lower.split('_');
    let direction = match segments.next() {
        Some("in") if segments.next() == Some("out") => Some(Direction::InOut),
        Some("in") => Some(Direction::In),
        Some("inout") => Some(Direction::InOut),
        Some("out" | "outptr") => Some(Direction::Out),
        Some("com") if lower.starts_with("com_outptr") => Some(Direction::Out),
        _ => None,
    };
    let reserved = lower == "reserved";
    Annotation {
        direction: if reserved { Some(Direction::In) } else { direction },
        optional: lower.split('_').skip(1).any(|s| s == "opt"),
        reserved,
    }
}

/// What the beginning of a description says of its parameter.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Beginning<'t> {
    /// The name, in emphasis or before brackets.
    pub(super) name: Option<&'t str>,
    pub(super) annotation: Option<Annotation>,
}

/// Reads `*hDevice* [in] A handle …`, `[in] **hDevice**: a handle …`, `[_In_] A pointer …`, `*_In_* *pData* A pointer …`.
pub(super) fn beginning(description: &str) -> Beginning<'_> {
    let mut found = Beginning::default();
    let mut rest = description.trim_start();
    for _ in 0..3 {
        let Some((word, behind, form)) = first_word(rest) else { break };
        let behind = behind.trim_start();
        match form {
            Form::Brackets => {
                let inside = bracketed(word);
                if inside == Annotation::default() || found.annotation.is_some() || behind.starts_with('(') {
                    break;
                }
                found.annotation = Some(inside);
            }
            Form::Emphasis => {
                let (sal, name) = word.split_once(' ').map_or(("", word), |(sal, name)| (sal, name));
                let is_sal = |w: &str| {
                    !w.contains(' ') && w.trim_matches('\\').starts_with('_') && annotation(&plain(w)) != Annotation::default()
                };
                if is_sal(word) && found.annotation.is_none() {
                    found.annotation = Some(annotation(&plain(word)));
                } else if found.name.is_none() && is_parameter_name(name) && (sal.is_empty() || is_sal(sal)) {
                    found.name = Some(name);
                    found.annotation = found.annotation.or_else(|| (!sal.is_empty()).then(|| annotation(&plain(sal))));
                } else {
                    break;
                }
            }
            // A word that is not marked is a name only if brackets follow it.
            Form::Plain => {
                let annotated = first_word(behind)
                    .filter(|(inside, _, form)| *form == Form::Brackets && bracketed(inside) != Annotation::default());
                if found.name.is_some() || annotated.is_none() || !is_identifier(word) {
                    break;
                }
                found.name = Some(word);
            }
        }
        rest = behind;
    }
    found
}

/// How a word is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Brackets,
    Emphasis,
    Plain,
}

/// The first word of a text, or what its first brackets or first emphasis hold, and what follows.
fn first_word(text: &str) -> Option<(&str, &str, Form)> {
    const MARKS: &[(&str, &str)] =
        &[("**", "**"), ("*", "*"), ("<i>", "</i>"), ("<b>", "</b>"), ("<em>", "</em>"), ("<strong>", "</strong>"), ("`", "`")];
    if let Some(inside) = text.strip_prefix('[') {
        let (inside, behind) = inside.split_once(']')?;
        return (inside.len() <= 40).then_some((inside, behind, Form::Brackets));
    }
    for (open, close) in MARKS {
        if let Some((inside, behind)) = text.strip_prefix(open).and_then(|rest| rest.split_once(close)) {
            return (!inside.is_empty() && inside.len() <= 60).then_some((inside, behind, Form::Emphasis));
        }
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
    (end > 0).then(|| text.split_at_checked(end)).flatten().map(|(word, behind)| (word, behind, Form::Plain))
}

fn plain(word: &str) -> String {
    word.replace('\\', "")
}

/// Whether an emphasised word may name a parameter: not a type or constant, which have capitals or underscores only.
fn is_parameter_name(word: &str) -> bool {
    is_identifier(word) && !word.contains('_') && word.chars().any(|c| c.is_ascii_lowercase())
}

/// Whether the name in a heading stands for none: what a tool wrote that found no name.
pub(super) fn is_stand_in(name: &str) -> bool {
    let is_numbered =
        |prefix: &str| name.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
    is_numbered("unnamedParam") || is_numbered("Arg") || name.starts_with("__MIDL__")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_may_begin_with_name_and_direction() {
        let is = |text: &str, name: Option<&str>, direction: Option<Direction>, optional: bool| {
            let found = beginning(text);
            let annotation = found.annotation.unwrap_or_default();
            assert_eq!((found.name, annotation.direction, annotation.optional), (name, direction, optional), "{text}");
        };
        is("*hDevice* [in] A handle.", Some("hDevice"), Some(Direction::In), false);
        is("<i>pData</i> [in, out]\n\nA pointer.", Some("pData"), Some(Direction::InOut), false);
        is("[in] **hDevice**: A handle.", Some("hDevice"), Some(Direction::In), false);
        is("pData [out, optional] A pointer.", Some("pData"), Some(Direction::Out), true);
        is("[_In_] A pointer to a [**_PORT**](ns-port.md).", None, Some(Direction::In), false);
        is("[*In*, optional] A pointer.", None, Some(Direction::In), true);
        is("[in/out] A pointer.", None, Some(Direction::InOut), false);
        is("[in/optional] A pointer.", None, Some(Direction::In), true);
        is("*\\_In\\_* *pData* A pointer.", Some("pData"), Some(Direction::In), false);
        is("*_In_ Queue* A pointer.", Some("Queue"), Some(Direction::In), false);
        is("*RowPitch* The offset.", Some("RowPitch"), None, false);
        for nothing in [
            "A handle [in] the list.",
            "[4] *pFactor* [in] An array.",
            "[A link](in) to it.",
            "**TRUE** if so.",
            "The *hDevice* [in].",
            "",
        ] {
            assert_eq!(beginning(nothing), Beginning::default(), "{nothing}");
        }
    }

    #[test]
    fn names_that_stand_for_none() {
        for name in ["unnamedParam1", "Arg12", "__MIDL__IWiaDrvItem0009"] {
            assert!(is_stand_in(name), "{name}");
        }
        for name in ["Arg", "Argument1", "unnamed", "hDevice"] {
            assert!(!is_stand_in(name), "{name}");
        }
    }

    #[test]
    fn headings_and_sal() {
        let is = |text: &str, direction, optional| {
            assert_eq!(bracketed(text), Annotation { direction, optional, reserved: false }, "{text}")
        };
        is("in", Some(Direction::In), false);
        is("in, optional", Some(Direction::In), true);
        is("in, out", Some(Direction::InOut), false);
        is("out, optional", Some(Direction::Out), true);
        is("In_reads_bytes_opt", Some(Direction::In), true);
        is("out, retval", Some(Direction::Out), false);
        is("in_out, optional", Some(Direction::InOut), true);
        is("in/out", Some(Direction::InOut), false);
        is("_In_", Some(Direction::In), false);
        is("opaque", None, false);
        assert_eq!(annotation("_Inout_opt_").direction, Some(Direction::InOut));
        assert_eq!(annotation("_Out_writes_bytes_to_opt_").direction, Some(Direction::Out));
        assert!(annotation("_Out_writes_bytes_to_opt_").optional);
        assert!(annotation("_Reserved_").reserved);
        assert_eq!(annotation("_IRQL_requires_max_"), Annotation::default());
    }
}
