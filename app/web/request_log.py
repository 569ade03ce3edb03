"""One line of log a request, without the secrets that some addresses carry."""

from __future__ import annotations

import re
import time

import structlog
from flask import Flask, Response, g, request

# Mailed links and calendar addresses are 32 characters and more; names and references are shorter.
_SECRET = re.compile(r"[\w-]{32,}")
log = structlog.get_logger("totem.web")


def register(app: Flask) -> None:
    """Note every request but those for files and for health."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def note(response: Response) -> Response:
        began = getattr(g, "began", None)
        if began is not None and request.endpoint not in ("static", "healthz"):
            log.info(
                "request",
                method=request.method,
                path=logged_path(),
                status=response.status_code,
                ms=round((time.perf_counter() - began) * 1000, 1),
            )
        return response


def logged_path() -> str:
    """Give the path of this request with what could open something left out."""
    return _SECRET.sub("…", request.path)
