//! Every fact of every vendor page, changed once: `sync` notices it, and `diff` says what it means.

#![allow(clippy::indexing_slicing, clippy::string_slice, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use common::{load_spec, shared};
use rayon::prelude::*;
use wsk_codegen::corpus::Options;
use wsk_codegen::diff::{Class, diff_pages};
use wsk_codegen::facts::{ApiKind, Direction, FactKind, FactPath, ItemKind, Tree};
use wsk_codegen::source::{MessageFormat, Report, Sources, Span};
use wsk_codegen::spec::Loaded;
use wsk_codegen::sync::{ErratumState, Lock, PageFindings, sync};
use wsk_codegen::vendor::{self, ApiFacts, FieldFacts, ItemFacts, PageFacts, ParamFacts};

/// One fact changed.
struct Mutation {
    /// What was changed, for people.
    what: String,
    /// The page as it is now.
    text: String,
    /// The fact that `diff` must name, and what it must say of it.
    fact: String,
    class: Class,
}

struct Source {
    stem: String,
    text: String,
    facts: PageFacts,
}

fn pages(folder: &Path) -> Vec<Source> {
    let mut names: Vec<_> = std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    names.sort();
    names
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).expect("a page").replace("\r\n", "\n");
            let stem = path.file_stem().and_then(|s| s.to_str()).expect("a name").to_owned();
            let facts = read(&stem, &text).0.expect("a page with facts");
            Source { stem, text, facts }
        })
        .collect()
}

fn read(stem: &str, text: &str) -> (Option<PageFacts>, Sources, Report) {
    let (mut sources, mut report) = (Sources::new(), Report::new());
    let file = sources.add(format!("{stem}.md"), text);
    let facts = vendor::read(&sources, file, &mut report);
    (facts, sources, report)
}

/// The text with the first `old` of a place replaced.
fn replaced(text: &str, span: Span, old: &str, new: &str) -> String {
    let at = span.start + text[span.start..].find(old).unwrap_or_else(|| panic!("`{old}` in {:?}", &text[span.start..span.end]));
    format!("{}{new}{}", &text[..at], &text[at + old.len()..])
}

/// The line that a place is in, changed.
fn with_line(text: &str, span: Span, change: impl Fn(&str) -> String) -> String {
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = span.start + text[span.start..].find('\n').unwrap_or(text.len() - span.start);
    format!("{}{}{}", &text[..start], change(&text[start..end]), &text[end..])
}

fn names_and_levels(page: &Source) -> Vec<Mutation> {
    let text = page.text.as_str();
    let mut found = Vec::new();
    let mut push = |what: String, text: String, fact: String, class: Class| found.push(Mutation { what, text, fact, class });
    match &page.facts.item {
        ItemFacts::Api(api) => {
            for param in &api.params {
                let name = param.name.value.as_str();
                let span = param.name.span;
                push(
                    format!("name of {name}"),
                    replaced(text, span, name, &format!("{name}X")),
                    format!("params.{name}X.name"),
                    // Calls pass a parameter by its place; what is named after it is another thing.
                    if api.kind == Some(ApiKind::Callback) || !param.values.is_empty() || !goes_in(param) {
                        Class::Source
                    } else {
                        Class::Compatible
                    },
                );
                let heading = |brackets: &str| {
                    with_line(text, span, |line| format!("{} {brackets}", line.split('[').next().unwrap_or(line).trim_end()))
                };
                let (other, both) = match param.direction.map(|d| d.as_str()) {
                    Some("in") => ("out", "in, optional"),
                    Some("out") => ("in", "out, optional"),
                    Some(_) => ("in", "in, out, optional"),
                    None => ("out", "in, optional"),
                };
                // A direction that was not stated before is one that is said now.
                let class = if param.direction.is_some() { Class::Source } else { Class::Documentation };
                let optional = if param.optional == Some(true) { ", optional" } else { "" };
                push(
                    format!("direction of {name}"),
                    heading(&format!("[{other}{optional}]")),
                    format!("params.{name}.direction"),
                    class,
                );
                let both = if param.optional == Some(true) { both.trim_end_matches(", optional") } else { both };
                push(format!("optionality of {name}"), heading(&format!("[{both}]")), format!("params.{name}.optional"), class);
                // Some descriptions begin with the direction, too; then it is still said.
                let below = text.get(span.end..).and_then(|t| t.split_once('\n')).map_or("", |(_, below)| below.trim_start());
                if param.direction.is_some() && !below.starts_with('[') {
                    push(
                        format!("{name} without brackets"),
                        heading(""),
                        format!("params.{name}.direction"),
                        Class::Documentation,
                    );
                }
                for value in &param.values {
                    let fact = format!("values.{name}.{value}");
                    push(format!("value {value}"), replaced(text, value.span, value, &format!("{value}_X")), fact, Class::Source);
                }
            }
            for code in &api.codes {
                let fact = format!("returns.codes.{code}");
                push(format!("code {code}"), replaced(text, code.span, code, &format!("{code}_X")), fact, Class::Source);
            }
            if let Some(levels) = &api.irql_text {
                let (other, class) = other_level(api, levels);
                let fact = FactPath::new(FactKind::IrqlCase, &[api.irql[0].when.as_deref().unwrap_or("always")]).to_string();
                push("level".to_owned(), replaced(text, levels.span, level_in(levels), other), fact, class);
                let gone = with_line(text, levels.span, |line| format!("{}:", line.split(':').next().unwrap_or_default()));
                push("level gone".to_owned(), gone, "irql".to_owned(), Class::Documentation);
            }
        }
        ItemFacts::Struct(structure) => {
            for FieldFacts { name, .. } in &structure.fields {
                let fact = format!("fields.{name}X.name");
                push(format!("field {name}"), replaced(text, name.span, name, &format!("{name}X")), fact, Class::Source);
            }
        }
        // Control codes have a test of their own.
        ItemFacts::Enum(_) | ItemFacts::Control(_) => {}
    }
    found
}

