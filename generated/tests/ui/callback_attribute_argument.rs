//~ `wsk_callback` has no argument `level`: it takes the name of a callback, and `crate = path`
//~ callback_attribute_argument.rs:8:37
//~ `wsk_callback` has no argument `WskAbortEvent`: one function is one callback, and this one is `WskSendBacklogEvent`
//~ write the name of the callback without quotes: WskSendBacklogEvent
//~ `wsk_callback` belongs above a function
use wsk::*;

#[wsk_callback(WskSendBacklogEvent, level = 2)]
fn with_a_level(_: &(), _: usize) -> SendBacklogEventStatus {
    SendBacklogEventStatus::Success
}

#[wsk_callback(WskSendBacklogEvent, WskAbortEvent)]
fn two_at_once(_: &(), _: usize) -> SendBacklogEventStatus {
    SendBacklogEventStatus::Success
}

#[wsk_callback("WskSendBacklogEvent")]
fn in_quotes(_: &(), _: usize) -> SendBacklogEventStatus {
    SendBacklogEventStatus::Success
}

#[wsk_callback(WskSendBacklogEvent)]
struct NotAFunction;

fn main() {}
