//! The safe operations, on a provider of the test's own that completes IRPs at once or later: what an operation is given comes back,
//! sockets change their state, and nothing is lost or left open, however early it is dropped.
#![cfg(not(windows))]
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::result_large_err, reason = "a test")]
#![allow(clippy::undocumented_unsafe_blocks, reason = "the provider of a test, which does what a provider may do")]

#[path = "../../runtime/tests/host/mod.rs"]
mod host;

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::pin::Pin;
use std::ptr::null_mut;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use host::{at_level, complete, fail_after, live};
use wsk::kind::{Connection, Datagram, Listen, Stream};
use wsk::state::{Bound, Connected, Listening, Unbound};
use wsk::sys::*;
use wsk::*;

thread_local! {
    /// What the next calls are completed with; without an entry they are completed with success.
    static NEXT: RefCell<Vec<(i32, usize)>> = const { RefCell::new(Vec::new()) };
    /// Whether calls are left pending.
    static LATER: Cell<bool> = const { Cell::new(false) };
    /// Pending IRPs, with what they are to be completed with.
    static PENDING: RefCell<Vec<(usize, i32, usize)>> = const { RefCell::new(Vec::new()) };
    static CALLS: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    static OPEN: Cell<isize> = const { Cell::new(0) };
}

/// Completes an IRP now or later, and gives what the function returns.
fn finish(name: &'static str, irp: PIRP, information: usize) -> NTSTATUS {
    CALLS.with_borrow_mut(|calls| calls.push(name));
    let (status, information) = NEXT.with_borrow_mut(Vec::pop).unwrap_or((STATUS_SUCCESS, information));
    if LATER.get() {
        PENDING.with_borrow_mut(|pending| pending.push((irp as usize, status, information)));
        return STATUS_PENDING;
    }
    assert_eq!(unsafe { complete(irp, status, information) }, 0xC000_0016_u32.cast_signed());
    status
}

/// Completes what is pending, at DISPATCH_LEVEL as a transport would.
fn complete_pending() {
    LATER.set(false);
    for (irp, status, information) in PENDING.take() {
        at_level(2, || unsafe { complete(irp as PIRP, status, information) });
    }
}

/// A new socket with a table.
fn make<T>(table: &'static T) -> usize {
    // What is going to fail makes none.
    if NEXT.with_borrow(|next| next.last().is_some_and(|(status, _)| *status != STATUS_SUCCESS)) {
        return 0;
    }
    OPEN.set(OPEN.get() + 1);
    Box::into_raw(Box::new(WSK_SOCKET { Dispatch: std::ptr::from_ref(table).cast() })) as usize
}

