//! Event callbacks as a driver writes them: for each a trait with a safe function, which `#[wsk_callback]` implements, and the function
//! of C that stands in the dispatch table and calls it.
//!
//! What the safe function is given follows from the facts: the context by reference; a list that another function gives back as a
//! guard; a new socket as something to be accepted; what comes back as its answer; all else as the view of the arguments has it.
//!
//! `incoming`: the new socket of a callback that may accept it. `received`: lists of received data. `table`: callbacks put together.

mod incoming;
mod received;
mod table;

use std::fmt::Write as _;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::arguments::{self, Field};
use super::bounds;
use super::naming;
use super::receivers::{Receivers, pointee};
use super::shape::{self, Shape, Target};
use super::status;
use crate::describe;
use crate::emit::docs::{doc, list, tail};
use crate::emit::{EmitError, comment};
use crate::facts::{ApiKind, Direction, Level, LevelRange, snake_case};
use crate::spec::{Api, Names, Param, ParamLink, SocketEffect, Spec, Struct};

use incoming::Outputs;
use received::indication;
pub(super) use received::{gives_back, received};
pub(super) use table::{slots, table, table_type};

/// A parameter of the safe function.
pub(in crate::emit) struct BodyParam<'a> {
    pub(in crate::emit) param: &'a Param,
    pub(in crate::emit) name: Ident,
    pub(in crate::emit) ty: TokenStream,
    role: Role<'a>,
}

enum Role<'a> {
    /// What the view of the arguments has.
    Passed,
    /// A list that may be retained; how many bytes it holds, and where it is said how many are taken.
    List { total: Option<&'a str>, accepted: Option<&'a str> },
    /// A new socket, which may be accepted.
    Incoming,
}

/// A callback as a driver writes it.
pub(in crate::emit) struct Body<'a> {
    api: &'a Api,
    /// The dispatch table that lists it.
    pub(in crate::emit) table: &'a Struct,
    pub(in crate::emit) context: &'a Param,
    pub(in crate::emit) params: Vec<BodyParam<'a>>,
    outputs: Option<Outputs<'a>>,
    range: LevelRange,
    /// The variants of the answer, in the order of the codes.
    variants: Vec<Ident>,
    /// Whether a null pointer tells of the end of the socket, so that every pointer may be missing.
    has_end: bool,
}

