//! A driver that echoes datagrams. WSK hands them to a callback as they come, at up to DISPATCH_LEVEL; the callback keeps them for a
//! thread, which sends them back at its leisure.
//!
//! The port comes from the registry, as `ListenPort` (REG_DWORD) in the key `Parameters` of the driver. Wine's WSK provider has neither
//! datagram sockets nor callbacks, so this driver is built and checked there, and not run.
#![no_std]

use core::net::{Ipv4Addr, SocketAddr};
use core::time::Duration;

use driver_support::{DRIVER_OBJECT, Driver, NTSTATUS, UNICODE_STRING, print};
use wsk::kind::Datagram;
use wsk::state::Bound;
use wsk::sys::MAKE_WSK_VERSION;
use wsk::*;

/// How long an operation may take before the driver gives up.
const PATIENCE: Duration = Duration::from_secs(10);
const AF_INET: u16 = 2;
const IPPROTO_UDP: u32 = 17;

/// Which version of WSK the driver is written for. WSK keeps a pointer to it.
static CLIENT: ClientCallbacks<()> = ClientCallbacks::new(MAKE_WSK_VERSION(1, 0));

/// What the callback shares with the thread: the context of the socket.
struct Inbox {
    waiting: SpinLock<Waiting>,
    /// Set when there are datagrams.
    news: Event,
}

/// Datagrams that nobody has looked at yet.
struct Waiting {
    /// Until they are dropped they are lent by WSK, which does not close the socket before.
    datagrams: Option<RetainedDatagramIndication>,
    /// Nobody will look any more.
    is_over: bool,
}

/// The callbacks of the socket. That they fit its kind and its context is for the compiler to check.
static CALLBACKS: DatagramCallbacks<Inbox> = DatagramCallbacks::new().receive_from_event::<on_receive_from>();

/// WSK calls this when datagrams have come. It may be at DISPATCH_LEVEL: the token says so, and nothing in here could wait.
#[wsk_callback(WskReceiveFromEvent)]
fn on_receive_from(
    inbox: &Inbox,
    _flags: ReceiveFromEventFlags,
    data: Option<DatagramIndication<'_>>,
    irql: &mut Irql<Dispatch>,
) -> ReceiveFromEventStatus {
    // Without data, the call says that the socket is dead; the thread finds out when it sends.
    let Some(data) = data else { return ReceiveFromEventStatus::Success };
    let mut waiting = inbox.waiting.lock(irql);
    // Datagrams may be lost on their way, so these may be lost here, when the thread has not kept up.
    if waiting.datagrams.is_some() || waiting.is_over {
        return ReceiveFromEventStatus::Success;
    }
    let Ok(kept) = data.retain() else { return ReceiveFromEventStatus::Success };
    waiting.datagrams = Some(kept);
    inbox.news.set();
    ReceiveFromEventStatus::Pending
}

/// The kernel calls this when the driver is loaded.
#[unsafe(no_mangle)]
extern "system" fn DriverEntry(driver: &mut DRIVER_OBJECT, registry_path: &UNICODE_STRING) -> NTSTATUS {
    // SAFETY: these are the arguments that the kernel gave.
    unsafe { driver_support::run_until_unload(driver, registry_path, run) }
}

/// What the driver's thread does. Each value gives back, when it is dropped, what it stands for: in the reverse order of their making.
fn run(mut irql: Irql<Passive>, driver: &Driver) {
    let registration = match Registration::register_with_callbacks(&irql, &(), &CLIENT) {
        Ok(registration) => registration,
        Err(status) => return print!("register: {}", status.status()),
    };
    let provider = match registration.capture_provider_npi(&irql, CaptureProviderNpiWaitTimeout(10_000)) {
        Ok(provider) => provider,
        Err(status) => return print!("capture: {}", status.status()),
    };
    let port = driver.parameters.number("ListenPort").and_then(|n| u16::try_from(n).ok()).unwrap_or(7007);
    match open(&irql, &provider, port) {
        Ok(socket) => {
            serve(&mut irql, driver, &socket);
            // Dropping the socket closes it, too; this waits until no callback runs any more.
            if socket.start_close_socket(&irql).wait(&irql, Some(PATIENCE)).is_ok() {
                print!("done");
            }
        }
        Err(step) => print!("{step} failed"),
    }
}

type EchoSocket<'a> = OwnedSocket<'a, Datagram, Bound, Inbox>;

/// A socket on that port, whose callback is called from now on; or which step failed.
fn open<'a>(irql: &Irql<Passive>, provider: &'a ProviderNpi<'_>, port: u16) -> Result<EchoSocket<'a>, &'static str> {
    let waiting = SpinLock::new(Waiting { datagrams: None, is_over: false });
    let inbox = Inbox { waiting, news: Event::new().map_err(|_| "an event")? };
    let making =
        provider.start_socket_with_callbacks::<Datagram, _, _>(irql, AF_INET, SocketType::Dgram, IPPROTO_UDP, inbox, &CALLBACKS);
    let made = making.map_err(|_| "a socket")?.wait(irql, Some(PATIENCE)).map_err(|_| "a socket, in time,")?;
    let socket = made.socket.ok_or("WskSocket")?;
    let binding = socket.start_bind(irql, SocketAddressV4::new(Ipv4Addr::UNSPECIFIED, port)).map_err(|_| "to bind")?;
    let bound = binding.wait(irql, Some(PATIENCE)).map_err(|_| "to bind, in time,")?;
    let socket = bound.socket.map_err(|_| "WskBind")?;
    match socket.enable_event_callbacks(irql, EventCallbackEventMask::RECEIVE_FROM) {
        Ok(ControlSocketStatus::Success) => Ok(socket),
        _ => Err("to enable the callback"),
    }
}

/// Sends back what comes, until the driver is unloaded.
fn serve(irql: &mut Irql<Passive>, driver: &Driver, socket: &EchoSocket<'_>) {
    let inbox = socket.context();
    print!("listening");
    while inbox.news.wait_unless(irql, &driver.stop, None) {
        inbox.news.clear();
        // The token is lent to the lock: no call that needs PASSIVE_LEVEL would compile before the lock is let go.
        let datagrams = inbox.waiting.lock(irql).datagrams.take();
        for datagram in datagrams.iter().flat_map(|kept| kept.iter()) {
            if let Some(sender) = datagram.remote_address().and_then(SocketAddressRef::socket_addr) {
                echo(irql, socket, &datagram, sender);
            }
        }
        // Dropping the datagrams here gives them back to WSK.
    }
    // What came after that would keep the socket, to which it belongs, open for ever.
    let mut waiting = inbox.waiting.lock(irql);
    waiting.is_over = true;
    let last = waiting.datagrams.take();
    drop(waiting);
    drop(last);
}

/// Sends a copy of a datagram to where it came from.
fn echo(irql: &Irql<Passive>, socket: &EchoSocket<'_>, datagram: &DatagramIndicationEntry<'_>, sender: SocketAddr) -> Option<()> {
    // An empty datagram has no buffer to be sent from.
    let mut buffer = NonPagedBuffer::zeroed(datagram.len()).ok()?;
    let mut rest = &mut *buffer;
    for chunk in datagram.chunks() {
        let chunk = chunk.ok()?;
        let (to, after) = rest.split_at_mut_checked(chunk.len())?;
        to.copy_from_slice(chunk);
        rest = after;
    }
    let sending = socket.start_send_to(irql, buffer, Some(sender.into())).ok()?;
    let sent = sending.wait(irql, Some(PATIENCE)).ok()?;
    print!("echoed {} bytes to {sender}", sent.bytes);
    Some(())
}
