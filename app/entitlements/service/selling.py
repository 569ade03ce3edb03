"""How people come to rights: sold at the desk, ordered on screen, or credited with a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.entitlements import (
    ALL,
    Period,
    Source,
    amount_of,
    beginning_from,
    period_of,
    rest_of_month,
)
from app.domain.errors import BadBeginning, GivesNoRight, NotAllowed
from app.domain.ids import AccountId, OrganisationId, SiteCode
from app.domain.months import add_months
from app.domain.permissions import Actor, Permission, Subject, require
from app.domain.profiles import in_date, proof_of
from app.domain.tariffs import Family, Gift, Product, Quote, RateCard, RightKind, quote_product
from app.entitlements.entitlement import Holder, Honours
from app.entitlements.queries import paying
from app.entitlements.service.ledger import NewRight, enter_right
from app.people import queries as people
from app.spaces.network import Network, Site
from app.tariffs.cards import Cards

MONTH = "month"
MOST_CREDITED = 100_000
# What a credit of the house is good for, by what it is counted in.
CREDITED: dict[RightKind, frozenset[Family]] = {
    RightKind.HALF_DAYS: frozenset({Family.SEATS}),
    RightKind.DAYS: frozenset({Family.SEATS}),
    RightKind.MINUTES: frozenset({Family.ROOMS, Family.STUDIOS}),
    RightKind.MONEY: frozenset({Family.SEATS, Family.ROOMS, Family.STUDIOS, Family.MACHINES}),
}


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants to buy, from which day on, and who pays.

    A membership `to_month_end` ends with the calendar month and costs that part of it.
    """

    product: str
    site: SiteCode
    first: date
    organisation_id: OrganisationId | None = None
    to_month_end: bool = False


@dataclass(frozen=True, slots=True)
class Priced:
    """An order with its price and the days its rights count."""

    order: Order
    product: Product
    site: Site
    periods: tuple[tuple[Gift, Period], ...]
    quote: Quote

    @property
    def period(self) -> Period:
        """The days of the right that gives the product its name."""
        return self.periods[0][1]


@dataclass(frozen=True, slots=True)
class Credit:
    """A right the house gives, and why."""

    site: SiteCode
    kind: RightKind
    amount: int
    until: date
    reason: str


def price_order(
    session: Session,
    network: Network,
    cards: Cards,
    person: AccountId,
    order: Order,
    *,
    now: datetime,
) -> Priced:
    """Price an order at the tariff of who pays; proofs count on the first day of the right.

    Raises UnknownProduct, GivesNoRight, BadBeginning, NoRateCard, UnknownSite.
    """
    site = network.get_site(order.site)
    today = site.calendar.local_date(now)
    beginning_from(order.first, today=today)
    card = cards.card_for(site.code, today)
    product = card.product(order.product)
    if product not in sellable(card):
        raise GivesNoRight(order.product)
    payer, _ = paying(session, person, order.organisation_id, on=order.first)
    periods = tuple((gift, _period(order, product, gift)) for gift in product.gives)
    quote = quote_product(
        card,
        product.name,
        on=today,
        profiles=in_date(payer.profiles, on=order.first),
        customer=payer.customer,
        part=periods[0][1].part,
    )
    proof = proof_of(quote.profile, payer.profiles, on=order.first)
    return Priced(order, product, site, periods, replace(quote, proof=proof))


def sellable(card: RateCard) -> list[Product]:
    """Give what a card sells that gives rights, in its order; not what costs nothing there."""
    return [
        product
        for product in card.products.values()
        if product.gives and product.family not in card.free
    ]


def order(
    session: Session,
    network: Network,
    cards: Cards,
    actor: Actor,
    wanted: Order,
    *,
    now: datetime,
) -> int:
    """Buy for oneself on account, or for an organisation one owns; gives the right's number.

    Raises NotAllowed and what ``price_order`` raises.
    """
    organisation = wanted.organisation_id
    whose = (
        Subject(owner_id=actor.account_id)
        if organisation is None
        else Subject(organisation_id=organisation)
    )
    require(actor, Permission.RIGHTS_ORDER, whose)
    priced = price_order(session, network, cards, actor.account_id, wanted, now=now)
    return _enter(session, priced, actor.account_id, Source.ORDERED, actor, now)


