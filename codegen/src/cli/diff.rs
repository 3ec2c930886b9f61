//! `diff`: two versions of spec-data, or of the vendor's pages.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher as _;
use std::path::Path;

use clap::ValueEnum;
use foldhash::quality::FixedState;

use super::given::{self, Given};
use super::import::options;
use super::{BAD_INPUT, CLEAN, Common, FINDINGS, Outcome};
use crate::corpus;
use crate::diff::{self, Change, Class, DecisionsFile, Said, Side};
use crate::facts::{Identity, Tree};
use crate::source::{Diagnostic, Report, Sources};
use crate::spec::{Loaded, load};
use crate::vendor;

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
    pub(super) classes: Option<&'a Path>,
    pub(super) format: DiffFormat,
    pub(super) fail_on: Class,
}

impl Comparison<'_> {
    /// Whether a folder of ours is needed: as the newer side, or for the repository that has a revision.
    pub(super) fn needs_project(&self) -> bool {
        let is_folder = |name: &str| Path::new(name).is_dir();
        !(is_folder(self.old) && self.new.is_some_and(is_folder))
    }
}

pub(super) fn bad_input(code: &'static str, message: String, help: &'static str) -> Outcome {
    let mut report = Report::new();
    report.push(Diagnostic::error(code, message).help(help));
    Outcome::new(Sources::new(), report, BAD_INPUT)
}

/// Compares two versions of spec-data. `project` is our folder and how it is shown, where one is needed.
pub(super) fn run(project: Option<(&Path, &str)>, what: &Comparison<'_>) -> Outcome {
    let folder = project.map_or(Path::new("."), |(folder, _)| folder);
    let side = |name: Option<&str>| {
        let loaded = match (name, project) {
            (None, Some((folder, shown))) => load(folder, shown),
            (name, _) => diff::load_revision(name.unwrap_or_default(), folder).map_err(|error| {
                bad_input("diff::unknown", error.to_string(), "name a folder of pages, or a revision such as HEAD~1 or v0.1.0")
            })?,
        };
        // What cannot be read cannot be compared: a page that is missing from the model would pass for one that is gone.
        if loaded.report.has_errors() { Err(unreadable(loaded, name, folder)) } else { Ok(loaded) }
    };
    let (old, new) = match (side(Some(what.old)), side(what.new)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(outcome), _) | (_, Err(outcome)) => return outcome,
    };
    // What somebody decided stands beside the newer side.
    let beside = match (project, what.new.map(Path::new)) {
        (None, Some(new)) if new.join("spec-data").is_dir() => new.to_path_buf(),
        (None, Some(new)) => new.parent().unwrap_or(new).to_path_buf(),
        _ => folder.parent().unwrap_or(folder).to_path_buf(),
    };
    let (before, after) = (Side::of(&old), Side::of(&new));
    say(diff::diff(before, after), Some([before, after]), what, &beside)
}

/// A side whose pages cannot be read. Of a revision the first later one that can is named.
fn unreadable(loaded: Loaded, name: Option<&str>, folder: &Path) -> Outcome {
    let Loaded { sources, mut report, .. } = loaded;
    if let Some((name, later)) = name.and_then(|name| Some((name, diff::first_readable_after(name, folder)?))) {
        let message = format!("the pages of `{name}` are not of a form that is read");
        let help = format!("the first revision after it that is read is `{later}`: compare with that one");
        report.push(Diagnostic::error("diff::form", message).help(help));
    }
    Outcome::new(sources, report, BAD_INPUT)
}

