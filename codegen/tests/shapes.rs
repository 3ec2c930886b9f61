//! Parameters, fields and enumerators in forms that are no headings of the dialect: what is certain is read, and the rest is told.
//!
//! Certain is what stands where entries stand and declares a name, and what has a name that the declaration of the page has.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]
#![allow(missing_docs, unreachable_pub, reason = "the modules of a test are not public")]

use wsk_codegen::source::{Report, Sources};
use wsk_codegen::vendor::{self, ApiFacts, EnumFacts, ItemFacts, StructFacts};

fn read(page: &str) -> (ItemFacts, Vec<String>) {
    let (mut sources, mut report) = (Sources::new(), Report::new());
    let file = sources.add("odd.md", page);
    let facts = vendor::read(&sources, file, &mut report).expect("facts");
    let told = report.diagnostics().iter().filter(|d| d.code == "vendor::unread").map(|d| d.message.clone()).collect();
    (facts.item, told)
}

const PROTOTYPE: &str = "## -syntax\n\n```\nVOID Odd(\n  ULONG Size,\n  PVOID Place\n);\n```\n\n";

fn function(prototype: &str, list: &str) -> (ApiFacts, Vec<String>) {
    let front = "---\nUID: NF:odd.Odd\nreq.header: odd.h\nreq.irql: PASSIVE_LEVEL\n---\n\n# Odd\n\n";
    let (item, told) = read(&format!("{front}{prototype}## -parameters\n\n{list}\n\n## -remarks\n\nText.\n"));
    let ItemFacts::Api(facts) = item else { panic!("no function") };
    (facts, told)
}

/// The parameters as `name direction`, with `reserved` where they are.
fn params(facts: &ApiFacts) -> String {
    let words = |p: &vendor::ParamFacts| {
        let direction = p.direction.map_or("?".to_owned(), |d| format!("{d:?}").to_lowercase());
        format!("{} {direction}{}", p.name, if p.reserved { " reserved" } else { "" })
    };
    facts.params.iter().map(words).collect::<Vec<_>>().join(", ")
}

const BOTH: &[&str] = &[
    "| Parameter | Description |\n|--|--|\n| `Size` [in] | Text. |\n| `Place` [out] | Reserved. |",
    "| Parameter | Description |\n|--|--|\n| Size | [in] Text. |\n| Place | [out] Reserved. |",
    "<table><tr><th>Parameter</th><th>Meaning</th></tr><tr>\n<td>\n<b>Size</b> [in]</td><td>Text.</td></tr>\n<tr><td>Place [out]</td><td>Reserved.</td></tr></table>",
    "<dl><dt><b>Size</b> [in]</dt><dd>Text.</dd>\n<dt>Place [out]</dt><dd>Reserved.</dd></dl>",
    "* `Size` [in]: Text.\n* `Place` [out]: Reserved.",
    "**Size** [in]\n\nText.\n\n**Place** [out]\n\nReserved.",
    "Size [in]\n---------\n\nText.\n\nPlace [out]\n-----------\n\nReserved.",
    "### Size [in]\n\nText.\n\n### Place [out]\n\nReserved.",
    "### Parameter Size [in]\n\nText.\n\n### Parameter Place [out]\n\nReserved.",
    "###-param Size [in]\n\nText.\n\n###-param Place [out]\n\nReserved.",
    "<h3>-param Size [in]</h3>\n\nText.\n\n<h3>-param Place [out]</h3>\n\nReserved.",
    "-param Size [in]\n---\n\nText.\n\n-param Place [out]\n---\n\nReserved.",
    "> ### -param Size [in]\n> Text.\n\n> ### -param Place [out]\n\nReserved.",
];

#[test]
fn what_stands_where_entries_stand_is_a_parameter() {
    for list in BOTH {
        for prototype in ["", PROTOTYPE] {
            let (facts, told) = function(prototype, list);
            // In a list, `Reserved.` follows the colon.
            let reserved = if list.starts_with('*') { "" } else { " reserved" };
            let found = params(&facts);
            assert!(
                found == format!("Size in, Place out{reserved}") || found == "Size in, Place out reserved",
                "{list}: {found}"
            );
            assert!(told.is_empty(), "{list}: {told:?}");
            assert_eq!(facts.params[0].ty.as_deref(), (!prototype.is_empty()).then_some("ULONG"), "{list}");
        }
    }
}

