//! The kinds of changes: each with a stable name, the class that it has unless a file beside spec-data says otherwise, why, and what the
//! author of a driver has to do.
//!
//! Separate from `classify`, which decides what kind a change is: here is what is said of it, in one table.

use serde::Serialize;

/// What a change means, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Drivers compile and run as before, and no generated item changes.
    Documentation,
    /// Drivers compile and run as before.
    Compatible,
    /// Drivers compile, and something is different when they run.
    Runtime,
    /// Drivers may not compile.
    Source,
}

impl Class {
    /// All classes, the least first.
    pub const ALL: [Self; 4] = [Self::Documentation, Self::Compatible, Self::Runtime, Self::Source];

    /// The class in JSON and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documentation => "documentation",
            Self::Compatible => "compatible",
            Self::Runtime => "runtime",
            Self::Source => "source",
        }
    }

    /// The class in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Documentation => "documentation only",
            Self::Compatible => "compatible",
            Self::Runtime => "breaking at run time",
            Self::Source => "breaking for driver source",
        }
    }

    /// Whether it breaks drivers.
    #[must_use]
    pub fn is_breaking(self) -> bool {
        self >= Self::Runtime
    }

    /// The part of the version of the generated crate that must be raised.
    #[must_use]
    pub fn bump(self) -> Bump {
        match self {
            Self::Documentation => Bump::Patch,
            Self::Compatible => Bump::Minor,
            Self::Runtime | Self::Source => Bump::Major,
        }
    }
}

/// A part of a version, as Cargo understands it: below 1.0 the minor version is the major one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// `0.1.2` → `0.1.3`, `1.2.3` → `1.2.4`.
    Patch,
    /// `0.1.2` → `0.1.3`, `1.2.3` → `1.3.0`.
    Minor,
    /// `0.1.2` → `0.2.0`, `1.2.3` → `2.0.0`.
    Major,
}

impl Bump {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

macro_rules! rules {
    ($($rule:ident: $id:literal, $class:ident, $reason:literal, $action:literal;)+) => {
        /// A kind of change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "the table says what each is")]
        pub enum Rule { $($rule,)+ }

        impl Rule {
            /// All kinds of changes.
            pub const ALL: &[Self] = &[$(Self::$rule),+];

            /// Its name, which does not change.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$rule => $id),+ }
            }

            /// The class that it has unless somebody decided otherwise.
            #[must_use]
            pub fn class(self) -> Class {
                match self { $(Self::$rule => Class::$class),+ }
            }

            /// Why it has that class.
            #[must_use]
            pub fn reason(self) -> &'static str {
                match self { $(Self::$rule => $reason),+ }
            }

            /// What the author of a driver has to do.
            #[must_use]
            pub fn action(self) -> &'static str {
                match self { $(Self::$rule => $action),+ }
            }
        }
    };
}

