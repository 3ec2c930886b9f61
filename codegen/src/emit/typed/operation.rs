//! The safe operations: of each function that takes an IRP a method that owns all that the IRP refers to.
//!
//! A parameter that must live until completion gets an owned form in the payload of a request: an address is stored, what comes back
//! is returned, a described buffer is a part of a non-paged one. A function with a parameter for which there is no such form, and
//! which cannot be left out, has no safe operation.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::bounds;
use super::call::{Case, Context, Documented, documentation, kind_trait, parameters};
use super::lent;
use super::naming;
use super::params::{Plan, RustParam};
use super::receivers::Member;
use super::shape::{self, Shape, Target, sys};
use crate::emit::docs::doc;
use crate::emit::{EmitError, comment};
use crate::facts::{ApiKind, Direction, snake_case};
use crate::spec::{
    Api, Combine, Dispatch, MemoryRule, Names, Outcome, Param, ParamLink, SocketEffect, SocketKind, SocketState, Spec, Struct,
};

/// How a parameter of the wrapper is supplied.
pub(super) enum Form {
    /// Passed on at once.
    Passed,
    /// Left out.
    Nothing,
    /// The IRP.
    Irp,
    /// An address that is stored.
    AddressIn,
    /// An address that comes back.
    AddressOut,
    /// A part of a buffer, described by this structure.
    Buffer(TokenStream),
    /// Flags that come back, of this type.
    FlagsOut(TokenStream),
    /// A structure of numbers that is stored.
    Stored(TokenStream),
    /// A text that is stored.
    Text,
    /// A list that comes back and is to be given back: the pointer to its head, and what that points to.
    Lent(TokenStream),
    /// The context of a new socket's callbacks.
    Context,
    /// The callbacks of a new socket.
    Callbacks,
}

/// What a function does to sockets.
struct Effect {
    /// The state that the socket must be in.
    state: Option<SocketState>,
    /// The state that it is in afterwards, and for which kinds in another one.
    becomes: Vec<(SocketState, Option<SocketKind>)>,
    /// What the IRP says on success.
    information: Option<Outcome>,
}

/// The function that closes sockets: it gives back what others make.
pub(super) fn closer(spec: &Spec) -> Option<&Api> {
    let makes_socket = |api: &Api| {
        api.params
            .iter()
            .flat_map(|p| &p.effects)
            .any(|e| matches!(e.value, SocketEffect::Information(Outcome::Socket(_) | Outcome::SocketOf(_))))
    };
    spec.apis.iter().find(|api| {
        api.kind.value == ApiKind::Function
            && spec.apis.iter().any(|other| makes_socket(other) && super::receivers::undoes(api, other))
    })
}

fn effect(api: &Api) -> Effect {
    let effects = || api.params.iter().flat_map(|p| &p.effects).map(|e| &e.value);
    Effect {
        state: effects().find_map(|e| if let SocketEffect::State(state) = e { Some(*state) } else { None }),
        becomes: effects()
            .filter_map(|e| if let SocketEffect::Becomes(state, kind) = e { Some((*state, *kind)) } else { None })
            .collect(),
        information: effects().find_map(|e| if let SocketEffect::Information(i) = e { Some(i.clone()) } else { None }),
    }
}

/// `Bound`.
pub(super) fn state_type(state: SocketState) -> Ident {
    match state {
        SocketState::BeforeBind | SocketState::Any => format_ident!("Unbound"),
        other => format_ident!("{}", crate::facts::camel_case(&other.as_str().replace(' ', "_"))),
    }
}

/// The states that operations lead to, and the one that a socket begins in.
pub(super) fn states(spec: &Spec) -> Vec<SocketState> {
    let mut states = vec![SocketState::BeforeBind];
    for api in &spec.apis {
        let effect = effect(api);
        states.extend(effect.becomes.iter().map(|(state, _)| *state));
        if let Some(Outcome::Socket(_)) = effect.information {
            states.push(SocketState::Connected);
        }
    }
    SocketState::ALL.into_iter().filter(|s| states.contains(s)).collect()
}

/// The associated type of the trait of kinds that says in which state a socket is after the function.
pub(super) fn after(api: &Api) -> Option<TokenStream> {
    (!effect(api).becomes.is_empty()).then(|| {
        quote! {
            /// The state of a socket of this kind after it.
            type After: crate::state::State;
        }
    })
}

