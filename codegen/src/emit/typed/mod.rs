//! The typed layer: one file an API, made from what its page says and nothing else.

mod flags;
mod naming;
mod status;

use super::{EmitError, Item};
use crate::spec::{Api, Names};

/// The items of an API; none where there is nothing to say beyond the raw interface.
pub(super) fn emit(api: &Api, names: &Names<'_>) -> Result<Vec<Item>, EmitError> {
    let mut items = Vec::new();
    items.extend(status::emit(api, names)?.into_iter().map(Item::from));
    items.extend(flags::emit(api, names)?);
    Ok(items)
}
