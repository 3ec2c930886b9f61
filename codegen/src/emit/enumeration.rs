//! An enumeration, as an integer with names: a value that a later kernel adds is still a value.

use proc_macro2::Literal;
use quote::{format_ident, quote};

use super::FileBuilder;
use super::docs::{self, doc};
use crate::spec::Enum;

pub(super) fn emit(enumeration: &Enum, file: &mut FileBuilder<'_>) {
    let name = &enumeration.page.name.value;
    file.own.insert(name.clone());
    let ident = format_ident!("{name}");
    let mut text =
        format!("{}\n\nAn integer, not a Rust `enum`: a value without a name here is still a value.\n", enumeration.page.summary);
    docs::tail(&mut text, &enumeration.page);
    let type_docs = doc(&text);
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
        let meaning = enumeration.variants.iter().find(|v| v.name.value == variant.name.value).map_or("", |v| v.meaning.as_str());
        let docs = doc(meaning);
        file.item(quote! { #docs pub const #variant_ident: #ident = #ident(#value); });
    }
    for pointer in enumeration.names.iter().filter(|n| n.name.value != *name) {
        let pointer_ident = format_ident!("{}", pointer.name.value);
        let docs = doc(&format!("A pointer to [`{name}`]."));
        file.item(quote! { #docs pub type #pointer_ident = *mut #ident; });
    }
}
