//! The wrappers: a method for each function, and one for each case of a function whose level depends on its arguments.

use std::fmt::Write as _;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::bounds;
use super::naming;
use super::params::{Fixed, Plan, RustParam, Translation};
use super::receivers::{Member, ProviderHandle, Receivers};
use super::shape::{self, sys};
use super::values::{self, Choice};
use crate::emit::docs::{doc, tail};
use crate::emit::{EmitError, comment};
use crate::facts::{ApiKind, LevelRange, snake_case};
use crate::spec::{Api, IrqlCase, Names, Page, Returns, Spec, Term, When};

/// What a wrapper is made with.
pub(super) struct Context<'a> {
    pub(super) api: &'a Api,
    pub(super) spec: &'a Spec,
    pub(super) names: &'a Names<'a>,
    pub(super) receivers: &'a Receivers<'a>,
}

/// One case of an API: some arguments are settled, and there is one range of levels.
pub(super) struct Case {
    /// What the wrapper's name has after that of the API; empty for the general case.
    pub(super) suffix: String,
    pub(super) range: LevelRange,
    pub(super) fixed: Vec<(String, Fixed)>,
    /// The arguments that belong to another case, with the name of its wrapper.
    pub(super) others: Vec<(TokenStream, String)>,
    /// When it is meant, in words; empty if there is only one case.
    pub(super) when: String,
}

impl<'a> Context<'a> {
    /// `connect`, `capture_provider_npi_no_wait`.
    pub(super) fn method(&self, case: &Case) -> Ident {
        let base = snake_case(&naming::base(self.api));
        if case.suffix.is_empty() { format_ident!("{base}") } else { format_ident!("{base}_{}", case.suffix) }
    }

    pub(super) fn level_trait(&self, case: &Case) -> Ident {
        let suffix = crate::facts::camel_case(&case.suffix.to_uppercase());
        format_ident!("{}{suffix}Irql", naming::base(self.api))
    }

    /// How the API, in this case, is called in messages.
    pub(super) fn label(&self, case: &Case) -> String {
        if case.when.is_empty() { self.api.page.name.value.clone() } else { format!("{} ({})", self.api.page.name, case.when) }
    }

    /// The cases with the types that their parameters need.
    pub(super) fn cases(&self) -> Result<(Vec<Case>, Vec<TokenStream>), EmitError> {
        let mut cases: Vec<Case> = Vec::new();
        let mut items = Vec::new();
        for IrqlCase { when, range } in &self.api.irql {
            match &when.value {
                When::Always => cases.push(Case {
                    suffix: String::new(),
                    range: range.value,
                    fixed: Vec::new(),
                    others: Vec::new(),
                    when: String::new(),
                }),
                When::Otherwise => {
                    let mut others = Vec::new();
                    let mut unless: Vec<String> = Vec::new();
                    for other in &self.api.irql {
                        let When::All(terms) = &other.when.value else { continue };
                        unless.push(other.when.value.spelling());
                        // Arguments of a case with a higher limit may be passed here as well.
                        if other.range.value.max < range.value.max {
                            let wrapper = format!("{}_{}", snake_case(&naming::base(self.api)), suffix(terms));
                            others.push((self.condition(terms)?, wrapper));
                        }
                    }
                    cases.push(Case {
                        suffix: String::new(),
                        range: range.value,
                        fixed: Vec::new(),
                        others,
                        when: format!("unless {}", unless.join(" or ")),
                    });
                }
                When::All(terms) => {
                    let suffix = suffix(terms);
                    let mut fixed = Vec::new();
                    for term in terms {
                        let ty = self.api.param_type(&term.param).ok_or_else(|| EmitError::Type(term.param.value.clone()))?;
                        let shape = shape::shape(ty, self.names)?;
                        let how = match term.values.as_slice() {
                            [one] => Fixed::To(super::params::constant(one, &shape)),
                            many => {
                                let base =
                                    format!("{}{}", naming::base(self.api), crate::facts::camel_case(&suffix.to_uppercase()));
                                let ident = format_ident!("{}", naming::value_type(&base, &term.param));
                                let about =
                                    format!("Values of `{}`, parameter `{}`, of one case.", self.api.page.name, term.param);
                                let choices: Vec<Choice<'_>> =
                                    many.iter().map(|c| Choice { constant: c, meaning: self.meaning_of(c) }).collect();
                                items.extend(values::one(&ident, &about, &choices, None, ty, self.names)?);
                                Fixed::Choice(ident)
                            }
                        };
                        fixed.push((term.param.value.clone(), how));
                    }
                    let when = when.value.spelling();
                    cases.push(Case { suffix, range: range.value, fixed, others: Vec::new(), when });
                }
            }
        }
        Ok((cases, items))
    }

