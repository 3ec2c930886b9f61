//! Deregistration waits.
use wsk::{Dispatch, Irql, Registration};

fn leave(registration: Registration, irql: &Irql<Dispatch>) {
    registration.deregister(irql);
    //~ WskDeregister must be called at PASSIVE_LEVEL; this code may run at `Dispatch`
}

fn main() {}
