//! What became of each structural entry of a page: a fact, a diagnostic, or prose by a rule that has a name.
//!
//! In: the facts of a page, what was said of it, and its entries: headings, rows of tables, terms and items of lists that name something.
//! Out: a diagnostic for each entry that nobody took. Separate from the readers, so that what a reader passes over cannot pass here as
//! well: an entry counts as read only if a fact or a diagnostic has its place on it.

use std::ops::Range;

use super::hash::HashSet;
use super::markup::{is_constant, is_identifier};
use super::{ApiFacts, ItemFacts};
use crate::source::{Diagnostic, FileId, Report, Span, Spanned};

/// The form of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A heading that is marked as a parameter, field or enumerator: `-param Name`.
    Marked,
    /// Another heading.
    Heading,
    /// A row of a table, by its first cell.
    Row,
    /// A term of a list of definitions.
    Term,
    /// An item of a list.
    Item,
    /// A line of its own.
    Line,
}

impl Form {
    fn spelling(self) -> &'static str {
        match self {
            Self::Marked | Self::Heading => "heading",
            Self::Row => "row of a table",
            Self::Term => "term",
            Self::Item => "item of a list",
            Self::Line => "line",
        }
    }
}

/// Below what an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Below {
    Parameter,
    Field,
    Enumerator,
    Returns,
}

/// What the text around an entry says that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    /// A constant and its meaning, or nothing that says otherwise.
    Meaning,
    /// A row whose second cell is the name of a type and nothing else; of a rendered page, a row or term below a parameter that can
    /// hold no constant.
    Relation,
}

/// What an entry says that it declares something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// A direction in brackets beside the name: `Name [in]`.
    Direction,
    /// A mark of the dialect that no heading has: `-param Name`.
    Mark,
    /// A word before the name: `Parameter Name`.
    Word,
    /// The head of the table: `Parameter | Description`.
    Head,
    /// A number behind the name of an enumerator: `NAME = 2`.
    Value,
    /// A type before the name: `ULONG Name`.
    Type,
    /// Its place: it is a term outside tables, or stands below the heading of the section, where there is nothing that it could be a value of.
    Place,
    /// A table of values and their meanings, where an enumerator stands alone: `Value | Meaning` above `| AnyMode | … |`.
    Listed,
    /// Emphasis, where a text about the name or nothing follows: `**Name** - text`.
    Emphasis,
    /// Nothing but the name.
    Nothing,
}

/// An entry.
#[derive(Debug)]
pub(super) struct Entry<'t> {
    pub(super) form: Form,
    pub(super) below: Below,
    pub(super) around: Around,
    pub(super) says: Says,
    /// What it names: the title of a heading, the first word of anything else.
    pub(super) name: &'t str,
    /// Where a fact or diagnostic must begin to be one of this entry.
    pub(super) range: Range<usize>,
    /// Whether it has a text of its own below it.
    pub(super) has_text: bool,
}

/// Why an entry is prose. Each is narrow, and each is said here and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prose {
    /// `empty`: a heading without a title and without a text.
    Empty,
    /// `title`: a heading of several words none of which is a constant. A name is one word, and what stands before it in the forms that
    /// declare one (a mark, a type, `Parameter`) does not stand here.
    Title,
    /// `sentence`: a row, term or item that begins with no constant and says nothing that declares a name. In these forms only constants
    /// are values, and a parameter or field has its direction, its table or its emphasis.
    Sentence,
    /// `relation`: a row below a parameter whose second cell is one name in capitals and nothing else: it says to which type the
    /// parameter points when another one has that value. A direction beside the name, or the head of the table, says otherwise.
    Relation,
}

/// The rule by which an entry is prose. What stands in other sections than those of parameters, fields, enumerators and codes is prose
/// without being asked, and so is code.
pub(super) fn prose(entry: &Entry<'_>) -> Option<Prose> {
    let is_heading = matches!(entry.form, Form::Marked | Form::Heading);
    if is_heading && entry.name.is_empty() && !entry.has_text {
        return Some(Prose::Empty);
    }
    let declares = match entry.says {
        Says::Direction | Says::Mark | Says::Word | Says::Head | Says::Value | Says::Place => true,
        Says::Type => entry.form == Form::Heading,
        Says::Listed => entry.form == Form::Row,
        Says::Emphasis => entry.form == Form::Item,
        Says::Nothing => false,
    };
    if entry.form == Form::Marked || declares {
        return None;
    }
    match entry.form {
        Form::Heading if !entry.name.split('.').all(is_identifier) && !names_constant(entry.name) => Some(Prose::Title),
        Form::Row | Form::Term if is_mixed_constant(entry.name) => None,
        Form::Row | Form::Term | Form::Item | Form::Line if !is_constant(entry.name) => Some(Prose::Sentence),
        Form::Row | Form::Term if entry.around == Around::Relation && entry.below == Below::Parameter => Some(Prose::Relation),
        _ => None,
    }
}

