//! The real wdk-sys where there is no driver kit: its own build script reads other headers, those of mingw-w64, once, and what it
//! makes of them is given to the unmodified crate.
//!
//! - The build script is that of the crate `wdk-build`, which calls for Windows in a few places; a copy of it does without.
//! - Cargo has a way to do without the build script of a crate that names a library, as wdk-sys does: a table in its configuration.
//!
//! So `wsk` with its feature `wdk-sys`, and a driver that uses both, are compiled for this machine and for Windows, and the driver is
//! linked, for `cargo xtask wine` to run.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use syn::visit_mut::VisitMut;

use crate::Failure;
use crate::driver::{self, Project};
use crate::tools::{cannot, copy_folder, link, output, read, root, source_of, write};

const HINT: &str = "apt-get install mingw-w64-common mingw-w64-x86-64-dev libclang-19-dev";
/// The headers that stand in for the driver kit's.
const HEADERS: &str = "/usr/share/mingw-w64/include";
const LLVM: &str = "/usr/lib/llvm-19";
/// The version of the driver kit that is played.
const KIT: &str = "10.0.26100.0";
/// The crate whose types are to be had.
const WDK_SYS: &str = "0.5.2";
/// What its build script makes for drivers of the type WDM.
const MADE: [&str; 3] = ["types.rs", "constants.rs", "ntddk.rs"];
/// The libraries that wdk-sys links with: of which module, and what the driver imports of it.
const LIBRARIES: [(&str, &str, &[&str]); 4] = [
    (
        "ntoskrnl",
        "ntoskrnl.exe",
        &["DbgPrint", "IoAllocateIrp", "IoFreeIrp", "KeInitializeEvent", "KeSetEvent", "KeWaitForSingleObject"],
    ),
    ("hal", "hal.dll", &[]),
    ("wmilib", "wmilib.sys", &[]),
    ("BufferOverflowFastFailK", "none", &[]),
];

pub(crate) fn run() -> Result<(), Failure> {
    let config = configuration()?;
    let config = config.display().to_string();
    let host = host()?;
    let mut check = Command::new("cargo");
    // Clippy is a command of its own: what stands before its name does not reach the cargo that it runs.
    check.current_dir(root()).args(["clippy", "--config", &config, "--locked", "-q", "-p", "wsk", "--features", "wdk-sys"]);
    check.args(["--target-dir", "target/wdk-sys/host", "--", "-D", "warnings"]);
    succeed(check, "wsk with wdk-sys, for this machine")?;
    println!("{host}: wsk compiles with the types of wdk-sys {WDK_SYS}");
    let project = Project::here();
    let drivers = root().join(driver::EXAMPLES).join("wdk-driver");
    let ways: [(&str, &Path, &[&str]); 2] =
        [("wsk", &root(), &["-p", "wsk", "--features", "wdk-sys"]), ("the driver", &drivers, &["-p", "wdk-driver"])];
    for (what, folder, arguments) in ways {
        project.cargo(folder, "check", driver::TARGET, &[&["--config", &config], arguments].concat())?;
        println!("{}: {what} compiles with the types of wdk-sys {WDK_SYS}", driver::TARGET);
    }
    let file = build()?;
    println!("{}: {}", file.display(), driver::describe(&file)?);
    Ok(())
}

/// Builds the driver on wdk-sys, with libraries for its imports that are made here; the driver kit's are not there.
pub(crate) fn build() -> Result<PathBuf, Failure> {
    let config = configuration()?;
    let libraries = root().join("target/wdk-sys/lib");
    for (name, module, imports) in LIBRARIES {
        let names = libraries.join(format!("{name}.def"));
        write(&names, &format!("LIBRARY {module}\nEXPORTS\n{}\n", imports.join("\n")))?;
        let mut lib = Command::new("lld-link-19");
        lib.args(["/lib", "/machine:x64"]).arg(format!("/def:{}", names.display()));
        lib.arg(format!("/out:{}", libraries.join(format!("{name}.lib")).display()));
        succeed(lib, name)?;
    }
    let project = Project::here();
    let folder = root().join(driver::EXAMPLES).join("wdk-driver");
    let search = format!("native={}", libraries.display());
    let arguments = ["--config", &config.display().to_string(), "-p", "wdk-driver", "--", "-L", &search];
    project.cargo(&folder, "rustc", driver::TARGET, &arguments)?;
    project.driver("wdk-driver")
}

