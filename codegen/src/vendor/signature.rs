//! A vendor's prototype → a plain C prototype and the annotations of its parameters.
//!
//! Annotations, calling conventions and decoration are replaced by spaces, never removed, so that every place in the cleaned
//! text is the place in the page.

use super::markup::is_identifier;
use super::params::{Annotation, annotation, bracketed};
use crate::c::{self, CType, Item};
use crate::source::{Diagnostic, Report, Span, Spanned};

/// A prototype.
#[derive(Debug)]
pub(super) struct Prototype {
    /// The name that it declares.
    pub(super) name: Spanned<String>,
    /// The types.
    pub(super) function: c::Function,
    /// One a parameter; `None` where there is no annotation.
    pub(super) annotations: Vec<Option<Annotation>>,
    /// `PFN_X` of a line `PFN_X Name;` before the prototype.
    pub(super) typedef: Option<Spanned<String>>,
}

const CONVENTIONS: &[&str] =
    &["WSKAPI", "NTAPI", "APIENTRY", "WINAPI", "CALLBACK", "STDMETHODCALLTYPE", "FASTCALL", "__stdcall", "_stdcall", "__cdecl"];

/// Puts as many spaces as it has bytes in the place of every white space that is not ASCII: pages indent by no-break spaces.
pub(super) fn ascii_spaces(text: &str) -> String {
    text.chars().map(|c| if c.is_whitespace() && !c.is_ascii() { " ".repeat(c.len_utf8()) } else { c.to_string() }).collect()
}

