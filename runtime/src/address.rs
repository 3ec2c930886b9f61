//! Socket addresses by family, in the layout that the kernel reads and writes.

use core::fmt;
use core::marker::PhantomData;
use core::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use core::ptr::NonNull;

use windows_sys::Win32::Networking::WinSock::{
    ADDRESS_FAMILY, AF_INET, AF_INET6, AF_UNSPEC, IN_ADDR, IN_ADDR_0, IN6_ADDR, IN6_ADDR_0, SOCKADDR, SOCKADDR_IN, SOCKADDR_IN6,
    SOCKADDR_IN6_0, SOCKADDR_STORAGE,
};

/// An IPv4 address and port: `SOCKADDR_IN`.
///
/// ```
/// use core::net::{Ipv4Addr, SocketAddrV4};
/// use wsk_runtime::SocketAddressV4;
///
/// let address = SocketAddressV4::from(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 80));
/// assert_eq!(SocketAddrV4::from(address).port(), 80);
/// ```
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct SocketAddressV4(SOCKADDR_IN);

/// An IPv6 address and port, with flow information and scope: `SOCKADDR_IN6`.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct SocketAddressV6(SOCKADDR_IN6);

/// Room for an address of any family, and the address that is in it: `SOCKADDR_STORAGE`.
///
/// What the kernel writes an address to is always this, so that no family is too large for it.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct SocketAddressStorage(SOCKADDR_STORAGE);

/// A reference to a socket address of some family, with its size.
///
/// ```
/// use core::net::{Ipv6Addr, SocketAddr};
/// use wsk_runtime::{SocketAddressRef, SocketAddressStorage};
///
/// let address = SocketAddressStorage::from(SocketAddr::from((Ipv6Addr::LOCALHOST, 443)));
/// let reference = SocketAddressRef::from(&address);
/// assert_eq!(reference.size(), 28);
/// assert_eq!(reference.socket_addr(), Some(SocketAddr::from((Ipv6Addr::LOCALHOST, 443))));
/// ```
#[derive(Clone, Copy)]
pub struct SocketAddressRef<'a> {
    address: NonNull<SOCKADDR>,
    size: u32,
    lifetime: PhantomData<&'a SOCKADDR>,
}

// SAFETY: it is a shared reference to bytes.
unsafe impl Send for SocketAddressRef<'_> {}
// SAFETY: as above.
unsafe impl Sync for SocketAddressRef<'_> {}

/// The size of an address of a family, in bytes; `None` for a family that is not known here.
const fn size_of_family(family: ADDRESS_FAMILY) -> Option<u32> {
    match family {
        AF_INET => Some(size_of::<SOCKADDR_IN>() as u32),
        AF_INET6 => Some(size_of::<SOCKADDR_IN6>() as u32),
        _ => None,
    }
}

impl<'a> SocketAddressRef<'a> {
    /// A reference to a structure that is an address, of which so many bytes are used.
    const fn of<T>(address: &'a T, size: usize) -> Self {
        Self { address: NonNull::from_ref(address).cast(), size: size as u32, lifetime: PhantomData }
    }

    /// What a pointer to an address refers to; `None` for null. The size of an address of a family other than IPv4 and IPv6 is
    /// taken to be that of `SOCKADDR`, of which every address has the first member.
    ///
    /// # Safety
    /// The pointer is null, or points to a socket address that is valid for `'a`.
    #[must_use]
    pub unsafe fn from_raw(address: *const SOCKADDR) -> Option<Self> {
        let address = NonNull::new(address.cast_mut())?;
        // SAFETY: the caller vouches for an address, and all begin with their family.
        let family = unsafe { (*address.as_ptr()).sa_family };
        let size = match size_of_family(family) {
            Some(size) => size,
            None => size_of::<SOCKADDR>() as u32,
        };
        Some(Self { address, size, lifetime: PhantomData })
    }

    /// The pointer that the kernel is given. It only reads from it, although the type does not say so.
    #[must_use]
    #[inline]
    pub const fn as_ptr(self) -> *mut SOCKADDR {
        self.address.as_ptr()
    }

