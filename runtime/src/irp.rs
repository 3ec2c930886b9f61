//! An owned I/O request packet (IRP) and what it needs until it is completed.
//!
//! The state is in the type: [`Idle`] may be started, [`InFlight`] may be waited for or let go, [`Completed`] has an outcome.
//! What the operation works on, its payload, is kept beside the IRP until the operation is over, whoever is still interested.

use core::cell::UnsafeCell;
use core::fmt;
use core::hint;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicU8, Ordering};
use core::task::Waker;
use core::time::Duration;

use atomic_waker::AtomicWaker;
use windows_sys::Win32::Foundation::{STATUS_INSUFFICIENT_RESOURCES, STATUS_MORE_PROCESSING_REQUIRED, STATUS_SUCCESS};

use crate::event::{self, Event};
use crate::kernel::{self, CompletionRoutine, DEVICE_OBJECT, IRP, KEVENT};
use crate::{Irql, NtStatus, Passive, pool, types};

mod sealed {
    /// What dropping a request of a state means.
    pub trait State {
        /// Whether an operation may still be going on.
        const IN_FLIGHT: bool;
        /// Whether there is, or will be, an outcome.
        const HAS_OUTCOME: bool;
    }
}
use sealed::State;

/// Nothing is going on: the request may be started.
#[derive(Debug)]
pub enum Idle {}
/// The operation is going on, or its outcome has not been looked at.
#[derive(Debug)]
pub enum InFlight {}
/// The operation is over.
#[derive(Debug)]
pub enum Completed {}

impl State for Idle {
    const IN_FLIGHT: bool = false;
    const HAS_OUTCOME: bool = false;
}
impl State for InFlight {
    const IN_FLIGHT: bool = true;
    const HAS_OUTCOME: bool = true;
}
impl State for Completed {
    const IN_FLIGHT: bool = false;
    const HAS_OUTCOME: bool = true;
}

/// Nobody has completed the IRP yet, and its owner is there.
const OWNED: u8 = 0;
/// The completion routine is through with the block.
const DONE: u8 = 1;
/// The owner has let go: the completion routine frees the block.
const ABANDONED: u8 = 2;
/// The completion routine has come and will be through with the block in a few instructions.
const COMPLETING: u8 = 3;

/// SL_INVOKE_ON_CANCEL, SL_INVOKE_ON_SUCCESS and SL_INVOKE_ON_ERROR: the routine is called in every case.
const INVOKE_ALWAYS: u8 = 0x20 | 0x40 | 0x80;

/// What stands in non-paged memory as long as the operation may touch it.
struct Block<P> {
    event: UnsafeCell<KEVENT>,
    irp: *mut IRP,
    state: AtomicU8,
    waker: AtomicWaker,
    /// What becomes of the payload, and of the outcome, if nobody asks for it.
    abandon: fn(P, NtStatus, usize),
    payload: P,
}

/// An IRP with the payload of its operation.
///
/// Dropping it is harmless in every state: while the operation is going on, the IRP and the payload are left to its completion
/// routine, which frees them.
///
/// ```compile_fail
/// # use wsk_runtime::{Idle, Request};
/// fn outcome(request: Request<Idle>) {
///     let _ = request.status(); // nothing has been started: there is no outcome
/// }
/// ```
/// ```compile_fail
/// # use wsk_runtime::{Dispatch, InFlight, Irql, Request};
/// fn wait(request: Request<InFlight>, irql: &Irql<Dispatch>) {
///     let _ = request.wait(irql, None); // waiting needs PASSIVE_LEVEL
/// }
/// ```
#[must_use = "a request that is dropped is an operation whose outcome nobody learns"]
pub struct Request<S: State, P: Send + 'static = ()> {
    block: NonNull<Block<P>>,
    state: PhantomData<S>,
}

// SAFETY: the block is reached by its owner and by the completion routine only, which take turns by `state`; the payload may be
// sent, for the completion routine may drop it on any thread.
unsafe impl<S: State, P: Send + 'static> Send for Request<S, P> {}

