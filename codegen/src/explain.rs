//! One entry of the model as a person wants to read it.

use std::fmt::Write as _;

use crate::facts::ApiKind;
use crate::source::nearest;
use crate::spec::{Api, Combine, Control, Enum, Names, Page, Spec, Struct, ValueTable, prototype};

/// What was found under a name.
#[derive(Debug)]
pub enum Explanation {
    /// Everything of that name.
    Found(String),
    /// Nothing; the nearest names.
    Unknown(Vec<String>),
}

/// Explains a function, callback, export, structure, enumeration, control code, constant or status. The name may be written as
/// `WskConnect`, `PFN_WSK_CONNECT`, `wsk_connect` or in any other mixture of case and underscores.
#[must_use]
pub fn explain(spec: &Spec, name: &str) -> Explanation {
    let wanted = fold(name);
    let is = |candidate: &str| fold(candidate) == wanted || candidate.strip_prefix("PFN_").is_some_and(|c| fold(c) == wanted);
    let mut parts: Vec<String> = Vec::new();
    for api in &spec.apis {
        if is(&api.page.name) || is(api.key()) || is(&api.page.stem) {
            parts.push(explain_api(api, spec));
        }
    }
    for structure in &spec.structs {
        if structure.names.iter().any(|n| is(&n.name)) && !(parts.len() == 1 && name != structure.page.name.value) {
            parts.push(explain_struct(structure, spec));
        }
    }
    for enumeration in &spec.enums {
        let has = enumeration.enumeration.variants.iter().any(|v| is(&v.name));
        if is(&enumeration.page.name) || has {
            parts.push(explain_enum(enumeration, spec));
        }
    }
    for control in &spec.controls {
        if is(&control.page.name) {
            parts.push(explain_control(control, spec));
        }
    }
    if parts.is_empty() {
        parts.extend(explain_values(spec, &is));
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
        .chain(spec.statuses.iter().map(|s| s.name.as_str()));
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

fn foot(out: &mut String, page: &Page, spec: &Spec) {
    let errata: Vec<_> = spec.errata.iter().filter(|e| page.upstream.as_ref().is_some_and(|u| u.value == e.page.value)).collect();
    if !page.notes.is_empty() || !errata.is_empty() {
        out.push_str("\nWatch for\n");
        for note in &page.notes {
            let _ = writeln!(out, "{}", bullet(note));
        }
        for erratum in errata {
            let value = erratum.value.as_ref().map_or("nothing", |v| v.value.as_str());
            let _ = writeln!(out, "{}", bullet(&format!("Erratum: {} is {value}. {}", erratum.fact, erratum.reason)));
        }
    }
    if let Some(upstream) = &page.upstream {
        let _ = write!(out, "\nSource page: {upstream}\n");
    }
}

fn bullet(text: &str) -> String {
    let wrapped = wrap(text, 4);
    format!("  - {}", wrapped.trim_start())
}

/// Folds running text to the width of a terminal.
fn wrap(text: &str, indent: usize) -> String {
    const WIDTH: usize = 100;
    let mut out = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column == 0 || column + 1 + length > WIDTH {
            if column > 0 {
                out.push('\n');
            }
            out.push_str(&" ".repeat(indent));
            column = indent;
        } else {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out
}

/// Rows of two columns, the second folded.
fn rows(out: &mut String, rows: &[(String, String)]) {
    let width = rows.iter().map(|(left, _)| left.chars().count()).max().unwrap_or(0);
    for (left, right) in rows {
        let text = wrap(right, width + 4);
        let _ = writeln!(out, "  {left}{}  {}", " ".repeat(width - left.chars().count()), text.trim_start());
    }
}

fn explain_api(api: &Api, spec: &Spec) -> String {
    let mut out = String::new();
    let tables: Vec<&str> = spec.tables_of(api).map(|s| s.page.name.as_str()).collect();
    let what = match api.kind.value {
        ApiKind::Function => format!("function in {}", tables.join(", ")),
        ApiKind::Callback => format!("event callback in {}", tables.join(", ")),
        ApiKind::Export => format!("export of {}", api.library.as_ref().map_or("", |l| l.value.as_str())),
        ApiKind::Method | ApiKind::Macro => api.kind.as_str().to_owned(),
    };
    head(&mut out, &api.page, &what);
    let code = prototype(api.typedef.as_ref().map_or(&api.page.name, |_| &api.page.name), &api.signature);
    let _ = write!(out, "\n{}\n", code.lines().map(|l| format!("  {l}")).collect::<Vec<_>>().join("\n"));
    if let Some(typedef) = &api.typedef {
        let _ = writeln!(out, "  of type {typedef}");
    }
    out.push_str("\nIRQL\n");
    let levels: Vec<(String, String)> = api.irql.iter().map(|c| (c.range.spelling(), c.when.spelling())).collect();
    rows(&mut out, &levels);
    if !api.params.is_empty() {
        out.push_str("\nParameters\n");
        let params: Vec<(String, String)> = api
            .params
            .iter()
            .map(|p| {
                let memory: Vec<String> = p.memory.iter().map(|m| format!("It {}.", m.sentence())).collect();
                let meaning = std::iter::once(p.meaning.value.clone()).chain(memory).collect::<Vec<_>>().join(" ");
                (format!("{} [{}]", p.name, p.direction_text()), meaning)
            })
            .collect();
        rows(&mut out, &params);
    }
    values(&mut out, &api.values);
    if !api.returns.codes.is_empty() {
        let _ = write!(out, "\nReturns {}\n", api.signature.ret.spelling());
        let mut codes: Vec<(String, String)> =
            api.returns.codes.iter().map(|c| (c.name.value.clone(), c.meaning.value.clone())).collect();
        codes.extend(api.returns.other.iter().map(|o| (o.label().to_owned(), o.meaning().value.clone())));
        rows(&mut out, &codes);
    }
    foot(&mut out, &api.page, spec);
    out
}

fn values(out: &mut String, tables: &[ValueTable]) {
    for table in tables {
        let how = if table.combine == Combine::Any { "any of, joined by OR" } else { "one of" };
        let _ = write!(out, "\n{}: {how}\n", table.of);
        let mut lines: Vec<(String, String)> = table
            .rows
            .iter()
            .map(|r| {
                let excludes: Vec<&str> = r.excludes.iter().map(|e| e.value.as_str()).collect();
                let not =
                    if excludes.is_empty() { String::new() } else { format!(" Not together with {}.", excludes.join(", ")) };
                (r.constant.value.clone(), format!("{}{not}", r.meaning))
            })
            .collect();
        lines.extend(table.other.iter().map(|o| ("any other".to_owned(), o.value.clone())));
        rows(out, &lines);
    }
}

fn explain_struct(structure: &Struct, spec: &Spec) -> String {
    let mut out = String::new();
    head(&mut out, &structure.page, if structure.dispatch.is_some() { "dispatch table" } else { "structure" });
    let layout = Names::new(spec).record_layout(&structure.record).ok();
    out.push_str("\nFields, at their offsets with 64-bit and 32-bit pointers\n");
    let fields: Vec<(String, String)> = structure
        .record
        .fields
        .iter()
        .enumerate()
        .map(|(i, f)| {
            let name = f.name.as_ref().map_or("", |n| n.value.as_str());
            let offset =
                layout.as_ref().and_then(|l| l.offsets.get(i)).map_or_else(String::new, |(w, n)| format!("{w:>3} {n:>3}  "));
            let doc = structure.fields.iter().find(|d| d.name.value == name);
            let since = doc.and_then(|d| d.since.as_ref()).map(|s| format!(" Since {s}.")).unwrap_or_default();
            (format!("{offset}{}", f.ty.declaration(name)), format!("{}{since}", doc.map_or("", |d| d.meaning.as_str())))
        })
        .collect();
    rows(&mut out, &fields);
    if let Some(layout) = layout {
        let (wide, narrow) = (layout.whole.wide, layout.whole.narrow);
        let _ = writeln!(out, "  {:>3} {:>3}  bytes in all", wide.size, narrow.size);
    }
    foot(&mut out, &structure.page, spec);
    out
}

fn explain_enum(enumeration: &Enum, spec: &Spec) -> String {
    let mut out = String::new();
    head(&mut out, &enumeration.page, "enumeration");
    out.push_str("\nValues\n");
    let names = Names::new(spec);
    let lines: Vec<(String, String)> = enumeration
        .variants
        .iter()
        .enumerate()
        .map(|(at, v)| {
            let value = names.variant(enumeration, at).map_or_else(|_| "?".to_owned(), |v| v.to_string());
            (format!("{} = {value}", v.name), v.meaning.value.clone())
        })
        .collect();
    rows(&mut out, &lines);
    foot(&mut out, &enumeration.page, spec);
    out
}

fn explain_control(control: &Control, spec: &Spec) -> String {
    let mut out = String::new();
    let names = Names::new(spec);
    let code = names.constant(&control.page.name).and_then(|c| names.eval(&c.expr).ok());
    let code = code.map(|c| format!(" 0x{c:X}")).unwrap_or_default();
    head(&mut out, &control.page, &format!("control code{code} of {}", control.function));
    for operation in &control.operations {
        let _ = write!(out, "\nOperation: {}\n", operation.name);
        let mut lines: Vec<(String, String)> = Vec::new();
        lines.extend(operation.request.iter().map(|r| ("Request type".to_owned(), r.value.clone())));
        lines.extend(operation.level.iter().map(|l| ("Level".to_owned(), l.value.clone())));
        lines.push(("Input".to_owned(), operation.input.spelling()));
        lines.push(("Output".to_owned(), operation.output.spelling()));
        lines.push(("IRP".to_owned(), operation.irp.as_str().to_owned()));
        if !operation.sockets.is_empty() {
            let sockets: Vec<String> =
                operation.sockets.iter().map(|s| format!("{} ({})", s.kind.as_str(), s.state.as_str())).collect();
            lines.push(("Sockets".to_owned(), sockets.join(", ")));
        }
        lines.extend(operation.client_state.iter().map(|s| ("Client state".to_owned(), s.as_str().to_owned())));
        lines.push(("IRQL".to_owned(), operation.irql.spelling()));
        rows(&mut out, &lines);
    }
    values(&mut out, &control.values);
    foot(&mut out, &control.page, spec);
    out
}

fn explain_values(spec: &Spec, is: &dyn Fn(&str) -> bool) -> Vec<String> {
    let names = Names::new(spec);
    let mut parts = Vec::new();
    for constant in spec.constants.iter().filter(|c| is(&c.name)) {
        let value = names.eval(&constant.expr).map_or_else(|e| e.to_string(), |v| format!("0x{v:X}"));
        parts.push(format!(
            "{} = {value} ({}) — {}\n\n{}\n",
            constant.name,
            constant.ty,
            constant.group,
            wrap(&constant.meaning, 2)
        ));
    }
    for status in spec.statuses.iter().filter(|s| is(&s.name)) {
        let mut out = format!("{} = 0x{:08X} — NTSTATUS\n\n{}\n", status.name, status.value.value, wrap(&status.meaning, 2));
        out.push_str("\nReturned by\n");
        let lines: Vec<(String, String)> = spec
            .apis
            .iter()
            .filter_map(|a| {
                let code = a.returns.codes.iter().find(|c| c.name.value == status.name.value)?;
                Some((a.page.name.value.clone(), code.meaning.value.clone()))
            })
            .collect();
        rows(&mut out, &lines);
        parts.push(out);
    }
    parts
}
