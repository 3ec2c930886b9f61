//! Pages whose declarations say more, or something else, than they seem to: what is not certain is no fact, and is said at its place.

#![allow(clippy::indexing_slicing, clippy::panic, reason = "a test that is wrong may fail anywhere")]

mod common;

use common::{run_in, stdout};
use wsk_codegen::facts::{ApiKind, Direction};
use wsk_codegen::source::{Report, Sources};
use wsk_codegen::vendor::{self, ItemFacts, StructFacts};

/// The facts of a page, and the codes of what is said of it with the text there.
fn read(page: &str) -> (ItemFacts, Vec<(String, String)>) {
    let (mut sources, mut report) = (Sources::new(), Report::new());
    let file = sources.add("page.md", page);
    let facts = vendor::read(&sources, file, &mut report).unwrap_or_else(|| panic!("no facts: {:?}", report.diagnostics()));
    let is_of_interest = |code: &str| !matches!(code, "vendor::silent" | "vendor::since");
    let said = report.diagnostics().iter().filter(|d| is_of_interest(d.code));
    let said = said.map(|d| (d.code.to_owned(), d.span.map_or_else(String::new, |s| sources.slice(s).to_owned())));
    (facts.item, said.collect())
}

fn page(uid: &str, front: &str, syntax: &str, list: &str) -> String {
    format!("---\nUID: {uid}\nreq.header: odd.h\n{front}---\n\n# ODD\n\n## -syntax\n\n```\n{syntax}\n```\n\n{list}\n")
}

fn structure(body: &str, list: &[&str]) -> (StructFacts, Vec<(String, String)>) {
    let entries: String = list.iter().map(|name| format!("### -field {name}\n\nText.\n\n")).collect();
    let syntax = format!("typedef struct _ODD {{\n{body}\n}} ODD, *PODD;");
    let (item, said) =
        read(&page("NS:odd._ODD", "req.typenames: ODD, *PODD\n", &syntax, &format!("## -struct-fields\n\n{entries}")));
    let ItemFacts::Struct(facts) = item else { panic!("no structure") };
    (facts, said)
}

#[test]
fn members_under_a_condition_are_those_that_the_list_describes() {
    let body = "  ULONG Size;\n#ifdef _WIN64\n  ULONG Wide;\n  ULONG Both;\n#else\n  USHORT Both;\n  USHORT Narrow;\n#endif\n  ULONG Last;";
    let (facts, said) = structure(body, &["Size", "Both", "Wide"]);
    let fields: Vec<_> = facts.fields.iter().map(|f| (f.name.value.as_str(), f.ty.as_deref())).collect();
    let ulong = Some("ULONG");
    assert_eq!(fields, [("Size", ulong), ("Wide", ulong), ("Both", None), ("Last", ulong)]);
    assert!(facts.record.is_none());
    assert_eq!(facts.names.len(), 2);
    assert_eq!(said, [("vendor::layout".to_owned(), "#ifdef _WIN64".to_owned())]);
    // What every newer version has is a member like any other.
    let (facts, said) = structure("  ULONG Size;\n#if (NTDDI_VERSION >= NTDDI_WIN7)\n  ULONG Last;\n#endif", &["Size"]);
    assert_eq!((facts.fields.len(), facts.record.is_some(), said), (2, true, Vec::new()));
    // A page that has the name itself under a condition defines several things.
    let syntax = "#ifdef X\ntypedef struct _ODD { ULONG A; } ODD;\n#else\ntypedef union _ODD { ULONG A; } ODD;\n#endif";
    let (item, said) = read(&page("NS:odd._ODD", "req.typenames: ODD\n", syntax, "## -struct-fields\n"));
    assert!(matches!(item, ItemFacts::Struct(facts) if facts.is_union.is_none() && facts.fields.is_empty()));
    assert_eq!(said, [("vendor::layout".to_owned(), "#ifdef X".to_owned())]);
}

