//~ dyn SocketWithoutEventCallbacks
//~ the socket must be `Connected` for this, and it is `wsk::state::Bound`
use wsk::kind::Connection;
use wsk::state::{Bound, Connected};
use wsk::*;

fn without_callbacks(socket: &OwnedSocket<'_, Connection, Connected>, irql: &Irql<Passive>) {
    let _ = socket.enable_event_callbacks(irql, EventCallbackEventMask::RECEIVE);
}

fn too_early(socket: &OwnedSocket<'_, Connection, Bound, u32>, irql: &Irql<Passive>) {
    let _ = socket.enable_event_callbacks(irql, EventCallbackEventMask::RECEIVE);
}

fn main() {}
