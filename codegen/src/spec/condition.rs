//! Conditions on the arguments of a call, on which a level depends, and their spelling.
//!
//! In: a cell of the table of levels, through [`super::page`]. Out: terms, each with its place. Separate because errata, sync and
//! diff spell conditions too.

use crate::source::Spanned;

/// A condition on the arguments of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// In every case; the only row of its table.
    Always,
    /// In every case that the rows above do not cover.
    Otherwise,
    /// When all of these hold.
    All(Vec<Term>),
}

/// `Parameter == CONSTANT` or `Parameter in (A, B)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The parameter.
    pub param: Spanned<String>,
    /// The constants it may equal.
    pub values: Vec<Spanned<String>>,
}

impl When {
    /// The spelling on our pages and in JSON.
    #[must_use]
    pub fn spelling(&self) -> String {
        match self {
            Self::Always => "always".into(),
            Self::Otherwise => "otherwise".into(),
            Self::All(terms) => terms
                .iter()
                .map(|t| match t.values.as_slice() {
                    // What could not be put into constants, and cannot be read back.
                    [] => t.param.value.clone(),
                    [one] => format!("{} == {one}", t.param),
                    many => format!("{} in ({})", t.param, many.iter().map(|v| v.value.as_str()).collect::<Vec<_>>().join(", ")),
                })
                .collect::<Vec<_>>()
                .join(" and "),
        }
    }
}