#[test]
fn what_a_definition_leaves_without_a_name_is_not_lost() {
    let (facts, said) =
        structure("  union {\n    ULONG A;\n    struct { UCHAR B; UCHAR C; };\n  };\n  ULONG Last;", &["A", "B", "C"]);
    let names: Vec<_> = facts.fields.iter().map(|f| f.name.value.as_str()).collect();
    assert_eq!(names, ["(unnamed union)", "A", "(unnamed struct)", "B", "C", "Last"]);
    assert_eq!(facts.fields[0].ty.as_deref(), Some("union { ULONG A; struct { UCHAR B; UCHAR C; }; }"));
    assert!(facts.record.is_some() && said.is_empty());
    for (member, at) in [("  ULONG A : 4;\n  ULONG : 28;", "ULONG"), ("  HEADER;", "HEADER")] {
        let (facts, said) = structure(member, &[]);
        assert_eq!((facts.record.is_none(), said), (true, vec![("vendor::layout".to_owned(), at.to_owned())]), "{member}");
    }
}

#[test]
fn enumerators_in_a_list_have_no_value_that_c_would_not_give_them() {
    let list = "## -enum-fields\n\n### -field A:0x100000000\n\n### -field B:010\n\n### -field C:-2\n\n### -field D:C + 1\n\n### -field E:OTHER + 1\n";
    let (item, said) = read(&format!("---\nUID: NE:odd._ODD\nreq.header: odd.h\nreq.typenames: ODD\n---\n\n# ODD\n\n{list}"));
    let ItemFacts::Enum(facts) = item else { panic!("no enumeration") };
    let values: Vec<_> = facts.variants.iter().map(|(name, value)| (name.value.as_str(), *value)).collect();
    assert_eq!(values, [("A", None), ("B", None), ("C", Some(-2)), ("D", Some(-1)), ("E", None)]);
    let said: Vec<_> = said.iter().map(|(code, at)| (code.as_str(), at.as_str())).collect();
    assert_eq!(said, [("vendor::value", "A"), ("vendor::value", "B"), ("vendor::value", "E")]);
}

#[test]
fn a_union_becomes_a_page_of_a_union() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = page(
        "NS:odd._ODD",
        "req.typenames: ODD\n",
        "typedef union _ODD {\n  ULONG A;\n  struct { UCHAR B; };\n} ODD;",
        "## -struct-fields\n\n### -field A\n\nText.\n",
    );
    std::fs::write(folder.path().join("odd.md"), text).expect("a page");
    let out = stdout(&run_in(folder.path(), &["import", "--format", "markdown", "odd.md"]));
    assert!(out.contains("typedef union _ODD {\n  ULONG A;\n  struct { UCHAR B; };\n}"), "{out}");
    assert!(!out.contains("unnamed"), "{out}");
}

#[test]
fn only_what_is_understood_as_an_image_exports() {
    let function = |dll: &str| {
        let front = format!("title: Odd function (odd.h)\nreq.dll: {dll}\napi_type:\n - DllExport\napi_location:\n - Odd.sys\n");
        let (item, said) =
            read(&page("NF:odd.Odd", &front, "VOID Odd(\n  ULONG A\n);", "## -parameters\n\n### -param A [in]\n\nText.\n"));
        let ItemFacts::Api(facts) = item else { panic!("no function") };
        (facts.library.map(|l| l.value), facts.kind, said.iter().filter(|(code, _)| code == "vendor::library").count())
    };
    for dll in ["Odd.sys", "NtosKrnl.exe (kernel mode); Ntdll.dll (user mode)"] {
        assert_eq!(function(dll), (Some(dll.to_owned()), Some(ApiKind::Export), 0));
    }
    for dll in ["Not exported by Odd.sys", "Odd.sys no longer has it", "Odd.sys (not exported)", "See Remarks"] {
        assert_eq!(function(dll), (None, None, 1), "{dll}");
    }
    assert_eq!(function("None"), (None, Some(ApiKind::Export), 0));
}

