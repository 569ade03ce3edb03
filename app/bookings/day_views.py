"""The day of a Totem as pages draw it: a timeline for the eye, the same day as a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.bookings.booking import Visit
from app.bookings.first_wish import this_moment
from app.bookings.forms import stay_values
from app.domain.intervals import Span, gaps, union
from app.domain.json_values import JsonObject
from app.spaces.network import Site, Space
from app.spaces.occupancy import OF_BOOKINGS, AllocationKind, SiteDay, SpaceDay, Taken
from app.web import formats
from app.web.addresses import address

OFFERED = timedelta(hours=2)  # what a tap on free ground asks for, at most


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a day of a place: ``kind`` is free, busy, mine or closed."""

    start: datetime
    end: datetime
    kind: str
    label: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class DayRow:
    """A place and its day."""

    code: str
    name: str
    href: str
    capacity: int
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class FreeNow:
    """A place that is free this very moment, and until when."""

    name: str
    until: datetime
    href: str


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks, and when: what is theirs, and what they may read by name."""

    now: datetime
    mine: Mapping[int, str]
    named: Mapping[int, Visit]
    shut: Mapping[int, str] = field(default_factory=dict)  # why, by the number of a closure


def rows_of(day: SiteDay, eyes: Eyes) -> list[DayRow]:
    """Give the bookable places of a site with their stretches of the day."""
    return [
        DayRow(
            code=each.space.code,
            name=each.space.name.get(formats.language()),
            href=url_for("bookings.place", code=each.space.code, date=day.day.isoformat()),
            capacity=each.space.capacity,
            stretches=stretches_of(each, day.site, eyes),
        )
        for each in day.spaces
        if each.space.bookable
    ]


def stretches_of(day: SpaceDay, site: Site, eyes: Eyes) -> tuple[Stretch, ...]:
    """Give a place's day: what is free still to come, what is taken, what is one's own."""
    if not day.is_open:
        return ()
    found = [
        *_own(day.taken, eyes),
        *_shut(day, eyes),
        *_busy(day, eyes),
        *_free(day, site, eyes.now),
    ]
    return tuple(sorted(found, key=lambda each: (each.start, each.end, each.kind)))


def free_now(day: SiteDay, now: datetime) -> list[FreeNow]:
    """Give the places one may walk into this moment, those free longest first."""
    found = []
    for each in day.spaces:
        stretch = next((free for free in each.free if free.holds(now)), None)
        if stretch is None or not each.space.bookable:
            continue
        start = this_moment(now, each.space.limits.step_minutes)
        span = Span(max(start, stretch.start), min(start + OFFERED, stretch.end))
        if span.minutes < each.space.limits.min_minutes:
            continue
        name = each.space.name.get(formats.language())
        found.append(FreeNow(name, stretch.end, _place(each.space, span, day.site)))
    return sorted(found, key=lambda each: (-each.until.timestamp(), each.name))


def timeline(day: SiteDay, rows: Sequence[DayRow]) -> JsonObject | None:
    """Give the timeline's data in the site's wall time, or None when nothing opens."""
    openings = [span for each in day.spaces for span in each.opening if each.space.bookable]
    if not openings:
        return None
    zone = day.site.zone
    first = min(span.start for span in openings).astimezone(zone)
    last = max(span.end for span in openings).astimezone(zone)
    ends = 24 if last.date() > day.day else last.hour + bool(last.minute)
    return {
        "date": day.day.isoformat(),
        "from": f"{first.hour:02d}:00",
        "to": f"{ends:02d}:00",
        "resources": [{"id": row.code, "title": row.name} for row in rows],
        "events": list(_events(day, rows)),
        "press": "/spaces/{resource}?start={start}&end={end}",
    }


def _events(day: SiteDay, rows: Sequence[DayRow]) -> Iterable[JsonObject]:
    words = {"busy": _("occupé"), "mine": _("à vous"), "closed": _("fermé")}
    closed: dict[str, list[Span]] = {
        each.space.code: gaps(day.span, union(each.opening)) for each in day.spaces
    }
    for row in rows:
        shut = [Stretch(span.start, span.end, "closed") for span in closed[row.code]]
        for number, each in enumerate((*row.stretches, *shut)):
            if each.kind == "free":
                continue
            yield {
                "id": f"{row.code}-{number}",
                "resource": row.code,
                "start": formats.local_iso(each.start, day.site.zone),
                "end": formats.local_iso(each.end, day.site.zone),
                "kind": each.kind,
                "title": each.label or words[each.kind],
                "url": each.href,
            }


def _own(taken: Iterable[Taken], eyes: Eyes) -> list[Stretch]:
    return [
        Stretch(span.start, span.end, "mine", href=_booking(eyes.mine[holder]))
        for holder, span in _stays(taken)
        if holder in eyes.mine
    ]


def _shut(day: SpaceDay, eyes: Eyes) -> list[Stretch]:
    """Give the hours in which a closure shuts it, with its reason."""
    rows = sorted({(row.span, row.holder) for row in day.taken if _is_closure(row)})
    return [
        Stretch(part.start, part.end, "closed", label=eyes.shut.get(number, ""))
        for span, number in rows
        for opening in day.opening
        if (part := span.within(opening)) is not None
    ]


def _shut_spans(day: SpaceDay) -> list[Span]:
    return [row.span for row in day.taken if _is_closure(row)]


def _is_closure(row: Taken) -> bool:
    return row.kind == AllocationKind.CLOSURE


def _busy(day: SpaceDay, eyes: Eyes) -> list[Stretch]:
    """Give what others took: by name for those who may, else only when."""
    if eyes.named:
        return [_named(eyes.named.get(holder), span) for holder, span in _others(day.taken, eyes)]
    if day.space.is_pooled:
        others = [*day.free, *_shut_spans(day)]
        spans = [gap for each in day.opening for gap in gaps(each, others)]
    else:
        spans = union([span for _holder, span in _others(day.taken, eyes)])
    return [Stretch(span.start, span.end, "busy") for span in spans]


def _named(visit: Visit | None, span: Span) -> Stretch:
    if visit is None:
        return Stretch(span.start, span.end, "busy")
    return Stretch(
        span.start, span.end, "busy", label=visit.person.name, href=_booking(visit.booking.ref)
    )


def _others(taken: Iterable[Taken], eyes: Eyes) -> list[tuple[int, Span]]:
    return [(holder, span) for holder, span in _stays(taken) if holder not in eyes.mine]


def _stays(taken: Iterable[Taken]) -> list[tuple[int, Span]]:
    """Give each stay once, though it takes several units; 0 holds what is no booking."""
    stays = {
        (each.holder if each.kind in OF_BOOKINGS else 0, each.span)
        for each in taken
        if not _is_closure(each)
    }
    return sorted(stays, key=lambda stay: (stay[1].start, stay[1].end, stay[0]))


def _free(day: SpaceDay, site: Site, now: datetime) -> Iterable[Stretch]:
    step = timedelta(minutes=day.space.limits.step_minutes)
    soonest = this_moment(now, day.space.limits.step_minutes)
    soonest = soonest if soonest + step > now else soonest + step
    for stretch in day.free:
        start = max(stretch.start, soonest)
        if (stretch.end - start) < timedelta(minutes=day.space.limits.min_minutes):
            continue
        asked = Span(start, min(start + OFFERED, stretch.end))
        href = _place(day.space, asked, site) if day.space.bookable else ""
        yield Stretch(start, stretch.end, "free", label=_seats(day, stretch), href=href)


def _seats(day: SpaceDay, stretch: Span) -> str:
    """Say how many of a pool's seats stay free all through a stretch; nothing for a room."""
    if not day.space.is_pooled:
        return ""
    within = [each for each in day.taken if each.span.overlaps(stretch)]
    moments = [stretch.start, *(each.span.start for each in within)]
    busiest = max(day.busy_units(moment) for moment in moments if stretch.holds(moment))
    left = len(day.space.units) - busiest
    return ngettext("libre, %(num)d place", "libre, %(num)d places", left)


def _place(space: Space, span: Span, site: Site) -> str:
    values = stay_values(span, 1, site.zone)
    del values["people"]
    return address("bookings.place", code=space.code, **values)


def _booking(ref: str) -> str:
    return url_for("bookings.booking", ref=ref)
