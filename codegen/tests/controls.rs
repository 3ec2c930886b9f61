//! Control codes: what is read from the vendor's conceptual pages agrees with spec-data, or an erratum says why not; a fact that changes
//! is noticed; and from a translation nothing wrong is read.

#![allow(clippy::indexing_slicing, clippy::string_slice, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

use common::{load_spec, root, shared, vendor_pages};
use wsk_codegen::agreement::{Scope, compare as agree, disagreements};
use wsk_codegen::facts::{At, Carried, FactKind, Identity, Item, ItemKind, OPERATION_KINDS};
use wsk_codegen::source::{Diagnostic, Report, Sources, Span};
use wsk_codegen::spec::facts_of;
use wsk_codegen::vendor::{self, ItemFacts, PageFacts};
use wsk_codegen::{contract, import};

const ENGLISH: &str = "network-2025-11";
const CHINESE: &str = "network-2021-zh-cn";

#[test]
fn every_fact_of_the_18_pages_agrees_or_has_an_erratum() {
    let Some(vendor) = vendor_pages(ENGLISH) else { return };
    let loaded = load_spec();
    let agreement = agree(&loaded.spec, &vendor.items(), Scope::Everything);
    let unexplained: Vec<_> = agreement.unexplained().collect();
    assert!(unexplained.is_empty(), "{unexplained:#?}");
    assert!(agreement.unknown_pages.is_empty(), "{:?}", agreement.unknown_pages);
    let read: BTreeSet<&str> = vendor.pages.iter().filter_map(|p| p.page.as_deref()).collect();
    let ours: BTreeSet<&str> = loaded.spec.controls.iter().map(|c| c.page.upstream.as_ref().unwrap().as_str()).collect();
    assert_eq!(read, ours, "each page of ours has one of theirs, and no other page is taken for one of a control code");
    println!("{} facts compared, {} differ with an erratum", agreement.compared, agreement.differences.len());
    assert_eq!((read.len(), agreement.differences.len()), (18, 4));
}

/// All facts of the pages, and what was said of them. Only facts stand there.
#[test]
fn the_facts_of_all_pages() {
    let Some(vendor) = vendor_pages(ENGLISH) else { return };
    let mut all = String::new();
    for page in &vendor.pages {
        let ItemFacts::Control(facts) = &page.item else { continue };
        let _ = writeln!(all, "{}", page.page.as_deref().unwrap());
        let word = |what: &str, value: Option<&str>| format!("  {what}: {}\n", value.unwrap_or("?"));
        all += &word("name", facts.name.as_ref().map(|v| v.as_str()));
        all += &word("header", facts.header.as_ref().map(|v| v.as_str()));
        all += &word("since", facts.since.as_ref().map(|v| v.as_str()));
        all += &word("function", facts.function.as_ref().map(|v| v.as_str()));
        for operation in &facts.operations {
            all += &word("operation", operation.name.as_ref().map(|v| v.as_str()));
            for kind in OPERATION_KINDS {
                if let Some(value) = operation.fact(kind) {
                    let _ = writeln!(all, "    {}: {value}", kind.word());
                }
            }
        }
        for flag in &facts.flags {
            all += &word(&format!("flag {}", flag.constant), flag.callback.as_ref().map(|c| c.as_str()));
        }
        for code in &facts.codes {
            let _ = writeln!(all, "  returns: {code}");
        }
        for said in vendor.report.diagnostics().iter().filter(|d| d.span.is_some_and(|s| s.file == page.file)) {
            let _ = writeln!(all, "  ({})", said.message);
        }
    }
    insta::assert_snapshot!(all);
}

/// A page, and what is compared of it.
struct Page {
    stem: String,
    text: String,
}

fn pages(folder: &str) -> Option<Vec<Page>> {
    let loaded = load_spec();
    let path = shared(folder)?;
    let stems = loaded.spec.controls.iter().map(|c| c.page.upstream.as_ref().unwrap().value.clone());
    let read = |stem: String| {
        let text = std::fs::read_to_string(path.join(format!("{stem}.md"))).expect("a page").replace("\r\n", "\n");
        Page { stem, text }
    };
    Some(stems.map(read).collect())
}