impl<'a> Body<'a> {
    /// How the callback looks in a driver.
    pub(in crate::emit) fn of(
        api: &'a Api,
        spec: &'a Spec,
        names: &Names<'a>,
        receivers: &Receivers<'a>,
    ) -> Result<Self, EmitError> {
        let fails = |what: &str| EmitError::Type(format!("{}: {what}", api.page.name));
        let table = spec.tables_of(api).next().ok_or_else(|| fails("no dispatch table lists it"))?;
        let range = api.irql.iter().map(|c| c.range.value).max_by_key(|r| r.max).ok_or_else(|| fails("no level"))?;
        if range.max > Level::Dispatch {
            return Err(fails("a callback above DISPATCH_LEVEL, for which there is no token"));
        }
        if api.returns.other.is_some() || api.signature.ret.is_void() {
            return Err(fails("a callback answers one of the codes that are named"));
        }
        let shapes: Vec<(&Param, Shape)> = api
            .params
            .iter()
            .map(|p| Ok((p, shape::shape(api.param_type(&p.name).ok_or_else(|| fails(&p.name))?, names)?)))
            .collect::<Result<_, EmitError>>()?;
        let fields = arguments::fields(api, names, receivers)?;
        let is_context = |p: &Param, s: &Shape| {
            matches!(s, Shape::Pointer { to: Target::Void, .. })
                && p.direction.value == Direction::In
                && super::params::length_of(p).is_none()
        };
        let contexts: Vec<&Param> = shapes.iter().filter(|(p, s)| is_context(p, s)).map(|(p, _)| *p).collect();
        let [context] = contexts.as_slice() else { return Err(fails("a callback has one context")) };
        let counts: Vec<&str> = links(api).filter_map(ParamLink::list_count).collect();
        let outs: Vec<&Param> =
            api.params.iter().filter(|p| p.direction.value != Direction::In && !counts.contains(&p.name.as_str())).collect();
        let mut outputs = None;
        let mut params = Vec::new();
        for Field { param, name, ty, .. } in fields {
            let is_hidden = counts.contains(&param.name.as_str()) || outs.iter().any(|o| o.name.value == param.name.value);
            if param.name.value == context.name.value || is_hidden {
                continue;
            }
            let ty_of = api.param_type(&param.name).ok_or_else(|| fails(&param.name))?;
            let list = pointee(ty_of, names).filter(|s| indication(s, names).is_some());
            let socket =
                param.effects.iter().find_map(|e| if let SocketEffect::Kind(kind) = e.value { Some(kind) } else { None });
            let optional = |ty: TokenStream| {
                if param.optional {
                    quote! { Option<#ty> }
                } else {
                    ty
                }
            };
            let (ty, role) = match (list, socket) {
                (Some(list), _) if spec.apis.iter().any(|f| gives_back(f, api, names)) => {
                    let alias = format_ident!("{}", naming::of_struct(list));
                    let link = |find: fn(&ParamLink) -> Option<&str>| param.links.iter().find_map(|l| find(&l.value));
                    let total = link(|l| if let ParamLink::TotalIn(of) = l { Some(of) } else { None });
                    let accepted = link(|l| if let ParamLink::AcceptedIn(of) = l { Some(of) } else { None });
                    if accepted.is_some() && total.is_none() {
                        return Err(fails(
                            "of a list that may be taken in part it is not said how long it is: add `total in PARAMETER`",
                        ));
                    }
                    (optional(quote! { crate::#alias<'_> }), Role::List { total, accepted })
                }
                (_, Some(kind)) if !outs.is_empty() => {
                    outputs = Some(incoming::outputs(api, kind, &outs, names)?);
                    let ident = format_ident!("{}Socket", naming::base(api));
                    (optional(quote! { crate::#ident<'_> }), Role::Incoming)
                }
                _ => (elided(ty), Role::Passed),
            };
            params.push(BodyParam { param, name, ty, role });
        }
        if outs.is_empty() != outputs.is_none() {
            return Err(fails("what comes back of a callback is the context and the callbacks of a new socket, or nothing"));
        }
        let codes = api.returns.codes.iter().map(|c| c.name.as_str());
        let variants = codes.map(|code| Ok(format_ident!("{}", status::variant(code, &api.signature.ret, names)?)));
        let variants = variants.collect::<Result<_, EmitError>>()?;
        Ok(Self { api, table, context, params, outputs, range, variants, has_end: arguments::has_end(api, names) })
    }

    /// `ReceiveEventCallback`.
    pub(in crate::emit) fn trait_name(&self) -> Ident {
        format_ident!("{}Callback", naming::base(self.api))
    }

    /// `receive_event`.
    pub(in crate::emit) fn method(&self) -> Ident {
        format_ident!("{}", snake_case(&naming::base(self.api)))
    }

    fn shim(&self) -> Ident {
        format_ident!("{}_shim", self.method())
    }

    /// What the body returns.
    pub(in crate::emit) fn answer(&self) -> Ident {
        if self.outputs.is_some() { format_ident!("{}Answer", naming::base(self.api)) } else { status::type_name(self.api) }
    }

    /// The highest level at which it is called.
    pub(in crate::emit) fn level(&self) -> Ident {
        bounds::level_type(self.range)
    }

    pub(in crate::emit) fn called_at(&self) -> String {
        bounds::limit(self.range)
    }

    fn name(&self) -> &str {
        &self.api.page.name
    }

    fn documentation(&self) -> String {
        let key = self.api.key();
        let mut out = format!(
            "{}\n\nA callback of the driver's, of the type [`{key}`](crate::sys::{key}), in [`{1}`](crate::sys::{1}). \
             [`wsk_callback`](crate::wsk_callback) implements this for a function of the driver's.\n\n# Parameters\n\n- `context`: {2}\n",
            self.api.page.summary, self.table.page.name, self.context.meaning
        );
        for BodyParam { param, name, role, .. } in &self.params {
            let more = match role {
                Role::List { accepted: Some(_), .. } => {
                    " What is not [retained](crate::Indicated::retain) or [accepted in part](crate::Indicated::accept) is taken or refused whole, as the answer says."
                }
                Role::List { .. } => {
                    " What is not [retained](crate::Indicated::retain) is taken or refused whole, as the answer says."
                }
                Role::Passed | Role::Incoming => "",
            };
            let _ = writeln!(out, "- `{name}`: {}{more}", param.meaning);
        }
        let _ = write!(out, "- `irql`: a token for the level.\n\n# Returns\n\n[`{0}`](crate::{0}):\n\n", self.answer());
        describe::returns(&self.api.returns).iter().for_each(|table| list(&mut out, table, |_| true));
        let _ = write!(out, "\n# IRQL\n\n{}\n", describe::may_be_called(ApiKind::Callback, self.range));
        tail(&mut out, &self.api.page);
        out
    }
}

fn links(api: &Api) -> impl Iterator<Item = &ParamLink> {
    api.params.iter().flat_map(|p| &p.links).map(|l| &l.value)
}

/// The same type, with the lifetime left to the compiler.
fn elided(ty: TokenStream) -> TokenStream {
    let mut after_quote = false;
    ty.into_iter()
        .map(|tree| match tree {
            TokenTree::Group(group) => TokenTree::Group(proc_macro2::Group::new(group.delimiter(), elided(group.stream()))),
            TokenTree::Ident(ident) if after_quote && ident == "a" => {
                after_quote = false;
                TokenTree::Ident(Ident::new("_", ident.span()))
            }
            tree => {
                after_quote = matches!(&tree, TokenTree::Punct(p) if p.as_char() == '\'');
                tree
            }
        })
        .collect()
}

/// The types and the functions of a callback.
pub(super) fn emit<'a>(
    api: &'a Api,
    spec: &'a Spec,
    names: &Names<'a>,
    receivers: &Receivers<'a>,
) -> Result<Vec<TokenStream>, EmitError> {
    if api.kind.value != ApiKind::Callback {
        return Ok(Vec::new());
    }
    let body = Body::of(api, spec, names, receivers)?;
    let mut items = Vec::new();
    if let Some(outputs) = &body.outputs {
        items.extend(body.incoming(outputs)?);
    }
    items.push(body.declaration());
    items.push(body.definition(names)?);
    Ok(items)
}

impl Body<'_> {
    /// The trait.
    fn declaration(&self) -> TokenStream {
        let (ident, method, answer, level) = (self.trait_name(), self.method(), self.answer(), self.level());
        let docs = doc(&self.documentation());
        let name = self.name();
        let message = format!("`{{Self}}` is not a callback for `{name}`");
        let label = format!("no function marked `#[wsk_callback({name})]` is called so");
        let note = format!("write `#[wsk_callback({name})]` above the function, and name the function here");
        let docs_context = doc("The type of the context.");
        let docs_method = doc("The body, in the driver's words.");
        let params = self.params.iter().map(|BodyParam { name, ty, .. }| quote! { #name: #ty });
        quote! {
            #docs
            #[diagnostic::on_unimplemented(message = #message, label = #label, note = #note)]
            pub trait #ident {
                #docs_context
                type Context: crate::CallbackContext;

                #docs_method
                fn #method(context: &Self::Context, #(#params,)* irql: &mut crate::Irql<crate::#level>) -> crate::#answer;
            }
        }
    }

    /// The function of C.
    fn definition(&self, names: &Names<'_>) -> Result<TokenStream, EmitError> {
        let (name, key) = (self.name(), self.api.key());
        let (shim, trait_name, method, level) = (self.shim(), self.trait_name(), self.method(), self.level());
        let view = arguments::view_type(self.api);
        let raw = arguments::raw_params(self.api, names)?;
        let (declared, passed): (Vec<_>, Vec<_>) = raw.iter().map(|(name, ty)| (quote! { #name: #ty }, quote! { #name })).unzip();
        let ret = shape::rust_type(&self.api.signature.ret, names)?;
        let context = super::params::ident(&self.context.name);
        let docs = doc(&format!(
            "The function of the type [`{key}`](crate::sys::{key}) that calls the callback `T`. It asserts the level, and a panic in the \
             body does not leave it: where panics unwind, it ends the process.\n\n# Safety\n\nOnly WSK calls it, as the documentation of \
             `{name}` says, with the context of a socket or a client to which `T` was attached by its type."
        ));
        let safety_level =
            comment("SAFETY: WSK calls it at the level that the documentation gives, and the token ends with the call.");
        let safety_view = comment("SAFETY: the arguments are those of WSK.");
        let safety_context =
            comment("SAFETY: typed callbacks are attached together with a context of their type, which outlives the calls.");
        // A client's context is the driver's own reference; that of a socket says more of the socket.
        let get_context = if self.table.socket.is_some() {
            quote! { unsafe { crate::SocketContext::<T::Context>::from_raw(arguments.#context, #name) } }
        } else {
            quote! { unsafe { wsk_runtime::support::present(arguments.#context, #name).cast::<T::Context>().as_ref() } }
        };
        let told = self.told()?;
        let mut prepare = Vec::new();
        let mut given = Vec::new();
        let mut settle = None;
        for BodyParam { name, role, param, .. } in &self.params {
            given.push(match role {
                Role::Passed => quote! { arguments.#name },
                Role::List { total, accepted } => {
                    let accepted = match accepted {
                        None => quote! { None },
                        Some(accepted) => {
                            let accepted = super::params::ident(accepted);
                            if self.has_end {
                                quote! { arguments.#accepted }
                            } else {
                                quote! { Some(arguments.#accepted) }
                            }
                        }
                    };
                    let total = total.map_or_else(
                        || quote! { 0 },
                        |total| {
                            let total = super::params::ident(total);
                            quote! { arguments.#total }
                        },
                    );
                    let safety =
                        comment("SAFETY: WSK leaves the list to the callback until it returns, or until it is given back.");
                    let guard =
                        quote! { unsafe { wsk_runtime::Indicated::new(list.head(), #total, #accepted, context.gate(), &taken) } };
                    prepare.push(quote! { let taken = core::cell::Cell::new(wsk_runtime::support::Taken::Unsaid); });
                    prepare.push(if param.optional {
                        quote! { let #name = arguments.#name.map(|list| { #safety #guard }); }
                    } else {
                        quote! { let list = arguments.#name; #safety let #name = #guard; }
                    });
                    settle = Some(self.settle_list(role)?);
                    quote! { #name }
                }
                Role::Incoming => {
                    let incoming = format_ident!("{}Socket", naming::base(self.api));
                    prepare.push(quote! { let accepted = core::cell::Cell::new(None); });
                    prepare.push(if param.optional {
                        quote! {
                            let #name = arguments.#name.map(|handle| crate::#incoming { handle, accepted: &accepted });
                        }
                    } else {
                        quote! { let #name = crate::#incoming { handle: arguments.#name, accepted: &accepted }; }
                    });
                    settle = Some(self.settle_outputs()?);
                    quote! { #name }
                }
            });
        }
        let settle = settle.map(|settle| quote! { let answer = #settle; });
        let number = if self.is_status() {
            quote! { .0 }
        } else {
            TokenStream::new()
        };
        let check = format!("The compiler holds the function against the type in the dispatch table for `{name}`.");
        let check = comment(&check);
        let pfn = super::shape::sys(key);
        Ok(quote! {
            #docs
            #[inline]
            pub unsafe extern "system" fn #shim<T: #trait_name>(#(#declared),*) -> #ret {
                #check
                const { let _: #pfn = Some(#shim::<T>); }
                #safety_level
                let mut irql = unsafe { wsk_runtime::support::token::<crate::#level>(#name) };
                #safety_view
                let arguments = unsafe { crate::#view::from_raw(#(#passed),*) };
                #told
                #safety_context
                let context = #get_context;
                #(#prepare)*
                let answer = T::#method(context, #(#given,)* &mut irql);
                #settle
                answer.status()#number
            }
        })
    }

    fn is_status(&self) -> bool {
        self.api.signature.ret.spelling() == "NTSTATUS"
    }

    /// Assertions of what flags tell of the level.
    fn told(&self) -> Result<TokenStream, EmitError> {
        let mut out = TokenStream::new();
        let name = self.name();
        for table in &self.api.values {
            for row in &table.rows {
                let Some(level) = &row.level else { continue };
                if level.value.min.unwrap_or(Level::Passive) != level.value.max {
                    return Err(EmitError::Type(format!("{}: a flag tells one level", row.constant)));
                }
                let level = bounds::level_type(level.value);
                let field = super::params::ident(&table.of);
                let flags = format_ident!("{}", naming::flags_type(&naming::base(self.api), &table.of));
                let flag = format_ident!("{}", naming::flag(&row.constant));
                out.extend(quote! {
                    wsk_runtime::support::assert_told::<crate::#level>(arguments.#field.contains(crate::#flags::#flag), #name);
                });
            }
        }
        Ok(out)
    }

    /// The answer that goes with what was done with a list. Retention is what STATUS_PENDING means, taking STATUS_SUCCESS.
    fn settle_list(&self, role: &Role<'_>) -> Result<TokenStream, EmitError> {
        let name = self.name();
        let fails = || EmitError::Type(format!("{name}: a list is taken or retained, by a status each"));
        let answer = self.answer();
        let variants = &self.variants;
        let find = |variant: &str| variants.iter().find(|v| *v == variant).cloned().ok_or_else(fails);
        let (success, pending) = (find("Success")?, find("Pending")?);
        let refused = variants.iter().find(|v| **v != success && **v != pending).unwrap_or(&success);
        let nothing = "it answered STATUS_PENDING and has retained nothing";
        let kept = "it has retained the data and did not answer STATUS_PENDING";
        let part = "it has accepted a part of the data and did not answer STATUS_SUCCESS";
        let mismatch = quote! { wsk_runtime::support::mismatch };
        let taken = quote! { wsk_runtime::support::Taken };
        // How many are accepted has been written already; WSK reads it only with success.
        let parts = matches!(role, Role::List { accepted: Some(_), .. }).then(|| {
            quote! {
                #taken::Part if answer != crate::#answer::#success => {
                    #mismatch(#name, #part);
                    answer
                }
            }
        });
        Ok(quote! {
            match taken.get() {
                #taken::Retained => {
                    if answer != crate::#answer::#pending {
                        #mismatch(#name, #kept);
                    }
                    crate::#answer::#pending
                }
                _ if answer == crate::#answer::#pending => {
                    #mismatch(#name, #nothing);
                    crate::#answer::#refused
                }
                #parts
                _ => answer,
            }
        })
    }
}
