//! Operations: a request whose payload knows what its outcome means.

use core::convert::Infallible;
use core::fmt;
use core::future::{Future, IntoFuture};
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;

use windows_sys::Win32::Foundation::STATUS_NOT_SUPPORTED;

use crate::{Completed, Event, Idle, InFlight, Irql, NtStatus, Passive, Request, Unavailable};

/// What an operation works on, and what comes of it.
pub trait Payload: Send + Sized + 'static {
    /// The outcome; `'a` is how long what it refers to is there.
    type Outcome<'a>;

    /// Makes the outcome of what the IRP says.
    ///
    /// # Safety
    /// Status and information are those with which the operation completed that worked on this payload, or the status is a failure
    /// and it was never started; what the outcome refers to is there for `'a`.
    unsafe fn finish<'a>(self, status: NtStatus, information: usize) -> Self::Outcome<'a>;
}

/// An operation that goes on, or is over without anybody having looked.
///
/// It owns its IRP and all that the IRP refers to. Wait for it, look whether it is over, or await it: it turns into a future. Dropping
/// it is harmless: the operation goes on, and what it owns is freed when it is over; what it has made, such as a socket, is closed.
#[must_use = "an operation that is dropped goes on, but nobody learns its outcome"]
pub struct Operation<'a, P: Payload> {
    request: Request<InFlight, P>,
    lifetime: PhantomData<&'a ()>,
}

impl<'a, P: Payload> Operation<'a, P> {
    /// Starts an operation. `start` passes the IRP on, or gives an error without having passed it on.
    ///
    /// # Errors
    /// [`NotStarted`], with the payload: there was no memory, or what `start` gave.
    ///
    /// # Safety
    /// As [`Request::start`]; and what the outcome refers to is there for `'a`.
    pub unsafe fn start(
        payload: P,
        start: impl FnOnce(*mut crate::kernel::IRP, &mut P) -> Result<NtStatus, Unavailable>,
    ) -> Result<Self, NotStarted<'a, P>> {
        let refused = |why, payload| NotStarted { why, payload, lifetime: PhantomData };
        let request = match Self::request(payload) {
            Ok(request) => request,
            Err((status, payload)) => return Err(refused(Refusal::NoMemory(status), payload)),
        };
        // SAFETY: the caller vouches for it. Whatever the function returned, the IRP is completed with the same.
        match unsafe { request.start(start) } {
            Ok((_, request)) => Ok(Self { request, lifetime: PhantomData }),
            Err((error, request)) => Err(refused(Refusal::Unavailable(error), request.into_payload())),
        }
    }

    /// A request for an operation that is to be started later, and must not fail then for want of memory.
    ///
    /// # Errors
    /// The status, with the payload, if there is no memory now.
    pub fn request(payload: P) -> Result<Request<Idle, P>, (NtStatus, P)> {
        Request::with_abandon(payload, |payload, status, information| {
            // SAFETY: these are status and information of the operation; the outcome is dropped at once.
            drop(unsafe { payload.finish(status, information) });
        })
    }

    /// Starts an operation on a request made before by [`Operation::request`]. `start` passes the IRP on.
    ///
    /// # Safety
    /// As [`Operation::start`].
    pub unsafe fn start_on(request: Request<Idle, P>, start: impl FnOnce(*mut crate::kernel::IRP, &mut P) -> NtStatus) -> Self {
        // SAFETY: the caller vouches for it.
        let Ok((_, request)) = unsafe { request.start(|irp, payload| Ok::<_, Infallible>(start(irp, payload))) };
        Self { request, lifetime: PhantomData }
    }

    /// Waits until the operation is over, or for so long.
    ///
    /// # Errors
    /// The operation, if the time has run out; it goes on.
    pub fn wait(self, irql: &Irql<Passive>, timeout: Option<Duration>) -> Result<P::Outcome<'a>, Self> {
        Self::outcome(self.request.wait(irql, timeout))
    }

    /// Waits until the operation is over, unless an event is set, or for so long: what a thread does that must stop when its driver
    /// is unloaded. The event has precedence, so that a peer that always has something to say does not keep the thread from stopping.
    ///
    /// # Errors
    /// The operation, if the event is set or the time has run out; it goes on, unless it is over already.
    pub fn wait_unless(self, irql: &Irql<Passive>, stop: &Event, timeout: Option<Duration>) -> Result<P::Outcome<'a>, Self> {
        Self::outcome(self.request.wait_unless(irql, stop, timeout))
    }

    /// Looks whether the operation is over. At DISPATCH_LEVEL or below.
    ///
    /// # Errors
    /// The operation, if it is not.
    pub fn try_finish(self) -> Result<P::Outcome<'a>, Self> {
        Self::outcome(self.request.poll())
    }

    /// Asks for the operation to be cancelled; it is over only when it has been completed. At DISPATCH_LEVEL or below.
    pub fn cancel(&self) {
        self.request.cancel();
    }

    /// The outcome of what is over.
    fn outcome(looked: Result<Request<Completed, P>, Request<InFlight, P>>) -> Result<P::Outcome<'a>, Self> {
        match looked {
            Ok(request) => {
                let (status, information) = (request.status(), request.information());
                // SAFETY: these are status and information of the operation; whoever started it vouched for the lifetime.
                Ok(unsafe { request.into_payload().finish(status, information) })
            }
            Err(request) => Err(Self { request, lifetime: PhantomData }),
        }
    }
}

