//! A rendered page, in whatever form it was saved and in any language → facts.
//!
//! Structure first: the code block gives name, types and parameters; blocks that repeat a parameter begin its description; NTSTATUS
//! names that stand alone begin a code; the table with `IRQL` and a header gives the requirements. Words, all of them in `locale`,
//! decide what is left: which parameter is reserved, which row stands for other codes, which version is the client's.
//!
//! Header, IRQL and versions come from the requirements table and from nowhere else: translated prose has moved and lost `<` before.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::blocks::{self, Block, Form, Kind, folded};
use super::ddi::{by_value_goes_in, param_from_prototype};
use super::markup::is_identifier;
use super::params::bracketed;
use super::signature::Prototype;
use super::{
    ApiFacts, EnumFacts, ItemFacts, PageFacts, StructFacts, html, locale, markdown, name_behind, returns, signature, silent,
    take_irql, version,
};
use crate::c::{CType, EvalError, Item};
use crate::facts::ApiKind;
use crate::source::{Diagnostic, FileId, Report, Sources, Span, Spanned};

/// A page cut at its syntax block.
struct Page {
    form: Form,
    before: Vec<Block>,
    syntax: Spanned<String>,
    after: Vec<Block>,
}

pub(super) fn read(sources: &Sources, file: FileId, report: &mut Report) -> Option<PageFacts> {
    let text = &sources.get(file).text;
    let whole = Span::new(file, 0..text.len());
    let Some(page) = Page::cut(text, whole) else {
        report.push(
            Diagnostic::error("docs::dialect", "this is not a page that is understood")
                .at(whole.part(0..text.find('\n').unwrap_or(text.len())))
                .label("neither DDI Markdown (no `UID:` in front matter) nor a rendered page (no prototype or definition)")
                .help("name the page's source from the vendor's repository, or the page as it is saved or copied from a browser: text, Markdown or HTML"),
        );
        return None;
    };
    let item = match syntax(&page.syntax)?.0 {
        Syntax::Prototype => {
            let prototype = signature::read(&page.syntax, page.syntax.span, report)?;
            ItemFacts::Api(page.api(&prototype, report))
        }
        Syntax::Definition => page.definition(report)?,
    };
    Some(PageFacts { file, page: None, item })
}

/// What a syntax block declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Prototype,
    Definition,
}

/// Where a text has a prototype or a definition, and which: whatever comes first.
fn syntax(text: &str) -> Option<(Syntax, Range<usize>)> {
    let found = [(Syntax::Prototype, prototype(text)), (Syntax::Definition, definition(text))];
    found.into_iter().filter_map(|(what, range)| Some((what, range?))).min_by_key(|(_, range)| range.start)
}

/// From `PFN_X Name;`, or the line of the prototype's name, to the end of `{...}` or `);`.
fn prototype(text: &str) -> Option<Range<usize>> {
    let mut at = 0;
    let mut typedef_line: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        let words: Vec<&str> = trimmed.trim_end_matches(';').split_whitespace().take(3).collect();
        if let [ty, name] = words.as_slice()
            && trimmed.ends_with(';')
            && is_identifier(ty)
            && is_identifier(name)
        {
            typedef_line = Some(at);
        } else if let Some(head) = trimmed.strip_suffix('(')
            && head.split_whitespace().count() >= 2
            && head.split_whitespace().all(|w| is_identifier(w.trim_matches('*')) || w == "*")
        {
            let rest = text.get(at..)?;
            let close = closing(rest)?;
            let tail = rest.get(close + 1..)?;
            let skipped = tail.len() - tail.trim_start().len();
            let end = match tail.trim_start().bytes().next() {
                Some(b'{') => tail.find('}').map(|e| close + 1 + e + 1)?,
                Some(b';') => close + 1 + skipped + 1,
                _ => close + 1,
            };
            return Some(typedef_line.unwrap_or(at)..at + end);
        } else if !trimmed.is_empty() {
            typedef_line = None;
        }
        at += line.len();
    }
    None
}

