//! The attribute: a function in, the callback out.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{ItemFn, Path, Safety, Type, Visibility};

use crate::model::{Callback, Given};
use crate::report::Report;
use crate::signature::Function;
use crate::types::qualified;
use crate::{arguments, body, raw, signature};

pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let arguments = arguments::read(attribute, &mut report);
    let function: ItemFn = match syn::parse2(item) {
        Ok(function) => function,
        Err(error) => {
            report.push(syn::Error::new(error.span(), format!("`wsk_callback` belongs above a function: {error}")));
            return report.into_tokens().unwrap_or_default();
        }
    };
    let Some(callback) = arguments.callback else {
        // Nothing is known of what it should be; its own mistakes are the compiler's to find.
        let errors = report.into_tokens();
        return quote! { #errors #function };
    };
    let wsk = &arguments.wsk;
    if matches!(function.sig.safety, Safety::Unsafe(_)) {
        let made = raw::expand(function, callback, wsk, &mut report);
        return report.into_tokens().unwrap_or(made);
    }
    let checked = signature::check(&function, callback, &mut report);
    body::check(&function.block, callback, &mut report);
    match report.into_tokens() {
        None => {
            let made = implementation(&function, &checked, callback, wsk);
            quote! { #function #made }
        }
        // The type is made all the same, so that a table that names it adds no mistake of its own.
        Some(errors) => {
            let stub = stub(&function, checked.context, callback, wsk);
            quote! { #errors #stub }
        }
    }
}

/// The conditions under which the function is there, which hold for all that is made of it.
pub(crate) fn conditions(function: &ItemFn) -> TokenStream {
    let conditions = function.attrs.iter().filter(|a| a.path().is_ident("cfg"));
    quote! { #(#conditions)* }
}

/// The type that stands for the function in a table.
fn declaration(function: &ItemFn, callback: &Callback) -> TokenStream {
    let (vis, ident): (&Visibility, _) = (&function.vis, &function.sig.ident);
    let docs = format!(
        "The function of this name as `{}`, for a table of callbacks ({}). {}",
        callback.name, callback.table, callback.summary
    );
    let conditions = conditions(function);
    quote! {
        #conditions
        #[doc = #docs]
        #[allow(non_camel_case_types)]
        #vis enum #ident {}
    }
}

/// The head of the method that the crate `wsk` calls, with names for its parameters.
fn method(callback: &Callback, wsk: &Path) -> (TokenStream, Vec<syn::Ident>) {
    let (method, answer, level) =
        (format_ident!("{}", callback.method), format_ident!("{}", callback.answer), format_ident!("{}", callback.level));
    let types: Vec<TokenStream> = callback
        .params
        .iter()
        .filter_map(|p| if let Given::As { ty, .. } = p.given { Some(qualified(ty, wsk)) } else { None })
        .collect();
    let names: Vec<syn::Ident> = (0..types.len()).map(|i| format_ident!("given_{i}")).collect();
    let head = quote! {
        #[inline]
        #[allow(unused_variables)]
        fn #method(context: &Self::Context, #(#names: #types,)* irql: &mut #wsk::Irql<#wsk::#level>) -> #wsk::#answer
    };
    (head, names)
}

fn implementation(function: &ItemFn, checked: &Function<'_>, callback: &Callback, wsk: &Path) -> TokenStream {
    let ident = &function.sig.ident;
    let (_, names) = method(callback, wsk);
    // An argument that is not of the function's type is reported at that type.
    let at = |name: &syn::Ident, ty: &Type| {
        let span = ty.span();
        let mut name = name.clone();
        name.set_span(span.resolved_at(name.span()));
        quote_spanned! { span=> #name }
    };
    let given = names.iter().zip(&checked.given).map(|(name, ty)| at(name, ty));
    let token = checked.wants_token.map(|ty| at(&format_ident!("irql"), ty));
    let span = checked.answer.map_or_else(|| ident.span(), |ty| ty.span());
    // Names are those of the method around it, wherever the function was written.
    let context_name = format_ident!("context");
    let call = quote_spanned! { span=> #ident(#context_name, #(#given,)* #token) };
    implement(function, checked.context, callback, wsk, &call)
}

/// The type, so that whatever names it finds it, and of the implementation what is known.
fn stub(function: &ItemFn, context: Option<&Type>, callback: &Callback, wsk: &Path) -> TokenStream {
    match context {
        None => declaration(function, callback),
        context => implement(function, context, callback, wsk, &quote! { ::core::unreachable!() }),
    }
}

fn implement(function: &ItemFn, context: Option<&Type>, callback: &Callback, wsk: &Path, body: &TokenStream) -> TokenStream {
    let (declaration, conditions) = (declaration(function, callback), conditions(function));
    let (ident, trait_name) = (&function.sig.ident, format_ident!("{}", callback.trait_name));
    let (head, _) = method(callback, wsk);
    let message = format!(
        "the context of {} is used by callbacks on several threads, until the socket is closed: it must be `Send + Sync + 'static`. Put what \
         changes behind a `SpinLock` or an atomic",
        callback.name
    );
    let span = context.map_or_else(proc_macro2::Span::call_site, |ty| ty.span());
    let is_context = quote_spanned! { span=> ::core::assert!(<#wsk::support::Probe<#context>>::IS_CONTEXT, #message); };
    quote! {
        #declaration

        #conditions
        const _: () = {
            #[allow(unused_imports)]
            use #wsk::support::NoContextType as _;
            #is_context
        };

        #conditions
        impl #wsk::#trait_name for #ident {
            type Context = #context;

            #head {
                #body
            }
        }
    }
}
