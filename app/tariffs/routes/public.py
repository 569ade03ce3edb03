"""The prices of a Totem, for everybody: with tax for persons, without for companies."""

from __future__ import annotations

from datetime import date, datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.db.transaction import reading
from app.domain.profiles import BASE, Profile
from app.spaces.network import Site
from app.spaces.queries import find_network
from app.tariffs import card_words, words
from app.tariffs.price_views import (
    Buyer,
    asked_profile,
    main_prices,
    main_titles,
    office_lines,
    price_tables,
    profile_lines,
    vat_rates,
)
from app.tariffs.queries import find_cards
from app.tariffs.routes.blueprint import blueprint
from app.web import clock
from app.web.guards import public

COMPANY = "company"


@blueprint.get("/prices")
@public
def all_prices() -> ResponseReturnValue:
    """Show what is asked for most at every Totem, side by side, and the way to each card."""
    now = clock.now()
    with reading() as session:
        network = find_network(session)
        cards = find_cards(session, network)
    sites = []
    for site in network.sites:
        today = site.calendar.local_date(now)
        if (card := cards.find_card(site.code, today)) is not None:
            sites.append((site, main_prices(card, Buyer(BASE, today))))
    return render_template(
        "tariffs/all_prices.html",
        sites=sites,
        titles=main_titles(),
        for_company=request.args.get("for") == COMPANY,
    )


@blueprint.get("/sites/<code>/prices")
@public
def prices(code: str) -> ResponseReturnValue:
    """Show every price of a site, of the card in force on the day asked, or today."""
    now = clock.now()
    with reading() as session:
        network = find_network(session)
        site = network.get_site(code)
        cards = find_cards(session, network)
    today = site.calendar.local_date(now)
    day = _asked_day(site, now)
    card = cards.find_card(site.code, day) or cards.card_for(site.code, today)
    profile = asked_profile(request.args.get("profile", ""))
    buyer = Buyer(profile, max(day, today))
    families, profiles = profile_lines(card, profile)
    return render_template(
        "tariffs/prices.html",
        site=site,
        card=card,
        following=cards.next_card(site.code, day),
        is_announced=card.effective_on > today,
        today=today,
        for_company=request.args.get("for") == COMPANY,
        profile=profile.value,
        profile_word="" if profile is BASE else words.profile(profile),
        choices=[(each.value, words.profile(each)) for each in Profile],
        tables=price_tables(card, buyer),
        offices=office_lines(card, buyer),
        families=families,
        profiles=profiles,
        times=card_words.time_rules(card),
        derivation=card_words.derivation(card),
        coefficient=card_words.number(card.coefficient),
        vat=vat_rates(card, buyer.on),
        sites=network.sites,
        words=card_words,
    )


def _asked_day(site: Site, now: datetime) -> date:
    """Give the day whose prices are wanted: not before today, for what was is not on offer."""
    today = site.calendar.local_date(now)
    try:
        return max(today, date.fromisoformat(request.args.get("day", "")))
    except ValueError:
        return today