fn read(stem: &str, text: &str) -> (Option<PageFacts>, Report) {
    let (mut sources, mut report) = (Sources::new(), Report::new());
    let file = sources.add(format!("{stem}.md"), text);
    let facts = vendor::read(&sources, file, &mut report).filter(|page| matches!(page.item, ItemFacts::Control(_)));
    (facts, report)
}

/// The items of our control codes, by the vendor's pages.
fn ours() -> BTreeMap<String, Item> {
    let loaded = load_spec();
    let controls = facts_of(&loaded.spec);
    let is_control = |(_, item): &(&Identity, &Item)| item.kind == ItemKind::Control;
    let named = |(_, item): (&Identity, &Item)| (item.value(FactKind::Upstream, &[]).unwrap().to_owned(), item.clone());
    controls.iter().filter(is_control).map(named).collect()
}

/// A fact that was compared.
#[derive(Debug, Clone, PartialEq)]
struct Compared {
    fact: String,
    ours: Option<String>,
    theirs: Option<String>,
    /// Where the page says it.
    at: Option<Span>,
}

/// All facts that a page and ours are compared by, under our names.
fn compare(ours: &Item, page: &PageFacts) -> Vec<Compared> {
    let (_, item) = vendor::facts_in_text(page).unwrap_or_else(|| {
        // A page that does not say its name is compared all the same.
        let mut page = page.clone();
        let ItemFacts::Control(control) = &mut page.item else { panic!("a page of a control code") };
        control.name = Some(wsk_codegen::source::Spanned::new("?".to_owned(), Span::new(page.file, 0..0)));
        vendor::facts_in_text(&page).unwrap()
    });
    let (theirs, found) = disagreements(ours, &item, Scope::Everything);
    let mut all: Vec<Compared> = Vec::new();
    for (path, fact) in theirs.facts().filter(|(path, _)| path.kind().carried() != Carried::Never) {
        // What a page says of its function beyond ours is not compared.
        if matches!(path.kind(), FactKind::Code | FactKind::Codes) && ours.get(path).is_none() {
            continue;
        }
        let At::Text(span) = fact.at else { panic!("a place in the text") };
        let (ours, theirs) = (ours.get(path).map(|f| f.value.clone()), Some(fact.value.clone()));
        all.push(Compared { fact: path.to_string(), ours, theirs, at: Some(span) });
    }
    let missing = found.into_iter().filter(|d| d.upstream.is_none());
    all.extend(missing.map(|d| Compared { fact: d.path.to_string(), ours: d.ours, theirs: None, at: None }));
    // Lists are told by their entries; what an operation is called is no fact, but which there are is.
    for operation in all.iter_mut().filter(|c| c.fact.starts_with("operations.") && c.fact.matches('.').count() == 1) {
        if operation.ours.is_some() {
            operation.theirs = operation.theirs.take().and(operation.ours.clone());
        }
    }
    all.retain(|c| c.fact != "returns.codes" && c.fact.matches('.').count() != 1 || c.fact.starts_with("operations."));
    all
}

/// One fact changed.
#[derive(Debug)]
struct Mutation {
    what: String,
    text: String,
    /// The facts that are others then.
    facts: BTreeSet<String>,
}

/// Makes copies of a page in which one fact is another.
struct Mutator<'p> {
    text: &'p str,
    base: Vec<Compared>,
    found: Vec<Mutation>,
}

