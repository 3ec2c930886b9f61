//! Tables of callbacks, all with a context of one type.

use std::fmt::Write as _;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Body;
use crate::emit::EmitError;
use crate::emit::docs::doc;
use crate::emit::typed::receivers::Receivers;
use crate::emit::typed::shape::{self, Shape, Target};
use crate::emit::typed::{bounds, naming, params};
use crate::facts::ApiKind;
use crate::spec::{Api, Dispatch, Names, Spec, Struct};

pub(super) fn is_client(structure: &Struct) -> bool {
    structure.is_table_of(Dispatch::Client)
}

/// `ConnectionCallbacks`, `ClientCallbacks`.
pub(in crate::emit) fn table_type(structure: &Struct) -> Ident {
    match &structure.socket {
        Some(kind) => format_ident!("{}Callbacks", bounds::kind_type(kind.value)),
        None => {
            let name = naming::of_struct(structure);
            format_ident!("{}Callbacks", name.strip_suffix("Dispatch").unwrap_or(&name))
        }
    }
}

/// The callbacks of a dispatch table, by their types.
pub(in crate::emit::typed) fn table<'s>(
    structure: &'s Struct,
    spec: &'s Spec,
    names: &Names<'s>,
    receivers: &Receivers<'s>,
) -> Result<Option<Vec<TokenStream>>, EmitError> {
    if !is_client(structure) {
        return Ok(None);
    }
    let ident = table_type(structure);
    let raw_name = &structure.page.name.value;
    let raw = shape::sys(raw_name);
    let mut params = Vec::new();
    let mut params_docs = String::new();
    let mut fields = Vec::new();
    let mut methods = Vec::new();
    for field in &structure.record.fields {
        let name = field.name.as_ref().ok_or_else(|| EmitError::Type(raw_name.clone()))?;
        let member = format_ident!("{}", name.value);
        let snake = params::ident(name);
        let meaning = structure.fields.iter().find(|f| f.name.value == name.value).map_or("", |f| f.meaning.as_str());
        if let Some(api) = spec.apis.iter().find(|api| is_slot_of(&field.ty, api)) {
            let body = Body::of(api, spec, names, receivers)?;
            let (method, shim, callback) = (body.method(), body.shim(), body.trait_name());
            let filled = format!("the slot {} is filled already", name.value);
            let docs = doc(&format!(
                "With `T` as `{}`: {}\n\n`T` is the name of a function marked `#[wsk_callback({})]`, whose context is of the type `C`. A slot is \
                 filled once; filling it again does not compile in a `static`.",
                name.value, api.page.summary, api.page.name
            ));
            fields.push(quote! { #member: None });
            methods.push(quote! {
                #docs
                #[must_use]
                pub const fn #method<T: crate::#callback<Context = C>>(mut self) -> Self {
                    assert!(self.raw.#member.is_none(), #filled);
                    self.raw.#member = Some(crate::#shim::<T>);
                    self
                }
            });
            continue;
        }
        match shape::shape(&field.ty, names)? {
            Shape::Number(_) if name.value.starts_with("Reserved") => fields.push(quote! { #member: 0 }),
            Shape::Number(number) => {
                params.push(quote! { #snake: #number });
                fields.push(quote! { #member: #snake });
                let _ = writeln!(params_docs, "- `{snake}`: {meaning}");
            }
            Shape::Pointer { to: Target::Structure(name, _), .. } => {
                let inner = names.structure(&name).filter(|s| is_client(s)).ok_or_else(|| EmitError::Type(name.clone()))?;
                let inner = table_type(inner);
                params.push(quote! { #snake: &'static crate::#inner<C> });
                fields.push(quote! { #member: core::ptr::from_ref(#snake.as_raw()) });
                let _ = writeln!(params_docs, "- `{snake}`: {meaning}");
            }
            _ => return Err(EmitError::Type(field.ty.spelling())),
        }
    }
    let docs = doc(&format!(
        "{} All with a context of the type `C`: see [`{raw_name}`](crate::sys::{raw_name}).\n\nMade for a `static`: WSK reads it as long as it \
         may call one of them.",
        structure.page.summary
    ));
    let new_docs = doc(&if params.is_empty() {
        "Without any callback.".to_owned()
    } else {
        format!("The table.\n\n# Parameters\n\n{params_docs}")
    });
    let default = params.is_empty().then(|| {
        quote! {
            impl<C: crate::CallbackContext> Default for #ident<C> {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    Ok(Some(vec![
        quote! {
            #docs
            #[repr(transparent)]
            pub struct #ident<C> {
                raw: #raw,
                context: core::marker::PhantomData<fn(C) -> C>,
            }
        },
        quote! {
            impl<C: crate::CallbackContext> #ident<C> {
                #new_docs
                #[must_use]
                pub const fn new(#(#params),*) -> Self {
                    Self { raw: #raw { #(#fields),* }, context: core::marker::PhantomData }
                }

                #(#methods)*
            }

            impl<C> #ident<C> {
                /// The table as WSK reads it. Its callbacks need the context that goes with them.
                #[must_use]
                pub const fn as_raw(&self) -> &#raw {
                    &self.raw
                }
            }

            #default

            impl<C> core::fmt::Debug for #ident<C> {
                fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                    f.debug_struct(stringify!(#ident)).finish_non_exhaustive()
                }
            }
        },
    ]))
}

fn is_slot_of(ty: &crate::c::CType, api: &Api) -> bool {
    api.kind.value == ApiKind::Callback && matches!(ty, crate::c::CType::Named(name) if name.name.value == api.key())
}

/// Which callbacks a table has slots for: the name and the way to each member.
pub(in crate::emit::typed) fn slots(structure: &Struct, spec: &Spec) -> Vec<Ident> {
    let fields = structure.record.fields.iter().filter(|f| spec.apis.iter().any(|api| is_slot_of(&f.ty, api)));
    fields.filter_map(|f| Some(format_ident!("{}", f.name.as_ref()?.value))).collect()
}
