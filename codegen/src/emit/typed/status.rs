//! What an API returns, as a type of its own.

use std::fmt::Write as _;

use quote::format_ident;

use super::naming;
use crate::c::CType;
use crate::emit::{EmitError, Item};
use crate::facts::{ApiKind, camel_case};
use crate::spec::{Api, Code, Enum, Named, Names, OtherCodes};

/// The type for a set of codes.
pub(super) struct Set<'a> {
    /// `ConnectStatus`.
    pub(super) ident: proc_macro2::Ident,
    /// The first sentence of its documentation.
    pub(super) about: String,
    /// Why it must be used.
    pub(super) reason: &'static str,
    /// The codes.
    pub(super) codes: Vec<&'a Code>,
    /// What is said of other codes, where there may be others.
    pub(super) other: Option<&'a OtherCodes>,
}

pub(super) fn emit(api: &Api, names: &Names<'_>) -> Result<Vec<Item>, EmitError> {
    if api.signature.ret.is_void() {
        return Ok(Vec::new());
    }
    let name = &api.page.name;
    let raw = format!("sys::{}", api.key());
    let (about, reason) = match api.kind.value {
        ApiKind::Callback => (
            format!("What the event callback `{name}` answers; see [`{raw}`](crate::{raw})."),
            "an answer that is not returned answers nothing",
        ),
        ApiKind::Function | ApiKind::Export | ApiKind::Method | ApiKind::Macro => {
            (format!("What `{name}` returned; see [`{raw}`](crate::{raw})."), RETURNED)
        }
    };
    let set = Set {
        ident: type_name(api),
        about,
        reason,
        codes: api.returns.codes.iter().collect(),
        other: api.returns.other.as_ref(),
    };
    one(&set, &api.signature.ret, names)
}

/// Why the outcome of a call must be used.
pub(super) const RETURNED: &str = "a status says whether the call did anything, or has yet to";

/// The type for a set of codes of a type.
pub(super) fn one(set: &Set<'_>, ret: &CType, names: &Names<'_>) -> Result<Vec<Item>, EmitError> {
    let enumeration = enumeration(ret, names)?;
    let variants: Vec<Variant<'_>> =
        set.codes.iter().map(|code| Variant { name: variant_of(&code.name, enumeration), code }).collect();
    let raw = match enumeration {
        None => Raw { ty: "crate::NtStatus".to_owned(), subject: "status.0", word: "status", wrap: ("crate::NtStatus(", ")") },
        Some(e) => Raw { ty: format!("crate::sys::{}", e.page.name), subject: "status", word: "value", wrap: ("", "") },
    };
    Ok(vec![Item::Text(declaration(set, &variants)), Item::Text(conversions(set, &raw, &variants))])
}

/// The enumeration that is returned, if it is none of the system's statuses.
fn enumeration<'s>(ret: &CType, names: &Names<'s>) -> Result<Option<&'s Enum>, EmitError> {
    match ret {
        CType::Named(name) => match names.named(name) {
            Some(Named::Enum(found)) => Ok(Some(found)),
            Some(Named::External(..)) => Ok(None),
            _ => Err(EmitError::Type(ret.spelling())),
        },
        _ => Err(EmitError::Type(ret.spelling())),
    }
}

fn variant_of(code: &str, enumeration: Option<&Enum>) -> String {
    match enumeration {
        Some(e) => {
            let all: Vec<&str> = e.enumeration.variants.iter().map(|v| v.name.as_str()).collect();
            camel_case(&naming::distinct_words(&all, code).to_uppercase())
        }
        None => naming::status_variant(code),
    }
}

/// The variant of a code that is returned as a type.
pub(in crate::emit) fn variant(code: &str, ret: &CType, names: &Names<'_>) -> Result<String, EmitError> {
    Ok(variant_of(code, enumeration(ret, names)?))
}

