//! A rendered page, in whatever form it was saved and in any language → facts.
//!
//! Structure first: the code block gives name, types and parameters; blocks that repeat a parameter begin its description; NTSTATUS
//! names that stand alone begin a code; the table with `IRQL` and a header gives the requirements. Words, all of them in `locale`,
//! decide what is left: which parameter is reserved, which row stands for other codes, which version is the client's.
//!
//! Header, IRQL and versions come from the requirements table and from nowhere else: translated prose has moved and lost `<` before.

mod codes;
mod entries;
mod parameters;
mod requirements;

use std::ops::Range;

use parameters::Parameters;
use requirements::{Need, require};

use super::account::Ledger;
use super::blocks::{self, Block, Form, Kind};
use super::definition;
use super::enumerators::Enumerators;
use super::markup::{is_constant, is_identifier};
use super::members::Members;
use super::signature::Prototype;
use super::{
    ApiFacts, EnumFacts, ItemFacts, PageFacts, StructFacts, html, kind, locale, markdown, name_behind, signature, silent,
};
use crate::c::Item;
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
            Diagnostic::error("vendor::dialect", "this is not a page that is understood")
                .at(whole.part(0..text.find('\n').unwrap_or(text.len())))
                .label("neither DDI Markdown (no `UID:` in front matter) nor a rendered page (no prototype or definition)")
                .help("name the page's source from the vendor's repository, or the page as it is saved or copied from a browser: text, Markdown or HTML"),
        );
        return None;
    };
    let item = match syntax(&page.syntax)?.0 {
        Syntax::Prototype => {
            let prototype = signature::read(&page.syntax, page.syntax.span, report)?;
            let names = [Some(&prototype.name), prototype.typedef.as_ref()];
            page.is_about(names.into_iter().flatten(), report)?;
            ItemFacts::Api(page.api(&prototype, file, report))
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

/// Whether a text has a prototype or a definition.
pub(super) fn has_syntax(text: &str) -> bool {
    syntax(text).is_some()
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
                    b';' if depth == 0 => return Some(directives_before(text, start)..start + offset + 1),
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

    /// Says that the title of the page names something else than its syntax block declares. Not every title has a name.
    fn is_about<'n>(&self, names: impl Iterator<Item = &'n Spanned<String>> + Clone, report: &mut Report) -> Option<()> {
        let is_title = |block: &&Block| block.text().trim_end().ends_with(".h)");
        let Some(title) = self.before.iter().take(3).find(is_title) else { return Some(()) };
        let words = title.text().split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let own: Vec<&str> = names.clone().map(|name| core(name)).collect();
        let mut others = words.clone().filter(|word| is_api_name(word));
        let (Some(other), false) = (others.next(), words.clone().any(|word| own.contains(&core(word)))) else { return Some(()) };
        let first = names.clone().next()?;
        let message = format!("this declares `{}`, the title of the page names `{other}`", first.value);
        let help = "nothing is taken from it; take another revision of the page, or of its translation";
        report.push(Diagnostic::error("vendor::declares", message).at(first.span).help(help));
        None
    }

    fn definition(&self, report: &mut Report) -> Option<ItemFacts> {
        let found = definition::read(&self.syntax, self.syntax.span, report)?;
        let (tag, names) = match &found.item {
            Item::Record { record, names } => (&record.tag, names),
            Item::Enumeration { enumeration, names } => (&enumeration.tag, names),
            Item::Function { .. } | Item::Typedef(_) => return None,
        };
        self.is_about(tag.iter().chain(names.iter().map(|declared| &declared.name)), report)?;
        let (table, body) = requirements::find(self.form, &self.after);
        let mut common = ApiFacts::default();
        require(&table, Need::NoLevel, self.syntax.span, &mut common, report);
        let members = match &found.item {
            Item::Record { record, .. } => Members::of(&found, record, &self.syntax, self.syntax.span, report),
            _ => Members::default(),
        };
        let enumerators = match &found.item {
            Item::Enumeration { enumeration, .. } => Enumerators::of(&found, enumeration, self.syntax.span, report),
            _ => Enumerators::default(),
        };
        match found.item {
            Item::Record { record, names } => {
                let fields = entries::fields(body, members, report);
                Some(ItemFacts::Struct(StructFacts {
                    name: definition::own_name(&names).or_else(|| record.tag.clone()),
                    tag: record.tag.clone(),
                    header: common.header,
                    since: common.since,
                    fields,
                    is_union: Some(Spanned::new(record.is_union, found.keyword)),
                    names,
                    record: found.is_exact.then_some(record),
                }))
            }
            Item::Enumeration { enumeration, names } => Some(ItemFacts::Enum(EnumFacts {
                name: definition::own_name(&names).or_else(|| enumeration.tag.clone()),
                header: common.header,
                since: common.since,
                variants: enumerators.unconditional(),
            })),
            Item::Function { .. } | Item::Typedef(_) => None,
        }
    }

    fn api(&self, prototype: &Prototype, file: FileId, report: &mut Report) -> ApiFacts {
        let before = report.diagnostics().len();
        let (table, body) = requirements::find(self.form, &self.after);
        let list = Parameters::find(self.form, prototype, body);
        // What it does is said before the syntax block; some sites show that first.
        let lead = body.get(..list.first().unwrap_or(0)).unwrap_or_default();
        let said: Vec<&Block> = self.before.iter().chain(lead).filter(|b| b.kind == Kind::Text).collect();
        let description = said.iter().map(|b| b.text()).collect::<Vec<_>>().join(" ");
        let return_type = Some(prototype.function.ret.spelling());
        let mut facts = ApiFacts { return_type, declared_at: Some(prototype.name.span), ..ApiFacts::default() };
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
                // The title is the first of what stands before the syntax block; some sites have a line of their own above it.
                let titles = self.before.iter().take(3).map(Block::text).filter(|t| t.contains(prototype.name.value.as_str()));
                facts.kind = kind::of_rendered(titles, table.iter().map(|(key, value)| (key.as_str(), value.value.as_str())));
                if facts.kind.is_none() {
                    let help = "write `kind: export` on our page, if a library exports it";
                    silent(report, prototype.name.span, "whether a library exports it or a header defines it", help);
                }
            }
        }
        list.read(body, &mut facts, report);
        if !prototype.function.ret.is_void() {
            codes::read(prototype, &list, body, &mut facts, report);
        }
        require(&table, Need::Level, prototype.name.span, &mut facts, report);
        let ledger = Ledger::of_api(file, &facts, list.headings(body), report, before);
        entries::settle(&list, body, file, &ledger, report);
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
}

/// Where the lines of the preprocessor begin that stand before a place: they decide what is defined there.
fn directives_before(text: &str, place: usize) -> usize {
    let mut start = place;
    for line in text.get(..place).unwrap_or_default().split_inclusive('\n').rev() {
        let is_directive =
            line.trim_start().strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
        if !is_directive {
            break;
        }
        start -= line.len();
    }
    start
}

/// A name without what tells a tag or a pointer from a typedef.
fn core(name: &str) -> &str {
    let name = name.trim_matches(['_', '*']);
    name.strip_prefix("tag").unwrap_or(name).trim_start_matches('_')
}

/// Whether a word is spelt as names of functions and types are, and words of a language are not.
fn is_api_name(word: &str) -> bool {
    let capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
    is_constant(word) || capitals > 1 && word.bytes().any(|b| b.is_ascii_lowercase())
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