unsafe extern "system" fn socket(
    _: PWSK_CLIENT,
    family: u16,
    _: u16,
    _: u32,
    flags: u32,
    context: *mut c_void,
    dispatch: *const c_void,
    _: PEPROCESS,
    _: PETHREAD,
    _: PSECURITY_DESCRIPTOR,
    irp: PIRP,
) -> NTSTATUS {
    assert!(family == 2 && context.is_null() && dispatch.is_null());
    let made = match flags {
        WSK_FLAG_LISTEN_SOCKET => make(&LISTEN),
        WSK_FLAG_DATAGRAM_SOCKET => make(&DATAGRAM),
        WSK_FLAG_CONNECTION_SOCKET => make(&CONNECTION),
        WSK_FLAG_STREAM_SOCKET => make(&STREAM),
        _ => panic!("{flags}"),
    };
    finish("socket", irp, made)
}
unsafe extern "system" fn socket_connect(
    _: PWSK_CLIENT,
    _: u16,
    _: u32,
    local: PSOCKADDR,
    remote: PSOCKADDR,
    _: u32,
    _: *mut c_void,
    _: *const WSK_CLIENT_CONNECTION_DISPATCH,
    _: PEPROCESS,
    _: PETHREAD,
    _: PSECURITY_DESCRIPTOR,
    irp: PIRP,
) -> NTSTATUS {
    assert_eq!((address(local), address(remote)), (HERE, THERE));
    finish("socket_connect", irp, make(&CONNECTION))
}
unsafe extern "system" fn get_address_info(
    _: PWSK_CLIENT,
    node: PUNICODE_STRING,
    service: PUNICODE_STRING,
    _: u32,
    _: *mut GUID,
    hints: PADDRINFOEXW,
    result: *mut PADDRINFOEXW,
    process: PEPROCESS,
    thread: PETHREAD,
    irp: PIRP,
) -> NTSTATUS {
    assert!(hints.is_null() && (process, thread) == (0, 0));
    let text = |text: PUNICODE_STRING| {
        unsafe { text.as_ref() }.map(|t| unsafe { std::slice::from_raw_parts(t.Buffer, usize::from(t.Length) / 2) }.to_vec())
    };
    assert_eq!((text(node), text(service)), (Some("localhost".encode_utf16().collect()), None));
    // An address of another family stands between the two.
    let mut next = null_mut();
    for address in [SocketAddressStorage::from(THERE), SocketAddressStorage::default(), HERE.into()] {
        let address = Box::into_raw(Box::new(address));
        next = Box::into_raw(Box::new(ADDRINFOEXW { ai_addr: address.cast(), ai_next: next, ..Default::default() }));
        OPEN.set(OPEN.get() + 1);
    }
    let fails = NEXT.with_borrow(|next| next.last().is_some_and(|(status, _)| *status != STATUS_SUCCESS));
    if fails {
        unsafe { free_address_info(null_mut(), next) };
    } else {
        unsafe { result.write(next) };
    }
    finish("get_address_info", irp, 0)
}
unsafe extern "system" fn free_address_info(_: PWSK_CLIENT, mut list: PADDRINFOEXW) {
    assert_eq!(host::level(), 0, "freed above PASSIVE_LEVEL");
    while !list.is_null() {
        let entry = unsafe { Box::from_raw(list) };
        drop(unsafe { Box::from_raw(entry.ai_addr.cast::<SocketAddressStorage>()) });
        OPEN.set(OPEN.get() - 1);
        list = entry.ai_next;
    }
}
unsafe extern "system" fn close_socket(socket: PWSK_SOCKET, irp: PIRP) -> NTSTATUS {
    drop(unsafe { Box::from_raw(socket) });
    OPEN.set(OPEN.get() - 1);
    finish("close_socket", irp, 0)
}
unsafe extern "system" fn bind(_: PWSK_SOCKET, local: PSOCKADDR, flags: u32, irp: PIRP) -> NTSTATUS {
    assert_eq!((address(local), flags), (HERE, 0));
    finish("bind", irp, 0)
}
unsafe extern "system" fn listen(_: PWSK_SOCKET, irp: PIRP) -> NTSTATUS {
    finish("listen", irp, 0)
}
unsafe extern "system" fn accept(
    _: PWSK_SOCKET,
    _: u32,
    _: *mut c_void,
    _: *const WSK_CLIENT_CONNECTION_DISPATCH,
    local: PSOCKADDR,
    remote: PSOCKADDR,
    irp: PIRP,
) -> NTSTATUS {
    unsafe { put(local, HERE) };
    unsafe { put(remote, THERE) };
    finish("accept", irp, make(&CONNECTION))
}
unsafe extern "system" fn inspect_complete(
    _: PWSK_SOCKET,
    id: PWSK_INSPECT_ID,
    action: WSK_INSPECT_ACTION,
    irp: PIRP,
) -> NTSTATUS {
    assert_eq!((unsafe { (*id).SerialNumber }, action), (9, WskInspectAccept));
    finish("inspect_complete", irp, 0)
}
unsafe extern "system" fn connect(_: PWSK_SOCKET, remote: PSOCKADDR, _: u32, irp: PIRP) -> NTSTATUS {
    assert_eq!(address(remote), THERE);
    finish("connect", irp, 0)
}
unsafe extern "system" fn connect_ex(_: PWSK_SOCKET, remote: PSOCKADDR, buffer: PWSK_BUF, _: u32, irp: PIRP) -> NTSTATUS {
    assert_eq!((address(remote), unsafe { (*buffer).Length }), (THERE, 3));
    finish("connect_ex", irp, 0)
}
unsafe extern "system" fn send(_: PWSK_SOCKET, buffer: PWSK_BUF, flags: u32, irp: PIRP) -> NTSTATUS {
    assert_eq!((unsafe { bytes(buffer) }.as_slice(), flags), (b"ello".as_slice(), WSK_FLAG_NODELAY));
    finish("send", irp, 4)
}
unsafe extern "system" fn receive(_: PWSK_SOCKET, buffer: PWSK_BUF, _: u32, irp: PIRP) -> NTSTATUS {
    unsafe { fill(buffer, b"data") };
    finish("receive", irp, 4)
}
unsafe extern "system" fn disconnect(_: PWSK_SOCKET, buffer: PWSK_BUF, _: u32, irp: PIRP) -> NTSTATUS {
    assert!(buffer.is_null());
    finish("disconnect", irp, 0)
}
unsafe extern "system" fn get_address(_: PWSK_SOCKET, to: PSOCKADDR, irp: PIRP) -> NTSTATUS {
    unsafe { put(to, THERE) };
    finish("get_address", irp, 0)
}
unsafe extern "system" fn send_to(
    _: PWSK_SOCKET,
    _: PWSK_BUF,
    _: u32,
    to: PSOCKADDR,
    length: u32,
    control: PCMSGHDR,
    irp: PIRP,
) -> NTSTATUS {
    assert!(address(to) == THERE && length == 0 && control.is_null());
    finish("send_to", irp, 5)
}
unsafe extern "system" fn receive_from(
    _: PWSK_SOCKET,
    buffer: PWSK_BUF,
    _: u32,
    from: PSOCKADDR,
    length: *mut u32,
    control: PCMSGHDR,
    flags: *mut u32,
    irp: PIRP,
) -> NTSTATUS {
    assert!(length.is_null() && control.is_null());
    unsafe {
        put(from, THERE);
        fill(buffer, b"gram");
        *flags = MSG_BCAST | MSG_TRUNC;
    }
    finish("receive_from", irp, 4)
}

