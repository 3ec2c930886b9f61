//! Errata against what the pages say now: whether each is still needed.

use serde::Serialize;

use crate::facts::{Carried, FactPath, Item};
use crate::spec::Erratum;

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

/// The errata that are about the latest revision of a page, each with how it stands to what the page says. `theirs` has the facts of the
/// page under our names.
pub(super) fn judge<'e>(errata: impl Iterator<Item = &'e Erratum>, theirs: &Item) -> Vec<Judged> {
    let of_latest = errata.filter(|e| e.revision.is_none());
    of_latest
        .map(|erratum| {
            let text = |value: &Option<crate::source::Spanned<String>>| value.as_ref().map(|v| v.value.clone());
            let (upstream, value) = (text(&erratum.upstream), text(&erratum.value));
            let (state, now) = match stated(theirs, &erratum.fact) {
                Stated::NotCarried => (ErratumState::Holds, None),
                Stated::Is(now) if now == upstream => (ErratumState::Holds, now),
                Stated::Is(now) if now == value => (ErratumState::Stale, now),
                Stated::Is(now) => (ErratumState::Conflict, now),
            };
            Judged { fact: erratum.fact.value.clone(), state, upstream, value, now }
        })
        .collect()
}

fn stated(theirs: &Item, fact: &str) -> Stated {
    let Ok(path) = fact.parse::<FactPath>() else { return Stated::NotCarried };
    if let Some(fact) = theirs.get(&path) {
        return Stated::Is(Some(fact.value.clone()));
    }
    // Of what it does not have at all a page says nothing, and that can be told.
    let lacks_whole = path.parent().is_some_and(|whole| !theirs.has(&whole));
    match path.kind().carried() {
        Carried::Always | Carried::Listed => Stated::Is(None),
        Carried::Sometimes if lacks_whole => Stated::Is(None),
        Carried::Sometimes | Carried::Never => Stated::NotCarried,
    }
}
