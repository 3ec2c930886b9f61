//! Functions, callbacks and exports.

use super::page::{page, returns, values};
use super::rules::{self, IrpPresence, limit};
use super::{Cell, Section, Table, names};
use crate::facts::{ApiKind, LevelRange};
use crate::spec::{Api, MemoryRule, Spec, When};

/// The title of the section of levels.
pub(crate) const IRQL: &str = "IRQL";

/// All that is known of an API beyond its summary, its signature and where it is found.
pub(crate) fn api(api: &Api, spec: &Spec) -> Vec<Section> {
    let mut sections = vec![parameters(api)];
    sections.extend(values(&api.values));
    sections.extend(returns(&api.returns).map(|table| Section::table("Returns", "", table)));
    sections.push(irql(api));
    sections.extend(Section::list("After success", after_success(api)));
    sections.extend(pairs(api, spec));
    sections.extend(Section::list("Safety", demands(api)));
    sections.extend(page(&api.page, spec));
    sections
}

/// In which dispatch tables it is, or what exports it: `function in A, B`.
pub(crate) fn places(api: &Api, spec: &Spec) -> String {
    let tables: Vec<&str> = spec.tables_of(api).map(|s| s.page.name.as_str()).collect();
    match api.kind.value {
        ApiKind::Function => format!("function in {}", tables.join(", ")),
        ApiKind::Callback => format!("event callback in {}", tables.join(", ")),
        ApiKind::Method | ApiKind::Macro => api.kind.as_str().to_owned(),
        ApiKind::Export => format!("export of {}", api.library.as_ref().map_or("", |l| l.value.as_str())),
    }
}

fn parameters(api: &Api) -> Section {
    let rows = api.params.iter();
    let rows = rows.map(|p| vec![Cell::name(&p.name), Cell::text(p.direction_text()), Cell::text(p.meaning.value.clone())]);
    Section::table("Parameters", "", Table { columns: vec!["Name", "Direction", "Meaning"], rows: rows.collect() })
}

/// `May be called at DISPATCH_LEVEL or below.`
pub(crate) fn may_be_called(kind: ApiKind, range: LevelRange) -> String {
    format!("{} {}.", who(kind), limit(range))
}

fn who(kind: ApiKind) -> &'static str {
    if kind == ApiKind::Callback { "Called" } else { "May be called" }
}

fn irql(api: &Api) -> Section {
    if let [case] = api.irql.as_slice()
        && case.when.value == When::Always
    {
        return Section::text(IRQL, may_be_called(api.kind.value, case.range.value));
    }
    let rows = api.irql.iter().map(|c| vec![Cell::text(c.when.spelling()), Cell::text(c.range.spelling())]).collect();
    Section::table(IRQL, format!("{}:", who(api.kind.value)), Table { columns: vec!["When", "Level"], rows })
}

fn after_success(api: &Api) -> Vec<String> {
    api.params.iter().flat_map(|p| p.effects.iter().filter_map(move |e| rules::achieved(p, e))).collect()
}

/// What it undoes, and what undoes it.
fn pairs(api: &Api, spec: &Spec) -> Option<Section> {
    let mut items = Vec::new();
    if !api.undoes.is_empty() {
        items.push(format!("Undoes {}.", names(api.undoes.iter().map(|u| u.value.as_str()))));
    }
    let is_this = |name: &str| name == api.page.name.value || name == api.key();
    let undone: Vec<&str> =
        spec.apis.iter().filter(|other| other.undoes.iter().any(|u| is_this(u))).map(|other| other.page.name.as_str()).collect();
    if !undone.is_empty() {
        items.push(format!("Undone by {}.", names(undone.into_iter())));
    }
    Section::list("Paired functions", items)
}

/// What the caller of a function, or the body of a callback, must uphold.
fn demands(api: &Api) -> Vec<String> {
    let is_callback_memory = api.params.iter().flat_map(|p| &p.memory).any(|m| m.value == MemoryRule::DuringCall);
    let mut demands = Vec::new();
    if !is_callback_memory && !api.params.is_empty() {
        demands.push("Pointers must be valid for what the table says, and null only where it says optional.".to_owned());
    }
    let is_irp = |p: &crate::spec::Param| api.param_type(&p.name).is_some_and(|ty| ty.spelling() == "PIRP");
    let irp = if api.params.iter().any(|p| p.optional && is_irp(p)) { IrpPresence::Optional } else { IrpPresence::Always };
    for param in &api.params {
        let name = &param.name;
        for rule in &param.memory {
            demands.push(format!("What `{name}` points to {}.", rules::memory(rule.value, param.direction.value, irp)));
        }
        demands.extend(param.effects.iter().filter_map(|e| rules::demanded(e)).map(|d| format!("`{name}` {d}.")));
        demands.extend(param.links.iter().map(|l| format!("`{name}` {}.", rules::link(l))));
        if param.reserved {
            demands.push(format!("`{name}` must be zero."));
        }
    }
    demands.push("The level must be as above.".to_owned());
    demands
}
