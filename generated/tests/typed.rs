//! Status and flag types: nothing is lost, nothing is merged, and what the documentation forbids does not compile.
#![allow(missing_docs, reason = "a test")]

use wsk::sys::*;
use wsk::{
    AbortEventStatus, AcceptEventStatus, ConnectStatus, ControlSocketStatus, DisconnectFlags, GetNameInfoFlags,
    InspectEventStatus, NtStatus, ReceiveEventFlags, ReceiveEventStatus, ReceiveFlags, ReceiveFromControlFlags,
    ReleaseDataIndicationListStatus, SendFlags, SendStatus,
};

#[test]
fn an_open_set_keeps_every_status() {
    let interesting =
        [0, 0x103, 0x4000_0013, 0x8000_0005, 0xC000_0002, 0xC000_000D, 0xC000_00B6, 0xC000_00BB, 0xC000_0184, u32::MAX, 1];
    for status in interesting.map(|s: u32| NtStatus(s.cast_signed())) {
        assert_eq!(NtStatus::from(ConnectStatus::from(status)), status);
        assert_eq!(NtStatus::from(SendStatus::from(status)), status);
        assert_eq!(NtStatus::from(ControlSocketStatus::from(status)), status);
    }
    assert_eq!(ConnectStatus::from(NtStatus(STATUS_PENDING)), ConnectStatus::Pending);
    assert_eq!(ConnectStatus::from(NtStatus(STATUS_FILE_FORCED_CLOSED)), ConnectStatus::FileForcedClosed);
    // What one API is documented to return is something else to another.
    assert_eq!(SendStatus::from(NtStatus(STATUS_NOT_SUPPORTED)), SendStatus::NotSupported);
    assert_eq!(ConnectStatus::from(NtStatus(STATUS_NOT_SUPPORTED)), ConnectStatus::Other(NtStatus(STATUS_NOT_SUPPORTED)));
    assert_eq!(ControlSocketStatus::from(NtStatus(STATUS_EVENT_PENDING)), ControlSocketStatus::EventPending);
}

#[test]
fn a_closed_set_refuses_what_is_not_named() {
    assert_eq!(ReceiveEventStatus::try_from(NtStatus(STATUS_DATA_NOT_ACCEPTED)), Ok(ReceiveEventStatus::DataNotAccepted));
    let strange = NtStatus(STATUS_NOT_SUPPORTED);
    assert_eq!(ReceiveEventStatus::try_from(strange), Err(strange));
    assert_eq!(ReleaseDataIndicationListStatus::from_status(strange), None);
    assert_eq!(NtStatus::from(AcceptEventStatus::RequestNotAccepted), NtStatus(STATUS_REQUEST_NOT_ACCEPTED));
    assert_eq!(AbortEventStatus::Success.status(), NtStatus::SUCCESS);
}

#[test]
fn actions_are_not_statuses() {
    assert_eq!(WSK_INSPECT_ACTION::from(InspectEventStatus::Pend), WskInspectPend);
    assert_eq!(InspectEventStatus::try_from(WskInspectReject), Ok(InspectEventStatus::Reject));
    assert_eq!(InspectEventStatus::try_from(WskInspectMax), Err(WskInspectMax));
}

#[test]
fn flags_have_the_bits_of_the_header() {
    assert_eq!((SendFlags::NODELAY.bits(), DisconnectFlags::ABORTIVE.bits()), (WSK_FLAG_NODELAY, WSK_FLAG_ABORTIVE));
    let names = GetNameInfoFlags::NUMERICHOST | GetNameInfoFlags::NUMERICSERV;
    assert_eq!(names.bits(), 2 | 8);
    let event = ReceiveEventFlags::from_bits_retain(WSK_FLAG_AT_DISPATCH_LEVEL | 0x8000);
    assert!(event.contains(ReceiveEventFlags::AT_DISPATCH_LEVEL) && !event.contains(ReceiveEventFlags::RELEASE_ASAP));
    assert_eq!(event.bits(), 0x8008, "a bit that a later kernel sets is kept");
    assert_eq!((ReceiveFlags::WAITALL.bits(), ReceiveFlags::DRAIN.bits(), ReceiveFlags::empty().bits()), (2, 4, 0));
    let about = ReceiveFromControlFlags::TRUNC | ReceiveFromControlFlags::CTRUNC | ReceiveFromControlFlags::BCAST;
    assert_eq!((about | ReceiveFromControlFlags::MCAST).bits(), 0xF00);
    assert_eq!(format!("{about:?}"), "ReceiveFromControlFlags(BCAST | TRUNC | CTRUNC)");
}