/// What the page describes, its front matter and its C, and the name that the C declares where that is another.
const DECLARED: &[(&str, &str, &str, Option<&str>)] = &[
    ("NF:odd.Odd", "", "ULONG Odd(\n  ULONG A\n);", None),
    ("NF:odd.IOdd.Do", "", "HRESULT Do(\n  ULONG A\n);", None),
    ("NF:odd.Odd~r1", "", "ULONG Odd(\n  ULONG A\n);", None),
    ("NF:odd.NtOdd", "apiname: ZwOdd,NtOdd\n", "ULONG ZwOdd(\n  ULONG A\n);", None),
    ("NF:odd.Odd", "apiname: Even\n", "ULONG Even(\n  ULONG A\n);", Some("Even")),
    ("NF:odd.Odd", "", "ULONG OddEx(\n  ULONG A\n);", Some("OddEx")),
    ("NC:odd.PFN_ODD", "", "PFN_ODD Whatever;\n\nULONG Whatever(\n  ULONG A\n);", None),
    ("NC:odd.PFN_ODD", "", "typedef ULONG (*PFN_ODD)(\n  ULONG A\n);", None),
    ("NC:odd.PFN_ODD", "apiname: OddIt\n", "ULONG OddIt(\n  ULONG A\n);", None),
    ("NC:odd.PFN_ODD", "", "PFN_EVEN Whatever;\n\nULONG Whatever(\n  ULONG A\n);", Some("PFN_EVEN")),
    ("NC:odd.PFN_ODD", "", "ULONG Whatever(\n  ULONG A\n);", Some("Whatever")),
    ("NC:odd.PFN_ODD_2", "apiname: PFN_ODD_1\n", "ULONG PFN_ODD_1(\n  ULONG A\n);", Some("PFN_ODD_1")),
    ("NS:odd._ODD", "req.typenames: ODD\n", "typedef struct _ODD { ULONG A; } ODD;", None),
    ("NS:odd._ODD", "", "struct ODD { ULONG A; };", None),
    ("NS:odd.__unnamed_1", "req.typenames: ODD, *PODD\n", "typedef struct { ULONG A; } ODD, *PODD;", None),
    ("NS:odd._ODD", "req.typenames: ODD\n", "typedef struct _EVEN { ULONG A; } EVEN;", Some("struct")),
    ("NE:odd._ODD", "req.typenames: ODD\n", "typedef enum _EVEN { A } EVEN;", Some("enum")),
    ("NE:odd._ODD", "req.typenames: ODD\n", "typedef enum _ODD { A } ODD;", None),
    ("NS:odd._ODD", "", "typedef struct _ODD { ULONG A; } ODD;\ntypedef struct _EVEN { ULONG B; } EVEN;", Some("_EVEN")),
];

#[test]
fn the_declaration_of_something_else_is_no_fact_of_the_page() {
    for (uid, front, syntax, other) in DECLARED {
        let (item, said) = read(&page(uid, front, syntax, ""));
        let said: Vec<_> = said.iter().filter(|(code, _)| code == "vendor::declares").map(|(_, at)| at.as_str()).collect();
        assert_eq!(said, other.iter().copied().collect::<Vec<_>>(), "{uid} {syntax}");
        let has_types = match &item {
            ItemFacts::Api(facts) => facts.return_type.is_some() || !facts.params.is_empty(),
            ItemFacts::Struct(facts) => !facts.fields.is_empty() || facts.record.is_some() || !facts.names.is_empty(),
            ItemFacts::Enum(facts) => !facts.variants.is_empty(),
            ItemFacts::Control(_) => panic!("no control code"),
        };
        let is_own = other.is_none() || syntax.contains("ODD;");
        assert_eq!(has_types, is_own, "{uid} {syntax}: {item:?}");
    }
}

