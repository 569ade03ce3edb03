"""Sites, spaces and a site's day as JSON."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.transaction import reading, transaction
from app.domain.permissions import Scope
from app.spaces.queries import find_network
from app.spaces.service import occupy
from tests.databases import counting
from tests.stays import TUESDAY, make_person, make_token, span


def test_the_five_sites_are_listed(client: FlaskClient) -> None:
    answer = client.get("/api/v1/sites").get_json()
    assert [site["code"] for site in answer["items"]] == [
        "metz",
        "nancy",
        "epinal",
        "thionville-gare",
        "thionville-3eme-lieu",
    ]
    assert answer["next"] is None
    assert answer["items"][0]["hours"]["sat"] == ["09:00-18:00"]
    assert answer["items"][0]["zone"] == "Europe/Paris"


def test_a_space_has_the_shape_clients_know(client: FlaskClient) -> None:
    found = client.get("/api/v1/spaces?site=metz&kind=meeting_room&people=12").get_json()["items"]
    assert [space["code"] for space in found] == ["metz-mirabelle", "metz-moselle"]
    assert found[0] == {
        "code": "metz-mirabelle",
        "site": "metz",
        "kind": "meeting_room",
        "name": "Salle Mirabelle",
        "description": "La grande table ovale, pour décider à douze sans élever la voix.",
        "capacity": 12,
        "equipment": ["wifi", "screen", "whiteboard", "videoconference", "flipchart"],
        "accessible": True,
        "hearing_loop": True,
        "floor": 0,
        "area_m2": "34.00",
        "bookable": True,
        "sharing": "whole",
        "units": 1,
    }


def test_names_follow_the_language_of_the_reader(client: FlaskClient) -> None:
    answer = client.get(
        "/api/v1/spaces?site=metz&kind=meeting_room&people=12", headers={"Accept-Language": "de"}
    )
    assert answer.get_json()["items"][0]["name"] == "Raum Mirabelle"


def test_equipment_may_be_repeated_or_listed(client: FlaskClient) -> None:
    listed = client.get("/api/v1/spaces?equipment=recording,green_screen").get_json()["items"]
    repeated = client.get("/api/v1/spaces?equipment=recording&equipment=green_screen").get_json()
    assert listed == repeated["items"]
    assert [space["code"] for space in listed] == [
        "metz-studio-video",
        "nancy-studio-image",
        "thionville-3eme-lieu-studio-image",
    ]


def test_pages_follow_each_other_to_the_end(client: FlaskClient) -> None:
    whole = client.get("/api/v1/spaces?limit=200").get_json()
    seen, cursor = [], ""
    for _ in range(10):
        page = client.get(f"/api/v1/spaces?limit=40{cursor}").get_json()
        seen += page["items"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == whole["items"]
    assert len(seen) >= 60


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/spaces?site=mars", 404),
        ("/api/v1/spaces?kind=castle", 422),
        ("/api/v1/spaces?people=0", 422),
        ("/api/v1/spaces?people=-1", 422),
        ("/api/v1/spaces?limit=100000", 422),
        ("/api/v1/spaces?cursor=nonsense", 422),
        ("/api/v1/sites/mars/day", 404),
        ("/api/v1/sites/metz/day?date=2026-02-30", 422),
        ("/api/v1/sites/metz/day?date=0001-01-01", 422),
        ("/api/v1/sites/metz/day?date=9999-12-31", 422),
    ],
)
def test_bad_questions_are_problems(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"


def test_the_day_of_a_site_shows_no_names(app: Flask, client: FlaskClient, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        space = find_network(session).get_space("metz-mirabelle")
        occupy(
            session,
            space=space,
            span=span("10:00-12:00"),
            units_wanted=1,
            kind="booking",
            holder_id=1,
            expires_at=None,
            now=now,
        )
    answer = client.get(f"/api/v1/sites/metz/day?date={TUESDAY}").get_json()
    days = {day["space"]: day for day in answer["items"]}
    assert (answer["site"], answer["date"], answer["next"]) == ("metz", "2026-11-24", None)
    assert days["metz-mirabelle"] == {
        "space": "metz-mirabelle",
        "units": 1,
        "opening": [{"starts_at": "2026-11-24T07:00:00Z", "ends_at": "2026-11-24T19:00:00Z"}],
        "taken": [
            {
                "unit": "",
                "kind": "booking",
                "starts_at": "2026-11-24T09:00:00Z",
                "ends_at": "2026-11-24T11:00:00Z",
            }
        ],
        "free": [
            {"starts_at": "2026-11-24T07:00:00Z", "ends_at": "2026-11-24T09:00:00Z"},
            {"starts_at": "2026-11-24T11:00:00Z", "ends_at": "2026-11-24T19:00:00Z"},
        ],
    }


def test_today_is_that_of_the_site(client: FlaskClient, now: datetime) -> None:
    assert client.get("/api/v1/sites/nancy/day").get_json()["date"] == "2026-11-23"


def test_a_day_costs_at_most_four_statements(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), reading() as session:
        find_network(session)
    with counting(app) as counted:
        client.get(f"/api/v1/sites/metz/day?date={TUESDAY + timedelta(days=1)}")
    assert len(counted) <= 4


def test_staff_of_the_site_see_who_comes_and_nobody_else_does(
    app: Flask, client: FlaskClient, now: datetime
) -> None:
    guest = make_token(app, make_person(app, "Anaïs"))
    staff = make_token(app, make_person(app, "Basile", concierge_of="metz"), *Scope)
    stranger = make_token(app, make_person(app, "Chloé", concierge_of="nancy"), *Scope)
    body = {
        "space": "metz-mirabelle",
        "starts_at": "2026-11-24T10:00:00+01:00",
        "ends_at": "2026-11-24T12:00:00+01:00",
        "people": 4,
        "title": "Comité",
    }
    assert client.post("/api/v1/bookings", json=body, headers=guest).status_code == 201

    def row_seen_by(headers: dict[str, str]) -> dict[str, str]:
        answer = client.get(f"/api/v1/sites/metz/day?date={TUESDAY}", headers=headers).get_json()
        days = {day["space"]: day for day in answer["items"]}
        return dict(days["metz-mirabelle"]["taken"][0])

    seen = row_seen_by(staff)
    assert (seen["name"], seen["title"]) == ("Anaïs", "Comité")
    for headers in ({}, guest, stranger):
        assert "name" not in row_seen_by(headers)
        assert "title" not in row_seen_by(headers)
