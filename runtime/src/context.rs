//! The context of a socket's event callbacks, and what keeps the socket open as long as a callback's data is retained.
//!
//! WSK gives a callback the context and nothing else, so what a callback needs to know of its socket stands in front of the context:
//! the socket, how many lists of its data are retained, and the IRP of a close that waits for them.

use core::ffi::c_void;
use core::fmt;
use core::marker::PhantomData;
use core::ops::Deref;
use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

use windows_sys::Win32::Foundation::STATUS_PENDING;

use crate::kernel::IRP;
use crate::{NonPagedBox, NtStatus};

/// What event callbacks can be given as their context: anything that several threads may use at once, for WSK calls callbacks of one
/// socket on any thread, and as long as it likes. Put what changes behind a [`SpinLock`](crate::SpinLock) or an atomic.
pub trait CallbackContext: Send + Sync + 'static {}

impl<T: Send + Sync + 'static> CallbackContext for T {}

/// Stands for the context of a socket that has no event callbacks.
pub struct NoContext(PhantomData<dyn SocketWithoutEventCallbacks>);

/// What the compiler names when something that needs callbacks is called on a socket without them.
trait SocketWithoutEventCallbacks {}

/// Gives back to a socket, by its address, a list of received data, by its head.
pub(crate) type ReleaseList = unsafe fn(socket: NonNull<c_void>, list: NonNull<c_void>) -> NtStatus;

/// What can be done with a socket of some kind when all that is known of it is its address.
#[doc(hidden)]
#[derive(Debug)]
pub struct SocketFunctions {
    /// Closes it; the IRP is completed when it is closed.
    pub close: unsafe fn(NonNull<c_void>, *mut IRP) -> NtStatus,
    /// Gives back a list of received data, by its head.
    pub release: Option<ReleaseList>,
}

/// The context of a socket's event callbacks, with what they need to know of the socket.
///
/// The safe operations make it of the value that they are given. A driver that creates a socket by a wrapper, with callbacks made by
/// `#[wsk_callback]`, puts one into a [`NonPagedBox`] and passes its address ([`SocketContext::as_raw`]).
#[repr(C)]
pub struct SocketContext<C> {
    /// At the front, so that it is found without knowing the type of the value.
    gate: Gate,
    value: C,
}

impl<C: CallbackContext> SocketContext<C> {
    /// A context for a socket that is not there yet.
    pub const fn new(value: C) -> Self {
        Self { gate: Gate::new(), value }
    }

    /// What WSK is given as the context.
    #[must_use]
    pub const fn as_raw(this: &NonPagedBox<Self>) -> NonNull<c_void> {
        this.as_ptr().cast()
    }

    /// The context that a callback was given.
    ///
    /// # Safety
    /// It is one of this type, and there for `'a`.
    #[must_use]
    #[inline]
    #[track_caller]
    pub unsafe fn from_raw<'a>(raw: Option<NonNull<c_void>>, callback: &'static str) -> &'a Self {
        // SAFETY: the caller vouches for it; that it is there at all is looked at where levels are asserted.
        unsafe { crate::support::present(raw, callback).cast().as_ref() }
    }

    /// What callbacks need to know of the socket.
    #[doc(hidden)]
    #[must_use]
    #[inline]
    pub const fn gate(&self) -> &Gate {
        &self.gate
    }
}

impl<C> Deref for SocketContext<C> {
    type Target = C;

    #[inline]
    fn deref(&self) -> &C {
        &self.value
    }
}

impl<C: fmt::Debug> fmt::Debug for SocketContext<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SocketContext").field("value", &self.value).finish_non_exhaustive()
    }
}

/// The bit of [`Gate::held`] that says that the socket is to be closed: nothing is retained any more.
const CLOSING: usize = 1;
/// What each retained list adds.
const ONE: usize = 2;

/// Keeps a socket open as long as data of it is retained.
#[doc(hidden)]
pub struct Gate {
    /// Null until the socket is known.
    socket: AtomicPtr<c_void>,
    functions: AtomicPtr<SocketFunctions>,
    /// How many lists are retained, and whether the socket is to be closed.
    held: AtomicUsize,
    /// The IRP of a close that waits.
    irp: AtomicPtr<IRP>,
}

impl Gate {
    const fn new() -> Self {
        Self {
            socket: AtomicPtr::new(ptr::null_mut()),
            functions: AtomicPtr::new(ptr::null_mut()),
            held: AtomicUsize::new(0),
            irp: AtomicPtr::new(ptr::null_mut()),
        }
    }

    /// Tells which socket it is.
    ///
    /// # Safety
    /// The functions are for sockets of its kind.
    pub unsafe fn open(&self, socket: NonNull<c_void>, functions: &'static SocketFunctions) {
        self.functions.store(ptr::from_ref(functions).cast_mut(), Ordering::Relaxed);
        self.socket.store(socket.as_ptr(), Ordering::Release);
    }

