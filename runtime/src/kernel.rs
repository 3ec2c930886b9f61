//! The functions of ntoskrnl that the runtime stands on.
//!
//! On Windows they are imported. Elsewhere there is no kernel, and tests (and the in-process provider) supply one: a [`Kernel`],
//! [`install`]ed once. Signatures are those of the driver kit; BOOLEAN is a byte.

#![allow(non_snake_case, reason = "names are those of the kernel")]
#![allow(clippy::too_many_arguments, reason = "a function has the parameters that it has in the kernel")]

use core::ffi::c_void;

pub use crate::types::{CompletionRoutine, DEVICE_OBJECT, IO_STACK_LOCATION, IRP, KEVENT, MDL, UNICODE_STRING};

// The layouts of the 64-bit kernel, by which the routines below find their way through an IRP.
#[cfg(target_pointer_width = "64")]
const _: () = {
    const _: [(); 0xD0] = [(); size_of::<IRP>()];
    const _: [(); 0x48] = [(); size_of::<IO_STACK_LOCATION>()];
    const _: [(); 0x30] = [(); size_of::<MDL>()];
    const _: [(); 0x18] = [(); size_of::<KEVENT>()];
};

macro_rules! kernel_functions {
    ($($(#[$doc:meta])* fn $name:ident($($param:ident: $ty:ty),* $(,)?) $(-> $ret:ty)?;)*) => {
        #[cfg(windows)]
        #[cfg_attr(
            target_arch = "x86",
            link(name = "ntoskrnl.exe", kind = "raw-dylib", modifiers = "+verbatim", import_name_type = "undecorated")
        )]
        #[cfg_attr(not(target_arch = "x86"), link(name = "ntoskrnl.exe", kind = "raw-dylib", modifiers = "+verbatim"))]
        unsafe extern "system" {
            $($(#[$doc])* pub fn $name($($param: $ty),*) $(-> $ret)?;)*
        }

        /// A kernel for hosts that have none of their own.
        #[cfg(not(windows))]
        #[derive(Clone, Copy)]
        pub struct Kernel {
            $($(#[$doc])* pub $name: unsafe fn($($ty),*) $(-> $ret)?,)*
        }

        $(
            $(#[$doc])*
            ///
            /// # Safety
            /// As the driver kit documents it.
            #[cfg(not(windows))]
            pub unsafe fn $name($($param: $ty),*) $(-> $ret)? {
                // SAFETY: the caller upholds what the function demands, and whoever installed it supplied one of that name.
                unsafe { (installed().$name)($($param),*) }
            }
        )*
    };
}

kernel_functions! {
    /// Allocates an IRP with so many stack locations; null if there is no memory. At DISPATCH_LEVEL or below.
    fn IoAllocateIrp(StackSize: i8, ChargeQuota: u8) -> *mut IRP;
    /// Frees an IRP. At DISPATCH_LEVEL or below.
    fn IoFreeIrp(Irp: *mut IRP);
    /// Makes an IRP as good as new. At DISPATCH_LEVEL or below.
    fn IoReuseIrp(Irp: *mut IRP, Iostatus: i32);
    /// Asks for an IRP to be cancelled. At DISPATCH_LEVEL or below.
    fn IoCancelIrp(Irp: *mut IRP) -> u8;
    /// Allocates an MDL that describes a range of memory; null if there is no memory. At DISPATCH_LEVEL or below.
    fn IoAllocateMdl(VirtualAddress: *mut c_void, Length: u32, SecondaryBuffer: u8, ChargeQuota: u8, Irp: *mut IRP) -> *mut MDL;
    /// Frees an MDL. At DISPATCH_LEVEL or below.
    fn IoFreeMdl(Mdl: *mut MDL);
    /// Fills in the pages of an MDL that describes non-paged memory. At DISPATCH_LEVEL or below.
    fn MmBuildMdlForNonPagedPool(MemoryDescriptorList: *mut MDL);
    /// Maps the locked pages of an MDL; null if there is no room. At DISPATCH_LEVEL or below.
    fn MmMapLockedPagesSpecifyCache(
        MemoryDescriptorList: *mut MDL,
        AccessMode: i8,
        CacheType: i32,
        RequestedAddress: *mut c_void,
        BugCheckOnFailure: u32,
        Priority: u32
    ) -> *mut c_void;
    /// Allocates memory; null if there is none. For non-paged memory at DISPATCH_LEVEL or below.
    fn ExAllocatePoolWithTag(PoolType: i32, NumberOfBytes: usize, Tag: u32) -> *mut c_void;
    /// Frees memory. For non-paged memory at DISPATCH_LEVEL or below.
    fn ExFreePoolWithTag(P: *mut c_void, Tag: u32);
    /// Makes memory an event. At any level.
    fn KeInitializeEvent(Event: *mut KEVENT, Type: i32, State: u8);
    /// Signals an event. At DISPATCH_LEVEL or below if it is not to wait.
    fn KeSetEvent(Event: *mut KEVENT, Increment: i32, Wait: u8) -> i32;
    /// Makes an event not signalled. At DISPATCH_LEVEL or below.
    fn KeClearEvent(Event: *mut KEVENT);
    /// Waits for an object; below DISPATCH_LEVEL unless the time is zero. The time is in units of 100 ns, negative from now on.
    fn KeWaitForSingleObject(Object: *mut c_void, WaitReason: i32, WaitMode: i8, Alertable: u8, Timeout: *const i64) -> i32;
    /// Waits for one of several objects (WaitAny is 1), up to three without wait blocks, and gives the place of the first that is
    /// signalled; below DISPATCH_LEVEL unless the time is zero. The time is as above.
    fn KeWaitForMultipleObjects(
        Count: u32,
        Object: *const *mut c_void,
        WaitType: i32,
        WaitReason: i32,
        WaitMode: i8,
        Alertable: u8,
        Timeout: *const i64,
        WaitBlockArray: *mut c_void
    ) -> i32;
}

/// MDL_MAPPED_TO_SYSTEM_VA and MDL_SOURCE_IS_NONPAGED_POOL: the MDL has an address in system space already.
const HAS_SYSTEM_ADDRESS: i16 = 0x1 | 0x4;
/// KernelMode.
const KERNEL_MODE: i8 = 0;
/// MmCached.
const CACHED: i32 = 1;
/// NormalPagePriority with MdlMappingNoExecute.
const PRIORITY: u32 = 16 | 0x4000_0000;

/// The address in system space of what an MDL describes, as the macro MmGetSystemAddressForMdlSafe gives it; `None` if there is no
/// room to map it. At DISPATCH_LEVEL or below.
///
/// # Safety
/// The MDL is there and its pages are locked.
pub(crate) unsafe fn system_address(mdl: core::ptr::NonNull<MDL>) -> Option<core::ptr::NonNull<u8>> {
    let mdl = mdl.as_ptr();
    // SAFETY: the caller vouches for the MDL.
    let address = unsafe {
        if (*mdl).MdlFlags & HAS_SYSTEM_ADDRESS != 0 {
            (*mdl).MappedSystemVa
        } else {
            MmMapLockedPagesSpecifyCache(mdl, KERNEL_MODE, CACHED, core::ptr::null_mut(), 0, PRIORITY)
        }
    };
    core::ptr::NonNull::new(address.cast())
}

/// The current level, 0 to 15 (on 32-bit x86 to 31).
#[cfg(all(windows, target_arch = "x86_64"))]
#[inline]
#[must_use]
pub fn current_irql() -> u8 {
    let level: u64;
    // SAFETY: CR8 holds the level; kernel code may read it, and reading it changes nothing.
    unsafe { core::arch::asm!("mov {}, cr8", out(reg) level, options(nomem, nostack, preserves_flags)) };
    // The register has four bits.
    (level & 0xF) as u8
}

/// Where every process and the kernel can read facts about the system: KUSER_SHARED_DATA, which the driver kit documents along
/// with its address.
#[cfg(windows)]
const SHARED_DATA: usize = if cfg!(target_pointer_width = "64") { 0xFFFF_F780_0000_0000_u64 as usize } else { 0xFFDF_0000 };

/// The number of this system's build.
///
/// Before Windows 10 the shared data has only the version, to which the build of its first release belongs.
#[cfg(windows)]
#[must_use]
pub fn windows_build() -> u32 {
    // SAFETY: the page is always mapped, readable at any level, and these offsets have not changed since they are there.
    let word = |offset: usize| unsafe { ((SHARED_DATA + offset) as *const u32).read_volatile() };
    match (word(0x26C), word(0x270)) {
        (10.., _) => word(0x260) & 0xFFFF,
        (6, 3..) => 9600,
        (6, 2) => 9200,
        (6, 1) => 7600,
        (6, 0) => 6000,
        _ => 0,
    }
}

#[cfg(all(windows, not(target_arch = "x86_64")))]
mod level {
    #[cfg_attr(
        target_arch = "x86",
        link(name = "hal.dll", kind = "raw-dylib", modifiers = "+verbatim", import_name_type = "undecorated")
    )]
    #[cfg_attr(not(target_arch = "x86"), link(name = "ntoskrnl.exe", kind = "raw-dylib", modifiers = "+verbatim"))]
    unsafe extern "system" {
        pub(super) fn KeGetCurrentIrql() -> u8;
    }
}

/// The current level.
#[cfg(all(windows, not(target_arch = "x86_64")))]
#[inline]
#[must_use]
pub fn current_irql() -> u8 {
    // SAFETY: the function takes nothing and changes nothing.
    unsafe { level::KeGetCurrentIrql() }
}

#[cfg(all(windows, not(target_arch = "x86")))]
mod spin {
    #[link(name = "ntoskrnl.exe", kind = "raw-dylib", modifiers = "+verbatim")]
    unsafe extern "system" {
        pub(super) fn KeAcquireSpinLockRaiseToDpc(SpinLock: *mut usize) -> u8;
        pub(super) fn KeReleaseSpinLock(SpinLock: *mut usize, NewIrql: u8);
    }
}

#[cfg(all(windows, target_arch = "x86"))]
mod spin {
    #[link(name = "hal.dll", kind = "raw-dylib", modifiers = "+verbatim", import_name_type = "undecorated")]
    unsafe extern "fastcall" {
        pub(super) fn KfAcquireSpinLock(SpinLock: *mut usize) -> u8;
        pub(super) fn KfReleaseSpinLock(SpinLock: *mut usize, NewIrql: u8);
    }
}

/// Raises to DISPATCH_LEVEL, takes a spin lock and gives the level from before.
///
/// # Safety
/// The lock is initialised (zero) or in use as a spin lock, and not held by this processor; the level is DISPATCH_LEVEL or below.
#[cfg(windows)]
pub(crate) unsafe fn acquire_spin_lock(lock: *mut usize) -> u8 {
    // SAFETY: the caller upholds what the function demands.
    unsafe {
        #[cfg(not(target_arch = "x86"))]
        return spin::KeAcquireSpinLockRaiseToDpc(lock);
        #[cfg(target_arch = "x86")]
        return spin::KfAcquireSpinLock(lock);
    }
}

/// Releases a spin lock and goes back to a level.
///
/// # Safety
/// This processor holds the lock, and `level` is what [`acquire_spin_lock`] gave for it.
#[cfg(windows)]
pub(crate) unsafe fn release_spin_lock(lock: *mut usize, level: u8) {
    // SAFETY: the caller upholds what the function demands.
    unsafe {
        #[cfg(not(target_arch = "x86"))]
        spin::KeReleaseSpinLock(lock, level);
        #[cfg(target_arch = "x86")]
        spin::KfReleaseSpinLock(lock, level);
    }
}

#[cfg(not(windows))]
use host::installed;
#[cfg(not(windows))]
pub use host::{Host, current_irql, install, windows_build};
#[cfg(not(windows))]
pub(crate) use host::{acquire_spin_lock, release_spin_lock};

#[cfg(not(windows))]
mod host {
    use core::ptr;
    use core::sync::atomic::{AtomicPtr, Ordering};

    use super::Kernel;

    /// All that a host must supply.
    #[derive(Clone, Copy)]
    pub struct Host {
        /// The functions.
        pub kernel: Kernel,
        /// The current level of this thread.
        pub current_irql: fn() -> u8,
        /// The number of the system's build.
        pub windows_build: fn() -> u32,
        /// Takes a spin lock, raises to DISPATCH_LEVEL and gives the level from before.
        pub acquire_spin_lock: unsafe fn(*mut usize) -> u8,
        /// Releases a spin lock and goes back to a level.
        pub release_spin_lock: unsafe fn(*mut usize, u8),
    }

    static HOST: AtomicPtr<Host> = AtomicPtr::new(ptr::null_mut());

    /// Supplies the kernel of this process. A second call replaces the first.
    pub fn install(host: &'static Host) {
        HOST.store(ptr::from_ref(host).cast_mut(), Ordering::Release);
    }

    fn host() -> &'static Host {
        let host = HOST.load(Ordering::Acquire);
        assert!(!host.is_null(), "there is no kernel on this system: supply one with wsk_runtime::kernel::install");
        // SAFETY: the only pointer ever stored comes from a &'static Host.
        unsafe { &*host }
    }

    pub(super) fn installed() -> &'static Kernel {
        &host().kernel
    }

    /// The current level of this thread, as the host simulates it.
    #[must_use]
    pub fn current_irql() -> u8 {
        (host().current_irql)()
    }

    /// The number of the system's build, as the host gives it.
    #[must_use]
    pub fn windows_build() -> u32 {
        (host().windows_build)()
    }

    pub(crate) unsafe fn acquire_spin_lock(lock: *mut usize) -> u8 {
        // SAFETY: the caller upholds what the kernel's function demands, and the host's is one of those.
        unsafe { (host().acquire_spin_lock)(lock) }
    }

    pub(crate) unsafe fn release_spin_lock(lock: *mut usize, level: u8) {
        // SAFETY: as above.
        unsafe { (host().release_spin_lock)(lock, level) }
    }
}
