"""What staff tell doors: an emergency mode that ends by itself, or to open once now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.access.orders import LONGEST_ORDER, LONGEST_REASON, OPENING_LIVES, OrderKind
from app.access.queries.orders import find_order
from app.access.tables import DoorOrderRow
from app.db import outbox
from app.domain.errors import UnknownDoor, UnknownOrder
from app.domain.events import DoorsTold
from app.domain.permissions import Actor, Permission, Subject, require
from app.spaces.network import Door, Site
from app.spaces.queries import find_network


@dataclass(frozen=True, slots=True)
class ModeWish:
    """A mode that somebody wants for a door, or for all doors of a site, and why."""

    site: str
    door: int | None
    kind: OrderKind
    lasts: timedelta
    reason: str


def order_mode(session: Session, actor: Actor, wish: ModeWish, *, now: datetime) -> None:
    """Put doors into a mode that ends by itself, after twelve hours at the latest.

    Raises ``UnknownSite``, ``UnknownDoor``, ``NotAllowed``.
    """
    site = find_network(session).get_site(wish.site)
    require(actor, Permission.EMERGENCY, Subject(site=site.code))
    door = None if wish.door is None else _door(site, wish.door)
    ends_at = now + min(wish.lasts, LONGEST_ORDER)
    _add(session, actor, site, door, wish.kind, wish.reason, now=now, ends_at=ends_at)


def open_remotely(
    session: Session, actor: Actor, number: int, reason: str, *, now: datetime
) -> Door:
    """Have a door open once, if it hears of it within thirty seconds; gives the door.

    Raises ``UnknownDoor``, ``NotAllowed``.
    """
    network = find_network(session)
    door = network.get_door(number)
    require(actor, Permission.DOOR_OPEN_REMOTELY, Subject(site=door.site))
    ends_at = now + OPENING_LIVES
    site = network.get_site(door.site)
    _add(session, actor, site, door, OrderKind.OPEN, reason, now=now, ends_at=ends_at)
    return door


def lift_order(session: Session, actor: Actor, order_id: int, *, now: datetime) -> Site:
    """End an order before its time, and give its site. Safe to say twice.

    Raises ``UnknownOrder``, ``NotAllowed``.
    """
    found = find_order(session, find_network(session), order_id)
    if found is None:
        raise UnknownOrder(order_id)
    row, order = found
    require(actor, Permission.EMERGENCY, Subject(site=order.site.code))
    if row.lifted_at is None:
        row.lifted_at, row.lifted_by = now, actor.account_id
        outbox.put(session, DoorsTold("order-lifted"), now=now)
        session.flush()
    return order.site


def _add(
    session: Session,
    actor: Actor,
    site: Site,
    door: Door | None,
    kind: OrderKind,
    reason: str,
    *,
    now: datetime,
    ends_at: datetime,
) -> None:
    session.add(
        DoorOrderRow(
            site_id=site.id,
            door_id=None if door is None else door.id,
            kind=kind.value,
            reason=reason[:LONGEST_REASON],
            ordered_at=now,
            ordered_by=actor.account_id,
            ends_at=ends_at,
        )
    )
    outbox.put(session, DoorsTold(kind.value), now=now)
    session.flush()


def _door(site: Site, number: int) -> Door:
    for door in site.doors:
        if door.number == number:
            return door
    raise UnknownDoor(str(number))
