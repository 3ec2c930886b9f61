//! Control operations: a method each, whose input, output and IRP have the types that the operation's page gives them.

use std::fmt::Write as _;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::bounds;
use super::call::{
    CAPTURED, Documented, OPEN, client_of, documentation, get_of_provider, get_of_socket, kind_trait, outcome, parameters,
};
use super::naming;
use super::params::{Fixed, Plan, RustParam, Translation, constant, irp_demand, length_of};
use super::receivers::Receivers;
use super::shape::{self, Shape, Target, sys};
use super::status::{self, Set};
use super::values;
use super::{flags, params};
use crate::c::CType;
use crate::describe;
use crate::emit::docs::doc;
use crate::emit::{EmitError, Item, comment};
use crate::facts::{ApiKind, Direction, camel_case, snake_case};
use crate::spec::{
    Api, Code, Combine, Control, Data, IrpRule, Names, Operation, OperationFlags, OtherCodes, Returns, SocketRule, Spec,
    ValueTable,
};

/// What the methods of a control code are made with.
struct Context<'a> {
    control: &'a Control,
    /// The function that the code is passed to.
    function: &'a Api,
    spec: &'a Spec,
    names: &'a Names<'a>,
    receivers: &'a Receivers<'a>,
}

pub(super) fn emit(control: &Control, spec: &Spec, names: &Names<'_>, receivers: &Receivers<'_>) -> Result<Vec<Item>, EmitError> {
    let function = spec.apis_named(&control.function).next().ok_or_else(|| EmitError::Type(control.function.value.clone()))?;
    let context = Context { control, function, spec, names, receivers };
    let mut items: Vec<Item> = Vec::new();
    items.extend(context.status()?);
    items.extend(context.flag_types()?);
    for operation in &control.operations {
        let level = context.level_trait(operation);
        items.push(bounds::levels(&level, &context.label(operation), operation.irql.value)?);
        items.extend(context.operation(operation)?.into_iter().map(Item::from));
    }
    Ok(items)
}

/// The arguments for a buffer: pointer and size.
struct Buffer {
    pointer: TokenStream,
    size: TokenStream,
}

impl Buffer {
    fn none() -> Self {
        Self { pointer: quote! { core::ptr::null_mut() }, size: quote! { 0 } }
    }

