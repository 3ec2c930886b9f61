//! A kernel for tests: pool, IRPs, MDLs, events and levels, with a count of what has not been freed.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of this")]

use std::alloc::{Layout, alloc, dealloc};
use std::cell::Cell;
use std::collections::HashMap;
use std::ffi::c_void;
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use wsk_runtime::kernel::{CompletionRoutine, Host, IO_STACK_LOCATION, IRP, KEVENT, Kernel, MDL, install};

thread_local! {
    static LEVEL: Cell<u8> = const { Cell::new(0) };
    static BUILD: Cell<u32> = const { Cell::new(19_045) };
    static FAIL_AFTER: Cell<Option<u32>> = const { Cell::new(None) };
}

/// The level of this thread.
pub fn level() -> u8 {
    LEVEL.get()
}

/// Runs something at a level.
pub fn at_level<T>(level: u8, run: impl FnOnce() -> T) -> T {
    struct Back(u8);
    impl Drop for Back {
        fn drop(&mut self) {
            LEVEL.set(self.0);
        }
    }
    let _back = Back(LEVEL.replace(level));
    run()
}

/// Runs something on a system of that build.
pub fn on_build<T>(build: u32, run: impl FnOnce() -> T) -> T {
    let before = BUILD.replace(build);
    let result = run();
    BUILD.set(before);
    result
}

/// Lets so many allocations of this thread succeed and all after them fail; `None` lets all succeed.
pub fn fail_after(count: Option<u32>) {
    FAIL_AFTER.set(count);
}

fn may_allocate() -> bool {
    match FAIL_AFTER.get() {
        None => true,
        Some(0) => false,
        Some(n) => {
            FAIL_AFTER.set(Some(n - 1));
            true
        }
    }
}

#[derive(Default)]
struct State {
    /// What is allocated: kind and size, by address.
    live: HashMap<usize, (&'static str, usize)>,
    /// IRPs that were asked to be cancelled.
    cancelled: Vec<usize>,
}

static STATE: LazyLock<Mutex<State>> = LazyLock::new(Mutex::default);
static SIGNAL: (Mutex<()>, Condvar) = (Mutex::new(()), Condvar::new());

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The kinds of all that is allocated and not freed.
pub fn live() -> Vec<&'static str> {
    let mut kinds: Vec<_> = state().live.values().map(|(kind, _)| *kind).collect();
    kinds.sort_unstable();
    kinds
}

pub fn was_cancelled(irp: *mut IRP) -> bool {
    state().cancelled.contains(&(irp as usize))
}

fn layout(size: usize) -> Layout {
    Layout::from_size_align(size, 16).expect("a sane size")
}

fn take(kind: &'static str, size: usize) -> *mut c_void {
    assert!(level() <= 2, "{kind} allocated at level {}", level());
    if !may_allocate() {
        return std::ptr::null_mut();
    }
    // SAFETY: the size is not zero.
    let memory = unsafe { alloc(layout(size)) };
    // Memory of the pool is not clean.
    // SAFETY: just allocated with that size.
    unsafe { memory.write_bytes(0xA5, size) };
    state().live.insert(memory as usize, (kind, size));
    memory.cast()
}

fn give(kind: &'static str, memory: *mut c_void) {
    assert!(level() <= 2, "{kind} freed at level {}", level());
    let (was, size) = state().live.remove(&(memory as usize)).unwrap_or_else(|| panic!("{kind} freed twice, or never allocated"));
    assert_eq!(was, kind, "allocated as {was}");
    // SAFETY: it was in the list, so it was allocated with that layout and not freed since.
    unsafe {
        memory.cast::<u8>().write_bytes(0xDD, size);
        dealloc(memory.cast(), layout(size));
    }
}

const STACK: usize = 1;

fn allocate_irp(stack_size: i8, _: u8) -> *mut IRP {
    assert_eq!(stack_size, 1);
    let size = size_of::<IRP>() + STACK * size_of::<IO_STACK_LOCATION>();
    let irp = take("irp", size).cast::<IRP>();
    if !irp.is_null() {
        prepare(irp);
    }
    irp
}

/// An IRP as the kernel hands it out: clean, the current stack location one past the last.
fn prepare(irp: *mut IRP) {
    // SAFETY: the memory has room for the IRP and its stack locations.
    unsafe {
        irp.cast::<u8>().write_bytes(0, size_of::<IRP>() + STACK * size_of::<IO_STACK_LOCATION>());
        (*irp).StackCount = 1;
        (*irp).CurrentLocation = 2;
        (*irp).Tail.Overlay.Anonymous2.Anonymous.CurrentStackLocation = irp.add(1).cast::<IO_STACK_LOCATION>().add(STACK);
    }
}

/// Completes an IRP as the I/O manager does, and gives what its completion routine returned.
///
/// # Safety
/// The IRP is in the hands of the caller.
pub unsafe fn complete(irp: *mut IRP, status: i32, information: usize) -> i32 {
    // SAFETY: the caller owns the IRP; whoever passed it on has set its next stack location.
    unsafe {
        (*irp).IoStatus.Anonymous.Status = status;
        (*irp).IoStatus.Information = information;
        let next = &*(*irp).Tail.Overlay.Anonymous2.Anonymous.CurrentStackLocation.sub(1);
        assert_eq!(next.Control, 0xE0, "the routine is wanted on success, error and cancel");
        let routine: CompletionRoutine = std::mem::transmute(next.CompletionRoutine.expect("a completion routine"));
        let context = next.Context;
        routine(std::ptr::null_mut(), irp, context)
    }
}

