//! The model → the contract: APIs and rows of tables. Structures, enumerations and control operations are in [`super::spec_data`].

use std::collections::BTreeMap;

use super::api::{Api, Code, Combine, Effect, Irql, Levels, Link, Param, Returns, Term, Value, ValueTable};
use super::places::Places;
use super::provenance::{Origins, Provenance, Reviewed};
use super::table::{Constant, Erratum, Identifier, Macro, Status, Type, TypeKind, Version};
use super::{Contract, spec_data};
use crate::c::CType;
use crate::facts::{Identity, ItemKind, LevelRange};
use crate::source::{Sources, Span, Spanned};
use crate::spec::{self, MemoryRule, Names, Outcome, ParamLink, SocketEffect, Spec, When, facts_of};

/// Where the facts of an item stand, and where they are from.
pub(super) type Origin = (Places, Option<Provenance>);

/// The contract of a model; `reviewed` is what is known of the vendor's pages, by their names. A constant or control code without a value, which `lint` reports, is left out.
#[must_use]
pub fn of_spec(spec: &Spec, sources: &Sources, reviewed: &BTreeMap<String, Reviewed>) -> Contract {
    let origins = Origins::new(spec, sources, reviewed);
    let names = Names::new(spec);
    let tree = facts_of(spec);
    let places = |kind: ItemKind, page: &spec::Page, name: &str| {
        tree.get(&Identity::new(kind, &page.header, name)).map(|item| Places::of(item, sources)).unwrap_or_default()
    };
    let place = |at: Span| {
        let source = sources.get(at.file);
        Some(format!("{}:{}", source.path, source.line(at.start)))
    };
    Contract {
        apis: spec
            .apis
            .iter()
            .map(|api| of_api(api, sources, (places(api.kind.value.into(), &api.page, api.key()), origins.of(&api.page))))
            .collect(),
        structs: spec
            .structs
            .iter()
            .map(|s| {
                spec_data::structure(s, &names, sources, (places(ItemKind::Struct, &s.page, &s.page.name), origins.of(&s.page)))
            })
            .collect(),
        enums: spec
            .enums
            .iter()
            .map(|e| {
                spec_data::enumeration(e, &names, sources, (places(ItemKind::Enum, &e.page, &e.page.name), origins.of(&e.page)))
            })
            .collect(),
        constants: spec
            .constants
            .iter()
            .filter_map(|c| {
                Some(Constant {
                    name: c.name.value.clone(),
                    value: names.eval(&c.expr).ok()?,
                    ty: Some(c.ty.value.clone()),
                    expression: Some(c.expr.spelling()),
                    group: Some(c.group.clone()),
                    from: text(c.from.as_ref()),
                    meaning: Some(c.meaning.value.clone()),
                    place: place(c.name.span),
                })
            })
            .collect(),
        statuses: spec
            .statuses
            .iter()
            .map(|s| Status {
                name: s.name.value.clone(),
                value: s.value.value,
                meaning: Some(s.meaning.value.clone()),
                place: place(s.name.span),
            })
            .collect(),
        controls: spec
            .controls
            .iter()
            .filter_map(|c| {
                spec_data::control(c, &names, sources, (places(ItemKind::Control, &c.page, &c.page.name), origins.of(&c.page)))
            })
            .collect(),
        identifiers: spec
            .guids
            .iter()
            .map(|g| Identifier {
                name: g.name.value.clone(),
                ty: g.ty.value.clone(),
                value: guid(g.value.value),
                meaning: g.meaning.value.clone(),
                place: place(g.name.span),
            })
            .collect(),
        macros: spec
            .macros
            .iter()
            .map(|m| Macro {
                name: m.name.value.clone(),
                params: texts(&m.params),
                ty: m.ty.value.clone(),
                expression: m.expr.spelling(),
                public: m.is_public,
                meaning: m.meaning.value.clone(),
                place: place(m.name.span),
            })
            .collect(),
        types: spec.types.iter().map(|t| of_type(t, place(t.name.span))).collect(),
        versions: spec
            .versions
            .iter()
            .map(|v| Version { name: v.name.value.clone(), build: v.build.value, place: place(v.name.span) })
            .collect(),
        errata: spec
            .errata
            .iter()
            .map(|e| Erratum {
                page: e.page.value.clone(),
                fact: e.fact.value.clone(),
                upstream: text(e.upstream.as_ref()),
                value: text(e.value.as_ref()),
                revision: text(e.revision.as_ref()),
                reason: e.reason.value.clone(),
                evidence: e.evidence.value.clone(),
                place: place(e.span),
            })
            .collect(),
        ..Contract::empty()
    }
}

pub(super) fn text(value: Option<&Spanned<String>>) -> Option<String> {
    value.map(|v| v.value.clone())
}

pub(super) fn texts(values: &[Spanned<String>]) -> Vec<String> {
    values.iter().map(|v| v.value.clone()).collect()
}

/// 8-4-4-4-12 hexadecimal digits.
fn guid(value: u128) -> String {
    let digits = format!("{value:032X}");
    let mut out = String::with_capacity(36);
    for (at, digit) in digits.chars().enumerate() {
        if [8, 12, 16, 20].contains(&at) {
            out.push('-');
        }
        out.push(digit);
    }
    out
}

