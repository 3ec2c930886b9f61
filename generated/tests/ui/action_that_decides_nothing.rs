//! A decision on a pending request cannot be to leave it pending.
use wsk::InspectCompleteAction;

fn main() {
    let _ = InspectCompleteAction::Pend;
    //~ `Pend` found for enum `InspectCompleteAction`
}