impl Mutator<'_> {
    /// The facts of a kind that were read from that place.
    fn facts_at(&self, kind: &str, at: usize) -> BTreeSet<String> {
        let covers = |c: &&Compared| c.at.is_some_and(|span| (span.start..span.end.max(span.start + 1)).contains(&at));
        let is = |c: &&Compared| c.fact.rsplit('.').next() == Some(kind);
        self.base.iter().filter(is).filter(covers).map(|c| c.fact.clone()).collect()
    }

    fn push(&mut self, what: &str, range: Range<usize>, new: &str, facts: BTreeSet<String>) {
        assert!(!facts.is_empty(), "{what} is about no fact");
        let text = format!("{}{new}{}", &self.text[..range.start], &self.text[range.end..]);
        assert_ne!(text, self.text, "{what}");
        self.found.push(Mutation { what: format!("{what}: {:?} → {new:?}", &self.text[range]), text, facts });
    }

    /// Replaces what stands at a place, by which the facts of that kind change that were read there.
    fn replace(&mut self, kind: &str, range: Range<usize>, new: &str) {
        let facts = self.facts_at(kind, range.start);
        self.push(kind, range, new, facts);
    }

    /// Each occurrence of a text, replaced by each other.
    fn each(&mut self, kind: &str, old: &str, new: &[&str]) {
        let places: Vec<usize> = self.text.match_indices(old).map(|(at, _)| at).collect();
        for at in places {
            for new in new {
                self.replace(kind, at..at + old.len(), new);
            }
        }
    }

    /// A text that must be there once, replaced by each other; the facts are given.
    fn once(&mut self, what: &str, old: &str, new: &[&str], facts: &[&str]) {
        assert_eq!(self.text.matches(old).count(), 1, "{what}: {old:?}");
        let at = self.text.find(old).unwrap();
        for new in new {
            self.push(what, at..at + old.len(), new, facts.iter().map(|f| (*f).to_owned()).collect());
        }
    }
}

/// The rows of the tables of parameters, found without the reader: name, place of the value, place of the row.
fn rows(text: &str) -> Vec<(String, Range<usize>, Range<usize>)> {
    let mut found = Vec::new();
    for (at, start) in text.match_indices("<td><p><em>") {
        let name_at = at + start.len();
        let name_end = name_at + text[name_at..].find("</em>").unwrap();
        let value_at = name_end + text[name_end..].find("<td><p>").unwrap() + "<td><p>".len();
        let value_end = value_at + text[value_at..].find("</p></td>").unwrap();
        let row_at = text[..at].rfind("<tr").unwrap();
        let row_end = value_end + text[value_end..].find("</tr>").unwrap() + "</tr>".len();
        found.push((text[name_at..name_end].to_owned(), value_at..value_end, row_at..row_end));
    }
    // The one page with a list: `*Name* \[in\]`, and the value in the next line.
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let next = at + line.len();
        if let Some((name, rest)) = line.strip_prefix('*').and_then(|l| l.split_once('*'))
            && (rest.trim().is_empty() || rest.trim().starts_with("\\["))
        {
            let end = next + text[next..].find('\n').unwrap();
            found.push((name.to_owned(), next..end, at..end));
        }
        at = next;
    }
    found
}

/// The word inside a cell, and where it stands.
fn word_in(text: &str, cell: &Range<usize>, word: &str) -> Range<usize> {
    let at = cell.start + text[cell.clone()].find(word).unwrap_or_else(|| panic!("{word:?} in {:?}", &text[cell.clone()]));
    at..at + word.len()
}

