//! The shapes that the vendor's pages had from 2017 to 2024, each on a page of our own: what is read of it, and what is said of the rest.
//!
//! A page here is as small as its shape allows. That whole samples of the vendor's pages are accounted for is `accounting.rs`.

#![allow(clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;

use common::vendor_pages;
use wsk_codegen::facts::Direction;
use wsk_codegen::source::{Report, Sources};
use wsk_codegen::vendor::{self, ApiFacts, EnumFacts, FieldKind, ItemFacts, StructFacts};

/// A page that was read: its facts, and what was said of it but for what it is silent on, as line, code and message.
struct Read {
    item: ItemFacts,
    said: Vec<(usize, String, String)>,
    /// The place of each name and value, as the text that stands there.
    places: Vec<(String, String)>,
}

impl Read {
    fn api(self) -> ApiFacts {
        let ItemFacts::Api(facts) = self.item else { panic!("not a function") };
        facts
    }

    fn structure(self) -> StructFacts {
        let ItemFacts::Struct(facts) = self.item else { panic!("not a structure") };
        facts
    }

    fn enumeration(self) -> EnumFacts {
        let ItemFacts::Enum(facts) = self.item else { panic!("not an enumeration") };
        facts
    }

    /// Lines and codes of what was said.
    fn lines(&self) -> Vec<(usize, &str)> {
        self.said.iter().map(|(line, code, _)| (*line, code.as_str())).collect()
    }
}

/// Lines of front matter before the body.
const FRONT: usize = 6;

fn read(uid: &str, body: &str) -> Read {
    let text = format!("---\nUID: {uid}\nreq.header: thing.h\nreq.irql: PASSIVE_LEVEL\nreq.typenames: X\n---\n{body}");
    let mut sources = Sources::new();
    let file = sources.add("page.md", &text);
    let mut report = Report::new();
    let item = vendor::read(&sources, file, &mut report).expect("a page").item;
    let mut said = Vec::new();
    for diagnostic in report.diagnostics().iter().filter(|d| d.code != "vendor::silent" && d.code != "vendor::kind") {
        let (_, at) = diagnostic.place(&sources);
        assert!(diagnostic.help.is_some(), "{diagnostic:?}");
        said.push((at.line.saturating_sub(FRONT), diagnostic.code.to_owned(), diagnostic.message.clone()));
    }
    said.sort();
    let mut places = Vec::new();
    let mut place = |name: &wsk_codegen::source::Spanned<String>| {
        places.push((name.value.clone(), sources.slice(name.span).to_owned()));
    };
    match &item {
        ItemFacts::Api(api) => api.params.iter().for_each(|p| {
            place(&p.name);
            p.values.iter().for_each(&mut place);
        }),
        ItemFacts::Struct(facts) => facts.fields.iter().for_each(|f| {
            place(&f.name);
            f.values.iter().for_each(&mut place);
        }),
        ItemFacts::Enum(facts) => facts.variants.iter().for_each(|(name, _)| place(name)),
        ItemFacts::Control(_) => panic!("no page here is one of a control code"),
    }
    Read { item, said, places }
}

/// Name, type, direction and values of a parameter.
type Param<'p> = (&'p str, Option<&'p str>, Option<Direction>, Vec<&'p str>);

fn params(api: &ApiFacts) -> Vec<Param<'_>> {
    api.params
        .iter()
        .map(|p| (p.name.as_str(), p.ty.as_deref(), p.direction, p.values.iter().map(|v| v.value.as_str()).collect()))
        .collect()
}

fn fields(facts: &StructFacts) -> Vec<(&str, Option<&str>, FieldKind)> {
    facts.fields.iter().map(|f| (f.name.as_str(), f.ty.as_deref(), f.kind)).collect()
}

fn names(facts: &StructFacts) -> Vec<&str> {
    facts.fields.iter().map(|f| f.name.as_str()).collect()
}

