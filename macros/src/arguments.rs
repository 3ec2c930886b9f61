//! The arguments of the attribute: the callback, and where the crate `wsk` is.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Ident, LitStr, Path, Token};

use crate::catalog::CALLBACKS;
use crate::model::Callback;
use crate::report::{Report, nearest};

pub(crate) struct Arguments {
    /// `None` if it is unknown, which has been reported.
    pub(crate) callback: Option<&'static Callback>,
    /// The crate `wsk`.
    pub(crate) wsk: Path,
}

/// Reads them; what is wrong is reported, and the rest is read all the same.
pub(crate) fn read(tokens: TokenStream, report: &mut Report) -> Arguments {
    let mut arguments = Arguments { callback: None, wsk: syn::parse_quote!(::wsk) };
    let mut name: Option<Ident> = None;
    let parser = |input: ParseStream<'_>| -> syn::Result<()> {
        while !input.is_empty() {
            one(input, &mut name, &mut arguments, report)?;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    if let Err(error) = parser.parse2(tokens) {
        report.push(error);
        return arguments;
    }
    match name {
        None => report.push(syn::Error::new(
            Span::call_site(),
            format!("which callback? Write #[wsk_callback({})], or another of: {}", example(), names()),
        )),
        Some(name) => {
            let text = name.to_string();
            arguments.callback = CALLBACKS.iter().find(|c| c.name == text);
            if arguments.callback.is_none() {
                report.at(&name, unknown(&text));
            }
        }
    }
    arguments
}

fn one(input: ParseStream<'_>, name: &mut Option<Ident>, arguments: &mut Arguments, report: &mut Report) -> syn::Result<()> {
    if let Ok(text) = input.parse::<LitStr>() {
        report.at(&text, format!("write the name of the callback without quotes: {}", text.value()));
        *name = text.parse().ok().or(name.take());
        return Ok(());
    }
    let word = input.call(Ident::parse_any)?;
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        if word == "crate" {
            arguments.wsk = input.call(Path::parse_mod_style)?;
        } else {
            // Its value is skipped, so that what follows is read.
            let _: syn::Expr = input.parse()?;
            report.at(
                &word,
                format!("`wsk_callback` has no argument `{word}`: it takes the name of a callback, and `crate = path`"),
            );
        }
    } else if let Some(first) = name {
        report.at(
            &word,
            format!("`wsk_callback` has no argument `{word}`: one function is one callback, and this one is `{first}`"),
        );
    } else {
        *name = Some(word);
    }
    Ok(())
}

/// The message for a name that is no callback's.
fn unknown(name: &str) -> String {
    let like = nearest(name, CALLBACKS.iter().map(|c| c.name));
    // Also by the name of the type or of the trait.
    let by_type = CALLBACKS.iter().find(|c| c.typedef.eq_ignore_ascii_case(name) || c.trait_name == name).map(|c| c.name);
    match by_type.or(like) {
        Some(near) => format!("WSK has no event callback `{name}`; did you mean `{near}`?"),
        None => format!("WSK has no event callback `{name}`. Its callbacks: {}", names()),
    }
}

fn names() -> String {
    CALLBACKS.iter().map(|c| c.name).collect::<Vec<_>>().join(", ")
}

fn example() -> &'static str {
    CALLBACKS.first().map_or("", |c| c.name)
}
