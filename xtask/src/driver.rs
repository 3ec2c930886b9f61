//! The example drivers, built on Linux for Windows by Debian's toolchain, and what is in the files.
//!
//! A driver is a DLL that the linker was told to make for the native subsystem; what it imports, whether it can unwind and whether
//! its hot loop can panic is read from the file and from its assembly. On Windows, where the driver kit has its own tools, this
//! defers to `cargo wdk`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::process::Command;

use object::LittleEndian as LE;
use object::read::pe::{ImageNtHeaders, ImageOptionalHeader, PeFile32, PeFile64};

use crate::Failure;
use crate::tools::{cannot, debian_cargo, output, read, root, source_of};

const HINT: &str = "apt-get install rustc-web cargo-web rust-web-src lld-19";
/// The folder of the drivers' workspace.
pub(crate) const EXAMPLES: &str = "examples";
/// What can be loaded and run.
pub(crate) const TARGET: &str = "x86_64-pc-windows-msvc";
/// For what all must compile, with the assertions of layouts.
const TARGETS: [&str; 3] = [TARGET, "i686-pc-windows-msvc", "aarch64-pc-windows-msvc"];
/// How `core` is built for it, with what the compiler expects of a C library.
pub(crate) const BUILD_STD: [&str; 2] = ["-Zbuild-std=core,compiler_builtins", "-Zbuild-std-features=compiler-builtins-mem"];
/// The drivers, and the one that only `cargo xtask wine` runs.
const DRIVERS: [&str; 3] = ["tcp-echo-driver", "udp-callback-driver", "wine-scenarios"];
/// Where the kernel begins.
const ENTRY: &str = "DriverEntry";
/// What a driver may import from.
const MODULES: [&str; 3] = ["ntoskrnl.exe", "netio.sys", "hal.dll"];
/// The function that must not be able to panic, and its driver.
const HOT: (&str, &str) = ("tcp-echo-driver", "tcp_echo_driver::echo");

pub(crate) fn run() -> Result<(), Failure> {
    if cfg!(windows) {
        return defer();
    }
    let project = Project::here();
    for target in TARGETS {
        project.cargo(&project.examples(), "check", target, &["--workspace"])?;
        println!("{target}: wsk and the drivers compile, layouts hold");
    }
    for name in DRIVERS {
        println!("{name}.sys: {}", describe(&project.build(name)?)?);
    }
    println!("{}: {}", HOT.0, hot_loop(&project)?);
    println!("{} functions that windows-sys has from ntdll.dll are declared for ntoskrnl.exe", imports()?);
    Ok(())
}

/// The functions that windows-sys says are in ntdll.dll, in the modules that the runtime uses for kernel types: each must be declared
/// in the runtime, which comes first. Gives their number.
fn imports() -> Result<usize, Failure> {
    const SOURCES: [&str; 6] = [
        "Wdk/Foundation",
        "Wdk/Storage/FileSystem",
        "Wdk/System/SystemServices",
        "Win32/Foundation",
        "Win32/Security",
        "Win32/System/Kernel",
    ];
    let name =
        |line: &str| line.split_once("fn ").and_then(|(_, rest)| rest.split_once('(')).map(|(name, _)| name.trim().to_owned());
    let own = read(&root().join("runtime/src/imports.rs"))?;
    let declared: BTreeSet<String> = own.lines().filter(|line| !line.starts_with("//")).filter_map(name).collect();
    let source = source_of("windows-sys")?;
    let mut wrong = BTreeSet::new();
    for module in SOURCES {
        let text = read(&source.join("src/Windows").join(module).join("mod.rs"))?;
        wrong.extend(text.lines().filter(|line| line.contains("link!(\"ntdll.dll\"")).filter_map(name));
    }
    if wrong == declared {
        return Ok(declared.len());
    }
    let difference = wrong.symmetric_difference(&declared).cloned().collect::<Vec<_>>().join(", ");
    Err(Failure::DoesNotHold(format!("runtime/src/imports.rs and windows-sys differ: {difference}")))
}

