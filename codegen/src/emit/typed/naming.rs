//! Names of the typed layer.

use crate::facts::{camel_case, snake_case};
use crate::spec::{Api, Control, Operation, Struct};

/// `WskConnect` → `Connect`, `WskCaptureProviderNPI` → `CaptureProviderNpi`; two APIs of one name differ by their type's.
pub(super) fn base(api: &Api) -> String {
    let name = camel_case(&snake_case(&api.page.stem).to_uppercase());
    name.strip_prefix("Wsk").map(str::to_owned).unwrap_or(name)
}

/// `STATUS_FILE_FORCED_CLOSED` → `FileForcedClosed`.
pub(super) fn status_variant(code: &str) -> String {
    camel_case(code.strip_prefix("STATUS_").unwrap_or(code))
}

/// `WskInspectAccept` of all that begin with `WskInspect` → `accept`: what a name has beyond the words that all begin with.
pub(super) fn distinct_words(all: &[&str], name: &str) -> String {
    let own = words(name);
    let common = common_words(all).len().min(own.len().saturating_sub(1));
    own.get(common..).unwrap_or_default().join("_")
}

/// The words that all names begin with.
pub(super) fn common_words(all: &[&str]) -> Vec<String> {
    let all: Vec<Vec<String>> = all.iter().map(|name| words(name)).collect();
    let first = all.first().cloned().unwrap_or_default();
    let count = (0..first.len()).take_while(|i| all.iter().all(|w| w.get(*i) == first.get(*i))).count();
    first.into_iter().take(count).collect()
}

fn words(name: &str) -> Vec<String> {
    snake_case(name).split('_').map(str::to_owned).collect()
}

/// `WSK_PROVIDER_NPI` → `ProviderNpi`.
pub(super) fn of_struct(structure: &Struct) -> String {
    let name = camel_case(&structure.page.name);
    name.strip_prefix("Wsk").map(str::to_owned).unwrap_or(name)
}

/// `SO_WSK_EVENT_CALLBACK` → `event_callback`: without the prefixes that say only what sort of code it is.
fn control_words(control: &Control) -> Vec<String> {
    let words = words(&control.page.name);
    let sorts = words.iter().take_while(|w| matches!(w.as_str(), "so" | "sio" | "wsk")).count();
    words.get(sorts.min(words.len().saturating_sub(1))..).unwrap_or_default().to_vec()
}

/// `EventCallback`.
pub(super) fn control_base(control: &Control) -> String {
    camel_case(&control_words(control).join("_").to_uppercase())
}

/// `event_callback_enable`, `set_remote_address`, `clear_remote_address`: the code, and what is done with it unless the code
/// says that already.
pub(super) fn operation(control: &Control, operation: &Operation) -> String {
    let mut words = control_words(control);
    let is_operation = |word: &String| control.operations.iter().any(|o| o.name.value == *word);
    let says_it = words.contains(&operation.name.value);
    match words.first_mut().filter(|first| is_operation(first)) {
        Some(first) => first.clone_from(&operation.name.value),
        None if says_it => {}
        None => words.push(operation.name.value.clone()),
    }
    words.join("_")
}

/// `WSK_FLAG_NODELAY`, `WSK_FLAG_DRAIN` → `NODELAY`, `DRAIN`; `NI_DGRAM` → `DGRAM`: without the prefix of its family.
pub(in crate::emit) fn flag(constant: &str) -> &str {
    ["WSK_FLAG_", "WSK_EVENT_", "MSG_", "NI_"].iter().find_map(|p| constant.strip_prefix(p)).unwrap_or(constant)
}

/// The type for the flags of a parameter: `DisconnectFlags`; of another parameter than `Flags`, with its name.
pub(super) fn flags_type(base: &str, param: &str) -> String {
    format!("{base}{param}")
}

/// The type for the values of a parameter: `InspectCompleteAction`; a word that ends one and begins the other is there once.
pub(super) fn value_type(base: &str, param: &str) -> String {
    let (front, back) = (words(base), words(param));
    let overlap = (1..=front.len().min(back.len())).rev().find(|n| front.get(front.len() - n..) == back.get(..*n)).unwrap_or(0);
    let kept = front.get(..front.len() - overlap).unwrap_or_default();
    camel_case(&kept.iter().chain(&back).cloned().collect::<Vec<_>>().join("_").to_uppercase())
}
