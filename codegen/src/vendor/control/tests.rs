//! Pages of ours in the vendor's shape: what is read, and what is said of what cannot be.

use super::super::{ItemFacts, read as read_page};
use super::sentences::{self, About, Statement};
use super::*;
use crate::facts::{IrpRule, OPERATION_KINDS, SocketKind, SocketState};

const PAGE: &str = include_str!("../../../tests/pages/control.md");

fn read(text: &str) -> (Option<ControlFacts>, Vec<String>) {
    let (mut sources, mut report) = (Sources::new(), Report::new());
    let file = sources.add("so-thing-lamp.md", text);
    let facts = read_page(&sources, file, &mut report).and_then(|page| match page.item {
        ItemFacts::Control(facts) => Some(facts),
        _ => None,
    });
    for diagnostic in report.diagnostics() {
        assert!(diagnostic.help.is_some() && diagnostic.span.is_some(), "{diagnostic:?}");
    }
    (facts, report.diagnostics().iter().map(|d| d.message.clone()).collect())
}

fn facts(text: &str) -> ControlFacts {
    read(text).0.expect("a page of a control code")
}

/// The facts of an operation as `fact: value`.
fn spelt(operation: &OperationFacts) -> Vec<String> {
    let name = operation.name.as_ref().map_or("?", |n| n.value.as_str());
    let facts = OPERATION_KINDS.iter().filter_map(|kind| Some(format!("{}: {}", kind.word(), operation.fact(*kind)?)));
    std::iter::once(name.to_owned()).chain(facts).collect()
}

/// What is read differently, and what is said, when a text of the page is another.
fn changed(old: &str, new: &str) -> (Vec<String>, Vec<String>) {
    assert!(PAGE.contains(old), "{old}");
    // Each with the position of its operation, for operations have facts in common.
    let all = |facts: ControlFacts| -> Vec<String> {
        let of = |(at, operation)| spelt(operation).into_iter().map(move |fact| format!("{at} {fact}"));
        facts.operations.iter().enumerate().flat_map(of).collect()
    };
    let (before, (after, said)) = (all(facts(PAGE)), read(&PAGE.replacen(old, new, 1)));
    let after = all(after.expect("a page of a control code"));
    (before.into_iter().filter(|fact| !after.contains(fact)).collect(), said)
}

