//! What the contract says of structures, enumerations and control operations.
//!
//! Plain data with its JSON; the same rule for keys as in [`super::api`].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::api::{Combine, Irql, Returns, ValueTable};
use super::places::Places;
use super::provenance::Provenance;

/// A structure or union.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Struct {
    /// Its name.
    pub name: Option<String>,
    /// The name after the keyword.
    pub tag: Option<String>,
    /// Whether it is a union.
    pub union: Option<bool>,
    /// All names that its definition declares.
    pub names: Vec<TypeName>,
    /// The header that declares it.
    pub header: Option<String>,
    /// The first Windows version that has it.
    pub since: Option<String>,
    /// Of a dispatch table: `provider` or `client`, by whose functions it lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispatch: Option<String>,
    /// Of a dispatch table of sockets: their kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub socket: Option<String>,
    /// Of a provider dispatch table of sockets: the constant that asks for such a socket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Its size and alignment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<Layouts>,
    /// Its fields, in order.
    pub fields: Vec<Field>,
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

/// A name that a definition declares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TypeName {
    /// The name.
    pub name: String,
    /// What it stands for.
    #[serde(rename = "type")]
    pub ty: String,
}

/// A layout for both pointer widths.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Layouts {
    /// With 64-bit pointers.
    pub wide: Layout,
    /// With 32-bit pointers.
    pub narrow: Layout,
}

/// Size and alignment, in bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Layout {
    /// The size.
    pub size: u64,
    /// The alignment.
    pub align: u64,
}

/// The offset of a field, in bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Offset {
    /// With 64-bit pointers.
    pub wide: u64,
    /// With 32-bit pointers.
    pub narrow: u64,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Field {
    /// Its name, of a page with those of the structures and unions around it: `u.Port.Start`. One without a name is `(unnamed union)` or
    /// `(unnamed struct)`; what is in it has its own name, as C has it.
    pub name: String,
    /// Its C type.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// What it is, where it is more than a field: `struct` or `union`, or `nested` where the page does not say which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The constants that it takes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<Offset>,
    /// The first Windows version that has it, where that is later than the structure's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Of a pointer to bytes: the field that says how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_in: Option<String>,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
}

/// An enumeration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Enum {
    /// Its name.
    pub name: Option<String>,
    /// The name after the keyword.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// All names that its definition declares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<Vec<TypeName>>,
    /// The header that declares it.
    pub header: Option<String>,
    /// The first Windows version that has it.
    pub since: Option<String>,
    /// Its enumerators, in order.
    pub variants: Vec<Variant>,
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

/// An enumerator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Option<i128>,
    /// The first Windows version that has it, where that is later than the enumeration's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
}

/// A socket option, a socket IOCTL or a client control code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Control {
    /// Its name.
    pub name: Option<String>,
    /// The function it is passed to.
    pub function: Option<String>,
    /// Its value; pages of the vendor's do not say it.
    pub code: Option<u64>,
    /// The header that declares it.
    pub header: Option<String>,
    /// The first Windows version that has it.
    pub since: Option<String>,
    /// What can be done with it.
    pub operations: Vec<Operation>,
    /// Flags that members of its input take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<ValueTable>>,
    /// Codes beyond those of the function.
    pub returns: Returns,
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

/// One thing that can be done with a control code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Operation {
    /// What it does.
    pub name: Option<String>,
    /// The request type; client control codes have none.
    pub request: Option<String>,
    /// The level, a constant or 0; client control codes have none.
    pub level: Option<String>,
    /// The C type of the input: `TYPE`, `TYPE[]` for as many as fit, `TYPE+` for one with more behind it; null for none.
    pub input: Option<String>,
    /// The C type of the output, likewise.
    pub output: Option<String>,
    /// Whether the size of the output is returned.
    pub size_returned: Option<bool>,
    /// The flags that its input takes, where a table lists some.
    pub flags: Option<Flags>,
    /// `required`, `optional` or `forbidden`.
    pub irp: Option<String>,
    /// On which sockets, in which state; empty for client control codes.
    pub sockets: Vec<SocketRule>,
    /// The state that the client must be in, `any` or `before any socket`; null for socket options and IOCTLs.
    pub client_state: Option<String>,
    /// The levels at which it may be called.
    pub irql: Option<Irql>,
}

/// Which flags an operation takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Flags {
    /// The table: a member of the input, or `Input`.
    pub of: String,
    /// How they go together.
    pub combine: Combine,
    /// Flags that are always given along with them.
    pub with: Vec<String>,
}

/// A kind of socket, and the state that it must be in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SocketRule {
    /// `basic`, `listen`, `datagram`, `connection` or `stream`.
    pub kind: String,
    /// The state.
    pub state: String,
}
