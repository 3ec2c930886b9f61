//! What a change of a fact means for drivers. The only place that says so.
//!
//! The question is always: what becomes of a driver that was written, or built, before? It may not compile any more, it may compile and
//! do something else, or nothing may happen to it.

use serde::Serialize;

use super::facts::{Item, ItemKind};
use crate::facts::LevelRange;

/// What a change means, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Only words changed.
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
}

type Answer = (Class, String);

fn because(class: Class, reason: impl Into<String>) -> Answer {
    (class, reason.into())
}

/// A whole item that is new or gone.
pub(super) fn whole(kind: ItemKind, is_new: bool) -> Answer {
    let word = kind.as_str();
    match (kind, is_new) {
        (ItemKind::Erratum, true) => {
            because(Class::Documentation, "a fact of upstream's is corrected; what it corrects is listed itself")
        }
        (ItemKind::Erratum, false) => because(Class::Documentation, "upstream is no longer corrected here"),
        (ItemKind::Version, true) => because(Class::Compatible, "a version of Windows is known"),
        (ItemKind::Version, false) => because(Class::Source, "members that came with this version cannot be placed any more"),
        (_, true) => because(Class::Compatible, format!("a {word} is new; nothing used it before")),
        (_, false) => because(Class::Source, format!("a driver that uses this {word} does not compile")),
    }
}

/// A fact that only one of two pages says.
pub(super) fn silence(is_said_now: bool) -> Answer {
    let reason = if is_said_now {
        "the page says it now, and did not before; whether it was so before is not known"
    } else {
        "the page does not say it any more; that is no other fact, but it takes an erratum to keep it"
    };
    because(Class::Documentation, reason)
}

/// A parameter or field that has another name at the same place.
pub(super) fn renamed(kind: ItemKind, is: &Item, path: &[String]) -> Answer {
    let [list, name] = path else { return because(Class::Source, "renamed") };
    let goes_in = is.value(&[list, name, "direction"]).is_some_and(|d| d == "in" || d == "reserved")
        || is.value(&[list, name, "reserved"]) == Some("yes");
    let has_values = is.facts.iter().any(|f| matches!(f.path.as_slice(), [first, of, ..] if first == "values" && of == name));
    let is_length = is.facts.iter().any(|f| match f.path.as_slice() {
        [first, _, what, rule] if first == "params" && what == "memory" => rule.strip_prefix("bytes in ") == Some(name),
        _ => false,
    });
    match (list.as_str(), kind) {
        ("fields", _) => because(Class::Source, "renamed: a driver that names the field does not compile"),
        (_, ItemKind::Callback) => because(Class::Source, "renamed: what the callback is given has a field of that name"),
        _ if has_values => because(Class::Source, "renamed: the type of what is passed is named after it"),
        _ if is_length => because(Class::Compatible, "renamed: it is passed as the length of another, and not by itself"),
        _ if !goes_in => because(Class::Source, "renamed: what comes back may be named after it"),
        _ => because(Class::Compatible, "renamed: calls pass it by its place"),
    }
}

/// A fact that changed, with what it belongs to.
pub(super) struct Question<'a> {
    pub(super) kind: ItemKind,
    pub(super) path: &'a [String],
    pub(super) before: Option<&'a str>,
    pub(super) after: Option<&'a str>,
    pub(super) was: &'a Item,
    pub(super) is: &'a Item,
}

