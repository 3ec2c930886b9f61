//! The vendor's spellings of a level → facts.
//!
//! Only what is understood whole is taken. A phrase with anything else in it gives nothing, and is reported as it stands. What the text of
//! a page says is read by [`super::level_in_text`].

use super::{IrqlFact, locale};
use crate::facts::{Level, LevelRange};

/// Words before a level that say nothing of their own.
const LEADS: &[&str] = &["called at ", "runs at ", "running at ", "must be ", "at ", "irql: ", "irql is ", "irql "];

/// Words for operators.
const OPERATORS: &[(&str, &str)] = &[
    ("less than or equal to ", "<="),
    ("greater than or equal to ", ">="),
    ("less than ", "<"),
    ("greater than ", ">"),
    ("equal to ", "="),
];

/// Reads a phrase such as `<= DISPATCH_LEVEL`, `IRQL <=APC_LEVEL`, `Called at PASSIVE_LEVEL.`, `_IRQL_requires_max_(APC_LEVEL)` or
/// `PASSIVE_LEVEL (see Remarks section)`.
///
/// A remark in parentheses makes the level conditional: the condition is then what the parentheses say.
pub(super) fn read(phrase: &str) -> Option<IrqlFact> {
    let folded = phrase.split_whitespace().collect::<Vec<_>>().join(" ");
    let folded = folded.trim_end_matches('.').replace("&lt;", "<").replace("&gt;", ">").replace('\\', "");
    if let Some(range) = annotation(&folded) {
        return Some(IrqlFact { when: None, range });
    }
    let (bound, when) = match folded.split_once('(') {
        Some((bound, remark)) => (bound.trim(), Some(remark.strip_suffix(')')?.trim().to_owned())),
        None => (folded.as_str(), None),
    };
    let bound = bound.trim_end_matches('.').trim();
    if locale::is_one_of(&locale::fold(bound), |w| w.any_level) {
        return Some(IrqlFact { when, range: LevelRange::up_to(Level::High) });
    }
    Some(IrqlFact { when, range: range(bound)? })
}

/// `IRQL <= DISPATCH_LEVEL`, whole.
fn range(bound: &str) -> Option<LevelRange> {
    let mut rest = bound;
    let begins = |text: &str, lead: &str| text.get(..lead.len()).is_some_and(|start| start.eq_ignore_ascii_case(lead));
    for lead in LEADS {
        if begins(rest, lead) {
            rest = rest.get(lead.len()..)?.trim_start();
        }
    }
    if let Some(behind) = rest.get(4..).filter(|b| begins(rest, "irql") && b.starts_with(['<', '>', '=', '≤', '≥'])) {
        rest = behind;
    }
    let word = OPERATORS.iter().find(|(words, _)| begins(rest, words));
    let (operator, name) = match word {
        Some((words, operator)) => ((*operator).to_owned(), rest.get(words.len()..)?),
        None => {
            let at = rest.find(|c: char| !matches!(c, '<' | '>' | '=' | '≤' | '≥' | ' '))?;
            (rest.get(..at)?.replace(' ', ""), rest.get(at..)?)
        }
    };
    let level = level(name)?;
    Some(match operator.as_str() {
        "" | "=" | "==" => LevelRange::exactly(level),
        "<=" | "=<" | "≤" => LevelRange::up_to(level),
        "<" => LevelRange::up_to(level.below()?),
        // No level is below the lowest.
        ">=" | "≥" if level == Level::Passive => LevelRange::up_to(Level::High),
        ">=" | "≥" => LevelRange { min: Some(level), max: Level::High },
        _ => return None,
    })
}

/// A level by its name, with white space in it, or in small letters: `DISPATCH_ LEVEL`, `Passive level`.
fn level(name: &str) -> Option<Level> {
    let words: Vec<&str> = name.split([' ', '_']).filter(|w| !w.is_empty()).collect();
    Level::from_name(&words.join("_").to_ascii_uppercase())
}

/// `_IRQL_requires_max_(APC_LEVEL)`, and nothing else.
fn annotation(text: &str) -> Option<LevelRange> {
    let (name, rest) = text.split_once('(')?;
    let level = level(rest.strip_suffix(')')?)?;
    match name.trim() {
        "_IRQL_requires_" => Some(LevelRange::exactly(level)),
        "_IRQL_requires_max_" => Some(LevelRange::up_to(level)),
        "_IRQL_requires_min_" if level == Level::Passive => Some(LevelRange::up_to(Level::High)),
        "_IRQL_requires_min_" => Some(LevelRange { min: Some(level), max: Level::High }),
        _ => None,
    }
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
            ("Any", "any level"),
            ("Any IRQL", "any level"),
            ("Any level.", "any level"),
            ("Passive level", "PASSIVE_LEVEL"),
            ("PASSIVE_LEVEL.", "PASSIVE_LEVEL"),
            ("IRQL == PASSIVE_LEVEL", "PASSIVE_LEVEL"),
            ("= DISPATCH_LEVEL", "DISPATCH_LEVEL"),
            ("< = DISPATCH_LEVEL", "<= DISPATCH_LEVEL"),
            ("<= DISPATCH_ LEVEL", "<= DISPATCH_LEVEL"),
            ("&lt;= DISPATCH_LEVEL", "<= DISPATCH_LEVEL"),
            ("\\<= APC_LEVEL", "<= APC_LEVEL"),
            ("<= HIGH_LEVEL", "any level"),
            (">= PASSIVE_LEVEL", "any level"),
            ("IRQL >= DISPATCH_LEVEL", ">= DISPATCH_LEVEL"),
            ("Called at IRQL <= DISPATCH_LEVEL.", "<= DISPATCH_LEVEL"),
            ("Less than or equal to APC_LEVEL", "<= APC_LEVEL"),
            ("_IRQL_requires_max_(DISPATCH_LEVEL)", "<= DISPATCH_LEVEL"),
            ("_IRQL_requires_(PASSIVE_LEVEL)", "PASSIVE_LEVEL"),
            ("_IRQL_requires_min_(DISPATCH_LEVEL)", ">= DISPATCH_LEVEL"),
        ];
        for (phrase, spelling) in cases {
            let fact = read(phrase).unwrap_or_else(|| panic!("{phrase} is not understood"));
            assert_eq!((fact.range.spelling().as_str(), fact.when), (spelling, None), "{phrase}");
        }
    }

    #[test]
    fn a_remark_makes_it_conditional() {
        for phrase in [
            "<= DISPATCH_LEVEL (see Remarks section)",
            "IRQL <= DISPATCH_LEVEL (see Remarks section).",
            "Called at IRQL <= DISPATCH_LEVEL (see Remarks section)",
        ] {
            let fact = read(phrase).expect("understood");
            assert_eq!(
                (fact.range.spelling().as_str(), fact.when.as_deref()),
                ("<= DISPATCH_LEVEL", Some("see Remarks section"))
            );
        }
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
            "_requires_same_",
            "_IRQL_requires_same_",
            "_IRQL_requires_max_(IPI_LEVEL)",
            "< IPI_LEVEL",
            "Either IRQL = DISPATCH_LEVEL (if it is fast), or IRQL = PASSIVE_LEVEL (if it is not)",
        ] {
            assert_eq!(read(phrase), None, "{phrase:?}");
        }
    }
}
