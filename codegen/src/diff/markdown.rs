//! Changes as Markdown, for a pull request.

use std::fmt::Write as _;

use super::{Change, Class, bump, summary};

/// One table a class, worst first; what changes no item, and words alone, are folded away.
#[must_use]
pub fn markdown(changes: &[Change]) -> String {
    let mut out = format!("### WSK documentation: {}\n", summary(changes));
    if let Some(bump) = bump(changes) {
        let _ = write!(out, "\nRequired version bump: {}\n", bump.as_str());
    }
    for class in Class::ALL.into_iter().rev() {
        let of: Vec<&Change> = changes.iter().filter(|c| c.class == class && !c.prose).collect();
        let head = format!("{} ({})", class.words(), of.len());
        if class == Class::Documentation {
            folded(&mut out, &head, &of);
        } else if !of.is_empty() {
            let _ = write!(out, "\n#### {head}\n");
            table(&mut out, &of);
        }
    }
    let prose: Vec<&Change> = changes.iter().filter(|c| c.prose).collect();
    folded(&mut out, &format!("prose alone ({})", prose.len()), &prose);
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
        let action = if change.class.is_breaking() { format!("<br>To do: {}", cell(change.action)) } else { String::new() };
        let _ = writeln!(
            out,
            "| {} `{}`{fact} | {} | {} | {} (`{}`){action} |",
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