rules! {
    ItemAdded: "item-added", Compatible, "it is new; nothing used it before", "Nothing.";
    ItemRemoved: "item-removed", Source, "a driver that uses it does not compile", "Replace the calls and names that the compiler points at.";
    ItemRemovedWhileUsed: "item-removed-while-used", Source, "it is gone while other pages still refer to it; what depends on it is not known", "Wait: the pages contradict each other. Whoever keeps spec-data must bring the page back or remove what refers to it.";
    LayoutUnknown: "layout-unknown", Source, "the layout is not known: a type that it is made of is not described", "Wait: no bindings can be made of it until the missing type is described.";
    ErratumAdded: "erratum-added", Documentation, "a fact of upstream's is corrected; what it corrects is listed itself", "Nothing.";
    ErratumRemoved: "erratum-removed", Documentation, "upstream is no longer corrected here", "Nothing.";
    ErratumChanged: "erratum-changed", Documentation, "what it corrects is listed itself", "Nothing.";
    VersionAdded: "version-added", Compatible, "a version of Windows is known", "Nothing.";
    VersionRemoved: "version-removed", Source, "members that came with this version cannot be placed any more", "Do not ask for members of that version.";
    BuildChanged: "build-changed", Runtime, "from which build on later members are looked for has changed", "Test on the oldest version of Windows that you support.";
    FactStated: "fact-stated", Documentation, "the page says it now, and did not before; whether it was so before is not known", "Nothing; spec-data may get rid of an erratum.";
    FactSilent: "fact-silent", Documentation, "the page does not say it any more; that is no other fact, but it takes an erratum to keep it", "Nothing; spec-data needs an erratum to keep the fact.";
    TypesStated: "types-stated", Documentation, "pages of this revision give types, which those of the other did not", "Nothing.";
    TypesSilent: "types-silent", Documentation, "pages of this revision give no types: they are still those of the other, unless an erratum says why not", "Nothing.";
    ProseChanged: "prose-changed", Documentation, "words for people; no fact depends on them", "Read what is said now.";
    NameChanged: "name-changed", Source, "its types and methods are named after it", "Use the new name.";
    HeaderChanged: "header-changed", Documentation, "another header declares it, which Rust does not see", "Nothing.";
    SinceChanged: "since-changed", Runtime, "which versions of Windows have it decides where it can be called", "Check the oldest version of Windows that you support.";
    SinceAdded: "since-added", Runtime, "older versions of Windows do not have it, which a call now finds out first", "Handle the error of a call on a version without it.";
    SinceRemoved: "since-removed", Source, "every version has it: what could fail before is called without a result now", "Remove the handling of a missing function.";
    KindChanged: "kind-changed", Source, "what drivers called they supply now, or the other way round", "Rewrite the place where it is used.";
    LevelWordsChanged: "level-words-changed", Documentation, "the words for the level, which are not understood, are others", "Read the page.";
    TypedefChanged: "typedef-changed", Source, "the function-pointer type has another name", "Use the new name.";
    LibraryChanged: "library-changed", Runtime, "it is imported from another image", "Link again, and check that your Windows versions have that image.";
    UndoesChanged: "undoes-changed", Source, "what gives back what decides on which type it is a method, and what its drop does", "Follow the errors of the compiler, and check what is given back when.";
    ParametersSwapped: "parameters-swapped", Source, "parameters are swapped: arguments of the same type would change places unnoticed", "Look at every call: arguments of one type may compile in the wrong order.";
    ParameterListChanged: "parameter-list-changed", Source, "it has parameters now and had none, or the other way round", "Change the calls.";
    FieldsSwapped: "fields-swapped", Runtime, "fields are swapped: drivers that were built before read and write elsewhere", "Build the driver again.";
    ListChanged: "list-changed", Source, "it lists names now and did not, or the other way round", "Follow the errors of the compiler.";
    ParameterAdded: "parameter-added", Source, "a call has to pass a parameter more", "Pass the new argument.";
    ParameterRemoved: "parameter-removed", Source, "a call has to pass a parameter less", "Remove the argument.";
    CallbackParameterAdded: "callback-parameter-added", Source, "the body of the callback is given a parameter more", "Take the parameter, or leave its pattern out.";
    CallbackParameterRemoved: "callback-parameter-removed", Source, "the body of the callback is given a parameter less", "Remove the parameter from the callback.";
    FieldRenamed: "field-renamed", Source, "renamed: a driver that names the field does not compile", "Use the new name.";
    CallbackParameterRenamed: "callback-parameter-renamed", Source, "renamed: what the callback is given has a field of that name", "Use the new name in the callback.";
    ValuesParameterRenamed: "values-parameter-renamed", Source, "renamed: the type of what is passed is named after it", "Use the new name of the type.";
    LengthParameterRenamed: "length-parameter-renamed", Compatible, "renamed: it is passed as the length of another, and not by itself", "Nothing.";
    OutputParameterRenamed: "output-parameter-renamed", Source, "renamed: what comes back may be named after it", "Use the new name.";
    InputParameterRenamed: "input-parameter-renamed", Compatible, "renamed: calls pass it by its place", "Nothing.";
    ParameterTypeChanged: "parameter-type-changed", Source, "a parameter has another type", "Pass the new type.";
    DirectionChanged: "direction-changed", Source, "what is read and what is written decides between shared and exclusive references", "Pass the reference that the compiler asks for.";
    ParameterReserved: "parameter-reserved", Source, "the parameter is reserved, and not passed any more", "Remove the argument.";
    ParameterNotReserved: "parameter-not-reserved", Source, "a reserved parameter is one that must be passed now", "Pass the argument.";
    NullAllowed: "null-allowed", Source, "null is allowed: the parameter is an `Option` now", "Wrap the argument in `Some`.";
    NullForbidden: "null-forbidden", Source, "null is not allowed any more: the parameter is no `Option` now", "Pass a value in every call.";
    MemoryDemandAdded: "memory-demand-added", Runtime, "what was passed must live longer, or elsewhere, than drivers were told", "Check what each call passes against the new rule.";
    MemoryDemandRemoved: "memory-demand-removed", Compatible, "less is demanded of the memory that is passed", "Nothing.";
    CallbackLifetimeChanged: "callback-lifetime-changed", Runtime, "how long a callback may look at it has changed", "Check that no callback keeps what it is given for longer.";
    ParameterFormChanged: "parameter-form-changed", Source, "the parameter has another form in Rust", "Pass what the compiler asks for.";
    ValuesAdded: "values-added", Source, "the parameter takes a type of its own instead of a number", "Pass the constants by their type.";
    ValuesRemoved: "values-removed", Source, "the parameter takes a number instead of a type of its own", "Pass a number.";
    ValuesCombineChanged: "values-combine-changed", Source, "flags are joined, values are not: the parameter has another type", "Pass flags or a value, as the compiler asks.";
    FlagAdded: "flag-added", Compatible, "a flag is new; nothing used it before", "Nothing.";
    ValueAdded: "value-added", Compatible, "a value is new; nothing used it before", "Nothing.";
    ValueRemoved: "value-removed", Source, "a driver that names it does not compile", "Do not pass it any more.";
    OtherValuesAllowed: "other-values-allowed", Compatible, "other values may be passed, too", "Nothing.";
    OtherValuesForbidden: "other-values-forbidden", Source, "other values may not be passed any more", "Pass one of the values that are listed.";
    ExclusionChanged: "exclusion-changed", Source, "flags that exclude each other have a type that cannot join them", "Do not join them.";
    FlagLevelChanged: "flag-level-changed", Runtime, "what a callback learns of its level, and what is asserted, has changed", "Check what the callback does at that level.";
    FlagCallbackChanged: "flag-callback-changed", Runtime, "the flag stands for another callback, whose slot must be filled", "Fill the slot of that callback.";
    ReturnTypeChanged: "return-type-changed", Source, "it returns another type", "Handle the new type.";
    SetOpened: "set-opened", Source, "other codes may come: the set is open now, and a `match` needs a branch for them", "Add a branch for `Other`.";
    SetClosed: "set-closed", Source, "no other codes come: the set is closed now, and what is unknown is an error", "Remove the branch for `Other`, and handle the error.";
    AnswerAdded: "answer-added", Compatible, "the callback may answer one status more", "Nothing.";
    AnswerRemoved: "answer-removed", Source, "the callback must not answer this any more, and cannot name it", "Answer another status.";
    CodeNamed: "code-named", Source, "a code has a variant of its own that came as `Other` before: a `match` needs a branch for it", "Add a branch for it.";
    CodeAdded: "code-added", Source, "a code more in a closed set: a `match` needs a branch for it", "Add a branch for it.";
    CodeUnnamed: "code-unnamed", Source, "the variant is gone; the code comes as `Other`, if at all", "Handle it under `Other`.";
    CodeRemoved: "code-removed", Source, "the variant is gone, and the code is an error, if it comes", "Remove its branch.";
    CallbackLevelRaised: "callback-level-raised", Source, "the callback may come at a higher level than drivers were told: a token for the old one does not compile", "Take a token of the new level, and do nothing in the callback that the level forbids.";
    CallbackLevelLowered: "callback-level-lowered", Source, "the callback comes at lower levels only: a body that asks for a token is given one of another level", "Take a token of the new level.";
    IrqlTightened: "irql-tightened", Source, "tightened: a call at a level that was allowed does not compile any more", "Call it at a level that is allowed, for instance from a work item.";
    IrqlLoosened: "irql-loosened", Compatible, "loosened: it may be called at more levels than before", "Nothing.";
    IrqlMinimumChanged: "irql-minimum-changed", Source, "the lowest level at which it may be called has changed", "Call it at a level that is allowed.";
    IrqlConditionChanged: "irql-condition-changed", Source, "the level depends on other arguments than before: there are other wrappers", "Call the wrapper for your arguments.";
    IrqlCaseAdded: "irql-case-added", Source, "a case of its own: such calls have a wrapper of their own", "Call the wrapper for your arguments.";
    IrqlCaseRemoved: "irql-case-removed", Source, "the case is gone, and with it the wrapper for such calls", "Call the wrapper that is left.";
    OperationAdded: "operation-added", Compatible, "an operation is new; nothing used it before", "Nothing.";
    OperationRemoved: "operation-removed", Source, "a driver that uses the operation does not compile", "Replace the call.";
    OperationSocketsAdded: "operation-sockets-added", Compatible, "more kinds of sockets have the operation", "Nothing.";
    OperationSocketsRemoved: "operation-sockets-removed", Source, "these sockets do not have the operation any more", "Do not call it on such sockets.";
    OperationStateChanged: "operation-state-changed", Runtime, "the socket must be in another state", "Call it when the socket is in that state.";
    OperationArgumentChanged: "operation-argument-changed", Runtime, "another argument is passed for it", "Build the driver again.";
    OperationClientStateChanged: "operation-client-state-changed", Runtime, "the client must be in another state", "Call it when the client is in that state.";
    OperationFormChanged: "operation-form-changed", Source, "the method has other parameters, or another result", "Pass what the compiler asks for.";
    FunctionChanged: "function-changed", Source, "it is passed to another function", "Use the method of that function.";
    TableChanged: "table-changed", Source, "whose table it is, and of which sockets, decides which types have its functions", "Follow the errors of the compiler.";
    AliasAdded: "alias-added", Compatible, "it has one name more", "Nothing.";
    AliasRemoved: "alias-removed", Source, "a driver that uses this name does not compile", "Use another name of the type.";
    MemberAdded: "member-added", Compatible, "a table of the provider's has a member more, which drivers only read", "Nothing.";
    FieldAdded: "field-added", Source, "a driver that writes the structure out has to name one field more", "Name the field.";
    FieldRemoved: "field-removed", Source, "a driver that names the field does not compile", "Do not use the field.";
    FieldTypeChanged: "field-type-changed", Source, "a field has another type", "Use the new type.";
    LayoutMoved: "layout-moved", Runtime, "layout moved: drivers that were built before read and write elsewhere", "Build the driver again, and ship it with the Windows versions that have the new layout.";
    FieldLinkChanged: "field-link-changed", Source, "the pointer and its length are one slice, or are not any more", "Pass what the compiler asks for.";
    TableGrown: "table-grown", Compatible, "a table of the provider's, which drivers only read, has grown at its end", "Nothing.";
    TableShrunk: "table-shrunk", Runtime, "a table of the provider's has become smaller: drivers that were built before read behind its end", "Build the driver again, and check the version before a later member is used.";
    SizeChanged: "size-changed", Runtime, "layout: it takes other room than before", "Build the driver again.";
    VariantAdded: "variant-added", Compatible, "a value is new; nothing used it before", "Nothing.";
    VariantRemoved: "variant-removed", Source, "a driver that names it does not compile", "Do not use it.";
    VariantValueChanged: "variant-value-changed", Runtime, "the name stands for another number", "Build the driver again.";
    NumberChanged: "number-changed", Runtime, "the name stands for another value", "Build the driver again.";
    SourceCrateChanged: "source-crate-changed", Compatible, "another crate supplies it, with the same value", "Nothing.";
    ForeignTypeChanged: "foreign-type-changed", Source, "the type is another one", "Use the new type.";
    WdkTypeChanged: "wdk-type-changed", Source, "drivers on wdk-sys pass another type", "Pass the new type.";
    FactChanged: "fact-changed", Source, "a fact of it is another one", "Follow the errors of the compiler.";
}

