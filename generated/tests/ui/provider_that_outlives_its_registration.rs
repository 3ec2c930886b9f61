//! The same by leaving a scope.
use wsk::{CaptureProviderNpiStatus, Irql, Passive, ProviderNpi, Registration};

fn capture(registration: Registration, irql: &Irql<Passive>) -> Result<ProviderNpi<'static>, CaptureProviderNpiStatus> {
    registration.capture_provider_npi_no_wait(irql)
    //~ cannot return value referencing function parameter `registration`
}

fn main() {}
