//! Changes for a terminal.

use std::fmt::Write as _;

use super::change::{Change, bump, summary};
use super::class::Class;
use super::rules::capital;

/// The changes, worst first, those of words alone and those that are accepted last; how many there are of each class, and what version follows from them.
#[must_use]
pub fn text(changes: &[Change]) -> String {
    let mut out = String::new();
    let facts = |class: Class| changes.iter().filter(move |c| c.class == class && c.is_of_class());
    for class in Class::ALL.into_iter().rev() {
        group(&mut out, &capital(class.words()), facts(class));
    }
    group(&mut out, "Prose alone", changes.iter().filter(|c| c.is_prose_alone()));
    group(&mut out, "Accepted", changes.iter().filter(|c| c.accepted.is_some()));
    let _ = writeln!(out, "{}", summary(changes));
    if let Some(bump) = bump(changes) {
        let _ = writeln!(out, "version: {}", bump.as_str());
    }
    out
}

fn group<'c>(out: &mut String, head: &str, changes: impl Iterator<Item = &'c Change>) {
    let mut changes = changes.peekable();
    if changes.peek().is_none() {
        return;
    }
    let _ = writeln!(out, "{head}:");
    for change in changes {
        let fact = if change.fact.is_empty() { String::new() } else { format!(" {}", change.fact) };
        let _ = writeln!(out, "  {} {}{fact} ({})", change.kind.as_str(), change.name, change.change);
        for (sign, value, at) in [('-', &change.before, &change.before_at), ('+', &change.after, &change.after_at)] {
            if let Some(value) = value {
                let at = at.as_ref().map_or_else(String::new, |at| format!("  ({}:{})", at.file, at.line));
                let _ = writeln!(out, "    {sign} {value}{at}");
            }
        }
        let _ = writeln!(out, "    {}", change.reason);
        for moved in &change.moved {
            let _ = writeln!(out, "      {}: {} → {}", moved.fact, moved.before, moved.after);
        }
        if let Some(accepted) = &change.accepted {
            let _ = writeln!(out, "    accepted: {accepted} ({})", change.class.words());
            continue;
        }
        if change.class.is_breaking() {
            let _ = writeln!(out, "    to do: {}", change.action);
        }
    }
    out.push('\n');
}
