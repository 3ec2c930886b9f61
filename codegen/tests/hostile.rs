//! What somebody else wrote can do no harm: names that climb out of their folder, links, pipes and devices, nesting without end.
//!
//! Each case runs the command as a child, and holds against it its status, what it says, the memory and the time it takes, and every file
//! around the folder that it may write to.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;
#[path = "hostile/endless.rs"]
mod endless;
#[path = "hostile/scratch.rs"]
mod scratch;

use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};

use common::root;
use scratch::Scratch;
use wsk_codegen::{BuildError, Builder};

/// A page of the vendor's that describes a function, a structure or an enumeration by that name.
fn page(kind: &str, name: &str) -> String {
    let target = if kind == "NC" { format!("PFN_{name}") } else { name.to_owned() };
    let more = match kind {
        "NC" => {
            "## -prototype\n\n```\nPFN_X X;\nNTSTATUS X(PVOID A)\n{...}\n```\n\n## -parameters\n\n### -param A [in]\n\nText.\n"
        }
        "NF" => "## -syntax\n\n```\nNTSTATUS X(PVOID A);\n```\n\n## -parameters\n\n### -param A [in]\n\nText.\n",
        "NS" => "## -struct-fields\n\n### -field A\n\nText.\n",
        _ => "## -enum-fields\n\n### -field A\n\nText.\n",
    };
    format!(
        "---\nUID: {kind}:wsk.{target}\nreq.header: wsk.h\nreq.target-min-winverclnt: Windows Vista\nreq.typenames: {name}\nreq.irql: PASSIVE_LEVEL\nreq.dll: netio.sys\n---\n\
         # {name}\n\n## -description\n\nThe <b>{name}</b> event callback function.\n\n{more}\n## -returns\n\nOne of:\n\n| Code | Text |\n|---|---|\n\
         | **STATUS_SUCCESS** | Text. |\n"
    )
}

/// Names that are none of a file.
fn names() -> Vec<String> {
    let names = [
        "../../../x",
        "../x",
        "functions/x",
        "..",
        "../../../../../../../../../../tmp/hostile-x",
        "/etc/x",
        "//x",
        "x/../../../y",
        "C:\\x",
        "C:x",
        "..\\..\\x",
        "CON",
        "nul",
        "Com1",
        "é",
        "a\u{202e}b",
        "x\u{0}y",
        "a b",
        "x.exe",
        "~",
        "-rf",
        "$HOME",
        "%TEMP%",
        "x:stream",
        "*",
        "\u{1b}[2Jx",
    ];
    names.iter().map(|n| (*n).to_owned()).chain(["x".repeat(300), "../".repeat(2000), "é".repeat(200)]).collect()
}

#[test]
fn a_name_on_a_page_never_leads_out_of_its_folder() {
    let scratch = Scratch::new();
    let mut refused = 0;
    // Every name as that of a function; of the other kinds, every fourth.
    for (step, kind) in [(1, "NF"), (4, "NS"), (4, "NE"), (4, "NC")] {
        for name in names().into_iter().step_by(step) {
            let text = page(kind, &name);
            scratch.write("pages/page.md", &text);
            let ran = scratch.run_in_vain(&["import", "../pages/page.md", "--write"]);
            assert!(matches!(ran.status, Some(0 | 2)), "{kind} {name:?}: {:?} {}", ran.status, ran.beginning());
            refused += usize::from(ran.said.contains("no name for a file"));
            // What has no name at all is not written either; that all other pages are gone is for the lock.
            scratch.write("checkout/nf-wsk-x.md", &text);
            let (before, lock) = (scratch.everything(), scratch.spec().join("upstream-lock.yaml"));
            let ran = scratch.run(&["sync", "../checkout", "--accept"]);
            let mut after = scratch.everything();
            if let (Some(0 | 1), Some(reviewed)) = (ran.status, before.get(&lock)) {
                std::fs::write(&lock, reviewed).unwrap();
                after.insert(lock, reviewed.clone());
            }
            assert_eq!(
                before.keys().collect::<Vec<_>>(),
                after.keys().collect::<Vec<_>>(),
                "{kind} {name:?}: {}",
                ran.beginning()
            );
            assert_eq!(before, after, "{kind} {name:?}: {}", ran.beginning());
            // What cannot be taken for another reason than its name is left, and found again.
            assert!(matches!(ran.status, Some(0..=2)), "{kind} {name:?}: {:?} {}", ran.status, ran.beginning());
            refused += usize::from(ran.said.contains("no name for a file"));
        }
    }
    // Some have no name at all for the reader, and are complained of for that.
    assert!(refused > names().len(), "{refused}");
    // What is refused is named as it stands on the page, with its page and a way out.
    scratch.write("pages/page.md", page("NF", "../../../x"));
    let ran = scratch.run_in_vain(&["import", "../pages/page.md", "--write"]);
    ran.is(2, &["import::write", "../../../x.md` is no name for a file", "leave the page out"]);
    std::fs::rename(scratch.path("checkout/nf-wsk-x.md"), scratch.path("checkout/nf-wsk-good.md")).unwrap();
    scratch.write("checkout/nf-wsk-good.md", page("NF", "../../../x"));
    let ran = scratch.run_in_vain(&["sync", "../checkout", "--accept"]);
    ran.is(2, &["sync::accept", "nf-wsk-good.md", "is no name for a file"]);
}

