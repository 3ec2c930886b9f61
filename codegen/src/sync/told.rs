//! What changed in a page, told once: a section that is there, gone or has other words because of a fact is told with that fact.
//!
//! In: the sections that changed, the facts that did, and what the page lists twice. Out: the sections that are a matter of prose alone,
//! and those that belong to a fact or a duplicate.

use std::collections::BTreeMap;

use super::sections::{digest, sections};
use super::{Duplicate, SectionChange, SectionState};
use crate::agreement::Disagreement;
use crate::diff::Change;
use crate::facts::{FactKind, FactPath, Identity, Tree};
use crate::source::JsonDiagnostic;

/// The entries that a page lists twice: of each the name and the place.
pub(super) fn duplicates(diagnostics: &[JsonDiagnostic], text: &str) -> Vec<Duplicate> {
    let of = |d: &JsonDiagnostic| {
        let name = d.message.split('`').nth(1)?.to_owned();
        let is_settled = is_repeated(text, d.line, &name);
        Some(Duplicate { name, file: d.file.clone(), line: d.line, message: d.message.clone(), is_settled })
    };
    diagnostics.iter().filter(|d| d.code == "vendor::duplicate").filter_map(of).collect()
}

/// Whether the second entry of a name says nothing that the first does not say: its line is the same, and so are its words.
fn is_repeated(text: &str, line: usize, name: &str) -> bool {
    let second = text.lines().nth(line.saturating_sub(1)).map(str::trim);
    let is_line = text.lines().take(line.saturating_sub(1)).any(|first| Some(first.trim()) == second);
    let is_text = |texts: &[String]| {
        let (first, again) = texts.split_at(texts.len() / 2);
        first == again
    };
    let mut sections = sections(text).into_iter().filter(|section| name_of(&section.name) == name);
    is_line && sections.all(|section| is_text(&section.texts))
}

/// Adds what a page has twice and no section is about, such as an entry of its front matter: so it is news once.
pub(super) fn add_duplicates(digests: &mut Digests, duplicates: &[Duplicate]) {
    for Duplicate { name, message, .. } in duplicates {
        if !digests.keys().any(|section| name_of(section) == name) {
            digests.insert(format!("twice: {name}"), digest(std::slice::from_ref(message)));
        }
    }
}

/// Whether two lists stand in another order only because of what the page has twice: which of the two places is meant is not known.
pub(super) fn is_order_of_duplicates(found: &Disagreement, duplicates: &[Duplicate]) -> bool {
    fn others<'n>(names: &'n str, duplicates: &[Duplicate]) -> Vec<&'n str> {
        names.split(", ").filter(|name| !duplicates.iter().any(|duplicate| duplicate.name == *name)).collect()
    }
    let (Some(theirs), Some(ours)) = (&found.upstream, &found.ours) else { return false };
    let is_order = matches!(found.path.kind(), FactKind::Params | FactKind::Fields);
    is_order && !duplicates.is_empty() && others(theirs, duplicates) == others(ours, duplicates)
}

/// Digests of sections, by name.
type Digests = BTreeMap<String, String>;

/// The changed sections of a page, sorted by what tells them.
pub(super) struct Sections<'a> {
    pub(super) facts: &'a [Change],
    pub(super) duplicates: &'a [Duplicate],
    /// The digests that were reviewed, and those of now.
    pub(super) reviewed: &'a Digests,
    pub(super) now: &'a Digests,
}

impl Sections<'_> {
    /// Whether a section is told by a fact or a duplicate.
    pub(super) fn is_told(&self, section: &SectionChange) -> bool {
        let name = name_of(&section.section);
        let is_twice = self.duplicates.iter().any(|duplicate| duplicate.name == name);
        is_twice || self.facts.iter().any(|change| self.is_told_by(section, name, change))
    }

    fn is_told_by(&self, section: &SectionChange, name: &str, change: &Change) -> bool {
        let Ok(path) = change.fact.parse::<FactPath>() else { return false };
        let is_entry = change.before.is_none() != change.after.is_none();
        match path.kind() {
            // The entry and all that is said of it are there or are gone.
            FactKind::Param
            | FactKind::Field
            | FactKind::Code
            | FactKind::Constant
            | FactKind::Variant
            | FactKind::FieldConstant => {
                is_entry && section.state != SectionState::Changed && (path.of() == name || path.name() == name)
            }
            // Under another name the same is said.
            FactKind::ParamName | FactKind::FieldName => {
                let (Some(before), Some(after)) = (&change.before, &change.after) else { return false };
                let digest = |of: &Digests, wanted: &str| {
                    of.iter().find(|(section, _)| name_of(section) == wanted).map(|(_, digest)| digest.clone())
                };
                (name == before && section.state == SectionState::Gone || name == after && section.state == SectionState::New)
                    && digest(self.reviewed, before) == digest(self.now, after)
            }
            kind => rows(kind).contains(&name) && section.state == SectionState::Changed,
        }
    }
}

/// `Flags` of `parameters: param Flags`.
pub(super) fn name_of(section: &str) -> &str {
    let last = section.rsplit(": ").next().unwrap_or(section);
    last.strip_prefix("param ").or_else(|| last.strip_prefix("field ")).unwrap_or(last)
}

/// The facts of other items that name an item, as `WSK_PROVIDER_BASIC_DISPATCH fields.WskControlSocket.type`.
pub(super) fn users(tree: &Tree, gone: &Identity) -> Vec<String> {
    let names = |value: &str| {
        value
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .any(|word| word == gone.name || word.strip_prefix('P') == Some(gone.name.as_str()))
    };
    let refers = |kind: FactKind| {
        matches!(
            kind,
            FactKind::FieldType
                | FactKind::ParamType
                | FactKind::ReturnType
                | FactKind::Undoes
                | FactKind::ConstantCallback
                | FactKind::Function
                | FactKind::OperationInput
                | FactKind::OperationOutput
        )
    };
    let others = tree.iter().filter(|(identity, _)| *identity != gone);
    let used = others.flat_map(|(identity, item)| {
        let facts = item.facts().filter(|(path, fact)| refers(path.kind()) && names(&fact.value));
        facts.map(move |(path, _)| format!("{} {path}", identity.name))
    });
    used.collect()
}

/// The rows of the pages of control codes that state a fact of an operation, or of the page.
fn rows(kind: FactKind) -> &'static [&'static str] {
    match kind {
        FactKind::OperationCode => &["ControlCode"],
        FactKind::OperationRequest => &["RequestType"],
        FactKind::OperationLevel => &["Level"],
        FactKind::OperationInput => &["InputSize", "InputBuffer"],
        FactKind::OperationOutput => &["OutputSize", "OutputBuffer"],
        FactKind::OperationSizeReturned => &["OutputSizeReturned"],
        FactKind::OperationIrp => &["Irp"],
        FactKind::Since => &["Version"],
        FactKind::Header => &["Header"],
        FactKind::OperationIrql => &["IRQL"],
        _ => &[],
    }
}
