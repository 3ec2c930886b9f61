//! For build scripts: a crate of its own pages, generated while it is built.
//!
//! What `generate` writes as a crate becomes one file here, to be included as a module; the paths in it are those of that module.

use std::path::{Path, PathBuf};

use crate::emit::{OutputFile, emit};
use crate::lint::lint;
use crate::output::{Output, Place};
use crate::source::{MessageFormat, check_name, render};
use crate::spec::{Loaded, load};

/// Generates bindings from a folder of pages, in a build script.
///
/// ```no_run
/// // build.rs
/// fn main() -> Result<(), wsk_codegen::BuildError> {
///     wsk_codegen::Builder::new().spec_data("spec-data").module("bindings").generate()?;
///     Ok(())
/// }
/// ```
///
/// ```ignore
/// // src/lib.rs
/// pub mod bindings {
///     include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
/// }
/// ```
///
/// The crate needs `wsk-runtime`, `bitflags` and `windows-sys` as dependencies, the last with the features that its types are in. Event
/// callbacks are implemented by their traits: the attribute `#[wsk_callback]` knows the pages that it was built with, and no others.
#[derive(Debug, Clone)]
pub struct Builder {
    spec: PathBuf,
    out: Option<PathBuf>,
    module: String,
}

/// Why nothing was generated.
#[derive(thiserror::Error)]
pub enum BuildError {
    /// The pages say something that is wrong; each complaint with its file, line and column.
    #[error("{0}")]
    Pages(String),
    /// This is no build script, and no folder was named.
    #[error("OUT_DIR is not set: run this in a build script, or name a folder by `out_dir`")]
    NoOutDir,
    /// The name cannot be that of a module.
    #[error("`{0}` is not the path of a module: write it without `crate`, as in `bindings` or `kernel::bindings`")]
    Module(String),
    /// The file cannot be written.
    #[error(transparent)]
    Output(#[from] crate::output::OutputError),
}

/// What a build script that ends with an error prints: the complaints as they are, and not escaped.
impl std::fmt::Debug for BuildError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\n{self}")
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self { spec: PathBuf::from("spec-data"), out: None, module: "bindings".to_owned() }
    }
}

impl Builder {
    /// Pages in `spec-data`, and a module `bindings`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The folder of pages, from the folder of the crate.
    #[must_use]
    pub fn spec_data(mut self, folder: impl AsRef<Path>) -> Self {
        self.spec = folder.as_ref().to_path_buf();
        self
    }

    /// The folder to write to, instead of that of the build script (`OUT_DIR`).
    #[must_use]
    pub fn out_dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.out = Some(folder.as_ref().to_path_buf());
        self
    }

    /// The path of the module that includes the file, without `crate`: `bindings`, `kernel::bindings`. The file has the name of the last
    /// part.
    #[must_use]
    pub fn module(mut self, path: impl Into<String>) -> Self {
        self.module = path.into();
        self
    }

    /// Generates the file, and gives its path. A file that is right already is left alone. Cargo is told to run the build script again
    /// when a page changes, and only then.
    ///
    /// # Errors
    /// Where the pages cannot be read, or lint does not accept them, with every complaint; where the file cannot be written.
    pub fn generate(&self) -> Result<PathBuf, BuildError> {
        // The last part is also the name of a file.
        let is_module = |part: &str| syn::parse_str::<syn::Ident>(part).is_ok() && check_name(part).is_ok();
        let name = self.module.rsplit("::").next().unwrap_or(&self.module);
        if !self.module.split("::").all(is_module) {
            return Err(BuildError::Module(self.module.clone()));
        }
        let out = match (&self.out, std::env::var_os("OUT_DIR")) {
            (Some(out), _) => out.clone(),
            (None, Some(out)) => {
                // Cargo looks at every file below a folder, and at the folder for those that are new or gone.
                println!("cargo:rerun-if-changed={}", self.spec.display());
                PathBuf::from(out)
            }
            (None, None) => return Err(BuildError::NoOutDir),
        };
        let Loaded { sources, spec, mut report, .. } = load(&self.spec, &self.spec.display().to_string());
        if !report.has_errors() {
            lint(&spec, &sources, &mut report);
        }
        let complaints = || render(&report, &sources, MessageFormat::Human, false);
        if report.has_errors() {
            return Err(BuildError::Pages(complaints()));
        }
        let files =
            emit(&spec, &sources).map_err(|failures| BuildError::Pages(failures.iter().map(|f| format!("{f}\n")).collect()))?;
        let file = OutputFile { path: format!("{name}.rs"), contents: one_file(&files, &self.module) };
        let path = out.join(&file.path);
        let output = Output { place: Place::File(path.clone()), files: vec![file] };
        let differences = output.compare()?;
        output.write(&differences)?;
        Ok(path)
    }
}

