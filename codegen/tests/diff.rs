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
        &[("codes.STATUS_NOT_SUPPORTED", Class::Source, "variant of its own")],
    ),
    (
        "functions/WskReleaseDataIndicationList.md",
        "| STATUS_INVALID_PARAMETER |",
        "| STATUS_NOT_SUPPORTED | Made up. |\n| STATUS_INVALID_PARAMETER |",
        &[("codes.STATUS_NOT_SUPPORTED", Class::Source, "closed set")],
    ),
    (
        "callbacks/WskDisconnectEvent.md",
        "| STATUS_SUCCESS |",
        "| STATUS_PENDING | Made up. |\n| STATUS_SUCCESS |",
        &[("codes.STATUS_PENDING", Class::Compatible, "may answer one status more")],
    ),
    (
        "callbacks/WskAcceptEvent.md",
        "| STATUS_REQUEST_NOT_ACCEPTED | The driver refuses it; the subsystem closes the new socket. |\n",
        "",
        &[("codes.STATUS_REQUEST_NOT_ACCEPTED", Class::Source, "cannot name it")],
    ),
    (
        "functions/WskListen.md",
        "| … | It failed; the IRP is completed with the same failure. |\n",
        "",
        &[("codes.…", Class::Source, "closed now")],
    ),
    (
        "functions/WskAccept.md",
        "| Flags | reserved |",
        "| Flags | in |",
        &[("params.Flags.direction", Class::Source, "reserved")],
    ),
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
        &[("params.Buffer.memory.non-paged", Class::Runtime, "drivers were told")],
    ),
    (
        "functions/WskReceive.md",
        "| Buffer | in | until completion |",
        "| Buffer | in | |",
        &[("params.Buffer.memory.until completion", Class::Compatible, "less is demanded")],
    ),
    (
        "functions/WskConnect.md",
        "becomes: connected",
        "becomes: bound",
        &[("params.Socket.effects.becomes: bound", Class::Source, "another form in Rust")],
    ),
    (
        "functions/WskControlClient.md",
        "bytes in InputSize",
        "bytes in OutputSize",
        &[("params.InputBuffer.links.bytes in OutputSize", Class::Source, "another form in Rust")],
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
        ["params.Endpoint: PWSK_SOCKET Socket [in] → PWSK_SOCKET Endpoint [in]: renamed: calls pass it by its place"]
    );
    assert_eq!(
        rename(page, &[("ControlFlags", "InfoFlags"), ("ControlLength", "InfoLength")], &[]),
        [
            "params.InfoLength: PULONG ControlLength [in, out, optional] → PULONG InfoLength [in, out, optional]: \
             renamed: it is passed as the length of another, and not by itself",
            "params.InfoFlags: PULONG ControlFlags [out, optional] → PULONG InfoFlags [out, optional]: \
             renamed: the type of what is passed is named after it",
        ],
        "the rule `bytes in ControlLength` is the same rule"
    );
    // What else changed of it is told under the new name.
    let found = rename(page, &[("ControlFlags", "InfoFlags")], &[("| InfoFlags | out, optional |", "| InfoFlags | out |")]);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[1].starts_with("params.InfoFlags.optional: yes → no"), "{found:#?}");
    // Another type at the same place is another parameter.
    let found = rename(page, &[("ControlInfo", "Extra")], &[("PCMSGHDR Extra", "PVOID Extra")]);
    assert!(found.iter().any(|c| c.starts_with("params.ControlInfo: ") && c.contains("a parameter less")), "{found:#?}");

    assert_eq!(
        rename("callbacks/WskDisconnectEvent.md", &[("SocketContext", "Context")], &[]).len(),
        1,
        "a callback's, with a rule of its own"
    );
    let found = rename("structs/WSK_BUF.md", &[("SIZE_T Length", "SIZE_T Size"), ("| Length |", "| Size |")], &[]);
    assert_eq!(found, ["fields.Size: SIZE_T Length → SIZE_T Size: renamed: a driver that names the field does not compile"]);
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
        "Breaking for driver source:\n  function PFN_WSK_CONNECT irql.always\n",
        "    - <= DISPATCH_LEVEL  (",
        "    + PASSIVE_LEVEL  (spec-data/functions/WskConnect.md:",
        "    tightened: a call at a level that was allowed does not compile any more\n",
        "Documentation only:\n",
        "1 breaking for driver source, 1 documentation only\n",
    ] {
        assert!(said.contains(line), "{line:?} is not in:\n{said}");
    }
    let markdown = stdout(&run(&["--format", "markdown"]));
    assert!(markdown.starts_with("### WSK documentation: 1 breaking for driver source, 1 documentation only\n"), "{markdown}");
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
    assert_eq!(stdout(&copy.run(&["diff", "v1", "HEAD"])).lines().last(), Some("1 breaking for driver source"));
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
