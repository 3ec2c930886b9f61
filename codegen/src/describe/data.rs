//! Structures and enumerations.

use super::Section;
use super::page::page;
use crate::c::Declared;
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

/// What the definition declares in C: `struct _X`, and other names with what they stand for.
fn declaration(keyword: &str, tag: Option<&str>, declared: &[Declared], own: &str) -> String {
    let tag = tag.map_or_else(String::new, |tag| format!(" {tag}"));
    let others: Vec<String> =
        declared.iter().filter(|n| n.name.value != own).map(|n| format!("; `{}` is `{}`", n.name, n.ty.spelling())).collect();
    format!("In C `{keyword}{tag}`{}.", others.concat())
}

/// The same for a structure or union.
pub(crate) fn declared(structure: &Struct) -> String {
    let keyword = if structure.record.is_union { "union" } else { "struct" };
    let tag = structure.record.tag.as_ref().map(|t| t.value.as_str());
    declaration(keyword, tag, &structure.names, &structure.page.name)
}

/// The same for an enumeration.
pub(crate) fn enumerated(enumeration: &Enum) -> String {
    let tag = enumeration.enumeration.tag.as_ref().map(|t| t.value.as_str());
    declaration("enum", tag, &enumeration.names, &enumeration.page.name)
}

/// A field: what it is, where its length is, and since when it is there.
pub(crate) fn field(field: &FieldDoc, structure: &Struct) -> String {
    let mut text = field.meaning.value.clone();
    if let Some(length) = &field.bytes_in {
        text += &format!(" `{length}` gives its number of bytes.");
    }
    if let Some(since) = &field.since {
        text += &match structure.is_table_of(Dispatch::Provider) {
            true => format!("\n\nSince {since}; an earlier provider's table ends before it."),
            false => format!("\n\nSince {since}."),
        };
    }
    text
}

/// An enumerator: what it means, and since when it is there.
pub(crate) fn variant(variant: &FieldDoc) -> String {
    let since = variant.since.as_ref().map_or_else(String::new, |since| format!("\n\nSince {since}."));
    format!("{}{since}", variant.meaning)
}
