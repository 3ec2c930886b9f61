//! A fixed remote address is for datagram sockets.
use wsk::{ConnectionSocket, Irql, Passive, SocketAddressV4, sys};

fn fix(socket: ConnectionSocket, irql: &Irql<Passive>, address: &SocketAddressV4, irp: sys::PIRP) {
    let _ = unsafe { socket.set_remote_address(irql, address, irp) };
    //~ Connection` sockets do not have `WskControlSocket(SIO_WSK_SET_REMOTE_ADDRESS, set)`
    //~ only datagram sockets have `WskControlSocket(SIO_WSK_SET_REMOTE_ADDRESS, set)`
}

fn main() {}
