//! The JSON contract is whole: each fact of the model is in `export`, with its place, and in the shape that the schema says.
//!
//! The model is walked by code of the test's own, which takes each structure apart without `..`: a field that is added to the model does
//! not compile here until it is looked for.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;

use std::fmt::Debug;

use common::{contract, load_spec, root, run_in, shared, stdout};
use serde_json::{Value, json};
use wsk_codegen::contract::Places;
use wsk_codegen::facts::LevelRange;
use wsk_codegen::facts::{FactKind, FactPath};
use wsk_codegen::source::Spanned;
use wsk_codegen::spec::{self, MemoryRule, Outcome, ParamLink, SocketEffect, Spec, When};

/// An object of the JSON, and how it is called in messages.
struct Object<'j> {
    what: String,
    json: &'j Value,
    facts: usize,
}

impl<'j> Object<'j> {
    /// The object of a list whose `key` is that.
    fn of(list: &'j Value, key: &str, name: &str) -> Self {
        let mut found = list.as_array().expect("a list").iter().filter(|o| o[key] == name);
        let json = found.next().unwrap_or_else(|| panic!("`{name}` is not in the JSON"));
        Self { what: name.to_owned(), json, facts: 0 }
    }

    fn is(&mut self, key: &str, value: impl Into<Value>) {
        self.facts += 1;
        let found = key.split('.').fold(self.json, |json, key| &json[key]);
        assert_eq!(*found, value.into(), "{}: {key}", self.what);
    }

    fn maybe(&mut self, key: &str, value: Option<&Spanned<String>>) {
        // A key may be missing, or null, where there is no such fact.
        self.is(key, value.map(|v| v.value.clone()));
    }

    fn list<T>(&mut self, key: &str, items: &[T], of: impl Fn(&T) -> Value) {
        self.is(key, items.iter().map(of).collect::<Vec<_>>());
    }

    /// That the places have that fact, or the fact around it, on that line of the spec-data page.
    fn stands<T: Debug>(&mut self, fact: &str, value: &Spanned<T>, loaded: &spec::Loaded) {
        self.facts += 1;
        let source = loaded.sources.get(value.span.file);
        assert_eq!(self.json["source"], source.path.as_str(), "{}", self.what);
        let places: Places = serde_json::from_value(self.json["places"].clone()).expect("places");
        let line = source.location(value.span.start).line;
        assert_eq!(places.line(&fact.parse().unwrap_or_else(|e| panic!("{e}"))), Some(line), "{}: {fact} ({value:?})", self.what);
    }
}

fn word(value: &Spanned<String>) -> Value {
    value.value.clone().into()
}

fn levels(range: LevelRange) -> Value {
    json!({ "min": range.min.map(wsk_codegen::facts::Level::as_str), "max": range.max.as_str() })
}

fn page(object: &mut Object<'_>, page: &spec::Page, loaded: &spec::Loaded) {
    let spec::Page { file: _, stem: _, name, header, since, upstream, summary, notes } = page;
    object.is("name", word(name));
    object.is("header", word(header));
    object.is("since", word(since));
    object.maybe("upstream", upstream.as_ref());
    object.is("summary", word(summary));
    object.list("notes", notes, word);
    for (fact, value) in [("name", name), ("header", header), ("since", since), ("summary", summary)] {
        object.stands(fact, value, loaded);
    }
}

fn tables(object: &mut Object<'_>, tables: &[spec::ValueTable], loaded: &spec::Loaded) {
    object.list("values", tables, |table| {
        let spec::ValueTable { of, combine, rows, other } = table;
        let rows: Vec<Value> = rows
            .iter()
            .map(|row| {
                let spec::Value { constant, excludes, level, callback, meaning } = row;
                json!({
                    "constant": word(constant),
                    "excludes": excludes.iter().map(word).collect::<Vec<_>>(),
                    "level": level.as_ref().map(|l| levels(l.value)),
                    "callback": callback.as_ref().map(word),
                    "meaning": word(meaning),
                })
            })
            .collect();
        json!({
            "of": word(of),
            "combine": if *combine == spec::Combine::Any { "any" } else { "one" },
            "open": other.is_some(),
            "other": other.as_ref().map(word),
            "rows": rows,
        })
    });
    for table in tables {
        table.rows.iter().for_each(|r| object.stands(&format!("values.{}.{}", table.of, r.constant), &r.constant, loaded));
        table.other.iter().for_each(|o| object.stands(&format!("values.{}.open", table.of), o, loaded));
    }
}

