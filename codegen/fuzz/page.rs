//! What is done with a page of the vendor's, whatever its dialect: its facts are read, written in every form that they have, and put into
//! spec-data.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use wsk_codegen::corpus::Options;
use wsk_codegen::source::{MessageFormat, Report, Sources, render};
use wsk_codegen::spec::{Loaded, PageFolder, load_texts};
use wsk_codegen::sync::{self, AcceptError, Findings, Lock, Written};
use wsk_codegen::{contract, diff, import, vendor};

#[allow(dead_code, reason = "who includes this reads pages, or writes them")]
pub(crate) fn read(text: &str) {
    let (mut sources, mut report) = (Sources::new(), Report::new());
    let file = sources.add("page", text);
    let Some(page) = vendor::read(&sources, file, &mut report) else {
        assert!(!report.is_empty(), "a page that gives nothing is complained of");
        return;
    };
    let contract = contract::of_pages(std::slice::from_ref(&page), &sources, Vec::new());
    assert_eq!(contract.apis.len() + contract.structs.len() + contract.enums.len() + contract.controls.len(), 1);
    let _ = import::write_page(&page);
    let _ = import::path_of(&page);
    let tree = vendor::facts_of(&page, &sources).into_iter().collect();
    let changes = diff::diff_pages(&tree, &tree);
    assert!(changes.is_empty(), "a page is no different from itself");
    for diagnostic in report.diagnostics() {
        let (_, at) = diagnostic.place(&sources);
        assert!(at.line >= 1 && at.column >= 1);
    }
    // Of one alone, for to draw them takes longer than to find them.
    if report.diagnostics().len() == 1 {
        let _ = render(&report, &sources, MessageFormat::Human, false);
    }
}

/// A model of one page, which is enough for another to be new or the same.
const OURS: (&str, &str) = ("functions/WskBind.md", include_str!("../../spec-data/functions/WskBind.md"));
static SPEC: LazyLock<Loaded> = LazyLock::new(|| load_texts(&[OURS]));

/// Does what `import --write` and `sync --accept` do with a page, into a scratch folder, and sees that nothing else is touched. Gives how
/// many files were written.
#[allow(dead_code, reason = "who includes this reads pages, or writes them")]
pub(crate) fn write(text: &str) -> usize {
    let Loaded { sources: ours, spec, .. } = &*SPEC;
    let scratch = Scratch::new();
    let mut count = 0;

    let (mut sources, mut report) = (Sources::new(), Report::new());
    let file = sources.add("nf-wsk-page.md", text);
    if let Some(facts) = vendor::read(&sources, file, &mut report)
        && let Some((stem, path)) = sync::upstream_of(&facts).zip(import::path_of(&facts))
        && let Some(item) = vendor::facts_of(&facts, &sources)
    {
        let mut findings = Findings { updated: spec.clone(), ..Findings::default() };
        findings.take(&sync::Ours::of(spec), &stem, &item, (path, import::write_page(&facts)));
        count += scratch.check(sync::accept(&scratch.spec(), spec, ours, &findings, &Lock::default(), sync::Revision::Unknown));
    }

    for stem in ["nf-wsk-page", "nc-wsk-pfn_wsk_bind"] {
        let checkout = scratch.root.join("checkout");
        std::fs::create_dir_all(&checkout).expect("a folder");
        std::fs::write(checkout.join(format!("{stem}.md")), text).expect("a page");
        let options = Options { format: MessageFormat::Json, colour: false, progress: false };
        let (findings, _) = sync::sync(spec, ours, &Lock::default(), &checkout, options, &mut Report::new());
        std::fs::remove_dir_all(&checkout).expect("the folder");
        count += scratch.check(sync::accept(&scratch.spec(), spec, ours, &findings, &Lock::default(), sync::Revision::Unknown));
    }
    count
}

/// A folder some way down in a folder of its own, for names that climb.
struct Scratch {
    root: PathBuf,
}

impl Scratch {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("wsk-writer-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let scratch = Self { root: std::env::temp_dir().join(name) };
        scratch.fill();
        scratch
    }

    fn spec(&self) -> PathBuf {
        self.root.join("a/b/c/d/spec-data")
    }

    fn fill(&self) {
        std::fs::create_dir_all(self.spec().join("functions")).expect("a folder");
        std::fs::write(self.spec().join(OURS.0), OURS.1).expect("a page");
    }

    /// Holds what was written against what is there, and removes it.
    fn check(&self, written: Result<Vec<Written>, AcceptError>) -> usize {
        let (removed, written): (Vec<Written>, Vec<Written>) = written.into_iter().flatten().partition(|w| w.removed);
        let written: Vec<String> = written.into_iter().map(|w| w.path).collect();
        for path in &written {
            let is_page = |path: &str| {
                let (folder, file) = path.split_once('/')?;
                let name = file.strip_suffix(".md")?;
                let is_identifier = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && name.len() < 256;
                PageFolder::named(folder).filter(|_| is_identifier)
            };
            assert!(
                is_page(path).is_some() || ["upstream-lock.yaml", "errata.yaml"].contains(&path.as_str()),
                "{path:?} was written"
            );
        }
        let mut there = Vec::new();
        files(&self.root, &mut there);
        let before = [OURS.0.to_owned()].into_iter().filter(|path| !removed.iter().any(|r| r.path == *path));
        let mut wanted: Vec<PathBuf> = before.chain(written.iter().cloned()).map(|path| self.spec().join(path)).collect();
        there.sort();
        wanted.sort();
        wanted.dedup();
        assert_eq!(there, wanted, "only what is said is written");
        std::fs::remove_dir_all(self.spec()).expect("the folder");
        self.fill();
        written.len()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left lies in the folder for what is temporary.
        let _ = std::fs::remove_dir_all(&self.root);
    }
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files(&path, into) } else { into.push(path) }
    }
}
