//! The project's spec-data: complete, in one form, and what the JSON contract says of it.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;

use std::collections::BTreeSet;

use common::{load_spec, root, run_in, stdout};
use wsk_codegen::contract::Contract;
use wsk_codegen::facts::{ApiKind, Level};
use wsk_codegen::lint::lint;
use wsk_codegen::source::Report;
use wsk_codegen::spec::{write_api, write_control, write_enum, write_struct};

#[test]
fn the_whole_interface_is_described() {
    let spec = load_spec().spec;
    let count = |kind| spec.apis.iter().filter(|a| a.kind.value == kind).count();
    assert_eq!((count(ApiKind::Function), count(ApiKind::Callback), count(ApiKind::Export)), (24, 8, 5));
    assert_eq!((spec.structs.len(), spec.enums.len()), (27, 2));
    let controls: BTreeSet<&str> = spec.controls.iter().map(|c| c.page.name.as_str()).collect();
    let expected = [
        "SIO_ADDRESS_LIST_CHANGE",
        "SIO_ADDRESS_LIST_QUERY",
        "SIO_WSK_QUERY_IDEAL_SEND_BACKLOG",
        "SIO_WSK_QUERY_INSPECT_ID",
        "SIO_WSK_QUERY_RECEIVE_BACKLOG",
        "SIO_WSK_REGISTER_EXTENSION",
        "SIO_WSK_SET_REMOTE_ADDRESS",
        "SIO_WSK_SET_SENDTO_ADDRESS",
        "SIO_WSK_SET_TCP_SILENT_MODE",
        "SO_WSK_EVENT_CALLBACK",
        "SO_WSK_SECURITY",
        "WSK_CACHE_SD",
        "WSK_RELEASE_SD",
        "WSK_SET_STATIC_EVENT_CALLBACKS",
        "WSK_TDI_BEHAVIOR",
        "WSK_TDI_DEVICENAME_MAPPING",
        "WSK_TRANSPORT_LIST_CHANGE",
        "WSK_TRANSPORT_LIST_QUERY",
    ];
    assert_eq!(controls, BTreeSet::from(expected));
}

#[test]
fn lint_finds_nothing() {
    let loaded = load_spec();
    let mut report = Report::new();
    lint(&loaded.spec, &loaded.sources, &mut report);
    assert!(report.is_empty(), "{:#?}", report.diagnostics());
}

#[test]
fn every_page_is_in_the_one_form() {
    let loaded = load_spec();
    let (spec, sources) = (&loaded.spec, &loaded.sources);
    let mut pages = 0;
    let mut check = |file, written: String| {
        let source = sources.get(file);
        assert!(source.text == written, "{} is not in the one form; it would be:\n{written}", source.path);
        pages += 1;
    };
    spec.apis.iter().for_each(|a| check(a.page.file, write_api(a)));
    spec.structs.iter().for_each(|s| check(s.page.file, write_struct(s)));
    spec.enums.iter().for_each(|e| check(e.page.file, write_enum(e)));
    spec.controls.iter().for_each(|c| check(c.page.file, write_control(c)));
    assert_eq!(pages, 37 + 27 + 2 + 18);
}

