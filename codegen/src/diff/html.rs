//! Changes as one page of HTML that needs nothing else: a list with filters, and beside each fact the Rust that is generated from its page,
//! before and after.

use std::collections::BTreeMap;

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use super::Side;
use super::change::{Change, summary};
use super::class::Class;
use crate::emit::{MARKER, OutputFile, emit_partly};

/// So many lines that did not change are shown around those that did.
const CONTEXT: usize = 3;

#[derive(Serialize)]
struct Report<'a> {
    summary: String,
    words: BTreeMap<&'static str, &'static str>,
    changes: &'a [Change],
    /// The generated files of an item that differ, by its kind and name.
    items: BTreeMap<String, Vec<File>>,
    /// Why there is no Rust, if there is none.
    note: Option<String>,
}

/// A generated file, line by line beside its earlier form; where lines are left out there is none.
#[derive(Serialize, Clone)]
struct File {
    path: String,
    before: Vec<Option<Line>>,
    after: Vec<Option<Line>>,
}

#[derive(Serialize, Clone)]
struct Line {
    text: String,
    changed: bool,
}

/// The page. Where there are no two models changes are shown without Rust; where not all Rust can be made, with what can.
#[must_use]
pub fn html(changes: &[Change], sides: Option<[Side<'_>; 2]>) -> String {
    let (items, note) = match sides {
        Some(sides) => {
            let [(before, old), (after, new)] = sides.map(|side| emit_partly(side.spec, side.sources));
            let mut why: Vec<String> = old.iter().chain(&new).map(ToString::to_string).collect();
            why.dedup();
            let note = (!why.is_empty()).then(|| format!("Not all Rust is shown, for some cannot be made: {}", why.join("; ")));
            (files_of(changes, &before, &after), note)
        }
        None => (BTreeMap::new(), Some("No Rust is shown: these are pages of the vendor's, of which none is made.".to_owned())),
    };
    let report = Report {
        summary: format!("WSK documentation: {}", summary(changes)),
        words: Class::ALL.into_iter().map(|class| (class.as_str(), class.words())).collect(),
        changes,
        items,
        note,
    };
    // Strings and numbers, which always serialise. In a script element `<` could end it.
    let data = serde_json::to_string(&report).unwrap_or_default().replace('<', "\\u003c");
    include_str!("report.html").replace("/*DATA*/", &data)
}

/// What is generated from the pages of the items that changed, where it differs.
fn files_of(changes: &[Change], before: &[OutputFile], after: &[OutputFile]) -> BTreeMap<String, Vec<File>> {
    let (before, after) = (by_path(before), by_path(after));
    let mut paths: Vec<&str> = before.keys().chain(after.keys()).copied().collect();
    paths.sort_unstable();
    paths.dedup();
    // Each file that differs, with the page that it is made from.
    let differing: Vec<(String, File)> = paths
        .into_iter()
        .filter_map(|path| {
            let text = |files: &BTreeMap<&str, &OutputFile>| files.get(path).map_or("", |f| f.contents.as_str()).to_owned();
            let (was, is) = (text(&before), text(&after));
            let origin = origin(if is.is_empty() { &was } else { &is })?;
            (was != is).then(|| (origin, beside(path, &was, &is)))
        })
        .collect();
    let mut items: BTreeMap<String, Vec<File>> = BTreeMap::new();
    for change in changes {
        let Some(page) = change.after_at.as_ref().or(change.before_at.as_ref()) else { continue };
        let key = format!("{} {}", change.kind.as_str(), change.name);
        if items.contains_key(&key) {
            continue;
        }
        let files: Vec<File> = differing
            .iter()
            .filter(|(origin, _)| origin.rsplitn(3, '/').take(2).eq(page.file.rsplitn(3, '/').take(2)))
            .map(|(_, file)| file.clone())
            .collect();
        items.insert(key, files);
    }
    items
}

fn by_path(files: &[OutputFile]) -> BTreeMap<&str, &OutputFile> {
    files.iter().map(|f| (f.path.as_str(), f)).collect()
}

/// The page that a generated file says it is made from.
fn origin(contents: &str) -> Option<String> {
    let line = contents.lines().next()?.strip_prefix(MARKER)?.strip_prefix(" from ")?;
    line.split_once(". Do not edit").map(|(page, _)| page.to_owned())
}

fn beside(path: &str, was: &str, is: &str) -> File {
    let mut file = File { path: path.to_owned(), before: Vec::new(), after: Vec::new() };
    let diff = TextDiff::from_lines(was, is);
    for (i, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if i > 0 {
            file.before.push(None);
            file.after.push(None);
        }
        for op in group {
            for change in diff.iter_changes(op) {
                let text = change.value().trim_end_matches(['\n', '\r']).to_owned();
                let line = |changed| Some(Line { text: text.clone(), changed });
                match change.tag() {
                    ChangeTag::Equal => {
                        level(&mut file);
                        file.before.push(line(false));
                        file.after.push(line(false));
                    }
                    ChangeTag::Delete => file.before.push(line(true)),
                    ChangeTag::Insert => file.after.push(line(true)),
                }
            }
        }
        level(&mut file);
    }
    file
}

/// Fills up the shorter side, so that what did not change stands side by side.
fn level(file: &mut File) {
    let blank = || Some(Line { text: String::new(), changed: false });
    let longest = file.before.len().max(file.after.len());
    file.before.resize_with(longest, blank);
    file.after.resize_with(longest, blank);
}
