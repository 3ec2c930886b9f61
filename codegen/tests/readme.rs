//! The README is true: each command prints what it shows, and the Rust in it is Rust that is tested.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that is wrong may fail anywhere")]

mod common;

use common::{root, run_in, stderr, stdout};

/// The commands of the README with the output shown for each.
fn commands(readme: &str) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    let mut fence: Option<&str> = None;
    for line in readme.lines() {
        match fence {
            None => {
                if line == "```console" || line == "````console" {
                    fence = line.strip_suffix("console");
                }
            }
            Some(open) if line == open => fence = None,
            Some(_) => match line.strip_prefix("$ ") {
                Some(command) => commands.push((command.to_owned(), String::new())),
                None => {
                    let (_, output) = commands.last_mut().expect("output follows a command");
                    output.push_str(line);
                    output.push('\n');
                }
            },
        }
    }
    commands
}

#[test]
fn commands_print_what_the_readme_shows() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("a README");
    let mut checked = 0;
    for (command, shown) in commands(&readme) {
        let Some(args) = command.strip_prefix("cargo codegen ") else { continue };
        let args: Vec<&str> = args.split(' ').collect();
        let output = run_in(&root(), &args);
        assert_eq!(stdout(&output), shown, "{command}: {}", stderr(&output));
        assert!(output.status.success(), "{command}");
        checked += 1;
    }
    assert_eq!(checked, 4);
}

#[test]
fn the_rust_of_the_readme_is_tested() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("a README");
    let tests = ["operations.rs", "readme/callback.rs"]
        .map(|file| std::fs::read_to_string(root().join("generated/tests").join(file)).expect("a test"))
        .concat();
    let blocks: Vec<&str> = readme.split("```rust\n").skip(1).filter_map(|b| b.split("```").next()).collect();
    assert_eq!(blocks.len(), 2);
    for block in blocks {
        assert!(tests.contains(block), "this is in no test:\n{block}");
    }
}
