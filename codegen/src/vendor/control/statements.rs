//! The statements of a page put together into facts of its operations.
//!
//! A statement belongs to the operations whose verbs it names. Two that contradict each other give no fact, and neither does one that is
//! not understood, so that nothing is read past it.

use super::super::blocks::{Block, Kind};
use super::super::clause::Own;
use super::super::silent;
use super::codes;
use super::facts::OperationFacts;
use super::sentences::{self, About, Statement};
use super::values::Given;
use crate::facts::{ClientState, IrpRule, SocketKind, SocketRule, SocketState};
use crate::source::{Diagnostic, Report, Span, Spanned};
use crate::vendor::hash::{HashMap, HashSet};

/// What the sentences of a page say.
pub(super) struct Said {
    statements: Vec<Spanned<Statement>>,
    /// The structure that the output buffer begins with.
    pub(super) output: Option<Spanned<String>>,
    /// The codes that the function returns.
    pub(super) codes: Vec<Spanned<String>>,
}

/// The row of the IRP of a table, where it has one.
#[derive(Debug, Clone, Copy)]
pub(super) enum IrpRow {
    /// There is none.
    Missing,
    /// It is not understood, which was reported.
    Unclear,
    /// It says that.
    Says(Given, Span),
}

/// An operation of which the rows of its table were read.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) operation: OperationFacts,
    /// The verb by which sentences speak of it.
    pub(super) verb: Option<String>,
    pub(super) irp: IrpRow,
}

impl Said {
    /// Reads all paragraphs of a page, and reports what is not understood.
    pub(super) fn of(blocks: &[Block], own: Own<'_>, report: &mut Report) -> Self {
        let mut said = Self { statements: Vec::new(), output: None, codes: Vec::new() };
        let mut seen = HashSet::default();
        for text in blocks.iter().filter(|b| b.kind == Kind::Text).filter_map(Block::first) {
            let is_exact = text.span.end - text.span.start == text.value.len();
            let mut at = 0;
            let from = said.statements.len();
            let mut beside = Vec::new();
            for sentence in text.split_inclusive(". ") {
                let span = if is_exact { text.span.part(at..at + sentence.len()) } else { text.span };
                at += sentence.len();
                let sentence = sentence.trim_end().trim_end_matches('.');
                said.take_codes(sentence, span, own, &mut seen, report);
                match sentences::read(sentence) {
                    None => beside.push((sentence, span)),
                    Some(statement) => {
                        if let Statement::Unclear { about, .. } = &statement {
                            let message = format!("this sentence is not understood as {}", about.words());
                            let help = "write the fact on our page by an erratum, with the sentence as its evidence";
                            report.push(Diagnostic::warning("vendor::control", message).at(span).help(help));
                        }
                        said.statements.push(Spanned::new(statement, span));
                    }
                }
            }
            said.limit(from, &beside, report);
        }
        let outputs = said.statements.iter().filter_map(|s| match &s.value {
            Statement::OutputHolds(ty) => Some(Spanned::new(ty.clone(), s.span)),
            _ => None,
        });
        let is_unclear = said.statements.iter().any(|s| matches!(s.value, Statement::Unclear { about: About::Output, .. }));
        let outputs: Vec<_> = outputs.filter(|_| !is_unclear).collect();
        if let [first, rest @ ..] = outputs.as_slice() {
            match rest.iter().find(|other| other.value != first.value) {
                Some(other) => contradiction(other.span, About::Output.words(), report),
                None => said.output = Some(first.clone()),
            }
        }
        said
    }

    /// Takes note of the sentences beside statements that may limit them: nothing is read past those.
    fn limit(&mut self, from: usize, beside: &[(&str, Span)], report: &mut Report) {
        for statement in self.statements.get_mut(from..).unwrap_or_default() {
            let about = statement.value.about();
            for (_, span) in beside.iter().filter(|(sentence, _)| sentences::limits(sentence, about)) {
                let message = format!("this sentence may limit what another one says of {}", about.words());
                let help = "write the fact on our page by an erratum, with both sentences as its evidence";
                report.push(Diagnostic::warning("vendor::control", message).at(*span).help(help));
                let verbs = statement.value.verbs().to_vec();
                *statement = Spanned::new(Statement::Unclear { about, verbs }, *span);
            }
        }
    }