fn mutate_rows(mutator: &mut Mutator<'_>) {
    let text = mutator.text;
    let is_list = text.contains("## Parameters");
    for (name, cell, row) in rows(text) {
        let value = text[cell.clone()].to_owned();
        let kind = match name.as_str() {
            "RequestType" => "request",
            "ControlCode" => "code",
            "Level" => "level",
            "InputSize" | "InputBuffer" => "input",
            "OutputSize" | "OutputBuffer" => "output",
            "OutputSizeReturned" => "size_returned",
            "Irp" => "irp",
            other => panic!("{other} is no parameter"),
        };
        let mut facts = facts_of_table(mutator, kind, row.start);
        if name == "InputBuffer" && value.contains("contains flags") {
            facts.extend(facts_of_table(mutator, "flags", row.start));
        }
        let mut change = |range: Range<usize>, new: &str| mutator.push(&name, range, new, facts.clone());
        match name.as_str() {
            "RequestType" => {
                let old = ["WskIoctl", "WskSetOption", "WskGetOption"].into_iter().find(|w| value.contains(w)).unwrap();
                for new in ["WskIoctl", "WskSetOption", "WskGetOption", "WskOther", "WskIoctl or WskOther"] {
                    if new != old {
                        change(word_in(text, &cell, old), new);
                    }
                }
            }
            "ControlCode" => {
                let code = if is_list { "SIO\\_WSK\\_SET\\_TCP\\_SILENT\\_MODE" } else { value.as_str() };
                change(word_in(text, &cell, code), "SIO_OTHER");
                change(word_in(text, &cell, code), &format!("{code}2"));
            }
            "Level" => {
                let old = if is_list { "zero" } else { value.as_str() };
                for new in ["0", "SOL_SOCKET", "IPPROTO_TCP", "0 or 1"].into_iter().filter(|new| *new != old) {
                    // Zero is a way to write it.
                    if !(is_list && new == "0") {
                        change(word_in(text, &cell, old), new);
                    }
                }
            }
            "InputSize" | "OutputSize" => {
                let new: &[&str] = if value == "0" { &["sizeof(ULONG)", "1"] } else { &["0", "sizeof(WSK_OTHER)", "any"] };
                if is_list {
                    change(word_in(text, &cell, "zero"), "sizeof(ULONG)");
                } else {
                    new.iter().for_each(|new| change(cell.clone(), new));
                }
                if let Some(ty) = value.strip_prefix("sizeof(").and_then(|v| v.strip_suffix(')')) {
                    change(word_in(text, &cell, ty), &format!("P{ty}"));
                }
                if value.contains("SOCKADDR") {
                    change(word_in(text, &cell, "SOCKADDR"), "SOCKADDR_STORAGE");
                }
            }
            "InputBuffer" | "OutputBuffer" if value.contains("NULL") => {
                change(word_in(text, &cell, "NULL"), "A pointer to a ULONG-typed variable");
                change(word_in(text, &cell, "NULL"), "anything");
            }
            "InputBuffer" | "OutputBuffer" => {
                change(cell.clone(), "NULL");
                change(cell.clone(), "A pointer to a WSK_OTHER structure");
                if let Some(fact) =
                    mutator.base.iter().find(|c| facts.contains(&c.fact) && c.fact.ends_with(kind)).and_then(|c| c.theirs.clone())
                {
                    let ty = fact.trim_end_matches(['[', ']', '+']).to_owned();
                    // Both rows of a buffer with another type: a fact that is read, and is another.
                    let size = format!("sizeof({ty})");
                    if let Some(size_at) = text[..cell.start].rfind(&size).filter(|at| cell.start - at < 400) {
                        let start = size_at..size_at + size.len();
                        let changed =
                            format!("sizeof(WSK_OTHER){}A pointer to a WSK_OTHER structure", &text[start.end..cell.start]);
                        mutator.push("size and buffer", start.start..cell.end, &changed, facts.clone());
                    }
                    if let Some(at) = text[cell.clone()].find(&format!(">{ty}<")) {
                        let at = cell.start + at + 1;
                        mutator.push("type of buffer", at..at + ty.len(), "WSK_OTHER", facts.clone());
                    }
                }
            }
            "OutputSizeReturned" if value.contains("NULL") => {
                change(word_in(text, &cell, "NULL"), "A pointer to a SIZE_T-typed variable that receives the number of bytes");
                change(word_in(text, &cell, "NULL"), "NULL, or a pointer to a ULONG-typed variable");
            }
            "OutputSizeReturned" => {
                change(cell.clone(), "NULL");
                change(cell.clone(), "A pointer to a ULONG-typed variable, or NULL");
            }
            "Irp" if value.contains("NULL") => {
                change(word_in(text, &cell, "NULL"), "A pointer to an IRP that is queued");
                change(word_in(text, &cell, "NULL"), "NULL, or a pointer to an IRP");
            }
            _ => change(cell.clone(), "NULL"),
        }
        // A row that is lost. Whether there is an IRP is said by a sentence, too, but for one page.
        if name != "Irp" || text.contains("SIO_WSK_QUERY_INSPECT_ID") {
            mutator.push(&format!("row {name}"), row, "", facts);
        }
    }
}

