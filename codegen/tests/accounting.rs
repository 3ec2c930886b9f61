//! Nothing that a page states is lost silently: each structural entry that a reader of the tests' own finds is a fact or a diagnostic.
//!
//! That reader is in `accounting/`; its rules, what it takes for prose among them, are in `accounting/lines.rs`.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]
#![allow(missing_docs, unreachable_pub, reason = "the modules of a test are not public")]

#[path = "accounting/adapter.rs"]
mod adapter;
mod common;
#[path = "accounting/declared.rs"]
mod declared;
#[path = "accounting/html.rs"]
mod html;
#[path = "accounting/lines.rs"]
mod lines;
#[path = "accounting/words.rs"]
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use common::shared;
use lines::{Entry, Kind};
use wsk_codegen::source::{FileId, Report, Sources};
use wsk_codegen::vendor;

/// A sample, and how many of its entries may be only a diagnostic. These numbers may only fall.
struct Sample {
    folder: &'static str,
    /// Headings whose name is a fact that has its place elsewhere, in the prototype.
    elsewhere: usize,
    /// Entries of pages that give facts.
    only_diagnostic: usize,
    /// Entries of pages that give none: control codes, interfaces, indexes.
    refused: usize,
}

const SAMPLES: [Sample; 5] = [
    Sample { folder: "ddi-2018-01", elsewhere: 0, only_diagnostic: 0, refused: 0 },
    Sample { folder: "ddi-2018-01-31-sample", elsewhere: 159, only_diagnostic: 294, refused: 106 },
    Sample { folder: "ddi-2020-07-sample", elsewhere: 4, only_diagnostic: 253, refused: 102 },
    Sample { folder: "ddi-2024-03", elsewhere: 0, only_diagnostic: 0, refused: 0 },
    Sample { folder: "ddi-2024-03-sample", elsewhere: 0, only_diagnostic: 481, refused: 198 },
];

/// What became of the entries of a sample.
#[derive(Default)]
struct Account {
    pages: usize,
    facts: BTreeMap<Kind, usize>,
    /// Headings whose name is a fact that has its place elsewhere, in the prototype.
    elsewhere: BTreeMap<Kind, usize>,
    only_diagnostic: BTreeMap<Kind, usize>,
    refused: usize,
    silent: BTreeMap<Kind, usize>,
    /// `file:line: text`, of the silent entries.
    lost: Vec<String>,
    /// `file:line: text`, of the entries that are only a diagnostic.
    told: Vec<String>,
    /// Pages whose set is closed although a word opens it.
    closed: Vec<String>,
}

impl Account {
    /// Takes what became of the entries of a page.
    fn take(&mut self, folder: &str, shown: &str, sources: &Sources, file: FileId, mut report: Report) {
        let page = vendor::read(sources, file, &mut report);
        let source = sources.get(file);
        let expected = lines::read(&source.text);

        let line_of = |start: usize| source.location(start).line;
        let facts: BTreeSet<usize> = page.iter().flat_map(adapter::spans_of).map(|s| line_of(s.start)).collect();
        let names: BTreeMap<String, bool> = page.iter().flat_map(adapter::names_of).collect();
        let told: BTreeSet<usize> =
            report.diagnostics().iter().filter_map(|d| d.line.or(d.span.map(|s| line_of(s.start)))).collect();
        let open = page.as_ref().and_then(adapter::open_of);

        self.pages += 1;
        for entry in &expected.entries {
            let place = || format!("{folder}/{shown}:{}: {:?} {}", entry.lines.first().unwrap_or(&1), entry.kind, entry.text);
            if page.is_none() && !report.is_empty() {
                self.refused += 1;
            } else if is_fact(entry, &facts, open) {
                *self.facts.entry(entry.kind).or_default() += 1;
            } else if is_named(entry, &names) {
                *self.elsewhere.entry(entry.kind).or_default() += 1;
            } else if !told.is_disjoint(&entry.lines) {
                *self.only_diagnostic.entry(entry.kind).or_default() += 1;
                self.told.push(place());
            } else {
                *self.silent.entry(entry.kind).or_default() += 1;
                self.lost.push(place());
            }
        }
        if let (Some(false), Some(word)) = (open, words::opens(&expected.returns)) {
            self.closed.push(format!("{folder}/{shown}: {word}"));
        }
    }

    fn sum(kinds: &BTreeMap<Kind, usize>) -> usize {
        kinds.values().sum()
    }

    fn print(&self, folder: &str) {
        let [facts, elsewhere, told, silent] = [&self.facts, &self.elsewhere, &self.only_diagnostic, &self.silent].map(Self::sum);
        println!("{folder}: {} pages, {} entries", self.pages, facts + elsewhere + told + self.refused + silent);
        println!("  {facts} facts: {:?}", self.facts);
        println!("  {elsewhere} facts whose place is not the heading: {:?}", self.elsewhere);
        println!("  {told} only a diagnostic: {:?}", self.only_diagnostic);
        println!("  {} on pages that give no facts", self.refused);
        println!("  {silent} silent: {:?}", self.silent);
        self.lost.iter().take(20).for_each(|l| println!("    {l}"));
        println!("  {} closed sets on pages that open them", self.closed.len());
        self.closed.iter().take(20).for_each(|l| println!("    {l}"));
    }
}

