//! Stage 1: files, positions and diagnostics.
//!
//! Bytes come in; text with a name and positions goes out. Every later stage points into the texts held here, so that each
//! complaint can show the line it is about. Nothing in this stage knows what a page means.

mod diagnostic;
mod files;
mod text;

pub(crate) use text::level_number;

pub use diagnostic::{Diagnostic, JsonDiagnostic, MessageFormat, Report, Severity, render};
pub use files::{FileId, Location, Place, SourceFile, Sources, Span, Spanned};
pub use text::{Block, Cell, Document, Section, Table, nearest, parse_document, parse_fragment};
