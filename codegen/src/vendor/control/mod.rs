//! Pages of control codes, the vendor's conceptual pages of socket options, IOCTLs and client control codes → facts.
//!
//! In: a page that names a control code and has a table of the parameters of `WskControlSocket` or `WskControlClient`. Out: an
//! operation a table, or one a verb where the page tells them apart only by that. Separate from `rendered`, whose pages have a prototype.
//!
//! `table` finds the tables, `values` reads their cells, `sentences` the set sentences around them; here they are put together. Tables
//! are read in any language, sentences in English only: a translated sentence gives no fact, which is reported.

mod codes;
mod facts;
mod hedges;
mod lead;
mod sentences;
mod statements;
mod table;
mod values;

pub use facts::{ControlFacts, FlagFacts, OperationFacts};

use lead::{Functions, Lead, function};
use statements::{Draft, IrpRow, Said};
use table::{Assigned, Slot, Table};

use super::blocks::{Block, Kind};
use super::clause::Own;
use super::markup::{is_identifier, unmarked};
use super::{ItemFacts, PageFacts, html, irql, locale, markdown, rendered, silent, take_since};
use crate::facts::{Combine, Data, LevelRange, OperationFlags};
use crate::source::{Diagnostic, FileId, Report, Sources, Span, Spanned};
use crate::vendor::hash::HashSet;

const SOCKET: &str = "WskControlSocket";
const CLIENT: &str = "WskControlClient";

/// A page of a control code, cut into its blocks.
pub(super) struct Page {
    name: Spanned<String>,
    blocks: Vec<Block>,
    tables: Vec<Table>,
}

impl Page {
    /// Cuts a page, unless it is none of a control code.
    pub(super) fn cut(text: &str, whole: Span) -> Option<Self> {
        if !text.contains(SOCKET) && !text.contains(CLIENT) && !text.contains(Slot::ControlCode.name()) {
            return None;
        }
        let mut blocks = if html::is_html(text) {
            html::blocks(text, whole)
        } else if markdown::is_markdown(text) {
            markdown::blocks(text, whole)
        } else {
            return None;
        };
        for cell in blocks.iter_mut().filter(|b| b.kind != Kind::Code).flat_map(|b| &mut b.cells) {
            if let Some(bare) = unmarked(&cell.value) {
                cell.value = bare;
            }
        }
        let heading = blocks.iter().find(|b| matches!(b.kind, Kind::Heading(_))).and_then(|b| constant(b.first()?));
        // A heading is translated, its name included; front matter is not.
        let name = title(text, whole).or(heading).filter(|name| !name.starts_with("PFN_"))?;
        let is_code = |b: &&Block| b.kind == Kind::Code;
        if blocks.iter().filter(is_code).any(|b| rendered::has_syntax(b.text())) {
            return None;
        }
        let tables = table::find(&blocks);
        let has_parameters = tables.iter().any(|t| t.is_parameters);
        let is_called = blocks.iter().any(|b| b.kind == Kind::Text && function(b).is_some());
        (has_parameters || is_called && !blocks.iter().any(|b| is_code(&b))).then_some(Self { name, blocks, tables })
    }

