//! The model → the one form of a page.
//!
//! What [`super::load`] reads, this writes back byte for byte; a test holds every page of spec-data to that.

use std::fmt::Write as _;

use super::{Api, Combine, Control, Enum, FieldDoc, Page, Param, Returns, SocketRule, Struct, Value, ValueTable};
use crate::c;

/// A column of a table: its name, and its cell in a row.
type Column<'a, T> = (&'a str, fn(&T) -> String);

/// Writes the pieces that pages are made of.
#[derive(Debug, Default)]
pub(crate) struct PageWriter {
    out: String,
}

impl PageWriter {
    pub(crate) fn front_matter<'a>(&mut self, fields: impl IntoIterator<Item = (&'a str, &'a str)>) {
        self.out.push_str("---\n");
        for (key, value) in fields {
            let _ = writeln!(self.out, "{key}: {value}");
        }
        self.out.push_str("---\n");
    }

    pub(crate) fn title(&mut self, title: &str, summary: &str) {
        let _ = write!(self.out, "# {title}\n\n{summary}\n");
    }

    pub(crate) fn section(&mut self, title: &str) {
        let _ = write!(self.out, "\n## {title}\n\n");
    }

    pub(crate) fn code(&mut self, code: &str) {
        let _ = write!(self.out, "```c\n{code}\n```\n");
    }

    pub(crate) fn table<const N: usize>(&mut self, columns: [&str; N], rows: impl IntoIterator<Item = [String; N]>) {
        self.columns(&columns, rows.into_iter().map(Vec::from));
    }

    /// A table with a first column, a last one for the meaning, and others that are left out where they would be empty. `other` is
    /// the meaning of a last row for everything else.
    fn sparse_table<T>(
        &mut self,
        first: Column<'_, T>,
        optional: &[Column<'_, T>],
        meaning: fn(&T) -> String,
        rows: &[T],
        other: Option<&str>,
    ) {
        let used: Vec<_> = optional.iter().filter(|(_, cell)| rows.iter().any(|r| !cell(r).is_empty())).collect();
        let columns: Vec<&str> = [first.0].into_iter().chain(used.iter().map(|(name, _)| *name)).chain(["Meaning"]).collect();
        let line = |first: String, cells: &mut dyn Iterator<Item = String>, last: String| -> Vec<String> {
            [first].into_iter().chain(cells).chain([last]).collect()
        };
        let lines = rows.iter().map(|r| line(first.1(r), &mut used.iter().map(|(_, cell)| cell(r)), meaning(r)));
        let other = other.map(|o| line("…".to_owned(), &mut used.iter().map(|_| String::new()), o.to_owned()));
        self.columns(&columns, lines.chain(other));
    }

    fn columns(&mut self, columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
        self.row(columns);
        self.row(&vec!["---"; columns.len()]);
        for row in rows {
            self.row(&row.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }

    fn row(&mut self, cells: &[&str]) {
        for cell in cells {
            let _ = if cell.is_empty() { write!(self.out, "| ") } else { write!(self.out, "| {cell} ") };
        }
        self.out.push_str("|\n");
    }

    pub(crate) fn list<'a>(&mut self, items: impl IntoIterator<Item = &'a str>) {
        for item in items {
            let _ = writeln!(self.out, "- {item}");
        }
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }
}

/// A prototype, one parameter a line.
pub(crate) fn prototype(name: &str, function: &c::Function) -> String {
    if function.params.is_empty() {
        return format!("{};", c::CType::Function(Box::new(function.clone())).declaration(name));
    }
    let params: Vec<String> = function
        .params
        .iter()
        .map(|p| format!("  {}", p.ty.declaration(p.name.as_ref().map_or("", |n| n.value.as_str()))))
        .collect();
    format!("{}(\n{}\n);", function.ret.declaration(name), params.join(",\n"))
}

fn fields_of<'a>(page: &'a Page, kind: &'a str, more: Vec<(&'a str, &'a str)>) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("name", page.name.as_str())];
    let (typedef, rest): (Vec<_>, Vec<_>) = more.into_iter().partition(|(k, _)| *k == "typedef");
    fields.extend(typedef);
    fields.push(("kind", kind));
    fields.push(("header", &page.header));
    fields.push(("since", &page.since));
    fields.extend(page.upstream.as_ref().map(|u| ("upstream", u.as_str())));
    fields.extend(rest);
    fields
}