fn succeed(mut command: Command, what: &str) -> Result<(), Failure> {
    let done = output(&mut command, HINT)?;
    if done.status.success() {
        Ok(())
    } else {
        Err(Failure::DoesNotHold(format!(
            "{what}:\n{}{}",
            String::from_utf8_lossy(&done.stdout),
            String::from_utf8_lossy(&done.stderr)
        )))
    }
}

/// The target that this machine's compiler compiles for.
fn host() -> Result<String, Failure> {
    let done = output(Command::new("rustc").args(["--print", "host-tuple"]), "install Rust")?;
    Ok(String::from_utf8_lossy(&done.stdout).trim().to_owned())
}

/// The configuration that gives wdk-sys what its build script would make; made once.
fn configuration() -> Result<PathBuf, Failure> {
    let folder = root().join("target/wdk-sys");
    let config = folder.join("config.toml");
    if config.exists() {
        return Ok(config);
    }
    if !Path::new(HEADERS).join("ddk").exists() || !Path::new(LLVM).join("lib/libclang.so").exists() {
        return Err(Failure::CannotRun(format!("the headers of mingw-w64 or libclang are not there; {HINT}")));
    }
    let made = run_build_script(&folder)?;
    let windows = folder.join("windows");
    let this = folder.join("this-machine");
    for file in MADE {
        let text = read(&made.join(file))?;
        write(&windows.join(file), &text)?;
        // In C of Windows, a long is of 32 bits.
        let text = text.replace("::core::ffi::c_ulong", "u32").replace("::core::ffi::c_long", "i32");
        // The longer name of 64 bits begins alike.
        write(
            &this.join(file),
            &text.replace("i32long", "::core::ffi::c_longlong").replace("u32long", "::core::ffi::c_ulonglong"),
        )?;
    }
    let table = |target: &str, folder: &Path| {
        format!(
            "[target.{target}.wdk]\nrustc-cfg = ['driver_model__driver_type=\"WDM\"']\nrustc-env = {{ OUT_DIR = '{}' }}\n",
            folder.display()
        )
    };
    write(&config, &format!("{}{}", table(driver::TARGET, &windows), table(&host()?, &this)))?;
    Ok(config)
}

/// Lets the build script of wdk-sys read the headers, and gives the folder of what it makes.
fn run_build_script(folder: &Path) -> Result<PathBuf, Failure> {
    // The driver kit, as far as the build script looks for it.
    let kit = folder.join("kit");
    let include = kit.join("Include").join(KIT);
    let _ = fs::remove_dir_all(&kit);
    for made in [include.join("km"), kit.join("Lib").join(KIT).join("km/x64")] {
        fs::create_dir_all(&made).map_err(|e| cannot("cannot make a folder", e))?;
    }
    link(Path::new(HEADERS), &include.join("shared"))?;
    link(Path::new(HEADERS), &include.join("km/crt"))?;
    for header in fs::read_dir(Path::new(HEADERS).join("ddk")).map_err(|e| cannot(HEADERS, e))?.flatten() {
        link(&header.path(), &include.join("km").join(header.file_name()))?;
    }
    // A type that is newer than these headers.
    let newer = kit.join("newer.h");
    write(&newer, "typedef unsigned long long POOL_FLAGS;\n")?;

    let patched = folder.join("wdk-build");
    patch_wdk_build(&source_of("wdk-build")?, &patched)?;
    let probe = folder.join("probe");
    write(&probe.join("src/lib.rs"), "")?;
    write(
        &probe.join("Cargo.toml"),
        &format!(
            "[package]\nname = \"probe\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[package.metadata.wdk.driver-model]\ndriver-type = \"WDM\"\n\
             [dependencies]\nwdk-sys = \"={WDK_SYS}\"\n[workspace]\n[patch.crates-io]\nwdk-build = {{ path = '{}' }}\n",
            patched.display()
        ),
    )?;
    let clang = format!(
        "--target={} -fno-ms-compatibility -resource-dir={LLVM}/lib/clang/19 -D__IMMINTRIN_H -D__X86INTRIN_H -include {}",
        driver::TARGET,
        newer.display()
    );
    // It is the build script that matters: what it makes has C's long, which is of another size here, and does not compile.
    let done = output(
        Command::new("cargo")
            .current_dir(&probe)
            .args(["check", "--message-format", "json", "--target-dir"])
            .arg(probe.join("target"))
            .env("WDKContentRoot", &kit)
            .env("LIBCLANG_PATH", format!("{LLVM}/lib"))
            .env("BINDGEN_EXTRA_CLANG_ARGS", clang),
        "install Rust",
    )?;
    let said = String::from_utf8_lossy(&done.stdout);
    let folder = said.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()).find_map(|message| {
        let of_wdk_sys = message.get("package_id")?.as_str()?.contains("wdk-sys@");
        (of_wdk_sys && message.get("reason")? == "build-script-executed")
            .then(|| message.get("out_dir")?.as_str().map(PathBuf::from))?
    });
    folder.ok_or_else(|| cannot("the build script of wdk-sys failed", String::from_utf8_lossy(&done.stderr)))
}

