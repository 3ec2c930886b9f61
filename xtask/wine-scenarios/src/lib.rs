//! A driver for `cargo xtask wine`, which reads what it prints: calls that the safe operations do not allow, by the wrappers beneath
//! them, and functions that a provider may not have.
#![no_std]

use core::net::{Ipv4Addr, SocketAddrV4};
use core::time::Duration;

use driver_support::{DRIVER_OBJECT, Driver, NTSTATUS, UNICODE_STRING, print};
use wsk::state::{Bound, Connected, Unbound};
use wsk::sys::{MAKE_WSK_VERSION, WSK_BUF};
use wsk::*;

const PATIENCE: Duration = Duration::from_secs(5);
const AF_INET: u16 = 2;
const IPPROTO_TCP: u32 = 6;

static CLIENT: ClientCallbacks<()> = ClientCallbacks::new(MAKE_WSK_VERSION(1, 0));

#[unsafe(no_mangle)]
extern "system" fn DriverEntry(driver: &mut DRIVER_OBJECT, registry_path: &UNICODE_STRING) -> NTSTATUS {
    // SAFETY: these are the arguments that the kernel gave.
    unsafe { driver_support::run_until_unload(driver, registry_path, run) }
}

fn run(irql: Irql<Passive>, driver: &Driver) {
    let irql = &irql;
    let port = driver.parameters.number("ServerPort").and_then(|n| u16::try_from(n).ok()).unwrap_or(7);
    let Ok(registration) = Registration::register_with_callbacks(irql, &(), &CLIENT) else { return print!("not registered") };
    let Ok(provider) = registration.capture_provider_npi(irql, CaptureProviderNpiWaitTimeout(10_000)) else {
        return print!("not captured");
    };
    let server = SocketAddressV4::from(SocketAddrV4::new(Ipv4Addr::LOCALHOST, port));
    if unbound_connect(irql, &provider, server).is_none()
        || pending_receive(irql, &provider, server).is_none()
        || functions_that_may_be_missing(irql, &provider, server).is_none()
    {
        print!("a step before failed");
    }
    print!("done");
}

type Socket<'a, S> = OwnedSocket<'a, kind::Connection, S>;

fn socket<'a>(irql: &Irql<Passive>, provider: &'a ProviderNpi<'_>) -> Option<Socket<'a, Unbound>> {
    let making = provider.start_socket(irql, AF_INET, SocketType::Stream, IPPROTO_TCP).ok()?;
    making.wait(irql, Some(PATIENCE)).ok()?.socket
}

fn bound<'a>(irql: &Irql<Passive>, provider: &'a ProviderNpi<'_>) -> Option<Socket<'a, Bound>> {
    let any = SocketAddressV4::new(Ipv4Addr::UNSPECIFIED, 0);
    let binding = socket(irql, provider)?.start_bind(irql, any).ok()?;
    binding.wait(irql, Some(PATIENCE)).ok()?.socket.ok()
}

fn connected<'a>(irql: &Irql<Passive>, provider: &'a ProviderNpi<'_>, server: SocketAddressV4) -> Option<Socket<'a, Connected>> {
    let connecting = bound(irql, provider)?.start_connect(irql, server).ok()?;
    connecting.wait(irql, Some(PATIENCE)).ok()?.socket.ok()
}

/// A socket that is not bound is connected: no method of an [`OwnedSocket`] does that.
fn unbound_connect(irql: &Irql<Passive>, provider: &ProviderNpi<'_>, server: SocketAddressV4) -> Option<()> {
    let socket = socket(irql, provider)?;
    let request = Request::new(server).ok()?;
    // SAFETY: the IRP is passed to WskConnect, which completes it; the address is in the payload. That the socket is not bound is
    // refused by the provider: that is what is tried here.
    let started = unsafe {
        request.start(|irp, server| Ok::<_, core::convert::Infallible>(socket.handle().connect(irql, &*server, irp).status()))
    };
    let Ok((_, request)) = started;
    match request.wait(irql, Some(PATIENCE)) {
        Ok(request) => print!("unbound connect: {}", request.status()),
        Err(_) => print!("unbound connect: never completed"),
    }
    Some(())
}

/// What receiving into a buffer needs until it is over.
struct Receiving {
    description: WSK_BUF,
    _part: BufferPart,
}

// SAFETY: the description refers to the buffer beside it.
unsafe impl Send for Receiving {}

/// A socket is closed while it waits for data. By the wrapper, which shows what the call itself returned.
fn pending_receive(irql: &Irql<Passive>, provider: &ProviderNpi<'_>, server: SocketAddressV4) -> Option<()> {
    let socket = connected(irql, provider, server)?;
    let part = BufferPart::from(NonPagedBuffer::zeroed(64).ok()?);
    let request = Request::new(Receiving { description: part.describe(), _part: part }).ok()?;
    // SAFETY: the IRP is passed to WskReceive, which completes it; the buffer and its description are in the payload.
    let started = unsafe {
        request.start(|irp, receiving| {
            let status = socket.handle().receive(irql, &receiving.description, ReceiveFlags::empty(), irp);
            Ok::<_, core::convert::Infallible>(status.status())
        })
    };
    let Ok((status, request)) = started;
    print!("pending receive: began with {status}");
    if socket.start_close_socket(irql).wait(irql, Some(PATIENCE)).is_err() {
        print!("pending receive: the socket is not closed");
    }
    match request.wait(irql, Some(PATIENCE)) {
        Ok(request) => print!("pending receive: ended with {}", request.status()),
        Err(_) => print!("pending receive: never completed"),
    }
    Some(())
}

/// Functions that Wine's provider has as stubs: they return and leave the IRP as it is.
fn functions_that_may_be_missing(irql: &Irql<Passive>, provider: &ProviderNpi<'_>, server: SocketAddressV4) -> Option<()> {
    const SHORT: Duration = Duration::from_millis(500);
    let socket = connected(irql, provider, server)?;
    match socket.start_get_local_address(irql).ok()?.wait(irql, Some(SHORT)) {
        Ok(outcome) => print!("optional: WskGetLocalAddress: {}", outcome.status.status()),
        Err(_) => print!("optional: WskGetLocalAddress: never completed its IRP"),
    }
    match socket.start_get_remote_address(irql).ok()?.wait(irql, Some(SHORT)) {
        Ok(outcome) => print!("optional: WskGetRemoteAddress: {}", outcome.status.status()),
        Err(_) => print!("optional: WskGetRemoteAddress: never completed its IRP"),
    }
    match socket.start_disconnect(irql, None, DisconnectFlags::empty()).ok()?.wait(irql, Some(SHORT)) {
        Ok(outcome) => print!("optional: WskDisconnect: {}", outcome.status.status()),
        Err(_) => print!("optional: WskDisconnect: never completed its IRP"),
    }
    Some(())
}
