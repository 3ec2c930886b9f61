//! Within one API: tables and signature agree, codes exist, and some level is given for every case.

use super::{Lint, did_you_mean};
use crate::c::CType;
use crate::facts::{ApiKind, Direction};
use crate::source::{Span, Spanned};
use crate::spec::{Api, Code, MemoryRule, Param, ParamLink, SocketEffect, When};

pub(super) fn check(lint: &mut Lint<'_>) {
    for api in &lint.spec.apis {
        parameters(lint, api);
        returns(lint, api);
        irql(lint, api);
        for undone in &api.undoes {
            if lint.spec.apis_named(undone).next().is_none() {
                let help = did_you_mean(
                    undone,
                    lint.spec.apis.iter().map(|a| a.page.name.as_str()),
                    "name the API whose result it gives back",
                );
                lint.error("lint::undoes", undone.span, format!("there is no API `{undone}`"), help);
            }
        }
    }
}

fn parameters(lint: &mut Lint<'_>, api: &Api) {
    let signature: Vec<&Spanned<String>> = api.signature.params.iter().filter_map(|p| p.name.as_ref()).collect();
    let table: Vec<&Spanned<String>> = api.params.iter().map(|p| &p.name).collect();
    for name in &signature {
        if !table.iter().any(|t| t.value == name.value) {
            lint.error("lint::parameters", name.span, format!("the parameter table does not have `{name}`"), "add a row for it");
        }
    }
    for name in &table {
        if !signature.iter().any(|s| s.value == name.value) {
            let help =
                did_you_mean(name, signature.iter().map(|s| s.value.as_str()), "add it to the signature, or remove the row");
            lint.error("lint::parameters", name.span, format!("the signature does not have `{name}`"), help);
        }
    }
    let same = signature.len() == table.len() && signature.iter().all(|s| table.iter().any(|t| t.value == s.value));
    if same && let Some((_, name)) = signature.iter().zip(&table).find(|(s, t)| s.value != t.value) {
        lint.error(
            "lint::parameters",
            name.span,
            "the parameters are in another order than in the signature",
            "use the order of the signature",
        );
    }
    for param in &api.params {
        let Some(ty) = api.param_type(&param.name) else { continue };
        let mut is_known = true;
        ty.names(&mut |name| is_known &= lint.names.named(name).is_some());
        if !is_known {
            // Reported already; nothing more can be said of it.
            continue;
        }
        let is_pointer = lint.names.is_pointer(ty);
        if param.direction.value != Direction::In && !is_pointer {
            lint.error(
                "lint::direction",
                param.direction.span,
                format!("`{}` is passed by value, so nothing can come back in it", param.name),
                "write in, or correct the type in the signature",
            );
        }
        if param.direction.value != Direction::In && points_to_const(ty) {
            lint.error(
                "lint::direction",
                param.direction.span,
                format!("`{}` points to const data, so nothing can come back in it", param.name),
                "write in, or correct the type in the signature",
            );
        }
        memory(lint, api, param, is_pointer);
        effects(lint, api, param, ty);
        links(lint, api, param, is_pointer);
    }
}

/// Rules for memory are for pointers, and what they wait for has to come.
fn memory(lint: &mut Lint<'_>, api: &Api, param: &Param, is_pointer: bool) {
    for rule in &param.memory {
        let complaint = match rule.value {
            MemoryRule::SetUp if param.direction.value != Direction::Out => {
                Some(("only what is written to need be set up first".to_owned(), "leave the rule out"))
            }
            MemoryRule::DuringCall if api.kind.value != ApiKind::Callback => {
                Some(("only what a callback is given ends with the call".to_owned(), "use another rule"))
            }
            MemoryRule::UntilCompletion if !api.params.iter().any(|p| is_irp(api.param_type(&p.name))) => {
                Some(("no IRP is passed whose completion could be meant".to_owned(), "use another rule"))
            }
            _ if !is_pointer => Some((format!("`{}` is not a pointer", param.name), "leave the cell empty")),
            _ => None,
        };
        if let Some((message, help)) = complaint {
            lint.error("lint::memory", rule.span, message, help);
        }
    }
}

/// States are of the socket that the call is made on, and outcomes are of IRPs.
fn effects(lint: &mut Lint<'_>, api: &Api, param: &Param, ty: &CType) {
    for effect in &param.effects {
        if let Some(other) = effect.param() {
            if is_missing(lint, api, other, effect.span, "lint::effect") {
                continue;
            }
            if !names_categories(lint, api, other) {
                no_categories(lint, other, effect.span, "lint::effect");
                continue;
            }
        }
        let is_receiver = api.params.first().is_some_and(|first| first.name.value == param.name.value);
        let complaint = match effect.value {
            SocketEffect::Information(_) if !is_irp(Some(ty)) => {
                Some((format!("`{}` is not an IRP", param.name), "move the effect to the IRP's row"))
            }
            SocketEffect::State(_) | SocketEffect::Becomes(..) if !is_receiver => {
                Some(("only the first parameter can be the socket that the call is made on".to_owned(), "move the effect there"))
            }
            _ if !lint.names.is_pointer(ty) => Some((format!("`{}` is not a pointer", param.name), "leave the cell empty")),
            _ => None,
        };
        if let Some((message, help)) = complaint {
            lint.error("lint::effect", effect.span, message, help);
        }
    }
}

