//! The vendor's spellings of a level → facts.
//!
//! Only what is understood whole is taken. A phrase with anything else in it gives nothing, and is reported as it stands. Of a page without
//! the entry for it, one sentence of its text may state the level.

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

/// What the text of a page says of the level, where no entry does.
#[derive(Debug, PartialEq)]
pub(super) enum InText {
    /// Nothing.
    Silent,
    /// One sentence states it for this function, whole: the words for the level.
    Stated(String),
    /// It speaks of levels, but not in one such sentence.
    Unclear,
}

/// Looks for the one sentence of a text that states the level of the function `name`.
pub(super) fn in_text(text: &str, name: Option<&str>) -> InText {
    let speaks = |s: &&str| s.contains("IRQL") || Level::ALL.iter().any(|l| s.contains(l.as_str()));
    let mut of_levels = text.split_inclusive(['.', ':', '!']).map(str::trim).filter(speaks);
    let (first, second) = (of_levels.next(), of_levels.next());
    match (first, second) {
        (None, _) => InText::Silent,
        (Some(sentence), None) => stated(sentence, name).map_or(InText::Unclear, InText::Stated),
        (Some(_), Some(_)) => InText::Unclear,
    }
}

/// Reads `This function can only be called at PASSIVE_LEVEL.`
fn stated(sentence: &str, name: Option<&str>) -> Option<String> {
    const SUBJECTS: &[&str] =
        &["this function", "the function", "this routine", "the routine", "this method", "this macro", "this"];
    const VERBS: &[&str] = &[
        " can only be called at ",
        " may only be called at ",
        " must only be called at ",
        " can be called only at ",
        " must be called only at ",
        " must be called at ",
        " must be running at ",
        " must run at ",
    ];
    let folded = locale::fold(sentence);
    let named = name.map(|n| locale::fold(&format!("callers of {n}")));
    let subject = SUBJECTS.iter().copied().chain(named.as_deref()).find(|s| {
        let behind = folded.strip_prefix(s);
        behind.is_some_and(|b| VERBS.iter().any(|v| b.starts_with(v)))
    })?;
    let verb = VERBS.iter().find(|v| folded.get(subject.len()..).is_some_and(|b| b.starts_with(**v)))?;
    let phrase = folded.get(subject.len() + verb.len()..)?.trim_end_matches('.').to_ascii_uppercase();
    // A condition, in parentheses or in any other words, makes it a matter for people.
    read(&phrase).filter(|fact| fact.when.is_none()).map(|_| phrase)
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

    #[test]
    fn one_sentence_may_state_it() {
        let stated = |text: &str| InText::Stated(text.to_owned());
        assert_eq!(
            in_text("It sends. This function can only be called at PASSIVE_LEVEL. So it is.", None),
            stated("PASSIVE_LEVEL")
        );
        assert_eq!(in_text("Callers of X must be running at IRQL <= APC_LEVEL.", Some("X")), stated("IRQL <= APC_LEVEL"));
        for unclear in [
            "This function must be called at PASSIVE_LEVEL if it waits.",
            "This function must be called at PASSIVE_LEVEL. At DISPATCH_LEVEL it fails.",
            "Callers of Y must be running at IRQL <= APC_LEVEL.",
            "Callers of X must be running at IRQL = PASSIVE_LEVEL and with APCs enabled.",
            "The callback runs at the IRQL of the caller.",
        ] {
            assert_eq!(in_text(unclear, Some("X")), InText::Unclear, "{unclear}");
        }
        assert_eq!(in_text("It sends.", Some("X")), InText::Silent);
    }
}
