//! The way to a fact: `params.Flags.direction`, with one spelling for errata, `diff`, `sync`, the contract and messages.
//!
//! In: a kind of fact and the names on the way to it. Out: a spelling that can be read back. All kinds stand in one table, so that
//! whatever handles facts can be held against it. A name that is no plain word is quoted, as in a dotted key of TOML:
//! `fields."u.Port.Start".type`.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

/// Whether pages of the vendor's state a fact of some kind, and what their silence means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// Every page of the reference should state it: a page that does not is silent on it.
    Always,
    /// An entry of a list. A page that has the list gives it whole.
    Listed,
    /// Pages of some revisions state it.
    Sometimes,
    /// No page of the vendor's states it in a form that is compared: it is ours alone, or a part of a fact that is compared as a whole.
    Never,
}

/// How many names a pattern has.
const fn stars(pattern: &str) -> usize {
    let (mut rest, mut count) = (pattern.as_bytes(), 0);
    while let [first, behind @ ..] = rest {
        count += (*first == b'*') as usize;
        rest = behind;
    }
    count
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident: $pattern:literal, $carried:ident;)+) => {
        /// A kind of fact.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum FactKind {
            $($(#[doc = $doc])+ $kind,)+
        }

        impl FactKind {
            /// All kinds, in the order in which pages state them.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// Its path, with `*` for each name: `params.*.direction`.
            #[must_use]
            pub fn pattern(self) -> &'static str {
                match self { $(Self::$kind => $pattern),+ }
            }

            /// Whether pages of the vendor's state such facts.
            #[must_use]
            pub fn carried(self) -> Carried {
                match self { $(Self::$kind => Carried::$carried),+ }
            }

            /// How many names its path has.
            #[must_use]
            pub fn names(self) -> usize {
                match self { $(Self::$kind => const { stars($pattern) }),+ }
            }

            /// What it says, in a sentence.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$kind => concat!($($doc),+).trim_ascii()),+ }
            }
        }
    };
}