/// The operations of the table that a place is in, by our names.
fn operations_at(mutator: &Mutator<'_>, at: usize) -> Vec<String> {
    let table = |at: usize| mutator.text[..at].matches("<table").count();
    let of_code = |c: &Compared| Some((c.fact.strip_prefix("operations.")?.strip_suffix(".code")?.to_owned(), c.at?.start));
    let codes = mutator.base.iter().filter_map(of_code);
    codes.filter(|(_, place)| table(*place) == table(at)).map(|(name, _)| name).collect()
}

fn facts_of_table(mutator: &Mutator<'_>, kind: &str, at: usize) -> BTreeSet<String> {
    operations_at(mutator, at).into_iter().map(|name| format!("operations.{name}.{kind}")).collect()
}

fn mutate_sentences(mutator: &mut Mutator<'_>, stem: &str) {
    let text = mutator.text;
    // IRPs.
    let required = "must specify a pointer to an IRP";
    let forbidden = "does not specify a pointer to an IRP";
    let optional = "can optionally specify a pointer to an IRP";
    for old in [required, forbidden, optional] {
        let others =
            [required, forbidden, optional, "must not specify a pointer to an IRP", "should specify a pointer to an IRP"];
        let others: Vec<&str> =
            others.into_iter().filter(|new| *new != old && !(old == forbidden && new.starts_with("must not"))).collect();
        mutator.each("irp", old, &others);
        mutator.each("irp", old, &["takes care"]);
    }
    let required = "An IRP is required for this client control operation";
    mutator.each("irp", required, &["An IRP is optional for this client control operation", "An IRP must be queued", "So it is"]);
    let forbidden = "The *Irp* parameter must be **NULL** for";
    mutator.each(
        "irp",
        forbidden,
        &["An IRP is required for", "An IRP is optional for", "The *Irp* parameter may be **NULL** for"],
    );
    // Kinds of sockets.
    let all = "applies to all socket types";
    mutator.each("sockets", all, &["applies only to datagram sockets", "applies only to raw sockets", "applies", "is for all"]);
    for kind in ["connection-oriented sockets", "datagram sockets", "listening sockets", "basic sockets", "connected TCP sockets"]
    {
        let only = text.find("applies only to ").map(|at| at..at + text[at..].find('.').unwrap());
        let Some(place) = only.and_then(|range| Some(range.start + text[range].find(kind)?)) else { continue };
        for new in ["stream sockets", "raw sockets", "sockets"] {
            mutator.replace("sockets", place..place + kind.len(), new);
        }
    }
    // The clause behind the last of them.
    for start in [" that have registered an extension interface", " that have been accepted on a listening socket"] {
        let Some(only) = text.find("applies only to ") else { continue };
        let end = only + text[only..].find('.').unwrap();
        let Some(at) = text[only..end].find(start).map(|at| only + at) else { continue };
        for new in ["", " that have been blessed"] {
            mutator.replace("sockets", at..end, new);
        }
        let last = end - text[at..end].rsplit(' ').next().unwrap().len();
        mutator.replace("sockets", last..end, "never");
    }
    // States.
    let (bound, connected) = ("has been bound to a local transport address", "has been connected to a remote transport address");
    let all = |names: &[&str], fact: &str| -> Vec<String> { names.iter().map(|n| format!("operations.{n}.{fact}")).collect() };
    let states: &[(&str, &[&str], &[&str])] = match stem {
        "sio-wsk-query-ideal-send-backlog" | "sio-wsk-query-receive-backlog" => {
            &[(connected, &[bound, "has been blessed"], &["query"]), ("it must do so after", &["it can do so after"], &["query"])]
        }
        "sio-wsk-set-remote-address" | "sio-wsk-set-sendto-address" => &[
            (bound, &[connected, "has been blessed"], &["set", "clear"]),
            ("after the datagram socket", &["after the stream socket", "before the datagram socket"], &["set", "clear"]),
            ("it must do so after", &["it can do so after"], &["set", "clear"]),
        ],
        "so-wsk-event-callback" => &[
            (bound, &[connected, "has been blessed"], &["enable", "disable"]),
            (connected, &[bound, "has been blessed"], &["enable", "disable"]),
            (
                "either a listening socket or a datagram socket",
                &["a listening socket", "a listening socket or a stream socket"],
                &["enable", "disable"],
            ),
        ],
        "so-wsk-security" => &[
            (
                "before the socket is bound to a local",
                &["after the socket has been bound to a local", "before the socket is"],
                &["set"],
            ),
            ("it must do so before", &["it can do so before"], &["set"]),
        ],
        _ => &[],
    };
    for (old, new, names) in states {
        let facts = all(names, "sockets");
        let facts: Vec<&str> = facts.iter().map(String::as_str).collect();
        mutator.once("state", old, new, &facts);
    }
    if let "wsk-set-static-event-callbacks" | "wsk-tdi-behavior" | "wsk-tdi-devicename-mapping" = stem {
        let new =
            ["it must do so after it has created a socket", "it can do so before it creates any sockets", "it must do so early"];
        mutator.once("client state", "it must do so before it creates any sockets", &new, &["operations.set.client_state"]);
    }
}

