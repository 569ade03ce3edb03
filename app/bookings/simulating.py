"""What the same stays would cost at each Totem: for anybody, free or taken, nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby

from app.domain.errors import Closed, DomainError, EndBeforeStart
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.domain.opening_hours import local_instant
from app.domain.profiles import ONE, Profile, ProvenProfile
from app.domain.stays import refuse_unlawful
from app.domain.tariffs import Asked, Plan, cheapest_plan
from app.domain.vat_rules import PRIVATE_PERSON, Customer
from app.spaces.network import Site, Space
from app.tariffs.cards import Cards
from app.tariffs.offering import offered_to
from app.tariffs.priced import Priced
from app.tariffs.service import price_for

MOST_DAYS = 31
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is simulated: a kind of place, the same hours on each of these days, and who pays."""

    kind: SpaceKind
    people: int
    days: tuple[date, ...]
    start: time
    end: time
    profile: Profile
    customer: Customer = PRIVATE_PERSON
    fold: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What it comes to at one Totem: a place with its prices day by day, or why there is none.

    `plan` is the cheapest set of packs and months for many days, for one of `times` people;
    `lower` is what it would be with other profiles, those that come to the same together.
    """

    site: Site
    space: Space | None = None
    prices: tuple[Priced, ...] = ()
    plan: Plan | None = None
    times: int = 1
    lower: tuple[tuple[tuple[Profile, ...], Plan], ...] = ()
    shut: tuple[date, ...] = ()
    refusal: DomainError | None = None


def days_between(first: date, last: date, weekdays: frozenset[int]) -> tuple[date, ...]:
    """Give the days from first to last that fall on these days of the week; all for none."""
    count = (last - first).days + 1
    days = (first + ONE_DAY * number for number in range(count))
    return tuple(day for day in days if not weekdays or day.weekday() in weekdays)


def simulate(sites: Sequence[Site], cards: Cards, wish: Wish, *, now: datetime) -> list[Result]:
    """Price the wish at each of these Totems, in their order."""
    return [_at(site, cards, wish, now) for site in sites]


def _at(site: Site, cards: Cards, wish: Wish, now: datetime) -> Result:
    """Take the place of that kind that comes cheapest, the smallest of those that cost the same."""
    places = [space for space in site.spaces if space.bookable and space.kind is wish.kind]
    found: list[Result] = []
    refused: list[DomainError] = []
    for space in sorted(places, key=lambda space: (space.capacity, space.code)):
        try:
            found.append(_in(site, space, cards, wish, now))
        except DomainError as refusal:
            refused.append(refusal)
    if found:
        best = min(found, key=_net)
        return _planned(best) if len(wish.days) > 1 else best
    return Result(site, refusal=refused[-1] if refused else None)


def _in(site: Site, space: Space, cards: Cards, wish: Wish, now: datetime) -> Result:
    """Price every day on which the place is open; raises the first refusal when it never is."""
    prices: list[Priced] = []
    shut: list[date] = []
    first: DomainError | None = None
    for day in wish.days:
        try:
            prices.append(_day(space, cards, wish, day, now))
        except Closed as refusal:
            shut.append(day)
            first = first or refusal
    if not prices and first is not None:
        raise first
    return Result(site, space, tuple(prices), shut=tuple(shut))


def _day(space: Space, cards: Cards, wish: Wish, day: date, now: datetime) -> Priced:
    span = _span(space, wish, day)
    refuse_unlawful(
        span,
        wish.people,
        capacity=space.capacity,
        limits=space.limits,
        calendar=space.calendar,
        now=now,
    )
    return price_for(
        cards,
        space,
        span,
        wish.people,
        [ProvenProfile(wish.profile, date.min, date.max)],
        booked_on=space.calendar.local_date(now),
        customer=wish.customer,
    )


def _span(space: Space, wish: Wish, day: date) -> Span:
    zone = space.calendar.zone
    start = local_instant(day, wish.start, zone, fold=wish.fold)
    end = local_instant(day, wish.end, zone, fold=wish.fold)
    if end <= start:
        raise EndBeforeStart(start, end)
    return Span(start, end)


def _net(result: Result) -> tuple[int, int]:
    """Order the places of a Totem: those open on most days, then the cheapest."""
    return len(result.shut), sum(one.quote.net.minor for one in result.prices)


def _planned(result: Result) -> Result:
    """Plan for one person where each pays for themselves, else for the place."""
    one = result.prices[0]
    asked = one.asked
    row = one.card.row_for(asked.kind, asked.capacity, asked.row)
    times = asked.people if row.per_person else 1
    people = 1 if row.per_person else asked.people
    stays = [replace(each.asked, people=people) for each in result.prices]
    plan = cheapest_plan(one.card, stays, one.calendar)
    lower = tuple(
        (profiles, cheaper)
        for profiles in _lower_profiles(one)
        if (cheaper := _with(profiles[0], one, stays)).net < plan.net
    )
    return replace(result, plan=plan, times=times, lower=lower)


def _with(profile: Profile, one: Priced, stays: Sequence[Asked]) -> Plan:
    proven = [replace(stay, profiles=stay.profiles | {profile}) for stay in stays]
    return cheapest_plan(one.card, proven, one.calendar)


def _lower_profiles(one: Priced) -> list[tuple[Profile, ...]]:
    """Give the profiles of a lower share than the one that counts, lowest first, equals together.

    A large company has no other; an organisation is told of those it can have.
    """
    row = one.card.row_for(one.asked.kind, one.asked.capacity, one.asked.row)
    shares = one.card.families[row.family].profiles
    now = shares.get(one.quote.profile, ONE)
    offered = offered_to(one.asked.customer.kind)
    lower = [each for each in Profile if each in offered and shares.get(each, ONE) < now]
    if one.quote.profile is Profile.LARGE_COMPANY or row.family in one.card.free:
        return []
    groups = groupby(sorted(lower, key=shares.__getitem__), key=shares.__getitem__)
    return [tuple(group) for _share, group in groups]
