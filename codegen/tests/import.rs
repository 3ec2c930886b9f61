//! `import` of the page that the project started from, of DDI Markdown, and of pages that are broken.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;

use common::{SpecCopy, files, root, run_in, shared, stderr, stdout};
use wsk_codegen::contract::Contract;
use wsk_codegen::facts::{ApiKind, Direction, Level};
use wsk_codegen::source::{JsonDiagnostic, Severity};
use wsk_codegen::spec::UNWRITTEN;

fn import(folder: &std::path::Path, pages: &[&str]) -> (Contract, Option<i32>) {
    let mut args = vec!["import", "--format", "json"];
    args.extend(pages);
    let output = run_in(folder, &args);
    (serde_json::from_slice(&output.stdout).expect("JSON"), output.status.code())
}

#[test]
fn the_german_page_gives_every_fact() {
    let Some(seed) = shared("seed") else { return };
    let page = seed.join("pfn_wsk_connect.de-de.txt");
    let (contract, status) = import(&root(), &[page.to_str().expect("a path")]);
    assert_eq!((status, contract.diagnostics.as_deref()), (Some(0), Some(&[][..])));
    let [api] = contract.apis.as_slice() else { panic!("one API, not {}", contract.apis.len()) };
    assert_eq!((api.name.as_deref(), api.typedef.as_deref()), (Some("WskConnect"), Some("PFN_WSK_CONNECT")));
    assert_eq!((api.kind, api.header.as_deref()), (Some(ApiKind::Function), Some("wsk.h")));
    assert_eq!(api.since.as_deref(), Some("Windows Vista"));
    let params: Vec<_> = api.params.iter().map(|p| (p.name.as_str(), p.ty.as_deref(), p.direction, p.reserved)).collect();
    assert_eq!(
        params,
        [
            ("Socket", Some("PWSK_SOCKET"), Some(Direction::In), false),
            ("RemoteAddress", Some("PSOCKADDR"), Some(Direction::In), false),
            ("Flags", Some("ULONG"), Some(Direction::In), true),
            ("Irp", Some("PIRP"), Some(Direction::InOut), false),
        ]
    );
    assert_eq!(api.returns.codes, ["STATUS_SUCCESS", "STATUS_PENDING", "STATUS_FILE_FORCED_CLOSED"]);
    assert_eq!((api.returns.ty.as_deref(), api.returns.open), (Some("NTSTATUS"), Some(true)));
    let [irql] = api.irql.as_slice() else { panic!("one level") };
    assert_eq!((irql.when.as_deref(), irql.min, irql.max), (None, None, Level::Dispatch));
    assert_eq!(api.irql_text.as_deref(), Some("<= DISPATCH_LEVEL"));
}

#[test]
fn the_german_page_becomes_a_page_of_ours() {
    let Some(seed) = shared("seed") else { return };
    let page = seed.join("pfn_wsk_connect.de-de.txt");
    let output = run_in(&root(), &["import", "--format", "markdown", page.to_str().expect("a path")]);
    assert!(output.status.success(), "{}", stderr(&output));
    let imported = stdout(&output);
    assert!(!imported.contains("Rückruf") && !imported.contains("Zeiger"), "no word of the vendor's is taken over:\n{imported}");

    let copy = SpecCopy::new();
    copy.write("functions/WskConnect.md", &imported);
    let findings = copy.run(&["lint", "--message-format", "json"]);
    assert_eq!(findings.status.code(), Some(1));
    for line in stderr(&findings).lines() {
        let found: JsonDiagnostic = serde_json::from_str(line).expect("a diagnostic a line");
        assert_eq!((found.code.as_ref(), found.file.as_str()), ("lint::prose", "spec-data/functions/WskConnect.md"), "{found:?}");
    }
    copy.write("functions/WskConnect.md", imported.replace(UNWRITTEN, "Written by a person."));
    let findings = copy.run(&["lint"]);
    assert_eq!(findings.status.code(), Some(0), "{}", stderr(&findings));
}

/// A page as the sources of the reference have them since 2018, in words of our own.
const DDI: &str = "---
UID: NC:thing.PFN_THING_SEND
title: PFN_THING_SEND (thing.h)
req.header: thing.h
req.target-min-winverclnt: Available in Windows 8.1 and later
req.irql: <= DISPATCH_LEVEL
---

# PFN_THING_SEND callback function

## -description

The <b>ThingSend</b> function hands something over.

## -parameters

### -param Thing [in]

What to hand over.

### -param Flags

This parameter is reserved and must be zero.

### -param How [in, optional]

One of these:

#### THING_FAST

Quickly.

#### THING_SLOW

Slowly.

## -returns

<table>
<tr><th>Return code</th><th>Description</th></tr>
<tr><td><dl><dt><b>STATUS_SUCCESS</b></dt></dl></td><td>Done.</td></tr>
<tr><td><dl><dt><b>Other status codes</b></dt></dl></td><td>Not done.</td></tr>
</table>
";

fn import_text(text: &str) -> (Contract, Option<i32>) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("nc-thing-pfn_thing_send.md"), text).expect("a file");
    import(folder.path(), &["nc-thing-pfn_thing_send.md"])
}

