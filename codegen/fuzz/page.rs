//! What is done with a page of the vendor's, whatever its dialect: its facts are read, and written in every form that they have.

use wsk_codegen::source::{MessageFormat, Report, Sources, render};
use wsk_codegen::{contract, diff, import, vendor};

pub fn read(text: &str) {
    let (mut sources, mut report) = (Sources::new(), Report::new());
    let file = sources.add("page", text);
    let Some(page) = vendor::read(&sources, file, &mut report) else {
        assert!(!report.is_empty(), "a page that gives nothing is complained of");
        return;
    };
    let contract = contract::of_pages(std::slice::from_ref(&page), &sources, Vec::new());
    assert_eq!(contract.apis.len() + contract.structs.len() + contract.enums.len() + contract.controls.len(), 1);
    let _ = import::write_page(&page);
    let _ = import::path_of(&page);
    let tree = vendor::facts_of(&page, &sources).into_iter().collect();
    let changes = diff::diff_pages(&tree, &tree);
    assert!(changes.is_empty(), "a page is no different from itself");
    for diagnostic in report.diagnostics() {
        let (_, at) = diagnostic.place(&sources);
        assert!(at.line >= 1 && at.column >= 1);
    }
    // Of one alone, for to draw them takes longer than to find them.
    if report.diagnostics().len() == 1 {
        let _ = render(&report, &sources, MessageFormat::Human, false);
    }
}
