//! A rendered page as plain text, as it is copied from a browser, in any language.
//!
//! Structure first: the C block gives name, types and parameters; lines that repeat a parameter begin its description; lines that
//! are one NTSTATUS name begin a code; the table with `Header` and `IRQL` gives the requirements. Words decide only what is
//! left: which parameter is reserved, and whether other codes may come.

use std::ops::Range;

use super::ddi::{by_value_goes_in, param_from_prototype};
use super::markup::is_identifier;
use super::params::bracketed;
use super::signature::Prototype;
use super::{ApiFacts, ItemFacts, PageFacts, locale, name_behind, returns, signature, silent, take_irql};
use crate::facts::{ApiKind, windows_version};
use crate::source::{Diagnostic, FileId, Report, Sources, Span, Spanned};

struct Line<'t> {
    text: &'t str,
    span: Span,
}

pub(super) fn read(sources: &Sources, file: FileId, report: &mut Report) -> Option<PageFacts> {
    let text = &sources.get(file).text;
    let lines = lines(text, file);
    let Some(block) = syntax_block(text) else {
        report.push(
            Diagnostic::error("docs::dialect", "this is not a page that is understood")
                .at(Span::new(file, 0..text.find('\n').unwrap_or(text.len())))
                .label("neither DDI Markdown (no `UID:` in front matter) nor a rendered page (no prototype)")
                .help("name the page's source from the vendor's repository, or the page's whole text copied from a browser"),
        );
        return None;
    };
    let place = Span::new(file, block.clone());
    let prototype = signature::read(text.get(block.clone()).unwrap_or_default(), place, report)?;
    let before: Vec<&Line<'_>> = lines.iter().filter(|l| l.span.end <= block.start).collect();
    let after: Vec<&Line<'_>> = lines.iter().filter(|l| l.span.start >= block.end).collect();
    Some(PageFacts { file, page: None, item: ItemFacts::Api(api(&prototype, &before, &after, report)) })
}

fn lines(text: &str, file: FileId) -> Vec<Line<'_>> {
    let mut at = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let trimmed = line.trim();
            let start = at + (line.len() - line.trim_start().len()).min(line.len());
            at += line.len();
            Line { text: trimmed, span: Span::new(file, start..start + trimmed.len()) }
        })
        .collect()
}

/// From `PFN_X Name;`, or the line of the prototype's name, to the end of `{...}` or `);`.
fn syntax_block(text: &str) -> Option<Range<usize>> {
    let mut at = 0;
    let mut typedef_line: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        let words: Vec<&str> = trimmed.trim_end_matches(';').split_whitespace().collect();
        if let [ty, name] = words.as_slice()
            && trimmed.ends_with(';')
            && is_identifier(ty)
            && is_identifier(name)
        {
            typedef_line = Some(at);
        } else if let Some(head) = trimmed.strip_suffix('(')
            && head.split_whitespace().count() >= 2
            && head.split_whitespace().all(|w| is_identifier(w.trim_matches('*')) || w == "*")
        {
            let rest = text.get(at..)?;
            let close = rest.find(')')?;
            let tail = rest.get(close + 1..)?;
            let skipped = tail.len() - tail.trim_start().len();
            let end = match tail.trim_start().bytes().next() {
                Some(b'{') => tail.find('}').map(|e| close + 1 + e + 1)?,
                Some(b';') => close + 1 + skipped + 1,
                _ => close + 1,
            };
            return Some(typedef_line.unwrap_or(at)..at + end);
        } else if !trimmed.is_empty() {
            typedef_line = None;
        }
        at += line.len();
    }
    None
}

