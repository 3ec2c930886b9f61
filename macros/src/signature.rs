//! The function of a driver against what the documentation says of the callback.

use std::fmt::Write as _;

use quote::ToTokens as _;
use syn::{FnArg, GenericArgument, ItemFn, PatType, PathArguments, ReturnType, Type, TypeReference};

use crate::catalog::LEVELS;
use crate::model::{Callback, Given, Param};
use crate::report::Report;
use crate::types::{find_impl, is_known, plain, plain_of, shown};

/// What the expansion needs of a function.
pub(crate) struct Function<'f> {
    /// The type of the context, if it can be told.
    pub(crate) context: Option<&'f Type>,
    /// The types of what it is given, in the order of the callback's.
    pub(crate) given: Vec<&'f Type>,
    /// Whether it asks for a token.
    pub(crate) wants_token: Option<&'f Type>,
    /// The type that it returns.
    pub(crate) answer: Option<&'f Type>,
}

/// What both forms must not be.
pub(crate) fn check_kind(function: &ItemFn, callback: &str, report: &mut Report) {
    let signature = &function.sig;
    if let Some(asyncness) = &signature.asyncness {
        let message = format!(
            "{callback} is called by WSK, which does not wait for a future: remove `async`. Starting an operation is allowed, waiting for it is not"
        );
        report.at(asyncness, message);
    }
    if let Some(constness) = &signature.constness {
        report.at(constness, format!("{callback} is called at run time: remove `const`"));
    }
    let generics = &signature.generics;
    if !generics.params.is_empty() {
        let message =
            format!("{callback} is one function, which WSK calls by its address: it has no generics. Write lifetimes as '_");
        report.at(&generics.params, message);
    }
    if let Some(clause) = &generics.where_clause {
        report.at(clause, format!("{callback} has no generics, and so nothing to say about them"));
    }
    if let Some(variadic) = &signature.variadic {
        report.at(variadic, format!("{callback} has a fixed number of parameters"));
    }
    for input in &signature.inputs {
        match input {
            FnArg::Receiver(receiver) => {
                let message = format!("{callback} is a free function; what `self` would be is its context: write `context: &T`");
                report.at(receiver, message);
            }
            FnArg::Typed(param) => {
                if let Some(found) = find_impl(&param.ty) {
                    report.at(found, format!("{callback} has no generics: name the type"));
                }
            }
        }
    }
}

/// The parameters with a type.
pub(crate) fn typed(function: &ItemFn) -> Vec<&PatType> {
    function.sig.inputs.iter().filter_map(|i| if let FnArg::Typed(param) = i { Some(param) } else { None }).collect()
}

/// Checks the safe form.
pub(crate) fn check<'f>(function: &'f ItemFn, callback: &Callback, report: &mut Report) -> Function<'f> {
    let name = callback.name;
    check_kind(function, name, report);
    if let Some(abi) = &function.sig.abi {
        let message =
            "the function that WSK calls is made here, with its ABI: remove `extern`, or write the raw form, `unsafe fn`";
        report.at(abi, message);
    }
    let mut params = typed(function);
    let wants_token = take_token(&mut params, callback, report);
    let context = match params.first().copied() {
        Some(first) if !matches_any(&first.ty, callback) => {
            params.remove(0);
            check_context(first, callback, report)
        }
        _ => {
            let message = format!(
                "{name} is given its context first: add `context: &T`, where `T` is the type of what the socket, or the client, was given as its context\n{}",
                usage(callback)
            );
            match params.first() {
                Some(first) => report.at(first, message),
                None => report.push(syn::Error::new(function.sig.paren_token.span.join(), message)),
            }
            None
        }
    };
    let given = check_given(function, &params, callback, report);
    let answer = check_answer(function, callback, report);
    Function { context, given, wants_token, answer }
}

/// Whether a type is, or was meant to be, one of those that the callback is given.
fn matches_any(ty: &Type, callback: &Callback) -> bool {
    let own = plain(ty);
    given(callback).any(|(_, expected)| plain_of(expected) == own)
        // What is inside an `Option` that was forgotten.
        || given(callback).any(|(_, expected)| plain_of(expected) == format!("Option<{own}>"))
}

fn given(callback: &Callback) -> impl Iterator<Item = (&Param, &'static str)> {
    callback.params.iter().filter_map(|p| if let Given::As { ty, .. } = p.given { Some((p, ty)) } else { None })
}

fn check_context<'f>(param: &'f PatType, callback: &Callback, report: &mut Report) -> Option<&'f Type> {
    let name = callback.name;
    match &*param.ty {
        Type::Reference(TypeReference { mutability: Some(mutability), .. }) => {
            let message = format!(
                "{name} may be called while another callback with this context runs: write `&T`, and put what changes behind a `SpinLock` or an atomic"
            );
            report.at(mutability, message);
            None
        }
        Type::Reference(reference) => Some(&reference.elem),
        other => {
            let message =
                format!("{name} does not own its context, it is given it by reference: write `&{}`", other.to_token_stream());
            report.at(other, message);
            None
        }
    }
}

/// Takes the token out of the parameters, and checks that it comes last and that its level is promised.
fn take_token<'f>(params: &mut Vec<&'f PatType>, callback: &Callback, report: &mut Report) -> Option<&'f Type> {
    let at = params.iter().position(|p| token_level(&p.ty).is_some())?;
    let param = params.remove(at);
    if at < params.len() {
        report.at(&param.ty, format!("the token comes last among the parameters of {}", callback.name));
    }
    if !matches!(&*param.ty, Type::Reference(_)) {
        report.at(&param.ty, format!("the token is lent for the call: write `&mut Irql<{}>`", callback.level));
    }
    if let Some(Some(level)) = token_level(&param.ty) {
        let number = |name: &str| LEVELS.iter().position(|l| *l == name);
        let word = plain(level);
        // An alias is left to the compiler.
        if let (Some(asked), Some(highest)) = (number(&word), number(callback.level))
            && asked != highest
        {
            let message = format!(
                "{} is called {}: there is no token for {word} here, write `&mut Irql<{}>`",
                callback.name, callback.called, callback.level
            );
            report.at(level, message);
        }
    }
    Some(&param.ty)
}

