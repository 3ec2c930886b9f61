//! An enumeration, as an integer with names: a value that a later kernel adds is still a value.

use proc_macro2::Literal;
use quote::{format_ident, quote};

use super::FileBuilder;
use super::docs::{self, doc};
use crate::describe;
use crate::spec::{Enum, Spec};

pub(super) fn emit(enumeration: &Enum, spec: &Spec, file: &mut FileBuilder<'_>) {
    let name = &enumeration.page.name.value;
    file.own.insert(name.clone());
    let ident = format_ident!("{name}");
    let type_docs = doc(&docs::enumeration(enumeration, spec));
    file.item(quote! {
        #type_docs
        #[repr(transparent)]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct #ident(
            #[doc = " The value."]
            pub i32
        );
    });
    for (at, variant) in enumeration.enumeration.variants.iter().enumerate() {
        // `lint` has shown that every enumerator has a value that fits.
        let value = file.names.variant(enumeration, at).unwrap_or_default();
        let value = Literal::u64_unsuffixed(value);
        let variant_ident = format_ident!("{}", variant.name.value);
        let row = enumeration.variants.iter().find(|v| v.name.value == variant.name.value);
        let docs = doc(&row.map_or_else(String::new, describe::variant));
        file.item(quote! { #docs pub const #variant_ident: #ident = #ident(#value); });
    }
    for pointer in enumeration.names.iter().filter(|n| n.name.value != *name) {
        let pointer_ident = format_ident!("{}", pointer.name.value);
        let docs = doc(&format!("A pointer to [`{name}`]."));
        file.item(quote! { #docs pub type #pointer_ident = *mut #ident; });
    }
}
