//! The model as it would be if it said what a page says: our prose kept, facts that an erratum answers for kept, and a place left for
//! whatever a person must write.
//!
//! In: the facts of a page under our names, and where the two disagree. Out: the model with each of these facts set.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use crate::agreement::Disagreement;
use crate::c::{self, CType, Item as CItem};
use crate::facts::{ApiKind, Carried, Direction, FactKind, FactPath, Item, LevelRange};
use crate::import;
use crate::source::{Report, Sources, Span, Spanned};
use crate::spec::{
    Api, Code, IrqlCase, OtherCodes, Outcome, Page, Param, SocketEffect, Spec, Term, UNWRITTEN, Value, ValueTable, When,
};

/// Which page of the model it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageAt {
    Api(usize),
    Struct(usize),
    Enum(usize),
    Control(usize),
}

/// A fact that a page should state and does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Silent {
    /// The fact, as errata name it.
    pub fact: String,
    /// What spec-data says, which stays.
    pub ours: String,
}

/// Facts that an erratum answers for.
pub(super) struct Held(pub(super) BTreeSet<FactPath>);

impl Held {
    pub(super) fn has(&self, path: &FactPath) -> bool {
        let whole = match path.kind() {
            FactKind::ParamType | FactKind::ReturnType => Some(FactKind::Signature),
            FactKind::FieldType => Some(FactKind::Definition),
            _ => None,
        };
        self.0.contains(path) || whole.is_some_and(|whole| self.0.contains(&FactPath::new(whole, &[])))
    }

    /// Whether an erratum answers for a disagreement.
    pub(super) fn answers(&self, found: &Disagreement) -> bool {
        let is_change = found.upstream.is_some() && found.ours.is_some();
        if is_change { self.has(&found.path) } else { self.has_entry(&found.path) }
    }

    /// Whether an erratum answers for an entry of a list that only one of the two has: for itself, or for its name. One for another part of
    /// it says nothing of an entry that is gone.
    fn has_entry(&self, path: &FactPath) -> bool {
        let is_name = |held: &FactPath| matches!(held.kind(), FactKind::ParamName | FactKind::FieldName);
        let names = |held: &FactPath| is_name(held) && held.ancestors().any(|above| above == *path);
        self.has(path) || self.0.iter().any(names)
    }
}

/// Puts the facts of a page into the model. Those in `held` stay as they are.
pub(super) fn apply(spec: &mut Spec, at: PageAt, theirs: &Item, found: &[Disagreement], held: &Held) -> Vec<Silent> {
    let wanted = |d: &&Disagreement| !held.answers(d);
    let (stated, silent): (Vec<_>, Vec<_>) = found.iter().filter(wanted).partition(|d| d.upstream.is_some() || is_gone(d));
    let by_path = stated.iter().map(|d| (&d.path, *d)).collect();
    let edit = |at: Span| Edit { theirs, stated: &stated, by_path: &by_path, at };
    match at {
        PageAt::Api(at) => spec.apis.get_mut(at).into_iter().for_each(|api| edit(api.page.name.span).api(api)),
        PageAt::Struct(at) => spec.structs.get_mut(at).into_iter().for_each(|s| edit(s.page.name.span).structure(s)),
        PageAt::Enum(at) => spec.enums.get_mut(at).into_iter().for_each(|e| edit(e.page.name.span).enumeration(e)),
        PageAt::Control(at) => spec.controls.get_mut(at).into_iter().for_each(|c| edit(c.page.name.span).control(c)),
    }
    silent.into_iter().map(|d| Silent { fact: d.path.to_string(), ours: d.ours.clone().unwrap_or_default() }).collect()
}

/// Whether what a page does not say is an entry of a list that it gives.
fn is_gone(disagreement: &Disagreement) -> bool {
    disagreement.path.kind().carried() == Carried::Listed
}

fn parse_function(text: &str) -> Option<c::Function> {
    let mut sources = Sources::new();
    let file = sources.add("", text);
    let items = c::parse_declarations(text, sources.whole(file), &mut Report::new())?;
    items.into_iter().find_map(|item| match item {
        CItem::Function { function, .. } => Some(function),
        _ => None,
    })
}

/// What a page says that ours does not.
pub(super) struct Edit<'a> {
    pub(super) theirs: &'a Item,
    stated: &'a [&'a Disagreement],
    pub(super) by_path: &'a HashMap<&'a FactPath, &'a Disagreement>,
    /// Where new facts are said to stand: in our page, whose text is not theirs.
    at: Span,
}

