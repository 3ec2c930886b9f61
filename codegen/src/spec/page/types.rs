//! Structures and enumerations.

use std::ops::Range;

use super::table::Column;
use super::{FrontMatter, Reader};
use crate::c::{self, Item};
use crate::source::{Document, Section, Span, Spanned};
use crate::spec::{Dispatch, Enum, FieldDoc, Page, SocketKind, Struct};

impl Reader<'_> {
    pub(super) fn structure(
        &mut self,
        page: Page,
        front: &FrontMatter,
        yaml: &Range<usize>,
        document: &Document,
    ) -> Option<Struct> {
        self.check_sections(document, &["Definition", "Fields", "Notes"]);
        let dispatch = match front.dispatch.as_ref().map(|d| self.spanned(d, yaml)) {
            None => None,
            Some(word) => match [Dispatch::Provider, Dispatch::Client].into_iter().find(|d| d.as_str() == word.value) {
                Some(dispatch) => Some(Spanned::new(dispatch, word.span)),
                None => {
                    let message = format!("`{word}` owns no dispatch table");
                    self.error("spec::front-matter", word.span, message, "write provider or client");
                    None
                }
            },
        };
        let socket = match front.socket.as_ref().map(|s| self.spanned(s, yaml)) {
            None => None,
            Some(word) => match SocketKind::parse(&word.value) {
                Some(kind) => Some(Spanned::new(kind, word.span)),
                None => {
                    let help = "write basic, listen, datagram, connection or stream";
                    self.error("spec::front-matter", word.span, format!("`{word}` is not a kind of socket"), help);
                    None
                }
            },
        };
        let category = front.category.as_ref().map(|c| self.spanned(c, yaml));
        if let Some(category) = &category
            && (socket.is_none() || dispatch.as_ref().map(|d| d.value) != Some(Dispatch::Provider))
        {
            let help = "only provider dispatch tables of sockets have it";
            self.error("spec::front-matter", category.span, "`category` has no meaning here", help);
        }
        let section = self.section(document, "Definition", page.name.span)?;
        let items = self.c_block(section)?;
        let (record, names) = match <[Item; 1]>::try_from(items) {
            Ok([Item::Record { record, names }]) => (record, names),
            _ => {
                self.error(
                    "spec::definition",
                    section.title.span,
                    "one structure is expected",
                    "typedef struct _NAME { … } NAME, *PNAME;",
                );
                return None;
            }
        };
        self.declared_name(&page, &names, section.title.span);
        let fields = self.section(document, "Fields", page.name.span)?;
        let fields = self.field_docs(fields, &[("Name", true), ("Since", false), ("Bytes in", false), ("Meaning", true)])?;
        Some(Struct { page, dispatch, socket, category, record, names, fields })
    }

    pub(super) fn declared_name(&mut self, page: &Page, names: &[c::Declared], at: Span) {
        if !names.iter().any(|n| n.name.value == page.name.value) {
            self.error(
                "spec::definition",
                at,
                format!("the definition does not declare `{}`", page.name),
                "make the names the same",
            );
        }
    }

    fn field_docs(&mut self, section: &Section, columns: &[Column]) -> Option<Vec<FieldDoc>> {
        self.table(section, columns)?
            .into_iter()
            .map(|row| {
                Some(FieldDoc {
                    name: row.name("Name")?,
                    since: row.name("Since").filter(|s| !s.is_empty()),
                    bytes_in: row.name("Bytes in").filter(|s| !s.is_empty()),
                    meaning: row.prose("Meaning")?,
                })
            })
            .collect()
    }

    pub(super) fn enumeration(&mut self, page: Page, document: &Document) -> Option<Enum> {
        self.check_sections(document, &["Definition", "Values", "Notes"]);
        let section = self.section(document, "Definition", page.name.span)?;
        let items = self.c_block(section)?;
        let (enumeration, names) = match <[Item; 1]>::try_from(items) {
            Ok([Item::Enumeration { enumeration, names }]) => (enumeration, names),
            _ => {
                self.error(
                    "spec::definition",
                    section.title.span,
                    "one enumeration is expected",
                    "typedef enum { A = 0, … } NAME, *PNAME;",
                );
                return None;
            }
        };
        self.declared_name(&page, &names, section.title.span);
        let values = self.section(document, "Values", page.name.span)?;
        let variants = self.field_docs(values, &[("Name", true), ("Since", false), ("Meaning", true)])?;
        Some(Enum { page, enumeration, names, variants })
    }
}