fn mutate_rest(mutator: &mut Mutator<'_>, stem: &str) {
    // The function, in the paragraph before each table. With two tables one of them contradicts the other.
    let function = if stem.starts_with("wsk") { "**WskControlClient**" } else { "**WskControlSocket**" };
    let other = if stem.starts_with("wsk") { "**WskControlSocket**" } else { "**WskControlClient**" };
    for (end, _) in mutator.text.match_indices("with the following parameters") {
        let at = mutator.text[..end].rfind(function).unwrap();
        for new in [other, "**WskOther**"] {
            // A page of sockets that says nothing of a function is still one of sockets, and the other way round.
            mutator.push("function", at..at + function.len(), new, BTreeSet::from(["function".to_owned()]));
        }
    }
    let header = mutator.text.find("(include Wsk.h)").unwrap();
    let start = mutator.text[..header].rfind("<td>").unwrap() + "<td>".len();
    for new in ["Wskx.h ", "", "Wsk "] {
        // Without its first word the cell begins with a bracket.
        mutator.push("header", start..header, new, BTreeSet::from(["header".to_owned()]));
    }
    let words = mutator.text.find("Available in Windows").unwrap() + "Available in Windows".len();
    // Behind it is a space, which on some pages does not break.
    let version = words + mutator.text[words..].chars().next().unwrap().len_utf8();
    let end = version + mutator.text[version..].find(|c: char| c.is_whitespace() || c == ',').unwrap();
    for new in ["7", "11", "Later"] {
        mutator.push("since", version..end, new, BTreeSet::from(["since".to_owned()]));
    }
    let title = mutator.text.find("title: ").unwrap() + "title: ".len();
    let end = title + mutator.text[title..].find(['\n', ' ']).unwrap();
    mutator.push("name", title..end, "SIO_OTHER", BTreeSet::from(["name".to_owned()]));
    for code in ["STATUS_BUFFER_OVERFLOW", "STATUS_INVALID_DEVICE_REQUEST"] {
        let escaped = code.replace('_', "\\_");
        if mutator.text.matches(&escaped).count() == 1 {
            mutator.once("code", &escaped, &["STATUS\\_OTHER"], &[&format!("returns.codes.{code}")]);
        }
    }
    if stem == "so-wsk-event-callback" {
        mutator.once("flags", "bitwise OR of the event flags for all", &["bitwise OR of some of"], &["operations.enable.flags"]);
        let with = "and the WSK\\_EVENT\\_DISABLE flag";
        mutator.once("flags", with, &["and another flag"], &["operations.disable.flags", "values.EventMask.WSK_EVENT_DISABLE"]);
        let callback = "<em>WskReceiveFromEvent</em>";
        mutator.once("callback", callback, &["<em>WskOtherEvent</em>"], &["values.EventMask.WSK_EVENT_RECEIVE_FROM.callback"]);
        let flag = "<p>WSK_EVENT_RECEIVE_FROM</p>";
        let facts = [
            "values.EventMask.WSK_EVENT_RECEIVE_FROM",
            "values.EventMask.WSK_EVENT_RECEIVE_FROM.callback",
            "values.EventMask.WSK_EVENT_OTHER",
            "values.EventMask.WSK_EVENT_OTHER.callback",
        ];
        mutator.once("flag", flag, &["<p>WSK_EVENT_OTHER</p>"], &facts);
    }
    if stem == "wsk-set-static-event-callbacks" {
        mutator.once("flags", "in the **EventMask** member", &["in the **OtherMask** member"], &["operations.set.flags"]);
    }
}

