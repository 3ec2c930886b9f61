//! Each erratum is about a fact that the model has, and says what the model says.

use std::collections::HashSet;

use super::Lint;
use crate::facts::{FactKind, FactPath, Item, ItemKind};
use crate::spec::facts_of;

/// What the model says of the fact that an erratum is about.
enum Found<'a> {
    /// It has that value; `None` where there is no such thing.
    Is(Option<&'a str>),
    /// No page has such a fact.
    NoFact,
}

fn fact<'a>(item: &'a Item, path: &str) -> Found<'a> {
    let Ok(path) = path.parse::<FactPath>() else { return Found::NoFact };
    if let Some(fact) = item.get(&path) {
        return Found::Is(Some(&fact.value));
    }
    // An erratum may say that there is no such entry of a list, for the vendor's page has one.
    let is_entry = matches!(
        path.kind(),
        FactKind::ParamName | FactKind::FieldName | FactKind::FieldType | FactKind::Code | FactKind::Constant | FactKind::Variant
    );
    let of_kind = match item.kind {
        ItemKind::Struct => matches!(path.kind(), FactKind::FieldName | FactKind::FieldType),
        ItemKind::Enum => path.kind() == FactKind::Variant,
        ItemKind::Control => matches!(path.kind(), FactKind::Code | FactKind::Constant),
        _ => matches!(path.kind(), FactKind::ParamName | FactKind::Code | FactKind::Constant),
    };
    if is_entry && of_kind { Found::Is(None) } else { Found::NoFact }
}

pub(super) fn check(lint: &mut Lint<'_>) {
    let spec = lint.spec;
    let tree = facts_of(spec);
    let pages = tree.by_upstream();
    let mut seen: HashSet<(&str, &str)> = HashSet::new();
    for erratum in &spec.errata {
        let (page, path) = (erratum.page.as_str(), erratum.fact.as_str());
        let value = erratum.value.as_ref().map(|v| v.value.as_str());
        match pages.get(page).map(|item| fact(item, path)) {
            None => {
                let help =
                    super::did_you_mean(page, pages.keys().copied(), "name the vendor's page as `upstream` of a page does");
                lint.error("lint::erratum", erratum.page.span, format!("no page has `{page}` as its source"), help);
            }
            Some(Found::NoFact) => lint.error(
                "lint::erratum",
                erratum.fact.span,
                format!("`{path}` is not a fact of that page"),
                "the facts are listed in spec-data/README.md",
            ),
            Some(Found::Is(found)) if found != value => {
                lint.error(
                    "lint::erratum",
                    erratum.value.as_ref().map_or(erratum.fact.span, |v| v.span),
                    format!("the erratum says {}, the page says {}", value.unwrap_or("nothing"), found.unwrap_or("nothing")),
                    "make the two agree",
                );
            }
            Some(Found::Is(_)) => {}
        }
        if erratum.upstream.as_ref().map(|u| u.value.as_str()) == value {
            lint.error("lint::erratum", erratum.fact.span, "upstream says the same: nothing is corrected", "remove the erratum");
        }
        if !seen.insert((page, path)) {
            lint.error(
                "lint::erratum",
                erratum.fact.span,
                format!("there is another erratum for `{path}` of that page"),
                "merge them",
            );
        }
    }
}
