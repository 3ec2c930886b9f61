//! The first version of Windows that an availability sentence names, or that a version field holds.
//!
//! In: the text. Out: the version, where every word of every sentence is understood; else nothing, for a sentence may say the end of
//! something, an update or a condition in words that nobody foresaw. Of several versions the first one of a client counts.

mod names;
mod words;

use names::{Named, Version};
use words::{COMPANIONS, VOCABULARIES, Vocabulary};

use super::locale;
use super::markup::is_identifier;

/// What a text says of the first version.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum First {
    /// It is this one.
    Is(String),
    /// It names no version of Windows.
    Silent,
    /// It has words that are not understood.
    Unclear,
}

/// Reads `Available in Windows Vista and later`, `Windows 10, version 1703`, `Windows XP with SP2`, `Windows 10 バージョン 1703 以降`.
pub(super) fn read(text: &str) -> First {
    let text = text.replace('\u{a0}', " ");
    let mut found = None;
    let mut is_clear = true;
    let mut names_windows = false;
    for sentence in sentences(&text) {
        names_windows |= sentence.contains("Windows");
        match of_sentence(sentence) {
            Some(None) => {}
            // A second statement says something of another case.
            Some(version) if found.is_none() => found = version,
            _ => is_clear = false,
        }
    }
    match found {
        _ if !names_windows => First::Silent,
        Some(version) if is_clear => First::Is(version),
        _ => First::Unclear,
    }
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

/// The version that a sentence names: `Some(None)` for a sentence that says nothing of the first one, `None` for one that is not understood.
fn of_sentence(sentence: &str) -> Option<Option<String>> {
    /// How sentences begin that say nothing of the first version.
    const BESIDE: &[&str] = &["for more information, see ", "not available in ", "not supported in "];
    let folded = locale::fold(sentence);
    let folded = folded.trim_end_matches(['.', '。']);
    if folded.is_empty() || BESIDE.iter().any(|lead| folded.starts_with(lead)) {
        return Some(None);
    }
    first(&VOCABULARIES.iter().find_map(|language| in_language(sentence, language))?)
}

/// The first version of a list: that of the first client, else that of the first server. `None` for a list that does not ascend.
fn first(versions: &[Version]) -> Option<Option<String>> {
    let of_kind = |is_server: bool| versions.iter().filter(move |v| v.is_server == is_server);
    for is_server in [false, true] {
        let mut all = of_kind(is_server).peekable();
        while let Some(version) = all.next() {
            if all.peek().is_some_and(|next| next.is_before(version)) {
                return None;
            }
        }
    }
    Some(of_kind(false).chain(of_kind(true)).next().map(|v| v.name.clone()))
}

/// The versions of a sentence all of whose words belong to a language; `None` where one does not.
fn in_language(sentence: &str, language: &Vocabulary) -> Option<Vec<Version>> {
    let mut versions = Vec::new();
    let (mut rest, mut is_limited) = (subject(sentence), false);
    loop {
        rest = rest.trim_start_matches(|c: char| {
            c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '.' | '\'' | '’' | '、' | '，' | '。' | '_' | '\\')
        });
        if rest.is_empty() {
            // "Only in Windows XP" does not say what comes after it; "only in Windows XP and later" does.
            let says_later = || sentence.split(|c: char| !c.is_alphabetic()).any(|w| w == "later");
            return (!is_limited || says_later()).then_some(versions);
        }
        if let Some(behind) = rest.strip_prefix("Windows") {
            match names::read(behind) {
                Named::Version(version, left) => {
                    // Another system with the name of one.
                    if let Some(left) = left.strip_prefix(" Mobile") {
                        rest = left;
                        continue;
                    }
                    versions.push(version);
                    rest = companion(left).unwrap_or(left);
                    continue;
                }
                Named::More => return None,
                Named::Nothing => {}
            }
        }
        let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let (word, behind) = rest.split_at_checked(end).filter(|(word, _)| !word.is_empty())?;
        let folded = word.to_lowercase();
        if COMPANIONS.contains(&folded.as_str()) {
            rest = number(behind)?;
        } else if folded == "only" {
            (rest, is_limited) = (behind, true);
        } else if language.words.contains(&folded.as_str()) {
            rest = behind;
        } else if language.runs_on {
            let longest = language.words.iter().filter(|w| folded.starts_with(**w)).max_by_key(|w| w.len())?;
            rest = rest.get(longest.len()..)?;
        } else {
            return None;
        }
    }
}

