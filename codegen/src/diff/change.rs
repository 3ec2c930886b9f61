//! A change, and how many there are of each sort.
//!
//! Plain data; what a change means is decided in `classify`, and what is said of it stands in `rules`.

use serde::Serialize;

use super::class::{Bump, Class};
use super::rules::Rule;
use crate::facts::{Identity, ItemKind};
use crate::source::Place;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What kind of change it is: a name that does not change.
    pub change: &'static str,
    /// What sort of thing it is about.
    pub kind: ItemKind,
    /// Its name.
    pub name: String,
    /// The header that declares it; empty where there is none.
    pub header: String,
    /// The fact: `params.Flags.direction`; empty for the whole thing.
    pub fact: String,
    /// What it was; absent if it was not there.
    pub before: Option<String>,
    /// What it is; absent if it is gone.
    pub after: Option<String>,
    /// What it means.
    pub class: Class,
    /// Why.
    pub reason: String,
    /// What the author of a driver has to do.
    pub action: &'static str,
    /// The least by which the version of the generated crate is raised.
    pub bump: Bump,
    /// Whether only words for people changed.
    pub prose: bool,
    /// Why somebody accepted it: it is no finding then, and raises the version all the same.
    pub accepted: Option<String>,
    /// The members of a structure that are elsewhere because of it, or along with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<Moved>,
    /// Where it stood.
    pub before_at: Option<Place>,
    /// Where it stands.
    pub after_at: Option<Place>,
}

/// A member of a structure that is elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Its offset: `fields.Length.offset`.
    pub fact: String,
    /// Where it was.
    pub before: String,
    /// Where it is.
    pub after: String,
}

impl Change {
    pub(super) fn new(rule: Rule, identity: &Identity, kind: ItemKind, fact: String) -> Self {
        let class = rule.class();
        Self {
            change: rule.id(),
            kind,
            name: identity.name.clone(),
            header: identity.header.clone(),
            fact,
            before: None,
            after: None,
            class,
            reason: rule.reason().to_owned(),
            action: rule.action(),
            bump: class.bump(),
            prose: false,
            accepted: None,
            moved: Vec::new(),
            before_at: None,
            after_at: None,
        }
    }

    pub(super) fn set(&mut self, rule: Rule) {
        self.change = rule.id();
        self.class = rule.class();
        self.action = rule.action();
        self.bump = rule.class().bump();
    }

    /// Makes it at least of that class.
    pub(super) fn raise(&mut self, class: Class) {
        self.class = self.class.max(class);
        self.bump = self.class.bump();
    }

    /// Whether it is listed with its class: not with words alone, and not with what is accepted.
    pub(super) fn is_of_class(&self) -> bool {
        !self.prose && self.accepted.is_none()
    }

    /// Whether it is words alone that nobody accepted.
    pub(super) fn is_prose_alone(&self) -> bool {
        self.prose && self.accepted.is_none()
    }
}

/// How many changes there are of each class, worst first; classes without any are left out. Words alone, and what is accepted, are not
/// counted among them.
pub(super) fn counts(changes: &[Change]) -> Vec<(Class, usize)> {
    let count = |class: Class| changes.iter().filter(|c| c.class == class && c.is_of_class()).count();
    Class::ALL.into_iter().rev().map(|class| (class, count(class))).filter(|(_, n)| *n > 0).collect()
}

/// How many changes are of words alone.
pub(super) fn prose_count(changes: &[Change]) -> usize {
    changes.iter().filter(|c| c.is_prose_alone()).count()
}

/// How many changes are accepted.
pub(super) fn accepted_count(changes: &[Change]) -> usize {
    changes.iter().filter(|c| c.accepted.is_some()).count()
}

/// The part of the version that the changes demand to be raised, accepted or not.
pub(super) fn bump(changes: &[Change]) -> Option<Bump> {
    changes.iter().map(|c| c.bump).max()
}

/// `2 breaking for driver source, 1 compatible, 3 of prose alone, 1 accepted`.
pub(super) fn summary(changes: &[Change]) -> String {
    let mut said: Vec<String> = counts(changes).iter().map(|(class, n)| format!("{n} {}", class.words())).collect();
    let (prose, accepted) = (prose_count(changes), accepted_count(changes));
    if prose > 0 {
        said.push(format!("{prose} of prose alone"));
    }
    if accepted > 0 {
        said.push(format!("{accepted} accepted"));
    }
    if said.is_empty() { "nothing changed".to_owned() } else { said.join(", ") }
}