/// The parenthesis that closes the first one: a parameter may be a pointer to a function.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth <= 1 => return Some(at),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// From `typedef struct`, or its like, to the `;` after the brace that closes it.
fn definition(text: &str) -> Option<Range<usize>> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let mut words = trimmed.split_whitespace().skip_while(|w| *w == "typedef");
        let is_record = matches!(words.next(), Some("struct" | "union" | "enum"));
        if is_record && (trimmed.starts_with("typedef") || trimmed.trim_end().ends_with('{')) {
            let start = at + line.len() - trimmed.len();
            let mut depth = 0usize;
            for (offset, byte) in text.get(start..)?.bytes().enumerate() {
                match byte {
                    b'{' => depth += 1,
                    b'}' => depth = depth.saturating_sub(1),
                    b';' if depth == 0 => return Some(start..start + offset + 1),
                    _ => {}
                }
            }
            return None;
        }
        at += line.len();
    }
    None
}

impl Page {
    fn cut(text: &str, whole: Span) -> Option<Self> {
        let marked = if html::is_html(text) {
            html::blocks(text, whole)
        } else if markdown::is_markdown(text) {
            markdown::blocks(text, whole)
        } else {
            Vec::new()
        };
        let is_syntax = |b: &Block| b.kind == Kind::Code && syntax(b.text()).is_some();
        let (form, mut blocks) = if marked.iter().any(is_syntax) {
            (Form::Marked, marked)
        } else {
            let (_, range) = syntax(text)?;
            (Form::Plain, blocks::of_plain(text, whole, range))
        };
        let at = blocks.iter().position(is_syntax)?;
        let after = blocks.split_off(at + 1);
        let code = blocks.pop()?.cells.into_iter().next()?;
        // What stands around the prototype in its block is no part of it.
        let (_, range) = syntax(&code)?;
        let syntax = Spanned::new(code.value.get(range.clone())?.to_owned(), code.span.part(range));
        Some(Self { form, before: blocks, syntax, after })
    }

    fn definition(&self, report: &mut Report) -> Option<ItemFacts> {
        let item = signature::read_definition(&self.syntax, self.syntax.span, report)?;
        let (table, _) = self.requirements();
        let mut common = ApiFacts::default();
        require(&table, Need::NoLevel, self.syntax.span, &mut common, report);
        // Of several names the first that is not that of a pointer.
        let own = |names: &[crate::c::Declared], tag: Option<&Spanned<String>>| {
            names
                .iter()
                .find(|d| matches!(d.ty, CType::Named(_) | CType::Record(_)))
                .map(|d| d.name.clone())
                .or_else(|| tag.cloned())
        };
        match item {
            Item::Record { record, names } => {
                let fields = record.fields.iter().filter_map(|f| Some((f.name.clone()?, Some(f.ty.spelling())))).collect();
                Some(ItemFacts::Struct(StructFacts {
                    name: own(&names, record.tag.as_ref()),
                    tag: record.tag.clone(),
                    header: common.header,
                    since: common.since,
                    fields,
                    record: Some((record, names)),
                }))
            }
            Item::Enumeration { enumeration, names } => {
                let mut next = Some(0u64);
                let mut variants: Vec<(Spanned<String>, Option<u64>)> = Vec::new();
                for variant in &enumeration.variants {
                    let known = |name: &Spanned<String>, _: &[u64]| {
                        let found = variants.iter().find(|(n, _)| n == name).and_then(|(_, v)| *v);
                        found.ok_or_else(|| EvalError::Unknown(name.clone()))
                    };
                    let value = match &variant.value {
                        Some(value) => value.eval(&known).ok(),
                        None => next,
                    };
                    next = value.and_then(|v| v.checked_add(1));
                    variants.push((variant.name.clone(), value));
                }
                let name = own(&names, enumeration.tag.as_ref());
                Some(ItemFacts::Enum(EnumFacts { name, header: common.header, since: common.since, variants }))
            }
            Item::Function { .. } | Item::Typedef(_) => None,
        }
    }

