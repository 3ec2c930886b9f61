//~ expected `&DatagramCallbacks<{integer}>`, found `&ConnectionCallbacks<u32>`
//~ `Basic` sockets do not have event callbacks
use wsk::kind::{Basic, Datagram};
use wsk::*;

static TABLE: ConnectionCallbacks<u32> = ConnectionCallbacks::new();

fn create(provider: &ProviderNpi<'_>, irql: &Irql<Passive>) {
    let _ = provider.start_socket_with_callbacks::<Datagram, _, _>(irql, 2, SocketType::Dgram, 17, 5, &TABLE);
}

fn create_basic(provider: &ProviderNpi<'_>, irql: &Irql<Passive>) {
    let _ = provider.start_socket_with_callbacks::<Basic, _, _>(irql, 2, SocketType::Stream, 6, 5u32, &TABLE);
}

fn main() {}
