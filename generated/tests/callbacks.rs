//! Event callbacks of a driver, called through their dispatch tables as WSK calls them: raw pointers, lists made by hand, null where
//! the documentation allows null. What the bodies are given, what comes back, and what becomes of data that they retain.
#![cfg(not(windows))]
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::result_large_err, reason = "a test")]
#![allow(clippy::vec_box, reason = "what points to each other stays where it is")]
#![allow(clippy::undocumented_unsafe_blocks, reason = "the test calls what WSK would call, and does what a provider may do")]

#[path = "../../runtime/tests/host/mod.rs"]
mod host;
#[path = "readme/callback.rs"]
#[allow(unreachable_pub, reason = "as it stands in the README")]
mod readme;

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::net::Ipv4Addr;
use std::ptr::{NonNull, from_ref, null, null_mut};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use host::{at_level, complete, fail_after, live};
use wsk::kind::{Connection, Datagram, Listen, Stream};
use wsk::state::{Bound, Connected};
use wsk::sys::*;
use wsk::*;

// What a driver writes.

/// What happened, in the order in which it happened.
#[derive(Default)]
struct Log(Mutex<Vec<String>>);

impl Log {
    fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// What the next body is to do.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Plan {
    Take,
    Part(usize),
    Refuse,
    Retain,
    /// Mistakes, which the level assertions notice.
    PendingForNothing,
    RetainAndTake,
    PartAndRefuse,
    Panic,
}

static DROPPED: AtomicUsize = AtomicUsize::new(0);

struct Peer {
    log: Log,
    plan: Mutex<Plan>,
    kept: Mutex<Vec<RetainedDataIndication>>,
    datagrams: Mutex<Vec<RetainedDatagramIndication>>,
}

impl Peer {
    fn new() -> Self {
        Self { log: Log::default(), plan: Mutex::new(Plan::Take), kept: Mutex::default(), datagrams: Mutex::default() }
    }
    fn plan(&self) -> Plan {
        *self.plan.lock().unwrap()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Ordering::SeqCst);
    }
}

fn text(bytes: &Received<WSK_DATA_INDICATION>) -> String {
    bytes.chunks().map(|chunk| String::from_utf8_lossy(chunk.expect("mapped")).into_owned()).collect::<Vec<_>>().join("|")
}

#[wsk_callback(WskReceiveEvent)]
fn on_receive(
    peer: &Peer,
    flags: ReceiveEventFlags,
    data: Option<DataIndication<'_>>,
    irql: &Irql<Dispatch>,
) -> ReceiveEventStatus {
    let _: &Irql<Dispatch> = irql;
    let Some(data) = data else {
        peer.log.note("dead");
        return ReceiveEventStatus::Success;
    };
    peer.log.note(format!("{flags:?} {} {}", data.total(), text(&data)));
    assert_eq!((data.total(), data.is_empty()), (data.len(), false));
    assert_eq!(data.iter().map(|entry| entry.len()).sum::<usize>(), data.len());
    match peer.plan() {
        Plan::Take => ReceiveEventStatus::Success,
        Plan::Part(bytes) => {
            data.accept(bytes);
            ReceiveEventStatus::Success
        }
        Plan::Refuse => ReceiveEventStatus::DataNotAccepted,
        plan @ (Plan::Retain | Plan::RetainAndTake) => match data.retain() {
            Ok(retained) => {
                peer.kept.lock().unwrap().push(retained);
                if plan == Plan::Retain { ReceiveEventStatus::Pending } else { ReceiveEventStatus::Success }
            }
            Err(_) => ReceiveEventStatus::DataNotAccepted,
        },
        Plan::PendingForNothing => ReceiveEventStatus::Pending,
        Plan::PartAndRefuse => {
            data.accept(1);
            ReceiveEventStatus::DataNotAccepted
        }
        Plan::Panic => panic!("a body that panics"),
    }
}

#[wsk_callback(WskDisconnectEvent)]
fn on_disconnect(peer: &Peer, flags: DisconnectEventFlags, irql: &mut Irql<Dispatch>) -> DisconnectEventStatus {
    static LOCK: SpinLock<u32> = SpinLock::new(0);
    *LOCK.lock(irql) += 1;
    peer.log.note(format!("{flags:?}"));
    DisconnectEventStatus::Success
}

#[wsk_callback(WskSendBacklogEvent)]
fn on_send_backlog(peer: &Peer, ideal: usize) -> SendBacklogEventStatus {
    peer.log.note(format!("{ideal}"));
    SendBacklogEventStatus::Success
}

#[wsk_callback(WskReceiveFromEvent)]
fn on_receive_from(peer: &Peer, flags: ReceiveFromEventFlags, data: Option<DatagramIndication<'_>>) -> ReceiveFromEventStatus {
    let Some(data) = data else {
        peer.log.note("dead");
        return ReceiveFromEventStatus::Success;
    };
    for datagram in &*data {
        let mut bytes = Vec::new();
        for chunk in datagram.chunks() {
            bytes.extend_from_slice(chunk.expect("mapped"));
        }
        let from = datagram.remote_address().and_then(SocketAddressRef::socket_addr);
        peer.log.note(format!("{flags:?} {} {from:?} {:?}", String::from_utf8_lossy(&bytes), datagram.control_info()));
        assert_eq!((datagram.len(), datagram.is_empty()), (bytes.len(), bytes.is_empty()));
    }
    match peer.plan() {
        Plan::Take => ReceiveFromEventStatus::Success,
        Plan::Retain => match data.retain() {
            Ok(retained) => {
                peer.datagrams.lock().unwrap().push(retained);
                ReceiveFromEventStatus::Pending
            }
            Err(_) => ReceiveFromEventStatus::DataNotAccepted,
        },
        Plan::PendingForNothing => ReceiveFromEventStatus::Pending,
        _ => ReceiveFromEventStatus::DataNotAccepted,
    }
}

type Accepted = OwnedSocket<'static, Connection, Connected, Peer>;

struct Listener {
    log: Log,
    plan: Mutex<Plan>,
    pended: Mutex<Option<WSK_INSPECT_ID>>,
    sockets: Mutex<Vec<Accepted>>,
    plain: Mutex<Vec<OwnedSocket<'static, Connection, Connected>>>,
}

impl Listener {
    fn new() -> Self {
        Self {
            log: Log::default(),
            plan: Mutex::new(Plan::Take),
            pended: Mutex::default(),
            sockets: Mutex::default(),
            plain: Mutex::default(),
        }
    }
}

