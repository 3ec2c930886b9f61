//! YAML of spec-data, with places: front matter and errata.

use std::ops::Range;

use serde::de::DeserializeOwned;

use crate::source::{self, Complaint, FileId, Report, Sources};

pub(in crate::spec) use crate::source::yaml_span;

/// Reads YAML that stands at `range`; complaints get its places.
pub(in crate::spec) fn read_yaml<T: DeserializeOwned>(
    sources: &Sources,
    file: FileId,
    range: Range<usize>,
    report: &mut Report,
) -> Option<T> {
    let complaint = Complaint { code: "spec::yaml", help: "the fields are described in spec-data/README.md" };
    source::read_yaml(sources, file, range, complaint, report)
}