fn files(folder: &str) -> Option<Vec<PathBuf>> {
    let path = shared(folder)?;
    let mut names: Vec<PathBuf> = std::fs::read_dir(path).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    names.retain(|p| p.extension().is_some_and(|e| e == "md"));
    names.sort();
    Some(names)
}

fn account(folder: &str) -> Option<Account> {
    let mut account = Account::default();
    for path in files(folder)? {
        let shown = path.file_name().expect("a name").to_string_lossy().into_owned();
        let (mut sources, mut report) = (Sources::new(), Report::new());
        let file = sources.read(&path, &shown, &mut report).expect("a readable page");
        account.take(folder, &shown, &sources, file, report);
    }
    Some(account)
}

/// Whether a fact begins on a line of the entry. A row that says only that other codes may come is the fact that the set is open,
/// which has no place.
fn is_fact(entry: &Entry, facts: &BTreeSet<usize>, open: Option<bool>) -> bool {
    let opens = entry.kind == Kind::ReturnRow && open == Some(true) && lines::is_other(&entry.text);
    opens || !facts.is_disjoint(&entry.lines)
}

/// The forms that are easily overlooked, in a page of our own: if this reader loses them, the test below demands nothing.
#[test]
fn the_reader_of_the_tests_sees_every_form_of_entry() {
    let page = include_str!("accounting/forms.md");
    let found: Vec<String> = lines::read(page)
        .entries
        .iter()
        .map(|e| format!("{:?} {}-{} {}", e.kind, e.lines.first().unwrap(), e.lines.last().unwrap(), e.text))
        .collect();
    let expected: Vec<&str> = include_str!("accounting/forms.txt").lines().collect();
    assert_eq!(found, expected);
    assert_eq!(words::opens(&lines::read(page).returns), Some("other status"));
}

/// Whether the name in a heading is a fact, with what the heading's brackets state, though its place is the prototype.
fn is_named(entry: &Entry, names: &BTreeMap<String, bool>) -> bool {
    let known = lines::heading_name(entry).and_then(|name| names.get(&name));
    known.is_some_and(|bracketed| *bracketed || !entry.text.contains('['))
}

/// A page of our own, with a list of one entry and what else follows.
fn made_up(uid: &str, section: &str, list: &str) -> String {
    let front = format!("---\nUID: {uid}\ntitle: Odd\nreq.header: odd.h\nreq.typenames: ODD\n---\n\n# Odd\n\n");
    format!("{front}## -{section}\n\n{list}\n## -remarks\n\nText.\n")
}

/// Forms that no page of the samples has: each is an entry for the reader of the tests, and a fact or a diagnostic, wherever it stands.
#[test]
fn no_form_that_nobody_has_seen_is_lost() {
    let shapes: &[(&str, &str, &str)] = &[
        ("NF:odd.Odd", "parameters", include_str!("accounting/parameters.txt")),
        ("NS:odd._ODD", "struct-fields", include_str!("accounting/fields.txt")),
        ("NE:odd._ODD", "enum-fields", include_str!("accounting/enumerators.txt")),
    ];
    let mut account = Account::default();
    for (uid, section, forms) in shapes {
        for form in forms.split("\n%%\n") {
            let above =
                if *section == "parameters" { "### -param Above [in]\n\nText.\n\n" } else { "### -field ABOVE_IT\n\nText.\n\n" };
            for before in ["", above] {
                let text = made_up(uid, section, &format!("{before}{form}\n"));
                let own = made_up(uid, section, before);
                let found = lines::read(&text).entries.len() - lines::read(&own).entries.len();
                assert_eq!(
                    found,
                    form.matches("Odd").count() + form.matches("ODD_").count(),
                    "{section}: {before}{form}: {:#?}",
                    lines::read(&text).entries
                );
                let mut sources = Sources::new();
                let file = sources.add("odd.md", &text);
                account.take(section, form, &sources, file, Report::new());
            }
        }
    }
    assert!(account.lost.is_empty(), "{:#?}", account.lost);
    assert!(account.pages > 80, "{}", account.pages);
}

/// All samples, one after the other; what is wrong with any of them is told together.
#[test]
fn each_structural_entry_is_a_fact_or_a_diagnostic() {
    let mut wrong = Vec::new();
    for sample in &SAMPLES {
        let Some(account) = account(sample.folder) else { return };
        account.print(sample.folder);
        let told = Account::sum(&account.only_diagnostic);
        if std::env::var_os("WSK_ACCOUNT_ALL").is_some() {
            account.lost.iter().for_each(|l| println!("silent {l}"));
            account.told.iter().for_each(|l| println!("told {l}"));
            account.closed.iter().for_each(|l| println!("closed {l}"));
        }
        let limits = [
            (account.lost.len(), 0, "entries are silent"),
            (account.closed.len(), 0, "closed sets on pages that open them"),
            (Account::sum(&account.elsewhere), sample.elsewhere, "headings are facts only by their name"),
            (told, sample.only_diagnostic, "entries are only a diagnostic"),
            (account.refused, sample.refused, "entries are on pages that give no facts"),
        ];
        for (count, most, what) in limits.into_iter().filter(|(count, most, _)| count > most) {
            wrong.push(format!("{}: {count} {what}; at most {most} may be", sample.folder));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