def sell(
    session: Session,
    network: Network,
    cards: Cards,
    actor: Actor,
    person: AccountId,
    wanted: Order,
    *,
    now: datetime,
) -> int:
    """Sell to somebody at the desk of one's Totem, at their tariff, on account.

    The payer is the person or an organisation of theirs. Raises NotAllowed, UnknownAccount and
    what ``price_order`` raises.
    """
    require(actor, Permission.RIGHTS_SELL, Subject(owner_id=person, site=wanted.site))
    people.get_account(session, person)
    _refuse_strange_payer(session, person, wanted.organisation_id)
    priced = price_order(session, network, cards, person, wanted, now=now)
    return _enter(session, priced, person, Source.SOLD, actor, now)


def credit(
    session: Session,
    network: Network,
    actor: Actor,
    person: AccountId,
    given: Credit,
    *,
    now: datetime,
) -> int:
    """Give somebody a right for a reason that the ledger keeps; nobody credits themselves.

    Raises NotAllowed, UnknownAccount, BadBeginning for an end that is past or over a year away.
    """
    require(actor, Permission.RIGHTS_SELL, Subject(owner_id=person, site=given.site))
    if actor.account_id == person or given.kind not in CREDITED:
        raise NotAllowed(Permission.RIGHTS_SELL)
    people.get_account(session, person)
    site = network.get_site(given.site)
    today = site.calendar.local_date(now)
    last = add_months(today, 12)
    if not today <= given.until <= last:
        raise BadBeginning(today, last)
    right = NewRight(
        holder=Holder(account_id=person),
        site_id=site.id,
        kind=given.kind,
        amount=given.amount,
        honours=Honours(CREDITED[given.kind]),
        valid_from=today,
        valid_until=given.until,
        source=Source.CREDITED,
    )
    return enter_right(session, right, by=actor.account_id, now=now, reason=given.reason)


def _period(order: Order, product: Product, gift: Gift) -> Period:
    if order.to_month_end and product.unit == MONTH:
        return rest_of_month(order.first)
    return period_of(gift, order.first)


def _refuse_strange_payer(
    session: Session, person: AccountId, organisation: OrganisationId | None
) -> None:
    if organisation is None:
        return
    if all(each.organisation_id != organisation for each in _organisations(session, person)):
        raise NotAllowed(Permission.RIGHTS_SELL)


def _organisations(session: Session, person: AccountId) -> list[people.Membership]:
    return people.organisations_of(session, person)


def _enter(
    session: Session,
    priced: Priced,
    person: AccountId,
    source: Source,
    actor: Actor,
    now: datetime,
) -> int:
    """Enter each right of a product; the first carries the price, the others name it as parent."""
    product, organisation = priced.product, priced.order.organisation_id
    shared = organisation is not None and product.unit != MONTH
    holder = Holder(None if shared else person, organisation)
    first: int | None = None
    for gift, period in priced.periods:
        right = NewRight(
            holder=holder,
            site_id=priced.site.id,
            kind=gift.kind,
            amount=amount_of(gift, period.part if product.unit == MONTH else ALL),
            honours=_honours(product, gift),
            valid_from=period.first,
            valid_until=period.last,
            source=source,
            product=product.name,
            resident=product.resident,
        )
        right = (
            replace(right, quote=priced.quote) if first is None else replace(right, parent_id=first)
        )
        made = enter_right(session, right, by=actor.account_id, now=now)
        first = made if first is None else first
    return first or 0


def _honours(product: Product, gift: Gift) -> Honours:
    """What one right of a product is good for: only the membership itself is honoured elsewhere."""
    roaming = product.roaming if gift.kind is RightKind.UNLIMITED else None
    return Honours(gift.families, gift.kinds, gift.product, roaming)
