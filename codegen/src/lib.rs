//! Reads descriptions of the Winsock Kernel (WSK) interface and writes the Rust crate that drivers call.
//!
//! The stages, each of which imports only those before it:
//!
//! | stage | module | job |
//! |---|---|---|
//! | 1 | [`source`] | files, positions, diagnostics |
//! | – | [`c`] | C declarations and expressions, which both kinds of pages contain |
//! | – | [`facts`] | the vocabulary of both kinds of pages, and the tree of single facts that is made of either |
//! | 2 | [`vendor`] | the vendor's pages → facts |
//! | 3 | [`spec`] | the model, and reading and writing spec-data |
//! | 4 | [`lint`] | what holds across pages |
//! | 5 | [`emit`] | model → Rust |
//! | 6 | [`diff`] | two trees of facts → classified changes |
//! | – | [`contract`] | model or facts → the JSON contract |
//! | – | [`explain`] | one API for people |
//! | – | [`agreement`] | vendor pages against the model, errata included |
//! | – | [`corpus`] | many vendor pages, read side by side |
//! | – | [`import`] | facts → pages of ours, prose left to be written |
//! | – | [`sync`] | a checkout of the vendor's pages against the model |
//! | – | [`output`] | writing the emitted files, or saying which differ |
//! | – | [`Builder`] | for build scripts |
//! | – | [`cli`] | the commands; the only place that prints |

pub mod agreement;
mod builder;
pub mod c;
pub mod cli;
pub mod contract;
pub mod corpus;
pub mod diff;
pub mod emit;
pub mod explain;
pub mod facts;
pub mod import;
pub mod lint;
pub mod output;
pub mod source;
pub mod spec;
pub mod sync;
pub mod vendor;

pub use builder::{BuildError, Builder};
