//! A spec-data folder → the model.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::Spec;
use super::page::{Entry, read_page};
use super::tables::{read_errata, read_tables};
use crate::source::{Diagnostic, FileId, Report, Sources};

/// What was read, with the texts that the places in it point into.
#[derive(Debug)]
pub struct Loaded {
    /// The texts.
    pub sources: Sources,
    /// The model.
    pub spec: Spec,
    /// What was wrong with single pages.
    pub report: Report,
    /// The pages and tables that could not be read, as `folder/stem`: what they define is missing from the model.
    pub unread: Vec<String>,
}

/// The lock of `sync`: what of the vendor's pages was reviewed. It says nothing of WSK.
pub const LOCK: &str = "upstream-lock.yaml";

const PAGES: &[&str] = &["functions", "callbacks", "exports", "structs", "enums", "controls"];
const TABLES: &[&str] = &["constants", "identifiers", "macros", "statuses", "types", "versions"];

/// The folder that holds `spec-data`, looking from `start` upwards.
#[must_use]
pub fn find_root(start: &Path) -> Option<PathBuf> {
    start.ancestors().find(|dir| dir.join("spec-data").is_dir()).map(Path::to_path_buf)
}

/// Reads a spec-data folder. `shown` is how its path appears in diagnostics.
#[must_use]
pub fn load(folder: &Path, shown: &str) -> Loaded {
    let mut sources = Sources::new();
    let mut report = Report::new();
    let mut files = BTreeMap::new();
    if let Err(error) = list(folder, "", &mut files) {
        report.push(
            Diagnostic::error("spec::unreadable", format!("cannot read this folder: {error}"))
                .in_file(shown)
                .help("name the spec-data folder with --spec, or run in a checkout that has one"),
        );
        return Loaded { sources, spec: Spec::default(), report, unread: Vec::new() };
    }
    // Texts are read one after another, for their order is that of their places; pages are then understood side by side.
    let mut texts = Vec::new();
    for (relative, path) in files.into_iter().filter(|(relative, _)| is_read(relative)) {
        let shown = format!("{shown}/{relative}");
        let mut said = Report::new();
        let file = if What::of(&relative) == What::Stray { None } else { sources.read(&path, &shown, &mut said) };
        texts.push(Text { relative, shown, file, said });
    }
    understand(sources, texts, report)
}

/// Reads the files of a spec-data folder that are in memory, each with its path in that folder.
#[must_use]
pub fn load_texts(files: &[(&str, &str)]) -> Loaded {
    let mut sources = Sources::new();
    let read = files.iter().filter(|(relative, _)| is_read(relative));
    let texts = read
        .map(|(relative, text)| Text {
            relative: (*relative).to_owned(),
            shown: (*relative).to_owned(),
            file: (What::of(relative) != What::Stray).then(|| sources.add(*relative, text)),
            said: Report::new(),
        })
        .collect();
    understand(sources, texts, Report::new())
}

/// Whether a file says something of WSK.
fn is_read(relative: &str) -> bool {
    relative.rsplit('/').next() != Some("README.md") && relative != LOCK
}

/// A file that was read.
struct Text {
    /// Its path in the folder.
    relative: String,
    /// Its path in diagnostics.
    shown: String,
    /// Its text; `None` for one that could not be read, or that nothing reads.
    file: Option<FileId>,
    /// What was wrong with it.
    said: Report,
}

/// Texts → the model.
fn understand(sources: Sources, texts: Vec<Text>, mut report: Report) -> Loaded {
    let mut spec = Spec::default();
    let pages: Vec<(Option<Entry>, Report)> = texts
        .par_iter()
        .map(|text| {
            let mut said = Report::new();
            let entry = match (What::of(&text.relative), text.file) {
                (What::Page { dir, stem }, Some(file)) => {
                    let entry = read_page(&sources, file, stem, &mut said);
                    if let Some(entry) = &entry {
                        check_folder(entry, dir, &mut said);
                    }
                    entry
                }
                _ => None,
            };
            (entry, said)
        })
        .collect();
    let mut unread = Vec::new();
    for (Text { relative, shown, file, said }, (entry, page_said)) in texts.into_iter().zip(pages) {
        let what = What::of(&relative);
        let errors = report.error_count();
        report.append(said);
        report.append(page_said);
        match (what, file) {
            (What::Errata, Some(file)) => {
                read_errata(&sources, file, &mut spec, &mut report);
            }
            (What::Table { stem }, Some(file)) => read_tables(&sources, file, stem, &mut spec, &mut report),
            (What::Stray, _) => report.push(
                Diagnostic::error("spec::stray", "nothing reads this file")
                    .in_file(shown)
                    .help("pages are functions/, callbacks/, exports/, structs/, enums/ and controls/NAME.md; move or remove it"),
            ),
            _ => {}
        }
        match entry {
            Some(Entry::Api(api)) => spec.apis.push(*api),
            Some(Entry::Struct(structure)) => spec.structs.push(*structure),
            Some(Entry::Enum(enumeration)) => spec.enums.push(*enumeration),
            Some(Entry::Control(control)) => spec.controls.push(*control),
            None => {}
        }
        if report.error_count() > errors {
            unread.push(relative.trim_end_matches(".md").to_owned());
        }
    }
    Loaded { sources, spec, report, unread }
}

/// What a file of the folder is, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What<'a> {
    Page { dir: &'a str, stem: &'a str },
    Table { stem: &'a str },
    Errata,
    Stray,
}

impl<'a> What<'a> {
    fn of(relative: &'a str) -> Self {
        let (dir, file_name) = relative.rsplit_once('/').unwrap_or(("", relative));
        match (dir, file_name.strip_suffix(".md")) {
            ("", None) if file_name == "errata.yaml" => Self::Errata,
            ("tables", Some(stem)) if TABLES.contains(&stem) => Self::Table { stem },
            (dir, Some(stem)) if PAGES.contains(&dir) => Self::Page { dir, stem },
            _ => Self::Stray,
        }
    }
}

fn check_folder(entry: &Entry, dir: &str, report: &mut Report) {
    let (belongs, span) = match entry {
        Entry::Api(api) => {
            let Some(belongs) = api.kind.value.folder() else { return };
            (belongs, api.kind.span)
        }
        Entry::Struct(s) => ("structs", s.page.name.span),
        Entry::Enum(e) => ("enums", e.page.name.span),
        Entry::Control(c) => ("controls", c.page.name.span),
    };
    if belongs != dir {
        report.push(
            Diagnostic::error("spec::folder", format!("a page of this kind belongs in {belongs}/, not in {dir}/"))
                .at(span)
                .help("move the file, or correct `kind`"),
        );
    }
}

/// All files below a folder, by their path with `/` between its parts; hidden files are passed over.
fn list(folder: &Path, prefix: &str, into: &mut BTreeMap<String, PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let relative = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &relative, into)?;
        } else {
            into.insert(relative, entry.path());
        }
    }
    Ok(())
}
