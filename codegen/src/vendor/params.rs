//! Annotations of a parameter: `[in, optional]` in a heading, `_In_opt_` in a prototype, `IN OUT` in an old one.

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
    for word in text.split([',', '/']).map(|w| w.trim().to_lowercase()) {
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

/// A SAL annotation by its name, in any case, with or without the underscores around it.
pub(super) fn annotation(name: &str) -> Annotation {
    let lower = name.trim_matches('_').to_lowercase();
    let mut segments = lower.split('_');
    let direction = match segments.next() {
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

#[cfg(test)]
mod tests {
    use super::*;

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
        is("opaque", None, false);
        assert_eq!(annotation("_Inout_opt_").direction, Some(Direction::InOut));
        assert_eq!(annotation("_Out_writes_bytes_to_opt_").direction, Some(Direction::Out));
        assert!(annotation("_Out_writes_bytes_to_opt_").optional);
        assert!(annotation("_Reserved_").reserved);
        assert_eq!(annotation("_IRQL_requires_max_"), Annotation::default());
    }
}
