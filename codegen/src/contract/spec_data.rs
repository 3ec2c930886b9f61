//! The model → the contract: structures, enumerations and control operations.

use super::api::Returns;
use super::data::{Control, Enum, Field, Flags, Layout, Layouts, Offset, Operation, SocketRule, Struct, TypeName, Variant};
use super::spec::{Origin, combine, irql, returns, table, text, texts};
use crate::c;
use crate::facts::{Data, OperationFlags};
use crate::source::Sources;
use crate::spec::{self, Names};

pub(super) fn layouts(of: spec::Layouts) -> Layouts {
    let layout = |l: spec::Layout| Layout { size: l.size, align: l.align };
    Layouts { wide: layout(of.wide), narrow: layout(of.narrow) }
}

fn type_names(names: &[c::Declared]) -> Vec<TypeName> {
    names.iter().map(|n| TypeName { name: n.name.value.clone(), ty: n.ty.spelling() }).collect()
}

pub(super) fn structure(of: &spec::Struct, names: &Names<'_>, sources: &Sources, (places, provenance): Origin) -> Struct {
    let layout = names.record_layout(&of.record).ok();
    let page = &of.page;
    let field = |(at, field): (usize, &c::Field)| {
        let name = field.name.as_ref().map_or("", |n| n.value.as_str());
        let doc = of.fields.iter().find(|d| d.name.value == name);
        let offset = layout.as_ref().and_then(|l| l.offsets.get(at));
        Field {
            name: name.to_owned(),
            ty: Some(field.ty.spelling()),
            kind: None,
            values: Vec::new(),
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
        provenance,
        source: Some(sources.get(page.file).path.clone()),
        places,
    }
}

pub(super) fn enumeration(of: &spec::Enum, names: &Names<'_>, sources: &Sources, (places, provenance): Origin) -> Enum {
    let page = &of.page;
    let variant = |(at, variant): (usize, &c::Variant)| {
        let doc = of.variants.iter().find(|d| d.name.value == variant.name.value);
        Variant {
            name: variant.name.value.clone(),
            value: names.variant(of, at).ok().map(i128::from),
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
        provenance,
        source: Some(sources.get(page.file).path.clone()),
        places,
    }
}

pub(super) fn control(of: &spec::Control, names: &Names<'_>, sources: &Sources, (places, provenance): Origin) -> Option<Control> {
    let page = &of.page;
    Some(Control {
        name: Some(page.name.value.clone()),
        function: Some(of.function.value.clone()),
        code: Some(names.eval(&names.constant(&page.name)?.expr).ok()?),
        header: Some(page.header.value.clone()),
        since: Some(page.since.value.clone()),
        operations: of.operations.iter().map(operation).collect(),
        values: Some(of.values.iter().map(table).collect()),
        // The function returns codes of its own as well: no page of a control code closes the set.
        returns: Returns { open: of.returns.other.is_some().then_some(true), ..returns(&of.returns, None) },
        upstream: text(page.upstream.as_ref()),
        summary: Some(page.summary.value.clone()),
        notes: Some(texts(&page.notes)),
        provenance,
        source: Some(sources.get(page.file).path.clone()),
        places,
    })
}

pub(super) fn data(data: &Data) -> Option<String> {
    if *data == Data::None { None } else { Some(data.spelling()) }
}

pub(super) fn flags(of: &OperationFlags) -> Flags {
    Flags { of: of.of.clone(), combine: combine(of.combine), with: of.with.clone() }
}

impl SocketRule {
    pub(super) fn of(rule: &spec::SocketRule) -> Self {
        Self { kind: rule.kind.as_str().to_owned(), state: rule.state.as_str().to_owned() }
    }
}

fn operation(of: &spec::Operation) -> Operation {
    Operation {
        name: Some(of.name.value.clone()),
        request: text(of.request.as_ref()),
        level: text(of.level.as_ref()),
        input: data(&of.input),
        output: data(&of.output),
        size_returned: Some(of.size_returned.value),
        flags: of.flags.as_ref().map(|f| flags(f)),
        irp: Some(of.irp.as_str().to_owned()),
        sockets: of.sockets.iter().map(SocketRule::of).collect(),
        client_state: of.client_state.as_ref().map(|s| s.as_str().to_owned()),
        irql: Some(irql(of.irql.value)),
    }
}
