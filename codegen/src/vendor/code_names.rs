//! Which words of a return section are codes.
//!
//! In: the text of a row, or a sentence. Out: the codes that it names. Placeholders, macros that make a value of a code, and values such as
//! TRUE and zero are none.

use super::locale;
use super::markup::is_identifier;
use super::openness;

/// What a row of a table or list of codes names.
#[derive(Debug, PartialEq)]
pub(super) enum Row {
    /// Codes; and, in words, others.
    Codes { codes: Vec<String>, and_others: bool },
    /// All codes that no row names.
    Others,
    /// `STATUS_XXX`.
    Placeholder,
    /// `HRESULT_FROM_NT(STATUS_X)`.
    Wrapped,
    /// `TRUE`, `Zero`.
    Value,
    /// `0x00000001`.
    Number,
    /// Something else.
    Unclear,
}

/// Values that functions return which return no codes.
const VALUES: &[&str] =
    &["true", "false", "zero", "nonzero", "non-zero", "null", "void", "none", "less than zero", "greater than zero", "-1"];

/// Tells what a row names.
pub(super) fn meaning(row: &str) -> Row {
    let text = row.replace("\\_", "_").replace(['*', '`', '"'], " ");
    let text = joined(text.split_whitespace().collect::<Vec<_>>().join(" ").as_str());
    let folded = locale::fold(&text);
    if locale::is_one_of(&folded, |w| w.other_codes) {
        return Row::Others;
    }
    if is_number(&folded) {
        return Row::Number;
    }
    if VALUES.contains(&folded.as_str()) || folded.starts_with(['<', '>', '=', '≤', '≥']) {
        return Row::Value;
    }
    if text.to_ascii_uppercase().contains("HRESULT_FROM_") {
        return Row::Wrapped;
    }
    if is_identifier(&text) && is_code(&text) {
        return Row::Codes { codes: vec![text], and_others: false };
    }
    let all: Vec<&str> = words(&text).collect();
    if all.iter().any(|w| is_placeholder(w)) {
        return Row::Placeholder;
    }
    let codes: Vec<String> = all.iter().filter(|w| w.contains('_') && is_code(w)).map(|w| (*w).to_owned()).collect();
    let first_is_code = all.first().is_some_and(|w| w.contains('_') && is_code(w));
    // A sentence that names something in capitals is no row of codes.
    if first_is_code {
        // "(not STATUS_X)", "(formerly STATUS_X)": what stands between them may say anything.
        let last = all.iter().rposition(|w| w.contains('_')).unwrap_or(0);
        if !all.iter().take(last).all(|w| w.contains('_') || matches!(*w, "or" | "and")) {
            return Row::Unclear;
        }
        return Row::Codes { codes, and_others: openness::opens(&folded) || folded.contains("or other") };
    }
    // A short row that names no code, but speaks of codes, stands for all others.
    if codes.is_empty() && !all.iter().any(|w| w.contains('_')) && text.chars().count() <= 60 && speaks_of_codes(&folded) {
        Row::Others
    } else {
        Row::Unclear
    }
}

/// Whether the words of a row may stand for codes: in languages that are not English, words are of one root, or not known.
fn speaks_of_codes(folded: &str) -> bool {
    const ROOTS: &[&str] = &[
        "other", "error", "erro", "fehler", "erreur", "chyb", "błę", "hata", "fout", "fel", "stat", "stav", "estad", "code",
        "kod", "kód", "cód", "codi", "value", "wert", "valeur", "valor", "hresult", "ntstatus", "any", "else", "fail", "result",
        "none of",
    ];
    !folded.is_ascii() || ROOTS.iter().any(|root| folded.contains(root))
}

/// Puts together a name that a page broke: `STATUS_ INSUFFICIENT_RESOURCES`.
fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(' ') {
        let is_rest = out.ends_with('_') && word.starts_with(|c: char| c.is_ascii_uppercase());
        if !out.is_empty() && !is_rest {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The words of a text as C has them.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|w| !w.is_empty())
}