#[test]
fn a_good_name_is_written_where_it_belongs_and_nowhere_else() {
    let scratch = Scratch::new();
    scratch.write("pages/page.md", page("NF", "WskNew"));
    let before = scratch.everything();
    scratch.run(&["import", "../pages/page.md", "--write"]).is(0, &["wrote spec-data/exports/WskNew.md"]);
    let after = scratch.everything();
    let new: Vec<_> =
        after.iter().filter(|(path, holds)| before.get(*path) != Some(holds)).map(|(path, _)| path.clone()).collect();
    assert_eq!(new, [scratch.spec().join("exports/WskNew.md")]);
}

#[test]
fn names_that_are_one_file_elsewhere_are_refused() {
    let scratch = Scratch::new();
    scratch.write("pages/a.md", page("NS", "WSK_buf"));
    scratch.run_in_vain(&["import", "../pages", "--write"]).is(2, &["cannot stand beside WSK_BUF.md"]);
    // Two pages that would be one file.
    scratch.write("pages/a.md", page("NS", "WSK_NEW"));
    scratch.write("pages/b.md", page("NS", "WSK_NEW"));
    scratch.run_in_vain(&["import", "../pages", "--write"]).is(2, &["would be written for two pages"]);
}

#[test]
fn links_in_spec_data_are_neither_read_nor_written_through() {
    for command in
        [&["lint"] as &[&str], &["generate"], &["export"], &["sync", "../pages", "--accept"], &["import", "../pages", "--write"]]
    {
        for (link, to) in [
            ("functions", "elsewhere"),
            ("functions/WskBind.md", "elsewhere/secret"),
            ("functions/WskOther.md", "elsewhere/nothing"),
            ("exports/New.md", "elsewhere/secret"),
            ("errata.yaml", "elsewhere/secret"),
            ("tables/types.md", "elsewhere/secret"),
            ("enums", "/proc/self"),
        ] {
            let scratch = Scratch::new();
            scratch.write("pages/nf-wsk-new.md", page("NF", "New"));
            scratch.link(&format!("inside/spec-data/{link}"), to);
            let ran = scratch.run_in_vain(command);
            ran.is(2, &["source::link", "this is a link", &format!("spec-data/{link}")]);
            assert!(!ran.said.contains("secret words"), "{}", ran.said);
        }
    }
    let scratch = Scratch::new();
    scratch.write("pages/nf-wsk-new.md", page("NF", "New"));
    scratch.link("inside/spec-data/upstream-lock.yaml", "elsewhere/secret");
    scratch.run_in_vain(&["sync", "../pages", "--accept"]).is(2, &["source::link", "upstream-lock.yaml", "this is a link"]);
    // A link that leads nowhere yet would be followed by whoever opens it.
    std::fs::remove_file(scratch.path("inside/spec-data/upstream-lock.yaml")).unwrap();
    scratch.link("inside/spec-data/upstream-lock.yaml", "elsewhere/made");
    scratch.run_in_vain(&["sync", "../pages", "--accept"]).is(2, &["is a link"]);
}

