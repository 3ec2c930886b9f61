//! `diff`: what changed between two versions of the pages, and what it means for drivers.

mod common;

use std::process::Command;

use common::{SpecCopy, load_spec, root, stderr, stdout};
use wsk_codegen::diff::{Change, Class, Side, diff};

/// The changes that an edit of a copy makes.
fn changes(edit: impl FnOnce(&SpecCopy)) -> Vec<Change> {
    let copy = SpecCopy::new();
    edit(&copy);
    let (old, new) = (load_spec(), copy.load());
    assert!(!new.report.has_errors(), "{:?}", new.report.diagnostics());
    diff(Side::of(&old), Side::of(&new))
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
        "functions/WskSend.md",
        "| WSK_FLAG_NODELAY |",
        "| WSK_FLAG_DRAIN | Made up. |\n| WSK_FLAG_NODELAY |",
        &[("values.Flags.WSK_FLAG_DRAIN", Class::Compatible, "a flag is new")],
    ),
    (
        "structs/WSK_BUF.md",
        "  SIZE_T Length;",
        "  ULONG Length;",
        &[("size", Class::Runtime, "room"), ("fields.Length.type", Class::Source, "another type")],
    ),
    (
        "structs/WSK_BUF.md",
        "  ULONG Offset;\n  SIZE_T Length;",
        "  SIZE_T Length;\n  ULONG Offset;",
        &[("fields.Length.offset", Class::Runtime, "layout moved"), ("fields.Offset.offset", Class::Runtime, "layout moved")],
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
    assert_eq!(kinds, ["fields-swapped", "layout-moved", "layout-moved"], "{found:#?}");
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
    let output = common::run_in(&root(), &["explain", "irql-tightend"]);
    assert!(stderr(&output).contains("irql-tightened"), "{}", stderr(&output));
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
    let run = || new.run(&["diff", &old.spec().display().to_string()]);
    let entry = "- name: PFN_WSK_CONNECT\n  fact: irql.always\n  after: PASSIVE_LEVEL\n";
    std::fs::write(&file, format!("{entry}  reason: Every caller is at PASSIVE_LEVEL.\n")).expect("a file");
    let output = run();
    assert_eq!(
        (output.status.code(), stdout(&output).as_str()),
        (Some(0), "nothing changed\n1 more accepted\n"),
        "{}",
        stderr(&output)
    );
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
    std::fs::write(copy.path("functions/WskBind.md"), "no page\n").expect("a page");
    let output = copy.run(&["diff", "v1"]);
    assert_eq!(output.status.code(), Some(2), "a page that cannot be read is not one that is gone");
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
