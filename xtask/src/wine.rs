//! The drivers on a real provider: Wine's, in a scratch prefix, against peers of this process on the loopback interface.
//!
//! What a driver prints, which Wine writes to the standard error of the process that keeps it running, is all that is known of it. Every
//! step has a limit; at the end, whatever it was, no process is left.

pub(crate) mod mutants;
mod peers;
pub(crate) mod prefix;

use std::time::{Duration, Instant};

use prefix::Prefix;

use crate::Failure;
use crate::driver::{Project, level_reads};

/// How long a step may take. What a driver waits for takes it half as long at the most.
const PATIENCE: Duration = Duration::from_secs(20);
/// The drivers of the scenarios: what a driver does, and what none should.
const DRIVERS: [&str; 2] = ["tcp-echo-driver", "wine-scenarios"];
/// How often the driver is loaded and unloaded.
const CYCLES: usize = 20;

/// The drivers with what debug builds assert. The level is 0 whenever it is read there, so only the reading is tried.
pub(crate) fn debug() -> Result<(), Failure> {
    let (release, debug) = (Project::here(), Project::here().debug_build());
    let reads = |project: &Project| level_reads(&project.build(DRIVERS[0])?);
    let (without, with) = (reads(&release)?, reads(&debug)?);
    println!("{} reads its level in {with} places, in {without} as a release build", DRIVERS[0]);
    if with <= without {
        return Err(Failure::DoesNotHold("the debug build asserts nothing".to_owned()));
    }
    let outcomes = scenarios(&debug, Mode::UntilFailure)?;
    println!("{} passed, {} stubs, as debug builds", outcomes.passed, outcomes.stubs);
    Ok(())
}

pub(crate) fn run(runs: usize) -> Result<(), Failure> {
    let project = Project::here();
    for number in 1..=runs {
        println!("run {number} of {runs}");
        let begun = Instant::now();
        let Outcomes { passed, failed, stubs, .. } = scenarios(&project, Mode::All)?;
        println!("{passed} passed, {failed} failed, {stubs} stubs in {:.1} s\n", begun.elapsed().as_secs_f64());
        if failed > 0 {
            return Err(Failure::DoesNotHold(format!("{failed} scenarios failed")));
        }
    }
    Ok(())
}

/// The driver on wdk-sys: sockets made with an IRP of the runtime, and with one of the driver's own, passed as it is.
pub(crate) fn wdk_sys() -> Result<(), Failure> {
    let driver = crate::wdk_sys::build()?;
    let mut prefix = Prefix::new()?;
    let mut outcomes = Outcomes { mode: Mode::UntilFailure, passed: 0, failed: 0, stubs: 0 };
    prefix.install("wskwdk", &driver)?;
    prefix.start("wskwdk")?;
    outcomes.note("safe operation", prefix.wait_for("a safe operation made a socket: 00000000"))?;
    outcomes.note("IRP of the driver's own", prefix.wait_for("an IRP of the driver's own made a socket: 00000000"))?;
    outcomes.note("close", prefix.wait_for("and closed it: 00000000"))?;
    outcomes.note("unload", prefix.stop("wskwdk"))?;
    prefix.close()
}

/// How far to go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Through all scenarios, and all cycles.
    All,
    /// Through the scenarios, up to the first that fails.
    UntilFailure,
}

/// What has been found so far, printed as it is found.
struct Outcomes {
    mode: Mode,
    passed: usize,
    failed: usize,
    /// Functions that the provider does not have: they returned and never completed the IRP.
    stubs: usize,
}

impl Outcomes {
    fn print(verdict: &str, name: &str, why: &str) {
        println!("{verdict}  {name:<30} {why}");
    }

    fn stub(&mut self, name: &str, why: &str) {
        self.stubs += 1;
        Self::print("stub", name, why);
    }

    /// Notes how a scenario went; what is not to go on after a failure ends with it.
    fn note(&mut self, name: &str, result: Result<String, String>) -> Result<(), Failure> {
        match result {
            Ok(why) => {
                self.passed += 1;
                Self::print("pass", name, &why);
                Ok(())
            }
            Err(why) if self.mode == Mode::All => {
                self.failed += 1;
                Self::print("FAIL", name, &why);
                Ok(())
            }
            Err(why) => Err(Failure::DoesNotHold(format!("{name}: {why}"))),
        }
    }
}

/// Builds the drivers of a checkout and runs the scenarios.
fn scenarios(project: &Project, mode: Mode) -> Result<Outcomes, Failure> {
    let [echo, odd] = DRIVERS.map(|driver| project.build(driver));
    let (echo, odd) = (echo?, odd?);
    let mut prefix = Prefix::new()?;
    let mut outcomes = Outcomes { mode, passed: 0, failed: 0, stubs: 0 };
    prefix.install("wskecho", &echo)?;
    prefix.install("wskodd", &odd)?;
    echo_client_and_server(&mut prefix, &mut outcomes)?;
    refused(&mut prefix, &mut outcomes)?;
    odd_calls(&mut prefix, &mut outcomes)?;
    if mode == Mode::All {
        load_and_unload(&mut prefix, &mut outcomes)?;
    }
    prefix.close()?;
    Ok(outcomes)
}

