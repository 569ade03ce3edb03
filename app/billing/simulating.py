"""What bookings of the past would have cost under other cards, compared in the same cents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.domain.errors import NoPrice
from app.domain.ids import SiteCode
from app.domain.intervals import Span
from app.domain.profiles import Profile
from app.domain.tariffs import Asked, Family, LineCode, Quote, RateCard, quote
from app.spaces.network import Space

MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class PastStay:
    """A stay that took place or was kept free for somebody, with the price frozen on it."""

    ref: str
    space: Space
    span: Span
    people: int
    profiles: frozenset[Profile]
    priced: Quote

    @property
    def used_rights(self) -> bool:
        """Whether a pack, a month or a credit paid part of it: then its price says nothing."""
        return any(line.code is LineCode.RIGHT for line in self.priced.lines) or bool(
            self.priced.spent
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """One stay: what it cost before tax, and what it would have; None is not sold any more."""

    stay: PastStay
    family: Family | None
    before: int
    after: int | None

    @property
    def difference(self) -> int:
        """How much more it would have cost, in cents before tax."""
        return 0 if self.after is None else self.after - self.before


@dataclass
class Totals:
    """Sums over stays, in cents before tax."""

    count: int = 0
    before: int = 0
    after: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count one more stay."""
        self.count += 1
        self.before += outcome.before
        self.after += outcome.before + outcome.difference

    @property
    def difference(self) -> int:
        """How much more they would have cost."""
        return self.after - self.before


@dataclass
class Simulation:
    """The answer: sums in all, by site, profile and family; who would feel it most."""

    total: Totals = field(default_factory=Totals)
    by_site: dict[SiteCode, Totals] = field(default_factory=dict)
    by_profile: dict[Profile, Totals] = field(default_factory=dict)
    by_family: dict[Family, Totals] = field(default_factory=dict)
    biggest: tuple[Outcome, ...] = ()
    unsold: tuple[Outcome, ...] = ()
    with_rights: int = 0


def simulate(stays: Iterable[PastStay], cards: Mapping[SiteCode, RateCard]) -> Simulation:
    """Price every stay of the sites that have a card, under it, and compare with what it cost."""
    result = Simulation()
    outcomes = []
    for stay in stays:
        card = cards.get(stay.space.site)
        if card is None:
            continue
        if stay.used_rights:
            result.with_rights += 1
            continue
        outcomes.append(_outcome(stay, card))
    for outcome in outcomes:
        _count(result, outcome)
    changed = sorted((each for each in outcomes if each.difference), key=_most_felt)
    result.biggest = tuple(changed[:MOST_TOLD])
    result.unsold = tuple(each for each in outcomes if each.after is None)
    return result


def _outcome(stay: PastStay, card: RateCard) -> Outcome:
    space, before = stay.space, stay.priced.net.minor
    asked = Asked(
        kind=space.kind,
        capacity=space.capacity,
        span=stay.span,
        people=stay.people,
        profiles=stay.profiles,
        row=space.rate,
    )
    try:
        family = card.row_for(space.kind, space.capacity, space.rate).family
    except NoPrice:
        return Outcome(stay, None, before, None)
    try:
        return Outcome(stay, family, before, quote(card, asked, space.calendar).net.minor)
    except NoPrice:
        return Outcome(stay, family, before, None)


def _count(result: Simulation, outcome: Outcome) -> None:
    result.total.add(outcome)
    result.by_site.setdefault(outcome.stay.space.site, Totals()).add(outcome)
    result.by_profile.setdefault(outcome.stay.priced.profile, Totals()).add(outcome)
    if outcome.family is not None:
        result.by_family.setdefault(outcome.family, Totals()).add(outcome)


def _most_felt(outcome: Outcome) -> tuple[int, str]:
    return -abs(outcome.difference), outcome.stay.ref
