//! A page of DDI Markdown as its front matter and its headings, each with the section that it stands in.
//!
//! In: the text of the page. Out: where its values, sections, entries and code blocks stand. What they mean is for the readers of
//! parameters, fields and codes; here is only what Markdown and the form of the pages decide.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use super::heading::{self, Heading};
use crate::source::{Diagnostic, FileId, Report, SourceFile, Span, Spanned};
use crate::vendor::account::Says;
use crate::vendor::markup::{self, Fence, fence_after};

/// A part of the page, by the heading that begins it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::vendor) enum Section {
    Description,
    /// `-prototype` and `-syntax`: the declaration in C.
    Declaration,
    Parameters,
    Fields,
    Enumerators,
    Returns,
    /// Remarks, links, requirements, and whatever else states no facts that are read.
    Other,
}

impl Section {
    /// Whether it lists parameters, fields or enumerators.
    pub(in crate::vendor) fn is_list(self) -> bool {
        matches!(self, Self::Parameters | Self::Fields | Self::Enumerators)
    }
}

/// What a heading says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::vendor) enum Mark {
    /// `-parameters`: it begins a section.
    Section,
    /// `-param Name`.
    Param,
    /// `-field Name`.
    Field,
    /// `- Name`, as the revisions until 2020 have it, for either.
    Dash,
    /// Nothing: a value, a member, or a heading of prose.
    Plain,
    /// No heading: a row, term, item or line that declares a parameter, field or enumerator.
    Loose,
}

impl Mark {
    /// Whether what has it is an entry by its mark.
    pub(super) fn is_entry(self) -> bool {
        matches!(self, Self::Param | Self::Field | Self::Dash)
    }
}

/// A heading, and what stands below it up to the next heading of any level.
pub(super) struct Entry<'t> {
    pub(super) mark: Mark,
    /// How many `#` it has, or would have; 0 of what is no heading.
    pub(super) level: usize,
    pub(super) section: Section,
    /// The title without its mark, with backslashes resolved.
    pub(super) title: Cow<'t, str>,
    /// Where the title without its mark stands.
    pub(super) title_span: Span,
    /// The line or lines of the heading.
    pub(super) line: Range<usize>,
    /// What its title says that it declares something; known of headings without a mark, and of what is no heading.
    pub(super) says: Says,
    /// Whether it stands beside the entries that have marks, or where there are none above it, and not below one of them.
    pub(super) is_sibling: bool,
    /// What describes it.
    pub(super) body: Range<usize>,
    /// All up to the next heading; of what is no heading, nothing. This is what the account looks through.
    pub(super) text: Range<usize>,
}

impl Entry<'_> {
    /// Whether its title or table says that it declares a parameter, field or enumerator.
    pub(super) fn declares(&self) -> bool {
        matches!(self.says, Says::Direction | Says::Mark | Says::Word | Says::Head | Says::Value)
    }

    /// The place of a word of the title; that of the whole title where a backslash shifts it.
    pub(super) fn place_of(&self, word: &str) -> Span {
        // Most titles begin with it.
        let found = if self.title.starts_with(word) { Some(0) } else { self.title.find(word) };
        match found {
            Some(at) if self.title.len() == self.title_span.end - self.title_span.start => {
                self.title_span.part(at..at + word.len())
            }
            _ => self.title_span,
        }
    }
}

pub(super) struct Page<'t> {
    pub(super) text: &'t str,
    pub(super) file: FileId,
    pub(super) front: Range<usize>,
    pub(super) entries: Vec<Entry<'t>>,
    /// A fence that nothing closes.
    pub(super) open_fence: Option<Span>,
    /// The description without its formatting, once it was asked for.
    description: OnceCell<String>,
    /// The keys of the front matter with the places of their values.
    front_lines: Vec<(&'t str, Range<usize>)>,
}

/// The comment that is open. One that nothing closes is none.
struct Comment {
    is_open: bool,
    /// Nothing closes a comment from here on.
    has_no_end: bool,
}

