"""Closing places on screen: the list before the deed, the day that says why, opening again."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from app.domain.permissions import Role
from tests.members import make_member, press, sign_in
from tests.screens import forms, heading, text_of
from tests.stays import booked, make_person, stay

PAGE = "/sites/metz/closures"
ASKED = (
    f"{PAGE}?spaces=metz-mirabelle&first=2026-11-24&start=08:00&last=2026-11-24&end=18:00"
    "&reason=breakdown&words=Plus+de+chauffage"
)


def test_the_desk_sees_who_loses_a_booking_closes_and_opens_again(
    sqlite_app: Flask, now: datetime
) -> None:
    anais = make_person(sqlite_app)
    booking = booked(sqlite_app, anais, stay(), now)
    desk = sign_in(sqlite_app, make_member(sqlite_app, "Denis", role=Role.CONCIERGE, site="metz"))
    assert "Rien n’est fermé" in text_of(desk.get(PAGE))
    asked = desk.get(ASKED)
    assert heading(asked) == "Fermetures"
    assert "1 réservation sera annulée" in text_of(asked)
    assert f"Tout leur est rendu : {booking.gross.minor // 100},00 € TTC" in text_of(asked)
    (values,) = forms(asked, PAGE)
    late = booked(sqlite_app, anais, stay("14:00-15:00"), now)
    stale = desk.post(PAGE, data=values)
    assert stale.status_code == 409
    assert "2 réservations seront annulées" in text_of(stale)
    (values,) = forms(stale, PAGE)
    assert desk.post(PAGE, data=values).location == PAGE
    shown = text_of(desk.get(PAGE))
    assert "panne · Plus de chauffage" in shown
    for each in (booking, late):
        assert "Annulée : le lieu ferme" in text_of(desk.get(f"/bookings/{each.ref}"))
    stranger = sqlite_app.test_client()
    assert "fermé : panne" in text_of(stranger.get("/sites/metz/day?date=2026-11-24"))
    assert "fermé" in text_of(stranger.get("/spaces/metz-mirabelle?date=2026-11-24"))
    press(desk, f"{PAGE}/1/end", PAGE)
    assert "Rien n’est fermé" in text_of(desk.get(PAGE))
    assert "panne" not in text_of(stranger.get("/sites/metz/day?date=2026-11-24"))


def test_what_cannot_be_closed_is_told_beside_its_field(sqlite_app: Flask) -> None:
    desk = sign_in(sqlite_app, make_member(sqlite_app, "Denis", role=Role.CONCIERGE, site="metz"))
    nothing = desk.get(f"{PAGE}?first=2026-11-24&start=08:00&last=2026-11-24&end=18:00")
    assert nothing.status_code == 422
    assert "Choisissez au moins un lieu" in text_of(nothing)
    for changed in ("last=2026-11-23", "last=2029-11-23", "spaces=nancy-stan", "first=0001-01-01"):
        name, _, _value = changed.partition("=")
        kept = "&".join(part for part in ASKED.split("?")[1].split("&") if name not in part)
        assert desk.get(f"{PAGE}?{kept}&{changed}").status_code in (404, 422), changed
    assert desk.get("/sites/nancy/closures").status_code == 403
    nobody = sign_in(sqlite_app, make_member(sqlite_app))
    assert nobody.get(PAGE).status_code == 403
