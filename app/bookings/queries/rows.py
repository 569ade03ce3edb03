"""From the rows of bookings to values: who comes, and the state the clock makes of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, or_, select

from app.bookings.booking import Booking, Person, Visit
from app.bookings.tables import BookingRow
from app.domain.booking_states import BookingState, effective_state
from app.domain.ids import AccountId, BookingId, BookingRef, OrganisationId
from app.domain.intervals import Span
from app.domain.money import Money
from app.domain.profiles import Profile
from app.domain.tariffs import quote_from_json
from app.people.tables import AccountRow, OrganisationRow
from app.spaces.network import Network

BookingsRow = Row[Any]


def visits() -> Select[Any]:
    """Select bookings with the person who comes and the organisation that pays."""
    return (
        select(
            *BookingRow.__table__.columns,
            AccountRow.name.label("person_name"),
            AccountRow.email.label("person_email"),
            AccountRow.locale.label("person_locale"),
            OrganisationRow.name.label("organisation_name"),
        )
        .join(AccountRow, AccountRow.id == BookingRow.account_id)
        .outerjoin(OrganisationRow, OrganisationRow.id == BookingRow.organisation_id)
    )


def visit_from(row: BookingsRow, network: Network, now: datetime) -> Visit:
    """Give a row of ``visits`` as values, as of that instant."""
    person = Person(
        AccountId(row.account_id),
        row.person_name,
        row.person_email,
        row.person_locale,
        row.organisation_name,
    )
    return Visit(_booking(row, network, now), person)


def state_at(now: datetime) -> ColumnElement[str]:
    """Say in SQL what ``effective_state`` says in Python."""
    stored, start, end = BookingRow.state, BookingRow.starts_at, BookingRow.ends_at
    run_out = and_(stored == BookingState.HELD, BookingRow.hold_expires_at <= now)
    unasked = and_(stored.in_([BookingState.HELD, BookingState.REQUESTED]), end <= now)
    unanswered = and_(stored == BookingState.REQUESTED, start <= now)
    return case(
        (or_(run_out, unasked, unanswered), BookingState.EXPIRED.value),
        (and_(stored == BookingState.CONFIRMED, end <= now), BookingState.NO_SHOW.value),
        (and_(stored == BookingState.CHECKED_IN, end <= now), BookingState.COMPLETED.value),
        else_=stored,
    )


def _booking(row: BookingsRow, network: Network, now: datetime) -> Booking:
    span = Span(row.starts_at, row.ends_at)
    stored = BookingState(row.state)
    return Booking(
        id=BookingId(row.id),
        ref=BookingRef(row.ref),
        account_id=AccountId(row.account_id),
        organisation_id=_organisation(row.organisation_id),
        space=network.space_by_id(row.space_id),
        site=network.site_by_id(row.site_id),
        state=effective_state(stored, hold_expires_at=row.hold_expires_at, span=span, now=now),
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
    )


def _voided(row: BookingsRow) -> Span | None:
    if row.voided_from is None or row.voided_until is None:
        return None
    return Span(row.voided_from, row.voided_until)


def _organisation(number: int | None) -> OrganisationId | None:
    return None if number is None else OrganisationId(number)
