//! The vocabulary that vendor pages and spec-data pages share, and what both say as single facts.
//!
//! `vocabulary` has the words (kinds, directions, levels) with their one spelling, `control` those of control operations.

mod control;
mod vocabulary;

pub use control::{
    ClientState, Combine, Data, IrpRule, OPERATION_FACTS, OperationFlags, SocketKind, SocketRule, SocketState, sockets_spelling,
};
pub use vocabulary::{ApiKind, Direction, Level, LevelRange, camel_case, snake_case};
