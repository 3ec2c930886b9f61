//! A page of the vendor's as an item of single facts.
//!
//! A page need not say everything. What it lists (parameters, codes, constants, fields) it lists whole; of anything else its silence is no
//! fact.

use super::{ApiFacts, ControlFacts, EnumFacts, FieldFacts, ItemFacts, PageFacts, StructFacts};
use crate::c::CType;
use crate::facts::{FactKind, Facts, Identity, Item, ItemBuilder, ItemKind, OPERATION_KINDS};
use crate::source::{Sources, Span, Spanned};

/// What tells what a page describes from all others; `None` where the page does not say its name.
#[must_use]
pub fn identity(page: &PageFacts) -> Option<Identity> {
    let (kind, name, header) = match &page.item {
        // Where a page does not say whose it is, it is taken for what most are; that it does not say so is a diagnostic.
        ItemFacts::Api(facts) => (api_kind(facts), facts.typedef.as_ref().or(facts.name.as_ref())?, &facts.header),
        ItemFacts::Struct(facts) => (ItemKind::Struct, facts.name.as_ref()?, &facts.header),
        ItemFacts::Enum(facts) => (ItemKind::Enum, facts.name.as_ref()?, &facts.header),
        ItemFacts::Control(facts) => (ItemKind::Control, facts.name.as_ref()?, &facts.header),
    };
    Some(Identity::new(kind, header.as_ref().map_or("", |h| h.value.as_str()), name))
}

fn api_kind(facts: &ApiFacts) -> ItemKind {
    facts.kind.map_or(ItemKind::Function, ItemKind::from)
}

/// The facts that a page states, with what it describes. Places are looked up at once: the text may be gone when they are needed.
#[must_use]
pub fn facts_of(page: &PageFacts, sources: &Sources) -> Option<(Identity, Item)> {
    let (identity, item) = facts_in_text(page)?;
    Some((identity, item.with_places(sources)))
}

/// The facts that a page states, with what it describes. Places are spans of its text.
#[must_use]
pub fn facts_in_text(page: &PageFacts) -> Option<(Identity, Item)> {
    build(page, Extent::All)
}

/// Hands on the facts of a page that stand at places of their own: those that are put together from others are left out, for spelling C
/// takes long. `numbers` are [`numbers`] of that page.
pub(crate) fn tell_stated<'f>(page: &'f PageFacts, numbers: &'f [String], to: &mut impl Facts<'f>) {
    tell(page, numbers, Extent::Stated, to);
}

/// The numbers of the operations of a page, by which those are called that have no name.
pub(crate) fn numbers(page: &PageFacts) -> Vec<String> {
    match &page.item {
        ItemFacts::Control(facts) => (1..=facts.operations.len()).map(|n| n.to_string()).collect(),
        _ => Vec::new(),
    }
}

/// Which facts are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    All,
    Stated,
}

fn build(page: &PageFacts, extent: Extent) -> Option<(Identity, Item)> {
    let identity = identity(page)?;
    let (kind, name) = match &page.item {
        ItemFacts::Api(facts) => (api_kind(facts), &facts.name),
        ItemFacts::Struct(facts) => (ItemKind::Struct, &facts.name),
        ItemFacts::Enum(facts) => (ItemKind::Enum, &facts.name),
        ItemFacts::Control(facts) => (ItemKind::Control, &facts.name),
    };
    let shown = name.as_ref().map_or(identity.name.as_str(), |n| n.value.as_str());
    let summary = format!("{} {}", kind.as_str(), identity.name);
    let mut item = ItemBuilder::new(kind, shown, &summary, Span::new(page.file, 0..0));
    tell(page, &numbers(page), extent, &mut item);
    Some((identity, item.item))
}

fn tell<'f>(page: &'f PageFacts, numbers: &'f [String], extent: Extent, to: &mut impl Facts<'f>) {
    match &page.item {
        ItemFacts::Api(facts) => api(to, facts, extent),
        ItemFacts::Struct(facts) => structure(to, facts, extent),
        ItemFacts::Enum(facts) => enumeration(to, facts),
        ItemFacts::Control(facts) => control(to, facts, numbers),
    }
}

/// What every page says at its beginning.
fn front<'f>(
    item: &mut impl Facts<'f>,
    name: Option<&Spanned<String>>,
    header: Option<&Spanned<String>>,
    since: Option<&Spanned<String>>,
) {
    item.word(FactKind::Name, &[], name);
    item.word(FactKind::Header, &[], header);
    item.word(FactKind::Since, &[], since);
}