#[test]
fn every_changed_fact_of_every_page_is_noticed() {
    let Some(pages) = pages(ENGLISH) else { return };
    let ours = ours();
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    let mut missed = Vec::new();
    for page in &pages {
        let ours = &ours[&page.stem];
        let (facts, report) = read(&page.stem, &page.text);
        let said = report.diagnostics().len();
        let base = compare(ours, &facts.expect("a page of a control code"));
        let mut mutator = Mutator { text: &page.text, base: base.clone(), found: Vec::new() };
        mutate_rows(&mut mutator);
        mutate_sentences(&mut mutator, &page.stem);
        mutate_rest(&mut mutator, &page.stem);
        let stated = |all: &[Compared]| -> BTreeMap<String, Option<String>> {
            all.iter().map(|c| (c.fact.clone(), c.theirs.clone())).collect()
        };
        let before = stated(&base);
        for mutation in mutator.found {
            *counted.entry(mutation.what.split(':').next().unwrap().to_owned()).or_default() += 1;
            let (facts, report) = read(&page.stem, &mutation.text);
            let after = facts.map(|facts| compare(ours, &facts)).unwrap_or_default();
            let now = stated(&after);
            let names: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
            let changed: BTreeSet<String> = names
                .into_iter()
                .filter(|f| before.get(*f).cloned().flatten() != now.get(*f).cloned().flatten())
                .cloned()
                .collect();
            // What is lost is complained of, and so is a row that is.
            // Flags and codes are lists, which have others then.
            let is_listed = |fact: &str| fact.starts_with("values.") || fact.starts_with("returns.");
            let is_lost = |fact: &String| !is_listed(fact) && now.get(fact).is_none_or(Option::is_none);
            let is_lost = mutation.what.starts_with("row ") || changed.iter().any(is_lost);
            if is_lost && report.diagnostics().len() <= said {
                missed.push(format!("{}: {}: nothing is said of it", page.stem, mutation.what));
            }
            // What changed is what is not ours now.
            let differs = changed.iter().all(|f| after.iter().find(|c| c.fact == *f).is_none_or(|c| c.ours != c.theirs));
            if changed != mutation.facts || !differs {
                missed.push(format!("{}: {}\n    wanted {:?}\n    found {changed:?}", page.stem, mutation.what, mutation.facts));
            }
        }
    }
    let all: usize = counted.values().sum();
    println!("{all} mutations: {counted:?}");
    assert!(missed.is_empty(), "{} of {all} missed:\n{}", missed.len(), missed.join("\n"));
    assert!(all > 500, "{all}");
}

/// What stands in a diagnostic that answers for a fact that is not read.
fn answers(fact: &str) -> &'static [&'static str] {
    match fact.rsplit('.').next().unwrap() {
        "header" => &["in which header it is"],
        "function" => &["to which function"],
        "since" => &["since which version"],
        "code" => &["a control code"],
        "request" => &["a request type"],
        "level" => &["what `Level` is"],
        "input" => &["`InputBuffer`"],
        "output" => &["`OutputBuffer`"],
        "size_returned" => &["the size of the output is returned"],
        "irp" => &["whether there is an IRP"],
        "sockets" => &["on which sockets"],
        "client_state" => &["when a client may do this"],
        "flags" => &["which of its flags"],
        _ if fact.starts_with("returns.") || fact.starts_with("values.") => &["names of constants were translated"],
        _ => &["what the operation is called"],
    }
}

