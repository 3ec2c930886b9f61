//~ `Cell<u32>` cannot be shared between threads safely
//~ the context of WskSendBacklogEvent is used by callbacks on several threads, until the socket is closed
//~ callback_context.rs:10:19
//~ WskSendBacklogEvent does not own its context, it is given it by reference: write `&u32`
//~ WskSendBacklogEvent may be called while another callback with this context runs: write `&T`
use wsk::*;
use std::cell::Cell;

#[wsk_callback(WskSendBacklogEvent)]
fn not_shared(_: &Cell<u32>, _: usize) -> SendBacklogEventStatus {
    SendBacklogEventStatus::Success
}

#[wsk_callback(WskSendBacklogEvent)]
fn owned(_: u32, _: usize) -> SendBacklogEventStatus {
    SendBacklogEventStatus::Success
}

#[wsk_callback(WskSendBacklogEvent)]
fn exclusive(_: &mut u32, _: usize) -> SendBacklogEventStatus {
    SendBacklogEventStatus::Success
}

fn main() {}