#[test]
fn the_revision_of_2018_01_31_marks_its_entries_by_a_dash() {
    let page = read(
        "NF:thing.F",
        "# F function\n\n## -syntax\n\n````\nEXTERN_C NTSTATUS F(\n  _In_    PVOID Context,\n  _Inout_ ULONG *Length\n);\n````\n\n## -parameters\n\n\
         ### -param PVOID\n\n### -param *\n\n### -param pOld\n\nTBD\n\n#### - Context [in]\n\nText.\n\n#### - *Length [in, out]\n\nText.\n\n## -returns\n\nNone\n",
    );
    assert_eq!(page.lines(), [(14, "vendor::parameter"), (16, "vendor::parameter"), (18, "vendor::parameter")]);
    let (in_, both) = (Some(Direction::In), Some(Direction::InOut));
    assert_eq!(params(&page.api()), [("Context", Some("PVOID"), in_, vec![]), ("Length", Some("ULONG *"), both, vec![])]);

    let page = read(
        "NS:thing._X",
        "# _X structure\n\n## -syntax\n\n````\ntypedef struct _X {\n  ULONG Size;\n  UCHAR Data[8];\n  struct {\n    ULONG A : 4;\n    ULONG B : 28;\n  };\n} X, *PX;\n````\n\n\
         ## -struct-fields\n\n#### - Size\n\nText.\n\n### -field DUMMYSTRUCTNAME\n\n#### - ( unnamed struct )\n\nText.\n\n#### A\n\nText.\n\n#### - B  : 28\n\nText.\n\n#### - Data[8]\n\nText.\n",
    );
    // A heading of a structure without a name names nothing, and is said.
    assert_eq!(page.lines(), [(22, "vendor::field"), (24, "vendor::unread")]);
    assert_eq!(page.places.iter().map(|(_, place)| place.as_str()).collect::<Vec<_>>(), ["Size", "Data", "struct", "A", "B"]);
    let field = FieldKind::Field;
    assert_eq!(
        fields(&page.structure()),
        [
            ("Size", Some("ULONG"), field),
            ("Data", Some("UCHAR[8]"), field),
            ("(unnamed struct)", Some("struct { ULONG A : 4; ULONG B : 28; }"), FieldKind::Struct),
            ("A", Some("ULONG : 4"), field),
            ("B", Some("ULONG : 28"), field)
        ]
    );

    let page = read(
        "NE:thing._E",
        "# E\n\n## -syntax\n\n````\ntypedef enum _E { \n  E_NONE  = -1,\n  E_ONE   = 1 << 2,\n  E_TWO,\n  E_LAST  = 0xffffffff\n} E;\n````\n\n## -enum-fields\n\n#### - E_NONE\n\n\
         Text.\n\n### -field E_NEW\n\n#### - E_ONE\n\n#### - E_TWO\n",
    );
    assert_eq!(page.lines(), [(20, "vendor::enumerator")]);
    let facts = page.enumeration();
    let variants: Vec<_> = facts.variants.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    assert_eq!(
        variants,
        [("E_NONE", Some(-1)), ("E_NEW", None), ("E_ONE", Some(4)), ("E_TWO", Some(5)), ("E_LAST", Some(0xffff_ffff))]
    );
}

#[test]
fn fields_of_structures_and_unions_inside_have_dotted_names() {
    let page = read(
        "NS:thing._X",
        "# X\n\n## -struct-fields\n\n### -field Type\n\n### -field u\n\n### -field u.Read\n\n### -field u.Read.Length [in]\n\n### -field u.Write\n\nIt contains the following members:\n\n\
         #### Count\n\n### -field Unused\n\n#### - Unused[512]\n",
    );
    assert_eq!(page.lines(), [(21, "vendor::duplicate")]);
    let (field, nested) = (FieldKind::Field, FieldKind::Nested);
    assert_eq!(
        fields(&page.structure()),
        [
            ("Type", None, field),
            ("u", None, nested),
            ("u.Read", None, nested),
            ("u.Read.Length", None, field),
            ("u.Write", None, nested),
            ("u.Write.Count", None, field),
            ("Unused", None, field)
        ]
    );
    let page = read(
        "NS:thing._X",
        "# X\n\n## -syntax\n\n```\ntypedef struct _X {\n  union {\n    struct { ULONG Length; } Read;\n  } u;\n  union  v;\n} X;\n```\n\n## -struct-fields\n\n\
         ### -field u\n\n### -field u.Read\n\n### -field v.Other\n\n### -field Late\n",
    );
    assert_eq!(page.lines(), [(22, "vendor::field")]);
    let facts = page.structure();
    assert!(facts.record.is_none(), "the page leaves out what is in `v`");
    assert_eq!(names(&facts), ["u", "u.Read", "u.Read.Length", "v", "v.Other", "Late"]);
    let kinds: Vec<_> = facts.fields.iter().map(|f| f.kind).collect();
    assert_eq!(kinds.first_chunk(), Some(&[FieldKind::Union, FieldKind::Struct, FieldKind::Field, FieldKind::Union]));
}

