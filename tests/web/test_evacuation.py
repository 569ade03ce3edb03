"""Who is to be found when the house is evacuated, at the desk and at the doors."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import update

from app.bookings import service as bookings
from app.db.transaction import transaction
from app.domain.permissions import Role
from app.spaces.tables import DoorRow, NetworkRevisionRow
from app.web import clock
from tests.members import make_member, sign_in
from tests.readers import MIRABELLE_DOOR, make_manager, make_reader
from tests.stays import make_person, span, stay

DURING = span("10:30-10:31").start
PAGE = "/desk/metz/evacuation"


def booked(app: Flask, now: datetime) -> str:
    anais = make_person(app)
    with app.app_context(), transaction() as session:
        return bookings.book(session, anais, stay(people=3), now=now).ref


def test_the_desk_sees_who_is_booked_or_came_and_has_not_left(app: Flask, now: datetime) -> None:
    ref = booked(app, now)
    odile = make_person(app, "Odile", concierge_of="metz")
    browser = sign_in(app, make_member(app, "Perrine", role=Role.CONCIERGE, site="metz"))
    with clock.freeze(DURING):
        page = browser.get(PAGE).get_data(as_text=True)
        assert "3 personnes à retrouver" in page
        assert "Anaïs" in page
        assert "réservation en cours" in page
        with app.app_context(), transaction() as session:
            bookings.check_in(session, odile, ref, now=DURING)
        assert "arrivée notée" in browser.get(PAGE).get_data(as_text=True)
    with clock.freeze(DURING + timedelta(hours=3)):
        assert "Anaïs" in browser.get(PAGE).get_data(as_text=True), "nobody saw her leave"
        with app.app_context(), transaction() as session:
            bookings.check_out(session, odile, ref, now=clock.now())
        assert "Anaïs" not in browser.get(PAGE).get_data(as_text=True)


def test_a_stranger_to_the_site_sees_nobody(app: Flask, now: datetime) -> None:
    browser = sign_in(app, make_member(app, "Nora", role=Role.CONCIERGE, site="nancy"))
    assert browser.get(PAGE).status_code == 403
    assert sign_in(app, make_member(app, "Bilal")).get(PAGE).status_code == 403


def test_a_door_is_told_a_count_and_a_muster_point_the_names(app: Flask, now: datetime) -> None:
    booked(app, now)
    reader = make_reader(app, make_manager(app), now)

    def mark(*, is_muster: bool) -> None:
        with app.app_context(), transaction() as session:
            session.execute(
                update(DoorRow).where(DoorRow.number == MIRABELLE_DOOR).values(is_muster=is_muster)
            )
            session.execute(update(NetworkRevisionRow).values(number=NetworkRevisionRow.number + 1))

    with clock.freeze(DURING):
        told = reader.call("GET", "/inside").json
        assert (told["count"], told["people"]) == (3, [])
        mark(is_muster=True)
        try:
            told = reader.call("GET", "/inside").json
            assert told["people"] == ["Anaïs, Salle Mirabelle (3)"]
            assert reader.snapshot().doors[0].is_muster
        finally:
            mark(is_muster=False)