    fn api(&self, prototype: &Prototype, report: &mut Report) -> ApiFacts {
        let (table, body) = self.requirements();
        let list = Parameters::find(self.form, prototype, body);
        // What it does is said before the syntax block; some sites show that first.
        let lead = body.get(..list.first().unwrap_or(0)).unwrap_or_default();
        let said: Vec<&Block> = self.before.iter().chain(lead).filter(|b| b.kind == Kind::Text).collect();
        let description = said.iter().map(|b| b.text()).collect::<Vec<_>>().join(" ");
        let mut facts = ApiFacts { return_type: Some(prototype.function.ret.spelling()), ..ApiFacts::default() };
        match &prototype.typedef {
            Some(typedef) => {
                facts.name = name_behind(typedef, &description).map(|name| {
                    let at = said.iter().filter_map(|b| b.first()).find_map(|t| {
                        let at = t.value.find(name)?;
                        // Where formatting has been taken out, places inside a paragraph are those of the paragraph.
                        let exact = t.span.end - t.span.start == t.value.len();
                        Some(if exact { t.span.part(at..at + name.len()) } else { t.span })
                    });
                    Spanned::new(name.to_owned(), at.unwrap_or(typedef.span))
                });
                if facts.name.is_none() {
                    silent(report, typedef.span, "what the function is called", "add `name` to our page by an erratum");
                }
                facts.kind = self.kind(facts.name.as_ref(), &description);
                if facts.kind.is_none() {
                    let help = "write `kind: function` or `kind: callback` on our page";
                    silent(report, typedef.span, "whether the driver supplies or calls it", help);
                }
                facts.typedef = Some(typedef.clone());
            }
            None => {
                facts.name = Some(prototype.name.clone());
                facts.kind = Some(ApiKind::Export);
            }
        }
        list.read(body, &mut facts, report);
        if !prototype.function.ret.is_void() {
            self.codes(prototype, &list, body, &mut facts, report);
        }
        require(&table, Need::Level, prototype.name.span, &mut facts, report);
        facts
    }

