//! A rendered page as Markdown.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../page.rs"]
mod page;

fuzz_target!(|text: &str| page::read(&format!("# X\n{text}")));
