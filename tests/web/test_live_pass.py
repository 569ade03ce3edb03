"""What a phone asks the server for: the shell, the passes of the week, to be enrolled."""

from __future__ import annotations

import base64
import json
import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.bookings import service as bookings
from app.db.transaction import transaction
from app.domain.permissions import Role
from devices.passes.text import read
from tests.members import acting, delivered, make_member, press, sign_in
from tests.phones import TestPhone, new_phone
from tests.readers import keys_of
from tests.stays import stay

IPHONE = "iPhone"


def told(browser: FlaskClient, phone: str = "") -> dict[str, object]:
    answer = browser.get(f"/pass/passes.json?phone={phone}")
    assert answer.status_code == 200
    found = answer.get_json()
    assert isinstance(found, dict)
    return found


def ask_in(browser: FlaskClient, phone: TestPhone, **changes: object) -> TestResponse:
    """Enrol a phone as its page does."""
    said = told(browser)
    asking = phone.asking(base64.b64decode(str(said["nonce"])))
    body = {
        "public_key": base64.b64encode(asking.public_key).decode(),
        "signature": base64.b64encode(asking.signature).decode(),
        "nonce": said["nonce"],
        "name": IPHONE,
    }
    return browser.post(
        "/pass/phones", json=body | changes, headers={"X-CSRFToken": str(said["csrf"])}
    )


def test_the_page_names_nobody_and_is_alone_in_reading_codes_by_camera(app: Flask) -> None:
    browser = sign_in(app, make_member(app, "Anaïs"))
    page = browser.get("/pass")
    assert "Anaïs" not in page.get_data(as_text=True)
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert "unsafe-inline" not in policy
    assert "camera=(self)" in page.headers["Permissions-Policy"]
    other = browser.get("/pass/phones")
    assert "wasm" not in other.headers["Content-Security-Policy"]
    assert "camera=()" in other.headers["Permissions-Policy"]


def test_the_worker_keeps_files_that_are_there_and_nothing_personal(client: FlaskClient) -> None:
    script = client.get("/pass-worker.js")
    assert script.mimetype == "text/javascript"
    found = re.search(r"const KEPT = (\[.*?\]);", script.get_data(as_text=True))
    assert found is not None
    kept = json.loads(found.group(1))
    assert all(path.startswith("/static/dist/") for path in kept)
    for path in kept:
        with client.get(path) as answer:
            assert answer.status_code == 200
    assert any(path.endswith("zxing_reader.wasm") for path in kept)


def test_the_manifest_puts_the_pass_on_a_home_screen(client: FlaskClient) -> None:
    manifest = client.get("/pass.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    content = json.loads(manifest.get_data())
    assert (content["start_url"], content["scope"]) == ("/pass", "/pass")


def test_a_phone_enrols_and_is_told_its_passes_and_our_time(app: Flask, now: datetime) -> None:
    member = make_member(app)
    browser, phone, actor = sign_in(app, member), new_phone(), acting(app, member)
    with app.app_context(), transaction() as session:
        booking = bookings.book(session, actor, stay(), now=now)
    assert (told(browser)["phone"], told(browser)["passes"]) == ("unknown", [])
    answer = ask_in(browser, phone)
    assert answer.status_code == 201
    said = told(browser, str(answer.get_json()["code"]))
    assert (said["phone"], said["now"]) == ("known", now.timestamp())
    (given,) = said["passes"]  # type: ignore[misc]
    claims = read(given["text"], keys_of(app).ring).claims
    assert claims.holder is not None
    assert claims.holder.x == phone.public[1:33]
    assert (given["from"], given["until"]) == (claims.not_before, claims.not_after)
    assert given["numbers"] == list(claims.doors)
    assert given["key"] == f"{booking.ref}:"
    assert "10\u00a0h\u00a0–\u00a012\u00a0h" in given["when"]


def test_the_phone_of_somebody_else_is_unknown(app: Flask) -> None:
    code = ask_in(sign_in(app, make_member(app)), new_phone()).get_json()["code"]
    basile = sign_in(app, make_member(app, "Basile"))
    assert told(basile, code)["phone"] == "unknown"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"name": ""}, 422),
        ({"name": "x" * 61}, 422),
        ({"name": 7}, 422),
        ({"public_key": "?"}, 422),
        ({"public_key": None}, 422),
        ({"public_key": base64.b64encode(bytes(65)).decode()}, 409),
        ({"signature": base64.b64encode(bytes(64)).decode()}, 409),
        ({"nonce": base64.b64encode(bytes(16)).decode()}, 409),
    ],
)
def test_a_phone_that_proves_nothing_is_not_enrolled(
    app: Flask, changes: dict[str, object], status: int
) -> None:
    browser = sign_in(app, make_member(app))
    assert ask_in(browser, new_phone(), **changes).status_code == status
    assert browser.post("/pass/phones", json={}).status_code == 400, "without the page's token"


def test_the_owner_hears_by_mail_of_each_phone_and_of_the_one_it_replaced(app: Flask) -> None:
    member = make_member(app)
    browser = sign_in(app, member)
    for _ in range(4):
        ask_in(browser, new_phone())
    subjects = [subject for to, subject, _ in delivered(app) if to == member.email]
    assert subjects.count("Un téléphone porte maintenant vos pass") == 4
    bodies = [body for to, _, body in delivered(app) if to == member.email]
    assert sum("le plus ancien" in body for body in bodies) == 1


def test_one_page_lists_the_phones_and_takes_one_out(app: Flask) -> None:
    browser = sign_in(app, make_member(app))
    assert "Aucun téléphone" in browser.get("/pass/phones").get_data(as_text=True)
    code = ask_in(browser, new_phone()).get_json()["code"]
    assert IPHONE in browser.get("/pass/phones").get_data(as_text=True)
    assert press(browser, f"/pass/phones/{code}/revoke").status_code == 302
    assert told(browser, code)["phone"] == "revoked"
    assert press(browser, f"/pass/phones/{code}/revoke").status_code == 404


def test_a_lost_phone_is_reported_by_its_owner_or_at_the_desk(app: Flask) -> None:
    member = make_member(app)
    browser = sign_in(app, member)
    desk = sign_in(app, make_member(app, "Odile", role=Role.CONCIERGE, site="metz"))
    page = f"/people/{member.id}/lost-phone"
    for who, path in ((browser, "/pass/lost"), (desk, page)):
        code = ask_in(browser, new_phone()).get_json()["code"]
        assert "Tout annuler" in who.get(path).get_data(as_text=True)
        assert press(who, path, path).status_code == 302
        assert told(browser, code)["phone"] == "revoked"
    subjects = [subject for to, subject, _ in delivered(app) if to == member.email]
    assert subjects.count("Tous vos pass ont été renouvelés") == 2
    assert desk.get("/people/4000000/lost-phone").status_code == 404
    assert sign_in(app, make_member(app, "Basile")).get(page).status_code == 403