    /// Whose function it is: said by the dispatch tables that the page refers to, or else by its description.
    fn kind(&self, name: Option<&Spanned<String>>, description: &str) -> Option<ApiKind> {
        let name = name?;
        if locale::stands_beside(description, name, |w| w.event_callback, |w| w.function) {
            return Some(ApiKind::Callback);
        }
        if locale::stands_beside(description, name, |w| w.function, |w| w.event_callback) {
            return Some(ApiKind::Function);
        }
        let blocks = self.before.iter().chain(&self.after).flat_map(|b| &b.cells);
        owner(blocks.flat_map(|c| c.value.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')))
    }

    /// The rows of the requirements table, as key and value, and the blocks before it.
    fn requirements(&self) -> (Vec<(String, Spanned<String>)>, &[Block]) {
        match self.form {
            // Text may have been copied with its tables as such.
            Form::Plain if !self.after.iter().any(is_requirement) => self.requirement_lines(),
            Form::Plain | Form::Marked => self.requirement_rows(),
        }
    }

    fn requirement_rows(&self) -> (Vec<(String, Spanned<String>)>, &[Block]) {
        let is_table = |b: &Block| b.kind == Kind::Row;
        let Some(at) = self.after.iter().rposition(is_requirement) else { return (Vec::new(), &self.after) };
        let (before, from) = self.after.split_at(at);
        let start = before.iter().rposition(|b| !is_table(b)).map_or(0, |s| s + 1);
        let rows = before.iter().skip(start).chain(from.iter().take_while(|b| is_table(b)));
        let table = rows.filter_map(|b| Some((locale::fold(b.text()), b.cells.get(1)?.clone()))).collect();
        (table, self.after.get(..start).unwrap_or_default())
    }

    fn requirement_lines(&self) -> (Vec<(String, Spanned<String>)>, &[Block]) {
        // `Header wsk.h (include Wsk.h)`: the name of the row may be some words long.
        let is_row_of_header = |b: &Block| !is_header(first_word(b.text())) && words(b.text()).take(4).skip(1).any(is_header);
        let is_irql =
            |b: &Block| words(b.text()).next().is_some_and(|w| locale::fold(w) == "irql") && words(b.text()).nth(1).is_some();
        let Some(at) = self.after.iter().rposition(is_irql).or_else(|| self.after.iter().rposition(is_row_of_header)) else {
            return self.requirement_pairs();
        };
        let start = self.after.get(..=at).and_then(|a| a.iter().rposition(|b| !b.joined)).unwrap_or(0);
        let end = at + 1 + self.after.get(at + 1..).map_or(0, |a| a.iter().take_while(|b| b.joined).count());
        let rows = self.after.get(start..end).unwrap_or_default().iter().filter_map(|b| {
            let line = b.first()?;
            let text = line.value.as_str();
            let value_at = if is_irql(b) {
                let word = words(text).next()?;
                text.find(word)? + word.len()
            } else if is_row_of_header(b) {
                let word = words(text).find(|w| is_header(w))?;
                text.find(word)?
            } else {
                // Where the name of any other row ends cannot be told; it begins the line.
                0
            };
            let value = text.get(value_at..)?;
            let skipped = value.len() - value.trim_start().len();
            let span = line.span.part(value_at + skipped..text.len());
            let key = text.get(..value_at).filter(|k| !k.is_empty()).unwrap_or(text);
            Some((locale::fold(key), Spanned::new(value.trim().to_owned(), span)))
        });
        (rows.collect(), self.after.get(..start).unwrap_or_default())
    }

    /// The rows of a requirements table each cell of which was copied as a line of its own: a label, and below it the value.
    fn requirement_pairs(&self) -> (Vec<(String, Spanned<String>)>, &[Block]) {
        let is_label = |b: &Block| words(b.text()).count() <= 8 && !b.text().ends_with(['.', '。', ':', '：']);
        let is_pair = |pair: &[Block]| match pair {
            [label, value] => is_label(label) && (locale::fold(label.text()) == "irql" || is_header(first_word(value.text()))),
            _ => false,
        };
        let Some(at) = self.after.windows(2).rposition(is_pair) else { return (Vec::new(), &self.after) };
        let label_at = |i: usize| self.after.get(i).is_some_and(is_label);
        let start = (0..=at).rev().step_by(2).take_while(|i| label_at(*i)).last().unwrap_or(at);
        let pairs = self.after.get(start..).unwrap_or_default().chunks_exact(2).filter_map(|pair| match pair {
            [label, value] => Some((locale::fold(label.text()), value.first()?.clone())),
            _ => None,
        });
        (pairs.collect(), self.after.get(..start).unwrap_or_default())
    }

    /// The codes: names that begin the rows of the return section.
    fn codes(&self, prototype: &Prototype, list: &Parameters<'_>, body: &[Block], facts: &mut ApiFacts, report: &mut Report) {
        let section = match self.form {
            Form::Plain => return_table(list.rest(body)),
            Form::Marked => match return_section(list, body) {
                Some(range) => body.get(range).unwrap_or_default().iter().collect(),
                None => Vec::new(),
            },
        };
        let is_table = section.iter().any(|b| matches!(b.kind, Kind::Row | Kind::Head | Kind::Term));
        let rows: Vec<&Block> = if is_table {
            section
                .iter()
                .filter(|b| matches!(b.kind, Kind::Row | Kind::Term))
                .filter(|b| !locale::begins_with(&locale::fold(b.text()), |w| w.return_code))
                .copied()
                .collect()
        } else {
            let is_other = |b: &Block| locale::is_one_of(&locale::fold(b.text()), |w| w.other_codes);
            // What a function returns that returns no NTSTATUS has names of any kind; they are looked for in their section only.
            let is_status_type = prototype.function.ret.spelling() == "NTSTATUS";
            let of_section = |b: &Block| is_identifier(b.text()) && !self.is_return_heading(b);
            let named = section.iter().skip_while(|b| is_status_type || !self.is_return_heading(b));
            let named = named.take_while(|b| !locale::is_one_of(&locale::fold(b.text()), |w| w.remarks));
            let others: HashSet<usize> = named.filter(|b| of_section(b)).map(|b| b.start()).collect();
            let is_row = |b: &Block| is_status(b.text()) || is_other(b) || others.contains(&b.start());
            section.iter().filter(|b| is_row(b)).copied().collect()
        };
        let names: Vec<Spanned<String>> = rows.iter().filter_map(|b| b.first().cloned()).collect();
        if is_table || names.iter().any(|n| is_identifier(n)) {
            let found = returns::from_rows(names);
            if !found.codes.is_empty() {
                facts.open = found.open;
                if !is_table
                    && found.open == Some(false)
                    && let Some(extra) = lines_after_the_last(&section, &found.codes)
                {
                    facts.open = None;
                    other_words(extra, report);
                }
                facts.codes = found.codes;
                return;
            }
        }
        // A table without names has lost them; so has what a sentence announces by a colon.
        let head = section.iter().position(|b| is_table || is_return_head(b));
        if let Some(rows) = head.and_then(|head| section.get(head..)).map(rows_in_lines).filter(|rows| !rows.codes.is_empty()) {
            (facts.codes, facts.open) = (rows.codes, rows.open);
            if let Some(extra) = rows.extra {
                other_words(extra, report);
            }
            return;
        }
        let head = head.and_then(|head| section.get(head));
        let is_remarks = |b: &&&Block| locale::is_one_of(&locale::fold(b.text()), |w| w.remarks);
        let of_section = section.iter().skip_while(|b| !self.is_return_heading(b)).take_while(|b| !is_remarks(b));
        let announced = of_section.into_iter().find(|b| b.text().ends_with([':', '：']));
        if let Some(lost) = head.or(announced) {
            report.push(
                Diagnostic::error("docs::returns", "the return table has no codes: its code column was lost")
                    .at(lost.span().unwrap_or(prototype.name.span))
                    .help("copy the page again, or use its source"),
            );
            return;
        }
        // A page without a table may name its one code in a sentence below the heading of the return value.
        let sentence: Vec<&Block> = section
            .iter()
            .skip_while(|b| self.form == Form::Plain && !self.is_return_heading(b))
            .skip(usize::from(self.form == Form::Plain))
            .take_while(|b| !locale::is_one_of(&locale::fold(b.text()), |w| w.remarks))
            .filter(|b| b.kind == Kind::Text)
            .copied()
            .collect();
        if let (Some(first), Some(last)) = (sentence.first().and_then(|b| b.span()), sentence.last().and_then(|b| b.span())) {
            let text: String = sentence.iter().map(|b| b.text()).collect::<Vec<_>>().join(" ");
            let found = returns::in_prose(&text, Span { end: last.end.max(first.start), ..first });
            facts.codes = found.codes;
            facts.open = found.open;
        }
        if facts.codes.is_empty() {
            let found_section = !sentence.is_empty();
            if !found_section && prototype.function.ret.spelling() == "NTSTATUS" {
                let message = "no code is found: the section of the return value is missing, or was lost";
                let help = "copy the page again, or use its source";
                report.push(Diagnostic::error("docs::returns", message).at(prototype.name.span).help(help));
            } else {
                silent(report, prototype.name.span, "what it returns", "add the codes to our page by errata");
            }
        }
    }

    fn is_return_heading(&self, block: &Block) -> bool {
        matches!(block.kind, Kind::Heading(_)) || locale::is_one_of(&locale::fold(block.text()), |w| w.return_value)
    }
}

/// Whose dispatch table a text names: the provider's, or that of the client.
pub(super) fn owner<'t>(words: impl Iterator<Item = &'t str>) -> Option<ApiKind> {
    let (mut provider, mut client) = (false, false);
    for word in words.filter(|w| w.ends_with("_DISPATCH")) {
        provider |= word.starts_with("WSK_PROVIDER_");
        client |= word.starts_with("WSK_CLIENT_");
    }
    match (provider, client) {
        (true, false) => Some(ApiKind::Function),
        (false, true) => Some(ApiKind::Callback),
        _ => None,
    }
}

/// Whether a block is the row of a requirements table that tells such a table from others.
fn is_requirement(block: &Block) -> bool {
    block.kind == Kind::Row
        && block.cells.get(1).is_some_and(|value| locale::fold(block.text()) == "irql" || is_header(first_word(value)))
}

/// The words of a text. Some languages have no space before a bracket.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '(' | '（')).filter(|w| !w.is_empty())
}

