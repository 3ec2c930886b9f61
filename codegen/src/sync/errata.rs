//! Errata against what the pages say now: whether each is still needed.

use serde::Serialize;

use super::apply;
use crate::spec::{Api, Spec};
use crate::vendor::{ApiFacts, ItemFacts, PageFacts, StructFacts};

/// How an erratum stands to its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ErratumState {
    /// The page says what the erratum says that it says, or does not carry such facts at all.
    Holds,
    /// The page says what is right: the erratum can go.
    Stale,
    /// The page says a third thing.
    Conflict,
}

/// An erratum that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// The fact that it is about.
    pub fact: String,
    /// How it stands to the page.
    pub state: ErratumState,
    /// What it says that the page says.
    pub upstream: Option<String>,
    /// What it says is right.
    pub value: Option<String>,
    /// What the page says now.
    pub now: Option<String>,
}

/// What a page says of a fact.
enum Stated {
    /// Pages like this do not say such things.
    NotCarried,
    /// It says that, or nothing.
    Is(Option<String>),
}

/// The errata of a page that are about its latest revision, each with how it stands to what the page says.
pub(super) fn judge(spec: &Spec, stem: &str, page: &PageFacts) -> Vec<Judged> {
    let errata = spec.errata.iter().filter(|e| e.page.value == stem && e.revision.is_none());
    errata
        .map(|erratum| {
            let text = |value: &Option<crate::source::Spanned<String>>| value.as_ref().map(|v| v.value.clone());
            let (upstream, value) = (text(&erratum.upstream), text(&erratum.value));
            let stated = match &page.item {
                ItemFacts::Api(facts) => {
                    let api = spec.apis.iter().find(|a| a.page.upstream.as_ref().is_some_and(|u| u.value == stem));
                    api.map_or(Stated::NotCarried, |api| of_api(api, facts, &erratum.fact))
                }
                ItemFacts::Struct(facts) => of_struct(facts, &erratum.fact),
                ItemFacts::Enum(_) => Stated::NotCarried,
            };
            let (state, now) = match stated {
                Stated::NotCarried => (ErratumState::Holds, None),
                Stated::Is(now) if now == upstream => (ErratumState::Holds, now),
                Stated::Is(now) if now == value => (ErratumState::Stale, now),
                Stated::Is(now) => (ErratumState::Conflict, now),
            };
            Judged { fact: erratum.fact.value.clone(), state, upstream, value, now }
        })
        .collect()
}

fn of_api(api: &Api, facts: &ApiFacts, path: &str) -> Stated {
    let word = |value: &Option<crate::source::Spanned<String>>| Stated::Is(value.as_ref().map(|v| v.value.clone()));
    let parts: Vec<&str> = path.split('.').collect();
    // Their parameter for ours: of the same name, or at the same place.
    let theirs = |name: &str| {
        let at = api.params.iter().position(|p| p.name.value == name);
        facts.params.iter().find(|p| p.name.value == name).or_else(|| facts.params.get(at?))
    };
    match parts.as_slice() {
        ["name"] => word(&facts.name),
        ["header"] => word(&facts.header),
        ["since"] => word(&facts.since),
        ["kind"] => Stated::Is(facts.kind.map(|k| k.as_str().to_owned())),
        ["irql"] => Stated::Is(facts.levels()),
        ["signature"] => match apply::signature(facts) {
            Some(signature) => Stated::Is(Some(crate::c::CType::Function(Box::new(signature)).spelling())),
            None => Stated::NotCarried,
        },
        ["returns", "open"] => facts.open.map_or(Stated::NotCarried, |open| Stated::Is(Some(open.to_string()))),
        ["returns", "type"] => facts.return_type.clone().map_or(Stated::NotCarried, |ty| Stated::Is(Some(ty))),
        ["returns", code] => Stated::Is(facts.codes.iter().any(|c| c.value == *code).then(|| (*code).to_owned())),
        ["params", name, "name"] => Stated::Is(theirs(name).map(|p| p.name.value.clone())),
        ["params", name, fact] => match (theirs(name), *fact) {
            (None, _) => Stated::Is(None),
            (Some(param), "type") => param.ty.clone().map_or(Stated::NotCarried, |ty| Stated::Is(Some(ty))),
            (Some(param), "direction") => Stated::Is(param.direction.map(|d| d.as_str().to_owned())),
            (Some(param), "optional") => Stated::Is(param.optional.map(|o| o.to_string())),
            (Some(param), "reserved") => Stated::Is(Some(param.reserved.to_string())),
            _ => Stated::NotCarried,
        },
        ["values", of, constant] => {
            let has = theirs(of).is_some_and(|p| p.values.iter().any(|v| v.value == *constant));
            Stated::Is(has.then(|| (*constant).to_owned()))
        }
        _ => Stated::NotCarried,
    }
}

fn of_struct(facts: &StructFacts, path: &str) -> Stated {
    let word = |value: &Option<crate::source::Spanned<String>>| Stated::Is(value.as_ref().map(|v| v.value.clone()));
    let parts: Vec<&str> = path.split('.').collect();
    match parts.as_slice() {
        ["name"] => word(&facts.name),
        ["header"] => word(&facts.header),
        ["since"] => word(&facts.since),
        ["definition"] => match &facts.record {
            Some((record, _)) => Stated::Is(Some(crate::c::CType::Record(Box::new(record.clone())).spelling())),
            None => Stated::NotCarried,
        },
        ["fields", name, "name"] => Stated::Is(facts.fields.iter().any(|f| f.name.value == *name).then(|| (*name).to_owned())),
        ["fields", name, "type"] if facts.record.is_some() => {
            Stated::Is(facts.fields.iter().find(|f| f.name.value == *name).and_then(|f| f.ty.clone()))
        }
        _ => Stated::NotCarried,
    }
}