#[test]
fn headings_count_wherever_markdown_has_them() {
    let page = read(
        "NF:thing.F",
        "# F\n\n```x``` begins a line, and no code\n\n### -parameters\n\n## -param A [in]\n\nText.\n\n###\t-param B [out] ##\n\nOne of these values:\n\n   #### B\\_1\n\n~~~\n### -param No\n~~~\n\n\
         ## -remarks\n\n### -param Late [in]\n\nText.\n\n### -returns\n\nNothing.\n",
    );
    assert_eq!(page.said, []);
    let (in_, out) = (Some(Direction::In), Some(Direction::Out));
    assert_eq!(params(&page.api()), [("A", None, in_, vec![]), ("B", None, out, vec!["B_1"]), ("Late", None, in_, vec![])]);
    let page = read(
        "NE:thing.E",
        "# E\n\n## -enum-fields\n\n### -E_ODD\n\n## -field E_B:2\n\n## -see-also\n\n### -field E_C : (1 << 3) | E_B\n\n### -field E_D:SIZE\n",
    );
    assert_eq!(page.lines(), [(13, "vendor::value")]);
    let facts = page.enumeration();
    let variants: Vec<_> = facts.variants.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    assert_eq!(variants, [("E_ODD", None), ("E_B", Some(2)), ("E_C", Some(10)), ("E_D", None)]);
}

#[test]
fn a_title_that_is_broken_over_two_lines_is_one() {
    let page = read(
        "NF:thing.F",
        "# F\n\n## -syntax\n\n```\nVOID F(\n  _In_ ULONG Code\n);\n```\n\n## -parameters\n\n### -param Code [in]\n\n### -param F_ONE\n\n### -param \n    F_TWO</a>\n\nText.\n\n### -param\n\n",
    );
    assert_eq!(page.said, []);
    assert_eq!(params(&page.api()), [("Code", Some("ULONG"), Some(Direction::In), vec!["F_ONE", "F_TWO"])]);
}

#[test]
fn the_list_is_newer_than_an_old_prototype() {
    // Headings that the prototype does not have are values where they look so and nothing else is missing.
    let page = read(
        "NC:thing.PFN_F",
        "# F\n\n## -prototype\n\n```\nPFN_F F;\n\nVOID F(\n  _In_ ULONG How\n);\n```\n\n## -parameters\n\n### -param How\n\nOne of the following values:\n\n### -param ThingFast\n\n\
         ### -param THING_SLOW\n\n### -param More [in]\n\nText.\n",
    );
    assert_eq!(page.lines(), [(8, "vendor::parameter"), (23, "vendor::parameter")]);
    let in_ = Some(Direction::In);
    assert_eq!(params(&page.api()), [("How", Some("ULONG"), in_, vec!["ThingFast", "THING_SLOW"]), ("More", None, in_, vec![])]);
    // Else they are parameters: one that has another name now, and one that came later.
    let page = read(
        "NC:thing.PFN_F",
        "# F\n\n## -prototype\n\n```\nPFN_F F;\n\nVOID F(\n  _In_ ULONG How,\n  _In_ PVOID Old\n);\n```\n\n## -parameters\n\n### -param How\n\nOne of the following values:\n\n\
         ### -param New\n\nText.\n\n### -param hFence\n\nText.\n",
    );
    assert_eq!(page.lines(), [(8, "vendor::parameter"), (20, "vendor::parameter"), (24, "vendor::parameter")]);
    assert_eq!(
        params(&page.api()),
        [("How", Some("ULONG"), in_, vec![]), ("New", Some("PVOID"), in_, vec![]), ("hFence", None, None, vec![])]
    );
    // A list without commas is still a list.
    let page = read(
        "NC:thing.PFN_F",
        "# F\n\n## -prototype\n\n```cpp\nPFN_F F;\n\nVOID F\n(\n\tHDEVICE\n\tHFENCE\n)\n{...}\n\nPFN_F\n```\n\n## -parameters\n\n### -param unnamedParam1\n\n### -param unnamedParam2\n",
    );
    assert_eq!(page.said, []);
    let api = page.api();
    assert_eq!(
        params(&api).iter().map(|p| (p.0, p.1)).collect::<Vec<_>>(),
        [("unnamedParam1", Some("HDEVICE")), ("unnamedParam2", Some("HFENCE"))]
    );
}

