//! What the contract says of items that have a page: APIs, structures, enumerations, control operations.
//!
//! Plain data with its JSON. A key that only our pages can fill is left out where pages of the vendor's were imported; any other is
//! null or empty where a page does not state it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::places::Places;
use super::provenance::Provenance;
use crate::facts::{ApiKind, Direction, Level};

/// A function, callback or export.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Api {
    /// Its name.
    pub name: Option<String>,
    /// Its function-pointer type; exports have none.
    pub typedef: Option<String>,
    /// What it is.
    pub kind: Option<ApiKind>,
    /// The header that declares it.
    pub header: Option<String>,
    /// The first Windows version that has it.
    pub since: Option<String>,
    /// The image that exports it; only exports have one.
    pub library: Option<String>,
    /// The levels at which it may run; empty where unknown.
    pub irql: Vec<Irql>,
    /// The words that `irql` was read from.
    pub irql_text: Option<String>,
    /// Its parameters.
    pub params: Vec<Param>,
    /// The constants that parameters take, with all that is known of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<ValueTable>>,
    /// What it returns.
    pub returns: Returns,
    /// The APIs whose result it gives back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<Vec<String>>,
    /// The name of the vendor's page that describes it.
    pub upstream: Option<String>,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// What a person should know besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<Vec<String>>,
    /// Where the facts are from; absent where the item has no page of the vendor's, and where such pages were imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
    /// The file that all this was read from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The lines of that file.
    pub places: Places,
}

/// A level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Irql {
    /// The condition; null for always.
    pub when: Option<String>,
    /// The condition in parts, all of which must hold; empty for `otherwise`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Vec<Term>>,
    /// The lowest level, where one above PASSIVE_LEVEL is demanded.
    pub min: Option<Level>,
    /// The highest level; HIGH_LEVEL means any.
    pub max: Level,
}

/// A condition on a parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Term {
    /// The parameter.
    pub param: String,
    /// The constants of which it must be one.
    pub values: Vec<String>,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// Its C type, one space before the stars.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// Which way it passes information.
    pub direction: Option<Direction>,
    /// Whether it may be null.
    pub optional: Option<bool>,
    /// Whether it must be zero.
    pub reserved: bool,
    /// The constants that it takes.
    pub values: Vec<String>,
    /// Rules for the memory that it points to, in the spelling of our pages: `non-paged`, `until completion`…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Vec<String>>,
    /// What the call demands of it as a socket, does to it, or, of an IRP, makes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effects: Option<Vec<Effect>>,
    /// The parameters that it goes together with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<Vec<Link>>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
}

/// What a call demands of a socket, does to it, or makes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "effect", rename_all = "lowercase")]
pub enum Effect {
    /// The parameter is a socket of that kind.
    Kind {
        /// `basic`, `listen`, `datagram`, `connection` or `stream`.
        kind: String,
    },
    /// It must be in that state, or in one that includes it.
    State {
        /// The state.
        state: String,
    },
    /// On success it is in that state.
    Becomes {
        /// The state.
        state: String,
        /// If given, only a socket of that kind.
        kind: Option<String>,
    },
    /// On success `IoStatus.Information` of the IRP is that.
    Information {
        /// `bytes` or `socket`.
        holds: String,
        /// The kind of the new socket, which is connected.
        kind: Option<String>,
        /// The parameter that names the category of the new socket.
        of: Option<String>,
    },
}

/// How a parameter goes together with another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// `bytes in`, `total in`, `accepted in` or `table of`.
    pub link: String,
    /// The other parameter.
    pub param: String,
}

/// The constants that a parameter, or a member of the input of a control operation, takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ValueTable {
    /// The parameter or member; `flags` where the page of a control code does not say which member.
    pub of: String,
    /// How they go together.
    pub combine: Option<Combine>,
    /// Whether other values may be given; null where the page does not say.
    pub open: Option<bool>,
    /// Which other values.
    pub other: Option<String>,
    /// The constants.
    pub rows: Vec<Value>,
}

/// How constants go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Combine {
    /// Any of them, joined by a bitwise OR.
    Any,
    /// One of them.
    One,
}

/// A constant that is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Value {
    /// The constant.
    pub constant: String,
    /// Constants that must not be given together with it.
    pub excludes: Vec<String>,
    /// Of a flag that a callback is given: the levels that it tells.
    pub level: Option<Levels>,
    /// Of a flag that stands for an event callback: its name.
    pub callback: Option<String>,
    /// What it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
}

/// A range of levels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Levels {
    /// The lowest, where one above PASSIVE_LEVEL is demanded.
    pub min: Option<Level>,
    /// The highest; HIGH_LEVEL means any.
    pub max: Level,
}

/// What an API returns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Returns {
    /// The C type; null for control operations, which return what their function returns.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// The codes that are named.
    pub codes: Vec<String>,
    /// Whether other codes may come.
    pub open: Option<bool>,
    /// What each of the codes means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meanings: Option<Vec<Code>>,
    /// What other codes mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
}

/// A code and what it means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Code {
    /// The code.
    pub name: String,
    /// What it means here.
    pub meaning: String,
}
