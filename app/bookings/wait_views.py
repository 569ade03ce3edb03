"""What somebody waits for, in words: which places, what they must have, how far on in line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.bookings.queries.waits import InLine
from app.bookings.waits import Wait, WaitOffer, WaitWish
from app.domain.intervals import Span
from app.spaces import words
from app.spaces.place_views import short_name
from app.web import formats


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An offer that runs, in words."""

    ref: str
    place: str
    site: str
    span: Span
    until: datetime
    gross: str


@dataclass(frozen=True, slots=True)
class WaitView:
    """A wait in words."""

    ref: str
    name: str
    where: str
    needs: str
    window: Span
    length: str
    people: int
    rank: int | None
    offer: OfferLine | None
    joined_at: datetime


def wait_view(each: InLine) -> WaitView:
    """Put a wait into the reader's words."""
    wait, wish = each.wait, each.wait.wish
    offer = wait.open_offer
    return WaitView(
        ref=wait.ref,
        name=wait.name,
        where=_where(wait),
        needs=_needs(wish),
        window=wish.window,
        length="" if wish.minutes == wish.window.minutes else _length(wish.minutes),
        people=wish.people,
        rank=each.rank,
        offer=None if offer is None else _offer(offer),
        joined_at=wait.joined_at,
    )


def _offer(offer: WaitOffer) -> OfferLine:
    return OfferLine(
        ref=offer.ref,
        place=offer.space.name.get(formats.language()),
        site=offer.space.site,
        span=offer.span,
        until=offer.until or offer.span.start,
        gross=formats.money(offer.gross),
    )


def _where(wait: Wait) -> str:
    kind = _("n’importe quel lieu") if wait.wish.kind is None else words.space_kind(wait.wish.kind)
    site = _("n’importe quel Totem") if wait.site is None else short_name(wait.site)
    return _("%(kind)s, %(site)s", kind=kind, site=site)


def _needs(wish: WaitWish) -> str:
    named = [words.equipment(code) for code in wish.equipment]
    if wish.accessible:
        named.append(_("accessible en fauteuil roulant"))
    if wish.hearing_loop:
        named.append(_("boucle auditive"))
    return ", ".join(named)


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(num)s minute", "%(num)s minutes", rest)
    if not rest:
        return ngettext("%(num)s heure", "%(num)s heures", hours)
    return _("%(hours)s h %(minutes)02d", hours=hours, minutes=rest)
