"""The journal of the doors as staff read it: a day of a site, or the openings of bookings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import Session

from app.access.journal import JournalLine, Status
from app.access.tables import DeviceRow, JournalRow
from app.domain.calendars import local_day
from app.domain.ids import BookingId
from app.spaces.network import Door, Network, Site

OPENINGS: Final = (
    Status.OPENED.value,
    Status.OPENED_ALTHOUGH_CANCELLED.value,
    Status.OPENED_ALTHOUGH_MOVED.value,
    Status.OPENED_ALTHOUGH_GIVEN_UP.value,
    Status.UNKNOWN_PASS.value,
)
MOST_LINES: Final = 500
_COLUMNS: Final[tuple[Any, ...]] = (
    DeviceRow.code,
    JournalRow.seq,
    JournalRow.at,
    JournalRow.received_at,
    JournalRow.door,
    JournalRow.kind,
    JournalRow.reason,
    JournalRow.status,
    JournalRow.booking_id,
    JournalRow.online,
    JournalRow.clock_trusted,
)


def journal_of_day(
    session: Session,
    site: Site,
    day: date,
    *,
    only: Collection[Status] = tuple(Status),
    most: int = MOST_LINES,
) -> list[JournalLine]:
    """Give what the doors of a site reported of one local day, latest first; one statement."""
    span = local_day(site.calendar, day)
    rows = session.execute(
        _lines()
        .where(
            JournalRow.site_id == site.id,
            JournalRow.at >= span.start,
            JournalRow.at < span.end,
            JournalRow.status.in_(sorted(each.value for each in only)),
        )
        .order_by(JournalRow.at.desc(), JournalRow.device_id, JournalRow.seq.desc())
        .limit(most)
    )
    return _all(rows, site.doors)


def openings_of_bookings(
    session: Session, network: Network, ids: Collection[int]
) -> dict[BookingId, list[JournalLine]]:
    """Give by which doors, and when, the people of these bookings came; one statement."""
    found: dict[BookingId, list[JournalLine]] = defaultdict(list)
    if not ids:
        return found
    rows = session.execute(
        _lines()
        .where(JournalRow.booking_id.in_(sorted(ids)), JournalRow.status.in_(OPENINGS))
        .order_by(JournalRow.at, JournalRow.device_id, JournalRow.seq)
    )
    for line in _all(rows, [door for site in network.sites for door in site.doors]):
        if line.booking_id is not None:
            found[line.booking_id].append(line)
    return found


def read_lines(
    session: Session,
    wanted: Sequence[ColumnElement[bool]],
    doors: Collection[Door],
    *,
    most: int,
) -> list[JournalLine]:
    """Give the lines that meet every condition, latest first; one statement."""
    rows = session.execute(
        _lines()
        .where(*wanted)
        .order_by(JournalRow.at.desc(), JournalRow.device_id, JournalRow.seq.desc())
        .limit(most)
    )
    return _all(rows, doors)


def _lines() -> Select[Any]:
    return select(*_COLUMNS).join(DeviceRow, DeviceRow.id == JournalRow.device_id)


def _all(rows: Iterable[Row[Any]], doors: Collection[Door]) -> list[JournalLine]:
    by_number = {door.number: door for door in doors}
    return [_line(row, by_number.get(row.door)) for row in rows]


def _line(row: Row[Any], door: Door | None) -> JournalLine:
    return JournalLine(
        device=row.code,
        seq=row.seq,
        at=row.at,
        received_at=row.received_at,
        door_number=row.door,
        door=door,
        kind=row.kind,
        reason=row.reason,
        status=Status(row.status),
        booking_id=None if row.booking_id is None else BookingId(row.booking_id),
        online=row.online,
        clock_trusted=row.clock_trusted,
    )
