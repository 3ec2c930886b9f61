//! Commands: arguments in, text and an exit status out. The only place that prints.
//!
//! Exit status 0: clean. 1: findings (stale output, something that lint does not accept). 2: bad input or usage.

use std::borrow::Cow;
use std::io::{BufWriter, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::contract;
use crate::diff::{Class, Rule};
use crate::emit::{catalog, emit};
use crate::explain::Explanation;
use crate::lint::{lint, lint_partly};
use crate::output::{Difference, Output, Place};
use crate::source::{Diagnostic, Folder, MessageFormat, PathError, Report, Sources, render};
use crate::spec::{Loaded, find_root, load};

mod diff;
mod explain;
mod given;
mod import;
mod sync;

use diff::DiffFormat;
use import::ImportFormat;
use sync::SyncFormat;

/// Reads descriptions of the Winsock Kernel (WSK) interface and writes the Rust crate that drivers call.
///
/// Exit status: 0 clean; 1 findings (stale output, lint errors); 2 bad input or usage. Diagnostics go to standard error, results
/// to standard output.
#[derive(Parser, Debug)]
#[command(name = "wsk-codegen", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args, Debug)]
struct Common {
    /// How diagnostics are printed: for people, or as one JSON object a line
    #[arg(long, value_enum, default_value_t, global = true, value_name = "FORMAT")]
    message_format: MessageFormat,
    /// The spec-data folder [default: the one in this folder or the nearest above it]
    #[arg(long, global = true, value_name = "DIR")]
    spec: Option<PathBuf>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Write the generated crate: only files whose contents change; stale ones are removed
    Generate {
        /// Write nothing; name each file that is not as it would be written, and exit with 1 if there is any
        #[arg(long)]
        check: bool,
        /// Where to write the crate [default: generated/src beside spec-data]
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Where to write the catalog of `#[wsk_callback]` [default: macros/src/catalog.rs beside spec-data; nowhere if --out is given]
        #[arg(long, value_name = "FILE")]
        catalog: Option<PathBuf>,
    },
    /// Check what must hold across pages
    Lint,
    /// Print the contract of every API
    Export {
        /// The form to print
        #[arg(long, value_enum, default_value_t)]
        format: ExportFormat,
        /// Print the JSON Schema of the contract instead
        #[arg(long)]
        schema: bool,
    },
    /// Explain one API, structure, control code, constant or status: signature, IRQL, codes, what to watch for; or a kind of change that
    /// `diff` reports
    Explain {
        /// WskConnect, PFN_WSK_CONNECT, wsk_connect; irql-tightened [default: all kinds of changes are listed]
        name: Option<String>,
        /// List all kinds of changes, each with its class and the version bump that it requires
        #[arg(long, conflicts_with = "name")]
        list: bool,
    },
    /// Compare two versions of spec-data, or of the vendor's pages: what changed, and what it means for drivers
    ///
    /// Each change has a class: breaking for driver source, breaking at run time, compatible, documentation only. Exit status 1 if
    /// there is one that --fail-on names, or a worse one.
    Diff {
        /// A folder of pages (ours or the vendor's), a folder with spec-data in it, or a git revision
        old: String,
        /// The same [default: spec-data as it is now]
        new: Option<String>,
        /// The form to print
        #[arg(long, value_enum, default_value_t)]
        format: DiffFormat,
        /// From which class on changes count as findings
        #[arg(long, value_enum, default_value = "runtime", value_name = "CLASS")]
        fail_on: Class,
        /// Changes that are accepted, each with its reason; they are no findings, and still raise the version [default: accepted-changes.yaml beside spec-data]
        #[arg(long, value_name = "FILE")]
        accepted: Option<PathBuf>,
        /// Kinds of changes that have another class here, each with its reason [default: change-classes.yaml beside spec-data]
        #[arg(long, value_name = "FILE")]
        classes: Option<PathBuf>,
    },
    /// Compare a checkout of the vendor's documentation with spec-data: what changed in meaning, and what only in prose
    ///
    /// Says for each page which facts are others now and what that means for drivers, which it is silent about, which sections have
    /// other words than when they were last reviewed, and which errata no longer hold. Exit status 1 if there is anything to say.
    Sync {
        /// The checkout, or a folder of pages in it
        dir: PathBuf,
        /// Put what changed into spec-data: facts, errata that can go, new pages, and the lock. Prose stays, what a person must write is
        /// marked for `lint`, and what is left is listed with the reason: exit status 1 if the next run finds it again
        #[arg(long)]
        accept: bool,
        /// The revision of the pages, to be recorded by --accept for all of them; the git repository that they stand in must have it
        /// [default: for those that changed, the one that is checked out there]
        #[arg(long, value_name = "REV", requires = "accept")]
        revision: Option<String>,
        /// With --accept: of what a page lists twice in other words, the first is meant, and both are reviewed
        #[arg(long, requires = "accept")]
        first_of_two: bool,
        /// The form to print
        #[arg(long, value_enum, default_value_t)]
        format: SyncFormat,
    },
    /// Read pages of the vendor's documentation and print their facts
    ///
    /// Understands DDI Markdown (the sources of the reference) of 2018 and later, and rendered pages saved or copied as plain text,
    /// Markdown or HTML, in any of sixteen languages. What a page does not say is null, with a diagnostic; pages of the same API that
    /// say different things of it are findings.
    Import {
        /// Pages, or folders of them
        #[arg(required = true, value_name = "PAGE")]
        pages: Vec<PathBuf>,
        /// JSON of the contract's shape, or a spec-data page
        #[arg(long, value_enum, default_value_t)]
        format: ImportFormat,
        /// Put the facts into spec-data: a new page for what it does not have, with places for the prose; the facts alone where it has
        /// a page. Prints what it wrote instead of the facts
        #[arg(long)]
        write: bool,
    },
}

#[derive(ValueEnum, Clone, Copy, Debug, Default)]
enum ExportFormat {
    /// The JSON contract
    #[default]
    Json,
}

const CLEAN: u8 = 0;
const FINDINGS: u8 = 1;
const BAD_INPUT: u8 = 2;

/// What a command leaves behind: text for standard output, diagnostics, and the exit status.
struct Outcome {
    /// The text, in parts: that of a whole reference is not copied into one.
    stdout: Vec<Cow<'static, str>>,
    /// Messages that were written while their texts were at hand.
    stderr: String,
    sources: Sources,
    report: Report,
    status: u8,
}

impl Outcome {
    fn new(sources: Sources, report: Report, status: u8) -> Self {
        Self { stdout: Vec::new(), stderr: String::new(), sources, report, status }
    }

    fn saying(mut self, stdout: impl Into<String>) -> Self {
        self.stdout = vec![Cow::Owned(stdout.into())];
        self
    }
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let status = if error.use_stderr() { BAD_INPUT } else { CLEAN };
            // Where not even the message can be printed there is nothing left to do.
            let _ = error.print();
            return ExitCode::from(status);
        }
    };
    let outcome = run(&cli);
    let rest = render(&outcome.report, &outcome.sources, cli.common.message_format, has_colour());
    // A closed pipe ends the output, not the command: its status still says what was found.
    let _ = [&outcome.stderr, &rest].into_iter().try_for_each(|text| std::io::stderr().write_all(text.as_bytes()));
    let mut stdout = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let _ = outcome.stdout.iter().try_for_each(|text| stdout.write_all(text.as_bytes())).and_then(|()| stdout.flush());
    let status = ExitCode::from(outcome.status);
    // The process ends here: to free the texts of thousands of pages one by one would be for nothing.
    std::mem::forget(outcome);
    status
}

