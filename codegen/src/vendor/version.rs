//! The version of Windows that an availability sentence names, or that a version field holds.

use super::locale;

/// Reads `Available in Windows Vista and later`, `Windows 10, version 1703`, `Windows 10 バージョン 1703 以降`.
///
/// The name of a version is not translated, only the word before the number of a release, so this works in any language.
pub(super) fn read(text: &str) -> Option<String> {
    let text = text.replace('\u{a0}', " ");
    text.match_indices("Windows").find_map(|(at, word)| after(text.get(at + word.len()..)?.trim_start()))
}

/// Reads what stands behind `Windows`.
fn after(text: &str) -> Option<String> {
    let mut out = "Windows".to_owned();
    let mut rest = text;
    if let Some(behind) = rest.strip_prefix("Server").filter(|b| b.starts_with(char::is_whitespace)) {
        out.push_str(" Server");
        rest = behind.trim_start();
    }
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(rest.len());
    let (name, behind) = rest.split_at_checked(end)?;
    let name = name.trim_end_matches('.');
    let is_number = !name.is_empty() && name.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    if !is_number && !matches!(name, "Vista" | "XP" | "NT") {
        return None;
    }
    out.push(' ');
    out.push_str(name);
    let mut behind = behind.trim_start_matches([',', '、', '，', ' ', '(']);
    if let Some(release) = release(behind) {
        return Some(format!("{out}, version {release}"));
    }
    if let Some(r2) = behind.strip_prefix("R2").filter(|r| !r.starts_with(|c: char| c.is_ascii_alphanumeric())) {
        behind = r2;
        out.push_str(" R2");
    }
    // A release whose word is not known must not pass for the version before it.
    let mut next = behind.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(2);
    (!next.any(is_release)).then_some(out)
}

/// The number behind the word for a version.
fn release(text: &str) -> Option<&str> {
    let folded = locale::fold(text);
    let word = locale::LANGUAGES.iter().flat_map(|l| l.version).find(|word| folded.starts_with(**word))?;
    let rest = text.char_indices().nth(word.chars().count()).map(|(at, _)| text.get(at..).unwrap_or_default())?;
    let number = rest.trim_start_matches([' ', ':']).split(|c: char| !c.is_ascii_alphanumeric()).next()?;
    is_release(number).then_some(number)
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
        ];
        for (text, version) in cases {
            assert_eq!(read(text).as_deref(), Some(version), "{text}");
        }
        for text in
            ["later versions of the Windows operating systems", "Vista", "Windows", "Windows Vistas", "Windows 10, vydání 1703"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
