//! The interrupt request level (IRQL), at compile time and at run time.
//!
//! At compile time by a token: who holds an `Irql<L>` runs at level `L` or below. At run time by an assertion. A function that
//! may only be called up to some level asks for a token of a level that its own bound allows.

use core::fmt;
use core::marker::PhantomData;

use crate::kernel;

mod sealed {
    pub trait Sealed {}
}

/// A level that a token can stand for.
pub trait Level: sealed::Sealed + 'static {
    /// The number of the level.
    const NUMBER: u8;
    /// The name that the documentation uses.
    const NAME: &'static str;
}

macro_rules! levels {
    ($($(#[$doc:meta])* $level:ident = $number:literal, $name:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub enum $level {}
            impl sealed::Sealed for $level {}
            impl Level for $level {
                const NUMBER: u8 = $number;
                const NAME: &'static str = $name;
            }
        )*
    };
}

levels! {
    /// PASSIVE_LEVEL: waiting and paged memory are allowed.
    Passive = 0, "PASSIVE_LEVEL";
    /// APC_LEVEL: asynchronous procedure calls are held back.
    Apc = 1, "APC_LEVEL";
    /// DISPATCH_LEVEL: no waiting, no paged memory.
    Dispatch = 2, "DISPATCH_LEVEL";
}

/// Proof that this code runs at level `L` or below.
///
/// It takes no room, and cannot be copied or sent to another thread: a level belongs to the thread that runs at it. It comes from
/// a callback, from a check ([`Irql::current`]), or from an assumption ([`Irql::assume`]). Taking a [`SpinLock`](crate::SpinLock)
/// borrows it mutably and lends a token of DISPATCH_LEVEL: as long as the lock is held, the token of the lower level cannot be
/// used.
///
/// ```compile_fail
/// fn needs_clone<T: Clone>() {}
/// needs_clone::<wsk_runtime::Irql<wsk_runtime::Passive>>();
/// ```
/// ```compile_fail
/// fn needs_send<T: Send>() {}
/// needs_send::<wsk_runtime::Irql<wsk_runtime::Passive>>();
/// ```
/// ```compile_fail
/// fn needs_sync<T: Sync>() {}
/// needs_sync::<wsk_runtime::Irql<wsk_runtime::Passive>>();
/// ```
pub struct Irql<L: Level>(PhantomData<(L, *const ())>);

impl<L: Level> Irql<L> {
    /// A token, if the current level is `L` or below.
    ///
    /// The level must not be raised behind the token's back: raise it by taking a [`SpinLock`](crate::SpinLock).
    /// Take one token where a thread begins and pass it on: of two, one could still be used while a lock borrows the other. The
    /// assertion at run time notices that, the compiler does not.
    #[must_use]
    pub fn current() -> Option<Self> {
        (kernel::current_irql() <= L::NUMBER).then_some(Self(PhantomData))
    }

    /// A token on the word of the caller; where levels are asserted, this one is looked at all the same.
    ///
    /// # Safety
    /// As long as the token is used, this thread runs at level `L` or below.
    #[must_use]
    #[track_caller]
    pub unsafe fn assume() -> Self {
        assert_at_most::<L>("Irql::assume");
        Self(PhantomData)
    }
}

impl<L: Level> Irql<L> {
    /// For the entry of callbacks, which has looked at the level.
    #[inline]
    pub(crate) fn of_callback() -> Self {
        Self(PhantomData)
    }

    /// The same place, known to be at DISPATCH_LEVEL or below, which is the highest level that a token stands for.
    #[must_use]
    pub fn as_dispatch(&self) -> &Irql<Dispatch> {
        const { assert!(L::NUMBER <= Dispatch::NUMBER) };
        // SAFETY: tokens of all levels are empty, and what runs at `L` runs at DISPATCH_LEVEL or below.
        unsafe { &*core::ptr::from_ref(self).cast() }
    }
}

impl Irql<Passive> {
    /// The same place, known to be at APC_LEVEL or below.
    #[must_use]
    pub fn as_apc(&self) -> &Irql<Apc> {
        // SAFETY: tokens of all levels are empty, and what runs at PASSIVE_LEVEL runs at APC_LEVEL or below.
        unsafe { &*core::ptr::from_ref(self).cast() }
    }
}

impl<L: Level> fmt::Debug for Irql<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Irql(<= {})", L::NAME)
    }
}

/// The current level, as a number: 0 is PASSIVE_LEVEL, 1 APC_LEVEL, 2 DISPATCH_LEVEL, above them devices.
#[must_use]
pub fn current_irql() -> u8 {
    kernel::current_irql()
}

/// Whether levels, and what else a caller can get wrong, are asserted at run time.
pub(crate) const CHECKS: bool = cfg!(any(debug_assertions, feature = "irql-checks"));

/// Panics if the current level is above `L`, naming the API, the level found and the level allowed.
///
/// Does nothing in a release build without the feature `irql-checks`.
#[inline]
#[track_caller]
pub fn assert_at_most<L: Level>(api: &str) {
    if CHECKS {
        let found = kernel::current_irql();
        if found > L::NUMBER {
            above::<L>(api, found);
        }
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn above<L: Level>(api: &str, found: u8) -> ! {
    let name = match found {
        Apc::NUMBER => Apc::NAME,
        Dispatch::NUMBER => Dispatch::NAME,
        _ => "a device's level",
    };
    panic!("{api} was called at {name} ({found}); {} ({}) is the highest level allowed", L::NAME, L::NUMBER);
}
