"""The shapes of passes, check-ins and what devices say in JSON, in and out."""

from __future__ import annotations

from typing import Final

import marshmallow as ma

from app.access.passes import Pass
from app.access.rooms import OFFERED
from app.bookings.api.schemas import BookingSchema
from app.domain.json_values import JsonObject
from app.spaces.network import Door
from app.web.api import InstantField, Pattern, QueryNumber, WholeNumber, instant
from app.web.formats import language
from devices.passes.chain import BATCH
from devices.passes.text import LONGEST_TEXT

LONGEST_WAIT: Final = 30  # seconds; a proxy in between gives up at 60
LONGEST_BODY: Final = 1368  # base64 of the 1 KiB a line may have
_REF = Pattern(r"^[A-Za-z0-9-]{1,16}$", error="Not a booking.")
_CODE = Pattern(r"^[0-9A-Za-z -]{1,40}$", error="Not a code.")
_KEY = Pattern(r"^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$", error="Not 32 octets in base64.")
_BASE64 = Pattern(
    r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$", error="Not base64."
)
_HASH = Pattern(r"^[0-9a-f]{64}$", error="Not a SHA-256 in hex.")
_SOFTWARE = Pattern(r"^[A-Za-z0-9.+-]{0,40}$", error="Not a version.")
_STATE = Pattern(r"^[a-z-]{1,20}$", error="Not a state.")
_COUNT = ma.validate.Range(min=0, max=2**53)


class Strict(ma.Schema):
    """A body in which nothing unknown may stand."""

    class Meta:
        """Refuse what is not named."""

        unknown = ma.RAISE


class DoorSchema(ma.Schema):
    """A door."""

    number = ma.fields.Integer(required=True)
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class PassSchema(ma.Schema):
    """A pass; of a stay beyond twelve hours one a day, `days` names them."""

    text = ma.fields.String(required=True)
    svg_url = ma.fields.String(required=True)
    valid_from = InstantField(required=True)
    valid_until = InstantField(required=True)
    doors = ma.fields.List(ma.fields.Nested(DoorSchema), required=True)
    day = ma.fields.Date(required=True, allow_none=True)
    days = ma.fields.List(ma.fields.Date(), required=True)


class DaySchema(ma.Schema):
    """Which day's pass of a long stay."""

    day = ma.fields.Date()


class CheckInSchema(Strict):
    """What the desk scanned, or which booking it named: one of both."""

    pass_text = ma.fields.String(
        data_key="pass", validate=ma.validate.Length(min=1, max=LONGEST_TEXT)
    )
    booking = ma.fields.String(validate=_REF)

    @ma.validates_schema
    def _one_of_both(self, content: dict[str, str], **_: object) -> None:
        if len(content) != 1:
            raise ma.ValidationError("Give either pass or booking.")


class ShownSchema(Strict):
    """A pass shown at a door just now."""

    pass_text = ma.fields.String(
        required=True, data_key="pass", validate=ma.validate.Length(min=1, max=LONGEST_TEXT)
    )


class BookHereSchema(ShownSchema):
    """A pass shown at a door, and for how long its bearer wants the room behind it."""

    minutes = WholeNumber(required=True, validate=ma.validate.OneOf(OFFERED))


class BookedHereSchema(ma.Schema):
    """The new booking, and its pass, by which the door opens."""

    booking = ma.fields.Nested(BookingSchema, required=True)
    given = ma.fields.Nested(PassSchema, required=True, data_key="pass")


class AskInSchema(Strict):
    """A device asks in."""

    code = ma.fields.String(required=True, validate=_CODE, metadata={"example": "K7QF-2M9X-41TP"})
    public_key = ma.fields.String(required=True, validate=_KEY)


class EnrolledSchema(ma.Schema):
    """What a device that is let in must know."""

    device = ma.fields.String(required=True)
    snapshot_key = ma.fields.String(required=True)
    fingerprint = ma.fields.String(required=True)
    state = ma.fields.String(required=True)


class WaitSchema(ma.Schema):
    """How long to wait for news, in seconds."""

    wait = QueryNumber(load_default=0, validate=ma.validate.Range(min=0, max=LONGEST_WAIT))


class LineSchema(Strict):
    """One line of a door's journal."""

    seq = WholeNumber(required=True, validate=ma.validate.Range(min=1, max=2**53))
    body = ma.fields.String(required=True, validate=[ma.validate.Length(max=LONGEST_BODY), _BASE64])
    hash = ma.fields.String(required=True, validate=_HASH)


class LinesSchema(Strict):
    """Lines of a door's journal, in order."""

    lines = ma.fields.List(
        ma.fields.Nested(LineSchema),
        required=True,
        validate=ma.validate.Length(min=1, max=BATCH),
    )


class HeadSchema(ma.Schema):
    """Where a journal stands here."""

    seq = ma.fields.Integer(required=True)
    head = ma.fields.String(required=True)


class HeartbeatSchema(Strict):
    """A door's sign of life."""

    seq = WholeNumber(required=True, validate=_COUNT)
    head = ma.fields.String(required=True, validate=_HASH)
    snapshot = WholeNumber(required=True, validate=_COUNT)
    clock = InstantField(required=True)
    software = ma.fields.String(load_default="", validate=_SOFTWARE)
    states = ma.fields.List(
        ma.fields.String(validate=_STATE), load_default=[], validate=ma.validate.Length(max=10)
    )
    battery = WholeNumber(load_default=None, validate=ma.validate.Range(min=0, max=100))
    certificate = InstantField(load_default=None)


class InsideSchema(ma.Schema):
    """How many people may be inside, and at a muster point who, until the house closes."""

    count = ma.fields.Integer(required=True)
    people = ma.fields.List(ma.fields.String(), required=True)
    until = InstantField(required=True)


class HeardSchema(HeadSchema):
    """The server's time, and where the journal stands here."""

    time = InstantField(required=True)


def pass_json(given: Pass) -> JsonObject:
    """Write a pass, its doors named in the reader's language."""
    query = "" if given.day is None else f"?day={given.day.isoformat()}"
    return {
        "text": given.text,
        "svg_url": f"/api/v1/bookings/{given.booking.ref}/pass.svg{query}",
        "valid_from": instant(given.valid_from),
        "valid_until": instant(given.valid_until),
        "doors": [door_json(door) for door in given.doors],
        "day": None if given.day is None else given.day.isoformat(),
        "days": [day.isoformat() for day in given.days],
    }


def door_json(door: Door) -> JsonObject:
    """Write a door."""
    return {"number": door.number, "code": door.code, "name": door.name.get(language())}
