"""The shapes of series in JSON: what is asked, the verdict of every date, and what is booked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TypedDict

import marshmallow as ma

from app.bookings.api.schemas import (
    CODE,
    MOST_PEOPLE,
    QuoteSchema,
    StaySchema,
    Strict,
    one_line,
)
from app.bookings.booking import TITLE_LENGTH
from app.bookings.series import (
    Choice,
    Deed,
    Scope,
    SeriesChange,
    SeriesWanted,
    Standing,
)
from app.domain.booking_states import BookingState
from app.domain.errors import BadRule, EndBeforeStart, NoDates, TooLong
from app.domain.ids import SpaceCode
from app.domain.intervals import Span
from app.domain.recurrence import MOST_DATES, Recurrence, listed
from app.domain.rrules import Fault, rule_from
from app.domain.stays import LONGEST_STAY
from app.spaces.network import Site
from app.web.api import InstantField, MoneySchema, WholeNumber

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
DEEDS = [each.value for each in Deed]
SCOPES = [each.value for each in Scope]


class Day(ma.fields.Date):
    """A date of this century, as the site's calendar has it."""

    def __init__(self, *, required: bool = False, data_key: str | None = None) -> None:
        super().__init__(
            required=required,
            data_key=data_key,
            validate=ma.validate.Range(min=EARLIEST, max=LATEST),
            metadata={"pattern": "^20", "example": "2026-12-24"},
        )


def _days() -> ma.fields.List[date]:
    few_enough = ma.validate.Length(max=MOST_DATES)
    return ma.fields.List(Day(), load_default=list, validate=few_enough)


class ChoiceSchema(Strict):
    """What to do with one date of the rule; changed, it takes place, start and end from here."""

    date = Day(required=True)
    do = ma.fields.String(required=True, validate=ma.validate.OneOf(DEEDS))
    space = ma.fields.String(validate=CODE)
    starts_at = InstantField()
    ends_at = InstantField()


