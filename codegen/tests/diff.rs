//! `diff`: what changed between two versions of the pages, and what it means for drivers.

#![allow(clippy::indexing_slicing, reason = "a test that is wrong may fail anywhere")]

mod common;

use std::process::Command;

use common::{SpecCopy, load_spec, root, run_in, stderr, stdout};
use wsk_codegen::diff::{Change, Class, Side, diff};

/// The changes that an edit of a copy makes.
fn changes(edit: impl FnOnce(&SpecCopy)) -> Vec<Change> {
    let copy = SpecCopy::new();
    edit(&copy);
    let (old, new) = (load_spec(), copy.load());
    assert!(!new.report.has_errors(), "{:?}", new.report.diagnostics());
    diff(Side::of(&old), Side::of(&new))
}

/// Of two folders, facts are compared: that words differ is said, not shown.
#[test]
fn other_words_alone_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = "---\nUID: NF:one.MadeUp\nreq.header: one.h\n---\n\n# MadeUp function\n\n## -description\n\nIt does.\n";
    for (side, text) in [("old", page.to_owned()), ("new", page.replace("It does", "It does not"))] {
        std::fs::create_dir(folder.path().join(side)).expect("a folder");
        std::fs::write(folder.path().join(side).join("one.md"), text).expect("a page");
    }
    let run = |new: &str| run_in(folder.path(), &["diff", "old", new]);
    let (same, other) = (run("old"), run("new"));
    assert!(stdout(&same).contains("nothing changed") && stderr(&same).is_empty());
    assert!(
        stdout(&other).contains("nothing changed") && stderr(&other).contains("1 page with other words"),
        "{}",
        stderr(&other)
    );
}

/// Names are not unique across headers, and that a fact is gone is something else than that it does not matter what it is.
#[test]
fn what_is_accepted_is_one_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = |side: &str, header: &str, level: &str| {
        let text = format!(
            "---\nUID: NF:{header}.MadeUp\ntitle: MadeUp function ({header}.h)\nreq.header: {header}.h\nreq.irql: {level}\n\
             req.target-min-winverclnt: Windows Vista\nreq.dll: Made.sys\n---\n\n# MadeUp function\n\n## -returns\n\nReturns STATUS_SUCCESS.\n"
        );
        let path = folder.path().join(side);
        std::fs::create_dir_all(&path).expect("a folder");
        std::fs::write(path.join(format!("{header}.md")), text).expect("a page");
    };
    for header in ["one", "two"] {
        page("old", header, "<= DISPATCH_LEVEL");
        page("new", header, "PASSIVE_LEVEL");
    }
    let run = |entry: &str| {
        let accepted = folder.path().join("accepted.yaml");
        std::fs::write(&accepted, format!("- name: MadeUp\n  fact: irql.always\n  reason: Looked at.\n{entry}")).expect("a file");
        let [old, new] = ["old", "new"].map(|side| folder.path().join(side).display().to_string());
        let output = run_in(folder.path(), &["diff", &old, &new, "--accepted", &accepted.display().to_string()]);
        (stdout(&output), stderr(&output))
    };
    let (said, complaint) = run("");
    assert!(!said.contains("accepted") && complaint.contains("MadeUp is declared by one.h and by two.h"), "{said}{complaint}");
    let (said, complaint) = run("  header: two.h\n");
    assert!(said.contains("1 accepted") && complaint.is_empty(), "{said}{complaint}");
    let (said, complaint) = run("  header: two.h\n  after: PASSIVE_LEVEL\n");
    assert!(said.contains("1 accepted") && complaint.is_empty(), "{said}{complaint}");
    let (said, complaint) = run("  header: two.h\n  after: null\n");
    assert!(!said.contains("accepted") && complaint.contains("this entry accepts nothing"), "{said}{complaint}");
}

/// The row for codes that are not named has a meaning, which comes and goes with it.
#[test]
fn a_row_that_comes_or_goes_is_one_change() {
    let found = changes(|copy| {
        let page = copy.read("functions/WskListen.md");
        let without: Vec<&str> = page.lines().filter(|line| !line.starts_with("| … |")).collect();
        assert!(without.len() < page.lines().count());
        copy.write("functions/WskListen.md", &(without.join("\n") + "\n"));
    });
    assert_eq!(found.iter().map(|c| c.fact.as_str()).collect::<Vec<_>>(), ["returns.open"], "{found:?}");
}

#[test]
fn nothing_changes_without_a_change() {
    assert_eq!(changes(|_| {}), []);
}

/// Page, what stands there, what will, and the change that it is: fact, class and a word of the reason.
type Case = (&'static str, &'static str, &'static str, &'static [(&'static str, Class, &'static str)]);

const CASES: &[Case] = &[
    (
        "functions/WskConnect.md",
        "| always | <= DISPATCH_LEVEL |",
        "| always | PASSIVE_LEVEL |",
        &[("irql.always", Class::Source, "tightened")],
    ),
    (
        "exports/WskRegister.md",
        "| always | PASSIVE_LEVEL |",
        "| always | <= APC_LEVEL |",
        &[("irql.always", Class::Compatible, "loosened")],
    ),
    (
        "callbacks/WskSendBacklogEvent.md",
        "| always | <= DISPATCH_LEVEL |",
        "| always | PASSIVE_LEVEL |",
        &[("irql.always", Class::Source, "token")],
    ),
    (
        "functions/WskListen.md",
        "| … |",
        "| STATUS_NOT_SUPPORTED | Made up. |\n| … |",
        &[("returns.codes.STATUS_NOT_SUPPORTED", Class::Source, "variant of its own")],
    ),
    (
        "functions/WskReleaseDataIndicationList.md",
        "| STATUS_INVALID_PARAMETER |",
        "| STATUS_NOT_SUPPORTED | Made up. |\n| STATUS_INVALID_PARAMETER |",
        &[("returns.codes.STATUS_NOT_SUPPORTED", Class::Source, "closed set")],
    ),
    (
        "callbacks/WskDisconnectEvent.md",
        "| STATUS_SUCCESS |",
        "| STATUS_PENDING | Made up. |\n| STATUS_SUCCESS |",
        &[("returns.codes.STATUS_PENDING", Class::Compatible, "may answer one status more")],
    ),
    (
        "callbacks/WskAcceptEvent.md",
        "| STATUS_REQUEST_NOT_ACCEPTED | The driver refuses it; the subsystem closes the new socket. |\n",
        "",
        &[("returns.codes.STATUS_REQUEST_NOT_ACCEPTED", Class::Source, "cannot name it")],
    ),
    (
        "functions/WskListen.md",
        "| … | It failed; the IRP is completed with the same failure. |\n",
        "",
        &[("returns.open", Class::Source, "closed now")],
    ),
    ("functions/WskAccept.md", "| Flags | reserved |", "| Flags | in |", &[("params.Flags.reserved", Class::Source, "reserved")]),
    (
        "functions/WskAccept.md",
        "| LocalAddress | out, optional |",
        "| LocalAddress | out |",
        &[("params.LocalAddress.optional", Class::Source, "no `Option`")],
    ),
    (
        "functions/WskReceive.md",
        "| Buffer | in | until completion |",
        "| Buffer | in | non-paged; until completion |",
        &[("params.Buffer.memory.\"non-paged\"", Class::Runtime, "drivers were told")],
    ),
    (
        "functions/WskReceive.md",
        "| Buffer | in | until completion |",
        "| Buffer | in | |",
        &[("params.Buffer.memory.\"until completion\"", Class::Compatible, "less is demanded")],
    ),
    (
        "functions/WskConnect.md",
        "becomes: connected",
        "becomes: bound",
        &[("params.Socket.effects.\"becomes: bound\"", Class::Source, "state in which the call leaves the socket")],
    ),
    (
        "functions/WskControlClient.md",
        "bytes in InputSize",
        "bytes in OutputSize",
        &[("params.InputBuffer.links.\"bytes in OutputSize\"", Class::Source, "with which parameter it goes together")],
    ),
    (
        "functions/WskSend.md",
        "| WSK_FLAG_NODELAY |",
        "| WSK_FLAG_DRAIN | Made up. |\n| WSK_FLAG_NODELAY |",
        &[("values.Flags.WSK_FLAG_DRAIN", Class::Compatible, "a flag is new")],
    ),
    (
        "structs/WSK_BUF.md",
        "  SIZE_T Length;",
        "  ULONG Length;",
        &[
            ("size", Class::Runtime, "room than before: field `Length` has another type"),
            ("fields.Length.type", Class::Source, "another type"),
        ],
    ),
    (
        "structs/WSK_BUF.md",
        "  ULONG Offset;\n  SIZE_T Length;",
        "  SIZE_T Length;\n  ULONG Offset;",
        &[("fields", Class::Runtime, "fields are swapped"), ("fields", Class::Runtime, "2 members behind it moved")],
    ),
    (
        "tables/constants.md",
        "| WSK_FLAG_NODELAY | ULONG | 2 |",
        "| WSK_FLAG_NODELAY | ULONG | 4 |",
        &[("value", Class::Runtime, "another value")],
    ),
    (
        "functions/WskListen.md",
        "since: Windows 10, version 1703",
        "since: Windows 10, version 1607",
        &[("since", Class::Runtime, "versions")],
    ),
    (
        "functions/WskListen.md",
        "Makes a bound stream socket listen",
        "Lets a bound stream socket listen",
        &[("summary", Class::Documentation, "words")],
    ),
    (
        "controls/SO_WSK_SECURITY.md",
        "listen (before bind), datagram (before bind), ",
        "datagram (before bind), ",
        &[("operations.set.sockets.listen", Class::Source, "do not have")],
    ),
    (
        "enums/WSK_INSPECT_ACTION.md",
        "WskInspectAccept = 1,",
        "WskInspectAccept = 9,",
        &[("variants.WskInspectAccept.value", Class::Runtime, "number")],
    ),
];

