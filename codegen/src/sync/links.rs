//! Where a link leads, as far as it is part of what a text says.
//!
//! A link to the page of an API says which API is meant. Where its words name that API they say it already, and the target is no part of
//! what is compared. Where they do not (`this function`, `WskSend` for the page of `WskSendTo`), the page is compared by itself, so that it is
//! told when the link leads to another API, and not when it is written in another form, leads to another site, or is left out. Other
//! targets, articles and sites, move with the pages around them and say nothing.

use std::collections::HashMap;

/// The targets that a page defines for links, by their labels.
pub(super) type Labels = HashMap<String, String>;

/// The page of an API that a link leads to, `nc-wsk-pfn_wsk_send`, unless the words of the link name that API.
pub(super) fn unnamed_api(words: &str, target: &str) -> Option<String> {
    let target = target.split_whitespace().next()?;
    let path = target.split(['?', '#']).next()?.trim_matches(['<', '>']);
    let page = path.rsplit(['/', '\\', ':']).next()?.trim_end_matches(".md").to_ascii_lowercase();
    let (kind, rest) = page.split_once('-')?;
    let (_, name) = rest.split_once('-').filter(|_| ["nc", "nf", "ns", "ne", "ni", "nn", "nl"].contains(&kind))?;
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect::<String>();
    let name = name.rsplit('-').next()?.trim_start_matches("pfn_");
    let names = |word: &str| {
        let word = plain(word);
        let is_it = |name: &str| word == name || POINTERS.iter().any(|prefix| word.strip_prefix(prefix) == Some(name));
        forms(name).any(|form| is_it(&plain(form)))
    };
    let is_named = words.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(names);
    (!is_named && !plain(name).is_empty()).then_some(page)
}

/// What the names of pointer types have before that of the type.
const POINTERS: &[&str] = &["pfn", "p", "lp"];

/// The names under which a page is known: its own; without the `A`, `W` or version of Windows that headers append and hide behind a macro; and
/// without the `WSA` of Windows Sockets, where both names stand for one type.
fn forms(name: &str) -> impl Iterator<Item = &str> {
    let ends = ["_lh", "_vista", "_xp", "_w2k", "a", "w"].iter().filter_map(|end| name.strip_suffix(end));
    ends.chain(std::iter::once(name)).flat_map(|name| [Some(name), name.strip_prefix("wsa")]).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_told_where_the_words_do_not_name_it() {
        for (words, target, wanted) in [
            ("WskSend", "/windows-hardware/drivers/ddi/wsk/nc-wsk-pfn_wsk_send", None),
            ("the WskSend function", "nc-wsk-pfn_wsk_send.md#remarks", None),
            ("WskSendTo", "../wsk/nc-wsk-pfn_wsk_send", Some("nc-wsk-pfn_wsk_send")),
            ("this function", "nc-wsk-pfn_wsk_send.md \"title\"", Some("nc-wsk-pfn_wsk_send")),
            ("PWSK_BUF", "ns-wsk-_wsk_buf", None),
            ("SOCKADDR_STORAGE", "ns-ws2def-sockaddr_storage_lh", None),
            ("CMSGHDR", "ns-ws2def-wsacmsghdr", None),
            ("addrinfoex", "ns-ws2def-addrinfoexw", None),
            ("IThing::Do", "nf-a-ithing-do", None),
            ("this page", "/windows-hardware/drivers/network/closing-a-socket", None),
            ("this page", "https://msdn.example.org/library/ff571181", None),
            ("", "", None),
            ("all", "nc-", None),
        ] {
            assert_eq!(unnamed_api(words, target).as_deref(), wanted, "[{words}]({target})");
        }
    }
}