#[wsk_callback(WskAcceptEvent)]
fn on_accept(
    listener: &Listener,
    flags: AcceptEventFlags,
    local: Option<SocketAddressRef<'_>>,
    remote: Option<SocketAddressRef<'_>>,
    socket: Option<AcceptEventSocket<'_>>,
) -> AcceptEventAnswer {
    let Some(socket) = socket else {
        listener.log.note("dead");
        return AcceptEventAnswer::RequestNotAccepted;
    };
    let shown = |address: Option<SocketAddressRef<'_>>| address.and_then(SocketAddressRef::socket_addr).map(|a| a.port());
    listener.log.note(format!("{flags:?} {:?} {:?}", shown(local), shown(remote)));
    match *listener.plan.lock().unwrap() {
        Plan::Take | Plan::RetainAndTake => match socket.accept(Peer::new(), &PEER) {
            Ok((socket, outputs)) => {
                listener.sockets.lock().unwrap().push(socket);
                if *listener.log.0.lock().unwrap() == ["refuse all the same"] {
                    return AcceptEventAnswer::RequestNotAccepted;
                }
                AcceptEventAnswer::Success(outputs)
            }
            Err(status) => {
                listener.log.note(status.to_string());
                AcceptEventAnswer::RequestNotAccepted
            }
        },
        Plan::Part(_) => {
            let (socket, outputs) = socket.accept_without_callbacks().expect("memory");
            listener.plain.lock().unwrap().push(socket);
            AcceptEventAnswer::Success(outputs)
        }
        _ => AcceptEventAnswer::RequestNotAccepted,
    }
}

#[wsk_callback(WskInspectEvent)]
fn on_inspect(
    listener: &Listener,
    local: Option<SocketAddressRef<'_>>,
    remote: Option<SocketAddressRef<'_>>,
    id: Option<&WSK_INSPECT_ID>,
) -> InspectEventStatus {
    let Some(id) = id else {
        listener.log.note("dead");
        return InspectEventStatus::Reject;
    };
    listener.log.note(format!("{} {}", local.is_some(), remote.is_some()));
    match *listener.plan.lock().unwrap() {
        Plan::Take => InspectEventStatus::Accept,
        Plan::Retain => {
            *listener.pended.lock().unwrap() = Some(*id);
            InspectEventStatus::Pend
        }
        _ => InspectEventStatus::Reject,
    }
}

#[wsk_callback(WskAbortEvent)]
fn on_abort(listener: &Listener, id: &WSK_INSPECT_ID) -> AbortEventStatus {
    let pended = listener.pended.lock().unwrap().take();
    listener.log.note(format!("{}", pended.is_some_and(|p| p.SerialNumber == id.SerialNumber)));
    AbortEventStatus::Success
}

#[wsk_callback(WskClientEvent)]
fn on_client(log: &Log, event: u32, information: Option<&[u8]>) -> ClientEventStatus {
    log.note(format!("{event} {information:?}"));
    if event == 1 { ClientEventStatus::Success } else { ClientEventStatus::NotImplemented }
}

/// The raw form: what C has, with the level asserted.
#[wsk_callback(WskSendBacklogEvent)]
unsafe fn raw_backlog(context: PVOID, ideal: usize) -> NTSTATUS {
    unsafe { (*context.cast::<AtomicUsize>()).store(ideal, Ordering::SeqCst) };
    STATUS_SUCCESS
}

static PEER: ConnectionCallbacks<Peer> = ConnectionCallbacks::new()
    .receive_event::<on_receive>()
    .disconnect_event::<on_disconnect>()
    .send_backlog_event::<on_send_backlog>();
static ONLY_DISCONNECT: ConnectionCallbacks<Peer> = ConnectionCallbacks::new().disconnect_event::<on_disconnect>();
static DATAGRAMS: DatagramCallbacks<Peer> = DatagramCallbacks::new().receive_from_event::<on_receive_from>();
static LISTENER: ListenCallbacks<Listener> =
    ListenCallbacks::new().accept_event::<on_accept>().inspect_event::<on_inspect>().abort_event::<on_abort>();
static NO_LISTENER: ListenCallbacks<Peer> = ListenCallbacks::new();
static STREAM_PEER: StreamCallbacks<Peer> = StreamCallbacks::new(&NO_LISTENER, &PEER);
static CLIENT: ClientCallbacks<Log> = ClientCallbacks::new(MAKE_WSK_VERSION(1, 0)).client_event::<on_client>();

// The provider of the test.

/// What WSK knows of a socket.
#[derive(Clone, Copy)]
struct Attached {
    context: PVOID,
    table: *const c_void,
}

thread_local! {
    static ATTACHED: RefCell<Vec<(usize, Attached)>> = const { RefCell::new(Vec::new()) };
    static CLOSED: Cell<usize> = const { Cell::new(0) };
    static RELEASED: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
    static ENABLED: RefCell<Vec<(usize, u32)>> = const { RefCell::new(Vec::new()) };
    static NPI: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
    static FAIL: Cell<bool> = const { Cell::new(false) };
    static LATER: RefCell<Option<usize>> = const { RefCell::new(None) };
    static HOLD_CLOSES: Cell<bool> = const { Cell::new(false) };
}

fn finish(irp: PIRP, information: usize) -> NTSTATUS {
    let (status, information) = if FAIL.take() { (STATUS_NOT_SUPPORTED, 0) } else { (STATUS_SUCCESS, information) };
    unsafe { complete(irp, status, information) };
    status
}

fn new_socket<T>(functions: &'static T, context: PVOID, table: *const c_void) -> usize {
    if FAIL.get() {
        return 0;
    }
    let socket = Box::into_raw(Box::new(WSK_SOCKET { Dispatch: from_ref(functions).cast() })) as usize;
    ATTACHED.with_borrow_mut(|all| all.push((socket, Attached { context, table })));
    socket
}

fn attached(socket: PWSK_SOCKET) -> Attached {
    ATTACHED.with_borrow(|all| all.iter().find(|(s, _)| *s == socket as usize).expect("an open socket").1)
}