class SeriesWantedSchema(StaySchema):
    """A stay that comes again: the hours are those of the clock on the wall, on every date.

    `rrule` is an RRULE of RFC 5545 (DAILY, WEEKLY or MONTHLY) that ends; `starts_at` is the
    earliest date. Without `rrule` the dates are that one and `rdates`.
    """

    title = ma.fields.String(load_default="", validate=one_line(TITLE_LENGTH))
    rrule = ma.fields.String(
        load_default="",
        validate=one_line(200),
        metadata={"example": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;UNTIL=20261217"},
    )
    exdates = _days()
    rdates = _days()
    choices = ma.fields.List(
        ma.fields.Nested(ChoiceSchema),
        load_default=list,
        validate=ma.validate.Length(max=MOST_DATES),
    )


class SeriesChangeSchema(Strict):
    """What is to change about the dates of a scope; `from` is a date of the rule.

    `starts_at` and `ends_at` say the new hours, as the clock on the wall shows them.
    """

    scope = ma.fields.String(required=True, validate=ma.validate.OneOf(SCOPES))
    since = Day(data_key="from")
    space = ma.fields.String(validate=CODE)
    starts_at = InstantField()
    ends_at = InstantField()
    people = WholeNumber(validate=ma.validate.Range(min=1, max=MOST_PEOPLE))
    title = ma.fields.String(validate=one_line(TITLE_LENGTH))


class ScopeSchema(ma.Schema):
    """Which dates are meant: `this` or `following` from a date on, or `all` to come."""

    scope = ma.fields.String(load_default=Scope.ALL.value, validate=ma.validate.OneOf(SCOPES))
    since = Day(data_key="from")


class NearSchema(ma.Schema):
    """Something free near to a date that cannot be had."""

    space = ma.fields.String(required=True)
    starts_at = InstantField(required=True)
    ends_at = InstantField(required=True)
    quote = ma.fields.Nested(QuoteSchema, required=True, allow_none=True)


class ReasonSchema(ma.Schema):
    """Why a date cannot be had: a stable code and a sentence."""

    code = ma.fields.String(required=True)
    detail = ma.fields.String(required=True)


class VerdictSchema(ma.Schema):
    """What becomes of one date; its hours are null where the clock skips them."""

    date = Day(required=True)
    original_start = InstantField(required=True)
    do = ma.fields.String(required=True, validate=ma.validate.OneOf(DEEDS))
    verdict = ma.fields.String(
        required=True, validate=ma.validate.OneOf([each.value for each in Standing])
    )
    space = ma.fields.String(required=True, allow_none=True)
    starts_at = InstantField(required=True, allow_none=True)
    ends_at = InstantField(required=True, allow_none=True)
    shifted = ma.fields.Boolean(required=True)
    quote = ma.fields.Nested(QuoteSchema, required=True, allow_none=True)
    reason = ma.fields.Nested(ReasonSchema, required=True, allow_none=True)
    holiday = ma.fields.String(required=True, allow_none=True)
    holder = ma.fields.String(required=True, allow_none=True)
    own = ma.fields.Boolean(required=True)
    alternatives = ma.fields.List(ma.fields.Nested(NearSchema), required=True)


class TableSchema(ma.Schema):
    """Every date with its verdict; `bookable` when each one kept can be had."""

    rule = ma.fields.String(required=True)
    bookable = ma.fields.Boolean(required=True)
    net = ma.fields.Nested(MoneySchema, required=True)
    gross = ma.fields.Nested(MoneySchema, required=True)
    items = ma.fields.List(ma.fields.Nested(VerdictSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class SeriesDateSchema(ma.Schema):
    """A date of a series: the booking it is, wherever it was moved to."""

    date = Day(required=True)
    booking = ma.fields.String(required=True)
    state = ma.fields.String(
        required=True, validate=ma.validate.OneOf([each.value for each in BookingState])
    )
    space = ma.fields.String(required=True)
    starts_at = InstantField(required=True)
    ends_at = InstantField(required=True)
    gross = ma.fields.Nested(MoneySchema, required=True)


class SeriesSchema(ma.Schema):
    """A series and its dates; `rule` says the RRULE in the reader's language."""

    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    space = ma.fields.String(required=True)
    site = ma.fields.String(required=True)
    people = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    rule = ma.fields.String(required=True)
    rrule = ma.fields.String(required=True)
    exdates = ma.fields.List(Day(), required=True)
    rdates = ma.fields.List(Day(), required=True)
    follows = ma.fields.String(required=True, allow_none=True)
    gross = ma.fields.Nested(MoneySchema, required=True)
    dates = ma.fields.List(ma.fields.Nested(SeriesDateSchema), required=True)


class AskedChoice(TypedDict, total=False):
    """What ``ChoiceSchema`` gives."""

    date: date
    do: str
    space: SpaceCode
    starts_at: datetime
    ends_at: datetime


class AskedSeries(TypedDict):
    """What ``SeriesWantedSchema`` gives."""

    space: SpaceCode
    starts_at: datetime
    ends_at: datetime
    people: int
    title: str
    rrule: str
    exdates: list[date]
    rdates: list[date]
    choices: list[AskedChoice]


class AskedChange(TypedDict, total=False):
    """What ``SeriesChangeSchema`` gives."""

    scope: str
    since: date
    space: SpaceCode
    starts_at: datetime
    ends_at: datetime
    people: int
    title: str


def wanted_from(asked: AskedSeries, site: Site) -> SeriesWanted:
    """Read a wish; raises BadRule, EndBeforeStart, NoDates."""
    starts, minute, minutes = _hours(asked["starts_at"], asked["ends_at"], site)
    rdates = frozenset(asked["rdates"])
    if asked["rrule"]:
        rule = rule_from(asked["rrule"], first=starts, minute=minute, zone=site.zone)
        recurrence = Recurrence(starts, minute, minutes, rule, rdates=rdates)
    elif rdates:
        recurrence = listed(rdates | {starts}, minute=minute, minutes=minutes)
    else:
        raise BadRule(Fault.UNREADABLE)
    recurrence = recurrence.without(frozenset(asked["exdates"]))
    return SeriesWanted(asked["space"], recurrence, asked["people"], asked["title"])


def choices_from(asked: AskedSeries) -> list[Choice]:
    """Read the choices; raises EndBeforeStart."""
    return [
        Choice(
            each["date"],
            Deed(each["do"]),
            each.get("space"),
            Span(each["starts_at"], each["ends_at"])
            if "starts_at" in each and "ends_at" in each
            else None,
        )
        for each in asked["choices"]
    ]


def change_from(asked: AskedChange, site: Site) -> SeriesChange:
    """Read a change; its hours count only when both are there. Raises EndBeforeStart."""
    minute = minutes = None
    if "starts_at" in asked and "ends_at" in asked:
        _, minute, minutes = _hours(asked["starts_at"], asked["ends_at"], site)
    return SeriesChange(
        space=asked.get("space"),
        minute=minute,
        minutes=minutes,
        people=asked.get("people"),
        title=asked.get("title"),
    )


def _hours(start: datetime, end: datetime, site: Site) -> tuple[date, int, int]:
    """Give the date, the minute of the day and the length, as the clock on the wall shows them."""
    first, last = (each.astimezone(site.zone).replace(tzinfo=None) for each in (start, end))
    minutes = (last - first) // timedelta(minutes=1)
    if end <= start or minutes < 1:
        raise EndBeforeStart(start, end)
    if end - start > LONGEST_STAY:
        raise TooLong(LONGEST_STAY // timedelta(minutes=1), minutes)
    if not EARLIEST <= first.date() <= LATEST:
        raise NoDates
    return first.date(), first.hour * 60 + first.minute, minutes
