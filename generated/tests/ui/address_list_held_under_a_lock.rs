//! A list of addresses is given back at PASSIVE_LEVEL: it borrows the token, which a lock would need.
use wsk::{Irql, Passive, ProviderNpi, SpinLock, UnicodeString};

fn hold(provider: &ProviderNpi<'_>, irql: &mut Irql<Passive>, lock: &SpinLock<u32>, host: UnicodeString) {
    let list = provider.wait_get_address_info(irql, Some(host), None, None);
    let mut held = lock.lock(irql);
    //~ cannot borrow `*irql` as mutable because it is also borrowed as immutable
    drop(list);
    *held += 1;
}

fn main() {}
