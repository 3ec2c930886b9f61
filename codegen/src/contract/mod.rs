//! The JSON contract: what every API is, for programs.
//!
//! In: the model, or the facts of vendor pages. Out: one shape for both. A fact that a page does not state is `null` or an empty
//! array; a key that only our own pages can fill (rules, meanings, notes…) is left out of what was imported. Keys may be added, not
//! renamed; the schema is committed as `codegen/schema/contract.schema.json`.
//!
//! Where facts are said: each item has a `source`, the file, and `places`, a line of that file for each fact ([`Places`]); a row of a
//! table, and an erratum, has a `place`, `FILE:LINE`. Where they are from: the `provenance` of an item has the revision of the vendor's
//! page that was reviewed, and for each fact that an erratum governs the `place` of that erratum.

mod api;
mod data;
mod pages;
mod places;
mod provenance;
mod spec;
mod spec_data;
mod table;
mod text;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use api::{Api, Code, Combine, Effect, Irql, Levels, Link, Param, Returns, Term, Value, ValueTable};
pub use data::{Control, Enum, Field, Flags, Layout, Layouts, Offset, Operation, SocketRule, Struct, TypeName, Variant};
pub use pages::of_pages;
pub use places::Places;
pub use provenance::{Provenance, Reviewed};
pub use spec::of_spec;
pub use table::{Constant, Erratum, Identifier, Macro, Status, Type, TypeKind, Version};
pub use text::Pieces;

use crate::source::JsonDiagnostic;

/// The version of the contract.
pub const SCHEMA: u32 = 1;

/// What is known of an interface.
///
/// A fact that a page does not state is null or an empty array. A key that only our own pages can fill (summaries, notes, meanings, rules…)
/// is left out where pages of the vendor's were imported. Of each item `source` is the file it was read from, and `places` has a line
/// of that file for each fact; of a row of a table, and of an erratum, `place` is `FILE:LINE`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "WSK contract")]
pub struct Contract {
    /// The version of this contract.
    pub schema: u32,
    /// Functions, callbacks and exports.
    pub apis: Vec<Api>,
    /// Structures and unions.
    pub structs: Vec<Struct>,
    /// Enumerations.
    pub enums: Vec<Enum>,
    /// Numeric constants.
    pub constants: Vec<Constant>,
    /// NTSTATUS values.
    pub statuses: Vec<Status>,
    /// Control operations.
    pub controls: Vec<Control>,
    /// Constants that are GUIDs.
    pub identifiers: Vec<Identifier>,
    /// Macros with parameters.
    pub macros: Vec<Macro>,
    /// C types of other headers.
    pub types: Vec<Type>,
    /// Versions of Windows.
    pub versions: Vec<Version>,
    /// Facts for which the vendor's pages are silent or wrong.
    pub errata: Vec<Erratum>,
    /// What was wrong with the pages; only where pages were imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagnostics: Option<Vec<JsonDiagnostic>>,
}

impl Contract {
    /// A contract of nothing.
    fn empty() -> Self {
        Self {
            schema: SCHEMA,
            apis: Vec::new(),
            structs: Vec::new(),
            enums: Vec::new(),
            constants: Vec::new(),
            statuses: Vec::new(),
            controls: Vec::new(),
            identifiers: Vec::new(),
            macros: Vec::new(),
            types: Vec::new(),
            versions: Vec::new(),
            errata: Vec::new(),
            diagnostics: None,
        }
    }
}

/// The JSON Schema of [`Contract`].
#[must_use]
pub fn json_schema() -> String {
    let schema = schemars::schema_for!(Contract);
    // A schema is a JSON value, and a JSON value always serialises.
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}
