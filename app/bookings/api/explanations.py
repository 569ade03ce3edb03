"""Why a quote is what it is, and what would lower it, in JSON."""

from __future__ import annotations

import marshmallow as ma

from app.bookings.api.schemas import QuoteSchema, quote_json
from app.domain.json_values import JsonObject
from app.domain.profiles import Profile
from app.domain.tariffs import Lower, Step, StepCode, explain
from app.tariffs.priced import Priced
from app.tariffs.quote_views import gross_of, name_of
from app.tariffs.step_words import Reader, sentences
from app.web.api import MoneySchema


class StepSchema(ma.Schema):
    """One step of the explanation; `line` counts the lines from 0, null is for the whole quote."""

    code = ma.fields.String(
        required=True, validate=ma.validate.OneOf([each.value for each in StepCode])
    )
    line = ma.fields.Integer(required=True, allow_none=True)
    text = ma.fields.String(
        required=True, metadata={"description": "The step in the reader's language."}
    )
    facts = ma.fields.Dict(
        keys=ma.fields.String(),
        required=True,
        metadata={"description": "The figures behind it: factors, dates of a proof, amounts."},
    )


class LowerSchema(ma.Schema):
    """Something that would lower the price: a profile once proven, or a pack once bought.

    One of `profile` and `product` is null. With a pack, the price is the visit's share of it.
    """

    profile = ma.fields.String(
        required=True,
        allow_none=True,
        validate=ma.validate.OneOf([*(each.value for each in Profile), None]),
    )
    product = ma.fields.String(required=True, allow_none=True)
    name = ma.fields.String(required=True)
    net = ma.fields.Nested(MoneySchema, required=True)
    gross = ma.fields.Nested(MoneySchema, required=True)


class ExplainedQuoteSchema(QuoteSchema):
    """What a stay costs, why, and what would lower it, the cheapest first."""

    explanation = ma.fields.List(ma.fields.Nested(StepSchema), required=True)
    would_lower = ma.fields.List(ma.fields.Nested(LowerSchema), required=True)


def explained_json(priced: Priced) -> JsonObject:
    """Write a quote with every step behind it and what would lower it."""
    reader = Reader(priced.card, priced.calendar.zone)
    return {
        **quote_json(priced.quote),
        "explanation": [_step(each, reader) for each in explain(priced.quote, priced.card)],
        "would_lower": [_lower(priced, each) for each in priced.lower()],
    }


def _step(step: Step, reader: Reader) -> JsonObject:
    return {
        "code": step.code.value,
        "line": step.line,
        "text": " ".join(sentences(step, reader)),
        "facts": dict(step.facts),
    }


def _lower(priced: Priced, lower: Lower) -> JsonObject:
    return {
        "profile": lower.profile.value if lower.profile else None,
        "product": lower.product,
        "name": name_of(lower),
        "net": lower.net.to_json(),
        "gross": gross_of(priced, lower).to_json(),
    }
