//! One spec-data page → one entry of the model.
//!
//! In: a text with front matter and sections. Out: an API, a structure, an enumeration or a control operation, or complaints
//! that name the place and what was expected there. The form is described in `spec-data/README.md`.

mod api;
mod control;
mod table;
mod types;
mod yaml;

use std::borrow::Cow;
use std::ops::Range;

use serde::Deserialize;

pub(super) use table::read_table;
pub(super) use yaml::{read_yaml, yaml_span};

use super::{Api, Control, Enum, Page, Struct};
use crate::c::{self, Item};
use crate::facts::ApiKind;
use crate::source::{Block, Diagnostic, Document, FileId, Report, Section, Sources, Span, Spanned, nearest, parse_document};

/// Stands where `import` cannot write: our pages are in our own words.
pub const UNWRITTEN: &str = "(to be written)";

/// No line of a page of ours is longer; one that is was not written by a person.
const MAX_LINE: usize = 20_000;

/// What a page turned out to be.
pub(super) enum Entry {
    Api(Box<Api>),
    Struct(Box<Struct>),
    Enum(Box<Enum>),
    Control(Box<Control>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    name: Option<serde_saphyr::Spanned<String>>,
    typedef: Option<serde_saphyr::Spanned<String>>,
    kind: Option<serde_saphyr::Spanned<String>>,
    header: Option<serde_saphyr::Spanned<String>>,
    since: Option<serde_saphyr::Spanned<String>>,
    upstream: Option<serde_saphyr::Spanned<String>>,
    dispatch: Option<serde_saphyr::Spanned<String>>,
    socket: Option<serde_saphyr::Spanned<String>>,
    function: Option<serde_saphyr::Spanned<String>>,
    library: Option<serde_saphyr::Spanned<String>>,
    undoes: Option<serde_saphyr::Spanned<String>>,
    category: Option<serde_saphyr::Spanned<String>>,
}

/// Reads a page; `None` if it cannot be understood, which the report then explains.
pub(super) fn read_page(sources: &Sources, file: FileId, stem: &str, report: &mut Report) -> Option<Entry> {
    let before = report.diagnostics().len();
    let mut reader = Reader { sources, file, report };
    let entry = reader.page(stem);
    let failed = report.diagnostics().iter().skip(before).any(|d| d.severity == crate::source::Severity::Error);
    entry.filter(|_| !failed)
}

/// What the front matter of an API says beyond that of every page.
struct Head {
    kind: Spanned<ApiKind>,
    typedef: Option<Spanned<String>>,
    library: Option<Spanned<String>>,
    undoes: Vec<Spanned<String>>,
}

struct Reader<'a> {
    sources: &'a Sources,
    file: FileId,
    report: &'a mut Report,
}

