//! `sync --accept` and `import --write`: what is written into spec-data, and what is left for a person.

#![allow(clippy::indexing_slicing, clippy::string_slice, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]
#![allow(unreachable_pub, reason = "the modules of a test are not public")]

#[path = "sync/checkout.rs"]
mod checkout;
mod common;

use checkout::{Checkout, api_page, has};
use common::{SpecCopy, shared, stderr, stdout};
use wsk_codegen::spec::UNWRITTEN;

#[test]
fn what_changed_is_said_and_accepted_and_what_a_person_must_write_is_marked() {
    let checkout = Checkout::new();
    checkout.git(&["init", "-q"]);
    checkout.git(&["add", "."]);
    checkout.git(&["commit", "-q", "-m", "one"]);
    assert_eq!(checkout.sync(&["--accept"]).0, Some(0));
    let prose = std::fs::read_to_string(checkout.copy.path("functions/WskConnect.md")).expect("our page");

    let connect = "nc-wsk-pfn_wsk_connect";
    checkout.replace(connect, "req.irql: <= DISPATCH_LEVEL", "req.irql: PASSIVE_LEVEL");
    checkout.replace(connect, "### -param Irp", "### -param Timeout [in]\n\nHow long.\n\n### -param Irp");
    checkout.replace(connect, "| **STATUS_PENDING** | It is so. |\n", "");
    checkout.replace(
        connect,
        "Nothing more is to be said here of this one.",
        "Nothing more is to be told here of this one. Ever.",
    );
    let receive = "nc-wsk-pfn_wsk_receive";
    checkout.replace(receive, "#### WSK_FLAG_DRAIN\n", "#### WSK_FLAG_PEEK\n\nA value.\n\n#### WSK_FLAG_DRAIN\n");
    let bind = std::fs::read(checkout.page("nc-wsk-pfn_wsk_bind")).expect("a page");
    std::fs::remove_file(checkout.page("nc-wsk-pfn_wsk_bind")).expect("a page");
    let new = api_page(checkout.copy.load().spec.apis.iter().find(|a| a.key() == "PFN_WSK_LISTEN").expect("WskListen"));
    let new = new.replace("PFN_WSK_LISTEN", "PFN_WSK_WHISPER").replace("WskListen", "WskWhisper");
    std::fs::write(checkout.page("nc-wsk-pfn_wsk_whisper"), new).expect("a page");

    let (status, said) = checkout.sync(&[]);
    assert_eq!(status, Some(1));
    has(
        &said,
        &[
            "irql.always: breaking for driver source\n    - <= DISPATCH_LEVEL\n    + PASSIVE_LEVEL\n    tightened",
            "params.Timeout: breaking for driver source",
            "codes.STATUS_PENDING: breaking for driver source",
            "values.Flags.WSK_FLAG_PEEK: compatible",
            "prose: `remarks` changed\n    … more is to be [-said-] {+told+} here of this one. {+Ever.+} …",
            "with it: `parameters: param Timeout` is new",
            "irql-tightened at ",
            "nc-wsk-pfn_wsk_connect.md:5: ",
            "new page: PFN_WSK_WHISPER",
            "gone: nc-wsk-pfn_wsk_bind",
        ],
    );
    assert!(!said.contains("prose: `parameters: param Timeout`"), "a fact is told once: {said}");
    has(&said, &["; it is used by ", "WSK_PROVIDER_STREAM_DISPATCH fields.WskBind.type"]);
    let json: serde_json::Value = serde_json::from_str(&checkout.sync(&["--format", "json"]).1).expect("JSON");
    assert!(json["pages"][0]["facts"][0]["after_at"]["file"].as_str().is_some_and(|f| f.ends_with("nc-wsk-pfn_wsk_connect.md")));
    assert_eq!(json["history"], serde_json::json!({"repository": true, "missing": []}));
    let pages: Vec<&str> = json["pages"].as_array().into_iter().flatten().filter_map(|p| p["page"].as_str()).collect();
    assert_eq!((pages, &json["gone"][0]), (vec![connect, receive], &serde_json::json!("nc-wsk-pfn_wsk_bind")));

    let (status, said) = checkout.sync(&["--accept"]);
    assert_eq!(status, Some(0), "{said}");
    has(
        &said,
        &[
            "wrote spec-data/functions/WskConnect.md",
            "wrote spec-data/functions/WskWhisper.md",
            "wrote spec-data/upstream-lock.yaml",
            "left: nc-wsk-pfn_wsk_bind is recorded as gone; ours stays, for it is used by ",
        ],
    );
    let accepted = std::fs::read_to_string(checkout.copy.path("functions/WskConnect.md")).expect("our page");
    has(&accepted, &["| always | PASSIVE_LEVEL |", "| Timeout | in | "]);
    assert!(!accepted.contains("STATUS_PENDING |"), "{accepted}");
    // Our prose is still there: what differs is in the lines of the facts.
    let kept = prose.lines().filter(|line| accepted.lines().any(|l| l == *line)).count();
    assert!(kept + 5 >= prose.lines().count(), "{accepted}");

    // What lint says names what a person must do, and nothing else is wrong.
    let lint = checkout.copy.run(&["lint", "--message-format", "json"]);
    assert_ne!(lint.status.code(), Some(0));
    let messages = stderr(&lint);
    has(&messages, &["functions/WskConnect.md", "functions/WskReceive.md", "functions/WskWhisper.md"]);
    assert!(accepted.contains(UNWRITTEN));

    // The new page has no types: what is to be written is said with its place, and the other pages are compared.
    has(&messages, &["spec::unwritten", "the type of `Socket` is not written yet"]);
    assert!(!messages.contains("c::syntax"), "{messages}");
    let whisper = checkout.copy.read("functions/WskWhisper.md");
    checkout.copy.replace("functions/WskConnect.md", "? Timeout", "ULONG Timeout");
    let (status, said) = checkout.sync(&["--accept"]);
    assert_eq!(status, Some(0), "{said}");
    has(&said, &["63 pages compared: nothing changed", "functions/WskWhisper.md", "is not written yet"]);
    assert_eq!(checkout.copy.read("functions/WskWhisper.md"), whisper, "what waits for a person is left alone");

    // Types are not stated by such pages, so the new parameter and the new page wait for a person; nothing else is found again.
    let text = accepted.replace("? Timeout", "ULONG Timeout").replace(UNWRITTEN, "Written by a person.");
    checkout.copy.write("functions/WskConnect.md", &text);
    std::fs::remove_file(checkout.copy.path("functions/WskWhisper.md")).expect("the new page");
    std::fs::remove_file(checkout.page("nc-wsk-pfn_wsk_whisper")).expect("a page");
    // That a page is gone has been accepted, too; that it is back is news.
    let (status, said) = checkout.sync(&[]);
    assert_eq!(status, Some(0), "{said}");
    has(&said, &["still gone: nc-wsk-pfn_wsk_bind; ours is still used by ", "63 pages compared: nothing changed\n"]);
    let lock = std::fs::read_to_string(checkout.copy.path("upstream-lock.yaml")).expect("the lock");
    assert_eq!(lock.matches("gone: true").count(), 1);
    std::fs::write(checkout.page("nc-wsk-pfn_wsk_bind"), bind).expect("a page");
    let (status, said) = checkout.sync(&[]);
    let wanted = "back: nc-wsk-pfn_wsk_bind is among these pages again\n64 pages compared: 1 page back\n";
    assert_eq!((status, said.as_str()), (Some(1), wanted));
    assert_eq!(checkout.sync(&["--accept"]).0, Some(0));
    assert_eq!(checkout.sync(&[]), (Some(0), "64 pages compared: nothing changed\n".to_owned()));
}