    pub(super) fn read(&self, sources: &Sources, file: FileId, report: &mut Report) -> PageFacts {
        let mut facts = ControlFacts { name: Some(self.name.clone()), ..ControlFacts::default() };
        let mut flags = Flags::default();
        let leads = self.tables.iter().filter(|t| t.is_parameters).filter_map(|t| self.blocks.get(t.lead?));
        let callee = leads.filter_map(function).next().map_or_else(|| SOCKET.to_owned(), |f| f.value);
        // A page whose paragraphs name one function and whose sentences the other is about both, which is reported.
        let other = if callee == SOCKET { CLIENT } else { SOCKET };
        let own = Own { name: Some(&callee), title: Some(other), is_callback: false };
        let said = Said::of(&self.blocks, own, report);
        let level = self.other_tables(own, &mut facts, &mut flags, report);
        self.report_names(report);
        let intro = self.intro();
        let mut drafts: Vec<Draft> = Vec::new();
        let mut functions = Functions::default();
        // Tables without a paragraph between them have one in common, which is read once.
        let mut last: Option<(Option<usize>, Lead)> = None;
        for table in self.tables.iter().filter(|t| t.is_parameters) {
            let lead = match last.take() {
                Some((at, lead)) if at == table.lead => lead,
                _ => table.lead.and_then(|at| self.blocks.get(at)).map(|block| Lead::of(block, &intro)).unwrap_or_default(),
            };
            functions.take(&lead, table, report);
            drafts.extend(operations(&lead, table, &said, report));
            last = Some((table.lead, lead));
        }
        if drafts.is_empty() {
            let message = format!("the page has no table of the parameters of `{SOCKET}` or `{CLIENT}`");
            let help = "compare it with an older revision of the page";
            report.push(Diagnostic::error("vendor::control", message).at(self.name.span).help(help));
        }
        facts.function = functions.one();
        let is_client = facts.function.as_ref().is_some_and(|f| f.value == CLIENT);
        let has_flags = !flags.list.is_empty();
        if has_flags {
            said.flags_along().for_each(|constant| flags.also(constant));
        }
        facts.flags = flags.list;
        let mut known: HashSet<String> = facts.codes.iter().map(|code| code.value.clone()).collect();
        facts.codes.extend(said.codes.iter().filter(|code| known.insert(code.value.clone())).cloned());
        let said = said.sorted(drafts.iter().filter_map(|draft| draft.verb.as_deref()));
        for draft in drafts {
            let operation = said.complete(draft, is_client, report);
            let takes_none = operation.input.as_ref().is_some_and(|input| input.value == Data::None);
            if has_flags && operation.flags.is_none() && !takes_none {
                silent(report, operation.at, "which of its flags the operation takes", "write `Flags` on our page by an erratum");
            }
            facts.operations.push(OperationFacts { irql: level.clone(), ..operation });
        }
        for (fact, what) in [(&facts.header, "in which header it is"), (&facts.since, "since which version of Windows it exists")]
        {
            if fact.is_none() {
                silent(report, self.name.span, what, "add the fact to our page by an erratum");
            }
        }
        let page = sources.get(file).path.rsplit('/').next().and_then(|n| n.strip_suffix(".md")).map(str::to_owned);
        PageFacts { file, page, item: ItemFacts::Control(facts) }
    }

    /// Says where the page gives its control code another name than its title does.
    fn report_names(&self, report: &mut Report) {
        // A translated heading may have its name in pieces.
        let is_whole = |name: &Spanned<String>| !name.starts_with('_') && !name.ends_with('_');
        let heading = self.blocks.iter().find(|b| matches!(b.kind, Kind::Heading(_))).and_then(|b| constant(b.first()?));
        let heading = heading.filter(is_whole);
        let is_code = |row: &&table::Row| row.name.value == Slot::ControlCode.name();
        let cells = self.tables.iter().filter(|t| t.is_parameters).filter_map(|t| t.rows.iter().find(is_code)?.value.as_ref());
        let named = cells.filter_map(values::given_name).chain(heading);
        for other in named.filter(|name| name.value != self.name.value) {
            let message = format!("this is `{other}`, but the page is titled `{}`", self.name);
            let help = "find out from another revision of the page which of the two is meant";
            report.push(Diagnostic::warning("vendor::control", message).at(other.span).help(help));
        }
    }

    /// The verbs of what the page says that the code is for.
    fn intro(&self) -> Vec<String> {
        let texts = self.blocks.iter().filter(|b| b.kind == Kind::Text).map(Block::text);
        let allows = |text: &str| {
            let of = |client| text.split_once(client).map(|(_, purpose)| sentences::verbs(purpose));
            of(" allows a WSK client to ").or_else(|| of(" allows a WSK application to "))
        };
        texts.filter_map(allows).next().unwrap_or_default()
    }

