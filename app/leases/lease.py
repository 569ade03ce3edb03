"""A lease as a value: what was agreed, what became of it, and how its rent is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from app.domain.ids import OrganisationId
from app.domain.indices import IndexSeries, Quarter
from app.domain.json_values import JsonObject
from app.domain.lease_states import BINDING, STANDING, LeaseState
from app.domain.money import Money
from app.domain.rent_schedules import schedule
from app.domain.rents import MonthDue, RentTerms, Revised, annual_on
from app.domain.titles import INVENTORIED, Due, Tenure, Title, alarms
from app.domain.vat_rules import VatCode
from app.spaces.network import Site, Space

NOTHING = Money(0)


class Condition(StrEnum):
    """How a thing of an office was found."""

    GOOD = "good"
    WORN = "worn"
    DAMAGED = "damaged"
    MISSING = "missing"


class Way(StrEnum):
    """Which end of a lease an inventory belongs to."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of an office; `kept` is what damages take from the deposit, at exit."""

    name: str
    condition: Condition
    note: str = ""
    kept: Money = NOTHING


@dataclass(frozen=True, slots=True)
class Inventory:
    """The state of an office as both sides found it."""

    way: Way
    done_on: date
    keys: int
    items: tuple[Item, ...] = ()
    note: str = ""

    @property
    def kept(self) -> list[Money]:
        """What is kept from the deposit, item by item."""
        return [item.kept for item in self.items]


@dataclass(frozen=True, slots=True)
class Revision:
    """A year's rent from an anniversary on, with the values that made it."""

    id: int
    effective_on: date
    series: IndexSeries
    base: Quarter
    base_value: Decimal | None
    new_value: Decimal | None
    before: Money
    after: Money | None
    made_on: date
    settled_on: date | None

    @property
    def new(self) -> Quarter:
        """The quarter whose value makes the new rent: the same, a year later."""
        return self.base.years_later(1)

    @property
    def is_final(self) -> bool:
        """Whether the value was known."""
        return self.after is not None

    @property
    def revised(self) -> Revised:
        """The same as the rules of rent take it."""
        return Revised(self.effective_on, self.before, self.after, self.settled_on)


@dataclass(frozen=True, slots=True)
class Tenant:
    """The organisation that has the office."""

    id: OrganisationId
    name: str
    siren: str | None = None


@dataclass(frozen=True, slots=True)
class Clauses:
    """What a lease says beside its rent."""

    title: Title
    motive: str
    call_reference: str
    services: str
    deposit: Money
    vat_code: VatCode
    series: IndexSeries
    base: Quarter


@dataclass(frozen=True, slots=True)
class Lease:
    """A title of occupation of one office by one organisation."""

    id: int
    ref: str
    state: LeaseState
    tenant: Tenant
    site: Site
    space: Space
    terms: RentTerms
    clauses: Clauses
    offered_on: date | None
    signed_on: date | None
    signatory: str
    left_on: date | None
    deposit_returned_on: date | None
    revisions: tuple[Revision, ...] = ()
    inventories: tuple[Inventory, ...] = ()

    @property
    def title(self) -> Title:
        """By virtue of what the office is occupied."""
        return self.clauses.title

    @property
    def binds(self) -> bool:
        """Whether it was signed."""
        return self.state in BINDING

    @property
    def stands(self) -> bool:
        """Whether the tenant has the office, or is about to."""
        return self.state in STANDING

    @property
    def needs_inventory(self) -> bool:
        """Whether the law wants the state of the office recorded at both ends."""
        return self.title in INVENTORIED

    @property
    def tenure(self) -> Tenure:
        """The days by this title: to the exit, when it came earlier."""
        last = self.terms.last_day
        return Tenure(self.title, self.terms.first_day, min(self.left_on or last, last))

    def inventory(self, way: Way) -> Inventory | None:
        """Give what was recorded at entry or at exit, if it was."""
        return next((each for each in self.inventories if each.way is way), None)

    def schedule(self, today: date | None = None) -> tuple[MonthDue, ...]:
        """Give what is due month by month, as far as it is known.

        Who is still there today, after the last day, owes an indemnity for the days since.
        """
        revisions = [revision.revised for revision in self.revisions]
        left_on = self.left_on
        if today is not None and today > self.terms.last_day and self.state is LeaseState.ENTERED:
            left_on = today
        return schedule(self.terms, revisions, left_on=left_on)

    def annual_on(self, day: date) -> Money:
        """Give the year's rent that counts on a day, before the stage."""
        return annual_on(self.terms, [revision.revised for revision in self.revisions], day)

    def alarms(self, today: date) -> tuple[Due, ...]:
        """Give the alarms that ring today, the most pressing first."""
        return alarms(
            Tenure(self.title, self.terms.first_day, self.terms.last_day),
            has_services=bool(self.terms.services.minor or self.clauses.services.strip()),
            is_present=self.stands,
            today=today,
        )


@dataclass(frozen=True, slots=True)
class LogLine:
    """One thing done to a lease."""

    at: datetime
    by: str | None
    action: str
    facts: JsonObject
