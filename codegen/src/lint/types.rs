//! Every type resolves, and every structure has a layout.

use std::collections::BTreeMap;

use super::{Lint, did_you_mean};
use crate::c::{CType, Expr, TypeName};
use crate::source::{Span, Spanned};
use crate::spec::{LayoutError, TypeKind};

pub(super) fn check(lint: &mut Lint<'_>) {
    let spec = lint.spec;
    for api in &spec.apis {
        resolve(lint, &CType::Function(Box::new(api.signature.clone())), None);
    }
    for structure in &spec.structs {
        let record = CType::Record(Box::new(structure.record.clone()));
        if resolve(lint, &record, None) {
            layout(lint, &structure.record, structure.page.name.span);
        }
    }
    for control in &spec.controls {
        for operation in &control.operations {
            for data in [&operation.input, &operation.output] {
                if let Some(ty) = data.value.ty() {
                    resolve(lint, ty, Some(data.span));
                }
            }
        }
    }
    for definition in &spec.types {
        if let TypeKind::Alias(ty) = &definition.is {
            resolve(lint, &ty.value, Some(ty.span));
        }
    }
    aliases(lint);
    unused(lint);
}

/// The most names that stand for one another.
const DEEPEST_ALIAS: usize = 32;

/// A name that stands for a type does so in the end: no name stands for itself, also behind pointers.
fn aliases(lint: &mut Lint<'_>) {
    let spec = lint.spec;
    let stands_for = spec.types.iter().filter_map(|t| match &t.is {
        TypeKind::Alias(ty) => Some((t.name.as_str(), &ty.value)),
        TypeKind::Scalar(_) | TypeKind::External { .. } => None,
    });
    let stands_for: BTreeMap<&str, &CType> = stands_for.collect();
    // How many names lie below one, for those that are known to come to an end.
    let mut heights: BTreeMap<&str, usize> = BTreeMap::new();
    for definition in spec.types.iter().filter(|t| stands_for.contains_key(t.name.as_str())) {
        let mut stack = vec![definition.name.as_str()];
        let mut complaint = None;
        while let Some(name) = stack.last().copied() {
            let mut below = Vec::new();
            if let Some(ty) = stands_for.get(name) {
                ty.names(&mut |n| below.extend(stands_for.get_key_value(n.name.as_str()).map(|(key, _)| *key)));
            }
            match below.iter().find(|n| !heights.contains_key(**n)) {
                Some(next) if stack.contains(next) => complaint = Some(format!("`{next}` stands for itself")),
                Some(_) if stack.len() > DEEPEST_ALIAS => complaint = Some(format!("`{name}` stands behind too many names")),
                Some(next) => {
                    stack.push(next);
                    continue;
                }
                None => {
                    let height = below.iter().filter_map(|n| heights.get(n)).max().map_or(0, |h| h + 1);
                    if height <= DEEPEST_ALIAS {
                        heights.insert(name, height);
                        stack.pop();
                        continue;
                    }
                    complaint = Some(format!("`{name}` stands for a type by too many names"));
                }
            }
            break;
        }
        if let Some(complaint) = complaint {
            lint.error("lint::alias", definition.name.span, complaint, "name the type that it stands for");
        }
    }
}

/// Whether all names in a type stand for something; `at` is the place where the type's own places mean nothing.
fn resolve(lint: &mut Lint<'_>, ty: &CType, at: Option<Span>) -> bool {
    let mut unknown: Vec<TypeName> = Vec::new();
    ty.names(&mut |name| {
        if lint.names.named(name).is_none() {
            unknown.push(name.clone());
        }
    });
    let mut lengths: Vec<Spanned<String>> = Vec::new();
    array_lengths(ty, &mut |len| {
        len.names(&mut |name| {
            if !lint.names.has_value(name) {
                lengths.push(name.clone());
            }
        });
    });
    let known: Vec<&str> = lint.names.type_names().collect();
    for name in &unknown {
        let tag = name.tag.map(|t| format!("{} ", t.as_str())).unwrap_or_default();
        lint.error(
            "lint::unknown-type",
            at.unwrap_or(name.name.span),
            format!("nothing defines the type `{tag}{}`", name.name),
            did_you_mean(&name.name, known.iter().copied(), "add a page for it, or a row to tables/types.md"),
        );
    }
    for name in &lengths {
        let help = "add a row to tables/constants.md";
        lint.error("lint::unknown-constant", at.unwrap_or(name.span), format!("nothing defines `{name}`"), help);
    }
    unknown.is_empty() && lengths.is_empty()
}

