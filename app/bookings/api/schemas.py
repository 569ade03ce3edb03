"""The shapes of bookings, quotes and offers in JSON, in and out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import marshmallow as ma

from app.bookings.booking import TITLE_LENGTH, Booking, Guest
from app.bookings.queries import Alternative, Offer, Way
from app.domain.booking_states import BookingState
from app.domain.cancellation import Terms
from app.domain.day_parts import DayPart
from app.domain.intervals import Span
from app.domain.json_values import JsonObject
from app.domain.kinds import SpaceKind
from app.domain.profiles import Profile
from app.domain.tariffs import Quote
from app.spaces.api import SpaceSchema, space_json
from app.tariffs.words import reason
from app.web.api import (
    CursorSchema,
    InstantField,
    MoneySchema,
    Pattern,
    QueryFlag,
    QueryNumber,
    WholeNumber,
    instant,
)

MOST_PEOPLE = 10_000
CODE = Pattern(r"^[a-z0-9-]{1,60}$", error="Not a code such as metz-turing.")
# Nor what turns the direction of writing around: a title on the board is what it says.
PLAIN = Pattern(
    "^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]*$",
    error="No line breaks or other control characters.",
)


def not_half_a_letter(value: str) -> None:
    """Refuse halves of surrogate pairs, which no database can store."""
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ma.ValidationError("Not text.")


def one_line(most: int) -> list[Callable[[str], object]]:
    """Let a text of so many characters pass that is written on one line."""
    return [ma.validate.Length(max=most), PLAIN, not_half_a_letter]


class Strict(ma.Schema):
    """A body in which nothing unknown may stand."""

    class Meta:
        """Refuse what is not named."""

        unknown = ma.RAISE


class StaySchema(Strict):
    """A place, a stretch of time, and how many people."""

    space = ma.fields.String(required=True, validate=CODE, metadata={"example": "metz-turing"})
    starts_at = InstantField(required=True)
    ends_at = InstantField(required=True)
    people = WholeNumber(required=True, validate=ma.validate.Range(min=1, max=MOST_PEOPLE))


class AskedQuoteSchema(StaySchema):
    """A stay to be priced; `profile` simulates one that need not be proven."""

    profile = ma.fields.String(validate=ma.validate.OneOf([each.value for each in Profile]))


class GuestSchema(Strict):
    """Somebody without an account for whom a place is booked."""

    name = ma.fields.String(required=True, validate=[*one_line(120), ma.validate.Length(min=1)])
    email = ma.fields.String(load_default="", validate=one_line(254))


class OverrideSchema(Strict):
    """Why staff step over a rule of the place; never over safety or somebody else's stay."""

    reason = ma.fields.String(required=True, validate=[*one_line(500), ma.validate.Length(min=1)])


class WantedSchema(StaySchema):
    """A stay to be booked."""

    title = ma.fields.String(load_default="", validate=one_line(TITLE_LENGTH))
    setup = ma.fields.String(
        load_default=None, validate=CODE, metadata={"description": "How the room is furnished."}
    )
    companion = ma.fields.String(
        load_default=None,
        validate=one_line(254),
        metadata={"description": "Address of the second person where two must be there."},
    )
    guest = ma.fields.Nested(GuestSchema, load_default=None)
    override = ma.fields.Nested(OverrideSchema, load_default=None)


class ChangeSchema(Strict):
    """What is to change about a booking; the rest stays."""

    space = ma.fields.String(validate=CODE)
    starts_at = InstantField()
    ends_at = InstantField()
    people = WholeNumber(validate=ma.validate.Range(min=1, max=MOST_PEOPLE))
    title = ma.fields.String(validate=one_line(TITLE_LENGTH))
    setup = ma.fields.String(validate=CODE)
    override = ma.fields.Nested(OverrideSchema)


