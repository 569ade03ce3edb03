"""What the log says of requests, and what it must not."""

from __future__ import annotations

import logging

import pytest
from flask import Flask

SECRET = "Zm9yIHlvdXIgZXllcyBvbmx5LCBkZWFyIHJlYWRlcg"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/sign-in/link/{SECRET}"),
        ("GET", f"/sign-in/link/{SECRET}/"),
        ("DELETE", f"/password/reset/{SECRET}"),
        ("GET", f"/sign-up/confirm/{SECRET}"),
        ("GET", f"/organisations/invitations/{SECRET}"),
        ("GET", "/calendars/12-0123456789abcdef0123456789abcdef.ics"),
    ],
)
def test_a_secret_in_an_address_is_not_logged(
    sqlite_app: Flask, caplog: pytest.LogCaptureFixture, method: str, path: str
) -> None:
    caplog.set_level(logging.INFO)
    sqlite_app.test_client().open(path, method=method)
    assert "'event': 'request'" in caplog.text
    assert SECRET not in caplog.text
    assert "0123456789abcdef" not in caplog.text


def test_the_address_of_a_booking_is_logged(
    sqlite_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    sqlite_app.test_client().get("/spaces/metz-mirabelle")
    assert "'/spaces/metz-mirabelle'" in caplog.text
