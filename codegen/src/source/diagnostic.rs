//! Complaints with a place, and how they are shown.
//!
//! In: what is wrong, where, and how to mend it. Out: text with the source line for people, or one JSON object a line for
//! programs. A [`Report`] gathers all complaints of a run, so that one run shows them all.

use std::borrow::Cow;
use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Location, Sources, Span};

/// How much a complaint matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The output would be wrong: nothing is written.
    Error,
    /// Something is missing or doubtful; a person should look.
    Warning,
}

/// One complaint.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// A stable name of the rule, such as `lint::unknown-type`.
    pub code: &'static str,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<Cow<'static, str>>,
    /// A few words under the marked place.
    pub label: Option<String>,
    /// The marked place.
    pub span: Option<Span>,
    /// The file, where there is no place in its text to point to.
    pub file: Option<String>,
    /// The line in that file, where it is known.
    pub line: Option<usize>,
}

impl Diagnostic {
    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self { severity, code, message: message.into(), help: None, label: None, span: None, file: None, line: None }
    }

    /// A complaint that stops the run.
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A complaint that does not stop the run.
    #[must_use]
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// Marks a place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Names a file whose text cannot be shown.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>) -> Self {
        self.file = Some(path.into());
        self
    }

    /// Names a line of a file whose text is not at hand any more.
    #[must_use]
    pub fn on_line(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }

    /// Puts a few words under the marked place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The path, line and column to print; line 1, column 1 where only the file is known.
    #[must_use]
    pub fn place<'s>(&'s self, sources: &'s Sources) -> (&'s str, Location) {
        let location = match self.span {
            Some(span) => sources.get(span.file).location(span.start),
            None => Location { line: self.line.filter(|_| self.file.is_some()).unwrap_or(1), column: 1 },
        };
        (self.path(sources), location)
    }

    /// The path of the file; empty where none is known.
    fn path<'s>(&'s self, sources: &'s Sources) -> &'s str {
        match (self.span, &self.file) {
            (Some(span), _) => &sources.get(span.file).path,
            (None, Some(path)) => path,
            (None, None) => "",
        }
    }

    /// The machine-readable form.
    #[must_use]
    pub fn to_json(&self, sources: &Sources) -> JsonDiagnostic {
        let (file, location) = self.place(sources);
        JsonDiagnostic {
            severity: self.severity,
            code: Cow::Borrowed(self.code),
            file: file.to_owned(),
            line: location.line,
            column: location.column,
            message: self.message.clone(),
            help: self.help.clone(),
        }
    }
}

/// A diagnostic as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JsonDiagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// A stable name of the rule.
    pub code: Cow<'static, str>,
    /// The path as given.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: Option<Cow<'static, str>>,
}

/// All complaints of a run.
#[derive(Debug, Default, Clone)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// An empty report.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one complaint.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Takes what is a complaint.
    pub fn extend(&mut self, complaints: impl IntoIterator<Item = Diagnostic>) {
        self.diagnostics.extend(complaints);
    }

    /// Takes all complaints of another report.
    pub fn append(&mut self, mut other: Self) {
        self.diagnostics.append(&mut other.diagnostics);
    }

    /// How many complaints are errors.
    #[must_use]
    pub fn error_count(&self) -> usize {
        self.diagnostics.iter().filter(|d| d.severity == Severity::Error).count()
    }

    /// Whether any complaint is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }

    /// Whether there is no complaint at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// The complaints, in the order of their places.
    #[must_use]
    pub fn sorted(&self, sources: &Sources) -> Vec<&Diagnostic> {
        let mut all: Vec<_> = self.diagnostics.iter().collect();
        let key = |d: &&'_ Diagnostic| (d.span.map(|s| s.start), d.severity);
        all.sort_by(|a, b| a.path(sources).cmp(b.path(sources)).then_with(|| key(a).cmp(&key(b))));
        all
    }

    /// The complaints, in the order they came.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

/// How diagnostics are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum MessageFormat {
    /// With the source line and a help text.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
    /// One workflow command of GitHub Actions a line, which marks the place in the view of a pull request.
    Github,
}

/// So many messages are drawn with the lines that they are about. A page that is wrong in every line is told in a line each after that.
const DRAWN: usize = 1_000;