fn array_lengths(ty: &CType, visit: &mut dyn FnMut(&Expr)) {
    match ty {
        CType::Named(_) => {}
        CType::Pointer { to, .. } => array_lengths(to, visit),
        CType::Array { of, len } => {
            len.iter().for_each(&mut *visit);
            array_lengths(of, visit);
        }
        CType::Function(function) => {
            array_lengths(&function.ret, visit);
            function.params.iter().for_each(|p| array_lengths(&p.ty, visit));
        }
        CType::Record(record) => record.fields.iter().for_each(|f| array_lengths(&f.ty, visit)),
    }
}

fn layout(lint: &mut Lint<'_>, record: &crate::c::Record, at: Span) {
    match lint.names.record_layout(record) {
        Ok(_) => {}
        Err(LayoutError::Unknown(name)) => {
            lint.error("lint::layout", name.span, format!("`{name}` has no size"), "define the type");
        }
        Err(LayoutError::Opaque(name)) => lint.error(
            "lint::layout",
            name.span,
            format!("`{name}` is used by value, but its size is not known"),
            "give its layout in tables/types.md, or use a pointer",
        ),
        Err(LayoutError::Function(ret)) => {
            lint.error(
                "lint::layout",
                at,
                format!("a field is a function that returns {ret}"),
                "a pointer to a function was meant: (*Name)(…)",
            );
        }
        Err(LayoutError::Cycle(name)) => {
            lint.error("lint::layout", name.span, format!("`{name}` contains itself"), "use a pointer");
        }
        Err(LayoutError::TooDeep(name)) => {
            let help = "use fewer structures and names within each other";
            lint.error("lint::layout", name.span, format!("`{name}` stands within too many others"), help);
        }
        Err(LayoutError::TooLarge) => {
            lint.error(
                "lint::layout",
                at,
                "the structure has more bytes than can be counted",
                "correct the lengths of its arrays",
            );
        }
        Err(LayoutError::Length(error)) => {
            lint.error("lint::layout", at, format!("an array has no length: {error}"), "give a constant length")
        }
    }
}

/// Types that nothing uses are noise in the generated crate.
fn unused(lint: &mut Lint<'_>) {
    let spec = lint.spec;
    let mut used: std::collections::BTreeSet<String> = std::collections::BTreeSet::new();
    let mut note = |ty: &CType| {
        ty.names(&mut |n| {
            used.insert(n.name.value.clone());
        });
    };
    spec.apis.iter().for_each(|a| note(&CType::Function(Box::new(a.signature.clone()))));
    spec.structs.iter().for_each(|s| note(&CType::Record(Box::new(s.record.clone()))));
    for control in &spec.controls {
        for operation in &control.operations {
            operation.input.ty().into_iter().chain(operation.output.ty()).for_each(&mut note);
        }
    }
    for definition in &spec.types {
        if let TypeKind::Alias(ty) = &definition.is {
            note(&ty.value);
        }
    }
    used.extend(spec.constants.iter().map(|c| c.ty.value.clone()));
    used.extend(spec.guids.iter().map(|g| g.ty.value.clone()));
    used.extend(spec.macros.iter().map(|m| m.ty.value.clone()));
    for definition in &spec.types {
        if !used.contains(&definition.name.value) {
            lint.warning(
                "lint::unused",
                definition.name.span,
                format!("nothing uses the type `{}`", definition.name),
                "remove the row",
            );
        }
    }
}
