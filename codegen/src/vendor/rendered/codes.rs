//! The codes that a rendered page lists: rows of a table, a line each, or a line with its description; or the one that a sentence names.
//!
//! NTSTATUS names that stand alone begin a code; which row stands for all others, and where the section begins and ends, words decide.

use std::ops::Range;

use super::parameters::Parameters;
use super::requirements::first_word;
use crate::facts::ApiKind;
use crate::source::{Diagnostic, Report, Span, Spanned};
use crate::vendor::blocks::{Block, Form, Kind};
use crate::vendor::clause::Own;
use crate::vendor::hash::HashSet;
use crate::vendor::markup::is_identifier;
use crate::vendor::returns::Listed;
use crate::vendor::section::{Cut, Description, List, Places, Row};
use crate::vendor::signature::Prototype;
use crate::vendor::{ApiFacts, locale, returns, section, silent};

/// The lines of a section that should be codes.
struct Lines {
    rows: Vec<Spanned<String>>,
    /// A line after the last code that may stand for other codes.
    extra: Option<Span>,
    /// Whether one of them stands for other codes.
    names_others: bool,
}

/// Reads the codes that the function returns, and whether others may come.
pub(super) fn read(prototype: &Prototype, list: &Parameters<'_>, body: &[Block], facts: &mut ApiFacts, report: &mut Report) {
    let section = match list.form {
        Form::Plain => return_table(list.rest(body)),
        Form::Marked => match return_section(list, body) {
            Some(range) => body.get(range).unwrap_or_default().iter().collect(),
            None => Vec::new(),
        },
    };
    facts.returns_at = section.iter().find_map(|b| b.span());
    let returns_status = prototype.function.ret.spelling() == "NTSTATUS";
    let is_table = section.iter().any(|b| matches!(b.kind, Kind::Row | Kind::Head | Kind::Term));
    let mut lines = if is_table { in_rows(&section) } else { in_lines(&section, returns_status) };
    if !is_table && lines.rows.is_empty() {
        lines = in_lines_with_descriptions(&section);
    }
    // In the text, a callback has another name than its type.
    let name = facts.name.clone().unwrap_or_else(|| prototype.name.clone());
    let is_of_type = prototype.typedef.as_ref().is_some_and(|typedef| typedef.value == name.value);
    let own = Own {
        name: (!is_of_type).then_some(name.value.as_str()),
        title: None,
        is_callback: prototype.typedef.is_some() && facts.kind != Some(ApiKind::Function),
    };
    let places = Places::new("", prototype.name.span);
    let first = lines.rows.first().map(|r| r.span.start);
    let around = match list.form {
        Form::Plain => list.rest(body),
        Form::Marked => section.clone(),
    };
    let mut found = returns::of_cut(&cut_around(&around, lines.rows, first, list.form), own, &places, report);
    if lines.names_others {
        found.open = Some(true);
    }
    if !found.codes.is_empty() && found.listed != Listed::Nothing {
        let extra =
            lines.extra.or_else(|| lines_after_the_last(&section, &found.codes).filter(|_| !is_table && !lines.names_others));
        match extra {
            Some(extra) if found.open != Some(true) => {
                found.open = None;
                let message = "a line after the last code may stand for other codes; this language has other words for it";
                let help = "say by a row `…` on our page whether other codes may come";
                report.push(Diagnostic::warning("vendor::returns", message).at(extra).help(help));
            }
            _ => found.report(prototype.name.span, report),
        }
        (facts.codes, facts.open) = (found.codes, found.open);
        return;
    }
    if let Some(lost) = lost(&section, is_table) {
        report.push(
            Diagnostic::error("vendor::returns", "the return table has no codes: its code column was lost")
                .at(lost.span().unwrap_or(prototype.name.span))
                .help("copy the page again, or use its source"),
        );
        return;
    }
    let sentences = sentences(&section, list.form);
    if let (Some(first), Some(last)) = (sentences.first().and_then(|b| b.span()), sentences.last().and_then(|b| b.span())) {
        let text = sentences.iter().map(|b| b.text()).collect::<Vec<_>>().join(" ");
        let places = Places::new(&text, Span { end: last.end.max(first.start), ..first });
        let cut = Cut { sentences: section::sentences(&text), ..Cut::default() };
        let found = returns::of_cut(&cut, own, &places, report);
        if !found.codes.is_empty() {
            found.report(prototype.name.span, report);
        }
        (facts.codes, facts.open) = (found.codes, found.open);
    }
    if !facts.codes.is_empty() {
        return;
    }
    if sentences.is_empty() && returns_status {
        let message = "no code is found: the section of the return value is missing, or was lost";
        let help = "copy the page again, or use its source";
        report.push(Diagnostic::error("vendor::returns", message).at(prototype.name.span).help(help));
    } else {
        silent(report, prototype.name.span, "what it returns", "add the codes to our page by errata");
    }
}

