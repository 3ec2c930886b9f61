//! What a driver author can get wrong does not compile, and the compiler says it in the words of the documentation.
//!
//! Each file of `ui/` must fail to compile, and what the compiler says must contain what stands behind each `//~`. The rest of the
//! compiler's wording is its own affair and may change with it.
#![allow(missing_docs, reason = "a test")]

use std::fs;
use std::path::Path;

#[test]
fn what_the_documentation_forbids_does_not_compile() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    let copies = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    let _ = fs::remove_dir_all(&copies);
    fs::create_dir_all(&copies).expect("a folder for copies");
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(&cases).expect("the cases are there") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        fs::copy(&path, copies.join(&name)).expect("a copy");
        names.push(name);
    }
    names.sort();
    assert!(names.len() >= 50, "{names:?}");
    // The messages are written beside the copies, and read below.
    // SAFETY: this is the only test of its process, and no other thread runs yet.
    unsafe { std::env::set_var("TRYBUILD", "overwrite") };
    {
        let tests = trybuild::TestCases::new();
        for name in &names {
            tests.compile_fail(copies.join(name));
        }
        // Dropping it runs the compiler, and fails if a case compiles.
    }
    let mut problems = Vec::new();
    for name in &names {
        let source = fs::read_to_string(copies.join(name)).expect("a case");
        let said = fs::read_to_string(copies.join(name).with_extension("stderr")).unwrap_or_default();
        // The excerpts of the source show what is expected, which must not count as said.
        let said: String = said.lines().filter(|l| !l.contains("//~")).map(|l| format!("{l}\n")).collect();
        let expected: Vec<&str> = source.lines().filter_map(|l| l.trim().strip_prefix("//~ ")).collect();
        assert!(!expected.is_empty(), "{name} expects nothing");
        problems.extend(expected.iter().filter(|e| !said.contains(**e)).map(|e| format!("{name}: {e:?} is not in:\n{said}")));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
