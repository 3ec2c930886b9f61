//! Sentences about levels, memory, sockets and links.
//!
//! In: a rule of the model. Out: the rest of a sentence that begins with a parameter. The only place where rules are put into words.

use crate::facts::{Direction, Level, LevelRange};
use crate::spec::{MemoryRule, Outcome, Param, ParamLink, SocketEffect};

/// Whether a call always has the IRP whose completion is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IrpPresence {
    /// It always has one.
    Always,
    /// It may have none.
    Optional,
}

/// What the pointer refers to …
pub(crate) fn memory(rule: MemoryRule, direction: Direction, irp: IrpPresence) -> String {
    let until = match irp {
        IrpPresence::Always => "",
        IrpPresence::Optional => ", if there is one,",
    };
    match rule {
        MemoryRule::NonPaged => "must be in non-paged memory".to_owned(),
        MemoryRule::UntilCompletion if direction == Direction::In => {
            format!("must stay valid and unchanged until the IRP{until} is completed")
        }
        MemoryRule::UntilCompletion => format!("must stay valid, and must not be touched, until the IRP{until} is completed"),
        MemoryRule::UntilClose => "must stay valid until the socket is closed".to_owned(),
        MemoryRule::UntilDeregistration => "must stay valid until the client is deregistered".to_owned(),
        MemoryRule::DuringCall => "is valid only until the callback returns".to_owned(),
        MemoryRule::SetUp => "must be set up by the caller, although it is only written to".to_owned(),
    }
}

/// The parameter …, if the effect is a demand.
pub(super) fn demanded(effect: &SocketEffect) -> Option<String> {
    match effect {
        SocketEffect::Kind(kind) => Some(format!("is a {} socket", kind.as_str())),
        SocketEffect::State(state) => Some(format!("must be in the state: {}", state.as_str())),
        SocketEffect::Becomes(..) | SocketEffect::Information(_) => None,
    }
}

/// A sentence on what holds after success, if the effect is one.
pub(super) fn achieved(param: &Param, effect: &SocketEffect) -> Option<String> {
    let name = &param.name;
    Some(match effect {
        SocketEffect::Kind(_) | SocketEffect::State(_) => return None,
        SocketEffect::Becomes(state, None) => format!("`{name}` is in the state: {}.", state.as_str()),
        SocketEffect::Becomes(state, Some(kind)) => {
            format!("`{name}`, if it is a {} socket, is in the state: {}.", kind.as_str(), state.as_str())
        }
        SocketEffect::Information(Outcome::Bytes) => format!("`IoStatus.Information` of `{name}` is a number of bytes."),
        SocketEffect::Information(Outcome::Socket(kind)) => {
            format!("`IoStatus.Information` of `{name}` is the new {} socket, connected.", kind.as_str())
        }
        SocketEffect::Information(Outcome::SocketOf(param)) => {
            format!("`IoStatus.Information` of `{name}` is the new socket, of the category that `{param}` names.")
        }
    })
}

/// The parameter …
pub(super) fn link(link: &ParamLink) -> String {
    match link {
        ParamLink::BytesIn(param) => format!("has the size, in bytes, that `{param}` gives"),
        ParamLink::TotalIn(param) => format!("is a list of as many bytes as `{param}` gives"),
        ParamLink::AcceptedIn(param) => {
            format!("is a list of which a beginning may be accepted; `{param}` receives its number of bytes")
        }
        ParamLink::TableOf(param) => format!("is the client dispatch table for the category of sockets that `{param}` names"),
    }
}

/// `at PASSIVE_LEVEL`, `at DISPATCH_LEVEL or below`.
pub(crate) fn limit(range: LevelRange) -> String {
    match (range.min, range.max) {
        (Some(min), max) if min == max => format!("at {}", max.as_str()),
        (Some(min), Level::High) => format!("at {} or above", min.as_str()),
        (Some(min), max) => format!("at {} to {}", min.as_str(), max.as_str()),
        (None, Level::Passive) => "at PASSIVE_LEVEL".to_owned(),
        (None, Level::High) => "at any level".to_owned(),
        (None, max) => format!("at {} or below", max.as_str()),
    }
}
