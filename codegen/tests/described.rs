//! What the model says is said to people: `explain` and the emitted docs have each fact that is not a type.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;

use std::collections::BTreeMap;

use common::load_spec;
use wsk_codegen::emit::emit;
use wsk_codegen::explain::{Explanation, explain};
use wsk_codegen::facts::snake_case;
use wsk_codegen::spec::{self, MemoryRule, ParamLink, SocketEffect};

/// A text without line breaks, comment marks, indentation, escapes and marks of names.
fn folded(text: &str) -> String {
    let lines = text.lines().map(|l| l.trim_start().trim_start_matches("///").trim());
    let text = lines.collect::<Vec<_>>().join(" ").replace(['`', '|'], " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Both texts about one item.
struct Texts {
    name: String,
    texts: [(&'static str, String); 2],
    facts: usize,
}

impl Texts {
    fn have(&mut self, fact: &str) {
        self.facts += 1;
        let fact = folded(fact);
        for (which, text) in &self.texts {
            assert!(text.contains(&fact), "{which} of {} does not say {fact:?}:\n{text}", self.name);
        }
    }
}

struct Whole {
    loaded: spec::Loaded,
    emitted: BTreeMap<String, String>,
}

impl Whole {
    fn new() -> Self {
        let loaded = load_spec();
        let files = emit(&loaded.spec, &loaded.sources).expect("files");
        Self { emitted: files.into_iter().map(|f| (f.path, folded(&f.contents))).collect(), loaded }
    }

    fn texts(&self, name: &str, module: &str) -> Texts {
        let Explanation::Found(explained) = explain(&self.loaded.spec, &self.loaded.sources, name) else { panic!("{name}") };
        let emitted = self.emitted.get(&format!("sys/{module}.rs")).unwrap_or_else(|| panic!("no file for {name}"));
        Texts { name: name.to_owned(), texts: [("explain", folded(&explained)), ("the docs", emitted.clone())], facts: 0 }
    }

    fn page(&self, texts: &mut Texts, page: &spec::Page) {
        texts.have(&page.summary);
        texts.have(&page.header);
        texts.have(&page.since);
        page.notes.iter().for_each(|n| texts.have(n));
        if let Some(upstream) = &page.upstream {
            texts.have(&format!("/{upstream}>"));
            for erratum in self.loaded.spec.errata.iter().filter(|e| e.page.value == upstream.value) {
                let value = |v: &Option<wsk_codegen::source::Spanned<String>>| {
                    v.as_ref().map_or("nothing".to_owned(), |v| v.value.clone())
                };
                texts.have(&format!("{} is {}", erratum.fact, value(&erratum.value)));
                texts.have(&format!("says {}", value(&erratum.upstream)));
                texts.have(&erratum.reason);
                texts.have(&erratum.evidence);
            }
        }
        texts.have(&format!("spec-data/{}", self.loaded.sources.get(page.file).path.trim_start_matches("spec-data/")));
    }
}

fn tables(texts: &mut Texts, tables: &[spec::ValueTable], returns: &spec::Returns) {
    for table in tables {
        texts.have(&format!("Values of {}", table.of));
        for row in &table.rows {
            texts.have(&format!("{} {}", row.constant, row.meaning));
            row.excludes.iter().for_each(|e| texts.have(e));
            row.level.iter().for_each(|l| texts.have(&format!("the level is {}.", l.spelling())));
            row.callback.iter().for_each(|c| texts.have(&format!("Stands for the event callback {c}")));
        }
        table.other.iter().for_each(|o| texts.have(&format!("any other {o}")));
    }
    returns.codes.iter().for_each(|c| texts.have(&format!("{} {}", c.name, c.meaning)));
    returns.other.iter().for_each(|o| texts.have(&format!("{} {}", o.label(), o.meaning())));
}

#[test]
fn apis_are_described_whole() {
    let whole = Whole::new();
    let mut facts = 0;
    for api in &whole.loaded.spec.apis {
        let module = api.typedef.as_ref().map_or_else(|| snake_case(&api.page.name), |t| t.to_lowercase());
        let mut texts = whole.texts(api.key(), &module);
        whole.page(&mut texts, &api.page);
        api.library.iter().for_each(|l| texts.have(l));
        api.typedef.iter().for_each(|t| texts.have(t));
        if let Some((first, others)) = api.undoes.split_first() {
            texts.have(&format!("Undoes {first}"));
            others.iter().for_each(|u| texts.have(u));
        }
        for table in whole.loaded.spec.tables_of(api) {
            texts.have(&table.page.name);
        }
        for param in &api.params {
            texts.have(&format!("{} {} {}", param.name, param.direction_text(), param.meaning));
            let name = &param.name;
            for rule in &param.memory {
                let word = match rule.value {
                    MemoryRule::NonPaged => "must be in non-paged memory",
                    MemoryRule::UntilCompletion => "must stay valid",
                    MemoryRule::UntilClose => "must stay valid until the socket is closed",
                    MemoryRule::UntilDeregistration => "must stay valid until the client is deregistered",
                    MemoryRule::DuringCall => "is valid only until the callback returns",
                    MemoryRule::SetUp => "must be set up by the caller",
                };
                texts.have(&format!("What {name} points to {word}"));
            }
            for effect in &param.effects {
                texts.have(&match &effect.value {
                    SocketEffect::Kind(kind) => format!("{name} is a {} socket", kind.as_str()),
                    SocketEffect::State(state) => format!("{name} must be in the state: {}", state.as_str()),
                    SocketEffect::Becomes(state, None) => format!("{name} is in the state: {}", state.as_str()),
                    SocketEffect::Becomes(state, Some(kind)) => {
                        format!("{name} , if it is a {} socket, is in the state: {}", kind.as_str(), state.as_str())
                    }
                    SocketEffect::Information(_) => format!("IoStatus.Information of {name} is"),
                });
            }
            for link in &param.links {
                texts.have(&match &link.value {
                    ParamLink::BytesIn(other) => format!("{name} has the size, in bytes, that {other} gives"),
                    ParamLink::TotalIn(other) => format!("{name} is a list of as many bytes as {other} gives"),
                    ParamLink::AcceptedIn(other) => format!("{other} receives its number of bytes"),
                    ParamLink::TableOf(other) => format!("the category of sockets that {other} names"),
                });
            }
        }
        tables(&mut texts, &api.values, &api.returns);
        match api.irql.as_slice() {
            [case] => texts.have(case.range.max.as_str()),
            cases => cases.iter().for_each(|c| texts.have(&format!("{} {}", c.when.spelling(), c.range.spelling()))),
        }
        facts += texts.facts;
    }
    assert!(facts > 800, "{facts}");
}

#[test]
fn types_and_control_codes_are_described_whole() {
    let whole = Whole::new();
    let spec = &whole.loaded.spec;
    for structure in &spec.structs {
        let mut texts = whole.texts(&structure.page.name, &snake_case(&structure.page.name));
        whole.page(&mut texts, &structure.page);
        structure.record.tag.iter().for_each(|t| texts.have(&format!("struct {t}")));
        structure.names.iter().for_each(|n| texts.have(&n.name));
        structure.socket.iter().for_each(|s| texts.have(&format!("for {} sockets", s.as_str())));
        structure.category.iter().for_each(|c| texts.have(&format!("which {c} asks for")));
        let whose = structure.dispatch.as_ref().map(|d| match d.value {
            spec::Dispatch::Provider => "A dispatch table of the provider's functions",
            spec::Dispatch::Client => "A dispatch table of a driver's event callbacks",
        });
        whose.iter().for_each(|w| texts.have(w));
        for field in &structure.fields {
            texts.have(&field.name);
            texts.have(&field.meaning);
            field.since.iter().for_each(|s| texts.have(&format!("Since {s}")));
            field.bytes_in.iter().for_each(|b| texts.have(&format!("{b} gives its number of bytes")));
        }
    }
    for enumeration in &spec.enums {
        let mut texts = whole.texts(&enumeration.page.name, &snake_case(&enumeration.page.name));
        whole.page(&mut texts, &enumeration.page);
        enumeration.names.iter().for_each(|n| texts.have(&n.name));
        enumeration.variants.iter().for_each(|v| texts.have(&v.meaning));
    }
    for control in &spec.controls {
        let mut texts = whole.texts(&control.page.name, &snake_case(&control.page.name));
        whole.page(&mut texts, &control.page);
        texts.have(&control.function);
        for operation in &control.operations {
            texts.have(&format!("Operation: {}", operation.name));
            operation.request.iter().for_each(|r| texts.have(&format!("Request type {r}")));
            operation.level.iter().for_each(|l| texts.have(&format!("Level {l}")));
            texts.have(if operation.size_returned.value { "output returned yes" } else { "output returned no" });
            [&operation.input, &operation.output].iter().for_each(|d| d.ty().iter().for_each(|ty| texts.have(&ty.spelling())));
            texts.have(&format!("IRP {}", operation.irp.as_str()));
            operation.sockets.iter().for_each(|s| texts.have(&s.spelling()));
            operation.client_state.iter().for_each(|s| texts.have(&format!("State of the client {}", s.as_str())));
            texts.have(&format!("IRQL {}", operation.irql.spelling()));
            if let Some(flags) = &operation.flags {
                let how = if flags.combine == spec::Combine::One { "one" } else { "any" };
                texts.have(&format!("Flags {how} of those of {}", flags.of));
                flags.with.iter().for_each(|w| texts.have(&format!("together with {w}")));
            }
        }
        tables(&mut texts, &control.values, &control.returns);
    }
}
