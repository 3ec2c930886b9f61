//! Text for a debugger, and what happens at a panic.

use core::fmt::{self, Write};
use core::panic::PanicInfo;

use crate::kernel::{DbgPrint, KeBugCheckEx};

/// The bug check that a driver makes on purpose: MANUALLY_INITIATED_CRASH1.
const MANUALLY_INITIATED_CRASH1: u32 = 0xDEAD_DEAD;

/// Writes a line to the debugger by `DbgPrint`, with the name of the crate in front. At DIRQL or below; a long line is cut.
#[macro_export]
macro_rules! print {
    ($($arguments:tt)*) => {
        $crate::debug_print(env!("CARGO_PKG_NAME"), format_args!($($arguments)*))
    };
}

/// Where a line is put together, on the stack: text and a zero.
struct Line {
    bytes: [u8; 256],
    length: usize,
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.bytes.len() - 1;
        let free = self.bytes.get_mut(self.length..room).unwrap_or_default();
        for (to, from) in free.iter_mut().zip(text.bytes()) {
            *to = from;
            self.length += 1;
        }
        Ok(())
    }
}

/// What [`print!`] calls.
pub fn debug_print(name: &str, text: fmt::Arguments<'_>) {
    let mut line = Line { bytes: [0; 256], length: 0 };
    // Writing to a line does not fail.
    let _ = writeln!(line, "{name}: {text}");
    // SAFETY: the format takes one text, which ends with a zero: the last byte is never written.
    unsafe { DbgPrint(c"%s".as_ptr(), line.bytes.as_ptr()) };
}

/// A panic in a driver stops the system, having said why.
#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    debug_print("panic", format_args!("{info}"));
    // SAFETY: it may be called at any level, and does not return.
    unsafe { KeBugCheckEx(MANUALLY_INITIATED_CRASH1, 0, 0, 0, 0) }
}