fn first_word(text: &str) -> &str {
    words(text).next().unwrap_or_default()
}

/// Whether a word is the name of a header.
fn is_header(word: &str) -> bool {
    let word = word.trim_end_matches([',', ';']);
    word.strip_suffix(".h")
        .is_some_and(|stem| !stem.is_empty() && stem.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')))
}

/// Whether a text is one NTSTATUS name.
fn is_status(text: &str) -> bool {
    let text = text.trim_matches(['*', '`', ' ']);
    is_identifier(text) && text.starts_with("STATUS_")
}

/// Whether a block is the name of a value, as flags and enumerators have: alone, and not a word of a language.
fn is_value(block: &Block) -> bool {
    let text = block.text().trim_matches(['*', '`', ' ']);
    let has = |test: fn(char) -> bool| text.chars().any(test);
    let is_constant = text.contains('_') && !has(|c| c.is_ascii_lowercase());
    let is_mixed = has(|c| c.is_ascii_lowercase()) && text.chars().skip(1).any(|c| c.is_ascii_uppercase());
    is_identifier(text)
        && !is_status(text)
        && match block.kind {
            Kind::Heading(_) | Kind::Term => true,
            Kind::Text => is_constant || is_mixed,
            Kind::Row => is_constant,
            Kind::Head | Kind::Code => false,
        }
}

/// The section of the return value: the one whose heading says so in a language that is known, else the one whose rows are codes.
fn return_section(list: &Parameters<'_>, body: &[Block]) -> Option<Range<usize>> {
    let mut sections: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    for (at, block) in body.iter().enumerate() {
        if at > from && matches!(block.kind, Kind::Heading(1 | 2)) {
            sections.push(from..at);
            from = at;
        }
    }
    sections.push(from..body.len());
    let is_named = |s: &Range<usize>| {
        body.get(s.start)
            .is_some_and(|b| matches!(b.kind, Kind::Heading(_)) && locale::is_one_of(&locale::fold(b.text()), |w| w.return_value))
    };
    let has_codes = |s: &Range<usize>| body.get(s.clone()).unwrap_or_default().iter().any(|b| is_status(b.text()));
    let has_params = |s: &Range<usize>| {
        let first = list.entries.partition_point(|(_, at)| *at < s.start);
        list.entries.get(first).is_some_and(|(_, at)| s.contains(at))
    };
    sections.iter().find(|s| is_named(s)).or_else(|| sections.iter().find(|s| has_codes(s) && !has_params(s))).cloned()
}

/// Whether a line is the head of a return table.
fn is_return_head(block: &Block) -> bool {
    block.text().split_whitespace().count() <= 5 && locale::begins_with(&locale::fold(block.text()), |w| w.return_code)
}

/// Of the lines of a page the table of the return codes, if tables were copied as such: the first that has codes, or whose head says
/// that it had them, or that has lost its first column. Else all of them.
fn return_table(section: Vec<&Block>) -> Vec<&Block> {
    let tables = section.iter().enumerate().filter(|(_, b)| b.kind == Kind::Head).map(|(at, _)| {
        let rows = section.iter().skip(at + 1).take_while(|b| b.kind == Kind::Row).count();
        at..at + 1 + rows
    });
    let has_codes = |table: &Range<usize>| {
        let blocks = section.get(table.clone()).unwrap_or_default();
        let is_lost = blocks.len() > 1 && blocks.iter().skip(1).all(|b| b.text().is_empty());
        is_lost || blocks.first().is_some_and(|b| is_return_head(b)) || blocks.iter().any(|b| is_status(b.text()))
    };
    match tables.into_iter().find(has_codes) {
        Some(table) => section.get(table).unwrap_or_default().to_vec(),
        None => section.into_iter().filter(|b| !matches!(b.kind, Kind::Head | Kind::Row)).collect(),
    }
}

/// The rows of a return table that was copied as lines, each code in one line with its description.
struct RowsInLines {
    codes: Vec<Spanned<String>>,
    open: Option<bool>,
    /// A line after the last code that may stand for other codes.
    extra: Option<Span>,
}

/// Reads the lines below the head of a table, up to the empty line that ends it.
fn rows_in_lines(section: &[&Block]) -> RowsInLines {
    let mut rows = Vec::new();
    let mut extra = None;
    let mut names_others = false;
    for line in section.iter().skip(1).take_while(|b| b.joined && b.kind == Kind::Text).filter_map(|b| b.first()) {
        let code = first_word(line);
        if is_status(code) && !is_identifier(line) {
            rows.push(Spanned::new(code.to_owned(), line.span.part(0..code.len())));
            extra = None;
        } else if locale::begins_with(&locale::fold(line), |w| w.other_codes) {
            names_others = true;
            extra = None;
        } else if !names_others {
            extra = extra.or(Some(line.span));
        }
    }
    let found = returns::from_rows(rows);
    let open = if names_others { Some(true) } else { found.open.filter(|_| extra.is_none()) };
    RowsInLines { codes: found.codes, open, extra }
}

fn other_words(at: Span, report: &mut Report) {
    let message = "a line after the last code may stand for other codes; this language has other words for it";
    let help = "say by a row `…` on our page whether other codes may come";
    report.push(Diagnostic::warning("docs::returns", message).at(at).help(help));
}

/// Of a return section as lines: a line after the description of the last code that is more than the description.
fn lines_after_the_last(section: &[&Block], codes: &[Spanned<String>]) -> Option<Span> {
    let last = codes.last()?;
    let at = section.iter().position(|b| b.start() == last.span.start)?;
    let run: Vec<&&Block> = section.iter().skip(at + 1).take_while(|b| b.joined).collect();
    // A code and its description are a line each; another row would be two more.
    (run.len() >= 3).then(|| run.get(1).and_then(|b| b.span())).flatten()
}

/// Splits `[in, out] Irp`, `Irp [in, out]` or `Flags` into what the brackets say and the name.
fn heading(line: &str) -> (Option<&str>, &str) {
    let line = line.trim_matches(['*', '`', ' ']);
    if let Some((inside, name)) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (Some(inside), name.trim_matches(['*', '`', ' ']));
    }
    match line.strip_suffix(']').and_then(|rest| rest.split_once('[')) {
        Some((name, inside)) => (Some(inside), name.trim_matches(['*', '`', ' '])),
        None => (None, line),
    }
}