#[test]
fn a_translation_gives_no_wrong_fact_and_is_silent_about_none() {
    let Some(pages) = pages(CHINESE) else { return };
    let ours = ours();
    let (mut same, mut unread) = (0, BTreeMap::<String, usize>::new());
    for page in &pages {
        let (facts, report) = read(&page.stem, &page.text);
        let said: Vec<&Diagnostic> = report.diagnostics().iter().collect();
        for compared in compare(&ours[&page.stem], &facts.expect("a page of a control code")) {
            match &compared.theirs {
                Some(_) => {
                    assert_eq!(compared.ours, compared.theirs, "{}: {}", page.stem, compared.fact);
                    same += 1;
                }
                None if compared.ours.is_some() => {
                    let words = answers(&compared.fact);
                    let has = said.iter().any(|d| words.iter().any(|w| d.message.contains(w)));
                    assert!(has, "{}: nothing is said of {}: {said:#?}", page.stem, compared.fact);
                    *unread.entry(compared.fact.rsplit('.').next().unwrap().to_owned()).or_default() += 1;
                }
                None => {}
            }
        }
        assert!(said.iter().all(|d| d.help.is_some() && d.span.is_some()), "{}", page.stem);
    }
    println!("{same} facts read, all as ours; not read: {unread:?}");
    assert!(same >= 173, "{same}: less is read than was");
}

#[test]
fn an_import_has_the_form_of_our_pages_and_fits_the_schema() {
    let Some(vendor) = vendor_pages(ENGLISH) else { return };
    let find = |stem: &str| vendor.pages.iter().find(|p| p.page.as_deref() == Some(stem)).unwrap();
    let page = find("wsk-tdi-behavior");
    assert_eq!(import::path_of(page).as_deref(), Some("controls/WSK_TDI_BEHAVIOR.md"));
    let ours = std::fs::read_to_string(root().join("spec-data/controls/WSK_TDI_BEHAVIOR.md")).unwrap();
    let text = import::write_page(page);
    // All but what people write: the summary, meanings, notes, the name of the operation, and the level, which another page has.
    let structural = |text: &str| -> Vec<String> {
        let lines = text.lines().take_while(|l| *l != "## Notes").filter(|l| l.starts_with(['|', '#']) || l.contains(": "));
        let lines = lines.filter(|l| !l.starts_with("## Operation: ") && !l.starts_with("| IRQL |"));
        lines.map(|l| if l.contains("BYPASS") { "| WSK_TDI_BEHAVIOR_BYPASS_TDI |".to_owned() } else { l.to_owned() }).collect()
    };
    assert_eq!(structural(&text), structural(&ours));
    for said in ["\n(to be written)\n", "| IRQL | ? |", "## Operation: control\n"] {
        assert!(text.contains(said), "{said} in {text}");
    }

    let contract = contract::of_pages(&vendor.pages, &vendor.sources, Vec::new());
    assert_eq!(contract.controls.len(), 18);
    let json = serde_json::to_value(&contract).expect("JSON");
    let schema = std::fs::read_to_string(root().join("codegen/schema/contract.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(&json).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let security = json["controls"].as_array().unwrap().iter().find(|c| c["name"] == "SO_WSK_SECURITY").unwrap();
    assert_eq!(security["code"], serde_json::Value::Null, "no page says a number");
    assert_eq!(security["operations"][1]["output"], "PSECURITY_DESCRIPTOR");
    assert_eq!(security["operations"][0]["sockets"][0]["state"], "before bind");
    assert_eq!(security["operations"][0]["irql"], serde_json::Value::Null);
}
