//! Datagrams are not for streams.
use wsk::{Irql, Passive, StreamSocket, sys};

fn send(socket: StreamSocket, irql: &Irql<Passive>, buffer: &sys::WSK_BUF, irp: sys::PIRP) {
    let _ = unsafe { socket.send_to(irql, buffer, None, None, irp) };
    //~ Stream` sockets do not have `WskSendTo`
    //~ only datagram sockets have `WskSendTo`
}

fn main() {}
