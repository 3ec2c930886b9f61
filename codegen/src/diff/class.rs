//! What a change means for drivers, and which part of the version it raises.

use serde::Serialize;

/// What a change means, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Drivers compile and run as before, and no generated item changes.
    Documentation,
    /// Drivers compile and run as before.
    Compatible,
    /// Drivers compile, and something is different when they run.
    Runtime,
    /// Drivers may not compile.
    Source,
}

impl Class {
    /// All classes, the least first.
    pub const ALL: [Self; 4] = [Self::Documentation, Self::Compatible, Self::Runtime, Self::Source];

    /// The class in JSON and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documentation => "documentation",
            Self::Compatible => "compatible",
            Self::Runtime => "runtime",
            Self::Source => "source",
        }
    }

    /// The class in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Documentation => "documentation only",
            Self::Compatible => "compatible",
            Self::Runtime => "breaking at run time",
            Self::Source => "breaking for driver source",
        }
    }

    /// Whether it breaks drivers.
    #[must_use]
    pub fn is_breaking(self) -> bool {
        self >= Self::Runtime
    }

    /// The part of the version of the generated crate that must be raised.
    #[must_use]
    pub fn bump(self) -> Bump {
        match self {
            Self::Documentation => Bump::Patch,
            Self::Compatible => Bump::Minor,
            Self::Runtime | Self::Source => Bump::Major,
        }
    }
}

/// A part of a version, as Cargo understands it: below 1.0 the minor version is the major one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// `0.1.2` → `0.1.3`, `1.2.3` → `1.2.4`.
    Patch,
    /// `0.1.2` → `0.1.3`, `1.2.3` → `1.3.0`.
    Minor,
    /// `0.1.2` → `0.2.0`, `1.2.3` → `2.0.0`.
    Major,
}

impl Bump {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}