class SearchSchema(ma.Schema):
    """What is looked for: when, how many, and what the place must be or have."""

    start = InstantField(
        data_key="from", metadata={"description": "Left out: now, on the grid of five minutes."}
    )
    end = InstantField(
        data_key="to",
        metadata={"description": "With `duration`, the end of the window. Left out: when it ends."},
    )
    duration = QueryNumber(
        validate=ma.validate.Range(min=1, max=31 * 24 * 60),
        metadata={"description": "Minutes; with `to`, any stretch of that length between both."},
    )
    part = ma.fields.String(
        validate=ma.validate.OneOf([each.value for each in DayPart]),
        metadata={"description": "Only this part of the days, for a stretch within a window."},
    )
    site = ma.fields.String(validate=CODE)
    kind = ma.fields.String(validate=ma.validate.OneOf([each.value for each in SpaceKind]))
    people = QueryNumber(load_default=1, validate=ma.validate.Range(min=1, max=MOST_PEOPLE))
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


class ListingSchema(CursorSchema):
    """Which of one's bookings to list."""

    start = InstantField(data_key="from")
    end = InstantField(data_key="to")
    state = ma.fields.String(validate=ma.validate.OneOf([each.value for each in BookingState]))


class IfMatchHeader(ma.Schema):
    """The version of a booking that the caller has read."""

    etag = ma.fields.String(data_key="If-Match", validate=ma.validate.Length(max=100))


class QuoteLineSchema(ma.Schema):
    """One line of a quote, its reason in the reader's language."""

    code = ma.fields.String(required=True)
    amount = ma.fields.Nested(MoneySchema, required=True)
    reason = ma.fields.String(required=True)


class SpentSchema(ma.Schema):
    """So many units of one of the payer's rights (`/me/rights`) that a stay uses up."""

    id = ma.fields.Integer(required=True)
    amount = ma.fields.Integer(required=True)


class TierSchema(ma.Schema):
    """What per cent of the price comes back from so many hours before the start on."""

    hours_before = ma.fields.Integer(required=True)
    percent = ma.fields.Integer(required=True)


class TermsSchema(ma.Schema):
    """What comes back when the stay is given up; all of it in the first `free_minutes`."""

    tiers = ma.fields.List(ma.fields.Nested(TierSchema), required=True)
    free_minutes = ma.fields.Integer(required=True)


class QuoteSchema(ma.Schema):
    """What a stay costs; `net` without and `gross` with VAT."""

    lines = ma.fields.List(ma.fields.Nested(QuoteLineSchema), required=True)
    net = ma.fields.Nested(MoneySchema, required=True)
    vat = ma.fields.Nested(MoneySchema, required=True)
    gross = ma.fields.Nested(MoneySchema, required=True)
    profile = ma.fields.String(required=True)
    rights = ma.fields.List(ma.fields.Nested(SpentSchema), required=True)
    terms = ma.fields.Nested(TermsSchema, required=True)


class SpanSchema(ma.Schema):
    """A stretch of time."""

    starts_at = InstantField(required=True)
    ends_at = InstantField(required=True)


class BookingSchema(ma.Schema):
    """A booking; `occupies` is its time with what is kept before and after, `due` what is owed."""

    id = ma.fields.String(required=True)
    state = ma.fields.String(
        required=True, validate=ma.validate.OneOf([each.value for each in BookingState])
    )
    space = ma.fields.String(required=True)
    site = ma.fields.String(required=True)
    starts_at = InstantField(required=True)
    ends_at = InstantField(required=True)
    people = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    setup = ma.fields.String(required=True, allow_none=True)
    guest = ma.fields.Nested(GuestSchema, required=True, allow_none=True)
    occupies = ma.fields.Nested(SpanSchema, required=True)
    version = ma.fields.Integer(required=True)
    created_at = InstantField(required=True)
    hold_expires_at = InstantField(required=True, allow_none=True)
    quote = ma.fields.Nested(QuoteSchema, required=True)
    due = ma.fields.Nested(MoneySchema, required=True)
    refund = ma.fields.Nested(MoneySchema, required=True, allow_none=True)


