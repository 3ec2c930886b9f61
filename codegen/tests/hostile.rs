//! What somebody else wrote can do no harm: names that climb out of their folder, links, pipes and devices, nesting without end.
//!
//! Each case runs the command as a child, and holds against it its status, what it says, the memory and the time it takes, and every file
//! around the folder that it may write to.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;

use std::collections::BTreeMap;
use std::ffi::CString;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::{copy, root};
use wsk_codegen::{BuildError, Builder};

/// Longer than any of this takes on a slow machine, in a debug build.
const PATIENCE: Duration = Duration::from_secs(60);
/// The most memory, in KiB.
const MEMORY: i64 = 300 << 10;
/// No thread needs more: half of what the smallest of the systems' threads have.
const STACK: &str = "524288";

/// What a command left behind.
struct Ran {
    status: Option<i32>,
    said: String,
}

impl Ran {
    /// The status, and words that must be in the messages.
    #[track_caller]
    fn is(&self, status: i32, words: &[&str]) {
        assert_eq!(self.status, Some(status), "{}", self.beginning());
        for word in words {
            assert!(self.said.contains(word), "`{word}` is not in:\n{}", self.beginning());
        }
    }

    fn beginning(&self) -> String {
        self.said.chars().take(3000).collect()
    }
}

/// A scratch folder: `inside/spec-data` is a copy of ours, and everything around it has to stay as it is.
struct Scratch {
    folder: tempfile::TempDir,
}

impl Scratch {
    fn new() -> Self {
        let scratch = Self { folder: tempfile::tempdir().unwrap() };
        copy(&root().join("spec-data"), &scratch.spec());
        std::fs::create_dir_all(scratch.path("elsewhere")).unwrap();
        std::fs::write(scratch.path("elsewhere/secret"), "the secret words\n").unwrap();
        scratch
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn spec(&self) -> PathBuf {
        self.path("inside/spec-data")
    }

    fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        let path = self.path(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Puts a link in the place of a file or folder.
    fn link(&self, file: &str, to: &str) {
        let path = self.path(file);
        if path.is_dir() {
            std::fs::remove_dir_all(&path).unwrap();
        } else if path.exists() {
            std::fs::remove_file(&path).unwrap();
        }
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let to = if to.starts_with('/') { PathBuf::from(to) } else { self.path(to) };
        symlink(to, path).unwrap();
    }

    /// Puts a pipe in the place of a file.
    fn pipe(&self, file: &str) {
        let path = self.path(file);
        let _ = std::fs::remove_file(&path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let name = CString::new(path.as_os_str().as_bytes()).unwrap();
        // SAFETY: the name is a string that ends with a zero byte, and lives until the call returns.
        assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0, "{}", std::io::Error::last_os_error());
    }

    /// Everything in the folder: files with their bytes, links with where they lead, and what else there is.
    fn everything(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.folder.path().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let (path, kind) = entry.map(|e| (e.path(), e.file_type().unwrap())).unwrap();
                let holds = if kind.is_symlink() {
                    std::fs::read_link(&path).unwrap().as_os_str().as_bytes().to_vec()
                } else if kind.is_file() {
                    std::fs::read(&path).unwrap()
                } else {
                    if kind.is_dir() {
                        folders.push(path.clone());
                    }
                    Vec::new()
                };
                found.insert(path, holds);
            }
        }
        found
    }

