//! What an API returns, as a type of its own.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::naming;
use crate::c::CType;
use crate::emit::EmitError;
use crate::emit::docs::doc;
use crate::facts::{ApiKind, camel_case};
use crate::spec::{Api, Code, Named, Names};

/// The raw type, its constants and how the variants are called.
enum Raw {
    /// NTSTATUS.
    Status,
    /// An enumeration of the interface, by its name.
    Enumeration(proc_macro2::Ident),
}

/// The type for a set of codes.
pub(super) struct Set<'a> {
    /// `ConnectStatus`.
    pub(super) ident: proc_macro2::Ident,
    /// The first sentence of its documentation.
    pub(super) about: String,
    /// Why it must be used.
    pub(super) reason: &'static str,
    /// The codes.
    pub(super) codes: Vec<&'a Code>,
    /// What other codes mean, where there may be others.
    pub(super) other: Option<&'a str>,
}

pub(super) fn emit(api: &Api, names: &Names<'_>) -> Result<Vec<TokenStream>, EmitError> {
    if api.signature.ret.is_void() {
        return Ok(Vec::new());
    }
    let name = &api.page.name;
    let raw = format!("sys::{}", api.key());
    let (about, reason) = match api.kind.value {
        ApiKind::Callback => (
            format!("What the event callback `{name}` answers; see [`{raw}`](crate::{raw})."),
            "an answer that is not returned answers nothing",
        ),
        ApiKind::Function | ApiKind::Export => (format!("What `{name}` returned; see [`{raw}`](crate::{raw})."), RETURNED),
    };
    let set = Set {
        ident: type_name(api),
        about,
        reason,
        codes: api.returns.codes.iter().collect(),
        other: api.returns.other.as_ref().map(|o| o.as_str()),
    };
    one(&set, &api.signature.ret, names)
}

/// Why the outcome of a call must be used.
pub(super) const RETURNED: &str = "a status says whether the call did anything, or has yet to";

/// The type for a set of codes of a type.
pub(super) fn one(set: &Set<'_>, ret: &CType, names: &Names<'_>) -> Result<Vec<TokenStream>, EmitError> {
    let enumeration = match ret {
        CType::Named(name) => match names.named(name) {
            Some(Named::Enum(found)) => Some(found),
            Some(Named::External(..)) => None,
            _ => return Err(EmitError::Type(ret.spelling())),
        },
        _ => return Err(EmitError::Type(ret.spelling())),
    };
    let raw = enumeration.map_or(Raw::Status, |e| Raw::Enumeration(format_ident!("{}", e.page.name.value)));
    let variants: Vec<(proc_macro2::Ident, proc_macro2::Ident, String)> = set
        .codes
        .iter()
        .map(|code| {
            let variant = match enumeration {
                Some(e) => {
                    let all: Vec<&str> = e.enumeration.variants.iter().map(|v| v.name.as_str()).collect();
                    camel_case(&naming::distinct_words(&all, &code.name).to_uppercase())
                }
                None => naming::status_variant(&code.name),
            };
            (format_ident!("{variant}"), format_ident!("{}", code.name.value), format!("`{}`: {}", code.name, code.meaning))
        })
        .collect();
    let mut items = vec![declaration(set, &variants)];
    items.extend(conversions(set, &raw, &variants));
    Ok(items)
}

/// `ConnectStatus`.
pub(super) fn type_name(api: &Api) -> proc_macro2::Ident {
    format_ident!("{}Status", naming::base(api))
}

fn declaration(set: &Set<'_>, variants: &[(proc_macro2::Ident, proc_macro2::Ident, String)]) -> TokenStream {
    let (ident, reason) = (&set.ident, set.reason);
    let others = if set.other.is_some() {
        "The documentation leaves the set open: any other status is kept as it is."
    } else {
        "The documentation names these and no others."
    };
    let docs = doc(&format!("{}\n\n{others}", set.about));
    let variant_items = variants.iter().map(|(variant, _, meaning)| {
        let docs = doc(meaning);
        quote! { #docs #variant }
    });
    let other = set.other.map(|meaning| {
        let docs = doc(&format!("Any other status: {meaning}"));
        quote! { #docs Other(crate::NtStatus) }
    });
    let variant_items = variant_items.chain(other);
    quote! {
        #docs
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[must_use = #reason]
        pub enum #ident { #(#variant_items),* }
    }
}

fn conversions(set: &Set<'_>, raw: &Raw, variants: &[(proc_macro2::Ident, proc_macro2::Ident, String)]) -> [TokenStream; 3] {
    let ident = &set.ident;
    let open = set.other.is_some();
    let (raw_type, subject, value) = match raw {
        Raw::Status => (quote! { crate::NtStatus }, quote! { status.0 }, "status"),
        Raw::Enumeration(name) => (quote! { crate::sys::#name }, quote! { status }, "value"),
    };
    let from_arms = variants.iter().map(|(variant, constant, _)| {
        let result = if open {
            quote! { Self::#variant }
        } else {
            quote! { Some(Self::#variant) }
        };
        quote! { crate::sys::#constant => #result }
    });
    let into_arms = variants.iter().map(|(variant, constant, _)| match raw {
        Raw::Status => quote! { Self::#variant => crate::NtStatus(crate::sys::#constant) },
        Raw::Enumeration(_) => quote! { Self::#variant => crate::sys::#constant },
    });
    let into_docs = doc(&format!("The {value} that it stands for."));
    let (from, from_trait) = if open {
        let docs = doc("What a status means here.");
        (
            quote! {
                #docs
                #[inline]
                pub const fn from_status(status: #raw_type) -> Self {
                    match #subject { #(#from_arms,)* _ => Self::Other(status) }
                }
            },
            quote! {
                impl From<#raw_type> for #ident {
                    fn from(status: #raw_type) -> Self {
                        Self::from_status(status)
                    }
                }
            },
        )
    } else {
        let docs = doc(&format!("What a {value} means here; `None` for one that the documentation does not name."));
        (
            quote! {
                #docs
                #[must_use]
                #[inline]
                pub const fn from_status(status: #raw_type) -> Option<Self> {
                    match #subject { #(#from_arms,)* _ => None }
                }
            },
            quote! {
                impl TryFrom<#raw_type> for #ident {
                    type Error = #raw_type;

                    fn try_from(status: #raw_type) -> Result<Self, #raw_type> {
                        Self::from_status(status).ok_or(status)
                    }
                }
            },
        )
    };
    let other_arm = open.then(|| quote! { Self::Other(status) => status });
    let into_arms = into_arms.chain(other_arm);
    let must_use = matches!(raw, Raw::Enumeration(_)).then(|| quote! { #[must_use] });
    let own = quote! {
        impl #ident {
            #from

            #into_docs
            #must_use
            #[inline]
            pub const fn status(self) -> #raw_type {
                match self { #(#into_arms),* }
            }
        }
    };
    let into = quote! {
        impl From<#ident> for #raw_type {
            fn from(status: #ident) -> Self {
                status.status()
            }
        }
    };
    [own, from_trait, into]
}