/// `ConnectStatus`.
pub(super) fn type_name(api: &Api) -> proc_macro2::Ident {
    format_ident!("{}Status", naming::base(api))
}

/// A code and its variant.
struct Variant<'a> {
    name: String,
    code: &'a Code,
}

/// What the kernel returns: NTSTATUS, or an enumeration.
struct Raw {
    ty: String,
    /// What the constants are compared with.
    subject: &'static str,
    /// What it is called in sentences.
    word: &'static str,
    /// What makes the type of a constant.
    wrap: (&'static str, &'static str),
}

/// The enumeration. There is one for nearly every API, all of one shape, so they are written as they should look: the way through
/// tokens and the formatter costs far more.
fn declaration(set: &Set<'_>, variants: &[Variant<'_>]) -> String {
    let others = match set.other {
        Some(OtherCodes::MayCome(_)) => "The documentation leaves the set open: any other status is kept as it is.",
        Some(OtherCodes::Unsaid(_)) => "The documentation does not say whether others come: any other status is kept as it is.",
        None => "The documentation names these and no others.",
    };
    let mut out = format!(
        "/// {}\n///\n/// {others}\n#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]\n#[must_use = \"{}\"]\npub enum {} {{\n",
        set.about, set.reason, set.ident
    );
    for variant in variants {
        let _ = write!(out, "    /// `{}`: {}\n    {},\n", variant.code.name, variant.code.meaning, variant.name);
    }
    if let Some(meaning) = set.other.map(OtherCodes::meaning) {
        let _ = write!(out, "    /// Any other status: {meaning}\n    Other(crate::NtStatus),\n");
    }
    out.push_str("}\n");
    out
}

/// There and back.
fn conversions(set: &Set<'_>, raw: &Raw, variants: &[Variant<'_>]) -> String {
    let Raw { ty, subject, word, wrap } = raw;
    let ident = &set.ident;
    let open = set.other.is_some();
    let mut from = String::new();
    let mut into = String::new();
    for Variant { name, code } in variants {
        let constant = format!("crate::sys::{}", code.name);
        let result = if open { format!("Self::{name}") } else { format!("Some(Self::{name})") };
        let _ = writeln!(from, "            {constant} => {result},");
        let _ = writeln!(into, "            Self::{name} => {}{constant}{},", wrap.0, wrap.1);
    }
    let (meaning, must_use, result, rest) = if open {
        into.push_str("            Self::Other(status) => status,\n");
        ("What a status means here.".to_owned(), "", "Self", "Self::Other(status)")
    } else {
        let meaning = format!("What a {word} means here; `None` for one that the documentation does not name.");
        (meaning, "    #[must_use]\n", "Option<Self>", "None")
    };
    // A status must be used already, for its type says so.
    let into_must_use = if *word == "status" { "" } else { "    #[must_use]\n" };
    let from_trait = if open {
        format!(
            "impl From<{ty}> for {ident} {{\n    fn from(status: {ty}) -> Self {{\n        Self::from_status(status)\n    }}\n}}\n"
        )
    } else {
        format!(
            "impl TryFrom<{ty}> for {ident} {{\n    type Error = {ty};\n\n    fn try_from(status: {ty}) -> Result<Self, {ty}> {{\n        \
             Self::from_status(status).ok_or(status)\n    }}\n}}\n"
        )
    };
    format!(
        "impl {ident} {{\n    /// {meaning}\n{must_use}    #[inline]\n    pub const fn from_status(status: {ty}) -> {result} {{\n        \
         match {subject} {{\n{from}            _ => {rest},\n        }}\n    }}\n\n    /// The {word} that it stands for.\n{into_must_use}    \
         #[inline]\n    pub const fn status(self) -> {ty} {{\n        match self {{\n{into}        }}\n    }}\n}}\n\n{from_trait}\n\
         impl From<{ident}> for {ty} {{\n    fn from(status: {ident}) -> Self {{\n        status.status()\n    }}\n}}\n"
    )
}
