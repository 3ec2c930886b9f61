//! The level that the text of a page states, where the page has no entry for it.
//!
//! In: the paragraphs of the text. Out: the words for the level, where one sentence states it for this function and nothing around it can
//! be a condition or speak of another function; else that the text speaks of levels, or that it is silent.

use super::markup::{self, fence_after};
use super::{irql, locale};
use crate::facts::Level;
use crate::source::Span;

/// What the text of a page says of the level.
#[derive(Debug, PartialEq)]
pub(super) enum InText {
    /// Nothing.
    Silent,
    /// One sentence states it for this function, whole: the words for the level.
    Stated(String),
    /// It speaks of levels, but not in one such sentence.
    Unclear,
}

/// Looks for the one sentence of a text that states the level of the function `name`.
pub(super) fn read(text: &str, name: Option<&str>, at: Span) -> InText {
    // Most texts do not speak of levels, and cutting them takes long.
    let may_speak = |text: &str| text.contains("IRQL") || text.contains("LEVEL");
    if !may_speak(text) {
        return InText::Silent;
    }
    let mut found = InText::Silent;
    let mut is_led = false;
    let mut is_of_page = true;
    let mut fence = None;
    for paragraph in paragraphs(text) {
        if paragraph.starts_with('#') {
            // Below any other heading the text may be about something else.
            let title = paragraph.trim_start_matches('#').trim().trim_start_matches('-');
            is_of_page = paragraph.starts_with("## ")
                && (title.eq_ignore_ascii_case("description") || title.eq_ignore_ascii_case("remarks"));
            is_led = false;
            continue;
        }
        let was_open = fence.is_some();
        fence = paragraph.lines().fold(fence, |fence, line| fence_after(line, fence));
        let is_text = is_of_page && !was_open && fence.is_none() && !paragraph.contains("<!--") && !paragraph.contains("```");
        if may_speak(paragraph) {
            let plain = markup::plain(paragraph, at).replace('\\', "");
            if speaks(&plain) {
                let stated = if found == InText::Silent && !is_led && is_text { stated(&plain, name) } else { None };
                found = stated.map_or(InText::Unclear, InText::Stated);
            }
        }
        is_led = paragraph.trim_end().ends_with([':', '：']);
    }
    found
}

/// Blocks between empty lines and headings, and each heading by itself.
fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let mut end = 0;
            for line in rest.split_inclusive('\n') {
                if line.trim().is_empty() || line.starts_with('#') {
                    if end == 0 {
                        end = line.len();
                    }
                    break;
                }
                end += line.len();
            }
            let (paragraph, behind) = rest.split_at_checked(end)?;
            rest = behind;
            if !paragraph.trim().is_empty() {
                return Some(paragraph);
            }
        }
        None
    })
}

fn speaks(text: &str) -> bool {
    text.contains("IRQL") || Level::ALL.iter().any(|l| text.contains(l.as_str()))
}

/// The words for the level of a paragraph that states it in its last sentence, and speaks of nothing else before.
fn stated(paragraph: &str, name: Option<&str>) -> Option<String> {
    let mut sentences: Vec<&str> =
        paragraph.split_inclusive(['.', ':', '!', '?', ';']).map(str::trim).filter(|s| !s.is_empty()).collect();
    let last = sentences.pop()?;
    let is_of_this = sentences.iter().all(|s| !speaks(s) && is_about(s, name));
    if is_of_this { of_sentence(last, name) } else { None }
}

/// Whether a sentence is about this function alone, and states no condition.
fn is_about(sentence: &str, name: Option<&str>) -> bool {
    const CONDITIONS: &[&str] = &[
        "callback",
        "completion",
        "calls",
        "invokes",
        "if",
        "when",
        "whenever",
        "while",
        "unless",
        "where",
        "case",
        "cases",
        "otherwise",
        "suppose",
        "assume",
        "provided",
        "only",
        "but",
        "except",
        "windows",
    ];
    let folded = locale::fold(sentence);
    let own = name.map(str::to_lowercase);
    let begins = ["this ", "it ", "the function ", "the routine "].iter().any(|lead| folded.starts_with(lead))
        || own
            .as_deref()
            .is_some_and(|n| folded.strip_prefix("the ").unwrap_or(&folded).strip_prefix(n).is_some_and(|r| r.starts_with(' ')));
    let words = || sentence.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty());
    // `WskSend`, `PFN_WSK_SEND`: a name of something.
    let is_name = |w: &str| w.contains('_') || w.chars().skip(1).any(char::is_uppercase) && w.chars().any(char::is_lowercase);
    let is_other = |w: &str| is_name(w) && name != Some(w);
    begins && !words().any(|w| is_other(w) || CONDITIONS.contains(&w.to_lowercase().as_str()))
}

