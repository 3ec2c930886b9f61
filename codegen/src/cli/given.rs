//! What a name on the command line of `diff` stands for.
//!
//! Separate because a wrong guess here is the worst that a comparison can do: pages of ours, read as the vendor's, have no facts, and
//! two sides without facts are the same.

use std::path::{Path, PathBuf};

use super::diff::bad_input;
use super::{BAD_INPUT, Common, Outcome, spec_folder};
use crate::source::Sources;
use crate::spec::PageFolder;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    /// A folder with spec-data in it, or spec-data itself.
    Ours,
    /// A folder inside spec-data.
    Part,
    /// A page, or a folder of pages, that is not known to be ours.
    Pages,
    /// Nothing that is there; it may be a revision.
    Nothing,
}

impl Given {
    pub(super) fn of(name: &str) -> Self {
        let path = Path::new(name);
        if !path.is_dir() {
            return if path.exists() { Self::Pages } else { Self::Nothing };
        }
        if path.join("spec-data").is_dir() || is_spec_data(path) {
            return Self::Ours;
        }
        // `.` and `a/..` have no name of their own.
        let whole = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let is_named = whole.file_name().and_then(|n| n.to_str()).is_some_and(|n| n == TABLES || PageFolder::named(n).is_some());
        if is_named && whole.parent().is_some_and(is_spec_data) { Self::Part } else { Self::Pages }
    }
}

const TABLES: &str = "tables";

fn is_spec_data(path: &Path) -> bool {
    [TABLES, PageFolder::Functions.name(), PageFolder::Structs.name()].iter().any(|folder| path.join(folder).is_dir())
}

/// Whether the front matter of a page is that of a page of ours.
pub(super) fn is_page_of_ours(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let front = text.strip_prefix("---").map(|rest| rest.lines().skip(1).take_while(|line| line.trim_end() != "---"));
    let has =
        |key: &str| front.clone().into_iter().flatten().any(|line| line.strip_prefix(key).is_some_and(|v| v.starts_with(':')));
    has("name") && has("kind") && has("header") && !has("UID")
}

/// Says that a name is a part of spec-data, or a page of it.
pub(super) fn part(name: &str) -> Outcome {
    let message = format!("`{name}` is a part of spec-data: what its pages say depends on the others");
    bad_input("diff::part", message, "name the two folders that hold all of it: spec-data, or the folder around it")
}

/// Says that there is nothing of a name, where no revision can be meant.
pub(super) fn nothing(name: &str, help: &'static str) -> Outcome {
    bad_input("diff::unknown", format!("there is no file or folder `{name}`"), help)
}

/// Our folder and how it is shown; where there is none, and a name on the command line is not there either, that is what is said.
pub(super) fn project(common: &Common, names: [Option<&str>; 2]) -> Result<(PathBuf, String), Box<Outcome>> {
    spec_folder(common.spec.as_deref()).map_err(|report| {
        let missing = names.into_iter().flatten().find(|name| Given::of(name) == Given::Nothing);
        let help = "name two folders; a revision such as HEAD~1 is understood in a checkout of the project";
        Box::new(missing.map_or_else(|| Outcome::new(Sources::new(), report, BAD_INPUT), |name| nothing(name, help)))
    })
}
