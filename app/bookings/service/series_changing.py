"""Changing a series: one date, it and all that follow, or all to come; what is past stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.bookings.booking import Booking, Change, SeriesLink
from app.bookings.queries.buyers import Whom
from app.bookings.queries.rights import with_quote
from app.bookings.queries.series import coming_dates, get_series
from app.bookings.series import (
    Planned,
    Scope,
    Series,
    SeriesChange,
    SeriesTable,
    SeriesWanted,
    plan,
)
from app.bookings.service import changing
from app.bookings.service.approving import ask_approval
from app.bookings.service.entering import Drafted, spend_many, take_places
from app.bookings.service.journal import note_many, span_facts
from app.bookings.service.releasing import give_back_all
from app.bookings.service.resettling import placed, write_many
from app.bookings.service.rules import standing
from app.bookings.service.series import enter_series, refuse_taken, rule_columns, series_columns
from app.bookings.service.terms import by_terms
from app.bookings.service.verdicts import Court, open_court, tabulate
from app.bookings.tables import BookingSeriesRow
from app.db import outbox
from app.domain.booking_states import MOVABLE, BookingState
from app.domain.cancellation import WHOLE
from app.domain.errors import DatesRefused, NoDates, UnknownDate
from app.domain.events import SeriesChanged
from app.domain.permissions import Actor, Permission, require
from app.spaces import service as spaces
from app.spaces.network import Network
from app.spaces.queries import find_network


@dataclass(frozen=True, slots=True)
class Part:
    """The dates of a series that a change is about, and what they would be by it.

    `ruled` follow the rule; `apart` were moved by hand and stay where they are.
    """

    series: Series
    first: date
    wanted: SeriesWanted
    ruled: tuple[Booking, ...]
    apart: tuple[Booking, ...]


def preview_change(
    session: Session,
    actor: Actor,
    ref: str,
    scope: Scope,
    change: SeriesChange,
    *,
    day: date | None,
    now: datetime,
) -> SeriesTable:
    """Say what a change would make of each date; writes nothing. Raises what the change raises."""
    network = find_network(session)
    series = get_series(session, network, actor, ref, wish=Permission.BOOKING_MOVE)
    require(actor, Permission.BOOKING_MOVE, series.subject)
    coming = coming_dates(session, network, series, now=now)
    part = _part(network, series, coming, scope, change, day=day)
    planned = _planned(network, part)
    whom = Whom(series.account_id, part.ruled[0], part.ruled)
    return tabulate(session, network, actor, planned, whom, now=now)


def change_series(
    session: Session,
    actor: Actor,
    ref: str,
    scope: Scope,
    change: SeriesChange,
    *,
    day: date | None,
    now: datetime,
    expected_version: int | None = None,
) -> Series:
    """Give the dates of a scope another time, place, number of people or title, all or none.

    Raises UnknownSeries, UnknownDate, StaleVersion, and DatesRefused with nothing written.
    """
    network = find_network(session)
    wish = Permission.BOOKING_MOVE
    series = get_series(session, network, actor, ref, wish=wish, lock=True)
    require(actor, wish, series.subject)
    changing.refuse_stale(series.version, expected_version)
    coming = coming_dates(session, network, series, now=now, lock=True)
    part = _part(network, series, coming, scope, change, day=day)
    require(actor, wish, replace(series, space=network.get_space(part.wanted.space)).subject)
    if scope is Scope.THIS:
        return _change_one(session, network, actor, part, now)
    return _change_all(session, network, actor, part, now)


def _part(
    network: Network,
    series: Series,
    coming: Sequence[Booking],
    scope: Scope,
    change: SeriesChange,
    *,
    day: date | None,
) -> Part:
    """Give the dates to come that are meant; raises UnknownDate, or NoDates when none is."""
    days = {series.day_of(each): each for each in coming if each.stored_state in MOVABLE}
    if not days:
        raise NoDates
    first = min(days) if scope is Scope.ALL or day is None else day
    if first not in days:
        raise UnknownDate(first)
    meant = [
        each for on, each in days.items() if (on == first if scope is Scope.THIS else on >= first)
    ]
    wanted = change.applied_to(series.wanted)
    by_rule = [each for each in meant if scope is Scope.THIS or _follows_rule(each, series)]
    apart = [each for each in meant if each not in by_rule]
    since = wanted.recurrence.since(first)
    if not by_rule or since is None:
        raise NoDates
    kept = since.without(_given_up(since.days, meant, series)) if scope is not Scope.THIS else since
    return Part(series, first, replace(wanted, recurrence=kept), tuple(by_rule), tuple(apart))


def _follows_rule(booking: Booking, series: Series) -> bool:
    """Whether a date is as the rule has it; one moved by hand is an exception, and stays so."""
    by_rule = series.recurrence.occurrence(series.day_of(booking), series.site.zone)
    stands = (booking.space.id, booking.span, booking.people)
    return stands == (series.space.id, by_rule.span, series.people)


def _given_up(days: Sequence[date], meant: Sequence[Booking], series: Series) -> frozenset[date]:
    """Give the dates that were given up by hand: they stay given up."""
    return frozenset(days) - {series.day_of(each) for each in meant}


def _planned(network: Network, part: Part) -> tuple[Planned, ...]:
    site = network.get_site(network.get_space(part.wanted.space).site)
    meant = {part.series.day_of(each): each for each in part.ruled}
    return tuple(
        _furnished(each, meant[each.day]) for each in plan(part.wanted, site) if each.day in meant
    )


def _furnished(planned: Planned, booking: Booking) -> Planned:
    """Leave the room of a date furnished as it was; one whose hour is skipped has no wish."""
    if planned.wanted is None:
        return planned
    return replace(planned, wanted=changing.arranged(planned.wanted, booking))


def _change_one(
    session: Session, network: Network, actor: Actor, part: Part, now: datetime
) -> Series:
    """Change one date as a booking of its own; it stays a date of the series."""
    (planned,) = _planned(network, part)
    if planned.wanted is None:
        raise DatesRefused((planned.day,))
    wish = Change(
        space=planned.wanted.space,
        starts_at=planned.wanted.span.start,
        ends_at=planned.wanted.span.end,
        people=planned.wanted.people,
        title=planned.wanted.title,
    )
    changing.move(session, actor, part.ruled[0].ref, wish, now=now)
    return part.series


def _change_all(
    session: Session, network: Network, actor: Actor, part: Part, now: datetime
) -> Series:
    """Move the dates that follow the rule, and let those moved by hand go along untouched."""
    series = part.series
    if _stays(series.wanted) == _stays(part.wanted):
        moved = [replace(each, title=part.wanted.title, changed_at=now) for each in part.ruled]
        anew = _settle_series(session, network, actor, part, now)
        write_many(session, _linked(anew, part, moved), now)
        _note(session, moved, "renamed", actor, now)
        return anew
    moved = _resettle(session, network, actor, part, now)
    anew = _settle_series(session, network, actor, part, now)
    moved = _linked(anew, part, moved)
    write_many(session, moved, now)
    _note(session, part.ruled, "moved", actor, now)
    for booking in moved:
        if booking.stored_state is BookingState.REQUESTED:
            ask_approval(session, booking, now=now)
    before = None if anew.id == series.id else series.id
    told = SeriesChanged(anew.id, anew.version, [each.id for each in moved], before)
    outbox.put(session, told, now=now)
    return anew


def _stays(wanted: SeriesWanted) -> tuple[object, ...]:
    """Give what a pass and a price depend on: all but the title."""
    return wanted.space, wanted.people, wanted.recurrence.minute, wanted.recurrence.minutes


def _resettle(
    session: Session, network: Network, actor: Actor, part: Part, now: datetime
) -> list[Booking]:
    """Give the old places back and take the new ones, at today's prices; a refusal undoes all."""
    whole = {each.id: WHOLE for each in part.ruled}
    give_back_all(session, part.ruled, whole, by=actor, now=now)
    spaces.release_many(session, [each.id for each in part.ruled])
    planned = _planned(network, part)
    whom = Whom(part.series.account_id, part.ruled[0], part.ruled)
    court = open_court(session, network, actor, planned, whom, now=now, lock=True)
    refused = tuple(verdict.day for each in planned if (verdict := court.judge(each)).is_trouble)
    if refused:
        raise DatesRefused(refused)
    drafts = _moved(court, part, planned, now)
    refuse_taken(part.series, take_places(session, [each.booking for each in drafts], now=now))
    spend_many(session, drafts, by=actor, now=now)
    return [each.booking for each in drafts]


