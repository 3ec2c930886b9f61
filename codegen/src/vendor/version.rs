//! The first version of Windows that an availability sentence names, or that a version field holds.
//!
//! Taken is the first version that is named, with its release or service pack. A sentence that speaks of the end of something (obsolete,
//! prior to, up to), of what building needs, or of an update that has no name here gives nothing: a version before the one that is meant
//! would be worse than none.

use super::locale;

/// Said of what is no first version. English, and what machines make of it.
const REFUSED: &[&str] = &[
    "obsolete",
    "deprecated",
    "prior to",
    "earlier",
    "before windows",
    "up to",
    "until",
    "not supported",
    "not available",
    "no longer",
    "requires",
    "wdk for",
    "removed",
    "rollup",
    "veraltet",
    "vor windows",
    "bis windows",
    "obsolète",
    "avant windows",
    "obsoleto",
    "obsoleta",
    "antes de windows",
    "hasta windows",
    "prima di windows",
    "устарел",
    "до windows",
    "przestarzał",
    "zastaral",
    "verouderd",
    "föråldrad",
    "廃止",
    "以前の",
    "より前",
    "이전 버전",
    "过时",
    "之前",
    "已过时",
    "過時",
    "已淘汰",
];

/// Reads `Available in Windows Vista and later`, `Windows 10, version 1703`, `Windows XP with SP2`, `Windows 10 バージョン 1703 以降`.
///
/// The name of a version is not translated, only the word before the number of a release, so this works in any language.
pub(super) fn read(text: &str) -> Option<String> {
    let text = text.replace('\u{a0}', " ");
    sentences(&text).into_iter().find_map(of_sentence)
}

/// The sentences of a text: `Windows 8.1` and `Ntoskrnl.exe` have points that end none.
fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let ends = text.match_indices(['.', '。']).map(|(at, c)| (at + c.len(), c));
    for (end, mark) in ends {
        let next = text.get(end..).unwrap_or_default();
        if mark != "." || next.starts_with(char::is_whitespace) || next.starts_with(|c: char| c.is_ascii_uppercase()) {
            out.extend(text.get(start..end));
            start = end;
        }
    }
    out.extend(text.get(start..));
    out
}

fn of_sentence(sentence: &str) -> Option<String> {
    let folded = locale::fold(sentence);
    if REFUSED.iter().any(|word| folded.contains(word)) {
        return None;
    }
    // "Only available on Windows XP and later" names a first version; "only on Windows XP" does not say what comes after it.
    if folded.split(|c: char| !c.is_alphanumeric()).any(|w| w == "only") && !folded.contains("later") {
        return None;
    }
    for (at, word) in sentence.match_indices("Windows") {
        match after(sentence.get(at + word.len()..).unwrap_or_default().trim_start()) {
            Named::Version(version) => return Some(version),
            Named::More => return None,
            Named::Nothing => {}
        }
    }
    None
}

/// What stands behind `Windows`.
enum Named {
    Version(String),
    /// A version, and with it something that has no spelling here.
    More,
    /// No version.
    Nothing,
}

/// Reads what stands behind `Windows`.
fn after(text: &str) -> Named {
    let mut out = "Windows".to_owned();
    let mut rest = text;
    if let Some(behind) = rest.strip_prefix("Server").filter(|b| b.starts_with(char::is_whitespace)) {
        out.push_str(" Server");
        rest = behind.trim_start();
    }
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(rest.len());
    let Some((name, behind)) = rest.split_at_checked(end) else { return Named::Nothing };
    let name = name.trim_end_matches('.');
    let is_number = !name.is_empty() && name.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    if !is_number && !matches!(name, "Vista" | "XP" | "NT" | "Me") {
        return Named::Nothing;
    }
    out.push(' ');
    out.push_str(name);
    let mut behind = behind.trim_start_matches([',', '、', '，', ' ', '(']);
    if let Some((release, rest)) = release(behind) {
        return if is_update(rest) { Named::More } else { Named::Version(format!("{out}, version {release}")) };
    }
    if let Some(r2) = behind.strip_prefix("R2").filter(|r| !r.starts_with(|c: char| c.is_ascii_alphanumeric())) {
        behind = r2.trim_start();
        out.push_str(" R2");
    }
    if let Some((pack, rest)) = service_pack(behind) {
        return if is_update(rest) { Named::More } else { Named::Version(format!("{out} SP{pack}")) };
    }
    if is_update(behind) {
        return Named::More;
    }
    // A release whose word is not known must not pass for the version before it.
    let mut next = behind.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(2);
    if next.any(is_release) { Named::More } else { Named::Version(out) }
}

