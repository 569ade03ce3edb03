"""Whether somebody may have a place by its rules: refused, granted, or to be asked of the staff."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.bookings.booking import Booking, Override, Wanted
from app.bookings.queries.ruled import Asker, Facts, counted_as, read_facts
from app.domain.booking_rules import refuse_by_person
from app.domain.booking_states import BookingState
from app.domain.crowds import refuse_crowd
from app.domain.errors import CompanionMissing, InductionMissing, ReasonMissing
from app.domain.ids import AccountId
from app.domain.permissions import Actor, Permission, Subject, allowed, require
from app.domain.profiles import ProvenProfile, in_date
from app.domain.quotas import refuse_over_quota
from app.domain.shares import refuse_over_share
from app.spaces.network import Network, Space


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say to a stay they do not refuse."""

    needs_approval: bool = False
    companion_id: AccountId | None = None


GRANTED = Verdict()


def enforce(
    session: Session,
    network: Network,
    space: Space,
    wanted: Wanted,
    who: Asker,
    *,
    actor: Actor,
    now: datetime,
    leaving: Collection[int] = (),
) -> Verdict:
    """Let a lawful stay pass by the rules that look at who asks; raises the first true refusal.

    No statement for an ordinary place. `leaving` are bookings that give up their old time.
    """
    facts = read_facts(session, network, space, [wanted.span], who, now=now, leaving=leaving)
    return judge(facts, network, space, wanted, who, actor=actor, now=now)


def enforce_moved(
    session: Session,
    network: Network,
    booking: Booking,
    wanted: Wanted,
    proven: Iterable[ProvenProfile],
    *,
    actor: Actor,
    now: datetime,
) -> Verdict:
    """Say what ``enforce`` says of a move; the second person comes along unless one is named."""
    space = network.get_space(wanted.space)
    who = Asker(
        booking.account_id,
        booking.organisation_id,
        in_date(proven, on=space.calendar.local_date(wanted.span.start)),
        wanted.companion,
        booking.companion_id,
    )
    return enforce(session, network, space, wanted, who, actor=actor, now=now, leaving=[booking.id])


def standing(moved: Booking, verdict: Verdict) -> Booking:
    """Give a moved booking its state: the staff are asked anew where it now wants to be."""
    if moved.stored_state not in (BookingState.REQUESTED, BookingState.CONFIRMED):
        return moved
    state = BookingState.REQUESTED if verdict.needs_approval else BookingState.CONFIRMED
    if state is moved.stored_state:
        return moved
    confirmed_at = moved.changed_at if state is BookingState.CONFIRMED else None
    return replace(moved, state=state, stored_state=state, confirmed_at=confirmed_at)


def judge(
    facts: Facts,
    network: Network,
    space: Space,
    wanted: Wanted,
    who: Asker,
    *,
    actor: Actor,
    now: datetime,
) -> Verdict:
    """Say what ``enforce`` says, by facts that were read before."""
    _refuse_unsafe(facts, network, space, wanted, who)
    if wanted.override is not None:
        require_override(actor, space, wanted.override)
        return Verdict(companion_id=_companion(space, facts))
    rules, calendar = space.rules, space.calendar
    refuse_by_person(rules, wanted.span, who.profiles, calendar=calendar, now=now)
    stay = counted_as(space, wanted.span, who)
    refuse_over_quota(rules.quotas, facts.counted, stay, who.profiles, calendar)
    if rules.share is not None:
        refuse_over_share(rules.share, facts.counted, stay, calendar=calendar, now=now)
    return Verdict(needs_approval(space, actor), _companion(space, facts))


def needs_approval(space: Space, actor: Actor) -> bool:
    """Whether the staff must be asked first; who may answer need not ask themselves."""
    here = Subject(site=space.site)
    return space.rules.approval and not allowed(actor, Permission.BOOKING_APPROVE, here)


def require_override(actor: Actor, space: Space, override: Override) -> None:
    """Let staff of the place step over its rules; raises ``NotAllowed`` or ``ReasonMissing``."""
    require(actor, Permission.BOOKING_OVERRIDE, Subject(site=space.site))
    if not override.reason.strip():
        raise ReasonMissing


def _companion(space: Space, facts: Facts) -> AccountId | None:
    return facts.companion_id if space.rules.two_people else None


def _refuse_unsafe(
    facts: Facts, network: Network, space: Space, wanted: Wanted, who: Asker
) -> None:
    """Let pass what is safe, which nobody may override: the crowd, inductions, two together."""
    if facts.loads is not None:
        building = network.building_of(space)
        refuse_crowd(
            facts.loads,
            wanted.span,
            wanted.people,
            building=building.code,
            capacity=building.safe_capacity,
        )
    rules, day = space.rules, space.calendar.local_date(wanted.span.end)
    if rules.induction is None:
        return
    if facts.induced_until is None or facts.induced_until < day:
        raise InductionMissing(rules.induction)
    if rules.two_people and (facts.companion_until is None or facts.companion_until < day):
        raise CompanionMissing(rules.induction, named=who.companion is not None)
