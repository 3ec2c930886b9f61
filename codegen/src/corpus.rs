//! Many pages of the vendor's, read side by side: what each gives is kept, its text is not.
//!
//! The whole reference is some 24,000 pages. Each page is read, understood and reported on by one thread, and its text is dropped
//! before that thread takes the next; so memory holds facts and messages, and of texts no more than there are threads.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;

use crate::source::{Diagnostic, EntryKind, Hidden, JsonDiagnostic, MessageFormat, Report, Sources, json_lines, render, walk};
use crate::vendor::{self, PageFacts};

/// How pages are read.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The form of the messages.
    pub format: MessageFormat,
    /// Whether messages for people have colours.
    pub colour: bool,
    /// Whether a bar shows how far it is, if that takes long.
    pub progress: bool,
}

/// A page, while its text is at hand.
#[derive(Debug)]
pub struct Page<'p> {
    /// The path as given.
    pub path: &'p Path,
    /// The text; `None` where it could not be read.
    pub text: Option<&'p str>,
    /// The text, by the places in it.
    pub sources: &'p Sources,
    /// What it states; `None` where nothing could be read.
    pub facts: Option<&'p PageFacts>,
    /// What was said of it.
    pub report: &'p Report,
    said: OnceCell<Vec<JsonDiagnostic>>,
}

impl Page<'_> {
    /// What was said of it, for other programs.
    #[must_use]
    pub fn diagnostics(&self) -> &[JsonDiagnostic] {
        self.said.get_or_init(|| self.report.sorted(self.sources).into_iter().map(|d| d.to_json(self.sources)).collect())
    }
}

/// Kinds of articles, as their front matter names them: none of them describes an API.
const ARTICLES: [&str; 17] = [
    "article",
    "best-practice",
    "checklist",
    "concept-article",
    "conceptual",
    "faq",
    "get-started",
    "glossary",
    "how-to",
    "landing-page",
    "overview",
    "portal",
    "quickstart",
    "release-notes",
    "troubleshooting",
    "tutorial",
    "whats-new",
];

/// Whether a page says of itself that it is an article: its front matter has a kind of article, and no identifier of a reference page.
fn is_article(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Some(front) = text.strip_prefix("---").and_then(|rest| rest.split("\n---").next().filter(|f| f.len() < rest.len()))
    else {
        return false;
    };
    let value = |key: &str| {
        front.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':')).map(|v| v.trim().trim_matches(['"', '\'']))
    };
    value("UID").is_none() && value("ms.topic").is_some_and(|topic| ARTICLES.contains(&topic))
}

/// What is kept of a page.
#[derive(Debug)]
pub struct Kept<T> {
    /// What was made of it.
    pub made: T,
    /// Whether something is wrong with it.
    pub has_errors: bool,
    /// How many warnings there are.
    pub warnings: usize,
    /// Whether it is an article that states no facts, by its own front matter: no page of an API, and nothing that went wrong.
    pub is_article: bool,
    /// The messages, as they are printed.
    pub text: String,
}

/// Fewer pages than this are read before a bar could be drawn.
const LONG: usize = 500;

/// Reads pages, and keeps what `keep` makes of each, in the order of the paths.
pub fn read<T: Send>(paths: &[PathBuf], options: Options, keep: impl Fn(&Page<'_>) -> T + Sync) -> Vec<Kept<T>> {
    let bar = if options.progress && paths.len() >= LONG {
        let style = ProgressStyle::with_template("{bar:40} {pos} of {len} pages, {eta} left");
        let bar = ProgressBar::with_draw_target(Some(paths.len() as u64), ProgressDrawTarget::stderr_with_hz(10));
        // The template is a constant; were it wrong, the bar would have its usual look.
        style.into_iter().for_each(|style| bar.set_style(style));
        bar
    } else {
        ProgressBar::hidden()
    };
    let kept = paths
        .par_iter()
        .map(|path| {
            let mut sources = Sources::new();
            let mut report = Report::new();
            let shown = path.display().to_string().replace('\\', "/");
            let file = sources.read(path, &shown, &mut report);
            let facts = file.and_then(|file| vendor::read(&sources, file, &mut report));
            let text = file.map(|file| sources.get(file).text.as_str());
            let page = Page { path, text, sources: &sources, facts: facts.as_ref(), report: &report, said: OnceCell::new() };
            let made = keep(&page);
            bar.inc(1);
            let warnings = report.diagnostics().len() - report.error_count();
            let is_article = facts.is_none() && text.is_some_and(is_article);
            let text = match options.format {
                MessageFormat::Json => json_lines(page.diagnostics()),
                other => render(&report, &sources, other, options.colour),
            };
            Kept { made, has_errors: report.has_errors(), warnings, is_article, text }
        })
        .collect();
    bar.finish_and_clear();
    kept
}

/// Endings of the names of pages.
const PAGES: [&str; 4] = ["md", "txt", "html", "htm"];

/// Files as they are; folders as the pages in and below them, in order. What is hidden is passed over.
pub fn expand(paths: &[PathBuf], report: &mut Report) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for path in paths {
        if !path.is_dir() {
            out.push(path.clone());
            continue;
        }
        let walked = walk(path, Hidden::Skip);
        for (folder, error) in walked.unreadable {
            report.push(
                Diagnostic::error("source::unreadable", format!("cannot read this folder: {error}"))
                    .in_file(folder.display().to_string())
                    .help("check that the path exists and that you may read it"),
            );
        }
        let before = out.len();
        for entry in walked.entries {
            let is_page = entry.path.extension().and_then(|e| e.to_str()).is_some_and(|e| PAGES.contains(&e));
            match entry.kind {
                EntryKind::Folder if !is_page => {}
                EntryKind::LinkToFolder if !is_page => report.push(
                    Diagnostic::warning("source::link", "this is a link to a folder, which is not followed")
                        .in_file(entry.path.display().to_string())
                        .help("name the folder itself, too, if its pages are meant"),
                ),
                // A folder, a link to one, or a pipe under the name of a page is said to be none where it is read.
                _ if is_page => out.push(entry.path),
                _ => {}
            }
        }
        if let Some(found) = out.get_mut(before..) {
            found.sort();
        }
        if out.len() == before {
            report.push(
                Diagnostic::error("vendor::empty", "this folder has no pages")
                    .in_file(path.display().to_string())
                    .help("pages end in .md, .txt, .html or .htm"),
            );
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_says_so_itself() {
        let page = |front: &str| format!("---\ntitle: A\n{front}\n---\n\n# A\n\nms.topic: overview\n");
        for front in ["ms.topic: concept-article", "ms.topic: \"overview\"", "ms.topic: how-to"] {
            assert!(is_article(&page(front)), "{front}");
        }
        // Reference pages, pages that do not say, and text that only looks like front matter.
        for front in ["ms.topic: reference", "ms.topic: function", "a: b", "ms.topic: overview\nUID: NC:x.Y", "topic: overview"] {
            assert!(!is_article(&page(front)), "{front}");
        }
        assert!(!is_article("# A\n\nms.topic: overview\n") && !is_article("---\nms.topic: overview\n") && !is_article(""));
    }
}
