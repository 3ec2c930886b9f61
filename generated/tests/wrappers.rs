//! Every wrapper, called through dispatch tables that record what they are given: each argument arrives in its place, reserved ones
//! are zero, each status means what it says, and the level is asserted at the limit of each API.
#![cfg(not(windows))]
#![allow(missing_docs, clippy::indexing_slicing, reason = "a test")]
#![allow(clippy::undocumented_unsafe_blocks, reason = "every call goes to a recorder, which takes anything and keeps nothing")]

#[path = "../../runtime/tests/host/mod.rs"]
mod host;

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{NonNull, null, null_mut};

use wsk::kind::{Basic, Connection, Datagram, Listen, Stream};
use wsk::sys::*;
use wsk::*;

thread_local! {
    static CALLS: RefCell<Vec<(&'static str, Vec<u64>)>> = const { RefCell::new(Vec::new()) };
    static STATUS: Cell<i32> = const { Cell::new(0) };
}

/// An argument as a number.
trait Word {
    fn word(self) -> u64;
}
macro_rules! words {
    ($($ty:ty)*) => { $(impl Word for $ty { fn word(self) -> u64 { self as u64 } })* };
}
words!(u16 u32 usize isize);
impl<T> Word for *mut T {
    fn word(self) -> u64 {
        self as usize as u64
    }
}
impl<T> Word for *const T {
    fn word(self) -> u64 {
        self as usize as u64
    }
}
impl Word for WSK_CONTROL_SOCKET_TYPE {
    fn word(self) -> u64 {
        u64::from(self.0.cast_unsigned())
    }
}
impl Word for WSK_INSPECT_ACTION {
    fn word(self) -> u64 {
        u64::from(self.0.cast_unsigned())
    }
}

fn record(name: &'static str, arguments: Vec<u64>) -> i32 {
    CALLS.with_borrow_mut(|calls| calls.push((name, arguments)));
    STATUS.get()
}

/// Functions of the provider's that record their arguments.
macro_rules! recorders {
    ($(fn $name:ident($($arg:ident: $ty:ty),* $(,)?) $(-> $ret:ty)?;)*) => {
        $(
            unsafe extern "system" fn $name($($arg: $ty),*) $(-> $ret)? {
                let status = record(stringify!($name), vec![$($arg.word()),*]);
                recorders!(@end status $($ret)?)
            }
        )*
    };
    (@end $status:ident $ret:ty) => { $status };
    (@end $status:ident) => { { let _ = $status; } };
}

recorders! {
    fn socket(a: PWSK_CLIENT, b: u16, c: u16, d: u32, e: u32, f: *mut c_void, g: *const c_void, h: PEPROCESS, i: PETHREAD, j: PSECURITY_DESCRIPTOR, k: PIRP) -> NTSTATUS;
    fn socket_connect(a: PWSK_CLIENT, b: u16, c: u32, d: PSOCKADDR, e: PSOCKADDR, f: u32, g: *mut c_void, h: *const WSK_CLIENT_CONNECTION_DISPATCH, i: PEPROCESS, j: PETHREAD, k: PSECURITY_DESCRIPTOR, l: PIRP) -> NTSTATUS;
    fn control_client(a: PWSK_CLIENT, b: u32, c: usize, d: *mut c_void, e: usize, f: *mut c_void, g: *mut usize, h: PIRP) -> NTSTATUS;
    fn get_address_info(a: PWSK_CLIENT, b: PUNICODE_STRING, c: PUNICODE_STRING, d: u32, e: *mut GUID, f: PADDRINFOEXW, g: *mut PADDRINFOEXW, h: PEPROCESS, i: PETHREAD, j: PIRP) -> NTSTATUS;
    fn free_address_info(a: PWSK_CLIENT, b: PADDRINFOEXW);
    fn get_name_info(a: PWSK_CLIENT, b: PSOCKADDR, c: u32, d: PUNICODE_STRING, e: PUNICODE_STRING, f: u32, g: PEPROCESS, h: PETHREAD, i: PIRP) -> NTSTATUS;
    fn control_socket(a: PWSK_SOCKET, b: WSK_CONTROL_SOCKET_TYPE, c: u32, d: u32, e: usize, f: *mut c_void, g: usize, h: *mut c_void, i: *mut usize, j: PIRP) -> NTSTATUS;
    fn close_socket(a: PWSK_SOCKET, b: PIRP) -> NTSTATUS;
    fn bind(a: PWSK_SOCKET, b: PSOCKADDR, c: u32, d: PIRP) -> NTSTATUS;
    fn accept(a: PWSK_SOCKET, b: u32, c: *mut c_void, d: *const WSK_CLIENT_CONNECTION_DISPATCH, e: PSOCKADDR, f: PSOCKADDR, g: PIRP) -> NTSTATUS;
    fn inspect_complete(a: PWSK_SOCKET, b: PWSK_INSPECT_ID, c: WSK_INSPECT_ACTION, d: PIRP) -> NTSTATUS;
    fn get_local_address(a: PWSK_SOCKET, b: PSOCKADDR, c: PIRP) -> NTSTATUS;
    fn get_remote_address(a: PWSK_SOCKET, b: PSOCKADDR, c: PIRP) -> NTSTATUS;
    fn send_to(a: PWSK_SOCKET, b: PWSK_BUF, c: u32, d: PSOCKADDR, e: u32, f: PCMSGHDR, g: PIRP) -> NTSTATUS;
    fn receive_from(a: PWSK_SOCKET, b: PWSK_BUF, c: u32, d: PSOCKADDR, e: *mut u32, f: PCMSGHDR, g: *mut u32, h: PIRP) -> NTSTATUS;
    fn release_datagrams(a: PWSK_SOCKET, b: PWSK_DATAGRAM_INDICATION) -> NTSTATUS;
    fn send_messages(a: PWSK_SOCKET, b: PWSK_BUF_LIST, c: u32, d: PSOCKADDR, e: u32, f: PCMSGHDR, g: PIRP) -> NTSTATUS;
    fn connect(a: PWSK_SOCKET, b: PSOCKADDR, c: u32, d: PIRP) -> NTSTATUS;
    fn connect_ex(a: PWSK_SOCKET, b: PSOCKADDR, c: PWSK_BUF, d: u32, e: PIRP) -> NTSTATUS;
    fn listen(a: PWSK_SOCKET, b: PIRP) -> NTSTATUS;
    fn send(a: PWSK_SOCKET, b: PWSK_BUF, c: u32, d: PIRP) -> NTSTATUS;
    fn receive(a: PWSK_SOCKET, b: PWSK_BUF, c: u32, d: PIRP) -> NTSTATUS;
    fn disconnect(a: PWSK_SOCKET, b: PWSK_BUF, c: u32, d: PIRP) -> NTSTATUS;
    fn release_data(a: PWSK_SOCKET, b: PWSK_DATA_INDICATION) -> NTSTATUS;
}

const CLIENT: *mut c_void = 0xC11E_4700_usize as *mut c_void;
const IRP_: PIRP = 0x1234_5670_usize as PIRP;

static BASIC: WSK_PROVIDER_BASIC_DISPATCH =
    WSK_PROVIDER_BASIC_DISPATCH { WskControlSocket: Some(control_socket), WskCloseSocket: Some(close_socket) };
static LISTEN: WSK_PROVIDER_LISTEN_DISPATCH = WSK_PROVIDER_LISTEN_DISPATCH {
    Basic: BASIC,
    WskBind: Some(bind),
    WskAccept: Some(accept),
    WskInspectComplete: Some(inspect_complete),
    WskGetLocalAddress: Some(get_local_address),
};
static DATAGRAM: WSK_PROVIDER_DATAGRAM_DISPATCH = WSK_PROVIDER_DATAGRAM_DISPATCH {
    Basic: BASIC,
    WskBind: Some(bind),
    WskSendTo: Some(send_to),
    WskReceiveFrom: Some(receive_from),
    WskRelease: Some(release_datagrams),
    WskGetLocalAddress: Some(get_local_address),
    WskSendMessages: Some(send_messages),
};
static CONNECTION: WSK_PROVIDER_CONNECTION_DISPATCH = WSK_PROVIDER_CONNECTION_DISPATCH {
    Basic: BASIC,
    WskBind: Some(bind),
    WskConnect: Some(connect),
    WskGetLocalAddress: Some(get_local_address),
    WskGetRemoteAddress: Some(get_remote_address),
    WskSend: Some(send),
    WskReceive: Some(receive),
    WskDisconnect: Some(disconnect),
    WskRelease: Some(release_data),
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
    WskRelease: Some(release_data),
    WskGetLocalAddress: Some(get_local_address),
    WskGetRemoteAddress: Some(get_remote_address),
    WskConnectEx: Some(connect_ex),
    WskSendEx: null_mut(),
    WskReceiveEx: null_mut(),
};
static PROVIDER: WSK_PROVIDER_DISPATCH = WSK_PROVIDER_DISPATCH {
    Version: 0x100,
    Reserved: 0,
    WskSocket: Some(socket),
    WskSocketConnect: Some(socket_connect),
    WskControlClient: Some(control_client),
    WskGetAddressInfo: Some(get_address_info),
    WskFreeAddressInfo: Some(free_address_info),
    WskGetNameInfo: Some(get_name_info),
};

// The exports: on a host the crate's imports are resolved here.
#[unsafe(no_mangle)]
extern "system" fn WskRegister(a: PWSK_CLIENT_NPI, b: PWSK_REGISTRATION) -> NTSTATUS {
    record("register", vec![a.word(), b.word()])
}
#[unsafe(no_mangle)]
extern "system" fn WskDeregister(a: PWSK_REGISTRATION) {
    record("deregister", vec![a.word()]);
}
#[unsafe(no_mangle)]
unsafe extern "system" fn WskCaptureProviderNPI(a: PWSK_REGISTRATION, b: u32, c: PWSK_PROVIDER_NPI) -> NTSTATUS {
    if STATUS.get() == STATUS_SUCCESS {
        // SAFETY: the wrapper passes room for it.
        unsafe { c.write(npi()) };
    }
    record("capture", vec![a.word(), b.word(), c.word()])
}
#[unsafe(no_mangle)]
extern "system" fn WskReleaseProviderNPI(a: PWSK_REGISTRATION) {
    record("release", vec![a.word()]);
}
#[unsafe(no_mangle)]
extern "system" fn WskQueryProviderCharacteristics(a: PWSK_REGISTRATION, b: PWSK_PROVIDER_CHARACTERISTICS) -> NTSTATUS {
    record("query_provider_characteristics", vec![a.word(), b.word()])
}

fn npi() -> WSK_PROVIDER_NPI {
    WSK_PROVIDER_NPI { Client: CLIENT, Dispatch: &raw const PROVIDER }
}

fn provider() -> Provider {
    // SAFETY: the table has all functions, and they take anything.
    unsafe { Provider::from_raw(npi()) }
}

/// A socket of a kind, whose table is the one that records. It is never freed, so that any handle to it may be used at any time.
fn open<K: SocketKind>(table: &'static K::Dispatch) -> Socket<K> {
    static MADE: std::sync::Mutex<Vec<usize>> = std::sync::Mutex::new(Vec::new());
    let socket = Box::leak(Box::new(WSK_SOCKET { Dispatch: std::ptr::from_ref(table).cast() }));
    let raw = NonNull::from_mut(socket);
    // What can still be found is not lost.
    MADE.lock().expect("not poisoned").push(raw.as_ptr() as usize);
    unsafe { Socket::from_raw(raw) }
}

fn basic() -> BasicSocket {
    open::<Basic>(&BASIC)
}
fn listening() -> ListenSocket {
    open::<Listen>(&LISTEN)
}
fn datagram() -> DatagramSocket {
    open::<Datagram>(&DATAGRAM)
}
fn connection() -> ConnectionSocket {
    open::<Connection>(&CONNECTION)
}
fn stream() -> StreamSocket {
    open::<Stream>(&STREAM)
}

fn registration(irql: &Irql<Passive>) -> Registration {
    let before = STATUS.replace(STATUS_SUCCESS);
    let npi = WSK_CLIENT_NPI { ClientContext: null_mut(), Dispatch: null() };
    // SAFETY: the recorder takes anything.
    let made = unsafe { Registration::register(irql, npi) }.expect("the recorder accepts it");
    CALLS.take();
    STATUS.set(before);
    made
}

/// What a call came to.
struct Outcome {
    /// The recorder, and what it must have been given.
    expected: (&'static str, Vec<u64>),
    /// The status that the wrapper gave back, as a number; `None` for a function that returns nothing.
    status: Option<i32>,
    /// That status as the type of the API shows it.
    shown: String,
}

fn outcome<S: std::fmt::Debug>(name: &'static str, expected: Vec<u64>, status: Option<(S, NtStatus)>) -> Outcome {
    let (shown, status) = match status {
        Some((shown, status)) => (format!("{shown:?}"), Some(status.0)),
        None => (String::new(), None),
    };
    Outcome { expected: (name, expected), status, shown }
}

/// A wrapper, how it is called in messages, and the highest level that the documentation allows.
struct Case {
    method: &'static str,
    label: &'static str,
    max: u8,
    call: fn(&Irql<Passive>) -> Outcome,
}

macro_rules! outcome {
    ($name:literal, [$($arg:expr),* $(,)?], $call:expr) => {{
        // SAFETY: the recorders take anything and keep nothing.
        let status = unsafe { $call };
        outcome($name, vec![$($arg.word()),*], Some((status, NtStatus::from(status))))
    }};
}

const A4: SocketAddressV4 = SocketAddressV4::new(Ipv4Addr::LOCALHOST, 80);
static V4: SocketAddressV4 = A4;
static V6: SocketAddressV6 = SocketAddressV6::new(Ipv6Addr::LOCALHOST, 443, 0, 0);
static CONNECTION_CALLBACKS: WSK_CLIENT_CONNECTION_DISPATCH =
    WSK_CLIENT_CONNECTION_DISPATCH { WskReceiveEvent: None, WskDisconnectEvent: None, WskSendBacklogEvent: None };
static LISTEN_CALLBACKS: WSK_CLIENT_LISTEN_DISPATCH =
    WSK_CLIENT_LISTEN_DISPATCH { WskAcceptEvent: None, WskInspectEvent: None, WskAbortEvent: None };

fn address_of(address: impl Into<SocketAddressRef<'static>>) -> *mut SOCKADDR {
    address.into().as_ptr()
}

fn context() -> NonNull<c_void> {
    NonNull::new(0xC047_0000_usize as *mut c_void).expect("an address")
}

#[repr(align(16))]
struct Aligned<T>(T);

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |method, label, max, call| cases.push(Case { method, label, max, call });

    add("socket", "WskSocket", 2, |irql| {
        let process = 0x1001 as PEPROCESS;
        let thread = 0x1002 as PETHREAD;
        let security = 0x1003_usize as PSECURITY_DESCRIPTOR;
        outcome!(
            "socket",
            [
                CLIENT,
                2_u16,
                1_u16,
                6_u32,
                WSK_FLAG_LISTEN_SOCKET,
                context().as_ptr(),
                (&raw const LISTEN_CALLBACKS),
                process,
                thread,
                security,
                IRP_
            ],
            provider().socket::<Listen, _>(
                irql,
                2,
                SocketType::Stream,
                6,
                Some(context()),
                Some(&LISTEN_CALLBACKS),
                Some(process),
                Some(thread),
                Some(security),
                IRP_
            )
        )
    });
    add("socket", "WskSocket", 2, |irql| {
        outcome!(
            "socket",
            [
                CLIENT,
                23_u16,
                2_u16,
                17_u32,
                WSK_FLAG_DATAGRAM_SOCKET,
                null::<u8>(),
                null::<u8>(),
                0_usize,
                0_usize,
                null::<u8>(),
                IRP_
            ],
            provider().socket::<Datagram, _>(irql, 23, SocketType::Dgram, 17, None, None, None, None, None, IRP_)
        )
    });
    add("socket_connect", "WskSocketConnect", 2, |irql| {
        outcome!(
            "socket_connect",
            [
                CLIENT,
                1_u16,
                6_u32,
                address_of(&V4),
                address_of(&V6),
                0_u32,
                context().as_ptr(),
                (&raw const CONNECTION_CALLBACKS),
                0_usize,
                0_usize,
                null::<u8>(),
                IRP_
            ],
            provider().socket_connect(
                irql,
                SocketConnectSocketType::Stream,
                6,
                &V4,
                &V6,
                Some(context()),
                Some(&CONNECTION_CALLBACKS),
                None,
                None,
                None,
                IRP_
            )
        )
    });
    add("control_client", "WskControlClient", 2, |irql| {
        let (input, mut output, mut size) = ([1_u8, 2, 3], [MaybeUninit::<u8>::uninit(); 9], MaybeUninit::<usize>::uninit());
        outcome!(
            "control_client",
            [CLIENT, WSK_CACHE_SD, 3_usize, input.as_ptr(), 9_usize, output.as_ptr(), size.as_ptr(), IRP_],
            provider().control_client(
                irql,
                ControlClientControlCode::CacheSd,
                Some(&input),
                Some(&mut output),
                Some(&mut size),
                Some(IRP_)
            )
        )
    });
    add("control_client", "WskControlClient", 2, |irql| {
        outcome!(
            "control_client",
            [CLIENT, WSK_TRANSPORT_LIST_CHANGE, 0_usize, null::<u8>(), 0_usize, null::<u8>(), null::<u8>(), null::<u8>()],
            provider().control_client(irql, ControlClientControlCode::TransportListChange, None, None, None, None)
        )
    });
    add("get_address_info", "WskGetAddressInfo", 0, |irql| {
        let (node, service) = (UNICODE_STRING::default(), UNICODE_STRING::default());
        let (guid, hints) = (GUID::from_u128(7), ADDRINFOEXW::default());
        let mut result = MaybeUninit::<PADDRINFOEXW>::uninit();
        let (process, thread) = (0x1001 as PEPROCESS, 0x1002 as PETHREAD);
        let status = unsafe {
            provider().get_address_info(
                irql,
                Some(&node),
                Some(&service),
                Some(12),
                Some(&guid),
                Some(&hints),
                &mut result,
                Some(process),
                Some(thread),
                IRP_,
            )
        }
        .expect("this build has it");
        outcome(
            "get_address_info",
            vec![
                CLIENT.word(),
                (&raw const node).word(),
                (&raw const service).word(),
                12,
                (&raw const guid).word(),
                (&raw const hints).word(),
                result.as_ptr().word(),
                process.word(),
                thread.word(),
                IRP_.word(),
            ],
            Some((status, status.status())),
        )
    });
    add("free_address_info", "WskFreeAddressInfo", 0, |irql| {
        let list = NonNull::new(0xF4EE_0000_usize as PADDRINFOEXW).expect("an address");
        unsafe { provider().free_address_info(irql, list) }.expect("this build has it");
        outcome::<()>("free_address_info", vec![CLIENT.word(), list.as_ptr().word()], None)
    });
    add("get_name_info", "WskGetNameInfo", 0, |irql| {
        let (mut node, mut service) = (UNICODE_STRING::default(), UNICODE_STRING::default());
        let expected = vec![
            CLIENT.word(),
            address_of(&V6).word(),
            28,
            (&raw const node).word(),
            (&raw const service).word(),
            2 | 8,
            0,
            0,
            IRP_.word(),
        ];
        let flags = GetNameInfoFlags::NUMERICHOST | GetNameInfoFlags::NUMERICSERV;
        let status = unsafe { provider().get_name_info(irql, &V6, Some(&mut node), Some(&mut service), flags, None, None, IRP_) };
        let status = status.expect("this build has it");
        outcome("get_name_info", expected, Some((status, status.status())))
    });
    add(
        "control_socket",
        "WskControlSocket (unless RequestType == WskIoctl and ControlCode in (SIO_ADDRESS_LIST_QUERY, SIO_ADDRESS_LIST_CHANGE, SIO_ADDRESS_LIST_SORT))",
        2,
        |irql| {
            let socket = stream();
            let (input, mut output, mut size) = ([1_u8, 2, 3], [MaybeUninit::<u8>::uninit(); 5], MaybeUninit::<usize>::uninit());
            outcome!(
                "control_socket",
                [
                    socket.as_raw(),
                    0_u32,
                    0x3002_u32,
                    0xFFFF_u32,
                    3_usize,
                    input.as_ptr(),
                    5_usize,
                    output.as_ptr(),
                    size.as_ptr(),
                    IRP_
                ],
                socket.control_socket(
                    irql,
                    ControlSocketRequestType::SetOption,
                    SO_CONDITIONAL_ACCEPT as u32,
                    SOL_SOCKET as u32,
                    Some(&input),
                    Some(&mut output),
                    Some(&mut size),
                    Some(IRP_)
                )
            )
        },
    );
    add(
        "control_socket_ioctl_sio_address_list",
        "WskControlSocket (RequestType == WskIoctl and ControlCode in (SIO_ADDRESS_LIST_QUERY, SIO_ADDRESS_LIST_CHANGE, SIO_ADDRESS_LIST_SORT))",
        0,
        |irql| {
            let socket = basic();
            outcome!(
                "control_socket",
                [
                    socket.as_raw(),
                    2_u32,
                    SIO_ADDRESS_LIST_SORT,
                    0_u32,
                    0_usize,
                    null::<u8>(),
                    0_usize,
                    null::<u8>(),
                    null::<u8>(),
                    null::<u8>()
                ],
                socket.control_socket_ioctl_sio_address_list(
                    irql,
                    ControlSocketIoctlSioAddressListControlCode::Sort,
                    0,
                    None,
                    None,
                    None,
                    None
                )
            )
        },
    );
    add("close_socket", "WskCloseSocket", 2, |irql| {
        let socket = datagram();
        outcome!("close_socket", [socket.as_raw(), IRP_], socket.close_socket(irql, IRP_))
    });
    add("bind", "WskBind", 2, |irql| {
        let socket = connection();
        outcome!("bind", [socket.as_raw(), address_of(&V4), 0_u32, IRP_], socket.bind(irql, &V4, IRP_))
    });
    add("accept", "WskAccept", 2, |irql| {
        let socket = listening();
        let (mut local, mut remote) = (SocketAddressStorage::new(), SocketAddressStorage::new());
        outcome!(
            "accept",
            [
                socket.as_raw(),
                0_u32,
                context().as_ptr(),
                (&raw const CONNECTION_CALLBACKS),
                (&raw const local),
                (&raw const remote),
                IRP_
            ],
            socket.accept(irql, Some(context()), Some(&CONNECTION_CALLBACKS), Some(&mut local), Some(&mut remote), IRP_)
        )
    });
    add("accept", "WskAccept", 2, |irql| {
        let socket = stream();
        outcome!(
            "accept",
            [socket.as_raw(), 0_u32, null::<u8>(), null::<u8>(), null::<u8>(), null::<u8>(), IRP_],
            socket.accept(irql, None, None, None, None, IRP_)
        )
    });
    add("inspect_complete", "WskInspectComplete", 2, |irql| {
        let (socket, id) = (listening(), WSK_INSPECT_ID { Key: 1, SerialNumber: 2 });
        outcome!(
            "inspect_complete",
            [socket.as_raw(), (&raw const id), WskInspectReject, IRP_],
            socket.inspect_complete(irql, &id, InspectCompleteAction::Reject, IRP_)
        )
    });
    add("get_local_address", "WskGetLocalAddress", 2, |irql| {
        let (socket, mut address) = (datagram(), SocketAddressStorage::new());
        outcome!(
            "get_local_address",
            [socket.as_raw(), (&raw const address), IRP_],
            socket.get_local_address(irql, &mut address, IRP_)
        )
    });
    add("get_remote_address", "WskGetRemoteAddress", 2, |irql| {
        let (socket, mut address) = (connection(), SocketAddressStorage::new());
        outcome!(
            "get_remote_address",
            [socket.as_raw(), (&raw const address), IRP_],
            socket.get_remote_address(irql, &mut address, IRP_)
        )
    });
    add("send_to", "WskSendTo", 2, |irql| {
        let (socket, buffer, control) = (datagram(), WSK_BUF::default(), Aligned([0_u8; 24]));
        outcome!(
            "send_to",
            [socket.as_raw(), (&raw const buffer), 0_u32, address_of(&V6), 24_u32, control.0.as_ptr(), IRP_],
            socket.send_to(irql, &buffer, Some(V6.as_ref()), Some(&control.0), IRP_)
        )
    });
    add("send_to", "WskSendTo", 2, |irql| {
        let (socket, buffer) = (datagram(), WSK_BUF::default());
        outcome!(
            "send_to",
            [socket.as_raw(), (&raw const buffer), 0_u32, null::<u8>(), 0_u32, null::<u8>(), IRP_],
            socket.send_to(irql, &buffer, None, None, IRP_)
        )
    });
    add("receive_from", "WskReceiveFrom", 2, |irql| {
        let (socket, buffer, mut from) = (datagram(), WSK_BUF::default(), SocketAddressStorage::new());
        let (mut control, mut size) = (Aligned([MaybeUninit::<u8>::uninit(); 64]), 0_u32);
        let mut flags = MaybeUninit::<ReceiveFromControlFlags>::uninit();
        let expected = vec![
            socket.as_raw().word(),
            (&raw const buffer).word(),
            0,
            (&raw const from).word(),
            (&raw const size).word(),
            control.0.as_ptr().word(),
            flags.as_ptr().word(),
            IRP_.word(),
        ];
        let sized = SizedBytes::new(&mut control.0, &mut size);
        let status = unsafe { socket.receive_from(irql, &buffer, Some(&mut from), Some(sized), Some(&mut flags), IRP_) };
        assert_eq!(size, 64, "the kernel is told how much room there is");
        outcome("receive_from", expected, Some((status, status.status())))
    });
    add("receive_from", "WskReceiveFrom", 2, |irql| {
        let (socket, buffer) = (datagram(), WSK_BUF::default());
        outcome!(
            "receive_from",
            [socket.as_raw(), (&raw const buffer), 0_u32, null::<u8>(), null::<u8>(), null::<u8>(), null::<u8>(), IRP_],
            socket.receive_from(irql, &buffer, None, None, None, IRP_)
        )
    });
    add("release_datagram_indication_list", "WskRelease", 2, |irql| {
        let (socket, list) = (datagram(), NonNull::new(0x11_0000_usize as PWSK_DATAGRAM_INDICATION).expect("an address"));
        let status = unsafe { socket.release_datagram_indication_list(irql, list) };
        closed("release_datagrams", vec![socket.as_raw().word(), list.as_ptr().word()], status.map(|s| (s, s.status())))
    });
    add("send_messages", "WskSendMessages", 2, |irql| {
        let (socket, list, control) = (datagram(), WSK_BUF_LIST::default(), Aligned([0_u8; 16]));
        let status = unsafe { socket.send_messages(irql, &list, Some(V4.as_ref()), Some(&control.0), IRP_) };
        let status = status.expect("this build has it");
        outcome(
            "send_messages",
            vec![
                socket.as_raw().word(),
                (&raw const list).word(),
                0,
                address_of(&V4).word(),
                16,
                control.0.as_ptr().word(),
                IRP_.word(),
            ],
            Some((status, status.status())),
        )
    });
    add("connect", "WskConnect", 2, |irql| {
        let socket = connection();
        outcome!("connect", [socket.as_raw(), address_of(&V4), 0_u32, IRP_], socket.connect(irql, &V4, IRP_))
    });
    add("connect", "WskConnect", 2, |irql| {
        let socket = stream();
        outcome!("connect", [socket.as_raw(), address_of(&V6), 0_u32, IRP_], socket.connect(irql, &V6, IRP_))
    });
    add("connect_ex", "WskConnectEx", 2, |irql| {
        let (socket, buffer) = (connection(), WSK_BUF::default());
        let status = unsafe { socket.connect_ex(irql, &V4, Some(&buffer), IRP_) }.expect("this build has it");
        outcome(
            "connect_ex",
            vec![socket.as_raw().word(), address_of(&V4).word(), (&raw const buffer).word(), 0, IRP_.word()],
            Some((status, status.status())),
        )
    });
    add("listen", "WskListen", 2, |irql| {
        let socket = stream();
        outcome!("listen", [socket.as_raw(), IRP_], socket.listen(irql, IRP_))
    });
    add("send", "WskSend", 2, |irql| {
        let (socket, buffer) = (connection(), WSK_BUF::default());
        outcome!(
            "send",
            [socket.as_raw(), (&raw const buffer), 2_u32, IRP_],
            socket.send(irql, &buffer, SendFlags::NODELAY, IRP_)
        )
    });
    add("receive", "WskReceive", 2, |irql| {
        let (socket, buffer) = (stream(), WSK_BUF::default());
        outcome!(
            "receive",
            [socket.as_raw(), (&raw const buffer), 4_u32, IRP_],
            socket.receive(irql, &buffer, ReceiveFlags::DRAIN, IRP_)
        )
    });
    add("disconnect", "WskDisconnect", 2, |irql| {
        let (socket, buffer) = (connection(), WSK_BUF::default());
        outcome!(
            "disconnect",
            [socket.as_raw(), (&raw const buffer), 1_u32, IRP_],
            socket.disconnect(irql, Some(&buffer), DisconnectFlags::ABORTIVE, IRP_)
        )
    });
    add("release_data_indication_list", "WskRelease", 2, |irql| {
        let (socket, list) = (connection(), NonNull::new(0x11_0000_usize as PWSK_DATA_INDICATION).expect("an address"));
        let status = unsafe { socket.release_data_indication_list(irql, list) };
        closed("release_data", vec![socket.as_raw().word(), list.as_ptr().word()], status.map(|s| (s, s.status())))
    });

    // Exports.
    add("register", "WskRegister", 0, |irql| {
        let npi = WSK_CLIENT_NPI { ClientContext: context().as_ptr(), Dispatch: null() };
        let made = unsafe { Registration::register(irql, npi) };
        // The pointers are to memory of the registration's own, so they are taken from the record.
        let given = CALLS.with_borrow(|calls| calls.last().expect("a call").1.clone());
        let status = match made {
            Ok(made) => {
                assert_eq!(given[1], made.as_raw().word());
                // SAFETY: the registration holds the structure that was passed.
                assert_eq!(unsafe { (*(given[0] as PWSK_CLIENT_NPI)).ClientContext }, context().as_ptr());
                drop(made);
                assert_eq!(CALLS.with_borrow_mut(Vec::pop), Some(("deregister", vec![given[1]])));
                RegisterStatus::Success
            }
            Err(status) => status,
        };
        outcome("register", given, Some((status, status.status())))
    });
    add("deregister", "WskDeregister", 0, |irql| {
        let made = host::at_level(0, || registration(irql));
        let memory = made.as_raw().word();
        made.deregister(irql);
        outcome::<()>("deregister", vec![memory], None)
    });
    add("capture_provider_npi", "WskCaptureProviderNPI (unless WaitTimeout == WSK_NO_WAIT)", 0, |irql| {
        capture(irql, WSK_INFINITE_WAIT, |made, irql| {
            made.capture_provider_npi(irql, CaptureProviderNpiWaitTimeout::INFINITE_WAIT)
        })
    });
    add("capture_provider_npi_no_wait", "WskCaptureProviderNPI (WaitTimeout == WSK_NO_WAIT)", 2, |irql| {
        capture(irql, WSK_NO_WAIT, |made, irql| made.capture_provider_npi_no_wait(irql))
    });
    add("release_provider_npi", "WskReleaseProviderNPI", 2, |irql| {
        let made = host::at_level(0, || registration(irql));
        let before = STATUS.replace(STATUS_SUCCESS);
        let npi = host::at_level(0, || made.capture_provider_npi_no_wait(irql)).expect("the recorder accepts it");
        CALLS.take();
        STATUS.set(before);
        let released = catch_unwind(AssertUnwindSafe(|| npi.release_provider_npi(irql)));
        let calls = CALLS.take();
        host::at_level(0, || drop(made));
        CALLS.set(calls);
        if let Err(panic) = released {
            std::panic::resume_unwind(panic);
        }
        outcome::<()>("release", CALLS.with_borrow(|calls| calls[0].1.clone()), None)
    });
    add("query_provider_characteristics", "WskQueryProviderCharacteristics", 2, |irql| {
        let made = host::at_level(0, || registration(irql));
        let mut characteristics = MaybeUninit::<WSK_PROVIDER_CHARACTERISTICS>::uninit();
        let expected = vec![made.as_raw().word(), characteristics.as_ptr().word()];
        let status = catch_unwind(AssertUnwindSafe(|| made.query_provider_characteristics(irql, &mut characteristics)));
        let calls = CALLS.take();
        host::at_level(0, || drop(made));
        CALLS.set(calls);
        let status = status.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        outcome("query_provider_characteristics", expected, Some((status, status.status())))
    });

    // Control operations on sockets.
    add("address_list_change_wait", "WskControlSocket(SIO_ADDRESS_LIST_CHANGE, wait)", 0, |irql| {
        let socket = basic();
        control(&socket, 2, SIO_ADDRESS_LIST_CHANGE, 0, (0, 0), (0, 0), IRP_, |s| unsafe {
            s.address_list_change_wait(irql, IRP_)
        })
    });
    add("address_list_query", "WskControlSocket(SIO_ADDRESS_LIST_QUERY, query)", 0, |irql| {
        let (socket, mut output) = (listening(), Aligned([MaybeUninit::<u8>::uninit(); 80]));
        let at = output.0.as_ptr().word();
        let Outcome { expected: (name, mut expected), status, shown } =
            control(&socket, 2, SIO_ADDRESS_LIST_QUERY, 0, (0, 0), (80, at), null_mut(), |s| {
                let (status, size) = unsafe { s.address_list_query(irql, &mut output.0) };
                assert_eq!(size, 0, "the recorder writes nothing");
                status
            });
        // The size comes back in a variable of the wrapper's.
        expected[8] = CALLS.with_borrow(|calls| calls.last().expect("a call").1[8]);
        assert_ne!(expected[8], 0);
        Outcome { expected: (name, expected), status, shown }
    });
    add("query_ideal_send_backlog", "WskControlSocket(SIO_WSK_QUERY_IDEAL_SEND_BACKLOG, query)", 2, |irql| {
        let (socket, mut output) = (connection(), MaybeUninit::<usize>::uninit());
        let at = output.as_ptr().word();
        control(&socket, 2, SIO_WSK_QUERY_IDEAL_SEND_BACKLOG, 0, (0, 0), (8, at), IRP_, |s| unsafe {
            s.query_ideal_send_backlog(irql, &mut output, IRP_)
        })
    });
    add("query_receive_backlog", "WskControlSocket(SIO_WSK_QUERY_RECEIVE_BACKLOG, query)", 2, |irql| {
        let (socket, mut output) = (connection(), MaybeUninit::<usize>::uninit());
        let at = output.as_ptr().word();
        control(&socket, 2, SIO_WSK_QUERY_RECEIVE_BACKLOG, 0, (0, 0), (8, at), IRP_, |s| unsafe {
            s.query_receive_backlog(irql, &mut output, IRP_)
        })
    });
    add("query_inspect_id", "WskControlSocket(SIO_WSK_QUERY_INSPECT_ID, query)", 2, |irql| {
        let (socket, mut output) = (connection(), MaybeUninit::<WSK_INSPECT_ID>::uninit());
        let at = output.as_ptr().word();
        let Outcome { expected: (name, mut expected), status, shown } = control(
            &socket,
            2,
            SIO_WSK_QUERY_INSPECT_ID,
            0,
            (0, 0),
            (16, at),
            null_mut(),
            |s| unsafe { s.query_inspect_id(irql, &mut output) }.0,
        );
        expected[8] = CALLS.with_borrow(|calls| calls.last().expect("a call").1[8]);
        assert_ne!(expected[8], 0);
        Outcome { expected: (name, expected), status, shown }
    });
    add("register_extension", "WskControlSocket(SIO_WSK_REGISTER_EXTENSION, register)", 2, |irql| {
        let (socket, input) = (stream(), WSK_EXTENSION_CONTROL_IN::default());
        let mut output = MaybeUninit::<WSK_EXTENSION_CONTROL_OUT>::uninit();
        let (at, to) = ((&raw const input).word(), output.as_ptr().word());
        let (in_size, out_size) = (size_of::<WSK_EXTENSION_CONTROL_IN>() as u64, size_of::<WSK_EXTENSION_CONTROL_OUT>() as u64);
        control(&socket, 2, SIO_WSK_REGISTER_EXTENSION, 0, (in_size, at), (out_size, to), null_mut(), |s| unsafe {
            s.register_extension(irql, &input, &mut output)
        })
    });
    add("set_remote_address", "WskControlSocket(SIO_WSK_SET_REMOTE_ADDRESS, set)", 2, |irql| {
        control(&datagram(), 2, SIO_WSK_SET_REMOTE_ADDRESS, 0, (28, address_of(&V6).word()), (0, 0), IRP_, |s| unsafe {
            s.set_remote_address(irql, &V6, IRP_)
        })
    });
    add("clear_remote_address", "WskControlSocket(SIO_WSK_SET_REMOTE_ADDRESS, clear)", 2, |irql| {
        control(&datagram(), 2, SIO_WSK_SET_REMOTE_ADDRESS, 0, (0, 0), (0, 0), IRP_, |s| unsafe {
            s.clear_remote_address(irql, IRP_)
        })
    });
    add("set_sendto_address", "WskControlSocket(SIO_WSK_SET_SENDTO_ADDRESS, set)", 2, |irql| {
        control(&datagram(), 2, SIO_WSK_SET_SENDTO_ADDRESS, 0, (16, address_of(&V4).word()), (0, 0), IRP_, |s| unsafe {
            s.set_sendto_address(irql, &V4, IRP_)
        })
    });
    add("clear_sendto_address", "WskControlSocket(SIO_WSK_SET_SENDTO_ADDRESS, clear)", 2, |irql| {
        control(&datagram(), 2, SIO_WSK_SET_SENDTO_ADDRESS, 0, (0, 0), (0, 0), IRP_, |s| unsafe {
            s.clear_sendto_address(irql, IRP_)
        })
    });
    add("set_tcp_silent_mode_enable", "WskControlSocket(SIO_WSK_SET_TCP_SILENT_MODE, enable)", 2, |irql| {
        control(&stream(), 2, SIO_WSK_SET_TCP_SILENT_MODE, 0, (0, 0), (0, 0), IRP_, |s| unsafe {
            s.set_tcp_silent_mode_enable(irql, IRP_)
        })
    });
    add("event_callback_enable", "WskControlSocket(SO_WSK_EVENT_CALLBACK, enable)", 2, |irql| {
        static INPUT: EventCallbackEnableInput = EventCallbackEnableInput::new(
            &NPI_WSK_INTERFACE_ID,
            EventCallbackEventMask::RECEIVE.union(EventCallbackEventMask::DISCONNECT),
        );
        assert_eq!((INPUT.as_raw().EventMask, INPUT.as_raw().NpiId.cast_const()), (0x40 | 0x80, &raw const NPI_WSK_INTERFACE_ID));
        let input = (16, (&raw const INPUT).word());
        control(&connection(), 0, SO_WSK_EVENT_CALLBACK, 0xFFFF, input, (0, 0), null_mut(), |s| unsafe {
            s.event_callback_enable(irql, &INPUT)
        })
    });
    add("event_callback_disable", "WskControlSocket(SO_WSK_EVENT_CALLBACK, disable)", 2, |irql| {
        static INPUT: EventCallbackDisableInput =
            EventCallbackDisableInput::new(&NPI_WSK_INTERFACE_ID, EventCallbackDisableEventMask::Accept);
        assert_eq!(INPUT.as_raw().EventMask, 0x8000_0200);
        let input = (16, (&raw const INPUT).word());
        control(&listening(), 0, SO_WSK_EVENT_CALLBACK, 0xFFFF, input, (0, 0), IRP_, |s| unsafe {
            s.event_callback_disable(irql, &INPUT, Some(IRP_))
        })
    });
    add("event_callback_disable", "WskControlSocket(SO_WSK_EVENT_CALLBACK, disable)", 2, |irql| {
        let disable = EventCallbackDisableInput::new(&NPI_WSK_INTERFACE_ID, EventCallbackDisableEventMask::ReceiveFrom);
        let input = (16, (&raw const disable).word());
        control(&datagram(), 0, SO_WSK_EVENT_CALLBACK, 0xFFFF, input, (0, 0), null_mut(), |s| unsafe {
            s.event_callback_disable(irql, &disable, None)
        })
    });
    add("security_set", "WskControlSocket(SO_WSK_SECURITY, set)", 2, |irql| {
        let descriptor = 0x5D_0000_usize as PSECURITY_DESCRIPTOR;
        let input = (8, (&raw const descriptor).word());
        control(&listening(), 0, SO_WSK_SECURITY, 0xFFFF, input, (0, 0), IRP_, |s| unsafe {
            s.security_set(irql, &descriptor, IRP_)
        })
    });
    add("security_get", "WskControlSocket(SO_WSK_SECURITY, get)", 2, |irql| {
        let mut output = MaybeUninit::<PSECURITY_DESCRIPTOR>::uninit();
        let at = (8, output.as_ptr().word());
        control(&connection(), 1, SO_WSK_SECURITY, 0xFFFF, (0, 0), at, IRP_, |s| unsafe {
            s.security_get(irql, &mut output, IRP_)
        })
    });

    // Control operations of the client.
    add("transport_list_query", "WskControlClient(WSK_TRANSPORT_LIST_QUERY, query)", 2, |irql| {
        let mut output = [MaybeUninit::<WSK_TRANSPORT>::uninit(); 3];
        let to = (size_of_val(&output) as u64, output.as_ptr().word());
        let mut outcome =
            client(WSK_TRANSPORT_LIST_QUERY, &[], to, null_mut(), |p| unsafe { p.transport_list_query(irql, &mut output) }.0);
        outcome.expected.1[6] = CALLS.with_borrow(|calls| calls.last().expect("a call").1[6]);
        assert_ne!(outcome.expected.1[6], 0);
        outcome
    });
    add("transport_list_query", "WskControlClient(WSK_TRANSPORT_LIST_QUERY, query)", 2, |irql| {
        let mut outcome =
            client(WSK_TRANSPORT_LIST_QUERY, &[], (0, 0), null_mut(), |p| unsafe { p.transport_list_query(irql, &mut []) }.0);
        outcome.expected.1[6] = CALLS.with_borrow(|calls| calls.last().expect("a call").1[6]);
        outcome
    });
    add("transport_list_change_wait", "WskControlClient(WSK_TRANSPORT_LIST_CHANGE, wait)", 2, |irql| {
        client(WSK_TRANSPORT_LIST_CHANGE, &[], (0, 0), IRP_, |p| unsafe { p.transport_list_change_wait(irql, IRP_) })
    });
    add("cache_sd", "WskControlClient(WSK_CACHE_SD, cache)", 2, |irql| {
        let mut output = MaybeUninit::<PSECURITY_DESCRIPTOR>::uninit();
        let to = (8, output.as_ptr().word());
        let descriptor = 0x5D_0000_usize as PSECURITY_DESCRIPTOR;
        client(WSK_CACHE_SD, &0x5D_0000_usize.to_ne_bytes(), to, null_mut(), |p| unsafe {
            p.cache_sd(irql, descriptor, &mut output)
        })
    });
    add("release_sd", "WskControlClient(WSK_RELEASE_SD, release)", 2, |irql| {
        let descriptor = 0x5D_0000_usize as PSECURITY_DESCRIPTOR;
        client(WSK_RELEASE_SD, &0x5D_0000_usize.to_ne_bytes(), (0, 0), null_mut(), |p| unsafe { p.release_sd(irql, descriptor) })
    });
    add("set_static_event_callbacks", "WskControlClient(WSK_SET_STATIC_EVENT_CALLBACKS, set)", 2, |irql| {
        let events = SetStaticEventCallbacksEventMask::ACCEPT | SetStaticEventCallbacksEventMask::RECEIVE;
        let input = SetStaticEventCallbacksSetInput::new(&NPI_WSK_INTERFACE_ID, events);
        let mut bytes = (&raw const NPI_WSK_INTERFACE_ID as usize).to_ne_bytes().to_vec();
        bytes.extend(0x240_u32.to_ne_bytes());
        client(WSK_SET_STATIC_EVENT_CALLBACKS, &bytes, (0, 0), null_mut(), |p| unsafe {
            p.set_static_event_callbacks(irql, &input)
        })
    });
    add("tdi_behavior_set", "WskControlClient(WSK_TDI_BEHAVIOR, set)", 2, |irql| {
        client(WSK_TDI_BEHAVIOR, &1_u32.to_ne_bytes(), (0, 0), null_mut(), |p| unsafe {
            p.tdi_behavior_set(irql, TdiBehaviorInput::WSK_TDI_BEHAVIOR_BYPASS_TDI)
        })
    });
    add("tdi_devicename_mapping_set", "WskControlClient(WSK_TDI_DEVICENAME_MAPPING, set)", 2, |irql| {
        let input = WSK_TDI_MAP_INFO { ElementCount: 7, Map: null_mut() };
        client(WSK_TDI_DEVICENAME_MAPPING, &7_usize.to_ne_bytes(), (0, 0), null_mut(), |p| unsafe {
            p.tdi_devicename_mapping_set(irql, &input)
        })
    });
    cases
}

/// The outcome of a function whose codes are a closed set.
fn closed<S: std::fmt::Debug>(name: &'static str, expected: Vec<u64>, status: Result<(S, NtStatus), NtStatus>) -> Outcome {
    match status {
        Ok((shown, status)) => Outcome { expected: (name, expected), status: Some(status.0), shown: format!("{shown:?}") },
        Err(status) => Outcome { expected: (name, expected), status: Some(status.0), shown: "not documented".to_owned() },
    }
}

fn capture(
    irql: &Irql<Passive>,
    timeout: u32,
    call: for<'a> fn(&'a Registration, &Irql<Passive>) -> Result<ProviderNpi<'a>, CaptureProviderNpiStatus>,
) -> Outcome {
    let made = host::at_level(0, || registration(irql));
    let result = catch_unwind(AssertUnwindSafe(|| match call(&made, irql) {
        Ok(npi) => {
            assert_eq!(npi.as_raw().Client, CLIENT);
            host::at_level(0, || drop(npi));
            assert_eq!(CALLS.with_borrow_mut(Vec::pop), Some(("release", vec![made.as_raw().word()])));
            CaptureProviderNpiStatus::Success
        }
        Err(status) => status,
    }));
    let calls = CALLS.take();
    let memory = made.as_raw().word();
    host::at_level(0, || drop(made));
    CALLS.set(calls);
    let status = result.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    let given = CALLS.with_borrow(|calls| calls.last().expect("a call").1.clone());
    outcome("capture", vec![memory, u64::from(timeout), given[2]], Some((status, status.status())))
}

