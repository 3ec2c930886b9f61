//! A thread that runs from the driver's entry until the driver is unloaded.

use core::ffi::c_void;
use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicPtr, Ordering};

use windows_sys::Wdk::Foundation::DRIVER_OBJECT;
use windows_sys::Win32::Foundation::{NTSTATUS, STATUS_INSUFFICIENT_RESOURCES, STATUS_SUCCESS, UNICODE_STRING};
use wsk::{Event, Irql, NonPagedBox, Passive, kernel};

use crate::Parameters;
use crate::kernel::{ObReferenceObjectByHandle, ObfDereferenceObject, PsCreateSystemThread, ZwClose};

/// THREAD_ALL_ACCESS.
const ALL_ACCESS: u32 = 0x1F_FFFF;
/// SYNCHRONIZE: what waiting for a thread takes.
const SYNCHRONIZE: u32 = 0x10_0000;

/// What the driver's thread is given.
#[derive(Debug)]
pub struct Driver {
    /// Set when the driver is being unloaded: the thread must end soon, for unloading waits for it.
    pub stop: Event,
    /// The parameters of the driver.
    pub parameters: Parameters,
    run: fn(Irql<Passive>, &Driver),
}

/// The thread of this driver, as long as it is loaded, and what it was given.
static THREAD: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());
static DRIVER: AtomicPtr<Driver> = AtomicPtr::new(ptr::null_mut());

/// Starts `run` on a thread of its own, with the token of its level, and has the driver's unloading end it. To be called once, by
/// `DriverEntry`, which returns what this gives.
///
/// # Safety
/// The arguments are those of `DriverEntry`.
pub unsafe fn run_until_unload(
    driver: &mut DRIVER_OBJECT,
    registry_path: &UNICODE_STRING,
    run: fn(Irql<Passive>, &Driver),
) -> NTSTATUS {
    let stop = match Event::new() {
        Ok(stop) => stop,
        Err(status) => return status.0,
    };
    // SAFETY: the caller vouches for the path.
    let parameters = unsafe { Parameters::open(registry_path) };
    let Ok(context) = NonPagedBox::new(Driver { stop, parameters, run }) else { return STATUS_INSUFFICIENT_RESOURCES };
    let context = context.into_raw();
    // SAFETY: the thread has the context until `unload` has waited for it.
    match unsafe { start(context) } {
        Ok(thread) => {
            DRIVER.store(context.as_ptr(), Ordering::Release);
            THREAD.store(thread, Ordering::Release);
            driver.DriverUnload = Some(unload);
            STATUS_SUCCESS
        }
        Err(status) => {
            // SAFETY: from `into_raw` above; there is no thread that has it.
            drop(unsafe { NonPagedBox::from_raw(context) });
            status
        }
    }
}

/// Starts the thread, and gives it as an object that can be waited for.
///
/// # Safety
/// The context stays until the thread has ended.
unsafe fn start(context: NonNull<Driver>) -> Result<*mut c_void, NTSTATUS> {
    let (mut handle, mut object) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: out parameters are there; the thread runs in the system's process; the caller vouches for the context.
    let status = unsafe {
        PsCreateSystemThread(
            &mut handle,
            ALL_ACCESS,
            ptr::null(),
            ptr::null_mut(),
            ptr::null_mut(),
            thread,
            context.as_ptr().cast(),
        )
    };
    if status != STATUS_SUCCESS {
        return Err(status);
    }
    // SAFETY: the handle is that of the thread, and closed once; an object of any type may be asked for in kernel mode, and a
    // handle that was just made for all access does not fail to give its object.
    unsafe {
        let status = ObReferenceObjectByHandle(handle, SYNCHRONIZE, ptr::null(), 0, &mut object, ptr::null_mut());
        assert!(status == STATUS_SUCCESS, "the thread that was just started cannot be referred to: {status:#x}");
        ZwClose(handle);
    }
    Ok(object)
}

unsafe extern "system" fn thread(context: *mut c_void) {
    // SAFETY: `start` passed the context, which stays until this thread has ended.
    let driver = unsafe { &*context.cast::<Driver>() };
    // A system thread begins at PASSIVE_LEVEL.
    if let Some(irql) = Irql::current() {
        (driver.run)(irql, driver);
    }
}

unsafe extern "system" fn unload(_: *const DRIVER_OBJECT) {
    let thread = THREAD.swap(ptr::null_mut(), Ordering::AcqRel);
    let Some(context) = NonNull::new(DRIVER.swap(ptr::null_mut(), Ordering::AcqRel)) else { return };
    // SAFETY: the context is there until it is dropped below; the thread's object is referred to, and unloading is at
    // PASSIVE_LEVEL, where a thread may wait; when the thread has ended, nobody else has the context.
    unsafe {
        context.as_ref().stop.set();
        kernel::KeWaitForSingleObject(thread, 0, 0, 0, ptr::null());
        ObfDereferenceObject(thread);
        drop(NonPagedBox::from_raw(context));
    }
}
