//! A structure, its pointer types, and assertions of its layout.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::docs::{self, doc};
use super::{EmitError, FileBuilder, comment};
use crate::c::{CType, Record};
use crate::describe;
use crate::spec::{Layout, Spec, Struct};

pub(super) fn emit(structure: &Struct, spec: &Spec, file: &mut FileBuilder<'_>) -> Result<(), EmitError> {
    let name = &structure.page.name.value;
    file.own.insert(name.clone());
    let text = docs::structure(structure, spec);
    let explain = |field: &str| {
        structure.fields.iter().find(|f| f.name.value == field).map_or_else(String::new, |f| describe::field(f, structure))
    };
    record(file, name, &text, &structure.record, &explain)?;
    if structure.dispatch.is_some() {
        let ident = format_ident!("{name}");
        let safety = comment(
            "SAFETY: a dispatch table is only read once it is in use, and what it points to is the same for all threads.",
        );
        file.item(quote! {
            #safety
            unsafe impl Send for #ident {}

            #safety
            unsafe impl Sync for #ident {}
        });
    }
    if let Some(describes) = super::typed::describes(structure, file.names) {
        file.item(describes);
    }
    if let Some(list) = super::typed::list(structure, file.names) {
        file.item(list);
    }
    for pointer in structure.names.iter().filter(|n| n.name.value != *name) {
        let ident = format_ident!("{}", pointer.name.value);
        let ty = file.rust_type(&pointer.ty)?;
        let docs = doc(&format!("A pointer to [`{name}`]."));
        file.item(quote! { #docs pub type #ident = #ty; });
    }
    Ok(())
}

/// A structure or union; those written out inside it become types of their own.
fn record(
    file: &mut FileBuilder<'_>,
    name: &str,
    text: &str,
    record_: &Record,
    explain: &dyn Fn(&str) -> String,
) -> Result<(), EmitError> {
    let mut fields = Vec::new();
    let mut nested: Vec<(String, &Record)> = Vec::new();
    let mut names = Vec::new();
    for field in &record_.fields {
        let field_name = field.name.as_ref().map_or_else(|| unnamed(names.len()), |n| n.value.clone());
        let ident = format_ident!("{field_name}");
        let ty = nested_type(file, &field.ty, name, &mut nested)?;
        let explanation = match explain(&field_name) {
            text if text.is_empty() => format!("`{field_name}`"),
            text => text,
        };
        let docs = doc(&explanation);
        fields.push(quote! { #docs pub #ident: #ty });
        names.push(field_name);
    }
    let docs = doc(text);
    let ident = format_ident!("{name}");
    let keyword = if record_.is_union {
        quote! { union }
    } else {
        quote! { struct }
    };
    file.item(quote! {
        #docs
        #[repr(C)]
        #[derive(Clone, Copy)]
        pub #keyword #ident { #(#fields),* }
    });
    let safety = comment(
        "SAFETY: every field is a number, a raw pointer, a nullable function pointer or made of these, and zero is a value of them all.",
    );
    file.item(quote! {
        impl Default for #ident {
            fn default() -> Self {
                #safety
                unsafe { core::mem::zeroed() }
            }
        }
    });
    for assertion in assertions(file, name, record_, &names)? {
        file.item(assertion);
    }
    for (nested_name, inner) in nested {
        file.own.insert(nested_name.clone());
        record(file, &nested_name, &format!("Written out inside [`{name}`]."), inner, &|_| String::new())?;
    }
    Ok(())
}

fn unnamed(at: usize) -> String {
    if at == 0 { "Anonymous".to_owned() } else { format!("Anonymous{at}") }
}

/// The type of a field, where a structure written out in place gets a name from its owner.
fn nested_type<'r>(
    file: &mut FileBuilder<'_>,
    ty: &'r CType,
    owner: &str,
    nested: &mut Vec<(String, &'r Record)>,
) -> Result<TokenStream, EmitError> {
    match ty {
        CType::Record(record) => {
            let name = format!("{owner}_{}", nested.len());
            let ident = format_ident!("{name}");
            nested.push((name, record));
            Ok(quote! { #ident })
        }
        CType::Array { of, len } if matches!(**of, CType::Record(_)) => {
            let of = nested_type(file, of, owner, nested)?;
            let len = len.as_ref().map_or(Ok(0), |l| file.names.eval(l)).map_err(|_| EmitError::Type(ty.spelling()))?;
            let len = Literal::u64_unsuffixed(len);
            Ok(quote! { [#of; #len] })
        }
        _ => file.rust_type(ty),
    }
}

/// The layout of the C compiler, held against Rust's for both pointer widths.
fn assertions(file: &FileBuilder<'_>, name: &str, record: &Record, fields: &[String]) -> Result<[TokenStream; 2], EmitError> {
    let layout = file.names.record_layout(record).map_err(|_| EmitError::Type(name.to_owned()))?;
    let ident = format_ident!("{name}");
    // Two arrays of different lengths: the compiler's message then has the length that is and the length that should be.
    let one = |whole: Layout, offsets: Vec<u64>, condition: TokenStream| {
        let (size, align) = (Literal::u64_unsuffixed(whole.size), Literal::u64_unsuffixed(whole.align));
        let offsets = fields.iter().zip(offsets).map(|(field, offset)| {
            let (field, offset) = (format_ident!("{field}"), Literal::u64_unsuffixed(offset));
            quote! { const _: [(); #offset] = [(); core::mem::offset_of!(#ident, #field)]; }
        });
        quote! {
            #[cfg(#condition)]
            const _: () = {
                const _: [(); #size] = [(); size_of::<#ident>()];
                const _: [(); #align] = [(); align_of::<#ident>()];
                #(#offsets)*
            };
        }
    };
    let wide = one(layout.whole.wide, layout.offsets.iter().map(|o| o.0).collect(), quote! { target_pointer_width = "64" });
    // Numbers of 64 bits are aligned to 8 bytes on 32-bit Windows, which other 32-bit systems do not do.
    let narrow = if layout.whole.narrow.align > 4 {
        quote! { all(target_pointer_width = "32", windows) }
    } else {
        quote! { target_pointer_width = "32" }
    };
    let narrow = one(layout.whole.narrow, layout.offsets.iter().map(|o| o.1).collect(), narrow);
    Ok([wide, narrow])
}