fn returns(object: &mut Object<'_>, returns: &spec::Returns, loaded: &spec::Loaded) {
    let codes = &returns.codes;
    object.list("returns.codes", codes, |c| word(&c.name));
    object.list("returns.meanings", codes, |code| {
        let spec::Code { name, meaning } = code;
        json!({ "name": word(name), "meaning": word(meaning) })
    });
    object.maybe("returns.other", returns.other.as_ref().map(spec::OtherCodes::meaning));
    codes.iter().for_each(|c| object.stands(&format!("returns.codes.{}", c.name), &c.name, loaded));
    returns.other.iter().for_each(|o| object.stands("returns.open.meaning", o.meaning(), loaded));
}

fn effect(effect: &SocketEffect) -> Value {
    match effect {
        SocketEffect::Kind(kind) => json!({ "effect": "kind", "kind": kind.as_str() }),
        SocketEffect::State(state) => json!({ "effect": "state", "state": state.as_str() }),
        SocketEffect::Becomes(state, kind) => {
            json!({ "effect": "becomes", "state": state.as_str(), "kind": kind.map(spec::SocketKind::as_str) })
        }
        SocketEffect::Information(outcome) => {
            let (holds, kind, of) = match outcome {
                Outcome::Bytes => ("bytes", None, None),
                Outcome::Socket(kind) => ("socket", Some(kind.as_str()), None),
                Outcome::SocketOf(param) => ("socket", None, Some(param)),
            };
            json!({ "effect": "information", "holds": holds, "kind": kind, "of": of })
        }
    }
}

fn api(object: &mut Object<'_>, api: &spec::Api, loaded: &spec::Loaded) {
    let spec::Api { page: of_page, kind, typedef, library, undoes, signature, declared_at, params, values, returns: codes, irql } =
        api;
    page(object, of_page, loaded);
    object.is("kind", kind.as_str());
    object.stands("kind", kind, loaded);
    object.maybe("typedef", typedef.as_ref());
    object.maybe("library", library.as_ref());
    object.list("undoes", undoes, word);
    undoes.iter().for_each(|u| object.stands(&format!("undoes.{u}"), u, loaded));
    object.is("returns.type", signature.ret.spelling());
    object.is("returns.open", codes.open());
    object.stands("returns.type", &Spanned::new((), *declared_at), loaded);
    // What closes a set is that no row is left open: the heading of the table; of a function that returns nothing, its declaration.
    if codes.other.is_none() {
        object.stands("returns.open", &Spanned::new((), codes.at.unwrap_or(*declared_at)), loaded);
    }
    assert_eq!(object.json["params"].as_array().map(Vec::len), Some(signature.params.len()));
    for (declared, json) in signature.params.iter().zip(object.json["params"].as_array().unwrap()) {
        assert_eq!((&json["name"], &json["type"]), (&word(declared.name.as_ref().unwrap()), &declared.ty.spelling().into()));
    }
    for param in params {
        let spec::Param { name, direction, optional, reserved, memory, effects, links, meaning } = param;
        let mut of_param = Object::of(&object.json["params"], "name", name);
        of_param.is("direction", direction.as_str().replace(", ", ""));
        of_param.is("optional", *optional);
        of_param.is("reserved", *reserved);
        of_param.list("memory", memory, |m| MemoryRule::as_str(m.value).into());
        of_param.list("effects", effects, |e| effect(e));
        of_param.list("links", links, |l| {
            let link = match l.value {
                ParamLink::BytesIn(_) => "bytes in",
                ParamLink::TotalIn(_) => "total in",
                ParamLink::AcceptedIn(_) => "accepted in",
                ParamLink::TableOf(_) => "table of",
            };
            json!({ "link": link, "param": l.param() })
        });
        of_param.is("meaning", word(meaning));
        object.facts += of_param.facts;
        object.stands(&format!("params.{name}"), name, loaded);
        object.stands(&format!("params.{name}.direction"), direction, loaded);
        let path = |kind, rule: &str| FactPath::new(kind, &[name, rule]).to_string();
        memory.iter().for_each(|m| object.stands(&path(FactKind::ParamMemory, m.as_str()), m, loaded));
        effects.iter().for_each(|e| object.stands(&path(FactKind::ParamEffect, &e.spelling()), e, loaded));
        links.iter().for_each(|l| object.stands(&path(FactKind::ParamLink, &l.spelling()), l, loaded));
    }
    for name in signature.params.iter().filter_map(|p| p.name.as_ref()) {
        object.stands(&format!("params.{name}.type"), name, loaded);
    }
    tables(object, values, loaded);
    returns(object, codes, loaded);
    object.list("irql", irql, |case| {
        let (when, terms) = match &case.when.value {
            When::Always => (Value::Null, Vec::new()),
            When::Otherwise => ("otherwise".into(), Vec::new()),
            When::All(terms) => {
                let terms = terms.iter().map(|spec::Term { param, values }| {
                    json!({ "param": word(param), "values": values.iter().map(word).collect::<Vec<_>>() })
                });
                (case.when.spelling().into(), terms.collect())
            }
        };
        let mut level = levels(case.range.value);
        level["when"] = when;
        level["terms"] = terms.into();
        level
    });
    let case = |c: &spec::IrqlCase| FactPath::new(FactKind::IrqlCase, &[&c.when.spelling()]).to_string();
    irql.iter().for_each(|c| object.stands(&case(c), &c.range, loaded));
}