/// Where the parameters of the prototype are described.
struct Parameters<'p> {
    form: Form,
    prototype: &'p Prototype,
    /// The index of each parameter in the prototype, and of the block that begins its description, in the order of the blocks.
    entries: Vec<(usize, usize)>,
}

impl<'p> Parameters<'p> {
    fn find(form: Form, prototype: &'p Prototype, body: &[Block]) -> Self {
        let mut by_name: HashMap<&str, usize> = HashMap::new();
        for (at, block) in body.iter().enumerate().filter(|(_, b)| b.kind != Kind::Code && b.kind != Kind::Head) {
            let (_, name) = heading(block.text());
            if is_identifier(name) {
                by_name.entry(name).or_insert(at);
            }
        }
        let mut entries: Vec<(usize, usize)> = prototype
            .function
            .params
            .iter()
            .enumerate()
            .filter_map(|(i, param)| Some((i, *by_name.get(param.name.as_ref()?.as_str())?)))
            .collect();
        entries.sort_by_key(|(_, at)| *at);
        Self { form, prototype, entries }
    }

    /// The block where the first description begins.
    fn first(&self) -> Option<usize> {
        self.entries.first().map(|(_, at)| *at)
    }

    /// The blocks of the entry that begins at that block, without it.
    fn extent(&self, at: usize, body: &[Block]) -> Range<usize> {
        let after = self.entries.partition_point(|(_, entry)| *entry <= at);
        let next = self.entries.get(after).map_or(body.len(), |(_, entry)| *entry);
        let ends = |b: &Block| match self.form {
            Form::Marked => matches!(b.kind, Kind::Heading(1 | 2)),
            Form::Plain => {
                is_status(b.text()) || b.kind == Kind::Head && is_return_head(b) || {
                    let text = locale::fold(b.text());
                    locale::is_one_of(&text, |w| w.return_value) || locale::is_one_of(&text, |w| w.remarks)
                }
            }
        };
        let end = body.get(at + 1..next).and_then(|b| b.iter().position(ends)).map_or(next, |e| at + 1 + e);
        at + 1..end
    }