    /// The size in bytes.
    #[must_use]
    #[inline]
    pub const fn size(self) -> u32 {
        self.size
    }

    /// The family, such as `AF_INET`.
    #[must_use]
    pub const fn family(self) -> ADDRESS_FAMILY {
        // SAFETY: it was made from a reference, or on the word of the caller of `from_raw`.
        unsafe { (*self.address.as_ptr()).sa_family }
    }

    /// The address and port; `None` for a family other than IPv4 and IPv6.
    #[must_use]
    pub const fn socket_addr(self) -> Option<SocketAddr> {
        match self.family() {
            // SAFETY: an address of this family has this type, and the reference covers it.
            AF_INET => Some(SocketAddr::V4(v4(unsafe { &*self.address.as_ptr().cast() }))),
            // SAFETY: as above.
            AF_INET6 => Some(SocketAddr::V6(v6(unsafe { &*self.address.as_ptr().cast() }))),
            _ => None,
        }
    }
}

const fn v4(raw: &SOCKADDR_IN) -> SocketAddrV4 {
    // SAFETY: every member of the union is four bytes that may have any value.
    let bits = unsafe { raw.sin_addr.S_un.S_addr };
    SocketAddrV4::new(Ipv4Addr::from_bits(u32::from_be(bits)), u16::from_be(raw.sin_port))
}

const fn v6(raw: &SOCKADDR_IN6) -> SocketAddrV6 {
    // SAFETY: every member of the union is sixteen bytes that may have any value.
    let octets = unsafe { raw.sin6_addr.u.Byte };
    // SAFETY: both members of the union are a number of 32 bits.
    let scope = unsafe { raw.Anonymous.sin6_scope_id };
    SocketAddrV6::new(Ipv6Addr::from_octets(octets), u16::from_be(raw.sin6_port), raw.sin6_flowinfo, scope)
}

impl SocketAddressV4 {
    /// An address and a port; port zero lets the system pick one, where an address is bound to.
    #[must_use]
    pub const fn new(ip: Ipv4Addr, port: u16) -> Self {
        Self(SOCKADDR_IN {
            sin_family: AF_INET,
            sin_port: port.to_be(),
            sin_addr: IN_ADDR { S_un: IN_ADDR_0 { S_addr: ip.to_bits().to_be() } },
            sin_zero: [0; 8],
        })
    }

    /// The structure.
    #[must_use]
    pub const fn as_raw(&self) -> &SOCKADDR_IN {
        &self.0
    }

    /// A reference to it.
    #[must_use]
    #[inline]
    pub const fn as_ref(&self) -> SocketAddressRef<'_> {
        SocketAddressRef::of(&self.0, size_of::<SOCKADDR_IN>())
    }
}

impl SocketAddressV6 {
    /// An address and a port, with flow information and scope as the kernel has them.
    #[must_use]
    pub const fn new(ip: Ipv6Addr, port: u16, flow_information: u32, scope_id: u32) -> Self {
        Self(SOCKADDR_IN6 {
            sin6_family: AF_INET6,
            sin6_port: port.to_be(),
            sin6_flowinfo: flow_information,
            sin6_addr: IN6_ADDR { u: IN6_ADDR_0 { Byte: ip.octets() } },
            Anonymous: SOCKADDR_IN6_0 { sin6_scope_id: scope_id },
        })
    }

    /// The structure.
    #[must_use]
    pub const fn as_raw(&self) -> &SOCKADDR_IN6 {
        &self.0
    }

    /// A reference to it.
    #[must_use]
    #[inline]
    pub const fn as_ref(&self) -> SocketAddressRef<'_> {
        SocketAddressRef::of(&self.0, size_of::<SOCKADDR_IN6>())
    }
}

impl SocketAddressStorage {
    /// Room without an address in it: the family is `AF_UNSPEC`.
    #[must_use]
    pub const fn new() -> Self {
        // SAFETY: the structure is numbers, and zero is a value of them all.
        let mut raw: SOCKADDR_STORAGE = unsafe { core::mem::zeroed() };
        raw.ss_family = AF_UNSPEC;
        Self(raw)
    }