/// `since`, what a field is, and where its length is.
fn doc(object: &mut Object<'_>, doc: &spec::FieldDoc) {
    let spec::FieldDoc { name: _, since, bytes_in, meaning } = doc;
    object.maybe("since", since.as_ref());
    object.maybe("bytes_in", bytes_in.as_ref());
    object.is("meaning", word(meaning));
}

fn names(object: &mut Object<'_>, names: &[wsk_codegen::c::Declared]) {
    object.list("names", names, |n| json!({ "name": word(&n.name), "type": n.ty.spelling() }));
}

fn structure(object: &mut Object<'_>, structure: &spec::Struct, index: &spec::Names<'_>, loaded: &spec::Loaded) {
    let spec::Struct { page: of_page, dispatch, socket, category, record, names: declared, fields } = structure;
    page(object, of_page, loaded);
    object.is("dispatch", dispatch.as_ref().map(|d| d.as_str()));
    object.is("socket", socket.as_ref().map(|s| s.as_str()));
    object.maybe("category", category.as_ref());
    object.maybe("tag", record.tag.as_ref());
    object.is("union", record.is_union);
    names(object, declared);
    let layout = index.record_layout(record).expect("a layout");
    let one = |l: spec::Layout| json!({ "size": l.size, "align": l.align });
    object.is("layout", json!({ "wide": one(layout.whole.wide), "narrow": one(layout.whole.narrow) }));
    assert_eq!(object.json["fields"].as_array().map(Vec::len), Some(record.fields.len()));
    for (field, (wide, narrow)) in record.fields.iter().zip(&layout.offsets) {
        let name = field.name.as_ref().expect("a name");
        let mut of_field = Object::of(&object.json["fields"], "name", name);
        of_field.is("type", field.ty.spelling());
        of_field.is("offset", json!({ "wide": wide, "narrow": narrow }));
        object.facts += of_field.facts;
        object.stands(&format!("fields.{name}.type"), name, loaded);
    }
    for row in fields {
        let mut of_field = Object::of(&object.json["fields"], "name", &row.name);
        doc(&mut of_field, row);
        object.facts += of_field.facts;
        object.stands(&format!("fields.{}", row.name), &row.name, loaded);
    }
    dispatch.iter().for_each(|d| object.stands("dispatch", d, loaded));
}

