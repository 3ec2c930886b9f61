//! DDI Markdown: the sources of the reference pages, of any year.
//!
//! `key: value` front matter, sections `## -name`, entries `### -param Name [in]` and `### -field Name`, values `#### NAME`; in
//! the first revision also a `-prototype` or `-syntax` block.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

use super::markup::{self, is_identifier};
use super::params::{Annotation, beginning, bracketed, is_stand_in};
use super::signature::Prototype;
use super::{
    ApiFacts, EnumFacts, ItemFacts, PageFacts, ParamFacts, StructFacts, irql_in_text, kind, locale, name_behind, rendered,
    returns, signature, silent, take_irql, version,
};
use crate::c::{Item, Record};
use crate::facts::{ApiKind, Direction};
use crate::source::{Diagnostic, FileId, Report, Sources, Span, Spanned};

/// Whether a page is of this dialect.
pub(super) fn is_ddi(text: &str) -> bool {
    text.starts_with("---\n") && text.lines().take(60).any(|l| l.starts_with("UID:"))
}

/// A heading, and what stands below it up to the next heading of any level.
struct Entry<'t> {
    level: usize,
    title: &'t str,
    title_span: Span,
    body: Range<usize>,
}

struct Page<'t> {
    text: &'t str,
    file: FileId,
    front: Range<usize>,
    entries: Vec<Entry<'t>>,
    /// The description without its formatting, once it was asked for.
    description: OnceCell<String>,
}

pub(super) fn read(sources: &Sources, file: FileId, report: &mut Report) -> Option<PageFacts> {
    let source = sources.get(file);
    let page = Page::cut(&source.text, file);
    let uid = page.front_value("UID");
    let name = source.path.rsplit('/').next().and_then(|n| n.strip_suffix(".md")).map(str::to_owned);
    // `NC:wsk.PFN_X`; in 2017 `NC.wsk.PFN_X`.
    let parts = uid.as_ref().and_then(|u| u.value.split_once([':', '.']));
    let Some((kind, rest)) = parts.map(|(kind, rest)| (kind.to_owned(), rest.to_owned())) else {
        let at = uid.map_or(Span::new(file, 0..3), |u| u.span);
        report.push(
            Diagnostic::error("vendor::uid", "the page does not say what it describes")
                .at(at)
                .help("a reference page has `UID: NC:header.NAME`"),
        );
        return None;
    };
    let target = rest.split_once('.').map_or(rest.as_str(), |(_, name)| name).to_owned();
    let target = Spanned::new(target, uid.as_ref()?.span);
    let item = match kind.as_str() {
        "NC" | "NF" => ItemFacts::Api(page.api(kind == "NC", target, report)),
        "NS" => ItemFacts::Struct(page.structure(target, report)),
        "NE" => ItemFacts::Enum(page.enumeration(target, report)),
        _ => {
            report.push(
                Diagnostic::warning("vendor::kind", format!("pages of kind {kind} carry no facts that are read here"))
                    .at(target.span)
                    .help("callbacks (NC), functions (NF), structures (NS) and enumerations (NE) are read"),
            );
            return None;
        }
    };
    Some(PageFacts { file, page: name, item })
}

impl<'t> Page<'t> {
    fn cut(text: &'t str, file: FileId) -> Self {
        let front_end = text.get(4..).and_then(|t| t.find("\n---")).map_or(text.len(), |end| 4 + end);
        let mut entries: Vec<Entry<'t>> = Vec::new();
        let mut in_code = false;
        let mut at = front_end.min(text.len());
        for line in text.get(at..).unwrap_or_default().split_inclusive('\n') {
            let trimmed = line.trim_end();
            if trimmed.starts_with("```") {
                in_code = !in_code;
            }
            let level = trimmed.bytes().take_while(|b| *b == b'#').count();
            let is_heading = !in_code && (1..=6).contains(&level) && trimmed.as_bytes().get(level) == Some(&b' ');
            if is_heading {
                let title = trimmed.get(level..).unwrap_or_default().trim();
                let start = at + line.find(title).unwrap_or(0);
                let title_span = Span::new(file, start..start + title.len());
                entries.push(Entry { level, title, title_span, body: at + line.len()..at + line.len() });
            } else if let Some(last) = entries.last_mut() {
                last.body.end = at + line.len();
            }
            at += line.len();
        }
        Self { text, file, front: 4..front_end, entries, description: OnceCell::new() }
    }

