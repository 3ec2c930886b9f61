//! The runtime on a kernel of the test's own: ownership, waiting, levels, and that nothing is lost or freed twice.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]
#![cfg(not(windows))]

mod host;

use std::convert::Infallible;
use std::sync::Mutex;
use std::time::Duration;

use host::{at_level, complete, fail_after, live, was_cancelled};
use wsk_runtime::kernel::IRP;
use wsk_runtime::{
    BufferPart, DescribeBuffer, Dispatch, Event, Idle, InFlight, Indicated, Indication, Irql, ListEntry, NonPagedBuffer,
    NtStatus, Operation, Passive, Payload, Refusal, Request, Retained, SocketAddressRef, SocketAddressStorage, SocketAddressV4,
    SpinLock, Unavailable, UnicodeString,
};

/// Tests that count allocations run one at a time.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> std::sync::MutexGuard<'static, ()> {
    host::start();
    let guard = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    assert_eq!(live(), [""; 0], "an earlier test left something");
    guard
}

fn passive() -> Irql<Passive> {
    Irql::current().expect("tests run at PASSIVE_LEVEL")
}

/// Starts a request whose IRP the test keeps.
fn start<P: Send>(request: Request<Idle, P>) -> (usize, Request<InFlight, P>) {
    let mut kept = 0;
    // SAFETY: the test completes the IRP once.
    let started = unsafe {
        request.start::<Infallible>(|irp, _| {
            kept = irp as usize;
            Ok(NtStatus::PENDING)
        })
    };
    let (status, request) = started.unwrap();
    assert!(status.is_pending());
    (kept, request)
}

const MORE_PROCESSING_REQUIRED: i32 = 0xC000_0016_u32.cast_signed();

#[test]
fn a_request_that_is_completed_at_once_has_its_outcome_and_its_payload() {
    let _alone = alone();
    let request = Request::new(String::from("payload")).unwrap();
    // SAFETY: the IRP is completed once, before the closure returns.
    let started = unsafe {
        request.start::<Infallible>(|irp, payload| {
            payload.push('!');
            assert_eq!(complete(irp, 0, 42), MORE_PROCESSING_REQUIRED);
            Ok(NtStatus::SUCCESS)
        })
    };
    let (_, request) = started.unwrap();
    let request = request.wait(&passive(), Some(Duration::ZERO)).expect("completed");
    assert_eq!((request.status(), request.information()), (NtStatus::SUCCESS, 42));
    assert_eq!(request.into_payload(), "payload!");
    assert_eq!(live(), [""; 0]);
}

#[test]
fn waiting_ends_with_completion_from_another_thread() {
    let _alone = alone();
    let (irp, request) = start(Request::new(()).unwrap());
    let request = request.poll().expect_err("not completed yet");
    let request = request.wait(&passive(), Some(Duration::from_millis(5))).expect_err("still not");
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(20));
        // SAFETY: the IRP was passed on to this test, which completes it once.
        at_level(2, || unsafe { complete(irp as *mut IRP, 0xC000_0120_u32.cast_signed(), 7) })
    });
    let request = request.wait(&passive(), None).expect("completed");
    assert_eq!((request.status().to_string().as_str(), request.information()), ("STATUS_CANCELLED (0xC0000120)", 7));
    assert_eq!(thread.join().unwrap(), MORE_PROCESSING_REQUIRED);
    drop(request);
    assert_eq!(live(), [""; 0]);
}

