//! Lists that WSK hands over: entries that point to the next.

use core::iter::FusedIterator;
use core::marker::PhantomData;
use core::net::SocketAddr;
use core::ptr::NonNull;

use windows_sys::Win32::Networking::WinSock::ADDRINFOEXW;

use crate::SocketAddressRef;

/// An entry of a list.
///
/// # Safety
/// [`ListEntry::next`] gives what the entry points to as the next, and null at the end.
pub unsafe trait ListEntry {
    /// The next entry, or null.
    fn next(&self) -> *const Self;
}

/// A list that is not empty.
#[derive(Debug)]
pub struct List<'a, T: ListEntry> {
    head: NonNull<T>,
    lifetime: PhantomData<&'a T>,
}

impl<T: ListEntry> Clone for List<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ListEntry> Copy for List<'_, T> {}

impl<'a, T: ListEntry> List<'a, T> {
    /// The list with that head.
    ///
    /// # Safety
    /// The head and all entries after it are valid for `'a`, and not changed in that time.
    #[must_use]
    #[inline]
    pub unsafe fn from_raw(head: NonNull<T>) -> Self {
        Self { head, lifetime: PhantomData }
    }

    /// The head, as WSK gave it.
    #[must_use]
    #[inline]
    pub fn head(self) -> NonNull<T> {
        self.head
    }

    /// The entries, in their order.
    #[must_use]
    pub fn iter(self) -> ListIter<'a, T> {
        ListIter { next: self.head.as_ptr(), lifetime: PhantomData }
    }
}

impl<'a, T: ListEntry> IntoIterator for List<'a, T> {
    type Item = &'a T;
    type IntoIter = ListIter<'a, T>;

    fn into_iter(self) -> ListIter<'a, T> {
        self.iter()
    }
}

// SAFETY: that is the member for the next entry.
unsafe impl ListEntry for ADDRINFOEXW {
    fn next(&self) -> *const Self {
        self.ai_next
    }
}

impl<'a> List<'a, ADDRINFOEXW> {
    /// The addresses in the list, with their ports; entries of a family other than IPv4 and IPv6 are left out.
    pub fn addresses(self) -> impl Iterator<Item = SocketAddr> + 'a {
        // SAFETY: whoever made the list vouched for it: the address of an entry is null or there as long as the list is.
        self.iter().filter_map(|entry| unsafe { SocketAddressRef::from_raw(entry.ai_addr) }?.socket_addr())
    }
}

/// The entries of a [`List`].
#[derive(Debug)]
pub struct ListIter<'a, T: ListEntry> {
    next: *const T,
    lifetime: PhantomData<&'a T>,
}

impl<'a, T: ListEntry> Iterator for ListIter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        // SAFETY: whoever made the list vouched for every entry.
        let entry = unsafe { self.next.as_ref() }?;
        self.next = entry.next();
        Some(entry)
    }
}

impl<T: ListEntry> FusedIterator for ListIter<'_, T> {}