kinds! {
    /// The whole item.
    Item: "", Listed;
    /// The name in C.
    Name: "name", Always;
    /// The function-pointer type.
    Typedef: "typedef", Never;
    /// Whether it is a function, a callback or an export.
    Kind: "kind", Always;
    /// The header that declares it.
    Header: "header", Always;
    /// The first version of Windows that has it.
    Since: "since", Always;
    /// The image that exports it.
    Library: "library", Sometimes;
    /// The vendor's page; of an erratum what that page says.
    Upstream: "upstream", Never;
    /// An API whose result it gives back.
    Undoes: "undoes.*", Never;
    /// Whose functions a dispatch table lists.
    Dispatch: "dispatch", Never;
    /// The kind of sockets that a dispatch table is for.
    Socket: "socket", Never;
    /// The constant that asks for sockets of a dispatch table.
    Category: "category", Never;
    /// A name that a definition declares.
    Alias: "names.*", Never;
    /// The whole signature in C.
    Signature: "signature", Never;
    /// How many C types a page gives.
    Types: "types", Never;
    /// The parameters, in their order.
    Params: "params", Always;
    /// A parameter.
    Param: "params.*", Listed;
    /// The name of a parameter.
    ParamName: "params.*.name", Listed;
    /// The C type of a parameter.
    ParamType: "params.*.type", Sometimes;
    /// Which way a parameter passes information.
    ParamDirection: "params.*.direction", Always;
    /// Whether a parameter may be null, or zero for "not given".
    ParamOptional: "params.*.optional", Sometimes;
    /// Whether a parameter must be zero.
    ParamReserved: "params.*.reserved", Always;
    /// A rule for the memory behind a parameter.
    ParamMemory: "params.*.memory.*", Never;
    /// What a call does to the socket that a parameter is or gives.
    ParamEffect: "params.*.effects.*", Never;
    /// How a parameter goes together with another.
    ParamLink: "params.*.links.*", Never;
    /// What a parameter is for.
    ParamMeaning: "params.*.meaning", Never;
    /// How the constants of a parameter go together: flags or values.
    Values: "values.*", Never;
    /// A constant that a parameter takes.
    Constant: "values.*.*", Listed;
    /// The constants that must not be given with a constant.
    ConstantExcludes: "values.*.*.excludes", Never;
    /// What a flag that a callback is given tells of the level.
    ConstantLevel: "values.*.*.level", Never;
    /// The callback that a flag enables.
    ConstantCallback: "values.*.*.callback", Sometimes;
    /// What a constant does.
    ConstantMeaning: "values.*.*.meaning", Never;
    /// Whether a parameter takes other values, too.
    ValuesOpen: "values.*.open", Never;
    /// Which other values a parameter takes.
    ValuesOpenMeaning: "values.*.open.meaning", Never;
    /// The type that is returned.
    ReturnType: "returns.type", Sometimes;
    /// All codes that are named, in their order.
    Codes: "returns.codes", Always;
    /// A code that is returned.
    Code: "returns.codes.*", Listed;
    /// What a code means.
    CodeMeaning: "returns.codes.*.meaning", Never;
    /// Whether other codes may come.
    Open: "returns.open", Sometimes;
    /// What other codes mean.
    OpenMeaning: "returns.open.meaning", Never;
    /// All levels, each with its condition.
    Irql: "irql", Always;
    /// The levels in one case.
    IrqlCase: "irql.*", Never;
    /// The words for the level, where they are not understood.
    IrqlText: "irql_text", Never;
    /// The size of a structure.
    Size: "size", Never;
    /// The alignment of a structure.
    Alignment: "alignment", Never;
    /// Whether a structure is a union.
    Union: "union", Sometimes;
    /// The whole definition in C.
    Definition: "definition", Never;
    /// The fields, in their order.
    Fields: "fields", Always;
    /// A field.
    Field: "fields.*", Listed;
    /// The name of a field.
    FieldName: "fields.*.name", Listed;
    /// The C type of a field.
    FieldType: "fields.*.type", Sometimes;
    /// Whether a field is a structure or a union that is written out in place.
    FieldKind: "fields.*.kind", Never;
    /// A constant that a field takes. Our pages list none: they are in the prose of the field.
    FieldConstant: "fields.*.values.*", Never;
    /// The offset of a field.
    FieldOffset: "fields.*.offset", Never;
    /// The first version of Windows that has a field, where that is later than the structure's.
    FieldSince: "fields.*.since", Never;
    /// The field that says how many bytes are behind a pointer.
    FieldBytesIn: "fields.*.bytes_in", Never;
    /// What a field is.
    FieldMeaning: "fields.*.meaning", Never;
    /// The enumerators, in their order.
    Variants: "variants", Always;
    /// An enumerator.
    Variant: "variants.*", Listed;
    /// The number of an enumerator.
    VariantValue: "variants.*.value", Sometimes;
    /// What an enumerator means.
    VariantMeaning: "variants.*.meaning", Never;
    /// The function that a control code is passed to.
    Function: "function", Always;
    /// A thing that can be done with a control code.
    Operation: "operations.*", Listed;
    /// The control code of an operation.
    OperationCode: "operations.*.code", Always;
    /// The request type of an operation.
    OperationRequest: "operations.*.request", Always;
    /// The level of an option, as a constant.
    OperationLevel: "operations.*.level", Always;
    /// What the input of an operation holds.
    OperationInput: "operations.*.input", Always;
    /// What the output of an operation holds.
    OperationOutput: "operations.*.output", Always;
    /// Whether the size of the output is returned.
    OperationSizeReturned: "operations.*.size_returned", Always;
    /// The flags that the input of an operation takes.
    OperationFlags: "operations.*.flags", Sometimes;
    /// Whether an operation takes an IRP.
    OperationIrp: "operations.*.irp", Always;
    /// All kinds of sockets that have an operation, each with its state.
    OperationSockets: "operations.*.sockets", Always;
    /// A kind of socket that has an operation.
    OperationSocket: "operations.*.sockets.*", Never;
    /// The state that a client must be in.
    OperationClientState: "operations.*.client_state", Always;
    /// The levels of an operation.
    OperationIrql: "operations.*.irql", Sometimes;
    /// The type of a constant, identifier or macro.
    Type: "type", Never;
    /// The parameters of a macro.
    MacroParams: "parameters", Never;
    /// The number of a constant, identifier, macro or status; of an erratum what is right.
    Value: "value", Never;
    /// The path in another crate that a constant is taken from.
    From: "from", Never;
    /// Whether the interface defines a macro.
    Public: "public", Never;
    /// What a type of another header is.
    Is: "is", Never;
    /// The path of a type in wdk-sys.
    WdkSys: "wdk_sys", Never;
    /// The size and alignment of a type of another header.
    Layout: "layout", Never;
    /// The build of a version of Windows.
    Build: "build", Never;
    /// The revision that an erratum is about.
    Revision: "revision", Never;
    /// Why an erratum is needed.
    Reason: "reason", Never;
    /// What shows that an erratum is right.
    Evidence: "evidence", Never;
    /// What a row of a table means.
    Meaning: "meaning", Never;
    /// What an item is, in a sentence.
    Summary: "summary", Never;
    /// What a person should know beyond the tables.
    Note: "notes.*", Never;
}

