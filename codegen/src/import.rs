//! The facts of vendor pages → pages of our own, with the prose left to be written.
//!
//! A fact that the vendor's page does not state becomes `?`, which `lint` does not accept; a place for words becomes
//! [`UNWRITTEN`], which it does not accept either. So nothing unsaid slips through.

use crate::facts::{ApiKind, Direction, FactKind, camel_case};
use crate::source::Spanned;
use crate::spec::{Combine, PageFolder, PageWriter, UNWRITTEN};
use crate::vendor::{ApiFacts, ControlFacts, FlagFacts, ItemFacts, PageFacts, StructFacts};

pub(crate) use crate::spec::UNKNOWN;

/// The page for what was read, or `None` for a kind of page that we do not write from an import.
#[must_use]
pub fn write_page(facts: &PageFacts) -> String {
    match &facts.item {
        ItemFacts::Api(api) => write_api(api, facts.page.as_deref()),
        ItemFacts::Struct(structure) => write_struct(structure, facts.page.as_deref()),
        ItemFacts::Control(control) => write_control(control, facts.page.as_deref()),
        ItemFacts::Enum(enumeration) => {
            let mut writer = PageWriter::default();
            let name = text(enumeration.name.as_ref());
            let (header, since) = (text(enumeration.header.as_ref()), text(enumeration.since.as_ref()));
            writer.front_matter([("name", name), ("kind", "enum"), ("header", header), ("since", since)]);
            writer.title(name, UNWRITTEN);
            writer.section("Definition");
            let variants: Vec<String> = enumeration
                .variants
                .iter()
                .map(|(name, value)| format!("  {name}{}", value.map(|v| format!(" = {v}")).unwrap_or_default()))
                .collect();
            writer.code(&format!("typedef enum {{\n{}\n}} {name};", variants.join(",\n")));
            writer.section("Values");
            writer.table(
                ["Name", "Meaning"],
                enumeration.variants.iter().map(|(name, _)| [name.value.clone(), UNWRITTEN.to_owned()]),
            );
            writer.finish()
        }
    }
}

/// How the constants of a parameter go together. That is said in words that are not read; those of out-parameters and of parameters that
/// are named after flags mostly combine, and a person sees it on the page that is written.
pub(crate) fn combine(name: &str, direction: Option<Direction>) -> Combine {
    if direction == Some(Direction::Out) || name.ends_with("Flags") { Combine::Any } else { Combine::One }
}

/// The file in spec-data of the page that describes what a page of the vendor's describes; `None` where the page does not say enough.
/// The name in it is what the page says: whether a file may have it is for [`crate::source::Folder`] to decide.
#[must_use]
pub fn path_of(facts: &PageFacts) -> Option<String> {
    let (folder, stem) = match &facts.item {
        ItemFacts::Api(api) => {
            let stem = match (&api.typedef, &api.name) {
                (Some(typedef), _) => camel_case(typedef.strip_prefix("PFN_")?),
                (None, name) => name.as_ref()?.value.clone(),
            };
            (PageFolder::of_api(api.kind?)?, stem)
        }
        ItemFacts::Struct(structure) => (PageFolder::Structs, structure.name.as_ref()?.value.clone()),
        ItemFacts::Enum(enumeration) => (PageFolder::Enums, enumeration.name.as_ref()?.value.clone()),
        ItemFacts::Control(control) => (PageFolder::Controls, control.name.as_ref()?.value.clone()),
    };
    Some(folder.page(&stem))
}

fn text(value: Option<&Spanned<String>>) -> &str {
    value.map_or(UNKNOWN, |v| v.value.as_str())
}

/// The name of the vendor's page: that of the file, or, for a rendered page, the one that the site's scheme gives it.
pub(crate) fn upstream(api: &ApiFacts, page: Option<&str>) -> Option<String> {
    if let Some(page) = page {
        return Some(page.to_owned());
    }
    let header = api.header.as_ref()?.split('.').next()?.to_owned();
    match (&api.typedef, &api.name) {
        (Some(typedef), _) => Some(format!("nc-{header}-{}", typedef.to_lowercase())),
        (None, Some(name)) => Some(format!("nf-{header}-{}", name.to_lowercase())),
        _ => None,
    }
}

