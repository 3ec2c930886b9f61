//! C declarations and expressions.
//!
//! In: the C that pages contain, as text with its place. Out: types, functions, structures and enumerations as plain data. The
//! grammar is that of the `lang-c` crate; this module gives it the names that are types and turns its tree into ours.
//! Separate because vendor pages and spec-data pages contain the same language.

mod expr;
mod limits;
mod parse;
mod types;

pub use expr::{BinaryOp, EvalError, Expr, Lookup, UnaryOp};
pub(crate) use parse::without_comments;
pub use parse::{parse_declarations, parse_expression};
pub use types::{CType, Declared, Enumeration, Field, Function, Item, Param, Record, Tag, TypeName, Variant};
