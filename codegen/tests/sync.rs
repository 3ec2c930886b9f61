//! `sync` with a checkout that the test writes itself, in the shape of the vendor's pages and in words of our own.

#![allow(clippy::indexing_slicing, clippy::string_slice, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

use common::{SpecCopy, files, root, run_in, shared, stderr, stdout};
use wsk_codegen::spec::{Api, Loaded, Struct, UNWRITTEN, When};

/// The page of an API as the vendor would write it.
fn api_page(api: &Api) -> String {
    let mut out = String::new();
    let name = &api.page.name;
    let uid = api.typedef.as_ref().map_or_else(|| format!("NF:wsk.{name}"), |t| format!("NC:wsk.{t}"));
    let level = match api.irql.as_slice() {
        [one] if one.when.value == When::Always => one.range.spelling(),
        _ => "<= DISPATCH_LEVEL (see Remarks section)".to_owned(),
    };
    let library = api.library.as_ref().map_or("", |l| l.value.as_str());
    let what = if api.kind.as_str() == "callback" { "event callback function" } else { "function" };
    write!(
        out,
        "---\nUID: {uid}\nreq.header: {}\nreq.target-min-winverclnt: Available in {} and later.\nreq.irql: {level}\nreq.dll: {library}\n---\n\n# {uid}\n\n\
         ## -description\n\nThe <b>{name}</b> {what} does what it does.\n\n## -parameters\n\n",
        api.page.header, api.page.since
    )
    .expect("a string");
    for param in &api.params {
        let optional = if param.optional { ", optional" } else { "" };
        let text = if param.reserved { "This parameter is reserved." } else { "What it is for." };
        write!(out, "### -param {} [{}{optional}]\n\n{text}\n\n", param.name, param.direction.as_str()).expect("a string");
        for row in api.values.iter().filter(|t| t.of == param.name).flat_map(|t| &t.rows) {
            write!(out, "#### {}\n\nA value.\n\n", row.constant).expect("a string");
        }
    }
    if !api.signature.ret.is_void() {
        out += "## -returns\n\nOne of these:\n\n| Return code | Description |\n| --- | --- |\n";
        for code in &api.returns.codes {
            writeln!(out, "| **{}** | It is so. |", code.name).expect("a string");
        }
        if api.returns.other.is_some() {
            out += "| **Other status codes** | It failed. |\n";
        }
    }
    out + "\n## -remarks\n\nNothing more is to be said here of this one.\n"
}

fn struct_page(structure: &Struct) -> String {
    let name = &structure.page.name;
    let tag = structure.record.tag.as_ref().map_or(name.value.as_str(), |t| t.value.as_str());
    let mut out = format!(
        "---\nUID: NS:wsk.{tag}\nreq.header: wsk.h\nreq.target-min-winverclnt: {}\nreq.typenames: {name}, *P{name}\n---\n\n# {name}\n\n\
         ## -description\n\nA structure.\n\n## -struct-fields\n\n",
        structure.page.since
    );
    for field in structure.record.fields.iter().filter_map(|f| f.name.as_ref()) {
        write!(out, "### -field {field}\n\nA field.\n\n").expect("a string");
    }
    out
}

fn erratum(page: &str, fact: &str, upstream: &str, value: &str) -> String {
    format!(
        "- page: {page}\n  fact: {fact}\n  upstream: \"{upstream}\"\n  value: \"{value}\"\n  reason: \"R.\"\n  evidence: \"E.\"\n\n"
    )
}

/// Pages say in words on what a level depends; errata say what that means.
fn conditions(loaded: &Loaded) -> String {
    let conditional = loaded.spec.apis.iter().filter(|a| a.irql.len() > 1);
    let errata = conditional.map(|api| {
        erratum(api.page.upstream.as_ref().expect("its source"), "irql", "see Remarks section: <= DISPATCH_LEVEL", &api.levels())
    });
    errata.collect()
}