/// Reads the prototype of a syntax block.
pub(super) fn read(text: &str, place: Span, report: &mut Report) -> Option<Prototype> {
    // Before anything is looked for: a comment may stand before the first line, and hold anything.
    let text = plain_name(with_commas(c::without_comments(&ascii_spaces(text))));
    let text = text.as_str();
    let mut cleaned = text.as_bytes().to_vec();
    let mut annotations: Vec<Option<Annotation>> = vec![None];
    let typedef = leading_typedef(text).map(|(range, name)| {
        blank(&mut cleaned, range.clone());
        Spanned::new(name, place.part(range.start..range.start + range.len()))
    });
    let start = typedef.as_ref().map_or(0, |t| t.span.end - place.start);
    let typedef = typedef.map(|t| {
        let span = t.span.part(0..t.value.len());
        Spanned::new(t.value, span)
    });

    if has_no_types(text.get(start..).unwrap_or_default()) {
        return None;
    }
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    let mut at = start;
    let mut after_convention = false;
    while let Some(byte) = bytes.get(at).copied() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b'.' if depth == 1 && text.get(at..).is_some_and(|t| t.starts_with("...")) => {
                let message = "this function takes any number of arguments";
                let help = "our pages cannot say so yet: leave the function out";
                report.push(Diagnostic::warning("vendor::parameter", message).at(place.part(at..at + 3)).help(help));
                blank(&mut cleaned, at..at + 3);
                let before = cleaned.get(..at).and_then(|c| c.iter().rposition(|b| !b.is_ascii_whitespace()));
                if let Some(comma) = before.filter(|b| cleaned.get(*b) == Some(&b',')) {
                    blank(&mut cleaned, comma..comma + 1);
                }
                at += 3;
                continue;
            }
            b',' if depth == 1 => annotations.push(None),
            b'*' if after_convention && depth == 0 => blank(&mut cleaned, at..at + 1),
            b'[' => {
                let end = text.get(at..).and_then(|t| t.find(']')).map_or(text.len(), |e| at + e + 1);
                let inside = text.get(at + 1..end.saturating_sub(1)).unwrap_or_default();
                let found = bracketed(inside);
                if found != Annotation::default() {
                    merge(&mut annotations, found);
                    blank(&mut cleaned, at..end);
                }
                at = end;
                continue;
            }
            b'{' => {
                // The body that a callback's page shows, `{ ... }`, ends the prototype.
                blank(&mut cleaned, at..bytes.len());
                if let Some(brace) = cleaned.get_mut(at) {
                    *brace = b';';
                }
                break;
            }
            b'#' => {
                let end = text.get(at..).and_then(|t| t.find('\n')).map_or(text.len(), |e| at + e);
                blank(&mut cleaned, at..end);
                at = end;
                continue;
            }
            _ if byte.is_ascii_alphabetic() || byte == b'_' => {
                let len = text
                    .get(at..)
                    .and_then(|t| t.find(|c: char| !c.is_ascii_alphanumeric() && c != '_'))
                    .unwrap_or(text.len() - at);
                let word = text.get(at..at + len).unwrap_or_default();
                let is_sal = is_annotation(word);
                let is_old = matches!(word, "IN" | "OUT" | "OPTIONAL");
                if is_sal || is_old {
                    let mut end = at + len;
                    let found = if word == "OPTIONAL" {
                        Annotation { optional: true, ..Annotation::default() }
                    } else {
                        annotation(word)
                    };
                    if is_sal && bytes.get(end) == Some(&b'(') {
                        end = closing(text, end);
                    }
                    merge(&mut annotations, found);
                    blank(&mut cleaned, at..end);
                    at = end;
                    continue;
                }
                if CONVENTIONS.contains(&word) {
                    blank(&mut cleaned, at..at + len);
                    after_convention = true;
                } else if is_decoration(word) && depth == 0 {
                    blank(&mut cleaned, at..at + len);
                } else if depth == 0 && text.get(at + len..).is_some_and(|t| t.starts_with("::")) {
                    // The interface or class that a method is of.
                    blank(&mut cleaned, at..at + len + 2);
                } else if depth == 1 && is_convention_of_pointer(text, at, at + len) {
                    blank(&mut cleaned, at..at + len);
                } else {
                    if word == "CONST" {
                        cleaned.get_mut(at..at + len).into_iter().flatten().for_each(|b| b.make_ascii_lowercase());
                    }
                    after_convention = false;
                }
                at += len;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    let mut cleaned = String::from_utf8_lossy(&cleaned).into_owned();
    if !cleaned.trim_end().ends_with(';') {
        cleaned.push(';');
    }
    let items = c::parse_declarations(&cleaned, place, report)?;
    let (name, function) = items.into_iter().find_map(|item| match item {
        Item::Function { name, function } => Some((name, function)),
        Item::Typedef(c::Declared { name, ty: CType::Pointer { to, .. } }) => match *to {
            CType::Function(function) => Some((name, *function)),
            _ => None,
        },
        _ => None,
    })?;
    annotations.resize(function.params.len(), None);
    Some(Prototype { name, function, annotations, typedef })
}

/// Whether a word is an annotation of SAL or of the driver annotations, which may have arguments: `_In_`, `__in_opt`, `__drv_aliasesMem`.
pub(super) fn is_annotation(word: &str) -> bool {
    let is_new = word.len() > 2 && word.starts_with('_') && word.ends_with('_');
    let old = ["__in", "__out", "__inout", "__deref", "__drv", "__reserved", "__checkReturn", "__range", "__field", "__ecount"];
    is_new
        || old.iter().any(|o| word.strip_prefix(o).is_some_and(|rest| rest.is_empty() || rest.starts_with('_')))
            && word != "__inline"
}

/// Whether a word stands before a function and says nothing of its type: `NTKERNELAPI`, `FORCEINLINE`, `STORPORT_API`.
fn is_decoration(word: &str) -> bool {
    let is_api = word.ends_with("API") && !word.contains(|c: char| c.is_ascii_lowercase());
    is_api
        || matches!(word, "EXTERN_C" | "FORCEINLINE" | "__inline" | "__forceinline" | "inline" | "DECLSPEC_IMPORT" | "UNALIGNED")
}

/// Whether a word is the calling convention of a pointer to a function, whatever it is called: `(BUSIFFN *PFN_X)(`.
fn is_convention_of_pointer(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).unwrap_or_default().trim_end();
    let after = text.get(end..).unwrap_or_default().trim_start();
    let Some((name, rest)) = after.strip_prefix('*').and_then(|a| a.split_once(')')) else { return false };
    before.ends_with('(') && is_identifier(name.trim()) && rest.trim_start().starts_with('(')
}

