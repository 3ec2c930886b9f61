//! The vocabulary that vendor pages and spec-data pages share, and what both say as a tree of single facts.
//!
//! `vocabulary` has the words (kinds, directions, levels) with their one spelling; `path` the kinds of facts and their paths; `tree` the
//! facts of a model or of pages; `compare` finds what differs between two trees. What a difference means is for others to say.

mod compare;
mod path;
mod rename;
mod tree;
mod vocabulary;

pub use compare::{Compared, Difference, Pair, Silence, pairs};
pub use path::{Carried, FactKind, FactPath, NotAPath};
pub use tree::{At, Fact, Identity, Item, ItemBuilder, ItemKind, Tree};
pub use vocabulary::{ApiKind, Direction, Level, LevelRange, camel_case, snake_case};
