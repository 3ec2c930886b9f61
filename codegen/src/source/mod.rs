//! Stage 1: files, positions and diagnostics.
//!
//! Bytes come in; text with a name and positions goes out. Every later stage points into the texts held here, so that each
//! complaint can show the line it is about. Nothing in this stage knows what a page means. Files are opened, written and removed here
//! and nowhere else.

mod diagnostic;
mod files;
mod paths;
mod read;
mod text;
mod write;
mod yaml;

pub(crate) use text::level_number;
pub(crate) use write::is_left_over;
pub(crate) use yaml::{Complaint, read_yaml, yaml_span};

pub use diagnostic::{Diagnostic, JsonDiagnostic, MessageFormat, Report, Severity, json_lines, render};
pub use files::{FileId, Location, Place, SourceFile, Sources, Span, Spanned};
pub use paths::{Folder, PathError, Target, check_name};
pub use read::{Entry, EntryKind, Hidden, Limit, Links, ReadError, Walk, read, read_text, walk};
pub use text::{Block, Cell, Document, Section, Table, nearest, parse_document, parse_fragment};
pub use write::{WriteError, remove, replace, sweep};
pub use yaml::parse_yaml;
