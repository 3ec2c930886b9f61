//! The model: what spec-data says, as plain data.

use crate::c;
use crate::facts::{ApiKind, Direction, LevelRange};
pub use crate::facts::{ClientState, Combine, Data, IrpRule, OperationFlags, SocketKind, SocketRule, SocketState};
use crate::source::{FileId, Span, Spanned};

/// Everything that spec-data says.
#[derive(Debug, Default, Clone)]
pub struct Spec {
    /// Functions, callbacks and exports, by file name.
    pub apis: Vec<Api>,
    /// Structures.
    pub structs: Vec<Struct>,
    /// Enumerations.
    pub enums: Vec<Enum>,
    /// Control operations.
    pub controls: Vec<Control>,
    /// Numeric constants.
    pub constants: Vec<Constant>,
    /// Constants that are identifiers (GUIDs).
    pub guids: Vec<Guid>,
    /// Macros with parameters.
    pub macros: Vec<Macro>,
    /// NTSTATUS values.
    pub statuses: Vec<Status>,
    /// C types that the interface uses and other headers define.
    pub types: Vec<TypeDef>,
    /// Versions of Windows, by their builds.
    pub versions: Vec<WindowsVersion>,
    /// Facts for which upstream is silent or wrong.
    pub errata: Vec<Erratum>,
}

/// What every page has.
#[derive(Debug, Clone)]
pub struct Page {
    /// The file.
    pub file: FileId,
    /// The file name without `.md`: for an API with a function-pointer type the name made from that type, else the name.
    pub stem: String,
    /// The name.
    pub name: Spanned<String>,
    /// The header that declares it.
    pub header: Spanned<String>,
    /// The first Windows version that has it.
    pub since: Spanned<String>,
    /// The file name of the vendor's page, without extension.
    pub upstream: Option<Spanned<String>>,
    /// What it is, in a sentence or a paragraph.
    pub summary: Spanned<String>,
    /// What a person should know beyond the tables.
    pub notes: Vec<Spanned<String>>,
}

/// A function, an event callback or an export.
#[derive(Debug, Clone)]
pub struct Api {
    /// Name, header, version, prose.
    pub page: Page,
    /// Which of the three.
    pub kind: Spanned<ApiKind>,
    /// The function-pointer type; an export has none.
    pub typedef: Option<Spanned<String>>,
    /// The image that exports it; only exports have one.
    pub library: Option<Spanned<String>>,
    /// The APIs whose result it gives back: what `WskRegister` began, `WskDeregister` ends.
    pub undoes: Vec<Spanned<String>>,
    /// Types, as C has them.
    pub signature: c::Function,
    /// Directions, memory rules and meanings, in the order of the signature.
    pub params: Vec<Param>,
    /// The constants that a parameter takes.
    pub values: Vec<ValueTable>,
    /// What it returns.
    pub returns: Returns,
    /// At which level it may be called, or is called.
    pub irql: Vec<IrqlCase>,
}

impl Api {
    /// What tells this API from all others: its function-pointer type if it has one, else its name.
    #[must_use]
    pub fn key(&self) -> &str {
        self.typedef.as_ref().map_or(&self.page.name.value, |t| &t.value)
    }

    /// The levels as errata spell them.
    #[must_use]
    pub fn levels(&self) -> String {
        self.irql.iter().map(|c| format!("{}: {}", c.when.spelling(), c.range.spelling())).collect::<Vec<_>>().join("; ")
    }

    /// The C type of a parameter.
    #[must_use]
    pub fn param_type(&self, name: &str) -> Option<&c::CType> {
        self.signature.params.iter().find(|p| p.name.as_ref().is_some_and(|n| n.value == name)).map(|p| &p.ty)
    }
}

/// A row of the parameter table.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// The name, as in the signature.
    pub name: Spanned<String>,
    /// Which way.
    pub direction: Spanned<Direction>,
    /// Whether it may be null (for a value: zero, meaning "not given").
    pub optional: bool,
    /// Whether it must be zero.
    pub reserved: bool,
    /// What the memory behind it must be.
    pub memory: Vec<Spanned<MemoryRule>>,
    /// What it is for.
    pub meaning: Spanned<String>,
}