/// Links lead to parameters of the same signature.
fn links(lint: &mut Lint<'_>, api: &Api, param: &Param, is_pointer: bool) {
    for link in &param.links {
        if is_missing(lint, api, link.param(), link.span, "lint::link") {
            continue;
        }
        match &link.value {
            ParamLink::TableOf(other) if !names_categories(lint, api, other) => {
                no_categories(lint, other, link.span, "lint::link");
            }
            ParamLink::TotalIn(_) | ParamLink::AcceptedIn(_) if api.kind.value != ApiKind::Callback => {
                lint.error("lint::link", link.span, "only a callback is given lists", "use another link");
            }
            _ if !is_pointer => {
                lint.error("lint::link", link.span, format!("`{}` is not a pointer", param.name), "leave the cell empty");
            }
            _ => {}
        }
    }
}

/// Whether the API has no such parameter, which is then reported.
fn is_missing(lint: &mut Lint<'_>, api: &Api, param: &str, at: Span, code: &'static str) -> bool {
    if api.param_type(param).is_some() {
        return false;
    }
    let known = api.signature.params.iter().filter_map(|p| p.name.as_ref()).map(|n| n.value.as_str());
    let help = did_you_mean(param, known, "name a parameter of the signature");
    lint.error(code, at, format!("there is no parameter `{param}`"), help);
    true
}

fn no_categories(lint: &mut Lint<'_>, param: &str, at: Span, code: &'static str) {
    let help = format!("list them in a section `## Values: {param}`; each is the `category` of a provider dispatch table");
    lint.error(code, at, format!("`{param}` does not name categories of sockets"), help);
}

fn is_irp(ty: Option<&CType>) -> bool {
    ty.is_some_and(|t| t.spelling() == "PIRP")
}

/// Whether the parameter takes constants that each stand for a category of sockets.
fn names_categories(lint: &Lint<'_>, api: &Api, param: &str) -> bool {
    api.values.iter().any(|t| t.of.value == param && lint.spec.names_categories(t))
}

fn points_to_const(ty: &CType) -> bool {
    matches!(ty, CType::Pointer { to, .. } if matches!(&**to, CType::Named(n) if n.is_const))
}

/// Codes are NTSTATUS names for a function that returns one, and enumerators for a function that returns an enumeration.
fn returns(lint: &mut Lint<'_>, api: &Api) {
    let ret = api.signature.ret.spelling();
    codes(lint, &ret, &api.returns.codes);
    if !api.signature.ret.is_void() && ret != "NTSTATUS" && !lint.spec.enums.iter().any(|e| e.page.name.value == ret) {
        lint.error(
            "lint::returns",
            api.page.name.span,
            format!("`{}` returns {ret}, whose codes are not known", api.page.name),
            "return NTSTATUS, VOID or an enumeration that has a page",
        );
    }
}

pub(super) fn codes(lint: &mut Lint<'_>, ret: &str, codes: &[Code]) {
    let enumerators: Option<Vec<&str>> = lint
        .spec
        .enums
        .iter()
        .find(|e| e.page.name.value == ret)
        .map(|e| e.enumeration.variants.iter().map(|v| v.name.as_str()).collect());
    let known: Vec<&str> = enumerators.clone().unwrap_or_else(|| lint.spec.statuses.iter().map(|s| s.name.as_str()).collect());
    let mut seen: Vec<&str> = Vec::new();
    for code in codes {
        if !known.contains(&code.name.as_str()) {
            let otherwise =
                if enumerators.is_some() { "name one of its enumerators" } else { "add its value to tables/statuses.md" };
            let help = did_you_mean(&code.name, known.iter().copied(), otherwise);
            lint.error("lint::unknown-status", code.name.span, format!("`{}` has no value", code.name), help);
        }
        if seen.contains(&code.name.as_str()) {
            lint.error("lint::returns", code.name.span, format!("`{}` is listed twice", code.name), "merge the rows");
        }
        seen.push(&code.name);
    }
}

fn irql(lint: &mut Lint<'_>, api: &Api) {
    let count = api.irql.len();
    for case in api.irql.iter().filter(|c| c.range.min.is_some() && api.kind.value != ApiKind::Callback) {
        lint.error(
            "lint::irql",
            case.range.span,
            "a driver proves at which level it runs at the most, not at the least",
            "write the highest level, as <= DISPATCH_LEVEL, and say in a note what else is demanded",
        );
    }
    for (i, case) in api.irql.iter().enumerate() {
        let is_last = i + 1 == count;
        match &case.when.value {
            When::Always if count > 1 => {
                lint.error(
                    "lint::irql",
                    case.when.span,
                    "`always` leaves nothing for the other rows",
                    "write `otherwise` in the last row",
                );
            }
            When::Otherwise if count == 1 => {
                lint.error("lint::irql", case.when.span, "`otherwise` follows no other case", "write always");
            }
            When::Otherwise if !is_last => {
                lint.error("lint::irql", case.when.span, "`otherwise` leaves nothing for the rows below", "move it to the end");
            }
            When::All(terms) => {
                if is_last {
                    lint.error(
                        "lint::irql",
                        case.when.span,
                        "no level is given for the cases that no row covers",
                        "add a row | otherwise | … |, from the documentation or an erratum",
                    );
                }
                for term in terms {
                    let params = || api.params.iter().map(|p| p.name.as_str());
                    if api.param_type(&term.param).is_none() {
                        let help = did_you_mean(&term.param, params(), "name a parameter of the signature");
                        lint.error("lint::irql", term.param.span, format!("there is no parameter `{}`", term.param), help);
                    }
                    for value in &term.values {
                        if !lint.names.has_value(value) {
                            let known: Vec<&str> = lint.names.constant_names().collect();
                            let help = did_you_mean(value, known, "add a row to tables/constants.md");
                            lint.error("lint::unknown-constant", value.span, format!("nothing defines `{value}`"), help);
                        }
                    }
                }
            }
            _ => {}
        }
    }
}
