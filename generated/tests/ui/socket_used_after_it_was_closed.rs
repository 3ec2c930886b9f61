//! Closing consumes the socket.
use wsk::kind::Connection;
use wsk::state::Connected;
use wsk::{Irql, NonPagedBuffer, OwnedSocket, Passive, SendFlags};

fn close(socket: OwnedSocket<'_, Connection, Connected>, irql: &Irql<Passive>, buffer: NonPagedBuffer) {
    let closing = socket.start_close_socket(irql);
    let _ = socket.start_send(irql, buffer, SendFlags::empty());
    //~ borrow of moved value: `socket`
    let _ = closing.wait(irql, None);
}

fn main() {}
