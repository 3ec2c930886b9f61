//! What a model or a set of pages says, as items of single facts: each with its path, its value as our pages spell it, and its place.
//!
//! Separate from what is compared and from where facts come from: spec-data and vendor pages give trees of the same form, and errata,
//! `sync`, `diff` and agreement are operations on two of them.

use std::collections::BTreeMap;

use foldhash::quality::RandomState;
use indexmap::IndexMap;
use serde::Serialize;

use super::path::{FactKind, FactPath};
use super::vocabulary::ApiKind;
use crate::source::{Place, Sources, Span, Spanned};

/// What sort of thing an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the words of the pages")]
pub enum ItemKind {
    Function,
    Callback,
    Export,
    Struct,
    Enum,
    Control,
    Constant,
    Identifier,
    Macro,
    Status,
    Type,
    Version,
    Erratum,
}

impl ItemKind {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Callback => "callback",
            Self::Export => "export",
            Self::Struct => "struct",
            Self::Enum => "enum",
            Self::Control => "control",
            Self::Constant => "constant",
            Self::Identifier => "identifier",
            Self::Macro => "macro",
            Self::Status => "status",
            Self::Type => "type",
            Self::Version => "version",
            Self::Erratum => "erratum",
        }
    }

    /// The kind by which an item is told from others: whether an API is a function, a callback or an export is a fact that may change.
    fn namespace(self) -> Self {
        match self {
            Self::Callback | Self::Export => Self::Function,
            other => other,
        }
    }
}

impl From<ApiKind> for ItemKind {
    fn from(kind: ApiKind) -> Self {
        match kind {
            // What spec-data does not describe is a function like any other.
            ApiKind::Function | ApiKind::Method | ApiKind::Macro => Self::Function,
            ApiKind::Callback => Self::Callback,
            ApiKind::Export => Self::Export,
        }
    }
}

/// What tells an item from all others: what sort of thing it is, its header and its name. Names alone are not unique.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    namespace: ItemKind,
    /// The name: of an API with a function-pointer type that type.
    pub name: String,
    /// The header; empty where there is none, or the page does not say it.
    pub header: String,
}

impl Identity {
    /// The identity of an item.
    #[must_use]
    pub fn new(kind: ItemKind, header: &str, name: &str) -> Self {
        Self { namespace: kind.namespace(), name: name.to_owned(), header: header.to_owned() }
    }

    /// Whether both could be the same thing, if its header had changed.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.namespace == other.namespace && self.name == other.name
    }

    /// The same without its header.
    pub(super) fn without_header(&self) -> (ItemKind, &str) {
        (self.namespace, &self.name)
    }
}

/// Where a fact stands.
#[derive(Debug, Clone)]
pub enum At {
    /// In a text that is at hand.
    Text(Span),
    /// In a text that may be gone.
    Place(Place),
}

impl At {
    /// The place. `sources` has the texts, where they are at hand.
    #[must_use]
    pub fn place(&self, sources: Option<&Sources>) -> Option<Place> {
        match self {
            Self::Text(span) => sources.map(|sources| Place::of(sources, *span)),
            Self::Place(place) => Some(place.clone()),
        }
    }
}

/// A fact.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Its value.
    pub value: String,
    /// Its place.
    pub at: At,
}

/// What a page, or a row of a table, says.
#[derive(Debug, Clone)]
pub struct Item {
    /// What sort of thing it is.
    pub kind: ItemKind,
    /// Its name in C, by which people call it; its identity may be that of a type.
    pub display_name: String,
    /// What it is, in a few words.
    pub summary: String,
    /// Its place.
    pub at: At,
    facts: IndexMap<FactPath, Fact, RandomState>,
}

impl Item {
    /// An item without facts.
    #[must_use]
    pub fn new(kind: ItemKind, display_name: &str, summary: &str, at: At) -> Self {
        Self { kind, display_name: display_name.to_owned(), summary: summary.to_owned(), at, facts: IndexMap::default() }
    }

    /// Adds a fact behind those that are there. The first of a path stays: what says it twice is for the readers to report.
    pub fn add(&mut self, path: FactPath, value: impl Into<String>, at: At) {
        self.facts.entry(path).or_insert_with(|| Fact { value: value.into(), at });
    }

    /// The facts, in the order of the page.
    pub fn facts(&self) -> impl DoubleEndedIterator<Item = (&FactPath, &Fact)> {
        self.facts.iter()
    }

    /// How many facts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// The fact with that path.
    #[must_use]
    pub fn get(&self, path: &FactPath) -> Option<&Fact> {
        self.facts.get(path)
    }

    /// Whether there is such a fact.
    #[must_use]
    pub fn has(&self, path: &FactPath) -> bool {
        self.facts.contains_key(path)
    }

