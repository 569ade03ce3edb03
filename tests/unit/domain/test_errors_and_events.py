"""Refusals have stable codes and JSON facts; events go to the outbox and come back the same."""

import json
import re
from dataclasses import fields
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from app.domain import errors, events
from app.domain.errors import Closed, DomainError, RoomTaken, WrongState
from app.domain.errors.base import fact
from app.domain.events import EVENTS, BookingMoved, event_from
from app.domain.intervals import Span
from app.domain.kinds import SpaceKind
from tests.unit.domain.places import utc

REFUSALS = [getattr(errors, name) for name in errors.__all__ if name != "DomainError"]
REFUSALS = [each for each in REFUSALS if isinstance(each, type) and issubclass(each, DomainError)]


def test_every_refusal_has_its_own_code_in_small_letters() -> None:
    codes = [refusal.code for refusal in REFUSALS]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


def test_every_refusal_is_published_with_the_others() -> None:
    assert set(DomainError.__subclasses__()) >= set(REFUSALS)
    told = {refusal for refusal in DomainError.__subclasses__() if "domain" in refusal.__module__}
    assert told == set(REFUSALS)


def test_a_refusal_tells_its_facts_as_json() -> None:
    span = Span(utc("2027-03-01 08:00"), utc("2027-03-01 10:00"))
    assert RoomTaken((span,)).facts() == {
        "clashes": [{"start": "2027-03-01T08:00:00Z", "end": "2027-03-01T10:00:00Z"}]
    }
    closed = Closed(date(2027, 3, 1), (("08:00", "20:00"),), None, utc("2027-03-02 07:00"))
    assert json.loads(json.dumps(closed.facts())) == {
        "day": "2027-03-01",
        "hours": [["08:00", "20:00"]],
        "reason": None,
        "next_opens_at": "2027-03-02T07:00:00Z",
    }


def test_a_refusal_reads_as_code_and_facts_in_the_log() -> None:
    assert str(WrongState("held", "completed")) == "wrong-state state=held wanted=completed"
    assert str(errors.NotSignedIn()) == "not-signed-in"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (SpaceKind.SEAT, "seat"),
        (Decimal("1.10"), "1.10"),
        (datetime(2027, 3, 1, tzinfo=UTC), "2027-03-01T00:00:00Z"),
        (time(14, 30), "14:30:00"),
        (True, True),
        (7, 7),
    ],
)
def test_values_of_the_rules_become_json(value: object, told: object) -> None:
    assert fact(value) == told


def test_a_refusal_cannot_tell_what_json_cannot() -> None:
    with pytest.raises(TypeError):
        fact(1.5)


def test_every_event_is_registered_under_its_own_kind() -> None:
    kinds = {event.kind for event in events.DomainEvent.__subclasses__()}
    assert kinds == set(EVENTS)
    assert all(event.kind == kind for kind, event in EVENTS.items())


def test_an_event_goes_to_the_outbox_and_comes_back() -> None:
    moved = BookingMoved(booking_id=7, version=2)
    assert event_from(moved.kind, json.loads(json.dumps(moved.payload()))) == moved


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.kind)
def test_events_have_only_plain_fields(event: type[events.DomainEvent]) -> None:
    words = {word for field in fields(event) for word in re.findall(r"\w+", _named(field.type))}
    assert words <= {"bool", "dict", "int", "list", "str", "None"}


def test_an_event_nobody_knows_is_not_guessed() -> None:
    with pytest.raises(KeyError):
        event_from("moon-landed", {})


def _named(kind: object) -> str:
    return kind.__name__ if type(kind) is type else str(kind)
