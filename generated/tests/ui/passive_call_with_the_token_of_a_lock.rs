//! The token that a lock lends is one for DISPATCH_LEVEL.
use core::ptr::NonNull;
use wsk::{Irql, Passive, Provider, SpinLock, sys};

fn free(provider: &Provider, irql: &mut Irql<Passive>, lock: &SpinLock<u32>, list: NonNull<sys::ADDRINFOEXW>) {
    let held = lock.lock(irql);
    let _ = unsafe { provider.free_address_info(held.irql(), list) };
    //~ WskFreeAddressInfo must be called at PASSIVE_LEVEL; this code may run at `Dispatch`
}

fn main() {}