    fn front_value(&self, key: &str) -> Option<Spanned<String>> {
        let mut at = self.front.start;
        for line in self.text.get(self.front.clone())?.split_inclusive('\n') {
            if let Some(value) = line.strip_prefix(key).and_then(|rest| rest.strip_prefix(':')) {
                let spaces = value.len() - value.trim_start().len();
                let quoted = value.trim();
                // A value that would not be plain YAML is quoted: `"<= DISPATCH_LEVEL"`.
                let inner = ['"', '\''].iter().find_map(|q| quoted.strip_prefix(*q)?.strip_suffix(*q));
                let start = at + line.len() - value.len() + spaces + usize::from(inner.is_some());
                let text = inner.unwrap_or(quoted);
                let skipped = text.len() - text.trim_start().len();
                let (start, text) = (start + skipped, text.trim());
                return (!text.is_empty())
                    .then(|| Spanned::new(text.to_owned(), Span::new(self.file, start..start + text.len())));
            }
            at += line.len();
        }
        None
    }

    /// The key of an empty front-matter line, to point at; else the beginning of the page.
    fn front_place(&self, key: &str) -> Span {
        let front = self.text.get(self.front.clone()).unwrap_or_default();
        match front.find(&format!("\n{key}:")) {
            Some(at) => Span::new(self.file, self.front.start + at + 1..self.front.start + at + 1 + key.len()),
            None => Span::new(self.file, 0..3),
        }
    }

