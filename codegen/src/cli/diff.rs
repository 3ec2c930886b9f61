//! `diff`: two versions of spec-data, or of the vendor's pages.

use std::path::Path;

use clap::ValueEnum;

use super::import::options;
use super::{BAD_INPUT, CLEAN, Common, FINDINGS, Outcome};
use crate::corpus;
use crate::diff::{self, Change, Class, Side};
use crate::source::{Diagnostic, Report, Sources};
use crate::spec::load;

#[derive(ValueEnum, Clone, Copy, Debug, Default)]
pub(super) enum DiffFormat {
    /// For a terminal
    #[default]
    Text,
    /// For a pull request
    Markdown,
    /// One page that needs nothing else, with the generated Rust before and after
    Html,
    /// For other programs
    Json,
}

/// What is to be compared.
pub(super) struct Comparison<'a> {
    pub(super) old: &'a str,
    pub(super) new: Option<&'a str>,
    pub(super) accepted: Option<&'a Path>,
}

pub(super) fn run(folder: &Path, shown: &str, what: &Comparison<'_>, format: DiffFormat, fail_on: Class) -> Outcome {
    let bad_input = |code: &'static str, message: String, help: &str| {
        let mut report = Report::new();
        report.push(Diagnostic::error(code, message).help(help));
        Outcome::new(Sources::new(), report, BAD_INPUT)
    };
    let side = |name: Option<&str>| match name {
        None => Ok(load(folder, shown)),
        Some(name) => diff::load_revision(name, folder).map_err(|error| {
            bad_input("diff::unknown", error.to_string(), "name a folder of pages, or a revision such as HEAD~1 or v0.1.0")
        }),
    };
    let (old, new) = match (side(Some(what.old)), side(what.new)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(outcome), _) | (_, Err(outcome)) => return outcome,
    };
    // What cannot be read cannot be compared: a page that is missing from the model would pass for one that is gone.
    if old.report.has_errors() {
        return Outcome::new(old.sources, old.report, BAD_INPUT);
    }
    if new.report.has_errors() {
        return Outcome::new(new.sources, new.report, BAD_INPUT);
    }
    let beside = folder.parent().unwrap_or(folder).join("accepted-changes.yaml");
    let accepted = what.accepted.unwrap_or(&beside);
    let (before, after) = (Side::of(&old), Side::of(&new));
    say(diff::diff(before, after), Some([before, after]), accepted, format, fail_on)
}

/// Whether a name is a folder of the vendor's pages: a folder without the folders of spec-data.
fn is_vendor(name: &str) -> bool {
    let path = Path::new(name);
    path.is_dir() && !["spec-data", "tables", "functions", "structs"].iter().any(|folder| path.join(folder).is_dir())
}

/// Compares two folders of the vendor's pages, by the facts that they state; `None` if they are not such folders.
pub(super) fn run_on_pages(what: &Comparison<'_>, format: DiffFormat, fail_on: Class, common: &Common) -> Option<Outcome> {
    let new = what.new.filter(|new| is_vendor(new));
    let (old, new) = match (is_vendor(what.old), new) {
        (true, Some(new)) => (what.old, new),
        (false, None) => return None,
        _ => {
            let mut report = Report::new();
            report.push(
                Diagnostic::error("diff::mixed", "pages of the vendor's can only be compared with pages of the vendor's")
                    .help("compare them with spec-data by `wsk-codegen sync DIR`, or give two folders of pages"),
            );
            return Some(Outcome::new(Sources::new(), report, BAD_INPUT));
        }
    };
    let mut report = Report::new();
    let (mut stderr, mut has_errors) = (String::new(), false);
    let mut read = |folder: &str| {
        let paths = corpus::expand(&[folder.into()], &mut report);
        let pages = corpus::read(&paths, options(common), |page| page.facts.and_then(|f| diff::item_of_page(f, page.sources)));
        let mut items = Vec::new();
        for page in pages {
            // What a page is silent about is not what was asked; what is wrong with it is.
            if page.has_errors {
                has_errors = true;
                stderr += &page.text;
            }
            items.extend(page.made);
        }
        items
    };
    let (old, new) = (read(old), read(new));
    let nothing = Path::new("accepted-changes.yaml");
    let outcome = say(diff::diff_pages(old, new), None, what.accepted.unwrap_or(nothing), format, fail_on);
    let status = if has_errors || report.has_errors() { BAD_INPUT } else { outcome.status };
    report.append(outcome.report);
    Some(Outcome { stderr, status, report, ..outcome })
}

fn say(mut changes: Vec<Change>, sides: Option<[Side<'_>; 2]>, accepted: &Path, format: DiffFormat, fail_on: Class) -> Outcome {
    let accepted = match diff::read_accepted(accepted) {
        Ok(accepted) => accepted,
        Err(error) => {
            let help = "each entry has a name, a fact, a reason, and where it matters what the fact was (before) and is (after)";
            let mut report = Report::new();
            report.push(Diagnostic::error("diff::accepted", error.to_string()).help(help));
            return Outcome::new(Sources::new(), report, BAD_INPUT);
        }
    };
    let count = diff::without_accepted(&mut changes, &accepted);
    let mut out = match format {
        DiffFormat::Text => diff::text(&changes),
        DiffFormat::Markdown => diff::markdown(&changes),
        DiffFormat::Html => diff::html(&changes, sides),
        DiffFormat::Json => diff::json(&changes),
    };
    if count > 0 && matches!(format, DiffFormat::Text | DiffFormat::Markdown) {
        out += &format!("{count} more accepted\n");
    }
    let status = if changes.iter().any(|c| c.class >= fail_on) { FINDINGS } else { CLEAN };
    Outcome::new(Sources::new(), Report::new(), status).saying(out)
}
