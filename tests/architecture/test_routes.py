"""Every route is named with its guard, the guards hold, and no GET writes."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.db.base import db
from app.web import guards
from tests import databases
from tests.architecture.routes import GUARDS

NOT_LISTED = {"HEAD", "OPTIONS"}  # answered beside GET, by its guard
OPEN = {"public"}


def plain(rule: str) -> str:
    """Write a rule without its converters."""
    return re.sub(r"<[\w()=,]+:(\w+)>", r"<\1>", rule)


def found(app: Flask) -> dict[str, str]:
    """Give every route of the app with the guard its view names."""
    views = app.view_functions
    return {
        f"{method} {plain(rule.rule)}": str(guards.guard_of(views[rule.endpoint], method))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - NOT_LISTED
    }


def address(rule: str) -> str:
    """Fill a rule with something that is not there."""
    numbered = re.sub(r"<(?:\w+_id|number)>", "4000000", rule)
    return re.sub(r"<\w+>", "nothing-here", numbered)


def test_every_route_stands_in_the_table_with_its_guard(sqlite_app: Flask) -> None:
    routes = found(sqlite_app)
    missing = {route: guard for route, guard in routes.items() if GUARDS.get(route) != guard}
    assert missing == {}, "add or mend these lines in tests/architecture/routes.py"
    assert set(GUARDS) - set(routes) == set(), "these routes are gone"


def test_the_table_is_in_order() -> None:
    routes = [tuple(reversed(route.split(" "))) for route in GUARDS]
    assert routes == sorted(routes)


def test_a_view_that_names_no_guard_is_refused(sqlite_app: Flask) -> None:
    assert "None" not in found(sqlite_app).values()


@pytest.mark.parametrize("route", [route for route, guard in GUARDS.items() if guard not in OPEN])
def test_a_stranger_is_not_let_in(sqlite_app: Flask, route: str) -> None:
    method, rule = route.split(" ")
    answer = sqlite_app.test_client().open(address(rule), method=method)
    if rule.startswith("/api/"):
        assert answer.status_code == 401
        assert answer.mimetype == "application/problem+json"
    elif method == "GET":
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in?next=")
    else:
        assert answer.status_code in (302, 400)  # 400: CSRF is asked before the guard


@pytest.mark.parametrize("route", [route for route in GUARDS if route.startswith("GET ")])
def test_a_get_answers_a_stranger_without_writing_or_failing(sqlite_app: Flask, route: str) -> None:
    """The fixture fails when a GET wrote; see tests.databases."""
    answer = sqlite_app.test_client().get(address(route.removeprefix("GET ")))
    assert answer.status_code < 500


def test_a_get_that_writes_would_be_seen(sqlite_app: Flask) -> None:
    def write() -> None:
        with sqlite_app.test_request_context("/healthz"), db.engine.begin() as connection:
            connection.execute(text("DELETE FROM outbox"))

    with pytest.raises(databases.WritingGet):
        write()
    (seen,) = databases.written_by_get(sqlite_app)
    assert seen == "GET /healthz: DELETE FROM outbox"


def test_the_api_takes_no_cookie_for_a_change(client: FlaskClient) -> None:
    answer = client.post("/api/v1/bookings", json={})
    assert answer.status_code == 401
