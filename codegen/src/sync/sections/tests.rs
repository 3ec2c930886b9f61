//! What is a change of the words of a page, and what is one of its markup alone.

use super::*;
use crate::sync::{SectionState, lock};

const PAGE: &str = "---\nUID: NC:x.Y\nms.date: today\nreq.irql: <= DISPATCH_LEVEL\nreq.lib: A.lib\n---\n# Y\n\n## -parameters\n\n\
                    ### -param A [in]\nSome <b>text</b>.\n```\n# no heading <here>\n```\n## -returns\n\n| Code | Meaning |\n|---|---|\n\
                    | **STATUS_A** | It *was* so. |\n| STATUS_B | |\n\nThe end.\n\n## -see-also\n\n<dl><dt>Z_Z</dt></dl>\n";

#[test]
fn sections_by_headings_and_rows() {
    let found = sections(PAGE);
    let names: Vec<&str> = found.iter().map(|section| section.name.as_str()).collect();
    let rows = ["returns: Code", "returns: STATUS_A", "returns: STATUS_B", "returns"];
    assert_eq!(names, [&["requirements", "parameters: param A"], &rows[..], &["see-also"]].concat());
    let text = |at: usize| found.get(at).map(|section| section.texts.join("|")).unwrap_or_default();
    assert_eq!((text(0).as_str(), text(5).as_str()), ("UID: NC:x.Y|req.lib: A.lib", "The end."));
    assert_eq!((text(1).as_str(), text(3).as_str()), ("Some text.|# no heading <here>", "STATUS_A|| It was so."));
}

#[test]
fn what_is_markup_is_no_change() {
    for (old, new) in [
        ("Some <b>text</b>.", "Some\n __text__."),
        ("today", "tomorrow"),
        ("[in]", "[out]"),
        ("<= DISPATCH_LEVEL", "IRQL &lt;=DISPATCH_LEVEL"),
        ("\n### -param", "\n##### -param"),
        ("| **STATUS_A** | It *was* so. |\n", "| `STATUS_A` | It <i>was</i> [so](there \"t\"). |\n"),
        ("The end.", "> The&nbsp;`end`."),
        ("The end.", "- <!-- not\n\nthis --><font color=\"red\">The end</font>."),
    ] {
        assert!(PAGE.contains(old), "{old}");
        assert_eq!(digests(PAGE), digests(&PAGE.replace(old, new)), "{old:?} to {new:?}");
    }
    assert_eq!(digests(PAGE), digests(&PAGE.replace('\n', "\r\n")));
}

#[test]
fn what_is_said_is_a_change() {
    for (old, new, section) in [
        ("text", "a text", "parameters: param A"),
        ("<here>", "<there>", "parameters: param A"),
        ("text", "*text", "parameters: param A"),
        ("Some", "<Some>", "parameters: param A"),
        ("Some", "Since\n8. Some", "parameters: param A"),
        ("A.lib", "B.lib", "requirements"),
        ("<= DISPATCH_LEVEL", "see Remarks", "requirements"),
        ("was", "is", "returns: STATUS_A"),
        ("The end", "The\\*end", "returns"),
        ("Z_Z", "Z_Y", "see-also"),
    ] {
        let changed = lock::changes(&digests(PAGE), &digests(&PAGE.replace(old, new)));
        let found: Vec<&str> = changed.iter().map(|c| c.section.as_str()).collect();
        assert_eq!(found, [section], "{old:?} to {new:?}");
    }
    let moved = PAGE.replace("STATUS_B", "STATUS_C");
    let states: Vec<SectionState> = lock::changes(&digests(PAGE), &digests(&moved)).iter().map(|c| c.state).collect();
    assert_eq!(states, [SectionState::New, SectionState::Gone]);
}