unsafe extern "system" fn socket(
    _: PWSK_CLIENT,
    _: u16,
    _: u16,
    _: u32,
    flags: u32,
    context: PVOID,
    table: *const c_void,
    _: PEPROCESS,
    _: PETHREAD,
    _: PSECURITY_DESCRIPTOR,
    irp: PIRP,
) -> NTSTATUS {
    let made = match flags {
        WSK_FLAG_LISTEN_SOCKET => new_socket(&LISTEN_FUNCTIONS, context, table),
        WSK_FLAG_DATAGRAM_SOCKET => new_socket(&DATAGRAM_FUNCTIONS, context, table),
        WSK_FLAG_STREAM_SOCKET => new_socket(&STREAM_FUNCTIONS, context, table),
        _ => new_socket(&CONNECTION_FUNCTIONS, context, table),
    };
    finish(irp, made)
}
unsafe extern "system" fn socket_connect(
    _: PWSK_CLIENT,
    _: u16,
    _: u32,
    _: PSOCKADDR,
    _: PSOCKADDR,
    _: u32,
    context: PVOID,
    table: *const WSK_CLIENT_CONNECTION_DISPATCH,
    _: PEPROCESS,
    _: PETHREAD,
    _: PSECURITY_DESCRIPTOR,
    irp: PIRP,
) -> NTSTATUS {
    finish(irp, new_socket(&CONNECTION_FUNCTIONS, context, table.cast()))
}
unsafe extern "system" fn accept(
    _: PWSK_SOCKET,
    _: u32,
    context: PVOID,
    table: *const WSK_CLIENT_CONNECTION_DISPATCH,
    _: PSOCKADDR,
    _: PSOCKADDR,
    irp: PIRP,
) -> NTSTATUS {
    finish(irp, new_socket(&CONNECTION_FUNCTIONS, context, table.cast()))
}
unsafe extern "system" fn close_socket(socket: PWSK_SOCKET, irp: PIRP) -> NTSTATUS {
    ATTACHED.with_borrow_mut(|all| {
        let before = all.len();
        all.retain(|(s, _)| *s != socket as usize);
        assert_eq!(all.len() + 1, before, "a socket is closed twice");
    });
    drop(unsafe { Box::from_raw(socket) });
    CLOSED.set(CLOSED.get() + 1);
    if HOLD_CLOSES.get() {
        LATER.set(Some(irp as usize));
        return STATUS_PENDING;
    }
    finish(irp, 0)
}
unsafe extern "system" fn bind(_: PWSK_SOCKET, _: PSOCKADDR, _: u32, irp: PIRP) -> NTSTATUS {
    finish(irp, 0)
}
unsafe extern "system" fn listen(_: PWSK_SOCKET, irp: PIRP) -> NTSTATUS {
    finish(irp, 0)
}
unsafe extern "system" fn release(_: PWSK_SOCKET, list: PWSK_DATA_INDICATION) -> NTSTATUS {
    RELEASED.with_borrow_mut(|all| all.push(list as usize));
    STATUS_SUCCESS
}
unsafe extern "system" fn release_datagrams(_: PWSK_SOCKET, list: PWSK_DATAGRAM_INDICATION) -> NTSTATUS {
    RELEASED.with_borrow_mut(|all| all.push(list as usize));
    STATUS_SUCCESS
}
unsafe extern "system" fn control(
    socket: PWSK_SOCKET,
    request: WSK_CONTROL_SOCKET_TYPE,
    code: u32,
    level: u32,
    size: usize,
    input: PVOID,
    out_size: usize,
    output: PVOID,
    returned: *mut usize,
    irp: PIRP,
) -> NTSTATUS {
    assert!(request == WskSetOption && code == SO_WSK_EVENT_CALLBACK && level == SOL_SOCKET as u32);
    assert!(size == size_of::<WSK_EVENT_CALLBACK_CONTROL>() && out_size == 0 && output.is_null() && returned.is_null());
    assert!(irp.is_null());
    let input = unsafe { &*input.cast::<WSK_EVENT_CALLBACK_CONTROL>() };
    assert_eq!(input.NpiId.cast_const(), &raw const NPI_WSK_INTERFACE_ID);
    ENABLED.with_borrow_mut(|all| all.push((socket as usize, input.EventMask)));
    STATUS_SUCCESS
}

const BASIC: WSK_PROVIDER_BASIC_DISPATCH =
    WSK_PROVIDER_BASIC_DISPATCH { WskControlSocket: Some(control), WskCloseSocket: Some(close_socket) };
static LISTEN_FUNCTIONS: WSK_PROVIDER_LISTEN_DISPATCH = WSK_PROVIDER_LISTEN_DISPATCH {
    Basic: BASIC,
    WskBind: Some(bind),
    WskAccept: Some(accept),
    WskInspectComplete: None,
    WskGetLocalAddress: None,
};
static DATAGRAM_FUNCTIONS: WSK_PROVIDER_DATAGRAM_DISPATCH = WSK_PROVIDER_DATAGRAM_DISPATCH {
    Basic: BASIC,
    WskBind: Some(bind),
    WskSendTo: None,
    WskReceiveFrom: None,
    WskRelease: Some(release_datagrams),
    WskGetLocalAddress: None,
    WskSendMessages: None,
};
static CONNECTION_FUNCTIONS: WSK_PROVIDER_CONNECTION_DISPATCH = WSK_PROVIDER_CONNECTION_DISPATCH {
    Basic: BASIC,
    WskBind: Some(bind),
    WskConnect: None,
    WskGetLocalAddress: None,
    WskGetRemoteAddress: None,
    WskSend: None,
    WskReceive: None,
    WskDisconnect: None,
    WskRelease: Some(release),
    WskConnectEx: None,
    WskSendEx: null_mut(),
    WskReceiveEx: null_mut(),
};
static STREAM_FUNCTIONS: WSK_PROVIDER_STREAM_DISPATCH = WSK_PROVIDER_STREAM_DISPATCH {
    Basic: BASIC,
    WskBind: Some(bind),
    WskAccept: Some(accept),
    WskConnect: None,
    WskListen: Some(listen),
    WskSend: None,
    WskReceive: None,
    WskDisconnect: None,
    WskRelease: Some(release),
    WskGetLocalAddress: None,
    WskGetRemoteAddress: None,
    WskConnectEx: None,
    WskSendEx: null_mut(),
    WskReceiveEx: null_mut(),
};
static PROVIDER: WSK_PROVIDER_DISPATCH = WSK_PROVIDER_DISPATCH {
    Version: 0x100,
    Reserved: 0,
    WskSocket: Some(socket),
    WskSocketConnect: Some(socket_connect),
    WskControlClient: None,
    WskGetAddressInfo: None,
    WskFreeAddressInfo: None,
    WskGetNameInfo: None,
};

#[unsafe(no_mangle)]
unsafe extern "system" fn WskRegister(npi: PWSK_CLIENT_NPI, _: PWSK_REGISTRATION) -> NTSTATUS {
    let npi = unsafe { &*npi };
    NPI.set((npi.ClientContext as usize, npi.Dispatch as usize));
    STATUS_SUCCESS
}
#[unsafe(no_mangle)]
extern "system" fn WskDeregister(_: PWSK_REGISTRATION) {
    assert!(ATTACHED.with_borrow(Vec::is_empty), "deregistration would wait for these sockets for ever");
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

// Calls as WSK makes them.

impl Attached {
    fn connection(self) -> &'static WSK_CLIENT_CONNECTION_DISPATCH {
        unsafe { &*self.table.cast() }
    }
    fn receive(self, flags: u32, list: PWSK_DATA_INDICATION, bytes: usize, accepted: &mut usize) -> NTSTATUS {
        unsafe { self.connection().WskReceiveEvent.unwrap()(self.context, flags, list, bytes, accepted) }
    }
    fn receive_from(self, flags: u32, list: PWSK_DATAGRAM_INDICATION) -> NTSTATUS {
        let table = unsafe { &*self.table.cast::<WSK_CLIENT_DATAGRAM_DISPATCH>() };
        unsafe { table.WskReceiveFromEvent.unwrap()(self.context, flags, list) }
    }
    fn listen(self) -> &'static WSK_CLIENT_LISTEN_DISPATCH {
        unsafe { &*self.table.cast() }
    }
}

/// A list of data: entries of chains of MDLs, as a transport makes them, with an offset into each chain.
struct Data {
    // They point to each other, and so stay where they are.
    entries: Vec<Box<WSK_DATA_INDICATION>>,
    _mdls: Vec<Box<wsk_runtime::kernel::MDL>>,
    _bytes: Vec<Box<[u8]>>,
    len: usize,
}

