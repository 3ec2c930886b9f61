//! The vocabulary that vendor pages and spec-data pages share, and what both say as a tree of single facts.
//!
//! `vocabulary` has the words (kinds, directions, levels) with their one spelling, `control` those of control operations; `path` the kinds of facts and their paths; `tree` the
//! facts of a model or of pages; `compare` finds what differs between two trees. What a difference means is for others to say.

mod compare;
mod control;
mod operations;
mod path;
mod rename;
mod tree;
mod vocabulary;

pub use compare::{Compared, Difference, Pair, Silence, pairs};
pub use control::{ClientState, Combine, Data, IrpRule, OperationFlags, SocketKind, SocketRule, SocketState, sockets_spelling};
pub use operations::OPERATION_KINDS;
pub(crate) use path::spelling;
pub use path::{Carried, FactKind, FactPath, NotAPath};
pub use tree::{At, Fact, Facts, Identity, Item, ItemBuilder, ItemKind, Tree};
pub use vocabulary::{ApiKind, Direction, Level, LevelRange, camel_case, snake_case};