fn goes_in(param: &ParamFacts) -> bool {
    param.reserved || param.direction == Some(Direction::In)
}

/// The level of a phrase with its operator.
fn level_in(phrase: &str) -> &str {
    phrase.split('(').next().unwrap_or(phrase).trim()
}

/// Another level, and what it means: callers are hit by a lower one, callbacks by any.
fn other_level(api: &ApiFacts, phrase: &str) -> (&'static str, Class) {
    let is_passive = level_in(phrase) == "PASSIVE_LEVEL";
    let loosened = if api.kind == Some(ApiKind::Callback) { Class::Source } else { Class::Compatible };
    if is_passive { ("<= DISPATCH_LEVEL", loosened) } else { ("PASSIVE_LEVEL", Class::Source) }
}

fn types(page: &Source) -> Vec<Mutation> {
    let text = page.text.as_str();
    let mut found = Vec::new();
    let block = ["-prototype", "-syntax"].iter().find_map(|title| {
        let start = text.find(&format!("## {title}\n"))?;
        let open = start + text[start..].find("```")?;
        let close = open + 3 + text[open + 3..].find("```")?;
        Some(open..close)
    });
    let Some(block) = block else { return found };
    // The type that a declaration ends with its name: the identifier before it, stars aside.
    let of_name = |name: &str, from: usize| -> Option<(usize, String)> {
        let code = &text[block.clone()];
        let at = code[from..].match_indices(name).map(|(at, _)| at + from).find(|at| {
            let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
            !is_word(code[..*at].chars().next_back()) && !is_word(code[at + name.len()..].chars().next())
        })?;
        let before = code[..at].trim_end_matches([' ', '*', '\n', '\t', '\u{a0}']);
        let start = before
            .rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .map_or(0, |s| s + before[s..].chars().next().map_or(1, char::len_utf8));
        Some((block.start + start, before[start..].to_owned()))
    };
    let mut push = |what: String, fact: String, at: usize, old: &str| {
        let new = if old == "PMDL" { "PIRP" } else { "PMDL" };
        let text = format!("{}{new}{}", &text[..at], &text[at + old.len()..]);
        found.push(Mutation { what, text, fact, class: Class::Source });
    };
    let open = |code: &str| text[block.clone()].find(code).unwrap_or(0);
    match &page.facts.item {
        ItemFacts::Api(api) => {
            let from = open("(");
            for param in api.params.iter().filter(|p| p.ty.is_some()) {
                // The list may call a parameter otherwise than the prototype; then its place tells it.
                let Some((at, old)) = of_name(&param.name, from) else { panic!("{}: no type of {}", page.stem, param.name) };
                push(format!("type of {}", param.name), format!("params.{}.type", param.name), at, &old);
            }
            if let Some(ty) = &api.return_type {
                let base = ty.split([' ', '*']).next().expect("a word");
                let at = block.start + text[block.clone()].find(&format!("\n{base} ")).map(|a| a + 1).expect("the return type");
                push("type that is returned".to_owned(), "returns.type".to_owned(), at, base);
            }
        }
        ItemFacts::Struct(structure) => {
            let from = open("{");
            for FieldFacts { name, ty, .. } in structure.fields.iter().filter(|f| f.ty.is_some()) {
                let Some((at, old)) = of_name(name, from) else { panic!("{}: no type of {name} ({ty:?})", page.stem) };
                push(format!("type of {name}"), format!("fields.{name}.type"), at, &old);
            }
            if let Some(is_union) = &structure.is_union {
                let text = replaced(text, is_union.span, "struct", "union");
                found.push(Mutation { what: "struct".to_owned(), text, fact: "union".to_owned(), class: Class::Runtime });
            }
        }
        // Control codes have a test of their own.
        ItemFacts::Enum(_) | ItemFacts::Control(_) => {}
    }
    found
}