/// The vendor's own pages of control codes, one of which changes.
#[test]
fn facts_of_a_control_code_are_accepted_into_its_page() {
    let Some(pages) = shared("network-2025-11") else { return };
    let copy = SpecCopy::new();
    let folder = tempfile::tempdir().expect("a folder");
    for entry in std::fs::read_dir(pages).expect("the folder") {
        let path = entry.expect("an entry").path();
        std::fs::copy(&path, folder.path().join(path.file_name().expect("a name"))).expect("a copy");
    }
    let page = folder.path().join("sio-wsk-set-remote-address.md");
    let text = std::fs::read_to_string(&page).expect("a page");
    assert!(text.contains("WskIoctl"));
    std::fs::write(&page, text.replace("WskIoctl", "WskSetOption")).expect("a page");
    let dir = folder.path().display().to_string();
    let said = copy.run(&["sync", &dir]);
    assert_eq!(said.status.code(), Some(1));
    has(&stdout(&said), &["operation-sets-option at "]);
    let accepted = copy.run(&["sync", &dir, "--accept"]);
    assert_eq!(accepted.status.code(), Some(0), "{}", stderr(&accepted));
    has(&stdout(&accepted), &["wrote spec-data/controls/SIO_WSK_SET_REMOTE_ADDRESS.md"]);
    has(&copy.read("controls/SIO_WSK_SET_REMOTE_ADDRESS.md"), &["| Request type | WskSetOption |"]);
    let again = copy.run(&["sync", &dir]);
    assert_eq!((again.status.code(), stdout(&again).as_str()), (Some(0), "18 pages compared: nothing changed\n"));
}

