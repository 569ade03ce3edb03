"""Waiting for a place from the search to the confirmation, at the desk, and by the API."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from app import jobs
from app.bookings import service
from app.db.transaction import transaction
from app.domain.permissions import Actor, Role
from app.spaces.queries import find_network
from tests.apis import is_problem
from tests.db.test_waits import STUDIO
from tests.members import delivered, make_member, sign_in
from tests.screens import forms, heading, text_of
from tests.stays import make_person, make_token, stay

ASKED = "people=2&date=2026-11-24&start=10:00&end=12:00&site=metz&kind=studio"
WAITS = "/me/waits"
API = "/api/v1/waits"
BODY = {
    "site": "metz",
    "kind": "studio",
    "people": 2,
    "starts_at": "2026-11-24T10:00:00+01:00",
    "ends_at": "2026-11-24T12:00:00+01:00",
}


def filled(app: Flask, now: datetime) -> tuple[Actor, list[str]]:
    keeper = make_person(app, "Keeper")
    with app.app_context(), transaction() as session:
        places = [each.code for each in STUDIO.places(find_network(session))]
        wishes = [stay("10:00-12:00", each, people=2) for each in places]
        return keeper, [service.book(session, keeper, wish, now=now).ref for wish in wishes]


def test_from_nothing_free_to_a_confirmed_booking(sqlite_app: Flask, now: datetime) -> None:
    app = sqlite_app
    keeper, refs = filled(app, now)
    anais, bruno = (make_member(app, name) for name in ("Anaïs", "Bruno"))
    first, second = sign_in(app, anais), sign_in(app, bruno)
    for browser in (first, second):
        page = browser.get(f"/?{ASKED}")
        (values,) = forms(page, WAITS)
        assert browser.post(WAITS, data=values).location == WAITS
    assert "Vous êtes le prochain servi" in text_of(first.get(WAITS))
    assert "Votre rang dans la file : 2" in text_of(second.get(WAITS))
    (values,) = forms(first.get(f"/spaces/metz-studio-son?{ASKED}"), WAITS)
    assert first.post(WAITS, data=values).location == WAITS  # the same wish, from a clash
    assert text_of(first.get(WAITS)).count("Ne plus attendre") == 1
    with app.app_context(), transaction() as session:
        service.cancel(session, keeper, refs[0], now=now)
    jobs.deliver_due(app)
    mails = [mail for mail in delivered(app) if "libérée" in mail[1]]
    ((to, _subject, words),) = mails
    assert to == anais.email
    assert "jusqu’à 9 h 30" in words.replace("\u00a0", " ").replace("\u202f", " ")
    assert "À votre tarif" in words
    shown = first.get(WAITS)
    assert "une place pour vous" in text_of(shown)
    (offer,) = [line for line in words.splitlines() if "/confirm" in line]
    path = "/bookings/" + offer.rpartition("/bookings/")[2]
    confirming = first.get(path)
    (values,) = forms(confirming, path)
    assert first.post(path, data={**values, "people": "2", "title": ""}).status_code == 303
    assert "Vous n’attendez aucune place" in text_of(first.get(WAITS))
    assert "Vous êtes le prochain servi" in text_of(second.get(WAITS))
    desk = sign_in(app, make_member(app, "Denis", role=Role.CONCIERGE, site="metz"))
    assert 'href="/sites/metz/waits"' in desk.get("/sites/metz/day").get_data(as_text=True)
    line = desk.get("/sites/metz/waits")
    assert heading(line) == "File d’attente"
    assert "Bruno" in text_of(line)
    assert "Anaïs" not in text_of(line)
    assert desk.get("/sites/nancy/waits").status_code == 403
    assert first.get("/sites/metz/waits").status_code == 403


def test_an_offer_is_declined_on_the_page_and_goes_on(sqlite_app: Flask, now: datetime) -> None:
    app = sqlite_app
    keeper, refs = filled(app, now)
    browsers = [sign_in(app, make_member(app, name)) for name in ("Anaïs", "Bruno")]
    for browser in browsers:
        (values,) = forms(browser.get(f"/?{ASKED}"), WAITS)
        browser.post(WAITS, data=values)
    with app.app_context(), transaction() as session:
        service.cancel(session, keeper, refs[1], now=now)
    jobs.deliver_due(app)
    shown = browsers[0].get(WAITS).get_data(as_text=True)
    path = shown.partition('action="/me/waits/')[2].partition('"')[0]
    assert path.endswith("/decline")
    (values,) = forms(browsers[0].get(WAITS), f"{WAITS}/{path}")
    assert browsers[0].post(f"{WAITS}/{path}", data=values).location == WAITS
    jobs.deliver_due(app)
    assert "une place pour vous" in text_of(browsers[1].get(WAITS))
    assert "une place pour vous" not in text_of(browsers[0].get(WAITS))
    stranger = app.test_client()
    assert stranger.get(WAITS).status_code in (302, 303)


def test_programs_join_look_and_leave(sqlite_app: Flask, now: datetime) -> None:
    app = sqlite_app
    filled(app, now)
    client, headers = app.test_client(), make_token(app, make_person(app))
    others = make_token(app, make_person(app, "Bruno"))
    made = client.post(API, json=BODY, headers=headers)
    assert made.status_code == 201, made.json
    wait = dict(made.json or {})
    assert (wait["state"], wait["rank"], wait["minutes"]) == ("waiting", 1, 120)
    again = client.post(API, json=BODY, headers=headers)
    assert dict(again.json or {})["id"] == wait["id"]
    behind = client.post(API, json={**BODY, "site": None}, headers=others)
    assert dict(behind.json or {})["rank"] == 2
    listed = client.get(API, headers=headers).json or {}
    assert [each["id"] for each in listed["items"]] == [wait["id"]]
    is_problem(client.delete(f"{API}/{wait['id']}", headers=others), 404, "unknown-wait")
    is_problem(
        client.post(API, json={**BODY, "people": 9000}, headers=headers), 409, "nothing-to-wait-for"
    )
    for _twice in range(2):
        assert client.delete(f"{API}/{wait['id']}", headers=headers).status_code == 204
    assert (client.get(API, headers=headers).json or {})["items"] == []
