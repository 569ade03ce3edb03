"""Taking in what doors report: in order, once, unchanged, and never judged again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.access.alarms import AlarmKind, Raised
from app.access.devices import Device, Fault
from app.access.journal import KEPT, Status
from app.access.keys import IssuerKeys
from app.access.pass_names import GUEST
from app.access.queries import lock_device
from app.access.service.alarms import raise_alarms
from app.access.service.guests import note_arrival
from app.access.service.recognising import Recognised, recognise
from app.access.tables import DeviceRow, JournalRow
from app.bookings.service import arrive
from app.domain.errors import DomainError, JournalFork, JournalGap, JournalUnlinked
from app.domain.ids import BookingId
from devices.passes.chain import (
    BrokenChain,
    Entry,
    Head,
    Kind,
    Line,
    NotAnEntry,
    extend,
    from_body,
)
from devices.passes.reasons import MUSTER, Opening

UNREADABLE: Final = "unreadable"
_EARLIEST: Final = datetime(2020, 1, 1, tzinfo=UTC)
_CLOCK_AHEAD: Final = timedelta(days=1)
_LONGEST_REASON: Final = 40
_HIGHEST_DOOR: Final = 65_535
_ALARMING: Final = {
    Kind.FORCED: AlarmKind.FORCED,
    Kind.HELD: AlarmKind.HELD,
    Kind.TAMPER: AlarmKind.TAMPER,
    Kind.FIRE: AlarmKind.FIRE,
}
_ALTHOUGH: Final = {
    Status.OPENED_ALTHOUGH_CANCELLED,
    Status.OPENED_ALTHOUGH_MOVED,
    Status.OPENED_ALTHOUGH_GIVEN_UP,
}
# Somebody broke the seal of the staff's pass: a door opened, or the list of people was shown.
_BY_STAFF_PASS: Final = {(Kind.GRANT, Opening.STAFF), (Kind.MODE, MUSTER)}


@dataclass(frozen=True, slots=True)
class Reported:
    """A line with what it says, when it was readable, and the instant to file it under."""

    line: Line
    entry: Entry | None
    at: datetime


def take_lines(
    session: Session, device: Device, lines: Sequence[Line], *, keys: IssuerKeys, now: datetime
) -> Head | DomainError:
    """Take in a batch and give where the journal now stands, or why it does not go on there.

    Lines that are here already are passed over. A refusal is a value, not raised, because the
    fault it leaves on the device must be committed: ``JournalGap``, ``JournalFork`` or
    ``JournalUnlinked``.
    """
    row = lock_device(session, device.id)
    head = Head(row.journal_seq, row.journal_head)
    try:
        new = _not_yet_held(session, row, lines)
        reached = extend(head, new)
    except BrokenChain as error:
        return _refused(session, device, row, error, now)
    if new:
        reported = [_read(line, now) for line in new]
        recognised = recognise(session, device.site, _shown(reported), keys=keys)
        _store(session, device, reported, recognised, now)
        row.journal_seq, row.journal_head = reached.seq, reached.digest
        session.flush()
        _tell_arrivals(session, device, reported, recognised, now)
        _note_guests(session, reported, recognised)
        raised = [alarm for each in reported for alarm in _alarms(each, recognised, now)]
        raise_alarms(
            session, site_id=device.site.id, door_id=device.door.id, raised=raised, now=now
        )
    return reached


def forget_old_lines(session: Session, *, now: datetime) -> None:
    """Delete the lines that are kept no longer: who passed which door is nobody's business then."""
    session.execute(delete(JournalRow).where(JournalRow.received_at < now - KEPT))


def _not_yet_held(session: Session, row: DeviceRow, lines: Sequence[Line]) -> list[Line]:
    """Drop the lines that are here already, the same; raises BrokenChain for another in place."""
    again = [line for line in lines if line.seq <= row.journal_seq]
    if again:
        rows = session.execute(
            select(JournalRow.seq, JournalRow.digest).where(
                JournalRow.device_id == row.id,
                JournalRow.seq.in_([line.seq for line in again]),
            )
        )
        held = {held.seq: held.digest for held in rows}
        for line in again:
            if held.get(line.seq, line.digest) != line.digest:  # deleted ones cannot be compared
                raise BrokenChain("fork", line.seq)
    return [line for line in lines if line.seq > row.journal_seq]


def _refused(
    session: Session, device: Device, row: DeviceRow, error: BrokenChain, now: datetime
) -> DomainError:
    if error.why == "gap":
        return JournalGap(error.seq)
    fault = Fault.FORK if error.why == "fork" else Fault.CHAIN
    if row.fault != fault.value:
        raised = [Raised(AlarmKind.JOURNAL, now, fault.value)]
        raise_alarms(
            session, site_id=device.site.id, door_id=device.door.id, raised=raised, now=now
        )
    row.fault, row.fault_at = fault.value, now
    return JournalFork(error.seq) if fault is Fault.FORK else JournalUnlinked(error.seq)


