"""What the rules of a place need to know of who asks: their other stays, inductions, the crowd."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.bookings.queries.locks import lock_person
from app.bookings.queries.rows import state_at
from app.bookings.tables import BookingRow, InductionRow
from app.domain.booking_states import GONE
from app.domain.crowds import Load
from app.domain.ids import AccountId, OrganisationId
from app.domain.intervals import Span
from app.domain.profiles import Profile
from app.domain.quotas import Counted, Owner, Quota, hull_of
from app.domain.stays import LONGEST_STAY
from app.people.tables import AccountRow, OrganisationRow
from app.spaces.network import Network, Space
from app.spaces.tables import BuildingRow

_GONE = sorted(GONE)  # what is in any other state counts as had
_STAYS = select(
    BookingRow.space_id,
    BookingRow.starts_at,
    BookingRow.ends_at,
    BookingRow.account_id,
    BookingRow.organisation_id,
).order_by(BookingRow.starts_at, BookingRow.id)


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom a place is asked: the person, who pays, and the profiles proven for the day."""

    account_id: AccountId
    organisation_id: OrganisationId | None
    profiles: frozenset[Profile]
    companion: str | None = None  # the address of the second person
    companion_id: AccountId | None = None  # the second person known already


@dataclass(frozen=True, slots=True)
class Facts:
    """What was read for the rules of one place; nothing where it asks for nothing."""

    counted: tuple[Counted, ...] = ()
    loads: tuple[Load, ...] | None = None  # None: the building can hold all its places full
    induced_until: date | None = None
    companion_id: AccountId | None = None
    companion_until: date | None = None

    def beside(self, stay: Counted, people: int) -> Facts:
        """The same once that stay is entered too: for the next date of a series."""
        loads = None if self.loads is None else (*self.loads, (stay.span, people))
        return replace(self, counted=(*self.counted, stay), loads=loads)


def read_facts(
    session: Session,
    network: Network,
    space: Space,
    spans: Sequence[Span],
    who: Asker,
    *,
    now: datetime,
    leaving: Collection[int] = (),
    lock: bool = True,
) -> Facts:
    """Read what the rules of a place want to know for stays in those spans; `leaving` do not count.

    No statement for an ordinary place. Locked, nobody else uses the same quota or fills the same
    building up before this transaction ends; a preview does not lock.
    """
    facts = Facts()
    if space.rules.needs_reading:
        if quotas := _quotas(space, who):
            counted = _counted(session, network, space, quotas, spans, who, now, leaving, lock)
            facts = replace(facts, counted=counted)
        if space.rules.induction is not None:
            facts = _induced(session, facts, space.rules.induction, who)
    if network.is_crowded(space):  # owners are locked before buildings, everywhere
        facts = replace(facts, loads=_loads(session, network, space, spans, now, leaving, lock))
    return facts


def counted_as(space: Space, span: Span, who: Asker) -> Counted:
    """Give a stay as quotas count it."""
    return Counted(space.code, space.kind, space.site, span, who.account_id, who.organisation_id)


def _quotas(space: Space, who: Asker) -> list[Quota]:
    rules = space.rules
    quotas = [quota for quota in rules.quotas if quota.binds(who.profiles)]
    return quotas + ([rules.share.quota] if rules.share is not None else [])


def _counted(
    session: Session,
    network: Network,
    space: Space,
    quotas: Sequence[Quota],
    spans: Sequence[Span],
    who: Asker,
    now: datetime,
    leaving: Collection[int],
    lock: bool,
) -> tuple[Counted, ...]:
    """Give the stays of the owners in the periods asked about, their rows locked first."""
    hull = hull_of(quotas, spans, space.calendar)
    if hull is None:
        return ()
    together = who.organisation_id is not None and any(
        quota.owner is Owner.ORGANISATION for quota in quotas
    )
    if lock:
        _lock_owners(session, who, together=together)
    own = BookingRow.account_id == who.account_id
    theirs = or_(own, BookingRow.organisation_id == who.organisation_id) if together else own
    rows = session.execute(
        _STAYS.where(
            theirs,
            BookingRow.starts_at >= hull.start,
            BookingRow.starts_at < hull.end,
            BookingRow.id.not_in(leaving),
            state_at(now).not_in(_GONE),
        )
    )
    return tuple(
        Counted(place.code, place.kind, place.site, Span(start, end), account_id, organisation_id)
        for space_id, start, end, account_id, organisation_id in rows
        for place in (network.space_by_id(space_id),)
    )


def _lock_owners(session: Session, who: Asker, *, together: bool) -> None:
    """Make other bookings on the same quota wait: the person first, then the organisation."""
    lock_person(session, who.account_id)
    if together:
        session.execute(
            select(OrganisationRow.id)
            .where(OrganisationRow.id == who.organisation_id)
            .with_for_update(key_share=True)
        )


def _loads(
    session: Session,
    network: Network,
    space: Space,
    spans: Sequence[Span],
    now: datetime,
    leaving: Collection[int],
    lock: bool,
) -> tuple[Load, ...]:
    """Give who is in the building around the spans, its row locked first."""
    if lock:
        session.execute(
            select(BuildingRow.id)
            .where(BuildingRow.code == space.building)
            .with_for_update(key_share=True)
        )
    first, last = min(each.start for each in spans), max(each.end for each in spans)
    rows = session.execute(
        select(BookingRow.starts_at, BookingRow.ends_at, BookingRow.people)
        .where(
            BookingRow.space_id.in_(network.spaces_of_building(space)),
            BookingRow.starts_at < last,
            BookingRow.starts_at > first - LONGEST_STAY,
            BookingRow.ends_at > first,
            BookingRow.id.not_in(leaving),
            state_at(now).not_in(_GONE),
        )
        .order_by(BookingRow.starts_at, BookingRow.id)
    )
    return tuple((Span(start, end), people) for start, end, people in rows)


def _induced(session: Session, facts: Facts, code: str, who: Asker) -> Facts:
    """Add until when the person, and the second one, may use machines of that kind."""
    wanted = AccountRow.id == who.account_id
    if who.companion is not None:
        wanted = or_(wanted, AccountRow.email == who.companion.strip().lower())
    elif who.companion_id is not None:
        wanted = or_(wanted, AccountRow.id == who.companion_id)
    rows = session.execute(
        select(AccountRow.id, func.max(InductionRow.valid_until))
        .outerjoin(
            InductionRow,
            (InductionRow.account_id == AccountRow.id)
            & (InductionRow.code == code)
            & InductionRow.revoked_at.is_(None),
        )
        .where(wanted, AccountRow.disabled_at.is_(None))
        .group_by(AccountRow.id)
        .order_by(AccountRow.id)
    )
    until = {AccountId(account_id): last for account_id, last in rows}
    second = next((each for each in until if each != who.account_id), None)
    return replace(
        facts,
        induced_until=until.get(who.account_id),
        companion_id=second,
        companion_until=None if second is None else until[second],
    )
