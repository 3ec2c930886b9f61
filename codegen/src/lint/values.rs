//! Constants, macros and statuses have values, and the tables that name them name ones that exist.

use std::collections::{HashMap, HashSet};

use super::{Lint, did_you_mean};
use crate::c::{CType, EvalError, TypeName};
use crate::facts::ApiKind;
use crate::source::Spanned;
use crate::spec::{Combine, Named, Value, ValueTable};

pub(super) fn check(lint: &mut Lint<'_>) {
    let spec = lint.spec;
    for constant in &spec.constants {
        let Some(bits) = scalar_bits(lint, &constant.ty) else { continue };
        match lint.names.eval(&constant.expr) {
            Ok(value) if bits < 64 && value >> bits != 0 => lint.error(
                "lint::constant",
                constant.expr.span,
                format!("{value} does not fit {}", constant.ty),
                "correct the value or the type",
            ),
            Ok(_) => {}
            Err(error) => no_value(lint, &constant.expr.span, &error),
        }
        if let Some(path) = &constant.from
            && !path.value.split("::").all(|p| !p.is_empty() && p.chars().all(|c| c.is_alphanumeric() || c == '_'))
        {
            lint.error(
                "lint::path",
                path.span,
                format!("`{path}` is not a path"),
                "write crate::module::NAME, or leave the cell empty",
            );
        }
    }
    for found in &spec.macros {
        scalar_bits(lint, &found.ty);
        let mut unknown = Vec::new();
        found.expr.names(&mut |name| {
            let known = found.params.iter().any(|p| p.value == name.value)
                || lint.names.has_value(name)
                || spec.macros.iter().any(|m| m.name.value == name.value);
            if !known {
                unknown.push(name.clone());
            }
        });
        for name in unknown {
            no_value(lint, &name.span.clone(), &EvalError::Unknown(name));
        }
    }
    for enumeration in &spec.enums {
        for at in 0..enumeration.enumeration.variants.len() {
            match lint.names.variant(enumeration, at) {
                Ok(value) if value > u64::from(u32::MAX >> 1) => {
                    let span = enumeration.page.name.span;
                    lint.error("lint::constant", span, format!("enumerator {} does not fit an int", at + 1), "correct the value");
                }
                Ok(_) => {}
                Err(error) => no_value(lint, &enumeration.page.name.span, &error),
            }
        }
        let documented: Vec<&str> = enumeration.variants.iter().map(|v| v.name.as_str()).collect();
        let defined: Vec<&str> = enumeration.enumeration.variants.iter().map(|v| v.name.as_str()).collect();
        if documented != defined {
            lint.error(
                "lint::values",
                enumeration.page.name.span,
                format!("the table explains {}, the definition has {}", documented.join(", "), defined.join(", ")),
                "name the same enumerators in the same order",
            );
        }
    }
    for guid in &spec.guids {
        let name = TypeName { tag: None, name: guid.ty.clone(), is_const: false };
        if lint.names.layout(&CType::Named(name)).ok().is_none_or(|l| l.wide.size != 16) {
            lint.error(
                "lint::constant",
                guid.ty.span,
                format!("`{}` is not a type of 16 bytes", guid.ty),
                "use GUID or a name for it",
            );
        }
    }
    for api in &spec.apis {
        for table in &api.values {
            if api.param_type(&table.of).is_none() {
                let params = api.params.iter().map(|p| p.name.as_str());
                let help = did_you_mean(&table.of, params, "name a parameter of the signature");
                lint.error("lint::values", table.of.span, format!("`{}` has no parameter `{}`", api.page.name, table.of), help);
            }
            rows(lint, table);
            // A callback is told its level by flags that it is given; nothing else is.
            let told = api.kind.value == ApiKind::Callback && table.combine == Combine::Any;
            for level in table.rows.iter().filter_map(|r| r.level.as_ref()) {
                if !told {
                    let help = "leave the cell empty";
                    lint.error("lint::values", level.span, "only a flag that a callback is given tells a level", help);
                } else if !api.irql.iter().any(|c| c.range.value.max >= level.value.max) {
                    let message = format!("`{}` is never called at {}", api.page.name, level.value.spelling());
                    lint.error("lint::values", level.span, message, "make this and the section IRQL agree");
                }
            }
            if let Some(callback) = table.rows.iter().find_map(|r| r.callback.as_ref()) {
                let help = "leave the cell empty; flags of control operations stand for callbacks";
                lint.error("lint::values", callback.span, "a flag of a parameter stands for no callback", help);
            }
        }
    }
    for control in &spec.controls {
        for table in &control.values {
            rows(lint, table);
            for row in &table.rows {
                if let Some(level) = &row.level {
                    let help = "leave the cell empty";
                    lint.error("lint::values", level.span, "only a flag that a callback is given tells a level", help);
                }
                let Some(callback) = &row.callback else { continue };
                let callbacks = || spec.apis.iter().filter(|a| a.kind.value == ApiKind::Callback).map(|a| a.page.name.as_str());
                if !callbacks().any(|name| name == callback.value) {
                    let help = did_you_mean(callback, callbacks(), "name an event callback");
                    lint.error("lint::values", callback.span, format!("there is no event callback `{callback}`"), help);
                }
            }
        }
    }
    unused_statuses(lint);
}

