//! Deregistration waits for captures to be released: in this order for ever.
use wsk::{Irql, Passive, Registration};

fn leave(registration: Registration, irql: &Irql<Passive>) {
    let provider = registration.capture_provider_npi_no_wait(irql).unwrap();
    registration.deregister(irql);
    //~ cannot move out of `registration` because it is borrowed
    provider.release_provider_npi(irql);
}

fn main() {}
