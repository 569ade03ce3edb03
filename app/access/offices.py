"""The pass of a tenant’s office on the phones of their people: a day long, new every six hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from app.access.holders import Phone
from app.access.keys import IssuerKeys
from app.domain.calendars import local_day
from app.domain.intervals import Span
from app.spaces.network import Door, Site, Space
from devices.passes.claims import Claims

# A phone without a network opens for up to a day; one with a network is never six hours behind.
LIFE: Final = timedelta(hours=24)
TURN: Final = timedelta(hours=6)
_NO_BOOKING: Final = 0


@dataclass(frozen=True, slots=True)
class Tenancy:
    """An office that somebody's organisation holds, days both included."""

    lease_id: int
    space: Space
    site: Site
    first_day: date
    last_day: date

    @property
    def span(self) -> Span:
        """From the first instant of the first day to the last of the last."""
        calendar = self.site.calendar
        return Span(
            local_day(calendar, self.first_day).start, local_day(calendar, self.last_day).end
        )


@dataclass(frozen=True, slots=True)
class OfficePass:
    """What a tenant's phone shows at the doors on the way to their office."""

    tenancy: Tenancy
    text: str
    span: Span

    @property
    def doors(self) -> tuple[Door, ...]:
        """The doors it opens."""
        return self.tenancy.space.doors


def issue_office_pass(
    tenancy: Tenancy, phone: Phone, keys: IssuerKeys, *, now: datetime
) -> OfficePass | None:
    """Seal the pass of this turn; None where no door leads to the office, or on another day."""
    turn = turn_of(now)
    hours = Span(_instant(turn), _instant(turn) + LIFE).within(tenancy.span)
    if hours is None or not tenancy.space.doors:
        return None
    claims = Claims(
        site=tenancy.site.pass_code,
        not_before=int(hours.start.timestamp()),
        not_after=int(hours.end.timestamp()),
        pass_id=office_id(keys, tenancy.lease_id, phone.code, turn),
        doors=tuple(door.number for door in tenancy.space.doors),
        holder=phone.holder,
    )
    return OfficePass(tenancy, keys.seal(claims), hours)


def office_id(keys: IssuerKeys, lease_id: int, phone: str, turn: int) -> bytes:
    """Name the pass of an office on a phone in one turn; no booking has such a name."""
    return keys.pass_id(_NO_BOOKING, 0, f"office:{lease_id}:{phone}:{turn}")


def turn_of(at: datetime) -> int:
    """Count the turns of six hours since 1970."""
    return int(at.timestamp() // TURN.total_seconds())


def turns_open_in(span: Span) -> range:
    """Give the turns whose passes would open somewhere in the span."""
    return range(turn_of(span.start - LIFE), turn_of(span.end) + 1)


def _instant(turn: int) -> datetime:
    return datetime.fromtimestamp(turn * TURN.total_seconds(), UTC)
