//! What is gone and what is new in its place → one difference with both.
//!
//! In: the differences of an item. Out: the same, in which a rule, a note, a field or an enumerator that was edited is one difference.
//! Separate from `facts`, where a thing with another name is another thing: this is about what people edit.

use std::collections::HashMap;

use similar::TextDiff;

use crate::facts::{Compared, Difference, Fact, FactKind, FactPath, Item, ItemKind};

/// So many notes that came and went are compared with each other.
const NOTES: usize = 50;

/// Two notes that have so much in common are one that was edited.
const ALIKE: f32 = 0.5;

/// The differences of an item, each edit told once.
pub(super) fn joined(compared: &Compared<'_>) -> Vec<Difference> {
    let (was, is) = (&*compared.was, compared.is);
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let all = &compared.differences;
    let gone_and_new = |kind: FactKind| {
        let of = |before: bool| {
            let fits = move |d: &Difference| {
                d.path.kind() == kind && !d.is_silence && d.before.is_some() == before && d.after.is_some() != before
            };
            all.iter().enumerate().filter(move |(_, d)| fits(d)).map(|(at, _)| at).collect::<Vec<_>>()
        };
        (of(true), of(false))
    };
    for kind in [FactKind::ParamMemory, FactKind::ParamEffect, FactKind::ParamLink] {
        let (gone, new) = gone_and_new(kind);
        pairs.extend(rules(all, &gone, &new));
    }
    let (gone, new) = gone_and_new(FactKind::Note);
    pairs.extend(notes(all, &gone, &new));
    for kind in [FactKind::Field, FactKind::Variant] {
        let (gone, new) = gone_and_new(kind);
        if !gone.is_empty() && !new.is_empty() {
            pairs.extend(at_one_place(all, &gone, &new, (was, is), kind));
        }
    }
    let partner: HashMap<usize, usize> = pairs.iter().map(|(gone, new)| (*new, *gone)).collect();
    let taken: HashMap<usize, ()> = pairs.iter().map(|(gone, _)| (*gone, ())).collect();
    let mut out: Vec<Difference> = Vec::with_capacity(all.len());
    for (at, difference) in all.iter().enumerate().filter(|(at, _)| !taken.contains_key(at)) {
        let mut difference = difference.clone();
        if let Some(gone) = partner.get(&at).and_then(|gone| all.get(*gone)) {
            difference.before.clone_from(&gone.before);
        }
        out.push(difference);
    }
    out.extend(swapped_variants(was, is));
    out
}

/// The words with which rules of a kind begin; a rule of the same kind that is new replaces the one that is gone.
fn family(rule: &str) -> &str {
    const BEGINNINGS: [&str; 7] = ["until ", "state: ", "becomes: ", "information: ", "bytes in ", "total in ", "table of "];
    BEGINNINGS.into_iter().find(|begin| rule.starts_with(begin)).unwrap_or_else(|| rule.rsplit(' ').next().unwrap_or(rule))
}

/// Rules of one parameter: first those of one family, then what is left, if that is one on each side.
fn rules(all: &[Difference], gone: &[usize], new: &[usize]) -> Vec<(usize, usize)> {
    let path = |at: &usize| all.get(*at).map(|d| &d.path);
    let param = |at: &usize| path(at).map_or("", FactPath::of);
    let mut found = Vec::new();
    let mut by_family: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    for at in new.iter().rev() {
        by_family.entry((param(at), path(at).map_or("", |p| family(p.name())))).or_default().push(*at);
    }
    let mut left: HashMap<&str, (Vec<usize>, Vec<usize>)> = HashMap::new();
    for at in gone {
        match by_family.get_mut(&(param(at), path(at).map_or("", |p| family(p.name())))).and_then(Vec::pop) {
            Some(partner) => found.push((*at, partner)),
            None => left.entry(param(at)).or_default().0.push(*at),
        }
    }
    for ((param, _), rest) in by_family {
        left.entry(param).or_default().1.extend(rest);
    }
    found.extend(left.into_values().filter_map(|(gone, new)| match (gone.as_slice(), new.as_slice()) {
        ([gone], [new]) => Some((*gone, *new)),
        _ => None,
    }));
    found
}

