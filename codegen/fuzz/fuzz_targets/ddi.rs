//! DDI Markdown: what follows the line that makes it such a page.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../page.rs"]
mod page;

fuzz_target!(|text: &str| page::read(&format!("---\nUID: NC:wsk.PFN_WSK_CONNECT\n{text}")));
