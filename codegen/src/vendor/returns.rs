//! The codes of a return section.

use std::collections::HashSet;

use super::locale;
use super::markup::{self, Piece, is_identifier};
use crate::source::{Block, Span, Spanned, Table, parse_fragment};

/// What a return section says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Codes {
    pub(super) codes: Vec<Spanned<String>>,
    /// `None` where the section leaves it unsaid.
    pub(super) open: Option<bool>,
    /// Whether there was a table or list of codes.
    pub(super) listed: bool,
}

/// Reads a return section of DDI Markdown.
pub(super) fn read(text: &str, place: Span) -> Codes {
    let pieces = markup::pieces(text, place);
    let mut rows = markup::texts_of(&pieces, "dt");
    if rows.is_empty() {
        rows = first_cells(&pieces);
    }
    if rows.is_empty() {
        rows = pipe_rows(text, place, |_| true);
    }
    let listed = !rows.is_empty();
    let mut found = from_rows(rows);
    found.listed = listed;
    if found.codes.is_empty() && !listed {
        found = from_prose(&pieces);
    }
    found
}

/// The first column of an HTML table.
pub(super) fn first_cells(pieces: &[Piece]) -> Vec<Spanned<String>> {
    let mut rows: Vec<Spanned<String>> = Vec::new();
    let mut column = 0usize;
    let mut current: Option<Spanned<String>> = None;
    for piece in pieces {
        match piece {
            Piece::Open(tag) if tag == "tr" => column = 0,
            Piece::Open(tag) if tag == "td" => column += 1,
            Piece::Close(tag) if tag == "td" => rows.extend(current.take()),
            Piece::Text(text) if column == 1 && !text.trim().is_empty() => match &mut current {
                Some(so_far) => so_far.value.push_str(text),
                None => current = Some(text.clone()),
            },
            _ => {}
        }
    }
    for row in &mut rows {
        row.value = row.value.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    rows
}

/// The first column of the pipe tables with such a head, without it.
pub(super) fn pipe_rows(text: &str, place: Span, wanted: impl Fn(&Table) -> bool) -> Vec<Spanned<String>> {
    let mut rows = Vec::new();
    for block in parse_fragment(text, place).sections.iter().flat_map(|s| &s.blocks) {
        if let Block::Table(table) = block
            && wanted(table)
        {
            rows.extend(table.rows.iter().filter_map(|r| r.first()).map(|c| Spanned::new(c.text.clone(), c.span)));
        }
    }
    rows
}

/// Rows of a table or list: names are codes, several in a row as well; a row that names none stands for all others, in whatever
/// words.
pub(super) fn from_rows(rows: Vec<Spanned<String>>) -> Codes {
    let mut found = Codes { open: Some(false), ..Codes::default() };
    let mut seen = HashSet::new();
    for row in rows {
        let text = row.value.trim_matches(|c| matches!(c, '*' | '`' | ' ')).replace("\\_", "_");
        let is_other = locale::is_one_of(&locale::fold(&text), |w| w.other_codes);
        let words = || text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let codes: Vec<&str> = if is_other {
            Vec::new()
        } else if is_identifier(&text) {
            vec![&text]
        } else {
            words().filter(|w| is_identifier(w) && w.contains('_') && !w.contains(|c: char| c.is_ascii_lowercase())).collect()
        };
        if codes.is_empty() && !text.is_empty() {
            found.open = Some(true);
        }
        for code in codes {
            if seen.insert(code.to_owned()) {
                found.codes.push(Spanned::new(code.to_owned(), row.span));
            }
        }
    }
    found
}

/// The codes that a text without formatting names.
pub(super) fn in_prose(text: &str, place: Span) -> Codes {
    from_prose(&[Piece::Text(Spanned::new(text.to_owned(), place))])
}

/// Without a table, the NTSTATUS names of the text; the set is closed where the text says that one is always returned.
fn from_prose(pieces: &[Piece]) -> Codes {
    let mut found = Codes::default();
    let mut seen = HashSet::new();
    let mut all = String::new();
    for piece in pieces {
        let Piece::Text(text) = piece else { continue };
        all.push_str(text);
        all.push(' ');
        for word in text.value.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            if word.starts_with("STATUS_") && seen.insert(word.to_owned()) {
                let offset = text.value.find(word).unwrap_or(0);
                found.codes.push(Spanned::new(word.to_owned(), text.span.part(offset..offset + word.len())));
            }
        }
    }
    let folded = locale::fold(&all);
    if found.codes.len() == 1 && locale::mentions(&folded, |w| w.always) {
        found.open = Some(false);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn codes(text: &str) -> (Vec<String>, Option<bool>) {
        let mut sources = Sources::new();
        let file = sources.add("t", text);
        let found = read(text, sources.whole(file));
        (found.codes.into_iter().map(|c| c.value).collect(), found.open)
    }

    #[test]
    fn every_form_of_list() {
        let two = vec!["STATUS_SUCCESS".to_owned(), "STATUS_PENDING".to_owned()];
        let list = "<dl>\n<dt><b>STATUS_SUCCESS</b></dt>\n</dl>Fine.<dl><dt><b>STATUS_PENDING</b></dt></dl>Later.<dl>\n<dt><b>Other status codes</b></dt></dl>No.";
        assert_eq!(codes(list), (two.clone(), Some(true)));
        let table = "<table><tr><th>Return code</th><th>Description</th></tr><tr><td width=\"40%\"><b>STATUS_SUCCESS</b></td><td>STATUS_X</td></tr>\
                     <tr><td>STATUS_PENDING</td><td></td></tr></table>";
        assert_eq!(codes(table), (two.clone(), Some(false)));
        let pipes = "Text.\n\n|Return code|Description|\n|--- |--- |\n|**STATUS_SUCCESS**|Fine|\n|**STATUS_PENDING**|Later|\n|**Other status codes**|No|\n";
        assert_eq!(codes(pipes), (two, Some(true)));
    }

    #[test]
    fn prose_closes_the_set_only_if_it_says_so() {
        assert_eq!(codes("It must always return STATUS_SUCCESS."), (vec!["STATUS_SUCCESS".to_owned()], Some(false)));
        assert_eq!(codes("It returns STATUS_SUCCESS if all went well."), (vec!["STATUS_SUCCESS".to_owned()], None));
        assert_eq!(codes("Nothing."), (vec![], None));
    }
}
