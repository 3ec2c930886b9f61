//! What the example drivers need besides WSK: a thread that runs until the driver is unloaded, parameters from the registry, text for
//! a debugger, and a panic handler. In a driver of your own, all of this may come from the crates `wdk` and `wdk-panic` instead.
#![no_std]

mod debug;
mod kernel;
mod parameters;
mod worker;

pub use debug::debug_print;
pub use parameters::Parameters;
pub use windows_sys::Wdk::Foundation::DRIVER_OBJECT;
pub use windows_sys::Win32::Foundation::{NTSTATUS, UNICODE_STRING};
pub use worker::{Driver, run_until_unload};

/// The linker asks for this symbol if any code may use floating-point numbers, such as what `core` brings along and nobody calls.
#[cfg(target_env = "msvc")]
#[unsafe(no_mangle)]
pub static _fltused: i32 = 0;
