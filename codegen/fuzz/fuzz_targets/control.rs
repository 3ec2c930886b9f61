//! A page of a control code.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../page.rs"]
mod page;

fuzz_target!(|text: &str| page::read(&format!("---\ntitle: SO_THING_LAMP\n---\n{text}")));
