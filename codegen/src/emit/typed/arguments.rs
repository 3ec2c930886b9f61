//! Typed views of what an event callback is given.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::bounds;
use super::naming;
use super::params::{ident, length_of};
use super::receivers::Receivers;
use super::shape::{self, Shape, Target};
use crate::emit::docs::doc;
use crate::emit::{EmitError, comment};
use crate::facts::{ApiKind, Direction};
use crate::spec::{Api, Combine, Names, Param, SocketEffect, Struct};

/// A field of a view.
pub(super) struct Field<'a> {
    pub(super) param: &'a Param,
    pub(super) name: Ident,
    pub(super) ty: TokenStream,
    value: TokenStream,
    docs: TokenStream,
    has_lifetime: bool,
    is_checked: bool,
}

/// The fields of the view of a callback's arguments: what it is given, without reserved parameters and lengths of buffers.
pub(super) fn fields<'a>(api: &'a Api, names: &Names<'_>, receivers: &Receivers<'_>) -> Result<Vec<Field<'a>>, EmitError> {
    let mut fields = Vec::new();
    for param in &api.params {
        let ty = api.param_type(&param.name).ok_or_else(|| EmitError::Type(param.name.value.clone()))?;
        let is_length = api.params.iter().any(|p| length_of(p) == Some(&param.name.value));
        if param.reserved || is_length {
            continue;
        }
        let shape = shape::shape(ty, names)?;
        let is_pointer = matches!(shape, Shape::Pointer { .. });
        // A call that tells of the end of a socket says so by a null pointer; nothing is said of its other pointers, so none is relied on.
        let open = is_pointer && !param.optional && has_end(api, names);
        let relied_on = Param { optional: param.optional || open, ..param.clone() };
        let (ty, value, has_lifetime) = one(api, &relied_on, &shape, receivers, names)?;
        let is_socket = param.effects.iter().any(|e| matches!(e.value, SocketEffect::Kind(_)));
        let optional = match (open, relied_on.optional) {
            (true, _) => " `None` for null, which is only to be expected in a call that tells of the end of the socket.",
            (false, true) => " `None` for null.",
            (false, false) => "",
        };
        let docs = doc(&format!("`{}`: {}{optional}", param.name, param.meaning));
        let is_checked = has_lifetime || is_socket;
        fields.push(Field { param, name: ident(&param.name), ty, value, docs, has_lifetime, is_checked });
    }
    Ok(fields)
}

/// The parameters of C, as the shim and the view are given them.
pub(super) fn raw_params(api: &Api, names: &Names<'_>) -> Result<Vec<(Ident, TokenStream)>, EmitError> {
    api.params
        .iter()
        .map(|param| {
            let ty = api.param_type(&param.name).ok_or_else(|| EmitError::Type(param.name.value.clone()))?;
            Ok((ident(&param.name), shape::rust_type(ty, names)?))
        })
        .collect()
}

/// `ReceiveEventArguments`.
pub(super) fn view_type(api: &Api) -> Ident {
    format_ident!("{}Arguments", naming::base(api))
}

