//! `sync`: a checkout of the vendor's documentation against spec-data.

use std::io::IsTerminal as _;
use std::path::Path;

use clap::ValueEnum;

use super::import::options;
use super::{BAD_INPUT, CLEAN, Common, FINDINGS, Outcome, has_colour};
use crate::diff::{self, Change, DecisionsFile, Said};
use crate::source::{Complaint, Diagnostic, Limit, Links, Report, Severity, Sources, read_yaml, render};
use crate::spec::{LOCK, Loaded, UNWRITTEN_CODE, load};
use crate::sync::{self, Findings, Lock, Repository, Revision, Written};

#[derive(ValueEnum, Clone, Copy, Debug, Default)]
pub(super) enum SyncFormat {
    /// For a terminal
    #[default]
    Text,
    /// For other programs
    Json,
}

/// What is asked for.
pub(super) struct Request<'a> {
    pub(super) dir: &'a Path,
    pub(super) accept: bool,
    pub(super) revision: Option<&'a str>,
    pub(super) first_of_two: bool,
    pub(super) format: SyncFormat,
}

pub(super) fn run(folder: &Path, shown: &str, what: &Request<'_>, common: &Common) -> Outcome {
    // What lint does not accept does no harm here: a state that was accepted before may still wait for its prose.
    let Loaded { mut sources, spec, mut report, unwritten, .. } = load(folder, shown);
    // Pages that wait for a person are said; the others are compared.
    let is_other = |d: &&Diagnostic| d.severity == Severity::Error && d.code != UNWRITTEN_CODE;
    if report.diagnostics().iter().any(|d| is_other(&d)) {
        return Outcome::new(sources, report, BAD_INPUT);
    }
    let Some(lock) = read_lock(folder, shown, &mut sources, &mut report) else {
        return Outcome::new(sources, report, BAD_INPUT);
    };
    let mut said = Report::new();
    let (mut findings, stderr) = sync::sync(&spec, &sources, &lock, what.dir, options(common), &mut said);
    findings.new.retain(|new| !unwritten.contains(&new.page));
    let failed = said.has_errors();
    report.append(said);
    let mut decisions = Said::default();
    reclassify(folder, &mut findings, &mut decisions);
    if decisions.report.has_errors() {
        return Outcome { stderr, ..Outcome::new(decisions.sources, decisions.report, BAD_INPUT) };
    }
    // Its places are in texts of its own.
    let stderr = stderr + &render(&decisions.report, &decisions.sources, common.message_format, has_colour());
    if what.first_of_two {
        findings.settle_duplicates();
    }
    let repository = Repository::of(what.dir);
    let given = match what.revision.map(|name| sync::known_revision(name, what.dir, repository.as_ref(), &lock)).transpose() {
        Ok(given) => given,
        Err(error) => {
            report.push(Diagnostic::error("sync::revision", error.to_string()).help(error.help()));
            return Outcome { stderr, ..Outcome::new(sources, report, BAD_INPUT) };
        }
    };
    findings.history = sync::history(what.dir, repository.as_ref(), &findings, &lock);
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let mut stdout = match what.format {
        SyncFormat::Text => sync::text(&findings, &lock, repository.as_ref(), colour),
        SyncFormat::Json => sync::json(&findings),
    };
    let mut status = match (failed, findings.is_empty() && unwritten.is_empty()) {
        (true, _) => BAD_INPUT,
        (false, false) => FINDINGS,
        (false, true) => CLEAN,
    };
    if what.accept && !failed {
        let head = repository.map(|r| r.head);
        let revision = match (given.as_deref(), head.as_deref()) {
            (Some(given), _) => Revision::Given(given),
            (None, Some(head)) => Revision::Found(head),
            (None, None) => Revision::Unknown,
        };
        match sync::accept(folder, &spec, &sources, &findings, &lock, revision) {
            Ok(written) => {
                let left = sync::left(&findings, &lock, revision);
                let text = list(&written, shown) + &left.iter().map(|left| format!("left: {}\n", left.what)).collect::<String>();
                status = if left.iter().any(|left| left.is_found_again) { FINDINGS } else { CLEAN };
                match what.format {
                    SyncFormat::Text => stdout += &text,
                    // What was written is no part of the findings.
                    SyncFormat::Json => {
                        return Outcome { stderr: stderr + &text, ..Outcome::new(sources, report, status).saying(stdout) };
                    }
                }
            }
            Err(error) => {
                report.push(Diagnostic::error("sync::accept", error.to_string()).help(error.help()));
                status = BAD_INPUT;
            }
        }
    }
    Outcome { stderr, ..Outcome::new(sources, report, status).saying(stdout) }
}

/// Gives the changes the classes that the project decides in the file beside spec-data, as `diff` does.
fn reclassify(folder: &Path, findings: &mut Findings, said: &mut Said) {
    let file = folder.parent().unwrap_or(folder).join(diff::CLASSES);
    let classes = diff::read_classes(DecisionsFile::Beside(&file), said);
    // An entry has no effect only if it fits no change of any page.
    let counts: Vec<usize> = findings.pages.iter().map(|page| page.facts.len()).collect();
    let mut changes: Vec<Change> = findings.pages.iter_mut().flat_map(|page| std::mem::take(&mut page.facts)).collect();
    diff::reclassify(&mut changes, &classes, said);
    let mut changes = changes.into_iter();
    for (page, count) in findings.pages.iter_mut().zip(counts) {
        page.facts = changes.by_ref().take(count).collect();
    }
}

/// The lock of a spec-data folder; none is as good as an empty one. What cannot be read is reported at its place.
pub(super) fn read_lock(folder: &Path, shown: &str, sources: &mut Sources, report: &mut Report) -> Option<Lock> {
    let path = folder.join(LOCK);
    if std::fs::symlink_metadata(&path).is_err_and(|e| e.kind() == std::io::ErrorKind::NotFound) {
        return Some(Lock::default());
    }
    let file = sources.read_from(&path, &format!("{shown}/{LOCK}"), Limit::Table, Links::Refuse, report)?;
    let help = "take it back from version control, or remove it and review the pages anew";
    let range = 0..sources.get(file).text.len();
    read_yaml(sources, file, range, Complaint { code: "sync::lock", help }, report)
}

/// What was written, a line each, and what is to be done next.
pub(super) fn list(written: &[Written], shown: &str) -> String {
    if written.is_empty() {
        return "nothing to write\n".to_owned();
    }
    let lines = written.iter().map(|w| format!("{} {shown}/{}\n", if w.removed { "removed" } else { "wrote" }, w.path));
    lines.collect::<String>() + "run `cargo codegen lint`: it names what a person must write\n"
}
