//! One entry of the model as a person wants to read it.
//!
//! In: a name in any spelling. Out: text for a terminal about everything of that name. The words are `describe`'s; here is
//! what is looked up, and what only a terminal shows: signatures and layouts.

mod table;
mod text;

use std::fmt::Write as _;

use crate::describe;
use crate::source::{Sources, nearest};
use crate::spec::{Api, Control, Enum, Names, Page, Spec, Struct, prototype};
use text::{rows, section, wrap};

/// What was found under a name.
#[derive(Debug)]
pub enum Explanation {
    /// Everything of that name.
    Found(String),
    /// Nothing; the nearest names.
    Unknown(Vec<String>),
}

/// Explains a function, callback, export, structure, enumeration, control code, or a row of the tables. The name may be written as
/// `WskConnect`, `PFN_WSK_CONNECT`, `wsk_connect` or in any other mixture of case and underscores.
#[must_use]
pub fn explain(spec: &Spec, sources: &Sources, name: &str) -> Explanation {
    let wanted = fold(name);
    let is = |candidate: &str| fold(candidate) == wanted || candidate.strip_prefix("PFN_").is_some_and(|c| fold(c) == wanted);
    let mut parts: Vec<String> = Vec::new();
    for api in &spec.apis {
        if is(&api.page.name) || is(api.key()) || is(&api.page.stem) {
            parts.push(explain_api(api, spec, sources));
        }
    }
    for structure in &spec.structs {
        if structure.names.iter().any(|n| is(&n.name)) && !(parts.len() == 1 && name != structure.page.name.value) {
            parts.push(explain_struct(structure, spec, sources));
        }
    }
    for enumeration in &spec.enums {
        let has = enumeration.enumeration.variants.iter().any(|v| is(&v.name));
        if is(&enumeration.page.name) || has {
            parts.push(explain_enum(enumeration, spec, sources));
        }
    }
    for control in &spec.controls {
        if is(&control.page.name) {
            parts.push(explain_control(control, spec, sources));
        }
    }
    if parts.is_empty() {
        parts.extend(table::explain(spec, sources, &is));
    }
    if !parts.is_empty() {
        return Explanation::Found(parts.join("\n"));
    }
    let known = spec
        .apis
        .iter()
        .flat_map(|a| [a.page.name.as_str(), a.key()])
        .chain(spec.structs.iter().map(|s| s.page.name.as_str()))
        .chain(spec.enums.iter().map(|e| e.page.name.as_str()))
        .chain(spec.controls.iter().map(|c| c.page.name.as_str()))
        .chain(spec.constants.iter().map(|c| c.name.as_str()))
        .chain(spec.statuses.iter().map(|s| s.name.as_str()))
        .chain(spec.guids.iter().map(|g| g.name.as_str()))
        .chain(spec.macros.iter().map(|m| m.name.as_str()))
        .chain(spec.types.iter().map(|t| t.name.as_str()));
    let candidates: Vec<&str> = known.collect();
    let folded: Vec<String> = candidates.iter().map(|c| fold(c.strip_prefix("PFN_").unwrap_or(c))).collect();
    let near = nearest(wanted.strip_prefix("pfn").unwrap_or(&wanted), folded.iter().map(String::as_str), 3);
    let mut names: Vec<String> = Vec::new();
    for candidate in &candidates {
        let own = fold(candidate.strip_prefix("PFN_").unwrap_or(candidate));
        if near.contains(&own.as_str()) && names.iter().all(|n| fold(n.strip_prefix("PFN_").unwrap_or(n)) != own) {
            names.push((*candidate).to_owned());
        }
    }
    Explanation::Unknown(names)
}

