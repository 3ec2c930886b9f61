//~ expected `ConnectionCallbacks<u64>`, found `ConnectionCallbacks<u32>`
use wsk::*;

#[wsk_callback(WskDisconnectEvent)]
fn on_disconnect(_: &u32, _: DisconnectEventFlags) -> DisconnectEventStatus {
    DisconnectEventStatus::Success
}

static TABLE: ConnectionCallbacks<u64> = ConnectionCallbacks::new().disconnect_event::<on_disconnect>();

fn main() {}