    /// The codes that a sentence says the function returns.
    fn take_codes(&mut self, sentence: &str, span: Span, own: Own<'_>, seen: &mut HashSet<String>, report: &mut Report) {
        let (codes, unclear) = codes::of_sentence(sentence, own);
        for code in codes {
            if seen.insert(code.to_owned()) {
                self.codes.push(Spanned::new(code.to_owned(), span));
            }
        }
        for code in unclear {
            codes::unclear(code, span, "the sentence does not say so in words that are understood", report);
        }
    }

    /// The flags that are always given along with others.
    pub(super) fn flags_along(&self) -> impl Iterator<Item = Spanned<String>> {
        self.statements.iter().flat_map(|s| match &s.value {
            Statement::Flags { flags, .. } => flags.with.iter().map(|w| Spanned::new(w.clone(), s.span)).collect(),
            _ => Vec::new(),
        })
    }

    /// Sorts the statements by the operations that they are about. A sentence that has none of their verbs is about the code as a whole:
    /// it says `specify` where the operations are `set` and `clear`.
    pub(super) fn sorted<'v>(self, verbs: impl Iterator<Item = &'v str>) -> Sorted {
        let known: HashSet<&str> = verbs.collect();
        let mut sorted = Sorted::default();
        let mut seen: HashSet<(Option<String>, Statement)> = HashSet::default();
        for Spanned { value: statement, span } in self.statements {
            let named: Vec<String> = statement.verbs().iter().filter(|v| known.contains(v.as_str())).cloned().collect();
            let statement = statement.without_verbs();
            let of = if named.is_empty() { vec![None] } else { named.into_iter().map(Some).collect() };
            for verb in of {
                // To say a thing twice is to say it once.
                if seen.insert((verb.clone(), statement.clone())) {
                    let list = match verb {
                        None => &mut sorted.of_all,
                        Some(verb) => sorted.of_verb.entry(verb).or_default(),
                    };
                    list.push(Spanned::new(statement.clone(), span));
                }
            }
        }
        sorted
    }
}

/// Statements, by the operations that they are about.
#[derive(Default)]
pub(super) struct Sorted {
    of_all: Vec<Spanned<Statement>>,
    of_verb: HashMap<String, Vec<Spanned<Statement>>>,
}

impl Sorted {
    /// Completes an operation by what the sentences say of it.
    pub(super) fn complete(&self, draft: Draft, is_client: bool, report: &mut Report) -> OperationFacts {
        let Draft { mut operation, verb, irp: row } = draft;
        let of_verb = verb.as_ref().and_then(|verb| self.of_verb.get(verb)).map_or(&[] as &[_], Vec::as_slice);
        let said = Statements { of_verb, of_all: &self.of_all };
        operation.irp = said.irp(operation.at, row, report);
        said.flags(&mut operation, verb.as_deref(), report);
        let before = said.all().find(|s| s.value == Statement::BeforeSockets).filter(|_| !said.is_unclear(About::State));
        operation.client_state = before.map(|s| Spanned::new(ClientState::BeforeSockets, s.span));
        if is_client && before.is_none() {
            silent(report, operation.at, "when a client may do this", "write `Client state` on our page, with an erratum");
        }
        // A page that says what it should not have to say has said it all the same.
        if !is_client || said.all().any(|s| matches!(s.value, Statement::Sockets(_) | Statement::State { .. })) {
            operation.sockets = said.sockets(operation.at, report);
        }
        operation
    }
}

/// The statements about one operation.
#[derive(Clone, Copy)]
struct Statements<'s> {
    of_verb: &'s [Spanned<Statement>],
    of_all: &'s [Spanned<Statement>],
}