/// Its value for a kind.
pub(super) fn after_for(api: &Api, kind: SocketKind) -> Option<TokenStream> {
    let becomes = effect(api).becomes;
    let own = becomes.iter().find(|(_, k)| *k == Some(kind)).or_else(|| becomes.iter().find(|(_, k)| k.is_none()))?;
    let state = state_type(own.0);
    Some(quote! { type After = crate::state::#state; })
}

/// A structure that describes a stretch of an MDL: one member for the MDL, one for the offset, one for the length.
pub(super) fn described(structure: &Struct, names: &Names<'_>) -> Option<[Ident; 3]> {
    let mut found: [Option<Ident>; 3] = [None, None, None];
    for field in &structure.record.fields {
        let name = field.name.as_ref().map(|n| format_ident!("{}", n.value));
        let at = match shape::shape(&field.ty, names).ok()? {
            Shape::Pointer { to: Target::Structure(name, _), .. } if name == "MDL" => 0,
            Shape::Number(number) if number == "u32" => 1,
            Shape::Number(number) if number == "usize" => 2,
            _ => return None,
        };
        let slot = found.get_mut(at)?;
        if slot.is_some() {
            return None;
        }
        *slot = name;
    }
    let [Some(mdl), Some(offset), Some(length)] = found else { return None };
    Some([mdl, offset, length])
}

/// That a structure describes buffers, for the file of the structure.
pub(in crate::emit) fn describes(structure: &Struct, names: &Names<'_>) -> Option<TokenStream> {
    let [mdl, offset, length] = described(structure, names)?;
    let ident = format_ident!("{}", structure.page.name.value);
    let value = |field: &Ident, value: TokenStream| {
        if *field == value.to_string() {
            quote! { #field }
        } else {
            quote! { #field: #value }
        }
    };
    let fields = [value(&mdl, quote! { mdl }), value(&offset, quote! { offset }), value(&length, quote! { length })];
    let safety = comment("SAFETY: it refers to the stretch of the MDL that it is given.");
    Some(quote! {
        #safety
        unsafe impl wsk_runtime::DescribeBuffer for #ident {
            #[inline]
            fn describe(mdl: *mut wsk_runtime::kernel::MDL, offset: u32, length: usize) -> Self {
                Self { #(#fields),* }
            }

            #[inline]
            fn described(&self) -> (*mut wsk_runtime::kernel::MDL, u32, usize) {
                (self.#mdl, self.#offset, self.#length)
            }
        }
    })
}

fn form(context: &Context<'_>, rust: &RustParam) -> Result<Option<Form>, EmitError> {
    let api = context.api;
    let Some(param) = api.params.iter().find(|p| p.name.value == rust.of) else { return Ok(None) };
    let ty = api.param_type(&param.name).ok_or_else(|| EmitError::Type(param.name.value.clone()))?;
    let is_out = param.direction.value != Direction::In;
    let has_flags = api.values.iter().any(|t| t.of.value == param.name.value && t.combine == Combine::Any);
    let has = |rule: &MemoryRule| param.memory.iter().any(|m| m.value == *rule);
    let is_table = param.links.iter().any(|l| matches!(l.value, ParamLink::TableOf(_)));
    let is_client = |name: &str| context.names.structure(name).is_some_and(|s| s.is_table_of(Dispatch::Client));
    Ok(match shape::shape(ty, context.names)? {
        _ if has(&MemoryRule::SetUp) => None,
        Shape::Pointer { to: Target::Void, .. } if is_table => Some(Form::Callbacks),
        Shape::Pointer { to: Target::Void, .. } if has(&MemoryRule::UntilClose) => Some(Form::Context),
        Shape::Pointer { to: Target::Structure(name, _), .. } if has(&MemoryRule::UntilClose) && is_client(&name) => {
            Some(Form::Callbacks)
        }
        Shape::Number(_) | Shape::Enumeration(_) => Some(Form::Passed),
        Shape::Pointer { to: Target::Irp, .. } => Some(Form::Irp),
        Shape::Pointer { to: Target::Address, .. } if is_out => Some(Form::AddressOut),
        Shape::Pointer { to: Target::Address, .. } => Some(Form::AddressIn),
        Shape::Pointer { to: Target::Number(_), .. } if is_out && has_flags && param.optional => {
            let flags = format_ident!("{}", naming::flags_type(&naming::base(api), &param.name));
            Some(Form::FlagsOut(quote! { crate::#flags }))
        }
        Shape::Pointer { to: Target::Structure(name, _), .. } if !is_out && name == "UNICODE_STRING" => Some(Form::Text),
        Shape::Pointer { to: Target::Other(pointer), .. } if is_out && lent::taker(context).is_some() => {
            Some(Form::Lent(pointer))
        }
        Shape::Pointer { to: Target::Structure(name, path), .. } if !is_out => match context.names.structure(&name) {
            Some(structure) if described(structure, context.names).is_some() => Some(Form::Buffer(path)),
            Some(structure) if !param.optional && is_numbers(structure, context.names) => Some(Form::Stored(path)),
            _ => param.optional.then_some(Form::Nothing),
        },
        _ => param.optional.then_some(Form::Nothing),
    })
}

fn is_numbers(structure: &Struct, names: &Names<'_>) -> bool {
    structure.record.fields.iter().all(|f| matches!(shape::shape(&f.ty, names), Ok(Shape::Number(_))))
}

/// The safe operation of a function, if it can have one.
pub(super) fn emit(context: &Context<'_>, cases: &[Case]) -> Result<Vec<TokenStream>, EmitError> {
    let api = context.api;
    let irp_is_required = api.params.iter().any(|p: &Param| {
        let ty = api.param_type(&p.name).map(|ty| shape::shape(ty, context.names));
        !p.optional && matches!(ty, Some(Ok(Shape::Pointer { to: Target::Irp, .. })))
    });
    let Some(closer) = closer(context.spec) else { return Ok(Vec::new()) };
    if api.kind.value != ApiKind::Function || !irp_is_required {
        return Ok(Vec::new());
    }
    let ([case], Some(first)) = (cases, api.params.first()) else { return Ok(Vec::new()) };
    let plan = context.translation(Some((&first.name.value, quote! { self })), case).plan()?;
    let mut forms: Vec<(&RustParam, Form)> = Vec::new();
    for param in &plan.params {
        match form(context, param)? {
            Some(form) => forms.push((param, form)),
            None => return Ok(Vec::new()),
        }
    }
    let members = context.receivers.members(api, context.names);
    let operation =
        Operation { context, case, plan: &plan, forms, effect: effect(api), members, is_closer: closer.key() == api.key() };
    if operation.forms.iter().any(|(_, form)| matches!(form, Form::Lent(_))) {
        return lent::emit(&operation);
    }
    operation.emit(closer)
}

pub(super) struct Operation<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) case: &'a Case,
    pub(super) plan: &'a Plan,
    pub(super) forms: Vec<(&'a RustParam, Form)>,
    effect: Effect,
    members: Vec<Member<'a>>,
    is_closer: bool,
}

/// The parts of an operation as they are put together.
#[derive(Default)]
pub(super) struct Parts {
    /// Of the payload: fields, and their values in the method.
    pub(super) fields: Vec<TokenStream>,
    pub(super) values: Vec<TokenStream>,
    /// Of the method: parameters, and what is done before the payload is made.
    pub(super) params: Vec<RustParam>,
    setup: Vec<TokenStream>,
    /// Of the wrapper's call.
    pub(super) arguments: Vec<TokenStream>,
    /// Of the outcome: fields, and their values made of `self`.
    outcome_fields: Vec<TokenStream>,
    outcome_values: Vec<TokenStream>,
    /// Whether the payload has addresses of its own in it.
    has_pointers: bool,
}

impl Operation<'_> {
    pub(super) fn parts(&self) -> Parts {
        let mut parts = Parts::default();
        for (rust, form) in &self.forms {
            let name = &rust.name;
            let again = |ty: TokenStream, optional: bool| RustParam { ty, optional, ..(*rust).clone() };
            let meaning = doc(&rust.meaning);
            match form {
                Form::Passed => {
                    parts.params.push(again(rust.ty.clone(), rust.optional));
                    parts.arguments.push(quote! { #name });
                }
                Form::Nothing => parts.arguments.push(quote! { None }),
                Form::Context | Form::Callbacks if !self.attaches() => parts.arguments.push(quote! { None }),
                Form::Context => {
                    parts.fields.push(quote! { context: Option<wsk_runtime::support::AnyContext> });
                    parts.values.push(quote! { context });
                    parts.arguments.push(quote! { payload.context.as_ref().map(wsk_runtime::support::AnyContext::as_raw) });
                }
                Form::Callbacks => {
                    let kind = self.makes().map(|(kind, _)| kind);
                    parts.fields.push(quote! { callbacks: Option<&'static <#kind as crate::SocketKind>::ClientDispatch> });
                    parts.values.push(quote! { callbacks });
                    parts.arguments.push(quote! { payload.callbacks });
                }
                Form::Irp => parts.arguments.push(quote! { irp }),
                Form::AddressIn if rust.optional => {
                    parts.fields.push(quote! { #name: Option<crate::SocketAddressStorage> });
                    parts.values.push(quote! { #name });
                    parts.params.push(again(quote! { Option<crate::SocketAddressStorage> }, true));
                    parts.arguments.push(quote! { payload.#name.as_ref().map(crate::SocketAddressStorage::as_ref) });
                }
                Form::AddressIn => {
                    parts.fields.push(quote! { #name: crate::SocketAddressStorage });
                    parts.values.push(quote! { #name: #name.into() });
                    parts.params.push(again(quote! { impl Into<crate::SocketAddressStorage> }, false));
                    parts.arguments.push(quote! { &payload.#name });
                }
                Form::AddressOut => {
                    parts.fields.push(quote! { #name: crate::SocketAddressStorage });
                    parts.values.push(quote! { #name: crate::SocketAddressStorage::new() });
                    parts.arguments.push(if rust.optional {
                        quote! { Some(&mut payload.#name) }
                    } else {
                        quote! { &mut payload.#name }
                    });
                    parts.outcome_fields.push(quote! { #meaning pub #name: crate::SocketAddressStorage });
                    parts.outcome_values.push(quote! { #name: self.#name });
                }
                Form::FlagsOut(ty) => {
                    parts.fields.push(quote! { #name: core::mem::MaybeUninit<#ty> });
                    parts.values.push(quote! { #name: core::mem::MaybeUninit::new(#ty::empty()) });
                    parts.arguments.push(quote! { Some(&mut payload.#name) });
                    parts.outcome_fields.push(quote! { #meaning pub #name: #ty });
                    let safety =
                        comment("SAFETY: it was initialised, and every value that the kernel writes is one of the type.");
                    parts.outcome_values.push(quote! { #name: { #safety unsafe { self.#name.assume_init() } } });
                }
                Form::Stored(ty) => {
                    parts.fields.push(quote! { #name: #ty });
                    parts.values.push(quote! { #name });
                    parts.params.push(again(ty.clone(), false));
                    parts.arguments.push(quote! { &payload.#name });
                }
                Form::Text if rust.optional => {
                    parts.fields.push(quote! { #name: Option<crate::UnicodeString> });
                    parts.values.push(quote! { #name });
                    parts.params.push(again(quote! { Option<crate::UnicodeString> }, true));
                    parts.arguments.push(quote! { payload.#name.as_ref().map(crate::UnicodeString::as_raw) });
                }
                Form::Text => {
                    parts.fields.push(quote! { #name: crate::UnicodeString });
                    parts.values.push(quote! { #name });
                    parts.params.push(again(quote! { crate::UnicodeString }, false));
                    parts.arguments.push(quote! { payload.#name.as_raw() });
                }
                Form::Lent(pointer) => {
                    parts.fields.push(quote! { #name: core::mem::MaybeUninit<#pointer> });
                    parts.values.push(quote! { #name: core::mem::MaybeUninit::new(core::ptr::null_mut()) });
                    parts.arguments.push(quote! { &mut payload.#name });
                }
                Form::Buffer(ty) => {
                    parts.has_pointers = true;
                    let description = format_ident!("{name}_description");
                    if rust.optional {
                        parts.fields.push(quote! { #name: Option<crate::BufferPart> });
                        parts.fields.push(quote! { #description: Option<#ty> });
                        parts.setup.push(quote! { let #description = #name.as_ref().map(crate::BufferPart::describe); });
                        parts.params.push(again(quote! { Option<crate::BufferPart> }, true));
                        parts.arguments.push(quote! { payload.#description.as_ref() });
                        parts.outcome_fields.push(quote! { #meaning pub #name: Option<crate::NonPagedBuffer> });
                        parts.outcome_values.push(quote! { #name: self.#name.map(crate::BufferPart::into_buffer) });
                    } else {
                        parts.fields.push(quote! { #name: crate::BufferPart });
                        parts.fields.push(quote! { #description: #ty });
                        parts.setup.push(quote! { let #name = #name.into(); let #description = #name.describe(); });
                        parts.params.push(again(quote! { impl Into<crate::BufferPart> }, false));
                        parts.arguments.push(quote! { &payload.#description });
                        parts.outcome_fields.push(quote! { #meaning pub #name: crate::NonPagedBuffer });
                        parts.outcome_values.push(quote! { #name: self.#name.into_buffer() });
                    }
                    parts.values.push(quote! { #name });
                    parts.values.push(quote! { #description });
                }
            }
        }
        parts
    }

    /// The parameters that give a new socket its callbacks.
    fn attached_params(&self, kind: &TokenStream) -> Vec<RustParam> {
        self.forms
            .iter()
            .filter_map(|(rust, form)| {
                let (name, ty) = match form {
                    Form::Context => (format_ident!("context"), quote! { D }),
                    Form::Callbacks => {
                        (format_ident!("callbacks"), quote! { &'static <#kind as crate::HasCallbacks>::Callbacks<D> })
                    }
                    _ => return None,
                };
                Some(RustParam { name, ty, optional: false, ..(*rust).clone() })
            })
            .collect()
    }

    /// The types of a socket's handle, of a socket that is owned, and of what that holds.
    fn socket_types(&self) -> Result<[Ident; 3], EmitError> {
        let socket = self.context.receivers.socket.as_ref();
        let name = &socket.ok_or_else(|| EmitError::Type("there are no sockets to make".to_owned()))?.name;
        Ok([format_ident!("{name}"), format_ident!("Owned{name}"), format_ident!("Open{name}")])
    }

    /// Whether it makes a socket that may have callbacks.
    fn attaches(&self) -> bool {
        let has = |wanted: fn(&Form) -> bool| self.forms.iter().any(|(_, form)| wanted(form));
        self.makes().is_some() && has(|f| matches!(f, Form::Context)) && has(|f| matches!(f, Form::Callbacks))
    }

    fn is_transition(&self) -> bool {
        !self.effect.becomes.is_empty()
    }

    fn makes(&self) -> Option<(TokenStream, TokenStream)> {
        match &self.effect.information {
            Some(Outcome::Socket(kind)) => {
                let (kind, state) = (bounds::kind_type(*kind), state_type(SocketState::Connected));
                Some((quote! { crate::kind::#kind }, quote! { crate::state::#state }))
            }
            Some(Outcome::SocketOf(_)) => Some((quote! { K }, quote! { crate::state::Unbound })),
            _ => None,
        }
    }

    fn emit(&self, closer: &Api) -> Result<Vec<TokenStream>, EmitError> {
        let api = self.context.api;
        let base = naming::base(api);
        let (payload, outcome) = (format_ident!("{base}Operation"), format_ident!("{base}Outcome"));
        let status = super::status::type_name(api);
        if api.returns.other.is_none() {
            return Ok(Vec::new());
        }
        let mut parts = self.parts();
        let [handle_type, owned, open] = self.socket_types()?;
        let close_trait = kind_trait(closer);
        let close_payload = format_ident!("{}Operation", naming::base(closer));
        let has_trait = kind_trait(api);
        let makes = self.makes();
        // Whether payload and outcome are generic over the kind of socket.
        let of_kind = self.is_transition() || (self.plan.kind && makes.is_some());
        let kind_bound = if self.is_transition() {
            quote! { K: crate::#has_trait + crate::#close_trait }
        } else {
            quote! { K: crate::#close_trait }
        };
        // Whether they are generic over the context of the socket's callbacks.
        let of_context = self.is_transition() || self.attaches();
        let kind_param = of_kind.then(|| quote! { #kind_bound, });
        let kind_argument = of_kind.then(|| quote! { K, });
        let context_param = of_context.then(|| quote! { C: 'static });
        let context_default = of_context.then(|| quote! { C: 'static = crate::NoContext });
        let context_argument = of_context.then(|| quote! { C });
        let generic = of_kind || of_context;
        let angle = |inside: TokenStream| {
            if generic {
                quote! { <#inside> }
            } else {
                TokenStream::new()
            }
        };
        let generics = angle(quote! { #kind_param #context_param });
        let declared = angle(quote! { #kind_param #context_default });
        let arguments = angle(quote! { #kind_argument #context_argument });
        let success = quote! { status == crate::NtStatus::SUCCESS };
        let mut finish = Vec::new();
        let mut outcome_lifetime = false;
        if self.is_transition() {
            outcome_lifetime = true;
            let before = state_type(self.effect.state.unwrap_or(SocketState::BeforeBind));
            parts.fields.push(quote! { socket: crate::#open<K> });
            parts.values.push(quote! { socket: self.open });
            parts.fields.push(quote! { context: core::marker::PhantomData<fn() -> C> });
            parts.values.push(quote! { context: core::marker::PhantomData });
            let docs = doc("The socket: in its new state, or, if the operation failed, in the one that it was in.");
            parts.outcome_fields.push(quote! {
                #docs pub socket: Result<crate::#owned<'a, K, K::After, C>, crate::#owned<'a, K, crate::state::#before, C>>
            });
            finish.push(quote! {
                let socket = if #success {
                    Ok(crate::#owned::of(self.socket))
                } else {
                    Err(crate::#owned::of(self.socket))
                };
            });
            parts.outcome_values.push(quote! { socket });
        }
        if let Some((kind, state)) = &makes {
            outcome_lifetime = true;
            parts.fields.push(quote! { close: wsk_runtime::Request<wsk_runtime::Idle, crate::#close_payload> });
            let docs = doc("The new socket; `None` if the operation failed.");
            let of_context = self.attaches().then(|| quote! { , C });
            parts.outcome_fields.push(quote! { #docs pub socket: Option<crate::#owned<'a, #kind, #state #of_context>> });
            let raw = self.context.receivers.socket.as_ref().map(|s| sys(&s.structure.page.name));
            let safety = comment(
                "SAFETY: on success the information is the new socket, of the kind that was asked for, and nobody else's.",
            );
            let kind_param = if self.plan.kind {
                quote! { K }
            } else {
                kind.clone()
            };
            let marker = match (self.plan.kind, self.attaches()) {
                (true, true) => Some(quote! { (K, C) }),
                (true, false) => Some(quote! { K }),
                (false, true) => Some(quote! { C }),
                (false, false) => None,
            };
            if let Some(marker) = marker {
                parts.fields.push(quote! { marker: core::marker::PhantomData<fn() -> #marker> });
                parts.values.push(quote! { marker: core::marker::PhantomData });
            }
            let safety_open = comment("SAFETY: the socket was created with this context, and is of the kind that it is for.");
            let (attach, attached) = if self.attaches() {
                (
                    quote! {
                        if let Some(context) = &self.context {
                            #safety_open
                            unsafe { context.open(raw.cast()) };
                        }
                    },
                    quote! { self.context, self.callbacks },
                )
            } else {
                (TokenStream::new(), quote! { None, None })
            };
            finish.push(quote! {
                let made = if #success { core::ptr::NonNull::new(information as *mut #raw) } else { None };
                let socket = made.map(|raw| {
                    #safety
                    let handle = unsafe { crate::#handle_type::<#kind_param>::from_raw(raw) };
                    #attach
                    crate::#owned::of(crate::#open::new(handle, self.close, #attached))
                });
            });
            parts.outcome_values.push(quote! { socket });
        }
        let uses_information = self.effect.information.is_some();
        if let Some(Outcome::Bytes) = self.effect.information {
            let docs = doc("How many bytes it was.");
            parts.outcome_fields.push(quote! { #docs pub bytes: usize });
            parts.outcome_values.push(quote! { bytes: information });
        }
        let information = if uses_information {
            quote! { information }
        } else {
            quote! { _information }
        };
        let (outcome_params, outcome_arguments) = if outcome_lifetime {
            (quote! { <'a, #kind_param #context_default> }, quote! { <'a, #kind_argument #context_argument> })
        } else {
            (TokenStream::new(), TokenStream::new())
        };
        if self.is_closer {
            parts.fields.push(quote! { pub(crate) context: Option<wsk_runtime::support::AnyContext> });
        }
        let name = &api.page.name.value;
        let payload_docs = doc(&format!("What an operation of `{name}` owns while it goes on."));
        let outcome_docs = doc(&format!("What came of an operation of `{name}`, with what it owned."));
        let status_docs = doc("The status with which the operation was completed.");
        let (fields, outcome_fields, outcome_values) = (&parts.fields, &parts.outcome_fields, &parts.outcome_values);
        let mut items = vec![
            quote! { #payload_docs pub struct #payload #declared { #(#fields),* } },
            quote! {
                #outcome_docs
                #[must_use = "an operation may have failed"]
                pub struct #outcome #outcome_params {
                    #status_docs
                    pub status: crate::#status,
                    #(#outcome_fields),*
                }
            },
        ];
        if parts.has_pointers {
            let safety = comment("SAFETY: the addresses in it are those of the buffer that it owns.");
            items.push(quote! { #safety unsafe impl #generics Send for #payload #arguments {} });
        }
        let outcome_of = if outcome_lifetime {
            quote! { #outcome #outcome_arguments }
        } else {
            quote! { #outcome }
        };
        items.push(quote! {
            impl #generics crate::Payload for #payload #arguments {
                type Outcome<'a> = #outcome_of;

                unsafe fn finish<'a>(self, status: crate::NtStatus, #information: usize) -> Self::Outcome<'a> {
                    #(#finish)*
                    #outcome { status: crate::#status::from_status(status), #(#outcome_values),* }
                }
            }
        });
        items.push(self.method(&payload, &arguments, &parts, closer, None)?);
        if self.attaches() {
            let kind = self.makes().map(|(kind, _)| kind);
            items.push(self.method(&payload, &arguments, &parts, closer, kind.as_ref())?);
        }
        Ok(items)
    }

    /// The method that starts it. With the kind of the new socket, the one that gives it callbacks.
    fn method(
        &self,
        payload: &Ident,
        arguments: &TokenStream,
        parts: &Parts,
        closer: &Api,
        attach: Option<&TokenStream>,
    ) -> Result<TokenStream, EmitError> {
        let context = self.context;
        let api = context.api;
        let [_, owned, _] = self.socket_types()?;
        let wrapper = context.method(self.case);
        let suffix = if attach.is_some() { "_with_callbacks" } else { "" };
        let method = format_ident!("start_{}{suffix}", snake_case(&naming::base(api)));
        let level = context.level_trait(self.case);
        let has_trait = kind_trait(api);
        let close_trait = kind_trait(closer);
        let makes = self.makes();
        let (mut all_params, mut setup) = (parts.params.clone(), parts.setup.clone());
        if self.attaches() {
            setup.push(match attach {
                None => quote! { let (context, callbacks) = (None, None); },
                Some(kind) => {
                    all_params.extend(self.attached_params(kind));
                    quote! {
                        let context = wsk_runtime::support::AnyContext::new(context, <#kind as crate::HasCallbacks>::FUNCTIONS);
                        let context = Some(context.map_err(crate::Refusal::NoMemory)?);
                        let callbacks = Some(<#kind as crate::HasCallbacks>::table(callbacks));
                    }
                }
            });
        }
        let params = parameters(&all_params);
        let (values, call) = (&parts.values, &parts.arguments);
        let plan = Plan { kind: self.plan.kind, params: all_params, ..Plan::default() };
        let place = format!(
            "A safe operation of [`{0}`](crate::sys::{0}): it owns its IRP and all that the IRP refers to until it is over, and gives it back \
             in its outcome.",
            api.key()
        );
        let errors = (!self.is_closer).then_some("If there is no memory or no such function, with what was passed.");
        let documented = Documented { is_outcome: true, ..context.documented(self.case, &place, errors) };
        let docs = doc(&documentation(&documented, &plan));
        let fallible = if self.members.is_empty() {
            context.receivers.provider(api, context.names).is_some_and(|(_, _, since)| since.is_some())
        } else {
            self.members.iter().any(|m| m.since.is_some())
        };
        let status = if fallible {
            quote! { .map(|status| status.status()) }
        } else {
            quote! { .status() }
        };
        let result = |call: TokenStream| {
            if fallible {
                quote! { #call #status }
            } else {
                quote! { Ok(#call #status) }
            }
        };
        let safety = comment(
            "SAFETY: the IRP is passed to the function, which completes it; what it refers to is in the payload, which neither moves nor \
             ends before; the socket is open and the provider captured as long as they are borrowed.",
        );
        if self.is_closer {
            // The request was made along with the socket, so that closing cannot fail for want of memory.
            return Ok(quote! {
                impl<'a, K: crate::#close_trait, S: crate::state::State, C> crate::#owned<'a, K, S, C> {
                    #docs
                    pub fn #method<L: crate::#level>(self, irql: &crate::Irql<L>) -> crate::Operation<'a, #payload> {
                        self.open.close(irql)
                    }
                }

                impl #payload {
                    pub(crate) fn new() -> Self {
                        Self { context: None }
                    }
                }
            });
        }
        let build = if makes.is_some() {
            quote! { #payload { #(#values,)* close } }
        } else {
            quote! { #payload { #(#values),* } }
        };
        // Without memory for closing, no socket is made.
        let prepare = makes.as_ref().map(|_| {
            let close_payload = format_ident!("{}Operation", naming::base(closer));
            quote! {
                let close = match crate::Operation::request(crate::#close_payload::new()) {
                    Ok(close) => close,
                    Err((status, _)) => return Err(crate::Refusal::NoMemory(status)),
                };
            }
        });
        let (error, convert) = if makes.is_some() {
            (quote! { crate::Refusal }, Some(quote! { .map_err(|refused| refused.why()) }))
        } else {
            (quote! { crate::NotStarted<'a, #payload #arguments> }, None)
        };
        let start = |call: TokenStream| {
            let uses_payload = call.to_string().contains("payload");
            let payload_name = if uses_payload {
                quote! { payload }
            } else {
                quote! { _ }
            };
            quote! {
                #prepare
                #(#setup)*
                let payload = #build;
                #safety
                unsafe { crate::Operation::start(payload, |irp, #payload_name| #call) }#convert
            }
        };
        // The socket that it is called on has a context, too, of another type.
        let arguments = match attach {
            _ if !self.attaches() => arguments.clone(),
            None if self.plan.kind => quote! { <K> },
            None => TokenStream::new(),
            Some(_) if self.plan.kind => quote! { <K, D> },
            Some(_) => quote! { <D> },
        };
        let context_param = attach.map(|_| quote! { D: crate::CallbackContext, });
        let operation = quote! { Result<crate::Operation<'a, #payload #arguments>, #error> };
        if self.members.is_empty() {
            let (provider, ..) =
                context.receivers.provider(api, context.names).ok_or_else(|| EmitError::Type(api.page.name.value.clone()))?;
            let Some(guard) = context.receivers.guard(provider) else { return Ok(TokenStream::new()) };
            let guard = format_ident!("{}", guard.name);
            let has_callbacks = attach.map(|_| quote! { + crate::HasCallbacks });
            let kind = self.plan.kind.then(|| quote! { K: crate::#close_trait #has_callbacks, });
            let turbofish = self.plan.kind.then(|| quote! { ::<K, L> });
            let body = start(result(quote! { self.#wrapper #turbofish(irql, #(#call),*) }));
            return Ok(quote! {
                impl crate::#guard<'_> {
                    #docs
                    pub fn #method<'a, #kind #context_param L: crate::#level>(&'a self, irql: &crate::Irql<L>, #params) -> #operation {
                        #body
                    }
                }
            });
        }
        if self.is_transition() {
            let before = state_type(self.effect.state.unwrap_or(SocketState::BeforeBind));
            let body = start(result(quote! { handle.#wrapper(irql, #(#call),*) }));
            return Ok(quote! {
                impl<'a, K: crate::#has_trait + crate::#close_trait, C: 'static> crate::#owned<'a, K, crate::state::#before, C> {
                    #docs
                    pub fn #method<L: crate::#level>(self, irql: &crate::Irql<L>, #params) -> #operation {
                        let handle = self.open.handle();
                        #body
                    }
                }
            });
        }
        let state = state_type(self.effect.state.unwrap_or(SocketState::BeforeBind));
        let body = start(result(quote! { handle.#wrapper(irql, #(#call),*) }));
        Ok(quote! {
            impl<'a, K: crate::#close_trait, S: crate::state::State, C> crate::#owned<'a, K, S, C> {
                #docs
                pub fn #method<#context_param L: crate::#level>(&self, irql: &crate::Irql<L>, #params) -> #operation
                where
                    K: crate::#has_trait,
                    S: crate::state::AtLeast<crate::state::#state>,
                {
                    let handle = self.open.handle();
                    #body
                }
            }
        })
    }
}