#[test]
fn what_is_generated_stays_in_the_project() {
    let is_link = ["is a link", "nothing is written through links"];
    for (link, to) in
        [("generated", "elsewhere"), ("generated/src", "elsewhere"), ("macros/src", "elsewhere"), ("macros", "elsewhere")]
    {
        let scratch = Scratch::new();
        scratch.link(&format!("inside/{link}"), to);
        for args in [&["generate"] as &[&str], &["generate", "--check"]] {
            scratch.run_in_vain(args).is(2, &is_link);
        }
    }
    for link in ["generated/src/lib.rs", "macros/src/catalog.rs", "generated/src/sys"] {
        let scratch = Scratch::new();
        scratch.link(&format!("inside/{link}"), if link.ends_with("sys") { "elsewhere" } else { "elsewhere/secret" });
        scratch.run_in_vain(&["generate"]).is(2, &is_link);
    }
    // A link of nobody's is a stray, and neither read nor removed.
    let scratch = Scratch::new();
    scratch.link("inside/generated/src/other.rs", "elsewhere/secret");
    scratch.pipe("inside/generated/src/pipe.rs");
    scratch.run_in_vain(&["generate"]).is(1, &["other.rs was not generated", "pipe.rs was not generated"]);
}

#[test]
fn a_build_script_writes_its_file_and_no_other() {
    let scratch = Scratch::new();
    let builder = || Builder::new().spec_data(scratch.spec()).out_dir(scratch.path("inside/out"));
    scratch.link("inside/out/bindings.rs", "elsewhere/secret");
    let before = scratch.everything();
    let error = builder().generate().expect_err("a link");
    assert!(error.to_string().contains("is a link"), "{error}");
    for module in ["../x", "/x", "con", "x/y", "é"] {
        assert!(matches!(builder().module(module).generate(), Err(BuildError::Module(_))), "{module}");
    }
    assert_eq!(scratch.everything(), before);
    // A page that is a pipe, or larger than any.
    for make in [
        |s: &Scratch| s.pipe("inside/spec-data/functions/WskBind.md"),
        |s: &Scratch| {
            s.pipe("inside/spec-data/errata.yaml");
        },
    ] {
        make(&scratch);
        let error = builder().generate().expect_err("a pipe");
        assert!(error.to_string().contains("this is a named pipe"), "{error}");
    }
}

#[test]
fn only_regular_files_are_read() {
    let scratch = Scratch::new();
    scratch.pipe("pages/pipe.md");
    scratch.write("pages/folder.md/page.txt", page("NF", "New"));
    scratch.link("pages/zero.md", "/dev/zero");
    scratch.link("pages/link.md", "pages/pipe.md");
    scratch.link("pages/loop.md", "pages/loop.md");
    scratch.link("pages/gone.md", "pages/nothing");
    scratch.link("pages/up", "pages");
    let _socket = UnixListener::bind(scratch.path("pages/socket.md")).unwrap();
    let each = [
        ("pipe.md", "this is a named pipe"),
        ("link.md", "this is a named pipe"),
        ("zero.md", "this is a device"),
        ("socket.md", "this is a socket"),
        ("loop.md", "cannot read this file"),
        ("gone.md", "cannot read this file"),
    ];
    for (file, what) in each {
        let path = format!("../pages/{file}");
        for args in [&["import", &path] as &[&str], &["import", &path, "--write"]] {
            scratch.run_in_vain(args).is(2, &[file, what, "help"]);
        }
    }
    scratch.run_in_vain(&["import", "/dev/zero"]).is(2, &["source::not-a-file", "this is a device, and not a regular file"]);
    // All of them in a folder: each is said, and the others are read.
    scratch.write("pages/good.md", page("NS", "X"));
    let ran = scratch.run_in_vain(&["import", "../pages"]);
    ran.is(2, &["\"name\": \"X\"", "folder.md", "this is a folder", "a link to a folder", "pages/up"]);
    each.iter().for_each(|(file, what)| ran.is(2, &[file, what]));
    // The vendor's pages on one side of a comparison, and as a checkout.
    scratch.write("other/good.md", page("NS", "X"));
    scratch.run_in_vain(&["diff", "../pages", "../other"]).is(2, &["this is a named pipe", "this is a device"]);
    scratch.pipe("checkout/nc-wsk-pfn_wsk_bind.md");
    scratch.link("checkout/nc-wsk-pfn_wsk_connect.md", "/dev/zero");
    scratch.run_in_vain(&["sync", "../checkout", "--accept"]).is(2, &["this is a named pipe", "this is a device"]);
}