/// The model has one code, the name of the page: what another revision passes cannot be accepted, and is told again and again.
#[test]
fn a_cell_that_names_another_control_code_is_a_change() {
    let Some(pages) = shared("network-2025-11") else { return };
    let copy = SpecCopy::new();
    let folder = tempfile::tempdir().expect("a folder");
    for entry in std::fs::read_dir(pages).expect("the folder") {
        let path = entry.expect("an entry").path();
        std::fs::copy(&path, folder.path().join(path.file_name().expect("a name"))).expect("a copy");
    }
    let page = folder.path().join("wsk-cache-sd.md");
    let text = std::fs::read_to_string(&page).expect("a page");
    let cell = "<td><p>WSK_CACHE_SD</p></td>";
    assert!(text.contains(cell));
    std::fs::write(&page, text.replacen(cell, "<td><p>WSK_RELEASE_SD</p></td>", 1)).expect("a page");
    let dir = folder.path().display().to_string();
    for accept in [false, true, false] {
        let args = ["sync", dir.as_str(), "--accept"];
        let said = copy.run(args.get(..if accept { 3 } else { 2 }).expect("arguments"));
        has(&stdout(&said), if accept { &[] } else { &["operation-code-changed at ", "WSK_RELEASE_SD"] });
    }
}

#[test]
fn the_value_of_a_new_status_is_looked_up() {
    let checkout = Checkout::new();
    assert_eq!(checkout.sync(&["--accept"]).0, Some(0));
    let row = "| **STATUS_PENDING** | It is so. |\n";
    let new = format!("{row}| **STATUS_IO_TIMEOUT** | It took too long. |\n| **STATUS_MADE_UP** | It is made up. |\n");
    checkout.replace("nc-wsk-pfn_wsk_connect", row, &new);
    let (status, said) = checkout.sync(&["--accept"]);
    assert_eq!(status, Some(0), "{said}");
    has(&said, &["wrote spec-data/tables/statuses.md"]);
    let table = checkout.copy.read("tables/statuses.md");
    has(&table, &[&format!("| STATUS_IO_TIMEOUT | 0xC00000B5 | {UNWRITTEN} |")]);
    assert!(!table.contains("STATUS_MADE_UP"), "a value that nobody knows is for a person: {table}");
    let lint = stderr(&checkout.copy.run(&["lint"]));
    has(&lint, &["STATUS_MADE_UP"]);
}

