//! Received data that WSK hands to a callback: lists of buffers that the driver reads, takes in part, or retains.

use core::cell::Cell;
use core::ffi::c_void;
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;
use core::ops::Deref;
use core::ptr::NonNull;

use windows_sys::Win32::Foundation::STATUS_INSUFFICIENT_RESOURCES;

use crate::context::{Gate, SocketFunctions};
use crate::irql::CHECKS;
use crate::kernel::{self, MDL};
use crate::{DescribeBuffer, List, ListEntry, ListIter, NtStatus};

/// An entry of a list of received data.
///
/// # Safety
/// [`Indication::buffer`] gives what describes the data of the entry.
pub unsafe trait Indication: ListEntry + 'static {
    /// What describes the data.
    type Buffer: DescribeBuffer;
    /// An entry, as a driver sees it.
    type View<'a>;

    /// What describes the data of this entry.
    fn buffer(&self) -> &Self::Buffer;

    /// This entry, as a driver sees it.
    ///
    /// # Safety
    /// It is one that WSK handed over, and there for `'a`, with all that it points to.
    unsafe fn view<'a>(&'a self) -> Self::View<'a>;
}

/// An entry of a list of which the first bytes may be taken alone.
///
/// # Safety
/// The callback that is given such a list tells WSK how many bytes were taken.
pub unsafe trait Streamed: Indication {}

/// The bytes that a chain of MDLs describes: a slice for each MDL, in their order.
///
/// An error instead of a slice means that there was no room to map the memory; it may be there later. Nothing follows it.
#[derive(Debug)]
pub struct Chunks<'a> {
    mdl: *mut MDL,
    offset: usize,
    left: usize,
    lifetime: PhantomData<&'a [u8]>,
}

impl Chunks<'_> {
    /// The bytes of a buffer.
    ///
    /// # Safety
    /// The buffer's MDLs are there and locked for the lifetime, and nobody writes to what they describe.
    #[doc(hidden)]
    #[must_use]
    pub unsafe fn new<D: DescribeBuffer>(buffer: &D) -> Self {
        let (mdl, offset, length) = buffer.described();
        Self { mdl, offset: offset as usize, left: length, lifetime: PhantomData }
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Result<&'a [u8], NtStatus>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.left > 0 {
            let mdl = NonNull::new(self.mdl)?;
            // SAFETY: whoever made this vouched for every MDL of the chain.
            let (next, count) = unsafe { ((*mdl.as_ptr()).Next, (*mdl.as_ptr()).ByteCount as usize) };
            self.mdl = next;
            // The offset may lie behind the first MDLs.
            if self.offset >= count {
                self.offset -= count;
                continue;
            }
            let length = (count - self.offset).min(self.left);
            // SAFETY: the MDL is there and locked.
            let Some(address) = (unsafe { kernel::system_address(mdl) }) else {
                self.left = 0;
                return Some(Err(NtStatus(STATUS_INSUFFICIENT_RESOURCES)));
            };
            // SAFETY: the MDL describes that many bytes from there, and they are there for the lifetime.
            let bytes = unsafe { core::slice::from_raw_parts(address.as_ptr().add(self.offset), length) };
            self.offset = 0;
            self.left -= length;
            return Some(Ok(bytes));
        }
        None
    }
}

impl FusedIterator for Chunks<'_> {}

/// Received data: a list that is there as long as it is borrowed.
pub struct Received<E: Indication> {
    head: NonNull<E>,
}

impl<E: Indication> Received<E> {
    fn list(&self) -> List<'_, E> {
        // SAFETY: whoever made this vouched for every entry, for as long as it is borrowed.
        unsafe { List::from_raw(self.head) }
    }

    /// The entries, in their order.
    #[must_use]
    pub fn iter(&self) -> Entries<'_, E> {
        Entries(self.list().iter())
    }

    /// The data of all entries, slice by slice.
    pub fn chunks(&self) -> impl Iterator<Item = Result<&[u8], NtStatus>> {
        // SAFETY: whoever made this vouched for the list and all that it points to, for as long as it is borrowed.
        self.list().iter().flat_map(|entry| unsafe { Chunks::new(entry.buffer()) })
    }

    /// How many bytes the list holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list().iter().map(|entry| entry.buffer().described().2).sum()
    }

    /// Whether the list holds no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Copies as many bytes as there are and as fit, and gives their number.
    ///
    /// # Errors
    /// STATUS_INSUFFICIENT_RESOURCES if there was no room to map the memory.
    pub fn copy_to(&self, to: &mut [u8]) -> Result<usize, NtStatus> {
        let mut count = 0;
        for chunk in self.chunks() {
            let chunk = chunk?;
            let room = to.get_mut(count..).unwrap_or_default();
            for (to, from) in room.iter_mut().zip(chunk) {
                *to = *from;
            }
            count += room.len().min(chunk.len());
        }
        Ok(count)
    }

    /// The head of the list, as WSK gave it.
    #[must_use]
    pub fn as_raw(&self) -> NonNull<E> {
        self.head
    }
}

impl<'a, E: Indication> IntoIterator for &'a Received<E> {
    type Item = E::View<'a>;
    type IntoIter = Entries<'a, E>;

    fn into_iter(self) -> Entries<'a, E> {
        self.iter()
    }
}

