//! A page without its comments: what stands between `<!--` and `-->` is not shown, but for code, where it is what the code says.

use super::words::{closes, fence};

/// The text without what `<!--` and `-->` enclose, outside code. One that is not closed is text.
pub(super) fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut is_line_start = true;
    let mut has_more = text.contains("<!--");
    while has_more && !rest.is_empty() {
        let line = rest.split_inclusive('\n').next().unwrap_or(rest);
        if let Some(opened) = fence(line.trim()).filter(|_| is_line_start) {
            let code = code_length(rest, opened);
            let (code, behind) = rest.split_at(code);
            out.push_str(code);
            rest = behind;
            continue;
        }
        is_line_start = true;
        let Some(at) = comment(line) else {
            out.push_str(line);
            rest = rest.get(line.len()..).unwrap_or_default();
            continue;
        };
        let (before, inside) = rest.split_at(at);
        out.push_str(before);
        let Some((_, behind)) = inside.split_once("-->") else {
            // No later one is closed either.
            rest = inside;
            break;
        };
        rest = behind;
        is_line_start = false;
        has_more = rest.contains("<!--");
    }
    out.push_str(rest);
    out
}

/// Where a comment begins in a line, unless it stands in backticks.
fn comment(line: &str) -> Option<usize> {
    let (mut ticks, mut from) = (0, 0);
    for (at, _) in line.match_indices("<!--") {
        ticks += line.get(from..at)?.bytes().filter(|b| *b == b'`').count();
        from = at;
        if ticks % 2 == 0 || !line.get(at..)?.contains('`') {
            return Some(at);
        }
    }
    None
}

/// The length of code with both its fences.
fn code_length(text: &str, opened: (char, usize)) -> usize {
    let mut length = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        length += line.len();
        if at > 0 && closes(line.trim(), opened) {
            break;
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_gone_and_code_stays() {
        for (text, wanted) in [
            ("a<!-- b\n\nc -->d\n", "ad\n"),
            ("a <!-- b", "a <!-- b"),
            ("```\n<!-- a -->\n```\n<!-- b -->c", "```\n<!-- a -->\n```\nc"),
            ("<!-- ```\n-->\na<!-- b -->", "\na"),
            ("<!-- a -->```\n<!-- b -->", "```\n"),
            ("`<!-- a -->` <!-- b -->", "`<!-- a -->` "),
            ("it`s <!-- a --> b", "it`s  b"),
            ("~~~\n<!-- a -->", "~~~\n<!-- a -->"),
        ] {
            assert_eq!(without_comments(text), wanted, "{text:?}");
        }
    }
}