pub(super) fn emit(api: &Api, names: &Names<'_>, receivers: &Receivers<'_>) -> Result<Vec<TokenStream>, EmitError> {
    if api.kind.value != ApiKind::Callback {
        return Ok(Vec::new());
    }
    let name = &api.page.name.value;
    let view = view_type(api);
    let fields = fields(api, names, receivers)?;
    let raw_params = raw_params(api, names)?.into_iter().map(|(name, ty)| quote! { #name: #ty });
    let is_checked = fields.iter().any(|f| f.is_checked);
    let lifetime = fields.iter().any(|f| f.has_lifetime).then(|| quote! { <'a> });
    let declared = fields.iter().map(|Field { name, ty, docs, .. }| quote! { #docs pub #name: #ty });
    let values = fields.iter().map(|Field { name, value, .. }| {
        if *name == value.to_string() {
            quote! { #name }
        } else {
            quote! { #name: #value }
        }
    });
    let docs = doc(&format!(
        "What the event callback `{name}` is given; see [`sys::{0}`](crate::sys::{0}).\n\n{1}",
        api.key(),
        api.page.summary
    ));
    let from_docs = doc(
        "Views the arguments as their types.\n\n# Panics\n\nIf a pointer is null that the documentation does not allow to be null.\n\n\
         # Safety\n\nThe arguments are those that WSK called the callback with, and the view is not used after its return.",
    );
    let safety = comment("SAFETY: what WSK passes is valid during the call, and of the documented type.");
    let body = quote! { Self { #(#values),* } };
    let body = if is_checked {
        quote! { #safety unsafe { #body } }
    } else {
        body
    };
    Ok(vec![
        quote! {
            #docs
            pub struct #view #lifetime { #(#declared),* }
        },
        quote! {
            impl #lifetime #view #lifetime {
                #from_docs
                #[must_use]
                #[inline]
                #[track_caller]
                pub unsafe fn from_raw(#(#raw_params),*) -> Self {
                    #body
                }
            }
        },
    ])
}

/// Whether a null pointer tells of the end of the socket: a pointer that may be null and is no context of the driver's.
pub(super) fn has_end(api: &Api, names: &Names<'_>) -> bool {
    api.params.iter().filter(|p| p.optional).any(|p| {
        let shape = api.param_type(&p.name).map(|ty| shape::shape(ty, names));
        matches!(shape, Some(Ok(Shape::Pointer { to, .. })) if !matches!(to, Target::Void))
    })
}

/// The type of a field, its value, and whether it borrows.
fn one(
    api: &Api,
    param: &Param,
    shape: &Shape,
    receivers: &Receivers<'_>,
    names: &Names<'_>,
) -> Result<(TokenStream, TokenStream, bool), EmitError> {
    let name = ident(&param.name);
    let (callback, c_name) = (&api.page.name.value, &param.name.value);
    let required = |value: TokenStream| quote! { wsk_runtime::support::required(#value, #callback, #c_name) };
    if api.values.iter().any(|t| t.of.value == param.name.value && t.combine == Combine::Any) {
        let flags = format_ident!("{}", naming::flags_type(&naming::base(api), &param.name));
        return Ok((quote! { crate::#flags }, quote! { crate::#flags::from_bits_retain(#name) }, false));
    }
    if let Some(kind) = param.effects.iter().find_map(|e| match e.value {
        SocketEffect::Kind(kind) => Some(kind),
        _ => None,
    }) {
        let socket = receivers.socket.as_ref().ok_or_else(|| EmitError::Type(param.name.value.clone()))?;
        let (handle, kind) = (format_ident!("{}", socket.name), bounds::kind_type(kind));
        let ty = quote! { crate::#handle<crate::kind::#kind> };
        let value = quote! { core::ptr::NonNull::new(#name).map(|raw| crate::#handle::from_raw(raw)) };
        return Ok(if param.optional { (quote! { Option<#ty> }, value, false) } else { (ty, required(value), false) });
    }
    Ok(match shape {
        Shape::Number(_) | Shape::Enumeration(_) | Shape::Handle(_) => {
            let ty = api.param_type(&param.name).ok_or_else(|| EmitError::Type(param.name.value.clone()))?;
            (shape::rust_type(ty, names)?, quote! { #name }, false)
        }
        Shape::Pointer { to: Target::Address, .. } => (
            quote! { Option<wsk_runtime::SocketAddressRef<'a>> },
            quote! { wsk_runtime::SocketAddressRef::from_raw(#name) },
            true,
        ),
        Shape::Pointer { to: Target::Void, .. } => match length_of(param) {
            Some(length) => {
                let length = ident(length);
                let bytes = quote! { core::slice::from_raw_parts(pointer.as_ptr().cast::<u8>(), #length) };
                let value = quote! { core::ptr::NonNull::new(#name).map(|pointer| #bytes) };
                if param.optional {
                    (quote! { Option<&'a [u8]> }, value, true)
                } else {
                    (quote! { &'a [u8] }, required(value), true)
                }
            }
            None => {
                let value = quote! { core::ptr::NonNull::new(#name) };
                if param.optional {
                    (quote! { Option<core::ptr::NonNull<core::ffi::c_void>> }, value, false)
                } else {
                    (quote! { core::ptr::NonNull<core::ffi::c_void> }, required(value), false)
                }
            }
        },
        Shape::Pointer { to, .. } => {
            let target = to.tokens();
            let is_list =
                matches!(to, Target::Structure(name, _) if names.structure(name).is_some_and(|s| next_field(s, names).is_some()));
            let (ty, value) = match param.direction.value {
                Direction::In if is_list => (
                    quote! { wsk_runtime::List<'a, #target> },
                    quote! { core::ptr::NonNull::new(#name).map(|head| wsk_runtime::List::from_raw(head)) },
                ),
                Direction::In => (quote! { &'a #target }, quote! { #name.cast_const().as_ref() }),
                Direction::Out => (
                    quote! { &'a mut core::mem::MaybeUninit<#target> },
                    quote! { #name.cast::<core::mem::MaybeUninit<#target>>().as_mut() },
                ),
                Direction::InOut => (quote! { &'a mut #target }, quote! { #name.as_mut() }),
            };
            if param.optional { (quote! { Option<#ty> }, value, true) } else { (ty, required(value), true) }
        }
    })
}

/// The member of a structure that points to the next of its kind: what makes it an entry of a list.
pub(super) fn next_field<'s>(structure: &'s Struct, names: &Names<'_>) -> Option<&'s str> {
    structure.record.fields.iter().find_map(|field| match shape::shape(&field.ty, names) {
        Ok(Shape::Pointer { to: Target::Structure(name, _), .. }) if name == structure.page.name.value => {
            field.name.as_ref().map(|n| n.value.as_str())
        }
        _ => None,
    })
}

/// That a structure is an entry of a list, for the file of the structure.
pub(in crate::emit) fn list(structure: &Struct, names: &Names<'_>) -> Option<TokenStream> {
    let field = format_ident!("{}", next_field(structure, names)?);
    let raw = format_ident!("{}", structure.page.name.value);
    let safety = comment("SAFETY: the member is what the documentation calls the next entry.");
    Some(quote! {
        #safety
        unsafe impl wsk_runtime::ListEntry for #raw {
            #[inline]
            fn next(&self) -> *const Self {
                self.#field
            }
        }
    })
}
