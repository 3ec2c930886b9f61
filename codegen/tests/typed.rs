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
    // Three control codes have codes beyond those of their function.
    let statuses = enumerations.keys().filter(|name| name.ends_with("Status")).count();
    assert_eq!((checked, statuses), (34, 37));
}

/// The wrappers in a file of the typed layer: what takes a token of a level.
fn wrappers(path: &std::path::Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let file = syn::parse_file(&text).expect("Rust");
    let methods = file.items.iter().filter_map(|item| match item {
        syn::Item::Impl(item) => Some(item.items.iter().filter_map(|i| match i {
            syn::ImplItem::Fn(f) => Some(&f.sig),
            _ => None,
        })),
        _ => None,
    });
    let takes_token = |sig: &&syn::Signature| {
        sig.inputs.iter().any(|i| matches!(i, syn::FnArg::Typed(t) if matches!(&*t.pat, syn::Pat::Ident(p) if p.ident == "irql")))
    };
    methods.flatten().filter(takes_token).map(|sig| sig.ident.to_string()).collect()
}

/// Derived from the export alone: a function, an export or a control operation without a wrapper fails here, and so does a wrapper
/// that no test calls.
#[test]
fn everything_in_the_export_has_a_wrapper_that_is_exercised() {
    let contract = contract::of_spec(&load_spec().spec);
    let folder = root().join("generated/src");
    let exercised = std::fs::read_to_string(root().join("generated/tests/wrappers.rs")).expect("a test");
    let operated = ["operations", "callbacks"]
        .map(|test| std::fs::read_to_string(root().join(format!("generated/tests/{test}.rs"))).expect("a test"))
        .concat();
    let mut found = (0, 0, 0, 0, 0);
    // What stands on the wrappers.
    let is_safe = |name: &String| {
        name.starts_with("start_")
            || name.starts_with("wait_")
            || name.ends_with("_with_callbacks")
            || name.starts_with("enable_")
            || name.starts_with("disable_")
    };
    let count_operated = |operations: &[String]| {
        for operation in operations {
            let called = [".", "::"].iter().any(|before| operated.contains(&format!("{before}{operation}")));
            assert!(called, "no test calls {operation}");
        }
        operations.len()
    };
    let mut all: Vec<String> = Vec::new();
    for api in &contract.apis {
        let key = api.typedef.as_ref().or(api.name.as_ref()).expect("a name");
        let stem = key.strip_prefix("PFN_").map_or_else(|| snake_case(key), str::to_lowercase);
        let path = folder.join(format!("{stem}.rs"));
        if api.kind == Some(wsk_codegen::facts::ApiKind::Callback) {
            let text = std::fs::read_to_string(&path).expect("a file for each callback");
            let view = format!("pub struct {}Arguments", camel_case(stem.strip_prefix("wsk_").expect("a name of WSK")));
            assert!(text.contains(&view) && text.contains("pub unsafe fn from_raw("), "{key}");
            let base = camel_case(stem.strip_prefix("wsk_").expect("a name of WSK"));
            assert!(text.contains(&format!("pub trait {base}Callback {{")), "{key}");
            assert!(text.contains(&format!("pub unsafe extern \"system\" fn {}_shim<", snake_case(&base))), "{key}");
            let name = api.name.as_ref().expect("a name");
            assert!(operated.contains(&format!("#[wsk_callback({name})]")), "no test has a callback for {name}");
            found.3 += 1;
            continue;
        }
        let (operations, wrappers): (Vec<String>, Vec<String>) = wrappers(&path).into_iter().partition(is_safe);
        assert_eq!(wrappers.len(), api.irql.len(), "{key}: one for each range of levels: {wrappers:?}");
        found.4 += count_operated(&operations);
        all.extend(wrappers);
        match api.kind {
            Some(wsk_codegen::facts::ApiKind::Export) => found.1 += 1,
            _ => found.0 += 1,
        }
    }
    for control in &contract.controls {
        let name = control.name.as_ref().expect("a name");
        let (operations, wrappers): (Vec<String>, Vec<String>) =
            wrappers(&folder.join(format!("{}.rs", name.to_lowercase()))).into_iter().partition(is_safe);
        found.4 += count_operated(&operations);
        assert_eq!(wrappers.len(), control.operations.len(), "{name}: {wrappers:?}");
        found.2 += wrappers.len();
        all.extend(wrappers);
    }
    assert_eq!(found, (24, 5, 22, 8, 23), "functions, exports, control operations, callbacks, safe operations");
    for wrapper in all {
        assert!(
            exercised.contains(&format!("add(\"{wrapper}\", ")) || exercised.contains(&format!("add(\n        \"{wrapper}\",")),
            "no test calls {wrapper}"
        );
        assert!(
            exercised.contains(&format!(".{wrapper}("))
                || exercised.contains(&format!("::{wrapper}("))
                || exercised.contains(&format!(".{wrapper}::<")),
            "no test calls {wrapper}"
        );
    }
}

