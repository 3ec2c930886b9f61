//! Pages of the vendor's as single facts, so that two revisions of them, or two languages, can be compared without a model.
//!
//! A page need not say everything. What it lists (parameters, codes, values, fields) it lists whole; of anything else its silence is
//! no fact.

use std::collections::BTreeMap;

use super::facts::{At, Fact, Item, ItemKind};
use super::{Change, Items, Place, Places, Silence, compare};
use crate::facts::ApiKind;
use crate::source::{Diagnostic, Sources, Span, Spanned};
use crate::spec::OtherCodes;
use crate::vendor::{ApiFacts, EnumFacts, ItemFacts, PageFacts, StructFacts};

/// Pages of the vendor's, by what they describe.
pub type Pages = Vec<((ItemKind, String), Item)>;

/// Builds an item, looking places up while the text is there.
struct Builder<'s> {
    sources: &'s Sources,
    item: Item,
    whole: Span,
}

impl Builder<'_> {
    fn add(&mut self, path: &[&str], value: impl Into<String>, span: Option<Span>) {
        let at = At::Place(Place::of(self.sources, span.unwrap_or(self.whole)));
        self.item.facts.push(Fact { path: path.iter().map(|p| (*p).to_owned()).collect(), value: value.into(), at });
    }

    fn word(&mut self, path: &[&str], value: Option<&Spanned<String>>) {
        if let Some(value) = value {
            self.add(path, value.value.clone(), Some(value.span));
        }
    }
}

/// The name of what a page describes, by which it is told from all others.
#[must_use]
pub fn name(page: &PageFacts) -> Option<String> {
    let name = match &page.item {
        ItemFacts::Api(facts) => facts.typedef.as_ref().or(facts.name.as_ref())?,
        ItemFacts::Struct(facts) => facts.name.as_ref()?,
        ItemFacts::Enum(facts) => facts.name.as_ref()?,
    };
    Some(name.value.clone())
}

/// The facts that a page states, with what it describes.
#[must_use]
pub fn item(page: &PageFacts, sources: &Sources) -> Option<((ItemKind, String), Item)> {
    let whole = sources.whole(page.file).part(0..0);
    let empty = Item { summary: String::new(), at: At::Place(Place::of(sources, whole)), facts: Vec::new() };
    let mut builder = Builder { sources, item: empty, whole };
    let name = name(page)?;
    let kind = match &page.item {
        ItemFacts::Api(facts) => builder.api(facts),
        ItemFacts::Struct(facts) => builder.structure(facts),
        ItemFacts::Enum(facts) => builder.enumeration(facts),
    };
    builder.item.summary = format!("{} {name}", kind.as_str());
    Some(((kind, name), builder.item))
}

