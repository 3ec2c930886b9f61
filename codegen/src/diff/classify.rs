//! What kind of change it is when a fact is another one. The only place that decides.
//!
//! The question is always: what becomes of a driver that was written, or built, before? It may not compile any more, it may compile and
//! do something else, or nothing may happen to it.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::rules::Rule;
use crate::facts::{FactKind, FactPath, Item, ItemKind, LevelRange};

/// A whole item that is new or gone.
pub(super) fn whole(kind: ItemKind, is_new: bool) -> Rule {
    match (kind, is_new) {
        (ItemKind::Erratum, true) => Rule::ErratumAdded,
        (ItemKind::Erratum, false) => Rule::ErratumRemoved,
        (ItemKind::Version, true) => Rule::VersionAdded,
        (ItemKind::Version, false) => Rule::VersionRemoved,
        (_, true) => Rule::ItemAdded,
        (_, false) => Rule::ItemRemoved,
    }
}

/// A fact that only one of two pages says.
pub(super) fn silence(path: &FactPath, is_said_now: bool) -> Rule {
    match (path.kind(), is_said_now) {
        (FactKind::Types, true) => Rule::TypesStated,
        (FactKind::Types, false) => Rule::TypesSilent,
        (_, true) => Rule::FactStated,
        (_, false) => Rule::FactSilent,
    }
}

/// A fact that changed, with what it belongs to.
pub(super) struct Question<'a> {
    pub(super) kind: ItemKind,
    pub(super) path: &'a FactPath,
    pub(super) before: Option<&'a str>,
    pub(super) after: Option<&'a str>,
    pub(super) was: &'a Item,
    pub(super) is: &'a Item,
    pub(super) uses: &'a Uses<'a>,
}

/// For what the parameters of an item are used: whether types are named after them. Looked up once an item, and only where it matters.
pub(super) struct Uses<'a> {
    item: &'a Item,
    found: OnceCell<(HashSet<&'a str>, HashSet<&'a str>)>,
    variants: OnceCell<(HashMap<&'a str, usize>, Option<usize>)>,
}

impl<'a> Uses<'a> {
    pub(super) fn of(item: &'a Item) -> Self {
        Self { item, found: OnceCell::new(), variants: OnceCell::new() }
    }

    /// The parameters that take constants, and those that are the length of another.
    fn get(&self) -> &(HashSet<&'a str>, HashSet<&'a str>) {
        self.found.get_or_init(|| {
            let paths = || self.item.facts().map(|(path, _)| path);
            let values = paths().filter(|p| matches!(p.kind(), FactKind::Values | FactKind::Constant)).map(FactPath::of);
            let links = paths().filter(|p| p.kind() == FactKind::ParamLink);
            (values.collect(), links.filter_map(|p| p.name().strip_prefix("bytes in ")).collect())
        })
    }

    /// Whether an enumerator stands before others that were there already and have no numbers of their own.
    fn shifts(&self, was: &Item, name: &str) -> bool {
        let (places, last) = self.variants.get_or_init(|| {
            let names = || self.item.names(FactKind::Variant);
            let is_shifted = |name: &str| {
                was.has(&FactPath::new(FactKind::Variant, &[name])) && self.item.value(FactKind::VariantValue, &[name]).is_none()
            };
            let last = names().enumerate().filter(|(_, name)| is_shifted(name)).map(|(at, _)| at).last();
            (names().enumerate().map(|(at, name)| (name, at)).collect(), last)
        });
        places.get(name).zip(last.as_ref()).is_some_and(|(at, last)| at < last)
    }
}

