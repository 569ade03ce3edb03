"""Buying a pack or a month: choose, read the price, then order; for oneself or at the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain.errors import BadBeginning, DomainError
from app.domain.ids import AccountId
from app.domain.vat_rules import CustomerKind
from app.entitlements import service
from app.entitlements.forms import MYSELF, OrderForm
from app.entitlements.service import Priced
from app.people.forms import offer
from app.spaces.network import Network, Site
from app.spaces.queries import find_network
from app.tariffs import words as tariff_words
from app.tariffs.cards import Cards
from app.tariffs.queries import find_cards
from app.tariffs.quote_views import QuoteView, product_view
from app.web import clock
from app.web.errors import status_of
from app.web.sentences import sentence


@dataclass(frozen=True, slots=True)
class Buying:
    """Who buys for whom, where they may, and the addresses of the page."""

    person: AccountId
    person_name: str
    sites: Sequence[Site]
    payers: Sequence[tuple[str, str]]
    is_own: bool
    back: str
    action: str


def order_form(session: Session, buying: Buying, *, posted: bool) -> OrderForm:
    """Make the form of an order as asked, with what the card of the site sells today."""
    network, now = find_network(session), clock.now()
    known = {str(site.code): site for site in buying.sites}
    values = request.form if posted else request.args
    site = known.get(values.get("site", "")) or buying.sites[0]
    today = site.calendar.local_date(now)
    asked = posted or is_asked()
    blank = {"site": site.code, "first": today, "payer": buying.payers[0][0]}
    form = OrderForm(
        formdata=values if asked else None,
        data=blank,
        meta=None if posted else {"csrf": False},
    )
    card = find_cards(session, network).card_for(site.code, today)
    products = [product.name for product in service.sellable(card)]
    offer(form.site, [(each.code, each.name) for each in buying.sites])
    offer(form.product, [(name, tariff_words.product(name)) for name in products])
    offer(form.payer, buying.payers)
    return form


def is_asked() -> bool:
    """Whether the address names what is to be priced."""
    return "product" in request.args


def order_page(
    session: Session, buying: Buying, form: OrderForm, *, refusal: DomainError | None = None
) -> ResponseReturnValue:
    """Show the order with its price and reasons, or what stands against it."""
    network, status, priced = find_network(session), 200, None
    cards = find_cards(session, network)
    if refusal is not None:
        status = refuse(form, refusal)
    elif form.is_submitted() or is_asked():
        status = 422
        if form.validate():
            priced, status = _priced(session, network, cards, buying, form)
    return render_template(
        "entitlements/order.html",
        buying=buying,
        form=form,
        priced=priced,
        values={name: request.args.get(name, "") for name in _NAMES if request.args.get(name)},
        quote=_view(cards, priced) if priced else None,
        product_word=tariff_words.product,
    ), status


def refuse(form: OrderForm, refusal: DomainError) -> int:
    """Tell a refusal beside the field it is about; gives its status."""
    field = form.first if isinstance(refusal, BadBeginning) else form.product
    field.errors = [*field.errors, sentence(refusal)]
    return status_of(refusal)


def payers_of(name: str, organisations: Sequence[tuple[int, str]]) -> list[tuple[str, str]]:
    """Give who may pay: the person, or an organisation."""
    return [(MYSELF, name), *((str(number), called) for number, called in organisations)]


def _view(cards: Cards, priced: Priced) -> QuoteView:
    """Put the price into words, with why and what would lower it."""
    card = cards.version(priced.site.code, priced.quote.card_version)
    is_person = priced.order.organisation_id is None
    payer = CustomerKind.PERSON if is_person else CustomerKind.BUSINESS
    return product_view(priced.quote, card, (priced.site.code, priced.site.zone), payer)


_NAMES = ("site", "product", "first", "to_month_end", "payer")


def _priced(
    session: Session, network: Network, cards: Cards, buying: Buying, form: OrderForm
) -> tuple[Priced | None, int]:
    try:
        priced = service.price_order(
            session, network, cards, buying.person, form.order(), now=clock.now()
        )
    except DomainError as refusal:
        return None, refuse(form, refusal)
    return priced, 200
