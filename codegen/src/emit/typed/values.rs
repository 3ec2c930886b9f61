//! The constants of which a parameter takes one, as a type of their own.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::naming;
use super::shape::{self, Shape};
use crate::c::CType;
use crate::emit::EmitError;
use crate::emit::docs::doc;
use crate::spec::{Api, Combine, Names, Spec, ValueTable};

/// A constant and its meaning.
pub(super) struct Choice<'a> {
    pub(super) constant: &'a str,
    pub(super) meaning: String,
}

pub(super) fn emit(api: &Api, spec: &Spec, names: &Names<'_>) -> Result<Vec<TokenStream>, EmitError> {
    let mut items = Vec::new();
    for table in api.values.iter().filter(|t| t.combine == Combine::One && !spec.names_categories(t)) {
        let ident = format_ident!("{}", naming::value_type(&naming::base(api), &table.of));
        let ty = api.param_type(&table.of).ok_or_else(|| EmitError::Type(table.of.value.clone()))?;
        let about = format!("Values of `{}`, parameter `{}`.", api.page.name, table.of);
        items.extend(one(&ident, &about, &choices(table), table.other.as_ref().map(|o| o.as_str()), ty, names)?);
    }
    Ok(items)
}

/// The constants of a table.
pub(super) fn choices(table: &ValueTable) -> Vec<Choice<'_>> {
    table.rows.iter().map(|r| Choice { constant: &r.constant, meaning: r.meaning.value.clone() }).collect()
}

/// An enumeration; where other values are allowed, a number with names for these.
pub(super) fn one(
    ident: &Ident,
    about: &str,
    choices: &[Choice<'_>],
    other: Option<&str>,
    ty: &CType,
    names: &Names<'_>,
) -> Result<Vec<TokenStream>, EmitError> {
    let shape = shape::shape(ty, names)?;
    let raw = match &shape {
        Shape::Number(number) => quote! { #number },
        Shape::Enumeration(path) => path.clone(),
        _ => return Err(EmitError::Type(ty.spelling())),
    };
    let all: Vec<&str> = choices.iter().map(|c| c.constant).collect();
    let raw_docs = doc("The value as the kernel wants it.");
    if let Some(other) = other {
        let docs = doc(&format!("{about}\n\nOther values are allowed: {other}"));
        let constants = choices.iter().map(|c| {
            let name = format_ident!("{}", naming::distinct_words(&all, c.constant).to_uppercase());
            let value = super::params::constant(c.constant, &shape);
            let docs = doc(&format!("`{}`: {}", c.constant, c.meaning));
            quote! { #docs pub const #name: Self = Self(#value); }
        });
        return Ok(vec![
            quote! {
                #docs
                #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
                #[repr(transparent)]
                pub struct #ident(pub #raw);
            },
            quote! {
                impl #ident {
                    #(#constants)*

                    #raw_docs
                    #[must_use]
                    #[inline]
                    pub const fn raw(self) -> #raw {
                        self.0
                    }
                }
            },
        ]);
    }
    let docs = doc(about);
    let variants: Vec<Ident> = choices
        .iter()
        .map(|c| format_ident!("{}", crate::facts::camel_case(&naming::distinct_words(&all, c.constant).to_uppercase())))
        .collect();
    let variant_docs = choices.iter().map(|c| doc(&format!("`{}`: {}", c.constant, c.meaning)));
    let values = choices.iter().map(|c| super::params::constant(c.constant, &shape));
    Ok(vec![
        quote! {
            #docs
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub enum #ident { #(#variant_docs #variants),* }
        },
        quote! {
            impl #ident {
                #raw_docs
                #[must_use]
                #[inline]
                pub const fn raw(self) -> #raw {
                    match self { #(Self::#variants => #values),* }
                }
            }
        },
    ])
}
