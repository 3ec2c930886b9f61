//! `sync`: a checkout of the vendor's documentation against spec-data.

use std::io::IsTerminal as _;
use std::path::Path;

use clap::ValueEnum;

use super::import::options;
use super::{BAD_INPUT, CLEAN, Common, FINDINGS, Outcome};
use crate::source::{Complaint, Diagnostic, Limit, Links, Report, Severity, Sources, read_yaml};
use crate::spec::{LOCK, Loaded, UNWRITTEN_CODE, load};
use crate::sync::{self, Lock, Repository, Revision, Written};

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
    let repository = Repository::of(what.dir);
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
        let revision = match (what.revision, head.as_deref()) {
            (Some(given), _) => Revision::Given(given),
            (None, Some(head)) => Revision::Found(head),
            (None, None) => Revision::Unknown,
        };
        match sync::accept(folder, &spec, &sources, &findings, &lock, revision) {
            Ok(written) => {
                let text = list(&written, shown);
                match what.format {
                    SyncFormat::Text => stdout += &text,
                    // What was written is no part of the findings.
                    SyncFormat::Json => {
                        return Outcome { stderr: stderr + &text, ..Outcome::new(sources, report, CLEAN).saying(stdout) };
                    }
                }
                status = CLEAN;
            }
            Err(error) => {
                report.push(Diagnostic::error("sync::accept", error.to_string()).help(error.help()));
                status = BAD_INPUT;
            }
        }
    }
    Outcome { stderr, ..Outcome::new(sources, report, status).saying(stdout) }
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