/// What is in a driver's file, which must be that of a driver.
pub(crate) fn describe(file: &Path) -> Result<String, Failure> {
    let image = Image::read(file)?;
    let wrong = image.wrong();
    if !wrong.is_empty() {
        return Err(Failure::DoesNotHold(format!("{}:\n{}", file.display(), wrong.join("\n"))));
    }
    let mut said = format!("{} bytes, {}", image.size, image.properties);
    for (module, functions) in &image.imports {
        said.push_str(&format!("\n  {module}: {}", functions.iter().cloned().collect::<Vec<_>>().join(", ")));
    }
    Ok(said)
}

/// How often a driver for x64 reads its level, which is the register CR8: `mov r64, cr8`.
pub(crate) fn level_reads(file: &Path) -> Result<usize, Failure> {
    let bytes = std::fs::read(file).map_err(|e| cannot(&format!("cannot read {}", file.display()), e))?;
    Ok(bytes.windows(4).filter(|w| matches!(w, [0x44 | 0x45, 0x0F, 0x20, 0xC0..=0xC7])).count())
}

/// On Windows the driver kit's own tools build drivers, and make the packages that Windows installs.
fn defer() -> Result<(), Failure> {
    let status = Command::new("cargo").current_dir(root().join(EXAMPLES).join("wdk-driver")).args(["wdk", "build"]).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::DoesNotHold(format!("cargo wdk ended with {status}; see examples/README.md"))),
        Err(e) => Err(Failure::CannotRun(format!("cannot run cargo: {e}"))),
    }
}

/// A checkout of this project whose drivers are built.
pub(crate) struct Project {
    folder: PathBuf,
    target: PathBuf,
    /// Whether they are built with what asserts levels.
    debug: bool,
}

impl Project {
    pub(crate) fn here() -> Self {
        Self::at(root())
    }

    pub(crate) fn at(folder: PathBuf) -> Self {
        Self { target: folder.join(EXAMPLES).join("target"), folder, debug: false }
    }

    /// The same, as debug builds have it.
    pub(crate) fn debug_build(self) -> Self {
        Self { debug: true, ..self }
    }

    /// The same, built elsewhere.
    pub(crate) fn with_target(self, target: PathBuf) -> Self {
        Self { target, ..self }
    }

    /// The folder of the checkout.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    fn examples(&self) -> PathBuf {
        self.folder.join(EXAMPLES)
    }

    /// Where its drivers are built.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Runs Debian's cargo in a folder, with a `core` of its own; what is only checked is checked as debug builds have it.
    pub(crate) fn cargo(&self, folder: &Path, command: &str, target: &str, arguments: &[&str]) -> Result<(), Failure> {
        let linker = format!("CARGO_TARGET_{}_LINKER", target.to_uppercase().replace('-', "_"));
        let mut run = debian_cargo(HINT)?;
        run.current_dir(folder).env(linker, "lld-link-19").env("CARGO_TARGET_DIR", self.target());
        // Arguments may go on to the compiler, so they come last.
        run.args([command, "--locked", "-q", "--target", target]).args(BUILD_STD);
        run.args((command != "check" && !self.debug).then_some("--release")).args(arguments);
        let done = output(&mut run, HINT)?;
        if done.status.success() {
            Ok(())
        } else {
            Err(Failure::DoesNotHold(format!("cargo {command} for {target}:\n{}", String::from_utf8_lossy(&done.stderr))))
        }
    }

    /// Builds a driver, and gives the file.
    pub(crate) fn build(&self, name: &str) -> Result<PathBuf, Failure> {
        self.cargo(&self.examples(), "build", TARGET, &["-p", name])?;
        self.driver(name)
    }

    /// Gives what was built of a driver the name of one.
    pub(crate) fn driver(&self, name: &str) -> Result<PathBuf, Failure> {
        let folder = self.target().join(TARGET).join(if self.debug { "debug" } else { "release" });
        let (made, driver) = (folder.join(format!("{}.dll", name.replace('-', "_"))), folder.join(format!("{name}.sys")));
        std::fs::copy(&made, &driver).map_err(|e| cannot(&format!("cannot copy {}", made.display()), e))?;
        Ok(driver)
    }

    /// The assembly of a driver, after all optimisation.
    fn assembly(&self, name: &str) -> Result<String, Failure> {
        let file = self.target().join(format!("{name}.s"));
        let emit = format!("asm={}", file.display());
        self.cargo(&self.examples(), "rustc", TARGET, &["-p", name, "--", "--emit", &emit])?;
        read(&file)
    }
}