fn no_value(lint: &mut Lint<'_>, at: &crate::source::Span, error: &EvalError) {
    let (at, help) = match error {
        EvalError::Unknown(name) => {
            let known: Vec<&str> = lint.names.constant_names().collect();
            (name.span, did_you_mean(name, known, "add a row to tables/constants.md"))
        }
        _ => (*at, "correct the expression".to_owned()),
    };
    lint.error("lint::constant", at, format!("this has no value: {error}"), help);
}

/// The width of a number type, or a complaint.
fn scalar_bits(lint: &mut Lint<'_>, ty: &Spanned<String>) -> Option<u64> {
    let name = TypeName { tag: None, name: ty.clone(), is_const: false };
    let is_scalar = matches!(lint.names.named(&name), Some(Named::Scalar(_)));
    let layout = lint.names.layout(&CType::Named(name)).ok().filter(|_| is_scalar);
    if layout.is_none() {
        let known: Vec<&str> = lint.names.type_names().collect();
        let help = did_you_mean(ty, known, "use a scalar of tables/types.md");
        lint.error("lint::unknown-type", ty.span, format!("`{ty}` is not a number type"), help);
    }
    layout.map(|l| l.wide.size * 8)
}

fn rows(lint: &mut Lint<'_>, table: &ValueTable) {
    // Flags that exclude each other become a type without union; a type for anything between that and free union is not emitted.
    if let Some(row) = table.rows.iter().find(|r| !r.excludes.is_empty()).filter(|_| !table.is_exclusive()) {
        lint.error(
            "lint::values",
            row.constant.span,
            "some of these flags exclude each other and some do not",
            "either each excludes all others, or none excludes any",
        );
    }
    let by_name: HashMap<&str, &Value> = table.rows.iter().rev().map(|r| (r.constant.as_str(), r)).collect();
    for row in &table.rows {
        if !lint.names.has_value(&row.constant) {
            let known: Vec<&str> = lint.names.constant_names().collect();
            let help = did_you_mean(&row.constant, known, "add a row to tables/constants.md");
            lint.error("lint::unknown-constant", row.constant.span, format!("nothing defines `{}`", row.constant), help);
        }
        for excluded in &row.excludes {
            let back = by_name.get(excluded.as_str());
            if !back.is_some_and(|b| b.excludes.iter().any(|e| e.value == row.constant.value)) {
                lint.error(
                    "lint::values",
                    excluded.span,
                    format!("`{}` excludes `{excluded}`, but not the other way round", row.constant),
                    "name each in the row of the other",
                );
            }
        }
    }
}

fn unused_statuses(lint: &mut Lint<'_>) {
    let spec = lint.spec;
    let codes = spec.apis.iter().flat_map(|a| &a.returns.codes).chain(spec.controls.iter().flat_map(|c| &c.returns.codes));
    let used: HashSet<&str> = codes.map(|c| c.name.as_str()).collect();
    for status in &spec.statuses {
        if !used.contains(status.name.as_str()) {
            lint.warning("lint::unused", status.name.span, format!("nothing returns `{}`", status.name), "remove the row");
        }
    }
}
