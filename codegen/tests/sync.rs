//! `sync` with a checkout that the test writes itself, in the shape of the vendor's pages and in words of our own.

#![allow(clippy::indexing_slicing, clippy::string_slice, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]
#![allow(unreachable_pub, reason = "the modules of a test are not public")]

#[path = "sync/checkout.rs"]
mod checkout;
mod common;

use checkout::{Checkout, conditions, erratum, has};
use common::{SpecCopy, root, run_in, shared, stderr, stdout};

const REMARK: &str = "Nothing more is to be said here of this one.";

#[test]
fn a_checkout_that_agrees_is_clean_once_it_was_reviewed() {
    let checkout = Checkout::new();
    let (status, said) = checkout.sync(&[]);
    assert_eq!(status, Some(1));
    has(&said, &["never reviewed: WskConnect", "64 pages compared: 64 pages never reviewed"]);
    let (status, said) = checkout.sync(&["--accept"]);
    assert_eq!(status, Some(0), "{said}");
    has(&said, &["wrote spec-data/upstream-lock.yaml"]);
    assert!(!said.contains("functions/"), "{said}");
    assert_eq!(checkout.sync(&[]), (Some(0), "64 pages compared: nothing changed\n".to_owned()));
    let lock = std::fs::read_to_string(checkout.copy.path("upstream-lock.yaml")).expect("the lock");
    assert!(!lock.contains("Nothing more is to be said"), "no text of the vendor's is in the lock");
}

/// The pages that the lock is about are those that the project was made from.
#[test]
fn a_revision_that_is_not_at_hand_is_said_once_and_the_lock_moves_to_one_that_is() {
    let checkout = Checkout::new();
    assert_eq!(checkout.sync(&["--accept", "--revision", "0123abc"]).0, Some(0));
    checkout.replace("nc-wsk-pfn_wsk_bind", REMARK, "Something else is to be said.");
    checkout.replace("nc-wsk-pfn_wsk_listen", REMARK, "Something else is to be said.");
    let (_, said) = checkout.sync(&[]);
    assert_eq!(said.matches("stand in no git repository; the reviewed revision is 0123abc").count(), 1, "{said}");
    checkout.git(&["init", "-q"]);
    checkout.git(&["add", "."]);
    checkout.git(&["commit", "-q", "-m", "one"]);
    let (_, said) = checkout.sync(&[]);
    assert_eq!(said.matches("the repository lacks the reviewed revision 0123abc").count(), 1, "{said}");
    let json: serde_json::Value = serde_json::from_str(&checkout.sync(&["--format", "json"]).1).expect("JSON");
    assert_eq!(json["history"], serde_json::json!({"repository": true, "missing": ["0123abc"]}));
    // A revision that is given is that of every page that was compared; a name that may mean another one tomorrow is not recorded.
    assert_eq!(checkout.sync(&["--accept", "--revision", "HEAD"]).0, Some(0));
    let lock = checkout.copy.read("upstream-lock.yaml");
    let head = checkout.head();
    assert_eq!((lock.matches(&format!("\"{head}\"")).count(), lock.matches("0123abc").count()), (64, 0));
    // One that the repository does not have could never be shown again.
    for (name, message) in [("0123abc", "no revision `0123abc`"), ("--help", "`--help`"), ("", "``"), ("a b", "`a b`")] {
        let (status, said) = checkout.sync(&["--accept", &format!("--revision={name}")]);
        assert_eq!(status, Some(2), "{said}");
        has(&said, &["sync::revision", message, &format!("known are {head}"), "(checked out), ", "(reviewed)"]);
    }
    assert_eq!(checkout.copy.read("upstream-lock.yaml"), lock, "nothing was written");
    let short = head[..9].to_owned();
    assert_eq!(checkout.sync(&["--accept", "--revision", &short]).0, Some(0));
    assert_eq!(checkout.copy.read("upstream-lock.yaml").matches(&format!("\"{short}\"")).count(), 64);
}

#[test]
fn an_entry_that_is_listed_twice_is_a_duplicate_and_nothing_else() {
    let checkout = Checkout::new();
    assert_eq!(checkout.sync(&["--accept"]).0, Some(0));
    let twice = "### -param Irp [in, out]\n\nWhat it is for.\n\n";
    checkout.replace("nc-wsk-pfn_wsk_connect", "### -param Flags", &format!("{twice}### -param Flags"));
    let (status, said) = checkout.sync(&[]);
    assert_eq!(status, Some(1));
    has(&said, &["duplicate Irp: it is listed twice, again at ", "64 pages compared: 1 entry listed twice\n"]);
    assert!(!said.contains("prose:") && !said.contains("order"), "{said}");
    assert_eq!(checkout.sync(&["--accept"]).0, Some(0));
    assert_eq!(checkout.sync(&[]).0, Some(0), "what was reviewed is no news");
}