/// What matters of a driver's file.
struct Image {
    size: usize,
    properties: String,
    native: bool,
    entry: bool,
    /// Functions with a handler for exceptions: what unwinding would need.
    handlers: usize,
    imports: BTreeMap<String, BTreeSet<String>>,
}

impl Image {
    fn read(file: &Path) -> Result<Self, Failure> {
        let fails = |e: &dyn std::fmt::Display| cannot(&format!("cannot read {}", file.display()), e);
        let data = std::fs::read(file).map_err(|e| fails(&e))?;
        match object::FileKind::parse(&*data).map_err(|e| fails(&e))? {
            object::FileKind::Pe64 => Self::of(&PeFile64::parse(&*data).map_err(|e| fails(&e))?, &data),
            object::FileKind::Pe32 => Self::of(&PeFile32::parse(&*data).map_err(|e| fails(&e))?, &data),
            other => return Err(fails(&format!("it is not an image but {other:?}"))),
        }
        .map_err(|e| fails(&e))
    }

    fn of<P: ImageNtHeaders>(image: &object::read::pe::PeFile<'_, P>, data: &[u8]) -> object::Result<Self> {
        let header = image.nt_headers().optional_header();
        let native = header.subsystem() == object::pe::IMAGE_SUBSYSTEM_NATIVE;
        // The driver's own function, which it also exports, and not one of a runtime of C.
        let entry = match image.export_table()? {
            Some(table) => table.exports()?.iter().any(|export| {
                export.name == Some(ENTRY.as_bytes())
                    && matches!(export.target, object::read::pe::ExportTarget::Address(at) if at == header.address_of_entry_point())
            }),
            None => false,
        };
        let handlers = handlers(image)?;
        let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        if let Some(table) = image.import_table()? {
            let mut modules = table.descriptors()?;
            while let Some(module) = modules.next()? {
                let name = String::from_utf8_lossy(table.name(module.name.get(LE))?).into_owned();
                let functions = imports.entry(name).or_default();
                let mut thunks = table.thunks(module.original_first_thunk.get(LE))?;
                while let Some(thunk) = thunks.next::<P>()? {
                    functions.insert(match table.import::<P>(thunk)? {
                        object::read::pe::Import::Name(_, name) => String::from_utf8_lossy(name).into_owned(),
                        object::read::pe::Import::Ordinal(number) => format!("#{number}"),
                    });
                }
            }
        }
        let properties = format!(
            "{} bytes in memory, subsystem {}, entry at {:#x}, {handlers} functions with a handler for unwinding",
            header.size_of_image(),
            if native { "native" } else { "other than native" },
            header.address_of_entry_point(),
        );
        Ok(Self { size: data.len(), properties, native, entry, handlers, imports })
    }

    /// What a driver must not be.
    fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        if !self.native {
            wrong.push("it is not for the native subsystem".to_owned());
        }
        if !self.entry {
            wrong.push(format!("its entry point is not {ENTRY}"));
        }
        if self.handlers > 0 {
            wrong.push(format!("{} functions have handlers for unwinding", self.handlers));
        }
        for module in self.imports.keys().filter(|m| !MODULES.contains(&m.to_lowercase().as_str())) {
            wrong.push(format!("it imports from {module}, which is not one of {}", MODULES.join(", ")));
        }
        wrong
    }
}

/// How many functions have a handler for exceptions or termination, by the tables for unwinding: 12 bytes a function, of which the
/// last four are where its information is, which begins with a version of three bits and flags of five.
fn handlers<P: ImageNtHeaders>(image: &object::read::pe::PeFile<'_, P>) -> object::Result<usize> {
    const EHANDLER_OR_UHANDLER: u8 = 1 | 2;
    let Some(directory) = image.data_directory(object::pe::IMAGE_DIRECTORY_ENTRY_EXCEPTION) else { return Ok(0) };
    let sections = image.section_table();
    let table = directory.data(image.data(), &sections)?;
    let flags = |function: &[u8]| {
        let address = u32::from_le_bytes(function.get(8..12)?.try_into().ok()?);
        Some(*sections.pe_data_at(image.data(), address)?.first()? >> 3)
    };
    Ok(table.chunks_exact(12).filter(|f| flags(f).is_some_and(|flags| flags & EHANDLER_OR_UHANDLER != 0)).count())
}