/// The level of a token's type, if it is one: `Some(None)` if it has none.
fn token_level(ty: &Type) -> Option<Option<&Type>> {
    let inner = match ty {
        Type::Reference(reference) => &*reference.elem,
        ty => ty,
    };
    let Type::Path(path) = inner else { return None };
    let last = path.path.segments.last().filter(|s| s.ident == "Irql")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return Some(None) };
    Some(arguments.args.iter().find_map(|a| if let GenericArgument::Type(ty) = a { Some(ty) } else { None }))
}

/// The parameters between the context and the token.
fn check_given<'f>(function: &'f ItemFn, params: &[&'f PatType], callback: &Callback, report: &mut Report) -> Vec<&'f Type> {
    let name = callback.name;
    let expected: Vec<(&Param, &str)> = given(callback).collect();
    let mut fitting = Vec::new();
    let mut rest = expected.iter().peekable();
    // Parameters that fit are passed over; what is between them is missing, too much or of another type.
    for (i, param) in params.iter().enumerate() {
        let own = plain(&param.ty);
        let later = |(_, ty): &&(&Param, &str)| plain_of(ty) == own;
        let Some((next, ty)) = rest.peek().copied() else {
            report.at(param, too_many(param, callback));
            continue;
        };
        if plain_of(ty) == own || !is_known(&param.ty) {
            fitting.push(&*param.ty);
            rest.next();
            continue;
        }
        let missing = expected.len().saturating_sub(params.len());
        let skipped = rest.clone().take(missing + 1).position(|e| later(&e));
        if let Some(skipped) = skipped.filter(|_| missing > 0) {
            for (lost, ty) in rest.by_ref().take(skipped) {
                report.at(param, lacks(lost, ty, callback, "before this parameter"));
            }
            fitting.push(&*param.ty);
            rest.next();
            continue;
        }
        // One too many here, if the next fits.
        let follows = params.get(i + 1).is_some_and(|p| plain(&p.ty) == plain_of(ty));
        if params.len() > expected.len() && follows {
            report.at(param, too_many(param, callback));
            continue;
        }
        let swapped = expected.iter().find(|(_, ty)| plain_of(ty) == own);
        let message = match swapped {
            Some((belongs, _)) => format!(
                "the parameters of {name} are swapped: `{}` belongs here, and this is what `{}` is",
                word(next),
                word(belongs)
            ),
            None if format!("Option<{own}>") == plain_of(ty) => {
                format!("`{}` of {name} may be null: write `{}`. {}", word(next), shown(ty), next.meaning)
            }
            None => format!("`{}` of {name} is `{}`: {}", word(next), shown(ty), next.meaning),
        };
        report.at(&param.ty, format!("{message}\n{}", usage(callback)));
        rest.next();
    }
    for (lost, ty) in rest {
        let message = lacks(lost, ty, callback, "here");
        report.push(syn::Error::new(function.sig.paren_token.span.close(), message));
    }
    fitting
}

fn lacks(lost: &Param, ty: &str, callback: &Callback, place: &str) -> String {
    format!(
        "{} is also given `{}: {}`, which is missing {place}. {}\n{}",
        callback.name,
        word(lost),
        shown(ty),
        lost.meaning,
        usage(callback)
    )
}

fn too_many(param: &PatType, callback: &Callback) -> String {
    let name = param.pat.to_token_stream().to_string();
    let own = name.trim_start_matches('_').replace('_', "").to_lowercase();
    let elsewhere = callback.params.iter().find(|p| matches!(p.given, Given::Elsewhere) && p.name.to_lowercase() == own);
    let why = match elsewhere {
        Some(p) => format!("`{}` ({}) is part of another parameter, or of the answer", p.name, p.direction),
        None => format!("{} is not given this", callback.name),
    };
    format!("{why}: remove it\n{}", usage(callback))
}

fn check_answer<'f>(function: &'f ItemFn, callback: &Callback, report: &mut Report) -> Option<&'f Type> {
    let (name, answer) = (callback.name, callback.answer);
    match &function.sig.output {
        ReturnType::Default => {
            let message = format!("{name} answers with a status: write `-> {answer}`. {}", codes(callback));
            report.push(syn::Error::new(function.sig.paren_token.span.close(), message));
            None
        }
        ReturnType::Type(_, ty) => {
            let is_right = plain(ty) == answer || matches!(&**ty, Type::Never(_));
            if !is_right && is_known(ty) {
                report.at(ty, format!("{name} answers with `{answer}`. {}", codes(callback)));
            }
            Some(ty)
        }
    }
}

/// The statuses, in words.
pub(crate) fn codes(callback: &Callback) -> String {
    let mut out = String::from("It may be:");
    for code in callback.codes {
        let _ = write!(out, "\n  {}::{} ({}): {}", callback.answer, code.variant, code.name, code.meaning);
    }
    out
}

/// The name of a parameter in Rust.
fn word(param: &Param) -> &str {
    if let Given::As { name, .. } = param.given { name } else { param.name }
}

/// How the function is to be written.
pub(crate) fn usage(callback: &Callback) -> String {
    let given: String = given(callback).map(|(p, ty)| format!(", {}: {}", word(p), shown(ty))).collect();
    format!("{}: fn name(context: &T{given}) -> {}", callback.name, callback.answer)
}
