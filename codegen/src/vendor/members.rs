//! The members of a structure, nested ones under dotted names.
//!
//! In: a definition in C. Out: the members in order, each followed by those inside it, and which of them stand there under a condition. A
//! structure or union without a name is a member, too: `(unnamed union)`. What is in it has the name that C gives it, its own.

use std::ops::Range;

use super::definition::{Definition, bodiless, record_of};
use super::hash::{HashMap, HashSet};
use super::{FieldFacts, FieldKind};
use crate::c::{CType, Expr, Record, Tag};
use crate::source::{Diagnostic, Report, Span, Spanned};

/// The members of a definition.
#[derive(Default)]
pub(super) struct Members {
    pub(super) all: Vec<FieldFacts>,
    /// Those that stand only under conditions that are not known, by their places in the list.
    pub(super) conditional: HashSet<usize>,
}

impl Members {
    /// The members of a definition that stands in a text.
    pub(super) fn of(definition: &Definition, record: &Record, text: &str, place: Span, report: &mut Report) -> Self {
        let mut reader = Reader {
            text,
            place,
            conditional: &definition.conditional,
            by_path: HashMap::default(),
            unnamed: HashMap::default(),
            found: Self::default(),
            report,
        };
        reader.add(record, "");
        reader.found
    }

    /// Each member, but for those under conditions that nothing else on the page describes, in themselves or in what is inside them.
    pub(super) fn kept(self, described: &HashSet<usize>) -> Vec<Option<FieldFacts>> {
        if self.conditional.is_empty() {
            return self.all.into_iter().map(Some).collect();
        }
        let mut parents: HashSet<String> = HashSet::default();
        let mut kept = Vec::with_capacity(self.all.len());
        // What is inside a member stands behind it.
        for (at, field) in self.all.into_iter().enumerate().rev() {
            let is_kept = !self.conditional.contains(&at) || described.contains(&at) || parents.contains(&field.name.value);
            if let Some((parent, _)) = field.name.rsplit_once('.').filter(|_| is_kept) {
                parents.insert(parent.to_owned());
            }
            kept.push(is_kept.then_some(field));
        }
        kept.reverse();
        kept
    }
}

struct Reader<'t> {
    text: &'t str,
    place: Span,
    conditional: &'t [Range<usize>],
    by_path: HashMap<String, usize>,
    /// How many structures or unions without a name there are so far in each, by the path that they would have.
    unnamed: HashMap<String, usize>,
    found: Members,
    report: &'t mut Report,
}

