//! Control operations.

use super::Reader;
use super::table::parts;
use crate::c;
use crate::source::{Cell, Document, Section, Spanned};
use crate::spec::{
    ClientState, Control, Data, IrpRule, Operation, OperationFlags, Page, Returns, SocketKind, SocketRule, SocketState,
};

impl Reader<'_> {
    pub(super) fn control(&mut self, page: Page, function: Spanned<String>, document: &Document) -> Option<Control> {
        self.check_sections(document, &["Operation", "Flags", "Values", "Returns", "Notes"]);
        let mut operations = Vec::new();
        for section in document.sections.iter().filter(|s| s.level == 2) {
            if let Some(name) = section.title.value.strip_prefix("Operation: ") {
                let name = Spanned::new(name.to_owned(), section.title.span);
                operations.push(self.operation(name, section)?);
            }
        }
        if operations.is_empty() {
            self.error(
                "spec::section",
                page.name.span,
                "the section `Operation` is missing",
                "add a section `## Operation: set` (or get, enable…)",
            );
        }
        let values = self.value_tables(document)?;
        let returns = match document.sections.iter().find(|s| s.title.value == "Returns") {
            Some(section) => self.returns(section)?,
            None => Returns::default(),
        };
        Some(Control { page, function, operations, values, returns })
    }

    pub(super) fn operation(&mut self, name: Spanned<String>, section: &Section) -> Option<Operation> {
        let rows = self.table(section, &[("Property", true), ("Value", true)])?;
        let mut known: Vec<(&str, Option<Cell>)> =
            ["Request type", "Level", "Input", "Output", "Size returned", "Flags", "IRP", "Sockets", "Client state", "IRQL"]
                .map(|n| (n, None))
                .into();
        for row in rows {
            let (property, value) = (row.get("Property")?, row.get("Value")?);
            match known.iter_mut().find(|(name, _)| *name == property.text) {
                Some((_, slot @ None)) => *slot = Some(value.clone()),
                Some(_) => self.error(
                    "spec::control",
                    property.span,
                    format!("`{}` is given twice", property.text),
                    "remove one of them",
                ),
                None => {
                    let names: Vec<&str> = known.iter().map(|(n, _)| *n).collect();
                    self.error(
                        "spec::control",
                        property.span,
                        format!("`{}` is not a property", property.text),
                        format!("known: {}", names.join(", ")),
                    );
                }
            }
        }
        let mut take = |name: &str| known.iter_mut().find(|(n, _)| *n == name).and_then(|(_, cell)| cell.take());
        let (request, level, sockets, client_state) =
            (take("Request type"), take("Level"), take("Sockets"), take("Client state"));
        let flags = take("Flags");
        let (input, output, returned, irp, irql) =
            (take("Input"), take("Output"), take("Size returned"), take("IRP"), take("IRQL"));
        let need = |reader: &mut Self, cell: Option<Cell>, what: &str| {
            if cell.is_none() {
                reader.error(
                    "spec::control",
                    name.span,
                    format!("`{name}` does not say `{what}`"),
                    format!("add a row | {what} | … |"),
                );
            }
            cell
        };
        let input = need(self, input, "Input");
        let output = need(self, output, "Output");
        let returned = need(self, returned, "Size returned");
        let irp = need(self, irp, "IRP");
        let irql = need(self, irql, "IRQL");
        let input = self.data(&input?)?;
        let output = self.data(&output?)?;
        let returned = returned?;
        let size_returned = match returned.text.as_str() {
            "yes" => true,
            "no" => false,
            other => {
                self.error("spec::control", returned.span, format!("`{other}` is neither yes nor no"), "write yes or no");
                return None;
            }
        };
        let irp = irp?;
        let Some(rule) = IrpRule::ALL.into_iter().find(|r| r.as_str() == irp.text) else {
            self.error(
                "spec::control",
                irp.span,
                format!("`{}` is not a rule for IRPs", irp.text),
                "write required, optional or forbidden",
            );
            return None;
        };
        let client_state = match client_state {
            None => None,
            Some(cell) => match [ClientState::Any, ClientState::BeforeSockets].into_iter().find(|s| s.as_str() == cell.text) {
                Some(state) => Some(Spanned::new(state, cell.span)),
                None => {
                    self.error(
                        "spec::control",
                        cell.span,
                        format!("`{}` is not a state of a client", cell.text),
                        "write any or `before any socket`",
                    );
                    return None;
                }
            },
        };
        let flags = match flags {
            None => None,
            Some(cell) => match OperationFlags::parse(&cell.text) {
                Some(flags) => Some(Spanned::new(flags, cell.span)),
                None => {
                    self.error(
                        "spec::control",
                        cell.span,
                        format!("`{}` does not say which flags", cell.text),
                        "write `any of MEMBER` or `one of MEMBER`, and `with FLAG` for one that is always given",
                    );
                    return None;
                }
            },
        };
        let name_of = |cell: Cell| Spanned::new(cell.text, cell.span);
        Some(Operation {
            request: request.map(name_of),
            level: level.map(name_of),
            input,
            output,
            size_returned: Spanned::new(size_returned, returned.span),
            flags,
            irp: Spanned::new(rule, irp.span),
            sockets: sockets.map_or(Some(Vec::new()), |cell| self.sockets(&cell))?,
            client_state,
            irql: self.level(&irql?)?,
            name: {
                let word = name.value.clone();
                let start = section.title.value.len() - word.len();
                Spanned::new(word, name.span.part(start..section.title.value.len()))
            },
        })
    }

    pub(super) fn data(&mut self, cell: &Cell) -> Option<Spanned<Data>> {
        if cell.text == "none" {
            return Some(Spanned::new(Data::None, cell.span));
        }
        let (text, wrap): (&str, fn(c::CType) -> Data) = match (cell.text.strip_suffix("[]"), cell.text.strip_suffix('+')) {
            (Some(text), _) => (text, Data::Many),
            (_, Some(text)) => (text, Data::Extended),
            _ => (&cell.text, Data::One),
        };
        let word = text.split_whitespace().next() == Some(text) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !word {
            self.error("spec::control", cell.span, format!("`{}` is not a type", cell.text), "write none, TYPE, TYPE[] or TYPE+");
            return None;
        }
        let ty = c::CType::Named(c::TypeName { tag: None, name: Spanned::new(text.to_owned(), cell.span), is_const: false });
        Some(Spanned::new(wrap(ty), cell.span))
    }

    pub(super) fn sockets(&mut self, cell: &Cell) -> Option<Vec<SocketRule>> {
        let mut rules = Vec::new();
        for (part, span) in parts(cell, ',') {
            let (kind, state) = match part.split_once('(') {
                Some((kind, state)) => (kind.trim(), state.trim_end_matches(')').trim()),
                None => (part, SocketState::Any.as_str()),
            };
            let state = SocketState::parse(state);
            match (SocketKind::parse(kind), state) {
                (Some(kind), Some(state)) => rules.push(SocketRule { kind: Spanned::new(kind, span), state }),
                _ => {
                    let kinds = SocketKind::ALL.map(SocketKind::as_str).join(", ");
                    let states = SocketState::ALL.map(SocketState::as_str).join(", ");
                    self.error(
                        "spec::control",
                        span,
                        format!("`{part}` is not a kind of socket with a state"),
                        format!("kinds: {kinds}; states, in parentheses: {states}"),
                    );
                    return None;
                }
            }
        }
        Some(rules)
    }
}
