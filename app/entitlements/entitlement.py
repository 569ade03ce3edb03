"""A right as a value: whose it is, what it is good for, what is left of it, and its entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.entitlements import EntryKind, Source
from app.domain.ids import AccountId, EntitlementId, OrganisationId
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from app.domain.money import Money
from app.domain.permissions import Subject
from app.domain.tariffs import Family, Quote, RightKind
from app.spaces.network import Site


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose a right is: a person's own, one an organisation pays for them, or all its members'."""

    account_id: AccountId | None = None
    organisation_id: OrganisationId | None = None


@dataclass(frozen=True, slots=True)
class Honours:
    """What a right is good for; `roaming` is owed per visit where another operator honours it."""

    families: frozenset[Family]
    kinds: frozenset[SpaceKind] = frozenset()
    product: str | None = None
    roaming: int | None = None


@dataclass(frozen=True, slots=True)
class Entitlement:
    """A right and what is left of it."""

    id: EntitlementId
    holder: Holder
    site: Site
    parent_id: EntitlementId | None
    kind: RightKind
    product: str | None
    honours: Honours
    resident: bool
    valid_from: date
    valid_until: date
    balance: int
    source: Source
    quote: Quote | None
    gross: Money
    created_at: datetime

    @property
    def subject(self) -> Subject:
        """Whose it is and where it was sold, for the table of permissions."""
        return Subject(self.holder.account_id, self.site.code, self.holder.organisation_id)

    @property
    def left(self) -> int | None:
        """The units left, or None for what is not counted."""
        return None if self.kind is RightKind.UNLIMITED else self.balance

    def is_usable(self, on: date) -> bool:
        """Whether it counts on that day and something is left of it."""
        return self.balance > 0 and self.valid_from <= on <= self.valid_until


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement of a right; `actor` is None for what the house did by itself."""

    id: int
    entitlement_id: EntitlementId
    kind: EntryKind
    amount: int
    at: datetime
    actor: str | None
    reason: str
    booking_id: int | None
    undone: bool
    site: Site | None
    span: Span | None
