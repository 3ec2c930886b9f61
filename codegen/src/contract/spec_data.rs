//! The model → the contract: structures, enumerations and control operations.

use super::api::Returns;
use super::data::{Control, Enum, Field, Flags, Layout, Layouts, Offset, Operation, SocketRule, Struct, TypeName, Variant};
use super::places::Collector;
use super::spec::{combine, irql, of_page, of_tables, returns, table, text, texts};
use crate::c;
use crate::source::Sources;
use crate::spec::{self, Data, FieldDoc, Names};

pub(super) fn layouts(of: spec::Layouts) -> Layouts {
    let layout = |l: spec::Layout| Layout { size: l.size, align: l.align };
    Layouts { wide: layout(of.wide), narrow: layout(of.narrow) }
}

fn type_names(names: &[c::Declared]) -> Vec<TypeName> {
    names.iter().map(|n| TypeName { name: n.name.value.clone(), ty: n.ty.spelling() }).collect()
}

/// The rows of a table of fields or enumerators, each at its place.
fn rows(places: &mut Collector<'_>, list: &str, docs: &[FieldDoc]) {
    for doc in docs {
        places.add(format!("{list}.{}", doc.name), doc.name.span);
    }
}

pub(super) fn structure(of: &spec::Struct, names: &Names<'_>, sources: &Sources) -> Struct {
    let layout = names.record_layout(&of.record).ok();
    let page = &of.page;
    let mut places = of_page(page, sources);
    places.maybe("dispatch", of.dispatch.as_ref());
    places.maybe("socket", of.socket.as_ref());
    places.maybe("category", of.category.as_ref());
    places.maybe("tag", of.record.tag.as_ref());
    places.maybe("union", of.names.first().map(|n| &n.name));
    of.names.iter().for_each(|n| places.add(format!("names.{}", n.name), n.name.span));
    rows(&mut places, "fields", &of.fields);
    for name in of.record.fields.iter().filter_map(|f| f.name.as_ref()) {
        places.add(format!("fields.{name}.type"), name.span);
    }
    let field = |(at, field): (usize, &c::Field)| {
        let name = field.name.as_ref().map_or("", |n| n.value.as_str());
        let doc = of.fields.iter().find(|d| d.name.value == name);
        let offset = layout.as_ref().and_then(|l| l.offsets.get(at));
        Field {
            name: name.to_owned(),
            ty: Some(field.ty.spelling()),
            offset: offset.map(|(wide, narrow)| Offset { wide: *wide, narrow: *narrow }),
            since: doc.and_then(|d| text(d.since.as_ref())),
            bytes_in: doc.and_then(|d| text(d.bytes_in.as_ref())),
            meaning: doc.map(|d| d.meaning.value.clone()),
        }
    };
    Struct {
        name: Some(page.name.value.clone()),
        tag: text(of.record.tag.as_ref()),
        union: Some(of.record.is_union),
        names: type_names(&of.names),
        header: Some(page.header.value.clone()),
        since: Some(page.since.value.clone()),
        dispatch: of.dispatch.as_ref().map(|d| d.as_str().to_owned()),
        socket: of.socket.as_ref().map(|s| s.as_str().to_owned()),
        category: text(of.category.as_ref()),
        layout: layout.as_ref().map(|l| layouts(l.whole)),
        fields: of.record.fields.iter().enumerate().map(field).collect(),
        upstream: text(page.upstream.as_ref()),
        summary: Some(page.summary.value.clone()),
        notes: Some(texts(&page.notes)),
        source: Some(sources.get(page.file).path.clone()),
        places: places.finish(),
    }
}

