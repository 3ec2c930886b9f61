//! What `sync` finds, as plain data: for a terminal, for other programs, and for `accept`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use super::{Judged, Silent};
use crate::diff::Change;
use crate::spec::Spec;

/// How the prose of a section stands to what was reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SectionState {
    /// It is not what was reviewed.
    Changed,
    /// It was not there.
    New,
    /// It is not there any more.
    Gone,
}

/// A section whose prose changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SectionChange {
    /// The section.
    pub section: String,
    /// How it stands to what was reviewed.
    pub state: SectionState,
}

/// An entry that a page lists twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Duplicate {
    /// Its name.
    pub name: String,
    /// The page.
    pub file: String,
    /// Where it stands the second time.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// Whether it says nothing else than the first, or a person decided that the first is meant: then it is reviewed with it.
    #[serde(skip)]
    pub is_settled: bool,
}

/// A fact of a page that has no place on ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Untaken {
    /// The fact, as errata name it.
    pub fact: String,
    /// What the page says; `None` where it has no such entry.
    pub upstream: Option<String>,
    /// What ours says; `None` where it has no such entry.
    pub ours: Option<String>,
}

/// Whether the words that changed can be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct History {
    /// Whether the pages stand in a git repository.
    pub repository: bool,
    /// The reviewed revisions that it does not have.
    pub missing: Vec<String>,
}

/// A page that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GonePage {
    /// The vendor's page.
    pub page: String,
    /// What it described, as our page is called.
    pub name: String,
    /// The facts of others that name it.
    pub used_by: Vec<String>,
}

/// What is to be said of a page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PageFindings {
    /// The vendor's page.
    pub page: String,
    /// Where it is.
    pub file: String,
    /// What it describes, as our page is called.
    pub name: String,
    /// Facts that are others now.
    pub facts: Vec<Change>,
    /// Facts that it should state and does not.
    pub silent: Vec<Silent>,
    /// Facts that it states and that have no place on our page.
    pub untaken: Vec<Untaken>,
    /// Sections whose prose is not what was reviewed.
    pub prose: Vec<SectionChange>,
    /// Sections that are others because of one of the facts, or of an entry that is there twice.
    pub with_facts: Vec<SectionChange>,
    /// Entries that it lists twice, unless it did when it was reviewed.
    pub duplicates: Vec<Duplicate>,
    /// Whether it was never reviewed.
    pub unreviewed: bool,
    /// Errata that no longer hold.
    pub errata: Vec<Judged>,
}

impl PageFindings {
    /// Whether all that is to be said is that it was never reviewed.
    pub(super) fn is_only_unreviewed(&self) -> bool {
        self.unreviewed && self.is_as_ours()
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.unreviewed && self.is_as_ours()
    }

    /// Whether nothing that was compared is another.
    fn is_as_ours(&self) -> bool {
        let has_facts = !self.facts.is_empty() || !self.silent.is_empty() || !self.untaken.is_empty() || !self.errata.is_empty();
        !has_facts && self.prose.is_empty() && self.with_facts.is_empty() && self.duplicates.is_empty()
    }
}

/// A page that the model does not have.
#[derive(Debug, Clone, Serialize)]
pub struct NewPage {
    /// The vendor's page.
    pub page: String,
    /// Where it is.
    pub file: String,
    /// What it describes, where it can be read.
    pub name: Option<String>,
    /// The page of ours that would describe it: its file in spec-data and its text.
    #[serde(skip)]
    pub ours: Option<(String, String)>,
    /// Why there is no such page, where there is none.
    pub why_not: Option<String>,
}

/// What a checkout says that spec-data does not.
#[derive(Debug, Default, Serialize)]
pub struct Findings {
    /// How many pages were compared.
    pub compared: usize,
    /// Pages of which something is to be said.
    pub pages: Vec<PageFindings>,
    /// Pages that the model does not have.
    pub new: Vec<NewPage>,
    /// Pages that the model has and the checkout does not, unless that was accepted before.
    pub gone: Vec<String>,
    /// Pages that were gone when the pages were last accepted, and are there again.
    pub back: Vec<String>,
    /// The pages that are gone, with what uses them.
    pub gone_used: Vec<GonePage>,
    /// Pages that were gone already when the pages were last accepted, and that ours still uses.
    pub still_gone: Vec<GonePage>,
    /// Whether the words that changed can be shown.
    pub history: History,
    /// The model as it would be.
    #[serde(skip)]
    pub updated: Spec,
    /// The digests of the sections of each page that was compared.
    #[serde(skip)]
    pub digests: BTreeMap<String, BTreeMap<String, String>>,
    /// Where the pages are.
    #[serde(skip)]
    pub files: BTreeMap<String, PathBuf>,
}
