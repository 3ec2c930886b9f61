//! A spec-data folder → the model.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::Spec;
use super::folders::PageFolder;
use super::page::{Entry, read_page};
use super::tables::{read_errata, read_tables};
use super::unwritten;
use crate::source::{self, Diagnostic, EntryKind, FileId, Hidden, Limit, Links, Report, Sources, walk};

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
    /// The vendor's pages whose pages here wait for a person to write what the tool could not know.
    pub unwritten: Vec<String>,
}

/// The lock of `sync`: what of the vendor's pages was reviewed. It says nothing of WSK.
pub const LOCK: &str = "upstream-lock.yaml";

/// What of the vendor's pages is wrong, or says nothing.
pub const ERRATA: &str = "errata.yaml";

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
    let walked = walk(folder, Hidden::Skip);
    if let Some((_, error)) = walked.unreadable.into_iter().next() {
        report.push(
            Diagnostic::error("spec::unreadable", format!("cannot read this folder: {error}"))
                .in_file(shown)
                .help("name the spec-data folder with --spec, or run in a checkout that has one"),
        );
        return Loaded { sources, spec: Spec::default(), report, unread: Vec::new(), unwritten: Vec::new() };
    }
    // Texts are read one after another, for their order is that of their places; pages are then understood side by side.
    let mut texts = Vec::new();
    for source::Entry { relative, path, kind } in walked.entries {
        let has_name_of_file = relative.ends_with(".md") || relative == ERRATA;
        if !is_read(&relative) || kind == EntryKind::Folder && !has_name_of_file {
            continue;
        }
        let shown = format!("{shown}/{relative}");
        let mut said = Report::new();
        let file = match (What::of(&relative), kind) {
            (What::Stray, EntryKind::File) => None,
            // Whatever else it would be: a link, or a folder under the name of a page, is said to be that.
            (what, _) => {
                let limit = if matches!(what, What::Page { .. }) { Limit::Page } else { Limit::Table };
                sources.read_from(&path, &shown, limit, Links::Refuse, &mut said)
            }
        };
        texts.push(Text { relative, shown, file, said });
    }
    understand(sources, texts, report)
}

/// Reads the files of a spec-data folder that are in memory, each with its path in that folder. `shown` is how the path of the folder
/// appears in diagnostics.
#[must_use]
pub fn load_bytes(files: &[(String, Vec<u8>)], shown: &str) -> Loaded {
    let mut sources = Sources::new();
    let is_hidden = |relative: &str| relative.split('/').any(|part| part.starts_with('.'));
    let mut texts = Vec::new();
    for (relative, bytes) in files.iter().filter(|(relative, _)| is_read(relative) && !is_hidden(relative)) {
        let (shown, mut said) = (format!("{shown}/{relative}"), Report::new());
        let file = match What::of(relative) {
            What::Stray => None,
            _ => sources.add_bytes(&shown, bytes, &mut said),
        };
        texts.push(Text { relative: relative.clone(), shown, file, said });
    }
    texts.sort_by(|a, b| a.relative.cmp(&b.relative));
    understand(sources, texts, Report::new())
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
                (What::Page { .. }, Some(file)) if unwritten::report(&sources, file, &mut said) => None,
                (What::Page { folder, stem }, Some(file)) => {
                    let entry = read_page(&sources, file, stem, &mut said);
                    if let Some(entry) = &entry {
                        check_folder(entry, folder, &mut said);
                    }
                    entry
                }
                _ => None,
            };
            (entry, said)
        })
        .collect();
    let (mut unread, mut waiting) = (Vec::new(), Vec::new());
    for (Text { relative, shown, file, said }, (entry, page_said)) in texts.into_iter().zip(pages) {
        let what = What::of(&relative);
        let errors = report.error_count();
        if let Some(file) = file.filter(|_| page_said.diagnostics().iter().any(|d| d.code == unwritten::CODE)) {
            waiting.extend(unwritten::upstream(&sources.get(file).text));
        }
        report.append(said);
        report.append(page_said);
        match (what, file) {
            (What::Errata, Some(file)) => {
                read_errata(&sources, file, &mut spec, &mut report);
            }
            (What::Table { stem }, Some(file)) => read_tables(&sources, file, stem, &mut spec, &mut report),
            (What::Stray, _) if report.error_count() == errors => report.push(
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
    Loaded { sources, spec, report, unread, unwritten: waiting }
}

/// What a file of the folder is, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What<'a> {
    Page { folder: PageFolder, stem: &'a str },
    Table { stem: &'a str },
    Errata,
    Stray,
}

impl<'a> What<'a> {
    fn of(relative: &'a str) -> Self {
        let (dir, file_name) = relative.rsplit_once('/').unwrap_or(("", relative));
        match (dir, file_name.strip_suffix(".md")) {
            ("", None) if file_name == ERRATA => Self::Errata,
            ("tables", Some(stem)) if TABLES.contains(&stem) => Self::Table { stem },
            (dir, Some(stem)) => PageFolder::named(dir).map_or(Self::Stray, |folder| Self::Page { folder, stem }),
            _ => Self::Stray,
        }
    }
}

fn check_folder(entry: &Entry, folder: PageFolder, report: &mut Report) {
    let span = match entry {
        Entry::Api(api) => api.kind.span,
        Entry::Struct(s) => s.page.name.span,
        Entry::Enum(e) => e.page.name.span,
        Entry::Control(c) => c.page.name.span,
    };
    let Some(belongs) = PageFolder::of_entry(entry) else { return };
    if belongs != folder {
        let (belongs, dir) = (belongs.name(), folder.name());
        report.push(
            Diagnostic::error("spec::folder", format!("a page of this kind belongs in {belongs}/, not in {dir}/"))
                .at(span)
                .help("move the file, or correct `kind`"),
        );
    }
}