/// What stands behind `The WskSend function` or `WskSend`, when a verb or the word for what it is follows, and behind set phrases.
fn subject(sentence: &str) -> &str {
    const NOUNS: &[&str] = &["is", "function", "routine", "structure", "method", "macro", "enumeration"];
    let sentence = sentence.trim_start();
    let sentence = sentence.strip_prefix("Unless otherwise noted,").unwrap_or(sentence).trim_start();
    let named = sentence.strip_prefix("The ").unwrap_or(sentence);
    let end = named.find(char::is_whitespace).unwrap_or(named.len());
    let Some((name, behind)) = named.split_at_checked(end) else { return sentence };
    let name = name.split_once('(').map_or(name, |(name, _)| name);
    // No word of a language has a capital letter inside, a digit or an underscore.
    let is_name = is_identifier(name) && name.bytes().skip(1).any(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    let next = behind.split_whitespace().next().unwrap_or_default();
    if is_name && name != "Windows" && NOUNS.contains(&next.to_lowercase().as_str()) { behind } else { sentence }
}

/// The text behind `(WDDM 3.0)` or `(IddCx version 1.10)`.
fn companion(text: &str) -> Option<&str> {
    let (inside, behind) = text.trim_start().strip_prefix('(')?.split_once(')')?;
    let (name, version) = inside.split_at_checked(inside.find(' ')?)?;
    (COMPANIONS.contains(&name.to_lowercase().as_str()) && number(version)?.is_empty()).then_some(behind)
}

/// The text behind ` 6.30` or ` version 1.10`.
fn number(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let text = text.strip_prefix("version ").unwrap_or(text);
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    // `DirectX versions` has no number.
    text.get(end..)
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
            ("Available in Windows 2000 and later. Not available in Windows 98 or Windows Me.", "Windows 2000"),
            ("Windows 11 (WDDM 3.0)", "Windows 11"),
            ("Windows 11 version 21H2 (WDDM 3.0)", "Windows 11, version 21H2"),
            ("Windows 8.1,WDDM 1.3 and later", "Windows 8.1"),
            ("Windows 10 (Version 1803)", "Windows 10, version 1803"),
            ("Windows 10, versions 1703 and later", "Windows 10, version 1703"),
            ("Versions:\\_Supported in Windows Vista, and later.", "Windows Vista"),
            ("The ThingSend routine is available starting with Windows 8.", "Windows 8"),
            ("THING_SEND(D3D) is supported beginning with the Windows 7 operating system.", "Windows 7"),
            ("Supported in Windows Server 2008, Windows Vista SP1, and later versions of Windows.", "Windows Vista SP1"),
            ("Windows Server 2012 R2 and Windows Server 2016", "Windows Server 2012 R2"),
            ("Windows XP Professional", "Windows XP"),
            ("Windows 10,Windows 10 Mobile", "Windows 10"),
            ("从 Windows Vista 开始支持", "Windows Vista"),
            ("在 Windows 8、Windows Server 2012 和更高版本中可用。", "Windows 8"),
        ];
        for (text, version) in cases {
            assert_eq!(read(text), First::Is(version.to_owned()), "{text}");
        }
        for text in [
            "later versions of the Windows operating systems",
            "Windows 10, vydání 1703",
            "Obsolete, beginning with Windows Vista.",
            "Windows versions prior to Windows 8",
            "Windows 7 and earlier",
            "Windows 7 or below",
            "Supported up to Windows 7",
            "This function is only on Windows XP",
            "Requires WDK for Windows 10, version 2004.",
            "Requires WDK for Windows 10, version 2004. Targets Windows 7 and later versions.",
            "Not supported in Windows Vista and later",
            "Windows 8.1 Update",
            "Windows 8.1 更新",
            "Windows 11, version 22H2 September Update (2.0)",
            "Windows 2000 SP4 Update Rollup; Windows XP",
            "Update Rollup for Windows 2000 Service Pack 4 (SP4) and Windows XP and later",
            "Windows Insider 19548",
            "64-bit Windows",
            "Windows 10 Mobile",
            "Windows 8 and Windows Vista",
            "Windows Server, version 1709",
            "Windows 10 Fall Creators Update",
            "Windows 10 v1703",
            "Windows 10 (build 15063)",
            "Windows 10, RS2",
            "Windows 10 LTSB 2016",
            "Windows 8.1 with KB2919355",
            "Windows 7 Platform Update",
            "Windows XP x64 Edition SP2",
            "Windows Vista RTM",
            "Windows 7 through Windows 8.1",
            "Discontinued in Windows 7",
            "Last seen in Windows 7",
            "Dropped with Windows 8",
            "Unavailable on Windows 7",
            "Replaced in Windows 8 by WskBar",
            "Available after Windows 7",
            "Was never part of Windows 7",
            "Available in Windows Vista. Vanished with Windows 7.",
            "Available in Windows 7. The first service pack of Windows Vista has it, too.",
            "在 Windows 7 中已停用",
            "Zurückgezogen in Windows 7",
        ] {
            assert_eq!(read(text), First::Unclear, "{text}");
        }
        for text in ["Vista", "", "Deprecated. Use another function.", "Supported in NDIS 6.30 and later."] {
            assert_eq!(read(text), First::Silent, "{text}");
        }
    }
}
