//! Facts of vendor pages → the contract. Words never come along: of a page there are names, types, levels and lines.

use super::Contract;
use super::api::{Api, Irql, Param, Returns, Value, ValueTable};
use super::data::{Control, Enum, Field, Operation, SocketRule, Struct, TypeName, Variant};
use super::places::{Places, PlacesBuilder};
use super::spec::{irql, text, texts};
use super::spec_data::{data, flags};
use crate::source::{JsonDiagnostic, Sources, Spanned};
use crate::vendor::{
    ApiFacts, ControlFacts, EnumFacts, FlagFacts, ItemFacts, PageFacts, StructFacts, identity, numbers, tell_stated,
};

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

/// The places of what a page states; those of a page without a name are in its diagnostics.
fn places(page: &PageFacts, sources: &Sources) -> Places {
    if identity(page).is_none() {
        return Places::default();
    }
    let numbers = numbers(page);
    let mut places = PlacesBuilder::new(sources);
    tell_stated(page, &numbers, &mut places);
    places.finish()
}

fn source(page: &PageFacts, sources: &Sources) -> Option<String> {
    Some(sources.get(page.file).path.clone())
}

fn of_api(facts: &ApiFacts, page: &PageFacts, sources: &Sources) -> Api {
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
        provenance: None,
        source: source(page, sources),
        places: places(page, sources),
    }
}

fn of_struct(facts: &StructFacts, page: &PageFacts, sources: &Sources) -> Struct {
    Struct {
        name: text(facts.name.as_ref()),
        tag: text(facts.tag.as_ref()),
        union: facts.is_union.as_ref().map(|u| u.value),
        names: facts.names.iter().map(|n| TypeName { name: n.name.value.clone(), ty: n.ty.spelling() }).collect(),
        header: text(facts.header.as_ref()),
        since: text(facts.since.as_ref()),
        dispatch: None,
        socket: None,
        category: None,
        layout: None,
        fields: facts
            .fields
            .iter()
            .map(|field| Field {
                name: field.name.value.clone(),
                ty: field.ty.clone(),
                kind: field.kind.word().map(str::to_owned),
                values: texts(&field.values),
                offset: None,
                since: None,
                bytes_in: None,
                meaning: None,
            })
            .collect(),
        upstream: page.page.clone(),
        summary: None,
        notes: None,
        provenance: None,
        source: source(page, sources),
        places: places(page, sources),
    }
}

fn of_enum(facts: &EnumFacts, page: &PageFacts, sources: &Sources) -> Enum {
    let variant = |(name, value): &(Spanned<String>, Option<i128>)| Variant {
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
        provenance: None,
        source: source(page, sources),
        places: places(page, sources),
    }
}

fn of_control(facts: &ControlFacts, page: &PageFacts, sources: &Sources) -> Control {
    let operation = |of: &crate::vendor::OperationFacts| Operation {
        name: text(of.name.as_ref()),
        request: text(of.request.as_ref()),
        level: text(of.level.as_ref()),
        input: of.input.as_ref().and_then(|d| data(d)),
        output: of.output.as_ref().and_then(|d| data(d)),
        size_returned: of.size_returned.as_ref().map(|s| s.value),
        flags: of.flags.as_ref().map(|f| flags(f)),
        irp: of.irp.as_ref().map(|i| i.as_str().to_owned()),
        sockets: of.sockets.iter().flat_map(|rules| &rules.value).map(SocketRule::of).collect(),
        client_state: of.client_state.as_ref().map(|s| s.as_str().to_owned()),
        irql: of.irql.as_ref().map(|range| irql(range.value)),
    };
    Control {
        name: text(facts.name.as_ref()),
        function: text(facts.function.as_ref()),
        code: None,
        header: text(facts.header.as_ref()),
        since: text(facts.since.as_ref()),
        operations: facts.operations.iter().map(operation).collect(),
        values: flag_table(&facts.flags),
        returns: Returns { ty: None, codes: texts(&facts.codes), open: None, meanings: None, other: None },
        upstream: page.page.clone(),
        summary: None,
        notes: None,
        provenance: None,
        source: source(page, sources),
        places: places(page, sources),
    }
}

/// The flags that the page of a control code lists. It does not say which member of the input holds them; the fact tree calls it `flags`.
fn flag_table(flags: &[FlagFacts]) -> Option<Vec<ValueTable>> {
    let row = |flag: &FlagFacts| Value {
        constant: flag.constant.value.clone(),
        excludes: Vec::new(),
        level: None,
        callback: text(flag.callback.as_ref()),
        meaning: None,
    };
    let table = |rows| vec![ValueTable { of: "flags".to_owned(), combine: None, open: None, other: None, rows }];
    (!flags.is_empty()).then(|| table(flags.iter().map(row).collect()))
}