fn fold(name: &str) -> String {
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

fn head(out: &mut String, page: &Page, what: &str) {
    let _ = write!(out, "{} — {what}, {}, {}\n\n{}\n", page.name, page.header, page.since, wrap(&page.summary, 2));
}

/// Where our own words are.
fn foot(out: &mut String, page: &Page, sources: &Sources) {
    let _ = write!(out, "\nDescribed in {}\n", sources.get(page.file).path);
}

fn explain_api(api: &Api, spec: &Spec, sources: &Sources) -> String {
    let mut out = String::new();
    head(&mut out, &api.page, &describe::places(api, spec));
    let code = prototype(&api.page.name, &api.signature);
    let _ = write!(out, "\n{}\n", code.lines().map(|l| format!("  {l}")).collect::<Vec<_>>().join("\n"));
    if let Some(typedef) = &api.typedef {
        let _ = writeln!(out, "  of type {typedef}");
    }
    // The level is what most people look for.
    let mut sections = describe::api(api, spec);
    sections.sort_by_key(|s| s.title != describe::IRQL);
    sections.iter().for_each(|s| section(&mut out, s));
    foot(&mut out, &api.page, sources);
    out
}

fn explain_struct(structure: &Struct, spec: &Spec, sources: &Sources) -> String {
    let mut out = String::new();
    let what = match (&structure.dispatch, structure.record.is_union) {
        (Some(_), _) => "dispatch table",
        (None, true) => "union",
        (None, false) => "structure",
    };
    head(&mut out, &structure.page, what);
    describe::kind_of_table(structure).iter().for_each(|kind| out += &format!("\n{}\n", wrap(kind, 2)));
    let _ = write!(out, "\n{}\n", wrap(&describe::declared(structure), 2));
    let layout = Names::new(spec).record_layout(&structure.record).ok();
    out.push_str("\nFields, at their offsets with 64-bit and 32-bit pointers\n");
    let fields: Vec<Vec<String>> = structure
        .record
        .fields
        .iter()
        .enumerate()
        .map(|(i, f)| {
            let name = f.name.as_ref().map_or("", |n| n.value.as_str());
            let offset =
                layout.as_ref().and_then(|l| l.offsets.get(i)).map_or_else(String::new, |(w, n)| format!("{w:>3} {n:>3}  "));
            let doc = structure.fields.iter().find(|d| d.name.value == name);
            vec![format!("{offset}{}", f.ty.declaration(name)), doc.map_or_else(String::new, |d| describe::field(d, structure))]
        })
        .collect();
    rows(&mut out, &fields);
    if let Some(layout) = layout {
        let (wide, narrow) = (layout.whole.wide, layout.whole.narrow);
        let _ = writeln!(out, "  {:>3} {:>3}  bytes in all", wide.size, narrow.size);
    }
    describe::structure(structure, spec).iter().for_each(|s| section(&mut out, s));
    foot(&mut out, &structure.page, sources);
    out
}

fn explain_enum(enumeration: &Enum, spec: &Spec, sources: &Sources) -> String {
    let mut out = String::new();
    head(&mut out, &enumeration.page, "enumeration");
    let _ = write!(out, "\n{}\n", wrap(&describe::enumerated(enumeration), 2));
    out.push_str("\nValues\n");
    let names = Names::new(spec);
    let lines: Vec<Vec<String>> = enumeration
        .enumeration
        .variants
        .iter()
        .enumerate()
        .map(|(at, v)| {
            let value = names.variant(enumeration, at).map_or_else(|_| "?".to_owned(), |v| v.to_string());
            let doc = enumeration.variants.iter().find(|d| d.name.value == v.name.value);
            vec![format!("{} = {value}", v.name), doc.map_or_else(String::new, describe::variant)]
        })
        .collect();
    rows(&mut out, &lines);
    describe::enumeration(enumeration, spec).iter().for_each(|s| section(&mut out, s));
    foot(&mut out, &enumeration.page, sources);
    out
}

fn explain_control(control: &Control, spec: &Spec, sources: &Sources) -> String {
    let mut out = String::new();
    let names = Names::new(spec);
    let code = names.constant(&control.page.name).and_then(|c| names.eval(&c.expr).ok());
    let code = code.map(|c| format!(" 0x{c:X}")).unwrap_or_default();
    head(&mut out, &control.page, &format!("control code{code} of {}", control.function));
    describe::control(control, spec).iter().for_each(|s| section(&mut out, s));
    foot(&mut out, &control.page, sources);
    out
}
