//~ WskAbortEvent answers with `AbortEventStatus`. It may be:
//~ WskAcceptEvent answers with `AcceptEventAnswer`. It may be:
//~ WskClientEvent answers with `ClientEventStatus`. It may be:
//~ WskDisconnectEvent answers with `DisconnectEventStatus`. It may be:
//~ WskInspectEvent answers with `InspectEventStatus`. It may be:
//~ InspectEventStatus::Pend (WskInspectPend): The driver decides later, by `WskInspectComplete`.
//~ WskReceiveEvent answers with `ReceiveEventStatus`. It may be:
//~ WskReceiveFromEvent answers with `ReceiveFromEventStatus`. It may be:
//~ WskSendBacklogEvent answers with `SendBacklogEventStatus`. It may be:
//~ `inspect_id` of WskAbortEvent is `&WSK_INSPECT_ID`
//~ `local_address` of WskAcceptEvent may be null: write `Option<SocketAddressRef<'_>>`
//~ `information` of WskClientEvent may be null: write `Option<&[u8]>`
//~ `flags` of WskDisconnectEvent is `DisconnectEventFlags`
//~ `inspect_id` of WskInspectEvent may be null: write `Option<&WSK_INSPECT_ID>`
//~ `flags` of WskReceiveEvent is `ReceiveEventFlags`
//~ `flags` of WskReceiveFromEvent is `ReceiveFromEventFlags`
//~ `ideal_backlog_size` of WskSendBacklogEvent is `usize`
use wsk::sys::{NTSTATUS, WSK_INSPECT_ID};
use wsk::*;

#[wsk_callback(WskAbortEvent)]
fn abort(_: &u32, _: Option<&WSK_INSPECT_ID>) -> NTSTATUS { 0 }
#[wsk_callback(WskAcceptEvent)]
fn accept(
    _: &u32,
    _: AcceptEventFlags,
    _: SocketAddressRef<'_>,
    _: Option<SocketAddressRef<'_>>,
    _: Option<AcceptEventSocket<'_>>,
) -> NTSTATUS { 0 }
#[wsk_callback(WskClientEvent)]
fn client(_: &u32, _: u32, _: &[u8]) -> NTSTATUS { 0 }
#[wsk_callback(WskDisconnectEvent)]
fn disconnect(_: &u32, _: u32) -> NTSTATUS { 0 }
#[wsk_callback(WskInspectEvent)]
fn inspect(_: &u32, _: Option<SocketAddressRef<'_>>, _: Option<SocketAddressRef<'_>>, _: &WSK_INSPECT_ID) -> NTSTATUS { 0 }
#[wsk_callback(WskReceiveEvent)]
fn receive(_: &u32, _: u32, _: Option<DataIndication<'_>>) -> NTSTATUS { 0 }
#[wsk_callback(WskReceiveFromEvent)]
fn receive_from(_: &u32, _: u32, _: Option<DatagramIndication<'_>>) -> NTSTATUS { 0 }
#[wsk_callback(WskSendBacklogEvent)]
fn send_backlog(_: &u32, _: u32) -> NTSTATUS { 0 }

fn main() {}
