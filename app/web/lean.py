"""What Flask does at every request and this house never needs, left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface


class CookieSessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie; without a cookie no key is derived to read none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Give what the cookie holds; an empty session to programs and strangers."""
        if "HTTP_COOKIE" not in request.environ:
            return self.session_class()
        return super().open_session(app, request)


class LeanFlask(Flask):
    """Flask without asking each function it calls, a dozen a request, whether it is async."""

    session_interface = CookieSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Give the function as it is: this house writes none that is async."""
        return func
