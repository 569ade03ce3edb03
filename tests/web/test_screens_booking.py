"""From the price to the booking and after: kept, confirmed, seen, moved, given up."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.permissions import Actor, Role
from app.web import clock
from tests.databases import counting
from tests.members import (
    Member,
    acting,
    add_member,
    make_member,
    make_organisation,
    press,
    scalar,
    sign_in,
    try_sign_in,
)
from tests.screens import ASKED, forms, heading, links, text_of, value_of
from tests.stays import SEATS, TUESDAY, booked, held, make_person, stay

WANTED = {"space": "metz-mirabelle", **ASKED}
PLACE = "/spaces/metz-mirabelle"


@pytest.fixture
def member(sqlite_app: Flask) -> Member:
    """Somebody with an account."""
    return make_member(sqlite_app)


@pytest.fixture
def browser(sqlite_app: Flask, member: Member) -> FlaskClient:
    """Their browser, signed in."""
    return sign_in(sqlite_app, member)


@pytest.fixture
def actor(sqlite_app: Flask, member: Member) -> Actor:
    """Them as an actor."""
    return acting(sqlite_app, member)


def count_bookings(app: Flask) -> object:
    return scalar(app, "SELECT count(*) FROM bookings")


def test_from_the_place_to_the_booking_in_three_presses(app: Flask, now: datetime) -> None:
    browser = sign_in(app, make_member(app))
    place = browser.get(PLACE, query_string=ASKED)
    assert heading(place) == "Salle Mirabelle"
    assert "60,00 € TTC" in text_of(place)
    (kept,) = forms(place, "/hold")
    answer = browser.post("/hold", data=kept)
    assert answer.status_code == 303
    page = browser.get(answer.location)
    assert "gardé pour vous jusqu’à 9 h 35. Il reste 35 min" in text_of(page)
    assert "à régler 60,00 €" in text_of(page)
    answer = press(browser, answer.location, title="Comité", people="4")
    assert answer.status_code == 303
    page = browser.get(answer.location)
    assert heading(page) == "Comité"
    words = text_of(page)
    for said in ("confirmée", "à régler 60,00 €", "Après l’accueil", "7 avenue de Blida", "Portes"):
        assert said in words
    assert f"{answer.location}/pass" in links(page)


def test_a_title_is_read_as_it_stands(
    sqlite_app: Flask, browser: FlaskClient, now: datetime
) -> None:
    confirm = press(browser, "/hold", **WANTED).location
    press(browser, confirm, title="Comité \u202eennaisnI\u2069", people="4")
    assert scalar(sqlite_app, "SELECT title FROM bookings") == "Comité ennaisnI"


def test_a_stranger_signs_in_and_comes_back_to_the_stay(
    sqlite_app: Flask, member: Member, now: datetime
) -> None:
    client = sqlite_app.test_client()
    place = client.get(PLACE, query_string=ASKED)
    assert "Connectez-vous pour voir votre tarif" in text_of(place)
    (way,) = links(place, "/sign-in?next=/spaces")
    answer = try_sign_in(client, member.email, next_path=parse_qs(urlsplit(way).query)["next"][0])
    back = client.get(answer.location)
    assert value_of(back, "start") == "10:00"
    assert forms(back, "/hold")[0]["space"] == "metz-mirabelle"


def test_a_hold_posted_by_a_stranger_keeps_the_form_in_the_address(
    sqlite_app: Flask, now: datetime
) -> None:
    client = sqlite_app.test_client()
    answer = press(client, "/hold", "/sign-in", **WANTED)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=/spaces/metz-mirabelle")
    assert "start" in answer.location
    assert count_bookings(sqlite_app) == 0


def test_an_impatient_second_press_changes_nothing(
    sqlite_app: Flask, browser: FlaskClient, now: datetime
) -> None:
    first, again = (press(browser, "/hold", **WANTED) for _ in range(2))
    assert first.location == again.location
    assert count_bookings(sqlite_app) == 1
    confirm = first.location
    first, again = (press(browser, confirm, title="", people="4") for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    booking = first.location
    changed = {**WANTED, "end": "13:00", "version": "0"}
    first, again = (press(browser, f"{booking}/move", **changed) for _ in range(2))
    assert (first.location, again.location) == (booking, booking)
    assert scalar(sqlite_app, "SELECT version FROM bookings") == 1
    first, again = (press(browser, f"{booking}/cancel") for _ in range(2))
    assert (first.location, again.location) == (booking, booking)
    assert scalar(sqlite_app, "SELECT state FROM bookings") == "cancelled"
    assert "Rien à régler." in browser.get(booking).get_data(as_text=True)


def test_a_seat_pressed_twice_is_kept_once(
    sqlite_app: Flask, browser: FlaskClient, now: datetime
) -> None:
    seat = {**WANTED, "space": SEATS, "people": "1"}
    assert press(browser, "/hold", **seat).location == press(browser, "/hold", **seat).location
    assert scalar(sqlite_app, "SELECT count(*) FROM allocations") == 1


def test_the_seat_of_a_colleague_is_not_taken_for_ones_own(
    sqlite_app: Flask, member: Member, now: datetime
) -> None:
    colleague = make_member(sqlite_app, "Marc")
    firm = make_organisation(sqlite_app, member)
    add_member(sqlite_app, firm, colleague)
    seat = {**WANTED, "space": SEATS, "people": "1"}
    theirs = sign_in(sqlite_app, colleague)
    press(theirs, "/me/payer", payer=str(firm))
    kept = press(theirs, "/hold", **seat).location
    assert press(sign_in(sqlite_app, member), "/hold", **seat).location != kept
    assert scalar(sqlite_app, "SELECT count(*) FROM allocations") == 2


def test_a_clash_keeps_the_form_and_offers_what_is_near(
    sqlite_app: Flask, browser: FlaskClient, now: datetime
) -> None:
    booked(sqlite_app, make_person(sqlite_app, "Bruno"), stay(), now)
    answer = press(browser, "/hold", **WANTED)
    assert answer.status_code == 409
    assert "Ce lieu est déjà pris à ce moment" in text_of(answer)
    assert value_of(answer, "start") == "10:00"
    ways = forms(answer, "/hold")
    assert ways
    assert {"space", "date", "start", "end", "people"} <= set(ways[0])
    taken = browser.post("/hold", data=ways[0])
    assert taken.status_code == 303
    assert count_bookings(sqlite_app) == 2


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"people": "40"}, 422, "accueille 12 personnes au plus"),
        ({"people": "0"}, 422, "Indiquez au moins une personne."),
        ({"date": "2026-11-20"}, 422, "Ce moment est passé."),
        ({"date": "2026-12-25"}, 422, "Noël"),
        ({"end": "09:00"}, 422, "La fin doit venir après le début."),
        ({"date": "x"}, 422, "Choisissez une date."),
        ({"date": "2027-03-28", "start": "02:30"}, 422, "n’existe pas"),
        ({"date": "2027-10-31", "start": "02:30"}, 422, "existe deux fois"),
        ({"space": "metz-bureau-101"}, 422, "à l’année"),
        ({"space": "atlantis"}, 404, "Ce lieu est inconnu."),
        ({"space": ""}, 404, "Ce lieu est inconnu."),
    ],
)
def test_a_faulty_wish_is_refused_in_words_and_nothing_is_written(
    sqlite_app: Flask,
    browser: FlaskClient,
    now: datetime,
    change: dict[str, str],
    status: int,
    said: str,
) -> None:
    answer = press(browser, "/hold", **{**WANTED, **change})
    assert answer.status_code == status
    assert said in text_of(answer)
    assert count_bookings(sqlite_app) == 0


def test_a_fourth_hold_is_refused_with_the_way_to_the_others(
    sqlite_app: Flask, browser: FlaskClient, now: datetime
) -> None:
    for hour in (8, 9, 10):
        wish = {**WANTED, "start": f"{hour:02d}:00", "end": f"{hour + 1:02d}:00"}
        assert press(browser, "/hold", **wish).status_code == 303
    answer = press(browser, "/hold", **{**WANTED, "start": "14:00", "end": "15:00"})
    assert answer.status_code == 409
    assert "Vous gardez déjà 3 lieux." in text_of(answer)
    assert "/bookings" in links(answer)


def test_other_people_at_a_seat_change_the_price_which_is_read_before_it_counts(
    sqlite_app: Flask, browser: FlaskClient, now: datetime
) -> None:
    confirm = press(browser, "/hold", **{**WANTED, "space": SEATS, "people": "1"}).location
    answer = press(browser, confirm, title="À deux", people="2")
    assert answer.location == confirm
    page = browser.get(confirm)
    assert "change le prix" in text_of(page)
    assert (value_of(page, "people"), value_of(page, "title")) == ("2", "À deux")
    assert press(browser, confirm, title="À deux", people="2").location != confirm


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"people": "13"}, "accueille 12 personnes au plus"),
        ({"people": ""}, "Indiquez un nombre de personnes."),
        ({"people": "4", "title": "x" * 201}, "200 signes au plus"),
    ],
)
def test_a_faulty_confirmation_keeps_what_was_typed(
    sqlite_app: Flask, browser: FlaskClient, now: datetime, typed: dict[str, str], said: str
) -> None:
    confirm = press(browser, "/hold", **WANTED).location
    answer = press(browser, confirm, **{"title": "Point", **typed})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert value_of(answer, "title") == {"title": "Point", **typed}["title"]
    assert scalar(sqlite_app, "SELECT state FROM bookings") == "held"


def test_a_hold_that_ran_out_says_so_and_can_be_asked_again(
    sqlite_app: Flask, browser: FlaskClient, now: datetime
) -> None:
    confirm = press(browser, "/hold", **WANTED).location
    with clock.freeze(now + timedelta(minutes=36)):
        for answer in (browser.get(confirm), press(browser, confirm, title="", people="4")):
            assert answer.status_code == 409
            assert "gardé jusqu’à 9 h 35" in text_of(answer)
            assert any("start=10:00" in href for href in links(answer, PLACE))


def test_a_held_place_is_left_and_free_again(
    sqlite_app: Flask, browser: FlaskClient, now: datetime
) -> None:
    confirm = press(browser, "/hold", **WANTED).location
    answer = press(browser, confirm.replace("confirm", "drop"))
    assert answer.status_code == 303
    page = browser.get(answer.location)
    assert "Le lieu est rendu." in text_of(page)
    assert forms(page, "/hold")


def test_mine_are_listed_those_to_come_apart_from_those_over(
    sqlite_app: Flask, browser: FlaskClient, actor: Actor, now: datetime
) -> None:
    assert "Rien de prévu" in text_of(browser.get("/bookings"))
    booked(sqlite_app, actor, stay(title="À venir"), now)
    held(sqlite_app, actor, stay("14:00-15:00"), now)
    ended = booked(sqlite_app, actor, stay("16:00-17:00", title="Rendue"), now)
    press(browser, f"/bookings/{ended.ref}/cancel")
    words = text_of(browser.get("/bookings"))
    coming, over = words.split("Passées ou annulées")
    assert "confirmée" in coming
    assert "réservée pour vous" in coming
    assert "à régler 60,00 €" in coming
    assert "Rendue" in over
    assert "annulée" in over


def test_bookings_of_others_do_not_exist(
    sqlite_app: Flask, browser: FlaskClient, now: datetime
) -> None:
    other = booked(sqlite_app, make_person(sqlite_app, "Bruno"), stay(), now)
    for page in ("", "/confirm", "/move", "/cancel"):
        assert browser.get(f"/bookings/{other.ref}{page}").status_code == 404
    for deed in ("confirm", "drop", "move", "cancel"):
        answer = press(browser, f"/bookings/{other.ref}/{deed}", **WANTED)
        assert answer.status_code == 404, deed
    assert scalar(sqlite_app, "SELECT state FROM bookings") == "confirmed"


def test_staff_see_who_comes_and_strangers_sign_in_first(sqlite_app: Flask, now: datetime) -> None:
    booking = booked(sqlite_app, make_person(sqlite_app, "Bruno"), stay(), now)
    staff = sign_in(sqlite_app, make_member(sqlite_app, "Odile", role=Role.CONCIERGE, site="metz"))
    assert "Bruno" in text_of(staff.get(f"/bookings/{booking.ref}"))
    answer = sqlite_app.test_client().get(f"/bookings/{booking.ref}")
    assert answer.location == f"/sign-in?next=/bookings/{booking.ref}"


def test_a_move_shows_the_difference_before_anything_changes(
    sqlite_app: Flask, browser: FlaskClient, actor: Actor, now: datetime
) -> None:
    booking = booked(sqlite_app, actor, stay(), now)
    path = f"/bookings/{booking.ref}/move"
    page = browser.get(path)
    assert value_of(page, "end") == "12:00"
    assert forms(page, path) == []
    page = browser.get(path, query_string={"end": "13:00"})
    assert "30,00 € de plus qu’avant." in text_of(page)
    (values,) = forms(page, path)
    assert browser.post(path, data=values).status_code == 303
    page = browser.get(f"/bookings/{booking.ref}")
    assert "10 h – 13 h" in text_of(page)
    assert "à régler 90,00 €" in text_of(page)
    assert "Déplacée" in text_of(page)


def test_a_move_onto_somebody_else_offers_what_is_near_and_keeps_the_booking(
    sqlite_app: Flask, browser: FlaskClient, actor: Actor, now: datetime
) -> None:
    booking = booked(sqlite_app, actor, stay(), now)
    booked(sqlite_app, make_person(sqlite_app, "Bruno"), stay("14:00-16:00"), now)
    path = f"/bookings/{booking.ref}/move"
    answer = press(browser, path, **{**WANTED, "start": "14:00", "end": "16:00", "version": "0"})
    assert answer.status_code == 409
    assert "déjà pris" in text_of(answer)
    assert value_of(answer, "start") == "14:00"
    way = links(answer, f"{path}?")[0]
    (values,) = forms(browser.get(way), path)
    assert browser.post(path, data=values).status_code == 303


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"end": "09:00"}, "La fin doit venir après le début."),
        ({"people": "40"}, "accueille 12 personnes au plus"),
        ({"date": "2026-12-25"}, "Noël"),
        ({"start": "x"}, "Choisissez l’heure de début."),
    ],
)
def test_a_faulty_move_is_told_both_before_and_when_posted(
    sqlite_app: Flask,
    browser: FlaskClient,
    actor: Actor,
    now: datetime,
    change: dict[str, str],
    said: str,
) -> None:
    booking = booked(sqlite_app, actor, stay(), now)
    path = f"/bookings/{booking.ref}/move"
    asked = {**WANTED, "version": "0", **change}
    for answer in (browser.get(path, query_string=asked), press(browser, path, **asked)):
        assert answer.status_code == 422
        assert said in text_of(answer)
    assert scalar(sqlite_app, "SELECT version FROM bookings") == 0


def test_a_move_from_a_stale_page_is_refused(
    sqlite_app: Flask, browser: FlaskClient, actor: Actor, now: datetime
) -> None:
    booking = booked(sqlite_app, actor, stay(), now)
    path = f"/bookings/{booking.ref}/move"
    press(browser, path, **{**WANTED, "end": "13:00", "version": "0"})
    answer = press(browser, path, **{**WANTED, "end": "14:00", "version": "0"})
    assert answer.status_code == 412
    assert "a changé entre-temps" in text_of(answer)


def test_what_has_begun_is_neither_moved_nor_cancelled(
    sqlite_app: Flask, browser: FlaskClient, actor: Actor, now: datetime
) -> None:
    booking = booked(sqlite_app, actor, stay(day=TUESDAY - timedelta(days=1)), now)
    with clock.freeze(now + timedelta(hours=1, minutes=30)):
        page = browser.get(f"/bookings/{booking.ref}")
        assert "Déplacer" not in text_of(page)
        for path in ("move", "cancel"):
            answer = browser.get(f"/bookings/{booking.ref}/{path}")
            assert answer.location == f"/bookings/{booking.ref}"
        press(browser, f"/bookings/{booking.ref}/cancel")
    assert scalar(sqlite_app, "SELECT state FROM bookings") == "confirmed"


def test_pages_of_bookings_ask_the_database_little_however_many_there_are(
    sqlite_app: Flask, browser: FlaskClient, actor: Actor, now: datetime
) -> None:
    booking = booked(sqlite_app, actor, stay(), now)
    most = {
        "/bookings": 4,
        f"/bookings/{booking.ref}": 4,
        f"/bookings/{booking.ref}/move?end=13:00": 5,  # whether its payer has rights
        f"/bookings/{booking.ref}/cancel": 3,
        f"{PLACE}?date=2026-11-26": 4,
    }
    for path in most:
        browser.get(path)
    counts = []
    for half in (0, 30):
        for path in most:
            with counting(sqlite_app) as counted:
                assert browser.get(path).status_code == 200
            assert len(counted) <= most[path], (path, counted.statements)
            counts.append(len(counted))
        for hour in range(8, 18):
            booked(
                sqlite_app,
                actor,
                stay(f"{hour:02d}:{half:02d}-{hour:02d}:{half + 15}", "metz-seille"),
                now,
            )
    assert counts[: len(most)] == counts[len(most) :]