/// The entries of [`Received`] data.
#[derive(Debug)]
pub struct Entries<'a, E: Indication>(ListIter<'a, E>);

impl<'a, E: Indication> Iterator for Entries<'a, E> {
    type Item = E::View<'a>;

    fn next(&mut self) -> Option<E::View<'a>> {
        // SAFETY: whoever made this vouched for the list and all that it points to, for as long as it is borrowed.
        self.0.next().map(|entry| unsafe { entry.view() })
    }
}

impl<E: Indication> FusedIterator for Entries<'_, E> {}

/// What a callback has done with the data that it was given.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It has not said.
    Unsaid,
    /// It takes some of the first bytes. Only noted where answers are checked.
    Part,
    /// It keeps the list.
    Retained,
}

/// Data that has arrived, as a callback is given it: gone when the callback returns, unless it is [retained](Indicated::retain).
pub struct Indicated<'a, E: Indication> {
    received: Received<E>,
    /// How many bytes there are, where the callback was told.
    total: usize,
    /// Where the callback says how many it takes.
    accepted: Option<&'a mut usize>,
    gate: &'a Gate,
    taken: &'a Cell<Taken>,
}

impl<'a, E: Indication> Indicated<'a, E> {
    /// The data that a callback was given.
    ///
    /// # Safety
    /// The list, with all that it points to, is there and not written to until the callback returns, and if the callback retains it
    /// until it is released by the function of the gate; `total` is how many bytes it holds.
    #[doc(hidden)]
    #[must_use]
    #[inline]
    pub unsafe fn new(
        head: NonNull<E>,
        total: usize,
        accepted: Option<&'a mut usize>,
        gate: &'a Gate,
        taken: &'a Cell<Taken>,
    ) -> Self {
        Self { received: Received { head }, total, accepted, gate, taken }
    }

    /// Keeps the data after the callback has returned. The callback must then answer `Pending`.
    ///
    /// The data must be given back soon, which its drop does: until then the socket is not closed, even if its owner is dropped or
    /// starts to close it. What keeps it in its own context must take it out before it drops the socket.
    ///
    /// # Errors
    /// The data, if it cannot be retained: the socket is about to be closed, or, with a callback that is enabled for all sockets of the
    /// client, the operation that created the socket has not been looked at yet.
    pub fn retain(self) -> Result<Retained<E>, Self> {
        let Some((socket, functions)) = self.gate.hold() else { return Err(self) };
        self.taken.set(Taken::Retained);
        Ok(Retained { received: self.received, gate: NonNull::from(self.gate), socket, functions })
    }
}

impl<E: Streamed> Indicated<'_, E> {
    /// How many bytes there are, as WSK has counted them.
    #[must_use]
    #[inline]
    pub fn total(&self) -> usize {
        self.total
    }

    /// Takes only the first bytes; WSK keeps the others. The callback must then answer `Success`.
    ///
    /// A number that is too large is refused where levels are asserted, and else means all.
    pub fn accept(self, bytes: usize) {
        if CHECKS {
            assert!(bytes <= self.total, "{bytes} bytes are accepted of {}", self.total);
            self.taken.set(Taken::Part);
        }
        if let Some(accepted) = self.accepted {
            *accepted = bytes.min(self.total);
        }
    }
}

impl<E: Indication> Deref for Indicated<'_, E> {
    type Target = Received<E>;

    fn deref(&self) -> &Received<E> {
        &self.received
    }
}

impl<E: Indication> fmt::Debug for Indicated<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Indicated").field("len", &self.len()).finish_non_exhaustive()
    }
}

/// Data that a callback has retained. Dropping it gives it back to WSK, at DISPATCH_LEVEL or below.
///
/// Its socket is not closed as long as it is there.
#[must_use = "retained data that is dropped is given back at once"]
pub struct Retained<E: Indication> {
    received: Received<E>,
    gate: NonNull<Gate>,
    socket: NonNull<c_void>,
    functions: &'static SocketFunctions,
}

// SAFETY: the data is only read, and may be given back on any thread; the gate is made to be shared.
unsafe impl<E: Indication> Send for Retained<E> {}
// SAFETY: as above.
unsafe impl<E: Indication> Sync for Retained<E> {}

impl<E: Indication> Deref for Retained<E> {
    type Target = Received<E>;

    fn deref(&self) -> &Received<E> {
        &self.received
    }
}

impl<E: Indication> Drop for Retained<E> {
    fn drop(&mut self) {
        if let Some(release) = self.functions.release {
            // SAFETY: the socket is open, for the gate holds it; the list came from a callback of that socket, and is given back once.
            let status = unsafe { release(self.socket, self.received.head.cast()) };
            if CHECKS && status != NtStatus::SUCCESS {
                panic!("WskRelease refused retained data: {status}");
            }
        }
        // SAFETY: the context, and the gate in it, is there until the socket is closed, which waits for this.
        if let Some(irp) = unsafe { self.gate.as_ref() }.let_go() {
            // SAFETY: the owner of the socket has given it up and left this IRP to be passed on by the last list that was retained.
            // Its outcome comes with the IRP.
            let _ = unsafe { (self.functions.close)(self.socket, irp) };
        }
    }
}

impl<E: Indication> fmt::Debug for Retained<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retained").field("len", &self.len()).finish_non_exhaustive()
    }
}
