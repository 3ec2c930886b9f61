//! Whether the C of a page declares what the page describes: pages were made from others, and some kept the declaration of those.
//!
//! In: the names that the C declares, and those by which the page calls what it describes. Out: whether one is among the others, and a
//! diagnostic where none is; then nothing of the C is a fact of this page.

use super::page::Page;
use crate::c::Declared;
use crate::source::{Diagnostic, Report, Span, Spanned};
use crate::vendor::definition::Definition;
use crate::vendor::markup::is_constant;
use crate::vendor::signature::Prototype;
use crate::vendor::{kind, name_behind};

impl Page<'_> {
    /// Whether a prototype is that of the function, or of the type of a callback, that the page describes.
    pub(super) fn declares(&self, prototype: &Prototype, target: &str, is_callback: bool, report: &mut Report) -> bool {
        let name = prototype.name.value.as_str();
        let of_callback = || match &prototype.typedef {
            Some(typedef) => self.calls(target, typedef.trim_start_matches('*')),
            // What is spelt like a type is no function of another name.
            None => {
                let is_listed = || self.names().chain(self.keywords()).any(|n| n == name);
                name_behind(target, self.description()) == Some(name) || !is_constant(name) && is_listed()
            }
        };
        let is_own = self.calls(target, name) || is_callback && of_callback();
        if !is_own {
            let declared = prototype.typedef.as_ref().filter(|_| is_callback).unwrap_or(&prototype.name);
            other(declared, target, declared.span, report);
        }
        is_own
    }

    /// Whether a definition is that of the structure or enumeration that the page describes.
    pub(super) fn defines(
        &self,
        definition: &Definition,
        tag: Option<&Spanned<String>>,
        names: &[Declared],
        target: &str,
        report: &mut Report,
    ) -> bool {
        let mut declared = tag.into_iter().chain(names.iter().map(|declared| &declared.name));
        let typedefs = self.front_value("req.typenames");
        let typedefs = typedefs.iter().flat_map(|names| names.split([',', '"'])).map(|name| name.trim().trim_start_matches('*'));
        let typedefs: Vec<&str> = typedefs.filter(|name| !name.is_empty()).collect();
        let is_own = |name: &&Spanned<String>| self.calls(target, name) || typedefs.iter().any(|own| core(own) == core(name));
        let Some(first) = declared.clone().next() else { return true };
        let is_own = declared.any(|name| is_own(&name));
        if !is_own {
            other(first, target, definition.keyword, report);
        }
        is_own
    }

    /// Whether a name is that which the page describes, or another of those by which the page calls it.
    fn calls(&self, target: &str, name: &str) -> bool {
        let target = target.rsplit('.').next().unwrap_or(target);
        // `Name(types)` and `Name~r1` are overloads.
        let target = target.split(['(', '~']).next().unwrap_or(target);
        core(name) == core(target) || self.names().any(|n| n == target) && self.names().any(|n| n == name)
    }

    /// The names that the front matter lists for what the page describes.
    fn names(&self) -> impl Iterator<Item = &str> {
        let front = self.text.get(self.front.clone()).unwrap_or_default();
        kind::list(front, &["api_name", "apiname", "req.alt-api"]).into_iter()
    }

    /// The words by which the page is to be found: a callback is called by its name there, and its type by another.
    fn keywords(&self) -> impl Iterator<Item = &str> {
        let front = self.text.get(self.front.clone()).unwrap_or_default();
        kind::list(front, &["ms.keywords"]).into_iter()
    }
}

fn other(declared: &str, target: &str, at: Span, report: &mut Report) {
    let message = format!("this declares `{declared}`, the page describes `{target}`");
    let help = "nothing is taken from it; take the declaration from another revision of the page, or from the header";
    report.push(Diagnostic::warning("vendor::declares", message).at(at).help(help));
}

/// A name without what tells a tag from a typedef.
fn core(name: &str) -> &str {
    let name = name.trim_matches('_');
    name.strip_prefix("tag").unwrap_or(name).trim_start_matches('_')
}
