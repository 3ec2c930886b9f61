//! Structures and enumerations.

use super::Section;
use super::page::page;
use crate::spec::{Dispatch, Enum, FieldDoc, Spec, Struct};

/// All that is known of a structure beyond its summary and its fields.
pub(crate) fn structure(structure: &Struct, spec: &Spec) -> Vec<Section> {
    page(&structure.page, spec)
}

/// All that is known of an enumeration beyond its summary and its enumerators.
pub(crate) fn enumeration(enumeration: &Enum, spec: &Spec) -> Vec<Section> {
    page(&enumeration.page, spec)
}

/// Of a dispatch table: whose functions it lists, and of which sockets.
pub(crate) fn kind_of_table(structure: &Struct) -> Option<String> {
    let whose = match structure.dispatch.as_ref()?.value {
        Dispatch::Provider => "the provider's functions",
        Dispatch::Client => "a driver's event callbacks",
    };
    let sockets = structure.socket.as_ref().map_or_else(String::new, |kind| format!(" for {} sockets", kind.as_str()));
    let category = structure.category.as_ref().map_or_else(String::new, |c| format!(", which `{c}` asks for"));
    Some(format!("A dispatch table of {whose}{sockets}{category}."))
}

/// A field or an enumerator: what it is, since when, and where its length is.
pub(crate) fn field(field: &FieldDoc) -> String {
    let mut text = field.meaning.value.clone();
    if let Some(length) = &field.bytes_in {
        text += &format!(" `{length}` gives its number of bytes.");
    }
    if let Some(since) = &field.since {
        text += &format!("\n\nSince {since}; an earlier provider's table ends before it.");
    }
    text
}
