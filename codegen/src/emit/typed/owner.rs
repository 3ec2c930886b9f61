//! Exports: what one begins and another ends is owned, and ended by its drop.
//!
//! An export that initialises memory of the driver's for good (its parameter is `out`, `until deregistration`) makes an owner; the
//! export that undoes it is the owner's drop; all others that are given the memory are its methods. A method whose result
//! another export undoes gives a guard that borrows the owner: it cannot outlive it.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::bounds;
use super::call::{Case, Context, parameters};
use super::callback;
use super::params::{Fixed, Plan, RustParam, ident};
use super::receivers::{Guard, Owner, pointee, undoes};
use super::shape::{self, Shape, Target, sys};
use crate::describe;
use crate::emit::docs::doc;
use crate::emit::{EmitError, comment};
use crate::facts::{ApiKind, snake_case};
use crate::spec::{Api, Dispatch, MemoryRule};

pub(super) fn emit(context: &Context<'_>, cases: &[Case]) -> Result<Vec<TokenStream>, EmitError> {
    let mut items = Vec::new();
    if context.api.kind.value != ApiKind::Export {
        return Ok(items);
    }
    let guards = &context.receivers.guards;
    let Some((owner, param)) = context.receivers.owner(context.api, context.names) else {
        for case in cases {
            items.push(free(context, case)?);
        }
        return Ok(items);
    };
    if owner.begin.key() == context.api.key() {
        items.extend(begin(context, cases, owner)?);
    } else if owner.end.key() == context.api.key() {
        items.extend(end(context, cases, owner)?);
    } else if let Some(guard) = guards.iter().find(|g| undoes(context.api, g.giver)) {
        items.extend(release(context, cases, owner, guard)?);
    } else if let Some(guard) = guards.iter().find(|g| g.giver.key() == context.api.key()) {
        items.extend(capture(context, cases, owner, &param, guard)?);
    } else {
        for case in cases {
            items.push(method(context, case, owner, &param)?);
        }
    }
    Ok(items)
}

fn place(api: &Api) -> String {
    format!("An export of `{}`.", api.library.as_ref().map_or("", |l| l.value.as_str()))
}

/// The type and conversion of the status of an export that must return one.
fn outcome(context: &Context<'_>) -> Result<(TokenStream, TokenStream), EmitError> {
    context.outcome().ok_or_else(|| EmitError::Type(format!("{} returns nothing that could fail", context.api.page.name)))
}