impl FactKind {
    fn segments(self) -> impl DoubleEndedIterator<Item = &'static str> + Clone {
        self.pattern().split('.').filter(|s| !s.is_empty())
    }

    /// The last word of its path: `direction`.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.segments().rfind(|s| *s != "*").unwrap_or_default()
    }

    /// The kind of the fact that one of this kind is a part of.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        static PARENTS: LazyLock<Vec<Option<FactKind>>> = LazyLock::new(|| {
            let is_above = |above: FactKind, kind: FactKind| {
                let rest = kind.pattern().strip_prefix(above.pattern());
                !above.pattern().is_empty() && rest.is_some_and(|rest| rest.starts_with('.'))
            };
            let parent = |kind: &FactKind| {
                let above = FactKind::ALL.iter().copied().filter(|above| is_above(*above, *kind));
                above.max_by_key(|above| above.pattern().len())
            };
            FactKind::ALL.iter().map(parent).collect()
        });
        PARENTS.get(self as usize).copied().flatten()
    }

    /// Whether facts of another kind are parts of such a fact.
    #[must_use]
    pub fn has_parts(self) -> bool {
        static PARTS: LazyLock<Vec<bool>> = LazyLock::new(|| {
            let has_parts = |kind: &FactKind| FactKind::ALL.iter().any(|part| part.parent() == Some(*kind));
            FactKind::ALL.iter().map(has_parts).collect()
        });
        PARTS.get(self as usize).copied().unwrap_or(true)
    }

    /// Whether it is put together from other facts, of which each is told by itself.
    #[must_use]
    pub fn is_derived(self) -> bool {
        matches!(self, Self::Signature | Self::Definition)
    }

    /// Whether it is the names of a list in their order.
    #[must_use]
    pub fn is_list(self) -> bool {
        matches!(self, Self::Params | Self::Fields | Self::Variants | Self::Codes)
    }

    /// Whether it is a C type.
    #[must_use]
    pub fn is_type(self) -> bool {
        matches!(self, Self::ParamType | Self::FieldType | Self::ReturnType)
    }

    /// Whether it is prose: words for people, on which no other fact depends.
    #[must_use]
    pub fn is_prose(self) -> bool {
        let last = self.segments().next_back();
        matches!(self, Self::Summary | Self::Note | Self::Reason | Self::Evidence) || last == Some("meaning")
    }
}

/// The way to a fact.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FactPath {
    kind: FactKind,
    names: Vec<String>,
}

impl FactPath {
    /// The path of a fact of a kind, with the names on the way to it.
    ///
    /// # Panics
    /// If the kind has another number of names, which is a mistake of the caller's and shows at its first use.
    #[must_use]
    pub fn new(kind: FactKind, names: &[&str]) -> Self {
        assert_eq!(kind.names(), names.len(), "the path `{}` has other names than {names:?}", kind.pattern());
        Self { kind, names: names.iter().map(|n| (*n).to_owned()).collect() }
    }

    /// The kind of fact.
    #[must_use]
    pub fn kind(&self) -> FactKind {
        self.kind
    }

    /// The names on the way, outermost first.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The outermost name: that of the parameter, field, code or operation. Empty where the path has none.
    #[must_use]
    pub fn of(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }

    /// The innermost name. Empty where the path has none.
    #[must_use]
    pub fn name(&self) -> &str {
        self.names.last().map_or("", String::as_str)
    }