    /// Runs the command in `inside`.
    #[track_caller]
    fn run(&self, args: &[&str]) -> Ran {
        let out = tempfile::tempfile().unwrap();
        let start = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_wsk-codegen"))
            .args(args)
            .current_dir(self.path("inside"))
            .env("RUST_MIN_STACK", STACK)
            .stdin(Stdio::null())
            .stdout(out.try_clone().unwrap())
            .stderr(out.try_clone().unwrap())
            .spawn()
            .unwrap();
        let (mut status, mut usage) = (0, std::mem::MaybeUninit::<libc::rusage>::zeroed());
        let pid = libc::pid_t::try_from(child.id()).unwrap();
        loop {
            // SAFETY: the child is ours and nobody else waits for it; both pointers are to what lives here.
            match unsafe { libc::wait4(pid, &raw mut status, libc::WNOHANG, usage.as_mut_ptr()) } {
                0 if start.elapsed() > PATIENCE => {
                    let _ = child.kill();
                    panic!("{args:?} takes more than {} s", PATIENCE.as_secs());
                }
                0 => std::thread::sleep(Duration::from_millis(2)),
                done if done == pid => break,
                _ => panic!("{}", std::io::Error::last_os_error()),
            }
        }
        // SAFETY: zeroed, and a struct of numbers, for which zero is a value.
        let usage = unsafe { usage.assume_init() };
        if cfg!(target_os = "linux") {
            // In KiB, there.
            assert!(usage.ru_maxrss < MEMORY, "{args:?} takes {} MiB", usage.ru_maxrss >> 10);
        }
        let mut said = Vec::new();
        let mut out = out;
        std::io::Seek::rewind(&mut out).unwrap();
        std::io::Read::read_to_end(&mut out, &mut said).unwrap();
        Ran {
            status: libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status)),
            said: String::from_utf8_lossy(&said).into_owned(),
        }
    }

    /// Runs the command, and sees that nothing anywhere has changed.
    #[track_caller]
    fn run_in_vain(&self, args: &[&str]) -> Ran {
        let before = self.everything();
        let ran = self.run(args);
        let after = self.everything();
        let changed: Vec<_> =
            before.iter().filter(|(path, holds)| after.get(*path) != Some(holds)).map(|(path, _)| path).collect();
        let new: Vec<_> = after.keys().filter(|path| !before.contains_key(*path)).collect();
        assert!(changed.is_empty() && new.is_empty(), "changed: {changed:?}, new: {new:?}\n{}", ran.beginning());
        ran
    }
}

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
        "---\nUID: {kind}:wsk.{target}\nreq.header: wsk.h\nreq.target-min-winverclnt: Windows Vista\nreq.typenames: {name}\nreq.irql: PASSIVE_LEVEL\n---\n\
         # {name}\n\n## -description\n\nThe <b>{name}</b> event callback function.\n\n{more}\n## -returns\n\nOne of:\n\n| Code | Text |\n|---|---|\n\
         | **STATUS_SUCCESS** | Text. |\n"
    )
}

