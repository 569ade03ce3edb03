"""The Totems and their places as JSON; no account needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict, TypeVar

import marshmallow as ma
from flask import Response, jsonify

from app.db.transaction import reading
from app.domain.errors import BadCursor
from app.domain.json_values import JsonObject, JsonValue
from app.domain.kinds import Sharing, SpaceKind
from app.spaces.network import Site, Space
from app.spaces.queries import Wanted, find_network, search_spaces
from app.web.api import (
    CursorSchema,
    Pattern,
    QueryFlag,
    QueryNumber,
    decode_cursor,
    encode_cursor,
    refuses,
)
from app.web.formats import language
from app.web.guards import public
from app.web.json_bodies import ApiBlueprint

blueprint = ApiBlueprint(
    "spaces_api", __name__, url_prefix="/api/v1", description="The Totems and their places"
)
CODE = Pattern(r"^[a-z0-9-]{1,60}$", error="Not a code such as metz-mirabelle.")
MOST_PEOPLE = 10_000
_Place = TypeVar("_Place", Site, Space)


class SiteSchema(ma.Schema):
    """A Totem; `hours` are ranges of wall time by weekday, in the zone of the site."""

    code = ma.fields.String(required=True)
    operator = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    town = ma.fields.String(required=True)
    address = ma.fields.String(required=True)
    description = ma.fields.String(required=True)
    zone = ma.fields.String(required=True)
    hours = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.List(ma.fields.String()), required=True
    )


class SitesSchema(ma.Schema):
    """A page of sites."""

    items = ma.fields.List(ma.fields.Nested(SiteSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class SpaceSchema(ma.Schema):
    """A place; `sharing` pooled means that people take single units of it, such as seats."""

    code = ma.fields.String(required=True)
    site = ma.fields.String(required=True)
    kind = ma.fields.String(
        required=True, validate=ma.validate.OneOf([kind.value for kind in SpaceKind])
    )
    name = ma.fields.String(required=True)
    description = ma.fields.String(required=True)
    capacity = ma.fields.Integer(required=True)
    equipment = ma.fields.List(ma.fields.String(), required=True)
    accessible = ma.fields.Boolean(required=True)
    hearing_loop = ma.fields.Boolean(required=True)
    floor = ma.fields.Integer(required=True)
    area_m2 = ma.fields.String(required=True, allow_none=True)
    bookable = ma.fields.Boolean(required=True)
    sharing = ma.fields.String(
        required=True, validate=ma.validate.OneOf([sharing.value for sharing in Sharing])
    )
    units = ma.fields.Integer(required=True)


class SpacesSchema(ma.Schema):
    """A page of spaces."""

    items = ma.fields.List(ma.fields.Nested(SpaceSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class WantedSchema(CursorSchema):
    """What a place must be or have."""

    site = ma.fields.String(validate=CODE)
    kind = ma.fields.String(validate=ma.validate.OneOf([kind.value for kind in SpaceKind]))
    people = QueryNumber(validate=ma.validate.Range(min=1, max=MOST_PEOPLE))
    equipment = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(max=200)),
        load_default=list,
        metadata={"description": "Codes, repeated or with commas between them; all must be there."},
    )

    setup = ma.fields.String(
        validate=CODE, metadata={"description": "How it can be furnished, such as theatre."}
    )
    accessible = QueryFlag(metadata={"description": "true: by wheelchair."})
    hearing_loop = QueryFlag(metadata={"description": "true: with a hearing loop."})


class Paged(TypedDict, total=False):
    """What ``CursorSchema`` gives."""

    cursor: str
    limit: int


class Looked(Paged, total=False):
    """What ``WantedSchema`` gives."""

    site: str
    kind: str
    people: int
    equipment: list[str]
    setup: str
    accessible: bool
    hearing_loop: bool


@blueprint.route("/sites", methods=["GET"])
@blueprint.arguments(CursorSchema, location="query")
@blueprint.response(200, SitesSchema)
@public
def list_sites(paged: Paged) -> Response:
    """List the Totems in the order of display."""
    with reading() as session:
        network = find_network(session)
    page, after = _page(network.sites, paged)
    return jsonify(items=[site_json(site) for site in page], next=after)


@blueprint.route("/spaces", methods=["GET"])
@blueprint.arguments(WantedSchema, location="query")
@blueprint.response(200, SpacesSchema)
@refuses(blueprint, 404)
@public
def list_spaces(looked: Looked) -> Response:
    """List the places that fit, in the order of display; `people` is what they can hold."""
    with reading() as session:
        network = find_network(session)
    if "site" in looked:
        network.get_site(looked["site"])
    wanted = Wanted(
        site=looked.get("site"),
        kind=looked.get("kind"),
        people=looked.get("people"),
        equipment=tuple(code for given in looked["equipment"] for code in given.split(",") if code),
        setup=looked.get("setup"),
        accessible=looked["accessible"],
        hearing_loop=looked["hearing_loop"],
    )
    page, after = _page(search_spaces(network, wanted), looked)
    return jsonify(items=[space_json(space) for space in page], next=after)


def site_json(site: Site) -> JsonObject:
    """Give a site as clients know it, in the reader's language."""
    hours: dict[str, JsonValue] = {
        day: list(ranges) for day, ranges in site.calendar.week.to_json().items()
    }
    return {
        "code": site.code,
        "operator": site.operator,
        "name": site.name,
        "town": site.town,
        "address": site.address,
        "description": site.description.get(language()),
        "zone": site.zone.key,
        "hours": hours,
    }


def space_json(space: Space) -> JsonObject:
    """Give a space as clients know it, in the reader's language."""
    return {
        "code": space.code,
        "site": space.site,
        "kind": space.kind.value,
        "name": space.name.get(language()),
        "description": space.description.get(language()),
        "capacity": space.capacity,
        "equipment": list(space.equipment),
        "accessible": space.accessible,
        "hearing_loop": space.hearing_loop,
        "floor": space.floor,
        "area_m2": None if space.area_m2 is None else str(space.area_m2),
        "bookable": space.bookable,
        "sharing": space.sharing.value,
        "units": len(space.units),
    }


def _page(places: Sequence[_Place], paged: Paged) -> tuple[Sequence[_Place], str | None]:
    """Cut a page out of a list kept in memory; its cursor is the code of its last place."""
    first = 0
    if "cursor" in paged:
        (last,) = decode_cursor(paged["cursor"], (str,))
        codes = [place.code for place in places]
        if last not in codes:
            raise BadCursor
        first = codes.index(last) + 1
    page = places[first : first + paged["limit"]]
    more = first + len(page) < len(places)
    return page, encode_cursor(page[-1].code) if more else None
