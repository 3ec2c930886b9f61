//~ WskReceiveEvent is also given `flags: ReceiveEventFlags`, which is missing before this parameter. Says more about the data and the call.
//~ callback_parameters_missing.rs:9:27
//~ WskReceiveEvent is also given `data_indication: Option<DataIndication<'_>>`, which is missing here.
//~ WskReceiveEvent: fn name(context: &T, flags: ReceiveEventFlags, data_indication: Option<DataIndication<'_>>) -> ReceiveEventStatus
//~ WskDisconnectEvent is given its context first: add `context: &T`
use wsk::*;

#[wsk_callback(WskReceiveEvent)]
fn without_flags(_: &u32, data: Option<DataIndication<'_>>) -> ReceiveEventStatus {
    ReceiveEventStatus::Success
}

#[wsk_callback(WskReceiveEvent)]
fn without_data(_: &u32, flags: ReceiveEventFlags) -> ReceiveEventStatus {
    ReceiveEventStatus::Success
}

#[wsk_callback(WskDisconnectEvent)]
fn without_context(flags: DisconnectEventFlags) -> DisconnectEventStatus {
    DisconnectEventStatus::Success
}

fn main() {}