#[test]
fn a_page_or_nothing_is_no_checkout() {
    let checkout = Checkout::new();
    assert_eq!(checkout.sync(&["--accept"]).0, Some(0));
    let lock = checkout.copy.read("upstream-lock.yaml");
    let page = checkout.page("nc-wsk-pfn_wsk_connect").display().to_string();
    for (path, message) in [(page.as_str(), "this is no folder"), ("nowhere", "there is no such folder")] {
        let output = checkout.copy.run(&["sync", path, "--accept"]);
        assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
        has(&stderr(&output), &["sync::folder", message]);
    }
    assert_eq!(checkout.copy.read("upstream-lock.yaml"), lock, "nothing was written");
}

#[test]
fn what_moves_to_another_header_is_told_with_all_its_other_changes() {
    let checkout = Checkout::new();
    assert_eq!(checkout.sync(&["--accept"]).0, Some(0));
    checkout.replace("nc-wsk-pfn_wsk_connect", "req.header: wsk.h", "req.header: other.h");
    checkout.replace("nc-wsk-pfn_wsk_connect", "req.irql: <= DISPATCH_LEVEL", "req.irql: PASSIVE_LEVEL");
    let (status, said) = checkout.sync(&[]);
    assert_eq!(status, Some(1));
    has(&said, &["header-changed at ", "irql-tightened at ", "64 pages compared: 2 facts changed\n"]);
}

#[test]
fn errata_that_no_longer_hold() {
    let checkout = Checkout::new();
    let errata = "# Kept.\n\n".to_owned()
        + &erratum("nc-wsk-pfn_wsk_bind", "irql", "always: PASSIVE_LEVEL", "always: <= DISPATCH_LEVEL")
        + &erratum("nc-wsk-pfn_wsk_connect", "irql", "always: PASSIVE_LEVEL", "always: <= DISPATCH_LEVEL")
        + &erratum("nc-wsk-pfn_wsk_listen", "irql", "always: PASSIVE_LEVEL", "always: <= DISPATCH_LEVEL");
    let errata = errata + &conditions(&checkout.copy.load());
    checkout.copy.write("errata.yaml", &errata);
    checkout.replace("nc-wsk-pfn_wsk_bind", "req.irql: <= DISPATCH_LEVEL", "req.irql: PASSIVE_LEVEL");
    checkout.replace("nc-wsk-pfn_wsk_listen", "req.irql: <= DISPATCH_LEVEL", "req.irql: <= APC_LEVEL");
    let (status, said) = checkout.sync(&[]);
    assert_eq!(status, Some(1));
    has(
        &said,
        &[
            "erratum irql is stale: the page says `always: <= DISPATCH_LEVEL`, too",
            "erratum irql is in conflict: it corrects `always: PASSIVE_LEVEL` to `always: <= DISPATCH_LEVEL`, but the page says `always: <= APC_LEVEL` now",
            "1 erratum stale, 1 erratum in conflict",
        ],
    );
    assert!(!said.contains("irql.always"), "what an erratum answers for is no other fact: {said}");
    // The stale one goes, the other two stay, and so does the comment; the conflict is for a person to decide.
    let (status, said) = checkout.sync(&["--accept"]);
    assert_eq!(status, Some(1), "{said}");
    has(&said, &["left: WskListen irql: its erratum is in conflict"]);
    let left = std::fs::read_to_string(checkout.copy.path("errata.yaml")).expect("the errata");
    assert_eq!(left.matches("- page:").count(), errata.matches("- page:").count() - 1);
    has(&left, &["# Kept.", "pfn_wsk_bind", "pfn_wsk_listen"]);
    let (status, said) = checkout.sync(&[]);
    assert_eq!(status, Some(1));
    has(&said, &["1 erratum in conflict"]);
}

