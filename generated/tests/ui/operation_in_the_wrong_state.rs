//! A socket is connected once it is bound, and sends once it is connected.
use wsk::kind::Connection;
use wsk::state::{Bound, Unbound};
use wsk::{Irql, NonPagedBuffer, OwnedSocket, Passive, SendFlags, SocketAddressStorage};

fn send(socket: &OwnedSocket<'_, Connection, Bound>, irql: &Irql<Passive>, buffer: NonPagedBuffer) {
    let _ = socket.start_send(irql, buffer, SendFlags::empty());
    //~ the socket must be `Connected` for this, and it is `
}

fn connect(socket: OwnedSocket<'_, Connection, Unbound>, irql: &Irql<Passive>, address: SocketAddressStorage) {
    let _ = socket.start_connect(irql, address);
    //~ no method named `start_connect` found for struct `OwnedSocket<'_, Connection>`
}

fn main() {}
