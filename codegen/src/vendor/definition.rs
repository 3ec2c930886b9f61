//! The definition of a structure or enumeration on a page of the vendor's → C.
//!
//! In: the code block. What the reader of C does not know is blanked, never removed, so that every place is the place in the page:
//! lines of the preprocessor, annotations, widths of bit fields. Whatever of it decides where a member is in memory leaves the layout open
//! and is complained of. Separate from prototypes, which are cleaned in other ways.

use std::ops::Range;

use super::conditions;
use super::hash::HashSet;
use super::signature::{ascii_spaces, closing, is_annotation};
use crate::c::{self, CType, Item, Record, Tag, TypeName};
use crate::source::{Diagnostic, Report, Span, Spanned};

/// What a code block defines.
pub(super) struct Definition {
    pub(super) item: Item,
    /// The word `struct`, `union` or `enum`.
    pub(super) keyword: Span,
    /// Whether the C that was read says all that stands there; widths of bit fields are not in it.
    pub(super) is_exact: bool,
    /// What stands in the block under a condition that is not known.
    pub(super) conditional: Vec<Range<usize>>,
}

/// Of the names that a definition declares the first that is not that of a pointer.
pub(super) fn own_name(names: &[c::Declared]) -> Option<Spanned<String>> {
    names.iter().find(|d| matches!(d.ty, CType::Named(_) | CType::Record(_))).map(|d| d.name.clone())
}

/// The name of what has a body: its tag, or the first name that is declared with it.
fn body_name(item: &Item) -> Option<Spanned<String>> {
    let (tag, names) = match item {
        Item::Record { record, names } => (&record.tag, names),
        Item::Enumeration { enumeration, names } => (&enumeration.tag, names),
        Item::Function { .. } | Item::Typedef(_) => return None,
    };
    tag.clone().or_else(|| own_name(names))
}

/// Reads the structure or enumeration of a code block.
pub(super) fn read(text: &str, place: Span, report: &mut Report) -> Option<Definition> {
    let plain = c::without_comments(&ascii_spaces(text));
    let conditions::Preprocessed { text: cleaned, conditional, mut is_whole } = conditions::read(&plain, place, report);
    let mut layout = Layout { place, is_known: true, said: HashSet::default(), report };
    let annotated = layout.without_annotations(&cleaned.replace("CONST ", "const "));
    let (cleaned, has_widths) = layout.without_widths(&without_empty_declarations(&annotated));
    let body = cleaned.find('{').unwrap_or(cleaned.len());
    // Of a name or a keyword under a condition there are several.
    if conditional.iter().any(|part| part.start < body) {
        return None;
    }
    let mut items = c::parse_declarations(&cleaned, place, layout.report)?.into_iter();
    let item = items.next()?;
    for other in items.filter_map(|item| body_name(&item)) {
        let message = format!("`{other}` is defined here, too, and not read");
        let help = "a page describes one thing; look the other up on its own page";
        layout.report.push(Diagnostic::warning("vendor::declares", message).at(other.span).help(help));
    }
    if let Item::Record { record, .. } = &item {
        layout.unnamed(record);
        is_whole &= !has_bodiless(record);
    }
    let is_exact = layout.is_known && !has_widths && is_whole && !has_length_before_name(text);
    let head = cleaned.get(..body).unwrap_or_default();
    let keyword = ["struct", "union", "enum"].iter().find_map(|word| Some(head.find(word)?..head.find(word)? + word.len()));
    Some(Definition { item, keyword: place.part(keyword.unwrap_or(0..0)), is_exact, conditional })
}

/// Whether a record has a field like `union u;`, the body of which the page leaves out.
fn has_bodiless(record: &Record) -> bool {
    record.fields.iter().any(|f| bodiless(f).is_some() || record_of(&f.ty).is_some_and(has_bodiless))
}

/// The keyword and the name of a field whose body is left out. C takes the name for a tag.
pub(super) fn bodiless(field: &c::Field) -> Option<(Tag, &Spanned<String>)> {
    match &field.ty {
        CType::Named(TypeName { tag: Some(tag), name, .. }) if field.name.is_none() => Some((*tag, name)),
        _ => None,
    }
}