    /// Reads the tables that are not of parameters, and constants that stand as terms: flags, header, version, level.
    fn other_tables(
        &self,
        own: Own<'_>,
        facts: &mut ControlFacts,
        flags: &mut Flags,
        report: &mut Report,
    ) -> Option<Spanned<LevelRange>> {
        let mut level = None;
        for table in self.tables.iter().filter(|t| !t.is_parameters) {
            let lead = table.lead.and_then(|at| self.blocks.get(at)).map(Block::text);
            facts.codes.extend(codes::of_table(table, lead, own, report));
        }
        for (table, row) in self.tables.iter().filter(|t| !t.is_parameters).flat_map(|t| t.rows.iter().map(move |row| (t, row))) {
            let label = locale::fold(&row.name);
            let value = row.value.as_ref();
            if let Some(constant) = constant(&row.name).filter(|c| c.value == row.name.value) {
                // That is a table of codes.
                if constant.starts_with("STATUS_") {
                    continue;
                }
                if !table.is_of_flags() {
                    row_unclear(&row.name, report);
                    continue;
                }
                let callback = value.filter(|v| is_identifier(v)).cloned();
                if callback.is_none() {
                    row_unclear(&row.name, report);
                }
                flags.take(FlagFacts { constant, callback }, report);
            } else if locale::is_one_of(&label, |w| w.version) {
                match value.filter(|_| facts.since.is_none()) {
                    Some(value) => facts.since = take_since(value, report),
                    None => row_unclear(&row.name, report),
                }
            } else if let Some(range) = value.filter(|_| label == "irql").and_then(|v| Some(Spanned::new(irql::read(v)?, v.span)))
            {
                if range.when.is_some() || level.is_some() {
                    row_unclear(&row.name, report);
                } else {
                    level = Some(range.map(|fact| fact.range));
                }
            } else if let Some(header) = value.and_then(header).filter(|_| facts.header.is_none()) {
                facts.header = Some(header);
            } else {
                row_unclear(&row.name, report);
            }
        }
        // Whether a sentence above announces flags: a paragraph that is a name may be a link to another page as well.
        let mut announced = false;
        for (kind, term) in self.blocks.iter().filter_map(|b| Some((b.kind, b.first()?))) {
            if !matches!(kind, Kind::Text | Kind::Term) {
                announced = false;
            } else if let Some(constant) = constant(term).filter(|c| c.value == term.value && c.value != self.name.value) {
                if announced {
                    flags.take(FlagFacts { constant, callback: None }, report);
                } else {
                    name_unclear(&constant, report);
                }
            } else if sentences::announces_flags(term) {
                announced = true;
            } else if term.contains("_ ") {
                let message = "names of constants were translated here, and are not read";
                let help = "take them from the page in its own language";
                report.push(Diagnostic::warning("vendor::translated", message).at(term.span).help(help));
            }
        }
        level
    }
}

/// The flags of a page.
#[derive(Default)]
struct Flags {
    list: Vec<FlagFacts>,
    names: HashSet<String>,
}

impl Flags {
    fn take(&mut self, flag: FlagFacts, report: &mut Report) {
        if self.names.insert(flag.constant.value.clone()) {
            self.list.push(flag);
            return;
        }
        let message = format!("the page lists `{}` twice", flag.constant);
        let help = "the first is taken";
        report.push(Diagnostic::warning("vendor::control", message).at(flag.constant.span).help(help));
    }

    /// Takes a flag that a sentence names, unless it is listed.
    fn also(&mut self, constant: Spanned<String>) {
        if self.names.insert(constant.value.clone()) {
            self.list.push(FlagFacts { constant, callback: None });
        }
    }
}

