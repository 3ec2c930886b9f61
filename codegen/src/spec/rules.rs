//! What a row of the parameter table says beyond name, direction and meaning: rules for memory, effects on sockets, links to other
//! parameters.
//!
//! In: the parts of a cell. Out: three enumerations, one for each column, with one spelling. Sentences about them are made in
//! [`crate::describe`].

use super::{SocketKind, SocketState};

/// A rule for the memory that a pointer parameter points to. The column `Memory`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// Only written to, but the caller sets it up first, as a string whose buffer is to be filled.
    SetUp,
}

impl MemoryRule {
    /// All rules.
    pub const ALL: [Self; 6] =
        [Self::NonPaged, Self::UntilCompletion, Self::UntilClose, Self::UntilDeregistration, Self::DuringCall, Self::SetUp];

    /// The spelling on our pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NonPaged => "non-paged",
            Self::UntilCompletion => "until completion",
            Self::UntilClose => "until close",
            Self::UntilDeregistration => "until deregistration",
            Self::DuringCall => "during the call",
            Self::SetUp => "set up by the caller",
        }
    }

    /// Reads that spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == text)
    }
}

/// What a call demands of a socket, does to it, or makes. The column `Effect`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SocketEffect {
    /// The parameter is a socket of that kind.
    Kind(SocketKind),
    /// Of a socket: it must be in that state, or in one that includes it.
    State(SocketState),
    /// Of a socket: on success it is in that state; if a kind is given, only one of that kind.
    Becomes(SocketState, Option<SocketKind>),
    /// Of an IRP: on success `IoStatus.Information` holds that.
    Information(Outcome),
}

/// What `IoStatus.Information` of an IRP holds that was completed with success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A number of bytes.
    Bytes,
    /// A new socket of that kind, connected.
    Socket(SocketKind),
    /// A new socket of the category that this parameter names.
    SocketOf(String),
}

impl SocketEffect {
    /// The spelling on our pages.
    #[must_use]
    pub fn spelling(&self) -> String {
        match self {
            Self::Kind(kind) => format!("{} socket", kind.as_str()),
            Self::State(state) => format!("state: {}", state.as_str()),
            Self::Becomes(state, None) => format!("becomes: {}", state.as_str()),
            Self::Becomes(state, Some(kind)) => format!("becomes: {} ({})", state.as_str(), kind.as_str()),
            Self::Information(Outcome::Bytes) => "information: bytes".into(),
            Self::Information(Outcome::Socket(kind)) => format!("information: connected {} socket", kind.as_str()),
            Self::Information(Outcome::SocketOf(param)) => format!("information: socket of {param}"),
        }
    }

    /// Reads that spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let kind = |text: &str| SocketKind::parse(text.strip_suffix(" socket")?);
        Some(match text.split_once(": ") {
            None => Self::Kind(kind(text)?),
            Some(("state", state)) => Self::State(SocketState::parse(state)?),
            Some(("becomes", text)) => match text.strip_suffix(')').and_then(|t| t.split_once(" (")) {
                Some((state, kind)) => Self::Becomes(SocketState::parse(state)?, Some(SocketKind::parse(kind)?)),
                None => Self::Becomes(SocketState::parse(text)?, None),
            },
            Some(("information", "bytes")) => Self::Information(Outcome::Bytes),
            Some(("information", text)) => Self::Information(match text.strip_prefix("socket of ") {
                Some(param) => Outcome::SocketOf(param.to_owned()),
                None => Outcome::Socket(kind(text.strip_prefix("connected ")?)?),
            }),
            Some(_) => return None,
        })
    }

    /// The parameter that it speaks of.
    #[must_use]
    pub fn param(&self) -> Option<&str> {
        match self {
            Self::Information(Outcome::SocketOf(param)) => Some(param),
            _ => None,
        }
    }
}

/// How a parameter goes together with another. The column `Link`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParamLink {
    /// It has as many bytes as that parameter says; where that points to a number, as the number says before and after.
    BytesIn(String),
    /// A list that holds as many bytes as that parameter says.
    TotalIn(String),
    /// A list of which the first bytes may be taken alone; that parameter receives how many.
    AcceptedIn(String),
    /// It is the driver's dispatch table for sockets of the category that this parameter names.
    TableOf(String),
}

impl ParamLink {
    /// How it goes together: `bytes in`, `total in`, `accepted in` or `table of`.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::BytesIn(_) => "bytes in",
            Self::TotalIn(_) => "total in",
            Self::AcceptedIn(_) => "accepted in",
            Self::TableOf(_) => "table of",
        }
    }

    /// The spelling on our pages.
    #[must_use]
    pub fn spelling(&self) -> String {
        format!("{} {}", self.as_str(), self.param())
    }

    /// Reads that spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (how, param) = text.rsplit_once(' ')?;
        let make = match how {
            "bytes in" => Self::BytesIn,
            "total in" => Self::TotalIn,
            "accepted in" => Self::AcceptedIn,
            "table of" => Self::TableOf,
            _ => return None,
        };
        Some(make(param.to_owned()))
    }

    /// The parameter at the other end.
    #[must_use]
    pub fn param(&self) -> &str {
        match self {
            Self::BytesIn(param) | Self::TotalIn(param) | Self::AcceptedIn(param) | Self::TableOf(param) => param,
        }
    }

    /// The same link to a parameter of another name.
    #[must_use]
    pub fn to(&self, param: &str) -> Self {
        let param = param.to_owned();
        match self {
            Self::BytesIn(_) => Self::BytesIn(param),
            Self::TotalIn(_) => Self::TotalIn(param),
            Self::AcceptedIn(_) => Self::AcceptedIn(param),
            Self::TableOf(_) => Self::TableOf(param),
        }
    }

    /// Of a list: the parameter that counts its bytes.
    #[must_use]
    pub fn list_count(&self) -> Option<&str> {
        match self {
            Self::TotalIn(param) | Self::AcceptedIn(param) => Some(param),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_has_its_own_spellings() {
        for text in
            ["non-paged", "until completion", "until close", "until deregistration", "during the call", "set up by the caller"]
        {
            assert_eq!(MemoryRule::parse(text).map(MemoryRule::as_str), Some(text));
            assert_eq!((SocketEffect::parse(text), ParamLink::parse(text)), (None, None), "{text}");
        }
        for text in [
            "connection socket",
            "state: before bind",
            "becomes: connected",
            "becomes: listening (listen)",
            "information: bytes",
            "information: connected stream socket",
            "information: socket of Flags",
        ] {
            assert_eq!(SocketEffect::parse(text).map(|e| e.spelling()).as_deref(), Some(text));
            assert_eq!((MemoryRule::parse(text), ParamLink::parse(text)), (None, None), "{text}");
        }
        for text in ["bytes in Size", "total in Bytes", "accepted in Bytes", "table of Flags"] {
            assert_eq!(ParamLink::parse(text).map(|l| l.spelling()).as_deref(), Some(text));
            assert_eq!(ParamLink::parse(text).map(|l| l.to("Other").param().to_owned()).as_deref(), Some("Other"));
            assert_eq!((MemoryRule::parse(text), SocketEffect::parse(text)), (None, None), "{text}");
        }
        for text in ["", "state: asleep", "becomes: bound (odd)", "information: connected", "wooden socket", "becomes bound"] {
            assert_eq!(SocketEffect::parse(text), None, "{text}");
        }
    }
}
