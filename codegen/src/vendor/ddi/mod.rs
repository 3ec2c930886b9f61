//! DDI Markdown: the sources of the reference pages, of any year.
//!
//! In: a page. Out: its facts, and a diagnostic for each entry that was not read. `key: value` front matter, sections `## -name`, entries
//! `### -param Name [in]` and `### -field Name`, or `#### - Name`, values `#### NAME`; in old revisions also a `-prototype` or `-syntax`
//! block.

mod cells;
mod declared;
mod declares;
mod entries;
mod enumeration;
pub(super) mod heading;
mod introduces;
mod loose;
mod page;
mod params;
mod passed;
mod scan;
mod structure;
pub(super) mod title;
mod values;

use page::{Page, Section};
pub(super) use passed::{by_value_goes_in, param_from_prototype};

use super::account::Ledger;
use super::clause::Own;
use super::markup::is_identifier;
use super::signature::Prototype;
use super::{
    ApiFacts, ItemFacts, PageFacts, irql_in_text, kind, locale, name_behind, rendered, returns, signature, silent, take_irql,
    take_library, take_since, without_since,
};
use crate::facts::ApiKind;
use crate::source::{Diagnostic, FileId, Report, Sources, Span, Spanned};

/// Whether a page is of this dialect.
pub(super) fn is_ddi(text: &str) -> bool {
    let before = memchr::memmem::find(text.as_bytes(), b"\nUID:").and_then(|at| text.as_bytes().get(..at));
    text.starts_with("---\n") && before.is_some_and(|before| memchr::memchr_iter(b'\n', before).take(60).count() < 59)
}

pub(super) fn read(sources: &Sources, file: FileId, report: &mut Report) -> Option<PageFacts> {
    let source = sources.get(file);
    let said = report.diagnostics().len();
    let mut page = Page::cut(source, file);
    page.report_keys(report);
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
    entries::settle(&page, &Ledger::new(file, &item, report, said), report);
    Some(PageFacts { file, page: name, item })
}

impl Page<'_> {
    fn header(&self, report: &mut Report) -> Option<Spanned<String>> {
        let found = self.front_value("req.header");
        if found.is_none() {
            silent(report, self.front_place("req.header"), "in which header it is", "add the header to our page by an erratum");
        }
        found.map(|f| f.map(|h| h.to_lowercase()))
    }

    fn since(&self, report: &mut Report) -> Option<Spanned<String>> {
        match self.front_value("req.target-min-winverclnt") {
            Some(text) => take_since(&text, report),
            None => {
                without_since(self.front_place("req.target-min-winverclnt"), report);
                None
            }
        }
    }

    fn api(&mut self, is_callback: bool, target: Spanned<String>, report: &mut Report) -> ApiFacts {
        let prototype = self.code(Section::Declaration).and_then(|(text, place)| signature::read(text, place, report));
        let prototype = prototype.filter(|found| self.declares(found, &target, is_callback, report));
        let title = self.entries.first().map_or(target.span, |e| e.title_span);
        let mut facts = ApiFacts { header: self.header(report), since: self.since(report), ..ApiFacts::default() };
        facts.library = self.front_value("req.dll").and_then(|image| take_library(image, report));
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
            Some(found) => {
                facts.return_type = Some(found.function.ret.spelling());
                facts.declared_at = Some(found.name.span);
            }
            None => silent(
                report,
                title,
                "any types: it has no prototype",
                "take the signature from another revision of the page, or from the header",
            ),
        }
        let names = prototype.iter().flat_map(|p| &p.function.params).filter_map(|p| Some(p.name.as_ref()?.value.as_str()));
        self.find_loose(&names.collect());
        facts.params = self.params(prototype.as_ref(), report);
        self.irql(&mut facts, report);
        self.returns(&mut facts, prototype.as_ref(), report);
        facts
    }

    fn name_of(&self, target: &Spanned<String>, prototype: Option<&Prototype>) -> Option<Spanned<String>> {
        let description = self.description();
        if let Some(name) = name_behind(target, description) {
            let at = self.section(Section::Description).and_then(|e| {
                let (text, place) = self.body(e);
                text.find(name).map(|at| place.part(at..at + name.len()))
            });
            return Some(Spanned::new(name.to_owned(), at.unwrap_or(target.span)));
        }
        prototype.map(|p| p.name.clone()).or_else(|| self.front_value("req.alt-api"))
    }

    /// Whose function it is: said by the description, or by the dispatch tables that the page refers to.
    fn kind(&self, typedef: &str, name: Option<&Spanned<String>>) -> Option<ApiKind> {
        let description = self.description();
        if kind::driver_supplies(description) {
            return Some(ApiKind::Callback);
        }
        let name = name?;
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
        let Some(entry) = self.section(Section::Returns) else {
            if prototype.is_none_or(|p| !p.function.ret.is_void()) {
                let at = self.entries.first().map_or(Span::new(self.file, 0..3), |e| e.title_span);
                silent(report, at, "what it returns", "if it returns VOID nothing is missing; else add the codes by errata");
            }
            return;
        };
        let (text, place) = self.whole(entry);
        // In the text, a callback has another name than its type; the first sentence says which.
        let typedef = facts.typedef.as_ref().map(|t| &t.value);
        let name = facts.name.as_ref().map(|n| &n.value).filter(|name| Some(*name) != typedef);
        let is_callback = typedef.is_some() && facts.kind != Some(ApiKind::Function);
        // "ZwThing function" may stand above what describes `NtThing`.
        let title = self.front_value("title");
        let title = title.as_ref().and_then(|t| t.value.split_whitespace().next()).filter(|t| is_identifier(t));
        let own = Own { name: name.map(String::as_str), title, is_callback };
        let found = returns::read(text, place, own, report);
        found.report(entry.title_span, report);
        facts.codes = found.codes;
        facts.open = found.open;
        facts.returns_at = Some(entry.title_span);
    }

    /// The typedef of a structure or enumeration: the first of `req.typenames` that is not a pointer.
    fn own_type_name(&self, tag: &Spanned<String>) -> Option<Spanned<String>> {
        let names = self.front_value("req.typenames")?;
        let name = names.value.split(',').map(str::trim).find(|n| !n.starts_with('*') && is_identifier(n)).map(str::to_owned);
        // Where all typedefs are pointers the tag is the name.
        name.map(|n| Spanned::new(n, names.span)).or_else(|| Some(tag.clone()))
    }
}
