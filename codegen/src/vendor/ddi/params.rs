//! The entries below `-parameters`, and the prototype of an old page → parameters.
//!
//! The list says what parameters there are; where there is a prototype, it adds their order, types and directions, and decides which of the headings are parameters at all: pages of 2018 have headings for types, values and stars.

use super::introduces::Introduces;
use super::page::{Entry, Mark, Page, Section};
use super::passed::{by_value_goes_in, param_from_prototype};
use super::title::{self, Title};
use super::values::{self, Above};
use crate::c::Param;
use crate::source::{Diagnostic, Report, Span, Spanned};
use crate::vendor::hash::{HashMap, HashSet};
use crate::vendor::markup::{self, is_constant, is_identifier};
use crate::vendor::params::{Annotation, beginning, is_stand_in};
use crate::vendor::signature::Prototype;
use crate::vendor::{ParamFacts, locale, silent};

/// What a heading of the list is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Param,
    Value,
    /// Something else, which is for the account to judge.
    Left,
}

/// The prototype by the names of its parameters, and the words of it that are no parameters.
struct Declared<'p> {
    prototype: Option<&'p Prototype>,
    by_name: HashMap<&'p str, usize>,
    /// The words of the declaration that are no parameters: types, and the name of the function.
    words: HashSet<&'p str>,
    /// Its parameters that the list has no heading for.
    missing: HashSet<&'p str>,
}

impl<'p> Declared<'p> {
    fn new(prototype: Option<&'p Prototype>, text: &'p str, listed: &HashSet<&str>) -> Self {
        let params = prototype.iter().flat_map(|p| p.function.params.iter().enumerate());
        let by_name: HashMap<&str, usize> = params.filter_map(|(i, p)| Some((p.name.as_ref()?.value.as_str(), i))).collect();
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let words = words.filter(|w| !w.is_empty() && prototype.is_some() && !by_name.contains_key(w)).collect();
        let missing = by_name.keys().filter(|name| !listed.contains(**name)).copied().collect();
        Self { prototype, by_name, words, missing }
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    fn param(&self, at: usize) -> Option<(&'p Prototype, &'p Param)> {
        let prototype = self.prototype?;
        Some((prototype, prototype.function.params.get(at)?))
    }
}

/// The parameters of a page while its list is read.
#[derive(Default)]
struct List {
    params: Vec<ParamFacts>,
    by_name: HashMap<String, usize>,
    /// The values of each.
    values: HashSet<(usize, String)>,
    /// Where in the prototype each stands.
    positions: Vec<Option<usize>>,
}

impl List {
    fn push(&mut self, param: ParamFacts, position: Option<usize>) {
        let at = self.params.len();
        self.positions.push(position);
        self.values.extend(param.values.iter().map(|v| (at, v.value.clone())));
        self.by_name.insert(param.name.value.clone(), at);
        self.params.push(param);
    }

    /// Adds what a second entry says of a parameter.
    fn merge(&mut self, at: usize, other: ParamFacts) {
        let Some(first) = self.params.get_mut(at) else { return };
        first.direction = first.direction.or(other.direction);
        first.optional = first.optional.or(other.optional);
        first.reserved |= other.reserved;
        let values = &mut self.values;
        first.values.extend(other.values.into_iter().filter(|v| values.insert((at, v.value.clone()))));
    }

    /// The parameters in the order of the prototype: the order is that of the arguments. One that it does not have stays behind the one
    /// above it. Whether that is another order than the list's.
    fn in_order(self) -> (Vec<ParamFacts>, bool) {
        let mut above = None;
        let keys = self.positions.iter().map(|position| {
            above = position.or(above);
            above
        });
        let mut all: Vec<(Option<usize>, ParamFacts)> = keys.collect::<Vec<_>>().into_iter().zip(self.params).collect();
        let is_other = !all.is_sorted_by_key(|(key, _)| *key);
        all.sort_by_key(|(key, _)| *key);
        (all.into_iter().map(|(_, param)| param).collect(), is_other)
    }

