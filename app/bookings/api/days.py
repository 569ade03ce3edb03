"""The day of a site as JSON: hours, what is taken, what is free; names for its staff only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypedDict

import marshmallow as ma
from flask import Response, jsonify

from app.bookings import queries
from app.bookings.api.schemas import span_json
from app.bookings.booking import Visit
from app.db.transaction import reading
from app.domain.json_values import JsonObject
from app.domain.permissions import Permission, Subject, allowed
from app.spaces.occupancy import SpaceDay, Taken
from app.spaces.queries import day_of_site, find_network
from app.web import clock
from app.web.api import InstantField, refuses
from app.web.guards import maybe_actor, public
from app.web.json_bodies import ApiBlueprint

blueprint = ApiBlueprint(
    "days_api", __name__, url_prefix="/api/v1", description="The day of a site"
)

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)  # no calendar of ours reaches further


class DaySchema(ma.Schema):
    """Which day; today in the zone of the site if none is named."""

    date = ma.fields.Date(
        validate=ma.validate.Range(min=EARLIEST, max=LATEST),
        metadata={"pattern": "^20", "example": "2026-11-24"},
    )


class StretchSchema(ma.Schema):
    """A stretch of time."""

    starts_at = InstantField(required=True)
    ends_at = InstantField(required=True)


class TakenSchema(StretchSchema):
    """A stretch in which a unit is taken; `name` and `title` are there for staff only."""

    unit = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    name = ma.fields.String()
    title = ma.fields.String()


class SpaceDaySchema(ma.Schema):
    """The day of one place; `free` is when it can take one person more."""

    space = ma.fields.String(required=True)
    units = ma.fields.Integer(required=True)
    opening = ma.fields.List(ma.fields.Nested(StretchSchema), required=True)
    taken = ma.fields.List(ma.fields.Nested(TakenSchema), required=True)
    free = ma.fields.List(ma.fields.Nested(StretchSchema), required=True)


class SiteDaySchema(ma.Schema):
    """The day of all places of a site."""

    site = ma.fields.String(required=True)
    date = ma.fields.Date(required=True)
    items = ma.fields.List(ma.fields.Nested(SpaceDaySchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class Asked(TypedDict, total=False):
    """What ``DaySchema`` gives."""

    date: date


@blueprint.route("/sites/<site>/day", methods=["GET"])
@blueprint.arguments(DaySchema, location="query")
@blueprint.response(200, SiteDaySchema)
@refuses(blueprint, 401, 404)
@public
def show_day(asked: Asked, site: str) -> Response:
    """Give the day of every place of a site, in the order of display."""
    now, person = clock.now(), maybe_actor()
    with reading() as session:
        network = find_network(session)
        found = network.get_site(site)
        day = asked.get("date") or found.calendar.local_date(now)
        shown = day_of_site(session, found, day, now)
        visits: Mapping[int, Visit] = {}
        subject = Subject(site=found.code)
        if person is not None and allowed(person, Permission.DAY_VIEW_NAMES, subject):
            here = queries.visits_of_site(session, network, found, shown.span, now=now)
            visits = {visit.booking.id: visit for visit in here}
    items = [_space_day(each, visits) for each in shown.spaces]
    return jsonify(site=found.code, date=day.isoformat(), items=items, next=None)


def _space_day(day: SpaceDay, visits: Mapping[int, Visit]) -> JsonObject:
    labels = {unit.id: unit.label for unit in day.space.units}
    return {
        "space": day.space.code,
        "units": len(day.space.units),
        "opening": [span_json(span) for span in day.opening],
        "taken": [_taken(row, labels[row.unit], visits) for row in day.taken],
        "free": [span_json(span) for span in day.free],
    }


def _taken(row: Taken, label: str, visits: Mapping[int, Visit]) -> JsonObject:
    told: JsonObject = {"unit": label, "kind": row.kind, **span_json(row.span)}
    visit = visits.get(row.holder) if row.kind in ("booking", "hold") else None
    if visit is not None:
        told |= {"name": visit.person.name, "title": visit.booking.title}
    return told
