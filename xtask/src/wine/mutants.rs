//! Wrong bindings, made of a copy of spec-data: the scenarios must notice each.
//!
//! A run that passes shows that the bindings can be right; that it shows anything at all is shown here.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Mode, scenarios};
use crate::Failure;
use crate::driver::Project;
use crate::tools::{build_codegen, cannot, copy_folder, output, replace, root};

/// A mistake: what it is, and what is edited in which pages.
struct Mutant {
    what: &'static str,
    edits: &'static [Edit],
}

/// The file, and what is replaced by what, once each.
struct Edit(&'static str, &'static [(&'static str, &'static str)]);

/// What the errata say of the parameter that is dropped below.
const WSK_CONNECT_FLAGS: &str = "- page: nc-wsk-pfn_wsk_connect\n  fact: params.Flags.direction\n  upstream: null\n  value: \"in\"\n  reason: \"The page gives this reserved parameter no direction; what is passed by value and must be zero goes in.\"\n  evidence: \"The prototype of the 2018 revision marks it _Reserved_ and of type ULONG.\"\n\n";

const MUTANTS: [Mutant; 3] = [
    Mutant {
        what: "WskSend and WskReceive are swapped in the table of a connection socket",
        edits: &[Edit(
            "structs/WSK_PROVIDER_CONNECTION_DISPATCH.md",
            &[
                (
                    "  PFN_WSK_SEND WskSend;\n  PFN_WSK_RECEIVE WskReceive;\n",
                    "  PFN_WSK_RECEIVE WskReceive;\n  PFN_WSK_SEND WskSend;\n",
                ),
                (
                    "| WskSend | | The function `WskSend`. |\n| WskReceive | | The function `WskReceive`. |\n",
                    "| WskReceive | | The function `WskReceive`. |\n| WskSend | | The function `WskSend`. |\n",
                ),
            ],
        )],
    },
    Mutant {
        what: "WskConnect has no Flags",
        edits: &[
            Edit("functions/WskConnect.md", &[("  ULONG Flags,\n", ""), ("| Flags | reserved | | | Must be zero. |\n", "")]),
            Edit("errata.yaml", &[(WSK_CONNECT_FLAGS, "")]),
        ],
    },
    Mutant {
        what: "Length comes before Offset in WSK_BUF",
        edits: &[Edit(
            "structs/WSK_BUF.md",
            &[
                ("  ULONG Offset;\n  SIZE_T Length;\n", "  SIZE_T Length;\n  ULONG Offset;\n"),
                ("| Offset |", "| ? |"),
                ("| Length |", "| Offset |"),
                ("| ? |", "| Length |"),
            ],
        )],
    },
];

pub(crate) fn run() -> Result<(), Failure> {
    build_codegen()?;
    // What does not depend on the bindings, such as `core`, is built here, once.
    Project::here().build("tcp-echo-driver")?;
    println!("right: a copy as it is");
    scenarios(&copy()?.project, Mode::UntilFailure)?;
    let mut survived = Vec::new();
    for mutant in &MUTANTS {
        println!("\nwrong: {}", mutant.what);
        let copy = copy()?;
        mutate(copy.project.folder(), mutant)?;
        // That the drivers do not compile would not be for the scenarios to notice.
        for driver in super::DRIVERS {
            copy.project.build(driver).map_err(|failure| match failure {
                Failure::DoesNotHold(why) => Failure::CannotRun(why),
                other => other,
            })?;
        }
        match scenarios(&copy.project, Mode::UntilFailure) {
            Err(Failure::DoesNotHold(why)) => println!("noticed: {why}"),
            Err(other) => return Err(other),
            Ok(_) => survived.push(mutant.what),
        }
    }
    if survived.is_empty() {
        println!("\n{} wrong bindings, each noticed", MUTANTS.len());
        Ok(())
    } else {
        Err(Failure::DoesNotHold(format!("not noticed: {}", survived.join("; "))))
    }
}

/// A copy of this checkout, with what is built of the drivers.
struct Copy {
    project: Project,
    _folder: tempfile::TempDir,
}

fn copy() -> Result<Copy, Failure> {
    let temporary = tempfile::Builder::new().prefix("wsk-mutant-").tempdir().map_err(|e| cannot("no temporary folder", e))?;
    let folder = temporary.path().join("wsk");
    let list = output(
        Command::new("git").current_dir(root()).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]),
        "install git",
    )?;
    for name in list.stdout.split(|b| *b == 0).filter(|name| !name.is_empty()) {
        let name = PathBuf::from(String::from_utf8_lossy(name).into_owned());
        let (from, to) = (root().join(&name), folder.join(&name));
        if !from.is_file() {
            continue;
        }
        let made = to.parent().map_or(Ok(()), std::fs::create_dir_all);
        made.and_then(|()| std::fs::copy(&from, &to)).map_err(|e| cannot(&format!("cannot copy {}", name.display()), e))?;
    }
    let project = Project::at(folder);
    copy_folder(Project::here().target(), project.target())?;
    Ok(Copy { project, _folder: temporary })
}

/// Makes the mistake, and the bindings of it.
fn mutate(folder: &Path, mutant: &Mutant) -> Result<(), Failure> {
    for Edit(file, replacements) in mutant.edits {
        let path = folder.join("spec-data").join(file);
        for (from, to) in *replacements {
            replace(&path, from, to)?;
        }
    }
    let tool = root().join("target/release/wsk-codegen");
    let done = output(Command::new(tool).current_dir(folder).arg("generate"), "run `cargo build --release -p wsk-codegen`")?;
    if done.status.success() {
        Ok(())
    } else {
        Err(cannot("no bindings can be made of it", String::from_utf8_lossy(&done.stderr)))
    }
}
