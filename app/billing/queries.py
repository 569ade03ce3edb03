"""Reads of past bookings with the profiles proven on their days: two statements, however many."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.billing.simulating import PastStay
from app.bookings.tables import BookingRow
from app.domain.booking_states import BookingState
from app.domain.ids import SiteId
from app.domain.intervals import Span
from app.domain.profiles import ProvenProfile, in_date, profile_from
from app.domain.tariffs import quote_from_json
from app.people.tables import ProfileRow
from app.spaces.network import Network

# What was sold: a place kept free for somebody who did not come was sold too.
SOLD = (
    BookingState.CONFIRMED,
    BookingState.CHECKED_IN,
    BookingState.COMPLETED,
    BookingState.NO_SHOW,
)


def past_stays(
    session: Session, network: Network, span: Span, *, site_id: SiteId | None = None
) -> list[PastStay]:
    """Give the bookings sold that began within the span, at one site or at all, by reference."""
    wanted = _wanted(span, site_id)
    proven = _proven(session, wanted)
    rows = session.execute(
        select(
            BookingRow.ref,
            BookingRow.space_id,
            BookingRow.starts_at,
            BookingRow.ends_at,
            BookingRow.people,
            BookingRow.account_id,
            BookingRow.organisation_id,
            BookingRow.quote,
        )
        .where(wanted)
        .order_by(BookingRow.ref)
    )
    stays = []
    for row in rows:
        space = network.space_by_id(row.space_id)
        priced = quote_from_json(row.quote)
        day = space.calendar.local_date(row.starts_at)
        profiles = in_date(proven[row.account_id, row.organisation_id], on=day)
        stays.append(
            PastStay(
                ref=row.ref,
                space=space,
                span=Span(row.starts_at, row.ends_at),
                people=row.people,
                profiles=profiles | {priced.profile},
                priced=priced,
            )
        )
    return stays


def _wanted(span: Span, site_id: SiteId | None) -> ColumnElement[bool]:
    conditions = [
        BookingRow.state.in_([state.value for state in SOLD]),
        BookingRow.starts_at >= span.start,
        BookingRow.starts_at < span.end,
    ]
    if site_id is not None:
        conditions.append(BookingRow.site_id == site_id)
    return and_(*conditions)


def _proven(
    session: Session, wanted: ColumnElement[bool]
) -> defaultdict[tuple[int, int | None], list[ProvenProfile]]:
    """Give the proofs of who paid: of the organisation where one did, else of the person."""
    holder = or_(
        ProfileRow.organisation_id == BookingRow.organisation_id,
        and_(BookingRow.organisation_id.is_(None), ProfileRow.account_id == BookingRow.account_id),
    )
    rows = session.execute(
        select(
            BookingRow.account_id,
            BookingRow.organisation_id,
            ProfileRow.id,
            ProfileRow.profile,
            ProfileRow.valid_from,
            ProfileRow.valid_until,
        )
        .join(ProfileRow, holder)
        .where(wanted, ProfileRow.revoked_at.is_(None))
        .distinct()
        .order_by(ProfileRow.id, BookingRow.account_id)
    )
    proven: defaultdict[tuple[int, int | None], list[ProvenProfile]] = defaultdict(list)
    for row in rows:
        proof = ProvenProfile(profile_from(row.profile), row.valid_from, row.valid_until)
        proven[row.account_id, row.organisation_id].append(proof)
    return proven
