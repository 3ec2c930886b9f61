//! In: lines of a block. Out: the first cells of its tables' rows and its `<dt>`, each with its lines, and what stands outside tables.
//!
//! A cell may be split over lines. Only first cells count: the others describe what the first one names.

use std::collections::BTreeSet;

use crate::words::plain;

/// The first cell of a row, or a `<dt>`.
#[derive(Debug, Clone, Default)]
pub struct Item {
    /// Its lines.
    pub lines: BTreeSet<usize>,
    /// Its text, without markup.
    pub text: String,
    /// The text of the second cell.
    pub second: String,
    /// Whether it belongs to the heading row.
    pub heading: bool,
    /// Whether it stands in a table.
    pub in_table: bool,
}

impl Item {
    fn new(first: usize, last: usize, cells: (&str, &str), heading: bool) -> Self {
        let text = |raw| plain(raw).split_whitespace().collect::<Vec<_>>().join(" ");
        Self { lines: (first..=last).collect(), text: text(cells.0), second: text(cells.1), heading, in_table: true }
    }
}

/// The items of a block, in the order of their lines.
pub fn items(block: &[(usize, &str)]) -> Vec<Item> {
    let mut items = pipe_rows(block).into_iter().filter_map(|(_, item)| item).collect::<Vec<_>>();
    items.extend(html_items(block));
    items.sort_by_key(|i| i.lines.first().copied());
    items
}

/// The lines of a block outside its tables and lists of `<dt>`, without markup.
pub fn prose(block: &[(usize, &str)]) -> Vec<(usize, String)> {
    let rows: BTreeSet<usize> = pipe_rows(block).into_iter().map(|(line, _)| line).collect();
    let mut raw = String::new();
    let (mut table, mut list) = (false, false);
    for token in tokens(block) {
        match token {
            Token::Tag { name: "table", closes, .. } => table = !closes,
            Token::Tag { name: "dt" | "dd", closes, .. } => list = !closes,
            Token::Tag { .. } => {}
            // A line that ends keeps its place, within tables, too.
            Token::Text { line, .. } if table || list || rows.contains(&line) => {}
            Token::Text { text, .. } => raw.push_str(text),
            Token::Line => raw.push('\n'),
        }
    }
    plain(&raw).lines().zip(block).map(|(text, (number, _))| (*number, text.to_string())).collect()
}

enum Token<'t> {
    Tag { name: &'t str, closes: bool, line: usize },
    Text { text: &'t str, line: usize },
    Line,
}

/// Tags, texts between them, and ends of lines. The attributes of a tag may go on in the next lines.
fn tokens<'t>(block: &[(usize, &'t str)]) -> Vec<Token<'t>> {
    let mut tokens = Vec::new();
    let mut in_tag = false;
    for (number, line) in block {
        let mut rest: &'t str = line;
        while !rest.is_empty() {
            if in_tag {
                let Some((_, after)) = rest.split_once('>') else { break };
                in_tag = false;
                rest = after;
                continue;
            }
            let start =
                rest.match_indices('<').map(|(at, _)| at).find(|at| tag_name(rest.get(at + 1..).unwrap_or_default()).is_some());
            let (text, tag) = start.map_or((rest, None), |at| (rest.get(..at).unwrap_or_default(), rest.get(at + 1..)));
            if !text.is_empty() {
                tokens.push(Token::Text { text, line: *number });
            }
            let Some(tag) = tag else { break };
            if let Some(name) = tag_name(tag) {
                tokens.push(Token::Tag { name, closes: tag.starts_with('/'), line: *number });
            }
            in_tag = true;
            rest = tag;
        }
        tokens.push(Token::Line);
    }
    tokens
}

fn tag_name(tag: &str) -> Option<&str> {
    let name = tag.strip_prefix('/').unwrap_or(tag);
    let length = name.chars().take_while(char::is_ascii_alphanumeric).count();
    (name.starts_with(|c: char| c.is_ascii_alphabetic())).then(|| name.get(..length)).flatten()
}

/// What is being read of an HTML row.
#[derive(Default)]
struct Row {
    start: usize,
    end: usize,
    /// The number of the cell that is read.
    cell: usize,
    heading: bool,
    text: String,
    second: String,
    /// How many `<dt>` the first cell had.
    terms: usize,
}

