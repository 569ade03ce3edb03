"""Booking a series: looked at first, then every date or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.bookings.booking import Booking, SeriesLink
from app.bookings.queries.buyers import Whom
from app.bookings.series import Choice, Deed, Planned, Series, SeriesTable, SeriesWanted, plan
from app.bookings.service.drafting import Asked, new_ref, unentered
from app.bookings.service.entering import Drafted, enter_many
from app.bookings.service.verdicts import Court, Judged, open_court, tabulate
from app.bookings.tables import BookingSeriesRow
from app.db import outbox
from app.domain.booking_states import BookingState
from app.domain.errors import DatesRefused, NoDates
from app.domain.events import SeriesBooked
from app.domain.ids import AccountId, OrganisationId, SeriesId, SeriesRef
from app.domain.permissions import Actor, Permission, Subject, require
from app.domain.recurrence import Recurrence
from app.spaces.network import Network, Space
from app.spaces.queries import find_network

_INSERT = insert(BookingSeriesRow).returning(BookingSeriesRow.id)


def preview(
    session: Session,
    actor: Actor,
    wanted: SeriesWanted,
    choices: Sequence[Choice] = (),
    *,
    now: datetime,
    person: AccountId | None = None,
) -> SeriesTable:
    """Say of every date whether it can be had, at what price, why not, and what is near.

    Writes nothing. Raises UnknownSpace, UnknownDate, NoDates, TooManyDates, NotAllowed.
    """
    network = find_network(session)
    space = network.get_space(wanted.space)
    whom = Whom(_person(actor, person, space))
    planned = _planned(network, wanted, choices)
    return tabulate(session, network, actor, planned, whom, now=now)


def book_series(
    session: Session,
    actor: Actor,
    wanted: SeriesWanted,
    choices: Sequence[Choice] = (),
    *,
    now: datetime,
    person: AccountId | None = None,
) -> tuple[Series, list[Booking]]:
    """Book every date that was not dropped, or none: DatesRefused says which stand in the way."""
    network = find_network(session)
    space = network.get_space(wanted.space)
    whom = Whom(_person(actor, person, space))
    wanted = replace(wanted, recurrence=wanted.recurrence.anchored())
    planned = _planned(network, wanted, choices)
    kept = [each for each in planned if each.deed is not Deed.DROP]
    if not kept:
        raise NoDates
    court = open_court(session, network, actor, kept, whom, now=now, lock=True)
    refused = tuple(verdict.day for each in kept if (verdict := court.judge(each)).is_trouble)
    if refused:
        raise DatesRefused(refused)
    dropped = frozenset(each.day for each in planned if each.deed is Deed.DROP)
    wanted = replace(wanted, recurrence=wanted.recurrence.without(dropped))
    made = enter_series(session, network, wanted, court.buyer.organisation_id, whom, actor, now)
    granted = sorted(court.granted.items(), key=lambda each: each[0])
    drafts = [_drafted(court, made, judged, whom, original) for original, judged in granted]
    bookings, taken = enter_many(session, drafts, by=actor, now=now)
    refuse_taken(made, taken)
    outbox.put(session, SeriesBooked(made.id, made.version), now=now)
    return made, bookings


def refuse_taken(series: Series, taken: Sequence[Booking]) -> None:
    """Let pass when nobody else has the place of any date; raises DatesRefused, undoing all."""
    if taken:
        calendar = series.site.calendar
        raise DatesRefused(tuple(calendar.local_date(each.original_start) for each in taken))


def enter_series(
    session: Session,
    network: Network,
    wanted: SeriesWanted,
    organisation_id: OrganisationId | None,
    whom: Whom,
    by: Actor,
    now: datetime,
    *,
    follows: Series | None = None,
) -> Series:
    """Write what the dates have in common; gives it."""
    space = network.get_space(wanted.space)
    made = Series(
        id=SeriesId(0),
        ref=SeriesRef(new_ref()),
        account_id=whom.person,
        organisation_id=organisation_id,
        space=space,
        site=network.get_site(space.site),
        people=wanted.people,
        title=wanted.title,
        recurrence=wanted.recurrence,
        version=0,
        follows=None if follows is None else follows.ref,
        created_by=by.account_id,
        created_at=now,
        changed_at=now,
        ended_at=None,
    )
    former = None if follows is None else follows.id
    number = session.connection().execute(_INSERT, _columns(network, made, former)).scalar_one()
    return replace(made, id=SeriesId(number))


def _columns(network: Network, made: Series, follows_id: SeriesId | None) -> dict[str, Any]:
    return {
        "ref": made.ref,
        "account_id": made.account_id,
        "organisation_id": made.organisation_id,
        "created_by": made.created_by,
        "created_at": made.created_at,
        "changed_at": made.changed_at,
        "ended_at": made.ended_at,
        "version": made.version,
        "follows_id": follows_id,
        **series_columns(network, made.wanted),
    }


def series_columns(network: Network, wanted: SeriesWanted) -> dict[str, Any]:
    """Give the columns in which a series keeps what was asked for."""
    recurrence = wanted.recurrence
    return {
        "space_id": network.get_space(wanted.space).id,
        "people": wanted.people,
        "title": wanted.title,
        **rule_columns(recurrence),
    }


def rule_columns(recurrence: Recurrence) -> dict[str, Any]:
    """Give the columns of its dates."""
    return {
        "starts_local": datetime.combine(recurrence.first_on, recurrence.at),
        "minutes": recurrence.minutes,
        "rrule": "" if recurrence.rule is None else recurrence.rule.text,
        "exdates": sorted(day.isoformat() for day in recurrence.exdates),
        "rdates": sorted(day.isoformat() for day in recurrence.rdates),
    }


def _person(actor: Actor, person: AccountId | None, space: Space) -> AccountId:
    """Give for whom it is; staff of the place may book for others."""
    if person is None or person == actor.account_id:
        require(actor, Permission.BOOKING_CREATE, Subject(owner_id=actor.account_id))
        return actor.account_id
    others = Permission.BOOKING_CREATE_FOR_OTHERS
    require(actor, others, Subject(owner_id=person, site=space.site))
    return person


def _planned(
    network: Network, wanted: SeriesWanted, choices: Sequence[Choice]
) -> tuple[Planned, ...]:
    site = network.get_site(network.get_space(wanted.space).site)
    recurrence = wanted.recurrence.anchored()
    return plan(replace(wanted, recurrence=recurrence), site, choices)


def _drafted(
    court: Court, series: Series, judged: Judged, whom: Whom, original: datetime
) -> Drafted:
    asked = Asked(court.actor, whom.person, judged.wanted, BookingState.CONFIRMED, court.now)
    quote = judged.verdict.quote
    if quote is None:
        raise ValueError("only a priced date is drafted")
    booking = unentered(
        asked, court.network, judged.space, court.buyer.organisation_id, quote, judged.ruling
    )
    link = SeriesLink(series.id, series.ref, original)
    return Drafted(replace(booking, series=link), judged.usable)