    /// Takes a heading for a value of a parameter.
    fn value(&mut self, at: usize, entry: &Entry<'_>) {
        let name = title::read(&entry.title).name;
        let name = name.split_once('.').map_or(name, |(_, constant)| constant);
        if let Some(param) = self.params.get_mut(at)
            && self.values.insert((at, name.to_owned()))
        {
            param.values.push(Spanned::new(name.to_owned(), entry.place_of(name)));
        }
    }
}

impl Page<'_> {
    pub(super) fn params(&self, prototype: Option<&Prototype>, report: &mut Report) -> Vec<ParamFacts> {
        let entries: Vec<&Entry<'_>> = self.entries_of(Section::Parameters).collect();
        let listed: HashSet<&str> =
            entries.iter().filter(|e| e.mark != Mark::Plain || e.declares()).map(|e| title::read(&e.title).name).collect();
        let declared = Declared::new(prototype, self.code(Section::Declaration).map_or("", |(text, _)| text), &listed);
        // In a list of both kinds, one of the two has what the vendor's tools could not match: texts of parameters without a prototype,
        // and with one the names that the header had.
        // A method whose name has the types of its parameters tells how many there are.
        let count = |mark: Mark| entries.iter().filter(|e| e.mark == mark).count();
        let (marked, dashed) = (count(Mark::Param), count(Mark::Dash));
        let is_mixed = marked > 0 && dashed > 0 && (prototype.is_some() || self.types_of_uid() != Some(marked + dashed));
        let unmatched = if prototype.is_some() { Mark::Param } else { Mark::Dash };
        let mut list = List::default();
        let mut above: Option<(usize, Above<'_, '_>)> = None;
        for entry in entries {
            let found = title::read(&entry.title);
            let is_leftover = is_mixed && entry.mark == unmatched && !list.by_name.contains_key(found.name);
            match role(self, entry, &found, &declared, above.as_ref().map(|(_, above)| above), is_leftover) {
                Role::Param => {
                    above = Some((self.param(entry, &found, &declared, &listed, &mut list, report), Above::new(self, entry)))
                }
                Role::Value => {
                    if let Some((at, _)) = &above {
                        list.value(*at, entry);
                    }
                }
                Role::Left => {
                    // What follows describes it, and not the parameter before it.
                    above = above.filter(|_| entry.mark == Mark::Plain && !entry.declares());
                    complain(entry, &found, &declared, self.body(entry).0, report);
                }
            }
        }
        let (mut params, is_other) = list.in_order();
        if let Some(found) = prototype.filter(|_| is_other) {
            let message = "the list has the parameters in another order than the prototype";
            let help = "the order of the prototype is taken";
            report.push(Diagnostic::warning("vendor::order", message).at(found.name.span).help(help));
        }
        if params.is_empty()
            && let Some(found) = prototype
        {
            let all = found.function.params.iter().zip(&found.annotations);
            params = all
                .filter_map(|(param, annotation)| {
                    Some(param_from_prototype(param.name.clone()?, param.ty.spelling(), *annotation))
                })
                .collect();
        }
        for param in params.iter().filter(|p| p.direction.is_none()) {
            silent(report, param.name.span, &format!("the direction of `{}`", param.name), "add it to our page by an erratum");
        }
        if let Some(found) = prototype
            && found.function.params.len() != params.len()
        {
            let message = format!("the prototype has {} parameters, the list has {}", found.function.params.len(), params.len());
            report.push(
                Diagnostic::warning("vendor::parameter", message).at(found.name.span).help("compare the two and add an erratum"),
            );
        }
        params
    }

    /// How many types stand in parentheses behind the name of an overloaded method.
    fn types_of_uid(&self) -> Option<usize> {
        let uid = self.front_value("UID")?;
        let (_, types) = uid.value.strip_suffix(')')?.split_once('(')?;
        (!types.contains(['(', '<'])).then(|| types.split(',').count())
    }