/// Whether a name begins as a constant does, with capitals before an underscore: `KS_INTERLACE_Field1First`.
fn is_mixed_constant(name: &str) -> bool {
    let (prefix, rest) = name.split_once('_').unwrap_or_default();
    prefix.len() > 1
        && !rest.is_empty()
        && prefix.bytes().all(|b| b.is_ascii_uppercase())
        && name.bytes().any(|b| b.is_ascii_lowercase())
}

/// Whether one of the words of a heading is a constant.
fn names_constant(title: &str) -> bool {
    title.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(is_constant)
}

/// Where facts and diagnostics of a page stand.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    starts: Vec<usize>,
    /// Codes, by name.
    codes: HashSet<String>,
    /// Values, by name.
    values: HashSet<String>,
}

impl Ledger {
    /// The places of all facts, and of what was said of the page since the report had `since` diagnostics.
    pub(super) fn new(file: FileId, item: &ItemFacts, report: &Report, since: usize) -> Self {
        let mut ledger = Self::default();
        match item {
            ItemFacts::Api(facts) => ledger.api(facts),
            ItemFacts::Struct(facts) => facts.fields.iter().for_each(|f| ledger.named(&f.name, &f.values)),
            ItemFacts::Enum(facts) => facts.variants.iter().for_each(|(name, _)| ledger.took(name.span)),
            // The reader of such pages answers for each row of its tables itself.
            ItemFacts::Control(_) => {}
        }
        ledger.close(file, report, since);
        ledger
    }

    /// The same of a function whose parameters have their places elsewhere than the entries that describe them.
    pub(super) fn of_api(
        file: FileId,
        facts: &ApiFacts,
        headings: impl Iterator<Item = Span>,
        report: &Report,
        since: usize,
    ) -> Self {
        let mut ledger = Self::default();
        ledger.api(facts);
        headings.for_each(|span| ledger.took(span));
        ledger.close(file, report, since);
        ledger
    }

    fn close(&mut self, file: FileId, report: &Report, since: usize) {
        for diagnostic in report.diagnostics().iter().skip(since) {
            diagnostic.span.filter(|s| s.file == file).into_iter().for_each(|span| self.took(span));
        }
        self.starts.sort_unstable();
    }

    fn api(&mut self, facts: &ApiFacts) {
        facts.params.iter().for_each(|p| self.named(&p.name, &p.values));
        for code in &facts.codes {
            self.took(code.span);
            self.codes.insert(code.value.clone());
        }
    }

    fn named(&mut self, name: &Spanned<String>, values: &[Spanned<String>]) {
        self.took(name.span);
        for value in values {
            self.took(value.span);
            self.values.insert(value.value.clone());
        }
    }

    fn took(&mut self, span: Span) {
        self.starts.push(span.start);
    }

    pub(super) fn has(&self, range: &Range<usize>) -> bool {
        let first = self.starts.partition_point(|start| *start < range.start);
        self.starts.get(first).is_some_and(|start| *start < range.end)
    }

    /// Whether an entry repeats what stands elsewhere on the page.
    fn is_repeated(&self, entry: &Entry<'_>) -> bool {
        match entry.below {
            Below::Returns => self.codes.contains(entry.name),
            _ => self.values.contains(entry.name.rsplit('.').next().unwrap_or(entry.name)),
        }
    }