/// The structure or union that a type writes out, also as the elements of an array.
pub(super) fn record_of(ty: &CType) -> Option<&Record> {
    match ty {
        CType::Record(record) => Some(record),
        CType::Array { of, .. } => record_of(of),
        _ => None,
    }
}

/// Whether the length of an array stands before a name: `WCHAR [16] Name;`.
fn has_length_before_name(text: &str) -> bool {
    text.match_indices(']')
        .any(|(at, _)| text.get(at + 1..).is_some_and(|after| after.trim_start().starts_with(|c: char| c.is_ascii_alphabetic())))
}

/// Blanks `;` that end nothing: pages leave out reserved fields.
fn without_empty_declarations(text: &str) -> String {
    let mut before = ' ';
    let blank = |c: char| {
        let is_empty = c == ';' && matches!(before, ';' | '{');
        if !c.is_whitespace() && !is_empty {
            before = c;
        }
        if is_empty { ' ' } else { c }
    };
    text.chars().map(blank).collect()
}

/// What is known of where the members of a definition are in memory.
struct Layout<'r> {
    place: Span,
    is_known: bool,
    /// The words of alignments that were complained of: one complaint is enough.
    said: HashSet<String>,
    report: &'r mut Report,
}

impl Layout<'_> {
    fn unclear(&mut self, at: Range<usize>, message: String, help: &'static str) {
        self.is_known = false;
        let place = self.place.part(at);
        self.report.push(Diagnostic::warning("vendor::layout", message).at(place).help(help));
    }

    /// Says which members have no name and no body.
    fn unnamed(&mut self, record: &Record) {
        for field in &record.fields {
            if let Some(nested) = record_of(&field.ty) {
                self.unnamed(nested);
            } else if field.name.is_none() && bodiless(field).is_none() {
                let at = field.ty.name_span().map_or(0..0, |s| s.start - self.place.start..s.end - self.place.start);
                let message = format!("a member of the type `{}` has no name: the layout is left open", field.ty.spelling());
                self.unclear(at, message, "it takes room, and no fact says so; look the layout up in the header");
            }
        }
    }

    /// Blanks what stands between a colon and the end of its declarator: the width of a bit field, the type below an enumeration, or what a
    /// structure of C++ is derived from. Whether there are widths.
    fn without_widths(&mut self, text: &str) -> (String, bool) {
        let (mut out, mut rest, mut has_widths) = (String::with_capacity(text.len()), text, false);
        while let Some((before, from)) = rest.find(':').map(|at| rest.split_at(at)) {
            out.push_str(before);
            let declared = out.rsplit([';', ',', '{', '}']).next().unwrap_or_default();
            let is_type = declared.split_whitespace().any(|w| matches!(w, "struct" | "union" | "enum" | "class"));
            let body = from.find([';', '{']).filter(|at| is_type && from.get(*at..).is_some_and(|f| f.starts_with('{')));
            let end = body.or_else(|| from.find([';', ',', '{', '}'])).unwrap_or(from.len());
            let (blanked, after) = from.split_at(end);
            let (what, at) = (blanked.get(1..).unwrap_or_default().trim(), out.len()..out.len() + blanked.trim_end().len());
            if body.is_some() {
                let message = format!("this is built upon `{what}`: the layout is left open");
                self.unclear(at, message, "what comes from there is no fact of this page; look it up in the header");
            } else if is_width(what) {
                has_widths = true;
            } else {
                let message = format!("`{what}` is not understood as the width of a bit field: the layout is left open");
                self.unclear(at, message, "look the member up in the header");
            }
            out.extend(blanked.chars().map(|c| if c == '\n' || !c.is_ascii() { c } else { ' ' }));
            rest = after;
        }
        out.push_str(rest);
        (out, has_widths)
    }

    /// Blanks annotations of SAL and of IDL, and lengths of arrays that stand before the name: `_Field_size_(Length)`, `[size_is(Length)]`,
    /// `[unique, string]`, `WCHAR [16] Name`.
    fn without_annotations(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(|c: char| c == '[' || c.is_ascii_alphanumeric() || c == '_') {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            let word_end = from.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(from.len());
            let (word, after) = from.split_at(word_end);
            let with_arguments = || {
                let spaces = after.len() - after.trim_start().len();
                if after.trim_start().starts_with('(') { closing(from, word_end + spaces) } else { word_end }
            };
            let blanked = if from.starts_with('[') {
                let end = from.find(']').map_or(from.len(), |e| e + 1);
                let is_before_name =
                    from.get(end..).is_some_and(|a| a.trim_start().starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'));
                if is_before_name { end } else { 0 }
            } else if is_alignment(word) {
                let end = with_arguments();
                let said = from.get(..end).unwrap_or_default();
                if self.said.insert(said.to_owned()) {
                    let message = format!("`{said}` decides where this is in memory: the layout is left open");
                    self.unclear(out.len()..out.len() + end, message, "look the layout up in the header");
                }
                end
            } else if is_annotation(word) {
                if after.starts_with('(') { closing(from, word_end) } else { word_end }
            } else if matches!(word, "IN" | "OUT" | "OPTIONAL" | "UNALIGNED") {
                word_end
            } else {
                0
            };
            let kept = if blanked > 0 { 0 } else { word_end.max(1) };
            out.push_str(from.get(..kept).unwrap_or_default());
            out.extend(from.get(..blanked).unwrap_or_default().chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = from.get(kept.max(blanked)..).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }
}

/// Whether a word gives what follows another place in memory than its type does, or may do so.
fn is_alignment(word: &str) -> bool {
    word.starts_with("DECLSPEC_")
        || matches!(word, "POINTER_ALIGNMENT" | "__declspec" | "_declspec" | "alignas" | "_Alignas" | "__attribute__")
}

/// Whether a text is a number or a name, as a width is.
fn is_width(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn what_decides_the_layout_beside_types_leaves_it_open() {
        let cases = [
            ("typedef struct _X { ULONG A; union { ULONG B; ULONG C; }; } X;", true, None),
            ("typedef struct _X { ULONG A : 4; ULONG B : 28; } X;", false, None),
            ("typedef struct _X { ULONG A : 4; ULONG : 28; } X;", false, Some("ULONG")),
            ("typedef struct _X { ULONG A; HEADER ; } X;", false, Some("HEADER")),
            ("typedef struct _X { struct { ULONG A; unsigned int : 3; } In; } X;", false, Some("unsigned")),
            ("typedef struct _X { ULONG A : 1 Reset :1; } X;", false, Some(": 1 Reset :1")),
            ("typedef struct _X : BASE { ULONG A; } X;", false, Some(": BASE")),
            ("struct X : public BASE, OTHER { ULONG A; };", false, Some(": public BASE, OTHER")),
            ("typedef enum _X : BYTE { A, B } X;", false, Some(": BYTE")),
            ("#pragma pack(push, 1)\ntypedef struct _X { ULONG A; } X;", false, Some("#pragma pack(push, 1)")),
            ("#include \"pshpack1.h\"\ntypedef struct _X { ULONG A; } X;", false, Some("#include \"pshpack1.h\"")),
            ("typedef struct DECLSPEC_ALIGN(16) _X { ULONG A; } X;", false, Some("DECLSPEC_ALIGN(16)")),
            ("typedef struct _X { __declspec(align(8)) ULONG A; } X;", false, Some("__declspec(align(8))")),
            ("typedef struct _X { ULONG POINTER_ALIGNMENT A; ULONG POINTER_ALIGNMENT B; } X;", false, Some("POINTER_ALIGNMENT")),
        ];
        for (text, is_exact, said) in cases {
            let mut sources = Sources::new();
            let file = sources.add("t", text);
            let mut report = Report::new();
            let found = read(text, sources.whole(file), &mut report);
            let spans: Vec<_> = report.diagnostics().iter().filter_map(|d| Some(sources.slice(d.span?))).collect();
            assert_eq!(spans, said.into_iter().collect::<Vec<_>>(), "{text}: {:?}", report.diagnostics());
            assert_eq!(found.map(|f| f.is_exact), Some(is_exact), "{text}");
        }
    }
}
