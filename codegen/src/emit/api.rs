//! A function-pointer type, or an import.

use quote::{format_ident, quote};

use super::docs::{self, doc};
use super::{EmitError, FileBuilder};
use crate::spec::{Api, Spec};

pub(super) fn emit(api: &Api, spec: &Spec, file: &mut FileBuilder<'_>) -> Result<(), EmitError> {
    let (params, ret) = file.function_parts(&api.signature)?;
    let docs = doc(&docs::api(api, spec));
    let name = &api.page.name.value;
    match (&api.typedef, &api.library) {
        (Some(typedef), _) => {
            let ident = format_ident!("{}", typedef.value);
            file.item(quote! {
                #docs
                #[doc(alias = #name)]
                pub type #ident = Option<unsafe extern "system" fn(#params) #ret>;
            });
        }
        (None, library) => {
            let ident = format_ident!("{name}");
            let library = library.as_ref().map_or("", |l| l.value.as_str());
            // Off Windows there is nothing to link to, and the declaration serves `cargo doc` and type checks. On 32-bit x86
            // the export is not decorated, although the convention is stdcall.
            file.item(quote! {
                #[cfg_attr(
                    all(windows, target_arch = "x86"),
                    link(name = #library, kind = "raw-dylib", modifiers = "+verbatim", import_name_type = "undecorated")
                )]
                #[cfg_attr(all(windows, not(target_arch = "x86")), link(name = #library, kind = "raw-dylib", modifiers = "+verbatim"))]
                unsafe extern "system" {
                    #docs
                    pub fn #ident(#params) #ret;
                }
            });
        }
    }
    Ok(())
}