impl Builder<'_> {
    fn api(&mut self, facts: &ApiFacts) -> ItemKind {
        self.word(&["name"], facts.name.as_ref());
        self.word(&["header"], facts.header.as_ref());
        self.word(&["since"], facts.since.as_ref());
        self.word(&["library"], facts.library.as_ref());
        if let Some(kind) = facts.kind {
            self.add(&["kind"], kind.as_str(), None);
        }
        let order: Vec<&str> = facts.params.iter().map(|p| p.name.value.as_str()).collect();
        self.add(&["params"], order.join(", "), None);
        for param in &facts.params {
            let (name, at) = (param.name.value.as_str(), Some(param.name.span));
            self.add(&["params", name], name, at);
            if let Some(ty) = &param.ty {
                self.add(&["params", name, "type"], ty.clone(), at);
            }
            self.add(&["params", name, "reserved"], if param.reserved { "yes" } else { "no" }, at);
            if let Some(direction) = param.direction {
                self.add(&["params", name, "direction"], direction.as_str(), at);
            }
            if let Some(optional) = param.optional {
                self.add(&["params", name, "optional"], if optional { "yes" } else { "no" }, at);
            }
            for value in &param.values {
                self.add(&["values", name, value], value.value.clone(), Some(value.span));
            }
        }
        if let Some(ty) = &facts.return_type {
            self.add(&["returns"], ty.clone(), None);
        }
        for code in &facts.codes {
            self.add(&["codes", code], code.value.clone(), Some(code.span));
        }
        let others = match facts.open {
            Some(false) => None,
            Some(true) => Some(OtherCodes::MAY_COME),
            // Of a page that names no code there is no set.
            None => Some(OtherCodes::UNSAID).filter(|_| !facts.codes.is_empty()),
        };
        if let Some(others) = others {
            self.add(&["codes", "…"], others, None);
        }
        let at = facts.irql_text.as_ref().map(|t| t.span);
        for case in &facts.irql {
            self.add(&["irql", case.when.as_deref().unwrap_or("always")], case.range.spelling(), at);
        }
        if facts.irql.is_empty() {
            self.word(&["levels"], facts.irql_text.as_ref());
        }
        match facts.kind {
            Some(ApiKind::Callback) => ItemKind::Callback,
            Some(ApiKind::Export) => ItemKind::Export,
            // Where a page does not say whose it is, it is taken for what most are; that it does not say so is a diagnostic.
            Some(ApiKind::Function | ApiKind::Method | ApiKind::Macro) | None => ItemKind::Function,
        }
    }

    fn structure(&mut self, facts: &StructFacts) -> ItemKind {
        self.word(&["name"], facts.name.as_ref());
        self.word(&["header"], facts.header.as_ref());
        self.word(&["since"], facts.since.as_ref());
        // Whose functions a dispatch table lists is in its name.
        if let Some(name) = facts.name.as_ref().filter(|n| n.ends_with("_DISPATCH")) {
            for (prefix, whose) in [("WSK_PROVIDER_", "provider"), ("WSK_CLIENT_", "client")] {
                if name.starts_with(prefix) {
                    self.add(&["dispatch"], whose, Some(name.span));
                }
            }
        }
        let order: Vec<&str> = facts.fields.iter().map(|(name, _)| name.value.as_str()).collect();
        self.add(&["fields"], order.join(", "), None);
        for (name, ty) in &facts.fields {
            self.add(&["fields", name], name.value.clone(), Some(name.span));
            if let Some(ty) = ty {
                self.add(&["fields", name, "type"], ty.clone(), Some(name.span));
            }
        }
        ItemKind::Struct
    }

    fn enumeration(&mut self, facts: &EnumFacts) -> ItemKind {
        self.word(&["name"], facts.name.as_ref());
        self.word(&["header"], facts.header.as_ref());
        self.word(&["since"], facts.since.as_ref());
        for (name, value) in &facts.variants {
            self.add(&["variants", name], name.value.clone(), Some(name.span));
            if let Some(value) = value {
                self.add(&["variants", name, "value"], value.to_string(), Some(name.span));
            }
        }
        ItemKind::Enum
    }
}

/// Whether a fact is one of its own, and not one of a list that the page gives whole.
pub(super) fn is_single(path: &[String], was: &Item, is: &Item) -> bool {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let has =
        |item: &Item, first: &str| item.facts.iter().any(|f| f.path.len() > 1 && f.path.first().is_some_and(|p| p == first));
    match path.as_slice() {
        ["params" | "fields" | "variants", _] | ["values", _, _] => false,
        // Codes and levels are lists, but a page without any of them may just not say.
        [list @ ("codes" | "irql"), _] => !has(was, list) || !has(is, list),
        _ => true,
    }
}

/// What changed from one revision of the pages to another.
#[must_use]
pub fn diff_pages(old: Pages, new: Pages) -> Vec<Change> {
    let new: Items = collect(new);
    let mut old: Items = collect(old);
    // A page may say in one revision only whether the driver supplies or calls it.
    for (kind, name) in new.keys() {
        for other in [ItemKind::Function, ItemKind::Callback, ItemKind::Export] {
            let is_api = matches!(kind, ItemKind::Function | ItemKind::Callback | ItemKind::Export);
            if is_api
                && other != *kind
                && !old.contains_key(&(*kind, name.clone()))
                && let Some(item) = old.remove(&(other, name.clone()))
            {
                old.insert((*kind, name.clone()), item);
            }
        }
    }
    let mut changes = compare(&old, &new, [Places(None), Places(None)], Silence::IsSilence);
    fold_types(&mut changes, &old, &new);
    changes
}

