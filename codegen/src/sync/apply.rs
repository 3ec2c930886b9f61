//! The model as it would be if it said what a page says: our prose kept, facts that an erratum answers for kept, and a place left for
//! whatever a person must write.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::c::{self, CType, Item};
use crate::facts::Direction;
use crate::import;
use crate::source::{Report, Sources, Span, Spanned};
use crate::spec::{
    Api, Code, FieldDoc, IrqlCase, OtherCodes, Page, Param, Spec, Struct, Term, UNWRITTEN, Value, ValueTable, When,
};
use crate::vendor::{ApiFacts, ItemFacts, PageFacts, ParamFacts, StructFacts};

/// A fact that a page should state and does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Silent {
    /// The fact, as errata name it.
    pub fact: String,
    /// What spec-data says, which stays.
    pub ours: String,
}

/// Puts the facts of a page into the model. Those in `held` stay as they are.
pub(super) fn apply(spec: &mut Spec, stem: &str, page: &PageFacts, held: &BTreeSet<&str>) -> Vec<Silent> {
    let is = |p: &Page| p.upstream.as_ref().is_some_and(|u| u.value == stem);
    let mut silent = Vec::new();
    match &page.item {
        ItemFacts::Api(facts) => {
            if let Some(api) = spec.apis.iter_mut().find(|a| is(&a.page)) {
                Applying { held, silent: &mut silent, at: api.page.name.span }.api(api, facts);
            }
        }
        ItemFacts::Struct(facts) => {
            if let Some(structure) = spec.structs.iter_mut().find(|s| is(&s.page)) {
                Applying { held, silent: &mut silent, at: structure.page.name.span }.structure(structure, facts);
            }
        }
        ItemFacts::Enum(_) => {}
    }
    silent
}

/// The signature of a page that has types.
pub(super) fn signature(facts: &ApiFacts) -> Option<c::Function> {
    let params: Option<Vec<String>> = facts.params.iter().map(|p| Some(format!("{} {}", p.ty.as_ref()?, p.name.value))).collect();
    parse_function(&format!("{} Name({});", facts.return_type.as_ref()?, params?.join(", ")))
}

fn parse_function(text: &str) -> Option<c::Function> {
    let mut sources = Sources::new();
    let file = sources.add("", text);
    let items = c::parse_declarations(text, sources.whole(file), &mut Report::new())?;
    items.into_iter().find_map(|item| match item {
        Item::Function { function, .. } => Some(function),
        _ => None,
    })
}

struct Applying<'a> {
    held: &'a BTreeSet<&'a str>,
    silent: &'a mut Vec<Silent>,
    /// Where new facts are said to stand: in our page, whose text is not theirs.
    at: Span,
}

