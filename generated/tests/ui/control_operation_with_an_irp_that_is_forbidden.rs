//! Whether there is an IRP is the operation's to say.
use wsk::{ConnectionSocket, EventCallbackEnableInput, Irql, Passive, sys};

fn enable(socket: ConnectionSocket, irql: &Irql<Passive>, input: &EventCallbackEnableInput, irp: sys::PIRP) {
    let _ = unsafe { socket.event_callback_enable(irql, input, irp) };
    //~ this method takes 2 arguments but 3 arguments were supplied
}

fn main() {}
