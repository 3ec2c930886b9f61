//! Stage 2: the vendor's pages → facts.
//!
//! In: a page as the vendor publishes it, in one of several dialects. Out: the facts that the page states, each with its place,
//! and a diagnostic for each fact that it does not state. Nothing is invented: what is not said is `None`. No sentence of a page
//! leaves this stage, only names, types, directions, codes and levels.

mod account;
mod blocks;
mod clause;
mod code_names;
mod conditions;
mod control;
mod ddi;
mod definition;
mod denial;
mod enumerators;
mod facts;
mod hash;
mod html;
mod irql;
mod kind;
mod level_in_text;
mod listing;
mod locale;
mod markdown;
mod markup;
mod members;
mod openness;
mod params;
mod phrases;
mod rendered;
mod returns;
mod section;
mod sentence;
mod signature;
mod tags;
mod tokens;
mod version;

pub use control::{ControlFacts, FlagFacts, OperationFacts};
pub use facts::{facts_in_text, facts_of, identity};
pub(crate) use facts::{numbers, tell_stated};

use crate::facts::{ApiKind, Direction, LevelRange, camel_case};
use crate::source::{Diagnostic, FileId, Report, Sources, Span, Spanned};

/// The facts of one page.
#[derive(Debug, Clone)]
pub struct PageFacts {
    /// The file.
    pub file: FileId,
    /// The page's name on the vendor's site: `nc-wsk-pfn_wsk_connect`.
    pub page: Option<String>,
    /// What it describes.
    pub item: ItemFacts,
}

/// What a page describes.
#[derive(Debug, Clone)]
pub enum ItemFacts {
    /// A function or callback.
    Api(ApiFacts),
    /// A structure.
    Struct(StructFacts),
    /// An enumeration.
    Enum(EnumFacts),
    /// A control code.
    Control(ControlFacts),
}

/// The facts of a function or callback.
#[derive(Debug, Clone, Default)]
pub struct ApiFacts {
    /// Its name.
    pub name: Option<Spanned<String>>,
    /// Its function-pointer type.
    pub typedef: Option<Spanned<String>>,
    /// What it is.
    pub kind: Option<ApiKind>,
    /// The header that declares it.
    pub header: Option<Spanned<String>>,
    /// The first Windows version that has it.
    pub since: Option<Spanned<String>>,
    /// The image that exports it; a page that names only an import library leaves this open.
    pub library: Option<Spanned<String>>,
    /// The levels.
    pub irql: Vec<IrqlFact>,
    /// The words that the levels were read from.
    pub irql_text: Option<Spanned<String>>,
    /// Its parameters.
    pub params: Vec<ParamFacts>,
    /// The type it returns.
    pub return_type: Option<String>,
    /// Where it is declared: the name, on the line of the type that it returns.
    pub declared_at: Option<Span>,
    /// The codes it returns.
    pub codes: Vec<Spanned<String>>,
    /// Whether other codes may come; `None` where the page does not list codes.
    pub open: Option<bool>,
    /// Where it says what it returns: the heading, or the beginning of what is below it.
    pub returns_at: Option<Span>,
}

impl ApiFacts {
    /// The levels as errata spell them; `None` where the page states none that is understood.
    #[must_use]
    pub fn levels(&self) -> Option<String> {
        let levels: Vec<String> =
            self.irql.iter().map(|i| format!("{}: {}", i.when.as_deref().unwrap_or("always"), i.range.spelling())).collect();
        (!levels.is_empty()).then(|| levels.join("; "))
    }
}

/// A level, as a page states it.
#[derive(Debug, Clone, PartialEq)]
pub struct IrqlFact {
    /// A condition that the page refers to; `None` for always.
    pub when: Option<String>,
    /// The levels.
    pub range: LevelRange,
}

/// The facts of a parameter.
#[derive(Debug, Clone)]
pub struct ParamFacts {
    /// Its name.
    pub name: Spanned<String>,
    /// Its C type.
    pub ty: Option<String>,
    /// Which way.
    pub direction: Option<Direction>,
    /// Whether it may be null.
    pub optional: Option<bool>,
    /// Whether it must be zero.
    pub reserved: bool,
    /// The constants that it takes.
    pub values: Vec<Spanned<String>>,
}

