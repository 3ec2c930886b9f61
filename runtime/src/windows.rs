//! Which Windows this is, and what it does not have yet.

use core::fmt;

use crate::kernel;

/// The number of this system's build, such as 7601 or 19045; of all builds the later has the higher number.
#[must_use]
#[inline]
pub fn windows_build() -> u32 {
    kernel::windows_build()
}

/// A function that this version of Windows does not have: the dispatch table ends before it, or has null in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "the function was not called"]
pub struct Unavailable {
    /// The function.
    pub api: &'static str,
    /// The first version of Windows that has it.
    pub since: &'static str,
    /// The build of that version.
    pub since_build: u32,
    /// The build of this system.
    pub build: u32,
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { api, since, since_build, build } = self;
        if build < since_build {
            write!(f, "{api} needs {since} (build {since_build}) or later; this is build {build}")
        } else {
            write!(f, "{api} is missing from the dispatch table, although this is build {build} and {since} had it")
        }
    }
}

impl core::error::Error for Unavailable {}
