//! One spec-data page → one entry of the model.
//!
//! In: a text with front matter and sections. Out: an API, a structure, an enumeration or a control operation, or complaints
//! that name the place and what was expected there. The form is described in `spec-data/README.md`.

use std::ops::Range;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{
    Api, ClientState, Code, Combine, Control, Data, Dispatch, Enum, FieldDoc, IrpRule, IrqlCase, MemoryRule, Operation, Page,
    Param, Returns, SocketKind, SocketRule, SocketState, Struct, Term, Value, ValueTable, When,
};
use crate::c::{self, Item};
use crate::facts::{ApiKind, Direction, LevelRange};
use crate::source::{
    Block, Cell, Diagnostic, Document, FileId, Report, Section, Sources, Span, Spanned, Table, nearest, parse_document,
};

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
}

/// Reads a page; `None` if it cannot be understood, which the report then explains.
pub(super) fn read_page(sources: &Sources, file: FileId, stem: &str, report: &mut Report) -> Option<Entry> {
    let before = report.diagnostics().len();
    let mut reader = Reader { sources, file, report };
    let entry = reader.page(stem);
    let failed = report.diagnostics().iter().skip(before).any(|d| d.severity == crate::source::Severity::Error);
    entry.filter(|_| !failed)
}

/// Reads YAML that stands at `range`; complaints get its places.
pub(super) fn read_yaml<T: DeserializeOwned>(
    sources: &Sources,
    file: FileId,
    range: Range<usize>,
    report: &mut Report,
) -> Option<T> {
    let text = sources.get(file).text.get(range.clone()).unwrap_or_default();
    match serde_saphyr::from_str::<T>(text) {
        Ok(value) => Some(value),
        Err(error) => {
            let error = error.without_snippet();
            let at = error.location().map_or(Span::new(file, range.start..range.start), |l| yaml_span(sources, file, &range, l));
            let message = error.render();
            let message = message.lines().next().unwrap_or_default();
            let message = message.split(" at line ").next().unwrap_or(message).trim_start_matches("error: ").trim();
            report.push(
                Diagnostic::error("spec::yaml", format!("this YAML cannot be read: {message}"))
                    .at(at)
                    .help("the fields are described in spec-data/README.md"),
            );
            None
        }
    }
}

/// The rest of the line that a YAML location names.
pub(super) fn yaml_span(sources: &Sources, file: FileId, range: &Range<usize>, location: serde_saphyr::Location) -> Span {
    let source = sources.get(file);
    let first = source.location(range.start).line;
    let line = first + usize::try_from(location.line()).unwrap_or(1).saturating_sub(1);
    let Some(line) = source.line_range(line) else { return Span::new(file, range.end..range.end) };
    let column = usize::try_from(location.column()).unwrap_or(1).saturating_sub(1);
    let text = source.text.get(line.clone()).unwrap_or_default();
    let offset = text.char_indices().nth(column).map_or(text.len(), |(at, _)| at);
    Span::new(file, line.start + offset..line.start + text.trim_end().len().max(offset))
}

struct Reader<'a> {
    sources: &'a Sources,
    file: FileId,
    report: &'a mut Report,
}

/// A row of a table, by column.
struct Row<'t> {
    cells: Vec<(&'static str, &'t Cell)>,
}

impl<'t> Row<'t> {
    fn get(&self, column: &str) -> Option<&'t Cell> {
        self.cells.iter().find(|(name, _)| *name == column).map(|(_, cell)| *cell)
    }

    fn name(&self, column: &str) -> Option<Spanned<String>> {
        self.get(column).map(|cell| Spanned::new(cell.text.clone(), cell.span))
    }

    fn prose(&self, column: &str) -> Option<Spanned<String>> {
        self.get(column).map(|cell| Spanned::new(cell.raw.clone(), cell.span))
    }
}

