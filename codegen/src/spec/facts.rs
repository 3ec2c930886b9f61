//! The model as a tree of single facts.

use super::{Api, Combine, Control, Data, Enum, Erratum, Names, OtherCodes, Page, Returns, Spec, Struct, TypeKind, ValueTable};
use crate::c::CType;
use crate::facts::{FactKind, Facts as _, Identity, Item, ItemBuilder, ItemKind, Tree, sockets_spelling};
use crate::source::{Span, Spanned};

/// All facts of a model. Its places are spans of the texts that it was read from.
#[must_use]
pub fn facts_of(spec: &Spec) -> Tree {
    let names = Names::new(spec);
    let apis = spec.apis.iter().map(|found| {
        let kind = ItemKind::from(found.kind.value);
        (Identity::new(kind, &found.page.header, found.key()), api(kind, found))
    });
    let structs = spec.structs.iter().map(|found| of_page(ItemKind::Struct, &found.page, structure(found, &names)));
    let enums = spec.enums.iter().map(|found| of_page(ItemKind::Enum, &found.page, enumeration(found, &names)));
    let controls = spec.controls.iter().map(|found| of_page(ItemKind::Control, &found.page, control(found)));
    let pages = apis.chain(structs).chain(enums).chain(controls);
    pages.chain(tables(spec, &names)).chain(spec.errata.iter().map(erratum)).collect()
}

type Named = (Identity, Item);

fn of_page(kind: ItemKind, page: &Page, item: Item) -> Named {
    (Identity::new(kind, &page.header, &page.name), item)
}

fn row(kind: ItemKind, name: &Spanned<String>, summary: &str, span: Span) -> (Identity, ItemBuilder) {
    (Identity::new(kind, "", name), ItemBuilder::new(kind, name, summary, span))
}

/// What every page has at its beginning.
fn begin(kind: ItemKind, page: &Page) -> ItemBuilder {
    let mut item = ItemBuilder::new(kind, &page.name, &page.summary, page.name.span);
    item.word(FactKind::Name, &[], &page.name);
    item.word(FactKind::Header, &[], &page.header);
    item.word(FactKind::Since, &[], &page.since);
    item.word(FactKind::Upstream, &[], page.upstream.as_ref());
    item
}

/// What every page has at its end.
fn end(mut item: ItemBuilder, page: &Page) -> Item {
    item.word(FactKind::Summary, &[], &page.summary);
    for note in &page.notes {
        // A note is told by its words: one that was changed is one that is gone and one that is new.
        item.word(FactKind::Note, &[&note.value], note);
    }
    item.item
}

fn api(kind: ItemKind, api: &Api) -> Item {
    let mut item = begin(kind, &api.page);
    item.add(FactKind::Kind, &[], api.kind.as_str(), Some(api.kind.span));
    item.word(FactKind::Typedef, &[], api.typedef.as_ref());
    item.word(FactKind::Library, &[], api.library.as_ref());
    for undone in &api.undoes {
        item.word(FactKind::Undoes, &[undone], undone);
    }
    let types: Vec<String> = api.signature.params.iter().map(|p| p.ty.spelling()).collect();
    item.add(FactKind::Signature, &[], CType::Function(Box::new(api.signature.clone())).spelling(), None);
    item.types(types.len() + 1);
    let order: Vec<&str> = api.params.iter().map(|p| p.name.value.as_str()).collect();
    item.list(FactKind::Params, &order);
    // Lint holds signature and table to one order; where it does not hold, the name tells the type.
    let same_order =
        api.signature.params.iter().map(|p| p.name.as_ref().map_or("", |n| n.value.as_str())).eq(order.iter().copied());
    for (at, param) in api.params.iter().enumerate() {
        let name = param.name.value.as_str();
        let ty = match types.get(at) {
            Some(ty) if same_order => ty.clone(),
            _ => api.param_type(name).map(CType::spelling).unwrap_or_default(),
        };
        let direction = Some(param.direction.span);
        let summary = format!("{ty} {name} [{}]", param.direction_text());
        item.add(FactKind::Param, &[name], summary, Some(param.name.span));
        item.word(FactKind::ParamName, &[name], &param.name);
        let declared = api.signature.params.get(at).filter(|_| same_order).and_then(|p| p.name.as_ref());
        item.add(FactKind::ParamType, &[name], ty, Some(declared.map_or(param.name.span, |n| n.span)));
        item.add(FactKind::ParamDirection, &[name], param.direction.value.as_str(), direction);
        item.flag(FactKind::ParamOptional, &[name], param.optional, direction);
        item.flag(FactKind::ParamReserved, &[name], param.reserved, direction);
        for rule in &param.memory {
            item.add(FactKind::ParamMemory, &[name, rule.value.as_str()], rule.value.as_str(), Some(rule.span));
        }
        for effect in &param.effects {
            item.add(FactKind::ParamEffect, &[name, &effect.value.spelling()], effect.value.spelling(), Some(effect.span));
        }
        for link in &param.links {
            item.add(FactKind::ParamLink, &[name, &link.value.spelling()], link.value.spelling(), Some(link.span));
        }
        item.word(FactKind::ParamMeaning, &[name], &param.meaning);
    }
    values(&mut item, &api.values);
    item.add(FactKind::ReturnType, &[], api.signature.ret.spelling(), Some(api.declared_at));
    returns(&mut item, &api.returns, Some(api.declared_at));
    item.add(FactKind::Irql, &[], api.levels(), api.irql.first().map(|case| case.range.span));
    for case in &api.irql {
        item.add(FactKind::IrqlCase, &[&case.when.value.spelling()], case.range.value.spelling(), Some(case.range.span));
    }
    end(item, &api.page)
}