fn enumeration(object: &mut Object<'_>, enumeration: &spec::Enum, index: &spec::Names<'_>, loaded: &spec::Loaded) {
    let spec::Enum { page: of_page, enumeration: declared, names: all, variants } = enumeration;
    page(object, of_page, loaded);
    object.maybe("tag", declared.tag.as_ref());
    names(object, all);
    for (at, variant) in declared.variants.iter().enumerate() {
        let mut of_variant = Object::of(&object.json["variants"], "name", &variant.name);
        of_variant.is("value", index.variant(enumeration, at).expect("a value"));
    }
    for row in variants {
        let mut of_variant = Object::of(&object.json["variants"], "name", &row.name);
        doc(&mut of_variant, row);
        object.facts += of_variant.facts + 1;
        object.stands(&format!("variants.{}", row.name), &row.name, loaded);
    }
}

fn control(object: &mut Object<'_>, control: &spec::Control, index: &spec::Names<'_>, loaded: &spec::Loaded) {
    let spec::Control { page: of_page, function, operations, values, returns: codes } = control;
    page(object, of_page, loaded);
    object.is("function", word(function));
    object.is("code", index.eval(&index.constant(&of_page.name).unwrap().expr).unwrap());
    for operation in operations {
        let spec::Operation { name, request, level, input, output, size_returned, flags, irp, sockets, client_state, irql } =
            operation;
        let mut of_operation = Object::of(&object.json["operations"], "name", name);
        of_operation.maybe("request", request.as_ref());
        of_operation.maybe("level", level.as_ref());
        let data = |data: &spec::Data| if *data == spec::Data::None { Value::Null } else { data.spelling().into() };
        of_operation.is("input", data(input));
        of_operation.is("output", data(output));
        of_operation.is("size_returned", size_returned.value);
        of_operation.is(
            "flags",
            flags.as_ref().map_or(Value::Null, |f| {
                let spec::OperationFlags { of, combine, with } = &f.value;
                json!({ "of": of, "combine": if *combine == spec::Combine::Any { "any" } else { "one" }, "with": with })
            }),
        );
        of_operation.is("irp", irp.as_str());
        of_operation.list("sockets", sockets, |s| {
            let spec::SocketRule { kind, state } = s;
            json!({ "kind": kind.as_str(), "state": state.as_str() })
        });
        of_operation.is("client_state", client_state.as_ref().map(|s| s.as_str()));
        of_operation.is("irql.min", irql.min.map(wsk_codegen::facts::Level::as_str));
        of_operation.is("irql.max", irql.max.as_str());
        object.facts += of_operation.facts;
        object.stands(&format!("operations.{name}"), name, loaded);
        object.stands(&format!("operations.{name}.irp"), irp, loaded);
        object.stands(&format!("operations.{name}.irql"), irql, loaded);
        object.stands(&format!("operations.{name}.input"), input, loaded);
    }
    tables(object, values, loaded);
    returns(object, codes, loaded);
}