/// The facts of a structure.
#[derive(Debug, Clone, Default)]
pub struct StructFacts {
    /// Its name.
    pub name: Option<Spanned<String>>,
    /// The name after `struct`.
    pub tag: Option<Spanned<String>>,
    /// The header that declares it.
    pub header: Option<Spanned<String>>,
    /// The first Windows version that has it.
    pub since: Option<Spanned<String>>,
    /// Its fields in order, each followed by those inside it.
    pub fields: Vec<FieldFacts>,
    /// Whether it is a union, where the page has a definition.
    pub is_union: Option<Spanned<bool>>,
    /// The names that the definition declares.
    pub names: Vec<crate::c::Declared>,
    /// The definition in C, where the page has one that decides the layout.
    pub record: Option<crate::c::Record>,
}

/// The facts of a field.
#[derive(Debug, Clone)]
pub struct FieldFacts {
    /// Its name, with those of the structures and unions around it: `u.AsyncRead`. One without a name is `(unnamed union)`.
    pub name: Spanned<String>,
    /// Its C type, where the page has a definition; of a bit field with its width, `ULONG : 4`.
    pub ty: Option<String>,
    /// What it is.
    pub kind: FieldKind,
    /// The constants that it takes.
    pub values: Vec<Spanned<String>>,
}

/// What a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A field as such.
    Field,
    /// A structure that is written out in place.
    Struct,
    /// A union that is written out in place.
    Union,
    /// One of the two; the page lists what is in it, and has no definition that would say which.
    Nested,
}

impl FieldKind {
    /// The word for it in JSON; `None` for a field as such.
    #[must_use]
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::Field => None,
            Self::Struct => Some("struct"),
            Self::Union => Some("union"),
            Self::Nested => Some("nested"),
        }
    }
}

/// The facts of an enumeration.
#[derive(Debug, Clone, Default)]
pub struct EnumFacts {
    /// Its name.
    pub name: Option<Spanned<String>>,
    /// The header that declares it.
    pub header: Option<Spanned<String>>,
    /// The first Windows version that has it.
    pub since: Option<Spanned<String>>,
    /// Its enumerators, with their values where the page has them.
    pub variants: Vec<(Spanned<String>, Option<i128>)>,
}

/// Reads a page of any known dialect. A page of no known dialect is an error; a fact that is not stated is a warning.
pub fn read(sources: &Sources, file: FileId, report: &mut Report) -> Option<PageFacts> {
    let text = &sources.get(file).text;
    if text.trim().is_empty() {
        let help = "name the page's source (Markdown), or its text copied from a browser";
        report.push(Diagnostic::error("vendor::empty", "this page is empty").at(Span::new(file, 0..0)).help(help));
        return None;
    }
    if ddi::is_ddi(text) {
        return ddi::read(sources, file, report);
    }
    match control::Page::cut(text, sources.whole(file)) {
        Some(page) => Some(page.read(sources, file, report)),
        None => rendered::read(sources, file, report),
    }
}

/// Whether an entry of the front matter of a reference page states a fact of any such page, in whatever words.
pub(crate) fn states_fact(key: &str, value: &str) -> bool {
    match key {
        "req.irql" => irql::read(value).is_some(),
        "req.target-min-winverclnt" => matches!(version::read(value), version::First::Is(_)),
        "req.header" => true,
        _ => false,
    }
}

/// Whether all that stands between the brackets of the heading of a parameter is read as its direction.
pub(crate) fn states_direction(brackets: &str) -> bool {
    brackets
        .trim()
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|inside| !inside.contains(['[', ']']) && params::is_understood(inside))
}

/// The name that a function-pointer type stands for: the identifier of the description whose capitals spell the type, or the
/// longest beginning of it.
///
/// `WskRelease` describes `PFN_WSK_RELEASE_DATA_INDICATION_LIST`. An identifier is not translated, so this works in any language.
fn name_behind<'t>(typedef: &str, description: &'t str) -> Option<&'t str> {
    let Some(wanted) = typedef.strip_prefix("PFN_") else { return spelt_like(typedef, description) };
    let whole = camel_case(wanted);
    let mut best: Option<&str> = None;
    for word in description.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
        // `_Name_` is the name in italics.
        let word = word.strip_prefix('_').and_then(|w| w.strip_suffix('_')).unwrap_or(word);
        let is_identifier = word.starts_with(|c: char| c.is_ascii_uppercase()) && word.chars().any(|c| c.is_ascii_lowercase());
        let upper = crate::facts::snake_case(word).to_uppercase();
        let spells = word == whole
            || wanted == upper
            || upper.contains('_') && wanted.strip_prefix(upper.as_str()).is_some_and(|r| r.starts_with('_'));
        if is_identifier && spells && best.is_none_or(|b| b.len() < word.len()) {
            best = Some(word);
        }
    }
    best
}

