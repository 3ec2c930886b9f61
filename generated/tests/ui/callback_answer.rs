//~ WskReceiveEvent answers with a status: write `-> ReceiveEventStatus`. It may be:
//~ ReceiveEventStatus::DataNotAccepted (STATUS_DATA_NOT_ACCEPTED): The driver takes nothing.
//~ WskDisconnectEvent answers with `DisconnectEventStatus`. It may be:
//~ callback_answer.rs:13:48
//~ WskSendBacklogEvent does not answer with `Pending`
//~ WskAcceptEvent does not answer with `RequestNotAcceptd`; did you mean `RequestNotAccepted`?
use wsk::*;

#[wsk_callback(WskReceiveEvent)]
fn nothing(_: &u32, _: ReceiveEventFlags, _: Option<DataIndication<'_>>) {}

#[wsk_callback(WskDisconnectEvent)]
fn number(_: &u32, _: DisconnectEventFlags) -> sys::NTSTATUS {
    0
}

#[wsk_callback(WskSendBacklogEvent)]
fn undocumented(_: &u32, _: usize) -> SendBacklogEventStatus {
    SendBacklogEventStatus::Pending
}

#[wsk_callback(WskAcceptEvent)]
fn misspelt(
    _: &u32,
    _: AcceptEventFlags,
    _: Option<SocketAddressRef<'_>>,
    _: Option<SocketAddressRef<'_>>,
    _: Option<AcceptEventSocket<'_>>,
) -> AcceptEventAnswer {
    AcceptEventAnswer::RequestNotAcceptd
}

fn main() {}
