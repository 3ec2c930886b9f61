//! YAML → values, within limits, and with places.
//!
//! In: a text. Out: what it holds, or why it cannot be read, at its place. Separate because several kinds of files are YAML, each of
//! them somebody else's.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_saphyr::{Error, from_str_with_options};

use super::{Diagnostic, FileId, Report, Sources, Span};

/// Reads YAML. The text may be as long as a file may be; nesting and the copies that an alias makes have their limits.
///
/// # Errors
/// If it is not YAML, not of that type, or nested too deeply.
pub fn parse_yaml<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    // Each entry has a byte of its own at the least: what is long may have many.
    let most = text.len().max(1000);
    let options = serde_saphyr::options! { budget: serde_saphyr::budget! { max_nodes: most, max_events: 2 * most } };
    from_str_with_options(text, options)
}

/// What is said of YAML that cannot be read: the name of the complaint, and the way out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Complaint {
    /// The name.
    pub(crate) code: &'static str,
    /// The way out.
    pub(crate) help: &'static str,
}

/// Reads YAML that stands at `range` of a text; what cannot be read is reported at its place.
pub(crate) fn read_yaml<T: DeserializeOwned>(
    sources: &Sources,
    file: FileId,
    range: Range<usize>,
    complaint: Complaint,
    report: &mut Report,
) -> Option<T> {
    let text = sources.get(file).text.get(range.clone()).unwrap_or_default();
    match parse_yaml::<T>(text) {
        Ok(value) => Some(value),
        Err(error) => {
            let error = error.without_snippet();
            let at = error.location().map_or(Span::new(file, range.start..range.start), |l| yaml_span(sources, file, &range, l));
            let message = error.render();
            let message = message.lines().next().unwrap_or_default();
            let message = message.split(" at line ").next().unwrap_or(message).trim_start_matches("error: ").trim();
            let message = format!("this YAML cannot be read: {message}");
            report.push(Diagnostic::error(complaint.code, message).at(at).help(complaint.help));
            None
        }
    }
}

/// The rest of the line that a YAML location names.
pub(crate) fn yaml_span(sources: &Sources, file: FileId, range: &Range<usize>, location: serde_saphyr::Location) -> Span {
    let source = sources.get(file);
    let first = source.location(range.start).line;
    let line = first + usize::try_from(location.line()).unwrap_or(1).saturating_sub(1);
    let Some(line) = source.line_range(line) else { return Span::new(file, range.end..range.end) };
    let column = usize::try_from(location.column()).unwrap_or(1).saturating_sub(1);
    let text = source.text.get(line.clone()).unwrap_or_default();
    let offset = text.char_indices().nth(column).map_or(text.len(), |(at, _)| at);
    Span::new(file, line.start + offset..line.start + text.trim_end().len().max(offset))
}
