//! Waiting is for PASSIVE_LEVEL; looking is not.
use wsk::{Dispatch, Irql, Operation, SendOperation};

fn wait(operation: Operation<'_, SendOperation>, irql: &Irql<Dispatch>) {
    let _ = operation.wait(irql, None);
    //~ expected `&Irql<Passive>`, found `&Irql<Dispatch>`
}

fn main() {}
