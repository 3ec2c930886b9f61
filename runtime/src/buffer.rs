//! Memory with the MDL that describes it.

use core::fmt;
use core::ops::{Deref, DerefMut, Range};
use core::ptr::NonNull;

use windows_sys::Win32::Foundation::{STATUS_INSUFFICIENT_RESOURCES, STATUS_INVALID_PARAMETER};

use crate::kernel::{self, MDL};
use crate::{NtStatus, pool};

/// Non-paged memory with the MDL that describes it: what WSK sends from and receives into.
///
/// It may be used, sent between threads and dropped at DISPATCH_LEVEL or below.
pub struct NonPagedBuffer {
    data: NonNull<u8>,
    len: usize,
    mdl: NonNull<MDL>,
}

// SAFETY: the memory and its MDL belong to this value alone.
unsafe impl Send for NonPagedBuffer {}
// SAFETY: a shared reference gives no more than shared bytes and the address of the MDL.
unsafe impl Sync for NonPagedBuffer {}

impl NonPagedBuffer {
    /// A buffer of so many bytes, all zero.
    ///
    /// # Errors
    /// STATUS_INVALID_PARAMETER for a length of zero, or one that an MDL cannot describe (4 GiB and more);
    /// STATUS_INSUFFICIENT_RESOURCES if there is no memory.
    pub fn zeroed(len: usize) -> Result<Self, NtStatus> {
        let length = u32::try_from(len).ok().filter(|l| *l > 0).ok_or(NtStatus(STATUS_INVALID_PARAMETER))?;
        let data = pool::allocate(len)?;
        // SAFETY: the memory is there, has that length and is nobody else's.
        unsafe { data.write_bytes(0, len) };
        // SAFETY: the range is the memory just allocated; no IRP takes part.
        let mdl = unsafe { kernel::IoAllocateMdl(data.as_ptr().cast(), length, 0, 0, core::ptr::null_mut()) };
        let Some(mdl) = NonNull::new(mdl) else {
            // SAFETY: allocated above, and nothing refers to it.
            unsafe { pool::free(data) };
            return Err(NtStatus(STATUS_INSUFFICIENT_RESOURCES));
        };
        // SAFETY: the MDL was just allocated for memory of the non-paged pool.
        unsafe { kernel::MmBuildMdlForNonPagedPool(mdl.as_ptr()) };
        Ok(Self { data, len, mdl })
    }

    /// A buffer with a copy of these bytes.
    ///
    /// # Errors
    /// As [`NonPagedBuffer::zeroed`].
    pub fn copy_of(bytes: &[u8]) -> Result<Self, NtStatus> {
        let mut buffer = Self::zeroed(bytes.len())?;
        buffer.copy_from_slice(bytes);
        Ok(buffer)
    }

    /// The MDL; it belongs to the buffer and lives as long.
    #[must_use]
    pub fn mdl(&self) -> *mut MDL {
        self.mdl.as_ptr()
    }
}

/// A stretch of a buffer: what is sent, or received into. A whole buffer converts into it.
#[derive(Debug)]
pub struct BufferPart {
    buffer: NonPagedBuffer,
    offset: u32,
    length: usize,
}

/// A structure of the interface that describes a stretch of an MDL.
///
/// # Safety
/// The structure that [`DescribeBuffer::describe`] makes refers to that stretch and nothing else, and [`DescribeBuffer::described`] gives
/// the same back.
pub unsafe trait DescribeBuffer {
    /// Describes so many bytes, from an offset within the MDL.
    fn describe(mdl: *mut MDL, offset: u32, length: usize) -> Self;

    /// What it describes: the first MDL of a chain, an offset and a number of bytes.
    fn described(&self) -> (*mut MDL, u32, usize);
}

impl NonPagedBuffer {
    /// A part of the buffer; the buffer back if the range does not lie within it.
    ///
    /// # Errors
    /// The buffer.
    pub fn part(self, range: Range<usize>) -> Result<BufferPart, Self> {
        match u32::try_from(range.start) {
            Ok(offset) if range.start <= range.end && range.end <= self.len => {
                Ok(BufferPart { offset, length: range.end - range.start, buffer: self })
            }
            _ => Err(self),
        }
    }
}

impl From<NonPagedBuffer> for BufferPart {
    fn from(buffer: NonPagedBuffer) -> Self {
        Self { offset: 0, length: buffer.len, buffer }
    }
}

impl BufferPart {
    /// Describes the part; what is described is there as long as the part is neither dropped nor taken apart.
    #[must_use]
    pub fn describe<D: DescribeBuffer>(&self) -> D {
        D::describe(self.buffer.mdl(), self.offset, self.length)
    }

    /// The buffer.
    #[must_use]
    pub fn into_buffer(self) -> NonPagedBuffer {
        self.buffer
    }
}

impl Deref for NonPagedBuffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: the memory has that length, was written whole, and belongs to this value.
        unsafe { core::slice::from_raw_parts(self.data.as_ptr(), self.len) }
    }
}

impl DerefMut for NonPagedBuffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above, and this value is borrowed mutably.
        unsafe { core::slice::from_raw_parts_mut(self.data.as_ptr(), self.len) }
    }
}

impl Drop for NonPagedBuffer {
    fn drop(&mut self) {
        // SAFETY: both were allocated by `zeroed`, and whoever needed them longer would have kept the buffer: see `Request`.
        unsafe {
            kernel::IoFreeMdl(self.mdl.as_ptr());
            pool::free(self.data);
        }
    }
}

impl fmt::Debug for NonPagedBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NonPagedBuffer").field("len", &self.len).finish_non_exhaustive()
    }
}
