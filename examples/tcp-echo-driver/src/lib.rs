//! A driver that connects to an echo server and checks what comes back, then is an echo server itself until it is unloaded.
//!
//! Read it from top to bottom: [`run`] is its whole life. Where to go comes from the registry, from the key `Parameters` of the driver:
//! the server's name as `Server` (REG_SZ), ports as `ServerPort` and `ListenPort` (REG_DWORD). What it finds is printed for a debugger.
#![no_std]

use core::net::{IpAddr, Ipv4Addr, SocketAddrV4};
use core::time::Duration;

use driver_support::{DRIVER_OBJECT, Driver, NTSTATUS, UNICODE_STRING, print};
use wsk::state::{Connected, Listening, Unbound};
use wsk::sys::MAKE_WSK_VERSION;
use wsk::*;

/// How long an operation may take before the driver gives up.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a peer may take to agree to the end of a connection.
const LINGER: Duration = Duration::from_secs(1);
/// How much is sent to the server.
const MEBIBYTE: usize = 1 << 20;
/// How much is received at a time.
const ROOM: usize = 1 << 16;
const AF_INET: u16 = 2;
const IPPROTO_TCP: u32 = 6;

/// Which version of WSK the driver is written for. WSK keeps a pointer to it.
static CLIENT: ClientCallbacks<()> = ClientCallbacks::new(MAKE_WSK_VERSION(1, 0));

/// The kernel calls this when the driver is loaded.
#[unsafe(no_mangle)]
extern "system" fn DriverEntry(driver: &mut DRIVER_OBJECT, registry_path: &UNICODE_STRING) -> NTSTATUS {
    // SAFETY: these are the arguments that the kernel gave.
    unsafe { driver_support::run_until_unload(driver, registry_path, run) }
}

/// What the driver's thread does. Each value gives back, when it is dropped, what it stands for: in the reverse order of their making.
fn run(irql: Irql<Passive>, driver: &Driver) {
    let irql = &irql;
    let registration = match Registration::register_with_callbacks(irql, &(), &CLIENT) {
        Ok(registration) => registration,
        Err(status) => return print!("register: {}", status.status()),
    };
    let provider = match registration.capture_provider_npi(irql, CaptureProviderNpiWaitTimeout(10_000)) {
        Ok(provider) => provider,
        Err(status) => return print!("capture: {}", status.status()),
    };
    let task = Task { irql, driver, provider: &provider };
    let port = |name, default| driver.parameters.number(name).and_then(|n| u16::try_from(n).ok()).unwrap_or(default);
    let server = task.resolve().map(|address| SocketAddrV4::new(address, port("ServerPort", 7)));
    if server.and_then(|server| task.call(server)).is_some() {
        print!("client: done");
    }
    if task.serve(port("ListenPort", 7007)).is_some() {
        print!("server: done");
    }
}

/// What every step needs.
#[derive(Clone, Copy)]
struct Task<'a> {
    irql: &'a Irql<Passive>,
    driver: &'a Driver,
    provider: &'a ProviderNpi<'a>,
}