/// Numbers of ../shared/facts.md, written down a second time on purpose.
#[test]
fn constants_have_the_values_of_the_header() {
    let contract = common::contract();
    let value = |name: &str| contract.constants.iter().find(|c| c.name == name).unwrap_or_else(|| panic!("no {name}")).value;
    for (name, expected) in [
        ("WSK_FLAG_BASIC_SOCKET", 0),
        ("WSK_FLAG_LISTEN_SOCKET", 1),
        ("WSK_FLAG_CONNECTION_SOCKET", 2),
        ("WSK_FLAG_DATAGRAM_SOCKET", 4),
        ("WSK_FLAG_STREAM_SOCKET", 8),
        ("WSK_FLAG_OOB", 1),
        ("WSK_FLAG_NODELAY", 2),
        ("WSK_FLAG_WAITALL", 2),
        ("WSK_FLAG_DRAIN", 4),
        ("WSK_FLAG_ABORTIVE", 1),
        ("WSK_FLAG_RELEASE_ASAP", 2),
        ("WSK_FLAG_ENTIRE_MESSAGE", 4),
        ("WSK_FLAG_AT_DISPATCH_LEVEL", 8),
        ("WSK_TRANSPORT_LIST_QUERY", 2),
        ("WSK_TRANSPORT_LIST_CHANGE", 3),
        ("WSK_CACHE_SD", 4),
        ("WSK_RELEASE_SD", 5),
        ("WSK_TDI_DEVICENAME_MAPPING", 6),
        ("WSK_SET_STATIC_EVENT_CALLBACKS", 7),
        ("WSK_TDI_BEHAVIOR", 8),
        ("WSK_TDI_BEHAVIOR_BYPASS_TDI", 1),
        ("WSK_EVENT_SEND_BACKLOG", 0x10),
        ("WSK_EVENT_RECEIVE", 0x40),
        ("WSK_EVENT_DISCONNECT", 0x80),
        ("WSK_EVENT_RECEIVE_FROM", 0x100),
        ("WSK_EVENT_ACCEPT", 0x200),
        ("WSK_EVENT_DISABLE", 0x8000_0000),
        ("WSK_NO_WAIT", 0),
        ("WSK_INFINITE_WAIT", 0xFFFF_FFFF),
        ("WSK_SO_BASE", 0x4000),
        ("SO_WSK_SECURITY", 0x4001),
        ("SO_WSK_EVENT_CALLBACK", 0x4002),
        ("IOC_WSK", 0x0F00_0000),
        ("IOC_VOID", 0x2000_0000),
        ("IOC_OUT", 0x4000_0000),
        ("IOC_IN", 0x8000_0000),
        ("SIO_WSK_SET_REMOTE_ADDRESS", 0x8F00_0001),
        ("SIO_WSK_REGISTER_EXTENSION", 0xCF00_0002),
        ("SIO_WSK_QUERY_IDEAL_SEND_BACKLOG", 0x4F00_0003),
        ("SIO_WSK_QUERY_RECEIVE_BACKLOG", 0x4F00_0004),
        ("SIO_WSK_QUERY_INSPECT_ID", 0x4F00_0005),
        ("SIO_WSK_SET_SENDTO_ADDRESS", 0x8F00_0006),
        ("SIO_WSK_SET_TCP_SILENT_MODE", 0x2F00_0007),
    ] {
        assert_eq!(value(name), expected, "{name}");
    }
    let variants = |name: &str| -> Vec<(String, Option<i128>)> {
        let found = contract.enums.iter().find(|e| e.name.as_deref() == Some(name)).expect("the enumeration");
        found.variants.iter().map(|v| (v.name.clone(), v.value)).collect()
    };
    let numbered = |names: [&str; 4]| names.iter().zip(0..).map(|(n, v)| ((*n).to_owned(), Some(v))).collect::<Vec<_>>();
    assert_eq!(
        variants("WSK_INSPECT_ACTION"),
        numbered(["WskInspectReject", "WskInspectAccept", "WskInspectPend", "WskInspectMax"])
    );
    assert_eq!(variants("WSK_CONTROL_SOCKET_TYPE"), numbered(["WskSetOption", "WskGetOption", "WskIoctl", "WskControlMax"]));
}

#[test]
fn conditional_levels_are_data() {
    let contract = common::contract();
    let levels = |name: &str| -> Vec<(Option<String>, Level)> {
        let api = contract.apis.iter().find(|a| a.name.as_deref() == Some(name)).expect("the API");
        api.irql.iter().map(|i| (i.when.clone(), i.max)).collect()
    };
    assert_eq!(
        levels("WskCaptureProviderNPI"),
        [(Some("WaitTimeout == WSK_NO_WAIT".to_owned()), Level::Dispatch), (Some("otherwise".to_owned()), Level::Passive)]
    );
    let ioctls =
        "RequestType == WskIoctl and ControlCode in (SIO_ADDRESS_LIST_QUERY, SIO_ADDRESS_LIST_CHANGE, SIO_ADDRESS_LIST_SORT)";
    assert_eq!(
        levels("WskControlSocket"),
        [(Some(ioctls.to_owned()), Level::Passive), (Some("otherwise".to_owned()), Level::Dispatch)]
    );
    assert_eq!(levels("WskSendMessages"), [(None, Level::Dispatch)]);
    assert_eq!(levels("WskGetAddressInfo"), [(None, Level::Passive)]);
}

#[test]
fn the_export_has_the_contract_s_keys_and_fits_its_schema() {
    let output = run_in(&root(), &["export", "--format", "json"]);
    assert!(output.status.success());
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let keys = |value: &serde_json::Value| -> Vec<String> { value.as_object().expect("an object").keys().cloned().collect() };
    let has = |value: &serde_json::Value, expected: &[&str]| {
        for key in expected {
            assert!(keys(value).iter().any(|k| k == key), "{key} is missing in {value}");
        }
    };
    assert_eq!(json["schema"], 1);
    has(&json, &["schema", "apis", "structs", "enums", "constants", "statuses"]);
    for api in json["apis"].as_array().expect("an array") {
        has(api, &["name", "typedef", "kind", "header", "since", "irql", "irql_text", "params", "returns"]);
        has(&api["returns"], &["type", "codes", "open"]);
        api["irql"].as_array().expect("an array").iter().for_each(|i| has(i, &["when", "min", "max"]));
        for param in api["params"].as_array().expect("an array") {
            has(param, &["name", "type", "direction", "optional", "reserved"]);
            assert!(keys(param).iter().all(|k| !param[k].is_null()), "nothing is unknown in our own data: {param}");
        }
    }
    let schema_text =
        std::fs::read_to_string(root().join("codegen/schema/contract.schema.json")).expect("the schema is committed");
    assert_eq!(
        schema_text,
        stdout(&run_in(&root(), &["export", "--schema"])),
        "run `cargo codegen export --schema` and commit the result"
    );
    let schema: serde_json::Value = serde_json::from_str(&schema_text).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(&json).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let mut broken = json.clone();
    broken["apis"][0]["params"][0]["direction"] = "sideways".into();
    assert!(!validator.is_valid(&broken));
    let contract: Contract = serde_json::from_value(json).expect("the contract reads what it writes");
    assert_eq!(contract, common::contract());
}
