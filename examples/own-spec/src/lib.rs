//! Bindings of an interface of one's own, from pages in `spec-data`: what WSK has in this project, any documented kernel interface can
//! have.

#![no_std]

/// What the pages say.
pub mod bindings {
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}

use bindings::{Dispatch, Irql, ThingMeasureFlags, ThingMeasureStatus, sys::THING_SIZE};

/// Measures the thing to the byte; `None` where it cannot be measured.
///
/// IRQL: DISPATCH_LEVEL or below, which the token proves.
#[must_use]
pub fn size(irql: &Irql<Dispatch>) -> Option<THING_SIZE> {
    let mut size = core::mem::MaybeUninit::uninit();
    // SAFETY: the page demands nothing beyond what the types of the parameters say.
    match unsafe { bindings::thing_measure(irql, ThingMeasureFlags::THING_FLAG_EXACT, &mut size) } {
        // SAFETY: the function has filled it, as its page says for success.
        ThingMeasureStatus::Success => Some(unsafe { size.assume_init() }),
        ThingMeasureStatus::Other(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::bindings::{ThingMeasureStatus, sys};

    #[test]
    fn the_pages_are_in_the_code() {
        assert_eq!(core::mem::size_of::<sys::THING_SIZE>(), 8);
        assert_eq!(sys::THING_FLAG_EXACT, 1);
        assert_eq!(ThingMeasureStatus::Success.status().0, 0);
    }
}