#[test]
fn only_constants_are_values() {
    let page = read(
        "NF:thing.F",
        "# F\n\n## -parameters\n\n### -param Routine [in]\n\nIt is declared as follows:\n\n```\nVOID (*ROUTINE)(PVOID Table, ULONG Count);\n```\n\n#### Table\n\nText.\n\n#### Count\n\nText.\n\n\
         ### -param Mode [in]\n\nText.\n\n#### Odd\n\nText.\n\n#### A heading of prose\n\n#### MODE_A (0x1)\n\nText.\n\n#### MODE_A\n\n\
         ### -param Flags [in]\n\nA combination of the following flags:\n\n| Flag | Meaning |\n|---|---|\n| F_ONE (0x1) | m |\n| F_ONE | again |\n| 2 | m |\n| F_A or F_B | m |\n\n\
         - F_TWO: text\n\nIt goes with these requests:\n\n- R_ONE\n\n### -param Dispatch [in]\n\n| Flag | Table |\n|---|---|\n| F_ONE | T |\n",
    );
    assert_eq!(
        page.lines(),
        [
            // Parts of something else are no values, but they are said.
            (13, "vendor::unread"),
            (17, "vendor::unread"),
            (25, "vendor::unread"),
            (35, "vendor::duplicate"),
            (44, "vendor::duplicate"),
            (46, "vendor::unread"),
            (52, "vendor::unread"),
            // The second cell is no name of a type, so the table is not one of types.
            (58, "vendor::duplicate")
        ],
        "{:?}",
        page.said
    );
    let in_ = Some(Direction::In);
    assert_eq!(
        params(&page.api()),
        [
            ("Routine", None, in_, vec![]),
            ("Mode", None, in_, vec!["MODE_A"]),
            ("Flags", None, in_, vec!["F_ONE", "F_TWO"]),
            ("Dispatch", None, in_, vec![])
        ]
    );
}

#[test]
fn what_is_listed_and_not_read_is_said_where_it_stands() {
    let page = read(
        "NF:thing.F",
        "# F\n\n## -parameters\n\n### -param A [in]\n\n### -field B\n\n### -param Two words\n\n### -param A\n\n## -returns\n\n<table>\n<tr><th>Code</th></tr>\n<tr><td><dl><dt><b>STATUS_OK</b></dt></dl></td></tr>\n\
         <tr><td><dl><dt>STATUS_OK</dt></dl></td></tr>\n</table>\n\n#### Other codes\n\n| Code | Meaning |\n|---|---|\n| E_OTHER | m |\n| STATUS_OK | m |\n\n## -remarks\n\n| Code | Meaning |\n|---|---|\n| E_PROSE | m |\n",
    );
    let codes: Vec<_> = page.lines();
    assert!(codes.contains(&(7, "vendor::unread")), "{codes:?}");
    assert!(codes.contains(&(9, "vendor::parameter")), "{codes:?}");
    assert!(codes.contains(&(11, "vendor::duplicate")), "{codes:?}");
    assert!(codes.contains(&(18, "vendor::duplicate")), "{codes:?}");
    // What stands below a sub-heading of the returns is a code as well, and one that was listed already is said there, too.
    assert!(codes.contains(&(26, "vendor::duplicate")), "{codes:?}");
    assert_eq!(codes.len(), 5, "{:?}", page.said);
    assert!(page.api().codes.iter().any(|c| c.value == "E_OTHER"));
    let page = read("NF:thing.F", "# F\n\n## -parameters\n\n```\nnot closed\n\n### -param A [in]\n");
    assert_eq!(page.lines(), [(5, "vendor::unread")]);
}

