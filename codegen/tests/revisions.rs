//! Two revisions of the vendor's pages: what changed between them is known, entry by entry, and why.

mod common;

use common::{root, run_in, shared, stderr};
use serde::Deserialize;

/// An entry of the golden file.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Explained {
    name: String,
    fact: String,
    before: Option<String>,
    after: Option<String>,
    class: String,
    #[serde(default)]
    why: String,
}

#[test]
fn every_change_from_2018_to_2024_is_explained() {
    let (Some(older), Some(newer)) = (shared("ddi-2018-01"), shared("ddi-2024-03")) else { return };
    let golden = std::fs::read_to_string(root().join("codegen/tests/golden/2018-to-2024.yaml")).expect("the golden file");
    let mut golden: Vec<Explained> = serde_saphyr::from_str(&golden).expect("a list of changes");
    for entry in &mut golden {
        assert!(std::mem::take(&mut entry.why).len() > 20, "not explained: {entry:?}");
    }
    let (older, newer) = (older.display().to_string(), newer.display().to_string());
    let output = run_in(&root(), &["diff", &older, &newer, "--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(stderr(&output), "", "no page has an error");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let found: Vec<Explained> = report["changes"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|c| {
            assert!(text(&c["reason"]).is_some_and(|r| !r.is_empty()), "{c}");
            let word = |key: &str| text(&c[key]).unwrap_or_default();
            Explained {
                name: word("name"),
                fact: word("fact"),
                before: text(&c["before"]),
                after: text(&c["after"]),
                class: word("class"),
                why: String::new(),
            }
        })
        .collect();
    for new in found.iter().filter(|f| !golden.contains(f)) {
        println!("not in the golden file: {new:?}");
    }
    for gone in golden.iter().filter(|g| !found.contains(g)) {
        println!("only in the golden file: {gone:?}");
    }
    assert!(found == golden, "the changes, or their order, are not those of the golden file");
    println!("{} changes, each explained", found.len());
    assert!(found.len() > 60);
}

/// A revision is no different from itself, and what stands on one side only as a folder of the vendor's is refused.
#[test]
fn pages_are_compared_with_pages() {
    let Some(pages) = shared("ddi-2024-03") else { return };
    let pages = pages.display().to_string();
    let output = run_in(&root(), &["diff", &pages, &pages]);
    assert_eq!((output.status.code(), common::stdout(&output).as_str()), (Some(0), "nothing changed\n"));
    let output = run_in(&root(), &["diff", &pages]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("sync"), "{}", stderr(&output));
}

/// One API in two languages: a fact that got lost in one of them is named, with both places.
#[test]
fn two_pages_of_one_api_that_differ_are_findings() {
    let Some(seed) = shared("seed") else { return };
    let page = seed.join("pfn_wsk_connect.de-de.txt");
    let text = std::fs::read_to_string(&page).expect("the page");
    let folder = tempfile::tempdir().expect("a folder");
    let import = |other: &str| {
        std::fs::write(folder.path().join("other.txt"), other).expect("a file");
        let paths = [page.display().to_string(), folder.path().join("other.txt").display().to_string()];
        run_in(&root(), &["import", &paths[0], &paths[1], "--message-format", "json"])
    };
    assert_eq!(import(&text).status.code(), Some(0));
    let changed = text
        .replace("STATUS_FILE_FORCED_CLOSED\n", "STATUS_CANCELLED\n")
        .replace("IRQL <= DISPATCH_LEVEL", "IRQL DISPATCH_LEVEL");
    let output = import(&changed);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let said: Vec<serde_json::Value> = stderr(&output).lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    let messages: Vec<&str> = said.iter().filter_map(|d| d["message"].as_str()).collect();
    for wanted in ["codes.STATUS_CANCELLED", "codes.STATUS_FILE_FORCED_CLOSED", "irql.always: this one says `DISPATCH_LEVEL`"] {
        assert!(
            messages.iter().any(|m| m.contains(wanted) && m.contains("pfn_wsk_connect.de-de.txt:")),
            "{wanted}: {messages:?}"
        );
    }
    assert!(
        said.iter().all(|d| d["code"] == "vendor::disagree") && said.iter().any(|d| d["line"].as_u64() > Some(1)),
        "{said:?}"
    );
}
