//! Pages of spec-data: one text as a page of every kind, as tables and as errata.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wsk_codegen::lint::lint;
use wsk_codegen::spec::load_texts;

fuzz_target!(|text: &str| {
    // The kind of a page says in which folder it belongs; the others are then short work.
    let place = match text.lines().find_map(|l| l.strip_prefix("kind: ")) {
        Some("function") => "functions/WskConnect.md",
        Some("callback") => "callbacks/WskConnect.md",
        Some("export") => "exports/WskConnect.md",
        Some("struct") => "structs/WSK_BUF.md",
        Some("enum") => "enums/WSK_BUF.md",
        Some("control") => "controls/WSK_BUF.md",
        _ if text.starts_with("- page") => "errata.yaml",
        _ if text.contains("| Type |") => "tables/constants.md",
        _ => "tables/types.md",
    };
    let mut loaded = load_texts(&[(place, text)]);
    lint(&loaded.spec, &loaded.sources, &mut loaded.report);
});