    /// The blocks that describe no parameter.
    fn rest<'b>(&self, body: &'b [Block]) -> Vec<&'b Block> {
        let mut taken = vec![false; body.len()];
        for (_, at) in &self.entries {
            for i in *at..self.extent(*at, body).end {
                if let Some(taken) = taken.get_mut(i) {
                    *taken = true;
                }
            }
        }
        body.iter().zip(taken).filter(|(_, taken)| !taken).map(|(b, _)| b).collect()
    }

    fn read(&self, body: &[Block], facts: &mut ApiFacts, report: &mut Report) {
        let order: Vec<usize> = self.entries.iter().map(|(i, _)| *i).collect();
        if let Some(swapped) = order.windows(2).position(|pair| matches!(pair, [a, b] if a > b)) {
            let at = self.entries.get(swapped + 1).and_then(|(_, at)| body.get(*at)?.span());
            report.push(
                Diagnostic::warning("docs::order", "the list has the parameters in another order than the prototype")
                    .at(at.unwrap_or(self.prototype.name.span))
                    .help("the order of the prototype is taken"),
            );
        }
        let early = body.iter().take(self.first().unwrap_or(0)).find(|b| is_status(b.text()));
        if let Some(early) = early {
            report.push(
                Diagnostic::warning("docs::order", "the return value comes before the parameters, unlike on the vendor's pages")
                    .at(early.span().unwrap_or(self.prototype.name.span))
                    .help("the facts are taken all the same; compare them with another copy of the page"),
            );
        }
        let params = self.prototype.function.params.iter().zip(&self.prototype.annotations);
        let by_param: HashMap<usize, usize> = self.entries.iter().copied().collect();
        let annotated = self.prototype.annotations.iter().any(Option::is_some);
        for (i, (param, sal)) in params.enumerate() {
            let Some(name) = param.name.clone() else { continue };
            let mut fact = param_from_prototype(name.clone(), param.ty.spelling(), *sal);
            let entry = by_param.get(&i).and_then(|at| Some((*at, body.get(*at)?)));
            let mut in_heading = false;
            let mut seen = HashSet::new();
            if let Some((at, block)) = entry {
                if let Some(found) = heading(block.text()).0.map(bracketed) {
                    in_heading = true;
                    if fact.direction.is_some() && found.direction != fact.direction {
                        let message = format!("the prototype and the heading give `{name}` different directions");
                        report.push(
                            Diagnostic::warning("docs::parameter", message)
                                .at(block.span().unwrap_or(name.span))
                                .help("add the right one to our page by an erratum"),
                        );
                    }
                    fact.direction = found.direction.or(fact.direction);
                    fact.optional = Some(found.optional);
                    fact.reserved |= found.reserved;
                }
                let extent = body.get(self.extent(at, body)).unwrap_or_default();
                let text: Vec<&str> = match block.cells.get(1..) {
                    Some(cells) if !cells.is_empty() => cells.iter().map(|c| c.value.as_str()).collect(),
                    _ => {
                        let mut first = true;
                        let paragraph = extent.iter().take_while(|b| b.joined || std::mem::take(&mut first));
                        paragraph.filter(|b| b.kind == Kind::Text).map(Block::text).collect()
                    }
                };
                fact.reserved |= locale::says_reserved(&folded(&text.join(" ")));
                if let Some(lost) = extent.iter().find(|b| b.kind == Kind::Row && b.text().is_empty()) {
                    report.push(
                        Diagnostic::error("docs::values", format!("a table of `{name}` has no names: its first column was lost"))
                            .at(lost.span().unwrap_or(name.span))
                            .help("copy the page again, or use its source"),
                    );
                }
                // What is behind a pointer to anything is no constant, though a table may say which flag goes with what.
                let is_open =
                    matches!(param.ty.spelling().trim_start_matches("const ").to_uppercase().as_str(), "VOID *" | "PVOID");
                for value in extent.iter().filter(|b| !is_open && is_value(b)) {
                    let text = value.text().trim_matches(['*', '`', ' ']);
                    if let Some(first) = value.first()
                        && seen.insert(text.to_owned())
                    {
                        fact.values.push(Spanned::new(text.to_owned(), first.span));
                    }
                }
            } else {
                let help = "look the parameter up in another copy of the page";
                silent(report, name.span, &format!("what `{name}` is for"), help);
            }
            let stated = fact.direction.is_some();
            by_value_goes_in(&mut fact);
            if fact.direction.is_none() {
                silent(report, name.span, &format!("the direction of `{name}`"), "add it to our page by an erratum");
            } else if !stated && annotated && !in_heading && !fact.reserved {
                let message =
                    format!("`{name}` has no direction, as only reserved parameters have none, and is not said to be reserved");
                let help =
                    "it is passed by value, so it goes in; look whether the page calls it reserved in words that are not known";
                report.push(Diagnostic::warning("docs::reserved", message).at(name.span).help(help));
            }
            facts.params.push(fact);
        }
    }
}

