//! The headings of a page, in every form that is known: a line with `#`, quoted or without the space behind it, one in HTML, and one that
//! is underlined.
//!
//! In: a line, and the one below it. Out: level, title and place, and what the mark of the title says. Forms that Markdown does not take
//! for headings count only where the title has a mark of the dialect, which nothing else begins with.

use std::ops::Range;

use super::page::{Mark, Section};

/// A heading as it stands in its lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Heading<'t> {
    pub(super) level: usize,
    pub(super) title: &'t str,
    /// Where in the line the title begins.
    pub(super) at: usize,
    /// Whether the line below belongs to it.
    pub(super) is_underlined: bool,
}

/// The heading that a line is, if it is one; `next` is what follows the line.
pub(super) fn read<'t>(line: &'t str, next: &str) -> Option<Heading<'t>> {
    let start = line.len() - line.trim_start().len();
    match line.as_bytes().get(start)? {
        b'#' => hashes(line).or_else(|| without_space(line)),
        b'>' => quoted(line),
        b'<' => in_html(line),
        b'-' => underlined(line, next),
        // The names of sections that are not read: what stands below them belongs to nothing above.
        b'P' | b'M' | b'F' | b'C' | b'E' | b'R' | b'p' | b'm' | b'f' | b'c' | b'e' | b'r' => section_underlined(line, next),
        _ => None,
    }
}

/// Whether a line may begin a heading or a fence: what else a line begins with is text.
pub(super) fn may_begin_form(line: &str) -> bool {
    let text = line.trim_ascii_start();
    // White space of Unicode may stand before either.
    let begins = |b: &u8| matches!(b, b'#' | b'>' | b'<' | b'-' | b'`' | b'~') || !b.is_ascii();
    text.bytes().next().is_some_and(|b| begins(&b) || text.trim_ascii_end().len() <= LONGEST_UNDERLINED)
}

/// As many bytes has the longest title of a section that is underlined.
const LONGEST_UNDERLINED: usize = 16;

/// `Return value` above a line of `-` or `=`.
fn section_underlined<'t>(whole: &'t str, next: &str) -> Option<Heading<'t>> {
    let title = whole.trim();
    let level = if title.len() <= LONGEST_UNDERLINED { underline(next)? } else { return None };
    let at = whole.len() - whole.trim_start().len();
    is_unknown_section(title).then_some(Heading { level, title, at, is_underlined: true })
}

/// As Markdown has it: up to three spaces, one to six `#`, a space or a tab, and marks at its end that do not count. A seventh `#` is no
/// heading of Markdown, but one before a dash begins an entry in the revision of 2018-01-31.
fn hashes(whole: &str) -> Option<Heading<'_>> {
    let spaces = whole.bytes().take_while(|b| *b == b' ').count();
    let line = whole.get(spaces..).filter(|_| spaces <= 3)?.trim_end();
    let level = line.bytes().take_while(|b| *b == b'#').count();
    let rest = line.get(level..)?;
    if !rest.is_empty() && !rest.starts_with([' ', '\t']) {
        return None;
    }
    let title = rest.trim();
    match level {
        1..=6 => {}
        7.. if title.starts_with("- ") => {}
        _ => return None,
    }
    let unclosed = title.trim_end_matches('#');
    let is_closed = unclosed.len() < title.len() && (unclosed.is_empty() || unclosed.ends_with([' ', '\t']));
    let at = spaces + level + (rest.len() - rest.trim_start().len());
    Some(Heading { level, title: if is_closed { unclosed.trim_end() } else { title }, at, is_underlined: false })
}

/// `###-param Name`.
fn without_space(whole: &str) -> Option<Heading<'_>> {
    let line = whole.trim();
    let level = line.bytes().take_while(|b| *b == b'#').count();
    let title = line.get(level..).filter(|t| level <= 6 && has_mark(t))?;
    let at = whole.len() - whole.trim_start().len() + level;
    (at - level <= 3).then_some(Heading { level, title, at, is_underlined: false })
}

/// `> ### -param Name`.
fn quoted(whole: &str) -> Option<Heading<'_>> {
    let inner = whole.trim_start_matches(['>', ' ', '\t']);
    let at = whole.len() - inner.len();
    let found = hashes(inner).or_else(|| without_space(inner)).filter(|h| has_mark(h.title))?;
    Some(Heading { at: at + found.at, ..found })
}

/// `<h3>-param Name</h3>`.
fn in_html(whole: &str) -> Option<Heading<'_>> {
    let line = whole.trim_start();
    let level = line.strip_prefix("<h").or_else(|| line.strip_prefix("<H"))?.bytes().next()?;
    let level = usize::from(level.checked_sub(b'0').filter(|l| (1..=6).contains(l))?);
    let inner = line.get(line.find('>')? + 1..)?;
    let title = inner.get(..inner.find("</")?)?.trim();
    // What stands before the title, such as an anchor, is for the account to complain of.
    let at = whole.len() - inner.len() + (inner.len() - inner.trim_start().len());
    has_mark(title).then_some(Heading { level, title, at, is_underlined: false })
}

/// `-param Name` above a line of `-` or `=`.
fn underlined<'t>(whole: &'t str, next: &str) -> Option<Heading<'t>> {
    let title = whole.trim();
    let level = underline(next)?;
    let at = whole.len() - whole.trim_start().len();
    (has_mark(title) && !title.starts_with("- ")).then_some(Heading { level, title, at, is_underlined: true })
}