impl<P: Send + 'static> Request<Idle, P> {
    /// Allocates an IRP with one stack location, and takes a payload. At DISPATCH_LEVEL or below.
    ///
    /// # Errors
    /// STATUS_INSUFFICIENT_RESOURCES, with the payload, if there is no memory.
    pub fn new(payload: P) -> Result<Self, (NtStatus, P)> {
        Self::with_abandon(payload, |payload, _, _| drop(payload))
    }

    /// As [`Request::new`], with something else to be done than to drop the payload when the operation is over and nobody asks
    /// for its outcome: a socket that nobody takes must be closed. It is given the status and the information of the outcome, at
    /// DISPATCH_LEVEL or below, on any thread.
    ///
    /// # Errors
    /// As [`Request::new`].
    pub fn with_abandon(payload: P, abandon: fn(P, NtStatus, usize)) -> Result<Self, (NtStatus, P)> {
        // The pool aligns to two pointers.
        const { assert!(align_of::<Block<P>>() <= 2 * size_of::<usize>(), "the payload is aligned more strictly than pool memory") };
        let block = match pool::allocate(size_of::<Block<P>>()) {
            Ok(block) => block.cast::<Block<P>>(),
            Err(status) => return Err((status, payload)),
        };
        // SAFETY: one stack location is what WSK asks for; no quota is charged to a process.
        let irp = unsafe { kernel::IoAllocateIrp(1, 0) };
        if irp.is_null() {
            // SAFETY: allocated above, and nothing refers to it.
            unsafe { pool::free(block.cast()) };
            return Err((NtStatus(STATUS_INSUFFICIENT_RESOURCES), payload));
        }
        let event = UnsafeCell::new(event::zeroed());
        // SAFETY: the memory has the size and alignment of a block and is nobody else's.
        unsafe { block.write(Block { event, irp, state: AtomicU8::new(OWNED), waker: AtomicWaker::new(), abandon, payload }) };
        // SAFETY: the event will not move any more, and nobody waits for it.
        unsafe { event::initialise(block.as_ref().event.get()) };
        Ok(Self { block, state: PhantomData })
    }

    /// Hands the IRP to an operation, along with the payload.
    ///
    /// `start` passes the IRP on and gives what the operation returned, or an error of its own without having passed it on. The
    /// payload does not move before the operation is over.
    ///
    /// # Errors
    /// What `start` gave, with the request as it was.
    ///
    /// # Safety
    /// If `start` gives `Ok`, it has passed the IRP to exactly one function that completes it exactly once, now or later,
    /// whatever the function returned; if it gives `Err`, to none. Whatever of the payload the function was given is valid as
    /// long as the payload is neither moved nor dropped.
    pub unsafe fn start<E>(
        self,
        start: impl FnOnce(*mut IRP, &mut P) -> Result<NtStatus, E>,
    ) -> Result<(NtStatus, Request<InFlight, P>), (E, Self)> {
        let block = self.block;
        // SAFETY: the request is idle, so the block is this function's alone.
        let fields = unsafe { &mut *block.as_ptr() };
        // SAFETY: the IRP was allocated with one stack location and is not in use.
        unsafe { arm(fields.irp, completed::<P>, block.as_ptr().cast()) };
        match start(fields.irp, &mut fields.payload) {
            Ok(status) => Ok((status, self.turn())),
            Err(error) => Err((error, self)),
        }
    }
}