    /// The value of a fact.
    #[must_use]
    pub fn value(&self, kind: FactKind, names: &[&str]) -> Option<&str> {
        self.get(&FactPath::new(kind, names)).map(|f| f.value.as_str())
    }

    /// The outermost names of the facts of a kind, in their order: the parameters, the codes.
    pub fn names(&self, kind: FactKind) -> impl Iterator<Item = &str> {
        self.facts.keys().filter(move |path| path.kind() == kind).map(FactPath::of)
    }

    /// Whether it has a fact of a kind.
    #[must_use]
    pub fn has_kind(&self, kind: FactKind) -> bool {
        self.facts.keys().any(|path| path.kind() == kind)
    }

    /// The same item with lines of files for spans, for when the texts are gone.
    #[must_use]
    pub fn with_places(mut self, sources: &Sources) -> Self {
        let look_up = |at: &mut At| {
            if let At::Text(span) = at {
                *at = At::Place(Place::of(sources, *span));
            }
        };
        look_up(&mut self.at);
        self.facts.values_mut().for_each(|fact| look_up(&mut fact.at));
        self
    }

    /// Leaves only the facts that are wanted.
    pub fn retain(&mut self, wanted: impl Fn(&FactPath) -> bool) {
        self.facts.retain(|path, _| wanted(path));
    }
}

/// Adds facts to an item.
#[derive(Debug)]
pub struct ItemBuilder {
    /// The item.
    pub item: Item,
    whole: Span,
}

impl ItemBuilder {
    /// Begins an item that stands at `whole`.
    #[must_use]
    pub fn new(kind: ItemKind, display_name: &str, summary: &str, whole: Span) -> Self {
        Self { item: Item::new(kind, display_name, summary, At::Text(whole)), whole }
    }
}

impl Facts<'_> for ItemBuilder {
    fn add(&mut self, kind: FactKind, names: &[&str], value: impl Into<String>, span: Option<Span>) {
        self.item.add(FactPath::new(kind, names), value, At::Text(span.unwrap_or(self.whole)));
    }
}

/// What takes facts one by one: an item, or what wants their places alone. `'f` is how long their names live.
pub trait Facts<'f> {
    /// Adds a fact that stands at `span`; `None` for one that is the whole page's.
    fn add(&mut self, kind: FactKind, names: &[&'f str], value: impl Into<String>, span: Option<Span>);

    /// Adds a fact that is a word of the page, where it is there.
    fn word<'a>(&mut self, kind: FactKind, names: &[&'f str], value: impl Into<Option<&'a Spanned<String>>>) {
        if let Some(value) = value.into() {
            self.add(kind, names, value.value.as_str(), Some(value.span));
        }
    }

    /// Adds the names of a list in their order, where there are any.
    fn list(&mut self, kind: FactKind, names: &[&str]) {
        if !names.is_empty() {
            self.add(kind, &[], names.join(", "), None);
        }
    }

    /// Says how many C types there are, where there are any.
    fn types(&mut self, count: usize) {
        if count > 0 {
            self.add(FactKind::Types, &[], format!("{count} {}", if count == 1 { "type" } else { "types" }), None);
        }
    }

    /// Adds a fact that is true or false.
    fn flag(&mut self, kind: FactKind, names: &[&'f str], value: bool, span: Option<Span>) {
        self.add(kind, names, if value { "true" } else { "false" }, span);
    }
}

/// Items by their identity.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    items: BTreeMap<Identity, Item>,
}

impl Tree {
    /// Adds an item. The first of an identity stays.
    pub fn add(&mut self, identity: Identity, item: Item) {
        self.items.entry(identity).or_insert(item);
    }

    /// The item with that identity.
    #[must_use]
    pub fn get(&self, identity: &Identity) -> Option<&Item> {
        self.items.get(identity)
    }

    /// All items, in the order of their identities.
    pub fn iter(&self) -> impl Iterator<Item = (&Identity, &Item)> {
        self.items.iter()
    }

    /// The items of each of the vendor's pages, by the names of these pages.
    #[must_use]
    pub fn by_upstream(&self) -> BTreeMap<&str, &Item> {
        let described = self.items.values().filter(|item| item.kind != ItemKind::Erratum);
        described.filter_map(|item| Some((item.value(FactKind::Upstream, &[])?, item))).collect()
    }
}

impl FromIterator<(Identity, Item)> for Tree {
    fn from_iter<I: IntoIterator<Item = (Identity, Item)>>(items: I) -> Self {
        let mut tree = Self::default();
        items.into_iter().for_each(|(identity, item)| tree.add(identity, item));
        tree
    }
}