/// Whether a list of parameters is empty and nothing but the name stands before it: the page left the prototype out.
fn has_no_types(text: &str) -> bool {
    let Some((before, rest)) = text.split_once('(') else { return false };
    let is_empty = rest.split_once(')').is_some_and(|(inside, _)| inside.trim().is_empty());
    is_empty && before.split_whitespace().filter(|w| !is_annotation(w)).count() < 2
}

/// Takes `(X)` out of `Name(X)(parameters)`: a revision in the name of a function, as some pages of 2018 have it.
fn plain_name(mut text: String) -> String {
    let Some(end) = text.find(")(") else { return text };
    let Some(start) = text.get(..end).and_then(|t| t.rfind('(')) else { return text };
    if !text.get(start + 1..end).is_some_and(is_identifier) {
        return text;
    }
    // The line that names the type has it, too.
    let revision = text.get(start..=end).unwrap_or_default().to_owned();
    text = text.replace(&revision, &" ".repeat(revision.len()));
    text
}

/// Puts commas at the ends of lines where a list of parameters, a line each, has none: pages since 2020 were made so.
fn with_commas(mut text: String) -> String {
    let Some(open) =
        text.find('(').filter(|o| !text.get(*o..).unwrap_or_default().trim_start_matches('(').trim_start().starts_with('*'))
    else {
        return text;
    };
    let close = closing(&text, open).saturating_sub(1);
    let Some(inside) = text.get(open + 1..close).filter(|i| !i.contains([',', '('])) else { return text };
    let mut ends = Vec::new();
    let mut at = open + 1;
    for line in inside.split_inclusive('\n') {
        let content = line.trim_end();
        // A line of annotations alone belongs to the next.
        let words = content.split_whitespace().filter(|w| !is_annotation(w) && !w.starts_with('['));
        if words.count() > 0 {
            ends.push(at + content.len());
        }
        at += line.len();
    }
    ends.pop();
    for end in ends {
        if text.as_bytes().get(end).is_some_and(u8::is_ascii_whitespace) {
            text.replace_range(end..=end, ",");
        }
    }
    text
}

fn blank(bytes: &mut [u8], range: std::ops::Range<usize>) {
    let end = range.end.min(bytes.len());
    if let Some(part) = bytes.get_mut(range.start.min(end)..end) {
        part.iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b' ');
    }
}

fn merge(annotations: &mut [Option<Annotation>], found: Annotation) {
    if found == Annotation::default() {
        return;
    }
    if let Some(last) = annotations.last_mut() {
        let so_far = last.unwrap_or_default();
        *last = Some(Annotation {
            direction: match (so_far.direction, found.direction) {
                (Some(a), Some(b)) if a != b => Some(crate::facts::Direction::InOut),
                (a, b) => b.or(a),
            },
            optional: so_far.optional | found.optional,
            reserved: so_far.reserved | found.reserved,
        });
    }
}