fn set_event(event: *mut KEVENT, _: i32, wait: u8) -> i32 {
    assert!(level() <= 2 && wait == 0);
    let _guard = SIGNAL.0.lock().expect("not poisoned");
    // SAFETY: the event is initialised; the lock keeps others away.
    let before = unsafe { std::mem::replace(&mut (*event).Header.SignalState, 1) };
    SIGNAL.1.notify_all();
    before
}

fn wait(objects: &[*mut c_void], reason: i32, mode: i8, alertable: u8, timeout: *const i64) -> i32 {
    assert_eq!((reason, mode, alertable), (0, 0, 0));
    // SAFETY: a null or a valid time, as the kernel's function demands.
    let timeout = unsafe { timeout.as_ref() }.map(|t| {
        assert!(*t <= 0, "times are from now on");
        Duration::from_nanos(t.unsigned_abs().saturating_mul(100))
    });
    assert!(level() < 2 || timeout == Some(Duration::ZERO), "waited at level {}", level());
    let deadline = timeout.and_then(|t| Instant::now().checked_add(t));
    let mut guard = SIGNAL.0.lock().expect("not poisoned");
    loop {
        // SAFETY: the events are initialised; the lock keeps others away.
        if let Some(first) = objects.iter().position(|event| unsafe { (*event.cast::<KEVENT>()).Header.SignalState } != 0) {
            return i32::try_from(first).expect("a small number");
        }
        guard = match deadline {
            None => SIGNAL.1.wait(guard).expect("not poisoned"),
            Some(deadline) => {
                let left = deadline.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return 0x102;
                }
                SIGNAL.1.wait_timeout(guard, left).expect("not poisoned").0
            }
        };
    }
}

fn allocate_mdl(address: *mut c_void, length: u32, _: u8, _: u8, irp: *mut IRP) -> *mut MDL {
    assert!(irp.is_null());
    let mdl = take("mdl", size_of::<MDL>()).cast::<MDL>();
    if !mdl.is_null() {
        // SAFETY: just allocated with that size; zero is a value of every field.
        unsafe {
            mdl.cast::<u8>().write_bytes(0, size_of::<MDL>());
            (*mdl).StartVa = address;
            (*mdl).MappedSystemVa = address;
            (*mdl).ByteCount = length;
        }
    }
    mdl
}

static LOCKS: Mutex<Vec<usize>> = Mutex::new(Vec::new());

fn acquire(lock: *mut usize) -> u8 {
    let mut held = LOCKS.lock().expect("not poisoned");
    assert!(!held.contains(&(lock as usize)), "a lock is taken twice");
    held.push(lock as usize);
    LEVEL.replace(2)
}

fn release(lock: *mut usize, level: u8) {
    LOCKS.lock().expect("not poisoned").retain(|l| *l != lock as usize);
    assert_eq!(LEVEL.replace(level), 2);
}

/// Supplies this kernel.
pub fn start() {
    static HOST: Host = Host {
        kernel: Kernel {
            IoAllocateIrp: |s, q| allocate_irp(s, q),
            IoFreeIrp: |irp| give("irp", irp.cast()),
            IoReuseIrp: |irp, _| prepare(irp),
            IoCancelIrp: |irp| {
                state().cancelled.push(irp as usize);
                1
            },
            IoAllocateMdl: |a, l, s, q, i| allocate_mdl(a, l, s, q, i),
            IoFreeMdl: |mdl| give("mdl", mdl.cast()),
            // SAFETY: the MDL was just allocated; 4 is MDL_SOURCE_IS_NONPAGED_POOL.
            MmBuildMdlForNonPagedPool: |mdl| unsafe { (*mdl).MdlFlags |= 4 },
            MmMapLockedPagesSpecifyCache: |mdl, mode, cache, address, bug_check, priority| {
                assert!(level() <= 2 && (mode, cache, bug_check, priority) == (0, 1, 0, 16 | 0x4000_0000) && address.is_null());
                if !may_allocate() {
                    return std::ptr::null_mut();
                }
                // SAFETY: the caller's MDL is there; 1 is MDL_MAPPED_TO_SYSTEM_VA.
                unsafe {
                    (*mdl).MdlFlags |= 1;
                    (*mdl).MappedSystemVa = (*mdl).StartVa.byte_add((*mdl).ByteOffset as usize);
                    (*mdl).MappedSystemVa
                }
            },
            ExAllocatePoolWithTag: |pool, size, _| {
                assert_eq!(pool, 512, "memory that can be executed or paged");
                take("pool", size)
            },
            ExFreePoolWithTag: |p, _| give("pool", p),
            KeInitializeEvent: |event, kind, signalled| {
                assert_eq!((kind, signalled), (0, 0));
                // SAFETY: the event's memory is the caller's.
                unsafe { event.cast::<u8>().write_bytes(0, size_of::<KEVENT>()) };
            },
            KeSetEvent: |e, i, w| set_event(e, i, w),
            KeClearEvent: |event| {
                let _guard = SIGNAL.0.lock().expect("not poisoned");
                // SAFETY: the event is initialised; the lock keeps others away.
                unsafe { (*event).Header.SignalState = 0 };
            },
            KeWaitForSingleObject: |o, r, m, a, t| wait(&[o], r, m, a, t),
            KeWaitForMultipleObjects: |count, objects, kind, r, m, a, t, blocks| {
                assert!(kind == 1 && count <= 3 && blocks.is_null(), "WaitAny, of no more than need wait blocks");
                // SAFETY: the array of the caller has so many elements.
                wait(unsafe { std::slice::from_raw_parts(objects, count as usize) }, r, m, a, t)
            },
        },
        current_irql: level,
        windows_build: || BUILD.get(),
        acquire_spin_lock: |lock| acquire(lock),
        release_spin_lock: |lock, level| release(lock, level),
    };
    install(&HOST);
}
