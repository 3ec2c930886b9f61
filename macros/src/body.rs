//! What the body of a callback names: statuses and flags that the documentation has, and no token but the one that it is given.

use syn::visit::{self, Visit};
use syn::{Block, Path};

use crate::model::{Callback, Given};
use crate::report::{Report, nearest};
use crate::signature::codes;

pub(crate) fn check(block: &Block, callback: &Callback, report: &mut Report) {
    Names { callback, report }.visit_block(block);
}

struct Names<'a> {
    callback: &'a Callback,
    report: &'a mut Report,
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_path(&mut self, path: &'ast Path) {
        let mut ends = path.segments.iter().rev();
        if let (Some(last), Some(before)) = (ends.next(), ends.next()) {
            let (owner, word) = (before.ident.to_string(), last.ident.to_string());
            self.status(path, &owner, &word);
            self.flag(path, &owner, &word);
            if owner == "Irql" && matches!(word.as_str(), "current" | "assume") {
                let callback = self.callback;
                let message = format!(
                    "{} is called {}, and must not wait for WSK even below: ask for `irql: &mut Irql<{}>` as the last parameter, there is no \
                     other token in a callback",
                    callback.name, callback.called, callback.level
                );
                self.report.at(path, message);
            }
        }
        visit::visit_path(self, path);
    }
}

impl Names<'_> {
    fn status(&mut self, path: &Path, owner: &str, word: &str) {
        let callback = self.callback;
        let is_variant = word.chars().next().is_some_and(char::is_uppercase);
        if owner != callback.answer || !is_variant || callback.codes.iter().any(|c| c.variant == word) {
            return;
        }
        let near = did_you_mean(word, callback.codes.iter().map(|c| c.variant));
        self.report.at(path, format!("{} does not answer with `{word}`{near} {}", callback.name, codes(callback)));
    }

    fn flag(&mut self, path: &Path, owner: &str, word: &str) {
        let is_constant = word.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || c == '_');
        let takes = |ty: &str| ty.rsplit("::").next() == Some(owner);
        let Some(param) = self.callback.params.iter().find(|p| matches!(p.given, Given::As { ty, .. } if takes(ty))) else {
            return;
        };
        if param.flags.is_empty() || !is_constant || param.flags.iter().any(|f| f.name == word) {
            return;
        }
        let near = did_you_mean(word, param.flags.iter().map(|f| f.name));
        let known = param.flags.iter().map(|f| {
            let level = f.level.map_or_else(String::new, |level| format!(" ({level})"));
            format!("\n  {}{level}, {}: {}", f.name, f.constant, f.meaning)
        });
        let known: String = known.collect();
        self.report.at(path, format!("{} has no flag `{word}`{near} Its flags:{known}", self.callback.name));
    }
}

/// The end of a sentence about a name that is not known.
fn did_you_mean(word: &str, known: impl Iterator<Item = &'static str>) -> String {
    nearest(word, known).map_or_else(|| ".".to_owned(), |near| format!("; did you mean `{near}`?"))
}