fn complaints(contract: &Contract) -> Vec<(Severity, usize, usize, String)> {
    contract
        .diagnostics
        .as_deref()
        .unwrap_or_default()
        .iter()
        .map(|d| {
            assert!(d.help.is_some(), "{d:?}");
            (d.severity, d.line, d.column, d.message.clone())
        })
        .collect()
}

#[test]
fn what_a_page_does_not_say_is_null_and_is_complained_about_at_its_place() {
    let (contract, status) = import_text(DDI);
    assert_eq!(status, Some(0));
    let api = contract.apis.first().expect("an API");
    assert_eq!(
        (api.name.as_deref(), api.kind, api.since.as_deref()),
        (Some("ThingSend"), Some(ApiKind::Function), Some("Windows 8.1"))
    );
    let params: Vec<_> =
        api.params.iter().map(|p| (p.name.as_str(), p.ty.as_deref(), p.direction, p.optional, p.reserved)).collect();
    assert_eq!(
        params,
        [
            ("Thing", None, Some(Direction::In), Some(false), false),
            ("Flags", None, None, None, true),
            ("How", None, Some(Direction::In), Some(true), false)
        ]
    );
    assert_eq!(api.params.last().map(|p| p.values.clone()), Some(vec!["THING_FAST".to_owned(), "THING_SLOW".to_owned()]));
    assert_eq!((api.returns.ty.as_deref(), api.returns.open), (None, Some(true)));
    assert_eq!(
        complaints(&contract),
        [
            (Severity::Warning, 9, 3, "the page does not say any types: it has no prototype".to_owned()),
            (Severity::Warning, 21, 12, "the page does not say the direction of `Flags`".to_owned()),
        ]
    );
    assert_eq!(contract.apis[0].source.as_deref(), Some("nc-thing-pfn_thing_send.md"));
}

/// The sources of 2017 have other identifiers, no list of the names of a type, and values as tables or as entries of their own.
#[test]
fn pages_of_other_years_say_the_same() {
    let (today, _) = import_text(DDI);
    let same = |text: &str| {
        let (mut found, status) = import_text(text);
        assert_eq!(status, Some(0), "{text}");
        // Places are others.
        found.diagnostics.clone_from(&today.diagnostics);
        found.apis[0].places.clone_from(&today.apis[0].places);
        assert_eq!(serde_json::to_value(&found).ok(), serde_json::to_value(&today).ok(), "{text}");
    };
    same(&DDI.replace("UID: NC:thing", "UID: NC.thing"));
    same(&DDI.replace("### -param Thing [in]", "### -param *Thing [in]"));
    same(&DDI.replace("req.irql: <= DISPATCH_LEVEL", "req.irql: \"<= DISPATCH_LEVEL\""));
    same(&DDI.replace("UID: NC:thing.PFN_THING_SEND", "UID: 'NC:thing.PFN_THING_SEND'").replace("thing.h\n", "\" thing.h \"\n"));
    let at = DDI.find("#### THING_FAST").expect("values");
    let end = DDI.find("## -returns").expect("the next section");
    let values = |table: &str| format!("{}{table}\n\n{}", &DDI[..at], &DDI[end..]);
    same(&values("| Value | Meaning |\n| --- | --- |\n| **THING_FAST** | At once.\n| THING\\_SLOW | Not at once. |"));
    same(&values(
        "<table><tr><th>Value</th><th>Meaning</th></tr><tr><td>THING_FAST</td><td>At once.</td></tr>\
         <tr><td>\nTHING_SLOW\n</td><td>Not at once.</td></tr></table>",
    ));
    // A table of something else is none of values.
    let (other, _) = import_text(&values("| Flag | What How points to |\n| --- | --- |\n| THING_FAST | FAST_THING |"));
    assert!(other.apis[0].params[2].values.is_empty(), "{:?}", other.apis[0].params[2]);

    let structure = "---\nUID: NS.thing._THING\nreq.header: thing.h\nreq.target-min-winverclnt: Windows 8.1\n---\n# THING structure\n\n\
                     ## -syntax\n\n````\ntypedef struct _THING {\n  ULONG Size;\n} THING, *PTHING;\n````\n\n## -struct-fields\n<dl>\n\n### -field Size\n";
    let (found, status) = import_text(structure);
    assert_eq!((status, found.structs[0].name.as_deref()), (Some(0), Some("THING")));
}

