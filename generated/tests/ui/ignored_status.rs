//! A status that nobody looks at is an operation that may never have begun.
#![deny(unused_must_use)]
use wsk::{ConnectionSocket, Irql, Passive, sys};

fn close(socket: ConnectionSocket, irql: &Irql<Passive>, irp: sys::PIRP) {
    unsafe { socket.close_socket(irql, irp) };
    //~ unused `CloseSocketStatus` that must be used
    //~ a status says whether the call did anything, or has yet to
}

fn main() {}