impl Param {
    /// The spelling of its direction on our pages: `in, optional`, `reserved`.
    #[must_use]
    pub fn direction_text(&self) -> String {
        if self.reserved {
            return "reserved".to_owned();
        }
        format!("{}{}", self.direction.as_str(), if self.optional { ", optional" } else { "" })
    }
}

/// A demand on the memory that a pointer parameter points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemoryRule {
    /// It must not be paged out.
    NonPaged,
    /// It must stay valid until the IRP is completed.
    UntilCompletion,
    /// It must stay valid until the socket is closed.
    UntilClose,
    /// It must stay valid until the client is deregistered.
    UntilDeregistration,
    /// In a callback: it is gone when the callback returns.
    DuringCall,
    /// It has as many bytes as that parameter says; where that points to a number, as the number says before and after.
    BytesIn(String),
    /// A list that holds as many bytes as that parameter says.
    TotalIn(String),
    /// A list of which the first bytes may be taken alone; that parameter receives how many.
    AcceptedIn(String),
    /// Only written to, but the caller sets it up first, as a string whose buffer is to be filled.
    SetUp,
    /// It is a socket of that kind.
    Socket(SocketKind),
    /// It is the driver's dispatch table for sockets of the category that this parameter names.
    TableOf(String),
    /// Of an IRP: on success `IoStatus.Information` holds that.
    Information(Information),
    /// Of a socket: it must be in that state, or in one that includes it.
    State(SocketState),
    /// Of a socket: on success it is in that state; if a kind is given, only one of that kind.
    Becomes(SocketState, Option<SocketKind>),
}

/// What `IoStatus.Information` of a completed IRP holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Information {
    /// A number of bytes.
    Bytes,
    /// A new socket of that kind, connected.
    Socket(SocketKind),
    /// A new socket of the category that this parameter names.
    SocketOf(String),
}

impl MemoryRule {
    /// The spelling on our pages.
    #[must_use]
    pub fn spelling(&self) -> String {
        match self {
            Self::NonPaged => "non-paged".into(),
            Self::UntilCompletion => "until completion".into(),
            Self::UntilClose => "until close".into(),
            Self::UntilDeregistration => "until deregistration".into(),
            Self::DuringCall => "during the call".into(),
            Self::BytesIn(param) => format!("bytes in {param}"),
            Self::TotalIn(param) => format!("total in {param}"),
            Self::AcceptedIn(param) => format!("accepted in {param}"),
            Self::SetUp => "set up by the caller".into(),
            Self::Socket(kind) => format!("{} socket", kind.as_str()),
            Self::TableOf(param) => format!("table of {param}"),
            Self::Information(Information::Bytes) => "information: bytes".into(),
            Self::Information(Information::Socket(kind)) => format!("information: connected {} socket", kind.as_str()),
            Self::Information(Information::SocketOf(param)) => format!("information: socket of {param}"),
            Self::State(state) => format!("state: {}", state.as_str()),
            Self::Becomes(state, None) => format!("becomes: {}", state.as_str()),
            Self::Becomes(state, Some(kind)) => format!("becomes: {} ({})", state.as_str(), kind.as_str()),
        }
    }

