//! The runtime on a kernel of the test's own: ownership, waiting, levels, and that nothing is lost or freed twice.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]
#![cfg(not(windows))]

mod host;

use std::convert::Infallible;
use std::sync::Mutex;
use std::time::Duration;

use host::{at_level, complete, fail_after, live, was_cancelled};
use wsk_runtime::kernel::IRP;
use wsk_runtime::{Dispatch, Idle, InFlight, Irql, NonPagedBuffer, NtStatus, Passive, Request, SpinLock};

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
