//~ borrowed data escapes outside of function
use wsk::*;

struct Peer(std::sync::Mutex<Vec<&'static [u8]>>);

#[wsk_callback(WskReceiveEvent)]
fn on_receive(peer: &Peer, _: ReceiveEventFlags, data: Option<DataIndication<'_>>) -> ReceiveEventStatus {
    if let Some(data) = &data {
        for chunk in data.chunks() {
            peer.0.lock().unwrap().push(chunk.unwrap());
        }
    }
    ReceiveEventStatus::Success
}

fn main() {}