    /// Reads that spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "non-paged" => Self::NonPaged,
            "until completion" => Self::UntilCompletion,
            "until close" => Self::UntilClose,
            "until deregistration" => Self::UntilDeregistration,
            "during the call" => Self::DuringCall,
            "set up by the caller" => Self::SetUp,
            "information: bytes" => Self::Information(Information::Bytes),
            _ => {
                let kind = |text: &str| SocketKind::parse(text.strip_suffix(" socket")?);
                if let Some(param) = text.strip_prefix("bytes in ") {
                    Self::BytesIn(param.to_owned())
                } else if let Some(param) = text.strip_prefix("total in ") {
                    Self::TotalIn(param.to_owned())
                } else if let Some(param) = text.strip_prefix("accepted in ") {
                    Self::AcceptedIn(param.to_owned())
                } else if let Some(param) = text.strip_prefix("table of ") {
                    Self::TableOf(param.to_owned())
                } else if let Some(param) = text.strip_prefix("information: socket of ") {
                    Self::Information(Information::SocketOf(param.to_owned()))
                } else if let Some(state) = text.strip_prefix("state: ") {
                    Self::State(SocketState::parse(state)?)
                } else if let Some(text) = text.strip_prefix("becomes: ") {
                    match text.strip_suffix(')').and_then(|t| t.split_once(" (")) {
                        Some((state, kind)) => Self::Becomes(SocketState::parse(state)?, Some(SocketKind::parse(kind)?)),
                        None => Self::Becomes(SocketState::parse(text)?, None),
                    }
                } else if let Some(text) = text.strip_prefix("information: connected ") {
                    Self::Information(Information::Socket(kind(text)?))
                } else {
                    Self::Socket(kind(text)?)
                }
            }
        })
    }

    /// Of a list: the parameter that counts its bytes.
    #[must_use]
    pub fn list_count(&self) -> Option<&str> {
        match self {
            Self::TotalIn(param) | Self::AcceptedIn(param) => Some(param),
            _ => None,
        }
    }

    /// The parameter that it speaks of.
    #[must_use]
    pub fn param(&self) -> Option<&str> {
        match self {
            Self::BytesIn(param)
            | Self::TotalIn(param)
            | Self::AcceptedIn(param)
            | Self::TableOf(param)
            | Self::Information(Information::SocketOf(param)) => Some(param),
            _ => None,
        }
    }

    /// The rule as the rest of a sentence for driver authors: what the pointer points to …
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::NonPaged => "must be non-paged memory".into(),
            Self::UntilCompletion => "must stay valid until the IRP is completed".into(),
            Self::UntilClose => "must stay valid until the socket is closed".into(),
            Self::UntilDeregistration => "must stay valid until `WskDeregister` has returned".into(),
            Self::DuringCall => "is valid only until the callback returns".into(),
            Self::BytesIn(param) => format!("has the size, in bytes, that `{param}` says"),
            Self::TotalIn(param) => format!("holds as many bytes as `{param}` says"),
            Self::AcceptedIn(param) => format!("may be taken in part, which `{param}` tells"),
            Self::SetUp => "must be set up by the caller, although it is only written to".into(),
            Self::Socket(kind) => format!("is a {} socket", kind.as_str()),
            Self::TableOf(param) => format!("is the client dispatch table for the sockets that `{param}` names"),
            Self::Information(Information::Bytes) => "has, on success, a number of bytes in `IoStatus.Information`".into(),
            Self::Information(Information::Socket(kind)) => {
                format!("has, on success, the new {} socket in `IoStatus.Information`, connected", kind.as_str())
            }
            Self::Information(Information::SocketOf(param)) => {
                format!("has, on success, the new socket in `IoStatus.Information`, of the category that `{param}` names")
            }
            Self::State(state) => format!("must be in the state: {}", state.as_str()),
            Self::Becomes(state, None) => format!("is, on success, in the state: {}", state.as_str()),
            Self::Becomes(state, Some(kind)) => {
                format!("is, on success and if it is a {} socket, in the state: {}", kind.as_str(), state.as_str())
            }
        }
    }
}

/// The constants that a parameter takes.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueTable {
    /// The parameter; for a control operation the member of its input that holds the flags, or the input itself.
    pub of: Spanned<String>,
    /// How they go together.
    pub combine: Combine,
    /// The constants.
    pub rows: Vec<Value>,
    /// Present where the parameter takes other values too; says which.
    pub other: Option<Spanned<String>>,
}

impl ValueTable {
    /// Whether each of its constants excludes every other.
    #[must_use]
    pub fn is_exclusive(&self) -> bool {
        self.rows.len() > 1 && self.rows.iter().all(|r| r.excludes.len() + 1 == self.rows.len())
    }
}

