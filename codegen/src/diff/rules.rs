//! The kinds of changes: each with a stable name, the class that it has unless a file beside spec-data says otherwise, why, and what the
//! author of a driver has to do.
//!
//! Separate from `classify`, which decides what kind a change is: here is what is said of it, in one table.

use super::class::Class;
use super::classes::{CLASSES, Reclassified};

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
    ItemAdded: "item-added", Compatible, "it is new; nothing used it before", "Nothing to do.";
    ItemRemoved: "item-removed", Source, "a driver that uses it does not compile", "Replace the calls and names that the compiler points at.";
    ItemRemovedWhileUsed: "item-removed-while-used", Source, "it is gone while other pages still refer to it; what depends on it is not known", "Wait: the pages contradict each other. Whoever keeps them must bring the page back or remove what refers to it.";
    LayoutUnknown: "layout-unknown", Source, "the layout is not known: a type that it is made of is not described", "Wait: no bindings can be made of it until the missing type is described.";
    ErratumAdded: "erratum-added", Documentation, "a fact of upstream's is corrected; what it corrects is listed itself", "Nothing to do.";
    ErratumRemoved: "erratum-removed", Documentation, "upstream is no longer corrected here", "Nothing to do.";
    ErratumChanged: "erratum-changed", Documentation, "what it corrects is listed itself", "Nothing to do.";
    VersionAdded: "version-added", Compatible, "a version of Windows is known", "Nothing to do.";
    VersionRemoved: "version-removed", Source, "members that came with this version cannot be placed any more", "Do not ask for members of that version.";
    BuildChanged: "build-changed", Runtime, "from which build on later members are looked for has changed", "Test on the oldest version of Windows that you support.";
    FactStated: "fact-stated", Documentation, "the page says it now, and did not before; whether it was so before is not known", "Nothing to do; spec-data may get rid of an erratum.";
    FactSilent: "fact-silent", Documentation, "the page does not say it any more; that is no other fact, but it takes an erratum to keep it", "Nothing to do; spec-data needs an erratum to keep the fact.";
    TypesStated: "types-stated", Documentation, "pages of this revision give types, which those of the other did not", "Nothing to do.";
    TypesSilent: "types-silent", Documentation, "pages of this revision give no types: they are still those of the other, unless an erratum says why not", "Nothing to do.";
    ProseChanged: "prose-changed", Documentation, "words for people; no fact depends on them", "Read what is said now.";
    NameChanged: "name-changed", Source, "its types and methods are named after it", "Use the new name.";
    HeaderChanged: "header-changed", Documentation, "another header declares it, which Rust does not see", "Nothing to do.";
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
    LengthParameterRenamed: "length-parameter-renamed", Compatible, "renamed: it is passed as the length of another, and not by itself", "Nothing to do.";
    OutputParameterRenamed: "output-parameter-renamed", Source, "renamed: what comes back may be named after it", "Use the new name.";
    InputParameterRenamed: "input-parameter-renamed", Compatible, "renamed: calls pass it by its place", "Nothing to do.";
    ParameterTypeChanged: "parameter-type-changed", Source, "a parameter has another type", "Pass the new type.";
    DirectionChanged: "direction-changed", Source, "what is read and what is written decides between shared and exclusive references", "Pass the reference that the compiler asks for.";
    ParameterReserved: "parameter-reserved", Source, "the parameter is reserved, and not passed any more", "Remove the argument.";
    ParameterNotReserved: "parameter-not-reserved", Source, "a reserved parameter is one that must be passed now", "Pass the argument.";
    NullAllowed: "null-allowed", Source, "null is allowed: the parameter is an `Option` now", "Wrap the argument in `Some`.";
    NullForbidden: "null-forbidden", Source, "null is not allowed any more: the parameter is no `Option` now", "Pass a value in every call.";
    MemoryRuleChanged: "memory-rule-changed", Runtime, "another rule holds for the memory that is passed: what drivers were told is not enough, or not needed", "Check what each call passes against the new rule: where it is, and how long it stays.";
    MemoryDemandAdded: "memory-demand-added", Runtime, "what was passed must live longer, or elsewhere, than drivers were told", "Check what each call passes against the new rule.";
    MemoryDemandRemoved: "memory-demand-removed", Compatible, "less is demanded of the memory that is passed", "Nothing to do.";
    CallbackLifetimeChanged: "callback-lifetime-changed", Runtime, "how long a callback may look at it has changed", "Check that no callback keeps what it is given for longer.";
    SocketKindChanged: "socket-kind-changed", Source, "which kind of sockets the parameter is has changed: the method is one of another type", "Call it on a socket of the kind that the compiler names.";
    SocketStateChanged: "socket-state-changed", Source, "the state that the call demands of the socket has changed, which is a part of the type of the socket", "Bring the socket into the state that the compiler names before the call.";
    SocketBecomesChanged: "socket-becomes-changed", Source, "the state in which the call leaves the socket has changed, which is a part of the type that comes back", "Follow the type that comes back: other calls are possible afterwards.";
    IrpInformationChanged: "irp-information-changed", Source, "what the completed IRP gives back has changed: the outcome has another type", "Take the outcome by its new type.";
    ParameterLinkChanged: "parameter-link-changed", Source, "with which parameter it goes together has changed: a pointer and its length, or a table and its category, are passed as one", "Pass what the compiler asks for: one slice for a pointer with a length, two arguments for those without.";
    ParameterFormChanged: "parameter-form-changed", Source, "the parameter has another form in Rust", "Pass what the compiler asks for.";
    ValuesAdded: "values-added", Source, "the parameter takes a type of its own instead of a number", "Pass the constants by their type.";
    ValuesRemoved: "values-removed", Source, "the parameter takes a number instead of a type of its own", "Pass a number.";
    ValuesCombineChanged: "values-combine-changed", Source, "flags are joined, values are not: the parameter has another type", "Pass flags or a value, as the compiler asks.";
    FlagAdded: "flag-added", Compatible, "a flag is new; nothing used it before", "Nothing to do.";
    ValueAdded: "value-added", Compatible, "a value is new; nothing used it before", "Nothing to do.";
    ValueRemoved: "value-removed", Source, "a driver that names it does not compile", "Do not pass it any more.";
    OtherValuesAllowed: "other-values-allowed", Compatible, "other values may be passed, too", "Nothing to do.";
    OtherValuesForbidden: "other-values-forbidden", Source, "other values may not be passed any more", "Pass one of the values that are listed.";
    ExclusionChanged: "exclusion-changed", Source, "flags that exclude each other have a type that cannot join them", "Do not join them.";
    FlagLevelChanged: "flag-level-changed", Runtime, "what a callback learns of its level, and what is asserted, has changed", "Check what the callback does at that level.";
    FlagCallbackChanged: "flag-callback-changed", Runtime, "the flag stands for another callback, whose slot must be filled", "Fill the slot of that callback.";
    ReturnTypeChanged: "return-type-changed", Source, "it returns another type", "Handle the new type.";
    SetOpened: "set-opened", Source, "other codes may come: the set is open now, and a `match` needs a branch for them", "Add a branch for `Other`.";
    SetClosed: "set-closed", Source, "no other codes come: the set is closed now, and what is unknown is an error", "Remove the branch for `Other`, and handle the error.";
    AnswerAdded: "answer-added", Compatible, "the callback may answer one status more", "Nothing to do.";
    AnswerRemoved: "answer-removed", Source, "the callback must not answer this any more, and cannot name it", "Answer another status.";
    CodeNamed: "code-named", Source, "a code has a variant of its own that came as `Other` before: a `match` needs a branch for it", "Add a branch for it.";
    CodeAdded: "code-added", Source, "a code more in a closed set: a `match` needs a branch for it", "Add a branch for it.";
    CodeUnnamed: "code-unnamed", Source, "the variant is gone; the code comes as `Other`, if at all", "Handle it under `Other`.";
    CodeRemoved: "code-removed", Source, "the variant is gone, and the code is an error, if it comes", "Remove its branch.";
    CallbackLevelRaised: "callback-level-raised", Source, "the callback may come at a higher level than drivers were told: a token for the old one does not compile", "Take a token of the new level, and do nothing in the callback that the level forbids.";
    CallbackLevelLowered: "callback-level-lowered", Source, "the callback comes at fewer levels: a body that asks for a token is given one of another level", "Take a token of the new level.";
    IrqlTightened: "irql-tightened", Source, "tightened: a call at a level that was allowed does not compile any more", "Call it at a level that is allowed, for instance from a work item.";
    IrqlLoosened: "irql-loosened", Compatible, "loosened: it may be called at more levels than before", "Nothing to do.";
    IrqlMinimumChanged: "irql-minimum-changed", Source, "the lowest level at which it may be called has changed", "Call it at a level that is allowed.";
    IrqlConditionChanged: "irql-condition-changed", Source, "the level depends on other arguments than before: there are other wrappers", "Call the wrapper for your arguments.";
    IrqlCaseAdded: "irql-case-added", Source, "a case of its own: such calls have a wrapper of their own", "Call the wrapper for your arguments.";
    IrqlCaseRemoved: "irql-case-removed", Source, "the case is gone, and with it the wrapper for such calls", "Call the wrapper that is left.";
    OperationAdded: "operation-added", Compatible, "an operation is new; nothing used it before", "Nothing to do.";
    OperationRemoved: "operation-removed", Source, "a driver that uses the operation does not compile", "Replace the call.";
    OperationSocketsAdded: "operation-sockets-added", Compatible, "more kinds of sockets have the operation", "Nothing to do.";
    OperationSocketsRemoved: "operation-sockets-removed", Source, "these sockets do not have the operation any more", "Do not call it on such sockets.";
    OperationStateChanged: "operation-state-changed", Runtime, "the socket must be in another state", "Call it when the socket is in that state.";
    OperationSetsOption: "operation-sets-option", Runtime, "it sets a socket option now: the request type is another one", "Build the driver again, and check that a value is meant to be set.";
    OperationGetsOption: "operation-gets-option", Runtime, "it gets a socket option now: the request type is another one", "Build the driver again, and check that a value is meant to be read.";
    OperationIsIoctl: "operation-is-ioctl", Runtime, "it is an IOCTL of the socket now, and no option: the request type is another one", "Build the driver again.";
    OperationRequestChanged: "operation-request-changed", Runtime, "the request type is another one, or is not said", "Build the driver again.";
    OperationLevelChanged: "operation-level-changed", Runtime, "another level is passed with the option: the provider would take the code for another option", "Build the driver again.";
    OperationCodeChanged: "operation-code-changed", Runtime, "another control code is passed", "Build the driver again.";
    OperationClientStateChanged: "operation-client-state-changed", Runtime, "the client must be in another state", "Call it when the client is in that state.";
    IrpRequired: "irp-required", Source, "an IRP is required: each call may be pending, and its outcome comes with the IRP", "Give each call an IRP, and wait for its completion.";
    IrpOptional: "irp-optional", Source, "an IRP is optional: the method takes one or none", "Say in each call whether there is an IRP; without one the outcome is what the call returns.";
    IrpForbidden: "irp-forbidden", Source, "an IRP is forbidden: the call is finished when it returns", "Leave the IRP out, and take the outcome from what the call returns.";
    OperationInputChanged: "operation-input-changed", Source, "what is passed to the operation has another type", "Pass a value of the new type.";
    OperationOutputChanged: "operation-output-changed", Source, "what the operation gives back has another type", "Take a value of the new type.";
    OperationSizeChanged: "operation-size-changed", Source, "whether the size of the output is given back has changed", "Take what comes back by its new type.";
    OperationFlagsChanged: "operation-flags-changed", Source, "the operation takes flags of another table, or joins them otherwise", "Pass flags of the type that the compiler names.";
    ControlOfClients: "control-of-clients", Source, "it is a control code of clients now, and not of sockets: the method is one of the client", "Call it on the client.";
    ControlOfSockets: "control-of-sockets", Source, "it is a control code of sockets now, and not of clients: the method is one of the socket", "Call it on a socket.";
    FunctionChanged: "function-changed", Source, "it is passed to another function", "Use the method of that function.";
    TableChanged: "table-changed", Source, "whose table it is, and of which sockets, decides which types have its functions", "Follow the errors of the compiler.";
    AliasAdded: "alias-added", Compatible, "it has one name more", "Nothing to do.";
    AliasRemoved: "alias-removed", Source, "a driver that uses this name does not compile", "Use another name of the type.";
    MemberAdded: "member-added", Compatible, "a table of the provider's has a member more, which drivers only read", "Nothing to do.";
    MemberInserted: "member-inserted", Runtime, "a table of the provider's has a member more, before others: drivers that were built before call the wrong functions", "Build the driver again, and ship it with the Windows versions that have the new table.";
    MemberPlaceUnknown: "member-place-unknown", Runtime, "a table of the provider's has a member more, and the page has no definition: if it stands before others, drivers that were built before call the wrong functions", "Look the table up in the header; build the driver again if other members moved.";
    FieldAdded: "field-added", Source, "a driver that writes the structure out has to name one field more", "Name the field.";
    FieldRemoved: "field-removed", Source, "a driver that names the field does not compile", "Do not use the field.";
    FieldReplaced: "field-replaced", Source, "the field at this place has another name and another type", "Use the new name and the new type, and check that the field still means the same.";
    FieldTypeChanged: "field-type-changed", Source, "a field has another type", "Use the new type.";
    UnionChanged: "union-changed", Runtime, "whether its fields share their memory has changed: drivers that were built before read and write elsewhere", "Build the driver again, and check that no field is read that another was written over.";
    LayoutMoved: "layout-moved", Runtime, "layout moved: drivers that were built before read and write elsewhere", "Build the driver again, and ship it with the Windows versions that have the new layout.";
    FieldLinkChanged: "field-link-changed", Source, "the pointer and its length are one slice, or are not any more", "Pass what the compiler asks for.";
    TableGrown: "table-grown", Compatible, "a table of the provider's, which drivers only read, has grown", "Nothing to do.";
    TableShrunk: "table-shrunk", Runtime, "a table of the provider's has become smaller: drivers that were built before read behind its end", "Build the driver again, and check the version before a later member is used.";
    SizeChanged: "size-changed", Runtime, "layout: it takes other room than before", "Build the driver again.";
    VariantAdded: "variant-added", Compatible, "a value is new; nothing used it before", "Nothing to do.";
    VariantInserted: "variant-inserted", Runtime, "a value stands before others that the page gives no numbers: each of those has the next number now", "Build the driver again.";
    VariantsSwapped: "variants-swapped", Runtime, "values that the page gives no numbers have changed places, and their numbers with them", "Build the driver again.";
    VariantRenamed: "variant-renamed", Source, "renamed: a driver that names the value does not compile", "Use the new name.";
    VariantRemoved: "variant-removed", Source, "a driver that names it does not compile", "Do not use it.";
    VariantValueChanged: "variant-value-changed", Runtime, "the name stands for another number", "Build the driver again.";
    NumberChanged: "number-changed", Runtime, "the name stands for another value", "Build the driver again.";
    SourceCrateChanged: "source-crate-changed", Compatible, "another crate supplies it, with the same value", "Nothing to do.";
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

    /// The kind of change whose name is nearest to a word, if one is near.
    #[must_use]
    pub fn near(word: &str) -> Option<Self> {
        crate::source::nearest(word, Self::ALL.iter().map(|r| r.id()), 1).first().and_then(|id| Self::from_id(id))
    }

    /// The page that explains it, for `wsk-codegen explain irql-tightened`. `here` is what the project decided of it.
    #[must_use]
    pub fn page(self, here: Option<&Reclassified>) -> String {
        let class = here.map_or(self.class(), |here| here.class);
        let decided = here.map_or_else(String::new, |here| {
            let own = self.class();
            format!("\n              by {CLASSES}: {}\n              without it {} ({})", here.reason, own.as_str(), own.words())
        });
        format!(
            "{id} — a kind of change that `diff` and `sync` report\n\n  {reason}.\n\n\
             Class         {class} ({words}){decided}\n\
             Version bump  {bump}: the least by which the version of the generated crate is raised\n\
             To do         {action}\n\n\
             Another class for your project: an entry in `change-classes.yaml` beside spec-data,\n\n  \
             - change: {id}\n    class: {example}\n    reason: why it is so for your drivers\n\n\
             A single change that was looked at: an entry in `accepted-changes.yaml` beside spec-data. It is no finding any\n\
             more, and is still shown, with the reason, and still raises the version.\n",
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

/// All kinds of changes, worst first, each with its class, its bump and why, for `wsk-codegen explain --list`. `here` is what the project
/// decided of them.
#[must_use]
pub fn list(here: &[Reclassified]) -> String {
    let decided = |rule: Rule| here.iter().find(|h| h.rule == rule);
    let class_of = |rule: Rule| decided(rule).map_or(rule.class(), |h| h.class);
    let width = Rule::ALL.iter().map(|r| r.id().len()).max().unwrap_or_default();
    let mut out = format!("{:width$}  {:13}  {:5}  Why\n", "Change", "Class", "Bump");
    for class in Class::ALL.into_iter().rev() {
        for rule in Rule::ALL.iter().filter(|r| class_of(**r) == class) {
            let (id, class, bump) = (rule.id(), class.as_str(), class.bump().as_str());
            let by = decided(*rule).map_or_else(String::new, |h| {
                format!(" (here by {CLASSES}: {}; without it {})", h.reason, rule.class().as_str())
            });
            out += &format!("{id:width$}  {class:13}  {bump:5}  {}{by}\n", rule.reason());
        }
    }
    out + "\n`wsk-codegen explain CHANGE` says what is to be done, and how to give a kind another class.\n"
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
    fn the_list_has_each_kind_once_worst_first() {
        let list = list(&[]);
        let ids: Vec<&str> = list.lines().skip(1).take_while(|l| !l.is_empty()).filter_map(|l| l.split(' ').next()).collect();
        assert_eq!(ids.len(), Rule::ALL.len());
        let classes: Vec<Class> = ids.iter().map(|id| Rule::from_id(id).expect("a kind").class()).collect();
        assert!(classes.is_sorted_by(|a, b| a >= b), "{classes:?}");
        assert_eq!(Rule::near("irql-tightend"), Some(Rule::IrqlTightened));
        assert_eq!(Rule::near("zzz"), None);
    }

    #[test]
    fn each_kind_of_change_has_a_name_a_reason_and_a_mend() {
        let ids: BTreeSet<&str> = Rule::ALL.iter().map(|r| r.id()).collect();
        assert_eq!(ids.len(), Rule::ALL.len());
        for rule in Rule::ALL {
            assert!(rule.id().chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", rule.id());
            assert!(!rule.reason().ends_with('.') && rule.action().ends_with('.'), "{}", rule.id());
            assert_eq!(Rule::from_id(rule.id()), Some(*rule));
            // What breaks drivers gives their authors something to do.
            assert!(!rule.class().is_breaking() || rule.action() != "Nothing to do.", "{}", rule.id());
            assert!(rule.page(None).contains(rule.action()));
        }
    }
}
