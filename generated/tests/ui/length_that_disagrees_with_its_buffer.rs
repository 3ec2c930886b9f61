//! A length is that of its slice, and an input has the type of its operation.
use wsk::{ConnectionSocket, DatagramSocket, Irql, Passive, sys};

fn send(socket: DatagramSocket, irql: &Irql<Passive>, buffer: &sys::WSK_BUF, control: &[u8; 8], irp: sys::PIRP) {
    let _ = unsafe { socket.send_to(irql, buffer, None, 64, Some(control), irp) };
    //~ this method takes 5 arguments but 6 arguments were supplied
}

fn backlog(socket: ConnectionSocket, irql: &Irql<Passive>, irp: sys::PIRP) {
    let mut backlog = core::mem::MaybeUninit::<u32>::uninit();
    let _ = unsafe { socket.query_receive_backlog(irql, &mut backlog, irp) };
    //~ expected `&mut MaybeUninit<usize>`, found `&mut MaybeUninit<u32>`
}

fn main() {}