/// The end of the parenthesis that opens at `open`.
pub(super) fn closing(text: &str, open: usize) -> usize {
    let mut depth = 0usize;
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < open) {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// `PFN_X Name;` at the beginning: its range, and `PFN_X`.
fn leading_typedef(text: &str) -> Option<(std::ops::Range<usize>, String)> {
    let start = text.len() - text.trim_start().len();
    let end = start + text.get(start..)?.find(';')?;
    let line = text.get(start..end)?;
    let mut words = line.split_whitespace();
    let (ty, _, None) = (words.next()?, words.next()?, words.next()) else { return None };
    (!line.contains('(')).then(|| (start..end + 1, ty.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Direction;
    use crate::source::Sources;

    fn prototype(text: &str) -> Prototype {
        let mut sources = Sources::new();
        let file = sources.add("t", text);
        let mut report = Report::new();
        let found = read(text, sources.whole(file), &mut report);
        assert!(report.is_empty(), "{:?}", report.diagnostics());
        found.expect("a prototype")
    }

    #[test]
    fn the_first_revision_is_annotated_by_sal() {
        let found = prototype(
            "PFN_WSK_ACCEPT WskAccept;\n\nNTSTATUS WSKAPI * WskAccept(\n  _In_ PWSK_SOCKET ListenSocket,\n  _Reserved_ ULONG Flags,\n  \
             _In_opt_ const WSK_CLIENT_CONNECTION_DISPATCH *Dispatch,\n  _Out_writes_bytes_opt_(Size, 4) PSOCKADDR Address,\n  _Inout_ PIRP Irp\n)\n{ ... }\n",
        );
        assert_eq!(found.typedef.as_ref().map(|t| t.value.as_str()), Some("PFN_WSK_ACCEPT"));
        assert_eq!(found.function.ret.spelling(), "NTSTATUS");
        let types: Vec<String> = found.function.params.iter().map(|p| p.ty.spelling()).collect();
        assert_eq!(types, ["PWSK_SOCKET", "ULONG", "const WSK_CLIENT_CONNECTION_DISPATCH *", "PSOCKADDR", "PIRP"]);
        let directions: Vec<_> = found.annotations.iter().map(|a| a.and_then(|a| a.direction)).collect();
        let (i, o, b) = (Some(Direction::In), Some(Direction::Out), Some(Direction::InOut));
        assert_eq!(directions, [i, i, i, o, b]);
        assert!(found.annotations.iter().flatten().any(|a| a.reserved));
    }

    #[test]
    fn prototypes_of_headers_with_their_decoration() {
        let is = |text: &str, name: &str, types: &[&str]| {
            let found = prototype(text);
            let params: Vec<String> = found.function.params.iter().map(|p| p.ty.spelling()).collect();
            assert_eq!(
                (found.name.as_str(), params.as_slice()),
                (name, types.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>().as_slice())
            );
        };
        is("EXTERN_C _Check_return_ NTSTATUS APIENTRY F(\n  _Inout_ X *pData\n);", "F", &["X *"]);
        is("__checkReturn HRESULT APIENTRY F(\n  __in_opt X *A,\n  __drv_aliasesMem Y B\n)\n{ ... }", "F", &["X *", "Y"]);
        is("__inline VOID F(\n  ULONG A\n);", "F", &["ULONG"]);
        is("STORPORT_API VOID F(\n  ULONG A\n);", "F", &["ULONG"]);
        is("HRESULT IThing::F(\n  [out] IUnknown **A\n);", "F", &["IUnknown **"]);
        is("typedef NTSTATUS\n  (BUSIFFN *PFN_F) (\n    IN PVOID A,\n OUT PULONG B);", "PFN_F", &["PVOID", "PULONG"]);
        is("PFN_F F(V_1);\n\nHRESULT APIENTRY* F(V_1)(\n  _In_ UINT32 A,\n  B C\n)\n{ ... }", "F", &["UINT32", "B"]);
        is("PFN_F F;\n// d\nVOID F \n(\n\tHDEVICE\n\tHSHADER\n)\n{...}\n\nPFN_F\n", "F", &["HDEVICE", "HSHADER"]);
        is("VOID F(\n\tHDEVICE A\n\tCONST X *\n\tUINT Arg3\n);", "F", &["HDEVICE", "const X *", "UINT"]);
    }

    #[test]
    fn the_rendered_page_is_annotated_by_brackets() {
        let found = prototype(
            "PFN_X PfnX;\n\nNTSTATUS PfnX(\n  [in]      PVOID A,\n            ULONG B,\n  [in, out] UCHAR C[4]\n)\n{...}\n",
        );
        let directions: Vec<_> = found.annotations.iter().map(|a| a.and_then(|a| a.direction)).collect();
        assert_eq!(directions, [Some(Direction::In), None, Some(Direction::InOut)]);
        assert_eq!(found.function.params.last().map(|p| p.ty.spelling()), Some("UCHAR[4]".to_owned()));
    }
}
