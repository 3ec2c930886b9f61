//! The raw interface on the host: called through dispatch tables as a driver calls it, with functions of ours behind them.

use core::ffi::c_void;
use core::mem::{offset_of, size_of};
use core::ptr;
use std::sync::Mutex;

use wsk::sys::*;

/// Connects a bound socket through the dispatch table that it came with.
///
/// # Safety
/// `socket` is a connection socket; `address` and `irp` stay valid until the IRP is completed; the level is at most
/// DISPATCH_LEVEL.
unsafe fn connect(socket: PWSK_SOCKET, address: PSOCKADDR, irp: PIRP) -> NTSTATUS {
    // SAFETY: the caller vouches for the socket, and a connection socket has a table of this type.
    let table = unsafe { &*(*socket).Dispatch.cast::<WSK_PROVIDER_CONNECTION_DISPATCH>() };
    match table.WskConnect {
        // SAFETY: the caller vouches for the arguments and the level; the flags are reserved.
        Some(connect) => unsafe { connect(socket, address, 0, irp) },
        None => STATUS_NOT_SUPPORTED,
    }
}

static CALLS: Mutex<Vec<(usize, usize, u32, usize)>> = Mutex::new(Vec::new());

unsafe extern "system" fn record(socket: PWSK_SOCKET, address: PSOCKADDR, flags: u32, irp: PIRP) -> NTSTATUS {
    if let Ok(mut calls) = CALLS.lock() {
        calls.push((socket as usize, address as usize, flags, irp as usize));
    }
    STATUS_PENDING
}

#[test]
fn a_call_reaches_the_function_behind_the_table() {
    let mut table = WSK_PROVIDER_CONNECTION_DISPATCH::default();
    let mut socket = WSK_SOCKET { Dispatch: (&raw const table).cast::<c_void>() };
    let (address, irp) = (ptr::without_provenance_mut(0x1000), ptr::without_provenance_mut(0x2000));
    // SAFETY: the table outlives the call, and nothing follows the other pointers.
    assert_eq!(unsafe { connect(&mut socket, address, irp) }, STATUS_NOT_SUPPORTED, "a missing member is no null call");
    table.WskConnect = Some(record);
    socket.Dispatch = (&raw const table).cast::<c_void>();
    // SAFETY: as above.
    assert_eq!(unsafe { connect(&mut socket, address, irp) }, STATUS_PENDING);
    assert_eq!(*CALLS.lock().unwrap(), [(&raw mut socket as usize, 0x1000, 0, 0x2000)]);
}

#[test]
fn tables_begin_with_the_basic_table_and_hold_one_pointer_a_member() {
    let pointer = size_of::<*const c_void>();
    assert_eq!(offset_of!(WSK_PROVIDER_CONNECTION_DISPATCH, Basic), 0);
    assert_eq!(offset_of!(WSK_PROVIDER_CONNECTION_DISPATCH, WskBind), 2 * pointer);
    assert_eq!(size_of::<WSK_PROVIDER_BASIC_DISPATCH>(), 2 * pointer);
    assert_eq!(size_of::<WSK_PROVIDER_CONNECTION_DISPATCH>(), 13 * pointer);
    assert_eq!(size_of::<WSK_PROVIDER_STREAM_DISPATCH>(), 15 * pointer);
    assert_eq!(size_of::<WSK_PROVIDER_DATAGRAM_DISPATCH>(), 8 * pointer);
    assert_eq!(size_of::<WSK_PROVIDER_LISTEN_DISPATCH>(), 6 * pointer);
}

#[test]
fn versions_are_put_together_and_taken_apart() {
    let version = MAKE_WSK_VERSION(1, 2);
    assert_eq!((version, WSK_MAJOR_VERSION(version), WSK_MINOR_VERSION(version)), (0x102, 1, 2));
    assert_eq!(MAKE_WSK_VERSION(1, 0x1FF), 0x1FF, "only the low byte of the minor part counts");
}

#[test]
fn an_unknown_enumerator_is_a_value_like_any_other() {
    unsafe extern "system" fn later(_: PVOID, _: PSOCKADDR, _: PSOCKADDR, _: PWSK_INSPECT_ID) -> WSK_INSPECT_ACTION {
        WSK_INSPECT_ACTION(17)
    }
    let callback: PFN_WSK_INSPECT_EVENT = Some(later);
    // SAFETY: the function looks at none of its arguments.
    let action = callback.map(|f| unsafe { f(ptr::null_mut(), ptr::null_mut(), ptr::null_mut(), ptr::null_mut()) });
    assert_eq!(action, Some(WSK_INSPECT_ACTION(17)));
    assert_ne!(action, Some(WskInspectPend));
}

#[test]
fn control_codes_and_identifiers_have_their_values() {
    assert_eq!((SO_WSK_EVENT_CALLBACK, SIO_WSK_QUERY_INSPECT_ID, SIO_ADDRESS_LIST_SORT), (0x4002, 0x4F00_0005, 0xC800_0019));
    assert_eq!((NPI_WSK_INTERFACE_ID.data1, NPI_WSK_INTERFACE_ID.data4[0]), (0x2227_E803, 0xAB));
}
