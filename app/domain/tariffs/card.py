"""A site's rate card in force: rows of prices, factors by family, and what follows from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import lcm

from app.domain.absences import NO_STRIKES, StrikeRule
from app.domain.cancellation import FREE_UNTIL_START, Terms
from app.domain.errors import NoPrice, UnknownProduct
from app.domain.json_values import JsonObject
from app.domain.kinds import SpaceKind
from app.domain.money import EURO
from app.domain.profiles import BASE, ONE, Profile, lowest
from app.domain.tariffs.coefficient import FORMULA_OF_2026, CoefficientFormula
from app.domain.tariffs.families import Family
from app.domain.tariffs.rights import Gift
from app.domain.vat_rules import LEGAL_RATES, VatRule, VatSeries


class TimeReason(StrEnum):
    """Why a price is higher at that time; exactly one applies."""

    PLAIN = "plain"
    LATE = "late"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class FamilyRules:
    """Its tax, and which factors a family knows; a profile not named counts 1."""

    vat: VatRule
    site_coefficient: bool = False
    profiles: Mapping[Profile, Decimal] = field(default_factory=dict)
    terms: Terms | None = None  # of cancelling, where they differ from those of the card


@dataclass(frozen=True, slots=True)
class Row:
    """The prices of one line of the card, in cents; None is not sold."""

    name: str
    family: Family
    kinds: frozenset[SpaceKind]
    capacity: int | None = None
    per_person: bool = False
    hour: int | None = None
    half_day: int | None = None
    day: int | None = None
    evening: int | None = None
    vat: VatRule | None = None  # its own, where it differs from that of its family


@dataclass(frozen=True, slots=True)
class Product:
    """Something sold by the piece, the month or the pack: its price is base times factor.

    `gives` is what its buyer may use up afterwards; `resident` makes them residents meanwhile, and
    `roaming` is what is owed per visit to an operator that honours it for another, in cents.
    """

    name: str
    family: Family
    base: int
    unit: str
    factor: Decimal = ONE
    vat: VatRule | None = None
    gives: tuple[Gift, ...] = ()
    resident: bool = False
    roaming: int | None = None


@dataclass(frozen=True)  # no slots: what follows from the fields is worked out once and kept
class TimeRules:
    """Where half-days, days and evenings end, on the wall clock, and what late hours cost."""

    half_day_minutes: int
    day_ends: int
    evening_ends: int
    late_from: int
    late: Decimal
    saturday: Decimal
    sunday: Decimal

    @cached_property
    def factors(self) -> Mapping[TimeReason, Decimal]:
        """The factor of each reason."""
        return {
            TimeReason.PLAIN: ONE,
            TimeReason.LATE: self.late,
            TimeReason.SATURDAY: self.saturday,
            TimeReason.SUNDAY: self.sunday,
            TimeReason.HOLIDAY: self.sunday,
        }

    @cached_property
    def weights(self) -> Mapping[TimeReason, int]:
        """The same factors as whole numbers in proportion, to compare prices exactly and fast."""
        ratios = {reason: Fraction(factor) for reason, factor in self.factors.items()}
        scale = lcm(*(ratio.denominator for ratio in ratios.values()))
        return {reason: int(ratio * scale) for reason, ratio in ratios.items()}


@dataclass(frozen=True, slots=True)
class OfficeRules:
    """How office rents climb to the reference rent, and the charges per m² and month in cents."""

    charges_per_m2: int
    stages: tuple[tuple[int, Decimal], ...]

    def share_in(self, month: int) -> Decimal | None:
        """The share of the rent paid in that month of the tenancy (1 is the first), or None."""
        for months, share in self.stages:
            if month <= months:
                return share
            month -= months
        return None


@dataclass(frozen=True, slots=True)
class Factors:
    """All factors of a line in one exact ratio, and the same in words for its facts."""

    upper: int
    lower: int
    facts: JsonObject


@dataclass(frozen=True)  # no slots: what follows from the fields is worked out once and kept
class RateCard:
    """What a site asks, from a day on, by virtue of a deliberation."""

    version: int
    effective_on: date
    deliberation: str
    coefficient: Decimal
    reason: str | None
    reference_rent: int | None
    free: frozenset[Family]
    time: TimeRules
    families: Mapping[Family, FamilyRules]
    rows: Mapping[str, Row]
    products: Mapping[str, Product]
    offices: OfficeRules | None
    currency: str = EURO
    rates: VatSeries = LEGAL_RATES
    rent_source: str | None = None
    rent_dated: date | None = None
    formula: CoefficientFormula = FORMULA_OF_2026
    terms: Terms = FREE_UNTIL_START
    strikes: StrikeRule = NO_STRIKES

    def row_for(self, kind: SpaceKind, capacity: int, name: str | None = None) -> Row:
        """The row a place is priced by: its named one, else that of its kind with the nearest
        capacity at or above its own; raises NoPrice."""
        if name is not None:
            if name in self.rows:
                return self.rows[name]
            raise NoPrice(kind, capacity)
        for row in self._rows_by_kind[kind]:
            if row.capacity is None or row.capacity >= capacity:
                return row
        raise NoPrice(kind, capacity)

    def product(self, name: str) -> Product:
        """The product of that name; raises UnknownProduct."""
        if name not in self.products:
            raise UnknownProduct(name)
        return self.products[name]

    def vat_of(self, sold: Row | Product) -> VatRule:
        """The tax of what is sold: its own, or that of its family."""
        return sold.vat or self.families[sold.family].vat

    def terms_of(self, family: Family) -> Terms:
        """The terms of giving up what is sold of that family: its own, or those of the card."""
        return self.families[family].terms or self.terms

    def profile_for(self, family: Family, profiles: Iterable[Profile]) -> Profile:
        """The one profile that sets the price of that family, of those proven and in date."""
        return lowest(profiles, self.families[family].profiles) if profiles else BASE

    def factors(self, family: Family, profile: Profile, reason: TimeReason) -> Factors:
        """Site, profile and time in one ratio, for a line."""
        return self._factors[family, profile, reason]

    @cached_property
    def _rows_by_kind(self) -> Mapping[SpaceKind, tuple[Row, ...]]:
        rows = sorted(self.rows.values(), key=_nearest_capacity)
        return {kind: tuple(row for row in rows if kind in row.kinds) for kind in SpaceKind}

    @cached_property
    def _factors(self) -> Mapping[tuple[Family, Profile, TimeReason], Factors]:
        return {
            (family, profile, reason): self._factors_of(rules, profile, reason)
            for family, rules in self.families.items()
            for profile in Profile
            for reason in TimeReason
        }

    def _factors_of(self, rules: FamilyRules, profile: Profile, reason: TimeReason) -> Factors:
        site = self.coefficient if rules.site_coefficient else ONE
        share = rules.profiles.get(profile, ONE)
        extra = self.time.factors[reason]
        ratio = Fraction(site) * Fraction(share) * Fraction(extra)
        facts: JsonObject = {
            "site_factor": str(site),
            "profile": profile.value,
            "profile_factor": str(share),
            "time": reason.value,
            "time_factor": str(extra),
        }
        return Factors(ratio.numerator, ratio.denominator, facts)


def _nearest_capacity(row: Row) -> tuple[bool, int, str]:
    return row.capacity is None, row.capacity or 0, row.name
