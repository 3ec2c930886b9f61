//! Plain TCP peers on 127.0.0.1: what a driver talks to. Each has a limit to its time.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::PATIENCE;
use crate::Failure;
use crate::tools::cannot;

fn fails(e: std::io::Error) -> Failure {
    cannot("cannot listen on 127.0.0.1", e)
}

fn listen() -> Result<(TcpListener, u16), Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(fails)?;
    let port = listener.local_addr().map_err(fails)?.port();
    Ok((listener, port))
}

/// A port on which nobody listens.
pub(super) fn free_port() -> Result<u16, Failure> {
    listen().map(|(_, port)| port)
}

/// What a server has echoed.
#[derive(Debug)]
pub(super) struct Echoed {
    pub(super) bytes: usize,
    pub(super) checksum: u64,
}

/// A server for one client: it echoes so many bytes and closes.
pub(super) struct EchoServer {
    pub(super) port: u16,
    result: Receiver<Result<Echoed, String>>,
}

impl EchoServer {
    pub(super) fn start(bytes: usize) -> Result<Self, Failure> {
        let (listener, port) = listen()?;
        let (sender, result) = channel();
        // It ends with its client, or with the limit; if the client never comes, with this process.
        thread::spawn(move || {
            let _ = sender.send(serve(&listener, bytes).map_err(|e| format!("the server failed: {e}")));
        });
        Ok(Self { port, result })
    }

    pub(super) fn finish(self, limit: Duration) -> Result<Echoed, String> {
        self.result.recv_timeout(limit).unwrap_or_else(|_| Err("the server is not done with its client".to_owned()))
    }
}

fn serve(listener: &TcpListener, bytes: usize) -> std::io::Result<Echoed> {
    let (mut client, _) = listener.accept()?;
    client.set_read_timeout(Some(PATIENCE))?;
    client.set_write_timeout(Some(PATIENCE))?;
    let mut room = vec![0; 1 << 16];
    // FNV-1a, as the driver has it.
    let mut echoed = Echoed { bytes: 0, checksum: 0xCBF2_9CE4_8422_2325 };
    while echoed.bytes < bytes {
        let count = client.read(&mut room)?;
        let Some(data) = room.get(..count).filter(|data| !data.is_empty()) else { break };
        for byte in data {
            echoed.checksum = (echoed.checksum ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3);
        }
        client.write_all(data)?;
        echoed.bytes += count;
    }
    Ok(echoed)
}

/// A server that accepts and says nothing.
pub(super) struct SilentServer {
    pub(super) port: u16,
}

impl SilentServer {
    pub(super) fn start() -> Result<Self, Failure> {
        let (listener, port) = listen()?;
        // It ends with this process.
        thread::spawn(move || {
            let clients: Vec<_> = listener.incoming().collect();
            drop(clients);
        });
        Ok(Self { port })
    }
}

/// Connects, trying again as long as nobody listens.
pub(super) fn connect(port: u16, limit: Duration) -> Result<TcpStream, String> {
    let begun = Instant::now();
    loop {
        match TcpStream::connect((Ipv4Addr::LOCALHOST, port)) {
            Ok(stream) => return Ok(stream),
            Err(e) if e.kind() == ErrorKind::ConnectionRefused && begun.elapsed() < limit => {
                thread::sleep(Duration::from_millis(20));
            }
            Err(e) => return Err(format!("cannot connect to the driver: {e}")),
        }
    }
}

/// A client: sends so many bytes, closes its side and compares what comes back.
pub(super) fn echo(port: u16, bytes: usize, limit: Duration) -> Result<(), String> {
    let stream = connect(port, limit)?;
    let fails = |e: std::io::Error| format!("the client failed: {e}");
    stream.set_read_timeout(Some(limit)).map_err(fails)?;
    stream.set_write_timeout(Some(limit)).map_err(fails)?;
    let sent: Vec<u8> = (0..bytes).map(|i| (i.wrapping_mul(7) ^ (i >> 9)) as u8).collect();
    let mut writer = stream.try_clone().map_err(fails)?;
    let mut reader = stream;
    let received = thread::scope(|scope| {
        // What is sent and what comes back are under way at the same time.
        let writing = scope.spawn(|| writer.write_all(&sent).and_then(|()| writer.shutdown(Shutdown::Write)));
        let mut received = Vec::new();
        let read = reader.read_to_end(&mut received);
        let wrote = writing.join().unwrap_or_else(|_| Err(std::io::Error::other("the writer panicked")));
        read.and(wrote).map(|()| received)
    });
    match received.map_err(fails)? {
        same if same == sent => Ok(()),
        other => Err(format!("the client sent {bytes} bytes and got {} bytes, not the same", other.len())),
    }
}

/// A client that sends and receives without end, until the other side closes.
pub(super) fn flood(port: u16, limit: Duration) -> Result<(), String> {
    let mut reader = connect(port, limit)?;
    let mut writer = reader.try_clone().map_err(|e| format!("the client failed: {e}"))?;
    // Both end with the connection, or with this process.
    thread::spawn(move || while writer.write_all(&[7; 1 << 14]).is_ok() {});
    thread::spawn(move || {
        let mut room = vec![0; 1 << 16];
        while reader.read(&mut room).is_ok_and(|count| count > 0) {}
    });
    Ok(())
}
