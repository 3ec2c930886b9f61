//! Control operations: what a code of WskControlSocket or WskControlClient can do, and how our pages spell that.
//!
//! Plain data. Words that vendor pages use too (IRP rules, states of sockets and clients) are in [`super::model`].

use super::{ClientState, Combine, IrpRule, Page, Returns, SocketKind, SocketState, ValueTable};
use crate::c;
use crate::facts::LevelRange;
use crate::source::Spanned;

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

/// Which flags of a table of its page an operation takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationFlags {
    /// The table: a member of the input, or `Input`.
    pub of: String,
    /// Whether one is given, or any of them.
    pub combine: Combine,
    /// Flags that are always given along with them.
    pub with: Vec<String>,
}

impl OperationFlags {
    /// The spelling on our pages.
    #[must_use]
    pub fn spelling(&self) -> String {
        let how = if self.combine == Combine::One { "one" } else { "any" };
        let with = if self.with.is_empty() { String::new() } else { format!(" with {}", self.with.join(", ")) };
        format!("{how} of {}{with}", self.of)
    }

    /// Reads that spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (how, rest) = text.split_once(" of ")?;
        let combine = match how {
            "one" => Combine::One,
            "any" => Combine::Any,
            _ => return None,
        };
        let (of, with) = rest.split_once(" with ").unwrap_or((rest, ""));
        let is_word = |w: &str| !w.is_empty() && w.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let with: Vec<String> = with.split(',').map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect();
        (is_word(of) && with.iter().all(|w| is_word(w))).then(|| Self { of: of.to_owned(), combine, with })
    }
}

/// What a buffer of a control operation holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// There is none: null, size 0.
    None,
    /// One value of that type.
    One(c::CType),
    /// As many as fit: `TYPE[]`.
    Many(c::CType),
    /// A value of that type with more behind it, or a larger type of the same family: `TYPE+`.
    Extended(c::CType),
}

impl Data {
    /// The spelling on our pages.
    #[must_use]
    pub fn spelling(&self) -> String {
        match self {
            Self::None => "none".into(),
            Self::One(ty) => ty.spelling(),
            Self::Many(ty) => format!("{}[]", ty.spelling()),
            Self::Extended(ty) => format!("{}+", ty.spelling()),
        }
    }

    /// The type.
    #[must_use]
    pub fn ty(&self) -> Option<&c::CType> {
        match self {
            Self::None => None,
            Self::One(ty) | Self::Many(ty) | Self::Extended(ty) => Some(ty),
        }
    }
}

/// A kind of socket, and the state that it must be in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocketRule {
    /// The kind.
    pub kind: Spanned<SocketKind>,
    /// The state.
    pub state: SocketState,
}

impl SocketRule {
    /// The spelling on our pages: `listen (bound)`, or `listen` where any state will do.
    #[must_use]
    pub fn spelling(&self) -> String {
        match self.state {
            SocketState::Any => self.kind.as_str().to_owned(),
            state => format!("{} ({})", self.kind.as_str(), state.as_str()),
        }
    }
}