impl Comment {
    /// At the beginning of a text.
    fn of(text: &str) -> Self {
        Self { is_open: false, has_no_end: memchr::memmem::find(text.as_bytes(), b"<!--").is_none() }
    }

    /// Whether a line neither stands in a comment nor begins one.
    fn may_pass(&self, line: &str) -> bool {
        !self.is_open && (self.has_no_end || !line.contains("<!--"))
    }

    /// Whether a line begins or goes on in a comment; `behind` is what follows the line.
    fn takes(&mut self, line: &str, behind: &str) -> bool {
        let was_open = self.is_open;
        if self.is_open {
            self.is_open = !line.contains("-->");
        } else if !self.has_no_end
            && let Some((_, comment)) = line.split_once("<!--")
            && !comment.contains("-->")
        {
            self.is_open = behind.contains("-->");
            self.has_no_end = !self.is_open;
        }
        was_open || self.is_open
    }
}

/// The first line of a text, with its end.
pub(super) fn first_line(text: &str) -> &str {
    memchr::memchr(b'\n', text.as_bytes()).and_then(|end| text.get(..=end)).unwrap_or(text)
}

impl<'t> Page<'t> {
    pub(super) fn cut(source: &'t SourceFile, file: FileId) -> Self {
        let text = source.text.as_str();
        let front_end =
            text.get(4..).and_then(|t| memchr::memmem::find(t.as_bytes(), b"\n---")).map_or(text.len(), |end| 4 + end);
        let mut entries: Vec<Entry<'t>> = Vec::new();
        let mut fence: Fence = None;
        let mut section = Section::Other;
        let mut at = front_end.min(text.len());
        let mut taken = at;
        let mut fence_at = at;
        let mut comment = Comment::of(text);
        for (start, line) in source.lines_from(at) {
            at = start + line.len();
            if start < taken {
                continue;
            }
            // Most lines are text, and what begins none of the forms below is not looked at.
            if fence.is_none() && comment.may_pass(line) && !heading::may_begin_form(line) {
                if let Some(last) = entries.last_mut() {
                    (last.body.end, last.text.end) = (at, at);
                }
                continue;
            }
            let was_open = fence.is_some();
            // What is commented out is no heading.
            let is_comment = !was_open && comment.takes(line, text.get(at..).unwrap_or_default());
            fence = if is_comment { fence } else { fence_after(line, fence) };
            if !was_open {
                fence_at = start;
            }
            let found = if was_open || is_comment || fence.is_some() {
                None
            } else {
                heading::read(line, text.get(at..).unwrap_or_default())
            };
            let Some(Heading { level, title, at: title_at, is_underlined }) = found else {
                if let Some(last) = entries.last_mut() {
                    (last.body.end, last.text.end) = (at, at);
                }
                continue;
            };
            let (mark, begun, len) = heading::marked(title, level, section);
            section = begun;
            let mut title = title.get(len..).unwrap_or_default();
            let mut title_at = start + title_at + len;
            let mut end = at;
            if is_underlined {
                end += text.get(at..).and_then(|t| t.split_inclusive('\n').next()).map_or(0, str::len);
                taken = end;
            }
            if title.is_empty() && matches!(mark, Mark::Param | Mark::Field) {
                title_at = start + line.trim_end().len();
                if let Some((range, len)) = text.get(at..).and_then(heading::title_below) {
                    title = text.get(at + range.start..at + range.end).unwrap_or_default();
                    (title_at, end) = (at + range.start, at + len);
                    taken = end;
                }
            }
            let title_span = Span::new(file, title_at..title_at + title.len());
            let title = if title.contains('\\') { Cow::Owned(heading::unescaped(title)) } else { Cow::Borrowed(title) };
            entries.push(Entry {
                mark,
                level,
                section,
                title,
                title_span,
                line: start..end,
                says: Says::Nothing,
                is_sibling: false,
                body: end..end,
                text: end..end,
            });
        }
        let open_fence = fence.map(|(_, count)| Span::new(file, fence_at..(fence_at + count).min(text.len())));
        let mut page =
            Self { text, file, front: 4..front_end, entries, open_fence, description: OnceCell::new(), front_lines: Vec::new() };
        page.front_lines = page.cut_front(source);
        page
    }