/// Prints complaints for programs: a JSON object a line.
#[must_use]
pub fn json_lines(diagnostics: &[JsonDiagnostic]) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let mut out = Vec::with_capacity(1 << 12);
    for diagnostic in diagnostics {
        // A struct of strings and numbers always serialises, into memory.
        if serde_json::to_writer(&mut out, diagnostic).is_ok() {
            out.push(b'\n');
        }
    }
    out.shrink_to_fit();
    String::from_utf8(out).unwrap_or_default()
}

/// Prints all complaints of a report to a string.
#[must_use]
pub fn render(report: &Report, sources: &Sources, format: MessageFormat, colour: bool) -> String {
    let mut out = String::new();
    for (at, diagnostic) in report.sorted(sources).into_iter().enumerate() {
        match format {
            MessageFormat::Json => out += &json_lines(&[diagnostic.to_json(sources)]),
            MessageFormat::Github => out += &workflow_command(diagnostic, sources),
            MessageFormat::Human if at >= DRAWN => {
                let (file, at) = diagnostic.place(sources);
                out += &format!("{file}:{}:{}: {}\n", at.line, at.column, diagnostic.message);
            }
            MessageFormat::Human => {
                let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
                let handler = GraphicalReportHandler::new_themed(theme).with_width(110).with_links(false).with_context_lines(1);
                let shown = Shown { diagnostic, excerpt: diagnostic.span.map(|span| Excerpt::new(sources, span)) };
                // Writing to a String cannot fail; the handler's only other error is a span outside its source.
                if handler.render_report(&mut out, &shown).is_err() {
                    let (file, at) = diagnostic.place(sources);
                    out += &format!("{file}:{}:{}: {}\n", at.line, at.column, diagnostic.message);
                }
            }
        }
    }
    out
}

/// `::error file=…,line=…,col=…,title=…::…`, with what the syntax reserves written as it wants.
fn workflow_command(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let json = diagnostic.to_json(sources);
    let severity = match json.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let file = match json.file.as_str() {
        "" => String::new(),
        file => format!("file={},line={},col={},", property(file), json.line, json.column),
    };
    let help = json.help.as_deref().map_or_else(String::new, |help| format!("\n{help}"));
    format!("::{severity} {file}title={}::{}\n", property(&json.code), data(&format!("{}{help}", json.message)))
}

/// A diagnostic as miette wants to see it.
#[derive(Debug)]
struct Shown<'a> {
    diagnostic: &'a Diagnostic,
    excerpt: Option<Excerpt>,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (None, Some(file)) = (&self.excerpt, &self.diagnostic.file) {
            write!(f, "{file}:")?;
            self.diagnostic.line.iter().try_for_each(|line| write!(f, "{line}:"))?;
            f.write_str(" ")?;
        }
        f.write_str(&self.diagnostic.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.diagnostic.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.diagnostic.help.as_ref().map(|h| Box::new(h) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|e| e as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let excerpt = self.excerpt.as_ref()?;
        let label = self.diagnostic.label.clone();
        Some(Box::new(std::iter::once(LabeledSpan::new(label, excerpt.mark.start, excerpt.mark.len()))))
    }
}

/// The one line a diagnostic is about, cut to a width that a terminal can show, with its true position.
///
/// miette's own sources would print a line whole, however long it is.
#[derive(Debug)]
struct Excerpt {
    path: String,
    location: Location,
    text: String,
    mark: std::ops::Range<usize>,
}

impl Excerpt {
    /// Bytes shown of a line at the most.
    const WIDTH: usize = 160;

    fn new(sources: &Sources, span: Span) -> Self {
        let file = sources.get(span.file);
        let location = file.location(span.start);
        let line = file.line_range(location.line).unwrap_or(0..0);
        let start = file.floor(span.start).clamp(line.start, line.end);
        let end = file.floor(span.end).clamp(start, line.end);
        let from = if line.len() <= Self::WIDTH {
            line.start
        } else {
            file.floor(start.saturating_sub(Self::WIDTH / 4)).max(line.start)
        };
        let to = file.floor(line.end.min(from + Self::WIDTH)).max(from);
        let text = file.text.get(from..to).unwrap_or_default();
        let (head, tail) = (if from > line.start { "…" } else { "" }, if to < line.end { "…" } else { "" });
        let mark = head.len() + start.min(to) - from..head.len() + end.clamp(start.min(to), to) - from;
        Self { path: file.path.clone(), location, text: format!("{head}{text}{tail}"), mark }
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(&'a self, _: &SourceSpan, _: usize, _: usize) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.clone(),
            self.text.as_bytes(),
            (0, self.text.len()).into(),
            self.location.line - 1,
            self.location.column - 1,
            1,
        )))
    }
}