/// The operations that a table describes: one, or one a verb where its paragraph names two.
fn operations(lead: &Lead, table: &Table, said: &Said, report: &mut Report) -> Vec<Draft> {
    let rows = Assigned::of(table, report);
    let of_sockets = lead.function.as_ref().map_or_else(|| rows.has(Slot::RequestType), |f| f.value == SOCKET);
    let mut operation = OperationFacts {
        name: None,
        at: table.at,
        code: rows.take(Slot::ControlCode, table.at, report).and_then(|c| values::name(c, "a control code", report)),
        request: None,
        level: None,
        input: None,
        output: None,
        size_returned: None,
        flags: None,
        irp: None,
        sockets: None,
        client_state: None,
        irql: None,
    };
    // A row that the function should not have is still one that the page has.
    let mut of_socket = |slot| {
        if of_sockets || rows.has(slot) { rows.take(slot, table.at, report) } else { None }
    };
    let (request, level) = (of_socket(Slot::RequestType), of_socket(Slot::Level));
    operation.request = request.and_then(|r| values::name(r, "a request type", report));
    operation.level = level.and_then(|l| values::level(l, report));
    for slot in Slot::ALL.into_iter().filter(|s| !of_sockets && s.is_of_sockets() && rows.has(*s)) {
        let message = format!("`{}` is not a parameter of `{CLIENT}`", slot.name());
        let help = "see which function the page means";
        report.push(Diagnostic::warning("vendor::parameter", message).at(table.at).help(help));
    }
    let mut buffer = |size, pointer: Slot, holds| {
        let (size, buffer) = (rows.take(size, table.at, report), rows.take(pointer, table.at, report));
        values::data(size?, buffer?, pointer.name(), holds, report)
    };
    operation.input = buffer(Slot::InputSize, Slot::InputBuffer, None);
    operation.output = buffer(Slot::OutputSize, Slot::OutputBuffer, said.output.as_ref());
    let returned = rows.take(Slot::OutputSizeReturned, table.at, report);
    operation.size_returned = returned.and_then(|r| values::size_returned(r, report));
    if let Some(cell) = rows.optional(Slot::InputBuffer).filter(|c| values::holds_flags(c)) {
        let flags = OperationFlags { of: "Input".to_owned(), combine: Combine::Any, with: Vec::new() };
        operation.flags = Some(Spanned::new(flags, cell.span));
    }
    // Of the function for sockets, tables mostly leave it out.
    let has_irp = rows.has(Slot::Irp);
    let irp = if has_irp || !of_sockets { rows.take(Slot::Irp, table.at, report) } else { None };
    let irp = match irp {
        None if has_irp => IrpRow::Unclear,
        None => IrpRow::Missing,
        Some(cell) => values::irp(cell, report).map_or(IrpRow::Unclear, |given| IrpRow::Says(given.value, given.span)),
    };
    if lead.verbs.iter().all(|verb| verb == "be") {
        silent(report, table.at, "what the operation is called", "call it by a word of your own on our page");
    }
    if lead.verbs.is_empty() {
        return vec![Draft { operation, verb: None, irp }];
    }
    // `be notified` has no verb that would be a name.
    let name = |verb: &str| (verb != "be").then(|| Spanned::new(verb.to_owned(), table.at));
    let draft = |verb: &String| {
        let operation = OperationFacts { name: name(verb), ..operation.clone() };
        Draft { operation, verb: Some(verb.clone()), irp }
    };
    lead.verbs.iter().map(draft).collect()
}

fn name_unclear(name: &Spanned<String>, report: &mut Report) {
    let message = format!("`{name}` stands alone here, and nothing says that it is a flag");
    let help = "add it to our page by an erratum, if it is one";
    report.push(Diagnostic::warning("vendor::control", message).at(name.span).help(help));
}

fn row_unclear(name: &Spanned<String>, report: &mut Report) {
    let message = format!("the row `{name}` is not understood");
    let help = "add what it says to our page by an erratum, if it is a fact";
    report.push(Diagnostic::warning("vendor::control", message).at(name.span).help(help));
}

/// The name of a control code in front matter: the first word of the title.
fn title(text: &str, whole: Span) -> Option<Spanned<String>> {
    let front = text.strip_prefix("---\n")?;
    let front = front.get(..front.find("\n---")?)?;
    let mut at = "---\n".len();
    for line in front.split_inclusive('\n') {
        if let Some(value) = line.strip_prefix("title:") {
            let start = at + line.len() - value.trim_start().len();
            let value = value.trim();
            return constant(&Spanned::new(value.to_owned(), whole.part(start..start + value.len())));
        }
        at += line.len();
    }
    None
}

/// The constant that a text begins with: a word in capitals with an underscore.
fn constant(text: &Spanned<String>) -> Option<Spanned<String>> {
    let word = text.split_whitespace().next().filter(|w| values::is_capitals(w) && w.contains('_'))?;
    let is_exact = text.span.end - text.span.start == text.value.len();
    Some(Spanned::new(word.to_owned(), if is_exact { text.span.part(0..word.len()) } else { text.span }))
}

/// The header that `Wsk.h (include Wsk.h)` begins with.
fn header(text: &Spanned<String>) -> Option<Spanned<String>> {
    let word = text.split_whitespace().next()?;
    let stem = word.strip_suffix(".h").filter(|stem| is_identifier(stem))?;
    Some(Spanned::new(format!("{}.h", stem.to_lowercase()), text.span))
}

#[cfg(test)]
mod tests;