    /// `input` by value, which is copied to where the call can point to it.
    fn of_value(size: &TokenStream) -> Self {
        Self { pointer: quote! { (&raw const input).cast_mut().cast() }, size: quote! { size_of::<#size>() } }
    }

    /// `input` by reference.
    fn of_reference(size: TokenStream) -> Self {
        Self { pointer: quote! { core::ptr::from_ref(input).cast_mut().cast() }, size }
    }
}

impl Context<'_> {
    fn base(&self) -> String {
        naming::control_base(self.control)
    }

    /// The codes of the function and those of the control code.
    fn codes(&self) -> Vec<&Code> {
        let own = self.control.returns.codes.iter();
        let mut codes: Vec<&Code> = own.collect();
        let more = self.function.returns.codes.iter().filter(|c| !codes.iter().any(|own| own.name.value == c.name.value));
        let more: Vec<&Code> = more.collect();
        codes.splice(0..0, more);
        codes
    }

    fn has_own_status(&self) -> bool {
        !self.control.returns.codes.is_empty()
    }

    fn status_type(&self) -> Ident {
        if self.has_own_status() { format_ident!("{}Status", self.base()) } else { status::type_name(self.function) }
    }

    /// A status type of its own, where the page names codes beyond those of the function.
    fn status(&self) -> Result<Vec<Item>, EmitError> {
        if !self.has_own_status() {
            return Ok(Vec::new());
        }
        let name = &self.control.page.name;
        let set = Set {
            ident: self.status_type(),
            about: format!("What `{}` returned for [`{name}`](crate::sys::{name}).", self.control.function),
            reason: status::RETURNED,
            codes: self.codes(),
            other: self.other_codes(),
        };
        status::one(&set, &self.function.signature.ret, self.names)
    }

    fn other_codes(&self) -> Option<&OtherCodes> {
        self.control.returns.other.as_ref().or(self.function.returns.other.as_ref())
    }

    /// The type of a member of the input, or of the input.
    fn type_of_flags(&self, of: &str) -> Result<&CType, EmitError> {
        let unknown = || EmitError::Type(format!("{}: {of}", self.control.page.name));
        let taking = self.control.operations.iter().find(|o| o.flags.as_ref().is_some_and(|f| f.of == of)).ok_or_else(unknown)?;
        let input = taking.input.ty().ok_or_else(unknown)?;
        if of == "Input" {
            return Ok(input);
        }
        let CType::Named(name) = input else { return Err(unknown()) };
        let structure = self.names.structure(&name.name).ok_or_else(unknown)?;
        let field = structure.record.fields.iter().find(|f| f.name.as_ref().is_some_and(|n| n.value == of));
        field.map(|f| &f.ty).ok_or_else(unknown)
    }

    /// Whether an operation always gives the flag, so that nobody else can.
    fn is_settled(&self, constant: &str) -> bool {
        self.control.operations.iter().filter_map(|o| o.flags.as_ref()).any(|f| f.with.iter().any(|w| w == constant))
    }

    fn choosable(&self, table: &ValueTable) -> ValueTable {
        let mut table = table.clone();
        table.rows.retain(|r| !self.is_settled(&r.constant));
        table
    }

    fn flag_types(&self) -> Result<Vec<Item>, EmitError> {
        let mut items = Vec::new();
        for table in self.control.values.iter().filter(|t| t.combine == Combine::Any) {
            let name = &self.control.page.name;
            let about = format!("Flags of [`{name}`](crate::sys::{name}), `{}`.", table.of);
            let ident = naming::flags_type(&self.base(), &table.of);
            let ty = self.type_of_flags(&table.of)?;
            items.extend(flags::one(&ident, &about, &self.choosable(table), ty, self.names)?);
        }
        Ok(items)
    }

    fn level_trait(&self, operation: &Operation) -> Ident {
        format_ident!("{}Irql", camel_case(&naming::operation(self.control, operation).to_uppercase()))
    }

    fn label(&self, operation: &Operation) -> String {
        format!("{}({}, {})", self.control.function, self.control.page.name, operation.name)
    }

    /// The type and the value of the flags that an operation is given, and the types that this needs.
    fn flags_param(
        &self,
        operation: &Operation,
        of: &OperationFlags,
        items: &mut Vec<TokenStream>,
    ) -> Result<(Ident, TokenStream), EmitError> {
        let ty = self.type_of_flags(&of.of)?;
        let shape = shape::shape(ty, self.names)?;
        let name = params::ident(&of.of);
        let with = of.with.iter().map(|w| constant(w, &shape));
        if of.combine == Combine::Any {
            let ident = format_ident!("{}", naming::flags_type(&self.base(), &of.of));
            return Ok((ident, quote! { #name.bits() #(| #with)* }));
        }
        let ident = format_ident!("{}", naming::value_type(&format!("{}{}", self.base(), camel_case(&operation.name)), &of.of));
        let table = self.control.values.iter().find(|t| t.of.value == of.of).ok_or_else(|| EmitError::Type(of.of.clone()))?;
        let table = self.choosable(table);
        let about =
            format!("Of [`{0}`](crate::sys::{0}), the flags of which `{1}` takes one.", self.control.page.name, operation.name);
        items.extend(values::one(&ident, &about, &values::choices(&table), None, ty, self.names)?);
        Ok((ident, quote! { #name.raw() #(| #with)* }))
    }

    /// The type of an input that is a structure with flags: made by a constructor that takes them by their type.
    fn input_type(
        &self,
        operation: &Operation,
        structure: &str,
        of: &OperationFlags,
        items: &mut Vec<TokenStream>,
    ) -> Result<Ident, EmitError> {
        let unknown = || EmitError::Type(structure.to_owned());
        let found = self.names.structure(structure).ok_or_else(unknown)?;
        let ident = format_ident!("{}{}Input", self.base(), camel_case(&operation.name));
        let (flags, value) = self.flags_param(operation, of, items)?;
        let raw = sys(structure);
        let mut params = Vec::new();
        let mut fields = Vec::new();
        for field in &found.record.fields {
            let c_name = &field.name.as_ref().ok_or_else(unknown)?.value;
            let (name, raw_name) = (params::ident(c_name), format_ident!("{c_name}"));
            if *c_name == of.of {
                params.push(quote! { #name: #flags });
                fields.push(quote! { #raw_name: #value });
                continue;
            }
            // A pointer in it must be good as long as the input may be used.
            match shape::shape(&field.ty, self.names)? {
                Shape::Pointer { to: Target::Structure(_, ty) | Target::Other(ty), is_const } => {
                    let cast = (!is_const).then(|| quote! { .cast_mut() });
                    params.push(quote! { #name: &'static #ty });
                    fields.push(quote! { #raw_name: core::ptr::from_ref(#name)#cast });
                }
                Shape::Number(_) | Shape::Enumeration(_) => {
                    let ty = shape::rust_type(&field.ty, self.names)?;
                    params.push(quote! { #name: #ty });
                    fields.push(quote! { #raw_name: #name });
                }
                _ => return Err(EmitError::Type(field.ty.spelling())),
            }
        }
        let page = &self.control.page.name;
        let docs = doc(&format!(
            "The input of the operation `{}` of [`{page}`](crate::sys::{page}): {}",
            operation.name, found.page.summary
        ));
        let new_docs =
            found.fields.iter().map(|f| format!("\n- `{}`: {}", params::ident(&f.name), f.meaning)).collect::<String>();
        let new_docs = doc(&format!("An input.\n\n# Parameters\n{new_docs}"));
        items.push(quote! {
            #docs
            #[derive(Clone, Copy)]
            #[repr(transparent)]
            pub struct #ident(#raw);
        });
        let safety = comment("SAFETY: the pointers in it are to what lives as long as the driver, and is only read.");
        items.push(quote! {
            impl #ident {
                #new_docs
                #[must_use]
                #[inline]
                pub const fn new(#(#params),*) -> Self {
                    Self(#raw { #(#fields),* })
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
        });
        Ok(ident)
    }

    fn input(&self, operation: &Operation, plan: &mut Plan, items: &mut Vec<TokenStream>) -> Result<Buffer, EmitError> {
        let is_sync = operation.irp.value == IrpRule::Forbidden;
        let push = |plan: &mut Plan, ty: TokenStream| {
            plan.params.push(RustParam {
                of: String::new(),
                name: format_ident!("input"),
                ty,
                meaning: "The input.".to_owned(),
                optional: false,
            });
        };
        let whole = |plan: &mut Plan| {
            if !is_sync {
                plan.safety.push(until_completion(operation, "What `input` refers to stays valid and unchanged"));
            }
        };
        match &operation.input.value {
            Data::None => Ok(Buffer::none()),
            Data::One(ty) => {
                let rust = shape::rust_type(ty, self.names)?;
                match &operation.flags {
                    Some(of) if of.of == "Input" && is_sync => {
                        let (flags, value) = self.flags_param(operation, of, items)?;
                        push(plan, quote! { #flags });
                        plan.setup.push(quote! { let input: #rust = #value; });
                        Ok(Buffer::of_value(&rust))
                    }
                    Some(of) if of.of != "Input" => {
                        let CType::Named(structure) = ty else { return Err(EmitError::Type(ty.spelling())) };
                        let ident = self.input_type(operation, &structure.name, of, items)?;
                        push(plan, quote! { &#ident });
                        whole(plan);
                        Ok(Buffer::of_reference(quote! { size_of::<#ident>() }))
                    }
                    Some(of) => Err(EmitError::Type(format!("{}: flags of {} with an IRP", self.control.page.name, of.of))),
                    None if is_sync && shape::shape(ty, self.names).is_ok() => {
                        push(plan, rust.clone());
                        self.demand_handle(ty, plan);
                        Ok(Buffer::of_value(&rust))
                    }
                    None => {
                        push(plan, quote! { &#rust });
                        whole(plan);
                        self.demand_handle(ty, plan);
                        Ok(Buffer::of_reference(quote! { size_of::<#rust>() }))
                    }
                }
            }
            Data::Many(ty) => {
                let rust = shape::rust_type(ty, self.names)?;
                push(plan, quote! { &[#rust] });
                whole(plan);
                Ok(Buffer::of_reference(quote! { size_of_val(input) }))
            }
            Data::Extended(ty) => {
                whole(plan);
                if is_address(ty, self.names) {
                    plan.lifetimes.push(quote! { 'a });
                    push(plan, quote! { impl Into<wsk_runtime::SocketAddressRef<'a>> });
                    plan.setup.push(quote! { let input = input.into(); });
                    return Ok(Buffer { pointer: quote! { input.as_ptr().cast() }, size: quote! { input.size() as usize } });
                }
                let rust = shape::rust_type(ty, self.names)?;
                let label = &self.control.page.name.value;
                push(plan, quote! { &[u8] });
                plan.setup.push(quote! { wsk_runtime::support::assert_aligned::<#rust>(input.as_ptr().cast(), #label); });
                Ok(Buffer { pointer: quote! { input.as_ptr().cast_mut().cast() }, size: quote! { input.len() } })
            }
        }
    }

    /// A pointer that is passed on as it is, or a structure of such, must be good.
    fn demand_handle(&self, ty: &CType, plan: &mut Plan) {
        match shape::shape(ty, self.names) {
            Ok(Shape::Handle(_) | Shape::Pointer { .. }) | Err(_) => {
                plan.safety.push("The pointers in `input` are valid for what the operation does with them.".to_owned())
            }
            Ok(_) => {}
        }
    }

    fn output(&self, operation: &Operation, plan: &mut Plan) -> Result<Buffer, EmitError> {
        let is_sync = operation.irp.value == IrpRule::Forbidden;
        let mut push = |ty: TokenStream| {
            plan.params.push(RustParam {
                of: String::new(),
                name: format_ident!("output"),
                ty,
                meaning: "Receives the output.".to_owned(),
                optional: false,
            });
            if !is_sync {
                plan.safety.push(until_completion(operation, "What `output` refers to stays valid, and is not touched,"));
            }
        };
        match &operation.output.value {
            Data::None => Ok(Buffer::none()),
            Data::One(ty) => {
                let rust = shape::rust_type(ty, self.names)?;
                push(quote! { &mut core::mem::MaybeUninit<#rust> });
                Ok(Buffer { pointer: quote! { output.as_mut_ptr().cast() }, size: quote! { size_of::<#rust>() } })
            }
            Data::Many(ty) => {
                let rust = shape::rust_type(ty, self.names)?;
                push(quote! { &mut [core::mem::MaybeUninit<#rust>] });
                // Without room the kernel is asked for the size alone.
                plan.setup.push(quote! {
                    let (output, output_size) =
                        (if output.is_empty() { core::ptr::null_mut() } else { output.as_mut_ptr() }, size_of_val(output));
                });
                Ok(Buffer { pointer: quote! { output.cast() }, size: quote! { output_size } })
            }
            Data::Extended(ty) => {
                let rust = shape::rust_type(ty, self.names)?;
                let label = &self.control.page.name.value;
                push(quote! { &mut [core::mem::MaybeUninit<u8>] });
                plan.setup.push(quote! {
                    let (output, output_size) =
                        (if output.is_empty() { core::ptr::null_mut() } else { output.as_mut_ptr() }, output.len());
                    wsk_runtime::support::assert_aligned::<#rust>(output.cast(), #label);
                });
                Ok(Buffer { pointer: quote! { output.cast() }, size: quote! { output_size } })
            }
        }
    }

    /// What each parameter of the function is given.
    fn arguments(
        &self,
        operation: &Operation,
        receiver: TokenStream,
        input: &Buffer,
        output: &Buffer,
    ) -> Result<Vec<TokenStream>, EmitError> {
        let mut fixed: Vec<(String, Fixed)> = Vec::new();
        for (i, param) in self.function.params.iter().enumerate() {
            let name = param.name.value.clone();
            let ty = self.function.param_type(&name).ok_or_else(|| EmitError::Type(name.clone()))?;
            let shape = shape::shape(ty, self.names)?;
            let lengths = |direction: Direction| {
                self.function.params.iter().any(|p| p.direction.value == direction && length_of(p) == Some(&name))
            };
            let tokens = match (&shape, param.direction.value) {
                _ if i == 0 => receiver.clone(),
                (Shape::Enumeration(_), _) => {
                    let request = operation.request.as_ref().ok_or_else(|| EmitError::Type(name.clone()))?;
                    constant(request, &shape)
                }
                (Shape::Number(_), _) if lengths(Direction::In) => input.size.clone(),
                (Shape::Number(_), _) if lengths(Direction::Out) => output.size.clone(),
                (Shape::Number(_), _) if name == "Level" => match operation.level.as_ref().map(|l| l.as_str()) {
                    None | Some("0") => quote! { 0 },
                    Some(level) => constant(level, &shape),
                },
                (Shape::Number(_), _) if name == "ControlCode" => constant(&self.control.page.name, &shape),
                (Shape::Pointer { to: Target::Irp, .. }, _) => match operation.irp.value {
                    IrpRule::Required => quote! { irp },
                    IrpRule::Optional => quote! { irp.unwrap_or(core::ptr::null_mut()) },
                    IrpRule::Forbidden => quote! { core::ptr::null_mut() },
                },
                (Shape::Pointer { .. }, Direction::In) if length_of(param).is_some() => input.pointer.clone(),
                (Shape::Pointer { .. }, Direction::Out) if length_of(param).is_some() => output.pointer.clone(),
                (Shape::Pointer { to: Target::Number(_), .. }, Direction::Out) => {
                    if operation.size_returned.value {
                        quote! { &raw mut size_returned }
                    } else {
                        quote! { core::ptr::null_mut() }
                    }
                }
                _ => {
                    return Err(EmitError::Type(format!(
                        "{} has a parameter {name} that no control operation knows",
                        self.control.function
                    )));
                }
            };
            fixed.push((name, Fixed::To(tokens)));
        }
        let translation = Translation { api: self.function, spec: self.spec, names: self.names, fixed };
        Ok(translation.plan()?.arguments)
    }

    fn operation(&self, operation: &Operation) -> Result<Vec<TokenStream>, EmitError> {
        let mut items = Vec::new();
        let method = naming::operation(self.control, operation);
        let camel = camel_case(&method.to_uppercase());
        let method = format_ident!("{method}");
        let level = self.level_trait(operation);
        let label = self.label(operation);

        let mut plan = Plan::default();
        let input = self.input(operation, &mut plan, &mut items)?;
        let output = self.output(operation, &mut plan)?;
        if operation.irp.value != IrpRule::Forbidden {
            let optional = operation.irp.value == IrpRule::Optional;
            let name = format_ident!("irp");
            plan.safety.push(irp_demand(&name, optional));
            let ty = if optional {
                quote! { Option<crate::sys::PIRP> }
            } else {
                quote! { crate::sys::PIRP }
            };
            let meaning = "The request packet that the operation completes; allocated by the driver.".to_owned();
            plan.params.push(RustParam { of: String::new(), name, ty, meaning, optional });
        }
        if operation.size_returned.value {
            plan.setup.push(quote! { let mut size_returned = 0; });
        }
        if self.events(operation).is_some_and(|(of, _)| of.combine == Combine::Any) {
            let demand = "Each socket for which an event is enabled has a callback for it in its table, with the context that goes with it.";
            plan.safety.push(demand.to_owned());
        }
        let members = self.receivers.members(self.function, self.names);
        let function_name = &self.function.page.name.value;
        let (receiver_type, get, receiver, bound) = if members.is_empty() {
            let (provider, path, since) =
                self.receivers.provider(self.function, self.names).ok_or_else(|| EmitError::Type(function_name.clone()))?;
            if since.is_some() {
                return Err(EmitError::Type(format!("{function_name}: control operations of a function that came later")));
            }
            let handle = format_ident!("{}", provider.name);
            plan.safety.insert(0, CAPTURED.to_owned());
            (
                quote! { impl crate::#handle },
                get_of_provider(provider, function_name, &path),
                (quote! { &self }, client_of(provider, self.function)?),
                None,
            )
        } else {
            let socket = self.receivers.socket.as_ref().ok_or_else(|| EmitError::Type(function_name.clone()))?;
            let handle = format_ident!("{}", socket.name);
            let ident = format_ident!("Has{camel}");
            let supertrait = kind_trait(self.function);
            let kinds: Vec<_> = operation.sockets.iter().map(|s| s.kind.value).collect();
            items.push(bounds::kinds(&ident, &format!("`{label}`"), &kinds, &quote! { crate::#supertrait }, &TokenStream::new()));
            let impls = kinds.iter().map(|k| {
                let kind = bounds::kind_type(*k);
                quote! { impl #ident for crate::kind::#kind {} }
            });
            items.push(quote! { #(#impls)* });
            plan.safety.insert(0, OPEN.to_owned());
            (
                quote! { impl<K: crate::SocketKind> crate::#handle<K> },
                get_of_socket(self.function, None),
                (quote! { self }, quote! { self.as_raw() }),
                Some(quote! { where K: crate::#ident }),
            )
        };
        let arguments = self.arguments(operation, receiver.1, &input, &output)?;
        let (ty, convert) = outcome(&self.status_type(), self.other_codes().is_some(), &self.function.signature.ret);
        let (ret, result) = if operation.size_returned.value {
            (quote! { (#ty, usize) }, quote! { (#convert, size_returned) })
        } else {
            (ty, convert)
        };
        let docs = doc(&documentation(
            &Documented {
                page: &self.control.page,
                returns: &Returns {
                    codes: self.codes().into_iter().cloned().collect(),
                    other: self.other_codes().cloned(),
                    at: None,
                },
                status: Some(self.status_type().to_string()),
                place: &self.place(operation),
                when: "",
                range: operation.irql.value,
                errors: None,
                is_outcome: false,
            },
            &plan,
        ));
        let safe = self.safe_events(operation, &method, &level)?;
        let assertion = bounds::assertion(operation.irql.value, &label);
        let (lifetimes, setup, params) = (&plan.lifetimes, &plan.setup, parameters(&plan.params));
        let safety = comment("SAFETY: the caller upholds what the documentation demands, as listed above.");
        let self_ = receiver.0;
        items.push(quote! {
            #receiver_type {
                #docs
                #[inline]
                #[track_caller]
                pub unsafe fn #method<#(#lifetimes,)* L: crate::#level>(#self_, irql: &crate::Irql<L>, #params) -> #ret #bound {
                    let _ = irql;
                    #assertion
                    #(#setup)*
                    #get
                    #safety
                    let status = unsafe { function(#(#arguments),*) };
                    #result
                }
            }
        });
        items.extend(safe);
        Ok(items)
    }

    /// The table of flags that stand for event callbacks, and how the operation takes them.
    fn events<'o>(&self, operation: &'o Operation) -> Option<(&'o OperationFlags, ValueTable)> {
        let of = operation.flags.as_ref()?;
        let table = self.choosable(self.control.values.iter().find(|t| t.of.value == of.of)?);
        table.rows.iter().any(|r| r.callback.is_some()).then_some((of, table))
    }

    /// What enables or disables event callbacks of a socket that is owned: safe, for the callbacks are there.
    fn safe_events(&self, operation: &Operation, thin: &Ident, level: &Ident) -> Result<Vec<TokenStream>, EmitError> {
        let (Some((of, table)), Some(socket)) = (self.events(operation), &self.receivers.socket) else { return Ok(Vec::new()) };
        let takes_irp = match operation.irp.value {
            IrpRule::Required => return Ok(Vec::new()),
            IrpRule::Optional => true,
            IrpRule::Forbidden => false,
        };
        let [guid] = self.spec.guids.as_slice() else { return Ok(Vec::new()) };
        if operation.sockets.is_empty() {
            return Ok(Vec::new());
        }
        let owned = format_ident!("Owned{}", socket.name);
        let Some(closer) = super::operation::closer(self.spec) else { return Ok(Vec::new()) };
        let closes = kind_trait(closer);
        let (base, action) = (self.base(), operation.name.value.as_str());
        let many = of.combine == Combine::Any;
        let name = format!("{action}_{}{}", snake_case(&base), if many { "s" } else { "" });
        let bound = format_ident!("{}In", camel_case(&name.to_uppercase()));
        let name = format_ident!("{name}");
        let thin_bound = format_ident!("Has{}", camel_case(&thin.to_string().to_uppercase()));
        let input = format_ident!("{base}{}Input", camel_case(action));
        let flags = params::ident(&of.of);
        let flags_type = if many {
            format_ident!("{}", naming::flags_type(&base, &of.of))
        } else {
            format_ident!("{}", naming::value_type(&format!("{base}{}", camel_case(action)), &of.of))
        };
        let npi = sys(&guid.name);
        // The kinds that have callbacks, each from a state on.
        let impls: Vec<_> = operation
            .sockets
            .iter()
            .filter(|rule| socket.kinds.iter().any(|k| k.kind == rule.kind.value && k.client.is_some()))
            .map(|rule| (bounds::kind_type(rule.kind.value), super::operation::state_type(rule.state)))
            .collect();
        let rules: Vec<String> = operation.sockets.iter().map(SocketRule::spelling).collect();
        let message = format!("a `{{Self}}` socket that is `{{S}}` has no `{name}`");
        let label = format!("possible on: {}", rules.join(", "));
        let docs_trait = doc(&format!("The kinds of sockets that have `{name}`, each from a state on: {}.", rules.join(", ")));
        let implemented = impls.iter().map(|(kind, state)| {
            quote! { impl<S: crate::state::AtLeast<crate::state::#state>> #bound<S> for crate::kind::#kind {} }
        });
        let events = table.rows.iter().filter_map(|row| {
            let flag = format_ident!("{}", naming::flag(&row.constant));
            let (event, slot) = (&row.constant.value, &row.callback.as_ref()?.value);
            Some(quote! { (crate::#flags_type::#flag, #event, #slot) })
        });
        let status = self.status_type();
        let safety = comment(
            "SAFETY: the socket is open as long as it is borrowed, and no event is enabled without a callback, which was attached with its \
             context.",
        );
        let irp = takes_irp.then(|| quote! { , None });
        let call = quote! { #safety unsafe { self.handle().#thin(irql, &input #irp) } };
        let errors = if many {
            "\n# Errors\n\nNames the first event for which this socket has no callback; nothing is enabled then.\n"
        } else {
            ""
        };
        let docs = doc(&format!(
            "{} The operation `{action}` of [`{1}`](crate::sys::{1}), without an IRP.\n\nIts outcome is a \
             [`{status}`](crate::{status}).\n{errors}\n# IRQL\n\n{2}",
            self.control.page.summary,
            self.control.page.name,
            describe::may_be_called(ApiKind::Function, operation.irql.value)
        ));
        let (ret, body) = if many {
            (
                quote! { Result<crate::#status, crate::EmptySlot> },
                quote! {
                    let mut rest = #flags;
                    for (flag, event, slot) in [#(#events),*] {
                        let is_there = self.open.callbacks.is_some_and(|table| K::has_callback(table, slot));
                        if #flags.contains(flag) && !is_there {
                            return Err(crate::EmptySlot { event, slot });
                        }
                        rest.remove(flag);
                    }
                    if !rest.is_empty() {
                        return Err(crate::EmptySlot { event: "an event without a name", slot: "callback" });
                    }
                    let input = crate::#input::new(&#npi, #flags);
                    Ok({ #call })
                },
            )
        } else {
            (quote! { crate::#status }, quote! { let input = crate::#input::new(&#npi, #flags); #call })
        };
        Ok(vec![
            quote! {
                #docs_trait
                #[diagnostic::on_unimplemented(message = #message, label = #label)]
                pub trait #bound<S: crate::state::State>: crate::HasCallbacks + #thin_bound {}

                #(#implemented)*
            },
            quote! {
                impl<K: crate::#closes, S: crate::state::State, C> crate::#owned<'_, K, S, C> {
                    #docs
                    #[track_caller]
                    pub fn #name<L: crate::#level>(&self, irql: &crate::Irql<L>, #flags: crate::#flags_type) -> #ret
                    where
                        K: #bound<S>,
                        C: crate::CallbackContext,
                    {
                        #body
                    }
                }
            },
        ])
    }

    fn place(&self, operation: &Operation) -> String {
        let code = &self.control.page.name;
        let mut out = format!("`{}` with [`{code}`](crate::sys::{code}), operation `{}`", self.control.function, operation.name);
        if !operation.sockets.is_empty() {
            let sockets: Vec<String> = operation.sockets.iter().map(SocketRule::spelling).collect();
            let _ = write!(out, ", on sockets: {}", sockets.join(", "));
        }
        if let Some(state) = &operation.client_state {
            let _ = write!(out, ", while the client's state is: {}", state.as_str());
        }
        out.push('.');
        if operation.size_returned.value {
            out.push_str("\n\nGives, beside the status, the size of the output in bytes, or the size that is needed.");
        }
        out
    }
}

fn until_completion(operation: &Operation, what: &str) -> String {
    let condition = if operation.irp.value == IrpRule::Optional { "the IRP, if there is one," } else { "the IRP" };
    format!("{what} until {condition} is completed.")
}

fn is_address(ty: &CType, names: &Names<'_>) -> bool {
    let pointer = CType::Pointer { to: Box::new(ty.clone()), is_const: false };
    matches!(shape::shape(&pointer, names), Ok(Shape::Pointer { to: Target::Address, .. }))
}