/// A control operation on a socket. Input and output are sizes and addresses.
#[allow(clippy::too_many_arguments, reason = "those of the function")]
fn control<K: SocketKind, S: std::fmt::Debug + Copy>(
    socket: &Socket<K>,
    request: u64,
    code: u32,
    level: u64,
    input: (u64, u64),
    output: (u64, u64),
    irp: PIRP,
    call: impl FnOnce(Socket<K>) -> S,
) -> Outcome
where
    NtStatus: From<S>,
{
    let status = call(*socket);
    let expected =
        vec![socket.as_raw().word(), request, u64::from(code), level, input.0, input.1, output.0, output.1, 0, irp.word()];
    outcome("control_socket", expected, Some((status, NtStatus::from(status))))
}

/// A control operation of the client. The input is what must be found behind the pointer; the pointer itself is the wrapper's affair.
fn client<S: std::fmt::Debug + Copy>(
    code: u32,
    input: &[u8],
    output: (u64, u64),
    irp: PIRP,
    call: impl FnOnce(&Provider) -> S,
) -> Outcome
where
    NtStatus: From<S>,
{
    let status = call(&provider());
    let given = CALLS.with_borrow(|calls| calls.last().expect("a call").1.clone());
    let (size, at) = (given[2], given[3]);
    assert_eq!(at == 0, input.is_empty());
    assert!(size as usize >= input.len());
    let expected = vec![CLIENT.word(), u64::from(code), size, at, output.0, output.1, 0, irp.word()];
    outcome("control_client", expected, Some((status, NtStatus::from(status))))
}