/// A constant that a parameter takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// The constant.
    pub constant: Spanned<String>,
    /// Constants that must not be given together with it.
    pub excludes: Vec<Spanned<String>>,
    /// Of a flag that a callback is given: the levels that it tells.
    pub level: Option<Spanned<LevelRange>>,
    /// Of a flag that stands for an event callback: its name.
    pub callback: Option<Spanned<String>>,
    /// What it does.
    pub meaning: Spanned<String>,
}

/// The codes that an API returns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Returns {
    /// The codes that the documentation names.
    pub codes: Vec<Code>,
    /// The last row, where it stands for the codes that no row names.
    pub other: Option<OtherCodes>,
}

impl Returns {
    /// Whether other codes may come; `None` where the documentation does not say. What it does not say is generated as open.
    #[must_use]
    pub fn open(&self) -> Option<bool> {
        match &self.other {
            None => Some(false),
            Some(OtherCodes::MayCome(_)) => Some(true),
            Some(OtherCodes::Unsaid(_)) => None,
        }
    }
}

/// What a table says of the codes that it does not name, and what they would mean.
#[derive(Debug, Clone, PartialEq)]
pub enum OtherCodes {
    /// `…`: they may come.
    MayCome(Spanned<String>),
    /// `?`: the documentation does not say whether they come.
    Unsaid(Spanned<String>),
}

impl OtherCodes {
    /// What they mean.
    #[must_use]
    pub fn meaning(&self) -> &Spanned<String> {
        match self {
            Self::MayCome(meaning) | Self::Unsaid(meaning) => meaning,
        }
    }

    /// The first cell of the row.
    #[must_use]
    pub fn mark(&self) -> &'static str {
        match self {
            Self::MayCome(_) => "…",
            Self::Unsaid(_) => "?",
        }
    }

    /// The words for a list that people read.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::MayCome(_) => "any other",
            Self::Unsaid(_) => "any other (the documentation does not say whether others come)",
        }
    }
}

/// A code.
#[derive(Debug, Clone, PartialEq)]
pub struct Code {
    /// An NTSTATUS name, or an enumerator.
    pub name: Spanned<String>,
    /// What it means here.
    pub meaning: Spanned<String>,
}

/// At which level, when.
#[derive(Debug, Clone, PartialEq)]
pub struct IrqlCase {
    /// When.
    pub when: Spanned<When>,
    /// At which level.
    pub range: Spanned<LevelRange>,
}

/// A condition on the arguments of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// In every case; the only row of its table.
    Always,
    /// In every case that the rows above do not cover.
    Otherwise,
    /// When all of these hold.
    All(Vec<Term>),
}

/// `Parameter == CONSTANT` or `Parameter in (A, B)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The parameter.
    pub param: Spanned<String>,
    /// The constants it may equal.
    pub values: Vec<Spanned<String>>,
}

impl When {
    /// The spelling on our pages and in JSON.
    #[must_use]
    pub fn spelling(&self) -> String {
        match self {
            Self::Always => "always".into(),
            Self::Otherwise => "otherwise".into(),
            Self::All(terms) => terms
                .iter()
                .map(|t| match t.values.as_slice() {
                    // What could not be put into constants, and cannot be read back.
                    [] => t.param.value.clone(),
                    [one] => format!("{} == {one}", t.param),
                    many => format!("{} in ({})", t.param, many.iter().map(|v| v.value.as_str()).collect::<Vec<_>>().join(", ")),
                })
                .collect::<Vec<_>>()
                .join(" and "),
        }
    }
}

/// Whose functions a dispatch table lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dispatch {
    /// The WSK subsystem's.
    Provider,
    /// The driver's event callbacks.
    Client,
}

/// A structure.
#[derive(Debug, Clone)]
pub struct Struct {
    /// Name, header, version, prose.
    pub page: Page,
    /// For a dispatch table: whose.
    pub dispatch: Option<Dispatch>,
    /// For a dispatch table of sockets: of which.
    pub socket: Option<Spanned<SocketKind>>,
    /// For a provider dispatch table of sockets: the constant that asks for such a socket.
    pub category: Option<Spanned<String>>,
    /// The fields with their types.
    pub record: c::Record,
    /// All names that its definition declares: the type and its pointer types.
    pub names: Vec<c::Declared>,
    /// What each field is.
    pub fields: Vec<FieldDoc>,
}