/// The level that a line gives the text above it.
pub(in crate::vendor) fn underline(next: &str) -> Option<usize> {
    let line = next.split('\n').next()?.trim();
    let all = |mark: u8| line.len() >= 2 && line.bytes().all(|b| b == mark);
    if all(b'=') { Some(1) } else { all(b'-').then_some(2) }
}

/// Whether a title begins with a mark of the dialect.
pub(super) fn has_mark(title: &str) -> bool {
    let entry = |mark: &str| title.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
    ["-param", "-field", "-"].iter().any(|mark| entry(mark)) && title.len() > 1
        || title.strip_prefix('-').is_some_and(|name| section(name).is_some())
}

/// The section that a word begins.
fn section(name: &str) -> Option<Section> {
    match name {
        "description" => Some(Section::Description),
        "prototype" | "syntax" => Some(Section::Declaration),
        "parameters" => Some(Section::Parameters),
        "struct-fields" | "union-fields" => Some(Section::Fields),
        "enum-fields" => Some(Section::Enumerators),
        "returns" => Some(Section::Returns),
        "remarks" | "see-also" | "requirements" => Some(Section::Other),
        _ => None,
    }
}

/// Whether a title of a section may hold parameters, fields, enumerators or codes that nobody reads: it has a mark that is not known, or
/// the name of such a section without a mark.
pub(super) fn is_unknown_section(title: &str) -> bool {
    // Of interfaces and control codes, and what has no such entries.
    let known = |name: &str| section(name).is_some() || matches!(name, "ioctlparameters" | "inheritance" | "members");
    match title.strip_prefix('-') {
        Some(name) => !known(name),
        None => matches!(
            title.trim_end_matches(':').to_lowercase().as_str(),
            "parameters" | "members" | "fields" | "constants" | "enumerators" | "return value" | "return values" | "returns"
        ),
    }
}

/// The mark of a title, the section that it begins, and how many bytes the mark has.
pub(super) fn marked(title: &str, level: usize, within: Section) -> (Mark, Section, usize) {
    let skipped = |mark: &str| {
        let rest = title.strip_prefix(mark)?;
        (rest.is_empty() || rest.starts_with([' ', '\t'])).then(|| title.len() - rest.trim_start().len())
    };
    if let Some(len) = skipped("-param") {
        return (Mark::Param, within, len);
    }
    if let Some(len) = skipped("-field") {
        return (Mark::Field, within, len);
    }
    if let Some(len) = skipped("-") {
        return (Mark::Dash, within, len);
    }
    let Some(name) = title.strip_prefix('-') else {
        // A heading of the page's own level, or of that of its sections, ends the section before it.
        return (Mark::Plain, if level <= 2 { Section::Other } else { within }, 0);
    };
    match section(name) {
        Some(section) => (Mark::Section, section, 0),
        None if level <= 2 || !within.is_list() => (Mark::Section, Section::Other, 0),
        // `-Name` in a list lacks the space.
        None => (Mark::Dash, within, 1),
    }
}

/// The title that stands below a heading without one: a link that was broken over two lines.
pub(super) fn title_below(rest: &str) -> Option<(Range<usize>, usize)> {
    let line = rest.split_inclusive('\n').next()?;
    let word = line.trim().strip_suffix("</a>")?;
    let start = line.find(word)?;
    crate::vendor::markup::is_identifier(word).then(|| (start..start + word.len(), line.len()))
}

/// A title without the backslashes before punctuation.
pub(super) fn unescaped(title: &str) -> String {
    let mut out = String::with_capacity(title.len());
    let mut chars = title.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' || !chars.peek().is_some_and(char::is_ascii_punctuation) {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(line: &str, next: &str, level: usize, title: &str) {
        let found = read(line, next);
        assert_eq!(found.as_ref().map(|h| (h.level, h.title)), Some((level, title)), "{line}");
        let at = found.map_or(0, |h| h.at);
        assert_eq!(line.get(at..at + title.len()), Some(title), "{line}");
    }

    #[test]
    fn headings_as_markdown_has_them() {
        is("### -param A [in]", "", 3, "-param A [in]");
        is("#\tA", "", 1, "A");
        is("   ## A ##  ", "", 2, "A");
        is("### C#", "", 3, "C#");
        is("###", "", 3, "");
        is("####### - ...", "", 7, "- ...");
        for line in ["    # A", "#A", "#if X", "####### A"] {
            assert_eq!(read(line, ""), None, "{line}");
        }
    }

    #[test]
    fn headings_with_a_mark_in_other_forms() {
        is("###-param A [in]", "", 3, "-param A [in]");
        is("##-returns", "", 2, "-returns");
        is("> ### -field A", "", 3, "-field A");
        is(">> ###-field A", "", 3, "-field A");
        is("<h3 class=\"x\">-param A [in]</h3>", "", 3, "-param A [in]");
        is("-param A [in]", "---\n", 2, "-param A [in]");
        is("-returns", "====", 1, "-returns");
        is("Return value", "----", 2, "Return value");
        is("Parameters:", "====", 1, "Parameters:");
        for (line, next) in [
            ("###-parameter A", ""),
            ("> ### Note", ""),
            ("<h3>Note</h3>", ""),
            ("<hr>-param A", ""),
            ("-param A [in]", "text"),
            ("- A", "---"),
            ("A", "---"),
            ("    ###-param A", ""),
        ] {
            assert_eq!(read(line, next), None, "{line}");
        }
    }
}
