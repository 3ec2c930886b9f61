//! No input panics, or is written where it does not belong: pages of both kinds, cut, repeated and stirred, and names of every kind.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;
#[path = "../fuzz/page.rs"]
mod page;

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

/// Names that climb, are absolute, devices, too long, no text for a terminal, or good.
fn name() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "../x",
        "../../../../../x",
        "..",
        "/tmp/x",
        "C:\\x",
        "..\\x",
        "x\u{0}y",
        "CON",
        "nul",
        "LPT1",
        "é",
        "\u{202e}x",
        "x/../../y",
        "x.md",
        ".",
        "WskBind",
        "WSKBIND",
        "WskNew",
        "_",
        "",
        "a b",
        "functions/x",
        "PFN_X",
        "*x",
        "x, *PX",
    ]);
    prop_oneof![
        4 => odd.prop_map(str::to_owned),
        2 => "[./\\\\:A-Za-z0-9~ _-]{0,30}",
        1 => "\\PC{0,30}",
        1 => (1..400usize).prop_map(|n| "../".repeat(n) + "x"),
        1 => (1..400usize).prop_map(|n| "x".repeat(n)),
        2 => "[A-Z][A-Za-z0-9_]{0,20}",
    ]
}

/// A page of any kind, with names in every place where names stand.
fn named_page() -> impl Strategy<Value = String> {
    let kind = prop::sample::select(vec!["NF:wsk.", "NC:wsk.PFN_", "NC:wsk.", "NS:wsk.", "NE:wsk.", "NF:", "NS."]);
    (kind, [name(), name(), name(), name(), name(), name()]).prop_map(|(kind, [uid, types, typedef, declared, param, header])| {
        format!(
            "---\nUID: {kind}{uid}\nreq.header: {header}\nreq.typenames: {types}\nreq.alt-api: {declared}\nreq.dll: {header}\n---\n# {uid}\n\n\
             ## -prototype\n\n```\n{typedef} {declared};\nNTSTATUS {declared}(PVOID {param})\n{{...}}\n```\n\n## -syntax\n\n```\n\
             typedef struct {uid} {{ int {param}; }} {types};\n```\n\n## -description\n\nThe <b>{declared}</b> function.\n\n\
             ## -parameters\n\n### -param {param} [in]\n\n## -struct-fields\n\n### -field {param}\n\n## -enum-fields\n\n### -field {param}\n"
        )
    })
}

/// Pages with good names are written: the check below is of something.
#[test]
fn good_pages_are_written_in_their_place() {
    let page = |kind: &str, name: &str| {
        page::write(&format!(
            "---\nUID: {kind}{name}\nreq.header: wsk.h\nreq.dll: netio.sys\nreq.typenames: {name}\n---\n# X\n\n## -parameters\n\n### -param A [in]\n"
        ))
    };
    // By import, and twice by sync, each time with a lock; one page of those is one that the model has.
    assert_eq!(page("NF:wsk.", "WskNew"), 1 + 2 + 2);
    assert_eq!(page("NF:wsk.", "../../../x"), 2, "only the lock of the page that the model has, and that page");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_names_nothing_else_is_written(text in named_page()) {
        page::read(&text);
        page::write(&text);
    }

    #[test]
    fn whatever_the_page_nothing_else_is_written(text in stirred()) {
        page::write(&text);
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
