//! An address of any family must fit where the kernel writes one.
use wsk::{ConnectionSocket, Irql, Passive, SocketAddressV4, sys};

fn peer(socket: ConnectionSocket, irql: &Irql<Passive>, address: &mut SocketAddressV4, irp: sys::PIRP) {
    let _ = unsafe { socket.get_remote_address(irql, address, irp) };
    //~ expected `&mut SocketAddressStorage`, found `&mut SocketAddressV4`
}

fn main() {}