#[test]
fn rendered_pages_are_accounted_for_too() {
    let text = "# F function\n\nText.\n\n## Syntax\n\n```cpp\nNTSTATUS F(\n  [in] ULONG Flags,\n  [in] PVOID Data\n);\n```\n\n## Parameters\n\n`[in] Flags`\n\nText.\n\n| Value | Meaning |\n|---|---|\n| **F_ONE** | m |\n| F_A or F_B | m |\n\n\
                `[in] Data`\n\nText.\n\n`[in] Lost`\n\nText.\n\n## Return value\n\n| Return code | Description |\n|---|---|\n| **STATUS_SUCCESS** | m |\n| **STATUS_SUCCESS** | again |\n\n## Remarks\n\n| Value | Meaning |\n|---|---|\n| F_PROSE | m |\n\n\
                ## Requirements\n\n| Requirement | Value |\n|---|---|\n| Minimum supported client | Windows 8 |\n| Header | thing.h |\n| IRQL | PASSIVE_LEVEL |\n";
    let mut sources = Sources::new();
    let file = sources.add("page.md", text);
    let mut report = Report::new();
    let facts = vendor::read(&sources, file, &mut report).expect("a page");
    let ItemFacts::Api(api) = facts.item else { panic!("not a function") };
    assert_eq!(api.params.len(), 2);
    let said: Vec<_> = report
        .diagnostics()
        .iter()
        .filter(|d| matches!(d.code, "vendor::unread" | "vendor::duplicate"))
        .map(|d| (sources.slice(d.span.expect("a place")), d.code))
        .collect();
    assert_eq!(
        said,
        [("F_A or F_B", "vendor::unread"), ("`[in] Lost`", "vendor::unread"), ("STATUS_SUCCESS", "vendor::duplicate")],
        "{:?}",
        report.diagnostics()
    );
}

#[test]
fn enumerators_with_small_letters_are_values_or_said() {
    let page = |before: &str, name: &str| {
        let table = format!("| Value | Meaning |\n|---|---|\n| {name} | m |\n\n");
        read("NF:thing.F", &format!("# F\n\n## -parameters\n\n### -param A [in]\n\n{before}\n\n{table}## -remarks\n\nText.\n"))
    };
    let values = "It is one of the following values:";
    assert_eq!(page(values, "AnyMode").api().params.first().map(|p| p.values.len()), Some(1));
    for (before, name) in
        [(values, "Any1"), (values, "Monitor"), ("Text.", "AnyMode"), ("The parameters are passed:", "**AnyMode**")]
    {
        let found = page(before, name);
        assert!(found.lines().iter().any(|(_, code)| *code == "vendor::unread"), "{before} {name}: {:?}", found.said);
        assert!(found.api().params.iter().all(|p| p.values.is_empty()), "{before} {name}");
    }
    for name in ["Zero", "Any mode", "TRUE"] {
        assert!(!page(values, name).lines().iter().any(|(_, code)| *code == "vendor::unread"), "{name}");
    }
}

#[test]
fn sections_with_other_headings_are_read_or_said_and_never_values_of_a_parameter() {
    let list = "F returns one of the following codes:\n\n|Return code|Description|\n|---|---|\n|STATUS_A_B|m|\n\n";
    let page = |heading: &str| {
        read(
            "NF:thing.F",
            &format!("# F\n\n## -parameters\n\n### -param A [in]\n\nText.\n\n{heading}\n\n{list}## -remarks\n\nText.\n"),
        )
    };
    for heading in ["## -returns", "-returns\n--------", "-returns\n========", "<h2>-returns</h2>"] {
        let found = page(heading);
        let api = found.api();
        assert_eq!((api.codes.len(), api.open), (1, Some(false)), "{heading}");
    }
    for heading in ["## Returns", "Returns\n-------", "Return value\n============", "Return Values:\n---", "**Return value**"] {
        let found = page(heading);
        assert!(found.lines().iter().any(|(_, code)| *code == "vendor::unread"), "{heading}: {:?}", found.said);
        let api = found.api();
        assert!(api.codes.is_empty() && api.params.iter().all(|p| p.values.is_empty()), "{heading}");
    }
}