fn api(prototype: &Prototype, before: &[&Line<'_>], after: &[&Line<'_>], report: &mut Report) -> ApiFacts {
    let description: String = before.iter().map(|l| l.text).collect::<Vec<_>>().join(" ");
    let mut facts = ApiFacts { return_type: Some(prototype.function.ret.spelling()), ..ApiFacts::default() };
    match &prototype.typedef {
        Some(typedef) => {
            let named = name_behind(typedef, &description);
            facts.name = named.map(|name| {
                let at = before.iter().find_map(|l| l.text.find(name).map(|at| l.span.part(at..at + name.len())));
                Spanned::new(name.to_owned(), at.unwrap_or(typedef.span))
            });
            if facts.name.is_none() {
                silent(report, typedef.span, "what the function is called", "add `name` to our page by an erratum");
            }
            facts.kind = kind(facts.name.as_ref(), &description, after);
            if facts.kind.is_none() {
                silent(
                    report,
                    typedef.span,
                    "whether the driver supplies or calls it",
                    "write `kind: function` or `kind: callback` on our page",
                );
            }
            facts.typedef = Some(typedef.clone());
        }
        None => {
            facts.name = Some(prototype.name.clone());
            facts.kind = Some(ApiKind::Export);
        }
    }
    let (requirements, body) = requirements(after);
    params(prototype, body, &mut facts, report);
    codes(prototype, body, &mut facts, report);
    require(requirements, prototype, &mut facts, report);
    facts
}

fn kind(name: Option<&Spanned<String>>, description: &str, after: &[&Line<'_>]) -> Option<ApiKind> {
    let lower = description.to_lowercase();
    let name = name?.to_lowercase();
    // Compounds join the name and what it is by a hyphen in some languages.
    let follows = lower.split(&name).skip(1).map(|rest| rest.trim_start_matches(['-', ' ', '\u{2011}']));
    let mut found = None;
    for rest in follows {
        if locale::begins_with(rest, |w| w.event_callback) {
            return Some(ApiKind::Callback);
        }
        if locale::begins_with(rest, |w| w.function) {
            found = Some(ApiKind::Function);
        }
    }
    let mentions = |owner: &str| {
        after.iter().flat_map(|l| l.text.split_whitespace()).any(|w| w.starts_with(owner) && w.ends_with("_DISPATCH"))
    };
    found.or(match (mentions("WSK_PROVIDER_"), mentions("WSK_CLIENT_")) {
        (true, false) => Some(ApiKind::Function),
        (false, true) => Some(ApiKind::Callback),
        _ => None,
    })
}

/// The lines of the requirements table, and the lines before it.
fn requirements<'a, 't>(after: &'a [&'a Line<'t>]) -> (&'a [&'a Line<'t>], &'a [&'a Line<'t>]) {
    let is_header = |l: &&Line<'_>| l.text.split_whitespace().next() == Some("Header") && l.text.contains(".h");
    let is_irql = |l: &&Line<'_>| l.text.split_whitespace().next() == Some("IRQL");
    let Some(row) = after.iter().rposition(is_header).or_else(|| after.iter().rposition(is_irql)) else {
        return (&[], after);
    };
    let start = after.get(..row).and_then(|a| a.iter().rposition(|l| l.text.is_empty())).map_or(0, |s| s + 1);
    let end = after.get(row..).and_then(|a| a.iter().position(|l| l.text.is_empty())).map_or(after.len(), |e| row + e);
    (after.get(start..end).unwrap_or_default(), after.get(..start).unwrap_or_default())
}

/// Splits `[in, out] Irp`, or `Flags`, into what the brackets say and the name.
fn heading(line: &str) -> (Option<&str>, &str) {
    match line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((inside, name)) => (Some(inside), name.trim()),
        None => (None, line),
    }
}

