//! `import` over as many pages as the whole reference has, against pulldown-cmark alone reading the same files in the same run; and
//! how the time of each reader grows with its input.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use pulldown_cmark::{Options, Parser};
use wsk_codegen::source::{Report, Sources};
use wsk_codegen::vendor;

use crate::tools::{build_codegen, root};
use crate::{Failure, bench};

/// As many as the vendor's reference has.
const PAGES: usize = 24_000;
/// At most so many times what pulldown-cmark takes.
const TIME: f64 = 2.0;
const RUNS: usize = 3;

pub(crate) fn run(pages: &Path) -> Result<(), Failure> {
    let cannot = |e: &dyn std::fmt::Display| Failure::CannotRun(e.to_string());
    build_codegen()?;
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let folder = folder.map_err(|e| cannot(&e))?;
    let bytes = make(pages, folder.path())?;

    let alone = || -> std::io::Result<usize> {
        let mut events = 0;
        for part in std::fs::read_dir(folder.path())? {
            for file in std::fs::read_dir(part?.path())? {
                let text = std::fs::read_to_string(file?.path())?;
                events += Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter().count();
            }
        }
        Ok(events)
    };
    let mut theirs = Duration::MAX;
    for _ in 0..RUNS {
        let start = Instant::now();
        let events = alone().map_err(|e| cannot(&e))?;
        theirs = theirs.min(start.elapsed());
        assert!(events > PAGES, "pulldown-cmark read the pages");
    }
    // Pages with errors are part of it: what counts is that each is read.
    let ours = bench::measure_any(RUNS, &|| {
        let mut command = Command::new(root().join("target/release/wsk-codegen"));
        command.args(["import", "--message-format", "json"]).arg(folder.path());
        command
    })?;
    let ratio = ours.time.as_secs_f64() / theirs.as_secs_f64();
    println!(
        "{PAGES} pages, {} MiB: import {:.2} s and {} MiB, pulldown-cmark alone {:.2} s: {ratio:.2} times (limit {TIME})",
        bytes >> 20,
        ours.time.as_secs_f64(),
        ours.kib >> 10,
        theirs.as_secs_f64(),
    );
    if ratio > TIME { Err(Failure::DoesNotHold(format!("import takes {ratio:.2} times pulldown-cmark's time"))) } else { Ok(()) }
}

/// Copies the pages until there are enough, each under a name of its own: the same page twice would be compared with itself.
fn make(pages: &Path, folder: &Path) -> Result<usize, Failure> {
    let cannot = |e: std::io::Error| Failure::CannotRun(e.to_string());
    let mut texts = Vec::new();
    for part in ["ddi-2024-03-sample", "ddi-2024-03"] {
        let part = pages.join(part);
        let entries = std::fs::read_dir(&part).map_err(|e| Failure::CannotRun(format!("{}: {e}", part.display())))?;
        let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
        paths.sort();
        for path in paths {
            texts.push(std::fs::read_to_string(&path).map_err(cannot)?);
        }
    }
    let mut bytes = 0;
    for (n, text) in texts.iter().cycle().take(PAGES).enumerate() {
        let part = folder.join((n / 500).to_string());
        std::fs::create_dir_all(&part).map_err(cannot)?;
        let text: String = text
            .lines()
            .map(|line| match line.strip_prefix("UID: ") {
                Some(_) => format!("{line}_{n}\n"),
                None => line
                    .strip_prefix("req.typenames: ")
                    .map_or_else(|| format!("{line}\n"), |names| format!("req.typenames: T{n}{names}\n")),
            })
            .collect();
        bytes += text.len();
        std::fs::write(part.join(format!("{n}.md")), text).map_err(cannot)?;
    }
    Ok(bytes)
}

/// At most so many times the time for twice the input: a little more than twice, for tables and sorting, but not four times.
const GROWTH: f64 = 3.0;
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
];

/// The rows of a table of the parameters of `WskControlSocket`.
const PARAMETERS: &str = "| Parameter | Value |\n|---|---|\n| RequestType | WskIoctl |\n| ControlCode | SIO_X_Y |\n| Level | 0 |\n\
                          | InputSize | 0 |\n| InputBuffer | NULL |\n| OutputSize | 0 |\n| OutputBuffer | NULL |\n";

fn control(body: String) -> String {
    format!("---\ntitle: SIO_X_Y\n---\n# SIO_X_Y\n\nFor **WskControlSocket**.\n\n{body}")
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

/// The time of one reading, the least of a few.
fn time(text: &str) -> Duration {
    let once = || {
        let (mut sources, mut report) = (Sources::new(), Report::new());
        let start = Instant::now();
        let file = sources.add("page", text);
        let page = vendor::read(&sources, file, &mut report);
        let taken = start.elapsed();
        drop(page);
        taken
    };
    (0..3).map(|_| once()).min().unwrap_or_default()
}

pub(crate) fn scaling() -> Result<(), Failure> {
    if cfg!(debug_assertions) {
        return Err(Failure::CannotRun("this measures; run it as `cargo run -q --release -p xtask -- scaling`".to_owned()));
    }
    let mut failed = Vec::new();
    for (name, shape) in SHAPES {
        let sizes = [1 << 18, 1 << 19, 1 << 20];
        let times: Vec<Duration> = sizes.iter().map(|size| time(&shape(*size))).collect();
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
            failed.push(*name);
        }
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Failure::DoesNotHold(format!("these take too long, or grow too fast: {}", failed.join("; "))))
    }
}