/// Whether messages have colours.
fn has_colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

fn run(cli: &Cli) -> Outcome {
    match &cli.command {
        Command::Import { pages, write: true, .. } => match spec_folder(cli.common.spec.as_deref()) {
            Ok((folder, shown)) => import::write(pages, &folder, &shown, &cli.common),
            Err(report) => Outcome::new(Sources::new(), report, BAD_INPUT),
        },
        Command::Import { pages, format, .. } => import::run(pages, *format, &cli.common),
        Command::Export { schema: true, .. } => {
            Outcome::new(Sources::new(), Report::new(), CLEAN).saying(contract::json_schema())
        }
        Command::Diff { old, new, format, fail_on, accepted, classes } => {
            let (accepted, classes) = (accepted.as_deref(), classes.as_deref());
            let what = diff::Comparison { old, new: new.as_deref(), accepted, classes, format: *format, fail_on: *fail_on };
            if let Some(outcome) = diff::run_on_pages(&what, &cli.common) {
                return outcome;
            }
            if !what.needs_project() {
                return diff::run(None, &what);
            }
            match given::project(&cli.common, [Some(old), new.as_deref()]) {
                Ok((folder, shown)) => diff::run(Some((&folder, &shown)), &what),
                Err(outcome) => *outcome,
            }
        }
        // A kind of change is explained anywhere.
        Command::Explain { name, .. } if let Some(outcome) = explain::kind_of_change(name.as_deref(), &cli.common) => outcome,
        command => {
            let (folder, shown) = match spec_folder(cli.common.spec.as_deref()) {
                Ok(found) => found,
                Err(report) => return Outcome::new(Sources::new(), report, BAD_INPUT),
            };
            if let Command::Sync { dir, accept, revision, first_of_two, format } = command {
                let (accept, revision) = (*accept, revision.as_deref());
                let what = sync::Request { dir, accept, revision, first_of_two: *first_of_two, format: *format };
                return sync::run(&folder, &shown, &what, &cli.common);
            }
            run_on_spec(command, &folder, &shown)
        }
    }
}

