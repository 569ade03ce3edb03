"""Who pays for many stays at once: their proofs and rights over all the days, used up in turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.bookings.booking import Booking, Wanted
from app.bookings.queries.ruled import Asker
from app.domain.ids import AccountId, OrganisationId
from app.domain.profiles import ProvenProfile, in_date
from app.domain.tariffs import Quote, Right
from app.domain.vat_rules import PRIVATE_PERSON, Customer
from app.entitlements import queries as rights
from app.entitlements.queries import Ahead, RightsAhead
from app.people import queries as people
from app.spaces.network import Network, Space
from app.tariffs.cards import Cards
from app.tariffs.service import quote_for


@dataclass(frozen=True, slots=True)
class Whom:
    """For whom stays are asked: a person and who pays, None for whoever pays for them now.

    What the bookings to be moved have spent counts as left, and their places as free.
    """

    person: AccountId
    payer: Booking | None = None
    moving: tuple[Booking, ...] = ()

    @property
    def leaving(self) -> frozenset[int]:
        """The ids of the bookings to be moved."""
        return frozenset(booking.id for booking in self.moving)


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody who pays for stays of several days, each by the proofs and rights of its own."""

    person: AccountId
    organisation_id: OrganisationId | None
    profiles: tuple[ProvenProfile, ...]
    customer: Customer
    rights: RightsAhead

    def asker(self, on: date, companion: str | None = None) -> Asker:
        """Give them as the rules of a place look at them on a day."""
        return Asker(self.person, self.organisation_id, in_date(self.profiles, on=on), companion)

    def quote(
        self, cards: Cards, space: Space, wanted: Wanted, *, now: datetime, spend: bool = True
    ) -> tuple[Quote, tuple[Right, ...]]:
        """Price a stay and take what it spends; raises NoPrice, NoRateCard."""
        day = space.calendar.local_date(wanted.span.start)
        usable = self.rights.usable(day, wanted.span)
        quote = quote_for(
            cards,
            space,
            wanted.span,
            wanted.people,
            self.profiles,
            booked_on=space.calendar.local_date(now),
            customer=self.customer,
            rights=usable,
        )
        if spend:
            self.rights.spend(quote.spent, wanted.span)
        return quote, usable


def find_buyer(
    session: Session,
    network: Network,
    whom: Whom,
    days: Collection[date],
    *,
    lock: bool = False,
) -> Buyer:
    """Give who pays for stays of those days; as many statements for many days as for one.

    Locked, nobody else spends their rights before this transaction ends.
    """
    first, last = min(days), max(days)
    customer, organisation_id = PRIVATE_PERSON, None
    profiles: tuple[ProvenProfile, ...]
    if whom.payer is None:
        payer = people.payer_over(session, whom.person, first=first, last=last)
        profiles, customer = payer.profiles, payer.customer
        organisation_id = payer.organisation_id
    else:
        organisation_id = whom.payer.organisation_id
        paying = people.paying_over(session, whom.person, organisation_id, first=first, last=last)
        profiles, customer = paying.profiles, paying.customer
    returned: Counter[int] = Counter()
    for booking in whom.moving:
        returned.update({each.right_id: each.amount for each in booking.quote.spent})
    ahead = Ahead(whom.person, organisation_id, first, last, returned, whom.leaving)
    if lock:
        rights.lock_rights_ahead(session, ahead)
        ahead = replace(ahead, returned={}, ignoring=frozenset())
    found = rights.rights_ahead(session, network, ahead)
    return Buyer(whom.person, organisation_id, (*profiles, *found.residence), customer, found)
