"""From the rows of bookings to values: who comes, and the state the clock makes of each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, or_, select
from sqlalchemy.orm import Session

from app.bookings.booking import Booking, Guest, Person, SeriesLink, Visit
from app.bookings.queries.absences import is_released, released_among
from app.bookings.tables import BookingRow, BookingSeriesRow
from app.domain.booking_states import BookingState, effective_state
from app.domain.buffers import Buffers
from app.domain.errors import UnknownBooking
from app.domain.ids import AccountId, BookingId, BookingRef, OrganisationId, SeriesId, SeriesRef
from app.domain.intervals import Span
from app.domain.money import Money
from app.domain.profiles import Profile
from app.domain.tariffs import quote_from_json
from app.people.tables import AccountRow, OrganisationRow
from app.spaces.network import Network

BookingsRow = Row[Any]


def is_ref(ref: str) -> bool:
    """Whether a text looks like a reference; a driver may choke on any other."""
    return ref.isascii() and ref.isalnum()


def known_ref(ref: str) -> str:
    """Let a text pass that looks like a reference; raises ``UnknownBooking``."""
    if not is_ref(ref):
        raise UnknownBooking(ref)
    return ref


def visits() -> Select[Any]:
    """Select bookings with the person who comes and the organisation that pays."""
    return (
        select(
            *BookingRow.__table__.columns,
            AccountRow.name.label("person_name"),
            AccountRow.email.label("person_email"),
            AccountRow.locale.label("person_locale"),
            OrganisationRow.name.label("organisation_name"),
            BookingSeriesRow.ref.label("series_ref"),
        )
        .join(AccountRow, AccountRow.id == BookingRow.account_id)
        .outerjoin(OrganisationRow, OrganisationRow.id == BookingRow.organisation_id)
        .outerjoin(BookingSeriesRow, BookingSeriesRow.id == BookingRow.series_id)
    )


def visits_from(
    session: Session, rows: Iterable[BookingsRow], network: Network, now: datetime
) -> list[Visit]:
    """Give rows of ``visits`` as values, as of that instant.

    No statement more, unless one of them is a stay whose people are late beyond the grace.
    """
    read = list(rows)
    released = released_among(session, [row.id for row in read if _is_late(row, now)], now)
    return [_visit(row, network, now, is_released=row.id in released) for row in read]


def visit_from(session: Session, row: BookingsRow, network: Network, now: datetime) -> Visit:
    """Give one row of ``visits`` as values, as of that instant."""
    return visits_from(session, [row], network, now)[0]


def _is_late(row: BookingsRow, now: datetime) -> bool:
    """Whether a row may be released by now; its door has the last word."""
    return (
        row.release_at is not None
        and row.release_at <= now < row.ends_at
        and row.state == BookingState.CONFIRMED
    )


def _visit(row: BookingsRow, network: Network, now: datetime, *, is_released: bool) -> Visit:
    person = Person(
        AccountId(row.account_id),
        row.person_name,
        row.person_email,
        row.person_locale,
        row.organisation_name,
    )
    return Visit(_booking(row, network, now, is_released=is_released), person)


def state_at(now: datetime) -> ColumnElement[str]:
    """Say in SQL what ``effective_state`` says in Python."""
    stored, start, end = BookingRow.state, BookingRow.starts_at, BookingRow.ends_at
    run_out = and_(stored == BookingState.HELD, BookingRow.hold_expires_at <= now)
    unasked = and_(stored.in_([BookingState.HELD, BookingState.REQUESTED]), end <= now)
    unanswered = and_(stored == BookingState.REQUESTED, start <= now)
    return case(
        (or_(run_out, unasked, unanswered), BookingState.EXPIRED.value),
        (and_(stored == BookingState.CONFIRMED, end <= now), BookingState.NO_SHOW.value),
        (is_released(now), BookingState.NO_SHOW.value),
        (and_(stored == BookingState.CHECKED_IN, end <= now), BookingState.COMPLETED.value),
        else_=stored,
    )


def _booking(row: BookingsRow, network: Network, now: datetime, *, is_released: bool) -> Booking:
    span = Span(row.starts_at, row.ends_at)
    stored = BookingState(row.state)
    state = effective_state(
        stored,
        hold_expires_at=row.hold_expires_at,
        span=span,
        now=now,
        is_released=is_released,
    )
    return Booking(
        id=BookingId(row.id),
        ref=BookingRef(row.ref),
        account_id=AccountId(row.account_id),
        organisation_id=_organisation(row.organisation_id),
        space=network.space_by_id(row.space_id),
        site=network.site_by_id(row.site_id),
        state=state,
        stored_state=stored,
        span=span,
        people=row.people,
        title=row.title,
        version=row.version,
        created_by=AccountId(row.created_by),
        created_at=row.created_at,
        changed_at=row.changed_at,
        hold_expires_at=row.hold_expires_at,
        confirmed_at=row.confirmed_at,
        cancelled_at=row.cancelled_at,
        checked_in_at=row.checked_in_at,
        checked_out_at=row.checked_out_at,
        voided=_voided(row),
        quote=quote_from_json(row.quote),
        net=Money(row.net_minor),
        vat=Money(row.vat_minor),
        gross=Money(row.gross_minor),
        profile=Profile(row.profile),
        card_version=row.card_version,
        **_later(row),
    )


def _later(row: BookingsRow) -> dict[str, Any]:
    """Read what a booking keeps of its place's rules, of its series, and of what came after."""
    return {
        "buffers": Buffers(row.buffer_before_minutes, row.buffer_after_minutes),
        "setup": row.setup,
        "companion_id": None if row.companion_id is None else AccountId(row.companion_id),
        "guest": None if row.guest_name is None else Guest(row.guest_name, row.guest_email or ""),
        "refund": None if row.refund_minor is None else Money(row.refund_minor),
        "kept": Money(row.kept_minor),
        "release_at": row.release_at,
        "pass_version": row.pass_version,
        "series": _series(row),
    }


def _series(row: BookingsRow) -> SeriesLink | None:
    if row.series_id is None:
        return None
    return SeriesLink(SeriesId(row.series_id), SeriesRef(row.series_ref), row.original_start)


def _voided(row: BookingsRow) -> Span | None:
    if row.voided_from is None or row.voided_until is None:
        return None
    return Span(row.voided_from, row.voided_until)


def _organisation(number: int | None) -> OrganisationId | None:
    return None if number is None else OrganisationId(number)
