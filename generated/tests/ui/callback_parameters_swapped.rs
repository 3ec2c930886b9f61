//~ the parameters of WskReceiveEvent are swapped: `flags` belongs here, and this is what `data_indication` is
//~ callback_parameters_swapped.rs:8:27
//~ the parameters of WskReceiveEvent are swapped: `data_indication` belongs here, and this is what `flags` is
//~ callback_parameters_swapped.rs:8:62
use wsk::*;

#[wsk_callback(WskReceiveEvent)]
fn swapped(_: &u32, data: Option<DataIndication<'_>>, flags: ReceiveEventFlags) -> ReceiveEventStatus {
    ReceiveEventStatus::Success
}

fn main() {}
