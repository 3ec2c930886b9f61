//! Of all control operations the address-list IOCTLs are for PASSIVE_LEVEL.
use wsk::{BasicSocket, Dispatch, Irql, sys};

fn watch(socket: BasicSocket, irql: &Irql<Dispatch>, irp: sys::PIRP) {
    let _ = unsafe { socket.address_list_change_wait(irql, irp) };
    //~ WskControlSocket(SIO_ADDRESS_LIST_CHANGE, wait) must be called at PASSIVE_LEVEL; this code may run at `Dispatch`
}

fn main() {}
