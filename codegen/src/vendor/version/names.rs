//! The name of one version of Windows: `Windows 10, version 1703`, `Windows Server 2003 R2 SP1`.
//!
//! In: the text behind the word `Windows`. Out: the version, and what follows it. An update, an edition or a build that has no spelling
//! here is no version, so that it does not pass for the one before it.

use super::super::locale;

/// A version that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    /// Its spelling in our pages.
    pub(super) name: String,
    /// Whether it is a server's.
    pub(super) is_server: bool,
    /// Its place among those of its kind.
    rank: (u32, bool, String, char),
}

impl Version {
    /// Whether it came before another of its kind.
    pub(super) fn is_before(&self, other: &Version) -> bool {
        self.rank < other.rank
    }
}

/// What stands behind `Windows`.
pub(super) enum Named<'t> {
    /// A version, and the text behind it.
    Version(Version, &'t str),
    /// A version, and with it something that has no spelling here.
    More,
    /// No version: the name of the system alone.
    Nothing,
}

/// Reads what stands behind `Windows`.
pub(super) fn read(text: &str) -> Named<'_> {
    let mut name = "Windows".to_owned();
    let mut rest = text.trim_start();
    let server = rest.strip_prefix("Server").filter(|b| b.starts_with(char::is_whitespace));
    if let Some(behind) = server {
        name.push_str(" Server");
        rest = behind.trim_start();
    }
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(rest.len());
    let Some((number, mut behind)) = rest.split_at_checked(end) else { return Named::Nothing };
    let trimmed = number.trim_end_matches('.');
    let Some(order) = order(trimmed) else {
        return if server.is_some() { Named::More } else { Named::Nothing };
    };
    name.push(' ');
    name.push_str(trimmed);
    let mut rank = (order, false, String::new(), '0');
    if let Some((release, left)) = release(behind.trim_start_matches([',', '、', '，', ' ', '('])) {
        // `Windows 10 (version 1703)`.
        let left =
            if behind.trim_start().starts_with(['(', '（']) { left.strip_prefix([')', '）']).unwrap_or(left) } else { left };
        name = format!("{name}, version {release}");
        release.clone_into(&mut rank.2);
        return Named::Version(Version { name, is_server: server.is_some(), rank }, left);
    }
    let part = behind.trim_start_matches([',', ' ']);
    if let Some(r2) = part.strip_prefix("R2").filter(|r| !continues(r)) {
        name.push_str(" R2");
        rank.1 = true;
        behind = r2;
    }
    if trimmed == "XP" {
        // An edition that came with the version itself.
        behind = behind.trim_start().strip_prefix("Professional").filter(|r| !continues(r)).unwrap_or(behind);
    }
    if let Some((pack, left)) = service_pack(behind.trim_start_matches([',', ' '])) {
        name = format!("{name} SP{pack}");
        rank.3 = pack;
        behind = left;
    }
    Named::Version(Version { name, is_server: server.is_some(), rank }, behind)
}

fn continues(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// The place of a name among the versions of clients, or of servers.
fn order(name: &str) -> Option<u32> {
    match name {
        "NT" => Some(0),
        "95" => Some(1),
        "98" => Some(2),
        "2000" => Some(20),
        "Me" => Some(30),
        "XP" => Some(40),
        "Vista" => Some(60),
        _ => {
            let (whole, part) = name.split_once('.').unwrap_or((name, "0"));
            // 8.1 stands between 8 and 10; a server has the number of its year. `Windows 1703` is a release without its version.
            let number: u32 = whole.parse().ok().filter(|_| whole.bytes().all(|b| b.is_ascii_digit()))?;
            let is_known = match part {
                "0" => matches!(number, 7..=8 | 10..=19 | 2003..=2099),
                "1" => number == 8,
                _ => false,
            };
            is_known.then(|| number * 10 + u32::from(part == "1"))
        }
    }
}

/// `with SP2`, `Service Pack 1 (SP1)`: the number, and what follows it.
fn service_pack(text: &str) -> Option<(char, &str)> {
    let text = text.strip_prefix("with ").unwrap_or(text).trim_start();
    let number = text.strip_prefix("SP").or_else(|| text.strip_prefix("Service Pack "))?;
    let digit = number.chars().next().filter(char::is_ascii_digit)?;
    let rest = number.get(1..).filter(|r| !continues(r))?;
    let again = format!("(SP{digit})");
    Some((digit, rest.trim_start().strip_prefix(&again).unwrap_or(rest)))
}

/// The number behind the word for a version, and what follows it.
fn release(text: &str) -> Option<(&str, &str)> {
    let folded = locale::fold(text.get(..text.len().min(64)).unwrap_or(text));
    let words = locale::LANGUAGES.iter().flat_map(|l| l.version);
    let word = words.filter(|word| folded.starts_with(**word)).max_by_key(|word| word.len())?;
    let rest = text.char_indices().nth(word.chars().count()).map(|(at, _)| text.get(at..).unwrap_or_default())?;
    let rest = rest.trim_start_matches([' ', ':']);
    let (number, behind) = rest.split_at_checked(rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len()))?;
    is_release(number).then_some((number, behind))
}

/// `1703`, `20H2`.
fn is_release(text: &str) -> bool {
    matches!(text.as_bytes(), [a, b, c, d] if a.is_ascii_digit() && b.is_ascii_digit() && (c.is_ascii_digit() || *c == b'H') && d.is_ascii_digit())
}
