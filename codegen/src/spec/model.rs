//! The model: what spec-data says, as plain data.
//!
//! Pages of APIs, structures and enumerations, and the whole. Data that is spelled in cells of its own is beside this file, by
//! subject: [`super::rules`], [`super::condition`], [`super::control`], [`super::definition`].

use super::{
    Constant, Control, Erratum, Guid, Macro, MemoryRule, ParamLink, SocketEffect, Status, TypeDef, When, WindowsVersion,
};
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
    /// The name in the signature, on the line of the type that is returned.
    pub declared_at: Span,
    /// Directions, rules, links and meanings, in the order of the signature.
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
    /// What the call demands of it as a socket, does to it, or, of an IRP, makes.
    pub effects: Vec<Spanned<SocketEffect>>,
    /// The parameters that it goes together with.
    pub links: Vec<Spanned<ParamLink>>,
    /// What it is for.
    pub meaning: Spanned<String>,
}

impl Param {
    /// Whether anything is said of it beyond name, direction and meaning.
    #[must_use]
    pub fn has_rules(&self) -> bool {
        !(self.memory.is_empty() && self.effects.is_empty() && self.links.is_empty())
    }

    /// The spelling of its direction on our pages: `in, optional`, `reserved`.
    #[must_use]
    pub fn direction_text(&self) -> String {
        if self.reserved {
            return "reserved".to_owned();
        }
        format!("{}{}", self.direction.as_str(), if self.optional { ", optional" } else { "" })
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
    /// The heading of the section; `None` where nothing is returned.
    pub at: Option<Span>,
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

/// Whose functions a dispatch table lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dispatch {
    /// The WSK subsystem's.
    Provider,
    /// The driver's event callbacks.
    Client,
}

impl Dispatch {
    /// The word on our pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Client => "client",
        }
    }
}

/// A structure.
#[derive(Debug, Clone)]
pub struct Struct {
    /// Name, header, version, prose.
    pub page: Page,
    /// For a dispatch table: whose.
    pub dispatch: Option<Spanned<Dispatch>>,
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

impl Struct {
    /// Whether it is a dispatch table of that side.
    #[must_use]
    pub fn is_table_of(&self, whose: Dispatch) -> bool {
        self.dispatch.as_ref().is_some_and(|d| d.value == whose)
    }
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
