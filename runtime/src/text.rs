//! Text that is handed to the kernel.

use core::fmt;
use core::ptr::NonNull;

use windows_sys::Win32::Foundation::STATUS_INVALID_PARAMETER;

use crate::types::UNICODE_STRING;
use crate::{NtStatus, pool};

/// A text in UTF-16 with the `UNICODE_STRING` that describes it, in memory of its own that does not move when this does.
///
/// It may be made and dropped at DISPATCH_LEVEL or below.
pub struct UnicodeString {
    raw: UNICODE_STRING,
}

// SAFETY: the memory belongs to this value alone.
unsafe impl Send for UnicodeString {}
// SAFETY: a shared reference gives no more than shared units.
unsafe impl Sync for UnicodeString {}

impl UnicodeString {
    /// A copy of a text.
    ///
    /// # Errors
    /// STATUS_INVALID_PARAMETER if it is longer than a `UNICODE_STRING` can be (32,766 units and the zero behind them);
    /// STATUS_INSUFFICIENT_RESOURCES if there is no memory.
    pub fn new(text: &str) -> Result<Self, NtStatus> {
        Self::from_units(text.encode_utf16().count(), text.encode_utf16())
    }

    /// A copy of a text that is in UTF-16 already.
    ///
    /// # Errors
    /// As [`UnicodeString::new`].
    pub fn from_utf16(units: &[u16]) -> Result<Self, NtStatus> {
        Self::from_units(units.len(), units.iter().copied())
    }

    fn from_units(count: usize, units: impl Iterator<Item = u16>) -> Result<Self, NtStatus> {
        // The zero behind the text is not counted in its length, and some look for it all the same.
        let size = count.checked_add(1).and_then(|n| n.checked_mul(2)).and_then(|n| u16::try_from(n).ok());
        // At least the zero: not of zero bytes.
        let size = size.ok_or(NtStatus(STATUS_INVALID_PARAMETER))?;
        let memory = pool::allocate(size.into())?.cast::<u16>();
        for (place, unit) in units.take(count).chain([0]).enumerate() {
            // SAFETY: the memory has room for that many units and a zero.
            unsafe { memory.add(place).write(unit) };
        }
        Ok(Self { raw: UNICODE_STRING { Length: size - 2, MaximumLength: size, Buffer: memory.as_ptr() } })
    }

    /// What describes the text. The description is there as long as this value stays where it is, the text as long as it is not
    /// dropped.
    #[must_use]
    pub fn as_raw(&self) -> &UNICODE_STRING {
        &self.raw
    }

    /// The text, without the zero behind it.
    #[must_use]
    pub fn as_utf16(&self) -> &[u16] {
        // SAFETY: the memory has that many units, was written whole, and belongs to this value.
        unsafe { core::slice::from_raw_parts(self.raw.Buffer, usize::from(self.raw.Length) / 2) }
    }

    fn buffer(&self) -> NonNull<u16> {
        // SAFETY: `from_units` has put the address of its memory there, and nobody changes it.
        unsafe { NonNull::new_unchecked(self.raw.Buffer) }
    }
}

impl Drop for UnicodeString {
    fn drop(&mut self) {
        // SAFETY: allocated by `from_units`, and nobody refers to it any more.
        unsafe { pool::free(self.buffer().cast()) };
    }
}

impl fmt::Display for UnicodeString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        let mut units = char::decode_utf16(self.as_utf16().iter().copied());
        units.try_for_each(|unit| f.write_char(unit.unwrap_or(char::REPLACEMENT_CHARACTER)))
    }
}

impl fmt::Debug for UnicodeString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}