/// The first page of each thing; others are compared with it by [`disagreements`].
fn collect(pages: Pages) -> Items {
    let mut items = BTreeMap::new();
    for (key, item) in pages {
        items.entry(key).or_insert(item);
    }
    items
}

fn is_type(path: &[String]) -> bool {
    matches!(path.first().map(String::as_str), Some("params" | "fields"))
        && path.last().is_some_and(|l| l == "type")
        && path.len() == 3
        || path.len() == 1 && path.first().is_some_and(|p| p == "returns")
}

/// Where one side has no types at all, that is one change and not one a type.
fn fold_types(changes: &mut Vec<Change>, old: &Items, new: &Items) {
    for (key, was) in old {
        let Some(is) = new.get(key) else { continue };
        let count = |item: &Item| item.facts.iter().filter(|f| is_type(&f.path)).count();
        let (before, after) = (count(was), count(is));
        if (before == 0) == (after == 0) {
            continue;
        }
        let belongs = |c: &Change| {
            let path: Vec<String> = c.fact.split('.').map(str::to_owned).collect();
            (c.kind, &c.name) == (key.0, &key.1) && is_type(&path) && c.before.is_none() != c.after.is_none()
        };
        let Some(first) = changes.iter().position(&belongs) else { continue };
        let types = |n: usize| (n > 0).then(|| format!("{n} {}", if n == 1 { "type" } else { "types" }));
        if let Some(change) = changes.get_mut(first) {
            change.fact = "types".to_owned();
            (change.before, change.after) = (types(before), types(after));
            change.reason = if after == 0 {
                "pages of this revision give no types: they are still those of the other, unless an erratum says why not"
            } else {
                "pages of this revision give types, which those of the other did not"
            }
            .to_owned();
        }
        let mut at = 0;
        changes.retain(|c| {
            at += 1;
            at == first + 1 || !belongs(c)
        });
    }
}

/// Pages that describe the same thing, in two languages for instance, and do not say the same of it.
#[must_use]
pub fn disagreements(pages: &[((ItemKind, String), Item)]) -> Vec<Diagnostic> {
    let mut first: BTreeMap<&str, &((ItemKind, String), Item)> = BTreeMap::new();
    let mut found = Vec::new();
    for page in pages {
        let Some(other) = first.get(page.0.1.as_str()) else {
            first.insert(&page.0.1, page);
            continue;
        };
        let key = other.0.clone();
        let [before, after] = [other, page].map(|p| {
            let mut item = Item { summary: String::new(), at: p.1.at.clone(), facts: p.1.facts.clone() };
            // A condition is given in words, which are translated.
            for fact in &mut item.facts {
                if let [list, when] = fact.path.as_mut_slice()
                    && list == "irql"
                    && when != "always"
                {
                    "a condition".clone_into(when);
                }
            }
            Items::from([(key.clone(), item)])
        });
        let changes = compare(&before, &after, [Places(None), Places(None)], Silence::IsSilence);
        let at = |place: &Option<Place>, fallback: &Item| match (place, &fallback.at) {
            (Some(place), _) | (None, At::Place(place)) => place.clone(),
            (None, At::Text(_)) => Place { file: String::new(), line: 1 },
        };
        // What only one of them says is not a difference in facts.
        let differs = |c: &&Change| !(c.before.is_none() != c.after.is_none() && is_single(&path_of(c), &other.1, &page.1));
        for change in changes.iter().filter(differs) {
            let say =
                |value: &Option<String>| value.clone().map_or_else(|| "does not have it".to_owned(), |v| format!("says `{v}`"));
            let (here, there) = (at(&change.after_at, &page.1), at(&change.before_at, &other.1));
            let message = format!(
                "two pages of {} differ in {}: this one {}, {}:{} {}",
                change.name,
                change.fact,
                say(&change.after),
                there.file,
                there.line,
                say(&change.before)
            );
            found.push(
                Diagnostic::error("vendor::disagree", message)
                    .in_file(here.file)
                    .on_line(here.line)
                    .help("one of the two lost or changed a fact in translation; compare them with a third copy"),
            );
        }
    }
    found
}

fn path_of(change: &Change) -> Vec<String> {
    change.fact.split('.').map(str::to_owned).collect()
}
