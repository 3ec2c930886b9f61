//! The types that the wrappers are methods of: sockets of each kind, and providers.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::bounds;
use super::call::kind_trait;
use super::callback;
use super::naming;
use super::operation::{closer, state_type, states};
use super::receivers::{ProviderHandle, SocketHandle};
use super::shape::sys;
use crate::emit::docs::doc;
use crate::emit::{EmitError, comment};
use crate::spec::{Named, Names, Spec};

/// The handle of a socket, generic over its kind.
pub(super) fn socket(handle: &SocketHandle<'_>, spec: &Spec, names: &Names<'_>) -> Result<Vec<TokenStream>, EmitError> {
    let ident = format_ident!("{}", handle.name);
    let raw_name = &handle.structure.page.name.value;
    let raw = sys(raw_name);
    let field = format_ident!("{}", handle.table_field);
    let docs = doc(&format!(
        "A handle to a socket of kind `K`: a pointer to [`{raw_name}`](crate::sys::{raw_name}) and nothing else.\n\n\
         {}\n\nThe handle may be copied and sent to any thread. It does not keep the socket open: whoever closes the socket makes sure \
         that no other call on it is in progress or follows.",
        handle.structure.page.summary
    ));
    let kind_docs = doc("A kind of socket: which functions it has, and which event callbacks.");
    let safety_clone =
        comment("SAFETY: a handle is an address; what may be done with it at what time is for its methods to demand.");
    let safety_read = comment("SAFETY: the caller vouches for an open socket, whose table is that of its kind.");
    let mut items = vec![
        quote! {
            #docs
            #[repr(transparent)]
            pub struct #ident<K: SocketKind> {
                raw: core::ptr::NonNull<#raw>,
                kind: core::marker::PhantomData<K>,
            }
        },
        quote! {
            impl<K: SocketKind> #ident<K> {
                /// The handle for a pointer that WSK gave.
                ///
                /// # Safety
                ///
                /// The pointer is that of a socket of this kind.
                #[must_use]
                #[inline]
                pub const unsafe fn from_raw(raw: core::ptr::NonNull<#raw>) -> Self {
                    Self { raw, kind: core::marker::PhantomData }
                }

                /// The pointer.
                #[must_use]
                #[inline]
                pub const fn as_raw(self) -> *mut #raw {
                    self.raw.as_ptr()
                }

                /// The functions of the socket.
                ///
                /// # Safety
                ///
                /// The socket is open.
                #[must_use]
                #[inline]
                pub const unsafe fn dispatch(self) -> *const K::Dispatch {
                    #safety_read
                    unsafe { (*self.raw.as_ptr()).#field.cast() }
                }
            }
        },
        quote! {
            impl<K: SocketKind> Clone for #ident<K> {
                #[inline]
                fn clone(&self) -> Self {
                    *self
                }
            }

            impl<K: SocketKind> Copy for #ident<K> {}

            impl<K: SocketKind> PartialEq for #ident<K> {
                #[inline]
                fn eq(&self, other: &Self) -> bool {
                    self.raw == other.raw
                }
            }

            impl<K: SocketKind> Eq for #ident<K> {}

            impl<K: SocketKind> core::hash::Hash for #ident<K> {
                fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
                    self.raw.hash(state);
                }
            }

            impl<K: SocketKind> core::fmt::Debug for #ident<K> {
                fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                    write!(f, "{}Socket({:p})", K::NAME, self.raw)
                }
            }

            #safety_clone
            unsafe impl<K: SocketKind> Send for #ident<K> {}

            #safety_clone
            unsafe impl<K: SocketKind> Sync for #ident<K> {}
        },
        quote! {
            #kind_docs
            pub trait SocketKind: sealed::Kind + 'static {
                /// The functions of the provider for such a socket.
                type Dispatch;
                /// The event callbacks of the driver for such a socket; an empty type if there are none.
                type ClientDispatch: Sync + 'static;
                /// The constant that asks for such a socket.
                const CATEGORY: u32;
                /// The name of the kind.
                const NAME: &'static str;
            }
        },
    ];
    let mut declarations = Vec::new();
    let basic = handle.kinds.first();
    for kind in &handle.kinds {
        let marker = bounds::kind_type(kind.kind);
        let name = marker.to_string();
        let alias = format_ident!("{name}Socket");
        let table = sys(&kind.table.page.name);
        let client = kind.client.map_or_else(|| quote! { core::convert::Infallible }, |c| sys(&c.page.name));
        let category = kind.table.category.as_ref().ok_or_else(|| EmitError::Type(kind.table.page.name.value.clone()))?;
        let category = sys(category);
        let marker_docs = doc(&format!("The kind of [`{alias}`](crate::{alias})."));
        declarations.push(quote! { #marker_docs #[derive(Debug)] pub enum #marker {} impl super::sealed::Kind for #marker {} });
        items.push(quote! {
            impl SocketKind for kind::#marker {
                type Dispatch = #table;
                type ClientDispatch = #client;
                const CATEGORY: u32 = #category;
                const NAME: &'static str = #name;
            }
        });
        let callbacks = kind.client.map_or_else(
            || "It has no event callbacks.".to_owned(),
            |c| format!("Its event callbacks: [`{0}`](crate::sys::{0}).", c.page.name),
        );
        let link = |method: &str| format!("[`{method}`]({ident}::{method})");
        let functions = spec.apis.iter().filter(|api| super::receivers::member(kind.table, api, names).is_some());
        let functions: Vec<String> = functions.map(|api| link(&crate::facts::snake_case(&naming::base(api)))).collect();
        let operations = spec.controls.iter().flat_map(|c| c.operations.iter().map(move |o| (c, o)));
        let operations = operations.filter(|(_, o)| o.sockets.iter().any(|s| s.kind.value == kind.kind));
        let operations: Vec<String> =
            operations.map(|(control, operation)| link(&naming::operation(control, operation))).collect();
        let table = &kind.table.page.name.value;
        let text = format!(
            "A handle to a {} socket. {callbacks}\n\nIts functions, as [`{table}`](crate::sys::{table}) lists them: {}.\n\n\
             Its control operations: {}.\n\nAvailable since {}.",
            kind.kind.as_str(),
            functions.join(", "),
            operations.join(", "),
            kind.table.page.since,
        );
        let alias_docs = doc(&text);
        items.push(quote! { #alias_docs pub type #alias = #ident<kind::#marker>; });
        // A table that begins with another serves as it.
        if let Some(basic) = basic.filter(|b| begins_with(kind.table, &b.table.page.name, names)) {
            let to = bounds::kind_type(basic.kind);
            items.push(quote! {
                impl From<#ident<kind::#marker>> for #ident<kind::#to> {
                    #[inline]
                    fn from(socket: #ident<kind::#marker>) -> Self {
                        Self { raw: socket.raw, kind: core::marker::PhantomData }
                    }
                }
            });
        }
    }
    items.push(quote! {
        /// The kinds of sockets, as types.
        pub mod kind {
            #(#declarations)*
        }
    });
    items.push(quote! {
        /// Only WSK has kinds of sockets, and states of them.
        mod sealed {
            pub trait Kind {}
            pub trait State {}
        }
    });
    items.extend(owned(handle, spec));
    items.extend(with_callbacks(handle, spec, names)?);
    Ok(items)
}

/// The socket that is owned, with its state, where a function is known that closes it.
fn owned(handle: &SocketHandle<'_>, spec: &Spec) -> Vec<TokenStream> {
    let Some(closer) = closer(spec) else { return Vec::new() };
    let ident = format_ident!("{}", handle.name);
    let (owned, open) = (format_ident!("Owned{ident}"), format_ident!("Open{ident}"));
    let bound = kind_trait(closer);
    let payload = format_ident!("{}Operation", naming::base(closer));
    let method = format_ident!("{}", crate::facts::snake_case(&naming::base(closer)));
    let docs = doc(&format!(
        "An open socket of kind `K` in state `S`, which nobody else closes. Dropping it closes it, at DISPATCH_LEVEL or below; \
         [`start_{method}`]({owned}::start_{method}) tells when it is closed.\n\nIt lives no longer than the provider that it was \
         created with. Operations that go on when it is closed are cancelled by WSK. As long as data is retained that one of its callbacks was \
         given, it is not closed: the last that is given back closes it.\n\n`C` is the type of the context of its event callbacks; without \
         callbacks it is [`NoContext`](crate::NoContext)."
    ));
    let level = closer.irql.first().map_or_else(|| format_ident!("Dispatch"), |case| bounds::level_type(case.range.value));
    let safety_level =
        comment("SAFETY: a socket is owned only where it may be closed; where levels are asserted, this one is looked at.");
    let safety_close =
        comment("SAFETY: the socket is open and nobody else's, so no call on it is in progress; the request is made for this.");
    let safety_take = comment("SAFETY: this value is dropped no more.");
    let safety_sync = comment(
        "SAFETY: a shared reference reaches the handle, the context and the callbacks, which are made to be shared; the request is \
         reached by who owns the value alone.",
    );
    let safety_once = comment("SAFETY: the caller vouches for it, so the request is taken once.");
    let safety_drop = comment("SAFETY: this is the drop.");
    let safety_context = comment("SAFETY: what makes such a socket makes its context of a value of this type.");
    let level_trait = format_ident!("{}Irql", naming::base(closer));
    let states = states(spec);
    let declarations = states.iter().map(|state| {
        let name = state_type(*state);
        let docs = doc(&format!("Of a socket: {}.", state.as_str()));
        let includes = states.iter().filter(|other| state.includes(**other)).map(|s| state_type(*s));
        quote! {
            #docs
            #[derive(Debug)]
            pub enum #name {}

            impl super::sealed::State for #name {}
            impl State for #name {}

            #(impl AtLeast<#includes> for #name {})*
        }
    });
    let first = state_type(crate::spec::SocketState::BeforeBind);
    vec![
        quote! {
            #docs
            #[must_use = "a socket that is dropped is closed"]
            pub struct #owned<'a, K: crate::#bound, S: state::State = state::#first, C = crate::NoContext> {
                pub(crate) open: #open<K>,
                place: core::marker::PhantomData<(&'a S, fn() -> C)>,
            }
        },
        quote! {
            impl<K: crate::#bound, S: state::State, C> #owned<'_, K, S, C> {
                pub(crate) fn of(open: #open<K>) -> Self {
                    Self { open, place: core::marker::PhantomData }
                }

                /// The handle, for calls that have no safe operation; good as long as this value is there.
                #[must_use]
                pub fn handle(&self) -> #ident<K> {
                    self.open.handle
                }
            }

            impl<K: crate::#bound, S: state::State, C: crate::CallbackContext> #owned<'_, K, S, C> {
                /// The context of its event callbacks.
                #[must_use]
                pub fn context(&self) -> &C {
                    let context = self.open.context.as_ref().expect("a socket of this type was created with its context");
                    #safety_context
                    unsafe { context.value() }
                }
            }

            impl<K: crate::#bound, S: state::State, C> core::fmt::Debug for #owned<'_, K, S, C> {
                fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                    write!(f, "Owned{:?}", self.open.handle)
                }
            }
        },
        quote! {
            /// An open socket with the request that closes it: closing needs no memory.
            pub(crate) struct #open<K: crate::#bound> {
                handle: #ident<K>,
                close: core::mem::ManuallyDrop<wsk_runtime::Request<wsk_runtime::Idle, crate::#payload>>,
                /// The context of its event callbacks, which is freed when it is closed.
                pub(crate) context: Option<wsk_runtime::support::AnyContext>,
                /// Its event callbacks.
                pub(crate) callbacks: Option<&'static K::ClientDispatch>,
            }
        },
        quote! {
            impl<K: crate::#bound> #open<K> {
                pub(crate) fn new(
                    handle: #ident<K>,
                    close: wsk_runtime::Request<wsk_runtime::Idle, crate::#payload>,
                    context: Option<wsk_runtime::support::AnyContext>,
                    callbacks: Option<&'static K::ClientDispatch>,
                ) -> Self {
                    Self { handle, close: core::mem::ManuallyDrop::new(close), context, callbacks }
                }

                pub(crate) fn handle(&self) -> #ident<K> {
                    self.handle
                }

                /// Closes the socket.
                pub(crate) fn close<'a, L: crate::#level_trait>(self, irql: &crate::Irql<L>) -> crate::Operation<'a, crate::#payload> {
                    let mut this = core::mem::ManuallyDrop::new(self);
                    #safety_take
                    unsafe { this.take_and_close(irql) }
                }

                /// Closes the socket; nothing of this value is used afterwards.
                unsafe fn take_and_close<'a, L: crate::#level_trait>(
                    &mut self,
                    irql: &crate::Irql<L>,
                ) -> crate::Operation<'a, crate::#payload> {
                    #safety_once
                    let mut request = unsafe { core::mem::ManuallyDrop::take(&mut self.close) };
                    request.payload().context = self.context.take();
                    let handle = self.handle;
                    #safety_close
                    unsafe {
                        crate::Operation::start_on(request, |irp, payload| match &payload.context {
                            Some(context) => context.close(irp),
                            None => handle.#method(irql, irp).status(),
                        })
                    }
                }
            }
        },
        quote! {
            #safety_sync
            unsafe impl<K: crate::#bound> Sync for #open<K> {}
        },
        quote! {
            impl<K: crate::#bound> Drop for #open<K> {
                fn drop(&mut self) {
                    #safety_level
                    let irql = unsafe { crate::Irql::<crate::#level>::assume() };
                    #safety_drop
                    drop(unsafe { self.take_and_close(&irql) });
                }
            }
        },
        quote! {
            /// The states of sockets, as types.
            pub mod state {
                /// A state of a socket.
                pub trait State: super::sealed::State + Send + Sync + 'static {}

                /// A state that includes the state `S`.
                #[diagnostic::on_unimplemented(
                    message = "the socket must be `{S}` for this, and it is `{Self}`",
                    label = "this socket is `{Self}`"
                )]
                pub trait AtLeast<S: State>: State {}

                #(#declarations)*
            }
        },
    ]
}

