//! The one place of this test that knows the types of `wsk_codegen::vendor`: a page's facts in the spelling of `samples.yaml`.

use std::collections::BTreeMap;

use wsk_codegen::source::Spanned;
use wsk_codegen::vendor::{ApiFacts, EnumFacts, ItemFacts, PageFacts, ParamFacts, StructFacts};

/// What was read of a page.
#[derive(Debug, Default)]
pub struct Read {
    pub since: Option<String>,
    pub kind: Option<String>,
    pub codes: Vec<String>,
    pub open: Option<bool>,
    pub params: Vec<Param>,
    pub irql: Option<String>,
    /// The fields or enumerators.
    pub fields: Vec<String>,
    /// The values of enumerators.
    pub values: BTreeMap<String, String>,
}

/// What was read of a parameter.
#[derive(Debug)]
pub struct Param {
    pub name: String,
    /// Direction, `optional`, `reserved`.
    pub words: Vec<&'static str>,
    pub values: Vec<String>,
}

/// The facts of a page.
pub fn facts_of(page: &PageFacts) -> Read {
    match &page.item {
        ItemFacts::Api(api) => api_facts(api),
        ItemFacts::Struct(structure) => struct_facts(structure),
        ItemFacts::Enum(enumeration) => enum_facts(enumeration),
        ItemFacts::Control(_) => Read::default(),
    }
}

fn api_facts(api: &ApiFacts) -> Read {
    // A level with a condition is not the level of the function.
    let levels: Vec<String> = api.irql.iter().filter(|i| i.when.is_none()).map(|i| i.range.spelling()).collect();
    Read {
        since: value(&api.since),
        kind: api.kind.map(|k| k.as_str().to_string()),
        codes: api.codes.iter().map(|c| c.value.clone()).collect(),
        open: api.open,
        params: api.params.iter().map(param).collect(),
        irql: (api.irql.len() == 1).then(|| levels.first().cloned()).flatten(),
        ..Read::default()
    }
}

fn param(param: &ParamFacts) -> Param {
    use wsk_codegen::facts::Direction;
    let direction = match param.direction {
        Some(Direction::In) => "in",
        Some(Direction::Out) => "out",
        Some(Direction::InOut) => "inout",
        None => "unknown",
    };
    let mut words = vec![direction];
    words.extend((param.optional == Some(true)).then_some("optional"));
    words.extend(param.reserved.then_some("reserved"));
    Param { name: param.name.value.clone(), words, values: param.values.iter().map(|v| v.value.clone()).collect() }
}

fn struct_facts(structure: &StructFacts) -> Read {
    let fields = structure.fields.iter().map(|f| f.name.value.clone()).collect();
    Read { since: value(&structure.since), fields, ..Read::default() }
}

fn enum_facts(enumeration: &EnumFacts) -> Read {
    let stated = |(name, value): &(Spanned<String>, Option<i128>)| value.map(|v| (name.value.clone(), v.to_string()));
    Read {
        since: value(&enumeration.since),
        fields: enumeration.variants.iter().map(|(name, _)| name.value.clone()).collect(),
        values: enumeration.variants.iter().filter_map(stated).collect(),
        ..Read::default()
    }
}

fn value(fact: &Option<Spanned<String>>) -> Option<String> {
    fact.as_ref().map(|f| f.value.clone())
}