/// The word of a description that has the letters of a function type: `EvtSerCxFileOpen` of `EVT_SERCX_FILEOPEN`.
fn spelt_like<'t>(typedef: &str, description: &'t str) -> Option<&'t str> {
    let letters = |c: &char| *c != '_';
    let is_mixed =
        |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase()) && word.chars().any(|c| c.is_ascii_lowercase());
    let mut words = description.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|w| is_mixed(w));
    words.find(|w| w.chars().filter(letters).map(|c| c.to_ascii_uppercase()).eq(typedef.chars().filter(letters)))
}

/// Takes the words of a level: the level if they are understood, a complaint if they are not or depend on a condition.
fn take_irql(text: Spanned<String>, facts: &mut ApiFacts, report: &mut Report) {
    let help = "write each case as a row of our table, with an erratum that says where it comes from";
    match irql::read(&text) {
        Some(fact) => {
            if let Some(when) = &fact.when {
                let message = format!("this level depends on a condition: {when}");
                report.push(Diagnostic::warning("vendor::irql", message).at(text.span).help(help));
            }
            facts.irql.push(fact);
        }
        None => {
            let message = format!("this level is not understood: {}", text.value);
            report.push(Diagnostic::warning("vendor::irql", message).at(text.span).help(help));
        }
    }
    facts.irql_text = Some(text);
}

/// Takes the level that the text of a page behind its front matter states, where the entry for it, at `at`, is empty.
fn irql_in_text(page: &str, front: usize, name: Option<&str>, at: Span, facts: &mut ApiFacts, report: &mut Report) {
    let help = "add the level to our page by an erratum that says where it comes from";
    let text = page.get(front..).unwrap_or_default();
    let found = level_in_text::read(text, name, at);
    match found {
        level_in_text::InText::Silent => silent(report, at, "at which IRQL it may run", help),
        level_in_text::InText::Unclear => silent(
            report,
            at,
            "at which IRQL it may run: its text speaks of levels, but not in one sentence that can mean this function alone",
            help,
        ),
        level_in_text::InText::Stated(phrase) => {
            let level = phrase.rsplit(' ').next().unwrap_or(&phrase);
            let place = text.find(level).map_or(at, |start| Span::new(at.file, front + start..front + start + level.len()));
            take_irql(Spanned::new(phrase, place), facts, report);
        }
    }
}

/// The images that an entry names; one that is not understood as such names none, and is said.
fn take_library(text: Spanned<String>, report: &mut Report) -> Option<Spanned<String>> {
    if kind::names_images(&text) {
        return Some(text);
    }
    if !kind::is_none(&text) {
        let message = format!("this is not understood as the image that exports it: {}", text.value);
        let help = "if a library exports it, write `kind: export` and the image on our page, with an erratum";
        report.push(Diagnostic::warning("vendor::library", message).at(text.span).help(help));
    }
    None
}

/// The first version of Windows that the text of an entry names, and what is wrong with one that names none.
fn take_since(text: &Spanned<String>, report: &mut Report) -> Option<Spanned<String>> {
    match version::read(text) {
        version::First::Is(version) => return Some(Spanned::new(version, text.span)),
        version::First::Silent => without_since(text.span, report),
        version::First::Unclear => {
            let message = format!("this is not understood as a first version of Windows: {}", text.value);
            let help = "add the version to our page by an erratum that says where it comes from";
            report.push(Diagnostic::warning("vendor::since", message).at(text.span).help(help));
        }
    }
    None
}

/// Says that a page does not say since when there is what it describes.
fn without_since(at: Span, report: &mut Report) {
    silent(report, at, "since which version of Windows it exists", "add the version to our page by an erratum");
}

/// Says that a page is silent on a fact.
fn silent(report: &mut Report, at: Span, what: &str, help: &'static str) {
    report.push(Diagnostic::warning("vendor::silent", format!("the page does not say {what}")).at(at).help(help));
}
