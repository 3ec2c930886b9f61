//! What a function of DDI Markdown is, by the page's own metadata.
//!
//! In: the front matter, and the identifier. Out: method, macro, export, or a function that a header defines; `None` where the metadata
//! contradict each other or do not say it. The prefix of the identifier is the same for all of them.

use super::locale;
use super::markup::is_identifier;
use crate::facts::ApiKind;

/// The kind of a function (`NF`). `target` is what the identifier names behind the header: `WskRegister`, `IPort.NewRegistryKey`.
pub(super) fn of_function(front: &str, target: &str) -> Option<ApiKind> {
    let title = value(front, "title").unwrap_or_default();
    // `WskRegister function (wsk.h)`
    let noun = title.split(" (").next().unwrap_or_default().split_whitespace().next_back().unwrap_or_default();
    let types = list(front, &["api_type", "apitype"]);
    let is_of = |ty: &str| types.iter().any(|t| t.eq_ignore_ascii_case(ty));
    let is_member = target.contains('.') || title.contains("::");
    match noun {
        "macro" => return Some(ApiKind::Macro),
        "method" if is_member || !is_of("COM") => return Some(ApiKind::Method),
        _ => {}
    }
    if is_of("COM") {
        // Of a function that belongs to no interface, the word is a mistake, and what it is instead is not said.
        return is_member.then_some(ApiKind::Method);
    }
    if is_of("HeaderDef") {
        // What a header defines no library exports.
        return (!is_of("DllExport") && !is_of("LibDef")).then_some(ApiKind::Function);
    }
    let image = value(front, "req.dll");
    if image.is_some_and(|image| !names_images(image) && !is_none(image)) {
        return None;
    }
    let image = image.filter(|image| names_images(image));
    let places = list(front, &["api_location", "apilocation", "req.alt-loc"]);
    // `Wdf01000.sys` beside `Wdf01000.sys.dll`: the first is what the page has for a library to link with.
    let is_stub =
        |place: &str| places.iter().any(|p| p.strip_prefix(place).is_some_and(|rest| rest.eq_ignore_ascii_case(".dll")));
    let exports = |place: &&str| is_image(place) && !is_stub(place);
    (image.is_some() || places.iter().any(exports)).then_some(ApiKind::Export)
}

/// Whether the first sentence of a description, which has no tags, says that the driver supplies what it describes: `A driver's EvtThing function …`,
/// `EVT_THING is called by the operating system …`. Nothing is concluded from any other sentence; "implemented by the client driver"
/// is a line that stands on pages of functions of the system, too.
pub(super) fn driver_supplies(description: &str) -> bool {
    /// Who calls what a driver supplies.
    const CALLERS: &[&str] =
        &["the os", "the operating system", "ndis", "rdbss", "the framework", "the engine", "the i/o manager"];
    /// What may stand between the name and the verb.
    const NOUNS: &[&str] = &["", " event callback function", " callback function", " callback routine", " function", " routine"];
    let description = description.split_once(". ").map_or(description, |(first, _)| first);
    let plain = locale::fold(description);
    let sentence = plain.strip_prefix("[applies to kmdf and umdf] ").unwrap_or(&plain).trim_start();
    let Some(behind) = ["a ", "an ", "the "].iter().find_map(|article| sentence.strip_prefix(article)).or(Some(sentence)) else {
        return false;
    };
    if let Some((whose, named)) = behind.split_once("driver's ") {
        let is_short = whose.split(' ').count() <= 4 && whose.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-'));
        let mut words = named.split(' ');
        let (name, next) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let is_noun = matches!(next, "event" | "callback" | "function" | "routine");
        return is_short && (name == "implementation" || is_noun && is_identifier(name));
    }
    let Some((name, rest)) = behind.split_once(' ') else { return false };
    let rest = format!(" {rest}");
    let called = NOUNS.iter().find_map(|noun| rest.strip_prefix(noun)?.strip_prefix(" is called by "));
    let stands_for_name = is_identifier(name) && (name.contains('_') || name.starts_with("evt"));
    stands_for_name && called.is_some_and(|by| CALLERS.iter().any(|c| by.strip_prefix(c).is_some_and(|r| r.starts_with(' '))))
}

