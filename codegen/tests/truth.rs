//! What is read from the samples of the whole reference is what their pages say: openness, codes, kinds, levels, directions.
//!
//! The pages are read a second time here, by lines and by lists of words that were written apart from those of `vendor/`.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;

use std::collections::BTreeMap;

use common::{SpecCopy, Vendor, run_in, stderr, stdout, vendor_pages};
use wsk_codegen::contract::Contract;
use wsk_codegen::facts::ApiKind;
use wsk_codegen::vendor::{ApiFacts, ItemFacts};

const SAMPLES: [&str; 5] = ["ddi-2018-01", "ddi-2018-01-31-sample", "ddi-2020-07-sample", "ddi-2024-03", "ddi-2024-03-sample"];

/// A page of an API: its name and text, and what was read from it.
struct ApiPage<'v> {
    name: &'v str,
    text: &'v str,
    facts: &'v ApiFacts,
}

fn apis(vendor: &Vendor) -> impl Iterator<Item = ApiPage<'_>> {
    vendor.pages.iter().filter_map(|page| {
        let source = vendor.sources.get(page.file);
        match &page.item {
            ItemFacts::Api(facts) => Some(ApiPage { name: &source.path, text: &source.text, facts }),
            _ => None,
        }
    })
}

impl ApiPage<'_> {
    fn front(&self, key: &str) -> &str {
        let front = self.text.split("\n---").next().unwrap();
        let value = front.lines().find_map(|l| l.strip_prefix(key)?.strip_prefix(':'));
        value.unwrap_or("").trim().trim_matches(['"', '\'']).trim()
    }

    /// The items of a list in the front matter.
    fn list(&self, key: &str) -> Vec<&str> {
        let front = self.text.split("\n---").next().unwrap();
        let mut lines = front.lines().skip_while(|l| !l.starts_with(&format!("{key}:"))).skip(1);
        let mut items = Vec::new();
        while let Some(item) = lines.next().and_then(|l| l.trim().strip_prefix('-')) {
            items.push(item.trim());
        }
        items
    }

    /// The text of the section of what is returned: no tags, no marks, single spaces.
    fn returns(&self) -> String {
        let mut out = String::new();
        let mut is_inside = false;
        for line in self.text.lines() {
            if line.starts_with("## -") {
                is_inside = line.starts_with("## -returns");
            } else if is_inside {
                out.push_str(line);
                out.push(' ');
            }
        }
        let mut text = String::new();
        let mut in_tag = false;
        for c in out.chars() {
            match c {
                '<' => in_tag = true,
                '>' => {
                    in_tag = false;
                    text.push(' ');
                }
                '*' | '`' | '\\' => {}
                c if !in_tag => text.push(c),
                _ => {}
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn no_set_is_closed_on_a_page_that_opens_it() {
    const OPENING: &[&str] = &[
        "might also return",
        "may also return",
        "can also return",
        "such as",
        "not limited to",
        "other ntstatus",
        "other hresult",
        "other error",
        "other status",
        "other return",
        "other values",
        "another status",
        "an appropriate",
        "or an error",
        "additional return",
        "error codes defined",
        "possible return",
        "possible error",
        "values include",
        "some of the possible",
        "and so on",
    ];
    const CLOSING: &[&str] = &["one of", "any of", "either of", "always return"];
    let (mut opened, mut closed, mut unsaid) = (0, 0, 0);
    for sample in SAMPLES {
        let Some(vendor) = vendor_pages(sample) else { return };
        for page in apis(&vendor) {
            let text = page.returns().to_lowercase();
            let opens = OPENING.iter().find(|w| text.contains(**w));
            match page.facts.open {
                Some(false) => {
                    closed += 1;
                    assert_eq!(opens, None, "{sample}/{} is closed: {text}", page.name);
                    assert!(CLOSING.iter().any(|w| text.contains(w)), "{sample}/{}: nothing closes {text}", page.name);
                    // The set is whole only with what the sentences name.
                    for word in text.to_uppercase().split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
                        let is_code = word.starts_with("STATUS_") && page.returns().contains(&format!("returns {word}"));
                        assert!(!is_code || page.facts.codes.iter().any(|c| c.value == word), "{sample}/{}: {word}", page.name);
                    }
                }
                Some(true) => opened += 1,
                None => unsaid += 1,
            }
        }
    }
    println!("{opened} open, {closed} closed, {unsaid} unsaid");
    assert!(opened > 800 && closed > 100, "a reader that says nothing is not true");
}

#[test]
fn a_code_that_sentences_name_joins_those_of_the_table() {
    let (mut count, mut told) = (0, 0);
    for sample in SAMPLES {
        let Some(vendor) = vendor_pages(sample) else { return };
        let report: Vec<_> = vendor.report.diagnostics().iter().map(|d| d.to_json(&vendor.sources)).collect();
        for page in apis(&vendor) {
            let text = page.returns();
            for code in ["STATUS_SUCCESS", "S_OK", "NDIS_STATUS_SUCCESS"] {
                let says = [format!(" returns {code} "), format!(" returns {code}."), format!(" returns {code},")];
                if says.iter().any(|s| text.contains(s)) {
                    count += 1;
                    let is_read = page.facts.codes.iter().any(|c| c.value == code);
                    // A sentence with more in it is not understood, and that is said of its code.
                    let message = format!("`{code}` is not taken");
                    let is_told = || report.iter().any(|d| d.message.starts_with(&message) && d.file == page.name);
                    told += usize::from(!is_read);
                    assert!(is_read || is_told(), "{sample}/{}: {code} of {text}", page.name);
                }
            }
        }
    }
    println!("{count} codes that sentences name, {told} only told");
    assert!(count > 300 && told < count / 20, "{count}, {told}");
}

#[test]
fn no_placeholder_wrapper_or_value_is_a_code() {
    for sample in SAMPLES {
        let Some(vendor) = vendor_pages(sample) else { return };
        for page in apis(&vendor) {
            for code in page.facts.codes.iter().map(|c| c.value.as_str()) {
                let place = format!("{sample}/{}: {code}", page.name);
                assert!(!code.to_uppercase().contains("XX") && !code.ends_with('_'), "a placeholder: {place}");
                assert!(
                    !code.starts_with("HRESULT_FROM") && !page.text.contains(&format!("HRESULT_FROM_NT({code})")),
                    "wrapped: {place}"
                );
                assert!(!["TRUE", "FALSE", "ZERO", "NULL", "NONE"].contains(&code.to_uppercase().as_str()), "a value: {place}");
                assert_eq!(code.matches("STATUS_").count().max(1), 1, "fused: {place}");
            }
        }
    }
}

#[test]
fn every_parameter_without_a_direction_has_a_diagnostic_at_its_place() {
    for sample in SAMPLES {
        let Some(vendor) = vendor_pages(sample) else { return };
        let mut count = 0;
        for page in apis(&vendor) {
            for param in page.facts.params.iter().filter(|p| p.direction.is_none()) {
                count += 1;
                let message = format!("the page does not say the direction of `{}`", param.name);
                let mut said = vendor.report.diagnostics().iter();
                let is_said = said.any(|d| d.message == message && d.span == Some(param.name.span));
                assert!(is_said, "{sample}/{}: {}", page.name, param.name);
            }
        }
        println!("{sample}: {count} parameters without a direction, each said");
    }
}

/// The brackets of headings and the first brackets of descriptions, counted by lines: each gives a direction.
#[test]
fn a_direction_that_begins_a_description_is_read() {
    let mut count = 0;
    for sample in SAMPLES {
        let Some(vendor) = vendor_pages(sample) else { return };
        for page in apis(&vendor) {
            let mut lines = page.text.lines();
            while let Some(line) = lines.next() {
                let Some(heading) = line.strip_prefix("### -param ") else { continue };
                let Some(first) = lines.by_ref().find(|l| !l.trim().is_empty()) else { break };
                let begins = first.trim_start().strip_prefix('*').and_then(|l| l.split_once("* ["));
                let Some((name, rest)) = begins.filter(|(name, _)| name.chars().all(|c| c.is_ascii_alphanumeric())) else {
                    continue;
                };
                if !["in]", "out]", "in, out]", "in, optional]", "out, optional]"].iter().any(|b| rest.starts_with(b)) {
                    continue;
                }
                count += 1;
                let heading = heading.split('[').next().unwrap().trim();
                let wanted = if heading.starts_with("unnamedParam") { name } else { heading };
                let found = page.facts.params.iter().find(|p| p.name.value == wanted || p.name.value == name);
                assert!(found.is_some_and(|p| p.direction.is_some()), "{sample}/{}: {line} {first}", page.name);
            }
        }
    }
    println!("{count} descriptions that begin with a direction");
    assert!(count > 150, "{count}");
}

#[test]
fn kinds_are_those_of_the_metadata() {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for sample in SAMPLES {
        let Some(vendor) = vendor_pages(sample) else { return };
        for page in apis(&vendor) {
            let kind = page.facts.kind.map_or("null", ApiKind::as_str);
            *counts.entry((sample, kind)).or_default() += 1;
            let place = format!("{sample}/{} is {kind}", page.name);
            let uid = page.front("UID");
            if uid.starts_with("NC") {
                assert!(matches!(kind, "null" | "function" | "callback"), "{place}");
                continue;
            }
            let (title, types) = (page.front("title"), [page.list("api_type"), page.list("apitype")].concat());
            let is = |ty: &str| types.contains(&ty);
            let is_macro = title.split_whitespace().nth(1) == Some("macro");
            assert_eq!(kind == "macro", is_macro, "{place}: {title}");
            let of_interface = uid.matches('.').count() >= 2 || title.contains("::");
            if is("COM") && of_interface {
                assert_eq!(kind, "method", "{place}");
            }
            if kind == "method" {
                assert!(of_interface || title.contains(" method"), "{place}: {uid} {title}");
            }
            if kind == "export" {
                assert!(!is("HeaderDef") && !is("COM"), "{place}");
                let named = format!(
                    "{} {} {}",
                    page.front("req.dll"),
                    [page.list("api_location"), page.list("apilocation")].concat().join(" "),
                    page.front("req.alt-loc")
                );
                let named = named.to_lowercase();
                assert!([".dll", ".sys", ".exe", ".drv"].iter().any(|e| named.contains(e)), "{place}: {named}");
            }
            if is("HeaderDef") && !is_macro && !title.contains(" method") {
                assert_eq!(kind, "function", "{place}");
            }
        }
    }
    println!("{counts:?}");
    let all = |kind: &str| counts.iter().filter(|((_, k), _)| *k == kind).map(|(_, n)| n).sum::<usize>();
    assert!(all("method") > 500 && all("macro") > 50 && all("export") > 600 && all("function") > 300, "{counts:?}");
}

/// Every spelling of the samples, read by hand: the level; a condition in parentheses; `-` for what no single level is.
const LEVELS: &[(&str, &str)] = &[
    ("PASSIVE_LEVEL", "always: PASSIVE_LEVEL"),
    ("PASSIVE_LEVEL.", "always: PASSIVE_LEVEL"),
    ("Passive level", "always: PASSIVE_LEVEL"),
    ("<= PASSIVE_LEVEL", "always: PASSIVE_LEVEL"),
    ("IRQL == PASSIVE_LEVEL", "always: PASSIVE_LEVEL"),
    ("Called at PASSIVE_LEVEL.", "always: PASSIVE_LEVEL"),
    ("Called at PASSIVE_LEVEL (see Remarks section).", "see Remarks section: PASSIVE_LEVEL"),
    ("PASSIVE_LEVEL (see Remarks section)", "see Remarks section: PASSIVE_LEVEL"),
    ("PASSIVE_LEVEL (See Remarks section)", "See Remarks section: PASSIVE_LEVEL"),
    (">= PASSIVE_LEVEL (See Remarks section)", "See Remarks section: any level"),
    ("Greater than or equal to PASSIVE_LEVEL (See Remarks section)", "See Remarks section: any level"),
    ("APC_LEVEL", "always: APC_LEVEL"),
    ("< APC_LEVEL", "always: PASSIVE_LEVEL"),
    ("<= APC_LEVEL", "always: <= APC_LEVEL"),
    ("<=APC_LEVEL", "always: <= APC_LEVEL"),
    ("<= APC_LEVEL.", "always: <= APC_LEVEL"),
    ("IRQL <= APC_LEVEL", "always: <= APC_LEVEL"),
    ("IRQL <=APC_LEVEL", "always: <= APC_LEVEL"),
    ("_IRQL_requires_max_(APC_LEVEL)", "always: <= APC_LEVEL"),
    ("<= APC_LEVEL (See Remarks section)", "See Remarks section: <= APC_LEVEL"),
    ("< DISPATCH_LEVEL", "always: <= APC_LEVEL"),
    ("< DISPATCH_LEVEL (see Remarks section)", "see Remarks section: <= APC_LEVEL"),
    ("<= DISPATCH_LEVEL", "always: <= DISPATCH_LEVEL"),
    ("<=DISPATCH_LEVEL", "always: <= DISPATCH_LEVEL"),
    ("< = DISPATCH_LEVEL", "always: <= DISPATCH_LEVEL"),
    ("<= DISPATCH_ LEVEL", "always: <= DISPATCH_LEVEL"),
    ("IRQL <= DISPATCH_LEVEL", "always: <= DISPATCH_LEVEL"),
    ("Called at IRQL <= DISPATCH_LEVEL", "always: <= DISPATCH_LEVEL"),
    ("Called at IRQL <= DISPATCH_LEVEL.", "always: <= DISPATCH_LEVEL"),
    ("_IRQL_requires_max_(DISPATCH_LEVEL)", "always: <= DISPATCH_LEVEL"),
    ("<= DISPATCH_LEVEL (see Remarks)", "see Remarks: <= DISPATCH_LEVEL"),
    ("<=DISPATCH_LEVEL (See Remarks)", "See Remarks: <= DISPATCH_LEVEL"),
    ("<= DISPATCH_LEVEL (see Remarks section)", "see Remarks section: <= DISPATCH_LEVEL"),
    ("<= DISPATCH_LEVEL (see Remarks section).", "see Remarks section: <= DISPATCH_LEVEL"),
    ("IRQL <= DISPATCH_LEVEL (see Remarks section)", "see Remarks section: <= DISPATCH_LEVEL"),
    ("DISPATCH_LEVEL", "always: DISPATCH_LEVEL"),
    ("= DISPATCH_LEVEL", "always: DISPATCH_LEVEL"),
    ("Called at DISPATCH_LEVEL.", "always: DISPATCH_LEVEL"),
    ("DISPATCH_LEVEL (see Remarks section)", "see Remarks section: DISPATCH_LEVEL"),
    ("DISPATCH_LEVEL (See Remarks section.)", "See Remarks section.: DISPATCH_LEVEL"),
    ("IRQL >= DISPATCH_LEVEL", "always: >= DISPATCH_LEVEL"),
    ("<= DIRQL", "always: <= DIRQL"),
    ("<=DIRQL", "always: <= DIRQL"),
    ("HIGH_LEVEL", "always: HIGH_LEVEL"),
    ("<= HIGH_LEVEL", "always: any level"),
    ("Any", "always: any level"),
    ("Any IRQL", "always: any level"),
    ("Any level", "always: any level"),
    ("Any level.", "always: any level"),
    ("Any level (see Remarks)", "see Remarks: any level"),
    ("Any level (see Remarks section)", "see Remarks section: any level"),
    ("Any level (See Remarks section)", "See Remarks section: any level"),
    ("Any level as long as target memory is resident", "-"),
    ("< IPI_LEVEL", "-"),
    ("_requires_same_", "-"),
    ("_Must_inspect_result_", "-"),
    ("See Remarks", "-"),
    ("See Remarks.", "-"),
    ("See Remarks section", "-"),
    ("See Remarks section.", "-"),
];

#[test]
fn every_spelling_of_a_level_is_read_as_it_was_read_by_hand() {
    let mut seen: BTreeMap<&str, usize> = LEVELS.iter().map(|(spelling, _)| (*spelling, 0)).collect();
    let mut in_text = 0;
    for sample in SAMPLES {
        let Some(vendor) = vendor_pages(sample) else { return };
        for page in apis(&vendor) {
            let spelling = page.front("req.irql").split_whitespace().collect::<Vec<_>>().join(" ");
            let levels = page.facts.levels();
            let place = format!("{sample}/{}: {spelling:?}", page.name);
            if spelling.is_empty() {
                // What a sentence states, this page states once, where it speaks of nothing else. `KsRegisterWorker` and its like
                // speak of another function just before "the function can only be called at".
                in_text += usize::from(levels.is_some());
                let is_known = page.name.contains("kssynchronousiocontroldevice");
                assert_eq!(levels.as_deref(), is_known.then_some("always: PASSIVE_LEVEL"), "{place}");
            } else if let Some((known, wanted)) = LEVELS.iter().find(|(s, _)| *s == spelling) {
                *seen.get_mut(known).unwrap() += 1;
                assert_eq!(levels.as_deref().unwrap_or("-"), *wanted, "{place}");
            } else {
                // What is left are whole sentences, with conditions.
                assert!(levels.is_none() && spelling.split(' ').count() > 10, "{place}: {levels:?}");
            }
        }
    }
    let unused: Vec<_> = seen.iter().filter(|(_, n)| **n == 0).collect();
    assert!(unused.is_empty(), "{unused:?}");
    println!("{} spellings on {} pages, {in_text} levels in the text", seen.len(), seen.values().sum::<usize>());
}

#[test]
fn no_version_is_read_from_words_that_name_no_first_one() {
    let mut refused = 0;
    for sample in SAMPLES {
        let Some(vendor) = vendor_pages(sample) else { return };
        for page in apis(&vendor) {
            let text = page.front("req.target-min-winverclnt").split_whitespace().collect::<Vec<_>>().join(" ");
            let since = page.facts.since.as_ref().map(|s| s.value.as_str());
            let place = format!("{sample}/{}: {text:?} {since:?}", page.name);
            let begins = ["Obsolete", "Deprecated."].iter().any(|w| text.starts_with(w));
            // Some name the versions in the next sentence.
            if begins && !text.contains(". Supported") {
                refused += 1;
                assert_eq!(since, None, "{place}");
            }
            let has_pack = |n: char| text.contains(&format!("SP{n}")) || text.contains(&format!("Service Pack {n}"));
            if ('1'..='4').any(has_pack) && !text.contains("Windows Server 2008,") {
                assert!(since.is_none_or(|s| s.contains(" SP")), "{place}");
            }
            if let Some(since) = since {
                let first = since.split(", ").next().unwrap().split(" SP").next().unwrap();
                assert!(text.contains(first), "{place}");
            }
        }
    }
    assert!(refused > 2, "{refused}");
}

/// A page of ours says that upstream does not say it, and everything that reads our pages keeps that.
#[test]
fn a_set_of_which_nothing_is_said_is_kept_and_generated_as_open() {
    let page = "---\nUID: NF:thing.ThingSend\ntitle: ThingSend function (thing.h)\nreq.header: thing.h\nreq.dll: thing.sys\n---\n\n# ThingSend function\n\n\
                ## -returns\n\n|Return code|Description|\n|---|---|\n|STATUS_SUCCESS|Done.|\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("nf-thing-thingsend.md"), page).unwrap();
    let import = |format: &str| stdout(&run_in(folder.path(), &["import", "--format", format, "nf-thing-thingsend.md"]));
    let contract: Contract = serde_json::from_str(&import("json")).unwrap();
    assert_eq!(contract.apis[0].returns.open, None);
    let said = contract.diagnostics.unwrap();
    assert!(said.iter().any(|d| d.message == "the page does not say whether other codes may come" && d.line == 10), "{said:?}");
    assert!(
        import("markdown").contains("| STATUS_SUCCESS | (to be written) |\n| ? | (to be written) |\n"),
        "{}",
        import("markdown")
    );

    let copy = SpecCopy::new();
    let file = "functions/WskListen.md";
    copy.replace(file, "| … |", "| ? |");
    let lint = copy.run(&["lint"]);
    assert!(lint.status.success(), "{}", stderr(&lint));
    let exported: Contract = serde_json::from_str(&stdout(&copy.run(&["export"]))).unwrap();
    let open = |name: &str| exported.apis.iter().find(|a| a.name.as_deref() == Some(name)).unwrap().returns.open;
    assert_eq!((open("WskListen"), open("WskBind"), open("WskAcceptEvent")), (None, Some(true), Some(false)));
    assert!(stdout(&copy.run(&["explain", "WskListen"])).contains("does not say whether others come"));
    let loaded = copy.load();
    let api = loaded.spec.apis.iter().find(|a| a.page.name.value == "WskListen").unwrap();
    assert_eq!(wsk_codegen::spec::write_api(api), copy.read(file));
    assert!(copy.run(&["generate"]).status.success());
    let generated = std::fs::read_to_string(copy.folder.path().join("generated/src/wsk_listen.rs")).unwrap();
    assert!(
        generated.contains("Other(crate::NtStatus)") && generated.contains("does not say whether others come"),
        "{generated}"
    );
}

#[test]
fn a_page_of_a_method_or_macro_is_refused_with_a_way_out() {
    for kind in ["method", "macro"] {
        let copy = SpecCopy::new();
        copy.replace("exports/WskRegister.md", "kind: export", &format!("kind: {kind}"));
        let lint = copy.run(&["lint"]);
        assert_eq!(lint.status.code(), Some(2), "{}", stderr(&lint));
        assert!(stderr(&lint).contains("nothing is generated for them"), "{}", stderr(&lint));
    }
}