impl Reader<'_> {
    /// The reader of C refuses deep nesting, so this goes no deeper.
    fn add(&mut self, record: &Record, prefix: &str) {
        for field in &record.fields {
            if let Some((tag, name)) = bodiless(field) {
                let kind = if tag == Tag::Union { FieldKind::Union } else { FieldKind::Struct };
                self.take(Spanned::new(joined(prefix, name), name.span), None, kind);
                continue;
            }
            let nested = record_of(&field.ty);
            let Some(name) = &field.name else {
                if let Some(nested) = nested {
                    self.take_unnamed(nested, prefix);
                    self.add(nested, prefix);
                }
                continue;
            };
            let path = joined(prefix, name);
            let kind = nested.map_or(FieldKind::Field, kind_of);
            let ty = self.spelling(&field.ty).map(|ty| ty + self.length(name) + &self.width(name));
            self.take(Spanned::new(path.clone(), name.span), ty, kind);
            if let Some(nested) = nested {
                self.add(nested, &path);
            }
        }
    }

    fn take_unnamed(&mut self, record: &Record, prefix: &str) {
        let path = joined(prefix, if record.is_union { "(unnamed union)" } else { "(unnamed struct)" });
        let before = self.unnamed.entry(path.clone()).or_default();
        *before += 1;
        let path = if *before == 1 { path } else { format!("{} {before})", path.trim_end_matches(')')) };
        let at = self.keyword(record).unwrap_or_else(|| self.place.part(0..0));
        let ty = self.spelling(&CType::Record(Box::new(record.clone())));
        self.take(Spanned::new(path, at), ty, kind_of(record));
    }

    /// Takes a member. One that stands there twice is what both say.
    fn take(&mut self, name: Spanned<String>, ty: Option<String>, kind: FieldKind) {
        let is_conditional = self.is_conditional(name.span);
        let Some(at) = self.by_path.get(&name.value).copied() else {
            let at = self.found.all.len();
            self.by_path.insert(name.value.clone(), at);
            if is_conditional {
                self.found.conditional.insert(at);
            }
            self.found.all.push(FieldFacts { name, ty, kind, values: Vec::new() });
            return;
        };
        let was_conditional = self.found.conditional.contains(&at);
        if !is_conditional {
            self.found.conditional.remove(&at);
        }
        let Some(first) = self.found.all.get_mut(at) else { return };
        if !is_conditional && !was_conditional {
            let message = format!("the definition has the member `{}` twice", name.value);
            let help = "only one of the two can have this name; look the other up in the header";
            self.report.push(Diagnostic::warning("vendor::duplicate", message).at(name.span).help(help));
        }
        first.ty = first.ty.take().filter(|first| Some(first) == ty.as_ref());
        if first.kind != kind {
            first.kind = FieldKind::Nested;
        }
    }

    fn is_conditional(&self, at: Span) -> bool {
        let start = at.start.saturating_sub(self.place.start);
        self.conditional.iter().any(|range| range.contains(&start))
    }

    /// The type with the widths of bit fields inside it; `None` where what is inside depends on a condition.
    fn spelling(&self, ty: &CType) -> Option<String> {
        match ty {
            CType::Record(record) => {
                let mut out = format!("{} {{ ", keyword_of(record));
                for field in &record.fields {
                    let name = field.name.as_ref();
                    if name.is_some_and(|name| self.is_conditional(name.span)) {
                        return None;
                    }
                    out += &match (record_of(&field.ty), name) {
                        (Some(_), Some(name)) => declared(&self.spelling(&field.ty)?, name),
                        (Some(_), None) => self.spelling(&field.ty)?,
                        (None, name) => field.ty.declaration(name.map_or("", |n| n.value.as_str())),
                    };
                    out += &name.map_or_else(String::new, |name| self.width(name));
                    out += "; ";
                }
                Some(out + "}")
            }
            CType::Array { of, len } if record_of(of).is_some() => {
                let len = len.as_ref().map(Expr::spelling).unwrap_or_default();
                let of = self.spelling(of)?;
                // The lengths of an array of arrays stand in the order of C.
                let end = of.rfind('}').map_or(of.len(), |end| end + 1);
                let (record, lengths) = of.split_at(end);
                Some(format!("{record}[{len}]{lengths}"))
            }
            other => Some(other.spelling()),
        }
    }

    /// The place of the keyword of a structure or union without a name: before the brace that stands before its first member.
    fn keyword(&self, record: &Record) -> Option<Span> {
        let mut braces = 1;
        let mut record = record;
        let first = loop {
            let field = record.fields.first()?;
            match (&field.name, record_of(&field.ty)) {
                (_, Some(nested)) => (record, braces) = (nested, braces + 1),
                (Some(name), None) => break name.span,
                (None, None) => break field.ty.name_span()?,
            }
        };
        let mut before = self.text.get(..first.start.checked_sub(self.place.start)?)?;
        for _ in 0..braces {
            before = before.get(..before.rfind('{')?)?;
        }
        let keyword = before.rfind("struct").max(before.rfind("union"))?;
        let len = if before.get(keyword..)?.starts_with("union") { "union".len() } else { "struct".len() };
        Some(self.place.part(keyword..keyword + len))
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

/// A structure or union that is written out, with the name of the member behind it and the lengths of an array behind that.
fn declared(ty: &str, name: &str) -> String {
    let end = ty.rfind('}').map_or(ty.len(), |end| end + 1);
    let (record, lengths) = ty.split_at(end);
    format!("{record} {name}{lengths}")
}

fn kind_of(record: &Record) -> FieldKind {
    if record.is_union { FieldKind::Union } else { FieldKind::Struct }
}

fn keyword_of(record: &Record) -> &'static str {
    if record.is_union { "union" } else { "struct" }
}