/// The kind of a function of a rendered page, which has a title and a table of requirements with keys and values. A key that could not
/// be told from its value is the same as that.
pub(super) fn of_rendered<'t>(
    titles: impl Iterator<Item = &'t str>,
    mut rows: impl Iterator<Item = (&'t str, &'t str)>,
) -> Option<ApiKind> {
    const MACRO: &[&str] = &["macro", "makro", "makra", "макрос", "マクロ", "매크로", "宏", "巨集"];
    for title in titles {
        let folded = locale::fold(title);
        if folded.contains("::") {
            return Some(ApiKind::Method);
        }
        let mut words = folded.split([' ', '-', '(']).filter(|w| !w.is_empty()).take(3);
        if words.any(|word| MACRO.contains(&word)) {
            return Some(ApiKind::Macro);
        }
    }
    // Such a page names a library to link with, or the image, and no more.
    let is_library = |word: &str| is_image(word) || word.rsplit_once('.').is_some_and(|(_, e)| e.eq_ignore_ascii_case("lib"));
    let names_library = |(key, value): (&str, &str)| {
        let value = value.trim_matches(['|', ' ']);
        let mut rest = value;
        let labels = if key == locale::fold(value) || value.contains('|') { MAX_LABEL } else { 0 };
        for _ in 0..=labels {
            if names_files(rest, is_library) {
                return true;
            }
            rest = rest.split_once(char::is_whitespace).map_or("", |(_, behind)| behind.trim_start_matches(['|', ' ']));
        }
        false
    };
    rows.any(names_library).then_some(ApiKind::Export)
}

/// As many words name the row of a library, in any language.
const MAX_LABEL: usize = 2;

/// Whether all of a text is understood as the images that export a function: `NtosKrnl.exe (kernel mode); Ntdll.dll (user mode)`.
pub(super) fn names_images(text: &str) -> bool {
    names_files(text, is_image)
}

/// Whether an entry says that there is no image, by a word or the stub of one.
pub(super) fn is_none(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "none" | "none.dll" | "n/a" | "tbd")
}

/// Whether all of a text is names of files of a sort, with nothing behind a name but where it counts.
fn names_files(text: &str, is_file: impl Fn(&str) -> bool) -> bool {
    let is_known = |behind: &str| {
        let inside = behind.strip_prefix('(').and_then(|b| b.trim_end_matches('.').strip_suffix(')'));
        let inside = inside.unwrap_or_default().to_ascii_lowercase();
        behind.is_empty()
            || matches!(inside.as_str(), "kernel mode" | "user mode" | "kmdf" | "umdf")
            || inside.starts_with("see ")
    };
    let mut items = text.split([';', ',']).map(str::trim).filter(|item| !item.is_empty());
    let is_item = |item: &str| {
        let (name, behind) = item.split_once(char::is_whitespace).unwrap_or((item, ""));
        is_file(name) && is_known(behind.trim())
    };
    // What the rest of a list is may not be written yet.
    items.next().is_some_and(is_item) && items.all(|item| is_item(item) || item == "TBD")
}

/// Whether a name is that of an image that may export functions. `Wdf01000.sys.dll` and `None.dll` are made of an entry that names no
/// library to link with.
fn is_image(name: &str) -> bool {
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    matches!(extension.to_ascii_lowercase().as_str(), "dll" | "sys" | "exe" | "drv")
        && !stem.is_empty()
        && !stem.eq_ignore_ascii_case("none")
        && !["sys", "dll", "exe"].iter().any(|e| stem.to_ascii_lowercase().ends_with(&format!(".{e}")))
}