/// A row of the field table.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldDoc {
    /// The field.
    pub name: Spanned<String>,
    /// The first Windows version that has it, where that is later than the structure's.
    pub since: Option<Spanned<String>>,
    /// Of a pointer to bytes: the field that says how many.
    pub bytes_in: Option<Spanned<String>>,
    /// What it is.
    pub meaning: Spanned<String>,
}

/// An enumeration.
#[derive(Debug, Clone)]
pub struct Enum {
    /// Name, header, version, prose.
    pub page: Page,
    /// The enumerators.
    pub enumeration: c::Enumeration,
    /// All names that its definition declares.
    pub names: Vec<c::Declared>,
    /// What each enumerator means.
    pub variants: Vec<FieldDoc>,
}

/// A socket option, a socket IOCTL or a client control code.
#[derive(Debug, Clone)]
pub struct Control {
    /// Name, header, version, prose.
    pub page: Page,
    /// The function it is passed to.
    pub function: Spanned<String>,
    /// What can be done with it.
    pub operations: Vec<Operation>,
    /// Flags that the input takes.
    pub values: Vec<ValueTable>,
    /// Codes beyond those of the function.
    pub returns: Returns,
}

/// One thing that can be done with a control code.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `set`, `get`, `enable`…
    pub name: Spanned<String>,
    /// The request type; absent for client control codes.
    pub request: Option<Spanned<String>>,
    /// The level: a constant or 0; absent for client control codes.
    pub level: Option<Spanned<String>>,
    /// What the input buffer holds.
    pub input: Spanned<Data>,
    /// What the output buffer holds.
    pub output: Spanned<Data>,
    /// Whether the caller passes a place for the size of the output.
    pub size_returned: Spanned<bool>,
    /// The flags that its input takes, where a table lists some.
    pub flags: Option<Spanned<OperationFlags>>,
    /// Whether there may, must or must not be an IRP.
    pub irp: Spanned<IrpRule>,
    /// On which sockets; empty for client control codes.
    pub sockets: Vec<SocketRule>,
    /// When: for client control codes.
    pub client_state: Option<Spanned<ClientState>>,
    /// At which level.
    pub irql: Spanned<LevelRange>,
}

/// A numeric constant.
#[derive(Debug, Clone)]
pub struct Constant {
    /// The name.
    pub name: Spanned<String>,
    /// The C type that it is used as.
    pub ty: Spanned<String>,
    /// Its definition.
    pub expr: Spanned<c::Expr>,
    /// The group it is listed in.
    pub group: String,
    /// The path to take it from, where another crate has it.
    pub from: Option<Spanned<String>>,
    /// What it is.
    pub meaning: Spanned<String>,
}

/// A constant that is a GUID.
#[derive(Debug, Clone)]
pub struct Guid {
    /// The name.
    pub name: Spanned<String>,
    /// The C type.
    pub ty: Spanned<String>,
    /// The value.
    pub value: Spanned<u128>,
    /// What it is.
    pub meaning: Spanned<String>,
}

/// A macro with parameters.
#[derive(Debug, Clone)]
pub struct Macro {
    /// The name.
    pub name: Spanned<String>,
    /// Its parameters.
    pub params: Vec<Spanned<String>>,
    /// The type of its value and of its parameters.
    pub ty: Spanned<String>,
    /// What it stands for.
    pub expr: Spanned<c::Expr>,
    /// Whether the interface defines it; others only serve definitions here.
    pub is_public: bool,
    /// What it is.
    pub meaning: Spanned<String>,
}

/// An NTSTATUS value.
#[derive(Debug, Clone)]
pub struct Status {
    /// The name.
    pub name: Spanned<String>,
    /// The value.
    pub value: Spanned<u32>,
    /// What it means in general.
    pub meaning: Spanned<String>,
}

