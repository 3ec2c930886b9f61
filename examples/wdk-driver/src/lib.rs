//! A driver on `wdk-sys`, to which `wsk` was added with its feature `wdk-sys`: kernel types are those of `wdk-sys` everywhere, so that
//! an IRP of the driver's own is passed to `wsk` as it is.
//!
//! When it is loaded it makes two sockets and closes them: one by a safe operation, one with an IRP of its own.
#![no_std]

use core::mem::zeroed;
use core::ptr::{from_mut, null_mut};

use wdk_sys::ntddk::{DbgPrint, IoAllocateIrp, IoFreeIrp, KeInitializeEvent, KeSetEvent, KeWaitForSingleObject};
use wdk_sys::{
    DRIVER_OBJECT, KEVENT, NTSTATUS, PCUNICODE_STRING, PDEVICE_OBJECT, PDRIVER_OBJECT, PIRP, PVOID, SL_INVOKE_ON_CANCEL,
    SL_INVOKE_ON_ERROR, SL_INVOKE_ON_SUCCESS, STATUS_INSUFFICIENT_RESOURCES, STATUS_SUCCESS, STATUS_UNSUCCESSFUL,
};
use wsk::sys::MAKE_WSK_VERSION;
use wsk::*;

const AF_INET: u16 = 2;
const IPPROTO_TCP: u32 = 6;

/// Leaves an IRP that is completed to the driver: STATUS_MORE_PROCESSING_REQUIRED.
const MORE_PROCESSING_REQUIRED: NTSTATUS = 0xC000_0016_u32.cast_signed();

static CLIENT: ClientCallbacks<()> = ClientCallbacks::new(MAKE_WSK_VERSION(1, 0));

/// The kernel calls this when the driver is loaded.
///
/// # Safety
/// The arguments are those of a driver's entry.
#[unsafe(export_name = "DriverEntry")]
pub unsafe extern "system" fn driver_entry(driver: &mut DRIVER_OBJECT, _registry_path: PCUNICODE_STRING) -> NTSTATUS {
    driver.DriverUnload = Some(unload);
    let Some(irql) = Irql::current() else { return STATUS_UNSUCCESSFUL };
    match two_sockets(&irql) {
        Ok(()) => STATUS_SUCCESS,
        Err(status) => status.0,
    }
}

/// Nothing is left when the driver's entry has returned, so that there is nothing to do.
unsafe extern "C" fn unload(_driver: PDRIVER_OBJECT) {}

fn two_sockets(irql: &Irql<Passive>) -> Result<(), NtStatus> {
    let registration = Registration::register_with_callbacks(irql, &(), &CLIENT).map_err(NtStatus::from)?;
    let provider =
        registration.capture_provider_npi(irql, CaptureProviderNpiWaitTimeout::INFINITE_WAIT).map_err(NtStatus::from)?;

    let making = provider.start_socket::<kind::Connection, _>(irql, AF_INET, SocketType::Stream, IPPROTO_TCP);
    let made = making.map_err(|_| NtStatus(STATUS_INSUFFICIENT_RESOURCES))?.wait(irql, None);
    report(c"a safe operation made a socket: %08x\n", made.map_or(STATUS_UNSUCCESSFUL, |made| made.status.status().0));

    let own = OwnIrp::new().ok_or(NtStatus(STATUS_INSUFFICIENT_RESOURCES))?;
    let (stream, tcp) = (SocketType::Stream, IPPROTO_TCP);
    // SAFETY: the IRP is passed to WskSocket, which completes it; the provider is captured, and there is nothing else to keep.
    let made = unsafe {
        own.run(irql, |irp| {
            provider.socket::<kind::Connection, _>(irql, AF_INET, stream, tcp, None, None, None, None, None, irp).status()
        })
    };
    report(c"an IRP of the driver's own made a socket: %08x\n", made.map_or_else(|status| status, |_| STATUS_SUCCESS));
    if let Some(raw) = made.ok().and_then(|information| core::ptr::NonNull::new(information as *mut sys::WSK_SOCKET)) {
        let own = OwnIrp::new().ok_or(NtStatus(STATUS_INSUFFICIENT_RESOURCES))?;
        // SAFETY: on success the information is a socket of the kind that was asked for, and nobody else uses it; the IRP as above.
        let closed = unsafe { own.run(irql, |irp| Socket::<kind::Connection>::from_raw(raw).close_socket(irql, irp).status()) };
        report(c"and closed it: %08x\n", closed.map_or_else(|status| status, |_| STATUS_SUCCESS));
    }
    Ok(())
}

/// An IRP as a driver in C has it: with a completion routine that sets an event.
struct OwnIrp(PIRP);

impl OwnIrp {
    fn new() -> Option<Self> {
        // SAFETY: one stack location is what WSK asks for; no quota is charged.
        let irp = unsafe { IoAllocateIrp(1, 0) };
        (!irp.is_null()).then_some(Self(irp))
    }

    /// Hands the IRP to a function that completes it, and waits until that has happened. Gives `IoStatus.Information`, or the status
    /// of the failure.
    ///
    /// # Safety
    /// `call` passes the IRP to exactly one function that completes it, whatever it returns.
    unsafe fn run(self, _irql: &Irql<Passive>, call: impl FnOnce(PIRP) -> NtStatus) -> Result<usize, NTSTATUS> {
        // SAFETY: an event of zeroes is only memory, which is initialised next.
        let mut event: KEVENT = unsafe { zeroed() };
        // SAFETY: the event does not move before the wait is over; the stack location below the current one is there, for the IRP was
        // made with one; the token shows a level at which a thread may wait.
        unsafe {
            KeInitializeEvent(&mut event, wdk_sys::_EVENT_TYPE::NotificationEvent, 0);
            let next = &mut *(*self.0).Tail.Overlay.__bindgen_anon_2.__bindgen_anon_1.CurrentStackLocation.sub(1);
            next.CompletionRoutine = Some(set_event);
            next.Context = from_mut(&mut event).cast();
            next.Control = (SL_INVOKE_ON_SUCCESS | SL_INVOKE_ON_ERROR | SL_INVOKE_ON_CANCEL) as u8;
            // Pending or not, the IRP is completed with the outcome.
            let _ = call(self.0);
            let _ = KeWaitForSingleObject(
                from_mut(&mut event).cast(),
                wdk_sys::_KWAIT_REASON::Executive,
                wdk_sys::_MODE::KernelMode as i8,
                0,
                null_mut(),
            );
            let outcome = (*self.0).IoStatus;
            match outcome.__bindgen_anon_1.Status {
                STATUS_SUCCESS => Ok(outcome.Information as usize),
                failure => Err(failure),
            }
        }
    }
}

impl Drop for OwnIrp {
    fn drop(&mut self) {
        // SAFETY: the IRP was allocated by `new`, and `run` has waited for its completion.
        unsafe { IoFreeIrp(self.0) };
    }
}

unsafe extern "C" fn set_event(_device: PDEVICE_OBJECT, _irp: PIRP, context: PVOID) -> NTSTATUS {
    // SAFETY: `run` passed its event, which is there until this has set it.
    unsafe { KeSetEvent(context.cast(), 0, 0) };
    MORE_PROCESSING_REQUIRED
}

/// Prints a line with a number for a debugger.
fn report(format: &core::ffi::CStr, number: NTSTATUS) {
    // SAFETY: the formats above take one number.
    unsafe { DbgPrint(format.as_ptr(), number) };
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
