//! What a checkout says that spec-data does not, for a terminal and for other programs.

use std::fmt::Write as _;

use super::{Duplicate, ErratumState, Findings, History, Lock, PageFindings, Repository, SectionState, prose};
use crate::source::{Limit, Links, read_text};

/// For other programs.
#[must_use]
pub fn json(findings: &Findings) -> String {
    // Strings and numbers, which always serialise.
    serde_json::to_string_pretty(findings).unwrap_or_default() + "\n"
}

/// For a terminal. Where the pages stand in a repository, the words that changed are shown.
#[must_use]
pub fn text(findings: &Findings, lock: &Lock, repository: Option<&Repository>, colour: bool) -> String {
    let mut out = String::new();
    for page in findings.pages.iter().filter(|p| !p.is_only_unreviewed()) {
        let _ = writeln!(out, "{} ({})", page.name, page.file);
        facts(&mut out, page);
        for judged in &page.errata {
            let say = |value: &Option<String>| value.as_ref().map_or_else(|| "nothing".to_owned(), |v| format!("`{v}`"));
            let (now, value, upstream) = (say(&judged.now), say(&judged.value), say(&judged.upstream));
            let _ = match judged.state {
                ErratumState::Stale => writeln!(out, "  erratum {} is stale: the page says {now}, too", judged.fact),
                ErratumState::Conflict | ErratumState::Holds => writeln!(
                    out,
                    "  erratum {} is in conflict: it corrects {upstream} to {value}, but the page says {now} now",
                    judged.fact
                ),
            };
        }
        for duplicate in &page.duplicates {
            let Duplicate { name, file, line, .. } = duplicate;
            let _ =
                writeln!(out, "  duplicate {name}: it is listed twice, again at {file}:{line}; see which of the two is meant");
        }
        for section in &page.with_facts {
            let _ = writeln!(out, "  with it: `{}` {}", section.section, state(section.state));
        }
        if page.unreviewed {
            out.push_str("  its prose was never reviewed\n");
        }
        for section in &page.prose {
            let _ = writeln!(out, "  prose: `{}` {}", section.section, state(section.state));
            if section.state == SectionState::Changed {
                let words = changed_words(findings, lock, repository, &page.page, &section.section, colour);
                words.lines().for_each(|line| {
                    let _ = writeln!(out, "    {line}");
                });
            }
        }
        out.push('\n');
    }
    for page in findings.pages.iter().filter(|p| p.is_only_unreviewed()) {
        let _ = writeln!(out, "never reviewed: {} ({})", page.name, page.file);
    }
    for new in &findings.new {
        let why = new.why_not.as_ref().map(|why| format!("; it cannot be taken: {why}")).unwrap_or_default();
        let _ = writeln!(out, "new page: {} ({}){why}", new.name.as_deref().unwrap_or(&new.page), new.file);
    }
    for gone in &findings.gone {
        let used = findings.gone_used.iter().find(|g| g.page == *gone).map(|g| g.used_by.join(", ")).unwrap_or_default();
        let used = if used.is_empty() { used } else { format!("; it is used by {used}") };
        let _ = writeln!(out, "gone: {gone} is not among these pages; ours stays until it, or its `upstream`, is removed{used}");
    }
    for gone in &findings.still_gone {
        let _ = writeln!(out, "still gone: {}; ours is still used by {}", gone.page, gone.used_by.join(", "));
    }
    for back in &findings.back {
        let _ = writeln!(out, "back: {back} is among these pages again");
    }
    history(&mut out, findings);
    let _ = writeln!(out, "{}", summary(findings));
    out
}

fn state(state: SectionState) -> &'static str {
    match state {
        SectionState::Changed => "changed",
        SectionState::New => "is new",
        SectionState::Gone => "is gone",
    }
}

