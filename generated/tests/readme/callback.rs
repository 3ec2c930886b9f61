// The receive callback of the README, as it stands there.
use std::sync::atomic::{AtomicUsize, Ordering};

use wsk::kind::Connection;
use wsk::state::Connected;
use wsk::*;

/// What the callbacks of a connection share.
pub struct Inbox {
    pub received: AtomicUsize,
    pub later: SpinLock<Option<RetainedDataIndication>>,
}

#[wsk_callback(WskReceiveEvent)]
fn on_receive(
    inbox: &Inbox,
    flags: ReceiveEventFlags,
    data: Option<DataIndication<'_>>,
    irql: &mut Irql<Dispatch>,
) -> ReceiveEventStatus {
    // Without data the call says that the socket is dead.
    let Some(data) = data else { return ReceiveEventStatus::Success };
    inbox.received.fetch_add(data.total(), Ordering::Relaxed);
    if flags.contains(ReceiveEventFlags::RELEASE_ASAP) {
        return ReceiveEventStatus::Success;
    }
    // Kept for later: its drop gives it back to WSK, and the socket is not closed before.
    let Ok(kept) = data.retain() else { return ReceiveEventStatus::DataNotAccepted };
    let before = inbox.later.lock(irql).replace(kept);
    drop(before);
    ReceiveEventStatus::Pending
}

static CALLBACKS: ConnectionCallbacks<Inbox> = ConnectionCallbacks::new().receive_event::<on_receive>();

pub fn subscribe<'a>(
    provider: &'a ProviderNpi<'_>,
    irql: &Irql<Passive>,
    [local, server]: [SocketAddressV4; 2],
) -> Option<OwnedSocket<'a, Connection, Connected, Inbox>> {
    let inbox = Inbox { received: AtomicUsize::new(0), later: SpinLock::new(None) };
    let stream = SocketConnectSocketType::Stream;
    // The table fits a socket with this context and no other.
    let socket = provider.start_socket_connect_with_callbacks(irql, stream, 6, local, server, inbox, &CALLBACKS);
    let socket = socket.ok()?.wait(irql, None).ok()?.socket?;
    // An event for which the table has no callback would be an error that names it.
    let enabled = socket.enable_event_callbacks(irql, EventCallbackEventMask::RECEIVE).ok()?;
    (enabled == ControlSocketStatus::Success).then_some(socket)
}