    /// The family of the address in it, such as `AF_INET`.
    #[must_use]
    pub const fn family(&self) -> ADDRESS_FAMILY {
        self.0.ss_family
    }

    /// The address and port; `None` for a family other than IPv4 and IPv6, or if there is none.
    #[must_use]
    pub const fn socket_addr(&self) -> Option<SocketAddr> {
        self.as_ref().socket_addr()
    }

    /// The structure.
    #[must_use]
    pub const fn as_raw(&self) -> &SOCKADDR_STORAGE {
        &self.0
    }

    /// The pointer that the kernel writes an address through.
    #[must_use]
    #[inline]
    pub const fn as_mut_ptr(&mut self) -> *mut SOCKADDR {
        (&raw mut self.0).cast()
    }

    /// A reference to the address in it.
    #[must_use]
    #[inline]
    pub const fn as_ref(&self) -> SocketAddressRef<'_> {
        let size = match size_of_family(self.0.ss_family) {
            Some(size) => size as usize,
            None => size_of::<SOCKADDR_STORAGE>(),
        };
        SocketAddressRef::of(&self.0, size)
    }
}

impl Default for SocketAddressStorage {
    fn default() -> Self {
        Self::new()
    }
}

impl From<SocketAddrV4> for SocketAddressV4 {
    fn from(address: SocketAddrV4) -> Self {
        Self::new(*address.ip(), address.port())
    }
}

impl From<SocketAddressV4> for SocketAddrV4 {
    fn from(address: SocketAddressV4) -> Self {
        v4(&address.0)
    }
}

impl From<SocketAddrV6> for SocketAddressV6 {
    fn from(address: SocketAddrV6) -> Self {
        Self::new(*address.ip(), address.port(), address.flowinfo(), address.scope_id())
    }
}

impl From<SocketAddressV6> for SocketAddrV6 {
    fn from(address: SocketAddressV6) -> Self {
        v6(&address.0)
    }
}

impl From<SocketAddressV4> for SocketAddressStorage {
    fn from(address: SocketAddressV4) -> Self {
        let mut storage = Self::new();
        // SAFETY: the room is larger than the structure, and aligned more strictly.
        unsafe { storage.as_mut_ptr().cast::<SOCKADDR_IN>().write(address.0) };
        storage
    }
}

impl From<SocketAddressV6> for SocketAddressStorage {
    fn from(address: SocketAddressV6) -> Self {
        let mut storage = Self::new();
        // SAFETY: as above.
        unsafe { storage.as_mut_ptr().cast::<SOCKADDR_IN6>().write(address.0) };
        storage
    }
}

impl From<SocketAddr> for SocketAddressStorage {
    fn from(address: SocketAddr) -> Self {
        match address {
            SocketAddr::V4(address) => SocketAddressV4::from(address).into(),
            SocketAddr::V6(address) => SocketAddressV6::from(address).into(),
        }
    }
}

impl<'a> From<&'a SocketAddressV4> for SocketAddressRef<'a> {
    #[inline]
    fn from(address: &'a SocketAddressV4) -> Self {
        address.as_ref()
    }
}

impl<'a> From<&'a SocketAddressV6> for SocketAddressRef<'a> {
    #[inline]
    fn from(address: &'a SocketAddressV6) -> Self {
        address.as_ref()
    }
}

impl<'a> From<&'a SocketAddressStorage> for SocketAddressRef<'a> {
    #[inline]
    fn from(address: &'a SocketAddressStorage) -> Self {
        address.as_ref()
    }
}

fn show(name: &str, address: SocketAddressRef<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match address.socket_addr() {
        Some(address) => write!(f, "{name}({address})"),
        None => write!(f, "{name}(family {})", address.family()),
    }
}

impl fmt::Debug for SocketAddressV4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show("SocketAddressV4", self.as_ref(), f)
    }
}

impl fmt::Debug for SocketAddressV6 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show("SocketAddressV6", self.as_ref(), f)
    }
}

impl fmt::Debug for SocketAddressStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show("SocketAddressStorage", self.as_ref(), f)
    }
}

impl fmt::Debug for SocketAddressRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show("SocketAddressRef", *self, f)
    }
}
