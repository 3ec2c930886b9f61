//! A level is that of a thread.
use wsk::{Irql, Passive};

fn send(irql: Irql<Passive>) {
    std::thread::spawn(move || {
        let _here = &irql;
    });
    //~ cannot be sent between threads safely
}

fn main() {}
