//! Constants, identifiers, macros and statuses.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::docs::doc;
use super::types::path;
use super::{EmitError, FileBuilder};
use crate::c::{BinaryOp, CType, Expr, TypeName, UnaryOp};
use crate::spec::{Constant, Named, Spec};

/// A number: small ones in decimal, others in hexadecimal.
fn number(value: u64) -> Literal {
    if value < 10 {
        return Literal::u64_unsuffixed(value);
    }
    let digits = format!("{value:X}");
    let groups: Vec<String> = digits.as_bytes().rchunks(4).rev().map(|g| String::from_utf8_lossy(g).into_owned()).collect();
    // Digits and underscores after 0x are always a literal.
    format!("0x{}", groups.join("_")).parse().unwrap_or_else(|_| Literal::u64_unsuffixed(value))
}

fn scalar_type(file: &mut FileBuilder<'_>, ty: &crate::source::Spanned<String>) -> Result<TokenStream, EmitError> {
    file.rust_type(&CType::Named(TypeName { tag: None, name: ty.clone(), is_const: false }))
}

/// One constant: declared, or taken from another crate and held against the value given here.
pub(super) fn constant(constant: &Constant, docs: &str, file: &mut FileBuilder<'_>) -> Result<(), EmitError> {
    let ident = format_ident!("{}", constant.name.value);
    let value = number(file.names.eval(&constant.expr).map_err(|e| EmitError::Type(format!("{}: {e}", constant.name)))?);
    let docs = doc(docs);
    match &constant.from {
        Some(from) => {
            let from = path(&format!("{from}::{}", constant.name));
            file.item(quote! { #docs pub use #from; });
            file.item(quote! { const _: () = assert!(#ident as u32 == #value); });
        }
        None => {
            let ty = scalar_type(file, &constant.ty)?;
            file.item(quote! { #docs pub const #ident: #ty = #value; });
        }
    }
    Ok(())
}

/// Documentation of a constant: its meaning, its group, and its definition where that is more than a number.
fn constant_docs(constant: &Constant) -> String {
    let definition = match &constant.expr.value {
        Expr::Number(_) => String::new(),
        expr => format!("\n\nDefined as `{}`.", expr.spelling()),
    };
    format!("{}{definition}\n\n{}.", constant.meaning, constant.group)
}

/// The constants that have no page of their own.
pub(super) fn constants(spec: &Spec, file: &mut FileBuilder<'_>) -> Result<(), EmitError> {
    for found in &spec.constants {
        if spec.controls.iter().all(|c| c.page.name.value != found.name.value) {
            constant(found, &constant_docs(found), file)?;
        }
    }
    Ok(())
}

pub(super) fn identifiers(spec: &Spec, file: &mut FileBuilder<'_>) -> Result<(), EmitError> {
    for guid in &spec.guids {
        let ident = format_ident!("{}", guid.name.value);
        let ty = scalar_type(file, &guid.ty)?;
        let digits = format!("{:032X}", guid.value.value);
        let groups: Vec<String> = digits.as_bytes().chunks(4).map(|g| String::from_utf8_lossy(g).into_owned()).collect();
        let value: Literal = format!("0x{}", groups.join("_")).parse().map_err(|_| EmitError::Type(guid.name.value.clone()))?;
        let docs = doc(&guid.meaning);
        file.item(quote! { #docs pub static #ident: #ty = #ty::from_u128(#value); });
    }
    Ok(())
}

pub(super) fn macros(spec: &Spec, file: &mut FileBuilder<'_>) -> Result<(), EmitError> {
    for found in spec.macros.iter().filter(|m| m.is_public) {
        let ident = format_ident!("{}", found.name.value);
        let ty = scalar_type(file, &found.ty)?;
        let params = found.params.iter().map(|p| format_ident!("{}", p.value));
        let body = expression(&found.expr);
        let docs = doc(&format!("{}\n\nIn C a macro, `{}`.", found.meaning, found.expr.spelling()));
        file.item(quote! {
            #docs
            #[must_use]
            pub const fn #ident(#(#params: #ty),*) -> #ty { #body }
        });
    }
    Ok(())
}

/// A C expression as Rust; both know the same operators, so only the order of evaluation needs saying, by parentheses.
fn expression(expr: &Expr) -> TokenStream {
    let nested = |inner: &Expr| {
        let tokens = expression(inner);
        if matches!(inner, Expr::Binary(..)) {
            quote! { (#tokens) }
        } else {
            tokens
        }
    };
    match expr {
        Expr::Number(n) => {
            let n = number(*n);
            quote! { #n }
        }
        Expr::Name(name) => {
            let name = format_ident!("{}", name.value);
            quote! { #name }
        }
        Expr::Unary(UnaryOp::Complement, operand) => {
            let operand = nested(operand);
            quote! { !#operand }
        }
        Expr::Unary(UnaryOp::Minus, operand) => {
            let operand = nested(operand);
            quote! { 0 - #operand }
        }
        Expr::Binary(op, left, right) => {
            let (left, right) = (nested(left), nested(right));
            match op {
                BinaryOp::Add => quote! { #left + #right },
                BinaryOp::Sub => quote! { #left - #right },
                BinaryOp::Mul => quote! { #left * #right },
                BinaryOp::Shl => quote! { #left << #right },
                BinaryOp::Shr => quote! { #left >> #right },
                BinaryOp::And => quote! { #left & #right },
                BinaryOp::Or => quote! { #left | #right },
                BinaryOp::Xor => quote! { #left ^ #right },
            }
        }
        Expr::Call(name, args) => {
            let name = format_ident!("{}", name.value);
            let args = args.iter().map(expression);
            quote! { #name(#(#args),*) }
        }
    }
}

/// The statuses are taken from where their type comes from, and held against the values given here.
pub(super) fn statuses(spec: &Spec, file: &mut FileBuilder<'_>) -> Result<(), EmitError> {
    let Some(first) = spec.statuses.first() else { return Ok(()) };
    let type_name =
        TypeName { tag: None, name: crate::source::Spanned::new("NTSTATUS".to_owned(), first.name.span), is_const: false };
    let module = match file.names.named(&type_name) {
        Some(Named::External(from, _)) => from.rsplit_once("::").map(|(module, _)| module.to_owned()),
        _ => None,
    };
    let Some(module) = module else { return Err(EmitError::Type("NTSTATUS, which no other crate provides,".to_owned())) };
    for status in &spec.statuses {
        let ident = format_ident!("{}", status.name.value);
        let from = path(&format!("{module}::{}", status.name));
        let value = number(u64::from(status.value.value));
        let docs = doc(&format!("`0x{:08X}`: {}", status.value.value, status.meaning));
        file.item(quote! { #docs pub use #from; });
        file.item(quote! { const _: () = assert!(#ident as u32 == #value); });
    }
    Ok(())
}
