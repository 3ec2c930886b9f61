//! The vendor's real history replayed: spec-data as it was of the pages of January 2018, brought to March 2024 by `sync --accept`.
//!
//! The state of 2018 is made by the tool from the pages of 2018: our pages get the facts of those pages, pages that were not there yet are
//! taken away, and errata that those pages need no more are dropped. Prose is ours in both years, and is not at stake. What is left to do
//! after the way back to 2024 is counted, and a golden file lists each step with why the tool cannot know it.

#![allow(clippy::indexing_slicing, clippy::string_slice, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use common::{SpecCopy, files, root, shared, stderr, stdout};
use wsk_codegen::spec::{LOCK, UNWRITTEN};

/// What a person has to do, and why.
fn steps(copy: &SpecCopy, findings: &serde_json::Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (path, text) in files(&copy.spec()) {
        let text = String::from_utf8(text).expect("UTF-8");
        for line in text.lines().filter(|line| line.contains(UNWRITTEN)) {
            let of = line.trim_start_matches("| ").split(" | ").next().unwrap_or(line);
            found.insert(format!("{path}: write what `{of}` means: our prose is no copy of the vendor's"));
        }
        for line in text.lines().filter(|line| line.trim_start().starts_with("? ") || line.contains("(? ")) {
            found.insert(format!("{path}: write the type in `{}`: pages since 2018 have no types", line.trim()));
        }
    }
    for page in findings["pages"].as_array().into_iter().flatten() {
        let (name, empty) = (page["name"].as_str().unwrap_or_default(), Vec::new());
        let list = |key: &str| page[key].as_array().unwrap_or(&empty).clone();
        for silent in list("silent") {
            let fact = silent["fact"].as_str().unwrap_or_default();
            found.insert(format!(
                "{name}: write an erratum for `{fact}`: the page does not say it any more, and who is right is not on it"
            ));
        }
        for erratum in list("errata").iter().filter(|e| e["state"] == "conflict") {
            let fact = erratum["fact"].as_str().unwrap_or_default();
            found.insert(format!(
                "{name}: decide on the erratum for `{fact}`: the page says a third thing, and who is right is not on it"
            ));
        }
        let sections: Vec<_> = list("prose").iter().filter_map(|s| s["section"].as_str().map(str::to_owned)).collect();
        if !sections.is_empty() {
            found.insert(format!("{name}: read {}: what words mean is not a fact of the page", sections.join("; ")));
        }
    }
    found
}

fn sync(copy: &SpecCopy, pages: &Path, more: &[&str]) -> (Option<i32>, String, String) {
    let folder = pages.display().to_string();
    let output = copy.run(&[&["sync", folder.as_str()], more].concat());
    (output.status.code(), stdout(&output), stderr(&output))
}

#[test]
fn from_2018_to_2024_a_person_does_only_what_a_person_must() {
    let (Some(old), Some(new)) = (shared("ddi-2018-01"), shared("ddi-2024-03")) else { return };
    let copy = SpecCopy::new();
    std::fs::remove_file(copy.path(LOCK)).expect("the lock");
    let loaded = copy.load();
    let not_yet = |upstream: &str| upstream.starts_with('n') && !old.join(format!("{upstream}.md")).exists();
    for (path, _) in wsk_codegen::sync::pages_of(&loaded.spec) {
        let upstream = copy.read(&path).lines().find_map(|l| l.strip_prefix("upstream: ").map(str::to_owned));
        if upstream.is_some_and(|upstream| not_yet(&upstream)) {
            std::fs::remove_file(copy.path(&path)).expect("a page");
        }
    }
    // Errata are about pages that are there, too.
    let errata = copy.read("errata.yaml");
    let kept: Vec<&str> =
        errata.split("\n- ").filter(|e| !e.lines().next().and_then(|l| l.strip_prefix("page: ")).is_some_and(not_yet)).collect();
    copy.write("errata.yaml", kept.join("\n- "));
    let (status, said, errors) = sync(&copy, &old, &["--accept", "--revision", "388f7c952f"]);
    assert_eq!(status, Some(0), "{said}{errors}");
    let (status, said, errors) = sync(&copy, &old, &[]);
    println!("2018-01: {said}");
    assert!(said.contains("60 pages compared"), "{said}{errors}");
    assert_eq!(status, Some(0), "the state of 2018 is one that was reviewed: {said}");

    let (_, json, errors) = sync(&copy, &new, &["--accept", "--revision", "6dcd4d9f2a", "--format", "json"]);
    let findings: serde_json::Value = serde_json::from_str(&json).unwrap_or_else(|e| panic!("{e}: {json}{errors}"));
    let left = steps(&copy, &findings);
    let count = |words: &str| left.iter().filter(|step| step.contains(words)).count();
    println!(
        "{} steps: {} to read, {} errata, {} meanings, {} types",
        left.len(),
        count(": read "),
        count("erratum"),
        count("write what"),
        count("write the type")
    );
    let facts: usize =
        findings["pages"].as_array().into_iter().flatten().map(|p| p["facts"].as_array().map_or(0, Vec::len)).sum();
    println!("{facts} facts were put into spec-data by the tool");
    let text = left.iter().map(|step| format!("{step}\n")).collect::<String>();
    let golden = root().join("codegen/tests/golden/history.txt");
    if std::env::var_os("WSK_UPDATE_GOLDEN").is_some() {
        std::fs::write(&golden, &text).expect("the golden file");
    }
    assert_eq!(text, std::fs::read_to_string(&golden).expect("the golden file"), "the steps that a person has to take");

    // Of what the tool could have done, nothing is left: accepted again, there is nothing to write, and no fact is another.
    let (_, json, errors) = sync(&copy, &new, &["--format", "json"]);
    let again: serde_json::Value = serde_json::from_str(&json).unwrap_or_else(|e| panic!("{e}: {json}{errors}"));
    for page in again["pages"].as_array().into_iter().flatten() {
        assert_eq!(page["facts"].as_array().map(Vec::len), Some(0), "{page}");
        assert_eq!(page["prose"].as_array().map(Vec::len), Some(0), "{page}");
    }
    assert_eq!(again["new"].as_array().map(Vec::len), Some(0), "{json}");
}
