//~ must not wait for WSK even below: ask for `irql: &mut Irql<Dispatch>` as the last parameter, there is no other token in a callback
//~ callback_that_asks_for_a_token.rs:9:22
use wsk::*;

struct Peer;

#[wsk_callback(WskSendBacklogEvent)]
fn asks(_: &Peer, _: usize) -> SendBacklogEventStatus {
    if let Some(_) = Irql::<Passive>::current() {
        // A wait would be possible here.
    }
    SendBacklogEventStatus::Success
}

fn main() {}
