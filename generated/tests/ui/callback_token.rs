//~ WskSendBacklogEvent is called at DISPATCH_LEVEL or below: there is no token for Passive here, write `&mut Irql<Dispatch>`
//~ callback_token.rs:9:39
//~ the token comes last among the parameters of WskSendBacklogEvent
//~ the token is lent for the call: write `&mut Irql<Dispatch>`
//~ WskReceiveEvent has no flag `ENTIRE_MESAGE`; did you mean `ENTIRE_MESSAGE`? Its flags:
use wsk::*;

#[wsk_callback(WskSendBacklogEvent)]
fn low(_: &u32, _: usize, irql: &Irql<Passive>) -> SendBacklogEventStatus {
    SendBacklogEventStatus::Success
}

#[wsk_callback(WskSendBacklogEvent)]
fn early(_: &u32, irql: &Irql<Dispatch>, _: usize) -> SendBacklogEventStatus {
    SendBacklogEventStatus::Success
}

#[wsk_callback(WskSendBacklogEvent)]
fn owned(_: &u32, _: usize, irql: Irql<Dispatch>) -> SendBacklogEventStatus {
    SendBacklogEventStatus::Success
}

#[wsk_callback(WskReceiveEvent)]
fn flag(_: &u32, flags: ReceiveEventFlags, _: Option<DataIndication<'_>>) -> ReceiveEventStatus {
    let _ = flags.contains(ReceiveEventFlags::ENTIRE_MESAGE);
    ReceiveEventStatus::Success
}

fn main() {}