fn api<'f>(item: &mut impl Facts<'f>, facts: &'f ApiFacts, extent: Extent) {
    front(item, facts.name.as_ref(), facts.header.as_ref(), facts.since.as_ref());
    item.word(FactKind::Library, &[], facts.library.as_ref());
    if let Some(kind) = facts.kind {
        item.add(FactKind::Kind, &[], kind.as_str(), None);
    }
    if extent == Extent::All
        && let Some(signature) = signature_of(facts)
    {
        item.add(FactKind::Signature, &[], signature, None);
    }
    item.types(facts.params.iter().filter(|p| p.ty.is_some()).count() + usize::from(facts.return_type.is_some()));
    let order: Vec<&str> = facts.params.iter().map(|p| p.name.value.as_str()).collect();
    item.list(FactKind::Params, &order);
    for param in &facts.params {
        let (name, at) = (param.name.value.as_str(), Some(param.name.span));
        item.add(FactKind::Param, &[name], name, at);
        item.word(FactKind::ParamName, &[name], &param.name);
        if let Some(ty) = &param.ty {
            item.add(FactKind::ParamType, &[name], ty.as_str(), at);
        }
        item.flag(FactKind::ParamReserved, &[name], param.reserved, at);
        if let Some(direction) = param.direction {
            item.add(FactKind::ParamDirection, &[name], direction.as_str(), at);
        }
        if let Some(optional) = param.optional {
            item.flag(FactKind::ParamOptional, &[name], optional, at);
        }
        for value in &param.values {
            item.word(FactKind::Constant, &[name, value], value);
        }
    }
    if let Some(ty) = &facts.return_type {
        item.add(FactKind::ReturnType, &[], ty.as_str(), facts.declared_at);
    }
    item.list(FactKind::Codes, &facts.codes.iter().map(|c| c.value.as_str()).collect::<Vec<_>>());
    for code in &facts.codes {
        item.word(FactKind::Code, &[code], code);
    }
    if let Some(open) = facts.open {
        item.flag(FactKind::Open, &[], open, facts.returns_at);
    }
    let at = facts.irql_text.as_ref().map(|t| t.span);
    if let Some(levels) = facts.levels() {
        item.add(FactKind::Irql, &[], levels, at);
    }
    for case in &facts.irql {
        item.add(FactKind::IrqlCase, &[case.when.as_deref().unwrap_or("always")], case.range.spelling(), at);
    }
    if facts.irql.is_empty() {
        item.word(FactKind::IrqlText, &[], facts.irql_text.as_ref());
    }
}

fn structure<'f>(item: &mut impl Facts<'f>, facts: &'f StructFacts, extent: Extent) {
    front(item, facts.name.as_ref(), facts.header.as_ref(), facts.since.as_ref());
    // Whose functions a dispatch table lists is in its name.
    if let Some(name) = facts.name.as_ref().filter(|n| n.ends_with("_DISPATCH")) {
        for (prefix, whose) in [("WSK_PROVIDER_", "provider"), ("WSK_CLIENT_", "client")] {
            if name.starts_with(prefix) {
                item.add(FactKind::Dispatch, &[], whose, Some(name.span));
            }
        }
    }
    if let Some(is_union) = &facts.is_union {
        item.flag(FactKind::Union, &[], is_union.value, Some(is_union.span));
    }
    if extent == Extent::All
        && let Some(record) = &facts.record
    {
        item.add(FactKind::Definition, &[], CType::Record(Box::new(record.clone())).spelling(), None);
    }
    item.types(facts.fields.iter().filter(|f| f.ty.is_some()).count());
    let order: Vec<&str> = facts.fields.iter().map(|f| f.name.value.as_str()).collect();
    item.list(FactKind::Fields, &order);
    for FieldFacts { name, ty, kind, values } in &facts.fields {
        let at = Some(name.span);
        item.add(FactKind::Field, &[name], name.value.as_str(), at);
        item.word(FactKind::FieldName, &[name], name);
        if let Some(ty) = ty {
            item.add(FactKind::FieldType, &[name], ty.as_str(), at);
        }
        if let Some(kind) = kind.word() {
            item.add(FactKind::FieldKind, &[name], kind, at);
        }
        for value in values {
            item.word(FactKind::FieldConstant, &[name, value], value);
        }
    }
}