/// What all functions are made to return, one after another.
const STATUSES: [i32; 10] = [
    STATUS_SUCCESS,
    STATUS_PENDING,
    STATUS_EVENT_PENDING,
    STATUS_BUFFER_OVERFLOW,
    STATUS_INVALID_PARAMETER,
    STATUS_FILE_FORCED_CLOSED,
    STATUS_NOT_SUPPORTED,
    STATUS_DEVICE_NOT_READY,
    STATUS_INVALID_DEVICE_STATE,
    0xC000_0123_u32.cast_signed(),
];

#[test]
fn every_argument_arrives_in_its_place_and_every_status_comes_back() {
    host::start();
    let irql = Irql::<Passive>::current().expect("tests run at PASSIVE_LEVEL");
    let cases = cases();
    assert!(cases.len() >= 60, "{}", cases.len());
    for case in &cases {
        let mut seen = Vec::new();
        for status in STATUSES {
            CALLS.take();
            STATUS.set(status);
            let outcome = (case.call)(&irql);
            let calls = CALLS.take();
            let [(name, given)] = calls.as_slice() else { panic!("{}: {} calls", case.method, calls.len()) };
            assert_eq!((*name, given), (outcome.expected.0, &outcome.expected.1), "{}", case.method);
            let Some(returned) = outcome.status else { continue };
            assert_eq!(returned, status, "{}: no status is changed on its way", case.method);
            seen.push(outcome.shown);
        }
        // No two statuses are merged, but those that are not documented where the set is closed.
        let mut distinct = seen.clone();
        distinct.sort();
        distinct.dedup();
        let unknown = seen.iter().filter(|s| *s == "not documented").count();
        assert_eq!(distinct.len(), seen.len() - unknown.saturating_sub(1), "{}: {seen:?}", case.method);
    }
    STATUS.set(STATUS_SUCCESS);
}

