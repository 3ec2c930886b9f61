//! What the type of a parameter says of its direction, and the parameters that only a prototype has.
//!
//! In: types and annotations of C. Out: parameters. Separate because rendered pages use it, too.

use crate::facts::Direction;
use crate::source::Spanned;
use crate::vendor::ParamFacts;
use crate::vendor::params::Annotation;

/// A parameter of which only the prototype speaks. What is passed by value can only go in.
pub(in crate::vendor) fn param_from_prototype(name: Spanned<String>, ty: String, annotation: Option<Annotation>) -> ParamFacts {
    ParamFacts {
        name,
        ty: Some(ty),
        direction: annotation.and_then(|a| a.direction),
        optional: annotation.filter(|a| a.direction.is_some()).map(|a| a.optional),
        reserved: annotation.is_some_and(|a| a.reserved),
        values: Vec::new(),
    }
}

/// Whether a type is passed by value whatever it is: number types of the platform's headers.
pub(in crate::vendor) fn is_plain_number(ty: &str) -> bool {
    matches!(
        ty,
        "ULONG"
            | "LONG"
            | "USHORT"
            | "SHORT"
            | "UCHAR"
            | "CHAR"
            | "BOOLEAN"
            | "BOOL"
            | "UINT"
            | "INT"
            | "DWORD"
            | "WORD"
            | "BYTE"
            | "SIZE_T"
            | "ULONGLONG"
            | "LONGLONG"
            | "ULONG_PTR"
    )
}

/// What is passed by value and is not annotated can only go in.
pub(in crate::vendor) fn by_value_goes_in(param: &mut ParamFacts) {
    if param.direction.is_none() && param.ty.as_deref().is_some_and(is_plain_number) {
        param.direction = Some(Direction::In);
        param.optional = Some(false);
    }
}
