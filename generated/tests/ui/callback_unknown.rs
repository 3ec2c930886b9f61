//~ WSK has no event callback `WskRecieveEvent`; did you mean `WskReceiveEvent`?
//~ callback_unknown.rs:8:16
//~ WSK has no event callback `Nonsense`. Its callbacks: WskAbortEvent, WskAcceptEvent,
//~ WSK has no event callback `PFN_WSK_DISCONNECT_EVENT`; did you mean `WskDisconnectEvent`?
//~ which callback? Write #[wsk_callback(
use wsk::*;

#[wsk_callback(WskRecieveEvent)]
fn misspelt() {}

#[wsk_callback(Nonsense)]
fn unknown() {}

#[wsk_callback(PFN_WSK_DISCONNECT_EVENT)]
fn by_its_type() {}

#[wsk_callback]
fn unnamed() {}

fn main() {}