/// Whether anything that the hot loop calls, directly or not, is a panic.
fn hot_loop(project: &Project) -> Result<String, Failure> {
    let (driver, function) = HOT;
    let text = project.assembly(driver)?;
    let calls = calls(&text);
    let readable = |name: &str| format!("{:#}", rustc_demangle::demangle(name));
    let Some(start) = calls.keys().find(|name| readable(name) == function) else {
        return Err(Failure::CannotRun(format!("no function {function} in the assembly of {driver}: was it inlined?")));
    };
    let mut reached: BTreeMap<&str, &str> = BTreeMap::new();
    let mut next = VecDeque::from([start.as_str()]);
    while let Some(name) = next.pop_front() {
        for callee in calls.get(name).into_iter().flatten() {
            if !reached.contains_key(callee.as_str()) {
                reached.insert(callee, name);
                next.push_back(callee);
            }
        }
    }
    let panics: Vec<String> = reached
        .iter()
        .filter(|(name, _)| ["panic", "unwrap_failed", "expect_failed", "slice_index"].iter().any(|word| name.contains(word)))
        .map(|(name, from)| format!("{} calls {}", readable(from), readable(name)))
        .collect();
    if panics.is_empty() {
        let functions = reached.keys().filter(|name| !name.starts_with("__imp_")).count() + 1;
        Ok(format!("{} has no way to a panic: {functions} functions, {} imports", readable(start), reached.len() + 1 - functions))
    } else {
        Err(Failure::DoesNotHold(format!("the hot loop of {driver} can panic:\n{}", panics.join("\n"))))
    }
}

/// Whom each function calls, or jumps to, by the symbols in its instructions.
fn calls(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = None;
    for line in text.lines() {
        if let Some(label) = line.strip_suffix(':').filter(|label| !label.starts_with(['.', '\t', ' '])) {
            current = Some(label.to_owned());
            found.entry(label.to_owned()).or_default();
        } else if let (Some(current), Some(instruction)) = (&current, line.strip_prefix('\t')) {
            // Also what is only referred to: its address may be called.
            let is_word = |c: char| c.is_ascii_alphanumeric() || "_$.?@".contains(c);
            let symbols = instruction
                .split(|c| !is_word(c))
                .filter(|word| word.starts_with("_ZN") || word.starts_with("__imp_") || word.starts_with("_R"));
            if !instruction.starts_with('.') {
                found.entry(current.clone()).or_default().extend(symbols.map(str::to_owned));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_read_with_what_is_only_referred_to() {
        let text = "\t.def\tone;\n_ZN3oneE:\n\tcallq\t*__imp_IoFreeIrp(%rip)\n\tleaq\t_ZN3twoE(%rip), %rdx\n.LBB0_1:\n\tjmp\t_ZN5threeE # why\n\t.quad\t_ZN4dataE\n_ZN3twoE:\n\tretq\n";
        let found = calls(text);
        let of = |name: &str| found[name].iter().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(of("_ZN3oneE"), ["_ZN3twoE", "_ZN5threeE", "__imp_IoFreeIrp"]);
        assert_eq!(of("_ZN3twoE"), [""; 0]);
    }

    #[test]
    fn a_file_that_is_no_driver_is_said_to_be_none() {
        let image = Image {
            size: 1,
            properties: String::new(),
            native: false,
            entry: false,
            handlers: 2,
            imports: [("KERNEL32.dll".to_owned(), BTreeSet::new()), ("NETIO.SYS".to_owned(), BTreeSet::new())].into(),
        };
        let wrong = image.wrong().join("\n");
        assert_eq!(
            wrong,
            "it is not for the native subsystem\nits entry point is not DriverEntry\n2 functions have handlers for unwinding\nit imports from \
             KERNEL32.dll, which is not one of ntoskrnl.exe, netio.sys, hal.dll"
        );
    }
}