/// What stands behind `key:` at the beginning of a line, to the end of the text.
fn behind<'f>(front: &'f str, key: &str) -> Option<&'f str> {
    let mut from = 0;
    while let Some(at) = front.get(from..)?.find(key) {
        let start = from + at;
        let end = start + key.len();
        let begins_line = start == 0 || front.as_bytes().get(start - 1) == Some(&b'\n');
        if begins_line && let Some(value) = front.get(end..).and_then(|rest| rest.strip_prefix(':')) {
            return Some(value);
        }
        from = end;
    }
    None
}

/// The value of a line `key: value`.
fn value<'f>(front: &'f str, key: &str) -> Option<&'f str> {
    let line = behind(front, key)?.lines().next().unwrap_or_default();
    Some(line.trim().trim_matches(['"', '\''])).filter(|v| !v.is_empty())
}

/// The items below the first of these keys that has any, or beside it, with commas between.
pub(super) fn list<'f>(front: &'f str, keys: &[&str]) -> Vec<&'f str> {
    for key in keys {
        let Some(mut lines) = behind(front, key).map(str::lines) else { continue };
        let beside = lines.next().unwrap_or_default().trim();
        let below = lines.map(str::trim).take_while(|line| line.starts_with('-')).map(|line| line.trim_start_matches('-'));
        let all = beside.trim_matches(['[', ']']).split(',').chain(below).map(|i| i.trim().trim_matches(['"', '\'']));
        let items: Vec<&str> = all.filter(|i| !i.is_empty()).collect();
        if !items.is_empty() {
            return items;
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(title: &str, ty: &str, places: &[&str], dll: &str, target: &str) -> Option<ApiKind> {
        let places: String = places.iter().map(|p| format!(" - {p}\n")).collect();
        let front = format!(
            "UID: NF:thing.{target}\ntitle: {title}\nreq.dll: {dll}\napi_type:\n - {ty}\napi_location:\n{places}api_name:\n - X.dll"
        );
        of_function(&front, target)
    }

    #[test]
    fn the_metadata_decide() {
        let cases = [
            (kind("X function (thing.h)", "DllExport", &["NtosKrnl.exe"], "", "X"), Some(ApiKind::Export)),
            (
                kind("X function (thing.h)", "DllExport", &["thing.h"], "NtosKrnl.exe (kernel mode); Ntdll.dll", "X"),
                Some(ApiKind::Export),
            ),
            (kind("X function (thing.h)", "LibDef", &["Netio.lib", "Netio.dll"], "", "X"), Some(ApiKind::Export)),
            (kind("X function (thing.h)", "HeaderDef", &["thing.h"], "", "X"), Some(ApiKind::Function)),
            (kind("X macro (thing.h)", "HeaderDef", &["thing.h"], "", "X"), Some(ApiKind::Macro)),
            (kind("X macro (thing.h)", "DllExport", &["NtosKrnl.exe"], "NtosKrnl.exe", "X"), Some(ApiKind::Macro)),
            (kind("I::X (thing.h)", "COM", &["thing.h"], "", "I.X"), Some(ApiKind::Method)),
            (kind("I::X method (thing.h)", "COM", &["thing.dll"], "thing.dll", "I.X"), Some(ApiKind::Method)),
            (kind("X function (thing.h)", "DllExport", &["thing.h"], "X.dll (see Versions.)", "X"), Some(ApiKind::Export)),
            (kind("X function (thing.h)", "DllExport", &["thing.h"], "X.dll; TBD", "X"), Some(ApiKind::Export)),
            // Metadata that contradict each other, or name nothing that exports.
            (kind("X function (thing.h)", "DllExport", &["X.dll"], "Not exported by X.dll", "X"), None),
            (kind("X function (thing.h)", "DllExport", &["X.dll"], "X.dll does not export it", "X"), None),
            (kind("X function (thing.h)", "DllExport", &["X.dll"], "X.dll (not exported)", "X"), None),
            (kind("X function (thing.h)", "HeaderDef\n - DllExport", &["thing.h", "X.dll"], "X.dll", "X"), None),
            (kind("X function (thing.h)", "COM", &["thing.h"], "", "X"), None),
            (kind("X function (thing.h)", "DllExport", &["thing.h"], "", "X"), None),
            (kind("X function (thing.h)", "LibDef", &["stub.lib"], "", "X"), None),
            (kind("X function (thing.h)", "LibDef", &["Wdf01000.sys", "Wdf01000.sys.dll"], "", "X"), None),
            (kind("X function (thing.h)", "LibDef", &["None", "None.dll"], "None", "X"), None),
        ];
        for (at, (found, wanted)) in cases.into_iter().enumerate() {
            assert_eq!(found, wanted, "case {at}");
        }
    }

    #[test]
    fn what_the_driver_supplies_is_told_by_the_first_sentence() {
        for yes in [
            "[Applies to KMDF and UMDF] A driver's *EvtThing* event callback function sends.",
            "A user-mode display driver's **PFNTHING_SEND** function sends.",
            "The filter driver's implementation to send.",
            "EVT_THING_SEND is called by the OS to send.",
        ] {
            assert!(driver_supplies(yes), "{yes}");
        }
        for no in [
            "A driver calls the ThingSend function.",
            "ThingSend sends a driver's data to a miniport driver.",
            "EVT_THING_SEND is called by the client driver.",
            "THING_SEND is called to send. A driver's EvtThing function is called later.",
            "Implemented by the client driver to send.",
            "A driver's request is sent.",
            "",
        ] {
            assert!(!driver_supplies(no), "{no}");
        }
    }

    #[test]
    fn a_rendered_page_has_its_title_and_its_requirements() {
        let kind = |title: &'static str, value: &'static str| {
            of_rendered([title].into_iter(), [("header", "thing.h (include Thing.h)"), ("library", value)].into_iter())
        };
        assert_eq!(kind("X function (thing.h)", "Netio.lib"), Some(ApiKind::Export));
        assert_eq!(kind("X-Funktion (thing.h)", "DLL | Thing.sys |"), Some(ApiKind::Export));
        assert_eq!(kind("X function (thing.h)", "Universal"), None);
        for text in ["Not exported by Netio.lib", "No Netio.lib", "Netio.lib does not have it"] {
            assert_eq!(kind("X function (thing.h)", text), None, "{text}");
        }
        let line = |text: &'static str, key: &'static str| of_rendered([].into_iter(), [(key, text)].into_iter());
        assert_eq!(line("Bibliothek Netio.lib", "bibliothek netio.lib"), Some(ApiKind::Export));
        assert_eq!(line("It is not in Netio.lib", "it is not in netio.lib"), None);
        assert_eq!(kind("I::X method (thing.h)", "Netio.lib"), Some(ApiKind::Method));
        assert_eq!(kind("X macro (thing.h)", "Netio.lib"), Some(ApiKind::Macro));
        assert_eq!(kind("X-Makro (thing.h)", "Netio.lib"), Some(ApiKind::Macro));
        assert_eq!(kind("X マクロ (thing.h)", "Netio.lib"), Some(ApiKind::Macro));
    }

    #[test]
    fn pages_of_2018_have_other_keys() {
        let front = "title: WskRegister function\nreq.lib: Netio.lib\nreq.dll:\nreq.alt-loc: Netio.lib,Netio.dll\n";
        assert_eq!(of_function(front, "WskRegister"), Some(ApiKind::Export));
        assert_eq!(of_function("title: I::X method\nreq.lib: dbgeng.h\nreq.dll:\n", "I.X"), Some(ApiKind::Method));
        assert_eq!(of_function("title: X function\nreq.dll: NtosKrnl.exe\n", "X"), Some(ApiKind::Export));
        assert_eq!(of_function("title: X function\nreq.lib: X.lib\n", "X"), None);
        assert_eq!(of_function("apitype: [ \"HeaderDef\" ]\n", "X"), Some(ApiKind::Function));
    }
}
