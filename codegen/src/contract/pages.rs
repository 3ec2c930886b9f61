//! Facts of vendor pages → the contract. Words never come along: of a page there are names, types, levels and lines.

use super::Contract;
use super::api::{Api, Irql, Param, Returns, Value, ValueTable};
use super::data::{Control, Enum, Field, Operation, Struct, TypeName, Variant};
use super::places::Collector;
use super::spec::{irql, text, texts};
use super::spec_data::{data, flags, socket_rule};
use crate::facts::{FactKind, OPERATION_KINDS};
use crate::source::{JsonDiagnostic, Sources, Spanned};
use crate::vendor::{ApiFacts, ControlFacts, EnumFacts, ItemFacts, OperationFacts, PageFacts, StructFacts};

/// The contract of vendor pages, with what was wrong with them.
#[must_use]
pub fn of_pages(pages: &[PageFacts], sources: &Sources, diagnostics: Vec<JsonDiagnostic>) -> Contract {
    let mut contract = Contract { diagnostics: Some(diagnostics), ..Contract::empty() };
    for page in pages {
        match &page.item {
            ItemFacts::Api(facts) => contract.apis.push(of_api(facts, page, sources)),
            ItemFacts::Struct(facts) => contract.structs.push(of_struct(facts, page, sources)),
            ItemFacts::Enum(facts) => contract.enums.push(of_enum(facts, page, sources)),
            ItemFacts::Control(facts) => contract.controls.push(of_control(facts, page, sources)),
        }
    }
    contract
}

/// The places that pages of all kinds have.
fn places<'a>(
    page: &PageFacts,
    sources: &'a Sources,
    name: Option<&Spanned<String>>,
    header: Option<&Spanned<String>>,
    since: Option<&Spanned<String>>,
) -> Collector<'a> {
    let mut places = Collector::new(sources, page.file);
    places.maybe(FactKind::Name, name);
    places.maybe(FactKind::Header, header);
    places.maybe(FactKind::Since, since);
    places
}

fn source(page: &PageFacts, sources: &Sources) -> Option<String> {
    Some(sources.get(page.file).path.clone())
}

fn of_api(facts: &ApiFacts, page: &PageFacts, sources: &Sources) -> Api {
    let mut places = places(page, sources, facts.name.as_ref(), facts.header.as_ref(), facts.since.as_ref());
    places.maybe(FactKind::Typedef, facts.typedef.as_ref());
    places.maybe(FactKind::Library, facts.library.as_ref());
    places.maybe(FactKind::Irql, facts.irql_text.as_ref());
    for param in &facts.params {
        places.add(FactKind::Param, &[&param.name], param.name.span);
        param.values.iter().for_each(|v| places.add(FactKind::Constant, &[&param.name, v], v.span));
    }
    facts.codes.iter().for_each(|c| places.add(FactKind::Code, &[c], c.span));
    Api {
        name: text(facts.name.as_ref()),
        typedef: text(facts.typedef.as_ref()),
        kind: facts.kind,
        header: text(facts.header.as_ref()),
        since: text(facts.since.as_ref()),
        library: text(facts.library.as_ref()),
        irql: facts.irql.iter().map(|i| Irql { when: i.when.clone(), terms: None, min: i.range.min, max: i.range.max }).collect(),
        irql_text: text(facts.irql_text.as_ref()),
        params: facts
            .params
            .iter()
            .map(|p| Param {
                name: p.name.value.clone(),
                ty: p.ty.clone(),
                direction: p.direction,
                optional: p.optional,
                reserved: p.reserved,
                values: texts(&p.values),
                memory: None,
                effects: None,
                links: None,
                meaning: None,
            })
            .collect(),
        values: None,
        returns: Returns {
            ty: facts.return_type.clone(),
            codes: texts(&facts.codes),
            open: facts.open,
            meanings: None,
            other: None,
        },
        undoes: None,
        upstream: page.page.clone(),
        summary: None,
        notes: None,
        source: source(page, sources),
        places: places.finish(),
    }
}

