//! The parameters of a driver: the values of the key `Parameters` under its key in the registry.

use core::ptr;

use windows_sys::Wdk::Foundation::OBJECT_ATTRIBUTES;
use windows_sys::Win32::Foundation::{HANDLE, UNICODE_STRING};
use wsk::UnicodeString;

use crate::kernel::{ZwClose, ZwOpenKey, ZwQueryValueKey};

/// KEY_READ.
const KEY_READ: u32 = 0x2_0019;
/// OBJ_CASE_INSENSITIVE and OBJ_KERNEL_HANDLE.
const ATTRIBUTES: u32 = 0x40 | 0x200;
/// KeyValuePartialInformation: index, type, length, and the bytes of the value.
const PARTIAL_INFORMATION: i32 = 2;
/// REG_SZ and REG_DWORD.
const REG_SZ: u32 = 1;
const REG_DWORD: u32 = 4;

/// The values under the key `Parameters` of a driver; the key need not be there.
///
/// All of this is at PASSIVE_LEVEL.
#[derive(Debug)]
pub struct Parameters {
    key: Option<HANDLE>,
}

// SAFETY: a kernel handle may be used on any thread.
unsafe impl Send for Parameters {}
// SAFETY: as above.
unsafe impl Sync for Parameters {}

impl Parameters {
    /// Opens the key.
    ///
    /// # Safety
    /// The path is the one that the kernel gave to `DriverEntry`, which has not returned.
    pub(crate) unsafe fn open(registry_path: &UNICODE_STRING) -> Self {
        Self {
            // SAFETY: the caller vouches for the path.
            key: unsafe { open(None, registry_path) }.and_then(|service| {
                let name = utf16::<10>("Parameters");
                // SAFETY: the name is there, and describes its text.
                let key = unsafe { open(Some(service), &name.unicode_string()) };
                // SAFETY: the handle was opened above, and is closed once.
                unsafe { ZwClose(service) };
                key
            }),
        }
    }

    /// A number (REG_DWORD); `None` if there is no such value, or if it is not a number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u32> {
        match self.value::<4>(name)? {
            [_, REG_DWORD, 4, number] => Some(number),
            _ => None,
        }
    }

    /// A text (REG_SZ) of up to 254 units; `None` if there is no such value, if it is not a text, or if there is no memory.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<UnicodeString> {
        let [_, REG_SZ, length, units @ ..] = self.value::<130>(name)? else { return None };
        let mut text = [0; 254];
        let mut count = 0;
        // Two units in a word, up to the zero behind the text or its end.
        let words = units.iter().flat_map(|word| [*word as u16, (*word >> 16) as u16]);
        for (to, from) in text.iter_mut().zip(words.take(length as usize / 2).take_while(|unit| *unit != 0)) {
            *to = from;
            count += 1;
        }
        UnicodeString::from_utf16(text.get(..count)?).ok()
    }

    /// A value as the kernel gives it, in words: a title, the type, the length in bytes, and the value. `None` if it is longer.
    fn value<const WORDS: usize>(&self, name: &str) -> Option<[u32; WORDS]> {
        let name = utf16::<32>(name);
        let (mut value, mut length) = ([0_u32; WORDS], 0);
        let (information, size) = (value.as_mut_ptr().cast(), size_of_val(&value) as u32);
        // SAFETY: the key is open; name, value and length are there, and the value has that many bytes.
        let status =
            unsafe { ZwQueryValueKey(self.key?, &name.unicode_string(), PARTIAL_INFORMATION, information, size, &mut length) };
        (status == 0).then_some(value)
    }
}

impl Drop for Parameters {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            // SAFETY: the handle was opened by `open`, and is closed once.
            unsafe { ZwClose(key) };
        }
    }
}

/// Opens a key, under another one or at the root.
///
/// # Safety
/// The name describes its text.
unsafe fn open(parent: Option<HANDLE>, name: &UNICODE_STRING) -> Option<HANDLE> {
    let attributes = OBJECT_ATTRIBUTES {
        Length: size_of::<OBJECT_ATTRIBUTES>() as u32,
        RootDirectory: parent.unwrap_or(ptr::null_mut()),
        ObjectName: name,
        Attributes: ATTRIBUTES,
        SecurityDescriptor: ptr::null(),
        SecurityQualityOfService: ptr::null(),
    };
    let mut key = ptr::null_mut();
    // SAFETY: the attributes and all that they refer to are there; the caller vouches for the name.
    (unsafe { ZwOpenKey(&mut key, KEY_READ, &attributes) } == 0).then_some(key)
}

/// A short text in UTF-16.
struct Utf16<const N: usize> {
    units: [u16; N],
    length: usize,
}

/// A text that has no more than `N` units; what is beyond is cut.
fn utf16<const N: usize>(text: &str) -> Utf16<N> {
    let mut units = [0; N];
    let mut length = 0;
    for (to, from) in units.iter_mut().zip(text.encode_utf16()) {
        *to = from;
        length += 1;
    }
    Utf16 { units, length }
}

impl<const N: usize> Utf16<N> {
    /// What describes the text, as long as it is there and not moved.
    fn unicode_string(&self) -> UNICODE_STRING {
        let bytes = (2 * self.length) as u16;
        UNICODE_STRING { Length: bytes, MaximumLength: bytes, Buffer: self.units.as_ptr().cast_mut() }
    }
}
