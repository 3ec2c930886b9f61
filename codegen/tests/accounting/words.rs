//! In: text of a page. Out: the names of constants and codes in it, and the words that open a set of codes.

/// Text without markup: tags, emphasis, code marks, escapes, the targets of links, the entities that the pages use.
pub fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let is_tag = c == '<' && rest.get(1..).is_some_and(|r| r.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'));
        if let Some((tag, after)) = rest.split_once('>').filter(|_| is_tag) {
            out.extend(tag.chars().filter(|c| *c == '\n'));
            rest = after;
        } else if let Some((target, after)) = rest.strip_prefix("](").and_then(|r| r.split_once(')')) {
            out.extend(target.chars().filter(|c| *c == '\n'));
            rest = after;
        } else {
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            if !"*`\\[]".contains(c) {
                out.push(c);
            }
        }
    }
    for (entity, c) in [("&nbsp;", " "), ("&#160;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")] {
        out = out.replace(entity, c);
    }
    out.trim_matches(' ').to_string()
}

/// The identifiers of a text.
fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|w| !w.is_empty())
}

/// The constants that a cell names. The cell must begin with one: capitals, then `_` and more. In a cell that is a sentence, no
/// constant is named as a value.
pub fn constants(cell: &str) -> Vec<String> {
    let is_constant = |word: &str| {
        let (prefix, rest) = word.trim_start_matches('_').split_once('_').unwrap_or_default();
        prefix.len() > 1
            && prefix.starts_with(|c: char| c.is_ascii_uppercase())
            && prefix.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
            && !rest.is_empty()
    };
    let begins = cell.split_whitespace().next().is_some_and(|w| identifiers(w).next().is_some_and(is_constant));
    if !begins {
        return Vec::new();
    }
    identifiers(cell).filter(|w| is_constant(w)).map(str::to_string).collect()
}

/// The status codes that a text names. Names with XXX, or that end with `_`, stand for several codes and are none.
pub fn codes(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in identifiers(text) {
        let capitals = word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        let placeholder = word.contains("XXX") || word.ends_with('_');
        let prefixes = ["STATUS_", "NDIS_STATUS_", "ERROR_", "E_", "S_", "D3DERR_", "D3DDDIERR_", "DXGI_DDI_ERR_"];
        // A structure of WDM has a name of the same form.
        let is_code = prefixes.iter().any(|p| word.starts_with(p)) || word.contains("_STATUS_") && word != "IO_STATUS_BLOCK";
        if is_code && capitals && !placeholder && word.len() > 3 && !found.iter().any(|f| f == word) {
            found.push(word.to_string());
        }
    }
    found
}

/// Whether a text is a number and nothing else.
pub fn is_number(text: &str) -> bool {
    let text = text.trim();
    let digits =
        text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text).trim_end_matches(['L', 'U', 'l', 'u']);
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_hexdigit()) && text.starts_with(|c: char| c.is_ascii_digit())
}

/// The first word by which the prose of a Returns section says that other codes may come.
pub fn opens(returns: &str) -> Option<&'static str> {
    let text = returns.to_lowercase();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = [
        "such as",
        "shows some of",
        "partial list",
        "some values that may be returned",
        "not limited to",
        "for example",
        "other ntstatus",
        "other error",
        "other status",
        "other return",
        "other value",
        "other hresult",
        "another ntstatus",
        "another status",
        "another error",
        "additional return",
        "return values include",
        "error values include",
        "status values include",
        "return codes include",
        "error codes include",
        "status codes include",
        "return values may include",
        "may return error",
        "might return error",
        "can return error",
        "can also return error",
        "may also return error",
        "also return other",
        "appropriate error",
        "appropriate ntstatus",
        "appropriate status",
        "appropriate hresult",
        "returns an error code",
        "return an error code",
        "returns an hresult error",
        "standard com error",
        "error codes defined in",
        "error codes that are defined in",
        "status codes defined in",
    ];
    words.into_iter().find(|w| text.contains(w))
}
