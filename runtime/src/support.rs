//! What generated wrappers call. Not for drivers.

pub use crate::context::{AnyContext, Gate, SocketFunctions};
pub use crate::indication::Taken;

use core::ptr::NonNull;

use crate::irql::CHECKS;
use crate::{
    CallbackContext, Irql, Level, Operation, Passive, Payload, Unavailable, assert_at_most, current_irql, windows_build,
};

/// A type with a value that means "not given".
pub trait Null: Copy {
    /// That value.
    const NULL: Self;
}

impl<T> Null for *mut T {
    const NULL: Self = core::ptr::null_mut();
}

impl<T> Null for *const T {
    const NULL: Self = core::ptr::null();
}

// windows-sys has some kernel handles as numbers.
impl Null for isize {
    const NULL: Self = 0;
}

/// A member that every version of its table has.
///
/// # Safety
/// The table has the member, and it is not null.
#[inline]
#[track_caller]
pub unsafe fn member<F>(member: Option<F>, api: &'static str) -> F {
    if CHECKS {
        member.unwrap_or_else(|| panic!("{api} is null in the dispatch table"))
    } else {
        // SAFETY: the caller vouches for it.
        unsafe { member.unwrap_unchecked() }
    }
}

/// A member that came to its table later. The table is read only if this system has the member.
///
/// # Errors
/// [`Unavailable`], if it has not, or if there is null in its place.
#[inline]
pub fn later_member<F>(
    read: impl FnOnce() -> Option<F>,
    api: &'static str,
    since: &'static str,
    since_build: u32,
) -> Result<F, Unavailable> {
    let build = windows_build();
    let member = if build >= since_build { read() } else { None };
    member.ok_or(Unavailable { api, since, since_build, build })
}

/// Tells whether a type can be the context of callbacks, so that the attribute can say it in its own words: [`Probe::IS_CONTEXT`] is found
/// first where it is there, and that of [`NoContextType`] elsewhere.
pub struct Probe<T>(core::marker::PhantomData<T>);

/// See [`Probe`].
pub trait NoContextType {
    /// It cannot.
    const IS_CONTEXT: bool = false;
}

impl<T> NoContextType for Probe<T> {}

impl<T: CallbackContext> Probe<T> {
    /// It can.
    pub const IS_CONTEXT: bool = true;
}

/// What the documentation does not allow to be null.
///
/// # Panics
/// If it is.
#[inline]
#[track_caller]
pub fn required<T>(value: Option<T>, callback: &'static str, parameter: &'static str) -> T {
    value.unwrap_or_else(|| panic!("{callback} was called with null for {parameter}"))
}

/// What a dispatch table made of typed callbacks is never without: the context.
///
/// # Safety
/// It is not null.
#[inline]
#[track_caller]
pub unsafe fn present<T>(value: Option<NonNull<T>>, callback: &'static str) -> NonNull<T> {
    if CHECKS {
        required(value, callback, "its context")
    } else {
        // SAFETY: the caller vouches for it.
        unsafe { value.unwrap_unchecked() }
    }
}

/// The token of a callback, whose level is asserted.
///
/// # Safety
/// The callback is called at that level or below, and the token is not used after it has returned.
#[inline]
#[track_caller]
pub unsafe fn token<L: Level>(callback: &'static str) -> Irql<L> {
    assert_at_most::<L>(callback);
    Irql::of_callback()
}

/// Refuses, where levels are asserted, a call whose flags tell another level than there is.
#[inline]
#[track_caller]
pub fn assert_told<L: Level>(is_told: bool, callback: &'static str) {
    if CHECKS && is_told && current_irql() != L::NUMBER {
        panic!("{callback} was told that it is called at {}, and the level is {}", L::NAME, current_irql());
    }
}

/// Refuses, where levels are asserted, an answer of a callback that does not go with what it did.
#[inline]
#[track_caller]
pub fn mismatch(callback: &'static str, what: &'static str) {
    if CHECKS {
        panic!("{callback}: {what}");
    }
}

/// The length of a slice as a number of 32 bits. Longer slices are cut to the longest length there is, and refused where levels
/// are asserted.
#[inline]
#[track_caller]
#[must_use]
pub fn length_u32(length: usize, api: &'static str) -> u32 {
    if CHECKS && u32::try_from(length).is_err() {
        panic!("{api} takes no buffer of {length} bytes");
    }
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Refuses, where levels are asserted, a pointer to bytes that are not aligned as what they hold.
#[inline]
#[track_caller]
pub fn assert_aligned<T>(pointer: *const T, api: &'static str) {
    if CHECKS && !pointer.is_aligned() {
        panic!("{api} was given a buffer that is not aligned to {} bytes", align_of::<T>());
    }
}

/// Refuses, where levels are asserted, arguments that belong to another wrapper, which has a stricter limit.
#[inline]
#[track_caller]
pub fn assert_other_case(is_other: bool, api: &'static str, wrapper: &'static str) {
    if CHECKS && is_other {
        panic!("{api} with these arguments has a limit of its own: call `{wrapper}`");
    }
}

/// Waits for an operation, however long it takes.
pub fn finish<'a, P: Payload>(mut operation: Operation<'a, P>, irql: &Irql<Passive>) -> P::Outcome<'a> {
    loop {
        match operation.wait(irql, None) {
            Ok(outcome) => return outcome,
            Err(goes_on) => operation = goes_on,
        }
    }
}

/// The function type of a nullable function pointer.
pub type FunctionOf<P> = <P as Nullable>::Function;

/// A nullable function pointer.
pub trait Nullable {
    /// The function pointer.
    type Function;
}

impl<F> Nullable for Option<F> {
    type Function = F;
}