    /// Takes an entry for a parameter; where in the list that is.
    fn param(
        &self,
        entry: &Entry<'_>,
        found: &Title<'_>,
        declared: &Declared<'_>,
        listed: &HashSet<&str>,
        list: &mut List,
        report: &mut Report,
    ) -> usize {
        let (text, place) = self.body(entry);
        let Title { name, annotation, .. } = *found;
        let mut param = ParamFacts {
            name: Spanned::new(name.to_owned(), entry.place_of(name)),
            ty: None,
            direction: annotation.and_then(|a| a.direction),
            optional: annotation.filter(|a| a.direction.is_some()).map(|a| a.optional),
            reserved: annotation.is_some_and(|a| a.reserved) || locale::says_reserved(&markup::first_sentences(text, place, 2)),
            values: values::values(name, text, place, report),
        };
        if found.is_variadic {
            complain(entry, found, declared, text, report);
        }
        if found.is_contradictory {
            let message = format!("the brackets behind `{name}` say different things: none of them is taken");
            let help = "pages write `[in, out]`; add the direction to our page by an erratum";
            report.push(Diagnostic::warning("vendor::parameter", message).at(entry.title_span).help(help));
        }
        if let Some(at) = list.by_name.get(name).copied() {
            report.push(
                Diagnostic::warning("vendor::duplicate", format!("the parameter `{name}` is listed twice"))
                    .at(param.name.span)
                    .help("what only one of the two says is taken from either; compare them with another revision of the page"),
            );
            list.merge(at, param);
            return at;
        }
        begins_with_facts(&mut param, text, place, report);
        let at = list.params.len();
        // One that the prototype calls by another name stands at its place, if the list has no heading of that name.
        let at_place = || {
            let (_, c) = declared.param(at)?;
            c.name.as_ref().is_none_or(|n| !listed.contains(n.value.as_str())).then_some(at)
        };
        let position = declared.position(name).or_else(at_place);
        match position.and_then(|at| declared.param(at).map(|found| (at, found))) {
            Some((at, (prototype, c))) => {
                param.ty = Some(c.ty.spelling());
                let sal = prototype.annotations.get(at).copied().flatten();
                contradicts(&param, sal, param.name.span, report);
                param.direction = param.direction.or(sal.and_then(|a| a.direction));
                param.optional = param.optional.or(sal.map(|a| a.optional));
                param.reserved |= sal.is_some_and(|a| a.reserved);
                if let Some(c_name) = c.name.as_ref().filter(|n| n.value != name && n.value != param.name.value) {
                    report.push(
                        Diagnostic::warning(
                            "vendor::parameter",
                            format!("the prototype calls this parameter `{c_name}`, the list calls it `{name}`"),
                        )
                        .at(param.name.span)
                        .help("the name in the list is taken"),
                    );
                }
            }
            None if declared.prototype.is_some() => report.push(
                Diagnostic::warning("vendor::parameter", format!("the prototype has no parameter `{name}`, the list has"))
                    .at(param.name.span)
                    .help("the list is newer than the prototype of an old page; take the type from the header"),
            ),
            None => {}
        }
        if !found.is_contradictory {
            by_value_goes_in(&mut param);
        }
        list.push(param, position);
        at
    }
}

/// What a heading is: a parameter by its mark, unless the prototype shows that it is something else.
fn role(
    page: &Page<'_>,
    entry: &Entry<'_>,
    found: &Title<'_>,
    declared: &Declared<'_>,
    above: Option<&Above<'_, '_>>,
    is_leftover: bool,
) -> Role {
    let said_above = |above: &Above<'_, '_>| above.has_value(entry, page.body(entry).0);
    if let Some((of, constant)) = found.name.split_once('.') {
        let is_of_above = above.is_some_and(|above| title::read(&above.entry.title).name == of);
        return if is_of_above && is_constant(constant) { Role::Value } else { Role::Left };
    }
    if !is_identifier(found.name) || title::is_annotation(found.name) {
        return Role::Left;
    }
    if matches!(entry.mark, Mark::Plain | Mark::Loose) {
        let is_declared = declared.missing.contains(found.name) || entry.declares() && declared.position(found.name).is_some();
        let is_param = entry.declares() || entry.mark == Mark::Loose;
        // A title with a direction is never a value.
        return if is_declared || is_param && declared.prototype.is_none() && entry.is_sibling {
            Role::Param
        } else if is_param || entry.is_sibling && !is_value_beside(found.name, above) || !above.is_some_and(said_above) {
            Role::Left
        } else {
            Role::Value
        };
    }
    if declared.prototype.is_none() {
        return if is_leftover { Role::Left } else { Role::Param };
    }
    if declared.position(found.name).is_some() || found.annotation.is_some_and(|a| a.direction.is_some()) {
        return Role::Param;
    }
    // No direction, and the prototype does not have it: revisions that have no headings for values mark them as parameters.
    if declared.words.contains(found.name) || is_leftover {
        return Role::Left;
    }
    // A name that is not spelled like a constant may also be another name of a parameter that the list lacks.
    let may_be_value = is_constant(found.name) || declared.missing.is_empty();
    if may_be_value && above.is_some_and(said_above) { Role::Value } else { Role::Param }
}

