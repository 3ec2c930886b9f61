//! A control operation: its constant, with all that a caller has to know.

use super::{EmitError, FileBuilder, constants, docs};
use crate::spec::{Control, Spec};

pub(super) fn emit(control: &Control, spec: &Spec, file: &mut FileBuilder<'_>) -> Result<(), EmitError> {
    let name = &control.page.name.value;
    let constant = file.names.constant(name).ok_or_else(|| EmitError::Type(name.clone()))?;
    constants::constant(constant, &docs::control(control, spec), file)
}
