"""« Mon tarif »: which profile sets a payer's price on a day, and what would lower it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from app.domain.profiles import BASE, ONE, Profile, ProvenProfile, in_date, lowest, proof_of
from app.domain.proofs import KIND_OF, ProofKind, ProofRules, stages
from app.people.queries.grants import GrantedProfile

SOON = timedelta(days=30)
# By family (seats, rooms), what each profile pays of the base price; a profile not named pays it.
Factors = Mapping[str, Mapping[Profile, Decimal]]
FindFactors = Callable[[Session, date], Factors]


@dataclass(frozen=True, slots=True)
class Counting:
    """The profile that sets the price of one family of places, and until when it is proven."""

    family: str
    profile: Profile
    percent: int
    until: date | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A profile that would be lower, with what it pays of the base price by family.

    There are several figures, falling with its age, for a start-up whose creation is not known.
    """

    kind: ProofKind
    percents: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class MyRate:
    """What counts on a day, and what would be lower."""

    counting: tuple[Counting, ...]
    offers: tuple[Offer, ...]
    ending: tuple[GrantedProfile, ...]


def my_rate(
    granted: Sequence[GrantedProfile],
    factors: Factors,
    rules: ProofRules,
    *,
    by_organisation: bool,
    on: date,
    created_on: date | None = None,
) -> MyRate:
    """Work out the rate of whoever was granted these profiles, created on that day if known."""
    proven = [
        ProvenProfile(each.profile, each.valid_from, each.valid_until)
        for each in granted
        if each.is_valid(on)
    ]
    counting = tuple(_counting(family, proven, shares, on) for family, shares in factors.items())
    kinds = [
        kind
        for kind, rule in rules.by_kind.items()
        if (rule.organisations if by_organisation else rule.persons)
    ]
    offers = tuple(_offers(counting, factors, {k: _open(k, created_on, on) for k in kinds}))
    return MyRate(counting, offers, tuple(ending_soon(granted, on)))


def ending_soon(granted: Sequence[GrantedProfile], on: date) -> Iterator[GrantedProfile]:
    """Give what counts on that day and lapses within a month, if the same does not go on."""
    for each in granted:
        if each.is_valid(on) and each.valid_until <= on + SOON and not goes_on(each, granted):
            yield each


def goes_on(ending: GrantedProfile, granted: Sequence[GrantedProfile]) -> bool:
    """Whether the same profile is proven for the day after, too."""
    after = ending.valid_until + timedelta(days=1)
    return any(each.profile is ending.profile and each.is_valid(after) for each in granted)


def _counting(
    family: str, proven: Sequence[ProvenProfile], shares: Mapping[Profile, Decimal], on: date
) -> Counting:
    profile = lowest(in_date(proven, on=on), shares)
    proof = None if profile is BASE else proof_of(profile, proven, on=on)
    until = proof.valid_until if proof else None
    return Counting(family, profile, _percent(shares, profile), until)


def _offers(
    counting: Sequence[Counting],
    factors: Factors,
    kinds: Mapping[ProofKind, Sequence[Profile]],
) -> Iterator[Offer]:
    if any(each.profile is Profile.LARGE_COMPANY for each in counting):
        return  # it excludes all others
    now = {each.family: each.percent for each in counting}
    for kind, profiles in kinds.items():
        percents = {
            family: tuple(sorted({_percent(shares, profile) for profile in profiles}))
            for family, shares in factors.items()
        }
        if any(found and found[0] < now[family] for family, found in percents.items()):
            yield Offer(kind, percents)


def _open(kind: ProofKind, created_on: date | None, on: date) -> list[Profile]:
    """Give what that proof may grant on that day: of a start-up, the stage of its age if known."""
    if kind is ProofKind.STARTUP and created_on is not None:
        return [each.profile for each in stages(created_on, valid_from=on, valid_until=on)]
    return [profile for profile, its in KIND_OF.items() if its is kind]


def _percent(shares: Mapping[Profile, Decimal], profile: Profile) -> int:
    return int((shares.get(profile, ONE) * 100).to_integral_value())
