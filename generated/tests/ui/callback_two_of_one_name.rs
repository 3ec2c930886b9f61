//~ the name `twice` is defined multiple times
use wsk::*;

#[wsk_callback(WskSendBacklogEvent)]
fn twice(_: &u32, _: usize) -> SendBacklogEventStatus {
    SendBacklogEventStatus::Success
}

#[wsk_callback(WskDisconnectEvent)]
fn twice(_: &u32, _: DisconnectEventFlags) -> DisconnectEventStatus {
    DisconnectEventStatus::Success
}

fn main() {}