impl Reader<'_> {
    fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>, help: impl Into<Cow<'static, str>>) {
        self.report.push(Diagnostic::error(code, message).at(span).help(help));
    }

    fn page(&mut self, stem: &str) -> Option<Entry> {
        let text = &self.sources.get(self.file).text;
        if text.trim().is_empty() {
            self.error(
                "spec::empty",
                Span::new(self.file, 0..0),
                "this page is empty",
                "delete the file, or write the page as spec-data/README.md describes",
            );
            return None;
        }
        if !check_lines(self.sources, self.file, self.report) {
            return None;
        }
        let (yaml, body) = self.front_matter()?;
        let front: FrontMatter = read_yaml(self.sources, self.file, yaml.clone(), self.report)?;
        let document = parse_document(self.sources, self.file, body.clone());

        let kind = self.required(front.kind.as_ref(), "kind", &yaml)?;
        let name = self.required(front.name.as_ref(), "name", &yaml)?;
        let header = self.required(front.header.as_ref(), "header", &yaml);
        let since = self.required(front.since.as_ref(), "since", &yaml);
        let upstream = front.upstream.as_ref().map(|u| self.spanned(u, &yaml));
        let (summary, notes) = self.prose(&document, &name);
        let page = Page {
            file: self.file,
            stem: stem.to_owned(),
            name,
            header: header?,
            since: since?,
            upstream,
            summary: summary?,
            notes,
        };

        let only = |reader: &mut Self, field: Option<&serde_saphyr::Spanned<String>>, name: &str, kinds: &str| {
            if let Some(field) = field {
                let span = reader.spanned(field, &yaml).span;
                reader.error(
                    "spec::front-matter",
                    span,
                    format!("`{name}` has no meaning here"),
                    format!("only {kinds} have it"),
                );
            }
        };
        let api_kind = match kind.value.as_str() {
            "function" => Some(ApiKind::Function),
            "callback" => Some(ApiKind::Callback),
            "export" => Some(ApiKind::Export),
            _ => None,
        };
        if api_kind.is_none_or(|k| k == ApiKind::Export) {
            only(self, front.typedef.as_ref(), "typedef", "functions and callbacks");
        }
        if kind.value != "struct" {
            only(self, front.dispatch.as_ref(), "dispatch", "structures");
            only(self, front.socket.as_ref(), "socket", "structures");
            only(self, front.category.as_ref(), "category", "provider dispatch tables of sockets");
        }
        if api_kind.is_none_or(|k| k == ApiKind::Callback) {
            only(self, front.undoes.as_ref(), "undoes", "functions and exports");
        }
        if api_kind != Some(ApiKind::Export) {
            only(self, front.library.as_ref(), "library", "exports");
        }
        if kind.value != "control" {
            only(self, front.function.as_ref(), "function", "control operations");
        }
        match (kind.value.as_str(), api_kind) {
            (_, Some(api)) => {
                let typedef =
                    if api == ApiKind::Export { None } else { Some(self.required(front.typedef.as_ref(), "typedef", &yaml)?) };
                let library =
                    if api == ApiKind::Export { Some(self.required(front.library.as_ref(), "library", &yaml)?) } else { None };
                let undoes = front.undoes.as_ref().map_or_else(Vec::new, |u| self.list(u, &yaml));
                let head = Head { kind: Spanned::new(api, kind.span), typedef, library, undoes };
                self.api(page, head, &document).map(|found| Entry::Api(Box::new(found)))
            }
            ("struct", _) => self.structure(page, &front, &yaml, &document).map(|found| Entry::Struct(Box::new(found))),
            ("enum", _) => self.enumeration(page, &document).map(|found| Entry::Enum(Box::new(found))),
            ("control", _) => {
                let function = self.required(front.function.as_ref(), "function", &yaml)?;
                self.control(page, function, &document).map(|found| Entry::Control(Box::new(found)))
            }
            _ => {
                let help = match kind.value.as_str() {
                    "method" | "macro" => {
                        "methods and macros are read from the vendor's pages, but nothing is generated for them: remove the page"
                    }
                    _ => "write one of: function, callback, export, struct, enum, control",
                };
                self.error("spec::front-matter", kind.span, format!("`{kind}` is not a kind of page"), help);
                None
            }
        }
    }

    /// The ranges of the YAML and of what follows it.
    fn front_matter(&mut self) -> Option<(Range<usize>, Range<usize>)> {
        let text = &self.sources.get(self.file).text;
        let found = text.strip_prefix("---\n").and_then(|rest| {
            let end = if rest.starts_with("---\n") { 0 } else { rest.find("\n---\n")? + 1 };
            Some((4..4 + end, 4 + end + 4..text.len()))
        });
        if found.is_none() {
            self.error(
                "spec::front-matter",
                Span::new(self.file, 0..text.find('\n').unwrap_or(text.len())),
                "a page begins with front matter between two lines of `---`",
                "add at least name, kind, header and since; see spec-data/README.md",
            );
        }
        found
    }

    fn spanned(&self, value: &serde_saphyr::Spanned<String>, range: &Range<usize>) -> Spanned<String> {
        let span = yaml_span(self.sources, self.file, range, value.referenced);
        let span = span.part(0..value.value.len());
        Spanned::new(value.value.clone(), span)
    }

    /// The words of a field, separated by commas.
    fn list(&self, value: &serde_saphyr::Spanned<String>, range: &Range<usize>) -> Vec<Spanned<String>> {
        let whole = self.spanned(value, range);
        let words = whole.value.split(',').map(str::trim).filter(|w| !w.is_empty());
        words
            .map(|word| {
                let start = word.as_ptr() as usize - whole.value.as_ptr() as usize;
                Spanned::new(word.to_owned(), whole.span.part(start..start + word.len()))
            })
            .collect()
    }

    fn required(
        &mut self,
        value: Option<&serde_saphyr::Spanned<String>>,
        name: &str,
        range: &Range<usize>,
    ) -> Option<Spanned<String>> {
        match value {
            Some(value) if !value.value.trim().is_empty() => Some(self.spanned(value, range)),
            _ => {
                let at = Span::new(self.file, range.start..range.start + 1);
                self.error(
                    "spec::front-matter",
                    at,
                    format!("the front matter has no `{name}`"),
                    format!("add a line `{name}: …`"),
                );
                None
            }
        }
    }

    /// The paragraphs below the title, and the list below `Notes`.
    fn prose(&mut self, document: &Document, name: &Spanned<String>) -> (Option<Spanned<String>>, Vec<Spanned<String>>) {
        let Some(title) = document.sections.iter().find(|s| s.level == 1) else {
            self.error(
                "spec::section",
                name.span,
                "the page has no title",
                format!("add a line `# {name}` below the front matter"),
            );
            return (None, Vec::new());
        };
        if title.title.value != name.value {
            self.error(
                "spec::section",
                title.title.span,
                format!("the title is `{}`, but the front matter names `{name}`", title.title),
                "make them the same",
            );
        }
        let paragraphs: Vec<&Spanned<String>> = title
            .blocks
            .iter()
            .filter_map(|b| match b {
                Block::Paragraph(text) => Some(text),
                _ => None,
            })
            .collect();
        let summary = match (paragraphs.first(), paragraphs.last()) {
            (Some(first), Some(last)) => {
                let text = paragraphs.iter().map(|p| p.value.replace('\n', " ")).collect::<Vec<_>>().join("\n\n");
                Some(Spanned::new(text, Span { end: last.span.end, ..first.span }))
            }
            _ => {
                self.error(
                    "spec::section",
                    title.title.span,
                    "nothing is said below the title",
                    "write what it does, in your own words",
                );
                None
            }
        };
        let notes = document.sections.iter().filter(|s| s.title.value == "Notes").flat_map(|s| &s.blocks);
        let mut items = Vec::new();
        for block in notes {
            match block {
                Block::List(list) => {
                    items.extend(list.iter().cloned().map(|i| i.map(|t| t.split_whitespace().collect::<Vec<_>>().join(" "))))
                }
                other => {
                    let span = other.span().unwrap_or(title.title.span);
                    self.error("spec::section", span, "notes are a list", "begin each note with `- `");
                }
            }
        }
        (summary, items)
    }

    fn check_sections(&mut self, document: &Document, known: &[&str]) {
        let mut seen: Vec<&str> = Vec::new();
        for section in document.sections.iter().filter(|s| s.level > 1) {
            let title = section.title.value.as_str();
            let kind = title.split_once(": ").map_or(title, |(kind, _)| kind);
            if section.level != 2 || !known.contains(&kind) {
                let near = nearest(kind, known.iter().copied(), 1);
                let help = match near.first() {
                    Some(near) => format!("did you mean `## {near}`?"),
                    None => format!("a page of this kind has: {}", known.join(", ")),
                };
                self.error("spec::section", section.title.span, format!("`{title}` is not a section of this kind of page"), help);
            } else if seen.contains(&title) {
                self.error("spec::section", section.title.span, format!("there are two sections `{title}`"), "merge them");
            }
            seen.push(title);
        }
    }

    fn section<'d>(&mut self, document: &'d Document, title: &str, at: Span) -> Option<&'d Section> {
        let found = document.sections.iter().find(|s| s.level == 2 && s.title.value == title);
        if found.is_none() {
            self.error(
                "spec::section",
                at,
                format!("the section `{title}` is missing"),
                format!("add a section `## {title}`; see spec-data/README.md"),
            );
        }
        found
    }

    fn c_block(&mut self, section: &Section) -> Option<Vec<Item>> {
        let code = section.blocks.iter().find_map(|b| match b {
            Block::Code { text, .. } => Some(text),
            _ => None,
        });
        let Some(code) = code else {
            self.error(
                "spec::section",
                section.title.span,
                format!("`{}` has no code block", section.title),
                "add a block fenced by ```c",
            );
            return None;
        };
        c::parse_declarations(&code.value, code.span, self.report)
    }
}

/// Complains about lines that are too long to have been meant.
pub(super) fn check_lines(sources: &Sources, file: FileId, report: &mut Report) -> bool {
    let source = sources.get(file);
    let mut start = 0;
    for line in source.text.split('\n') {
        if line.len() > MAX_LINE {
            report.push(
                Diagnostic::error("spec::line", format!("this line has {} bytes", line.len()))
                    .at(Span::new(file, start..start + 1))
                    .help(format!("pages are read and compared by the line; at most {MAX_LINE} bytes are allowed")),
            );
            return false;
        }
        start += line.len() + 1;
    }
    true
}
