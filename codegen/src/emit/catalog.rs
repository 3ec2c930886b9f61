//! The catalog of event callbacks that `#[wsk_callback]` checks functions against.

use quote::{ToTokens as _, quote};

use super::typed::{Body, Receivers, flag_name, status_variant};
use super::{EmitError, FOLDER, Failure, OutputFile, render, typed};
use crate::facts::ApiKind;
use crate::spec::{Api, Names, Spec};

/// Emits the catalog: the contents of `macros/src/catalog.rs`.
///
/// # Errors
/// Where a callback cannot be put into Rust.
pub fn catalog(spec: &Spec) -> Result<OutputFile, Failure> {
    let names = Names::new(spec);
    let receivers = Receivers::new(spec, &names);
    let callbacks = spec
        .apis
        .iter()
        .filter(|api| api.kind.value == ApiKind::Callback)
        .map(|api| one(api, spec, &names, &receivers).map_err(|error| Failure { at: Some(api.page.name.span), error }))
        .collect::<Result<Vec<_>, _>>()?;
    let levels = ["Passive", "Apc", "Dispatch"];
    let items = [
        quote! {
            //! What the documentation says of each event callback, as far as a driver's function can get it wrong.

            use crate::model::{Callback, Code, Flag, Given, Param};
        }
        .into(),
        quote! {
            /// The levels that tokens stand for, lowest first.
            pub(crate) const LEVELS: &[&str] = &[#(#levels),*];
        }
        .into(),
        quote! {
            /// The event callbacks, in the order of their names.
            pub(crate) const CALLBACKS: &[Callback] = &[#(#callbacks),*];
        }
        .into(),
    ];
    Ok(render("catalog.rs".to_owned(), &format!("{FOLDER}/callbacks"), &items)?)
}

fn one<'s>(
    api: &'s Api,
    spec: &'s Spec,
    names: &Names<'s>,
    receivers: &Receivers<'s>,
) -> Result<proc_macro2::TokenStream, EmitError> {
    let body = Body::of(api, spec, names, receivers)?;
    let name = &api.page.name.value;
    let key = api.key();
    let table = &body.table.page.name.value;
    let summary = &api.page.summary.value;
    let (trait_name, method, answer) = (body.trait_name().to_string(), body.method().to_string(), body.answer().to_string());
    let (level, called) = (body.level().to_string(), body.called_at());
    let params = api.params.iter().map(|param| {
        let (c_name, meaning) = (&param.name.value, &param.meaning.value);
        let direction = param.direction_text();
        let ty = api.param_type(&param.name).ok_or_else(|| EmitError::Type(c_name.clone()))?;
        let (c_type, raw) = (ty.spelling(), written(&typed::rust_type(ty, names)?));
        let flags = api.values.iter().filter(|t| t.of.value == *c_name).flat_map(|t| &t.rows).map(|row| {
            let (constant, meaning) = (&row.constant.value, &row.meaning.value);
            let name = flag_name(constant);
            let level = match row.level.as_ref().map(|l| l.value.spelling()) {
                Some(level) => quote! { Some(#level) },
                None => quote! { None },
            };
            quote! { Flag { constant: #constant, name: #name, meaning: #meaning, level: #level } }
        });
        let given = body.params.iter().find(|p| p.param.name.value == *c_name);
        let given = match given {
            Some(given) => {
                let (name, ty) = (given.name.to_string(), written(&given.ty));
                quote! { Given::As { name: #name, ty: #ty } }
            }
            None if body.context.name.value == *c_name => quote! { Given::Context },
            None => quote! { Given::Elsewhere },
        };
        Ok(quote! {
            Param {
                name: #c_name,
                c_type: #c_type,
                raw: #raw,
                direction: #direction,
                meaning: #meaning,
                flags: &[#(#flags),*],
                given: #given,
            }
        })
    });
    let params = params.collect::<Result<Vec<_>, EmitError>>()?;
    let codes = api.returns.codes.iter().map(|code| {
        let (status, meaning) = (&code.name.value, &code.meaning.value);
        let variant = status_variant(status, &api.signature.ret, names)?;
        Ok(quote! { Code { name: #status, variant: #variant, meaning: #meaning } })
    });
    let codes = codes.collect::<Result<Vec<_>, EmitError>>()?;
    let ret = written(&typed::rust_type(&api.signature.ret, names)?);
    Ok(quote! {
        Callback {
            name: #name,
            typedef: #key,
            table: #table,
            summary: #summary,
            trait_name: #trait_name,
            method: #method,
            answer: #answer,
            raw_answer: #ret,
            level: #level,
            called: #called,
            params: &[#(#params),*],
            codes: &[#(#codes),*],
        }
    })
}

/// A type as a driver writes it: by paths of the crate `wsk`.
fn written(ty: &proc_macro2::TokenStream) -> String {
    let text = ty.to_token_stream().to_string();
    let mut out = String::new();
    for word in text.split(' ') {
        let joins = out.is_empty() || out.ends_with(['<', '&', '*', ':']) || word.starts_with(['<', '>', ':', ',']);
        if !joins {
            out.push(' ');
        }
        out.push_str(word);
    }
    for path in ["crate::", "wsk_runtime::"] {
        out = out.replace(path, "wsk::");
    }
    out.replace("&'_ ", "&")
}
