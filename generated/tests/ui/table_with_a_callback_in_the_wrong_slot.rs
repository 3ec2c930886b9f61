//~ `on_disconnect` is not a callback for `WskReceiveEvent`
//~ no function marked `#[wsk_callback(WskReceiveEvent)]` is called so
use wsk::*;

#[wsk_callback(WskDisconnectEvent)]
fn on_disconnect(_: &u32, _: DisconnectEventFlags) -> DisconnectEventStatus {
    DisconnectEventStatus::Success
}

static TABLE: ConnectionCallbacks<u32> = ConnectionCallbacks::new().receive_event::<on_disconnect>();

fn main() {}