/// Notes that have most of their words in common, the most alike first.
fn notes(all: &[Difference], gone: &[usize], new: &[usize]) -> Vec<(usize, usize)> {
    let text = |at: usize| {
        let difference = all.get(at)?;
        let fact: &Fact = difference.before.as_ref().or(difference.after.as_ref())?;
        Some(fact.value.as_str())
    };
    let mut alike: Vec<(f32, usize, usize)> = Vec::new();
    for from in gone.iter().copied().take(NOTES) {
        for to in new.iter().copied().take(NOTES) {
            let (Some(before), Some(after)) = (text(from), text(to)) else { continue };
            let ratio = TextDiff::from_words(before, after).ratio();
            if ratio >= ALIKE {
                alike.push((ratio, from, to));
            }
        }
    }
    alike.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut taken_gone, mut taken_new) = (Vec::new(), Vec::new());
    let mut found = Vec::new();
    for (_, from, to) in alike {
        if !taken_gone.contains(&from) && !taken_new.contains(&to) {
            taken_gone.push(from);
            taken_new.push(to);
            found.push((from, to));
        }
    }
    found
}

/// Where an entry of a list stands: the entry before it and the one behind it that both sides have, how many are between these, and which
/// of them it is.
#[derive(PartialEq, Eq, Hash)]
struct Slot<'a> {
    before: Option<&'a str>,
    behind: Option<&'a str>,
    count: usize,
    at: usize,
}

/// Entries that stand at one place. An enumerator is the same only if it has the same number.
fn at_one_place(
    all: &[Difference],
    gone: &[usize],
    new: &[usize],
    (was, is): (&Item, &Item),
    kind: FactKind,
) -> Vec<(usize, usize)> {
    let (old, now) = (slots(was, is, kind), slots(is, was, kind));
    let at_slot: HashMap<&Slot<'_>, &str> = now.iter().map(|(name, slot)| (slot, *name)).collect();
    let by_name: HashMap<&str, usize> = new.iter().filter_map(|at| Some((all.get(*at)?.path.of(), *at))).collect();
    let number = |item: &Item, name: &str| item.value(FactKind::VariantValue, &[name]).map(str::to_owned);
    let partner = |at: &usize| {
        let name = all.get(*at)?.path.of();
        let other = at_slot.get(old.get(name)?)?;
        let is_same = kind == FactKind::Field || number(was, name) == number(is, other);
        Some((*at, *by_name.get(*other).filter(|_| is_same)?))
    };
    gone.iter().filter_map(partner).collect()
}

/// The place of each entry that only `item` has.
fn slots<'a>(item: &'a Item, other: &Item, kind: FactKind) -> HashMap<&'a str, Slot<'a>> {
    let mut found = HashMap::new();
    let mut run: Vec<&str> = Vec::new();
    let mut before = None;
    let names = item.names(kind).map(Some).chain(std::iter::once(None));
    for name in names {
        match name {
            Some(name) if !other.has(&FactPath::new(kind, &[name])) => run.push(name),
            behind => {
                let count = run.len();
                found.extend(run.drain(..).enumerate().map(|(at, name)| (name, Slot { before, behind, count, at })));
                before = behind;
            }
        }
    }
    found
}

/// Enumerators without numbers that have changed places: their places are their numbers.
fn swapped_variants(was: &Item, is: &Item) -> Option<Difference> {
    if is.kind != ItemKind::Enum {
        return None;
    }
    let path = FactPath::new(FactKind::Variants, &[]);
    let (before, after) = (was.get(&path)?, is.get(&path)?);
    let common = |item: &'_ Item, other: &Item| -> Vec<String> {
        let has = |item: &Item, kind, name: &str| item.has(&FactPath::new(kind, &[name]));
        let names = item.names(FactKind::Variant).filter(|name| has(other, FactKind::Variant, name));
        let unnumbered = names.filter(|name| ![item, other].iter().any(|item| has(item, FactKind::VariantValue, name)));
        unnumbered.map(str::to_owned).collect()
    };
    (common(was, is) != common(is, was)).then(|| Difference {
        path,
        before: Some(before.clone()),
        after: Some(after.clone()),
        is_silence: false,
        is_told_by_parts: false,
    })
}