#[test]
fn what_cannot_be_compared_is_said_and_nothing_is_written() {
    let checkout = Checkout::new();
    checkout.replace("nc-wsk-pfn_wsk_bind", "UID: NC:wsk.PFN_WSK_BIND", "UID: nothing");
    let (status, said) = checkout.sync(&["--accept"]);
    assert_eq!(status, Some(2), "{said}");
    has(&said, &["nc-wsk-pfn_wsk_bind.md", "cannot be compared"]);
    assert!(!checkout.copy.path("upstream-lock.yaml").exists());

    checkout.copy.write("upstream-lock.yaml", "pages: 1\n");
    let (status, said) = checkout.sync(&[]);
    assert_eq!(status, Some(2));
    has(&said, &["upstream-lock.yaml", "review the pages anew"]);

    let nowhere = tempfile::tempdir().expect("a folder");
    let output = run_in(&root(), &["sync", &nowhere.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn the_lock_is_that_of_the_vendor_pages() {
    for folder in ["ddi-2024-03", "network-2025-11"] {
        let Some(pages) = shared(folder) else { return };
        let output = run_in(&root(), &["sync", &pages.display().to_string()]);
        assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
        assert!(stdout(&output).ends_with("pages compared: nothing changed\n"));
    }
}

#[test]
fn pages_of_two_folders_are_said_to_be_twice_in_one_message() {
    let checkout = Checkout::new();
    let one = checkout.folder.path().join("content/wsk");
    common::copy(&one, &checkout.folder.path().join("content/old"));
    std::fs::create_dir(checkout.folder.path().join("more")).expect("a folder");
    std::fs::copy(one.join("nc-wsk-pfn_wsk_bind.md"), checkout.folder.path().join("more/nc-wsk-pfn_wsk_bind.md"))
        .expect("a copy");
    let (status, said) = checkout.sync(&["--message-format", "json"]);
    assert_eq!(status, Some(2));
    assert_eq!(said.matches("sync::twice").count(), 2, "{said}");
    has(
        &said,
        &["64 pages are here twice, in ", "content/old and in ", "content/wsk; of nc-wsk-pfn_wsk_abort_event the other is "],
    );
    has(&said, &["there are two pages nc-wsk-pfn_wsk_bind here, the other is "]);
}

/// Whatever decides classes for `diff` decides them here.
#[test]
fn classes_of_changes_are_those_of_the_project() {
    let checkout = Checkout::new();
    assert_eq!(checkout.sync(&["--accept"]).0, Some(0));
    checkout.replace("nc-wsk-pfn_wsk_connect", "req.irql: <= DISPATCH_LEVEL", "req.irql: PASSIVE_LEVEL");
    let file = checkout.copy.folder.path().join("change-classes.yaml");
    let entry = |change: &str| format!("- change: {change}\n  class: compatible\n  reason: Nobody is above it.\n");
    std::fs::write(&file, entry("irql-tightened") + &entry("kind-changed")).expect("a file");
    let (status, said) = checkout.sync(&[]);
    assert_eq!(status, Some(1));
    has(&said, &["irql.always: compatible", "(here compatible: Nobody is above it.)", "`kind-changed`", "has no effect"]);
    let json: serde_json::Value =
        serde_json::from_slice(&checkout.copy.run(&["sync", &checkout.dir(), "--format", "json"]).stdout).expect("JSON");
    assert_eq!(json["pages"][0]["facts"][0]["class"], "compatible");
    std::fs::write(&file, entry("no-such")).expect("a file");
    let (status, said) = checkout.sync(&["--accept"]);
    assert_eq!(status, Some(2));
    has(&said, &["diff::classes", "`no-such`"]);
}

/// The name of such a page says nothing of what it describes.
#[test]
fn a_new_page_of_a_control_code_is_told_and_taken() {
    let Some(pages) = shared("network-2025-11") else { return };
    let copy = SpecCopy::new();
    let folder = tempfile::tempdir().expect("a folder");
    common::copy(&pages, folder.path());
    let dir = folder.path().display().to_string();
    let page = |name: &str| folder.path().join(name);
    // Each of ours under another name.
    for control in &copy.load().spec.controls {
        let stem = control.page.upstream.as_ref().expect("its source").as_str();
        let (name, new) = (control.page.name.as_str(), format!("NEW_{}", control.page.name));
        let text = std::fs::read_to_string(page(&format!("{stem}.md"))).expect("a page");
        let text = text.replace(&name.replace('_', "\\_"), name).replace(name, &new);
        std::fs::write(page("whisper.md"), &text).expect("a page");
        let said = copy.run(&["sync", &dir]);
        assert_eq!(said.status.code(), Some(1));
        let shown = page("whisper.md").display().to_string();
        assert_eq!(stdout(&said), format!("new page: {new} ({shown})\n18 pages compared: 1 page new\n"));
    }
    // One from which no operation is read is told with the reason.
    let text = std::fs::read_to_string(page("sio-wsk-set-remote-address.md"))
        .expect("a page")
        .replace("SIO\\_WSK\\_SET\\_REMOTE\\_ADDRESS", "SIO_WSK_WHISPER");
    let text = text.replace("SIO_WSK_SET_REMOTE_ADDRESS", "SIO_WSK_WHISPER");
    let without_tables: Vec<&str> = text.split("<table>").map(|part| part.rsplit("</table>").next().unwrap_or(part)).collect();
    std::fs::write(page("whisper.md"), without_tables.concat()).expect("a page");
    let said = stdout(&copy.run(&["sync", &dir, "--accept"]));
    has(
        &said,
        &["new page: SIO_WSK_WHISPER", "it cannot be taken: the page has no table of the parameters", "left: new page whisper"],
    );
    std::fs::write(page("whisper.md"), text).expect("a page");
    // Two of them are one too many.
    std::fs::create_dir(page("more")).expect("a folder");
    std::fs::copy(page("whisper.md"), page("more/whisper.md")).expect("a copy");
    has(&stderr(&copy.run(&["sync", &dir])), &["sync::twice", "there are two pages whisper here"]);
    std::fs::remove_file(page("more/whisper.md")).expect("a page");
    let said = copy.run(&["sync", &dir, "--accept"]);
    has(&stdout(&said), &["wrote spec-data/controls/SIO_WSK_WHISPER.md", "wrote spec-data/upstream-lock.yaml"]);
    has(&copy.read("controls/SIO_WSK_WHISPER.md"), &["upstream: whisper", "| Request type | WskIoctl |", "## Operation: clear"]);
}
