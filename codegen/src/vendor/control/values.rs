//! What the rows of a table of parameters say → facts.
//!
//! A cell is one word, or one of the vendor's set sentences; anything more is not guessed, and is reported at its place.

use super::super::markup::is_identifier;
use super::hedges::is_certain;
use crate::c::{CType, TypeName};
use crate::facts::Data;
use crate::source::{Diagnostic, Report, Span, Spanned};

/// Words in capitals that are no types.
const ACRONYMS: &[&str] = &["NULL", "WSK", "IRP", "NPI", "TDI"];

/// The value that a cell gives: the cell itself, or what `Use … for this operation.` names, which may follow a sentence that says what
/// the parameter is.
fn given(text: &str) -> &str {
    let (before, last) = text.rsplit_once(". ").unwrap_or(("", text));
    let used = last.strip_prefix("Use ").and_then(|rest| rest.strip_suffix(" for this operation."));
    used.filter(|_| is_certain(before)).unwrap_or(text).trim()
}

fn is_null(text: &str) -> bool {
    given(text).eq_ignore_ascii_case("null")
}

fn is_zero(text: &str) -> bool {
    matches!(given(text), "0" | "zero")
}

/// The name that a cell gives, and nothing else.
pub(super) fn given_name(cell: &Spanned<String>) -> Option<Spanned<String>> {
    let word = given(cell);
    is_identifier(word).then(|| Spanned::new(word.to_owned(), cell.span))
}

/// A cell that holds a name: a request type, a control code.
pub(super) fn name(cell: &Spanned<String>, what: &str, report: &mut Report) -> Option<Spanned<String>> {
    let word = given(cell);
    if is_identifier(word) && !is_null(word) && !is_zero(word) {
        return Some(Spanned::new(word.to_owned(), cell.span));
    }
    unclear(cell, what, "it is a single name on other pages", report);
    None
}

/// A level: a constant, or a number.
pub(super) fn level(cell: &Spanned<String>, report: &mut Report) -> Option<Spanned<String>> {
    let word = given(cell);
    if is_zero(word) {
        return Some(Spanned::new("0".to_owned(), cell.span));
    }
    let is_number = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    if is_number || is_identifier(word) && !is_null(word) {
        return Some(Spanned::new(word.to_owned(), cell.span));
    }
    unclear(cell, "the level", "it is a constant or 0 on other pages", report);
    None
}

/// Whether the caller passes a place for the size of the output: NULL, or a pointer to a number.
pub(super) fn size_returned(cell: &Spanned<String>, report: &mut Report) -> Option<Spanned<bool>> {
    if is_null(cell) {
        return Some(Spanned::new(false, cell.span));
    }
    let is_pointer = !cell.is_ascii() || cell.starts_with("A pointer to a ULONG") || cell.starts_with("A pointer to a SIZE_T");
    if is_pointer && is_certain(cell) && matches!(first_type(cell), Some("ULONG" | "SIZE_T")) {
        return Some(Spanned::new(true, cell.span));
    }
    unclear(cell, "whether the size of the output is returned", "write yes or no on our page, with an erratum", report);
    None
}

/// What the row of the IRP says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    /// There is none.
    Null,
    /// There is one; whether it could be left out is not said here.
    Pointer,
}

pub(super) fn irp(cell: &Spanned<String>, report: &mut Report) -> Option<Spanned<Given>> {
    if is_null(cell) {
        return Some(Spanned::new(Given::Null, cell.span));
    }
    if cell.starts_with("A pointer to an IRP ") && !cell.to_ascii_lowercase().contains("null") {
        return Some(Spanned::new(Given::Pointer, cell.span));
    }
    unclear(cell, "whether there is an IRP", "write required, optional or forbidden on our page, with an erratum", report);
    None
}

