//~ WSK calls WskSendBacklogEvent by the convention of the system: write `extern "system"`
//~ WskSendBacklogEvent also has `IdealBacklogSize: usize` (in): The number of bytes that should be passed to WSK
//~ WskSendBacklogEvent has 2 parameters: remove this one
//~ `SocketContext` of WskSendBacklogEvent (in, optional) is `PVOID`; parameters are swapped, or one is missing before it
//~ WskDisconnectEvent returns a status: write `-> NTSTATUS`
//~ mismatched types
//~ callback_raw.rs:25:37
//~ callback_raw.rs:28:47
use wsk::sys::*;
use wsk::wsk_callback;

#[wsk_callback(WskSendBacklogEvent)]
unsafe extern "C" fn c(_: PVOID, _: usize) -> NTSTATUS { 0 }

#[wsk_callback(WskSendBacklogEvent)]
unsafe fn too_few(_: PVOID) -> NTSTATUS { 0 }

#[wsk_callback(WskSendBacklogEvent)]
unsafe fn too_many(_: PVOID, _: usize, _: u32) -> NTSTATUS { 0 }

#[wsk_callback(WskSendBacklogEvent)]
unsafe fn swapped(_: usize, _: PVOID) -> NTSTATUS { 0 }

#[wsk_callback(WskSendBacklogEvent)]
unsafe fn another_type(_: PVOID, _: u32) -> NTSTATUS { 0 }

#[wsk_callback(WskDisconnectEvent)]
unsafe fn another_answer(_: PVOID, _: u32) -> u32 { 0 }

#[wsk_callback(WskDisconnectEvent)]
unsafe fn no_answer(_: PVOID, _: u32) {}

fn main() {}
