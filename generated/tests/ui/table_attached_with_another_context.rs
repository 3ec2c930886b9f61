//~ mismatched types
//~ expected `&ConnectionCallbacks<u64>`, found `&ConnectionCallbacks<u32>`
use wsk::kind::Connection;
use wsk::*;

static TABLE: ConnectionCallbacks<u32> = ConnectionCallbacks::new();

fn create(provider: &ProviderNpi<'_>, irql: &Irql<Passive>) {
    let _ = provider.start_socket_with_callbacks::<Connection, u64, _>(irql, 2, SocketType::Stream, 6, 5, &TABLE);
}

fn main() {}
