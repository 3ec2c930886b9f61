//! Generates the bindings from `spec-data`.

fn main() -> Result<(), wsk_codegen::BuildError> {
    wsk_codegen::Builder::new().spec_data("spec-data").module("bindings").generate()?;
    Ok(())
}