#[test]
fn inputs_hold_what_they_were_made_of() {
    host::start();
    // A recorder that looks at the input while the call is going on.
    unsafe extern "system" fn look(
        _: PWSK_CLIENT,
        _: u32,
        size: usize,
        input: *mut c_void,
        _: usize,
        _: *mut c_void,
        _: *mut usize,
        _: PIRP,
    ) -> NTSTATUS {
        // SAFETY: the wrapper vouches for pointer and size.
        let bytes = unsafe { std::slice::from_raw_parts(input.cast::<u8>(), size) };
        LOOKED.set(bytes.to_vec());
        STATUS_SUCCESS
    }
    thread_local! { static LOOKED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) }; }
    static TABLE: WSK_PROVIDER_DISPATCH = WSK_PROVIDER_DISPATCH { WskControlClient: Some(look), ..PROVIDER };
    // SAFETY: the table has the function.
    let provider = unsafe { Provider::from_raw(WSK_PROVIDER_NPI { Client: CLIENT, Dispatch: &raw const TABLE }) };
    let irql = Irql::<Passive>::current().expect("tests run at PASSIVE_LEVEL");
    let descriptor = 0x5D_0000_usize as PSECURITY_DESCRIPTOR;
    // SAFETY: the recorder reads the input and nothing else.
    unsafe {
        assert_eq!(provider.release_sd(&irql, descriptor), ControlClientStatus::Success);
        assert_eq!(LOOKED.take(), 0x5D_0000_usize.to_ne_bytes());
        let mut cached = MaybeUninit::uninit();
        assert_eq!(provider.cache_sd(&irql, descriptor, &mut cached), ControlClientStatus::Success);
        assert_eq!(LOOKED.take(), 0x5D_0000_usize.to_ne_bytes());
        assert_eq!(provider.tdi_behavior_set(&irql, TdiBehaviorInput::WSK_TDI_BEHAVIOR_BYPASS_TDI), ControlClientStatus::Success);
        assert_eq!(LOOKED.take(), 1_u32.to_ne_bytes());
        let events = SetStaticEventCallbacksEventMask::ACCEPT | SetStaticEventCallbacksEventMask::RECEIVE;
        let input = SetStaticEventCallbacksSetInput::new(&NPI_WSK_INTERFACE_ID, events);
        assert_eq!(provider.set_static_event_callbacks(&irql, &input), ControlClientStatus::Success);
        let looked = LOOKED.take();
        assert_eq!(
            (looked.len(), &looked[..8], &looked[8..12]),
            (16, &(&raw const NPI_WSK_INTERFACE_ID as usize).to_ne_bytes()[..], &0x240_u32.to_ne_bytes()[..])
        );
    }
}

