//! A model as single facts: each with the way to it, its value as our pages spell it, and its place.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Place;
use crate::facts::ApiKind;
use crate::source::{Span, Spanned};
use crate::spec::{Api, Combine, Control, Data, Enum, Names, Page, Returns, SocketRule, Spec, Struct, TypeKind, ValueTable};

/// What sort of thing an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the words of the pages")]
pub enum ItemKind {
    Function,
    Callback,
    Export,
    Struct,
    Enum,
    Control,
    Constant,
    Identifier,
    Macro,
    Status,
    Type,
    Version,
    Erratum,
}

impl ItemKind {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Callback => "callback",
            Self::Export => "export",
            Self::Struct => "struct",
            Self::Enum => "enum",
            Self::Control => "control",
            Self::Constant => "constant",
            Self::Identifier => "identifier",
            Self::Macro => "macro",
            Self::Status => "status",
            Self::Type => "type",
            Self::Version => "version",
            Self::Erratum => "erratum",
        }
    }
}

/// Where a fact stands.
#[derive(Debug, Clone)]
pub enum At {
    /// In a text that is at hand.
    Text(Span),
    /// In a text that may be gone.
    Place(Place),
}

/// A fact.
#[derive(Debug, Clone)]
pub struct Fact {
    /// The way to it: `params`, `Flags`, `direction`. What is shorter and also a fact is what it belongs to.
    pub path: Vec<String>,
    /// Its value.
    pub value: String,
    /// Its place.
    pub at: At,
}

/// What a page, or a row of a table, says.
#[derive(Debug, Clone)]
pub struct Item {
    /// What it is, in a few words.
    pub summary: String,
    /// Its place.
    pub at: At,
    /// The facts, in the order of the page.
    pub facts: Vec<Fact>,
}

impl Item {
    /// The fact with that path.
    #[must_use]
    pub fn get(&self, path: &[String]) -> Option<&Fact> {
        self.facts.iter().find(|f| f.path == path)
    }

    /// Whether there is such a fact.
    #[must_use]
    pub fn has(&self, path: &[String]) -> bool {
        self.get(path).is_some()
    }

    /// The value of a fact, by its path in words.
    #[must_use]
    pub fn value(&self, path: &[&str]) -> Option<&str> {
        self.facts.iter().find(|f| f.path == path).map(|f| f.value.as_str())
    }

    fn of(summary: impl Into<String>, span: Span) -> Self {
        Self { summary: summary.into(), at: At::Text(span), facts: Vec::new() }
    }

    fn page(page: &Page) -> Self {
        let mut item = Self::of(page.summary.value.clone(), page.name.span);
        item.word(&["name"], &page.name);
        item.word(&["header"], &page.header);
        item.word(&["since"], &page.since);
        item.words(&["upstream"], page.upstream.as_ref());
        item
    }

    fn add(&mut self, path: &[&str], value: impl Into<String>, span: Span) {
        self.facts.push(Fact { path: path.iter().map(|p| (*p).to_owned()).collect(), value: value.into(), at: At::Text(span) });
    }

    fn word(&mut self, path: &[&str], value: &Spanned<String>) {
        self.add(path, value.value.clone(), value.span);
    }

    fn words<'a>(&mut self, path: &[&str], value: impl IntoIterator<Item = &'a Spanned<String>>) {
        for value in value {
            self.word(path, value);
        }
    }

    fn prose(&mut self, page: &Page) {
        self.word(&["summary"], &page.summary);
        for note in &page.notes {
            // A note is told by its words: one that was changed is one that is gone and one that is new.
            self.word(&["notes", &note.value], note);
        }
    }
}

