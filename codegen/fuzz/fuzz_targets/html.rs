//! A rendered page as HTML.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../page.rs"]
mod page;

fuzz_target!(|text: &str| page::read(&format!("<!doctype html>{text}")));
