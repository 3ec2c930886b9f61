//! The flags of one parameter of one API, as a type of their own: flags of another API do not fit.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::naming;
use crate::c::CType;
use crate::emit::docs::doc;
use crate::emit::{EmitError, Item};
use crate::spec::{Api, Combine, Named, Names, ValueTable};

pub(super) fn emit(api: &Api, names: &Names<'_>) -> Result<Vec<Item>, EmitError> {
    let mut items = Vec::new();
    for table in api.values.iter().filter(|t| t.combine == Combine::Any) {
        let ty = api.param_type(&table.of).ok_or_else(|| EmitError::Type(table.of.value.clone()))?;
        let raw = format!("sys::{}", api.key());
        let about = format!("Flags of `{}`, parameter `{}`; see [`{raw}`](crate::{raw}).", api.page.name, table.of);
        let ident = naming::flags_type(&naming::base(api), &table.of);
        items.extend(one(&ident, &about, table, ty, names)?);
    }
    Ok(items)
}

/// The number type of the flags: theirs, or, for flags that come back, that of what is pointed to.
pub(super) fn scalar<'s>(ty: &CType, names: &Names<'s>) -> Option<&'s str> {
    match ty {
        CType::Pointer { to, .. } => scalar(to, names),
        CType::Named(name) => match names.named(name)? {
            Named::Scalar(rust) => Some(rust),
            Named::Alias(ty) => scalar(ty, names),
            _ => None,
        },
        _ => None,
    }
}

/// The type for the flags of a table.
pub(super) fn one(ident: &str, about: &str, table: &ValueTable, ty: &CType, names: &Names<'_>) -> Result<Vec<Item>, EmitError> {
    let bits = scalar(ty, names).ok_or_else(|| EmitError::Type(ty.spelling()))?;
    Ok(if table.is_exclusive() {
        choice(ident, bits, about, table).into_iter().map(Item::from).collect()
    } else {
        vec![Item::Text(set(ident, bits, about, table))]
    })
}

/// Flags that go together: a type of the `bitflags` crate. Its macro's body is written here as it should look.
fn set(ident: &str, bits: &str, about: &str, table: &ValueTable) -> String {
    let mut out = String::from("bitflags::bitflags! {\n");
    let _ = write!(
        out,
        "    /// {about}\n    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]\n    #[repr(transparent)]\n    pub struct {ident}: {bits} {{\n"
    );
    for row in &table.rows {
        let flag = naming::flag(&row.constant);
        let _ =
            write!(out, "        /// `{0}`: {1}\n        const {flag} = crate::sys::{0} as {bits};\n", row.constant, row.meaning);
    }
    // Bits that a later kernel sets are kept.
    out.push_str("        const _ = !0;\n    }\n}\n");
    out
}

/// Flags of which at most one is given: a type without a way to join them.
fn choice(ident: &str, bits: &str, about: &str, table: &ValueTable) -> [TokenStream; 2] {
    let (ident, bits) = (format_ident!("{ident}"), format_ident!("{bits}"));
    let docs = doc(&format!("{about}\n\nThey exclude each other, so there is no way to join them."));
    let constants = table.rows.iter().map(|row| {
        let flag = format_ident!("{}", naming::flag(&row.constant));
        let constant = format_ident!("{}", row.constant.value);
        let docs = doc(&format!("`{}`: {}", row.constant, row.meaning));
        quote! { #docs pub const #flag: Self = Self(crate::sys::#constant as #bits); }
    });
    let declaration = quote! {
        #docs
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[repr(transparent)]
        pub struct #ident(#bits);
    };
    let own = quote! {
        impl #ident {
            #(#constants)*

            /// No flag.
            #[must_use]
            pub const fn empty() -> Self {
                Self(0)
            }

            /// The flag as the kernel wants it.
            #[must_use]
            pub const fn bits(self) -> #bits {
                self.0
            }
        }
    };
    [declaration, own]
}
