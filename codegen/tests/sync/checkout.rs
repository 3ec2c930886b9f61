//! A checkout that a test writes itself, in the shape of the vendor's pages and in words of our own.

#![allow(dead_code, reason = "each test file uses a part of this")]

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

use wsk_codegen::spec::{Api, Loaded, Struct, When};

use crate::common::{SpecCopy, stderr, stdout};

/// The page of an API as the vendor would write it.
pub fn api_page(api: &Api) -> String {
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

pub fn struct_page(structure: &Struct) -> String {
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

pub fn erratum(page: &str, fact: &str, upstream: &str, value: &str) -> String {
    format!(
        "- page: {page}\n  fact: {fact}\n  upstream: \"{upstream}\"\n  value: \"{value}\"\n  reason: \"R.\"\n  evidence: \"E.\"\n\n"
    )
}

/// Pages say in words on what a level depends; errata say what that means.
pub fn conditions(loaded: &Loaded) -> String {
    let conditional = loaded.spec.apis.iter().filter(|a| a.irql.len() > 1);
    let errata = conditional.map(|api| {
        erratum(api.page.upstream.as_ref().expect("its source"), "irql", "see Remarks section: <= DISPATCH_LEVEL", &api.levels())
    });
    errata.collect()
}

/// A copy of spec-data without other errata, or a lock, and a checkout that agrees with it.
pub struct Checkout {
    pub copy: SpecCopy,
    pub folder: tempfile::TempDir,
}

impl Checkout {
    pub fn new() -> Self {
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

    pub fn page(&self, stem: &str) -> PathBuf {
        self.folder.path().join("content/wsk").join(format!("{stem}.md"))
    }

    pub fn replace(&self, stem: &str, old: &str, new: &str) {
        let text = std::fs::read_to_string(self.page(stem)).expect("a page");
        assert!(text.contains(old), "{stem} has no {old}");
        std::fs::write(self.page(stem), text.replacen(old, new, 1)).expect("a page");
    }

    pub fn sync(&self, more: &[&str]) -> (Option<i32>, String) {
        let folder = self.dir();
        let mut args = vec!["sync", folder.as_str()];
        args.extend(more);
        let output = self.copy.run(&args);
        (output.status.code(), stdout(&output) + &stderr(&output))
    }

    /// The folder of the checkout.
    pub fn dir(&self) -> String {
        self.folder.path().display().to_string()
    }

    /// The commit that is checked out.
    pub fn head(&self) -> String {
        let output = Command::new("git").current_dir(self.folder.path()).args(["rev-parse", "HEAD"]).output().expect("git");
        stdout(&output).trim().to_owned()
    }

    pub fn git(&self, args: &[&str]) {
        let identity = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
        let status = Command::new("git").current_dir(self.folder.path()).args(identity).args(args).output().expect("git");
        assert!(status.status.success(), "{args:?}: {}", String::from_utf8_lossy(&status.stderr));
    }
}

pub fn has(text: &str, all: &[&str]) {
    for wanted in all {
        assert!(text.contains(wanted), "no `{wanted}` in\n{text}");
    }
}
