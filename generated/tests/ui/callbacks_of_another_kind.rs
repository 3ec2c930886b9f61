//! The callbacks of a listening socket in the place of a connection's would be called with other arguments.
use wsk::{Irql, Passive, Provider, SocketType, kind, sys};

static CALLBACKS: sys::WSK_CLIENT_LISTEN_DISPATCH =
    sys::WSK_CLIENT_LISTEN_DISPATCH { WskAcceptEvent: None, WskInspectEvent: None, WskAbortEvent: None };

fn connection(provider: &Provider, irql: &Irql<Passive>, irp: sys::PIRP) {
    let _ = unsafe {
        provider.socket::<kind::Connection, _>(irql, 2, SocketType::Stream, 6, None, Some(&CALLBACKS), None, None, None, irp)
    };
    //~ expected `&WSK_CLIENT_CONNECTION_DISPATCH`, found `&WSK_CLIENT_LISTEN_DISPATCH`
}

fn main() {}
