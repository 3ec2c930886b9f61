//! The facts of a page of a control code, put into ours.
//!
//! Separate from the other kinds of pages for its facts are words of a vocabulary of their own. What cannot be read back as such a word
//! stands there as it is, for `lint` to point at.

use super::apply::{Edit, Held};
use crate::agreement::Disagreement;
use crate::c::{CType, TypeName};
use crate::facts::{
    ClientState, Data, FactKind, FactPath, Identity, IrpRule, Item, LevelRange, OperationFlags, SocketKind, SocketRule,
    SocketState, Tree,
};
use crate::source::Spanned;
use crate::spec::{Control, Operation};

/// The control codes that a page passes and ours does not.
pub(super) fn codes(found: Vec<Disagreement>, held: &Held) -> Vec<(FactPath, String)> {
    let is_code = |d: &Disagreement| d.path.kind() == FactKind::OperationCode && d.ours.is_some() && !held.has(&d.path);
    found.into_iter().filter(is_code).filter_map(|d| Some((d.path, d.upstream?))).collect()
}

/// The facts of the model with those codes in them.
pub(super) fn with_codes(tree: Tree, codes: &[(Identity, Vec<(FactPath, String)>)]) -> Tree {
    if codes.is_empty() {
        return tree;
    }
    let with = |(identity, item): (&Identity, &Item)| {
        let mut item = item.clone();
        for (path, code) in codes.iter().filter(|(of, _)| of == identity).flat_map(|(_, codes)| codes) {
            if let Some(at) = item.get(path).map(|fact| fact.at.clone()) {
                item.retain(|other| other != path);
                item.add(path.clone(), code, at);
            }
        }
        (identity.clone(), item)
    };
    tree.iter().map(with).collect()
}

impl Edit<'_> {
    pub(super) fn control(&self, control: &mut Control) {
        self.page(&mut control.page);
        self.word(FactKind::Function, &mut control.function);
        for (path, theirs) in self.of(FactKind::Operation) {
            match theirs {
                None => control.operations.retain(|o| o.name.value != path.of()),
                Some(_) => control.operations.extend(self.new_operation(path.of())),
            }
        }
        for operation in &mut control.operations {
            self.operation(operation);
        }
        self.codes(&mut control.returns.codes);
        self.constants_of(&mut control.values);
    }

    /// What the page says of a fact of an operation, where it is another.
    fn said(&self, kind: FactKind, name: &str) -> Option<&str> {
        self.by_path.get(&FactPath::new(kind, &[name]))?.upstream.as_deref()
    }

    fn operation(&self, ours: &mut Operation) {
        let name = ours.name.value.clone();
        let said = |kind| self.said(kind, &name);
        for (kind, word) in [(FactKind::OperationRequest, &mut ours.request), (FactKind::OperationLevel, &mut ours.level)] {
            if let Some(theirs) = said(kind) {
                *word = Some(self.fresh(theirs));
            }
        }
        for (kind, data) in [(FactKind::OperationInput, &mut ours.input), (FactKind::OperationOutput, &mut ours.output)] {
            if let Some(theirs) = said(kind) {
                data.value = self.data(theirs);
            }
        }
        if let Some(theirs) = said(FactKind::OperationSizeReturned) {
            ours.size_returned.value = theirs == "true";
        }
        if let Some(flags) = said(FactKind::OperationFlags).and_then(OperationFlags::parse) {
            ours.flags = Some(self.fresh_of(flags));
        }
        if let Some(irp) = said(FactKind::OperationIrp).and_then(irp) {
            ours.irp.value = irp;
        }
        if let Some(theirs) = said(FactKind::OperationSockets) {
            ours.sockets = self.sockets(theirs);
        }
        if let Some(state) = said(FactKind::OperationClientState).and_then(client_state) {
            ours.client_state = Some(self.fresh_of(state));
        }
        if let Some(range) = said(FactKind::OperationIrql).and_then(LevelRange::parse) {
            ours.irql.value = range;
        }
    }

    /// An operation that is new. `None` where the page does not state what cannot be left open: nothing is guessed.
    fn new_operation(&self, name: &str) -> Option<Operation> {
        let says = |kind| self.theirs.value(kind, &[name]);
        let word = |kind| says(kind).map(|text| self.fresh(text));
        Some(Operation {
            name: self.fresh(name),
            request: word(FactKind::OperationRequest),
            level: word(FactKind::OperationLevel),
            input: self.fresh_of(self.data(says(FactKind::OperationInput)?)),
            output: self.fresh_of(self.data(says(FactKind::OperationOutput)?)),
            size_returned: self.fresh_of(says(FactKind::OperationSizeReturned)? == "true"),
            flags: says(FactKind::OperationFlags).and_then(OperationFlags::parse).map(|flags| self.fresh_of(flags)),
            irp: self.fresh_of(says(FactKind::OperationIrp).and_then(irp)?),
            sockets: says(FactKind::OperationSockets).map(|text| self.sockets(text)).unwrap_or_default(),
            client_state: says(FactKind::OperationClientState).and_then(client_state).map(|state| self.fresh_of(state)),
            irql: self.fresh_of(says(FactKind::OperationIrql).and_then(LevelRange::parse)?),
        })
    }

    fn data(&self, text: &str) -> Data {
        let ty = |text: &str| CType::Named(TypeName { tag: None, name: self.fresh(text), is_const: false });
        match (text, text.strip_suffix("[]"), text.strip_suffix('+')) {
            ("none", ..) => Data::None,
            (_, Some(text), _) => Data::Many(ty(text)),
            (_, _, Some(text)) => Data::Extended(ty(text)),
            _ => Data::One(ty(text)),
        }
    }

    /// Reads `listen (bound), datagram`.
    fn sockets(&self, text: &str) -> Vec<SocketRule> {
        let rule = |part: &str| {
            let (kind, state) = match part.trim().split_once(" (") {
                Some((kind, state)) => (kind, SocketState::parse(state.trim_end_matches(')'))?),
                None => (part.trim(), SocketState::Any),
            };
            Some(SocketRule { kind: self.fresh_of(SocketKind::parse(kind)?), state })
        };
        text.split(',').filter_map(rule).collect()
    }

    fn fresh_of<T>(&self, value: T) -> Spanned<T> {
        self.fresh("").map(|_| value)
    }
}

fn irp(word: &str) -> Option<IrpRule> {
    IrpRule::ALL.into_iter().find(|rule| rule.as_str() == word)
}

fn client_state(words: &str) -> Option<ClientState> {
    [ClientState::Any, ClientState::BeforeSockets].into_iter().find(|state| state.as_str() == words)
}
