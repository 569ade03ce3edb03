"""One's rights as JSON."""

from __future__ import annotations

import marshmallow as ma
from flask import Response, jsonify

from app.db.transaction import reading
from app.domain.json_values import JsonObject
from app.domain.permissions import Permission
from app.domain.tariffs import RightKind
from app.entitlements import queries, words
from app.entitlements.entitlement import Entitlement
from app.spaces.queries import find_network
from app.web import clock
from app.web.api import refuses
from app.web.guards import actor, requires
from app.web.json_bodies import ApiBlueprint

blueprint = ApiBlueprint(
    "rights_api", __name__, url_prefix="/api/v1", description="Packs, memberships and credits"
)
TOKEN: list[dict[str, list[str]]] = [{"token": []}]


class RightSchema(ma.Schema):
    """A right; `left` counts its kind (minutes, cents before tax …), null for no count."""

    id = ma.fields.Integer(required=True)
    kind = ma.fields.String(
        required=True, validate=ma.validate.OneOf([kind.value for kind in RightKind])
    )
    name = ma.fields.String(required=True)
    product = ma.fields.String(required=True, allow_none=True)
    site = ma.fields.String(required=True)
    roams = ma.fields.Boolean(
        required=True, metadata={"description": "Whether every Totem honours it."}
    )
    left = ma.fields.Integer(required=True, allow_none=True)
    usable = ma.fields.Boolean(required=True)
    valid_from = ma.fields.Date(required=True)
    valid_until = ma.fields.Date(required=True)


class RightsSchema(ma.Schema):
    """One's rights."""

    items = ma.fields.List(ma.fields.Nested(RightSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


@blueprint.route("/me/rights", methods=["GET"])
@blueprint.doc(security=TOKEN)
@blueprint.response(200, RightsSchema)
@refuses(blueprint, 401, 403)
@requires(Permission.RIGHTS_VIEW)
def list_rights() -> Response:
    """List one's own rights and those one's organisations share, the last to end first."""
    person, now = actor(), clock.now()
    with reading() as session:
        network = find_network(session)
        rights = queries.rights_of(session, network, person.account_id, person.organisations)
    items = [
        right_json(right, usable=right.is_usable(right.site.calendar.local_date(now)))
        for right in rights
    ]
    return jsonify(items=items, next=None)


def right_json(right: Entitlement, *, usable: bool) -> JsonObject:
    """Write a right."""
    return {
        "id": right.id,
        "kind": right.kind.value,
        "name": words.name(right),
        "product": right.product,
        "site": right.site.code,
        "roams": right.honours.roaming is not None,
        "left": right.left,
        "usable": usable,
        "valid_from": right.valid_from.isoformat(),
        "valid_until": right.valid_until.isoformat(),
    }
