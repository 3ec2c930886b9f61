//! The one place of this test that knows the types of `wsk_codegen::vendor`: their places, and whether a set of codes is open.

use wsk_codegen::source::{Span, Spanned};
use wsk_codegen::vendor::{ItemFacts, PageFacts};

/// The places of all facts of a page.
pub fn spans_of(page: &PageFacts) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut add = |fact: &Option<Spanned<String>>| spans.extend(fact.as_ref().map(|f| f.span));
    match &page.item {
        ItemFacts::Api(api) => {
            for fact in [&api.name, &api.typedef, &api.header, &api.since, &api.library, &api.irql_text] {
                add(fact);
            }
            for param in &api.params {
                spans.push(param.name.span);
                spans.extend(param.values.iter().map(|v| v.span));
            }
            spans.extend(api.codes.iter().map(|c| c.span));
        }
        ItemFacts::Struct(structure) => {
            for fact in [&structure.name, &structure.tag, &structure.header, &structure.since] {
                add(fact);
            }
            spans.extend(structure.fields.iter().map(|field| field.name.span));
            spans.extend(structure.fields.iter().flat_map(|field| &field.values).map(|value| value.span));
        }
        ItemFacts::Enum(enumeration) => {
            for fact in [&enumeration.name, &enumeration.header, &enumeration.since] {
                add(fact);
            }
            spans.extend(enumeration.variants.iter().map(|(name, _)| name.span));
        }
        ItemFacts::Control(_) => {}
    }
    spans
}

/// The names of the parameters, fields or enumerators, and whether all is known of them that brackets in a heading state.
pub fn names_of(page: &PageFacts) -> Vec<(String, bool)> {
    match &page.item {
        ItemFacts::Api(api) => api.params.iter().map(|p| (p.name.value.clone(), p.direction.is_some())).collect(),
        ItemFacts::Struct(structure) => structure.fields.iter().map(|f| (f.name.value.clone(), true)).collect(),
        ItemFacts::Enum(enumeration) => enumeration.variants.iter().map(|(name, _)| (name.value.clone(), true)).collect(),
        ItemFacts::Control(_) => Vec::new(),
    }
}

/// Whether the set of codes is open, as the page's facts say it.
pub fn open_of(page: &PageFacts) -> Option<bool> {
    match &page.item {
        ItemFacts::Api(api) => api.open,
        ItemFacts::Struct(_) | ItemFacts::Enum(_) | ItemFacts::Control(_) => None,
    }
}
