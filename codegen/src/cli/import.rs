//! `import`: pages of the vendor's → facts.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::sync::list;
use super::{BAD_INPUT, CLEAN, Common, FINDINGS, Outcome, has_colour};
use crate::contract::{self, Contract};
use crate::corpus::{self, Options};
use crate::source::{Diagnostic, Report, Sources};
use crate::spec::{Loaded, load};
use crate::sync::Lock;
use crate::{diff, import, sync};

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
        let of_page = page.facts.map(|facts| match format {
            ImportFormat::Json => {
                (Some(contract::of_pages(std::slice::from_ref(facts), page.sources, Vec::new())), String::new())
            }
            ImportFormat::Markdown => (None, import::write_page(facts)),
        });
        (of_page, page.facts.and_then(|facts| diff::item_of_page(facts, page.sources)))
    });
    let mut whole = contract::of_pages(&[], &Sources::new(), Vec::new());
    let (mut texts, mut items, mut stderr) = (Vec::new(), Vec::new(), String::new());
    let mut has_errors = report.has_errors();
    let nowhere = Sources::new();
    let mut diagnostics: Vec<_> = report.sorted(&nowhere).into_iter().map(|d| d.to_json(&nowhere)).collect();
    for page in pages {
        let (of_page, item) = page.made;
        items.extend(item);
        if let Some((contract, text)) = of_page {
            contract.into_iter().for_each(|c| append(&mut whole, c));
            texts.push(text);
        }
        stderr += &page.text;
        diagnostics.extend(page.diagnostics);
        has_errors |= page.has_errors;
    }
    let disagreements = diff::disagreements(&items);
    let status = match (has_errors, disagreements.is_empty()) {
        (true, _) => BAD_INPUT,
        (false, false) => FINDINGS,
        (false, true) => CLEAN,
    };
    for found in disagreements {
        diagnostics.push(found.to_json(&nowhere));
        report.push(found);
    }
    let stdout = match format {
        ImportFormat::Json => {
            whole.diagnostics = Some(diagnostics);
            // The contract is strings and numbers, which always serialise.
            serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n"
        }
        ImportFormat::Markdown => texts.join("\n"),
    };
    Outcome { stderr, ..Outcome::new(nowhere, report, status).saying(stdout) }
}

fn append(to: &mut Contract, from: Contract) {
    to.apis.extend(from.apis);
    to.structs.extend(from.structs);
    to.enums.extend(from.enums);
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
        Some((sync::upstream_of(facts)?, facts.clone(), import::path_of(facts)?, import::write_page(facts)))
    });
    let stderr: String = pages.iter().map(|p| p.text.as_str()).collect();
    if report.has_errors() || pages.iter().any(|p| p.has_errors) {
        return Outcome { stderr, ..Outcome::new(sources, report, BAD_INPUT).saying("nothing was written\n") };
    }
    let mut findings = sync::Findings { updated: spec.clone(), ..sync::Findings::default() };
    for (stem, facts, path, text) in pages.into_iter().filter_map(|p| p.made) {
        findings.take(&spec, &stem, &facts, (path, text));
    }
    match sync::accept(folder, &spec, &sources, &findings, &Lock::default(), None) {
        Ok(written) => Outcome { stderr, ..Outcome::new(sources, report, CLEAN).saying(list(&written, shown)) },
        Err(error) => {
            let help = "every file is either old or new; mend the cause and run again";
            report.push(Diagnostic::error("import::write", error.to_string()).help(help));
            Outcome { stderr, ..Outcome::new(sources, report, BAD_INPUT) }
        }
    }
}
