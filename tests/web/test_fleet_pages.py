"""The fleet of doors for staff: alarms seen, orders that end, passages with a reason."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access import queries, service
from app.access.alarms import AlarmKind
from app.access.figures import told
from app.access.passes import issue
from app.bookings import service as bookings
from app.db.transaction import reading, transaction
from app.domain.permissions import Actor, Role
from app.spaces.queries import find_network
from app.web import clock
from devices.passes.chain import Head, Kind
from devices.passes.rules import Mode
from devices.passes.text import read
from tests.members import (
    Member,
    add_member,
    delivered,
    make_member,
    make_organisation,
    press,
    sign_in,
)
from tests.readers import (
    MIRABELLE_DOOR,
    Reader,
    keys_of,
    make_manager,
    make_reader,
)
from tests.stays import make_person, span, stay

METZ = "/doors/metz"
AT = span("10:05-10:06").start


@pytest.fixture
def reader(app: Flask, now: datetime) -> Reader:
    return make_reader(app, make_manager(app), now)


@pytest.fixture
def odile(app: Flask) -> FlaskClient:
    return sign_in(app, make_member(app, "Odile", role=Role.CONCIERGE, site="metz"))


def waiting(app: Flask) -> list[tuple[AlarmKind, int]]:
    with app.app_context(), reading() as session:
        site = find_network(session).get_site("metz")
        return [(alarm.kind, alarm.times) for alarm in queries.waiting_alarms(session, [site])]


def booked(app: Flask, actor: Actor, now: datetime) -> tuple[str, bytes]:
    """Book the Mirabelle room on Tuesday; gives the reference and the id of the pass."""
    with app.app_context(), transaction() as session:
        booking = bookings.book(session, actor, stay(), now=now)
    keys = keys_of(app)
    return booking.ref, read(issue(booking, keys).text, keys.ring).claims.pass_id


def test_an_opening_offline_although_cancelled_is_an_alarm_until_somebody_saw_it(
    app: Flask, reader: Reader, odile: FlaskClient, now: datetime
) -> None:
    anais = make_person(app)
    ref, pass_id = booked(app, anais, now)
    with app.app_context(), transaction() as session:
        bookings.cancel(session, anais, ref, now=now)
    reader.note(AT, pass_id=pass_id)
    with clock.freeze(AT + timedelta(hours=1)):
        assert reader.push().status_code == 200
        assert waiting(app) == [(AlarmKind.OPENED_ALTHOUGH_CANCELLED, 1)]
        page = odile.get(METZ).get_data(as_text=True)
        assert "ouverte hors ligne alors que c’était annulé" in page
        assert push_button(odile, METZ, "/seen") == 303
        assert waiting(app) == []
        assert "Alarmes" not in odile.get(METZ).get_data(as_text=True)


def test_what_happens_again_is_counted_and_not_told_twice(
    app: Flask, reader: Reader, now: datetime
) -> None:
    for minute in (1, 2, 3):
        reader.note(now + timedelta(minutes=minute), Kind.FORCED, reason="")
    reader.note(now, Kind.HELD, reason="")
    with clock.freeze(now + timedelta(minutes=4)):
        reader.push()
        reader.push()
    assert sorted(waiting(app)) == [(AlarmKind.FORCED, 3), (AlarmKind.HELD, 1)]


def test_a_journal_cut_short_and_a_wrong_clock_are_alarms_once(
    app: Flask, reader: Reader, now: datetime
) -> None:
    reader.note(now)
    reader.push()
    ahead = (now + timedelta(seconds=75)).isoformat()
    for _ in range(3):
        reader.beat(head=Head(0, bytes(32)), clock_at=ahead)
    assert sorted(waiting(app)) == [(AlarmKind.CLOCK, 1), (AlarmKind.JOURNAL, 1)]


def test_a_state_that_was_seen_is_told_again_only_when_it_comes_back(
    app: Flask, reader: Reader, odile: FlaskClient, now: datetime
) -> None:
    def beat(*states: str) -> None:
        content = {
            "seq": 0,
            "head": reader.head.digest.hex(),
            "snapshot": 0,
            "clock": now.isoformat(),
            "software": "0.1.0",
            "states": list(states),
        }
        assert reader.call("POST", "/heartbeat", content).status_code == 200

    beat("disk-low")
    assert waiting(app) == [(AlarmKind.DISK_LOW, 1)]
    page = odile.get(METZ).get_data(as_text=True)
    assert "disque du lecteur presque plein" in page
    assert "version 0.1.0" in page
    push_button(odile, METZ, "/seen")
    beat("disk-low")
    assert waiting(app) == []
    beat()
    beat("disk-low", "fire")
    assert sorted(waiting(app)) == [(AlarmKind.DISK_LOW, 1), (AlarmKind.FIRE, 1)]


def test_battery_and_certificate_are_told_where_a_door_knows_them(
    app: Flask, reader: Reader, odile: FlaskClient, now: datetime
) -> None:
    reader.beat()
    page = odile.get(METZ).get_data(as_text=True)
    assert "inconnue</td>" in page
    assert "inconnu</td>" in page
    content = {
        "seq": 0,
        "head": reader.head.digest.hex(),
        "snapshot": 0,
        "clock": now.isoformat(),
        "battery": 83,
        "certificate": "2027-03-01T00:00:00+00:00",
    }
    assert reader.call("POST", "/heartbeat", content).status_code == 200
    page = odile.get(METZ).get_data(as_text=True)
    assert "83\u00a0%" in page
    assert "jusqu’au" in page
    assert reader.call("POST", "/heartbeat", content | {"battery": 101}).status_code == 422


def test_a_door_gone_silent_is_an_alarm_once_a_silence(
    app: Flask, reader: Reader, now: datetime
) -> None:
    reader.beat()
    for minutes, expected in ((4, 0), (6, 1), (7, 1)):
        with app.app_context(), transaction() as session:
            service.tidy(session, now=now + timedelta(minutes=minutes))
        assert len(waiting(app)) == expected
    assert waiting(app) == [(AlarmKind.OFFLINE, 1)]


def test_an_alarm_is_mailed_once_to_each_concierge_in_their_language(
    app: Flask, reader: Reader, now: datetime
) -> None:
    for name, locale, site in (
        ("Odile", "fr", "metz"),
        ("Greta", "de", "metz"),
        ("Noe", "fr", "nancy"),
    ):
        make_member(app, name, role=Role.CONCIERGE, site=site, locale=locale)
    for minute in (1, 2):
        reader.note(now + timedelta(minutes=minute), Kind.FORCED, reason="")
    reader.note(now, Kind.TAMPER, reason="")
    with clock.freeze(now + timedelta(minutes=4)):
        reader.push()
        told = sorted((to, subject) for to, subject, _text in delivered(app))
        assert [to for to, _subject in told] == ["greta@people.example"] * 2 + [
            "odile@people.example"
        ] * 2
        assert any("porte forcée" in subject for _to, subject in told)
        reader.note(now + timedelta(minutes=3), Kind.FORCED, reason="")
        reader.push()
        assert len(delivered(app)) == len(told), "what happens again is the same alarm"
        assert "/doors/metz" in delivered(app)[-1][2]


def push_button(browser: FlaskClient, page: str, ending: str) -> int:
    """Push the button on a page whose address ends so."""
    found = re.search(rf'action="([^"]*{ending})"', browser.get(page).get_data(as_text=True))
    assert found is not None, ending
    return press(browser, found.group(1), page).status_code


def ordered(browser: FlaskClient, **fields: str) -> int:
    wish = {"kind": "locked-down", "door": "all", "minutes": "60", "reason": "intrus"} | fields
    return press(browser, f"{METZ}/emergency", f"{METZ}/emergency", **wish).status_code


def test_a_lock_down_reaches_every_door_of_the_site_and_ends_by_itself(
    app: Flask, reader: Reader, odile: FlaskClient, now: datetime
) -> None:
    assert reader.snapshot().doors[0].rules.mode is Mode.NORMAL
    assert ordered(odile, kind="unlocked", door=str(MIRABELLE_DOOR)) == 303
    assert reader.snapshot().doors[0].rules.mode is Mode.UNLOCKED
    assert ordered(odile) == 303
    rules = reader.snapshot().doors[0].rules
    assert (rules.mode, rules.mode_until) == (Mode.LOCKED_DOWN, int(now.timestamp()) + 3600)
    assert "intrus" in odile.get(METZ).get_data(as_text=True)
    with clock.freeze(now + timedelta(minutes=60)):
        assert reader.snapshot().doors[0].rules.mode is Mode.NORMAL


def test_an_order_is_lifted_before_its_time(
    app: Flask, reader: Reader, odile: FlaskClient, now: datetime
) -> None:
    assert ordered(odile) == 303
    assert push_button(odile, f"{METZ}/emergency", "/lift") == 303
    assert reader.snapshot().doors[0].rules.mode is Mode.NORMAL


def test_an_order_wants_a_reason_and_the_right_site(
    app: Flask, odile: FlaskClient, now: datetime
) -> None:
    assert ordered(odile, reason="") == 422
    assert odile.get("/doors/nancy/emergency").status_code == 403


def test_a_door_opened_from_afar_hears_of_it_for_half_a_minute(
    app: Flask, reader: Reader, odile: FlaskClient, now: datetime
) -> None:
    address = f"/doors/{MIRABELLE_DOOR}/open"
    assert press(odile, address, address, reason="").status_code == 422
    assert press(odile, address, address, reason="livraison").status_code == 303
    (opening,) = reader.snapshot().doors[0].openings
    assert opening.until == int(now.timestamp()) + 30
    with clock.freeze(now + timedelta(seconds=30)):
        assert reader.snapshot().doors[0].openings == ()


def test_a_waiting_door_hears_of_an_order_within_a_second(
    app: Flask, reader: Reader, odile: FlaskClient, now: datetime
) -> None:
    etag = reader.pull().headers["ETag"]
    assert ordered(odile) == 303
    answer = reader.call("GET", "/snapshot?wait=20", headers={"If-None-Match": etag})
    assert answer.status_code == 200


def passed(app: Flask, reader: Reader, name: str, now: datetime) -> Actor:
    """Let somebody come through the door of their room."""
    person = make_person(app, name)
    _ref, pass_id = booked(app, person, now)
    reader.note(AT, pass_id=pass_id)
    with clock.freeze(AT + timedelta(minutes=1)):
        reader.push()
    return person


def test_looking_somebody_up_wants_a_reason_and_is_told_to_that_person(
    app: Flask, reader: Reader, odile: FlaskClient, now: datetime
) -> None:
    anais = passed(app, reader, "Anaïs", now)
    address = f"{METZ}/passages"
    with clock.freeze(AT + timedelta(hours=1)):
        asked = {"email": "anaïs@people.example", "reason": ""}
        assert press(odile, address, address, **asked).status_code == 422
        answer = press(odile, address, address, **(asked | {"reason": "badge perdu"}))
        assert answer.status_code == 200
        assert "Salle Mirabelle" in answer.get_data(as_text=True)
        with app.app_context(), reading() as session:
            network = find_network(session)
            found = queries.passages_of(session, network, anais.account_id, now=clock.now())
        assert [(lookup.by, lookup.reason) for lookup in found.lookups] == [
            ("Odile", "badge perdu")
        ]
        assert len(found.lines) == 1


def test_one_sees_one_s_own_passages_and_nobody_else_s(
    app: Flask, reader: Reader, now: datetime
) -> None:
    passed(app, reader, "Anaïs", now)
    other = sign_in(app, make_member(app, "Bilal"))
    with clock.freeze(AT + timedelta(hours=1)):
        assert "Aucun passage" in other.get("/me/passages").get_data(as_text=True)
        assert other.get(f"{METZ}/passages").status_code == 403
        assert other.get(f"{METZ}/figures").status_code == 403


def test_an_employer_never_sees_who_came_through_a_door(
    app: Flask, reader: Reader, now: datetime
) -> None:
    anais = passed(app, reader, "Anaïs", now)
    employer = make_member(app, "Gilles")
    company = make_organisation(app, employer)
    add_member(app, company, Member(anais.account_id, "anaïs@people.example", "Anaïs"))
    browser = sign_in(app, employer)
    seen = [f"/organisations/{company}", "/organisations", "/me/passages", "/bookings"]
    asked = {"email": "anaïs@people.example", "reason": "présence"}
    with clock.freeze(AT + timedelta(hours=1)):
        pages = {path: browser.get(path) for path in seen}
        assert {page.status_code for page in pages.values()} == {200}
        assert [path for path in seen if "Mirabelle" in pages[path].get_data(as_text=True)] == []
        assert press(browser, f"{METZ}/passages", "/me", **asked).status_code == 403
        for path in (f"{METZ}/passages", f"{METZ}/journal", f"/people/{anais.account_id}"):
            assert browser.get(path).status_code == 403, path


def test_figures_do_not_tell_of_fewer_than_five_people(now: datetime) -> None:
    came = [(person, AT) for person in range(4)] * 3
    few = told(came, ["lundi"] * 7)
    assert [None in counts for _day, counts in few.days].count(True) == 1
    many = told([*came, (4, AT)], ["lundi"] * 7)
    assert [5 in counts for _day, counts in many.days].count(True) == 1
    assert not any(None in counts for _day, counts in many.days)


def test_the_page_of_figures_opens_for_staff(app: Flask, odile: FlaskClient, now: datetime) -> None:
    assert "Affluence" in odile.get(f"{METZ}/figures").get_data(as_text=True)
