//! What the contract says of rows of our tables and of errata, which have no page.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::data::Layouts;

/// A numeric constant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Constant {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: u64,
    /// The C type that it is used as.
    #[serde(rename = "type")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ty: Option<String>,
    /// Its definition in C.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// The group it is listed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The crate or module that it is taken from; null where it is defined here.
    #[serde(default)]
    pub from: Option<String>,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// Where it is said: `FILE:LINE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// An NTSTATUS value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Status {
    /// Its name.
    pub name: String,
    /// Its value, unsigned.
    pub value: u32,
    /// What it means in general.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// Where it is said: `FILE:LINE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// A constant that is a GUID.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Identifier {
    /// Its name.
    pub name: String,
    /// Its C type.
    #[serde(rename = "type")]
    pub ty: String,
    /// Its value: 8-4-4-4-12 hexadecimal digits.
    pub value: String,
    /// What it is.
    pub meaning: String,
    /// Where it is said: `FILE:LINE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// A macro with parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Macro {
    /// Its name.
    pub name: String,
    /// Its parameters.
    pub params: Vec<String>,
    /// The type of its value and of its parameters.
    #[serde(rename = "type")]
    pub ty: String,
    /// What it stands for, in C.
    pub expression: String,
    /// Whether the interface defines it; others only serve definitions here.
    pub public: bool,
    /// What it is.
    pub meaning: String,
    /// Where it is said: `FILE:LINE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// A C type that another header defines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Type {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: TypeKind,
    /// Of a number: the Rust type. Of a type of another crate: its path.
    pub rust: Option<String>,
    /// Of a type of another crate: its path in wdk-sys, if drivers on that crate have their own.
    pub wdk_sys: Option<String>,
    /// Of a type of another crate: its layout, where it is used by value.
    pub layout: Option<Layouts>,
    /// Of another name: the C type that it stands for.
    pub stands_for: Option<String>,
    /// What it is for.
    pub meaning: String,
    /// Where it is said: `FILE:LINE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// What a C type is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TypeKind {
    /// A number.
    Scalar,
    /// A type of another crate.
    External,
    /// Another name for a type.
    Alias,
}

/// A version of Windows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Version {
    /// Its name, as `since` spells it.
    pub name: String,
    /// The number of its first release's build.
    pub build: u32,
    /// Where it is said: `FILE:LINE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// A fact for which the vendor's page is silent or wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Erratum {
    /// The vendor's page, as `upstream` names it.
    pub page: String,
    /// Which fact.
    pub fact: String,
    /// What the page says; null where it says nothing.
    pub upstream: Option<String>,
    /// What is right; null where the page says something that is not so.
    pub value: Option<String>,
    /// The older revision of the page that is meant; null for the one that was last reviewed.
    pub revision: Option<String>,
    /// Why.
    pub reason: String,
    /// What shows it.
    pub evidence: String,
    /// Where it is said: `FILE:LINE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}