fn values(item: &mut ItemBuilder, tables: &[ValueTable]) {
    for table in tables {
        let of = table.of.value.as_str();
        let combine = match table.combine {
            Combine::Any => "flags",
            Combine::One => "values",
        };
        item.add(FactKind::Values, &[of], combine, Some(table.of.span));
        for row in &table.rows {
            let path = [of, row.constant.value.as_str()];
            item.word(FactKind::Constant, &path, &row.constant);
            let excludes: Vec<&str> = row.excludes.iter().map(|e| e.value.as_str()).collect();
            if !excludes.is_empty() {
                item.add(FactKind::ConstantExcludes, &path, excludes.join(", "), Some(row.constant.span));
            }
            if let Some(level) = &row.level {
                item.add(FactKind::ConstantLevel, &path, level.value.spelling(), Some(level.span));
            }
            item.word(FactKind::ConstantCallback, &path, row.callback.as_ref());
            item.word(FactKind::ConstantMeaning, &path, &row.meaning);
        }
        item.flag(FactKind::ValuesOpen, &[of], table.other.is_some(), table.other.as_ref().map(|o| o.span));
        item.word(FactKind::ValuesOpenMeaning, &[of], table.other.as_ref());
    }
}

/// The codes; `declared` is where a function is declared, which may return nothing.
fn returns(item: &mut ItemBuilder, returns: &Returns, declared: Option<Span>) {
    codes(item, returns);
    let meaning = returns.other.as_ref().map(OtherCodes::meaning);
    if let Some(open) = returns.open() {
        item.flag(FactKind::Open, &[], open, meaning.map(|m| m.span).or(returns.at).or(declared));
    }
    item.word(FactKind::OpenMeaning, &[], meaning);
}

fn codes(item: &mut ItemBuilder, returns: &Returns) {
    let order: Vec<&str> = returns.codes.iter().map(|c| c.name.value.as_str()).collect();
    item.list(FactKind::Codes, &order);
    for code in &returns.codes {
        item.word(FactKind::Code, &[&code.name], &code.name);
        item.word(FactKind::CodeMeaning, &[&code.name], &code.meaning);
    }
}

