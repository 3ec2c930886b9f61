//! The lines of the preprocessor in a definition → the definition without them, and what they leave open.
//!
//! In: C with its comments blanked. Out: the same with these lines blanked, so that every place is the place in the page, and the parts of
//! it that stand there under a condition that nobody here knows. Separate from what reads C, which knows of no such lines.

use std::ops::Range;

use crate::source::{Diagnostic, Report, Span};
use crate::vendor::markup::is_identifier;

/// A definition without the lines of the preprocessor.
#[derive(Debug, Default)]
pub(super) struct Preprocessed {
    pub(super) text: String,
    /// What stands between a condition that is not known and its end.
    pub(super) conditional: Vec<Range<usize>>,
    /// Whether no line leaves open which members there are, or where.
    pub(super) is_whole: bool,
}

/// A condition that is open.
struct Open<'t> {
    line: &'t str,
    at: usize,
    /// Whether all in it is there from some version on, and nothing stands there instead before.
    is_since: bool,
    /// How many parts had been found when it began: those inside it are parts of it.
    parts: usize,
}

/// Blanks the lines of the preprocessor. What stands under a condition of a version, `#if (NTDDI_VERSION >= NTDDI_WIN7)` without `#else`,
/// is there in the newest version, which is the one that a page describes.
pub(super) fn read(text: &str, place: Span, report: &mut Report) -> Preprocessed {
    let mut found = Preprocessed { text: String::with_capacity(text.len()), is_whole: true, ..Preprocessed::default() };
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some(directive) = line.trim_start().strip_prefix('#') else {
            found.text.push_str(line);
            continue;
        };
        found.text.extend(line.bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }));
        let (line_at, shown) = (start + line.len() - line.trim_start().len(), line.trim());
        let (word, rest) = split_word(directive.trim());
        match word {
            "if" | "ifdef" | "ifndef" => {
                let is_since = word == "if" && is_since(rest);
                open.push(Open { line: shown, at: line_at, is_since, parts: found.conditional.len() });
            }
            "else" | "elif" => {
                if let Some(last) = open.last_mut() {
                    last.is_since = false;
                } else {
                    found.complain(shown, place.part(line_at..line_at + shown.len()), report);
                }
            }
            "endif" => match open.pop() {
                Some(last) => found.close(&last, at, open.is_empty(), place, report),
                None => found.complain(shown, place.part(line_at..line_at + shown.len()), report),
            },
            // Neither a constant nor what the compiler warns of has a place in memory.
            "define" | "undef" => {}
            "pragma" if matches!(split_word(rest).0, "warning" | "region" | "endregion" | "once") => {}
            _ => found.complain(shown, place.part(line_at..line_at + shown.len()), report),
        }
    }
    while let Some(last) = open.pop() {
        found.close(&Open { is_since: false, ..last }, at, open.is_empty(), place, report);
    }
    found
}

impl Preprocessed {
    /// Takes the end of a condition. Of those inside one another the outermost is complained of.
    fn close(&mut self, condition: &Open<'_>, end: usize, is_outermost: bool, place: Span, report: &mut Report) {
        if !condition.is_since {
            self.conditional.truncate(condition.parts);
            self.conditional.push(condition.at..end);
        }
        if is_outermost && self.conditional.len() > condition.parts {
            self.complain(condition.line, place.part(condition.at..condition.at + condition.line.len()), report);
        }
    }

    fn complain(&mut self, line: &str, at: Span, report: &mut Report) {
        self.is_whole = false;
        let message = format!("what is defined here depends on `{line}`: the layout is left open");
        let help =
            "members that stand under a condition are taken where the list describes them; look the layout up in the header";
        report.push(Diagnostic::warning("vendor::layout", message).at(at).help(help));
    }
}

/// Whether a condition holds from some version on: `(NTDDI_VERSION >= NTDDI_WIN7)`.
fn is_since(condition: &str) -> bool {
    let condition = condition.trim();
    let inner = condition.strip_prefix('(').and_then(|c| c.strip_suffix(')')).unwrap_or(condition);
    let Some((version, least)) = inner.split_once(">=") else { return false };
    let (version, least) = (version.trim(), least.trim());
    let is_version = version.ends_with("_VERSION") || matches!(version, "_WIN32_WINNT" | "WINVER");
    let is_number = least.strip_prefix("0x").is_some_and(|hex| !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit()));
    is_identifier(version) && is_version && (is_identifier(least) || is_number)
}

fn split_word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    (text.get(..end).unwrap_or_default(), text.get(end..).unwrap_or_default().trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn only_what_every_newer_version_has_is_taken_without_asking() {
        let cases: [(&str, &[&str], usize); 10] = [
            ("A;\n#if (NTDDI_VERSION >= NTDDI_WIN7)\nB;\n#endif\n", &[], 0),
            ("#if _WIN32_WINNT >= 0x0600\nB;\n#endif\n", &[], 0),
            ("#define X 1\n#pragma warning(push)\nA;\n", &[], 0),
            ("#if (NTDDI_VERSION >= NTDDI_WIN7)\nA;\n#else\nB;\n#endif\nC;\n", &["A;\n", "B;\n"], 1),
            ("#if (NTDDI_VERSION < NTDDI_WIN7)\nA;\n#endif\n", &["A;\n"], 1),
            ("#ifdef _WIN64\nA;\n#elif X\nB;\n#endif\n", &["A;\n", "B;\n"], 1),
            ("#if (X_VERSION >= X_1)\nA;\n#if Y\nB;\n#endif\n#endif\n", &["B;\n"], 1),
            ("#if Y\nA;\n#if Z\nB;\n#endif\n#endif\n", &["A;\n", "B;\n"], 1),
            ("#ifdef Y\nA;\n", &["A;\n"], 1),
            ("#pragma pack(push, 1)\nA;\n#pragma pack(pop)\n", &[], 2),
        ];
        for (text, conditional, said) in cases {
            let place = Sources::new().add("t", text);
            let mut report = Report::new();
            let found = read(text, Span::new(place, 0..text.len()), &mut report);
            assert_eq!(found.text.len(), text.len());
            assert!(!found.text.contains('#'));
            let within = |part: &str| found.conditional.iter().any(|r| text.get(r.clone()).is_some_and(|t| t.contains(part)));
            for member in ["A;\n", "B;\n", "C;\n"] {
                assert_eq!(within(member), conditional.contains(&member), "{text}: {member}");
            }
            assert_eq!((report.diagnostics().len(), found.is_whole), (said, said == 0), "{text}");
        }
    }
}
