//! `explain` of kinds of changes: what each is, and the class that it has in the project around the current folder, if there is one.

use super::{BAD_INPUT, CLEAN, Common, Outcome, spec_folder};
use crate::diff::{self, DecisionsFile, Reclassified, Rule, Said};
use crate::source::{Diagnostic, Report, Sources};

/// The explanation of a kind of change, or the list of all for no name; `None` if the name is none of one, nor like one.
pub(super) fn kind_of_change(name: Option<&str>, common: &Common) -> Option<Outcome> {
    let Some(name) = name else { return Some(with_classes(common, diff::list)) };
    if let Some(rule) = Rule::from_id(name) {
        return Some(with_classes(common, |classes| rule.page(classes.iter().find(|r| r.rule == rule))));
    }
    // Names of the interface have no hyphens.
    name.contains('-').then(|| {
        let help = match Rule::near(name) {
            Some(rule) => format!("did you mean {}?", rule.id()),
            None => "`wsk-codegen explain --list` lists all kinds of changes".to_owned(),
        };
        let mut report = Report::new();
        report.push(Diagnostic::error("cli::unknown-name", format!("there is no kind of change `{name}`")).help(help));
        Outcome::new(Sources::new(), report, BAD_INPUT)
    })
}

/// What is said of kinds of changes whose classes are those of the project, where there is one.
fn with_classes(common: &Common, say: impl FnOnce(&[Reclassified]) -> String) -> Outcome {
    let mut said = Said::default();
    let file = spec_folder(common.spec.as_deref()).ok().map(|(folder, _)| {
        let project =
            folder.parent().filter(|p| !p.as_os_str().is_empty()).map_or_else(|| ".".into(), std::path::Path::to_path_buf);
        project.join(diff::CLASSES)
    });
    let classes = file.map_or_else(Vec::new, |file| diff::read_classes(DecisionsFile::Beside(&file), &mut said));
    let status = if said.report.has_errors() { BAD_INPUT } else { CLEAN };
    let text = if status == CLEAN { say(&classes) } else { String::new() };
    Outcome::new(said.sources, said.report, status).saying(text)
}
