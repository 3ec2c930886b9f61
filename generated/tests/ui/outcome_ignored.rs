//! An operation that nobody waits for may have failed.
#![deny(unused_must_use)]
use wsk::kind::Connection;
use wsk::state::Connected;
use wsk::{DisconnectFlags, Irql, OwnedSocket, Passive};

fn end(socket: &OwnedSocket<'_, Connection, Connected>, irql: &Irql<Passive>) {
    socket.start_disconnect(irql, None, DisconnectFlags::empty()).unwrap();
    //~ an operation that is dropped goes on, but nobody learns its outcome
}

fn main() {}