/// Rows of tables, and errata.
fn rows(json: &Value, loaded: &spec::Loaded) -> usize {
    let Spec { apis: _, structs: _, enums: _, controls: _, constants, guids, macros, statuses, types, versions, errata } =
        &loaded.spec;
    let index = spec::Names::new(&loaded.spec);
    let mut facts = 0;
    let mut check = |list: &str, name: &Spanned<String>, is: &dyn Fn(&mut Object<'_>)| {
        let mut object = Object::of(&json[list], "name", name);
        let source = loaded.sources.get(name.span.file);
        object.is("place", format!("{}:{}", source.path, source.location(name.span.start).line));
        is(&mut object);
        facts += object.facts;
    };
    for constant in constants {
        let spec::Constant { name, ty, expr, group, from, meaning } = constant;
        check("constants", name, &|o| {
            o.is("type", word(ty));
            o.is("expression", expr.spelling());
            o.is("value", index.eval(expr).unwrap());
            o.is("group", group.clone());
            o.maybe("from", from.as_ref());
            o.is("meaning", word(meaning));
        });
    }
    for spec::Guid { name, ty, value, meaning } in guids {
        check("identifiers", name, &|o| {
            o.is("type", word(ty));
            o.is("meaning", word(meaning));
            let digits = o.json["value"].as_str().unwrap().replace('-', "");
            assert_eq!(u128::from_str_radix(&digits, 16).ok(), Some(value.value));
            assert_eq!(o.json["value"], loaded.sources.slice(value.span), "as our table spells it");
        });
    }
    for spec::Macro { name, params, ty, expr, is_public, meaning } in macros {
        check("macros", name, &|o| {
            o.list("params", params, word);
            o.is("type", word(ty));
            o.is("expression", expr.spelling());
            o.is("public", *is_public);
            o.is("meaning", word(meaning));
        });
    }
    for spec::Status { name, value, meaning } in statuses {
        check("statuses", name, &|o| {
            o.is("value", value.value);
            o.is("meaning", word(meaning));
        });
    }
    for spec::WindowsVersion { name, build } in versions {
        check("versions", name, &|o| o.is("build", build.value));
    }
    for spec::TypeDef { name, is, meaning } in types {
        let one = |l: spec::Layout| json!({ "size": l.size, "align": l.align });
        check("types", name, &|o| {
            o.is("meaning", word(meaning));
            let (kind, rust, wdk_sys, layout, stands_for) = match is {
                spec::TypeKind::Scalar(rust) => ("scalar", Some(rust.value.clone()), None, None, None),
                spec::TypeKind::External { path, wdk_sys, layout } => {
                    let layout = layout.map(|l| json!({ "wide": one(l.wide), "narrow": one(l.narrow) }));
                    ("external", Some(path.value.clone()), wdk_sys.as_ref(), layout, None)
                }
                spec::TypeKind::Alias(ty) => ("alias", None, None, None, Some(ty.spelling())),
            };
            o.is("kind", kind);
            o.is("rust", rust);
            o.maybe("wdk_sys", wdk_sys);
            o.is("layout", layout);
            o.is("stands_for", stands_for);
        });
    }
    assert_eq!(json["errata"].as_array().map(Vec::len), Some(errata.len()));
    for (erratum, found) in errata.iter().zip(json["errata"].as_array().unwrap()) {
        let spec::Erratum { page, fact, upstream, value, revision, reason, evidence, span } = erratum;
        let mut object = Object { what: format!("{page} {fact}"), json: found, facts: 0 };
        object.is("page", word(page));
        object.is("fact", word(fact));
        object.maybe("upstream", upstream.as_ref());
        object.maybe("value", value.as_ref());
        object.maybe("revision", revision.as_ref());
        object.is("reason", word(reason));
        object.is("evidence", word(evidence));
        let source = loaded.sources.get(span.file);
        object.is("place", format!("{}:{}", source.path, source.location(span.start).line));
        facts += object.facts;
    }
    facts
}

#[test]
fn each_fact_of_the_model_is_exported_with_its_place() {
    let loaded = load_spec();
    let output = run_in(&root(), &["export"]);
    assert!(output.status.success());
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let index = spec::Names::new(&loaded.spec);
    let mut facts = rows(&json, &loaded);
    for of in &loaded.spec.apis {
        // Two APIs share the name WskRelease; exports have no type.
        let mut object = match &of.typedef {
            Some(typedef) => Object::of(&json["apis"], "typedef", typedef),
            None => Object::of(&json["apis"], "name", &of.page.name),
        };
        api(&mut object, of, &loaded);
        facts += object.facts;
    }
    for of in &loaded.spec.structs {
        let mut object = Object::of(&json["structs"], "name", &of.page.name);
        structure(&mut object, of, &index, &loaded);
        facts += object.facts;
    }
    for of in &loaded.spec.enums {
        let mut object = Object::of(&json["enums"], "name", &of.page.name);
        enumeration(&mut object, of, &index, &loaded);
        facts += object.facts;
    }
    for of in &loaded.spec.controls {
        let mut object = Object::of(&json["controls"], "name", &of.page.name);
        control(&mut object, of, &index, &loaded);
        facts += object.facts;
    }
    println!("{facts} facts and places");
    assert!(facts > 5_000, "{facts}: the walk has lost its way");
}

