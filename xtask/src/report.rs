//! The page of `diff --format html` in a real browser: filters and keys do what they should, nothing is complained about, and nothing is
//! asked of the network.

use std::path::{Path, PathBuf};
use std::process::Command;

use wsk_codegen::diff::{Side, diff, html};
use wsk_codegen::spec::load;

use crate::Failure;
use crate::tools::{copy_folder, output, replace, root};

/// What a person would do, put behind the page's own script; the outcome of each step is written to the page.
const STEPS: &str = include_str!("report_steps.js");

pub(crate) fn run(browser: &Path, screenshot: Option<&Path>) -> Result<(), Failure> {
    let fails = |what: &str, e: &dyn std::fmt::Display| Failure::CannotRun(format!("{what}: {e}"));
    let folder = tempfile::tempdir().map_err(|e| fails("no temporary folder", &e))?;
    let page = page(folder.path())?;
    let open = |extra: &[String], profile: &str, page: &Path| {
        let mut command = Command::new("timeout");
        command.arg("60").arg(browser).args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1400,900",
            "--enable-logging=stderr",
        ]);
        command.arg(format!("--user-data-dir={}", folder.path().join(profile).display()));
        command.args(extra).arg(format!("file://{}", page.display()));
        output(&mut command, "install Chromium (Debian: chromium)")
    };
    let tried = page.with_file_name("tried.html");
    let text = std::fs::read_to_string(&page).map_err(|e| fails("the page", &e))?;
    std::fs::write(&tried, text.replace("</body>", &format!("<script>{STEPS}</script></body>")))
        .map_err(|e| fails("the page", &e))?;
    let made = open(&["--dump-dom".into()], "profile", &tried)?;
    if !made.status.success() {
        return Err(Failure::CannotRun(format!(
            "the browser ended with {}:\n{}",
            made.status,
            String::from_utf8_lossy(&made.stderr)
        )));
    }
    let dom = String::from_utf8_lossy(&made.stdout).into_owned();
    let said = String::from_utf8_lossy(&made.stderr).into_owned();
    let steps: Vec<&str> = dom
        .rsplit_once("<pre id=\"steps\">")
        .and_then(|(_, rest)| rest.split_once("</pre>"))
        .map_or_else(Vec::new, |(s, _)| s.lines().collect());
    for step in &steps {
        println!("{step}");
    }
    let complaints: Vec<&str> = said.lines().filter(|l| l.contains(":CONSOLE")).collect();
    println!("{} steps, {} complaints", steps.len(), complaints.len());
    if let Some(screenshot) = screenshot {
        open(&[format!("--screenshot={}", screenshot.display())], "picture", &page)?;
        println!("a picture is in {}", screenshot.display());
    }
    let wrong = steps.iter().any(|s| !s.starts_with("holds: "));
    // As many as there are in the script: one that stops midway is noticed.
    if wrong || steps.len() != STEPS.matches("\nstep(").count() || !complaints.is_empty() {
        return Err(Failure::DoesNotHold(format!("the report does not work:\n{}", complaints.join("\n"))));
    }
    Ok(())
}

/// The report of changes that are made up: one of each class, and words that would end a script.
fn page(folder: &Path) -> Result<PathBuf, Failure> {
    let fails = |e: &dyn std::fmt::Display| Failure::CannotRun(format!("cannot make the report: {e}"));
    let old = root().join("spec-data");
    let new = folder.join("spec-data");
    copy_folder(&old, &new)?;
    let edits = [
        ("functions/WskConnect.md", "| always | <= DISPATCH_LEVEL |", "| always | PASSIVE_LEVEL |"),
        ("functions/WskConnect.md", "\n## Signature", "\nAnd </script><b>so on</b>.\n\n## Signature"),
        ("functions/WskSend.md", "| WSK_FLAG_NODELAY |", "| WSK_FLAG_DRAIN | Made up. |\n| WSK_FLAG_NODELAY |"),
        ("structs/WSK_BUF.md", "  SIZE_T Length;", "  ULONG Length;"),
    ];
    for (file, from, to) in edits {
        replace(&new.join(file), from, to)?;
    }
    let (old, new) = (load(&old, "before"), load(&new, "after"));
    if new.report.has_errors() {
        return Err(fails(&format!("{:?}", new.report.diagnostics())));
    }
    let (old, new) = (Side::of(&old), Side::of(&new));
    let page = folder.join("report.html");
    std::fs::write(&page, html(&diff(old, new), Some([old, new]))).map_err(|e| fails(&e))?;
    Ok(page)
}