#[test]
fn below_a_parameter_the_prototype_decides() {
    for list in BOTH {
        let below = format!("### -param Size [in]\n\nText.\n\n{list}");
        let (facts, told) =
            function(PROTOTYPE, &below.replace("### -param Size [in]\n\nText.\n\n", "### -param Other [in]\n\nText.\n\n"));
        assert!(params(&facts).starts_with("Other in, Size in, Place out"), "{list}: {}", params(&facts));
        assert!(told.is_empty(), "{list}: {told:?}");
    }
}

/// What a parameter points to may have parameters, too: without a prototype, what stands below one is not taken for another.
#[test]
fn below_a_parameter_without_a_prototype_all_is_told() {
    for list in BOTH.iter().filter(|list| !list.contains("param ") && !list.contains("###")) {
        let (facts, told) = function("", &format!("### -param Other [in]\n\nText.\n\n{list}"));
        assert_eq!(params(&facts), "Other in", "{list}");
        assert_eq!(told.len(), 2, "{list}: {told:?}");
    }
}

#[test]
fn a_title_with_a_direction_is_never_a_value() {
    let values = "### -param Mode [in]\n\nIt is one of the following values:\n\n";
    let (facts, told) = function("", &format!("{values}### Size [in]\n\nText.\n"));
    assert_eq!((params(&facts).as_str(), facts.params[0].values.len()), ("Mode in, Size in", 0), "{told:?}");
    let (facts, told) = function("", &format!("{values}#### Size [in]\n\nText.\n"));
    assert_eq!((params(&facts).as_str(), facts.params[0].values.len(), told.len()), ("Mode in", 0, 1), "{told:?}");
    let (facts, told) = function("", &format!("{values}#### AnyMode\n\nText.\n"));
    assert_eq!((params(&facts).as_str(), facts.params[0].values.len(), told.len()), ("Mode in", 1, 0), "{told:?}");
}

/// What says that another entry is reserved does not say so of the one above.
#[test]
fn an_entry_below_takes_its_description_with_it() {
    let (facts, _) = function("", "### -param Other [in]\n\nText.\n\n**Size** [in]\n\nReserved for system use.\n");
    assert_eq!(params(&facts), "Other in");
}

#[test]
fn a_plain_name_beside_parameters_is_told() {
    let (facts, told) = function("", "### -param Other [in]\n\nText.\n\n### NewName\n\nText.\n");
    assert_eq!(params(&facts), "Other in");
    assert!(facts.params[0].values.is_empty());
    assert_eq!(told, ["this heading was not read: NewName"]);
}

/// The vendor's tools took the type for the name of some parameters.
#[test]
fn a_description_that_has_another_name_than_the_heading_is_told() {
    let page = |name: &str| {
        format!("---\nUID: NF:odd.Odd\n---\n\n# Odd\n\n## -parameters\n\n### -param ODD_TYPE\n\n*{name}* [in]\n\nText.\n")
    };
    let told = |name: &str| {
        let (mut sources, mut report) = (Sources::new(), Report::new());
        let file = sources.add("odd.md", &page(name));
        vendor::read(&sources, file, &mut report);
        report.diagnostics().iter().filter(|d| d.code == "vendor::parameter").count()
    };
    assert_eq!((told("pData"), told("ODD_TYPE")), (1, 0));
}

#[test]
fn a_section_that_nobody_knows_is_told() {
    for (title, is_told) in
        [("-params", true), ("Parameters", true), ("Return value", true), ("-members", false), ("History", false)]
    {
        let (_, told) = function("", &format!("### -param Other [in]\n\nText.\n\n## {title}\n\n### Size [in]\n\nText.\n"));
        assert_eq!(told.len(), usize::from(is_told), "{title}: {told:?}");
    }
}

fn structure(definition: &str, list: &str) -> (StructFacts, Vec<String>) {
    let front = "---\nUID: NS:odd._ODD\nreq.header: odd.h\nreq.typenames: ODD\n---\n\n# ODD\n\n";
    let (item, told) = read(&format!("{front}{definition}## -struct-fields\n\n{list}\n"));
    let ItemFacts::Struct(facts) = item else { panic!("no structure") };
    (facts, told)
}

fn fields(facts: &StructFacts) -> Vec<&str> {
    facts.fields.iter().map(|f| f.name.value.as_str()).collect()
}

