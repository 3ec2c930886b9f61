//! The typed layer is complete, and made from the spec alone.

mod common;

use std::collections::BTreeMap;

use common::{SpecCopy, files, load_spec, root, stderr};
use wsk_codegen::contract;
use wsk_codegen::facts::{camel_case, snake_case};

/// The enumerations of the generated crate with their variants, by name.
fn enumerations(folder: &std::path::Path) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for (path, contents) in files(folder) {
        let file = syn::parse_file(std::str::from_utf8(&contents).expect("UTF-8")).unwrap_or_else(|e| panic!("{path}: {e}"));
        for item in file.items {
            if let syn::Item::Enum(item) = item {
                found.insert(item.ident.to_string(), item.variants.iter().map(|v| v.ident.to_string()).collect());
            }
        }
    }
    found
}

/// `PFN_WSK_CONNECT` or `WskRegister` → `ConnectStatus`.
fn status_type(api: &contract::Api) -> String {
    let key = api.typedef.as_ref().or(api.name.as_ref()).expect("a name");
    let base = match key.strip_prefix("PFN_") {
        Some(rest) => camel_case(rest),
        None => camel_case(&snake_case(key).to_uppercase()),
    };
    format!("{}Status", base.strip_prefix("Wsk").expect("every API of the interface begins with Wsk"))
}

#[test]
fn every_api_of_the_export_that_returns_something_has_its_status_type() {
    let contract = contract::of_spec(&load_spec().spec);
    let enumerations = enumerations(&root().join("generated/src"));
    let mut checked = 0;
    for api in &contract.apis {
        let name = status_type(api);
        if api.returns.ty.as_deref() == Some("VOID") {
            assert!(!enumerations.contains_key(&name), "{name}");
            continue;
        }
        let variants = enumerations.get(&name).unwrap_or_else(|| panic!("{name} is missing"));
        let mut expected: Vec<String> = api
            .returns
            .codes
            .iter()
            .map(|c| match c.strip_prefix("STATUS_") {
                Some(rest) => camel_case(rest),
                None => c.strip_prefix("WskInspect").expect("an action").to_owned(),
            })
            .collect();
        expected.extend((api.returns.open == Some(true)).then(|| "Other".to_owned()));
        assert_eq!(*variants, expected, "{name}");
        checked += 1;
    }
    assert_eq!((checked, enumerations.len()), (34, 34));
}

/// An API that does not exist, with everything that the typed layer reads: it gets its types without a line of ours about it.
#[test]
fn a_made_up_api_gets_its_types() {
    let copy = SpecCopy::new();
    let page = copy
        .read("functions/WskReceive.md")
        .replace("name: WskReceive", "name: WskPeek")
        .replace("PFN_WSK_RECEIVE", "PFN_WSK_PEEK")
        .replace("nc-wsk-pfn_wsk_receive", "nc-wsk-pfn_wsk_peek")
        .replace("# WskReceive\n", "# WskPeek\n")
        .replace("NTSTATUS WskReceive(", "NTSTATUS WskPeek(")
        .replace("| WSK_FLAG_WAITALL | WSK_FLAG_DRAIN |", "| WSK_FLAG_WAITALL | |")
        .replace("| WSK_FLAG_DRAIN | WSK_FLAG_WAITALL |", "| WSK_FLAG_DRAIN | |")
        .replace("| … | It failed; the IRP is completed with the same failure. |\n", "");
    copy.write("functions/WskPeek.md", page);
    let table = "structs/WSK_PROVIDER_STREAM_DISPATCH.md";
    copy.replace(table, "  PVOID WskReceiveEx;\n", "  PVOID WskReceiveEx;\n  PFN_WSK_PEEK WskPeek;\n");
    copy.replace(table, "| WskReceiveEx | Reserved. |\n", "| WskReceiveEx | Reserved. |\n| WskPeek | Looks. |\n");
    let output = copy.run(&["generate"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let out = copy.folder.path().join("generated/src");
    let variants = enumerations(&out).remove("PeekStatus").expect("a status type");
    assert_eq!(variants, ["Success", "Pending", "FileForcedClosed", "NotSupported"]);
    let text = std::fs::read_to_string(out.join("wsk_peek.rs")).expect("a file");
    assert!(
        text.contains("pub struct PeekFlags: u32 {") && text.contains("const DRAIN = crate::sys::WSK_FLAG_DRAIN as u32;"),
        "{text}"
    );
    assert!(text.contains("impl TryFrom<crate::NtStatus> for PeekStatus"), "a closed set:\n{text}");
    let index = std::fs::read_to_string(out.join("lib.rs")).expect("a file");
    assert!(index.contains("pub use self::wsk_peek::*;"));
}

#[test]
fn flags_of_which_only_some_exclude_each_other_are_refused() {
    let copy = SpecCopy::new();
    let row = "| WSK_FLAG_DRAIN | WSK_FLAG_WAITALL |";
    copy.replace("functions/WskReceive.md", row, &format!("| WSK_FLAG_OOB | | Made up. |\n{row}"));
    let output = copy.run(&["lint"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("some of these flags exclude each other and some do not"), "{}", stderr(&output));
}
