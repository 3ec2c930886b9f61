//! The entries below `-struct-fields`, and the definition of an old page → the fields of a structure.
//!
//! Names are dotted where structures and unions are nested: `u.AsyncRead`. The definition gives order and types, the list what it
//! describes; a field that only one of the two has is kept.

use super::introduces::Introduces;
use super::page::{Entry, Mark, Page, Section};
use super::title::{self, Title};
use super::values::{self, Above};
use crate::c::Item;
use crate::source::{Diagnostic, Report, Spanned};
use crate::vendor::hash::{HashMap, HashSet};
use crate::vendor::markup::is_constant;
use crate::vendor::members::Members;
use crate::vendor::{FieldFacts, FieldKind, StructFacts, definition, silent};

/// As many fields of one name are told apart by what stands before them; more make a page of thousands slow.
const MAX_ALIKE: usize = 64;

/// The fields of a page while its list is read.
struct Fields {
    all: Vec<FieldFacts>,
    /// Those of the definition that stand there under a condition.
    conditional: HashSet<usize>,
    /// Where each comes: at a field of the definition, and after that in the order of the list.
    order: Vec<(usize, usize)>,
    by_path: HashMap<String, usize>,
    /// The fields of the definition by their last name.
    by_name: HashMap<String, Vec<usize>>,
    has_definition: bool,
    /// The fields that only the list has, by their last name.
    listed: HashMap<String, Vec<usize>>,
    /// Of each field of the definition the last one inside it, or itself.
    ends: Vec<usize>,
    /// Those that an entry was found for.
    described: HashSet<usize>,
    /// The entry that was read last.
    last: Option<usize>,
    /// The values of each.
    values: HashSet<(usize, String)>,
}

impl Fields {
    fn new(members: Members) -> Self {
        let Members { all: members, conditional } = members;
        let mut fields = Self {
            conditional,
            has_definition: !members.is_empty(),
            order: (1..=members.len()).map(|i| (i, 0)).collect(),
            ends: (0..members.len()).collect(),
            all: members,
            by_path: HashMap::default(),
            by_name: HashMap::default(),
            listed: HashMap::default(),
            described: HashSet::default(),
            last: None,
            values: HashSet::default(),
        };
        for (i, field) in fields.all.iter().enumerate() {
            let path = field.name.value.clone();
            fields.by_name.entry(last_name(&path).to_owned()).or_default().push(i);
            fields.by_path.entry(path).or_insert(i);
        }
        // What is inside a field stands behind it, so that ends are known before they are handed on.
        for (i, field) in fields.all.iter().enumerate().rev() {
            let parent = field.name.rsplit_once('.').and_then(|(parent, _)| fields.by_path.get(parent));
            let end = fields.ends.get(i).copied().unwrap_or(i);
            if let Some(of_parent) = parent.and_then(|p| fields.ends.get_mut(*p)) {
                *of_parent = end.max(*of_parent);
            }
        }
        fields
    }

    /// The field of the definition behind which a new one comes: it is the last in its parent, or follows the entry above with all that
    /// is inside that.
    fn place_of_new(&self, path: &str) -> usize {
        let parent = path.rsplit_once('.').and_then(|(parent, _)| self.find(parent));
        let anchor = parent.or_else(|| {
            let last = self.last?;
            let outermost = self.all.get(last)?.name.split('.').next()?;
            self.by_path.get(outermost).copied().or(Some(last))
        });
        match anchor {
            Some(anchor) => match self.ends.get(anchor) {
                Some(end) => end + 1,
                None => self.order.get(anchor).map_or(0, |(at, _)| *at),
            },
            None => 0,
        }
    }

    /// The field that a path means: the one of that path, or the only one of the definition whose path ends so.
    fn find(&self, path: &str) -> Option<usize> {
        if let Some(found) = self.by_path.get(path) {
            return Some(*found);
        }
        let alike = self.by_name.get(last_name(path)).filter(|a| a.len() <= MAX_ALIKE)?;
        let mut found = alike.iter().filter(|i| self.all.get(**i).is_some_and(|f| ends_with(&f.name, path)));
        match (found.next(), found.next()) {
            (Some(only), None) => Some(*only),
            _ => None,
        }
    }

