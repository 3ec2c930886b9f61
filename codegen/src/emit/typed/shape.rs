//! What a C type is to a wrapper, whatever names it goes by.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::c::CType;
use crate::emit::EmitError;
use crate::spec::{Named, Names};

/// A type of a parameter, with all other names followed.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    /// A number, by its Rust type.
    Number(proc_macro2::Ident),
    /// An enumeration of the interface.
    Enumeration(TokenStream),
    /// Something opaque that is passed by value and has a null: a handle of another crate.
    Handle(TokenStream),
    /// A pointer.
    Pointer {
        /// To what.
        to: Target,
        /// Whether it is only read through.
        is_const: bool,
    },
}

/// What a pointer points to.
#[derive(Debug, Clone)]
pub(super) enum Target {
    /// Nothing in particular.
    Void,
    /// A number.
    Number(proc_macro2::Ident),
    /// A socket address of any family.
    Address,
    /// An I/O request packet.
    Irp,
    /// A structure, by its name and its path.
    Structure(String, TokenStream),
    /// A value of any other type, such as another pointer.
    Other(TokenStream),
}

impl Target {
    /// The type that is pointed to.
    pub(super) fn tokens(&self) -> TokenStream {
        match self {
            Self::Void => quote! { core::ffi::c_void },
            Self::Number(number) => quote! { #number },
            Self::Address => sys("SOCKADDR"),
            Self::Irp => sys("IRP"),
            Self::Structure(_, path) | Self::Other(path) => path.clone(),
        }
    }
}

/// The path of a raw item.
pub(super) fn sys(name: &str) -> TokenStream {
    let name = format_ident!("{name}");
    quote! { crate::sys::#name }
}

/// The Rust type, by paths that hold in every file of the typed layer.
pub(in crate::emit) fn rust_type(ty: &CType, names: &Names<'_>) -> Result<TokenStream, EmitError> {
    let unknown = || EmitError::Type(ty.spelling());
    match ty {
        CType::Named(name) => match names.named(name).ok_or_else(unknown)? {
            Named::Scalar("c_void") => Ok(quote! { core::ffi::c_void }),
            Named::Scalar(rust) => {
                let rust = format_ident!("{rust}");
                Ok(quote! { #rust })
            }
            Named::Struct(structure) => Ok(sys(&structure.page.name)),
            Named::Enum(enumeration) => Ok(sys(&enumeration.page.name)),
            Named::External(..) | Named::Alias(_) | Named::FunctionPointer(_) => Ok(sys(&name.name)),
        },
        CType::Pointer { to, .. } => {
            let inner = rust_type(to, names)?;
            Ok(if is_const(to) {
                quote! { *const #inner }
            } else {
                quote! { *mut #inner }
            })
        }
        _ => Err(unknown()),
    }
}

fn is_const(ty: &CType) -> bool {
    match ty {
        CType::Named(name) => name.is_const,
        CType::Pointer { is_const, .. } => *is_const,
        _ => false,
    }
}

/// What a type is.
pub(super) fn shape(ty: &CType, names: &Names<'_>) -> Result<Shape, EmitError> {
    let unknown = || EmitError::Type(ty.spelling());
    match ty {
        CType::Named(name) => match names.named(name).ok_or_else(unknown)? {
            Named::Scalar("c_void") | Named::FunctionPointer(_) | Named::Struct(_) => Err(unknown()),
            Named::Scalar(rust) => Ok(Shape::Number(format_ident!("{rust}"))),
            Named::Enum(enumeration) => Ok(Shape::Enumeration(sys(&enumeration.page.name))),
            Named::Alias(to) => shape(to, names),
            Named::External(..) if names.is_pointer(ty) => Ok(Shape::Handle(sys(&name.name))),
            // A number under a name of another crate, such as ADDRESS_FAMILY.
            Named::External(..) => match names.layout(ty).map(|l| l.wide.size) {
                Ok(size @ (1 | 2 | 4 | 8)) => Ok(Shape::Number(format_ident!("u{}", size * 8))),
                _ => Err(unknown()),
            },
        },
        CType::Pointer { to, .. } => Ok(Shape::Pointer { to: target(to, names)?, is_const: is_const(to) }),
        _ => Err(unknown()),
    }
}

fn target(ty: &CType, names: &Names<'_>) -> Result<Target, EmitError> {
    if let CType::Named(name) = ty {
        return Ok(match names.named(name).ok_or_else(|| EmitError::Type(ty.spelling()))? {
            Named::Scalar("c_void") => Target::Void,
            Named::Scalar(rust) => Target::Number(format_ident!("{rust}")),
            Named::Struct(structure) => Target::Structure(structure.page.name.value.clone(), sys(&structure.page.name)),
            Named::External(path, layout) => match path.rsplit("::").next() {
                Some("SOCKADDR") => Target::Address,
                Some("IRP") => Target::Irp,
                _ if layout.is_none() || !names.is_pointer(ty) => Target::Structure(name.name.value.clone(), sys(&name.name)),
                _ => Target::Other(sys(&name.name)),
            },
            // Another name for something that is not a pointer is that thing.
            Named::Alias(to) if !names.is_pointer(to) => target(to, names)?,
            _ => Target::Other(sys(&name.name)),
        });
    }
    rust_type(ty, names).map(Target::Other)
}
