//! Commands, exit statuses and help texts.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;

use common::{root, run_in, stderr, stdout};

#[test]
fn help_texts() {
    let mut all = String::new();
    for args in [
        &["--help"][..],
        &["generate", "--help"],
        &["lint", "--help"],
        &["export", "--help"],
        &["explain", "--help"],
        &["import", "--help"],
        &["diff", "--help"],
    ] {
        let output = run_in(&root(), args);
        assert_eq!(output.status.code(), Some(0));
        all += &format!("$ wsk-codegen {}\n{}\n", args.join(" "), stdout(&output));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn usage_errors_have_status_2() {
    for args in [&["frobnicate"][..], &[], &["import"], &["generate", "--frob"], &["explain", "--list", "X"]] {
        assert_eq!(run_in(&root(), args).status.code(), Some(2), "{args:?}");
    }
    let nowhere = tempfile::tempdir().expect("a folder");
    let output = run_in(nowhere.path(), &["lint"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no spec-data folder here or above"));
    let output = run_in(nowhere.path(), &["lint", "--spec", "missing"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn explain_takes_every_spelling() {
    let texts: Vec<String> = ["WskConnect", "PFN_WSK_CONNECT", "wsk_connect", "wskconnect", "pfn_wsk_connect"]
        .iter()
        .map(|name| {
            let output = run_in(&root(), &["explain", name]);
            assert_eq!(output.status.code(), Some(0), "{name}: {}", stderr(&output));
            stdout(&output)
        })
        .collect();
    assert!(texts.windows(2).all(|w| w[0] == w[1]), "{texts:#?}");
    insta::assert_snapshot!(texts[0]);
}

#[test]
fn explain_other_kinds() {
    let mut all = String::new();
    for name in [
        "WskCaptureProviderNPI",
        "WskRelease",
        "WSK_DATAGRAM_INDICATION",
        "WSK_INSPECT_ACTION",
        "SO_WSK_SECURITY",
        "WSK_FLAG_DRAIN",
        "STATUS_NOT_SUPPORTED",
    ] {
        let output = run_in(&root(), &["explain", name]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", stderr(&output));
        all += &format!("$ wsk-codegen explain {name}\n{}\n", stdout(&output));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn explain_suggests_near_names() {
    for (wrong, right) in [
        ("WskConect", "WskConnect"),
        ("PFN_WSK_CONNET", "WskConnect"),
        ("WSK_BUFF", "WSK_BUF"),
        ("STATUS_PENDNG", "STATUS_PENDING"),
    ] {
        let output = run_in(&root(), &["explain", wrong]);
        assert_eq!(output.status.code(), Some(2));
        let said = stderr(&output);
        assert!(said.contains("did you mean") && said.contains(right), "{wrong}: {said}");
    }
    let output = run_in(&root(), &["explain", "zzzzzz"]);
    assert!(stderr(&output).contains("lists every name"));
}

/// A place in a page becomes a mark in the view of a pull request; what the syntax of workflow commands reserves is written as it wants.
#[test]
fn diagnostics_as_workflow_commands() {
    let copy = common::SpecCopy::new();
    copy.replace("functions/WskConnect.md", "| always | <= DISPATCH_LEVEL |", "| always | 100%, or so |");
    let output = copy.run(&["lint", "--message-format", "github"]);
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    assert!(said.lines().all(|line| line.starts_with("::")), "{said}");
    let line = said.lines().find(|l| l.contains("WskConnect.md")).expect("the page");
    assert!(line.starts_with("::error file=spec-data/functions/WskConnect.md,line=46,col=12,title=spec%3A%3Airql::"), "{line}");
    assert!(line.contains("100%25, or so") && line.contains("%0A"), "{line}");
    let output = copy.run(&["explain", "nothing", "--message-format", "github"]);
    assert!(stderr(&output).starts_with("::error "), "{}", stderr(&output));
}

/// The workflow that users copy calls commands that there are.
#[test]
fn the_workflow_calls_what_there_is() {
    let text = std::fs::read_to_string(root().join("codegen/ci/pages.yml")).expect("the workflow");
    let commands: Vec<Vec<&str>> = text
        .lines()
        .filter_map(|line| line.split_once("cargo codegen ")?.1.split(" > ").next())
        .map(|arguments| arguments.split_whitespace().map(|a| a.trim_matches('"')).collect())
        .collect();
    assert_eq!(commands.len(), 3);
    for command in commands {
        let arguments: Vec<&str> = command.iter().map(|a| if *a == "$BASE" { "HEAD" } else { a }).chain(["--help"]).collect();
        assert_eq!(run_in(&root(), &arguments).status.code(), Some(0), "{arguments:?}");
    }
}