/// Why words that changed are not shown, where any are to be shown.
fn history(out: &mut String, findings: &Findings) {
    let has_words = findings.pages.iter().flat_map(|p| &p.prose).any(|section| section.state == SectionState::Changed);
    let History { repository, missing } = &findings.history;
    if !has_words || missing.is_empty() {
        return;
    }
    let revisions = missing.join(", ");
    let _ = if *repository {
        writeln!(
            out,
            "words that changed are not shown: the repository lacks the reviewed revision {revisions}; fetch it, or check out one that \
             says the same and record that by --accept --revision REV"
        )
    } else {
        writeln!(
            out,
            "words that changed are not shown: the pages stand in no git repository; the reviewed revision is {revisions}, and one that \
             says the same is recorded by --accept --revision REV"
        )
    };
}

fn facts(out: &mut String, page: &PageFindings) {
    for change in &page.facts {
        let fact = if change.fact.is_empty() { change.kind.as_str() } else { &change.fact };
        let _ = writeln!(out, "  {fact}: {}", change.class.words());
        for (sign, value) in [('-', &change.before), ('+', &change.after)] {
            if let Some(value) = value {
                let _ = writeln!(out, "    {sign} {value}");
            }
        }
        let _ = writeln!(out, "    {}", change.reason);
        let at = change.after_at.as_ref().map(|at| format!(" at {}:{}", at.file, at.line)).unwrap_or_default();
        let _ = writeln!(out, "    {}{at}: {}", change.change, change.action);
    }
    for untaken in &page.untaken {
        let says = untaken.upstream.as_ref().map_or_else(|| "has no such entry".to_owned(), |value| format!("says `{value}`"));
        let _ = writeln!(out, "  {}: the page {says}, and ours has no place for that; it is for a person to write", untaken.fact);
    }
    for silent in &page.silent {
        let _ = writeln!(
            out,
            "  {}: the page does not say it any more; ours stays `{}`, and takes an erratum with upstream: null",
            silent.fact, silent.ours
        );
    }
}

fn changed_words(
    findings: &Findings,
    lock: &Lock,
    repository: Option<&Repository>,
    page: &str,
    section: &str,
    colour: bool,
) -> String {
    let before = || {
        let revision = lock.pages.get(page)?.revision.as_deref()?;
        let file = findings.files.get(page)?;
        Some((repository?.show(file, revision)?, read_text(file, Limit::Page, Links::Follow).ok()?))
    };
    before().map(|(before, now)| prose::words(&before, &now, section, colour)).unwrap_or_default()
}

fn summary(findings: &Findings) -> String {
    let count = |of: fn(&PageFindings) -> usize| findings.pages.iter().map(of).sum::<usize>();
    let errata = |state| findings.pages.iter().flat_map(|p| &p.errata).filter(|e| e.state == state).count();
    let parts = [
        (count(|p| p.facts.len()), ["fact", "facts"], "changed"),
        (count(|p| p.untaken.len()), ["fact", "facts"], "without a place"),
        (count(|p| p.silent.len()), ["fact", "facts"], "not stated any more"),
        (errata(ErratumState::Stale), ["erratum", "errata"], "stale"),
        (errata(ErratumState::Conflict), ["erratum", "errata"], "in conflict"),
        (count(|p| p.duplicates.len()), ["entry", "entries"], "listed twice"),
        (count(|p| p.prose.len()), ["section", "sections"], "changed"),
        (count(|p| usize::from(p.unreviewed)), ["page", "pages"], "never reviewed"),
        (findings.new.len(), ["page", "pages"], "new"),
        (findings.gone.len(), ["page", "pages"], "gone"),
        (findings.back.len(), ["page", "pages"], "back"),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(n, ..)| *n > 0).map(|(n, of, what)| format!("{} {what}", number(*n, *of))).collect();
    let said = if said.is_empty() { "nothing changed".to_owned() } else { said.join(", ") };
    format!("{} compared: {said}", number(findings.compared, ["page", "pages"]))
}

/// `1 page`, `2 pages`.
fn number(n: usize, [one, many]: [&str; 2]) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