    pub(super) fn front_value(&self, key: &str) -> Option<Spanned<String>> {
        let value = self.front_line(key)?;
        let line = self.text.get(value.clone())?;
        let spaces = line.len() - line.trim_start().len();
        let quoted = line.trim();
        // A value that would not be plain YAML is quoted: `"<= DISPATCH_LEVEL"`.
        let inner = ['"', '\''].iter().find_map(|q| quoted.strip_prefix(*q)?.strip_suffix(*q));
        let start = value.start + spaces + usize::from(inner.is_some());
        let text = inner.unwrap_or(quoted);
        let skipped = text.len() - text.trim_start().len();
        let (start, text) = (start + skipped, text.trim());
        let span = Span::new(self.file, start..start + text.len());
        // As YAML has it, a value goes on in lines that are indented.
        let behind = self.text.get(value.end..self.front.end).unwrap_or_default();
        let more = behind.lines().take_while(|l| l.starts_with([' ', '\t']) && !l.trim_start().starts_with("- "));
        let all = more.fold(text.to_owned(), |all, line| if text.is_empty() { all } else { all + " " + line.trim() });
        (!all.is_empty()).then(|| Spanned::new(all.trim_end().to_owned(), span))
    }

    /// Says which keys of facts stand in the front matter twice, with other values.
    pub(super) fn report_keys(&self, report: &mut Report) {
        const KEYS: &[&str] =
            &["UID", "title", "req.header", "req.irql", "req.dll", "req.typenames", "req.target-min-winverclnt"];
        for key in KEYS {
            let Some(first) = self.front_line(key) else { continue };
            let text = |value: &Range<usize>| self.text.get(value.clone()).unwrap_or_default().trim();
            let others = self.front_lines.iter().filter(|(k, value)| k == key && text(value) != text(&first));
            for (_, other) in others {
                let message = format!("`{key}` stands there twice, with other values: the first is taken");
                let help = "find out from another revision of the page which of the two is meant";
                let at = Span::new(self.file, other.start - 1 - key.len()..other.start - 1);
                report.push(Diagnostic::warning("vendor::duplicate", message).at(at).help(help));
            }
        }
    }

    /// The key of an empty front-matter line, to point at; else the beginning of the page.
    pub(super) fn front_place(&self, key: &str) -> Span {
        match self.front_line(key) {
            // The colon stands between them.
            Some(value) => Span::new(self.file, value.start - 1 - key.len()..value.start - 1),
            None => Span::new(self.file, 0..3),
        }
    }

    /// What stands behind the colon of the first line of the front matter with that key.
    fn front_line(&self, key: &str) -> Option<Range<usize>> {
        self.front_lines.iter().find(|(k, _)| *k == key).map(|(_, value)| value.clone())
    }

    /// The keys of the front matter, with the places of what stands behind their colons.
    fn cut_front(&self, source: &'t SourceFile) -> Vec<(&'t str, Range<usize>)> {
        let end = self.front.end;
        let mut found = Vec::with_capacity(64);
        for (start, line) in source.lines_from(self.front.start).take_while(|(start, _)| *start < end) {
            if let Some(key) = memchr::memchr(b':', line.as_bytes()).and_then(|at| line.get(..at)) {
                found.push((key, start + key.len() + 1..(start + line.len()).min(end)));
            }
        }
        found
    }

