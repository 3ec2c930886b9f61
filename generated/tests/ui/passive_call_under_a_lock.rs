//! Holding a spin lock is running at DISPATCH_LEVEL: the token for PASSIVE_LEVEL is lent to the lock.
use core::ptr::NonNull;
use wsk::{Irql, Passive, Provider, SpinLock, sys};

fn free(provider: &Provider, irql: &mut Irql<Passive>, lock: &SpinLock<u32>, list: NonNull<sys::ADDRINFOEXW>) {
    let mut held = lock.lock(irql);
    let _ = unsafe { provider.free_address_info(irql, list) };
    //~ cannot borrow `*irql` as immutable because it is also borrowed as mutable
    *held += 1;
}

fn main() {}
