//! A dispatch table is read until the socket is closed.
use wsk::{Irql, ListenSocket, Passive, sys};

fn accept(socket: ListenSocket, irql: &Irql<Passive>, irp: sys::PIRP) {
    let callbacks = sys::WSK_CLIENT_CONNECTION_DISPATCH::default();
    let _ = unsafe { socket.accept(irql, None, Some(&callbacks), None, None, irp) };
    //~ `callbacks` does not live long enough
}

fn main() {}