/// How a cell gives the size of a buffer.
enum Size<'t> {
    /// There is no buffer.
    Zero,
    /// That of a type.
    Of(&'t str),
    /// That of whichever structure of a family is passed.
    Larger(&'t str),
    /// That of an array of structures.
    Array,
    /// That of a buffer, of which another sentence says what it holds.
    Buffer,
}

fn size<'t>(text: &'t str, buffer: &str) -> Option<Size<'t>> {
    if is_zero(text) {
        return Some(Size::Zero);
    }
    let inner = text.strip_prefix("sizeof").and_then(|t| t.trim_start().strip_prefix('(')).and_then(|t| t.strip_suffix(')'));
    if let Some(ty) = inner {
        return is_identifier(ty.trim()).then(|| Size::Of(ty.trim()));
    }
    let text = text.trim_end_matches('.').strip_suffix(" parameter")?.strip_suffix(buffer)?;
    let text = text.strip_suffix(" pointed to by the ")?;
    let text = text.strip_suffix(" that is").unwrap_or(text);
    if let Some(ty) = text.strip_prefix("The size of the ").and_then(|t| t.strip_suffix(" structure")) {
        return is_identifier(ty).then_some(Size::Larger(ty));
    }
    match text.strip_prefix("The size, in bytes, of the ")? {
        "array of structures" => Some(Size::Array),
        "buffer" => Some(Size::Buffer),
        _ => None,
    }
}

/// A buffer, by the rows of its size and its pointer; `holds` is the type that a sentence says a buffer of unnamed type begins with.
pub(super) fn data(
    size_cell: &Spanned<String>,
    buffer_cell: &Spanned<String>,
    buffer: &str,
    holds: Option<&Spanned<String>>,
    report: &mut Report,
) -> Option<Spanned<Data>> {
    let span = Span { end: buffer_cell.span.end.max(size_cell.span.end), ..size_cell.span };
    let named = |ty: &str| {
        let name = Spanned::new(ty.to_owned(), span);
        CType::Named(TypeName { tag: None, name, is_const: false })
    };
    let text = buffer_cell.value.as_str();
    let is_array = text.contains("array of ");
    if !is_null(text) && !is_certain(text) {
        unclear(buffer_cell, &format!("what `{buffer}` holds: it has a condition"), HELP, report);
        return None;
    }
    let Some(size) = size(size_cell, buffer) else {
        unclear(size_cell, &format!("the size of `{buffer}`"), HELP, report);
        return None;
    };
    let found = match size {
        Size::Zero => is_null(text).then_some(Data::None),
        Size::Of(ty) => (first_type(text) == Some(ty) && !is_array).then(|| Data::One(named(ty))),
        Size::Larger(ty) => (first_type(text) == Some(ty) && !is_array).then(|| Data::Extended(named(ty))),
        Size::Array => {
            let ty =
                text.strip_prefix("A pointer to an array of ").and_then(|rest| rest.split_once(" structures")).map(|(ty, _)| ty);
            ty.filter(|ty| is_identifier(ty)).map(|ty| Data::Many(named(ty)))
        }
        Size::Buffer => holds.filter(|_| text.starts_with("A pointer to the buffer ")).map(|ty| Data::Extended(named(ty))),
    };
    if found.is_none() {
        unclear(buffer_cell, &format!("what `{buffer}` holds, along with its size `{}`", size_cell.value), HELP, report);
    }
    found.map(|data| Spanned::new(data, span))
}

const HELP: &str = "write none, TYPE, TYPE[] or TYPE+ on our page, with an erratum";

/// Whether the input is described as a variable that holds flags.
pub(super) fn holds_flags(buffer: &Spanned<String>) -> bool {
    buffer.contains(" variable that contains flags ")
}

/// The first word that is spelt as a type is, in any language.
fn first_type(text: &str) -> Option<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').find(|w| is_capitals(w) && !ACRONYMS.contains(w))
}

/// Whether a word is in capitals, and more than an article.
pub(super) fn is_capitals(word: &str) -> bool {
    word.len() > 2 && is_identifier(word) && !word.bytes().any(|b| b.is_ascii_lowercase())
}

fn unclear(cell: &Spanned<String>, what: &str, help: &'static str, report: &mut Report) {
    let message = format!("this is not understood as {what}");
    report.push(Diagnostic::warning("vendor::control", message).at(cell.span).help(help));
}