#[test]
fn an_event_lets_all_that_wait_go_on_until_it_is_cleared() {
    let _alone = alone();
    let event = std::sync::Arc::new(Event::new().unwrap());
    assert!(!event.wait(&passive(), Some(Duration::from_millis(5))) && !event.is_set());
    let waiting: Vec<_> = (0..2)
        .map(|_| {
            let event = event.clone();
            std::thread::spawn(move || event.wait(&passive(), None))
        })
        .collect();
    at_level(2, || event.set());
    assert!(waiting.into_iter().all(|thread| thread.join().unwrap()));
    assert!(event.is_set() && at_level(2, || event.is_set()));
    let stop = Event::new().unwrap();
    assert!(event.wait_unless(&passive(), &stop, None));
    stop.set();
    assert!(!event.wait_unless(&passive(), &stop, None), "the other event has precedence");
    event.clear();
    assert!(!event.is_set() && !event.wait_unless(&passive(), &stop, None));
    drop(stop);
    drop(event);
    assert_eq!(live(), [""; 0]);
    fail_after(Some(0));
    let refused = Event::new().map(|_| ());
    fail_after(None);
    assert_eq!(refused.unwrap_err().to_string(), "STATUS_INSUFFICIENT_RESOURCES (0xC000009A)");
}

#[test]
fn an_event_ends_the_wait_for_an_operation_but_not_the_operation() {
    let _alone = alone();
    let stop = std::sync::Arc::new(Event::new().unwrap());
    let (irp, operation, _receiver) = begin();
    let operation = operation.wait_unless(&passive(), &stop, Some(Duration::from_millis(5))).expect_err("neither");
    let setter = std::thread::spawn({
        let stop = stop.clone();
        move || {
            std::thread::sleep(Duration::from_millis(10));
            stop.set();
        }
    });
    let operation = operation.wait_unless(&passive(), &stop, None).expect_err("the event came first");
    setter.join().unwrap();
    // SAFETY: the IRP is completed once.
    unsafe { complete(irp as *mut IRP, 0, 9) };
    let operation = operation.wait_unless(&passive(), &stop, None).expect_err("the event has precedence");
    stop.clear();
    let outcome = operation.wait_unless(&passive(), &stop, None).expect("it is over");
    assert_eq!((outcome.status, outcome.information), (NtStatus::SUCCESS, 9));
    drop((outcome, stop));
    assert_eq!(live(), [""; 0]);
}

#[test]
fn dropping_is_harmless_in_every_state() {
    let _alone = alone();
    drop(Request::new(Box::new(1)).unwrap());
    assert_eq!(live(), [""; 0], "idle");

    let (irp, request) = start(Request::new(NonPagedBuffer::zeroed(8).unwrap()).unwrap());
    drop(request);
    assert_eq!(live(), ["irp", "mdl", "pool", "pool"], "in flight: the IRP and its buffer stay");
    // SAFETY: the IRP is completed once.
    at_level(2, || unsafe { complete(irp as *mut IRP, 0, 0) });
    assert_eq!(live(), [""; 0], "the completion routine freed them");

    let (irp, request) = start(Request::new(()).unwrap());
    // SAFETY: the IRP is completed once.
    unsafe { complete(irp as *mut IRP, 0, 0) };
    drop(request);
    assert_eq!(live(), [""; 0], "completed, but never looked at");
}

#[test]
fn a_request_is_reused_any_number_of_times() {
    let _alone = alone();
    let mut request = Request::new(0_u32).unwrap();
    for round in 1..=3 {
        *request.payload() += 1;
        let (irp, started) = start(request);
        // SAFETY: the IRP is completed once a round.
        unsafe { complete(irp as *mut IRP, 0, round) };
        let completed = started.poll().expect("completed");
        assert_eq!(completed.information(), round);
        request = completed.reuse();
    }
    assert_eq!(*request.payload(), 3);
    drop(request);
    assert_eq!(live(), [""; 0]);
}

#[test]
fn a_request_that_could_not_be_started_comes_back_idle() {
    let _alone = alone();
    let request = Request::new("payload").unwrap();
    // SAFETY: the IRP is passed to nobody.
    let (error, mut request) = unsafe { request.start(|_, _| Err("no such function")) }.expect_err("not started");
    assert_eq!((error, *request.payload()), ("no such function", "payload"));
    let (irp, request) = start(request);
    request.cancel();
    assert!(was_cancelled(irp as *mut IRP));
    // SAFETY: the IRP is completed once.
    unsafe { complete(irp as *mut IRP, 0, 0) };
    drop(request);
    assert_eq!(live(), [""; 0]);
}