/// What `sync` finds in a folder with that page alone.
fn findings(loaded: &Loaded, stem: &str, text: &str) -> PageFindings {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(format!("{stem}.md")), text).expect("a page");
    let options = Options { format: MessageFormat::Json, colour: false, progress: false };
    let mut report = Report::new();
    let (findings, said) = sync(&loaded.spec, &loaded.sources, &Lock::default(), folder.path(), options, &mut report);
    assert!(!report.has_errors(), "{stem}: {said}{:?}", report.diagnostics());
    findings.pages.into_iter().find(|p| p.page == stem).unwrap_or_default()
}

/// The facts that something is said of, with what is said.
fn said(findings: &PageFindings) -> BTreeSet<String> {
    let changes = findings.facts.iter().map(|c| format!("{} {:?} {:?}", c.fact, c.before, c.after));
    let silent = findings.silent.iter().map(|s| format!("{} silent", s.fact));
    let errata = findings.errata.iter().filter(|e| e.state != ErratumState::Holds).map(|e| format!("{} {:?}", e.fact, e.now));
    changes.chain(silent).chain(errata).collect()
}

fn check(folder: &Path, mutate: fn(&Source) -> Vec<Mutation>) -> usize {
    let loaded = load_spec();
    let counts: Vec<usize> = pages(folder)
        .par_iter()
        .map(|page| {
            let mutations = mutate(page);
            let before = said(&findings(&loaded, &page.stem, &page.text));
            let old = |text: &str| -> Tree {
                let (facts, sources, _) = read(&page.stem, text);
                facts.and_then(|facts| vendor::facts_of(&facts, &sources)).into_iter().collect()
            };
            for mutation in &mutations {
                let context = format!("{}: {}", page.stem, mutation.what);
                assert_ne!(mutation.text, page.text, "{context}");
                let after = said(&findings(&loaded, &page.stem, &mutation.text));
                assert_ne!(after, before, "sync does not notice: {context}");

                let changes = diff_pages(&old(&page.text), &old(&mutation.text));
                let named = changes.iter().find(|c| c.fact == mutation.fact);
                let named = named.unwrap_or_else(|| panic!("diff does not name {}: {context}: {changes:#?}", mutation.fact));
                assert_eq!(named.class, mutation.class, "{context}: {named:?}");
                assert!(named.kind == ItemKind::Struct || !named.reason.is_empty(), "{context}");
            }
            mutations.len()
        })
        .collect();
    counts.iter().sum()
}

#[test]
fn every_name_direction_code_level_field_and_flag_of_2024() {
    let Some(folder) = shared("ddi-2024-03") else { return };
    let count = check(&folder, names_and_levels);
    println!("{count} mutations, each noticed by sync and classified by diff");
    assert!(count > 950, "{count}");
}

#[test]
fn every_type_of_2018() {
    let Some(folder) = shared("ddi-2018-01") else { return };
    let count = check(&folder, types);
    println!("{count} mutations, each noticed by sync and classified by diff");
    assert!(count > 250, "{count}");
}