    /// The field whose path is that, or the only one whose path ends so, of the definition or of the list.
    fn owner(&self, path: &str) -> Option<usize> {
        let of_list = || {
            let alike = self.listed.get(last_name(path)).filter(|a| a.len() <= MAX_ALIKE)?;
            let mut found = alike.iter().filter(|i| self.all.get(**i).is_some_and(|f| ends_with(&f.name, path)));
            match (found.next(), found.next()) {
                (Some(only), None) => Some(*only),
                _ => None,
            }
        };
        self.find(path).or_else(of_list)
    }

    /// Takes an entry for the field of that path.
    fn take(&mut self, path: &str, entry: &Entry<'_>, at: &str, values: Vec<Spanned<String>>, report: &mut Report) {
        let span = entry.place_of(at);
        if let Some(found) = self.find(path) {
            if let Some(field) = self.all.get_mut(found) {
                let known = &mut self.values;
                field.values.extend(values.into_iter().filter(|v| known.insert((found, v.value.clone()))));
                if self.described.insert(found) {
                    field.name.span = span;
                } else {
                    let message = format!("the field `{}` is listed twice", field.name);
                    let help = "the first is taken; compare the two with another revision of the page";
                    report.push(Diagnostic::warning("vendor::duplicate", message).at(span).help(help));
                }
            }
            self.last = Some(found);
            return;
        }
        // What is in a field whose body is elsewhere the definition does not say.
        let is_inside = path.rsplit_once('.').is_some_and(|(parent, _)| self.find(parent).is_some());
        if self.has_definition && !is_inside {
            let message = format!("the definition has no field `{path}`, the list has");
            let help = "the list is newer than the definition of an old page; take the type from the header";
            report.push(Diagnostic::warning("vendor::field", message).at(span).help(help));
        }
        // What the definition leaves without a name has none in the paths of what is in it.
        let named: Vec<&str> = path.split('.').filter(|n| !(self.has_definition && title::is_dummy(n))).collect();
        let path = &named.join(".");
        let name = Spanned::new(path.to_owned(), span);
        let after = self.place_of_new(path);
        self.order.push((after, self.all.len()));
        self.last = Some(self.all.len());
        self.described.insert(self.all.len());
        self.by_path.insert(path.to_owned(), self.all.len());
        self.listed.entry(last_name(path).to_owned()).or_default().push(self.all.len());
        self.values.extend(values.iter().map(|v| (self.all.len(), v.value.clone())));
        self.all.push(FieldFacts { name, ty: None, kind: FieldKind::Field, values });
    }

    /// Takes a heading for a value of the field above.
    fn value(&mut self, name: &str, entry: &Entry<'_>) {
        if let Some(last) = self.last {
            self.value_of(last, name, entry);
        }
    }

    /// Takes a heading for a value of a field.
    fn value_of(&mut self, of: usize, name: &str, entry: &Entry<'_>) {
        if let Some(field) = self.all.get_mut(of)
            && self.values.insert((of, name.to_owned()))
        {
            field.values.push(Spanned::new(name.to_owned(), entry.place_of(name)));
        }
    }

    fn finish(mut self) -> Vec<FieldFacts> {
        let parents: HashSet<&str> = self.all.iter().filter_map(|f| Some(f.name.rsplit_once('.')?.0)).collect();
        let nested: Vec<usize> = parents.iter().filter_map(|p| self.by_path.get(*p).copied()).collect();
        for at in nested {
            if let Some(field) = self.all.get_mut(at)
                && field.kind == FieldKind::Field
            {
                field.kind = FieldKind::Nested;
            }
        }
        // Fields of the definition come first here, so that their places in it are their places in the list.
        let kept = Members { all: self.all, conditional: self.conditional }.kept(&self.described);
        let mut fields: Vec<_> = self.order.into_iter().zip(kept).filter_map(|(order, field)| Some((order, field?))).collect();
        fields.sort_by_key(|(order, _)| *order);
        fields.into_iter().map(|(_, field)| field).collect()
    }
}