#[test]
fn completion_and_drop_may_come_at_the_same_time() {
    let _alone = alone();
    for _ in 0..2000 {
        let (irp, request) = start(Request::new(vec![1_u8; 16]).unwrap());
        // SAFETY: the IRP is completed once.
        let thread = std::thread::spawn(move || at_level(2, || unsafe { complete(irp as *mut IRP, 0, 0) }));
        drop(request);
        thread.join().unwrap();
    }
    assert_eq!(live(), [""; 0]);
}

#[test]
fn without_memory_there_is_an_error_and_no_leak() {
    let _alone = alone();
    for allowed in 0..2 {
        fail_after(Some(allowed));
        let (status, payload) = Request::new(vec![allowed]).expect_err("no memory");
        assert_eq!((status.name(), payload), (Some("STATUS_INSUFFICIENT_RESOURCES"), vec![allowed]));
        fail_after(Some(allowed));
        assert_eq!(NonPagedBuffer::zeroed(4).expect_err("no memory").name(), Some("STATUS_INSUFFICIENT_RESOURCES"));
    }
    fail_after(None);
    assert_eq!(live(), [""; 0]);
}

#[test]
fn a_buffer_is_described_by_its_mdl() {
    let _alone = alone();
    let mut buffer = NonPagedBuffer::copy_of(b"hello").unwrap();
    buffer[0] = b'J';
    assert_eq!(&*buffer, b"Jello");
    // SAFETY: the MDL lives as long as the buffer.
    let mdl = unsafe { *buffer.mdl() };
    assert_eq!((mdl.StartVa.cast_const().cast::<u8>(), mdl.ByteCount, mdl.MdlFlags & 4), (buffer.as_ptr(), 5, 4));
    assert!(NonPagedBuffer::zeroed(3).unwrap().iter().all(|b| *b == 0), "memory of the pool is not clean");
    assert_eq!(NonPagedBuffer::zeroed(0).expect_err("empty").name(), Some("STATUS_INVALID_PARAMETER"));
    assert_eq!(NonPagedBuffer::zeroed(1 << 32).expect_err("too long").name(), Some("STATUS_INVALID_PARAMETER"));
    drop(buffer);
    assert_eq!(live(), [""; 0]);
}

#[test]
fn a_text_is_described_with_a_zero_behind_it() {
    let _alone = alone();
    let text = UnicodeString::new("Grüße \u{1F980}").unwrap();
    let raw = text.as_raw();
    assert_eq!((raw.Length, raw.MaximumLength, text.as_utf16().len()), (16, 18, 8));
    // SAFETY: the description says that so many units are there.
    assert_eq!(unsafe { *raw.Buffer.add(8) }, 0);
    assert_eq!((text.to_string().as_str(), format!("{text:?}").as_str()), ("Grüße \u{1F980}", "\"Grüße \u{1F980}\""));
    let lone = UnicodeString::from_utf16(&[0x41, 0xD83E]).unwrap();
    assert_eq!(lone.to_string(), "A\u{FFFD}");
    assert_eq!(UnicodeString::new("").unwrap().as_raw().Length, 0);
    assert_eq!(UnicodeString::new(&"x".repeat(32_766)).unwrap().as_raw().MaximumLength, 65_534);
    let long = UnicodeString::new(&"x".repeat(32_767)).unwrap_err();
    assert_eq!(long.name(), Some("STATUS_INVALID_PARAMETER"));
    fail_after(Some(0));
    let refused = UnicodeString::new("x").unwrap_err();
    fail_after(None);
    assert_eq!(refused.name(), Some("STATUS_INSUFFICIENT_RESOURCES"));
    drop((text, lone));
    assert_eq!(live(), [""; 0]);
}

