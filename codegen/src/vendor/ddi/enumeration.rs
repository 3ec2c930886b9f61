//! The entries below `-enum-fields`, and the definition of an old page → the enumerators and their values.

use super::page::{Page, Section};
use super::passed::is_plain_number;
use super::title;
use crate::c::{self, Item};
use crate::source::{Diagnostic, Report, Span, Spanned};
use crate::vendor::enumerators::{self, Enumerators, Variant};
use crate::vendor::hash::{HashMap, HashSet};
use crate::vendor::markup::{is_constant, is_identifier};
use crate::vendor::{EnumFacts, definition, silent};

impl Page<'_> {
    pub(super) fn enumeration(&mut self, tag: Spanned<String>, report: &mut Report) -> EnumFacts {
        let mut facts = EnumFacts { header: self.header(report), since: self.since(report), ..EnumFacts::default() };
        facts.name = self.own_type_name(&tag);
        if facts.name.is_none() {
            silent(report, tag.span, "what the type is called", "add `name` to our page by an erratum");
        }
        let Enumerators { all: defined, conditional } = self.definition(&tag, report);
        let mut by_name: HashMap<String, usize> = HashMap::default();
        // Where each comes: at an enumerator of the definition, and after that in the order of the list.
        let mut order: Vec<(usize, usize)> = (1..=defined.len()).map(|i| (i, 0)).collect();
        let mut described = vec![false; defined.len()];
        let has_definition = !defined.is_empty();
        let mut all = defined;
        for (i, (name, _)) in all.iter().enumerate() {
            by_name.entry(name.value.clone()).or_insert(i);
        }
        let names: HashSet<&str> = all.iter().map(|(name, _)| name.value.as_str()).collect();
        self.find_loose(&names);
        let mut last = None;
        for entry in self.entries_of(Section::Enumerators) {
            let found = title::read(&entry.title);
            // Without a mark, the definition decides, or the place and the form.
            let is_one = entry.mark.is_entry()
                || by_name.contains_key(found.name)
                || !has_definition && entry.is_sibling && (entry.declares() || is_constant(found.name));
            if !is_one {
                continue;
            }
            // `enum X : BYTE`, of which the vendor's tools took the type for an enumerator.
            let is_type = is_plain_number(found.name);
            if is_type && self.body(entry).0.trim().is_empty() {
                let message = format!("`{}` is a type, not an enumerator", found.name);
                let help = "the enumeration has this type; nothing is missing";
                report.push(Diagnostic::warning("vendor::enumerator", message).at(entry.title_span).help(help));
                continue;
            }
            if !is_identifier(found.name) {
                if !entry.title.is_empty() || !self.body(entry).0.trim().is_empty() {
                    let message = format!("`{}` is not the name of an enumerator", entry.title);
                    let help = "a heading is `### -field NAME` or `### -field NAME:value`";
                    report.push(Diagnostic::error("vendor::enumerator", message).at(entry.title_span).help(help));
                }
                continue;
            }
            let name = Spanned::new(found.name.to_owned(), entry.place_of(found.name));
            let value = found.value.and_then(|text| {
                let known = |of: &str| by_name.get(of).and_then(|i| all.get(*i)).and_then(|(_, value)| *value);
                let value = read_value(text, entry.place_of(text), &known).filter(|v| enumerators::fits(*v, true));
                if value.is_none() {
                    enumerators::unclear(&name, text, report);
                }
                value
            });
            match by_name.get(&name.value).copied() {
                Some(at) if described.get(at).is_some_and(|d| *d) => {
                    let message = format!("the enumerator `{name}` is listed twice");
                    let help = "the first is taken; compare the two with another revision of the page";
                    report.push(Diagnostic::warning("vendor::duplicate", message).at(name.span).help(help));
                }
                Some(at) => {
                    if let (Some((so_far, of_definition)), Some(described)) = (all.get_mut(at), described.get_mut(at)) {
                        if let (Some(a), Some(b)) = (*of_definition, value)
                            && a != b
                        {
                            let message = format!("the definition gives `{name}` the value {a}, the list {b}");
                            let help = "the list is newer; look the value up in the header";
                            report.push(Diagnostic::warning("vendor::value", message).at(name.span).help(help));
                        }
                        *described = true;
                        *so_far = name;
                        *of_definition = value.or(*of_definition);
                    }
                    last = Some(at);
                }
                None => {
                    if has_definition {
                        let message = format!("the definition has no enumerator `{name}`, the list has");
                        let help = "the list is newer than the definition of an old page; look it up in the header";
                        report.push(Diagnostic::warning("vendor::enumerator", message).at(name.span).help(help));
                    }
                    let after = last.and_then(|last: usize| order.get(last)).map_or(0, |(at, _)| *at);
                    order.push((after, all.len()));
                    last = Some(all.len());
                    by_name.insert(name.value.clone(), all.len());
                    described.push(true);
                    all.push((name, value));
                }
            }
        }
        let is_kept = |at: usize| !conditional.contains(&at) || described.get(at).is_some_and(|d| *d);
        let kept = order.into_iter().zip(all).enumerate().filter(|(at, _)| is_kept(*at));
        let mut variants: Vec<((usize, usize), Variant)> = kept.map(|(_, variant)| variant).collect();
        variants.sort_by_key(|(order, _)| *order);
        facts.variants = variants.into_iter().map(|(_, variant)| variant).collect();
        facts
    }

    /// The enumerators of the definition. One that is not understood is a warning where there is a list.
    fn definition(&self, target: &str, report: &mut Report) -> Enumerators {
        let Some((text, place)) = self.code(Section::Declaration) else { return Enumerators::default() };
        let body = text.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map_or(text, |(body, _)| body);
        if body.trim().is_empty() {
            return Enumerators::default();
        }
        let mut tried = Report::new();
        let found = definition::read(text, place, &mut tried);
        match found.as_ref().map(|definition| (definition, &definition.item)) {
            Some((definition, Item::Enumeration { enumeration, names })) => {
                report.append(tried);
                if !self.defines(definition, enumeration.tag.as_ref(), names, target, report) {
                    return Enumerators::default();
                }
                Enumerators::of(definition, enumeration, place, report)
            }
            found => {
                let at = tried.diagnostics().first().and_then(|d| d.span).unwrap_or(place.part(0..0));
                let message = match found {
                    Some(_) => "this is not the definition of an enumeration",
                    None => "this definition is not understood",
                };
                let help = "the list is taken alone; look the values up in the header";
                report.push(Diagnostic::warning("vendor::definition", message).at(at).help(help));
                Enumerators::default()
            }
        }
    }
}

/// Reads the value that a heading gives: a number, or an expression of numbers and enumerators that are known.
fn read_value(text: &str, place: Span, known: &dyn Fn(&str) -> Option<i128>) -> Option<i128> {
    // A number that begins with 0 is octal in C, and may not be in the title of a page.
    let digits = text.trim_start_matches('-');
    if digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))
        && let Ok(number) = i128::from_str_radix(hex, 16)
    {
        return Some(number);
    }
    enumerators::evaluated(&c::parse_expression(text, place, &mut Report::new())?, known)
}
