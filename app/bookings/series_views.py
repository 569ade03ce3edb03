"""The table of a series in words: every date, what the house says to it, and what to choose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from app.bookings.rule_words import rule_words
from app.bookings.series import DateVerdict, Deed, Near, SeriesTable, SeriesWanted, Standing
from app.bookings.series_forms import DO
from app.domain.intervals import Span
from app.domain.money import Money
from app.spaces.network import Network, Site, Space
from app.web import formats
from app.web.holidays import public_holiday
from app.web.sentences import sentence

TONES = {
    Standing.FREE: ("yes", "ring"),
    Standing.TAKEN: ("quiet", "square"),
    Standing.CLOSED: ("quiet", "line"),
    Standing.HOLIDAY: ("quiet", "line"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose for a date."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class DateView:
    """One date in words; without options where there is nothing to choose."""

    name: str
    day: str
    hours: str
    place: str
    word: str
    tone: str
    shape: str
    reason: str
    note: str
    price: Money | None
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """All dates in words, how many are kept, and what they cost together."""

    rule: str
    dates: tuple[DateView, ...]
    kept: int
    left: int
    troubles: int
    net: Money
    gross: Money


def with_defaults(table: SeriesTable, chosen: Iterable[object]) -> SeriesTable:
    """Leave out what cannot be had, unless somebody has chosen something for that date."""
    decided = set(chosen)
    return SeriesTable(
        tuple(
            replace(each, planned=replace(each.planned, deed=Deed.DROP))
            if each.is_trouble and each.day not in decided
            else each
            for each in table.verdicts
        )
    )


def table_view(network: Network, table: SeriesTable, wanted: SeriesWanted) -> TableView:
    """Put the table of a wish into words."""
    space = network.get_space(wanted.space)
    site = network.get_site(space.site)
    return TableView(
        rule=rule_words(wanted.recurrence),
        dates=tuple(_date_view(network, each, space, site) for each in table.verdicts),
        kept=len(table.kept),
        left=len(table.verdicts) - len(table.kept),
        troubles=len(table.troubles),
        net=table.net,
        gross=table.gross,
    )


def standing_word(verdict: DateVerdict) -> str:
    """Say in a word what the house says to a date."""
    if verdict.standing is Standing.TAKEN and verdict.is_own:
        return _("déjà à vous")
    return {
        Standing.FREE: _("libre"),
        Standing.TAKEN: _("occupé"),
        Standing.CLOSED: _("fermé"),
        Standing.HOLIDAY: _("jour férié"),
        Standing.BEYOND_HORIZON: _("trop loin"),
        Standing.PAST: _("passée"),
        Standing.SKIPPED_HOUR: _("heure qui n’existe pas"),
        Standing.REFUSED: _("refusée"),
    }[verdict.standing]


def _date_view(network: Network, verdict: DateVerdict, space: Space, site: Site) -> DateView:
    planned, wanted = verdict.planned, verdict.planned.wanted
    place = space if wanted is None else network.get_space(wanted.space)
    tone, shape = TONES.get(verdict.standing, ("no", "triangle"))
    return DateView(
        name=f"{DO}{verdict.day.isoformat()}",
        day=formats.day(verdict.day),
        hours="" if wanted is None else formats.span(wanted.span, site.zone),
        place="" if place.id == space.id else place.name.get(formats.language()),
        word=standing_word(verdict),
        tone=tone,
        shape=shape,
        reason=_reason(verdict),
        note=_("L’heure change cette nuit-là.") if planned.occurrence.is_shifted else "",
        price=None if verdict.quote is None else verdict.quote.gross,
        options=tuple(_options(verdict, network)),
    )


def _reason(verdict: DateVerdict) -> str:
    """Say why a date cannot be had, and by whom it is taken where that may be said."""
    if verdict.refusal is None:
        return ""
    if verdict.is_holiday:
        reason = getattr(verdict.refusal, "reason", "")
        return str(public_holiday(reason) or reason)
    if verdict.holder is not None and not verdict.is_own:
        return _("Pris par %(name)s.", name=verdict.holder)
    return sentence(verdict.refusal)


def _options(verdict: DateVerdict, network: Network) -> Iterable[Option]:
    planned, deed = verdict.planned, verdict.planned.deed
    wanted = planned.wanted
    if wanted is not None and deed is Deed.CHANGE:
        space = network.get_space(wanted.space)
        yield Option(_value(space, wanted.span), _near_label(space, wanted.span, network), True)
    elif verdict.refusal is None:
        yield Option(Deed.KEEP.value, _("garder"), deed is Deed.KEEP)
    for near in verdict.near:
        label = _near_label(near.space, near.span, network, near)
        yield Option(_value(near.space, near.span), label, False)
    yield Option(Deed.DROP.value, _("laisser cette date"), deed is Deed.DROP)


def _value(space: Space, span: Span) -> str:
    return f"{space.code} {span.start.isoformat()} {span.end.isoformat()}"


def _near_label(space: Space, span: Span, network: Network, near: Near | None = None) -> str:
    site = network.get_site(space.site)
    said = _(
        "%(place)s, %(day)s, %(hours)s",
        place=space.name.get(formats.language()),
        day=formats.short_day(span.start, site.zone),
        hours=formats.span(span, site.zone),
    )
    if near is None or near.quote is None:
        return said
    return _("%(stay)s (%(price)s TTC)", stay=said, price=formats.money(near.quote.gross))
