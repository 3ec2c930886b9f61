//! Texts by number, and spans into them.
//!
//! In: paths and bytes. Out: text with `\n` line ends and no byte-order mark, and the line and column of any offset.
//! Separate from diagnostics because every stage carries spans, but only the end of a run prints.

use std::fmt;
use std::ops::{Deref, Range};
use std::path::Path;
use std::sync::OnceLock;

use serde::Serialize;

use super::{Diagnostic, Limit, Links, Report, read};

/// A text held by [`Sources`], by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A range of bytes in one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text.
    pub file: FileId,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// A span of `file`.
    #[must_use]
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        Self { file, start: range.start, end: range.end.max(range.start) }
    }

    /// A part of this span, given by offsets from its start; never reaches past its end.
    #[must_use]
    pub fn part(self, range: Range<usize>) -> Self {
        let start = (self.start + range.start).min(self.end);
        let end = (self.start + range.end).clamp(start, self.end);
        Self { file: self.file, start, end }
    }
}

/// A value and where it was read.
///
/// Two are equal when their values are: where a fact stands does not change what it says.
#[derive(Debug, Clone)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value that stands at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), span: self.span }
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Spanned<T> {}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Display> fmt::Display for Spanned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// A line and a column, both counted from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Location {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// A line of a file, for messages and reports that outlive its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file, as people should see its path.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

impl Place {
    /// The place of a span.
    #[must_use]
    pub fn of(sources: &Sources, span: Span) -> Self {
        let file = sources.get(span.file);
        Self { file: file.path.clone(), line: file.location(span.start).line }
    }
}

/// One text.
#[derive(Debug)]
pub struct SourceFile {
    /// The path as people should see it, with `/` between its parts.
    pub path: String,
    /// The text, with `\n` line ends and no byte-order mark.
    pub text: String,
    line_starts: Vec<usize>,
    /// How many characters stand before each block of [`BLOCK`] bytes, once a long line was asked about.
    characters: OnceLock<Vec<usize>>,
}

/// The columns of longer lines are counted from the block that they are in, for such a line may be all of a page.
const BLOCK: usize = 1024;

/// How many characters begin in some bytes of UTF-8.
fn count(bytes: Option<&[u8]>) -> usize {
    bytes.unwrap_or_default().iter().filter(|byte| (**byte & 0xC0) != 0x80).count()
}

impl SourceFile {
    fn new(path: String, text: String) -> Self {
        // Of pages, lines are seldom shorter.
        let mut line_starts = Vec::with_capacity(1 + text.len() / 16);
        line_starts.push(0);
        line_starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        Self { path, text, line_starts, characters: OnceLock::new() }
    }

    /// The line and column of a byte offset; an offset past the end is the end.
    #[must_use]
    pub fn location(&self, offset: usize) -> Location {
        let offset = self.floor(offset);
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|i| self.line_starts.get(i)).copied().unwrap_or(0);
        let column = if offset - start <= BLOCK {
            count(self.text.as_bytes().get(start..offset))
        } else {
            self.characters_before(offset) - self.characters_before(start)
        };
        Location { line: line.max(1), column: column + 1 }
    }

    /// How many characters begin before an offset.
    fn characters_before(&self, offset: usize) -> usize {
        let before = || {
            let mut sum = 0;
            let blocks = self.text.as_bytes().chunks(BLOCK);
            let of_block = |block| {
                let before = sum;
                sum += count(Some(block));
                before
            };
            blocks.map(of_block).collect()
        };
        let before: &Vec<usize> = self.characters.get_or_init(before);
        let block = (offset / BLOCK).min(before.len().saturating_sub(1));
        before.get(block).copied().unwrap_or(0) + count(self.text.as_bytes().get(block * BLOCK..offset))
    }

    /// The line of a byte offset, from 1; unlike [`SourceFile::location`] it does not depend on how long that line is.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset).max(1)
    }

    /// The bytes of a line, counted from 1, without its line end.
    #[must_use]
    pub fn line_range(&self, line: usize) -> Option<Range<usize>> {
        let start = *self.line_starts.get(line.checked_sub(1)?)?;
        let end = self.line_starts.get(line).map_or(self.text.len(), |next| next - 1);
        Some(start..end)
    }

    /// The lines from a byte offset on, each with where it begins and with its line end.
    pub fn lines_from(&self, offset: usize) -> impl Iterator<Item = (usize, &str)> {
        let mut next = self.line_starts.partition_point(|start| *start <= offset);
        let mut start = offset;
        std::iter::from_fn(move || {
            let end = self.line_starts.get(next).copied().unwrap_or(self.text.len());
            let line = self.text.get(start..end).filter(|line| !line.is_empty()).map(|line| (start, line));
            (start, next) = (end, next + 1);
            line
        })
    }

    /// How many lines the text has; a final line end does not begin another.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.line_starts.iter().filter(|start| **start < self.text.len()).count()
    }

    /// The nearest character boundary at or before `offset`.
    #[must_use]
    pub fn floor(&self, offset: usize) -> usize {
        self.text.floor_char_boundary(offset)
    }
}