/// A column of a table, and whether it must be there.
type Column = (&'static str, bool);

impl Reader<'_> {
    fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>, help: impl Into<String>) {
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
                self.api(page, Spanned::new(api, kind.span), typedef, library, &document).map(|found| Entry::Api(Box::new(found)))
            }
            ("struct", _) => self.structure(page, &front, &yaml, &document).map(|found| Entry::Struct(Box::new(found))),
            ("enum", _) => self.enumeration(page, &document).map(|found| Entry::Enum(Box::new(found))),
            ("control", _) => {
                let function = self.required(front.function.as_ref(), "function", &yaml)?;
                self.control(page, function, &document).map(|found| Entry::Control(Box::new(found)))
            }
            _ => {
                let help = "write one of: function, callback, export, struct, enum, control";
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

    /// The rows of a section's table; complains about a missing table, columns that are not expected and rows of another width.
    fn table<'d>(&mut self, section: &'d Section, columns: &[Column]) -> Option<Vec<Row<'d>>> {
        let all: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let shape = format!("the table has the columns | {} |", all.join(" | "));
        let mut table: Option<&Table> = None;
        for block in &section.blocks {
            match block {
                Block::Table(found) if table.is_none() => table = Some(found),
                Block::Paragraph(text) if text.value.starts_with('|') => {
                    self.error(
                        "spec::table",
                        text.span,
                        "this is not a table",
                        format!("{shape}, and below them a row |---|---|"),
                    );
                    return None;
                }
                other => {
                    let span = other.span().unwrap_or(section.title.span);
                    self.error("spec::table", span, format!("only one table is expected in `{}`", section.title), shape);
                    return None;
                }
            }
        }
        let Some(table) = table else {
            self.error("spec::table", section.title.span, format!("`{}` has no table", section.title), shape);
            return None;
        };
        read_rows(table, columns, self.report)
    }

    fn api(
        &mut self,
        page: Page,
        kind: Spanned<ApiKind>,
        typedef: Option<Spanned<String>>,
        library: Option<Spanned<String>>,
        document: &Document,
    ) -> Option<Api> {
        self.check_sections(document, &["Signature", "Parameters", "Flags", "Values", "Returns", "IRQL", "Notes"]);
        let at = page.name.span;
        let signature = self.signature(&page, document);
        let params = self.section(document, "Parameters", at).and_then(|s| self.params(s));
        let values = self.value_tables(document);
        let is_void = signature.as_ref().is_some_and(|s| s.ret.is_void());
        let returns = match document.sections.iter().find(|s| s.title.value == "Returns") {
            None if is_void => Some(Returns::default()),
            Some(section) if is_void => {
                self.error(
                    "spec::section",
                    section.title.span,
                    "a function that returns VOID has no codes",
                    "remove the section",
                );
                None
            }
            _ => self.section(document, "Returns", at).and_then(|s| self.returns(s)),
        };
        let irql = self.section(document, "IRQL", at).and_then(|s| self.irql(s));
        Some(Api {
            page,
            kind,
            typedef,
            library,
            signature: signature?,
            params: params?,
            values: values?,
            returns: returns?,
            irql: irql?,
        })
    }

    fn signature(&mut self, page: &Page, document: &Document) -> Option<c::Function> {
        let section = self.section(document, "Signature", page.name.span)?;
        let items = self.c_block(section)?;
        match <[Item; 1]>::try_from(items) {
            Ok([Item::Function { name, function }]) => {
                if name.value != page.name.value {
                    self.error(
                        "spec::signature",
                        name.span,
                        format!("the signature declares `{name}`, but the page is about `{}`", page.name),
                        "make them the same",
                    );
                }
                if let Some(unnamed) = function.params.iter().position(|p| p.name.is_none()) {
                    self.error(
                        "spec::signature",
                        name.span,
                        format!("parameter {} has no name", unnamed + 1),
                        "name every parameter",
                    );
                    return None;
                }
                Some(function)
            }
            _ => {
                self.error(
                    "spec::signature",
                    section.title.span,
                    "one function prototype is expected",
                    "NTSTATUS Name(TYPE Parameter, …);",
                );
                None
            }
        }
    }

    fn params(&mut self, section: &Section) -> Option<Vec<Param>> {
        let rows = self.table(section, &[("Name", true), ("Direction", true), ("Memory", false), ("Meaning", true)])?;
        let mut params = Vec::new();
        for row in rows {
            let (name, direction, meaning) = (row.name("Name")?, row.name("Direction")?, row.prose("Meaning")?);
            let Some((way, optional, reserved)) = read_direction(&direction.value) else {
                let help = "write in, out, or `in, out`, each with `, optional` if null is allowed; or reserved";
                self.error("spec::direction", direction.span, format!("`{direction}` is not a direction"), help);
                continue;
            };
            let mut memory = Vec::new();
            if let Some(cell) = row.get("Memory").filter(|c| !c.text.is_empty()) {
                for (part, span) in parts(cell, ';') {
                    match MemoryRule::parse(part) {
                        Some(rule) => memory.push(Spanned::new(rule, span)),
                        None => self.error(
                            "spec::memory",
                            span,
                            format!("`{part}` is not a rule for memory"),
                            "known: non-paged; until completion; until close; until deregistration; during the call; bytes in PARAMETER",
                        ),
                    }
                }
            }
            params.push(Param { name, direction: Spanned::new(way, direction.span), optional, reserved, memory, meaning });
        }
        Some(params)
    }

    fn value_tables(&mut self, document: &Document) -> Option<Vec<ValueTable>> {
        let mut tables = Vec::new();
        for section in &document.sections {
            let (combine, of) = match section.title.value.split_once(": ") {
                Some(("Flags", of)) => (Combine::Any, of),
                Some(("Values", of)) => (Combine::One, of),
                _ if matches!(section.title.value.as_str(), "Flags" | "Values") => {
                    let help = format!("write `## {}: PARAMETER`", section.title);
                    self.error("spec::section", section.title.span, "whose flags or values are these?", help);
                    return None;
                }
                _ => continue,
            };
            let start = section.title.value.len() - of.len();
            let of = Spanned::new(of.to_owned(), section.title.span.part(start..section.title.value.len()));
            let rows = self.table(section, &[("Constant", true), ("Excludes", false), ("Meaning", true)])?;
            let mut values = Vec::new();
            for row in rows {
                let excludes = row.get("Excludes").filter(|c| !c.text.is_empty()).map_or_else(Vec::new, |cell| {
                    parts(cell, ',').into_iter().map(|(part, span)| Spanned::new(part.to_owned(), span)).collect()
                });
                values.push(Value { constant: row.name("Constant")?, excludes, meaning: row.prose("Meaning")? });
            }
            tables.push(ValueTable { of, combine, rows: values });
        }
        Some(tables)
    }

    fn returns(&mut self, section: &Section) -> Option<Returns> {
        let mut returns = Returns::default();
        let rows = self.table(section, &[("Status", true), ("Meaning", true)])?;
        let count = rows.len();
        for (i, row) in rows.into_iter().enumerate() {
            let (name, meaning) = (row.name("Status")?, row.prose("Meaning")?);
            if name.value == "…" || name.value == "..." {
                if i + 1 != count {
                    self.error("spec::returns", name.span, "the row for all other codes is not the last", "move it to the end");
                }
                returns.other = Some(meaning);
            } else {
                returns.codes.push(Code { name, meaning });
            }
        }
        if returns.codes.is_empty() {
            self.error("spec::returns", section.title.span, "no code is named", "name at least the code for success");
        }
        Some(returns)
    }

    fn irql(&mut self, section: &Section) -> Option<Vec<IrqlCase>> {
        let rows = self.table(section, &[("When", true), ("Level", true)])?;
        if rows.is_empty() {
            self.error(
                "spec::irql",
                section.title.span,
                "no level is given",
                "add a row | always | <= DISPATCH_LEVEL |, from the documentation or an erratum",
            );
        }
        let mut cases = Vec::new();
        for row in rows {
            let (when, level) = (row.get("When")?, row.get("Level")?);
            let parsed = self.when(when);
            let range = self.level(level);
            if let (Some(when_value), Some(range)) = (parsed, range) {
                cases.push(IrqlCase { when: Spanned::new(when_value, when.span), range });
            }
        }
        Some(cases)
    }

    fn level(&mut self, cell: &Cell) -> Option<Spanned<LevelRange>> {
        let range = LevelRange::parse(&cell.text);
        if range.is_none() {
            self.error(
                "spec::irql",
                cell.span,
                format!("`{}` is not a level", cell.text),
                "write PASSIVE_LEVEL, <= APC_LEVEL, <= DISPATCH_LEVEL, DISPATCH_LEVEL, >= DISPATCH_LEVEL, <= DIRQL or any level",
            );
        }
        range.map(|r| Spanned::new(r, cell.span))
    }

    fn when(&mut self, cell: &Cell) -> Option<When> {
        match cell.text.as_str() {
            "always" => return Some(When::Always),
            "otherwise" => return Some(When::Otherwise),
            _ => {}
        }
        let mut terms = Vec::new();
        let base = cell.raw.find(cell.text.as_str()).unwrap_or(0);
        let at = |part: &str| {
            let start = base + (part.as_ptr() as usize - cell.text.as_ptr() as usize);
            Spanned::new(part.to_owned(), cell.span.part(start..start + part.len()))
        };
        for term in cell.text.split(" and ") {
            let values = if let Some((param, value)) = term.split_once(" == ") {
                Some((param.trim(), vec![value.trim()]))
            } else if let Some((param, list)) = term.split_once(" in ") {
                let list = list.trim();
                list.strip_prefix('(')
                    .and_then(|l| l.strip_suffix(')'))
                    .map(|l| (param.trim(), l.split(',').map(str::trim).collect()))
            } else {
                None
            };
            let is_word = |w: &str| !w.is_empty() && w.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            match values {
                Some((param, values)) if is_word(param) && values.iter().all(|v| is_word(v)) => {
                    terms.push(Term { param: at(param), values: values.into_iter().map(at).collect() });
                }
                _ => {
                    let help = "write always, otherwise, or `Parameter == CONSTANT` or `Parameter in (A, B)`, joined by `and`";
                    self.error("spec::irql", cell.span, format!("`{}` is not a condition", cell.text), help);
                    return None;
                }
            }
        }
        Some(When::All(terms))
    }

    fn structure(&mut self, page: Page, front: &FrontMatter, yaml: &Range<usize>, document: &Document) -> Option<Struct> {
        self.check_sections(document, &["Definition", "Fields", "Notes"]);
        let dispatch = match front.dispatch.as_ref().map(|d| self.spanned(d, yaml)) {
            None => None,
            Some(word) => match word.value.as_str() {
                "provider" => Some(Dispatch::Provider),
                "client" => Some(Dispatch::Client),
                _ => {
                    self.error(
                        "spec::front-matter",
                        word.span,
                        format!("`{word}` owns no dispatch table"),
                        "write provider or client",
                    );
                    None
                }
            },
        };
        let socket = match front.socket.as_ref().map(|s| self.spanned(s, yaml)) {
            None => None,
            Some(word) => match SocketKind::parse(&word.value) {
                Some(kind) => Some(Spanned::new(kind, word.span)),
                None => {
                    let help = "write basic, listen, datagram, connection or stream";
                    self.error("spec::front-matter", word.span, format!("`{word}` is not a kind of socket"), help);
                    None
                }
            },
        };
        let section = self.section(document, "Definition", page.name.span)?;
        let items = self.c_block(section)?;
        let (record, names) = match <[Item; 1]>::try_from(items) {
            Ok([Item::Record { record, names }]) => (record, names),
            _ => {
                self.error(
                    "spec::definition",
                    section.title.span,
                    "one structure is expected",
                    "typedef struct _NAME { … } NAME, *PNAME;",
                );
                return None;
            }
        };
        self.declared_name(&page, &names, section.title.span);
        let fields = self.section(document, "Fields", page.name.span)?;
        let fields = self.field_docs(fields)?;
        Some(Struct { page, dispatch, socket, record, names, fields })
    }

    fn declared_name(&mut self, page: &Page, names: &[c::Declared], at: Span) {
        if !names.iter().any(|n| n.name.value == page.name.value) {
            self.error(
                "spec::definition",
                at,
                format!("the definition does not declare `{}`", page.name),
                "make the names the same",
            );
        }
    }

    fn field_docs(&mut self, section: &Section) -> Option<Vec<FieldDoc>> {
        self.table(section, &[("Name", true), ("Since", false), ("Meaning", true)])?
            .into_iter()
            .map(|row| {
                Some(FieldDoc {
                    name: row.name("Name")?,
                    since: row.name("Since").filter(|s| !s.is_empty()),
                    meaning: row.prose("Meaning")?,
                })
            })
            .collect()
    }

    fn enumeration(&mut self, page: Page, document: &Document) -> Option<Enum> {
        self.check_sections(document, &["Definition", "Values", "Notes"]);
        let section = self.section(document, "Definition", page.name.span)?;
        let items = self.c_block(section)?;
        let (enumeration, names) = match <[Item; 1]>::try_from(items) {
            Ok([Item::Enumeration { enumeration, names }]) => (enumeration, names),
            _ => {
                self.error(
                    "spec::definition",
                    section.title.span,
                    "one enumeration is expected",
                    "typedef enum { A = 0, … } NAME, *PNAME;",
                );
                return None;
            }
        };
        self.declared_name(&page, &names, section.title.span);
        let values = self.section(document, "Values", page.name.span)?;
        let variants = self.field_docs(values)?;
        Some(Enum { page, enumeration, names, variants })
    }

    fn control(&mut self, page: Page, function: Spanned<String>, document: &Document) -> Option<Control> {
        self.check_sections(document, &["Operation", "Flags", "Values", "Returns", "Notes"]);
        let mut operations = Vec::new();
        for section in document.sections.iter().filter(|s| s.level == 2) {
            if let Some(name) = section.title.value.strip_prefix("Operation: ") {
                let name = Spanned::new(name.to_owned(), section.title.span);
                operations.push(self.operation(name, section)?);
            }
        }
        if operations.is_empty() {
            self.error(
                "spec::section",
                page.name.span,
                "the section `Operation` is missing",
                "add a section `## Operation: set` (or get, enable…)",
            );
        }
        let values = self.value_tables(document)?;
        let returns = match document.sections.iter().find(|s| s.title.value == "Returns") {
            Some(section) => self.returns(section)?,
            None => Returns::default(),
        };
        Some(Control { page, function, operations, values, returns })
    }

    fn operation(&mut self, name: Spanned<String>, section: &Section) -> Option<Operation> {
        let rows = self.table(section, &[("Property", true), ("Value", true)])?;
        let mut known: Vec<(&str, Option<Cell>)> =
            ["Request type", "Level", "Input", "Output", "Size returned", "IRP", "Sockets", "Client state", "IRQL"]
                .map(|n| (n, None))
                .into();
        for row in rows {
            let (property, value) = (row.get("Property")?, row.get("Value")?);
            match known.iter_mut().find(|(name, _)| *name == property.text) {
                Some((_, slot @ None)) => *slot = Some(value.clone()),
                Some(_) => self.error(
                    "spec::control",
                    property.span,
                    format!("`{}` is given twice", property.text),
                    "remove one of them",
                ),
                None => {
                    let names: Vec<&str> = known.iter().map(|(n, _)| *n).collect();
                    self.error(
                        "spec::control",
                        property.span,
                        format!("`{}` is not a property", property.text),
                        format!("known: {}", names.join(", ")),
                    );
                }
            }
        }
        let mut take = |name: &str| known.iter_mut().find(|(n, _)| *n == name).and_then(|(_, cell)| cell.take());
        let (request, level, sockets, client_state) =
            (take("Request type"), take("Level"), take("Sockets"), take("Client state"));
        let (input, output, returned, irp, irql) =
            (take("Input"), take("Output"), take("Size returned"), take("IRP"), take("IRQL"));
        let need = |reader: &mut Self, cell: Option<Cell>, what: &str| {
            if cell.is_none() {
                reader.error(
                    "spec::control",
                    name.span,
                    format!("`{name}` does not say `{what}`"),
                    format!("add a row | {what} | … |"),
                );
            }
            cell
        };
        let input = need(self, input, "Input");
        let output = need(self, output, "Output");
        let returned = need(self, returned, "Size returned");
        let irp = need(self, irp, "IRP");
        let irql = need(self, irql, "IRQL");
        let input = self.data(&input?)?;
        let output = self.data(&output?)?;
        let returned = returned?;
        let size_returned = match returned.text.as_str() {
            "yes" => true,
            "no" => false,
            other => {
                self.error("spec::control", returned.span, format!("`{other}` is neither yes nor no"), "write yes or no");
                return None;
            }
        };
        let irp = irp?;
        let Some(rule) = [IrpRule::Required, IrpRule::Optional, IrpRule::Forbidden].into_iter().find(|r| r.as_str() == irp.text)
        else {
            self.error(
                "spec::control",
                irp.span,
                format!("`{}` is not a rule for IRPs", irp.text),
                "write required, optional or forbidden",
            );
            return None;
        };
        let client_state = match client_state {
            None => None,
            Some(cell) => match [ClientState::Any, ClientState::BeforeSockets].into_iter().find(|s| s.as_str() == cell.text) {
                Some(state) => Some(Spanned::new(state, cell.span)),
                None => {
                    self.error(
                        "spec::control",
                        cell.span,
                        format!("`{}` is not a state of a client", cell.text),
                        "write any or `before any socket`",
                    );
                    return None;
                }
            },
        };
        let name_of = |cell: Cell| Spanned::new(cell.text, cell.span);
        Some(Operation {
            request: request.map(name_of),
            level: level.map(name_of),
            input,
            output,
            size_returned: Spanned::new(size_returned, returned.span),
            irp: Spanned::new(rule, irp.span),
            sockets: sockets.map_or(Some(Vec::new()), |cell| self.sockets(&cell))?,
            client_state,
            irql: self.level(&irql?)?,
            name: {
                let word = name.value.clone();
                let start = section.title.value.len() - word.len();
                Spanned::new(word, name.span.part(start..section.title.value.len()))
            },
        })
    }

    fn data(&mut self, cell: &Cell) -> Option<Spanned<Data>> {
        if cell.text == "none" {
            return Some(Spanned::new(Data::None, cell.span));
        }
        let (text, wrap): (&str, fn(c::CType) -> Data) = match (cell.text.strip_suffix("[]"), cell.text.strip_suffix('+')) {
            (Some(text), _) => (text, Data::Many),
            (_, Some(text)) => (text, Data::Extended),
            _ => (&cell.text, Data::One),
        };
        let word = text.split_whitespace().next() == Some(text) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !word {
            self.error("spec::control", cell.span, format!("`{}` is not a type", cell.text), "write none, TYPE, TYPE[] or TYPE+");
            return None;
        }
        let ty = c::CType::Named(c::TypeName { tag: None, name: Spanned::new(text.to_owned(), cell.span), is_const: false });
        Some(Spanned::new(wrap(ty), cell.span))
    }

    fn sockets(&mut self, cell: &Cell) -> Option<Vec<SocketRule>> {
        let mut rules = Vec::new();
        for (part, span) in parts(cell, ',') {
            let (kind, state) = match part.split_once('(') {
                Some((kind, state)) => (kind.trim(), state.trim_end_matches(')').trim()),
                None => (part, SocketState::Any.as_str()),
            };
            let state = SocketState::ALL.into_iter().find(|s| s.as_str() == state);
            match (SocketKind::parse(kind), state) {
                (Some(kind), Some(state)) => rules.push(SocketRule { kind: Spanned::new(kind, span), state }),
                _ => {
                    let kinds = SocketKind::ALL.map(SocketKind::as_str).join(", ");
                    let states = SocketState::ALL.map(SocketState::as_str).join(", ");
                    self.error(
                        "spec::control",
                        span,
                        format!("`{part}` is not a kind of socket with a state"),
                        format!("kinds: {kinds}; states, in parentheses: {states}"),
                    );
                    return None;
                }
            }
        }
        Some(rules)
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

/// The rows of a table by column; complains about columns that are not expected and rows of another width.
pub(super) fn read_table<'t>(
    table: &'t Table,
    columns: &[Column],
    report: &mut Report,
) -> Option<Vec<impl Fn(&str) -> Option<&'t Cell> + use<'t>>> {
    let rows = read_rows(table, columns, report)?;
    Some(rows.into_iter().map(|row| move |column: &str| row.get(column)).collect())
}