fn notes(writer: &mut PageWriter, page: &Page) {
    if !page.notes.is_empty() {
        writer.section("Notes");
        writer.list(page.notes.iter().map(|n| n.value.as_str()));
    }
}

fn values(writer: &mut PageWriter, tables: &[ValueTable]) {
    for table in tables {
        let kind = match table.combine {
            Combine::Any => "Flags",
            Combine::One => "Values",
        };
        writer.section(&format!("{kind}: {}", table.of));
        let optional: [Column<'_, Value>; 3] = [
            ("Excludes", |r| r.excludes.iter().map(|e| e.value.as_str()).collect::<Vec<_>>().join(", ")),
            ("Level", |r| r.level.as_ref().map_or_else(String::new, |l| l.value.spelling())),
            ("Callback", |r| r.callback.as_ref().map_or_else(String::new, |c| c.value.clone())),
        ];
        let other = table.other.as_ref().map(|o| o.value.as_str());
        writer.sparse_table(
            ("Constant", |r: &Value| r.constant.value.clone()),
            &optional,
            |r| r.meaning.value.clone(),
            &table.rows,
            other,
        );
    }
}

fn returns(writer: &mut PageWriter, returns: &Returns) {
    if returns.codes.is_empty() {
        return;
    }
    writer.section("Returns");
    let rows = returns.codes.iter().map(|c| [c.name.value.clone(), c.meaning.value.clone()]);
    writer
        .table(["Status", "Meaning"], rows.chain(returns.other.iter().map(|o| [o.mark().to_owned(), o.meaning().value.clone()])));
}

/// The rules in a cell.
fn join(rules: impl Iterator<Item = String>) -> String {
    rules.collect::<Vec<_>>().join("; ")
}

/// The page of an API.
#[must_use]
pub fn write_api(api: &Api) -> String {
    let mut writer = PageWriter::default();
    let typedef = api.typedef.iter().map(|t| ("typedef", t.value.as_str()));
    let undoes = api.undoes.iter().map(|u| u.value.as_str()).collect::<Vec<_>>().join(", ");
    let undone = (!undoes.is_empty()).then_some(("undoes", undoes.as_str()));
    let more = typedef.chain(api.library.iter().map(|l| ("library", l.value.as_str()))).chain(undone).collect();
    writer.front_matter(fields_of(&api.page, api.kind.as_str(), more));
    writer.title(&api.page.name, &api.page.summary);
    writer.section("Signature");
    writer.code(&prototype(&api.page.name, &api.signature));
    writer.section("Parameters");
    let optional: [Column<'_, Param>; 4] = [
        ("Direction", Param::direction_text),
        ("Memory", |p| join(p.memory.iter().map(|m| m.value.as_str().to_owned()))),
        ("Effect", |p| join(p.effects.iter().map(|e| e.value.spelling()))),
        ("Link", |p| join(p.links.iter().map(|l| l.value.spelling()))),
    ];
    if api.params.is_empty() {
        writer.table(["Name", "Direction", "Meaning"], std::iter::empty());
    } else {
        let name = ("Name", |p: &Param| p.name.value.clone());
        writer.sparse_table((name.0, name.1), &optional, |p| p.meaning.value.clone(), &api.params, None);
    }
    values(&mut writer, &api.values);
    returns(&mut writer, &api.returns);
    writer.section("IRQL");
    writer.table(["When", "Level"], api.irql.iter().map(|case| [case.when.spelling(), case.range.spelling()]));
    notes(&mut writer, &api.page);
    writer.finish()
}

fn field_table(writer: &mut PageWriter, title: &str, rows: &[FieldDoc]) {
    writer.section(title);
    let optional: [Column<'_, FieldDoc>; 2] = [
        ("Since", |f| f.since.as_ref().map_or_else(String::new, |s| s.value.clone())),
        ("Bytes in", |f| f.bytes_in.as_ref().map_or_else(String::new, |b| b.value.clone())),
    ];
    writer.sparse_table(("Name", |f: &FieldDoc| f.name.value.clone()), &optional, |f| f.meaning.value.clone(), rows, None);
}

