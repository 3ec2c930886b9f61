//! Events: what threads wait for besides operations, such as the wish of somebody else that they stop.

use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::fmt;
use core::time::Duration;

use windows_sys::Win32::Foundation::STATUS_SUCCESS;

use crate::kernel::{self, KEVENT};
use crate::{Irql, NonPagedBox, NtStatus, Passive};

/// The type of an event that stays signalled until it is cleared: NotificationEvent.
const NOTIFICATION_EVENT: i32 = 0;
/// The wait is over when one of the objects is signalled: WaitAny.
const WAIT_ANY: i32 = 1;

/// A notification event: it is set once for all that wait for it, and stays set until it is cleared.
///
/// ```no_run
/// use core::time::Duration;
/// use wsk_runtime::{Event, Irql, NtStatus, Passive};
///
/// fn pause(irql: &Irql<Passive>, stop: &Event) -> bool {
///     stop.wait(irql, Some(Duration::from_secs(1)))
/// }
/// # fn main() -> Result<(), NtStatus> {
/// let stop = Event::new()?;
/// stop.set();
/// # Ok(())
/// # }
/// ```
pub struct Event {
    event: NonPagedBox<Signal>,
}

struct Signal(UnsafeCell<KEVENT>);

// SAFETY: the functions of the kernel, which alone touch an event, may be called on any thread.
unsafe impl Send for Signal {}
// SAFETY: as above.
unsafe impl Sync for Signal {}

impl Event {
    /// An event that is not set, in non-paged memory of its own. At DISPATCH_LEVEL or below.
    ///
    /// # Errors
    /// STATUS_INSUFFICIENT_RESOURCES if there is no memory.
    pub fn new() -> Result<Self, NtStatus> {
        let event = Signal(UnsafeCell::new(zeroed()));
        let event = NonPagedBox::new(event).map_err(|(status, _)| status)?;
        // SAFETY: the event will not move any more, and nobody waits for it.
        unsafe { initialise(event.0.get()) };
        Ok(Self { event })
    }

    /// Sets the event: all that wait for it go on. At DISPATCH_LEVEL or below.
    pub fn set(&self) {
        // SAFETY: the event is initialised; this does not wait, so the level may be DISPATCH_LEVEL.
        unsafe { kernel::KeSetEvent(self.as_ptr(), 0, 0) };
    }

    /// Makes the event not set again. At DISPATCH_LEVEL or below.
    pub fn clear(&self) {
        // SAFETY: the event is initialised.
        unsafe { kernel::KeClearEvent(self.as_ptr()) };
    }

    /// Whether the event is set. At DISPATCH_LEVEL or below.
    #[must_use]
    pub fn is_set(&self) -> bool {
        // SAFETY: the event is initialised; a wait of no time does not wait, so the level may be DISPATCH_LEVEL.
        unsafe { wait_for(self.as_ptr(), Some(Duration::ZERO)) }
    }

    /// Waits until the event is set, or for so long; tells whether it is.
    pub fn wait(&self, irql: &Irql<Passive>, timeout: Option<Duration>) -> bool {
        let _ = irql;
        // SAFETY: the event is initialised; the token shows a level at which a thread may wait.
        unsafe { wait_for(self.as_ptr(), timeout) }
    }

    /// Waits until this event is set, unless another one is set, or for so long; tells whether this one is and the other is not.
    pub fn wait_unless(&self, irql: &Irql<Passive>, stop: &Event, timeout: Option<Duration>) -> bool {
        let _ = irql;
        // SAFETY: both events are initialised; the token shows a level at which a thread may wait.
        unsafe { wait_for_unless(self.as_ptr(), stop.as_ptr(), timeout) }
    }

    pub(crate) fn as_ptr(&self) -> *mut KEVENT {
        self.event.0.get()
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event").field("is_set", &self.is_set()).finish()
    }
}

/// Memory for an event, which is [initialised](initialise) when it has found its place.
pub(crate) fn zeroed() -> KEVENT {
    // SAFETY: an event of zeroes is only memory.
    unsafe { core::mem::zeroed() }
}

/// Makes memory an event that stays signalled until it is cleared, and is not.
///
/// # Safety
/// The memory does not move any more, and nobody waits for it.
pub(crate) unsafe fn initialise(event: *mut KEVENT) {
    // SAFETY: the caller vouches for it.
    unsafe { kernel::KeInitializeEvent(event, NOTIFICATION_EVENT, 0) };
}

/// A time in units of 100 ns; negative means from now on.
fn units(timeout: Option<Duration>) -> Option<i64> {
    timeout.map(|t| -i64::try_from(t.as_nanos() / 100).unwrap_or(i64::MAX))
}

/// Waits for an event, or for so long; tells whether it is signalled. Executive, kernel mode, not alertable.
///
/// # Safety
/// The event is initialised, and there while this waits; the level is below DISPATCH_LEVEL unless the time is zero.
pub(crate) unsafe fn wait_for(event: *mut KEVENT, timeout: Option<Duration>) -> bool {
    let units = units(timeout);
    let units = units.as_ref().map_or(core::ptr::null(), core::ptr::from_ref);
    // SAFETY: the caller vouches for event and level.
    (unsafe { kernel::KeWaitForSingleObject(event.cast(), 0, 0, 0, units) }) == STATUS_SUCCESS
}

/// Waits for an event unless another one is set, or for so long; tells whether it is signalled and the other one is not.
///
/// # Safety
/// As [`wait_for`], for both.
pub(crate) unsafe fn wait_for_unless(event: *mut KEVENT, stop: *mut KEVENT, timeout: Option<Duration>) -> bool {
    /// The place of the event: of several that are signalled, the first counts.
    const EVENT: i32 = 1;
    let units = units(timeout);
    let units = units.as_ref().map_or(core::ptr::null(), core::ptr::from_ref);
    let objects: [*mut c_void; 2] = [stop.cast(), event.cast()];
    // SAFETY: the caller vouches for events and level; two objects need no wait blocks.
    let status =
        unsafe { kernel::KeWaitForMultipleObjects(2, objects.as_ptr(), WAIT_ANY, 0, 0, 0, units, core::ptr::null_mut()) };
    status == EVENT
}
