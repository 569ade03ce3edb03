"""Plain functions that make what a test needs, with visible defaults."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PASSWORD = "demo-totem"
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"')


def csrf_of(client: FlaskClient, path: str = "/sign-in") -> str:
    """Give the CSRF token of a page's form."""
    found = CSRF.search(client.get(path).get_data(as_text=True))
    assert found is not None, f"no form with a CSRF token at {path}"
    return found.group(1) or found.group(2)


def post(client: FlaskClient, path: str, page: str = "", **fields: object) -> TestResponse:
    """Post a form as a browser would: with the CSRF token of ``page`` (or of ``path`` itself)."""
    token = csrf_of(client, page or path)
    return client.post(path, data={"csrf_token": token, **fields})
