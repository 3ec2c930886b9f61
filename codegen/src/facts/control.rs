//! The vocabulary of control operations: buffers, IRPs, kinds and states of sockets.
//!
//! Plain data with the spelling of our own pages, which vendor pages are read into as well.

use crate::c;
use crate::source::Spanned;

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

/// Whether a control operation takes an IRP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IrpRule {
    /// It must.
    Required,
    /// It may.
    Optional,
    /// It must not.
    Forbidden,
}

impl IrpRule {
    /// All rules.
    pub const ALL: [Self; 3] = [Self::Required, Self::Optional, Self::Forbidden];

    /// The word on our pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Optional => "optional",
            Self::Forbidden => "forbidden",
        }
    }
}

/// Which flags of a table of its page an operation takes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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

/// How the constants of a parameter go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Combine {
    /// Any of them, joined by a bitwise OR; zero is none.
    Any,
    /// One of them.
    One,
}

/// A category of sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SocketKind {
    /// Options and IOCTLs only.
    Basic,
    /// Listens for connections.
    Listen,
    /// Sends and receives datagrams.
    Datagram,
    /// Sends and receives over a connection.
    Connection,
    /// Listens, or connects: decided after creation.
    Stream,
}

impl SocketKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Basic, Self::Listen, Self::Datagram, Self::Connection, Self::Stream];

    /// The word on our pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Listen => "listen",
            Self::Datagram => "datagram",
            Self::Connection => "connection",
            Self::Stream => "stream",
        }
    }

    /// Reads that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }
}
/// Rules for sockets as errata spell them, in the order of [`SocketKind::ALL`]: a page may list them in any.
#[must_use]
pub fn sockets_spelling(rules: &[SocketRule]) -> String {
    let mut rules: Vec<&SocketRule> = rules.iter().collect();
    rules.sort_by_key(|rule| rule.kind.value);
    rules.into_iter().map(SocketRule::spelling).collect::<Vec<_>>().join(", ")
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

/// The state that a socket must be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SocketState {
    /// Any.
    Any,
    /// Not bound yet.
    BeforeBind,
    /// Bound to a local address.
    Bound,
    /// Bound, and listens for connections.
    Listening,
    /// Connected to a remote address.
    Connected,
    /// An extension interface with callbacks is registered on it.
    WithExtension,
    /// Accepted from a listening socket in conditional-accept mode.
    ConditionallyAccepted,
}

impl SocketState {
    /// All states.
    pub const ALL: [Self; 7] = [
        Self::Any,
        Self::BeforeBind,
        Self::Bound,
        Self::Listening,
        Self::Connected,
        Self::WithExtension,
        Self::ConditionallyAccepted,
    ];

    /// Reads the words on our pages.
    #[must_use]
    pub fn parse(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == words)
    }

    /// Whether a socket in this state is in the other one too: a connected socket is bound.
    #[must_use]
    pub fn includes(self, other: Self) -> bool {
        self == other || other == Self::Any || matches!((self, other), (Self::Listening | Self::Connected, Self::Bound))
    }

    /// The words on our pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::BeforeBind => "before bind",
            Self::Bound => "bound",
            Self::Listening => "listening",
            Self::Connected => "connected",
            Self::WithExtension => "with extension",
            Self::ConditionallyAccepted => "conditionally accepted",
        }
    }
}

/// The state that a client must be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientState {
    /// Any.
    Any,
    /// It has created no socket yet.
    BeforeSockets,
}

impl ClientState {
    /// The words on our pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::BeforeSockets => "before any socket",
        }
    }
}
