//! The structural entries of a rendered page, found by the look of its blocks alone: what the account holds against the facts.
//!
//! In: the blocks between the syntax block and the requirements. Out: each block there that looks like a parameter, a value or a code.
//! Separate from the readers, so that a block which none of them takes is seen all the same.

use super::codes::is_remarks;
use super::parameters::{Parameters, heading};
use crate::source::{FileId, Report, Spanned};
use crate::vendor::FieldFacts;
use crate::vendor::account::{self, Around, Below, Entry, Ledger, Says};
use crate::vendor::blocks::{Block, Form, Kind};
use crate::vendor::hash::{HashMap, HashSet};
use crate::vendor::markup::{is_constant, is_identifier};
use crate::vendor::members::Members;
use crate::vendor::params::{Annotation, bracketed};

/// Settles every entry of a page that describes a function.
pub(super) fn settle(list: &Parameters<'_>, body: &[Block], file: FileId, ledger: &Ledger, report: &mut Report) {
    let mut below = Below::Parameter;
    let mut last = None;
    for (at, block) in body.iter().enumerate() {
        // What remarks hold is prose.
        if is_remarks(block) {
            return;
        }
        let of = list.around(at, body, &mut last);
        if of.is_none() && matches!(block.kind, Kind::Heading(1 | 2)) || of.is_none() && list.is_behind(at) {
            below = Below::Returns;
        }
        let below = if of.is_some() { Below::Parameter } else { below };
        let Some((form, name)) = look(list.form, block) else { continue };
        // Outside the description of a parameter, a heading of one or a code counts.
        if of.is_none() && below == Below::Parameter && form != account::Form::Marked {
            continue;
        }
        let Some(span) = block.first().map(|f| f.span) else { continue };
        let around = if of.is_some_and(|param| list.is_open(param)) { Around::Relation } else { Around::Meaning };
        let range = span.start..span.end.max(span.start + 1);
        ledger.settle(file, &Entry { form, below, around, says: Says::Nothing, name, range, has_text: true }, report);
    }
}

/// What a block looks like, and what it names.
fn look(form: Form, block: &Block) -> Option<(account::Form, &str)> {
    let text = block.text().trim_matches(['*', '`', ' ']);
    let (brackets, name) = heading(text);
    let is_annotated = brackets.is_some_and(|b| bracketed(b) != Annotation::default());
    match block.kind {
        Kind::Heading(_) | Kind::Text if is_annotated && is_identifier(name) => Some((account::Form::Marked, name)),
        Kind::Heading(3..) if is_identifier(text) => Some((account::Form::Heading, text)),
        Kind::Row => Some((account::Form::Row, first_word(text))),
        Kind::Term => Some((account::Form::Term, first_word(text))),
        // A line of its own is all that a copy as text leaves of a heading or a cell.
        Kind::Text if form == Form::Plain && is_constant(text) => Some((account::Form::Term, text)),
        _ => None,
    }
}

/// Takes the constants that the descriptions of fields list, and says of other headings there that they were not read.
///
/// Of members under conditions those stay that are described.
pub(super) fn fields(body: &[Block], mut members: Members, report: &mut Report) -> Vec<FieldFacts> {
    let fields = &mut members.all;
    let mut described = HashSet::default();
    let mut by_name: HashMap<String, usize> = HashMap::default();
    for (at, field) in fields.iter().enumerate() {
        let last = field.name.rsplit('.').next().unwrap_or_default();
        by_name.entry(field.name.value.clone()).or_insert(at);
        by_name.entry(last.to_owned()).or_insert(at);
    }
    let mut above = None;
    let mut seen = HashSet::default();
    for block in body.iter().take_while(|b| !is_remarks(b)) {
        let (_, name) = heading(block.text());
        if !matches!(block.kind, Kind::Row | Kind::Head | Kind::Code)
            && let Some(at) = by_name.get(name)
        {
            above = Some(*at);
            described.insert(*at);
            continue;
        }
        let Some((form, name)) = look(Form::Marked, block) else { continue };
        let Some(at) = above else { continue };
        let Some((field, first)) = fields.get_mut(at).zip(block.first()) else { continue };
        if is_constant(name) {
            if seen.insert((at, name.to_owned())) {
                field.values.push(Spanned::new(name.to_owned(), first.span));
            }
        } else if matches!(form, account::Form::Heading | account::Form::Marked) {
            let range = first.span.start..first.span.end.max(first.span.start + 1);
            let entry =
                Entry { form, below: Below::Field, around: Around::Meaning, says: Says::Nothing, name, range, has_text: true };
            Ledger::default().settle(first.span.file, &entry, report);
        }
    }
    members.kept(&described).into_iter().flatten().collect()
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').find(|w| !w.is_empty()).unwrap_or_default()
}