fn structure(structure: &Struct, names: &Names<'_>) -> Item {
    let mut item = begin(ItemKind::Struct, &structure.page);
    if let Some(dispatch) = &structure.dispatch {
        item.add(FactKind::Dispatch, &[], dispatch.value.as_str(), Some(dispatch.span));
    }
    if let Some(socket) = &structure.socket {
        item.add(FactKind::Socket, &[], socket.value.as_str(), Some(socket.span));
    }
    item.word(FactKind::Category, &[], structure.category.as_ref());
    for declared in &structure.names {
        item.word(FactKind::Alias, &[&declared.name], &declared.name);
    }
    item.flag(FactKind::Union, &[], structure.record.is_union, None);
    item.add(FactKind::Definition, &[], CType::Record(Box::new(structure.record.clone())).spelling(), None);
    let layout = names.record_layout(&structure.record).ok();
    if let Some(layout) = &layout {
        let (wide, narrow) = (layout.whole.wide, layout.whole.narrow);
        item.add(FactKind::Size, &[], format!("{} bytes (32-bit: {})", wide.size, narrow.size), None);
        item.add(FactKind::Alignment, &[], format!("{} (32-bit: {})", wide.align, narrow.align), None);
    }
    let name_of = |at: usize, field: &crate::c::Field| {
        let unnamed = || (format!("field {}", at + 1), structure.page.name.span);
        field.name.as_ref().map_or_else(unnamed, |n| (n.value.clone(), n.span))
    };
    let fields = structure.record.fields.iter().enumerate().map(|(at, field)| (name_of(at, field), field));
    let fields: Vec<((String, Span), &crate::c::Field)> = fields.collect();
    let order: Vec<&str> = fields.iter().map(|((name, _), _)| name.as_str()).collect();
    item.types(fields.len());
    item.list(FactKind::Fields, &order);
    for (at, ((name, span), field)) in fields.iter().enumerate() {
        let (name, ty) = (name.as_str(), field.ty.spelling());
        let doc = structure.fields.iter().find(|f| f.name.value == name);
        let row = Some(doc.map_or(*span, |d| d.name.span));
        item.add(FactKind::Field, &[name], format!("{ty} {name}"), row);
        item.add(FactKind::FieldName, &[name], name, row);
        item.add(FactKind::FieldType, &[name], ty, Some(*span));
        if let Some((wide, narrow)) = layout.as_ref().and_then(|l| l.offsets.get(at)) {
            item.add(FactKind::FieldOffset, &[name], format!("{wide} (32-bit: {narrow})"), Some(*span));
        }
        if let Some(doc) = doc {
            item.word(FactKind::FieldSince, &[name], doc.since.as_ref());
            item.word(FactKind::FieldBytesIn, &[name], doc.bytes_in.as_ref());
            item.word(FactKind::FieldMeaning, &[name], &doc.meaning);
        }
    }
    end(item, &structure.page)
}

fn enumeration(enumeration: &Enum, names: &Names<'_>) -> Item {
    let mut item = begin(ItemKind::Enum, &enumeration.page);
    for declared in &enumeration.names {
        item.word(FactKind::Alias, &[&declared.name], &declared.name);
    }
    let variants = &enumeration.enumeration.variants;
    item.list(FactKind::Variants, &variants.iter().map(|v| v.name.value.as_str()).collect::<Vec<_>>());
    for (at, variant) in variants.iter().enumerate() {
        let name = variant.name.value.as_str();
        let doc = enumeration.variants.iter().find(|v| v.name.value == name);
        item.add(FactKind::Variant, &[name], name, Some(doc.map_or(variant.name.span, |d| d.name.span)));
        let value = names.variant(enumeration, at).map_or_else(|_| "unknown".to_owned(), |v| v.to_string());
        item.add(FactKind::VariantValue, &[name], value, Some(variant.name.span));
        if let Some(doc) = doc {
            item.word(FactKind::VariantMeaning, &[name], &doc.meaning);
        }
    }
    end(item, &enumeration.page)
}

fn control(control: &Control) -> Item {
    let mut item = begin(ItemKind::Control, &control.page);
    item.word(FactKind::Function, &[], &control.function);
    for operation in &control.operations {
        let name = operation.name.value.as_str();
        item.word(FactKind::Operation, &[name], &operation.name);
        item.word(FactKind::OperationCode, &[name], &control.page.name);
        item.word(FactKind::OperationRequest, &[name], operation.request.as_ref());
        item.word(FactKind::OperationLevel, &[name], operation.level.as_ref());
        let mut data = |kind, data: &Spanned<Data>| item.add(kind, &[name], data.value.spelling(), Some(data.span));
        data(FactKind::OperationInput, &operation.input);
        data(FactKind::OperationOutput, &operation.output);
        let returned = &operation.size_returned;
        item.flag(FactKind::OperationSizeReturned, &[name], returned.value, Some(returned.span));
        if let Some(flags) = &operation.flags {
            item.add(FactKind::OperationFlags, &[name], flags.value.spelling(), Some(flags.span));
        }
        item.add(FactKind::OperationIrp, &[name], operation.irp.value.as_str(), Some(operation.irp.span));
        if let Some(first) = operation.sockets.first() {
            item.add(FactKind::OperationSockets, &[name], sockets_spelling(&operation.sockets), Some(first.kind.span));
        }
        for rule in &operation.sockets {
            let kind = rule.kind.value.as_str();
            item.add(FactKind::OperationSocket, &[name, kind], rule.spelling(), Some(rule.kind.span));
        }
        if let Some(state) = &operation.client_state {
            item.add(FactKind::OperationClientState, &[name], state.value.as_str(), Some(state.span));
        }
        item.add(FactKind::OperationIrql, &[name], operation.irql.value.spelling(), Some(operation.irql.span));
    }
    values(&mut item, &control.values);
    // The function returns codes of its own as well: no page of a control code closes the set.
    codes(&mut item, &control.returns);
    end(item, &control.page)
}

