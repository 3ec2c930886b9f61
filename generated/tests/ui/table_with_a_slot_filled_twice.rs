//~ the slot WskDisconnectEvent is filled already
use wsk::*;

#[wsk_callback(WskDisconnectEvent)]
fn on_disconnect(_: &u32, _: DisconnectEventFlags) -> DisconnectEventStatus {
    DisconnectEventStatus::Success
}

static TABLE: ConnectionCallbacks<u32> =
    ConnectionCallbacks::new().disconnect_event::<on_disconnect>().disconnect_event::<on_disconnect>();

fn main() {
    let _ = &TABLE;
}
