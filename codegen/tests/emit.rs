//! Emission of what wsk.h happens not to have: the compiler itself judges the result.

mod common;

use std::path::Path;
use std::process::Command;

use wsk_codegen::emit::emit;
use wsk_codegen::lint::lint;
use wsk_codegen::spec::load;

fn write(folder: &Path, file: &str, text: &str) {
    let path = folder.join(file);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, text).expect("a file");
}

const TYPES: &str = "# Types

## Scalars

| Type | Rust | Meaning |
| --- | --- | --- |
| VOID | c_void | Nothing. |
| UCHAR | u8 | Eight bits. |
| USHORT | u16 | Sixteen bits. |
| ULONG | u32 | Thirty-two bits. |
| ULONGLONG | u64 | Sixty-four bits. |

## Other names

| Type | Stands for | Meaning |
| --- | --- | --- |
| PVOID | VOID * | Anything. |
";

const THING: &str = "---
name: THING
kind: struct
header: thing.h
since: Windows Vista
---
# THING

A thing.

## Definition

```c
typedef struct _THING {
  UCHAR Kind;
  union { struct { USHORT Low; USHORT High; }; ULONG Whole; } Number;
  struct { UCHAR Bytes[THING_LENGTH]; } Parts[2];
  union { ULONGLONG Wide; PVOID Pointer; };
  struct _THING *Next;
  VOID (*Free)(struct _THING *, const UCHAR *const *);
  UCHAR Grid[2][3];
} THING, *PTHING;
```

## Fields

| Name | Meaning |
| --- | --- |
| Kind | Its kind. |
| Number | Its number. |
| Parts | Its parts. |
| Next | The next thing. |
| Free | Frees it. |
| Grid | Its grid. |
";

const CONSTANTS: &str = "# Constants

## Things

| Constant | Type | Value | Meaning |
| --- | --- | --- | --- |
| THING_LENGTH | ULONG | (1 << 1) + 1 | The length of a part. |
";

/// Offsets as the C rules give them, for a compiler to hold against the generated types.
const CHECKS: &str = "
use crate::sys::*;
const _: () = {
    assert!(core::mem::offset_of!(THING, Number) == 4);
    assert!(core::mem::offset_of!(THING, Parts) == 8);
    assert!(core::mem::offset_of!(THING, Anonymous3) == 16);
    assert!(core::mem::offset_of!(THING, Next) == 24);
    assert!(core::mem::offset_of!(THING, Grid) == 40);
    assert!(core::mem::size_of::<THING>() == 48);
};
pub fn fields(thing: &THING) -> (u8, u32, [[u8; 3]; 2]) {
    let free: Option<unsafe extern \"system\" fn(*mut THING, *const *const u8)> = thing.Free;
    let _ = free;
    // SAFETY: all members of the union are numbers of its size.
    (thing.Parts[1].Bytes[2], unsafe { thing.Number.Whole }, thing.Grid)
}
";

#[test]
fn nested_records_arrays_and_function_pointers_compile_with_the_layout_of_c() {
    let folder = tempfile::tempdir().expect("a folder");
    let spec = folder.path().join("spec-data");
    write(&spec, "tables/types.md", TYPES);
    write(&spec, "tables/constants.md", CONSTANTS);
    write(&spec, "structs/THING.md", THING);
    let mut loaded = load(&spec, "spec-data");
    lint(&loaded.spec, &loaded.sources, &mut loaded.report);
    assert!(!loaded.report.has_errors(), "{:#?}", loaded.report.diagnostics());
    let files = emit(&loaded.spec, &loaded.sources).expect("files");
    // The raw interface stands on its own.
    for file in files.iter().filter(|f| f.path.starts_with("sys/")) {
        write(&folder.path().join("src"), &file.path, &file.contents);
    }
    write(&folder.path().join("src"), "lib.rs", "#![no_std]\npub mod sys;\nmod checks;\npub use checks::fields;\n");
    write(&folder.path().join("src"), "checks.rs", CHECKS);
    // Of the runtime it needs what a structure says of itself: that it is an entry of a list.
    write(folder.path(), "runtime.rs", "#![no_std]\npub unsafe trait ListEntry { fn next(&self) -> *const Self; }\n");
    let compile = |name: &str, source: &str, more: &[&str]| {
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let output = Command::new(rustc)
            .current_dir(folder.path())
            .args(["--edition", "2024", "--crate-type", "lib", "--crate-name", name, "--emit", "metadata", "-D", "warnings"])
            .args(more)
            .arg(source)
            .output()
            .expect("the compiler runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    compile("wsk_runtime", "runtime.rs", &[]);
    compile("thing", "src/lib.rs", &["--extern", "wsk_runtime=libwsk_runtime.rmeta"]);
}

#[test]
fn a_type_without_a_layout_is_refused_before_anything_is_emitted() {
    let folder = tempfile::tempdir().expect("a folder");
    let spec = folder.path().join("spec-data");
    write(&spec, "tables/types.md", TYPES);
    write(&spec, "tables/constants.md", CONSTANTS);
    for (old, new, message) in [
        ("UCHAR Kind", "VOID Kind", "`VOID` is used by value, but its size is not known"),
        ("UCHAR Kind", "struct _THING Kind", "`_THING` contains itself"),
        ("UCHAR Kind", "UCHAR Kind[OTHER_LENGTH]", "nothing defines `OTHER_LENGTH`"),
        ("UCHAR Kind", "UCHAR Kind : 3", "bit fields are not supported"),
    ] {
        write(&spec, "structs/THING.md", &THING.replace(old, new));
        let mut loaded = load(&spec, "spec-data");
        lint(&loaded.spec, &loaded.sources, &mut loaded.report);
        let said: Vec<&str> = loaded.report.diagnostics().iter().map(|d| d.message.as_str()).collect();
        assert!(said.iter().any(|s| s.contains(message)), "{new}: {said:?}");
    }
}
