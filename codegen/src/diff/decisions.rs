//! Files beside spec-data in which people write down what they decided, each entry with its reason.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::source::{Limit, Links, read_text};

/// Why a file of decisions cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {why}")]
pub struct DecisionsError {
    /// The file.
    pub path: String,
    /// What is wrong with it, with its place.
    pub why: String,
}

impl DecisionsError {
    pub(super) fn new(path: &Path, why: String) -> Self {
        Self { path: path.display().to_string(), why }
    }
}

/// Reads the entries of a file; none is as good as an empty one.
pub(super) fn read_entries<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, DecisionsError> {
    let text = match read_text(path, Limit::Page, Links::Follow) {
        Ok(text) => text,
        Err(error) if error.is_not_found() => return Ok(Vec::new()),
        Err(error) => return Err(DecisionsError::new(path, error.to_string())),
    };
    serde_saphyr::from_str(&text).map_err(|e| DecisionsError::new(path, e.to_string()))
}