impl<P: Send + 'static> Request<InFlight, P> {
    /// Waits until the operation is over, or for so long.
    ///
    /// # Errors
    /// The request, if the time has run out; the operation goes on.
    pub fn wait(self, irql: &Irql<Passive>, timeout: Option<Duration>) -> Result<Request<Completed, P>, Self> {
        let _ = irql;
        // SAFETY: the event is initialised and stays where it is as long as the request is there; the token shows a level at
        // which a thread may wait.
        let is_over = unsafe { event::wait_for(self.shared().event.get(), timeout) };
        self.after_waiting(is_over)
    }

    /// Waits until the operation is over, unless an event is set, or for so long.
    ///
    /// # Errors
    /// The request, if the event is set or the time has run out; the operation goes on.
    pub fn wait_unless(
        self,
        irql: &Irql<Passive>,
        stop: &Event,
        timeout: Option<Duration>,
    ) -> Result<Request<Completed, P>, Self> {
        let _ = irql;
        // SAFETY: as above, and the other event is borrowed.
        let is_over = unsafe { event::wait_for_unless(self.shared().event.get(), stop.as_ptr(), timeout) };
        self.after_waiting(is_over)
    }

    fn after_waiting(self, is_over: bool) -> Result<Request<Completed, P>, Self> {
        if !is_over {
            return Err(self);
        }
        // The completion routine signals the event before its last look at the block, which is a few instructions away.
        self.shared().until_done();
        Ok(self.turn())
    }

    /// Looks whether the operation is over. At DISPATCH_LEVEL or below.
    ///
    /// # Errors
    /// The request, if it is not.
    pub fn poll(self) -> Result<Request<Completed, P>, Self> {
        if self.is_over() { Ok(self.turn()) } else { Err(self) }
    }

    /// Whether the operation is over. At DISPATCH_LEVEL or below.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let shared = self.shared();
        match shared.state.load(Ordering::Acquire) {
            OWNED => false,
            _ => {
                shared.until_done();
                true
            }
        }
    }

    /// Has a waker called when the operation is over; of several, the last. At DISPATCH_LEVEL or below.
    pub fn wake(&self, waker: &Waker) {
        // SAFETY: the block lives as long as the request, and this field is made to be shared.
        unsafe { (*self.block.as_ptr()).waker.register(waker) };
    }

    /// Asks for the operation to be cancelled; it is over only when it has been completed. At DISPATCH_LEVEL or below.
    pub fn cancel(&self) {
        // SAFETY: the IRP is not freed before this request is dropped or has become another.
        unsafe { kernel::IoCancelIrp(self.shared().irp) };
    }
}

impl<P: Send + 'static> Request<Completed, P> {
    /// The outcome: `IoStatus.Status`.
    pub fn status(&self) -> NtStatus {
        // SAFETY: the operation is over, so nobody writes to the IRP; every completion sets the status.
        NtStatus(unsafe { *types::io_status(self.shared().irp) })
    }

    /// More about the outcome: `IoStatus.Information`, such as the number of bytes, or a socket.
    #[must_use]
    pub fn information(&self) -> usize {
        // SAFETY: the operation is over, so nobody writes to the IRP.
        unsafe { types::information(self.shared().irp) }
    }

    /// The same IRP, as good as new.
    pub fn reuse(self) -> Request<Idle, P> {
        let shared = self.shared();
        // SAFETY: the operation is over and its IRP was never given away; nobody waits for the event.
        unsafe {
            kernel::IoReuseIrp(shared.irp, STATUS_SUCCESS);
            kernel::KeClearEvent(shared.event.get());
        }
        shared.state.store(OWNED, Ordering::Relaxed);
        self.turn()
    }

    /// Frees the IRP and gives the payload back.
    pub fn into_payload(self) -> P {
        let this = ManuallyDrop::new(self);
        // SAFETY: the operation is over, so the block belongs to this value, which is not dropped.
        unsafe { release(this.block) }
    }
}

impl<P: Send + 'static> Request<Idle, P> {
    /// Frees the IRP and gives the payload back.
    pub fn into_payload(self) -> P {
        let this = ManuallyDrop::new(self);
        // SAFETY: nothing has been started, so the block belongs to this value, which is not dropped.
        unsafe { release(this.block) }
    }

    /// What the operation will work on.
    pub fn payload(&mut self) -> &mut P {
        // SAFETY: nothing is going on, so the block belongs to this value, which is borrowed mutably.
        unsafe { &mut (*self.block.as_ptr()).payload }
    }
}

impl<P: Send + 'static> Request<Completed, P> {
    /// What the operation has worked on.
    pub fn payload(&mut self) -> &mut P {
        // SAFETY: the operation is over, so the block belongs to this value, which is borrowed mutably.
        unsafe { &mut (*self.block.as_ptr()).payload }
    }
}

impl<S: State, P: Send + 'static> Request<S, P> {
    /// The block without its payload, which is all that may be looked at while an operation is going on.
    fn shared(&self) -> Shared<'_> {
        // SAFETY: the block lives as long as the request; these fields are written only while nothing is going on, or are made
        // to be shared.
        unsafe {
            let block = self.block.as_ptr();
            Shared { event: &(*block).event, irp: (*block).irp, state: &(*block).state }
        }
    }

    fn turn<T: State>(self) -> Request<T, P> {
        let this = ManuallyDrop::new(self);
        Request { block: this.block, state: PhantomData }
    }
}

