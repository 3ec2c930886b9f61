//! One side of a comparison: a folder, or a revision of the git repository that one stands in.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use super::columns::with_columns_of_today;
use crate::spec::{Loaded, load, load_bytes};

/// Why there is nothing to compare.
#[derive(Debug, thiserror::Error)]
pub enum RevisionError {
    /// It is neither.
    #[error("`{name}` is neither a spec-data folder nor a revision of a git repository here")]
    Unknown {
        /// What was given.
        name: String,
    },
    /// The revision has no pages.
    #[error("the revision `{name}` has no folder `{folder}`")]
    NoFolder {
        /// What was given.
        name: String,
        /// The folder, as the repository has it.
        folder: String,
    },
    /// git, or the folder for its files, did not do what it should.
    #[error("cannot read the revision `{name}`: {why}")]
    Git {
        /// What was given.
        name: String,
        /// What went wrong.
        why: String,
    },
}

/// Loads a side. Of a revision pages are read that still have one column for memory rules, effects and links.
///
/// `name` is a folder of pages, a folder with `spec-data` in it, or a git revision of `folder`.
///
/// # Errors
/// If it is none of these, or cannot be read. What is wrong with pages is in the report of what is loaded.
pub fn load_revision(name: &str, folder: &Path) -> Result<Loaded, RevisionError> {
    let path = Path::new(name);
    if path.is_dir() {
        let inside = path.join("spec-data");
        let (found, shown) =
            if inside.is_dir() { (inside, format!("{name}/spec-data")) } else { (path.to_path_buf(), name.to_owned()) };
        return Ok(load(&found, shown.trim_end_matches('/')));
    }
    let fails = |why: String| RevisionError::Git { name: name.to_owned(), why };
    let unknown = || RevisionError::Unknown { name: name.to_owned() };
    let git = |args: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(folder).args(args).stdin(Stdio::null()).stderr(Stdio::piped());
        command.output()
    };
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).trim().to_owned();
    let found =
        git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{name}^{{commit}}")]).map_err(|_| unknown())?;
    if !found.status.success() {
        return Err(unknown());
    }
    let commit = text(found.stdout);
    let prefix = git(&["rev-parse", "--show-prefix"]).map_err(|e| fails(e.to_string()))?;
    let prefix = text(prefix.stdout);
    // The files of the folder, as `mode type hash\tpath`, each ended by a zero byte.
    let listed = git(&["ls-tree", "-r", "-z", &commit, "./"]).map_err(|e| fails(e.to_string()))?;
    let entries: Vec<(String, String)> = String::from_utf8_lossy(&listed.stdout)
        .split('\0')
        .filter_map(|line| {
            let (head, path) = line.split_once('\t')?;
            let hash = head.split(' ').nth(2)?;
            Some((hash.to_owned(), path.to_owned()))
        })
        .collect();
    if entries.is_empty() {
        return Err(RevisionError::NoFolder { name: name.to_owned(), folder: prefix });
    }
    let blobs = read_blobs(folder, entries.iter().map(|(hash, _)| hash.as_str())).map_err(|e| fails(e.to_string()))?;
    // They are not written anywhere: the paths in a repository are somebody else's.
    let files = entries.into_iter().map(|(_, path)| path).zip(blobs);
    let files: Vec<(String, Vec<u8>)> = files.map(|(path, bytes)| (path, with_columns_of_today(bytes))).collect();
    Ok(load_bytes(&files, &format!("{name}:{}", prefix.trim_end_matches('/'))))
}

/// The contents of blobs, by one process.
fn read_blobs<'a>(folder: &Path, hashes: impl Iterator<Item = &'a str>) -> std::io::Result<Vec<Vec<u8>>> {
    let hashes: Vec<&str> = hashes.collect();
    let mut child = Command::new("git")
        .current_dir(folder)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let broken = || std::io::Error::other("git cat-file did not answer");
    let mut input = child.stdin.take().ok_or_else(broken)?;
    let mut output = child.stdout.take().ok_or_else(broken)?;
    let request = hashes.join("\n") + "\n";
    // Both pipes are of limited size, so one side is written while the other is read.
    let writer = std::thread::spawn(move || input.write_all(request.as_bytes()));
    let mut all = Vec::new();
    output.read_to_end(&mut all)?;
    writer.join().map_err(|_| broken())??;
    child.wait()?;
    let mut blobs = Vec::new();
    let mut rest = all.as_slice();
    for _ in &hashes {
        // `hash type size`, a line end, the contents, a line end.
        let end = rest.iter().position(|b| *b == b'\n').ok_or_else(broken)?;
        let (head, body) = rest.split_at(end);
        let size = String::from_utf8_lossy(head).rsplit(' ').next().and_then(|s| s.parse::<usize>().ok()).ok_or_else(broken)?;
        blobs.push(body.get(1..=size).ok_or_else(broken)?.to_vec());
        rest = body.get(size + 2..).ok_or_else(broken)?;
    }
    Ok(blobs)
}

/// So many later revisions are tried when one cannot be read.
const TRIED: usize = 40;

/// The first revision after one that cannot be read whose pages can; `None` where that is no revision, or none was found soon.
#[must_use]
pub fn first_readable_after(name: &str, folder: &Path) -> Option<String> {
    if Path::new(name).is_dir() {
        return None;
    }
    let range = format!("{name}..HEAD");
    let args = ["log", "--reverse", "--topo-order", "--format=%h", "--end-of-options", &range, "--", "."];
    let listed = Command::new("git").current_dir(folder).args(args).stdin(Stdio::null()).output().ok()?;
    let later = String::from_utf8(listed.stdout).ok()?;
    let is_readable = |revision: &&str| load_revision(revision, folder).is_ok_and(|loaded| !loaded.report.has_errors());
    later.lines().take(TRIED).find(is_readable).map(str::to_owned)
}
