//! The raw form: a function of exactly the type in the C interface.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{ItemFn, Path, ReturnType, Type};

use crate::callback::conditions;
use crate::model::{Callback, Param};
use crate::report::Report;
use crate::signature::{check_kind, typed};
use crate::types::{plain, plain_of, qualified, shown};

/// Checks the function, and makes it one that WSK can call.
pub(crate) fn expand(mut function: ItemFn, callback: &Callback, wsk: &Path, report: &mut Report) -> TokenStream {
    let name = callback.name;
    check_kind(&function, name, report);
    match &function.sig.abi {
        None => function.sig.abi = Some(syn::parse_quote!(extern "system")),
        Some(abi) if abi.name.as_ref().is_some_and(|n| n.value() == "system") => {}
        Some(abi) => report.at(abi, format!("WSK calls {name} by the convention of the system: write `extern \"system\"`")),
    }
    let checks = check_types(&function, callback, wsk, report);
    let (level, pfn, ident) = (format_ident!("{}", callback.level), format_ident!("{}", callback.typedef), &function.sig.ident);
    let span = ident.span();
    let is_it = quote_spanned! { span=> const _: #wsk::sys::#pfn = ::core::option::Option::Some(#ident); };
    let statements = &function.block.stmts;
    let body = quote! {
        {
            #wsk::assert_at_most::<#wsk::#level>(#name);
            #(#statements)*
        }
    };
    let ItemFn { attrs, vis, sig, .. } = &function;
    let conditions = conditions(&function);
    quote! {
        #(#attrs)*
        #vis #sig #body

        #conditions
        const _: () = {
            #checks
            #is_it
        };
    }
}

/// Parameters and answer against those of C: by their names where they can be told, and by the compiler.
fn check_types(function: &ItemFn, callback: &Callback, wsk: &Path, report: &mut Report) -> TokenStream {
    let name = callback.name;
    let params = typed(function);
    let mut checks = TokenStream::new();
    let same = |ty: &str, param: &Param| ty == plain_of(param.raw) || ty == param.c_type.replace(' ', "");
    for (i, param) in params.iter().enumerate() {
        let own = plain(&param.ty);
        let Some(expected) = callback.params.get(i) else {
            report.at(param, format!("{name} has {} parameters: remove this one\n{}", callback.params.len(), usage(callback)));
            continue;
        };
        if same(&own, expected) {
            continue;
        }
        let text = format!("`{}` of {name} ({}) is `{}`", expected.name, expected.direction, shown(expected.raw));
        if callback.params.iter().any(|p| same(&own, p)) {
            report.at(&param.ty, format!("{text}; parameters are swapped, or one is missing before it\n{}", usage(callback)));
            continue;
        }
        checks.extend(is_exactly(&param.ty, expected.raw, wsk));
    }
    for lost in callback.params.iter().skip(params.len()) {
        let message = format!(
            "{name} also has `{}: {}` ({}): {}\n{}",
            lost.name,
            shown(lost.raw),
            lost.direction,
            lost.meaning,
            usage(callback)
        );
        report.push(syn::Error::new(function.sig.paren_token.span.close(), message));
    }
    match &function.sig.output {
        ReturnType::Default => {
            let message = format!("{name} returns a status: write `-> {}`", shown(callback.raw_answer));
            report.push(syn::Error::new(function.sig.paren_token.span.close(), message));
        }
        ReturnType::Type(_, ty) if plain(ty) == plain_of(callback.raw_answer) => {}
        ReturnType::Type(_, ty) => checks.extend(is_exactly(ty, callback.raw_answer, wsk)),
    }
    checks
}

/// Lets the compiler compare two types, and report at the driver's.
fn is_exactly(ty: &Type, expected: &str, wsk: &Path) -> TokenStream {
    let (span, right) = (ty.span(), qualified(expected, wsk));
    quote_spanned! { span=> const _: fn(#ty) -> #right = |value| value; }
}

/// How the function is to be written.
fn usage(callback: &Callback) -> String {
    let params: Vec<String> = callback.params.iter().map(|p| format!("{}: {}", p.name, shown(p.raw))).collect();
    format!("{}: unsafe fn name({}) -> {}", callback.name, params.join(", "), shown(callback.raw_answer))
}
