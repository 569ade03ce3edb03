"""The cards of all sites as values: which one is in force where, on which day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.errors import NoRateCard
from app.domain.ids import SiteCode
from app.domain.tariffs import RateCard


@dataclass(frozen=True, slots=True)
class Cards:
    """Every version of every site's card, oldest first."""

    by_site: Mapping[SiteCode, Sequence[RateCard]]

    def card_for(self, site: str, day: date) -> RateCard:
        """Give the newest version in force at the site on that day; raises NoRateCard."""
        for card in reversed(self.by_site.get(SiteCode(site), ())):
            if card.effective_on <= day:
                return card
        raise NoRateCard(site)
