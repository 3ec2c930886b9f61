//! A connection socket's table has no WskListen: the call would go to whatever stands there.
use wsk::{ConnectionSocket, Irql, Passive, sys};

fn listen(socket: ConnectionSocket, irql: &Irql<Passive>, irp: sys::PIRP) {
    let _ = unsafe { socket.listen(irql, irp) };
    //~ Connection` sockets do not have `WskListen`
    //~ only stream sockets have `WskListen`
}

fn main() {}
