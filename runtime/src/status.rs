//! NTSTATUS values.

use core::fmt;

use windows_sys::Win32::Foundation as win;

/// The outcome of a call: an NTSTATUS value.
///
/// ```
/// use wsk_runtime::{NtStatus, Severity};
///
/// let status = NtStatus(0xC000_00BB_u32 as i32);
/// assert_eq!(status.severity(), Severity::Error);
/// assert_eq!(status.to_string(), "STATUS_NOT_SUPPORTED (0xC00000BB)");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
#[must_use = "a status says whether the call did anything"]
pub struct NtStatus(pub i32);

/// The two highest bits of an NTSTATUS value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It worked, or goes on.
    Success,
    /// It worked, and there is something to know.
    Informational,
    /// It worked in part.
    Warning,
    /// It failed.
    Error,
}

impl NtStatus {
    /// It worked.
    pub const SUCCESS: Self = Self(win::STATUS_SUCCESS);
    /// It goes on; the outcome comes later.
    pub const PENDING: Self = Self(win::STATUS_PENDING);

    /// What the two highest bits say.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self.0.cast_unsigned() >> 30 {
            0 => Severity::Success,
            1 => Severity::Informational,
            2 => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// Whether the severity is success or informational, as the macro NT_SUCCESS has it. STATUS_PENDING is among these, and is no
    /// success of what is pending: ask [`NtStatus::is_pending`] first.
    #[must_use]
    pub const fn is_nt_success(self) -> bool {
        self.0 >= 0
    }

    /// Whether it goes on.
    #[must_use]
    pub const fn is_pending(self) -> bool {
        self.0 == win::STATUS_PENDING
    }

    /// The name, for the values that WSK is documented to return and a few that drivers meet along with them.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            win::STATUS_SUCCESS => "STATUS_SUCCESS",
            win::STATUS_TIMEOUT => "STATUS_TIMEOUT",
            win::STATUS_PENDING => "STATUS_PENDING",
            win::STATUS_EVENT_PENDING => "STATUS_EVENT_PENDING",
            win::STATUS_BUFFER_OVERFLOW => "STATUS_BUFFER_OVERFLOW",
            win::STATUS_UNSUCCESSFUL => "STATUS_UNSUCCESSFUL",
            win::STATUS_NOT_IMPLEMENTED => "STATUS_NOT_IMPLEMENTED",
            win::STATUS_INVALID_PARAMETER => "STATUS_INVALID_PARAMETER",
            win::STATUS_INVALID_DEVICE_REQUEST => "STATUS_INVALID_DEVICE_REQUEST",
            win::STATUS_MORE_PROCESSING_REQUIRED => "STATUS_MORE_PROCESSING_REQUIRED",
            win::STATUS_ACCESS_DENIED => "STATUS_ACCESS_DENIED",
            win::STATUS_INSUFFICIENT_RESOURCES => "STATUS_INSUFFICIENT_RESOURCES",
            win::STATUS_DEVICE_NOT_READY => "STATUS_DEVICE_NOT_READY",
            win::STATUS_IO_TIMEOUT => "STATUS_IO_TIMEOUT",
            win::STATUS_FILE_FORCED_CLOSED => "STATUS_FILE_FORCED_CLOSED",
            win::STATUS_NOT_SUPPORTED => "STATUS_NOT_SUPPORTED",
            win::STATUS_REQUEST_NOT_ACCEPTED => "STATUS_REQUEST_NOT_ACCEPTED",
            win::STATUS_CANCELLED => "STATUS_CANCELLED",
            win::STATUS_INVALID_DEVICE_STATE => "STATUS_INVALID_DEVICE_STATE",
            win::STATUS_ADDRESS_ALREADY_EXISTS => "STATUS_ADDRESS_ALREADY_EXISTS",
            win::STATUS_CONNECTION_DISCONNECTED => "STATUS_CONNECTION_DISCONNECTED",
            win::STATUS_CONNECTION_RESET => "STATUS_CONNECTION_RESET",
            win::STATUS_DATA_NOT_ACCEPTED => "STATUS_DATA_NOT_ACCEPTED",
            win::STATUS_CONNECTION_REFUSED => "STATUS_CONNECTION_REFUSED",
            win::STATUS_NETWORK_UNREACHABLE => "STATUS_NETWORK_UNREACHABLE",
            win::STATUS_HOST_UNREACHABLE => "STATUS_HOST_UNREACHABLE",
            win::STATUS_CONNECTION_ABORTED => "STATUS_CONNECTION_ABORTED",
            win::STATUS_NO_MATCH => "STATUS_NO_MATCH",
            win::STATUS_NOINTERFACE => "STATUS_NOINTERFACE",
            _ => return None,
        })
    }
}

impl fmt::Display for NtStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.0.cast_unsigned();
        match self.name() {
            Some(name) => write!(f, "{name} (0x{number:08X})"),
            None => write!(f, "NTSTATUS 0x{number:08X}"),
        }
    }
}

impl fmt::Debug for NtStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<i32> for NtStatus {
    fn from(value: i32) -> Self {
        Self(value)
    }
}

impl From<NtStatus> for i32 {
    fn from(status: NtStatus) -> Self {
        status.0
    }
}

impl core::error::Error for NtStatus {}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::ToString as _;

    use super::*;

    #[test]
    fn severity_is_in_the_two_highest_bits() {
        let cases = [
            (0x0000_0000_u32, Severity::Success, true),
            (0x0000_0103, Severity::Success, true),
            (0x4000_0013, Severity::Informational, true),
            (0x8000_0005, Severity::Warning, false),
            (0xC000_00B6, Severity::Error, false),
        ];
        for (value, severity, nt_success) in cases {
            let status = NtStatus(value.cast_signed());
            assert_eq!((status.severity(), status.is_nt_success()), (severity, nt_success), "{status}");
        }
        assert!(NtStatus::PENDING.is_pending() && !NtStatus::SUCCESS.is_pending());
    }

    #[test]
    fn unknown_values_show_their_number() {
        assert_eq!(NtStatus(0x7FFF_FFFF).to_string(), "NTSTATUS 0x7FFFFFFF");
        assert_eq!(NtStatus::PENDING.to_string(), "STATUS_PENDING (0x00000103)");
        assert_eq!(i32::from(NtStatus::from(-5)), -5);
    }
}
