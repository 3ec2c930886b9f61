//! YAML → values, within limits.
//!
//! In: a text. Out: what it holds, or why it cannot be read. Separate because three kinds of files are YAML, each of them somebody else's.

use serde::de::DeserializeOwned;
use serde_saphyr::{Error, from_str_with_options};

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
