//! The pages of a checkout that are compared: those that our pages name, those of our headers, and those of control codes.
//!
//! In: a folder. Out: the files, each by the name of its page; what is found twice or not at all is reported. Nothing is read here but what
//! tells whether a page can be one of a control code, whose name says nothing of that.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use memchr::memmem::Finder;
use rayon::prelude::*;

use super::{Ours, header_of};
use crate::corpus;
use crate::source::{Diagnostic, Limit, Links, Report, read_text};

/// The pages of a folder.
pub(super) struct Checkout {
    /// Those that are ours, or of a header of ours.
    pub(super) pages: BTreeMap<String, PathBuf>,
    /// Those that may describe a control code that is new: they name a function that takes one.
    pub(super) candidates: Vec<(String, PathBuf)>,
}

/// Finds the pages of a folder.
pub(super) fn find(ours: &Ours<'_>, folder: &Path, report: &mut Report) -> Checkout {
    let headers: BTreeSet<&str> = ours.pages.values().filter_map(|(identity, _)| identity.header.strip_suffix(".h")).collect();
    let functions: Vec<Finder<'_>> = ours.control_functions().into_iter().map(Finder::new).collect();
    let mut pages: BTreeMap<String, PathBuf> = BTreeMap::new();
    let (mut pairs, mut others) = (Vec::new(), Vec::new());
    for file in corpus::expand(&[folder.to_path_buf()], report) {
        let Some(stem) = file.file_stem().and_then(|s| s.to_str()).map(str::to_owned) else { continue };
        if file.extension().is_none_or(|e| e != "md") {
            continue;
        }
        let header = header_of(&stem);
        if ours.pages.contains_key(stem.as_str()) || header.is_some_and(|h| headers.contains(h)) {
            match pages.get(&stem) {
                Some(first) => pairs.push((first.clone(), file)),
                None => _ = pages.insert(stem, file),
            }
        } else if header.is_none() {
            others.push((stem, file));
        }
    }
    tell_twice(pairs, report);
    let names_function = |file: &Path| {
        read_text(file, Limit::Page, Links::Follow).is_ok_and(|text| functions.iter().any(|f| f.find(text.as_bytes()).is_some()))
    };
    let candidates = others.into_par_iter().filter(|(_, file)| names_function(file)).collect();
    Checkout { pages, candidates }
}

/// Reports pages that are found twice: one message for all of those that the same two folders have.
pub(super) fn tell_twice(pairs: Vec<(PathBuf, PathBuf)>, report: &mut Report) {
    let folder = |file: &Path| file.parent().unwrap_or(file).to_path_buf();
    let mut twice: BTreeMap<(PathBuf, PathBuf), Vec<(PathBuf, PathBuf)>> = BTreeMap::new();
    for (first, second) in pairs {
        twice.entry((folder(&first), folder(&second))).or_default().push((first, second));
    }
    for ((first_folder, second_folder), pairs) in twice {
        let Some((first, second)) = pairs.first() else { continue };
        let stem = first.file_stem().unwrap_or_default().to_string_lossy();
        let message = match pairs.len() {
            1 => format!("there are two pages {stem} here, the other is {}", first.display()),
            n => format!(
                "{n} pages are here twice, in {} and in {}; of {stem} the other is {}",
                first_folder.display(),
                second_folder.display(),
                first.display()
            ),
        };
        let help = "name the folder of one revision of the pages";
        report.push(Diagnostic::error("sync::twice", message).in_file(second.display().to_string()).help(help));
    }
}
