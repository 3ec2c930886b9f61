//! The facts of a page of a control code, as plain data: each with its place, `None` where the page does not state it.

use crate::facts::{ClientState, Data, FactKind, IrpRule, LevelRange, OperationFlags, SocketRule, sockets_spelling};
use crate::source::{Span, Spanned};

/// The facts of a socket option, a socket IOCTL or a client control code.
#[derive(Debug, Clone, Default)]
pub struct ControlFacts {
    /// Its name.
    pub name: Option<Spanned<String>>,
    /// The header that declares it.
    pub header: Option<Spanned<String>>,
    /// The first Windows version that has it.
    pub since: Option<Spanned<String>>,
    /// The function that it is passed to.
    pub function: Option<Spanned<String>>,
    /// What can be done with it, in the order of the page.
    pub operations: Vec<OperationFacts>,
    /// The flags that the page lists; empty where it lists none.
    pub flags: Vec<FlagFacts>,
    /// The codes that the page says the function returns.
    pub codes: Vec<Spanned<String>>,
}

/// One thing that can be done with a control code.
#[derive(Debug, Clone)]
pub struct OperationFacts {
    /// The verb by which the page calls it: `set`, `retrieve`.
    pub name: Option<Spanned<String>>,
    /// The table of parameters that it was read from.
    pub at: Span,
    /// The control code that is passed.
    pub code: Option<Spanned<String>>,
    /// The request type; a client control code has none.
    pub request: Option<Spanned<String>>,
    /// The level, a constant or 0; a client control code has none.
    pub level: Option<Spanned<String>>,
    /// What the input buffer holds.
    pub input: Option<Spanned<Data>>,
    /// What the output buffer holds.
    pub output: Option<Spanned<Data>>,
    /// Whether the caller passes a place for the size of the output.
    pub size_returned: Option<Spanned<bool>>,
    /// Which of the flags it takes.
    pub flags: Option<Spanned<OperationFlags>>,
    /// Whether there may, must or must not be an IRP.
    pub irp: Option<Spanned<IrpRule>>,
    /// On which sockets, in which states; a client control code has none.
    pub sockets: Option<Spanned<Vec<SocketRule>>>,
    /// When; for client control codes.
    pub client_state: Option<Spanned<ClientState>>,
    /// At which level. Most pages leave that to the page of the function.
    pub irql: Option<Spanned<LevelRange>>,
}

impl OperationFacts {
    /// A fact by its spelling in the fact tree, with its place; `None` where the page does not state it, and for what is no fact of an
    /// operation. The kinds are those of [`crate::facts::OPERATION_KINDS`].
    #[must_use]
    pub fn fact(&self, kind: FactKind) -> Option<Spanned<String>> {
        fn spelt<T>(value: Option<&Spanned<T>>, spelling: impl Fn(&T) -> String) -> Option<Spanned<String>> {
            value.map(|v| Spanned::new(spelling(&v.value), v.span))
        }
        match kind {
            FactKind::OperationCode => self.code.clone(),
            FactKind::OperationRequest => self.request.clone(),
            FactKind::OperationLevel => self.level.clone(),
            FactKind::OperationInput => spelt(self.input.as_ref(), Data::spelling),
            FactKind::OperationOutput => spelt(self.output.as_ref(), Data::spelling),
            FactKind::OperationSizeReturned => spelt(self.size_returned.as_ref(), bool::to_string),
            FactKind::OperationFlags => spelt(self.flags.as_ref(), OperationFlags::spelling),
            FactKind::OperationIrp => spelt(self.irp.as_ref(), |rule| rule.as_str().to_owned()),
            FactKind::OperationSockets => spelt(self.sockets.as_ref(), |rules| sockets_spelling(rules)),
            FactKind::OperationClientState => spelt(self.client_state.as_ref(), |state| state.as_str().to_owned()),
            FactKind::OperationIrql => spelt(self.irql.as_ref(), |range| range.spelling()),
            _ => None,
        }
    }
}

/// A flag that the input takes.
#[derive(Debug, Clone)]
pub struct FlagFacts {
    /// The constant.
    pub constant: Spanned<String>,
    /// The event callback that it stands for, where the page names one.
    pub callback: Option<Spanned<String>>,
}
