//! Changes as Markdown, for a pull request.

use std::fmt::Write as _;

use super::{Change, Class, summary};

/// One table a class, worst first; words alone are folded away.
#[must_use]
pub fn markdown(changes: &[Change]) -> String {
    let mut out = format!("### WSK documentation: {}\n", summary(changes));
    for class in Class::ALL.into_iter().rev() {
        let of: Vec<&Change> = changes.iter().filter(|c| c.class == class).collect();
        if of.is_empty() {
            continue;
        }
        let folded = class == Class::Documentation;
        let head = format!("{} ({})", class.words(), of.len());
        if folded {
            let _ = write!(out, "\n<details><summary>{head}</summary>\n");
        } else {
            let _ = write!(out, "\n#### {head}\n");
        }
        out.push_str("\n| What | Before | After | Why |\n| --- | --- | --- | --- |\n");
        for change in of {
            let fact = if change.fact.is_empty() { String::new() } else { format!("<br>{}", cell(&change.fact)) };
            let value = |value: &Option<String>| value.as_ref().map_or_else(String::new, |v| cell(v));
            let _ = writeln!(
                out,
                "| {} `{}`{fact} | {} | {} | {} |",
                change.kind.as_str(),
                change.name,
                value(&change.before),
                value(&change.after),
                cell(&change.reason)
            );
        }
        if folded {
            out.push_str("\n</details>\n");
        }
    }
    out
}

/// Text in a cell of a table: what would end the cell, or be read as HTML, is written as what it is.
fn cell(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('|', "\\|").replace('\n', " ")
}