const HERE: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 7));
const THERE: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::new(192, 0, 2, 1), 80));

fn stored(address: SocketAddr) -> SocketAddressStorage {
    address.into()
}
fn address(at: PSOCKADDR) -> SocketAddr {
    unsafe { SocketAddressRef::from_raw(at) }.and_then(SocketAddressRef::socket_addr).expect("an address")
}
unsafe fn put(at: PSOCKADDR, address: SocketAddr) {
    unsafe { at.cast::<SocketAddressStorage>().write(address.into()) };
}
/// The memory that a description describes.
unsafe fn memory(buffer: PWSK_BUF) -> &'static mut [u8] {
    let WSK_BUF { Mdl, Offset, Length } = unsafe { *buffer };
    unsafe { std::slice::from_raw_parts_mut((*Mdl).StartVa.cast::<u8>().add(Offset as usize), Length) }
}
unsafe fn bytes(buffer: PWSK_BUF) -> Vec<u8> {
    unsafe { memory(buffer) }.to_vec()
}
unsafe fn fill(buffer: PWSK_BUF, with: &[u8]) {
    let room = unsafe { memory(buffer) };
    room[..with.len()].copy_from_slice(with);
}

const BASIC: WSK_PROVIDER_BASIC_DISPATCH =
    WSK_PROVIDER_BASIC_DISPATCH { WskControlSocket: None, WskCloseSocket: Some(close_socket) };
