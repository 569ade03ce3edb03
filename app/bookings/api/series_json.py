"""Series written as JSON: the verdict of every date, and what is booked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.bookings.api.schemas import quote_json, span_json
from app.bookings.booking import Booking
from app.bookings.rule_words import rule_words
from app.bookings.series import DateVerdict, Near, SeriesTable, SeriesWanted
from app.bookings.series_dates import Dates
from app.domain.json_values import JsonObject, JsonValue
from app.domain.money import Money
from app.web.api import instant
from app.web.holidays import public_holiday
from app.web.sentences import sentence


def table_json(table: SeriesTable, wanted: SeriesWanted) -> JsonObject:
    """Write the verdict of every date."""
    return {
        "rule": rule_words(wanted.recurrence),
        "bookable": table.is_bookable,
        "net": table.net.to_json(),
        "gross": table.gross.to_json(),
        "items": [verdict_json(each) for each in table.verdicts],
        "next": None,
    }


def verdict_json(verdict: DateVerdict) -> JsonObject:
    """Write the verdict of a date."""
    planned, refusal = verdict.planned, verdict.refusal
    wanted = planned.wanted
    reason = getattr(refusal, "reason", None) if verdict.is_holiday else None
    return {
        "date": planned.day.isoformat(),
        "original_start": instant(planned.occurrence.original),
        "do": planned.deed.value,
        "verdict": verdict.standing.value,
        "space": None if wanted is None else wanted.space,
        "starts_at": None if wanted is None else instant(wanted.span.start),
        "ends_at": None if wanted is None else instant(wanted.span.end),
        "shifted": planned.occurrence.is_shifted,
        "quote": None if verdict.quote is None else quote_json(verdict.quote),
        "reason": None if refusal is None else {"code": refusal.code, "detail": sentence(refusal)},
        "holiday": None if reason is None else public_holiday(reason) or reason,
        "holder": verdict.holder,
        "own": verdict.is_own,
        "alternatives": [_near_json(each) for each in verdict.near],
    }


def series_json(dates: Dates) -> JsonObject:
    """Write a series with its dates."""
    series = dates.series
    recurrence = series.recurrence
    gross = Money(sum(each.booking.gross.minor for each in dates.standing))
    return {
        "id": series.ref,
        "version": series.version,
        "space": series.space.code,
        "site": series.site.code,
        "people": series.people,
        "title": series.title,
        "rule": rule_words(recurrence),
        "rrule": "" if recurrence.rule is None else recurrence.rule.text,
        "exdates": _days(dates.recurrence.exdates),
        "rdates": _days(recurrence.rdates),
        "follows": series.follows,
        "gross": gross.to_json(),
        "dates": [_date_json(dates, each.booking) for each in dates.visits],
    }


def _date_json(dates: Dates, booking: Booking) -> JsonObject:
    return {
        "date": dates.day(booking).isoformat(),
        "booking": booking.ref,
        "state": booking.state.value,
        "space": booking.space.code,
        **span_json(booking.span),
        "gross": booking.gross.to_json(),
    }


def _near_json(near: Near) -> JsonObject:
    return {
        "space": near.space.code,
        **span_json(near.span),
        "quote": None if near.quote is None else quote_json(near.quote),
    }


def _days(days: Iterable[date]) -> list[JsonValue]:
    return [day.isoformat() for day in sorted(days)]
