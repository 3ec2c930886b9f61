//! Each kind of fact of the vocabulary is in all that tells facts: `export`, `explain`, the docs that are emitted, `diff` and `sync`.
//!
//! The list of kinds is that of the vocabulary itself, so a kind that is added and forgotten somewhere fails here. Where a kind is rightly
//! missing, that stands in a table below with the reason, and an entry that is not needed fails as well.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::load_spec;
use wsk_codegen::contract;
use wsk_codegen::diff::{Change, diff_facts};
use wsk_codegen::emit::emit;
use wsk_codegen::explain::{Explanation, explain};
use wsk_codegen::facts::{Carried, FactKind, FactPath, Identity, Item, ItemKind, OPERATION_KINDS, Tree};
use wsk_codegen::spec::{Loaded, facts_of};

/// Kinds that spec-data has no fact of, with the reason.
const ONLY_OF_PAGES: &[(FactKind, &str)] = &[
    (FactKind::Item, "the whole item, which is no fact of it"),
    (FactKind::IrqlText, "words of the vendor's that are not understood; our pages have levels"),
    (FactKind::FieldKind, "our definitions nest structures in C"),
    (FactKind::FieldConstant, "our pages have the constants of fields in prose"),
];

/// The first fact of each kind, with its item.
fn examples(tree: &Tree) -> BTreeMap<FactKind, Vec<(Identity, FactPath, String)>> {
    let mut found: BTreeMap<FactKind, Vec<(Identity, FactPath, String)>> = BTreeMap::new();
    for (identity, item) in tree.iter() {
        for (path, fact) in item.facts() {
            let of_kind = found.entry(path.kind()).or_default();
            if of_kind.len() < 5 {
                of_kind.push((identity.clone(), path.clone(), fact.value.clone()));
            }
        }
    }
    found
}

fn spec() -> (Loaded, Tree) {
    let loaded = load_spec();
    let tree = facts_of(&loaded.spec);
    (loaded, tree)
}

#[test]
fn spec_data_has_a_fact_of_each_kind() {
    let (_, tree) = spec();
    let found = examples(&tree);
    let excused: BTreeSet<FactKind> = ONLY_OF_PAGES.iter().map(|(kind, _)| *kind).collect();
    for kind in FactKind::ALL {
        let has = found.contains_key(kind);
        let may_lack = excused.contains(kind);
        assert!(has || may_lack, "spec-data has no fact of the kind `{}`: there is nothing to test", kind.pattern());
        assert!(!(has && may_lack), "spec-data has facts of the kind `{}` now: remove it from the table", kind.pattern());
    }
}

/// All strings and numbers of a JSON value.
fn words(value: &serde_json::Value, into: &mut String) {
    match value {
        serde_json::Value::Array(items) => items.iter().for_each(|v| words(v, into)),
        serde_json::Value::Object(map) => map.iter().for_each(|(key, v)| {
            *into += key;
            into.push('\n');
            words(v, into);
        }),
        serde_json::Value::String(text) => {
            *into += text;
            into.push('\n');
        }
        other => {
            *into += &other.to_string();
            into.push('\n');
        }
    }
}

/// Kinds whose facts `export` has in another form, with what stands for them.
fn exported(kind: FactKind, item: &Item, value: &str) -> Vec<String> {
    match kind {
        // Put together from parts that are there.
        FactKind::Signature | FactKind::Definition | FactKind::Param | FactKind::Field | FactKind::Irql | FactKind::Types => {
            Vec::new()
        }
        FactKind::Params | FactKind::Fields | FactKind::Codes | FactKind::Variants => {
            value.split(", ").map(str::to_owned).collect()
        }
        FactKind::Size | FactKind::Alignment | FactKind::FieldOffset | FactKind::Layout | FactKind::Build => {
            value.split(|c: char| !c.is_ascii_digit()).filter(|d| !d.is_empty() && *d != "32").map(str::to_owned).collect()
        }
        FactKind::ParamDirection => vec![value.replace(", ", "")],
        FactKind::Values => vec![if value == "flags" { "any" } else { "one" }.to_owned()],
        // A number as such; the expression of a macro.
        FactKind::Value if item.kind == ItemKind::Identifier => Vec::new(),
        FactKind::Value => {
            let number = value.strip_prefix("0x").and_then(|hex| u64::from_str_radix(hex, 16).ok());
            vec![number.map_or_else(|| value.to_owned(), |n| n.to_string())]
        }
        FactKind::ConstantLevel | FactKind::IrqlCase | FactKind::OperationIrql => {
            value.split(' ').filter(|w| w.ends_with("_LEVEL") || *w == "DIRQL").map(str::to_owned).collect()
        }
        FactKind::ConstantExcludes | FactKind::MacroParams => value.split(", ").map(str::to_owned).collect(),
        FactKind::OperationSockets => Vec::new(),
        FactKind::OperationSocket => vec![value.split(' ').next().unwrap_or_default().to_owned()],
        FactKind::OperationFlags => value.split(' ').nth(2).map(str::to_owned).into_iter().collect(),
        FactKind::OperationInput | FactKind::OperationOutput if value == "none" => Vec::new(),
        FactKind::ParamEffect => {
            value.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| w.len() > 3).take(1).map(str::to_owned).collect()
        }
        FactKind::ParamLink => value.rsplit(' ').next().map(str::to_owned).into_iter().collect(),
        _ => vec![value.to_owned()],
    }
}