    /// The path of what it is a part of.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let kind = self.kind.parent()?;
        Some(Self { kind, names: self.names.iter().take(kind.names()).cloned().collect() })
    }

    /// The paths of all that it is a part of, the nearest first.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), Self::parent)
    }

    /// Whether this is a part of what `above` is, or the same.
    #[must_use]
    pub fn is_within(&self, above: &Self) -> bool {
        let mut kind = Some(self.kind);
        while kind.is_some_and(|kind| kind != above.kind) {
            kind = kind.and_then(FactKind::parent);
        }
        kind.is_some() && self.names.starts_with(&above.names)
    }

    /// The same path with each name replaced.
    #[must_use]
    pub fn map_names(&self, map: impl Fn(usize, &str) -> String) -> Self {
        Self { kind: self.kind, names: self.names.iter().enumerate().map(|(at, name)| map(at, name)).collect() }
    }
}

/// The path of a fact of a kind, as it is spelt, with the names on the way to it.
pub(crate) fn spelling(kind: FactKind, names: &[impl AsRef<str>]) -> String {
    // A name may be a word of the vocabulary: a constant that is called `open`. Such words have small letters and `_` alone.
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| FactKind::ALL.iter().flat_map(|k| k.segments()).collect());
    let is_small = |name: &str| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let plain = written(kind, names, Quoting::WhereNeeded);
    let is_same = |path: &FactPath| path.kind == kind && path.names.iter().eq(names.iter().map(AsRef::as_ref));
    if names.iter().any(|name| is_small(name.as_ref()) && WORDS.contains(name.as_ref()))
        && !plain.parse().is_ok_and(|read| is_same(&read))
    {
        return written(kind, names, Quoting::Always);
    }
    plain
}

fn written(kind: FactKind, names: &[impl AsRef<str>], quoting: Quoting) -> String {
    let mut out = String::with_capacity(kind.pattern().len() + names.iter().map(|n| n.as_ref().len() + 2).sum::<usize>());
    let mut pieces = kind.pattern().split('*');
    out.push_str(pieces.next().unwrap_or_default());
    for (name, piece) in names.iter().map(AsRef::as_ref).zip(pieces) {
        if quoting == Quoting::WhereNeeded && is_plain(name) {
            out.push_str(name);
        } else {
            out.push('"');
            for c in name.chars() {
                if matches!(c, '"' | '\\') {
                    out.push('\\');
                }
                out.push(c);
            }
            out.push('"');
        }
        out.push_str(piece);
    }
    out
}

/// Which names of a path are quoted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quoting {
    WhereNeeded,
    Always,
}

/// Whether a name is written without quotes.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl fmt::Display for FactPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&spelling(self.kind, &self.names))
    }
}

/// Why a text is not the path of a fact.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the path of a fact")]
pub struct NotAPath(pub String);

impl FromStr for FactPath {
    type Err = NotAPath;

    fn from_str(text: &str) -> Result<Self, NotAPath> {
        let segments = segments(text).ok_or_else(|| NotAPath(text.to_owned()))?;
        let mut best: Option<(usize, Self)> = None;
        for kind in FactKind::ALL.iter().copied().filter(|k| *k != FactKind::Item) {
            let pattern = kind.segments();
            if pattern.clone().count() != segments.len() {
                continue;
            }
            let mut names = Vec::new();
            let mut words = 0;
            let fits = pattern.zip(&segments).all(|(wanted, (is_quoted, found))| {
                if wanted == "*" {
                    names.push(found.clone());
                    return true;
                }
                words += 1;
                !is_quoted && wanted == found
            });
            // A word of the vocabulary goes before a name: `returns.open`.
            if fits && best.as_ref().is_none_or(|(most, _)| words > *most) {
                best = Some((words, Self { kind, names }));
            }
        }
        best.map(|(_, path)| path).ok_or_else(|| NotAPath(text.to_owned()))
    }
}