impl<'s> Statements<'s> {
    fn all(self) -> impl Iterator<Item = &'s Spanned<Statement>> {
        self.of_verb.iter().chain(self.of_all)
    }

    fn is_unclear(self, about: About) -> bool {
        self.all().any(|s| matches!(s.value, Statement::Unclear { about: other, .. } if other == about))
    }

    fn irp(self, at: Span, row: IrpRow, report: &mut Report) -> Option<Spanned<IrpRule>> {
        const WHAT: &str = "whether there is an IRP";
        if self.is_unclear(About::Irp) {
            return None;
        }
        let mut rules = self.all().filter_map(|s| match &s.value {
            Statement::Irp { rule, .. } => Some(Spanned::new(*rule, s.span)),
            _ => None,
        });
        let first = rules.next();
        if let Some(other) = first.as_ref().and_then(|first| rules.find(|r| r != first)) {
            contradiction(other.span, WHAT, report);
            return None;
        }
        match (first, row) {
            // Nothing is read past a row that is not understood.
            (_, IrpRow::Unclear) => None,
            (Some(rule), IrpRow::Missing) => Some(rule),
            (Some(rule), IrpRow::Says(given, span)) => {
                if (given == Given::Null) == (rule.value == IrpRule::Forbidden) {
                    return Some(rule);
                }
                contradiction(span, WHAT, report);
                None
            }
            (None, IrpRow::Says(Given::Null, span)) => Some(Spanned::new(IrpRule::Forbidden, span)),
            (None, _) => {
                silent(report, at, WHAT, "write required, optional or forbidden on our page, with an erratum");
                None
            }
        }
    }

    fn flags(self, operation: &mut OperationFacts, verb: Option<&str>, report: &mut Report) {
        let is_of = |participle: &str| {
            let ending = verb.and_then(|verb| participle.strip_prefix(verb));
            matches!(ending, Some("d" | "ed"))
        };
        for statement in self.all() {
            if let Statement::Flags { flags, participle } = &statement.value
                && participle.as_deref().is_none_or(is_of)
            {
                if operation.flags.as_ref().is_some_and(|known| known.value != *flags) {
                    operation.flags = None;
                    return contradiction(statement.span, About::Flags.words(), report);
                }
                operation.flags = Some(Spanned::new(flags.clone(), statement.span));
            }
        }
    }

    fn sockets(self, at: Span, report: &mut Report) -> Option<Spanned<Vec<SocketRule>>> {
        let mut all = self.all().filter(|s| matches!(s.value, Statement::Sockets(_)));
        let what = "on which sockets the code may be used";
        let Some((statement, kinds)) = all.next().and_then(|s| match &s.value {
            Statement::Sockets(kinds) => Some((s, kinds)),
            _ => None,
        }) else {
            if !self.is_unclear(About::Sockets) {
                silent(report, at, what, "write `Sockets` on our page, with an erratum");
            }
            return None;
        };
        if self.is_unclear(About::Sockets) || self.is_unclear(About::State) {
            return None;
        }
        if let Some(other) = all.find(|s| *s != statement) {
            contradiction(other.span, what, report);
            return None;
        }
        let mut rules = kinds.clone();
        for said in self.all() {
            let Statement::State { state, kinds, .. } = &said.value else { continue };
            let unknown = kinds.iter().any(|kind| !rules.iter().any(|(k, _)| k == kind));
            if unknown || !restrict(&mut rules, kinds, *state) {
                contradiction(said.span, "the states of sockets", report);
                return None;
            }
        }
        let rule = |(kind, state)| SocketRule { kind: Spanned::new(kind, statement.span), state };
        Some(Spanned::new(rules.into_iter().map(rule).collect(), statement.span))
    }
}

/// Demands a state of sockets of these kinds, of all for none; whether that does not contradict what was demanded before.
fn restrict(rules: &mut [(SocketKind, SocketState)], kinds: &[SocketKind], state: SocketState) -> bool {
    let mut agrees = true;
    for (_, current) in rules.iter_mut().filter(|(kind, _)| kinds.is_empty() || kinds.contains(kind)) {
        agrees &= *current == SocketState::Any || *current == state;
        *current = state;
    }
    agrees
}

fn contradiction(at: Span, what: &str, report: &mut Report) {
    let message = format!("the page contradicts itself on {what}");
    let help = "see which of the two is right, and write it on our page by an erratum";
    report.push(Diagnostic::warning("vendor::control", message).at(at).help(help));
}
