//! The contract of many pages as text.
//!
//! In: pages one by one. Out: the text that the whole would have. Separate because a whole reference is read by many threads, and no
//! more than its text is kept of a page.

use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{Formatter, PrettyFormatter};

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
            items.iter().map(indented).collect()
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

    /// The whole.
    #[must_use]
    pub fn finish(&self) -> String {
        let none = Vec::new();
        let arrays = [
            ("apis", &self.apis),
            ("structs", &self.structs),
            ("enums", &self.enums),
            ("constants", &none),
            ("statuses", &none),
            ("controls", &self.controls),
            ("identifiers", &none),
            ("macros", &none),
            ("types", &none),
            ("versions", &none),
            ("errata", &none),
            ("diagnostics", &self.diagnostics),
        ];
        let mut out = format!("{{\n  \"schema\": {SCHEMA}");
        for (name, items) in arrays {
            out += &format!(",\n  \"{name}\": [");
            for (i, item) in items.iter().enumerate() {
                out += if i == 0 { "\n    " } else { ",\n    " };
                out += item;
            }
            out += if items.is_empty() { "]" } else { "\n  ]" };
        }
        out + "\n}\n"
    }
}

/// An item as it stands in a list of the contract: two levels deep.
fn indented<T: Serialize>(item: &T) -> String {
    let (mut out, mut formatter) = (Vec::new(), PrettyFormatter::new());
    // Strings and numbers, which always serialise, into memory. What begins the levels above goes nowhere.
    let is_begun = formatter.begin_object(&mut io::sink()).and_then(|()| formatter.begin_array(&mut io::sink()));
    let is_written = item.serialize(&mut Serializer::with_formatter(&mut out, formatter));
    if is_begun.is_err() || is_written.is_err() {
        return String::new();
    }
    String::from_utf8(out).unwrap_or_default()
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
        assert_eq!(pieces.finish(), serde_json::to_string_pretty(&whole).expect("JSON") + "\n");
        let empty = of_pages(&[], &sources, Vec::new());
        assert_eq!(Pieces::default().finish(), serde_json::to_string_pretty(&empty).expect("JSON") + "\n");
    }
}
