//! No input panics: pages of both kinds, cut, repeated and stirred.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;

use std::sync::LazyLock;

use common::root;
use proptest::prelude::*;
use wsk_codegen::source::{MessageFormat, Report, Sources, render};
use wsk_codegen::{c, vendor};

/// Pages of ours; the vendor's are not needed to find what breaks a parser.
static PAGES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut pages = [include_str!("pages/ddi.md"), include_str!("pages/rendered.txt"), include_str!("pages/control.md")]
        .map(str::to_owned)
        .to_vec();
    for page in [
        "functions/WskReceive.md",
        "structs/WSK_PROVIDER_DISPATCH.md",
        "controls/SO_WSK_EVENT_CALLBACK.md",
        "tables/constants.md",
    ] {
        pages.push(std::fs::read_to_string(root().join("spec-data").join(page)).expect("a page"));
    }
    pages
});

/// A change of a page: cut at two places, the middle dropped, doubled, or replaced by something odd.
fn stirred() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "",
        "|",
        "\n",
        "```",
        "---\n",
        "## -returns\n",
        "<table><tr><td>",
        "[in",
        "(",
        ")",
        "{",
        "}",
        "*",
        "\u{a0}",
        "\u{0}",
        "é",
        "😀",
        "&lt;",
        "<",
        "#### ",
        "### -param ",
        "\\|",
        "const ",
        "struct {",
        "0x",
        "99999999999999999999",
        "\r\n",
    ]);
    (0..PAGES.len(), any::<prop::sample::Index>(), any::<prop::sample::Index>(), odd, 0..4usize).prop_map(
        |(page, a, b, odd, how)| {
            let text = &PAGES[page];
            let cut = |index: prop::sample::Index| {
                let mut at = index.index(text.len() + 1);
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                at
            };
            let (a, b) = (cut(a), cut(b));
            let (a, b) = (a.min(b), a.max(b));
            let middle = &text[a..b];
            match how {
                0 => format!("{}{odd}{}", &text[..a], &text[b..]),
                1 => format!("{}{odd}{middle}{odd}{middle}{}", &text[..a], &text[b..]),
                2 => format!("{}{odd}{}", &text[..a], &text[a..]),
                _ => format!("{odd}{middle}"),
            }
        },
    )
}

fn read_as_everything(text: &str) {
    let mut sources = Sources::new();
    let mut report = Report::new();
    let file = sources.add("page.md", text);
    let _ = vendor::read(&sources, file, &mut report);
    let whole = sources.whole(file);
    let _ = c::parse_declarations(text, whole, &mut report);
    let _ = c::parse_expression(text, whole, &mut report);
    for format in [MessageFormat::Human, MessageFormat::Json] {
        let _ = render(&report, &sources, format, false);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn vendor_pages_never_panic(text in stirred()) {
        read_as_everything(&text);
    }

    #[test]
    fn any_text_never_panics(text in "\\PC{0,200}") {
        read_as_everything(&text);
    }

    #[test]
    fn spec_pages_never_panic(text in stirred()) {
        let folder = tempfile::tempdir().expect("a folder");
        for dir in ["functions", "structs", "controls", "tables"] {
            std::fs::create_dir_all(folder.path().join(dir)).expect("a folder");
        }
        for page in ["functions/WskReceive.md", "structs/WSK_BUF.md", "controls/SO_WSK_SECURITY.md", "tables/types.md", "tables/macros.md", "errata.yaml"] {
            std::fs::write(folder.path().join(page), &text).expect("a file");
        }
        let mut loaded = wsk_codegen::spec::load(folder.path(), "spec-data");
        wsk_codegen::lint::lint(&loaded.spec, &loaded.sources, &mut loaded.report);
        let _ = render(&loaded.report, &loaded.sources, MessageFormat::Human, false);
    }
}