/// Which rows a page must have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Level,
    NoLevel,
}

/// Whether the row of that name has the first client version: old pages have one version for all.
fn is_client(key: &str) -> bool {
    locale::begins_with(key, |w| w.minimum_client) || locale::is_one_of(key, |w| w.version)
}

fn require(table: &[(String, Spanned<String>)], need: Need, at: Span, facts: &mut ApiFacts, report: &mut Report) {
    for (key, value) in table {
        if is_header(first_word(value)) && facts.header.is_none() {
            let header = first_word(value).trim_end_matches([',', ';']);
            facts.header = Some(Spanned::new(header.to_lowercase(), value.span.part(0..header.len())));
        } else if key.trim() == "irql" && facts.irql_text.is_none() && need == Need::Level && !value.is_empty() {
            take_irql(value.clone(), facts, report);
        } else if is_client(key) && facts.since.is_none() {
            facts.since = version::read(value).map(|v| Spanned::new(v, value.span));
        } else if key == "dll" && !value.is_empty() {
            facts.library = Some(value.clone());
        }
    }
    let at = table.first().map_or(at, |(_, v)| v.span);
    if facts.header.is_none() {
        silent(report, at, "in which header it is", "add the header to our page by an erratum");
    }
    if facts.since.is_none() {
        silent(report, at, "since which version of Windows it exists", "add the version to our page by an erratum");
    }
    if need == Need::Level && facts.irql_text.is_none() {
        silent(report, at, "at which IRQL it may run", "add the level to our page by an erratum that says where it comes from");
    }
}
