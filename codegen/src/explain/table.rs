//! What has no page of its own: constants, statuses, identifiers, macros, types and versions.

use super::text::{rows, wrap};
use crate::source::{Sources, Span};
use crate::spec::{Constant, Names, Spec, Status, TypeDef, TypeKind};

/// The rows of that name.
pub(super) fn explain(spec: &Spec, sources: &Sources, is: &dyn Fn(&str) -> bool) -> Vec<String> {
    let names = Names::new(spec);
    let mut parts = Vec::new();
    let mut add = |text: String, at: Span| parts.push(format!("{text}\nDescribed in {}\n", place(sources, at)));
    for constant in spec.constants.iter().filter(|c| is(&c.name)) {
        add(of_constant(constant, &names), constant.name.span);
    }
    for status in spec.statuses.iter().filter(|s| is(&s.name)) {
        add(of_status(status, spec), status.name.span);
    }
    for guid in spec.guids.iter().filter(|g| is(&g.name)) {
        let text = format!("{} = {:032X} ({})\n\n{}\n", guid.name, guid.value.value, guid.ty, wrap(&guid.meaning, 2));
        add(text, guid.name.span);
    }
    for found in spec.macros.iter().filter(|m| is(&m.name)) {
        let params: Vec<&str> = found.params.iter().map(|p| p.value.as_str()).collect();
        let whose = if found.is_public { "macro of the interface" } else { "macro that serves definitions here" };
        add(
            format!(
                "{}({}) = {} ({}) — {whose}\n\n{}\n",
                found.name,
                params.join(", "),
                found.expr.spelling(),
                found.ty,
                wrap(&found.meaning, 2)
            ),
            found.name.span,
        );
    }
    for definition in spec.types.iter().filter(|t| is(&t.name)) {
        add(format!("{} — {}\n\n{}\n", definition.name, kind(definition), wrap(&definition.meaning, 2)), definition.name.span);
    }
    for version in spec.versions.iter().filter(|v| is(&v.name)) {
        add(format!("{} — build {}\n", version.name, version.build.value), version.name.span);
    }
    parts
}

fn place(sources: &Sources, at: Span) -> String {
    let source = sources.get(at.file);
    format!("{}:{}", source.path, source.line(at.start))
}

fn of_constant(constant: &Constant, names: &Names<'_>) -> String {
    let value = names.eval(&constant.expr).map_or_else(|e| e.to_string(), |v| format!("0x{v:X}"));
    let from = constant.from.as_ref().map_or_else(String::new, |from| format!(", taken from {from}"));
    format!(
        "{} = {value} ({}) — {}\n\n{}\n\nDefined as {}{from}\n",
        constant.name,
        constant.ty,
        constant.group,
        wrap(&constant.meaning, 2),
        constant.expr.spelling()
    )
}

fn of_status(status: &Status, spec: &Spec) -> String {
    let mut out = format!("{} = 0x{:08X} — NTSTATUS\n\n{}\n", status.name, status.value.value, wrap(&status.meaning, 2));
    let apis = spec.apis.iter().map(|a| (&a.page.name, &a.returns));
    let lines: Vec<Vec<String>> = apis
        .chain(spec.controls.iter().map(|c| (&c.page.name, &c.returns)))
        .filter_map(|(name, returns)| {
            let code = returns.codes.iter().find(|c| c.name.value == status.name.value)?;
            Some(vec![name.value.clone(), code.meaning.value.clone()])
        })
        .collect();
    if !lines.is_empty() {
        out.push_str("\nReturned by\n");
        rows(&mut out, &lines);
    }
    out
}

fn kind(definition: &TypeDef) -> String {
    match &definition.is {
        TypeKind::Scalar(rust) => format!("number, {rust} in Rust"),
        TypeKind::External { path, wdk_sys, layout } => {
            let other = wdk_sys.as_ref().map_or_else(String::new, |w| format!(", with wdk-sys {w}"));
            let layout = layout.map_or_else(
                || ", only pointed to".to_owned(),
                |l| {
                    format!(
                        ", {} bytes by {} with 64-bit pointers, {} by {} with 32-bit pointers",
                        l.wide.size, l.wide.align, l.narrow.size, l.narrow.align
                    )
                },
            );
            format!("type of another crate, {path}{other}{layout}")
        }
        TypeKind::Alias(ty) => format!("another name for {}", ty.spelling()),
    }
}
