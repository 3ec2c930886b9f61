//! The numbers of the flags of sending and of disconnecting overlap; their types do not.
use wsk::{ConnectionSocket, DisconnectFlags, Irql, Passive, sys};

fn send(socket: ConnectionSocket, irql: &Irql<Passive>, buffer: &sys::WSK_BUF, irp: sys::PIRP) {
    let _ = unsafe { socket.send(irql, buffer, DisconnectFlags::ABORTIVE, irp) };
    //~ expected `SendFlags`, found `DisconnectFlags`
}

fn main() {}