/// The spec-data folder, and the path by which diagnostics call it. Found from the current folder it is called `spec-data`
/// wherever one stands, so that the output does not depend on that.
fn spec_folder(given: Option<&Path>) -> Result<(PathBuf, String), Report> {
    if let Some(given) = given {
        return Ok((given.to_path_buf(), given.display().to_string().replace('\\', "/")));
    }
    let here = std::env::current_dir().unwrap_or_default();
    match find_root(&here) {
        Some(root) => Ok((root.join("spec-data"), "spec-data".to_owned())),
        None => {
            let mut report = Report::new();
            report.push(
                Diagnostic::error("cli::no-spec", "there is no spec-data folder here or above")
                    .help("run this in a checkout of the project, or name the folder with --spec DIR"),
            );
            Err(report)
        }
    }
}

fn run_on_spec(command: &Command, folder: &Path, shown: &str) -> Outcome {
    let Loaded { mut sources, spec, mut report, unread, .. } = load(folder, shown);
    let readable = !report.has_errors();
    if readable {
        lint(&spec, &sources, &mut report);
    } else {
        lint_partly(&spec, &sources, &unread, &mut report);
    }
    if let Command::Lint = command {
        let status = match (readable, report.has_errors()) {
            (false, _) => BAD_INPUT,
            (true, true) => FINDINGS,
            (true, false) => CLEAN,
        };
        let summary = format!(
            "{} APIs, {} structures, {} enumerations, {} control codes, {} constants, {} statuses, {} errata: {}\n",
            spec.apis.len(),
            spec.structs.len(),
            spec.enums.len(),
            spec.controls.len(),
            spec.constants.len(),
            spec.statuses.len(),
            spec.errata.len(),
            if status == CLEAN { "clean" } else { "not clean" },
        );
        return Outcome::new(sources, report, status).saying(summary);
    }
    if report.has_errors() {
        return Outcome::new(sources, report, BAD_INPUT);
    }
    match command {
        Command::Generate { check, out, catalog: catalog_file } => {
            let project = folder.parent().unwrap_or(folder);
            let (out, catalog_file) = match outputs(project, out.as_deref(), catalog_file.as_deref()) {
                Ok(places) => places,
                Err(error) => {
                    report.push(Diagnostic::error("output::path", error.to_string()).help(error.help()));
                    return Outcome::new(sources, report, BAD_INPUT);
                }
            };
            let made = emit(&spec, &sources).and_then(|files| Ok((files, catalog(&spec).map_err(|failure| vec![failure])?)));
            let outputs = match made {
                Ok((files, catalog)) => {
                    let crate_files = Output { place: Place::Folder(out), files };
                    let catalog = catalog_file.map(|file| Output { place: Place::File(file), files: vec![catalog] });
                    [Some(crate_files), catalog].into_iter().flatten().collect::<Vec<_>>()
                }
                Err(failures) => {
                    let help =
                        "the crate has no form for this yet: use a type, or a combination of facts, that another page uses";
                    for failure in failures {
                        let diagnostic = Diagnostic::error("emit::failed", failure.to_string()).help(help);
                        report.push(failure.at.into_iter().fold(diagnostic, Diagnostic::at));
                    }
                    return Outcome::new(sources, report, BAD_INPUT);
                }
            };
            generate(&outputs, *check, sources, report)
        }
        Command::Export { .. } => {
            let Some(lock) = sync::read_lock(folder, shown, &mut sources, &mut report) else {
                return Outcome::new(sources, report, BAD_INPUT);
            };
            let reviewed = |(page, locked): (String, crate::sync::Locked)| {
                (page, contract::Reviewed { revision: locked.revision, gone: locked.gone })
            };
            let reviewed = lock.pages.into_iter().map(reviewed).collect();
            // The contract is strings and numbers, which always serialise.
            let json = serde_json::to_string_pretty(&contract::of_spec(&spec, &sources, &reviewed)).unwrap_or_default();
            Outcome::new(sources, report, CLEAN).saying(json + "\n")
        }
        Command::Explain { name, .. } => match crate::explain::explain(&spec, &sources, name.as_deref().unwrap_or_default()) {
            Explanation::Found(text) => Outcome::new(sources, report, CLEAN).saying(text),
            Explanation::Unknown(near) => {
                let name = name.as_deref().unwrap_or_default();
                let near: Vec<String> = near.into_iter().chain(Rule::near(name).map(|rule| rule.id().to_owned())).collect();
                let help = if near.is_empty() {
                    "`wsk-codegen export` lists every name".to_owned()
                } else {
                    format!("did you mean {}?", near.join(", "))
                };
                report.push(Diagnostic::error("cli::unknown-name", format!("nothing here is called `{name}`")).help(help));
                sources = Sources::new();
                Outcome::new(sources, report, BAD_INPUT)
            }
        },
        Command::Lint | Command::Import { .. } | Command::Diff { .. } | Command::Sync { .. } => {
            Outcome::new(sources, report, CLEAN)
        }
    }
}

