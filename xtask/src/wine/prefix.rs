//! A scratch prefix of Wine, its processes, and what drivers in it print.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use wait_timeout::ChildExt;

use super::PATIENCE;
use crate::Failure;
use crate::tools::cannot;

const WINE: &str = "/usr/lib/wine/wine64";
const SERVER: &str = "/usr/lib/wine/wineserver64";
/// How long making the prefix may take.
const SETUP: Duration = Duration::from_secs(180);
/// What of the output is kept for the reason of a failure.
const CONTEXT: usize = 8;

/// A prefix. Dropping it ends all of its processes.
pub(crate) struct Prefix {
    folder: TempDir,
    /// Wine's services end with the last process of a user, so one is kept: its standard error is what drivers print.
    keeper: Child,
    lines: Receiver<String>,
    /// What was printed last.
    last: VecDeque<String>,
}

fn wine(folder: &Path, program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).env("WINEPREFIX", folder).env("WINEARCH", "win64");
    command.env("WINEDLLOVERRIDES", "mscoree,mshtml=;winemenubuilder.exe,winedbg.exe=d");
    // What drivers print, and which functions of the provider are stubs.
    command.env("WINEDEBUG", "-all,warn+debugstr,fixme+netio").env_remove("DISPLAY").stdin(Stdio::null());
    command
}

/// Runs a program to its end, which must come in time.
fn bounded(mut command: Command, limit: Duration) -> Result<bool, Failure> {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    wait(command.spawn().map_err(|e| cannot("cannot run wine", e))?, &command, limit)
}

fn wait(mut child: Child, command: &Command, limit: Duration) -> Result<bool, Failure> {
    match child.wait_timeout(limit).map_err(|e| cannot("cannot wait for wine", e))? {
        Some(status) => Ok(status.success()),
        None => {
            let _ = child.kill();
            let _ = child.wait();
            Err(Failure::DoesNotHold(format!("not over after {} s: {command:?}", limit.as_secs())))
        }
    }
}

/// Makes what a Windows has of files and registry.
fn boot(folder: &Path) -> Result<(), Failure> {
    let mut command = wine(folder, WINE, &["wineboot", "-i"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().map_err(|e| cannot("cannot run wine", e))?;
    let said = lines(child.stderr.take());
    let made = wait(child, &command, SETUP);
    end(folder);
    if made? {
        return Ok(());
    }
    // With the last process its end of the pipe is closed.
    let said = Vec::from_iter(std::iter::from_fn(|| said.recv_timeout(PATIENCE).ok()));
    let said = if said.is_empty() { "nothing".to_owned() } else { said.join(" / ") };
    let place = folder.display();
    Err(Failure::CannotRun(format!("wineboot failed; it needs 1 GB of disk at {place} (TMPDIR moves it); it printed: {said}")))
}

/// The lines that a process writes. The thread that reads them ends with the last process that has the other end.
fn lines(output: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, lines) = channel();
    if let Some(output) = output {
        thread::spawn(move || {
            for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).trim_end().to_owned();
                // Of what a driver prints, the name of the thread, the channel and the function are Wine's.
                let said = line.split_once("vDbgPrintExWithPrefix ").and_then(|(_, said)| said.split_once(": "));
                if sender.send(said.map_or(line.clone(), |(_, said)| said.to_owned())).is_err() {
                    break;
                }
            }
        });
    }
    lines
}

