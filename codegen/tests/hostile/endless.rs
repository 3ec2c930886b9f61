//! What has no end: nesting, numbers of attributes, operators, definitions that lead to one another, and the largest pages.

use crate::scratch::Scratch;

/// The beginning of a page of the vendor's, up to a parameter.
const DDI: &str = "---\nUID: NC:wsk.PFN_WSK_CONNECT\nreq.header: wsk.h\nreq.irql: PASSIVE_LEVEL\n---\n# PFN_WSK_CONNECT\n\n## -description\n\n\
                   The WskConnect function.\n\n## -parameters\n\n### -param A [in]\n\n";
const MARKDOWN: &str = "# X function\n\n```c\nVOID X(\n  int A\n);\n```\n\n";
const HTML: &str = "<!doctype html><main><h1>X function</h1><pre>VOID X(\n  int A\n);</pre>";

/// Imports a text as pages of every dialect, at once.
#[track_caller]
fn import(scratch: &Scratch, text: &str) {
    let pages = [("a.md", DDI, ""), ("b.md", MARKDOWN, ""), ("c.html", HTML, "</main>"), ("d.txt", "VOID X(\nint A\n);\n", "")];
    for (file, before, after) in pages {
        scratch.write(&format!("pages/{file}"), format!("{before}{text}\n{after}"));
    }
    let ran = scratch.run(&["import", "../pages"]);
    assert!(matches!(ran.status, Some(0..=2)), "{text:.40}: {:?} {}", ran.status, ran.beginning());
}

#[test]
fn tags_and_attributes_without_end() {
    let scratch = Scratch::new();
    for tag in ["x=\"1\" ", "x=\"\" ", "x='1' ", "x=1 ", "x ", "x = \"1\"\n", "/ ", "x=\"&amp;\" ", "\"", "="] {
        let attributes = tag.repeat(50_000);
        import(&scratch, &format!("<a {attributes}>t</a {attributes}>\n<pre><b {attributes}>x</b></pre>"));
    }
    for many in [
        "<b>",
        "<div>",
        "<table><tr><td>",
        "<ul><li>",
        "<",
        "&",
        "&#",
        "</",
        "<!--",
        "<!",
        "<a ",
        "<pre>",
        "<script>",
        "<dl><dt>",
    ] {
        import(&scratch, &many.repeat(50_000));
    }
}

#[test]
fn nesting_without_end() {
    let scratch = Scratch::new();
    for many in [">", "> ", "- ", "1. ", "* ", "[", "![", "[a](", "*a **a ", "_", "`", "~", "|", "#", "<<", "\\", "    "] {
        import(&scratch, &many.repeat(50_000));
    }
    let steps = (0..1000).map(|i| format!("{}- a\n", "  ".repeat(i))).collect::<String>();
    import(&scratch, &steps);
}

#[test]
fn c_without_end() {
    let scratch = Scratch::new();
    for many in [
        "(",
        "[",
        "{",
        "*",
        "* const ",
        "[1]",
        "[]",
        "(int)",
        "1+",
        "1?1:",
        "a=",
        "a.",
        "a->",
        "sizeof ",
        "f(1,2)+",
        "struct {",
        "int (",
        "int (*",
        "-",
        "a: ",
        "else ",
        "if(1);else ",
        "_In_ ",
        "const ",
        "/*",
        "//\n",
        "#define A(x) A(\n",
        "\"",
        "'",
        ",",
        ";",
        "= {",
    ] {
        // Up to the most bytes that are read of one declaration.
        let code = many.repeat(60_000 / many.len());
        let codes = [
            format!("NTSTATUS Xy(int {code} p);"),
            format!("NTSTATUS Xy(int p{code}1);"),
            format!("typedef struct _X {{ int a{code}; }} X;"),
            code,
        ];
        let kinds = [("NC:wsk.PFN_X", "prototype"), ("NS:wsk._X", "syntax"), ("NE:wsk.X", "syntax")];
        for (i, code) in codes.iter().enumerate() {
            for (k, (kind, section)) in kinds.iter().enumerate() {
                let head = format!("---\nUID: {kind}{i}\nreq.header: wsk.h\nreq.typenames: X{i}\n---\n# X\n\n## -{section}\n\n");
                scratch.write(&format!("pages/{i}{k}.md"), format!("{head}```\n{code}\n```\n"));
            }
        }
        let ran = scratch.run(&["import", "../pages"]);
        assert!(matches!(ran.status, Some(0..=2)), "{many}: {:?} {}", ran.status, ran.beginning());
    }
}

