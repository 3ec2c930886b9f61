//! Words of the page chrome and of set phrases, by language.
//!
//! Structure comes first: identifiers, headings with brackets and NTSTATUS names are the same in every language. What is left
//! to words stands here, in lower case.

/// The words of one language.
pub(super) struct Words {
    /// What the documentation calls a parameter that must be zero.
    pub(super) reserved: &'static [&'static str],
    /// The row of a return table that stands for all other codes.
    pub(super) other_codes: &'static [&'static str],
    /// Said of a function that returns one code and no other.
    pub(super) always: &'static [&'static str],
    /// The head of a return table.
    pub(super) return_code: &'static [&'static str],
    /// The heading above the return codes.
    pub(super) return_value: &'static [&'static str],
    /// The heading below the return codes.
    pub(super) remarks: &'static [&'static str],
    /// The row of the requirements table with the first client version.
    pub(super) minimum_client: &'static [&'static str],
    /// What the driver supplies, as the description calls it.
    pub(super) event_callback: &'static [&'static str],
    /// What the subsystem supplies, as the description calls it.
    pub(super) function: &'static [&'static str],
}

const ENGLISH: Words = Words {
    reserved: &["is reserved", "reserved for"],
    other_codes: &["other status codes", "other status code", "other"],
    always: &["must always return", "always returns"],
    return_code: &["return code description", "return code | description"],
    return_value: &["return value", "returns"],
    remarks: &["remarks"],
    minimum_client: &["minimum supported client"],
    event_callback: &["event callback function"],
    function: &["function"],
};

const GERMAN: Words = Words {
    reserved: &["reserviert"],
    other_codes: &["andere status codes", "andere statuscodes", "andere status-codes", "weitere statuscodes"],
    always: &["muss immer", "gibt immer"],
    return_code: &["rückgabecode beschreibung"],
    return_value: &["rückgabewert", "rückgabe"],
    remarks: &["hinweise", "bemerkungen"],
    minimum_client: &["unterstützte mindestversion (client)", "mindestens unterstützter client"],
    event_callback: &["ereignisrückruffunktion", "ereignis-rückruffunktion"],
    function: &["funktion"],
};

/// All languages.
pub(super) const LANGUAGES: &[Words] = &[ENGLISH, GERMAN];

/// Whether a text, in lower case, contains one of the words that `pick` chooses, in any language.
pub(super) fn mentions(lower: &str, pick: fn(&Words) -> &'static [&'static str]) -> bool {
    LANGUAGES.iter().flat_map(pick).any(|word| lower.contains(word))
}

/// Whether a text, in lower case, is one of the words that `pick` chooses, in any language.
pub(super) fn is_one_of(lower: &str, pick: fn(&Words) -> &'static [&'static str]) -> bool {
    LANGUAGES.iter().flat_map(pick).any(|word| lower == *word)
}

/// Whether a text, in lower case, begins with one of the words that `pick` chooses, in any language.
pub(super) fn begins_with(lower: &str, pick: fn(&Words) -> &'static [&'static str]) -> bool {
    LANGUAGES.iter().flat_map(pick).any(|word| lower.starts_with(word))
}

/// Whether a description of a parameter says that it must be zero: in its first sentence, so that a parameter some of whose
/// bits are reserved is not taken for one.
pub(super) fn says_reserved(text: &str) -> bool {
    let first = text.split(". ").next().unwrap_or(text).to_lowercase();
    let first = first.trim();
    mentions(first, |w| w.reserved) || first == "reserved." || first == "reserved" || first.starts_with("[reserved]")
}
