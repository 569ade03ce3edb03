"""A price with all it was worked out from, so that it can be explained later."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.calendars import SiteCalendar
from app.domain.tariffs import Asked, Lower, Quote, RateCard, would_lower
from app.tariffs.offering import offered_to


@dataclass(frozen=True, slots=True)
class Priced:
    """What a stay costs, by which card, for whom, and where."""

    quote: Quote
    card: RateCard
    asked: Asked
    calendar: SiteCalendar

    def lower(self) -> tuple[Lower, ...]:
        """Give every profile and pack that would make it cheaper for this payer, cheapest first."""
        found = would_lower(self.card, self.asked, self.calendar)
        offered = offered_to(self.asked.customer.kind)
        return tuple(each for each in found if each.profile is None or each.profile in offered)
