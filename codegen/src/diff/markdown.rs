//! Changes as Markdown, for a pull request.

use std::fmt::Write as _;

use super::change::{Change, bump, summary};
use super::class::Class;

/// One table a class, worst first; what changes no item, words alone, and what is accepted are folded away.
#[must_use]
pub fn markdown(changes: &[Change]) -> String {
    let mut out = format!("### WSK documentation: {}\n", summary(changes));
    if let Some(bump) = bump(changes) {
        let _ = write!(out, "\nRequired version bump: {}\n", bump.as_str());
    }
    for class in Class::ALL.into_iter().rev() {
        let of: Vec<&Change> = changes.iter().filter(|c| c.class == class && c.is_of_class()).collect();
        let head = format!("{} ({})", class.words(), of.len());
        if class == Class::Documentation {
            folded(&mut out, &head, &of);
        } else if !of.is_empty() {
            let _ = write!(out, "\n#### {head}\n");
            table(&mut out, &of);
        }
    }
    let prose: Vec<&Change> = changes.iter().filter(|c| c.is_prose_alone()).collect();
    folded(&mut out, &format!("prose alone ({})", prose.len()), &prose);
    let accepted: Vec<&Change> = changes.iter().filter(|c| c.accepted.is_some()).collect();
    folded(&mut out, &format!("accepted ({})", accepted.len()), &accepted);
    out
}

fn folded(out: &mut String, head: &str, changes: &[&Change]) {
    if !changes.is_empty() {
        let _ = write!(out, "\n<details><summary>{head}</summary>\n");
        table(out, changes);
        out.push_str("\n</details>\n");
    }
}

fn table(out: &mut String, changes: &[&Change]) {
    out.push_str("\n| What | Before | After | Why |\n| --- | --- | --- | --- |\n");
    for change in changes {
        let fact = if change.fact.is_empty() { String::new() } else { format!("<br>{}", cell(&change.fact)) };
        let value = |value: &Option<String>| value.as_ref().map_or_else(String::new, |v| cell(v));
        let moved: String =
            change.moved.iter().map(|m| format!("<br>{}: {} → {}", cell(&m.fact), cell(&m.before), cell(&m.after))).collect();
        let accepted = change.accepted.as_ref().map_or_else(String::new, |why| format!("<br>Accepted: {}", cell(why)));
        let action = if accepted.is_empty() && change.class.is_breaking() {
            format!("<br>To do: {}", cell(change.action))
        } else {
            String::new()
        };
        let _ = writeln!(
            out,
            "| {} `{}`{fact} | {} | {} | {} (`{}`){moved}{action}{accepted} |",
            change.kind.as_str(),
            change.name,
            value(&change.before),
            value(&change.after),
            cell(&change.reason),
            change.change,
        );
    }
}

/// Text in a cell of a table: what would end the cell, or be read as HTML, is written as what it is.
fn cell(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('|', "\\|").replace('\n', " ")
}
