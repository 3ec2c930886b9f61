//! The vocabulary that vendor pages and spec-data pages share: kinds, directions, interrupt request levels.
//!
//! Plain data with its spelling. The vendor's many spellings are read in [`crate::vendor`]; here is the one spelling of our own
//! pages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an API is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ApiKind {
    /// A function that the driver calls and that no library exports: of the provider, called through a dispatch table.
    Function,
    /// An event callback that the driver supplies.
    Callback,
    /// A function that a library exports.
    Export,
    /// A member of an interface. It is read, and not generated.
    Method,
    /// A macro of a header. It is read, and not generated.
    Macro,
}

impl ApiKind {
    /// The word used in front matter and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Callback => "callback",
            Self::Export => "export",
            Self::Method => "method",
            Self::Macro => "macro",
        }
    }
}

/// Which way a parameter passes information.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the caller.
    In,
    /// To the caller.
    Out,
    /// Both ways.
    InOut,
}

impl Direction {
    /// The word used on our pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
            Self::InOut => "in, out",
        }
    }
}

/// An interrupt request level (IRQL), from lowest to highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Level {
    /// Threads run here; waiting and paged memory are allowed.
    #[serde(rename = "PASSIVE_LEVEL")]
    Passive,
    /// Asynchronous procedure calls are held back.
    #[serde(rename = "APC_LEVEL")]
    Apc,
    /// The dispatcher is held back: no waiting, no paged memory.
    #[serde(rename = "DISPATCH_LEVEL")]
    Dispatch,
    /// The level of some device's interrupt.
    #[serde(rename = "DIRQL")]
    Dirql,
    /// Everything is held back. As an upper bound: any level.
    #[serde(rename = "HIGH_LEVEL")]
    High,
}

impl Level {
    /// All levels, lowest first.
    pub const ALL: [Self; 5] = [Self::Passive, Self::Apc, Self::Dispatch, Self::Dirql, Self::High];

    /// The name the documentation uses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passive => "PASSIVE_LEVEL",
            Self::Apc => "APC_LEVEL",
            Self::Dispatch => "DISPATCH_LEVEL",
            Self::Dirql => "DIRQL",
            Self::High => "HIGH_LEVEL",
        }
    }

    /// The level with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == name)
    }

    /// The next lower level.
    #[must_use]
    pub fn below(self) -> Option<Self> {
        Self::ALL.into_iter().rev().find(|level| *level < self)
    }
}

/// The levels at which something may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LevelRange {
    /// The lowest, where one above PASSIVE_LEVEL is demanded.
    pub min: Option<Level>,
    /// The highest.
    pub max: Level,
}

impl LevelRange {
    /// Everything up to `max`.
    #[must_use]
    pub fn up_to(max: Level) -> Self {
        Self { min: None, max }
    }

    /// The lowest level that is in it.
    #[must_use]
    pub fn lowest(&self) -> Level {
        self.min.unwrap_or(Level::Passive)
    }

    /// Exactly `level`.
    #[must_use]
    pub fn exactly(level: Level) -> Self {
        Self { min: (level > Level::Passive).then_some(level), max: level }
    }

    /// The spelling of our own pages: `PASSIVE_LEVEL`, `<= DISPATCH_LEVEL`, `DISPATCH_LEVEL` (that level and no other),
    /// `>= DISPATCH_LEVEL`, `any level`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == "any level" {
            return Some(Self::up_to(Level::High));
        }
        if let Some(name) = text.strip_prefix("<= ") {
            return Level::from_name(name).map(Self::up_to);
        }
        if let Some(name) = text.strip_prefix(">= ") {
            return Level::from_name(name).map(|min| Self { min: Some(min), max: Level::High });
        }
        Level::from_name(text).map(Self::exactly)
    }

    /// The spelling that [`LevelRange::parse`] reads.
    #[must_use]
    pub fn spelling(self) -> String {
        match (self.min, self.max) {
            (None, Level::High) => "any level".to_owned(),
            (None, Level::Passive) => Level::Passive.as_str().to_owned(),
            (Some(min), max) if min == max => max.as_str().to_owned(),
            (Some(min), Level::High) => format!(">= {}", min.as_str()),
            (None, max) => format!("<= {}", max.as_str()),
            (Some(min), max) => format!("{} to {}", min.as_str(), max.as_str()),
        }
    }
}

/// `PFN_WSK_CONNECT` → `WSK_CONNECT` → `WskConnect`: the name that a function-pointer type stands for.
#[must_use]
pub fn camel_case(upper_snake: &str) -> String {
    upper_snake
        .split('_')
        .filter(|word| !word.is_empty())
        .map(|word| {
            let mut chars = word.chars();
            chars
                .next()
                .map_or_else(String::new, |first| first.to_uppercase().chain(chars.flat_map(char::to_lowercase)).collect())
        })
        .collect()
}

/// `WskCaptureProviderNPI` → `wsk_capture_provider_npi`; `WSK_BUF` → `wsk_buf`.
#[must_use]
pub fn snake_case(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (i, c) in chars.iter().enumerate() {
        let previous = i.checked_sub(1).and_then(|i| chars.get(i));
        let next = chars.get(i + 1);
        let starts_word = c.is_uppercase()
            && (previous.is_some_and(|p| p.is_lowercase() || p.is_ascii_digit())
                || previous.is_some_and(|p| p.is_uppercase()) && next.is_some_and(|n| n.is_lowercase()));
        if starts_word {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_have_one_spelling() {
        for text in
            ["PASSIVE_LEVEL", "<= APC_LEVEL", "DISPATCH_LEVEL", "<= DISPATCH_LEVEL", ">= DISPATCH_LEVEL", "any level", "<= DIRQL"]
        {
            assert_eq!(LevelRange::parse(text).map(LevelRange::spelling).as_deref(), Some(text));
        }
        for text in ["DISPATCH", "<=DISPATCH_LEVEL", "< DISPATCH_LEVEL", "", "PASSIVE_LEVEL "] {
            assert_eq!(LevelRange::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn names_change_case_both_ways() {
        assert_eq!(camel_case("WSK_GET_ADDRESS_INFO"), "WskGetAddressInfo");
        assert_eq!(snake_case("WskCaptureProviderNPI"), "wsk_capture_provider_npi");
        assert_eq!(snake_case("WSK_PROVIDER_NPI"), "wsk_provider_npi");
        assert_eq!(snake_case("WskConnectEx"), "wsk_connect_ex");
    }
}
