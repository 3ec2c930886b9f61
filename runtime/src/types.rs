//! Where kernel types come from: `windows-sys`, or, with the feature of that name, `wdk-sys`, so that a driver on it passes its own
//! pointers. What the two call differently is reached through the functions here.

#[cfg(not(feature = "wdk-sys"))]
mod source {
    pub use windows_sys::Wdk::Foundation::{DEVICE_OBJECT, IO_STACK_LOCATION, IRP, KEVENT, MDL};
    pub use windows_sys::Win32::Foundation::UNICODE_STRING;

    use super::CompletionRoutine;

    pub(crate) unsafe fn current_stack_location(irp: *mut IRP) -> *mut *mut IO_STACK_LOCATION {
        // SAFETY: the caller vouches for the IRP.
        unsafe { &raw mut (*irp).Tail.Overlay.Anonymous2.Anonymous.CurrentStackLocation }
    }

    pub(crate) unsafe fn io_status(irp: *mut IRP) -> *mut i32 {
        // SAFETY: as above.
        unsafe { &raw mut (*irp).IoStatus.Anonymous.Status }
    }

    pub(crate) unsafe fn information(irp: *mut IRP) -> usize {
        // SAFETY: as above.
        unsafe { (*irp).IoStatus.Information }
    }

    pub(crate) fn completion_routine(routine: CompletionRoutine) -> Option<unsafe extern "system" fn() -> i32> {
        // SAFETY: windows-sys gives the type of the routine without its parameters; the kernel calls it with these.
        Some(unsafe { core::mem::transmute::<CompletionRoutine, unsafe extern "system" fn() -> i32>(routine) })
    }
}

#[cfg(feature = "wdk-sys")]
mod source {
    pub use wdk_sys::{DEVICE_OBJECT, IO_STACK_LOCATION, IRP, KEVENT, MDL, UNICODE_STRING};

    use super::CompletionRoutine;

    pub(crate) unsafe fn current_stack_location(irp: *mut IRP) -> *mut *mut IO_STACK_LOCATION {
        // SAFETY: the caller vouches for the IRP.
        unsafe { &raw mut (*irp).Tail.Overlay.__bindgen_anon_2.__bindgen_anon_1.CurrentStackLocation }
    }

    pub(crate) unsafe fn io_status(irp: *mut IRP) -> *mut i32 {
        // SAFETY: as above.
        unsafe { &raw mut (*irp).IoStatus.__bindgen_anon_1.Status }
    }

    pub(crate) unsafe fn information(irp: *mut IRP) -> usize {
        // SAFETY: as above. wdk-sys has ULONG_PTR as 64 bits, which it is on the targets that it has.
        unsafe { (*irp).IoStatus.Information as usize }
    }

    pub(crate) fn completion_routine(routine: CompletionRoutine) -> wdk_sys::PIO_COMPLETION_ROUTINE {
        // SAFETY: wdk-sys writes the convention as "C", which on the targets that it has is the one of the system.
        Some(unsafe {
            core::mem::transmute::<
                CompletionRoutine,
                unsafe extern "C" fn(*mut DEVICE_OBJECT, *mut IRP, *mut core::ffi::c_void) -> i32,
            >(routine)
        })
    }
}

pub use source::{DEVICE_OBJECT, IO_STACK_LOCATION, IRP, KEVENT, MDL, UNICODE_STRING};
pub(crate) use source::{completion_routine, current_stack_location, information, io_status};

/// A completion routine.
pub type CompletionRoutine =
    unsafe extern "system" fn(device: *mut DEVICE_OBJECT, irp: *mut IRP, context: *mut core::ffi::c_void) -> i32;
