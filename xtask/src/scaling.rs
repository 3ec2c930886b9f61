//! How the time of each reader grows with its input: pages of the vendor's, files of spec-data, and pairs of pages, each of a shape that
//! is made for a reader to be slow at.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use wsk_codegen::diff;
use wsk_codegen::lint::lint;
use wsk_codegen::source::{EntryKind, Hidden, Report, Sources, walk};
use wsk_codegen::spec::load_texts;
use wsk_codegen::vendor;

use crate::Failure;
use crate::tools::{self, root};

/// At most so many times the time for twice the input: a little more than twice, for tables and sorting, but not four times.
pub(crate) const GROWTH: f64 = 3.0;
/// At most so long for a megabyte.
const MEGABYTE: Duration = Duration::from_secs(1);

/// Inputs that grow: a name, and a page of about so many bytes.
type Shape = (&'static str, fn(usize) -> String);

const SHAPES: &[Shape] = &[
    ("DDI: parameters, codes and a prototype", |size| ddi(size / 150, "| **STATUS_N_", "** | Text. |\n", true)),
    ("DDI: codes in a list", |size| ddi(size / 100, "<dl>\n<dt><b>STATUS_N_", "</b></dt>\n</dl>Text.\n", false)),
    ("DDI: tags that are not closed", |size| ddi(0, "", "", false) + &"<table><tr><td><b>".repeat(size / 18)),
    ("DDI: brackets", |size| ddi(0, "", "", false) + &"[in, ".repeat(size / 5)),
    ("DDI: fields", |size| {
        let fields = (0..size / 40).fold(String::new(), |mut out, i| {
            let _ = write!(out, "### -field Field{i}\n\nText of it.\n\n");
            out
        });
        format!("---\nUID: NS:x._X\nreq.typenames: X\n---\n## -struct-fields\n\n{fields}")
    }),
    ("plain text", |size| rendered(size / 110, |name| format!("[in] {name}\n\n"), |code| format!("{code}\nText.\n"))),
    ("plain text with tables", |size| {
        let page = rendered(size / 110, |name| format!("[in] {name}\n"), |code| format!("{code} |\nText. |\n"));
        page.replace("Return value\n\n", "Return value\nReturn code | Description |\n---|---|\n")
    }),
    ("plain text: tables whose cells are not closed", |size| {
        format!("VOID\nX(\nint A\n);\nA\n{}", "A | B |\n---|---|\nC | D\n\n".repeat(size / 24))
    }),
    ("Markdown", |size| {
        let page = rendered(size / 110, |name| format!("`[in] {name}`\n\n"), |code| format!("| {code} | Text. |\n"));
        page.replace("Syntax\n\n", "# Syntax\n\n```c\n")
            .replace("Parameters\n", "```\n\n## Parameters\n")
            .replace("Return value\n", "## Return value\n\n| Return code | Description |\n|---|---|")
    }),
    ("HTML", |size| {
        let page = rendered(
            size / 150,
            |name| format!("<p><code>[in] {name}</code></p>\n"),
            |code| format!("<tr><td><dl><dt>{code}</dt></dl></td><td>Text.</td></tr>\n"),
        );
        let page = page.replace("Syntax\n\n", "<pre>").replace("Parameters\n", "</pre>\n<h2>Parameters</h2>\n");
        format!("<!doctype html><main>{}</table></main>", page.replace("Return value\n", "<h2>Return value</h2><table>"))
    }),
    ("HTML: elements that are not closed", |size| {
        format!("<html><pre>VOID\nX(\n  int A\n);\n</pre>{}", "<div><tr><td><nav>".repeat(size / 18))
    }),
    ("HTML: entities in code", |size| format!("<html><pre>VOID X(\n  int A\n);\n{}</pre>", "&amp;&lt".repeat(size / 8))),
    ("plain text: lines that look like prototypes", |size| "int f(\n".repeat(size / 7)),
    ("plain text: definitions that are not closed", |size| "typedef struct {\n".repeat(size / 17)),
    ("control codes: tables and sentences", |size| {
        control((0..size / 600).fold(String::new(), |mut out, i| {
            let _ = write!(
                out,
                "To set{i} or clear{i}, a WSK application calls the **WskControlSocket** function with these.\n\n{PARAMETERS}\n"
            );
            let _ = write!(
                out,
                "A WSK application must specify a pointer to an IRP when calling the F function to set{i} or clear{i}.\n\n"
            );
            let _ = write!(out, "If a WSK application uses this socket option to do{i} it, it must do so early.\n\n");
            out
        }))
    }),
    ("control codes: tables without sentences", |size| control(format!("{PARAMETERS}\n").repeat(size / 200))),
    ("control codes: rows", |size| {
        let rows = (0..size / 30).fold(String::new(), |mut out, i| {
            let _ = writeln!(out, "| 级别{i} | FLAG_{i} |");
            out
        });
        control(format!("{PARAMETERS}{rows}\n| A | B |\n|---|---|\n{}", rows.replace("级别", "FLAG_")))
    }),
    ("Markdown: fences and tables that are not closed", |size| "# X\n```\n<table>\n".repeat(size / 16)),
    ("DDI: a table of values", |size| {
        let row = |i| {
            format!(
                "<tr>\n<td width=\"40%\"><a id=\"VALUE_{i}\"></a><dl>\n<dt><b>VALUE_{i}</b></dt>\n</dl>\n</td>\n<td>Text.</td>\n</tr>\n"
            )
        };
        ddi(1, "", "", false).replace("## -returns", "") + &format!("<table>\n{}</table>\n", rows(size, row))
    }),
    ("DDI: values as headings", |size| {
        ddi(1, "", "", false).replace("## -returns", "") + &rows(size, |i| format!("#### VALUE_{i}\n\nText.\n\n"))
    }),
    ("DDI: a list of parameters without a prototype", |size| {
        ddi(0, "", "", false).replace("## -returns", "") + &rows(size, |i| format!("### -param P{i} [in]\n\nText.\n\n"))
    }),
    ("DDI: attributes of one tag", |size| {
        ddi(1, "", "", false) + &format!("<a {}>Text</a>\n", rows(size, |i| format!("a{i}=\"1\" ")))
    }),
    ("DDI: attributes of many tags", |size| {
        ddi(1, "", "", false) + &rows(size, |i| format!("<a id=\"A{i}\" title=\"{}\">Text</a>\n", "x".repeat(300)))
    }),
    ("HTML: attributes of one tag", |size| {
        format!("<html><pre>VOID X(\n  int A\n);\n</pre><a {}>Text</a>", rows(size, |i| format!("a{i}=\"1\" ")))
    }),
    ("Markdown: lists within lists", |size| {
        format!("{FUNCTION}{}", rows(size, |i| format!("{}- Text.\n", "  ".repeat(i % 100))))
    }),
    ("Markdown: a list within a list without end", |size| format!("{FUNCTION}{}Text.\n", "- ".repeat(size / 2))),
    ("Markdown: quotes within quotes", |size| format!("{FUNCTION}{} Text.\n", ">".repeat(size))),
    ("DDI: a sentence of many cases", |size| ddi(0, "", "", false) + "If " + &"a, ".repeat(size / 3) + "x.\n"),
    ("DDI: a sentence of many failures", |size| ddi(0, "", "", false) + &"If x, it fails ".repeat(size / 15) + ".\n"),
    ("DDI: comments that are not closed", |size| ddi(0, "", "", false) + &"Text <!-- text\n".repeat(size / 15)),
    ("DDI: items whose tags are not closed", |size| values() + &"<li><b ".repeat(size / 7)),
    ("DDI: items within items", |size| values() + &"<li><b><i>".repeat(size / 10)),
    ("DDI: rows that are not closed", |size| values() + &rows(size, |i| format!("<tr><td>A_{i}"))),
    ("DDI: terms that are not closed", |size| ddi(0, "", "", false) + &rows(size, |i| format!("<dl><dt>STATUS_{i}"))),
    ("DDI: one code again and again in one line", |size| ddi(0, "", "", false) + &"<dl><dt>STATUS_A_B".repeat(size / 18)),
    ("DDI: rows that declare parameters", |size| {
        let head = "| Parameter | Description |\n|---|---|\n";
        listed() + head + &rows(size, |i| format!("| `P{i}` [in] | Text. |\n"))
    }),
    ("DDI: rows of HTML that declare parameters", |size| {
        let head = "<table><tr><th>Parameter</th><th>Description</th></tr>\n";
        listed() + head + &rows(size, |i| format!("<tr><td><b>P{i}</b> [in]</td><td>Text.</td></tr>\n"))
    }),
    ("DDI: terms that declare parameters", |size| {
        listed() + "<dl>" + &rows(size, |i| format!("<dt><b>P{i}</b> [in]</dt><dd>Text.</dd>\n"))
    }),
    ("DDI: lines that declare parameters below parameters", |size| {
        listed() + &rows(size, |i| format!("### -param P{i} [in]\n\nText.\n\n**Q{i}** [in]\n\nText.\n\n"))
    }),
    ("DDI: headings without a mark", |size| listed() + &rows(size, |i| format!("### P{i} [in]\n\nText.\n\n"))),
    ("DDI: enumerators in a table", |size| {
        let head = "---\nUID: NE:x._X\nreq.typenames: X\n---\n## -enum-fields\n\n| Constant | Value | Meaning |\n|---|---|---|\n";
        head.to_owned() + &rows(size, |i| format!("| X_{i} | {i} | Text. |\n"))
    }),
    ("Markdown: a parameter that comes many times", |size| format!("{FUNCTION}{}", "`[in] A`\n\nText.\n\n".repeat(size / 18))),
    ("Markdown: a heading that comes many times", |size| {
        format!("{FUNCTION}## Parameters\n\n{}", "### A\n\n## B\n\n".repeat(size / 14))
    }),
    ("plain text: a parameter that comes many times", |size| {
        format!("VOID\nX(\nint A\n);\nParameters\n{}", "[in] A\n\nText.\n\n".repeat(size / 16))
    }),
];

/// A page whose list of parameters begins where it ends.
fn listed() -> String {
    ddi(0, "", "", false).replace("## -returns\n\n", "")
}

/// A page that ends where the values of a parameter begin.
fn values() -> String {
    listed() + "### -param A [in]\n\nIt has one of the following values:\n\n"
}

/// The rows of a table of the parameters of `WskControlSocket`.
const PARAMETERS: &str = "| Parameter | Value |\n|---|---|\n| RequestType | WskIoctl |\n| ControlCode | SIO_X_Y |\n| Level | 0 |\n\
                          | InputSize | 0 |\n| InputBuffer | NULL |\n| OutputSize | 0 |\n| OutputBuffer | NULL |\n";

fn control(body: String) -> String {
    format!("---\ntitle: SIO_X_Y\n---\n# SIO_X_Y\n\nFor **WskControlSocket**.\n\n{body}")
}

/// Files of spec-data that grow: a name, the file, and its text of about so many bytes.
type SpecShape = (&'static str, &'static str, fn(usize) -> String);

const SPEC_SHAPES: &[SpecShape] = &[
    ("errata.yaml", "errata.yaml", |size| {
        let entry = |i| {
            format!(
                "- page: nc-wsk-pfn_wsk_bind\n  fact: params.P{i}.name\n  upstream: \"P{i}\"\n  value: null\n  reason: \"R.\"\n  evidence: \"E.\"\n\n"
            )
        };
        rows(size, entry)
    }),
    ("errata.yaml: of pages that nobody has", "errata.yaml", |size| {
        let entry = |i| {
            format!(
                "- page: nc-wsk-x{i}\n  fact: irql\n  upstream: null\n  value: \"a\"\n  reason: \"R.\"\n  evidence: \"E.\"\n\n"
            )
        };
        rows(size, entry)
    }),
    ("tables/constants.md", "tables/constants.md", |size| {
        format!("# Constants\n\n## C\n\n{CONSTANTS}{}", rows(size, |i| format!("| WSK_C{i} | ULONG | {i} | {MEANING} |\n")))
    }),
    ("tables/constants.md: of names that nothing defines", "tables/constants.md", |size| {
        format!("# Constants\n\n## C\n\n{CONSTANTS}{}", rows(size, |i| format!("| WSK_C{i} | ULONG | WSK_D{i} | {MEANING} |\n")))
    }),
    ("a table of values of ours", "functions/WskBind.md", |size| {
        let table = format!(
            "## Flags: Flags\n\n| Constant | Meaning |\n| --- | --- |\n{}\n## Returns",
            rows(size, |i| format!("| WSK_X{i} | {MEANING} |\n"))
        );
        include_str!("../../spec-data/functions/WskBind.md").replace("## Returns", &table)
    }),
];

const FUNCTION: &str = "# X function\n\n```c\nVOID X(\n  int A\n);\n```\n\n";
const MEANING: &str = "What it means, in as many words as such a table has, which is a sentence or two.";
const CONSTANTS: &str = "| Constant | Type | Value | Meaning |\n| --- | --- | --- | --- |\n";

/// As many rows as have about so many bytes.
fn rows(size: usize, row: impl Fn(usize) -> String) -> String {
    let mut out = String::with_capacity(size + 512);
    for i in 0.. {
        if out.len() >= size {
            break;
        }
        out += &row(i);
    }
    out
}

fn ddi(rows: usize, before: &str, after: &str, prototype: bool) -> String {
    let mut page = "---\nUID: NC:x.PFN_X_Y\nreq.header: x.h\nreq.irql: PASSIVE_LEVEL\n---\n# PFN_X_Y\n".to_owned();
    if prototype {
        // A declaration of more than 64 KiB is refused.
        let params: Vec<String> = (0..rows.min(1500)).map(|i| format!("  _In_ ULONG Param{i}")).collect();
        let _ = write!(page, "## -prototype\n\n```\nPFN_X_Y XY;\n\nNTSTATUS XY(\n{}\n)\n{{ ... }}\n```\n\n", params.join(",\n"));
    }
    page += "## -description\n\nThe <b>XY</b> function.\n\n## -parameters\n\n";
    for i in 0..rows {
        let _ = write!(page, "### -param Param{i} [in]\n\nText of <i>it</i>.\n\n");
    }
    page += "## -returns\n\n";
    if before.starts_with('|') {
        page += "| Return code | Description |\n|---|---|\n";
    }
    for i in 0..rows {
        let _ = write!(page, "{before}{i}{after}");
    }
    page
}

fn rendered(rows: usize, entry: fn(&str) -> String, code: fn(&str) -> String) -> String {
    let params: Vec<String> = (0..rows.min(1500)).map(|i| format!("  [in] ULONG Param{i}")).collect();
    let mut page = format!(
        "The XY function.\n\nSyntax\n\nPFN_X_Y PfnXY;\n\nNTSTATUS PfnXY(\n{}\n)\n{{...}}\n\nParameters\n\n",
        params.join(",\n")
    );
    for i in 0..rows {
        page += &entry(&format!("Param{i}"));
        page += "Text of it.\n\n";
    }
    page += "Return value\n\n";
    for i in 0..rows {
        page += &code(&format!("STATUS_N_{i}"));
    }
    page
}

/// The time of one reading of a page of the vendor's with the places of what is said of it, the least of a few.
fn time(text: &str) -> Duration {
    let once = || {
        let (mut sources, mut report) = (Sources::new(), Report::new());
        let start = Instant::now();
        let file = sources.add("page", text);
        let page = vendor::read(&sources, file, &mut report);
        let lines: usize = report.diagnostics().iter().map(|d| d.place(&sources).1.line).sum();
        let taken = start.elapsed();
        assert!(lines >= report.diagnostics().len(), "lines begin with 1");
        drop(page);
        taken
    };
    (0..3).map(|_| once()).min().unwrap_or_default()
}

/// The time that it takes to read our pages with a file in the place of one of them, and to lint them; the least of a few.
fn time_of_spec(ours: &[(String, String)], name: &str, text: &str) -> Duration {
    let others = ours.iter().filter(|(file, _)| file != name).map(|(file, text)| (file.as_str(), text.as_str()));
    let files: Vec<(&str, &str)> = others.chain([(name, text)]).collect();
    let once = || {
        let start = Instant::now();
        let mut loaded = load_texts(&files);
        lint(&loaded.spec, &loaded.sources, &mut loaded.report);
        start.elapsed()
    };
    (0..3).map(|_| once()).min().unwrap_or_default()
}

/// Two pages of one API that grow: a name, and each page of about so many bytes.
type PairShape = (&'static str, fn(usize) -> [String; 2]);

const PAIR_SHAPES: &[PairShape] = &[
    ("two pages: parameters that have other names", |size| {
        let page = ddi(size / 150, "| **STATUS_N_", "** | Text. |\n", false);
        [page.clone(), page.replace("### -param Param", "### -param Other").replace("STATUS_N", "STATUS_M")]
    }),
    ("two pages: parameters in another order", |size| {
        let head = ddi(0, "", "", false).replace("## -returns", "");
        let entry = |i: usize| format!("### -param P{i} [in]\n\nText.\n\n");
        let forward = rows(size, entry);
        let count = forward.matches("### ").count();
        let back = (0..count).rev().fold(String::new(), |out, i| out + &entry(i));
        [head.clone() + &forward, head + &back]
    }),
    ("two pages: values of a parameter", |size| {
        let head = ddi(1, "", "", false).replace("## -returns", "");
        [0, 1].map(|of| head.clone() + &rows(size, |i| format!("#### VALUE_{}\n\nText.\n\n", i * 2 + of)))
    }),
];

/// The time that it takes to find what two pages say differently, and what a change from one to the other is; the least of a few.
fn time_of_pair([first, second]: &[String; 2]) -> Duration {
    let read = |text: &str| {
        let (mut sources, mut report) = (Sources::new(), Report::new());
        let file = sources.add("page", text);
        vendor::read(&sources, file, &mut report).and_then(|page| vendor::facts_of(&page, &sources))
    };
    let pages: Vec<_> = [first, second].into_iter().filter_map(|text| read(text)).collect();
    let once = || {
        let start = Instant::now();
        let found = diff::disagreements(&pages).len();
        let [old, new] = [pages.first(), pages.get(1)].map(|page| page.cloned().into_iter().collect());
        let changes = diff::diff_pages(&old, &new).len();
        assert!(found > 0 && changes > 0, "the pages differ");
        start.elapsed()
    };
    (0..3).map(|_| once()).min().unwrap_or_default()
}

/// The files of spec-data, with their texts.
fn spec_data() -> Result<Vec<(String, String)>, Failure> {
    let walked = walk(&root().join("spec-data"), Hidden::Skip);
    let files = walked.entries.into_iter().filter(|e| e.kind == EntryKind::File);
    files.map(|e| Ok((e.relative, tools::read(&e.path)?))).collect()
}

pub(crate) fn run() -> Result<(), Failure> {
    if cfg!(debug_assertions) {
        return Err(Failure::CannotRun("this measures; run it as `cargo run -q --release -p xtask -- scaling`".to_owned()));
    }
    let mut failed = Vec::new();
    let ours = spec_data()?;
    let sizes = [1 << 18, 1 << 19, 1 << 20];
    let vendor = SHAPES.iter().map(|(name, shape)| (*name, sizes.map(|size| time(&shape(size)))));
    let spec = SPEC_SHAPES.iter().map(|(name, file, shape)| (*name, sizes.map(|size| time_of_spec(&ours, file, &shape(size)))));
    let pairs = PAIR_SHAPES.iter().map(|(name, shape)| (*name, sizes.map(|size| time_of_pair(&shape(size)))));
    for (name, times) in vendor.chain(spec).chain(pairs) {
        let growth: Vec<f64> = times
            .iter()
            .zip(times.iter().skip(1))
            .map(|(half, whole)| whole.as_secs_f64() / half.as_secs_f64().max(1e-4))
            .collect();
        let milliseconds: Vec<String> = times.iter().map(|t| format!("{:.0}", t.as_secs_f64() * 1e3)).collect();
        let ratios: Vec<String> = growth.iter().map(|g| format!("{g:.1}")).collect();
        println!("{name}: {} ms for 1/4, 1/2 and 1 MiB, times {}", milliseconds.join(", "), ratios.join(" and "));
        // A single doubling may be disturbed by whatever else the machine does; both are not.
        if times.last().is_some_and(|t| *t > MEGABYTE) || growth.iter().all(|g| *g > GROWTH) {
            failed.push(name);
        }
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Failure::DoesNotHold(format!("these take too long, or grow too fast: {}", failed.join("; "))))
    }
}