/// Each erratum is named by the fact that it governs, and each page of the vendor's has the revision that was reviewed.
#[test]
fn facts_name_their_errata_and_pages_the_revision_that_was_reviewed() {
    let loaded = load_spec();
    let output = run_in(&root(), &["export"]);
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let items: Vec<&Value> = ["apis", "structs", "enums", "controls"].iter().flat_map(|l| json[l].as_array().unwrap()).collect();
    for (erratum, exported) in loaded.spec.errata.iter().zip(json["errata"].as_array().unwrap()) {
        let of_page: Vec<&&Value> = items.iter().filter(|i| i["upstream"] == erratum.page.value.as_str()).collect();
        assert!(!of_page.is_empty(), "{}: no item has this page", erratum.page);
        for item in of_page {
            let places = item["provenance"]["errata"][&erratum.fact.value].as_array();
            assert!(places.is_some_and(|places| places.contains(&exported["place"])), "{} {}", erratum.page, erratum.fact);
        }
    }
    let linked = |item: &&Value| -> usize {
        let errata = item["provenance"]["errata"].as_object();
        errata.map_or(0, |facts| facts.values().map(|places| places.as_array().unwrap().len()).sum())
    };
    assert_eq!(items.iter().map(linked).sum::<usize>(), loaded.spec.errata.len(), "none is linked that is not there");
    let lock = std::fs::read_to_string(root().join("spec-data/upstream-lock.yaml")).expect("the lock");
    let lock: wsk_codegen::sync::Lock = serde_saphyr::from_str(&lock).expect("a lock");
    for item in items.iter().filter(|i| i["upstream"].is_string()) {
        let locked = lock.pages.get(item["upstream"].as_str().unwrap());
        let reviewed = locked.map(|l| json!({ "revision": l.revision, "gone": l.gone })).unwrap_or_default();
        assert_eq!(item["provenance"]["reviewed"], reviewed, "{}", item["name"]);
    }
    assert!(items.iter().filter(|i| i["provenance"]["reviewed"]["revision"].is_string()).count() > 50);
}

/// What is exported, and what is imported of all the pages at hand, has the shape of the committed schema.
#[test]
fn exports_and_imports_fit_the_schema() {
    let text = std::fs::read_to_string(root().join("codegen/schema/contract.schema.json")).expect("the schema is committed");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let fits = |what: &str, json: &Value| {
        let errors: Vec<String> = validator.iter_errors(json).take(5).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{what}: {errors:#?}");
    };
    fits("export", &serde_json::to_value(contract()).expect("JSON"));
    for folder in ["ddi-2018-01", "ddi-2024-03", "seed"] {
        let Some(pages) = shared(folder) else { return };
        let output = run_in(&root(), &["import", "--message-format", "json", pages.to_str().expect("a path")]);
        fits(folder, &serde_json::from_slice(&output.stdout).expect("JSON"));
    }
}

/// What is read from a vendor page has its line in that page, and no key that only our own pages can fill.
#[test]
fn imported_facts_have_the_lines_of_the_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "---\nUID: NC:thing.PFN_THING_SEND\nreq.header: thing.h\nreq.target-min-winverclnt: Windows Vista\nreq.irql: PASSIVE_LEVEL\n\
                ---\n\n# PFN_THING_SEND callback function\n\n## -description\n\nThe **ThingSend** function.\n\n## -parameters\n\n\
                ### -param Socket [in]\n\nA socket.\n\n## -returns\n\n**STATUS_SUCCESS**\n";
    std::fs::write(folder.path().join("nc-thing-pfn_thing_send.md"), text).expect("a page");
    let output = run_in(folder.path(), &["import", "nc-thing-pfn_thing_send.md"]);
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let api = &json["apis"][0];
    let places: Places = serde_json::from_value(api["places"].clone()).expect("places");
    let line = |needle: &str| text.lines().position(|l| l.contains(needle)).map(|at| at + 1);
    assert_eq!(places.line(&"header".parse().expect("a path")), line("req.header"));
    assert_eq!(places.line(&"since".parse().expect("a path")), line("winverclnt"));
    assert_eq!(places.line(&"irql.always".parse().expect("a path")), line("req.irql"));
    assert_eq!(places.line(&"params.Socket.direction".parse().expect("a path")), line("-param Socket"));
    assert_eq!((&api["source"], &api["upstream"]), (&json!("nc-thing-pfn_thing_send.md"), &json!("nc-thing-pfn_thing_send")));
    for key in ["summary", "notes", "undoes", "values", "provenance"] {
        assert!(api.get(key).is_none(), "{key}: {}", stdout(&output));
    }
    for key in ["memory", "effects", "links", "meaning"] {
        assert!(api["params"][0].get(key).is_none(), "{key}");
    }
}