/// `import --write`: a page that spec-data has gets the facts alone, one that it does not have is written.
#[test]
fn an_import_is_written_into_spec_data() {
    let checkout = Checkout::new();
    checkout.replace("nc-wsk-pfn_wsk_connect", "req.irql: <= DISPATCH_LEVEL", "req.irql: <= APC_LEVEL");
    std::fs::remove_file(checkout.copy.path("functions/WskBind.md")).expect("our page");
    let paths = ["nc-wsk-pfn_wsk_connect", "nc-wsk-pfn_wsk_bind"].map(|stem| checkout.page(stem).display().to_string());
    let output = checkout.copy.run(&["import", "--write", &paths[0], &paths[1]]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(
        stdout(&output),
        "wrote spec-data/functions/WskConnect.md\nwrote spec-data/functions/WskBind.md\nrun `cargo codegen lint`: it names what a person must write\n"
    );
    let connect = std::fs::read_to_string(checkout.copy.path("functions/WskConnect.md")).expect("our page");
    has(&connect, &["| always | <= APC_LEVEL |", "IoStatus"]);
    let bind = std::fs::read_to_string(checkout.copy.path("functions/WskBind.md")).expect("our page");
    has(&bind, &[UNWRITTEN, "| always | <= DISPATCH_LEVEL |"]);
    assert!(!checkout.copy.path("upstream-lock.yaml").exists(), "an import is no review");
}

/// What is not taken is not reviewed, and is found again.
#[test]
fn a_new_page_without_a_kind_or_a_name_is_left_with_the_reason() {
    let checkout = Checkout::new();
    assert_eq!(checkout.sync(&["--accept"]).0, Some(0));
    let page = "req.header: wsk.h\n---\n\n# A\n\n## -description\n\nIt does what it does.\n";
    let macro_page = page.replace("---", "title: WskShout macro (wsk.h)\n---");
    for (stem, text, why) in [
        ("nf-wsk-wskwhisper", format!("---\nUID: NF:wsk.WskWhisper\n{page}"), "does not say of what kind it is"),
        ("nf-wsk-wskshout", format!("---\nUID: NF:wsk.WskShout\n{macro_page}"), "it describes a macro"),
    ] {
        std::fs::write(checkout.page(stem), text).expect("a page");
        let (status, said) = checkout.sync(&["--accept"]);
        assert_eq!(status, Some(1), "{said}");
        has(&said, &["nothing to write\n", &format!("left: new page {stem}"), why, "write a page of ours by hand"]);
        assert!(!checkout.copy.read("upstream-lock.yaml").contains(stem), "nobody reviewed it");
        assert_eq!(checkout.sync(&[]).0, Some(1), "it is still new");
        std::fs::remove_file(checkout.page(stem)).expect("a page");
    }
}

#[test]
fn what_has_no_place_on_our_page_is_left() {
    let checkout = Checkout::new();
    assert_eq!(checkout.sync(&["--accept"]).0, Some(0));
    checkout.replace("nf-wsk-wskregister", "req.header", "title: WskRegister macro (wsk.h)\nreq.header");
    let (status, said) = checkout.sync(&[]);
    assert_eq!(status, Some(1), "{said}");
    has(&said, &["kind: the page says `macro`, and ours has no place for that", "1 fact without a place"]);
    let (status, said) = checkout.sync(&["--accept"]);
    assert_eq!(status, Some(1), "{said}");
    has(&said, &["left: WskRegister kind: the page says `macro`"]);
    has(&checkout.copy.read("exports/WskRegister.md"), &["kind: export"]);
    assert_eq!(checkout.sync(&[]).0, Some(1), "it is still said");
}

#[test]
fn a_revision_that_nobody_knows_is_said() {
    let checkout = Checkout::new();
    let (status, said) = checkout.sync(&["--accept"]);
    assert_eq!(status, Some(0), "{said}");
    has(&said, &["left: the revision of 64 pages is recorded as unknown", "give it by --accept --revision REV"]);
    let (_, said) = checkout.sync(&["--accept", "--revision", "2024-03"]);
    assert!(!said.contains("left:"), "{said}");
    assert_eq!(checkout.copy.read("upstream-lock.yaml").matches("\"2024-03\"").count(), 64);
    // What is as it was reviewed keeps its revision.
    assert!(!checkout.sync(&["--accept"]).1.contains("left:"));
    assert_eq!(checkout.sync(&["--revision", "2024-03"]).0, Some(2), "without --accept it would have no effect");
}

#[test]
fn of_two_entries_that_differ_neither_is_reviewed_until_somebody_decides() {
    for (place, twice, name) in [
        ("### -param Flags", "### -param Irp [in, out]\n\nWhat else it is for.\n\n### -param Flags", "Irp"),
        ("### -param Flags", "### -param Irp [out]\n\nWhat it is for.\n\n### -param Flags", "Irp"),
        ("req.irql: <= DISPATCH_LEVEL", "req.irql: <= DISPATCH_LEVEL\nreq.irql: PASSIVE_LEVEL", "req.irql"),
    ] {
        let checkout = Checkout::new();
        assert_eq!(checkout.sync(&["--accept"]).0, Some(0));
        checkout.replace("nc-wsk-pfn_wsk_connect", place, twice);
        for _ in 0..2 {
            let (status, said) = checkout.sync(&["--accept"]);
            assert_eq!(status, Some(1), "{said}");
            has(&said, &[&format!("left: WskConnect {name}: it is listed again at "), "--first-of-two"]);
            let (status, said) = checkout.sync(&[]);
            assert_eq!(status, Some(1), "{said}");
            has(&said, &[&format!("duplicate {name}: it is listed twice"), "64 pages compared: 1 entry listed twice\n"]);
        }
        assert_eq!(checkout.sync(&["--accept", "--first-of-two"]).0, Some(0));
        assert_eq!(checkout.sync(&[]), (Some(0), "64 pages compared: nothing changed\n".to_owned()));
    }
}

/// An operation of which something is not understood has no place among ours, and is not lost.
#[test]
fn a_new_operation_that_is_not_understood_is_left() {
    let Some(pages) = shared("network-2025-11") else { return };
    let copy = SpecCopy::new();
    let folder = tempfile::tempdir().expect("a folder");
    common::copy(&pages, folder.path());
    let page = folder.path().join("sio-wsk-set-remote-address.md");
    let text = std::fs::read_to_string(&page).expect("a page");
    let start = text.find("To clear ").expect("an operation");
    let end = start + text[start..].find("</table>").expect("its table") + "</table>".len();
    let row = |value: &str| format!("<td><p><em>OutputBuffer</em></p></td>\n<td><p>{value}</p></td>");
    let new = text[start..end].replace("To clear ", "To query ").replace(&row("NULL"), &row("something"));
    let new = new.replace(&row("NULL").replace("OutputBuffer", "OutputSize").replace("NULL", "0"), "");
    std::fs::write(&page, format!("{}\n\n{new}{}", &text[..end], &text[end..])).expect("a page");
    let dir = folder.path().display().to_string();
    for _ in 0..2 {
        let accepted = copy.run(&["sync", &dir, "--accept"]);
        assert_eq!(accepted.status.code(), Some(1), "{}", stderr(&accepted));
        has(&stdout(&accepted), &["left: SIO_WSK_SET_REMOTE_ADDRESS operations.query: the page says `query`"]);
    }
}
