//~ WskSendBacklogEvent is called by WSK, which does not wait for a future: remove `async`
//~ WskSendBacklogEvent is one function, which WSK calls by its address: it has no generics
//~ WskSendBacklogEvent has no generics: name the type
//~ WskSendBacklogEvent is a free function; what `self` would be is its context: write `context: &T`
//~ the function that WSK calls is made here, with its ABI: remove `extern`
//~ WskSendBacklogEvent is called at run time: remove `const`
//~ WskSendBacklogEvent has no generics, and so nothing to say about them
use wsk::*;

#[wsk_callback(WskSendBacklogEvent)]
async fn later(_: &u32, _: usize) -> SendBacklogEventStatus {
    SendBacklogEventStatus::Success
}

#[wsk_callback(WskSendBacklogEvent)]
fn of_any<T: Sync>(_: &T, _: usize) -> SendBacklogEventStatus
where
    T: Send,
{
    SendBacklogEventStatus::Success
}

#[wsk_callback(WskSendBacklogEvent)]
fn of_some(_: &impl Sync, _: usize) -> SendBacklogEventStatus {
    SendBacklogEventStatus::Success
}

#[wsk_callback(WskSendBacklogEvent)]
fn method(&self, _: usize) -> SendBacklogEventStatus {
    SendBacklogEventStatus::Success
}

#[wsk_callback(WskSendBacklogEvent)]
extern "system" fn with_abi(_: &u32, _: usize) -> SendBacklogEventStatus {
    SendBacklogEventStatus::Success
}

#[wsk_callback(WskSendBacklogEvent)]
const fn constant(_: &u32, _: usize) -> SendBacklogEventStatus {
    SendBacklogEventStatus::Success
}

fn main() {}
