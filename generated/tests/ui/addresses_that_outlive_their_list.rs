//! The entries of a list of addresses are gone when it is given back.
use wsk::{Irql, List, Passive, ProviderNpi, sys};

fn entries<'a>(provider: &'a ProviderNpi<'_>, irql: &'a Irql<Passive>) -> Option<List<'a, sys::ADDRINFOEXW>> {
    let list = provider.wait_get_address_info(irql, None, None, None).ok()?;
    Some(list.list())
    //~ cannot return value referencing local variable `list`
}

fn main() {}