#[test]
fn tables_verbs_and_sentences_make_operations() {
    let (page, said) = read(PAGE);
    let page = page.expect("a page of a control code");
    assert_eq!(said, [] as [&str; 0]);
    let word = |value: &Option<Spanned<String>>| value.as_ref().map(|v| v.value.clone()).unwrap_or_default();
    let head = [&page.name, &page.header, &page.since, &page.function].map(word);
    assert_eq!(head, ["SO_THING_LAMP", "thing.h", "Windows 8.1", "WskControlSocket"]);
    let of_set = |name: &str, flags: &str, irp: &str| {
        let rest = ["code: SO_THING_LAMP", "request: WskSetOption", "level: SOL_SOCKET", "input: THING_LAMP", "output: none"];
        let last = ["size_returned: false", flags, irp, "sockets: listen, datagram (bound)", "irql: <= APC_LEVEL"];
        [&[name], &rest[..], &last[..]].concat().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let operations: Vec<Vec<String>> = page.operations.iter().map(spelt).collect();
    let [light, darken, count] = operations.as_slice() else { panic!("three operations: {operations:?}") };
    assert_eq!(*light, of_set("light", "flags: any of Lamps", "irp: forbidden"));
    assert_eq!(*darken, of_set("darken", "flags: one of Lamps with LAMP_OFF", "irp: optional"));
    let wanted = [
        "count",
        "code: SO_THING_LAMP",
        "request: WskGetOption",
        "level: SOL_SOCKET",
        "input: none",
        "output: THING_LAMP[]",
        "size_returned: true",
        "irp: forbidden",
        "sockets: listen, datagram",
        "irql: <= APC_LEVEL",
    ];
    assert_eq!(*count, wanted);
    let flags: Vec<(&str, Option<&str>)> =
        page.flags.iter().map(|f| (f.constant.as_str(), f.callback.as_ref().map(|c| c.as_str()))).collect();
    assert_eq!(flags, [("LAMP_LEFT", Some("ThingLeftEvent")), ("LAMP_RIGHT", Some("ThingRightEvent")), ("LAMP_OFF", None)]);
    assert_eq!(page.codes.iter().map(|c| c.as_str()).collect::<Vec<_>>(), ["STATUS_NO_MATCH"]);
}

#[test]
fn a_list_of_parameters_is_a_table() {
    let text = "---\ntitle: SIO_X_Y control code\n---\n# SIO\\_X\\_Y control code\n\nThe SIO\\_X\\_Y operation allows a WSK client to hush.\n\n\
                To perform this operation, call the **WskControlSocket** function with these.\n\n## Parameters\n\n\
                *RequestType* \\[in\\]  \nUse **WskIoctl** for this operation.\n\n*ControlCode* \\[in\\]  \nIt names the operation. Use \
                **SIO\\_X\\_Y** for this operation.\n\n*Level*   \nUse zero for this operation.\n\n*InputSize* \\[in\\]  \nUse zero for this \
                operation.\n\n*InputBuffer* \\[in\\]  \nUse **NULL** for this operation.\n\n*OutputSize*  \nDo not use zero for this \
                operation.\n\n*OutputBuffer*  \nUse **NULL** for this operation.\n\n*OutputSizeReturned*  \n\n## Remarks\n\nA WSK application must \
                specify a pointer to an IRP when calling the **WskControlSocket** function to hush.\n";
    let (page, said) = read(text);
    let page = page.expect("a page of a control code");
    let hush = page.operations.first().map(spelt).unwrap_or_default();
    assert_eq!(hush, ["hush", "code: SIO_X_Y", "request: WskIoctl", "level: 0", "input: none", "irp: required"]);
    for words in
        ["the size of `OutputBuffer`", "does not say what `OutputSizeReturned` is", "on which sockets", "in which header"]
    {
        assert!(said.iter().any(|s| s.contains(words)), "{words}: {said:?}");
    }
}

#[test]
fn a_row_that_is_lost_or_strange_is_complained_of() {
    let level = &["0 level: SOL_SOCKET", "1 level: SOL_SOCKET"] as &[&str];
    let cases: [(&str, &str, &[&str], &str); 8] = [
        ("<td><p><em>Level</em></p></td>", "<td><p><em>Levels</em></p></td>", level, "`Levels` is not a parameter"),
        ("<td><p><em>Level</em></p></td>", "<td><p><em>级别</em></p></td>", &[], "`级别` is taken for `Level`"),
        ("<td><p>SOL_SOCKET</p></td>", "<td><p>SOL_SOCKET</p></td><td></td>", level, "what `Level` is"),
        ("<td><p>SOL_SOCKET</p></td>", "", level, "what `Level` is"),
        ("<em>OutputSize</em>", "<em>InputSize</em>", &["0 output: none", "1 output: none"], "the table has `InputSize` twice"),
        ("| **WskGetOption** |", "| either of them |", &["2 request: WskGetOption"], "a request type"),
        ("| *Irp* | NULL |", "| *Irp* | |", &["2 irp: forbidden"], "what `Irp` is"),
        ("| *OutputBuffer* | A", "| *OutputBuffer* | Not a", &["2 output: THING_LAMP[]"], "what `OutputBuffer` holds"),
    ];
    for (old, new, lost, words) in cases {
        let (changed, said) = changed(old, new);
        assert_eq!(changed, lost, "{new}");
        assert!(said.iter().any(|s| s.contains(words)), "{new}: {said:?}");
    }
}

#[test]
fn what_contradicts_itself_gives_no_fact() {
    let kinds = &["0 sockets: listen, datagram (bound)", "1 sockets: listen, datagram (bound)"] as &[&str];
    let cases: [(&str, &str, &[&str], &str); 4] = [
        (
            "function to darken a lamp.",
            "function to light a lamp.",
            &["0 irp: forbidden", "1 irp: optional"],
            "whether there is an IRP",
        ),
        ("| *Irp* | NULL |", "| *Irp* | A pointer to an IRP |", &["2 irp: forbidden"], "whether there is an IRP"),
        ("lamps on a datagram socket", "lamps on a stream socket", kinds, "the states of sockets"),
        (
            "WskControlSocket** function with the following",
            "WskControlClient** function with the following",
            &[],
            "the one before it about",
        ),
    ];
    for (old, new, lost, words) in cases {
        let (changed, said) = changed(old, new);
        assert_eq!(changed, lost, "{new}");
        assert!(said.iter().any(|s| s.contains(words)), "{new}: {said:?}");
    }
    let other = PAGE.replacen("**WskControlSocket** function with", "**WskControlClient** function with", 1);
    assert_eq!(facts(&other).function, None);
}

#[test]
fn a_page_is_one_of_a_control_code_by_its_structure() {
    let call = "To do it, a WSK application calls the **WskControlClient** function with the following parameters.";
    let (page, said) = read(&format!("---\ntitle: THING_DO\n---\n# THING\\_DO\n\n{call}\n"));
    assert!(page.is_some_and(|p| p.operations.is_empty()), "it calls the function");
    assert!(said.iter().any(|s| s.contains("no table of the parameters")), "{said:?}");
    for text in [
        // A page about something else that names the function.
        format!("---\ntitle: Doing things\n---\n# Doing things\n\n{call}\n"),
        "---\ntitle: THING_CLIENT\n---\n# THING_CLIENT\n\n```c++\ntypedef PVOID PTHING_CLIENT;\n```\n\nFor **WskControlClient**.\n".to_owned(),
        // The page of the function itself.
        format!(
            "# PFN_WSK_CONTROL_CLIENT callback\n\n```c\nNTSTATUS PfnWskControlClient(\n  ULONG ControlCode,\n  PIRP Irp\n);\n```\n\n{call}\n"
        ),
        "---\ntitle: THING_DO\n---\n# THING_DO\n\nIt does a thing.\n".to_owned(),
    ] {
        assert!(read(&text).0.is_none(), "{text}");
    }
}

#[test]
fn sentences_are_read_whole_or_not_at_all() {
    use Statement::{BeforeSockets, Irp, OutputHolds, Sockets, State, Unclear};
    let verbs = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    let unclear = |about, words: &[&str]| Some(Unclear { about, verbs: verbs(words) });
    let irp = |rule, words: &[&str]| Some(Irp { rule, verbs: verbs(words) });
    let pointer = "specify a pointer to an IRP when calling the F function to";
    let cases = [
        (format!("A WSK application must {pointer} set or clear it"), irp(IrpRule::Required, &["set", "clear"])),
        (format!("A WSK application must not {pointer} automatically set it"), irp(IrpRule::Forbidden, &["set"])),
        (format!("A WSK application may {pointer} set it"), irp(IrpRule::Optional, &["set"])),
        (format!("A WSK application must usually {pointer} set it"), unclear(About::Irp, &["set"])),
        ("An IRP is required for this client control operation".to_owned(), irp(IrpRule::Required, &[])),
        ("An IRP is required for this client control operation, or not".to_owned(), unclear(About::Irp, &[])),
        ("The Irp parameter can be NULL for this client control operation".to_owned(), unclear(About::Irp, &[])),
        ("The IRP is completed".to_owned(), None),
        (
            "This socket option applies only to stream sockets, and basic sockets".to_owned(),
            Some(Sockets(vec![(SocketKind::Stream, SocketState::Any), (SocketKind::Basic, SocketState::Any)])),
        ),
        ("This socket option applies only to stream sockets and stream sockets".to_owned(), unclear(About::Sockets, &[])),
        ("This socket option applies only to stream sockets that are blue".to_owned(), unclear(About::Sockets, &[])),
        ("This socket option hardly applies to all socket types".to_owned(), unclear(About::Sockets, &[])),
        (
            "If a WSK application uses this socket option to do it, it must do so before the stream socket is bound to a local transport address".to_owned(),
            Some(State { state: SocketState::BeforeBind, kinds: vec![SocketKind::Stream], verbs: verbs(&["do"]) }),
        ),
        (
            "If a WSK application uses this socket option to do it, it must do so before noon".to_owned(),
            unclear(About::State, &["do"]),
        ),
        (
            "If a WSK application uses the THING_DO client control operation, it must do so before it creates any sockets".to_owned(),
            Some(BeforeSockets),
        ),
        (format!("A WSK application must {pointer} set it unless it runs at DISPATCH_LEVEL"), unclear(About::Irp, &["set"])),
        (format!("A WSK application must {pointer} set it, in most cases"), unclear(About::Irp, &["set"])),
        (format!("A WSK application must {pointer} set it except on loopback"), unclear(About::Irp, &["set"])),
        ("The operation does not need an IRP".to_owned(), unclear(About::Irp, &[])),
        ("It is not supported on listening sockets".to_owned(), unclear(About::Sockets, &[])),
        (
            "This socket option applies only to basic sockets that have registered an extension interface unless no event callback function is defined".to_owned(),
            unclear(About::Sockets, &[]),
        ),
        (
            "If a WSK application uses this socket option to do it when it likes, it must do so before the socket is bound to a local transport address".to_owned(),
            unclear(About::State, &["do"]),
        ),
        ("If the call to F fails, the output buffer contains a T structure followed by more".to_owned(), None),
        ("If the call to F succeeds, the output buffer contains a T structure followed by more, if any".to_owned(), None),
        (
            "A WSK application can specify a combination of event flags, if it likes, in the A member of the T structure".to_owned(),
            unclear(About::Flags, &[]),
        ),
        ("If the call to F succeeds, the output buffer contains a T structure followed by more".to_owned(), Some(OutputHolds("T".into()))),
        ("It runs at IRQL = PASSIVE_LEVEL".to_owned(), unclear(About::Level, &[])),
        ("It sets the A member of the T structure to a bitwise OR of all".to_owned(), unclear(About::Flags, &[])),
        ("Nothing of the kind".to_owned(), None),
    ];
    for (sentence, wanted) in cases {
        assert_eq!(sentences::read(&sentence), wanted, "{sentence}");
    }
}

#[test]
fn a_sentence_that_limits_its_neighbour_leaves_no_fact() {
    let irp =
        "A WSK application does not specify a pointer to an IRP when calling the **WskControlSocket** function to light lamps.";
    let applies = "This socket option applies only to listening sockets and datagram sockets.";
    let kinds = &["0 sockets: listen, datagram (bound)", "1 sockets: listen, datagram (bound)", "2 sockets: listen, datagram"];
    let cases: [(&str, &str, &[&str], &str); 7] = [
        (irp, "However, some drivers pass one.", &["0 irp: forbidden"], "may limit"),
        (irp, "In some cases it passes one.", &["0 irp: forbidden"], "may limit"),
        (irp, "A driver of version 2 passes an IRP.", &["0 irp: forbidden"], "may limit"),
        (irp, "The WSK subsystem queues the IRP.", &[], ""),
        (irp, "Lamps are bright.", &[], ""),
        (applies, "However, stream sockets take it.", kinds, "may limit"),
        (applies, "It is a lamp.", &[], ""),
    ];
    for (sentence, beside, lost, words) in cases {
        let (changed, said) = changed(sentence, &format!("{sentence} {beside}"));
        assert_eq!(changed, lost, "{beside}");
        assert!(said.iter().any(|s| s.contains(words)) || words.is_empty() && said.is_empty(), "{beside}: {said:?}");
    }
}

#[test]
fn a_cell_with_a_condition_or_a_hedge_gives_no_fact() {
    let returned = "A pointer to a SIZE_T-typed variable |";
    let output = "A pointer to an array of THING_LAMP structures |";
    let size = &["2 size_returned: true"] as &[&str];
    let holds = &["2 output: THING_LAMP[]"] as &[&str];
    for (old, new, lost, words) in [
        (returned, "A pointer to a SIZE_T-typed variable, or zero if it is not wanted |", size, "the size of the output"),
        (returned, "Typically a pointer to a SIZE_T-typed variable |", size, "the size of the output"),
        (returned, "A pointer to a SIZE_T-typed variable. This may be NULL. |", size, "the size of the output"),
        (returned, "A variable of type SIZE_T |", size, "the size of the output"),
        (output, "A pointer to an array of THING_LAMP structures if there are any, else NULL |", holds, "it has a condition"),
        (output, "A pointer to an array of THING_LAMP structures. It can be left out. |", holds, "it has a condition"),
        (
            "| **WskGetOption** |",
            "| Mostly other. Use **WskIoctl** if it is lit. Use **WskGetOption** for this operation. |",
            &["2 request: WskGetOption"],
            "a request type",
        ),
    ] {
        let (changed, said) = changed(old, new);
        assert_eq!(changed, lost, "{new}");
        assert!(said.iter().any(|s| s.contains(words)), "{new}: {said:?}");
    }
}

#[test]
fn a_code_that_is_another_than_the_title_says_is_said() {
    for (old, new) in [
        ("| *ControlCode* | SO_THING_LAMP |", "| *ControlCode* | SO_THING_LIGHT |"),
        ("<td><p>SO_THING_LAMP</p></td>", "<td><p>SO_THING_LIGHT</p></td>"),
        ("title: SO_THING_LAMP", "title: SO_THING_LIGHT"),
        ("# SO\\_THING\\_LAMP", "# SO\\_THING\\_LIGHT"),
    ] {
        let (_, said) = read(&PAGE.replacen(old, new, 1));
        assert!(said.iter().any(|s| s.contains("but the page is titled")), "{new}: {said:?}");
    }
}

#[test]
fn a_flag_is_what_a_table_or_a_sentence_says_is_one() {
    let flags = |text: &str| {
        let (page, said) = read(text);
        let flags: Vec<String> = page.into_iter().flat_map(|p| p.flags).map(|f| f.constant.value).collect();
        (flags, said)
    };
    let listed = ["LAMP_LEFT", "LAMP_RIGHT", "LAMP_OFF"];
    let (found, said) = flags(&format!("{PAGE}\n## Related topics\n\n[SO\\_THING\\_FAN](so-thing-fan.md)\n"));
    assert_eq!(found, listed);
    assert!(said.iter().any(|s| s.contains("`SO_THING_FAN` stands alone")), "{said:?}");
    let announced =
        "The following flags are defined for the SO\\_THING\\_LAMP socket option.\n\nLAMP\\_DIM\n\nIt is dim.\n\n## Requirements";
    assert_eq!(
        flags(&PAGE.replacen("## Requirements", announced, 1)),
        (["LAMP_LEFT", "LAMP_RIGHT", "LAMP_DIM", "LAMP_OFF"].map(str::to_owned).to_vec(), vec![])
    );
    let (found, said) = flags(&PAGE.replacen("| Event flag |", "| Related option |", 1));
    assert!(!found.contains(&"LAMP_LEFT".to_owned()), "{found:?}");
    assert!(said.iter().any(|s| s.contains("the row `LAMP_LEFT`")), "{said:?}");
}

#[test]
fn a_code_that_a_sentence_or_table_denies_does_not_join() {
    let codes = |sentence: &str| {
        let (page, said) = read(&PAGE.replacen("Where it is dark, the function returns STATUS\\_NO\\_MATCH.", sentence, 1));
        (page.into_iter().flat_map(|p| p.codes).map(|c| c.value).collect::<Vec<_>>(), said.len())
    };
    for sentence in [
        "The function does not return STATUS_A_B.",
        "The **WskControlSocket** function never returns STATUS_A_B.",
        "OtherFunction returns STATUS_A_B.",
        "| Return code | Description |\n|---|---|\n| STATUS_A_B | Never returned. |",
        "The function returns none of these.\n\n| Return code | Description |\n|---|---|\n| STATUS_A_B | Dark. |",
        "| Not returned | Description |\n|---|---|\n| STATUS_A_B | Dark. |",
    ] {
        let (found, said) = codes(&format!("\n\n{sentence}\n\n"));
        assert!(found.is_empty() && said > 0, "{sentence}: {found:?} {said}");
    }
    for sentence in [
        "The **WskControlSocket** function returns STATUS_A_B.",
        "The WSK subsystem queues the IRP and returns STATUS_A_B.",
        "The function might return STATUS_A_B.",
        "If the **WskControlSocket** function returns STATUS_A_B, the buffer is short.",
        "If there is no lamp, the lamp is dark and the **WskControlSocket** function returns STATUS_A_B.",
        "| Return code | Description |\n|---|---|\n| STATUS_A_B | Dark. |",
    ] {
        let (found, said) = codes(&format!("\n\n{sentence}\n\n"));
        assert_eq!((found, said), (vec!["STATUS_A_B".to_owned()], 0), "{sentence}");
    }
}
