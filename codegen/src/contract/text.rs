//! The contract of many pages as text.
//!
//! In: pages one by one. Out: the text that the whole would have. Separate because a whole reference is read by many threads, and no
//! more than its text is kept of a page.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use super::{SCHEMA, of_pages};
use crate::source::{JsonDiagnostic, Sources};
use crate::vendor::PageFacts;

/// The contract of many pages, as text that is put together from the texts of single pages: no thread waits for another, and of a page
/// no more is kept than is printed.
#[derive(Debug, Default)]
pub struct Pieces {
    apis: Vec<String>,
    structs: Vec<String>,
    enums: Vec<String>,
    controls: Vec<String>,
    diagnostics: Vec<String>,
}

impl Pieces {
    /// The text of a page, with what was said of it.
    #[must_use]
    pub fn of_page(page: Option<&PageFacts>, sources: &Sources, diagnostics: &[JsonDiagnostic]) -> Self {
        fn texts<T: Serialize>(items: &[T]) -> Vec<String> {
            if items.is_empty() { Vec::new() } else { vec![indented(items)] }
        }
        let contract = of_pages(page.map_or(&[], std::slice::from_ref), sources, Vec::new());
        Self {
            apis: texts(&contract.apis),
            structs: texts(&contract.structs),
            enums: texts(&contract.enums),
            controls: texts(&contract.controls),
            diagnostics: texts(diagnostics),
        }
    }

    /// Takes the text of the next page.
    pub fn append(&mut self, mut next: Self) {
        self.apis.append(&mut next.apis);
        self.structs.append(&mut next.structs);
        self.enums.append(&mut next.enums);
        self.controls.append(&mut next.controls);
        self.diagnostics.append(&mut next.diagnostics);
    }

    /// The whole, in parts that follow each other.
    #[must_use]
    pub fn finish(self) -> Vec<Cow<'static, str>> {
        let arrays = [
            ("apis", self.apis),
            ("structs", self.structs),
            ("enums", self.enums),
            ("constants", Vec::new()),
            ("statuses", Vec::new()),
            ("controls", self.controls),
            ("identifiers", Vec::new()),
            ("macros", Vec::new()),
            ("types", Vec::new()),
            ("versions", Vec::new()),
            ("errata", Vec::new()),
            ("diagnostics", self.diagnostics),
        ];
        let mut out = vec![Cow::Owned(format!("{{\n  \"schema\": {SCHEMA}"))];
        for (name, items) in arrays {
            out.push(Cow::Owned(format!(",\n  \"{name}\": [")));
            let end = if items.is_empty() { "]" } else { "\n  ]" };
            for (i, item) in items.into_iter().enumerate() {
                out.push(Cow::Borrowed(if i == 0 { "\n    " } else { BETWEEN }));
                out.push(Cow::Owned(item));
            }
            out.push(Cow::Borrowed(end));
        }
        out.push(Cow::Borrowed("\n}\n"));
        out
    }
}

/// What stands between the items of an array of the contract.
const BETWEEN: &str = ",\n    ";

/// Items as they stand in an array of the contract.
fn indented<T: Serialize>(items: &[T]) -> String {
    let mut out = Vec::with_capacity(1 << 12);
    for item in items {
        if !out.is_empty() {
            out.extend_from_slice(BETWEEN.as_bytes());
        }
        // Strings and numbers, which always serialise, into memory.
        if item.serialize(&mut Serializer::with_formatter(&mut out, Indented::in_array())).is_err() {
            return String::new();
        }
    }
    out.shrink_to_fit();
    String::from_utf8(out).unwrap_or_default()
}

/// The same form that serde_json gives to text for people. It writes each space by itself, and a whole reference has millions.
struct Indented {
    level: usize,
    has_value: bool,
}

impl Indented {
    /// Within an array of the contract: two levels deep.
    fn in_array() -> Self {
        Self { level: 2, has_value: false }
    }

    /// Begins a line, after a comma unless it is the first.
    fn line<W: Write + ?Sized>(&self, writer: &mut W, is_first: bool) -> io::Result<()> {
        const LINE: &str = ",\n                                ";
        const LEVELS: usize = (LINE.len() - 2) / 2;
        let text = LINE.get(usize::from(is_first)..2 + 2 * self.level.min(LEVELS)).unwrap_or(LINE);
        writer.write_all(text.as_bytes())?;
        (LEVELS..self.level).try_for_each(|_| writer.write_all(b"  "))
    }

    fn end<W: Write + ?Sized>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.level -= 1;
        if self.has_value {
            self.line(writer, true)?;
        }
        writer.write_all(bracket)
    }
}

impl Formatter for Indented {
    fn begin_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        (self.level, self.has_value) = (self.level + 1, false);
        writer.write_all(b"[")
    }

    fn end_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"]")
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.line(writer, first)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }

    fn begin_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        (self.level, self.has_value) = (self.level + 1, false);
        writer.write_all(b"{")
    }

    fn end_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"}")
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.line(writer, first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Report;
    use crate::vendor;

    #[test]
    fn pieces_are_the_same_text_as_the_whole() {
        let mut sources = Sources::new();
        let mut report = Report::new();
        let page = "---\nUID: NC:x.PFN_X_Y\nreq.irql: \"quoted\" \\n\n---\n## -parameters\n### -param A [in]\n";
        let files = [sources.add("a", page), sources.add("b", "---\nUID: NS:x._S\n---\n## -struct-fields\n### -field F\n")];
        let pages: Vec<PageFacts> = files.into_iter().filter_map(|f| vendor::read(&sources, f, &mut report)).collect();
        let said: Vec<JsonDiagnostic> = report.diagnostics().iter().map(|d| d.to_json(&sources)).collect();
        assert_eq!(pages.len(), 2);
        let mut pieces = Pieces::default();
        pages.iter().for_each(|page| pieces.append(Pieces::of_page(Some(page), &sources, &[])));
        pieces.append(Pieces::of_page(None, &sources, &said));
        let whole = of_pages(&pages, &sources, said);
        assert_eq!(pieces.finish().concat(), serde_json::to_string_pretty(&whole).expect("JSON") + "\n");
        let empty = of_pages(&[], &sources, Vec::new());
        assert_eq!(Pieces::default().finish().concat(), serde_json::to_string_pretty(&empty).expect("JSON") + "\n");
    }
}