    fn section(&self, title: &str) -> Option<&Entry<'t>> {
        self.entries.iter().find(|e| e.level == 2 && e.title == title)
    }

    fn body(&self, entry: &Entry<'_>) -> (&'t str, Span) {
        (self.text.get(entry.body.clone()).unwrap_or_default(), Span::new(self.file, entry.body.clone()))
    }

    /// The first code block of a section, without its fences.
    fn code(&self, title: &str) -> Option<(&'t str, Span)> {
        let (body, place) = self.body(self.section(title)?);
        let open = body.find("```")?;
        let start = open + body.get(open..)?.find('\n')? + 1;
        let end = body.get(start..)?.find("\n```").map_or(body.len(), |e| start + e + 1);
        Some((body.get(start..end)?, place.part(start..end)))
    }

    /// The entries below a section up to the next section.
    fn entries_of(&self, title: &str) -> impl Iterator<Item = &Entry<'t>> {
        let start = self.entries.iter().position(|e| e.level == 2 && e.title == title);
        let entries = start.map_or(&[] as &[Entry<'t>], |s| self.entries.get(s + 1..).unwrap_or_default());
        entries.iter().take_while(|e| e.level > 2)
    }

    fn header(&self, report: &mut Report) -> Option<Spanned<String>> {
        let found = self.front_value("req.header");
        if found.is_none() {
            silent(report, self.front_place("req.header"), "in which header it is", "add the header to our page by an erratum");
        }
        found.map(|f| f.map(|h| h.to_lowercase()))
    }

    fn since(&self, report: &mut Report) -> Option<Spanned<String>> {
        let text = self.front_value("req.target-min-winverclnt");
        let found = text.clone().and_then(|t| version::read(&t.value).map(|v| Spanned::new(v, t.span)));
        if found.is_none() {
            let at = text.map_or_else(|| self.front_place("req.target-min-winverclnt"), |t| t.span);
            silent(report, at, "since which version of Windows it exists", "add the version to our page by an erratum");
        }
        found
    }

    fn api(&self, is_callback: bool, target: Spanned<String>, report: &mut Report) -> ApiFacts {
        let prototype = self
            .code("-prototype")
            .or_else(|| self.code("-syntax"))
            .and_then(|(text, place)| signature::read(text, place, report));
        let title = self.entries.first().map_or(target.span, |e| e.title_span);
        let mut facts = ApiFacts { header: self.header(report), since: self.since(report), ..ApiFacts::default() };
        facts.library = self.front_value("req.dll");
        if is_callback {
            facts.name = self.name_of(&target, prototype.as_ref());
            facts.kind = self.kind(&target, facts.name.as_ref());
            facts.typedef = Some(target);
        } else {
            facts.kind = kind::of_function(self.text.get(self.front.clone()).unwrap_or_default(), &target);
            facts.name = Some(target);
        }
        if facts.name.is_none() {
            silent(report, title, "what the function is called", "add `name` to our page by an erratum");
        }
        if facts.kind.is_none() {
            let (what, help) = if is_callback {
                ("whether the driver supplies or calls it", "write `kind: function` or `kind: callback` on our page")
            } else {
                (
                    "whether a library exports it or a header defines it",
                    "write `kind: export` on our page, if a library exports it",
                )
            };
            silent(report, title, what, help);
        }
        match &prototype {
            Some(found) => facts.return_type = Some(found.function.ret.spelling()),
            None => silent(
                report,
                title,
                "any types: it has no prototype",
                "take the signature from another revision of the page, or from the header",
            ),
        }
        facts.params = self.params(prototype.as_ref(), report);
        self.irql(&mut facts, report);
        self.returns(&mut facts, prototype.as_ref(), report);
        facts
    }

    fn description(&self) -> &str {
        let read = || self.section("-description").map(|e| self.body(e)).map(|(text, place)| markup::plain(text, place));
        self.description.get_or_init(|| read().unwrap_or_default())
    }

    fn name_of(&self, target: &Spanned<String>, prototype: Option<&Prototype>) -> Option<Spanned<String>> {
        let description = self.description();
        if let Some(name) = name_behind(target, description) {
            let at = self.section("-description").and_then(|e| {
                let (text, place) = self.body(e);
                text.find(name).map(|at| place.part(at..at + name.len()))
            });
            return Some(Spanned::new(name.to_owned(), at.unwrap_or(target.span)));
        }
        prototype.map(|p| p.name.clone()).or_else(|| self.front_value("req.alt-api"))
    }

    /// Whose function it is: said by the description, or by the dispatch tables that the page refers to.
    fn kind(&self, typedef: &str, name: Option<&Spanned<String>>) -> Option<ApiKind> {
        let (description, name) = (self.description(), name?);
        // What stands beside the name is what it is; a description may speak of other functions, too.
        if locale::stands_beside(description, name, |w| w.event_callback, |w| w.function) {
            return Some(ApiKind::Callback);
        }
        // Functions that the driver supplies are called so, too; their types have other names than those that it calls.
        if typedef.starts_with("PFN_") && locale::stands_beside(description, name, |w| w.function, |w| w.event_callback) {
            return Some(ApiKind::Function);
        }
        // Whole pages are rarely about dispatch tables, and looking for a word is faster than cutting words.
        if !self.text.contains("_DISPATCH") {
            return None;
        }
        rendered::owner(self.text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'))
    }

    fn params(&self, prototype: Option<&Prototype>, report: &mut Report) -> Vec<ParamFacts> {
        let by_name: HashMap<&str, usize> = prototype
            .iter()
            .flat_map(|p| p.function.params.iter().enumerate())
            .filter_map(|(i, p)| Some((p.name.as_ref()?.value.as_str(), i)))
            .collect();
        let declared = |name: &str| by_name.get(name).copied();
        let mut params: Vec<ParamFacts> = Vec::new();
        for entry in self.entries_of("-parameters") {
            let (text, place) = self.body(entry);
            let heading = entry.title.strip_prefix("-param ").map(str::trim);
            let (name, annotation) = match heading {
                Some(heading) => split_heading(heading),
                None => (entry.title, None),
            };
            // A value of the parameter above: a heading of its own level, or, where the revision has none, a name that the
            // prototype does not have and that says no direction.
            let is_value = heading.is_none() || prototype.is_some() && annotation.is_none() && declared(name).is_none();
            if is_value {
                if let Some(last) = params.last_mut()
                    && is_identifier(name)
                {
                    last.values.push(Spanned::new(name.to_owned(), entry.title_span));
                }
                continue;
            }
            let name = name.trim_start_matches('*');
            if !is_identifier(name) {
                report.push(
                    Diagnostic::error("vendor::parameter", format!("`{name}` is not the name of a parameter"))
                        .at(entry.title_span)
                        .help("a heading is `### -param Name [in]`"),
                );
                continue;
            }
            let start = entry.title.find(name).unwrap_or(0);
            let pieces = markup::pieces(text, place);
            let mut param = ParamFacts {
                name: Spanned::new(name.to_owned(), entry.title_span.part(start..start + name.len())),
                ty: None,
                direction: annotation.and_then(|a| a.direction),
                optional: annotation.filter(|a| a.direction.is_some()).map(|a| a.optional),
                reserved: annotation.is_some_and(|a| a.reserved) || locale::says_reserved(&markup::plain_of(&pieces)),
                values: values(text, place, &pieces),
            };
            let position = declared(name).unwrap_or(params.len());
            begins_with_facts(&mut param, text, place, report);
            if let Some((prototype, c)) = prototype.and_then(|p| p.function.params.get(position).map(|c| (p, c))) {
                param.ty = Some(c.ty.spelling());
                let sal = prototype.annotations.get(position).copied().flatten();
                contradicts(&param, sal, param.name.span, report);
                param.direction = param.direction.or(sal.and_then(|a| a.direction));
                param.optional = param.optional.or(sal.map(|a| a.optional));
                param.reserved |= sal.is_some_and(|a| a.reserved);
                if let Some(c_name) = c.name.as_ref().filter(|n| n.value != name && n.value != param.name.value) {
                    report.push(
                        Diagnostic::warning(
                            "vendor::parameter",
                            format!("the prototype calls this parameter `{c_name}`, the list calls it `{name}`"),
                        )
                        .at(param.name.span)
                        .help("the name in the list is taken"),
                    );
                }
            }
            by_value_goes_in(&mut param);
            params.push(param);
        }
        if params.is_empty()
            && let Some(found) = prototype
        {
            params = found
                .function
                .params
                .iter()
                .zip(&found.annotations)
                .filter_map(|(param, annotation)| {
                    let name = param.name.clone()?;
                    Some(param_from_prototype(name, param.ty.spelling(), *annotation))
                })
                .collect();
        }
        for param in params.iter().filter(|p| p.direction.is_none()) {
            silent(report, param.name.span, &format!("the direction of `{}`", param.name), "add it to our page by an erratum");
        }
        if let Some(found) = prototype
            && found.function.params.len() != params.len()
        {
            let message = format!("the prototype has {} parameters, the list has {}", found.function.params.len(), params.len());
            report.push(
                Diagnostic::warning("vendor::parameter", message).at(found.name.span).help("compare the two and add an erratum"),
            );
        }
        params
    }

    fn irql(&self, facts: &mut ApiFacts, report: &mut Report) {
        let Some(text) = self.front_value("req.irql") else {
            let name = facts.name.as_ref().map(|n| n.value.clone());
            irql_in_text(self.text, self.front.end, name.as_deref(), self.front_place("req.irql"), facts, report);
            return;
        };
        let text = text.map(|t| t.split_whitespace().collect::<Vec<_>>().join(" "));
        take_irql(text, facts, report);
    }

    fn returns(&self, facts: &mut ApiFacts, prototype: Option<&Prototype>, report: &mut Report) {
        let Some(entry) = self.section("-returns") else {
            if prototype.is_none_or(|p| !p.function.ret.is_void()) {
                let at = self.entries.first().map_or(Span::new(self.file, 0..3), |e| e.title_span);
                silent(report, at, "what it returns", "if it returns VOID nothing is missing; else add the codes by errata");
            }
            return;
        };
        let (text, place) = self.body(entry);
        // A callback has other names in the text than its type.
        let own = facts.name.as_ref().filter(|_| facts.typedef.is_none()).map(|n| n.value.as_str());
        let found = returns::read(text, place, own, report);
        found.report(entry.title_span, report);
        facts.codes = found.codes;
        facts.open = found.open;
    }

    fn structure(&self, tag: Spanned<String>, report: &mut Report) -> StructFacts {
        let title = self.entries.first().map_or(tag.span, |e| e.title_span);
        let mut facts = StructFacts { header: self.header(report), since: self.since(report), ..StructFacts::default() };
        let record: Option<Record> =
            self.code("-syntax").and_then(|(text, place)| match signature::read_definition(text, place, report) {
                Some(Item::Record { record, names }) => {
                    facts.record = Some((record.clone(), names));
                    Some(record)
                }
                _ => None,
            });
        // Of the pages of 2017, which have no list of names, the definition has it.
        facts.name = self.own_type_name(&tag).or_else(|| signature::own_name(&facts.record.as_ref()?.1));
        if facts.name.is_none() {
            silent(report, tag.span, "what the type is called", "add `name` to our page by an erratum");
        }
        facts.tag = Some(tag);
        match record {
            Some(record) => {
                facts.fields = record.fields.iter().filter_map(|f| Some((f.name.clone()?, Some(f.ty.spelling())))).collect();
            }
            None => {
                silent(
                    report,
                    title,
                    "any types: it has no definition",
                    "take the definition from another revision of the page, or from the header",
                );
                facts.fields = self.entry_names("-struct-fields", "-field ").into_iter().map(|n| (n, None)).collect();
            }
        }
        facts
    }

    /// The typedef of a structure or enumeration: the first of `req.typenames` that is not a pointer.
    fn own_type_name(&self, tag: &Spanned<String>) -> Option<Spanned<String>> {
        let names = self.front_value("req.typenames")?;
        let name = names.value.split(',').map(str::trim).find(|n| !n.starts_with('*') && is_identifier(n)).map(str::to_owned);
        // Where all typedefs are pointers the tag is the name.
        name.map(|n| Spanned::new(n, names.span)).or_else(|| Some(tag.clone()))
    }

    fn entry_names(&self, section: &str, prefix: &str) -> Vec<Spanned<String>> {
        self.entries_of(section)
            .filter_map(|e| {
                let (name, _) = split_heading(e.title.strip_prefix(prefix)?.trim());
                let at = e.title.find(name)?;
                is_identifier(name).then(|| Spanned::new(name.to_owned(), e.title_span.part(at..at + name.len())))
            })
            .collect()
    }

    fn enumeration(&self, tag: Spanned<String>, report: &mut Report) -> EnumFacts {
        let mut facts = EnumFacts { header: self.header(report), since: self.since(report), ..EnumFacts::default() };
        facts.name = self.own_type_name(&tag);
        facts.variants = self
            .entries_of("-enum-fields")
            .filter_map(|e| {
                let heading = e.title.strip_prefix("-field ")?.trim();
                let (name, value) = heading.split_once(':').map_or((heading, None), |(n, v)| (n.trim(), Some(v.trim())));
                let at = e.title.find(name)?;
                let number = value.and_then(|v| match v.strip_prefix("0x") {
                    Some(hex) => u64::from_str_radix(hex, 16).ok(),
                    None => v.parse().ok(),
                });
                is_identifier(name).then(|| (Spanned::new(name.to_owned(), e.title_span.part(at..at + name.len())), number))
            })
            .collect();
        facts
    }
}

/// The constants that a parameter takes: terms of a list, else the first column of a table that says what each means.
fn values(text: &str, place: Span, pieces: &[markup::Piece]) -> Vec<Spanned<String>> {
    let terms = markup::texts_of(pieces, "dt");
    if !terms.is_empty() {
        return terms.into_iter().filter(|t| is_identifier(t)).collect();
    }
    let says_meaning = |head: &str| matches!(head.trim().to_lowercase().as_str(), "meaning" | "description");
    let mut cells = Vec::new();
    if markup::texts_of(pieces, "th").iter().any(|head| says_meaning(head)) {
        cells = returns::first_cells(pieces);
    }
    // Reading Markdown takes long, and most sections have no table.
    if cells.is_empty() && text.contains('|') {
        cells = returns::pipe_rows(text, place, |table| table.header.get(1).is_some_and(|head| says_meaning(&head.text)));
    }
    let is_constant = |t: &Spanned<String>| is_identifier(t) && t.contains('_') && !t.contains(|c: char| c.is_ascii_lowercase());
    cells.into_iter().map(|cell| cell.map(|t| t.trim_matches(['*', '`', ' ']).replace("\\_", "_"))).filter(is_constant).collect()
}

/// Takes the direction that the description of a parameter begins with, and the name there where the heading has none.
fn begins_with_facts(param: &mut ParamFacts, text: &str, place: Span, report: &mut Report) {
    let found = beginning(text);
    if let Some(name) = found.name.filter(|_| is_stand_in(&param.name)) {
        let at = text.find(name).unwrap_or(0);
        param.name = Spanned::new(name.to_owned(), place.part(at..at + name.len()));
    }
    contradicts(param, found.annotation, param.name.span, report);
    param.direction = param.direction.or(found.annotation.and_then(|a| a.direction));
    // Brackets in a description leave out what its words say.
    let says_optional = text.contains("optional");
    let optional = found.annotation.filter(|a| a.direction.is_some() && (a.optional || !says_optional)).map(|a| a.optional);
    param.optional = param.optional.or(optional);
    param.reserved |= found.annotation.is_some_and(|a| a.reserved);
}

/// Says that an annotation gives a parameter another direction than its heading, or makes it optional where the heading does not.
fn contradicts(param: &ParamFacts, other: Option<Annotation>, at: Span, report: &mut Report) {
    let Some((other, direction)) = other.and_then(|o| Some((o, o.direction?))) else { return };
    let help = "the heading is taken; add the right one to our page by an erratum";
    if param.direction.is_some_and(|d| d != direction) {
        let message = format!("two places on the page give `{}` different directions", param.name);
        report.push(Diagnostic::warning("vendor::parameter", message).at(at).help(help));
    } else if other.optional && param.optional == Some(false) {
        let message = format!("one place on the page says that `{}` is optional, its heading does not", param.name);
        report.push(Diagnostic::warning("vendor::parameter", message).at(at).help(help));
    }
}

/// `Name [in, optional]` → the name, and what the brackets say.
fn split_heading(heading: &str) -> (&str, Option<Annotation>) {
    match heading.split_once('[') {
        Some((name, rest)) => (name.trim(), rest.split_once(']').map(|(inside, _)| bracketed(inside))),
        None => (heading.trim(), None),
    }
}

/// A parameter of which only the prototype speaks. What is passed by value can only go in.
pub(super) fn param_from_prototype(name: Spanned<String>, ty: String, annotation: Option<Annotation>) -> ParamFacts {
    ParamFacts {
        name,
        ty: Some(ty),
        direction: annotation.and_then(|a| a.direction),
        optional: annotation.filter(|a| a.direction.is_some()).map(|a| a.optional),
        reserved: annotation.is_some_and(|a| a.reserved),
        values: Vec::new(),
    }
}

/// Whether a type is passed by value whatever it is: number types of the platform's headers.
pub(super) fn is_plain_number(ty: &str) -> bool {
    matches!(
        ty,
        "ULONG"
            | "LONG"
            | "USHORT"
            | "SHORT"
            | "UCHAR"
            | "CHAR"
            | "BOOLEAN"
            | "BOOL"
            | "UINT"
            | "INT"
            | "DWORD"
            | "WORD"
            | "BYTE"
            | "SIZE_T"
            | "ULONGLONG"
            | "LONGLONG"
            | "ULONG_PTR"
    )
}

/// What is passed by value and is not annotated can only go in.
pub(super) fn by_value_goes_in(param: &mut ParamFacts) {
    if param.direction.is_none() && param.ty.as_deref().is_some_and(is_plain_number) {
        param.direction = Some(Direction::In);
        param.optional = Some(false);
    }
}
