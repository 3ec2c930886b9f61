//! Functions, callbacks and exports.

use super::table::parts;
use super::{Head, Reader};
use crate::c::{self, Item};
use crate::facts::{Direction, LevelRange};
use crate::source::{Cell, Document, Section, Span, Spanned};
use crate::spec::{
    Api, Code, Combine, IrqlCase, MemoryRule, OtherCodes, Page, Param, ParamLink, Returns, SocketEffect, SocketState, Term,
    Value, ValueTable, When,
};

impl Reader<'_> {
    pub(super) fn api(&mut self, page: Page, head: Head, document: &Document) -> Option<Api> {
        self.check_sections(document, &["Signature", "Parameters", "Flags", "Values", "Returns", "IRQL", "Notes"]);
        let at = page.name.span;
        let signature = self.signature(&page, document);
        let params = self.section(document, "Parameters", at).and_then(|s| self.params(s));
        let values = self.value_tables(document);
        let is_void = signature.as_ref().is_some_and(|(s, _)| s.ret.is_void());
        let returns = match document.sections.iter().find(|s| s.title.value == "Returns") {
            None if is_void => Some(Returns::default()),
            Some(section) if is_void => {
                self.error(
                    "spec::section",
                    section.title.span,
                    "a function that returns VOID has no codes",
                    "remove the section",
                );
                None
            }
            _ => self.section(document, "Returns", at).and_then(|s| self.returns(s)),
        };
        let irql = self.section(document, "IRQL", at).and_then(|s| self.irql(s));
        let (signature, declared_at) = signature?;
        Some(Api {
            page,
            kind: head.kind,
            typedef: head.typedef,
            library: head.library,
            undoes: head.undoes,
            signature,
            declared_at,
            params: params?,
            values: values?,
            returns: returns?,
            irql: irql?,
        })
    }

    pub(super) fn signature(&mut self, page: &Page, document: &Document) -> Option<(c::Function, Span)> {
        let section = self.section(document, "Signature", page.name.span)?;
        let items = self.c_block(section)?;
        match <[Item; 1]>::try_from(items) {
            Ok([Item::Function { name, function }]) => {
                if name.value != page.name.value {
                    self.error(
                        "spec::signature",
                        name.span,
                        format!("the signature declares `{name}`, but the page is about `{}`", page.name),
                        "make them the same",
                    );
                }
                if let Some(unnamed) = function.params.iter().position(|p| p.name.is_none()) {
                    self.error(
                        "spec::signature",
                        name.span,
                        format!("parameter {} has no name", unnamed + 1),
                        "name every parameter",
                    );
                    return None;
                }
                Some((function, name.span))
            }
            _ => {
                self.error(
                    "spec::signature",
                    section.title.span,
                    "one function prototype is expected",
                    "NTSTATUS Name(TYPE Parameter, …);",
                );
                None
            }
        }
    }

    pub(super) fn params(&mut self, section: &Section) -> Option<Vec<Param>> {
        let columns =
            [("Name", true), ("Direction", true), ("Memory", false), ("Effect", false), ("Link", false), ("Meaning", true)];
        let rows = self.table(section, &columns)?;
        let mut params = Vec::new();
        for row in rows {
            let (name, direction, meaning) = (row.name("Name")?, row.name("Direction")?, row.prose("Meaning")?);
            let Some((way, optional, reserved)) = read_direction(&direction.value) else {
                let help = "write in, out, or `in, out`, each with `, optional` if null is allowed; or reserved";
                self.error("spec::direction", direction.span, format!("`{direction}` is not a direction"), help);
                continue;
            };
            params.push(Param {
                name,
                direction: Spanned::new(way, direction.span),
                optional,
                reserved,
                memory: self.rules(row.get("Memory"), RuleColumn::Memory, MemoryRule::parse),
                effects: self.rules(row.get("Effect"), RuleColumn::Effect, SocketEffect::parse),
                links: self.rules(row.get("Link"), RuleColumn::Link, ParamLink::parse),
                meaning,
            });
        }
        Some(params)
    }

    /// The rules in a cell. One that belongs in another column is told so.
    fn rules<T>(&mut self, cell: Option<&Cell>, column: RuleColumn, parse: fn(&str) -> Option<T>) -> Vec<Spanned<T>> {
        let mut rules = Vec::new();
        for (part, span) in cell.filter(|c| !c.text.is_empty()).map_or_else(Vec::new, |c| parts(c, ';')) {
            if let Some(rule) = parse(part) {
                rules.push(Spanned::new(rule, span));
                continue;
            }
            let help = match RuleColumn::of(part) {
                Some(other) => format!("write it in the column {}", other.title()),
                None => format!("known: {}", column.known()),
            };
            self.error(column.code(), span, format!("`{part}` is not {}", column.what()), help);
        }
        rules
    }

    pub(super) fn value_tables(&mut self, document: &Document) -> Option<Vec<ValueTable>> {
        let mut tables = Vec::new();
        for section in &document.sections {
            let (combine, of) = match section.title.value.split_once(": ") {
                Some(("Flags", of)) => (Combine::Any, of),
                Some(("Values", of)) => (Combine::One, of),
                _ if matches!(section.title.value.as_str(), "Flags" | "Values") => {
                    let help = format!("write `## {}: PARAMETER`", section.title);
                    self.error("spec::section", section.title.span, "whose flags or values are these?", help);
                    return None;
                }
                _ => continue,
            };
            let start = section.title.value.len() - of.len();
            let of = Spanned::new(of.to_owned(), section.title.span.part(start..section.title.value.len()));
            let columns = [("Constant", true), ("Excludes", false), ("Level", false), ("Callback", false), ("Meaning", true)];
            let rows = self.table(section, &columns)?;
            let mut values = Vec::new();
            let mut other = None;
            let count = rows.len();
            for (i, row) in rows.into_iter().enumerate() {
                let constant = row.name("Constant")?;
                if constant.value == "…" || constant.value == "..." {
                    if combine == Combine::Any || i + 1 != count {
                        let help = "a row for all other values is the last of a table of values; flags have none";
                        self.error("spec::values", constant.span, "there is no place here for other values", help);
                    }
                    other = row.prose("Meaning");
                    continue;
                }
                let excludes = row.get("Excludes").filter(|c| !c.text.is_empty()).map_or_else(Vec::new, |cell| {
                    parts(cell, ',').into_iter().map(|(part, span)| Spanned::new(part.to_owned(), span)).collect()
                });
                let level = match row.get("Level").filter(|c| !c.text.is_empty()) {
                    Some(cell) => Some(self.level(cell)?),
                    None => None,
                };
                let callback = row.name("Callback").filter(|c| !c.is_empty());
                values.push(Value { constant, excludes, level, callback, meaning: row.prose("Meaning")? });
            }
            tables.push(ValueTable { of, combine, rows: values, other });
        }
        Some(tables)
    }

    pub(super) fn returns(&mut self, section: &Section) -> Option<Returns> {
        let mut returns = Returns { at: Some(section.title.span), ..Returns::default() };
        let rows = self.table(section, &[("Status", true), ("Meaning", true)])?;
        let count = rows.len();
        for (i, row) in rows.into_iter().enumerate() {
            let (name, meaning) = (row.name("Status")?, row.prose("Meaning")?);
            let other: Option<fn(Spanned<String>) -> OtherCodes> = match name.value.as_str() {
                "…" | "..." => Some(OtherCodes::MayCome),
                "?" => Some(OtherCodes::Unsaid),
                _ => None,
            };
            if let Some(other) = other {
                if i + 1 != count {
                    self.error("spec::returns", name.span, "the row for all other codes is not the last", "move it to the end");
                }
                returns.other = Some(other(meaning));
            } else {
                returns.codes.push(Code { name, meaning });
            }
        }
        if returns.codes.is_empty() {
            self.error("spec::returns", section.title.span, "no code is named", "name at least the code for success");
        }
        Some(returns)
    }

    pub(super) fn irql(&mut self, section: &Section) -> Option<Vec<IrqlCase>> {
        let rows = self.table(section, &[("When", true), ("Level", true)])?;
        if rows.is_empty() {
            self.error(
                "spec::irql",
                section.title.span,
                "no level is given",
                "add a row | always | <= DISPATCH_LEVEL |, from the documentation or an erratum",
            );
        }
        let mut cases = Vec::new();
        for row in rows {
            let (when, level) = (row.get("When")?, row.get("Level")?);
            let parsed = self.when(when);
            let range = self.level(level);
            if let (Some(when_value), Some(range)) = (parsed, range) {
                cases.push(IrqlCase { when: Spanned::new(when_value, when.span), range });
            }
        }
        Some(cases)
    }

    pub(super) fn level(&mut self, cell: &Cell) -> Option<Spanned<LevelRange>> {
        let range = LevelRange::parse(&cell.text);
        if range.is_none() {
            self.error(
                "spec::irql",
                cell.span,
                format!("`{}` is not a level", cell.text),
                "write PASSIVE_LEVEL, <= APC_LEVEL, <= DISPATCH_LEVEL, DISPATCH_LEVEL, >= DISPATCH_LEVEL, <= DIRQL or any level",
            );
        }
        range.map(|r| Spanned::new(r, cell.span))
    }

    pub(super) fn when(&mut self, cell: &Cell) -> Option<When> {
        match cell.text.as_str() {
            "always" => return Some(When::Always),
            "otherwise" => return Some(When::Otherwise),
            _ => {}
        }
        let mut terms = Vec::new();
        let base = cell.raw.find(cell.text.as_str()).unwrap_or(0);
        let at = |part: &str| {
            let start = base + (part.as_ptr() as usize - cell.text.as_ptr() as usize);
            Spanned::new(part.to_owned(), cell.span.part(start..start + part.len()))
        };
        for term in cell.text.split(" and ") {
            let values = if let Some((param, value)) = term.split_once(" == ") {
                Some((param.trim(), vec![value.trim()]))
            } else if let Some((param, list)) = term.split_once(" in ") {
                let list = list.trim();
                list.strip_prefix('(')
                    .and_then(|l| l.strip_suffix(')'))
                    .map(|l| (param.trim(), l.split(',').map(str::trim).collect()))
            } else {
                None
            };
            let is_word = |w: &str| !w.is_empty() && w.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            match values {
                Some((param, values)) if is_word(param) && values.iter().all(|v| is_word(v)) => {
                    terms.push(Term { param: at(param), values: values.into_iter().map(at).collect() });
                }
                _ => {
                    let help = "write always, otherwise, or `Parameter == CONSTANT` or `Parameter in (A, B)`, joined by `and`";
                    self.error("spec::irql", cell.span, format!("`{}` is not a condition", cell.text), help);
                    return None;
                }
            }
        }
        Some(When::All(terms))
    }
}

