//! Control operations name functions, request types and levels that exist, and agree with the levels of their function.

use super::{Lint, api, did_you_mean};
use crate::spec::{Combine, Control, Operation, Spec};

pub(super) fn check(lint: &mut Lint<'_>) {
    for control in &lint.spec.controls {
        one(lint, control);
    }
}

fn one(lint: &mut Lint<'_>, control: &Control) {
    let spec = lint.spec;
    let name = &control.page.name;
    if lint.names.constant(name).is_none() {
        let known: Vec<&str> = lint.names.constant_names().collect();
        let help = did_you_mean(name, known, "add its value to tables/constants.md");
        lint.error("lint::unknown-constant", name.span, format!("nothing defines `{name}`"), help);
    }
    let function = spec.apis_named(&control.function).next();
    let Some(function) = function else {
        let known = spec.apis.iter().map(|a| a.page.name.as_str());
        let help = did_you_mean(&control.function, known, "name the function that it is passed to");
        lint.error("lint::control", control.function.span, format!("there is no function `{}`", control.function), help);
        return;
    };
    // A function with a parameter for the kind of request is one that works on sockets.
    let request_type = function.signature.params.iter().find_map(|p| {
        let ty = p.ty.spelling();
        spec.enums.iter().find(|e| e.page.name.value == ty).map(|e| (p.name.as_ref().map_or("", |n| n.value.as_str()), e))
    });
    for operation in &control.operations {
        match (request_type, &operation.request) {
            (Some((_, requests)), Some(request)) => {
                let known: Vec<&str> = requests.enumeration.variants.iter().map(|v| v.name.as_str()).collect();
                if !known.contains(&request.as_str()) {
                    let help = did_you_mean(request, known.iter().copied(), &format!("write one of: {}", known.join(", ")));
                    lint.error("lint::control", request.span, format!("`{request}` is not a {}", requests.page.name), help);
                }
            }
            (Some(_), None) => missing(lint, operation, "Request type"),
            (None, Some(request)) => {
                let message = format!("`{}` takes no request type", control.function);
                lint.error("lint::control", request.span, message, "remove the row");
            }
            (None, None) => {}
        }
        match (request_type.is_some(), operation.sockets.is_empty(), &operation.client_state) {
            (true, true, _) => missing(lint, operation, "Sockets"),
            (false, _, None) => missing(lint, operation, "Client state"),
            _ => {}
        }
        if request_type.is_some() {
            match &operation.level {
                None => missing(lint, operation, "Level"),
                Some(level) if level.value != "0" && !lint.names.has_value(level) => {
                    let known: Vec<&str> = lint.names.constant_names().collect();
                    let help = did_you_mean(level, known, "write 0, or add it to tables/constants.md");
                    lint.error("lint::unknown-constant", level.span, format!("nothing defines `{level}`"), help);
                }
                Some(_) => {}
            }
        }
        flags(lint, control, operation);
        let mut arguments: Vec<(&str, &str)> = vec![("ControlCode", name.as_str())];
        if let (Some((param, _)), Some(request)) = (request_type, &operation.request) {
            arguments.push((param, request.as_str()));
        }
        if let Some(range) = Spec::irql_for(function, &arguments)
            && range != operation.irql.value
        {
            lint.error(
                "lint::irql",
                operation.irql.span,
                format!(
                    "`{}` is called at {} with these arguments, not at {}",
                    function.page.name,
                    range.spelling(),
                    operation.irql.spelling()
                ),
                "make the two pages agree",
            );
        }
    }
    api::codes(lint, "NTSTATUS", &control.returns.codes);
}

/// An operation says which flags of the page's tables it takes, and those tables list them.
fn flags(lint: &mut Lint<'_>, control: &Control, operation: &Operation) {
    let Some(flags) = &operation.flags else {
        if control.values.iter().any(|t| t.combine == Combine::Any) {
            missing(lint, operation, "Flags");
        }
        return;
    };
    let Some(table) = control.values.iter().find(|t| t.of.value == flags.of) else {
        let known = control.values.iter().map(|t| t.of.as_str());
        let help = did_you_mean(&flags.of, known, &format!("add a section `## Flags: {}`", flags.of));
        lint.error("lint::control", flags.span, format!("no table lists the flags of `{}`", flags.of), help);
        return;
    };
    for flag in flags.with.iter().filter(|f| !table.rows.iter().any(|r| r.constant.value == **f)) {
        let help = did_you_mean(flag, table.rows.iter().map(|r| r.constant.as_str()), "add it to the table");
        lint.error("lint::control", flags.span, format!("the table does not list `{flag}`"), help);
    }
}

fn missing(lint: &mut Lint<'_>, operation: &Operation, row: &str) {
    let name = &operation.name;
    lint.error("lint::control", name.span, format!("`{name}` does not say `{row}`"), format!("add a row | {row} | … |"));
}
