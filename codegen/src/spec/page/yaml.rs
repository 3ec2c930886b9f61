//! YAML with places.

use std::ops::Range;

use serde::de::DeserializeOwned;

use crate::source::{Diagnostic, FileId, Report, Sources, Span, parse_yaml};

/// Reads YAML that stands at `range`; complaints get its places.
pub(in crate::spec) fn read_yaml<T: DeserializeOwned>(
    sources: &Sources,
    file: FileId,
    range: Range<usize>,
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
            report.push(
                Diagnostic::error("spec::yaml", format!("this YAML cannot be read: {message}"))
                    .at(at)
                    .help("the fields are described in spec-data/README.md"),
            );
            None
        }
    }
}

/// The rest of the line that a YAML location names.
pub(in crate::spec) fn yaml_span(
    sources: &Sources,
    file: FileId,
    range: &Range<usize>,
    location: serde_saphyr::Location,
) -> Span {
    let source = sources.get(file);
    let first = source.location(range.start).line;
    let line = first + usize::try_from(location.line()).unwrap_or(1).saturating_sub(1);
    let Some(line) = source.line_range(line) else { return Span::new(file, range.end..range.end) };
    let column = usize::try_from(location.column()).unwrap_or(1).saturating_sub(1);
    let text = source.text.get(line.clone()).unwrap_or_default();
    let offset = text.char_indices().nth(column).map_or(text.len(), |(at, _)| at);
    Span::new(file, line.start + offset..line.start + text.trim_end().len().max(offset))
}
