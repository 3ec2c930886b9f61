//! The descriptions of the parameters of a rendered page: blocks that repeat a parameter of the prototype begin them.

use std::ops::Range;

use super::codes::{is_remarks, is_return_head, is_return_heading, is_status};
use crate::source::{Diagnostic, Report, Span, Spanned};
use crate::vendor::blocks::{Block, Form, Kind, folded};
use crate::vendor::ddi::{by_value_goes_in, param_from_prototype};
use crate::vendor::hash::{HashMap, HashSet};
use crate::vendor::markup::{is_constant, is_identifier};
use crate::vendor::params::bracketed;
use crate::vendor::signature::Prototype;
use crate::vendor::{ApiFacts, locale, silent};

/// Whether a block is the name of a value, as flags and enumerators have: alone, and not a word of a language.
fn is_value(block: &Block) -> bool {
    let text = block.text().trim_matches(['*', '`', ' ']);
    let has = |test: fn(char) -> bool| text.chars().any(test);
    let is_mixed = has(|c| c.is_ascii_lowercase()) && text.chars().skip(1).any(|c| c.is_ascii_uppercase());
    is_identifier(text)
        && !is_status(text)
        && match block.kind {
            Kind::Heading(_) | Kind::Term | Kind::Text => is_constant(text) || is_mixed,
            Kind::Row => is_constant(text),
            Kind::Head | Kind::Code => false,
        }
}

/// Splits `[in, out] Irp`, `Irp [in, out]` or `Flags` into what the brackets say and the name.
pub(super) fn heading(line: &str) -> (Option<&str>, &str) {
    let line = line.trim_matches(['*', '`', ' ']);
    if let Some((inside, name)) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (Some(inside), name.trim_matches(['*', '`', ' ']));
    }
    match line.strip_suffix(']').and_then(|rest| rest.split_once('[')) {
        Some((name, inside)) => (Some(inside), name.trim_matches(['*', '`', ' '])),
        None => (None, line),
    }
}

/// Where the parameters of the prototype are described.
pub(super) struct Parameters<'p> {
    pub(super) form: Form,
    prototype: &'p Prototype,
    /// The index of each parameter in the prototype, and of the block that begins its description, in the order of the blocks.
    pub(super) entries: Vec<(usize, usize)>,
}

impl<'p> Parameters<'p> {
    pub(super) fn find(form: Form, prototype: &'p Prototype, body: &[Block]) -> Self {
        let mut by_name: HashMap<&str, usize> = HashMap::default();
        for (at, block) in body.iter().enumerate().filter(|(_, b)| b.kind != Kind::Code && b.kind != Kind::Head) {
            let (_, name) = heading(block.text());
            if is_identifier(name) {
                by_name.entry(name).or_insert(at);
            }
        }
        let mut entries: Vec<(usize, usize)> = prototype
            .function
            .params
            .iter()
            .enumerate()
            .filter_map(|(i, param)| Some((i, *by_name.get(param.name.as_ref()?.as_str())?)))
            .collect();
        entries.sort_by_key(|(_, at)| *at);
        Self { form, prototype, entries }
    }

    /// The block where the first description begins.
    pub(super) fn first(&self) -> Option<usize> {
        self.entries.first().map(|(_, at)| *at)
    }

    /// The blocks of the entry that begins at that block, without it.
    fn extent(&self, at: usize, body: &[Block]) -> Range<usize> {
        let after = self.entries.partition_point(|(_, entry)| *entry <= at);
        let next = self.entries.get(after).map_or(body.len(), |(_, entry)| *entry);
        let ends = |b: &Block| match self.form {
            Form::Marked => matches!(b.kind, Kind::Heading(1 | 2)),
            Form::Plain => {
                is_status(b.text()) || b.kind == Kind::Head && is_return_head(b) || is_return_heading(b) || is_remarks(b)
            }
        };
        let end = body.get(at + 1..next).and_then(|b| b.iter().position(ends)).map_or(next, |e| at + 1 + e);
        at + 1..end
    }

    /// The parameter in whose description a block stands, or whose heading it is.
    ///
    /// `last` has the extent of the entry that was asked for last: blocks are asked for in their order, and each entry is measured once.
    pub(super) fn around(&self, at: usize, body: &[Block], last: &mut Option<(usize, Range<usize>)>) -> Option<usize> {
        let before = self.entries.partition_point(|(_, entry)| *entry <= at);
        let (param, entry) = *self.entries.get(before.checked_sub(1)?)?;
        if last.as_ref().is_none_or(|(of, _)| *of != entry) {
            *last = Some((entry, self.extent(entry, body)));
        }
        (at == entry || last.as_ref().is_some_and(|(_, extent)| extent.contains(&at))).then_some(param)
    }

    /// Whether a block stands behind the heading of the last parameter.
    pub(super) fn is_behind(&self, at: usize) -> bool {
        self.entries.last().is_none_or(|(_, last)| *last < at)
    }

    /// Whether a parameter points to anything: what is behind such a pointer is no constant, though a table may say which flag goes with
    /// what.
    pub(super) fn is_open(&self, param: usize) -> bool {
        let ty = self.prototype.function.params.get(param).map(|p| p.ty.spelling().to_uppercase());
        ty.is_some_and(|ty| matches!(ty.trim_start_matches("CONST "), "VOID *" | "PVOID"))
    }