/// Each entry is an offset, a length and the stretches of memory of its MDLs.
fn data(entries: &[(u32, usize, &[&str])]) -> Data {
    let mut made = Data { entries: Vec::new(), _mdls: Vec::new(), _bytes: Vec::new(), len: 0 };
    for (offset, length, stretches) in entries {
        let mut first = null_mut();
        for stretch in stretches.iter().rev() {
            let bytes: Box<[u8]> = stretch.as_bytes().into();
            let mut mdl = Box::new(wsk_runtime::kernel::MDL::default());
            mdl.Next = first;
            mdl.StartVa = bytes.as_ptr().wrapping_sub(5).cast_mut().cast();
            mdl.ByteOffset = 5;
            // Every other one is not mapped yet.
            if made._mdls.len().is_multiple_of(2) {
                mdl.MdlFlags = 4;
                mdl.MappedSystemVa = bytes.as_ptr().cast_mut().cast();
            }
            mdl.ByteCount = bytes.len() as u32;
            first = &raw mut *mdl;
            made._mdls.push(mdl);
            made._bytes.push(bytes);
        }
        let mut entry = Box::new(WSK_DATA_INDICATION::default());
        entry.Buffer = WSK_BUF { Mdl: first, Offset: *offset, Length: *length };
        if let Some(last) = made.entries.last_mut() {
            last.Next = &raw mut *entry;
        }
        made.entries.push(entry);
        made.len += length;
    }
    made
}

impl Data {
    fn head(&mut self) -> PWSK_DATA_INDICATION {
        &raw mut *self.entries[0]
    }
}

static ALONE: Mutex<()> = Mutex::new(());

/// Tests that count allocations run one at a time.
fn alone() -> MutexGuard<'static, ()> {
    host::start();
    let guard = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(live(), [""; 0], "an earlier test left something");
    RELEASED.take();
    ENABLED.take();
    CLOSED.set(0);
    DROPPED.store(0, Ordering::SeqCst);
    guard
}

fn passive() -> Irql<Passive> {
    Irql::current().expect("tests run at PASSIVE_LEVEL")
}

fn done<'a, P: Payload>(operation: Result<Operation<'a, P>, impl std::fmt::Debug>) -> P::Outcome<'a> {
    operation.expect("started").wait(&passive(), Some(Duration::ZERO)).unwrap_or_else(|_| panic!("not over"))
}

const HERE: SocketAddressV4 = SocketAddressV4::new(Ipv4Addr::LOCALHOST, 7);
const THERE: SocketAddressV4 = SocketAddressV4::new(Ipv4Addr::new(192, 0, 2, 1), 80);
const LEVELS: [u8; 2] = [0, 2];

static REGISTERED: Log = Log(Mutex::new(Vec::new()));