/// A copy of spec-data without other errata, or a lock, and a checkout that agrees with it.
struct Checkout {
    copy: SpecCopy,
    folder: tempfile::TempDir,
}

impl Checkout {
    fn new() -> Self {
        let copy = SpecCopy::new();
        std::fs::remove_file(copy.path("upstream-lock.yaml")).expect("the lock");
        let loaded: Loaded = copy.load();
        copy.write("errata.yaml", conditions(&loaded));
        let folder = tempfile::tempdir().expect("a folder");
        let pages = folder.path().join("content/wsk");
        std::fs::create_dir_all(&pages).expect("a folder");
        let apis = loaded.spec.apis.iter().map(|a| (&a.page, api_page(a)));
        for (page, text) in apis.chain(loaded.spec.structs.iter().map(|s| (&s.page, struct_page(s)))) {
            let upstream = page.upstream.as_ref().expect("its source");
            std::fs::write(pages.join(format!("{upstream}.md")), text).expect("a page");
        }
        Self { copy, folder }
    }

    fn page(&self, stem: &str) -> PathBuf {
        self.folder.path().join("content/wsk").join(format!("{stem}.md"))
    }

    fn replace(&self, stem: &str, old: &str, new: &str) {
        let text = std::fs::read_to_string(self.page(stem)).expect("a page");
        assert!(text.contains(old), "{stem} has no {old}");
        std::fs::write(self.page(stem), text.replacen(old, new, 1)).expect("a page");
    }

    fn sync(&self, more: &[&str]) -> (Option<i32>, String) {
        let folder = self.folder.path().display().to_string();
        let mut args = vec!["sync", folder.as_str()];
        args.extend(more);
        let output = self.copy.run(&args);
        (output.status.code(), stdout(&output) + &stderr(&output))
    }

    fn git(&self, args: &[&str]) {
        let identity = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
        let status = Command::new("git").current_dir(self.folder.path()).args(identity).args(args).output().expect("git");
        assert!(status.status.success(), "{args:?}: {}", String::from_utf8_lossy(&status.stderr));
    }
}

fn has(text: &str, all: &[&str]) {
    for wanted in all {
        assert!(text.contains(wanted), "no `{wanted}` in\n{text}");
    }
}

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
    assert_eq!(checkout.sync(&[]), (Some(0), "63 pages compared: nothing changed\n".to_owned()));
    let lock = std::fs::read_to_string(checkout.copy.path("upstream-lock.yaml")).expect("the lock");
    assert_eq!(lock.matches("gone: true").count(), 1);
    std::fs::write(checkout.page("nc-wsk-pfn_wsk_bind"), bind).expect("a page");
    let (status, said) = checkout.sync(&[]);
    let wanted = "back: nc-wsk-pfn_wsk_bind is among these pages again\n64 pages compared: 1 page back\n";
    assert_eq!((status, said.as_str()), (Some(1), wanted));
    assert_eq!(checkout.sync(&["--accept"]).0, Some(0));
    assert_eq!(checkout.sync(&[]), (Some(0), "64 pages compared: nothing changed\n".to_owned()));
}

const REMARK: &str = "Nothing more is to be said here of this one.";

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
    // A revision that is given is that of every page that was compared.
    assert_eq!(checkout.sync(&["--accept", "--revision", "HEAD"]).0, Some(0));
    let lock = std::fs::read_to_string(checkout.copy.path("upstream-lock.yaml")).expect("the lock");
    assert_eq!((lock.matches("\"HEAD\"").count(), lock.matches("0123abc").count()), (64, 0));
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
    assert_eq!(checkout.sync(&["--accept"]).0, Some(0));
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