#[test]
fn a_page_of_nothing_but_marks_is_cut_in_no_time() {
    let start = std::time::Instant::now();
    for mark in [
        "[](",
        "`",
        "``` ",
        "**_",
        "<b ",
        "<!--",
        "&",
        "|",
        "[!",
        "> ",
        "[a]: b\n",
        "<pre>\n",
        "<table>",
        "<ul><li>x",
        "2*3",
        "[a](nf-a-b)",
        "<a href=\"nf-a-b\">",
    ] {
        digests(&format!("# T\n{}", mark.repeat((1 << 19) / mark.len())));
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

/// The sections of a reference page that differ from one body to the other.
fn changed(old: &str, new: &str) -> Vec<String> {
    let of = |body: &str| digests(&format!("---\nUID: NF:x.Y\n---\n{body}"));
    lock::changes(&of(old), &of(new)).into_iter().map(|change| change.section).collect()
}

#[test]
fn where_words_stand_is_a_change() {
    let rows = |row: &str| format!("## -remarks\n\n|A|B|C|\n|-|-|-|\n{row}\n");
    let cells = |cell: &str| format!("## -remarks\n\n<table>\n<tr>\n<td>\n{cell}\n</td></tr></table>");
    let remarks = |text: &str| format!("## -remarks\n\n{text}\n");
    let heading = |entry: &str| format!("# Y\n\n{entry}\n\nText.\n");
    for (old, new, section) in [
        ("# Y function\n".to_owned(), "# Z function\n".to_owned(), "introduction"),
        ("# Y\n".to_owned(), "# Y, obsolete\n".to_owned(), "introduction"),
        ("# Y macro\n".to_owned(), "# Y\n".to_owned(), "introduction"),
        ("# Y\n\nDo not use it.\n".to_owned(), "# Y\n\nUse it.\n".to_owned(), "introduction"),
        (heading("## -p\n\n### -field A [1]"), heading("## -p\n\n### -field A [2]"), "p: field A"),
        (heading("## -parameters\n\n### -param A [in]"), heading("## -parameters\n\n### -param A [gone]"), "parameters: param A"),
        (heading("## -remarks\n\n### B [obsolete]"), heading("## -remarks\n\n### B"), "remarks: B"),
        (remarks("2 * 3"), remarks("2 3"), "remarks"),
        (remarks("2*3 and 4*5"), remarks("23 and 45"), "remarks"),
        (rows("|1|b||"), rows("|1||b|"), "remarks"),
        (rows("|1|b c|d|"), rows("|1|b|c d|"), "remarks"),
        (rows("|1|b|"), rows("||1|b|"), "remarks"),
        (remarks("- a\n- b"), remarks("- b\n- a"), "remarks"),
        (remarks("- a\n- b"), remarks("- a\n  - b"), "remarks"),
        (remarks("1. a\n2. b"), remarks("- a\n- b"), "remarks"),
        (remarks("<ol><li>a<ul><li>b</ul></ol>"), remarks("<ol><li>a<li>b</ol>"), "remarks"),
        (remarks("```xml\n<!-- a -->\n```"), remarks("```xml\n<!-- b -->\n```"), "remarks"),
        (remarks("```c\n/* a */\n```"), remarks("```c\n/* b */\n```"), "remarks"),
        (cells("> 5"), cells("5"), "remarks"),
        (remarks("[!INCLUDE [a](a.md)]"), remarks("[!INCLUDE [a](b.md)]"), "remarks"),
        (remarks("[!code-cpp[a](a.cpp#L1)]"), remarks("[!code-cpp[a](a.cpp#L2)]"), "remarks"),
        (remarks("See [this](nf-x-a.md)."), remarks("See [this](nf-x-b.md)."), "→ remarks"),
        (remarks("See [A](nf-x-a.md)."), remarks("See <a href=\"/x/nf-x-b\">A</a>."), "→ remarks"),
    ] {
        assert_eq!(changed(&old, &new), [section], "{old:?} to {new:?}");
    }
}

#[test]
fn the_same_in_another_form_is_no_change() {
    for (old, new) in [
        ("# Y\n", "# NF:x.Y\n"),
        ("# y\n", "# Y function\n"),
        ("# Y\n\n## -parameters\n\n### -param A [in]\n", "# Y\n\n## -parameters\n\n### -param A [_Out_opt_]\n"),
        ("2*3", "2\\*3"),
        ("- a\n  - b\n- c", "<ul>\n<li>a\n<ul><li>b</li></ul></li>\n<li>c</li></ul>"),
        ("* a\n    * b", "- a\n\n  - b"),
        ("> - a\n>   - b", "- a\n  - b"),
        ("1. a\n1. b", "<ol><li>a</li>\n<li>b</li></ol>"),
        ("- a", "a"),
        ("|A|B|\n|-|-|\n|1||\n", "<table><tr><td>A</td><td>B</td></tr><tr><td>1</td></tr></table>"),
        ("See [A](nf-x-a.md).", "See A."),
        ("See [this](nf-x-a.md).", "See this."),
        ("See [this](nf-x-a.md).", "See <a href=\"https://a.example.org/ddi/x/nf-x-a?view=1#b\">this</a>."),
        ("See [this](nf-x-a.md).", "See [this][1].\n\n[1]: nf-x-a.md\n"),
        ("See [this](a.md).", "See [this](b.md)."),
        ("a <!-- b -->", "a"),
    ] {
        assert_eq!(changed(old, new), [""; 0], "{old:?} to {new:?}");
    }
}