impl Question<'_> {
    /// The kind of the change; `None` for what other changes say already.
    pub(super) fn answer(&self) -> Option<Rule> {
        if self.path.kind().is_prose() {
            return Some(Rule::ProseChanged);
        }
        if self.kind == ItemKind::Erratum {
            return Some(Rule::ErratumChanged);
        }
        Some(match self.path.kind() {
            FactKind::Name => Rule::NameChanged,
            FactKind::Upstream => Rule::ProseChanged,
            FactKind::Header => Rule::HeaderChanged,
            FactKind::Since | FactKind::FieldSince => self.one_of(Rule::SinceAdded, Rule::SinceRemoved, Rule::SinceChanged),
            FactKind::Kind => Rule::KindChanged,
            FactKind::IrqlText => Rule::LevelWordsChanged,
            FactKind::Typedef => Rule::TypedefChanged,
            FactKind::Library => Rule::LibraryChanged,
            FactKind::Undoes => Rule::UndoesChanged,
            FactKind::Params => self.both(Rule::ParametersSwapped, Rule::ParameterListChanged),
            FactKind::Param => self.param(),
            FactKind::ParamName => self.renamed(),
            FactKind::FieldName => Rule::FieldRenamed,
            FactKind::ParamType => Rule::ParameterTypeChanged,
            FactKind::ParamDirection => Rule::DirectionChanged,
            FactKind::ParamReserved if self.after == Some("true") => Rule::ParameterReserved,
            FactKind::ParamReserved => Rule::ParameterNotReserved,
            FactKind::ParamOptional if self.after == Some("true") => Rule::NullAllowed,
            FactKind::ParamOptional => Rule::NullForbidden,
            FactKind::ParamMemory => self.memory(),
            FactKind::ParamEffect => self.effect(),
            FactKind::ParamLink => Rule::ParameterLinkChanged,
            FactKind::Values => self.one_of(Rule::ValuesAdded, Rule::ValuesRemoved, Rule::ValuesCombineChanged),
            FactKind::Constant => self.constant(),
            FactKind::ConstantExcludes => Rule::ExclusionChanged,
            FactKind::ConstantLevel => Rule::FlagLevelChanged,
            FactKind::ConstantCallback => Rule::FlagCallbackChanged,
            // Of a table that is new or gone the table itself is told.
            FactKind::ValuesOpen if self.before.is_none() || self.after.is_none() => return None,
            FactKind::ValuesOpen if self.after == Some("true") => Rule::OtherValuesAllowed,
            FactKind::ValuesOpen => Rule::OtherValuesForbidden,
            FactKind::ReturnType => Rule::ReturnTypeChanged,
            FactKind::Variants => self.both(Rule::VariantsSwapped, Rule::ListChanged),
            FactKind::Codes => Rule::ListChanged,
            FactKind::Code => self.code(),
            // What a page does not say is generated as open.
            FactKind::Open if self.after == Some("false") => Rule::SetClosed,
            FactKind::Open if self.before == Some("false") => Rule::SetOpened,
            FactKind::Open => self.one_of(Rule::FactStated, Rule::FactSilent, Rule::FactStated),
            FactKind::IrqlCase => self.irql(),
            FactKind::Operation
            | FactKind::OperationCode
            | FactKind::OperationRequest
            | FactKind::OperationLevel
            | FactKind::OperationInput
            | FactKind::OperationOutput
            | FactKind::OperationSizeReturned
            | FactKind::OperationFlags
            | FactKind::OperationIrp
            | FactKind::OperationSocket
            | FactKind::OperationClientState
            | FactKind::OperationIrql => self.operation(),
            _ => return self.of_data(),
        })
    }

    fn is_new(&self) -> bool {
        self.before.is_none()
    }

    fn is_callback(&self) -> bool {
        self.kind == ItemKind::Callback
    }

    /// Whether a thing is new, gone or another.
    fn one_of(&self, new: Rule, gone: Rule, other: Rule) -> Rule {
        match (self.before, self.after) {
            (None, _) => new,
            (_, None) => gone,
            _ => other,
        }
    }

    fn both(&self, both: Rule, one: Rule) -> Rule {
        if self.before.is_some() && self.after.is_some() { both } else { one }
    }

    fn param(&self) -> Rule {
        match (self.is_callback(), self.is_new()) {
            (true, true) => Rule::CallbackParameterAdded,
            (true, false) => Rule::CallbackParameterRemoved,
            (false, true) => Rule::ParameterAdded,
            (false, false) => Rule::ParameterRemoved,
        }
    }

    /// A parameter that has another name at the same place.
    fn renamed(&self) -> Rule {
        let name = self.path.of();
        let goes_in = self.is.value(FactKind::ParamDirection, &[name]) == Some("in")
            || self.is.value(FactKind::ParamReserved, &[name]) == Some("true");
        let (values, lengths) = self.uses.get();
        let (has_values, is_length) = (values.contains(name), lengths.contains(name));
        match self.kind {
            ItemKind::Callback => Rule::CallbackParameterRenamed,
            _ if has_values => Rule::ValuesParameterRenamed,
            _ if is_length => Rule::LengthParameterRenamed,
            _ if !goes_in => Rule::OutputParameterRenamed,
            _ => Rule::InputParameterRenamed,
        }
    }

    fn memory(&self) -> Rule {
        // Rules that only say where memory is and how long it lives are for the caller to keep; the others make types.
        let is_demand = |rule: &str| ["non-paged", "until completion", "until close", "until deregistration"].contains(&rule);
        let rules = [self.before, self.after];
        let all_are = |is: &dyn Fn(&str) -> bool| rules.iter().flatten().all(|rule| is(rule));
        if all_are(&is_demand) {
            return self.one_of(Rule::MemoryDemandAdded, Rule::MemoryDemandRemoved, Rule::MemoryRuleChanged);
        }
        if all_are(&|rule| is_demand(rule) || rule == "during the call") {
            return Rule::CallbackLifetimeChanged;
        }
        Rule::ParameterFormChanged
    }

    /// What a call demands of a socket, does to it, or makes of an IRP.
    fn effect(&self) -> Rule {
        let effects = [self.before, self.after];
        let all_begin = |word: &str| effects.iter().flatten().all(|effect| effect.starts_with(word));
        if all_begin("state: ") {
            Rule::SocketStateChanged
        } else if all_begin("becomes: ") {
            Rule::SocketBecomesChanged
        } else if all_begin("information: ") {
            Rule::IrpInformationChanged
        } else if effects.iter().flatten().all(|effect| effect.ends_with(" socket") && !effect.contains(": ")) {
            Rule::SocketKindChanged
        } else {
            Rule::ParameterFormChanged
        }
    }

    fn constant(&self) -> Rule {
        let is_flag = self.is.value(FactKind::Values, &[self.path.of()]) == Some("flags");
        match (self.is_new(), is_flag) {
            (true, true) => Rule::FlagAdded,
            (true, false) => Rule::ValueAdded,
            (false, _) => Rule::ValueRemoved,
        }
    }

    fn code(&self) -> Rule {
        // A set that is not said to be closed is open.
        let is_open = |item: &Item| item.value(FactKind::Open, &[]) != Some("false");
        match (self.is_callback(), self.is_new()) {
            (true, true) => Rule::AnswerAdded,
            (true, false) => Rule::AnswerRemoved,
            (false, true) if is_open(self.was) => Rule::CodeNamed,
            (false, true) => Rule::CodeAdded,
            (false, false) if is_open(self.is) => Rule::CodeUnnamed,
            (false, false) => Rule::CodeRemoved,
        }
    }

    fn irql(&self) -> Rule {
        let range = |text: Option<&str>| text.and_then(LevelRange::parse);
        // A condition that is new or gone splits or joins cases: the level that held for such calls before is compared.
        let fallback = |item: &Item| {
            let case = |when: &str| item.value(FactKind::IrqlCase, &[when]);
            case("otherwise").or(case("always")).and_then(LevelRange::parse)
        };
        let (before, after) =
            (range(self.before).or_else(|| fallback(self.was)), range(self.after).or_else(|| fallback(self.is)));
        let same_row = self.before.is_some() && self.after.is_some();
        let when = self.path.of();
        match (before, after) {
            (Some(before), Some(after)) if self.is_callback() && before != after => {
                if after.max > before.max {
                    Rule::CallbackLevelRaised
                } else {
                    Rule::CallbackLevelLowered
                }
            }
            (Some(before), Some(after)) if after.max < before.max => Rule::IrqlTightened,
            // A level that was allowed is not any more, whatever is allowed above.
            (Some(before), Some(after)) if after.lowest() > before.lowest() => Rule::IrqlMinimumChanged,
            (Some(before), Some(after)) if before != after && same_row => Rule::IrqlLoosened,
            (Some(before), Some(after)) if before.min != after.min => Rule::IrqlMinimumChanged,
            _ if when == "always" || when == "otherwise" => Rule::IrqlConditionChanged,
            _ if self.is_new() => Rule::IrqlCaseAdded,
            _ => Rule::IrqlCaseRemoved,
        }
    }

    fn operation(&self) -> Rule {
        match self.path.kind() {
            FactKind::Operation => self.one_of(Rule::OperationAdded, Rule::OperationRemoved, Rule::FactChanged),
            FactKind::OperationSocket => {
                self.one_of(Rule::OperationSocketsAdded, Rule::OperationSocketsRemoved, Rule::OperationStateChanged)
            }
            FactKind::OperationCode => Rule::OperationCodeChanged,
            FactKind::OperationRequest => match self.after {
                Some("WskSetOption") => Rule::OperationSetsOption,
                Some("WskGetOption") => Rule::OperationGetsOption,
                Some("WskIoctl") => Rule::OperationIsIoctl,
                _ => Rule::OperationRequestChanged,
            },
            FactKind::OperationLevel => Rule::OperationLevelChanged,
            FactKind::OperationInput => Rule::OperationInputChanged,
            FactKind::OperationOutput => Rule::OperationOutputChanged,
            FactKind::OperationSizeReturned => Rule::OperationSizeChanged,
            FactKind::OperationFlags => Rule::OperationFlagsChanged,
            FactKind::OperationIrp => match self.after {
                Some("required") => Rule::IrpRequired,
                Some("optional") => Rule::IrpOptional,
                Some("forbidden") => Rule::IrpForbidden,
                _ => Rule::FactChanged,
            },
            FactKind::OperationClientState => Rule::OperationClientStateChanged,
            FactKind::OperationIrql => {
                let level = |text: Option<&str>| text.and_then(LevelRange::parse).map(|r| r.max);
                if level(self.after) > level(self.before) { Rule::IrqlLoosened } else { Rule::IrqlTightened }
            }
            _ => Rule::FactChanged,
        }
    }

    /// Structures, enumerations and tables.
    fn of_data(&self) -> Option<Rule> {
        let knows_layout = |item: &Item| item.has(&FactPath::new(FactKind::Size, &[]));
        let is_known = knows_layout(self.was) && knows_layout(self.is);
        Some(match self.path.kind() {
            FactKind::Dispatch | FactKind::Socket | FactKind::Category => Rule::TableChanged,
            FactKind::Alias => self.one_of(Rule::AliasAdded, Rule::AliasRemoved, Rule::AliasRemoved),
            FactKind::Fields => self.both(Rule::FieldsSwapped, Rule::ListChanged),
            FactKind::Field if self.before.is_some() && self.after.is_some() => Rule::FieldReplaced,
            FactKind::Field => match (self.is_new(), self.is_provider()) {
                (true, true) => Rule::MemberAdded,
                (true, false) => Rule::FieldAdded,
                (false, _) => Rule::FieldRemoved,
            },
            FactKind::Union => Rule::UnionChanged,
            FactKind::FieldType | FactKind::FieldKind => Rule::FieldTypeChanged,
            FactKind::FieldConstant => self.one_of(Rule::ValueAdded, Rule::ValueRemoved, Rule::ValueRemoved),
            // Where the layout of one side is not known nothing has moved; that it is not known is told once.
            FactKind::FieldOffset | FactKind::Alignment if !is_known => return None,
            FactKind::Size if !is_known => self.one_of(Rule::FactStated, Rule::LayoutUnknown, Rule::SizeChanged),
            FactKind::FieldOffset => Rule::LayoutMoved,
            FactKind::FieldBytesIn => Rule::FieldLinkChanged,
            FactKind::Size | FactKind::Alignment if self.is_provider() => {
                let bytes = |text: Option<&str>| text.and_then(|t| t.split(' ').next()?.parse::<u64>().ok());
                if bytes(self.after) < bytes(self.before) { Rule::TableShrunk } else { Rule::TableGrown }
            }
            FactKind::Size | FactKind::Alignment => Rule::SizeChanged,
            FactKind::Variant if self.is_new() && self.uses.shifts(self.was, self.path.of()) => Rule::VariantInserted,
            FactKind::Variant => self.one_of(Rule::VariantAdded, Rule::VariantRemoved, Rule::VariantRenamed),
            FactKind::VariantValue => Rule::VariantValueChanged,
            FactKind::Function => match self.after {
                Some("WskControlClient") => Rule::ControlOfClients,
                Some("WskControlSocket") => Rule::ControlOfSockets,
                _ => Rule::FunctionChanged,
            },
            FactKind::Build => Rule::BuildChanged,
            FactKind::WdkSys => Rule::WdkTypeChanged,
            FactKind::Layout => Rule::SizeChanged,
            FactKind::Value => Rule::NumberChanged,
            FactKind::From => Rule::SourceCrateChanged,
            FactKind::Is if self.kind == ItemKind::Type => Rule::ForeignTypeChanged,
            _ => Rule::FactChanged,
        })
    }

    fn is_provider(&self) -> bool {
        self.is.value(FactKind::Dispatch, &[]) == Some("provider")
    }
}
