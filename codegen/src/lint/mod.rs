//! Stage 4: what holds across pages.
//!
//! In: the model. Out: complaints. One file a subject; none of them changes anything.

mod api;
mod control;
mod dispatch;
mod errata;
mod names;
mod prose;
mod types;
mod values;

use std::borrow::Cow;

use crate::source::{Diagnostic, Report, Sources, Span, nearest};
use crate::spec::{Names, Spec};

/// What every rule works on.
struct Lint<'a> {
    spec: &'a Spec,
    names: Names<'a>,
    report: &'a mut Report,
    sources: &'a Sources,
}

impl Lint<'_> {
    fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>, help: impl Into<Cow<'static, str>>) {
        self.report.push(Diagnostic::error(code, message).at(span).help(help));
    }

    fn warning(&mut self, code: &'static str, span: Span, message: impl Into<String>, help: impl Into<Cow<'static, str>>) {
        self.report.push(Diagnostic::warning(code, message).at(span).help(help));
    }
}

/// `did you mean …?` where something is near; else the other advice.
fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    match nearest(word, candidates, 1).first() {
        Some(near) => format!("did you mean `{near}`? Otherwise {otherwise}"),
        None => otherwise.to_owned(),
    }
}

/// Rules that ask whether something exists: where a page could not be read, what it defines seems not to.
const ABSENCE: &[&str] = &[
    "lint::constant",
    "lint::layout",
    "lint::dispatch",
    "lint::control",
    "lint::erratum",
    "lint::returns",
    "lint::unused",
    "lint::memory",
    "lint::effect",
    "lint::link",
    "lint::undoes",
    "lint::version",
    "lint::category",
];

/// Checks what can be said about a model of which some pages could not be read: only what does not follow from their absence.
pub fn lint_partly(spec: &Spec, sources: &Sources, unread: &[String], report: &mut Report) {
    let mut found = Report::new();
    lint(spec, sources, &mut found);
    // A table of statuses or types that is there as a whole defines all that it ever would.
    let whole = |table: &str| !unread.iter().any(|u| u == table);
    for diagnostic in found.diagnostics() {
        let follows = match diagnostic.code {
            "lint::unknown-status" => !whole("tables/statuses") || unread.iter().any(|u| u.starts_with("enums/")),
            "lint::unknown-constant" => {
                !whole("tables/constants") || !whole("tables/macros") || unread.iter().any(|u| u.starts_with("enums/"))
            }
            "lint::unknown-type" => unread.iter().any(|u| !u.starts_with("controls/") && !u.starts_with("exports/")),
            code => ABSENCE.contains(&code),
        };
        if !follows {
            report.push(diagnostic.clone());
        }
    }
}

/// Checks everything that can be said about a model as a whole.
pub fn lint(spec: &Spec, sources: &Sources, report: &mut Report) {
    let mut lint = Lint { spec, names: Names::new(spec), report, sources };
    names::check(&mut lint);
    types::check(&mut lint);
    values::check(&mut lint);
    api::check(&mut lint);
    dispatch::check(&mut lint);
    control::check(&mut lint);
    errata::check(&mut lint);
    prose::check(&mut lint);
}
