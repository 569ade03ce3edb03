"""What a door is told now: keys, revocations, its rules and its room's day; derived, not stored."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.devices import Device
from app.access.keys import IssuerKeys
from app.access.orders import Order, OrderKind, mode_of
from app.access.passes import seconds
from app.access.queries.cards import card_stays
from app.access.queries.offices import given_up_office_ids
from app.access.queries.orders import running_orders
from app.access.queries.stays import (
    Stay,
    given_up_ids,
    pass_ids,
    present_ids,
    stays_at,
    stays_with_void_passes,
)
from app.access.rooms import lengths_of, room_behind, spaces_behind
from app.access.tables import DeviceRow
from app.bookings.queries import released_among
from app.db.outbox import OutboxRow
from app.domain.booking_states import OPENING, BookingState
from app.domain.calendars import SiteCalendar, local_day, opening_spans
from app.domain.ids import SpaceId
from app.domain.intervals import Span
from app.spaces.network import Door, Site
from app.spaces.tables import NetworkRevisionRow
from devices.passes.cards import CardStay
from devices.passes.rules import DoorRules, Mode, Policy
from devices.passes.sheets import DoorSheet, Occupied, Ordered, Room
from devices.passes.snapshot import Snapshot

EARLY: Final = timedelta(minutes=10)
LATE: Final = timedelta(minutes=5)
# A door denies everything once its snapshot is older than its `max_stale`, so a pass that cannot
# open before that needs no revocation yet; an hour more on both sides for clocks that differ.
_MARGIN: Final = timedelta(hours=1)
_COUNTED: Final = 500  # events under way side by side, at most
# Before they are given up, these never had a pass.
_WITHOUT_PASS: Final = frozenset({BookingState.HELD, BookingState.REQUESTED})


@dataclass(frozen=True, slots=True)
class SiteNews:
    """What all doors of a site are told alike, as of one instant."""

    at: datetime
    today: tuple[Stay, ...]
    revoked: frozenset[bytes]
    orders: tuple[Order, ...] = ()
    cards: tuple[tuple[SpaceId, CardStay], ...] = ()


def site_news(session: Session, site: Site, keys: IssuerKeys, *, now: datetime) -> SiteNews:
    """Read what the doors of a site must know of bookings and orders; five statements.

    Two more where there are stays to name passes of, and one while people are so late that their
    places may be released.
    """
    calendar = site.calendar
    stays = stays_at(session, site, local_day(calendar, calendar.local_date(now)))
    late = [stay.booking_id for stay in stays if stay.may_be_released(now)]
    released = released_among(session, late, now)
    today = [stay for stay in stays if not _is_gone(stay, released)]
    gone = [stay for stay in stays if _is_gone(stay, released)]
    revoked = revoked_ids(session, site, gone, keys, now=now)
    orders = running_orders(session, site, now=now)
    cards = card_stays(session, site, keys, _reach(site, now))
    return SiteNews(now, tuple(today), revoked, tuple(orders), tuple(cards))


def snapshot_for(session: Session, device: Device, keys: IssuerKeys, *, now: datetime) -> Snapshot:
    """Say everything a door must know at this instant; nothing is written."""
    return snapshot_of(device, site_news(session, device.site, keys, now=now), keys)


def snapshot_of(device: Device, news: SiteNews, keys: IssuerKeys) -> Snapshot:
    """Write the news of a site down for one of its doors.

    Its number is the second it is made in, which no process, restart or restored copy can turn
    back; whether there is news is told by the ETag, which leaves number and time out.
    """
    site = device.site
    return Snapshot(
        version=seconds(news.at),
        server_time=seconds(news.at),
        device=device.code,
        site=site.pass_code,
        zone=site.calendar.zone.key,
        keys=keys.public,
        revoked=news.revoked,
        doors=(_sheet(device.door, site, news, keys),),
        others={
            door.number: _names(door) for door in site.doors if door.number != device.door.number
        },
        card_key=keys.card_key,
    )


def revoked_ids(
    session: Session, site: Site, gone: Sequence[Stay], keys: IssuerKeys, *, now: datetime
) -> frozenset[bytes]:
    """Name the passes that must not open, though their hours have not ended.

    Those of past versions of moved bookings, of cancelled ones, of stays that are `gone` (people
    left for good, or never came), and of phones, guests and whole epochs given up.
    """
    reach = _reach(site, now)
    calendar = site.calendar
    given_up = stays_with_void_passes(session, reach)
    revoked = {
        name
        for stay in given_up
        for name, _version in pass_ids(
            stay, keys, calendar, within=reach, versions=_void_versions(stay, now)
        )
    }
    revoked.update(
        name for stay in given_up if _stands(stay) for name in given_up_ids(stay, keys, calendar)
    )
    revoked.update(
        name
        for stay in gone
        if stay.span.end > reach.start
        for name in present_ids(stay, keys, calendar)
    )
    given_out = Span(reach.start, now + _MARGIN)  # an office's next turn has no pass yet
    return frozenset(revoked) | given_up_office_ids(session, site, keys, given_out)


def _reach(site: Site, now: datetime) -> Span:
    """Give the hours for which a door may have to decide by what it is told now."""
    longest = max((door.max_stale_minutes for door in site.doors), default=0)
    return Span(now - _MARGIN, now + timedelta(minutes=longest) + _MARGIN)


def change_mark(session: Session) -> tuple[object, ...]:
    """Give values that move whenever a door may have to be told something; one statement.

    Every change of a booking or an order leaves an event in the outbox, every load a revision. The
    latest events are counted too, because a number drawn earlier may be committed later.
    """
    latest = select(func.max(OutboxRow.id)).scalar_subquery()
    row = session.execute(
        select(
            latest,
            select(func.count()).where(OutboxRow.id > latest - _COUNTED).scalar_subquery(),
            select(NetworkRevisionRow.number).scalar_subquery(),
            select(func.count()).where(DeviceRow.revoked_at.is_not(None)).scalar_subquery(),
        )
    ).one()
    return tuple(row)


def _void_versions(stay: Stay, now: datetime) -> range:
    """Give the versions whose passes are void.

    A stay that was shortened while people were there kept its pass: that is void from its new end
    on, so that nobody was locked out meanwhile.
    """
    is_over = now >= stay.span.end + LATE
    return range(stay.version if _stands(stay) and not is_over else stay.version + 1)


def _is_gone(stay: Stay, released: Collection[int]) -> bool:
    """Whether people have left for good, or are not waited for any longer."""
    if stay.checked_out_at is not None or stay.booking_id in released:
        return True
    return stay.state is BookingState.NO_SHOW


def _stands(stay: Stay) -> bool:
    return stay.state in OPENING or stay.state in _WITHOUT_PASS


def _sheet(door: Door, site: Site, news: SiteNews, keys: IssuerKeys) -> DoorSheet:
    order = mode_of(news.orders, door)
    rules = DoorRules(
        site=site.pass_code,
        door=door.number,
        policy=Policy(door.policy),
        early=int(EARLY.total_seconds()),
        late=int(LATE.total_seconds()),
        max_stale=door.max_stale_minutes * 60,
        mode=Mode.NORMAL if order is None else Mode(order.kind.value),
        mode_until=0 if order is None else seconds(order.ends_at),
    )
    rooms = {space.id for space in spaces_behind(door, site)}
    led_to = {space.id for space in site.spaces if door in space.doors}
    stays = [stay for stay in news.today if stay.space_id in rooms and stay.checked_out_at is None]
    return DoorSheet(
        rules,
        door.code,
        _names(door),
        tuple(_occupied(stay, keys, site.calendar) for stay in stays),
        openings=tuple(
            Ordered(each.id, seconds(each.ends_at))
            for each in news.orders
            if each.kind is OrderKind.OPEN and each.is_for(door)
        ),
        is_muster=door.is_muster,
        room=_room(door, site, news.at),
        arrived=tuple(
            seconds(stay.span.start) for stay in stays if stay.state is BookingState.CHECKED_IN
        ),
        cards=tuple(stay for space_id, stay in news.cards if space_id in led_to),
    )


def _room(door: Door, site: Site, now: datetime) -> Room | None:
    """Say for how long, and until when today, the door may offer its room to who stands there."""
    room = room_behind(door, site)
    if room is None or not (lengths := lengths_of(room)):
        return None
    today = opening_spans(room.calendar, room.calendar.local_date(now))
    hours = tuple((seconds(span.start), seconds(span.end)) for span in today)
    return Room(room.limits.step_minutes, lengths, hours)


def _occupied(stay: Stay, keys: IssuerKeys, calendar: SiteCalendar) -> Occupied:
    return Occupied(
        seconds(stay.span.start), seconds(stay.span.end), present_ids(stay, keys, calendar)
    )


def _names(door: Door) -> dict[str, str]:
    return {"fr": door.name.fr, "en": door.name.en, "de": door.name.de}
