"""Rules at the screens: a place says them, a hall is asked for and answered, machines are shown."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from app.domain.permissions import Role, Scope
from tests.members import acting, make_member, press, scalar, sign_in
from tests.screens import ASKED, forms, heading, links, text_of
from tests.stays import make_token

HALL = {"space": "metz-graoully", **ASKED, "date": "2026-12-08", "setup": "u", "people": "20"}


def test_a_hall_is_asked_for_on_screen_and_answered_by_the_desk(
    sqlite_app: Flask, now: datetime
) -> None:
    person = sign_in(sqlite_app, make_member(sqlite_app))
    desk = sign_in(sqlite_app, make_member(sqlite_app, "Odile", role=Role.CONCIERGE, site="metz"))
    place = person.get("/spaces/metz-graoully", query_string=HALL)
    for said in (
        "L’accueil donne son accord",
        "Gardé 30 min avant et 1 h après",
        "U, 30 personnes",
    ):
        assert said in text_of(place)
    (kept,) = forms(place, "/hold")
    assert kept["setup"] == "u"
    confirm = person.post("/hold", data=kept).location
    booking = press(
        person, confirm, title="Gala", people="20", guest_name="Mme Weber", guest_email=""
    ).location
    assert "demandée" in text_of(person.get(booking))
    listed = desk.get("/requests")
    (page,) = links(listed, f"{booking}/request")
    words = text_of(desk.get(page))
    for said in ("Gala", "Mme Weber", "Disposition U", "tenu", "Anaïs"):
        assert said in words
    assert person.get(page).status_code == 403
    blank = press(desk, f"{booking}/refuse", page, reason="")
    assert blank.status_code == 422
    assert "Écrivez une raison" in text_of(blank)
    assert press(desk, f"{booking}/approve", page, reason="").status_code == 303
    assert "confirmée" in text_of(person.get(booking))
    assert "n’attend plus" in text_of(desk.get(page))
    assert "Pour Mme Weber · U" in text_of(desk.get("/desk/metz?date=2026-12-08"))


def test_the_staff_step_over_the_notice_on_the_place_with_a_reason(
    sqlite_app: Flask, now: datetime
) -> None:
    desk = sign_in(sqlite_app, make_member(sqlite_app, "Odile", role=Role.CONCIERGE, site="metz"))
    soon = HALL | {"date": "2026-11-24"}
    refused = desk.get("/spaces/metz-graoully", query_string=soon)
    assert "se demande 2 jours à l’avance" in text_of(refused)
    place = desk.get("/spaces/metz-graoully", query_string=soon | {"override": "Visite"})
    (kept,) = forms(place, "/hold")
    assert desk.post("/hold", data=kept).status_code == 303
    facts = scalar(sqlite_app, "SELECT facts FROM booking_log")
    assert "Visite" in str(facts)


def test_a_machine_is_noted_as_shown_and_taken_back(sqlite_app: Flask, now: datetime) -> None:
    anais = make_member(sqlite_app)
    person = sign_in(sqlite_app, anais)
    desk = sign_in(sqlite_app, make_member(sqlite_app, "Odile", role=Role.CONCIERGE, site="metz"))
    wish = {"space": "metz-imprimantes-3d", **ASKED, "people": "1", "end": "11:00"}
    refused = press(person, "/hold", "/", **wish)
    assert "Il faut une habilitation « imprimantes 3D »" in text_of(refused)
    page = f"/people/{anais.id}/inductions"
    assert heading(desk.get(page)) == "Habilitations"
    assert press(desk, page, code="printer_3d", valid_until="").status_code == 422
    assert press(desk, page, code="printer_3d", valid_until="2026-01-01").status_code == 422
    assert press(desk, page, code="printer_3d", valid_until="2027-11-22").status_code == 303
    assert press(person, "/hold", "/", **wish).location.endswith("/confirm")
    number = scalar(sqlite_app, "SELECT id FROM inductions")
    assert press(desk, f"{page}/{number}/revoke", page).status_code == 303
    later = press(person, "/hold", "/", **(wish | {"start": "11:00", "end": "12:00"}))
    assert "Il faut une habilitation" in text_of(later)


def test_a_program_asks_and_the_desk_answers(sqlite_app: Flask, now: datetime) -> None:
    client = sqlite_app.test_client()
    person = acting(sqlite_app, make_member(sqlite_app))
    staff = make_member(sqlite_app, "Odile", role=Role.CONCIERGE, site="metz")
    mine, desk = (
        make_token(sqlite_app, person),
        make_token(sqlite_app, acting(sqlite_app, staff), Scope.DESK),
    )
    wish = {
        "space": "metz-graoully",
        "starts_at": "2026-12-08T10:00:00Z",
        "ends_at": "2026-12-08T12:00:00Z",
        "people": 20,
        "setup": "theatre",
        "guest": {"name": "Mme Weber"},
    }
    made = client.post("/api/v1/bookings", json=wish, headers=mine)
    booking = made.get_json()
    assert (made.status_code, booking["state"], booking["setup"]) == (201, "requested", "theatre")
    assert booking["occupies"]["ends_at"] == "2026-12-08T13:00:00Z"
    path = f"/api/v1/bookings/{booking['id']}/decision"
    assert client.post(path, json={"approved": True}, headers=mine).status_code == 403
    silent = client.post(path, json={"approved": False}, headers=desk)
    assert (silent.status_code, silent.get_json()["code"]) == (422, "reason-missing")
    answered = client.post(path, json={"approved": True}, headers=desk)
    assert answered.get_json()["state"] == "confirmed"
    odd = client.post("/api/v1/bookings", json=wish | {"setup": "islands"}, headers=mine)
    assert (odd.status_code, odd.get_json()["errors"].keys()) == (422, {"setup"})
