//! Control operations: what a code of WskControlSocket or WskControlClient can do, and how our pages spell that.
//!
//! Plain data. Words that vendor pages use too (IRP rules, states of sockets and clients) are in [`super::model`].

use super::{ClientState, Data, IrpRule, OperationFlags, Page, Returns, SocketRule, ValueTable};
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