impl<'a, P: Payload> IntoFuture for Operation<'a, P> {
    type Output = P::Outcome<'a>;
    type IntoFuture = OperationFuture<'a, P>;

    fn into_future(self) -> OperationFuture<'a, P> {
        OperationFuture { operation: Some(self) }
    }
}

/// An [`Operation`] that is awaited. It may be polled at DISPATCH_LEVEL or below; dropping it is dropping the operation.
///
/// As with any future, polling it again after it has given the outcome is a mistake, and panics.
#[must_use = "an operation that is dropped goes on, but nobody learns its outcome"]
#[derive(Debug)]
pub struct OperationFuture<'a, P: Payload> {
    /// Present until the outcome has been given out.
    operation: Option<Operation<'a, P>>,
}

impl<P: Payload> OperationFuture<'_, P> {
    /// Asks for the operation to be cancelled; it is over only when it has been completed. At DISPATCH_LEVEL or below.
    pub fn cancel(&self) {
        if let Some(operation) = &self.operation {
            operation.cancel();
        }
    }
}

// Nothing in it is pinned: the IRP and the payload have a place of their own.
impl<P: Payload> Unpin for OperationFuture<'_, P> {}

impl<'a, P: Payload> Future for OperationFuture<'a, P> {
    type Output = P::Outcome<'a>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<P::Outcome<'a>> {
        let operation = self.operation.take().expect("the outcome has been given out already");
        // First the waker, then the look: completion between the two is not missed.
        operation.request.wake(context.waker());
        match operation.try_finish() {
            Ok(outcome) => Poll::Ready(outcome),
            Err(operation) => {
                self.operation = Some(operation);
                Poll::Pending
            }
        }
    }
}

impl<P: Payload> fmt::Debug for Operation<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operation").field("request", &self.request).finish()
    }
}

/// An operation that was not started.
pub struct NotStarted<'a, P: Payload> {
    why: Refusal,
    payload: P,
    lifetime: PhantomData<&'a ()>,
}

impl<'a, P: Payload> NotStarted<'a, P> {
    /// Why it was not started.
    #[must_use]
    pub fn why(&self) -> Refusal {
        self.why
    }

    /// What it would have worked on, as the outcome of an operation that failed: nothing is lost. The status is that of the want of
    /// memory, or STATUS_NOT_SUPPORTED.
    pub fn into_outcome(self) -> P::Outcome<'a> {
        let status = match self.why {
            Refusal::NoMemory(status) => status,
            Refusal::Unavailable(_) => NtStatus(STATUS_NOT_SUPPORTED),
        };
        // SAFETY: it was never started, and the status is a failure.
        unsafe { self.payload.finish(status, 0) }
    }
}

impl<P: Payload> fmt::Debug for NotStarted<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotStarted").field("why", &self.why).finish_non_exhaustive()
    }
}

impl<P: Payload> core::error::Error for NotStarted<'_, P> {}

/// Why an operation was not started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There was no memory; the status says so.
    NoMemory(NtStatus),
    /// This version of Windows does not have the function.
    Unavailable(Unavailable),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMemory(status) => write!(f, "the operation was not started: {status}"),
            Self::Unavailable(unavailable) => unavailable.fmt(f),
        }
    }
}

impl<P: Payload> fmt::Display for NotStarted<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.why.fmt(f)
    }
}
