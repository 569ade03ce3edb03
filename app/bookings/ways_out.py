"""The ways out of a dead end, in words: other hours, a similar place, another Totem, less asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import zip_longest

from flask_babel import gettext as _

from app.bookings.first_wish import next_stay
from app.bookings.forms import FindForm, NeedsForm, StayForm, field_of_time, stay_values
from app.bookings.queries import Alternative, Way
from app.domain import errors as e
from app.domain.errors import DomainError
from app.domain.intervals import Span
from app.spaces.network import Network, Site
from app.web import formats
from app.web.addresses import address

THREE = 3
TWO = 2
HOUR = timedelta(hours=1)
LAST_DATE = date.max
Again = Callable[[Mapping[str, str]], str]
"""Gives the address of the same page with some values changed."""


@dataclass(frozen=True, slots=True)
class WayOut:
    """One way out: its kind, where and when, and how to take it.

    ``values`` are those of the form that keeps the place at once; empty for a mere link.
    """

    title: str
    text: str
    href: str
    values: dict[str, str] = field(default_factory=dict)


def ways_from(
    network: Network, found: Sequence[Alternative], people: int, *, most: int = THREE
) -> list[WayOut]:
    """Put what is near into words, the kinds of nearness taking turns, two of each at most."""
    turns = zip_longest(*([each for each in found if each.way is way][:TWO] for way in Way))
    best = [each for turn in turns for each in turn if each is not None]
    return [_way(network, each, people) for each in best[:most]]


def ways_after(
    form: StayForm, refusal: DomainError, site: Site, again: Again, *, now: datetime
) -> list[WayOut]:
    """Give what helps after a refusal: hours that exist, lie ahead, or are open."""
    if isinstance(refusal, e.SpanInPast):
        return [_dated(_("Dès que possible"), next_stay(site.calendar, now), site, again)]
    if isinstance(refusal, e.Closed) and refusal.next_opens_at is not None:
        stay = next_stay(site.calendar, refusal.next_opens_at)
        return [_dated(_("À la prochaine ouverture"), stay, site, again)]
    if isinstance(refusal, e.EndBeforeStart) and refusal.end < refusal.start:
        turned = Span(refusal.end, refusal.start)
        return [_dated(_("Dans l’autre sens"), turned, site, again)]
    if isinstance(refusal, e.TooManyHolds):
        text = _("Confirmez ou laissez un lieu gardé, puis revenez.")
        return [WayOut(_("Mes réservations"), text, address("bookings.bookings"))]
    return _hours_instead(form, refusal, site, again)


def less_asked(form: NeedsForm, again: Again, *, most: int) -> list[WayOut]:
    """Offer to ask for less: any Totem, any kind of place, nothing special in it."""
    ways = []
    if form.site.data:
        text = _("Chercher dans les autres Totems aux mêmes heures.")
        ways.append(WayOut(_("Un autre Totem"), text, again({"site": ""})))
    if form.needs.data:
        text = _("Chercher sans équipement ni accès particulier.")
        ways.append(WayOut(_("Moins d’équipement"), text, again({"needs": ""})))
    if form.setup.data:
        text = _("Chercher sans disposition particulière.")
        ways.append(WayOut(_("Une autre disposition"), text, again({"setup": ""})))
    if form.kind.data:
        text = _("Chercher parmi tous les genres de lieux.")
        ways.append(WayOut(_("Un autre genre de lieu"), text, again({"kind": ""})))
    day = form.date.data if isinstance(form, FindForm) else None
    if day is not None and day < LAST_DATE:
        tomorrow = day + timedelta(days=1)
        text = formats.day(tomorrow)
        ways.append(WayOut(_("Le lendemain"), text, again({"date": tomorrow.isoformat()})))
    return ways[: max(0, most)]


def _way(network: Network, near: Alternative, people: int) -> WayOut:
    site = network.get_site(near.space.site)
    values = stay_values(near.span, people, site.zone)
    return WayOut(
        title=_title(near, site),
        text=_(
            "%(place)s, %(day)s, %(hours)s : %(price)s TTC",
            place=near.space.name.get(formats.language()),
            day=formats.short_day(near.span.start, site.zone),
            hours=formats.span(near.span, site.zone),
            price=formats.money(near.quote.gross),
        ),
        href=address("bookings.place", code=near.space.code, **values),
        values={"space": near.space.code, **values},
    )


def _hours_instead(form: StayForm, error: DomainError, site: Site, again: Again) -> list[WayOut]:
    if isinstance(error, e.DoubledTime):
        name = field_of_time(form, error.time)
        return [
            WayOut(title, _on_the_clock(instant, site), again({f"{name}_fold": fold}))
            for title, fold, instant in (
                (_("Avant le changement d’heure"), "0", error.first),
                (_("Après le changement d’heure"), "1", error.second),
            )
        ]
    if isinstance(error, e.NonexistentTime) and error.instead is not None:
        name = field_of_time(form, error.time)
        return [
            WayOut(
                title, _on_the_clock(at, site), again({name: f"{at.astimezone(site.zone):%H:%M}"})
            )
            for title, at in (
                (_("Avant le changement d’heure"), error.instead - HOUR),
                (_("Après le changement d’heure"), error.instead),
            )
        ]
    return []


def _dated(title: str, stay: Span, site: Site, again: Again) -> WayOut:
    values = stay_values(stay, 0, site.zone)
    del values["people"]
    return WayOut(
        title,
        f"{formats.day(stay.start, site.zone)}, {formats.span(stay, site.zone)}",
        again(values),
    )


def _title(near: Alternative, site: Site) -> str:
    return {
        Way.LATER: _("Au même endroit, plus tard"),
        Way.EARLIER: _("Au même endroit, plus tôt"),
        Way.SIMILAR: _("Un lieu semblable, à la même heure"),
        Way.JOINED: _("Des salles réunies, à la même heure"),
        Way.ELSEWHERE: _("À %(town)s, à la même heure", town=site.town),
    }[near.way]


def _on_the_clock(instant: datetime, site: Site) -> str:
    return f"{formats.clock(instant, site.zone)} ({instant.astimezone(site.zone):UTC%z})"