fn enumeration<'f>(item: &mut impl Facts<'f>, facts: &'f EnumFacts) {
    front(item, facts.name.as_ref(), facts.header.as_ref(), facts.since.as_ref());
    item.list(FactKind::Variants, &facts.variants.iter().map(|(name, _)| name.value.as_str()).collect::<Vec<_>>());
    for (name, value) in &facts.variants {
        item.word(FactKind::Variant, &[name], name);
        if let Some(value) = value {
            item.add(FactKind::VariantValue, &[name], value.to_string(), Some(name.span));
        }
    }
}

/// The table of the flags of a control code. Pages do not say which member of the input holds them.
const FLAGS: &str = "flags";

fn control<'f>(item: &mut impl Facts<'f>, facts: &'f ControlFacts, numbers: &'f [String]) {
    front(item, facts.name.as_ref(), facts.header.as_ref(), facts.since.as_ref());
    item.word(FactKind::Function, &[], facts.function.as_ref());
    for (number, operation) in numbers.iter().zip(&facts.operations) {
        let name = operation.name.as_ref().map_or(number.as_str(), |n| n.value.as_str());
        item.add(FactKind::Operation, &[name], name, Some(operation.at));
        for kind in OPERATION_KINDS {
            item.word(kind, &[name], operation.fact(kind).as_ref());
        }
        for rule in operation.sockets.iter().flat_map(|rules| &rules.value) {
            let kind = rule.kind.value.as_str();
            item.add(FactKind::OperationSocket, &[name, kind], rule.spelling(), Some(rule.kind.span));
        }
    }
    for flag in &facts.flags {
        let path = [FLAGS, flag.constant.as_str()];
        item.word(FactKind::Constant, &path, &flag.constant);
        item.word(FactKind::ConstantCallback, &path, flag.callback.as_ref());
    }
    item.list(FactKind::Codes, &facts.codes.iter().map(|c| c.value.as_str()).collect::<Vec<_>>());
    for code in &facts.codes {
        item.word(FactKind::Code, &[code], code);
    }
}

/// The signature of a page that has all types, as [`CType`] spells it.
fn signature_of(facts: &ApiFacts) -> Option<String> {
    let ret = facts.return_type.as_ref()?;
    let typed: Option<Vec<(&str, &str)>> = facts.params.iter().map(|p| Some((p.ty.as_deref()?, p.name.as_str()))).collect();
    let typed = typed?;
    // Only a pointer to a function has its name inside its type; there is no other way to spell one than in C.
    let declared: Option<Vec<String>> = typed
        .iter()
        .map(|(ty, name)| match ty.split_once('[') {
            _ if ty.contains('(') => None,
            Some((of, lengths)) => Some(format!("{} {name}[{lengths}", of.trim_end())),
            None => Some(format!("{ty}{}{name}", if ty.ends_with('*') { "" } else { " " })),
        })
        .collect();
    let declared = declared?;
    let list = if declared.is_empty() { "VOID".to_owned() } else { declared.join(", ") };
    Some(format!("{ret}({list})"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::c;
    use crate::source::Report;

    /// Put together as text, a signature is spelt as that which was read from C.
    #[test]
    fn a_signature_has_one_spelling() {
        for text in [
            "NTSTATUS X(PWSK_SOCKET Socket, ULONG Flags, const WSK_CLIENT_CONNECTION_DISPATCH *Dispatch, PVOID *Out)",
            "VOID X(struct _A *A, UCHAR Name[4])",
            "PVOID X(const CHAR *const *Names, ULONG_PTR Context)",
            "ULONG X(void)",
        ] {
            let mut sources = Sources::new();
            let text = format!("{text};");
            let file = sources.add("", &text);
            let items = c::parse_declarations(&text, sources.whole(file), &mut Report::new()).expect("C");
            let Some(c::Item::Function { function, .. }) = items.into_iter().next() else { panic!("a function") };
            let mut facts = ApiFacts { return_type: Some(function.ret.spelling()), ..ApiFacts::default() };
            for param in &function.params {
                let name = param.name.clone().expect("a name");
                let ty = Some(param.ty.spelling());
                let values = Vec::new();
                facts.params.push(crate::vendor::ParamFacts {
                    name,
                    ty,
                    direction: None,
                    optional: None,
                    reserved: false,
                    values,
                });
            }
            assert_eq!(signature_of(&facts), Some(CType::Function(Box::new(function)).spelling()), "{text}");
        }
    }
}