/// The same for a control code: `SO_WSK_SECURITY` is described by `so-wsk-security`.
pub(crate) fn upstream_of_control(control: &ControlFacts, page: Option<&str>) -> Option<String> {
    page.map(str::to_owned).or_else(|| Some(control.name.as_ref()?.to_lowercase().replace('_', "-")))
}

fn write_api(api: &ApiFacts, page: Option<&str>) -> String {
    let mut writer = PageWriter::default();
    let name = text(api.name.as_ref());
    let kind = api.kind.map_or(UNKNOWN, ApiKind::as_str);
    let upstream = upstream(api, page);
    let library = text(api.library.as_ref());
    let mut front = vec![("name", name)];
    front.extend(api.typedef.as_ref().map(|t| ("typedef", t.value.as_str())));
    front.extend([("kind", kind), ("header", text(api.header.as_ref())), ("since", text(api.since.as_ref()))]);
    front.extend(upstream.as_ref().map(|u| ("upstream", u.as_str())));
    if api.kind == Some(ApiKind::Export) {
        front.push(("library", library));
    }
    writer.front_matter(front);
    writer.title(name, UNWRITTEN);

    writer.section("Signature");
    let params: Vec<String> = api
        .params
        .iter()
        .map(|p| {
            let ty = p.ty.as_deref().unwrap_or(UNKNOWN);
            let space = if ty.ends_with('*') { "" } else { " " };
            format!("  {ty}{space}{}", p.name)
        })
        .collect();
    let ret = api.return_type.as_deref().unwrap_or(UNKNOWN);
    writer.code(&format!("{ret} {name}(\n{}\n);", params.join(",\n")));

    writer.section("Parameters");
    writer.table(
        ["Name", "Direction", "Meaning"],
        api.params.iter().map(|p| {
            let direction = match (p.reserved, p.direction) {
                (true, _) => "reserved".to_owned(),
                (false, None) => UNKNOWN.to_owned(),
                (false, Some(d)) => format!("{}{}", d.as_str(), if p.optional == Some(true) { ", optional" } else { "" }),
            };
            let meaning = if p.reserved { "Must be zero.".to_owned() } else { UNWRITTEN.to_owned() };
            [p.name.value.clone(), direction, meaning]
        }),
    );
    for param in api.params.iter().filter(|p| !p.values.is_empty()) {
        let kind = if combine(&param.name, param.direction) == Combine::Any { "Flags" } else { "Values" };
        writer.section(&format!("{kind}: {}", param.name));
        writer.table(["Constant", "Meaning"], param.values.iter().map(|v| [v.value.clone(), UNWRITTEN.to_owned()]));
    }
    if api.return_type.as_deref() != Some("VOID") && !(api.return_type.is_none() && api.codes.is_empty()) {
        writer.section("Returns");
        let rows = api.codes.iter().map(|c| [c.value.clone(), UNWRITTEN.to_owned()]);
        let mark = match api.open {
            Some(false) => None,
            Some(true) => Some("…"),
            None => Some(UNKNOWN),
        };
        let other = mark.map(|mark| [mark.to_owned(), UNWRITTEN.to_owned()]);
        writer.table(["Status", "Meaning"], rows.chain(other));
    }
    writer.section("IRQL");
    let rows: Vec<[String; 2]> = api
        .irql
        .iter()
        .map(|fact| [fact.when.as_ref().map_or_else(|| "always".to_owned(), |w| format!("? {w}")), fact.range.spelling()])
        .collect();
    writer.table(["When", "Level"], if rows.is_empty() { vec![["always".to_owned(), UNKNOWN.to_owned()]] } else { rows });
    writer.finish()
}

