//! The vendor's spellings of a level → facts.
//!
//! Only what is understood whole is taken. A phrase with anything else in it gives nothing, and is reported as it stands.

use super::{IrqlFact, locale};
use crate::facts::{Level, LevelRange};

/// Reads a phrase such as `<= DISPATCH_LEVEL`, `IRQL <=APC_LEVEL`, `Called at PASSIVE_LEVEL.` or `PASSIVE_LEVEL (see Remarks section)`.
///
/// A remark in parentheses makes the level conditional: the condition is then what the parentheses say.
pub(super) fn read(phrase: &str) -> Option<IrqlFact> {
    let folded = phrase.split_whitespace().collect::<Vec<_>>().join(" ");
    let (bound, when) = match folded.split_once('(') {
        Some((bound, remark)) => (bound.trim(), Some(remark.strip_suffix(')')?.trim().to_owned())),
        None => (folded.as_str(), None),
    };
    let mut rest = bound.trim_end_matches('.').trim();
    if locale::is_one_of(&locale::fold(rest), |w| w.any_level) {
        return Some(IrqlFact { when, range: LevelRange::up_to(Level::High) });
    }
    for prefix in ["called at ", "at ", "irql ", "irql=", "irql<", "irql>"] {
        if rest.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)) {
            let keep = usize::from(prefix.ends_with(['<', '>', '=']));
            rest = rest.get(prefix.len() - keep..)?.trim();
        }
    }
    let (operator, name) = match rest.find(|c: char| !matches!(c, '<' | '>' | '=' | '≤' | '≥' | ' ')) {
        Some(at) => (rest.get(..at)?.trim(), rest.get(at..)?),
        None => return None,
    };
    let level = Level::from_name(name)?;
    let range = match operator {
        "" | "=" | "==" => LevelRange::exactly(level),
        "<=" | "≤" => LevelRange::up_to(level),
        "<" => LevelRange::up_to(level.below()?),
        ">=" | "≥" => LevelRange { min: Some(level), max: Level::High },
        _ => return None,
    };
    Some(IrqlFact { when, range })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_that_are_understood() {
        let cases = [
            ("PASSIVE_LEVEL", "PASSIVE_LEVEL"),
            ("<= DISPATCH_LEVEL", "<= DISPATCH_LEVEL"),
            ("<=DISPATCH_LEVEL", "<= DISPATCH_LEVEL"),
            ("IRQL <=APC_LEVEL", "<= APC_LEVEL"),
            ("IRQL<=APC_LEVEL", "<= APC_LEVEL"),
            ("IRQL = PASSIVE_LEVEL", "PASSIVE_LEVEL"),
            ("Called at PASSIVE_LEVEL.", "PASSIVE_LEVEL"),
            ("<= PASSIVE_LEVEL", "PASSIVE_LEVEL"),
            ("< DISPATCH_LEVEL", "<= APC_LEVEL"),
            ("DISPATCH_LEVEL", "DISPATCH_LEVEL"),
            (">= DISPATCH_LEVEL", ">= DISPATCH_LEVEL"),
            ("Any level", "any level"),
            ("<= DIRQL", "<= DIRQL"),
        ];
        for (phrase, spelling) in cases {
            let fact = read(phrase).unwrap_or_else(|| panic!("{phrase} is not understood"));
            assert_eq!((fact.range.spelling().as_str(), fact.when), (spelling, None), "{phrase}");
        }
    }

    #[test]
    fn a_remark_makes_it_conditional() {
        let fact = read("<= DISPATCH_LEVEL (see Remarks section)").expect("understood");
        assert_eq!((fact.range.spelling().as_str(), fact.when.as_deref()), ("<= DISPATCH_LEVEL", Some("see Remarks section")));
    }

    #[test]
    fn anything_more_is_not_guessed() {
        for phrase in [
            "Any level as long as target memory is resident",
            "PASSIVE_LEVEL or APC_LEVEL",
            "DISPATCH_LEVEL, usually",
            "See Remarks.",
            "",
            "<",
            "< PASSIVE_LEVEL",
            "PASSIVE",
            "<= DISPATCH_LEVEL (see Remarks",
        ] {
            assert_eq!(read(phrase), None, "{phrase:?}");
        }
    }
}