/// The export that begins: the owner, and the function that makes it.
fn begin(context: &Context<'_>, cases: &[Case], owner: &Owner<'_>) -> Result<Vec<TokenStream>, EmitError> {
    let [case] = cases else { return Err(EmitError::Type(format!("{}: one case", context.api.page.name))) };
    let api = context.api;
    let ident_ = format_ident!("{}", owner.name);
    let parts = format_ident!("{}Parts", owner.name);
    let raw = sys(&owner.structure.page.name);
    // What must stay valid as long as the owner is kept beside it, by value.
    let mut kept: Vec<(Ident, TokenStream)> = Vec::new();
    let mut fixed: Vec<(&str, TokenStream)> = vec![(&owner.param, quote! { parts.raw.get() })];
    let mut params: Vec<RustParam> = Vec::new();
    for param in api.params.iter().filter(|p| p.name.value != owner.param) {
        let lives_on = param.memory.iter().any(|m| m.value == MemoryRule::UntilDeregistration);
        if let Some(structure) = api.param_type(&param.name).and_then(|ty| pointee(ty, context.names)).filter(|_| lives_on) {
            let (name, ty) = (ident(&param.name), sys(&structure.page.name));
            fixed.push((&param.name.value, quote! { parts.#name.get() }));
            params.push(RustParam {
                of: param.name.value.clone(),
                name: name.clone(),
                ty: ty.clone(),
                meaning: param.meaning.value.clone(),
                optional: false,
            });
            kept.push((name, ty));
        }
    }
    let mut translation = context.translation(None, case);
    translation.fixed.extend(fixed.into_iter().map(|(name, tokens)| (name.to_owned(), Fixed::To(tokens))));
    let mut plan = translation.plan()?;
    let arguments = std::mem::take(&mut plan.arguments);
    plan.params.extend(params);
    plan.safety.extend(kept.iter().map(|(name, _)| {
        format!("What `{name}` points to stays valid until the registration is dropped; the callbacks in it do what their pages demand.")
    }));
    let docs_method = context.docs(case, &plan, &place(api), None);
    let docs_owner = doc(&format!(
        "{}\n\nIt is in non-paged memory of its own, which does not move; dropping it calls `{}`, at PASSIVE_LEVEL.",
        owner.structure.page.summary, owner.end.page.name
    ));
    let level = context.level_trait(case);
    let entry = context.entry(case, &plan);
    let method = context.method(case);
    let function = sys(&api.page.name);
    let params = parameters(&plan.params);
    let (error, convert) = outcome(context)?;
    let fields = kept.iter().map(|(name, ty)| quote! { #name: core::cell::UnsafeCell<#ty> });
    let values = kept.iter().map(|(name, _)| quote! { #name: core::cell::UnsafeCell::new(#name) });
    let safety_send = comment("SAFETY: only WSK touches what is in the memory, and it does so from any thread.");
    let safety_call =
        comment("SAFETY: the memory stays where it is until the drop; the caller upholds the rest, as listed above.");
    let with_callbacks = with_callbacks(context, case, owner, &kept)?;
    Ok(vec![
        quote! {
            #docs_owner
            pub struct #ident_ {
                parts: wsk_runtime::NonPagedBox<#parts>,
            }
        },
        quote! { struct #parts { raw: core::cell::UnsafeCell<#raw>, #(#fields),* } },
        quote! {
            #safety_send
            unsafe impl Send for #parts {}

            #safety_send
            unsafe impl Sync for #parts {}
        },
        quote! {
            impl #ident_ {
                #docs_method
                #[inline]
                #[track_caller]
                pub unsafe fn #method<L: crate::#level>(irql: &crate::Irql<L>, #params) -> Result<Self, #error> {
                    #entry
                    let parts = #parts { raw: core::cell::UnsafeCell::new(<#raw as Default>::default()), #(#values),* };
                    let parts = match wsk_runtime::NonPagedBox::new(parts) {
                        Ok(parts) => parts,
                        Err((crate::NtStatus(status), _)) => return Err(#convert),
                    };
                    #safety_call
                    let status = unsafe { #function(#(#arguments),*) };
                    if crate::NtStatus(status) == crate::NtStatus::SUCCESS {
                        Ok(Self { parts })
                    } else {
                        Err(#convert)
                    }
                }

                /// The memory, which only WSK may touch.
                #[must_use]
                #[inline]
                pub fn as_raw(&self) -> *mut #raw {
                    self.parts.raw.get()
                }
            }
        },
        quote! {
            impl core::fmt::Debug for #ident_ {
                fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                    f.debug_struct(stringify!(#ident_)).finish_non_exhaustive()
                }
            }
        },
        with_callbacks,
    ])
}

/// Where what is kept is a context and a table of callbacks: the same, safe, for the types go together.
fn with_callbacks(
    context: &Context<'_>,
    case: &Case,
    owner: &Owner<'_>,
    kept: &[(Ident, TokenStream)],
) -> Result<TokenStream, EmitError> {
    let none = Ok(TokenStream::new());
    let [(param, raw)] = kept else { return none };
    let Some(structure) = context
        .api
        .params
        .iter()
        .find(|p| ident(&p.name) == *param)
        .and_then(|p| pointee(context.api.param_type(&p.name)?, context.names))
    else {
        return none;
    };
    let mut value = None;
    let mut table = None;
    for field in &structure.record.fields {
        let Some(name) = &field.name else { return none };
        let name = format_ident!("{}", name.value);
        match shape::shape(&field.ty, context.names)? {
            Shape::Pointer { to: Target::Void, .. } => value = Some(name),
            Shape::Pointer { to: Target::Structure(of, _), .. } => {
                let client = context.names.structure(&of).filter(|s| s.is_table_of(Dispatch::Client));
                table = client.map(|s| (name, callback::table_type(s)));
            }
            _ => return none,
        }
    }
    let (Some(value), Some((table, callbacks))) = (value, table) else { return none };
    let owner = format_ident!("{}", owner.name);
    let (method, level) = (context.method(case), context.level_trait(case));
    let with = format_ident!("{method}_with_callbacks");
    let (error, _) = outcome(context)?;
    let docs = doc(&format!(
        "{} With callbacks, and the context that they are given.\n\n# Errors\n\nThe status, if it is not registered.\n\n# IRQL\n\n{}",
        context.api.page.summary,
        describe::may_be_called(ApiKind::Function, case.range)
    ));
    let safety = comment("SAFETY: context and callbacks live as long as the driver, and go together by their types.");
    Ok(quote! {
        impl #owner {
            #docs
            #[track_caller]
            pub fn #with<C: crate::CallbackContext, L: crate::#level>(
                irql: &crate::Irql<L>,
                context: &'static C,
                callbacks: &'static crate::#callbacks<C>,
            ) -> Result<Self, #error> {
                let #param = #raw {
                    #value: core::ptr::from_ref(context).cast_mut().cast(),
                    #table: callbacks.as_raw(),
                };
                #safety
                unsafe { Self::#method(irql, #param) }
            }
        }
    })
}

/// The export that ends: the owner's drop.
fn end(context: &Context<'_>, cases: &[Case], owner: &Owner<'_>) -> Result<Vec<TokenStream>, EmitError> {
    let ident = format_ident!("{}", owner.name);
    ending(
        context,
        cases,
        &quote! { crate::#ident },
        &quote! { self.as_raw() },
        &format!("the memory was initialised by `{}`", owner.begin.page.name),
    )
}

/// The export that takes back what a method gave: the guard's drop.
fn release(context: &Context<'_>, cases: &[Case], owner: &Owner<'_>, guard: &Guard<'_>) -> Result<Vec<TokenStream>, EmitError> {
    let ident = format_ident!("{}", guard.name);
    let field = format_ident!("{}", snake_case(&owner.name));
    ending(
        context,
        cases,
        &quote! { crate::#ident<'_> },
        &quote! { self.#field.as_raw() },
        "it was captured once, and the registration is still there",
    )
}

fn ending(
    context: &Context<'_>,
    cases: &[Case],
    ty: &TokenStream,
    memory: &TokenStream,
    why: &str,
) -> Result<Vec<TokenStream>, EmitError> {
    let ([case], [_]) = (cases, context.api.params.as_slice()) else {
        return Err(EmitError::Type(format!("{}: one case and one parameter", context.api.page.name)));
    };
    if context.outcome().is_some() {
        return Err(EmitError::Type(format!("{}: what ends something cannot fail", context.api.page.name)));
    }
    let docs = context.docs(case, &Plan::default(), &place(context.api), None);
    let level = context.level_trait(case);
    let method = context.method(case);
    let assertion = bounds::assertion(case.range, &context.label(case));
    let function = sys(&context.api.page.name);
    let safety = comment(&format!("SAFETY: {why}; nothing borrows it any more."));
    Ok(vec![
        quote! {
            impl #ty {
                #docs
                #[inline]
                #[track_caller]
                pub fn #method<L: crate::#level>(self, irql: &crate::Irql<L>) {
                    let _ = irql;
                    drop(self);
                }
            }
        },
        quote! {
            impl Drop for #ty {
                #[inline]
                #[track_caller]
                fn drop(&mut self) {
                    #assertion
                    #safety
                    unsafe { #function(#memory) };
                }
            }
        },
    ])
}

/// A method that gives a guard.
fn capture(
    context: &Context<'_>,
    cases: &[Case],
    owner: &Owner<'_>,
    param: &str,
    guard: &Guard<'_>,
) -> Result<Vec<TokenStream>, EmitError> {
    let owner_ident = format_ident!("{}", owner.name);
    let owner_field = format_ident!("{}", snake_case(&owner.name));
    let ident = format_ident!("{}", guard.name);
    let raw = sys(&guard.structure.page.name);
    let handle = context.receivers.providers.iter().find(|p| p.holder.page.name.value == guard.structure.page.name.value);
    let function = sys(&context.api.page.name);
    let enders: Vec<String> =
        context.spec.apis.iter().filter(|a| undoes(a, context.api)).map(|a| format!("`{}`", a.page.name)).collect();
    let docs_guard = doc(&format!(
        "{} Dropping it calls {}; it cannot outlive its [`{}`](crate::{3}).",
        guard.structure.page.summary,
        enders.join(" or "),
        owner.name,
        owner.name
    ));
    let (inner, make) = match handle {
        Some(handle) => {
            let handle = format_ident!("{}", handle.name);
            (quote! { crate::#handle }, quote! { crate::#handle::from_raw(raw.assume_init()) })
        }
        None => (raw.clone(), quote! { raw.assume_init() }),
    };
    let mut items = vec![
        quote! {
            #docs_guard
            pub struct #ident<'a> {
                pub(crate) inner: #inner,
                pub(crate) #owner_field: &'a crate::#owner_ident,
            }
        },
        quote! {
            impl core::ops::Deref for #ident<'_> {
                type Target = #inner;

                #[inline]
                fn deref(&self) -> &#inner {
                    &self.inner
                }
            }

            impl core::fmt::Debug for #ident<'_> {
                fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                    f.debug_struct(stringify!(#ident)).finish_non_exhaustive()
                }
            }
        },
    ];
    for case in cases {
        let mut translation = context.translation(Some((param, quote! { self.as_raw() })), case);
        translation.fixed.push((guard.param.clone(), Fixed::To(quote! { raw.as_mut_ptr() })));
        let plan = translation.plan()?;
        let docs = context.docs(case, &plan, &place(context.api), None);
        let level = context.level_trait(case);
        let method = context.method(case);
        let entry = context.entry(case, &plan);
        let (params, arguments) = (parameters(&plan.params), &plan.arguments);
        let (error, convert) = outcome(context)?;
        let safety = comment("SAFETY: the registration is in effect as long as its owner is there.");
        let safety_make =
            comment("SAFETY: a success means that the structure is filled in, and nothing is released before the drop.");
        items.push(quote! {
            impl crate::#owner_ident {
                #docs
                #[inline]
                #[track_caller]
                pub fn #method<L: crate::#level>(&self, irql: &crate::Irql<L>, #params) -> Result<#ident<'_>, #error> {
                    #entry
                    let mut raw = core::mem::MaybeUninit::<#raw>::uninit();
                    #safety
                    let status = unsafe { #function(#(#arguments),*) };
                    if crate::NtStatus(status) == crate::NtStatus::SUCCESS {
                        #safety_make
                        let inner = unsafe { #make };
                        Ok(#ident { inner, #owner_field: self })
                    } else {
                        Err(#convert)
                    }
                }
            }
        });
    }
    Ok(items)
}

/// Any other export that is given the memory.
fn method(context: &Context<'_>, case: &Case, owner: &Owner<'_>, param: &str) -> Result<TokenStream, EmitError> {
    let owner_ident = format_ident!("{}", owner.name);
    let call = body(context, case, Some((param, quote! { self.as_raw() })), &quote! { &self, })?;
    Ok(quote! { impl crate::#owner_ident { #call } })
}

/// An export that belongs to nothing.
fn free(context: &Context<'_>, case: &Case) -> Result<TokenStream, EmitError> {
    body(context, case, None, &TokenStream::new())
}

fn body(
    context: &Context<'_>,
    case: &Case,
    fixed: Option<(&str, TokenStream)>,
    receiver: &TokenStream,
) -> Result<TokenStream, EmitError> {
    let mut plan = context.translation(fixed, case).plan()?;
    if plan.safety.is_empty() && receiver.is_empty() {
        plan.safety.push(
            "The documentation demands nothing beyond what the types say; nothing else proves that it may be called.".to_owned(),
        );
    }
    let docs = context.docs(case, &plan, &place(context.api), None);
    let level = context.level_trait(case);
    let method = context.method(case);
    let entry = context.entry(case, &plan);
    let function = sys(&context.api.page.name);
    let (params, arguments, lifetimes) = (parameters(&plan.params), &plan.arguments, &plan.lifetimes);
    // Without a demand on the caller there is nothing that could go wrong.
    let is_safe = plan.safety.is_empty() && !receiver.is_empty();
    let unsafety = (!is_safe).then(|| quote! { unsafe });
    let safety = comment(if is_safe {
        "SAFETY: the registration is in effect as long as its owner is there, and references are valid."
    } else {
        "SAFETY: the caller upholds what the documentation demands, as listed above."
    });
    let (ret, result) = match context.outcome() {
        Some((ty, convert)) => {
            (Some(quote! { -> #ty }), quote! { #safety let status = unsafe { #function(#(#arguments),*) }; #convert })
        }
        None => (None, quote! { #safety unsafe { #function(#(#arguments),*) }; }),
    };
    Ok(quote! {
        #docs
        #[inline]
        #[track_caller]
        pub #unsafety fn #method<#(#lifetimes,)* L: crate::#level>(#receiver irql: &crate::Irql<L>, #params) #ret {
            #entry
            #result
        }
    })
}
