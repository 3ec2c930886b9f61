//! Each erratum is about a fact that the model has, and says what the model says.

use super::Lint;
use crate::spec::{Api, Page, Spec, Struct};

/// A fact that an erratum can be about, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// The model has the fact, with that value; `None` where it says that there is nothing.
    Is(Option<String>),
    /// The model has no such page.
    NoPage,
    /// The page has no such fact.
    NoFact,
}

/// The value of a fact, by the page of the vendor's that it is about and a path such as `params.Flags.direction`.
#[must_use]
pub fn fact_of(spec: &Spec, page: &str, path: &str) -> Fact {
    let is = |p: &Page| p.upstream.as_ref().is_some_and(|u| u.value == page);
    if let Some(api) = spec.apis.iter().find(|a| is(&a.page)) {
        return api_fact(api, path).map_or(Fact::NoFact, Fact::Is);
    }
    if let Some(structure) = spec.structs.iter().find(|s| is(&s.page)) {
        return struct_fact(structure, path).map_or(Fact::NoFact, Fact::Is);
    }
    if let Some(control) = spec.controls.iter().find(|c| is(&c.page)) {
        return control_fact(control, path).map_or(Fact::NoFact, Fact::Is);
    }
    Fact::NoPage
}

fn api_fact(api: &Api, path: &str) -> Option<Option<String>> {
    let parts: Vec<&str> = path.split('.').collect();
    match parts.as_slice() {
        ["name"] => Some(Some(api.page.name.value.clone())),
        ["header"] => Some(Some(api.page.header.value.clone())),
        ["signature"] => Some(Some(crate::c::CType::Function(Box::new(api.signature.clone())).spelling())),
        ["since"] => Some(Some(api.page.since.value.clone())),
        ["kind"] => Some(Some(api.kind.as_str().to_owned())),
        ["irql"] => Some(Some(api.levels())),
        ["returns", "open"] => Some(api.returns.open().map(|open| open.to_string())),
        ["returns", "type"] => Some(Some(api.signature.ret.spelling())),
        ["returns", code] => Some(api.returns.codes.iter().any(|c| c.name.value == *code).then(|| (*code).to_owned())),
        ["params", name, fact] => {
            let Some(param) = api.params.iter().find(|p| p.name.value == *name) else {
                // An erratum may say that a parameter of that name does not exist.
                return (*fact == "name").then_some(None);
            };
            Some(Some(match *fact {
                "name" => param.name.value.clone(),
                "direction" => param.direction.as_str().to_owned(),
                "optional" => param.optional.to_string(),
                "reserved" => param.reserved.to_string(),
                "type" => api.param_type(name)?.spelling(),
                _ => return None,
            }))
        }
        ["values", of, constant] => {
            let table = api.values.iter().find(|t| t.of.value == *of);
            Some(table.is_some_and(|t| t.rows.iter().any(|r| r.constant.value == *constant)).then(|| (*constant).to_owned()))
        }
        _ => None,
    }
}

fn struct_fact(structure: &Struct, path: &str) -> Option<Option<String>> {
    let parts: Vec<&str> = path.split('.').collect();
    match parts.as_slice() {
        ["name"] => Some(Some(structure.page.name.value.clone())),
        ["header"] => Some(Some(structure.page.header.value.clone())),
        ["since"] => Some(Some(structure.page.since.value.clone())),
        ["definition"] => Some(Some(crate::c::CType::Record(Box::new(structure.record.clone())).spelling())),
        ["fields", name, "name"] => {
            let has = structure.record.fields.iter().any(|f| f.name.as_ref().is_some_and(|n| n.value == *name));
            Some(has.then(|| (*name).to_owned()))
        }
        ["fields", name, "type"] => Some(
            structure.record.fields.iter().find(|f| f.name.as_ref().is_some_and(|n| n.value == *name)).map(|f| f.ty.spelling()),
        ),
        _ => None,
    }
}

fn control_fact(control: &crate::spec::Control, path: &str) -> Option<Option<String>> {
    let parts: Vec<&str> = path.split('.').collect();
    match parts.as_slice() {
        ["since"] => Some(Some(control.page.since.value.clone())),
        ["operations", name, fact] => {
            let operation = control.operations.iter().find(|o| o.name.value == *name)?;
            Some(Some(match *fact {
                "irp" => operation.irp.as_str().to_owned(),
                "irql" => operation.irql.spelling(),
                "sockets" => operation
                    .sockets
                    .iter()
                    .map(|s| format!("{} ({})", s.kind.as_str(), s.state.as_str()))
                    .collect::<Vec<_>>()
                    .join(", "),
                _ => return None,
            }))
        }
        _ => None,
    }
}

pub(super) fn check(lint: &mut Lint<'_>) {
    let spec = lint.spec;
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for erratum in &spec.errata {
        let (page, path) = (erratum.page.as_str(), erratum.fact.as_str());
        let value = erratum.value.as_ref().map(|v| v.value.clone());
        match fact_of(spec, page, path) {
            Fact::NoPage => {
                let known: Vec<&str> = pages(spec).filter_map(|p| p.upstream.as_ref()).map(|u| u.value.as_str()).collect();
                let help = super::did_you_mean(page, known, "name the vendor's page as `upstream` of a page does");
                lint.error("lint::erratum", erratum.page.span, format!("no page has `{page}` as its source"), help);
            }
            Fact::NoFact => lint.error(
                "lint::erratum",
                erratum.fact.span,
                format!("`{path}` is not a fact of that page"),
                "the facts are listed in spec-data/README.md",
            ),
            Fact::Is(found) if found != value => {
                let found = found.unwrap_or_else(|| "nothing".into());
                let value = value.unwrap_or_else(|| "nothing".into());
                lint.error(
                    "lint::erratum",
                    erratum.value.as_ref().map_or(erratum.fact.span, |v| v.span),
                    format!("the erratum says {value}, the page says {found}"),
                    "make the two agree",
                );
            }
            Fact::Is(_) => {}
        }
        if erratum.upstream.as_ref().map(|u| &u.value) == erratum.value.as_ref().map(|v| &v.value) {
            lint.error("lint::erratum", erratum.fact.span, "upstream says the same: nothing is corrected", "remove the erratum");
        }
        if seen.contains(&(page, path)) {
            lint.error(
                "lint::erratum",
                erratum.fact.span,
                format!("there is another erratum for `{path}` of that page"),
                "merge them",
            );
        }
        seen.push((page, path));
    }
}

fn pages(spec: &Spec) -> impl Iterator<Item = &Page> {
    spec.apis
        .iter()
        .map(|a| &a.page)
        .chain(spec.structs.iter().map(|s| &s.page))
        .chain(spec.enums.iter().map(|e| &e.page))
        .chain(spec.controls.iter().map(|c| &c.page))
}
