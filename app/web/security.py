"""Response headers: a strict content policy, no sniffing, no framing, no referrer to others."""

from __future__ import annotations

from flask import Flask, Response, request

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def register(app: Flask, *, https_only: bool) -> None:
    """Put the headers on every answer; pages of a person are never stored by a cache."""

    @app.after_request
    def protect(response: Response) -> Response:
        given = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - pairs else
        for name, value in HEADERS.items():
            if name.lower() not in given:
                response.headers.add(name, value)
        if https_only and "strict-transport-security" not in given:
            response.headers.add("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint != "static" and "cache-control" not in given:
            response.headers.add("Cache-Control", "no-store")
        return response