impl Rule {
    /// The kind of change with that name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.id() == id)
    }

    /// The page that explains it, for `wsk-codegen explain irql-tightened`.
    #[must_use]
    pub fn page(self) -> String {
        let class = self.class();
        format!(
            "{id} — a kind of change that `diff` and `sync` report\n\n  {reason}.\n\n\
             Class         {class} ({words})\n\
             Version bump  {bump}: the least by which the version of the generated crate is raised\n\
             To do         {action}\n\n\
             Another class for your project: an entry in `change-classes.yaml` beside spec-data,\n\n  \
             - change: {id}\n    class: {example}\n    reason: why it is so for your drivers\n\n\
             A single change that was looked at: an entry in `accepted-changes.yaml` beside spec-data.\n",
            id = self.id(),
            reason = capital(self.reason()),
            class = class.as_str(),
            words = class.words(),
            bump = class.bump().as_str(),
            action = self.action(),
            example = if class == Class::Compatible { "source" } else { "compatible" },
        )
    }
}

/// A text with a capital at its beginning.
pub(super) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_kind_of_change_has_a_name_a_reason_and_a_mend() {
        let ids: BTreeSet<&str> = Rule::ALL.iter().map(|r| r.id()).collect();
        assert_eq!(ids.len(), Rule::ALL.len());
        for rule in Rule::ALL {
            assert!(rule.id().chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", rule.id());
            assert!(!rule.reason().ends_with('.') && rule.action().ends_with('.'), "{}", rule.id());
            assert_eq!(Rule::from_id(rule.id()), Some(*rule));
            // What breaks drivers gives their authors something to do.
            assert!(!rule.class().is_breaking() || rule.action() != "Nothing.", "{}", rule.id());
            assert!(rule.page().contains(rule.action()));
        }
    }
}