/// Compares pages of the vendor's, or folders of them, by the facts that they state; `None` if they are not such pages.
pub(super) fn run_on_pages(what: &Comparison<'_>, common: &Common) -> Option<Outcome> {
    let names = [Some(what.old), what.new];
    let given = names.map(|name| name.map(Given::of));
    if let Some(name) = names.into_iter().flatten().find(|name| Given::of(name) == Given::Part) {
        return Some(given::part(name));
    }
    let (old, new) = match (given, what.new) {
        ([Some(Given::Pages), Some(Given::Pages)], Some(new)) => (what.old, new),
        ([Some(Given::Nothing), Some(Given::Pages)], _) => {
            return Some(given::nothing(what.old, "pages of the vendor's are compared with other pages, not with a revision"));
        }
        ([Some(Given::Pages), Some(Given::Nothing)], Some(new)) => {
            return Some(given::nothing(new, "pages of the vendor's are compared with other pages, not with a revision"));
        }
        ([Some(Given::Pages), _] | [_, Some(Given::Pages)], _) => {
            let help = "compare them with spec-data by `wsk-codegen sync DIR`, or give two folders of pages";
            let message = "pages of the vendor's can only be compared with pages of the vendor's".to_owned();
            return Some(bad_input("diff::mixed", message, help));
        }
        _ => return None,
    };
    let mut report = Report::new();
    let (mut stderr, mut has_errors, mut ours) = (String::new(), false, None);
    let mut read = |folder: &str| -> (Tree, Texts) {
        let paths = corpus::expand(&[folder.into()], &mut report);
        let pages = corpus::read(&paths, options(common), |page| {
            let facts = page.facts.and_then(|f| vendor::facts_of(f, page.sources));
            (facts, page.text.is_some_and(given::is_page_of_ours), page.text.map(digest))
        });
        let mut items = Vec::new();
        for (page, path) in pages.into_iter().zip(&paths) {
            // What a page is silent about is not what was asked; what is wrong with it is. An article has nothing to compare.
            if page.has_errors && !page.is_article {
                has_errors = true;
                stderr += &page.text;
            }
            if page.made.1 {
                ours.get_or_insert_with(|| path.display().to_string());
            }
            let (facts, _, digest) = page.made;
            items.extend(facts.map(|(identity, item)| (identity, item, digest)));
        }
        let texts = items.iter().filter_map(|(identity, _, digest)| Some((identity.clone(), (*digest)?))).collect();
        (items.into_iter().map(|(identity, item, _)| (identity, item)).collect(), texts)
    };
    let ((old, old_texts), (new, new_texts)) = (read(old), read(new));
    if let Some(ours) = ours {
        return Some(given::part(&ours));
    }
    let changes = diff::diff_pages(&old, &new);
    report.extend(other_words(&changes, &old_texts, &new_texts));
    let outcome = say(changes, None, what, Path::new("."));
    let status = if has_errors || report.has_errors() { BAD_INPUT } else { outcome.status };
    report.append(outcome.report);
    Some(Outcome { stderr, status, report, ..outcome })
}

/// The digests of texts, by what they describe.
type Texts = HashMap<Identity, u64>;

fn digest(text: &str) -> u64 {
    FixedState::default().hash_one(text)
}

/// Says of how many pages the text is another and no fact is: of two folders facts alone are compared.
fn other_words(changes: &[Change], old: &Texts, new: &Texts) -> Option<Diagnostic> {
    let changed: HashSet<(&str, &str)> = changes.iter().map(|c| (c.name.as_str(), c.header.as_str())).collect();
    let is_other = |(identity, text): &(&Identity, &u64)| {
        old.get(identity).is_some_and(|was| was != *text)
            && !changed.contains(&(identity.name.as_str(), identity.header.as_str()))
    };
    let count = new.iter().filter(is_other).count();
    let pages = if count == 1 { "1 page" } else { &format!("{count} pages") };
    let message =
        format!("{pages} with other words or markup, and no other fact: of two folders, facts are compared and nothing else");
    let help = "`wsk-codegen sync DIR` tells changes of words of the pages that spec-data describes";
    (count > 0).then(|| Diagnostic::warning("diff::words", message).help(help))
}

fn say(mut changes: Vec<Change>, sides: Option<[Side<'_>; 2]>, what: &Comparison<'_>, beside: &Path) -> Outcome {
    let (classes, accepted) = (beside.join(diff::CLASSES), beside.join("accepted-changes.yaml"));
    let mut said = Said::default();
    let classes = diff::read_classes(what.classes.map_or(DecisionsFile::Beside(&classes), DecisionsFile::Named), &mut said);
    let accepted = diff::read_accepted(what.accepted.map_or(DecisionsFile::Beside(&accepted), DecisionsFile::Named), &mut said);
    if said.report.has_errors() {
        return Outcome::new(said.sources, said.report, BAD_INPUT);
    }
    diff::reclassify(&mut changes, &classes, &mut said);
    diff::accept(&mut changes, &accepted, &mut said);
    let out = match what.format {
        DiffFormat::Text => diff::text(&changes),
        DiffFormat::Markdown => diff::markdown(&changes),
        DiffFormat::Html => diff::html(&changes, sides),
        DiffFormat::Json => diff::json(&changes),
    };
    let is_finding = |change: &Change| change.class >= what.fail_on && change.accepted.is_none();
    let status = if changes.iter().any(is_finding) { FINDINGS } else { CLEAN };
    Outcome::new(said.sources, said.report, status).saying(out)
}