#[test]
fn a_lock_raises_and_goes_back() {
    host::start();
    let lock = SpinLock::new(1);
    let mut irql = passive();
    {
        let mut guard = lock.lock(&mut irql);
        *guard += 1;
        assert_eq!(host::level(), 2);
        let (data, token) = guard.split();
        *data += 1;
        assert_eq!(format!("{token:?}"), "Irql(<= DISPATCH_LEVEL)");
        assert!(Irql::<Passive>::current().is_none(), "there is no token of a lower level under a lock");
    }
    assert_eq!((host::level(), *lock.lock(&mut irql)), (0, 3));
    at_level(2, || {
        let mut irql = Irql::<Dispatch>::current().unwrap();
        drop(lock.lock(&mut irql));
        assert_eq!(host::level(), 2, "back to the level from before, not to PASSIVE_LEVEL");
    });
}

#[test]
fn tokens_are_given_at_their_level_and_below() {
    host::start();
    for (level, passive, apc, dispatch) in
        [(0, true, true, true), (1, false, true, true), (2, false, false, true), (3, false, false, false)]
    {
        at_level(level, || {
            assert_eq!(Irql::<Passive>::current().is_some(), passive);
            assert_eq!(Irql::<wsk_runtime::Apc>::current().is_some(), apc);
            assert_eq!(Irql::<Dispatch>::current().is_some(), dispatch);
        });
    }
    assert_eq!(size_of::<Irql<Passive>>(), 0);
}

#[cfg(any(debug_assertions, feature = "irql-checks"))]
#[test]
fn the_assertion_names_the_api_and_both_levels() {
    use wsk_runtime::assert_at_most;

    host::start();
    assert_at_most::<Passive>("WskRegister");
    at_level(2, || assert_at_most::<Dispatch>("WskSend"));
    let message = |level, run: fn()| {
        let panic = std::panic::catch_unwind(|| at_level(level, run)).expect_err("above the limit");
        *panic.downcast::<String>().expect("a message")
    };
    assert_eq!(
        message(2, || assert_at_most::<Passive>("WskGetAddressInfo")),
        "WskGetAddressInfo was called at DISPATCH_LEVEL (2); PASSIVE_LEVEL (0) is the highest level allowed"
    );
    assert_eq!(
        message(5, || assert_at_most::<Dispatch>("WskSend")),
        "WskSend was called at a device's level (5); DISPATCH_LEVEL (2) is the highest level allowed"
    );
    let said = message(2, || {
        // SAFETY: it does not hold: that is what is to be noticed.
        let _token = unsafe { Irql::<Passive>::assume() };
    });
    assert!(said.starts_with("Irql::assume was called at DISPATCH_LEVEL"), "{said}");
}

/// Counts wakes.
#[derive(Default)]
struct Counter(std::sync::atomic::AtomicUsize);

impl std::task::Wake for Counter {
    fn wake(self: std::sync::Arc<Self>) {
        self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    }
}

/// A payload whose outcome is what it was told, and that says when nobody asked for it.
struct Told(std::sync::mpsc::Sender<Outcome>);

#[derive(Debug)]
struct Outcome {
    status: NtStatus,
    information: usize,
    /// Tells when it is dropped: what an outcome holds, such as a socket, must not be lost.
    dropped: Option<std::sync::mpsc::Sender<Outcome>>,
}

impl Drop for Outcome {
    fn drop(&mut self) {
        if let Some(to) = self.dropped.take() {
            let _ = to.send(Outcome { status: self.status, information: self.information, dropped: None });
        }
    }
}

impl Payload for Told {
    type Outcome<'a> = Outcome;

    unsafe fn finish<'a>(self, status: NtStatus, information: usize) -> Self::Outcome<'a> {
        Outcome { status, information, dropped: Some(self.0) }
    }
}

fn begin() -> (usize, Operation<'static, Told>, std::sync::mpsc::Receiver<Outcome>) {
    let (sender, receiver) = std::sync::mpsc::channel();
    let mut kept = 0;
    // SAFETY: the test completes the IRP once.
    let operation = unsafe {
        Operation::start(Told(sender), |irp, _| {
            kept = irp as usize;
            Ok(NtStatus::PENDING)
        })
    };
    (kept, operation.map_err(|e| e.why()).unwrap(), receiver)
}