#[test]
fn fields_without_a_mark() {
    let certain = [
        "| Member | Description |\n|--|--|\n| `Size` | Text. |",
        "### Member SizeOfIt\n\nText.",
        "### Size [in]\n\nText.",
        "###-field Size\n\nText.",
        "<h3>-field Size</h3>\n\nText.",
    ];
    for list in certain {
        let (facts, told) = structure("", list);
        let name = if list.contains("SizeOfIt") { "SizeOfIt" } else { "Size" };
        assert_eq!((fields(&facts), told.len()), (vec![name], 0), "{list}: {told:?}");
    }
    let unclear = [
        "### Member functions\n\nText.",
        "### Member Size\n\nText.",
        "<dl><dt>Size</dt><dd>Text.</dd></dl>",
        "### Size\n\nText.",
    ];
    for list in unclear {
        let (facts, told) = structure("", list);
        assert_eq!((facts.fields.len(), told.len()), (0, 1), "{list}: {told:?}");
    }
    let marked = "### -field First\n\nText.\n\n";
    for list in ["### Member Size\n\nText.", "### ULONG Size\n\nText.", "- **Size** - Text.", certain[0], unclear[2], unclear[3]]
    {
        let (facts, told) = structure("", &format!("{marked}{list}"));
        assert_eq!((fields(&facts), told.len()), (vec!["First"], 1), "{list}: {told:?}");
        let definition = "## -syntax\n\n```\ntypedef struct _ODD {\n  ULONG First;\n  ULONG Size;\n} ODD;\n```\n\n";
        let (facts, told) = structure(definition, &format!("{marked}{list}"));
        assert_eq!((fields(&facts), told.len()), (vec!["First", "Size"], 0), "{list}: {told:?}");
    }
}

#[test]
fn dashed_headings_may_have_the_values_of_several_fields() {
    let list = "### -field u.Mode\n\nText.\n\n### -field Whole\n\nText.\n\n##### - Mode.ODD_ONE\n\nText.\n";
    let (facts, told) = structure("", list);
    assert_eq!((fields(&facts), told.len()), (vec!["u.Mode", "Whole"], 0), "{told:?}");
    assert_eq!(facts.fields[0].values.iter().map(|v| v.value.as_str()).collect::<Vec<_>>(), ["ODD_ONE"]);
}

fn enumeration(definition: &str, list: &str) -> (EnumFacts, Vec<String>) {
    let front = "---\nUID: NE:odd._ODD\nreq.header: odd.h\nreq.typenames: ODD\n---\n\n# ODD\n\n";
    let (item, told) = read(&format!("{front}{definition}## -enum-fields\n\n{list}\n"));
    let ItemFacts::Enum(facts) = item else { panic!("no enumeration") };
    (facts, told)
}

fn variants(facts: &EnumFacts) -> Vec<(&str, Option<i128>)> {
    facts.variants.iter().map(|(name, value)| (name.value.as_str(), *value)).collect()
}

#[test]
fn enumerators_without_a_mark() {
    let certain = [
        ("| Constant | Value | Meaning |\n|--|--|--|\n| OddOne | 0x1 | Text. |", "OddOne", Some(1)),
        ("| Constant | Meaning |\n|--|--|\n| OddOne | Text. |", "OddOne", None),
        ("### ODD_ONE\n\nText.", "ODD_ONE", None),
        ("### OddOne = 3\n\nText.", "OddOne", Some(3)),
        ("- OddOne = 2", "OddOne", Some(2)),
        ("- ODD_ONE", "ODD_ONE", None),
        ("<dl><dt>ODD_ONE</dt><dd>Text.</dd></dl>", "ODD_ONE", None),
    ];
    for (list, name, value) in certain {
        let (facts, told) = enumeration("", list);
        assert_eq!((variants(&facts), told.len()), (vec![(name, value)], 0), "{list}: {told:?}");
    }
    let marked = "### -field ODD_FIRST\n\nText.\n\n";
    let definition = "## -syntax\n\n```\ntypedef enum _ODD { ODD_FIRST, ODD_ONE, OddOne } ODD;\n```\n\n";
    for list in ["### OddOne\n\nText.", "- ODD_ONE (2)", "- OddOne = 2", "<dl><dt>ODD_ONE</dt><dd>Text.</dd></dl>", certain[1].0]
    {
        let (facts, told) = enumeration("", &format!("{marked}{list}"));
        assert_eq!((facts.variants.len(), told.len()), (1, 1), "{list}: {told:?}");
        let (facts, told) = enumeration(definition, &format!("{marked}{list}"));
        assert_eq!((facts.variants.len(), told.len()), (3, 0), "{list}: {told:?}");
    }
    // Before a list with marks, constants may be of something else.
    let (facts, told) = enumeration("", &format!("- ODD_ONE\n\n{marked}"));
    assert_eq!((facts.variants.len(), told.len()), (1, 1), "{told:?}");
    let (facts, told) = enumeration("", &format!("{marked}- ODD_ONE is told in a sentence.\n- Text.\n"));
    assert_eq!((facts.variants.len(), told.len()), (1, 0), "{told:?}");
}
