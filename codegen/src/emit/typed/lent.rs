//! Functions that give a list which another function takes back.
//!
//! The list may have to be given back at a lower level than the one at which an IRP is completed, so that an operation of such a function
//! could not be dropped at any time. Therefore there is none: the method waits, and the list that it gives borrows the token of the
//! level, which shows that it is dropped there.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::call::{Context, Documented, documentation, parameters};
use super::naming;
use super::operation::{Form, Operation};
use super::params::Plan;
use super::receivers::undoes;
use super::shape::{self, Shape, Target};
use crate::emit::docs::doc;
use crate::emit::{EmitError, comment};
use crate::facts::{Level, LevelRange, snake_case};
use crate::spec::{Api, Names};

/// The function that takes the list back, and what the list consists of.
pub(super) fn taker<'a>(context: &Context<'a>) -> Option<(&'a Api, TokenStream)> {
    context.spec.apis.iter().filter(|end| undoes(end, context.api)).find_map(|end| Some((end, taken(end, context.names)?)))
}

/// The structure that the function takes a list of: the one parameter that is a pointer to one.
fn taken(end: &Api, names: &Names<'_>) -> Option<TokenStream> {
    end.params.iter().find_map(|param| match shape::shape(end.param_type(&param.name)?, names) {
        Ok(Shape::Pointer { to: Target::Structure(_, path), .. }) => Some(path),
        _ => None,
    })
}

pub(super) fn emit(operation: &Operation<'_>) -> Result<Vec<TokenStream>, EmitError> {
    let Operation { context, case, forms, .. } = operation;
    let api = context.api;
    let unknown = || EmitError::Type(api.page.name.value.clone());
    let (end, entry) = taker(context).ok_or_else(unknown)?;
    let (given, pointer) = forms
        .iter()
        .find_map(|(rust, form)| if let Form::Lent(pointer) = form { Some((&rust.name, pointer)) } else { None })
        .ok_or_else(unknown)?;
    let (provider, _, since) = context.receivers.provider(api, context.names).ok_or_else(unknown)?;
    let Some(owner) = context.receivers.guard(provider) else { return Ok(Vec::new()) };
    let (owner, provider) = (format_ident!("{}", owner.name), format_ident!("{}", provider.name));
    // Both are called where a thread may wait: there must be such a level in common.
    let waits = |range: LevelRange| range.min.is_none_or(|min| min == Level::Passive);
    if !waits(case.range) || !end.irql.iter().all(|c| waits(c.range.value)) {
        return Ok(Vec::new());
    }

    let base = naming::base(api);
    let list = format_ident!("{}List", base.strip_prefix("Get").unwrap_or(&base));
    let payload = format_ident!("{base}Operation");
    let status = super::status::type_name(api);
    let (wrapper, take_back) = (context.method(case), format_ident!("{}", snake_case(&naming::base(end))));
    let method = format_ident!("wait_{}", snake_case(&base));
    let parts = operation.parts();
    let (fields, values, call) = (&parts.fields, &parts.values, &parts.arguments);
    let params = parameters(&parts.params);
    let plan = Plan { params: parts.params.clone(), ..Plan::default() };
    let place = format!(
        "A safe operation of [`{0}`](crate::sys::{0}), which waits until it is over: what it gives must be given back at PASSIVE_LEVEL, so it \
         cannot be left to itself.",
        api.key()
    );
    let errors = "The status with which it failed; also if there is no memory, or no such function (STATUS_NOT_SUPPORTED).";
    // A thread may wait below DISPATCH_LEVEL; the token that is borrowed settles it.
    let range = LevelRange { min: None, max: Level::Passive };
    let documented = Documented { is_outcome: true, range, ..context.documented(case, &place, Some(errors)) };
    let docs = doc(&documentation(&documented, &plan));
    let (name, end_name) = (&api.page.name.value, &end.page.name.value);
    let list_docs = doc(&format!(
        "What `{name}` gave: a list, which its drop gives back by `{end_name}`.\n\nIt borrows the token of the level, so that it is dropped at \
         PASSIVE_LEVEL."
    ));
    let payload_docs = doc(&format!("What `{name}` needs until it is over."));
    let entries_docs = doc("The list.");
    let fallible = since.is_some();
    let outcome = if fallible {
        quote! { .map(|status| status.status()) }
    } else {
        quote! { .status() }
    };
    let start = quote! { self.#wrapper(irql, #(#call),*) #outcome };
    let start = if fallible {
        start
    } else {
        quote! { Ok(#start) }
    };
    let ended = if context.receivers.provider(end, context.names).is_some_and(|(_, _, since)| since.is_some()) {
        // The system has it, for it has the function that gave the list.
        quote! { let _ = unsafe { self.provider.#take_back(self.irql, self.head) }; }
    } else {
        quote! { unsafe { self.provider.#take_back(self.irql, self.head) }; }
    };
    let safety_send = comment("SAFETY: the address in it is read by whoever waits for the operation, when it is over.");
    let safety_finish = comment("SAFETY: it was initialised, and on success the function has put the head of the list there.");
    let safety_start = comment(
        "SAFETY: the IRP is passed to the function, which completes it; what it refers to is in the payload, which neither moves nor ends \
         before; the provider is captured as long as it is borrowed.",
    );
    let safety_list =
        comment("SAFETY: the function gave the list, which is there until it is given back, and nobody changes it.");
    let safety_drop = comment("SAFETY: the function gave the list, nobody refers to it any more, and the provider is captured.");
    Ok(vec![
        quote! {
            #list_docs
            pub struct #list<'a> {
                head: core::ptr::NonNull<#entry>,
                provider: &'a crate::#provider,
                irql: &'a crate::Irql<crate::Passive>,
            }
        },
        quote! {
            impl #list<'_> {
                #entries_docs
                #[must_use]
                pub fn list(&self) -> crate::List<'_, #entry> {
                    #safety_list
                    unsafe { crate::List::from_raw(self.head) }
                }
            }
        },
        quote! {
            impl Drop for #list<'_> {
                fn drop(&mut self) {
                    #safety_drop
                    #ended
                }
            }
        },
        quote! {
            impl core::fmt::Debug for #list<'_> {
                fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                    f.debug_struct(stringify!(#list)).finish_non_exhaustive()
                }
            }
        },
        quote! { #payload_docs struct #payload { #(#fields),* } },
        quote! { #safety_send unsafe impl Send for #payload {} },
        quote! {
            impl crate::Payload for #payload {
                type Outcome<'a> = (crate::NtStatus, #pointer);

                unsafe fn finish<'a>(self, status: crate::NtStatus, _information: usize) -> Self::Outcome<'a> {
                    #safety_finish
                    (status, unsafe { self.#given.assume_init() })
                }
            }
        },
        quote! {
            impl crate::#owner<'_> {
                #docs
                pub fn #method<'a>(&'a self, irql: &'a crate::Irql<crate::Passive>, #params) -> Result<#list<'a>, crate::#status> {
                    let payload = #payload { #(#values),* };
                    #safety_start
                    let started = unsafe { crate::Operation::start(payload, |irp, payload| #start) };
                    let (status, head) = match started {
                        Ok(operation) => wsk_runtime::support::finish(operation, irql),
                        Err(refused) => refused.into_outcome(),
                    };
                    match core::ptr::NonNull::new(head) {
                        Some(head) if status == crate::NtStatus::SUCCESS => Ok(#list { head, provider: self, irql }),
                        _ => Err(crate::#status::from_status(status)),
                    }
                }
            }
        },
    ])
}