    pub(super) fn section(&self, section: Section) -> Option<&Entry<'t>> {
        self.entries.iter().find(|e| e.mark == Mark::Section && e.section == section)
    }

    pub(super) fn body(&self, entry: &Entry<'_>) -> (&'t str, Span) {
        (self.text.get(entry.body.clone()).unwrap_or_default(), Span::new(self.file, entry.body.clone()))
    }

    /// All that stands in a section, headings below it included.
    pub(super) fn whole(&self, section: &Entry<'_>) -> (&'t str, Span) {
        let after = self.entries.iter().skip_while(|e| e.line.start < section.body.end);
        let is_inside = |e: &&Entry<'_>| e.mark == Mark::Plain && e.section == section.section;
        let end = after.take_while(is_inside).last().map_or(section.body.end, |e| e.body.end);
        let range = section.body.start..end;
        (self.text.get(range.clone()).unwrap_or_default(), Span::new(self.file, range))
    }

    /// The first code block of a section, without its fences.
    pub(super) fn code(&self, section: Section) -> Option<(&'t str, Span)> {
        let (body, place) = self.body(self.section(section)?);
        let (mut fence, mut start, mut at) = (None, None, 0);
        for line in body.split_inclusive('\n') {
            let was = fence;
            fence = fence_after(line, fence);
            match (was, fence) {
                (None, Some(_)) => start = Some(at + line.len()),
                (Some(_), None) => return Some((body.get(start?..at)?, place.part(start?..at))),
                _ => {}
            }
            at += line.len();
        }
        // One that is not closed goes to the end.
        Some((body.get(start?..)?, place.part(start?..at)))
    }

    /// The entries of a list: those of its section, and those marked as such wherever they stand.
    pub(super) fn entries_of(&self, list: Section) -> impl Iterator<Item = &Entry<'t>> {
        let own = if list == Section::Parameters { Mark::Param } else { Mark::Field };
        self.entries.iter().filter(move |e| match e.mark {
            Mark::Param | Mark::Field => e.mark == own,
            Mark::Dash | Mark::Plain | Mark::Loose => e.section == list,
            Mark::Section => false,
        })
    }

    pub(super) fn description(&self) -> &str {
        let read = || self.section(Section::Description).map(|e| self.body(e)).map(|(text, place)| markup::plain(text, place));
        self.description.get_or_init(|| read().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn fences_as_markdown_has_them() {
        assert_eq!(fence_after("```x```\n", None), None);
        assert_eq!(fence_after("````cpp\n", None), Some((b'`', 4)));
        assert_eq!(fence_after("```\n", Some((b'`', 4))), Some((b'`', 4)));
        assert_eq!(fence_after("````\n", Some((b'`', 4))), None);
        assert_eq!(fence_after("~~~\n", Some((b'`', 3))), Some((b'`', 3)));
        assert_eq!(fence_after("    ```\n", None), Some((b'`', 3)));
    }

    #[test]
    fn sections_and_marks_at_any_level() {
        let text = "---\nUID: NF:a.b\n---\n# B\n\n### -parameters\n\n## -param A\n\n#### - B [in]\n\n#### V\\_1\n\n### -Odd\n\n## -remarks\n\n\
                    ### -field C\n\n```x``` is code\n\n### -returns\n";
        let mut sources = Sources::new();
        let file = sources.add("t", text);
        let page = Page::cut(sources.get(file), file);
        let seen: Vec<_> =
            page.entries.iter().map(|e| (e.mark, e.section, e.title.as_ref(), sources.slice(e.title_span))).collect();
        assert_eq!(
            seen,
            [
                (Mark::Plain, Section::Other, "B", "B"),
                (Mark::Section, Section::Parameters, "-parameters", "-parameters"),
                (Mark::Param, Section::Parameters, "A", "A"),
                (Mark::Dash, Section::Parameters, "B [in]", "B [in]"),
                (Mark::Plain, Section::Parameters, "V_1", "V\\_1"),
                (Mark::Dash, Section::Parameters, "Odd", "Odd"),
                (Mark::Section, Section::Other, "-remarks", "-remarks"),
                (Mark::Field, Section::Other, "C", "C"),
                (Mark::Section, Section::Returns, "-returns", "-returns"),
            ]
        );
    }
}
