//! The hand-written floor under the crate `wsk`: what generated code calls and what drivers hold.
//!
//! - [`NtStatus`]: an outcome.
//! - [`Irql`]: a token that proves at which interrupt request level the code that holds it may run at the most, and
//!   [`assert_at_most`], the same at run time.
//! - [`SpinLock`]: holding it is running at DISPATCH_LEVEL, and the token says so.
//! - [`Request`]: an IRP that is owned, with what it needs until it is completed.
//! - [`Operation`]: a request whose payload knows what its outcome means: it may be waited for or awaited.
//! - [`Event`]: what a thread waits for besides operations, such as the wish that it stops.
//! - [`NonPagedBuffer`]: memory with the MDL that describes it; [`NonPagedBox`]: a value that does not move.
//! - [`SocketAddressV4`], [`SocketAddressV6`], [`SocketAddressStorage`]: socket addresses.
//! - [`UnicodeString`]: text that is handed to the kernel.
//! - [`List`]: what WSK hands over as entries that point to the next.
//! - [`Indicated`]: received data that a callback is given, [`Retained`] when it keeps it.
//! - [`SocketContext`]: the context of a socket's event callbacks.
//! - [`windows_build`]: which Windows this is.
//! - [`kernel`]: the functions of ntoskrnl that all of this stands on. Off Windows they are supplied by whoever tests.
#![no_std]

mod address;
mod buffer;
mod bytes;
mod context;
mod event;
mod imports;
mod indication;
mod irp;
mod irql;
pub mod kernel;
mod list;
mod lock;
mod operation;
mod pool;
mod status;
#[doc(hidden)]
pub mod support;
mod text;
mod types;
mod windows;

pub use address::{SocketAddressRef, SocketAddressStorage, SocketAddressV4, SocketAddressV6};
pub use buffer::{BufferPart, DescribeBuffer, NonPagedBuffer};
pub use bytes::SizedBytes;
pub use context::{CallbackContext, EmptySlot, NoContext, SocketContext};
pub use event::Event;
pub use indication::{Chunks, Entries, Indicated, Indication, Received, Retained, Streamed};
pub use irp::{Completed, Idle, InFlight, Request};
pub use irql::{Apc, Dispatch, Irql, Level, Passive, assert_at_most, current_irql};
pub use list::{List, ListEntry, ListIter};
pub use lock::{SpinLock, SpinLockGuard};
pub use operation::{NotStarted, Operation, OperationFuture, Payload, Refusal};
pub use pool::NonPagedBox;
pub use status::{NtStatus, Severity};
pub use text::UnicodeString;
pub use windows::{Unavailable, windows_build};
