"""Series on the screen: asked, read date by date, chosen, booked, changed and given up."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

from flask import Flask
from flask.testing import FlaskClient

from app.bookings import service
from app.db.transaction import transaction
from tests.conftest import NOW
from tests.dates import every
from tests.factories import csrf_of
from tests.members import Member, delivered, make_member, sign_in
from tests.stays import actor_of, make_person, stay

WISH = (
    "/series/new?space=metz-mirabelle&date=2026-11-26&start=18:00&end=19:30&people=4"
    "&repeat=weekly&interval=2&weekdays=3&until=2027-01-07&title=Chorale"
)
PLACE = re.compile(r'name="(do-[\d-]+)" value="([^"]+)"( checked)?')


def fields_of(page: str) -> dict[str, list[str]]:
    """Give the posted form of a page as a browser would send it."""
    form = page.split('action="/series"')[1].split("</form>")[0]
    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    chosen = [(name, value) for name, value, checked in PLACE.findall(form) if checked]
    sent: dict[str, list[str]] = {}
    for name, value in (*hidden, *chosen):
        sent.setdefault(name, []).append(unescape(value))
    return sent


def test_a_series_is_asked_read_chosen_and_booked(sqlite_app: Flask, now: object) -> None:
    member = make_member(sqlite_app)
    client: FlaskClient = sign_in(sqlite_app, member)
    basile = make_person(sqlite_app, "Basile")
    place = client.get("/spaces/metz-mirabelle?date=2026-11-26&start=18:00&end=19:30&people=4")
    assert "Répéter" in place.get_data(as_text=True)
    form = client.get(WISH.split("&repeat")[0]).get_data(as_text=True)
    assert 'name="until"' in form
    assert 'action="/series"' not in form
    page = client.get(WISH).get_data(as_text=True)
    assert "un jeudi sur deux, jusqu’au 7\u00a0janvier 2027 inclus" in page
    assert "3 dates gardées, 1 laissée" in page
    sent = fields_of(page)
    assert sent["do-2026-12-24"] == ["drop"]  # closed that day
    assert sent["do-2026-12-10"] == ["keep"]
    with sqlite_app.app_context(), transaction() as session:
        service.book(session, basile, stay("18:00-19:00", day=date(2026, 12, 10)), now=NOW)
    again = client.post("/series", data=sent)
    assert again.status_code == 409
    table = again.get_data(as_text=True)
    assert "Rien n’est encore réservé" in table
    near = next(value for name, value, _ in PLACE.findall(table) if name == "do-2026-12-10")
    sent["do-2026-12-10"] = [unescape(near)]
    looked = client.post("/series", data=sent | {"look": "1"})
    assert looked.status_code == 200
    booked = client.post("/series", data=sent)
    assert booked.status_code == 303, booked.get_data(as_text=True)
    series = client.get(booked.headers["Location"]).get_data(as_text=True)
    assert "Chorale" in series
    assert "Autrement que la règle" in series
    mine = client.get("/bookings").get_data(as_text=True)
    assert mine.count("d’une série") == 3
    letters = [mail for mail in delivered(sqlite_app) if mail[0] == member.email]
    assert [subject for _to, subject, _text in letters] == [
        (
            "Série réservée\u00a0: Salle Mirabelle, un jeudi sur deux, "
            "jusqu’au 7\u00a0janvier 2027 inclus"
        )
    ]


def booked_by(app: Flask, member: Member) -> str:
    with app.app_context(), transaction() as session:
        wanted = every("FREQ=WEEKLY;UNTIL=20261217")
        series, _ = service.book_series(session, actor_of(session, member.id), wanted, now=NOW)
    return f"/series/{series.ref}"


def test_what_follows_is_changed_and_given_up_from_its_page(sqlite_app: Flask, now: object) -> None:
    member = make_member(sqlite_app)
    client = sign_in(sqlite_app, member)
    path = booked_by(sqlite_app, member)
    asked = f"{path}/change?scope=following&since=2026-12-10&start=14:00&end=15:00"
    page = client.get(asked).get_data(as_text=True)
    assert page.count("<legend") == 2
    changed = client.post(
        f"{path}/change",
        data={
            "csrf_token": csrf_of(client, asked),
            "scope": "following",
            "since": "2026-12-10",
            "start": "14:00",
            "end": "15:00",
            "people": "4",
            "space": "metz-mirabelle",
            "title": "Réunion",
        },
    )
    assert changed.status_code == 303
    assert "La suite de cette série" in client.get(changed.headers["Location"]).get_data(
        as_text=True
    )
    gone = client.post(
        f"{path}/cancel",
        data={"csrf_token": csrf_of(client, f"{path}/cancel"), "scope": "all", "since": ""},
    )
    assert gone.status_code == 303
    assert client.get(path).get_data(as_text=True).count("annulée") == 2


def test_dates_are_given_up_from_a_day_to_a_day(sqlite_app: Flask, now: object) -> None:
    member = make_member(sqlite_app)
    client = sign_in(sqlite_app, member)
    booked_by(sqlite_app, member)
    release = "/bookings/release?first=2026-12-01&last=2026-12-31"
    assert "3 dates à rendre" in client.get(release).get_data(as_text=True)
    given = client.post(
        "/bookings/release",
        data={
            "csrf_token": csrf_of(client, release),
            "first": "2026-12-01",
            "last": "2026-12-31",
        },
    )
    assert given.status_code == 303
    assert "Rien à rendre" in client.get(release).get_data(as_text=True)
    subjects = [subject for to, subject, _text in delivered(sqlite_app) if to == member.email]
    assert "3 dates annulées\u00a0: Salle Mirabelle" in subjects


def test_a_series_where_the_staff_must_agree_is_only_asked_for(
    sqlite_app: Flask, now: object
) -> None:
    member = make_member(sqlite_app)
    client = sign_in(sqlite_app, member)
    wish = (
        "/series/new?space=metz-graoully&date=2026-12-08&start=14:00&end=16:00&people=20"
        "&repeat=weekly&interval=1&weekdays=1&until=2026-12-15&title=Chorale"
    )
    page = client.get(wish).get_data(as_text=True)
    assert "L’accueil doit donner son accord" in page
    assert "Demander 2 dates" in page
    booked = client.post("/series", data=fields_of(page))
    assert booked.status_code == 303, booked.get_data(as_text=True)
    told = client.get(booked.headers["Location"]).get_data(as_text=True)
    assert "C’est demandé\u00a0: 2 dates" in told
    assert "C’est réservé" not in told
    (text,) = [
        text
        for to, subject, text in delivered(sqlite_app)
        if to == member.email and subject.startswith("Série demandée\u00a0: ")
    ]
    assert "pas encore réservées" in text
    assert text.count("(demandée)") == 2
    invited = [
        part.get_content()
        for mail in sqlite_app.extensions["totem.mailer"].sent
        for part in mail.walk()
        if part.get_content_type() == "text/calendar" and str(mail["To"]) == member.email
    ]
    assert invited
    for each in invited:
        assert "STATUS:TENTATIVE" in each
        assert "STATUS:CONFIRMED" not in each