#[test]
fn each_missing_fact_is_named() {
    let cases: [(&str, &str, &str, usize); 7] = [
        ("req.irql: <= DISPATCH_LEVEL", "req.irql:", "the page does not say at which IRQL it may run", 6),
        ("req.irql: <= DISPATCH_LEVEL", "req.irql: usually low", "this level is not understood: usually low", 6),
        (
            "req.irql: <= DISPATCH_LEVEL",
            "req.irql: PASSIVE_LEVEL (see Remarks)",
            "this level depends on a condition: see Remarks",
            6,
        ),
        ("req.header: thing.h", "req.header:", "the page does not say in which header it is", 4),
        ("Available in Windows 8.1 and later", "", "the page does not say since which version of Windows it exists", 5),
        ("<b>ThingSend</b>", "This", "the page does not say what the function is called", 9),
        ("<dt><b>STATUS_SUCCESS</b></dt>", "<dt></dt>", "the return table has no codes: its code column was lost", 37),
    ];
    for (old, new, message, line) in cases {
        assert!(DDI.contains(old));
        let (contract, _) = import_text(&DDI.replace(old, new));
        let found = complaints(&contract);
        assert!(found.iter().any(|(_, l, _, m)| m == message && *l == line), "{message}: {found:?}");
        let api = contract.apis.first().expect("an API");
        if message.contains("IRQL") || message.contains("not understood") {
            assert!(api.irql.is_empty(), "an unknown level is not guessed: {:?}", api.irql);
        }
        if message.contains("condition") {
            assert_eq!(
                api.irql[0].when.as_deref(),
                Some("see Remarks"),
                "a conditional level is not taken for one that always holds"
            );
        }
    }
}

#[test]
fn a_page_of_no_known_form_is_an_error_with_a_way_out() {
    for (text, code) in [("", "vendor::empty"), ("Hello.\n", "vendor::dialect"), ("---\nUID: \n---\n# X\n", "vendor::uid")] {
        let (contract, status) = import_text(text);
        assert_eq!(status, Some(2), "{text:?}");
        let found = contract.diagnostics.expect("diagnostics");
        assert!(found.iter().any(|d| d.code == code && d.severity == Severity::Error && d.help.is_some()), "{text:?}: {found:?}");
        assert!(contract.apis.is_empty());
    }
}

#[test]
fn a_page_without_types_becomes_a_page_that_lint_refuses_until_they_are_known() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("nc-thing-pfn_thing_send.md"), DDI).expect("a file");
    let output = run_in(folder.path(), &["import", "--format", "markdown", "nc-thing-pfn_thing_send.md"]);
    assert_eq!(output.status.code(), Some(0));
    let copy = SpecCopy::new();
    copy.write("functions/ThingSend.md", stdout(&output));
    assert_eq!(copy.run(&["lint"]).status.code(), Some(2));
}

#[test]
fn the_other_pages_of_the_reference_give_facts_or_complaints_and_no_crash() {
    let Some(sample) = shared("ddi-2024-03-sample") else { return };
    let (contract, _) = import(&root(), &[sample.to_str().expect("a path")]);
    let read = contract.apis.len() + contract.structs.len() + contract.enums.len();
    assert!(read > 80, "only {read} of 115 pages gave anything");
    let diagnostics = contract.diagnostics.expect("diagnostics");
    assert!(diagnostics.iter().all(|d| d.line > 0 && d.column > 0 && d.help.is_some()));
    let understood = contract.apis.iter().filter(|a| !a.irql.is_empty()).count();
    let reported = diagnostics.iter().filter(|d| d.code == "vendor::irql" || d.message.contains("at which IRQL")).count();
    assert!(understood + reported >= contract.apis.len(), "a page's level was lost");
}

/// The numbers of a folder are told; an article is no page of an API, and nothing that went wrong unless somebody asked for it.
/// One page with errors keeps the others from being written, and is named behind all that is said of them.
#[test]
fn pages_that_keep_others_from_being_written_are_named() {
    let copy = SpecCopy::new();
    let before = files(&copy.spec());
    std::fs::write(copy.folder.path().join("good.md"), "---\nUID: NE:made._MADE_UP\nreq.header: made.h\n---\n# MADE_UP\n")
        .expect("a page");
    std::fs::write(copy.folder.path().join("bad.md"), "no page\n").expect("a page");
    let output = copy.run(&["import", "--write", "good.md", "bad.md"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stdout(&output), "nothing was written, because of\n  bad.md\n");
    assert_eq!(files(&copy.spec()), before);
}

#[test]
fn a_folder_has_totals_and_its_articles_are_no_failures() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("nc-thing-pfn_thing_send.md"), DDI).expect("a file");
    let article = "---\ntitle: About things\nms.topic: concept-article\n---\n\n# About things\n\nThings are handed over.\n";
    std::fs::write(folder.path().join("about-things.md"), article).expect("a file");
    let output = run_in(folder.path(), &["import", "."]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let line = "2 pages read: 1 of APIs, 0 with errors, 2 warnings, 1 no API page\n";
    assert!(stderr(&output).ends_with(line), "{}", stderr(&output));
    let (contract, _) = import(folder.path(), &["."]);
    let found = contract.diagnostics.unwrap_or_default();
    assert!(found.iter().any(|d| d.code == "import::article" && d.file.ends_with("about-things.md")), "{found:?}");
    // By its name it is an error, and so is a page that does not say that it is an article.
    let output = run_in(folder.path(), &["import", "about-things.md"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!stderr(&output).contains("pages read"), "{}", stderr(&output));
    std::fs::write(folder.path().join("other.md"), article.replace("concept-article", "reference")).expect("a file");
    let output = run_in(folder.path(), &["import", "."]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).ends_with("3 pages read: 1 of APIs, 1 with errors, 2 warnings, 1 no API page\n"),
        "{}",
        stderr(&output)
    );
}
