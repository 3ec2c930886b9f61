//! The JSON contract: what every API is, for programs.
//!
//! In: the model, or the facts of vendor pages. Out: one shape for both. A fact that a page does not state is `null` or an empty
//! array. Keys may be added, not renamed; the schema is committed as `codegen/schema/contract.schema.json`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::{ApiKind, Direction, Level, LevelRange};
use crate::source::{JsonDiagnostic, Sources};
use crate::spec::{self, Names, Spec, When};
use crate::vendor::{ApiFacts, ControlFacts, ItemFacts, PageFacts};

/// The version of the contract.
pub const SCHEMA: u32 = 1;

/// The whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "WSK contract")]
pub struct Contract {
    /// The version of this contract.
    pub schema: u32,
    /// Functions, callbacks and exports.
    pub apis: Vec<Api>,
    /// Structures.
    pub structs: Vec<Struct>,
    /// Enumerations.
    pub enums: Vec<Enum>,
    /// Numeric constants.
    pub constants: Vec<Constant>,
    /// NTSTATUS values.
    pub statuses: Vec<Status>,
    /// Control operations.
    pub controls: Vec<Control>,
    /// What was wrong with the pages; only where pages were imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagnostics: Option<Vec<JsonDiagnostic>>,
}

/// A function, callback or export.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Api {
    /// Its name.
    pub name: Option<String>,
    /// Its function-pointer type; exports have none.
    pub typedef: Option<String>,
    /// What it is.
    pub kind: Option<ApiKind>,
    /// The header that declares it.
    pub header: Option<String>,
    /// The first Windows version that has it.
    pub since: Option<String>,
    /// The levels at which it may run; empty where unknown.
    pub irql: Vec<Irql>,
    /// The words that `irql` was read from.
    pub irql_text: Option<String>,
    /// Its parameters.
    pub params: Vec<Param>,
    /// What it returns.
    pub returns: Returns,
    /// The page that it was imported from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Irql {
    /// The condition; null for always.
    pub when: Option<String>,
    /// The lowest level, where one above PASSIVE_LEVEL is demanded.
    pub min: Option<Level>,
    /// The highest level; HIGH_LEVEL means any.
    pub max: Level,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// Its C type, one space before the stars.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// Which way it passes information.
    pub direction: Option<Direction>,
    /// Whether it may be null.
    pub optional: Option<bool>,
    /// Whether it must be zero.
    pub reserved: bool,
    /// The constants that it takes.
    pub values: Vec<String>,
}

/// What an API returns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Returns {
    /// The C type.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// The codes that are named.
    pub codes: Vec<String>,
    /// Whether other codes may come.
    pub open: Option<bool>,
}

/// A structure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Struct {
    /// Its name.
    pub name: Option<String>,
    /// The header that declares it.
    pub header: Option<String>,
    /// The first Windows version that has it.
    pub since: Option<String>,
    /// Its fields, in order.
    pub fields: Vec<Field>,
    /// The page that it was imported from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its C type.
    #[serde(rename = "type")]
    pub ty: Option<String>,
}

/// An enumeration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Enum {
    /// Its name.
    pub name: Option<String>,
    /// The header that declares it.
    pub header: Option<String>,
    /// The first Windows version that has it.
    pub since: Option<String>,
    /// Its enumerators, in order.
    pub variants: Vec<Variant>,
    /// The page that it was imported from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// An enumerator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Option<u64>,
}

/// A numeric constant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Constant {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: u64,
}

/// An NTSTATUS value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Status {
    /// Its name.
    pub name: String,
    /// Its value, unsigned.
    pub value: u32,
}

/// A socket option, a socket IOCTL or a client control code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Control {
    /// Its name.
    pub name: Option<String>,
    /// The header that declares it.
    pub header: Option<String>,
    /// The first Windows version that has it.
    pub since: Option<String>,
    /// The function it is passed to.
    pub function: Option<String>,
    /// Its value; vendor pages do not say it.
    pub code: Option<u64>,
    /// What can be done with it.
    pub operations: Vec<Operation>,
    /// The page that it was imported from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// One thing that can be done with a control code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Operation {
    /// What it does.
    pub name: Option<String>,
    /// The request type; client control codes have none.
    pub request: Option<String>,
    /// The level, a constant or 0; client control codes have none.
    pub level: Option<String>,
    /// The C type of the input: `TYPE`, `TYPE[]` for as many as fit, `TYPE+` for one with more behind it; null for none, and for what a
    /// page does not say.
    pub input: Option<String>,
    /// The C type of the output, likewise.
    pub output: Option<String>,
    /// Whether the size of the output is returned.
    pub size_returned: Option<bool>,
    /// Which flags its input takes: `any of MEMBER`, `one of MEMBER with FLAG`; null for none.
    pub flags: Option<String>,
    /// `required`, `optional` or `forbidden`.
    pub irp: Option<String>,
    /// On which sockets, in which state; empty for client control codes.
    pub sockets: Vec<SocketRule>,
    /// `any` or `before any socket`, for client control codes.
    pub client_state: Option<String>,
    /// The levels at which it may be called.
    pub irql: Option<Irql>,
}