impl Applying<'_> {
    fn is_held(&self, fact: &str) -> bool {
        self.held.contains(fact)
    }

    fn fresh(&self, text: impl Into<String>) -> Spanned<String> {
        Spanned::new(text.into(), self.at)
    }

    fn unwritten(&self) -> Spanned<String> {
        self.fresh(UNWRITTEN)
    }

    /// A fact that is a word.
    fn word(&mut self, fact: &str, ours: &mut Spanned<String>, theirs: Option<&Spanned<String>>) {
        match theirs {
            _ if self.is_held(fact) => {}
            Some(theirs) => ours.value.clone_from(&theirs.value),
            None => self.says_nothing(fact, &ours.value),
        }
    }

    fn says_nothing(&mut self, fact: &str, ours: &str) {
        self.silent.push(Silent { fact: fact.to_owned(), ours: ours.to_owned() });
    }

    fn page(
        &mut self,
        page: &mut Page,
        name: Option<&Spanned<String>>,
        header: Option<&Spanned<String>>,
        since: Option<&Spanned<String>>,
    ) {
        self.word("name", &mut page.name, name);
        self.word("header", &mut page.header, header);
        self.word("since", &mut page.since, since);
    }

    fn ty(&self, text: &str) -> CType {
        // A type that cannot be read stands there as it is, for `lint` to point at.
        let unknown = || CType::Named(c::TypeName { tag: None, name: self.fresh(text), is_const: false });
        parse_function(&format!("{text} Name(void);")).map_or_else(unknown, |f| f.ret)
    }

    fn api(&mut self, api: &mut Api, facts: &ApiFacts) {
        self.page(&mut api.page, facts.name.as_ref(), facts.header.as_ref(), facts.since.as_ref());
        if let (Some(ours), Some(theirs)) = (&mut api.library, &facts.library)
            && !ours.eq_ignore_ascii_case(theirs)
            && !self.is_held("library")
        {
            ours.value = theirs.to_lowercase();
        }
        match facts.kind {
            _ if self.is_held("kind") => {}
            Some(kind) => api.kind.value = kind,
            None => self.says_nothing("kind", api.kind.as_str()),
        }
        self.params(api, facts);
        if let Some(ty) = facts.return_type.as_ref().filter(|_| !self.is_held("returns.type") && !self.is_held("signature"))
            && api.signature.ret.spelling() != *ty
        {
            api.signature.ret = self.ty(ty);
        }
        self.returns(api, facts);
        self.irql(api, facts);
    }

    /// Which of our parameters each of theirs is: of the same name, or at the place of one whose name they do not have.
    fn pair(&self, api: &Api, facts: &ApiFacts) -> Vec<Option<usize>> {
        let ours = |name: &str| api.params.iter().position(|p| p.name.value == name);
        let theirs = |name: &str| facts.params.iter().any(|p| p.name.value == name);
        let renamed = |i: usize| api.params.get(i).is_some_and(|p| !theirs(&p.name));
        facts.params.iter().enumerate().map(|(i, p)| ours(&p.name).or_else(|| renamed(i).then_some(i))).collect()
    }

    fn params(&mut self, api: &mut Api, facts: &ApiFacts) {
        if facts.params.is_empty() && !api.params.is_empty() {
            let names: Vec<&str> = api.params.iter().map(|p| p.name.value.as_str()).collect();
            self.says_nothing("params", &names.join(", "));
            return;
        }
        let pairs = self.pair(api, facts);
        let (mut params, mut declared, mut renamed) = (Vec::new(), Vec::new(), Vec::new());
        for (theirs, pair) in facts.params.iter().zip(&pairs) {
            let ours = pair.and_then(|i| Some((api.params.get(i)?.clone(), api.signature.params.get(i)?.clone())));
            let Some((mut param, mut signature)) = ours else {
                if !self.is_held(&format!("params.{}.name", theirs.name)) {
                    params.push(self.new_param(theirs));
                    let ty = self.ty(theirs.ty.as_deref().unwrap_or(import::UNKNOWN));
                    declared.push(c::Param { name: Some(self.fresh(theirs.name.value.as_str())), ty });
                    self.values(api, &theirs.name, &theirs.name, theirs);
                }
                continue;
            };
            let name = param.name.value.clone();
            self.param(&name, &mut param, theirs);
            let fact = format!("params.{name}.type");
            if let Some(ty) = theirs.ty.as_ref().filter(|_| !self.is_held(&fact) && !self.is_held("signature"))
                && signature.ty.spelling() != *ty
            {
                signature.ty = self.ty(ty);
            }
            self.values(api, &name, &theirs.name, theirs);
            if theirs.name.value != name && !self.is_held(&format!("params.{name}.name")) {
                renamed.push((name, theirs.name.value.clone()));
                param.name = self.fresh(theirs.name.value.as_str());
                signature.name = Some(param.name.clone());
            }
            params.push(param);
            declared.push(signature);
        }
        // Those that they do not have are gone, unless an erratum says that they are missing there.
        for (i, ours) in api.params.iter().enumerate() {
            if !pairs.contains(&Some(i)) && self.is_held(&format!("params.{}.name", ours.name)) {
                let at = i.min(params.len());
                params.insert(at, ours.clone());
                declared.splice(at..at, api.signature.params.get(i).cloned());
            }
        }
        for (from, to) in &renamed {
            rename(api, from, to, &mut params);
        }
        api.values.retain(|t| params.iter().any(|p| p.name == t.of));
        api.params = params;
        api.signature.params = declared;
    }

    fn new_param(&self, theirs: &ParamFacts) -> Param {
        let direction = theirs.direction.unwrap_or(Direction::In);
        // A parameter without a direction cannot be written down without guessing; the meaning says what is missing.
        let meaning = if theirs.direction.is_some() || theirs.reserved {
            self.unwritten()
        } else {
            self.fresh(format!("{UNWRITTEN} The page gives no direction; look it up."))
        };
        Param {
            name: self.fresh(theirs.name.value.as_str()),
            direction: Spanned::new(direction, self.at),
            optional: theirs.optional == Some(true),
            reserved: theirs.reserved,
            memory: Vec::new(),
            meaning,
        }
    }

    fn param(&mut self, name: &str, ours: &mut Param, theirs: &ParamFacts) {
        let fact = |fact: &str| format!("params.{name}.{fact}");
        match theirs.direction {
            _ if self.is_held(&fact("direction")) => {}
            Some(direction) => ours.direction.value = direction,
            None => self.says_nothing(&fact("direction"), ours.direction.as_str()),
        }
        if let Some(optional) = theirs.optional.filter(|_| !self.is_held(&fact("optional"))) {
            ours.optional = optional;
        }
        if !self.is_held(&fact("reserved")) {
            ours.reserved = theirs.reserved;
        }
    }

    /// The constants of a parameter: `name` is ours, `new_name` theirs.
    fn values(&self, api: &mut Api, name: &str, new_name: &str, theirs: &ParamFacts) {
        let is_held = |constant: &str| self.is_held(&format!("values.{name}.{constant}"));
        let has = |constant: &str| theirs.values.iter().any(|v| v.value == constant);
        let value = |constant: &str| Value {
            constant: self.fresh(constant),
            excludes: Vec::new(),
            level: None,
            callback: None,
            meaning: self.unwritten(),
        };
        if let Some(table) = api.values.iter_mut().find(|t| t.of.value == name) {
            table.rows.retain(|row| has(&row.constant) || is_held(&row.constant));
            let left: Vec<String> = table.rows.iter().map(|r| r.constant.value.clone()).collect();
            for row in &mut table.rows {
                row.excludes.retain(|e| left.contains(&e.value));
            }
            for constant in &theirs.values {
                if !left.contains(&constant.value) && !is_held(constant) {
                    table.rows.push(value(constant));
                }
            }
        } else {
            let rows: Vec<Value> = theirs.values.iter().filter(|c| !is_held(c)).map(|c| value(c)).collect();
            if !rows.is_empty() {
                api.values.push(ValueTable { of: self.fresh(new_name), combine: import::combine(theirs), rows, other: None });
            }
        }
        api.values.retain(|t| !t.rows.is_empty());
    }

    fn returns(&mut self, api: &mut Api, facts: &ApiFacts) {
        let codes: Vec<String> = api.returns.codes.iter().map(|c| c.name.value.clone()).collect();
        if facts.codes.is_empty() {
            if codes.iter().any(|code| !self.is_held(&format!("returns.{code}"))) {
                self.says_nothing("returns", &codes.join(", "));
            }
            return;
        }
        api.returns.codes.retain(|c| {
            facts.codes.iter().any(|f| f.value == c.name.value) || self.held.contains(format!("returns.{}", c.name).as_str())
        });
        for code in &facts.codes {
            if !codes.contains(&code.value) && !self.is_held(&format!("returns.{code}")) {
                api.returns.codes.push(Code { name: self.fresh(code.value.as_str()), meaning: self.unwritten() });
            }
        }
        match facts.open {
            _ if self.is_held("returns.open") => {}
            open if open == api.returns.open() => {}
            Some(false) => api.returns.other = None,
            Some(true) => {
                let meaning = api.returns.other.as_ref().map_or_else(|| self.unwritten(), |o| o.meaning().clone());
                api.returns.other = Some(OtherCodes::MayCome(meaning));
            }
            // Where the page no longer says it, what it said before is kept; `sync` names the change.
            None => {}
        }
    }

    fn irql(&mut self, api: &mut Api, facts: &ApiFacts) {
        let ours = api.levels();
        if self.is_held("irql") || facts.levels().as_ref() == Some(&ours) {
            return;
        }
        if facts.irql.is_empty() {
            self.says_nothing("irql", &ours);
            return;
        }
        let case = |fact: &crate::vendor::IrqlFact| {
            // The words of a condition are not a condition; written down as one they are an error that points at them.
            let when = fact.when.as_ref().map_or(When::Always, |words| {
                When::All(vec![Term { param: self.fresh(format!("? {words}")), values: Vec::new() }])
            });
            IrqlCase { when: Spanned::new(when, self.at), range: Spanned::new(fact.range, self.at) }
        };
        api.irql = facts.irql.iter().map(case).collect();
    }

    fn structure(&mut self, structure: &mut Struct, facts: &StructFacts) {
        self.page(&mut structure.page, facts.name.as_ref(), facts.header.as_ref(), facts.since.as_ref());
        if facts.fields.is_empty() && !structure.record.fields.is_empty() {
            self.says_nothing("fields", "those of the definition");
            return;
        }
        let held = |name: &str, fact: &str| self.held.contains(format!("fields.{name}.{fact}").as_str());
        let (before, docs) = (structure.record.fields.clone(), structure.fields.clone());
        let ours = |name: &str| before.iter().position(|f| f.name.as_ref().is_some_and(|n| n.value == name));
        // A field at the place of one whose name they do not have has another name now.
        let theirs_has = |name: &str| facts.fields.iter().any(|(n, _)| n.value == name);
        let unnamed = before.iter().take_while(|f| f.name.is_none()).count();
        let mut fields: Vec<c::Field> = before.iter().filter(|f| f.name.is_none()).cloned().collect();
        let mut rows: Vec<FieldDoc> = docs.iter().filter(|d| ours(&d.name).is_none()).cloned().collect();
        for (i, (name, ty)) in facts.fields.iter().enumerate() {
            let same_place = || {
                let at = unnamed + i;
                let was = before.get(at)?.name.as_ref()?;
                (!theirs_has(was) && !held(was, "name") && before.len() == unnamed + facts.fields.len()).then_some(at)
            };
            let is_excused = held(name, "name") || held(name, "type") && ours(name).is_none();
            let found = ours(name).or_else(same_place);
            if found.is_none() && is_excused {
                continue;
            }
            let mut field = found
                .and_then(|at| before.get(at))
                .cloned()
                .unwrap_or_else(|| c::Field { name: None, ty: self.ty(ty.as_deref().unwrap_or(import::UNKNOWN)) });
            let was = field.name.as_ref().map(|n| n.value.clone());
            if let Some(ty) =
                ty.as_ref().filter(|ty| !held(name, "type") && !self.is_held("definition") && field.ty.spelling() != **ty)
            {
                field.ty = self.ty(ty);
            }
            field.name = Some(self.fresh(name.value.as_str()));
            fields.push(field);
            let mut row = was.and_then(|was| docs.iter().find(|d| d.name.value == was)).cloned().unwrap_or_else(|| FieldDoc {
                name: self.fresh(""),
                since: None,
                bytes_in: None,
                meaning: self.unwritten(),
            });
            row.name.value.clone_from(&name.value);
            rows.push(row);
        }
        // What they do not have is gone, unless an erratum says that it is missing there.
        for (i, field) in before.iter().enumerate() {
            let Some(name) = field.name.as_ref().map(|n| n.value.as_str()) else { continue };
            if !theirs_has(name) && (held(name, "name") || held(name, "type")) && !fields.iter().any(|f| f.name == field.name) {
                fields.insert(i.min(fields.len()), field.clone());
                rows.extend(docs.iter().find(|d| d.name.value == name).cloned());
            }
        }
        // Rows stand in the order of the fields.
        rows.sort_by_key(|row| {
            fields.iter().position(|f| f.name.as_ref().is_some_and(|n| n.value == row.name.value)).map_or(0, |p| p + 1)
        });
        structure.record.fields = fields;
        structure.fields = rows;
    }
}

/// Gives a parameter another name wherever its page speaks of it.
fn rename(api: &mut Api, from: &str, to: &str, params: &mut [Param]) {
    for table in api.values.iter_mut().filter(|t| t.of.value == from) {
        to.clone_into(&mut table.of.value);
    }
    for param in params {
        for rule in &mut param.memory {
            let spelling = rule.value.spelling();
            if rule.value.param() == Some(from)
                && let Some(start) = spelling.strip_suffix(from)
                && let Some(renamed) = crate::spec::MemoryRule::parse(&format!("{start}{to}"))
            {
                rule.value = renamed;
            }
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
