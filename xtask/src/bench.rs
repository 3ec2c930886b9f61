//! `generate` against bindgen, over the same interface, in the same run.
//!
//! bindgen is what a user would otherwise pick; it needs a header that few have. What counts is the ratio: the machine is noisy.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4 as _;

use crate::Failure;
use crate::tools::{build_codegen, output, root};

/// At most this part of bindgen's time.
const TIME: f64 = 1.0 / 20.0;
/// At most this part of bindgen's memory.
const MEMORY: f64 = 1.0 / 8.0;
const RUNS: usize = 7;
/// As many of ours take less time than that; the more there are, the less the least of them depends on what else is going on.
const OUR_RUNS: usize = 40;

pub(crate) struct Cost {
    pub(crate) time: Duration,
    pub(crate) kib: u64,
}

/// The least of several runs: what the work costs when nothing else is in the way.
fn measure(runs: usize, make: &dyn Fn() -> Command) -> Result<Cost, Failure> {
    least(runs, make, true)
}

/// The same, of a command that may end with findings.
pub(crate) fn measure_any(runs: usize, make: &dyn Fn() -> Command) -> Result<Cost, Failure> {
    least(runs, make, false)
}

fn least(runs: usize, make: &dyn Fn() -> Command, must_succeed: bool) -> Result<Cost, Failure> {
    let mut best: Option<Cost> = None;
    for _ in 0..runs {
        let mut command = make();
        let start = Instant::now();
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| Failure::CannotRun(format!("cannot run {}: {e}", command.get_program().display())))?;
        let used = child.wait4().map_err(|e| Failure::CannotRun(format!("cannot wait: {e}")))?;
        let time = start.elapsed();
        if must_succeed && !used.status.success() {
            return Err(Failure::CannotRun(format!("{} failed", command.get_program().display())));
        }
        // Linux counts in KiB, and the crate passes on bytes.
        let kib = used.rusage.maxrss / 1024;
        let so_far = best.take();
        best = Some(match so_far {
            Some(b) => Cost { time: b.time.min(time), kib: b.kib.min(kib) },
            None => Cost { time, kib },
        });
    }
    best.ok_or_else(|| Failure::CannotRun("nothing was run".to_owned()))
}

pub(crate) fn run(bindgen: &Path, headers: &Path) -> Result<(), Failure> {
    let header = headers.join("windows/ddk/wsk.h");
    if !header.exists() {
        return Err(Failure::CannotRun(format!("{} is not there; apt-get install libwine-dev", header.display())));
    }
    build_codegen()?;
    // Both write to memory where there is such a folder: how busy the disk is belongs to neither. (On this kind of machine 150 small
    // files take anything from 10 to 50 ms, depending on what was written before.)
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let folder = folder.map_err(|e| Failure::CannotRun(e.to_string()))?;
    let input = folder.path().join("wsk-input.h");
    let text = "#include <stdarg.h>\n#include <stddef.h>\n#include <ntstatus.h>\n#define WIN32_NO_STATUS\n#include <windef.h>\n\
                #include <winbase.h>\n#include <winternl.h>\n#include <winioctl.h>\n#include <ddk/wdm.h>\n#include <ddk/wsk.h>\n";
    std::fs::write(&input, text).map_err(|e| Failure::CannotRun(e.to_string()))?;
    let resources = output(Command::new("clang-19").arg("-print-resource-dir"), "apt-get install clang-19")?;
    let resources = format!("{}/include", String::from_utf8_lossy(&resources.stdout).trim());

    let theirs = measure(RUNS, &|| {
        let mut command = Command::new(bindgen);
        command
            .arg(&input)
            .args(["--allowlist-item", "(_?P?WSK|PFN_WSK|Wsk).*", "-o"])
            .arg(folder.path().join("bindgen.rs"))
            .args(["--", "--target=x86_64-pc-windows-msvc", "-std=gnu11", "-nostdinc", "-isystem", &resources, "-isystem"])
            .arg(headers.join("windows"))
            .arg("-isystem")
            .arg(headers.join("msvcrt"));
        command
    })?;
    let out = folder.path().join("out");
    let tool = root().join("target/release/wsk-codegen");
    let ours = measure(OUR_RUNS, &|| {
        // Everything is written anew each time.
        let _ = std::fs::remove_dir_all(&out);
        let mut command = Command::new(&tool);
        command.current_dir(root()).arg("generate").arg("--out").arg(&out);
        command
    })?;

    let time = ours.time.as_secs_f64() / theirs.time.as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "sizes of a process are far below 2^52 KiB")]
    let memory = ours.kib as f64 / theirs.kib as f64;
    let line = |name: &str, cost: &Cost| println!("{name:<22} {:>8.1} ms {:>8} KiB", cost.time.as_secs_f64() * 1000.0, cost.kib);
    line("bindgen", &theirs);
    line("wsk-codegen generate", &ours);
    println!(
        "ratio                  1/{:<8.1}  1/{:.1}   (limits 1/20, 1/8; least of {RUNS} and {OUR_RUNS} runs)",
        1.0 / time,
        1.0 / memory
    );
    if time > TIME || memory > MEMORY {
        return Err(Failure::DoesNotHold("generate costs more than its limit".to_owned()));
    }
    Ok(())
}
