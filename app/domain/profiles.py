"""Tariff profiles: who proved what, until when, and which single one sets the price."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.domain.errors import UnknownProfile

ONE = Decimal(1)


class Profile(StrEnum):
    """Who pays, as the rate card sees them; `small_business` is the base that needs no proof."""

    STUDENT = "student"
    PROJECT_HOLDER = "project_holder"
    STARTUP_UNDER_1 = "startup_under_1"
    STARTUP_UNDER_3 = "startup_under_3"
    STARTUP_UNDER_5 = "startup_under_5"
    ASSOCIATION = "association"
    PARTNER = "partner"
    RESIDENT = "resident"
    INHABITANT = "inhabitant"
    SMALL_BUSINESS = "small_business"
    LARGE_COMPANY = "large_company"


BASE = Profile.SMALL_BUSINESS
_ORDER = {profile: place for place, profile in enumerate(Profile)}


@dataclass(frozen=True, slots=True)
class ProvenProfile:
    """A profile that staff accepted a proof of, for these days (both included)."""

    profile: Profile
    valid_from: date
    valid_until: date

    def is_valid(self, on: date) -> bool:
        """Whether the proof counts on that day."""
        return self.valid_from <= on <= self.valid_until


def in_date(proven: Iterable[ProvenProfile], *, on: date) -> frozenset[Profile]:
    """Give the profiles whose proof counts on that day."""
    return frozenset(each.profile for each in proven if each.is_valid(on))


def proof_of(
    profile: Profile, proven: Iterable[ProvenProfile], *, on: date
) -> ProvenProfile | None:
    """Give the proof of a profile that counts on that day and lasts longest, if there is one.

    A profile taken as if it were proven for ever, as simulations do, has none.
    """
    proofs = [
        each
        for each in proven
        if each.profile is profile and each.is_valid(on) and each.valid_until < date.max
    ]
    return max(proofs, key=lambda each: (each.valid_until, each.valid_from), default=None)


def lowest(profiles: Iterable[Profile], factors: Mapping[Profile, Decimal]) -> Profile:
    """Choose the one profile that counts: the lowest factor; large companies get no other.

    A profile must be strictly lower than the base to replace it; of equal ones the first in
    the order of `Profile` counts, so that the answer never depends on how they were listed.
    """
    held = frozenset(profiles)
    if Profile.LARGE_COMPANY in held:
        return Profile.LARGE_COMPANY
    best = BASE
    best_place = (factors.get(BASE, ONE), -1)
    for profile in held:
        place = (factors.get(profile, ONE), _ORDER[profile])
        if place < best_place:
            best, best_place = profile, place
    return best


def profile_from(name: str) -> Profile:
    """Read a profile by its public name; raises UnknownProfile."""
    try:
        return Profile(name)
    except ValueError as error:
        raise UnknownProfile(name) from error