/// The kinds of sockets that have event callbacks: their tables, and what can be done with such a socket when a callback is over.
fn with_callbacks(handle: &SocketHandle<'_>, spec: &Spec, names: &Names<'_>) -> Result<Vec<TokenStream>, EmitError> {
    let Some(closer) = closer(spec) else { return Ok(Vec::new()) };
    let ident = format_ident!("{}", handle.name);
    let bound = kind_trait(closer);
    let close = format_ident!("{}", crate::facts::snake_case(&naming::base(closer)));
    let assume = |api: &crate::spec::Api| {
        let level = api.irql.first().map_or_else(|| format_ident!("Dispatch"), |case| bounds::level_type(case.range.value));
        let safety = comment(
            "SAFETY: callbacks, and what they leave behind, are at this level or below; where levels are asserted, it is looked at.",
        );
        quote! { #safety let irql = unsafe { crate::Irql::<crate::#level>::assume() }; }
    };
    let with: Vec<_> = handle.kinds.iter().filter_map(|k| Some((k, k.client?))).collect();
    let kinds: Vec<_> = with.iter().map(|(k, _)| k.kind).collect();
    let mut items = vec![bounds::kinds(
        &format_ident!("HasCallbacks"),
        "event callbacks",
        &kinds,
        &quote! { crate::#bound },
        &quote! {
            /// The callbacks of such a socket, all with a context of the type `C`.
            type Callbacks<C: crate::CallbackContext>: 'static;
            #[doc(hidden)]
            const FUNCTIONS: &'static wsk_runtime::support::SocketFunctions;
            #[doc(hidden)]
            fn table<C: crate::CallbackContext>(callbacks: &Self::Callbacks<C>) -> &Self::ClientDispatch;
            #[doc(hidden)]
            fn has_callback(table: &Self::ClientDispatch, callback: &str) -> bool;
        },
    )];
    for (kind, client) in with {
        let marker = bounds::kind_type(kind.kind);
        let callbacks = callback::table_type(client);
        let slots = callback::slots(client, spec);
        let slot_names = slots.iter().map(ToString::to_string);
        let has_callback = if slots.is_empty() {
            quote! {
                let _ = (table, callback);
                false
            }
        } else {
            quote! {
                match callback {
                    #(#slot_names => table.#slots.is_some(),)*
                    _ => false,
                }
            }
        };
        // What gives back the data that a callback of such a socket retained.
        let releases = |api: &&crate::spec::Api| {
            api.kind.value == crate::facts::ApiKind::Function
                && super::receivers::member(kind.table, api, names).is_some()
                && spec.apis.iter().any(|c| callback::gives_back(api, c, names))
        };
        let release = match spec.apis.iter().find(releases) {
            None => quote! { None },
            Some(api) => {
                let method = format_ident!("{}", crate::facts::snake_case(&naming::base(api)));
                let irql = assume(api);
                let safety =
                    comment("SAFETY: the socket is open and of this kind, and the list is one that a callback of it retained.");
                let status = if api.returns.other.is_some() {
                    quote! { .status() }
                } else {
                    quote! { .map_or_else(|status| status, |known| known.status()) }
                };
                quote! {
                    Some(|socket, list| {
                        #irql
                        #safety
                        unsafe { #ident::<kind::#marker>::from_raw(socket.cast()).#method(&irql, list.cast())#status }
                    })
                }
            }
        };
        let irql = assume(closer);
        let safety = comment("SAFETY: the socket is open, of this kind and given up by its owner, whose IRP this is.");
        items.push(quote! {
            impl HasCallbacks for kind::#marker {
                type Callbacks<C: crate::CallbackContext> = crate::#callbacks<C>;

                const FUNCTIONS: &'static wsk_runtime::support::SocketFunctions = &wsk_runtime::support::SocketFunctions {
                    close: |socket, irp| {
                        #irql
                        #safety
                        unsafe { #ident::<kind::#marker>::from_raw(socket.cast()).#close(&irql, irp).status() }
                    },
                    release: #release,
                };

                fn table<C: crate::CallbackContext>(callbacks: &Self::Callbacks<C>) -> &Self::ClientDispatch {
                    callbacks.as_raw()
                }

                fn has_callback(table: &Self::ClientDispatch, callback: &str) -> bool {
                    #has_callback
                }
            }
        });
    }
    let safety = comment("SAFETY: the caller vouches for it.");
    items.push(quote! {
        impl<K: HasCallbacks> #ident<K> {
            /// Tells a context which socket it belongs to, so that its callbacks may retain data.
            ///
            /// Only for a socket that was created by a wrapper with this context; the safe operations do it themselves. Such a socket
            /// is not kept open by retained data: it must be closed after all that is retained has been dropped.
            ///
            /// # Safety
            ///
            /// It is the socket that was created with this context.
            pub unsafe fn attach<C: crate::CallbackContext>(self, context: &crate::SocketContext<C>) {
                #safety
                unsafe { context.gate().open(self.raw.cast(), K::FUNCTIONS) };
            }
        }
    });
    Ok(items)
}

fn begins_with(table: &crate::spec::Struct, other: &str, names: &Names<'_>) -> bool {
    match table.record.fields.first().map(|f| &f.ty) {
        Some(crate::c::CType::Named(name)) => {
            matches!(names.named(name), Some(Named::Struct(inner)) if inner.page.name.value == other)
        }
        _ => false,
    }
}

/// The handle of a provider.
pub(super) fn provider(handle: &ProviderHandle<'_>) -> Vec<TokenStream> {
    let ident = format_ident!("{}", handle.name);
    let raw_name = &handle.holder.page.name.value;
    let raw = sys(raw_name);
    let docs = doc(&format!("{} Its functions: [`{1}`](crate::sys::{1}).", handle.holder.page.summary, handle.table.page.name));
    let from = doc("A captured provider, for a driver that did not capture it through this crate.\n\n# Safety\n\n\
         The structure is one that WSK filled in, and the provider stays captured as long as its functions are called.");
    let safety = comment("SAFETY: the structure is two addresses, which are the same for every thread.");
    vec![
        quote! {
            #docs
            #[repr(transparent)]
            pub struct #ident(#raw);
        },
        quote! {
            impl #ident {
                #from
                #[must_use]
                #[inline]
                pub const unsafe fn from_raw(raw: #raw) -> Self {
                    Self(raw)
                }

                /// The structure.
                #[must_use]
                #[inline]
                pub const fn as_raw(&self) -> &#raw {
                    &self.0
                }
            }

            #safety
            unsafe impl Send for #ident {}

            #safety
            unsafe impl Sync for #ident {}
        },
    ]
}
