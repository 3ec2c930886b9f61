//! Capturing may be tried at DISPATCH_LEVEL, but not waited for.
use wsk::{CaptureProviderNpiWaitTimeout, Dispatch, Irql, Registration};

fn capture(registration: &Registration, irql: &Irql<Dispatch>) {
    let _ = registration.capture_provider_npi_no_wait(irql);
    let _ = registration.capture_provider_npi(irql, CaptureProviderNpiWaitTimeout::INFINITE_WAIT);
    //~ WskCaptureProviderNPI (unless WaitTimeout == WSK_NO_WAIT) must be called at PASSIVE_LEVEL; this code may run at `Dispatch`
}

fn main() {}
