//~ `BytesIndicated` (in) is part of another parameter, or of the answer: remove it
//~ callback_parameters_too_many.rs:11:5
//~ `BytesAccepted` (in, out) is part of another parameter, or of the answer: remove it
//~ WskSendBacklogEvent is not given this: remove it
use wsk::*;

#[wsk_callback(WskReceiveEvent)]
fn as_in_c(
    _: &u32,
    _: ReceiveEventFlags, _: Option<DataIndication<'_>>,
    bytes_indicated: usize,
    bytes_accepted: &mut usize,
) -> ReceiveEventStatus {
    ReceiveEventStatus::Success
}

#[wsk_callback(WskSendBacklogEvent)]
fn with_flags(_: &u32, flags: u32, ideal: usize) -> SendBacklogEventStatus {
    SendBacklogEventStatus::Success
}

fn main() {}
