//! The bounds of wrappers: at which level, and on which kinds of sockets. Their messages name the API.

use std::fmt::Write as _;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

pub(super) use crate::describe::limit;
use crate::emit::docs::doc;
use crate::emit::{EmitError, Item};
use crate::facts::{Level, LevelRange};
use crate::spec::SocketKind;

/// The level type that a token for the highest level allowed has.
pub(super) fn level_type(range: LevelRange) -> Ident {
    match range.max {
        Level::Passive => format_ident!("Passive"),
        Level::Apc => format_ident!("Apc"),
        Level::Dispatch | Level::Dirql | Level::High => format_ident!("Dispatch"),
    }
}

/// The trait of the levels at which something may be called. There is one for each wrapper, so they are written as they should look.
pub(super) fn levels(ident: &Ident, what: &str, range: LevelRange) -> Result<Item, EmitError> {
    if range.min.is_some() {
        return Err(EmitError::Type(format!("{what}: a token proves a highest level, not a lowest, so {}", range.spelling())));
    }
    let mut out = format!(
        "/// The levels that {what} may be called at: {}.\n\
         #[diagnostic::on_unimplemented(\n    message = \"{what} must be called {}; this code may run at `{{Self}}`\",\n    \
         label = \"this token stands for `{{Self}}`\",\n    \
         note = \"the level in angle brackets is the highest at which the holder of the token may run\"\n)]\n\
         pub trait {ident}: crate::Level {{}}\n\n",
        range.spelling(),
        limit(range)
    );
    for (level, name) in [(Level::Passive, "Passive"), (Level::Apc, "Apc"), (Level::Dispatch, "Dispatch")] {
        if level <= range.max {
            let _ = writeln!(out, "impl {ident} for crate::{name} {{}}");
        }
    }
    Ok(Item::Text(out))
}

/// The assertion of the level at run time; none where every level will do.
pub(super) fn assertion(range: LevelRange, what: &str) -> Option<TokenStream> {
    let level = level_type(range);
    (range.max <= Level::Dispatch).then(|| quote! { crate::assert_at_most::<crate::#level>(#what); })
}

/// `Connection`.
pub(super) fn kind_type(kind: SocketKind) -> Ident {
    format_ident!("{}", crate::facts::camel_case(kind.as_str()))
}

/// `connection and stream sockets`.
pub(super) fn kinds_text(kinds: &[SocketKind]) -> String {
    let words: Vec<&str> = kinds.iter().map(|k| k.as_str()).collect();
    match words.as_slice() {
        [] => "no socket".to_owned(),
        [one] => format!("{one} sockets"),
        [first @ .., last] => format!("{} and {last} sockets", first.join(", ")),
    }
}

/// The attribute and head of the trait of the kinds of sockets that have something.
pub(super) fn kinds(
    ident: &Ident,
    what: &str,
    kinds: &[SocketKind],
    supertrait: &TokenStream,
    items: &TokenStream,
) -> TokenStream {
    let text = kinds_text(kinds);
    let docs = doc(&format!("The kinds of sockets that have {what}: {text}."));
    let message = format!("`{{Self}}` sockets do not have {what}");
    let label = format!("only {text} have {what}");
    quote! {
        #docs
        #[diagnostic::on_unimplemented(message = #message, label = #label)]
        pub trait #ident: #supertrait { #items }
    }
}