/// The rows of a section, and what stands around them.
fn cut_around(around: &[&Block], rows: Vec<Spanned<String>>, first: Option<usize>, form: Form) -> Cut {
    let mut cut = Cut::default();
    let Some(first) = first else { return cut };
    let has_rows = around.iter().any(|b| b.kind == Kind::Row);
    let below = around.iter().skip_while(|b| form == Form::Plain && !is_return_heading(b)).take_while(|b| !is_remarks(b));
    let mut rows = rows.into_iter().peekable();
    // The list that is open, and what stands above the next.
    let mut list: Option<usize> = None;
    let mut head = Vec::new();
    for (at, block) in below.enumerate() {
        let mut is_row = false;
        while let Some(text) = rows.next_if(|row| row.span.start <= block.start()) {
            let lists = &mut cut.lists;
            let list = *list.get_or_insert_with(|| {
                let (before, headings) = (cut.sentences.len(), cut.headings.len());
                lists.push(List { before, head: std::mem::take(&mut head), headings });
                lists.len() - 1
            });
            cut.rows.push(Row { text, list });
            is_row = true;
        }
        let about = cut.rows.len().saturating_sub(1)..cut.rows.len();
        let mut describe = |text: &str| cut.descriptions.push(Description { text: text.to_owned(), rows: about.clone() });
        match block.kind {
            Kind::Heading(_) if at > 0 => {
                list = None;
                cut.headings.push((cut.sentences.len(), block.text().to_owned()));
            }
            Kind::Head => (list, head) = (None, block.cells.iter().map(|c| c.value.clone()).collect()),
            _ if is_return_heading(block) || is_return_head(block) => {}
            Kind::Text if block.start() < first || has_rows && form == Form::Marked => {
                cut.sentences.extend(section::sentences(block.text()));
                list = list.filter(|_| is_row);
            }
            Kind::Text => describe(block.text()),
            Kind::Row => block.cells.iter().skip(1).for_each(|c| describe(&c.value)),
            _ => {}
        }
    }
    let last = cut.lists.len().saturating_sub(1);
    if cut.lists.is_empty() && rows.peek().is_some() {
        cut.lists.push(List::default());
    }
    cut.rows.extend(rows.map(|text| Row { text, list: last }));
    cut
}

/// The codes of a table or list.
fn in_rows(section: &[&Block]) -> Lines {
    let rows = section.iter().filter(|b| matches!(b.kind, Kind::Row | Kind::Term));
    let rows = rows.filter(|b| !locale::begins_with(&locale::fold(b.text()), |w| w.return_code));
    let rows = rows.filter_map(|b| b.first().cloned()).filter(|r| !r.is_empty()).collect();
    Lines { rows, extra: None, names_others: false }
}

/// The codes that stand alone in their lines.
fn in_lines(section: &[&Block], returns_status: bool) -> Lines {
    // What a function returns that returns no NTSTATUS has names of any kind; they are looked for in their section only.
    let named = section.iter().skip_while(|b| returns_status || !is_return_heading(b)).take_while(|b| !is_remarks(b));
    let named = named.filter(|b| is_identifier(b.text()) && !is_return_heading(b));
    let others: HashSet<usize> = named.map(|b| b.start()).collect();
    let is_other = |b: &Block| locale::is_one_of(&locale::fold(b.text()), |w| w.other_codes);
    let rows = section.iter().filter(|b| is_status(b.text()) || is_other(b) || others.contains(&b.start()));
    Lines { rows: rows.filter_map(|b| b.first().cloned()).collect(), extra: None, names_others: false }
}

/// The codes that begin lines below the head of a table, up to the empty line that ends it.
fn in_lines_with_descriptions(section: &[&Block]) -> Lines {
    let mut found = Lines { rows: Vec::new(), extra: None, names_others: false };
    let below = section.iter().skip_while(|b| !is_return_head(b)).skip(1);
    for line in below.take_while(|b| b.joined && b.kind == Kind::Text).filter_map(|b| b.first()) {
        let code = first_word(line);
        if is_status(code) && !is_identifier(line) {
            found.rows.push(Spanned::new(code.to_owned(), line.span.part(0..code.len())));
            found.extra = None;
        } else if locale::begins_with(&locale::fold(line), |w| w.other_codes) {
            found.names_others = true;
            found.extra = None;
        } else if !found.names_others {
            found.extra = found.extra.or(Some(line.span));
        }
    }
    found
}

