//! What event callbacks are given, seen through the types of their views: everything in its place, and null where the documentation
//! allows null.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]
#![allow(clippy::undocumented_unsafe_blocks, reason = "the test calls the views as WSK would call the callbacks")]

use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::net::{Ipv4Addr, SocketAddr};
use std::ptr::{NonNull, null, null_mut};

use wsk::sys::*;
use wsk::*;

const CONTEXT: *mut c_void = 0xC047_0000_usize as *mut c_void;

fn address(port: u16) -> SocketAddressV4 {
    SocketAddressV4::new(Ipv4Addr::LOCALHOST, port)
}

fn raw(address: &SocketAddressV4) -> PSOCKADDR {
    address.as_ref().as_ptr()
}

fn port(address: Option<SocketAddressRef<'_>>) -> Option<u16> {
    address.and_then(SocketAddressRef::socket_addr).map(|a: SocketAddr| a.port())
}

#[test]
fn abort_and_inspect() {
    let mut id = WSK_INSPECT_ID { Key: 5, SerialNumber: 6 };
    let view = unsafe { AbortEventArguments::from_raw(CONTEXT, &raw mut id) };
    assert_eq!((view.socket_context, view.inspect_id.Key), (NonNull::new(CONTEXT), 5));
    let (local, remote) = (address(1), address(2));
    let view = unsafe { InspectEventArguments::from_raw(null_mut(), raw(&local), raw(&remote), &raw mut id) };
    assert_eq!((view.socket_context, port(view.local_address), port(view.remote_address)), (None, Some(1), Some(2)));
    assert_eq!(view.inspect_id.unwrap().SerialNumber, 6);
    // A listening socket that is dead has no request.
    let view = unsafe { InspectEventArguments::from_raw(CONTEXT, null_mut(), null_mut(), null_mut()) };
    assert!(view.inspect_id.is_none() && view.local_address.is_none());
}

#[test]
#[should_panic(expected = "WskAbortEvent was called with null for InspectID")]
fn null_where_the_documentation_does_not_allow_it() {
    let _ = unsafe { AbortEventArguments::from_raw(CONTEXT, null_mut()) };
}

#[test]
fn accept() {
    static CALLBACKS: WSK_CLIENT_CONNECTION_DISPATCH =
        WSK_CLIENT_CONNECTION_DISPATCH { WskReceiveEvent: None, WskDisconnectEvent: None, WskSendBacklogEvent: None };
    let mut socket = WSK_SOCKET { Dispatch: null() };
    let (local, remote) = (address(7), address(8));
    let (mut context, mut dispatch) =
        (MaybeUninit::<*mut c_void>::uninit(), MaybeUninit::<*const WSK_CLIENT_CONNECTION_DISPATCH>::uninit());
    let view = unsafe {
        AcceptEventArguments::from_raw(
            CONTEXT,
            WSK_FLAG_AT_DISPATCH_LEVEL,
            raw(&local),
            raw(&remote),
            &raw mut socket,
            context.as_mut_ptr(),
            dispatch.as_mut_ptr(),
        )
    };
    assert_eq!(view.flags, AcceptEventFlags::AT_DISPATCH_LEVEL);
    assert_eq!((port(view.local_address), port(view.remote_address)), (Some(7), Some(8)));
    let accepted: ConnectionSocket = view.accept_socket.expect("a connection");
    assert_eq!(accepted.as_raw(), &raw mut socket);
    view.accept_socket_context.unwrap().write(CONTEXT);
    view.accept_socket_dispatch.unwrap().write(&raw const CALLBACKS);
    assert_eq!(unsafe { (context.assume_init(), dispatch.assume_init()) }, (CONTEXT, &raw const CALLBACKS));
    // Dead: no socket.
    let view = unsafe {
        AcceptEventArguments::from_raw(
            null_mut(),
            0,
            null_mut(),
            null_mut(),
            null_mut(),
            context.as_mut_ptr(),
            dispatch.as_mut_ptr(),
        )
    };
    assert!(view.accept_socket.is_none() && view.flags.is_empty());
}

#[test]
fn client_and_send_backlog_and_disconnect() {
    let mut information = *b"abc";
    let view = unsafe { ClientEventArguments::from_raw(CONTEXT, 3, information.as_mut_ptr().cast(), 3) };
    assert_eq!((view.event_type, view.information), (3, Some(b"abc".as_slice())), "pointer and length are one slice");
    let view = unsafe { ClientEventArguments::from_raw(null_mut(), 3, null_mut(), 0) };
    assert!(view.information.is_none() && view.client_context.is_none());
    let view = unsafe { SendBacklogEventArguments::from_raw(CONTEXT, 1 << 20) };
    assert_eq!((view.socket_context, view.ideal_backlog_size), (NonNull::new(CONTEXT), 1 << 20));
    let view = unsafe { DisconnectEventArguments::from_raw(CONTEXT, WSK_FLAG_ABORTIVE | WSK_FLAG_AT_DISPATCH_LEVEL) };
    assert_eq!(view.flags, DisconnectEventFlags::ABORTIVE | DisconnectEventFlags::AT_DISPATCH_LEVEL);
    assert_eq!(view.socket_context, NonNull::new(CONTEXT));
}

#[test]
fn receive() {
    let mut last = WSK_DATA_INDICATION { Next: null_mut(), Buffer: WSK_BUF { Mdl: null_mut(), Offset: 2, Length: 20 } };
    let mut head = WSK_DATA_INDICATION { Next: &raw mut last, Buffer: WSK_BUF { Mdl: null_mut(), Offset: 1, Length: 10 } };
    let mut accepted = 30;
    let view = unsafe { ReceiveEventArguments::from_raw(CONTEXT, WSK_FLAG_ENTIRE_MESSAGE, &raw mut head, 30, &raw mut accepted) };
    let list = view.data_indication.expect("data");
    assert_eq!(list.iter().map(|entry| (entry.Buffer.Offset, entry.Buffer.Length)).collect::<Vec<_>>(), [(1, 10), (2, 20)]);
    assert_eq!((list.head().as_ptr(), view.flags, view.bytes_indicated), (&raw mut head, ReceiveEventFlags::ENTIRE_MESSAGE, 30));
    *view.bytes_accepted.unwrap() = 12;
    assert_eq!(accepted, 12, "what the driver takes is told to WSK");
    let view = unsafe { ReceiveEventArguments::from_raw(CONTEXT, 0, null_mut(), 0, null_mut()) };
    assert!(view.data_indication.is_none() && view.bytes_accepted.is_none(), "the socket is dead");
}

#[test]
fn receive_from() {
    let from = address(53);
    let mut head = WSK_DATAGRAM_INDICATION { RemoteAddress: raw(&from), ..WSK_DATAGRAM_INDICATION::default() };
    let view = unsafe { ReceiveFromEventArguments::from_raw(CONTEXT, MSG_MCAST | 0x4000_0000, &raw mut head) };
    assert!(view.flags.contains(ReceiveFromEventFlags::MCAST));
    assert_eq!(view.flags.bits() & 0x4000_0000, 0x4000_0000, "a flag that is not documented is kept");
    let entries: Vec<_> = view.data_indication.expect("datagrams").into_iter().collect();
    assert_eq!(entries.len(), 1);
    assert_eq!(port(unsafe { SocketAddressRef::from_raw(entries[0].RemoteAddress) }), Some(53));
    assert!(unsafe { ReceiveFromEventArguments::from_raw(null_mut(), 0, null_mut()) }.data_indication.is_none());
}
