//! The rows of `tables/` and of `errata.yaml`: what has no page of its own.
//!
//! Plain data; read by [`super::tables`].

use crate::c;
use crate::source::{Span, Spanned};

/// A numeric constant.
#[derive(Debug, Clone)]
pub struct Constant {
    /// The name.
    pub name: Spanned<String>,
    /// The C type that it is used as.
    pub ty: Spanned<String>,
    /// Its definition.
    pub expr: Spanned<c::Expr>,
    /// The group it is listed in.
    pub group: String,
    /// The path to take it from, where another crate has it.
    pub from: Option<Spanned<String>>,
    /// What it is.
    pub meaning: Spanned<String>,
}

/// A constant that is a GUID.
#[derive(Debug, Clone)]
pub struct Guid {
    /// The name.
    pub name: Spanned<String>,
    /// The C type.
    pub ty: Spanned<String>,
    /// The value.
    pub value: Spanned<u128>,
    /// What it is.
    pub meaning: Spanned<String>,
}

/// A macro with parameters.
#[derive(Debug, Clone)]
pub struct Macro {
    /// The name.
    pub name: Spanned<String>,
    /// Its parameters.
    pub params: Vec<Spanned<String>>,
    /// The type of its value and of its parameters.
    pub ty: Spanned<String>,
    /// What it stands for.
    pub expr: Spanned<c::Expr>,
    /// Whether the interface defines it; others only serve definitions here.
    pub is_public: bool,
    /// What it is.
    pub meaning: Spanned<String>,
}

/// An NTSTATUS value.
#[derive(Debug, Clone)]
pub struct Status {
    /// The name.
    pub name: Spanned<String>,
    /// The value.
    pub value: Spanned<u32>,
    /// What it means in general.
    pub meaning: Spanned<String>,
}

/// A version of Windows.
#[derive(Debug, Clone)]
pub struct WindowsVersion {
    /// Its name, as the pages spell it.
    pub name: Spanned<String>,
    /// The number of its first release's build.
    pub build: Spanned<u32>,
}

/// A C type that another header defines.
#[derive(Debug, Clone)]
pub struct TypeDef {
    /// The name.
    pub name: Spanned<String>,
    /// What it is.
    pub is: TypeKind,
    /// What it is for.
    pub meaning: Spanned<String>,
}

/// What a C type is.
#[derive(Debug, Clone)]
pub enum TypeKind {
    /// A number, by the Rust type that has its size and sign; `c_void` for void.
    Scalar(Spanned<String>),
    /// A type of another crate.
    External {
        /// Its path.
        path: Spanned<String>,
        /// Its path in `wdk-sys`, for drivers on that crate; they keep the first where there is none.
        wdk_sys: Option<Spanned<String>>,
        /// Its size and alignment with 64-bit pointers and with 32-bit pointers, where it is used by value.
        layout: Option<Layouts>,
    },
    /// Another name for a C type.
    Alias(Spanned<c::CType>),
}

/// Size and alignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// In bytes.
    pub size: u64,
    /// In bytes.
    pub align: u64,
}

/// Size and alignment for both pointer widths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layouts {
    /// With 64-bit pointers.
    pub wide: Layout,
    /// With 32-bit pointers.
    pub narrow: Layout,
}

/// A fact for which upstream is silent or wrong.
#[derive(Debug, Clone)]
pub struct Erratum {
    /// The vendor's page.
    pub page: Spanned<String>,
    /// Which fact: `irql`, `params.Flags.direction`, `fields.WskRelease.type`…
    pub fact: Spanned<String>,
    /// What the page says, as text; `None` where it says nothing.
    pub upstream: Option<Spanned<String>>,
    /// What is right; `None` where the page says something that is not so.
    pub value: Option<Spanned<String>>,
    /// The older revision of the page that is meant; `None` for the one that was last reviewed.
    pub revision: Option<Spanned<String>>,
    /// Why.
    pub reason: Spanned<String>,
    /// What shows it.
    pub evidence: Spanned<String>,
    /// The whole entry.
    pub span: Span,
}