/// The rows of the tables.
fn tables<'a>(spec: &'a Spec, names: &'a Names<'a>) -> impl Iterator<Item = Named> + 'a {
    let constants = spec.constants.iter().map(|found| {
        let (identity, mut item) = row(ItemKind::Constant, &found.name, &found.meaning, found.name.span);
        item.word(FactKind::Type, &[], &found.ty);
        let value = names.eval(&found.expr).map_or_else(|_| found.expr.spelling(), |v| format!("{v:#x}"));
        item.add(FactKind::Value, &[], value, Some(found.expr.span));
        item.word(FactKind::From, &[], found.from.as_ref());
        item.word(FactKind::Meaning, &[], &found.meaning);
        (identity, item.item)
    });
    let identifiers = spec.guids.iter().map(|found| {
        let (identity, mut item) = row(ItemKind::Identifier, &found.name, &found.meaning, found.name.span);
        item.word(FactKind::Type, &[], &found.ty);
        item.add(FactKind::Value, &[], format!("{:032X}", found.value.value), Some(found.value.span));
        item.word(FactKind::Meaning, &[], &found.meaning);
        (identity, item.item)
    });
    let macros = spec.macros.iter().map(|found| {
        let (identity, mut item) = row(ItemKind::Macro, &found.name, &found.meaning, found.name.span);
        item.word(FactKind::Type, &[], &found.ty);
        let params: Vec<&str> = found.params.iter().map(|p| p.value.as_str()).collect();
        item.add(FactKind::MacroParams, &[], params.join(", "), None);
        item.add(FactKind::Value, &[], found.expr.spelling(), Some(found.expr.span));
        item.flag(FactKind::Public, &[], found.is_public, None);
        item.word(FactKind::Meaning, &[], &found.meaning);
        (identity, item.item)
    });
    let statuses = spec.statuses.iter().map(|found| {
        let (identity, mut item) = row(ItemKind::Status, &found.name, &found.meaning, found.name.span);
        item.add(FactKind::Value, &[], format!("{:#010X}", found.value.value), Some(found.value.span));
        item.word(FactKind::Meaning, &[], &found.meaning);
        (identity, item.item)
    });
    let types = spec.types.iter().map(|found| {
        let (identity, mut item) = row(ItemKind::Type, &found.name, &found.meaning, found.name.span);
        match &found.is {
            TypeKind::Scalar(rust) => item.word(FactKind::Is, &[], rust),
            TypeKind::Alias(ty) => item.add(FactKind::Is, &[], ty.spelling(), Some(ty.span)),
            TypeKind::External { path, wdk_sys, layout } => {
                item.word(FactKind::Is, &[], path);
                item.word(FactKind::WdkSys, &[], wdk_sys.as_ref());
                if let Some(layout) = layout {
                    let (wide, narrow) = (layout.wide, layout.narrow);
                    let text = format!("{}/{} and {}/{}", wide.size, wide.align, narrow.size, narrow.align);
                    item.add(FactKind::Layout, &[], text, Some(path.span));
                }
            }
        }
        item.word(FactKind::Meaning, &[], &found.meaning);
        (identity, item.item)
    });
    let versions = spec.versions.iter().map(|found| {
        let (identity, mut item) = row(ItemKind::Version, &found.name, &format!("build {}", found.build.value), found.name.span);
        item.add(FactKind::Build, &[], found.build.value.to_string(), Some(found.build.span));
        (identity, item.item)
    });
    constants.chain(identifiers).chain(macros).chain(statuses).chain(types).chain(versions)
}

fn erratum(found: &Erratum) -> Named {
    let name = format!("{} {}", found.page, found.fact);
    let mut item = ItemBuilder::new(ItemKind::Erratum, &name, &found.reason, found.span);
    item.word(FactKind::Upstream, &[], found.upstream.as_ref());
    item.word(FactKind::Value, &[], found.value.as_ref());
    item.word(FactKind::Revision, &[], found.revision.as_ref());
    item.word(FactKind::Reason, &[], &found.reason);
    item.word(FactKind::Evidence, &[], &found.evidence);
    (Identity::new(ItemKind::Erratum, "", &name), item.item)
}