/// A text with `\n` for each `\r\n`. Most pages of the vendor's have such line ends.
fn with_unix_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for at in memchr::memchr_iter(b'\r', text.as_bytes()) {
        if text.as_bytes().get(at + 1) == Some(&b'\n') {
            out.push_str(text.get(copied..at).unwrap_or_default());
            copied = at + 1;
        }
    }
    out + text.get(copied..).unwrap_or_default()
}

/// All texts of a run.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// An empty collection.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a text that is in memory already.
    pub fn add(&mut self, path: impl Into<String>, text: &str) -> FileId {
        self.add_owned(path, text.to_owned())
    }

    fn add_owned(&mut self, path: impl Into<String>, mut text: String) -> FileId {
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        if memchr::memchr(b'\r', text.as_bytes()).is_some() {
            text = with_unix_lines(&text);
        }
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile::new(path.into(), text));
        id
    }

    /// Reads a file, or what a link to it leads to. What cannot be read, or is not UTF-8, is reported and gives `None`.
    pub fn read(&mut self, path: &Path, shown: &str, report: &mut Report) -> Option<FileId> {
        self.read_from(path, shown, Limit::Page, Links::Follow, report)
    }

    /// Reads a file as [`Sources::read`] does, up to another limit, where links are followed or are not.
    pub fn read_from(&mut self, path: &Path, shown: &str, limit: Limit, links: Links, report: &mut Report) -> Option<FileId> {
        match read(path, limit, links) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Some(self.add_owned(shown, text)),
                Err(error) => self.add_bytes(shown, error.as_bytes(), report),
            },
            Err(error) => {
                report.push(Diagnostic::error(error.code(), error.to_string()).in_file(shown).help(error.help()));
                None
            }
        }
    }

    /// Takes the bytes of a file; bytes that are not UTF-8 are reported at their place and give `None`.
    pub fn add_bytes(&mut self, shown: &str, bytes: &[u8], report: &mut Report) -> Option<FileId> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Some(self.add(shown, text)),
            Err(error) => {
                let at = error.valid_up_to();
                let good = bytes.get(..at).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or_default();
                // Line ends are folded on the way in, so the offset has to be counted in folded text too.
                let folded = good.strip_prefix('\u{feff}').unwrap_or(good).replace("\r\n", "\n").len();
                let byte = bytes.get(at).copied().unwrap_or_default();
                let id = self.add(shown, &String::from_utf8_lossy(bytes));
                report.push(
                    Diagnostic::error("source::utf8", format!("byte 0x{byte:02X} is not UTF-8"))
                        .at(Span::new(id, folded..folded + '\u{fffd}'.len_utf8()))
                        .label("the text stops being UTF-8 here")
                        .help("save the file as UTF-8"),
                );
                None
            }
        }
    }

    /// The text with that number.
    ///
    /// # Panics
    /// If the number comes from another collection.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "a FileId is only made by add, which pushes its file")]
    pub fn get(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The text of a span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        let file = self.get(span.file);
        file.text.get(file.floor(span.start)..file.floor(span.end)).unwrap_or_default()
    }

    /// A span that covers the whole text.
    #[must_use]
    pub fn whole(&self, id: FileId) -> Span {
        Span::new(id, 0..self.get(id).text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters_in_lines_of_any_length() {
        let text = format!("one\n{}\n{}", "thr\u{e9}e ".repeat(700), "\u{4e09}".repeat(1500));
        let source = SourceFile::new("a".to_owned(), text.clone());
        for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let line = text[..offset].rsplit('\n').next().unwrap_or_default();
            assert_eq!(source.location(offset).column, line.chars().count() + 1, "{offset}");
        }
    }

    #[test]
    fn a_line_is_that_of_the_location() {
        let text = "one\n\nthr\u{e9}e\nfour";
        let source = SourceFile::new("a".to_owned(), text.to_owned());
        for offset in 0..text.len() + 3 {
            assert_eq!(source.line(offset), source.location(offset).line, "{offset}");
        }
    }
}