    fn meaning_of(&self, constant: &str) -> String {
        self.names.constant(constant).map_or_else(String::new, |c| c.meaning.value.clone())
    }

    /// Whether the arguments of the general wrapper are those of a case that has its own.
    fn condition(&self, terms: &[Term]) -> Result<TokenStream, EmitError> {
        let mut parts = Vec::new();
        for term in terms {
            let name = super::params::ident(&term.param);
            let ty = self.api.param_type(&term.param).ok_or_else(|| EmitError::Type(term.param.value.clone()))?;
            let shape = shape::shape(ty, self.names)?;
            let has_type = self.api.values.iter().any(|t| t.of.value == term.param.value);
            let value = if has_type {
                quote! { #name.raw() }
            } else {
                quote! { #name }
            };
            let constants: Vec<TokenStream> = term.values.iter().map(|v| super::params::constant(v, &shape)).collect();
            parts.push(match constants.as_slice() {
                [one] => quote! { #value == #one },
                many => quote! { [#(#many),*].contains(&#value) },
            });
        }
        Ok(quote! { #(#parts)&&* })
    }

    pub(super) fn translation(&self, receiver: Option<(&str, TokenStream)>, case: &Case) -> Translation<'_> {
        let mut fixed = case.fixed.clone();
        fixed.extend(receiver.map(|(name, tokens)| (name.to_owned(), Fixed::To(tokens))));
        Translation { api: self.api, spec: self.spec, names: self.names, fixed }
    }

    /// The type of what a call returns, and how it is made of `status`.
    pub(super) fn outcome(&self) -> Option<(TokenStream, TokenStream)> {
        if self.api.signature.ret.is_void() {
            return None;
        }
        Some(outcome(&super::status::type_name(self.api), self.api.returns.other.is_some(), &self.api.signature.ret))
    }

    /// The documentation of a wrapper. `errors` says when the call is not made at all.
    pub(super) fn docs(&self, case: &Case, plan: &Plan, place: &str, errors: Option<&str>) -> TokenStream {
        doc(&documentation(&self.documented(case, place, errors), plan))
    }

    /// What the documentation of a wrapper says.
    pub(super) fn documented<'b>(&'b self, case: &'b Case, place: &'b str, errors: Option<&'b str>) -> Documented<'b> {
        Documented {
            page: &self.api.page,
            returns: &self.api.returns,
            status: self.outcome().map(|_| super::status::type_name(self.api).to_string()),
            place,
            when: &case.when,
            range: case.range,
            errors,
            is_outcome: false,
        }
    }

    /// What every wrapper begins with: the level and the case are asserted, and the arguments are set up.
    pub(super) fn entry(&self, case: &Case, plan: &Plan) -> TokenStream {
        let assertion = bounds::assertion(case.range, &self.label(case));
        let api = &self.api.page.name.value;
        let others = case
            .others
            .iter()
            .map(|(condition, other)| quote! { wsk_runtime::support::assert_other_case(#condition, #api, #other); });
        let setup = &plan.setup;
        quote! {
            let _ = irql;
            #assertion
            #(#others)*
            #(#setup)*
        }
    }

    /// The first parameter: the receiver of a function.
    fn receiver_param(&self) -> Result<&'a str, EmitError> {
        let first = self.api.params.first().ok_or_else(|| EmitError::Type(self.api.page.name.value.clone()))?;
        Ok(&first.name.value)
    }
}

/// The type of an outcome, and how it is made of `status`.
pub(super) fn outcome(ident: &Ident, open: bool, ret: &crate::c::CType) -> (TokenStream, TokenStream) {
    let is_status = ret.spelling() == "NTSTATUS";
    let raw = if is_status {
        quote! { crate::NtStatus(status) }
    } else {
        quote! { status }
    };
    if open {
        (quote! { crate::#ident }, quote! { crate::#ident::from_status(#raw) })
    } else {
        let error = if is_status {
            quote! { crate::NtStatus }
        } else {
            shape::sys(&ret.spelling())
        };
        (quote! { Result<crate::#ident, #error> }, quote! { crate::#ident::try_from(#raw) })
    }
}

/// `no_wait`, `ioctl_sio_address_list`: what tells the constants of a condition.
fn suffix(terms: &[Term]) -> String {
    let parts: Vec<String> = terms
        .iter()
        .map(|term| {
            let all: Vec<&str> = term.values.iter().map(|v| v.value.as_str()).collect();
            let words: Vec<String> = match all.as_slice() {
                [one] => snake_case(one).split('_').map(str::to_owned).collect(),
                many => naming::common_words(many),
            };
            let own = words.iter().skip_while(|w| *w == "wsk").cloned().collect::<Vec<_>>();
            // Constants without a word in common are told by what they are given for.
            if own.is_empty() { snake_case(&term.param) } else { own.join("_") }
        })
        .collect();
    parts.join("_")
}

/// The wrappers of a function.
pub(super) fn emit(context: &Context<'_>, cases: &[Case]) -> Result<Vec<TokenStream>, EmitError> {
    let mut items = Vec::new();
    if context.api.kind.value != ApiKind::Function {
        return Ok(items);
    }
    let members = context.receivers.members(context.api, context.names);
    if members.is_empty() {
        let Some((provider, path, since)) = context.receivers.provider(context.api, context.names) else {
            return Err(EmitError::Type(format!("{}: no receiver", context.api.page.name)));
        };
        for case in cases {
            items.extend(provider_method(context, case, provider, &path, since)?);
        }
    } else {
        let has_later = members.iter().any(|m| m.since.is_some());
        items.extend(socket_member(context, &members, has_later)?);
        for case in cases {
            items.extend(socket_method(context, case, &members, has_later)?);
        }
    }
    Ok(items)
}

/// `HasConnect`.
pub(super) fn kind_trait(api: &Api) -> Ident {
    format_ident!("Has{}", naming::base(api))
}

/// `connect_member`.
fn member_function(api: &Api) -> Ident {
    format_ident!("{}_member", snake_case(&naming::base(api)))
}

fn member_type(api: &Api) -> TokenStream {
    let pfn = sys(api.key());
    quote! { wsk_runtime::support::FunctionOf<#pfn> }
}

/// How a member is read: an expression, to be `unsafe` by itself or, where the member came later than its table, one that is not and
/// gives a result.
fn read_member(
    context: &Context<'_>,
    table: &TokenStream,
    path: &[String],
    since: Option<&str>,
) -> Result<TokenStream, EmitError> {
    let name = &context.api.page.name.value;
    let Some(since) = since else { return Ok(read_first_member(name, table, path)) };
    let build = context.spec.build_of(since).ok_or_else(|| EmitError::Type(since.to_owned()))?;
    let build = proc_macro2::Literal::u32_unsuffixed(build);
    let member = member_of(table, path);
    let safety = comment("SAFETY: the table of a system that has this version of Windows, or a later one, has the member.");
    Ok(quote! {
        wsk_runtime::support::later_member(
            || {
                #safety
                unsafe { #member }
            },
            #name,
            #since,
            #build,
        )
    })
}

fn member_of(table: &TokenStream, path: &[String]) -> TokenStream {
    let path = path.iter().map(|p| format_ident!("{p}"));
    quote! { (*#table)#(.#path)* }
}

fn read_first_member(name: &str, table: &TokenStream, path: &[String]) -> TokenStream {
    let member = member_of(table, path);
    quote! { unsafe { wsk_runtime::support::member(#member, #name) } }
}

/// Sets `function` to a member that a provider's table has had from the start.
pub(super) fn get_of_provider(provider: &ProviderHandle<'_>, name: &str, path: &[String]) -> TokenStream {
    let table = format_ident!("{}", provider.table_field);
    let read = read_first_member(name, &quote! { self.as_raw().#table }, path);
    let safety = comment("SAFETY: the provider is captured, and its table has had this member from the start.");
    quote! { #safety let function = #read; }
}

/// Sets `function` to the member of a socket's table; `question` where its kind may lack it.
pub(super) fn get_of_socket(api: &Api, question: Option<TokenStream>) -> TokenStream {
    let function = member_function(api);
    let safety = comment("SAFETY: the caller vouches for the handle, and the table of an open socket is that of its kind.");
    quote! { #safety let function = unsafe { K::#function(self.dispatch()) }#question; }
}

/// What the functions of a provider are given first.
pub(super) fn client_of(provider: &ProviderHandle<'_>, api: &Api) -> Result<TokenStream, EmitError> {
    let field = provider.client_field(api).ok_or_else(|| EmitError::Type(api.page.name.value.clone()))?;
    let field = format_ident!("{field}");
    Ok(quote! { self.as_raw().#field })
}

/// What must hold of every socket that a call is made on.
pub(super) const OPEN: &str = "The handle is that of an open socket.";
/// What must hold of every provider that a call is made on.
pub(super) const CAPTURED: &str = "The provider is captured.";

/// The trait of the kinds of sockets that have a function, with the way to it.
fn socket_member(context: &Context<'_>, members: &[Member<'_>], fallible: bool) -> Result<Vec<TokenStream>, EmitError> {
    let api = context.api;
    let ident = kind_trait(api);
    let function = member_function(api);
    let ty = member_type(api);
    let ret = if fallible {
        quote! { Result<#ty, crate::Unavailable> }
    } else {
        ty
    };
    let kinds: Vec<_> = members.iter().map(|m| m.kind).collect();
    let name = format!("`{}`", api.page.name);
    let after = super::operation::after(api);
    let head = quote! {
        #after
        #[doc(hidden)]
        unsafe fn #function(table: *const Self::Dispatch) -> #ret;
    };
    let mut items = vec![bounds::kinds(&ident, &name, &kinds, &quote! { crate::SocketKind }, &head)];
    for member in members {
        let kind = bounds::kind_type(member.kind);
        let read = read_member(context, &quote! { table }, &member.path, member.since)?;
        let safety = comment("SAFETY: the caller vouches for the table, which has had this member from the start.");
        let after = super::operation::after_for(api, member.kind);
        let read = match (member.since, fallible) {
            (Some(_), _) => read,
            (None, true) => quote! { #safety Ok(#read) },
            (None, false) => quote! { #safety #read },
        };
        items.push(quote! {
            impl #ident for crate::kind::#kind {
                #after
                #[inline]
                #[track_caller]
                unsafe fn #function(table: *const Self::Dispatch) -> #ret { #read }
            }
        });
    }
    Ok(items)
}

/// A method of sockets.
fn socket_method(
    context: &Context<'_>,
    case: &Case,
    members: &[Member<'_>],
    fallible: bool,
) -> Result<Vec<TokenStream>, EmitError> {
    let api = context.api;
    let socket = context.receivers.socket.as_ref().ok_or_else(|| EmitError::Type(api.page.name.value.clone()))?;
    let handle = format_ident!("{}", socket.name);
    let mut plan = context.translation(Some((context.receiver_param()?, quote! { self.as_raw() })), case).plan()?;
    plan.safety.insert(0, OPEN.to_owned());
    let get = get_of_socket(api, fallible.then(|| quote! { ? }));
    let kind = kind_trait(api);
    let kinds: Vec<_> = members.iter().map(|m| m.kind).collect();
    let place = format!("A function of {}.", bounds::kinds_text(&kinds));
    let wrapper = Wrapper {
        receiver: quote! { self, },
        get,
        fallible,
        generics: Vec::new(),
        bounds: vec![quote! { K: crate::#kind }],
        place,
    };
    let method = method(context, case, &plan, &wrapper)?;
    Ok(vec![quote! { impl<K: crate::SocketKind> crate::#handle<K> { #method } }])
}

/// A method of a provider.
fn provider_method(
    context: &Context<'_>,
    case: &Case,
    provider: &ProviderHandle<'_>,
    path: &[String],
    since: Option<&str>,
) -> Result<Vec<TokenStream>, EmitError> {
    let api = context.api;
    let handle = format_ident!("{}", provider.name);
    let mut plan = context.translation(Some((context.receiver_param()?, client_of(provider, api)?)), case).plan()?;
    plan.safety.insert(0, CAPTURED.to_owned());
    let get = if since.is_some() {
        let table = format_ident!("{}", provider.table_field);
        let read = read_member(context, &quote! { self.as_raw().#table }, path, since)?;
        quote! { let function = #read?; }
    } else {
        get_of_provider(provider, &api.page.name, path)
    };
    let wrapper = Wrapper {
        receiver: quote! { &self, },
        get,
        fallible: since.is_some(),
        generics: if plan.kind { vec![quote! { K: crate::SocketKind }] } else { Vec::new() },
        bounds: Vec::new(),
        place: format!("A function of the provider, in [`{0}`](crate::sys::{0}).", provider.table.page.name),
    };
    let method = method(context, case, &plan, &wrapper)?;
    Ok(vec![quote! { impl crate::#handle { #method } }])
}

/// What differs between wrappers.
struct Wrapper {
    receiver: TokenStream,
    /// Sets `function`, which is called.
    get: TokenStream,
    /// Whether the system may not have it.
    fallible: bool,
    generics: Vec<TokenStream>,
    bounds: Vec<TokenStream>,
    /// Where the function is to be found.
    place: String,
}

fn method(context: &Context<'_>, case: &Case, plan: &Plan, wrapper: &Wrapper) -> Result<TokenStream, EmitError> {
    let name = context.method(case);
    let level = context.level_trait(case);
    let errors =
        wrapper.fallible.then_some("[`Unavailable`](crate::Unavailable), if this version of Windows does not have the function.");
    let docs = context.docs(case, plan, &wrapper.place, errors);
    let entry = context.entry(case, plan);
    let params = parameters(&plan.params);
    let (lifetimes, arguments) = (&plan.lifetimes, &plan.arguments);
    let generics = &wrapper.generics;
    let receiver = &wrapper.receiver;
    let bounds = &wrapper.bounds;
    let where_clause = (!bounds.is_empty()).then(|| quote! { where #(#bounds),* });
    let get = &wrapper.get;
    let safety = comment("SAFETY: the caller upholds what the documentation demands, as listed above.");
    let call = quote! { #safety let status = unsafe { function(#(#arguments),*) }; };
    let plain = quote! { #safety unsafe { function(#(#arguments),*) }; };
    let (ret, result) = match (context.outcome(), wrapper.fallible) {
        (Some((ty, convert)), false) => (quote! { -> #ty }, quote! { #call #convert }),
        (Some((ty, convert)), true) => (quote! { -> Result<#ty, crate::Unavailable> }, quote! { #call Ok(#convert) }),
        (None, false) => (TokenStream::new(), plain),
        (None, true) => (quote! { -> Result<(), crate::Unavailable> }, quote! { #plain Ok(()) }),
    };
    Ok(quote! {
        #docs
        #[inline]
        #[track_caller]
        pub unsafe fn #name<#(#lifetimes,)* #(#generics,)* L: crate::#level>(#receiver irql: &crate::Irql<L>, #params) #ret #where_clause {
            #entry
            #get
            #result
        }
    })
}

/// The parameters as they are declared.
pub(super) fn parameters(params: &[RustParam]) -> TokenStream {
    let params = params.iter().map(|p| {
        let (name, ty) = (&p.name, &p.ty);
        quote! { #name: #ty }
    });
    quote! { #(#params),* }
}

/// What the documentation of a wrapper says.
pub(super) struct Documented<'a> {
    pub(super) page: &'a Page,
    pub(super) returns: &'a Returns,
    /// The type of the outcome.
    pub(super) status: Option<String>,
    pub(super) place: &'a str,
    pub(super) when: &'a str,
    pub(super) range: LevelRange,
    /// When the call is not made at all.
    pub(super) errors: Option<&'a str>,
    /// Whether the status is that of the outcome, when nothing is pending any more, instead of that of the call.
    pub(super) is_outcome: bool,
}

/// The documentation of a wrapper.
pub(super) fn documentation(what: &Documented<'_>, plan: &Plan) -> String {
    let mut out = format!("{}\n\n{}\n", what.page.summary, what.place);
    if plan.kind {
        out.push_str(
            "\n`K` is the kind of the new socket: it settles the category that is asked for and the type of its callbacks.\n",
        );
    }
    if !what.when.is_empty() {
        let _ = write!(out, "\nThis wrapper is for calls with one condition: {}.\n", what.when);
    }
    if !plan.params.is_empty() {
        out.push_str("\n# Parameters\n\n");
        for param in &plan.params {
            let optional = if param.optional { " Optional." } else { "" };
            let _ = writeln!(out, "- `{}`: {}{optional}", param.name, param.meaning);
        }
    }
    if let Some(status) = &what.status {
        let head = if what.is_outcome { "Outcome\n\nIts status is a " } else { "Returns\n\n" };
        let _ = write!(out, "\n# {head}[`{status}`](crate::{status}):\n\n");
        for code in what.returns.codes.iter().filter(|c| !what.is_outcome || c.name.value != "STATUS_PENDING") {
            let _ = writeln!(out, "- `{}`: {}", code.name, code.meaning);
        }
        if let Some(other) = &what.returns.other {
            let _ = writeln!(out, "- {}: {}", other.label(), other.meaning());
        }
    }
    if let Some(errors) = what.errors {
        let _ = write!(out, "\n# Errors\n\n{errors}\n");
    }
    let _ = write!(out, "\n# IRQL\n\nMay be called {}.\n", bounds::limit(what.range));
    if !plan.safety.is_empty() {
        out.push_str("\n# Safety\n\n");
        for demand in &plan.safety {
            let _ = writeln!(out, "- {demand}");
        }
    }
    tail(&mut out, what.page);
    out
}
