//! Event callbacks twice: with the feature `wrapped` as `#[wsk_callback]` makes them, without it as one writes them by hand over the raw
//! interface, with the same checks: null where it tells of the end of the socket, and nothing more.

use core::sync::atomic::{AtomicUsize, Ordering};

use wsk::sys::*;
use wsk::*;

/// A driver's context.
pub(crate) struct Peer {
    /// How much has arrived.
    bytes: AtomicUsize,
    /// Whether the socket is dead.
    dead: AtomicUsize,
}

/// A function of C: by attribute, of this body, and by hand.
macro_rules! callback_twice {
    ($(
        fn $name:ident($($arg:ident: $ty:ty),* $(,)?) {
            $callback:ident $body:ident $shim:ident { $($wrapped:tt)* }
            raw $raw:block
        }
    )*) => {
        $(
            #[cfg(feature = "wrapped")]
            #[wsk_callback($callback)]
            $($wrapped)*

            #[unsafe(no_mangle)]
            pub(crate) unsafe extern "system" fn $name($($arg: $ty),*) -> NTSTATUS {
                #[cfg(feature = "wrapped")]
                { unsafe { $shim::<$body>($($arg),*) } }
                #[cfg(not(feature = "wrapped"))]
                { $(let _ = $arg;)* unsafe { $raw } }
            }
        )*
    };
}

callback_twice! {
    fn receive_event(context: PVOID, flags: u32, data: PWSK_DATA_INDICATION, bytes: usize, accepted: *mut usize) {
        WskReceiveEvent on_receive receive_event_shim {
            fn on_receive(peer: &Peer, _: ReceiveEventFlags, data: Option<DataIndication<'_>>) -> ReceiveEventStatus {
                match data {
                    Some(data) => { peer.bytes.fetch_add(data.total(), Ordering::Relaxed); }
                    None => peer.dead.store(1, Ordering::Relaxed),
                }
                ReceiveEventStatus::Success
            }
        }
        raw {
            let peer = &**context.cast::<SocketContext<Peer>>();
            if data.is_null() {
                peer.dead.store(1, Ordering::Relaxed);
            } else {
                peer.bytes.fetch_add(bytes, Ordering::Relaxed);
            }
            STATUS_SUCCESS
        }
    }
    fn receive_event_in_part(context: PVOID, flags: u32, data: PWSK_DATA_INDICATION, bytes: usize, accepted: *mut usize) {
        WskReceiveEvent on_receive_in_part receive_event_shim {
            fn on_receive_in_part(peer: &Peer, flags: ReceiveEventFlags, data: Option<DataIndication<'_>>) -> ReceiveEventStatus {
                let Some(data) = data else { return ReceiveEventStatus::Success };
                if flags.contains(ReceiveEventFlags::ENTIRE_MESSAGE) {
                    return ReceiveEventStatus::DataNotAccepted;
                }
                let _ = peer;
                data.accept(16);
                ReceiveEventStatus::Success
            }
        }
        raw {
            if data.is_null() {
                return STATUS_SUCCESS;
            }
            if flags & WSK_FLAG_ENTIRE_MESSAGE != 0 {
                return STATUS_DATA_NOT_ACCEPTED;
            }
            if let Some(accepted) = accepted.as_mut() {
                *accepted = bytes.min(16);
            }
            STATUS_SUCCESS
        }
    }
    fn receive_from_event(context: PVOID, flags: u32, data: PWSK_DATAGRAM_INDICATION) {
        WskReceiveFromEvent on_receive_from receive_from_event_shim {
            fn on_receive_from(peer: &Peer, _: ReceiveFromEventFlags, data: Option<DatagramIndication<'_>>) -> ReceiveFromEventStatus {
                let Some(data) = data else { return ReceiveFromEventStatus::Success };
                peer.bytes.fetch_add(data.len(), Ordering::Relaxed);
                ReceiveFromEventStatus::Success
            }
        }
        raw {
            if data.is_null() {
                return STATUS_SUCCESS;
            }
            let peer = &**context.cast::<SocketContext<Peer>>();
            let (mut len, mut next) = (0, data.cast_const());
            while let Some(entry) = next.as_ref() {
                len += entry.Buffer.Length;
                next = entry.Next;
            }
            peer.bytes.fetch_add(len, Ordering::Relaxed);
            STATUS_SUCCESS
        }
    }
    fn disconnect_event(context: PVOID, flags: u32) {
        WskDisconnectEvent on_disconnect disconnect_event_shim {
            fn on_disconnect(peer: &Peer, flags: DisconnectEventFlags) -> DisconnectEventStatus {
                if flags.contains(DisconnectEventFlags::ABORTIVE) {
                    peer.dead.store(1, Ordering::Relaxed);
                }
                DisconnectEventStatus::Success
            }
        }
        raw {
            let peer = &**context.cast::<SocketContext<Peer>>();
            if flags & WSK_FLAG_ABORTIVE != 0 {
                peer.dead.store(1, Ordering::Relaxed);
            }
            STATUS_SUCCESS
        }
    }
    fn send_backlog_event(context: PVOID, ideal: usize) {
        WskSendBacklogEvent on_send_backlog send_backlog_event_shim {
            fn on_send_backlog(peer: &Peer, ideal: usize) -> SendBacklogEventStatus {
                peer.bytes.store(ideal, Ordering::Relaxed);
                SendBacklogEventStatus::Success
            }
        }
        raw {
            let peer = &**context.cast::<SocketContext<Peer>>();
            peer.bytes.store(ideal, Ordering::Relaxed);
            STATUS_SUCCESS
        }
    }
}