impl Edit<'_> {
    pub(super) fn fresh(&self, text: impl Into<String>) -> Spanned<String> {
        Spanned::new(text.into(), self.at)
    }

    pub(super) fn unwritten(&self) -> Spanned<String> {
        self.fresh(UNWRITTEN)
    }

    /// What the page says of the facts of a kind that are others: the names of each, and its value.
    pub(super) fn of(&self, kind: FactKind) -> impl Iterator<Item = (&FactPath, Option<&str>)> {
        self.stated.iter().filter(move |d| d.path.kind() == kind).map(|d| (&d.path, d.upstream.as_deref()))
    }

    fn one(&self, kind: FactKind) -> Option<&str> {
        self.of(kind).next()?.1
    }

    pub(super) fn has(&self, kinds: &[FactKind]) -> bool {
        self.stated.iter().any(|d| kinds.contains(&d.path.kind()))
    }

    pub(super) fn word(&self, kind: FactKind, ours: &mut Spanned<String>) {
        if let Some(theirs) = self.one(kind) {
            theirs.clone_into(&mut ours.value);
        }
    }

    pub(super) fn page(&self, page: &mut Page) {
        self.word(FactKind::Name, &mut page.name);
        self.word(FactKind::Header, &mut page.header);
        self.word(FactKind::Since, &mut page.since);
    }

    pub(super) fn ty(&self, text: &str) -> CType {
        // A type that cannot be read stands there as it is, for `lint` to point at.
        let unknown = || CType::Named(c::TypeName { tag: None, name: self.fresh(text), is_const: false });
        parse_function(&format!("{text} Name(void);")).map_or_else(unknown, |f| f.ret)
    }

    fn api(&self, api: &mut Api) {
        self.page(&mut api.page);
        if let (Some(ours), Some(theirs)) = (&mut api.library, self.one(FactKind::Library))
            && !ours.eq_ignore_ascii_case(theirs)
        {
            ours.value = theirs.to_lowercase();
        }
        let kinds = [ApiKind::Function, ApiKind::Callback, ApiKind::Export];
        if let Some(kind) = self.one(FactKind::Kind).and_then(|word| kinds.into_iter().find(|k| k.as_str() == word)) {
            api.kind.value = kind;
        }
        self.params(api);
        self.constants_of(&mut api.values);
        if let Some(ty) = self.one(FactKind::ReturnType) {
            api.signature.ret = self.ty(ty);
        }
        self.returns(api);
        if self.has(&[FactKind::Irql]) {
            self.irql(api);
        }
        // Last, for all else is said under our names.
        for (path, theirs) in self.of(FactKind::ParamName) {
            if let Some(theirs) = theirs {
                rename(api, path.of(), theirs);
            }
        }
        api.values.retain(|t| !t.rows.is_empty() && api.params.iter().any(|p| p.name == t.of));
    }

    fn params(&self, api: &mut Api) {
        if self.has(&[FactKind::Param, FactKind::Params]) {
            let gone: BTreeSet<&str> = self.of(FactKind::Param).filter(|(_, t)| t.is_none()).map(|(path, _)| path.of()).collect();
            let new: BTreeSet<&str> = self.of(FactKind::Param).filter(|(_, t)| t.is_some()).map(|(path, _)| path.of()).collect();
            let declared = std::mem::take(&mut api.signature.params).into_iter();
            let ours: Vec<(Param, c::Param)> = std::mem::take(&mut api.params).into_iter().zip(declared).collect();
            let mut left: BTreeMap<String, (usize, (Param, c::Param))> =
                ours.into_iter().enumerate().map(|(at, pair)| (pair.0.name.value.clone(), (at, pair))).collect();
            let mut pairs: Vec<(Param, c::Param)> = Vec::new();
            for name in self.theirs.names(FactKind::Param) {
                match left.remove(name) {
                    Some((_, pair)) => pairs.push(pair),
                    None if new.contains(name) => pairs.push(self.new_param(name)),
                    None => {}
                }
            }
            // What an erratum answers for stays at its place.
            let mut kept: Vec<(usize, (Param, c::Param))> =
                left.into_values().filter(|(_, (p, _))| !gone.contains(p.name.as_str())).collect();
            kept.sort_by_key(|(at, _)| *at);
            for (at, pair) in kept {
                pairs.insert(at.min(pairs.len()), pair);
            }
            (api.params, api.signature.params) = pairs.into_iter().unzip();
        }
        for (param, declared) in api.params.iter_mut().zip(&mut api.signature.params) {
            let name = param.name.value.clone();
            let said = |kind| self.by_path.get(&FactPath::new(kind, &[&name])).and_then(|d| d.upstream.as_deref());
            if let Some(direction) = said(FactKind::ParamDirection).and_then(direction) {
                param.direction.value = direction;
            }
            if let Some(optional) = said(FactKind::ParamOptional) {
                param.optional = optional == "true";
            }
            if let Some(reserved) = said(FactKind::ParamReserved) {
                param.reserved = reserved == "true";
            }
            if let Some(ty) = said(FactKind::ParamType) {
                declared.ty = self.ty(ty);
            }
        }
    }

    fn new_param(&self, name: &str) -> (Param, c::Param) {
        let says = |kind| self.theirs.value(kind, &[name]);
        let stated = says(FactKind::ParamDirection).and_then(direction);
        let reserved = says(FactKind::ParamReserved) == Some("true");
        // A parameter without a direction cannot be written down without guessing; the meaning says what is missing.
        let meaning = if stated.is_some() || reserved {
            self.unwritten()
        } else {
            self.fresh(format!("{UNWRITTEN} The page gives no direction; look it up."))
        };
        let param = Param {
            name: self.fresh(name),
            direction: Spanned::new(stated.unwrap_or(Direction::In), self.at),
            optional: says(FactKind::ParamOptional) == Some("true"),
            reserved,
            memory: Vec::new(),
            effects: Vec::new(),
            links: Vec::new(),
            meaning,
        };
        let ty = self.ty(says(FactKind::ParamType).unwrap_or(import::UNKNOWN));
        (param, c::Param { name: Some(self.fresh(name)), ty })
    }

    /// The constants of parameters.
    pub(super) fn constants_of(&self, tables: &mut Vec<ValueTable>) {
        for (path, theirs) in self.of(FactKind::Constant) {
            let (of, constant) = (path.of(), path.name());
            let table = tables.iter_mut().find(|t| t.of.value == of);
            match (table, theirs) {
                (Some(table), None) => {
                    table.rows.retain(|row| row.constant.value != constant);
                    table.rows.iter_mut().for_each(|row| row.excludes.retain(|e| e.value != constant));
                }
                (Some(table), Some(_)) => table.rows.push(self.value(constant)),
                (None, Some(_)) => {
                    let is_out = self.theirs.value(FactKind::ParamDirection, &[of]) == Some(Direction::Out.as_str());
                    let combine = import::combine(of, is_out.then_some(Direction::Out));
                    let table = ValueTable { of: self.fresh(of), combine, rows: vec![self.value(constant)], other: None };
                    tables.push(table);
                }
                (None, None) => {}
            }
        }
    }

    fn value(&self, constant: &str) -> Value {
        Value { constant: self.fresh(constant), excludes: Vec::new(), level: None, callback: None, meaning: self.unwritten() }
    }

    pub(super) fn codes(&self, codes: &mut Vec<Code>) {
        for (path, theirs) in self.of(FactKind::Code) {
            match theirs {
                None => codes.retain(|c| c.name.value != path.of()),
                Some(_) => codes.push(Code { name: self.fresh(path.of()), meaning: self.unwritten() }),
            }
        }
        // A page that names codes for the first time.
        if self.has(&[FactKind::Codes]) {
            for code in self.theirs.names(FactKind::Code) {
                codes.push(Code { name: self.fresh(code), meaning: self.unwritten() });
            }
        }
    }

    fn returns(&self, api: &mut Api) {
        self.codes(&mut api.returns.codes);
        match self.one(FactKind::Open) {
            Some("true") => {
                let meaning = api.returns.other.as_ref().map_or_else(|| self.unwritten(), |o| o.meaning().clone());
                api.returns.other = Some(OtherCodes::MayCome(meaning));
            }
            Some(_) => api.returns.other = None,
            None => {}
        }
    }

    fn irql(&self, api: &mut Api) {
        let cases = self.theirs.facts().filter(|(path, _)| path.kind() == FactKind::IrqlCase);
        let case = |(path, fact): (&FactPath, &crate::facts::Fact)| {
            // The words of a condition are not a condition; written down as one they are an error that points at them.
            let when = match path.of() {
                "always" => When::Always,
                words => When::All(vec![Term { param: self.fresh(format!("? {words}")), values: Vec::new() }]),
            };
            let range = LevelRange::parse(&fact.value)?;
            Some(IrqlCase { when: Spanned::new(when, self.at), range: Spanned::new(range, self.at) })
        };
        let cases: Vec<IrqlCase> = cases.filter_map(case).collect();
        if !cases.is_empty() {
            api.irql = cases;
        }
    }
}

fn direction(word: &str) -> Option<Direction> {
    [Direction::In, Direction::Out, Direction::InOut].into_iter().find(|d| d.as_str() == word)
}

/// Gives a parameter another name wherever its page speaks of it.
fn rename(api: &mut Api, from: &str, to: &str) {
    for name in api.signature.params.iter_mut().filter_map(|p| p.name.as_mut()).filter(|n| n.value == from) {
        to.clone_into(&mut name.value);
    }
    for table in api.values.iter_mut().filter(|t| t.of.value == from) {
        to.clone_into(&mut table.of.value);
    }
    for param in &mut api.params {
        if param.name.value == from {
            to.clone_into(&mut param.name.value);
        }
        for link in param.links.iter_mut().filter(|l| l.param() == from) {
            link.value = link.to(to);
        }
        for effect in param.effects.iter_mut().filter(|e| e.param() == Some(from)) {
            effect.value = SocketEffect::Information(Outcome::SocketOf(to.to_owned()));
        }
    }
    for case in &mut api.irql {
        if let When::All(terms) = &mut case.when.value {
            for term in terms.iter_mut().filter(|t| t.param.value == from) {
                to.clone_into(&mut term.param.value);
            }
        }
    }
}