static LISTEN: WSK_PROVIDER_LISTEN_DISPATCH = WSK_PROVIDER_LISTEN_DISPATCH {
    Basic: BASIC,
    WskBind: Some(bind),
    WskAccept: Some(accept),
    WskInspectComplete: Some(inspect_complete),
    WskGetLocalAddress: Some(get_address),
};
static DATAGRAM: WSK_PROVIDER_DATAGRAM_DISPATCH = WSK_PROVIDER_DATAGRAM_DISPATCH {
    Basic: BASIC,
    WskBind: Some(bind),
    WskSendTo: Some(send_to),
    WskReceiveFrom: Some(receive_from),
    WskRelease: None,
    WskGetLocalAddress: Some(get_address),
    WskSendMessages: None,
};
static CONNECTION: WSK_PROVIDER_CONNECTION_DISPATCH = WSK_PROVIDER_CONNECTION_DISPATCH {
    Basic: BASIC,
    WskBind: Some(bind),
    WskConnect: Some(connect),
    WskGetLocalAddress: Some(get_address),
    WskGetRemoteAddress: Some(get_address),
    WskSend: Some(send),
    WskReceive: Some(receive),
    WskDisconnect: Some(disconnect),
    WskRelease: None,
    WskConnectEx: Some(connect_ex),
    WskSendEx: null_mut(),
    WskReceiveEx: null_mut(),
};
static STREAM: WSK_PROVIDER_STREAM_DISPATCH = WSK_PROVIDER_STREAM_DISPATCH {
    Basic: BASIC,
    WskBind: Some(bind),
    WskAccept: Some(accept),
    WskConnect: Some(connect),
    WskListen: Some(listen),
    WskSend: Some(send),
    WskReceive: Some(receive),
    WskDisconnect: Some(disconnect),
    WskRelease: None,
    WskGetLocalAddress: Some(get_address),
    WskGetRemoteAddress: Some(get_address),
    WskConnectEx: Some(connect_ex),
    WskSendEx: null_mut(),
    WskReceiveEx: null_mut(),
};
static PROVIDER: WSK_PROVIDER_DISPATCH = WSK_PROVIDER_DISPATCH {
    Version: 0x100,
    Reserved: 0,
    WskSocket: Some(socket),
    WskSocketConnect: Some(socket_connect),
    WskControlClient: None,
    WskGetAddressInfo: Some(get_address_info),
    WskFreeAddressInfo: Some(free_address_info),
    WskGetNameInfo: None,
};

#[unsafe(no_mangle)]
extern "system" fn WskRegister(_: PWSK_CLIENT_NPI, _: PWSK_REGISTRATION) -> NTSTATUS {
    STATUS_SUCCESS
}
#[unsafe(no_mangle)]
extern "system" fn WskDeregister(_: PWSK_REGISTRATION) {
    assert_eq!(OPEN.get(), 0, "deregistration would wait for these sockets for ever");
}
#[unsafe(no_mangle)]
unsafe extern "system" fn WskCaptureProviderNPI(_: PWSK_REGISTRATION, _: u32, npi: PWSK_PROVIDER_NPI) -> NTSTATUS {
    unsafe { npi.write(WSK_PROVIDER_NPI { Client: null_mut(), Dispatch: &raw const PROVIDER }) };
    STATUS_SUCCESS
}
#[unsafe(no_mangle)]
extern "system" fn WskReleaseProviderNPI(_: PWSK_REGISTRATION) {}
#[unsafe(no_mangle)]
extern "system" fn WskQueryProviderCharacteristics(_: PWSK_REGISTRATION, _: PWSK_PROVIDER_CHARACTERISTICS) -> NTSTATUS {
    STATUS_SUCCESS
}

/// Tests that count allocations run one at a time.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    host::start();
    let guard = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(live(), [""; 0], "an earlier test left something");
    guard
}

fn register(irql: &Irql<Passive>) -> Registration {
    let npi = WSK_CLIENT_NPI { ClientContext: null_mut(), Dispatch: std::ptr::null() };
    unsafe { Registration::register(irql, npi) }.expect("the provider accepts it")
}

fn passive() -> Irql<Passive> {
    Irql::current().expect("tests run at PASSIVE_LEVEL")
}