/// Whether a heading that stands beside those of parameters, without their mark, is a value of the one above.
fn is_value_beside(name: &str, above: Option<&Above<'_, '_>>) -> bool {
    let says = |says| above.is_some_and(|above| above.introduces() == says);
    is_constant(name) && !says(Introduces::Others) || says(Introduces::Values)
}

/// Says why a heading that is marked as a parameter is none.
fn complain(entry: &Entry<'_>, found: &Title<'_>, declared: &Declared<'_>, text: &str, report: &mut Report) {
    let name = found.name;
    if !entry.mark.is_entry() || entry.title.is_empty() && text.trim().is_empty() {
        return;
    }
    let help = "find out from the header which of the parameters it describes";
    let diagnostic = if found.is_variadic {
        Diagnostic::warning("vendor::parameter", "this function takes any number of arguments")
            .help("our pages cannot say so yet: leave the function out")
    } else if entry.title.is_empty() {
        Diagnostic::warning("vendor::parameter", "this parameter has no name").help(help)
    } else if declared.words.contains(name) || name.is_empty() && entry.title.contains('*') {
        let message = format!("`{}` is a type of the prototype, not the name of a parameter", entry.title);
        Diagnostic::warning("vendor::parameter", message).help("look at the other headings of the list")
    } else if is_identifier(name) {
        let message = format!("`{name}` is described, but the list of the header has no parameter of that name");
        Diagnostic::warning("vendor::parameter", message).help(help)
    } else {
        let message = format!("`{}` is not the name of a parameter", entry.title);
        Diagnostic::error("vendor::parameter", message).help("a heading is `### -param Name [in]`")
    };
    report.push(diagnostic.at(at(entry)));
}

/// The title of an entry, or the mark of one that has none.
fn at(entry: &Entry<'_>) -> Span {
    if entry.title.is_empty() { Span { start: entry.line.start, ..entry.title_span } } else { entry.title_span }
}

/// Takes the direction that the description of a parameter begins with, and the name there where the heading has none.
fn begins_with_facts(param: &mut ParamFacts, text: &str, place: Span, report: &mut Report) {
    let found = beginning(text);
    if let Some(name) = found.name.filter(|_| is_stand_in(&param.name)) {
        let at = text.find(name).unwrap_or(0);
        param.name = Spanned::new(name.to_owned(), place.part(at..at + name.len()));
    }
    if let (Some(name), Some(_)) = (found.name.filter(|name| *name != param.name.as_str()), found.annotation) {
        let message = format!("the heading calls this parameter `{}`, its description `{name}`", param.name);
        let help = "the name in the heading is taken; look it up in the header";
        report.push(Diagnostic::warning("vendor::parameter", message).at(param.name.span).help(help));
    }
    contradicts(param, found.annotation, param.name.span, report);
    param.direction = param.direction.or(found.annotation.and_then(|a| a.direction));
    // Brackets in a description leave out what its words say.
    let says_optional = text.contains("optional");
    let optional = found.annotation.filter(|a| a.optional || a.direction.is_some() && !says_optional).map(|a| a.optional);
    param.optional = param.optional.or(optional);
    param.reserved |= found.annotation.is_some_and(|a| a.reserved);
}

/// Says that an annotation gives a parameter another direction than its heading, or makes it optional where the heading does not.
fn contradicts(param: &ParamFacts, other: Option<Annotation>, at: Span, report: &mut Report) {
    let Some((other, direction)) = other.and_then(|o| Some((o, o.direction?))) else { return };
    let help = "the heading is taken; add the right one to our page by an erratum";
    if param.direction.is_some_and(|d| d != direction) {
        let message = format!("two places on the page give `{}` different directions", param.name);
        report.push(Diagnostic::warning("vendor::parameter", message).at(at).help(help));
    } else if other.optional && param.optional == Some(false) {
        let message = format!("one place on the page says that `{}` is optional, its heading does not", param.name);
        report.push(Diagnostic::warning("vendor::parameter", message).at(at).help(help));
    }
}
