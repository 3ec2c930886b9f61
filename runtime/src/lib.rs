//! The hand-written floor under the crate `wsk`: what generated code calls and what drivers hold.
//!
//! - [`NtStatus`]: an outcome.
//! - [`Irql`]: a token that proves at which interrupt request level the code that holds it may run at the most, and
//!   [`assert_at_most`], the same at run time.
//! - [`SpinLock`]: holding it is running at DISPATCH_LEVEL, and the token says so.
//! - [`Request`]: an IRP that is owned, with what it needs until it is completed.
//! - [`NonPagedBuffer`]: memory with the MDL that describes it.
//! - [`kernel`]: the functions of ntoskrnl that all of this stands on. Off Windows they are supplied by whoever tests.
#![no_std]

mod buffer;
mod irp;
mod irql;
pub mod kernel;
mod lock;
mod status;

pub use buffer::NonPagedBuffer;
pub use irp::{Completed, Idle, InFlight, Request};
pub use irql::{Apc, Dispatch, Irql, Level, Passive, assert_at_most, current_irql};
pub use lock::{SpinLock, SpinLockGuard};
pub use status::{NtStatus, Severity};
