//! Commands that are killed while they write.

#![allow(clippy::indexing_slicing, clippy::string_slice, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]
#![allow(unreachable_pub, reason = "the modules of a test are not public")]

#[path = "sync/checkout.rs"]
mod checkout;
mod common;

use std::collections::BTreeMap;

use checkout::Checkout;
use common::{files, stderr};

/// Whatever is there when a command is killed, each file is old or new.
#[test]
fn whoever_is_killed_leaves_every_file_old_or_new() {
    let checkout = Checkout::new();
    assert_eq!(checkout.sync(&["--accept"]).0, Some(0));
    assert_eq!(checkout.copy.run(&["generate"]).status.code(), Some(0));
    let old = files(checkout.copy.folder.path());
    // Every page gets another header, so that every page of ours and every file of an API changes.
    for entry in std::fs::read_dir(checkout.folder.path().join("content/wsk")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a page");
        let text = text.replace("req.header: wsk.h", "req.header: wskernel.h");
        std::fs::write(path, text).expect("a page");
    }
    let restore = || {
        for (path, contents) in &old {
            std::fs::write(checkout.copy.folder.path().join(path), contents).expect("a file");
        }
        for path in files(checkout.copy.folder.path()).keys().filter(|p| !old.contains_key(*p)) {
            std::fs::remove_file(checkout.copy.folder.path().join(path)).expect("a file");
        }
    };
    let folder = checkout.folder.path().display().to_string();
    let sync: &[&str] = &["sync", &folder, "--accept"];
    let generate: &[&str] = &["generate"];
    let mut partial = 0;
    for (args, before) in [(sync, None), (generate, Some(sync))] {
        // What the command would leave if nobody killed it, and how long it takes.
        let prepare = || {
            restore();
            if let Some(args) = before {
                assert_eq!(checkout.copy.run(args).status.code(), Some(0));
                return files(checkout.copy.folder.path());
            }
            old.clone()
        };
        let first = prepare();
        let output = checkout.copy.run(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        let last = files(checkout.copy.folder.path());
        assert_ne!(first, last, "{args:?} changes files");
        let changed: Vec<&String> =
            last.iter().filter(|(path, new)| first.get(*path) != Some(*new)).map(|(path, _)| path).collect();
        for step in 0..20 {
            prepare();
            // As soon as that file is new, or at once.
            let watched = checkout.copy.folder.path().join(changed[step * changed.len() / 20]);
            let written = || std::fs::metadata(&watched).and_then(|m| m.modified()).ok();
            let before = written();
            let mut child = checkout.copy.command(args).spawn().expect("the tool");
            while step > 0 && written() == before && child.try_wait().expect("a state").is_none() {
                std::hint::spin_loop();
            }
            // It may be done already.
            let _ = child.kill();
            child.wait().expect("it ends");
            let found = files(checkout.copy.folder.path());
            for (path, contents) in &found {
                let hidden = path.rsplit('/').next().is_some_and(|name| name.starts_with('.'));
                let whole = Some(contents) == first.get(path) || Some(contents) == last.get(path);
                assert!(hidden || whole, "{args:?}: {path} is neither old nor new");
            }
            for path in first.keys().filter(|p| last.contains_key(*p)) {
                assert!(found.contains_key(path), "{args:?}: {path} is gone");
            }
            let visible: BTreeMap<_, _> = found.into_iter().filter(|(p, _)| !p.contains("/.")).collect();
            partial += usize::from(visible != first && visible != last);
        }
        // Run again, and everything is new; what was left over is gone, such as this.
        for path in ["spec-data/functions", "generated/src", "macros/src"].iter().take(if before.is_none() { 1 } else { 3 }) {
            prepare();
            std::fs::write(checkout.copy.folder.path().join(path).join(".wsk-codegen-left"), "").expect("a file");
            assert_eq!(checkout.copy.run(before.unwrap_or(args)).status.code(), Some(0));
            assert_eq!(checkout.copy.run(args).status.code(), Some(0));
            assert_eq!(files(checkout.copy.folder.path()), last, "{args:?}");
        }
    }
    println!("{partial} of 40 kills came between two files");
    assert!(partial > 0, "none of 40 kills came between two files: nothing was shown");
}
