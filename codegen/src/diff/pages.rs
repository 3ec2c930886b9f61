//! Pages of the vendor's that describe the same thing, in two languages for instance, and do not say the same of it.

use std::collections::BTreeMap;

use crate::facts::{At, Compared, Difference, Fact, FactKind, Identity, Item, Silence};
use crate::source::{Diagnostic, Place};

/// What two pages of one thing say differently: an error each, at the later page.
#[must_use]
pub fn disagreements(pages: &[(Identity, Item)]) -> Vec<Diagnostic> {
    let mut first: BTreeMap<&str, Vec<&(Identity, Item)>> = BTreeMap::new();
    let mut found = Vec::new();
    for page in pages {
        let (identity, item) = page;
        let of_name = first.entry(&identity.name).or_default();
        // A page that does not say its header may be about any of that name.
        let is_same = |other: &Identity| {
            other.is_like(identity) && (other.header == identity.header || other.header.is_empty() || identity.header.is_empty())
        };
        let Some((_, other)) = of_name.iter().copied().find(|(other, _)| is_same(other)) else {
            of_name.push(page);
            continue;
        };
        let (other, this) = (without_conditions(other), without_conditions(item));
        // What only one of them says is not a difference in facts.
        let differences = Compared::new(&other, &this, Silence::IsSilence).differences;
        found.extend(differences.iter().filter(|d| !d.is_silence).map(|d| told(identity, &other, &this, d)));
    }
    found
}

/// An item in which the words of a condition, which are translated, are the same for all.
fn without_conditions(item: &Item) -> Item {
    let mut same = Item::new(item.kind, &item.display_name, &item.summary, item.at.clone());
    for (path, fact) in item.facts().filter(|(path, _)| path.kind() != FactKind::Irql && path.kind() != FactKind::IrqlText) {
        let path = match path.kind() {
            FactKind::IrqlCase if path.of() != "always" => path.map_names(|_, _| "a condition".to_owned()),
            _ => path.clone(),
        };
        same.add(path, fact.value.as_str(), fact.at.clone());
    }
    same
}

fn told(identity: &Identity, other: &Item, this: &Item, difference: &Difference) -> Diagnostic {
    let say =
        |fact: &Option<Fact>| fact.as_ref().map_or_else(|| "does not have it".to_owned(), |f| format!("says `{}`", f.value));
    let at = |fact: &Option<Fact>, item: &Item| match fact.as_ref().map_or(&item.at, |f| &f.at) {
        At::Place(place) => place.clone(),
        At::Text(_) => Place { file: String::new(), line: 1 },
    };
    let (here, there) = (at(&difference.after, this), at(&difference.before, other));
    let message = format!(
        "two pages of {} differ in {}: this one {}, {}:{} {}",
        identity.name,
        difference.path,
        say(&difference.after),
        there.file,
        there.line,
        say(&difference.before)
    );
    Diagnostic::error("vendor::disagree", message)
        .in_file(here.file)
        .on_line(here.line)
        .help("one of the two lost or changed a fact in translation; compare them with a third copy")
}