struct Shared<'a> {
    event: &'a UnsafeCell<KEVENT>,
    irp: *mut IRP,
    state: &'a AtomicU8,
}

impl Shared<'_> {
    /// Waits for the completion routine, which has come, to be through with the block.
    fn until_done(&self) {
        while self.state.load(Ordering::Acquire) != DONE {
            hint::spin_loop();
        }
    }
}

impl<S: State, P: Send + 'static> Drop for Request<S, P> {
    fn drop(&mut self) {
        if S::IN_FLIGHT {
            let shared = self.shared();
            if shared.state.compare_exchange(OWNED, ABANDONED, Ordering::AcqRel, Ordering::Acquire).is_ok() {
                // The completion routine has not come yet; it frees the block.
                return;
            }
            shared.until_done();
        }
        // SAFETY: nothing is going on, or the completion routine is through, so the block belongs to this value. Of an operation
        // that has not begun there is no outcome.
        unsafe {
            if S::HAS_OUTCOME {
                abandon(self.block);
            } else {
                drop(release(self.block));
            }
        }
    }
}

impl<S: State, P: Send + 'static> fmt::Debug for Request<S, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("irp", &self.shared().irp).field("in_flight", &S::IN_FLIGHT).finish()
    }
}

/// Frees the IRP and the block, and gives the payload.
///
/// # Safety
/// Nothing else refers to the block, and its IRP is in nobody's hands.
unsafe fn release<P>(block: NonNull<Block<P>>) -> P {
    // SAFETY: the caller gives the block up, so its fields may be moved out of it.
    let fields = unsafe { block.read() };
    // SAFETY: allocated by `Request::new`.
    unsafe {
        kernel::IoFreeIrp(fields.irp);
        pool::free(block.cast());
    }
    fields.payload
}

/// Frees the IRP and the block, and has done with the payload what is to be done if nobody asks for the outcome.
///
/// # Safety
/// As [`release`], and the operation is over.
unsafe fn abandon<P>(block: NonNull<Block<P>>) {
    // SAFETY: the caller gives the block up; the IRP has an outcome.
    unsafe {
        let Block { irp, abandon, .. } = block.as_ref();
        let (status, information) = (NtStatus(*types::io_status(*irp)), types::information(*irp));
        let abandon = *abandon;
        abandon(release(block), status, information);
    }
}

/// Sets the completion routine of the next stack location, as the macro IoSetCompletionRoutine does.
///
/// # Safety
/// The IRP has a next stack location and is not in use; `context` is what the routine expects.
unsafe fn arm(irp: *mut IRP, routine: CompletionRoutine, context: *mut core::ffi::c_void) {
    // SAFETY: the caller vouches for the next stack location, which is the one before the current.
    let next = unsafe { &mut *(*types::current_stack_location(irp)).sub(1) };
    next.CompletionRoutine = types::completion_routine(routine);
    next.Context = context;
    next.Control = INVOKE_ALWAYS;
}

/// Called when the IRP is completed, at DISPATCH_LEVEL or below, on any thread.
///
/// STATUS_MORE_PROCESSING_REQUIRED leaves the IRP to its owner.
unsafe extern "system" fn completed<P: Send + 'static>(
    _: *mut DEVICE_OBJECT,
    _: *mut IRP,
    context: *mut core::ffi::c_void,
) -> i32 {
    // SAFETY: `start` armed the IRP with a block of this type, which is freed by its owner only after DONE, and else below.
    unsafe {
        let block = NonNull::new_unchecked(context.cast::<Block<P>>());
        kernel::KeSetEvent((*block.as_ptr()).event.get(), 0, 0);
        if (*block.as_ptr()).state.swap(COMPLETING, Ordering::AcqRel) == ABANDONED {
            abandon(block);
        } else {
            // A waker that comes after this finds the operation over; one that came before is called when the block is let go.
            let waker = (*block.as_ptr()).waker.take();
            (*block.as_ptr()).state.store(DONE, Ordering::Release);
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }
    STATUS_MORE_PROCESSING_REQUIRED
}
