//! Every page of the vendor's that spec-data is about, edited in its markup and spelling only: `sync` says nothing of it.

#![allow(clippy::indexing_slicing, clippy::string_slice, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]
#![allow(unreachable_pub, reason = "the modules of a test are not public")]

mod common;
#[path = "markup/edits.rs"]
mod edits;

use std::path::Path;

use common::{load_spec, root, shared};
use edits::{BODY, FRONT};
use wsk_codegen::corpus::Options;
use wsk_codegen::source::{MessageFormat, Report};
use wsk_codegen::spec::{LOCK, Loaded};
use wsk_codegen::sync::{Lock, sync, text};

/// A page: the name of its file, its front matter with both marks, and its body.
struct Page {
    name: String,
    front: String,
    body: String,
}

/// The pages of a folder that the lock is about.
fn pages(folder: &Path, lock: &Lock) -> Vec<Page> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if lock.pages.contains_key(name.trim_end_matches(".md")) {
            let text = std::fs::read_to_string(&path).expect("a page").replace("\r\n", "\n");
            let text = text.trim_start_matches('\u{feff}');
            let end = text[4..].find("\n---\n").map_or(0, |at| at + 4 + "\n---\n".len());
            let (front, body) = text.split_at(end);
            found.push(Page { name, front: front.to_owned(), body: body.to_owned() });
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// What `sync` says of each page of a folder with these pages: of how many, and what.
fn said(loaded: &Loaded, lock: &Lock, pages: &[(&Page, String)]) -> (usize, String) {
    let folder = tempfile::tempdir().expect("a folder");
    for (page, text) in pages {
        std::fs::write(folder.path().join(&page.name), text).expect("a page");
    }
    let options = Options { format: MessageFormat::Json, colour: false, progress: false };
    let mut report = Report::new();
    let (mut findings, stderr) = sync(&loaded.spec, &loaded.sources, lock, folder.path(), options, &mut report);
    // The other pages are not there.
    findings.gone.clear();
    let unread = pages.len() - findings.compared;
    let count = findings.pages.len() + unread;
    let is_silent = count == 0 && findings.is_empty() && !report.has_errors();
    if is_silent { (0, String::new()) } else { (count.max(1), text(&findings, lock, None, false) + &stderr) }
}

type Whole = (&'static str, fn(&Page) -> String);

/// Edits of whole pages.
const WHOLE: &[Whole] = &[
    ("as it is", |p| format!("{}{}", p.front, p.body)),
    ("CRLF", |p| format!("{}{}", p.front, p.body).replace('\n', "\r\n")),
    ("BOM", |p| format!("\u{feff}{}{}", p.front, p.body)),
    ("BOM and CRLF", |p| format!("\u{feff}{}{}", p.front, p.body).replace('\n', "\r\n")),
    ("no line end at the end", |p| format!("{}{}", p.front, p.body.trim_end())),
];

#[test]
fn an_edit_of_markup_or_spelling_is_no_change() {
    let loaded = load_spec();
    let lock = Lock::read(&root().join("spec-data").join(LOCK)).expect("the lock");
    let mut report = Vec::new();
    let (mut total, mut silent) = (0, 0);
    for folder in ["ddi-2024-03", "network-2025-11"] {
        let Some(path) = shared(folder) else { return };
        let pages = pages(&path, &lock);
        let of_pages = |name: &'static str, edit: &dyn Fn(&Page) -> Option<String>| -> (&'static str, usize, usize, String) {
            let edited: Vec<(&Page, String)> = pages.iter().filter_map(|page| Some((page, edit(page)?))).collect();
            if edited.is_empty() {
                return (name, 0, 0, String::new());
            }
            let (failed, said) = said(&loaded, &lock, &edited);
            (name, edited.len(), failed, said)
        };
        let whole = WHOLE.iter().map(|(name, edit)| of_pages(name, &|page| Some(edit(page))));
        let body = BODY.iter().map(|(name, edit)| {
            of_pages(name, &|page| {
                Some(edit(&page.body)).filter(|body| *body != page.body).map(|body| page.front.clone() + &body)
            })
        });
        let front = FRONT.iter().map(|(name, edit)| {
            of_pages(name, &|page| Some(edit(&page.front)).filter(|front| *front != page.front).map(|front| front + &page.body))
        });
        for (name, count, failed, said) in whole.chain(body).chain(front) {
            println!("{folder}: {name}: {count} pages, {failed} with findings");
            total += count;
            silent += count - failed;
            report.extend((failed > 0).then(|| format!("{folder}: {name}: {said}")));
        }
    }
    println!("{silent} of {total} edited pages are as they were reviewed");
    assert!(report.is_empty(), "{}\n{silent} of {total}", report.join("\n"));
    assert!(total > 2500, "{total}");
}
