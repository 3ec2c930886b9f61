//! The files that hold the others together.

use quote::{format_ident, quote};

use super::{EmitError, FOLDER, Item, OutputFile, render};
use crate::facts::ApiKind;
use crate::spec::Spec;

/// `sys/mod.rs`.
pub(super) fn sys(modules: &[String], spec: &Spec) -> Result<OutputFile, EmitError> {
    let count = |kind: ApiKind| spec.apis.iter().filter(|a| a.kind.value == kind).count();
    let text = format!(
        "The C interface, under its own names.\n\n\
         {} provider functions, {} event callbacks, {} exports, {} structures, {} enumerations and {} control codes. Structures have the\n\
         layout of the C compiler, asserted at compile time for 64-bit and 32-bit pointers. Function-pointer types are nullable: a dispatch\n\
         table of a driver leaves out the callbacks that it does not use, and one of an older provider the functions that it does not have.\n\
         Kernel and socket types are those of `windows-sys`.",
        count(ApiKind::Function),
        count(ApiKind::Callback),
        count(ApiKind::Export),
        spec.structs.len(),
        spec.enums.len(),
        spec.controls.len(),
    );
    let lines = text.lines().map(|l| if l.is_empty() { String::new() } else { format!(" {l}") });
    let mut items: Vec<Item> = vec![
        quote! {
            #(#![doc = #lines])*
            #![allow(
                non_camel_case_types,
                non_snake_case,
                non_upper_case_globals,
                clippy::unnecessary_cast,
                clippy::upper_case_acronyms,
                reason = "names and types are those of the C header"
            )]
        }
        .into(),
    ];
    let idents: Vec<_> = modules.iter().map(|m| format_ident!("{m}")).collect();
    items.extend(idents.iter().map(|m| quote! { mod #m; }.into()));
    items.push(quote! { #(pub use self::#idents::*;)* }.into());
    render("sys/mod.rs".to_owned(), FOLDER, &items)
}

/// `lib.rs`.
pub(super) fn root(modules: &[String]) -> Result<OutputFile, EmitError> {
    let text = "Winsock Kernel (WSK) bindings for Rust drivers, generated from documentation.\n\n\
                [`sys`] is the C interface as it stands. Each item says what the documentation says of it: parameters and their directions,\n\
                the interrupt request level (IRQL), each status and its meaning, how long memory must stay valid, and since which version\n\
                of Windows it is there.\n\n\
                Above it stand the wrappers: a method for each function of the provider, on [`Provider`] or on the handle of a socket, such as\n\
                [`ConnectionSocket`], and on [`Registration`] for the exports. Reserved parameters are not there, a buffer and its length are one\n\
                slice, flags and statuses have types of their own, such as [`DisconnectFlags`] and [`ConnectStatus`], and a level that the\n\
                documentation forbids does not compile: each call takes a token, an [`Irql`]. Each control operation is a method, too.\n\n\
                On the wrappers stand the safe operations, on [`ProviderNpi`] and [`OwnedSocket`]: an [`Operation`] owns its IRP and all that\n\
                the IRP refers to until it is over, and can be waited for or awaited.\n\n\
                Event callbacks are functions of the driver's under the attribute [`wsk_callback`], put together in tables such as\n\
                [`ConnectionCallbacks`] that carry the type of their context.\n\n\
                What all this stands on, and what a driver holds, is the runtime, whose items are here too: [`NtStatus`], [`Request`],\n\
                [`NonPagedBuffer`], [`SpinLock`].";
    let lines = text.lines().map(|l| if l.is_empty() { String::new() } else { format!(" {l}") });
    // prettyplease and rustfmt break lines differently; the attributes make `cargo fmt` leave this file and those below alone.
    let mut items: Vec<Item> =
        vec![quote! { #(#![doc = #lines])* #![no_std] #![cfg_attr(rustfmt, rustfmt_skip)] #![allow(clippy::unnecessary_cast, reason = "constants come in whatever type another crate gives them")] #![allow(clippy::too_many_arguments, reason = "a wrapper has the parameters of its function")] #![allow(clippy::type_complexity, reason = "a type says kind, state and context of a socket")] #![allow(clippy::result_large_err, reason = "what was not started is given back")] }.into(), quote! { #[rustfmt::skip] pub mod sys; }.into()];
    let idents: Vec<_> = modules.iter().map(|m| format_ident!("{m}")).collect();
    items.push(quote! { #(#[rustfmt::skip] mod #idents;)* }.into());
    items.push(quote! { pub use wsk_macros::wsk_callback; }.into());
    items.push(quote! { pub use wsk_runtime::*; }.into());
    items.push(quote! { #(pub use self::#idents::*;)* }.into());
    render("lib.rs".to_owned(), FOLDER, &items)
}