fn last_name(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// Whether a path ends with the names of another, but for the names that headers give to what C leaves unnamed.
fn ends_with(path: &str, end: &str) -> bool {
    let names =
        |path: &'_ str| -> Vec<String> { path.rsplit('.').filter(|n| !n.starts_with("DUMMY")).map(str::to_owned).collect() };
    let (path, end) = (names(path), names(end));
    !end.is_empty() && path.starts_with(&end)
}

/// Whether an entry is a field: by its mark, or by what it says in the place of one. What stands below a field may be a part of it.
fn is_field(entry: &Entry<'_>, found: &Title<'_>, fields: &Fields) -> bool {
    match entry.mark {
        Mark::Plain => {
            entry.is_sibling && if fields.has_definition { fields.find(found.name).is_some() } else { entry.declares() }
        }
        Mark::Loose => {
            if fields.has_definition {
                fields.find(found.name).is_some()
            } else {
                entry.is_sibling
            }
        }
        _ => true,
    }
}

impl Page<'_> {
    pub(super) fn structure(&mut self, tag: Spanned<String>, report: &mut Report) -> StructFacts {
        let title = self.entries.first().map_or(tag.span, |e| e.title_span);
        let mut facts = StructFacts { header: self.header(report), since: self.since(report), ..StructFacts::default() };
        let mut members = Members::default();
        let mut own_name = None;
        if let Some((text, place)) = self.code(Section::Declaration)
            && let Some(definition) = definition::read(text, place, report)
            && let Item::Record { record, names } = &definition.item
            && self.defines(&definition, record.tag.as_ref(), names, &tag, report)
        {
            members = Members::of(&definition, record, text, place, report);
            own_name = definition::own_name(names);
            facts.is_union = Some(Spanned::new(record.is_union, definition.keyword));
            facts.names.clone_from(names);
            facts.record = definition.is_exact.then(|| record.clone());
        }
        // Of the pages of 2017, which have no list of names, the definition has it.
        facts.name = self.own_type_name(&tag).or(own_name);
        if facts.name.is_none() {
            silent(report, tag.span, "what the type is called", "add `name` to our page by an erratum");
        }
        facts.tag = Some(tag);
        if members.all.is_empty() {
            silent(
                report,
                title,
                "any types: it has no definition",
                "take the definition from another revision of the page, or from the header",
            );
        }
        // Nested fields are described under names that stand nowhere alone.
        let names = members.all.iter().map(|m| m.name.value.as_str()).filter(|n| !n.contains('.')).collect();
        self.find_loose(&names);
        facts.fields = self.fields(members, report);
        facts
    }

    fn fields(&self, members: Members, report: &mut Report) -> Vec<FieldFacts> {
        let mut fields = Fields::new(members);
        let mut above: Option<Above<'_, '_>> = None;
        // The path of the entry above; none below an unnamed structure or union.
        let mut prefix: Option<String> = None;
        let mut is_unnamed = false;
        for entry in self.entries_of(Section::Fields) {
            let found = title::read(&entry.title);
            let is_dummy = fields.has_definition && title::is_dummy(found.name) && fields.find(found.name).is_none();
            if is_dummy || title::is_unnamed(&entry.title) {
                (above, prefix, is_unnamed) = (Some(Above::new(self, entry)), None, true);
                if is_dummy {
                    let message = format!("the definition leaves `{}` without a name", found.name);
                    let help = "what is in it has names of its own; nothing is missing";
                    report.push(Diagnostic::warning("vendor::field", message).at(entry.place_of(found.name)).help(help));
                }
                continue;
            }
            if !is_field(entry, &found, &fields) {
                // A row or line that is no field is for the account to complain of; what follows describes it.
                if entry.mark == Mark::Loose {
                    continue;
                }
                self.below(entry, above.as_ref(), prefix.as_deref(), is_unnamed, &mut fields, report);
                continue;
            }
            if found.is_variadic && found.name.is_empty() {
                let message = "more may follow that the page does not name";
                let help = "look the structure up in the header";
                report.push(Diagnostic::warning("vendor::field", message).at(entry.title_span).help(help));
                continue;
            }
            if !title::is_path(found.name) || title::is_annotation(found.name) {
                if !entry.title.is_empty() || !self.body(entry).0.trim().is_empty() {
                    let message = format!("`{}` is not the name of a field", entry.title);
                    let help = "a heading is `### -field Name`";
                    report.push(Diagnostic::error("vendor::field", message).at(entry.title_span).help(help));
                }
                continue;
            }
            // Revisions that have no headings for values mark them as fields.
            if fields.has_definition && fields.last.is_some() && is_constant(found.name) && fields.find(found.name).is_none() {
                fields.value(found.name, entry);
                continue;
            }
            // `Field.CONSTANT`: where one list has the values of several fields.
            if let Some((of, constant)) = found.name.rsplit_once('.')
                && entry.mark == Mark::Dash
                && is_constant(constant)
                && fields.find(found.name).is_none()
                && let Some(owner) = fields.owner(of)
            {
                fields.value_of(owner, constant, entry);
                continue;
            }
            (above, prefix, is_unnamed) = (Some(Above::new(self, entry)), Some(found.name.to_owned()), false);
            let values = self.constants(entry, report);
            fields.take(found.name, entry, found.name, values, report);
        }
        fields.finish()
    }

    /// Takes a heading without a mark: a value of the field above, or a part of it.
    fn below(
        &self,
        entry: &Entry<'_>,
        above: Option<&Above<'_, '_>>,
        prefix: Option<&str>,
        is_unnamed: bool,
        fields: &mut Fields,
        report: &mut Report,
    ) {
        let name = title::read(&entry.title).name;
        let Some(above) = above.filter(|_| title::is_path(name)) else { return };
        let path = match prefix {
            Some(prefix) if !name.starts_with(&format!("{prefix}.")) => format!("{prefix}.{name}"),
            _ => name.to_owned(),
        };
        if fields.find(&path).is_some() {
            let values = self.constants(entry, report);
            fields.take(&path, entry, name, values, report);
        } else if entry.is_sibling && !is_constant(name) {
            // Where entries have marks, what stands beside them is no part of one.
        } else if !entry.declares()
            && (is_constant(name) && above.introduces() != Introduces::Others
                || !is_unnamed && !name.contains('.') && above.introduces() == Introduces::Values)
        {
            fields.value(name, entry);
        } else if fields.has_definition && fields.find(name).is_some() {
            let values = self.constants(entry, report);
            fields.take(name, entry, name, values, report);
        } else if is_unnamed
            || !values::is_of_parameter(self.body(entry).0) && (name.contains('.') || above.introduces() == Introduces::Members)
        {
            let values = self.constants(entry, report);
            fields.take(&path, entry, name, values, report);
        }
    }

    /// The constants that the text of an entry names. Most name none, and cutting a text into pieces takes long.
    fn constants(&self, entry: &Entry<'_>, report: &mut Report) -> Vec<Spanned<String>> {
        let (text, place) = self.body(entry);
        let next = |at: usize| text.as_bytes().get(at + 1).copied();
        let is_tag = |at: usize| matches!(next(at), Some(b't' | b'd' | b'l'));
        if memchr::memchr(b'|', text.as_bytes()).is_some()
            || memchr::memchr_iter(b'<', text.as_bytes()).any(is_tag)
            || memchr::memchr2_iter(b'-', b'*', text.as_bytes()).any(|at| next(at) == Some(b' '))
        {
            values::values(title::read(&entry.title).name, text, place, report)
        } else {
            Vec::new()
        }
    }
}
