//! Each kind of broken spec-data: what is said of it, at which line and column, and that nothing is written.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;

use common::{SpecCopy, copy as copy_folder, files, root, stderr};
use wsk_codegen::source::JsonDiagnostic;

const PAGE: &str = "functions/WskConnect.md";

/// Runs `generate` on a copy and gives the complaints; holds that nothing was written and that each complaint has a way out.
fn complaints(copy: &SpecCopy) -> Vec<JsonDiagnostic> {
    let out = copy.folder.path().join("generated/src");
    copy_folder(&root().join("generated/src"), &out);
    let before = files(&out);
    let output = copy.run(&["generate", "--message-format", "json"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(before == files(&out), "something was written although something was wrong");
    let found: Vec<JsonDiagnostic> =
        stderr(&output).lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}"))).collect();
    assert!(!found.is_empty());
    for diagnostic in &found {
        assert!(diagnostic.help.is_some() && diagnostic.line > 0 && diagnostic.column > 0, "{diagnostic:?}");
    }
    // People get the same complaints, with the source line.
    let human = stderr(&copy.run(&["lint"]));
    for diagnostic in &found {
        let place = format!("{}:{}:{}", diagnostic.file, diagnostic.line, diagnostic.column);
        assert!(human.contains(&place) || diagnostic.code == "spec::stray", "{place} is not in:\n{human}");
        assert!(human.len() < 100_000, "an excerpt is not the whole line");
    }
    found
}

/// The complaint that is meant, by its file, line, column and a part of its message.
#[track_caller]
fn expect(found: &[JsonDiagnostic], file: &str, line: usize, column: usize, message: &str) {
    let file = format!("spec-data/{file}");
    assert!(
        found.iter().any(|d| d.file == file && d.line == line && d.column == column && d.message.contains(message)),
        "expected {file}:{line}:{column}: {message}\nfound: {found:#?}"
    );
}

fn edited(file: &str, old: &str, new: &str) -> Vec<JsonDiagnostic> {
    let copy = SpecCopy::new();
    copy.replace(file, old, new);
    complaints(&copy)
}

/// The line and column, from 1, of a text in a page of the project.
fn place(file: &str, text: &str) -> (usize, usize) {
    let page = std::fs::read_to_string(root().join("spec-data").join(file)).expect("a page");
    let at = page.find(text).unwrap_or_else(|| panic!("{file} has no {text:?}"));
    let line = page[..at].matches('\n').count() + 1;
    let column = page[..at].rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

#[test]
fn a_missing_section() {
    let found = edited(PAGE, "## IRQL\n\n| When | Level |\n| --- | --- |\n| always | <= DISPATCH_LEVEL |\n", "");
    expect(&found, PAGE, 2, 7, "the section `IRQL` is missing");
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn a_misspelt_section() {
    let (line, column) = place(PAGE, "Parameters");
    let found = edited(PAGE, "## Parameters", "## Paramaters");
    expect(&found, PAGE, line, column, "`Paramaters` is not a section");
    assert!(found.iter().any(|d| d.help.as_deref() == Some("did you mean `## Parameters`?")));
}

#[test]
fn a_duplicate_page() {
    let copy = SpecCopy::new();
    copy.write("functions/WskConnectAgain.md", copy.read(PAGE));
    let found = complaints(&copy);
    expect(&found, "functions/WskConnectAgain.md", 2, 7, "`WskConnect` has a page already: spec-data/functions/WskConnect.md");
}

#[test]
fn an_unknown_type() {
    let (line, column) = place(PAGE, "PSOCKADDR");
    let found = edited(PAGE, "PSOCKADDR RemoteAddress", "PSOKADDR RemoteAddress");
    expect(&found, PAGE, line, column, "nothing defines the type `PSOKADDR`");
    assert!(found.iter().any(|d| d.help.as_deref().is_some_and(|h| h.contains("did you mean `PSOCKADDR`?"))));
}

#[test]
fn a_parameter_missing_from_the_signature() {
    let (line, column) = place(PAGE, "Flags | reserved");
    let found = edited(PAGE, "  ULONG Flags,\n", "");
    expect(&found, PAGE, line - 1, column, "the signature does not have `Flags`");
}

#[test]
fn a_parameter_missing_from_the_table() {
    let (line, column) = place(PAGE, "Flags,");
    let found = edited(PAGE, "| Flags | reserved | | | Must be zero. |\n", "");
    expect(&found, PAGE, line, column, "the parameter table does not have `Flags`");
}

#[test]
fn a_misspelt_status() {
    let (line, column) = place(PAGE, "STATUS_PENDING");
    let found = edited(PAGE, "STATUS_PENDING", "STATUS_PENDNIG");
    expect(&found, PAGE, line, column, "`STATUS_PENDNIG` has no value");
    assert!(found.iter().any(|d| d.help.as_deref().is_some_and(|h| h.contains("STATUS_PENDING"))));
}

#[test]
fn an_unknown_irql_word() {
    let (line, column) = place(PAGE, "<= DISPATCH_LEVEL");
    let found = edited(PAGE, "<= DISPATCH_LEVEL", "below DISPATCH_LEVEL");
    expect(&found, PAGE, line, column, "`below DISPATCH_LEVEL` is not a level");
}

#[test]
fn a_condition_that_leaves_cases_open() {
    let file = "exports/WskCaptureProviderNPI.md";
    let (line, column) = place(file, "WaitTimeout == WSK_NO_WAIT");
    let found = edited(file, "| otherwise | PASSIVE_LEVEL |\n", "");
    expect(&found, file, line, column, "no level is given for the cases that no row covers");
    let found = edited(file, "WaitTimeout == WSK_NO_WAIT", "WaitTimeout == WSK_NO_WIAT");
    expect(&found, file, line, column + 15, "nothing defines `WSK_NO_WIAT`");
}

#[test]
fn bad_yaml() {
    let found = edited(PAGE, "kind: function", "kind: [function");
    expect(&found, PAGE, 4, 7, "this YAML cannot be read");
    let found = edited(PAGE, "since: Windows Vista", "since: \"Windows Vista");
    assert!(found.iter().any(|d| d.code == "spec::yaml" && d.line >= 6), "{found:?}");
    let found = edited(PAGE, "since: Windows Vista", "since: Windows Vista\nsicne: Windows Vista");
    assert!(found.iter().any(|d| d.line == 7 && d.message.contains("sicne")), "{found:?}");
    let found = edited(PAGE, "header: wsk.h\n", "");
    expect(&found, PAGE, 2, 1, "the front matter has no `header`");
    let found = edited(PAGE, "---\nname", "name");
    expect(&found, PAGE, 1, 1, "a page begins with front matter");
}

#[test]
fn a_bad_table() {
    let (line, column) = place(PAGE, "STATUS_PENDING |");
    let found = edited(PAGE, "| STATUS_PENDING | ", "| STATUS_PENDING | x | ");
    expect(&found, PAGE, line, column, "this row has 3 cells, the header has 2");
    let (line, column) = place(PAGE, "| Status | Meaning |");
    let found = edited(PAGE, "| Status | Meaning |\n| --- | --- |\n", "| Status | Meaning |\n");
    expect(&found, PAGE, line, column, "this is not a table");
    let found = edited(PAGE, "| Status | Meaning |", "| Status | Sense |");
    expect(&found, PAGE, line, column + 11, "the column `Sense` is not expected here");
}

#[test]
fn invalid_utf8() {
    let copy = SpecCopy::new();
    let mut bytes = copy.read(PAGE).into_bytes();
    let at = copy.read(PAGE).find("Connects").expect("the summary");
    bytes[at + 2] = 0xFF;
    copy.write(PAGE, bytes);
    let (line, column) = place(PAGE, "Connects");
    expect(&complaints(&copy), PAGE, line, column + 2, "byte 0xFF is not UTF-8");
}

#[test]
fn an_empty_file() {
    let copy = SpecCopy::new();
    copy.write(PAGE, "");
    expect(&complaints(&copy), PAGE, 1, 1, "this page is empty");
    copy.write(PAGE, " \n\n");
    expect(&complaints(&copy), PAGE, 1, 1, "this page is empty");
}

#[test]
fn a_line_of_half_a_megabyte_and_a_page_of_ten() {
    let copy = SpecCopy::new();
    let (line, _) = place(PAGE, "Connects");
    copy.replace(PAGE, "Connects", &"x".repeat(1 << 19));
    expect(&complaints(&copy), PAGE, line, 1, "this line has 524345 bytes");
    copy.write(PAGE, "x".repeat(10 << 20));
    let said = stderr(&copy.run(&["generate", "--message-format", "json"]));
    assert!(said.contains("source::too-large") && said.contains(PAGE), "{said}");
}

#[test]
fn a_file_that_nothing_reads() {
    let copy = SpecCopy::new();
    copy.write("functions/notes.txt", "x");
    expect(&complaints(&copy), "functions/notes.txt", 1, 1, "nothing reads this file");
}

#[test]
fn a_broken_signature() {
    let (line, column) = place(PAGE, "PSOCKADDR");
    let found = edited(PAGE, "PWSK_SOCKET Socket,\n", "PWSK_SOCKET Socket\n");
    expect(&found, PAGE, line, column, "this is not a C declaration");
}

#[test]
fn a_dispatch_table_that_does_not_fit() {
    let file = "structs/WSK_PROVIDER_LISTEN_DISPATCH.md";
    let (line, column) = place(file, "WskAccept;");
    let found = edited(file, "PFN_WSK_ACCEPT WskAccept", "PFN_WSK_CONNECT WskAccept");
    expect(&found, file, line, column + 1, "the member `WskAccept` has the type of `WskConnect`");
    let found = edited(file, "PFN_WSK_ACCEPT WskAccept", "PFN_WSK_ACCEPTED WskAccept");
    expect(&found, file, line, place(file, "PFN_WSK_ACCEPT").1, "nothing defines the type `PFN_WSK_ACCEPTED`");
    let found = edited("structs/WSK_PROVIDER_STREAM_DISPATCH.md", "  PFN_WSK_LISTEN WskListen;\n", "");
    expect(&found, "functions/WskListen.md", 2, 7, "no dispatch table lists `PFN_WSK_LISTEN`");
}

#[test]
fn a_flag_that_does_not_exist() {
    let file = "functions/WskReceive.md";
    let (line, column) = place(file, "WSK_FLAG_WAITALL | WSK_FLAG_DRAIN");
    let found = edited(file, "| WSK_FLAG_WAITALL | WSK_FLAG_DRAIN |", "| WSK_FLAG_WAITAL | WSK_FLAG_DRAIN |");
    expect(&found, file, line, column, "nothing defines `WSK_FLAG_WAITAL`");
}

#[test]
fn a_control_operation_that_contradicts_its_function() {
    let file = "controls/SIO_ADDRESS_LIST_QUERY.md";
    let (line, column) = place(file, "PASSIVE_LEVEL");
    let found = edited(file, "PASSIVE_LEVEL", "<= DISPATCH_LEVEL");
    expect(&found, file, line, column, "`WskControlSocket` is called at PASSIVE_LEVEL with these arguments");
}

#[test]
fn an_erratum_that_upstream_or_the_page_contradicts() {
    let file = "errata.yaml";
    let found =
        edited(file, "fact: params.Flags.direction\n  upstream: null", "fact: params.Flags.direction\n  upstream: \"in\"");
    assert!(found.iter().any(|d| d.file == "spec-data/errata.yaml" && d.message.contains("upstream says the same")), "{found:?}");
    let found = edited("functions/WskSendMessages.md", "| always | <= DISPATCH_LEVEL |", "| always | PASSIVE_LEVEL |");
    assert!(
        found.iter().any(|d| d.message == "the erratum says always: <= DISPATCH_LEVEL, the page says always: PASSIVE_LEVEL"),
        "{found:?}"
    );
}

#[test]
fn all_problems_of_a_run_are_reported() {
    let copy = SpecCopy::new();
    copy.replace(PAGE, "<= DISPATCH_LEVEL", "low");
    copy.replace("functions/WskBind.md", "| Status | Meaning |", "| Status | Sense |");
    copy.write("functions/WskSend.md", "");
    // Mistakes between pages too, but not those that only follow from what could not be read.
    copy.replace("callbacks/WskReceiveEvent.md", "STATUS_DATA_NOT_ACCEPTED", "STATUS_DATA_NOT_ACCEPTTED");
    copy.replace("exports/WskRegister.md", "| WskClientNpi | in |", "| WskClientNpy | in |");
    let files: Vec<String> = complaints(&copy).into_iter().map(|d| d.file).collect();
    let expected = [
        "callbacks/WskReceiveEvent.md",
        "exports/WskRegister.md",
        "exports/WskRegister.md",
        "functions/WskBind.md",
        "functions/WskConnect.md",
        "functions/WskSend.md",
    ];
    assert_eq!(files, expected.map(|f| format!("spec-data/{f}")));
}

#[test]
fn facts_that_the_wrappers_stand_on() {
    let cases = [
        ("exports/WskDeregister.md", "undoes: WskRegister", "undoes: WskRegistre", "there is no API `WskRegistre`"),
        ("functions/WskSocket.md", "table of Flags", "table of Protocol", "`Protocol` does not name categories"),
        ("functions/WskSocket.md", "table of Flags", "table of Flag", "there is no parameter `Flag`"),
        ("functions/WskSend.md", "information: bytes", "information: words", "is not an effect on a socket"),
        (
            "functions/WskSend.md",
            "until completion | information: bytes",
            "until done | information: bytes",
            "is not a rule for memory",
        ),
        ("functions/WskSend.md", "until completion | information: bytes |", "information: bytes | |", "is not a rule for memory"),
        ("functions/WskSend.md", "Buffer | in | until completion |", "Buffer | in | | information: bytes", "is not an IRP"),
        ("functions/WskControlClient.md", "bytes in InputSize", "byte in InputSize", "is not a link to another parameter"),
        ("functions/WskControlClient.md", "bytes in InputSize", "bytes in InputSiz", "there is no parameter `InputSiz`"),
        (
            "functions/WskSend.md",
            "Buffer | in | until completion",
            "Buffer | in | set up by the caller",
            "only what is written to",
        ),
        ("functions/WskSend.md", "Buffer | in | until completion |", "Buffer | in | | state: bound", "only the first parameter"),
        ("functions/WskSend.md", "<= DISPATCH_LEVEL", "DISPATCH_LEVEL", "not at the least"),
        ("structs/WSK_PROVIDER_BASIC_DISPATCH.md", "WSK_FLAG_BASIC_SOCKET", "WSK_FLAG_BASE_SOCKET", "nothing defines"),
        ("structs/WSK_PROVIDER_DISPATCH.md", "Windows 7 |", "Windows Seven |", "the build of `Windows Seven` is not known"),
        ("controls/SO_WSK_EVENT_CALLBACK.md", "any of EventMask", "some of EventMask", "does not say which flags"),
        ("controls/SO_WSK_EVENT_CALLBACK.md", "any of EventMask", "any of Mask", "no table lists the flags of `Mask`"),
        ("controls/SO_WSK_EVENT_CALLBACK.md", "with WSK_EVENT_DISABLE", "with WSK_EVENT_DISABLED", "the table does not list"),
        ("tables/versions.md", "7600", "5000", "has no higher build"),
        ("tables/versions.md", "7600", "7600x", "is not the number of a build"),
        ("functions/WskDisconnect.md", "WSK_FLAG_ABORTIVE | Cuts", "… | Cuts", "no place here for other values"),
    ];
    for (file, old, new, message) in cases {
        let (line, _) = place(file, old);
        let found = edited(file, old, new);
        let near = found.iter().find(|d| d.message.contains(message));
        let near = near.unwrap_or_else(|| panic!("{file}: expected {message:?} in {found:#?}"));
        assert_eq!((near.file.as_str(), near.line), (format!("spec-data/{file}").as_str(), line), "{near:?}");
    }
    // What is missing is found as well.
    let found = edited("controls/WSK_TDI_BEHAVIOR.md", "| Flags | any of Input |\n", "");
    assert!(found.iter().any(|d| d.message.contains("does not say `Flags`")), "{found:#?}");
    let found = edited("structs/WSK_PROVIDER_LISTEN_DISPATCH.md", "category: WSK_FLAG_LISTEN_SOCKET\n", "");
    assert!(found.iter().any(|d| d.message.contains("does not say which constant asks for its sockets")), "{found:#?}");
}

#[test]
fn what_no_wrapper_can_be_made_of_is_named_with_its_page() {
    let copy = SpecCopy::new();
    // A structure that is passed by value.
    copy.replace("functions/WskSend.md", "PWSK_BUF Buffer", "WSK_BUF Buffer");
    copy.replace("functions/WskSend.md", "Buffer | in | until completion |", "Buffer | in | |");
    let output = copy.run(&["generate"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    let said = stderr(&output);
    assert!(
        said.contains("spec-data/functions/WskSend.md:2:7") && said.contains("no Rust can be made of this: WSK_BUF"),
        "{said}"
    );
    assert!(!copy.folder.path().join("generated").exists(), "nothing is half-written");
}
