//! The vocabulary that vendor pages and spec-data pages share, and what both say as single facts.
//!
//! `vocabulary` has the words (kinds, directions, levels) with their one spelling.

mod vocabulary;

pub use vocabulary::{ApiKind, Direction, Level, LevelRange, camel_case, snake_case};