/// Lints that the crate as `generate` writes it allows itself.
const ALLOW: &str =
    "#[allow(clippy::unnecessary_cast, clippy::too_many_arguments, clippy::type_complexity, clippy::result_large_err)]\n";

/// The files of the crate as one, whose root is that module.
fn one_file(files: &[OutputFile], module: &str) -> String {
    let contents = |path: &str| files.iter().find(|f| f.path == path).map_or("", |f| f.contents.as_str());
    let mut out = String::from("// @generated by wsk-codegen. Do not edit: it is made anew when the pages change.\n");
    // Documentation and attributes of the root belong to the module that includes this.
    let root = contents("lib.rs").lines().skip_while(|line| *line != "#[rustfmt::skip]");
    for line in root.filter(|line| *line != "#[rustfmt::skip]" && !line.contains("wsk_macros")) {
        match line.trim_start_matches("pub ").strip_prefix("mod ").and_then(|l| l.strip_suffix(';')) {
            Some("sys") => {
                let sys = inlined(contents("sys/mod.rs"), &|name| contents(&format!("sys/{name}.rs")));
                out += &format!("pub mod sys {{\n{sys}}}\n");
            }
            Some(name) => out += &format!("{ALLOW}mod {name} {{\n{}}}\n", without_marker(contents(&format!("{name}.rs")))),
            None => {
                out += line;
                out.push('\n');
            }
        }
    }
    rooted(&out, module)
}

/// A file with the files of its modules in it.
fn inlined<'f>(text: &'f str, contents: &dyn Fn(&str) -> &'f str) -> String {
    let mut out = String::new();
    for line in without_marker(text).lines() {
        match line.strip_prefix("mod ").and_then(|l| l.strip_suffix(';')) {
            Some(name) => out += &format!("mod {name} {{\n{}}}\n", without_marker(contents(name))),
            None => {
                out += line;
                out.push('\n');
            }
        }
    }
    out
}

/// A file without its first line, which says where it comes from.
fn without_marker(text: &str) -> &str {
    text.split_once('\n').map_or("", |(_, rest)| rest)
}

/// The text with the paths of the crate made paths of the module, in code and in links.
fn rooted(text: &str, module: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut rest = text;
    while let Some(at) = rest.find("crate::") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let after = from.get("crate::".len()..).unwrap_or_default();
        let is_whole = !before.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$'));
        out.push_str("crate::");
        if is_whole {
            out.push_str(module);
            out.push_str("::");
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_crate_become_those_of_the_module() {
        let text = "use crate::X; [`y`](crate::sys::Y) $crate::z!() my_crate::Z";
        let wanted = "use crate::a::b::X; [`y`](crate::a::b::sys::Y) $crate::z!() my_crate::Z";
        assert_eq!(rooted(text, "a::b"), wanted);
    }

    #[test]
    fn names_that_are_no_modules_are_refused() {
        for name in ["", "crate::x", "a-b", "a::", "fn", "ä", "con", "r#fn", "../x"] {
            let error = Builder::new().module(name).out_dir("/nowhere").generate();
            assert!(matches!(error, Err(BuildError::Module(_))), "{name}: {error:?}");
        }
    }
}
