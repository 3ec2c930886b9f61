//! A scratch folder with a copy of spec-data in it, and the command run there as a child: its status, what it says, the memory and the time
//! that it takes, and every file around it.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::common::{copy, root};

/// Longer than any of this takes on a slow machine, in a debug build.
const PATIENCE: Duration = Duration::from_secs(60);
/// The most memory, in KiB.
const MEMORY: i64 = 300 << 10;
/// No thread needs more: half of what the smallest of the systems' threads have.
const STACK: &str = "524288";

/// What a command left behind.
pub(crate) struct Ran {
    pub(crate) status: Option<i32>,
    pub(crate) said: String,
}

impl Ran {
    /// The status, and words that must be in the messages.
    #[track_caller]
    pub(crate) fn is(&self, status: i32, words: &[&str]) {
        assert_eq!(self.status, Some(status), "{}", self.beginning());
        for word in words {
            assert!(self.said.contains(word), "`{word}` is not in:\n{}", self.beginning());
        }
    }

    pub(crate) fn beginning(&self) -> String {
        self.said.chars().take(3000).collect()
    }
}

/// A scratch folder: `inside/spec-data` is a copy of ours, and everything around it has to stay as it is.
pub(crate) struct Scratch {
    folder: tempfile::TempDir,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        let scratch = Self { folder: tempfile::tempdir().unwrap() };
        copy(&root().join("spec-data"), &scratch.spec());
        std::fs::create_dir_all(scratch.path("elsewhere")).unwrap();
        std::fs::write(scratch.path("elsewhere/secret"), "the secret words\n").unwrap();
        scratch
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    pub(crate) fn spec(&self) -> PathBuf {
        self.path("inside/spec-data")
    }

    pub(crate) fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        let path = self.path(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Puts a link in the place of a file or folder.
    pub(crate) fn link(&self, file: &str, to: &str) {
        let path = self.path(file);
        if path.is_dir() {
            std::fs::remove_dir_all(&path).unwrap();
        } else if path.exists() {
            std::fs::remove_file(&path).unwrap();
        }
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let to = if to.starts_with('/') { PathBuf::from(to) } else { self.path(to) };
        symlink(to, path).unwrap();
    }

    /// Puts a pipe in the place of a file.
    pub(crate) fn pipe(&self, file: &str) {
        let path = self.path(file);
        let _ = std::fs::remove_file(&path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let name = CString::new(path.as_os_str().as_bytes()).unwrap();
        // SAFETY: the name is a string that ends with a zero byte, and lives until the call returns.
        assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0, "{}", std::io::Error::last_os_error());
    }

    /// Everything in the folder: files with their bytes, links with where they lead, and what else there is.
    pub(crate) fn everything(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.folder.path().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let (path, kind) = entry.map(|e| (e.path(), e.file_type().unwrap())).unwrap();
                let holds = if kind.is_symlink() {
                    std::fs::read_link(&path).unwrap().as_os_str().as_bytes().to_vec()
                } else if kind.is_file() {
                    std::fs::read(&path).unwrap()
                } else {
                    if kind.is_dir() {
                        folders.push(path.clone());
                    }
                    Vec::new()
                };
                found.insert(path, holds);
            }
        }
        found
    }

    /// Runs the command in `inside`.
    #[track_caller]
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        let out = tempfile::tempfile().unwrap();
        let start = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_wsk-codegen"))
            .args(args)
            .current_dir(self.path("inside"))
            .env("RUST_MIN_STACK", STACK)
            .stdin(Stdio::null())
            .stdout(out.try_clone().unwrap())
            .stderr(out.try_clone().unwrap())
            .spawn()
            .unwrap();
        let (mut status, mut usage) = (0, std::mem::MaybeUninit::<libc::rusage>::zeroed());
        let pid = libc::pid_t::try_from(child.id()).unwrap();
        loop {
            // SAFETY: the child is ours and nobody else waits for it; both pointers are to what lives here.
            match unsafe { libc::wait4(pid, &raw mut status, libc::WNOHANG, usage.as_mut_ptr()) } {
                0 if start.elapsed() > PATIENCE => {
                    let _ = child.kill().and_then(|()| child.wait());
                    panic!("{args:?} takes more than {} s", PATIENCE.as_secs());
                }
                0 => std::thread::sleep(Duration::from_millis(2)),
                done if done == pid => break,
                _ => panic!("{}", std::io::Error::last_os_error()),
            }
        }
        // SAFETY: zeroed, and a struct of numbers, for which zero is a value.
        let usage = unsafe { usage.assume_init() };
        if cfg!(target_os = "linux") {
            // In KiB, there.
            assert!(usage.ru_maxrss < MEMORY, "{args:?} takes {} MiB", usage.ru_maxrss >> 10);
        }
        let mut said = Vec::new();
        let mut out = out;
        std::io::Seek::rewind(&mut out).unwrap();
        std::io::Read::read_to_end(&mut out, &mut said).unwrap();
        // Messages are broken into lines, with a bar before each but the first.
        let said = String::from_utf8_lossy(&said);
        let said = said.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
        Ran { status: libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status)), said }
    }

    /// Runs the command, and sees that nothing anywhere has changed.
    #[track_caller]
    pub(crate) fn run_in_vain(&self, args: &[&str]) -> Ran {
        let before = self.everything();
        let ran = self.run(args);
        let after = self.everything();
        let changed: Vec<_> =
            before.iter().filter(|(path, holds)| after.get(*path) != Some(holds)).map(|(path, _)| path).collect();
        let new: Vec<_> = after.keys().filter(|path| !before.contains_key(*path)).collect();
        assert!(changed.is_empty() && new.is_empty(), "changed: {changed:?}, new: {new:?}\n{}", ran.beginning());
        ran
    }
}