/// The life of the echo driver: a client, then a server, unloaded while a client of its own says nothing.
fn echo_client_and_server(prefix: &mut Prefix, outcomes: &mut Outcomes) -> Result<(), Failure> {
    let server = peers::EchoServer::start(1 << 20)?;
    let listen = peers::free_port()?;
    prefix.parameters("wskecho", &[("ServerPort", server.port), ("ListenPort", listen)])?;
    prefix.start("wskecho")?;
    outcomes.note("resolve", prefix.wait_for("client: the server is 127.0.0.1"))?;
    let connected = prefix.wait_for("client: connected to");
    let limit = if connected.is_ok() { PATIENCE } else { Duration::ZERO };
    outcomes.note("connect", connected)?;
    let echoed = prefix.wait_for("client: sent ");
    let server = server.finish(limit);
    outcomes.note("send 1 MiB", compare(&echoed, &server, "sent 1048576 bytes,", 0))?;
    outcomes.note("receive", compare(&echoed, &server, "received 1048576 bytes,", 1))?;
    outcomes.note("peer close", prefix.wait_for("client: the server closed: 0 bytes"))?;
    outcomes.note("close", prefix.wait_for("client: done"))?;
    outcomes.note("listen", prefix.wait_for("server: listening"))?;

    let sent = 300_000;
    let client = peers::echo(listen, sent, PATIENCE);
    let served = prefix.wait_for("server: accepted").and_then(|_| prefix.wait_for("server: echoed"));
    let served = client.and_then(|()| {
        let line = served?;
        if line.contains(&format!("echoed {sent} bytes, ended by the client")) { Ok(line) } else { Err(line) }
    });
    outcomes.note("accept and serve", served)?;

    let silent = peers::connect(listen, PATIENCE);
    let accepted = silent.as_ref().map_err(String::clone).and_then(|_| prefix.wait_for("server: accepted"));
    let stopped = prefix.stop("wskecho");
    let ended = accepted.and_then(|_| prefix.wait_for("ended by the unloading of the driver"));
    outcomes.note("unload with a pending receive", stopped.and(ended))?;
    outcomes.note("unload", prefix.wait_for("server: done"))?;
    Ok(())
}

/// What the driver said and what the server saw: the number of bytes and the checksum at that place.
fn compare(
    said: &Result<String, String>,
    server: &Result<peers::Echoed, String>,
    bytes: &str,
    place: usize,
) -> Result<String, String> {
    let (said, server) = (said.clone()?, server.as_ref().map_err(String::clone)?);
    let sum = said.split_once("checksums ").and_then(|(_, sums)| sums.split_whitespace().nth(place));
    let seen = format!("{:016x}", server.checksum);
    if said.contains(bytes) && sum == Some(&seen) && server.bytes == 1 << 20 {
        Ok(format!("{bytes} checksum {seen} at both ends"))
    } else {
        Err(format!("the driver: {said}; the server: {} bytes, checksum {seen}", server.bytes))
    }
}

/// The same without a server; it is unloaded while a client does not stop to send.
fn refused(prefix: &mut Prefix, outcomes: &mut Outcomes) -> Result<(), Failure> {
    let listen = peers::free_port()?;
    prefix.parameters("wskecho", &[("ServerPort", peers::free_port()?), ("ListenPort", listen)])?;
    prefix.start("wskecho")?;
    outcomes.note("refused", prefix.wait_for("connect: STATUS_CONNECTION_REFUSED (0xC0000236)"))?;
    // It goes on as a server.
    let listening = prefix.wait_for("server: listening").and_then(|_| peers::flood(listen, PATIENCE));
    let accepted = listening.and_then(|()| prefix.wait_for("server: accepted"));
    std::thread::sleep(Duration::from_millis(200));
    let ended = prefix.stop("wskecho").and_then(|_| prefix.wait_for("ended by the unloading of the driver"));
    outcomes.note("unload while a client sends", accepted.and(ended))
}

fn odd_calls(prefix: &mut Prefix, outcomes: &mut Outcomes) -> Result<(), Failure> {
    let server = peers::SilentServer::start()?;
    prefix.parameters("wskodd", &[("ServerPort", server.port)])?;
    prefix.start("wskodd")?;
    outcomes.note("unbound connect", prefix.wait_for("unbound connect: STATUS_INVALID_DEVICE_STATE (0xC0000184)"))?;
    let pending = prefix.wait_for("pending receive: began with STATUS_PENDING");
    let ended = pending.and_then(|_| prefix.wait_for("pending receive: ended with STATUS_CANCELLED (0xC0000120)"));
    outcomes.note("close with a pending receive", ended)?;
    for function in ["WskGetLocalAddress", "WskGetRemoteAddress", "WskDisconnect"] {
        match prefix.wait_for(&format!("optional: {function}: ")) {
            Ok(line) if line.ends_with("never completed its IRP") => outcomes.stub(function, &line),
            result => outcomes.note(function, result)?,
        }
    }
    let done = prefix.wait_for("done");
    outcomes.note("unload after that", prefix.stop("wskodd").and(done))?;
    Ok(())
}

fn load_and_unload(prefix: &mut Prefix, outcomes: &mut Outcomes) -> Result<(), Failure> {
    let mut times = Vec::new();
    for cycle in 1..=CYCLES {
        let begun = Instant::now();
        let server = peers::EchoServer::start(1 << 20)?;
        prefix.parameters("wskecho", &[("ServerPort", server.port), ("ListenPort", peers::free_port()?)])?;
        prefix.start("wskecho")?;
        let done = prefix.wait_for("client: done").and_then(|_| prefix.wait_for("server: listening"));
        let stopped = prefix.stop("wskecho");
        let ended = done.and(stopped).and_then(|_| prefix.wait_for("server: done"));
        let served = server.finish(PATIENCE);
        if let Err(why) = ended.and(served.map(|_| ())) {
            outcomes.note("load and unload", Err(format!("cycle {cycle}: {why}")))?;
            return Ok(());
        }
        times.push(begun.elapsed());
    }
    let longest = times.iter().max().map_or(0, Duration::as_millis);
    outcomes.note("load and unload", Ok(format!("{CYCLES} times, each with its client; the longest took {longest} ms")))?;
    Ok(())
}
