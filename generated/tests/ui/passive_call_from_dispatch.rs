//! Name resolution waits, so it is not for DISPATCH_LEVEL.
use core::ptr::NonNull;
use wsk::{Dispatch, Irql, Provider, sys};

fn free(provider: &Provider, irql: &Irql<Dispatch>, list: NonNull<sys::ADDRINFOEXW>) {
    let _ = unsafe { provider.free_address_info(irql, list) };
    //~ WskFreeAddressInfo must be called at PASSIVE_LEVEL; this code may run at `Dispatch`
    //~ this token stands for `Dispatch`
}

fn main() {}
