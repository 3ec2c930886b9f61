//! A value in non-paged memory.

use core::fmt;
use core::mem::ManuallyDrop;
use core::ops::Deref;
use core::ptr::NonNull;

use windows_sys::Win32::Foundation::STATUS_INSUFFICIENT_RESOURCES;

use crate::NtStatus;
use crate::kernel;

/// Non-paged memory that cannot be executed.
const NON_PAGED_POOL_NX: i32 = 512;
/// The tag of the runtime's allocations, as a debugger shows it: `wskr`.
const TAG: u32 = u32::from_le_bytes(*b"wskr");

/// So many bytes of non-paged memory, aligned to two pointers; not zero bytes. At DISPATCH_LEVEL or below.
///
/// # Errors
/// STATUS_INSUFFICIENT_RESOURCES if there is no memory.
pub(crate) fn allocate(size: usize) -> Result<NonNull<u8>, NtStatus> {
    // SAFETY: non-paged pool may be allocated at DISPATCH_LEVEL and below, where a driver's code runs.
    let memory = unsafe { kernel::ExAllocatePoolWithTag(NON_PAGED_POOL_NX, size, TAG) };
    NonNull::new(memory.cast()).ok_or(NtStatus(STATUS_INSUFFICIENT_RESOURCES))
}

/// Gives it back. At DISPATCH_LEVEL or below.
///
/// # Safety
/// The memory is from [`allocate`], is given back once, and nobody refers to it any more.
pub(crate) unsafe fn free(memory: NonNull<u8>) {
    // SAFETY: the caller vouches for it; it was allocated with that tag.
    unsafe { kernel::ExFreePoolWithTag(memory.as_ptr().cast(), TAG) };
}

/// A value in non-paged memory, where it does not move: what WSK keeps a pointer to, such as a socket's context.
///
/// It may be made, used and dropped at DISPATCH_LEVEL or below, if that goes for the value.
pub struct NonPagedBox<T> {
    value: NonNull<T>,
}

// SAFETY: the value belongs to the box alone.
unsafe impl<T: Send> Send for NonPagedBox<T> {}
// SAFETY: a shared box gives no more than a shared reference to the value.
unsafe impl<T: Sync> Sync for NonPagedBox<T> {}

impl<T> NonPagedBox<T> {
    /// Puts a value into non-paged memory.
    ///
    /// # Errors
    /// STATUS_INSUFFICIENT_RESOURCES, with the value, if there is no memory.
    pub fn new(value: T) -> Result<Self, (NtStatus, T)> {
        // The pool aligns to two pointers.
        const { assert!(align_of::<T>() <= 2 * size_of::<usize>(), "the value is aligned more strictly than pool memory") };
        // Of a value without a size one byte is allocated, for an allocation of zero bytes is no allocation.
        let memory = match allocate(size_of::<T>().max(1)) {
            Ok(memory) => memory.cast::<T>(),
            Err(status) => return Err((status, value)),
        };
        // SAFETY: the memory has the size and alignment of the value and is nobody else's.
        unsafe { memory.write(value) };
        Ok(Self { value: memory })
    }

    /// The address of the value, which is left to the caller: [`NonPagedBox::from_raw`] takes it back.
    #[must_use]
    pub fn into_raw(self) -> NonNull<T> {
        ManuallyDrop::new(self).value
    }

    /// The box whose value was left to the caller.
    ///
    /// # Safety
    /// The address is from [`NonPagedBox::into_raw`] and is taken back once.
    #[must_use]
    pub const unsafe fn from_raw(value: NonNull<T>) -> Self {
        Self { value }
    }

    /// The address of the value, which stays the same as long as the box is there.
    #[must_use]
    pub const fn as_ptr(&self) -> NonNull<T> {
        self.value
    }
}

impl<T> Deref for NonPagedBox<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the value was written by `new` and belongs to the box.
        unsafe { self.value.as_ref() }
    }
}

impl<T> Drop for NonPagedBox<T> {
    fn drop(&mut self) {
        // SAFETY: allocated by `new`; nobody refers to the value any more.
        unsafe {
            self.value.drop_in_place();
            free(self.value.cast());
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for NonPagedBox<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::fmt(self, f)
    }
}