def _read(line: Line, now: datetime) -> Reported:
    try:
        entry = from_body(line.body)
        at = datetime.fromtimestamp(entry.at, UTC)
    except (NotAnEntry, ValueError, OverflowError, OSError):
        return Reported(line, None, now)
    if not _EARLIEST <= at <= now + _CLOCK_AHEAD:
        at = now
    return Reported(line, entry, at)


def _shown(reported: Iterable[Reported]) -> list[tuple[bytes, datetime]]:
    """Give each pass that was shown, and when; a door's wrong clock may have put it anywhere."""
    return [
        (each.entry.pass_id, each.at)
        for each in reported
        if each.entry is not None and each.entry.pass_id
    ]


def _store(
    session: Session,
    device: Device,
    reported: Sequence[Reported],
    recognised: Recognised,
    now: datetime,
) -> None:
    session.execute(
        insert(JournalRow),
        [
            {
                "device_id": device.id,
                "seq": each.line.seq,
                "site_id": device.site.id,
                "received_at": now,
                "at": each.at,
                "body": each.line.body,
                "digest": each.line.digest,
                **_told(each, recognised),
            }
            for each in reported
        ],
    )


def _told(each: Reported, recognised: Recognised) -> dict[str, object]:
    entry = each.entry
    if entry is None:
        return {
            "kind": UNREADABLE,
            "door": 0,
            "reason": "",
            "pass_id": None,
            "booking_id": None,
            "status": Status.NOTHING.value,
            "online": False,
            "clock_trusted": False,
        }
    seen = recognised.find(entry.pass_id)
    return {
        "kind": entry.kind.value,
        "door": entry.door if 0 <= entry.door <= _HIGHEST_DOOR else 0,
        "reason": entry.reason[:_LONGEST_REASON] if entry.reason.isprintable() else "",
        "pass_id": entry.pass_id.hex() or None,
        "booking_id": None if seen is None else seen.stay.booking_id,
        "status": _status(entry, each.at, recognised).value,
        "online": entry.online,
        "clock_trusted": entry.clock_trusted,
    }


def _status(entry: Entry, at: datetime, recognised: Recognised) -> Status:
    if entry.kind is Kind.DENY:
        return Status.REFUSED
    if entry.kind is not Kind.GRANT:
        return Status.NOTHING
    if not entry.pass_id or entry.reason == Opening.STAFF:
        return Status.OPENED
    return recognised.status(entry.pass_id, at)


def _alarms(each: Reported, recognised: Recognised, now: datetime) -> Iterator[Raised]:
    """Give what in a line a person must look at: what the door met, whom it should not let in."""
    if each.entry is None:
        return
    at = min(each.at, now)
    if each.entry.kind in _ALARMING:
        yield Raised(_ALARMING[each.entry.kind], at)
    if (each.entry.kind, each.entry.reason) in _BY_STAFF_PASS:
        yield Raised(AlarmKind.STAFF_PASS, at)
    status = _status(each.entry, each.at, recognised)
    if status in _ALTHOUGH:
        yield Raised(AlarmKind(status.value), at)


def _note_guests(session: Session, reported: Sequence[Reported], recognised: Recognised) -> None:
    """Note which guests came, by their own passes; the list of a class shows it."""
    for each in reported:
        if each.entry is not None and each.entry.kind is Kind.GRANT:
            seen = recognised.find(each.entry.pass_id)
            kind, _, code = ("", "", "") if seen is None else seen.name.partition(":")
            if kind == GUEST:
                note_arrival(session, code, now=each.at)


def _tell_arrivals(
    session: Session,
    device: Device,
    reported: Sequence[Reported],
    recognised: Recognised,
    now: datetime,
) -> None:
    """Check in whoever opened the door of the very room they booked."""
    rooms = {space.id: space for space in device.site.spaces if space.doors}
    came: dict[BookingId, datetime] = {}
    for each in reported:
        if each.entry is None or _status(each.entry, each.at, recognised) is not Status.OPENED:
            continue
        seen = recognised.find(each.entry.pass_id)
        room = None if seen is None else rooms.get(seen.stay.space_id)
        if seen is None or room is None or room.doors[-1].number != each.entry.door:
            continue
        if seen.awaits_arrival:
            came.setdefault(seen.stay.booking_id, min(each.at, now))
    for booking_id, at in came.items():
        arrive(session, booking_id, at=at, now=now)