#[test]
fn brackets_that_say_different_things_say_nothing() {
    let list = "## -parameters\n\n### -param A [in] [out]\n\nText.\n\n### -param B [in] [in]\n\nText.\n\n### -param C [in, out]\n\nText.\n";
    let (item, said) = read(&page("NF:odd.Odd", "", "VOID Odd(\n  ULONG A,\n  PVOID B,\n  PVOID C\n);", list));
    let ItemFacts::Api(facts) = item else { panic!("no function") };
    let directions: Vec<_> = facts.params.iter().map(|p| p.direction).collect();
    assert_eq!(directions, [None, Some(Direction::In), Some(Direction::InOut)]);
    assert_eq!(said, [("vendor::parameter".to_owned(), "A [in] [out]".to_owned())]);
}

#[test]
fn what_a_sentence_leaves_out_is_no_value() {
    let negated = "It is none of the following values.\n\n";
    for values in ["#### ODD_ONE\n\nText.\n", "- ODD_ONE\n", "| Value | Meaning |\n|---|---|\n| ODD_ONE | Text. |\n"] {
        for (sentence, taken, said) in [(negated, 0, 1), ("It is one of the following values.\n\n", 1, 0)] {
            let text = format!("{sentence}{values}");
            let list = format!("## -parameters\n\n### -param A [in]\n\n{text}");
            let (item, told) = read(&page("NF:odd.Odd", "", "VOID Odd(\n  ULONG A\n);", &list));
            let ItemFacts::Api(facts) = item else { panic!("no function") };
            assert_eq!((facts.params[0].values.len(), told.len()), (taken, said), "{text}: {told:?}");

            let list = format!("## -struct-fields\n\n### -field A\n\n{text}");
            let syntax = "typedef struct _ODD { ULONG A; } ODD;";
            let (item, told) = read(&page("NS:odd._ODD", "req.typenames: ODD\n", syntax, &list));
            let ItemFacts::Struct(facts) = item else { panic!("no structure") };
            assert_eq!((facts.fields[0].values.len(), told.len()), (taken, said), "{text}: {told:?}");
        }
    }
}

#[test]
fn a_rendered_page_is_held_to_the_same() {
    let page =
        |title: &str, syntax: &str| format!("{title} (odd.h)\n\nText.\n\nSyntax\n\n{syntax}\n\nRequirements\n\nHeader odd.h\n");
    let said = |text: &str| {
        let (mut sources, mut report) = (Sources::new(), Report::new());
        let file = sources.add("page.txt", text);
        let facts = vendor::read(&sources, file, &mut report);
        let is_of_interest = |code: &str| matches!(code, "vendor::declares" | "vendor::layout");
        let said = report.diagnostics().iter().filter(|d| is_of_interest(d.code));
        (facts.map(|f| f.item), said.filter_map(|d| Some(sources.slice(d.span?).to_owned())).collect::<Vec<_>>())
    };
    let definition = "typedef struct _ODD_ONE {\n  ULONG A;\n} ODD_ONE, *PODD_ONE;";
    for title in ["ODD_ONE structure", "ODD_ONE-Struktur", "Estructura _ODD_ONE", "Its parts"] {
        let (facts, said) = said(&page(title, definition));
        assert!(matches!(facts, Some(ItemFacts::Struct(facts)) if facts.record.is_some()), "{title}");
        assert!(said.is_empty(), "{title}: {said:?}");
    }
    let (facts, told) = said(&page("ODD_TWO structure", definition));
    assert!(facts.is_none());
    assert_eq!(told, ["_ODD_ONE"]);
    let (facts, told) = said(&page("OddSendTo function", "ULONG OddSend(\n  ULONG A\n);"));
    assert!(facts.is_none());
    assert_eq!(told, ["OddSend"]);
    let (facts, told) = said(&page("ODD_ONE structure", &format!("#pragma pack(1)\n{definition}")));
    assert!(matches!(facts, Some(ItemFacts::Struct(facts)) if facts.record.is_none() && facts.fields.len() == 1));
    assert_eq!(told, ["#pragma pack(1)"]);
}
