//! A spin lock that the level token knows of.

use core::cell::UnsafeCell;
use core::fmt;
use core::ops::{Deref, DerefMut};

use crate::kernel;
use crate::{Dispatch, Irql, Level};

/// Data behind a kernel spin lock.
///
/// The lock must lie in memory that is not paged: a static, or non-paged pool.
pub struct SpinLock<T> {
    lock: UnsafeCell<usize>,
    data: UnsafeCell<T>,
}

// SAFETY: the data is reached only through the lock, by one processor at a time, so it needs no more than to be sent between them.
unsafe impl<T: Send> Sync for SpinLock<T> {}
// SAFETY: an unlocked spin lock is a number and its data.
unsafe impl<T: Send> Send for SpinLock<T> {}

impl<T> SpinLock<T> {
    /// A lock that nobody holds.
    pub const fn new(data: T) -> Self {
        Self { lock: UnsafeCell::new(0), data: UnsafeCell::new(data) }
    }

    /// Raises to DISPATCH_LEVEL and takes the lock.
    ///
    /// The token of the level from before is borrowed until the guard is dropped, and the guard lends one of DISPATCH_LEVEL: a
    /// call that needs a lower level does not compile meanwhile.
    ///
    /// A thread that takes a lock that it holds already waits for itself; the borrow of the token keeps that from compiling
    /// where the token is the same.
    pub fn lock<'a, L: Level>(&'a self, irql: &'a mut Irql<L>) -> SpinLockGuard<'a, T> {
        let _ = irql;
        // SAFETY: the lock was initialised by `new` and is only used here; the token shows a level of DISPATCH_LEVEL or below.
        let before = unsafe { kernel::acquire_spin_lock(self.lock.get()) };
        // SAFETY: holding the lock is running at DISPATCH_LEVEL, and the token is lent no longer than that.
        let token = unsafe { Irql::assume() };
        SpinLockGuard { lock: self, before, token }
    }
}

impl<T: fmt::Debug> fmt::Debug for SpinLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The data cannot be looked at without the lock.
        f.write_str("SpinLock { .. }")
    }
}

/// A held [`SpinLock`]; dropping it releases the lock and goes back to the level from before.
///
/// ```compile_fail
/// use wsk_runtime::{Irql, Passive, SpinLock};
///
/// fn waits(_: &Irql<Passive>) {}
///
/// fn caller(lock: &SpinLock<u32>, mut irql: Irql<Passive>) {
///     let guard = lock.lock(&mut irql);
///     waits(&irql); // the token is borrowed: this code runs at DISPATCH_LEVEL
///     drop(guard);
/// }
/// ```
pub struct SpinLockGuard<'a, T> {
    lock: &'a SpinLock<T>,
    before: u8,
    token: Irql<Dispatch>,
}

impl<T> SpinLockGuard<'_, T> {
    /// The token of the level at which the lock is held, along with the data.
    pub fn split(&mut self) -> (&mut T, &Irql<Dispatch>) {
        // SAFETY: this guard holds the lock, and is borrowed mutably as long as the reference lives.
        (unsafe { &mut *self.lock.data.get() }, &self.token)
    }

    /// The token of the level at which the lock is held.
    #[must_use]
    pub fn irql(&self) -> &Irql<Dispatch> {
        &self.token
    }
}

impl<T> Deref for SpinLockGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: this guard holds the lock.
        unsafe { &*self.lock.data.get() }
    }
}

impl<T> DerefMut for SpinLockGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: this guard holds the lock, and is borrowed mutably.
        unsafe { &mut *self.lock.data.get() }
    }
}

impl<T> Drop for SpinLockGuard<'_, T> {
    fn drop(&mut self) {
        // SAFETY: `lock` took it and noted the level from before; a guard cannot leave its thread, for its token cannot.
        unsafe { kernel::release_spin_lock(self.lock.lock.get(), self.before) };
    }
}

impl<T> fmt::Debug for SpinLockGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpinLockGuard").field("before", &self.before).finish_non_exhaustive()
    }
}
