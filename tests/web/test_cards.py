"""Cards: shown at a door, given at the desk, opening what their holder booked until taken back."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.journal import Status
from app.access.queries import journal_of_day
from app.bookings import service as bookings
from app.db.transaction import reading, transaction
from app.domain.permissions import Role
from app.spaces.queries import find_network
from app.web import clock
from devices.passes.chain import Kind
from devices.passes.reasons import Reason
from devices.passes.rules import Decision, Granted, Refused, judge
from tests.members import acting, delivered, make_member, press, sign_in
from tests.readers import Reader, keys_of, make_manager, make_reader
from tests.stays import TUESDAY, span, stay

PAGE = "/doors/cards"
CARD = "CARD:0412AB99"
AT = span("10:05-10:06").start


@pytest.fixture
def door(app: Flask, now: datetime) -> Reader:
    return make_reader(app, make_manager(app), now)


@pytest.fixture
def odile(app: Flask) -> FlaskClient:
    return sign_in(app, make_member(app, "Odile", role=Role.CONCIERGE, site="metz"))


def shown(door: Reader, at: datetime = AT) -> Decision:
    """Hold the card before a door that knows what it is told now, and note it as doors do."""
    snapshot = door.snapshot()
    known = snapshot.knowledge(snapshot.doors[0], clock_floor=0)
    decision = judge(CARD, known, now=int(at.timestamp()))
    kind = Kind.GRANT if isinstance(decision, Granted) else Kind.DENY
    word = decision.opening if isinstance(decision, Granted) else decision.reason
    door.note(at, kind, reason=str(word), pass_id=decision.pass_id or b"")
    assert door.push().status_code == 200
    return decision


def give(desk: FlaskClient, **fields: str) -> int:
    wish = {"email": "anais@people.example", "shown": "typed", "number": "", "label": "n° 12"}
    return press(desk, PAGE, PAGE, **(wish | fields)).status_code


def test_a_card_shown_at_a_door_is_given_opens_and_is_taken_back(
    app: Flask, door: Reader, odile: FlaskClient, now: datetime
) -> None:
    anais = make_member(app, "Anaïs")
    actor = acting(app, anais)
    with app.app_context(), transaction() as session:
        booking = bookings.book(session, actor, stay(), now=now)
    with clock.freeze(AT):
        unknown = shown(door)
        assert isinstance(unknown, Refused)
        assert unknown.reason is Reason.UNKNOWN_CARD
        page = odile.get(PAGE).get_data(as_text=True)
        (choice,) = re.findall(r'<option value="([0-9a-f]{16})">', page)
        etag = door.pull().headers["ETag"]
        assert give(odile, shown=choice) == 303
        assert choice not in odile.get(PAGE).get_data(as_text=True), "it is somebody's now"
        assert door.pull(etag).status_code == 200, "the door hears of it"
        assert isinstance(shown(door, AT + timedelta(minutes=1)), Granted)
        assert any("n° 12" in text for _to, _subject, text in delivered(app))
    with app.app_context(), reading() as session:
        site = find_network(session).get_site("metz")
        latest = journal_of_day(session, site, TUESDAY)[0]
    assert (latest.status, latest.booking_id) == (Status.OPENED, booking.id)
    with clock.freeze(AT + timedelta(minutes=2)):
        mine = sign_in(app, anais)
        found = re.search(r'action="(/doors/cards/[^"]+)"', mine.get("/pass/phones").text)
        assert found is not None
        assert press(mine, found.group(1), "/pass/phones").status_code == 303
        late = shown(door, AT + timedelta(minutes=2))
        assert isinstance(late, Refused)


def test_a_card_is_typed_and_belongs_to_one_person_only(
    app: Flask, odile: FlaskClient, now: datetime
) -> None:
    make_member(app, "Anaïs")
    basile = make_member(app, "Basile")
    assert give(odile, number="xyz") == 422
    assert give(odile, number="0412AB99", email="nobody@people.example") == 422
    assert give(odile, number="0412AB99") == 303
    assert give(odile, number="0412ab99") == 303, "twice is once"
    assert give(odile, number="0412AB99", email=basile.email) == 409
    assert sign_in(app, basile).get(PAGE).status_code == 403
    assert keys_of(app).card_key