/// Waits for what is over.
fn done<'a, P: Payload>(operation: Result<Operation<'a, P>, impl std::fmt::Debug>) -> P::Outcome<'a> {
    operation.expect("started").wait(&passive(), Some(Duration::ZERO)).unwrap_or_else(|_| panic!("not over"))
}

fn new_socket<'a, K: HasCloseSocket>(npi: &'a ProviderNpi<'_>) -> OwnedSocket<'a, K, Unbound> {
    done(npi.start_socket::<K, _>(&passive(), AF, SocketType::Stream, 6)).socket.expect("made")
}

const AF: u16 = 2;
const AF_INET: u16 = 2;

#[test]
fn a_connection_from_its_creation_to_its_end() {
    let _alone = alone();
    let irql = passive();
    let registration = register(&irql);
    let npi = registration.capture_provider_npi_no_wait(&irql).unwrap();
    {
        let socket: OwnedSocket<'_, Connection, Unbound> = new_socket(&npi);
        let socket: OwnedSocket<'_, Connection, Bound> = done(socket.start_bind(&irql, stored(HERE))).socket.unwrap();
        let outcome = done(socket.start_connect(&irql, stored(THERE)));
        assert_eq!(outcome.status, ConnectStatus::Success);
        let socket: OwnedSocket<'_, Connection, Connected> = outcome.socket.unwrap();

        let hello = NonPagedBuffer::copy_of(b"hello").unwrap().part(1..5).unwrap();
        let sent = done(socket.start_send(&irql, hello, SendFlags::NODELAY));
        assert_eq!((sent.status, sent.bytes, &*sent.buffer), (SendStatus::Success, 4, b"hello".as_slice()));
        let received = done(socket.start_receive(&irql, sent.buffer, ReceiveFlags::empty()));
        assert_eq!((received.bytes, &*received.buffer), (4, b"datao".as_slice()));
        let peer = done(socket.start_get_remote_address(&irql));
        assert_eq!(peer.remote_address.socket_addr(), Some(THERE));
        assert_eq!(done(socket.start_disconnect(&irql, None, DisconnectFlags::empty())).status, DisconnectStatus::Success);
        assert_eq!(done(Ok::<_, ()>(socket.start_close_socket(&irql))).status, CloseSocketStatus::Success);
    }
    assert_eq!(OPEN.get(), 0);
    let calls = ["socket", "bind", "connect", "send", "receive", "get_address", "disconnect", "close_socket"];
    assert_eq!(CALLS.take(), calls);
    drop(npi);
    drop(registration);
    assert_eq!(live(), [""; 0]);
}

// The example of the README.
#[rustfmt::skip]
fn greet(provider: &ProviderNpi<'_>, irql: &Irql<Passive>, server: SocketAddrV4) -> Option<usize> {
    // No call below takes a pointer, and none compiles at a level that its documentation forbids.
    let socket = provider.start_socket::<Connection, _>(irql, AF_INET, SocketType::Stream, 6).ok()?;
    let socket = socket.wait(irql, None).ok()?.socket?;
    let local = SocketAddressV4::new(Ipv4Addr::UNSPECIFIED, 7);
    let bound = socket.start_bind(irql, local).ok()?.wait(irql, None).ok()?.socket.ok()?;
    let outcome = bound.start_connect(irql, SocketAddressV4::from(server)).ok()?.wait(irql, None).ok()?;
    // A bound socket has no `start_send`: what failed comes back in the state that it was in.
    let ConnectStatus::Success = outcome.status else { return None };
    let connected = outcome.socket.ok()?;
    // The operation owns its IRP and the buffer until it is over; dropping it would be harmless.
    let hello = NonPagedBuffer::copy_of(b"hello").ok()?.part(1..5).ok()?;
    let sent = connected.start_send(irql, hello, SendFlags::NODELAY).ok()?.wait(irql, None).ok()?;
    Some(sent.bytes)
    // Dropping the socket closes it.
}

