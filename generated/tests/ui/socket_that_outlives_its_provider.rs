//! A socket of a provider that was released has nobody to close it.
use wsk::kind::Connection;
use wsk::{Irql, OwnedSocket, Passive, ProviderNpi, SocketType};

fn leave(provider: ProviderNpi<'_>, irql: &Irql<Passive>) -> Option<OwnedSocket<'static, Connection>> {
    let operation = provider.start_socket::<Connection, _>(irql, 2, SocketType::Stream, 6).ok()?;
    operation.wait(irql, None).ok()?.socket
    //~ cannot return value referencing function parameter `provider`
}

fn main() {}