fn of_struct(facts: &StructFacts, page: &PageFacts, sources: &Sources) -> Struct {
    let mut places = places(page, sources, facts.name.as_ref(), facts.header.as_ref(), facts.since.as_ref());
    facts.fields.iter().for_each(|(name, _)| places.add(FactKind::Field, &[name], name.span));
    let declared = facts.record.iter().flat_map(|(_, names)| names);
    Struct {
        name: text(facts.name.as_ref()),
        tag: text(facts.tag.as_ref()),
        union: facts.record.as_ref().map(|(record, _)| record.is_union),
        names: declared.map(|n| TypeName { name: n.name.value.clone(), ty: n.ty.spelling() }).collect(),
        header: text(facts.header.as_ref()),
        since: text(facts.since.as_ref()),
        dispatch: None,
        socket: None,
        category: None,
        layout: None,
        fields: facts
            .fields
            .iter()
            .map(|(name, ty)| Field {
                name: name.value.clone(),
                ty: ty.clone(),
                offset: None,
                since: None,
                bytes_in: None,
                meaning: None,
            })
            .collect(),
        upstream: page.page.clone(),
        summary: None,
        notes: None,
        source: source(page, sources),
        places: places.finish(),
    }
}

fn of_enum(facts: &EnumFacts, page: &PageFacts, sources: &Sources) -> Enum {
    let mut places = places(page, sources, facts.name.as_ref(), facts.header.as_ref(), facts.since.as_ref());
    facts.variants.iter().for_each(|(name, _)| places.add(FactKind::Variant, &[name], name.span));
    let variant = |(name, value): &(Spanned<String>, Option<u64>)| Variant {
        name: name.value.clone(),
        value: *value,
        since: None,
        meaning: None,
    };
    Enum {
        name: text(facts.name.as_ref()),
        tag: None,
        names: None,
        header: text(facts.header.as_ref()),
        since: text(facts.since.as_ref()),
        variants: facts.variants.iter().map(variant).collect(),
        upstream: page.page.clone(),
        summary: None,
        notes: None,
        source: source(page, sources),
        places: places.finish(),
    }
}

fn of_control(facts: &ControlFacts, page: &PageFacts, sources: &Sources) -> Control {
    let mut places = places(page, sources, facts.name.as_ref(), facts.header.as_ref(), facts.since.as_ref());
    places.maybe(FactKind::Function, facts.function.as_ref());
    for (at, operation) in facts.operations.iter().enumerate() {
        // One without a name is called by its number, as in the tree of facts.
        let name = operation.name.as_ref().map_or_else(|| (at + 1).to_string(), |n| n.value.clone());
        places.add(FactKind::Operation, &[&name], operation.at);
        for kind in OPERATION_KINDS {
            if let Some(fact) = operation.fact(kind) {
                places.add(kind, &[&name], fact.span);
            }
        }
    }
    facts.codes.iter().for_each(|c| places.add(FactKind::Code, &[c], c.span));
    // The flags are those of the member that an operation names; where none does, nothing says whose they are.
    let values = (!facts.flags.is_empty()).then(|| {
        let of = facts.operations.iter().find_map(|o| o.flags.as_ref()).map_or_else(|| "flags".to_owned(), |f| f.of.clone());
        facts.flags.iter().for_each(|f| places.add(FactKind::Constant, &[&of, &f.constant], f.constant.span));
        let rows = facts.flags.iter().map(|flag| Value {
            constant: flag.constant.value.clone(),
            excludes: Vec::new(),
            level: None,
            callback: text(flag.callback.as_ref()),
            meaning: None,
        });
        vec![ValueTable { of, combine: None, open: None, other: None, rows: rows.collect() }]
    });
    Control {
        name: text(facts.name.as_ref()),
        function: text(facts.function.as_ref()),
        code: None,
        header: text(facts.header.as_ref()),
        since: text(facts.since.as_ref()),
        operations: facts.operations.iter().map(of_operation).collect(),
        values,
        returns: Returns { ty: None, codes: texts(&facts.codes), open: None, meanings: None, other: None },
        upstream: page.page.clone(),
        summary: None,
        notes: None,
        source: source(page, sources),
        places: places.finish(),
    }
}

fn of_operation(facts: &OperationFacts) -> Operation {
    Operation {
        name: text(facts.name.as_ref()),
        request: text(facts.request.as_ref()),
        level: text(facts.level.as_ref()),
        input: facts.input.as_ref().and_then(|d| data(d)),
        output: facts.output.as_ref().and_then(|d| data(d)),
        size_returned: facts.size_returned.as_ref().map(|s| s.value),
        flags: facts.flags.as_ref().map(|f| flags(f)),
        irp: facts.irp.as_ref().map(|i| i.as_str().to_owned()),
        sockets: facts.sockets.iter().flat_map(|s| &s.value).map(socket_rule).collect(),
        client_state: facts.client_state.as_ref().map(|s| s.as_str().to_owned()),
        irql: facts.irql.as_ref().map(|range| irql(range.value)),
    }
}
