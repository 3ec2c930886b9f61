//! What generated wrappers call. Not for drivers.

use crate::irql::CHECKS;
use crate::{Unavailable, windows_build};

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

/// What the documentation does not allow to be null.
///
/// # Panics
/// If it is.
#[inline]
#[track_caller]
pub fn required<T>(value: Option<T>, callback: &'static str, parameter: &'static str) -> T {
    value.unwrap_or_else(|| panic!("{callback} was called with null for {parameter}"))
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
