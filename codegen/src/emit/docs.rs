//! Doc comments.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::quote;

use crate::facts::ApiKind;
use crate::spec::{Api, Combine, Control, MemoryRule, Page, Returns, Spec, ValueTable};

/// A doc comment. Its lines go through the formatter as one text, which costs far less than an attribute a line.
pub(super) fn doc(text: &str) -> TokenStream {
    let mut lines = String::new();
    for (i, line) in text.trim_end().lines().enumerate() {
        if i > 0 {
            lines.push('\n');
        }
        if !line.is_empty() {
            lines.push(' ');
            lines.push_str(line);
        }
    }
    quote! { #[doc = #lines] }
}

/// The address of the vendor's page.
pub(super) fn upstream_link(page: &Page) -> Option<String> {
    let name = page.upstream.as_ref()?;
    let is_reference = ["nc-", "nf-", "ns-", "ne-", "ni-"].iter().any(|prefix| name.starts_with(prefix));
    let folder = if is_reference {
        let module = page.header.split('.').next().unwrap_or_default().to_lowercase();
        format!("ddi/{module}")
    } else {
        "network".to_owned()
    };
    Some(format!("<https://learn.microsoft.com/windows-hardware/drivers/{folder}/{name}>"))
}

/// Notes, availability and the vendor's page.
pub(super) fn tail(out: &mut String, page: &Page) {
    if !page.notes.is_empty() {
        out.push_str("\n# Notes\n\n");
        for note in &page.notes {
            let _ = writeln!(out, "- {note}");
        }
    }
    let _ = write!(out, "\n# Availability\n\n{}, header {}.", page.since, page.header);
    if let Some(link) = upstream_link(page) {
        let _ = write!(out, " Source page: {link}");
    }
    out.push('\n');
}

pub(super) fn values(out: &mut String, tables: &[ValueTable]) {
    for table in tables {
        let how = match table.combine {
            Combine::Any => "any of these, joined by OR, or zero",
            Combine::One => "one of these",
        };
        let _ = write!(out, "\n# Values of `{}`\n\nTakes {how}:\n\n| Constant | Meaning |\n|---|---|\n", table.of);
        for row in &table.rows {
            let mut meaning = row.meaning.value.clone();
            if !row.excludes.is_empty() {
                let excludes: Vec<String> = row.excludes.iter().map(|e| format!("`{e}`")).collect();
                let _ = write!(meaning, " Not together with {}.", excludes.join(", "));
            }
            let _ = writeln!(out, "| `{}` | {meaning} |", row.constant);
        }
        if let Some(other) = &table.other {
            let _ = writeln!(out, "| any other | {other} |");
        }
    }
}

pub(super) fn returns(out: &mut String, returns: &Returns) {
    if returns.codes.is_empty() {
        return;
    }
    out.push_str("\n# Returns\n\n| Status | Meaning |\n|---|---|\n");
    for code in &returns.codes {
        let _ = writeln!(out, "| `{}` | {} |", code.name, code.meaning);
    }
    if let Some(other) = &returns.other {
        let _ = writeln!(out, "| {} | {} |", other.label(), other.meaning());
    }
}

/// The documentation of an API.
pub(super) fn api(api: &Api, spec: &Spec) -> String {
    let mut out = format!("{}\n\n", api.page.summary);
    let tables: Vec<String> = spec.tables_of(api).map(|s| format!("[`{}`](super::{})", s.page.name, s.page.name)).collect();
    let place = match api.kind.value {
        ApiKind::Function => format!("The type of `{}` in {}.", api.page.name, tables.join(", ")),
        ApiKind::Callback => {
            format!("The type of the event callback `{}` in {}; the driver supplies it.", api.page.name, tables.join(", "))
        }
        ApiKind::Export => {
            format!("Imported from `{}`.", api.library.as_ref().map_or("", |l| l.value.as_str()))
        }
        // `load` takes no page of these kinds.
        ApiKind::Method | ApiKind::Macro => String::new(),
    };
    let _ = write!(out, "{place}\n\n# Parameters\n\n| Name | Direction | Meaning |\n|---|---|---|\n");
    for param in &api.params {
        let _ = writeln!(out, "| `{}` | {} | {} |", param.name, param.direction_text(), param.meaning);
    }
    values(&mut out, &api.values);
    returns(&mut out, &api.returns);
    out.push_str("\n# IRQL\n\n");
    let who = if api.kind.value == ApiKind::Callback { "Called" } else { "May be called" };
    if let [case] = api.irql.as_slice() {
        let _ = writeln!(out, "{who} at {}.", case.range.spelling());
    } else {
        let _ = write!(out, "{who}:\n\n| When | Level |\n|---|---|\n");
        for case in &api.irql {
            let _ = writeln!(out, "| {} | {} |", case.when.spelling(), case.range.spelling());
        }
    }
    safety(&mut out, api);
    tail(&mut out, &api.page);
    out
}

/// What the caller of a function, or the body of a callback, must uphold.
fn safety(out: &mut String, api: &Api) {
    let mut demands: Vec<String> = Vec::new();
    for param in &api.params {
        for rule in &param.memory {
            demands.push(format!("- What `{}` points to {}.", param.name, rule.sentence()));
        }
        if param.reserved {
            demands.push(format!("- `{}` must be zero.", param.name));
        }
    }
    let all_from_caller = !api.params.iter().flat_map(|p| &p.memory).any(|m| m.value == MemoryRule::DuringCall);
    if all_from_caller && !api.params.is_empty() {
        demands.insert(0, "- Pointers must be valid for what the table says, and null only where it says optional.".to_owned());
    }
    demands.push("- The level must be as above.".to_owned());
    let _ = write!(out, "\n# Safety\n\n{}\n", demands.join("\n"));
}

/// The documentation of a control operation.
pub(super) fn control(control: &Control) -> String {
    let mut out = format!("{}\n\nA control code of `{}`.\n", control.page.summary, control.function);
    for operation in &control.operations {
        let _ = write!(out, "\n# Operation: {}\n\n| Property | Value |\n|---|---|\n", operation.name);
        let mut row = |property: &str, value: String| {
            let _ = writeln!(out, "| {property} | {value} |");
        };
        if let Some(request) = &operation.request {
            row("Request type", format!("`{request}`"));
        }
        if let Some(level) = &operation.level {
            row("Level", format!("`{level}`"));
        }
        row("Input", data(&operation.input));
        row("Output", data(&operation.output));
        row("Size of the output returned", if operation.size_returned.value { "yes" } else { "no" }.to_owned());
        row("IRP", operation.irp.as_str().to_owned());
        if !operation.sockets.is_empty() {
            let sockets: Vec<String> =
                operation.sockets.iter().map(|s| format!("{} (state: {})", s.kind.as_str(), s.state.as_str())).collect();
            row("Sockets", sockets.join(", "));
        }
        if let Some(state) = &operation.client_state {
            row("State of the client", state.as_str().to_owned());
        }
        row("IRQL", operation.irql.spelling());
    }
    values(&mut out, &control.values);
    returns(&mut out, &control.returns);
    tail(&mut out, &control.page);
    out
}

fn data(data: &crate::spec::Data) -> String {
    match data {
        crate::spec::Data::None => "none".to_owned(),
        crate::spec::Data::One(ty) => format!("one `{}`", ty.spelling()),
        crate::spec::Data::Many(ty) => format!("as many `{}` as fit", ty.spelling()),
        crate::spec::Data::Extended(ty) => format!("a `{}`, or a larger type that begins like it", ty.spelling()),
    }
}