#[test]
fn an_operation_is_awaited_and_wakes_once_it_is_over() {
    use std::future::{Future, IntoFuture};
    use std::task::{Context, Poll, Waker};

    let _alone = alone();
    let counter = std::sync::Arc::new(Counter::default());
    let waker = Waker::from(counter.clone());
    let (irp, operation, _receiver) = begin();
    let mut operation = operation.into_future();
    let mut context = Context::from_waker(&waker);
    assert!(std::pin::Pin::new(&mut operation).poll(&mut context).is_pending());
    assert_eq!(counter.0.load(std::sync::atomic::Ordering::SeqCst), 0);
    // SAFETY: the IRP is completed once.
    at_level(2, || unsafe { complete(irp as *mut IRP, 0, 5) });
    assert_eq!(counter.0.load(std::sync::atomic::Ordering::SeqCst), 1);
    let Poll::Ready(outcome) = std::pin::Pin::new(&mut operation).poll(&mut context) else { panic!("it is over") };
    assert_eq!((outcome.status, outcome.information), (NtStatus::SUCCESS, 5));
    drop(operation);
    assert_eq!(live(), [""; 0]);
}

#[test]
fn a_waker_is_not_missed_whenever_completion_comes() {
    use std::future::{Future, IntoFuture};
    use std::task::{Context, Waker};

    let _alone = alone();
    for _ in 0..1000 {
        let counter = std::sync::Arc::new(Counter::default());
        let waker = Waker::from(counter.clone());
        let (irp, operation, _receiver) = begin();
        let mut operation = operation.into_future();
        // SAFETY: the IRP is completed once.
        let thread = std::thread::spawn(move || at_level(2, || unsafe { complete(irp as *mut IRP, 0, 0) }));
        let is_ready = std::pin::Pin::new(&mut operation).poll(&mut Context::from_waker(&waker)).is_ready();
        thread.join().unwrap();
        assert!(is_ready || counter.0.load(std::sync::atomic::Ordering::SeqCst) == 1);
    }
    assert_eq!(live(), [""; 0]);
}

#[test]
fn an_outcome_that_nobody_asks_for_is_made_and_dropped_all_the_same() {
    let _alone = alone();
    // Dropped before completion.
    let (irp, operation, receiver) = begin();
    drop(operation);
    assert!(receiver.try_recv().is_err());
    // SAFETY: the IRP is completed once.
    at_level(2, || unsafe { complete(irp as *mut IRP, 0, 11) });
    assert_eq!(receiver.try_recv().unwrap().information, 11);
    // Dropped after completion.
    let (irp, operation, receiver) = begin();
    // SAFETY: the IRP is completed once.
    at_level(2, || unsafe { complete(irp as *mut IRP, 0, 12) });
    drop(operation);
    assert_eq!(receiver.try_recv().unwrap().information, 12);
    // Waited for in vain, then finished.
    let (irp, operation, receiver) = begin();
    let operation = operation.wait(&passive(), Some(Duration::ZERO)).expect_err("it goes on");
    operation.cancel();
    assert!(was_cancelled(irp as *mut IRP));
    let operation = operation.try_finish().expect_err("it still goes on");
    // SAFETY: the IRP is completed once.
    at_level(2, || unsafe { complete(irp as *mut IRP, 0xC000_0120_u32.cast_signed(), 0) });
    let outcome = operation.wait(&passive(), None).expect("it is over");
    assert_eq!(outcome.status.name(), Some("STATUS_CANCELLED"));
    assert!(receiver.try_recv().is_err(), "the outcome is in the test's hands");
    drop(outcome);
    assert_eq!(live(), [""; 0]);
}

