//! The definition of a structure or enumeration on a page of the vendor's → C, and the fields by dotted names.
//!
//! In: the code block. What the reader of C does not know is blanked, never removed, so that every place is the place in the page:
//! lines of the preprocessor, annotations, widths of bit fields. Separate from prototypes, which are cleaned in other ways.

use std::collections::HashSet;

use super::signature::{ascii_spaces, closing, is_annotation};
use super::{FieldFacts, FieldKind};
use crate::c::{self, CType, Item, Record, Tag, TypeName};
use crate::source::{Report, Span, Spanned};

/// What a code block defines.
pub(super) struct Definition {
    pub(super) item: Item,
    /// Whether the C that was read says all that stands there; widths of bit fields are not in it.
    pub(super) is_exact: bool,
}

/// Of the names that a definition declares the first that is not that of a pointer.
pub(super) fn own_name(names: &[c::Declared]) -> Option<Spanned<String>> {
    names.iter().find(|d| matches!(d.ty, CType::Named(_) | CType::Record(_))).map(|d| d.name.clone())
}

/// Reads the structure or enumeration of a code block.
pub(super) fn read(text: &str, place: Span, report: &mut Report) -> Option<Definition> {
    let mut cleaned = String::with_capacity(text.len());
    for line in c::without_comments(&ascii_spaces(text)).split_inclusive('\n') {
        if line.trim_start().starts_with('#') {
            // Which versions have a member is not in the C that remains; `since` of the field says it.
            cleaned.extend(line.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        } else {
            cleaned.push_str(&line.replace("CONST ", "const "));
        }
    }
    let annotated = without_empty_declarations(&without_annotations(&cleaned));
    let (cleaned, has_widths) = without_widths(&annotated);
    let mut items = c::parse_declarations(&cleaned, place, report)?.into_iter();
    let item = items.next()?;
    let is_whole = !matches!(&item, Item::Record { record, .. } if has_bodiless(record));
    Some(Definition { item, is_exact: !has_widths && is_whole && !has_length_before_name(text) })
}

/// Whether a record has a field like `union u;`, the body of which the page leaves out.
fn has_bodiless(record: &Record) -> bool {
    record.fields.iter().any(|f| bodiless(f).is_some() || record_of(&f.ty).is_some_and(has_bodiless))
}

/// The keyword and the name of a field whose body is left out. C takes the name for a tag.
fn bodiless(field: &c::Field) -> Option<(Tag, &Spanned<String>)> {
    match &field.ty {
        CType::Named(TypeName { tag: Some(tag), name, .. }) if field.name.is_none() => Some((*tag, name)),
        _ => None,
    }
}

/// Whether the length of an array stands before a name: `WCHAR [16] Name;`.
fn has_length_before_name(text: &str) -> bool {
    text.match_indices(']')
        .any(|(at, _)| text.get(at + 1..).is_some_and(|after| after.trim_start().starts_with(|c: char| c.is_ascii_alphabetic())))
}

/// Blanks what stands between a colon and the end of its declarator: the width of a bit field, or the type below an enumeration.
fn without_widths(text: &str) -> (String, bool) {
    let (mut in_width, mut found) = (false, false);
    let blank = |c: char| {
        match c {
            ':' => (in_width, found) = (true, true),
            ';' | ',' | '{' | '}' => in_width = false,
            _ => {}
        }
        if in_width && c.is_ascii() && c != '\n' { ' ' } else { c }
    };
    let cleaned = text.chars().map(blank).collect();
    (cleaned, found)
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

/// Blanks annotations of SAL and of IDL, and lengths of arrays that stand before the name: `_Field_size_(Length)`, `[size_is(Length)]`,
/// `[unique, string]`, `WCHAR [16] Name`.
fn without_annotations(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c == '[' || c.is_ascii_alphanumeric() || c == '_') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let word_end = from.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(from.len());
        let (word, after) = from.split_at(word_end);
        let blanked = if from.starts_with('[') {
            let end = from.find(']').map_or(from.len(), |e| e + 1);
            let is_before_name =
                from.get(end..).is_some_and(|a| a.trim_start().starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'));
            if is_before_name { end } else { 0 }
        } else if is_annotation(word) {
            if after.starts_with('(') { closing(from, word_end) } else { word_end }
        } else if matches!(word, "IN" | "OUT" | "OPTIONAL" | "POINTER_ALIGNMENT" | "UNALIGNED") {
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

/// The fields of a record under dotted names.
pub(super) struct Members<'t> {
    text: &'t str,
    place: Span,
    seen: HashSet<String>,
    found: Vec<FieldFacts>,
}

impl<'t> Members<'t> {
    /// All fields of a record that stands in a text.
    pub(super) fn of(record: &Record, text: &'t str, place: Span) -> Vec<FieldFacts> {
        let mut members = Self { text, place, seen: HashSet::new(), found: Vec::new() };
        members.add(record, "");
        members.found
    }

    /// The reader of C refuses deep nesting, so this goes no deeper.
    fn add(&mut self, record: &Record, prefix: &str) {
        for field in &record.fields {
            let nested = record_of(&field.ty);
            if let Some((tag, name)) = bodiless(field) {
                let kind = if tag == Tag::Union { FieldKind::Union } else { FieldKind::Struct };
                let path = joined(prefix, name);
                if self.seen.insert(path.clone()) {
                    self.found.push(FieldFacts { name: Spanned::new(path, name.span), ty: None, kind, values: Vec::new() });
                }
                continue;
            }
            let Some(name) = &field.name else {
                // What a structure or union without a name holds has the name that C gives it: its own.
                if let Some(nested) = nested {
                    self.add(nested, prefix);
                }
                continue;
            };
            let path = joined(prefix, name);
            let kind = match nested {
                Some(nested) if nested.is_union => FieldKind::Union,
                Some(_) => FieldKind::Struct,
                None => FieldKind::Field,
            };
            // Both branches of an `#if` stand in the text.
            if self.seen.insert(path.clone()) {
                let ty = field.ty.spelling() + self.length(name) + &self.width(name);
                let name = Spanned::new(path.clone(), name.span);
                self.found.push(FieldFacts { name, ty: Some(ty), kind, values: Vec::new() });
            }
            if let Some(nested) = nested {
                self.add(nested, &path);
            }
        }
    }

    /// `[16]` before the name of an array.
    fn length(&self, name: &Spanned<String>) -> &str {
        let before = self.text.get(..name.span.start.saturating_sub(self.place.start)).unwrap_or_default().trim_end();
        let open = if before.ends_with(']') { before.rfind('[') } else { None };
        // Brackets at the beginning of a field are attributes of IDL, not a length.
        open.filter(|o| before.get(..*o).is_some_and(|b| !b.trim_end().ends_with([';', '{', '}', ']', ')'])))
            .and_then(|o| before.get(o..))
            .unwrap_or_default()
    }

    /// ` : 4` behind the name of a bit field.
    fn width(&self, name: &Spanned<String>) -> String {
        let after = self.text.get(name.span.end.saturating_sub(self.place.start)..).unwrap_or_default().trim_start();
        match after.strip_prefix(':').and_then(|a| a.split([';', ',']).next()) {
            Some(width) => format!(" : {}", width.trim()),
            None => String::new(),
        }
    }
}

fn joined(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

/// The structure or union that a type writes out, also as the elements of an array.
fn record_of(ty: &CType) -> Option<&Record> {
    match ty {
        CType::Record(record) => Some(record),
        CType::Array { of, .. } => record_of(of),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn nested_fields_have_dotted_names() {
        let text = "typedef struct _X {\n  union {\n    struct { ULONG Low; LONG High; } Parts;\n    ULONGLONG Whole;\n  } u;\n#if (NTDDI)\n  \
                    struct { UCHAR A : 4; UCHAR B:4; };\n#endif\n  _Field_size_((Whole)) [size_is(2)] PVOID P[2];\n  ;\n  WCHAR [4] W;\n  union  v;\n} X, *PX;";
        let mut sources = Sources::new();
        let file = sources.add("t", text);
        let mut report = Report::new();
        let found = read(text, sources.whole(file), &mut report).expect("a definition");
        assert!(report.is_empty() && !found.is_exact, "{:?}", report.diagnostics());
        let Item::Record { record, .. } = &found.item else { panic!("not a record") };
        let fields = Members::of(record, text, sources.whole(file));
        let seen: Vec<_> = fields.iter().map(|f| (f.name.as_str(), f.kind, f.ty.as_deref().unwrap_or_default())).collect();
        let (plain, union, nested) = (FieldKind::Field, FieldKind::Union, FieldKind::Struct);
        assert_eq!(
            seen,
            [
                ("u", union, "union { struct { ULONG Low; LONG High; } Parts; ULONGLONG Whole; }"),
                ("u.Parts", nested, "struct { ULONG Low; LONG High; }"),
                ("u.Parts.Low", plain, "ULONG"),
                ("u.Parts.High", plain, "LONG"),
                ("u.Whole", plain, "ULONGLONG"),
                ("A", plain, "UCHAR : 4"),
                ("B", plain, "UCHAR : 4"),
                ("P", plain, "PVOID[2]"),
                ("W", plain, "WCHAR[4]"),
                ("v", union, ""),
            ]
        );
        for field in &fields {
            assert!(field.name.ends_with(sources.slice(field.name.span)));
        }
    }
}