#[test]
fn each_sort_of_change_has_its_class_and_its_reason() {
    let mut wrong = Vec::new();
    for (page, old, new, expected) in CASES {
        let found = changes(|copy| copy.replace(page, old, new));
        for (fact, class, word) in *expected {
            let fits = |c: &&Change| c.fact == *fact && c.class == *class && c.reason.contains(word);
            if !found.iter().any(|c| fits(&c)) {
                wrong.push(format!("{page}: {fact} {class:?} {word:?} is not in {found:#?}"));
            }
        }
        // What is not expected is at least not worse.
        let worst = expected.iter().map(|(_, class, _)| *class).max();
        if found.iter().map(|c| c.class).max() > worst {
            wrong.push(format!("{page}: worse than expected: {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn parameters_that_change_places_or_come_and_go() {
    let found = changes(|copy| {
        copy.replace(
            "callbacks/WskDisconnectEvent.md",
            "  PVOID SocketContext,\n  ULONG Flags\n",
            "  PVOID SocketContext,\n  ULONG Flags,\n  ULONG Reason\n",
        );
        let page = copy.read("callbacks/WskDisconnectEvent.md");
        let row = page.lines().find(|l| l.starts_with("| Flags | in")).expect("a row").to_owned();
        copy.replace("callbacks/WskDisconnectEvent.md", &row, &format!("{row}\n| Reason | in | Made up. |"));
    });
    let facts: Vec<(&str, Class)> = found.iter().map(|c| (c.fact.as_str(), c.class)).collect();
    assert_eq!(facts, [("params.Reason", Class::Source)], "what is below a parameter that is new is part of it");
    assert_eq!(found[0].after.as_deref(), Some("ULONG Reason [in]"));
    assert!(found[0].reason.contains("body of the callback is given a parameter more"));

    let found = changes(|copy| {
        copy.replace(
            "functions/WskDisconnect.md",
            "  PWSK_BUF Buffer,\n  ULONG Flags,\n",
            "  ULONG Flags,\n  PWSK_BUF Buffer,\n",
        );
        let page = copy.read("functions/WskDisconnect.md");
        let row = |start: &str| page.lines().find(|l| l.starts_with(start)).expect("a row").to_owned();
        let (buffer, flags) = (row("| Buffer |"), row("| Flags |"));
        copy.replace("functions/WskDisconnect.md", &format!("{buffer}\n{flags}\n"), &format!("{flags}\n{buffer}\n"));
    });
    assert_eq!(found.iter().map(|c| c.fact.as_str()).collect::<Vec<_>>(), ["params"]);
    assert!(found[0].reason.contains("swapped"));
}

#[test]
fn another_name_is_one_change_and_hides_no_other() {
    let rename = |page: &str, words: &[(&str, &str)], also: &[(&str, &str)]| {
        let found = changes(|copy| {
            for (from, to) in words {
                let text = copy.read(page).replace(from, to);
                copy.write(page, text);
            }
            for (from, to) in also {
                copy.replace(page, from, to);
            }
        });
        found
            .into_iter()
            .filter(|c| c.class != Class::Documentation)
            .map(|c| format!("{}: {} → {}: {}", c.fact, c.before.unwrap_or_default(), c.after.unwrap_or_default(), c.reason))
            .collect::<Vec<_>>()
    };
    let page = "functions/WskReceiveFrom.md";
    assert_eq!(
        rename(page, &[("Socket |", "Endpoint |"), ("PWSK_SOCKET Socket", "PWSK_SOCKET Endpoint")], &[]),
        ["params.Endpoint.name: Socket → Endpoint: renamed: calls pass it by its place"]
    );
    assert_eq!(
        rename(page, &[("ControlFlags", "InfoFlags"), ("ControlLength", "InfoLength")], &[]),
        [
            "params.InfoLength.name: ControlLength → InfoLength: renamed: it is passed as the length of another, and not by itself",
            "params.InfoFlags.name: ControlFlags → InfoFlags: renamed: the type of what is passed is named after it",
        ],
        "the rule `bytes in ControlLength` is the same rule"
    );
    // What else changed of it is told under the new name.
    let found = rename(page, &[("ControlFlags", "InfoFlags")], &[("| InfoFlags | out, optional |", "| InfoFlags | out |")]);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[1].starts_with("params.InfoFlags.optional: true → false"), "{found:#?}");
    // Another type at the same place is another parameter.
    let found = rename(page, &[("ControlInfo", "Extra")], &[("PCMSGHDR Extra", "PVOID Extra")]);
    assert!(found.iter().any(|c| c.starts_with("params.ControlInfo: ") && c.contains("a parameter less")), "{found:#?}");

    assert_eq!(
        rename("callbacks/WskDisconnectEvent.md", &[("SocketContext", "Context")], &[]).len(),
        1,
        "a callback's, with a rule of its own"
    );
    let found = rename("structs/WSK_BUF.md", &[("SIZE_T Length", "SIZE_T Size"), ("| Length |", "| Size |")], &[]);
    assert_eq!(found, ["fields.Size.name: Length → Size: renamed: a driver that names the field does not compile"]);
}

#[test]
fn pages_that_come_and_go() {
    let found = changes(|copy| {
        let page = copy.read("enums/WSK_INSPECT_ACTION.md");
        copy.write("enums/WSK_MADE_UP.md", page.replace("WSK_INSPECT_ACTION", "WSK_MADE_UP").replace("WskInspect", "WskMadeUp"));
        std::fs::remove_file(copy.path("controls/WSK_TDI_BEHAVIOR.md")).expect("a page");
    });
    let facts: Vec<(&str, &str, Class)> = found.iter().map(|c| (c.name.as_str(), c.fact.as_str(), c.class)).collect();
    assert_eq!(facts, [("WSK_MADE_UP", "", Class::Compatible), ("WSK_TDI_BEHAVIOR", "", Class::Source)]);
    assert!(found[1].before_at.as_ref().is_some_and(|at| at.file.ends_with("controls/WSK_TDI_BEHAVIOR.md")));
}

/// A page that is gone while a table still has its member is one change: what follows from it is part of it.
#[test]
fn a_page_that_is_gone_while_it_is_used_is_one_change() {
    let (old, new) = (SpecCopy::new(), SpecCopy::new());
    std::fs::remove_file(new.path("functions/WskListen.md")).expect("a page");
    let output = new.run(&["diff", &old.spec().display().to_string(), "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let changes = json["changes"].as_array().expect("changes");
    let shown: Vec<(&str, &str)> = changes.iter().filter_map(|c| Some((c["change"].as_str()?, c["name"].as_str()?))).collect();
    assert_eq!(shown, [("item-removed-while-used", "PFN_WSK_LISTEN")], "{changes:#?}");
    let reason = changes[0]["reason"].as_str().expect("a reason");
    for word in
        ["`WSK_PROVIDER_STREAM_DISPATCH fields.WskListen.type`", "the layout of WSK_PROVIDER_STREAM_DISPATCH is not known"]
    {
        assert!(reason.contains(word), "{word}: {reason}");
    }
    // What can be made is shown all the same.
    let page = stdout(&new.run(&["diff", &old.spec().display().to_string(), "--format", "html"]));
    let (_, rest) = page.split_once("id=\"data\">").expect("the data");
    let data: serde_json::Value = serde_json::from_str(rest.split("</script>").next().expect("data")).expect("JSON");
    assert!(data["note"].as_str().is_some_and(|n| n.starts_with("Not all Rust is shown")), "{}", data["note"]);
    assert!(data["items"]["function PFN_WSK_LISTEN"].as_array().is_some_and(|files| !files.is_empty()), "{}", data["items"]);
}

#[test]
fn a_table_that_shrinks_or_whose_members_change_places_breaks_at_run_time() {
    let table = "structs/WSK_PROVIDER_DATAGRAM_DISPATCH.md";
    let member = |line: &str| line.contains("WskSendMessages");
    let found = changes(|copy| {
        let page = copy.read(table);
        copy.write(table, page.lines().filter(|l| !member(l)).map(|l| format!("{l}\n")).collect::<String>());
    });
    let size = found.iter().find(|c| c.fact == "size").expect("another size");
    assert_eq!((size.change, size.class), ("table-shrunk", Class::Runtime));
    let gone = found.iter().find(|c| c.fact == "fields.WskSendMessages").expect("a member less");
    assert_eq!((gone.change, gone.class), ("field-removed", Class::Source));

    let found = changes(|copy| {
        copy.replace(
            table,
            "  PFN_WSK_SEND_TO WskSendTo;\n  PFN_WSK_RECEIVE_FROM WskReceiveFrom;\n",
            "  PFN_WSK_RECEIVE_FROM WskReceiveFrom;\n  PFN_WSK_SEND_TO WskSendTo;\n",
        );
    });
    let kinds: Vec<&str> = found.iter().map(|c| c.change).collect();
    assert_eq!(kinds, ["fields-swapped"], "{found:#?}");
    assert_eq!(found[0].moved.len(), 2, "{found:#?}");
    assert!(found.iter().all(|c| c.class == Class::Runtime));
}

/// Two folders are compared where there is no project.
#[test]
fn two_folders_need_no_project_around_them() {
    let (old, new) = (SpecCopy::new(), SpecCopy::new());
    new.replace("functions/WskConnect.md", "| always | <= DISPATCH_LEVEL |", "| always | PASSIVE_LEVEL |");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let (old, path) = (old.spec().display().to_string(), new.spec().display().to_string());
    let run = || common::run_in(elsewhere.path(), &["diff", &old, &path]);
    let output = run();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    // What was decided stands beside the newer of them.
    let entry = "- change: irql-tightened\n  class: compatible\n  reason: Nobody calls it above PASSIVE_LEVEL.\n";
    std::fs::write(new.folder.path().join("change-classes.yaml"), entry).expect("a file");
    let output = run();
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains("1 compatible\nversion: minor\n"), "{}", stdout(&output));
    for (text, message) in [
        ("- change: irql-tightend\n  class: compatible\n  reason: R.\n", "did you mean"),
        ("- change: irql-tightened\n  class: compatible\n  reason: \"\"\n", "without a reason"),
        ("- change: irql-tightened\n  class: none\n  reason: R.\n", "none"),
        (&entry.repeat(2), "two classes"),
    ] {
        std::fs::write(new.folder.path().join("change-classes.yaml"), text).expect("a file");
        let output = run();
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(stderr(&output).contains(message), "{message}: {}", stderr(&output));
    }
}

/// Each kind of change has a page, which needs no project.
#[test]
fn kinds_of_changes_are_explained() {
    let elsewhere = tempfile::tempdir().expect("a folder");
    let output = common::run_in(elsewhere.path(), &["explain", "irql-tightened"]);
    let said = stdout(&output);
    for word in [
        "irql-tightened",
        "Class         source",
        "Version bump  major",
        "To do         Call it at a level",
        "change-classes.yaml",
    ] {
        assert!(said.contains(word), "{word}: {said}{}", stderr(&output));
    }
    // A word that is near one needs no project, either; without a word all are listed.
    let output = common::run_in(elsewhere.path(), &["explain", "irql-tightend"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("did you mean irql-tightened?"), "{}", stderr(&output));
    for args in [&["explain"][..], &["explain", "--list"]] {
        let output = common::run_in(elsewhere.path(), args);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let said = stdout(&output);
        assert!(
            said.lines().any(|l| l.starts_with("irql-tightened ") && l.contains(" source ") && l.contains(" major ")),
            "{said}"
        );
        assert!(
            said.lines().any(|l| l.starts_with("item-added ") && l.contains(" compatible ") && l.contains(" minor ")),
            "{said}"
        );
    }
}

#[test]
fn the_command_prints_each_form_and_exits_by_what_it_finds() {
    let (old, new) = (SpecCopy::new(), SpecCopy::new());
    new.replace("functions/WskConnect.md", "| always | <= DISPATCH_LEVEL |", "| always | PASSIVE_LEVEL |");
    new.replace("functions/WskConnect.md", "Connects ", "Links ");
    let old_path = old.spec().display().to_string();
    let run = |args: &[&str]| {
        let mut all = vec!["diff", old_path.as_str()];
        all.extend(args);
        new.run(&all)
    };
    let text = run(&[]);
    assert_eq!(text.status.code(), Some(1), "{}", stderr(&text));
    let said = stdout(&text);
    for line in [
        "Breaking for driver source:\n  function PFN_WSK_CONNECT irql.always (irql-tightened)\n",
        "    - <= DISPATCH_LEVEL  (",
        "    + PASSIVE_LEVEL  (spec-data/functions/WskConnect.md:",
        "    tightened: a call at a level that was allowed does not compile any more\n",
        "    to do: Call it at a level that is allowed",
        "Prose alone:\n",
        "1 breaking for driver source, 1 of prose alone\nversion: major\n",
    ] {
        assert!(said.contains(line), "{line:?} is not in:\n{said}");
    }
    let markdown = stdout(&run(&["--format", "markdown"]));
    assert!(markdown.starts_with("### WSK documentation: 1 breaking for driver source, 1 of prose alone\n"), "{markdown}");
    assert!(
        markdown.contains("| function `PFN_WSK_CONNECT`<br>irql.always | &lt;= DISPATCH_LEVEL | PASSIVE_LEVEL | tightened"),
        "{markdown}"
    );
    let json: serde_json::Value = serde_json::from_str(&stdout(&run(&["--format", "json"]))).expect("JSON");
    assert_eq!(
        (json["schema"].as_u64(), json["breaking"].as_bool(), json["counts"]["source"].as_u64()),
        (Some(1), Some(true), Some(1))
    );
    let change = &json["changes"][0];
    assert_eq!(
        (change["kind"].as_str(), change["fact"].as_str(), change["class"].as_str()),
        (Some("function"), Some("irql.always"), Some("source"))
    );
    assert!(change["after_at"]["line"].as_u64().is_some_and(|l| l > 10));

    // The bar.
    new.replace("functions/WskConnect.md", "| always | PASSIVE_LEVEL |", "| always | <= DISPATCH_LEVEL |");
    assert_eq!(run(&[]).status.code(), Some(0));
    assert_eq!(run(&["--fail-on", "documentation"]).status.code(), Some(1));
    assert_eq!(run(&["--fail-on", "nonsense"]).status.code(), Some(2));
}

#[test]
fn accepted_changes_are_not_reported_again() {
    let (old, new) = (SpecCopy::new(), SpecCopy::new());
    new.replace("functions/WskConnect.md", "| always | <= DISPATCH_LEVEL |", "| always | PASSIVE_LEVEL |");
    let file = new.folder.path().join("accepted-changes.yaml");
    let run_with = |more: &[&str]| {
        let old = old.spec().display().to_string();
        new.run(&[&["diff", old.as_str()][..], more].concat())
    };
    let run = || run_with(&[]);
    let entry = "- name: PFN_WSK_CONNECT\n  fact: irql.always\n  after: PASSIVE_LEVEL\n";
    std::fs::write(&file, format!("{entry}  reason: Every caller is at PASSIVE_LEVEL.\n")).expect("a file");
    let output = run();
    assert_eq!(
        (output.status.code(), stdout(&output).as_str()),
        (
            Some(0),
            "Accepted:\n  function PFN_WSK_CONNECT irql.always (irql-tightened)\n    - <= DISPATCH_LEVEL  (OLD:46)\n    + PASSIVE_LEVEL  \
             (spec-data/functions/WskConnect.md:46)\n    tightened: a call at a level that was allowed does not compile any more\n    \
             accepted: Every caller is at PASSIVE_LEVEL. (breaking for driver source)\n\n1 accepted\nversion: major\n"
                .replace("OLD", &old.path("functions/WskConnect.md").display().to_string())
                .as_str()
        ),
        "{}",
        stderr(&output)
    );
    let json: serde_json::Value = serde_json::from_str(&stdout(&run_with(&["--format", "json"]))).expect("JSON");
    assert_eq!(json["changes"][0]["accepted"], "Every caller is at PASSIVE_LEVEL.");
    assert_eq!(
        (json["accepted"].as_u64(), json["bump"].as_str(), json["breaking"].as_bool()),
        (Some(1), Some("major"), Some(false))
    );
    assert_eq!(json["counts"], serde_json::json!({}), "what is accepted is counted apart");
    let markdown = stdout(&run_with(&["--format", "markdown"]));
    assert!(
        markdown.contains("Required version bump: major") && markdown.contains("<summary>accepted (1)</summary>"),
        "{markdown}"
    );
    assert!(markdown.contains("Accepted: Every caller is at PASSIVE_LEVEL."), "{markdown}");
    // It is that change that is accepted, not any of that fact.
    new.replace("functions/WskConnect.md", "| always | PASSIVE_LEVEL |", "| always | <= APC_LEVEL |");
    assert_eq!(run().status.code(), Some(1));
    for (text, message) in [
        (format!("{entry}  reason: \"\"\n"), "is accepted without"),
        (entry.to_owned(), "reason"),
        (format!("{entry}  reason: R\n  wrong: x\n"), "wrong"),
    ] {
        std::fs::write(&file, text).expect("a file");
        let output = run();
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains("accepted-changes.yaml") && stderr(&output).contains(message), "{}", stderr(&output));
    }
}

#[test]
fn a_side_may_be_a_git_revision() {
    let copy = SpecCopy::new();
    let git = |args: &[&str]| {
        let identity = ["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "init.defaultBranch=main"];
        let output = Command::new("git").current_dir(copy.folder.path()).args(identity).args(args).output().expect("git runs");
        assert!(output.status.success(), "{}", stderr(&output));
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "first"]);
    git(&["tag", "v1"]);
    copy.replace("functions/WskConnect.md", "| always | <= DISPATCH_LEVEL |", "| always | PASSIVE_LEVEL |");
    let output = copy.run(&["diff", "v1"]);
    let said = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(said.contains("- <= DISPATCH_LEVEL  (v1:spec-data/functions/WskConnect.md:"), "{said}");
    git(&["commit", "-q", "-a", "-m", "second"]);
    assert_eq!(stdout(&copy.run(&["diff", "v1", "HEAD"])).lines().last(), Some("version: major"));
    assert_eq!(copy.run(&["diff", "HEAD"]).status.code(), Some(0));

    // What is not there is said, and nothing on the command line is taken for an option of git's.
    for (name, message) in
        [("v2", "neither a spec-data folder nor a revision"), ("--all", "unexpected argument"), ("v1:nowhere", "neither")]
    {
        let output = copy.run(&["diff", name]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(stderr(&output).contains(message), "{name}: {}", stderr(&output));
    }
    let page = copy.read("functions/WskBind.md");
    std::fs::write(copy.path("functions/WskBind.md"), "no page\n").expect("a page");
    let output = copy.run(&["diff", "v1"]);
    assert_eq!(output.status.code(), Some(2), "a page that cannot be read is not one that is gone");
    // Of a revision that cannot be read the next that can is named.
    git(&["commit", "-q", "-a", "-m", "third"]);
    git(&["tag", "broken"]);
    copy.write("functions/WskBind.md", page);
    git(&["commit", "-q", "-a", "-m", "fourth"]);
    let head = Command::new("git").current_dir(copy.folder.path()).args(["rev-parse", "--short", "HEAD"]).output().expect("git");
    let output = copy.run(&["diff", "broken", "--message-format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let named = format!("the first revision after it that is read is `{}`", stdout(&head).trim());
    assert!(stderr(&output).contains("diff::form") && stderr(&output).contains(&named), "{named}: {}", stderr(&output));
}

/// Before effects and links had columns of their own they stood with memory rules: such a revision is read, and nothing is another.
#[test]
fn a_revision_with_one_column_of_rules_is_read() {
    let copy = SpecCopy::new();
    let today = copy.read("functions/WskConnect.md");
    let columns = |line: &str| -> Vec<String> { line.trim_matches('|').split(" |").map(|c| c.trim().to_owned()).collect() };
    let mut in_table = false;
    let old: String = today
        .lines()
        .map(|line| {
            let cells = columns(line);
            let is_head = cells.first().is_some_and(|c| c == "Name") && cells.iter().any(|c| c == "Direction");
            let names: Vec<String> = if is_head { cells.clone() } else { Vec::new() };
            in_table = is_head || in_table && line.starts_with('|');
            if is_head {
                assert!(names.iter().any(|n| n == "Effect"), "the page has effects: {names:?}");
                return "| Name | Direction | Memory | Meaning |\n".to_owned();
            }
            match cells.as_slice() {
                [name, ..] if in_table && name.starts_with("---") => "| --- | --- | --- | --- |\n".to_owned(),
                [name, direction, rules @ .., meaning] if in_table => {
                    let rules: Vec<&str> = rules.iter().map(String::as_str).filter(|r| !r.is_empty()).collect();
                    format!("| {name} | {direction} | {} | {meaning} |\n", rules.join("; "))
                }
                _ => format!("{line}\n"),
            }
        })
        .collect();
    copy.write("functions/WskConnect.md", &old);
    assert_eq!(copy.run(&["lint"]).status.code(), Some(2), "it is not the form of today");
    let git = |args: &[&str]| {
        let identity = ["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "init.defaultBranch=main"];
        let output = Command::new("git").current_dir(copy.folder.path()).args(identity).args(args).output().expect("git runs");
        assert!(output.status.success(), "{}", stderr(&output));
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "first"]);
    copy.write("functions/WskConnect.md", &today);
    let output = copy.run(&["diff", "HEAD"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), "nothing changed\n"), "{}", stderr(&output));
}

/// One file, which asks for nothing else; the changes are in it as data, which cannot end the script that it stands in.
#[test]
fn the_page_needs_nothing_else() {
    let (old, new) = (SpecCopy::new(), SpecCopy::new());
    new.replace("functions/WskConnect.md", "| always | <= DISPATCH_LEVEL |", "| always | PASSIVE_LEVEL |");
    new.replace("functions/WskConnect.md", "\n## Signature", "\nAnd </script> so on.\n\n## Signature");
    let page = stdout(&new.run(&["diff", &old.spec().display().to_string(), "--format", "html"]));
    let (before, rest) = page.split_once("id=\"data\">").expect("the data");
    let (data, after) = rest.split_once("</script>").expect("the end of the data");
    let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
    assert_eq!(data["changes"].as_array().map(Vec::len), Some(2));
    assert!(data["changes"][1]["after"].as_str().is_some_and(|a| a.contains("</script> so on.")), "{data}");
    let files: Vec<&str> = data["items"]["function PFN_WSK_CONNECT"]
        .as_array()
        .expect("files")
        .iter()
        .map(|f| f["path"].as_str().expect("a path"))
        .collect();
    assert_eq!(files, ["sys/pfn_wsk_connect.rs", "wsk_connect.rs"]);
    for part in [before, after] {
        for outside in ["http:", "https:", " src=", "<link", "@import", "url("] {
            assert!(!part.contains(outside), "{outside}");
        }
    }
    assert!(before.contains("default-src 'none'"));
}

/// The project's own history, where there is one.
#[test]
fn the_project_can_be_compared_with_itself() {
    if !root().join(".git").exists() {
        println!("skipped: this is no git repository");
        return;
    }
    let output = common::run_in(&root(), &["diff", "HEAD", "HEAD"]);
    assert_eq!(stdout(&output), "nothing changed\n", "{}", stderr(&output));
}

/// What a person wrote down is read strictly: what is not there, cannot be read, or has no effect is said at its place.
#[test]
fn files_of_decisions_are_held_to_what_they_say() {
    let (old, new) = (SpecCopy::new(), SpecCopy::new());
    new.replace("functions/WskConnect.md", "| always | <= DISPATCH_LEVEL |", "| always | PASSIVE_LEVEL |");
    let old = old.spec().display().to_string();
    let run = |args: &[&str]| new.run(&[&["diff", old.as_str(), "--message-format", "json"][..], args].concat());
    let said = |args: &[&str]| -> (Option<i32>, Vec<serde_json::Value>) {
        let output = run(args);
        (output.status.code(), stderr(&output).lines().map(|l| serde_json::from_str(l).expect("JSON")).collect())
    };
    for option in ["--accepted", "--classes"] {
        let (status, found) = said(&[option, "nowhere.yaml"]);
        assert_eq!(status, Some(2));
        assert_eq!(found[0]["file"], "nowhere.yaml", "{found:?}");
    }
    let cases = [
        ("--accepted", "- name: PFN_WSK_CONNECT\n  fact: [\n", 2, "error", None),
        ("--accepted", "# Why.\n\n- name: PFN_WSK_CONNECT\n  fact: irql.always\n", 2, "error", None),
        ("--accepted", "# Nothing yet.\n", 1, "", None),
        ("--accepted", "# Why.\n\n- name: PFN_WSK_BIND\n  fact: irql.always\n  reason: R.\n", 1, "warning", Some(3)),
        (
            "--classes",
            "- change: irql-tightened\n  class: compatible\n  reason: R.\n- change: field-added\n  class: compatible\n  reason: R.\n",
            0,
            "warning",
            Some(4),
        ),
        ("--classes", "- change: irql-tightened\n  class: worse\n  reason: R.\n", 2, "error", Some(2)),
        ("--classes", "\n- change: irql-tightend\n  class: runtime\n  reason: R.\n", 2, "error", Some(2)),
    ];
    for (option, text, status, severity, line) in cases {
        let file = new.folder.path().join("decided.yaml");
        std::fs::write(&file, text).expect("a file");
        let (code, found) = said(&[option, "decided.yaml"]);
        assert_eq!(code, Some(status), "{text}: {found:?}");
        assert_eq!(found.is_empty(), severity.is_empty(), "{text}: {found:?}");
        for diagnostic in found {
            let message = diagnostic["message"].as_str().expect("a message");
            assert!(!message.contains('\n') && !message.contains(" --> "), "no dump of the parser's: {message}");
            assert!(diagnostic["help"].is_string(), "{diagnostic}");
            assert_eq!(
                (diagnostic["file"].as_str(), diagnostic["severity"].as_str()),
                (Some("decided.yaml"), Some(severity)),
                "{text}"
            );
            let found = diagnostic["line"].as_u64();
            assert!(line.map_or(found > Some(0), |line| found == Some(line)), "{text}: {diagnostic}");
        }
    }
    // The lock is read by `sync`, and is no less of a file that somebody may have edited.
    new.write("upstream-lock.yaml", "pages:\n  a:\n    sections: 7\n");
    let output = new.run(&["sync", "functions", "--message-format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let diagnostic: serde_json::Value = serde_json::from_str(stderr(&output).lines().next().expect("a line")).expect("JSON");
    assert_eq!(
        (diagnostic["file"].as_str(), diagnostic["line"].as_u64(), diagnostic["code"].as_str()),
        (Some("spec-data/upstream-lock.yaml"), Some(3), Some("sync::lock")),
        "{diagnostic}"
    );
}

/// The kinds of the changes that an edit makes, with the facts, and what they were and are.
fn told(edit: impl FnOnce(&SpecCopy)) -> Vec<(&'static str, String, String)> {
    let words =
        |c: &Change| format!("{} → {}", c.before.as_deref().unwrap_or("nothing"), c.after.as_deref().unwrap_or("nothing"));
    changes(edit).iter().map(|c| (c.change, c.fact.clone(), words(c))).collect()
}

#[test]
fn a_rule_a_link_or_a_note_that_is_edited_is_one_change() {
    let found = told(|copy| {
        copy.replace("functions/WskReceive.md", "| Buffer | in | until completion |", "| Buffer | in | until close |");
    });
    let fact = "params.Buffer.memory.\"until close\"".to_owned();
    assert_eq!(found, [("memory-rule-changed", fact, "until completion → until close".to_owned())]);

    let found = told(|copy| copy.replace("functions/WskConnect.md", "becomes: connected", "becomes: bound"));
    let fact = "params.Socket.effects.\"becomes: bound\"".to_owned();
    assert_eq!(found, [("socket-becomes-changed", fact, "becomes: connected → becomes: bound".to_owned())]);

    let found = told(|copy| copy.replace("functions/WskControlClient.md", "bytes in InputSize", "bytes in OutputSize"));
    let fact = "params.InputBuffer.links.\"bytes in OutputSize\"".to_owned();
    assert_eq!(found, [("parameter-link-changed", fact, "bytes in InputSize → bytes in OutputSize".to_owned())]);

    let page = "functions/WskConnect.md";
    let note = |copy: &SpecCopy, text: &str| {
        let page_text = copy.read(page);
        let at = page_text.find("## Notes").map(|at| at + "## Notes\n\n".len()).expect("notes");
        copy.write(page, format!("{}- {text}\n{}", &page_text[..at], &page_text[at..]));
    };
    let (old, new) = (SpecCopy::new(), SpecCopy::new());
    note(&old, "A made-up note that says how long one waits for it.");
    note(&new, "A made-up note that says for how long one waits for it.");
    let (old, new) = (old.load(), new.load());
    let found = diff(Side::of(&old), Side::of(&new));
    let [change] = found.as_slice() else { panic!("{found:#?}") };
    assert!(change.prose && change.before.is_some() && change.after.is_some(), "{change:?}");
}

#[test]
fn what_changes_of_an_operation_has_a_kind_of_its_own() {
    let page = "controls/SO_WSK_SECURITY.md";
    for (from, to, kind) in [
        ("| IRP | required |", "| IRP | optional |", "irp-optional"),
        ("| IRP | required |", "| IRP | forbidden |", "irp-forbidden"),
        ("| Request type | WskSetOption |", "| Request type | WskIoctl |", "operation-is-ioctl"),
        ("| Request type | WskSetOption |", "| Request type | WskGetOption |", "operation-gets-option"),
    ] {
        let found = told(|copy| copy.replace(page, from, to));
        assert!(!found.is_empty() && found.iter().all(|(change, ..)| *change == kind), "{to}: {found:?}");
    }
    let optional = "| IRP | optional |";
    let found = {
        let (old, new) = (SpecCopy::new(), SpecCopy::new());
        old.replace(page, "| IRP | required |", optional);
        let (old, new) = (old.load(), new.load());
        diff(Side::of(&old), Side::of(&new))
    };
    assert!(found.iter().all(|c| c.change == "irp-required" && c.before.as_deref() == Some("optional")), "{found:#?}");
}

#[test]
fn enumerators_that_move_or_are_renamed_are_told_one_by_one() {
    let page = "enums/WSK_INSPECT_ACTION.md";
    let found = told(|copy| {
        let text = copy.read(page).replace("WskInspectAccept", "WskInspectTake");
        copy.write(page, text);
    });
    let renamed: Vec<_> = found.iter().filter(|(change, ..)| change.starts_with("variant")).collect();
    assert_eq!(
        renamed,
        [&("variant-renamed", "variants.WskInspectTake".to_owned(), "WskInspectAccept → WskInspectTake".to_owned())],
        "{found:?}"
    );
}

/// Pages of the vendor's often give no numbers: there the place of an enumerator is its number.
#[test]
fn enumerators_without_numbers_have_those_of_their_places() {
    let page = |names: &[&str]| {
        let entries: String = names.iter().map(|name| format!("### -field {name}\n\nA thing.\n\n")).collect();
        format!(
            "---\nUID: NE:thing._KIND\nreq.header: thing.h\nreq.target-min-winverclnt: Windows 8.1\nreq.typenames: KIND\n---\n\n# KIND enumeration\n\n## -description\n\nA kind.\n\n## -enum-fields\n\n{entries}"
        )
    };
    let kinds = |before: &[&str], after: &[&str]| -> Vec<String> {
        let folder = tempfile::tempdir().expect("a folder");
        for (side, names) in [("old", before), ("new", after)] {
            std::fs::create_dir(folder.path().join(side)).expect("a folder");
            std::fs::write(folder.path().join(side).join("ne-thing-_kind.md"), page(names)).expect("a page");
        }
        let output = common::run_in(folder.path(), &["diff", "old", "new", "--format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
        let changes = json["changes"].as_array().expect("changes").iter();
        changes.filter_map(|c| Some(format!("{} {}", c["change"].as_str()?, c["fact"].as_str()?))).collect()
    };
    assert_eq!(kinds(&["A", "B", "C"], &["A", "C", "B"]), ["variants-swapped variants"]);
    assert_eq!(kinds(&["A", "B"], &["A", "X", "B"]), ["variant-inserted variants.X"]);
    assert_eq!(kinds(&["A", "B"], &["A", "B", "X"]), ["variant-added variants.X"]);
    assert_eq!(kinds(&["A", "B", "C"], &["A", "X", "C"]), ["variant-renamed variants.X"]);
}

#[test]
fn what_moves_is_told_with_what_moves_it() {
    let page = "structs/WSK_DATAGRAM_INDICATION.md";
    // A field that is new in front of all others.
    let found = changes(|copy| {
        let text = copy.read(page);
        let (field, row) = ("  struct _WSK_DATAGRAM_INDICATION *Next;\n", "| Next |");
        let text = text.replacen(field, &format!("  PVOID Extra;\n{field}"), 1);
        copy.write(page, text.replacen(row, &format!("| Extra | | Made up. |\n{row}"), 1));
    });
    let kinds: Vec<(&str, &str)> = found.iter().map(|c| (c.change, c.fact.as_str())).collect();
    assert_eq!(kinds, [("size-changed", "size"), ("field-added", "fields.Extra")], "{found:#?}");
    assert!(found[0].reason.ends_with("than before: field `Extra` is new"), "{}", found[0].reason);
    assert!(
        found[1].moved.len() > 3 && found[1].reason.contains(&format!("; {} members behind it moved", found[1].moved.len())),
        "{:?}",
        found[1]
    );

    // A field that has another name and another type.
    let found = changes(|copy| {
        copy.replace("structs/WSK_BUF.md", "  SIZE_T Length;", "  ULONG Count;");
        copy.replace("structs/WSK_BUF.md", "| Length |", "| Count |");
    });
    let field = found.iter().find(|c| c.change == "field-replaced").expect("one change of the field");
    assert_eq!((field.before.as_deref(), field.after.as_deref()), (Some("SIZE_T Length"), Some("ULONG Count")));
    assert!(found.iter().all(|c| !["field-added", "field-removed"].contains(&c.change)), "{found:#?}");

    // A type that others are made of.
    let found = changes(|copy| copy.replace("structs/WSK_BUF.md", "  SIZE_T Length;", "  SIZE_T Length[3];"));
    let embedding = found.iter().find(|c| c.name == "WSK_BUF_LIST" && c.change == "size-changed").expect("a list of it");
    assert!(embedding.reason.contains("`WSK_BUF`, the type of field `Buffer`, takes other room"), "{embedding:?}");

    // A member of a table before others, which drivers find by their places.
    let table = "structs/WSK_PROVIDER_DATAGRAM_DISPATCH.md";
    let found = changes(|copy| {
        let text = copy.read(table);
        let member = text.lines().find(|l| l.trim_end().ends_with("WskSendTo;")).expect("a member").to_owned();
        let text = text.replace(&member, &format!("  PVOID Extra;\n{member}"));
        copy.write(table, text.replace("| WskSendTo |", "| Extra | | Made up. |\n| WskSendTo |"));
    });
    let member = found.iter().find(|c| c.fact == "fields.Extra").expect("a member more");
    assert_eq!((member.change, member.class), ("member-inserted", Class::Runtime), "{found:#?}");
    assert!(!member.moved.is_empty());
}

/// A part of spec-data is no folder of the vendor's pages: read as such it would state nothing, and nothing would have changed.
#[test]
fn a_part_of_spec_data_is_refused() {
    let (old, new) = (SpecCopy::new(), SpecCopy::new());
    new.replace("functions/WskConnect.md", "| always | <= DISPATCH_LEVEL |", "| always | PASSIVE_LEVEL |");
    let elsewhere = tempfile::tempdir().expect("a folder");
    for side in [&old, &new] {
        let name = if std::ptr::eq(side, &old) { "before" } else { "after" };
        common::copy(&side.path("functions"), &elsewhere.path().join(name));
    }
    let path = |copy: &SpecCopy, part: &str| copy.path(part).display().to_string();
    for [a, b] in [
        [path(&old, "functions"), path(&new, "functions")],
        [path(&old, "tables"), path(&new, "tables")],
        [path(&old, "functions/WskConnect.md"), path(&new, "functions/WskConnect.md")],
        // Under other names what the pages say of themselves tells whose they are.
        ["before".to_owned(), "after".to_owned()],
    ] {
        let output = common::run_in(elsewhere.path(), &["diff", &a, &b]);
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""), "{a}: {}", stderr(&output));
        assert!(stderr(&output).contains("is a part of spec-data"), "{a}: {}", stderr(&output));
    }
}

/// A page of the vendor's of an export, at some level.
fn vendor_page(level: &str) -> String {
    format!(
        "---\nUID: NF:thing.ThingDo\nreq.header: thing.h\nreq.target-min-winverclnt: Windows 8.1\nreq.irql: {level}\n---\n\n# ThingDo function\n\n## -description\n\nDoes it.\n\n## -syntax\n\n```cpp\nVOID ThingDo(\n  ULONG A\n);\n```\n\n## -parameters\n\n### -param A [in]\n\nA number.\n\n## -returns\n\nNone.\n"
    )
}

/// What is named and is not there is named; two pages are compared like two folders.
#[test]
fn names_on_the_command_line_are_taken_for_what_they_are() {
    let elsewhere = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(elsewhere.path().join("pages")).expect("a folder");
    for (file, level) in [("a.md", "<= DISPATCH_LEVEL"), ("b.md", "PASSIVE_LEVEL"), ("pages/a.md", "PASSIVE_LEVEL")] {
        std::fs::write(elsewhere.path().join(file), vendor_page(level)).expect("a page");
    }
    let ours = SpecCopy::new();
    let ours = ours.spec().display().to_string();
    for args in [["nope", "pages"], ["pages", "nope"], ["nope", &ours], [&ours, "nope"], ["nope", "a.md"]] {
        let output = common::run_in(elsewhere.path(), &["diff", args[0], args[1]]);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains("there is no file or folder `nope`"), "{args:?}: {}", stderr(&output));
    }
    let output = common::run_in(elsewhere.path(), &["diff", "a.md", "b.md"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stdout(&output).contains("irql.always (irql-tightened)"), "{}", stdout(&output));
    let output = common::run_in(elsewhere.path(), &["diff", "pages", "a.md"]);
    assert!(stdout(&output).contains("irql.always (irql-loosened)"), "{}{}", stdout(&output), stderr(&output));
}

/// A page of the vendor's of a table of the provider's, with its definition or without.
fn table_page(members: &[&str], has_definition: bool) -> String {
    let declared: String = members.iter().map(|m| format!("  PFN_WSK_{} {m};\n", m.to_uppercase())).collect();
    let name = "WSK_PROVIDER_THING_DISPATCH";
    let syntax = format!("## -syntax\n\n```cpp\ntypedef struct _{name} {{\n{declared}}} {name}, *P{name};\n```\n\n");
    let entries: String = members.iter().map(|m| format!("### -field {m}\n\nA function.\n\n")).collect();
    format!(
        "---\nUID: NS:wsk._{name}\nreq.header: wsk.h\nreq.target-min-winverclnt: Windows 8.1\nreq.typenames: {name}\n---\n\n# {name} structure\n\n## -description\n\nFunctions.\n\n{}## -struct-fields\n\n{entries}",
        if has_definition { &syntax } else { "" }
    )
}

/// The changes between two folders of the vendor's pages, as `change fact`, with the JSON of each.
fn vendor_changes(old: &[(&str, String)], new: &[(&str, String)]) -> (Vec<String>, Vec<serde_json::Value>) {
    let folder = tempfile::tempdir().expect("a folder");
    for (side, pages) in [("old", old), ("new", new)] {
        std::fs::create_dir(folder.path().join(side)).expect("a folder");
        for (name, text) in pages {
            std::fs::write(folder.path().join(side).join(name), text).expect("a page");
        }
    }
    let output = common::run_in(folder.path(), &["diff", "old", "new", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let changes = json["changes"].as_array().expect("changes").clone();
    let word = |change: &serde_json::Value, key: &str| change[key].as_str().expect("a word").to_owned();
    (changes.iter().map(|c| format!("{} {}", word(c, "change"), word(c, "fact")).trim_end().to_owned()).collect(), changes)
}

/// Pages of the vendor's state no offsets: the order of a table says what becomes of drivers, and what it does not say is not harmless.
#[test]
fn tables_of_vendor_pages_are_compared_by_their_order() {
    let change = |before: &[&str], after: &[&str], has_definition: bool| {
        let page = |members| [("ns-wsk-thing.md", table_page(members, has_definition))];
        vendor_changes(&page(before), &page(after))
    };
    let (found, _) = change(&["A", "B"], &["A", "B", "X"], true);
    assert_eq!(found, ["member-added fields.X"]);
    for has_definition in [true, false] {
        let (found, json) = change(&["A", "B"], &["A", "X", "B"], has_definition);
        assert_eq!(
            (found.as_slice(), json[0]["class"].as_str()),
            (&["member-inserted fields.X".to_owned()][..], Some("runtime"))
        );
        assert_eq!(json[0]["reason"].as_str().is_some_and(|r| r.contains("order of its list")), !has_definition);
        let (found, json) = change(&["A", "B", "C"], &["A", "B"], has_definition);
        assert_eq!(found, ["field-removed fields.C", "table-shrunk fields"]);
        assert_eq!((json[1]["before"].as_str(), json[1]["after"].as_str()), (Some("3 members"), Some("2 members")));
        let (found, json) = change(&["A", "B", "C"], &["B", "C"], has_definition);
        assert_eq!(found, ["field-removed fields.A", "table-shrunk fields"]);
        assert!(json[0]["reason"].as_str().is_some_and(|r| r.contains("; 2 members behind it moved")), "{json:#?}");
    }
    // Of a list it is not known whether it is in the order of the table.
    let (found, json) = change(&["A", "B"], &["A", "B", "X"], false);
    assert_eq!(
        (found.as_slice(), json[0]["class"].as_str()),
        (&["member-place-unknown fields.X".to_owned()][..], Some("runtime"))
    );
}

/// The members of a union share their memory: whatever else is the same, drivers that were built before do something else.
#[test]
fn a_structure_that_is_a_union_now_breaks_at_run_time() {
    let page = |keyword: &str| {
        let page = table_page(&["A", "B"], true).replace("typedef struct", &format!("typedef {keyword}"));
        [("ns-wsk-thing.md", page.replace("_DISPATCH", "_PARTS").replace("PFN_WSK_A", "ULONG").replace("PFN_WSK_B", "ULONG"))]
    };
    for (before, after) in [("struct", "union"), ("union", "struct")] {
        let (found, json) = vendor_changes(&page(before), &page(after));
        assert_eq!((found.as_slice(), json[0]["class"].as_str()), (&["union-changed union".to_owned()][..], Some("runtime")));
    }
    let (found, _) = vendor_changes(&page("union"), &page("union"));
    assert!(found.is_empty(), "{found:?}");
}

/// A page of the vendor's that is gone while definitions of the folder name it.
#[test]
fn a_vendor_page_that_is_gone_while_it_is_used_is_one_change() {
    let used = "---\nUID: NC:wsk.PFN_WSK_A\nreq.header: wsk.h\nreq.target-min-winverclnt: Windows 8.1\n---\n\n# PFN_WSK_A callback\n\n## -description\n\nThe <b>WskA</b> function does it.\n\n## -syntax\n\n```cpp\nPFN_WSK_A WskA;\n\nVOID WskA(\n  ULONG A\n)\n{...}\n```\n\n## -parameters\n\n### -param A [in]\n\nA number.\n\n## -returns\n\nNone.\n";
    let with = [("a.md", used.to_owned()), ("ns-wsk-thing.md", table_page(&["A", "B"], true))];
    let (found, json) = vendor_changes(&with, &with[1..]);
    assert_eq!(found, ["item-removed-while-used"], "{json:#?}");
    assert!(json[0]["reason"].as_str().is_some_and(|r| r.contains("`WSK_PROVIDER_THING_DISPATCH fields.A.type`")), "{json:#?}");
    // Nothing names it in a definition.
    let with = [("a.md", used.to_owned()), ("ns-wsk-thing.md", table_page(&["B"], true))];
    assert_eq!(vendor_changes(&with, &with[1..]).0, ["item-removed"]);
}

/// What a function returns stands where it is declared, and whether other codes come in the section of its codes: not at its name.
#[test]
fn what_is_returned_has_its_own_line() {
    let (old, new) = (SpecCopy::new(), SpecCopy::new());
    let page = "functions/WskConnect.md";
    new.replace(page, "NTSTATUS WskConnect(", "ULONG WskConnect(");
    new.replace(page, "| … | It failed; the IRP is completed with the same failure. |\n", "");
    let (old_spec, new_spec) = (old.load(), new.load());
    let found = diff(Side::of(&old_spec), Side::of(&new_spec));
    let line = |copy: &SpecCopy, at: &Option<wsk_codegen::source::Place>| {
        let at = at.as_ref().expect("a place");
        copy.read(page).lines().nth(at.line - 1).expect("a line").to_owned()
    };
    let of = |fact: &str| found.iter().find(|c| c.fact == fact).unwrap_or_else(|| panic!("{fact}: {found:#?}"));
    assert_eq!(line(&old, &of("returns.type").before_at), "NTSTATUS WskConnect(");
    assert_eq!(line(&new, &of("returns.type").after_at), "ULONG WskConnect(");
    assert!(line(&old, &of("returns.open").before_at).starts_with("| … |"));
    assert_eq!(line(&new, &of("returns.open").after_at), "## Returns");

    // Pages of the vendor's, as they are and as they are shown.
    let page = |ty: &str, more: &str| {
        [
            format!(
                "---\nUID: NF:thing.ThingDo\nreq.header: thing.h\nreq.target-min-winverclnt: Windows 8.1\n---\n\n# ThingDo function\n\n## -description\n\nDoes it.\n\n## -syntax\n\n```cpp\n{ty} ThingDo(\n  ULONG A\n);\n```\n\n## -parameters\n\n### -param A [in]\n\nA number.\n\n## -returns\n\nThingDo returns one of the following codes.\n\n| Code | Meaning |\n| --- | --- |\n| STATUS_SUCCESS | Done. |\n{more}"
            ),
            format!(
                "# ThingDo function\n\nDoes it.\n\n## Syntax\n\n```cpp\n{ty} ThingDo(\n  [in] ULONG A\n);\n```\n\n## Parameters\n\n`[in] A`\n\nA number.\n\n## Return value\n\nThingDo returns one of the following codes.\n\n| Code | Meaning |\n| --- | --- |\n| STATUS_SUCCESS | Done. |\n{more}\n## Requirements\n\n| | |\n| --- | --- |\n| Minimum supported client | Windows 8.1 |\n| Header | thing.h |\n"
            ),
        ]
    };
    let (before, after) = (page("NTSTATUS", ""), page("LONG", "| Other | Failed. |\n"));
    for (before, after) in before.iter().zip(&after) {
        let (_, json) = vendor_changes(&[("a.md", before.clone())], &[("a.md", after.clone())]);
        let of = |fact: &str| json.iter().find(|c| c["fact"] == fact).unwrap_or_else(|| panic!("{fact}: {json:#?}"));
        let line = |text: &str, at: &serde_json::Value| {
            let line = at["line"].as_u64().and_then(|line| usize::try_from(line).ok()).expect("a line");
            text.lines().nth(line - 1).expect("a line").to_owned()
        };
        assert_eq!(line(before, &of("returns.type")["before_at"]), "NTSTATUS ThingDo(");
        assert_eq!(line(after, &of("returns.type")["after_at"]), "LONG ThingDo(");
        let open = of("returns.open");
        for (text, at) in [(before, &open["before_at"]), (after, &open["after_at"])] {
            let line = line(text, at);
            assert!(
                ["## -returns", "## Return value", "ThingDo returns one of the following codes."].contains(&line.as_str()),
                "{line}"
            );
        }
    }
}

/// What the project decided of a kind of change is what is explained there.
#[test]
fn kinds_of_changes_are_explained_as_the_project_has_them() {
    let copy = SpecCopy::new();
    let entry = "- change: irql-tightened\n  class: compatible\n  reason: Nobody calls it above PASSIVE_LEVEL.\n";
    let file = copy.folder.path().join("change-classes.yaml");
    std::fs::write(&file, entry).expect("a file");
    let below = copy.path("functions");
    let spec = copy.spec().display().to_string();
    let elsewhere = tempfile::tempdir().expect("a folder");
    for (folder, more) in [(copy.folder.path(), &[][..]), (&below, &[][..]), (elsewhere.path(), &["--spec", spec.as_str()][..])] {
        let run = |args: &[&str]| {
            let output = common::run_in(folder, &[args, more].concat());
            assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
            stdout(&output)
        };
        let said = run(&["explain", "irql-tightened"]);
        for words in
            ["Class         compatible", "Nobody calls it above PASSIVE_LEVEL.", "without it source", "Version bump  minor"]
        {
            assert!(said.contains(words), "{words}: {said}");
        }
        assert!(run(&["explain", "irql-loosened"]).lines().all(|l| !l.contains("Nobody")));
        let list = run(&["explain", "--list"]);
        let line = list.lines().find(|l| l.starts_with("irql-tightened ")).expect("a line");
        for words in [" compatible ", " minor ", "Nobody calls it above PASSIVE_LEVEL.", "without it source"] {
            assert!(line.contains(words), "{words}: {line}");
        }
    }
    // A file that cannot be read is no file without entries.
    std::fs::write(&file, "- change: irql-tightend\n  class: compatible\n  reason: R.\n").expect("a file");
    let output = copy.run(&["explain", "irql-tightened"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""));
    assert!(stderr(&output).contains("did you mean `irql-tightened`?"), "{}", stderr(&output));
}
