//! What the tests share: the project's spec-data, copies of it that may be broken, and the vendor's pages where they are.

#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test file uses a part of this")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use wsk_codegen::facts::Item;
use wsk_codegen::source::{Report, Sources};
use wsk_codegen::spec::{Loaded, load};
use wsk_codegen::vendor::{self, PageFacts};

/// The project's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("codegen is in the project's folder").to_path_buf()
}

/// The contract of the project's spec-data.
pub fn contract() -> wsk_codegen::contract::Contract {
    let loaded = load_spec();
    let lock = std::fs::read_to_string(root().join("spec-data/upstream-lock.yaml")).expect("the lock");
    let lock: wsk_codegen::sync::Lock = serde_saphyr::from_str(&lock).expect("a lock");
    let reviewed =
        |page: &wsk_codegen::sync::Locked| wsk_codegen::contract::Reviewed { revision: page.revision.clone(), gone: page.gone };
    let reviewed = lock.pages.iter().map(|(page, locked)| (page.clone(), reviewed(locked))).collect();
    wsk_codegen::contract::of_spec(&loaded.spec, &loaded.sources, &reviewed)
}

/// The project's spec-data, which must be readable.
pub fn load_spec() -> Loaded {
    let loaded = load(&root().join("spec-data"), "spec-data");
    assert!(!loaded.report.has_errors(), "{:?}", loaded.report.diagnostics());
    loaded
}

/// Pages of the vendor's, read.
pub struct Vendor {
    pub sources: Sources,
    pub report: Report,
    pub pages: Vec<PageFacts>,
}

impl Vendor {
    /// The facts of each page, with the name of the page.
    pub fn items(&self) -> Vec<(String, Item)> {
        let item = |page: &PageFacts| Some((page.page.clone()?, vendor::facts_of(page, &self.sources)?.1));
        self.pages.iter().filter_map(item).collect()
    }
}

/// The folder of the vendor's pages. Where it is absent the test is skipped and says so, unless WSK_REQUIRE_SHARED is set.
pub fn shared(folder: &str) -> Option<PathBuf> {
    let path = root().join("..").join("shared").join("docs").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    assert!(
        std::env::var_os("WSK_REQUIRE_SHARED").is_none(),
        "WSK_REQUIRE_SHARED is set, but there are no pages at {}",
        path.display()
    );
    println!("skipped: the vendor's pages are not at {}", path.display());
    None
}

/// Reads all pages of a folder of the vendor's.
pub fn vendor_pages(folder: &str) -> Option<Vendor> {
    let path = shared(folder)?;
    let mut names: Vec<PathBuf> =
        std::fs::read_dir(path).expect("the folder is there").map(|e| e.expect("an entry").path()).collect();
    names.sort();
    let mut vendor = Vendor { sources: Sources::new(), report: Report::new(), pages: Vec::new() };
    for path in names {
        let shown = path.file_name().expect("a name").to_string_lossy().into_owned();
        let file = vendor.sources.read(&path, &shown, &mut vendor.report).expect("a readable page");
        vendor.pages.extend(vendor::read(&vendor.sources, file, &mut vendor.report));
    }
    assert!(!vendor.pages.is_empty());
    Some(vendor)
}

/// A copy of spec-data that a test may change.
pub struct SpecCopy {
    pub folder: tempfile::TempDir,
}

impl SpecCopy {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        copy(&root().join("spec-data"), &folder.path().join("spec-data"));
        Self { folder }
    }

    pub fn spec(&self) -> PathBuf {
        self.folder.path().join("spec-data")
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.spec().join(file)
    }

    pub fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.path(file)).expect("a page")
    }

    pub fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(file), text).expect("a writable page");
    }

    /// Replaces a text that must be there.
    pub fn replace(&self, file: &str, old: &str, new: &str) {
        let text = self.read(file);
        assert!(text.contains(old), "{file} does not contain {old:?}");
        self.write(file, text.replace(old, new));
    }

    pub fn load(&self) -> Loaded {
        load(&self.spec(), "spec-data")
    }

    /// The command in the folder that holds the copy, saying nothing.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wsk-codegen"));
        command.args(args).current_dir(self.folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Runs the command in the folder that holds the copy.
    pub fn run(&self, args: &[&str]) -> Output {
        run_in(self.folder.path(), args)
    }
}

/// Runs the command.
pub fn run_in(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wsk-codegen")).args(args).current_dir(folder).output().expect("the command runs")
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// All files of a folder with their contents.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(
                    path.strip_prefix(folder).expect("below").display().to_string(),
                    std::fs::read(&path).expect("a file"),
                );
            }
        }
    }
    found
}

/// Lets the compiler check generated files as a crate, with the project's runtime under them and warnings denied.
pub fn compile_crate(src: &Path) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(src, &folder.path().join("src"));
    std::fs::copy(root().join("Cargo.lock"), folder.path().join("Cargo.lock")).expect("a lock file");
    std::fs::write(folder.path().join("Cargo.toml"), manifest("generated", "[workspace]\n")).expect("a manifest");
    let output = check(folder.path(), "made-up");
    assert!(output.status.success(), "{}", stderr(&output));
}

/// Runs `cargo check` with warnings denied.
pub fn check(folder: &Path, target: &str) -> Output {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Command::new(cargo)
        .args(["check", "--offline", "-q"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", root().join("target").join(target))
        .env("RUSTFLAGS", "-D warnings")
        .output()
        .expect("cargo runs")
}

/// The manifest of a crate of the project, as it stands outside the workspace: what is inherited is written out.
pub fn manifest(of: &str, end: &str) -> String {
    let manifest = std::fs::read_to_string(root().join(of).join("Cargo.toml")).expect("a manifest");
    let workspace = std::fs::read_to_string(root().join("Cargo.toml")).expect("a manifest");
    let windows = workspace.lines().find(|l| l.starts_with("windows-sys")).expect("the version of windows-sys");
    let manifest = manifest
        .replace("rust-version.workspace = true\n", "")
        .replace("version.workspace = true", "version = \"0.1.0\"")
        .replace("edition.workspace = true", "edition = \"2024\"")
        .replace("license.workspace = true\n", "")
        .replace("[lints]\nworkspace = true\n", end)
        .replace("../runtime", &root().join("runtime").display().to_string())
        .replace("../macros", &root().join("macros").display().to_string())
        .replace("workspace = true,", &windows.replace("windows-sys = { ", "").replace(" }", ","));
    match manifest.split_once("[dev-dependencies]") {
        Some((before, after)) => {
            format!("{before}{}", after.split_once("\n[").map_or(String::new(), |(_, rest)| format!("[{rest}")))
        }
        None => manifest,
    }
}
