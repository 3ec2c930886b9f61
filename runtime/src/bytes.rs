//! A buffer whose size is told and told back.

use core::mem::MaybeUninit;

/// Room for bytes, and the variable that has its size before the call and the size of the contents afterwards: they cannot
/// disagree.
///
/// ```
/// use core::mem::MaybeUninit;
/// use wsk_runtime::SizedBytes;
///
/// let (mut room, mut size) = ([MaybeUninit::uninit(); 64], 0);
/// let bytes = SizedBytes::new(&mut room, &mut size);
/// assert_eq!(bytes.size(), 64);
/// ```
#[derive(Debug)]
pub struct SizedBytes<'a> {
    room: &'a mut [MaybeUninit<u8>],
    size: &'a mut u32,
}

impl<'a> SizedBytes<'a> {
    /// Sets the variable to the size of the room; of room for more than 4 GiB only so much is used.
    #[must_use]
    pub fn new(room: &'a mut [MaybeUninit<u8>], size: &'a mut u32) -> Self {
        *size = u32::try_from(room.len()).unwrap_or(u32::MAX);
        Self { room, size }
    }

    /// The size of the room, in bytes.
    #[must_use]
    pub fn size(&self) -> u32 {
        *self.size
    }

    /// The pointers that the kernel is given: to the room and to the size.
    #[must_use]
    #[inline]
    pub fn as_mut_ptrs(&mut self) -> (*mut u8, *mut u32) {
        (self.room.as_mut_ptr().cast(), &raw mut *self.size)
    }
}
