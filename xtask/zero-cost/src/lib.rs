//! The same calls, and the same event callbacks, twice: with the feature `wrapped` by wrapper, without it by hand through the dispatch table, as one writes them over
//! the raw interface. `cargo xtask zero-cost` compiles both and compares the machine code, function by function.
//!
//! Each function has the parameters of the wrapper, so that both find them in the same registers, and tells outcomes apart as a
//! driver would.
#![no_std]
#![allow(missing_docs, clippy::missing_safety_doc, clippy::undocumented_unsafe_blocks, reason = "nobody calls these functions")]
#![allow(clippy::too_many_arguments, reason = "those of the C functions")]

mod callbacks;

use wsk::sys::*;
use wsk::*;

/// A function, by wrapper and by hand.
macro_rules! twice {
    ($(fn $name:ident($($arg:ident: $ty:ty),* $(,)?) -> $ret:ty { wrapped $wrapped:block raw $raw:block })*) => {
        $(
            #[unsafe(no_mangle)]
            pub unsafe fn $name($($arg: $ty),*) -> $ret {
                #[cfg(feature = "wrapped")]
                { unsafe { $wrapped } }
                #[cfg(not(feature = "wrapped"))]
                { $(let _ = &$arg;)* unsafe { $raw } }
            }
        )*
    };
}

/// The table of a socket and its function.
#[cfg(not(feature = "wrapped"))]
macro_rules! function {
    ($socket:ident, $table:ty, $($member:ident).+) => {
        (*(*$socket.as_raw()).Dispatch.cast::<$table>()).$($member).+.unwrap_unchecked()
    };
}

type Level<'a> = &'a Irql<Dispatch>;
type Stream = StreamSocket;

