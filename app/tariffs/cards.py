"""The cards of all sites as values: in force, announced, published once, and being drafted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.domain.errors import NoRateCard, UnknownCard
from app.domain.ids import AccountId, SiteCode, SiteId
from app.domain.json_values import JsonObject
from app.domain.tariffs import RateCard
from app.domain.vat_rules import LEGAL_RATES, VatRate, VatSeries


@dataclass(frozen=True, slots=True)
class Cards:
    """Every version of every site's card that counts or will, oldest first; and the VAT rates."""

    by_site: Mapping[SiteCode, Sequence[RateCard]]
    vat: VatSeries = field(default=LEGAL_RATES)

    def card_for(self, site: str, day: date) -> RateCard:
        """Give the version in force at the site on that day; raises NoRateCard."""
        if (card := self.find_card(site, day)) is None:
            raise NoRateCard(site)
        return card

    def find_card(self, site: str, day: date) -> RateCard | None:
        """Give the version in force at the site on that day, or None."""
        for card in reversed(self.by_site.get(SiteCode(site), ())):
            if card.effective_on <= day:
                return card
        return None

    def next_card(self, site: str, day: date) -> RateCard | None:
        """Give the first version announced for after that day, or None."""
        later = (card for card in self.by_site.get(SiteCode(site), ()) if card.effective_on > day)
        return next(later, None)

    def version(self, site: str, number: int) -> RateCard:
        """Give a version by its number; raises UnknownCard."""
        for card in self.by_site.get(SiteCode(site), ()):
            if card.version == number:
                return card
        raise UnknownCard(f"{site} {number}")


@dataclass(frozen=True, slots=True)
class Version:
    """A charter (no site) or a site's card as published, with who, when and by what act."""

    id: int
    site: SiteCode | None
    number: int
    effective_on: date
    deliberation: str
    content: JsonObject
    own: JsonObject
    note: str
    published_at: datetime
    published_by: str | None
    charter: int | None = None
    withdrawn_at: datetime | None = None
    withdrawn_for: str | None = None

    @property
    def from_screen(self) -> bool:
        """Whether a person published it; else it came with the files."""
        return self.published_by is not None


@dataclass(frozen=True, slots=True)
class Draft:
    """A card being written: of the charter (no site) or of what one site has of its own."""

    id: int
    site: SiteCode | None
    site_id: SiteId | None
    content: JsonObject
    effective_on: date | None
    deliberation: str
    note: str
    base_version: int
    revision: int
    author_id: AccountId | None
    author: str | None
    created_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    published: str | None


@dataclass(frozen=True, slots=True)
class VatEntry:
    """One recorded rate of VAT; of the same code and day, the last revision counts."""

    rate: VatRate
    revision: int
    recorded_at: datetime
    recorded_by: str | None