/// The level is asserted at the limit of each API, whatever the token says that the call is made with.
#[test]
fn calling_above_the_limit_panics_and_names_api_and_levels() {
    host::start();
    std::panic::set_hook(Box::new(|_| {}));
    let irql = Irql::<Passive>::current().expect("tests run at PASSIVE_LEVEL");
    STATUS.set(STATUS_SUCCESS);
    let names = ["PASSIVE_LEVEL", "APC_LEVEL", "DISPATCH_LEVEL"];
    let mut problems = Vec::new();
    for case in cases() {
        // What a panic in a drop frees is pool, which the host in turn refuses to free above DISPATCH_LEVEL.
        let highest = if case.method == "deregister" { 2 } else { 5_u8 };
        for level in 0..=highest {
            CALLS.take();
            let result = catch_unwind(AssertUnwindSafe(|| host::at_level(level, || (case.call)(&irql))));
            match result {
                Ok(_) if level <= case.max => {}
                Ok(_) => problems.push(format!("{} at {level}: no panic", case.method)),
                Err(panic) => {
                    let message = panic.downcast_ref::<String>().cloned().unwrap_or_default();
                    let found = names.get(usize::from(level)).copied().unwrap_or("a device's level");
                    let expected = format!(
                        "{} was called at {found} ({level}); {} ({}) is the highest level allowed",
                        case.label,
                        names[usize::from(case.max)],
                        case.max
                    );
                    if level <= case.max || message != expected {
                        problems.push(format!("{} at {level}: {message}, expected {expected}", case.method));
                    }
                }
            }
        }
    }
    let _ = std::panic::take_hook();
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn a_function_that_this_windows_does_not_have_is_an_error_and_not_a_call() {
    host::start();
    let irql = Irql::<Passive>::current().expect("tests run at PASSIVE_LEVEL");
    CALLS.take();
    host::on_build(9600, || {
        let error = unsafe { connection().connect_ex(&irql, &V4, None, IRP_) }.expect_err("it came with a later build");
        assert_eq!(error.to_string(), "WskConnectEx needs Windows 10, version 1703 (build 15063) or later; this is build 9600");
        assert!(unsafe { datagram().send_messages(&irql, &WSK_BUF_LIST::default(), None, None, IRP_) }.is_ok());
    });
    CALLS.take();
    host::on_build(6002, || {
        let (mut result, list) = (MaybeUninit::uninit(), WSK_BUF_LIST::default());
        unsafe {
            let names = provider().get_address_info(&irql, None, None, None, None, None, &mut result, None, None, IRP_);
            assert_eq!(names.expect_err("it came with Windows 7").since, "Windows 7");
            let names = provider().get_name_info(&irql, &V4, None, None, GetNameInfoFlags::empty(), None, None, IRP_);
            assert_eq!(names.expect_err("it came with Windows 7").since_build, 7600);
            assert!(provider().free_address_info(&irql, NonNull::dangling()).is_err());
            assert!(datagram().send_messages(&irql, &list, None, None, IRP_).is_err());
        }
    });
    // A provider of the right version may still leave it out.
    static EMPTY: WSK_PROVIDER_CONNECTION_DISPATCH = WSK_PROVIDER_CONNECTION_DISPATCH { WskConnectEx: None, ..CONNECTION };
    let error = unsafe { open::<Connection>(&EMPTY).connect_ex(&irql, &V4, None, IRP_) }.expect_err("it is null");
    assert_eq!(
        error.to_string(),
        "WskConnectEx is missing from the dispatch table, although this is build 19045 and Windows 10, version 1703 had it"
    );
    assert!(CALLS.take().is_empty(), "nothing was called");
    // What a table has had from the start is not asked for: the stream table is as old as the function.
    assert!(host::on_build(9600, || unsafe { stream().connect_ex(&irql, &V4, None, IRP_) }).is_ok());
}

#[test]
fn arguments_that_belong_to_a_stricter_wrapper_are_refused_in_debug() {
    host::start();
    let irql = Irql::<Passive>::current().expect("tests run at PASSIVE_LEVEL");
    let call = || unsafe {
        basic().control_socket(&irql, ControlSocketRequestType::Ioctl, SIO_ADDRESS_LIST_QUERY, 0, None, None, None, None)
    };
    let panic = catch_unwind(AssertUnwindSafe(call)).expect_err("it must be called at PASSIVE_LEVEL");
    let message = panic.downcast_ref::<String>().expect("a message");
    assert!(message.contains("call `control_socket_ioctl_sio_address_list`"), "{message}");
    let control = Aligned([0_u8; 24]);
    let call = || unsafe { datagram().send_to(&irql, &WSK_BUF::default(), None, Some(&control.0[1..]), IRP_) };
    let panic = catch_unwind(AssertUnwindSafe(call)).expect_err("it is not aligned");
    assert!(panic.downcast_ref::<String>().expect("a message").contains("not aligned"));
}

#[test]
fn handles_convert_where_their_tables_do() {
    let socket = connection();
    let general: BasicSocket = socket.into();
    assert_eq!(general.as_raw(), socket.as_raw());
    assert_eq!((size_of::<ConnectionSocket>(), size_of::<Option<StreamSocket>>()), (size_of::<usize>(), size_of::<usize>()));
    assert!(format!("{socket:?}").starts_with("ConnectionSocket(0x"));
    assert_eq!(Connection::CATEGORY, WSK_FLAG_CONNECTION_SOCKET);
}