#[test]
fn the_example_of_the_readme_sends_its_greeting() {
    let _alone = alone();
    let irql = passive();
    let registration = register(&irql);
    let npi = registration.capture_provider_npi_no_wait(&irql).unwrap();
    assert_eq!(greet(&npi, &irql, "192.0.2.1:80".parse().unwrap()), Some(4));
    drop(npi);
    drop(registration);
    assert_eq!((OPEN.get(), live().len()), (0, 0));
    CALLS.take();
}

#[test]
fn listening_accepting_and_datagrams() {
    let _alone = alone();
    let irql = passive();
    let registration = register(&irql);
    let npi = registration.capture_provider_npi_no_wait(&irql).unwrap();
    {
        // A listening socket listens when it is bound; a stream socket when it is told to.
        let socket: OwnedSocket<'_, Listen, Listening> =
            done(new_socket::<Listen>(&npi).start_bind(&irql, stored(HERE))).socket.unwrap();
        let accepted = done(socket.start_accept(&irql));
        assert_eq!((accepted.local_address.socket_addr(), accepted.remote_address.socket_addr()), (Some(HERE), Some(THERE)));
        let peer: OwnedSocket<'_, Connection, Connected> = accepted.socket.unwrap();
        let id = WSK_INSPECT_ID { Key: 1, SerialNumber: 9 };
        let decided = done(socket.start_inspect_complete(&irql, id, InspectCompleteAction::Accept));
        assert_eq!(decided.status, InspectCompleteStatus::Success);
        // A socket that listens is bound.
        assert_eq!(done(socket.start_get_local_address(&irql)).local_address.socket_addr(), Some(THERE));
        assert_eq!(OPEN.get(), 2);
        drop((peer, socket));
        assert_eq!(OPEN.get(), 0, "dropping closes");

        let bound: OwnedSocket<'_, Stream, Bound> =
            done(new_socket::<Stream>(&npi).start_bind(&irql, stored(HERE))).socket.unwrap();
        let listening: OwnedSocket<'_, Stream, Listening> = done(bound.start_listen(&irql)).socket.unwrap();
        drop(done(listening.start_accept(&irql)));
        assert_eq!(OPEN.get(), 1, "an accepted socket that nobody takes out of its outcome is closed");

        let socket = done(new_socket::<Datagram>(&npi).start_bind(&irql, stored(HERE))).socket.unwrap();
        let buffer = NonPagedBuffer::copy_of(b"datum").unwrap();
        let sent = done(socket.start_send_to(&irql, buffer, Some(stored(THERE))));
        assert_eq!(sent.bytes, 5);
        let got = done(socket.start_receive_from(&irql, sent.buffer));
        assert_eq!((got.bytes, got.remote_address.socket_addr(), &*got.buffer), (4, Some(THERE), b"gramm".as_slice()));
        assert_eq!(got.control_flags, ReceiveFromControlFlags::BCAST | ReceiveFromControlFlags::TRUNC);

        let made = done(npi.start_socket_connect(&irql, SocketConnectSocketType::Stream, 6, stored(HERE), stored(THERE)));
        let connected: OwnedSocket<'_, Connection, Connected> = made.socket.unwrap();
        let buffer = NonPagedBuffer::zeroed(8).unwrap();
        assert_eq!(done(connected.start_receive(&irql, buffer, ReceiveFlags::WAITALL)).bytes, 4);
    }
    drop(npi);
    drop(registration);
    assert_eq!((OPEN.get(), live().len()), (0, 0));
    CALLS.take();
}