/// Where the crate goes, and where the catalog, if it is written. What the user names may be a link; what the project holds may not lead
/// out of it.
fn outputs(project: &Path, out: Option<&Path>, catalog: Option<&Path>) -> Result<(PathBuf, Option<PathBuf>), PathError> {
    let own = Folder::new(project);
    let catalog = match (catalog, out) {
        (Some(file), _) => Some(file.to_path_buf()),
        (None, Some(_)) => None,
        (None, None) => Some(own.below("macros/src")?.path().join("catalog.rs")),
    };
    let out = match out {
        Some(out) => out.to_path_buf(),
        None => own.below("generated/src")?.path().to_path_buf(),
    };
    Ok((out, catalog))
}

fn generate(outputs: &[Output], check: bool, sources: Sources, mut report: Report) -> Outcome {
    let mut all = Vec::new();
    for output in outputs {
        match output.compare() {
            Ok(differences) => all.push((output, differences)),
            Err(error) => {
                report.push(
                    Diagnostic::error("output::unreadable", error.to_string()).help("check that you may read the output folder"),
                );
                return Outcome::new(sources, report, BAD_INPUT);
            }
        }
    }
    let count: usize = outputs.iter().map(|o| o.files.len()).sum();
    let differences: Vec<(String, Difference)> = all
        .iter()
        .flat_map(|(output, differences)| {
            differences.iter().map(|(relative, difference)| (relative_to_here(&output.path(relative)), *difference))
        })
        .collect();
    let strays: Vec<&str> = differences.iter().filter(|(_, d)| *d == Difference::Stray).map(|(p, _)| p.as_str()).collect();
    if check {
        for (path, difference) in &differences {
            let (what, help) = match difference {
                Difference::Missing => ("is missing", MEND),
                Difference::Changed => ("is not what would be generated", MEND),
                Difference::Stale => ("is generated from a page that is gone", MEND),
                Difference::Stray => ("was not generated and does not belong here", STRAY),
            };
            report.push(Diagnostic::error("output::stale", format!("{path} {what}")).help(help));
        }
        let status = if differences.is_empty() { CLEAN } else { FINDINGS };
        let line = match differences.len() {
            0 => format!("{count} files are up to date\n"),
            n => format!("{n} of {count} files are not up to date\n"),
        };
        return Outcome::new(sources, report, status).saying(line);
    }
    if !strays.is_empty() {
        for path in strays {
            report.push(
                Diagnostic::error("output::stray", format!("{path} was not generated and does not belong here")).help(STRAY),
            );
        }
        return Outcome::new(sources, report, FINDINGS).saying("nothing was written\n");
    }
    for (output, differences) in &all {
        if let Err(error) = output.write(differences) {
            report.push(
                Diagnostic::error("output::unwritable", error.to_string())
                    .help("each of the others is either new or old; run again"),
            );
            return Outcome::new(sources, report, BAD_INPUT);
        }
    }
    let mut text = String::new();
    for (path, difference) in &differences {
        let verb = if *difference == Difference::Stale { "removed" } else { "wrote" };
        text += &format!("{verb} {path}\n");
    }
    text += &format!("{count} files, {} changed\n", differences.len());
    Outcome::new(sources, report, CLEAN).saying(text)
}

const MEND: &str = "run `cargo codegen generate` and commit the result";
const STRAY: &str = "move it elsewhere or delete it; every file in this folder is generated";

/// A path as one would type it here.
fn relative_to_here(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).display().to_string().replace('\\', "/")
}