impl Prefix {
    pub(crate) fn new() -> Result<Self, Failure> {
        if !Path::new(WINE).exists() || !Path::new(SERVER).exists() {
            return Err(Failure::CannotRun("Wine is not installed; apt-get install wine64".to_owned()));
        }
        let folder = tempfile::Builder::new().prefix("wsk-wine-").tempdir().map_err(|e| cannot("no temporary folder", e))?;
        boot(folder.path())?;
        let mut keeper = wine(folder.path(), WINE, &["cmd", "/q"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| cannot("cannot run wine", e))?;
        let said = lines(keeper.stdout.take());
        let printed = lines(keeper.stderr.take());
        let mut prefix = Self { folder, keeper, lines: printed, last: VecDeque::new() };
        // The services are started by the first process of all, and print where that one does: others must come later.
        if let Some(input) = &mut prefix.keeper.stdin {
            input.write_all(b"echo is-ready\r\n").map_err(|e| cannot("cannot talk to cmd", e))?;
        }
        let begun = Instant::now();
        while !said
            .recv_timeout(SETUP.saturating_sub(begun.elapsed()))
            .map_err(|e| cannot("cmd does not start", e))?
            .contains("is-ready")
        {}
        Ok(prefix)
    }

    fn run(&self, arguments: &[&str]) -> Result<bool, Failure> {
        bounded(wine(self.folder.path(), WINE, arguments), PATIENCE)
    }

    /// Copies a driver to where drivers are, and makes a service of it.
    pub(crate) fn install(&self, service: &str, driver: &Path) -> Result<(), Failure> {
        let drivers = self.folder.path().join("drive_c/windows/system32/drivers");
        std::fs::copy(driver, drivers.join(format!("{service}.sys"))).map_err(|e| cannot("cannot install the driver", e))?;
        let path = format!("C:\\windows\\system32\\drivers\\{service}.sys");
        if self.run(&["sc", "create", service, "type=", "kernel", "start=", "demand", "binPath=", &path])? {
            Ok(())
        } else {
            Err(Failure::CannotRun(format!("sc create {service} failed")))
        }
    }

    /// Sets parameters of a driver, numbers.
    pub(crate) fn parameters(&self, service: &str, values: &[(&str, u16)]) -> Result<(), Failure> {
        let key = format!("HKLM\\System\\CurrentControlSet\\Services\\{service}\\Parameters");
        for (name, value) in values {
            if !self.run(&["reg", "add", &key, "/v", name, "/t", "REG_DWORD", "/d", &value.to_string(), "/f"])? {
                return Err(Failure::CannotRun(format!("reg add {name} failed")));
            }
        }
        Ok(())
    }

    /// Loads a driver, whose entry must succeed.
    pub(crate) fn start(&mut self, service: &str) -> Result<(), Failure> {
        // What an earlier run of it has printed is not taken for this one's.
        while self.lines.try_recv().is_ok() {}
        self.last.clear();
        if self.run(&["net", "start", service])? {
            Ok(())
        } else {
            Err(Failure::DoesNotHold(format!("{service} does not load; it printed:\n{}", self.printed())))
        }
    }

    /// Unloads a driver.
    pub(crate) fn stop(&mut self, service: &str) -> Result<String, String> {
        match self.run(&["net", "stop", service]) {
            Ok(true) => Ok("unloaded".to_owned()),
            Ok(false) => Err(format!("{service} does not unload: it, or the process that it is in, is gone")),
            Err(Failure::DoesNotHold(why) | Failure::CannotRun(why)) => Err(why),
        }
    }

    /// The next line with a text in it.
    pub(crate) fn wait_for(&mut self, text: &str) -> Result<String, String> {
        let end = Instant::now() + PATIENCE;
        loop {
            match self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    if self.last.len() == CONTEXT {
                        self.last.pop_front();
                    }
                    self.last.push_back(line.clone());
                    if line.contains(text) {
                        return Ok(line);
                    }
                    // The driver has said its last: a panic, or an access to what is not there.
                    if line.starts_with("panic: ") || line.starts_with("wine: Unhandled") {
                        return Err(line);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    return Err(format!("no `{text}` in {} s; printed instead: {}", PATIENCE.as_secs(), self.printed()));
                }
                Err(RecvTimeoutError::Disconnected) => return Err("wine has ended".to_owned()),
            }
        }
    }

    fn printed(&mut self) -> String {
        self.last.extend(self.lines.try_iter());
        Vec::from_iter(self.last.iter().map(String::as_str)).join(" / ")
    }

    /// Ends all processes, and makes sure that none is left.
    pub(crate) fn close(self) -> Result<(), Failure> {
        let folder = self.folder.path().to_path_buf();
        drop(self);
        // Some need a moment to be gone.
        let end = Instant::now() + PATIENCE;
        let mut left = processes(&folder);
        while !left.is_empty() && Instant::now() < end {
            thread::sleep(Duration::from_millis(50));
            left = processes(&folder);
        }
        if left.is_empty() { Ok(()) } else { Err(Failure::DoesNotHold(format!("processes are left: {}", left.join(", ")))) }
    }
}

impl Drop for Prefix {
    fn drop(&mut self) {
        let _ = self.keeper.kill();
        let _ = self.keeper.wait();
        end(self.folder.path());
    }
}

/// Ends the server of a prefix, and with it every process. One that is just being started may not know of the server yet, and is left
/// behind by it: such processes are ended one by one.
fn end(folder: &Path) {
    let _ = bounded(wine(folder, SERVER, &["-k"]), PATIENCE);
    let _ = bounded(wine(folder, SERVER, &["-w"]), PATIENCE);
    for process in processes(folder) {
        let mut kill = Command::new("kill");
        kill.args(["-KILL", &process]);
        let _ = bounded(kill, PATIENCE);
    }
}

/// The processes that have a prefix in their environment.
fn processes(folder: &Path) -> Vec<String> {
    let wanted = format!("WINEPREFIX={}", folder.display());
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let environment = std::fs::read(entry.path().join("environ")).ok()?;
            let is_ours = environment.split(|b| *b == 0).any(|variable| variable == wanted.as_bytes());
            is_ours.then(|| entry.file_name().to_string_lossy().into_owned())
        })
        .collect()
}