#[test]
fn an_operation_that_cannot_be_started_gives_back_what_it_was_given() {
    let _alone = alone();
    let (sender, _receiver) = std::sync::mpsc::channel();
    let missing = Unavailable { api: "WskMadeUp", since: "Windows 8", since_build: 9200, build: 7601 };
    // SAFETY: the IRP is passed to nobody.
    let refused = unsafe { Operation::start(Told(sender.clone()), |_, _| Err(missing)) }.expect_err("there is no such function");
    assert_eq!(refused.to_string(), "WskMadeUp needs Windows 8 (build 9200) or later; this is build 7601");
    fail_after(Some(0));
    // SAFETY: as above.
    let refused = unsafe { Operation::start(Told(sender), |_, _| Ok(NtStatus::PENDING)) }.expect_err("there is no memory");
    fail_after(None);
    assert!(matches!(refused.why(), Refusal::NoMemory(status) if status.name() == Some("STATUS_INSUFFICIENT_RESOURCES")));
    assert_eq!(refused.into_outcome().status.name(), Some("STATUS_INSUFFICIENT_RESOURCES"));
    assert_eq!(live(), [""; 0]);
}

#[test]
fn a_part_of_a_buffer_lies_within_it() {
    let _alone = alone();
    struct Stretch(usize, u32, usize);
    // SAFETY: it holds what it was given.
    unsafe impl DescribeBuffer for Stretch {
        fn describe(mdl: *mut wsk_runtime::kernel::MDL, offset: u32, length: usize) -> Self {
            Self(mdl as usize, offset, length)
        }
        fn described(&self) -> (*mut wsk_runtime::kernel::MDL, u32, usize) {
            (self.0 as *mut wsk_runtime::kernel::MDL, self.1, self.2)
        }
    }
    let buffer = NonPagedBuffer::zeroed(100).unwrap();
    let mdl = buffer.mdl() as usize;
    let buffer = buffer.part(40..101).expect_err("one byte too many");
    #[allow(clippy::reversed_empty_ranges, reason = "that it is refused is the point")]
    let buffer = buffer.part(41..40).expect_err("it ends before it begins");
    let part = buffer.part(40..100).expect("within");
    let Stretch(described, offset, length) = part.describe();
    assert_eq!((described, offset, length), (mdl, 40, 60));
    let whole = BufferPart::from(part.into_buffer());
    assert_eq!(whole.describe::<Stretch>().2, 100);
    drop(whole);
    assert_eq!(live(), [""; 0]);
}

#[test]
fn addresses_go_both_ways_by_family() {
    use std::net::{IpAddr, SocketAddr, SocketAddrV6};
    let v4: SocketAddr = "192.0.2.7:8080".parse().unwrap();
    let v6 = SocketAddr::V6(SocketAddrV6::new("2001:db8::1".parse().unwrap(), 443, 7, 3));
    for address in [v4, v6] {
        let stored = SocketAddressStorage::from(address);
        assert_eq!(stored.socket_addr(), Some(address));
        let reference = SocketAddressRef::from(&stored);
        assert_eq!(reference.size(), if address.is_ipv4() { 16 } else { 28 });
        // SAFETY: the pointer is that of the address above.
        let again = unsafe { SocketAddressRef::from_raw(reference.as_ptr()) }.unwrap();
        assert_eq!((again.socket_addr(), again.size()), (Some(address), reference.size()));
    }
    // In memory the port and the address are in network order.
    let IpAddr::V4(ip) = v4.ip() else { unreachable!() };
    let raw = SocketAddressV4::new(ip, 8080);
    // SAFETY: the structure is 16 bytes without padding.
    let bytes = unsafe { std::slice::from_raw_parts(std::ptr::from_ref(raw.as_raw()).cast::<u8>(), 16) };
    assert_eq!(bytes[..8], [2, 0, 0x1F, 0x90, 192, 0, 2, 7]);
    assert_eq!(SocketAddressStorage::new().socket_addr(), None);
    // SAFETY: null is allowed.
    assert!(unsafe { SocketAddressRef::from_raw(std::ptr::null()) }.is_none());
}

/// An entry of a list of received data, without data.
struct Entry;

// SAFETY: there is no next entry.
unsafe impl ListEntry for Entry {
    fn next(&self) -> *const Self {
        std::ptr::null()
    }
}

// SAFETY: it describes no data.
unsafe impl Indication for Entry {
    type Buffer = Nothing;
    type View<'a> = ();
    fn buffer(&self) -> &Nothing {
        &Nothing
    }
    unsafe fn view(&self) {}
}

