//! The machine code of wrappers against that of the same calls by hand.
//!
//! Both are compiled from `xtask/zero-cost` in the release profile, for this machine. Compared are the instructions of each
//! function; registers, labels and the order of independent instructions may differ, their number and kinds may not.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::Command;

use crate::Failure;
use crate::tools::{output, root};

/// So many functions at least must be compared.
const ENOUGH: usize = 10;

pub(crate) fn run() -> Result<(), Failure> {
    let folder = tempfile::tempdir().map_err(|e| Failure::CannotRun(format!("no temporary folder: {e}")))?;
    let assembly = |name: &str, features: &[&str]| {
        let file = folder.path().join(format!("{name}.s"));
        let mut command = Command::new("cargo");
        command.current_dir(root()).args(["rustc", "--release", "--locked", "-q", "-p", "zero-cost", "--lib"]).args(features);
        command.args(["--", "-C", "panic=abort", "--emit"]).arg(format!("asm={}", file.display()));
        let made = output(&mut command, "install Rust")?;
        if !made.status.success() {
            return Err(Failure::CannotRun(format!("cannot compile zero-cost:\n{}", String::from_utf8_lossy(&made.stderr))));
        }
        let text =
            std::fs::read_to_string(&file).map_err(|e| Failure::CannotRun(format!("cannot read {}: {e}", file.display())))?;
        Ok(functions(&text))
    };
    let raw = assembly("raw", &[])?;
    let wrapped = assembly("wrapped", &["--features", "wrapped"])?;
    if raw.keys().ne(wrapped.keys()) || raw.len() < ENOUGH {
        return Err(Failure::DoesNotHold(format!(
            "expected the same {ENOUGH} functions or more, found {:?} and {:?}",
            raw.keys(),
            wrapped.keys()
        )));
    }
    let mut worse = Vec::new();
    for (name, by_hand) in &raw {
        let Some(by_wrapper) = wrapped.get(name) else { continue };
        print!("{}", side_by_side(name, by_hand, by_wrapper));
        let verdict = if by_hand == by_wrapper {
            "the same, instruction for instruction"
        } else if by_hand.len() == by_wrapper.len() {
            "the same number of instructions"
        } else if by_wrapper.len() < by_hand.len() {
            "the wrapper has fewer instructions"
        } else {
            worse.push(name.as_str());
            "THE WRAPPER HAS MORE INSTRUCTIONS"
        };
        println!("  {verdict}: {} by hand, {} by wrapper\n", by_hand.len(), by_wrapper.len());
    }
    if worse.is_empty() {
        println!("{} wrappers cost nothing", raw.len());
        Ok(())
    } else {
        Err(Failure::DoesNotHold(format!("these cost more than the call by hand: {}", worse.join(", "))))
    }
}

/// The instructions of each function: without directives and comments, labels by the order of their use. A function that the
/// compiler folded into another of the same code has that one's.
fn functions(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut folded: Vec<(String, String)> = Vec::new();
    let mut current: Option<String> = None;
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if let Some(rest) = line.strip_prefix(".set ") {
            if let Some((name, target)) = rest.split_once(',') {
                folded.push((name.trim().to_owned(), target.trim().to_owned()));
            }
        } else if let Some(label) = line.strip_suffix(':') {
            if !label.starts_with('.') {
                current = Some(label.trim_matches('"').to_owned());
                found.insert(label.trim_matches('"').to_owned(), Vec::new());
            }
        } else if line.starts_with(".size") {
            current = None;
        } else if !line.is_empty() && !line.starts_with('.') && !line.starts_with("nop") {
            let instruction = line.split_whitespace().collect::<Vec<_>>().join(" ");
            if let Some(body) = current.as_ref().and_then(|name| found.get_mut(name)) {
                body.push(instruction);
            }
        }
    }
    for (name, target) in folded {
        if let Some(body) = found.get(&target).cloned() {
            found.insert(name, body);
        }
    }
    // What is not from `twice!` is mangled, or data.
    found.retain(|name, body| !body.is_empty() && !name.starts_with('_') && !name.contains('.'));
    for body in found.values_mut() {
        let mut labels: Vec<String> = Vec::new();
        for instruction in body.iter_mut() {
            if let Some(at) = instruction.find(".L") {
                let label: String = instruction.chars().skip(at).take_while(|c| !matches!(c, ',' | ' ' | '(' | ')')).collect();
                let number = labels.iter().position(|l| *l == label).unwrap_or_else(|| {
                    labels.push(label.clone());
                    labels.len() - 1
                });
                *instruction = instruction.replace(&label, &format!("L{number}"));
            }
        }
    }
    found
}

fn side_by_side(name: &str, left: &[String], right: &[String]) -> String {
    let mut out = format!("{name}\n  {:<44}| {}\n", "by hand", "by wrapper");
    for i in 0..left.len().max(right.len()) {
        let cell = |side: &[String]| side.get(i).cloned().unwrap_or_default();
        let _ = writeln!(out, "  {:<44}| {}", cell(left), cell(right));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_are_told_from_the_rest() {
        let text = "\t.globl\tone\none:\n\t.cfi_startproc\n\tmovq\t(%rdi), %rax\n\tje\t.LBB0_2 # why\n.LBB0_2:\n\tjmpq\t*%rax\n.Lend:\n\t.size\tone, .Lend-one\n_ZN3abcE:\n\tretq\n\t.size a\n\t.set two, one\n";
        let found = functions(text);
        assert_eq!(found["one"], ["movq (%rdi), %rax", "je L0", "jmpq *%rax"]);
        assert_eq!(found["two"], found["one"]);
        assert_eq!(found.len(), 2);
    }
}