/// `_TAG { … } NAME, *PNAME;` around the lines of a body.
fn definition(keyword: &str, tag: Option<&str>, lines: &[String], names: &[c::Declared], own: &str) -> String {
    let tag = tag.map(|t| format!(" {t}")).unwrap_or_default();
    // Each declared name is the own name behind so many stars.
    let names: Vec<String> = names
        .iter()
        .map(|n| {
            let declared = n.ty.declaration(&n.name);
            let base = if n.name.value == own { None } else { declared.split_once(' ').map(|(_, rest)| rest.to_owned()) };
            base.unwrap_or_else(|| n.name.value.clone())
        })
        .collect();
    format!("typedef {keyword}{tag} {{\n{}\n}} {};", lines.join("\n"), names.join(", "))
}

/// The page of a structure.
#[must_use]
pub fn write_struct(structure: &Struct) -> String {
    let mut writer = PageWriter::default();
    let mut more = Vec::new();
    if let Some(dispatch) = &structure.dispatch {
        more.push(("dispatch", dispatch.as_str()));
    }
    if let Some(socket) = &structure.socket {
        more.push(("socket", socket.as_str()));
    }
    if let Some(category) = &structure.category {
        more.push(("category", category.as_str()));
    }
    writer.front_matter(fields_of(&structure.page, "struct", more));
    writer.title(&structure.page.name, &structure.page.summary);
    writer.section("Definition");
    let lines: Vec<String> = structure
        .record
        .fields
        .iter()
        .map(|f| format!("  {};", f.ty.declaration(f.name.as_ref().map_or("", |n| n.value.as_str()))))
        .collect();
    let keyword = if structure.record.is_union { "union" } else { "struct" };
    let tag = structure.record.tag.as_ref().map(|t| t.value.as_str());
    writer.code(&definition(keyword, tag, &lines, &structure.names, &structure.page.name));
    field_table(&mut writer, "Fields", &structure.fields);
    notes(&mut writer, &structure.page);
    writer.finish()
}

/// The page of a control operation.
#[must_use]
pub fn write_control(control: &Control) -> String {
    let mut writer = PageWriter::default();
    writer.front_matter(fields_of(&control.page, "control", vec![("function", control.function.as_str())]));
    writer.title(&control.page.name, &control.page.summary);
    for operation in &control.operations {
        writer.section(&format!("Operation: {}", operation.name));
        let mut rows: Vec<[String; 2]> = Vec::new();
        let mut row = |property: &str, value: String| rows.push([property.to_owned(), value]);
        if let Some(request) = &operation.request {
            row("Request type", request.value.clone());
        }
        if let Some(level) = &operation.level {
            row("Level", level.value.clone());
        }
        row("Input", operation.input.spelling());
        row("Output", operation.output.spelling());
        row("Size returned", if operation.size_returned.value { "yes" } else { "no" }.to_owned());
        if let Some(flags) = &operation.flags {
            row("Flags", flags.spelling());
        }
        row("IRP", operation.irp.as_str().to_owned());
        if !operation.sockets.is_empty() {
            let sockets: Vec<String> = operation.sockets.iter().map(SocketRule::spelling).collect();
            row("Sockets", sockets.join(", "));
        }
        if let Some(state) = &operation.client_state {
            row("Client state", state.as_str().to_owned());
        }
        row("IRQL", operation.irql.spelling());
        writer.table(["Property", "Value"], rows);
    }
    values(&mut writer, &control.values);
    returns(&mut writer, &control.returns);
    notes(&mut writer, &control.page);
    writer.finish()
}

/// The page of an enumeration.
#[must_use]
pub fn write_enum(enumeration: &Enum) -> String {
    let mut writer = PageWriter::default();
    writer.front_matter(fields_of(&enumeration.page, "enum", Vec::new()));
    writer.title(&enumeration.page.name, &enumeration.page.summary);
    writer.section("Definition");
    let variants = &enumeration.enumeration.variants;
    let lines: Vec<String> = variants
        .iter()
        .enumerate()
        .map(|(i, v)| {
            let value = v.value.as_ref().map(|e| format!(" = {}", e.spelling())).unwrap_or_default();
            format!("  {}{value}{}", v.name, if i + 1 < variants.len() { "," } else { "" })
        })
        .collect();
    let tag = enumeration.enumeration.tag.as_ref().map(|t| t.value.as_str());
    writer.code(&definition("enum", tag, &lines, &enumeration.names, &enumeration.page.name));
    field_table(&mut writer, "Values", &enumeration.variants);
    notes(&mut writer, &enumeration.page);
    writer.finish()
}
