//~ callback_all_mistakes_at_once.rs:14:1
//~ which does not wait for a future: remove `async`
//~ callback_all_mistakes_at_once.rs:14:18
//~ write `&T`, and put what changes behind a `SpinLock` or an atomic
//~ callback_all_mistakes_at_once.rs:14:30
//~ `flags` of WskReceiveEvent is `ReceiveEventFlags`
//~ `data_indication: Option<DataIndication<'_>>`, which is missing here
//~ WskReceiveEvent answers with `ReceiveEventStatus`
//~ callback_all_mistakes_at_once.rs:15:5
//~ there is no other token in a callback
use wsk::*;

#[wsk_callback(WskReceiveEvent)]
async fn all(_: &mut u32, _: u32) -> bool {
    Irql::<Passive>::current().is_some()
}

fn main() {}