twice! {
    fn connect(socket: ConnectionSocket, irql: Level<'_>, address: &SocketAddressV4, irp: PIRP) -> i32 {
        wrapped { socket.connect(irql, address, irp).status().0 }
        raw {
            let to = core::ptr::from_ref(address).cast_mut().cast();
            function!(socket, WSK_PROVIDER_CONNECTION_DISPATCH, WskConnect)(socket.as_raw(), to, 0, irp)
        }
    }
    fn connect_and_look_for_a_dead_socket(socket: ConnectionSocket, irql: Level<'_>, address: &SocketAddressV4, irp: PIRP) -> bool {
        wrapped { matches!(socket.connect(irql, address, irp), ConnectStatus::FileForcedClosed) }
        raw {
            let to = core::ptr::from_ref(address).cast_mut().cast();
            function!(socket, WSK_PROVIDER_CONNECTION_DISPATCH, WskConnect)(socket.as_raw(), to, 0, irp) == STATUS_FILE_FORCED_CLOSED
        }
    }
    fn bind(socket: ListenSocket, irql: Level<'_>, address: &SocketAddressV6, irp: PIRP) -> bool {
        wrapped { socket.bind(irql, address, irp) == BindStatus::Pending }
        raw {
            let to = core::ptr::from_ref(address).cast_mut().cast();
            function!(socket, WSK_PROVIDER_LISTEN_DISPATCH, WskBind)(socket.as_raw(), to, 0, irp) == STATUS_PENDING
        }
    }
    fn send(socket: ConnectionSocket, irql: Level<'_>, buffer: &WSK_BUF, irp: PIRP) -> i32 {
        wrapped { socket.send(irql, buffer, SendFlags::NODELAY, irp).status().0 }
        raw {
            let buffer = core::ptr::from_ref(buffer).cast_mut();
            function!(socket, WSK_PROVIDER_CONNECTION_DISPATCH, WskSend)(socket.as_raw(), buffer, WSK_FLAG_NODELAY, irp)
        }
    }
    fn receive(socket: Stream, irql: Level<'_>, buffer: &WSK_BUF, flags: ReceiveFlags, irp: PIRP) -> bool {
        wrapped { matches!(socket.receive(irql, buffer, flags, irp), ReceiveStatus::Pending | ReceiveStatus::Success) }
        raw {
            let buffer = core::ptr::from_ref(buffer).cast_mut();
            let status = function!(socket, WSK_PROVIDER_STREAM_DISPATCH, WskReceive)(socket.as_raw(), buffer, flags.bits(), irp);
            matches!(status, STATUS_PENDING | STATUS_SUCCESS)
        }
    }
    fn disconnect(socket: ConnectionSocket, irql: Level<'_>, buffer: Option<&WSK_BUF>, irp: PIRP) -> i32 {
        wrapped { socket.disconnect(irql, buffer, DisconnectFlags::empty(), irp).status().0 }
        raw {
            let buffer = buffer.map_or(core::ptr::null_mut(), |b| core::ptr::from_ref(b).cast_mut());
            function!(socket, WSK_PROVIDER_CONNECTION_DISPATCH, WskDisconnect)(socket.as_raw(), buffer, 0, irp)
        }
    }
    fn accept(socket: ListenSocket, irql: Level<'_>, local: Option<&mut SocketAddressStorage>, irp: PIRP) -> i32 {
        wrapped { socket.accept(irql, None, None, local, None, irp).status().0 }
        raw {
            let local = local.map_or(core::ptr::null_mut(), |l| core::ptr::from_mut(l).cast());
            let null = core::ptr::null_mut();
            function!(socket, WSK_PROVIDER_LISTEN_DISPATCH, WskAccept)(socket.as_raw(), 0, null, core::ptr::null(), local, null.cast(), irp)
        }
    }
    fn get_local_address(socket: DatagramSocket, irql: Level<'_>, address: &mut SocketAddressStorage, irp: PIRP) -> i32 {
        wrapped { socket.get_local_address(irql, address, irp).status().0 }
        raw {
            let to = core::ptr::from_mut(address).cast();
            function!(socket, WSK_PROVIDER_DATAGRAM_DISPATCH, WskGetLocalAddress)(socket.as_raw(), to, irp)
        }
    }
    fn send_to(socket: DatagramSocket, irql: Level<'_>, buffer: &WSK_BUF, to: &SocketAddressV4, irp: PIRP) -> i32 {
        wrapped { socket.send_to(irql, buffer, Some(to.as_ref()), None, irp).status().0 }
        raw {
            let (buffer, to) = (core::ptr::from_ref(buffer).cast_mut(), core::ptr::from_ref(to).cast_mut().cast());
            let null = core::ptr::null_mut();
            function!(socket, WSK_PROVIDER_DATAGRAM_DISPATCH, WskSendTo)(socket.as_raw(), buffer, 0, to, 0, null, irp)
        }
    }
    fn close_socket(socket: BasicSocket, irql: Level<'_>, irp: PIRP) -> i32 {
        wrapped { socket.close_socket(irql, irp).status().0 }
        raw { function!(socket, WSK_PROVIDER_BASIC_DISPATCH, WskCloseSocket)(socket.as_raw(), irp) }
    }
    fn listen(socket: Stream, irql: Level<'_>, irp: PIRP) -> i32 {
        wrapped { socket.listen(irql, irp).status().0 }
        raw { function!(socket, WSK_PROVIDER_STREAM_DISPATCH, WskListen)(socket.as_raw(), irp) }
    }
    fn inspect_complete(socket: ListenSocket, irql: Level<'_>, id: &WSK_INSPECT_ID, irp: PIRP) -> i32 {
        wrapped { socket.inspect_complete(irql, id, InspectCompleteAction::Accept, irp).status().0 }
        raw {
            let id = core::ptr::from_ref(id).cast_mut();
            function!(socket, WSK_PROVIDER_LISTEN_DISPATCH, WskInspectComplete)(socket.as_raw(), id, WskInspectAccept, irp)
        }
    }
    fn event_callback_enable(socket: ConnectionSocket, irql: Level<'_>, input: &EventCallbackEnableInput) -> i32 {
        wrapped { socket.event_callback_enable(irql, input).status().0 }
        raw {
            let (input, null) = (core::ptr::from_ref(input).cast_mut().cast(), core::ptr::null_mut());
            function!(socket, WSK_PROVIDER_CONNECTION_DISPATCH, Basic.WskControlSocket)(
                socket.as_raw(), WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET as u32, 16, input, 0, null, null.cast(), null.cast(),
            )
        }
    }
    fn query_receive_backlog(socket: ConnectionSocket, irql: Level<'_>, output: &mut core::mem::MaybeUninit<usize>, irp: PIRP) -> i32 {
        wrapped { socket.query_receive_backlog(irql, output, irp).status().0 }
        raw {
            let (output, null) = (core::ptr::from_mut(output).cast(), core::ptr::null_mut());
            function!(socket, WSK_PROVIDER_CONNECTION_DISPATCH, Basic.WskControlSocket)(
                socket.as_raw(), WskIoctl, SIO_WSK_QUERY_RECEIVE_BACKLOG, 0, 0, null, 8, output, null.cast(), irp,
            )
        }
    }
    fn socket(provider: &Provider, irql: Level<'_>, family: u16, callbacks: Option<&'static WSK_CLIENT_CONNECTION_DISPATCH>, irp: PIRP) -> bool {
        wrapped { provider.socket::<kind::Connection, _>(irql, family, SocketType::Stream, 6, None, callbacks, None, None, None, irp) == SocketStatus::Pending }
        raw {
            let npi = provider.as_raw();
            let (null, table) = (core::ptr::null_mut(), callbacks.map_or(core::ptr::null(), core::ptr::from_ref));
            (*npi.Dispatch).WskSocket.unwrap_unchecked()(
                npi.Client, family, SOCK_STREAM as u16, 6, WSK_FLAG_CONNECTION_SOCKET, null, table.cast(), 0 as PEPROCESS, 0 as PETHREAD, null, irp,
            ) == STATUS_PENDING
        }
    }
}