#[test]
fn pages_of_ours_are_regular_files_too() {
    for file in ["functions/WskBind.md", "functions/Other.md", "errata.yaml", "tables/types.md"] {
        let scratch = Scratch::new();
        scratch.pipe(&format!("inside/spec-data/{file}"));
        for args in [&["lint"] as &[&str], &["generate"], &["export"], &["diff", "spec-data"], &["sync", "../elsewhere"]] {
            scratch.run_in_vain(args).is(2, &["this is a named pipe", file]);
        }
    }
    let scratch = Scratch::new();
    scratch.write("inside/spec-data/functions/Other.md/x", "");
    scratch.run_in_vain(&["lint"]).is(2, &["this is a folder", "functions/Other.md"]);
    let scratch = Scratch::new();
    scratch.write("pages/nf-wsk-new.md", page("NF", "New"));
    scratch.pipe("inside/spec-data/upstream-lock.yaml");
    scratch
        .run_in_vain(&["sync", "../pages", "--accept"])
        .is(2, &["source::not-a-file", "upstream-lock.yaml", "this is a named pipe"]);
    scratch.pipe("inside/accepted-changes.yaml");
    scratch.run_in_vain(&["diff", "spec-data"]).is(2, &["accepted-changes.yaml", "this is a named pipe"]);
}

#[test]
fn a_page_has_a_largest_size() {
    let scratch = Scratch::new();
    let large = "x\n".repeat((1 << 20) / 2 + 1);
    scratch.write("pages/nf-wsk-large.md", &large);
    let words = ["source::too-large", "more than 1 MiB"];
    scratch.run_in_vain(&["import", "../pages"]).is(2, &words);
    scratch.run_in_vain(&["sync", "../pages", "--accept"]).is(2, &["more than 1 MiB"]);
    scratch.write("inside/spec-data/functions/WskBind.md", &large);
    scratch.run_in_vain(&["lint"]).is(2, &words);
    scratch.write("inside/spec-data/errata.yaml", "# x\n".repeat((16 << 20) / 4 + 1));
    scratch.run_in_vain(&["lint"]).is(2, &["more than 16 MiB"]);
}

/// A repository is somebody else's, too: its files are not written anywhere to be read.
#[test]
fn a_revision_leaves_nothing_behind() {
    let scratch = Scratch::new();
    let git = |args: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=t", "-c", "user.email=t@t"]).args(args).current_dir(scratch.path("inside"));
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
    };
    if !git(&["init", "-q"]) {
        println!("skipped: there is no git here");
        return;
    }
    scratch.link("inside/spec-data/functions/WskBind.md", "elsewhere/secret");
    assert!(git(&["add", "."]) && git(&["commit", "-q", "-m", "links"]));
    std::fs::remove_file(scratch.path("inside/spec-data/functions/WskBind.md")).unwrap();
    std::fs::copy(root().join("spec-data/functions/WskBind.md"), scratch.path("inside/spec-data/functions/WskBind.md")).unwrap();
    // Of a link the repository has where it leads, which is no page.
    let ran = scratch.run_in_vain(&["diff", "HEAD"]);
    ran.is(2, &["HEAD:spec-data/functions/WskBind.md"]);
    assert!(!ran.said.contains("secret words"), "{}", ran.said);
}

/// The command under test is there, and so is what the tests compare.
#[test]
fn an_untouched_copy_is_clean() {
    let scratch = Scratch::new();
    assert!(Path::new(env!("CARGO_BIN_EXE_wsk-codegen")).is_file());
    scratch.run_in_vain(&["lint"]).is(0, &["clean"]);
}
