//! The builder for build scripts. That what it writes compiles is shown by `examples/own-spec`, which is part of the workspace.

mod common;

use common::{copy, root};
use wsk_codegen::{BuildError, Builder};

#[test]
fn a_file_that_is_right_is_left_alone_and_mistakes_are_shown_with_their_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let spec = folder.path().join("spec-data");
    copy(&root().join("examples/own-spec/spec-data"), &spec);
    let builder = Builder::new().spec_data(&spec).out_dir(folder.path()).module("a::things");
    let path = builder.generate().expect("it generates");
    assert_eq!(path, folder.path().join("things.rs"));
    let modified = || std::fs::metadata(&path).and_then(|m| m.modified()).expect("a file");
    let text = std::fs::read_to_string(&path).expect("a file");
    assert!(text.contains("crate::a::things::sys::ThingMeasure(") && !text.contains("crate::sys"), "{text}");
    assert!(syn::parse_file(&text).is_ok());
    let before = modified();
    builder.generate().expect("it generates");
    assert_eq!(modified(), before, "nothing changed, so nothing is written");

    let page = spec.join("exports/ThingMeasure.md");
    let good = std::fs::read_to_string(&page).expect("a page");
    std::fs::write(&page, good.replace("| always | <= DISPATCH_LEVEL |", "| always | whenever |")).expect("a page");
    let error = builder.generate().expect_err("an unknown level");
    assert!(matches!(error, BuildError::Pages(_)));
    let shown = format!("{error:?}");
    assert!(shown.contains("exports/ThingMeasure.md:48:12") && shown.contains("whenever"), "{shown}");
    assert_eq!(std::fs::read_to_string(&path).expect("a file"), text, "what was there stays");

    std::fs::write(&page, good.replace("To the byte", "To the bit")).expect("a page");
    std::fs::write(spec.join("structs/THING_SIZE.md"), "").expect("a page");
    assert!(builder.generate().is_err());
}

#[test]
fn without_a_build_script_a_folder_must_be_named() {
    // Tests run without OUT_DIR: this crate has no build script.
    let error = Builder::new().spec_data(root().join("examples/own-spec/spec-data")).generate();
    assert!(matches!(error, Err(BuildError::NoOutDir)), "{error:?}");
}

/// The whole of WSK as one file is Rust, too.
#[test]
fn the_pages_of_wsk_as_one_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = Builder::new().spec_data(root().join("spec-data")).out_dir(folder.path()).generate().expect("it generates");
    let text = std::fs::read_to_string(path).expect("a file");
    let file = syn::parse_file(&text).expect("Rust");
    assert!(file.items.len() > 100, "{}", file.items.len());
}
