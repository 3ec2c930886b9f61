//! Event callbacks as a driver writes them: for each a trait with a safe function, which `#[wsk_callback]` implements, and the function
//! of C that stands in the dispatch table and calls it.
//!
//! What the safe function is given follows from the facts: the context by reference; a list that another function gives back as a
//! guard; a new socket as something to be accepted; what comes back as its answer; all else as the view of the arguments has it.

use std::fmt::Write as _;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::arguments::{self, Field};
use super::bounds;
use super::naming;
use super::receivers::{Receivers, pointee, undoes};
use super::shape::{self, Shape, Target};
use super::status;
use crate::emit::docs::{doc, tail};
use crate::emit::{EmitError, comment};
use crate::facts::{ApiKind, Direction, Level, LevelRange, snake_case};
use crate::spec::{Api, Dispatch, MemoryRule, Names, Param, SocketKind, Spec, Struct};

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

/// What comes back of a callback that is given a new socket: its context and its callbacks.
struct Outputs<'a> {
    kind: SocketKind,
    context: &'a Param,
    table: &'a Param,
    raw_table: TokenStream,
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
        let counts: Vec<&str> = rules(api).filter_map(MemoryRule::list_count).collect();
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
            let socket = param.memory.iter().find_map(|m| if let MemoryRule::Socket(kind) = m.value { Some(kind) } else { None });
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
                    let rule = |find: fn(&MemoryRule) -> Option<&str>| param.memory.iter().find_map(|m| find(&m.value));
                    let total = rule(|m| if let MemoryRule::TotalIn(of) = m { Some(of) } else { None });
                    let accepted = rule(|m| if let MemoryRule::AcceptedIn(of) = m { Some(of) } else { None });
                    if accepted.is_some() && total.is_none() {
                        return Err(fails(
                            "of a list that may be taken in part it is not said how long it is: add `total in PARAMETER`",
                        ));
                    }
                    (optional(quote! { crate::#alias<'_> }), Role::List { total, accepted })
                }
                (_, Some(kind)) if !outs.is_empty() => {
                    outputs = Some(self::outputs(api, kind, &outs, names)?);
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
        for code in &self.api.returns.codes {
            let _ = writeln!(out, "- `{}`: {}", code.name, code.meaning);
        }
        let _ = write!(out, "\n# IRQL\n\nCalled {}.\n", self.called_at());
        tail(&mut out, &self.api.page);
        out
    }
}

fn rules(api: &Api) -> impl Iterator<Item = &MemoryRule> {
    api.params.iter().flat_map(|p| &p.memory).map(|m| &m.value)
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

fn outputs<'a>(api: &'a Api, kind: SocketKind, outs: &[&'a Param], names: &Names<'_>) -> Result<Outputs<'a>, EmitError> {
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

fn is_client(structure: &Struct) -> bool {
    structure.dispatch == Some(Dispatch::Client)
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

    /// The answer that goes with what was done with a new socket.
    fn settle_outputs(&self) -> Result<TokenStream, EmitError> {
        let Some(outputs) = &self.outputs else { return Ok(quote! { answer }) };
        let name = self.name();
        let status = status::type_name(self.api);
        let fails = || EmitError::Type(format!("{name}: a new socket is accepted or refused, by a status each"));
        let refused = self.variants.iter().find(|v| *v != "Success").ok_or_else(fails)?;
        let write = |param: &Param, value: TokenStream| {
            let field = super::params::ident(&param.name);
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
    fn incoming(&self, outputs: &Outputs<'_>) -> Result<Vec<TokenStream>, EmitError> {
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

/// Whether a function gives back a list of data that a callback was given.
pub(super) fn gives_back(function: &Api, callback: &Api, names: &Names<'_>) -> bool {
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
fn indication(structure: &Struct, names: &Names<'_>) -> Option<Ident> {
    arguments::next_field(structure, names)?;
    let mut found = structure.record.fields.iter().filter(|field| match &field.ty {
        crate::c::CType::Named(name) => {
            names.structure(&name.name).is_some_and(|s| super::operation::described(s, names).is_some())
        }
        _ => false,
    });
    let field = found.next()?.name.as_ref()?;
    found.next().is_none().then(|| format_ident!("{}", field.value))
}

/// Lists of received data: an entry as a driver sees it, and names for the guard and for what is retained.
pub(super) fn received(structure: &Struct, spec: &Spec, names: &Names<'_>) -> Result<Option<Vec<TokenStream>>, EmitError> {
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
        let (method, member) = (super::params::ident(c_name), format_ident!("{c_name}"));
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
            p.memory.iter().any(|m| matches!(m.value, MemoryRule::AcceptedIn(_)))
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
pub(super) fn table<'s>(
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
        let snake = super::params::ident(name);
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
pub(super) fn slots(structure: &Struct, spec: &Spec) -> Vec<Ident> {
    let fields = structure.record.fields.iter().filter(|f| spec.apis.iter().any(|api| is_slot_of(&f.ty, api)));
    fields.filter_map(|f| Some(format_ident!("{}", f.name.as_ref()?.value))).collect()
}