    /// Says of an entry that it was not read, if it was not and is no prose.
    pub(super) fn settle(&self, file: FileId, entry: &Entry<'_>, report: &mut Report) {
        if self.has(&entry.range) || prose(entry).is_some() {
            return;
        }
        let (form, name) = (entry.form.spelling(), entry.name);
        let diagnostic = if self.is_repeated(entry) {
            let help = "the first is taken; compare the two with another revision of the page";
            Diagnostic::warning("vendor::duplicate", format!("`{name}` is listed twice on this page")).help(help)
        } else {
            let what = match entry.below {
                Below::Parameter if matches!(entry.says, Says::Direction | Says::Mark | Says::Word | Says::Head) => "a parameter",
                Below::Field if matches!(entry.says, Says::Mark | Says::Word | Says::Head) => "a field",
                Below::Parameter if entry.form == Form::Marked => "a parameter",
                Below::Parameter => "a value of the parameter above",
                Below::Field if entry.form == Form::Marked => "a field",
                Below::Field => "a value or a part of the field above",
                Below::Enumerator => "an enumerator",
                Below::Returns => "a code that is returned",
            };
            let help = format!("if it is {what}, add it to our page by an erratum that says where it comes from");
            Diagnostic::warning("vendor::unread", format!("this {form} was not read: {name}")).help(help)
        };
        report.push(diagnostic.at(Span::new(file, entry.range.clone())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(form: Form, below: Below, says: Says, name: &str) -> Option<Prose> {
        prose(&Entry { form, below, around: Around::Meaning, says, name, range: 0..1, has_text: false })
    }

    fn relation(form: Form, below: Below, says: Says) -> Option<Prose> {
        prose(&Entry { form, below, around: Around::Relation, says, name: "A_B", range: 0..1, has_text: false })
    }

    #[test]
    fn the_rules_of_prose_are_narrow() {
        let nothing = Says::Nothing;
        assert_eq!(rule(Form::Marked, Below::Parameter, nothing, ""), Some(Prose::Empty));
        assert_eq!(rule(Form::Marked, Below::Parameter, nothing, "Two words"), None);
        assert_eq!(rule(Form::Marked, Below::Field, nothing, "( unnamed union )"), None);
        assert_eq!(rule(Form::Heading, Below::Parameter, nothing, "Two words"), Some(Prose::Title));
        assert_eq!(rule(Form::Heading, Below::Parameter, nothing, "A_B or A_C"), None);
        assert_eq!(rule(Form::Heading, Below::Parameter, nothing, "Table"), None);
        assert_eq!(rule(Form::Heading, Below::Enumerator, nothing, "Table"), None);
        assert_eq!(rule(Form::Heading, Below::Field, nothing, "u.Part"), None);
        assert_eq!(rule(Form::Row, Below::Parameter, nothing, "A_B"), None);
        assert_eq!(rule(Form::Row, Below::Field, nothing, "KS_One"), None);
        assert_eq!(rule(Form::Item, Below::Field, nothing, "Any"), Some(Prose::Sentence));
        assert_eq!(rule(Form::Term, Below::Enumerator, nothing, "Any"), Some(Prose::Sentence));
        assert_eq!(rule(Form::Term, Below::Enumerator, nothing, "A_B"), None);
    }

    #[test]
    fn what_declares_a_name_is_no_prose() {
        for says in [Says::Direction, Says::Mark, Says::Word, Says::Head, Says::Value, Says::Place] {
            for form in [Form::Heading, Form::Row, Form::Term, Form::Item, Form::Line] {
                assert_eq!(rule(form, Below::Parameter, says, "Any"), None, "{form:?} {says:?}");
            }
        }
        assert_eq!(rule(Form::Heading, Below::Field, Says::Type, "ULONG Any"), None);
        assert_eq!(rule(Form::Row, Below::Field, Says::Type, "ULONG"), Some(Prose::Sentence));
        assert_eq!(rule(Form::Item, Below::Parameter, Says::Emphasis, "Any"), None);
        assert_eq!(rule(Form::Row, Below::Parameter, Says::Emphasis, "Any"), Some(Prose::Sentence));
    }

    #[test]
    fn a_type_in_the_second_cell_is_a_relation_below_parameters_only() {
        assert_eq!(relation(Form::Row, Below::Parameter, Says::Nothing), Some(Prose::Relation));
        assert_eq!(relation(Form::Row, Below::Parameter, Says::Direction), None);
        assert_eq!(relation(Form::Row, Below::Parameter, Says::Head), None);
        assert_eq!(relation(Form::Row, Below::Field, Says::Nothing), None);
        assert_eq!(relation(Form::Row, Below::Returns, Says::Nothing), None);
    }
}
