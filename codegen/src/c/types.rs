//! C types as plain data, and their one spelling.

use std::fmt::Write as _;

use super::Expr;
use crate::source::{Span, Spanned};

/// The keyword before a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// `struct`
    Struct,
    /// `union`
    Union,
    /// `enum`
    Enum,
}

impl Tag {
    /// The keyword.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Struct => "struct",
            Self::Union => "union",
            Self::Enum => "enum",
        }
    }
}

/// A type by its name: `ULONG`, `unsigned long`, `struct _WSK_BUF_LIST`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeName {
    /// The keyword, for a tag.
    pub tag: Option<Tag>,
    /// The name.
    pub name: Spanned<String>,
    /// Whether it is `const`.
    pub is_const: bool,
}

/// A type.
#[derive(Debug, Clone, PartialEq)]
pub enum CType {
    /// By name.
    Named(TypeName),
    /// A pointer.
    Pointer {
        /// What it points to.
        to: Box<CType>,
        /// Whether the pointer itself is `const`.
        is_const: bool,
    },
    /// An array.
    Array {
        /// Of what.
        of: Box<CType>,
        /// How many; `None` for `[]`.
        len: Option<Expr>,
    },
    /// A function; only ever behind a pointer, or declared.
    Function(Box<Function>),
    /// A structure or union written out in place.
    Record(Box<Record>),
}

impl CType {
    /// Whether this is `void` or `VOID`.
    #[must_use]
    pub fn is_void(&self) -> bool {
        matches!(self, Self::Named(n) if n.tag.is_none() && (n.name.value == "VOID" || n.name.value == "void"))
    }

    /// The place of the name that it is made of; a function or a structure written out has none.
    #[must_use]
    pub fn name_span(&self) -> Option<Span> {
        match self {
            Self::Named(name) => Some(name.name.span),
            Self::Pointer { to: inner, .. } | Self::Array { of: inner, .. } => inner.name_span(),
            Self::Function(_) | Self::Record(_) => None,
        }
    }

    /// The spelling that the JSON contract and our pages use: `const WSK_BUF *`, one space before the stars.
    #[must_use]
    pub fn spelling(&self) -> String {
        let (before, after) = self.halves(String::new());
        format!("{before}{after}")
    }

    /// The spelling of a declaration of `name`: `SIZE_T *OutputSizeReturned`.
    #[must_use]
    pub fn declaration(&self, name: &str) -> String {
        let (before, after) = self.halves(name.to_owned());
        format!("{before}{after}")
    }

    fn halves(&self, inner: String) -> (String, String) {
        match self {
            Self::Named(named) => {
                let mut out = String::new();
                if named.is_const {
                    out.push_str("const ");
                }
                if let Some(tag) = named.tag {
                    out.push_str(tag.as_str());
                    out.push(' ');
                }
                out.push_str(&named.name);
                if !inner.is_empty() {
                    out.push(' ');
                    out.push_str(&inner);
                }
                (out, String::new())
            }
            Self::Pointer { to, is_const } => {
                let star = if *is_const && inner.is_empty() {
                    "*const".to_owned()
                } else if *is_const {
                    format!("*const {inner}")
                } else {
                    format!("*{inner}")
                };
                match **to {
                    Self::Array { .. } | Self::Function(_) => to.halves(format!("({star})")),
                    _ => to.halves(star),
                }
            }
            Self::Array { of, len } => {
                let (before, after) = of.halves(inner);
                let len = len.as_ref().map(Expr::spelling).unwrap_or_default();
                (before, format!("[{len}]{after}"))
            }
            Self::Function(function) => {
                let (before, after) = function.ret.halves(inner);
                (before, format!("({}){after}", function.parameter_list()))
            }
            Self::Record(record) => {
                let mut out = format!("{} {{ ", if record.is_union { "union" } else { "struct" });
                for field in &record.fields {
                    let _ = write!(out, "{}; ", field.ty.declaration(field.name.as_ref().map_or("", |n| n.value.as_str())));
                }
                out.push('}');
                if !inner.is_empty() {
                    out.push(' ');
                    out.push_str(&inner);
                }
                (out, String::new())
            }
        }
    }

    /// All type names within, with their places.
    pub fn names(&self, visit: &mut dyn FnMut(&TypeName)) {
        match self {
            Self::Named(named) => visit(named),
            Self::Pointer { to, .. } => to.names(visit),
            Self::Array { of, .. } => of.names(visit),
            Self::Function(function) => {
                function.ret.names(visit);
                function.params.iter().for_each(|p| p.ty.names(visit));
            }
            Self::Record(record) => record.fields.iter().for_each(|f| f.ty.names(visit)),
        }
    }
}

/// What a function takes and gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// The type it returns.
    pub ret: CType,
    /// Its parameters.
    pub params: Vec<Param>,
}

impl Function {
    fn parameter_list(&self) -> String {
        let params: Vec<String> =
            self.params.iter().map(|p| p.ty.declaration(p.name.as_ref().map_or("", |n| n.value.as_str()))).collect();
        if params.is_empty() { "VOID".to_owned() } else { params.join(", ") }
    }
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Its name.
    pub name: Option<Spanned<String>>,
    /// Its type.
    pub ty: CType,
}

/// A structure or a union.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Whether it is a union.
    pub is_union: bool,
    /// The name after the keyword.
    pub tag: Option<Spanned<String>>,
    /// Its fields, in order.
    pub fields: Vec<Field>,
}

/// A field.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name; `None` for an unnamed structure or union inside another.
    pub name: Option<Spanned<String>>,
    /// Its type.
    pub ty: CType,
}

/// An enumeration.
#[derive(Debug, Clone, PartialEq)]
pub struct Enumeration {
    /// The name after the keyword.
    pub tag: Option<Spanned<String>>,
    /// Its enumerators, in order.
    pub variants: Vec<Variant>,
}

/// An enumerator.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Its name.
    pub name: Spanned<String>,
    /// Its value, where one is written.
    pub value: Option<Expr>,
}

/// A name that a declaration declares, with its type.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared {
    /// The name.
    pub name: Spanned<String>,
    /// Its type; for `typedef struct {…} X, *PX` the first is the record by name, the second a pointer to it.
    pub ty: CType,
}

/// A declaration.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A function.
    Function {
        /// Its name.
        name: Spanned<String>,
        /// What it takes and gives.
        function: Function,
    },
    /// A structure or union with a body, and the names that it declares.
    Record {
        /// The body.
        record: Record,
        /// The names declared with it.
        names: Vec<Declared>,
    },
    /// An enumeration with a body, and the names that it declares.
    Enumeration {
        /// The body.
        enumeration: Enumeration,
        /// The names declared with it.
        names: Vec<Declared>,
    },
    /// Any other `typedef`.
    Typedef(Declared),
}