    /// The blocks that begin a description.
    pub(super) fn headings<'b>(&self, body: &'b [Block]) -> impl Iterator<Item = Span> + use<'_, 'b, 'p> {
        self.entries.iter().filter_map(|(_, at)| body.get(*at)?.span())
    }

    /// The blocks that describe no parameter.
    pub(super) fn rest<'b>(&self, body: &'b [Block]) -> Vec<&'b Block> {
        let mut taken = vec![false; body.len()];
        for (_, at) in &self.entries {
            for i in *at..self.extent(*at, body).end {
                if let Some(taken) = taken.get_mut(i) {
                    *taken = true;
                }
            }
        }
        body.iter().zip(taken).filter(|(_, taken)| !taken).map(|(b, _)| b).collect()
    }

    pub(super) fn read(&self, body: &[Block], facts: &mut ApiFacts, report: &mut Report) {
        let order: Vec<usize> = self.entries.iter().map(|(i, _)| *i).collect();
        if let Some(swapped) = order.windows(2).position(|pair| matches!(pair, [a, b] if a > b)) {
            let at = self.entries.get(swapped + 1).and_then(|(_, at)| body.get(*at)?.span());
            report.push(
                Diagnostic::warning("vendor::order", "the list has the parameters in another order than the prototype")
                    .at(at.unwrap_or(self.prototype.name.span))
                    .help("the order of the prototype is taken"),
            );
        }
        let early = body.iter().take(self.first().unwrap_or(0)).find(|b| is_status(b.text()));
        if let Some(early) = early {
            report.push(
                Diagnostic::warning(
                    "vendor::order",
                    "the return value comes before the parameters, unlike on the vendor's pages",
                )
                .at(early.span().unwrap_or(self.prototype.name.span))
                .help("the facts are taken all the same; compare them with another copy of the page"),
            );
        }
        let params = self.prototype.function.params.iter().zip(&self.prototype.annotations);
        let by_param: HashMap<usize, usize> = self.entries.iter().copied().collect();
        let annotated = self.prototype.annotations.iter().any(Option::is_some);
        for (i, (param, sal)) in params.enumerate() {
            let Some(name) = param.name.clone() else { continue };
            let mut fact = param_from_prototype(name.clone(), param.ty.spelling(), *sal);
            let entry = by_param.get(&i).and_then(|at| Some((*at, body.get(*at)?)));
            let mut in_heading = false;
            let mut seen = HashSet::default();
            if let Some((at, block)) = entry {
                if let Some(found) = heading(block.text()).0.map(bracketed) {
                    in_heading = true;
                    if fact.direction.is_some() && found.direction != fact.direction {
                        let message = format!("the prototype and the heading give `{name}` different directions");
                        report.push(
                            Diagnostic::warning("vendor::parameter", message)
                                .at(block.span().unwrap_or(name.span))
                                .help("add the right one to our page by an erratum"),
                        );
                    }
                    fact.direction = found.direction.or(fact.direction);
                    fact.optional = Some(found.optional);
                    fact.reserved |= found.reserved;
                }
                let extent = body.get(self.extent(at, body)).unwrap_or_default();
                let text: Vec<&str> = match block.cells.get(1..) {
                    Some(cells) if !cells.is_empty() => cells.iter().map(|c| c.value.as_str()).collect(),
                    _ => {
                        let mut first = true;
                        let paragraph = extent.iter().take_while(|b| b.joined || std::mem::take(&mut first));
                        paragraph.filter(|b| b.kind == Kind::Text).map(Block::text).collect()
                    }
                };
                fact.reserved |= locale::says_reserved(&folded(&text.join(" ")));
                if let Some(lost) = extent.iter().find(|b| b.kind == Kind::Row && b.text().is_empty()) {
                    report.push(
                        Diagnostic::error(
                            "vendor::values",
                            format!("a table of `{name}` has no names: its first column was lost"),
                        )
                        .at(lost.span().unwrap_or(name.span))
                        .help("copy the page again, or use its source"),
                    );
                }
                let is_open = self.is_open(i);
                for value in extent.iter().filter(|b| !is_open && is_value(b)) {
                    let text = value.text().trim_matches(['*', '`', ' ']);
                    if let Some(first) = value.first()
                        && seen.insert(text.to_owned())
                    {
                        fact.values.push(Spanned::new(text.to_owned(), first.span));
                    }
                }
            } else {
                let help = "look the parameter up in another copy of the page";
                silent(report, name.span, &format!("what `{name}` is for"), help);
            }
            let stated = fact.direction.is_some();
            by_value_goes_in(&mut fact);
            if fact.direction.is_none() {
                silent(report, name.span, &format!("the direction of `{name}`"), "add it to our page by an erratum");
            } else if !stated && annotated && !in_heading && !fact.reserved {
                let message =
                    format!("`{name}` has no direction, as only reserved parameters have none, and is not said to be reserved");
                let help =
                    "it is passed by value, so it goes in; look whether the page calls it reserved in words that are not known";
                report.push(Diagnostic::warning("vendor::reserved", message).at(name.span).help(help));
            }
            facts.params.push(fact);
        }
    }
}