/// Runs a test with a captured provider; afterwards nothing may be left.
fn with_provider(test: impl FnOnce(&ProviderNpi<'_>)) {
    let _alone = alone();
    let irql = passive();
    {
        let registration = Registration::register_with_callbacks(&irql, &REGISTERED, &CLIENT).expect("registered");
        let provider = registration.capture_provider_npi_no_wait(&irql).expect("captured");
        test(&provider);
    }
    assert_eq!(live(), [""; 0], "something is not freed");
}

fn connection<'a>(provider: &'a ProviderNpi<'_>) -> OwnedSocket<'a, Connection, Connected, Peer> {
    let made = provider.start_socket_connect_with_callbacks(
        &passive(),
        SocketConnectSocketType::Stream,
        6,
        HERE,
        THERE,
        Peer::new(),
        &PEER,
    );
    done(made).socket.expect("made")
}

#[test]
fn received_data_arrives_and_each_answer_comes_out_as_its_status() {
    with_provider(|provider| {
        let socket = connection(provider);
        let wsk = attached(socket.handle().as_raw());
        assert_eq!(wsk.table, from_ref(PEER.as_raw()).cast());
        let peer = socket.context();
        // Offsets into the chain, past its first MDL, and less than the chain has.
        let mut list = data(&[(2, 7, &["xxhel", "lo w", "or!!"]), (6, 2, &["-----", "-ld---"]), (0, 1, &["!"])]);
        let (head, len) = (list.head(), list.len);
        for level in LEVELS {
            at_level(level, || {
                let at = if level == 2 { WSK_FLAG_AT_DISPATCH_LEVEL } else { 0 };
                for (flag, shown) in
                    [(0, ""), (WSK_FLAG_RELEASE_ASAP, "RELEASE_ASAP"), (WSK_FLAG_ENTIRE_MESSAGE, "ENTIRE_MESSAGE")]
                {
                    let mut accepted = 99;
                    for (plan, status, taken) in [
                        (Plan::Take, STATUS_SUCCESS, 99),
                        (Plan::Refuse, STATUS_DATA_NOT_ACCEPTED, 99),
                        (Plan::Part(0), STATUS_SUCCESS, 0),
                        (Plan::Part(4), STATUS_SUCCESS, 4),
                        (Plan::Part(10), STATUS_SUCCESS, 10),
                    ] {
                        *peer.plan.lock().unwrap() = plan;
                        accepted = if taken == 99 { 99 } else { accepted };
                        assert_eq!(wsk.receive(flag | at, head, len, &mut accepted), status, "{plan:?}");
                        assert_eq!(accepted, taken, "{plan:?}");
                        let said = peer.log.take();
                        assert_eq!(said.len(), 1);
                        assert!(said[0].ends_with("10 hel|lo w|ld|!"), "{said:?}");
                        assert!(said[0].contains(shown) && said[0].contains("AT_DISPATCH_LEVEL") == (at != 0), "{said:?}");
                    }
                }
                // The socket is dead.
                let dead = unsafe { wsk.connection().WskReceiveEvent.unwrap()(wsk.context, at, null_mut(), 0, null_mut()) };
                assert_eq!((dead, peer.log.take()), (STATUS_SUCCESS, vec!["dead".to_owned()]));
            });
        }
    });
}

#[test]
fn memory_that_cannot_be_mapped_is_an_error() {
    with_provider(|provider| {
        let socket = connection(provider);
        let wsk = attached(socket.handle().as_raw());
        let mut list = data(&[(0, 3, &["a", "b", "c"])]);
        *socket.context().plan.lock().unwrap() = Plan::Retain;
        assert_eq!(wsk.receive(0, list.head(), 3, &mut 0), STATUS_PENDING);
        // It was mapped when it was looked at; it is not now.
        for mdl in &mut list._mdls {
            mdl.MdlFlags = 0;
        }
        let kept = socket.context().kept.lock().unwrap().pop().expect("retained");
        fail_after(Some(1));
        let mut buffer = [0; 8];
        assert_eq!(kept.copy_to(&mut buffer), Err(NtStatus(0xC000_009A_u32.cast_signed())));
        assert_eq!(kept.chunks().map(|c| c.is_ok()).collect::<Vec<_>>(), [true, false], "nothing follows an error");
        fail_after(None);
        assert_eq!(kept.copy_to(&mut buffer), Ok(3));
        assert_eq!(kept.copy_to(&mut buffer[..2]), Ok(2));
        assert_eq!(&buffer[..3], b"abc");
    });
}

#[test]
fn retained_data_is_given_back_by_its_drop_and_the_socket_is_closed_after_it() {
    with_provider(|provider| {
        for level in LEVELS {
            RELEASED.take();
            CLOSED.set(0);
            let socket = connection(provider);
            let wsk = attached(socket.handle().as_raw());
            let (mut one, mut two, mut three) = (data(&[(0, 1, &["1"])]), data(&[(0, 1, &["2"])]), data(&[(0, 1, &["3"])]));
            let receive = |data: &mut Data| at_level(level, || wsk.receive(0, data.head(), data.len, &mut 0));
            *socket.context().plan.lock().unwrap() = Plan::Retain;
            assert_eq!((receive(&mut one), receive(&mut two)), (STATUS_PENDING, STATUS_PENDING));
            let mut kept = std::mem::take(&mut *socket.context().kept.lock().unwrap());
            let other = connection(provider);
            assert_eq!((text(&kept[0]), text(&kept[1]), CLOSED.get()), ("1".into(), "2".into(), 0));
            drop(other);
            assert_eq!(CLOSED.replace(0), 1, "another socket is not held");

            // Closing waits for what is retained; nothing new is retained meanwhile.
            let closing = socket.start_close_socket(&passive()).try_finish().err().expect("data is retained");
            assert_eq!(CLOSED.get(), 0);
            assert_eq!(receive(&mut three), STATUS_DATA_NOT_ACCEPTED);
            at_level(level, || drop(kept.remove(1)));
            assert_eq!((CLOSED.get(), RELEASED.take()), (0, vec![two.head() as usize]));
            let closing = closing.try_finish().err().expect("data is retained");
            at_level(level, || drop(kept.remove(0)));
            assert_eq!((CLOSED.get(), RELEASED.take()), (1, vec![one.head() as usize]));
            let dropped = DROPPED.load(Ordering::SeqCst);
            let outcome = closing.try_finish().unwrap_or_else(|_| panic!("closed"));
            assert_eq!(outcome.status, CloseSocketStatus::Success);
            assert_eq!(DROPPED.load(Ordering::SeqCst), dropped + 1, "the context is freed when the socket is closed");
        }
    });
}

#[test]
fn a_socket_that_is_dropped_is_closed_after_what_is_retained() {
    with_provider(|provider| {
        let socket = connection(provider);
        let wsk = attached(socket.handle().as_raw());
        let mut list = data(&[(0, 1, &["1"])]);
        *socket.context().plan.lock().unwrap() = Plan::Retain;
        assert_eq!(wsk.receive(0, list.head(), 1, &mut 0), STATUS_PENDING);
        let kept = socket.context().kept.lock().unwrap().pop();
        drop(socket);
        assert_eq!((CLOSED.get(), DROPPED.load(Ordering::SeqCst)), (0, 0));
        // From another thread, as drivers do it.
        HOLD_CLOSES.set(true);
        drop(kept);
        HOLD_CLOSES.set(false);
        assert_eq!(
            (CLOSED.get(), DROPPED.load(Ordering::SeqCst)),
            (1, 0),
            "callbacks may still run until the close is completed"
        );
        let irp = LATER.take().expect("the IRP of the close") as PIRP;
        at_level(2, || unsafe { complete(irp, STATUS_SUCCESS, 0) });
        assert_eq!(DROPPED.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn datagrams_arrive_with_their_senders_and_control_information() {
    with_provider(|provider| {
        let made =
            provider.start_socket_with_callbacks::<Datagram, _, _>(&passive(), 2, SocketType::Dgram, 17, Peer::new(), &DATAGRAMS);
        let socket = done(done(made).socket.expect("made").start_bind(&passive(), HERE)).socket.expect("bound");
        let wsk = attached(socket.handle().as_raw());
        let inner = data(&[(1, 2, &["-on", "e"]), (0, 3, &["two"])]);
        let (remote, control) = (THERE, [7u8; 16]);
        let mut second = WSK_DATAGRAM_INDICATION { Buffer: inner.entries[1].Buffer, ..Default::default() };
        let mut first = WSK_DATAGRAM_INDICATION {
            Next: &raw mut second,
            Buffer: inner.entries[0].Buffer,
            ControlInfo: control.as_ptr().cast_mut().cast(),
            ControlInfoLength: 16,
            RemoteAddress: remote.as_ref().as_ptr(),
        };
        let peer = socket.context();
        for level in LEVELS {
            at_level(level, || {
                let at = if level == 2 { WSK_FLAG_AT_DISPATCH_LEVEL } else { 0 };
                for (plan, status) in [(Plan::Take, STATUS_SUCCESS), (Plan::Refuse, STATUS_DATA_NOT_ACCEPTED)] {
                    *peer.plan.lock().unwrap() = plan;
                    for (flag, shown) in [(MSG_BCAST, "BCAST"), (MSG_MCAST, "MCAST")] {
                        assert_eq!(wsk.receive_from(flag | at, &raw mut first), status);
                        let said = peer.log.take();
                        assert!(said[0].contains(shown) && said[0].contains("AT_DISPATCH_LEVEL") == (at != 0), "{said:?}");
                        assert!(
                            said[0].ends_with("on Some(192.0.2.1:80) Some([7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7])")
                        );
                        assert!(said[1].ends_with("two None None") && said.len() == 2, "{said:?}");
                    }
                }
                *peer.plan.lock().unwrap() = Plan::Retain;
                assert_eq!(wsk.receive_from(at, &raw mut first), STATUS_PENDING);
                peer.log.take();
                peer.datagrams.lock().unwrap().clear();
                assert_eq!(RELEASED.take(), [&raw mut first as usize]);
                assert_eq!(wsk.receive_from(at, null_mut()), STATUS_SUCCESS);
                assert_eq!(peer.log.take(), ["dead"]);
            });
        }
    });
}

#[test]
fn connections_are_accepted_with_a_context_without_one_or_refused() {
    with_provider(|provider| {
        let irql = passive();
        let made =
            provider.start_socket_with_callbacks::<Listen, _, _>(&irql, 2, SocketType::Stream, 6, Listener::new(), &LISTENER);
        let socket = done(done(made).socket.expect("made").start_bind(&irql, HERE)).socket.expect("bound");
        let wsk = attached(socket.handle().as_raw());
        let listener = socket.context();
        let (local, remote) = (HERE, THERE);
        let accept = |flags: u32,
                      incoming: PWSK_SOCKET,
                      context: &mut PVOID,
                      table: &mut *const WSK_CLIENT_CONNECTION_DISPATCH| unsafe {
            let (local, remote) =
                if incoming.is_null() { (null_mut(), null_mut()) } else { (local.as_ref().as_ptr(), remote.as_ref().as_ptr()) };
            wsk.listen().WskAcceptEvent.unwrap()(wsk.context, flags, local, remote, incoming, context, table)
        };
        for level in LEVELS {
            at_level(level, || {
                let at = if level == 2 { WSK_FLAG_AT_DISPATCH_LEVEL } else { 0 };
                let untouched = 0xBAD0_0000_usize as PVOID;
                let outputs = || (untouched, untouched.cast_const().cast::<WSK_CLIENT_CONNECTION_DISPATCH>());
                let incoming = new_socket(&CONNECTION_FUNCTIONS, null_mut(), null()) as PWSK_SOCKET;

                // Accepted, with a context and callbacks: data that comes on it finds them.
                *listener.plan.lock().unwrap() = Plan::Take;
                let (mut context, mut table) = outputs();
                assert_eq!(accept(at, incoming, &mut context, &mut table), STATUS_SUCCESS);
                let shown = if at == 0 { "(0x0)" } else { "(AT_DISPATCH_LEVEL)" };
                assert_eq!(listener.log.take(), [format!("AcceptEventFlags{shown} Some(7) Some(80)")]);
                assert_eq!(table, from_ref(PEER.as_raw()));
                let accepted = listener.sockets.lock().unwrap().pop().expect("accepted");
                assert_eq!(accepted.handle().as_raw(), incoming);
                let now = Attached { context, table: table.cast() };
                *accepted.context().plan.lock().unwrap() = Plan::Retain;
                let mut list = data(&[(0, 2, &["hi"])]);
                assert_eq!(now.receive(at, list.head(), 2, &mut 0), STATUS_PENDING);
                let kept = accepted.context().kept.lock().unwrap().pop();
                drop(accepted);
                assert_eq!(CLOSED.get(), 0);
                drop(kept);
                assert_eq!(CLOSED.replace(0), 1);

                // Accepted without any.
                *listener.plan.lock().unwrap() = Plan::Part(0);
                let incoming = new_socket(&CONNECTION_FUNCTIONS, null_mut(), null()) as PWSK_SOCKET;
                let (mut context, mut table) = outputs();
                assert_eq!(accept(at, incoming, &mut context, &mut table), STATUS_SUCCESS);
                assert!(context.is_null() && table.is_null());
                listener.plain.lock().unwrap().clear();
                assert_eq!(CLOSED.replace(0), 1);

                // Refused: nothing is written, and nothing is closed here.
                *listener.plan.lock().unwrap() = Plan::Refuse;
                let incoming = new_socket(&CONNECTION_FUNCTIONS, null_mut(), null()) as PWSK_SOCKET;
                let (mut context, mut table) = outputs();
                assert_eq!(accept(at, incoming, &mut context, &mut table), STATUS_REQUEST_NOT_ACCEPTED);
                // No memory for the context, or for closing.
                *listener.plan.lock().unwrap() = Plan::Take;
                for room in 0..3 {
                    fail_after(Some(room));
                    assert_eq!(accept(at, incoming, &mut context, &mut table), STATUS_REQUEST_NOT_ACCEPTED, "{room}");
                    fail_after(None);
                }
                assert_eq!((context, CLOSED.get()), (untouched, 0));
                ATTACHED.with_borrow_mut(|all| all.retain(|(s, _)| *s != incoming as usize));
                drop(unsafe { Box::from_raw(incoming) });
                listener.log.take();

                // The listening socket is dead.
                assert_eq!(accept(at, null_mut(), &mut context, &mut table), STATUS_REQUEST_NOT_ACCEPTED);
                assert_eq!(listener.log.take(), ["dead"]);
            });
        }
    });
}

#[test]
fn requests_are_inspected_and_aborted() {
    with_provider(|provider| {
        let made = provider.start_socket_with_callbacks::<Listen, _, _>(
            &passive(),
            2,
            SocketType::Stream,
            6,
            Listener::new(),
            &LISTENER,
        );
        let socket = done(made).socket.expect("made");
        let wsk = attached(socket.handle().as_raw());
        let listener = socket.context();
        let mut id = WSK_INSPECT_ID { Key: 3, SerialNumber: 4 };
        let (local, remote) = (HERE, THERE);
        for level in LEVELS {
            at_level(level, || unsafe {
                let inspect = |id: PWSK_INSPECT_ID| {
                    wsk.listen().WskInspectEvent.unwrap()(wsk.context, local.as_ref().as_ptr(), remote.as_ref().as_ptr(), id)
                };
                let abort = |id: PWSK_INSPECT_ID| wsk.listen().WskAbortEvent.unwrap()(wsk.context, id);
                for (plan, action) in
                    [(Plan::Take, WskInspectAccept), (Plan::Refuse, WskInspectReject), (Plan::Retain, WskInspectPend)]
                {
                    *listener.plan.lock().unwrap() = plan;
                    assert_eq!(inspect(&raw mut id), action);
                    assert_eq!(listener.log.take(), ["true true"]);
                }
                assert_eq!((abort(&raw mut id), listener.log.take()), (STATUS_SUCCESS, vec!["true".to_owned()]));
                assert_eq!((abort(&raw mut id), listener.log.take()), (STATUS_SUCCESS, vec!["false".to_owned()]));
                assert_eq!((inspect(null_mut()), listener.log.take()), (WskInspectReject, vec!["dead".to_owned()]));
            });
        }
    });
}

#[test]
fn disconnect_backlog_and_client_events() {
    with_provider(|provider| {
        let socket = connection(provider);
        let wsk = attached(socket.handle().as_raw());
        let log = &socket.context().log;
        for level in LEVELS {
            at_level(level, || unsafe {
                let at = if level == 2 { WSK_FLAG_AT_DISPATCH_LEVEL } else { 0 };
                let disconnect = wsk.connection().WskDisconnectEvent.unwrap();
                assert_eq!(disconnect(wsk.context, WSK_FLAG_ABORTIVE | at), STATUS_SUCCESS);
                assert_eq!(disconnect(wsk.context, at), STATUS_SUCCESS);
                assert_eq!(wsk.connection().WskSendBacklogEvent.unwrap()(wsk.context, 65_536), STATUS_SUCCESS);
                let said = log.take();
                assert!(said[0].contains("ABORTIVE") && !said[1].contains("ABORTIVE") && said[2] == "65536", "{said:?}");

                let (context, table) = NPI.get();
                assert_eq!((context, table), (from_ref(&REGISTERED) as usize, from_ref(CLIENT.as_raw()) as usize));
                let table = &*(table as *const WSK_CLIENT_DISPATCH);
                assert_eq!((table.Version, table.Reserved), (0x100, 0));
                let mut information = [1u8, 2];
                let event = table.WskClientEvent.unwrap();
                assert_eq!(event(context as PVOID, 1, information.as_mut_ptr().cast(), 2), STATUS_SUCCESS);
                assert_eq!(event(context as PVOID, 2, null_mut(), 0), STATUS_NOT_IMPLEMENTED);
                assert_eq!(REGISTERED.take(), ["1 Some([1, 2])", "2 None"]);
            });
        }
    });
}

#[test]
fn every_way_to_a_socket_attaches_context_and_callbacks() {
    with_provider(|provider| {
        let irql = passive();
        let stream =
            provider.start_socket_with_callbacks::<Stream, _, _>(&irql, 2, SocketType::Stream, 6, Peer::new(), &STREAM_PEER);
        let stream = done(stream).socket.expect("made");
        let wsk = attached(stream.handle().as_raw());
        let table = unsafe { &*wsk.table.cast::<WSK_CLIENT_STREAM_DISPATCH>() };
        assert_eq!((table.Listen, table.Connect), (from_ref(NO_LISTENER.as_raw()), from_ref(PEER.as_raw())));
        let wsk = Attached { context: wsk.context, table: table.Connect.cast() };
        let mut list = data(&[(0, 1, &["s"])]);
        *stream.context().plan.lock().unwrap() = Plan::Retain;
        assert_eq!(wsk.receive(0, list.head(), 1, &mut 0), STATUS_PENDING);
        stream.context().kept.lock().unwrap().clear();
        assert_eq!(RELEASED.take().len(), 1, "given back by the function of stream sockets");

        // The context stays with the socket from state to state.
        let bound: OwnedSocket<'_, Stream, Bound, Peer> = done(stream.start_bind(&irql, HERE)).socket.expect("bound");
        assert_eq!(bound.context().plan(), Plan::Retain);
        let listening = done(bound.start_listen(&irql)).socket.expect("listening");
        let accepted = done(listening.start_accept_with_callbacks(&irql, Peer::new(), &PEER)).socket.expect("accepted");
        let wsk = attached(accepted.handle().as_raw());
        assert_eq!(wsk.receive(0, list.head(), 1, &mut 0), STATUS_SUCCESS);
        assert_eq!(accepted.context().log.take().len(), 1);

        // Without callbacks there is neither.
        let plain = done(listening.start_accept(&irql)).socket.expect("accepted");
        let wsk = attached(plain.handle().as_raw());
        assert!(wsk.context.is_null() && wsk.table.is_null());
        drop((plain, accepted, listening));

        // A socket that was not made frees its context.
        let dropped = DROPPED.load(Ordering::SeqCst);
        FAIL.set(true);
        let failed =
            provider.start_socket_with_callbacks::<Connection, _, _>(&irql, 2, SocketType::Stream, 6, Peer::new(), &PEER);
        assert!(done(failed).socket.is_none());
        for room in 0..3 {
            fail_after(Some(room));
            let refused =
                provider.start_socket_with_callbacks::<Connection, _, _>(&irql, 2, SocketType::Stream, 6, Peer::new(), &PEER);
            assert!(matches!(refused, Err(Refusal::NoMemory(_))), "{room}");
            fail_after(None);
        }
        assert_eq!(DROPPED.load(Ordering::SeqCst), dropped + 4);
    });
}

#[test]
fn events_are_enabled_only_where_there_is_a_callback() {
    with_provider(|provider| {
        let irql = passive();
        let socket = connection(provider);
        let raw = socket.handle().as_raw() as usize;
        let all = EventCallbackEventMask::RECEIVE | EventCallbackEventMask::DISCONNECT | EventCallbackEventMask::SEND_BACKLOG;
        assert_eq!(socket.enable_event_callbacks(&irql, all), Ok(ControlSocketStatus::Success));
        let other = EmptySlot { event: "WSK_EVENT_ACCEPT", slot: "WskAcceptEvent" };
        assert_eq!(socket.enable_event_callbacks(&irql, EventCallbackEventMask::ACCEPT), Err(other));
        assert!(socket.enable_event_callbacks(&irql, EventCallbackEventMask::from_bits_retain(0x4000)).is_err());
        assert_eq!(socket.disable_event_callback(&irql, EventCallbackDisableEventMask::Receive), ControlSocketStatus::Success);
        let said = ENABLED.take();
        assert_eq!(said, [(raw, all.bits()), (raw, WSK_EVENT_RECEIVE | WSK_EVENT_DISABLE)]);

        let made = provider.start_socket_connect_with_callbacks(
            &irql,
            SocketConnectSocketType::Stream,
            6,
            HERE,
            THERE,
            Peer::new(),
            &ONLY_DISCONNECT,
        );
        let socket = done(made).socket.expect("made");
        let empty = socket.enable_event_callbacks(&irql, all).expect_err("an empty slot");
        assert_eq!(
            empty.to_string(),
            "WSK_EVENT_RECEIVE cannot be enabled: there is no WskReceiveEvent among the callbacks of this socket"
        );
        assert_eq!(ENABLED.take(), []);
        assert!(socket.enable_event_callbacks(&irql, EventCallbackEventMask::DISCONNECT).is_ok());
    });
}

#[test]
fn the_callback_of_the_readme_counts_and_keeps() {
    with_provider(|provider| {
        let socket = readme::subscribe(provider, &passive(), [HERE, THERE]).expect("connected");
        assert_eq!(ENABLED.take(), [(socket.handle().as_raw() as usize, WSK_EVENT_RECEIVE)]);
        let wsk = attached(socket.handle().as_raw());
        let (mut one, mut two) = (data(&[(0, 3, &["one"])]), data(&[(0, 3, &["two"])]));
        assert_eq!(wsk.receive(0, one.head(), 3, &mut 0), STATUS_PENDING);
        assert_eq!(wsk.receive(0, two.head(), 3, &mut 0), STATUS_PENDING);
        assert_eq!(wsk.receive(WSK_FLAG_RELEASE_ASAP, two.head(), 3, &mut 0), STATUS_SUCCESS);
        assert_eq!((RELEASED.take(), socket.context().received.load(Ordering::SeqCst)), (vec![one.head() as usize], 9));
        let kept = socket.context().later.lock(&mut passive()).take();
        drop(socket);
        assert_eq!(CLOSED.get(), 0);
        drop(kept);
        assert_eq!(CLOSED.get(), 1);
    });
}

/// The attribute works on what a macro has made, too.
macro_rules! make_backlog_callback {
    ($name:ident, $context:ty) => {
        #[wsk_callback(WskSendBacklogEvent)]
        fn $name(context: &$context, irql_of_c: usize, irql: &Irql<Dispatch>) -> SendBacklogEventStatus {
            let _ = (irql, context.fetch_max(irql_of_c, Ordering::SeqCst));
            SendBacklogEventStatus::Success
        }
    };
}
make_backlog_callback!(on_backlog_of_a_macro, AtomicUsize);

#[test]
fn a_callback_that_a_macro_made() {
    let _alone = alone();
    static TABLE: ConnectionCallbacks<AtomicUsize> = ConnectionCallbacks::new().send_backlog_event::<on_backlog_of_a_macro>();
    let context = SocketContext::new(AtomicUsize::new(1));
    let raw = from_ref(&context).cast_mut().cast();
    assert_eq!(unsafe { TABLE.as_raw().WskSendBacklogEvent.unwrap()(raw, 8) }, STATUS_SUCCESS);
    assert_eq!(context.load(Ordering::SeqCst), 8);
}

#[test]
fn the_raw_form_is_the_function_of_c() {
    let _alone = alone();
    let ideal = AtomicUsize::new(0);
    let table = WSK_CLIENT_CONNECTION_DISPATCH { WskSendBacklogEvent: Some(raw_backlog), ..Default::default() };
    let status = unsafe { table.WskSendBacklogEvent.unwrap()(from_ref(&ideal).cast_mut().cast(), 5) };
    assert_eq!((status, ideal.load(Ordering::SeqCst)), (STATUS_SUCCESS, 5));
}

#[test]
fn a_socket_created_by_a_wrapper_has_its_context_attached_by_the_driver() {
    let _alone = alone();
    let context = NonPagedBox::new(SocketContext::new(Peer::new())).unwrap_or_else(|_| panic!("memory"));
    let mut raw = WSK_SOCKET { Dispatch: from_ref(&CONNECTION_FUNCTIONS).cast() };
    let wsk = Attached { context: SocketContext::as_raw(&context).as_ptr(), table: from_ref(PEER.as_raw()).cast() };
    let mut list = data(&[(0, 1, &["1"])]);
    *context.plan.lock().unwrap() = Plan::Retain;
    assert_eq!(wsk.receive(0, list.head(), 1, &mut 0), STATUS_DATA_NOT_ACCEPTED, "its socket is not known yet");
    let socket = unsafe { Socket::<Connection>::from_raw(NonNull::from(&mut raw)) };
    unsafe { socket.attach(&context) };
    assert_eq!(wsk.receive(0, list.head(), 1, &mut 0), STATUS_PENDING);
    context.kept.lock().unwrap().clear();
    assert_eq!(RELEASED.take(), [list.head() as usize]);
    drop(context);
    assert_eq!(live(), [""; 0]);
}

/// What ends the process is tried in a process of its own: this test, told by an environment variable which mistake to make.
#[test]
fn mistakes_end_the_process_and_say_why() {
    const WHICH: &str = "WSK_TEST_MISTAKE";
    let checks = cfg!(any(debug_assertions, feature = "irql-checks"));
    let Ok(which) = std::env::var(WHICH) else {
        let cases: [(&str, &str, bool); 9] = [
            ("panic", "a body that panics", true),
            ("pending", "WskReceiveEvent: it answered STATUS_PENDING and has retained nothing", checks),
            ("retained", "WskReceiveEvent: it has retained the data and did not answer STATUS_PENDING", checks),
            ("part", "WskReceiveEvent: it has accepted a part of the data and did not answer STATUS_SUCCESS", checks),
            (
                "level",
                "WskReceiveEvent was called at a device's level (5); DISPATCH_LEVEL (2) is the highest level allowed",
                checks,
            ),
            ("told", "WskReceiveEvent was told that it is called at DISPATCH_LEVEL, and the level is 0", checks),
            ("null", "WskReceiveEvent was called with null for its context", checks),
            ("too many", "11 bytes are accepted of 1", checks),
            ("accepted", "WskAcceptEvent: it has accepted the socket and did not answer STATUS_SUCCESS", checks),
        ];
        for (which, message, ends) in cases {
            if !ends {
                continue;
            }
            let output = std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "mistakes_end_the_process_and_say_why", "--nocapture"])
                .env(WHICH, which)
                .output()
                .expect("the test runs");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(said.contains(message), "{which}: {said}");
            // The panic did not leave the function of C.
            assert!(said.contains("panic in a function that cannot unwind"), "{which}: {said}");
            #[cfg(unix)]
            {
                use std::os::unix::process::ExitStatusExt as _;
                assert_eq!(output.status.signal(), Some(6), "{which}: aborted");
            }
        }
        return;
    };
    with_provider(|provider| {
        let irql = passive();
        if which == "accepted" {
            let made =
                provider.start_socket_with_callbacks::<Listen, _, _>(&irql, 2, SocketType::Stream, 6, Listener::new(), &REFUSING);
            let socket = done(made).socket.expect("made");
            let wsk = attached(socket.handle().as_raw());
            let incoming = new_socket(&CONNECTION_FUNCTIONS, null_mut(), null()) as PWSK_SOCKET;
            let (mut context, mut table) = (null_mut(), null());
            unsafe {
                wsk.listen().WskAcceptEvent.unwrap()(
                    wsk.context,
                    0,
                    null_mut(),
                    null_mut(),
                    incoming,
                    &raw mut context,
                    &raw mut table,
                )
            };
            return;
        }
        let socket = connection(provider);
        let wsk = attached(socket.handle().as_raw());
        let mut list = data(&[(0, 1, &["1"])]);
        let plan = match which.as_str() {
            "panic" => Plan::Panic,
            "pending" => Plan::PendingForNothing,
            "retained" => Plan::RetainAndTake,
            "part" => Plan::PartAndRefuse,
            "too many" => Plan::Part(11),
            _ => Plan::Take,
        };
        *socket.context().plan.lock().unwrap() = plan;
        let (level, flags) = match which.as_str() {
            "level" => (5, 0),
            "told" => (0, WSK_FLAG_AT_DISPATCH_LEVEL),
            _ => (0, 0),
        };
        let wsk = if which == "null" { Attached { context: null_mut(), ..wsk } } else { wsk };
        at_level(level, || wsk.receive(flags, list.head(), 1, &mut 0));
    });
}

/// Accepts and refuses at once.
#[wsk_callback(WskAcceptEvent)]
fn on_accept_refusing(
    listener: &Listener,
    _flags: AcceptEventFlags,
    _local: Option<SocketAddressRef<'_>>,
    _remote: Option<SocketAddressRef<'_>>,
    socket: Option<AcceptEventSocket<'_>>,
) -> AcceptEventAnswer {
    let (socket, outputs) = socket.expect("a socket").accept(Peer::new(), &PEER).expect("memory");
    listener.sockets.lock().unwrap().push(socket);
    drop(outputs);
    AcceptEventAnswer::RequestNotAccepted
}

static REFUSING: ListenCallbacks<Listener> = ListenCallbacks::new().accept_event::<on_accept_refusing>();

/// In a release build without assertions a mistaken answer is one that loses nothing.
#[test]
fn without_assertions_a_mistaken_answer_is_put_right() {
    if cfg!(any(debug_assertions, feature = "irql-checks")) {
        return;
    }
    with_provider(|provider| {
        let irql = passive();
        let socket = connection(provider);
        let wsk = attached(socket.handle().as_raw());
        let mut list = data(&[(0, 1, &["1"])]);
        for (plan, status) in [
            (Plan::PendingForNothing, STATUS_DATA_NOT_ACCEPTED),
            (Plan::RetainAndTake, STATUS_PENDING),
            (Plan::PartAndRefuse, STATUS_DATA_NOT_ACCEPTED),
        ] {
            *socket.context().plan.lock().unwrap() = plan;
            assert_eq!(wsk.receive(0, list.head(), 1, &mut 0), status);
        }
        socket.context().kept.lock().unwrap().clear();
        let mut accepted = 99;
        *socket.context().plan.lock().unwrap() = Plan::Part(11);
        assert_eq!((wsk.receive(0, list.head(), 1, &mut accepted), accepted), (STATUS_SUCCESS, 1));

        let made =
            provider.start_socket_with_callbacks::<Listen, _, _>(&irql, 2, SocketType::Stream, 6, Listener::new(), &REFUSING);
        let socket = done(made).socket.expect("made");
        let wsk = attached(socket.handle().as_raw());
        let incoming = new_socket(&CONNECTION_FUNCTIONS, null_mut(), null()) as PWSK_SOCKET;
        let (mut context, mut table) = (null_mut(), null());
        let status = unsafe {
            wsk.listen().WskAcceptEvent.unwrap()(
                wsk.context,
                0,
                null_mut(),
                null_mut(),
                incoming,
                &raw mut context,
                &raw mut table,
            )
        };
        assert_eq!((status, table), (STATUS_SUCCESS, from_ref(PEER.as_raw())));
        assert!(!context.is_null());
    });
}
