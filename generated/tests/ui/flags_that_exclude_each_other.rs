//! WAITALL with DRAIN has no meaning.
use wsk::ReceiveFlags;

fn main() {
    let _ = ReceiveFlags::WAITALL | ReceiveFlags::DRAIN;
    //~ no implementation for `ReceiveFlags | ReceiveFlags`
}