/// Copies wdk-build, without what only Windows has: the registry, and refusals of other systems.
fn patch_wdk_build(from: &Path, to: &Path) -> Result<(), Failure> {
    let _ = fs::remove_dir_all(to);
    copy_folder(from, to)?;
    let manifest = to.join("Cargo.toml");
    let mut document: toml_edit::DocumentMut = read(&manifest)?.parse().map_err(|e| cannot("the manifest of wdk-build", e))?;
    for table in ["dependencies", "dev-dependencies"] {
        if let Some(table) = document.get_mut(table).and_then(toml_edit::Item::as_table_like_mut) {
            table.remove("windows");
        }
    }
    write(&manifest, &document.to_string())?;
    // What else there is of Windows lies at the top of the crate.
    for entry in fs::read_dir(to.join("src")).map_err(|e| cannot("wdk-build", e))?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|e| e == "rs") {
            let mut file = syn::parse_file(&read(&path)?).map_err(|e| cannot(&path.display().to_string(), e))?;
            WithoutWindows { gone: BTreeSet::new() }.visit_file_mut(&mut file);
            write(&path, &prettyplease::unparse(&file))?;
        }
    }
    Ok(())
}

/// Leaves out the crate `windows`, functions whose parameters are its types, and statements that call those.
struct WithoutWindows {
    gone: BTreeSet<String>,
}

/// A type that comes from the crate `windows` and stands in signatures.
const REGISTRY_KEY: &str = "HKEY";

impl VisitMut for WithoutWindows {
    fn visit_file_mut(&mut self, file: &mut syn::File) {
        file.items.retain(|item| match item {
            syn::Item::Use(item) => !matches!(&item.tree, syn::UseTree::Path(path) if path.ident == "windows"),
            syn::Item::Mod(module) => module.ident != "tests",
            syn::Item::Fn(function) => {
                let takes_key = function.sig.inputs.iter().any(|input| {
                    matches!(input, syn::FnArg::Typed(typed)
                        if matches!(&*typed.ty, syn::Type::Path(ty) if ty.path.is_ident(REGISTRY_KEY)))
                });
                if takes_key {
                    self.gone.insert(function.sig.ident.to_string());
                }
                !takes_key
            }
            _ => true,
        });
        syn::visit_mut::visit_file_mut(self, file);
    }

    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        let gone = &self.gone;
        block.stmts.retain(|statement| {
            // `if let Some(path) = read_from_the_registry(…) { … }`
            let syn::Stmt::Expr(syn::Expr::If(condition), _) = statement else { return true };
            let syn::Expr::Let(condition) = &*condition.cond else { return true };
            let syn::Expr::Call(call) = &*condition.expr else { return true };
            let syn::Expr::Path(function) = &*call.func else { return true };
            !function.path.get_ident().is_some_and(|name| gone.contains(&name.to_string()))
        });
        syn::visit_mut::visit_block_mut(self, block);
    }

    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        // Refused when it is compiled elsewhere; here, only when it is called.
        if call.path.is_ident("compile_error") {
            call.path = syn::parse_quote!(panic);
        }
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        if names == ["std", "os", "windows", "fs", "symlink_file"] {
            *path = syn::parse_quote!(std::os::unix::fs::symlink);
        }
        syn::visit_mut::visit_path_mut(self, path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_windows_has_is_left_out() {
        let text = "use windows::core::s;\nuse std::fs;\nfn value(key: HKEY) -> u8 { 1 }\nfn root() -> u8 {\n    if let Some(x) = value(A) { return x; }\n    \
                    if let Some(x) = other() { return x; }\n    std::os::windows::fs::symlink_file(a, b);\n    compile_error!(\"no\");\n    2\n}\nmod tests {}\n";
        let mut file = syn::parse_file(text).unwrap();
        WithoutWindows { gone: BTreeSet::new() }.visit_file_mut(&mut file);
        assert_eq!(
            prettyplease::unparse(&file),
            "use std::fs;\nfn root() -> u8 {\n    if let Some(x) = other() {\n        return x;\n    }\n    std::os::unix::fs::symlink(a, b);\n    \
             panic!(\"no\");\n    2\n}\n"
        );
    }
}