fn params(prototype: &Prototype, body: &[&Line<'_>], facts: &mut ApiFacts, report: &mut Report) {
    let mut from = 0;
    for (param, sal) in prototype.function.params.iter().zip(&prototype.annotations) {
        let Some(name) = param.name.clone() else { continue };
        let mut fact = param_from_prototype(name.clone(), param.ty.spelling(), *sal);
        let at = body.iter().enumerate().skip(from).find(|(_, l)| heading(l.text).1 == name.value).map(|(i, _)| i);
        if let Some(at) = at {
            from = at + 1;
            let brackets = body.get(at).and_then(|l| heading(l.text).0).map(bracketed);
            if let Some(found) = brackets {
                if fact.direction.is_some() && found.direction != fact.direction {
                    report.push(
                        Diagnostic::warning(
                            "docs::parameter",
                            format!("the prototype and the heading give `{name}` different directions"),
                        )
                        .at(body.get(at).map_or(name.span, |l| l.span))
                        .help("add the right one to our page by an erratum"),
                    );
                }
                fact.direction = found.direction.or(fact.direction);
                fact.optional = Some(found.optional);
                fact.reserved |= found.reserved;
            }
            let text: Vec<&str> = body
                .iter()
                .skip(from)
                .skip_while(|l| l.text.is_empty())
                .take_while(|l| !l.text.is_empty())
                .map(|l| l.text)
                .collect();
            fact.reserved |= locale::says_reserved(&text.join(" "));
        } else {
            silent(report, name.span, &format!("what `{name}` is for"), "look the parameter up in another copy of the page");
        }
        by_value_goes_in(&mut fact);
        if fact.direction.is_none() {
            silent(report, name.span, &format!("the direction of `{name}`"), "add it to our page by an erratum");
        }
        facts.params.push(fact);
    }
}

/// The codes: lines that are one NTSTATUS name, between the last parameter and the requirements.
fn codes(prototype: &Prototype, body: &[&Line<'_>], facts: &mut ApiFacts, report: &mut Report) {
    let is_code = |l: &&&Line<'_>| is_identifier(l.text) && l.text.starts_with("STATUS_");
    let rows: Vec<Spanned<String>> = body
        .iter()
        .filter(|l| is_code(l) || locale::is_one_of(&l.text.to_lowercase(), |w| w.other_codes))
        .map(|l| Spanned::new(l.text.to_owned(), l.span))
        .collect();
    let head = body.iter().find(|l| locale::is_one_of(&l.text.to_lowercase(), |w| w.return_code));
    if rows.iter().any(|r| r.value.starts_with("STATUS_")) {
        let found = returns::from_rows(rows);
        facts.codes = found.codes;
        facts.open = found.open;
        return;
    }
    if let Some(head) = head {
        report.push(
            Diagnostic::error("docs::returns", "the return table has no codes: its code column was lost")
                .at(head.span)
                .help("copy the page again, or use its source"),
        );
    } else if !prototype.function.ret.is_void() {
        // A page without a table may name its one code in a sentence below the heading of the return value.
        let from = body.iter().position(|l| locale::is_one_of(&l.text.to_lowercase(), |w| w.return_value));
        let sentence: Vec<&Line<'_>> = from
            .map(|f| {
                body.iter()
                    .skip(f + 1)
                    .take_while(|l| !locale::is_one_of(&l.text.to_lowercase(), |w| w.remarks))
                    .copied()
                    .collect()
            })
            .unwrap_or_default();
        if let (Some(first), Some(last)) = (sentence.first(), sentence.last()) {
            let text: String = sentence.iter().map(|l| l.text).collect::<Vec<_>>().join(" ");
            let found = returns::read(&text, Span { end: last.span.end, ..first.span });
            facts.codes = found.codes;
            facts.open = found.open;
        }
        if facts.codes.is_empty() {
            silent(report, prototype.name.span, "what it returns", "add the codes to our page by errata");
        }
    }
}

fn require(table: &[&Line<'_>], prototype: &Prototype, facts: &mut ApiFacts, report: &mut Report) {
    for line in table {
        let lower = line.text.to_lowercase();
        let cell = |key_len: usize| {
            let value = line.text.get(key_len..).unwrap_or_default();
            let start = key_len + (value.len() - value.trim_start().len());
            Spanned::new(value.trim().to_owned(), line.span.part(start..line.text.len()))
        };
        if line.text.split_whitespace().next() == Some("Header") && facts.header.is_none() {
            let value = cell("Header".len());
            facts.header =
                value.value.split_whitespace().next().map(|h| Spanned::new(h.to_lowercase(), value.span.part(0..h.len())));
        } else if line.text.split_whitespace().next() == Some("IRQL") && facts.irql_text.is_none() {
            let value = cell("IRQL".len());
            take_irql(value, facts, report);
        } else if locale::begins_with(&lower, |w| w.minimum_client) {
            facts.since = windows_version(line.text).map(|v| Spanned::new(v, line.span));
        }
    }
    let at = table.first().map_or(prototype.name.span, |l| l.span);
    if facts.header.is_none() {
        silent(report, at, "in which header it is", "add the header to our page by an erratum");
    }
    if facts.since.is_none() {
        silent(report, at, "since which version of Windows it exists", "add the version to our page by an erratum");
    }
    if facts.irql_text.is_none() {
        silent(report, at, "at which IRQL it may run", "add the level to our page by an erratum that says where it comes from");
    }
}