/// The level and the version of a rendered page, and how often it was said that they go on or stand there twice.
fn required(text: &str) -> (usize, Option<String>, usize) {
    let mut sources = Sources::new();
    let file = sources.add("page.md", text);
    let mut report = Report::new();
    let facts = vendor::read(&sources, file, &mut report).expect("a page");
    let ItemFacts::Api(api) = facts.item else { panic!("not a function") };
    let said = report.diagnostics().iter().filter(|d| d.code == "vendor::requirements").count();
    (api.irql.len(), api.since.map(|s| s.value), said)
}

#[test]
fn a_requirement_that_goes_on_or_stands_there_twice_is_not_read_by_halves() {
    let client = "Windows 8.1".to_owned();
    let marked = |rows: &str| {
        let syntax = "```cpp\nVOID F(\n  [in] ULONG Flags\n);\n```\n\n## Parameters\n\n`[in] Flags`\n\nText.\n";
        required(&format!("# F function\n\n## Syntax\n\n{syntax}\n## Requirements\n\n| Requirement | Value |\n|---|---|\n{rows}"))
    };
    let plain = |rows: &str| {
        let syntax = "VOID F(\n  [in] ULONG Flags\n);\n\nParameters\n\n[in] Flags\n\nText.\n";
        required(&format!("F function\n\nSyntax\n\n{syntax}\nRequirements\n\nRequirement Value\n{rows}"))
    };
    let (version, header) = ("| Minimum supported client | Windows 8.1 |\n", "| Header | thing.h |\n");
    let level = "| IRQL | <= DISPATCH_LEVEL |\n";
    assert_eq!(marked(&format!("{version}{header}{level}")), (1, Some(client.clone()), 0));
    assert_eq!(marked(&format!("{version}{header}{level}{level}")), (1, Some(client.clone()), 0));
    for more in ["| | if it waits, else PASSIVE_LEVEL |\n", "| IRQL | PASSIVE_LEVEL |\n", "| or PASSIVE_LEVEL | |\n"] {
        assert_eq!(marked(&format!("{version}{header}{level}{more}")), (0, Some(client.clone()), 1), "{more}");
    }
    for more in ["| | for some processors only |\n", "| Minimum supported client | Windows 10 |\n"] {
        assert_eq!(marked(&format!("{version}{more}{header}{level}")), (1, None, 1), "{more}");
    }
    let (version, header, level) = ("Minimum supported client Windows 8.1\n", "Header thing.h\n", "IRQL <= DISPATCH_LEVEL\n");
    assert_eq!(plain(&format!("{version}{header}{level}")), (1, Some(client.clone()), 0));
    for more in ["if it waits, else PASSIVE_LEVEL\n", "PASSIVE_LEVEL where it waits\n", "IRQL PASSIVE_LEVEL\n", "(see Remarks)\n"]
    {
        assert_eq!(plain(&format!("{version}{header}{level}{more}")), (0, Some(client.clone()), 1), "{more}");
    }
    for more in ["and later\n", "Windows 10 on some processors\n", "Minimum supported client Windows 10\n"] {
        assert_eq!(plain(&format!("{version}{more}{header}{level}")), (1, None, 1), "{more}");
    }
}

#[test]
fn nothing_of_wsk_is_left_unread() {
    for folder in ["ddi-2018-01", "ddi-2024-03"] {
        let Some(vendor) = vendor_pages(folder) else { return };
        let left: Vec<_> =
            vendor.report.diagnostics().iter().filter(|d| matches!(d.code, "vendor::unread" | "vendor::duplicate")).collect();
        assert!(left.is_empty(), "{folder}: {left:?}");
    }
}
