//! Which folder of spec-data a page is in: a kind of pages ↔ the name of its folder.
//!
//! Separate because what reads pages, what writes new ones and what writes changed ones have to agree.

use super::page::Entry;
use crate::facts::ApiKind;

/// A folder of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageFolder {
    /// Functions of the provider's.
    Functions,
    /// Functions of the driver's.
    Callbacks,
    /// Functions that a library exports.
    Exports,
    /// Structures.
    Structs,
    /// Enumerations.
    Enums,
    /// Control operations.
    Controls,
}

impl PageFolder {
    /// All folders of pages.
    pub const ALL: [Self; 6] = [Self::Functions, Self::Callbacks, Self::Exports, Self::Structs, Self::Enums, Self::Controls];

    /// The folder of a kind of functions; `None` for those that spec-data does not describe.
    #[must_use]
    pub fn of_api(kind: ApiKind) -> Option<Self> {
        match kind {
            ApiKind::Function => Some(Self::Functions),
            ApiKind::Callback => Some(Self::Callbacks),
            ApiKind::Export => Some(Self::Exports),
            ApiKind::Method | ApiKind::Macro => None,
        }
    }

    /// The folder that a page belongs in.
    pub(super) fn of_entry(entry: &Entry) -> Option<Self> {
        match entry {
            Entry::Api(api) => Self::of_api(api.kind.value),
            Entry::Struct(_) => Some(Self::Structs),
            Entry::Enum(_) => Some(Self::Enums),
            Entry::Control(_) => Some(Self::Controls),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Functions => "functions",
            Self::Callbacks => "callbacks",
            Self::Exports => "exports",
            Self::Structs => "structs",
            Self::Enums => "enums",
            Self::Controls => "controls",
        }
    }

    /// The folder of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|folder| folder.name() == name)
    }

    /// The file of a page, as it stands in spec-data. Whether the name can be that of a file is for [`crate::source::Folder`] to say.
    #[must_use]
    pub fn page(self, name: &str) -> String {
        format!("{}/{name}.md", self.name())
    }
}