pub(super) fn enumeration(of: &spec::Enum, names: &Names<'_>, sources: &Sources) -> Enum {
    let page = &of.page;
    let mut places = of_page(page, sources);
    places.maybe("tag", of.enumeration.tag.as_ref());
    of.names.iter().for_each(|n| places.add(format!("names.{}", n.name), n.name.span));
    rows(&mut places, "variants", &of.variants);
    for variant in &of.enumeration.variants {
        places.add(format!("variants.{}.value", variant.name), variant.name.span);
    }
    let variant = |(at, variant): (usize, &c::Variant)| {
        let doc = of.variants.iter().find(|d| d.name.value == variant.name.value);
        Variant {
            name: variant.name.value.clone(),
            value: names.variant(of, at).ok(),
            since: doc.and_then(|d| text(d.since.as_ref())),
            meaning: doc.map(|d| d.meaning.value.clone()),
        }
    };
    Enum {
        name: Some(page.name.value.clone()),
        tag: text(of.enumeration.tag.as_ref()),
        names: Some(type_names(&of.names)),
        header: Some(page.header.value.clone()),
        since: Some(page.since.value.clone()),
        variants: of.enumeration.variants.iter().enumerate().map(variant).collect(),
        upstream: text(page.upstream.as_ref()),
        summary: Some(page.summary.value.clone()),
        notes: Some(texts(&page.notes)),
        source: Some(sources.get(page.file).path.clone()),
        places: places.finish(),
    }
}

pub(super) fn control(of: &spec::Control, names: &Names<'_>, sources: &Sources) -> Option<Control> {
    let page = &of.page;
    let mut places = of_page(page, sources);
    places.add("function", of.function.span);
    for operation in &of.operations {
        operation_places(&mut places, operation);
    }
    of_tables(&mut places, &of.values, &of.returns);
    Some(Control {
        name: page.name.value.clone(),
        function: of.function.value.clone(),
        code: names.eval(&names.constant(&page.name)?.expr).ok()?,
        header: Some(page.header.value.clone()),
        since: Some(page.since.value.clone()),
        operations: of.operations.iter().map(operation).collect(),
        values: Some(of.values.iter().map(table).collect()),
        // The function returns codes of its own as well: no page of a control code closes the set.
        returns: Returns { open: of.returns.other.is_some().then_some(true), ..returns(&of.returns, None) },
        upstream: text(page.upstream.as_ref()),
        summary: Some(page.summary.value.clone()),
        notes: Some(texts(&page.notes)),
        source: Some(sources.get(page.file).path.clone()),
        places: places.finish(),
    })
}

fn operation_places(places: &mut Collector<'_>, of: &spec::Operation) {
    let fact = |fact: &str| format!("operations.{}.{fact}", of.name);
    places.add(format!("operations.{}", of.name), of.name.span);
    places.maybe(&fact("request"), of.request.as_ref());
    places.maybe(&fact("level"), of.level.as_ref());
    places.add(fact("input"), of.input.span);
    places.add(fact("output"), of.output.span);
    places.add(fact("size_returned"), of.size_returned.span);
    places.maybe(&fact("flags"), of.flags.as_ref());
    places.add(fact("irp"), of.irp.span);
    places.maybe(&fact("sockets"), of.sockets.first().map(|s| &s.kind));
    places.maybe(&fact("client_state"), of.client_state.as_ref());
    places.add(fact("irql"), of.irql.span);
}

fn operation(of: &spec::Operation) -> Operation {
    let data = |data: &Data| if *data == Data::None { None } else { Some(data.spelling()) };
    Operation {
        name: of.name.value.clone(),
        request: text(of.request.as_ref()),
        level: text(of.level.as_ref()),
        input: data(&of.input),
        output: data(&of.output),
        size_returned: of.size_returned.value,
        flags: of.flags.as_ref().map(|f| Flags { of: f.of.clone(), combine: combine(f.combine), with: f.with.clone() }),
        irp: of.irp.as_str().to_owned(),
        sockets: of
            .sockets
            .iter()
            .map(|s| SocketRule { kind: s.kind.as_str().to_owned(), state: s.state.as_str().to_owned() })
            .collect(),
        client_state: of.client_state.as_ref().map(|s| s.as_str().to_owned()),
        irql: irql(of.irql.value),
    }
}