fn is_number(folded: &str) -> bool {
    let digits = folded.strip_prefix("0x").unwrap_or(folded).trim_end_matches('l');
    digits.chars().all(|c| c.is_ascii_hexdigit()) && digits.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether an identifier may be a code: a name in capitals, or an enumerator of several words.
fn is_code(word: &str) -> bool {
    let capitals = word.chars().filter(char::is_ascii_uppercase).count();
    let has_small = word.chars().any(|c| c.is_ascii_lowercase());
    let is_value = VALUES.contains(&word.to_ascii_lowercase().as_str());
    let is_name = if has_small { capitals >= 2 && !word.contains('_') } else { capitals >= 2 };
    is_name && !word.ends_with('_') && !is_value && !is_placeholder(word) && !is_wrapper(word)
}

/// `STATUS_XXX`, `ERROR_Xxx`, `STATUS_`.
pub(super) fn is_placeholder(word: &str) -> bool {
    let is_made_of_x = |part: &str| part.len() >= 2 && part.chars().all(|c| c.eq_ignore_ascii_case(&'x'));
    word.contains('_') && (word.split('_').any(is_made_of_x) || word.ends_with("STATUS_") || word.ends_with("ERROR_"))
}

/// The macros that make or judge a value of a code.
fn is_wrapper(word: &str) -> bool {
    word.starts_with("HRESULT_FROM_")
        || matches!(word, "NT_SUCCESS" | "NT_ERROR" | "NT_WARNING" | "NT_INFORMATION" | "MAKE_HRESULT")
}

/// Whether a name is that of a result, whatever stands around it.
pub(super) fn is_result(word: &str) -> bool {
    if word.bytes().any(|b| b.is_ascii_lowercase()) {
        return false;
    }
    let is_kind = word.starts_with("STATUS_")
        || word.contains("_STATUS_")
        || matches!(word, "S_OK" | "S_FALSE" | "NOERROR" | "NO_ERROR")
        || word.starts_with("E_")
        || word.starts_with("ERROR_")
        || word.contains("_E_")
        || word.contains("ERR_")
        || word.starts_with("DXGI_ERROR_")
        || word.starts_with("DXGI_STATUS_");
    // Structures and enumerations have such names, too.
    let is_type = ["_BLOCK", "_INDICATION", "_TYPE", "_INFORMATION", "_DATA"].iter().any(|end| word.ends_with(end));
    is_kind && !is_type && is_code(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_name_no_code() {
        for (row, wanted) in [
            ("STATUS_XXX", Row::Placeholder),
            ("STATUS_ Xxx", Row::Placeholder),
            ("NDIS_STATUS_ XXX or NT_STATUS_ XXX", Row::Placeholder),
            ("HRESULT_FROM_WIN32(ERROR_NOT_FOUND)", Row::Wrapped),
            ("HRESULT_FROM_NT (STATUS_PENDING)", Row::Wrapped),
            ("TRUE", Row::Value),
            ("**Zero**", Row::Value),
            ("Less than zero", Row::Value),
            ("> Zero", Row::Value),
            ("0x00000001L", Row::Number),
            ("Other status codes", Row::Others),
            ("An error code that is defined in Winerror.h", Row::Others),
            ("The thread had no THREAD_QUERY_INFORMATION access", Row::Unclear),
        ] {
            assert_eq!(meaning(row), wanted, "{row}");
        }
        let codes = |row: &str, and_others| match meaning(row) {
            Row::Codes { codes, and_others: found } if found == and_others => codes,
            other => panic!("{row}: {other:?}"),
        };
        assert_eq!(codes("E_UNEXPECTED, or other return codes", true), ["E_UNEXPECTED"]);
        assert_eq!(codes("STATUS_ INSUFFICIENT_RESOURCES", false), ["STATUS_INSUFFICIENT_RESOURCES"]);
        assert_eq!(codes("STATUS_A_B or STATUS_C_D (see below)", false), ["STATUS_A_B", "STATUS_C_D"]);
        assert_eq!(codes("WskInspectAccept", false), ["WskInspectAccept"]);
        assert_eq!(codes("S_OK", false), ["S_OK"]);
    }
}
