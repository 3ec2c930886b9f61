//! `import` over as many pages as the whole reference has, against pulldown-cmark alone reading the same files in the same run.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use pulldown_cmark::{Options, Parser};

use crate::scaling::GROWTH;
use crate::tools::{build_codegen, root};
use crate::{Failure, bench};

/// As many as the vendor's reference has.
const PAGES: usize = 24_000;
/// At most so many times what pulldown-cmark takes.
const TIME: f64 = 2.5;
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
    if ratio > TIME {
        return Err(Failure::DoesNotHold(format!("import takes {ratio:.2} times pulldown-cmark's time")));
    }
    revisions(folder.path())
}

/// `diff` of two revisions of a whole reference, and of half of it: the time grows with the number of pages, and no faster.
fn revisions(pages: &Path) -> Result<(), Failure> {
    let cannot = |e: std::io::Error| Failure::CannotRun(e.to_string());
    let sides = tempfile::tempdir_in(pages.parent().unwrap_or(pages)).map_err(cannot)?;
    let mut times = Vec::new();
    for share in [2, 1] {
        let (old, new) = (sides.path().join(format!("old{share}")), sides.path().join(format!("new{share}")));
        [&old, &new].iter().try_for_each(std::fs::create_dir_all).map_err(cannot)?;
        for n in 0..PAGES / share {
            let name = format!("{n}.md");
            let text = std::fs::read_to_string(pages.join((n / 500).to_string()).join(&name)).map_err(cannot)?;
            // One page in two has other facts: a level, a parameter's direction, a code.
            let other = if n % 2 == 0 {
                text.replace("PASSIVE_LEVEL", "APC_LEVEL").replace("[in]", "[out]").replace("STATUS_SUCCESS", "STATUS_PENDING")
            } else {
                text.clone()
            };
            std::fs::write(old.join(&name), text).map_err(cannot)?;
            std::fs::write(new.join(&name), other).map_err(cannot)?;
        }
        let taken = bench::measure_any(RUNS, &|| {
            let mut command = Command::new(root().join("target/release/wsk-codegen"));
            command.args(["diff", "--format", "json", "--message-format", "json"]).arg(&old).arg(&new);
            command
        })?;
        println!(
            "diff of two revisions of {} pages: {:.2} s and {} MiB",
            PAGES / share,
            taken.time.as_secs_f64(),
            taken.kib >> 10
        );
        times.push(taken.time.as_secs_f64());
    }
    match times.as_slice() {
        [half, whole] if whole / half > GROWTH => {
            Err(Failure::DoesNotHold(format!("diff takes {:.1} times as long for twice as many pages", whole / half)))
        }
        _ => Ok(()),
    }
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
