//! Files beside spec-data in which people write down what they decided, each entry with its reason.
//!
//! In: a file. Out: its entries, each with its line, so that one that has no effect can be named. A file that is named on the command
//! line must be there; the one beside spec-data need not be.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::source::{Complaint, Diagnostic, FileId, Limit, Links, Report, Sources, Span, read_yaml, yaml_span};

/// A file of decisions.
#[derive(Debug, Clone, Copy)]
pub enum DecisionsFile<'a> {
    /// Somebody named it: it must be there.
    Named(&'a Path),
    /// It stands where such a file is looked for; none is as good as an empty one.
    Beside(&'a Path),
}

/// Where complaints about a file go, with the texts that they point into.
#[derive(Debug, Default)]
pub struct Said {
    /// The texts.
    pub sources: Sources,
    /// The complaints.
    pub report: Report,
}

impl Said {
    /// Reads the entries of a file.
    pub(super) fn read_entries<T: DeserializeOwned>(
        &mut self,
        file: DecisionsFile<'_>,
        complaint: Complaint,
    ) -> (Vec<T>, Option<FileId>) {
        let path = match file {
            DecisionsFile::Named(path) => path,
            // A link that leads nowhere is there.
            DecisionsFile::Beside(path)
                if std::fs::symlink_metadata(path).is_err_and(|e| e.kind() == std::io::ErrorKind::NotFound) =>
            {
                return (Vec::new(), None);
            }
            DecisionsFile::Beside(path) => path,
        };
        let shown = path.display().to_string().replace('\\', "/");
        let Some(file) = self.sources.read_from(path, &shown, Limit::Table, Links::Follow, &mut self.report) else {
            return (Vec::new(), None);
        };
        // A file with comments alone has no entries.
        let text = &self.sources.get(file).text;
        if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
            return (Vec::new(), None);
        }
        let range = 0..text.len();
        (read_yaml(&self.sources, file, range, complaint, &mut self.report).unwrap_or_default(), Some(file))
    }

    /// The place of a value of a file.
    pub(super) fn span<T>(&self, file: FileId, value: &serde_saphyr::Spanned<T>) -> Span {
        yaml_span(&self.sources, file, &(0..self.sources.get(file).text.len()), value.referenced)
    }

    /// Reports what is wrong with an entry.
    pub(super) fn error(&mut self, complaint: Complaint, at: Span, message: impl Into<String>) {
        self.report.push(Diagnostic::error(complaint.code, message).at(at).help(complaint.help));
    }

    /// Reports an entry that has no effect.
    pub(super) fn warning(&mut self, code: &'static str, at: Span, message: impl Into<String>, help: &'static str) {
        self.report.push(Diagnostic::warning(code, message).at(at).help(help));
    }
}