fn of_type(definition: &spec::TypeDef, place: Option<String>) -> Type {
    let mut of = Type {
        name: definition.name.value.clone(),
        kind: TypeKind::Scalar,
        rust: None,
        wdk_sys: None,
        layout: None,
        stands_for: None,
        meaning: definition.meaning.value.clone(),
        place,
    };
    match &definition.is {
        spec::TypeKind::Scalar(rust) => of.rust = Some(rust.value.clone()),
        spec::TypeKind::External { path, wdk_sys, layout } => {
            of.kind = TypeKind::External;
            of.rust = Some(path.value.clone());
            of.wdk_sys = text(wdk_sys.as_ref());
            of.layout = layout.map(spec_data::layouts);
        }
        spec::TypeKind::Alias(ty) => {
            of.kind = TypeKind::Alias;
            of.stands_for = Some(ty.spelling());
        }
    }
    of
}

fn of_api(api: &spec::Api, sources: &Sources, (places, provenance): Origin) -> Api {
    let page = &api.page;
    let levels: Vec<String> = api
        .irql
        .iter()
        .map(|case| match &case.when.value {
            When::Always => case.range.spelling(),
            when => format!("{}: {}", when.spelling(), case.range.spelling()),
        })
        .collect();
    Api {
        name: Some(page.name.value.clone()),
        typedef: text(api.typedef.as_ref()),
        kind: Some(api.kind.value),
        header: Some(page.header.value.clone()),
        since: Some(page.since.value.clone()),
        library: text(api.library.as_ref()),
        irql: api.irql.iter().map(of_case).collect(),
        irql_text: Some(levels.join("; ")),
        params: api.params.iter().map(|p| of_param(p, api)).collect(),
        values: Some(api.values.iter().map(table).collect()),
        returns: returns(&api.returns, Some(api.signature.ret.spelling())),
        undoes: Some(texts(&api.undoes)),
        upstream: text(page.upstream.as_ref()),
        summary: Some(page.summary.value.clone()),
        notes: Some(texts(&page.notes)),
        provenance,
        source: Some(sources.get(page.file).path.clone()),
        places,
    }
}

fn of_case(case: &spec::IrqlCase) -> Irql {
    let terms = match &case.when.value {
        When::Always | When::Otherwise => Vec::new(),
        When::All(terms) => terms.iter().map(|t| Term { param: t.param.value.clone(), values: texts(&t.values) }).collect(),
    };
    let when = (case.when.value != When::Always).then(|| case.when.spelling());
    Irql { when, terms: Some(terms), ..irql(case.range.value) }
}

/// A level without a condition.
pub(super) fn irql(range: LevelRange) -> Irql {
    Irql { when: None, terms: None, min: range.min, max: range.max }
}

fn of_param(param: &spec::Param, api: &spec::Api) -> Param {
    let values = api.values.iter().filter(|t| t.of.value == param.name.value).flat_map(|t| &t.rows);
    Param {
        name: param.name.value.clone(),
        ty: api.param_type(&param.name).map(CType::spelling),
        direction: Some(param.direction.value),
        optional: Some(param.optional),
        reserved: param.reserved,
        values: values.map(|r| r.constant.value.clone()).collect(),
        memory: Some(param.memory.iter().map(|r| MemoryRule::as_str(r.value).to_owned()).collect()),
        effects: Some(param.effects.iter().map(|e| effect(e)).collect()),
        links: Some(param.links.iter().map(|l| link(l)).collect()),
        meaning: Some(param.meaning.value.clone()),
    }
}

fn effect(effect: &SocketEffect) -> Effect {
    let word = |word: &str| word.to_owned();
    match effect {
        SocketEffect::Kind(kind) => Effect::Kind { kind: word(kind.as_str()) },
        SocketEffect::State(state) => Effect::State { state: word(state.as_str()) },
        SocketEffect::Becomes(state, kind) => {
            Effect::Becomes { state: word(state.as_str()), kind: kind.map(|k| word(k.as_str())) }
        }
        SocketEffect::Information(Outcome::Bytes) => Effect::Information { holds: word("bytes"), kind: None, of: None },
        SocketEffect::Information(Outcome::Socket(kind)) => {
            Effect::Information { holds: word("socket"), kind: Some(word(kind.as_str())), of: None }
        }
        SocketEffect::Information(Outcome::SocketOf(param)) => {
            Effect::Information { holds: word("socket"), kind: None, of: Some(param.clone()) }
        }
    }
}

fn link(link: &ParamLink) -> Link {
    Link { link: link.as_str().to_owned(), param: link.param().to_owned() }
}

pub(super) fn combine(combine: spec::Combine) -> Combine {
    match combine {
        spec::Combine::Any => Combine::Any,
        spec::Combine::One => Combine::One,
    }
}

pub(super) fn table(table: &spec::ValueTable) -> ValueTable {
    ValueTable {
        of: table.of.value.clone(),
        combine: Some(combine(table.combine)),
        open: Some(table.other.is_some()),
        other: text(table.other.as_ref()),
        rows: table
            .rows
            .iter()
            .map(|row| Value {
                constant: row.constant.value.clone(),
                excludes: texts(&row.excludes),
                level: row.level.as_ref().map(|l| Levels { min: l.min, max: l.max }),
                callback: text(row.callback.as_ref()),
                meaning: Some(row.meaning.value.clone()),
            })
            .collect(),
    }
}

pub(super) fn returns(returns: &spec::Returns, ty: Option<String>) -> Returns {
    let code = |c: &spec::Code| Code { name: c.name.value.clone(), meaning: c.meaning.value.clone() };
    Returns {
        ty,
        codes: returns.codes.iter().map(|c| c.name.value.clone()).collect(),
        open: returns.open(),
        meanings: Some(returns.codes.iter().map(code).collect()),
        other: text(returns.other.as_ref().map(spec::OtherCodes::meaning)),
    }
}