fn write_struct(structure: &StructFacts, page: Option<&str>) -> String {
    let mut writer = PageWriter::default();
    let name = text(structure.name.as_ref());
    let mut front = vec![
        ("name", name),
        ("kind", "struct"),
        ("header", text(structure.header.as_ref())),
        ("since", text(structure.since.as_ref())),
    ];
    front.extend(page.map(|p| ("upstream", p)));
    writer.front_matter(front);
    writer.title(name, UNWRITTEN);
    writer.section("Definition");
    // A structure or union without a name has no row, and stands in no list of names.
    let named = || structure.fields.iter().filter(|f| !f.name.contains('('));
    let fields: Vec<String> = match &structure.record {
        Some(record) => record
            .fields
            .iter()
            .map(|f| format!("  {};", f.ty.declaration(f.name.as_ref().map_or("", |n| n.value.as_str()))))
            .collect(),
        None => named().map(|f| format!("  {UNKNOWN} {};", f.name)).collect(),
    };
    let keyword = if structure.is_union.as_ref().is_some_and(|u| u.value) { "union" } else { "struct" };
    let tag = structure.tag.as_ref().map(|t| format!(" {t}")).unwrap_or_default();
    writer.code(&format!("typedef {keyword}{tag} {{\n{}\n}} {name}, *P{name};", fields.join("\n")));
    writer.section("Fields");
    writer.table(["Name", "Meaning"], named().map(|f| [f.name.value.clone(), UNWRITTEN.to_owned()]));
    writer.finish()
}

/// The page of a control code: for each operation the properties that such an operation has, `?` for those that the page does not state.
fn write_control(control: &ControlFacts, page: Option<&str>) -> String {
    let mut writer = PageWriter::default();
    let (name, function) = (text(control.name.as_ref()), text(control.function.as_ref()));
    let mut front = vec![
        ("name", name),
        ("kind", "control"),
        ("header", text(control.header.as_ref())),
        ("since", text(control.since.as_ref())),
    ];
    let upstream = upstream_of_control(control, page);
    front.extend(upstream.as_ref().map(|u| ("upstream", u.as_str())));
    front.push(("function", function));
    writer.front_matter(front);
    writer.title(name, UNWRITTEN);
    // What the page states of one operation, an operation of that function has.
    let has = |kind| control.operations.iter().any(|o| o.fact(kind).is_some());
    let of_sockets = [FactKind::OperationRequest, FactKind::OperationLevel, FactKind::OperationSockets].into_iter().any(has);
    let of_clients = has(FactKind::OperationClientState);
    for operation in &control.operations {
        writer.section(&format!("Operation: {}", text(operation.name.as_ref())));
        let rows = [
            ("Request type", FactKind::OperationRequest, of_sockets),
            ("Level", FactKind::OperationLevel, of_sockets),
            ("Input", FactKind::OperationInput, true),
            ("Output", FactKind::OperationOutput, true),
            ("Size returned", FactKind::OperationSizeReturned, true),
            ("Flags", FactKind::OperationFlags, !control.flags.is_empty() || operation.flags.is_some()),
            ("IRP", FactKind::OperationIrp, true),
            ("Sockets", FactKind::OperationSockets, of_sockets),
            ("Client state", FactKind::OperationClientState, of_clients || !of_sockets),
            ("IRQL", FactKind::OperationIrql, true),
        ];
        let value = |kind| match operation.fact(kind) {
            Some(fact) if kind == FactKind::OperationSizeReturned => if fact.value == "true" { "yes" } else { "no" }.to_owned(),
            Some(fact) => fact.value,
            None => UNKNOWN.to_owned(),
        };
        let rows = rows.into_iter().filter(|(_, _, shown)| *shown);
        writer.table(["Property", "Value"], rows.map(|(property, kind, _)| [property.to_owned(), value(kind)]));
    }
    if !control.flags.is_empty() {
        let of = control.operations.iter().find_map(|o| o.flags.as_ref()).map_or(UNKNOWN, |flags| flags.of.as_str());
        writer.section(&format!("Flags: {of}"));
        let callback = |flag: &FlagFacts| flag.callback.as_ref().map_or_else(String::new, |c| c.value.clone());
        if control.flags.iter().any(|flag| flag.callback.is_some()) {
            let rows = control.flags.iter().map(|f| [f.constant.value.clone(), callback(f), UNWRITTEN.to_owned()]);
            writer.table(["Constant", "Callback", "Meaning"], rows);
        } else {
            writer.table(["Constant", "Meaning"], control.flags.iter().map(|f| [f.constant.value.clone(), UNWRITTEN.to_owned()]));
        }
    }
    if !control.codes.is_empty() {
        writer.section("Returns");
        writer.table(["Status", "Meaning"], control.codes.iter().map(|c| [c.value.clone(), UNWRITTEN.to_owned()]));
    }
    writer.finish()
}
