//! spec-data against a header that others wrote: a C compiler compares layouts, field types and function-pointer types.
//!
//! From the model comes a C file of assertions, one a line; the compiler names the lines that do not hold.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use wsk_codegen::c::CType;
use wsk_codegen::spec::{Names, Spec, load};

use crate::Failure;
use crate::tools::{output, root};

/// Compilers for both pointer widths.
const COMPILERS: [(&str, bool); 2] = [("x86_64-w64-mingw32-gcc", true), ("i686-w64-mingw32-gcc", false)];

/// Where the header differs and is not taken for right: how the assertion begins, and why.
const KNOWN: [(&str, &str); 3] = [
    (
        "PFN_WSK_ACCEPT_EVENT is ",
        "the header has void * for a pointer to the variable that receives the context; the same to the ABI",
    ),
    (
        "PFN_WSK_SOCKET is ",
        "the header has SECURITY_DESCRIPTOR * where its own PSECURITY_DESCRIPTOR is void *; the same to the ABI",
    ),
    (
        "PFN_WSK_SOCKET_CONNECT is ",
        "the header has SECURITY_DESCRIPTOR * where its own PSECURITY_DESCRIPTOR is void *; the same to the ABI",
    ),
];

/// An assertion, and what it says.
struct Assertion {
    about: String,
    code: String,
}

pub(crate) fn run(headers: &Path) -> Result<(), Failure> {
    let header = headers.join("windows/ddk/wsk.h");
    let Ok(text) = std::fs::read_to_string(&header) else {
        return Err(Failure::CannotRun(format!("{} is not there; apt-get install libwine-dev", header.display())));
    };
    let loaded = load(&root().join("spec-data"), "spec-data");
    if loaded.report.has_errors() {
        return Err(Failure::CannotRun("spec-data cannot be read; run `cargo codegen lint`".to_owned()));
    }
    let folder = tempfile::tempdir().map_err(|e| Failure::CannotRun(e.to_string()))?;
    let mut failed = Vec::new();
    for (compiler, wide) in COMPILERS {
        let (assertions, absent) = assertions(&loaded.spec, &text, wide);
        let source = folder.path().join("oracle.c");
        let (code, first_line) = program(&assertions);
        std::fs::write(&source, code).map_err(|e| Failure::CannotRun(e.to_string()))?;
        let done = output(
            Command::new(compiler)
                .args(["-std=gnu11", "-fsyntax-only", "-w", "-fmax-errors=0"])
                .arg(&source)
                .arg("-I")
                .arg(headers.join("windows")),
            "apt-get install gcc-mingw-w64-x86-64 gcc-mingw-w64-i686",
        )?;
        let said = String::from_utf8_lossy(&done.stderr);
        let mut wrong: Vec<&str> = Vec::new();
        for line in said.lines().filter(|l| l.contains("error:")) {
            let number = line.split(':').nth(1).and_then(|n| n.parse::<usize>().ok());
            match number.and_then(|n| n.checked_sub(first_line)).and_then(|i| assertions.get(i)) {
                Some(assertion) if line.contains("oracle.c") => wrong.push(&assertion.about),
                _ => return Err(Failure::CannotRun(format!("{compiler}: {line}"))),
            }
        }
        wrong.dedup();
        println!(
            "{compiler}: {} assertions, {} do not hold; not in the header: {}",
            assertions.len(),
            wrong.len(),
            absent.join(", ")
        );
        for (known, _) in KNOWN.iter().filter(|(known, _)| !wrong.iter().any(|about| about.starts_with(known))) {
            failed.push(format!("{compiler}: {known}… holds now; remove it from the known differences"));
        }
        for about in wrong {
            match KNOWN.iter().find(|(known, _)| about.starts_with(known)) {
                Some((_, why)) => println!("  known: {about}: {why}"),
                None => failed.push(format!("{compiler}: {about}")),
            }
        }
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Failure::DoesNotHold(format!("spec-data and the header differ:\n{}", failed.join("\n"))))
    }
}

/// The file, and the number of the line of the first assertion.
fn program(assertions: &[Assertion]) -> (String, usize) {
    let mut code = String::from(
        "#include <stdarg.h>\n#include <stddef.h>\n#include <ntstatus.h>\n#define WIN32_NO_STATUS\n#include <windef.h>\n#include <winbase.h>\n\
         #include <winternl.h>\n#include <winioctl.h>\n#include <ddk/wdm.h>\n#include <ddk/wsk.h>\n",
    );
    let first = code.lines().count() + 1;
    for assertion in assertions {
        let _ = writeln!(code, "_Static_assert({}, \"\");", assertion.code);
    }
    (code, first)
}

/// What can be asserted of the header, and the names that it does not have.
fn assertions(spec: &Spec, header: &str, wide: bool) -> (Vec<Assertion>, Vec<String>) {
    let names = Names::new(spec);
    let has = |word: &str| header.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|w| w == word);
    let mut out = Vec::new();
    let mut absent = Vec::new();
    let mut assert = |about: String, code: String| out.push(Assertion { about, code });
    for structure in &spec.structs {
        let name = &structure.page.name.value;
        if !header.contains(&format!("struct _{name}\n")) {
            absent.push(name.clone());
            continue;
        }
        let Ok(layout) = names.record_layout(&structure.record) else { continue };
        let whole = if wide { layout.whole.wide } else { layout.whole.narrow };
        assert(format!("sizeof {name} is {}", whole.size), format!("sizeof({name}) == {}", whole.size));
        assert(format!("alignof {name} is {}", whole.align), format!("_Alignof({name}) == {}", whole.align));
        for (field, offsets) in structure.record.fields.iter().zip(&layout.offsets) {
            let Some(field_name) = field.name.as_ref().map(|n| &n.value) else { continue };
            if field_name == "Basic" {
                // Unnamed there: its members are the structure's own.
                continue;
            }
            let offset = if wide { offsets.0 } else { offsets.1 };
            assert(format!("{name}.{field_name} is at {offset}"), format!("offsetof({name}, {field_name}) == {offset}"));
            // An rvalue has no qualifiers, so the field is compared by its address.
            let ty = CType::Pointer { to: Box::new(field.ty.clone()), is_const: false };
            let code = format!("_Generic(&(({name} *)0)->{field_name}, {}: 1, default: 0)", ty.spelling());
            assert(format!("{name}.{field_name} is of type {}", field.ty.spelling()), code);
        }
    }
    for api in &spec.apis {
        let Some(typedef) = &api.typedef else { continue };
        if !has(typedef) {
            absent.push(typedef.value.clone());
            continue;
        }
        let function = CType::Function(Box::new(api.signature.clone())).declaration("(WINAPI *)");
        assert(format!("{typedef} is {function}"), format!("_Generic(({typedef})0, {function}: 1, default: 0)"));
    }
    for enumeration in &spec.enums {
        for (at, variant) in enumeration.enumeration.variants.iter().enumerate() {
            if let (true, Ok(value)) = (has(&variant.name), names.variant(enumeration, at)) {
                assert(format!("{} is {value}", variant.name), format!("{} == {value}", variant.name));
            }
        }
    }
    for constant in &spec.constants {
        if header.contains(&format!("#define {} ", constant.name))
            && let Ok(value) = names.eval(&constant.expr)
        {
            assert(format!("{} is {value}", constant.name), format!("{} == {value}u", constant.name));
        }
    }
    (out, absent)
}