/// Whatever is there when a command is killed, each file is old or new.
#[test]
fn whoever_is_killed_leaves_every_file_old_or_new() {
    let checkout = Checkout::new();
    assert_eq!(checkout.sync(&["--accept"]).0, Some(0));
    assert_eq!(checkout.copy.run(&["generate"]).status.code(), Some(0));
    let old = files(checkout.copy.folder.path());
    // Every page gets another header, so that every page of ours and every file of an API changes.
    for entry in std::fs::read_dir(checkout.folder.path().join("content/wsk")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a page");
        let text = text.replace("req.header: wsk.h", "req.header: wskernel.h");
        std::fs::write(path, text).expect("a page");
    }
    let restore = || {
        for (path, contents) in &old {
            std::fs::write(checkout.copy.folder.path().join(path), contents).expect("a file");
        }
        for path in files(checkout.copy.folder.path()).keys().filter(|p| !old.contains_key(*p)) {
            std::fs::remove_file(checkout.copy.folder.path().join(path)).expect("a file");
        }
    };
    let folder = checkout.folder.path().display().to_string();
    let sync: &[&str] = &["sync", &folder, "--accept"];
    let generate: &[&str] = &["generate"];
    let mut partial = 0;
    for (args, before) in [(sync, None), (generate, Some(sync))] {
        // What the command would leave if nobody killed it, and how long it takes.
        let prepare = || {
            restore();
            if let Some(args) = before {
                assert_eq!(checkout.copy.run(args).status.code(), Some(0));
                return files(checkout.copy.folder.path());
            }
            old.clone()
        };
        let first = prepare();
        let output = checkout.copy.run(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        let last = files(checkout.copy.folder.path());
        assert_ne!(first, last, "{args:?} changes files");
        let changed: Vec<&String> =
            last.iter().filter(|(path, new)| first.get(*path) != Some(*new)).map(|(path, _)| path).collect();
        for step in 0..20 {
            prepare();
            // As soon as that file is new, or at once.
            let watched = checkout.copy.folder.path().join(changed[step * changed.len() / 20]);
            let written = || std::fs::metadata(&watched).and_then(|m| m.modified()).ok();
            let before = written();
            let mut child = checkout.copy.command(args).spawn().expect("the tool");
            while step > 0 && written() == before && child.try_wait().expect("a state").is_none() {
                std::hint::spin_loop();
            }
            // It may be done already.
            let _ = child.kill();
            child.wait().expect("it ends");
            let found = files(checkout.copy.folder.path());
            for (path, contents) in &found {
                let hidden = path.rsplit('/').next().is_some_and(|name| name.starts_with('.'));
                let whole = Some(contents) == first.get(path) || Some(contents) == last.get(path);
                assert!(hidden || whole, "{args:?}: {path} is neither old nor new");
            }
            for path in first.keys().filter(|p| last.contains_key(*p)) {
                assert!(found.contains_key(path), "{args:?}: {path} is gone");
            }
            let visible: BTreeMap<_, _> = found.into_iter().filter(|(p, _)| !p.contains("/.")).collect();
            partial += usize::from(visible != first && visible != last);
        }
        // Run again, and everything is new; what was left over is gone, such as this.
        for path in ["spec-data/functions", "generated/src", "macros/src"].iter().take(if before.is_none() { 1 } else { 3 }) {
            prepare();
            std::fs::write(checkout.copy.folder.path().join(path).join(".wsk-codegen-left"), "").expect("a file");
            assert_eq!(checkout.copy.run(before.unwrap_or(args)).status.code(), Some(0));
            assert_eq!(checkout.copy.run(args).status.code(), Some(0));
            assert_eq!(files(checkout.copy.folder.path()), last, "{args:?}");
        }
    }
    println!("{partial} of 40 kills came between two files");
    assert!(partial > 0, "none of 40 kills came between two files: nothing was shown");
}

/// The pages that the lock is about are those that the project was made from.
#[test]
fn the_lock_is_that_of_the_vendor_pages() {
    for folder in ["ddi-2024-03", "network-2025-11"] {
        let Some(pages) = shared(folder) else { return };
        let output = run_in(&root(), &["sync", &pages.display().to_string()]);
        assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
        assert!(stdout(&output).ends_with("pages compared: nothing changed\n"));
    }
}