/// What shows that there were codes: a table without names, or what a sentence announces by a colon.
fn lost<'b>(section: &[&'b Block], is_table: bool) -> Option<&'b Block> {
    let head = section.iter().find(|b| is_table || is_return_head(b));
    let of_section = section.iter().skip_while(|b| !is_return_heading(b)).take_while(|b| !is_remarks(b));
    let announced = of_section.into_iter().find(|b| b.text().ends_with([':', '：']));
    head.or(announced).copied()
}

/// The sentences below the heading of the return value: a page without a table may name its one code there.
fn sentences<'b>(section: &[&'b Block], form: Form) -> Vec<&'b Block> {
    let is_plain = form == Form::Plain;
    let below = section.iter().skip_while(|b| is_plain && !is_return_heading(b)).skip(usize::from(is_plain));
    below.take_while(|b| !is_remarks(b)).filter(|b| b.kind == Kind::Text).copied().collect()
}

pub(super) fn is_remarks(block: &Block) -> bool {
    locale::is_one_of(&locale::fold(block.text()), |w| w.remarks)
}

pub(super) fn is_return_heading(block: &Block) -> bool {
    matches!(block.kind, Kind::Heading(_)) || locale::is_one_of(&locale::fold(block.text()), |w| w.return_value)
}

/// Whether a text is one NTSTATUS name.
pub(super) fn is_status(text: &str) -> bool {
    let text = text.trim_matches(['*', '`', ' ']);
    is_identifier(text) && text.starts_with("STATUS_")
}

/// The section of the return value: the one whose heading says so in a language that is known, else the one whose rows are codes.
fn return_section(list: &Parameters<'_>, body: &[Block]) -> Option<Range<usize>> {
    let mut sections: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    for (at, block) in body.iter().enumerate() {
        if at > from && matches!(block.kind, Kind::Heading(1 | 2)) {
            sections.push(from..at);
            from = at;
        }
    }
    sections.push(from..body.len());
    let is_named = |s: &Range<usize>| {
        body.get(s.start)
            .is_some_and(|b| matches!(b.kind, Kind::Heading(_)) && locale::is_one_of(&locale::fold(b.text()), |w| w.return_value))
    };
    let has_codes = |s: &Range<usize>| body.get(s.clone()).unwrap_or_default().iter().any(|b| is_status(b.text()));
    let has_params = |s: &Range<usize>| {
        let first = list.entries.partition_point(|(_, at)| *at < s.start);
        list.entries.get(first).is_some_and(|(_, at)| s.contains(at))
    };
    sections.iter().find(|s| is_named(s)).or_else(|| sections.iter().find(|s| has_codes(s) && !has_params(s))).cloned()
}

/// Whether a line is the head of a return table.
pub(super) fn is_return_head(block: &Block) -> bool {
    block.text().split_whitespace().count() <= 5 && locale::begins_with(&locale::fold(block.text()), |w| w.return_code)
}

/// Of the lines of a page the table of the return codes, if tables were copied as such: the first that has codes, or whose head says
/// that it had them, or that has lost its first column. Else all of them.
fn return_table(section: Vec<&Block>) -> Vec<&Block> {
    let tables = section.iter().enumerate().filter(|(_, b)| b.kind == Kind::Head).map(|(at, _)| {
        let rows = section.iter().skip(at + 1).take_while(|b| b.kind == Kind::Row).count();
        at..at + 1 + rows
    });
    let has_codes = |table: &Range<usize>| {
        let blocks = section.get(table.clone()).unwrap_or_default();
        let is_lost = blocks.len() > 1 && blocks.iter().skip(1).all(|b| b.text().is_empty());
        is_lost || blocks.first().is_some_and(|b| is_return_head(b)) || blocks.iter().any(|b| is_status(b.text()))
    };
    match tables.into_iter().find(has_codes) {
        Some(table) => section.get(table).unwrap_or_default().to_vec(),
        None => section.into_iter().filter(|b| !matches!(b.kind, Kind::Head | Kind::Row)).collect(),
    }
}

/// Of a return section as lines: a line after the description of the last code that is more than the description.
fn lines_after_the_last(section: &[&Block], codes: &[Spanned<String>]) -> Option<Span> {
    let last = codes.last()?;
    let at = section.iter().position(|b| b.start() == last.span.start)?;
    let run: Vec<&&Block> = section.iter().skip(at + 1).take_while(|b| b.joined).collect();
    // A code and its description are a line each; another row would be two more.
    (run.len() >= 3).then(|| run.get(1).and_then(|b| b.span())).flatten()
}