#[test]
fn yaml_without_end() {
    let bombs =
        ["b: &b [1]\n".to_owned(), (0..9).map(|i| format!("- &a{} [{}]\n", i + 1, format!("*a{i}, ").repeat(10))).collect()]
            .concat();
    for many in ["[", "{a: ", "- ", "? ", "!a ", "&a ", "*a ", "|\n", "'"] {
        let text = many.repeat(100_000);
        let scratch = Scratch::new();
        scratch.write("inside/spec-data/errata.yaml", &text);
        scratch.run_in_vain(&["lint"]).is(2, &["spec::yaml", "errata.yaml"]);
        scratch.write("inside/spec-data/errata.yaml", format!("- page: {text}\n"));
        scratch.run_in_vain(&["lint"]).is(2, &["errata.yaml"]);
        scratch.write("inside/spec-data/errata.yaml", "[]\n");
        scratch.write("inside/spec-data/upstream-lock.yaml", format!("pages: {text}\n"));
        scratch.run_in_vain(&["sync", "../elsewhere"]).is(2, &["sync::lock"]);
        scratch.write("inside/accepted-changes.yaml", &text);
        scratch.run_in_vain(&["diff", "spec-data"]).is(2, &["diff::accepted"]);
        // Front matter of lines that are not too long.
        let lines = (0..2000).map(|i| format!("{}a:\n", " ".repeat(i.min(900)))).collect::<String>();
        scratch.write("inside/spec-data/functions/WskBind.md", format!("---\n{lines}---\n# WskBind\n"));
        scratch.run_in_vain(&["lint"]).is(2, &["functions/WskBind.md"]);
    }
    let scratch = Scratch::new();
    scratch.write("inside/spec-data/errata.yaml", bombs);
    scratch.run_in_vain(&["lint"]).is(2, &["spec::yaml"]);
}

#[test]
fn definitions_that_lead_to_one_another_without_end() {
    let append = |file: &str, rows: &str| {
        let scratch = Scratch::new();
        let text = std::fs::read_to_string(scratch.spec().join(file)).unwrap() + rows;
        scratch.write(&format!("inside/spec-data/{file}"), text);
        scratch
    };
    // Each one's value is the next one, with that and with what is put between.
    for between in ["", "A# & "] {
        let value = |i: usize| format!("{}A{}", between.replace('#', &(i + 1).to_string()), i + 1);
        let rows = (0..5000).map(|i| format!("| A{i} | ULONG | {} | M. |\n", value(i))).collect::<String>();
        let head = "\n## More\n\n| Constant | Type | Value | Meaning |\n| --- | --- | --- | --- |\n";
        let scratch = append("tables/constants.md", &format!("{head}{rows}| A5000 | ULONG | 1 | M. |\n"));
        scratch.run_in_vain(&["lint"]).is(1, &["leads through too many others"]);
    }
    for (rows, says) in [
        ("| A1 | A2 | M. |\n| A2 | A1 | M. |\n".to_owned(), "stands for itself"),
        ("| A1 | A1 * | M. |\n".to_owned(), "stands for itself"),
        (
            (0..5000).map(|i| format!("| A{i} | A{} | M. |\n", i + 1)).collect::<String>() + "| A5000 | ULONG | M. |\n",
            "too many names",
        ),
    ] {
        let scratch = append("tables/types.md", &rows);
        scratch.run_in_vain(&["lint"]).is(1, &["lint::alias", says]);
        scratch.run_in_vain(&["generate"]).is(2, &["lint::alias", says]);
    }
    let scratch = Scratch::new();
    let page = std::fs::read_to_string(scratch.spec().join("structs/WSK_BUF.md")).unwrap();
    let huge = page.replace("ULONG Offset;", "ULONG Offset[0xFFFFFFFFFFFFFFF]; ULONG More[0x3FFFFFFFFFFFFFFF];");
    assert_ne!(huge, page);
    scratch.write("inside/spec-data/structs/WSK_BUF.md", huge);
    scratch.run_in_vain(&["lint"]).is(1, &["lint::layout", "more bytes than can be counted"]);
}

/// A page as large as is read, of what takes most room.
#[test]
fn the_largest_pages_stay_within_memory_and_time() {
    let scratch = Scratch::new();
    let size = (1 << 20) - 4096;
    let rows = |row: &str, bytes: usize| row.repeat(bytes / row.len());
    for (file, text) in [
        ("a.md", DDI.to_owned() + &rows("<p>a", size)),
        ("b.md", MARKDOWN.to_owned() + &rows("- a\n", size)),
        ("c.md", MARKDOWN.to_owned() + "| a | b |\n|---|---|\n" + &rows("|a|b|\n", size)),
        ("d.txt", "VOID X(\nint A\n);\n".to_owned() + &rows("a\n", size)),
        ("e.html", HTML.to_owned() + &rows("<tr><td>a", size)),
        ("f.md", DDI.to_owned() + &rows("#### V\n", size)),
        // Each of these is complained of, with its line.
        ("g.md", DDI.to_owned() + &rows("### -param a\n", size / 2)),
        ("h.md", MARKDOWN.to_owned() + &rows(">", size)),
    ] {
        scratch.write(&format!("pages/{file}"), text);
        let ran = scratch.run(&["import", &format!("../pages/{file}")]);
        assert!(matches!(ran.status, Some(0 | 2)), "{file}: {:?} {}", ran.status, ran.beginning());
    }
}