impl Question<'_> {
    /// The class of the change and the reason; `None` for what other changes say already.
    pub(super) fn answer(&self) -> Option<Answer> {
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        Some(match path.as_slice() {
            [.., "meaning" | "reason" | "evidence"] | ["summary" | "upstream"] | ["notes", _] => {
                because(Class::Documentation, "words for people; no fact depends on them")
            }
            ["name"] => because(Class::Source, "its types and methods are named after it"),
            ["header"] => because(Class::Documentation, "another header declares it, which Rust does not see"),
            ["since"] => self.since(),
            ["kind"] => because(Class::Source, "what drivers called they supply now, or the other way round"),
            ["levels"] => because(Class::Documentation, "the words for the level, which are not understood, are others"),
            ["typedef"] => because(Class::Source, "the function-pointer type has another name"),
            ["library"] => because(Class::Runtime, "it is imported from another image"),
            ["undoes", _] => {
                because(Class::Source, "what gives back what decides on which type it is a method, and what its drop does")
            }
            ["params"] => return self.order("parameters are swapped: arguments of the same type would change places unnoticed"),
            ["fields"] => return self.order("fields are swapped: drivers that were built before read and write elsewhere"),
            // Its type, direction and so on are facts of their own.
            ["params" | "fields", _] if self.before.is_some() && self.after.is_some() => return None,
            ["params", _] => self.param(),
            ["params", _, fact] => self.of_param(fact),
            ["params", _, "memory", rule] => self.memory(rule),
            ["values", _] => self.table(),
            ["values", of, constant] => self.value(of, constant),
            ["values", _, _, fact] => self.of_value(fact),
            ["returns"] => because(Class::Source, "it returns another type"),
            ["codes", code] => self.code(code),
            ["irql", when] => self.irql(when),
            ["operations", ..] => self.operation(&path),
            _ => self.of_data(&path),
        })
    }

    fn is_new(&self) -> bool {
        self.before.is_none()
    }

    fn is_callback(&self) -> bool {
        self.kind == ItemKind::Callback
    }

    /// Another value of a fact that is there on both sides.
    fn step(&self) -> String {
        format!("{} → {}", self.before.unwrap_or("nothing"), self.after.unwrap_or("nothing"))
    }

    fn since(&self) -> Answer {
        match (self.before, self.after) {
            (Some(_), Some(_)) => because(Class::Runtime, "which versions of Windows have it decides where it can be called"),
            (None, _) => because(Class::Runtime, "older versions of Windows do not have it, which a call now finds out first"),
            (_, None) => because(Class::Source, "every version has it: what could fail before is called without a result now"),
        }
    }

    /// The order of parameters or fields, where those that were there before stand in another.
    fn order(&self, reason: &str) -> Option<Answer> {
        let list = |text: Option<&str>| -> Vec<String> { text.unwrap_or_default().split(", ").map(str::to_owned).collect() };
        let (before, after) = (list(self.before), list(self.after));
        let common =
            |of: &[String], other: &[String]| -> Vec<String> { of.iter().filter(|p| other.contains(p)).cloned().collect() };
        // Parameters that are new or gone are changes of their own.
        (common(&before, &after) != common(&after, &before)).then(|| because(Class::Source, reason))
    }

    fn param(&self) -> Answer {
        match (self.before, self.after) {
            (None, _) if self.is_callback() => because(Class::Source, "the body of the callback is given a parameter more"),
            (_, None) if self.is_callback() => because(Class::Source, "the body of the callback is given a parameter less"),
            (None, _) => because(Class::Source, "a call has to pass a parameter more"),
            _ => because(Class::Source, "a call has to pass a parameter less"),
        }
    }

    fn of_param(&self, fact: &str) -> Answer {
        match fact {
            "type" => because(Class::Source, "a parameter has another type"),
            "direction" if self.before == Some("reserved") => {
                because(Class::Source, "a reserved parameter is one that must be passed now")
            }
            "direction" if self.after == Some("reserved") => {
                because(Class::Source, "the parameter is reserved, and not passed any more")
            }
            "direction" => {
                because(Class::Source, "what is read and what is written decides between shared and exclusive references")
            }
            "reserved" if self.after == Some("yes") => {
                because(Class::Source, "the parameter is reserved, and not passed any more")
            }
            "reserved" => because(Class::Source, "a reserved parameter is one that must be passed now"),
            "optional" if self.after == Some("yes") => {
                because(Class::Source, "null is allowed: the parameter is an `Option` now")
            }
            "optional" => because(Class::Source, "null is not allowed any more: the parameter is no `Option` now"),
            _ => because(Class::Source, self.step()),
        }
    }

    fn memory(&self, rule: &str) -> Answer {
        // Rules that only say how long memory must live are for the caller to keep; the others make types.
        let lifetime = ["non-paged", "until completion", "until close", "until deregistration"].contains(&rule);
        match (lifetime, self.is_new()) {
            (true, true) => because(Class::Runtime, "what was passed must live longer, or elsewhere, than drivers were told"),
            (true, false) => because(Class::Compatible, "less is demanded of the memory that is passed"),
            _ if rule == "during the call" => because(Class::Runtime, "how long a callback may look at it has changed"),
            _ => because(Class::Source, "the parameter has another form in Rust"),
        }
    }

    fn table(&self) -> Answer {
        match (self.before, self.after) {
            (None, _) => because(Class::Source, "the parameter takes a type of its own instead of a number"),
            (_, None) => because(Class::Source, "the parameter takes a number instead of a type of its own"),
            _ => because(Class::Source, "flags are joined, values are not: the parameter has another type"),
        }
    }

    fn value(&self, of: &str, constant: &str) -> Answer {
        let is_flag = self.is.value(&["values", of]) == Some("flags");
        match (is_flag, self.is_new()) {
            (true, true) => because(Class::Compatible, "a flag is new; nothing used it before"),
            (_, true) if constant == "…" => because(Class::Compatible, "other values may be passed, too"),
            (false, true) => because(Class::Compatible, "a value is new; nothing used it before"),
            (_, false) if constant == "…" => because(Class::Source, "other values may not be passed any more"),
            (_, false) => because(Class::Source, "a driver that names it does not compile"),
        }
    }

    fn of_value(&self, fact: &str) -> Answer {
        match fact {
            "excludes" => because(Class::Source, "flags that exclude each other have a type that cannot join them"),
            "level" => because(Class::Runtime, "what a callback learns of its level, and what is asserted, has changed"),
            _ => because(Class::Runtime, "the flag stands for another callback, whose slot must be filled"),
        }
    }

    fn code(&self, code: &str) -> Answer {
        let open = self.was.value(&["codes", "…"]).is_some();
        match (self.is_callback(), code, self.is_new()) {
            (_, "…", _) if open && self.is.value(&["codes", "…"]).is_some() => because(
                Class::Documentation,
                "whether other codes come is said otherwise; what is generated is open before and after",
            ),
            (_, "…", true) => {
                because(Class::Source, "other codes may come: the set is open now, and a `match` needs a branch for them")
            }
            (_, "…", false) => {
                because(Class::Source, "no other codes come: the set is closed now, and what is unknown is an error")
            }
            (true, _, true) => because(Class::Compatible, "the callback may answer one status more"),
            (true, _, false) => because(Class::Source, "the callback must not answer this any more, and cannot name it"),
            (false, _, true) if open => because(
                Class::Source,
                "a code has a variant of its own that came as `Other` before: a `match` needs a branch for it",
            ),
            (false, _, true) => because(Class::Source, "a code more in a closed set: a `match` needs a branch for it"),
            (false, _, false) if self.is.value(&["codes", "…"]).is_some() => {
                because(Class::Source, "the variant is gone; the code comes as `Other`, if at all")
            }
            (false, _, false) => because(Class::Source, "the variant is gone, and the code is an error, if it comes"),
        }
    }

    fn irql(&self, when: &str) -> Answer {
        let range = |text: Option<&str>| text.and_then(LevelRange::parse);
        // A condition that is new or gone splits or joins cases: the level that held for such calls before is compared.
        let fallback =
            |item: &Item| item.value(&["irql", "otherwise"]).or(item.value(&["irql", "always"])).and_then(LevelRange::parse);
        let (before, after) =
            (range(self.before).or_else(|| fallback(self.was)), range(self.after).or_else(|| fallback(self.is)));
        let same_row = self.before.is_some() && self.after.is_some();
        match (before, after) {
            (Some(before), Some(after)) if self.is_callback() && before != after => because(
                Class::Source,
                if after.max > before.max {
                    "the callback may come at a higher level than drivers were told: a token for the old one does not compile"
                } else {
                    "the callback comes at lower levels only: a body that asks for a token is given one of another level"
                },
            ),
            (Some(before), Some(after)) if after.max < before.max => {
                because(Class::Source, "tightened: a call at a level that was allowed does not compile any more")
            }
            (Some(before), Some(after)) if after.max > before.max && same_row => {
                because(Class::Compatible, "loosened: it may be called at more levels than before")
            }
            (Some(before), Some(after)) if before.min != after.min => {
                because(Class::Source, "the lowest level at which it may be called has changed")
            }
            _ if when == "always" || when == "otherwise" => {
                because(Class::Source, "the level depends on other arguments than before: there are other wrappers")
            }
            _ if self.is_new() => because(Class::Source, "a case of its own: such calls have a wrapper of their own"),
            _ => because(Class::Source, "the case is gone, and with it the wrapper for such calls"),
        }
    }

    fn operation(&self, path: &[&str]) -> Answer {
        match path {
            [_, _] if self.is_new() => because(Class::Compatible, "an operation is new; nothing used it before"),
            [_, _] => because(Class::Source, "a driver that uses the operation does not compile"),
            [_, _, "sockets", _] => match (self.before, self.after) {
                (None, _) => because(Class::Compatible, "more kinds of sockets have the operation"),
                (_, None) => because(Class::Source, "these sockets do not have the operation any more"),
                _ => because(Class::Runtime, "the socket must be in another state"),
            },
            [_, _, "request type" | "level"] => because(Class::Runtime, "another argument is passed for it"),
            [_, _, "client state"] => because(Class::Runtime, "the client must be in another state"),
            [_, _, "IRQL"] => {
                let level = |text: Option<&str>| text.and_then(LevelRange::parse).map(|r| r.max);
                if level(self.after) > level(self.before) {
                    because(Class::Compatible, "loosened: it may be called at more levels than before")
                } else {
                    because(Class::Source, "tightened: a call at a level that was allowed does not compile any more")
                }
            }
            _ => because(Class::Source, "the method has other parameters, or another result"),
        }
    }

    /// Structures, enumerations and tables.
    fn of_data(&self, path: &[&str]) -> Answer {
        match (self.kind, path) {
            (ItemKind::Struct, ["dispatch" | "socket" | "category"]) => {
                because(Class::Source, "whose table it is, and of which sockets, decides which types have its functions")
            }
            (_, ["names", _]) if self.is_new() => because(Class::Compatible, "it has one name more"),
            (_, ["names", _]) => because(Class::Source, "a driver that uses this name does not compile"),
            (ItemKind::Struct, ["fields", _]) => self.field(),
            (ItemKind::Struct, ["fields", _, "type"]) => because(Class::Source, "a field has another type"),
            (ItemKind::Struct, ["fields", _, "offset"]) => {
                because(Class::Runtime, "layout moved: drivers that were built before read and write elsewhere")
            }
            (ItemKind::Struct, ["fields", _, "since"]) => self.since(),
            (ItemKind::Struct, ["fields", _, _]) => {
                because(Class::Source, "the pointer and its length are one slice, or are not any more")
            }
            (ItemKind::Struct, ["size" | "alignment"]) if self.is_provider() => because(
                Class::Compatible,
                "a table of the provider's, which drivers only read, has grown at its end or changed elsewhere",
            ),
            (ItemKind::Struct, ["size" | "alignment"]) => because(Class::Runtime, "layout: it takes other room than before"),
            (ItemKind::Enum, ["variants", _]) if self.is_new() => {
                because(Class::Compatible, "a value is new; nothing used it before")
            }
            (ItemKind::Enum, ["variants", _]) => because(Class::Source, "a driver that names it does not compile"),
            (ItemKind::Enum, ["variants", _, "value"]) => because(Class::Runtime, "the name stands for another number"),
            (ItemKind::Control, ["function"]) => because(Class::Source, "it is passed to another function"),
            (ItemKind::Erratum, _) => because(Class::Documentation, "what it corrects is listed itself"),
            (ItemKind::Version, _) => because(Class::Runtime, "from which build on later members are looked for has changed"),
            (ItemKind::Type, ["wdk-sys"]) => because(Class::Source, "drivers on wdk-sys pass another type"),
            (ItemKind::Type, ["layout"]) => because(Class::Runtime, "layout: it takes other room than before"),
            (ItemKind::Type, _) => because(Class::Source, "the type is another one"),
            (ItemKind::Constant | ItemKind::Identifier | ItemKind::Status | ItemKind::Macro, ["value"]) => {
                because(Class::Runtime, "the name stands for another value")
            }
            (ItemKind::Constant, ["from"]) => because(Class::Compatible, "another crate supplies it, with the same value"),
            _ => because(Class::Source, self.step()),
        }
    }

    fn is_provider(&self) -> bool {
        self.is.value(&["dispatch"]) == Some("provider")
    }

    fn field(&self) -> Answer {
        match (self.before, self.after) {
            (None, _) if self.is_provider() => {
                because(Class::Compatible, "a table of the provider's has a member more, which drivers only read")
            }
            (None, _) => because(Class::Source, "a driver that writes the structure out has to name one field more"),
            _ => because(Class::Source, "a driver that names the field does not compile"),
        }
    }
}
