//! Parameters of C → parameters of Rust, and back to arguments of C.
//!
//! What a parameter becomes follows from its type, direction and memory rules alone: reserved ones vanish, an optional pointer is
//! an `Option`, a length and its buffer are one slice, an address has a type for it, flags and values have their own types.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::naming;
use super::shape::{self, Shape, Target, sys};
use crate::c::CType;
use crate::describe::{self, IrpPresence};
use crate::emit::EmitError;
use crate::facts::{Direction, snake_case};
use crate::spec::{Api, Combine, MemoryRule, Names, Param, ParamLink, Spec, ValueTable};

/// A parameter of a wrapper.
#[derive(Debug, Clone)]
pub(super) struct RustParam {
    /// The parameter of C that it stands for; empty where it stands for none.
    pub(super) of: String,
    pub(super) name: Ident,
    pub(super) ty: TokenStream,
    /// For the documentation: what it is for.
    pub(super) meaning: String,
    pub(super) optional: bool,
}

/// A call of the C function, from Rust.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The parameters, in the order of the C function.
    pub(super) params: Vec<RustParam>,
    /// Lifetimes of the wrapper.
    pub(super) lifetimes: Vec<TokenStream>,
    /// Whether the wrapper has the kind of socket as a type parameter of its own.
    pub(super) kind: bool,
    /// What is done before the call.
    pub(super) setup: Vec<TokenStream>,
    /// What the C function is given.
    pub(super) arguments: Vec<TokenStream>,
    /// What the caller must uphold.
    pub(super) safety: Vec<String>,
}

/// How one argument is settled before the rules below are asked.
#[derive(Debug, Clone)]
pub(super) enum Fixed {
    /// By this expression.
    To(TokenStream),
    /// By a parameter of this type, which has a method `raw`.
    Choice(Ident),
}

/// What parameters are translated with.
pub(super) struct Translation<'a> {
    pub(super) api: &'a Api,
    pub(super) spec: &'a Spec,
    pub(super) names: &'a Names<'a>,
    /// By the name of the C parameter.
    pub(super) fixed: Vec<(String, Fixed)>,
}

