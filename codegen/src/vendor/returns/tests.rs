//! Return sections of ours in the vendor's shapes.

use super::*;
use crate::source::Sources;

fn read_of(text: &str, own: Option<&str>) -> (Vec<String>, Option<bool>, usize) {
    let mut sources = Sources::new();
    let file = sources.add("t", text);
    let mut report = Report::new();
    let found = read(text, sources.whole(file), Own { name: own, ..Own::default() }, &mut report);
    (found.codes.into_iter().map(|c| c.value).collect(), found.open, report.diagnostics().len())
}

fn codes(text: &str) -> (Vec<String>, Option<bool>) {
    let (codes, open, _) = read_of(text, Some("X"));
    (codes, open)
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

#[test]
fn every_form_of_list() {
    let two = names(&["STATUS_SUCCESS", "STATUS_PENDING"]);
    let closes = "X returns one of the following codes:\n\n";
    let list = "<dl>\n<dt><b>STATUS_SUCCESS</b></dt>\n</dl><dl><dt><b>STATUS_PENDING</b></dt></dl><dl>\n<dt><b>Other status codes</b></dt></dl>";
    assert_eq!(codes(&format!("{closes}{list}")), (two.clone(), Some(true)));
    let list = "<dl>\n<dt><b>STATUS_SUCCESS</b></dt>\n</dl>Fine.\n<dl><dt><b>STATUS_PENDING</b></dt></dl>It did not fail.\n\n";
    assert_eq!(codes(&format!("{closes}{list}")), (two.clone(), Some(false)));
    let table = "<table><tr><th>Return code</th><th>Description</th></tr><tr><td width=\"40%\"><b>STATUS_SUCCESS</b></td><td>It is done.</td></tr>\
                 <tr><td>STATUS_PENDING</td><td></td></tr></table>";
    assert_eq!(codes(&format!("{closes}{table}")), (two.clone(), Some(false)));
    let pipes = "|Return code|Description|\n|--- |--- |\n|**STATUS_SUCCESS**|Fine|\n|**STATUS_PENDING**|Later|\n";
    assert_eq!(codes(&format!("{closes}{pipes}")), (two.clone(), Some(false)));
    let bare = "Return code | Description\n--- | ---\nSTATUS\\_SUCCESS | Fine\nSTATUS\\_PENDING | Later\n";
    assert_eq!(codes(&format!("{closes}{bare}")), (two.clone(), Some(false)));
    let items = "- `STATUS_SUCCESS` Fine.\n- **STATUS_PENDING**: later,\n  much later.\n";
    assert_eq!(codes(&format!("{closes}{items}")), (two.clone(), Some(false)));
    let elements = "<ul><li>STATUS_SUCCESS</li><li>STATUS_PENDING</li></ul>";
    assert_eq!(codes(&format!("{closes}{elements}")), (two.clone(), Some(false)));
    let in_a_cell = "<table><tr><td><ul><li>STATUS_SUCCESS</li><li>STATUS_PENDING</li></ul></td><td>Fine</td></tr></table>";
    assert_eq!(codes(&format!("{closes}{in_a_cell}")), (two.clone(), Some(false)));
    let mixed = "<table><tr><td><dl><dt>STATUS_SUCCESS</dt><dt>0x0</dt></dl></td><td>Fine</td></tr>\
                 <tr><td>STATUS_PENDING</td><td>Later</td></tr></table>";
    assert_eq!(codes(&format!("{closes}{mixed}")), (two, Some(false)));
}

#[test]
fn a_table_alone_says_nothing_of_other_codes() {
    let table = "|Return code|Description|\n|---|---|\n|STATUS_SUCCESS|Fine|\n";
    assert_eq!(codes(table), (names(&["STATUS_SUCCESS"]), None));
    assert_eq!(codes(&format!("{table}|Other status codes|Not fine|\n")), (names(&["STATUS_SUCCESS"]), Some(true)));
    let more = format!("X returns one of the following values:\n\n{table}\nIt might also return other NTSTATUS values.");
    assert_eq!(codes(&more), (names(&["STATUS_SUCCESS"]), Some(true)));
}

#[test]
fn what_a_sentence_names_joins_the_table() {
    let table = "|Code|Meaning|\n|---|---|\n|STATUS_A_B|Not fine|\n";
    let both = names(&["STATUS_A_B", "STATUS_SUCCESS"]);
    let one = format!("X returns STATUS_SUCCESS or one of the following codes:\n\n{table}");
    assert_eq!(codes(&one), (both.clone(), Some(false)));
    let two = format!("X returns STATUS_SUCCESS if it is done. Otherwise, it returns one of the following values:\n\n{table}");
    assert_eq!(codes(&two), (both.clone(), Some(false)));
    let open = format!("X returns STATUS_SUCCESS or an appropriate value such as:\n\n{table}");
    assert_eq!(codes(&open), (both.clone(), Some(true)));
    let after = format!("X returns one of the following codes:\n\n{table}\nIf it is late, X returns STATUS_SUCCESS.");
    assert_eq!(codes(&after), (both, None));
}

#[test]
fn what_another_function_returns_or_what_is_not_returned_does_not_join() {
    for sentence in [
        "Do not return STATUS_NOT_SUPPORTED.",
        "If OtherFunction returns STATUS_PENDING, wait.",
        "The field is set to STATUS_PENDING in this case.",
        "The driver should fail its own function with STATUS_INVALID_HANDLE.",
        "Returns FALSE after it called SetError(ERROR_CANCELLED).",
    ] {
        let text = format!("X returns one of the following values:\n\n|Code|\n|---|---|\n|STATUS_SUCCESS|Fine|\n\n{sentence}");
        let (found, open, _) = read_of(&text, Some("X"));
        assert_eq!(found, ["STATUS_SUCCESS"], "{sentence}");
        assert_eq!(open, None, "{sentence}");
    }
}

#[test]
fn a_set_is_closed_by_sentences_that_are_understood_and_by_nothing_else() {
    let table = "\n\n|Return code|Description|\n|---|---|\n|STATUS_SUCCESS|Fine.|\n|STATUS_A_B|Not fine.|\n\n";
    let open = |before: &str, after: &str| codes(&format!("{before}{table}{after}")).1;
    let closed = "X returns one of the following NTSTATUS codes:";
    for before in [
        closed,
        "X returns one of these values.",
        "X gibt einen der folgenden NTSTATUS-Codes zurück:",
        "X retourne l’un des codes NTSTATUS suivants :",
        "X возвращает один из следующих кодов NTSTATUS:",
        "X 次のいずれかの NTSTATUS コードを返します。",
        "X는 다음 NTSTATUS 코드 중 하나를 반환합니다.",
    ] {
        assert_eq!(open(before, ""), Some(false), "{before}");
        assert_eq!(open(before, "Det kan også returnere andre koder."), None, "{before}");
    }
    // Words that nobody listed, in the sentence itself.
    for before in [
        "X returns:",
        "The following codes are returned.",
        "X ordinarily returns one of the following NTSTATUS codes:",
        "As a rule X returns one of the following codes:",
        "X returns one of the following codes, or what the transport hands it:",
        "X returns no fewer than one of the following codes:",
        "Barring surprises, X returns one of the following codes:",
        "X may return one of the following values:",
        "If the call fails, X returns one of the following codes:",
        "On a client socket, X returns one of the following codes:",
        "Otherwise, X returns one of the following codes:",
        "ThingFree returns one of the following codes, and X does not:",
        "X gibt meist einen der folgenden NTSTATUS-Codes zurück:",
        "X retourne généralement l’un des codes NTSTATUS suivants :",
        "X 通常返回以下 NTSTATUS 代码之一：",
    ] {
        assert_eq!(open(before, ""), None, "{before}");
    }
    // The same, in a sentence beside it.
    for after in [
        "The roll above leaves some out.",
        "Transports bring their own.",
        "> [!NOTE]\n> Vendors extend what X gives.",
        "### Transports\n\nThe transport adds to these.",
        "What the lower layer says is handed up as it is.",
    ] {
        assert_eq!(open(closed, after), None, "{after}");
    }
    for (before, after) in [
        ("X returns an appropriate code, such as one of the following:", ""),
        ("Possible return values include, but are not limited to:", ""),
        (closed, "It might also return other NTSTATUS values."),
    ] {
        assert_eq!(open(before, after), Some(true), "{before} {after}");
    }
}

#[test]
fn codes_where_no_list_has_them_are_said_and_do_not_join() {
    let closes = "X returns one of the following codes:\n\n";
    let row = |cell: &str| format!("{closes}<table><tr><td>STATUS_SUCCESS</td><td>{cell}</td></tr></table>");
    for text in [
        row("<table><tr><td>STATUS_A_B</td></tr></table>"),
        row("STATUS_A_B"),
        format!("{closes}- STATUS_SUCCESS\n\n```\nSTATUS_A_B\n```\n"),
    ] {
        let (found, open, said) = read_of(&text, Some("X"));
        assert_eq!((found.as_slice(), open), (&["STATUS_SUCCESS".to_owned()][..], None), "{text}");
        assert_eq!(said, 1, "{text}");
    }
    let heads = "<table><tr><th>STATUS_SUCCESS</th><td>Fine</td></tr><tr><th>STATUS_A_B</th><td>Not fine</td></tr></table>";
    assert_eq!(codes(&format!("{closes}{heads}")), (names(&["STATUS_SUCCESS", "STATUS_A_B"]), Some(false)));
}

#[test]
fn a_description_that_speaks_of_other_codes_leaves_the_set_unknown() {
    for about in [
        "It failed, by an error code of the device.",
        "The layer below passes up another NTSTATUS.",
        "Most failures are mapped to this one; the rest stay what they were.",
        "As STATUS_C_D, but later.",
    ] {
        let text = format!("X returns one of the following codes:\n\n|Code|Meaning|\n|---|---|\n|STATUS_A_B|{about}|\n");
        assert_eq!(codes(&text), (names(&["STATUS_A_B"]), None), "{about}");
    }
}

#[test]
fn what_is_said_to_be_returned_by_others_does_not_join() {
    for sentence in [
        "The completion function must return STATUS_C_D.",
        "It neither returns STATUS_C_D nor waits.",
        "A driver completes the IRP with STATUS_C_D.",
        "To be spared a return of STATUS_C_D, pass a longer buffer.",
        "STATUS_C_D is kept for OtherFunction.",
        "Every code but STATUS_C_D is fatal.",
        "The port driver returns STATUS_C_D.",
        "If the callback returns STATUS_C_D, the IRP lives on.",
        "This function does not always return STATUS_C_D.",
        "Once this function returned STATUS_C_D.",
    ] {
        let (found, open, said) = read_of(&format!("X returns STATUS_A_B if it works.\n\n{sentence}"), Some("X"));
        assert_eq!((found.as_slice(), open), (&["STATUS_A_B".to_owned()][..], None), "{sentence}");
        assert_eq!(said, 1, "{sentence}");
    }
}

#[test]
fn a_table_that_is_cut_off_closes_nothing() {
    let table = "X returns one of the following codes:\n<table><tr><td>STATUS_A_B</td><td>Fine</td></tr>";
    assert_eq!(read_of(&format!("{table}</table>"), Some("X")), (names(&["STATUS_A_B"]), Some(false), 0));
    assert_eq!(read_of(&format!("{table}<tr><td>STATUS_C"), Some("X")).1, None);
    assert_eq!(read_of(table, Some("X")), (names(&["STATUS_A_B"]), None, 1));
}

#[test]
fn always_counts_only_without_a_condition() {
    assert_eq!(codes("This function always returns STATUS_A_B."), (names(&["STATUS_A_B"]), Some(false)));
    assert_eq!(codes("If it is closed, this function always returns STATUS_A_B.").1, None);
    assert_eq!(codes("At DISPATCH_LEVEL this function always returns STATUS_A_B.").1, None);
}

#[test]
fn prose_closes_the_set_only_if_it_says_so() {
    assert_eq!(codes("It must always return STATUS_SUCCESS."), (names(&["STATUS_SUCCESS"]), Some(false)));
    assert_eq!(codes("It returns STATUS_SUCCESS if all went well."), (names(&["STATUS_SUCCESS"]), None));
    assert_eq!(codes("Nothing."), (vec![], None));
}

const ROWS: &str = "\n\n|Return code|Description|\n|---|---|\n|STATUS_A_B|Fine.|\n|STATUS_C_D|Not fine.|\n\n";

#[test]
fn a_list_whose_sentence_is_not_understood_has_no_codes() {
    let items = "\n\n- STATUS_A_B: fine.\n- STATUS_C_D: not fine.\n\n";
    let terms = "\n<dl><dt>STATUS_A_B</dt><dd>Fine.</dd><dt>STATUS_C_D</dt><dd>Not fine.</dd></dl>\n";
    let html = "\n<table><tr><th>Return code</th></tr><tr><td>STATUS_A_B</td></tr><tr><td>STATUS_C_D</td></tr></table>\n";
    for before in [
        "X never returns one of the following codes:",
        "X does not return any of these:",
        "X refrains from returning one of the following:",
        "The following codes are returned by OtherFunction:",
        "OtherFunction returns one of the following codes:",
        "OtherFunction can also return one of these values.",
        "None of the codes in the following table is returned.",
        "X returns STATUS_E_F, or avoids one of the following codes:",
        "X returns when it is given one of the following:",
        "X gibt keinen der folgenden NTSTATUS-Codes zurück:",
    ] {
        for list in [ROWS, items, terms, html] {
            let (found, open, said) = read_of(&format!("{before}{list}"), Some("X"));
            assert!(!found.iter().any(|c| c == "STATUS_A_B" || c == "STATUS_C_D"), "{before}{list}: {found:?}");
            assert!(open != Some(false) && said >= 2, "{before}{list}: {open:?} {said}");
        }
    }
    for after in
        ["None of these codes is ever returned.", "The codes above are never returned.", "The list is not of what X returns."]
    {
        let (found, _, said) = read_of(&format!("X returns one of the following codes:{ROWS}{after}"), Some("X"));
        assert!(found.is_empty() && said >= 2, "{after}: {found:?}");
    }
    let (found, ..) = read_of(&format!("The codes below are never returned.\n\nSee the table.{ROWS}"), Some("X"));
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_list_that_is_announced_in_words_that_are_understood_has_codes() {
    for before in [
        "",
        "X can return one of the following values:",
        "Possible values include, but are not limited to, those in the following table.",
        "X returns STATUS_E_F if at least one BLOCK_OF structure is not found or an appropriate NTSTATUS value such as one of the following:",
        "If the call fails, possible error return codes include the following:",
        "Otherwise, the routine returns an appropriate error code. The following table shows some of the possible return status codes.",
        "X returns STATUS_E_F if it is done.",
        "For more information, see Return Values.",
        "Some values that may be returned are:",
    ] {
        let (found, open, _) = read_of(&format!("{before}{ROWS}"), Some("X"));
        assert!(found.iter().any(|c| c == "STATUS_A_B") && open != Some(false), "{before}: {found:?} {open:?}");
    }
}

#[test]
fn the_head_of_a_table_says_whether_it_lists_codes() {
    let table = |head: &str, cell: &str| format!("X returns a value.\n\n|{head}|\n|---|---|\n|{cell}|Text.|\n\n");
    for (head, cell) in
        [("Return code|Description", "STATUS_A_B"), ("**Error code**|Meaning", "STATUS_A_B"), ("Value|Meaning", "STATUS_A_B")]
    {
        assert_eq!(codes(&table(head, cell)).0, ["STATUS_A_B"], "{head}");
    }
    for (head, cell) in [
        ("Flag|Meaning", "FLAG_A"),
        ("Value|Meaning", "FLAG_A"),
        ("Type|Description", "STATUS_A_B"),
        ("Common return codes|Examples", "STATUS_A_B"),
        ("Not returned|Description", "STATUS_A_B"),
        ("Return code|Not returned", "STATUS_A_B"),
        ("Return code|Returned by OtherFunction", "STATUS_A_B"),
    ] {
        let (found, _, said) = read_of(&table(head, cell), Some("X"));
        assert!(found.is_empty() && said == 1, "{head}: {found:?} {said}");
    }
    let listed = "X returns one of the following values:\n\n|Value|Meaning|\n|---|---|\n|FLAG_A|Text.|\n";
    assert_eq!(codes(listed).0, ["FLAG_A"]);
}

#[test]
fn what_stands_below_a_heading_of_something_else_is_no_code() {
    let closes = "X returns one of the following codes:";
    for heading in
        ["### OtherFunction", "OtherFunction\n-------------", "<h3>OtherFunction</h3>\n", "### Codes of older versions"]
    {
        let text = format!("{closes}\n\n- STATUS_E_F: done.\n\n{heading}{ROWS}");
        let (found, open, said) = read_of(&text, Some("X"));
        assert_eq!((found, open), (names(&["STATUS_E_F"]), None), "{heading}");
        assert_eq!(said, 2, "{heading}");
    }
    let (found, _, said) = read_of("X returns STATUS_E_F.\n\n### OtherFunction\n\nReturns STATUS_A_B.", Some("X"));
    assert_eq!((found, said), (names(&["STATUS_E_F"]), 1));
    assert_eq!(codes(&format!("### Return codes\n\n{ROWS}")).0, ["STATUS_A_B", "STATUS_C_D"]);
    assert_eq!(codes(&format!("### X function\n\n{ROWS}")).0, ["STATUS_A_B", "STATUS_C_D"]);
}

#[test]
fn a_row_whose_description_denies_its_code_is_none() {
    let row = |about: &str| {
        format!("X returns one of the following codes:\n\n|Code|Meaning|\n|---|---|\n|STATUS_A_B|Fine.|\n|STATUS_C_D|{about}|\n")
    };
    for about in [
        "Never returned.",
        "This code is not returned.",
        "It is no longer returned.",
        "X never returns this status.",
        "Reserved for OtherFunction.",
        "This value is reserved.",
        "Obsolete.",
        "Fine. This status isn't used.",
    ] {
        let (found, open, said) = read_of(&row(about), Some("X"));
        assert_eq!((found, open, said), (names(&["STATUS_A_B"]), None, 1), "{about}");
    }
    for about in
        ["X must not return this code if it was forced.", "OtherFunction returns this code.", "It is returned by OtherFunction."]
    {
        let (found, open, said) = read_of(&row(about), Some("X"));
        assert_eq!((found, open, said), (names(&["STATUS_A_B", "STATUS_C_D"]), None, 1), "{about}");
    }
    let terms = "<dl><dt>STATUS_A_B</dt><dd>Fine.</dd><dt>STATUS_C_D</dt><dt>STATUS_E_F</dt><dd>Never returned.</dd></dl>";
    assert_eq!(codes(&format!("X returns one of the following codes:\n\n{terms}")), (names(&["STATUS_A_B"]), None));
    let plain = "The reserved range is used up. The buffer was not large enough for what is returned.";
    assert_eq!(read_of(&row(plain), Some("X")), (names(&["STATUS_A_B", "STATUS_C_D"]), Some(false), 0));
}

#[test]
fn functions_with_other_prefixes_are_other_functions() {
    for name in ["ZwX", "NtX"] {
        let (found, _, said) = read_of(&format!("{name} returns STATUS_A_B."), Some("X"));
        assert!(found.is_empty() && said == 1, "{name}: {found:?}");
    }
    // The two names of one service.
    assert_eq!(read_of("ZwX returns STATUS_A_B.", Some("NtX")).0, ["STATUS_A_B"]);
    let mut report = Report::new();
    let mut sources = Sources::new();
    let text = "TheX returns STATUS_A_B.";
    let file = sources.add("t", text);
    let own = Own { name: Some("X"), title: Some("TheX"), is_callback: false };
    assert_eq!(read(text, sources.whole(file), own, &mut report).codes.len(), 1);
}

#[test]
fn an_item_that_goes_on_as_a_sentence_is_no_row() {
    let text =
        "X returns STATUS_A_B in these cases:\n\n- STATUS_C_D was passed to it.\n- STATUS_E_F is what the layer below gave.\n";
    let (found, open, said) = read_of(text, Some("X"));
    assert_eq!((found, open, said), (names(&["STATUS_A_B"]), None, 2));
}
