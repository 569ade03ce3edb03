"""One's own tariff profiles as JSON: what counts, what is proven, and what was asked for."""

from __future__ import annotations

import marshmallow as ma
from flask import Response, jsonify

from app.db.transaction import reading
from app.domain.json_values import JsonObject
from app.domain.permissions import Permission
from app.domain.profiles import Profile
from app.domain.proofs import ProofKind, ProofState
from app.people import queries
from app.people.my_rate import Counting
from app.people.own_rate import local_today, rate_of
from app.people.queries import GrantedProfile, ProofRequest
from app.web import guards
from app.web.api import instant, refuses
from app.web.guards import requires
from app.web.json_bodies import ApiBlueprint

blueprint = ApiBlueprint(
    "people_api", __name__, url_prefix="/api/v1", description="One's own tariff profiles"
)
_PROFILE = ma.validate.OneOf([profile.value for profile in Profile])


class CountingSchema(ma.Schema):
    """The profile that sets the price of a family of places, in per cent of its base price."""

    family = ma.fields.String(required=True)
    profile = ma.fields.String(required=True, validate=_PROFILE)
    percent = ma.fields.Integer(required=True)
    valid_until = ma.fields.Date(required=True, allow_none=True)


class ProvenSchema(ma.Schema):
    """A profile that was proven, for days both included."""

    profile = ma.fields.String(required=True, validate=_PROFILE)
    valid_from = ma.fields.Date(required=True)
    valid_until = ma.fields.Date(required=True)
    counts_today = ma.fields.Boolean(required=True)


class AskedSchema(ma.Schema):
    """A request for a profile."""

    id = ma.fields.Integer(required=True)
    kind = ma.fields.String(
        required=True, validate=ma.validate.OneOf([kind.value for kind in ProofKind])
    )
    state = ma.fields.String(
        required=True, validate=ma.validate.OneOf([state.value for state in ProofState])
    )
    holder = ma.fields.String(required=True)
    asked_at = ma.fields.String(required=True)
    decided_at = ma.fields.String(required=True, allow_none=True)
    answer = ma.fields.String(required=True)


class ProfilesSchema(ma.Schema):
    """What sets one's prices: the payer's profiles, and what was asked for."""

    organisation_id = ma.fields.Integer(required=True, allow_none=True)
    counting = ma.fields.List(ma.fields.Nested(CountingSchema), required=True)
    proven = ma.fields.List(ma.fields.Nested(ProvenSchema), required=True)
    asked = ma.fields.List(ma.fields.Nested(AskedSchema), required=True)


@blueprint.route("/me/profiles", methods=["GET"])
@blueprint.response(200, ProfilesSchema)
@refuses(blueprint, 401, 403)
@requires(Permission.PROOF_ASK)
def my_profiles() -> Response:
    """Give the profiles that set one's prices today; of whoever pays for one's bookings."""
    actor, today = guards.actor(), local_today()
    with reading() as database:
        payer = queries.get_account(database, actor.account_id).payer_organisation_id
        granted = queries.profiles_of(database, account_id=actor.account_id, organisation_id=payer)
        rate = rate_of(database, granted, by_organisation=payer is not None)
        asked = queries.proofs_of(
            database, account_id=actor.account_id, organisations=actor.organisations_owned
        )
    return jsonify(
        organisation_id=payer,
        counting=[_counting(each) for each in rate.counting],
        proven=[
            {**_proven(each), "counts_today": each.is_valid(today)}
            for each in granted
            if each.revoked_at is None
        ],
        asked=[_asked(each) for each in asked],
    )


def _counting(each: Counting) -> JsonObject:
    return {
        "family": each.family,
        "profile": each.profile.value,
        "percent": each.percent,
        "valid_until": each.until.isoformat() if each.until else None,
    }


def _proven(each: GrantedProfile) -> JsonObject:
    return {
        "profile": each.profile.value,
        "valid_from": each.valid_from.isoformat(),
        "valid_until": each.valid_until.isoformat(),
    }


def _asked(each: ProofRequest) -> JsonObject:
    return {
        "id": each.id,
        "kind": each.kind.value,
        "state": each.state.value,
        "holder": each.holder,
        "asked_at": instant(each.asked_at),
        "decided_at": instant(each.decided_at) if each.decided_at else None,
        "answer": each.answer,
    }
