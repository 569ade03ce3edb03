"""Calendar addresses: one's own, and those of a Totem's places for its staff."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.bookings import queries, service
from app.bookings.booking import Feed
from app.db.transaction import reading, transaction
from app.domain.permissions import Permission, Subject, allowed, require
from app.spaces.network import Network
from app.spaces.place_views import place_view
from app.spaces.queries import find_network
from app.web import clock, guards
from app.web.addresses import base_url
from app.web.guards import requires, signed_in

OPEN, RENEW, CLOSE = "open", "renew", "close"


@signed_in
def calendars() -> ResponseReturnValue:
    """Show one's own calendar address, and to staff the way to those of their places."""
    actor = guards.actor()
    with reading() as session:
        feed = queries.find_own_feed(session, actor.account_id, key=_key())
        network = find_network(session)
    sites = [
        site
        for site in network.sites
        if allowed(actor, Permission.FEED_SPACE, Subject(site=site.code))
    ]
    return render_template(
        "bookings/calendars.html",
        address=_address(feed),
        sites=sites,
        site_addresses=[] if feed is None else _site_addresses(feed, network),
    )


@signed_in
def change_calendars() -> ResponseReturnValue:
    """Open, renew or close one's own calendar address."""
    actor, now, wish = guards.actor(), clock.now(), request.form.get("wish", "")
    with transaction() as session:
        if wish == OPEN:
            service.open_feed(session, actor, key=_key(), now=now)
        elif wish == RENEW:
            service.renew_feed(session, actor, key=_key(), now=now)
        elif wish == CLOSE:
            service.close_feed(session, actor, now=now)
    _tell(wish)
    return redirect(url_for("bookings.calendars"), 303)


@requires(Permission.FEED_SPACE)
def space_calendar(code: str) -> ResponseReturnValue:
    """Show the calendar address of a place to the staff of its Totem."""
    actor = guards.actor()
    with reading() as session:
        network = find_network(session)
        space = network.get_space(code)
        require(actor, Permission.FEED_SPACE, Subject(site=space.site))
        feed = queries.find_space_feed(session, network, space, key=_key())
    return render_template(
        "bookings/space_calendar.html",
        place=place_view(space, network.get_site(space.site)),
        address=_address(feed),
    )


@requires(Permission.FEED_SPACE)
def change_space_calendar(code: str) -> ResponseReturnValue:
    """Open, renew or close the calendar address of a place."""
    actor, now, wish = guards.actor(), clock.now(), request.form.get("wish", "")
    with transaction() as session:
        if wish == OPEN:
            service.open_space_feed(session, actor, code, key=_key(), now=now)
        elif wish == RENEW:
            service.renew_space_feed(session, actor, code, key=_key(), now=now)
        elif wish == CLOSE:
            service.close_space_feed(session, actor, code, now=now)
    _tell(wish)
    return redirect(url_for("bookings.space_calendar", code=code), 303)


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])


def _address(feed: Feed | None) -> str:
    return "" if feed is None else f"{base_url()}/calendars/{feed.secret}.ics"


def _site_addresses(feed: Feed, network: Network) -> list[tuple[str, str]]:
    """Give the name of each site and the address of its calendar for who has that feed."""
    secrets = [(site, queries.site_secret(feed, site.code, key=_key())) for site in network.sites]
    start = f"{base_url()}/calendars"
    return [(site.name, f"{start}/{secret}/{site.code}.ics") for site, secret in secrets]


def _tell(wish: str) -> None:
    told = {
        OPEN: _("Voici votre adresse de calendrier."),
        RENEW: _("Voici la nouvelle adresse ; l’ancienne ne répond plus."),
        CLOSE: _("L’adresse est fermée ; elle ne répond plus."),
    }
    if wish in told:
        flash(told[wish], "done")