/// All items of a model, by kind and name.
#[must_use]
pub fn items(spec: &Spec) -> BTreeMap<(ItemKind, String), Item> {
    let names = Names::new(spec);
    let mut items = BTreeMap::new();
    let mut put = |kind: ItemKind, name: &str, item: Item| {
        items.insert((kind, name.to_owned()), item);
    };
    for found in &spec.apis {
        let kind = match found.kind.value {
            // Methods and macros are no pages of ours.
            ApiKind::Function | ApiKind::Method | ApiKind::Macro => ItemKind::Function,
            ApiKind::Callback => ItemKind::Callback,
            ApiKind::Export => ItemKind::Export,
        };
        put(kind, found.key(), api(found));
    }
    for found in &spec.structs {
        put(ItemKind::Struct, &found.page.name, structure(found, &names));
    }
    for found in &spec.enums {
        put(ItemKind::Enum, &found.page.name, enumeration(found, &names));
    }
    for found in &spec.controls {
        put(ItemKind::Control, &found.page.name, control(found));
    }
    for found in &spec.constants {
        let mut item = Item::of(found.meaning.value.clone(), found.name.span);
        item.word(&["type"], &found.ty);
        let value = names.eval(&found.expr).map_or_else(|_| found.expr.spelling(), |v| format!("{v:#x}"));
        item.add(&["value"], value, found.expr.span);
        item.words(&["from"], found.from.as_ref());
        item.word(&["meaning"], &found.meaning);
        put(ItemKind::Constant, &found.name, item);
    }
    for found in &spec.guids {
        let mut item = Item::of(found.meaning.value.clone(), found.name.span);
        item.word(&["type"], &found.ty);
        item.add(&["value"], format!("{:032X}", found.value.value), found.value.span);
        item.word(&["meaning"], &found.meaning);
        put(ItemKind::Identifier, &found.name, item);
    }
    for found in &spec.macros {
        let mut item = Item::of(found.meaning.value.clone(), found.name.span);
        item.word(&["type"], &found.ty);
        let params: Vec<&str> = found.params.iter().map(|p| p.value.as_str()).collect();
        item.add(&["params"], params.join(", "), found.name.span);
        item.add(&["value"], found.expr.spelling(), found.expr.span);
        item.add(&["public"], if found.is_public { "yes" } else { "no" }, found.name.span);
        item.word(&["meaning"], &found.meaning);
        put(ItemKind::Macro, &found.name, item);
    }
    for found in &spec.statuses {
        let mut item = Item::of(found.meaning.value.clone(), found.name.span);
        item.add(&["value"], format!("{:#010X}", found.value.value), found.value.span);
        item.word(&["meaning"], &found.meaning);
        put(ItemKind::Status, &found.name, item);
    }
    for found in &spec.types {
        let mut item = Item::of(found.meaning.value.clone(), found.name.span);
        match &found.is {
            TypeKind::Scalar(rust) => item.word(&["is"], rust),
            TypeKind::Alias(ty) => item.add(&["is"], ty.spelling(), ty.span),
            TypeKind::External { path, wdk_sys, layout } => {
                item.word(&["is"], path);
                item.words(&["wdk-sys"], wdk_sys.as_ref());
                if let Some(layout) = layout {
                    let text =
                        format!("{}/{} and {}/{}", layout.wide.size, layout.wide.align, layout.narrow.size, layout.narrow.align);
                    item.add(&["layout"], text, path.span);
                }
            }
        }
        item.word(&["meaning"], &found.meaning);
        put(ItemKind::Type, &found.name, item);
    }
    for found in &spec.versions {
        let mut item = Item::of(format!("build {}", found.build.value), found.name.span);
        item.add(&["build"], found.build.value.to_string(), found.build.span);
        put(ItemKind::Version, &found.name, item);
    }
    for found in &spec.errata {
        let mut item = Item::of(found.reason.value.clone(), found.span);
        item.words(&["upstream"], found.upstream.as_ref());
        item.words(&["value"], found.value.as_ref());
        item.words(&["revision"], found.revision.as_ref());
        item.word(&["reason"], &found.reason);
        item.word(&["evidence"], &found.evidence);
        put(ItemKind::Erratum, &format!("{} {}", found.page, found.fact), item);
    }
    items
}

fn api(api: &Api) -> Item {
    let mut item = Item::page(&api.page);
    item.words(&["typedef"], api.typedef.as_ref());
    item.words(&["library"], api.library.as_ref());
    for undone in &api.undoes {
        item.word(&["undoes", &undone.value], undone);
    }
    let order: Vec<&str> = api.params.iter().map(|p| p.name.value.as_str()).collect();
    item.add(&["params"], order.join(", "), api.page.name.span);
    for param in &api.params {
        let name = param.name.value.as_str();
        let ty = api.param_type(name).map(crate::c::CType::spelling).unwrap_or_default();
        item.add(&["params", name], format!("{ty} {name} [{}]", param.direction_text()), param.name.span);
        item.add(&["params", name, "type"], ty, param.name.span);
        let direction = if param.reserved { "reserved" } else { param.direction.value.as_str() };
        item.add(&["params", name, "direction"], direction, param.direction.span);
        item.add(&["params", name, "optional"], if param.optional { "yes" } else { "no" }, param.direction.span);
        for rule in &param.memory {
            item.add(&["params", name, "memory", &rule.value.spelling()], rule.value.spelling(), rule.span);
        }
        item.word(&["params", name, "meaning"], &param.meaning);
    }
    values(&mut item, &api.values);
    item.add(&["returns"], api.signature.ret.spelling(), api.page.name.span);
    returns(&mut item, &api.returns);
    for case in &api.irql {
        item.add(&["irql", &case.when.value.spelling()], case.range.value.spelling(), case.range.span);
    }
    item.prose(&api.page);
    item
}

fn values(item: &mut Item, tables: &[ValueTable]) {
    for table in tables {
        let of = table.of.value.as_str();
        let combine = match table.combine {
            Combine::Any => "flags",
            Combine::One => "values",
        };
        item.add(&["values", of], combine, table.of.span);
        for row in &table.rows {
            let name = row.constant.value.as_str();
            item.add(&["values", of, name], name, row.constant.span);
            let excludes: Vec<&str> = row.excludes.iter().map(|e| e.value.as_str()).collect();
            if !excludes.is_empty() {
                item.add(&["values", of, name, "excludes"], excludes.join(", "), row.constant.span);
            }
            if let Some(level) = &row.level {
                item.add(&["values", of, name, "level"], level.value.spelling(), level.span);
            }
            item.words(&["values", of, name, "callback"], row.callback.as_ref());
            item.word(&["values", of, name, "meaning"], &row.meaning);
        }
        if let Some(other) = &table.other {
            item.add(&["values", of, "…"], "any other", other.span);
            item.word(&["values", of, "…", "meaning"], other);
        }
    }
}

