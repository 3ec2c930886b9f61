//! What `accept` leaves for a person: each thing that it cannot put into spec-data, or does not record, with the reason and a way out.
//!
//! In: the findings. Out: a list of sentences. Separate from `accept`, for what it could not do it has not written either.

use std::collections::BTreeSet;

use super::apply::Held;
use super::{Duplicate, ErratumState, Findings, Lock, Ours, Revision, Untaken, told};
use crate::agreement::{Disagreement, Scope, disagreements};
use crate::facts::{Carried, FactKind, FactPath, Item};
use crate::spec::PageFolder;
use crate::vendor::{ItemFacts, PageFacts};

/// What a page says, and which of our facts an erratum answers for.
pub(super) struct Read {
    /// Its facts as it names them.
    pub(super) item: Item,
    /// Its facts under our names.
    pub(super) theirs: Item,
    pub(super) held: BTreeSet<FactPath>,
}

/// Why a page cannot become one of ours.
pub(super) fn why_not(facts: Option<&PageFacts>, error: Option<&str>) -> String {
    let Some(facts) = facts else {
        return error.unwrap_or("no facts are read from it").to_owned();
    };
    let no_name = "the page gives no name that is read";
    match &facts.item {
        ItemFacts::Api(api) if api.name.is_none() && api.typedef.is_none() => no_name.to_owned(),
        ItemFacts::Api(api) => match api.kind {
            None => "the page does not say of what kind it is (function, callback or export)".to_owned(),
            Some(kind) if PageFolder::of_api(kind).is_none() => {
                format!("it describes a {}, and spec-data has no pages of such", kind.as_str())
            }
            Some(_) => "its name is none from which that of our page can be made".to_owned(),
        },
        ItemFacts::Control(control) if control.operations.is_empty() => error.unwrap_or("it describes no operation").to_owned(),
        ItemFacts::Struct(_) | ItemFacts::Enum(_) | ItemFacts::Control(_) => no_name.to_owned(),
    }
}

/// What a page still says that ours does not, after its facts were put into ours: it has no place there, or cannot be read as what stands
/// in that place.
pub(super) fn untaken(after: &Ours<'_>, stem: &str, read: &Read, duplicates: &[Duplicate]) -> Vec<Untaken> {
    let Some(item) = after.pages.get(stem).and_then(|(identity, _)| after.tree.get(identity)) else { return Vec::new() };
    let (_, found) = disagreements(item, &read.item, Scope::Everything);
    // What an erratum answers for, it answers for under a new name, too.
    let renamed = |path: &FactPath| {
        let name =
            [FactKind::ParamName, FactKind::FieldName].into_iter().find_map(|kind| read.theirs.value(kind, &[path.of()]))?;
        (path.kind().names() == 1).then(|| FactPath::new(path.kind(), &[name]))
    };
    let held = Held(read.held.iter().flat_map(|path| [Some(path.clone()), renamed(path)]).flatten().collect());
    let is_stated = |d: &Disagreement| d.upstream.is_some() || d.path.kind().carried() == Carried::Listed;
    // The parts of an entry that is not there are told with it.
    let parts_of = |d: &Disagreement| d.path.ancestors().any(|above| found.iter().any(|other| other.path == above));
    let is_left = |d: &&Disagreement| {
        is_stated(d) && !held.answers(d) && !parts_of(d) && !told::is_order_of_duplicates(d, duplicates) && !is_order(d)
    };
    let said = |d: &Disagreement| Untaken { fact: d.path.to_string(), upstream: d.upstream.clone(), ours: d.ours.clone() };
    found.iter().filter(is_left).map(said).collect()
}

/// Whether what differs is the order of a list as a whole, of which the entries are told.
fn is_order(found: &Disagreement) -> bool {
    matches!(found.path.kind(), FactKind::Params | FactKind::Fields | FactKind::Codes)
}

/// Something that is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// What it is, why it is left, and what can be done.
    pub what: String,
    /// Whether the next run finds it again. Else it was recorded, and is said here for the last time.
    pub is_found_again: bool,
}

impl Left {
    fn again(what: String) -> Self {
        Self { what, is_found_again: true }
    }

    fn once(what: String) -> Self {
        Self { what, is_found_again: false }
    }
}

/// What is left when these findings were accepted.
#[must_use]
pub fn left(findings: &Findings, lock: &Lock, revision: Revision<'_>) -> Vec<Left> {
    let mut found = Vec::new();
    for new in &findings.new {
        if let Some(why) = &new.why_not {
            let help = "write a page of ours by hand that names it as `upstream`, or leave it out";
            found.push(Left::again(format!("new page {} ({}): {why}; {help}", new.page, new.file)));
        }
    }
    for page in &findings.pages {
        for Untaken { fact, upstream, .. } in &page.untaken {
            let says = upstream.as_ref().map_or_else(|| "has no such entry".to_owned(), |value| format!("says `{value}`"));
            found.push(Left::again(format!(
                "{} {fact}: the page {says}, which has no place on ours; write it there by hand",
                page.name
            )));
        }
        for silent in &page.silent {
            found.push(Left::again(format!(
                "{} {}: not stated any more; write an erratum with upstream: null",
                page.name, silent.fact
            )));
        }
        for erratum in page.errata.iter().filter(|e| e.state == ErratumState::Conflict) {
            found.push(Left::again(format!("{} {}: its erratum is in conflict; decide who is right", page.name, erratum.fact)));
        }
        for Duplicate { name, file, line, .. } in page.duplicates.iter().filter(|d| !d.is_settled) {
            found.push(Left::again(format!(
                "{} {name}: it is listed again at {file}:{line} in other words, which are not reviewed; if the first is meant, say \
                 --accept --first-of-two",
                page.name
            )));
        }
    }
    for gone in &findings.gone_used {
        let stays = match gone.used_by.as_slice() {
            [] => "nothing of ours uses it: remove our page, or its `upstream`".to_owned(),
            users => format!("ours stays, for it is used by {}", users.join(", ")),
        };
        found.push(Left::once(format!("{} is recorded as gone; {stays}", gone.page)));
    }
    if revision == Revision::Unknown {
        let news = findings.digests.iter().filter(|(page, sections)| {
            lock.pages.get(*page).is_none_or(|locked| locked.revision.is_none() || locked.sections != **sections || locked.gone)
        });
        let pages = news.filter(|(page, _)| findings.is_taken(page)).count();
        if pages > 0 {
            let of = if pages == 1 { "1 page".to_owned() } else { format!("{pages} pages") };
            found.push(Left::once(format!(
                "the revision of {of} is recorded as unknown: the folder is in no git repository; give it by --accept --revision REV"
            )));
        }
    }
    found
}
