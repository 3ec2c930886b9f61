//! The new socket that a callback may accept, and its answer: what is accepted has a context and callbacks of its own.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Body;
use super::table::is_client;
use crate::emit::docs::doc;
use crate::emit::typed::shape::{self, Shape, Target};
use crate::emit::typed::{bounds, naming, params, status};
use crate::emit::{EmitError, comment};
use crate::spec::{Api, Names, Param, SocketKind};

/// What comes back of a callback that is given a new socket: its context and its callbacks.
pub(super) struct Outputs<'a> {
    kind: SocketKind,
    context: &'a Param,
    table: &'a Param,
    raw_table: TokenStream,
}

pub(super) fn outputs<'a>(
    api: &'a Api,
    kind: SocketKind,
    outs: &[&'a Param],
    names: &Names<'_>,
) -> Result<Outputs<'a>, EmitError> {
    let fails = || EmitError::Type(format!("{}: what comes back is not a context and a table", api.page.name));
    let mut context = None;
    let mut table = None;
    for param in outs {
        let crate::c::CType::Pointer { to, .. } = api.param_type(&param.name).ok_or_else(fails)? else { return Err(fails()) };
        match shape::shape(to, names)? {
            Shape::Pointer { to: Target::Void, .. } => context = Some(*param),
            Shape::Pointer { to: Target::Structure(name, _), .. } => {
                let is_table =
                    names.structure(&name).is_some_and(|s| s.socket.as_ref().is_some_and(|k| k.value == kind) && is_client(s));
                if !is_table {
                    return Err(fails());
                }
                table = Some((*param, shape::rust_type(to, names)?));
            }
            _ => return Err(fails()),
        }
    }
    let (Some(context), Some((table, raw_table))) = (context, table) else { return Err(fails()) };
    Ok(Outputs { kind, context, table, raw_table })
}