fn html_items(block: &[(usize, &str)]) -> Vec<Item> {
    let mut items = Vec::new();
    let mut row: Option<Row> = None;
    let mut term: Option<(usize, String)> = None;
    let mut last = 0;
    let mut tables = 0usize;
    for token in tokens(block) {
        if let Token::Tag { name: "table", closes, .. } = token {
            tables = if closes { tables.saturating_sub(1) } else { tables + 1 };
        }
        let known = items.len();
        match token {
            Token::Tag { name: "dt", closes: false, line } => {
                end_term(&mut items, &mut row, term.take(), line);
                term = Some((line, String::new()));
            }
            Token::Tag { name: "dt" | "dd" | "dl", line, .. } => end_term(&mut items, &mut row, term.take(), line),
            Token::Tag { name: "tr" | "table", closes, line } => {
                end_term(&mut items, &mut row, term.take(), line);
                end_row(&mut items, row.take());
                row = (!closes).then(|| Row { start: line, end: line, ..Row::default() });
            }
            Token::Tag { name: name @ ("td" | "th"), closes, line } => {
                end_term(&mut items, &mut row, term.take(), line);
                if let Some(row) = &mut row {
                    if closes && row.cell == 1 {
                        row.end = line;
                    }
                    row.cell += usize::from(!closes);
                    row.heading |= name == "th";
                }
            }
            Token::Tag { line, .. } => {
                last = line;
                term.iter_mut().for_each(|(_, text)| text.push(' '));
                row.iter_mut().filter(|r| r.cell == 1).for_each(|r| r.text.push(' '));
            }
            Token::Text { text, line } => {
                last = line;
                if let Some((_, term)) = &mut term {
                    term.push_str(text);
                } else if let Some(row) = &mut row {
                    match row.cell {
                        1 => {
                            row.text.push_str(text);
                            row.end = line;
                        }
                        2 => row.second.push_str(text),
                        _ => {}
                    }
                }
            }
            Token::Line => {
                term.iter_mut().for_each(|(_, text)| text.push(' '));
                row.iter_mut().for_each(|r| {
                    r.text.push(' ');
                    r.second.push(' ');
                });
            }
        }
        // What stands in a cell of a table around it is in a table as well.
        items.iter_mut().skip(known).for_each(|item| item.in_table |= tables > 0);
    }
    end_term(&mut items, &mut row, term.take(), last);
    end_row(&mut items, row.take());
    items
}

/// A `<dt>` ends. Those of other cells than the first describe; the first of a row has the lines from the row's beginning on.
fn end_term(items: &mut Vec<Item>, row: &mut Option<Row>, term: Option<(usize, String)>, line: usize) {
    let Some((start, text)) = term else { return };
    let first = match row {
        Some(row) if row.cell != 1 => return,
        Some(row) => {
            row.terms += 1;
            if row.terms == 1 { row.start } else { start }
        }
        None => start,
    };
    items.push(Item { in_table: row.is_some(), ..Item::new(first, line, (&text, ""), false) });
}

/// A row ends. One without `<dt>` is its first cell.
fn end_row(items: &mut Vec<Item>, row: Option<Row>) {
    if let Some(row) = row.filter(|r| r.terms == 0 && r.cell > 0) {
        items.push(Item::new(row.start, row.end, (&row.text, &row.second), row.heading));
    }
}

/// The lines of tables with pipes: those that are rows with their first cell, and the line below the heading without.
fn pipe_rows(block: &[(usize, &str)]) -> Vec<(usize, Option<Item>)> {
    let is_rule = |line: &str| line.contains('-') && line.contains('|') && line.chars().all(|c| "-:| \t".contains(c));
    let mut rows = Vec::new();
    for (at, (number, _)) in block.iter().enumerate().filter(|(_, (_, line))| is_rule(line)) {
        rows.push((*number, None));
        let header = at.checked_sub(1).and_then(|at| block.get(at)).filter(|(_, line)| line.contains('|'));
        rows.extend(header.map(|(number, line)| (*number, Some(Item::new(*number, *number, cells(line), true)))));
        for (number, line) in block.iter().skip(at + 1).take_while(|(_, line)| line.contains('|')) {
            rows.push((*number, Some(Item::new(*number, *number, cells(line), false))));
        }
    }
    rows
}

/// The first two cells of a row.
fn cells(line: &str) -> (&str, &str) {
    let line = line.trim();
    let mut cells = line.strip_prefix('|').unwrap_or(line).split('|');
    (cells.next().unwrap_or_default(), cells.next().unwrap_or_default())
}
