//! What `import` reads out of the vendor's pages agrees with spec-data, or an erratum says why not.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;

use common::{load_spec, vendor_pages};
use wsk_codegen::agreement::{Agreement, Scope, compare, untyped};

#[test]
fn every_fact_of_the_vendor_pages_agrees_or_has_an_erratum() {
    let Some(newer) = vendor_pages("ddi-2024-03") else { return };
    let Some(older) = vendor_pages("ddi-2018-01") else { return };
    let loaded = load_spec();

    let everything = compare(&loaded.spec, &newer.items(), Scope::Everything);
    let signatures = compare(&loaded.spec, &older.items(), Scope::Signatures);
    let Some(conceptual) = vendor_pages("network-2025-11") else { return };
    let controls = compare(&loaded.spec, &conceptual.items(), Scope::Everything);
    let types = untyped(&loaded.spec, &[&newer.items(), &older.items()]);
    for (revision, agreement) in
        [("2024-03", &everything), ("2018-01", &signatures), ("2025-11", &controls), ("types in neither", &types)]
    {
        let unexplained: Vec<_> = agreement.unexplained().collect();
        assert!(unexplained.is_empty(), "{revision}: {unexplained:#?}");
        assert!(agreement.unknown_pages.is_empty(), "{revision}: {:?}", agreement.unknown_pages);
        println!("{revision}: {} facts compared, {} differ with an erratum", agreement.compared, agreement.differences.len());
    }
    // So that a parser that reads nothing does not agree with everything.
    assert!(everything.compared > 1200, "{}", everything.compared);
    assert!(signatures.compared > 400, "{}", signatures.compared);

    let stale: Vec<_> = Agreement::stale(&loaded.spec, &[&everything, &signatures, &controls, &types]);
    assert!(stale.is_empty(), "upstream has caught up with these errata: {stale:#?}");
}

#[test]
fn every_page_of_the_model_has_its_vendor_page() {
    let Some(newer) = vendor_pages("ddi-2024-03") else { return };
    let loaded = load_spec();
    let names: Vec<&str> = newer.pages.iter().filter_map(|p| p.page.as_deref()).collect();
    let ours = loaded.spec.apis.iter().map(|a| &a.page).chain(loaded.spec.structs.iter().map(|s| &s.page));
    for page in ours {
        let upstream = page.upstream.as_ref().expect("a reference page has a source");
        assert!(names.contains(&upstream.as_str()), "{upstream}");
    }
    assert_eq!(names.len(), loaded.spec.apis.len() + loaded.spec.structs.len());
}

/// The comparison notices a fact that changes, of every kind that it compares.
#[test]
fn a_changed_fact_is_noticed() {
    let Some(vendor) = vendor_pages("ddi-2024-03") else { return };
    let changes: [(&str, &str, &str, &str); 9] = [
        ("functions/WskConnect.md", "| RemoteAddress | in |", "| RemoteAddress | out |", "params.RemoteAddress.direction"),
        ("functions/WskSend.md", "| STATUS_NOT_SUPPORTED |", "| STATUS_NO_MATCH |", "returns.codes.STATUS_NOT_SUPPORTED"),
        ("functions/WskListen.md", "<= DISPATCH_LEVEL", "PASSIVE_LEVEL", "irql"),
        ("functions/WskListen.md", "since: Windows 10, version 1703", "since: Windows Vista", "since"),
        (
            "functions/WskReceive.md",
            "| WSK_FLAG_DRAIN | WSK_FLAG_WAITALL |",
            "| WSK_FLAG_OOB | WSK_FLAG_WAITALL |",
            "values.Flags.WSK_FLAG_DRAIN",
        ),
        ("functions/WskSendTo.md", "| RemoteAddress | in, optional |", "| RemoteAddress | in |", "params.RemoteAddress.optional"),
        ("functions/WskBind.md", "| Flags | reserved |", "| Flags | in |", "params.Flags.reserved"),
        ("callbacks/WskReceiveEvent.md", "kind: callback", "kind: function", "kind"),
        ("structs/WSK_BUF.md", "ULONG Offset", "ULONG Start", "fields.Start.name"),
    ];
    let items = vendor.items();
    for (file, old, new, fact) in changes {
        let copy = common::SpecCopy::new();
        copy.replace(file, old, new);
        let loaded = copy.load();
        let agreement = compare(&loaded.spec, &items, Scope::Everything);
        assert!(
            agreement.unexplained().any(|d| d.fact == fact),
            "{file}: {fact}: {:?}",
            agreement.unexplained().collect::<Vec<_>>()
        );
    }
}