/// A kind of socket, and the state that it must be in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SocketRule {
    /// `basic`, `listen`, `datagram`, `connection` or `stream`.
    pub kind: String,
    /// The state.
    pub state: String,
}

/// The JSON Schema of [`Contract`].
#[must_use]
pub fn json_schema() -> String {
    let schema = schemars::schema_for!(Contract);
    // A schema is a JSON value, and a JSON value always serialises.
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

/// The contract of a model.
#[must_use]
pub fn of_spec(spec: &Spec) -> Contract {
    let names = Names::new(spec);
    Contract {
        schema: SCHEMA,
        apis: spec.apis.iter().map(api_of_spec).collect(),
        structs: spec
            .structs
            .iter()
            .map(|s| Struct {
                name: Some(s.page.name.value.clone()),
                header: Some(s.page.header.value.clone()),
                since: Some(s.page.since.value.clone()),
                fields: s
                    .record
                    .fields
                    .iter()
                    .map(|f| Field {
                        name: f.name.as_ref().map_or_else(String::new, |n| n.value.clone()),
                        ty: Some(f.ty.spelling()),
                    })
                    .collect(),
                source: None,
            })
            .collect(),
        enums: spec
            .enums
            .iter()
            .map(|e| Enum {
                name: Some(e.page.name.value.clone()),
                header: Some(e.page.header.value.clone()),
                since: Some(e.page.since.value.clone()),
                variants: e
                    .enumeration
                    .variants
                    .iter()
                    .enumerate()
                    .map(|(at, v)| Variant { name: v.name.value.clone(), value: names.variant(e, at).ok() })
                    .collect(),
                source: None,
            })
            .collect(),
        constants: spec
            .constants
            .iter()
            .filter_map(|c| Some(Constant { name: c.name.value.clone(), value: names.eval(&c.expr).ok()? }))
            .collect(),
        statuses: spec.statuses.iter().map(|s| Status { name: s.name.value.clone(), value: s.value.value }).collect(),
        controls: spec.controls.iter().filter_map(|c| control_of_spec(c, &names)).collect(),
        diagnostics: None,
    }
}

fn api_of_spec(api: &spec::Api) -> Api {
    let text: Vec<String> = api
        .irql
        .iter()
        .map(|case| match &case.when.value {
            When::Always => case.range.spelling(),
            when => format!("{}: {}", when.spelling(), case.range.spelling()),
        })
        .collect();
    Api {
        name: Some(api.page.name.value.clone()),
        typedef: api.typedef.as_ref().map(|t| t.value.clone()),
        kind: Some(api.kind.value),
        header: Some(api.page.header.value.clone()),
        since: Some(api.page.since.value.clone()),
        irql: api
            .irql
            .iter()
            .map(|case| Irql {
                when: (case.when.value != When::Always).then(|| case.when.spelling()),
                min: case.range.min,
                max: case.range.max,
            })
            .collect(),
        irql_text: Some(text.join("; ")),
        params: api
            .params
            .iter()
            .map(|p| Param {
                name: p.name.value.clone(),
                ty: api.param_type(&p.name).map(crate::c::CType::spelling),
                direction: Some(p.direction.value),
                optional: Some(p.optional),
                reserved: p.reserved,
                values: api
                    .values
                    .iter()
                    .filter(|t| t.of.value == p.name.value)
                    .flat_map(|t| &t.rows)
                    .map(|r| r.constant.value.clone())
                    .collect(),
            })
            .collect(),
        returns: Returns {
            ty: Some(api.signature.ret.spelling()),
            codes: api.returns.codes.iter().map(|c| c.name.value.clone()).collect(),
            open: api.returns.open(),
        },
        source: None,
    }
}

fn control_of_spec(control: &spec::Control, names: &Names<'_>) -> Option<Control> {
    let text = |data: &spec::Data| if *data == spec::Data::None { None } else { Some(data.spelling()) };
    Some(Control {
        name: Some(control.page.name.value.clone()),
        header: Some(control.page.header.value.clone()),
        since: Some(control.page.since.value.clone()),
        function: Some(control.function.value.clone()),
        code: Some(names.eval(&names.constant(&control.page.name)?.expr).ok()?),
        operations: control
            .operations
            .iter()
            .map(|o| Operation {
                name: Some(o.name.value.clone()),
                request: o.request.as_ref().map(|r| r.value.clone()),
                level: o.level.as_ref().map(|l| l.value.clone()),
                input: text(&o.input),
                output: text(&o.output),
                size_returned: Some(o.size_returned.value),
                flags: o.flags.as_ref().map(|f| f.spelling()),
                irp: Some(o.irp.as_str().to_owned()),
                sockets: o.sockets.iter().map(socket_rule).collect(),
                client_state: o.client_state.as_ref().map(|s| s.as_str().to_owned()),
                irql: Some(level(o.irql.value)),
            })
            .collect(),
        source: None,
    })
}

fn socket_rule(rule: &spec::SocketRule) -> SocketRule {
    SocketRule { kind: rule.kind.as_str().to_owned(), state: rule.state.as_str().to_owned() }
}

fn level(range: LevelRange) -> Irql {
    Irql { when: None, min: range.min, max: range.max }
}

/// The contract of vendor pages, with what was wrong with them.
#[must_use]
pub fn of_pages(pages: &[PageFacts], sources: &Sources, diagnostics: Vec<JsonDiagnostic>) -> Contract {
    let mut contract = Contract {
        schema: SCHEMA,
        apis: Vec::new(),
        structs: Vec::new(),
        enums: Vec::new(),
        constants: Vec::new(),
        statuses: Vec::new(),
        controls: Vec::new(),
        diagnostics: Some(diagnostics),
    };
    let text = |s: &Option<crate::source::Spanned<String>>| s.as_ref().map(|s| s.value.clone());
    for page in pages {
        let source = Some(sources.get(page.file).path.clone());
        match &page.item {
            ItemFacts::Api(facts) => contract.apis.push(api_of_page(facts, source)),
            ItemFacts::Struct(facts) => contract.structs.push(Struct {
                name: text(&facts.name),
                header: text(&facts.header),
                since: text(&facts.since),
                fields: facts.fields.iter().map(|(name, ty)| Field { name: name.value.clone(), ty: ty.clone() }).collect(),
                source,
            }),
            ItemFacts::Control(facts) => contract.controls.push(control_of_page(facts, source)),
            ItemFacts::Enum(facts) => contract.enums.push(Enum {
                name: text(&facts.name),
                header: text(&facts.header),
                since: text(&facts.since),
                variants: facts
                    .variants
                    .iter()
                    .map(|(name, value)| Variant { name: name.value.clone(), value: *value })
                    .collect(),
                source,
            }),
        }
    }
    contract
}

/// The contract of many pages, as text that is put together from the texts of single pages: no thread waits for another, and of a page
/// no more is kept than is printed.
#[derive(Debug, Default)]
pub struct Pieces {
    apis: Vec<String>,
    structs: Vec<String>,
    enums: Vec<String>,
    controls: Vec<String>,
    diagnostics: Vec<String>,
}

impl Pieces {
    /// The text of a page, with what was said of it.
    #[must_use]
    pub fn of_page(page: Option<&PageFacts>, sources: &Sources, diagnostics: &[JsonDiagnostic]) -> Self {
        fn texts<T: Serialize>(items: &[T]) -> Vec<String> {
            // Strings and numbers, which always serialise; line ends in strings are escaped, so these are those between lines.
            items.iter().map(|i| serde_json::to_string_pretty(i).unwrap_or_default().replace('\n', "\n    ")).collect()
        }
        let contract = of_pages(page.map_or(&[], std::slice::from_ref), sources, Vec::new());
        Self {
            apis: texts(&contract.apis),
            structs: texts(&contract.structs),
            enums: texts(&contract.enums),
            controls: texts(&contract.controls),
            diagnostics: texts(diagnostics),
        }
    }

    /// Takes the text of the next page.
    pub fn append(&mut self, mut next: Self) {
        self.apis.append(&mut next.apis);
        self.structs.append(&mut next.structs);
        self.enums.append(&mut next.enums);
        self.controls.append(&mut next.controls);
        self.diagnostics.append(&mut next.diagnostics);
    }

    /// The whole.
    #[must_use]
    pub fn finish(&self) -> String {
        let none = Vec::new();
        let arrays = [
            ("apis", &self.apis),
            ("structs", &self.structs),
            ("enums", &self.enums),
            ("constants", &none),
            ("statuses", &none),
            ("controls", &self.controls),
            ("diagnostics", &self.diagnostics),
        ];
        let mut out = format!("{{\n  \"schema\": {SCHEMA}");
        for (name, items) in arrays {
            out += &format!(",\n  \"{name}\": [");
            for (i, item) in items.iter().enumerate() {
                out += if i == 0 { "\n    " } else { ",\n    " };
                out += item;
            }
            out += if items.is_empty() { "]" } else { "\n  ]" };
        }
        out + "\n}\n"
    }
}

fn control_of_page(facts: &ControlFacts, source: Option<String>) -> Control {
    let text = |s: &Option<crate::source::Spanned<String>>| s.as_ref().map(|s| s.value.clone());
    let data =
        |d: &Option<crate::source::Spanned<spec::Data>>| d.as_ref().filter(|d| d.value != spec::Data::None).map(|d| d.spelling());
    Control {
        name: text(&facts.name),
        header: text(&facts.header),
        since: text(&facts.since),
        function: text(&facts.function),
        code: None,
        operations: facts
            .operations
            .iter()
            .map(|o| Operation {
                name: text(&o.name),
                request: text(&o.request),
                level: text(&o.level),
                input: data(&o.input),
                output: data(&o.output),
                size_returned: o.size_returned.as_ref().map(|s| s.value),
                flags: o.flags.as_ref().map(|f| f.spelling()),
                irp: o.irp.as_ref().map(|i| i.as_str().to_owned()),
                sockets: o.sockets.iter().flat_map(|s| &s.value).map(socket_rule).collect(),
                client_state: o.client_state.as_ref().map(|s| s.as_str().to_owned()),
                irql: o.irql.as_ref().map(|range| level(range.value)),
            })
            .collect(),
        source,
    }
}

fn api_of_page(facts: &ApiFacts, source: Option<String>) -> Api {
    let text = |s: &Option<crate::source::Spanned<String>>| s.as_ref().map(|s| s.value.clone());
    Api {
        name: text(&facts.name),
        typedef: text(&facts.typedef),
        kind: facts.kind,
        header: text(&facts.header),
        since: text(&facts.since),
        irql: facts.irql.iter().map(|i| Irql { when: i.when.clone(), min: i.range.min, max: i.range.max }).collect(),
        irql_text: text(&facts.irql_text),
        params: facts
            .params
            .iter()
            .map(|p| Param {
                name: p.name.value.clone(),
                ty: p.ty.clone(),
                direction: p.direction,
                optional: p.optional,
                reserved: p.reserved,
                values: p.values.iter().map(|v| v.value.clone()).collect(),
            })
            .collect(),
        returns: Returns {
            ty: facts.return_type.clone(),
            codes: facts.codes.iter().map(|c| c.value.clone()).collect(),
            open: facts.open,
        },
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Report;
    use crate::vendor;

    #[test]
    fn pieces_are_the_same_text_as_the_whole() {
        let mut sources = Sources::new();
        let mut report = Report::new();
        let page = "---\nUID: NC:x.PFN_X_Y\nreq.irql: \"quoted\" \\n\n---\n## -parameters\n### -param A [in]\n";
        let files = [sources.add("a", page), sources.add("b", "---\nUID: NS:x._S\n---\n## -struct-fields\n### -field F\n")];
        let pages: Vec<PageFacts> = files.into_iter().filter_map(|f| vendor::read(&sources, f, &mut report)).collect();
        let said: Vec<JsonDiagnostic> = report.diagnostics().iter().map(|d| d.to_json(&sources)).collect();
        assert_eq!(pages.len(), 2);
        let mut pieces = Pieces::default();
        pages.iter().for_each(|page| pieces.append(Pieces::of_page(Some(page), &sources, &[])));
        pieces.append(Pieces::of_page(None, &sources, &said));
        let whole = of_pages(&pages, &sources, said);
        assert_eq!(pieces.finish(), serde_json::to_string_pretty(&whole).expect("JSON") + "\n");
        let empty = of_pages(&[], &sources, Vec::new());
        assert_eq!(Pieces::default().finish(), serde_json::to_string_pretty(&empty).expect("JSON") + "\n");
    }
}
