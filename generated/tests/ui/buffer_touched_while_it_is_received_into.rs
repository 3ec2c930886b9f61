//! A buffer belongs to the operation until it is over.
use wsk::kind::Connection;
use wsk::state::Connected;
use wsk::{Irql, NonPagedBuffer, OwnedSocket, Passive, ReceiveFlags};

fn peek(socket: &OwnedSocket<'_, Connection, Connected>, irql: &Irql<Passive>, buffer: NonPagedBuffer) -> u8 {
    let _operation = socket.start_receive(irql, buffer, ReceiveFlags::empty());
    buffer[0]
    //~ borrow of moved value: `buffer`
}

fn main() {}
