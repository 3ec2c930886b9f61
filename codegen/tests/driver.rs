//! A change of a callback's page, and what the compiler then says of a driver that was written for the page before.

mod common;

use std::path::{Path, PathBuf};

use common::{SpecCopy, check, copy as copy_folder, manifest, root, stderr};

/// A folder with spec-data, the crates that are generated from it, and a driver on them.
struct Project(SpecCopy);

const DRIVER: &str = r#"
//! A driver.
#![no_std]
use wsk::*;
"#;

impl Project {
    fn new() -> Self {
        let copy = SpecCopy::new();
        let folder = copy.folder.path();
        copy_folder(&root().join("macros/src"), &folder.join("macros/src"));
        let at = |name: &str| folder.join(name).display().to_string();
        let local = |text: String| text.replace(&root().join("macros").display().to_string(), &at("macros"));
        std::fs::create_dir_all(folder.join("generated")).expect("a folder");
        std::fs::write(folder.join("generated/Cargo.toml"), local(manifest("generated", ""))).expect("a manifest");
        std::fs::write(folder.join("macros/Cargo.toml"), manifest("macros", "")).expect("a manifest");
        std::fs::create_dir_all(folder.join("driver/src")).expect("a folder");
        let driver = "[package]\nname = \"driver\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\nwsk = { path = \"../generated\" }\n\n[workspace]\n";
        std::fs::write(folder.join("driver/Cargo.toml"), driver).expect("a manifest");
        std::fs::copy(root().join("Cargo.lock"), folder.join("driver/Cargo.lock")).expect("a lock file");
        Self(copy)
    }

    fn driver(&self) -> PathBuf {
        self.0.folder.path().join("driver")
    }

    /// Generates, and lets the compiler check the driver: what it says, or nothing if it is content.
    fn compile(&self, body: &str) -> Option<String> {
        let output = self.0.run(&["generate"]);
        assert!(output.status.success(), "{}", stderr(&output));
        let source = self.driver().join("src/lib.rs");
        std::fs::write(&source, format!("{}{body}", DRIVER.trim_start())).expect("a source");
        touch(self.0.folder.path());
        let output = check(&self.driver(), "driver");
        (!output.status.success()).then(|| stderr(&output))
    }
}

/// Cargo looks at times, which may be too coarse to tell a file from the one before it.
fn touch(folder: &Path) {
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(2);
    for file in ["generated/src/lib.rs", "macros/src/lib.rs", "driver/src/lib.rs"] {
        let file = std::fs::File::options().append(true).open(folder.join(file)).expect("a file");
        file.set_modified(later).expect("a time");
    }
}

#[test]
fn a_change_of_a_callback_is_named_where_a_driver_does_not_fit_it_any_more() {
    let project = Project::new();
    let copy = &project.0;
    let receive = r#"
/// Receives.
#[wsk_callback(WskReceiveEvent)]
pub fn on_receive(context: &u32, flags: ReceiveEventFlags, data: Option<DataIndication<'_>>) -> ReceiveEventStatus {
    let _ = (context, flags, data);
    ReceiveEventStatus::DataNotAccepted
}
"#;
    let backlog = r#"
/// Looks at its level.
#[wsk_callback(WskSendBacklogEvent)]
pub fn on_send_backlog(_: &u32, _: usize, irql: &mut Irql<Passive>) -> SendBacklogEventStatus {
    let _: &Irql<Passive> = irql;
    SendBacklogEventStatus::Success
}
"#;
    let page = "callbacks/WskReceiveEvent.md";
    let before = copy.read(page);
    assert_eq!(project.compile(receive), None, "it fits the page as it is");

    // A parameter more.
    copy.replace(page, "  SIZE_T *BytesAccepted\n", "  SIZE_T *BytesAccepted,\n  ULONG Urgency\n");
    copy.replace(page, "\n## Flags: Flags", "| Urgency | in | | | How soon the data is wanted. |\n\n## Flags: Flags");
    let text = copy.read(page).replace("to their number. |\n\n| Urgency", "to their number. |\n| Urgency");
    copy.write(page, text);
    let said = project.compile(receive).expect("a parameter is missing");
    let named = "WskReceiveEvent is also given `urgency: u32`, which is missing here. How soon the data is wanted.";
    assert!(said.contains(named) && said.contains("src/lib.rs:"), "{said}");

    // A status less.
    copy.write(page, &before);
    let row = before.lines().find(|l| l.starts_with("| STATUS_DATA_NOT_ACCEPTED")).expect("a row");
    copy.replace(page, &format!("{row}\n"), "");
    let said = project.compile(receive).expect("a status is gone");
    assert!(said.contains("WskReceiveEvent does not answer with `DataNotAccepted`"), "{said}");
    assert!(said.contains("ReceiveEventStatus::Success (STATUS_SUCCESS)"), "it says what there is: {said}");
    copy.write(page, &before);

    // A level at which it was never called before.
    let page = "callbacks/WskSendBacklogEvent.md";
    copy.replace(page, "| always | <= DISPATCH_LEVEL |", "| always | PASSIVE_LEVEL |");
    assert_eq!(project.compile(backlog), None, "it fits that page");
    copy.replace(page, "| always | PASSIVE_LEVEL |", "| always | <= APC_LEVEL |");
    let said = project.compile(backlog).expect("it may be called at a higher level");
    let named = "WskSendBacklogEvent is called at APC_LEVEL or below: there is no token for Passive here, write `&mut Irql<Apc>`";
    assert!(said.contains(named), "{said}");
}
