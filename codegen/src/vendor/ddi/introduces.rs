//! The sentence before a list, a table or headings → what these are of a parameter or field.
//!
//! In: the text up to there. Out: whether its last sentence introduces values, members or parameters, and whether it may be that it leaves
//! the values out. Separate from what reads them. Of a long table each cell is asked for, so that no cell may cost more than its own text.

use crate::source::Span;
use crate::vendor::markup;

/// What a text says that the headings, terms or items below it are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Introduces {
    /// Values of what it describes.
    Values,
    /// Values of which it may be that what it describes does not take them: "none of the following values".
    Others,
    /// Members of what it describes.
    Members,
    /// Parameters of a function that it describes.
    Parameters,
    /// It does not say.
    Nothing,
}

/// The last sentence of a text is looked for in as many bytes: a text may be long, and be asked for each heading below it.
const MAX_SENTENCE: usize = 1024;
/// The last bytes of a text.
fn end_of(text: &str, bytes: usize) -> &str {
    let start = text.len().saturating_sub(bytes);
    let start = (start..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    text.get(start..).unwrap_or_default()
}

/// What the last sentence of a text introduces.
pub(super) fn introduces(text: &str, place: Span) -> Introduces {
    let last = end_of(text, MAX_SENTENCE);
    let plain = markup::plain(last, place.part(text.len() - last.len()..text.len())).to_lowercase();
    let plain = plain.trim_end_matches(['.', ':', ' ']);
    let last = plain.rsplit(['.', ':', '}', ';']).find(|s| !s.trim().is_empty()).unwrap_or_default();
    let has = |words: &[&str]| words.iter().any(|w| last.contains(w));
    if has(&["members", "fields"]) {
        Introduces::Members
    } else if has(&["parameters"]) {
        Introduces::Parameters
    } else if has(&["value", "flag", "constant", "enumeration", "string", "of the following", "are the following"]) {
        if is_doubtful(last) { Introduces::Others } else { Introduces::Values }
    } else {
        Introduces::Nothing
    }
}

/// Whether a sentence that introduces values may say that they are not taken: a word in it leaves something out.
fn is_doubtful(sentence: &str) -> bool {
    /// Words that do so.
    const WORDS: &[&str] = &[
        "not",
        "cannot",
        "can't",
        "mustn't",
        "none",
        "never",
        "neither",
        "nor",
        "except",
        "excluding",
        "excluded",
        "without",
        "obsolete",
        "deprecated",
        "reserved",
        "invalid",
        "illegal",
        "unsupported",
        "undefined",
        "unused",
        "ignored",
        "forbidden",
        "prohibited",
        "disallowed",
        "removed",
        "retired",
        "instead",
    ];
    /// Words that do so before some others.
    const PAIRS: &[(&str, &[&str])] = &[
        ("no", &["of", "one", "value", "values", "flag", "flags", "constant", "constants", "longer"]),
        ("other", &["than"]),
        ("rather", &["than"]),
    ];
    /// Phrases with such words that leave nothing out.
    const PHRASES: &[&str] = &["not limited to", "but not both", "or not"];
    let sentence = PHRASES.iter().fold(sentence.to_owned(), |sentence, phrase| sentence.replace(phrase, ""));
    let mut words = sentence.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '\'').filter(|w| !w.is_empty()).peekable();
    while let Some(word) = words.next() {
        let next = words.peek().copied().unwrap_or_default();
        if WORDS.contains(&word) || PAIRS.iter().any(|(first, then)| *first == word && then.contains(&next)) {
            return true;
        }
    }
    false
}

/// The tables and lists of terms in a text, and what the sentence before each says. Cells are asked for in the order of the text.
pub(super) struct Lists<'t> {
    text: &'t str,
    place: Span,
    /// Where the cell stands that was asked for last, and what the sentence before its list says.
    last: Option<(usize, Form, Introduces)>,
}

/// What a cell is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Pipes,
    Table,
    Terms,
}

impl<'t> Lists<'t> {
    pub(super) fn new(text: &'t str, place: Span) -> Self {
        Self { text, place, last: None }
    }

    /// What the sentence before the table or list says that has a cell or term at that place.
    pub(super) fn introduces(&mut self, cell: Span) -> Introduces {
        let at = cell.start.saturating_sub(self.place.start);
        // Cells of HTML come before those of Markdown.
        let last = self.last.map_or(0, |(last, ..)| if last <= at { last } else { 0 });
        if let Some((last, form, says)) = self.last
            && self.text.get(last..at).is_some_and(|between| form.goes_on(between))
        {
            self.last = Some((at, form, says));
            return says;
        }
        let (form, start) = begin_of_list(self.text.get(..at).unwrap_or_default(), last);
        let says = introduces(self.text.get(..start).unwrap_or_default(), self.place.part(0..start));
        self.last = Some((at, form, says));
        says
    }
}

impl Form {
    /// Whether the list goes on over a text between two of its cells.
    fn goes_on(self, between: &str) -> bool {
        match self {
            Self::Pipes => !between.contains("<t") && between.lines().skip(1).all(|line| line.contains('|')),
            Self::Table => !between.contains("</table"),
            // Each term may have a list of its own.
            Self::Terms => between
                .match_indices("</dl>")
                .all(|(at, end)| between.get(at + end.len()..).is_some_and(|behind| behind.trim_start().starts_with("<dl"))),
        }
    }
}

/// Where the table or list begins that is open at the end of a text. None is that was open at `last`.
fn begin_of_list(text: &str, last: usize) -> (Form, usize) {
    let line = text.rfind('\n').map_or(0, |at| at + 1);
    if text.get(line..).is_some_and(|l| l.trim_start().starts_with('|')) {
        let rows = text.get(..line).unwrap_or_default().split_inclusive('\n').rev().take_while(|l| l.contains('|'));
        return (Form::Pipes, line - rows.map(str::len).sum::<usize>());
    }
    let since = text.get(last..).unwrap_or_default();
    match since.rfind("<table").filter(|at| !since.get(*at..).is_some_and(|t| t.contains("</table"))) {
        Some(table) => (Form::Table, last + table),
        None => (Form::Terms, text.rfind("<dl").unwrap_or(line)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn the_sentence_before_a_list_says_what_it_lists() {
        let says = |text: &str| introduces(text, Span::new(Sources::new().add("t", text), 0..text.len()));
        assert_eq!(says("It is set to one of the following values:"), Introduces::Values);
        assert_eq!(says("It contains the following members."), Introduces::Members);
        for doubtful in [
            "It is none of the following values:",
            "The following flags are obsolete.",
            "These reserved values are defined:",
            "It can be any value other than the following:",
            "It takes no longer the values below.",
            "It must not be set to one of the following values:",
        ] {
            assert_eq!(says(doubtful), Introduces::Others, "{doubtful}");
        }
        for certain in [
            "It is not null. It is one of the following values:",
            "Set one (but not both) of the following flags:",
            "The values include, but are not limited to, the following:",
            "There are these and other related values:",
        ] {
            assert_eq!(says(certain), Introduces::Values, "{certain}");
        }
        assert_eq!(says("A flag. The driver sets the members of it to the following values:"), Introduces::Members);
        assert_eq!(says("The routine has the following parameters:"), Introduces::Parameters);
        assert_eq!(says("It is a flag. Something else."), Introduces::Nothing);
    }
}