impl Body<'_> {
    /// The answer that goes with what was done with a new socket.
    pub(super) fn settle_outputs(&self) -> Result<TokenStream, EmitError> {
        let Some(outputs) = &self.outputs else { return Ok(quote! { answer }) };
        let name = self.name();
        let status = status::type_name(self.api);
        let fails = || EmitError::Type(format!("{name}: a new socket is accepted or refused, by a status each"));
        let refused = self.variants.iter().find(|v| *v != "Success").ok_or_else(fails)?;
        let write = |param: &Param, value: TokenStream| {
            let field = params::ident(&param.name);
            quote! { if let Some(to) = arguments.#field { to.write(#value); } }
        };
        if !self.has_end {
            return Err(EmitError::Type(format!("{name}: a new socket that is always there")));
        }
        let (context, table) = (write(outputs.context, quote! { context }), write(outputs.table, quote! { table }));
        let not_accepted = "it answered STATUS_SUCCESS and has not accepted the socket";
        let not_told = "it has accepted the socket and did not answer STATUS_SUCCESS";
        let mismatch = quote! { wsk_runtime::support::mismatch };
        Ok(quote! {
            match accepted.get() {
                Some((context, table)) => {
                    if answer.refusal().is_some() {
                        #mismatch(#name, #not_told);
                    }
                    #context
                    #table
                    crate::#status::Success
                }
                None => match answer.refusal() {
                    Some(refusal) => refusal,
                    None => {
                        #mismatch(#name, #not_accepted);
                        crate::#status::#refused
                    }
                },
            }
        })
    }

    /// The new socket of a callback that may accept it, and its answer.
    pub(super) fn incoming(&self, outputs: &Outputs<'_>) -> Result<Vec<TokenStream>, EmitError> {
        let base = naming::base(self.api);
        let name = self.name();
        let (socket, out) = (format_ident!("{base}Socket"), format_ident!("{base}Outputs"));
        let (answer, status) = (self.answer(), status::type_name(self.api));
        let kind = bounds::kind_type(outputs.kind);
        let callbacks = format_ident!("{kind}Callbacks");
        let raw_table = &outputs.raw_table;
        let docs_socket = doc(&format!(
            "A new socket that `{name}` was given, not accepted yet. What is not accepted is refused, and closed by WSK."
        ));
        let docs_out =
            doc(&format!("Shows that the socket which `{name}` was given is accepted: with which context and callbacks."));
        let docs_answer = doc(&format!("What a body of `{name}` answers."));
        let codes: Vec<_> = self.api.returns.codes.iter().zip(&self.variants).collect();
        let variants = codes.iter().map(|(code, variant)| {
            let docs = doc(&format!("`{}`: {}", code.name, code.meaning));
            if **variant == "Success" {
                quote! { #docs #variant(#out) }
            } else {
                quote! { #docs #variant }
            }
        });
        let refusals = codes.iter().filter(|(_, v)| **v != "Success").map(|(_, variant)| {
            quote! { Self::#variant => Some(crate::#status::#variant) }
        });
        let docs_accept = doc(
            "Accepts the socket, with a context and callbacks of its own. It is closed when the socket that is returned is dropped.\n\n\
             It must be enabled which of its events are wanted, as on any other socket.\n\n# Errors\n\n\
             The status if there is no memory; the socket is then refused, and the context dropped.\n\n# IRQL\n\nMay be called at \
             DISPATCH_LEVEL or below.",
        );
        let docs_plain = doc(
            "Accepts the socket without callbacks.\n\n# Errors\n\nThe status if there is no memory; the socket is then refused.\n\n\
             # IRQL\n\nMay be called at DISPATCH_LEVEL or below.",
        );
        let safety = comment("SAFETY: the context is made for this socket, which is of that kind.");
        let owned = quote! { crate::OwnedSocket<'static, crate::kind::#kind, crate::state::Connected, C> };
        let plain = quote! { crate::OwnedSocket<'static, crate::kind::#kind, crate::state::Connected> };
        Ok(vec![
            quote! {
                #docs_socket
                #[must_use = "a socket that is not accepted is refused"]
                pub struct #socket<'a> {
                    handle: crate::Socket<crate::kind::#kind>,
                    accepted: &'a core::cell::Cell<Option<(crate::sys::PVOID, #raw_table)>>,
                }
            },
            quote! {
                impl #socket<'_> {
                    /// The handle of the socket.
                    #[must_use]
                    pub fn handle(&self) -> crate::Socket<crate::kind::#kind> {
                        self.handle
                    }

                    #docs_accept
                    pub fn accept<C: crate::CallbackContext>(
                        self,
                        context: C,
                        callbacks: &'static crate::#callbacks<C>,
                    ) -> Result<(#owned, #out), crate::NtStatus> {
                        let functions = <crate::kind::#kind as crate::HasCallbacks>::FUNCTIONS;
                        let context = wsk_runtime::support::AnyContext::new(context, functions)?;
                        self.keep(Some(context), Some(callbacks.as_raw()))
                    }

                    #docs_plain
                    pub fn accept_without_callbacks(self) -> Result<(#plain, #out), crate::NtStatus> {
                        self.keep(None, None)
                    }

                    fn keep<C>(
                        self,
                        context: Option<wsk_runtime::support::AnyContext>,
                        callbacks: Option<&'static <crate::kind::#kind as crate::SocketKind>::ClientDispatch>,
                    ) -> Result<(#owned, #out), crate::NtStatus> {
                        let close = crate::Operation::request(crate::CloseSocketOperation::new()).map_err(|(status, _)| status)?;
                        let raw = context.as_ref().map_or(core::ptr::null_mut(), |c| c.as_raw().as_ptr());
                        if let (Some(context), Some(socket)) = (&context, core::ptr::NonNull::new(self.handle.as_raw())) {
                            #safety
                            unsafe { context.open(socket.cast()) };
                        }
                        self.accepted.set(Some((raw, callbacks.map_or(core::ptr::null(), core::ptr::from_ref))));
                        Ok((
                            crate::OwnedSocket::of(crate::OpenSocket::new(self.handle, close, context, callbacks)),
                            #out { own: core::marker::PhantomData },
                        ))
                    }
                }

                impl core::fmt::Debug for #socket<'_> {
                    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                        f.debug_tuple(stringify!(#socket)).field(&self.handle).finish()
                    }
                }
            },
            quote! {
                #docs_out
                #[must_use = "answer it with success"]
                #[derive(Debug)]
                pub struct #out {
                    // It belongs to one call.
                    own: core::marker::PhantomData<*const ()>,
                }
            },
            quote! {
                #docs_answer
                #[must_use = "an answer that is not returned answers nothing"]
                #[derive(Debug)]
                pub enum #answer { #(#variants),* }

                impl #answer {
                    fn refusal(&self) -> Option<crate::#status> {
                        match self {
                            Self::Success(_) => None,
                            #(#refusals,)*
                        }
                    }
                }
            },
        ])
    }
}
