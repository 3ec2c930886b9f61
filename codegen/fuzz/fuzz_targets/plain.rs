//! A rendered page as plain text.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../page.rs"]
mod page;

fuzz_target!(|text: &str| page::read(text));