/// `with SP2`, `Service Pack 1 (SP1)`: the number, and what follows it.
fn service_pack(text: &str) -> Option<(char, &str)> {
    let text = text.strip_prefix("with ").unwrap_or(text).trim_start();
    let number = text.strip_prefix("SP").or_else(|| text.strip_prefix("Service Pack "))?;
    let digit = number.chars().next().filter(char::is_ascii_digit)?;
    let rest = number.get(1..).filter(|r| !r.starts_with(|c: char| c.is_ascii_alphanumeric()))?;
    let again = format!("(SP{digit})");
    Some((digit, rest.trim_start().strip_prefix(&again).unwrap_or(rest)))
}

/// Whether an update is named that came after the version before it: `Update`, `September Update`.
fn is_update(behind: &str) -> bool {
    let mut words = behind.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let [first, second] = [words.next(), words.next()].map(Option::unwrap_or_default);
    first == "Update" || second == "Update" && behind.trim_start().starts_with(|c: char| c.is_ascii_uppercase())
}

/// The number behind the word for a version.
fn release(text: &str) -> Option<(&str, &str)> {
    let folded = locale::fold(text);
    let word = locale::LANGUAGES.iter().flat_map(|l| l.version).find(|word| folded.starts_with(**word))?;
    let rest = text.char_indices().nth(word.chars().count()).map(|(at, _)| text.get(at..).unwrap_or_default())?;
    let rest = rest.trim_start_matches([' ', ':']);
    let (number, behind) = rest.split_at_checked(rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len()))?;
    is_release(number).then_some((number, behind))
}

/// `1703`, `20H2`.
fn is_release(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 4
        && matches!(bytes, [a, b, c, d] if a.is_ascii_digit() && b.is_ascii_digit() && (c.is_ascii_digit() || *c == b'H') && d.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_any_sentence() {
        let cases = [
            ("Available in Windows Vista and later versions of the Windows operating   systems.", "Windows Vista"),
            ("Verfügbar in Windows Vista und höheren Versionen der Windows-Betriebssysteme.", "Windows Vista"),
            ("Microsoft\u{a0}Windows\u{a0}Vista", "Windows Vista"),
            ("Windows Vista 以降のバージョンの Windows オペレーティング システムで使用できます。", "Windows Vista"),
            ("在Windows Vista和更高版本的Windows操作系统中可用。", "Windows Vista"),
            ("Windows Vista 이상 버전의 Windows 운영 체제에서 사용할 수 있습니다.", "Windows Vista"),
            ("Windows 10, version 1703", "Windows 10, version 1703"),
            ("Windows 10 バージョン 1703 以降", "Windows 10, version 1703"),
            ("Windows 10，版本 1703", "Windows 10, version 1703"),
            ("Windows 10 (versión 1703)", "Windows 10, version 1703"),
            ("Windows 10, Version 20H2", "Windows 10, version 20H2"),
            ("Windows 8", "Windows 8"),
            ("Available in Windows 8.1, and later", "Windows 8.1"),
            ("Windows Server 2012 R2", "Windows Server 2012 R2"),
            ("Windows 11.", "Windows 11"),
            ("Windows XP with SP2", "Windows XP SP2"),
            ("Available in Windows XP with Service Pack 1 (SP1) and later versions of Windows.", "Windows XP SP1"),
            ("Windows\u{a0}Vista SP1", "Windows Vista SP1"),
            ("Available starting with Windows Server 2003 with SP1.", "Windows Server 2003 SP1"),
            ("This routine is only available on Windows XP and later.", "Windows XP"),
            ("Requires WDK for Windows 10, version 2004. Targets Windows 7 and later versions.", "Windows 7"),
            ("Available in Windows 2000 and later. Not available in Windows 98 or Windows Me.", "Windows 2000"),
            ("Windows 11 (WDDM 3.0)", "Windows 11"),
            ("Windows 11 version 21H2 (WDDM 3.0)", "Windows 11, version 21H2"),
            ("Windows 8.1,WDDM 1.3 and later", "Windows 8.1"),
        ];
        for (text, version) in cases {
            assert_eq!(read(text).as_deref(), Some(version), "{text}");
        }
        for text in [
            "later versions of the Windows operating systems",
            "Vista",
            "Windows",
            "Windows Vistas",
            "Windows 10, vydání 1703",
            "Obsolete, beginning with Windows Vista.",
            "Deprecated. Use another function.",
            "Windows versions prior to Windows 8",
            "Windows 7 and earlier",
            "Supported up to Windows 7",
            "This function is only on Windows XP",
            "Requires WDK for Windows 10, version 2004.",
            "Not supported in Windows Vista and later",
            "Windows 8.1 Update",
            "Windows 11, version 22H2 September Update (2.0)",
            "Windows 2000 SP4 Update Rollup; Windows XP",
            "Update Rollup for Windows 2000 Service Pack 4 (SP4) and Windows XP and later",
            "Windows Insider 19548",
            "64-bit Windows",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
