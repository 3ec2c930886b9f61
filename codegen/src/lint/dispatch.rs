//! Dispatch tables list functions that exist under their names, functions are listed in some table, and fields are explained.

use super::{Lint, did_you_mean};
use crate::c::CType;
use crate::facts::ApiKind;
use crate::spec::{Dispatch, Named, Struct};

pub(super) fn check(lint: &mut Lint<'_>) {
    let spec = lint.spec;
    let mut listed: Vec<(&str, Dispatch)> = Vec::new();
    versions(lint);
    for structure in &spec.structs {
        fields(lint, structure);
        category(lint, structure);
        let mut any = false;
        for field in &structure.record.fields {
            let (Some(name), CType::Named(ty)) = (&field.name, &field.ty) else { continue };
            let Some(Named::FunctionPointer(api)) = lint.names.named(ty) else { continue };
            any = true;
            let Some(owner) = structure.dispatch.as_ref().map(|d| d.value) else {
                lint.error(
                    "lint::dispatch",
                    ty.name.span,
                    format!("`{}` holds functions, but does not say whose dispatch table it is", structure.page.name),
                    "add `dispatch: provider` or `dispatch: client` to the front matter",
                );
                break;
            };
            listed.push((api.key(), owner));
            if name.value != api.page.name.value {
                lint.error(
                    "lint::dispatch",
                    name.span,
                    format!("the member `{name}` has the type of `{}`", api.page.name),
                    format!("name it {}, or correct its type", api.page.name),
                );
            }
            let fits = match owner {
                Dispatch::Provider => api.kind.value == ApiKind::Function,
                Dispatch::Client => api.kind.value == ApiKind::Callback,
            };
            if !fits {
                let whose = if owner == Dispatch::Provider { "the provider's functions" } else { "the driver's callbacks" };
                lint.error(
                    "lint::dispatch",
                    name.span,
                    format!("this table lists {whose}, and `{}` is a {}", api.page.name, api.kind.as_str()),
                    "correct `dispatch` here or `kind` there",
                );
            }
        }
        if structure.dispatch.is_some() && !any && !lists_tables(lint, structure) {
            lint.error(
                "lint::dispatch",
                structure.page.name.span,
                format!("`{}` is a dispatch table without functions", structure.page.name),
                "remove `dispatch` from the front matter, or correct the types of its members",
            );
        }
    }
    for api in &spec.apis {
        let owner = match api.kind.value {
            ApiKind::Function => Dispatch::Provider,
            ApiKind::Callback => Dispatch::Client,
            ApiKind::Export | ApiKind::Method | ApiKind::Macro => continue,
        };
        if !listed.contains(&(api.key(), owner)) {
            lint.error(
                "lint::dispatch",
                api.page.name.span,
                format!("no dispatch table lists `{}`", api.key()),
                "add it to its table, or correct `kind`",
            );
        }
    }
}

/// A provider dispatch table of sockets says by which constant such a socket is asked for.
fn category(lint: &mut Lint<'_>, structure: &Struct) {
    let name = &structure.page.name;
    match &structure.category {
        None if structure.socket.is_some() && structure.is_table_of(Dispatch::Provider) => lint.error(
            "lint::category",
            name.span,
            format!("`{name}` does not say which constant asks for its sockets"),
            "add `category: WSK_FLAG_…` to the front matter",
        ),
        Some(category) if lint.names.constant(category).is_none() => {
            let known: Vec<&str> = lint.names.constant_names().collect();
            let help = did_you_mean(category, known, "add its value to tables/constants.md");
            lint.error("lint::category", category.span, format!("nothing defines `{category}`"), help);
        }
        _ => {}
    }
}

/// Builds grow, and each version after which a member came has one.
fn versions(lint: &mut Lint<'_>) {
    let spec = lint.spec;
    for (earlier, later) in spec.versions.iter().zip(spec.versions.iter().skip(1)) {
        if later.build.value <= earlier.build.value {
            let message = format!("`{}` has no higher build than `{}`", later.name, earlier.name);
            lint.error("lint::version", later.build.span, message, "order the rows by build");
        }
    }
    for since in spec.structs.iter().flat_map(|s| &s.fields).filter_map(|f| f.since.as_ref()) {
        if spec.build_of(since).is_none() {
            let help = did_you_mean(since, spec.versions.iter().map(|v| v.name.as_str()), "add it to tables/versions.md");
            lint.error("lint::version", since.span, format!("the build of `{since}` is not known"), help);
        }
    }
}

/// Whether a table consists of pointers to other tables, as that of a stream socket's callbacks does.
fn lists_tables(lint: &Lint<'_>, structure: &Struct) -> bool {
    structure.record.fields.iter().all(|f| match &f.ty {
        CType::Pointer { to, .. } => match &**to {
            CType::Named(name) => matches!(lint.names.named(name), Some(Named::Struct(s)) if s.dispatch.is_some()),
            _ => false,
        },
        _ => false,
    })
}

/// The field table explains the fields of the definition, in their order.
fn fields(lint: &mut Lint<'_>, structure: &Struct) {
    let defined: Vec<_> = structure.record.fields.iter().filter_map(|f| f.name.as_ref()).collect();
    for name in &defined {
        if !structure.fields.iter().any(|f| f.name.value == name.value) {
            lint.error("lint::fields", name.span, format!("the field table does not have `{name}`"), "add a row for it");
        }
    }
    for field in &structure.fields {
        if !defined.iter().any(|d| d.value == field.name.value) {
            let help = did_you_mean(
                &field.name,
                defined.iter().map(|d| d.value.as_str()),
                "add it to the definition, or remove the row",
            );
            lint.error("lint::fields", field.name.span, format!("the definition does not have `{}`", field.name), help);
        }
    }
    let known = defined.iter().filter(|d| structure.fields.iter().any(|f| f.name.value == d.value));
    let explained = structure.fields.iter().filter(|f| defined.iter().any(|d| d.value == f.name.value));
    if let Some((_, field)) = known.zip(explained).find(|(d, f)| d.value != f.name.value) {
        lint.error(
            "lint::fields",
            field.name.span,
            "the fields are in another order than in the definition",
            "use the order of the definition",
        );
    }
    for bytes_in in structure.fields.iter().filter_map(|f| f.bytes_in.as_ref()) {
        if !defined.iter().any(|d| d.value == bytes_in.value) {
            let help = did_you_mean(bytes_in, defined.iter().map(|d| d.value.as_str()), "name the field that says how many");
            lint.error("lint::fields", bytes_in.span, format!("the definition does not have `{bytes_in}`"), help);
        }
    }
    // A member that came later ends what an earlier version has, so those behind it came no earlier.
    let mut later = false;
    for field in &structure.fields {
        if later && field.since.is_none() {
            lint.error(
                "lint::fields",
                field.name.span,
                format!("`{}` has no `Since`, but follows members that came later than the structure", field.name),
                "a structure only grows at its end: give the version",
            );
        }
        later |= field.since.is_some();
    }
}
