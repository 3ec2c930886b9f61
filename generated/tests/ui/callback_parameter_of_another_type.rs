//~ `flags` of WskReceiveEvent is `ReceiveEventFlags`: Says more about the data and the call.
//~ callback_parameter_of_another_type.rs:11:31
//~ `data_indication` of WskReceiveEvent may be null: write `Option<DataIndication<'_>>`. The head of a list of the data. Null means that the socket is dead and must be closed soon.
//~ `flags` of WskDisconnectEvent is `DisconnectEventFlags`
//~ mismatched types
//~ callback_parameter_of_another_type.rs:22:32
use wsk::*;
type Number = u64;

#[wsk_callback(WskReceiveEvent)]
fn number(_: &Vec<u8>, flags: u32, data: DataIndication<'_>) -> ReceiveEventStatus {
    ReceiveEventStatus::Success
}

#[wsk_callback(WskDisconnectEvent)]
fn of_another(_: &Vec<u8>, flags: ReceiveEventFlags) -> DisconnectEventStatus {
    DisconnectEventStatus::Success
}

// What an alias stands for, the compiler knows.
#[wsk_callback(WskSendBacklogEvent)]
fn alias(_: &Vec<u8>, backlog: Number) -> SendBacklogEventStatus {
    SendBacklogEventStatus::Success
}

fn main() {}