class BookingsSchema(ma.Schema):
    """A page of bookings by start."""

    items = ma.fields.List(ma.fields.Nested(BookingSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class OfferSchema(ma.Schema):
    """A space that is free for the stay, with its price."""

    space = ma.fields.Nested(SpaceSchema, required=True)
    starts_at = InstantField(required=True)
    ends_at = InstantField(required=True)
    free_units = ma.fields.Integer(required=True)
    quote = ma.fields.Nested(QuoteSchema, required=True)


class AlternativeSchema(ma.Schema):
    """Something near to what was looked for that is free, and in which way it is near."""

    way = ma.fields.String(required=True, validate=ma.validate.OneOf([each.value for each in Way]))
    space = ma.fields.Nested(SpaceSchema, required=True)
    starts_at = InstantField(required=True)
    ends_at = InstantField(required=True)
    quote = ma.fields.Nested(QuoteSchema, required=True)


class OffersSchema(ma.Schema):
    """What is free: fewest spare chairs, then cheapest, soonest; if nothing, what is near to it."""

    items = ma.fields.List(ma.fields.Nested(OfferSchema), required=True)
    alternatives = ma.fields.List(ma.fields.Nested(AlternativeSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


def quote_json(quote: Quote) -> JsonObject:
    """Write a quote with its reasons in the reader's language."""
    return {
        "lines": [
            {"code": line.code.value, "amount": line.amount.to_json(), "reason": reason(line)}
            for line in quote.lines
        ],
        "net": quote.net.to_json(),
        "vat": quote.vat.to_json(),
        "gross": quote.gross.to_json(),
        "profile": quote.profile.value,
        "terms": _terms_json(quote.terms),
        "rights": [{"id": each.right_id, "amount": each.amount} for each in quote.spent],
    }


def _terms_json(terms: Terms) -> JsonObject:
    return {
        "tiers": [
            {"hours_before": tier.hours_before, "percent": min(tier.percent, terms.at_most)}
            for tier in terms.tiers
        ],
        "free_minutes": terms.free_minutes,
    }


def booking_json(booking: Booking) -> JsonObject:
    """Write a booking."""
    expires = booking.hold_expires_at
    return {
        "id": booking.ref,
        "state": booking.state.value,
        "space": booking.space.code,
        "site": booking.site.code,
        **span_json(booking.span),
        "people": booking.people,
        "title": booking.title,
        "setup": booking.setup,
        "guest": None if booking.guest is None else _guest_json(booking.guest),
        "occupies": span_json(booking.occupied),
        "version": booking.version,
        "created_at": instant(booking.created_at),
        "hold_expires_at": None if expires is None else instant(expires),
        "quote": quote_json(booking.quote),
        "due": booking.due.to_json(),
        "refund": None if booking.refund is None else booking.refund.to_json(),
    }


def _guest_json(guest: Guest) -> JsonObject:
    return {"name": guest.name, "email": guest.email}


def offer_json(offer: Offer) -> JsonObject:
    """Write an offer."""
    return {
        "space": space_json(offer.space),
        **span_json(offer.span),
        "free_units": offer.free_units,
        "quote": quote_json(offer.quote),
    }


def alternative_json(alternative: Alternative) -> JsonObject:
    """Write a way out of a clash."""
    return {
        "way": alternative.way.value,
        "space": space_json(alternative.space),
        **span_json(alternative.span),
        "quote": quote_json(alternative.quote),
    }


def span_json(span: Span) -> JsonObject:
    """Write a stretch of time."""
    return {"starts_at": instant(span.start), "ends_at": instant(span.end)}


def etag_of(version: int, body: bytes) -> str:
    """Give the ETag of a booking as written: its version first, which ``If-Match`` asks about."""
    return f"{version}-{hashlib.sha256(body).hexdigest()[:20]}"


def expected_version(etag: str | None) -> int | None:
    """Read the version that the caller has seen out of ``If-Match``; -1 when it is none of ours."""
    if etag is None or etag.strip() == "*":
        return None
    number = etag.strip().removeprefix("W/").strip('"').partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else -1