fn read_rows<'t>(table: &'t Table, columns: &[Column], report: &mut Report) -> Option<Vec<Row<'t>>> {
    let shape =
        format!("the table has the columns | {} |", columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" | "));
    let mut expected = columns.iter();
    let mut header = Vec::new();
    for cell in &table.header {
        match expected.by_ref().find(|(name, required)| *name == cell.text || *required) {
            Some((name, _)) if *name == cell.text => header.push(*name),
            _ => {
                report.push(
                    Diagnostic::error("spec::table", format!("the column `{}` is not expected here", cell.text))
                        .at(cell.span)
                        .help(shape),
                );
                return None;
            }
        }
    }
    if let Some((missing, _)) = expected.find(|(_, required)| *required) {
        let message = format!("the column `{missing}` is missing");
        report.push(Diagnostic::error("spec::table", message).at(table.span.part(0..1)).help(shape));
        return None;
    }
    let mut rows = Vec::new();
    let mut failed = false;
    for cells in &table.rows {
        if cells.len() != header.len() {
            failed = true;
            let span = match (cells.first(), cells.last()) {
                (Some(first), Some(last)) => Span { end: last.span.end, ..first.span },
                _ => table.span,
            };
            let message = format!("this row has {} cells, the header has {}", cells.len(), header.len());
            let help = "give every column a cell, empty if need be; write a pipe inside a cell as \\|";
            report.push(Diagnostic::error("spec::table", message).at(span).help(help));
            continue;
        }
        rows.push(Row { cells: header.iter().copied().zip(cells).collect() });
    }
    (!failed).then_some(rows)
}

/// `in, out, optional` → direction, optional, reserved.
fn read_direction(text: &str) -> Option<(Direction, bool, bool)> {
    if text == "reserved" {
        return Some((Direction::In, false, true));
    }
    let (way, optional) = text.strip_suffix(", optional").map_or((text, false), |way| (way, true));
    let way = match way {
        "in" => Direction::In,
        "out" => Direction::Out,
        "in, out" => Direction::InOut,
        _ => return None,
    };
    Some((way, optional, false))
}

/// The parts of a cell between separators, with their places.
fn parts(cell: &Cell, separator: char) -> Vec<(&str, Span)> {
    let base = cell.raw.find(cell.text.as_str()).unwrap_or(0);
    let mut out = Vec::new();
    let mut from = 0;
    for piece in cell.text.split(separator) {
        let start = from + (piece.len() - piece.trim_start().len());
        let text = piece.trim();
        out.push((text, cell.span.part(base + start..base + start + text.len())));
        from += piece.len() + separator.len_utf8();
    }
    out
}