def _moved(court: Court, part: Part, planned: Sequence[Planned], now: datetime) -> list[Drafted]:
    by_day = {part.series.day_of(each): each for each in part.ruled}
    drafts = []
    for each in planned:
        judged = court.granted[each.occurrence.original]
        booking, quote = by_day[each.day], judged.verdict.quote
        if quote is None:
            raise ValueError("only a priced date is moved")
        moved = placed(with_quote(booking, quote), court.network, judged.wanted, now)
        moved = by_terms(booking, standing(moved, judged.ruling), booking.percent_back(now))
        drafts.append(Drafted(moved, judged.usable))
    return drafts


def _settle_series(
    session: Session, network: Network, actor: Actor, part: Part, now: datetime
) -> Series:
    """Write the series as it is now: split in two where dates before it stay behind."""
    series, wanted = part.series, part.wanted
    version = series.version + 1
    before = series.recurrence.until(part.first)
    if before is None:
        _update_series(session, series, version, now, series_columns(network, wanted))
        space = network.get_space(wanted.space)
        return replace(
            series,
            space=space,
            site=network.get_site(space.site),
            people=wanted.people,
            title=wanted.title,
            recurrence=wanted.recurrence,
            version=version,
            changed_at=now,
        )
    _update_series(session, series, version, now, rule_columns(before))
    whom = Whom(series.account_id)
    return enter_series(
        session, network, wanted, series.organisation_id, whom, actor, now, follows=series
    )


def _update_series(
    session: Session, series: Series, version: int, now: datetime, columns: dict[str, Any]
) -> None:
    session.connection().execute(
        update(BookingSeriesRow)
        .where(BookingSeriesRow.id == series.id)
        .values(version=version, changed_at=now, **columns)
    )


def _linked(anew: Series, part: Part, moved: Sequence[Booking]) -> list[Booking]:
    """Key the dates by when they begin by the rule as it now is; those moved by hand too."""
    zone = anew.site.zone
    return [
        replace(
            each,
            series=SeriesLink(
                anew.id,
                anew.ref,
                anew.recurrence.occurrence(part.series.day_of(each), zone).original,
            ),
        )
        for each in (*moved, *part.apart)
    ]


def _note(
    session: Session, bookings: Sequence[Booking], action: str, by: Actor, now: datetime
) -> None:
    """Note what was done to each, and where it was before."""
    lines = [
        (each.id, action, {"space": each.space.code, **span_facts(each.span)}) for each in bookings
    ]
    note_many(session, lines, by=by, now=now)