#[test]
fn export_has_each_kind() {
    let (loaded, tree) = spec();
    let json = serde_json::to_value(contract::of_spec(&loaded.spec, &loaded.sources, &Default::default())).expect("JSON");
    let mut all = String::from("\n");
    words(&json, &mut all);
    let (mut count, mut missed) = (0, Vec::new());
    for (kind, found) in examples(&tree) {
        for (identity, path, value) in found {
            for wanted in exported(kind, tree.get(&identity).unwrap(), &value) {
                if !all.contains(&format!("\n{wanted}\n")) {
                    missed.push(format!("export lacks {wanted:?}: {} {path}", identity.name));
                }
                count += 1;
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    println!("{count} values of {} kinds", FactKind::ALL.len());
    assert!(count > 150);
}

/// A text without its line breaks and markup.
fn folded(text: &str) -> String {
    let text: String = text.lines().map(|l| l.trim_start_matches([' ', '/']).to_owned() + " ").collect();
    text.replace('`', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What `explain` and the docs say of a fact: the words by which it is recognised; none for what stands in code.
fn said(kind: FactKind, item: &Item, path: &FactPath, value: &str) -> Vec<String> {
    match kind {
        FactKind::Signature
        | FactKind::Definition
        | FactKind::Types
        | FactKind::Param
        | FactKind::Field
        | FactKind::Irql
        | FactKind::OperationSockets => Vec::new(),
        FactKind::Params | FactKind::Fields | FactKind::Codes | FactKind::Variants => {
            value.split(", ").map(str::to_owned).collect()
        }
        FactKind::ParamOptional if value == "true" => vec!["optional".to_owned()],
        FactKind::ParamReserved if value == "true" => vec!["reserved".to_owned()],
        // The definition says it.
        FactKind::Union => Vec::new(),
        FactKind::ParamOptional | FactKind::ParamReserved | FactKind::ValuesOpen | FactKind::Open | FactKind::Public => {
            Vec::new()
        }
        FactKind::OperationSizeReturned | FactKind::OperationCode | FactKind::Values => Vec::new(),
        FactKind::OperationInput | FactKind::OperationOutput => Vec::new(),
        FactKind::ParamMemory | FactKind::ParamEffect => Vec::new(),
        FactKind::ParamLink => value.rsplit(' ').next().map(str::to_owned).into_iter().collect(),
        FactKind::Kind | FactKind::Dispatch if item.kind == ItemKind::Callback => vec!["callback".to_owned()],
        FactKind::Size | FactKind::Alignment | FactKind::FieldOffset | FactKind::Layout => Vec::new(),
        FactKind::FieldType | FactKind::ParamType | FactKind::ReturnType => Vec::new(),
        FactKind::OperationSocket => vec![path.name().to_owned()],
        FactKind::OperationFlags => Vec::new(),
        FactKind::Value | FactKind::VariantValue | FactKind::Is | FactKind::WdkSys | FactKind::From | FactKind::Type => {
            Vec::new()
        }
        FactKind::MacroParams | FactKind::Build => Vec::new(),
        FactKind::Undoes => vec![value.to_owned()],
        // What is so without exception is said in a sentence that begins with a level.
        FactKind::IrqlCase | FactKind::ConstantLevel | FactKind::OperationIrql => {
            value.split(' ').filter(|w| w.ends_with("_LEVEL") || *w == "DIRQL").map(str::to_owned).collect()
        }
        FactKind::ConstantExcludes => value.split(", ").map(str::to_owned).collect(),
        _ => vec![value.to_owned()],
    }
}

/// Kinds that the docs of the crate do not repeat, with the reason.
const NOT_IN_DOCS: &[(FactKind, &str)] =
    &[(FactKind::Upstream, "the address of the vendor's page is made of it"), (FactKind::Revision, "told by `export`")];

#[test]
fn explain_and_the_docs_have_each_kind() {
    let (loaded, tree) = spec();
    let files = emit(&loaded.spec, &loaded.sources).expect("files");
    let docs: String = files.iter().map(|f| folded(&f.contents)).collect();
    let left_out: BTreeSet<FactKind> = NOT_IN_DOCS.iter().map(|(kind, _)| *kind).collect();
    let (mut explained, mut documented, mut missed) = (0, 0, Vec::new());
    for (kind, found) in examples(&tree) {
        for (identity, path, value) in found {
            let item = tree.get(&identity).unwrap();
            if matches!(item.kind, ItemKind::Version | ItemKind::Erratum | ItemKind::Type) {
                continue;
            }
            let Explanation::Found(text) = explain(&loaded.spec, &loaded.sources, &identity.name) else {
                panic!("{} is not explained", identity.name)
            };
            let text = folded(&text);
            for wanted in said(kind, item, &path, &value) {
                let wanted = folded(&wanted);
                if !text.contains(&wanted) {
                    missed.push(format!("explain {} lacks {path}: {wanted:?}", identity.name));
                }
                explained += 1;
                if !left_out.contains(&kind) {
                    if !docs.contains(&wanted) {
                        missed.push(format!("the docs lack {} {path}: {wanted:?}", identity.name));
                    }
                    documented += 1;
                }
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    println!("{explained} facts are explained, {documented} documented");
    assert!(explained > 120 && documented > 100, "{explained} {documented}");
}

/// An item without a fact and what is part of it.
fn without(item: &Item, path: &FactPath) -> Item {
    let mut item = item.clone();
    item.retain(|p| p != path && !p.ancestors().any(|above| above == *path));
    item
}

#[test]
fn diff_tells_each_kind() {
    let (loaded, tree) = spec();
    let one = |identity: &Identity, item: Item| -> Tree { [(identity.clone(), item)].into_iter().collect() };
    let mut kinds = BTreeSet::new();
    for (kind, found) in examples(&tree) {
        let (identity, path, _) = &found[0];
        let item = tree.get(identity).unwrap();
        let (old, new) = (one(identity, item.clone()), one(identity, without(item, path)));
        let changes: Vec<Change> = diff_facts((&old, &loaded.sources), (&new, &loaded.sources));
        let is_told = changes.iter().any(|c| !c.reason.is_empty() && !c.action.is_empty());
        // What is put together from others, or told with its table, is told by these.
        let by_others = kind.is_derived() || matches!(kind, FactKind::ValuesOpen | FactKind::Types);
        assert!(is_told || by_others, "{} {path}: {changes:?}", identity.name);
        kinds.insert(kind);
    }
    assert_eq!(kinds.len() + ONLY_OF_PAGES.iter().filter(|(kind, _)| !kinds.contains(kind)).count(), FactKind::ALL.len());
}

/// What pages of the vendor's carry `sync` compares: `tests/mutations.rs` and `tests/controls.rs` change each such fact. Here is that no
/// kind is carried without being one of those.
#[test]
fn sync_compares_each_kind_that_pages_carry() {
    let changed_by_mutations = [
        FactKind::Item,
        FactKind::Params,
        FactKind::Param,
        FactKind::ParamName,
        FactKind::ParamType,
        FactKind::ParamDirection,
        FactKind::ParamOptional,
        FactKind::ParamReserved,
        FactKind::Constant,
        FactKind::ReturnType,
        FactKind::Codes,
        FactKind::Code,
        FactKind::Open,
        FactKind::Irql,
        FactKind::Fields,
        FactKind::Field,
        FactKind::FieldName,
        FactKind::FieldType,
        FactKind::Union,
        FactKind::Name,
        FactKind::Kind,
        FactKind::Header,
        FactKind::Since,
        FactKind::Library,
        // Of enumerations there is no page of wsk.h; `sync/apply.rs` takes them as it takes fields.
        FactKind::Variants,
        FactKind::Variant,
        FactKind::VariantValue,
    ];
    let of_controls = [FactKind::Function, FactKind::Operation, FactKind::ConstantCallback].into_iter().chain(OPERATION_KINDS);
    let known: BTreeSet<FactKind> = changed_by_mutations.into_iter().chain(of_controls).collect();
    let carried: BTreeSet<FactKind> = FactKind::ALL.iter().copied().filter(|kind| kind.carried() != Carried::Never).collect();
    assert_eq!(carried, known);
}
