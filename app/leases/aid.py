"""State aid as values: entries of the ledger, declarations, and companies that belong together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.aid import Received
from app.domain.ids import OrganisationId, SiteId
from app.domain.json_values import JsonObject
from app.domain.money import Money

KEPT_YEARS = 10  # after the last aid: Regulation (EU) 2023/2831, art. 6


class AidSource(StrEnum):
    """What the aid came with."""

    LEASE = "lease"
    REBATES = "rebates"


@dataclass(frozen=True, slots=True)
class AidEntry:
    """One line of the ledger; `reversed_by` is the line that took it back, if one did."""

    id: int
    organisation_id: OrganisationId
    organisation: str
    siren: str | None
    site_id: SiteId
    site: str
    granted_on: date
    amount: Money
    nominal: Money
    source: AidSource
    reference: str
    granter: str
    regulation: str
    nace: str
    basis: JsonObject
    reason: str
    reverses_id: int | None
    reversed_by: int | None
    recorded_at: datetime
    recorder: str | None

    @property
    def number(self) -> str:
        """The unique number of this aid, as the national register wants one."""
        return aid_number(self.id)

    @property
    def stands(self) -> bool:
        """Whether it counts: neither a reversal nor reversed."""
        return self.reverses_id is None and self.reversed_by is None

    @property
    def received(self) -> Received:
        """The same as the rules count it."""
        return Received(self.granted_on, self.amount)


@dataclass(frozen=True, slots=True)
class Declared:
    """One aid from elsewhere."""

    received_on: date
    granter: str
    regulation: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an undertaking declared on a day, whole."""

    organisation_id: int
    declared_on: date
    is_economic: bool
    legal_form: str
    nace: str
    companies: str
    signatory: str
    aids: tuple[Declared, ...] = ()


@dataclass(frozen=True, slots=True)
class CompanyLink:
    """Two organisations that are one undertaking."""

    id: int
    one_id: OrganisationId
    one: str
    other_id: OrganisationId
    other: str
    reason: str


def aid_number(entry_id: int) -> str:
    """Write the number of an entry."""
    return f"TOTEM-{entry_id:06d}"