fn joined(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::c::Item;
    use crate::source::Sources;
    use crate::vendor::definition;

    /// The members of a definition: name, kind and type, and whether it stands under a condition.
    fn of(text: &str) -> (Vec<(String, FieldKind, String, bool)>, usize) {
        let mut sources = Sources::new();
        let file = sources.add("t", text);
        let mut report = Report::new();
        let found = definition::read(text, sources.whole(file), &mut report).expect("a definition");
        let Item::Record { record, .. } = &found.item else { panic!("not a record") };
        let members = Members::of(&found, record, text, sources.whole(file), &mut report);
        for field in &members.all {
            let at = sources.slice(field.name.span);
            assert!(field.name.ends_with(at) || field.name.contains(&format!("(unnamed {at}")), "{}: {at}", field.name);
        }
        let conditional = &members.conditional;
        let told = |(at, f): (usize, &FieldFacts)| {
            (f.name.value.clone(), f.kind, f.ty.clone().unwrap_or_default(), conditional.contains(&at))
        };
        (members.all.iter().enumerate().map(told).collect(), report.diagnostics().len())
    }

    const PLAIN: FieldKind = FieldKind::Field;
    const UNION: FieldKind = FieldKind::Union;
    const NESTED: FieldKind = FieldKind::Struct;

    fn is(text: &str, wanted: &[(&str, FieldKind, &str)], said: usize) {
        let (found, diagnostics) = of(text);
        let found: Vec<_> = found.iter().map(|(name, kind, ty, _)| (name.as_str(), *kind, ty.as_str())).collect();
        assert_eq!((found.as_slice(), diagnostics), (wanted, said), "{text}");
    }

    #[test]
    fn nested_fields_have_dotted_names() {
        let text = "typedef struct _X {\n  union {\n    struct { ULONG Low; LONG High; } Parts;\n    ULONGLONG Whole;\n  } u;\n\
                    _Field_size_((Whole)) [size_is(2)] PVOID P[2];\n  ;\n  WCHAR [4] W;\n  union  v;\n} X, *PX;";
        is(
            text,
            &[
                ("u", UNION, "union { struct { ULONG Low; LONG High; } Parts; ULONGLONG Whole; }"),
                ("u.Parts", NESTED, "struct { ULONG Low; LONG High; }"),
                ("u.Parts.Low", PLAIN, "ULONG"),
                ("u.Parts.High", PLAIN, "LONG"),
                ("u.Whole", PLAIN, "ULONGLONG"),
                ("P", PLAIN, "PVOID[2]"),
                ("W", PLAIN, "WCHAR[4]"),
                ("v", UNION, ""),
            ],
            0,
        );
    }

    #[test]
    fn a_union_without_a_name_is_a_member_and_its_parts_have_their_own_names() {
        is(
            "typedef struct _X { union { ULONG A; struct { UCHAR B : 4; UCHAR C:4; }; }; union { ULONG D; }; \
             struct { union { ULONG F; }; } e[2][3]; } X;",
            &[
                ("(unnamed union)", UNION, "union { ULONG A; struct { UCHAR B : 4; UCHAR C : 4; }; }"),
                ("A", PLAIN, "ULONG"),
                ("(unnamed struct)", NESTED, "struct { UCHAR B : 4; UCHAR C : 4; }"),
                ("B", PLAIN, "UCHAR : 4"),
                ("C", PLAIN, "UCHAR : 4"),
                ("(unnamed union 2)", UNION, "union { ULONG D; }"),
                ("D", PLAIN, "ULONG"),
                ("e", NESTED, "struct { union { ULONG F; }; }[2][3]"),
                ("e.(unnamed union)", UNION, "union { ULONG F; }"),
                ("e.F", PLAIN, "ULONG"),
            ],
            0,
        );
    }

    #[test]
    fn what_stands_under_a_condition_is_known_as_such() {
        let text = "typedef struct _X {\n  ULONG A;\n#ifdef _WIN64\n  ULONG B;\n  ULONG C;\n#else\n  ULONG B;\n  USHORT C;\n#endif\n  \
                    struct {\n#if Y\n    ULONG D;\n#endif\n    ULONG E;\n  } s;\n#if (Z_VERSION >= Z_2)\n  ULONG F;\n#endif\n} X;";
        let (found, said) = of(text);
        let found: Vec<_> = found.iter().map(|(name, _, ty, is)| (name.as_str(), ty.as_str(), *is)).collect();
        assert_eq!(
            found,
            [
                ("A", "ULONG", false),
                ("B", "ULONG", true),
                ("C", "", true),
                ("s", "", false),
                ("s.D", "ULONG", true),
                ("s.E", "ULONG", false),
                ("F", "ULONG", false),
            ]
        );
        assert_eq!(said, 2);
    }

    #[test]
    fn a_member_that_stands_there_twice_has_no_type_unless_both_agree() {
        is("struct X { ULONG A; USHORT A; };", &[("A", PLAIN, "")], 1);
        is("struct X { ULONG A; ULONG A; };", &[("A", PLAIN, "ULONG")], 1);
    }
}
