//! Changes for a terminal.

use std::fmt::Write as _;

use super::{Change, Class, summary};

/// The changes, worst first, and how many there are of each class.
#[must_use]
pub fn text(changes: &[Change]) -> String {
    let mut out = String::new();
    for class in Class::ALL.into_iter().rev() {
        let of: Vec<&Change> = changes.iter().filter(|c| c.class == class).collect();
        if of.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{}:", capital(class.words()));
        for change in of {
            let fact = if change.fact.is_empty() { String::new() } else { format!(" {}", change.fact) };
            let _ = writeln!(out, "  {} {}{fact}", change.kind.as_str(), change.name);
            for (sign, value, at) in [('-', &change.before, &change.before_at), ('+', &change.after, &change.after_at)] {
                if let Some(value) = value {
                    let at = at.as_ref().map_or_else(String::new, |at| format!("  ({}:{})", at.file, at.line));
                    let _ = writeln!(out, "    {sign} {value}{at}");
                }
            }
            let _ = writeln!(out, "    {}", change.reason);
        }
        out.push('\n');
    }
    let _ = writeln!(out, "{}", summary(changes));
    out
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
