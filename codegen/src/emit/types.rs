//! C types → Rust types, and the file that takes foreign types in.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::doc;
use super::{EmitError, FileBuilder};
use crate::c::CType;
use crate::spec::{Named, Spec, TypeKind};

impl FileBuilder<'_> {
    /// The Rust type; names of neighbours are noted for the `use` of the file.
    pub(super) fn rust_type(&mut self, ty: &CType) -> Result<TokenStream, EmitError> {
        match ty {
            CType::Named(name) => {
                let unknown = || EmitError::Type(ty.spelling());
                match self.names.named(name).ok_or_else(unknown)? {
                    Named::Scalar("c_void") => Ok(quote! { core::ffi::c_void }),
                    Named::Scalar(rust) => {
                        let rust = format_ident!("{rust}");
                        Ok(quote! { #rust })
                    }
                    Named::Struct(structure) => Ok(self.neighbour(&structure.page.name)),
                    Named::Enum(enumeration) => Ok(self.neighbour(&enumeration.page.name)),
                    Named::External(..) | Named::Alias(_) | Named::FunctionPointer(_) => Ok(self.neighbour(&name.name)),
                }
            }
            CType::Pointer { to, .. } => match &**to {
                CType::Function(_) => self.function_pointer(to),
                CType::Named(name) if name.is_const => {
                    let to = self.rust_type(to)?;
                    Ok(quote! { *const #to })
                }
                CType::Pointer { is_const: true, .. } => {
                    let to = self.rust_type(to)?;
                    Ok(quote! { *const #to })
                }
                _ => {
                    let to = self.rust_type(to)?;
                    Ok(quote! { *mut #to })
                }
            },
            CType::Array { of, len } => {
                let of = self.rust_type(of)?;
                let len = match len {
                    Some(len) => self.names.eval(len).map_err(|_| EmitError::Type(ty.spelling()))?,
                    None => 0,
                };
                let len = proc_macro2::Literal::u64_unsuffixed(len);
                Ok(quote! { [#of; #len] })
            }
            CType::Function(_) | CType::Record(_) => Err(EmitError::Type(ty.spelling())),
        }
    }

    /// A parameter's type: arrays are passed as pointers.
    pub(super) fn parameter_type(&mut self, ty: &CType) -> Result<TokenStream, EmitError> {
        match ty {
            CType::Array { of, .. } => self.rust_type(&CType::Pointer { to: of.clone(), is_const: false }),
            _ => self.rust_type(ty),
        }
    }

    /// A nullable function pointer.
    fn function_pointer(&mut self, ty: &CType) -> Result<TokenStream, EmitError> {
        let CType::Function(function) = ty else { return Err(EmitError::Type(ty.spelling())) };
        let (params, ret) = self.function_parts(function)?;
        Ok(quote! { Option<unsafe extern "system" fn(#params) #ret> })
    }

    /// Parameters with their names, and `-> TYPE` unless the function returns nothing.
    pub(super) fn function_parts(&mut self, function: &crate::c::Function) -> Result<(TokenStream, TokenStream), EmitError> {
        let mut params = Vec::new();
        for param in &function.params {
            let ty = self.parameter_type(&param.ty)?;
            params.push(match &param.name {
                Some(name) => {
                    let name = format_ident!("{}", name.value);
                    quote! { #name: #ty }
                }
                None => ty,
            });
        }
        let ret = if function.ret.is_void() {
            TokenStream::new()
        } else {
            let ret = self.rust_type(&function.ret)?;
            quote! { -> #ret }
        };
        Ok((quote! { #(#params),* }, ret))
    }

    fn neighbour(&mut self, name: &str) -> TokenStream {
        self.uses.insert(name.to_owned());
        let name = format_ident!("{name}");
        quote! { #name }
    }
}

/// A path as tokens.
pub(super) fn path(text: &str) -> TokenStream {
    let parts = text.split("::").map(|p| format_ident!("{p}"));
    quote! { #(#parts)::* }
}

/// The types that other headers define: taken from other crates, or other names for those.
pub(super) fn emit(spec: &Spec, file: &mut FileBuilder<'_>) -> Result<(), EmitError> {
    for definition in &spec.types {
        let name = format_ident!("{}", definition.name.value);
        let docs = doc(&definition.meaning);
        match &definition.is {
            TypeKind::Scalar(_) => {}
            TypeKind::External { path: from, wdk_sys, .. } => {
                file.own.insert(definition.name.value.clone());
                let reexport = |from: &str, condition: Option<TokenStream>| {
                    let same = from.rsplit("::").next() == Some(definition.name.as_str());
                    let (from, renamed) = (path(from), (!same).then(|| quote! { as #name }));
                    quote! { #docs #condition pub use #from #renamed; }
                };
                match wdk_sys {
                    None => file.item(reexport(from, None)),
                    Some(wdk_sys) => {
                        file.item(reexport(from, Some(quote! { #[cfg(not(feature = "wdk-sys"))] })));
                        file.item(reexport(wdk_sys, Some(quote! { #[cfg(feature = "wdk-sys")] })));
                    }
                }
            }
            TypeKind::Alias(ty) => {
                file.own.insert(definition.name.value.clone());
                let ty = file.rust_type(&ty.value)?;
                file.item(quote! { #docs pub type #name = #ty; });
            }
        }
    }
    Ok(())
}
