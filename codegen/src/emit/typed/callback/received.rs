//! Lists of received data: an entry as a driver sees it, and names for the guard and for what is retained.

use proc_macro2::Ident;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::emit::docs::doc;
use crate::emit::typed::receivers::{pointee, undoes};
use crate::emit::typed::shape::{self, Shape, Target};
use crate::emit::typed::{arguments, naming, operation, params};
use crate::emit::{EmitError, comment};
use crate::facts::ApiKind;
use crate::spec::{Api, Names, Param, ParamLink, Spec, Struct};

/// Whether a function gives back a list of data that a callback was given.
pub(in crate::emit::typed) fn gives_back(function: &Api, callback: &Api, names: &Names<'_>) -> bool {
    let list = |param: &Param, of: &Api| {
        let list = pointee(of.param_type(&param.name)?, names)?;
        indication(list, names).map(|_| list.page.name.value.clone())
    };
    let given: Vec<String> = callback.params.iter().filter_map(|p| list(p, callback)).collect();
    callback.kind.value == ApiKind::Callback
        && undoes(function, callback)
        && function.params.iter().filter_map(|p| list(p, function)).any(|l| given.contains(&l))
}

/// The field of an entry of a list that describes its data.
pub(super) fn indication(structure: &Struct, names: &Names<'_>) -> Option<Ident> {
    arguments::next_field(structure, names)?;
    let mut found = structure.record.fields.iter().filter(|field| match &field.ty {
        crate::c::CType::Named(name) => names.structure(&name.name).is_some_and(|s| operation::described(s, names).is_some()),
        _ => false,
    });
    let field = found.next()?.name.as_ref()?;
    found.next().is_none().then(|| format_ident!("{}", field.value))
}

/// Lists of received data: an entry as a driver sees it, and names for the guard and for what is retained.
pub(in crate::emit::typed) fn received(
    structure: &Struct,
    spec: &Spec,
    names: &Names<'_>,
) -> Result<Option<Vec<TokenStream>>, EmitError> {
    let raw_name = &structure.page.name.value;
    let is_given = |api: &Api| {
        api.kind.value == ApiKind::Callback
            && api.params.iter().any(|p| {
                let list = api.param_type(&p.name).and_then(|ty| pointee(ty, names));
                list.is_some_and(|s| s.page.name.value == *raw_name)
            })
    };
    let is_given_back = |callback: &Api| spec.apis.iter().any(|f| gives_back(f, callback, names));
    if !spec.apis.iter().any(|api| is_given(api) && is_given_back(api)) {
        return Ok(None);
    }
    let Some(buffer) = indication(structure, names) else { return Ok(None) };
    let raw = shape::sys(raw_name);
    let name = naming::of_struct(structure);
    let (guard, retained, entry) = (format_ident!("{name}"), format_ident!("Retained{name}"), format_ident!("{name}Entry"));
    let buffer_type = structure
        .record
        .fields
        .iter()
        .find(|f| f.name.as_ref().is_some_and(|n| buffer == n.value))
        .map(|f| shape::rust_type(&f.ty, names))
        .transpose()?;
    let summary = &structure.page.summary;
    let docs_guard = doc(&format!("{summary} As a callback is given it; see [`{raw_name}`](crate::sys::{raw_name})."));
    let docs_retained = doc(&format!("{summary} Kept after the callback has returned; dropping it gives it back."));
    let docs_entry = doc(&format!("An entry of a [`{guard}`]; see [`{raw_name}`](crate::sys::{raw_name})."));
    let mut methods = Vec::new();
    for field in &structure.record.fields {
        let Some(c_name) = field.name.as_ref().map(|n| n.value.as_str()).filter(|n| buffer != n) else { continue };
        let explained = structure.fields.iter().find(|f| f.name.value == c_name);
        let docs = doc(&format!("`{c_name}`: {}", explained.map_or("", |f| &f.meaning)));
        let (method, member) = (params::ident(c_name), format_ident!("{c_name}"));
        let safety = comment("SAFETY: WSK made the entry, and what it points to is there as long as the entry.");
        match shape::shape(&field.ty, names) {
            Ok(Shape::Pointer { to: Target::Address, .. }) => methods.push(quote! {
                #docs
                #[must_use]
                pub fn #method(&self) -> Option<crate::SocketAddressRef<'a>> {
                    #safety
                    unsafe { crate::SocketAddressRef::from_raw(self.raw.#member) }
                }
            }),
            Ok(Shape::Pointer { .. }) => {
                let Some(length) = explained.and_then(|f| f.bytes_in.as_ref()) else { continue };
                let length = format_ident!("{}", length.value);
                methods.push(quote! {
                    #docs
                    #[must_use]
                    pub fn #method(&self) -> Option<&'a [u8]> {
                        let bytes = core::ptr::NonNull::new(self.raw.#member.cast::<u8>())?;
                        #safety
                        Some(unsafe { core::slice::from_raw_parts(bytes.as_ptr(), self.raw.#length as usize) })
                    }
                });
            }
            _ => {}
        }
    }
    let accepts = |api: &Api| {
        api.params.iter().any(|p| {
            p.links.iter().any(|l| matches!(l.value, ParamLink::AcceptedIn(_)))
                && api.param_type(&p.name).and_then(|ty| pointee(ty, names)).is_some_and(|s| s.page.name.value == *raw_name)
        })
    };
    let safety_streamed = comment("SAFETY: the callback has a parameter for the number, which its function of C writes to.");
    let streamed = spec.apis.iter().any(accepts).then(|| {
        quote! { #safety_streamed unsafe impl wsk_runtime::Streamed for #raw {} }
    });
    let safety = comment("SAFETY: the member is what the documentation calls the data of the entry.");
    let safety_chunks =
        comment("SAFETY: WSK made the entry, whose data is locked and not written to as long as the entry is there.");
    Ok(Some(vec![
        quote! { #docs_guard pub type #guard<'a> = crate::Indicated<'a, #raw>; },
        quote! { #docs_retained pub type #retained = crate::Retained<#raw>; },
        quote! {
            #docs_entry
            #[derive(Clone, Copy)]
            pub struct #entry<'a> {
                raw: &'a #raw,
            }

            impl<'a> #entry<'a> {
                /// Its data, slice by slice.
                pub fn chunks(&self) -> crate::Chunks<'a> {
                    #safety_chunks
                    unsafe { crate::Chunks::new(&self.raw.#buffer) }
                }

                /// How many bytes of data it has.
                #[must_use]
                pub fn len(&self) -> usize {
                    wsk_runtime::DescribeBuffer::described(&self.raw.#buffer).2
                }

                /// Whether it has no data.
                #[must_use]
                pub fn is_empty(&self) -> bool {
                    self.len() == 0
                }

                #(#methods)*

                /// The structure.
                #[must_use]
                pub fn as_raw(&self) -> &'a #raw {
                    self.raw
                }
            }

            impl core::fmt::Debug for #entry<'_> {
                fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                    f.debug_struct(stringify!(#entry)).field("len", &self.len()).finish_non_exhaustive()
                }
            }
        },
        quote! {
            #safety
            unsafe impl wsk_runtime::Indication for #raw {
                type Buffer = #buffer_type;
                type View<'a> = #entry<'a>;

                #[inline]
                fn buffer(&self) -> &#buffer_type {
                    &self.#buffer
                }

                #[inline]
                unsafe fn view<'a>(&'a self) -> #entry<'a> {
                    #entry { raw: self }
                }
            }

            #streamed
        },
    ]))
}
