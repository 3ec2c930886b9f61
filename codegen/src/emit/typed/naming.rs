//! Names of the typed layer.

use crate::facts::{camel_case, snake_case};
use crate::spec::{Api, Enum};

/// `WskConnect` → `Connect`, `WskCaptureProviderNPI` → `CaptureProviderNpi`; two APIs of one name differ by their type's.
pub(super) fn base(api: &Api) -> String {
    let name = camel_case(&snake_case(&api.page.stem).to_uppercase());
    name.strip_prefix("Wsk").map(str::to_owned).unwrap_or(name)
}

/// `STATUS_FILE_FORCED_CLOSED` → `FileForcedClosed`.
pub(super) fn status_variant(code: &str) -> String {
    camel_case(code.strip_prefix("STATUS_").unwrap_or(code))
}

/// `WskInspectAccept` → `Accept`: what an enumerator has beyond the words that all of its enumeration begin with.
pub(super) fn enumerator_variant(enumeration: &Enum, name: &str) -> String {
    let words = |name: &str| snake_case(name).split('_').map(str::to_owned).collect::<Vec<_>>();
    let all: Vec<Vec<String>> = enumeration.enumeration.variants.iter().map(|v| words(&v.name)).collect();
    let own = words(name);
    let common = (0..own.len().saturating_sub(1)).take_while(|i| all.iter().all(|w| w.get(*i) == own.get(*i))).count();
    camel_case(&own.get(common..).unwrap_or_default().join("_").to_uppercase())
}

/// `WSK_FLAG_NODELAY`, `WSK_FLAG_DRAIN` → `NODELAY`, `DRAIN`; `NI_DGRAM` → `DGRAM`: without the prefix of its family.
pub(super) fn flag(constant: &str) -> &str {
    ["WSK_FLAG_", "WSK_EVENT_", "MSG_", "NI_"].iter().find_map(|p| constant.strip_prefix(p)).unwrap_or(constant)
}

/// The type for the flags of a parameter: `DisconnectFlags`; of another parameter than `Flags`, with its name.
pub(super) fn flags_type(api: &Api, param: &str) -> String {
    format!("{}{param}", base(api))
}
