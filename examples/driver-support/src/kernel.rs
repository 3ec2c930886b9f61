//! The functions of ntoskrnl that this crate calls, as the driver kit declares them.

use core::ffi::{c_char, c_void};

use windows_sys::Wdk::Foundation::OBJECT_ATTRIBUTES;
use windows_sys::Win32::Foundation::{HANDLE, NTSTATUS, UNICODE_STRING};

#[cfg_attr(
    target_arch = "x86",
    link(name = "ntoskrnl.exe", kind = "raw-dylib", modifiers = "+verbatim", import_name_type = "undecorated")
)]
#[cfg_attr(all(windows, not(target_arch = "x86")), link(name = "ntoskrnl.exe", kind = "raw-dylib", modifiers = "+verbatim"))]
unsafe extern "system" {
    pub(crate) fn PsCreateSystemThread(
        ThreadHandle: *mut HANDLE,
        DesiredAccess: u32,
        ObjectAttributes: *const OBJECT_ATTRIBUTES,
        ProcessHandle: HANDLE,
        ClientId: *mut c_void,
        StartRoutine: unsafe extern "system" fn(*mut c_void),
        StartContext: *mut c_void,
    ) -> NTSTATUS;
    pub(crate) fn ObReferenceObjectByHandle(
        Handle: HANDLE,
        DesiredAccess: u32,
        ObjectType: *const c_void,
        AccessMode: i8,
        Object: *mut *mut c_void,
        HandleInformation: *mut c_void,
    ) -> NTSTATUS;
    pub(crate) fn ZwClose(Handle: HANDLE) -> NTSTATUS;
    pub(crate) fn ZwOpenKey(KeyHandle: *mut HANDLE, DesiredAccess: u32, ObjectAttributes: *const OBJECT_ATTRIBUTES) -> NTSTATUS;
    pub(crate) fn ZwQueryValueKey(
        KeyHandle: HANDLE,
        ValueName: *const UNICODE_STRING,
        KeyValueInformationClass: i32,
        KeyValueInformation: *mut c_void,
        Length: u32,
        ResultLength: *mut u32,
    ) -> NTSTATUS;
    pub(crate) fn KeBugCheckEx(BugCheckCode: u32, P1: usize, P2: usize, P3: usize, P4: usize) -> !;
}

#[cfg_attr(
    target_arch = "x86",
    link(name = "ntoskrnl.exe", kind = "raw-dylib", modifiers = "+verbatim", import_name_type = "undecorated")
)]
#[cfg_attr(all(windows, not(target_arch = "x86")), link(name = "ntoskrnl.exe", kind = "raw-dylib", modifiers = "+verbatim"))]
unsafe extern "C" {
    pub(crate) fn DbgPrint(Format: *const c_char, ...) -> u32;
}

// The one function of this crate that takes its arguments in registers, on 32-bit x86.
#[cfg(target_arch = "x86")]
#[link(name = "ntoskrnl.exe", kind = "raw-dylib", modifiers = "+verbatim", import_name_type = "undecorated")]
unsafe extern "fastcall" {
    pub(crate) fn ObfDereferenceObject(Object: *mut c_void) -> isize;
}

#[cfg(not(target_arch = "x86"))]
#[cfg_attr(windows, link(name = "ntoskrnl.exe", kind = "raw-dylib", modifiers = "+verbatim"))]
unsafe extern "system" {
    pub(crate) fn ObfDereferenceObject(Object: *mut c_void) -> isize;
}
