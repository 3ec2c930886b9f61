//! Sections as text for a terminal: titles at the margin, columns aligned, running text folded.

use std::fmt::Write as _;

use crate::describe::{Body, Cell, Section};

/// The width of a terminal.
const WIDTH: usize = 100;

pub(super) fn section(out: &mut String, section: &Section) {
    let _ = write!(out, "\n{}\n", section.title.replace('`', ""));
    if !section.lead.is_empty() {
        let _ = writeln!(out, "{}", wrap(&section.lead, 2));
    }
    match &section.body {
        Body::None => {}
        Body::List(items) => {
            for item in items {
                let _ = writeln!(out, "  - {}", wrap(item, 4).trim_start());
            }
        }
        Body::Table(table) => {
            let lines: Vec<Vec<String>> =
                table.rows.iter().map(|cells| cells.iter().map(Cell::plain).map(str::to_owned).collect()).collect();
            rows(out, &lines);
        }
    }
}

/// Folds running text to the width of a terminal.
pub(super) fn wrap(text: &str, indent: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column == 0 || column + 1 + length > WIDTH {
            if column > 0 {
                out.push('\n');
            }
            out.push_str(&" ".repeat(indent));
            column = indent;
        } else {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out
}

/// Rows of columns, the last of which is folded.
pub(super) fn rows(out: &mut String, rows: &[Vec<String>]) {
    let columns = rows.iter().map(|r| r.len().saturating_sub(1)).max().unwrap_or(0);
    let length = |row: &Vec<String>, at: usize| row.get(at).map_or(0, |cell| cell.chars().count());
    let widths: Vec<usize> = (0..columns).map(|at| rows.iter().map(|r| length(r, at)).max().unwrap_or(0)).collect();
    let indent = 2 + widths.iter().map(|w| w + 2).sum::<usize>();
    for row in rows {
        let Some((last, first)) = row.split_last() else { continue };
        let mut line = "  ".to_owned();
        for (cell, width) in first.iter().zip(&widths) {
            let _ = write!(line, "{cell}{}  ", " ".repeat(width - cell.chars().count()));
        }
        let _ = writeln!(out, "{}", format!("{line}{}", wrap(last, indent).trim_start()).trim_end());
    }
}