/// Cuts a path at its points; each segment with whether it is quoted.
fn segments(text: &str) -> Option<Vec<(bool, String)>> {
    let mut found = Vec::new();
    let mut chars = text.chars().peekable();
    loop {
        let mut name = String::new();
        let is_quoted = chars.next_if_eq(&'"').is_some();
        if is_quoted {
            loop {
                match chars.next()? {
                    '"' => break,
                    '\\' => name.push(chars.next()?),
                    c => name.push(c),
                }
            }
        } else {
            while let Some(c) = chars.next_if(|c| *c != '.') {
                name.push(c);
            }
            if !is_plain(&name) {
                return None;
            }
        }
        found.push((is_quoted, name));
        match chars.next() {
            None => return Some(found),
            Some('.') => {}
            Some(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_kind_is_read_back_as_it_is_written() {
        let mut seen = HashSet::new();
        for kind in FactKind::ALL {
            assert!(seen.insert(kind.pattern()), "two kinds have the path `{}`", kind.pattern());
            assert!(kind.meaning().ends_with('.'), "{kind:?}");
            for name in ["A", "type", "open", "meaning", "u.X.Y", "a \"b\" \\ c", "", "ControlCode == X"] {
                let path = FactPath::new(*kind, &vec![name; kind.names()]);
                if *kind != FactKind::Item {
                    assert_eq!(path.to_string().parse(), Ok(path.clone()), "{path}");
                }
            }
        }
    }

    #[test]
    fn paths_have_one_spelling() {
        let path = |kind, names: &[&str]| FactPath::new(kind, names).to_string();
        assert_eq!(path(FactKind::ParamDirection, &["Flags"]), "params.Flags.direction");
        assert_eq!(path(FactKind::Open, &[]), "returns.open");
        assert_eq!(path(FactKind::Code, &["open"]), "returns.codes.open");
        assert_eq!(path(FactKind::Constant, &["Flags", "open"]), "values.\"Flags\".\"open\"");
        assert_eq!(path(FactKind::FieldType, &["u.Port.Start"]), "fields.\"u.Port.Start\".type");
        for text in ["", "params.", "params..direction", "params.A.nothing", "params.\"A", "params.A B.type", "nothing", "name."]
        {
            assert_eq!(text.parse::<FactPath>(), Err(NotAPath(text.to_owned())));
        }
    }

    #[test]
    fn what_is_within_something_is_a_part_of_it_or_the_same() {
        let is_within = |path: &str, above: &str| {
            let [path, above] = [path, above].map(|text| text.parse::<FactPath>().expect("a path"));
            let is = path.is_within(&above);
            assert_eq!(is, path == above || path.ancestors().any(|a| a == above), "{path} {above}");
            is
        };
        assert!(is_within("params.A.links.\"bytes in B\"", "params.A") && is_within("params.A", "params.A"));
        assert!(is_within("params.A.type", "params") && is_within("irql.always", "irql"));
        assert!(
            !is_within("params.A.type", "params.B") && !is_within("params.A", "params.A.type") && !is_within("since", "params")
        );
    }

    /// Only names that are spelt like words of the vocabulary are looked for among them.
    #[test]
    fn words_of_the_vocabulary_are_small() {
        for word in FactKind::ALL.iter().flat_map(|kind| kind.segments()).filter(|word| *word != "*") {
            assert!(word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{word}");
        }
    }

    #[test]
    fn parts_belong_to_a_whole() {
        let parents = |text: &str| -> Vec<String> {
            text.parse::<FactPath>().into_iter().flat_map(|p| p.ancestors().map(|a| a.to_string()).collect::<Vec<_>>()).collect()
        };
        assert_eq!(parents("params.A.links.\"bytes in B\""), ["params.A", "params"]);
        assert_eq!(parents("returns.codes.A.meaning"), ["returns.codes.A", "returns.codes"]);
        assert_eq!(parents("returns.open.meaning"), ["returns.open"]);
        assert_eq!(parents("irql.always"), ["irql"]);
        assert_eq!(parents("irql_text"), [""; 0]);
    }

    proptest! {
        #[test]
        fn any_name_is_read_back(name in ".*", other in ".*") {
            let path = FactPath::new(FactKind::ConstantMeaning, &[&name, &other]);
            prop_assert_eq!(path.to_string().parse(), Ok(path));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[a-z.\"\\\\* ]{0,20}") {
            if let Ok(path) = text.parse::<FactPath>() {
                prop_assert_eq!(path.to_string().parse(), Ok(path));
            }
        }
    }
}