impl<'a> Task<'a> {
    /// Waits for an operation to be over, and says so if it cannot be started or takes too long.
    fn done<'b, P: Payload, E: core::fmt::Display>(
        &self,
        step: &str,
        operation: Result<Operation<'b, P>, E>,
    ) -> Option<P::Outcome<'b>> {
        let operation = operation.inspect_err(|why| print!("{step}: {why}")).ok()?;
        operation.wait(self.irql, Some(PATIENCE)).inspect_err(|_| print!("{step}: not completed in {PATIENCE:?}")).ok()
    }

    /// A new TCP socket.
    fn socket<K: HasCloseSocket>(&self) -> Option<OwnedSocket<'a, K, Unbound>> {
        let made = self.done("socket", self.provider.start_socket(self.irql, AF_INET, SocketType::Stream, IPPROTO_TCP))?;
        made.socket.or_else(|| report("socket", made.status))
    }

    /// The first IPv4 address of the server.
    fn resolve(&self) -> Option<Ipv4Addr> {
        let name = match self.driver.parameters.text("Server") {
            Some(name) => name,
            None => UnicodeString::new("localhost").ok()?,
        };
        let list = self.provider.wait_get_address_info(self.irql, Some(name), None, None);
        let list = list.inspect_err(|status| print!("resolve: {}", status.status())).ok()?;
        let address = list.list().addresses().find_map(|address| match address.ip() {
            IpAddr::V4(address) => Some(address),
            IpAddr::V6(_) => None,
        });
        match address {
            Some(address) => print!("client: the server is {address}"),
            None => print!("resolve: no IPv4 address"),
        }
        address
    }

    /// Connects to the server, has it echo a mebibyte, and compares.
    fn call(&self, server: SocketAddrV4) -> Option<()> {
        let socket = self.socket::<kind::Connection>()?;
        let any = SocketAddressV4::new(Ipv4Addr::UNSPECIFIED, 0);
        let bound = self.done("bind", socket.start_bind(self.irql, any))?;
        let socket = bound.socket.ok().or_else(|| report("bind", bound.status))?;
        let connected = self.done("connect", socket.start_connect(self.irql, SocketAddressV4::from(server)))?;
        let socket = connected.socket.ok().or_else(|| report("connect", connected.status))?;
        print!("client: connected to {server}");

        let mut data = allocate(MEBIBYTE)?;
        let mut pattern = Checksum::default();
        for (i, byte) in data.iter_mut().enumerate() {
            *byte = (i ^ (i >> 8) ^ (i >> 16)) as u8;
        }
        pattern.add(&data);
        // The server echoes as it receives, so what comes back is received while sending goes on.
        let sending = socket.start_send(self.irql, data, SendFlags::empty());
        let mut echo = Checksum::default();
        let mut room = allocate(ROOM)?;
        while echo.bytes < MEBIBYTE {
            let received = self.receive(&socket, room)?;
            let Some(data) = received.buffer.get(..received.bytes).filter(|data| !data.is_empty()) else {
                print!("client: the server closed after {} bytes", echo.bytes);
                return None;
            };
            echo.add(data);
            room = received.buffer;
        }
        let sent = self.done("send", sending)?;
        if sent.status != SendStatus::Success {
            return report("send", sent.status);
        }
        print!(
            "client: sent {} bytes, received {} bytes, checksums {:016x} {:016x}",
            sent.bytes, echo.bytes, pattern.sum, echo.sum
        );
        // Nothing more comes but the end of the stream: zero bytes.
        let end = self.receive(&socket, room)?;
        print!("client: the server closed: {} bytes", end.bytes);
        self.hang_up(socket)
    }

    /// Serves one client after the other until the driver is unloaded.
    fn serve(&self, port: u16) -> Option<()> {
        let socket = self.socket::<kind::Listen>()?;
        let address = SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, port);
        // A listening socket listens once it is bound.
        let bound = self.done("listen", socket.start_bind(self.irql, SocketAddressV4::from(address)))?;
        let socket: OwnedSocket<'_, _, Listening> = bound.socket.ok().or_else(|| report("listen", bound.status))?;
        print!("server: listening at {address}");
        while let Some(client) = self.accept(&socket) {
            let served = echo(self.irql, &self.driver.stop, &client, allocate(ROOM)?);
            print!("server: echoed {} bytes, ended by {}", served.bytes, served.end);
            self.hang_up(client)?;
        }
        self.close(socket)
    }

    /// The next client; `None` when the driver is being unloaded.
    fn accept<'b>(
        &self,
        socket: &'b OwnedSocket<'a, kind::Listen, Listening>,
    ) -> Option<OwnedSocket<'b, kind::Connection, Connected>> {
        let accepting = socket.start_accept(self.irql).inspect_err(|why| print!("accept: {why}")).ok()?;
        let accepted = accepting.wait_unless(self.irql, &self.driver.stop, None).ok()?;
        if let Some(client) = accepted.remote_address.socket_addr() {
            print!("server: accepted {client}");
        }
        accepted.socket.or_else(|| report("accept", accepted.status))
    }

    fn receive(&self, socket: &OwnedSocket<'_, kind::Connection, Connected>, room: NonPagedBuffer) -> Option<ReceiveOutcome> {
        let received = self.done("receive", socket.start_receive(self.irql, room, ReceiveFlags::empty()))?;
        if received.status == ReceiveStatus::Success { Some(received) } else { report("receive", received.status) }
    }

    /// Ends a connection in order. Closing alone would cut it off, and lose what is still on its way.
    fn hang_up(&self, socket: OwnedSocket<'_, kind::Connection, Connected>) -> Option<()> {
        let ending = socket.start_disconnect(self.irql, None, DisconnectFlags::empty());
        let ending = ending.inspect_err(|why| print!("disconnect: {why}")).ok()?;
        if ending.wait(self.irql, Some(LINGER)).is_err() {
            print!("disconnect: not completed in {LINGER:?}");
        }
        self.close(socket)
    }

    /// Dropping a socket closes it, too; this waits until it is closed.
    fn close<K: HasCloseSocket, S: state::State>(&self, socket: OwnedSocket<'_, K, S>) -> Option<()> {
        self.done::<_, Refusal>("close", Ok(socket.start_close_socket(self.irql))).map(|_| ())
    }
}

/// How a client was served.
struct Served {
    bytes: usize,
    end: &'static str,
}

/// Sends back what is received, until the client closes, something fails or the driver is unloaded.
///
/// One buffer goes back and forth: an operation owns it as long as it goes on.
#[inline(never)]
fn echo(
    irql: &Irql<Passive>,
    stop: &Event,
    client: &OwnedSocket<'_, kind::Connection, Connected>,
    mut buffer: NonPagedBuffer,
) -> Served {
    let mut bytes = 0;
    let end = loop {
        let Ok(receiving) = client.start_receive(irql, buffer, ReceiveFlags::empty()) else { break "want of memory" };
        let Ok(received) = receiving.wait_unless(irql, stop, None) else { break "the unloading of the driver" };
        if received.status != ReceiveStatus::Success {
            break "a failure to receive";
        }
        if received.bytes == 0 {
            break "the client";
        }
        let Ok(part) = received.buffer.part(0..received.bytes) else { break "a wrong count" };
        let Ok(sending) = client.start_send(irql, part, SendFlags::empty()) else { break "want of memory" };
        let Ok(sent) = sending.wait(irql, Some(PATIENCE)) else { break "the client's slowness" };
        if sent.status != SendStatus::Success {
            break "a failure to send";
        }
        bytes += sent.bytes;
        buffer = sent.buffer;
    };
    Served { bytes, end }
}

/// FNV-1a of all bytes so far, and their number.
struct Checksum {
    sum: u64,
    bytes: usize,
}

impl Default for Checksum {
    fn default() -> Self {
        Self { sum: 0xCBF2_9CE4_8422_2325, bytes: 0 }
    }
}

impl Checksum {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.sum = (self.sum ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3);
        }
        self.bytes += bytes.len();
    }
}

/// Memory to send from and receive into.
fn allocate(size: usize) -> Option<NonPagedBuffer> {
    NonPagedBuffer::zeroed(size).inspect_err(|status| print!("memory: {status}")).ok()
}

/// Prints how a step failed.
fn report<T>(step: &str, status: impl Into<NtStatus>) -> Option<T> {
    print!("{step}: {}", status.into());
    None
}