    /// The socket, if it is known.
    fn socket(&self) -> Option<(NonNull<c_void>, &'static SocketFunctions)> {
        let socket = NonNull::new(self.socket.load(Ordering::Acquire))?;
        // SAFETY: `open` stored a reference before it stored the socket.
        Some((socket, unsafe { &*self.functions.load(Ordering::Relaxed) }))
    }

    /// Keeps the socket open for one more list; not if it is to be closed, or not known yet.
    pub(crate) fn hold(&self) -> Option<(NonNull<c_void>, &'static SocketFunctions)> {
        let socket = self.socket()?;
        let more = |held| (held & CLOSING == 0).then_some(held + ONE);
        self.held.fetch_update(Ordering::Acquire, Ordering::Relaxed, more).ok().map(|_| socket)
    }

    /// One list less. Gives the IRP of a close that waited for this.
    pub(crate) fn let_go(&self) -> Option<*mut IRP> {
        let before = self.held.fetch_sub(ONE, Ordering::AcqRel);
        (before == ONE | CLOSING).then(|| self.irp.load(Ordering::Acquire))
    }

    /// Closes the socket, now or as soon as nothing of it is retained.
    ///
    /// # Safety
    /// The socket is open and known, its callbacks are the only ones that still use it, and this is called once. The IRP is as the
    /// function that closes demands it.
    unsafe fn close(&self, irp: *mut IRP) -> NtStatus {
        self.irp.store(irp, Ordering::Release);
        if self.held.fetch_or(CLOSING, Ordering::AcqRel) != 0 {
            return NtStatus(STATUS_PENDING);
        }
        let Some((socket, functions)) = self.socket() else { unreachable!("the caller knows the socket") };
        // SAFETY: the caller vouches for it.
        unsafe { (functions.close)(socket, irp) }
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = self.held.load(Ordering::Relaxed);
        f.debug_struct("Gate").field("retained", &(held / ONE)).field("closing", &(held & CLOSING != 0)).finish_non_exhaustive()
    }
}

/// A context that is owned, whatever its type: freed by its drop.
#[doc(hidden)]
#[derive(Debug)]
pub struct AnyContext {
    gate: NonNull<Gate>,
    functions: &'static SocketFunctions,
    free: unsafe fn(NonNull<Gate>),
}

// SAFETY: it owns a context, and every context may be sent and shared.
unsafe impl Send for AnyContext {}
// SAFETY: as above.
unsafe impl Sync for AnyContext {}

impl AnyContext {
    /// Puts a context into non-paged memory, for a socket of the kind that the functions are for.
    ///
    /// # Errors
    /// The status if there is no memory; the value is dropped.
    pub fn new<C: CallbackContext>(value: C, functions: &'static SocketFunctions) -> Result<Self, NtStatus> {
        match NonPagedBox::new(SocketContext::new(value)) {
            Ok(boxed) => Ok(Self {
                gate: boxed.into_raw().cast(),
                functions,
                // SAFETY: the gate is the front of a context of this type, which was taken out of its box above.
                free: |gate| drop(unsafe { NonPagedBox::from_raw(gate.cast::<SocketContext<C>>()) }),
            }),
            Err((status, _)) => Err(status),
        }
    }

    /// What WSK is given as the context.
    #[must_use]
    pub fn as_raw(&self) -> NonNull<c_void> {
        self.gate.cast()
    }

    fn gate(&self) -> &Gate {
        // SAFETY: the context is there as long as this value.
        unsafe { self.gate.as_ref() }
    }

    /// Tells which socket it is.
    ///
    /// # Safety
    /// The socket is of the kind that the functions are for, and this is its context.
    pub unsafe fn open(&self, socket: NonNull<c_void>) {
        // SAFETY: the caller vouches for it.
        unsafe { self.gate().open(socket, self.functions) };
    }

    /// The value.
    ///
    /// # Safety
    /// The context was made of a value of this type.
    #[must_use]
    pub unsafe fn value<C: CallbackContext>(&self) -> &C {
        // SAFETY: the caller vouches for the type.
        unsafe { &self.gate.cast::<SocketContext<C>>().as_ref().value }
    }

    /// Closes the socket whose context this is, now or as soon as nothing of it is retained.
    ///
    /// # Safety
    /// [`AnyContext::open`] was called; the socket is open and nobody else's, and this is called once. The IRP is as the function that closes
    /// demands it, and this value lives until it is completed.
    pub unsafe fn close(&self, irp: *mut IRP) -> NtStatus {
        // SAFETY: the caller vouches for it.
        unsafe { self.gate().close(irp) }
    }
}

impl Drop for AnyContext {
    fn drop(&mut self) {
        // SAFETY: this value owned the context.
        unsafe { (self.free)(self.gate) };
    }
}

/// An event that was not enabled, because the driver has no callback for it on this socket: WSK would call null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "the event is not enabled"]
pub struct EmptySlot {
    /// The event, as the constant that enables it.
    pub event: &'static str,
    /// The callback that is missing.
    pub slot: &'static str,
}

impl fmt::Display for EmptySlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be enabled: there is no {} among the callbacks of this socket", self.event, self.slot)
    }
}

impl core::error::Error for EmptySlot {}
