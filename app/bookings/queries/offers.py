"""What can be had, for how much: quotes, free places for a stay, and the ways out of a clash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from app.bookings.booking import Booking, Wanted
from app.bookings.queries.rights import proven_with
from app.domain.booking_rules import Wish, refuse_by_person, refuse_by_place
from app.domain.errors import (
    BeyondHorizon,
    Closed,
    DomainError,
    NoPrice,
    NoRateCard,
    NotBookable,
    NoticeTooShort,
    OffStep,
    OverCapacity,
    TooLong,
    TooShort,
)
from app.domain.ids import AccountId
from app.domain.intervals import Span
from app.domain.profiles import Profile, ProvenProfile, in_date
from app.domain.tariffs import Quote, Right
from app.domain.vat_rules import PRIVATE_PERSON, Customer
from app.entitlements import queries as rights
from app.entitlements.queries import Use
from app.spaces import queries as spaces
from app.spaces.network import Network, Space
from app.tariffs.cards import Cards
from app.tariffs.priced import Priced
from app.tariffs.service import price_for

# Whose price: that of an account's payer, of the payer of a booking to be changed, of a profile as
# if it were proven, or the base.
Whose = AccountId | Booking | Profile | None


class Way(StrEnum):
    """In which way an alternative is near to what was wanted."""

    LATER = "later"
    SIMILAR = "similar"
    JOINED = "joined"
    ELSEWHERE = "elsewhere"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for: when, how many, and what the place must be or have.

    Of places that fit as well at the same price those of the Totem ``near`` come first.
    """

    span: Span
    people: int = 1
    site: str | None = None
    kind: str | None = None
    equipment: tuple[str, ...] = ()
    accessible: bool = False
    hearing_loop: bool = False
    setup: str | None = None
    near: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A place that is free for the stay, with its price."""

    space: Space
    span: Span
    price: Priced
    free_units: int

    @property
    def quote(self) -> Quote:
        """The price alone."""
        return self.price.quote


@dataclass(frozen=True, slots=True)
class Alternative:
    """Something near to what was wanted that is free, with its price."""

    way: Way
    space: Space
    span: Span
    quote: Quote


def lawful_space(network: Network, wanted: Wanted, *, now: datetime) -> Space:
    """Give the place of a wish the house may grant, free or not; raises the first refusal."""
    space = network.get_space(wanted.space)
    if not space.bookable:
        raise NotBookable(space.code)
    wish = Wish(wanted.span, wanted.people, wanted.setup)
    refuse_by_rules(space, wish, now, lenient=wanted.override is not None)
    return space


def price_of(
    session: Session,
    network: Network,
    cards: Cards,
    wanted: Wanted,
    whose: Whose,
    *,
    now: datetime,
) -> Priced:
    """Give the price of a lawful wish; raises the refusal of an unlawful one."""
    space = lawful_space(network, wanted, now=now)
    paying = paying_of(session, network, whose, space, wanted.span)
    if whose is not None and not isinstance(whose, Profile) and wanted.override is None:
        day = space.calendar.local_date(wanted.span.start)
        profiles = in_date(paying.profiles, on=day)
        refuse_by_person(space.rules, wanted.span, profiles, calendar=space.calendar, now=now)
    return _priced(cards, space, wanted.span, wanted.people, paying, now)


def offers(
    session: Session,
    network: Network,
    cards: Cards,
    search: Search,
    whose: Whose,
    *,
    now: datetime,
) -> list[Offer]:
    """Give the places free for that stay, best first, each with its price.

    Raises what makes the stay impossible everywhere: the past, the horizon, an absurd length.
    """
    matching = spaces.search_spaces(network, criteria_of(network, search, people=search.people))
    lawful = _lawful(matching, search, now)
    if not lawful:
        return []
    paying = paying_of(session, network, whose, lawful[0], search.span)
    found = spaces.find_free(session, lawful, search.span, search.people, now)
    priced = [
        Offer(free.space, search.span, price, free.free_units)
        for free in found
        if (price := find_price(cards, free.space, search.span, search.people, paying, now))
    ]
    return sorted(priced, key=lambda offer: rank(offer, search))


def alternatives_for(
    session: Session,
    network: Network,
    cards: Cards,
    wanted: Wanted,
    whose: Whose,
    *,
    now: datetime,
) -> list[Alternative]:
    """Give what is near to a wish that cannot be granted: later, similar, or elsewhere."""
    space = network.get_space(wanted.space)
    paying = paying_of(session, network, whose, space, wanted.span)
    near = spaces.alternatives(session, network, space, wanted.span, wanted.people, now)
    found = [
        *((Way.LATER, space, span) for span in near.later),
        *((Way.EARLIER, space, span) for span in near.earlier),
        *((Way.SIMILAR, similar, wanted.span) for similar in near.similar),
        *((Way.JOINED, joined, wanted.span) for joined in near.joined),
        *((Way.ELSEWHERE, elsewhere, wanted.span) for elsewhere in near.elsewhere),
    ]
    return [
        Alternative(way, place, span, price.quote)
        for way, place, span in found
        if (price := find_price(cards, place, span, wanted.people, paying, now))
    ]


@dataclass(frozen=True, slots=True)
class Paying:
    """What sets a price, and the rights that may be used up instead."""

    profiles: tuple[ProvenProfile, ...] = ()
    customer: Customer = PRIVATE_PERSON
    rights: tuple[Right, ...] = ()


def paying_of(session: Session, network: Network, whose: Whose, space: Space, span: Span) -> Paying:
    """Give what sets the price on the day of a lawful stay."""
    if whose is None:
        return Paying()
    if isinstance(whose, Profile):
        return Paying((ProvenProfile(whose, date.min, date.max),))
    day = space.calendar.local_date(span.start)
    if isinstance(whose, Booking):
        use = Use(whose.account_id, whose.organisation_id, day, span, whose.id)
        paying, has_rights = rights.paying(session, use.account_id, use.organisation_id, on=day)
        wanted = has_rights or whose.quote.spent
        usable = rights.usable_rights(session, network, use) if wanted else rights.NO_RIGHTS
        return Paying(proven_with(paying, usable), paying.customer, usable.rights)
    payer, has_rights = rights.payer(session, whose, on=day)
    if not has_rights:
        return Paying(payer.profiles, payer.customer)
    use = Use(whose, payer.organisation_id, day, span)
    usable = rights.usable_rights(session, network, use)
    return Paying((*payer.profiles, *usable.residence), payer.customer, usable.rights)


def rank(offer: Offer, search: Search) -> tuple[int, int, bool, datetime, str]:
    """Order offers: fewest chairs to spare, cheapest, nearest, soonest, and at last by code."""
    space = offer.space
    spare = 0 if space.is_pooled else space.capacity - search.people
    is_far = search.near is not None and space.site != search.near
    return spare, offer.quote.gross.minor, is_far, offer.span.start, space.code


def criteria_of(network: Network, search: Search, *, people: int | None) -> spaces.Wanted:
    """Give what the place must be or have; raises ``UnknownSite``."""
    if search.site is not None:
        network.get_site(search.site)
    return spaces.Wanted(
        site=search.site,
        kind=search.kind,
        people=people,
        equipment=search.equipment,
        accessible=search.accessible,
        hearing_loop=search.hearing_loop,
        setup=search.setup,
    )


def _lawful(candidates: Iterable[Space], search: Search, now: datetime) -> list[Space]:
    """Keep the places whose own rules allow the stay; raises why when it fits none.

    Where some are merely shut or too small then, nothing is raised: there is a better answer.
    """
    lawful: list[Space] = []
    odd: list[DomainError] = []
    is_shut = False
    for space in candidates:
        if not space.bookable:
            continue
        try:
            refuse_by_rules(space, Wish(search.span, search.people, search.setup), now)
        except OverCapacity:
            continue
        except Closed:
            is_shut = True
        except (BeyondHorizon, NoticeTooShort, TooLong, TooShort, OffStep) as refusal:
            odd.append(refusal)
        else:
            lawful.append(space)
    if odd and not lawful:
        raise_first(odd, is_shut=is_shut)
    return lawful


def raise_first(odd: Iterable[DomainError], *, is_shut: bool) -> None:
    """Raise what is odd about the stay itself; what single places ask, only if none is shut."""
    of_place = (BeyondHorizon, NoticeTooShort)
    for refusal in sorted(odd, key=lambda each: isinstance(each, of_place)):
        if not (is_shut and isinstance(refusal, of_place)):
            raise refusal


def refuse_by_rules(space: Space, wish: Wish, now: datetime, *, lenient: bool = False) -> None:
    """Let a stay pass by the rules of the place itself; raises the first refusal."""
    refuse_by_place(
        space.rules,
        wish,
        capacity=space.capacity,
        calendar=space.calendar,
        now=now,
        lenient=lenient,
    )


def is_lawful(space: Space, wish: Wish, now: datetime) -> bool:
    """Whether the rules of the place itself let a stay pass."""
    try:
        refuse_by_rules(space, wish, now)
    except DomainError:
        return False
    return True


def find_price(
    cards: Cards,
    space: Space,
    span: Span,
    people_count: int,
    paying: Paying,
    now: datetime,
) -> Priced | None:
    """Price a stay; None where the card sells no such thing."""
    try:
        return _priced(cards, space, span, people_count, paying, now)
    except (NoPrice, NoRateCard):
        return None


def _priced(
    cards: Cards,
    space: Space,
    span: Span,
    people_count: int,
    paying: Paying,
    now: datetime,
) -> Priced:
    return price_for(
        cards,
        space,
        span,
        people_count,
        paying.profiles,
        booked_on=space.calendar.local_date(now),
        customer=paying.customer,
        rights=paying.rights,
    )