#[test]
fn what_fails_gives_everything_back() {
    let _alone = alone();
    let irql = passive();
    let registration = register(&irql);
    let npi = registration.capture_provider_npi_no_wait(&irql).unwrap();
    {
        NEXT.set(vec![(0xC000_0141_u32.cast_signed(), 0)]);
        let failed = done(new_socket_later(&npi));
        assert!(matches!(failed.status, BindStatus::Other(status) if status.0 == 0xC000_0141_u32.cast_signed()));
        let socket: OwnedSocket<'_, Connection, Unbound> = failed.socket.expect_err("it is in the state that it was in");
        let socket = done(socket.start_bind(&irql, stored(HERE))).socket.unwrap();
        // No memory: the socket and the buffer are there all the same.
        let buffer = NonPagedBuffer::copy_of(b"abc").unwrap();
        fail_after(Some(0));
        let refused = socket.start_connect_ex(&irql, stored(THERE), Some(buffer.into())).expect_err("there is no memory");
        fail_after(None);
        assert_eq!(refused.to_string(), "the operation was not started: STATUS_INSUFFICIENT_RESOURCES (0xC000009A)");
        let outcome = refused.into_outcome();
        let (socket, buffer) = (outcome.socket.expect_err("not connected"), outcome.buffer.expect("the buffer"));
        // No such function.
        let refused =
            host::on_build(9600, || socket.start_connect_ex(&irql, stored(THERE), Some(buffer.into()))).expect_err("too old");
        assert!(matches!(refused.why(), Refusal::Unavailable(_)));
        let outcome = refused.into_outcome();
        assert!(matches!(outcome.status, ConnectExStatus::Other(status) if status.name() == Some("STATUS_NOT_SUPPORTED")));
        let socket = outcome.socket.expect_err("not connected");
        let outcome = done(socket.start_connect_ex(&irql, stored(THERE), outcome.buffer.map(Into::into)));
        assert_eq!((outcome.status, outcome.buffer.as_deref()), (ConnectExStatus::Success, Some(b"abc".as_slice())));
        assert!(outcome.socket.is_ok());
        // Without memory for closing, no socket is made.
        for allowed in 0..4 {
            let before = CALLS.with_borrow(Vec::len);
            fail_after(Some(allowed));
            let refused = npi.start_socket::<Connection, _>(&irql, AF, SocketType::Stream, 6);
            fail_after(None);
            assert!(matches!(refused, Err(Refusal::NoMemory(_))), "{allowed}: {refused:?}");
            assert_eq!(CALLS.with_borrow(Vec::len), before);
        }
        NEXT.set(vec![(STATUS_INVALID_PARAMETER, 0)]);
        let failed = done(npi.start_socket::<Connection, _>(&irql, AF, SocketType::Stream, 6));
        assert!(failed.socket.is_none() && failed.status == SocketStatus::Other(NtStatus(STATUS_INVALID_PARAMETER)));
    }
    drop(npi);
    drop(registration);
    assert_eq!((OPEN.get(), live().len()), (0, 0));
    CALLS.take();
}

/// A bind that fails: the next status is that of the bind, not of the socket's creation.
fn new_socket_later<'a>(
    npi: &'a ProviderNpi<'_>,
) -> Result<Operation<'a, BindOperation<Connection>>, NotStarted<'a, BindOperation<Connection>>> {
    let failure = NEXT.take();
    let socket = new_socket::<Connection>(npi);
    NEXT.set(failure);
    socket.start_bind(&passive(), stored(HERE))
}

#[test]
fn dropping_is_harmless_while_an_operation_goes_on() {
    let _alone = alone();
    let irql = passive();
    let registration = register(&irql);
    let npi = registration.capture_provider_npi_no_wait(&irql).unwrap();
    // A socket that is created after its operation was dropped is closed.
    LATER.set(true);
    drop(npi.start_socket::<Connection, _>(&irql, AF, SocketType::Stream, 6).unwrap());
    assert_eq!(OPEN.get(), 1);
    complete_pending();
    assert_eq!((OPEN.get(), CALLS.take()), (0, vec!["socket", "close_socket"]));
    // So is one whose state was being changed.
    let socket = new_socket::<Connection>(&npi);
    LATER.set(true);
    drop(socket.start_bind(&irql, stored(HERE)).unwrap());
    assert_eq!(OPEN.get(), 1, "not before the bind is over");
    complete_pending();
    assert_eq!(OPEN.get(), 0);
    // A buffer stays where it is until the receive is over.
    let socket =
        done(npi.start_socket_connect(&irql, SocketConnectSocketType::Stream, 6, stored(HERE), stored(THERE))).socket.unwrap();
    LATER.set(true);
    let operation = socket.start_receive(&irql, NonPagedBuffer::zeroed(16).unwrap(), ReceiveFlags::empty()).unwrap();
    let before = live().len();
    drop(operation);
    assert_eq!(live().len(), before);
    complete_pending();
    assert!(live().len() < before);
    // A close that nobody waits for goes on as well.
    LATER.set(true);
    drop(socket.start_close_socket(&irql));
    complete_pending();
    drop(npi);
    drop(registration);
    assert_eq!((OPEN.get(), live().len()), (0, 0));
    CALLS.take();
}

