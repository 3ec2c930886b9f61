//! What is pending has not happened yet.
use wsk::ConnectStatus;

fn is_connected(status: ConnectStatus) -> bool {
    match status {
        //~ `ConnectStatus::Pending` not covered
        ConnectStatus::Success => true,
        ConnectStatus::FileForcedClosed | ConnectStatus::Other(_) => false,
    }
}

fn main() {
    let _ = is_connected(ConnectStatus::Pending);
    let _ = ConnectStatus::Pending.is_success();
    //~ no method named `is_success` found for enum `ConnectStatus`
}
