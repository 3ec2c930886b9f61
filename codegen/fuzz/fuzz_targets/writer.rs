//! Pages put into spec-data: a name, the kind of a page, and the rest of it, whatever they are. Nothing else is touched.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../page.rs"]
mod page;

fuzz_target!(|text: &str| {
    let (name, rest) = text.split_once('\n').unwrap_or((text, ""));
    let kind = match rest.bytes().next().unwrap_or_default() % 4 {
        0 => "NF:wsk.",
        1 => "NC:wsk.PFN_",
        2 => "NS:wsk.",
        _ => "NE:wsk.",
    };
    page::write(&format!("---\nUID: {kind}{name}\nreq.header: wsk.h\nreq.typenames: {name}\n{rest}"));
});
