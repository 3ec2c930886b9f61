//! Control operations.

use super::page::{page, returns, values};
use super::{Cell, Section, Table, names};
use crate::spec::{Combine, Control, Data, Operation, OperationFlags, SocketRule, Spec};

/// All that is known of a control code beyond its summary and its value.
pub(crate) fn control(control: &Control, spec: &Spec) -> Vec<Section> {
    let mut sections: Vec<Section> = control.operations.iter().map(operation).collect();
    sections.extend(values(&control.values));
    sections.extend(returns(&control.returns).map(|table| Section::table("Returns", "", table)));
    sections.extend(page(&control.page, spec));
    sections
}

fn operation(operation: &Operation) -> Section {
    let mut rows = Vec::new();
    let mut row = |property: &str, value: Cell| rows.push(vec![Cell::text(property), value]);
    if let Some(request) = &operation.request {
        row("Request type", Cell::name(request));
    }
    if let Some(level) = &operation.level {
        row("Level", Cell::name(level));
    }
    row("Input", Cell::text(data(&operation.input)));
    row("Output", Cell::text(data(&operation.output)));
    row("Size of the output returned", Cell::text(if operation.size_returned.value { "yes" } else { "no" }));
    if let Some(chosen) = &operation.flags {
        row("Flags", Cell::text(flags(chosen)));
    }
    row("IRP", Cell::text(operation.irp.as_str()));
    if !operation.sockets.is_empty() {
        let sockets: Vec<String> = operation.sockets.iter().map(SocketRule::spelling).collect();
        row("Sockets", Cell::text(sockets.join(", ")));
    }
    if let Some(state) = &operation.client_state {
        row("State of the client", Cell::text(state.as_str()));
    }
    row("IRQL", Cell::text(operation.irql.spelling()));
    Section::table(format!("Operation: {}", operation.name), "", Table { columns: vec!["Property", "Value"], rows })
}

fn flags(flags: &OperationFlags) -> String {
    let how = if flags.combine == Combine::One { "one" } else { "any" };
    let with = if flags.with.is_empty() {
        String::new()
    } else {
        format!(", together with {}", names(flags.with.iter().map(String::as_str)))
    };
    format!("{how} of those of `{}`{with}", flags.of)
}

fn data(data: &Data) -> String {
    match data {
        Data::None => "none".to_owned(),
        Data::One(ty) => format!("one `{}`", ty.spelling()),
        Data::Many(ty) => format!("as many `{}` as fit", ty.spelling()),
        Data::Extended(ty) => format!("a `{}`, or a larger type that begins like it", ty.spelling()),
    }
}
