"""What a changed booking costs, takes and leaves in its row: of one, and of many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.bookings.booking import Booking, Wanted
from app.bookings.queries import lawful_space
from app.bookings.queries.rights import proven_with, with_quote
from app.bookings.service.drafting import expiry_of, kept_columns, kind_of, link_columns
from app.bookings.service.journal import price_columns, write, write_rows
from app.bookings.service.rights import redraw
from app.bookings.service.rules import Verdict, enforce_moved
from app.domain.permissions import Actor
from app.domain.tariffs import Right
from app.entitlements import queries as rights
from app.entitlements.queries import Use
from app.spaces import service as spaces
from app.spaces.network import Network
from app.tariffs.queries import find_cards
from app.tariffs.service import quote_for


@dataclass(frozen=True, slots=True)
class Repriced:
    """A booking at another price, the rights it may spend, locked, and what the rules say."""

    booking: Booking
    usable: tuple[Right, ...]
    verdict: Verdict


def repriced(
    session: Session,
    network: Network,
    actor: Actor,
    booking: Booking,
    wanted: Wanted,
    *,
    asked_at: datetime,
    now: datetime,
) -> Repriced:
    """Give the booking at the price of what is wanted instead; raises what ``book`` raises.

    Its place and the rate card judge it as of the day it was `asked_at`.
    """
    space = lawful_space(network, wanted, now=asked_at)
    day = space.calendar.local_date(wanted.span.start)
    use = Use(booking.account_id, booking.organisation_id, day, wanted.span, booking.id)
    paying, has_rights = rights.paying(session, use.account_id, use.organisation_id, on=day)
    usable = rights.NO_RIGHTS
    if has_rights or booking.quote.spent:
        usable = redraw(session, network, booking, use, by=actor, now=now)
    verdict = enforce_moved(
        session, network, booking, wanted, paying.profiles, actor=actor, now=now
    )
    quote = quote_for(
        find_cards(session, network),
        space,
        wanted.span,
        wanted.people,
        proven_with(paying, usable),
        booked_on=space.calendar.local_date(asked_at),
        customer=paying.customer,
        rights=usable.rights,
    )
    return Repriced(with_quote(booking, quote), usable.rights, verdict)


def placed(booking: Booking, network: Network, wanted: Wanted, now: datetime) -> Booking:
    """Give the booking with the time, place, people and set-up that are wanted; its passes die."""
    space = network.get_space(wanted.space)
    return replace(
        booking,
        space=space,
        site=network.get_site(space.site),
        span=wanted.span,
        people=wanted.people,
        title=wanted.title,
        buffers=space.buffers,
        setup=wanted.setup,
        version=booking.version + 1,
        pass_version=booking.pass_version + 1,
        voided=booking.voided_now,
        changed_at=now,
    )


def take_anew(session: Session, booking: Booking, changed: Booking, *, now: datetime) -> None:
    """Give the old hours back and take the new ones; the refusal of the new undoes both."""
    kind = kind_of(booking)
    spaces.release(session, kind=kind, holder_id=booking.id)
    spaces.occupy(
        session,
        space=changed.space,
        span=changed.occupied,
        units_wanted=changed.people,
        kind=kind,
        holder_id=changed.id,
        expires_at=expiry_of(changed),
        now=now,
        has_released=True,
    )


def write_changed(session: Session, booking: Booking, changed: Booking, now: datetime) -> None:
    """Write a changed booking, its row locked; raises ``WrongState``."""
    state = None if changed.stored_state is booking.stored_state else changed.stored_state
    write(session, booking, now, state=state, **_columns(changed))


def write_many(session: Session, bookings: Sequence[Booking], now: datetime) -> None:
    """Write many changed bookings of series, their rows locked, in one statement."""
    write_rows(session, {each.id: _of_series(each) for each in bookings}, now)


def _of_series(booking: Booking) -> dict[str, Any]:
    state = booking.stored_state.value
    return {"state": state, **link_columns(booking), **_columns(booking)}


def _columns(booking: Booking) -> dict[str, Any]:
    voided = booking.voided
    return {
        "confirmed_at": booking.confirmed_at,
        "space_id": booking.space.id,
        "site_id": booking.site.id,
        "starts_at": booking.span.start,
        "ends_at": booking.span.end,
        "people": booking.people,
        "title": booking.title,
        "version": booking.version,
        "pass_version": booking.pass_version,
        "voided_from": None if voided is None else voided.start,
        "voided_until": None if voided is None else voided.end,
        **kept_columns(booking),
        **price_columns(booking),
    }