/// Names that are none of a file.
fn names() -> Vec<String> {
    let names = [
        "../../../x",
        "../x",
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
    for kind in ["NF", "NS", "NE", "NC"] {
        for name in names() {
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
            if let (Some(0), Some(reviewed)) = (ran.status, before.get(&lock)) {
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
            assert!(matches!(ran.status, Some(0 | 2)), "{kind} {name:?}: {:?} {}", ran.status, ran.beginning());
            refused += usize::from(ran.said.contains("no name for a file"));
        }
    }
    // Some have no name at all for the reader, and are complained of for that.
    assert!(refused > 2 * names().len(), "{refused}");
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
    scratch.run_in_vain(&["sync", "../pages", "--accept"]).is(2, &["sync::lock", "this is a link"]);
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
    scratch.run_in_vain(&["sync", "../pages", "--accept"]).is(2, &["sync::lock", "this is a named pipe"]);
    scratch.pipe("inside/accepted-changes.yaml");
    scratch.run_in_vain(&["diff", "spec-data"]).is(2, &["diff::accepted", "this is a named pipe"]);
}

#[test]
fn a_page_has_a_largest_size() {
    let scratch = Scratch::new();
    let large = "x\n".repeat((2 << 20) / 2 + 1);
    scratch.write("pages/nf-wsk-large.md", &large);
    let words = ["source::too-large", "more than 2 MiB"];
    scratch.run_in_vain(&["import", "../pages"]).is(2, &words);
    scratch.run_in_vain(&["sync", "../pages", "--accept"]).is(2, &["more than 2 MiB"]);
    scratch.write("inside/spec-data/functions/WskBind.md", &large);
    scratch.run_in_vain(&["lint"]).is(2, &words);
    scratch.write("inside/spec-data/errata.yaml", "# x\n".repeat((16 << 20) / 4 + 1));
    scratch.run_in_vain(&["lint"]).is(2, &["more than 16 MiB"]);
}

/// The beginning of a page of the vendor's, up to a parameter.
const DDI: &str = "---\nUID: NC:wsk.PFN_WSK_CONNECT\nreq.header: wsk.h\nreq.irql: PASSIVE_LEVEL\n---\n# PFN_WSK_CONNECT\n\n## -description\n\n\
                   The WskConnect function.\n\n## -parameters\n\n### -param A [in]\n\n";
const MARKDOWN: &str = "# X function\n\n```c\nVOID X(\n  int A\n);\n```\n\n";
const HTML: &str = "<!doctype html><main><h1>X function</h1><pre>VOID X(\n  int A\n);</pre>";

/// Imports a text as pages of every dialect.
#[track_caller]
fn import(scratch: &Scratch, text: &str) {
    for (file, before, after) in
        [("a.md", DDI, ""), ("b.md", MARKDOWN, ""), ("c.html", HTML, "</main>"), ("d.txt", "VOID X(\nint A\n);\n", "")]
    {
        scratch.write(&format!("pages/{file}"), format!("{before}{text}\n{after}"));
        let ran = scratch.run(&["import", &format!("../pages/{file}")]);
        assert!(matches!(ran.status, Some(0 | 2)), "{file}, {text:.40}: {:?} {}", ran.status, ran.beginning());
    }
}

#[test]
fn tags_and_attributes_without_end() {
    let scratch = Scratch::new();
    for tag in ["x=\"1\" ", "x=\"\" ", "x='1' ", "x=1 ", "x ", "x = \"1\"\n", "/ ", "x=\"&amp;\" ", "\"", "="] {
        let attributes = tag.repeat(50_000);
        import(&scratch, &format!("<a {attributes}>t</a {attributes}>\n<pre><b {attributes}>x</b></pre>"));
    }
    for many in [
        "<b>",
        "<div>",
        "<table><tr><td>",
        "<ul><li>",
        "<",
        "&",
        "&#",
        "</",
        "<!--",
        "<!",
        "<a ",
        "<pre>",
        "<script>",
        "<dl><dt>",
    ] {
        import(&scratch, &many.repeat(50_000));
    }
}

#[test]
fn nesting_without_end() {
    let scratch = Scratch::new();
    for many in [">", "> ", "- ", "1. ", "* ", "[", "![", "[a](", "*a **a ", "_", "`", "~", "|", "#", "<<", "\\", "    "] {
        import(&scratch, &many.repeat(50_000));
    }
    let steps = (0..1000).map(|i| format!("{}- a\n", "  ".repeat(i))).collect::<String>();
    import(&scratch, &steps);
}

#[test]
fn c_without_end() {
    let scratch = Scratch::new();
    for many in [
        "(",
        "[",
        "{",
        "*",
        "* const ",
        "[1]",
        "[]",
        "(int)",
        "1+",
        "1?1:",
        "a=",
        "a.",
        "a->",
        "sizeof ",
        "f(1,2)+",
        "struct {",
        "int (",
        "int (*",
        "-",
        "a: ",
        "else ",
        "if(1);else ",
        "_In_ ",
        "const ",
        "/*",
        "//\n",
        "#define A(x) A(\n",
        "\"",
        "'",
        ",",
        ";",
        "= {",
    ] {
        // Up to the most bytes that are read of one declaration.
        let code = many.repeat(60_000 / many.len());
        for code in [
            format!("NTSTATUS Xy(int {code} p);"),
            format!("NTSTATUS Xy(int p{code}1);"),
            format!("typedef struct _X {{ int a{code}; }} X;"),
            code,
        ] {
            for (kind, section) in [("NC:wsk.PFN_X", "-prototype"), ("NS:wsk._X", "-syntax"), ("NE:wsk.X", "-syntax")] {
                let text = format!(
                    "---\nUID: {kind}\nreq.header: wsk.h\nreq.typenames: X\n---\n# X\n\n## {section}\n\n```\n{code}\n```\n"
                );
                scratch.write(&format!("pages/{}.md", section.len() + kind.len()), text);
            }
            let ran = scratch.run(&["import", "../pages"]);
            assert!(matches!(ran.status, Some(0..=2)), "{many}: {:?} {}", ran.status, ran.beginning());
        }
    }
}

#[test]
fn yaml_without_end() {
    let bombs =
        ["b: &b [1]\n".to_owned(), (0..9).map(|i| format!("- &a{} [{}]\n", i + 1, format!("*a{i}, ").repeat(10))).collect()]
            .concat();
    for many in ["[", "{a: ", "- ", "? ", "!a ", "&a ", "*a ", "|\n", "'"] {
        let text = many.repeat(100_000);
        let scratch = Scratch::new();
        scratch.write("inside/spec-data/errata.yaml", &text);
        scratch.run_in_vain(&["lint"]).is(2, &["spec::yaml", "errata.yaml"]);
        scratch.write("inside/spec-data/errata.yaml", format!("- page: {text}\n"));
        scratch.run_in_vain(&["lint"]).is(2, &["errata.yaml"]);
        scratch.write("inside/spec-data/errata.yaml", "[]\n");
        scratch.write("inside/spec-data/upstream-lock.yaml", format!("pages: {text}\n"));
        scratch.run_in_vain(&["sync", "../elsewhere"]).is(2, &["sync::lock"]);
        scratch.write("inside/accepted-changes.yaml", &text);
        scratch.run_in_vain(&["diff", "spec-data"]).is(2, &["diff::accepted"]);
        // Front matter of lines that are not too long.
        let lines = (0..2000).map(|i| format!("{}a:\n", " ".repeat(i.min(900)))).collect::<String>();
        scratch.write("inside/spec-data/functions/WskBind.md", format!("---\n{lines}---\n# WskBind\n"));
        scratch.run_in_vain(&["lint"]).is(2, &["functions/WskBind.md"]);
    }
    let scratch = Scratch::new();
    scratch.write("inside/spec-data/errata.yaml", bombs);
    scratch.run_in_vain(&["lint"]).is(2, &["spec::yaml"]);
}

#[test]
fn definitions_that_lead_to_one_another_without_end() {
    let append = |file: &str, rows: &str| {
        let scratch = Scratch::new();
        let text = std::fs::read_to_string(scratch.spec().join(file)).unwrap() + rows;
        scratch.write(&format!("inside/spec-data/{file}"), text);
        scratch
    };
    // Each one's value is the next one, with that and with what is put between.
    for between in ["", "A# & "] {
        let value = |i: usize| format!("{}A{}", between.replace('#', &(i + 1).to_string()), i + 1);
        let rows = (0..5000).map(|i| format!("| A{i} | ULONG | {} | M. |\n", value(i))).collect::<String>();
        let head = "\n## More\n\n| Constant | Type | Value | Meaning |\n| --- | --- | --- | --- |\n";
        let scratch = append("tables/constants.md", &format!("{head}{rows}| A5000 | ULONG | 1 | M. |\n"));
        scratch.run_in_vain(&["lint"]).is(1, &["leads through too many others"]);
    }
    for (rows, says) in [
        ("| A1 | A2 | M. |\n| A2 | A1 | M. |\n".to_owned(), "stands for itself"),
        ("| A1 | A1 * | M. |\n".to_owned(), "stands for itself"),
        (
            (0..5000).map(|i| format!("| A{i} | A{} | M. |\n", i + 1)).collect::<String>() + "| A5000 | ULONG | M. |\n",
            "too many names",
        ),
    ] {
        let scratch = append("tables/types.md", &rows);
        scratch.run_in_vain(&["lint"]).is(1, &["lint::alias", says]);
        scratch.run_in_vain(&["generate"]).is(2, &["lint::alias", says]);
    }
    let scratch = Scratch::new();
    let page = std::fs::read_to_string(scratch.spec().join("structs/WSK_BUF.md")).unwrap();
    let huge = page.replace("ULONG Offset;", "ULONG Offset[0xFFFFFFFFFFFFFFF]; ULONG More[0x3FFFFFFFFFFFFFFF];");
    assert_ne!(huge, page);
    scratch.write("inside/spec-data/structs/WSK_BUF.md", huge);
    scratch.run_in_vain(&["lint"]).is(1, &["lint::layout", "more bytes than can be counted"]);
}

/// A page as large as is read, of what takes most room.
#[test]
fn the_largest_pages_stay_within_memory_and_time() {
    let scratch = Scratch::new();
    let size = (2 << 20) - 4096;
    let rows = |row: &str, bytes: usize| row.repeat(bytes / row.len());
    for (file, text) in [
        ("a.md", DDI.to_owned() + &rows("<p>a", size)),
        ("b.md", MARKDOWN.to_owned() + &rows("- a\n", size)),
        ("c.md", MARKDOWN.to_owned() + "| a | b |\n|---|---|\n" + &rows("|a|b|\n", size)),
        ("d.txt", "VOID X(\nint A\n);\n".to_owned() + &rows("a\n", size)),
        ("e.html", HTML.to_owned() + &rows("<tr><td>a", size)),
        ("f.md", DDI.to_owned() + &rows("#### V\n", size)),
        // Each of these is complained of, with its line.
        ("g.md", DDI.to_owned() + &rows("### -param a\n", size / 2)),
        ("h.md", MARKDOWN.to_owned() + &rows(">", size)),
    ] {
        scratch.write(&format!("pages/{file}"), text);
        let ran = scratch.run(&["import", &format!("../pages/{file}")]);
        assert!(matches!(ran.status, Some(0 | 2)), "{file}: {:?} {}", ran.status, ran.beginning());
    }
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
