//! `import`: pages of the vendor's → facts.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::sync::list;
use super::{BAD_INPUT, CLEAN, Common, FINDINGS, Outcome, has_colour};
use crate::contract::Pieces;
use crate::corpus::{self, Options};
use crate::source::{Diagnostic, Report, Sources};
use crate::spec::{Loaded, load};
use crate::sync::Lock;
use crate::{diff, import, sync, vendor};

#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum ImportFormat {
    /// Facts in the shape of the JSON contract
    #[default]
    Json,
    /// Pages for spec-data, with the prose left to be written
    Markdown,
}

/// How pages are read from the command line.
pub(super) fn options(common: &Common) -> Options {
    Options { format: common.message_format, colour: has_colour(), progress: std::io::stderr().is_terminal() }
}

pub(super) fn run(paths: &[PathBuf], format: ImportFormat, common: &Common) -> Outcome {
    let mut report = Report::new();
    let paths = corpus::expand(paths, &mut report);
    let pages = corpus::read(&paths, options(common), |page| {
        let of_page = match format {
            ImportFormat::Json => (Pieces::of_page(page.facts, page.sources, &page.diagnostics()), None),
            ImportFormat::Markdown => (Pieces::default(), page.facts.map(import::write_page)),
        };
        (of_page, page.facts.and_then(|facts| Some(vendor::identity(facts)?.name)))
    });
    let mut whole = Pieces::default();
    let (mut texts, mut stderr) = (Vec::new(), String::new());
    let mut by_name: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let mut has_errors = report.has_errors();
    let nowhere = Sources::new();
    let said = |report: &Report| -> Vec<_> { report.sorted(&nowhere).into_iter().map(|d| d.to_json(&nowhere)).collect() };
    whole.append(Pieces::of_page(None, &nowhere, &said(&report)));
    for (page, path) in pages.into_iter().zip(&paths) {
        let (of_page, name) = page.made;
        name.into_iter().for_each(|name| by_name.entry(name).or_default().push(path.clone()));
        let (pieces, text) = of_page;
        whole.append(pieces);
        texts.extend(text);
        stderr += &page.text;
        has_errors |= page.has_errors;
    }
    // Pages of one name are few; they are read again, so that nobody keeps the single facts of all others.
    let twice: Vec<PathBuf> = by_name.into_values().filter(|paths| paths.len() > 1).flatten().collect();
    let again = corpus::read(&twice, options(common), |page| page.facts.and_then(|f| vendor::facts_of(f, page.sources)));
    let disagreements = diff::disagreements(&again.into_iter().filter_map(|page| page.made).collect::<Vec<_>>());
    let status = match (has_errors, disagreements.is_empty()) {
        (true, _) => BAD_INPUT,
        (false, false) => FINDINGS,
        (false, true) => CLEAN,
    };
    let mut found = Report::new();
    disagreements.into_iter().for_each(|d| found.push(d));
    whole.append(Pieces::of_page(None, &nowhere, &said(&found)));
    report.append(found);
    let stdout = match format {
        ImportFormat::Json => whole.finish(),
        ImportFormat::Markdown => texts.join("\n"),
    };
    Outcome { stderr, ..Outcome::new(nowhere, report, status).saying(stdout) }
}

/// Puts the facts of pages into spec-data.
pub(super) fn write(paths: &[PathBuf], folder: &Path, shown: &str, common: &Common) -> Outcome {
    let Loaded { sources, spec, mut report, .. } = load(folder, shown);
    if report.has_errors() {
        return Outcome::new(sources, report, BAD_INPUT);
    }
    let paths = corpus::expand(paths, &mut report);
    let pages = corpus::read(&paths, options(common), |page| {
        let facts = page.facts?;
        let item = vendor::facts_of(facts, page.sources)?;
        Some((sync::upstream_of(facts)?, item, import::path_of(facts)?, import::write_page(facts)))
    });
    let stderr: String = pages.iter().map(|p| p.text.as_str()).collect();
    if report.has_errors() || pages.iter().any(|p| p.has_errors) {
        return Outcome { stderr, ..Outcome::new(sources, report, BAD_INPUT).saying("nothing was written\n") };
    }
    let mut findings = sync::Findings { updated: spec.clone(), ..sync::Findings::default() };
    let ours = sync::Ours::of(&spec);
    for (stem, item, path, text) in pages.into_iter().filter_map(|p| p.made) {
        findings.take(&ours, &stem, &item, (path, text));
    }
    match sync::accept(folder, &spec, &sources, &findings, &Lock::default(), sync::Revision::Unknown) {
        Ok(written) => Outcome { stderr, ..Outcome::new(sources, report, CLEAN).saying(list(&written, shown)) },
        Err(error) => {
            report.push(Diagnostic::error("import::write", error.to_string()).help(error.help()));
            Outcome { stderr, ..Outcome::new(sources, report, BAD_INPUT) }
        }
    }
}
