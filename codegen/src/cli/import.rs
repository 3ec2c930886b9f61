//! `import`: pages of the vendor's → facts.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::sync::list;
use super::{BAD_INPUT, CLEAN, Common, FINDINGS, Outcome, has_colour};
use crate::contract::Pieces;
use crate::corpus::{self, Kept, Options};
use crate::source::{Diagnostic, MessageFormat, Report, Sources};
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

/// How many pages there were of each sort.
#[derive(Debug, Default)]
struct Totals {
    pages: usize,
    apis: usize,
    with_errors: usize,
    warnings: usize,
    articles: usize,
}

impl Totals {
    fn count<T>(&mut self, page: &Kept<T>, has_facts: bool, is_failure: bool) {
        self.pages += 1;
        self.apis += usize::from(has_facts);
        self.with_errors += usize::from(is_failure);
        self.warnings += page.warnings;
        self.articles += usize::from(page.is_article && !is_failure);
    }

    /// `115 pages read: 112 of APIs, 2 with errors, 40 warnings, 1 no API page`.
    fn line(&self) -> String {
        let Self { pages, apis, with_errors, warnings, articles } = self;
        let other = pages.saturating_sub(apis + articles + with_errors);
        let rest = if other > 0 { format!(", {other} other") } else { String::new() };
        format!(
            "{}: {apis} of APIs, {with_errors} with errors, {}, {articles} no API page{rest}\n",
            counted(*pages, "page read", "pages read"),
            counted(*warnings, "warning", "warnings"),
        )
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

pub(super) fn run(given: &[PathBuf], format: ImportFormat, common: &Common) -> Outcome {
    let mut report = Report::new();
    let paths = corpus::expand(given, &mut report);
    let named: BTreeSet<&Path> = given.iter().map(PathBuf::as_path).collect();
    let pages = corpus::read(&paths, options(common), |page| {
        let of_page = match format {
            ImportFormat::Json => (Pieces::of_page(page.facts, page.sources, page.diagnostics()), None),
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
    let mut totals = Totals::default();
    // People are told how many there are; programs are told which.
    let mut articles = Report::new();
    for (page, path) in pages.into_iter().zip(&paths) {
        // An article in a folder is no failure; one that somebody named is.
        let is_passed_over = page.is_article && !named.contains(path.as_path());
        let is_failure = page.has_errors && !is_passed_over;
        totals.count(&page, page.made.1.is_some(), is_failure);
        if is_passed_over {
            let message = "this page says of itself that it is an article: it describes no API";
            let help = "name the file itself if it should be read as the page of an API";
            let diagnostic = Diagnostic::warning("import::article", message).in_file(path.display().to_string()).help(help);
            articles.push(diagnostic);
            continue;
        }
        let (of_page, name) = page.made;
        name.into_iter().for_each(|name| by_name.entry(name).or_default().push(path.clone()));
        let (pieces, text) = of_page;
        whole.append(pieces);
        texts.extend(text);
        stderr += &page.text;
        has_errors |= is_failure;
    }
    whole.append(Pieces::of_page(None, &nowhere, &said(&articles)));
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
    // Standard output is the facts; in the forms for other programs each line of standard error is a diagnostic.
    if common.message_format == MessageFormat::Human && given.iter().any(|path| path.is_dir()) {
        stderr += &totals.line();
    }
    let stdout = match format {
        ImportFormat::Json => whole.finish(),
        ImportFormat::Markdown => vec![Cow::Owned(texts.join("\n"))],
    };
    Outcome { stderr, stdout, ..Outcome::new(nowhere, report, status) }
}

/// Puts the facts of pages into spec-data.
pub(super) fn write(paths: &[PathBuf], folder: &Path, shown: &str, common: &Common) -> Outcome {
    let Loaded { sources, spec, mut report, .. } = load(folder, shown);
    if report.has_errors() {
        return Outcome::new(sources, report, BAD_INPUT);
    }
    let named: BTreeSet<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let paths = corpus::expand(paths, &mut report);
    let pages = corpus::read(&paths, options(common), |page| {
        let facts = page.facts?;
        let item = vendor::facts_of(facts, page.sources)?;
        Some((sync::upstream_of(facts)?, item, import::path_of(facts)?, import::write_page(facts)))
    });
    let mut pages: Vec<_> = pages.into_iter().zip(&paths).collect();
    pages.retain(|(page, path)| !page.is_article || named.contains(path.as_path()));
    let stderr: String = pages.iter().map(|(page, _)| page.text.as_str()).collect();
    let with_errors: Vec<String> =
        pages.iter().filter(|(page, _)| page.has_errors).map(|(_, path)| format!("  {}\n", path.display())).collect();
    if report.has_errors() || !with_errors.is_empty() {
        let why = if with_errors.is_empty() { "\n".to_owned() } else { format!(", because of\n{}", with_errors.concat()) };
        return Outcome { stderr, ..Outcome::new(sources, report, BAD_INPUT).saying(format!("nothing was written{why}")) };
    }
    let mut findings = sync::Findings { updated: spec.clone(), ..sync::Findings::default() };
    let ours = sync::Ours::of(&spec);
    for (stem, item, path, text) in pages.into_iter().filter_map(|(page, _)| page.made) {
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