#[test]
fn a_name_is_resolved_and_its_addresses_are_given_back() {
    let _alone = alone();
    let irql = passive();
    let registration = register(&irql);
    let npi = registration.capture_provider_npi_no_wait(&irql).unwrap();
    let name = || Some(UnicodeString::new("localhost").unwrap());
    {
        let list = npi.wait_get_address_info(&irql, name(), None, None).unwrap();
        assert_eq!(list.list().addresses().collect::<Vec<_>>(), [HERE, THERE]);
        assert_eq!(OPEN.get(), 3);
    }
    assert_eq!(OPEN.get(), 0, "dropping the list gives it back");
    NEXT.set(vec![(0xC000_0272_u32.cast_signed(), 0)]);
    let failed = npi.wait_get_address_info(&irql, name(), None, None).unwrap_err();
    assert_eq!((failed, OPEN.get()), (GetAddressInfoStatus::NoMatch, 0));
    // No memory, and no such function.
    let (given, before) = (name(), CALLS.with_borrow(Vec::len));
    fail_after(Some(0));
    let refused = npi.wait_get_address_info(&irql, given, None, None).unwrap_err();
    fail_after(None);
    assert_eq!(refused.status().name(), Some("STATUS_INSUFFICIENT_RESOURCES"));
    let given = name();
    let refused = host::on_build(6000, || npi.wait_get_address_info(&irql, given, None, None).unwrap_err());
    assert_eq!(refused.status().name(), Some("STATUS_NOT_SUPPORTED"));
    assert_eq!(CALLS.with_borrow(Vec::len), before);
    drop(npi);
    drop(registration);
    assert_eq!((OPEN.get(), live().len()), (0, 0));
    CALLS.take();
}

#[test]
fn operations_are_futures() {
    let _alone = alone();
    let irql = passive();
    let registration = register(&irql);
    let npi = registration.capture_provider_npi_no_wait(&irql).unwrap();
    LATER.set(true);
    {
        let mut exchange = Box::pin(async {
            let socket = npi.start_socket::<Connection, _>(&irql, AF, SocketType::Stream, 6).unwrap().await.socket.unwrap();
            let socket = socket.start_bind(&irql, stored(HERE)).unwrap().await.socket.unwrap();
            let socket = socket.start_connect(&irql, stored(THERE)).unwrap().await.socket.unwrap();
            let received = socket.start_receive(&irql, NonPagedBuffer::zeroed(4).unwrap(), ReceiveFlags::empty()).unwrap().await;
            let text = received.buffer.to_vec();
            assert_eq!(socket.start_close_socket(&irql).await.status, CloseSocketStatus::Success);
            text
        });
        let mut context = Context::from_waker(Waker::noop());
        let mut steps = 0;
        let text = loop {
            match Pin::as_mut(&mut exchange).poll(&mut context) {
                Poll::Ready(text) => break text,
                Poll::Pending => {
                    steps += 1;
                    complete_pending();
                    LATER.set(true);
                }
            }
        };
        assert_eq!((text.as_slice(), steps), (b"data".as_slice(), 5));
    }
    LATER.set(false);
    drop(npi);
    drop(registration);
    assert_eq!((OPEN.get(), live().len()), (0, 0));
    CALLS.take();
}
