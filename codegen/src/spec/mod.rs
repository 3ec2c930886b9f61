//! Stage 3: the model, and reading and writing spec-data.
//!
//! In: a folder of pages, tables and errata. Out: one [`Spec`], every fact with its place. A page that cannot be understood is
//! reported and left out; what holds between pages is for [`crate::lint`].

mod condition;
mod control;
mod definition;
mod facts;
mod folders;
mod load;
mod lookup;
mod model;
mod names;
mod page;
mod rules;
mod tables;
mod unwritten;
mod write;

pub use condition::{Term, When};
pub use control::{Control, Operation};
pub use definition::{Constant, Erratum, Guid, Layout, Layouts, Macro, Status, TypeDef, TypeKind, WindowsVersion};
pub use facts::facts_of;
pub use folders::PageFolder;
pub(crate) use unwritten::{CODE as UNWRITTEN_CODE, UNKNOWN};

pub use load::{ERRATA, LOCK, Loaded, find_root, load, load_bytes, load_texts};
pub use model::*;
pub use names::{LayoutError, Named, Names, RecordLayout};
pub use page::UNWRITTEN;
pub use rules::{MemoryRule, Outcome, ParamLink, SocketEffect};
pub(crate) use write::{PageWriter, prototype};
pub use write::{write_api, write_control, write_enum, write_struct};
