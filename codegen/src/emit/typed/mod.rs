//! The typed layer: one file an API, made from what its page says and nothing else.
//!
//! - `status`, `flags`, `values`: the types of what comes back and what is passed.
//! - `receivers`, `handles`: on what the functions are methods.
//! - `shape`, `params`: what the parameters of C become.
//! - `bounds`: levels and kinds of sockets as traits.
//! - `call`, `owner`, `control`: the methods of functions, exports and control operations.
//! - `operation`: the safe operations that stand on these; `lent`: those of which something must be given back.
//! - `arguments`: what a callback is given; `callback`: callbacks as a driver writes them, and tables of them.

mod arguments;
mod bounds;
mod call;
mod callback;
mod control;
mod flags;
mod handles;
mod lent;
mod naming;
mod operation;
mod owner;
mod params;
mod receivers;
mod shape;
mod status;
mod values;

use proc_macro2::TokenStream;

pub(super) use arguments::list;
pub(super) use callback::Body;
pub(super) use naming::flag as flag_name;
pub(super) use operation::describes;
pub(super) use receivers::Receivers;
pub(super) use shape::rust_type;
pub(super) use status::variant as status_variant;

use super::{EmitError, Item};
use crate::facts::{ApiKind, snake_case};
use crate::spec::{Api, Control, Names, Spec, Struct};

/// The items of an API.
pub(super) fn api<'s>(
    api: &'s Api,
    spec: &'s Spec,
    names: &Names<'s>,
    receivers: &Receivers<'s>,
) -> Result<Vec<Item>, EmitError> {
    let mut items: Vec<Item> = Vec::new();
    items.extend(status::emit(api, names)?);
    items.extend(flags::emit(api, names)?);
    let context = call::Context { api, spec, names, receivers };
    // A callback is called, and so has no cases to choose from.
    let (cases, choices) = if api.kind.value == ApiKind::Callback { Default::default() } else { context.cases()? };
    for case in &cases {
        items.push(bounds::levels(&context.level_trait(case), &context.label(case), case.range)?);
    }
    for part in [
        values::emit(api, spec, names)?,
        choices,
        call::emit(&context, &cases)?,
        owner::emit(&context, &cases)?,
        operation::emit(&context, &cases)?,
        arguments::emit(api, names, receivers)?,
        callback::emit(api, spec, names, receivers)?,
    ] {
        items.extend(part.into_iter().map(Item::from));
    }
    Ok(items)
}

/// The items of a control code.
pub(super) fn control(
    control: &Control,
    spec: &Spec,
    names: &Names<'_>,
    receivers: &Receivers<'_>,
) -> Result<Vec<Item>, EmitError> {
    control::emit(control, spec, names, receivers)
}

/// The file and the items of a structure that something of the typed layer stands for.
pub(super) fn structure<'s>(
    structure: &'s Struct,
    spec: &'s Spec,
    names: &Names<'s>,
    receivers: &Receivers<'s>,
) -> Result<Option<(String, Vec<Item>)>, EmitError> {
    let is = |s: &Struct| s.page.name.value == structure.page.name.value;
    let named = |name: &str, items: Vec<TokenStream>| Some((snake_case(name), items.into_iter().map(Item::from).collect()));
    if let Some(socket) = receivers.socket.as_ref().filter(|s| is(s.structure)) {
        return Ok(named(&socket.name, handles::socket(socket, spec, names)?));
    }
    if let Some(provider) = receivers.providers.iter().find(|p| is(p.holder)) {
        return Ok(named(&provider.name, handles::provider(provider)));
    }
    if let Some(items) = callback::received(structure, spec, names)? {
        return Ok(named(&naming::of_struct(structure), items));
    }
    if let Some(items) = callback::table(structure, spec, names, receivers)? {
        return Ok(named(&callback::table_type(structure).to_string(), items));
    }
    Ok(None)
}