/// A column of the parameter table that holds rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RuleColumn {
    Memory,
    Effect,
    Link,
}

impl RuleColumn {
    /// The column in which a rule is spelled so.
    fn of(text: &str) -> Option<Self> {
        if MemoryRule::parse(text).is_some() {
            return Some(Self::Memory);
        }
        if SocketEffect::parse(text).is_some() {
            return Some(Self::Effect);
        }
        ParamLink::parse(text).map(|_| Self::Link)
    }

    fn title(self) -> &'static str {
        match self {
            Self::Memory => "Memory",
            Self::Effect => "Effect",
            Self::Link => "Link",
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Memory => "spec::memory",
            Self::Effect => "spec::effect",
            Self::Link => "spec::link",
        }
    }

    fn what(self) -> &'static str {
        match self {
            Self::Memory => "a rule for memory",
            Self::Effect => "an effect on a socket",
            Self::Link => "a link to another parameter",
        }
    }

    fn known(self) -> String {
        match self {
            Self::Memory => MemoryRule::ALL.map(MemoryRule::as_str).join("; "),
            Self::Effect => format!(
                "KIND socket; state: STATE; becomes: STATE; becomes: STATE (KIND); information: bytes; information: connected KIND \
                 socket; information: socket of PARAMETER; states: {}",
                SocketState::ALL.map(SocketState::as_str).join(", ")
            ),
            Self::Link => "bytes in PARAMETER; total in PARAMETER; accepted in PARAMETER; table of PARAMETER".to_owned(),
        }
    }
}

/// `in, out, optional` → direction, optional, reserved.
fn read_direction(text: &str) -> Option<(Direction, bool, bool)> {
    if text == "reserved" {
        return Some((Direction::In, false, true));
    }
    let (way, optional) = text.strip_suffix(", optional").map_or((text, false), |way| (way, true));
    let way = match way {
        "in" => Direction::In,
        "out" => Direction::Out,
        "in, out" => Direction::InOut,
        _ => return None,
    };
    Some((way, optional, false))
}
