"""Proofs of a tariff profile: what may be asked for, how long it counts, and a company's age."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import CompanyTooOld
from app.domain.months import ONE_DAY, add_months
from app.domain.profiles import Profile, ProvenProfile

FEBRUARY = 2


class ProofKind(StrEnum):
    """What somebody may ask for by a document; the stage of a start-up follows from its age."""

    STUDENT = "student"
    PROJECT_HOLDER = "project_holder"
    STARTUP = "startup"
    ASSOCIATION = "association"
    PARTNER = "partner"
    INHABITANT = "inhabitant"


class ProofState(StrEnum):
    """Where a request stands."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


# A start-up is one stage until that many years after its creation, then the next.
STAGES: tuple[tuple[int, Profile], ...] = (
    (1, Profile.STARTUP_UNDER_1),
    (3, Profile.STARTUP_UNDER_3),
    (5, Profile.STARTUP_UNDER_5),
)
OLDEST_STARTUP = STAGES[-1][0]
KIND_OF: Mapping[Profile, ProofKind] = {
    **{Profile(kind.value): kind for kind in ProofKind if kind is not ProofKind.STARTUP},
    **{profile: ProofKind.STARTUP for _, profile in STAGES},
}


@dataclass(frozen=True, slots=True)
class ProofRule:
    """How long a proof counts, and who may hold it.

    Either up to a day of the year (`ends_on`, month and day; asked from `turns_on` on, that day
    of the next year), or for a number of months. A start-up's ends with its age at the latest.
    """

    months: int = 12
    ends_on: tuple[int, int] | None = None
    turns_on: tuple[int, int] = (1, 1)
    persons: bool = True
    organisations: bool = True

    def proposed_until(self, asked_on: date) -> date:
        """The last day that staff are offered for a proof shown on that day."""
        if self.ends_on is None:
            return add_months(asked_on, self.months) - ONE_DAY
        year = asked_on.year + ((asked_on.month, asked_on.day) >= self.turns_on)
        return date(year, *self.ends_on)


@dataclass(frozen=True, slots=True)
class ProofRules:
    """The rules of every kind, and for how many months documents are kept."""

    by_kind: Mapping[ProofKind, ProofRule]
    kept_undecided: int
    kept_accepted: int
    kept_refused: int

    def open_to(self, *, organisation: bool) -> frozenset[Profile]:
        """Give the profiles an organisation or a person may have; some need no proof at all."""
        return frozenset(
            profile
            for profile in Profile
            if (kind := KIND_OF.get(profile)) is None
            or (
                (rule := self.by_kind.get(kind)) is not None
                and (rule.organisations if organisation else rule.persons)
            )
        )

    def kept_months(self, state: ProofState) -> int:
        """For how many months a document is kept once its request stands so."""
        return {
            ProofState.PENDING: self.kept_undecided,
            ProofState.ACCEPTED: self.kept_accepted,
            ProofState.REFUSED: self.kept_refused,
            ProofState.WITHDRAWN: 0,
        }[state]


def anniversary(created_on: date, years: int) -> date:
    """The day a company turns that many years old; born on 29 February, on 1 March."""
    if (created_on.month, created_on.day) == (FEBRUARY, 29) and not _is_leap(
        created_on.year + years
    ):
        return date(created_on.year + years, 3, 1)
    return created_on.replace(year=created_on.year + years)


def stages(created_on: date, *, valid_from: date, valid_until: date) -> Iterator[ProvenProfile]:
    """Give the stages a start-up goes through on those days, each for its own days.

    So a stay after an anniversary is priced by the next stage, whenever it was booked.
    """
    begins = created_on
    for years, profile in STAGES:
        ends = anniversary(created_on, years)
        first, last = max(begins, valid_from), min(ends - ONE_DAY, valid_until)
        if first <= last:
            yield ProvenProfile(profile, first, last)
        begins = ends


def profiles_proven(
    kind: ProofKind, *, valid_from: date, valid_until: date, created_on: date | None = None
) -> tuple[ProvenProfile, ...]:
    """Give what an accepted proof grants: one profile, or the stages of a start-up.

    Raises CompanyTooOld for a start-up that is none on any of those days.
    """
    if kind is not ProofKind.STARTUP:
        return (ProvenProfile(Profile(kind.value), valid_from, valid_until),)
    if created_on is None:
        raise CompanyTooOld(OLDEST_STARTUP)
    found = tuple(stages(created_on, valid_from=valid_from, valid_until=valid_until))
    if not found:
        raise CompanyTooOld(OLDEST_STARTUP)
    return found


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