/// Reads `This function can only be called at PASSIVE_LEVEL.`
fn of_sentence(sentence: &str, name: Option<&str>) -> Option<String> {
    const SUBJECTS: &[&str] =
        &["this function", "the function", "this routine", "the routine", "this method", "this macro", "this"];
    const VERBS: &[&str] = &[
        " can only be called at ",
        " may only be called at ",
        " must only be called at ",
        " can be called only at ",
        " must be called only at ",
        " must be called at ",
        " must be running at ",
        " must run at ",
    ];
    let folded = locale::fold(sentence);
    let named = name.map(|n| locale::fold(&format!("callers of {n}")));
    let subject = SUBJECTS.iter().copied().chain(named.as_deref()).find(|s| {
        let behind = folded.strip_prefix(s);
        behind.is_some_and(|b| VERBS.iter().any(|v| b.starts_with(v)))
    })?;
    let verb = VERBS.iter().find(|v| folded.get(subject.len()..).is_some_and(|b| b.starts_with(**v)))?;
    let phrase = folded.get(subject.len() + verb.len()..)?.trim_end_matches('.').to_ascii_uppercase();
    // A condition, in parentheses or in any other words, makes it a matter for people.
    irql::read(&phrase).filter(|fact| fact.when.is_none()).map(|_| phrase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn of(text: &str) -> InText {
        let mut sources = Sources::new();
        let file = sources.add("page.md", text);
        read(text, Some("ThingSend"), Span::new(file, 0..0))
    }

    #[test]
    fn one_sentence_may_state_it() {
        let stated = |text: &str| InText::Stated(text.to_owned());
        for text in [
            "It sends.\n\nThis function can only be called at PASSIVE_LEVEL.",
            "## -remarks\nThis function can only be called at PASSIVE\\_LEVEL.\n## -see-also",
            "The <b>ThingSend</b> function sends. It waits. This function can only be called at **PASSIVE_LEVEL**.",
        ] {
            assert_eq!(of(text), stated("PASSIVE_LEVEL"), "{text}");
        }
        assert_eq!(of("Callers of ThingSend must be running at IRQL <= APC_LEVEL."), stated("IRQL <= APC_LEVEL"));
        for silent in ["It sends.", "<!--\nThis function must be called at PASSIVE_LEVEL.\n-->"] {
            assert_eq!(of(silent), InText::Silent, "{silent}");
        }
    }

    #[test]
    fn what_another_sentence_may_limit_is_not_taken() {
        for unclear in [
            "This function must be called at PASSIVE_LEVEL if it waits.",
            "This function must be called at PASSIVE_LEVEL. At DISPATCH_LEVEL it fails.",
            "This function must be called at PASSIVE_LEVEL. In all other cases the caller may hold a spin lock.",
            "This function must be called at PASSIVE_LEVEL.\n\nAt DISPATCH_LEVEL it fails.",
            "Callers of ThingReceive must be running at IRQL <= APC_LEVEL.",
            "Callers of ThingSend must be running at IRQL = PASSIVE_LEVEL and with APCs enabled.",
            "The callback runs at the IRQL of the caller.",
            "The ThingSend function sends. Free the list with ThingFree. This function can only be called at PASSIVE_LEVEL.",
            "To free the list call ThingFree: this routine must be called at PASSIVE_LEVEL.",
            "A routine is called back later. The routine must run at DISPATCH_LEVEL.",
            "In Windows XP, the following is so:\n\nThis function must be called at PASSIVE_LEVEL.",
            "Suppose that the buffer is pageable. This function must be called at PASSIVE_LEVEL.",
            "This function may wait when the buffer is pageable. This function must be called at PASSIVE_LEVEL.",
            "ThingFree waits; this must be called at PASSIVE_LEVEL.",
            "It calls a completion routine. The routine must run at DISPATCH_LEVEL.",
            "## -parameters\n### -param A\n\nThis function must be called at PASSIVE_LEVEL.",
            "### In Windows XP\n\nThis function must be called at PASSIVE_LEVEL.",
            "```\nThis function must be called at PASSIVE_LEVEL.\n```",
            "- It sends.\n- This function must be called at PASSIVE_LEVEL.",
        ] {
            assert_eq!(of(unclear), InText::Unclear, "{unclear}");
        }
    }
}
