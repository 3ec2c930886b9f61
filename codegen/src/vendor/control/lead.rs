//! The paragraphs before tables of parameters: which function is called with them, and what for.
//!
//! In: a paragraph, and what the page says that its code is for. Out: the function and the verbs of the operations.

use super::super::blocks::Block;
use super::super::silent;
use super::table::Table;
use super::{CLIENT, SOCKET, sentences};
use crate::source::{Diagnostic, Report, Spanned};

/// The function that the paragraphs before the tables name: the same in all of them, or none.
#[derive(Default)]
pub(super) struct Functions {
    first: Option<Spanned<String>>,
    differ: bool,
}

impl Functions {
    pub(super) fn take(&mut self, lead: &Lead, table: &Table, report: &mut Report) {
        const HELP: &str = "write `function` on our page by an erratum";
        match (&self.first, &lead.function) {
            (_, None) => {
                silent(report, table.at, "to which function these parameters are passed", HELP);
                self.differ = true;
            }
            (Some(first), Some(other)) if first != other => {
                let message = format!("this table is about `{other}`, the one before it about `{first}`");
                report.push(Diagnostic::warning("vendor::control", message).at(other.span).help(HELP));
                self.differ = true;
            }
            (Some(_), Some(_)) => {}
            (None, Some(function)) => self.first = Some(function.clone()),
        }
    }

    pub(super) fn one(self) -> Option<Spanned<String>> {
        self.first.filter(|_| !self.differ)
    }
}

/// The paragraph before a table: which function it calls, and what for.
#[derive(Default)]
pub(super) struct Lead {
    pub(super) function: Option<Spanned<String>>,
    pub(super) verbs: Vec<String>,
}

impl Lead {
    /// Reads a paragraph. `this operation` is what the page says the code is for.
    pub(super) fn of(block: &Block, intro: &[String]) -> Self {
        let purpose = block.text().strip_prefix("To ").and_then(|rest| {
            let of = |end| rest.split_once(end).map(|(purpose, _)| purpose);
            of(", a WSK application calls the ").or_else(|| of(", call the "))
        });
        let verbs = match purpose {
            Some("perform this operation") => intro.to_vec(),
            Some(purpose) => sentences::verbs(purpose),
            None => Vec::new(),
        };
        Self { function: function(block), verbs }
    }
}

/// The one function that a paragraph names.
pub(super) fn function(block: &Block) -> Option<Spanned<String>> {
    let text = block.first()?;
    let has = |name: &str| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == name);
    let name = match (has(SOCKET), has(CLIENT)) {
        (true, false) => SOCKET,
        (false, true) => CLIENT,
        _ => return None,
    };
    Some(Spanned::new(name.to_owned(), text.span))
}