/// An API that does not exist, with everything that the typed layer reads: it gets its types without a line of ours about it.
#[test]
fn a_made_up_api_gets_its_types_and_wrappers() {
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
    // The wrapper is there for the one kind of socket whose table lists the function, at the level of the page.
    assert_eq!(wrappers(&out.join("wsk_peek.rs")), ["peek"]);
    assert!(text.contains("impl HasPeek for crate::kind::Stream {") && !text.contains("HasPeek for crate::kind::Connection"));
    assert!(text.contains("buffer: &crate::sys::WSK_BUF,") && text.contains("flags: crate::PeekFlags,"), "{text}");
    assert!(text.contains("impl PeekIrql for crate::Dispatch {}"));
}

/// An export, a control operation and a conditional level that do not exist: compiled, so that the wrappers are known to be right Rust.
#[test]
fn made_up_wrappers_compile() {
    let copy = SpecCopy::new();
    // A function of the provider with parameters of every sort, and a level that depends on two of them.
    let page = copy
        .read("functions/WskControlClient.md")
        .replace("name: WskControlClient", "name: WskMakeUp")
        .replace("PFN_WSK_CONTROL_CLIENT", "PFN_WSK_MAKE_UP")
        .replace("nc-wsk-pfn_wsk_control_client", "nc-wsk-pfn_wsk_make_up")
        .replace("# WskControlClient\n", "# WskMakeUp\n")
        .replace("NTSTATUS WskControlClient(", "NTSTATUS WskMakeUp(")
        .replace("| always | <= DISPATCH_LEVEL |", "| ControlCode in (WSK_CACHE_SD, WSK_RELEASE_SD) and InputSize == WSK_NO_WAIT | <= APC_LEVEL |\n| otherwise | <= DISPATCH_LEVEL |")
        .replace("  SIZE_T InputSize,\n", "  ULONG InputSize,\n  GUID *Name,\n  WSK_INSPECT_ACTION Action,\n  PETHREAD Thread,\n")
        .replace(
            "| InputSize | in | | Size of the input in bytes; zero without input. |\n",
            "| InputSize | in | | Not a size any more. |\n| Name | in, out, optional | until completion | A name. |\n| Action | in | | An action. |\n| Thread | in | | A thread. |\n",
        )
        .replace("until completion; bytes in InputSize", "until completion");
    copy.write("functions/WskMakeUp.md", page);
    let table = "structs/WSK_PROVIDER_DISPATCH.md";
    copy.replace(
        table,
        "  PFN_WSK_GET_NAME_INFO WskGetNameInfo;\n",
        "  PFN_WSK_GET_NAME_INFO WskGetNameInfo;\n  PFN_WSK_MAKE_UP WskMakeUp;\n",
    );
    copy.replace(
        table,
        "| WskGetNameInfo | Windows 7 | The function `WskGetNameInfo`. |\n",
        "| WskGetNameInfo | Windows 7 | The function `WskGetNameInfo`. |\n| WskMakeUp | Windows 8 | Made up. |\n",
    );
    // An export that belongs to nothing, and one on the registration.
    for (name, first) in [("WskLonely", "PWSK_BUF Lonely"), ("WskAskRegistration", "PWSK_REGISTRATION WskRegistration")] {
        let page = copy
            .read("exports/WskQueryProviderCharacteristics.md")
            .replace("WskQueryProviderCharacteristics", name)
            .replace("wskqueryprovidercharacteristics", &name.to_lowercase())
            .replace("PWSK_REGISTRATION WskRegistration", first)
            .replace(
                "| WskRegistration | in | The memory",
                &format!("| {} | in | The memory", first.split(' ').nth(1).expect("a name")),
            );
        copy.write(&format!("exports/{name}.md"), page);
    }
    // A function of sockets, which gets a safe operation as well, for sockets in the state of its page.
    let page =
        copy.read("functions/WskReceive.md").replace("WskReceive", "WskGlance").replace("PFN_WSK_RECEIVE", "PFN_WSK_GLANCE");
    copy.write(
        "functions/WskGlance.md",
        page.replace("nc-wsk-pfn_wsk_receive", "nc-wsk-pfn_wsk_glance").replace("`WskGlanceEvent`", "`WskReceiveEvent`"),
    );
    let table = "structs/WSK_PROVIDER_STREAM_DISPATCH.md";
    copy.replace(table, "  PVOID WskReceiveEx;\n", "  PVOID WskReceiveEx;\n  PFN_WSK_GLANCE WskGlance;\n");
    copy.replace(table, "| WskReceiveEx | Reserved. |\n", "| WskReceiveEx | Reserved. |\n| WskGlance | Looks. |\n");
    // A function that gives a list, and one that takes it back, which every version of the table has.
    for (old, new) in [("WskGetAddressInfo", "WskGetThings"), ("WskFreeAddressInfo", "WskFreeThings")] {
        let page = copy
            .read(&format!("functions/{old}.md"))
            .replace("WskGetAddressInfo", "WskGetThings")
            .replace("WskFreeAddressInfo", "WskFreeThings")
            .replace("GET_ADDRESS_INFO", "GET_THINGS")
            .replace("FREE_ADDRESS_INFO", "FREE_THINGS")
            .replace("get_address_info", "get_things")
            .replace("free_address_info", "free_things")
            .replace("since: Windows 7", "since: Windows Vista")
            .replace("| NodeName | in, optional |", "| NodeName | in |")
            .replace("| always | PASSIVE_LEVEL |", "| always | <= DISPATCH_LEVEL |");
        copy.write(&format!("functions/{new}.md"), page);
        let table = "structs/WSK_PROVIDER_DISPATCH.md";
        let (member, row) =
            ("  PFN_WSK_CONTROL_CLIENT WskControlClient;\n", "| WskControlClient | | The function `WskControlClient`. |\n");
        let typedef = new.replace("Wsk", "PFN_WSK_").replace("Things", "_THINGS").to_uppercase();
        copy.replace(table, member, &format!("{member}  {typedef} {new};\n"));
        copy.replace(table, row, &format!("{row}| {new} | | Made up. |\n"));
    }
    let output = copy.run(&["generate"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let out = copy.folder.path().join("generated/src");
    assert_eq!(wrappers(&out.join("wsk_get_things.rs")), ["get_things", "wait_get_things"]);
    let text = std::fs::read_to_string(out.join("wsk_get_things.rs")).expect("a file");
    assert!(
        text.contains("pub struct ThingsList<'a> {")
            && text.contains("self.provider.free_things(self.irql, self.head)")
            && text.contains("node_name: crate::UnicodeString,")
            && text.contains("service_name: Option<crate::UnicodeString>,"),
        "{text}"
    );
    assert_eq!(wrappers(&out.join("wsk_glance.rs")), ["glance", "start_glance"]);
    let text = std::fs::read_to_string(out.join("wsk_glance.rs")).expect("a file");
    assert!(
        text.contains("S: crate::state::AtLeast<crate::state::Connected>")
            && text.contains("buffer: impl Into<crate::BufferPart>"),
        "{text}"
    );
    assert_eq!(wrappers(&out.join("wsk_make_up.rs")), ["make_up_control_code_no_wait", "make_up"]);
    let text = std::fs::read_to_string(out.join("wsk_make_up.rs")).expect("a file");
    assert!(
        text.contains("impl MakeUpControlCodeNoWaitIrql for crate::Apc {}")
            && !text.contains("impl MakeUpControlCodeNoWaitIrql for crate::Dispatch {}")
    );
    assert!(text.contains("\"Windows 8\"") && text.contains("9200"), "a member that came later is looked for");
    common::compile_crate(&out);
}

/// A fact of one page changes the files of that page, and an index at most: `socket.rs` lists what each kind of socket has.
#[test]
fn a_changed_fact_touches_the_files_of_its_api_alone() {
    let cases: [(&str, &str, &str, &[&str]); 6] = [
        (
            "functions/WskSend.md",
            "| … |",
            "| STATUS_INVALID_PARAMETER | Made up. |\n| … |",
            &["sys/pfn_wsk_send.rs", "wsk_send.rs"],
        ),
        ("functions/WskSend.md", "<= DISPATCH_LEVEL", "PASSIVE_LEVEL", &["sys/pfn_wsk_send.rs", "wsk_send.rs"]),
        (
            "functions/WskSend.md",
            "| WSK_FLAG_NODELAY |",
            "| WSK_FLAG_OOB | Made up. |\n| WSK_FLAG_NODELAY |",
            &["sys/pfn_wsk_send.rs", "wsk_send.rs"],
        ),
        (
            "exports/WskRegister.md",
            "| always | PASSIVE_LEVEL",
            "| always | <= APC_LEVEL",
            &["sys/wsk_register.rs", "wsk_register.rs"],
        ),
        (
            "callbacks/WskReceiveEvent.md",
            "| STATUS_DATA_NOT_ACCEPTED | The driver takes nothing. The transport keeps the data if it can, and there is no further call before the next `WskReceive`. |\n",
            "",
            &["sys/pfn_wsk_receive_event.rs", "wsk_receive_event.rs"],
        ),
        (
            "controls/SO_WSK_SECURITY.md",
            "listen (before bind), datagram (before bind), ",
            "datagram (before bind), ",
            &["so_wsk_security.rs", "socket.rs", "sys/so_wsk_security.rs"],
        ),
    ];
    for (page, old, new, expected) in cases {
        let copy = SpecCopy::new();
        assert!(copy.run(&["generate"]).status.success());
        let before = files(&copy.folder.path().join("generated/src"));
        copy.replace(page, old, new);
        let output = copy.run(&["generate"]);
        assert!(output.status.success(), "{}", stderr(&output));
        let after = files(&copy.folder.path().join("generated/src"));
        let changed: Vec<&str> =
            after.iter().filter(|(path, text)| before.get(*path) != Some(text)).map(|(p, _)| p.as_str()).collect();
        assert_eq!(changed, expected, "{page}");
        assert_eq!(before.len(), after.len());
    }
}

/// What was retained could not be told: there is a function that gives it back, and no status that says that it was kept.
#[test]
fn a_list_that_cannot_be_retained_is_refused_with_its_page() {
    let copy = SpecCopy::new();
    let row = "| STATUS_PENDING | The driver keeps the list and must give it back by `WskRelease`. Calls go on. |\n";
    copy.replace("callbacks/WskReceiveEvent.md", row, "");
    let output = copy.run(&["generate"]);
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    assert!(said.contains("a list is taken or retained, by a status each") && said.contains("WskReceiveEvent.md:2:7"), "{said}");
}

/// What a callback cannot be made of is said with its page, instead of being made into something unsound.
#[test]
fn callbacks_without_a_form_are_refused() {
    for (page, old, new, message) in [
        ("WskSendBacklogEvent", "| always | <= DISPATCH_LEVEL |", "| always | any level |", "a callback above DISPATCH_LEVEL"),
        ("WskReceiveEvent", "total in BytesIndicated; accepted", "accepted", "of a list that may be taken in part"),
        (
            "WskAbortEvent",
            "| STATUS_SUCCESS | The only value that is allowed. |",
            "| STATUS_SUCCESS | Well. |\n| … | Bad. |",
            "answers one of the codes",
        ),
    ] {
        let copy = SpecCopy::new();
        copy.replace(&format!("callbacks/{page}.md"), old, new);
        let output = copy.run(&["generate"]);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{page}: {said}");
        assert!(said.contains(message) && said.contains(&format!("{page}.md:2:7")), "{page}: {said}");
        assert_eq!(said.matches(message).count(), 1, "{page}: once, of the page that says it: {said}");
    }
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