impl<'a> Translation<'a> {
    /// The call with all its parameters.
    pub(super) fn plan(&self) -> Result<Plan, EmitError> {
        let mut plan = Plan::default();
        let mut lengths: Vec<(usize, &str)> = Vec::new();
        for param in &self.api.params {
            let fixed = self.fixed.iter().find(|(name, _)| *name == param.name.value).map(|(_, f)| f);
            let name = ident(&param.name);
            let argument = match fixed {
                Some(Fixed::To(expression)) => expression.clone(),
                Some(Fixed::Choice(ty)) => {
                    plan.push(param, name.clone(), quote! { crate::#ty });
                    quote! { #name.raw() }
                }
                None if self.is_length(param) => {
                    // Its place is filled once the buffer that it belongs to, before or behind it, has been set up.
                    lengths.push((plan.arguments.len(), &param.name.value));
                    TokenStream::new()
                }
                None => self.one(param, &name, &mut plan)?,
            };
            plan.arguments.push(argument);
        }
        for (place, name) in lengths {
            let buffer = self.api.params.iter().find(|p| length_of(p) == Some(name));
            let length = buffer.map(|b| self.length_argument(b, name)).transpose()?;
            if let (Some(slot), Some(length)) = (plan.arguments.get_mut(place), length) {
                *slot = length;
            }
        }
        Ok(plan)
    }

    fn ty(&self, param: &Param) -> Result<&'a CType, EmitError> {
        self.api.param_type(&param.name).ok_or_else(|| EmitError::Type(param.name.value.clone()))
    }

    /// Whether it is the length of another parameter that is not settled otherwise.
    fn is_length(&self, param: &Param) -> bool {
        self.api.params.iter().any(|other| {
            length_of(other) == Some(&param.name.value) && !self.fixed.iter().any(|(name, _)| *name == other.name.value)
        })
    }

    fn table(&self, param: &Param, combine: Combine) -> Option<&'a ValueTable> {
        self.api.values.iter().find(|t| t.of.value == param.name.value && t.combine == combine)
    }

    /// The argument for one parameter.
    fn one(&self, param: &Param, name: &Ident, plan: &mut Plan) -> Result<TokenStream, EmitError> {
        let ty = self.ty(param)?;
        let shape = shape::shape(ty, self.names)?;
        if param.reserved {
            return Ok(zero(&shape));
        }
        self.demands(param, name, &shape, plan);
        if let Some(table) = self.table(param, Combine::One) {
            if self.spec.names_categories(table) {
                plan.kind = true;
                return Ok(quote! { K::CATEGORY });
            }
            let choice = format_ident!("{}", naming::value_type(&naming::base(self.api), &param.name));
            plan.push(param, name.clone(), quote! { crate::#choice });
            return Ok(quote! { #name.raw() });
        }
        if length_of(param).is_some() {
            return self.buffer(param, name, &shape, plan);
        }
        let is_out = param.direction.value != Direction::In;
        let flags = self.table(param, Combine::Any).map(|_| {
            let ty = format_ident!("{}", naming::flags_type(&naming::base(self.api), &param.name));
            quote! { crate::#ty }
        });
        Ok(match (&shape, flags) {
            (Shape::Number(_), Some(flags)) => {
                plan.push(param, name.clone(), flags);
                quote! { #name.bits() }
            }
            (Shape::Pointer { to: Target::Number(_), .. }, Some(flags)) => {
                self.reference(param, name, quote! { &mut core::mem::MaybeUninit<#flags> }, true, plan)
            }
            (Shape::Number(_), None) => {
                let ty = shape::rust_type(ty, self.names)?;
                if param.optional {
                    plan.push(param, name.clone(), quote! { Option<#ty> });
                    quote! { #name.unwrap_or(0) }
                } else {
                    plan.push(param, name.clone(), ty);
                    quote! { #name }
                }
            }
            (Shape::Enumeration(ty), _) => {
                plan.push(param, name.clone(), ty.clone());
                quote! { #name }
            }
            (Shape::Handle(ty), _) => {
                if param.optional {
                    plan.push(param, name.clone(), quote! { Option<#ty> });
                    quote! { #name.unwrap_or(wsk_runtime::support::Null::NULL) }
                } else {
                    plan.push(param, name.clone(), ty.clone());
                    quote! { #name }
                }
            }
            (Shape::Pointer { to: Target::Irp, .. }, _) => {
                if param.optional {
                    plan.push(param, name.clone(), quote! { Option<crate::sys::PIRP> });
                    quote! { #name.unwrap_or(core::ptr::null_mut()) }
                } else {
                    plan.push(param, name.clone(), quote! { crate::sys::PIRP });
                    quote! { #name }
                }
            }
            (Shape::Pointer { to: Target::Address, .. }, _) if is_out => {
                if param.optional {
                    plan.push(param, name.clone(), quote! { Option<&mut wsk_runtime::SocketAddressStorage> });
                    quote! { #name.map_or(core::ptr::null_mut(), wsk_runtime::SocketAddressStorage::as_mut_ptr) }
                } else {
                    plan.push(param, name.clone(), quote! { &mut wsk_runtime::SocketAddressStorage });
                    quote! { #name.as_mut_ptr() }
                }
            }
            (Shape::Pointer { to: Target::Address, .. }, _) => self.address(param, name, plan),
            (Shape::Pointer { to: Target::Void, is_const }, _) => {
                if param.links.iter().any(|l| matches!(l.value, ParamLink::TableOf(_))) {
                    plan.kind = true;
                    plan.push(param, name.clone(), quote! { Option<&'static K::ClientDispatch> });
                    quote! { #name.map_or(core::ptr::null(), core::ptr::from_ref).cast() }
                } else {
                    let raw = if *is_const {
                        quote! { .cast_const() }
                    } else {
                        TokenStream::new()
                    };
                    if param.optional {
                        plan.push(param, name.clone(), quote! { Option<core::ptr::NonNull<core::ffi::c_void>> });
                        quote! { #name.map_or(core::ptr::null_mut(), core::ptr::NonNull::as_ptr)#raw }
                    } else {
                        plan.push(param, name.clone(), quote! { core::ptr::NonNull<core::ffi::c_void> });
                        quote! { #name.as_ptr()#raw }
                    }
                }
            }
            (Shape::Pointer { to, is_const }, _) => self.pointer(param, name, to, *is_const, plan),
        })
    }

    /// A pointer to a value of a known type.
    fn pointer(&self, param: &Param, name: &Ident, to: &Target, is_const: bool, plan: &mut Plan) -> TokenStream {
        let ty = to.tokens();
        let has = |rule: &MemoryRule| param.memory.iter().any(|m| m.value == *rule);
        match param.direction.value {
            // What is given back is gone afterwards, so it must not be borrowed.
            Direction::In if !self.api.undoes.is_empty() => {
                plan.push(param, name.clone(), quote! { core::ptr::NonNull<#ty> });
                quote! { #name.as_ptr() }
            }
            Direction::In => {
                let is_kept = has(&MemoryRule::UntilClose) || has(&MemoryRule::UntilDeregistration);
                let lifetime = is_kept.then(|| quote! { 'static });
                let reference = quote! { &#lifetime #ty };
                if param.optional {
                    plan.push(param, name.clone(), quote! { Option<#reference> });
                    if is_const {
                        quote! { #name.map_or(core::ptr::null(), core::ptr::from_ref) }
                    } else {
                        quote! { #name.map_or(core::ptr::null(), core::ptr::from_ref).cast_mut() }
                    }
                } else {
                    plan.push(param, name.clone(), reference);
                    if is_const {
                        quote! { core::ptr::from_ref(#name) }
                    } else {
                        quote! { core::ptr::from_ref(#name).cast_mut() }
                    }
                }
            }
            Direction::Out if !has(&MemoryRule::SetUp) => {
                self.reference(param, name, quote! { &mut core::mem::MaybeUninit<#ty> }, true, plan)
            }
            Direction::Out | Direction::InOut => self.reference(param, name, quote! { &mut #ty }, false, plan),
        }
    }

    /// A mutable reference; `cast` where its type is not that of the pointer.
    fn reference(&self, param: &Param, name: &Ident, ty: TokenStream, cast: bool, plan: &mut Plan) -> TokenStream {
        let cast = cast.then(|| quote! { .cast() });
        if param.optional {
            plan.push(param, name.clone(), quote! { Option<#ty> });
            quote! { #name.map_or(core::ptr::null_mut(), core::ptr::from_mut)#cast }
        } else {
            plan.push(param, name.clone(), ty);
            quote! { core::ptr::from_mut(#name)#cast }
        }
    }

    /// A socket address that is read.
    fn address(&self, param: &Param, name: &Ident, plan: &mut Plan) -> TokenStream {
        if param.optional {
            plan.push(param, name.clone(), quote! { Option<wsk_runtime::SocketAddressRef<'_>> });
            quote! { #name.map_or(core::ptr::null_mut(), wsk_runtime::SocketAddressRef::as_ptr) }
        } else {
            let lifetime = plan.lifetime();
            plan.push(param, name.clone(), quote! { impl Into<wsk_runtime::SocketAddressRef<#lifetime>> });
            plan.setup.push(quote! { let #name = #name.into(); });
            quote! { #name.as_ptr() }
        }
    }

    /// A buffer whose length is another parameter.
    fn buffer(&self, param: &Param, name: &Ident, shape: &Shape, plan: &mut Plan) -> Result<TokenStream, EmitError> {
        let Shape::Pointer { to, .. } = shape else { return Err(EmitError::Type(param.name.value.clone())) };
        if let (Target::Address, Direction::In) = (to, param.direction.value) {
            return Ok(self.address(param, name, plan));
        }
        let api = &self.api.page.name.value;
        let align = |pointer: TokenStream| match to {
            Target::Structure(_, ty) | Target::Other(ty) => {
                Some(quote! { wsk_runtime::support::assert_aligned::<#ty>(#pointer, #api); })
            }
            _ => None,
        };
        let pointer = format_ident!("{name}_pointer");
        if self.is_counted_both_ways(param) {
            // The variable with the length goes in and out.
            let ty = quote! { wsk_runtime::SizedBytes<'_> };
            let length = format_ident!("{name}_length");
            if param.optional {
                plan.push(param, name.clone(), quote! { Option<#ty> });
                plan.setup.push(quote! {
                    let (#pointer, #length) = #name.map_or((core::ptr::null_mut(), core::ptr::null_mut()), |mut to| to.as_mut_ptrs());
                });
            } else {
                plan.push(param, format_ident!("{name}"), ty);
                plan.setup.push(quote! {
                    let mut #name = #name;
                    let (#pointer, #length) = #name.as_mut_ptrs();
                });
            }
            plan.setup.extend(align(quote! { #pointer.cast() }));
            return Ok(quote! { #pointer.cast() });
        }
        let is_in = param.direction.value == Direction::In;
        let (ty, read) = if is_in {
            (quote! { &[u8] }, quote! { core::ptr::from_ref(bytes).cast::<core::ffi::c_void>().cast_mut() })
        } else {
            (quote! { &mut [core::mem::MaybeUninit<u8>] }, quote! { core::ptr::from_mut(bytes).cast::<core::ffi::c_void>() })
        };
        let length = format_ident!("{name}_length");
        if param.optional {
            plan.push(param, name.clone(), quote! { Option<#ty> });
            plan.setup.push(quote! {
                let (#pointer, #length) = #name.map_or((core::ptr::null_mut(), 0), |bytes| (#read, bytes.len()));
            });
        } else {
            plan.push(param, name.clone(), ty);
            plan.setup.push(quote! {
                let bytes = #name;
                let (#pointer, #length) = (#read, bytes.len());
            });
        }
        plan.setup.extend(align(quote! { #pointer.cast() }));
        Ok(match to {
            Target::Void => quote! { #pointer },
            _ => quote! { #pointer.cast() },
        })
    }

    fn is_counted_both_ways(&self, buffer: &Param) -> bool {
        let length = length_of(buffer).and_then(|l| self.api.param_type(l));
        length.is_some_and(|ty| matches!(shape::shape(ty, self.names), Ok(Shape::Pointer { .. })))
    }

    /// The argument for the length of a buffer, once the buffer has been set up.
    fn length_argument(&self, buffer: &Param, length: &str) -> Result<TokenStream, EmitError> {
        let name = ident(&buffer.name);
        let variable = format_ident!("{name}_length");
        let ty = self.api.param_type(length).ok_or_else(|| EmitError::Type(length.to_owned()))?;
        let is_address = buffer.direction.value == Direction::In
            && matches!(shape::shape(self.ty(buffer)?, self.names)?, Shape::Pointer { to: Target::Address, .. });
        let api = &self.api.page.name.value;
        Ok(match shape::shape(ty, self.names)? {
            Shape::Number(number) if is_address && number == "u32" => quote! { #name.size() },
            Shape::Number(number) if number == "usize" => quote! { #variable },
            Shape::Number(number) if number == "u32" => quote! { wsk_runtime::support::length_u32(#variable, #api) },
            Shape::Pointer { .. } => quote! { #variable },
            _ => return Err(EmitError::Type(ty.spelling())),
        })
    }

    /// What the caller must uphold about a parameter.
    fn demands(&self, param: &Param, name: &Ident, shape: &Shape, plan: &mut Plan) {
        if let Shape::Pointer { to: Target::Irp, .. } = shape {
            plan.safety.push(irp_demand(name, param.optional));
            return;
        }
        let is_optional = self.api.params.iter().any(|p| p.optional && self.is_irp(p));
        let irp = if is_optional { IrpPresence::Optional } else { IrpPresence::Always };
        let given = if param.optional { ", if given," } else { "" };
        // What is gone when a callback returns is for callbacks, which have no such list.
        for rule in param.memory.iter().filter(|r| r.value != MemoryRule::DuringCall) {
            plan.safety
                .push(format!("What `{name}` refers to{given} {}.", describe::memory(rule.value, param.direction.value, irp)));
        }
        let is_given_back = !self.api.undoes.is_empty() && matches!(shape, Shape::Pointer { .. });
        if is_given_back {
            let origins: Vec<String> = self.api.undoes.iter().map(|u| format!("`{u}`")).collect();
            plan.safety.push(format!("`{name}` came from {}, and is not used again.", origins.join(" or ")));
        } else if matches!(shape, Shape::Handle(_)) && !param.has_rules() {
            plan.safety.push(format!("`{name}`{given} is valid."));
        }
    }

    fn is_irp(&self, param: &Param) -> bool {
        let shape = self.api.param_type(&param.name).map(|ty| shape::shape(ty, self.names));
        matches!(shape, Some(Ok(Shape::Pointer { to: Target::Irp, .. })))
    }
}

impl Plan {
    fn push(&mut self, param: &Param, name: Ident, ty: TokenStream) {
        self.params.push(RustParam {
            of: param.name.value.clone(),
            name,
            ty,
            meaning: param.meaning.value.clone(),
            optional: param.optional,
        });
    }

    fn lifetime(&mut self) -> TokenStream {
        let letter = (b'a'..=b'z').nth(self.lifetimes.len()).map_or('z', char::from);
        let lifetime = syn::Lifetime::new(&format!("'{letter}"), proc_macro2::Span::call_site());
        self.lifetimes.push(quote! { #lifetime });
        quote! { #lifetime }
    }
}

/// What must hold of an IRP.
pub(super) fn irp_demand(name: &Ident, optional: bool) -> String {
    let given = if optional { ", if given," } else { "" };
    format!(
        "`{name}`{given} is an IRP that the driver owns, with a free stack location and a completion routine, and is left alone \
         until it is completed."
    )
}

/// The parameter that has the length of this one.
pub(super) fn length_of(param: &Param) -> Option<&str> {
    param.links.iter().find_map(|l| match &l.value {
        ParamLink::BytesIn(length) => Some(length.as_str()),
        _ => None,
    })
}

/// `RemoteAddress` → `remote_address`.
pub(super) fn ident(name: &str) -> Ident {
    let name = snake_case(name);
    syn::parse_str::<Ident>(&name).unwrap_or_else(|_| format_ident!("r#{name}"))
}

fn zero(shape: &Shape) -> TokenStream {
    match shape {
        Shape::Number(_) => quote! { 0 },
        Shape::Enumeration(ty) => quote! { <#ty as Default>::default() },
        Shape::Handle(_) => quote! { wsk_runtime::support::Null::NULL },
        Shape::Pointer { is_const: true, .. } => quote! { core::ptr::null() },
        Shape::Pointer { is_const: false, .. } => quote! { core::ptr::null_mut() },
    }
}

/// The value of a constant as a parameter of a type.
pub(super) fn constant(name: &str, shape: &Shape) -> TokenStream {
    let path = sys(name);
    match shape {
        Shape::Number(number) => quote! { #path as #number },
        _ => path,
    }
}