struct Nothing;

// SAFETY: it refers to nothing.
unsafe impl DescribeBuffer for Nothing {
    fn describe(_: *mut wsk_runtime::kernel::MDL, _: u32, _: usize) -> Self {
        Self
    }
    fn described(&self) -> (*mut wsk_runtime::kernel::MDL, u32, usize) {
        (std::ptr::null_mut(), 0, 0)
    }
}

/// Whoever is last closes the socket, once, after all that was retained has been given back: with callbacks that retain, workers that
/// give back and an owner that closes, all at the same time.
#[test]
fn the_last_of_many_threads_closes_the_socket() {
    use std::cell::Cell;
    use std::ptr::NonNull;
    use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
    use std::sync::mpsc;

    use wsk_runtime::support::{AnyContext, SocketFunctions, Taken};
    use wsk_runtime::{CallbackContext, SocketContext};

    static HELD: AtomicI64 = AtomicI64::new(0);
    static RETAINED: AtomicU64 = AtomicU64::new(0);
    static CLOSED: AtomicU64 = AtomicU64::new(0);
    static FUNCTIONS: SocketFunctions = SocketFunctions {
        close: |socket, irp| {
            assert_eq!((socket.addr().get(), irp as usize), (0x50C0, 0x1120));
            assert_eq!(HELD.load(Ordering::SeqCst), 0, "closed while data is retained");
            CLOSED.fetch_add(1, Ordering::SeqCst);
            NtStatus::PENDING
        },
        release: Some(|_, _| {
            HELD.fetch_sub(1, Ordering::SeqCst);
            NtStatus::SUCCESS
        }),
    };
    fn is_context<C: CallbackContext>(_: &C) {}

    let _alone = alone();
    let rounds = 300;
    for round in 0..rounds {
        let context = AnyContext::new(String::from("context"), &FUNCTIONS).unwrap();
        // SAFETY: the functions above are for such sockets; the context was made of such a value.
        let value: &String = unsafe {
            context.open(NonNull::without_provenance(0x50C0.try_into().unwrap()));
            context.value()
        };
        is_context(value);
        let (send, receive) = mpsc::channel::<Retained<Entry>>();
        std::thread::scope(|scope| {
            let raw = context.as_raw().as_ptr() as usize;
            for _ in 0..2 {
                let send = send.clone();
                scope.spawn(move || {
                    // As a callback: retain as long as that is possible.
                    for _ in 0..50 {
                        // SAFETY: the context is there until the threads are through.
                        let context =
                            unsafe { SocketContext::<String>::from_raw(NonNull::new(raw as *mut std::ffi::c_void), "test") };
                        let (mut entry, taken) = (Entry, Cell::new(Taken::Unsaid));
                        // SAFETY: the entry has no data that could be gone.
                        let data = unsafe { Indicated::new(NonNull::from(&mut entry), 0, None, context.gate(), &taken) };
                        match data.retain() {
                            Ok(retained) => {
                                HELD.fetch_add(1, Ordering::SeqCst);
                                assert_eq!(taken.get(), Taken::Retained);
                                RETAINED.fetch_add(1, Ordering::SeqCst);
                                send.send(retained).unwrap();
                            }
                            Err(_) => break,
                        }
                    }
                });
            }
            drop(send);
            let context = &context;
            scope.spawn(move || {
                for _ in 0..round % 17 {
                    std::hint::spin_loop();
                }
                // SAFETY: it is closed once, by an IRP that nobody looks into.
                let status = unsafe { context.close(0x1120 as *mut IRP) };
                assert_eq!(status, NtStatus::PENDING);
            });
            scope.spawn(move || drop(receive.into_iter().collect::<Vec<_>>()));
        });
        assert_eq!((CLOSED.load(Ordering::SeqCst), HELD.load(Ordering::SeqCst)), (round + 1, 0));
    }
    assert!(RETAINED.load(Ordering::SeqCst) > rounds, "hardly anything was retained");
    assert_eq!(live(), [""; 0]);
}
