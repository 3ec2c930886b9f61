//~ mismatched types
//~ expected `&Irql<Passive>`, found `&mut Irql<Dispatch>`
use wsk::kind::Connection;
use wsk::state::Connected;
use wsk::*;

struct Peer(&'static OwnedSocket<'static, Connection, Connected>);

#[wsk_callback(WskSendBacklogEvent)]
fn waits(peer: &Peer, _: usize, irql: &mut Irql<Dispatch>) -> SendBacklogEventStatus {
    let buffer = NonPagedBuffer::copy_of(b"more").unwrap();
    if let Ok(sending) = peer.0.start_send(irql, buffer, SendFlags::empty()) {
        let _ = sending.wait(irql, None);
    }
    SendBacklogEventStatus::Success
}

fn main() {}