/// A version of Windows.
#[derive(Debug, Clone)]
pub struct WindowsVersion {
    /// Its name, as the pages spell it.
    pub name: Spanned<String>,
    /// The number of its first release's build.
    pub build: Spanned<u32>,
}

/// A C type that another header defines.
#[derive(Debug, Clone)]
pub struct TypeDef {
    /// The name.
    pub name: Spanned<String>,
    /// What it is.
    pub is: TypeKind,
    /// What it is for.
    pub meaning: Spanned<String>,
}

/// What a C type is.
#[derive(Debug, Clone)]
pub enum TypeKind {
    /// A number, by the Rust type that has its size and sign; `c_void` for void.
    Scalar(Spanned<String>),
    /// A type of another crate.
    External {
        /// Its path.
        path: Spanned<String>,
        /// Its path in `wdk-sys`, for drivers on that crate; they keep the first where there is none.
        wdk_sys: Option<Spanned<String>>,
        /// Its size and alignment with 64-bit pointers and with 32-bit pointers, where it is used by value.
        layout: Option<Layouts>,
    },
    /// Another name for a C type.
    Alias(Spanned<c::CType>),
}

/// Size and alignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// In bytes.
    pub size: u64,
    /// In bytes.
    pub align: u64,
}

/// Size and alignment for both pointer widths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layouts {
    /// With 64-bit pointers.
    pub wide: Layout,
    /// With 32-bit pointers.
    pub narrow: Layout,
}

/// A fact for which upstream is silent or wrong.
#[derive(Debug, Clone)]
pub struct Erratum {
    /// The vendor's page.
    pub page: Spanned<String>,
    /// Which fact: `irql`, `params.Flags.direction`, `fields.WskRelease.type`…
    pub fact: Spanned<String>,
    /// What the page says, as text; `None` where it says nothing.
    pub upstream: Option<Spanned<String>>,
    /// What is right; `None` where the page says something that is not so.
    pub value: Option<Spanned<String>>,
    /// The older revision of the page that is meant; `None` for the one that was last reviewed.
    pub revision: Option<Spanned<String>>,
    /// Why.
    pub reason: Spanned<String>,
    /// What shows it.
    pub evidence: Spanned<String>,
    /// The whole entry.
    pub span: Span,
}

impl Spec {
    /// The level range of an API for arguments that satisfy exactly the given terms.
    #[must_use]
    pub fn irql_for(api: &Api, arguments: &[(&str, &str)]) -> Option<LevelRange> {
        api.irql
            .iter()
            .find(|case| match &case.when.value {
                When::Always | When::Otherwise => true,
                When::All(terms) => terms.iter().all(|term| {
                    arguments
                        .iter()
                        .any(|(param, value)| *param == term.param.value && term.values.iter().any(|v| v.value == *value))
                }),
            })
            .map(|case| case.range.value)
    }

    /// The structures that have a member of the API's function-pointer type: the dispatch tables that list it.
    pub fn tables_of<'a>(&'a self, api: &'a Api) -> impl Iterator<Item = &'a Struct> {
        self.structs.iter().filter(|s| s.record.fields.iter().any(|f| f.ty.spelling() == api.key()))
    }

    /// Whether each constant of the table asks for a category of sockets.
    #[must_use]
    pub fn names_categories(&self, table: &ValueTable) -> bool {
        let is_category = |constant: &str| self.structs.iter().any(|s| s.category.as_ref().is_some_and(|c| c.value == constant));
        !table.rows.is_empty() && table.rows.iter().all(|r| is_category(&r.constant))
    }

    /// The build of a version of Windows, as the pages spell its name.
    #[must_use]
    pub fn build_of(&self, version: &str) -> Option<u32> {
        self.versions.iter().find(|v| v.name.value == version).map(|v| v.build.value)
    }

    /// The APIs with that name or function-pointer type.
    pub fn apis_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Api> {
        self.apis.iter().filter(move |a| a.page.name.value == name || a.key() == name)
    }
}
