//! Pages of ours as they were when one column held memory rules, effects on sockets and links → pages as they are read today.
//!
//! In: the bytes of a page of an older revision. Out: the same, line for line, with the rules of its parameters in three columns.
//! Separate because only the past has such pages: what is written today is held to the form of today.

use crate::spec::{ParamLink, SocketEffect};

const BEFORE: [&str; 4] = ["Name", "Direction", "Memory", "Meaning"];

/// A page with the columns of today. Any other page, or one that is not text, is left as it is.
pub(super) fn with_columns_of_today(page: Vec<u8>) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(&page) else { return page };
    if !text.lines().any(is_head) {
        return page;
    }
    let mut in_table = false;
    let lines = text.split_inclusive('\n').map(|line| {
        in_table = is_head(line) || in_table && line.trim_start().starts_with('|');
        if in_table { of_row(line) } else { line.to_owned() }
    });
    lines.collect::<String>().into_bytes()
}

fn is_head(line: &str) -> bool {
    cells(line).is_some_and(|cells| cells.iter().map(|cell| cell.trim()).eq(BEFORE))
}

/// The cells of a row, between its pipes; a pipe behind a backslash is text.
fn cells(line: &str) -> Option<Vec<&str>> {
    let line = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    let mut found = Vec::new();
    let (mut start, mut is_escaped) = (0, false);
    for (at, c) in line.char_indices() {
        if c == '|' && !is_escaped {
            found.push(line.get(start..at)?);
            start = at + 1;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    found.push(line.get(start..)?);
    Some(found)
}

/// A row with its rules in three columns. What is no rule stays where it is, and is complained about there.
fn of_row(line: &str) -> String {
    let Some([name, direction, rules, meaning]) = cells(line).and_then(|cells| <[&str; 4]>::try_from(cells).ok()) else {
        return line.to_owned();
    };
    let columns = match rules.trim() {
        "Memory" => ["Memory".to_owned(), "Effect".to_owned(), "Link".to_owned()],
        rule if !rule.is_empty() && rule.chars().all(|c| matches!(c, '-' | ':')) => {
            [rule.to_owned(), rule.to_owned(), rule.to_owned()]
        }
        rules => {
            let mut columns: [Vec<&str>; 3] = Default::default();
            let [memory, effects, links] = &mut columns;
            for rule in rules.split(';').map(str::trim).filter(|rule| !rule.is_empty()) {
                if SocketEffect::parse(rule).is_some() {
                    effects.push(rule);
                } else if ParamLink::parse(rule).is_some() {
                    links.push(rule);
                } else {
                    memory.push(rule);
                }
            }
            columns.map(|rules| rules.join("; "))
        }
    };
    let end = if line.ends_with('\n') { "\n" } else { "" };
    let [memory, effects, links] = columns;
    format!("| {} | {} | {memory} | {effects} | {links} | {} |{end}", name.trim(), direction.trim(), meaning.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_come_into_their_columns_and_lines_stay() {
        let of = |text: &str| String::from_utf8(with_columns_of_today(text.as_bytes().to_vec())).expect("text");
        let old = "# A\n\n| Name | Direction | Memory | Meaning |\n| --- | --- | --- | --- |\n\
                   | Socket | in | connection socket; becomes: connected | A \\| B. |\n\
                   | Buffer | in | until completion; bytes in Length | C. |\n| Length | in | | D. |\n\n| Name | Meaning |\n";
        let new = "# A\n\n| Name | Direction | Memory | Effect | Link | Meaning |\n| --- | --- | --- | --- | --- | --- |\n\
                   | Socket | in |  | connection socket; becomes: connected |  | A \\| B. |\n\
                   | Buffer | in | until completion |  | bytes in Length | C. |\n| Length | in |  |  |  | D. |\n\n| Name | Meaning |\n";
        assert_eq!(of(old), new);
        assert_eq!(of(new), new, "a page of today is left as it is");
        assert_eq!(with_columns_of_today(vec![0xff, b'|']), [0xff, b'|']);
    }
}