fn returns(item: &mut Item, returns: &Returns) {
    for code in &returns.codes {
        item.word(&["codes", &code.name.value], &code.name);
        item.word(&["codes", &code.name.value, "meaning"], &code.meaning);
    }
    if let Some(other) = &returns.other {
        item.add(&["codes", "…"], other.label(), other.meaning().span);
        item.word(&["codes", "…", "meaning"], other.meaning());
    }
}

fn structure(structure: &Struct, names: &Names<'_>) -> Item {
    let mut item = Item::page(&structure.page);
    let at = structure.page.name.span;
    if let Some(dispatch) = structure.dispatch {
        let whose = match dispatch {
            crate::spec::Dispatch::Provider => "provider",
            crate::spec::Dispatch::Client => "client",
        };
        item.add(&["dispatch"], whose, at);
    }
    if let Some(socket) = &structure.socket {
        item.add(&["socket"], socket.value.as_str(), socket.span);
    }
    item.words(&["category"], structure.category.as_ref());
    for declared in &structure.names {
        item.word(&["names", &declared.name.value], &declared.name);
    }
    let layout = names.record_layout(&structure.record).ok();
    if let Some(layout) = &layout {
        let (wide, narrow) = (layout.whole.wide, layout.whole.narrow);
        item.add(&["size"], format!("{} bytes (32-bit: {})", wide.size, narrow.size), at);
        item.add(&["alignment"], format!("{} (32-bit: {})", wide.align, narrow.align), at);
    }
    for (i, field) in structure.record.fields.iter().enumerate() {
        let unnamed = format!("field {}", i + 1);
        let (name, span) = field.name.as_ref().map_or((unnamed.as_str(), at), |n| (n.value.as_str(), n.span));
        let ty = field.ty.spelling();
        item.add(&["fields", name], format!("{ty} {name}"), span);
        item.add(&["fields", name, "type"], ty, span);
        if let Some((wide, narrow)) = layout.as_ref().and_then(|l| l.offsets.get(i)) {
            item.add(&["fields", name, "offset"], format!("{wide} (32-bit: {narrow})"), span);
        }
        if let Some(doc) = structure.fields.iter().find(|f| f.name.value == name) {
            item.words(&["fields", name, "since"], doc.since.as_ref());
            item.words(&["fields", name, "bytes in"], doc.bytes_in.as_ref());
            item.word(&["fields", name, "meaning"], &doc.meaning);
        }
    }
    item.prose(&structure.page);
    item
}

fn enumeration(enumeration: &Enum, names: &Names<'_>) -> Item {
    let mut item = Item::page(&enumeration.page);
    for declared in &enumeration.names {
        item.word(&["names", &declared.name.value], &declared.name);
    }
    for (i, variant) in enumeration.enumeration.variants.iter().enumerate() {
        let name = variant.name.value.as_str();
        item.add(&["variants", name], name, variant.name.span);
        let value = names.variant(enumeration, i).map_or_else(|_| "unknown".to_owned(), |v| v.to_string());
        item.add(&["variants", name, "value"], value, variant.name.span);
        if let Some(doc) = enumeration.variants.iter().find(|v| v.name.value == name) {
            item.word(&["variants", name, "meaning"], &doc.meaning);
        }
    }
    item.prose(&enumeration.page);
    item
}

fn control(control: &Control) -> Item {
    let mut item = Item::page(&control.page);
    item.word(&["function"], &control.function);
    for operation in &control.operations {
        let name = operation.name.value.as_str();
        item.add(&["operations", name], name, operation.name.span);
        item.words(&["operations", name, "request type"], operation.request.as_ref());
        item.words(&["operations", name, "level"], operation.level.as_ref());
        let data = |d: &Spanned<Data>| (d.value.spelling(), d.span);
        for (what, (value, span)) in [("input", data(&operation.input)), ("output", data(&operation.output))] {
            item.add(&["operations", name, what], value, span);
        }
        let returned = if operation.size_returned.value { "yes" } else { "no" };
        item.add(&["operations", name, "size returned"], returned, operation.size_returned.span);
        if let Some(flags) = &operation.flags {
            item.add(&["operations", name, "flags"], flags.value.spelling(), flags.span);
        }
        item.add(&["operations", name, "IRP"], operation.irp.value.as_str(), operation.irp.span);
        for rule in &operation.sockets {
            item.add(&["operations", name, "sockets", rule.kind.value.as_str()], SocketRule::spelling(rule), rule.kind.span);
        }
        if let Some(state) = &operation.client_state {
            item.add(&["operations", name, "client state"], state.value.as_str(), state.span);
        }
        item.add(&["operations", name, "IRQL"], operation.irql.value.spelling(), operation.irql.span);
    }
    values(&mut item, &control.values);
    returns(&mut item, &control.returns);
    item.prose(&control.page);
    item
}
